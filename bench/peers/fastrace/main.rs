// fastrace on the same work as ../host: see ../README.md for how it reports, and for what it leaves for later.
#[path = "../rust/serve.rs"]
#[allow(dead_code)]
mod serve;

use fastrace::collector::{Config, Reporter, SpanRecord};
use fastrace::prelude::*;
use serve::Case;
use std::borrow::Cow;
use std::hint::black_box;
use std::time::Duration;

/// Takes finished spans and does nothing with them.
struct Discard;
impl Reporter for Discard {
    fn report(&mut self, spans: Vec<SpanRecord>) {
        black_box(spans);
    }
}

/// All values are text here: numbers are written out, on the heap.
fn four() -> [(&'static str, Cow<'static, str>); 4] {
    [
        ("http.request.method", black_box("GET").into()),
        ("url.path", black_box("/api/users/42").into()),
        ("http.response.status_code", black_box(200).to_string().into()),
        ("duration.ratio", black_box(0.5).to_string().into()),
    ]
}

const KEYS: [&str; 10] = [
    "attribute.key.twenty0", "attribute.key.twenty1", "attribute.key.twenty2", "attribute.key.twenty3", "attribute.key.twenty4",
    "attribute.key.twenty5", "attribute.key.twenty6", "attribute.key.twenty7", "attribute.key.twenty8", "attribute.key.twenty9",
];

/// A span that begins a trace.
fn root() -> Span {
    Span::root("GET /api/users", SpanContext::random())
}

fn span_4(n: usize) {
    (0..n).for_each(|_| drop(root().with_properties(four)));
}

fn span_10(n: usize) {
    (0..n).for_each(|_| drop(root().with_properties(|| KEYS.map(|key| (key, black_box("attribute-value-of20"))))));
}

fn span_event(n: usize) {
    for _ in 0..n {
        root().add_event(Event::new("retry").with_property(|| ("attempt", black_box(200).to_string())));
    }
}

/// Below a span that is open all the time; it takes its children along when it ends, inside the time.
fn below(open: bool, one: impl Fn(), n: usize) {
    let parent = if open { root() } else { Span::noop() };
    let _guard = parent.set_local_parent();
    (0..n).for_each(|_| one());
}

fn child() -> LocalSpan {
    LocalSpan::enter_with_local_parent("GET /api/users")
}

/// What the collecting thread would do: it assembles the spans and reports them.
fn exported(record: fn(usize)) -> impl Fn(usize) + Sync {
    move |n| {
        record(n);
        fastrace::flush();
    }
}

fn main() {
    fastrace::set_reporter(Discard, Config::default().report_interval(Duration::from_secs(3600)));
    let recorded: [(&str, &str, fn(usize)); 6] = [
        ("span_0", "span_0_fast_clock", |n| (0..n).for_each(|_| drop(root()))),
        ("span_4", "span_4_fast_clock", span_4),
        ("span_10", "span_10_fast_clock", span_10),
        ("span_child", "span_child_fast_clock", |n| below(true, || drop(child()), n)),
        ("span_child_4", "span_child_4_fast_clock", |n| below(true, || drop(child().with_properties(four)), n)),
        ("span_event", "span_event_fast_clock", span_event),
    ];
    let context = SpanContext::random();
    let mut cases = vec![
        Case::new("span_not_sampled", |n| (0..n).for_each(|_| drop(black_box(Span::root("GET /api/users", SpanContext::random().sampled(false)))))),
        Case::new("span_no_instance", |n| below(false, || drop(child().with_properties(four)), n)),
        Case::new("span_4_export", exported(span_4)),
        Case::new("span_10_export", exported(span_10)),
        Case::new("inject", move |n| (0..n).for_each(|_| drop(black_box(black_box(context).encode_w3c_traceparent())))),
        Case::new("extract", |n| {
            for _ in 0..n {
                assert!(SpanContext::decode_w3c_traceparent(black_box("00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01")).is_some());
            }
        }),
    ];
    for (name, fast, run) in recorded {                    // it always reads the processor's counter
        cases.push(Case::new(name, run).after(fastrace::flush));
        cases.push(Case::new(fast, run).after(fastrace::flush));
    }
    serve::serve("fastrace", "fastrace 0.7.19", cases);
}
