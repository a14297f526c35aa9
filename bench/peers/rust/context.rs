// Context into headers and out of them; the carriers cost nothing themselves.
use crate::serve::Case;
use opentelemetry::baggage::BaggageExt;
use opentelemetry::propagation::{Extractor, Injector, TextMapCompositePropagator, TextMapPropagator};
use opentelemetry::Context;
use opentelemetry_sdk::propagation::{BaggagePropagator, TraceContextPropagator};
use std::hint::black_box;

struct Drop;
impl Injector for Drop {
    fn set(&mut self, name: &str, value: String) {
        black_box((name, value));
    }
}

struct Headers;
impl Extractor for Headers {
    fn get(&self, name: &str) -> Option<&str> {
        match name {
            "traceparent" => Some(black_box("00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01")),
            "baggage" => Some(black_box("userId=alice,serverNode=DF%2028,isProduction=false")),
            _ => None,
        }
    }
    fn keys(&self) -> Vec<&str> {
        vec!["traceparent", "baggage"]
    }
}

fn both() -> TextMapCompositePropagator {
    TextMapCompositePropagator::new(vec![Box::new(TraceContextPropagator::new()), Box::new(BaggagePropagator::new())])
}

pub fn cases() -> Vec<Case> {
    let trace = TraceContextPropagator::new;
    let caller = both().extract_with_context(&Context::new(), &Headers);
    let alone = trace().extract_with_context(&Context::new(), &Headers);
    let (to, from, to_both, from_both) = (trace(), trace(), both(), both());
    vec![
        Case::new("inject", move |n| (0..n).for_each(|_| to.inject_context(&alone, &mut Drop))),
        Case::new("extract", move |n| {
            let root = Context::new();
            (0..n).for_each(|_| drop(black_box(from.extract_with_context(&root, &Headers))))
        }),
        Case::new("inject_baggage", move |n| (0..n).for_each(|_| to_both.inject_context(&caller, &mut Drop))),
        Case::new("extract_baggage", move |n| {
            let root = Context::new();
            for _ in 0..n {
                let context = from_both.extract_with_context(&root, &Headers);
                assert!(black_box(context.baggage().get("isProduction")).is_some());
            }
        }),
    ]
}
