/* Options. Each is 0/1 or a number, set with -D or before the include; the default is the full library.
   Options never change the layout of a public struct, so files that disagree can still be linked together (not with OTEL_SPLIT,
   whose one file has the functions for one choice). */
#ifndef OTEL_CONFIG_H
#define OTEL_CONFIG_H

#if defined(OTEL_DEBUG) || defined(OTEL_TRACE) || defined(OTEL_ERROR) || defined(OTEL_INFO) || defined(OTEL_WARN)
#error "OTEL_TRACE, OTEL_DEBUG, OTEL_INFO, OTEL_WARN and OTEL_ERROR are severities of otel.h, not options: take the -D off the command line"
#endif

/* The whole library. 0: every call answers as if nothing were recorded, evaluates its arguments once
   and leaves no code and no data behind. Costs nothing when 0. (default: 1) */
#ifndef OTEL_ENABLED
#define OTEL_ENABLED 1
#endif

/* The signals. 0 compiles the calls of that signal out, and the exporter's code for it. A signal that is on and never
   called costs flash in the exporter only. (default: 1 each) */
#ifndef OTEL_TRACES
#define OTEL_TRACES 1
#endif
#ifndef OTEL_METRICS
#define OTEL_METRICS 1
#endif
#ifndef OTEL_LOGS
#define OTEL_LOGS 1
#endif

/* Retry with back-off in the exporter. 0: what the receiver refuses or misses once is dropped and counted.
   With OTEL_LIMITS about 700 bytes of flash on a Cortex-M4 (`make sizes`). (default: 1) */
#ifndef OTEL_RETRY
#define OTEL_RETRY 1
#endif

/* Count limits (attributes, events, links), the UTF-8 check and unique keys in tables. 0: only the room in the scratch limits
   a span, keys of a table must differ, and text must be valid UTF-8 by itself, or receivers refuse the whole batch. (default: 1) */
#ifndef OTEL_LIMITS
#define OTEL_LIMITS 1
#endif

/* A text value that is not UTF-8. 0: it stays as it is, as a bytes value. 1: it stays text, and each byte that is no UTF-8
   becomes '?', as in keys and names. Needs OTEL_LIMITS; costs nothing more. (default: 0) */
#ifndef OTEL_UTF8_REPLACE
#define OTEL_UTF8_REPLACE 0
#endif

/* How deep arrays and maps may stand inside one another. An attribute with a deeper value is dropped and counted, a log record
   with such a body too. A plain number, 1 to 32; each costs 12 to 24 bytes of stack where one is encoded. (default: 4) */
#ifndef OTEL_VALUE_DEPTH
#define OTEL_VALUE_DEPTH 4
#endif

/* Integers only. 1: a float or double among the values, an instrument of doubles and a ratio do not compile, and what encodes
   doubles is left out: 0.5 KB on AVR; elsewhere it is a promise more than a saving. Not with otel_posix.h. (default: 0) */
#ifndef OTEL_NO_FLOAT
#define OTEL_NO_FLOAT 0
#endif

/* Bytes for attributes, events and links in the span of a block. Each live span takes them on the stack.
   (default: 256; 128 where pointers have 2 bytes) */
#ifndef OTEL_SPAN_BYTES
#if defined(__AVR__) || defined(__MSP430__)
#define OTEL_SPAN_BYTES 128
#else
#define OTEL_SPAN_BYTES 256
#endif
#endif

/* Linkage. OTEL_STATIC 1: a private copy of the functions in each file, which costs their size in each, and the compiler sees
   through the calls. OTEL_SPLIT 1: declarations only, and the definitions in the one file that says OTEL_IMPLEMENTATION. For
   toolchains without weak symbols. (default: 0 each) */
#ifndef OTEL_STATIC
#define OTEL_STATIC 0
#endif
#ifndef OTEL_SPLIT
#define OTEL_SPLIT 0
#endif

/* The lock of a chip with more than one core, or of an architecture that the library does not know, comes from the
   port (otel_config_t.lock); 1 says that it does. (default: 0) */
#ifndef OTEL_PORT_LOCK
#define OTEL_PORT_LOCK 0
#endif

/* nanopb. 1: metrics are written and the receiver's answers read with nanopb's generated descriptors and streams, which the program
   then links; the writer and the reader of this library are left out. Say it in all files. How to generate: docs/DESIGN.md, "nanopb".
   Costs flash and time unless the program has nanopb anyway. (default: 0) */
#ifndef OTEL_USE_NANOPB
#define OTEL_USE_NANOPB 0
#endif

/* The scope of this file's spans and logs: #define OTEL_FILE_SCOPE (&net) before the include. Not of its instruments: each has a
   .scope. The .scope of a span is the span's alone; logs inside it keep this one, or otel_log_in names theirs.
   (default: the unnamed scope) */
#ifndef OTEL_FILE_SCOPE
#define OTEL_FILE_SCOPE NULL
#endif

#if (OTEL_ENABLED | OTEL_TRACES | OTEL_METRICS | OTEL_LOGS | OTEL_RETRY | OTEL_LIMITS | OTEL_NO_FLOAT | OTEL_UTF8_REPLACE | OTEL_STATIC | OTEL_SPLIT | OTEL_PORT_LOCK | OTEL_USE_NANOPB) & ~1
#error "OTEL_ENABLED, OTEL_TRACES, OTEL_METRICS, OTEL_LOGS, OTEL_RETRY, OTEL_LIMITS, OTEL_NO_FLOAT, OTEL_UTF8_REPLACE, OTEL_STATIC, OTEL_SPLIT, OTEL_PORT_LOCK and OTEL_USE_NANOPB are 0 or 1"
#endif
#if OTEL_STATIC && OTEL_SPLIT
#error "OTEL_STATIC and OTEL_SPLIT exclude each other: OTEL_STATIC 1 copies the functions into each file, OTEL_SPLIT 1 keeps them in one"
#endif
#if OTEL_VALUE_DEPTH < 1 || OTEL_VALUE_DEPTH > 32
#error "OTEL_VALUE_DEPTH: say 1 to 32"
#endif
#if OTEL_SPAN_BYTES < 16 || OTEL_SPAN_BYTES > 65000
#error "OTEL_SPAN_BYTES: say 16 to 65000 bytes"
#endif
#endif
