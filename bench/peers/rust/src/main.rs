//! The Rust SDK, fastrace and the Rust port of HdrHistogram on the same work as ../host: see ../README.md for how they report.
//! The first argument says which: rust, fastrace, hdr.
use std::alloc::{GlobalAlloc, Layout, System};
use std::hint::black_box;
use std::io::{BufRead, Write};
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};
use std::time::{Duration, Instant};

static CALLS: AtomicU64 = AtomicU64::new(0);
static BYTES: AtomicU64 = AtomicU64::new(0);
struct Counting;
unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, l: Layout) -> *mut u8 {
        CALLS.fetch_add(1, Relaxed);
        BYTES.fetch_add(l.size() as u64, Relaxed);
        unsafe { System.alloc(l) }
    }
    unsafe fn dealloc(&self, p: *mut u8, l: Layout) {
        unsafe { System.dealloc(p, l) }
    }
    unsafe fn realloc(&self, p: *mut u8, l: Layout, n: usize) -> *mut u8 {
        CALLS.fetch_add(1, Relaxed);
        BYTES.fetch_add(n as u64, Relaxed);
        unsafe { System.realloc(p, l, n) }
    }
}
#[global_allocator]
static HEAP: Counting = Counting;

type Case = (&'static str, Box<dyn FnMut(u64)>, Box<dyn FnMut()>);
fn nothing() -> Box<dyn FnMut()> {
    Box::new(|| {})
}

mod sdk {
    use super::*;
    use opentelemetry::metrics::MeterProvider;
    use opentelemetry::trace::{Span, SpanContext, SpanId, TraceContextExt, TraceFlags, TraceId, TraceState, Tracer, TracerProvider};
    use opentelemetry::{propagation::TextMapPropagator, Context, KeyValue};
    use opentelemetry_sdk::error::OTelSdkResult;
    use opentelemetry_sdk::metrics::{Aggregation, ManualReader, SdkMeterProvider, Stream};
    use opentelemetry_sdk::propagation::TraceContextPropagator;
    use opentelemetry_sdk::trace::{BatchConfigBuilder, BatchSpanProcessor, InMemorySpanExporterBuilder, Sampler, SdkTracer, SdkTracerProvider, SpanData, SpanExporter};
    use std::collections::HashMap;

    #[derive(Debug)]
    struct Discard;
    impl SpanExporter for Discard {
        fn export(&self, _: Vec<SpanData>) -> impl std::future::Future<Output = OTelSdkResult> + Send {
            std::future::ready(Ok(()))
        }
    }

    fn span4(t: SdkTracer) -> Box<dyn FnMut(u64)> {
        Box::new(move |n| {
            for _ in 0..n {
                let mut s = t.start("GET /api/users");
                s.set_attribute(KeyValue::new("http.request.method", "GET"));
                s.set_attribute(KeyValue::new("url.path", "/api/users/42"));
                s.set_attribute(KeyValue::new("http.response.status_code", black_box(200i64)));
                s.set_attribute(KeyValue::new("duration.ratio", 0.5));
                s.end();
            }
        })
    }

    pub fn cases() -> Vec<Case> {
        let config = BatchConfigBuilder::default().with_max_queue_size(8192).with_max_export_batch_size(8192).with_scheduled_delay(Duration::from_secs(3600)).build();
        let batch = SdkTracerProvider::builder().with_span_processor(BatchSpanProcessor::builder(Discard).with_batch_config(config).build()).build();
        let flush = |p: &SdkTracerProvider| -> Box<dyn FnMut()> {
            let p = p.clone();
            Box::new(move || drop(p.force_flush()))
        };
        let t = batch.tracer("bench");
        let mut w: Vec<Case> = vec![];
        let t0 = t.clone();
        w.push(("span_0", Box::new(move |n| for _ in 0..n { t0.start("GET /api/users").end(); }), flush(&batch)));
        w.push(("span_4", span4(t.clone()), flush(&batch)));
        let t10 = t.clone();
        const KEYS: [&str; 10] = ["attribute.key.twenty0", "attribute.key.twenty1", "attribute.key.twenty2", "attribute.key.twenty3", "attribute.key.twenty4",
            "attribute.key.twenty5", "attribute.key.twenty6", "attribute.key.twenty7", "attribute.key.twenty8", "attribute.key.twenty9"];
        w.push(("span_10", Box::new(move |n| for _ in 0..n {
            let mut s = t10.start("GET /api/users");
            for k in KEYS { s.set_attribute(KeyValue::new(k, black_box("attribute-value-of20"))); }
            s.end();
        }), flush(&batch)));
        let te = t.clone();
        w.push(("span_event", Box::new(move |n| for _ in 0..n {
            let mut s = te.start("GET /api/users");
            s.add_event("retry", vec![KeyValue::new("attempt", black_box(1i64))]);
            s.end();
        }), flush(&batch)));
        let tc = t.clone();
        let parent = Context::new().with_remote_span_context(SpanContext::new(TraceId::from(7u128), SpanId::from(7u64), TraceFlags::SAMPLED, true, TraceState::default()));
        let open = parent.clone();
        w.push(("span_child", Box::new(move |n| for _ in 0..n { tc.start_with_context("GET /api/users", &open).end(); }), flush(&batch)));
        let never = SdkTracerProvider::builder().with_sampler(Sampler::AlwaysOff).with_simple_exporter(Discard).build();
        let tn = never.tracer("bench");
        w.push(("span_not_sampled", Box::new(move |n| for _ in 0..n { tn.start("GET /api/users").end(); }), nothing()));
        let memory = InMemorySpanExporterBuilder::new().build();
        let simple = SdkTracerProvider::builder().with_simple_exporter(memory.clone()).build();
        w.push(("span_recorder", span4(simple.tracer("bench")), Box::new(move || memory.reset())));

        let p = TraceContextPropagator::new();
        let from = parent.clone();
        w.push(("inject", Box::new(move |n| {
            let mut to: HashMap<String, String> = HashMap::new();
            for _ in 0..n { p.inject_context(&from, &mut to); }
        }), nothing()));
        let p = TraceContextPropagator::new();
        let carrier: HashMap<String, String> = HashMap::from([("traceparent".to_string(), "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01".to_string())]);
        w.push(("extract", Box::new(move |n| for _ in 0..n { black_box(p.extract_with_context(&Context::new(), &carrier)); }), nothing()));

        let provider = SdkMeterProvider::builder().with_reader(ManualReader::builder().build())
            .with_view(|i: &opentelemetry_sdk::metrics::Instrument| if i.name() == "lasted" {
                Stream::builder().with_aggregation(Aggregation::Base2ExponentialHistogram { max_size: 160, max_scale: 20, record_min_max: true }).build().ok()
            } else { None }).build();
        let m = provider.meter("bench");
        let c = m.u64_counter("turns").build();
        w.push(("counter_plain", Box::new(move |n| for _ in 0..n { c.add(1, &[]); }), nothing()));
        let c = m.f64_counter("energy").build();
        w.push(("counter_double", Box::new(move |n| for _ in 0..n { c.add(1.5, &[]); }), nothing()));
        let c = m.u64_counter("reads").build();
        w.push(("counter_2", Box::new(move |n| for _ in 0..n { c.add(1, &[KeyValue::new("bus", "i2c1"), KeyValue::new("line", black_box(2i64))]); }), nothing()));
        let values = |h: opentelemetry::metrics::Histogram<f64>| -> Box<dyn FnMut(u64)> {
            Box::new(move |n| {
                let mut x = 0.001;
                for _ in 0..n {
                    h.record(x, &[]);
                    x += 0.0123;
                    if x > 11.0 { x = 0.001; }
                }
            })
        };
        w.push(("histogram", values(m.f64_histogram("took").with_boundaries(vec![0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.25, 0.5, 0.75, 1.0, 2.5, 5.0, 7.5, 10.0]).build()), nothing()));
        w.push(("exponential", values(m.f64_histogram("lasted").build()), nothing()));
        Box::leak(Box::new((batch, provider, never, simple)));
        w
    }
}

mod fast {
    use super::*;
    use fastrace::collector::{Config, Reporter, SpanContext, SpanRecord};
    use fastrace::prelude::*;

    struct Discard;
    impl Reporter for Discard {
        fn report(&mut self, _: Vec<SpanRecord>) {}
    }

    /// As fastrace is meant: local spans below one root; the root and the flush are outside the time of a span but not of the batch.
    fn local(n: u64, f: impl Fn()) {
        let root = Span::root("root", SpanContext::random());
        let _guard = root.set_local_parent();
        for _ in 0..n { f(); }
    }

    pub fn cases() -> Vec<Case> {
        fastrace::set_reporter(Discard, Config::default().report_interval(Duration::from_secs(3600)));
        vec![
            ("span_0", Box::new(|n| local(n, || drop(LocalSpan::enter_with_local_parent("GET /api/users")))), Box::new(fastrace::flush)),
            ("span_child", Box::new(|n| local(n, || drop(LocalSpan::enter_with_local_parent("GET /api/users")))), Box::new(fastrace::flush)),
            ("span_4", Box::new(|n| local(n, || {
                let _s = LocalSpan::enter_with_local_parent("GET /api/users").with_properties(|| {
                    [("http.request.method", "GET"), ("url.path", "/api/users/42"), ("http.response.status_code", black_box("200")), ("duration.ratio", "0.5")]
                });
            })), Box::new(fastrace::flush)),
            ("span_no_instance", Box::new(|n| for _ in 0..n { drop(LocalSpan::enter_with_local_parent("GET /api/users")); }), nothing()),
        ]
    }
}

fn hdr() -> Vec<Case> {
    let mut h = hdrhistogram::Histogram::<u64>::new_with_bounds(1, 100_000_000, 2).unwrap();
    vec![("histogram", Box::new(move |n| {
        let mut x = 1000u64;
        for _ in 0..n {
            h.record(black_box(x)).unwrap();
            x += 12_300;
            if x > 11_000_000 { x = 1000; }
        }
    }), nothing())]
}

fn main() {
    let which = std::env::args().nth(1).unwrap_or_default();
    let (version, mut cases) = match which.as_str() {
        "rust" => ("OpenTelemetry Rust 0.33.0", sdk::cases()),
        "fastrace" => ("fastrace 0.7.19 (no OTLP; texts only)", fast::cases()),
        "hdr" => ("HdrHistogram, Rust port 7.5.4 (no sum)", hdr()),
        _ => std::process::exit(2),
    };
    let names: Vec<String> = cases.iter().map(|c| format!("\"{}\"", c.0)).collect();
    println!("{{\"peer\": \"{which}\", \"version\": \"{version}\", \"max\": 1000, \"cases\": [{}]}}", names.join(", "));
    for line in std::io::stdin().lock().lines() {
        let line = line.unwrap();
        let (name, n) = line.split_once(' ').unwrap();
        let n: u64 = n.parse().unwrap();
        let Some(case) = cases.iter_mut().find(|c| c.0 == name) else { std::process::exit(2) };
        let (calls, bytes) = (CALLS.load(Relaxed), BYTES.load(Relaxed));
        let begin = Instant::now();
        (case.1)(n);
        let took = begin.elapsed();
        let (calls, bytes) = (CALLS.load(Relaxed) - calls, BYTES.load(Relaxed) - bytes);
        (case.2)();
        println!("{} {} {}", took.as_nanos(), calls, bytes);
        std::io::stdout().flush().unwrap();
    }
}
