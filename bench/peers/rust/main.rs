// The Rust SDK on the same work as ../host: see ../README.md for how it reports.
use opentelemetry::{metrics::MeterProvider, KeyValue};
use opentelemetry_sdk::metrics::{Aggregation, Instrument, ManualReader, SdkMeterProvider, Stream};
use std::alloc::{GlobalAlloc, Layout, System};
use std::hint::black_box;
use std::io::{BufRead, Write};
use std::sync::atomic::{AtomicI64, AtomicU8, Ordering::*};
use std::time::Instant;

/// Every call of the heap comes by here.
struct Counting;
static CALLS: AtomicI64 = AtomicI64::new(0);
static BYTES: AtomicI64 = AtomicI64::new(0);
unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        CALLS.fetch_add(1, Relaxed);
        BYTES.fetch_add(layout.size() as i64, Relaxed);
        System.alloc(layout)
    }
    unsafe fn dealloc(&self, at: *mut u8, layout: Layout) {
        System.dealloc(at, layout)
    }
}
#[global_allocator]
static HEAP: Counting = Counting;

/// Nanoseconds of `n` calls; on two threads until the later one is through.
fn timed(both: bool, run: &(dyn Fn(usize) + Sync), n: usize) -> u128 {
    let phase = AtomicU8::new(if both { 0 } else { 1 });
    let alone = || {
        while phase.load(Acquire) != 1 {}
        let begin = Instant::now();
        phase.store(2, Release);
        run(n);
        begin
    };
    if !both {
        return alone().elapsed().as_nanos();
    }
    let done = AtomicU8::new(0);
    let (done, phase) = (&done, &phase);
    std::thread::scope(|scope| {
        scope.spawn(move || {
            phase.store(1, Release);
            while phase.load(Acquire) != 2 {}
            run(n);
            done.store(1, Release);
        });
        let begin = alone();
        while done.load(Acquire) != 1 {}
        begin.elapsed().as_nanos()
    })
}

fn values(record: impl Fn(f64), n: usize) {
    let mut x = 0.001;
    for _ in 0..n {
        record(x);
        x += 0.0123;
        if x > 11.0 {
            x = 0.001;
        }
    }
}

fn main() {
    let view = |i: &Instrument| {
        (i.name() == "lasted").then(|| {
            let powers = Aggregation::Base2ExponentialHistogram { max_size: 160, max_scale: 20, record_min_max: true };
            Stream::builder().with_aggregation(powers).build().unwrap()
        })
    };
    let meter = SdkMeterProvider::builder().with_reader(ManualReader::builder().build()).with_view(view).build().meter("bench");
    let (reads, turns, energy) = (meter.u64_counter("reads").build(), meter.u64_counter("turns").build(), meter.f64_counter("energy").build());
    let bounds = vec![0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.25, 0.5, 0.75, 1.0, 2.5, 5.0, 7.5, 10.0];
    let took = meter.f64_histogram("took").with_boundaries(bounds).build().bind(&[]);
    let lasted = meter.f64_histogram("lasted").build().bind(&[]);
    let bound = reads.bind(&[KeyValue::new("bus", "i2c1")]);
    let counter_bound = |n| (0..n).for_each(|_| bound.add(1));
    let counter_plain = |n| (0..n).for_each(|_| turns.add(1, &[]));
    let counter_double = |n| (0..n).for_each(|_| energy.add(1.5, &[]));
    let counter_2 = |n| (0..n).for_each(|_| reads.add(1, &[KeyValue::new("bus", black_box("i2c1")), KeyValue::new("line", black_box(2))]));
    let histogram = |n| values(|x| took.record(x), n);
    let exponential = |n| values(|x| lasted.record(x), n);
    let cases: [(&str, bool, &(dyn Fn(usize) + Sync)); 10] = [
        ("counter_bound", false, &counter_bound), ("counter_plain", false, &counter_plain), ("counter_double", false, &counter_double),
        ("counter_2", false, &counter_2), ("histogram", false, &histogram), ("exponential", false, &exponential),
        ("counter_bound_both", true, &counter_bound), ("counter_2_both", true, &counter_2), ("histogram_both", true, &histogram), ("exponential_both", true, &exponential),
    ];
    let names: Vec<String> = cases.iter().map(|c| format!("\"{}\"", c.0)).collect();
    println!("{{\"peer\": \"rust\", \"version\": \"OpenTelemetry Rust 0.33.1\", \"max\": 1000, \"cases\": [{}]}}", names.join(", "));
    for line in std::io::stdin().lock().lines().map_while(Result::ok) {
        let (name, n) = line.split_once(' ').expect("CASE N");
        let case = cases.iter().find(|c| c.0 == name).expect("a case that was told");
        let n = n.parse().expect("a number");
        let (calls, bytes) = (CALLS.load(Relaxed), BYTES.load(Relaxed));
        let ns = timed(case.1, case.2, n);
        let heap = if case.1 { (-1, -1) } else { (CALLS.load(Relaxed) - calls, BYTES.load(Relaxed) - bytes) };
        println!("{} {} {}", ns, heap.0, heap.1);
        std::io::stdout().flush().unwrap();
    }
}
