// Counters and histograms.
use crate::serve::Case;
use opentelemetry::{metrics::MeterProvider, KeyValue};
use opentelemetry_sdk::metrics::{Aggregation, Instrument, ManualReader, SdkMeterProvider, Stream};
use std::hint::black_box;

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

pub fn cases() -> Vec<Case> {
    let view = |i: &Instrument| {
        (i.name() == "lasted").then(|| {
            let powers = Aggregation::Base2ExponentialHistogram { max_size: 160, max_scale: 20, record_min_max: true };
            Stream::builder().with_aggregation(powers).build().unwrap()
        })
    };
    let meter = SdkMeterProvider::builder().with_reader(ManualReader::builder().build()).with_view(view).build().meter("bench");
    let (reads, turns, energy) = (meter.u64_counter("reads").build(), meter.u64_counter("turns").build(), meter.f64_counter("energy").build());
    let bounds = vec![0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.25, 0.5, 0.75, 1.0, 2.5, 5.0, 7.5, 10.0];
    let took = meter.f64_histogram("took").with_boundaries(bounds).build();
    let lasted = meter.f64_histogram("lasted").build();
    let counter_bound = || {
        let bound = reads.bind(&[KeyValue::new("bus", "i2c1")]);
        move |n| (0..n).for_each(|_| bound.add(1))
    };
    let counter_2 = || {
        let reads = reads.clone();
        move |n| (0..n).for_each(|_| reads.add(1, &[KeyValue::new("bus", black_box("i2c1")), KeyValue::new("line", black_box(2))]))
    };
    let histogram = |h: &opentelemetry::metrics::Histogram<f64>| {
        let bound = h.bind(&[]);
        move |n| values(|x| bound.record(x), n)
    };
    vec![
        Case::new("counter_bound", counter_bound()),
        Case::new("counter_plain", move |n| (0..n).for_each(|_| turns.add(1, &[]))),
        Case::new("counter_double", move |n| (0..n).for_each(|_| energy.add(1.5, &[]))),
        Case::new("counter_2", counter_2()),
        Case::new("histogram", histogram(&took)),
        Case::new("exponential", histogram(&lasted)),
        Case::both("counter_bound_both", counter_bound()),
        Case::both("counter_2_both", counter_2()),
        Case::both("histogram_both", histogram(&took)),
        Case::both("exponential_both", histogram(&lasted)),
    ]
}
