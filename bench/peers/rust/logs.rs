// Log records to the batch queue. The SDK looks at the clock once, for the observed time.
use crate::serve::Case;
use opentelemetry::logs::{AnyValue, LogRecord, Logger, LoggerProvider, Severity};
use opentelemetry_sdk::error::OTelSdkResult;
use opentelemetry_sdk::logs::{BatchConfigBuilder, BatchLogProcessor, LogBatch, LogExporter, SdkLoggerProvider};
use std::hint::black_box;
use std::time::Duration;

#[derive(Debug)]
struct Discard;
impl LogExporter for Discard {
    async fn export(&self, _: LogBatch<'_>) -> OTelSdkResult {
        Ok(())
    }
}

pub fn cases() -> Vec<Case> {
    let config = BatchConfigBuilder::default().with_max_queue_size(4096).with_max_export_batch_size(4096).with_scheduled_delay(Duration::from_secs(3600)).build();
    let provider = SdkLoggerProvider::builder().with_log_processor(BatchLogProcessor::builder(Discard).with_batch_config(config).build()).build();
    let logger = provider.logger("bench");
    let log_2 = move |n| {
        for _ in 0..n {
            let mut record = logger.create_log_record();
            record.set_severity_number(Severity::Info);
            record.set_body(AnyValue::from(black_box("request served")));
            record.add_attribute("url.path", black_box("/api/users/42"));
            record.add_attribute("http.response.status_code", black_box(200));
            logger.emit(record);
        }
    };
    vec![Case::new("log_2", log_2).after(move || provider.force_flush().unwrap())]
}
