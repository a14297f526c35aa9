// Spans: to the batch queue, to a recorder, and through the exporter's encoding.
use crate::serve::Case;
use opentelemetry::trace::{noop::NoopTracerProvider, Span, TraceContextExt, Tracer, TracerProvider};
use opentelemetry::{Context, KeyValue};
use opentelemetry_proto::tonic::collector::trace::v1::ExportTraceServiceRequest;
use opentelemetry_proto::transform::{common::tonic::ResourceAttributesWithSchema, trace::tonic::group_spans_by_resource_and_scope};
use opentelemetry_sdk::error::OTelSdkResult;
use opentelemetry_sdk::trace::{BatchConfigBuilder, BatchSpanProcessor, InMemorySpanExporter, Sampler, SdkTracer, SdkTracerProvider, SpanData, SpanExporter, SpanProcessor};
use opentelemetry_sdk::Resource;
use prost::Message;
use std::hint::black_box;
use std::sync::{Arc, Mutex};
use std::time::Duration;

const KEYS: [&str; 10] = [
    "attribute.key.twenty0", "attribute.key.twenty1", "attribute.key.twenty2", "attribute.key.twenty3", "attribute.key.twenty4",
    "attribute.key.twenty5", "attribute.key.twenty6", "attribute.key.twenty7", "attribute.key.twenty8", "attribute.key.twenty9",
];

/// Takes batches and does nothing with them.
#[derive(Debug)]
struct Discard;
impl SpanExporter for Discard {
    async fn export(&self, _: Vec<SpanData>) -> OTelSdkResult {
        Ok(())
    }
}

/// What the OTLP exporter does until the wire: the transformation, and prost.
fn encode(spans: Vec<SpanData>, resource: &ResourceAttributesWithSchema) {
    let request = ExportTraceServiceRequest { resource_spans: group_spans_by_resource_and_scope(spans, resource) };
    black_box(request.encode_to_vec());
}

#[derive(Debug)]
struct Encode(ResourceAttributesWithSchema);
impl SpanExporter for Encode {
    async fn export(&self, batch: Vec<SpanData>) -> OTelSdkResult {
        encode(batch, &self.0);
        Ok(())
    }
}

/// Keeps finished spans until they are exported by hand.
#[derive(Debug, Clone, Default)]
struct Keep(Arc<Mutex<Vec<SpanData>>>);
impl SpanProcessor for Keep {
    fn on_start(&self, _: &mut opentelemetry_sdk::trace::Span, _: &Context) {}
    fn on_end(&self, span: SpanData) {
        self.0.lock().unwrap().push(span);
    }
    fn force_flush(&self) -> OTelSdkResult {
        Ok(())
    }
    fn shutdown_with_timeout(&self, _: Duration) -> OTelSdkResult {
        Ok(())
    }
}

fn queue(exporter: impl SpanExporter + 'static) -> BatchSpanProcessor {
    let config = BatchConfigBuilder::default().with_max_queue_size(4096).with_max_export_batch_size(4096).with_scheduled_delay(Duration::from_secs(3600)).build();
    BatchSpanProcessor::builder(exporter).with_batch_config(config).build()
}

fn resource() -> ResourceAttributesWithSchema {
    ResourceAttributesWithSchema::from(&Resource::builder().with_service_name("bench").build())
}

fn four<S: Span>(mut span: S) {
    span.set_attribute(KeyValue::new("http.request.method", black_box("GET")));
    span.set_attribute(KeyValue::new("url.path", black_box("/api/users/42")));
    span.set_attribute(KeyValue::new("http.response.status_code", black_box(200)));
    span.set_attribute(KeyValue::new("duration.ratio", 0.5));
    span.end();
}

fn span_4<T: Tracer>(t: T, parent: Context) -> impl Fn(usize) {
    move |n| (0..n).for_each(|_| four(t.start_with_context("GET /api/users", &parent)))
}

fn span_10(t: SdkTracer) -> impl Fn(usize) {
    let root = Context::new();
    move |n| {
        for _ in 0..n {
            let mut span = t.start_with_context("GET /api/users", &root);
            for key in KEYS {
                span.set_attribute(KeyValue::new(key, black_box("attribute-value-of20")));
            }
            span.end();
        }
    }
}

fn bare(t: SdkTracer, parent: Context) -> impl Fn(usize) {
    move |n| (0..n).for_each(|_| t.start_with_context("GET /api/users", &parent).end())
}

fn event(t: SdkTracer) -> impl Fn(usize) {
    let root = Context::new();
    move |n| {
        for _ in 0..n {
            let mut span = t.start_with_context("GET /api/users", &root);
            span.add_event("retry", vec![KeyValue::new("attempt", black_box(200))]);
            span.end();
        }
    }
}

pub fn cases() -> Vec<Case> {
    let root = Context::new;
    let batch = SdkTracerProvider::builder().with_span_processor(queue(Discard)).build();
    let t = batch.tracer("bench");
    let open = root().with_span(t.start("parent"));
    let flush = || {
        let batch = batch.clone();
        move || batch.force_flush().unwrap()
    };
    let never = SdkTracerProvider::builder().with_sampler(Sampler::AlwaysOff).with_span_processor(queue(Discard)).build().tracer("bench");
    let memory = InMemorySpanExporter::default();
    let recorder = SdkTracerProvider::builder().with_simple_exporter(memory.clone()).build().tracer("bench");
    let kept = Keep::default();
    let record = SdkTracerProvider::builder().with_span_processor(kept.clone()).build().tracer("bench");
    let full = SdkTracerProvider::builder().with_span_processor(queue(Encode(resource()))).build();
    let (full_10, full_t) = (full.clone(), full.tracer("bench"));
    let (s4, s10, ours) = (span_4(full_t.clone(), root()), span_10(full_t), resource());
    vec![
        Case::new("span_0", bare(t.clone(), root())).after(flush()),
        Case::new("span_4", span_4(t.clone(), root())).after(flush()),
        Case::new("span_10", span_10(t.clone())).after(flush()),
        Case::new("span_event", event(t.clone())).after(flush()),
        Case::new("span_child", bare(t.clone(), open.clone())).after(flush()),
        Case::new("span_child_4", span_4(t, open)).after(flush()),
        Case::new("span_not_sampled", bare(never, root())),
        Case::new("span_no_instance", span_4(NoopTracerProvider::new().tracer("bench"), root())),
        Case::new("span_recorder", span_4(recorder, root())).after(move || memory.reset()),
        Case::new("export_4", move |_| encode(std::mem::take(&mut kept.0.lock().unwrap()), &ours)).before(span_4(record, root())),
        Case::new("span_4_export", move |n| {
            s4(n);
            full.force_flush().unwrap()
        }),
        Case::new("span_10_export", move |n| {
            s10(n);
            full_10.force_flush().unwrap()
        }),
    ]
}
