// The Rust SDK on the same work as ../host: see ../README.md for how it reports.
mod context;
mod logs;
mod metrics;
mod serve;
mod spans;

fn main() {
    let mut cases = spans::cases();
    cases.extend(context::cases());
    cases.extend(logs::cases());
    cases.extend(metrics::cases());
    serve::serve("rust", "OpenTelemetry Rust 0.33.1", cases);
}
