// Never built: this package names the crate that carries the sources of HdrHistogram_c, which ../run compiles.
fn main() {}
