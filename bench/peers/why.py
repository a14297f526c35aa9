"""Why a row misses its target or is behind a peer, and what was tried. `run` prints the sentences of the rows to which that happens.

{name} is what the row `name` measured in this run, in clock reads. Shares of time are those of
`perf record -e cpu-clock` on bench/host/measure.c (an Intel Xeon guest of two processors), instructions those of `bench/run --count` (x86-64, gcc -O2)."""

ATOMIC = "A bare atomic add is {atomic_add} C on this processor."
BOTH = "Two processors write to one line of memory, which goes to and fro between them; one atomic add without that is {atomic_add} C. Tried: `otel_local_t`, whose row with two threads stands beside."
TEXTS = "Ten texts are measured, checked and copied: half of the time (`otel_set_text_` and `strlen`). fastrace keeps pointers to texts that never end; exported (below) its spans cost more."
CHILD = ("With the slow clock 48 % of the time is the clock, 20 % the end with its way into the ring, 18 % the start. "
         "fastrace's local span is an entry in a list of its thread, which goes to the queue once, when the parent ends.")

WHY = {
    "span_0": "Two clock reads are 44 % of the time. The end with its way into the ring takes 17 %, ids 14 %, the start 12 %. Tried and kept: records of whole words, copied by wide moves; in a shard of the "
              "thread's own, ids and the ring's three steps without the lock prefix, which took 60 ns of 180 away; the fast clock (next row). fastrace reads the counter and leaves its spans to a thread of its own.",
    "span_0_fast_clock": "As with the slow clock, but for a third of its part. fastrace queues pointers and a begin and an end; the rows with export have the rest.",
    "span_4": "As a bare span; the four attributes are 780 instructions of 1,420: texts are measured, checked for UTF-8, compared with earlier keys and copied.",
    "span_4_literals": "As a bare span; lengths of keys that the compiler knows take 180 instructions away, the values are still checked and copied.",
    "span_4_export": "What recording costs (first rows) and {export_4} C for the export of what lies in the ring.",
    "span_10": TEXTS,
    "span_10_fast_clock": TEXTS,
    "span_10_export": "Recording is {span_10} C of it: ten texts are measured, checked and copied, 2,550 instructions.",
    "span_child": CHILD,
    "span_child_fast_clock": CHILD,
    "span_not_sampled": "260 instructions, no clock and nothing atomic: the context is checked and taken over, and the span has an id of its own, which is propagated.",
    "span_no_instance": "Each block tests whether there is an instance, 6 instructions and no call; most of the time is the loop around it. What compiles it out is `OTEL_ENABLED 0`, two rows below.",
    "span_stopped": "9 instructions, of which 3 are the loop: whether there is an instance, and whether it runs. LTTng tests one word that its daemon writes.",
    "span_recorder": "3,637 instructions, half of them the span's: each span becomes a request of its own, which is counted and kept as it came, and read when a test asks. "
                     "Rust's recorder keeps the struct that the SDK has anyway.",
    "span_4_no_clock": "Ids are 14 % of the time, the start 12 %, the end with the ring 18 %, the attributes and `strlen` 41 %. Nothing of it is atomic on x86.",
    "export_4": "79 instructions for a span: half of the time is the walk from record to record, half the copy of what stands in between.",
    "log_2": "1,157 instructions: a record is sized first and written second, so that it needs no memory but the ring; what was measured is remembered; the clock is 11 %. "
             "LTTng writes two numbers and two texts behind a header of fixed form, its keys stand in the trace's metadata.",
    "inject": "290 instructions, 71 % of the time where hexadecimal digits are written.",
    "extract": "424 instructions, 79 % of the time where hexadecimal digits are read and checked.",
    "counter_bound": ATOMIC + " 94 % of the time is that instruction. Tried: `otel_local_t`, the next row, which has none and costs {counter_local} C.",
    "counter_local": "20 instructions, none of them atomic.",
    "counter_plain": ATOMIC + " Tried: `otel_local_t`, {counter_local} C.",
    "counter_double": "No instruction adds doubles atomically; the compare-and-swap is 40 % of the time, and one atomic add alone is {atomic_add} C.",
    "counter_2": "675 instructions; the series is looked up by its set in 59 % of the time (`otel_find_`: hash and comparison). Tried: matching without encoding the set (36 to 24 ns then). A bound counter does without.",
    "counter_2_literals": "Literals save 30 of 675 instructions; the series is looked up all the same (61 % of the time), for nothing at the call remembers it. A bound counter does that, {counter_bound} C.",
    "histogram": "Two atomic instructions, the bucket's and the sum's, are more than half of the time. " + ATOMIC,
    "exponential": "The compare-and-swap of the sum is a third of the time, the index of the bucket a sixth. " + ATOMIC + " HdrHistogram keeps no sum and adds without atomics.",
    "counter_bound_both": BOTH,
    "counter_local_both": "Each thread's 20 instructions touch what is its own; the batch ends with the later thread.",
    "counter_2_both": BOTH,
    "histogram_both": BOTH,
    "exponential_both": BOTH,
}
