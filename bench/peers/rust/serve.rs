// What a peer in Rust is made of: cases, the heap's calls, and the talk with ../run.
#[path = "heap.rs"]
mod heap;

use std::io::{BufRead, Write};
use std::sync::atomic::{AtomicU8, Ordering::*};
use std::time::Instant;

/// What a case does: `before` and `after` stand outside the time.
pub struct Case {
    name: &'static str,
    both: bool,
    before: Box<dyn Fn(usize)>,
    run: Box<dyn Fn(usize) + Sync>,
    after: Box<dyn Fn()>,
}

impl Case {
    pub fn new(name: &'static str, run: impl Fn(usize) + Sync + 'static) -> Case {
        Case { name, both: false, before: Box::new(|_| {}), run: Box::new(run), after: Box::new(|| {}) }
    }
    pub fn both(name: &'static str, run: impl Fn(usize) + Sync + 'static) -> Case {
        Case { both: true, ..Case::new(name, run) }
    }
    pub fn before(self, before: impl Fn(usize) + 'static) -> Case {
        Case { before: Box::new(before), ..self }
    }
    pub fn after(self, after: impl Fn() + 'static) -> Case {
        Case { after: Box::new(after), ..self }
    }

    /// Nanoseconds of `n` calls; on two threads until the later one is through.
    fn timed(&self, n: usize) -> u128 {
        let begin = Instant::now();
        if !self.both {
            (self.run)(n);
            return begin.elapsed().as_nanos();
        }
        let (phase, run) = (&AtomicU8::new(0), &self.run);
        std::thread::scope(|scope| {
            scope.spawn(move || {
                phase.store(1, Release);
                while phase.load(Acquire) != 2 {}
                run(n);
                phase.store(3, Release);
            });
            while phase.load(Acquire) != 1 {}
            let begin = Instant::now();
            phase.store(2, Release);
            run(n);
            while phase.load(Acquire) != 3 {}
            begin.elapsed().as_nanos()
        })
    }
}

/// Say who this is, then answer each line "CASE N" until there is none.
pub fn serve(peer: &str, version: &str, cases: Vec<Case>) {
    let names: Vec<String> = cases.iter().map(|c| format!("\"{}\"", c.name)).collect();
    println!("{{\"peer\": \"{}\", \"version\": \"{}\", \"max\": 1000, \"cases\": [{}]}}", peer, version, names.join(", "));
    for line in std::io::stdin().lock().lines().map_while(Result::ok) {
        let (name, n) = line.split_once(' ').expect("CASE N");
        let case = cases.iter().find(|c| c.name == name).expect("a case that was told");
        let n = n.parse().expect("a number");
        (case.before)(n);
        let heap = heap::now();
        let ns = case.timed(n);
        let heap = if case.both { (-1, -1) } else { heap::since(heap) };
        (case.after)();
        println!("{} {} {}", ns, heap.0, heap.1);
        std::io::stdout().flush().unwrap();
    }
}
