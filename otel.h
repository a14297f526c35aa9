/* otel.h - OpenTelemetry for C, from an 8-bit microcontroller to a server: traces, metrics, logs and context, recorded
   as OTLP bytes, with no heap, no thread and nothing beyond libc's mem* and strlen. MIT licence.

     #include "otel_posix.h"                          // hosts: clock, thread and HTTP; firmware includes otel.h alone

     int main(void)
     {
         otel_posix_start(.service = "hello");        // sends to OTEL_EXPORTER_OTLP_ENDPOINT, or shows it in the terminal
         OTEL_SPAN(span, "greet") {
             otel_span_set(span, "who", "world", "count", 3);
             otel_log(OTEL_INFO, "hello, world");
         }
         return 0;                                    // what is left goes out at exit
     }

   The nouns:
     otel_t          the instance: configuration, clock and a pool that you give it
     otel_span_t     something that took time: OTEL_SPAN(span, "name") { ... }
     otel_counter_t  a number that is summed (histograms and gauges likewise): otel_counter_add(&reads, 1)
     otel_log        something that happened, with the ids of the span around it
     otel_exporter_t (otel_export.h) takes finished records to a function of yours that sends bytes

   Options are macros, defaults first: see "config.h" below. Each call says whether interrupts may make it. */
/* Merged from the parts in src/otel by amalgamate.py: edit those, then `make headers`. */
/* Lines: config 43, compiler 152, wire 465, out 508, attr 527, clock 677, context 714, id 740, result 764, ring 795,
   sampler 949, scope 1117, instance 1160, metric 1404, pairs 1658, unique 1848, field 1861, nanopb 1871, reading
   1883, collect 1970, instrument 2015, series 2036, counter 2070, histogram 2295, exphistogram 2503, gauge 2566,
   observable 2638, aggregation 2725, exemplar 2776, view 2861, stream 2993, source 3073, advice 3084, tracestate
   3145, carrier 3166, baggage 3245, span 3290, traceparent 3532, propagator 3546, textmap 3593, b3 3656, baggageset
   3678, contextkey 3691, element 3719, event 3742, fields 3771, status 3839, error 3852, cxx 3863, detect 4014,
   environment 4056, log 4104, exception 4173, threshold 4281, rate 4320, scan 4376, strategy 4398, jaeger 4429,
   priority 4475, sampling 4533, processor 4540, limits 4652, link 4688, list 4706, local 4720, logger 4759, loglimits
   4827, message 4855, nanopb_points 4921, nofloat 4930, probability 4961, resource 5076, temporality 5097, urgency
   5131, implementation 5136. */
#ifndef OTEL_H_
#define OTEL_H_
#include <limits.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

/* ---- config.h -------------------------------------------------------------------------------------------------- */
/* Options. Each is 0/1 or a number, set with -D or before the include; the default is the full library.
   Options never change the layout of a public struct, so files that disagree can still be linked together (not with OTEL_SPLIT,
   whose one file has the functions for one choice). */
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

/* ---- compiler.h ------------------------------------------------------------------------------------------------ */
/* Compilers, linkage, atomics and the interrupt mask: the only part that asks which compiler, core or system this is. */
#define OTEL_VERSION "0.1.0"

#define OTEL_CAT_(a, b) OTEL_CAT2_(a, b)
#define OTEL_CAT2_(a, b) a##b

/* ---- language ---- */
#ifdef __cplusplus
#  define OTEL_LITERAL_(T) T
#  if __cplusplus >= 201402L
#    define OTEL_Z_ = {}            /* default member initialiser: no -Wmissing-field-initializers */
#  else
#    define OTEL_Z_
#  endif
#  define OTEL_C_BEGIN_ extern "C" {
#  define OTEL_C_END_ }
#  define OTEL_CAST_(T, x) static_cast<T>(x)
#else
#  define OTEL_LITERAL_(T) (T)
#  define OTEL_Z_
#  define OTEL_C_BEGIN_
#  define OTEL_C_END_
#  define OTEL_CAST_(T, x) ((T)(x))
#endif

/* ---- targets ---- */
#if defined(__unix__) || defined(__unix) || defined(__APPLE__) || defined(_WIN32) || defined(__linux__)
#  define OTEL_HOSTED_ 1
#else
#  define OTEL_HOSTED_ 0
#endif

/* ---- attributes: spelled __attribute((..)), because glibc erases __attribute__ for compilers that are not GNU ---- */
#if defined(__GNUC__) || defined(__clang__) || defined(__TINYC__)
#  define OTEL_ATTRIBUTE_(x) __attribute(x)
#  define OTEL_HAS_ATTRIBUTE_ 1
#else
#  define OTEL_ATTRIBUTE_(x)
#  define OTEL_HAS_ATTRIBUTE_ 0
#endif
/* On hosts only files that use a body have it. Firmware has weak ones, whose sizes are guarded: one copy of each, whoever calls. */
#if OTEL_HOSTED_ && OTEL_HAS_ATTRIBUTE_ && (defined(__cplusplus) || defined(__clang__) || __GNUC__ >= 8) && OTEL_ENABLED && !OTEL_STATIC && !OTEL_SPLIT
#  define OTEL_BY_USE_ 1
#else
#  define OTEL_BY_USE_ 0
#endif
#if defined(__GNUC__) || defined(__clang__)
#  define OTEL_EXT_ __extension__
#  define OTEL_LIKELY_(x) __builtin_expect(!!(x), 1)
#  define OTEL_UNLIKELY_(x) __builtin_expect(!!(x), 0)
#  if OTEL_ENABLED && (!OTEL_BY_USE_ || defined(__clang__))
#    define OTEL_NOINLINE_ __attribute((noinline))
#  else  /* gcc does not take it of what is inline: OTEL_API_ has it itself, or OTEL_CALLED_ does the same */
#    define OTEL_NOINLINE_
#  endif
#  define OTEL_PRINTF_(f, a) __attribute((format(printf, f, a)))
#  ifdef __clang__
#    define OTEL_APART_ noinline
#  else
#    define OTEL_APART_ noipa          /* nor does a body know its callers' constants, and warn of them */
#  endif
#else
#  define OTEL_EXT_
#  define OTEL_LIKELY_(x) (x)
#  define OTEL_UNLIKELY_(x) (x)
#  define OTEL_NOINLINE_
#  define OTEL_PRINTF_(f, a)
#endif
#if OTEL_HAS_ATTRIBUTE_ && !defined(OTEL_NO_CLEANUP)
#  define OTEL_CLEANUP_ 1
#else
#  define OTEL_CLEANUP_ 0
#endif

/* ---- linkage ----
   OTEL_FN_   a tiny function, a copy per file
   OTEL_API_  just include the headers, anywhere: one copy per program (weak, or inline in C++; hidden), or per file that calls it (C on hosts)
   OTEL_VAR_  one object per process where the object format can */
#if OTEL_ENABLED
#  define OTEL_FN_ static inline OTEL_ATTRIBUTE_((unused))
#  if OTEL_STATIC
#    define OTEL_API_ static OTEL_ATTRIBUTE_((unused))
#  elif OTEL_SPLIT
#    define OTEL_API_
#  elif defined(__TINYC__)
#    define OTEL_API_ __attribute((weak))
#  elif OTEL_BY_USE_ && !defined(__cplusplus) && !defined(__OPTIMIZE__)
#    define OTEL_API_ static inline __attribute((unused))
#  elif OTEL_BY_USE_ && !defined(__cplusplus)
#    define OTEL_API_ static __attribute((unused, OTEL_APART_))
#  elif OTEL_BY_USE_ && defined(__clang__)
#    define OTEL_API_ inline __attribute((OTEL_APART_, visibility("hidden")))
#  elif OTEL_BY_USE_
#    define OTEL_API_ inline __attribute((noclone, visibility("hidden")))
#  elif OTEL_HAS_ATTRIBUTE_
#    define OTEL_API_ __attribute((weak, visibility("hidden")))
#  elif defined(__cplusplus)
#    define OTEL_API_ inline
#  else
#    define OTEL_API_ static
#  endif
#else
#  define OTEL_FN_ static inline OTEL_ATTRIBUTE_((unused, always_inline))
#  define OTEL_API_ OTEL_FN_
#endif
/* Each body of an OTEL_API_ begins with this; amalgamate.py writes it. What is inline for the linker's sake shall still be called,
   one copy for all callers. g++ warns of `noinline` there; it never inlines what ends a va_list, and that takes no instruction. */
#if OTEL_BY_USE_ && defined(__cplusplus) && !defined(__clang__)
#  define OTEL_CALLED_ __builtin_va_list otel_called_; __builtin_va_end(otel_called_);
#else
#  define OTEL_CALLED_
#endif
/* What must disappear into its caller, so that constants there stay constants. */
#define OTEL_INLINE_ static inline OTEL_ATTRIBUTE_((unused, always_inline))
/* A helper that is called, also in the place of a return, where the caller's part of the stack is free again: gcc for ARM makes no
   such call to a weak function. */
#if OTEL_BY_USE_ || !OTEL_ENABLED
#  define OTEL_STEP_ OTEL_FN_
#elif defined(__GNUC__) && !defined(__clang__)
#  define OTEL_STEP_ static __attribute((unused, noinline, noclone))
#else
#  define OTEL_STEP_ static OTEL_ATTRIBUTE_((unused)) OTEL_NOINLINE_
#endif
/* Functions of the hot path come twice: one melts into its caller, the other is called. Who builds for size calls. */
#if defined(__OPTIMIZE_SIZE__) || (defined(__GNUC__) && !defined(__OPTIMIZE__))
#  define OTEL_HOT_(here, called) called
#else
#  define OTEL_HOT_(here, called) here
#endif
/* Of two ways through the same work the short one, which takes flash, and the one for all cases alone: 8-bit cores are slow before
   they are small, so they have the short one even when built for size. */
#ifdef __AVR__
#  define OTEL_SHORT_(quick, careful) quick
#else
#  define OTEL_SHORT_(quick, careful) OTEL_HOT_(quick, careful)
#endif
#if OTEL_HAS_ATTRIBUTE_ && !defined(__TINYC__)
#  define OTEL_VAR_ __attribute((weak, visibility("default")))
#  define OTEL_SEEN_ __attribute((visibility("default")))        /* of what another file defines: clang's object-size check takes weak ones for empty */
#elif defined(__TINYC__)
#  define OTEL_VAR_ __attribute((weak))
#elif defined(_MSC_VER)
#  define OTEL_VAR_ __declspec(selectany)
#else
#  define OTEL_VAR_
#endif
#ifndef OTEL_SEEN_
#  define OTEL_SEEN_ OTEL_VAR_
#endif
/* Working memory of a call that is more than the stack of a small chip's task should hold, and that nobody gave: on firmware one for
   the function, so one call at a time; on hosts each call has its own. Inside its function, it comes and goes with that. */
#if OTEL_HOSTED_
#  define OTEL_WORKING_
#else
#  define OTEL_WORKING_ static
#endif
#if !OTEL_SPLIT || defined(OTEL_IMPLEMENTATION) || !OTEL_ENABLED
#  define OTEL_BODIES_ 1
#else
#  define OTEL_BODIES_ 0
#endif

/* Link-once names (of C++ classes too, whose members are link-once) carry the major and the options that change a body: the
   linker never keeps the wrong one without a word. */
#ifdef OTEL_NO_ATOMICS
#  define OTEL_PLAIN_ 1
#else
#  define OTEL_PLAIN_ 0
#endif
#if !OTEL_ENABLED
#  define OTEL_SUFFIX_ _v0_off
#elif OTEL_TRACES && OTEL_METRICS && OTEL_LOGS && OTEL_RETRY && OTEL_LIMITS && !OTEL_UTF8_REPLACE && OTEL_VALUE_DEPTH == 4 && !OTEL_NO_FLOAT && !OTEL_PORT_LOCK && !OTEL_PLAIN_
#  define OTEL_SUFFIX_ _v0
#else
#  define OTEL_SUFFIX_ OTEL_CAT_(OTEL_CAT_(OTEL_CAT_(_v0_t, OTEL_CAT_(OTEL_TRACES, OTEL_CAT_(m, OTEL_METRICS))), \
                       OTEL_CAT_(l, OTEL_CAT_(OTEL_LOGS, OTEL_CAT_(r, OTEL_CAT_(OTEL_RETRY, OTEL_CAT_(x, OTEL_LIMITS)))))), \
                       OTEL_CAT_(OTEL_CAT_(p, OTEL_CAT_(OTEL_PORT_LOCK, OTEL_CAT_(a, OTEL_PLAIN_))), OTEL_CAT_(u, OTEL_CAT_(OTEL_UTF8_REPLACE, OTEL_CAT_(d, OTEL_CAT_(OTEL_VALUE_DEPTH, OTEL_CAT_(f, OTEL_NO_FLOAT)))))))
#endif
#if OTEL_USE_NANOPB && OTEL_ENABLED
#  define OTEL_NANOPB_ 1
#  define OTEL_NAME_(f) OTEL_CAT_(f, OTEL_CAT_(OTEL_SUFFIX_, _nanopb))
#else
#  define OTEL_NANOPB_ 0
#  define OTEL_NAME_(f) OTEL_CAT_(f, OTEL_SUFFIX_)
#endif

/* The body of a public function begins with this: off, the answer is all that is left of it. */
#if OTEL_ENABLED
#  define OTEL_WHEN_OFF_(answer)
#else
#  define OTEL_WHEN_OFF_(answer) answer;
#endif

/* Where there is room and speed is asked for, a span that records nothing is recognised without a call, and what was measured
   is remembered. */
#if OTEL_HOSTED_ && OTEL_ENABLED && defined(__OPTIMIZE__) && !defined(__OPTIMIZE_SIZE__)
#  define OTEL_ROOMY_ 1
#else
#  define OTEL_ROOMY_ 0
#endif
#define OTEL_ASKS_FIRST_ (OTEL_ROOMY_ && OTEL_TRACES)
/* Hosts have threads, so they use atomics of one machine word (never more) and a thread-local slot. */
#if OTEL_ENABLED && OTEL_HOSTED_ && (defined(__GNUC__) || defined(__clang__)) && !OTEL_PLAIN_
#  define OTEL_ATOMICS_ 1
#  define OTEL_THREAD_LOCAL_ __thread
#else
#  define OTEL_ATOMICS_ 0
#endif

/* Sanitizers and provers follow atomics, not assembly. */
#if defined(__has_feature)
#  if __has_feature(thread_sanitizer) || __has_feature(memory_sanitizer)
#    define OTEL_FOLLOWED_ 1
#  endif
#endif
#if !defined(OTEL_FOLLOWED_) && (defined(__SANITIZE_THREAD__) || defined(__CPROVER__))
#  define OTEL_FOLLOWED_ 1
#endif
#if OTEL_ATOMICS_
#  define OTEL_LOAD_(p) __atomic_load_n((p), __ATOMIC_RELAXED)
#  define OTEL_LOAD_ACQUIRE_(p) __atomic_load_n((p), __ATOMIC_ACQUIRE)
#  define OTEL_STORE_(p, v) __atomic_store_n((p), (v), __ATOMIC_RELAXED)
#  define OTEL_STORE_RELEASE_(p, v) __atomic_store_n((p), (v), __ATOMIC_RELEASE)
#  define OTEL_ADD_(p, v) ((void)__atomic_fetch_add((p), (v), __ATOMIC_RELAXED))
#  define OTEL_FETCH_ADD_(p, v) __atomic_fetch_add((p), (v), __ATOMIC_RELAXED)
#  define OTEL_CAS_(p, old, now) __atomic_compare_exchange_n((p), (old), (now), false, __ATOMIC_ACQ_REL, __ATOMIC_RELAXED)
#  define OTEL_SIGNAL_FENCE_() __atomic_signal_fence(__ATOMIC_SEQ_CST)
/* For a word that one thread writes, and the signal handlers that interrupt it, while others only read: one instruction is
   atomic enough, and x86 has it for a fifth of the price, without the lock prefix. `v` and `*p` are both unsigned words.
   Other processors have no such instruction. */
#  if (defined(__x86_64__) || defined(__i386__)) && !defined(OTEL_FOLLOWED_) && !defined(__TINYC__)
#    define OTEL_OWN_ADD_(p, v) __asm volatile("add {%1, %0|%0, %1}" : "+m"(*(p)) : "r"(v) : "cc", "memory")
#    define OTEL_OWN_FETCH_ADD_(p, v) (__extension__({ __typeof__(*(p) + 0u) own_ = (v); __asm volatile("xadd {%0, %1|%1, %0}" : "+r"(own_), "+m"(*(p)) : : "cc", "memory"); own_; }))
#    define OTEL_OWN_CAS_(p, old, now) (__extension__({ uint8_t same_; __asm volatile("cmpxchg {%3, %1|%1, %3}\n\tsete %0" : "=q"(same_), "+m"(*(p)), "+a"(*(old)) : "r"(now) : "cc", "memory"); (bool)same_; }))
#  else
#    define OTEL_OWN_ADD_(p, v) OTEL_ADD_(p, v)
#    define OTEL_OWN_FETCH_ADD_(p, v) OTEL_FETCH_ADD_(p, v)
#    define OTEL_OWN_CAS_(p, old, now) OTEL_CAS_(p, old, now)
#  endif
#else  /* one core: the mask orders everything, the compiler only must not keep values in registers */
#  define OTEL_LOAD_(p) (*(p))
#  define OTEL_LOAD_ACQUIRE_(p) (*(p))
#  define OTEL_STORE_(p, v) ((void)(*(p) = (v)))
#  define OTEL_STORE_RELEASE_(p, v) ((void)(*(p) = (v)))
#  define OTEL_ADD_(p, v) ((void)(*(p) += (v)))
#  if OTEL_HAS_ATTRIBUTE_
#    define OTEL_SIGNAL_FENCE_() __asm volatile("" : : : "memory")
#  else
#    define OTEL_SIGNAL_FENCE_() ((void)0)
#  endif
#endif

/* The interrupt mask of single-core chips: saved, set and restored, so that it nests. */
OTEL_C_BEGIN_
#if OTEL_HOSTED_ || OTEL_PORT_LOCK || !OTEL_ENABLED
OTEL_FN_ uint32_t otel_mask_(void) { return 0; }
OTEL_FN_ void otel_unmask_(uint32_t was) { (void)was; }
#elif defined(PICO_RP2040) || defined(PICO_RP2350) || defined(ESP_PLATFORM)
#error "this chip has more than one core: give otel_init a lock (.lock, .unlock) and define OTEL_PORT_LOCK 1"
#elif defined(__arm__) || defined(__ARM_ARCH)
OTEL_FN_ uint32_t otel_mask_(void)
{
    uint32_t was;
    __asm volatile("mrs %0, primask\n\tcpsid i" : "=r"(was) : : "memory");
    return was;
}
OTEL_FN_ void otel_unmask_(uint32_t was) { __asm volatile("msr primask, %0" : : "r"(was) : "memory"); }
#elif defined(__AVR__)
OTEL_FN_ uint32_t otel_mask_(void)
{
    uint8_t was;
    __asm volatile("in %0, __SREG__\n\tcli" : "=r"(was) : : "memory");
    return was;
}
OTEL_FN_ void otel_unmask_(uint32_t was) { __asm volatile("out __SREG__, %0" : : "r"((uint8_t)was) : "memory"); }
#elif defined(__riscv)
OTEL_FN_ uint32_t otel_mask_(void)
{
    unsigned long was;
    __asm volatile("csrrci %0, mstatus, 8" : "=r"(was) : : "memory");
    return (uint32_t)(was & 8u);
}
OTEL_FN_ void otel_unmask_(uint32_t was) { __asm volatile("csrs mstatus, %0" : : "r"((unsigned long)was) : "memory"); }
#else
#error "otel.h does not know this core's interrupt mask: give otel_init a lock (.lock, .unlock) and define OTEL_PORT_LOCK 1"
#endif
OTEL_C_END_

/* ---- tables of our own that stay in program memory, where data and programs do not share addresses ---- */
#if defined(__AVR__)
#  include <avr/pgmspace.h>
#  define OTEL_FLASH_ PROGMEM
#  define OTEL_FLASH_BYTE_(p) pgm_read_byte(p)
#  define OTEL_FLASH_COPY_(to, from, n) ((void)memcpy_P((to), (from), (n)))
#else
#  define OTEL_FLASH_
#  define OTEL_FLASH_BYTE_(p) (*(p))
#  define OTEL_FLASH_COPY_(to, from, n) ((void)memcpy((to), (from), (n)))
#endif

/* ---- keyword arguments: a literal of the options, gone at the end of the statement ---- */
#ifndef __cplusplus
#  define OTEL_REF_(T, ...) (&(const T){ __VA_ARGS__ })
#else
template <class T> struct otel_ref_ {
    T value;
    explicit otel_ref_(const T &given_) : value(given_) {}
    const T *get() const { return &value; }
};
#  define OTEL_REF_(T, ...) otel_ref_<T>(T{ __VA_ARGS__ }).get()
#endif

/* ---- wire.h ---------------------------------------------------------------------------------------------------- */
/* Protobuf's wire form, writing side: varints, fixed-width numbers, text. Records are encoded while they are made,
   so the recording half needs these. Protocol Buffers documentation: Encoding. */
#define otel_copy_text_ OTEL_NAME_(otel_copy_text_)
#define otel_len_ OTEL_NAME_(otel_len_)
#define otel_mend_text_ OTEL_NAME_(otel_mend_text_)
#define otel_put_text_ OTEL_NAME_(otel_put_text_)
#define otel_put_varint64_ OTEL_NAME_(otel_put_varint64_)
#define otel_same_ OTEL_NAME_(otel_same_)
#define otel_utf8_close_ OTEL_NAME_(otel_utf8_close_)
#define otel_utf8_cut_ OTEL_NAME_(otel_utf8_cut_)
#define otel_utf8_valid OTEL_NAME_(otel_utf8_valid)
#define otel_varint64_size_ OTEL_NAME_(otel_varint64_size_)
#define OTEL_LENGTH_BYTES_ 3u              /* a padded length: three varint bytes */
#define OTEL_LENGTH_MAX_ 2097151u          /* what fits there: 2^21 - 1 */
#define OTEL_ENVELOPE_BYTES_ 4u            /* the same for what stands around records */
#if SIZE_MAX > 0xFFFFu
#define OTEL_ENVELOPE_MAX_ 268435455u      /* 2^28 - 1 */
#else
#define OTEL_ENVELOPE_MAX_ 65000u
#endif

OTEL_C_BEGIN_
/* More than a padded length can say, or than memory holds where size_t has 16 bits? */
#if SIZE_MAX > 0xFFFFu
#define OTEL_TOO_LONG_ ((size_t)OTEL_LENGTH_MAX_ + 1u)
#else
#define OTEL_TOO_LONG_ ((size_t)0x7FF0u)        /* two of them are one number still */
#endif
OTEL_FN_ bool otel_too_long_(size_t n) { return n >= OTEL_TOO_LONG_; }

/* Say whether text of `len` bytes is well-formed UTF-8 (The Unicode Standard, table 3-7). Safe everywhere. */
OTEL_API_ bool otel_utf8_valid(const char *text, size_t len);
OTEL_API_ size_t otel_utf8_cut_(const char *text, size_t len, size_t limit);
/* Text that somebody cut after `len` bytes ends before a character whose rest is gone. */
OTEL_API_ void otel_utf8_close_(char *text, size_t len);
OTEL_API_ uint8_t *otel_put_text_(uint8_t *to, const char *text, size_t len);
OTEL_API_ bool otel_copy_text_(uint8_t *to, const void *text, size_t len);
OTEL_API_ void otel_mend_text_(uint8_t *text, size_t len);
OTEL_API_ uint8_t *otel_put_varint64_(uint8_t *to, uint64_t value);
OTEL_API_ unsigned otel_varint64_size_(uint64_t value);
OTEL_C_END_

/* ---- out.h ----------------------------------------------------------------------------------------------------- */
/* Where encoded bytes go: one piece of memory, or two where a ring wraps. */
#define otel_out_ OTEL_NAME_(otel_out_)
#define otel_out_around_ OTEL_NAME_(otel_out_around_)
#define otel_out_head_ OTEL_NAME_(otel_out_head_)
#define otel_out_head_around_ OTEL_NAME_(otel_out_head_around_)
#define otel_out_text_ OTEL_NAME_(otel_out_text_)
/* Private. */
typedef struct otel_out_t_ {
    uint8_t *at, *end;            /* the piece that is being filled */
    uint8_t *then, *then_end;     /* the one behind it, or NULL */
} otel_out_t_;

OTEL_C_BEGIN_
OTEL_API_ void otel_out_(otel_out_t_ *out, const void *bytes, size_t n);
OTEL_API_ void otel_out_head_(otel_out_t_ *out, uint8_t tag, size_t len);
OTEL_API_ void otel_out_text_(otel_out_t_ *out, const char *text, size_t len);
OTEL_C_END_

/* ---- attr.h ---------------------------------------------------------------------------------------------------- */
/* Values and attributes: what a key can carry (AnyValue, every type), and how it is encoded.
   Specification: common/README.md, "Attribute" and "AnyValue"; opentelemetry/proto/common/v1/common.proto. */
#define otel_any_encode_ OTEL_NAME_(otel_any_encode_)
#define otel_any_size_ OTEL_NAME_(otel_any_size_)
#define otel_attr_encode_ OTEL_NAME_(otel_attr_encode_)
#define otel_attr_size_ OTEL_NAME_(otel_attr_size_)
#define otel_attr_write_ OTEL_NAME_(otel_attr_write_)
#define otel_list_encode_ OTEL_NAME_(otel_list_encode_)
#define otel_out_big_uint_ OTEL_NAME_(otel_out_big_uint_)
#define otel_scalar_encode_ OTEL_NAME_(otel_scalar_encode_)
typedef enum {
    OTEL_V_NULL_, OTEL_V_STRING_, OTEL_V_BOOL_, OTEL_V_INT_, OTEL_V_UINT_, OTEL_V_DOUBLE_, OTEL_V_BYTES_,
    OTEL_V_INTS_, OTEL_V_DOUBLES_, OTEL_V_BOOLS_, OTEL_V_STRINGS_, OTEL_V_VALUES_, OTEL_V_MAP_
} otel_type_t;

struct otel_out_t_;
struct otel_value_t;

/* A value of any type. Made by OTEL_STR, OTEL_BYTES, OTEL_ARRAY, OTEL_VALUES, OTEL_MAP, OTEL_NULL; what it points to is
   copied by the call that takes it. Arrays and maps bring what encodes them, so that programs without them do not have it. */
typedef struct otel_value_t {
    uint8_t type;                 /* otel_type_t */
    uint8_t size;                 /* of one element of an array, bytes */
    uint32_t len;                 /* bytes of text, or elements of an array */
    union {
        int64_t i;
        uint64_t u;
        double d;
        const void *p;
        struct {
            const void *p;
            size_t (*encode)(struct otel_out_t_ *out, const struct otel_value_t *list);   /* `out` NULL: only how many bytes */
        } list;
    } as;
} otel_value_t;

typedef struct otel_attr_t {
    const char *key;              /* UTF-8, ends with NUL */
    otel_value_t value;
} otel_attr_t;

OTEL_C_BEGIN_
OTEL_FN_ otel_value_t otel_value_(otel_type_t type, const void *p, size_t n, size_t size)
{
    otel_value_t v;
    v.type = (uint8_t)(p || !n ? type : OTEL_V_NULL_);
    v.size = (uint8_t)size;
    v.len = otel_too_long_(n) ? OTEL_LENGTH_MAX_ + 1u : (uint32_t)n;
    v.as.u = 0;
    v.as.p = p;
    return v;
}
OTEL_API_ size_t otel_list_encode_(struct otel_out_t_ *out, const otel_value_t *list);
OTEL_FN_ otel_value_t otel_value_list_(otel_type_t type, const void *p, size_t n, size_t size)
{
    otel_value_t v = otel_value_(type, p, n, size);
    v.as.list.p = p;
    v.as.list.encode = OTEL_ENABLED ? otel_list_encode_ : NULL;
    return v;
}
OTEL_FN_ otel_value_t otel_value_int_(int64_t i)
{
    otel_value_t v = otel_value_(OTEL_V_INT_, NULL, 0, 0);
    v.as.i = i;
    return v;
}
OTEL_FN_ otel_value_t otel_value_uint_(uint64_t u)
{
    otel_value_t v = otel_value_(OTEL_V_UINT_, NULL, 0, 0);
    v.as.u = u;
    return v;
}
OTEL_FN_ otel_value_t otel_value_bool_(bool b)
{
    otel_value_t v = otel_value_(OTEL_V_BOOL_, NULL, 0, 0);
    v.as.i = b;
    return v;
}
OTEL_FN_ otel_value_t otel_value_double_(double d)
{
    otel_value_t v = otel_value_(OTEL_V_DOUBLE_, NULL, 0, 0);
    v.as.d = d;
    return v;
}
OTEL_FN_ otel_value_t otel_value_str_(const char *s) { return otel_value_(s ? OTEL_V_STRING_ : OTEL_V_NULL_, s, s ? strlen(s) : 0, 1); }

/* One attribute each, for otel_span_set_all and tables. A NULL text is the null value. */
OTEL_FN_ otel_attr_t otel_any(const char *key, otel_value_t value)
{
    otel_attr_t a;
    a.key = key;
    a.value = value;
    return a;
}
OTEL_FN_ otel_attr_t otel_int(const char *key, int64_t value) { return otel_any(key, otel_value_int_(value)); }
OTEL_FN_ otel_attr_t otel_uint(const char *key, uint64_t value) { return otel_any(key, otel_value_uint_(value)); }    /* above 2^63-1: a decimal string */
OTEL_FN_ otel_attr_t otel_bool(const char *key, bool value) { return otel_any(key, otel_value_bool_(value)); }
OTEL_FN_ otel_attr_t otel_double(const char *key, double value) { return otel_any(key, otel_value_double_(value)); }
OTEL_FN_ otel_attr_t otel_str(const char *key, const char *value) { return otel_any(key, otel_value_str_(value)); }
OTEL_FN_ otel_attr_t otel_strn(const char *key, const char *value, size_t len) { return otel_any(key, otel_value_(OTEL_V_STRING_, value, len, 1)); }
OTEL_FN_ otel_attr_t otel_bytes(const char *key, const void *value, size_t len) { return otel_any(key, otel_value_(OTEL_V_BYTES_, value, len, 1)); }
OTEL_FN_ otel_attr_t otel_float_(const char *key, float value) { return otel_double(key, (double)value); }
OTEL_FN_ otel_attr_t otel_long_double_(const char *key, long double value) { return otel_double(key, (double)value); }

#define OTEL_STR(text, len) otel_value_(OTEL_V_STRING_, (text), (len), 1)          /* text of len bytes, NULs included */
#define OTEL_BYTES(bytes, len) otel_value_(OTEL_V_BYTES_, (bytes), (len), 1)
#define OTEL_VALUES(values, len) otel_value_list_(OTEL_V_VALUES_, (values), (len), 0)   /* otel_value_t[len]: an array of mixed types */
#define OTEL_MAP(attributes, len) otel_value_list_(OTEL_V_MAP_, (attributes), (len), 0) /* otel_attr_t[len]: a map */
#define OTEL_NULL otel_value_(OTEL_V_NULL_, NULL, 0, 0)

/* `tag length KeyValue` and `tag length AnyValue`: how many bytes, 0 when they are more than a record can hold; and their
   encoding, for which the room is known to suffice. */
OTEL_API_ size_t otel_attr_size_(size_t key_len, const otel_value_t *value);
OTEL_API_ void otel_attr_encode_(struct otel_out_t_ *out, uint8_t tag, const char *key, size_t key_len, const otel_value_t *value);
OTEL_API_ size_t otel_any_size_(const otel_value_t *value);
OTEL_API_ void otel_any_encode_(struct otel_out_t_ *out, uint8_t tag, const otel_value_t *value);
OTEL_API_ void otel_scalar_encode_(struct otel_out_t_ *out, size_t len, const otel_value_t *v);
/* Both at once, in one piece of memory: the number of bytes, 0 when they do not fit or it has no key. With OTEL_LIKE_TEXT_ in the tag a
   number that goes as text has the bytes of that text. */
#define OTEL_LIKE_TEXT_ 0x100u
OTEL_API_ size_t otel_attr_write_(uint8_t *to, size_t room, unsigned tag, const otel_attr_t *attribute);
OTEL_C_END_

#ifdef __cplusplus
#  define OTEL_TRUE true
#  define OTEL_FALSE false
OTEL_FN_ otel_value_t otel_array_(const bool *p, size_t n) { return otel_value_list_(OTEL_V_BOOLS_, p, n, sizeof *p); }
OTEL_FN_ otel_value_t otel_array_(const short *p, size_t n) { return otel_value_list_(OTEL_V_INTS_, p, n, sizeof *p); }
OTEL_FN_ otel_value_t otel_array_(const int *p, size_t n) { return otel_value_list_(OTEL_V_INTS_, p, n, sizeof *p); }
OTEL_FN_ otel_value_t otel_array_(const long *p, size_t n) { return otel_value_list_(OTEL_V_INTS_, p, n, sizeof *p); }
OTEL_FN_ otel_value_t otel_array_(const long long *p, size_t n) { return otel_value_list_(OTEL_V_INTS_, p, n, sizeof *p); }
OTEL_FN_ otel_value_t otel_array_(const float *p, size_t n) { return otel_value_list_(OTEL_V_DOUBLES_, p, n, sizeof *p); }
OTEL_FN_ otel_value_t otel_array_(const double *p, size_t n) { return otel_value_list_(OTEL_V_DOUBLES_, p, n, sizeof *p); }
OTEL_FN_ otel_value_t otel_array_(const char *const *p, size_t n) { return otel_value_list_(OTEL_V_STRINGS_, p, n, sizeof *p); }
#  define OTEL_ARRAY(array, len) otel_array_((array), (len))
#else
#  define OTEL_TRUE ((bool)1)
#  define OTEL_FALSE ((bool)0)
/* An array of bool, short, int, long, long long, float, double or text. If an error led you here: OTEL_ARRAY takes a
   pointer to one of these; bytes go through OTEL_BYTES. */
#  define OTEL_ARRAY(array, len) \
    otel_value_list_(OTEL_EXT_ _Generic(&*(array), bool *: OTEL_V_BOOLS_, const bool *: OTEL_V_BOOLS_, \
        short *: OTEL_V_INTS_, const short *: OTEL_V_INTS_, int *: OTEL_V_INTS_, const int *: OTEL_V_INTS_, \
        long *: OTEL_V_INTS_, const long *: OTEL_V_INTS_, long long *: OTEL_V_INTS_, const long long *: OTEL_V_INTS_, \
        float *: OTEL_V_DOUBLES_, const float *: OTEL_V_DOUBLES_, double *: OTEL_V_DOUBLES_, const double *: OTEL_V_DOUBLES_, \
        char **: OTEL_V_STRINGS_, const char **: OTEL_V_STRINGS_, char *const *: OTEL_V_STRINGS_, const char *const *: OTEL_V_STRINGS_), \
        (array), (len), sizeof *(array))
#endif

/* ---- clock.h --------------------------------------------------------------------------------------------------- */
/* Time: one hook that gives Unix nanoseconds or ticks since boot; ticks are widened and scaled here, and wall time is an
   offset to them, so that a span keeps its duration when the clock is set. Specification: trace/api.md, "Timestamp". */
#define otel_clock_begin_ticks_ OTEL_NAME_(otel_clock_begin_ticks_)
#define otel_clock_begin_unix_ OTEL_NAME_(otel_clock_begin_unix_)
#define otel_clock_steady_ OTEL_NAME_(otel_clock_steady_)
#define otel_clock_sync_ OTEL_NAME_(otel_clock_sync_)
#define otel_clock_ticked_ OTEL_NAME_(otel_clock_ticked_)
/* Hosts of 32 bits cannot store an offset in one piece, and what interrupts them cannot wait until it is whole: they keep two. */
#define OTEL_CLOCK_PAIR_ (OTEL_ATOMICS_ && UINTPTR_MAX <= 0xFFFFFFFFu)

/* The clock of an instance; private. Which kind it is, otel_init knows: a program has the code of its own kind only. */
typedef struct otel_clock_t {
    uint64_t (*read)(void *user);
    void *user;
    uint64_t (*careful)(struct otel_clock_t *clock);      /* nanoseconds, by way of all that this kind of clock needs */
    uint32_t scale;               /* nanoseconds per tick, times 2^shift */
    uint8_t shift, bits;          /* bits of the counter, 64: never wraps */
    bool ticks, known;            /* ticks since boot; wall time known */
    bool plain;                   /* ticks are nanoseconds of 64 bits: nothing to widen or scale */
    uint8_t gate;
    uint32_t sixteenths;          /* of a turn of a narrow counter, since the first one began */
    uint64_t last;                /* Unix clock: never goes back */
    uint64_t offset;              /* wall time minus time since boot, ns; Unix clock: minus what it was put back by */
#if OTEL_CLOCK_PAIR_
    uint64_t other;               /* the offset is in the one that the lowest bit of `turn` says, and is set in the other one */
    uint32_t turn;
#endif
} otel_clock_t;

OTEL_C_BEGIN_
typedef void (*otel_clock_kind_t_)(otel_clock_t *clock, uint32_t hz, uint8_t bits);
OTEL_API_ void otel_clock_begin_unix_(otel_clock_t *clock, uint32_t hz, uint8_t bits);
OTEL_API_ void otel_clock_begin_ticks_(otel_clock_t *clock, uint32_t hz, uint8_t bits);
OTEL_API_ void otel_clock_sync_(otel_clock_t *clock, uint64_t offset);
OTEL_C_END_

/* ---- context.h ------------------------------------------------------------------------------------------------- */
/* The context of a span: what its children, its links and the other side of a wire need to know of it.
   Specification: trace/api.md, "SpanContext"; W3C Trace Context level 2. */
#define otel_context_valid OTEL_NAME_(otel_context_valid)
#define OTEL_FLAG_SAMPLED 0x01u   /* trace-flags: sampled */
#define OTEL_FLAG_RANDOM 0x02u    /* trace-flags: the right 56 bits of the trace id are random (level 2) */
#define OTEL_FLAG_DEBUG 0x80u     /* not of W3C: B3 asked for this trace by its debug flag, which only B3 passes on */

struct otel_context_value_t;

/* Filled by otel_extract and otel_span_context. All zero: no context. */
typedef struct otel_context_t {
    uint8_t trace_id[16];         /* all zero: not valid */
    uint8_t span_id[8];           /* all zero: not valid */
    uint8_t flags;                /* OTEL_FLAG_.. */
    bool remote;                  /* came over a wire */
    const char *tracestate;       /* the headers' text, or NULL; must outlive the context and the spans started from it */
    const char *baggage;          /* likewise; sent as it is, so values are percent-encoded already: what is malformed is left out (otel_inject). otel_baggage_set writes it */
    const struct otel_context_value_t *values;    /* what otel_context_with put there; never sent */
} otel_context_t;

OTEL_C_BEGIN_
/* Say whether both ids are set. NULL is not valid. Safe everywhere. */
OTEL_API_ bool otel_context_valid(const otel_context_t *context);
OTEL_C_END_

/* ---- id.h ------------------------------------------------------------------------------------------------------ */
/* Ids: a counter that never gives the same number twice, mixed with 128 secret bits from the port's entropy. Reentrant:
   an interrupt in the middle takes the next number. Specification: trace/sdk.md, "Id Generators". */
#define otel_id_make_by_ OTEL_NAME_(otel_id_make_by_)
#define otel_id_seed_ OTEL_NAME_(otel_id_seed_)
/* Counters that only grow: 64 bits where that is a machine word, else 32 (modulo 2^32). */
#if UINTPTR_MAX > 0xFFFFFFFFu
typedef uint64_t otel_count_t;
#else
typedef uint32_t otel_count_t;
#endif

/* The generator of an instance; private. */
typedef struct otel_ids_t {
    uint32_t key[4];
    otel_count_t count;
} otel_ids_t;

OTEL_C_BEGIN_
OTEL_API_ void otel_id_make_by_(otel_ids_t *ids, uint8_t *to, unsigned words, bool own);
OTEL_FN_ void otel_id_make_(otel_ids_t *ids, uint8_t *to, unsigned words) { otel_id_make_by_(ids, to, words, false); }
OTEL_API_ void otel_id_seed_(otel_ids_t *ids, const uint8_t *seed, size_t n);
OTEL_C_END_

/* ---- result.h -------------------------------------------------------------------------------------------------- */
/* Results of set-up and export calls. Recording calls never fail: what they lose is counted (otel_stats). */
#define otel_result_text OTEL_NAME_(otel_result_text)
/* One list: code, value, the sentence that names the remedy. */
#define OTEL_RESULTS_(X) \
    X(OTEL_OK, 0, "done") \
    X(OTEL_E_CLOCK, -1, "no clock: set otel_config_t.clock to a function that gives Unix nanoseconds, or ticks with .clock_hz") \
    X(OTEL_E_POOL, -2, "no pool, or too small for one record: set otel_config_t.pool, raise otel_config_t.pool_size, or lower .log_percent or .shards") \
    X(OTEL_E_BUFFER, -3, "exporter buffer too small for one record: raise otel_exporter_config_t.buffer_size") \
    X(OTEL_E_SEND, -4, "no transport: set otel_exporter_config_t.send, or take requests with otel_export_next") \
    X(OTEL_E_TIMEOUT, -5, "time is up before all was delivered: otel_stats tells what is left; call otel_time_sync if the clock is not known yet, or give more milliseconds") \
    X(OTEL_E_NULL, -6, "a required pointer is NULL: pass the object and its options") \
    X(OTEL_E_NOT_READY, -7, "not running: otel_init (or the port's start) was not called, failed or is disabled, or it was shut down") \
    X(OTEL_E_EXPORTERS, -8, "too many exporters on one instance: shut one down first") \
    X(OTEL_E_CONFIG, -9, "a value of the configuration is not possible: see the comments of its fields (on hosts stderr names it)") \
    X(OTEL_E_LOCK, -10, "no lock: OTEL_PORT_LOCK 1 promises otel_config_t.lock and .unlock") \
    X(OTEL_E_SYSTEM, -11, "the operating system refused: see errno") \
    X(OTEL_E_NESTED, -12, "called from inside the exporter's own callback, or not by the thread that drives it: return first, or call the port's flush") \
    X(OTEL_E_VIEW, -13, "a view selects nothing or has numbers that cannot be: give at least one of .instrument (\"*\": all), .kinds, .unit, .scope, .version and .schema_url; bounds ascend") \
    X(OTEL_E_VIEW_NAME, -14, "a view would give several instruments one name: take .name out, or select one instrument by its whole name") \
    X(OTEL_E_VIEW_KEYS, -15, "a view has .keep and .exclude: give one of them") \
    X(OTEL_E_VIEW_MEMORY, -16, "views, rules and exemplars need memory for their streams: set otel_metric_settings_t.memory and .memory_len")

#define OTEL_RESULT_ENUM_(code, value, text) code = value,
typedef enum { OTEL_RESULTS_(OTEL_RESULT_ENUM_) OTEL_RESULTS_END_ = 1 } otel_result_t;

OTEL_C_BEGIN_
/* The sentence of `result`: what is wrong and what to do. Never NULL, static storage. Safe everywhere. */
OTEL_API_ const char *otel_result_text(otel_result_t result);
OTEL_C_END_

/* ---- ring.h ---------------------------------------------------------------------------------------------------- */
/* The ring: finished records, already in wire form, wait here for the exporters. Three positions chase each other
   (reserved >= published >= released); docs/DESIGN.md tells why, with the model and the figures.

   A writer reserves, copies, and the outermost writer publishes for all that interrupted it: nested writers finish before
   the one they interrupted goes on, so nothing has to be cleared and no byte publishes a record. A record may wrap around
   the end of the ring. Each reader (exporter) has a cursor; a byte is free when the slowest has passed it. */
#define otel_drop_text OTEL_NAME_(otel_drop_text)
#define otel_ring_attach_ OTEL_NAME_(otel_ring_attach_)
#define otel_ring_begin_ OTEL_NAME_(otel_ring_begin_)
#define otel_ring_detach_ OTEL_NAME_(otel_ring_detach_)
#define otel_ring_finish_ OTEL_NAME_(otel_ring_finish_)
#define otel_ring_hold_ OTEL_NAME_(otel_ring_hold_)
#define otel_ring_hold_until_ OTEL_NAME_(otel_ring_hold_until_)
#define otel_ring_lay_ OTEL_NAME_(otel_ring_lay_)
#define otel_ring_lose_ OTEL_NAME_(otel_ring_lose_)
#define otel_ring_move_ OTEL_NAME_(otel_ring_move_)
#define otel_ring_pass_ OTEL_NAME_(otel_ring_pass_)
#define otel_ring_policy_ OTEL_NAME_(otel_ring_policy_)
#define otel_ring_repair_ OTEL_NAME_(otel_ring_repair_)
#define otel_ring_wake_ OTEL_NAME_(otel_ring_wake_)
#define otel_ring_wrap_ OTEL_NAME_(otel_ring_wrap_)
#define otel_ring_write_ OTEL_NAME_(otel_ring_write_)
/* Why a record was lost; a closed list. `otel_drop_text` names each.
     full        no room in the ring: raise pool_size, poll more often, or (while nothing is exported) call otel_time_sync
     in_flight   the oldest could not make room, being on its way
     busy        another writer held the lock or the shared shard: give more shards
     thread      a thread died in the middle of it
     processor   a processor dropped it
     too_large   larger than the ring or the packet, or refused as such by the receiver
     shutdown    not delivered before the end: give otel_shutdown more time
     reset       lost by a reset of the device
     rejected    the receiver does not want it: see its answer
     gave_up     the receiver put it off retry_attempts times
     no_clock    made before the time was known, and held longer than hold_ms */
#define OTEL_DROPS_(X) \
    X(OTEL_DROP_FULL, "full") \
    X(OTEL_DROP_IN_FLIGHT, "in_flight") \
    X(OTEL_DROP_BUSY, "busy") \
    X(OTEL_DROP_THREAD, "thread") \
    X(OTEL_DROP_PROCESSOR, "processor") \
    X(OTEL_DROP_TOO_LARGE, "too_large") \
    X(OTEL_DROP_SHUTDOWN, "shutdown") \
    X(OTEL_DROP_RESET, "reset") \
    X(OTEL_DROP_REJECTED, "rejected") \
    X(OTEL_DROP_GAVE_UP, "gave_up") \
    X(OTEL_DROP_NO_CLOCK, "no_clock")
#define OTEL_DROP_ENUM_(code, text) code,
typedef enum { OTEL_DROPS_(OTEL_DROP_ENUM_) OTEL_DROP_REASONS } otel_drop_t;
#define OTEL_RING_DROPS_ 7        /* the first ones, counted where records are written */

/* What a full ring does with the next record. */
typedef enum {
    OTEL_DROP_NEWEST = 0,         /* refuse it (default) */
    OTEL_DROP_OLDEST,             /* make room: a flight recorder */
    OTEL_DROP_SAMPLE,             /* from half full on keep one in 2, 4, 8, .. so that the ring lasts */
    OTEL_DROP_ORDINARY            /* the last quarter is for what is urgent: spans with OTEL_STATUS_ERROR, logs of OTEL_ERROR and above */
} otel_when_full_t;

#if UINTPTR_MAX > 0xFFFFFFFFu
#define OTEL_READERS_ 4           /* exporters of one instance */
#elif UINTPTR_MAX > 0xFFFFu
#define OTEL_READERS_ 2
#else
#define OTEL_READERS_ 1
#endif

/* A position: the offset in the ring, and above it a lap that tells a full ring from an empty one (and, on hosts, keeps a
   late compare-and-swap from succeeding by chance). One machine word; never needs a division. */
typedef uintptr_t otel_pos_t;
#if UINTPTR_MAX > 0xFFFFFFFFu
#define OTEL_RING_BITS_ 32
#elif UINTPTR_MAX > 0xFFFFu
#define OTEL_RING_BITS_ 24
#else
#define OTEL_RING_BITS_ 15
#endif
#define OTEL_LAP_ ((otel_pos_t)1 << OTEL_RING_BITS_)
#define OTEL_OFFSET_ (OTEL_LAP_ - 1u)

typedef struct otel_reader_t_ {
    otel_pos_t cursor;            /* all before it is done with */
    otel_pos_t held;              /* cursor..held is in flight: nobody evicts it */
    otel_pos_t from;              /* the cursor when the reader last took hold: where it begins, whatever is evicted since */
    otel_count_t passed;          /* records before the cursor, since the ring began */
    otel_count_t base;            /* those of them that were gone before this reader came */
    otel_count_t evicted;         /* records that this reader lost to OTEL_DROP_OLDEST */
    otel_count_t items;           /* records in cursor..held, once the reader has counted them */
#if OTEL_HOSTED_
    otel_count_t goal;            /* records that a flush waits for, since the ring began */
#endif
    bool on;
} otel_reader_t_;

/* The port's lock, when there is one: writers that do not nest (tasks of an RTOS, a second core) copy under it. */
typedef struct otel_guard_t {
    bool (*lock)(void *user, bool wait);    /* wait false: only try */
    void (*unlock)(void *user);
    void *user;
} otel_guard_t;

/* Private. */
typedef struct otel_ring_t {
    otel_pos_t reserved, published, released;
    uint8_t *bytes;
    otel_pos_t size;
    otel_pos_t room;                        /* one core: at least so many bytes may be taken before the end, and without a look at the readers */
    otel_count_t created, settled;          /* settled follows created when a record is dropped or published */
#if OTEL_HOSTED_
    otel_count_t waiting;                   /* records of handlers that the writer below them will publish and settle */
#endif
    otel_count_t dropped[OTEL_RING_DROPS_];
    otel_count_t gone;                      /* records before `released` */
    otel_drop_t (*policy)(struct otel_ring_t *ring, const otel_guard_t *guard, otel_pos_t n, otel_pos_t what);    /* of a ring that does more than refuse */
#if OTEL_HOSTED_
    bool (*wake)(void);                     /* a port's: fetch the exporter's thread; false: not now, ask again. Never waits */
    otel_pos_t wake_at;                     /* bytes in use beyond which it is called */
#endif
    uint8_t gate, when_full;
    bool read;                    /* a reader has been here */
    otel_reader_t_ reader[OTEL_READERS_];
} otel_ring_t;

typedef struct otel_piece_t {
    const void *bytes;
    size_t len;
} otel_piece_t;

OTEL_C_BEGIN_
/* The word for a reason, as in the attribute error.type of the otel.sdk metrics. Static storage, never NULL. */
OTEL_API_ const char *otel_drop_text(otel_drop_t reason);

/* Room for `n` bytes? `what` tells of the record where it comes from: the severity of a log, or where the bytes of a span stand. */
typedef otel_drop_t (*otel_policy_t_)(otel_ring_t *ring, const otel_guard_t *guard, otel_pos_t n, otel_pos_t what);
OTEL_API_ otel_drop_t otel_ring_policy_(otel_ring_t *ring, const otel_guard_t *guard, otel_pos_t n, otel_pos_t what);
OTEL_API_ void otel_ring_lay_(otel_ring_t *ring, void *bytes, size_t size, otel_when_full_t when_full, otel_policy_t_ policy);
OTEL_INLINE_ void otel_ring_init_(otel_ring_t *ring, void *bytes, size_t size, otel_when_full_t when_full)
{
    otel_ring_lay_(ring, bytes, size, when_full, when_full != OTEL_DROP_NEWEST ? otel_ring_policy_ : NULL);
}
OTEL_API_ bool otel_ring_write_(otel_ring_t *ring, const otel_guard_t *guard, const void *a, size_t a_len, const void *b, size_t b_len);
OTEL_API_ bool otel_ring_begin_(otel_ring_t *ring, const otel_guard_t *guard, size_t n, otel_pos_t *start);
OTEL_API_ void otel_ring_finish_(otel_ring_t *ring, const otel_guard_t *guard, otel_pos_t start);
OTEL_API_ void otel_ring_lose_(otel_ring_t *ring, otel_drop_t reason);
OTEL_API_ void otel_ring_repair_(otel_ring_t *ring);

/* The readers' side: one thread at a time for each reader. */
OTEL_API_ bool otel_ring_attach_(otel_ring_t *ring, const otel_guard_t *guard, unsigned reader);
OTEL_API_ void otel_ring_detach_(otel_ring_t *ring, const otel_guard_t *guard, unsigned reader);
OTEL_API_ otel_pos_t otel_ring_hold_(otel_ring_t *ring, const otel_guard_t *guard, unsigned reader);
OTEL_API_ void otel_ring_hold_until_(otel_ring_t *ring, const otel_guard_t *guard, unsigned reader, otel_pos_t until);
OTEL_API_ void otel_ring_pass_(otel_ring_t *ring, const otel_guard_t *guard, unsigned reader, otel_pos_t to, otel_count_t n);
OTEL_C_END_

/* ---- sampler.h ------------------------------------------------------------------------------------------------- */
/* Samplers decide at the start of a span whether it is recorded and whether the trace is kept.
   Specification: trace/sdk.md, "Sampling". */
#define otel_decide_always_record_ OTEL_NAME_(otel_decide_always_record_)
#define otel_decide_delegates_ OTEL_NAME_(otel_decide_delegates_)
#define otel_decide_off_ OTEL_NAME_(otel_decide_off_)
#define otel_decide_on_ OTEL_NAME_(otel_decide_on_)
#define otel_decide_parent_ OTEL_NAME_(otel_decide_parent_)
#define otel_decide_ratio_ OTEL_NAME_(otel_decide_ratio_)
#define otel_span_begin_ OTEL_NAME_(otel_span_begin_)
#define otel_span_late_ OTEL_NAME_(otel_span_late_)
typedef enum {
    OTEL_DECISION_DROP = 0,               /* not recorded; the context still propagates */
    OTEL_DECISION_RECORD_ONLY = 1,        /* recorded for processors, not exported */
    OTEL_DECISION_RECORD_AND_SAMPLE = 2
} otel_decision_t;

struct otel_t;
struct otel_span_t;
struct otel_span_options_t;
struct otel_link_t;
struct otel_scope_t;

#define OTEL_ANNOTATIONS_ 4

/* What else a sampler may say; private: see otel_sampling_add and its neighbours. */
typedef struct otel_sampling_result_t {
    struct { const otel_attr_t *at; size_t len; } lists_[OTEL_ANNOTATIONS_];
    unsigned lists_len_;
    const char *tracestate_;
    char *room_;                          /* memory of the span for a tracestate, room_size_ bytes */
    size_t room_size_;
    bool errors_;
} otel_sampling_result_t;

/* What a sampler sees; valid during the call only. */
typedef struct otel_sampling_t {
    const otel_context_t *parent;         /* NULL: a root span */
    const uint8_t *trace_id;              /* 16 bytes */
    const char *name;
    int kind;                             /* otel_kind_t */
    const otel_attr_t *attributes;        /* those given to start */
    size_t attributes_len;
    const struct otel_link_t *links;      /* likewise */
    size_t links_len;
    struct otel_t *otel;                  /* the instance that the span belongs to */
    otel_sampling_result_t *result;
    const otel_context_t *context;        /* what came in, never NULL: baggage and values of a root span too, whose ids are zero then */
} otel_sampling_t;

/* A sampler. Made by one of the functions named otel_sampler_..; one of your own by otel_sampler_custom. */
typedef struct otel_sampler_t {
    otel_decision_t (*decide)(const struct otel_sampler_t *self, const otel_sampling_t *input) OTEL_Z_;   /* NULL: parent based, roots always on */
    const struct otel_sampler_t *root OTEL_Z_;    /* of a parent based sampler; NULL: always on */
    void *user OTEL_Z_;
    uint64_t threshold OTEL_Z_;                   /* of a ratio: reject trace ids whose right 56 bits are below */
    void (*begin_)(struct otel_span_t *span, struct otel_t *otel, const struct otel_scope_t *scope, const struct otel_span_options_t *options) OTEL_Z_;
    bool (*late_)(struct otel_span_t *span, struct otel_t *otel) OTEL_Z_;
} otel_sampler_t;

/* Who decides for spans with a parent, by where it is and whether it is sampled. NULL: as the parent did. */
typedef struct otel_parent_based_t {
    const otel_sampler_t *root OTEL_Z_;               /* (default: always on) */
    const otel_sampler_t *remote_sampled OTEL_Z_;
    const otel_sampler_t *remote_not_sampled OTEL_Z_;
    const otel_sampler_t *local_sampled OTEL_Z_;
    const otel_sampler_t *local_not_sampled OTEL_Z_;
} otel_parent_based_t;

OTEL_C_BEGIN_
OTEL_API_ otel_decision_t otel_decide_on_(const otel_sampler_t *self, const otel_sampling_t *input);
OTEL_API_ otel_decision_t otel_decide_off_(const otel_sampler_t *self, const otel_sampling_t *input);
OTEL_API_ otel_decision_t otel_decide_ratio_(const otel_sampler_t *self, const otel_sampling_t *input);
OTEL_API_ otel_decision_t otel_decide_parent_(const otel_sampler_t *self, const otel_sampling_t *input);
OTEL_API_ otel_decision_t otel_decide_delegates_(const otel_sampler_t *self, const otel_sampling_t *input);
OTEL_API_ otel_decision_t otel_decide_always_record_(const otel_sampler_t *self, const otel_sampling_t *input);
#if OTEL_ENABLED
OTEL_API_ void otel_span_begin_(struct otel_span_t *span, struct otel_t *otel, const struct otel_scope_t *scope, const struct otel_span_options_t *options);
OTEL_API_ bool otel_span_late_(struct otel_span_t *span, struct otel_t *otel);
#endif

/* All that asks samplers comes into a program with the first sampler that it makes, and not before. */
OTEL_FN_ otel_sampler_t otel_sampler_(otel_decision_t (*decide)(const otel_sampler_t *, const otel_sampling_t *))
{
    otel_sampler_t s;
    s.decide = decide;
    s.root = NULL;
    s.user = NULL;
    s.threshold = 0;
#if OTEL_ENABLED
    s.begin_ = otel_span_begin_;
    s.late_ = otel_span_late_;
#else
    s.begin_ = NULL;
    s.late_ = NULL;
#endif
    return s;
}
/* A sampler of your own: `decide` is called at each start of a span, and finds `user` in self->user. Ask a sampler inside it by
   otel_sampler_ask. It may run in interrupts, where spans are started there. */
OTEL_FN_ otel_sampler_t otel_sampler_custom(otel_decision_t (*decide)(const otel_sampler_t *self, const otel_sampling_t *input), void *user)
{
    otel_sampler_t s = otel_sampler_(OTEL_ENABLED ? decide : NULL);
    s.user = user;
    return s;
}
/* What a sampler decides; NULL: always on. */
OTEL_FN_ otel_decision_t otel_sampler_ask(const otel_sampler_t *sampler, const otel_sampling_t *input)
{
    return sampler && sampler->decide ? (sampler->decide)(sampler, input) : OTEL_DECISION_RECORD_AND_SAMPLE;
}
/* Samplers may add attributes, which live until the start is over: at most 4 lists; */
OTEL_FN_ void otel_sampling_add(const otel_sampling_t *input, const otel_attr_t *attributes, size_t len)
{
    if (!input->result || input->result->lists_len_ >= OTEL_ANNOTATIONS_) return;
    input->result->lists_[input->result->lists_len_].at = attributes;
    input->result->lists_[input->result->lists_len_++].len = len;
}
/* put another tracestate in the place of the parent's (NULL: none), which lives as long as the spans of this trace here; */
OTEL_FN_ void otel_sampling_tracestate(const otel_sampling_t *input, const char *tracestate)
{
    if (input->result) input->result->tracestate_ = tracestate;
}
/* and say that a span which they do not sample is recorded all the same, and kept when it ends with OTEL_STATUS_ERROR. What
   is passed on stays "not sampled". */
OTEL_FN_ void otel_sampling_keep_errors(const otel_sampling_t *input)
{
    if (input->result) input->result->errors_ = true;
}
/* Record and sample every span. */
OTEL_FN_ otel_sampler_t otel_sampler_always_on(void) { return otel_sampler_(OTEL_ENABLED ? otel_decide_on_ : NULL); }
/* Record no span. */
OTEL_FN_ otel_sampler_t otel_sampler_always_off(void) { return otel_sampler_(OTEL_ENABLED ? otel_decide_off_ : NULL); }
OTEL_FN_ uint64_t otel_sampler_ratio_threshold_(double ratio)
{
    if (!(ratio > 0)) return (uint64_t)1 << 56;
    return ratio < 1 ? ((uint64_t)1 << 56) - (uint64_t)(ratio * 72057594037927936.0) : 0u;
}
/* Keep the given share of traces, 0 to 1, by their id: every service decides alike. Out of range counts as the nearer end. */
OTEL_FN_ otel_sampler_t otel_sampler_ratio(double ratio)
{
    otel_sampler_t s = otel_sampler_(OTEL_ENABLED ? otel_decide_ratio_ : NULL);
    s.threshold = otel_sampler_ratio_threshold_(ratio);
    return s;
}
/* Children do as their parent did; roots ask `root` (NULL: always on), which must outlive the sampler. */
OTEL_FN_ otel_sampler_t otel_sampler_parent_based(const otel_sampler_t *root)
{
    otel_sampler_t s = otel_sampler_(OTEL_ENABLED ? otel_decide_parent_ : NULL);
    s.root = root;
    return s;
}
/* The same with a delegate for each kind of parent. `delegates` and what it names outlive the sampler. */
OTEL_FN_ otel_sampler_t otel_sampler_parent_based_on(const otel_parent_based_t *delegates)
{
    otel_sampler_t s = otel_sampler_(OTEL_ENABLED ? otel_decide_delegates_ : NULL);
    s.user = (void *)(uintptr_t)delegates;
    return s;
}
/* Record what `root` drops, for processors: recorded only, not exported. `root` outlives the sampler. */
OTEL_FN_ otel_sampler_t otel_sampler_always_record(const otel_sampler_t *root)
{
    otel_sampler_t s = otel_sampler_(OTEL_ENABLED ? otel_decide_always_record_ : NULL);
    s.root = root;
    return s;
}
OTEL_C_END_

/* ---- scope.h --------------------------------------------------------------------------------------------------- */
/* Instrumentation scopes: who recorded it. A scope takes its number in the instance at its first use; records carry the
   number, and the exporter groups them. Specification: common/instrumentation-scope.md. */
#define otel_scope_number_ OTEL_NAME_(otel_scope_number_)
struct otel_t;

/* Define with OTEL_SCOPE at file scope; not const, because it remembers its number. A scope belongs to one instance. */
typedef struct otel_scope_t {
    const char *name OTEL_Z_;                 /* (required) */
    const char *version OTEL_Z_;
    const char *schema_url OTEL_Z_;
    const otel_attr_t *attributes OTEL_Z_;    /* attributes_len of them */
    size_t attributes_len OTEL_Z_;
    struct otel_t *otel OTEL_Z_;              /* (default: the default instance) */
    struct otel_scope_t *next_ OTEL_Z_;
    uint32_t epoch_ OTEL_Z_;
    uint32_t number_ OTEL_Z_;
    uint32_t (*enter_)(struct otel_t *otel, const struct otel_scope_t *scope) OTEL_Z_;    /* set where a scope is named, so that programs without one have none of it */
} otel_scope_t;

/* static otel_scope_t net = OTEL_SCOPE("net.http", .version = "1.2");
   Say .version: without it C++ refuses the second text or warns. What a scope is for: OTEL_FILE_SCOPE, and the .scope of
   spans and instruments. */
#if OTEL_ENABLED
#define OTEL_SCOPE(...) { .name = __VA_ARGS__, .enter_ = otel_scope_number_ }
#else
#define OTEL_SCOPE(...) { .name = __VA_ARGS__ }
#endif
#define OTEL_SCOPES_ 127u         /* numbers that a mark has room for */

OTEL_C_BEGIN_
OTEL_API_ uint32_t otel_scope_number_(struct otel_t *otel, const otel_scope_t *scope);

/* A scope on its way into the library: one that was filled in by hand learns how to enter an instance. */
OTEL_INLINE_ const otel_scope_t *otel_scope_by_(const otel_scope_t *scope)
{
#if OTEL_ENABLED
    if (scope && !OTEL_LOAD_(&scope->enter_)) OTEL_STORE_(&((otel_scope_t *)(uintptr_t)scope)->enter_, &otel_scope_number_);
#endif
    return scope;
}
OTEL_C_END_

/* ---- instance.h ------------------------------------------------------------------------------------------------ */
/* The instance: configuration, clock, ids, rings and the list of all that is registered with it. The user defines the
   object and the pool; nothing else is ever allocated. Specification: trace/sdk.md, "Tracer Provider". */
#define otel_after_fork OTEL_NAME_(otel_after_fork)
#define otel_default OTEL_NAME_(otel_default)
#define otel_init_in_ OTEL_NAME_(otel_init_in_)
#define otel_late_repair_ OTEL_NAME_(otel_late_repair_)
#define otel_late_wait_ OTEL_NAME_(otel_late_wait_)
#define otel_lose_ OTEL_NAME_(otel_lose_)
#define otel_record_close_ OTEL_NAME_(otel_record_close_)
#define otel_record_open_ OTEL_NAME_(otel_record_open_)
#define otel_record_shared_ OTEL_NAME_(otel_record_shared_)
#define otel_resource_more_ OTEL_NAME_(otel_resource_more_)
#define otel_ring_urgency_ OTEL_NAME_(otel_ring_urgency_)
#define otel_scope_more_ OTEL_NAME_(otel_scope_more_)
#define otel_shard_claim_ OTEL_NAME_(otel_shard_claim_)
#define otel_shards_give_back_ OTEL_NAME_(otel_shards_give_back_)
#define otel_thread_end OTEL_NAME_(otel_thread_end)
#define otel_time_sync OTEL_NAME_(otel_time_sync)
#define otel_use OTEL_NAME_(otel_use)
struct otel_span_t;
struct otel_propagator_t;
struct otel_collect_t;
struct otel_callback_t;

/* The current span of one thread or task; a port that has tasks keeps one for each. All zero: none. */
typedef struct otel_current_t {
    struct otel_span_t *span;     /* innermost span block */
    otel_context_t context;       /* where there is no cleanup attribute: its context by value */
    void (*adopt_)(struct otel_span_t *span, const otel_context_t *context);      /* set while there is one */
} otel_current_t;

struct otel_log_settings_t;
struct otel_log_record_t;

struct otel_span_settings_t;

/* What has a say in spans: made by otel_spans. Private. */
typedef struct otel_spans_t {
    const struct otel_span_settings_t *settings_ OTEL_Z_;
    void (*begin_)(struct otel_span_t *span, struct otel_t *otel, const otel_scope_t *scope, const struct otel_span_options_t *options) OTEL_Z_;
    bool (*late_)(struct otel_span_t *span, struct otel_t *otel) OTEL_Z_;
    void (*next_)(struct otel_span_t *span, struct otel_t *otel, const otel_scope_t *scope, const struct otel_span_options_t *options) OTEL_Z_;
} otel_spans_t;

/* What has a say in log records: made by otel_logs. Private. */
typedef struct otel_logs_t {
    const struct otel_log_settings_t *settings_ OTEL_Z_;
    void (*emit_)(const struct otel_logs_t *self, struct otel_t *otel, const struct otel_log_record_t *record) OTEL_Z_;
    bool (*enabled_)(const struct otel_logs_t *self, struct otel_t *otel, const otel_scope_t *scope, int severity) OTEL_Z_;
} otel_logs_t;

struct otel_metric_settings_t;
struct otel_instrument_t;

/* What has a say in measurements: made by otel_metrics. Private. */
typedef struct otel_metrics_t {
    struct otel_metric_settings_t *settings_ OTEL_Z_;
    void (*join_)(struct otel_instrument_t *instrument, struct otel_t *otel) OTEL_Z_;
    otel_result_t checked_ OTEL_Z_;
} otel_metrics_t;

/* Everything an instance is told. Zero means the default. Hooks get `user`. The order of the fields is API. */
typedef struct otel_config_t {
    const char *service OTEL_Z_;                  /* service.name (default: unknown_service) */
    const char *version OTEL_Z_;                  /* service.version (default: left out) */
    const otel_attr_t *attributes OTEL_Z_;        /* of the resource, attributes_len of them; live as long as the instance */
    size_t attributes_len OTEL_Z_;
    const char *schema_url OTEL_Z_;               /* of the resource (default: left out) */
    uint64_t (*clock)(void *user) OTEL_Z_;        /* (required) Unix nanoseconds; with clock_hz ticks since boot */
    uint32_t clock_hz OTEL_Z_;                    /* ticks a second (default: 0, Unix nanoseconds) */
    uint8_t clock_bits OTEL_Z_;                   /* of the tick counter, which counts up: 8 to 32, or 64 (default: 64). One that wraps needs this, else times jump back
                                                     at each wrap, and must be read at least once each 15/16 of a turn: otel_export_poll does */
    bool (*entropy)(void *user, void *to, size_t len) OTEL_Z_;   /* fills `len` random bytes (default: clock and addresses, and traces do not claim to be random) */
    bool (*lock)(void *user, bool wait) OTEL_Z_;  /* (default: interrupt mask on bare metal, atomics on hosts); `wait` false: only try */
    void (*unlock)(void *user) OTEL_Z_;
    otel_current_t *(*current)(void *user) OTEL_Z_;   /* slot of the running task, NULL in an interrupt (default: thread-local on hosts, else one) */
    void *user OTEL_Z_;                           /* first argument of the hooks */
    void *pool OTEL_Z_;                           /* (required) memory of the rings; lives as long as the instance */
    size_t pool_size OTEL_Z_;                     /* bytes: 80 for spans and 64 for logs at least, which at 25 % for logs means 256; one useful record takes 100 to 200 */
    uint8_t log_percent OTEL_Z_;                  /* of the pool for logs, 1 to 99 (default: 25); OTEL_NO_LOG_RING: all to spans */
    uint16_t shards OTEL_Z_;                      /* hosts: parts of the pool; each thread claims one, the first serves the rest under a try-lock (default: 1) */
    otel_when_full_t when_full OTEL_Z_;           /* (default: OTEL_DROP_NEWEST) */
    otel_sampler_t sampler OTEL_Z_;               /* (default: parent based, roots always on) */
    uint32_t hold_ms OTEL_Z_;                     /* how long records wait for otel_time_sync (default: 600,000) */
    bool send_unsynced OTEL_Z_;                   /* after hold_ms send them with time since boot instead of dropping them as no_clock; metrics at once (default: false) */
    const struct otel_propagator_t *propagator OTEL_Z_;   /* what otel_inject writes and otel_extract_from reads; outlives the instance (default: W3C trace context and baggage) */
    otel_spans_t spans OTEL_Z_;                   /* otel_spans(&settings): processors of spans, scopes that are off (default: none) */
    otel_logs_t logs OTEL_Z_;                     /* otel_logs(&settings): least severities, processors of log records (default: all pass) */
    otel_metrics_t metrics OTEL_Z_;               /* otel_metrics(&settings): views, scopes that are off, exemplars (default: none) */
} otel_config_t;
#define OTEL_NO_LOG_RING 255u

#define OTEL_SPANS_ 0             /* the ring of a shard that holds spans */
#define OTEL_LOGS_ 1

/* A part of the pool. Private. */
typedef struct otel_shard_t {
    const void *owner;            /* the thread that writes here, by the address of its otel_thread_v0_; NULL: nobody */
    otel_ids_t ids;
    otel_ring_t ring[2];
} otel_shard_t;

/* What to do with a record whose times count from boot. Private. */
typedef enum { OTEL_LATE_RIGHT_, OTEL_LATE_WAIT_, OTEL_LATE_DROP_ } otel_late_t_;
struct otel_packet_t_;

/* An instance. Define it where it outlives its users; all fields are private. */
typedef struct otel_t {
    otel_config_t config_ OTEL_Z_;
    otel_clock_t clock_ OTEL_Z_;
    otel_guard_t guard_ OTEL_Z_;
    otel_current_t current_ OTEL_Z_;
    otel_shard_t shard_ OTEL_Z_;              /* the first shard; the others lie in the pool */
    otel_shard_t *more_ OTEL_Z_;
    void (*write_state_)(struct otel_span_t *span) OTEL_Z_;       /* a tracestate came in */
    otel_scope_t *scopes_ OTEL_Z_;
    struct otel_instrument_t *instruments_ OTEL_Z_;
    size_t (*collect_)(struct otel_t *otel, struct otel_collect_t *round, uint8_t *to, size_t room) OTEL_Z_;     /* set by the first instrument */
    uint8_t (*observe_)(struct otel_t *otel) OTEL_Z_;                     /* set by the first callback: runs all of them */
    struct otel_callback_t *callbacks_ OTEL_Z_;
    uint8_t observed_ OTEL_Z_, observing_ OTEL_Z_;    /* the last round of callbacks; one is under way */
    uint8_t reclaims_ OTEL_Z_;                /* one reader, which tells differences: idle series make room */
    struct otel_exporter_t *exporters_ OTEL_Z_;
#if OTEL_HOSTED_
    void (*forked_)(struct otel_t *otel) OTEL_Z_;                         /* set by the first instrument: opens what other threads of the parent held */
#endif
    /* Set by what needs them, so that a program links no more than it uses: see resource.h, late.h. */
    bool (*resource_)(const struct otel_t *otel, struct otel_packet_t_ *packet, bool end) OTEL_Z_;
    int (*scope_)(const struct otel_t *otel, struct otel_packet_t_ *packet, int number) OTEL_Z_;
    otel_late_t_ (*late_)(struct otel_t *otel, unsigned which, otel_ring_t *ring, otel_pos_t pos, unsigned reader) OTEL_Z_;
    uint32_t epoch_ OTEL_Z_;                  /* tells this life of the object from earlier ones */
    uint32_t scope_count_ OTEL_Z_;
    uint16_t shards_ OTEL_Z_;
    uint8_t live_ OTEL_Z_;                    /* 0 before init, 1 running, 2 after shutdown */
    bool random_ OTEL_Z_;                     /* trace ids come from real entropy */
} otel_t;

#if OTEL_ATOMICS_
/* What a thread knows of itself. Private. */
typedef struct otel_thread_t_ {
    otel_current_t current;
    otel_t *otel;                 /* the instance whose shard is cached */
    otel_shard_t *shard;
    uint32_t epoch;
    uint16_t number;              /* of that shard; 0: the one for all */
    bool met;                     /* it has claimed a shard before */
    bool leaving;                 /* it is giving back what it has */
} otel_thread_t_;
#endif

OTEL_C_BEGIN_
#if OTEL_ENABLED
extern OTEL_VAR_ otel_t *otel_default_v0_;
extern OTEL_VAR_ uint32_t otel_epoch_v0_;
#if OTEL_ATOMICS_
extern OTEL_SEEN_ OTEL_THREAD_LOCAL_ otel_thread_t_ otel_thread_v0_;
#endif
#endif

/* Start an instance; the first one becomes the default of the program. Not for interrupts. Errors: OTEL_E_NULL,
   OTEL_E_CLOCK, OTEL_E_POOL, OTEL_E_CONFIG, OTEL_E_LOCK. */
OTEL_INLINE_ otel_result_t otel_init_with(otel_t *otel, const otel_config_t *config);
OTEL_API_ bool otel_resource_more_(const otel_t *otel, struct otel_packet_t_ *packet, bool end);
OTEL_API_ int otel_scope_more_(const otel_t *otel, struct otel_packet_t_ *packet, int number);
OTEL_API_ otel_late_t_ otel_late_wait_(otel_t *otel, unsigned which, otel_ring_t *ring, otel_pos_t pos, unsigned reader);
OTEL_API_ otel_late_t_ otel_late_repair_(otel_t *otel, unsigned which, otel_ring_t *ring, otel_pos_t pos, unsigned reader);

OTEL_API_ otel_drop_t otel_ring_urgency_(otel_ring_t *ring, const otel_guard_t *guard, otel_pos_t n, otel_pos_t what);
OTEL_API_ otel_result_t otel_init_in_(otel_t *otel, const otel_config_t *config, otel_result_t checked, otel_policy_t_ policy, otel_clock_kind_t_ kind);

/* The instance that calls without .otel use; NULL when there is none. Safe everywhere. */
OTEL_API_ otel_t *otel_default(void);

/* Set the default instance of this image: for plugins, DLLs and -Bsymbolic libraries, or to take it away (NULL). Such an
   image says it again after a new otel_init. */
OTEL_API_ void otel_use(otel_t *otel);

/* Tell the instance what time it is: `unix_ns` is now. Spans that are open keep the offset that they began with; records
   made before the first call are put right when they leave. Safe everywhere. Nothing to do with a Unix-nanosecond clock. */
OTEL_API_ void otel_time_sync(otel_t *otel, uint64_t unix_ns);

/* Give back what the calling thread holds (hosts): ports call it when a thread exits, cancelled ones too. A record that
   the thread had begun and not finished counts as dropped (thread). */
OTEL_API_ void otel_thread_end(otel_t *otel);

/* In the child of fork: forget what the parent had queued, start new counts and new ids. The child's other threads are
   gone, so this must be its first call. */
OTEL_API_ void otel_after_fork(otel_t *otel);

#if OTEL_ATOMICS_ && OTEL_ENABLED
OTEL_API_ otel_shard_t *otel_shard_claim_(otel_t *otel);
OTEL_API_ bool otel_record_shared_(otel_t *otel, unsigned ring, const void *a, size_t a_len, const void *b, size_t b_len);
#endif
/* Where a record is being written. Private. */
typedef struct otel_place_t_ {
    otel_ring_t *ring;
    otel_pos_t start;             /* before it is open: what is to be written, for otel_policy_t_ */
    bool own;                     /* hosts: the first shard is this thread's until the record is closed */
} otel_place_t_;
OTEL_API_ bool otel_record_open_(otel_t *otel, unsigned ring, size_t n, otel_place_t_ *place, otel_out_t_ *out);
OTEL_API_ void otel_record_close_(otel_t *otel, const otel_place_t_ *place);
OTEL_API_ void otel_lose_(otel_t *otel, unsigned ring, otel_drop_t reason);
OTEL_C_END_

OTEL_C_BEGIN_
/* Said of a configuration whose fields are constants, this is a constant. */
OTEL_INLINE_ otel_result_t otel_config_check_(const otel_config_t *c)
{
    if (!c->clock) return OTEL_E_CLOCK;
    if (!c->pool) return OTEL_E_POOL;
    if (c->metrics.checked_ != OTEL_OK) return c->metrics.checked_;
    if ((c->log_percent > 99u && c->log_percent != OTEL_NO_LOG_RING) || c->when_full > OTEL_DROP_ORDINARY || (!c->lock != !c->unlock) ||
        (c->attributes_len && !c->attributes) || (c->clock_hz == 0 && c->clock_bits && c->clock_bits != 64) ||
        (c->clock_bits && c->clock_bits != 64 && (c->clock_bits < 8 || c->clock_bits > 32))) return OTEL_E_CONFIG;
#if OTEL_PORT_LOCK
    if (!c->lock) return OTEL_E_LOCK;
#endif
    return OTEL_OK;
}

/* What an option needs comes in with the option: policies (ring.h, urgency.h), the kind of clock, the resource's own attributes, records from before the clock. */
OTEL_INLINE_ otel_result_t otel_init_with(otel_t *otel, const otel_config_t *config)
{
#if OTEL_ENABLED
    const bool described = config && (config->attributes || config->schema_url), late = config && config->clock_hz;      /* read before the call: constants stay constants */
    otel_result_t result = OTEL_E_NULL;
    if (config) {
        result = otel_init_in_(otel, config, otel_config_check_(config), config->when_full == OTEL_DROP_ORDINARY ? otel_ring_urgency_ : config->when_full != OTEL_DROP_NEWEST ? otel_ring_policy_ : NULL,
                               config->clock_hz ? otel_clock_begin_ticks_ : otel_clock_begin_unix_);
    }
    if (result == OTEL_OK && described) otel->resource_ = otel_resource_more_;
    if (result == OTEL_OK && late && !otel->late_) otel->late_ = otel_late_wait_;
    return result;
#else
    (void)otel;
    (void)config;
    return OTEL_OK;
#endif
}
OTEL_INLINE_ otel_result_t otel_init_by_(otel_t *otel, otel_config_t config) { return otel_init_with(otel, &config); }
OTEL_C_END_
#define otel_init(otel, ...) otel_init_by_((otel), OTEL_LITERAL_(otel_config_t){ __VA_ARGS__ })

/* ---- metric.h -------------------------------------------------------------------------------------------------- */
/* What all instruments have in common: how they are described and what a series is. A series is a number in fixed storage
   that the program gave; readers encode it when they collect. What an instrument does with a measurement and how it tells
   its numbers is its form, which comes in with the macro that defines the instrument: a program without histograms links
   no code of histograms. Specification: metrics/api.md, "Instrument"; metrics/sdk.md, "Cardinality limits".

   An instrument without OTEL_SERIES has one series, the one without attributes. Measurements for which there is no room
   go to its overflow series (otel.metric.overflow = true): totals stay right, and they are counted. */
#define otel_cell_wake_ OTEL_NAME_(otel_cell_wake_)
#define otel_instrument_stats_ OTEL_NAME_(otel_instrument_stats_)
#define otel_join_ OTEL_NAME_(otel_join_)
#define otel_refuse_ OTEL_NAME_(otel_refuse_)
#define otel_refuse_real_ OTEL_NAME_(otel_refuse_real_)
#define otel_refuse_whole_ OTEL_NAME_(otel_refuse_whole_)
#define otel_seize_ OTEL_NAME_(otel_seize_)
/* Hosts change 64 bits in one step where the processor can; elsewhere a series is changed under the interrupt mask, or
   under the port's lock, which is only tried. */
#if OTEL_ATOMICS_ && (UINTPTR_MAX > 0xFFFFFFFFu || defined(__GCC_HAVE_SYNC_COMPARE_AND_SWAP_8))
#define OTEL_WIDE_ 1
#else
#define OTEL_WIDE_ 0
#endif

#if OTEL_HOSTED_ && UINTPTR_MAX == 0xFFFFFFFFu
#define OTEL_WIDE_ALIGN_ OTEL_ATTRIBUTE_((aligned(8)))        /* i386 would put it across cache lines */
#else
#define OTEL_WIDE_ALIGN_
#endif

/* Bytes for the attributes of one series, encoded: key and value and 6 bytes each. Part of the type, so the same in every
   file. What does not fit counts in the overflow series. */
#if OTEL_HOSTED_
#define OTEL_SERIES_INLINE_ 278   /* an element is 320 bytes: the attributes of an HTTP, RPC or database metric */
#elif UINTPTR_MAX > 0xFFFFu
#define OTEL_SERIES_INLINE_ 62    /* 104: two or three short ones */
#else
#define OTEL_SERIES_INLINE_ 32    /* 61: "bus" = "i2c1" and "sensor.id" = 7 */
#endif

/* A bucket count; as wide as a double, because the extremes of a histogram stand beside them. */
#if defined(__SIZEOF_DOUBLE__) && __SIZEOF_DOUBLE__ == 4
typedef uint32_t otel_word_t;
#else
typedef uint64_t otel_word_t OTEL_WIDE_ALIGN_;
#endif

/* What an instrument does with a measurement. Private. */
#define OTEL_DOUBLE_ 1u           /* doubles, else int64 */
#define OTEL_SUM_ 2u
#define OTEL_LAST_ 4u
#define OTEL_BUCKETS_ 8u
#define OTEL_UPDOWN_ 16u          /* a sum that may go down */
#define OTEL_OBSERVED_ 32u        /* a callback tells its numbers */
#define OTEL_POWERS_ 64u          /* buckets of powers of two */
#define OTEL_FRONT_ 128u          /* its numbers are kept by streams: see stream.h */

struct otel_instrument_t;
struct otel_cell_t;

/* A data point that is being written: at, how far it may go, whose, and for a reader that tells what came since last time
   the words that it told then, which become the ones told now (NULL: all since the start). Private. */
typedef struct otel_telling_t_ {
    uint8_t *at, *end;
    struct otel_cell_t *cell;
    uint64_t *told, *telling;
    bool fresh;                                   /* it says something that was not told */
    void (*extremes)(const struct otel_telling_t_ *point, otel_word_t *least, otel_word_t *largest);     /* of a window; NULL: not known */
} otel_telling_t_;

/* What an instrument does with a number, and how its data points are written. Private. */
typedef struct otel_form_t_ {
    uint8_t kind;                                 /* OTEL_SUM_ and so on */
    uint8_t data;                                 /* tag of Metric.gauge, sum, histogram or exponential_histogram */
    uint8_t attribute;                            /* tag of attributes in a data point */
    uint8_t small;                                /* the most bytes that `write` takes, 255: more */
    void (*whole)(struct otel_cell_t *cell, int64_t value);
    void (*real)(struct otel_cell_t *cell, double value);
    bool (*write)(otel_telling_t_ *point);          /* all but times and attributes; false: no room */
    size_t (*words)(const struct otel_instrument_t *instrument);     /* what a reader keeps of a series to tell what came since */
    void (*record)(struct otel_cell_t *cell, int64_t value);         /* `whole` where that is what otel_series_record does; NULL: sums */
} otel_form_t_;
#if OTEL_NANOPB_
#define OTEL_WRITES_(what) what##_nanopb_
#else
#define OTEL_WRITES_(what) what##_write_
#endif
#if OTEL_ENABLED && OTEL_METRICS
#define OTEL_FORM_(form) , .form_ = &(form)
#define OTEL_FORM_OF_(form, ...) static const otel_form_t_ OTEL_ATTRIBUTE_((unused)) form = { __VA_ARGS__ }
#else
#define OTEL_FORM_(form)
#define OTEL_FORM_OF_(form, ...) extern const otel_form_t_ form      /* gcc -O0 would keep it, and all that it names */
#endif

/* The number itself. Private. */
typedef struct otel_cell_t {
    uint64_t value OTEL_WIDE_ALIGN_;              /* sum or last value: an int64, or the bytes of a double */
#if OTEL_HOSTED_
    uint8_t apart[56];                            /* what threads write and what they only look at are on two lines of the cache: 1.5 times as fast */
#endif
    uint32_t awake;                               /* life of the library, and kind; 0: not used in this life of the instrument */
    uint8_t set;                                  /* something was recorded (gauges, histograms) */
    struct otel_instrument_t *owner;
    union {
        otel_word_t *row;                         /* of a histogram: least, largest, bucket counts */
        otel_word_t count;                        /* of a histogram without bounds */
    } held;
#if OTEL_HOSTED_
    uint64_t start OTEL_WIDE_ALIGN_;              /* its first use; on small targets that of the instrument */
#endif
} otel_cell_t;

/* Storage of one series; an array of them belongs to one instrument. All fields are private. Found by hash: head_ is the
   first series (plus one) of the chain that begins here, next_ the one after this. */
typedef struct otel_series_t {
    otel_cell_t cell_;
    uint32_t hash_;
    uint16_t head_, next_;
    uint16_t used_;                               /* bytes of attributes_ */
    uint8_t bound_;                               /* somebody keeps it */
    uint8_t attributes_[OTEL_SERIES_INLINE_];     /* as the data point has them, tags included */
} otel_series_t;

struct otel_front_t_;
struct otel_metric_settings_t;
/* What stands in front of an instrument's numbers where views, exemplars or rules have a say (stream.h). Private. */
typedef struct otel_front_calls_t_ {
    void (*join)(struct otel_instrument_t *instrument, struct otel_t *otel);
    void (*whole)(struct otel_instrument_t *instrument, int64_t value, const otel_attr_t *attributes, size_t len);
    void (*real)(struct otel_instrument_t *instrument, double value, const otel_attr_t *attributes, size_t len);
    otel_cell_t *(*bind)(struct otel_instrument_t *instrument, const otel_attr_t *attributes, size_t len);
    bool (*enabled)(const struct otel_instrument_t *instrument);
    struct otel_metric_settings_t *(*settings)(struct otel_front_t_ *front);      /* of OTEL_KEYS: its own, where the instance has none */
} otel_front_calls_t_;

typedef struct otel_front_t_ {
    const otel_front_calls_t_ *calls;
    struct otel_instrument_t *streams;            /* of an instrument the first, of a stream the next one */
} otel_front_t_;

#define OTEL_TOLD_CROWDED_ 4u     /* in told_: the settings had no memory for its streams, so it keeps its own */

/* The part that instruments of all types share. The first five fields are for the initialiser, in this order. */
typedef struct otel_instrument_t {
    const char *name OTEL_Z_;                     /* (required) static, as all texts here */
    const char *unit OTEL_Z_;                     /* UCUM, such as "s", "By", "{read}" (default: none) */
    const char *description OTEL_Z_;              /* (default: none) */
    const otel_scope_t *scope OTEL_Z_;            /* (default: the unnamed scope) */
    struct otel_t *otel OTEL_Z_;                  /* (default: the scope's, else the default instance at the first use) */
    otel_series_t *series OTEL_Z_;                /* OTEL_SERIES, OTEL_SERIES_IN, OTEL_BUCKETS: series_len of them */
    size_t series_len OTEL_Z_;                    /* at most 65,534 */
    const void *bounds OTEL_Z_;                   /* OTEL_BOUNDS, OTEL_BUCKETS: bounds_len of them, ascending */
    size_t bounds_len OTEL_Z_;
    otel_word_t *rows OTEL_Z_;                    /* rows_len words for the buckets of all series */
    size_t rows_len OTEL_Z_;
    otel_front_t_ *front_ OTEL_Z_;                /* set by OTEL_KEYS */
    const otel_form_t_ *form_ OTEL_Z_;            /* set by OTEL_COUNTER and so on */
    struct otel_instrument_t *next_ OTEL_Z_;      /* registered with the same instance */
    struct otel_t *otel_ OTEL_Z_;
    uint64_t start_ OTEL_Z_;                      /* first use, by the clock of the instance */
    uint32_t epoch_ OTEL_Z_;                      /* of the instance, when it registered */
    uint32_t seen_ OTEL_Z_;                       /* life of the library when that was last checked */
    uintptr_t busy_ OTEL_Z_;                      /* hosts: the thread that registers it or adds a series */
    uint16_t room_ OTEL_Z_, used_ OTEL_Z_;        /* series that there are, series that were ever in use */
    uint16_t free_ OTEL_Z_;                       /* the first (plus one) of those that were taken away again */
    uint8_t reclaims_ OTEL_Z_;                    /* 1: series are taken away, set when it registers; 2: a reader took extremes */
    uint8_t told_ OTEL_Z_;                        /* 1: of refusals, 2: of the overflow series, 8: of OTEL_TOLD_CROWDED_ (otel_diag_instruments) */
    uint32_t visitors_ OTEL_Z_;
    otel_count_t refused_ OTEL_Z_, overflowed_ OTEL_Z_;
    otel_cell_t total_ OTEL_Z_, overflow_ OTEL_Z_;/* without attributes; for sets that found no room */
} otel_instrument_t;

/* The types of instruments differ in name only. In C each has its part under two names, of which the second one is its macro's: a
   macro of another type does not compile. */
#ifndef __cplusplus
#  define OTEL_INSTRUMENT_TYPE_(type) OTEL_EXT_ typedef struct type { union { otel_instrument_t base_, made_for_##type; }; } type
#  define OTEL_MADE_(type) .made_for_##type =
#else
#  define OTEL_INSTRUMENT_TYPE_(type) typedef struct type { otel_instrument_t base_ OTEL_Z_; } type
#  define OTEL_MADE_(type)
#endif

/* What became of an instrument's measurements. */
typedef struct otel_instrument_stats_t {
    uint32_t series;              /* in use, without the overflow series */
    otel_count_t overflowed;      /* counted in the overflow series: no room for the set, or for another one */
    otel_count_t refused;         /* not counted: NaN, infinite, negative where sums only grow, past the end of a sum, lock taken */
} otel_instrument_stats_t;

/* Room for n sets of attributes, at file scope: static otel_counter_t reads = OTEL_COUNTER("reads", OTEL_SERIES(8));
   Inside a function storage has a name: static otel_series_t mem[4]; ... OTEL_SERIES_IN(mem). */
#define OTEL_SERIES_IN(array) .series = (array), .series_len = sizeof (array) / sizeof *(array)
#ifndef __cplusplus
#  define OTEL_SERIES(n) .series = (otel_series_t[n]){ OTEL_NO_SERIES_ }, .series_len = (n)
#  define OTEL_NO_SERIES_ { .hash_ = 0 }
#elif __cplusplus >= 202002L
/* Storage in an initialiser: the static member of a type that exists once, because the lambda's type does. */
template <class T, size_t n, class Here> struct otel_store_ {
    static T at[n];
};
template <class T, size_t n, class Here> T otel_store_<T, n, Here>::at[n];
#  define OTEL_SERIES(n) .series = otel_store_<otel_series_t, (n), decltype([] {})>::at, .series_len = (n)
#else
#  define OTEL_SERIES(n) .series = (otel_series_t[n]){}, .series_len = (n)
#endif

OTEL_C_BEGIN_
OTEL_API_ bool otel_cell_wake_(otel_cell_t *cell);
OTEL_API_ bool otel_join_(otel_instrument_t *instrument);
OTEL_API_ void otel_refuse_(otel_cell_t *cell);
OTEL_API_ void otel_refuse_whole_(otel_cell_t *cell, int64_t value);
OTEL_API_ void otel_refuse_real_(otel_cell_t *cell, double value);
OTEL_API_ otel_instrument_stats_t otel_instrument_stats_(const otel_instrument_t *instrument);
OTEL_C_END_

/* otel_instrument_stats(&reads): what became of an instrument's measurements. Safe everywhere. */
#define otel_instrument_stats(instrument) otel_instrument_stats_(&(instrument)->base_)

/* Numbers: whole ones for int64 instruments, any for double ones. If an error led you here: an instrument of int64 takes
   no float and no double; OTEL_COUNTER_DOUBLE, OTEL_UPDOWN_DOUBLE and OTEL_GAUGE_DOUBLE do. */
OTEL_C_BEGIN_
OTEL_FN_ int64_t otel_whole_(int64_t value) { return value; }
OTEL_FN_ int64_t otel_whole_unsigned_(uint64_t value) { return value > (uint64_t)INT64_MAX ? INT64_MAX : (int64_t)value; }
OTEL_FN_ double otel_real_(double value) { return value; }
OTEL_FN_ double otel_real_whole_(int64_t value) { return (double)value; }
OTEL_FN_ double otel_real_unsigned_(uint64_t value) { return (double)value; }
OTEL_FN_ double otel_real_single_(float value) { return (double)value; }
OTEL_FN_ double otel_real_extended_(long double value) { return (double)value; }
OTEL_C_END_
#ifndef __cplusplus
struct otel_an_integer_counter_takes_integers { char no; };
OTEL_FN_ struct otel_an_integer_counter_takes_integers otel_not_whole_(double value)
{
    struct otel_an_integer_counter_takes_integers none = { 0 };
    (void)value;
    return none;
}
#  define OTEL_BY_NUMBER_(value, whole, natural, single, real, extended) \
    OTEL_EXT_ _Generic((value), bool: whole, char: whole, signed char: whole, unsigned char: whole, short: whole, unsigned short: whole, \
        int: whole, unsigned: whole, long: whole, unsigned long: natural, long long: whole, unsigned long long: natural, \
        float: single, double: real, long double: extended)
#  define OTEL_WHOLE_(value) OTEL_BY_NUMBER_(value, otel_whole_, otel_whole_unsigned_, otel_not_whole_, otel_not_whole_, otel_not_whole_)(value)
#  define OTEL_REAL_(value) \
    OTEL_BY_NUMBER_(value, otel_real_whole_, otel_real_unsigned_, otel_real_single_, otel_real_, otel_real_extended_)(value)
#else
static inline int64_t otel_number_(unsigned long value) { return otel_whole_unsigned_(value); }
static inline int64_t otel_number_(unsigned long long value) { return otel_whole_unsigned_(value); }
template <class V> static inline int64_t otel_number_(V value)
{
    static_assert(static_cast<V>(1) / 2 == 0, "an integer counter takes integers");
    return static_cast<int64_t>(value);
}
#endif

/* ---- pairs.h --------------------------------------------------------------------------------------------------- */
/* Flat pairs, "key", value, "key", value: how attributes are typed by the compiler. In C by counting arguments and
   _Generic; in C++ by overloads. Nothing here runs: it all becomes plain calls.

   If an error led you here: OTEL_every_key_needs_a_value means an odd number of arguments, and
   OTEL_at_most_8_pairs_split_the_call more than eight pairs. A pointer that is no text has no type in the list: use
   OTEL_BYTES(p, n), OTEL_STR(p, n) or OTEL_ARRAY(p, n). */
/* Bits that say which keys a span may have: a word, on hosts 256. */
#if OTEL_HOSTED_
#  define OTEL_KEY_BITS_ 256u
#  define OTEL_KEY_WORD_(number) ((number) / (8u * sizeof(uintptr_t)))
#  define OTEL_KEY_BIT_(number) ((uintptr_t)1 << (number) % (8u * sizeof(uintptr_t)))
#else
#  define OTEL_KEY_BITS_ (8u * sizeof(uintptr_t))
#  define OTEL_KEY_WORD_(number) 0
#  define OTEL_KEY_BIT_(number) ((uintptr_t)1 << (number))
#endif

/* The length of text that the compiler knows, plus one; 0 when only the run will tell. Does not evaluate `text`. */
#if defined(__GNUC__) && !defined(__TINYC__)
#  define OTEL_KNOWN_(text) (__builtin_constant_p(strlen(text)) && strlen(text) < 0xFFFEu ? strlen(text) + 1u : 0u)
#else
#  define OTEL_KNOWN_(text) 0u
#endif

/* What the compiler knows of a key: its length plus one and, 8 bits higher, the number of its bit (otel_key_number_); 0: nothing. */
#define OTEL_KNOWN_KEY_(key) (OTEL_KNOWN_(key) - 2u < 126u ? (uint32_t)OTEL_KNOWN_(key) | (uint32_t)otel_key_number_((key), OTEL_KNOWN_(key) - 1u) << 8 : 0u)

/* One argument or more, up to 16. */
#define OTEL_ONE_OR_MORE_(...) OTEL_AT16_(__VA_ARGS__, more_, more_, more_, more_, more_, more_, more_, more_, more_, more_, more_, more_, more_, more_, more_, one_, one_)
#define OTEL_AT16_(_1, _2, _3, _4, _5, _6, _7, _8, _9, _10, _11, _12, _13, _14, _15, _16, which, ...) which

OTEL_C_BEGIN_
/* The number of a key's bit; the key is not empty. Of a literal it is a constant. */
OTEL_INLINE_ unsigned otel_key_number_(const char *key, size_t key_len)
{
#if OTEL_HOSTED_
    uint64_t last;
    if (key_len >= sizeof last) {                 /* keys differ at their ends, and numbered ones only there */
        memcpy(&last, key + key_len - sizeof last, sizeof last);
        return (unsigned)((last + key_len + (uint8_t)key[0]) * 0x9E3779B97F4A7C15ull >> 56);
    }
#endif
    return (unsigned)((key_len + (uint8_t)key[0] + (uint8_t)key[key_len - 1u]) & (OTEL_KEY_BITS_ - 1u));
}
OTEL_C_END_

#ifndef __cplusplus
/* Counting: one to seventeen arguments after the head; x marks an odd count, y too many. */
#  define OTEL_AT41_(_1, _2, _3, _4, _5, _6, _7, _8, _9, _10, _11, _12, _13, _14, _15, _16, _17, _18, _19, _20, _21, _22, _23, _24, _25, _26, _27, _28, _29, _30, _31, _32, _33, _34, _35, _36, _37, _38, _39, _40, _41, n, ...) n
#  define OTEL_PAIR_COUNT_(...) OTEL_AT41_(__VA_ARGS__, y, y, y, y, y, y, y, y, y, y, y, y, y, y, y, y, y, y, y, y, y, y, y, y, 8, x, 7, x, 6, x, 5, x, 4, x, 3, x, 2, x, 1, x, 0, 0)
#  define OTEL_FIRST_(...) OTEL_FIRST2_(__VA_ARGS__, 0)
#  define OTEL_FIRST2_(first, ...) first

/* The list of types. Integers of up to 32 bits take a short entry, others one of 64. */
#  define OTEL_BY_TYPE_(value, text, boolean, narrow, wide, short_, natural, single, real, extended, any) \
    OTEL_EXT_ _Generic((value), char *: text, const char *: text, bool: boolean, \
        char: narrow, signed char: narrow, unsigned char: narrow, short: narrow, unsigned short: OTEL_USHORT_(narrow, wide), int: narrow, \
        unsigned: OTEL_UINT_(short_, natural), long: OTEL_LONG_(narrow, wide), unsigned long: OTEL_ULONG_(short_, natural), long long: wide, unsigned long long: natural, \
        OTEL_REALS_(single, real, extended) otel_value_t: any)
#  if OTEL_NO_FLOAT
#    define OTEL_REALS_(single, real, extended)
#  else
#    define OTEL_REALS_(single, real, extended) float: single, double: real, long double: extended,
#  endif
#  if LONG_MAX > 0x7FFFFFFF
#    define OTEL_LONG_(narrow, wide) wide
#    define OTEL_ULONG_(narrow, wide) wide
#  else
#    define OTEL_LONG_(narrow, wide) narrow
#    define OTEL_ULONG_(narrow, wide) narrow
#  endif
#  if UINT_MAX > 0xFFFFFFFF
#    define OTEL_UINT_(narrow, wide) wide
#  else
#    define OTEL_UINT_(narrow, wide) narrow
#  endif
#  if USHRT_MAX < 0x7FFFFFFF
#    define OTEL_USHORT_(narrow, wide) narrow
#  else
#    define OTEL_USHORT_(narrow, wide) wide
#  endif

/* A table of attributes for the calls that need the whole set: `pointer, length`. */
#  define otel_attr(key, value) \
    OTEL_BY_TYPE_(value, otel_str, otel_bool, otel_int, otel_int, otel_uint, otel_uint, otel_float_, otel_double, otel_long_double_, otel_any)((key), (value))
#  define OTEL_P1_(k, v) otel_attr(k, v)
#  define OTEL_P2_(k, v, ...) otel_attr(k, v), OTEL_P1_(__VA_ARGS__)
#  define OTEL_P3_(k, v, ...) otel_attr(k, v), OTEL_P2_(__VA_ARGS__)
#  define OTEL_P4_(k, v, ...) otel_attr(k, v), OTEL_P3_(__VA_ARGS__)
#  define OTEL_P5_(k, v, ...) otel_attr(k, v), OTEL_P4_(__VA_ARGS__)
#  define OTEL_P6_(k, v, ...) otel_attr(k, v), OTEL_P5_(__VA_ARGS__)
#  define OTEL_P7_(k, v, ...) otel_attr(k, v), OTEL_P6_(__VA_ARGS__)
#  define OTEL_P8_(k, v, ...) otel_attr(k, v), OTEL_P7_(__VA_ARGS__)
#  define OTEL_TABLE_(n, head, ...) (const otel_attr_t[n]){ OTEL_CAT_(OTEL_CAT_(OTEL_P, n), _)(__VA_ARGS__) }, n
#  define OTEL_T0_(...) NULL, 0
#  define OTEL_T1_(...) OTEL_TABLE_(1, __VA_ARGS__)
#  define OTEL_T2_(...) OTEL_TABLE_(2, __VA_ARGS__)
#  define OTEL_T3_(...) OTEL_TABLE_(3, __VA_ARGS__)
#  define OTEL_T4_(...) OTEL_TABLE_(4, __VA_ARGS__)
#  define OTEL_T5_(...) OTEL_TABLE_(5, __VA_ARGS__)
#  define OTEL_T6_(...) OTEL_TABLE_(6, __VA_ARGS__)
#  define OTEL_T7_(...) OTEL_TABLE_(7, __VA_ARGS__)
#  define OTEL_T8_(...) OTEL_TABLE_(8, __VA_ARGS__)
#  define OTEL_Tx_(...) OTEL_every_key_needs_a_value, 0
#  define OTEL_Ty_(...) OTEL_at_most_8_pairs_split_the_call, 0
/* All but the first argument as a table. */
#  define OTEL_TAIL_(...) OTEL_CAT_(OTEL_CAT_(OTEL_T, OTEL_PAIR_COUNT_(__VA_ARGS__)), _)(__VA_ARGS__)

/* Nested calls instead of a table, for spans: each encodes one attribute and gives the span back. Smaller at the call, and
   no stack. */
#  define OTEL_SET_(span, key, value) \
    OTEL_BY_TYPE_(value, otel_set_str_, otel_set_bool_, otel_set_i32_, otel_set_int_, otel_set_u32_, otel_set_uint_, otel_set_float_, otel_set_double_, \
        otel_set_long_double_, otel_set_any_)((span), (key), (value))
#  define OTEL_S0_(span) ((void)(span))
#  define OTEL_C1_(s, k, v) OTEL_SET_(s, k, v)
#  define OTEL_C2_(s, k, v, ...) OTEL_C1_(OTEL_SET_(s, k, v), __VA_ARGS__)
#  define OTEL_C3_(s, k, v, ...) OTEL_C2_(OTEL_SET_(s, k, v), __VA_ARGS__)
#  define OTEL_C4_(s, k, v, ...) OTEL_C3_(OTEL_SET_(s, k, v), __VA_ARGS__)
#  define OTEL_C5_(s, k, v, ...) OTEL_C4_(OTEL_SET_(s, k, v), __VA_ARGS__)
#  define OTEL_C6_(s, k, v, ...) OTEL_C5_(OTEL_SET_(s, k, v), __VA_ARGS__)
#  define OTEL_C7_(s, k, v, ...) OTEL_C6_(OTEL_SET_(s, k, v), __VA_ARGS__)
#  define OTEL_C8_(s, k, v, ...) OTEL_C7_(OTEL_SET_(s, k, v), __VA_ARGS__)
#  define OTEL_S1_(...) ((void)OTEL_C1_(__VA_ARGS__))
#  define OTEL_S2_(...) ((void)OTEL_C2_(__VA_ARGS__))
#  define OTEL_S3_(...) ((void)OTEL_C3_(__VA_ARGS__))
#  define OTEL_S4_(...) ((void)OTEL_C4_(__VA_ARGS__))
#  define OTEL_S5_(...) ((void)OTEL_C5_(__VA_ARGS__))
#  define OTEL_S6_(...) ((void)OTEL_C6_(__VA_ARGS__))
#  define OTEL_S7_(...) ((void)OTEL_C7_(__VA_ARGS__))
#  define OTEL_S8_(...) ((void)OTEL_C8_(__VA_ARGS__))
#  define OTEL_Sx_(...) ((void)OTEL_every_key_needs_a_value)
#  define OTEL_Sy_(...) ((void)OTEL_at_most_8_pairs_split_the_call)
#  define OTEL_PAIRS_TO_CALLS_(...) OTEL_CAT_(OTEL_CAT_(OTEL_S, OTEL_PAIR_COUNT_(__VA_ARGS__)), _)(__VA_ARGS__)
#else
/* A value of any type becomes an attribute; a pointer that is no text does not compile: OTEL_BYTES(p, n). */
static inline otel_attr_t otel_attr(const char *key, const char *value) { return otel_str(key, value); }
static inline otel_attr_t otel_attr(const char *key, char *value) { return otel_str(key, value); }
static inline otel_attr_t otel_attr(const char *key, bool value) { return otel_bool(key, value); }
#  if OTEL_NO_FLOAT
otel_attr_t otel_attr(const char *key, float value) = delete;
otel_attr_t otel_attr(const char *key, double value) = delete;
otel_attr_t otel_attr(const char *key, long double value) = delete;
#  else
static inline otel_attr_t otel_attr(const char *key, float value) { return otel_float_(key, value); }
static inline otel_attr_t otel_attr(const char *key, double value) { return otel_double(key, value); }
static inline otel_attr_t otel_attr(const char *key, long double value) { return otel_long_double_(key, value); }
#  endif
static inline otel_attr_t otel_attr(const char *key, unsigned value) { return otel_uint(key, value); }
static inline otel_attr_t otel_attr(const char *key, unsigned long value) { return otel_uint(key, value); }
static inline otel_attr_t otel_attr(const char *key, unsigned long long value) { return otel_uint(key, value); }
static inline otel_attr_t otel_attr(const char *key, otel_value_t value) { return otel_any(key, value); }
static inline otel_attr_t otel_attr(const char *key, decltype(nullptr)) { return otel_any(key, OTEL_NULL); }
template <class T> static inline auto otel_attr(const char *key, const T &value) -> decltype(static_cast<const char *>(value.data()), value.size(), otel_attr_t())
{
    return otel_strn(key, value.data(), value.size());
}
/* Whole numbers and enumerations. What converts to a number by itself (a unit's class, the bit of a std::bitset) finds that number's
   call above. */
template <class T> struct otel_whole_type_ { static const bool is = !__is_class(T) && sizeof(T) <= sizeof(int64_t); };
template <bool> struct otel_if_ {};
template <> struct otel_if_<true> { typedef otel_attr_t attr_t; };
template <class T> static inline auto otel_attr(const char *key, T value) -> decltype(static_cast<int64_t>(value), typename otel_if_<otel_whole_type_<T>::is>::attr_t())
{
    return otel_int(key, static_cast<int64_t>(value));
}
template <class T> otel_attr_t otel_attr(const char *key, T *value) = delete;

/* The characters of std::string and the like, which stay as long as the call. */
template <class T> static inline auto otel_c_str_(const T &text) -> decltype(static_cast<const char *>(text.c_str())) { return text.c_str(); }
static inline void otel_fill_(otel_attr_t *) {}
template <class V, class... R> static inline void otel_fill_(otel_attr_t *at, const char *key, const V &value, const R &...rest)
{
    *at = otel_attr(key, value);
    otel_fill_(at + 1, rest...);
}
template <class K, class V, class... R> static inline auto otel_fill_(otel_attr_t *at, const K &key, const V &value, const R &...rest) -> decltype(static_cast<void>(otel_c_str_(key)))
{
    otel_fill_(at, otel_c_str_(key), value, rest...);
}
template <size_t n> struct otel_list_ {
    otel_attr_t at[n ? n : 1];
    template <class... A> explicit otel_list_(const A &...pairs) { otel_fill_(at, pairs...); }
};
#  define OTEL_PAIRS_IN_(A, pairs) \
    static_assert(sizeof...(A) % 2 == 0, "every key needs a value"); \
    otel_list_<sizeof...(A) / 2> list(pairs...)
#  define OTEL_LIST_(A) (sizeof...(A) ? list.at : NULL), sizeof...(A) / 2       /* what OTEL_PAIRS_IN_ made, as `pointer, length` */
#endif

/* ---- unique.h -------------------------------------------------------------------------------------------------- */
/* One value for each key, whatever a table says: of equal keys the last counts. Keys are compared as they go out, where a byte
   that is no UTF-8 has become '?'.
   Specification: common/README.md, "Attribute Collections", "map<string, AnyValue>". */
#define otel_attr_again_ OTEL_NAME_(otel_attr_again_)
#define otel_unique_ OTEL_NAME_(otel_unique_)
#define OTEL_AGAIN_ 1024u         /* so far ahead is looked: keys of longer tables are the caller's to keep apart */

OTEL_C_BEGIN_
OTEL_API_ size_t otel_unique_(uint8_t *begin, uint8_t *at, uint8_t *end);
OTEL_API_ bool otel_attr_again_(const otel_attr_t *table, size_t len);
OTEL_C_END_

/* ---- field.h --------------------------------------------------------------------------------------------------- */
/* Fields of OTLP messages that recording and sending both write: texts and scopes.
   opentelemetry/proto: common/v1/common.proto, "InstrumentationScope". */
#define otel_scope_write_ OTEL_NAME_(otel_scope_write_)
#define otel_text_field_ OTEL_NAME_(otel_text_field_)
OTEL_C_BEGIN_
OTEL_API_ size_t otel_text_field_(uint8_t *to, size_t room, uint8_t tag, const char *text);
OTEL_API_ size_t otel_scope_write_(uint8_t *to, size_t room, const otel_scope_t *scope);
OTEL_C_END_

/* ---- nanopb.h -------------------------------------------------------------------------------------------------- */
/* With OTEL_USE_NANOPB metrics are written by nanopb: messages are the structs that its generator makes of the official .proto
   files, encoded by pb_encode into a stream over the packet. A message may be written in parts, which every decoder puts together,
   so the count of a histogram can follow its buckets. What nanopb does not do stays: lengths of messages that are open while points
   come in (nanopb encodes each inside message twice to know its length, and its data must not move meanwhile; ours do).
   Protocol Buffers documentation: Encoding, "Last One Wins"; opentelemetry/proto/metrics/v1/metrics.proto. */
#define otel_nanopb_put_ OTEL_NAME_(otel_nanopb_put_)
#if OTEL_NANOPB_ && OTEL_BODIES_
#include <pb_encode.h>
#include <opentelemetry/proto/metrics/v1/metrics.pb.h>
#endif

/* ---- reading.h ------------------------------------------------------------------------------------------------- */
/* What one reader wants of an instance's metrics: other aggregations by kind of instrument, a limit of sets of attributes, a
   filter, packets of so many points. Comes in where it is named: without it a reader takes all there is.
   Specification: metrics/sdk.md, "MetricReader", "Cardinality limits", "MetricFilter", "Periodic exporting MetricReader".

     static const otel_reading_t reading = OTEL_READING(.histogram = OTEL_AGGREGATION_EXPONENTIAL, .limit = 100, .most_points = 500);
     static const otel_reading_t *const readings[] = { &reading };
     static uint64_t memory[5000];
     static otel_metric_settings_t metrics = { .readings = readings, .readings_len = 1, .memory = memory, .memory_len = 5000 };
     otel_init(&otel, ..., .metrics = otel_metrics(&metrics));
     otel_exporter_init(&exporter, ..., .reading = &reading);

   Aggregations and limits need streams of their own, so the settings list the readings that have some: each makes streams of
   every instrument, and only its readers see them. A filter and .most_points work without that. */
#define otel_metric_attribute OTEL_NAME_(otel_metric_attribute)
#define otel_metric_filter_accepts OTEL_NAME_(otel_metric_filter_accepts)
#define otel_reading_wants_ OTEL_NAME_(otel_reading_wants_)
struct otel_aggregation_t;
struct otel_collect_t;

/* A metric that a filter is asked about. Valid until it returns. */
typedef struct otel_metric_about_t {
    const char *name, *unit, *description;        /* of the stream: a view may have given them; "" for none */
    const otel_scope_t *scope;                    /* NULL: the unnamed one */
    unsigned kind;                                /* one of OTEL_VIEW_COUNTER and so on; 0: of a producer that does not tell */
} otel_metric_about_t;

/* The attributes of a series, for otel_metric_attribute. */
typedef struct otel_metric_attributes_t {
    const uint8_t *bytes_;
    size_t len_;
} otel_metric_attributes_t;

typedef enum {
    OTEL_FILTER_ACCEPT,                           /* all series */
    OTEL_FILTER_DROP,                             /* none */
    OTEL_FILTER_ACCEPT_PARTIAL                    /* those that test_attributes accepts */
} otel_filter_answer_t;

/* Which metrics and which of their series a reader takes. It has to answer alike for the same series. */
typedef struct otel_metric_filter_t {
    otel_filter_answer_t (*test_metric)(const struct otel_metric_filter_t *self, const otel_metric_about_t *metric) OTEL_Z_;     /* (required) */
    bool (*test_attributes)(const struct otel_metric_filter_t *self, const otel_metric_about_t *metric, const otel_metric_attributes_t *attributes) OTEL_Z_;   /* (default: all) */
    void *user OTEL_Z_;
} otel_metric_filter_t;

/* What a reader wants; made by OTEL_READING, const, outlives instance and reader. Zero means: as the instrument has it. */
typedef struct otel_reading_t {
    const struct otel_aggregation_t *counter OTEL_Z_, *updown OTEL_Z_, *histogram OTEL_Z_, *gauge OTEL_Z_;    /* where no view gives another one */
    const struct otel_aggregation_t *observable_counter OTEL_Z_, *observable_updown OTEL_Z_, *observable_gauge OTEL_Z_;
    uint16_t limit OTEL_Z_;                       /* sets of attributes of each instrument, where no view gives another one (default: as many as the instrument has) */
    uint32_t most_points OTEL_Z_;                 /* of one packet: maxExportBatchSize (default: as many as fit) */
    const otel_metric_filter_t *filter OTEL_Z_;   /* (default: all) */
    unsigned (*wants_)(const struct otel_collect_t *round, const otel_instrument_t *instrument, const otel_cell_t *cell) OTEL_Z_;
} otel_reading_t;

#if OTEL_ENABLED && OTEL_METRICS
#define OTEL_READING(...) { __VA_ARGS__, .wants_ = otel_reading_wants_ }
#else
#define OTEL_READING(...) { __VA_ARGS__ }
#endif

#define OTEL_NOT_WANTED_ 0u
#define OTEL_WANTED_ 1u
#define OTEL_PACKET_FULL_ 2u

OTEL_C_BEGIN_
#if OTEL_ENABLED
OTEL_API_ unsigned otel_reading_wants_(const struct otel_collect_t *round, const otel_instrument_t *instrument, const otel_cell_t *cell);
#endif

/* Say whether a filter (NULL: it takes all) accepts a series; for producers. `attributes` NULL: the series without any. */
OTEL_API_ bool otel_metric_filter_accepts(const otel_metric_filter_t *filter, const otel_metric_about_t *metric, const otel_metric_attributes_t *attributes);

/* The attributes of a data point, encoded as it has them (tag, length, KeyValue, for each): for otel_metric_filter_accepts. */
OTEL_FN_ otel_metric_attributes_t otel_metric_attributes(const void *bytes, size_t len)
{
    otel_metric_attributes_t attributes;
    attributes.bytes_ = (const uint8_t *)bytes;
    attributes.len_ = len;
    return attributes;
}

/* Read the attribute `key`; false: it is not there, or is an array or a map. Text points into the series. */
OTEL_API_ bool otel_metric_attribute(const otel_metric_attributes_t *attributes, const char *key, otel_value_t *out);
OTEL_C_END_

/* ---- collect.h ------------------------------------------------------------------------------------------------- */
/* Metrics are encoded when they are collected: a round visits every series of an instance once and writes data points of
   one time. A round that is larger than a packet goes on in the next one. The first instrument brings this part with it,
   so that a program without metrics has none of it. opentelemetry/proto/metrics/v1/metrics.proto.

   Points of an instance that does not know the time carry time since boot (the exporter decides whether they may go). A
   reader that tells what came since last time keeps, beside each series, what its last confirmed packet said (temporality.h):
   writers do not know of it. */
#define otel_collect_ OTEL_NAME_(otel_collect_)
/* A reader, and where its round stands. Private. */
typedef struct otel_collect_t {
    otel_instrument_t *first;         /* the list as the round began: what registers later is in the next round */
    otel_instrument_t *leader;        /* the first of its scope in the list */
    otel_instrument_t *at;            /* NULL: the round is over */
    uint32_t series;                  /* of `at`: 0 without attributes, 1 overflow, then the table */
    uint32_t points, lost;            /* of the last packet: what it holds, and what does not even fit alone */
    uint32_t most;                    /* points of a packet; 0: what fits */
    uint64_t time;                    /* of all points in this round, by the clock of the instance */
    uint64_t starts;                  /* what makes Unix time of the starts of totals: a start that moves is a total that began anew */
    struct otel_temporality_t *temporality;       /* NULL: cumulative */
    const struct otel_reading_t *reading;         /* NULL: all there is */
    otel_instrument_t *from, *from_leader;        /* where the last packet began */
    uint32_t from_series;
    bool running;                     /* false: the next packet begins a round */
    uint8_t number;                   /* of the round, for what callbacks tell */
} otel_collect_t;

/* Which sums and histograms tell what came since last time. Made by OTEL_DELTA_IN and OTEL_LOW_MEMORY_IN; private. */
typedef struct otel_temporality_t {
    uint64_t *memory_ OTEL_Z_;
    size_t memory_len_ OTEL_Z_;
    /* Is it a difference? Then *start becomes Unix time. */
    bool (*since_)(struct otel_temporality_t *t, otel_t *otel, const otel_collect_t *round, otel_telling_t_ *point, uint64_t *start) OTEL_Z_;
    void (*confirm_)(struct otel_temporality_t *t, otel_t *otel, const otel_collect_t *round) OTEL_Z_;
    bool low_memory_ OTEL_Z_;
    size_t used_ OTEL_Z_, at_ OTEL_Z_;            /* words */
    uint64_t offset_ OTEL_Z_;                     /* what made Unix time of the times that were told last */
} otel_temporality_t;

OTEL_C_BEGIN_
/* Append as many complete ResourceMetrics.scope_metrics as fit into `room`, which is that of a whole packet: a point that
   does not even fit alone is skipped and counted as lost. The number of bytes; c->points of them; !c->running: the round is over. */
OTEL_API_ size_t otel_collect_(otel_t *otel, otel_collect_t *c, uint8_t *to, size_t room);
OTEL_C_END_

/* ---- instrument.h ---------------------------------------------------------------------------------------------- */
/* How instruments register: by themselves, at their first use, with the instance that they or their scope name, else the
   default one; they belong to it until it is shut down or started again. Two threads that race register it once.
   Specification: metrics/sdk.md, "Instrument registration". */
#define otel_bind_total_ OTEL_NAME_(otel_bind_total_)
#define otel_instruments_forked_ OTEL_NAME_(otel_instruments_forked_)
#define otel_instruments_leave_ OTEL_NAME_(otel_instruments_leave_)
#define otel_total_real_ OTEL_NAME_(otel_total_real_)
#define otel_total_whole_ OTEL_NAME_(otel_total_whole_)
OTEL_C_BEGIN_
OTEL_API_ void otel_instruments_leave_(otel_t *otel);
#if OTEL_HOSTED_
OTEL_API_ void otel_instruments_forked_(otel_t *otel);
#endif

/* Without attributes. */
OTEL_API_ void otel_total_whole_(otel_instrument_t *instrument, int64_t value);
OTEL_API_ void otel_total_real_(otel_instrument_t *instrument, double value);
OTEL_API_ otel_series_t *otel_bind_total_(otel_instrument_t *instrument);
OTEL_C_END_

/* ---- series.h -------------------------------------------------------------------------------------------------- */
/* The table that finds the series of a set of attributes: fixed storage, hashed, no lock to look one up. A set is the same
   in any order, with the last value of a key that comes twice; two sets are one series when their bytes on the wire are
   equal. Sets for which there is no room go to the overflow series. Specification: metrics/sdk.md, "Cardinality limits". */
#define otel_bind_ OTEL_NAME_(otel_bind_)
#define otel_compare_mended_ OTEL_NAME_(otel_compare_mended_)
#define otel_find_ OTEL_NAME_(otel_find_)
#define otel_hash_big_ OTEL_NAME_(otel_hash_big_)
#define otel_hash_mended_ OTEL_NAME_(otel_hash_mended_)
#define otel_record_real_ OTEL_NAME_(otel_record_real_)
#define otel_record_whole_ OTEL_NAME_(otel_record_whole_)
#define otel_series_full_ OTEL_NAME_(otel_series_full_)
#define otel_series_new_ OTEL_NAME_(otel_series_new_)
#if OTEL_HOSTED_
#define OTEL_SET_MAX_ 32u         /* attributes in a set */
#else
#define OTEL_SET_MAX_ 8u
#endif

OTEL_C_BEGIN_
OTEL_API_ otel_cell_t *otel_find_(otel_instrument_t *instrument, const otel_attr_t *attributes, size_t len);
OTEL_API_ void otel_record_whole_(otel_instrument_t *instrument, int64_t value, const otel_attr_t *attributes, size_t len);
OTEL_API_ void otel_record_real_(otel_instrument_t *instrument, double value, const otel_attr_t *attributes, size_t len);
OTEL_API_ otel_series_t *otel_bind_(otel_instrument_t *instrument, const otel_attr_t *attributes, size_t len);
OTEL_C_END_
/* A program that gives no attributes links no table. */
#define OTEL_BASE_(typed) ((typed) ? &(typed)->base_ : NULL)
#define OTEL_BIND_(typed, attributes, len) ((len) == 0 ? otel_bind_total_(OTEL_BASE_(typed)) : otel_bind_(OTEL_BASE_(typed), (attributes), (len)))
#define OTEL_RECORD_(how, typed, value, attributes, len) \
    do { \
        if ((len) == 0) otel_total_##how##_(OTEL_BASE_(typed), (value)); \
        else otel_record_##how##_(OTEL_BASE_(typed), (value), (attributes), (len)); \
    } while (0)

/* ---- counter.h ------------------------------------------------------------------------------------------------- */
/* Counters, which only grow, and up-down counters. Unbound calls look the set of attributes up; a bound series is one
   addition. Specification: metrics/api.md, "Counter" and "UpDownCounter".

     static otel_counter_t reads = OTEL_COUNTER("sensor.reads", .unit = "{read}", OTEL_SERIES(8));    // at file scope
     otel_counter_add(&reads, 1, "bus", "i2c1");
     OTEL_COUNT(&reads, 1, "bus", "i2c1");                // the same, bound at this line: constants only
     otel_series_t *i2c1 = otel_counter_bind(&reads, "bus", "i2c1");  otel_series_add(i2c1, 1);

   Adding is safe in interrupts and signal handlers and never waits; the first use of an instrument or of a set of
   attributes is not (a handler that comes in the middle of one drops its measurement, counted). A sum of int64 stops at
   its end; NaN and infinities never enter a sum; otel_instrument_stats counts what was refused. */
#define otel_add_careful_ OTEL_NAME_(otel_add_careful_)
#define otel_add_total_ OTEL_NAME_(otel_add_total_)
#define otel_double_nanopb_ OTEL_NAME_(otel_double_nanopb_)
#define otel_double_write_ OTEL_NAME_(otel_double_write_)
#define otel_int_nanopb_ OTEL_NAME_(otel_int_nanopb_)
#define otel_int_write_ OTEL_NAME_(otel_int_write_)
#define otel_one_word_ OTEL_NAME_(otel_one_word_)
#define otel_series_add_double OTEL_NAME_(otel_series_add_double)
#define otel_series_add_int OTEL_NAME_(otel_series_add_int)
#define otel_sum_double_ OTEL_NAME_(otel_sum_double_)
#define otel_sum_double_int_ OTEL_NAME_(otel_sum_double_int_)
#define otel_sum_ended_ OTEL_NAME_(otel_sum_ended_)
#define otel_sum_int_ OTEL_NAME_(otel_sum_int_)
/* Define with the macros below, at file scope or static; not const. They register by themselves. */
OTEL_INSTRUMENT_TYPE_(otel_counter_t);          /* int64 */
OTEL_INSTRUMENT_TYPE_(otel_counter_double_t);
OTEL_INSTRUMENT_TYPE_(otel_updown_t);           /* int64 */
OTEL_INSTRUMENT_TYPE_(otel_updown_double_t);

/* Name, then .unit, .description, .scope, .otel in this order, then OTEL_SERIES or OTEL_SERIES_IN. */
#define OTEL_COUNTER(...) { OTEL_MADE_(otel_counter_t) { .name = __VA_ARGS__ OTEL_FORM_(otel_counter_form_) } }
#define OTEL_COUNTER_DOUBLE(...) { OTEL_MADE_(otel_counter_double_t) { .name = __VA_ARGS__ OTEL_FORM_(otel_counter_double_form_) } }
#define OTEL_UPDOWN(...) { OTEL_MADE_(otel_updown_t) { .name = __VA_ARGS__ OTEL_FORM_(otel_updown_form_) } }
#define OTEL_UPDOWN_DOUBLE(...) { OTEL_MADE_(otel_updown_double_t) { .name = __VA_ARGS__ OTEL_FORM_(otel_updown_double_form_) } }

#define OTEL_COUNTER_ OTEL_SUM_
#define OTEL_COUNTER_DOUBLE_ (OTEL_SUM_ | OTEL_DOUBLE_)
#define OTEL_UPDOWN_INT_ (OTEL_SUM_ | OTEL_UPDOWN_)
#define OTEL_UPDOWN_DOUBLE_ (OTEL_SUM_ | OTEL_UPDOWN_ | OTEL_DOUBLE_)

OTEL_C_BEGIN_
/* Add to a bound series; NULL is nothing. What its instrument does not take (a negative number where sums only grow, a
   double where there are integers) is counted as refused. Safe in interrupts and signal handlers. */
#if OTEL_WIDE_ || !OTEL_ENABLED
OTEL_FN_ void otel_series_add_int(otel_series_t *series, int64_t value);
#else
OTEL_API_ void otel_series_add_int(otel_series_t *series, int64_t value);
#endif
OTEL_API_ void otel_series_add_double(otel_series_t *series, double value);

OTEL_API_ void otel_add_total_(otel_instrument_t *instrument, int64_t value);
OTEL_API_ void otel_add_careful_(otel_cell_t *cell, int64_t value);
OTEL_API_ void otel_sum_int_(otel_cell_t *cell, int64_t value);
OTEL_API_ void otel_sum_double_(otel_cell_t *cell, double value);
OTEL_API_ void otel_sum_double_int_(otel_cell_t *cell, int64_t value);
OTEL_API_ void otel_sum_ended_(otel_cell_t *cell);
#if OTEL_NANOPB_                  /* nanopb_points.h */
OTEL_API_ bool otel_int_nanopb_(otel_telling_t_ *point);
OTEL_API_ bool otel_double_nanopb_(otel_telling_t_ *point);
#else
OTEL_API_ bool otel_int_write_(otel_telling_t_ *point);
OTEL_API_ bool otel_double_write_(otel_telling_t_ *point);
#endif
OTEL_API_ size_t otel_one_word_(const otel_instrument_t *instrument);

/* Metric.sum = 7; NumberDataPoint.attributes = 7 */
OTEL_FORM_OF_(otel_counter_form_, OTEL_COUNTER_, 0x3A, 0x3A, 9, otel_sum_int_, otel_refuse_real_, OTEL_WRITES_(otel_int), otel_one_word_, NULL);
OTEL_FORM_OF_(otel_updown_form_, OTEL_UPDOWN_INT_, 0x3A, 0x3A, 9, otel_sum_int_, otel_refuse_real_, OTEL_WRITES_(otel_int), otel_one_word_, NULL);
OTEL_FORM_OF_(otel_counter_double_form_, OTEL_COUNTER_DOUBLE_, 0x3A, 0x3A, 9, otel_sum_double_int_, otel_sum_double_, OTEL_WRITES_(otel_double), otel_one_word_, NULL);
OTEL_FORM_OF_(otel_updown_double_form_, OTEL_UPDOWN_DOUBLE_, 0x3A, 0x3A, 9, otel_sum_double_int_, otel_sum_double_, OTEL_WRITES_(otel_double), otel_one_word_, NULL);

/* With a table of `len` attributes, made by otel_int, otel_str and so on; a key that comes twice has its last value. */
OTEL_FN_ void otel_counter_add_all(otel_counter_t *counter, int64_t value, const otel_attr_t *attributes, size_t len);
OTEL_FN_ void otel_counter_double_add_all(otel_counter_double_t *counter, double value, const otel_attr_t *attributes, size_t len);
OTEL_FN_ void otel_updown_add_all(otel_updown_t *updown, int64_t value, const otel_attr_t *attributes, size_t len);
OTEL_FN_ void otel_updown_double_add_all(otel_updown_double_t *updown, double value, const otel_attr_t *attributes, size_t len);

/* The series of a set of attributes, to keep: it stays good as long as the instrument does, over a restart of the instance
   too. NULL while no instance is running. Not for interrupts. */
OTEL_FN_ otel_series_t *otel_counter_bind_all(otel_counter_t *counter, const otel_attr_t *attributes, size_t len);
OTEL_FN_ otel_series_t *otel_counter_double_bind_all(otel_counter_double_t *counter, const otel_attr_t *attributes, size_t len);
OTEL_FN_ otel_series_t *otel_updown_bind_all(otel_updown_t *updown, const otel_attr_t *attributes, size_t len);
OTEL_FN_ otel_series_t *otel_updown_double_bind_all(otel_updown_double_t *updown, const otel_attr_t *attributes, size_t len);
OTEL_C_END_

/* otel_counter_add(&reads, 1, "bus", "i2c1"): up to 8 pairs, typed by the compiler. A double for an int64 counter does not
   compile. */
#ifndef __cplusplus
#  define otel_counter_add(counter, ...) \
    OTEL_EXT_ _Generic((counter), otel_counter_t *: otel_counter_add_all, otel_counter_double_t *: otel_counter_double_add_all)( \
        (counter), OTEL_COUNTER_NUMBER_(counter, OTEL_FIRST_(__VA_ARGS__)), OTEL_TAIL_(__VA_ARGS__))
#  define otel_updown_add(updown, ...) \
    OTEL_EXT_ _Generic((updown), otel_updown_t *: otel_updown_add_all, otel_updown_double_t *: otel_updown_double_add_all)( \
        (updown), OTEL_UPDOWN_NUMBER_(updown, OTEL_FIRST_(__VA_ARGS__)), OTEL_TAIL_(__VA_ARGS__))
#  define OTEL_COUNTER_NUMBER_(counter, value) \
    OTEL_EXT_ _Generic((counter), otel_counter_t *: OTEL_WHOLE_(value), otel_counter_double_t *: OTEL_REAL_(value))
#  define OTEL_UPDOWN_NUMBER_(updown, value) \
    OTEL_EXT_ _Generic((updown), otel_updown_t *: OTEL_WHOLE_(value), otel_updown_double_t *: OTEL_REAL_(value))
/* otel_counter_bind(&reads, "bus", "i2c1") */
#  define otel_counter_bind(...) \
    OTEL_EXT_ _Generic(OTEL_FIRST_(__VA_ARGS__), otel_counter_t *: otel_counter_bind_all, otel_counter_double_t *: otel_counter_double_bind_all)( \
        OTEL_FIRST_(__VA_ARGS__), OTEL_TAIL_(__VA_ARGS__))
#  define otel_updown_bind(...) \
    OTEL_EXT_ _Generic(OTEL_FIRST_(__VA_ARGS__), otel_updown_t *: otel_updown_bind_all, otel_updown_double_t *: otel_updown_double_bind_all)( \
        OTEL_FIRST_(__VA_ARGS__), OTEL_TAIL_(__VA_ARGS__))
/* otel_series_add(series, 1), otel_series_add(series, 0.5) */
#  define otel_series_add(series, value) \
    OTEL_BY_NUMBER_(value, otel_series_add_int, otel_series_add_unsigned_, otel_series_add_single_, otel_series_add_double, otel_series_add_extended_)( \
        (series), (value))
#else
template <class V, class... A> static inline void otel_counter_add(otel_counter_t *counter, V value, const A &...pairs)
{
    OTEL_PAIRS_IN_(A, pairs);
    otel_counter_add_all(counter, otel_number_(value), OTEL_LIST_(A));
}
template <class V, class... A> static inline void otel_counter_add(otel_counter_double_t *counter, V value, const A &...pairs)
{
    OTEL_PAIRS_IN_(A, pairs);
    otel_counter_double_add_all(counter, static_cast<double>(value), OTEL_LIST_(A));
}
template <class V, class... A> static inline void otel_updown_add(otel_updown_t *updown, V value, const A &...pairs)
{
    OTEL_PAIRS_IN_(A, pairs);
    otel_updown_add_all(updown, otel_number_(value), OTEL_LIST_(A));
}
template <class V, class... A> static inline void otel_updown_add(otel_updown_double_t *updown, V value, const A &...pairs)
{
    OTEL_PAIRS_IN_(A, pairs);
    otel_updown_double_add_all(updown, static_cast<double>(value), OTEL_LIST_(A));
}
template <class... A> static inline otel_series_t *otel_counter_bind(otel_counter_t *counter, const A &...pairs)
{
    OTEL_PAIRS_IN_(A, pairs);
    return otel_counter_bind_all(counter, OTEL_LIST_(A));
}
template <class... A> static inline otel_series_t *otel_counter_bind(otel_counter_double_t *counter, const A &...pairs)
{
    OTEL_PAIRS_IN_(A, pairs);
    return otel_counter_double_bind_all(counter, OTEL_LIST_(A));
}
template <class... A> static inline otel_series_t *otel_updown_bind(otel_updown_t *updown, const A &...pairs)
{
    OTEL_PAIRS_IN_(A, pairs);
    return otel_updown_bind_all(updown, OTEL_LIST_(A));
}
template <class... A> static inline otel_series_t *otel_updown_bind(otel_updown_double_t *updown, const A &...pairs)
{
    OTEL_PAIRS_IN_(A, pairs);
    return otel_updown_double_bind_all(updown, OTEL_LIST_(A));
}
static inline void otel_series_add(otel_series_t *series, float value) { otel_series_add_double(series, static_cast<double>(value)); }
static inline void otel_series_add(otel_series_t *series, double value) { otel_series_add_double(series, value); }
static inline void otel_series_add(otel_series_t *series, long double value) { otel_series_add_double(series, static_cast<double>(value)); }
template <class V> static inline void otel_series_add(otel_series_t *series, V value) { otel_series_add_int(series, otel_number_(value)); }
#endif

/* OTEL_COUNT(&reads, 1, "bus", "i2c1"): a counter's series, bound at this line when it is first reached. Everything in it
   must be a constant, because it is looked at once only. If an error led you here ("not constant"): use otel_counter_add.
   Expansion: constants that a compiler refuses when they are none, then a static pointer to the series. */
#define OTEL_COUNT(counter, ...) \
    do { \
        static otel_series_t *otel_here_; \
        otel_series_t *otel_bound_; \
        OTEL_CONSTANTS_(counter, __VA_ARGS__); \
        otel_bound_ = OTEL_METRICS_ON_ ? OTEL_LOAD_ACQUIRE_(&otel_here_) : NULL; \
        if (OTEL_METRICS_ON_ && OTEL_UNLIKELY_(!otel_bound_)) { \
            otel_bound_ = OTEL_COUNT_BIND_(counter, __VA_ARGS__); \
            OTEL_STORE_RELEASE_(&otel_here_, otel_bound_); \
        } \
        OTEL_COUNT_ADD_(counter, otel_bound_, __VA_ARGS__); \
    } while (0)
#define OTEL_METRICS_ON_ (OTEL_ENABLED && OTEL_METRICS)
#ifndef __cplusplus
#  define OTEL_COUNT_BIND_(counter, ...) \
    (OTEL_EXT_ _Generic((counter), otel_counter_t *: otel_counter_bind_all, otel_counter_double_t *: otel_counter_double_bind_all)( \
        (counter), OTEL_TAIL_(__VA_ARGS__)))
#  define OTEL_COUNT_ADD_(counter, series, ...) \
    (OTEL_EXT_ _Generic((counter), otel_counter_t *: otel_series_add_int, otel_counter_double_t *: otel_series_add_double)( \
        (series), OTEL_COUNTER_NUMBER_(counter, OTEL_FIRST_(__VA_ARGS__))))
/* A text as a pointer, anything else as a number: both can be tested for being constant in a static initialiser. */
#  define OTEL_CONSTANTS_(counter, ...) \
    static const void *const otel_counter_is_ = (counter); \
    static const otel_constant_t_ otel_constants_[] = { OTEL_CAT_(OTEL_CAT_(OTEL_K, OTEL_PAIR_COUNT_(__VA_ARGS__)), _)(__VA_ARGS__) }; \
    (void)otel_counter_is_; \
    (void)otel_constants_
#  define OTEL_CONSTANT_(x) { \
    OTEL_EXT_ _Generic((x), char *: (x), const char *: (x), default: NULL), \
    (double)(OTEL_EXT_ _Generic((x), char *: 0, const char *: 0, default: (x))) }
#  define OTEL_K0_(v) OTEL_CONSTANT_(v)
#  define OTEL_K1_(v, k, x) OTEL_K0_(v), OTEL_CONSTANT_(k), OTEL_CONSTANT_(x)
#  define OTEL_K2_(v, k, x, ...) OTEL_K0_(k), OTEL_CONSTANT_(x), OTEL_K1_(v, __VA_ARGS__)
#  define OTEL_K3_(v, k, x, ...) OTEL_K0_(k), OTEL_CONSTANT_(x), OTEL_K2_(v, __VA_ARGS__)
#  define OTEL_K4_(v, k, x, ...) OTEL_K0_(k), OTEL_CONSTANT_(x), OTEL_K3_(v, __VA_ARGS__)
#  define OTEL_K5_(v, k, x, ...) OTEL_K0_(k), OTEL_CONSTANT_(x), OTEL_K4_(v, __VA_ARGS__)
#  define OTEL_K6_(v, k, x, ...) OTEL_K0_(k), OTEL_CONSTANT_(x), OTEL_K5_(v, __VA_ARGS__)
#  define OTEL_K7_(v, k, x, ...) OTEL_K0_(k), OTEL_CONSTANT_(x), OTEL_K6_(v, __VA_ARGS__)
#  define OTEL_K8_(v, k, x, ...) OTEL_K0_(k), OTEL_CONSTANT_(x), OTEL_K7_(v, __VA_ARGS__)
#  define OTEL_Kx_(...) { NULL, OTEL_every_key_needs_a_value }
#  define OTEL_Ky_(...) { NULL, OTEL_at_most_8_pairs_split_the_call }
typedef struct otel_constant_t_ {
    const char *text;
    double number;
} otel_constant_t_;
#else
struct otel_constants_t_ {
    template <class... A> explicit constexpr otel_constants_t_(A...) {}
};
#  define OTEL_CONSTANTS_(counter, ...) \
    static constexpr otel_constants_t_ otel_constants_((counter), __VA_ARGS__); \
    (void)otel_constants_
#  define OTEL_COUNT_BIND_(counter, ...) otel_count_bind_((counter), __VA_ARGS__)
#  define OTEL_COUNT_ADD_(counter, series, ...) otel_count_add_((counter), (series), __VA_ARGS__)
template <class C, class V, class... A> static inline otel_series_t *otel_count_bind_(C *counter, V, const A &...pairs) { return otel_counter_bind(counter, pairs...); }
template <class V, class... A> static inline void otel_count_add_(otel_counter_t *, otel_series_t *series, V value, const A &...)
{
    otel_series_add_int(series, otel_number_(value));
}
template <class V, class... A> static inline void otel_count_add_(otel_counter_double_t *, otel_series_t *series, V value, const A &...)
{
    otel_series_add_double(series, static_cast<double>(value));
}
#endif

/* ---- histogram.h ----------------------------------------------------------------------------------------------- */
/* Histograms with explicit bounds, of doubles and of integers: a count for each bucket, sum, least and largest value.
   Specification: metrics/api.md, "Histogram"; metrics/sdk.md, "Explicit Bucket Histogram Aggregation".

     static otel_histogram_t took = OTEL_HISTOGRAM("sensor.read.duration", .unit = "s", OTEL_BOUNDS(0.001, 0.01, 0.1, 1));
     static otel_histogram_t served = OTEL_HISTOGRAM("http.server.request.duration", .unit = "s", OTEL_BUCKETS(8, 0.001, 0.01, 0.1, 1));
     otel_histogram_record(&took, 0.0021);
     static otel_histogram_int_t size = OTEL_HISTOGRAM_INT("packet.size", .unit = "By", OTEL_BOUNDS_INT(64, 256, 1024));
     otel_histogram_record(&size, 100);           // no floating point: some 60 instructions on a Cortex-M4

   A bucket holds what is greater than the bound before it and at most its own. Storage stands where the histogram is
   defined, so there are no buckets without bounds: then it is count and sum. OTEL_DEFAULT_BOUNDS are the specification's.
   Recording is safe in interrupts and signal handlers, as adding to a counter is; NaN and infinities are refused. */
#define otel_bucket_asleep_ OTEL_NAME_(otel_bucket_asleep_)
#define otel_bucket_double_ OTEL_NAME_(otel_bucket_double_)
#define otel_bucket_double_int_ OTEL_NAME_(otel_bucket_double_int_)
#define otel_bucket_here_ OTEL_NAME_(otel_bucket_here_)
#define otel_bucket_int_ OTEL_NAME_(otel_bucket_int_)
#define otel_bucket_other_ OTEL_NAME_(otel_bucket_other_)
#define otel_bucket_total_ OTEL_NAME_(otel_bucket_total_)
#define otel_buckets_int_nanopb_ OTEL_NAME_(otel_buckets_int_nanopb_)
#define otel_buckets_int_write_ OTEL_NAME_(otel_buckets_int_write_)
#define otel_buckets_nanopb_ OTEL_NAME_(otel_buckets_nanopb_)
#define otel_buckets_words_ OTEL_NAME_(otel_buckets_words_)
#define otel_buckets_write_ OTEL_NAME_(otel_buckets_write_)
#define otel_series_record_double OTEL_NAME_(otel_series_record_double)
#define otel_series_record_int OTEL_NAME_(otel_series_record_int)
#define otel_whole_bits_ OTEL_NAME_(otel_whole_bits_)
OTEL_INSTRUMENT_TYPE_(otel_histogram_t);
/* Of integers: 64 bits where the processor changes so many in one step, else 32 (larger ones are refused and counted). */
#if OTEL_WIDE_
typedef int64_t otel_bound_t_;
#else
typedef int32_t otel_bound_t_;
#endif
OTEL_INSTRUMENT_TYPE_(otel_histogram_int_t);
OTEL_INSTRUMENT_TYPE_(otel_exponential_t);      /* exphistogram.h */
OTEL_INSTRUMENT_TYPE_(otel_exponential_int_t);

/* What a histogram is initialised with, where its bounds have a type: the compiler looks whether they are of its kind. If an error
   or a warning led you here: OTEL_HISTOGRAM takes OTEL_BOUNDS or OTEL_BUCKETS, OTEL_HISTOGRAM_INT those with _INT. Private. */
#define OTEL_TAKES_(T) \
    const char *name OTEL_Z_, *unit OTEL_Z_, *description OTEL_Z_; \
    const otel_scope_t *scope OTEL_Z_; \
    struct otel_t *otel OTEL_Z_; \
    otel_series_t *series OTEL_Z_; \
    size_t series_len OTEL_Z_; \
    const T *bounds OTEL_Z_; \
    size_t bounds_len OTEL_Z_; \
    otel_word_t *rows OTEL_Z_; \
    size_t rows_len OTEL_Z_; \
    otel_front_t_ *front_ OTEL_Z_
typedef struct otel_takes_bounds_t_ { OTEL_TAKES_(double); } otel_takes_bounds_t_;
typedef struct otel_takes_bounds_int_t_ { OTEL_TAKES_(otel_bound_t_); } otel_takes_bounds_int_t_;
#if !(OTEL_ENABLED && OTEL_METRICS)
#  define OTEL_BOUNDED_(form, takes, ...)
#elif defined(__cplusplus)
#  define OTEL_BOUNDED_(form, takes, ...) , .form_ = &(form) + 0u * sizeof(takes{ .name = __VA_ARGS__ })
#else                                             /* the last field has a name for avr-gcc 5, which forgets it after a list inside */
#  define OTEL_BOUNDED_(form, takes, ...) , .form_ = &(form) + 0u * sizeof((takes){ .name = __VA_ARGS__ }), .next_ = NULL
#endif

/* Name, then .unit, .description, .scope, .otel in this order, then OTEL_BOUNDS or OTEL_BUCKETS (of integers: OTEL_BOUNDS_INT
   or OTEL_BUCKETS_INT). */
#define OTEL_HISTOGRAM(...) { OTEL_MADE_(otel_histogram_t) { .name = __VA_ARGS__ OTEL_BOUNDED_(otel_histogram_form_, otel_takes_bounds_t_, __VA_ARGS__) } }
#define OTEL_HISTOGRAM_INT(...) { OTEL_MADE_(otel_histogram_int_t) { .name = __VA_ARGS__ OTEL_BOUNDED_(otel_histogram_int_form_, otel_takes_bounds_int_t_, __VA_ARGS__) } }
#define OTEL_HISTOGRAM_ (OTEL_BUCKETS_ | OTEL_DOUBLE_)
#define OTEL_HISTOGRAM_INT_ OTEL_BUCKETS_

#define OTEL_DEFAULT_BOUNDS 0, 5, 10, 25, 50, 75, 100, 250, 500, 750, 1000, 2500, 5000, 7500, 10000

/* OTEL_BOUNDS(b1, b2, ..): one to 32 ascending bounds, one series, the one without attributes. OTEL_BUCKETS(n, b1, b2, ..):
   n series with attributes. Each series takes a row of bounds + 3 words (8 bytes; 4 where double has 4), and there are two
   rows more: without attributes, and overflow. OTEL_BOUNDS_INT and OTEL_BUCKETS_INT are the same for OTEL_HISTOGRAM_INT. */
#define OTEL_ROW_WORDS_(n, bounds) (((n) + 2u) * ((bounds) + 3u))
#ifndef __cplusplus
#  define OTEL_BOUNDS(...) OTEL_BOUNDS_OF_(double, 0u, OTEL_BOUND_COUNT_(__VA_ARGS__, OTEL_COUNTDOWN_), __VA_ARGS__)
#  define OTEL_BUCKETS(n, ...) \
    .series = (otel_series_t[n]){ OTEL_NO_SERIES_ }, .series_len = (n), OTEL_BOUNDS_OF_(double, n, OTEL_BOUND_COUNT_(__VA_ARGS__, OTEL_COUNTDOWN_), __VA_ARGS__)
#  define OTEL_BOUNDS_INT(...) OTEL_BOUNDS_OF_(otel_bound_t_, 0u, OTEL_BOUND_COUNT_(__VA_ARGS__, OTEL_COUNTDOWN_), __VA_ARGS__)
#  define OTEL_BUCKETS_INT(n, ...) \
    .series = (otel_series_t[n]){ OTEL_NO_SERIES_ }, .series_len = (n), OTEL_BOUNDS_OF_(otel_bound_t_, n, OTEL_BOUND_COUNT_(__VA_ARGS__, OTEL_COUNTDOWN_), __VA_ARGS__)
#  define OTEL_BOUNDS_OF_(T, n, count, ...) \
    .bounds = (const T[]){ __VA_ARGS__ }, .bounds_len = (count), .rows = (otel_word_t[OTEL_ROW_WORDS_(n, count)]){ 0 }, .rows_len = OTEL_ROW_WORDS_(n, count)
#  define OTEL_BOUND_COUNT_(...) OTEL_AT33_(__VA_ARGS__)
#  define OTEL_COUNTDOWN_ 32u, 31u, 30u, 29u, 28u, 27u, 26u, 25u, 24u, 23u, 22u, 21u, 20u, 19u, 18u, 17u, \
    16u, 15u, 14u, 13u, 12u, 11u, 10u, 9u, 8u, 7u, 6u, 5u, 4u, 3u, 2u, 1u, 0u
#  define OTEL_AT33_(_1, _2, _3, _4, _5, _6, _7, _8, _9, _10, _11, _12, _13, _14, _15, _16, \
    _17, _18, _19, _20, _21, _22, _23, _24, _25, _26, _27, _28, _29, _30, _31, _32, n, ...) n
#else
template <class... D> constexpr size_t otel_bound_count_(D...) { return sizeof...(D); }
#  if __cplusplus >= 202002L
template <class T, size_t n> struct otel_numbers_ {
    T at[n];
};
template <class Here> struct otel_bounds_ {
    static constexpr auto list = Here{}();
};
#    define OTEL_BOUNDS_OF_(T, n, count, ...) \
    .bounds = otel_bounds_<decltype([] { return otel_numbers_<T, count>{ { __VA_ARGS__ } }; })>::list.at, .bounds_len = count, \
    .rows = otel_store_<decltype(otel_word_t() + 0u), OTEL_ROW_WORDS_(n, count), decltype([] {})>::at, .rows_len = OTEL_ROW_WORDS_(n, count)
#  else
#    define OTEL_BOUNDS_OF_(T, n, count, ...) \
    .bounds = (const T[]){ __VA_ARGS__ }, .bounds_len = count, .rows = (otel_word_t[OTEL_ROW_WORDS_(n, count)]){}, .rows_len = OTEL_ROW_WORDS_(n, count)
#  endif
#  define OTEL_BOUNDS(...) OTEL_BOUNDS_OF_(double, 0u, otel_bound_count_(__VA_ARGS__), __VA_ARGS__)
#  define OTEL_BUCKETS(n, ...) OTEL_SERIES(n), OTEL_BOUNDS_OF_(double, n, otel_bound_count_(__VA_ARGS__), __VA_ARGS__)
#  define OTEL_BOUNDS_INT(...) OTEL_BOUNDS_OF_(otel_bound_t_, 0u, otel_bound_count_(__VA_ARGS__), __VA_ARGS__)
#  define OTEL_BUCKETS_INT(n, ...) OTEL_SERIES(n), OTEL_BOUNDS_OF_(otel_bound_t_, n, otel_bound_count_(__VA_ARGS__), __VA_ARGS__)
#endif

OTEL_C_BEGIN_
/* Record into a bound series of a histogram or a gauge; NULL is nothing. Safe in interrupts and signal handlers. */
OTEL_API_ void otel_series_record_int(otel_series_t *series, int64_t value);
OTEL_API_ void otel_series_record_double(otel_series_t *series, double value);

OTEL_API_ void otel_bucket_double_(otel_cell_t *cell, double value);
OTEL_API_ void otel_bucket_double_int_(otel_cell_t *cell, int64_t value);
OTEL_API_ void otel_bucket_int_(otel_cell_t *cell, int64_t value);
OTEL_API_ void otel_bucket_total_(otel_instrument_t *instrument, int64_t value);
#if OTEL_NANOPB_                  /* nanopb_points.h */
OTEL_API_ bool otel_buckets_nanopb_(otel_telling_t_ *point);
OTEL_API_ bool otel_buckets_int_nanopb_(otel_telling_t_ *point);
#else
OTEL_API_ bool otel_buckets_write_(otel_telling_t_ *point);
OTEL_API_ bool otel_buckets_int_write_(otel_telling_t_ *point);
#endif
OTEL_API_ size_t otel_buckets_words_(const otel_instrument_t *instrument);

/* Metric.histogram = 9; HistogramDataPoint.attributes = 9 */
OTEL_FORM_OF_(otel_histogram_form_, OTEL_HISTOGRAM_, 0x4A, 0x4A, 255, otel_bucket_double_int_, otel_bucket_double_, OTEL_WRITES_(otel_buckets), otel_buckets_words_, otel_bucket_double_int_);
OTEL_FORM_OF_(otel_histogram_int_form_, OTEL_HISTOGRAM_INT_, 0x4A, 0x4A, 255, otel_bucket_int_, otel_refuse_real_, OTEL_WRITES_(otel_buckets_int), otel_buckets_words_, otel_bucket_int_);

/* With a table of `len` attributes. */
OTEL_FN_ void otel_histogram_record_all(otel_histogram_t *histogram, double value, const otel_attr_t *attributes, size_t len);
OTEL_FN_ void otel_histogram_int_record_all(otel_histogram_int_t *histogram, int64_t value, const otel_attr_t *attributes, size_t len);
OTEL_FN_ void otel_exponential_record_all(otel_exponential_t *histogram, double value, const otel_attr_t *attributes, size_t len);
OTEL_FN_ void otel_exponential_int_record_all(otel_exponential_int_t *histogram, int64_t value, const otel_attr_t *attributes, size_t len);

/* The series of a set of attributes, to keep, for otel_series_record. NULL while no instance is running. Not for interrupts. */
OTEL_FN_ otel_series_t *otel_histogram_bind_all(otel_histogram_t *histogram, const otel_attr_t *attributes, size_t len);
OTEL_FN_ otel_series_t *otel_histogram_int_bind_all(otel_histogram_int_t *histogram, const otel_attr_t *attributes, size_t len);
OTEL_FN_ otel_series_t *otel_exponential_bind_all(otel_exponential_t *histogram, const otel_attr_t *attributes, size_t len);
OTEL_FN_ otel_series_t *otel_exponential_int_bind_all(otel_exponential_int_t *histogram, const otel_attr_t *attributes, size_t len);
OTEL_C_END_

/* otel_histogram_record(&served, 0.0021, "http.route", "/"), otel_histogram_bind(&served, "http.route", "/"): up to 8 pairs. */
#ifndef __cplusplus
#  define otel_histogram_record(histogram, ...) \
    OTEL_EXT_ _Generic((histogram), otel_histogram_t *: otel_histogram_record_all, otel_histogram_int_t *: otel_histogram_int_record_all, \
        otel_exponential_t *: otel_exponential_record_all, otel_exponential_int_t *: otel_exponential_int_record_all)((histogram), OTEL_HISTOGRAM_NUMBER_(histogram, OTEL_FIRST_(__VA_ARGS__)), OTEL_TAIL_(__VA_ARGS__))
#  define OTEL_HISTOGRAM_NUMBER_(histogram, value) \
    OTEL_EXT_ _Generic((histogram), otel_histogram_t *: OTEL_REAL_(value), otel_histogram_int_t *: OTEL_WHOLE_(value), otel_exponential_t *: OTEL_REAL_(value), \
        otel_exponential_int_t *: OTEL_WHOLE_(value))
#  define otel_histogram_bind(...) \
    OTEL_EXT_ _Generic(OTEL_FIRST_(__VA_ARGS__), otel_histogram_t *: otel_histogram_bind_all, otel_histogram_int_t *: otel_histogram_int_bind_all, \
        otel_exponential_t *: otel_exponential_bind_all, otel_exponential_int_t *: otel_exponential_int_bind_all)(OTEL_FIRST_(__VA_ARGS__), OTEL_TAIL_(__VA_ARGS__))
/* otel_series_record(series, 0.0021) */
#  define otel_series_record(series, value) \
    OTEL_BY_NUMBER_(value, otel_series_record_int, otel_series_record_unsigned_, otel_series_record_single_, otel_series_record_double, \
        otel_series_record_extended_)((series), (value))
#else
template <class V, class... A> static inline void otel_histogram_record(otel_histogram_t *histogram, V value, const A &...pairs)
{
    OTEL_PAIRS_IN_(A, pairs);
    otel_histogram_record_all(histogram, static_cast<double>(value), OTEL_LIST_(A));
}
template <class V, class... A> static inline void otel_histogram_record(otel_exponential_t *histogram, V value, const A &...pairs)
{
    OTEL_PAIRS_IN_(A, pairs);
    otel_exponential_record_all(histogram, static_cast<double>(value), OTEL_LIST_(A));
}
template <class... A> static inline otel_series_t *otel_histogram_bind(otel_exponential_t *histogram, const A &...pairs)
{
    OTEL_PAIRS_IN_(A, pairs);
    return otel_exponential_bind_all(histogram, OTEL_LIST_(A));
}
template <class V, class... A> static inline void otel_histogram_record(otel_exponential_int_t *histogram, V value, const A &...pairs)
{
    OTEL_PAIRS_IN_(A, pairs);
    otel_exponential_int_record_all(histogram, otel_number_(value), OTEL_LIST_(A));
}
template <class... A> static inline otel_series_t *otel_histogram_bind(otel_exponential_int_t *histogram, const A &...pairs)
{
    OTEL_PAIRS_IN_(A, pairs);
    return otel_exponential_int_bind_all(histogram, OTEL_LIST_(A));
}
template <class V, class... A> static inline void otel_histogram_record(otel_histogram_int_t *histogram, V value, const A &...pairs)
{
    OTEL_PAIRS_IN_(A, pairs);
    otel_histogram_int_record_all(histogram, otel_number_(value), OTEL_LIST_(A));
}
template <class... A> static inline otel_series_t *otel_histogram_bind(otel_histogram_int_t *histogram, const A &...pairs)
{
    OTEL_PAIRS_IN_(A, pairs);
    return otel_histogram_int_bind_all(histogram, OTEL_LIST_(A));
}
template <class... A> static inline otel_series_t *otel_histogram_bind(otel_histogram_t *histogram, const A &...pairs)
{
    OTEL_PAIRS_IN_(A, pairs);
    return otel_histogram_bind_all(histogram, OTEL_LIST_(A));
}
static inline void otel_series_record(otel_series_t *series, float value) { otel_series_record_double(series, static_cast<double>(value)); }
static inline void otel_series_record(otel_series_t *series, double value) { otel_series_record_double(series, value); }
static inline void otel_series_record(otel_series_t *series, long double value) { otel_series_record_double(series, static_cast<double>(value)); }
template <class V> static inline void otel_series_record(otel_series_t *series, V value) { otel_series_record_int(series, otel_number_(value)); }
#endif

/* ---- exphistogram.h -------------------------------------------------------------------------------------------- */
/* Base-2 exponential histograms: buckets whose bounds are powers of 2^(2^-scale), found without a logarithm and exact for
   every double and every int64. The scale begins at 20 and falls when what is recorded does not fit into `size` buckets.
   Specification: metrics/sdk.md, "Base2 Exponential Bucket Histogram Aggregation"; metrics/data-model.md, "ExponentialHistogram".

     static otel_exponential_t took = OTEL_EXPONENTIAL("http.server.request.duration", .unit = "s", OTEL_POWERS(160));
     static otel_exponential_int_t size = OTEL_EXPONENTIAL_INT("packet.size", .unit = "By", OTEL_POWERS_SERIES(8, 20));
     otel_histogram_record(&took, 0.0021);        // the _INT form needs no floating point

   Recording never waits for a reader. NaN and infinities are refused and counted. A signal handler or an interrupt that
   comes while its own thread records into the same series drops its measurement, counted as refused. */
#define otel_power_double_ OTEL_NAME_(otel_power_double_)
#define otel_power_double_int_ OTEL_NAME_(otel_power_double_int_)
#define otel_power_index_ OTEL_NAME_(otel_power_index_)
#define otel_power_int_ OTEL_NAME_(otel_power_int_)
#define otel_power_room_ OTEL_NAME_(otel_power_room_)
#define otel_powers_int_nanopb_ OTEL_NAME_(otel_powers_int_nanopb_)
#define otel_powers_int_write_ OTEL_NAME_(otel_powers_int_write_)
#define otel_powers_nanopb_ OTEL_NAME_(otel_powers_nanopb_)
#define otel_powers_put_ OTEL_NAME_(otel_powers_put_)
#define otel_powers_words_ OTEL_NAME_(otel_powers_words_)
#define otel_powers_write_ OTEL_NAME_(otel_powers_write_)
/* Name, then .unit, .description, .scope, .otel in this order, then OTEL_POWERS or OTEL_POWERS_SERIES. */
#define OTEL_EXPONENTIAL(...) { OTEL_MADE_(otel_exponential_t) { .name = __VA_ARGS__ OTEL_FORM_(otel_exponential_form_) } }
#define OTEL_EXPONENTIAL_INT(...) { OTEL_MADE_(otel_exponential_int_t) { .name = __VA_ARGS__ OTEL_FORM_(otel_exponential_int_form_) } }
#define OTEL_EXPONENTIAL_ (OTEL_BUCKETS_ | OTEL_POWERS_ | OTEL_DOUBLE_)
#define OTEL_EXPONENTIAL_INT_ (OTEL_BUCKETS_ | OTEL_POWERS_)

/* OTEL_POWERS(size): at most `size` buckets (2 to 160 are useful; the specification's MaxSize is 160) for positive numbers and
   as many for negative ones; one series, the one without attributes. OTEL_POWERS_SERIES(n, size): n series with attributes.
   A series takes 8 + 2 * size words of 8 bytes (4 where double has 4), and there are two more. */
#define OTEL_POWERS_HEAD_ 8u
#define OTEL_POWERS_WORDS_(n, size) (((n) + 2u) * (OTEL_POWERS_HEAD_ + 2u * (size)))
#ifndef __cplusplus
#  define OTEL_POWERS_OF_(n, size) .bounds_len = OTEL_POWERS_HEAD_ - 3u + 2u * (size), .rows = (otel_word_t[OTEL_POWERS_WORDS_(n, size)]){ 0 }, .rows_len = OTEL_POWERS_WORDS_(n, size)
#elif __cplusplus >= 202002L
#  define OTEL_POWERS_OF_(n, size) .bounds_len = OTEL_POWERS_HEAD_ - 3u + 2u * (size), \
    .rows = otel_store_<decltype(otel_word_t() + 0u), OTEL_POWERS_WORDS_(n, size), decltype([] {})>::at, .rows_len = OTEL_POWERS_WORDS_(n, size)
#else
#  define OTEL_POWERS_OF_(n, size) .bounds_len = OTEL_POWERS_HEAD_ - 3u + 2u * (size), .rows = (otel_word_t[OTEL_POWERS_WORDS_(n, size)]){}, .rows_len = OTEL_POWERS_WORDS_(n, size)
#endif
#define OTEL_POWERS(size) OTEL_POWERS_OF_(0u, size)
#define OTEL_POWERS_SERIES(n, size) OTEL_SERIES(n), OTEL_POWERS_OF_(n, size)

OTEL_C_BEGIN_
OTEL_API_ void otel_power_double_(otel_cell_t *cell, double value);
OTEL_API_ void otel_power_double_int_(otel_cell_t *cell, int64_t value);
OTEL_API_ void otel_power_int_(otel_cell_t *cell, int64_t value);
#if OTEL_NANOPB_                  /* nanopb_powers.h */
OTEL_API_ bool otel_powers_nanopb_(otel_telling_t_ *point);
OTEL_API_ bool otel_powers_int_nanopb_(otel_telling_t_ *point);
#else
OTEL_API_ bool otel_powers_write_(otel_telling_t_ *point);
OTEL_API_ bool otel_powers_int_write_(otel_telling_t_ *point);
#endif
OTEL_API_ size_t otel_powers_words_(const otel_instrument_t *instrument);
OTEL_API_ int32_t otel_power_index_(uint64_t mantissa, int32_t exponent, int32_t scale);

/* Metric.exponential_histogram = 10; ExponentialHistogramDataPoint.attributes = 1 */
OTEL_FORM_OF_(otel_exponential_form_, OTEL_EXPONENTIAL_, 0x52, 0x0A, 255, otel_power_double_int_, otel_power_double_, OTEL_WRITES_(otel_powers), otel_powers_words_, otel_power_double_int_);
OTEL_FORM_OF_(otel_exponential_int_form_, OTEL_EXPONENTIAL_INT_, 0x52, 0x0A, 255, otel_power_int_, otel_refuse_real_, OTEL_WRITES_(otel_powers_int), otel_powers_words_, otel_power_int_);
OTEL_C_END_

/* ---- gauge.h --------------------------------------------------------------------------------------------------- */
/* Gauges: the last value counts. Specification: metrics/api.md, "Gauge".

     static otel_gauge_double_t temperature = OTEL_GAUGE_DOUBLE("hw.temperature", .unit = "Cel");
     otel_gauge_record(&temperature, 21.5);

   Recording is safe in interrupts and signal handlers, as adding to a counter is. NaN and infinities are refused and
   counted: the last number stays. */
#define otel_last_double_ OTEL_NAME_(otel_last_double_)
#define otel_last_double_int_ OTEL_NAME_(otel_last_double_int_)
#define otel_last_int_ OTEL_NAME_(otel_last_int_)
OTEL_INSTRUMENT_TYPE_(otel_gauge_t);            /* int64 */
OTEL_INSTRUMENT_TYPE_(otel_gauge_double_t);

/* Name, then .unit, .description, .scope, .otel in this order, then OTEL_SERIES or OTEL_SERIES_IN. */
#define OTEL_GAUGE(...) { OTEL_MADE_(otel_gauge_t) { .name = __VA_ARGS__ OTEL_FORM_(otel_gauge_form_) } }
#define OTEL_GAUGE_DOUBLE(...) { OTEL_MADE_(otel_gauge_double_t) { .name = __VA_ARGS__ OTEL_FORM_(otel_gauge_double_form_) } }

#define OTEL_GAUGE_INT_ OTEL_LAST_
#define OTEL_GAUGE_DOUBLE_ (OTEL_LAST_ | OTEL_DOUBLE_)

OTEL_C_BEGIN_
OTEL_API_ void otel_last_int_(otel_cell_t *cell, int64_t value);
OTEL_API_ void otel_last_double_(otel_cell_t *cell, double value);
OTEL_API_ void otel_last_double_int_(otel_cell_t *cell, int64_t value);

/* Metric.gauge = 5; NumberDataPoint.attributes = 7 */
OTEL_FORM_OF_(otel_gauge_form_, OTEL_GAUGE_INT_, 0x2A, 0x3A, 9, otel_last_int_, otel_refuse_real_, OTEL_WRITES_(otel_int), NULL, otel_last_int_);
OTEL_FORM_OF_(otel_gauge_double_form_, OTEL_GAUGE_DOUBLE_, 0x2A, 0x3A, 9, otel_last_double_int_, otel_last_double_, OTEL_WRITES_(otel_double), NULL, otel_last_double_int_);

/* With a table of `len` attributes. */
OTEL_FN_ void otel_gauge_record_all(otel_gauge_t *gauge, int64_t value, const otel_attr_t *attributes, size_t len);
OTEL_FN_ void otel_gauge_double_record_all(otel_gauge_double_t *gauge, double value, const otel_attr_t *attributes, size_t len);

/* The series of a set of attributes, to keep, for otel_series_record. NULL while no instance is running. Not for interrupts. */
OTEL_FN_ otel_series_t *otel_gauge_bind_all(otel_gauge_t *gauge, const otel_attr_t *attributes, size_t len);
OTEL_FN_ otel_series_t *otel_gauge_double_bind_all(otel_gauge_double_t *gauge, const otel_attr_t *attributes, size_t len);
OTEL_C_END_

/* otel_gauge_record(&temperature, 21.5, "room", "lab"), otel_gauge_bind(&temperature, "room", "lab"): up to 8 pairs. */
#ifndef __cplusplus
#  define otel_gauge_record(gauge, ...) \
    OTEL_EXT_ _Generic((gauge), otel_gauge_t *: otel_gauge_record_all, otel_gauge_double_t *: otel_gauge_double_record_all)( \
        (gauge), OTEL_GAUGE_NUMBER_(gauge, OTEL_FIRST_(__VA_ARGS__)), OTEL_TAIL_(__VA_ARGS__))
#  define OTEL_GAUGE_NUMBER_(gauge, value) \
    OTEL_EXT_ _Generic((gauge), otel_gauge_t *: OTEL_WHOLE_(value), otel_gauge_double_t *: OTEL_REAL_(value))
#  define otel_gauge_bind(...) \
    OTEL_EXT_ _Generic(OTEL_FIRST_(__VA_ARGS__), otel_gauge_t *: otel_gauge_bind_all, otel_gauge_double_t *: otel_gauge_double_bind_all)( \
        OTEL_FIRST_(__VA_ARGS__), OTEL_TAIL_(__VA_ARGS__))
#else
template <class V, class... A> static inline void otel_gauge_record(otel_gauge_t *gauge, V value, const A &...pairs)
{
    OTEL_PAIRS_IN_(A, pairs);
    otel_gauge_record_all(gauge, otel_number_(value), OTEL_LIST_(A));
}
template <class V, class... A> static inline void otel_gauge_record(otel_gauge_double_t *gauge, V value, const A &...pairs)
{
    OTEL_PAIRS_IN_(A, pairs);
    otel_gauge_double_record_all(gauge, static_cast<double>(value), OTEL_LIST_(A));
}
template <class... A> static inline otel_series_t *otel_gauge_bind(otel_gauge_t *gauge, const A &...pairs)
{
    OTEL_PAIRS_IN_(A, pairs);
    return otel_gauge_bind_all(gauge, OTEL_LIST_(A));
}
template <class... A> static inline otel_series_t *otel_gauge_bind(otel_gauge_double_t *gauge, const A &...pairs)
{
    OTEL_PAIRS_IN_(A, pairs);
    return otel_gauge_double_bind_all(gauge, OTEL_LIST_(A));
}
#endif

/* ---- observable.h ---------------------------------------------------------------------------------------------- */
/* Observable instruments: numbers that the program keeps anyway, told by a callback when metrics are collected. One callback
   may tell several instruments. Specification: metrics/api.md, "Asynchronous Counter", "Asynchronous Gauge", "Asynchronous
   UpDownCounter", "Multiple-instrument callbacks".

     static otel_observable_t used = OTEL_OBSERVABLE_UPDOWN("system.memory.usage", .unit = "By", OTEL_SERIES(4));
     static otel_observable_double_t load = OTEL_OBSERVABLE_GAUGE_DOUBLE("system.cpu.load");
     static void measure(void *user) { otel_observe(&used, heap_used(), "state", "used"); otel_observe(&load, 0.5); }
     static otel_callback_t callback = OTEL_CALLBACK(measure, NULL);
     otel_callback_register(&callback);                   // once the instance runs

   Counters tell their total, not what came since. What a callback does not tell in a round is not in it. Callbacks run in
   the thread that collects, one collection at a time. */
#define otel_callback_register OTEL_NAME_(otel_callback_register)
#define otel_callback_unregister OTEL_NAME_(otel_callback_unregister)
#define otel_observe_round_ OTEL_NAME_(otel_observe_round_)
#define otel_observed_double_ OTEL_NAME_(otel_observed_double_)
#define otel_observed_double_int_ OTEL_NAME_(otel_observed_double_int_)
#define otel_observed_int_ OTEL_NAME_(otel_observed_int_)
OTEL_INSTRUMENT_TYPE_(otel_observable_t);        /* int64 */
OTEL_INSTRUMENT_TYPE_(otel_observable_double_t);

/* Name, then .unit, .description, .scope, .otel in this order, then OTEL_SERIES or OTEL_SERIES_IN. */
#define OTEL_OBSERVABLE_COUNTER(...) { OTEL_MADE_(otel_observable_t) { .name = __VA_ARGS__ OTEL_FORM_(otel_observed_counter_form_) } }
#define OTEL_OBSERVABLE_COUNTER_DOUBLE(...) { OTEL_MADE_(otel_observable_double_t) { .name = __VA_ARGS__ OTEL_FORM_(otel_observed_counter_double_form_) } }
#define OTEL_OBSERVABLE_UPDOWN(...) { OTEL_MADE_(otel_observable_t) { .name = __VA_ARGS__ OTEL_FORM_(otel_observed_updown_form_) } }
#define OTEL_OBSERVABLE_UPDOWN_DOUBLE(...) { OTEL_MADE_(otel_observable_double_t) { .name = __VA_ARGS__ OTEL_FORM_(otel_observed_updown_double_form_) } }
#define OTEL_OBSERVABLE_GAUGE(...) { OTEL_MADE_(otel_observable_t) { .name = __VA_ARGS__ OTEL_FORM_(otel_observed_gauge_form_) } }
#define OTEL_OBSERVABLE_GAUGE_DOUBLE(...) { OTEL_MADE_(otel_observable_double_t) { .name = __VA_ARGS__ OTEL_FORM_(otel_observed_gauge_double_form_) } }

/* What is called when metrics are collected. Define with OTEL_CALLBACK where it outlives the instance. */
typedef struct otel_callback_t {
    void (*call)(void *user) OTEL_Z_;
    void *user OTEL_Z_;
    otel_t *otel OTEL_Z_;                         /* (default: the default instance) */
    struct otel_callback_t *next_ OTEL_Z_;
    uint32_t epoch_ OTEL_Z_;                      /* life of the instance that it is registered with */
    uint8_t on_ OTEL_Z_;
} otel_callback_t;
/* OTEL_CALLBACK(measure, NULL), OTEL_CALLBACK(measure, &board, .otel = &otel) */
#define OTEL_CALLBACK(function, ...) { .call = (function), .user = __VA_ARGS__ }

OTEL_C_BEGIN_
/* Call it at each collection from now on. Twice is nothing; after a new otel_init it is registered again. Not for
   interrupts. Errors: OTEL_E_NULL, OTEL_E_NOT_READY. */
OTEL_API_ otel_result_t otel_callback_register(otel_callback_t *callback);

/* Call it no more: a collection that is under way may still do so once. Safe everywhere. */
OTEL_API_ void otel_callback_unregister(otel_callback_t *callback);

OTEL_API_ uint8_t otel_observe_round_(otel_t *otel);
OTEL_API_ void otel_observed_int_(otel_cell_t *cell, int64_t value);
OTEL_API_ void otel_observed_double_(otel_cell_t *cell, double value);
OTEL_API_ void otel_observed_double_int_(otel_cell_t *cell, int64_t value);

/* With a table of `len` attributes. Inside a callback. */
OTEL_FN_ void otel_observe_all(otel_observable_t *observable, int64_t value, const otel_attr_t *attributes, size_t len);
OTEL_FN_ void otel_observe_double_all(otel_observable_double_t *observable, double value, const otel_attr_t *attributes, size_t len);

OTEL_FORM_OF_(otel_observed_counter_form_, OTEL_SUM_ | OTEL_OBSERVED_, 0x3A, 0x3A, 9, otel_observed_int_, otel_refuse_real_, OTEL_WRITES_(otel_int), otel_one_word_, NULL);
OTEL_FORM_OF_(otel_observed_updown_form_, OTEL_SUM_ | OTEL_UPDOWN_ | OTEL_OBSERVED_, 0x3A, 0x3A, 9, otel_observed_int_, otel_refuse_real_, OTEL_WRITES_(otel_int), otel_one_word_, NULL);
OTEL_FORM_OF_(otel_observed_gauge_form_, OTEL_LAST_ | OTEL_OBSERVED_, 0x2A, 0x3A, 9, otel_observed_int_, otel_refuse_real_, OTEL_WRITES_(otel_int), NULL, NULL);
OTEL_FORM_OF_(otel_observed_counter_double_form_, OTEL_SUM_ | OTEL_OBSERVED_ | OTEL_DOUBLE_, 0x3A, 0x3A, 9, otel_observed_double_int_, otel_observed_double_, OTEL_WRITES_(otel_double), otel_one_word_, NULL);
OTEL_FORM_OF_(otel_observed_updown_double_form_, OTEL_SUM_ | OTEL_UPDOWN_ | OTEL_OBSERVED_ | OTEL_DOUBLE_, 0x3A, 0x3A, 9, otel_observed_double_int_, otel_observed_double_, OTEL_WRITES_(otel_double), otel_one_word_, NULL);
OTEL_FORM_OF_(otel_observed_gauge_double_form_, OTEL_LAST_ | OTEL_OBSERVED_ | OTEL_DOUBLE_, 0x2A, 0x3A, 9, otel_observed_double_int_, otel_observed_double_, OTEL_WRITES_(otel_double), NULL, NULL);
OTEL_C_END_

/* otel_observe(&used, 4096, "state", "used"): up to 8 pairs, typed by the compiler. */
#ifndef __cplusplus
#  define otel_observe(observable, ...) \
    OTEL_EXT_ _Generic((observable), otel_observable_t *: otel_observe_all, otel_observable_double_t *: otel_observe_double_all)( \
        (observable), OTEL_OBSERVED_NUMBER_(observable, OTEL_FIRST_(__VA_ARGS__)), OTEL_TAIL_(__VA_ARGS__))
#  define OTEL_OBSERVED_NUMBER_(observable, value) \
    OTEL_EXT_ _Generic((observable), otel_observable_t *: OTEL_WHOLE_(value), otel_observable_double_t *: OTEL_REAL_(value))
#else
template <class V, class... A> static inline void otel_observe(otel_observable_t *observable, V value, const A &...pairs)
{
    OTEL_PAIRS_IN_(A, pairs);
    otel_observe_all(observable, otel_number_(value), OTEL_LIST_(A));
}
template <class V, class... A> static inline void otel_observe(otel_observable_double_t *observable, V value, const A &...pairs)
{
    OTEL_PAIRS_IN_(A, pairs);
    otel_observe_double_all(observable, static_cast<double>(value), OTEL_LIST_(A));
}
#endif

/* ---- aggregation.h --------------------------------------------------------------------------------------------- */
/* What a view makes of an instrument's measurements: a sum, the last value, buckets, nothing. Each brings its code with it,
   so a program links those that its views name. Specification: metrics/sdk.md, "Aggregation". */
#define otel_form_bounds_ OTEL_NAME_(otel_form_bounds_)
#define otel_form_last_ OTEL_NAME_(otel_form_last_)
#define otel_form_powers_ OTEL_NAME_(otel_form_powers_)
#define otel_form_sum_ OTEL_NAME_(otel_form_sum_)
#define OTEL_SHAPE_DROP_ 0u
#define OTEL_SHAPE_NUMBER_ 1u
#define OTEL_SHAPE_BOUNDS_ 2u
#define OTEL_SHAPE_POWERS_ 3u

/* All fields are private. */
typedef struct otel_aggregation_t {
    uint8_t shape_;
    const otel_form_t_ *(*form_)(unsigned kind);  /* for an instrument of this kind; NULL: does not go with it */
} otel_aggregation_t;

#if OTEL_ENABLED && OTEL_METRICS
#define OTEL_AGGREGATION_(name) (&otel_aggregation_##name##_)
#else
#define OTEL_AGGREGATION_(name) ((const otel_aggregation_t *)0)
#endif

/* .aggregation of a view. Drop: nothing is kept and nothing exported. Sum: of a histogram that of its measurements; not for
   gauges. Last value: the last measurement, as a gauge has it. */
#define OTEL_AGGREGATION_DROP OTEL_AGGREGATION_(drop)
#define OTEL_AGGREGATION_SUM OTEL_AGGREGATION_(sum)
#define OTEL_AGGREGATION_LAST_VALUE OTEL_AGGREGATION_(last_value)
/* Buckets with the view's .bounds, else the instrument's, else OTEL_DEFAULT_BOUNDS. Doubles, also for instruments of integers.
   Exponential: at most .size on each side of zero (default: 160; 20 on small targets). Both without a sum where numbers may be
   negative (up-down counters, gauges); not for observables. */
#define OTEL_AGGREGATION_EXPLICIT OTEL_AGGREGATION_(explicit)
#define OTEL_AGGREGATION_EXPONENTIAL OTEL_AGGREGATION_(exponential)

OTEL_C_BEGIN_
#if OTEL_ENABLED && OTEL_METRICS
OTEL_API_ const otel_form_t_ *otel_form_sum_(unsigned kind);
OTEL_API_ const otel_form_t_ *otel_form_last_(unsigned kind);
OTEL_API_ const otel_form_t_ *otel_form_bounds_(unsigned kind);
OTEL_API_ const otel_form_t_ *otel_form_powers_(unsigned kind);

#define OTEL_AGGREGATION_OF_(name, shape, form) static const otel_aggregation_t OTEL_ATTRIBUTE_((unused)) name = { shape, form }
OTEL_AGGREGATION_OF_(otel_aggregation_drop_, OTEL_SHAPE_DROP_, NULL);
OTEL_AGGREGATION_OF_(otel_aggregation_sum_, OTEL_SHAPE_NUMBER_, otel_form_sum_);
OTEL_AGGREGATION_OF_(otel_aggregation_last_value_, OTEL_SHAPE_NUMBER_, otel_form_last_);
OTEL_AGGREGATION_OF_(otel_aggregation_explicit_, OTEL_SHAPE_BOUNDS_, otel_form_bounds_);
OTEL_AGGREGATION_OF_(otel_aggregation_exponential_, OTEL_SHAPE_POWERS_, otel_form_powers_);
#endif
OTEL_C_END_

/* ---- exemplar.h ------------------------------------------------------------------------------------------------ */
/* Exemplars: single measurements that a series shows beside its numbers, with the trace and the span they were made in, their
   time, and the attributes that a view left out of the series. Kept where otel_metric_settings_t.exemplars is set, in the
   memory of the settings; without that nothing of this is linked.
   Specification: metrics/sdk.md, "Exemplar", "ExemplarFilter", "ExemplarReservoir".

     static otel_metric_settings_t metrics = { .exemplars = OTEL_EXEMPLARS_TRACE_BASED, .memory = memory, .memory_len = 2000 };
     otel_init(&otel, ..., .metrics = otel_metrics(&metrics));

   A view that leaves an attribute out of a metric does not keep it out of the exemplars: what must not leave the program at
   all must not be given to the instrument. */
#define otel_exemplar_offer_ OTEL_NAME_(otel_exemplar_offer_)
#define otel_exemplar_write_ OTEL_NAME_(otel_exemplar_write_)
#define otel_reservoir_aligned_offer OTEL_NAME_(otel_reservoir_aligned_offer)
#define otel_reservoir_fixed_offer OTEL_NAME_(otel_reservoir_fixed_offer)
/* Bytes for what a view left out of one measurement, encoded: key and value and 6 bytes each. What does not fit is left out
   of the exemplar. */
#if OTEL_HOSTED_
#define OTEL_EXEMPLAR_INLINE_ 118
#else
#define OTEL_EXEMPLAR_INLINE_ 30
#endif

/* What a reservoir is offered. Valid until it returns. */
typedef struct otel_measurement_t {
    bool is_int;
    int64_t int_value;
    double double_value;
    const otel_attr_t *attributes;        /* attributes_len of them, all that were given; NULL: none, or a bound series */
    size_t attributes_len;
    otel_context_t context;               /* of the current span; all zero: none */
    uint64_t time;                        /* ns, by the clock of the instance */
    uint32_t bucket;                      /* where it falls; of other series than explicit buckets 0 */
    const uint8_t *left_out_;             /* left_out_len_ bytes, encoded */
    uint32_t left_out_len_;
    uint8_t asked_;
} otel_measurement_t;

/* Which measurements a series keeps: all of them are offered, and one that is taken replaces another. */
typedef struct otel_reservoir_t {
    /* Say which of the `size` exemplars the measurement replaces; `size` or more: none. `seen`: how many were offered to this
       series since its numbers were last collected. Called by whoever records, in interrupts too if measurements are made there. */
    uint32_t (*offer)(const struct otel_reservoir_t *self, const otel_measurement_t *m, uint32_t seen, uint32_t size) OTEL_Z_;
    uint16_t size OTEL_Z_;                /* exemplars of one series (default: as many as there are buckets) */
    void *user OTEL_Z_;
} otel_reservoir_t;

struct otel_stream_t_;
/* Which measurements may become exemplars. All fields are private. */
typedef struct otel_exemplar_filter_t {
    bool trace_based_;
    void (*offer_)(struct otel_stream_t_ *stream, otel_cell_t *cell, otel_measurement_t *m);
    bool (*write_)(otel_telling_t_ *point);
    uint32_t (*fixed_)(const otel_reservoir_t *self, const otel_measurement_t *m, uint32_t seen, uint32_t size);
    uint32_t (*aligned_)(const otel_reservoir_t *self, const otel_measurement_t *m, uint32_t seen, uint32_t size);
} otel_exemplar_filter_t;

#if OTEL_ENABLED && OTEL_METRICS
#define OTEL_EXEMPLARS_(name) (&otel_exemplars_##name##_)
#else
#define OTEL_EXEMPLARS_(name) ((const otel_exemplar_filter_t *)0)
#endif

/* .exemplars of the settings: measurements made while the current span is sampled, all of them, none (the default). */
#define OTEL_EXEMPLARS_TRACE_BASED OTEL_EXEMPLARS_(trace_based)
#define OTEL_EXEMPLARS_ALWAYS_ON OTEL_EXEMPLARS_(always_on)
#define OTEL_EXEMPLARS_ALWAYS_OFF NULL

OTEL_C_BEGIN_
/* SimpleFixedSizeExemplarReservoir: each measurement since the last collection has the same chance. Aligned with buckets:
   the last measurement that fell into each. `.offer` of a reservoir of yours. */
OTEL_API_ uint32_t otel_reservoir_fixed_offer(const otel_reservoir_t *self, const otel_measurement_t *m, uint32_t seen, uint32_t size);
OTEL_API_ uint32_t otel_reservoir_aligned_offer(const otel_reservoir_t *self, const otel_measurement_t *m, uint32_t seen, uint32_t size);
#if OTEL_ENABLED
OTEL_API_ void otel_exemplar_offer_(struct otel_stream_t_ *stream, otel_cell_t *cell, otel_measurement_t *m);
OTEL_API_ bool otel_exemplar_write_(otel_telling_t_ *point);
#endif
#if OTEL_ENABLED && OTEL_METRICS
#define OTEL_EXEMPLARS_OF_(name, trace_based) static const otel_exemplar_filter_t OTEL_ATTRIBUTE_((unused)) name = \
    { trace_based, otel_exemplar_offer_, otel_exemplar_write_, otel_reservoir_fixed_offer, otel_reservoir_aligned_offer }
OTEL_EXEMPLARS_OF_(otel_exemplars_trace_based_, true);
OTEL_EXEMPLARS_OF_(otel_exemplars_always_on_, false);
#endif
OTEL_C_END_

/* ---- view.h ---------------------------------------------------------------------------------------------------- */
/* Views: a table of the program's that says what becomes of instruments: another name, fewer attributes, other buckets, a
   limit, nothing at all. And meters that are switched off by the name of their scope. Comes in with
   `.metrics = otel_metrics(&settings)`, and not before.
   Specification: metrics/sdk.md, "View", "MeterConfigurator", "Cardinality limits".

     static const char *const route[] = { "http.route", NULL };
     static const otel_view_t views[] = {
         { .instrument = "http.server.request.duration", .name = "latency", .keep = route, .aggregation = OTEL_AGGREGATION_EXPONENTIAL },
         { .instrument = "debug.*", .aggregation = OTEL_AGGREGATION_DROP },
     };
     static uint64_t memory[1000];
     static otel_metric_settings_t metrics = { .views = views, .views_len = 2, .memory = memory, .memory_len = 1000 };
     otel_init(&otel, ..., .metrics = otel_metrics(&metrics));

   Each view that selects an instrument gives one stream; without any there is the instrument's own. Streams stand in the
   memory of the settings and take the storage that the instrument brought where it fits. A view that does not go with an
   instrument (a sum of a gauge) is for it as if it were not there, and counted; so is an instrument for whose streams there
   is no memory: it keeps its own. An instrument that was in use before, in a life of an instance without settings, keeps its own too, and
   counts as ignored; one whose series the program keeps stays with the settings that it met first. */
#define otel_instrument_enabled_ OTEL_NAME_(otel_instrument_enabled_)
#define otel_meters_update OTEL_NAME_(otel_meters_update)
#define otel_metric_settings_check OTEL_NAME_(otel_metric_settings_check)
#define otel_metric_settings_stats OTEL_NAME_(otel_metric_settings_stats)
#define otel_source_join_ OTEL_NAME_(otel_source_join_)
/* Kinds of instruments, for otel_view_t.kinds. */
#define OTEL_VIEW_COUNTER 1u
#define OTEL_VIEW_UPDOWN 2u
#define OTEL_VIEW_HISTOGRAM 4u
#define OTEL_VIEW_GAUGE 8u
#define OTEL_VIEW_OBSERVABLE_COUNTER 16u
#define OTEL_VIEW_OBSERVABLE_UPDOWN 32u
#define OTEL_VIEW_OBSERVABLE_GAUGE 64u

/* A view. Which instruments: those for which all that is given holds. Then what becomes of them; default: as it is. */
typedef struct otel_view_t {
    const char *instrument OTEL_Z_;               /* name, '*' any text, '?' any character; letters in either case */
    unsigned kinds OTEL_Z_;                       /* OTEL_VIEW_COUNTER | ... */
    const char *unit OTEL_Z_;
    const char *scope OTEL_Z_, *version OTEL_Z_, *schema_url OTEL_Z_;     /* of the meter */
    const char *name OTEL_Z_;                     /* of the stream; selects one instrument by its whole name */
    const char *description OTEL_Z_;
    const char *const *keep OTEL_Z_;              /* keys of the attributes that stay, NULL at the end (default: all) */
    const char *const *exclude OTEL_Z_;           /* keys of those that go, NULL at the end; this or .keep */
    const otel_aggregation_t *aggregation OTEL_Z_;/* OTEL_AGGREGATION_DROP, _SUM, _LAST_VALUE, _EXPLICIT, _EXPONENTIAL */
    const double *bounds OTEL_Z_;                 /* of OTEL_AGGREGATION_EXPLICIT: bounds_len of them, ascending */
    size_t bounds_len OTEL_Z_;
    uint16_t size OTEL_Z_;                        /* of OTEL_AGGREGATION_EXPONENTIAL: buckets on each side, 2 to 160 */
    uint16_t limit OTEL_Z_;                       /* sets of attributes; further ones overflow (default: as many as the instrument has) */
    const otel_reservoir_t *reservoir OTEL_Z_;    /* of exemplars (default: one for each explicit bucket, 20 for exponential buckets, else 1) */
} otel_view_t;

/* What several views that select one instrument are. Independent: each gives a stream. Composable: those of one stream name are
   merged into one stream, and views without a name are part of each; of what several give, the last counts; a key of an
   attribute stays when all .keep have it and no .exclude has it. */
typedef enum { OTEL_VIEWS_INDEPENDENT, OTEL_VIEWS_COMPOSABLE } otel_view_matching_t;

/* The configuration of some meters. */
typedef struct otel_meter_rule_t {
    const char *scope OTEL_Z_;                    /* name, '*' any text, '?' any character (default: all) */
    bool disabled OTEL_Z_;                        /* instruments of the scope record nothing (default: false) */
} otel_meter_rule_t;

/* Rules for otel_meters_update. */
typedef struct otel_meter_rules_t {
    const otel_meter_rule_t *rules OTEL_Z_;       /* rules_len of them; the first whose scope fits counts */
    size_t rules_len OTEL_Z_;
} otel_meter_rules_t;

/* Define where it outlives the instance and the instruments; not const, for one instance at a time. */
typedef struct otel_metric_settings_t {
    const otel_view_t *views OTEL_Z_;             /* views_len of them */
    size_t views_len OTEL_Z_;
    const otel_meter_rule_t *rules OTEL_Z_;       /* rules_len of them; the first whose scope fits counts */
    size_t rules_len OTEL_Z_;
    const otel_exemplar_filter_t *exemplars OTEL_Z_;      /* OTEL_EXEMPLARS_TRACE_BASED, _ALWAYS_ON or _ALWAYS_OFF (the default) */
    uint64_t *memory OTEL_Z_;                     /* (required) memory_len words of 8 bytes for streams: see otel_metric_settings_stats */
    size_t memory_len OTEL_Z_;
    otel_view_matching_t matching OTEL_Z_;        /* (default: OTEL_VIEWS_INDEPENDENT) */
    const otel_reading_t *const *readings OTEL_Z_;/* readings_len of them: what readers want, each with streams of its own; then every reader names one of them (default: all readers see the same) */
    size_t readings_len OTEL_Z_;
    bool rules_change OTEL_Z_;                    /* otel_meters_update may be called: every instrument gets a stream, and adding to a bound series asks whether its meter is on (default: false) */
    const otel_meter_rules_t *now_ OTEL_Z_;       /* instead of rules */
    size_t used_ OTEL_Z_;
    otel_count_t ignored_ OTEL_Z_, crowded_ OTEL_Z_;
} otel_metric_settings_t;

/* What became of the settings. */
typedef struct otel_metric_settings_stats_t {
    size_t used;                                  /* words of the memory */
    otel_count_t ignored;                         /* times that a view did not go with an instrument, or came too late for it */
    otel_count_t crowded;                         /* times that memory was short: raise memory_len */
} otel_metric_settings_stats_t;

OTEL_C_BEGIN_
/* Say whether the settings can be: OTEL_OK, OTEL_E_VIEW, OTEL_E_VIEW_NAME, OTEL_E_VIEW_KEYS, OTEL_E_VIEW_MEMORY. */
OTEL_API_ otel_result_t otel_metric_settings_check(const otel_metric_settings_t *settings);

OTEL_API_ otel_metric_settings_stats_t otel_metric_settings_stats(const otel_metric_settings_t *settings);

/* Switch meters on and off while the instance runs; instruments that are in use follow. A meter that is off records nothing and
   exports nothing; one that is on again goes on where it was. `rules` (NULL: all are on) and what it names outlive the instance
   and do not change: give another object for other rules. Errors: OTEL_E_NULL; OTEL_E_CONFIG without .rules_change. Any thread.
   Specification: metrics/sdk.md, "MeterConfigurator". */
OTEL_API_ otel_result_t otel_meters_update(otel_metric_settings_t *settings, const otel_meter_rules_t *rules);

#if OTEL_ENABLED
OTEL_API_ void otel_source_join_(otel_instrument_t *instrument, otel_t *otel);
#endif

/* .metrics of otel_init, which gives the result of the check. `settings` and what it names outlive the instance. */
OTEL_FN_ otel_metrics_t otel_metrics(otel_metric_settings_t *settings)
{
    otel_metrics_t metrics;
    metrics.settings_ = settings;
#if OTEL_ENABLED && OTEL_METRICS
    if (settings) settings->now_ = NULL;
    metrics.join_ = settings ? otel_source_join_ : NULL;
    metrics.checked_ = otel_metric_settings_check(settings);
#else
    metrics.join_ = NULL;
    metrics.checked_ = OTEL_OK;
#endif
    return metrics;
}

/* Say whether a measurement would be kept: false while no instance runs, when a view drops the instrument, and when its
   meter is switched off. Guards what is expensive to measure. Not for interrupts. Specification: metrics/api.md, "Enabled". */
OTEL_API_ bool otel_instrument_enabled_(otel_instrument_t *instrument);
#define otel_instrument_enabled(instrument) otel_instrument_enabled_(&(instrument)->base_)
OTEL_C_END_

/* ---- stream.h -------------------------------------------------------------------------------------------------- */
/* Streams: where the numbers of an instrument go when views, exemplars or rules have a say. A stream is an instrument of its
   own that the program does not see, so that collecting, temporality and limits know nothing of views; the instrument that
   the program defined stands in front and hands measurements on. All of it is made when the instrument registers, in the
   memory of otel_metric_settings_t. Specification: metrics/sdk.md, "Measurement processing". */
#define otel_front_real_ OTEL_NAME_(otel_front_real_)
#define otel_front_whole_ OTEL_NAME_(otel_front_whole_)
#define otel_source_real_ OTEL_NAME_(otel_source_real_)
#define otel_source_whole_ OTEL_NAME_(otel_source_whole_)
#define otel_stream_find_ OTEL_NAME_(otel_stream_find_)
/* One exemplar of a series. Private. */
typedef struct otel_exemplar_t_ {
    uint64_t value, time;                         /* an int64 or the bytes of a double; by the clock of the instance */
    uint32_t hash;                                /* of the set of attributes that the series had */
    uint8_t busy;                                 /* somebody writes or reads it */
    uint8_t full;                                 /* 1: an int64, 2: a double */
    uint8_t traced;
    uint8_t used;                                 /* bytes of left_out */
    uint8_t ids[24];                              /* trace and span */
    uint8_t left_out[OTEL_EXEMPLAR_INLINE_];
} otel_exemplar_t_;

/* Private. */
typedef struct otel_stream_t_ {
    otel_instrument_t base;
    otel_front_t_ front;
    otel_form_t_ form;                            /* of base: that of the aggregation, with what follows in front of its functions */
    void (*whole)(otel_cell_t *cell, int64_t value);
    void (*real)(otel_cell_t *cell, double value);
    bool (*plain)(otel_telling_t_ *point);
    bool (*inner)(otel_telling_t_ *point);        /* the same, without the sum where there is none to tell */
    bool (*gated)(otel_telling_t_ *point);        /* what writes while the meter is on, where that may change */
    otel_instrument_t *source;
    const otel_metric_settings_t *settings;
    const otel_reading_t *reading;                /* NULL: all readers see it */
    const otel_view_t *const *by;                 /* by_len views that made it */
    size_t by_len;
    const char *const *keys;                      /* that the instrument advises; NULL: none, or a view says something else */
    bool filters;                                 /* attributes are left out */
    otel_reservoir_t reservoir;
    otel_exemplar_t_ *exemplars;                  /* reservoir.size for each cell: without attributes, overflow, series */
    uint32_t *seen;                               /* of each cell */
} otel_stream_t_;

/* A bound series of several streams, or of one that keeps exemplars. Private. */
typedef struct otel_fan_to_t_ {
    otel_cell_t *cell;
    uint32_t used;
    uint8_t left_out[OTEL_EXEMPLAR_INLINE_];
} otel_fan_to_t_;

typedef struct otel_fan_t_ {
    otel_cell_t cell;
    struct otel_fan_t_ *next;
    size_t len;
    otel_fan_to_t_ *to;
} otel_fan_t_;

/* What stands in front of an instrument. Private. */
typedef struct otel_source_t_ {
    otel_front_t_ front;
    otel_form_t_ form;
    const otel_form_t_ *origin;
    otel_metric_settings_t *settings;
    otel_series_t *series;                        /* that the instrument brought */
    otel_fan_t_ *fans;
    uint8_t bound;                                /* the program keeps series of its streams */
    otel_front_t_ *advised;                       /* what OTEL_KEYS set, NULL without; and its keys */
    const char *const *keys;
    const void *on_under, *off_under;             /* rules under which the meter is on, and is off */
} otel_source_t_;

/* ---- fan.h ----------------------------------------------------------------------------------------------------- */
/* Series that a program keeps of an instrument with streams: that of the one stream itself, or a fan that calls each. */
#define otel_source_bind_ OTEL_NAME_(otel_source_bind_)

/* ---- shape.h --------------------------------------------------------------------------------------------------- */
/* What views, readings and the instrument itself say of a stream, put together before it is made.
   Specification: metrics/sdk.md, "Measurement processing", "View matching". */

/* ---- source.h -------------------------------------------------------------------------------------------------- */
/* How streams are made: which views select an instrument when it registers, what each makes of it, and where that stands.
   Specification: metrics/sdk.md, "Measurement processing", "MeterConfigurator". */
#define otel_gated_write_ OTEL_NAME_(otel_gated_write_)
#define otel_merged_real_ OTEL_NAME_(otel_merged_real_)
#define otel_merged_real_whole_ OTEL_NAME_(otel_merged_real_whole_)
#define otel_merged_whole_ OTEL_NAME_(otel_merged_whole_)
#define otel_source_enabled_ OTEL_NAME_(otel_source_enabled_)
#define otel_source_join_by_ OTEL_NAME_(otel_source_join_by_)
#define otel_unsummed_write_ OTEL_NAME_(otel_unsummed_write_)

/* ---- advice.h -------------------------------------------------------------------------------------------------- */
/* Advice that an instrument carries: the keys of the attributes that its metric is meant to have. Others are left out, unless a
   view says which ones stay. Brings views with it, where it is named. Specification: metrics/api.md, "Instrument advisory
   parameters", "Attributes".

     static otel_counter_t served = OTEL_COUNTER("http.server.requests", .unit = "{request}", OTEL_SERIES(16), OTEL_KEYS("http.route", "http.response.status_code"));
     otel_counter_add(&served, 1, "http.route", "/", "user.agent", "curl");         // one series for each route and status */
#define otel_advice_bind_ OTEL_NAME_(otel_advice_bind_)
#define otel_advice_join_ OTEL_NAME_(otel_advice_join_)
#define otel_advice_real_ OTEL_NAME_(otel_advice_real_)
#define otel_advice_settings_ OTEL_NAME_(otel_advice_settings_)
#define otel_advice_whole_ OTEL_NAME_(otel_advice_whole_)
#define OTEL_ADVICE_WORDS_ ((sizeof(otel_source_t_) + sizeof(otel_stream_t_) + 31u) / 8u)

/* Keys, and the memory of one stream; belongs to one instrument. All fields are private. */
typedef struct otel_advice_t {
    otel_front_t_ front_;
    const char *const *keys_;
    otel_metric_settings_t settings_;
    uint64_t memory_[OTEL_ADVICE_WORDS_];
} otel_advice_t;

OTEL_C_BEGIN_
#if OTEL_ENABLED && OTEL_METRICS
OTEL_API_ void otel_advice_join_(otel_instrument_t *instrument, otel_t *otel);
OTEL_API_ void otel_advice_whole_(otel_instrument_t *instrument, int64_t value, const otel_attr_t *attributes, size_t len);
OTEL_API_ void otel_advice_real_(otel_instrument_t *instrument, double value, const otel_attr_t *attributes, size_t len);
OTEL_API_ otel_cell_t *otel_advice_bind_(otel_instrument_t *instrument, const otel_attr_t *attributes, size_t len);
OTEL_API_ otel_metric_settings_t *otel_advice_settings_(otel_front_t_ *front);
static const otel_front_calls_t_ OTEL_ATTRIBUTE_((unused)) otel_advice_calls_ = { otel_advice_join_, otel_advice_whole_, otel_advice_real_, otel_advice_bind_, NULL, otel_advice_settings_ };
#define OTEL_ADVICE_CALLS_ (&otel_advice_calls_)
#else
#define OTEL_ADVICE_CALLS_ NULL
#endif
OTEL_C_END_

/* OTEL_KEYS("http.route", ..), the last of an instrument's arguments, at file scope. Inside a function the advice has a name:
   static const char *const keys[] = { "http.route", NULL };  static otel_advice_t advice = OTEL_ADVICE(keys);  ... OTEL_KEYS_IN(advice). */
#define OTEL_KEYS_IN(advice) .front_ = &(advice).front_
#ifndef __cplusplus
#  define OTEL_ADVICE(keys) { .front_ = { OTEL_ADVICE_CALLS_, NULL }, .keys_ = (keys), .settings_ = { .views = NULL }, .memory_ = { 0 } }
#  define OTEL_KEYS(...) .front_ = &((otel_advice_t)OTEL_ADVICE(((const char *const[]){ __VA_ARGS__, NULL }))).front_
#else
#  define OTEL_ADVICE(keys) { { OTEL_ADVICE_CALLS_, NULL }, (keys), {}, {} }
#  if __cplusplus >= 202002L
template <class Here> struct otel_keys_ {
    static constexpr auto list = Here{}();
    static otel_advice_t advice;
};
template <class Here> otel_advice_t otel_keys_<Here>::advice = OTEL_ADVICE(list.at);
#    define OTEL_KEYS(...) \
    .front_ = &otel_keys_<decltype([] { return otel_numbers_<const char *, otel_bound_count_(__VA_ARGS__) + 1u>{ { __VA_ARGS__, NULL } }; })>::advice.front_
#  else
#    define OTEL_KEYS(...) .front_ = &((otel_advice_t[1]){ OTEL_ADVICE(((const char *const[]){ __VA_ARGS__, NULL })) })[0].front_
#  endif
#endif

/* ---- any.h ----------------------------------------------------------------------------------------------------- */
/* Reads a value back from its encoded form, for those who look at what was set: processors, filters of metrics.
   opentelemetry/proto/common/v1/common.proto, AnyValue. */

/* ---- tracestate.h ---------------------------------------------------------------------------------------------- */
/* The tracestate header: what each tracing system on the way keeps for itself, key=value members divided by commas.
   It is read where it lies; nothing of it is stored. W3C Trace Context level 2: "Tracestate Header". */
#define otel_list_next_ OTEL_NAME_(otel_list_next_)
#define otel_tracestate OTEL_NAME_(otel_tracestate)
#define otel_tracestate_size_ OTEL_NAME_(otel_tracestate_size_)
#define otel_tracestate_write_ OTEL_NAME_(otel_tracestate_write_)
OTEL_C_BEGIN_
/* Write the tracestate of `context` as it is sent on: the members in their order, without the whitespace around them and
   without empty ones, one comma between two. Gives the length (bytes, without the NUL), 0 when there is none.
   `buf` always ends in NUL; when `size` bytes do not hold all of it, it is empty and the length tells what is needed
   (at most 16447). `buf` may be NULL with a `size` of 0.
   One malformed member, a 33rd, or a key or a value over 256 bytes drops the whole header, as the text asks. A key that
   comes twice does not: the grammar allows it, only adding a second one is forbidden ("Mutating the tracestate Field"),
   this library adds none, and members of others must be sent on. Safe in interrupts and signal handlers. */
OTEL_API_ size_t otel_tracestate(const otel_context_t *context, char *buf, size_t size);
OTEL_API_ size_t otel_tracestate_write_(const char *text, char *buf, size_t size);
OTEL_API_ size_t otel_tracestate_size_(const char *text);
OTEL_API_ const char *otel_list_next_(const char **at, size_t *left);
OTEL_C_END_

/* ---- carrier.h ------------------------------------------------------------------------------------------------- */
/* Carriers: where propagators find headers. A server's request, an array of pairs, an environment, a message: each is a
   getter over memory of yours. Nothing is stored; what has to be put together goes into a buffer that you give.
   Specification: context/api-propagators.md, "Getter argument"; RFC 9110, 5.3: lines of one name are one list. */
#define otel_carrier_list OTEL_NAME_(otel_carrier_list)
#define otel_carrier_next OTEL_NAME_(otel_carrier_next)
#define otel_carrier_only OTEL_NAME_(otel_carrier_only)
#define otel_headers_get_ OTEL_NAME_(otel_headers_get_)
#define otel_headers_key_ OTEL_NAME_(otel_headers_key_)
#define otel_name_is_ OTEL_NAME_(otel_name_is_)
/* How to read headers. Zero what you do not need. */
typedef struct otel_carrier_t {
    /* The next line of header `name` (lower-case; HTTP compares without case) from place *at on: *at is 0 at first, and the
       getter moves it behind what it gives. NULL: no more. *len is the value's length in bytes, or stays as it is when the
       value ends in NUL and lives as long as the context that is read. A getter that knows one line of each name:
       return (*at)++ ? NULL : value; */
    const char *(*get)(void *user, const char *name, size_t *at, size_t *len) OTEL_Z_;
    /* The name at place *at, for propagators of your own; the same rules (default: no names) */
    const char *(*key)(void *user, size_t *at, size_t *len) OTEL_Z_;
    void *user OTEL_Z_;                           /* first argument of the two */
    char *buffer OTEL_Z_;                         /* tracestate and baggage that come in several lines or without a NUL are put together here, so it lives as long as the context */
    size_t buffer_size OTEL_Z_;                   /* bytes; 512 for a tracestate, up to 8193 for baggage */
} otel_carrier_t;

/* A header of an array. Neither text has to end in NUL. */
typedef struct otel_header_t {
    const char *name;
    size_t name_len;
    const char *value;
    size_t value_len;
} otel_header_t;

typedef struct otel_headers_t {
    const otel_header_t *at;              /* len of them */
    size_t len;
} otel_headers_t;

OTEL_C_BEGIN_
/* The next line of a header, without blanks around it; its length in *len (bytes). NULL: no more. *at is 0 at first. For
   propagators of your own. Safe wherever the getter is, as all of this part. */
OTEL_API_ const char *otel_carrier_next(const otel_carrier_t *carrier, const char *name, size_t *at, size_t *len);

/* The only line of a header; NULL when there is none or more than one. */
OTEL_API_ const char *otel_carrier_only(const otel_carrier_t *carrier, const char *name, size_t *len);

/* All lines of a header as one list that ends in NUL: the text itself when it is one line, else put together in the buffer,
   of which carrier->buffer then names the rest. Lines that do not fit in `limit` bytes or the buffer: with `whole` all of
   it is left out, else they alone. NULL: nothing there. Reads 256 lines at most. */
OTEL_API_ const char *otel_carrier_list(otel_carrier_t *carrier, const char *name, size_t limit, bool whole);

OTEL_API_ bool otel_name_is_(const char *name, const char *other, size_t other_len);
OTEL_API_ const char *otel_headers_get_(void *user, const char *name, size_t *at, size_t *len);
OTEL_API_ const char *otel_headers_key_(void *user, size_t *at, size_t *len);

OTEL_FN_ otel_carrier_t otel_carrier_(const void *user, char *buffer, size_t buffer_size)
{
    otel_carrier_t carrier;
    carrier.get = NULL;
    carrier.key = NULL;
    carrier.user = (void *)(uintptr_t)user;
    carrier.buffer = buffer;
    carrier.buffer_size = buffer_size;
    return carrier;
}

/* A carrier over an array of headers, whose names are compared without case. The array outlives the carrier. */
OTEL_FN_ otel_carrier_t otel_carrier_headers(const otel_headers_t *headers, char *buffer, size_t buffer_size)
{
    otel_carrier_t carrier = otel_carrier_(headers, buffer, buffer_size);
#if OTEL_ENABLED
    if (headers && headers->at) {
        carrier.get = otel_headers_get_;
        carrier.key = otel_headers_key_;
    }
#endif
    return carrier;
}
OTEL_C_END_

/* ---- baggage.h ------------------------------------------------------------------------------------------------- */
/* Baggage: key=value members that a program and its callers pass along, with properties behind semicolons. It is read
   where it lies, a member at a time. W3C Baggage, "Baggage HTTP Header Format". */
#define otel_baggage OTEL_NAME_(otel_baggage)
#define otel_baggage_find OTEL_NAME_(otel_baggage_find)
#define otel_baggage_next OTEL_NAME_(otel_baggage_next)
#define otel_baggage_value OTEL_NAME_(otel_baggage_value)
#define otel_percent_next_ OTEL_NAME_(otel_percent_next_)
/* The place in a walk through a baggage header; its fields are private. */
typedef struct otel_baggage_t {
    const char *at_;
    size_t left_;                   /* bytes until the limit */
    uint8_t members_;               /* seen so far */
    bool rest_;                     /* some of the header was passed over */
} otel_baggage_t;

/* One member: slices of the header's text, not ended by NUL and not decoded. */
typedef struct otel_baggage_entry_t {
    const char *key;
    size_t key_len;                 /* bytes, at least 1 */
    const char *value;              /* percent-encoded: see otel_baggage_value */
    size_t value_len;
    const char *properties;         /* "p1;p2=v2": all behind the first ';' */
    size_t properties_len;          /* 0: none */
} otel_baggage_entry_t;

OTEL_C_BEGIN_
/* Begin a walk: for (otel_baggage_t it = otel_baggage(&caller); otel_baggage_next(&it, &entry); ) { … }
   All of these are safe in interrupts and signal handlers, and their time grows with the length of the header only.
   Of longer headers the first 180 members that end within 8192 bytes are there ("Limits" asks for 64 and 8192). */
OTEL_API_ otel_baggage_t otel_baggage(const otel_context_t *context);

/* Step to the next member, in the header's order; false at the end. Malformed members are passed over. */
OTEL_API_ bool otel_baggage_next(otel_baggage_t *it, otel_baggage_entry_t *entry);

/* Find a member by its key, which is compared byte by byte and never decoded. Of several the last one counts, as in the
   other OpenTelemetry libraries. False, and an entry of zeros, when there is none. */
OTEL_API_ bool otel_baggage_find(const otel_context_t *context, const char *key, otel_baggage_entry_t *entry);

/* Decode the value of `entry`: %41 becomes A, what is no UTF-8 then becomes U+FFFD, a '+' and a '%' without two hex digits
   stay. Gives the length (bytes, without the NUL) of the whole value; `buf` ends in NUL and holds as many whole characters
   as fit into `size`. %00 gives a NUL inside: the length tells. `buf` may be NULL with a `size` of 0. */
OTEL_API_ size_t otel_baggage_value(const otel_baggage_entry_t *entry, char *buf, size_t size);
OTEL_C_END_

/* ---- span.h ---------------------------------------------------------------------------------------------------- */
/* Spans: started and ended by a block, by a pair of calls, or by hand. A span is its own wire form: what is set on it is
   encoded at once behind its head, and `end` copies head and fields into the ring.
   Specification: trace/api.md, "Span"; opentelemetry/proto/trace/v1/trace.proto. */
#define otel_span_adopt_ OTEL_NAME_(otel_span_adopt_)
#define otel_span_context OTEL_NAME_(otel_span_context)
#define otel_span_current OTEL_NAME_(otel_span_current)
#define otel_span_end OTEL_NAME_(otel_span_end)
#define otel_span_end_at OTEL_NAME_(otel_span_end_at)
#define otel_span_end_time_ OTEL_NAME_(otel_span_end_time_)
#define otel_span_enter OTEL_NAME_(otel_span_enter)
#define otel_span_finish_called_ OTEL_NAME_(otel_span_finish_called_)
#define otel_span_idle_ OTEL_NAME_(otel_span_idle_)
#define otel_span_leave OTEL_NAME_(otel_span_leave)
#define otel_span_more_ OTEL_NAME_(otel_span_more_)
#define otel_span_open_ OTEL_NAME_(otel_span_open_)
#define otel_span_rare_ OTEL_NAME_(otel_span_rare_)
#define otel_span_record_slow_ OTEL_NAME_(otel_span_record_slow_)
#define otel_span_start_in_ OTEL_NAME_(otel_span_start_in_)
#define otel_span_start_with OTEL_NAME_(otel_span_start_with)
#define otel_span_tracestate_ OTEL_NAME_(otel_span_tracestate_)
#define otel_span_unwind OTEL_NAME_(otel_span_unwind)
#define otel_state_write_ OTEL_NAME_(otel_state_write_)
typedef enum { OTEL_INTERNAL = 1, OTEL_SERVER, OTEL_CLIENT, OTEL_PRODUCER, OTEL_CONSUMER } otel_kind_t;       /* Span.SpanKind */
typedef enum { OTEL_STATUS_UNSET, OTEL_STATUS_OK, OTEL_STATUS_ERROR } otel_status_t;                           /* Status.StatusCode */

/* Another span that this one has to do with. */
typedef struct otel_link_t {
    otel_context_t context;
    const otel_attr_t *attributes;        /* attributes_len of them */
    size_t attributes_len;
} otel_link_t;

/* The options, as the field behind the name knows them: an option without a name is no such function. If an error led you here,
   write .kind = OTEL_CLIENT where OTEL_CLIENT stands. Private. */
struct otel_each_option_has_its_name_as_in_dot_kind_equals_;

/* What may be said at the start. The order of the fields is API. */
typedef struct otel_span_options_t {
    const char *name OTEL_Z_;                     /* UTF-8; a pointer that lives until the end of the span */
    void (*more_)(struct otel_span_t *span, const struct otel_each_option_has_its_name_as_in_dot_kind_equals_ *options) OTEL_Z_;     /* private: what serves attributes, links, start */
    otel_kind_t kind OTEL_Z_;                     /* (default: OTEL_INTERNAL) */
    const otel_context_t *parent OTEL_Z_;         /* (default: the current span); an invalid one makes a root */
    const otel_attr_t *attributes OTEL_Z_;        /* attributes_len of them; samplers see these */
    size_t attributes_len OTEL_Z_;
    const otel_link_t *links OTEL_Z_;             /* links_len of them */
    size_t links_len OTEL_Z_;
    uint64_t start_ns OTEL_Z_;                    /* Unix nanoseconds (default: now) */
    size_t bytes OTEL_Z_;                         /* of the memory at the span (default: sizeof(otel_span_t)) */
    const otel_scope_t *scope OTEL_Z_;            /* (default: OTEL_FILE_SCOPE) */
    otel_t *otel OTEL_Z_;                         /* (default: the scope's, else the default instance) */
    void (*adopt_)(struct otel_span_t *span, const otel_context_t *parent) OTEL_Z_;               /* private: and .parent */
} otel_span_options_t;

#if UINTPTR_MAX > 0xFFFFu
#define OTEL_SPAN_INLINE_ 64      /* part of the type, so the same in every file */
#else
#define OTEL_SPAN_INLINE_ 32
#endif
#define OTEL_SPAN_HEAD_ 68        /* mark, length, ids, times, flags, kind, parent */
#define OTEL_SPAN_TAIL_ 24        /* status code, dropped counts, the name's tag, filling: written at the end */
#define OTEL_NAME_MAX_ 1024u      /* bytes of a name */

/* A span. It does not move between start and end; all fields are private. An array of OTEL_SPANS(n) has room for n bytes
   of attributes, events and links. */
typedef struct otel_span_t {
    otel_t *otel_;                /* NULL: not started, ended, or no instance */
    struct otel_span_t *up_;      /* the span that was current before */
    const char *name_;
    const char *tracestate_;
    const char *baggage_;
    const struct otel_context_value_t *values_;
    uint64_t offset_;             /* wall time minus the clock, the same for all times of this span */
    size_t room_, used_;          /* bytes from the head on */
    uintptr_t keys_[OTEL_KEY_BITS_ / (8u * sizeof(uintptr_t))];   /* a bit for each key that was set, so that most new keys are known to be new at once */
    uint16_t attributes_, events_, links_;
    uint8_t state_;               /* OTEL_SPAN_.._ bits */
    uint8_t mark_;                /* of the record: scope and whether its times are relative */
    uint16_t lost_attributes_, lost_events_, lost_links_;
    uint8_t status_, named_;      /* (renamed) with the three before: eight bytes that are mostly zero, looked at together */
    uint8_t flags_;               /* trace flags */
    uint8_t name_len_;            /* plus one; 0: not known */
    uint8_t aligned_[2];          /* the head begins on a word, where the target has words */
    uint8_t head_[OTEL_SPAN_HEAD_];
    uint8_t scratch_[OTEL_SPAN_INLINE_ + OTEL_SPAN_TAIL_];
} otel_span_t;

/* How many otel_span_t hold a span with `bytes` of scratch. */
#define OTEL_SPANS(bytes) ((offsetof(otel_span_t, scratch_) + OTEL_SPAN_TAIL_ + (bytes) + sizeof(otel_span_t) - 1) / sizeof(otel_span_t))

OTEL_C_BEGIN_
/* Start a span in memory that the caller owns and that does not move; it gives `span` back. A span that is not sampled
   records nothing and still passes its context on. Safe in interrupts and signal handlers (a scope's first use is not). */
OTEL_API_ otel_span_t *otel_span_start_with(otel_span_t *span, const otel_span_options_t *options);

/* End a span now, or at `end_ns` (Unix nanoseconds). Twice is nothing; so is NULL. Safe in interrupts and signal handlers. */
OTEL_API_ void otel_span_end(otel_span_t *span);
OTEL_API_ void otel_span_end_at(otel_span_t *span, uint64_t end_ns);

/* Make a span the current one of this thread or task, and take it back. OTEL_SPAN blocks do both by themselves. Leave
   before the span's memory goes; out of order takes it out of the chain. */
OTEL_API_ void otel_span_enter(otel_span_t *span);
OTEL_API_ void otel_span_leave(otel_span_t *span);
/* After longjmp, which ends no block: what otel_span_current gave before setjmp (NULL: none) is current again. The spans above it are
   forgotten and not recorded; their memory may be gone. Of the calling thread, and of the default instance. */
OTEL_API_ void otel_span_unwind(otel_span_t *to);

/* The innermost span that is current here; NULL when there is none. */
OTEL_API_ otel_span_t *otel_span_current(void);

/* The span's context, by value; all zero for NULL. A span that is not recording has one too. */
OTEL_API_ otel_context_t otel_span_context(const otel_span_t *span);

/* Say whether what is set on the span goes anywhere: guards what is expensive to compute. */
OTEL_FN_ bool otel_is_recording(const otel_span_t *span);

OTEL_API_ otel_span_t *otel_span_start_in_(otel_span_t *span, uint32_t form, const otel_scope_t *scope, const char *name, const otel_span_options_t *options);
OTEL_API_ void otel_span_adopt_(otel_span_t *span, const otel_context_t *parent);
OTEL_API_ void otel_span_tracestate_(otel_span_t *span);
OTEL_API_ void otel_span_more_(otel_span_t *span, const struct otel_each_option_has_its_name_as_in_dot_kind_equals_ *options);
OTEL_FN_ bool otel_runs_(const otel_t *otel, const otel_scope_t *scope);
OTEL_FN_ void otel_span_cleanup_(otel_span_t **span)
{
    if (!OTEL_ASKS_FIRST_ || (*span && (*span)->otel_)) otel_span_end(*span);
}

#define OTEL_START_CURRENT_ 0x80u     /* enter it */
#define OTEL_START_BY_VALUE_ 0x100u   /* it will be entered by value */
/* In one number: the bytes of the span's memory, how it starts, and the length of its name plus one (0: not known). */
#define OTEL_START_WORD_(bytes, how, known) \
    (((uint32_t)((bytes) < sizeof(otel_span_t) ? sizeof(otel_span_t) : (bytes)) & 0x3FFFFFu) << 9 | (uint32_t)(how) | ((known) < 128u ? (uint32_t)(known) : 0u))
OTEL_INLINE_ const char *otel_name_or_empty_(const char *name) { return name ? name : ""; }

#define OTEL_SPAN_NOTHING_ 32u        /* in state_, alone: nothing but this and otel_ is set */
/* Not running, and nothing came in: what is asked of such a span says no, whatever else is in its memory. */
OTEL_INLINE_ otel_span_t *otel_span_off_(otel_span_t *span)
{
    span->otel_ = NULL;
    span->state_ = OTEL_SPAN_NOTHING_;
    return span;
}

OTEL_INLINE_ otel_span_t *otel_span_start_one_(otel_span_t *span, uint32_t form, const otel_scope_t *scope, const char *name)
{
    if (OTEL_ASKS_FIRST_ && span && !otel_runs_(NULL, scope)) return otel_span_off_(span);
    return otel_span_start_in_(span, form, scope, otel_name_or_empty_(name), NULL);
}

/* What an option needs comes in with the option. */
OTEL_INLINE_ otel_span_t *otel_span_start_by_(otel_span_t *span, uint32_t form, const otel_scope_t *scope, otel_span_options_t options)
{
    const char *name = otel_name_or_empty_(options.name);
    const otel_scope_t *by;
    const otel_t *otel = options.otel;
    const bool alone = span && !options.parent;   /* looked at before anything atomic, over which compilers forget the options */
    if (options.bytes) form = OTEL_START_WORD_(options.bytes, 0u, 0u) | (form & 0x1FFu);
    options.scope = otel_scope_by_(options.scope);
    by = options.scope ? options.scope : scope;
    options.adopt_ = OTEL_ENABLED && options.parent ? otel_span_adopt_ : NULL;
    options.more_ = OTEL_ENABLED && (options.attributes_len || options.links_len || options.start_ns) ? otel_span_more_ : NULL;
    if (OTEL_ASKS_FIRST_ && alone && !otel_runs_(otel, by)) return otel_span_off_(span);
#if OTEL_ASKS_FIRST_
    {
        const otel_span_options_t written = options;  /* they are in memory only where somebody reads them there */
        return otel_span_start_in_(span, form, scope, name, &written);
    }
#else
    return otel_span_start_in_(span, form, scope, name, &options);
#endif
}
OTEL_C_END_

#define OTEL_FLAG_LATE_ 0x40u     /* in flags_: whether the span is kept is asked at its end */
#define OTEL_FLAG_ERRORS_ 0x20u   /* and it is when its status is an error */
#define OTEL_FLAG_ENDING_ 0x10u   /* its end time stands */
#define OTEL_SPAN_RECORDING_ 1u
#define OTEL_SPAN_CURRENT_ 2u     /* entered */
#define OTEL_SPAN_RELATIVE_ 4u    /* times count from boot: the exporter puts them right */
#define OTEL_SPAN_PARENT_ 8u      /* has a parent id */
#define OTEL_SPAN_STATUS_ 16u     /* the status stands in the scratch, with its message */
#define OTEL_SPAN_BY_VALUE_ 64u   /* entered as a copy of its context (no cleanup attribute) */
#define OTEL_SPAN_REMOTE_ 128u    /* the parent came over a wire */

/* otel_span_start(&s, "ota.download", .kind = OTEL_CLIENT): a pair with otel_span_end; not current by itself.
   One otel_span_t has room for two or three attributes. For more: otel_span_t s[OTEL_SPANS(256)] and .bytes = sizeof s. */
#define otel_span_start(span, ...) OTEL_START_AT_((span), sizeof *(span), 0u, __VA_ARGS__)

/* OTEL_SPAN(span, "read_sensor", .kind = OTEL_CLIENT) { ... }
   A block that is a span and makes it current. It ends on fall-through, return, goto, break and continue; the last two
   leave this block, not a loop around it. longjmp does not end it: otel_span_unwind. `span` is an
   otel_span_t * inside. Nested blocks take different names.

   Expansion: a for loop that runs once; its first variable is the memory, the second ends the span when it goes out of
   scope, the third is the name that you chose. */
#define OTEL_SPAN(...) OTEL_CAT_(OTEL_SPAN_, OTEL_ONE_OR_MORE_(__VA_ARGS__))(__VA_ARGS__)
#define OTEL_SPAN_more_(span, ...) OTEL_SPAN_SIZED(span, OTEL_SPAN_BYTES, __VA_ARGS__)
/* If an error led you here: the first argument is a variable of your choice, without quotes, then comes the span's name. */
#define OTEL_SPAN_one_(...) for (; OTEL_a_span_needs_a_variable_and_a_name;)
#define OTEL_SPAN_HERE_one_(...) (void)OTEL_a_span_needs_a_variable_and_a_name
#define OTEL_START_(mem, how, ...) OTEL_START_AT_((mem), sizeof (mem), (how), __VA_ARGS__)
/* A name alone goes as an argument; options stand in one literal, of which the compiler keeps what is used. */
#define OTEL_START_AT_(at, bytes, how, ...) OTEL_CAT_(OTEL_START_, OTEL_ONE_OR_MORE_(__VA_ARGS__))(at, bytes, how, __VA_ARGS__)
#define OTEL_START_one_(at, bytes, how, name) otel_span_start_one_((at), OTEL_START_WORD_(bytes, how, OTEL_KNOWN_(name)), otel_scope_by_(OTEL_FILE_SCOPE), (name))
#define OTEL_START_more_(at, bytes, how, ...) \
    otel_span_start_by_((at), OTEL_START_WORD_(bytes, how, 0u), otel_scope_by_(OTEL_FILE_SCOPE), OTEL_LITERAL_(otel_span_options_t){ .name = __VA_ARGS__ })

#if OTEL_CLEANUP_
#  define OTEL_SPAN_SIZED(span, bytes, ...) \
    for (otel_span_t otel_memory_of_the_variable_##span[OTEL_SPANS(bytes)], *span##_end_ OTEL_ATTRIBUTE_((cleanup(otel_span_cleanup_), unused)) = \
         OTEL_START_(otel_memory_of_the_variable_##span, OTEL_START_CURRENT_, __VA_ARGS__), *span = otel_memory_of_the_variable_##span; span; span = NULL)
/* To the closing brace: for whole functions, and loops with break. */
#  define OTEL_SPAN_HERE(...) OTEL_CAT_(OTEL_SPAN_HERE_, OTEL_ONE_OR_MORE_(__VA_ARGS__))(__VA_ARGS__)
#  define OTEL_SPAN_HERE_more_(span, ...) \
    otel_span_t otel_memory_of_the_variable_##span[OTEL_SPANS(OTEL_SPAN_BYTES)], *span OTEL_ATTRIBUTE_((cleanup(otel_span_cleanup_), unused)) = \
        (OTEL_START_(otel_memory_of_the_variable_##span, OTEL_START_CURRENT_, __VA_ARGS__), otel_memory_of_the_variable_##span)
#elif defined(__cplusplus)
template <unsigned n> struct OTEL_NAME_(otel_guard_) {
    otel_span_t mem[n];
    otel_span_t *live;
    OTEL_NAME_(otel_guard_)() : live(mem) { mem->otel_ = NULL; }      /* not started yet, should an option throw */
    ~OTEL_NAME_(otel_guard_)() { otel_span_end(mem); }
    OTEL_NAME_(otel_guard_)(const OTEL_NAME_(otel_guard_) &) = delete;
    OTEL_NAME_(otel_guard_) &operator=(const OTEL_NAME_(otel_guard_) &) = delete;
};
#  define OTEL_SPAN_SIZED(span, bytes, ...) \
    for (OTEL_NAME_(otel_guard_)<OTEL_SPANS(bytes)> otel_memory_of_the_variable_##span; otel_memory_of_the_variable_##span.live; otel_memory_of_the_variable_##span.live = NULL) \
        for (otel_span_t *span = (OTEL_START_(otel_memory_of_the_variable_##span.mem, OTEL_START_CURRENT_, __VA_ARGS__), otel_memory_of_the_variable_##span.mem); span; span = NULL)
#  define OTEL_SPAN_HERE(...) OTEL_CAT_(OTEL_SPAN_HERE_, OTEL_ONE_OR_MORE_(__VA_ARGS__))(__VA_ARGS__)
#  define OTEL_SPAN_HERE_more_(span, ...) \
    OTEL_NAME_(otel_guard_)<OTEL_SPANS(OTEL_SPAN_BYTES)> otel_memory_of_the_variable_##span; \
    otel_span_t *const span = (OTEL_START_(otel_memory_of_the_variable_##span.mem, OTEL_START_CURRENT_, __VA_ARGS__), otel_memory_of_the_variable_##span.mem); \
    (void)span
#else  /* C without cleanup: fall-through and continue end it; leave with OTEL_SPAN_RETURN. OTEL_SPAN_HERE does not exist. */
#  define OTEL_SPAN_SIZED(span, bytes, ...) \
    for (otel_span_t otel_memory_of_the_variable_##span[OTEL_SPANS((bytes) + sizeof(otel_current_t))], *span = (OTEL_START_(otel_memory_of_the_variable_##span, OTEL_START_BY_VALUE_, __VA_ARGS__), otel_span_enter(otel_memory_of_the_variable_##span), otel_memory_of_the_variable_##span); \
         span; otel_span_end(span), span = NULL)
#endif

/* OTEL_SPAN_RETURN(span, value): end the span and return the value, which is evaluated after the end; in a void function
   OTEL_SPAN_RETURN(span, ). Needed only where there is no cleanup attribute, fine everywhere. */
#define OTEL_SPAN_RETURN(span, ...) do { otel_span_end(span); return __VA_ARGS__; } while (0)

/* ---- traceparent.h --------------------------------------------------------------------------------------------- */
/* The traceparent header: version, trace id, parent id and flags in lower-case hex, 55 characters.
   W3C Trace Context level 2: "Traceparent Header", "Versioning of traceparent". */
#define otel_traceparent_put_ OTEL_NAME_(otel_traceparent_put_)
#define otel_traceparent_read_ OTEL_NAME_(otel_traceparent_read_)
#define otel_traceparent_write_ OTEL_NAME_(otel_traceparent_write_)
#define OTEL_TRACEPARENT_SIZE 56        /* the 55 characters of version 00 and the NUL */

OTEL_C_BEGIN_
OTEL_API_ bool otel_traceparent_put_(const uint8_t *trace_id, const uint8_t *span_id, unsigned flags, char *out);
OTEL_API_ void otel_traceparent_write_(const otel_context_t *context, char *out);
OTEL_API_ bool otel_traceparent_read_(otel_context_t *context, const char *text, size_t len);
OTEL_C_END_

/* ---- propagator.h ---------------------------------------------------------------------------------------------- */
/* Propagation: from the headers of a request to a context, and from a span to the headers of the next request.
   Specification: context/api-propagators.md, "TextMap Propagator"; W3C Trace Context level 2; W3C Baggage. */
#define otel_extract OTEL_NAME_(otel_extract)
#define otel_inject OTEL_NAME_(otel_inject)
#define otel_inject_by_ OTEL_NAME_(otel_inject_by_)
#define otel_inject_context OTEL_NAME_(otel_inject_context)
#define otel_inject_copy_ OTEL_NAME_(otel_inject_copy_)
#define otel_inject_parent_ OTEL_NAME_(otel_inject_parent_)
#define otel_traceparent OTEL_NAME_(otel_traceparent)
/* A propagator: see textmap.h, b3.h; or fill one for a format of your own. otel_config_t.propagator names the one in use. */
typedef struct otel_propagator_t {
    /* Read the carrier into *context and leave alone what it does not have: several propagators share one context. True when
       a trace was found. */
    bool (*extract)(const struct otel_propagator_t *self, otel_context_t *context, otel_carrier_t *carrier) OTEL_Z_;
    /* Call set(user, name, value) for each header that carries *context on. */
    void (*inject)(const struct otel_propagator_t *self, const otel_context_t *context, void (*set)(void *user, const char *name, const char *value), void *user) OTEL_Z_;
    const char *fields OTEL_Z_;                       /* the names that it sets, each with its NUL, an empty one at the end: "b3\0" */
    const struct otel_propagator_t *const *list OTEL_Z_;    /* of a composite, NULL at the end */
    void *user OTEL_Z_;
} otel_propagator_t;

OTEL_C_BEGIN_
/* Read the headers of a request into `out`; NULL stands for a header that is absent. True when traceparent is valid; else
   `out` has no ids and no tracestate, and a span started from it begins a new trace. Baggage is kept in either case.
   Spaces and tabs around a value are ignored. Header lines of the same name come joined by commas; a traceparent so
   joined is not valid. tracestate and baggage are not copied: their text must outlive `out` and the spans started from
   it. Works without an instance. Safe in interrupts and signal handlers. */
OTEL_API_ bool otel_extract(otel_context_t *out, const char *traceparent, const char *tracestate, const char *baggage);

/* Write the traceparent of `span` and give `out` back: an empty string when there is no span. Safe in interrupts. */
OTEL_API_ char *otel_traceparent(const otel_span_t *span, char out[OTEL_TRACEPARENT_SIZE]);

/* Call set(user, name, value) for each header that carries `span` on: those of the instance's propagator, without one
   traceparent, tracestate, baggage, in this order, and only those that are there. Names are lower-case; `value` lives until `set` returns, and only has visible ASCII, spaces
   and tabs in it.
   tracestate and baggage are checked and then go on as the text that came, when it needs no change. A text that does
   (whitespace around members, empty or malformed members) goes on in the form of otel_tracestate where pointers have
   8 bytes and 511 bytes hold it. Elsewhere it goes on as it came if all its members are well-formed, for whitespace and
   empty members are legal, and is left out if one is not. A baggage beyond the limits of otel_baggage counts as malformed.
   Needs about 128 bytes of stack, 800 where pointers have 8 bytes, and what `set` takes. */
OTEL_API_ void otel_inject(const otel_span_t *span, void (*set)(void *user, const char *name, const char *value), void *user);

/* The same for programs that forward a request without a span of their own. */
OTEL_API_ void otel_inject_context(const otel_context_t *context, void (*set)(void *user, const char *name, const char *value), void *user);
OTEL_C_END_

/* ---- textmap.h ------------------------------------------------------------------------------------------------- */
/* Propagators as objects: the two of W3C, several in a row, and your own. The one in otel_config_t.propagator is what
   otel_inject and otel_extract_from use; without it these are W3C trace context and baggage.
   Specification: context/api-propagators.md, "TextMap Propagator", "Composite Propagator", "Global Propagators". */
#define otel_baggage_extract_ OTEL_NAME_(otel_baggage_extract_)
#define otel_baggage_send_ OTEL_NAME_(otel_baggage_send_)
#define otel_composite_extract_ OTEL_NAME_(otel_composite_extract_)
#define otel_composite_inject_ OTEL_NAME_(otel_composite_inject_)
#define otel_extract_from OTEL_NAME_(otel_extract_from)
#define otel_inject_to OTEL_NAME_(otel_inject_to)
#define otel_propagator_field OTEL_NAME_(otel_propagator_field)
#define otel_w3c_extract_ OTEL_NAME_(otel_w3c_extract_)
#define otel_w3c_inject_ OTEL_NAME_(otel_w3c_inject_)
OTEL_C_BEGIN_
OTEL_API_ bool otel_w3c_extract_(const otel_propagator_t *self, otel_context_t *context, otel_carrier_t *carrier);
OTEL_API_ bool otel_baggage_extract_(const otel_propagator_t *self, otel_context_t *context, otel_carrier_t *carrier);
OTEL_API_ bool otel_composite_extract_(const otel_propagator_t *self, otel_context_t *context, otel_carrier_t *carrier);
OTEL_API_ void otel_w3c_inject_(const otel_propagator_t *self, const otel_context_t *context, void (*set)(void *user, const char *name, const char *value), void *user);
OTEL_API_ void otel_baggage_send_(const otel_propagator_t *self, const otel_context_t *context, void (*set)(void *user, const char *name, const char *value), void *user);
OTEL_API_ void otel_composite_inject_(const otel_propagator_t *self, const otel_context_t *context, void (*set)(void *user, const char *name, const char *value), void *user);

OTEL_FN_ otel_propagator_t otel_propagator_(bool (*extract)(const otel_propagator_t *, otel_context_t *, otel_carrier_t *),
                                            void (*inject)(const otel_propagator_t *, const otel_context_t *, void (*)(void *, const char *, const char *), void *),
                                            const char *fields, const otel_propagator_t *const *list)
{
    otel_propagator_t p;
    p.extract = extract;
    p.inject = inject;
    p.fields = fields;
    p.list = list;
    p.user = NULL;
    return p;
}
#if OTEL_ENABLED
#define OTEL_PROPAGATOR_(extract, inject, fields, list) otel_propagator_(extract, inject, fields, list)
#else
#define OTEL_PROPAGATOR_(extract, inject, fields, list) otel_propagator_(NULL, NULL, fields, list)
#endif

/* W3C Trace Context: traceparent and tracestate. Several traceparent lines are none. */
OTEL_FN_ otel_propagator_t otel_propagator_w3c(void) { return OTEL_PROPAGATOR_(otel_w3c_extract_, otel_w3c_inject_, "traceparent\0tracestate\0", NULL); }
/* W3C Baggage. Lines that do not fit in the carrier's buffer are left out, each as a whole. */
OTEL_FN_ otel_propagator_t otel_propagator_baggage(void) { return OTEL_PROPAGATOR_(otel_baggage_extract_, otel_baggage_send_, "baggage\0", NULL); }
/* All of `list`, NULL at the end, one after the other; of several that find a trace the last one counts. `list` and what it
   names outlive the propagator. Composites do not stand inside one another. */
OTEL_FN_ otel_propagator_t otel_propagator_composite(const otel_propagator_t *const *list)
{
    if (!list) return otel_propagator_(NULL, NULL, NULL, NULL);
    return OTEL_PROPAGATOR_(otel_composite_extract_, otel_composite_inject_, NULL, list);
}

/* Read a carrier into `out`, which is emptied first. True when there is a trace; else a span started from `out` begins a
   new one. `propagator` NULL: the default instance's, else trace context and baggage. What otel_extract says of texts and
   their lives holds here too. Safe where the getter is. */
OTEL_API_ bool otel_extract_from(otel_context_t *out, const otel_propagator_t *propagator, otel_carrier_t *carrier);

/* Like otel_inject_context with a propagator of choice (NULL: as above). */
OTEL_API_ void otel_inject_to(const otel_context_t *context, const otel_propagator_t *propagator, void (*set)(void *user, const char *name, const char *value), void *user);

/* The n-th header name that a propagator sets, NULL at the end: what a client clears before it injects again. */
OTEL_API_ const char *otel_propagator_field(const otel_propagator_t *propagator, size_t n);
OTEL_C_END_

/* ---- b3.h ------------------------------------------------------------------------------------------------------ */
/* B3, the headers of Zipkin: one header `b3`, or several that begin with x-b3-. Both are read, the single one first; which
   is written is chosen. Specification: context/api-propagators.md, "B3 Requirements"; openzipkin/b3-propagation. */
#define otel_b3_extract_ OTEL_NAME_(otel_b3_extract_)
#define otel_b3_inject_ OTEL_NAME_(otel_b3_inject_)
#define otel_b3_inject_multi_ OTEL_NAME_(otel_b3_inject_multi_)
OTEL_C_BEGIN_
OTEL_API_ bool otel_b3_extract_(const otel_propagator_t *self, otel_context_t *context, otel_carrier_t *carrier);
OTEL_API_ void otel_b3_inject_(const otel_propagator_t *self, const otel_context_t *context, void (*set)(void *user, const char *name, const char *value), void *user);
OTEL_API_ void otel_b3_inject_multi_(const otel_propagator_t *self, const otel_context_t *context, void (*set)(void *user, const char *name, const char *value), void *user);

/* Write `b3: traceid-spanid-sampled`. Ids of 64 bits are read as 128 with zeros in front. A sampling state that is absent
   (deferred) reads as not sampled; `d` is OTEL_FLAG_DEBUG together with OTEL_FLAG_SAMPLED, and goes out as `d` again. The
   parent's span id is not passed on. */
OTEL_FN_ otel_propagator_t otel_propagator_b3(void) { return OTEL_PROPAGATOR_(otel_b3_extract_, otel_b3_inject_, "b3\0", NULL); }
/* Write x-b3-traceid, x-b3-spanid, and x-b3-sampled or x-b3-flags. */
OTEL_FN_ otel_propagator_t otel_propagator_b3_multi(void)
{
    return OTEL_PROPAGATOR_(otel_b3_extract_, otel_b3_inject_multi_, "x-b3-traceid\0x-b3-spanid\0x-b3-sampled\0x-b3-flags\0", NULL);
}
OTEL_C_END_

/* ---- baggageset.h ---------------------------------------------------------------------------------------------- */
/* Baggage with a member set, or without one. Specification: baggage/api.md, "Set Value", "Remove Value"; W3C Baggage. */
#define otel_baggage_set OTEL_NAME_(otel_baggage_set)
OTEL_C_BEGIN_
/* Write the baggage of `context` (NULL: none) with `key` set to `value` into `buf`, `size` bytes with the NUL, for the field .baggage of
   a context; it must not be the text that is read. `value` is text as it is: what may not stand in a header is percent-encoded.
   `properties` are as they are sent, "p1;p2=v2" (NULL: none). `value` NULL: without that key. Former members of that key go, the others
   stay as they are, and the new one is the last.
   False, and "" in `buf`: the key is no token (letters, digits and !#$%&'*+-.^_`|~), the properties are none, there is no room, or it
   would be more than 8192 bytes or 180 members. On firmware one call at a time. */
OTEL_API_ bool otel_baggage_set(const otel_context_t *context, const char *key, const char *value, const char *properties, char *buf, size_t size);
OTEL_C_END_

/* ---- contextkey.h ---------------------------------------------------------------------------------------------- */
/* Values of a program's own that go along with a context inside the process: to child spans, samplers and processors, never over a
   wire. A context does not change; one with a value more is another context. Nobody who has none pays for it.
   Specification: context/README.md, "Create a key", "Get value", "Set value". */
#define otel_context_value OTEL_NAME_(otel_context_value)
#define otel_context_with OTEL_NAME_(otel_context_with)
/* A key is its address: two of one name are two keys.
     static const otel_context_key_t user = OTEL_CONTEXT_KEY("user"); */
typedef struct otel_context_key_t {
    const char *name OTEL_Z_;             /* for people who debug */
} otel_context_key_t;
#define OTEL_CONTEXT_KEY(name) { name }

/* Memory for one value, the caller's; all fields are private. */
typedef struct otel_context_value_t {
    const otel_context_key_t *key_ OTEL_Z_;
    const void *value_ OTEL_Z_;
    const struct otel_context_value_t *next_ OTEL_Z_;
} otel_context_value_t;

OTEL_C_BEGIN_
/* A context like `context` (NULL: an empty one) in which `key` has `value`. `place`, which is not in use, and what `value` points to
   outlive it and the spans started from it. Start spans with it: .parent = &with. Safe in interrupts. */
OTEL_API_ otel_context_t otel_context_with(const otel_context_t *context, const otel_context_key_t *key, const void *value, otel_context_value_t *place);
/* The value of `key`, the last one set; NULL: none. Takes as long as values were set. Safe in interrupts. */
OTEL_API_ const void *otel_context_value(const otel_context_t *context, const otel_context_key_t *key);
OTEL_C_END_

/* ---- element.h ------------------------------------------------------------------------------------------------- */
/* What events and links have in common: fields of a span that are messages with attributes of their own.
   Specification: opentelemetry/proto/trace/v1/trace.proto, Span.Event and Span.Link. */
#define otel_element_close_ OTEL_NAME_(otel_element_close_)
#define otel_element_open_ OTEL_NAME_(otel_element_open_)
#define otel_element_put_ OTEL_NAME_(otel_element_put_)
#define otel_element_text_ OTEL_NAME_(otel_element_text_)
#define otel_event_open_ OTEL_NAME_(otel_event_open_)
/* One that is being written, behind what the span has. Private. */
typedef struct otel_element_t_ {
    uint8_t *at;                  /* how far; NULL: it does not fit, and is counted */
    uint8_t *first;               /* its first attribute */
    uint32_t kept, lost;          /* attributes */
} otel_element_t_;

OTEL_C_BEGIN_
OTEL_API_ uint8_t *otel_element_open_(otel_span_t *span, uint8_t tag, size_t need);
OTEL_API_ void otel_element_put_(otel_span_t *span, otel_element_t_ *e, const otel_attr_t *attributes, size_t len);
OTEL_API_ void otel_element_text_(otel_span_t *span, otel_element_t_ *e, const char *key, const char *text);
OTEL_API_ void otel_element_close_(otel_span_t *span, const otel_element_t_ *e);
OTEL_API_ void otel_event_open_(otel_span_t *span, otel_element_t_ *e, const char *name, uint64_t time_ns);
OTEL_C_END_

/* ---- event.h --------------------------------------------------------------------------------------------------- */
/* Events of a span: a name, a time and attributes. Specification: trace/api.md, "Add Events". */
#define otel_span_event_at OTEL_NAME_(otel_span_event_at)
OTEL_C_BEGIN_
/* Add an event with `len` attributes, now or at `time_ns` (Unix nanoseconds, 0: now). `name` is copied. What does not fit
   is counted in the span. Safe in interrupts and signal handlers, for a span of their own. */
OTEL_API_ void otel_span_event_at(otel_span_t *span, const char *name, uint64_t time_ns, const otel_attr_t *attributes, size_t len);
OTEL_FN_ void otel_span_event_all(otel_span_t *span, const char *name, const otel_attr_t *attributes, size_t len) { otel_span_event_at(span, name, 0, attributes, len); }
OTEL_C_END_

/* otel_span_event(span, "retry", "attempt", 2) */
#ifndef __cplusplus
#  define otel_span_event(span, ...) otel_span_event_all((span), OTEL_FIRST_(__VA_ARGS__), OTEL_TAIL_(__VA_ARGS__))
#else
template <class... A> static inline void otel_span_event(otel_span_t *span, const char *name, const A &...pairs)
{
    OTEL_PAIRS_IN_(A, pairs);
    otel_span_event_all(span, name, OTEL_LIST_(A));
}
template <class T, class... A> static inline auto otel_span_event(otel_span_t *span, const T &name, const A &...pairs) -> decltype(static_cast<void>(otel_c_str_(name)))
{
    otel_span_event(span, otel_c_str_(name), pairs...);
}
#endif

/* ---- keys.h ---------------------------------------------------------------------------------------------------- */
/* The keys of a span's attributes: which may be there, by a bit each, and where one stands among the encoded fields. */
#define otel_span_find_ OTEL_NAME_(otel_span_find_)

/* ---- fields.h -------------------------------------------------------------------------------------------------- */
/* The attributes of a span. Each is encoded at once, behind what is there; a key that comes again takes the place of the first.
   Specification: trace/api.md, "Set Attributes". */
#define otel_set_ OTEL_NAME_(otel_set_)
#define otel_set_any_text_ OTEL_NAME_(otel_set_any_text_)
#define otel_set_int_ OTEL_NAME_(otel_set_int_)
#define otel_set_number_ OTEL_NAME_(otel_set_number_)
#define otel_set_open_ OTEL_NAME_(otel_set_open_)
#define otel_set_real_ OTEL_NAME_(otel_set_real_)
#define otel_set_text_ OTEL_NAME_(otel_set_text_)
#define otel_set_truth_ OTEL_NAME_(otel_set_truth_)
#define otel_set_uint_ OTEL_NAME_(otel_set_uint_)
#define otel_span_set_all OTEL_NAME_(otel_span_set_all)
OTEL_C_BEGIN_
/* Set `len` attributes; a key that is set again replaces the value. What does not fit is counted in the span. */
OTEL_API_ void otel_span_set_all(otel_span_t *span, const otel_attr_t *attributes, size_t len);

OTEL_API_ otel_span_t *otel_set_(otel_span_t *span, const char *key, const otel_value_t *value);
OTEL_API_ otel_span_t *otel_set_number_(otel_span_t *span, const char *key, int32_t value, uint32_t known);
OTEL_API_ otel_span_t *otel_set_text_(otel_span_t *span, const char *key, const char *value, uint32_t known);
OTEL_API_ otel_span_t *otel_set_int_(otel_span_t *span, const char *key, int64_t value);
OTEL_API_ otel_span_t *otel_set_uint_(otel_span_t *span, const char *key, uint64_t value);
OTEL_API_ otel_span_t *otel_set_truth_(otel_span_t *span, const char *key, bool value, uint32_t known);
OTEL_API_ otel_span_t *otel_set_real_(otel_span_t *span, const char *key, double value, uint32_t known);
/* Whether a call has something to do, where that is asked in the caller. */
OTEL_INLINE_ bool otel_set_goes_(const otel_span_t *span) { return !OTEL_ASKS_FIRST_ || otel_is_recording(span); }
/* NULL is asked for outside strlen: clang may evaluate what it asks to be constant, and its sanitizer sees that. */
OTEL_INLINE_ otel_span_t *otel_set_i32_(otel_span_t *span, const char *key, int32_t value)
{
    if (!otel_set_goes_(span)) return span;
    return otel_set_number_(span, key, value, OTEL_KNOWN_KEY_(key ? key : ""));
}
OTEL_INLINE_ otel_span_t *otel_set_u32_(otel_span_t *span, const char *key, uint32_t value)
{
    if (!otel_set_goes_(span)) return span;
    return value > 0x7FFFFFFFu ? otel_set_uint_(span, key, value) : otel_set_number_(span, key, (int32_t)value, OTEL_KNOWN_KEY_(key ? key : ""));
}
OTEL_INLINE_ otel_span_t *otel_set_str_(otel_span_t *span, const char *key, const char *value)
{
    if (!otel_set_goes_(span)) return span;
    return otel_set_text_(span, key, value, OTEL_KNOWN_KEY_(key ? key : "") | (uint32_t)OTEL_KNOWN_(value ? value : "") << 16);
}
OTEL_INLINE_ otel_span_t *otel_set_bool_(otel_span_t *span, const char *key, bool value)
{
    if (!otel_set_goes_(span)) return span;
    return otel_set_truth_(span, key, value, OTEL_KNOWN_KEY_(key ? key : ""));
}
OTEL_INLINE_ otel_span_t *otel_set_double_(otel_span_t *span, const char *key, double value)
{
    if (!otel_set_goes_(span)) return span;
    return otel_set_real_(span, key, value, OTEL_KNOWN_KEY_(key ? key : ""));
}
OTEL_FN_ otel_span_t *otel_set_float_(otel_span_t *span, const char *key, float value) { return otel_set_double_(span, key, (double)value); }
OTEL_FN_ otel_span_t *otel_set_long_double_(otel_span_t *span, const char *key, long double value) { return otel_set_double_(span, key, (double)value); }
OTEL_FN_ otel_span_t *otel_set_any_(otel_span_t *span, const char *key, otel_value_t value) { return otel_set_(span, key, &value); }
OTEL_C_END_

/* otel_span_set(span, "sensor.id", id, "bus", "i2c1"): up to 8 pairs, each value typed by the compiler, encoded at once. */
#ifndef __cplusplus
#  define otel_span_set(...) OTEL_PAIRS_TO_CALLS_(__VA_ARGS__)
#else
template <class... A> static inline void otel_span_set(otel_span_t *span, const A &...pairs)
{
    OTEL_PAIRS_IN_(A, pairs);
    otel_span_set_all(span, OTEL_LIST_(A));
}
#endif

/* ---- status.h -------------------------------------------------------------------------------------------------- */
/* A span's status, and another name for it: fields of which there is one. What comes again takes the place of the first.
   Specification: trace/api.md, "Set Status", "UpdateName". */
#define otel_span_rename OTEL_NAME_(otel_span_rename)
#define otel_span_status OTEL_NAME_(otel_span_status)
OTEL_C_BEGIN_
/* Give the span another name; it is copied. Safe in interrupts. */
OTEL_API_ void otel_span_rename(otel_span_t *span, const char *name);

/* Set the status. `message` (NULL: none) is copied and belongs to OTEL_STATUS_ERROR. OTEL_STATUS_OK is final. */
OTEL_API_ void otel_span_status(otel_span_t *span, otel_status_t status, const char *message);
OTEL_C_END_

/* ---- error.h --------------------------------------------------------------------------------------------------- */
/* Errors on spans: status and exception event in one call that gives the error code back.
   Specification: trace/exceptions.md; trace/api.md, "Set Status". */
#define otel_span_error OTEL_NAME_(otel_span_error)
OTEL_C_BEGIN_
/* Mark the span as failed: status Error with `message` (copied, NULL: none) and an event `exception` whose type is the
   code in decimal. Gives `code` back: return otel_span_error(span, -5, "i2c nack"); The status is set even when neither
   message nor event fits. Safe in interrupts. */
OTEL_API_ int otel_span_error(otel_span_t *span, int code, const char *message);
OTEL_C_END_

/* ---- cxx.h ----------------------------------------------------------------------------------------------------- */
/* Forms for C++11, and for -pedantic before C++20, where designated initialisers are not part of the language. The rest
   of C++ stands where it belongs, beside the macros of C.

     otel_scoped_span span("read_sensor", OTEL_CLIENT);
     span.set("sensor.id", id, "bus", "i2c1");
     if (v < 0) return span.error(v, "i2c nack");

     otel_scoped_span named("GET " + route);              // a name that is no literal is copied: std::string, std::string_view

     static otel_counter<8> reads("sensor.reads", "{read}");
     reads.add(1, "bus", "i2c1");
     static const double steps[] = { 0.001, 0.01, 0.1, 1 };
     static otel_histogram<4> took("sensor.read.duration", steps, "s");

   For otel_init and the like, fill a struct: otel_config_t c = otel_config_t(); c.service = "boiler"; otel_init(&otel, c); */
#ifdef __cplusplus
/* A constructor's object must have a name: one without ends at once. */
#  if __cplusplus >= 201703L && __has_cpp_attribute(nodiscard) >= 201907L
#    define OTEL_NAMED_ [[nodiscard]]
#  else
#    define OTEL_NAMED_
#  endif

/* A span from here to the closing brace, current in between, with `bytes` of scratch: of one thread and one block. It does not move:
   no copies, and none by `new`; what begins in one callback and ends in another is an otel_span_t with otel_span_start. A scope
   is named (OTEL_FILE_SCOPE may stand for something that is declared later, so it is not looked at). */
template <unsigned bytes> class OTEL_NAME_(otel_scoped_span_) {
public:
    OTEL_NAMED_ explicit OTEL_NAME_(otel_scoped_span_)(const char *name, otel_kind_t kind = OTEL_INTERNAL, const otel_context_t *parent = NULL, const otel_scope_t *scope = NULL)
    {
        begin_(name, kind, parent, scope);
    }
    OTEL_NAMED_ explicit OTEL_NAME_(otel_scoped_span_)(const otel_span_options_t &options) { begin_(options); }
    /* The name is copied, up to 1,024 bytes of it, into the span's scratch; what finds no room there has no name. */
    template <class T, size_t = sizeof(static_cast<const char *>(static_cast<const T *>(NULL)->data()))>
    OTEL_NAMED_ explicit OTEL_NAME_(otel_scoped_span_)(const T &name, otel_kind_t kind = OTEL_INTERNAL, const otel_context_t *parent = NULL, const otel_scope_t *scope = NULL)
    {
        char text[OTEL_NAME_MAX_ + 5u];                       /* a character more: so that what is cut is whole */
        const size_t n = name.size() < sizeof text - 1u ? name.size() : sizeof text - 1u;
        if (n) memcpy(text, name.data(), n);
        text[n] = 0;
        begin_(text, kind, parent, scope);
        otel_span_rename(memory_, text);
        memory_->name_ = "";
    }
    ~OTEL_NAME_(otel_scoped_span_)() { otel_span_end(memory_); }
    OTEL_NAME_(otel_scoped_span_)(const OTEL_NAME_(otel_scoped_span_) &) = delete;
    OTEL_NAME_(otel_scoped_span_) &operator=(const OTEL_NAME_(otel_scoped_span_) &) = delete;
    static void *operator new(size_t) = delete;
    static void *operator new[](size_t) = delete;

    /* For all other calls: otel_span_rename(span.get(), "other"). */
    otel_span_t *get() { return memory_; }
    template <class... A> void set(const A &...pairs) { otel_span_set(memory_, pairs...); }
    template <class N, class... A> void event(const N &name, const A &...pairs) { otel_span_event(memory_, name, pairs...); }
    int error(int code, const char *message) { return otel_span_error(memory_, code, message); }

private:
    void begin_(const char *name, otel_kind_t kind, const otel_context_t *parent, const otel_scope_t *scope)
    {
        otel_span_options_t options = otel_span_options_t();
        options.name = name;
        options.kind = kind;
        options.parent = parent;
        options.scope = scope;
        begin_(options);
    }
    void begin_(otel_span_options_t options)
    {
        options.bytes = sizeof memory_;
        (void)otel_span_start_with(memory_, &options);
        otel_span_enter(memory_);
    }
    otel_span_t memory_[OTEL_SPANS(bytes)];
};
typedef OTEL_NAME_(otel_scoped_span_)<OTEL_SPAN_BYTES> otel_scoped_span;

/* A counter of int64 with room for n sets of attributes (0: without attributes only). Static or at file scope; a constant
   of the program from C++14 on, in C++11 its constructor runs at start-up. */
#  if __cplusplus >= 201402L
#    define OTEL_CONSTEXPR14_ constexpr
#  else
#    define OTEL_CONSTEXPR14_
#  endif
template <size_t n> struct otel_room_ {
    otel_series_t at[n] = {};
    OTEL_CONSTEXPR14_ otel_series_t *get() { return at; }
};
template <> struct otel_room_<0> {
    OTEL_CONSTEXPR14_ otel_series_t *get() { return NULL; }
};
template <size_t n> class OTEL_NAME_(otel_counter_of_) {
public:
    explicit OTEL_CONSTEXPR14_ OTEL_NAME_(otel_counter_of_)(const char *name, const char *unit = NULL, const char *description = NULL, const otel_scope_t *scope = NULL)
        : counter_(), room_()
    {
        counter_.base_.name = name;
        counter_.base_.unit = unit;
        counter_.base_.description = description;
        counter_.base_.scope = scope;
        counter_.base_.series = room_.get();
        counter_.base_.series_len = n;
#if OTEL_METRICS_ON_
        counter_.base_.form_ = &otel_counter_form_;
#endif
    }
    OTEL_NAME_(otel_counter_of_)(const OTEL_NAME_(otel_counter_of_) &) = delete;
    OTEL_NAME_(otel_counter_of_) &operator=(const OTEL_NAME_(otel_counter_of_) &) = delete;

    OTEL_CONSTEXPR14_ otel_counter_t *get() { return &counter_; }
    template <class V, class... A> void add(V value, const A &...pairs) { otel_counter_add(&counter_, value, pairs...); }
    template <class... A> otel_series_t *bind(const A &...pairs) { return otel_counter_bind(&counter_, pairs...); }

private:
    otel_counter_t counter_;
    otel_room_<n> room_;
};
template <size_t n = 0> using otel_counter = OTEL_NAME_(otel_counter_of_)<n>;

/* A histogram with n bounds, which live as long as it does; one series, without attributes. */
template <size_t n> class OTEL_NAME_(otel_histogram_of_) {
public:
    explicit OTEL_CONSTEXPR14_ OTEL_NAME_(otel_histogram_of_)(const char *name, const double (&ascending)[n], const char *unit = NULL, const char *description = NULL, const otel_scope_t *scope = NULL)
        : histogram_(), rows_()
    {
        histogram_.base_.name = name;
        histogram_.base_.unit = unit;
        histogram_.base_.description = description;
        histogram_.base_.scope = scope;
        histogram_.base_.bounds = ascending;
        histogram_.base_.bounds_len = n;
        histogram_.base_.rows = rows_;
        histogram_.base_.rows_len = OTEL_ROW_WORDS_(0, n);
#if OTEL_METRICS_ON_
        histogram_.base_.form_ = &otel_histogram_form_;
#endif
    }
    OTEL_NAME_(otel_histogram_of_)(const OTEL_NAME_(otel_histogram_of_) &) = delete;
    OTEL_NAME_(otel_histogram_of_) &operator=(const OTEL_NAME_(otel_histogram_of_) &) = delete;

    OTEL_CONSTEXPR14_ otel_histogram_t *get() { return &histogram_; }
    template <class V> void record(V value) { otel_histogram_record(&histogram_, value); }

private:
    otel_histogram_t histogram_;
    otel_word_t rows_[OTEL_ROW_WORDS_(0, n)];
};
template <size_t n> using otel_histogram = OTEL_NAME_(otel_histogram_of_)<n>;
#endif

/* ---- detect.h -------------------------------------------------------------------------------------------------- */
/* Resources: what describes the program, put together from several sources in memory of yours before otel_init takes it.
   Specification: resource/sdk.md, "Merge", "Detecting resource information from the environment". */
#define otel_resource_detect OTEL_NAME_(otel_resource_detect)
#define otel_resource_get OTEL_NAME_(otel_resource_get)
#define otel_resource_instance_id OTEL_NAME_(otel_resource_instance_id)
#define otel_resource_merge OTEL_NAME_(otel_resource_merge)
#define otel_resource_set OTEL_NAME_(otel_resource_set)
#define otel_resource_text OTEL_NAME_(otel_resource_text)
/* A resource under construction: give `at` and `size`, and `text` with `text_size` for what has to be copied; the rest zero.
     otel_init(&otel, .attributes = r.at, .attributes_len = r.len, .schema_url = r.schema_url, ...) */
typedef struct otel_resource_t {
    otel_attr_t *at;
    size_t size;                  /* room, in attributes */
    char *text;
    size_t text_size;             /* bytes */
    size_t len;                   /* attributes there */
    size_t text_used;
    const char *schema_url;       /* NULL: none */
    bool conflict;                /* two schema URLs that differ were merged: there is none now */
    bool lost;                    /* something found no room */
} otel_resource_t;

/* Puts what it finds into the resource, for otel_resource_detect. */
typedef void (*otel_detector_t)(otel_resource_t *resource);

OTEL_C_BEGIN_
/* Set an attribute; one with this key is replaced. Key and value are not copied. False: no room. */
OTEL_API_ bool otel_resource_set(otel_resource_t *resource, const char *key, otel_value_t value);
/* The same with a text of `len` bytes that is copied. */
OTEL_API_ bool otel_resource_text(otel_resource_t *resource, const char *key, const char *text, size_t len);
/* Merge `len` attributes and their schema URL (NULL: none) into the resource: of equal keys the new one counts. A schema URL
   fills an empty one; two that differ leave none, and `conflict`. */
OTEL_API_ void otel_resource_merge(otel_resource_t *resource, const otel_attr_t *attributes, size_t len, const char *schema_url);
/* Let detectors (`len` of them) fill the resource, in turn. */
OTEL_API_ void otel_resource_detect(otel_resource_t *resource, const otel_detector_t *detectors, size_t len);
/* The value of an attribute; NULL when it is not there. */
OTEL_API_ const otel_value_t *otel_resource_get(const otel_resource_t *resource, const char *key);
/* Set service.instance.id to the UUID (version 4) that 16 random bytes make. */
OTEL_API_ bool otel_resource_instance_id(otel_resource_t *resource, const uint8_t random[16]);
OTEL_C_END_

/* ---- environment.h --------------------------------------------------------------------------------------------- */
/* The environment as a carrier: a parent process passes its span on to children as TRACEPARENT, TRACESTATE and BAGGAGE.
   Nothing here calls the system: the arrays are those that main, execve and posix_spawn know.
   Specification: context/env-carriers.md. */
#define otel_environment OTEL_NAME_(otel_environment)
#define otel_environment_get_ OTEL_NAME_(otel_environment_get_)
#define otel_environment_key_ OTEL_NAME_(otel_environment_key_)
#define otel_environment_set_ OTEL_NAME_(otel_environment_set_)
#define otel_environment_value_ OTEL_NAME_(otel_environment_value_)
/* An environment for a child. Fill the first four; the other fields are private. */
typedef struct otel_environment_t {
    const char **to;              /* room for `slots` entries, the last of which is NULL */
    size_t slots;
    char *buffer;                 /* buffer_size bytes for the new entries; 600 hold what W3C asks for at least */
    size_t buffer_size;
    size_t used_, count_;
    bool lost_;
} otel_environment_t;

OTEL_C_BEGIN_
OTEL_API_ const char *otel_environment_get_(void *user, const char *name, size_t *at, size_t *len);
OTEL_API_ const char *otel_environment_key_(void *user, size_t *at, size_t *len);

/* Read `environment` ("NAME=value" entries, NULL at the end: environ, envp of main), which outlives the context:
     otel_carrier_t carrier = otel_carrier_environment(environ);
     otel_extract_from(&caller, NULL, &carrier);
   The name of a header is its upper-case form with '_' for what is neither letter nor digit. Of two entries the first counts. */
OTEL_FN_ otel_carrier_t otel_carrier_environment(char *const *environment)
{
    otel_carrier_t carrier = otel_carrier_((const void *)environment, NULL, 0);
#if OTEL_ENABLED
    if (environment) {
        carrier.get = otel_environment_get_;
        carrier.key = otel_environment_key_;
    }
#endif
    return carrier;
}

/* Make the environment of a child: the entries of `from` (NULL: none) and those that carry `span` on, which take the place
   of older ones. Headers of the propagator that the span does not have are left out, so that the child sees no stale ones.
   Gives the array for execve, NULL when room is missing. Works without a span: then nothing is passed on. */
OTEL_API_ char *const *otel_environment(otel_environment_t *out, char *const *from, const otel_span_t *span);
OTEL_C_END_

/* ---- logplan.h ------------------------------------------------------------------------------------------------- */
/* The attributes of a log record, measured once: where there is room, what was found is remembered until they are written. */

/* ---- log.h ----------------------------------------------------------------------------------------------------- */
/* Log records: severity, body, attributes, and the ids of the span that is current. They go into a ring of their own.
   Specification: logs/data-model.md; opentelemetry/proto/logs/v1/logs.proto. */
#define otel_log_all_ OTEL_NAME_(otel_log_all_)
#define otel_log_attributes_ OTEL_NAME_(otel_log_attributes_)
#define otel_log_emit_ OTEL_NAME_(otel_log_emit_)
#define otel_log_hand_ OTEL_NAME_(otel_log_hand_)
#define otel_log_head_ OTEL_NAME_(otel_log_head_)
#define otel_log_lost_ OTEL_NAME_(otel_log_lost_)
#define otel_log_put_ids_ OTEL_NAME_(otel_log_put_ids_)
#define otel_log_text_ OTEL_NAME_(otel_log_text_)
#define otel_log_write_ OTEL_NAME_(otel_log_write_)
typedef enum {
    OTEL_TRACE = 1, OTEL_DEBUG = 5, OTEL_INFO = 9, OTEL_WARN = 13, OTEL_ERROR = 17, OTEL_FATAL = 21       /* SeverityNumber; the three after each are its finer steps */
} otel_severity_t;

/* Everything a record can say. Zero means left out. The order of the fields is API. */
typedef struct otel_log_record_t {
    otel_severity_t severity OTEL_Z_;
    const char *severity_text OTEL_Z_;            /* as the source calls it (default: left out) */
    otel_value_t body OTEL_Z_;                    /* any value; OTEL_STR for text */
    const char *event_name OTEL_Z_;               /* makes the record an event */
    const otel_attr_t *attributes OTEL_Z_;        /* attributes_len of them */
    size_t attributes_len OTEL_Z_;
    uint64_t time_ns OTEL_Z_;                     /* Unix nanoseconds (default: now) */
    const otel_context_t *context OTEL_Z_;        /* (default: the current span's) */
    const otel_scope_t *scope OTEL_Z_;
    otel_t *otel OTEL_Z_;                         /* (default: the scope's, else the default instance) */
    bool passed_ OTEL_Z_;                         /* the processors have seen it */
    uint32_t lost_ OTEL_Z_;                       /* attributes that did not come so far */
    const otel_value_t *(*limit_)(const struct otel_log_record_t *record, unsigned kept, const otel_value_t *value) OTEL_Z_;     /* loglimits.h: the value as it goes out, NULL: one too many */
} otel_log_record_t;

OTEL_C_BEGIN_
/* Emit a record. Everything is copied. Safe in interrupts and signal handlers; never waits. What finds no room is counted. */
OTEL_INLINE_ void otel_log_emit(const otel_log_record_t *record);
/* Emit text with `len` attributes; `scope` NULL: the unnamed one. */
OTEL_INLINE_ void otel_log_all(const otel_scope_t *scope, otel_severity_t severity, const char *text, const otel_attr_t *attributes, size_t len);

OTEL_API_ void otel_log_emit_(const otel_log_record_t *record);
OTEL_API_ void otel_log_all_(const otel_scope_t *scope, otel_severity_t severity, const char *text, const otel_attr_t *attributes, size_t len);
OTEL_INLINE_ void otel_log_emit(const otel_log_record_t *record)
{
    if (record) (void)otel_scope_by_(record->scope);
    otel_log_emit_(record);
}
OTEL_INLINE_ void otel_log_all(const otel_scope_t *scope, otel_severity_t severity, const char *text, const otel_attr_t *attributes, size_t len)
{
    otel_log_all_(otel_scope_by_(scope), severity, text, attributes, len);
}
OTEL_C_END_

/* otel_log(OTEL_INFO, "sensor read", "value", v): at most 8 pairs. otel_log_in names the scope first. */
#ifndef __cplusplus
#  define otel_log(severity, ...) otel_log_all(OTEL_FILE_SCOPE, (severity), OTEL_FIRST_(__VA_ARGS__), OTEL_TAIL_(__VA_ARGS__))
#  define otel_log_in(scope, severity, ...) otel_log_all((scope), (severity), OTEL_FIRST_(__VA_ARGS__), OTEL_TAIL_(__VA_ARGS__))
#else
template <class... A> static inline void otel_log_in(const otel_scope_t *scope, otel_severity_t severity, const char *text, const A &...pairs)
{
    OTEL_PAIRS_IN_(A, pairs);
    otel_log_all(scope, severity, text, OTEL_LIST_(A));
}
template <class T, class... A> static inline auto otel_log_in(const otel_scope_t *scope, otel_severity_t severity, const T &text, const A &...pairs) -> decltype(static_cast<void>(otel_c_str_(text)))
{
    otel_log_in(scope, severity, otel_c_str_(text), pairs...);
}
#  define otel_log(severity, ...) otel_log_in(OTEL_FILE_SCOPE, (severity), __VA_ARGS__)
#endif

/* ---- exception.h ----------------------------------------------------------------------------------------------- */
/* Exceptions as spans and logs know them, and events that go to a span, a log or both. Other loggers' records come in through
   the bridges at the end. Specification: trace/exceptions.md, logs/exceptions.md; logs/data-model.md, "Mapping of SeverityNumber". */
#define otel_event_all OTEL_NAME_(otel_event_all)
#define otel_exception_fill_ OTEL_NAME_(otel_exception_fill_)
#define otel_exception_has_ OTEL_NAME_(otel_exception_has_)
#define otel_log_exception OTEL_NAME_(otel_log_exception)
#define otel_log_line OTEL_NAME_(otel_log_line)
#define otel_span_exception OTEL_NAME_(otel_span_exception)
#define otel_syslog_severity OTEL_NAME_(otel_syslog_severity)
/* Where otel_event goes, by file: #define OTEL_EVENTS OTEL_TO_SPAN before the include. (default: OTEL_TO_LOG) */
#define OTEL_TO_LOG 1u
#define OTEL_TO_SPAN 2u
#define OTEL_TO_BOTH 3u
#ifndef OTEL_EVENTS
#define OTEL_EVENTS OTEL_TO_LOG
#endif

#define OTEL_EXCEPTION_MORE_ 13u

OTEL_C_BEGIN_
/* Add an event `exception` with exception.type, exception.message and exception.stacktrace (NULL: left out) and
   `len` attributes more, which win over these three when they have their keys. The status stays as it is. */
OTEL_API_ void otel_span_exception(otel_span_t *span, const char *type, const char *message, const char *stacktrace, const otel_attr_t *attributes, size_t len);

/* The same as a log record; `message` is its body too. `severity` 0: OTEL_ERROR. Of `attributes` 13 go along, further ones
   count as dropped attributes. */
OTEL_API_ void otel_log_exception(const otel_scope_t *scope, otel_severity_t severity, const char *type, const char *message, const char *stacktrace, const otel_attr_t *attributes, size_t len);

/* Say that something named `name` happened: to the current span as an event, as a log record with that event name, or both. */
OTEL_API_ void otel_event_all(unsigned where, const otel_scope_t *scope, const char *name, const otel_attr_t *attributes, size_t len);

/* The severity of a syslog priority (its facility is ignored). */
OTEL_API_ otel_severity_t otel_syslog_severity(int priority);
/* A line of another logger: `len` bytes of text; line ends behind it are left out, and so are empty lines. */
OTEL_API_ void otel_log_line(const otel_scope_t *scope, otel_severity_t severity, const char *text, size_t len);
OTEL_C_END_

/* otel_event("device.gone", "id", 7): at most 8 pairs. */
#ifndef __cplusplus
#  define otel_event(...) otel_event_all(OTEL_EVENTS, OTEL_FILE_SCOPE, OTEL_FIRST_(__VA_ARGS__), OTEL_TAIL_(__VA_ARGS__))
#else
template <class... A> static inline void otel_event_in_(unsigned where, const otel_scope_t *scope, const char *name, const A &...pairs)
{
    OTEL_PAIRS_IN_(A, pairs);
    otel_event_all(where, scope, name, OTEL_LIST_(A));
}
template <class T, class... A> static inline auto otel_event_in_(unsigned where, const otel_scope_t *scope, const T &name, const A &...pairs) -> decltype(static_cast<void>(otel_c_str_(name)))
{
    otel_event_in_(where, scope, otel_c_str_(name), pairs...);
}
#  define otel_event(...) otel_event_in_(OTEL_EVENTS, OTEL_FILE_SCOPE, __VA_ARGS__)
#endif

/* otel_logf(OTEL_WARN, "v=%d", v) exists when OTEL_VSNPRINTF names a formatter with vsnprintf's parameters. Text of up to
   159 bytes; longer text is cut. */
#ifdef OTEL_VSNPRINTF
#include <stdarg.h>
OTEL_C_BEGIN_
static OTEL_ATTRIBUTE_((unused)) OTEL_PRINTF_(3, 4) void otel_logf_in_(const otel_scope_t *scope, otel_severity_t severity, const char *format, ...);
static void otel_logf_in_(const otel_scope_t *scope, otel_severity_t severity, const char *format, ...)
{
#if OTEL_ENABLED && OTEL_LOGS
    char text[160];
    va_list arguments;
    va_start(arguments, format);
    text[0] = 0;
    if (OTEL_VSNPRINTF(text, sizeof text, format, arguments) >= (int)sizeof text) otel_utf8_close_(text, sizeof text - 1u);
    va_end(arguments);
    otel_log_all(scope, severity, text, NULL, 0);
#else
    (void)scope;
    (void)severity;
    (void)format;
#endif
}
OTEL_C_END_
#define otel_logf(severity, ...) otel_logf_in_(OTEL_FILE_SCOPE, (severity), __VA_ARGS__)
#endif

/* Bridges for loggers that hand on a format: they exist when OTEL_VSNPRINTF does. Text of up to 255 bytes; longer text is cut.
   otel_vlogf takes what a logger's hook has in its hands; otel_syslog stands where syslog stood: #define syslog otel_syslog. */
#ifdef OTEL_VSNPRINTF
OTEL_C_BEGIN_
static OTEL_ATTRIBUTE_((unused)) void otel_vlogf(const otel_scope_t *scope, otel_severity_t severity, const char *format, va_list arguments);
static void otel_vlogf(const otel_scope_t *scope, otel_severity_t severity, const char *format, va_list arguments)
{
#if OTEL_ENABLED && OTEL_LOGS
    char text[256];
    text[0] = 0;
    if (OTEL_VSNPRINTF(text, sizeof text, format, arguments) >= (int)sizeof text) otel_utf8_close_(text, sizeof text - 1u);
    otel_log_line(scope, severity, text, strlen(text));
#else
    (void)scope, (void)severity, (void)format, (void)arguments;
#endif
}
static OTEL_ATTRIBUTE_((unused)) OTEL_PRINTF_(3, 4) void otel_syslog_in_(const otel_scope_t *scope, int priority, const char *format, ...);
static void otel_syslog_in_(const otel_scope_t *scope, int priority, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    otel_vlogf(scope, otel_syslog_severity(priority), format, arguments);
    va_end(arguments);
}
OTEL_C_END_
#define otel_syslog(priority, ...) otel_syslog_in_(OTEL_FILE_SCOPE, (priority), __VA_ARGS__)
#endif

/* ---- threshold.h ----------------------------------------------------------------------------------------------- */
/* Consistent probability sampling: a trace is kept when its randomness, 56 bits of the trace id or `rv`, is not below a
   rejection threshold, which spans carry as `th` in the `ot` member of their tracestate.
   Specification: trace/tracestate-probability-sampling.md, trace/tracestate-handling.md. */
#define otel_ot_read OTEL_NAME_(otel_ot_read)
#define otel_ot_write OTEL_NAME_(otel_ot_write)
#define otel_sampling_decide OTEL_NAME_(otel_sampling_decide)
#define otel_sampling_randomness OTEL_NAME_(otel_sampling_randomness)
#define otel_th_text_ OTEL_NAME_(otel_th_text_)
#define otel_threshold OTEL_NAME_(otel_threshold)
#define OTEL_THRESHOLD_NEVER ((uint64_t)1 << 56)      /* above all randomness */
#define OTEL_THRESHOLD_SIZE 21                        /* "ot=th:", 14 digits, NUL */

/* What the `ot` member of a tracestate says. */
typedef struct otel_ot_t {
    bool has_th, has_rv;
    uint64_t th, rv;              /* 56 bits */
} otel_ot_t;

OTEL_C_BEGIN_
/* The threshold of a probability, 0 to 1, with 4 significant hex digits as the specification recommends; below 2^-56 and for
   what is no number OTEL_THRESHOLD_NEVER. The probability of a threshold. Both are safe everywhere. */
OTEL_API_ uint64_t otel_threshold(double probability);
OTEL_FN_ double otel_threshold_probability(uint64_t threshold) { return threshold >= OTEL_THRESHOLD_NEVER ? 0.0 : (double)(OTEL_THRESHOLD_NEVER - threshold) / 72057594037927936.0; }

/* Read `th` and `rv` of a tracestate (NULL: none). Malformed ones are not there; a malformed tracestate has nothing. */
OTEL_API_ void otel_ot_read(const char *tracestate, otel_ot_t *out);

/* Write the tracestate with `th` set (OTEL_THRESHOLD_NEVER: taken out), other sub-keys of `ot` and other members kept, `ot` in
   front. Gives the length, 0 when nothing is left or `size` bytes (511 hold what has to be propagated) do not hold all. */
OTEL_API_ size_t otel_ot_write(const char *tracestate, uint64_t threshold, char *buf, size_t size);

/* For samplers: the randomness of a trace; and the decision for a threshold, with the tracestate brought up to date.
   `reliable`: the threshold is the probability of the span, so that `th` may say it. */
OTEL_API_ uint64_t otel_sampling_randomness(const otel_sampling_t *input, const otel_ot_t *ot);
OTEL_API_ otel_decision_t otel_sampling_decide(const otel_sampling_t *input, uint64_t threshold, bool reliable);
OTEL_API_ size_t otel_th_text_(char *to, uint64_t threshold);
OTEL_C_END_

/* ---- rate.h ---------------------------------------------------------------------------------------------------- */
/* Samplers that look at the clock: RateLimiting lets so many spans a second through, Adaptive turns a probability so that so
   many are kept under any load, without bursts and gaps, and says in the tracestate how many each span stands for.
   Both keep their state in memory of yours and need one read of the clock a start. */
#define otel_adaptive_init_ OTEL_NAME_(otel_adaptive_init_)
#define otel_adaptive_turn_ OTEL_NAME_(otel_adaptive_turn_)
#define otel_decide_adaptive_ OTEL_NAME_(otel_decide_adaptive_)
#define otel_decide_rate_ OTEL_NAME_(otel_decide_rate_)
#define otel_rate_init_ OTEL_NAME_(otel_rate_init_)
/* The memory of a RateLimiting sampler; private. */
typedef struct otel_rate_t {
    uintptr_t step_, most_;       /* time between two spans, and how far ahead a burst may run: nanoseconds, microseconds where a word has 32 bits or less */
    uintptr_t due_;               /* when the next one would be due at a steady pace */
} otel_rate_t;

/* The memory of an Adaptive sampler; private. */
typedef struct otel_adaptive_t {
    float target_, rate_, credit_;
    uint64_t then_ns_;
    uint32_t then_ms_;
    uint32_t reject_;             /* the upper 32 bits of a 56-bit threshold */
    otel_count_t seen_, kept_, seen_then_, kept_then_;
    uint8_t gate_;
    bool begun_;
} otel_adaptive_t;

OTEL_C_BEGIN_
OTEL_API_ otel_decision_t otel_decide_rate_(const otel_sampler_t *self, const otel_sampling_t *input);
OTEL_API_ otel_decision_t otel_decide_adaptive_(const otel_sampler_t *self, const otel_sampling_t *input);
OTEL_API_ void otel_rate_init_(otel_rate_t *state, double per_second, uint32_t burst);
OTEL_API_ void otel_adaptive_init_(otel_adaptive_t *state, double per_second);

/* Sample at most `per_second` spans a second, and `burst` (1 or more) at once after a pause; a burst of 2 or more brings uneven
   arrivals near the rate. It does not look at parents:
   stand it at the root of otel_sampler_parent_based to count traces. `state` outlives the sampler. Safe in interrupts and
   from any number of threads; spans that meet each other at the same word are dropped. */
OTEL_FN_ otel_sampler_t otel_sampler_rate(otel_rate_t *state, double per_second, uint32_t burst)
{
    otel_sampler_t s = otel_sampler_(OTEL_ENABLED ? otel_decide_rate_ : NULL);
    otel_rate_init_(state, per_second, burst);
    s.user = state;
    return s;
}

/* Keep about `per_second` spans a second: all of them under lighter load, a share of the traces under heavier load. Spans with
   a parent do as it did, and count. The share follows the load within some seconds. `state` outlives the sampler.
   Safe in interrupts and from any number of threads. */
OTEL_FN_ otel_sampler_t otel_sampler_adaptive(otel_adaptive_t *state, double per_second)
{
    otel_sampler_t s = otel_sampler_(OTEL_ENABLED ? otel_decide_adaptive_ : NULL);
    otel_adaptive_init_(state, per_second);
    s.user = state;
    return s;
}
OTEL_C_END_

/* ---- scan.h ---------------------------------------------------------------------------------------------------- */
/* JSON, reading side: a program that knows what it looks for asks for members and elements one after the other. It reads
   any bytes, never past their end, without recursion, memory of its own or the locale of libc. RFC 8259. */
#define otel_scan_member_ OTEL_NAME_(otel_scan_member_)
#define otel_scan_more_ OTEL_NAME_(otel_scan_more_)
#define otel_scan_number_ OTEL_NAME_(otel_scan_number_)
#define otel_scan_skip_ OTEL_NAME_(otel_scan_skip_)
#define otel_scan_text_ OTEL_NAME_(otel_scan_text_)
/* A text on its way. Private. */
typedef struct otel_scan_t_ {
    const char *at, *end;
    const char *error;            /* the first thing that was wrong, a sentence; then nothing more is read */
} otel_scan_t_;

OTEL_C_BEGIN_
OTEL_API_ bool otel_scan_text_(otel_scan_t_ *s, char *to, size_t size, size_t *len);
OTEL_API_ bool otel_scan_number_(otel_scan_t_ *s, double *value);
OTEL_API_ bool otel_scan_skip_(otel_scan_t_ *s);
OTEL_API_ bool otel_scan_more_(otel_scan_t_ *s, char close, bool *first);
OTEL_API_ bool otel_scan_member_(otel_scan_t_ *s, bool *first, char *key, size_t size);
OTEL_C_END_

/* ---- strategy.h ------------------------------------------------------------------------------------------------ */
/* A sampling strategy as Jaeger's servers tell it, read out of JSON into memory of the caller: a probability, a rate, or
   probabilities for the names of spans. Jaeger's interface: model/proto/api_v2/sampling.proto, SamplingStrategyResponse. */
#define otel_strategy_read_ OTEL_NAME_(otel_strategy_read_)
#define otel_strategy_rule_ OTEL_NAME_(otel_strategy_rule_)
/* Who decides for the spans of one name. Private. */
typedef struct otel_strategy_rule_t_ {
    const char *name;
    size_t len;
    uint64_t threshold;                   /* of a ratio: see otel_sampler_t */
    otel_rate_t least, most;              /* lower and upper bound, traces a second */
} otel_strategy_rule_t_;

typedef enum { OTEL_STRATEGY_NONE_, OTEL_STRATEGY_SHARE_, OTEL_STRATEGY_RATE_, OTEL_STRATEGY_NAMES_ } otel_strategy_kind_t_;

/* One strategy. Private. */
typedef struct otel_strategy_t_ {
    uint8_t kind;                         /* otel_strategy_kind_t_ */
    bool least, most;                     /* bounds are given */
    otel_strategy_rule_t_ rest;           /* of all spans, or of those with other names; of a rate, its `most` */
    otel_strategy_rule_t_ *rules;         /* rules_len of them, in order */
    size_t rules_len;
    char *memory;                         /* size bytes, in front the rules, at the end their names */
    size_t size, names;                   /* bytes; where the names begin */
} otel_strategy_t_;

OTEL_C_BEGIN_
OTEL_API_ const char *otel_strategy_read_(otel_strategy_t_ *to, const otel_strategy_t_ *before, const char *json, size_t len);
OTEL_API_ otel_strategy_rule_t_ *otel_strategy_rule_(otel_strategy_t_ *strategy, const char *name, size_t len);
OTEL_C_END_

/* ---- jaeger.h -------------------------------------------------------------------------------------------------- */
/* The sampler whose strategy a server tells while the program runs: JaegerRemoteSampler. Here it is without a network:
   the program, or ports/otel_jaeger.h, asks the server and hands over what it answers.
   Specification: trace/sdk.md, "JaegerRemoteSampler"; the answers are those of GET /sampling?service=NAME. */
#define otel_decide_jaeger_ OTEL_NAME_(otel_decide_jaeger_)
#define otel_jaeger_error OTEL_NAME_(otel_jaeger_error)
#define otel_jaeger_init_ OTEL_NAME_(otel_jaeger_init_)
#define otel_jaeger_update OTEL_NAME_(otel_jaeger_update)
/* The memory of a sampler whose strategy may change. Private. */
typedef struct otel_jaeger_t {
    const otel_sampler_t *initial_;
    struct {
        otel_strategy_t_ strategy;
        uint16_t readers;                 /* spans that ask it at this moment */
    } slot_[2];                           /* the one that counts, and the one before, which the next update fills */
    uint8_t now_, gate_;
    const char *error_;
} otel_jaeger_t;

OTEL_C_BEGIN_
OTEL_API_ otel_decision_t otel_decide_jaeger_(const otel_sampler_t *self, const otel_sampling_t *input);
OTEL_API_ void otel_jaeger_init_(otel_jaeger_t *state, const otel_sampler_t *initial, void *memory, size_t memory_size);

/* Decide as a server of strategies says; until the first one is there, as `initial` does (NULL: one trace in a thousand).
   Stand it at the root of otel_sampler_parent_based, so that children do as their parents did. memory[memory_size] (bytes; NULL: none)
   is for strategies by operation, which are the names of spans: each takes twice its name and twice about 80 bytes; strategies
   that do not fit are refused. `state`, `initial` and `memory` outlive the sampler. Safe in interrupts and from any number of threads. */
OTEL_FN_ otel_sampler_t otel_sampler_jaeger(otel_jaeger_t *state, const otel_sampler_t *initial, void *memory, size_t memory_size)
{
    otel_sampler_t s = otel_sampler_(OTEL_ENABLED ? otel_decide_jaeger_ : NULL);
    otel_jaeger_init_(state, initial, memory, memory_size);
    s.user = state;
    return s;
}

/* Take the server's answer, json[len], which may hold anything; it is not needed after the call. From then on spans are sampled by it; what
   was counted for bounds that stay the same goes on. OTEL_E_CONFIG: the last strategy stays, and otel_jaeger_error says why.
   One call at a time, from any thread, not from interrupts; spans may start meanwhile. Takes about 500 bytes of stack.
   Of operationSampling the bounds hold for each operation alone, and all other names share one; traces beyond a lower bound are
   sampled though the probability does not, and above an upper bound none. */
OTEL_API_ otel_result_t otel_jaeger_update(otel_jaeger_t *state, const char *json, size_t len);

/* What was wrong with the last update, "" for nothing: a sentence in static memory. To be asked by who updates. */
OTEL_API_ const char *otel_jaeger_error(const otel_jaeger_t *state);
OTEL_C_END_

/* ---- priority.h ------------------------------------------------------------------------------------------------ */
/* A sampler of rules: who decides for a span is found by its name, kind and start attributes, and errors can be kept whatever
   was decided. And a place for ids of your own making. Specification: trace/sdk.md, "Sampling", "Id Generators". */
#define otel_decide_generated_ OTEL_NAME_(otel_decide_generated_)
#define otel_decide_priority_ OTEL_NAME_(otel_decide_priority_)
#define otel_span_begin_generated_ OTEL_NAME_(otel_span_begin_generated_)
/* A rule. What is left zero is not asked for. */
typedef struct otel_rule_t {
    const char *name OTEL_Z_;                     /* of the span; a '*' at the end stands for any rest */
    int kind OTEL_Z_;                             /* OTEL_SERVER, ... */
    const char *key OTEL_Z_;                      /* an attribute given at the start has this key, */
    const char *text OTEL_Z_;                     /* and this text as its value */
    const otel_sampler_t *sampler OTEL_Z_;        /* who decides then (default: always on) */
    bool keep_errors OTEL_Z_;                     /* what it does not sample is recorded, and kept if it ends with OTEL_STATUS_ERROR; the flag that is passed on stays "not sampled" (default: false) */
} otel_rule_t;

typedef struct otel_priority_t {
    const otel_rule_t *rules OTEL_Z_;             /* len of them; the first that fits counts */
    size_t len OTEL_Z_;
    const otel_sampler_t *otherwise OTEL_Z_;      /* when none fits (default: always on) */
} otel_priority_t;

/* Ids of your own. A trace id that is all zero is replaced by one of the library's. */
typedef struct otel_id_generator_t {
    void (*trace_id)(void *user, uint8_t to[16]) OTEL_Z_;     /* (default: the library's) */
    void (*span_id)(void *user, uint8_t to[8]) OTEL_Z_;       /* (default: the library's) */
    void *user OTEL_Z_;
    bool random OTEL_Z_;                          /* the right 7 bytes of trace ids are random: OTEL_FLAG_RANDOM (default: false) */
    const otel_sampler_t *sampler OTEL_Z_;        /* who decides (default: parent based, roots always on) */
} otel_id_generator_t;

OTEL_C_BEGIN_
OTEL_API_ otel_decision_t otel_decide_priority_(const otel_sampler_t *self, const otel_sampling_t *input);
OTEL_API_ otel_decision_t otel_decide_generated_(const otel_sampler_t *self, const otel_sampling_t *input);
#if OTEL_ENABLED
OTEL_API_ void otel_span_begin_generated_(otel_span_t *span, otel_t *otel, const otel_scope_t *scope, const otel_span_options_t *options);
#endif

/* The first rule that fits says who decides. `priority` and what it names outlive the sampler. */
OTEL_FN_ otel_sampler_t otel_sampler_priority(const otel_priority_t *priority)
{
    otel_sampler_t s = otel_sampler_(OTEL_ENABLED ? otel_decide_priority_ : NULL);
    s.user = (void *)(uintptr_t)priority;
    return s;
}

/* Ids stand where samplers do, so that who makes none pays nothing: .sampler = otel_sampler_ids(&generator). */
OTEL_FN_ otel_sampler_t otel_sampler_ids(const otel_id_generator_t *generator)
{
    otel_sampler_t s = otel_sampler_(OTEL_ENABLED ? otel_decide_generated_ : NULL);
    s.user = (void *)(uintptr_t)generator;
#if OTEL_ENABLED
    s.begin_ = otel_span_begin_generated_;
#endif
    return s;
}
OTEL_C_END_

/* ---- sampling.h ------------------------------------------------------------------------------------------------ */
/* How a span is begun where a sampler has a say: ask it, take over what it answers, and record or not. Comes in with the
   first sampler that a program makes; without one otel_span_start does not know of all this.
   Specification: trace/sdk.md, "Sampling", "SDK Span creation". */
#define otel_span_ask_ OTEL_NAME_(otel_span_ask_)
#define otel_span_own_state_ OTEL_NAME_(otel_span_own_state_)

/* ---- processor.h ----------------------------------------------------------------------------------------------- */
/* Processors of spans: asked when a span starts and when it ends, while it still lies in its own memory, where it can be
   read and changed and dropped before it reaches the ring. And tracers that are switched off by the name of their scope.
   Comes in with `.spans = otel_spans(&settings)`, and not before.
   Specification: trace/sdk.md, "Span processor", "TracerConfigurator". */
#define otel_enrich_start_ OTEL_NAME_(otel_enrich_start_)
#define otel_filter_end_ OTEL_NAME_(otel_filter_end_)
#define otel_span_end_ns OTEL_NAME_(otel_span_end_ns)
#define otel_span_get OTEL_NAME_(otel_span_get)
#define otel_span_kind OTEL_NAME_(otel_span_kind)
#define otel_span_name OTEL_NAME_(otel_span_name)
#define otel_span_remove OTEL_NAME_(otel_span_remove)
#define otel_span_scope OTEL_NAME_(otel_span_scope)
#define otel_span_start_ns OTEL_NAME_(otel_span_start_ns)
#define otel_span_status_code OTEL_NAME_(otel_span_status_code)
#define otel_spans_begin_ OTEL_NAME_(otel_spans_begin_)
#define otel_spans_late_ OTEL_NAME_(otel_spans_late_)
/* A processor of spans. It is called by whoever starts and ends spans, in interrupts too if spans are made there. */
typedef struct otel_processor_t {
    /* A recording span has started; `parent` has the context that it came from (ids all zero: a root span, which may have baggage). */
    void (*on_start)(const struct otel_processor_t *self, otel_span_t *span, const otel_context_t *parent) OTEL_Z_;
    /* It is about to end; its end time stands. All that sets something may be called. */
    void (*on_ending)(const struct otel_processor_t *self, otel_span_t *span) OTEL_Z_;
    /* It has ended; only to look at. False: dropped, and counted as OTEL_DROP_PROCESSOR if it was sampled. */
    bool (*on_end)(const struct otel_processor_t *self, const otel_span_t *span) OTEL_Z_;
    void (*after)(const struct otel_processor_t *self) OTEL_Z_;       /* the record is in the ring: send it now, say */
    void *user OTEL_Z_;
    const struct otel_diag_more_t_ *diag_ OTEL_Z_;    /* private: what it has to say in otel_diag_dump and otel_diag_check */
} otel_processor_t;

/* The configuration of some tracers. */
typedef struct otel_tracer_rule_t {
    const char *scope OTEL_Z_;                    /* name; a '*' at the end stands for any rest (default: all) */
    bool disabled OTEL_Z_;                        /* spans are not recorded and pass their parent's context on (default: false) */
} otel_tracer_rule_t;

typedef struct otel_span_settings_t {
    const otel_processor_t *const *processors OTEL_Z_;        /* asked in turn, NULL at the end */
    const otel_tracer_rule_t *rules OTEL_Z_;      /* rules_len of them; the first whose scope fits counts */
    size_t rules_len OTEL_Z_;
} otel_span_settings_t;

/* Which spans otel_processor_filter drops: those for which all that is set holds. */
typedef struct otel_filter_t {
    const char *name OTEL_Z_;                     /* a '*' at the end stands for any rest (default: all) */
    uint64_t shorter_ns OTEL_Z_;                  /* took less time than this (default: any time) */
    bool keep_errors OTEL_Z_;                     /* not those with OTEL_STATUS_ERROR (default: false) */
} otel_filter_t;

/* Attributes that otel_processor_enrich sets. */
typedef struct otel_enrich_t {
    const otel_attr_t *attributes;        /* len of them */
    size_t len;
} otel_enrich_t;

OTEL_C_BEGIN_
#if OTEL_ENABLED
OTEL_API_ void otel_spans_begin_(otel_span_t *span, otel_t *otel, const otel_scope_t *scope, const otel_span_options_t *options);
OTEL_API_ bool otel_spans_late_(otel_span_t *span, otel_t *otel);
#endif
OTEL_API_ bool otel_filter_end_(const otel_processor_t *self, const otel_span_t *span);
OTEL_API_ void otel_enrich_start_(const otel_processor_t *self, otel_span_t *span, const otel_context_t *parent);

/* .spans of otel_init. `settings` and what it names outlive the instance. */
OTEL_FN_ otel_spans_t otel_spans(const otel_span_settings_t *settings)
{
    otel_spans_t spans;
    memset((void *)&spans, 0, sizeof spans);
    spans.settings_ = settings;
#if OTEL_ENABLED
    spans.begin_ = otel_spans_begin_;
    spans.late_ = otel_spans_late_;
#endif
    return spans;
}

OTEL_FN_ otel_processor_t otel_processor_(const void *user)
{
    otel_processor_t p;
    memset((void *)&p, 0, sizeof p);
    p.user = (void *)(uintptr_t)user;
    return p;
}
/* Drop what `filter` describes; it outlives the processor. */
OTEL_FN_ otel_processor_t otel_processor_filter(const otel_filter_t *filter)
{
    otel_processor_t p = otel_processor_(filter);
    p.on_end = OTEL_ENABLED ? otel_filter_end_ : NULL;
    return p;
}
/* Set attributes on each span at its start; what the program sets later wins. `enrich` outlives the processor. */
OTEL_FN_ otel_processor_t otel_processor_enrich(const otel_enrich_t *enrich)
{
    otel_processor_t p = otel_processor_(enrich);
    p.on_start = OTEL_ENABLED ? otel_enrich_start_ : NULL;
    return p;
}

/* What a recording span says of itself, for processors. All of these are safe in interrupts, and answer for NULL too. */
OTEL_API_ const char *otel_span_name(const otel_span_t *span, size_t *len);      /* not ended by NUL; its length in *len */
OTEL_API_ otel_kind_t otel_span_kind(const otel_span_t *span);
OTEL_API_ otel_status_t otel_span_status_code(const otel_span_t *span);
OTEL_API_ uint64_t otel_span_start_ns(const otel_span_t *span);      /* Unix nanoseconds; since boot until the time is known */
OTEL_API_ uint64_t otel_span_end_ns(const otel_span_t *span);        /* 0 until on_ending */
/* The scope that it belongs to; NULL: the unnamed one. */
OTEL_API_ const otel_scope_t *otel_span_scope(const otel_span_t *span);
/* The value of an attribute, if it is text, bytes, a number or a bool; text and bytes lie in the span until it changes. */
OTEL_API_ bool otel_span_get(const otel_span_t *span, const char *key, otel_value_t *out);
/* Take an attribute out; false when it is not there. */
OTEL_API_ bool otel_span_remove(otel_span_t *span, const char *key);
OTEL_C_END_

/* ---- limits.h -------------------------------------------------------------------------------------------------- */
/* Limits that a program sets at run time: how many attributes, events and links a span keeps, how many attributes each of
   those, and how long text may be. A processor applies them when the span ends, so who sets none pays nothing; the limits
   that always hold (128 of each, and the span's memory) are those of span.h.
   Specification: trace/sdk.md, "Span Limits"; common/README.md, "Attribute Limits". */
#define otel_limits_ending_ OTEL_NAME_(otel_limits_ending_)
#define otel_limits_inside_ OTEL_NAME_(otel_limits_inside_)
#define otel_limits_value_ OTEL_NAME_(otel_limits_value_)
/* What a span may have. Zero: no limit of its own; one of nothing at all is OTEL_LIMIT_NONE. */
typedef struct otel_limits_t {
    uint16_t attributes OTEL_Z_;          /* of a span; the first ones stay */
    uint16_t events OTEL_Z_;
    uint16_t links OTEL_Z_;
    uint16_t event_attributes OTEL_Z_;    /* of each event */
    uint16_t link_attributes OTEL_Z_;     /* of each link */
    uint32_t value_length OTEL_Z_;        /* characters of a text value, bytes of a bytes value; in arrays and maps too */
} otel_limits_t;
#define OTEL_LIMIT_NONE 0xFFFFu           /* in the counts: keep none */

OTEL_C_BEGIN_
OTEL_API_ void otel_limits_ending_(const otel_processor_t *self, otel_span_t *span);

/* Keep spans within `limits`, which outlive the processor; what goes is counted in the span. Last in the list, it sees what the
   other processors set. */
OTEL_FN_ otel_processor_t otel_processor_limits(const otel_limits_t *limits)
{
    otel_processor_t p = otel_processor_(limits);
    p.on_ending = OTEL_ENABLED ? otel_limits_ending_ : NULL;
    return p;
}
OTEL_C_END_

/* ---- late.h ---------------------------------------------------------------------------------------------------- */
/* Records that were made before the time of day was known: they carry time since boot and wait in the ring. Instances whose
   clock counts ticks point here; one that never lacks the time does not carry this. */

/* ---- link.h ---------------------------------------------------------------------------------------------------- */
/* Links of a span to others. Specification: trace/api.md, "Link". */
#define otel_span_link_all OTEL_NAME_(otel_span_link_all)
OTEL_C_BEGIN_
/* Add a link to another span. An invalid context with no attributes is ignored. */
OTEL_API_ void otel_span_link_all(otel_span_t *span, const otel_context_t *context, const otel_attr_t *attributes, size_t len);
OTEL_C_END_

#ifndef __cplusplus
#  define otel_span_link(span, ...) otel_span_link_all((span), OTEL_FIRST_(__VA_ARGS__), OTEL_TAIL_(__VA_ARGS__))
#else
template <class... A> static inline void otel_span_link(otel_span_t *span, const otel_context_t *context, const A &...pairs)
{
    OTEL_PAIRS_IN_(A, pairs);
    otel_span_link_all(span, context, OTEL_LIST_(A));
}
#endif

/* ---- list.h ---------------------------------------------------------------------------------------------------- */
/* Arrays and maps as values, nested or not. They come in by use: a value of OTEL_ARRAY, OTEL_VALUES or OTEL_MAP carries a
   pointer to what is here. Nothing recurses.
   Specification: common/README.md, "AnyValue"; opentelemetry/proto/common/v1/common.proto, ArrayValue and KeyValueList. */
#define otel_element_ OTEL_NAME_(otel_element_)
#define OTEL_LIST_CUT_ 0x80u          /* in `size` of a list: it is the first field of an otel_cut_t_ */

/* A value in the place of one whose texts are cut, inside it too. Private. */
typedef struct otel_cut_t_ {
    otel_value_t value;
    uint32_t most;
    uint32_t (*len)(const otel_value_t *text, uint32_t most);     /* how many bytes stay of text or bytes */
} otel_cut_t_;

/* ---- local.h --------------------------------------------------------------------------------------------------- */
/* A sum that many threads add to, each in a place of its own: a few plain instructions instead of an atomic addition, and no cache
   line that two of them share. What stands in the places is carried to the bound series when metrics are collected.
   Specification: metrics/api.md, "Counter"; metrics/supplementary-guidelines.md, "Synchronous example".

     static otel_counter_t requests = OTEL_COUNTER("requests", OTEL_SERIES(8));
     static otel_local_t hits;                                          // outlives its threads and the instance
     otel_local_bind(&hits, otel_counter_bind(&requests, "route", "/")); // once
     otel_local_add(&hits, 1);                                          // any thread */
#define otel_local_add_slow_ OTEL_NAME_(otel_local_add_slow_)
#define otel_local_bind OTEL_NAME_(otel_local_bind)
#define OTEL_LOCAL_ (OTEL_ENABLED && OTEL_METRICS && OTEL_ATOMICS_ && OTEL_WIDE_)
#define OTEL_LOCAL_PLACES_ 16u    /* for threads that have a shard of their own (.shards); others add to the series itself */

/* Define it static, zero. On hosts with 64-bit atomics it takes 1.1 KB, sixteen places of 64 bytes. */
typedef struct otel_local_t {
    otel_series_t *series_ OTEL_Z_;
    otel_callback_t fold_ OTEL_Z_;
    uint32_t epoch_ OTEL_Z_;      /* life of the instance that its places count for */
    uint8_t gate_ OTEL_Z_;
#if OTEL_LOCAL_
    struct {
        uint64_t sum OTEL_Z_;     /* its thread's, since ever */
        uint64_t told OTEL_Z_;    /* the collection's: what of it the series has */
        uint64_t away_[6] OTEL_Z_;
    } place_[OTEL_LOCAL_PLACES_] OTEL_Z_;
#endif
} otel_local_t;

OTEL_C_BEGIN_
/* Say where it counts, for good: a bound counter or up-down counter of int64. Again is nothing, and so is NULL. Not for interrupts. */
OTEL_API_ void otel_local_bind(otel_local_t *local, otel_series_t *series);

/* Add. Any thread, but not signal handlers, which may come in the middle of an addition: they have otel_series_add. What the counter does
   not take is refused and counted as there; no exemplar is made. Without 64-bit atomics it is otel_series_add. */
OTEL_FN_ void otel_local_add(otel_local_t *local, int64_t value);
OTEL_API_ void otel_local_add_slow_(otel_local_t *local, int64_t value);
OTEL_C_END_

/* ---- logger.h -------------------------------------------------------------------------------------------------- */
/* What happens to a log record before it is encoded: rules that switch scopes off or set a least severity, and processors
   that look at it, change it or drop it. Comes in with `.logs = otel_logs(&settings)`, and not before.
   Specification: logs/sdk.md, "LoggerConfigurator", "LogRecordProcessor"; logs/api.md, "Enabled". */
#define otel_log_enabled_in OTEL_NAME_(otel_log_enabled_in)
#define otel_logs_allow_ OTEL_NAME_(otel_logs_allow_)
#define otel_logs_emit_ OTEL_NAME_(otel_logs_emit_)
#define otel_logs_enabled_ OTEL_NAME_(otel_logs_enabled_)
/* A processor of log records. */
typedef struct otel_log_processor_t {
    /* Look at a record; what it points to may be replaced by something that lives until the return. False: dropped, and
       counted as OTEL_DROP_PROCESSOR. NULL: all pass. */
    bool (*on_emit)(const struct otel_log_processor_t *self, otel_log_record_t *record) OTEL_Z_;
    /* Say whether records of this kind are wanted, for otel_log_enabled. NULL: yes. */
    bool (*enabled)(const struct otel_log_processor_t *self, const otel_scope_t *scope, otel_severity_t severity) OTEL_Z_;
    void (*after)(const struct otel_log_processor_t *self) OTEL_Z_;       /* the record is in the ring: send it now, say (default: none) */
    void *user OTEL_Z_;
} otel_log_processor_t;

/* The configuration of some loggers. What is left zero is not asked for. */
typedef struct otel_logger_rule_t {
    const char *scope OTEL_Z_;                    /* name; a '*' at the end stands for any rest (default: all) */
    otel_severity_t least OTEL_Z_;                /* records below are left out, those without a severity pass */
    bool trace_based OTEL_Z_;                     /* records inside a trace that is not sampled are left out (default: false) */
    bool disabled OTEL_Z_;                        /* all are left out (default: false) */
} otel_logger_rule_t;

typedef struct otel_log_settings_t {
    const otel_logger_rule_t *rules OTEL_Z_;      /* rules_len of them; the first whose scope fits counts */
    size_t rules_len OTEL_Z_;
    const otel_log_processor_t *const *processors OTEL_Z_;    /* asked in turn, NULL at the end */
} otel_log_settings_t;

/* A record on its way past the processors, and what limits need for it. Private; `record` comes first. */
struct otel_log_limits_t;
typedef struct otel_log_passing_t_ {
    otel_log_record_t record;
    const struct otel_log_limits_t *limits;
    otel_cut_t_ cut;
} otel_log_passing_t_;

OTEL_C_BEGIN_
#if OTEL_ENABLED
OTEL_API_ void otel_logs_emit_(const otel_logs_t *self, otel_t *otel, const otel_log_record_t *record);
OTEL_API_ bool otel_logs_enabled_(const otel_logs_t *self, otel_t *otel, const otel_scope_t *scope, int severity);
#endif

/* .logs of otel_init. `settings` and what it names outlive the instance. What rules leave out is not counted as created. */
OTEL_FN_ otel_logs_t otel_logs(const otel_log_settings_t *settings)
{
    otel_logs_t logs;
    logs.settings_ = settings;
#if OTEL_ENABLED
    logs.emit_ = otel_logs_emit_;
    logs.enabled_ = otel_logs_enabled_;
#else
    logs.emit_ = NULL;
    logs.enabled_ = NULL;
#endif
    return logs;
}

/* Say whether a record of this severity would go anywhere now: guards what is expensive to compute. `scope` NULL: the unnamed
   one. Safe in interrupts when the processors are. */
OTEL_API_ bool otel_log_enabled_in(const otel_scope_t *scope, otel_severity_t severity);
#define otel_log_enabled(severity) otel_log_enabled_in(OTEL_FILE_SCOPE, (severity))
OTEL_C_END_

/* ---- loglimits.h ----------------------------------------------------------------------------------------------- */
/* Limits of log records that a program sets at run time: how many attributes a record keeps, and how long their text may be. A
   processor applies them while the record is written, so who sets none pays a look at a pointer; the limit that always holds is
   128 attributes.
   Specification: logs/sdk.md, "LogRecord Limits"; common/README.md, "Attribute Limits". */
#define otel_cut_len_ OTEL_NAME_(otel_cut_len_)
#define otel_log_limit_ OTEL_NAME_(otel_log_limit_)
#define otel_log_limits_emit_ OTEL_NAME_(otel_log_limits_emit_)
/* What a record may have. Zero: no limit of its own; no attribute at all is OTEL_LIMIT_NONE. */
typedef struct otel_log_limits_t {
    uint16_t attributes OTEL_Z_;          /* different keys, the first ones stay; what goes is counted in dropped_attributes_count */
    uint32_t value_length OTEL_Z_;        /* of attributes: characters of text, bytes of bytes; in arrays and maps too */
} otel_log_limits_t;

OTEL_C_BEGIN_
OTEL_API_ bool otel_log_limits_emit_(const otel_log_processor_t *self, otel_log_record_t *record);

/* Keep records within `limits`, which outlive the processor. Its place in the list is all one: limits apply behind all others. */
OTEL_FN_ otel_log_processor_t otel_log_processor_limits(const otel_log_limits_t *limits)
{
    otel_log_processor_t p;
    memset((void *)&p, 0, sizeof p);
    p.user = (void *)(uintptr_t)limits;
    p.on_emit = OTEL_ENABLED ? otel_log_limits_emit_ : NULL;
    return p;
}
OTEL_C_END_

/* ---- message.h ------------------------------------------------------------------------------------------------- */
/* Messages as carriers: headers as bytes, in the form that MQTT 5 and Kafka give them, and a context in 29 bytes for links
   on which each byte counts. For clients that build their packets themselves; a client with a call for headers is a setter
   like any other. MQTT 5.0, 2.2.2 (User Property); Kafka protocol, "Record Header"; OpenCensus BinaryEncoding (grpc-trace-bin). */
#define otel_binary_read OTEL_NAME_(otel_binary_read)
#define otel_binary_write OTEL_NAME_(otel_binary_write)
#define otel_kafka_get_ OTEL_NAME_(otel_kafka_get_)
#define otel_kafka_key_ OTEL_NAME_(otel_kafka_key_)
#define otel_kafka_set OTEL_NAME_(otel_kafka_set)
#define otel_mqtt_get_ OTEL_NAME_(otel_mqtt_get_)
#define otel_mqtt_key_ OTEL_NAME_(otel_mqtt_key_)
#define otel_mqtt_set OTEL_NAME_(otel_mqtt_set)
/* Headers of a message, encoded. To write: bytes and size, the rest zero. To read: bytes and len. */
typedef struct otel_message_t {
    uint8_t *bytes;
    size_t size;                  /* room, bytes */
    size_t len;                   /* of what is there */
    unsigned count;               /* headers written: what Kafka puts in front of them */
    bool lost;                    /* one did not fit, and is left out as a whole */
} otel_message_t;

#define OTEL_BINARY_SIZE 29       /* bytes of a binary context */

OTEL_C_BEGIN_
OTEL_API_ const char *otel_mqtt_get_(void *user, const char *name, size_t *at, size_t *len);
OTEL_API_ const char *otel_mqtt_key_(void *user, size_t *at, size_t *len);
OTEL_API_ const char *otel_kafka_get_(void *user, const char *name, size_t *at, size_t *len);
OTEL_API_ const char *otel_kafka_key_(void *user, size_t *at, size_t *len);

/* Setters: otel_inject(span, otel_mqtt_set, &message) appends a User Property for each header, otel_kafka_set a record
   header. Property Length and header count stand in front of them and are the caller's. */
OTEL_API_ void otel_mqtt_set(void *message, const char *name, const char *value);
OTEL_API_ void otel_kafka_set(void *message, const char *name, const char *value);

/* Read the properties of an MQTT packet (without Property Length), or the headers of a Kafka record (without their count).
   Names are compared without case. `buffer` (600 bytes or more) holds what needs a NUL; message and buffer outlive the
   context. Reading ends where the bytes make no sense. */
OTEL_FN_ otel_carrier_t otel_carrier_mqtt(const otel_message_t *message, char *buffer, size_t buffer_size)
{
    otel_carrier_t carrier = otel_carrier_(message, buffer, buffer_size);
#if OTEL_ENABLED
    if (message && message->bytes) {
        carrier.get = otel_mqtt_get_;
        carrier.key = otel_mqtt_key_;
    }
#endif
    return carrier;
}
OTEL_FN_ otel_carrier_t otel_carrier_kafka(const otel_message_t *message, char *buffer, size_t buffer_size)
{
    otel_carrier_t carrier = otel_carrier_(message, buffer, buffer_size);
#if OTEL_ENABLED
    if (message && message->bytes) {
        carrier.get = otel_kafka_get_;
        carrier.key = otel_kafka_key_;
    }
#endif
    return carrier;
}

/* Write ids and flags of a context as 29 bytes; false, and zeros, when it is not valid. Baggage and tracestate have no place. */
OTEL_API_ bool otel_binary_write(const otel_context_t *context, uint8_t to[OTEL_BINARY_SIZE]);
/* Read them; false, and an empty context, when they are none. Fields of later versions behind the first three are ignored. */
OTEL_API_ bool otel_binary_read(otel_context_t *out, const void *bytes, size_t len);
OTEL_C_END_

/* ---- nanopb_points.h ------------------------------------------------------------------------------------------- */
/* Data points by nanopb: what the forms of instruments write where OTEL_USE_NANOPB is 1. Buckets are read while they are encoded,
   once, because writers go on meanwhile; sum and extremes come last, as a stream that has no sum expects (source.h).
   opentelemetry/proto/metrics/v1/metrics.proto. */

/* ---- nanopb_powers.h ------------------------------------------------------------------------------------------- */
/* Data points of exponential histograms by nanopb, where OTEL_USE_NANOPB is 1. opentelemetry/proto/metrics/v1/metrics.proto. */
#define otel_nanopb_powers_ OTEL_NAME_(otel_nanopb_powers_)

/* ---- nofloat.h ------------------------------------------------------------------------------------------------- */
/* OTEL_NO_FLOAT: what takes or makes floating point is refused where it is used, by a name that says what to write instead. If an
   error led you here: this program was built with OTEL_NO_FLOAT 1. */
#if OTEL_NO_FLOAT
#undef OTEL_COUNTER_DOUBLE
#undef OTEL_UPDOWN_DOUBLE
#undef OTEL_GAUGE_DOUBLE
#undef OTEL_HISTOGRAM
#undef OTEL_EXPONENTIAL
#undef OTEL_BOUNDS
#undef OTEL_BUCKETS
#undef OTEL_OBSERVABLE_COUNTER_DOUBLE
#undef OTEL_OBSERVABLE_UPDOWN_DOUBLE
#undef OTEL_OBSERVABLE_GAUGE_DOUBLE
#define OTEL_COUNTER_DOUBLE(...) OTEL_NO_FLOAT_is_1_write_OTEL_COUNTER
#define OTEL_UPDOWN_DOUBLE(...) OTEL_NO_FLOAT_is_1_write_OTEL_UPDOWN
#define OTEL_GAUGE_DOUBLE(...) OTEL_NO_FLOAT_is_1_write_OTEL_GAUGE
#define OTEL_HISTOGRAM(...) OTEL_NO_FLOAT_is_1_write_OTEL_HISTOGRAM_INT
#define OTEL_EXPONENTIAL(...) OTEL_NO_FLOAT_is_1_write_OTEL_EXPONENTIAL_INT
#define OTEL_BOUNDS(...) OTEL_NO_FLOAT_is_1_write_OTEL_BOUNDS_INT
#define OTEL_BUCKETS(...) OTEL_NO_FLOAT_is_1_write_OTEL_BUCKETS_INT
#define OTEL_OBSERVABLE_COUNTER_DOUBLE(...) OTEL_NO_FLOAT_is_1_write_OTEL_OBSERVABLE_COUNTER
#define OTEL_OBSERVABLE_UPDOWN_DOUBLE(...) OTEL_NO_FLOAT_is_1_write_OTEL_OBSERVABLE_UPDOWN
#define OTEL_OBSERVABLE_GAUGE_DOUBLE(...) OTEL_NO_FLOAT_is_1_write_OTEL_OBSERVABLE_GAUGE
#define otel_double(key, value) OTEL_NO_FLOAT_is_1_write_otel_int
#define otel_sampler_ratio(ratio) OTEL_NO_FLOAT_is_1_write_otel_sampler_rate
#endif

/* ---- pick.h ---------------------------------------------------------------------------------------------------- */
/* What a reading takes of a collection: its own streams, and what its filter accepts. */

/* ---- probability.h --------------------------------------------------------------------------------------------- */
/* The samplers of consistent probability: ProbabilitySampler, and the composable ones with their CompositeSampler.
   Specification: trace/sdk.md, "ProbabilitySampler", "CompositeSampler". */
#define otel_decide_composite_ OTEL_NAME_(otel_decide_composite_)
#define otel_decide_probability_ OTEL_NAME_(otel_decide_probability_)
#define otel_intend_annotate_ OTEL_NAME_(otel_intend_annotate_)
#define otel_intend_fixed_ OTEL_NAME_(otel_intend_fixed_)
#define otel_intend_parent_ OTEL_NAME_(otel_intend_parent_)
#define otel_intend_rules_ OTEL_NAME_(otel_intend_rules_)
#define otel_probability_init_ OTEL_NAME_(otel_probability_init_)
/* The memory of a ProbabilitySampler; private. */
typedef struct otel_probability_t {
    uint64_t threshold_;
    char text_[OTEL_THRESHOLD_SIZE];
} otel_probability_t;

/* What a composable sampler intends. */
typedef struct otel_intent_t {
    uint64_t threshold;           /* OTEL_THRESHOLD_NEVER: drop */
    bool reliable;                /* the threshold is the probability, and spans may say so */
} otel_intent_t;

struct otel_composable_t;

/* A rule of otel_composable_rule_based. */
typedef struct otel_composable_rule_t {
    bool (*matches)(void *user, const otel_sampling_t *input);    /* must not look at the randomness; NULL: matches all */
    void *user;
    const struct otel_composable_t *then;                         /* NULL: drop */
} otel_composable_rule_t;

/* A composable sampler: made by one of the functions below, or your own with `intend` and `user`. */
typedef struct otel_composable_t {
    void (*intend)(const struct otel_composable_t *self, const otel_sampling_t *input, otel_intent_t *intent);
    void *user;
    uint64_t threshold;
    const struct otel_composable_t *of;
    const otel_composable_rule_t *rules;
    const otel_attr_t *attributes;
    size_t len;                   /* of rules or attributes */
} otel_composable_t;

OTEL_C_BEGIN_
OTEL_API_ otel_decision_t otel_decide_probability_(const otel_sampler_t *self, const otel_sampling_t *input);
OTEL_API_ otel_decision_t otel_decide_composite_(const otel_sampler_t *self, const otel_sampling_t *input);
OTEL_API_ void otel_intend_fixed_(const otel_composable_t *self, const otel_sampling_t *input, otel_intent_t *intent);
OTEL_API_ void otel_intend_parent_(const otel_composable_t *self, const otel_sampling_t *input, otel_intent_t *intent);
OTEL_API_ void otel_intend_rules_(const otel_composable_t *self, const otel_sampling_t *input, otel_intent_t *intent);
OTEL_API_ void otel_intend_annotate_(const otel_composable_t *self, const otel_sampling_t *input, otel_intent_t *intent);
OTEL_API_ void otel_probability_init_(otel_probability_t *state, double probability);

/* Keep traces with a probability, 2^-56 to 1 (below: none), decided by the trace alone: a service with a higher one keeps all
   that this one keeps. Spans carry the threshold in their tracestate, `ot=th:..`, and receivers can tell how many each
   stands for. It decides for children too, by the same trace; as the root of a parent based sampler it decides once.
   `state` outlives the sampler and the spans. */
OTEL_FN_ otel_sampler_t otel_sampler_probability(otel_probability_t *state, double probability)
{
    otel_sampler_t s = otel_sampler_(OTEL_ENABLED ? otel_decide_probability_ : NULL);
    otel_probability_init_(state, probability);
    s.user = state;
    return s;
}

/* Decide by what `composable` intends; it and what it names outlive the sampler. */
OTEL_FN_ otel_sampler_t otel_sampler_composite(const otel_composable_t *composable)
{
    otel_sampler_t s = otel_sampler_(OTEL_ENABLED ? otel_decide_composite_ : NULL);
    s.user = (void *)(uintptr_t)composable;
    return s;
}

OTEL_FN_ otel_composable_t otel_composable_(void (*intend)(const otel_composable_t *, const otel_sampling_t *, otel_intent_t *), const otel_composable_t *of, size_t len)
{
    otel_composable_t c;
    memset((void *)&c, 0, sizeof c);
    c.intend = intend;
    c.of = of;
    c.len = len;
    return c;
}
OTEL_FN_ otel_composable_t otel_composable_always_on(void) { return otel_composable_(OTEL_ENABLED ? otel_intend_fixed_ : NULL, NULL, 0); }
OTEL_FN_ otel_composable_t otel_composable_always_off(void)
{
    otel_composable_t c = otel_composable_(OTEL_ENABLED ? otel_intend_fixed_ : NULL, NULL, 0);
    c.threshold = OTEL_THRESHOLD_NEVER;
    return c;
}
OTEL_FN_ otel_composable_t otel_composable_probability(double probability)
{
    otel_composable_t c = otel_composable_(OTEL_ENABLED ? otel_intend_fixed_ : NULL, NULL, 0);
    c.threshold = otel_threshold(probability);
    return c;
}
/* As the parent's threshold says, else as its flag; roots ask `root`. */
OTEL_FN_ otel_composable_t otel_composable_parent_threshold(const otel_composable_t *root) { return otel_composable_(OTEL_ENABLED ? otel_intend_parent_ : NULL, root, 0); }
/* The first of `len` rules that matches; without one the span is dropped. */
OTEL_FN_ otel_composable_t otel_composable_rule_based(const otel_composable_rule_t *rules, size_t len)
{
    otel_composable_t c = otel_composable_(OTEL_ENABLED ? otel_intend_rules_ : NULL, NULL, len);
    c.rules = rules;
    return c;
}
/* As `of` says; spans that are kept get `attributes` (len of them). At most 4 of these say something about one span. */
OTEL_FN_ otel_composable_t otel_composable_annotating(const otel_composable_t *of, const otel_attr_t *attributes, size_t len)
{
    otel_composable_t c = otel_composable_(OTEL_ENABLED ? otel_intend_annotate_ : NULL, of, len);
    c.attributes = attributes;
    return c;
}
OTEL_C_END_

/* ---- reservoir.h ----------------------------------------------------------------------------------------------- */
/* Where exemplars are kept and how they are written. A slot is taken for some instructions by whoever writes or reads it; who
   finds it taken goes on without. Specification: metrics/sdk.md, "ExemplarReservoir"; metrics.proto, "Exemplar". */

/* ---- resource.h ------------------------------------------------------------------------------------------------ */
/* Who speaks: the attributes that the user gave the resource, and instrumentation scopes, in OTLP's form. The instance points
   here once there are such attributes or scopes, so that a program without them does not carry this.
   opentelemetry/proto: resource and common v1. Specification: resource/sdk.md, "Merge". */
#define otel_resource_head_ OTEL_NAME_(otel_resource_head_)
#define otel_scope_find_ OTEL_NAME_(otel_scope_find_)
/* A packet being built: what stands around its records. Private. */
typedef struct otel_packet_t_ {
    uint8_t *at, *end;            /* next byte, and where it must end */
    uint8_t *own, *run;           /* where the lengths of ResourceSpans and of the open ScopeSpans stand */
    uint8_t *first;               /* behind the head of that ScopeSpans: while it is empty, `at` */
    uint32_t extra, run_extra;    /* bytes that are in the message but not in the packet, now and at the head of the ScopeSpans */
    size_t tail;                  /* kept free behind `end` for its schema URL */
    uint8_t scope;
} otel_packet_t_;

OTEL_C_BEGIN_
OTEL_API_ uint8_t *otel_resource_head_(otel_packet_t_ *packet, const char *key, size_t key_len, size_t n);
OTEL_API_ const otel_scope_t *otel_scope_find_(const otel_t *otel, uint32_t number);
OTEL_C_END_

/* ---- temporality.h --------------------------------------------------------------------------------------------- */
/* Delta and low-memory temporality: a reader that tells what came since last time. Series go on counting since the start;
   the reader keeps what its last confirmed packet said of each and tells the difference. A window closes when its packet is
   confirmed: what a lost packet held is in the next one, and the sum of all packets is the counter.
   Specification: metrics/supplementary-guidelines.md, "Aggregation temporality"; metrics/sdk_exporters/otlp.md.

     static uint64_t memory[500];
     static otel_temporality_t delta = OTEL_DELTA_IN(memory);            // its own for each exporter
     otel_exporter_init(&exporter, .send = post, .buffer = packet, .buffer_size = sizeof packet, .temporality = &delta);

   An instrument takes 3 + (series + 2) * (1 + 2 * n) words of the memory: n is 1 for sums, 3 + bounds for histograms, 6 + 2 *
   size for exponential ones. One that finds no room stays cumulative. Least and largest value are those of the window while the
   exporter is the only one of its instance; beside others differences have none, because readers do not stop writers and so
   only one of them can begin the extremes anew. What is recorded in the middle of a collection may be in those of two windows.

   While the exporter is the only one of its instance and was there before an instrument's first use, series that nobody
   bound and that had nothing to tell for a whole window make room for other sets of attributes. */
#define otel_delta_confirm_ OTEL_NAME_(otel_delta_confirm_)
#define otel_delta_extremes_ OTEL_NAME_(otel_delta_extremes_)
#define otel_delta_since_ OTEL_NAME_(otel_delta_since_)
/* Delta: counters and histograms tell differences, up-down counters do not. Low memory: observable counters do not either. */
#if OTEL_ENABLED && OTEL_METRICS
#define OTEL_DELTA_IN(array) { (array), sizeof (array) / sizeof *(array), otel_delta_since_, otel_delta_confirm_, false, 0, 0, 0 }
#define OTEL_LOW_MEMORY_IN(array) { (array), sizeof (array) / sizeof *(array), otel_delta_since_, otel_delta_confirm_, true, 0, 0, 0 }
#else
#define OTEL_DELTA_IN(array) { (array), sizeof (array) / sizeof *(array), NULL, NULL, false, 0, 0, 0 }
#define OTEL_LOW_MEMORY_IN(array) OTEL_DELTA_IN(array)
#endif

OTEL_C_BEGIN_
OTEL_API_ bool otel_delta_since_(otel_temporality_t *t, otel_t *otel, const otel_collect_t *round, otel_telling_t_ *point, uint64_t *start);
OTEL_API_ void otel_delta_confirm_(otel_temporality_t *t, otel_t *otel, const otel_collect_t *round);
OTEL_C_END_

/* ---- urgency.h ------------------------------------------------------------------------------------------------- */
/* OTEL_DROP_ORDINARY: when a ring fills, its last quarter is kept for what must not be missed. Spans that end with
   OTEL_STATUS_ERROR and log records of OTEL_ERROR and above may use all of it; the rest is refused, and counted as full, once three
   quarters are taken. Comes in with `.when_full = OTEL_DROP_ORDINARY`, and not before. */

/* ==== implementation ============================================================================================ */

/* ---- wire.h ---------------------------------------------------------------------------------------------------- */
OTEL_C_BEGIN_
OTEL_FN_ unsigned otel_varint_size_(uint32_t value)
{
    unsigned n = 1;
    while (value > 127u) {
        value >>= 7;
        n++;
    }
    return n;
}

OTEL_FN_ uint8_t *otel_put_varint_(uint8_t *to, uint32_t value)
{
    while (value > 127u) {
        *to++ = (uint8_t)(value | 128u);
        value >>= 7;
    }
    *to++ = (uint8_t)value;
    return to;
}

/* The same of a length: on small cores, whose size_t has 16 bits, so has the work. */
#if SIZE_MAX > 0xFFFFu
OTEL_FN_ unsigned otel_len_size_(size_t n) { return otel_varint_size_((uint32_t)n); }
OTEL_FN_ uint8_t *otel_put_len_(uint8_t *to, size_t n) { return otel_put_varint_(to, (uint32_t)n); }
#else
OTEL_FN_ unsigned otel_len_size_(size_t n) { return 1u + (n > 127u) + (n > 16383u); }
OTEL_FN_ uint8_t *otel_put_len_(uint8_t *to, size_t n)
{
    for (; n > 127u; n >>= 7) *to++ = (uint8_t)(n | 128u);
    *to++ = (uint8_t)n;
    return to;
}
#endif

/* A field of `n` bytes, with tag and length. */
OTEL_FN_ size_t otel_message_size_(size_t n) { return 1u + otel_len_size_(n) + n; }

/* A varint drawn out to `bytes` bytes: the same number to every decoder. */
OTEL_FN_ uint8_t *otel_put_drawn_(uint8_t *to, uint32_t value, unsigned bytes)
{
    for (; bytes > 1u; bytes--, value >>= 7) *to++ = (uint8_t)(value | 128u);
    *to++ = (uint8_t)value;
    return to;
}

/* A length of fixed width: the writer need not know it beforehand, and every decoder takes padded varints. */
OTEL_FN_ void otel_put_length_(uint8_t *to, uint32_t length)
{
    to[0] = (uint8_t)(length | 128u);
    to[1] = (uint8_t)((length >> 7) | 128u);
    to[2] = (uint8_t)(length >> 14);
}

OTEL_FN_ void otel_put_envelope_(uint8_t *to, uint32_t length)
{
    to[0] = (uint8_t)(length | 128u);
    to[1] = (uint8_t)((length >> 7) | 128u);
    to[2] = (uint8_t)((length >> 14) | 128u);
    to[3] = (uint8_t)(length >> 21);
}

OTEL_FN_ void otel_put32_(uint8_t *to, uint32_t value)
{
#if defined(__BYTE_ORDER__) && defined(__ORDER_LITTLE_ENDIAN__) && __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
    memcpy(to, &value, 4);
#else
    to[0] = (uint8_t)value;
    to[1] = (uint8_t)(value >> 8);
    to[2] = (uint8_t)(value >> 16);
    to[3] = (uint8_t)(value >> 24);
#endif
}

/* The first four bytes of a record: mark and length. */
OTEL_FN_ void otel_put_head_(uint8_t *to, uint8_t mark, size_t len)
{
#if SIZE_MAX > 0xFFFFu
    uint32_t n = (uint32_t)len;
    otel_put32_(to, mark | 0x808000u | (n & 127u) << 8 | (n & 0x3F80u) << 9 | n >> 14 << 24);
#else
    to[0] = mark;                                             /* whole bytes move: this core shifts by one bit at a time */
    to[1] = (uint8_t)(len | 128u);
    to[2] = (uint8_t)((uint16_t)(len << 1) >> 8 | 128u);
    to[3] = (uint8_t)((uint8_t)(len >> 8) >> 6);
#endif
}

OTEL_FN_ void otel_put64_(uint8_t *to, uint64_t value)
{
#if defined(__BYTE_ORDER__) && defined(__ORDER_LITTLE_ENDIAN__) && __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
    memcpy(to, &value, 8);
#else
    otel_put32_(to, (uint32_t)value);
    otel_put32_(to + 4, (uint32_t)(value >> 32));
#endif
}

OTEL_FN_ uint32_t otel_get32_(const uint8_t *from)
{
#if defined(__BYTE_ORDER__) && defined(__ORDER_LITTLE_ENDIAN__) && __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
    uint32_t value;
    memcpy(&value, from, 4);
    return value;
#else
    return (uint32_t)from[0] | (uint32_t)from[1] << 8 | (uint32_t)from[2] << 16 | (uint32_t)from[3] << 24;
#endif
}

OTEL_FN_ uint64_t otel_get64_(const uint8_t *from)
{
    return (uint64_t)otel_get32_(from) | (uint64_t)otel_get32_(from + 4) << 32;
}

/* IEEE 754 binary64 bits of a double, also where double has only 4 bytes (AVR). */
OTEL_FN_ uint64_t otel_double_bits_(double value)
{
    if (sizeof(double) == 8) {
        uint64_t bits = 0;
        memcpy(&bits, &value, sizeof(double));
        return bits;
    } else {
        uint32_t narrow = 0, exponent, fraction;
        uint64_t sign;
        memcpy(&narrow, &value, 4);
        sign = (uint64_t)(narrow >> 31) << 63;
        exponent = (narrow >> 23) & 255u;
        fraction = narrow & 0x7FFFFFu;
        if (exponent == 255u) return sign | (uint64_t)0x7FF << 52 | (uint64_t)fraction << 29;
        if (exponent == 0u) {
            if (fraction == 0u) return sign;
            exponent = 1u;                        /* subnormal: becomes normal in the wider form */
            while (!(fraction & 0x800000u)) {
                fraction <<= 1;
                exponent--;
            }
            fraction &= 0x7FFFFFu;
        }
        return sign | (uint64_t)(exponent + 896u) << 52 | (uint64_t)fraction << 29;
    }
}
/* What is in the field at `p` (one tag byte, a varint length, content), *n bytes. */
OTEL_INLINE_ const uint8_t *otel_field_in_(const uint8_t *p, size_t *n)
{
    unsigned shift = 0;
    *n = 0;
    do {
        *n |= (size_t)(*++p & 127u) << shift;
        shift += 7;
    } while (*p & 128u);
    return p + 1;
}

/* The size of all of it. */
OTEL_FN_ size_t otel_field_size_(const uint8_t *p)
{
    size_t n;
    const uint8_t *in = otel_field_in_(p, &n);
    return (size_t)(in - p) + n;
}

/* Who builds for size has no use for the C library's fast ones, which take 100 to 250 bytes of flash each on a Cortex-M (20 on AVR). */
#if defined(__OPTIMIZE_SIZE__) && !OTEL_HOSTED_ && !defined(__AVR__)
#define OTEL_SMALL_ 1
OTEL_API_ size_t otel_len_(const char *text);
OTEL_API_ bool otel_same_(const void *a, const void *b, size_t n);
#else
#define OTEL_SMALL_ 0
OTEL_FN_ size_t otel_len_(const char *text) { return strlen(text); }
OTEL_FN_ bool otel_same_(const void *a, const void *b, size_t n) { return memcmp(a, b, n) == 0; }
#endif

/* Where code is to be short libc copies; but AVR's takes 8 cycles for a byte, four in a turn take 5. */
#if defined(__AVR__) && defined(__GNUC__)
OTEL_FN_ void otel_copy_fours_(uint8_t *to, const void *record, size_t len)
{
    const uint8_t *from = (const uint8_t *)record;
    uint8_t turns = (uint8_t)(len >> 2);
    if (OTEL_UNLIKELY_(turns == 0 || len >= 1024u || (len & 3u) != 0)) {
        memcpy(to, from, len);
        return;
    }
    __asm volatile("1: ld __tmp_reg__, %a1+\n st %a0+, __tmp_reg__\n ld __tmp_reg__, %a1+\n st %a0+, __tmp_reg__\n"
                   " ld __tmp_reg__, %a1+\n st %a0+, __tmp_reg__\n ld __tmp_reg__, %a1+\n st %a0+, __tmp_reg__\n dec %2\n brne 1b"
                   : "+e"(to), "+e"(from), "+r"(turns) : : "memory", "cc");
}
#define OTEL_COPY_RECORD_ otel_copy_fours_
#else
#define OTEL_COPY_RECORD_ memcpy
#endif

/* Copy a record: both places begin on a word, and it is whole words long unless more of it follows. No call where that
   makes it short: 16 bytes at a time, the last 16 over the ones before. */
OTEL_INLINE_ void otel_copy_here_(uint8_t *to, const void *record, size_t len)
{
#if defined(__GNUC__) && (defined(__arm__) || defined(__x86_64__) || defined(__aarch64__))
    if (OTEL_LIKELY_(len - 16u < 496u && (len & 3u) == 0)) {
        const uint8_t *from = (const uint8_t *)__builtin_assume_aligned(record, 4), *last = from + len - 16;
        uint8_t *at = (uint8_t *)__builtin_assume_aligned(to, 4);
        do {
            memcpy(at, from, 16);
            from += 16;
            at += 16;
        } while (from < last);
        memcpy((uint8_t *)__builtin_assume_aligned(to + len - 16, 4), (const uint8_t *)__builtin_assume_aligned(last, 4), 16);
        return;
    }
#endif
    memcpy(to, record, len);
}

/* Bytes that bring a record of `n` bytes to whole words. */
OTEL_FN_ unsigned otel_fill_(size_t n) { return (unsigned)((0u - n) & 3u); }

/* A length below 128, drawn out by `fill` bytes, 0 to 3: four bytes are written, 1 + fill of them count. */
OTEL_FN_ void otel_put_filled_(uint8_t *to, uint32_t length, unsigned fill)
{
    otel_put32_(to, length | (0x808080u >> (24u - 8u * fill)));
}

/* One word from here to there, and into what was seen. */
#define OTEL_COPY_WORD_(to, from) (memcpy(&word, (from), sizeof word), memcpy((to), &word, sizeof word), seen |= word)

/* Copy text and say whether it may be other than plain ASCII: one pass for both, a word at a time; the last word may
   overlap the one before. Texts of up to two words, of 64 bits, take no loop. */
OTEL_INLINE_ bool otel_copy_text_here_(uint8_t *to, const void *text, size_t len)
{
    const uint8_t *from = (const uint8_t *)text;
    uintptr_t seen = 0, word;
    if (len >= sizeof word) {
        const uint8_t *last = from + len - sizeof word;
        uint8_t *to_last = to + len - sizeof word;
        if (sizeof word == 8) {
            OTEL_COPY_WORD_(to, from);
            if (len > 16) {
                OTEL_COPY_WORD_(to + 8, from + 8);
                from += 16;
                to += 16;
            } else {
                from = last;
            }
        }
        for (; from < last; from += sizeof word, to += sizeof word) OTEL_COPY_WORD_(to, from);
        OTEL_COPY_WORD_(to_last, last);
    } else if (sizeof word == 8 && len >= 4) {
        uint32_t half, rest;
        memcpy(&half, from, 4);
        memcpy(&rest, from + len - 4, 4);
        memcpy(to, &half, 4);
        memcpy(to + len - 4, &rest, 4);
        seen = (uintptr_t)(half | rest);
    } else {
        for (; len; len--) seen |= *to++ = *from++;
    }
    return (seen & (uintptr_t)0x8080808080808080ull) != 0;
}

#if OTEL_BODIES_
#if OTEL_SMALL_
OTEL_API_ OTEL_NOINLINE_ size_t otel_len_(const char *text)
{ OTEL_CALLED_
    const char *p = text;
    while (*p) p++;
    return (size_t)(p - text);
}

OTEL_API_ OTEL_NOINLINE_ bool otel_same_(const void *a, const void *b, size_t n)
{ OTEL_CALLED_
    const uint8_t *p = (const uint8_t *)a, *q = (const uint8_t *)b;
    while (n && *p == *q) {
        p++;
        q++;
        n--;
    }
    return n == 0;
}
#endif

OTEL_API_ unsigned otel_varint64_size_(uint64_t value)
{ OTEL_CALLED_
    unsigned n = 1;
    while (value >> 32) {
        value >>= 7;
        n++;
    }
    return n + otel_varint_size_((uint32_t)value) - 1u;
}

OTEL_API_ uint8_t *otel_put_varint64_(uint8_t *to, uint64_t value)
{ OTEL_CALLED_
    while (value >> 32) {
        *to++ = (uint8_t)((uint8_t)value | 128u);
        value >>= 7;
    }
    return otel_put_varint_(to, (uint32_t)value);
}

/* How long the well-formed sequence at text[0] is; 0 when it is not one. */
OTEL_FN_ unsigned otel_utf8_step_(const uint8_t *text, size_t len)
{
    uint8_t lead = text[0], low = 0x80, high = 0xBF;
    unsigned n, i;
    if (lead < 0x80) return 1;
    if (lead < 0xC2 || lead > 0xF4) return 0;
    n = lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4;
    if (len < n) return 0;
    if (lead == 0xE0) low = 0xA0;                 /* no overlong forms, surrogates, or values above 10FFFF */
    if (lead == 0xED) high = 0x9F;
    if (lead == 0xF0) low = 0x90;
    if (lead == 0xF4) high = 0x8F;
    if (text[1] < low || text[1] > high) return 0;
    for (i = 2; i < n; i++) {
        if ((text[i] & 0xC0) != 0x80) return 0;
    }
    return n;
}

OTEL_API_ bool otel_utf8_valid(const char *text, size_t len)
{ OTEL_CALLED_
    const uint8_t *p = (const uint8_t *)text;
    size_t i = 0;
    OTEL_WHEN_OFF_(return false)
    while (i < len) {
        unsigned n;
        while (len - i >= sizeof(uintptr_t)) {    /* plain ASCII, a word at a time */
            uintptr_t word;
            memcpy(&word, p + i, sizeof word);
            if (word & (uintptr_t)0x8080808080808080ull) break;
            i += sizeof word;
        }
        while (i < len && p[i] < 0x80u) i++;
        if (i == len) break;
        n = otel_utf8_step_(p + i, len - i);
        if (n == 0) return false;
        i += n;
    }
    return true;
}

/* The largest length up to `limit` that does not cut a character of `text`. */
OTEL_API_ size_t otel_utf8_cut_(const char *text, size_t len, size_t limit)
{ OTEL_CALLED_
    size_t n = limit, back = 0;
    if (len <= limit) return len;
    while (n > 0 && back < 3 && ((uint8_t)text[n] & 0xC0) == 0x80) {
        n--;
        back++;
    }
    return ((uint8_t)text[n] & 0xC0) == 0x80 ? limit : n;     /* not UTF-8 at all: cut where the limit is */
}

OTEL_API_ void otel_utf8_close_(char *text, size_t len)
{ OTEL_CALLED_
    size_t n = len, wanted;
    while (n && len - n < 3u && ((uint8_t)text[n - 1u] & 0xC0) == 0x80) n--;
    if (!n || (uint8_t)text[n - 1u] < 0xC0u) return;
    wanted = (uint8_t)text[n - 1u] >= 0xF0u ? 4u : (uint8_t)text[n - 1u] >= 0xE0u ? 3u : 2u;
    if (len - n + 1u < wanted) text[n - 1u] = 0;
}

OTEL_API_ bool otel_copy_text_(uint8_t *to, const void *text, size_t len) { OTEL_CALLED_ return otel_copy_text_here_(to, text, len); }

/* A byte that is no UTF-8 becomes '?', so that no decoder refuses the batch. */
OTEL_FN_ void otel_mend_here_(uint8_t *text, size_t len)
{
    while (len) {
        unsigned n = otel_utf8_step_(text, len);
        if (n == 0) {
            *text = '?';
            n = 1;
        }
        text += n;
        len -= n;
    }
}
OTEL_API_ OTEL_NOINLINE_ void otel_mend_text_(uint8_t *text, size_t len) { OTEL_CALLED_ otel_mend_here_(text, len); }

/* Copy text into a protobuf string. */
OTEL_API_ uint8_t *otel_put_text_(uint8_t *to, const char *text, size_t len)
{ OTEL_CALLED_
#if OTEL_LIMITS
    if (OTEL_UNLIKELY_(otel_copy_text_(to, text, len))) otel_mend_here_(to, len);
#else
    memcpy(to, text, len);
#endif
    return to + len;
}
#endif
OTEL_C_END_

/* ---- out.h ----------------------------------------------------------------------------------------------------- */
OTEL_C_BEGIN_
OTEL_FN_ void otel_out_to_(otel_out_t_ *out, uint8_t *to, size_t room)
{
    out->at = to;
    out->end = to + room;
    out->then = out->then_end = NULL;
}
#if OTEL_BODIES_
/* Room for one byte, in this piece or the next. Should the caller's data have grown since the room was counted, it is cut off here. */
OTEL_FN_ bool otel_out_turn_(otel_out_t_ *out)
{
    if (out->at == out->end) {
        out->at = out->then;
        out->end = out->then_end;
        out->then = out->then_end;
    }
    return out->at != out->end;
}

/* Around the end, byte by byte and without a call of its own: few records do. */
OTEL_API_ OTEL_NOINLINE_ void otel_out_around_(otel_out_t_ *out, const uint8_t *bytes, size_t n);
OTEL_API_ OTEL_NOINLINE_ void otel_out_around_(otel_out_t_ *out, const uint8_t *bytes, size_t n)
{ OTEL_CALLED_
    for (; n && otel_out_turn_(out); n--) *out->at++ = *bytes++;
}

/* Stack is short where this is used: both calls stand where a return would. */
OTEL_API_ void otel_out_(otel_out_t_ *out, const void *bytes, size_t n)
{ OTEL_CALLED_
    uint8_t *at = out->at;
    if (OTEL_UNLIKELY_(n > (size_t)(out->end - at))) {
        otel_out_around_(out, (const uint8_t *)bytes, n);
        return;
    }
    out->at = at + n;
    if (n) memcpy(at, bytes, n);
}

OTEL_API_ OTEL_NOINLINE_ void otel_out_head_around_(otel_out_t_ *out, uint8_t tag, size_t len);
OTEL_API_ OTEL_NOINLINE_ void otel_out_head_around_(otel_out_t_ *out, uint8_t tag, size_t len)
{ OTEL_CALLED_
    unsigned left = otel_len_size_(len);
    for (; otel_out_turn_(out); len >>= 7) {
        *out->at++ = tag;
        if (left-- == 0) return;
        tag = (uint8_t)(left ? len | 128u : len);
    }
}

/* Tag and length of a message, or of text. */
OTEL_API_ void otel_out_head_(otel_out_t_ *out, uint8_t tag, size_t len)
{ OTEL_CALLED_
    uint8_t *at = out->at;
    if (OTEL_UNLIKELY_((size_t)(out->end - at) < 6u)) {
        otel_out_head_around_(out, tag, len);
        return;
    }
    *at = tag;
    out->at = otel_put_len_(at + 1, len);
}

/* Text of a protobuf string: a byte that is no UTF-8 becomes '?', so that no decoder refuses the batch. One look at each byte
   where it is plain ASCII that fits; else a character at a time. */
OTEL_API_ void otel_out_text_(otel_out_t_ *out, const char *text, size_t len)
{ OTEL_CALLED_
#if OTEL_LIMITS
    uint8_t *at = out->at;
    if (OTEL_LIKELY_(len <= (size_t)(out->end - at)) && OTEL_LIKELY_(!otel_copy_text_(at, text, len))) {
        out->at = at + len;
        return;
    }
    while (len) {
        unsigned n = otel_utf8_step_((const uint8_t *)text, len), some = n ? n : 1u;
        len -= some;
        for (; some && otel_out_turn_(out); some--, text++) *out->at++ = n ? (uint8_t)*text : (uint8_t)'?';
        text += some;                                         /* no room is left */
    }
#else
    otel_out_(out, text, len);
#endif
}
#endif
OTEL_C_END_

/* ---- attr.h ---------------------------------------------------------------------------------------------------- */
#if OTEL_BODIES_
OTEL_C_BEGIN_
#define OTEL_TAG_STRING_ 0x0A     /* AnyValue.string_value = 1 */
#define OTEL_TAG_BOOL_ 0x10       /* AnyValue.bool_value = 2 */
#define OTEL_TAG_INT_ 0x18        /* AnyValue.int_value = 3 */
#define OTEL_TAG_DOUBLE_ 0x21     /* AnyValue.double_value = 4, fixed64 */
#define OTEL_TAG_ARRAY_ 0x2A      /* AnyValue.array_value = 5 */
#define OTEL_TAG_MAP_ 0x32        /* AnyValue.kvlist_value = 6 */
#define OTEL_TAG_BYTES_ 0x3A      /* AnyValue.bytes_value = 7 */

OTEL_FN_ bool otel_is_list_(uint8_t type) { return type >= OTEL_V_INTS_; }

/* An unsigned number that no int64 holds goes as decimal text (specification: common, mapping to AnyValue), in `len` bytes. Three stand
   in front of the digits: a length drawn out by a byte, to every decoder the same, says that this is a number, whose text is not to be
   cut; two where there may be no difference. Its digits from the first one on, by subtraction: a division of 64 bits would be a library
   of its own on small cores, and a buffer is stack. */
OTEL_API_ OTEL_NOINLINE_ void otel_out_big_uint_(otel_out_t_ *out, size_t len, uint64_t u);
OTEL_API_ OTEL_NOINLINE_ void otel_out_big_uint_(otel_out_t_ *out, size_t len, uint64_t u)
{ OTEL_CALLED_
    const unsigned digits = u >= 10000000000000000000u ? 20u : 19u;
    unsigned left, i;
    for (left = (unsigned)len; left && otel_out_turn_(out); left--) {
        uint8_t byte = (uint8_t)(left == len ? (unsigned)OTEL_TAG_STRING_ : left > digits + 1u ? digits | 128u : len > digits + 2u ? 0u : digits);
        if (left <= digits) {
            uint64_t ten = 1;
            for (i = 1; i < left; i++) ten *= 10u;
            for (byte = '0'; u >= ten; u -= ten) byte++;
        }
        *out->at++ = byte;
    }
}

OTEL_FN_ bool otel_is_big_(const otel_value_t *v) { return v->type == OTEL_V_UINT_ && v->as.u >> 63; }

/* The encoded size of an AnyValue; texts count in full. */
OTEL_FN_ size_t otel_scalar_size_(const otel_value_t *v)
{
    switch (v->type) {
    case OTEL_V_STRING_:
    case OTEL_V_BYTES_: return (size_t)(1u + otel_varint_size_(v->len) + v->len);
    case OTEL_V_BOOL_: return 2;
    case OTEL_V_INT_: return 1u + otel_varint64_size_(v->as.u);
    case OTEL_V_UINT_: return otel_is_big_(v) ? (v->as.u >= 10000000000000000000u ? 23u : 22u) : 1u + otel_varint64_size_(v->as.u);
    case OTEL_V_DOUBLE_: return 9;
    default: return 0;
    }
}

/* The `len` bytes of a scalar that is no such number, in one piece of memory. */
OTEL_STEP_ void otel_scalar_here_(uint8_t *to, size_t len, const otel_value_t *v)
{
    uint8_t *tag = to++;
    switch (v->type) {
    case OTEL_V_STRING_:
    case OTEL_V_BYTES_:
        to = otel_put_len_(to, (size_t)v->len);
        if ((size_t)(to - tag) > len) return;                 /* it changed since it was measured */
        len -= (size_t)(to - tag);
        *tag = v->type == OTEL_V_STRING_ ? OTEL_TAG_STRING_ : OTEL_TAG_BYTES_;
#if OTEL_UTF8_REPLACE
        if (v->type == OTEL_V_STRING_) (void)otel_put_text_(to, (const char *)v->as.p, len);
        else if (len) memcpy(to, v->as.p, len);
#else
        if (OTEL_HOT_(otel_copy_text_here_, otel_copy_text_)(to, v->as.p, len) && OTEL_LIMITS && v->type == OTEL_V_STRING_ && !otel_utf8_valid((const char *)to, len)) *tag = OTEL_TAG_BYTES_;
#endif
        return;
    case OTEL_V_BOOL_:
        *tag = OTEL_TAG_BOOL_;
        *to = v->as.u != 0;
        return;
    case OTEL_V_INT_:
    case OTEL_V_UINT_:
        *tag = OTEL_TAG_INT_;
        (void)otel_put_varint64_(to, v->as.u);
        return;
#if !OTEL_NO_FLOAT
    case OTEL_V_DOUBLE_:
        *tag = OTEL_TAG_DOUBLE_;
        otel_put64_(to, otel_double_bits_(v->as.d));
        return;
#endif
    default: return;
    }
}

/* A scalar that goes around the end of a ring, or may. */
OTEL_STEP_ void otel_scalar_around_(otel_out_t_ *out, size_t len, const otel_value_t *v)
{
    uint8_t field[11];
    if (v->type != OTEL_V_STRING_ && v->type != OTEL_V_BYTES_) {
        otel_scalar_here_(field, len, v);
        otel_out_(out, field, len);
        return;
    }
#if OTEL_UTF8_REPLACE
    otel_out_head_(out, v->type == OTEL_V_STRING_ ? OTEL_TAG_STRING_ : OTEL_TAG_BYTES_, (size_t)v->len);
    if (v->type == OTEL_V_STRING_) {
        otel_out_text_(out, (const char *)v->as.p, (size_t)v->len);
        return;
    }
#else
    otel_out_head_(out, v->type == OTEL_V_STRING_ && (!OTEL_LIMITS || otel_utf8_valid((const char *)v->as.p, (size_t)v->len)) ? OTEL_TAG_STRING_ : OTEL_TAG_BYTES_, (size_t)v->len);
#endif
    otel_out_(out, v->as.p, (size_t)v->len);
}

/* The AnyValue's content, of `len` bytes. */
OTEL_API_ void otel_scalar_encode_(otel_out_t_ *out, size_t len, const otel_value_t *v)
{ OTEL_CALLED_
    if (otel_is_big_(v)) {
        otel_out_big_uint_(out, len, v->as.u);
    } else if (OTEL_UNLIKELY_(len > (size_t)(out->end - out->at))) {
        otel_scalar_around_(out, len, v);
    } else if (len) {
        uint8_t *to = out->at;
        out->at = to + len;
        otel_scalar_here_(to, len, v);
    }
}

/* Bytes of an AnyValue without tag and length. */
OTEL_FN_ size_t otel_any_len_(const otel_value_t *value)
{
    if (otel_is_list_(value->type)) return (value->as.list.encode)(NULL, value);
    return value->len > OTEL_LENGTH_MAX_ ? OTEL_TOO_LONG_ : otel_scalar_size_(value);
}

OTEL_API_ size_t otel_any_size_(const otel_value_t *value)
{ OTEL_CALLED_
    size_t any = otel_any_len_(value);
    return otel_too_long_(any) ? 0 : otel_message_size_(any);
}

/* An AnyValue of `len` bytes, with tag and length. */
OTEL_FN_ void otel_any_write_(otel_out_t_ *out, uint8_t tag, const otel_value_t *value, size_t len)
{
    otel_out_head_(out, tag, len);
    if (otel_is_list_(value->type)) (void)(value->as.list.encode)(out, value);
    else otel_scalar_encode_(out, len, value);
}

OTEL_API_ void otel_any_encode_(otel_out_t_ *out, uint8_t tag, const otel_value_t *value) { OTEL_CALLED_ otel_any_write_(out, tag, value, otel_any_len_(value)); }

/* Bytes of a KeyValue, without tag and length, whose AnyValue has `any`; OTEL_TOO_LONG_ if one of its parts is. */
OTEL_FN_ size_t otel_attr_len_(size_t key_len, size_t any)
{
    return otel_too_long_(key_len) || otel_too_long_(any) ? OTEL_TOO_LONG_ : otel_message_size_(key_len) + otel_message_size_(any);
}

/* The same with tag and length; 0: too long. */
OTEL_FN_ size_t otel_attr_room_(size_t key_len, size_t any)
{
    size_t all = otel_attr_len_(key_len, any);
    return otel_too_long_(all) ? 0 : otel_message_size_(all);
}

OTEL_API_ size_t otel_attr_size_(size_t key_len, const otel_value_t *value) { OTEL_CALLED_ return otel_attr_room_(key_len, otel_any_len_(value)); }

/* Where there is room for it: most attributes are short and plain ASCII. False: the careful way. */
OTEL_FN_ bool otel_attr_short_(otel_out_t_ *out, uint8_t tag, const char *key, size_t key_len, const otel_value_t *value, size_t any)
{
    size_t all = 4u + key_len + any;
    uint8_t *p = out->at;
    if (key_len > 127u || any > 127u || all > 127u || all + 2u > (size_t)(out->end - p) || otel_is_list_(value->type) || otel_is_big_(value)) return false;
    otel_put32_(p, 0x0A0000u + tag + ((uint32_t)all << 8) + ((uint32_t)key_len << 24));       /* KeyValue.key = 1 */
    if (OTEL_UNLIKELY_(otel_copy_text_here_(p + 4, key, key_len)) && OTEL_LIMITS) return false;
    p += 4u + key_len;
    p[0] = 0x12;                                              /* KeyValue.value = 2 */
    p[1] = (uint8_t)any;
    if (value->type == OTEL_V_STRING_) {
        p[2] = OTEL_TAG_STRING_;
        p[3] = (uint8_t)value->len;
        if (OTEL_UNLIKELY_(otel_copy_text_here_(p + 4, value->as.p, (size_t)value->len)) && OTEL_LIMITS) return false;
    } else {
        otel_scalar_here_(p + 2, any, value);
    }
    out->at = p + 2u + any;
    return true;
}

/* An attribute whose AnyValue has `any` bytes. */
OTEL_FN_ void otel_attr_known_(otel_out_t_ *out, uint8_t tag, const char *key, size_t key_len, const otel_value_t *value, size_t any)
{
    if (OTEL_ROOMY_ && OTEL_LIKELY_(otel_attr_short_(out, tag, key, key_len, value, any))) return;
    otel_out_head_(out, tag, otel_attr_len_(key_len, any));
    otel_out_head_(out, 0x0A, key_len);                       /* KeyValue.key = 1 */
    otel_out_text_(out, key, key_len);
    otel_any_write_(out, 0x12, value, any);                   /* KeyValue.value = 2 */
}

OTEL_API_ void otel_attr_encode_(otel_out_t_ *out, uint8_t tag, const char *key, size_t key_len, const otel_value_t *value)
{ OTEL_CALLED_
    otel_attr_known_(out, tag, key, key_len, value, otel_any_len_(value));
}

/* What few values are, in one piece of memory of `len` bytes. */
OTEL_STEP_ void otel_any_rare_(uint8_t *to, size_t len, const otel_value_t *value)
{
    otel_out_t_ out;
    otel_out_to_(&out, to, len);
    if (otel_is_list_(value->type)) (void)(value->as.list.encode)(&out, value);
    else otel_out_big_uint_(&out, len, value->as.u);
}

/* The `len` bytes of an AnyValue in one piece of memory. */
OTEL_FN_ void otel_any_here_(uint8_t *to, size_t len, const otel_value_t *value)
{
    if (otel_is_list_(value->type) || otel_is_big_(value)) otel_any_rare_(to, len, value);
    else otel_scalar_here_(to, len, value);
}

OTEL_API_ size_t otel_attr_write_(uint8_t *to, size_t room, unsigned tag, const otel_attr_t *attribute)
{ OTEL_CALLED_
    const char *key = attribute->key;
    size_t key_len = key ? otel_len_(key) : 0, any = otel_any_len_(&attribute->value) - (tag & OTEL_LIKE_TEXT_ && otel_is_big_(&attribute->value) ? 1u : 0u), n = otel_attr_room_(key_len, any);
    if (key_len == 0 || n > room) return 0;
    if (n) {
#if OTEL_ROOMY_
        otel_out_t_ out;
        otel_out_to_(&out, to, n);
        if (OTEL_LIKELY_(otel_attr_short_(&out, (uint8_t)tag, key, key_len, &attribute->value, any))) return n;
#endif
        *to = (uint8_t)tag;
        to = otel_put_len_(to + 1, otel_attr_len_(key_len, any));
        *to = 0x0A;                                           /* KeyValue.key = 1 */
        to = otel_put_text_(otel_put_len_(to + 1, key_len), key, key_len);
        *to = 0x12;                                           /* KeyValue.value = 2 */
        otel_any_here_(otel_put_len_(to + 1, any), any, &attribute->value);
    }
    return n;
}
OTEL_C_END_
#endif

/* ---- clock.h --------------------------------------------------------------------------------------------------- */
OTEL_C_BEGIN_
/* Nanoseconds: since boot when the hook gives ticks, else of Unix time. */
OTEL_FN_ uint64_t otel_clock_now_(otel_clock_t *clock)
{
    if (OTEL_LIKELY_(clock->plain)) return (clock->read)(clock->user);
    return (clock->careful)(clock);
}

/* Wall time minus the clock, in one piece though another thread or an interrupt may be setting it. False: not known yet. */
OTEL_FN_ bool otel_clock_offset_(const otel_clock_t *clock, uint64_t *offset)
{
    if (OTEL_UNLIKELY_(!OTEL_LOAD_ACQUIRE_(&clock->known))) {
        *offset = 0;
        return false;
    }
#if OTEL_CLOCK_PAIR_
    {
        uint32_t turn;
        do {
            turn = OTEL_LOAD_ACQUIRE_(&clock->turn);
            *offset = *(const volatile uint64_t *)(turn & 1u ? &clock->other : &clock->offset);
            __atomic_thread_fence(__ATOMIC_ACQUIRE);
        } while (turn != OTEL_LOAD_(&clock->turn));       /* set again by another thread; what interrupts a setter sees no change */
    }
#elif OTEL_ATOMICS_
    *offset = OTEL_LOAD_(&clock->offset);
#elif defined(__AVR__) && !OTEL_PORT_LOCK
    {
        uint32_t was = otel_mask_();                          /* shorter than to read eight bytes twice */
        *offset = clock->offset;
        otel_unmask_(was);
    }
#else
    {
        const volatile uint64_t *at = &clock->offset;
        uint64_t again;
        do {
            *offset = *at;
            again = *at;
        } while (*offset != again);
    }
#endif
    return true;
}

/* A Unix time on the scale of the clock; now, while nobody knows. */
OTEL_FN_ uint64_t otel_clock_from_unix_(otel_clock_t *clock, uint64_t unix_ns)
{
    uint64_t offset;
    return otel_clock_offset_(clock, &offset) ? unix_ns - offset : otel_clock_now_(clock);
}
#if OTEL_BODIES_
/* By who is the only one to set it at that time. */
OTEL_FN_ void otel_clock_put_(otel_clock_t *clock, uint64_t offset)
{
#if OTEL_CLOCK_PAIR_
    uint32_t turn = clock->turn + 1u;
    *(volatile uint64_t *)(turn & 1u ? &clock->other : &clock->offset) = offset;
    OTEL_STORE_RELEASE_(&clock->turn, turn);
#elif OTEL_ATOMICS_
    OTEL_STORE_(&clock->offset, offset);
#else
    clock->offset = offset;
#endif
}

/* Set the offset, and make it known. Two at a time: the second one's is dropped, it says nearly the same. */
OTEL_API_ void otel_clock_sync_(otel_clock_t *clock, uint64_t offset)
{ OTEL_CALLED_
    uint32_t was = otel_mask_();
#if OTEL_CLOCK_PAIR_
    uint8_t open = 0;
    if (OTEL_CAS_(&clock->gate, &open, (uint8_t)1)) {
        otel_clock_put_(clock, offset);
        OTEL_STORE_RELEASE_(&clock->gate, (uint8_t)0);
    }
#else
    otel_clock_put_(clock, offset);
#endif
    OTEL_STORE_RELEASE_(&clock->known, true);
    otel_unmask_(was);
}

/* Read and widen a counter of up to 32 bits. The sixteenths are read before the counter, so the time is in the turn that
   begins with them, and no other thread or interrupt can put it into the next one. Read 16 times in 15 turns, or more often. */
OTEL_FN_ uint64_t otel_clock_widen_(otel_clock_t *clock)
{
    uint32_t part = OTEL_LOAD_ACQUIRE_(&clock->sixteenths), mask = 0xFFFFFFFFu >> (32 - clock->bits);
    uint64_t begin = (uint64_t)part << (clock->bits - 4);
    uint32_t past = ((uint32_t)(clock->read)(clock->user) - (uint32_t)begin) & mask, now = part + (past >> (clock->bits - 4));
#if OTEL_ATOMICS_
    while ((int32_t)(now - part) > 0 && !OTEL_CAS_(&clock->sixteenths, &part, now)) {}
#else
    clock->sixteenths = now;
#endif
    return begin + past;
}

/* Ticks since boot, as nanoseconds. */
OTEL_API_ uint64_t otel_clock_ticked_(otel_clock_t *clock);
OTEL_API_ uint64_t otel_clock_ticked_(otel_clock_t *clock)
{ OTEL_CALLED_
    uint64_t now;
    uint32_t was = otel_mask_();
    now = clock->bits <= 32 ? otel_clock_widen_(clock) : (clock->read)(clock->user);
    otel_unmask_(was);
    return (((now >> 32) * clock->scale) << (32 - clock->shift)) + (((now & 0xFFFFFFFFu) * clock->scale) >> clock->shift);
}

OTEL_API_ void otel_clock_begin_ticks_(otel_clock_t *clock, uint32_t hz, uint8_t bits)
{ OTEL_CALLED_
    /* a long division by hand: one of 64 bits would be a library of its own on small cores */
    uint32_t scale = 1000000000u / hz, rest = 1000000000u % hz;
    clock->careful = otel_clock_ticked_;
    clock->ticks = true;
    clock->bits = bits == 0 || bits > 64 ? 64 : bits;
    while (clock->shift < 31 && !(scale >> 31)) {
        bool one = rest >= hz - rest;
        rest = one ? rest - (hz - rest) : rest << 1;
        scale = scale << 1 | (one ? 1u : 0u);
        clock->shift++;
    }
    clock->scale = scale;
    clock->plain = hz == 1000000000u && clock->bits == 64;
}

/* Unix time that somebody put back: the clock goes on from its last value, and wall time is that much before it. What is less than a
   second is waited out. */
OTEL_FN_ uint64_t otel_clock_back_(otel_clock_t *clock, uint64_t now, uint64_t offset)
{
    if (clock->last - now >= 1000000000u) otel_clock_put_(clock, offset - (clock->last - now));
    return clock->last;
}

/* Nanoseconds that never go back: of Unix time, as long as nobody puts it back. */
OTEL_API_ uint64_t otel_clock_steady_(otel_clock_t *clock);
OTEL_API_ uint64_t otel_clock_steady_(otel_clock_t *clock)
{ OTEL_CALLED_
    uint64_t now;
#if OTEL_ATOMICS_
    uint64_t offset;
    uint8_t open = 0;
    bool keep = OTEL_CAS_(&clock->gate, &open, (uint8_t)1);
    (void)otel_clock_offset_(clock, &offset);
    now = (clock->read)(clock->user) - offset;
    if (keep) {
        if (OTEL_UNLIKELY_(now < clock->last)) now = otel_clock_back_(clock, now, offset);
        clock->last = now;
        OTEL_STORE_RELEASE_(&clock->gate, (uint8_t)0);
    }
#else
    uint32_t was = otel_mask_();
    now = (clock->read)(clock->user) - clock->offset;
    if (now < clock->last) now = otel_clock_back_(clock, now, clock->offset);
    clock->last = now;
    otel_unmask_(was);
#endif
    return now;
}

OTEL_API_ void otel_clock_begin_unix_(otel_clock_t *clock, uint32_t hz, uint8_t bits)
{ OTEL_CALLED_
    (void)hz;
    (void)bits;
    clock->careful = otel_clock_steady_;
    clock->known = true;
    clock->bits = 64;
}
#endif
OTEL_C_END_

/* ---- context.h ------------------------------------------------------------------------------------------------- */
OTEL_C_BEGIN_
OTEL_FN_ bool otel_all_zero_(const uint8_t *bytes, size_t n)
{
    uint32_t any = 0, word;
    for (; OTEL_HOT_(true, false) && n >= sizeof word; n -= sizeof word) {        /* who builds for size goes by bytes */
        memcpy(&word, bytes + n - sizeof word, sizeof word);
        any |= word;
    }
    while (n) any |= bytes[--n];
    return any == 0;
}
#if OTEL_BODIES_
OTEL_API_ bool otel_context_valid(const otel_context_t *context)
{ OTEL_CALLED_
    OTEL_WHEN_OFF_((void)context; return false)
    return context && !otel_all_zero_(context->trace_id, 16) && !otel_all_zero_(context->span_id, 8);
}
#endif
OTEL_C_END_

/* ---- id.h ------------------------------------------------------------------------------------------------------ */
#if OTEL_BODIES_
OTEL_C_BEGIN_
/* A bijection of 32 bits in which each bit of the input turns about half of the output's. */
OTEL_FN_ uint32_t otel_mix_(uint32_t x)
{
    x ^= x >> 16;
    x *= 0x7FEB352Du;
    x ^= sizeof(int) > 2 ? x >> 15 : x >> 16 << 1 | (uint16_t)x >> 15;       /* the same: where an int has 16 bits, whole bytes move */
    x *= 0x846CA68Bu;
    return x ^ (x >> 16);
}

/* Stir `n` bytes into the keys; several calls add up. */
OTEL_API_ void otel_id_seed_(otel_ids_t *ids, const uint8_t *seed, size_t n)
{ OTEL_CALLED_
    size_t i;
    for (i = 0; i < n; i++) {
        unsigned k = (unsigned)(i & 3u);
        ids->key[k] = otel_mix_(ids->key[k] ^ ids->key[(k + 3u) & 3u] ^ ((uint32_t)seed[i] << 8 | (uint32_t)(i & 255u)));
    }
    for (i = 0; i < 8; i++) ids->key[i & 3u] = otel_mix_(ids->key[i & 3u] + ids->key[(i + 3u) & 3u] + 1u);       /* twice around: each byte reaches each key */
}

/* 2 words: a span id, 4: a trace id; never all zero. The same count never comes twice, and each word is a bijection of it.
   `own`: no other thread takes ids here. */
OTEL_INLINE_ void otel_id_make_here_(otel_ids_t *ids, uint8_t *to, unsigned words, bool own)
{
    uint32_t low, word, any = 0;
    unsigned i;
#if OTEL_ATOMICS_
    otel_count_t count = own ? OTEL_OWN_FETCH_ADD_(&ids->count, (otel_count_t)1) : OTEL_FETCH_ADD_(&ids->count, (otel_count_t)1);
#else
    uint32_t was = otel_mask_();
    otel_count_t count = ids->count++;
    otel_unmask_(was);
    (void)own;
#endif
    low = (uint32_t)count;
    word = (uint32_t)((uint64_t)count >> 32) + words * 0x9E3779B9u;    /* trace and span ids share no sequence */
    for (i = 0; i < words; i++) {
        word = otel_mix_((word + low) ^ ids->key[i]);
        any |= word;
        otel_put32_(to + 4u * i, word);
    }
    if (any == 0) to[4 * words - 1] = 1;
}

OTEL_API_ void otel_id_make_by_(otel_ids_t *ids, uint8_t *to, unsigned words, bool own) { OTEL_CALLED_ otel_id_make_here_(ids, to, words, own); }
OTEL_C_END_
#endif

/* ---- result.h -------------------------------------------------------------------------------------------------- */
#if OTEL_BODIES_
OTEL_C_BEGIN_
OTEL_API_ const char *otel_result_text(otel_result_t result)
{ OTEL_CALLED_
#define OTEL_RESULT_CASE_(code, value, text) text "\0"
    static const char texts[] = OTEL_RESULTS_(OTEL_RESULT_CASE_);     /* no table of pointers: the strings of all tables of a file are linked together */
    const char *text = texts;
    int i;
    for (i = 0; i > (int)result && *text; i--) text += strlen(text) + 1u;
    return result <= OTEL_OK && *text ? text : "unknown result";
#undef OTEL_RESULT_CASE_
}
OTEL_C_END_
#endif

/* ---- ring.h ---------------------------------------------------------------------------------------------------- */
OTEL_C_BEGIN_
OTEL_FN_ otel_pos_t otel_pos_add_(const otel_ring_t *ring, otel_pos_t pos, otel_pos_t n)
{
    otel_pos_t offset = (pos & OTEL_OFFSET_) + n, lap = pos & ~OTEL_OFFSET_;
    if (offset >= ring->size) {
        offset -= ring->size;
        lap += OTEL_LAP_;
    }
    return lap | offset;
}

/* Bytes from `from` to `to`, which is at most one ring ahead. */
OTEL_FN_ otel_pos_t otel_pos_between_(const otel_ring_t *ring, otel_pos_t from, otel_pos_t to)
{
    otel_pos_t n = (to & OTEL_OFFSET_) - (from & OTEL_OFFSET_);
    if ((to ^ from) & ~OTEL_OFFSET_) n += ring->size;
    return n;
}

OTEL_FN_ uint8_t *otel_ring_at_(const otel_ring_t *ring, otel_pos_t pos) { return ring->bytes + (pos & OTEL_OFFSET_); }

/* Bytes of the record at `pos`: mark, three bytes of length, content. */
OTEL_FN_ uint32_t otel_record_size_(const otel_ring_t *ring, otel_pos_t pos)
{
    uint32_t n = 0;
    otel_pos_t i;
    for (i = OTEL_LENGTH_BYTES_; i; i--) n = n << 7 | (*otel_ring_at_(ring, otel_pos_add_(ring, pos, i)) & 127u);
    return n + 1u + OTEL_LENGTH_BYTES_;
}

/* Copy `n` bytes out of the ring. */
OTEL_FN_ void otel_ring_copy_(const otel_ring_t *ring, otel_pos_t pos, void *to, size_t n)
{
    size_t first = (size_t)(ring->size - (pos & OTEL_OFFSET_));
    if (first > n) first = n;
    memcpy(to, otel_ring_at_(ring, pos), first);
    memcpy((uint8_t *)to + first, ring->bytes, n - first);
}

/* The gate orders eviction and the readers' moves. Writers only try it; readers wait the few instructions it is held. */
typedef struct otel_held_t_ {
    uint32_t mask;
    bool hook;
} otel_held_t_;

OTEL_FN_ bool otel_gate_enter_(otel_ring_t *ring, const otel_guard_t *guard, bool wait, otel_held_t_ *held)
{
    held->mask = 0;
    held->hook = guard->lock != NULL;
    if (held->hook) return (guard->lock)(guard->user, wait);
#if OTEL_ATOMICS_
    for (;;) {
        uint8_t open = 0;
        if (OTEL_CAS_(&ring->gate, &open, (uint8_t)(wait ? 1 : 2))) return true;     /* 2: a writer, who may die in there */
        if (!wait) return false;
    }
#else
    (void)ring;
    (void)wait;
    held->mask = otel_mask_();
    return true;
#endif
}

/* As a reader, but only so many times: whoever holds it may be the code that was interrupted. */
OTEL_FN_ bool otel_gate_try_(otel_ring_t *ring, const otel_guard_t *guard, unsigned tries, otel_held_t_ *held)
{
#if OTEL_ATOMICS_
    held->mask = 0;
    held->hook = guard->lock != NULL;
    for (; tries; tries--) {
        uint8_t open = 0;
        if (held->hook ? (guard->lock)(guard->user, false) : OTEL_CAS_(&ring->gate, &open, (uint8_t)1)) return true;
    }
    return false;
#else
    (void)tries;
    return otel_gate_enter_(ring, guard, true, held);
#endif
}

OTEL_FN_ void otel_gate_leave_(otel_ring_t *ring, const otel_guard_t *guard, const otel_held_t_ *held)
{
    if (held->hook) {
        (guard->unlock)(guard->user);
        return;
    }
#if OTEL_ATOMICS_
    OTEL_STORE_RELEASE_(&ring->gate, (uint8_t)0);
#else
    (void)ring;
    otel_unmask_(held->mask);
#endif
}

/* Add one to a counter that an interrupt may be adding to as well. */
OTEL_FN_ void otel_tally_(otel_count_t *count)
{
#if OTEL_ATOMICS_
    OTEL_ADD_(count, (otel_count_t)1);
#else
    uint32_t was = otel_mask_();
    ++*count;
    otel_unmask_(was);
#endif
}
#if OTEL_BODIES_
OTEL_API_ const char *otel_drop_text(otel_drop_t reason)
{ OTEL_CALLED_
#define OTEL_DROP_CASE_(code, text) text "\0"
    static const char texts[] = OTEL_DROPS_(OTEL_DROP_CASE_);
    const char *text = texts;
    unsigned i;
    for (i = 0; i < (unsigned)reason && *text; i++) text += strlen(text) + 1u;
    return *text ? text : "unknown";
#undef OTEL_DROP_CASE_
}

OTEL_API_ void otel_ring_lay_(otel_ring_t *ring, void *bytes, size_t size, otel_when_full_t when_full, otel_policy_t_ policy)
{ OTEL_CALLED_
    memset((void *)ring, 0, sizeof *ring);
    ring->policy = policy;
    ring->bytes = (uint8_t *)bytes;
    ring->size = size > OTEL_OFFSET_ ? OTEL_OFFSET_ : (otel_pos_t)size;
    ring->when_full = (uint8_t)when_full;
#if OTEL_HOSTED_
    ring->wake_at = ~(otel_pos_t)0;
#endif
}

/* Count a record that never got near the ring. */
OTEL_API_ void otel_ring_lose_(otel_ring_t *ring, otel_drop_t reason)
{ OTEL_CALLED_
    otel_tally_(&ring->created);
    otel_tally_(&ring->dropped[reason]);
    otel_tally_(&ring->settled);
}

/* Evict the oldest record; the gate is held. OTEL_DROP_REASONS: done, else why it cannot go. */
OTEL_FN_ otel_drop_t otel_ring_evict_(otel_ring_t *ring)
{
    otel_pos_t first = ring->released, next;
    unsigned i;
    if (first == OTEL_LOAD_ACQUIRE_(&ring->published)) return OTEL_DROP_FULL;
    for (i = 0; i < OTEL_READERS_; i++) {
        if (ring->reader[i].on && ring->reader[i].cursor == first && ring->reader[i].held != first) return OTEL_DROP_IN_FLIGHT;
    }
    next = otel_pos_add_(ring, first, (otel_pos_t)otel_record_size_(ring, first));
    for (i = 0; i < OTEL_READERS_; i++) {
        otel_reader_t_ *reader = &ring->reader[i];
        if (reader->on && reader->cursor == first) {
            OTEL_STORE_(&reader->cursor, next);
            OTEL_STORE_(&reader->held, next);
            OTEL_STORE_(&reader->passed, (otel_count_t)(reader->passed + 1u));
            OTEL_STORE_(&reader->evicted, (otel_count_t)(reader->evicted + 1u));
        }
    }
    ring->gone++;
    OTEL_STORE_RELEASE_(&ring->released, next);
    return OTEL_DROP_REASONS;
}

/* OTEL_DROP_SAMPLE: past half full one in two goes in, past three quarters one in four, and so on. */
OTEL_FN_ bool otel_ring_thins_(const otel_ring_t *ring, otel_pos_t used, otel_count_t turn)
{
    otel_pos_t left = ring->size - used, part = ring->size >> 1;
    otel_count_t mask = 0;
    while (left < part && part > 8) {
        mask = mask << 1 | 1u;
        part >>= 1;
    }
    return (turn & mask) != 0;
}

/* What rings do that do more than refuse when they are full: evict until `n` bytes are free (the gate must not be held),
   or thin out. OTEL_DROP_REASONS: go on. */
OTEL_API_ otel_drop_t otel_ring_policy_(otel_ring_t *ring, const otel_guard_t *guard, otel_pos_t n, otel_pos_t what)
{ OTEL_CALLED_
    const bool locked = !OTEL_ATOMICS_ || guard->lock != NULL;
    otel_drop_t why = OTEL_DROP_REASONS;
    otel_held_t_ held = { 0, false };
    (void)what;
    if (ring->when_full != OTEL_DROP_OLDEST) {
        otel_pos_t used = otel_pos_between_(ring, OTEL_LOAD_(&ring->released), OTEL_LOAD_(&ring->reserved));
        return n > ring->size - used || otel_ring_thins_(ring, used, OTEL_LOAD_(&ring->created)) ? OTEL_DROP_FULL : why;
    }
    if (!locked && !otel_gate_enter_(ring, guard, false, &held)) return OTEL_DROP_BUSY;
    while (why == OTEL_DROP_REASONS && otel_pos_between_(ring, ring->released, OTEL_LOAD_(&ring->reserved)) + n > ring->size) {
        why = otel_ring_evict_(ring);
    }
    if (!locked) otel_gate_leave_(ring, guard, &held);
    return why;
}

#if OTEL_ATOMICS_
/* So full that the exporter should come, though its time is not yet; once, until the port sets wake_at again. */
OTEL_API_ OTEL_NOINLINE_ void otel_ring_wake_(otel_ring_t *ring);
OTEL_API_ OTEL_NOINLINE_ void otel_ring_wake_(otel_ring_t *ring)
{ OTEL_CALLED_
    otel_pos_t at = OTEL_LOAD_ACQUIRE_(&ring->wake_at);
    if (at > ring->size || !OTEL_CAS_(&ring->wake_at, &at, ~(otel_pos_t)0)) return;      /* a handler was here */
    if (!(OTEL_LOAD_(&ring->wake))()) OTEL_STORE_(&ring->wake_at, at);
}
#endif

/* Take `n` bytes at *start, which says before what is to be written. OTEL_DROP_REASONS: taken. On hosts only the owner of the shard comes here, and the signal
   handlers that interrupt it; elsewhere the mask or the port's lock is held. */
OTEL_INLINE_ otel_drop_t otel_ring_reserve_(otel_ring_t *ring, const otel_guard_t *guard, otel_pos_t n, otel_pos_t *start)
{
    if (OTEL_UNLIKELY_(n > ring->size)) return OTEL_DROP_TOO_LARGE;
    for (;;) {
        otel_pos_t from = OTEL_LOAD_(&ring->reserved);
        otel_pos_t used = otel_pos_between_(ring, OTEL_LOAD_ACQUIRE_(&ring->released), from), left = ring->size - used;
#if OTEL_ATOMICS_
        if (OTEL_LOAD_(&ring->reserved) != from) continue;            /* a handler came between the two reads */
#endif
        if (OTEL_UNLIKELY_(n > left) || OTEL_UNLIKELY_(ring->when_full >= OTEL_DROP_SAMPLE)) {
            otel_drop_t why = ring->policy ? (ring->policy)(ring, guard, n, *start) : OTEL_DROP_FULL;
            if (why != OTEL_DROP_REASONS) return why;
            if (ring->when_full < OTEL_DROP_SAMPLE) continue;
        }
#if OTEL_ATOMICS_
        if (OTEL_UNLIKELY_(used > OTEL_LOAD_(&ring->wake_at))) otel_ring_wake_(ring);
        if (!OTEL_OWN_CAS_(&ring->reserved, &from, otel_pos_add_(ring, from, n))) continue;
        *start = from;
#else
        *start = from;
        ring->reserved = otel_pos_add_(ring, from, n);
        ring->room = 0;                           /* on hosts (a file with atomics may write too), with a lock, or when it chooses: always the long way */
        if (!OTEL_HOSTED_ && guard->lock == NULL && ring->when_full < OTEL_DROP_SAMPLE) {
            otel_pos_t tail = ring->size - (ring->reserved & OTEL_OFFSET_);
            left -= n;
            ring->room = left < tail ? left : tail;
        }
#endif
        return OTEL_DROP_REASONS;
    }
}

/* Only the outermost writer finds `published` where it began; it publishes for all that interrupted it. How many records
   that settles; 0: the writer below does it. */
OTEL_FN_ otel_count_t otel_ring_publish_(otel_ring_t *ring, otel_pos_t start)
{
#if OTEL_ATOMICS_
    otel_pos_t end;
    OTEL_SIGNAL_FENCE_();
    if (OTEL_UNLIKELY_(OTEL_LOAD_(&ring->published) != start)) {
        OTEL_OWN_ADD_(&ring->waiting, (otel_count_t)1);
        return 0;
    }
    end = OTEL_LOAD_(&ring->reserved);
    OTEL_STORE_RELEASE_(&ring->published, end);
    OTEL_SIGNAL_FENCE_();
    for (;;) {                                    /* a handler between the load and the store left its record to us */
        otel_pos_t now = OTEL_LOAD_(&ring->reserved), seen = end;
        if (OTEL_LIKELY_(now == end) || !OTEL_OWN_CAS_(&ring->published, &seen, now)) break;
        end = now;
    }
    if (OTEL_LIKELY_(OTEL_LOAD_(&ring->waiting) == 0)) return 1;
    return 1u + __atomic_exchange_n(&ring->waiting, (otel_count_t)0, __ATOMIC_RELAXED);
#else
    if (ring->published == start) ring->published = ring->reserved;
    return 1;
#endif
}

/* Copy into the ring, around its end where it must. */
OTEL_API_ OTEL_NOINLINE_ void otel_ring_wrap_(otel_ring_t *ring, otel_pos_t at, const void *from, size_t n);
OTEL_API_ OTEL_NOINLINE_ void otel_ring_wrap_(otel_ring_t *ring, otel_pos_t at, const void *from, size_t n)
{ OTEL_CALLED_
    const uint8_t *p = (const uint8_t *)from;
#if OTEL_HOSTED_
    size_t first;
    if (at >= ring->size) at -= ring->size;
    first = (size_t)(ring->size - at);
    if (first > n) first = n;
    if (first) memcpy(ring->bytes + at, p, first);
    if (n > first) memcpy(ring->bytes, p + first, n - first);
#else                                             /* stack is short here, and few records come here */
    uint8_t *to = ring->bytes + at, *end = ring->bytes + ring->size;
    for (; n; n--) {
        if (to >= end) to -= ring->size;
        *to++ = *p++;
    }
#endif
}

OTEL_FN_ void otel_ring_fill_(otel_ring_t *ring, otel_pos_t start, const void *a, size_t a_len, const void *b, size_t b_len)
{
    otel_pos_t at = start & OTEL_OFFSET_;
    if (OTEL_LIKELY_(at + a_len + b_len <= ring->size)) {
        OTEL_HOT_(otel_copy_here_, OTEL_COPY_RECORD_)(ring->bytes + at, a, a_len);
        if (b_len) memcpy(ring->bytes + at + a_len, b, b_len);
    } else {
        otel_ring_wrap_(ring, at, a, a_len);
        if (b_len) otel_ring_wrap_(ring, (otel_pos_t)(at + a_len), b, b_len);
    }
}

/* Count a record of `n` bytes and take room for it; false: it is counted as dropped. Before, *start says what it is. What was
   begun is finished by the same thread, with nothing in between that could fail. The positions are moved by one thread at a time
   in any case, but what was lost in a shard that all may try is counted by all of them: only in a shard of one's own (`own`) are
   the counts one's own. */
OTEL_INLINE_ bool otel_ring_begin_here_(otel_ring_t *ring, const otel_guard_t *guard, size_t n, otel_pos_t *start, bool own)
{
    otel_drop_t why;
    bool locked = guard->lock != NULL;
#if !OTEL_ATOMICS_
    uint32_t was;
#endif
    if (OTEL_UNLIKELY_(locked) && !(guard->lock)(guard->user, false)) {
        otel_ring_lose_(ring, OTEL_DROP_BUSY);
        return false;
    }
#if OTEL_ATOMICS_
    if (own && OTEL_LIKELY_(!locked)) OTEL_OWN_ADD_(&ring->created, (otel_count_t)1);
    else OTEL_ADD_(&ring->created, (otel_count_t)1);
    why = otel_ring_reserve_(ring, guard, (otel_pos_t)n, start);
    if (OTEL_UNLIKELY_(why != OTEL_DROP_REASONS)) {
        OTEL_ADD_(&ring->dropped[why], (otel_count_t)1);
        OTEL_ADD_(&ring->settled, (otel_count_t)1);
    }
#else
    (void)own;
    was = otel_mask_();
    ring->created++;
    why = otel_ring_reserve_(ring, guard, (otel_pos_t)n, start);
    if (OTEL_UNLIKELY_(why != OTEL_DROP_REASONS)) {
        ring->dropped[why]++;
        ring->settled++;
    }
    otel_unmask_(was);
#endif
    if (OTEL_LIKELY_(why == OTEL_DROP_REASONS)) return true;
    if (locked) (guard->unlock)(guard->user);
    return false;
}

OTEL_INLINE_ void otel_ring_finish_here_(otel_ring_t *ring, const otel_guard_t *guard, otel_pos_t start, bool own)
{
#if OTEL_ATOMICS_
    otel_count_t settled = otel_ring_publish_(ring, start);
    if (own && OTEL_LIKELY_(guard->lock == NULL)) OTEL_OWN_ADD_(&ring->settled, settled);
    else if (OTEL_LIKELY_(settled)) OTEL_ADD_(&ring->settled, settled);
#else
    (void)own;
    uint32_t was = otel_mask_();
    (void)otel_ring_publish_(ring, start);
    ring->settled++;
    otel_unmask_(was);
#endif
    if (OTEL_UNLIKELY_(guard->lock != NULL)) (guard->unlock)(guard->user);
}

OTEL_API_ bool otel_ring_begin_(otel_ring_t *ring, const otel_guard_t *guard, size_t n, otel_pos_t *start) { OTEL_CALLED_ return otel_ring_begin_here_(ring, guard, n, start, false); }
OTEL_API_ void otel_ring_finish_(otel_ring_t *ring, const otel_guard_t *guard, otel_pos_t start) { OTEL_CALLED_ otel_ring_finish_here_(ring, guard, start, false); }

/* Write one record, made of `a` and `b`. True when it is in the ring; else it is counted as dropped. */
OTEL_INLINE_ bool otel_ring_write_here_(otel_ring_t *ring, const otel_guard_t *guard, const void *a, size_t a_len, const void *b, size_t b_len, bool own)
{
    otel_pos_t start = (otel_pos_t)(uintptr_t)a;
    (void)own;                                    /* who builds for size, or without optimising, calls */
    if (OTEL_UNLIKELY_(!otel_ring_begin_here_(ring, guard, a_len + b_len, &start, own))) return false;       /* in one frame: stack is short */
    otel_ring_fill_(ring, start, a, a_len, b, b_len);
    OTEL_HOT_(otel_ring_finish_here_(ring, guard, start, own), otel_ring_finish_(ring, guard, start));
    return true;
}

/* The bytes that a record at `start` has: up to the end of the ring, and from its beginning. */
OTEL_FN_ void otel_ring_out_(const otel_ring_t *ring, otel_pos_t start, size_t n, otel_out_t_ *out)
{
    size_t first = (size_t)(ring->size - (start & OTEL_OFFSET_));
    if (first > n) first = n;
    out->at = otel_ring_at_(ring, start);
    out->end = out->at + first;
    out->then = ring->bytes;
    out->then_end = ring->bytes + (n - first);
}

OTEL_API_ bool otel_ring_write_(otel_ring_t *ring, const otel_guard_t *guard, const void *a, size_t a_len, const void *b, size_t b_len)
{ OTEL_CALLED_
    return otel_ring_write_here_(ring, guard, a, a_len, b, b_len, false);
}

#if !OTEL_ATOMICS_
/* The usual case on one core: no lock, and room as known from the last long way. False: nothing happened. */
OTEL_INLINE_ bool otel_ring_write_fast_(otel_ring_t *ring, const void *record, size_t len)
{
    otel_pos_t from, room;
    uint32_t was = otel_mask_();
    room = ring->room;
    if (OTEL_UNLIKELY_(len >= room)) {
        otel_unmask_(was);
        return false;
    }
    ring->room = (otel_pos_t)(room - len);
    from = ring->reserved;
    ring->reserved = (otel_pos_t)(from + len);
    ring->created++;
    otel_unmask_(was);
    OTEL_HOT_(otel_copy_here_, OTEL_COPY_RECORD_)(ring->bytes + (from & OTEL_OFFSET_), record, len);
    was = otel_mask_();
    (void)otel_ring_publish_(ring, from);
    ring->settled++;
    otel_unmask_(was);
    return true;
}
#endif

/* The owner of this ring's shard died: forget what it had begun and not published. Nobody else writes here. */
OTEL_API_ void otel_ring_repair_(otel_ring_t *ring)
{ OTEL_CALLED_
    otel_count_t open = OTEL_LOAD_(&ring->created) - OTEL_LOAD_(&ring->settled);
#if OTEL_ATOMICS_
    uint8_t writer = 2;
    (void)OTEL_CAS_(&ring->gate, &writer, (uint8_t)0);        /* died while it evicted: readers wait there */
#endif
    OTEL_STORE_(&ring->reserved, OTEL_LOAD_(&ring->published));
#if OTEL_HOSTED_
    OTEL_STORE_(&ring->waiting, (otel_count_t)0);
#endif
    OTEL_ADD_(&ring->dropped[OTEL_DROP_THREAD], open);
    OTEL_ADD_(&ring->settled, open);
}

/* Free what the slowest reader has passed; the gate is held. */
OTEL_FN_ void otel_ring_release_(otel_ring_t *ring)
{
    const otel_reader_t_ *slowest = NULL, *r;
    for (r = ring->reader; r < ring->reader + OTEL_READERS_; r++) {
        if (r->on && (!slowest || (otel_count_t)(r->passed - ring->gone) < (otel_count_t)(slowest->passed - ring->gone))) slowest = r;
    }
    if (!slowest) return;
    ring->gone = slowest->passed;
    OTEL_STORE_RELEASE_(&ring->released, slowest->cursor);
}

/* Add a reader at the oldest record that is still there. False when the place is taken. */
OTEL_API_ bool otel_ring_attach_(otel_ring_t *ring, const otel_guard_t *guard, unsigned reader)
{ OTEL_CALLED_
    otel_held_t_ held;
    bool mine;
    (void)otel_gate_enter_(ring, guard, true, &held);
    mine = !ring->reader[reader].on;
    if (mine) {
        otel_reader_t_ *r = &ring->reader[reader];
        r->cursor = r->held = ring->released;
        r->passed = r->base = r->evicted = ring->gone;
        if (ring->read) r->evicted = 0;
        else r->base = 0;                         /* the first one answers for what was lost before it came */
        ring->read = true;
        r->on = true;
    }
    otel_gate_leave_(ring, guard, &held);
    return mine;
}

OTEL_API_ void otel_ring_detach_(otel_ring_t *ring, const otel_guard_t *guard, unsigned reader)
{ OTEL_CALLED_
    otel_held_t_ held;
    (void)otel_gate_enter_(ring, guard, true, &held);
    ring->reader[reader].on = false;
    otel_ring_release_(ring);
    otel_gate_leave_(ring, guard, &held);
}

/* Hold all that is published: the reader may look at from..answer until it passes or holds less. `from` is the reader's own;
   the cursor of one that holds nothing may be moved by an eviction at any time. */
OTEL_API_ otel_pos_t otel_ring_hold_(otel_ring_t *ring, const otel_guard_t *guard, unsigned reader)
{ OTEL_CALLED_
    otel_held_t_ held;
    otel_pos_t until;
    (void)otel_gate_enter_(ring, guard, true, &held);
    until = OTEL_LOAD_ACQUIRE_(&ring->published);
    ring->reader[reader].held = until;
    ring->reader[reader].from = ring->reader[reader].cursor;
    otel_gate_leave_(ring, guard, &held);
    return until;
}

/* Move what is held to cursor..held, `n` records further on. A reader that holds nothing has nothing to move: its cursor may
   have gone on. */
OTEL_API_ void otel_ring_move_(otel_ring_t *ring, const otel_guard_t *guard, otel_reader_t_ *reader, otel_pos_t cursor, otel_pos_t held, otel_count_t n);
OTEL_API_ OTEL_NOINLINE_ void otel_ring_move_(otel_ring_t *ring, const otel_guard_t *guard, otel_reader_t_ *reader, otel_pos_t cursor, otel_pos_t held, otel_count_t n)
{ OTEL_CALLED_
    otel_held_t_ gate;
    (void)otel_gate_enter_(ring, guard, true, &gate);
    if (reader->held != reader->cursor) {
        OTEL_STORE_(&reader->cursor, cursor);
        OTEL_STORE_(&reader->passed, (otel_count_t)(reader->passed + n));
        reader->held = held;
        otel_ring_release_(ring);
    }
    otel_gate_leave_(ring, guard, &gate);
}

/* Hold less: from..until. Nothing when nothing is held. */
OTEL_API_ void otel_ring_hold_until_(otel_ring_t *ring, const otel_guard_t *guard, unsigned reader, otel_pos_t until)
{ OTEL_CALLED_
    otel_ring_move_(ring, guard, &ring->reader[reader], ring->reader[reader].from, until, 0);
}

/* Done with the `n` records before `to`: the bytes are free once every reader says so. Nothing is held afterwards. */
OTEL_API_ void otel_ring_pass_(otel_ring_t *ring, const otel_guard_t *guard, unsigned reader, otel_pos_t to, otel_count_t n)
{ OTEL_CALLED_
    otel_ring_move_(ring, guard, &ring->reader[reader], to, to, n);
}
#endif
OTEL_C_END_

/* ---- sampler.h ------------------------------------------------------------------------------------------------- */
#if OTEL_BODIES_
OTEL_C_BEGIN_
OTEL_API_ otel_decision_t otel_decide_on_(const otel_sampler_t *self, const otel_sampling_t *input)
{ OTEL_CALLED_
    (void)self;
    (void)input;
    return OTEL_DECISION_RECORD_AND_SAMPLE;
}

OTEL_API_ otel_decision_t otel_decide_off_(const otel_sampler_t *self, const otel_sampling_t *input)
{ OTEL_CALLED_
    (void)self;
    (void)input;
    return OTEL_DECISION_DROP;
}

OTEL_API_ otel_decision_t otel_decide_ratio_(const otel_sampler_t *self, const otel_sampling_t *input)
{ OTEL_CALLED_
    uint64_t random = 0;
    unsigned i;
    for (i = 9; i < 16; i++) random = random << 8 | input->trace_id[i];
    return random >= self->threshold ? OTEL_DECISION_RECORD_AND_SAMPLE : OTEL_DECISION_DROP;
}

OTEL_API_ otel_decision_t otel_decide_parent_(const otel_sampler_t *self, const otel_sampling_t *input)
{ OTEL_CALLED_
    if (input->parent) return input->parent->flags & OTEL_FLAG_SAMPLED ? OTEL_DECISION_RECORD_AND_SAMPLE : OTEL_DECISION_DROP;
    if (!self->root || !self->root->decide) return OTEL_DECISION_RECORD_AND_SAMPLE;
    return (self->root->decide)(self->root, input);
}

OTEL_API_ otel_decision_t otel_decide_delegates_(const otel_sampler_t *self, const otel_sampling_t *input)
{ OTEL_CALLED_
    const otel_parent_based_t *d = (const otel_parent_based_t *)self->user;
    const otel_sampler_t *delegate;
    bool sampled;
    if (!input->parent) return otel_sampler_ask(d ? d->root : NULL, input);
    sampled = (input->parent->flags & OTEL_FLAG_SAMPLED) != 0;
    delegate = !d ? NULL : input->parent->remote ? (sampled ? d->remote_sampled : d->remote_not_sampled) : sampled ? d->local_sampled : d->local_not_sampled;
    if (delegate) return otel_sampler_ask(delegate, input);
    return sampled ? OTEL_DECISION_RECORD_AND_SAMPLE : OTEL_DECISION_DROP;
}

OTEL_API_ otel_decision_t otel_decide_always_record_(const otel_sampler_t *self, const otel_sampling_t *input)
{ OTEL_CALLED_
    otel_decision_t decision = otel_sampler_ask(self->root, input);
    return decision == OTEL_DECISION_RECORD_AND_SAMPLE ? decision : OTEL_DECISION_RECORD_ONLY;
}
OTEL_C_END_
#endif

/* ---- instance.h ------------------------------------------------------------------------------------------------ */
OTEL_C_BEGIN_
OTEL_FN_ otel_t *otel_default_(void)
{
#if OTEL_ENABLED
    return OTEL_LOAD_(&otel_default_v0_);
#else
    return NULL;
#endif
}

/* An image with counts of its own (a plugin, a DLL) follows the instance that it is given, so that its instruments belong
   to this life of the library. */
OTEL_FN_ void otel_follow_(const otel_t *otel)
{
#if OTEL_ENABLED
    if ((int32_t)(otel->epoch_ - OTEL_LOAD_(&otel_epoch_v0_)) > 0) OTEL_STORE_(&otel_epoch_v0_, otel->epoch_);
#else
    (void)otel;
#endif
}

OTEL_FN_ bool otel_running_(const otel_t *otel) { return otel && OTEL_LOAD_ACQUIRE_(&otel->live_) == 1; }      /* and what was set before */
OTEL_FN_ bool otel_runs_(const otel_t *otel, const otel_scope_t *scope)
{
    return otel_running_(otel ? otel : scope && scope->otel ? scope->otel : otel_default_());
}

/* Shards of the pool: only hosts have more than one. */
OTEL_FN_ unsigned otel_shards_(const otel_t *otel)
{
#if OTEL_ATOMICS_
    return otel->shards_;
#else
    (void)otel;
    return 1;
#endif
}

/* Shards lie on cache lines of their own: what one thread writes, no other one's line holds. */
#define OTEL_SHARD_BYTES_ ((sizeof(otel_shard_t) + 63u) & ~(size_t)63)
OTEL_FN_ otel_shard_t *otel_shard_at_(otel_t *otel, unsigned i)
{
#if OTEL_ATOMICS_
    if (i) return (otel_shard_t *)(void *)((uint8_t *)otel->more_ + (i - 1u) * OTEL_SHARD_BYTES_);
#else
    (void)i;
#endif
    return &otel->shard_;
}

OTEL_FN_ otel_shard_t *otel_shard_(otel_t *otel)
{
#if OTEL_ATOMICS_ && OTEL_ENABLED
    otel_thread_t_ *thread = &otel_thread_v0_;
    if (OTEL_LIKELY_(thread->otel == otel && thread->epoch == otel->epoch_)) return thread->shard;
    return otel_shard_claim_(otel);
#else
    return &otel->shard_;
#endif
}

/* The number that goes into a mark; 0: the unnamed scope. */
OTEL_FN_ unsigned otel_scope_enter_(otel_t *otel, const otel_scope_t *scope)
{
    return OTEL_UNLIKELY_(scope != NULL) && scope->enter_ ? (unsigned)(scope->enter_)(otel, scope) : 0u;
}

#if OTEL_BODIES_
/* Put a record, made of `a` and `b`, into the calling thread's ring. False: dropped and counted. */
OTEL_INLINE_ bool otel_record_(otel_t *otel, unsigned ring, const void *a, size_t a_len, const void *b, size_t b_len)
{
    otel_shard_t *shard = otel_shard_(otel);
#if OTEL_ATOMICS_ && OTEL_ENABLED
    if (shard == &otel->shard_ && !otel->guard_.lock) return otel_record_shared_(otel, ring, a, a_len, b, b_len);
#endif
#if OTEL_ATOMICS_
    return OTEL_HOT_(otel_ring_write_here_(&shard->ring[ring], &otel->guard_, a, a_len, b, b_len, true), otel_ring_write_(&shard->ring[ring], &otel->guard_, a, a_len, b, b_len));
#else
    return otel_ring_write_(&shard->ring[ring], &otel->guard_, a, a_len, b, b_len);
#endif
}

/* The same for a record in one piece. */
OTEL_INLINE_ bool otel_record_one_(otel_t *otel, unsigned ring, const void *record, size_t len)
{
#if !OTEL_ATOMICS_
    if (OTEL_SHORT_(otel_ring_write_fast_(&otel->shard_.ring[ring], record, len), false)) return true;
#endif
    return otel_record_(otel, ring, record, len, NULL, 0);
}
#endif

/* The slot of the current span; NULL in an interrupt, where the port can tell. */
OTEL_FN_ otel_current_t *otel_current_(otel_t *otel)
{
    if (otel->config_.current) return (otel->config_.current)(otel->config_.user);
#if OTEL_ATOMICS_ && OTEL_ENABLED
    return &otel_thread_v0_.current;
#else
    return &otel->current_;
#endif
}
#if OTEL_BODIES_
#if OTEL_ENABLED
OTEL_VAR_ otel_t *otel_default_v0_ = NULL;
OTEL_VAR_ uint32_t otel_epoch_v0_ = 0;
#if OTEL_ATOMICS_
OTEL_VAR_ OTEL_THREAD_LOCAL_ otel_thread_t_ otel_thread_v0_;
#endif
#endif
#define OTEL_SPAN_RING_MIN_ 80u   /* a bare span with a short name */
#define OTEL_LOG_RING_MIN_ 64u

OTEL_API_ otel_t *otel_default(void)
{ OTEL_CALLED_
    OTEL_WHEN_OFF_(return NULL)
    return otel_default_();
}

OTEL_API_ void otel_use(otel_t *otel)
{ OTEL_CALLED_
    OTEL_WHEN_OFF_((void)otel; return)
#if OTEL_ENABLED
    OTEL_STORE_(&otel_default_v0_, otel);
    if (otel) otel_follow_(otel);
#endif
}

/* Cut the pool into the rings of all shards. */
OTEL_FN_ bool otel_pool_cut_(otel_t *otel, const otel_config_t *c, otel_policy_t_ policy)
{
    size_t skip = (size_t)(0u - (uintptr_t)c->pool) & 3u, each, logs;       /* records are whole words, and begin on one */
    uint8_t *at = (uint8_t *)c->pool + skip;
    size_t left = c->pool_size > skip ? c->pool_size - skip : 0;
    unsigned i, percent = c->log_percent == 0 ? 25u : c->log_percent == OTEL_NO_LOG_RING ? 0u : c->log_percent;
    if (otel_shards_(otel) > 1) {
        size_t need = (size_t)(otel->shards_ - 1u) * OTEL_SHARD_BYTES_;
        skip = (64u - (size_t)((uintptr_t)at & 63u)) & 63u;
        if (left < skip + need) return false;
        otel->more_ = (otel_shard_t *)(void *)(at + skip);
        at += skip + need;
        left -= skip + need;
    }
    each = left / otel_shards_(otel) & ~(size_t)3;
    logs = (each / 100u * percent + each % 100u * percent / 100u + 3u) & ~(size_t)3;
    if (each - logs < OTEL_SPAN_RING_MIN_ || (percent && logs < OTEL_LOG_RING_MIN_)) return false;
    for (i = 0; i < otel_shards_(otel); i++) {
        otel_shard_t *shard = otel_shard_at_(otel, i);
        memset((void *)shard, 0, sizeof *shard);
        otel_ring_lay_(&shard->ring[OTEL_SPANS_], at, each - logs, c->when_full, policy);
        otel_ring_lay_(&shard->ring[OTEL_LOGS_], at + (each - logs), logs, c->when_full, policy);
        at += each;
    }
    return true;
}

/* New secret keys for every shard: the port's entropy, and in any case time, place and life of the instance. */
OTEL_FN_ void otel_seed_(otel_t *otel)
{
    struct { uint8_t random[16]; uint64_t now; const void *place[2]; uint32_t life; } seed;
    unsigned i;
    memset(&seed, 0, sizeof seed);
    otel->random_ = otel->config_.entropy && (otel->config_.entropy)(otel->config_.user, seed.random, sizeof seed.random) && !otel_all_zero_(seed.random, sizeof seed.random);
    seed.now = otel_clock_now_(&otel->clock_);
    if (!otel->random_) {         /* with entropy the ids depend on nothing else: a test can fix them */
        seed.place[0] = otel;
        seed.place[1] = &seed;
        seed.life = otel->epoch_;
    } else {
        seed.now = 0;
    }
    for (i = 0; i < otel_shards_(otel); i++) {
        otel_ids_t *ids = &otel_shard_at_(otel, i)->ids;
        uint8_t number = (uint8_t)i;
        memset(ids, 0, sizeof *ids);
        if (otel->random_) {
            otel_id_seed_(ids, seed.random, sizeof seed.random);
        } else {
            otel_id_seed_(ids, (const uint8_t *)&seed, sizeof seed);
            if (otel->config_.service) otel_id_seed_(ids, (const uint8_t *)otel->config_.service, otel_len_(otel->config_.service));
        }
        otel_id_seed_(ids, &number, 1);
        otel_id_seed_(ids, (const uint8_t *)(i >> 8 ? "1" : "0"), i >> 8);
    }
}

OTEL_API_ otel_result_t otel_init_in_(otel_t *otel, const otel_config_t *config, otel_result_t checked, otel_policy_t_ policy, otel_clock_kind_t_ kind)
{ OTEL_CALLED_
    OTEL_WHEN_OFF_((void)otel; (void)config; (void)checked; (void)policy; (void)kind; return OTEL_OK)
#if OTEL_ENABLED
    if (!otel) return OTEL_E_NULL;
    if (otel_default_v0_ == otel) otel_use(NULL);
    memset((void *)otel, 0, sizeof *otel);
    if (checked != OTEL_OK) return checked;
    otel->config_ = *config;
    if (config->spans.begin_) {                   /* in front of the sampler */
        otel->config_.spans.next_ = config->sampler.begin_;
        otel->config_.sampler.begin_ = config->spans.begin_;
        otel->config_.sampler.late_ = config->spans.late_;
    }
    if (otel->config_.hold_ms == 0) otel->config_.hold_ms = 600000u;
    otel->guard_.lock = config->lock;
    otel->guard_.unlock = config->unlock;
    otel->guard_.user = config->user;
    otel->clock_.read = config->clock;
    otel->clock_.user = config->user;
    kind(&otel->clock_, config->clock_hz, config->clock_bits);
    otel->shards_ = 1;
#if OTEL_ATOMICS_
    if (config->shards > 1 && !config->lock) otel->shards_ = config->shards;
    otel->epoch_ = __atomic_add_fetch(&otel_epoch_v0_, 1u, __ATOMIC_RELAXED);
#else
    otel->epoch_ = ++otel_epoch_v0_;
#endif
    if (!otel_pool_cut_(otel, config, policy)) {
        otel->shards_ = 1;                        /* an exporter of an earlier life may still look here: there are no others */
        return OTEL_E_POOL;
    }
    otel_seed_(otel);
    OTEL_STORE_RELEASE_(&otel->live_, (uint8_t)1);
    if (!otel_default_()) otel_use(otel);
    return OTEL_OK;
#endif
}

OTEL_API_ void otel_time_sync(otel_t *otel, uint64_t unix_ns)
{ OTEL_CALLED_
    OTEL_WHEN_OFF_((void)otel; (void)unix_ns; return)
    if (!otel_running_(otel) || !otel->clock_.ticks) return;
    otel_clock_sync_(&otel->clock_, unix_ns - otel_clock_now_(&otel->clock_));
    OTEL_STORE_RELEASE_(&otel->late_, &otel_late_repair_);
}

#if OTEL_ATOMICS_ && OTEL_ENABLED
/* Give back the calling thread's shards. Threads are told apart by an address, which needs no count that images (plugins,
   DLLs) would have to share; a later thread may have the same one. */
OTEL_API_ void otel_shards_give_back_(otel_t *otel);
OTEL_API_ void otel_shards_give_back_(otel_t *otel)
{ OTEL_CALLED_
    unsigned i, k;
    for (i = 0; i < otel->shards_; i++) {
        otel_shard_t *shard = otel_shard_at_(otel, i);
        if (OTEL_LOAD_(&shard->owner) != &otel_thread_v0_) continue;
        for (k = 0; k < 2; k++) {
            otel_ring_t *ring = &shard->ring[k];
            bool open = OTEL_LOAD_(&ring->reserved) != OTEL_LOAD_(&ring->published) || (i > 0 && OTEL_LOAD_(&ring->settled) != OTEL_LOAD_(&ring->created));
            if (open || OTEL_LOAD_(&ring->gate) == 2) otel_ring_repair_(ring);
        }
        OTEL_STORE_RELEASE_(&shard->owner, (const void *)NULL);
    }
}

/* The shard of the calling thread: its own from a claim until otel_thread_end, or the first one, which all may try. */
OTEL_API_ OTEL_NOINLINE_ otel_shard_t *otel_shard_claim_(otel_t *otel)
{ OTEL_CALLED_
    otel_thread_t_ *thread = &otel_thread_v0_;
    otel_shard_t *mine = &otel->shard_;
    unsigned i;
    if (thread->leaving) return mine;
    (void)otel_clock_now_(&otel->clock_);         /* ports meet a thread there, and see its end: unsampled spans do not look at it */
    if (!thread->met) {                           /* what a thread that had this address left when it died */
        otel_shards_give_back_(otel);
        thread->met = true;
    }
    for (i = 1; i < otel->shards_; i++) {
        if (OTEL_LOAD_(&otel_shard_at_(otel, i)->owner) == thread) break;
    }
    if (i == otel->shards_) {
        for (i = 1; i < otel->shards_; i++) {
            const void *nobody = NULL;
            if (OTEL_CAS_(&otel_shard_at_(otel, i)->owner, &nobody, (const void *)thread)) break;
        }
    }
    if (i < otel->shards_) mine = otel_shard_at_(otel, i);
    thread->otel = NULL;                          /* a handler in between finds nothing cached, or all of it */
    OTEL_SIGNAL_FENCE_();
    thread->shard = mine;
    thread->number = (uint16_t)(i < otel->shards_ ? i : 0u);
    thread->epoch = otel->epoch_;
    OTEL_SIGNAL_FENCE_();
    thread->otel = otel;
    return mine;
}
#endif

OTEL_API_ void otel_lose_(otel_t *otel, unsigned ring, otel_drop_t reason) { OTEL_CALLED_ otel_ring_lose_(&otel_shard_(otel)->ring[ring], reason); }

#if OTEL_ATOMICS_ && OTEL_ENABLED
/* The first shard has an owner only while a record is written. */
OTEL_API_ OTEL_NOINLINE_ bool otel_record_shared_(otel_t *otel, unsigned ring, const void *a, size_t a_len, const void *b, size_t b_len)
{ OTEL_CALLED_
    otel_place_t_ place;
    otel_out_t_ out;
    place.start = (otel_pos_t)(uintptr_t)a;
    if (!otel_record_open_(otel, ring, a_len + b_len, &place, &out)) return false;
    otel_out_(&out, a, a_len);
    if (b_len) otel_out_(&out, b, b_len);
    otel_record_close_(otel, &place);
    return true;
}
#endif

/* Room for a record of `n` bytes in the calling thread's ring, to be written to *out and closed. False: dropped and counted. */
OTEL_API_ bool otel_record_open_(otel_t *otel, unsigned ring, size_t n, otel_place_t_ *place, otel_out_t_ *out)
{ OTEL_CALLED_
    otel_shard_t *shard = otel_shard_(otel);
    bool begun;
    place->ring = &shard->ring[ring];
#if OTEL_ATOMICS_ && OTEL_ENABLED
    place->own = shard == &otel->shard_ && !otel->guard_.lock && OTEL_LOAD_(&shard->owner) != &otel_thread_v0_;
    if (place->own) {
        const void *nobody = NULL;
        if (!OTEL_CAS_(&shard->owner, &nobody, (const void *)&otel_thread_v0_)) {
            otel_ring_lose_(place->ring, OTEL_DROP_BUSY);
            return false;
        }
    }
#endif
#if OTEL_ATOMICS_
    begun = OTEL_HOT_(otel_ring_begin_here_(place->ring, &otel->guard_, n, &place->start, shard != &otel->shard_), otel_ring_begin_(place->ring, &otel->guard_, n, &place->start));
#else
    begun = otel_ring_begin_(place->ring, &otel->guard_, n, &place->start);
#endif
    if (begun) {
        otel_ring_out_(place->ring, place->start, n, out);
        return true;
    }
#if OTEL_ATOMICS_ && OTEL_ENABLED
    if (place->own) OTEL_STORE_RELEASE_(&shard->owner, (const void *)NULL);
#endif
    return false;
}

OTEL_API_ void otel_record_close_(otel_t *otel, const otel_place_t_ *place)
{ OTEL_CALLED_
#if OTEL_ATOMICS_ && OTEL_ENABLED
    OTEL_HOT_(otel_ring_finish_here_(place->ring, &otel->guard_, place->start, otel_shard_(otel) != &otel->shard_), otel_ring_finish_(place->ring, &otel->guard_, place->start));
#else
    otel_ring_finish_(place->ring, &otel->guard_, place->start);
#endif
#if OTEL_ATOMICS_ && OTEL_ENABLED
    if (place->own) OTEL_STORE_RELEASE_(&otel->shard_.owner, (const void *)NULL);
#endif
}

OTEL_API_ void otel_thread_end(otel_t *otel)
{ OTEL_CALLED_
    OTEL_WHEN_OFF_((void)otel; return)
#if OTEL_ATOMICS_ && OTEL_ENABLED
    if (otel && OTEL_LOAD_(&otel->live_)) {
        otel_thread_v0_.leaving = true;           /* a signal handler from here on gets no shard of its own */
        OTEL_SIGNAL_FENCE_();
        otel_thread_v0_.otel = NULL;
        OTEL_SIGNAL_FENCE_();
        otel_shards_give_back_(otel);
        OTEL_SIGNAL_FENCE_();
        otel_thread_v0_.leaving = false;
    }
#else
    (void)otel;
#endif
}

OTEL_API_ void otel_after_fork(otel_t *otel)
{ OTEL_CALLED_
    OTEL_WHEN_OFF_((void)otel; return)
#if OTEL_ENABLED
    if (otel && OTEL_LOAD_(&otel->live_)) {
        unsigned i, k, reader;
        for (i = 0; i < otel_shards_(otel); i++) {
            otel_shard_t *shard = otel_shard_at_(otel, i);
            shard->owner = NULL;
            for (k = 0; k < 2; k++) {
                otel_ring_t *ring = &shard->ring[k], old = *ring;
                otel_ring_lay_(ring, old.bytes, (size_t)old.size, (otel_when_full_t)old.when_full, old.policy);
                for (reader = 0; reader < OTEL_READERS_; reader++) ring->reader[reader].on = old.reader[reader].on;
#if OTEL_HOSTED_
                ring->wake = old.wake;
                ring->wake_at = old.wake_at;
#endif
            }
        }
        otel->clock_.gate = 0;
#if OTEL_HOSTED_
        if (otel->forked_) (otel->forked_)(otel);
#endif
        otel->observing_ = 0;                     /* who ran the callbacks is not here */
        otel->scopes_ = NULL;                     /* they enter again, with the new epoch */
        otel->scope_count_ = 0;
#if OTEL_ATOMICS_
        otel->epoch_ = __atomic_add_fetch(&otel_epoch_v0_, 1u, __ATOMIC_RELAXED);
        otel_thread_v0_.otel = NULL;
#else
        otel->epoch_ = ++otel_epoch_v0_;
#endif
        otel_seed_(otel);
    }
#endif
}

/* The number of a scope in this instance, given at its first use; 0, the unnamed scope, when there is no room. */
OTEL_API_ uint32_t otel_scope_number_(otel_t *otel, const otel_scope_t *scope)
{ OTEL_CALLED_
    otel_scope_t *s = (otel_scope_t *)(uintptr_t)scope;       /* defined by OTEL_SCOPE, which is not const */
    uint32_t was, number;
    if (OTEL_LIKELY_(OTEL_LOAD_ACQUIRE_(&s->epoch_) == otel->epoch_)) return s->number_;
    OTEL_STORE_(&otel->scope_, &otel_scope_more_);
#if OTEL_ATOMICS_
    was = OTEL_LOAD_(&s->epoch_);
    if (was == otel->epoch_) return OTEL_LOAD_ACQUIRE_(&s->epoch_) == was ? s->number_ : 0;     /* another thread came in between */
    /* one thread wins the right to enter it; the others use the unnamed scope for this one record */
    if (was == UINT32_MAX || !OTEL_CAS_(&s->epoch_, &was, UINT32_MAX)) return OTEL_LOAD_ACQUIRE_(&s->epoch_) == otel->epoch_ ? s->number_ : 0;
    number = OTEL_LOAD_(&otel->scope_count_);
    while (number < OTEL_SCOPES_ && !OTEL_CAS_(&otel->scope_count_, &number, number + 1u)) {}
    number = number < OTEL_SCOPES_ ? number + 1u : 0;
    s->number_ = number;
    s->next_ = OTEL_LOAD_(&otel->scopes_);
    while (number && !OTEL_CAS_(&otel->scopes_, &s->next_, s)) {}
    OTEL_STORE_RELEASE_(&s->epoch_, otel->epoch_);
#else
    was = otel_mask_();
    if (s->epoch_ != otel->epoch_) {
        if (otel->scope_count_ < OTEL_SCOPES_) {
            s->number_ = ++otel->scope_count_;
            s->next_ = otel->scopes_;
            otel->scopes_ = s;
        } else {
            s->number_ = 0;
        }
        s->epoch_ = otel->epoch_;
    }
    number = s->number_;
    otel_unmask_(was);
#endif
    return number;
}
#endif
OTEL_C_END_

/* ---- metric.h -------------------------------------------------------------------------------------------------- */
OTEL_C_BEGIN_
#if OTEL_ENABLED && OTEL_METRICS
#define OTEL_METRICS_OFF_(answer)
#else
#define OTEL_METRICS_OFF_(answer) answer;
#endif

/* A store of 64 bits that is one where the processor can. */
#if OTEL_WIDE_
#define OTEL_STORE_WIDE_(p, v) OTEL_STORE_(p, v)
#else
#define OTEL_STORE_WIDE_(p, v) ((void)(*(p) = (v)))
#endif

/* How often an instance came to life in this program: tells whether an instrument, or a series that somebody kept, still
   belongs to a running one. */
OTEL_FN_ uint32_t otel_life_(void)
{
#if OTEL_ENABLED
    return OTEL_LOAD_(&otel_epoch_v0_);
#else
    return 0;
#endif
}

/* What `awake` of a cell says while it may simply be used: nothing but the life for a counter of int64, the most frequent. */
OTEL_FN_ uint32_t otel_awake_(unsigned kind) { return otel_life_() ^ (uint32_t)(kind ^ OTEL_SUM_) << 24; }

/* What `seen_` of an instrument says when it is registered; never 0. */
OTEL_FN_ uint32_t otel_seen_(void) { return otel_life_() << 1 | 1u; }

OTEL_FN_ otel_cell_t *otel_cell_of_(otel_series_t *series) { return (otel_cell_t *)(void *)series; }

/* The cell without attributes of an instrument, when it may be used at once; else NULL. */
OTEL_FN_ otel_cell_t *otel_total_(otel_instrument_t *instrument, unsigned kind, size_t len)
{
    uint32_t awake = OTEL_LOAD_ACQUIRE_(&instrument->total_.awake);
    return len == 0 && awake != 0 && awake == otel_awake_(kind) ? &instrument->total_ : NULL;
}

#define OTEL_PATIENCE_ 0x8000000u /* looks at a lock that another thread holds for some hundred instructions */

/* Nobody else registers this instrument, gives it a series or takes one away, until otel_cede_. False: taken. */
OTEL_API_ bool otel_seize_(otel_instrument_t *instrument, otel_t *otel);
OTEL_FN_ void otel_cede_(otel_instrument_t *instrument) { OTEL_STORE_RELEASE_(&instrument->busy_, (uintptr_t)0); }

/* Without wide atomics: nobody else changes one of its series. False: taken. */
OTEL_FN_ bool otel_lock_(otel_instrument_t *instrument, otel_t *otel, bool wait, uint32_t *was)
{
    *was = 0;
#if OTEL_ATOMICS_
    (void)wait;
    return otel_seize_(instrument, otel);
#else
    (void)instrument;
#if OTEL_PORT_LOCK || OTEL_HOSTED_
    if (!otel) return false;
    if (otel->guard_.lock) return (otel->guard_.lock)(otel->guard_.user, wait);
#endif
    (void)otel;
    (void)wait;
    *was = otel_mask_();
    return true;
#endif
}

OTEL_FN_ void otel_unlock_(otel_instrument_t *instrument, otel_t *otel, uint32_t was)
{
#if OTEL_ATOMICS_
    (void)otel;
    (void)was;
    otel_cede_(instrument);
#else
    (void)instrument;
#if OTEL_PORT_LOCK || OTEL_HOSTED_
    if (otel->guard_.lock) {
        (otel->guard_.unlock)(otel->guard_.user);
        return;
    }
#endif
    (void)otel;
    otel_unmask_(was);
#endif
}

/* A change of a cell's 64 bits: begin tells the value, end stores a new one. Where there are wide atomics, end says false
   when somebody else was faster, and it is done again; elsewhere the lock is held in between. */
typedef struct otel_change_t_ {
    uint64_t value;
    uint32_t was;
} otel_change_t_;

OTEL_FN_ bool otel_change_begin_(otel_cell_t *cell, otel_change_t_ *change)
{
    change->was = 0;
#if !OTEL_WIDE_
    if (!otel_lock_(cell->owner, cell->owner->otel_, false, &change->was)) return false;
    change->value = cell->value;
#else
    change->value = OTEL_LOAD_(&cell->value);
#endif
    return true;
}

OTEL_FN_ bool otel_change_end_(otel_cell_t *cell, otel_change_t_ *change, uint64_t value)
{
#if OTEL_WIDE_
    return OTEL_CAS_(&cell->value, &change->value, value);
#else
    cell->value = value;
    otel_unlock_(cell->owner, cell->owner->otel_, change->was);
    return true;
#endif
}

/* Put a value in the place of the one before. False: the cell cannot be changed now, and that is counted. */
OTEL_FN_ bool otel_cell_put_(otel_cell_t *cell, uint64_t value)
{
#if OTEL_WIDE_
    OTEL_STORE_(&cell->value, value);
#else
    otel_change_t_ change;
    if (!otel_change_begin_(cell, &change)) {
        otel_refuse_(cell);
        return false;
    }
    (void)otel_change_end_(cell, &change, value);
#endif
    return true;
}

/* The bytes of a double in 64 bits of storage, and back. */
OTEL_FN_ uint64_t otel_pack_(double value)
{
    uint64_t bits = 0;
    memcpy(&bits, &value, sizeof value);
    return bits;
}

OTEL_FN_ double otel_unpack_(uint64_t bits)
{
    double value;
    memcpy(&value, &bits, sizeof value);
    return value;
}

/* A double as an unsigned number of the same order: larger doubles give larger numbers, and no finite one gives 0. */
#define OTEL_SIGN_ ((otel_word_t)1 << (8u * sizeof(otel_word_t) - 1u))
#define OTEL_EXPONENT_ (sizeof(otel_word_t) == 8 ? (otel_word_t)0x7FF0000000000000ull : (otel_word_t)0x7F800000ul)

OTEL_FN_ otel_word_t otel_double_word_(double value)
{
    otel_word_t bits;
    memcpy(&bits, &value, sizeof bits);
    return bits;
}

OTEL_FN_ double otel_word_double_(otel_word_t bits)
{
    double value;
    memcpy(&value, &bits, sizeof value);
    return value;
}

OTEL_FN_ otel_word_t otel_order_(double value)
{
    otel_word_t bits = otel_double_word_(value);
    return bits & OTEL_SIGN_ ? ~bits : bits | OTEL_SIGN_;
}

OTEL_FN_ double otel_unorder_(otel_word_t order) { return otel_word_double_(order & OTEL_SIGN_ ? order & ~OTEL_SIGN_ : ~order); }

OTEL_FN_ bool otel_finite_(double value) { return (otel_double_word_(value) & OTEL_EXPONENT_) != OTEL_EXPONENT_; }

/* a + b; past the end it stays at the largest number there is, and `ended` is set. */
OTEL_FN_ double otel_sum_of_(double a, double b, bool *ended)
{
    double sum = a + b;
    *ended = !otel_finite_(sum);
    if (OTEL_LIKELY_(!*ended)) return sum;
    return otel_word_double_((otel_double_word_(sum) & OTEL_SIGN_) | (OTEL_EXPONENT_ - 1u));
}

/* How many series the storage is good for: a histogram needs a row of buckets for each, and two for itself. */
OTEL_FN_ size_t otel_series_room_(const otel_instrument_t *instrument)
{
    size_t room = instrument->series ? instrument->series_len : 0, rows;
    if (room > 0xFFFEu) room = 0xFFFEu;
    if (!instrument->rows) return room;
    rows = instrument->rows_len / (instrument->bounds_len + 3u);
    return rows < 2u ? 0 : room < rows - 2u ? room : rows - 2u;
}

/* Row `i` of a histogram's buckets: 0 without attributes, 1 overflow, then the series. NULL without bounds. */
OTEL_FN_ otel_word_t *otel_row_(const otel_instrument_t *instrument, size_t i)
{
    size_t len = instrument->bounds_len + 3u;
    return instrument->rows && instrument->rows_len / len >= 2u ? instrument->rows + i * len : NULL;
}

/* When the cell was first used, by the clock of its instance. */
OTEL_FN_ uint64_t otel_cell_start_(const otel_cell_t *cell)
{
#if OTEL_HOSTED_ && OTEL_WIDE_
    return OTEL_LOAD_(&cell->start);
#elif OTEL_HOSTED_
    return cell->start;
#else
    return cell->owner->start_;
#endif
}

/* The value of a cell, whole. */
OTEL_FN_ uint64_t otel_cell_read_(otel_cell_t *cell)
{
#if OTEL_WIDE_
    return OTEL_LOAD_(&cell->value);
#else
    uint64_t value;
    uint32_t was;
    bool held = otel_lock_(cell->owner, cell->owner->otel_, true, &was);
    value = cell->value;
    if (held) otel_unlock_(cell->owner, cell->owner->otel_, was);
    return value;
#endif
}
#if OTEL_BODIES_
/* Count a measurement that was not taken. */
OTEL_API_ OTEL_NOINLINE_ void otel_refuse_(otel_cell_t *cell) { OTEL_CALLED_ otel_tally_(&cell->owner->refused_); }

/* In a form: numbers of this type are none of its own. */
OTEL_API_ void otel_refuse_whole_(otel_cell_t *cell, int64_t value)
{ OTEL_CALLED_
    (void)value;
    otel_refuse_(cell);
}

OTEL_API_ void otel_refuse_real_(otel_cell_t *cell, double value)
{ OTEL_CALLED_
    (void)value;
    otel_refuse_(cell);
}

OTEL_API_ otel_instrument_stats_t otel_instrument_stats_(const otel_instrument_t *instrument)
{ OTEL_CALLED_
    otel_instrument_stats_t stats;
    const otel_instrument_t *i = instrument;
    memset((void *)&stats, 0, sizeof stats);
    OTEL_METRICS_OFF_((void)i; return stats)
    if (i->form_ && (OTEL_LOAD_(&i->form_)->kind & OTEL_FRONT_)) {     /* of all its streams */
        stats.refused = OTEL_LOAD_(&i->refused_);
        i = i->front_->streams;
    }
    for (; i; i = i->front_ && i != instrument ? i->front_->streams : NULL) {
        stats.series += (uint32_t)OTEL_LOAD_ACQUIRE_(&i->used_) + (OTEL_LOAD_(&i->total_.awake) != 0 ? 1u : 0u);
        stats.overflowed += OTEL_LOAD_(&i->overflowed_);
        stats.refused += OTEL_LOAD_(&i->refused_);
    }
    return stats;
}
#endif
OTEL_C_END_

/* ---- unique.h -------------------------------------------------------------------------------------------------- */
#if OTEL_BODIES_
OTEL_C_BEGIN_
/* Of the encoded attributes that stand from `begin` on the last one stands at `at` and ends at `end`. One before it with its key
   goes: how many bytes. */
OTEL_API_ size_t otel_unique_(uint8_t *begin, uint8_t *at, uint8_t *end)
{ OTEL_CALLED_
    const uint8_t *key = at + 1;
    size_t key_size, n;
    while (*key++ & 128u) {}                                  /* behind the length: KeyValue.key, with tag and length */
    key_size = otel_field_size_(key);
    for (; begin < at; begin += n) {
        const uint8_t *other = begin + 1;
        n = otel_field_size_(begin);
        while (*other++ & 128u) {}
        if (*begin != *at || memcmp(other, key, key_size) != 0) continue;      /* reads no further than `end` */
        memmove(begin, begin + n, (size_t)(end - (begin + n)));
        return n;
    }
    return 0;
}

/* Do two keys begin with the same character as it goes out? How many bytes it takes of both; 0: no. */
OTEL_FN_ unsigned otel_key_step_(const char *a, const char *b)
{
    unsigned n = otel_utf8_step_((const uint8_t *)a, strlen(a)), m = otel_utf8_step_((const uint8_t *)b, strlen(b));
    if (n && m) return n == m && memcmp(a, b, n) == 0 ? n : 0u;
    return (n ? *a : '?') == (m ? *b : '?');
}

/* Does the key of the first attribute come again in the table of `len`? */
OTEL_API_ bool otel_attr_again_(const otel_attr_t *table, size_t len)
{ OTEL_CALLED_
    const otel_attr_t *other = table;
    if (len > OTEL_AGAIN_) len = OTEL_AGAIN_;
    while (len-- > 1u) {
        const char *a = table->key ? table->key : "", *b = (++other)->key ? other->key : "";
        unsigned n = 1;
        while (n) {
            if (((uint8_t)*a | (uint8_t)*b) & 128u) n = otel_key_step_(a, b);
            else if (*a != *b) n = 0;
            else if (*a == 0) return true;
            a += n;
            b += n;
        }
    }
    return false;
}
OTEL_C_END_
#endif

/* ---- field.h --------------------------------------------------------------------------------------------------- */
#if OTEL_BODIES_
OTEL_C_BEGIN_
/* A string field; 0 when it is empty or does not fit. */
OTEL_API_ size_t otel_text_field_(uint8_t *to, size_t room, uint8_t tag, const char *text)
{ OTEL_CALLED_
    size_t n = text ? strlen(text) : 0;
    if (n == 0 || otel_too_long_(n) || otel_message_size_(n) > room) return 0;
    *to = tag;
    return (size_t)(otel_put_text_(otel_put_len_(to + 1, n), text, n) - to);
}

/* What a text field takes at most. */
OTEL_FN_ size_t otel_text_room_(const char *text) { return text && *text ? 5u + strlen(text) : 0u; }

/* ScopeSpans.scope = 1, padded length; 0 for the unnamed scope, and when it does not fit. */
OTEL_API_ size_t otel_scope_write_(uint8_t *to, size_t room, const otel_scope_t *scope)
{ OTEL_CALLED_
    size_t n = 1u + OTEL_LENGTH_BYTES_, i, more;
    uint8_t *begin;
    if (!scope || room < n || room - n < otel_text_room_(scope->name) + otel_text_room_(scope->version)) return 0;
    n += otel_text_field_(to + n, room - n, 0x0A, scope->name);                   /* InstrumentationScope.name = 1 */
    n += otel_text_field_(to + n, room - n, 0x12, scope->version);                /* version = 2 */
    begin = to + n;
    for (i = 0; i < scope->attributes_len && scope->attributes; i++) {
        if (!scope->attributes[i].key || !*scope->attributes[i].key) continue;
        more = otel_attr_write_(to + n, room - n, 0x1A, &scope->attributes[i]);   /* attributes = 3 */
        if (more == 0) return 0;
        n += more;
        if (OTEL_LIMITS) n -= otel_unique_(begin, to + n - more, to + n);
    }
    to[0] = 0x0A;
    otel_put_length_(to + 1, (uint32_t)(n - 1u - OTEL_LENGTH_BYTES_));
    return n;
}
OTEL_C_END_
#endif

/* ---- nanopb.h -------------------------------------------------------------------------------------------------- */
#if OTEL_NANOPB_ && OTEL_BODIES_
OTEL_C_BEGIN_
/* Write the fields of `message` that are set; false: no room. */
OTEL_API_ bool otel_nanopb_put_(uint8_t **at, uint8_t *end, const pb_msgdesc_t *fields, const void *message);
OTEL_API_ bool otel_nanopb_put_(uint8_t **at, uint8_t *end, const pb_msgdesc_t *fields, const void *message)
{ OTEL_CALLED_
    pb_ostream_t stream = pb_ostream_from_buffer(*at, end > *at ? (size_t)(end - *at) : 0u);
    if (!pb_encode(&stream, fields, message)) return false;
    *at += stream.bytes_written;
    return true;
}

/* A text, and where the stream begins that it is written to. */
typedef struct otel_nanopb_text_t_ {
    const char *text;
    uint8_t *begin;
} otel_nanopb_text_t_;

/* A string field, unless it is empty; bytes that are no UTF-8 are replaced, as everywhere. */
OTEL_FN_ bool otel_nanopb_on_text_(pb_ostream_t *stream, const pb_field_t *field, void *const *arg)
{
    const otel_nanopb_text_t_ *text = (const otel_nanopb_text_t_ *)*arg;
    size_t n = text->text ? strlen(text->text) : 0;
    if (n == 0) return true;
    if (!pb_encode_tag_for_field(stream, field) || !pb_encode_string(stream, (const pb_byte_t *)text->text, n)) return false;
    (void)otel_put_text_(text->begin + stream->bytes_written - n, text->text, n);
    return true;
}

OTEL_FN_ void otel_nanopb_text_(pb_callback_t *field, otel_nanopb_text_t_ *kept, const char *text, uint8_t *begin)
{
    kept->text = text;
    kept->begin = begin;
    field->funcs.encode = otel_nanopb_on_text_;
    field->arg = kept;
}

/* Bytes as they are: of a bytes field with its tag, of attributes that are encoded already without one more. */
typedef struct otel_nanopb_bytes_t_ {
    const uint8_t *bytes;
    size_t len;
} otel_nanopb_bytes_t_;

OTEL_FN_ bool otel_nanopb_on_bytes_(pb_ostream_t *stream, const pb_field_t *field, void *const *arg)
{
    const otel_nanopb_bytes_t_ *bytes = (const otel_nanopb_bytes_t_ *)*arg;
    return bytes->len == 0 || (pb_encode_tag_for_field(stream, field) && pb_encode_string(stream, bytes->bytes, bytes->len));
}

OTEL_FN_ bool otel_nanopb_on_encoded_(pb_ostream_t *stream, const pb_field_t *field, void *const *arg)
{
    const otel_nanopb_bytes_t_ *bytes = (const otel_nanopb_bytes_t_ *)*arg;
    (void)field;
    return pb_write(stream, bytes->bytes, bytes->len);
}

/* ---- what stands around the data points ---- */
/* Metric.name, description, unit */
OTEL_FN_ bool otel_nanopb_metric_(uint8_t **at, uint8_t *end, const char *name, const char *description, const char *unit)
{
    opentelemetry_proto_metrics_v1_Metric metric;
    otel_nanopb_text_t_ text[3];
    memset((void *)&metric, 0, sizeof metric);
    otel_nanopb_text_(&metric.name, &text[0], name, *at);
    otel_nanopb_text_(&metric.description, &text[1], description, *at);
    otel_nanopb_text_(&metric.unit, &text[2], unit, *at);
    return otel_nanopb_put_(at, end, opentelemetry_proto_metrics_v1_Metric_fields, &metric);
}

/* ScopeMetrics.schema_url */
OTEL_FN_ bool otel_nanopb_schema_(uint8_t **at, uint8_t *end, const char *url)
{
    opentelemetry_proto_metrics_v1_ScopeMetrics scope;
    otel_nanopb_text_t_ text;
    memset((void *)&scope, 0, sizeof scope);
    otel_nanopb_text_(&scope.schema_url, &text, url, *at);
    return otel_nanopb_put_(at, end, opentelemetry_proto_metrics_v1_ScopeMetrics_fields, &scope);
}

/* Sum.aggregation_temporality and is_monotonic; the former has the same number in both histograms. */
OTEL_FN_ bool otel_nanopb_sum_(uint8_t **at, uint8_t *end, uint8_t temporality, bool monotonic)
{
    opentelemetry_proto_metrics_v1_Sum sum;
    memset((void *)&sum, 0, sizeof sum);
    sum.aggregation_temporality = OTEL_CAST_(opentelemetry_proto_metrics_v1_AggregationTemporality, temporality);
    sum.is_monotonic = monotonic;
    return otel_nanopb_put_(at, end, opentelemetry_proto_metrics_v1_Sum_fields, &sum);
}

/* NumberDataPoint.start_time_unix_nano (0: none) and time_unix_nano; they have the same numbers in all data points. */
OTEL_FN_ bool otel_nanopb_times_(uint8_t **at, uint8_t *end, uint64_t start, uint64_t time)
{
    opentelemetry_proto_metrics_v1_NumberDataPoint point;
    memset((void *)&point, 0, sizeof point);
    point.start_time_unix_nano = start;
    point.time_unix_nano = time;
    return otel_nanopb_put_(at, end, opentelemetry_proto_metrics_v1_NumberDataPoint_fields, &point);
}
OTEL_C_END_
#endif

/* ---- collect.h ------------------------------------------------------------------------------------------------- */
OTEL_C_BEGIN_
/* The first instrument from `from` on that belongs to this life of the instance and, when `like` is given, to its scope. */
OTEL_FN_ otel_instrument_t *otel_collect_like_(const otel_t *otel, otel_instrument_t *from, const otel_instrument_t *like)
{
    while (from && (OTEL_LOAD_ACQUIRE_(&from->epoch_) != otel->epoch_ || OTEL_LOAD_(&from->otel_) != otel || (like && from->scope != like->scope))) from = from->next_;
    return from;
}

/* Back to where the last packet began. */
OTEL_FN_ void otel_collect_back_(otel_collect_t *c)
{
    c->at = c->from;
    c->leader = c->from_leader;
    c->series = c->from_series;
}

/* The next instrument: of the same scope while there are any, else the first of a scope that has not had its turn. */
OTEL_FN_ void otel_collect_next_(const otel_t *otel, otel_collect_t *c)
{
    c->series = 0;
    c->at = otel_collect_like_(otel, c->at->next_, c->leader);
    if (c->at) return;
    do {
        c->leader = otel_collect_like_(otel, c->leader->next_, NULL);
    } while (c->leader && otel_collect_like_(otel, c->first, c->leader) != c->leader);
    c->at = c->leader;
}

#if OTEL_BODIES_
#define OTEL_DELTA_ 1u            /* AggregationTemporality.AGGREGATION_TEMPORALITY_DELTA */
#define OTEL_CUMULATIVE_ 2u       /* AGGREGATION_TEMPORALITY_CUMULATIVE */
#define OTEL_OVERFLOW_BYTES_ 28u  /* the attribute otel.metric.overflow = true */
#define OTEL_METRIC_TAIL_ 4u      /* temporality and is_monotonic */

/* What is open in a packet: lengths of scope and metric are filled in when they close. */
typedef struct otel_open_t_ {
    uint8_t *at, *end;                    /* next byte; where the packet ends */
    uint8_t *scope, *metric, *data;       /* where their lengths stand; NULL: not open */
    const otel_instrument_t *leader, *instrument;
    uint8_t temporality;                  /* of the open metric */
} otel_open_t_;

OTEL_FN_ void otel_close_length_(uint8_t *length, const uint8_t *end)
{
    otel_put_length_(length, (uint32_t)(end - length - (ptrdiff_t)OTEL_LENGTH_BYTES_));
}

OTEL_FN_ void otel_metric_close_(otel_open_t_ *open)
{
    unsigned kind;
    if (!open->metric) return;
    kind = open->instrument->form_->kind;
#if OTEL_NANOPB_
    if (!(kind & OTEL_LAST_)) (void)otel_nanopb_sum_(&open->at, open->end, open->temporality, (kind & (OTEL_SUM_ | OTEL_UPDOWN_)) == OTEL_SUM_);
#else
    if (!(kind & OTEL_LAST_)) {
        *open->at++ = 0x10;               /* Sum.aggregation_temporality = 2, Histogram.aggregation_temporality = 2 */
        *open->at++ = open->temporality;
        if ((kind & (OTEL_SUM_ | OTEL_UPDOWN_)) == OTEL_SUM_) {
            *open->at++ = 0x18;           /* Sum.is_monotonic = 3 */
            *open->at++ = 1;
        }
    }
#endif
    otel_close_length_(open->data, open->at);
    otel_close_length_(open->metric, open->at);
    open->metric = NULL;
}

OTEL_FN_ const char *otel_scope_schema_(const otel_instrument_t *instrument) { return instrument->scope ? instrument->scope->schema_url : NULL; }

/* Bytes of a string field, 0 for an empty one. */
OTEL_FN_ size_t otel_text_size_(const char *text)
{
    size_t n = text ? strlen(text) : 0;
    if (n == 0) return 0;
    return otel_too_long_(n) ? SIZE_MAX / 8u : otel_message_size_(n);
}

OTEL_FN_ void otel_scope_close_(otel_open_t_ *open)
{
    otel_metric_close_(open);
    if (!open->scope) return;
#if OTEL_NANOPB_
    (void)otel_nanopb_schema_(&open->at, open->end, otel_scope_schema_(open->leader));
#else
    open->at += otel_text_field_(open->at, (size_t)(open->end - open->at), 0x1A, otel_scope_schema_(open->leader));   /* ScopeMetrics.schema_url = 3 */
#endif
    otel_close_length_(open->scope, open->at);
    open->scope = NULL;
}

/* ResourceMetrics.scope_metrics = 2 up to the first metric; false: no room. */
OTEL_FN_ bool otel_scope_open_(otel_open_t_ *open, const otel_instrument_t *leader)
{
    size_t n = 0;
    otel_scope_close_(open);
    if ((size_t)(open->end - open->at) < 1u + OTEL_LENGTH_BYTES_ + otel_text_size_(otel_scope_schema_(leader))) return false;
    *open->at++ = 0x12;
    open->scope = open->at;
    open->leader = leader;
    open->at += OTEL_LENGTH_BYTES_;
    if (leader->scope) {
        if ((size_t)(open->end - open->at) < 8u + otel_text_size_(leader->scope->name) + otel_text_size_(leader->scope->version)) return false;
        n = otel_scope_write_(open->at, (size_t)(open->end - open->at), leader->scope);
        if (n == 0) return false;
    }
    open->at += n;
    return true;
}

/* ScopeMetrics.metrics = 2 up to the first data point; false: no room. */
OTEL_FN_ bool otel_metric_open_(otel_open_t_ *open, const otel_instrument_t *instrument, uint8_t temporality)
{
    size_t text = otel_text_size_(instrument->name) + otel_text_size_(instrument->description) + otel_text_size_(instrument->unit);
    otel_metric_close_(open);
    if ((size_t)(open->end - open->at) < 2u * (1u + OTEL_LENGTH_BYTES_) + text) return false;
    *open->at++ = 0x12;
    open->metric = open->at;
    open->instrument = instrument;
    open->temporality = temporality;
    open->at += OTEL_LENGTH_BYTES_;
#if OTEL_NANOPB_
    if (!otel_nanopb_metric_(&open->at, open->end, instrument->name, instrument->description, instrument->unit)) return false;
#else
    open->at += otel_text_field_(open->at, (size_t)(open->end - open->at), 0x0A, instrument->name);          /* Metric.name = 1 */
    open->at += otel_text_field_(open->at, (size_t)(open->end - open->at), 0x12, instrument->description);   /* Metric.description = 2 */
    open->at += otel_text_field_(open->at, (size_t)(open->end - open->at), 0x1A, instrument->unit);          /* Metric.unit = 3 */
#endif
    *open->at++ = instrument->form_->data;
    open->data = open->at;
    open->at += OTEL_LENGTH_BYTES_;
    return true;
}

/* Time of the clock as Unix nanoseconds, as far as it is known. */
OTEL_FN_ uint64_t otel_clock_unix_(const otel_t *otel, uint64_t time)
{
    uint64_t offset;
    (void)otel_clock_offset_(&otel->clock_, &offset);
    return time + offset;
}

#if !OTEL_NANOPB_
OTEL_FN_ uint8_t *otel_put_time_(uint8_t *to, uint8_t tag, uint64_t value)
{
    *to = tag;
    otel_put64_(to + 1, value);
    return to + 9;
}
#endif

/* One data point, which began at `start` (Unix): length, times, what the form says, attributes. False: no room. When it is not fresh,
   nothing is written. */
OTEL_FN_ bool otel_point_write_(otel_open_t_ *open, const otel_t *otel, const otel_collect_t *c, otel_telling_t_ *point, uint64_t start)
{
    const otel_instrument_t *instrument = c->at;
    const otel_form_t_ *form = instrument->form_;
    const uint64_t now = otel_clock_unix_(otel, c->time), time = start > now && !(form->kind & OTEL_LAST_) ? start : now;      /* it may have begun after the first packet */
    const otel_series_t *series = c->series > 1u ? &instrument->series[c->series - 2u] : NULL;
    size_t attributes = series ? series->used_ : c->series ? OTEL_OVERFLOW_BYTES_ : 0u, length, size;
    size_t tail = OTEL_METRIC_TAIL_ + otel_text_size_(otel_scope_schema_(instrument));
    uint8_t *p = open->at;
    length = form->small == 255u || attributes + 2u * 9u + form->small > 127u ? OTEL_LENGTH_BYTES_ : 1u;
    if ((size_t)(open->end - p) < 1u + length + 2u * 9u + attributes + tail) return false;
    *p = 0x0A;                                                /* Gauge.data_points = 1, and so in Sum and the histograms */
    p += 1u + length;
#if OTEL_NANOPB_
    if (!otel_nanopb_times_(&p, open->end - attributes - tail, form->kind & OTEL_LAST_ ? 0u : start, time)) return false;
#else
    if (!(form->kind & OTEL_LAST_)) p = otel_put_time_(p, 0x11, start);               /* start_time_unix_nano = 2, fixed64 */
    p = otel_put_time_(p, 0x19, time);                                        /* time_unix_nano = 3, fixed64 */
#endif
    point->at = p;
    point->end = open->end - attributes - tail;
    if (!(form->write)(point)) return false;
    if (!point->fresh) return true;
    p = point->at;
    if (series) {
        memcpy(p, series->attributes_, attributes);
    } else if (attributes) {
        const otel_attr_t overflow = otel_bool("otel.metric.overflow", true);
        (void)otel_attr_write_(p, attributes, form->attribute, &overflow);
    }
    p += attributes;
    size = (size_t)(p - open->at) - 1u - length;
    if (length == 1u) open->at[1] = (uint8_t)size;
    else otel_put_length_(open->at + 1, (uint32_t)size);
    open->at = p;
    return true;
}

#define OTEL_ROUNDS_ 16u          /* more rounds than are ever under way at once: numbers of rounds come again */

/* What a callback tells, only when it told it in this round or later; what it has not told for long it has not told. */
OTEL_FN_ bool otel_cell_observed_(const otel_collect_t *c, otel_cell_t *cell)
{
    uint8_t set = OTEL_LOAD_ACQUIRE_(&cell->set);
    if (set == 0) return false;
    if ((uint8_t)(set - c->number) < 128u) return true;
    if ((uint8_t)(c->number - set) > OTEL_ROUNDS_) {
#if OTEL_ATOMICS_
        (void)OTEL_CAS_(&cell->set, &set, (uint8_t)0);
#else
        cell->set = 0;
#endif
    }
    return false;
}

/* Does the cell have something to say in this round? */
OTEL_FN_ bool otel_cell_says_(const otel_collect_t *c, const otel_instrument_t *i, otel_cell_t *cell)
{
    unsigned kind = i->form_->kind;
    if (!OTEL_LOAD_ACQUIRE_(&cell->awake)) return false;
    if (kind & OTEL_OBSERVED_) return otel_cell_observed_(c, cell);
    return (kind & OTEL_SUM_) || OTEL_LOAD_ACQUIRE_(&cell->set);
}

/* What a lost packet said of a series that callbacks tell no more was not told. */
OTEL_FN_ void otel_collect_pass_(otel_t *otel, const otel_collect_t *c, otel_cell_t *cell)
{
    otel_telling_t_ point;
    uint64_t start = 0;
    if (!OTEL_LOAD_ACQUIRE_(&cell->awake)) return;
    point.cell = cell;
    (void)(c->temporality->since_)(c->temporality, otel, c, &point, &start);
}

/* The cell where the round stands, or the next one that has something to say; NULL: the round is over. */
OTEL_FN_ otel_cell_t *otel_collect_cell_(otel_t *otel, otel_collect_t *c)
{
    while (c->at) {
        otel_instrument_t *i = c->at;
        uint32_t end = 2u + (uint32_t)OTEL_LOAD_ACQUIRE_(&i->used_);
        for (; c->series < end; c->series++) {
            otel_cell_t *cell = c->series == 0 ? &i->total_ : c->series == 1u ? &i->overflow_ : &i->series[c->series - 2u].cell_;
            if (otel_cell_says_(c, i, cell)) return cell;
            if (c->temporality && (i->form_->kind & OTEL_OBSERVED_)) otel_collect_pass_(otel, c, cell);
        }
        otel_collect_next_(otel, c);
    }
    return NULL;
}

/* The clock is put right again and again, by milliseconds: starts of totals stay what they were said to be, unless they were wrong by
   an hour, or would lie behind what is told now. */
OTEL_FN_ void otel_collect_starts_(const otel_t *otel, otel_collect_t *c)
{
    const uint64_t second = 1000000000u, moved = otel_clock_unix_(otel, 0) - c->starts;
    if (!c->starts || moved + second >= 3600u * second) c->starts += moved;
}

/* A round begins: callbacks tell their numbers first. */
OTEL_FN_ void otel_collect_begin_(otel_t *otel, otel_collect_t *c)
{
    c->at = NULL;
    c->series = 0;
    if (!otel || !otel->live_) return;
    if (OTEL_LOAD_(&otel->observe_)) c->number = OTEL_LOAD_(&otel->observe_)(otel);
    c->first = otel_collect_like_(otel, OTEL_LOAD_ACQUIRE_(&otel->instruments_), NULL);
    c->leader = c->at = c->first;
    c->time = otel_clock_now_(&otel->clock_);
    otel_collect_starts_(otel, c);
    c->running = true;
}

/* Write what the round has next to say. 0: no room; 1: written; 2: it has nothing to say after all. */
OTEL_FN_ unsigned otel_collect_point_(otel_t *otel, otel_collect_t *c, otel_open_t_ *open, otel_cell_t *cell)
{
    otel_telling_t_ point;
    uint64_t start = otel_cell_start_(cell);
    uint8_t temporality = OTEL_CUMULATIVE_;
    bool written;
    point.cell = cell;
    point.told = point.telling = NULL;
    point.extremes = NULL;
    point.fresh = true;
    if (c->temporality && (c->temporality->since_)(c->temporality, otel, c, &point, &start)) temporality = OTEL_DELTA_;
    else start += c->starts;
    if (!(open->scope && open->leader == c->leader) && !otel_scope_open_(open, c->leader)) return 0;
    if ((!open->metric || open->instrument != c->at) && !otel_metric_open_(open, c->at, temporality)) return 0;
    written = otel_point_write_(open, otel, c, &point, start);
    if (written && point.fresh) return 1u;
    /* Not said, nor is what of a measurement was there before the rest of it: its sum, and not its bucket. */
    if (point.told) memcpy(point.telling, point.told, (c->at->form_->words)(c->at) * sizeof *point.told);
    return written ? 2u : 0u;
}

OTEL_API_ size_t otel_collect_(otel_t *otel, otel_collect_t *c, uint8_t *to, size_t room)
{ OTEL_CALLED_
    otel_open_t_ open, before;
    otel_cell_t *cell;
    memset((void *)&open, 0, sizeof open);
    open.at = to;
    open.end = to + (otel_too_long_(room) ? (size_t)OTEL_LENGTH_MAX_ : room);
    c->points = c->lost = 0;
    OTEL_METRICS_OFF_((void)otel; (void)room; (void)cell; (void)before; return 0)
    if (!c->running) otel_collect_begin_(otel, c);
    c->from = c->at;
    c->from_leader = c->leader;
    c->from_series = c->series;
    for (; (cell = otel_collect_cell_(otel, c)) != NULL; c->series++) {
        unsigned did;
        if (c->most && c->points >= c->most) break;
        if (c->reading && (did = (c->reading->wants_)(c, c->at, cell)) != OTEL_WANTED_) {
            if (did == OTEL_NOT_WANTED_) continue;
            break;
        }
        before = open;
        did = otel_collect_point_(otel, c, &open, cell);
        if (did == 1u) {
            c->points++;
            continue;
        }
        open = before;                    /* as if it had not been tried: lengths are written again when they close */
        if (did == 2u) continue;
        if (c->points) break;
        c->lost++;
    }
    otel_scope_close_(&open);
    c->running = cell != NULL;
    return (size_t)(open.at - to);
}
#endif
OTEL_C_END_

/* ---- instrument.h ---------------------------------------------------------------------------------------------- */
OTEL_C_BEGIN_
#if OTEL_BODIES_
#if OTEL_ATOMICS_

/* A thread that is in the way is waited for; one that never comes back (killed, or left behind by fork) costs the wait
   once: after that the instrument takes no new series and says so in its counts. A signal handler never waits for the
   thread that it interrupted. */
OTEL_API_ bool otel_seize_(otel_instrument_t *instrument, otel_t *otel)
{ OTEL_CALLED_
    const uintptr_t stuck = 1;
#if OTEL_ENABLED
    const uintptr_t me = (uintptr_t)&otel_thread_v0_;
#else
    const uintptr_t me = 2;
#endif
    uint32_t i;
    (void)otel;
    for (i = 0; i < OTEL_PATIENCE_; i++) {
        uintptr_t holder = OTEL_LOAD_(&instrument->busy_);
        if (holder == 0 && OTEL_CAS_(&instrument->busy_, &holder, me)) return true;
        if (holder == me || holder == stuck) return false;
    }
    OTEL_STORE_(&instrument->busy_, stuck);
    return false;
}
#else
OTEL_API_ bool otel_seize_(otel_instrument_t *instrument, otel_t *otel)
{ OTEL_CALLED_
    uint32_t was;
    bool mine;
    if (!otel_lock_(instrument, otel, false, &was)) return false;
    mine = instrument->busy_ == 0;
    instrument->busy_ = 1;
    otel_unlock_(instrument, otel, was);
    return mine;
}
#endif

/* Another life: numbers begin at nothing. The sets of attributes stay where they are, because series may be bound. */
OTEL_FN_ void otel_cell_reset_(otel_cell_t *cell, const otel_instrument_t *instrument, otel_word_t *row)
{
    OTEL_STORE_WIDE_(&cell->value, (uint64_t)0);
#if OTEL_HOSTED_
    OTEL_STORE_WIDE_(&cell->start, (uint64_t)0);
#endif
    OTEL_STORE_(&cell->set, (uint8_t)0);
    if (row) memset((void *)row, 0, (instrument->bounds_len + 3u) * sizeof *row);
    else cell->held.count = 0;
    OTEL_STORE_RELEASE_(&cell->awake, (uint32_t)0);
}

OTEL_FN_ void otel_instrument_reset_(otel_instrument_t *instrument)
{
    size_t i;
    const bool own = !(instrument->form_->kind & OTEL_FRONT_);        /* else the rows are a stream's, which may be in use */
    otel_cell_reset_(&instrument->total_, instrument, own ? otel_row_(instrument, 0) : NULL);
    otel_cell_reset_(&instrument->overflow_, instrument, own ? otel_row_(instrument, 1) : NULL);
    for (i = 0; i < instrument->used_; i++) otel_cell_reset_(&instrument->series[i].cell_, instrument, otel_row_(instrument, i + 2u));
    OTEL_STORE_(&instrument->overflowed_, (otel_count_t)0);
    OTEL_STORE_(&instrument->told_, (uint8_t)0);
}

/* Two texts, none and an empty one being the same; `anyhow`: letters of ASCII in either case. */
OTEL_FN_ bool otel_texts_alike_(const char *a, const char *b, bool anyhow)
{
    const char *x = a ? a : "", *y = b ? b : "";
    for (;; x++, y++) {
        char c = *x, d = *y;
        if (anyhow && c >= 'A' && c <= 'Z') c = (char)(c + 32);
        if (anyhow && d >= 'A' && d <= 'Z') d = (char)(d + 32);
        if (c != d) return false;
        if (!c) return true;
    }
}

/* Do two instruments have one name under one meter? Meters of the same name, version and schema URL are one. */
OTEL_FN_ bool otel_name_twice_(const otel_instrument_t *a, const otel_instrument_t *b)
{
    const otel_scope_t *s = a->scope, *t = b->scope;
    if (!otel_texts_alike_(a->name, b->name, true)) return false;
    if (s == t) return true;
    return s && t && s->attributes_len == t->attributes_len && (s->attributes_len == 0 || s->attributes == t->attributes) && otel_texts_alike_(s->name, t->name, false) &&
           otel_texts_alike_(s->version, t->version, false) && otel_texts_alike_(s->schema_url, t->schema_url, false);
}

/* Names that differ only in case are one: the first that was seen. (Small targets: otel_diag_instruments.) */
OTEL_FN_ void otel_instrument_name_(otel_instrument_t *instrument)
{
#if OTEL_HOSTED_
    const otel_instrument_t *i;
    if (instrument->form_->kind & OTEL_FRONT_) return;        /* its streams have names */
    for (i = instrument->next_; i; i = i->next_) {
        if (!(OTEL_LOAD_(&i->form_)->kind & OTEL_FRONT_) && otel_name_twice_(i, instrument)) instrument->name = i->name;
    }
#else
    (void)instrument;
#endif
}

/* Put it in front of the instance's list, unless it is there already (after a fork). */
OTEL_FN_ void otel_instrument_link_(otel_instrument_t *instrument, otel_t *otel)
{
    otel_instrument_t *i;
    for (i = OTEL_LOAD_ACQUIRE_(&otel->instruments_); i; i = i->next_) {
        if (i == instrument) return;
    }
#if OTEL_ATOMICS_
    do {
        instrument->next_ = OTEL_LOAD_ACQUIRE_(&otel->instruments_);
        otel_instrument_name_(instrument);
    } while (!OTEL_CAS_(&otel->instruments_, &instrument->next_, instrument));
#else
    instrument->next_ = otel->instruments_;
    otel_instrument_name_(instrument);
    otel->instruments_ = instrument;
#endif
}

/* An instrument belongs to the instance of its first use until that is shut down or started again. */
OTEL_FN_ otel_t *otel_instrument_home_(const otel_instrument_t *instrument)
{
    otel_t *home = OTEL_LOAD_(&instrument->otel_);
    if (home && otel_running_(home) && home->epoch_ == instrument->epoch_) return home;
    if (instrument->otel) return instrument->otel;
    return instrument->scope && instrument->scope->otel ? instrument->scope->otel : otel_default_();
}

/* Register at the first use in a life. Whoever comes at the same time registers nothing and goes on when it is done.
   False: no instance is running, or a signal handler came between. */
OTEL_API_ OTEL_NOINLINE_ bool otel_join_(otel_instrument_t *instrument)
{ OTEL_CALLED_
    uint32_t seen = otel_seen_();
    otel_t *otel = otel_default_();
    otel_count_t refused = OTEL_LOAD_(&instrument->refused_);     /* of another life; what handlers add from here on is of this one */
    if (OTEL_LOAD_ACQUIRE_(&instrument->seen_) == seen) return true;
    if (instrument->otel || (instrument->scope && instrument->scope->otel)) otel = instrument->otel ? instrument->otel : instrument->scope->otel;
    if (!otel || !OTEL_LOAD_(&instrument->form_)) return false;
    otel_follow_(otel);
    seen = otel_seen_();
    if (!otel_seize_(instrument, otel)) {
        otel_tally_(&instrument->refused_);
        return false;
    }
    if (OTEL_LOAD_(&instrument->seen_) != seen) {
        otel = otel_instrument_home_(instrument);
        if (!otel_running_(otel)) {
            otel_cede_(instrument);
            return false;
        }
        if (instrument->otel_ != otel || instrument->epoch_ != otel->epoch_) {
            void (*join)(otel_instrument_t *, otel_t *) = instrument->front_ ? instrument->front_->calls->join : otel->config_.metrics.join_;
            if (join) (join)(instrument, otel);
            if (instrument->epoch_) {
                otel_instrument_reset_(instrument);
                OTEL_ADD_(&instrument->refused_, (otel_count_t)0 - refused);
            }
            instrument->total_.owner = instrument->overflow_.owner = instrument;
            instrument->room_ = (uint16_t)otel_series_room_(instrument);
            if (otel_row_(instrument, 0)) {
                instrument->total_.held.row = otel_row_(instrument, 0);
                instrument->overflow_.held.row = otel_row_(instrument, 1);
            }
            instrument->start_ = otel_clock_now_(&otel->clock_);
            OTEL_STORE_RELEASE_(&otel->collect_, &otel_collect_);
#if OTEL_HOSTED_
            OTEL_STORE_RELEASE_(&otel->forked_, &otel_instruments_forked_);
#endif
            OTEL_STORE_(&instrument->reclaims_, otel->reclaims_);
            OTEL_STORE_(&instrument->otel_, otel);
            OTEL_STORE_RELEASE_(&instrument->epoch_, otel->epoch_);           /* from here on it is collected */
            otel_instrument_link_(instrument, otel);
        }
        OTEL_STORE_RELEASE_(&instrument->seen_, seen);
    }
    otel_cede_(instrument);
    return true;
}

/* The instance goes: its instruments are free to register with another one. */
OTEL_API_ void otel_instruments_leave_(otel_t *otel)
{ OTEL_CALLED_
    otel_instrument_t *i;
    OTEL_METRICS_OFF_((void)otel; return)
    for (i = OTEL_LOAD_ACQUIRE_(&otel->instruments_); i; i = i->next_) {
        if (OTEL_LOAD_(&i->otel_) != otel) continue;
        OTEL_STORE_(&i->otel_, (otel_t *)NULL);
        OTEL_STORE_RELEASE_(&i->seen_, 0u);                   /* who comes now asks again, and is told that nobody is there */
    }
}

#if OTEL_HOSTED_
/* The first of those who wake a cell says when. */
OTEL_FN_ void otel_cell_begin_(otel_cell_t *cell, uint64_t now)
{
#if OTEL_WIDE_
    uint64_t never = 0;
    (void)OTEL_CAS_(&cell->start, &never, now);
#else
    if (!cell->start) cell->start = now;
#endif
}
#endif

/* Make a cell usable that was not used in this life, or whose instance may have gone. */
OTEL_API_ OTEL_NOINLINE_ bool otel_cell_wake_(otel_cell_t *cell)
{ OTEL_CALLED_
    otel_instrument_t *instrument = cell->owner;
    otel_t *otel;
    if (!otel_join_(instrument)) return false;
    otel = OTEL_LOAD_(&instrument->otel_);
    if (!otel) return false;                                  /* it was shut down in between */
#if OTEL_HOSTED_
    otel_cell_begin_(cell, otel_clock_now_(&otel->clock_));
#endif
    OTEL_STORE_RELEASE_(&cell->awake, otel_awake_(instrument->form_->kind));
    return true;
}

OTEL_FN_ bool otel_total_ready_(otel_instrument_t *instrument)
{
    return instrument && (OTEL_LIKELY_(OTEL_LOAD_ACQUIRE_(&instrument->seen_) == otel_seen_()) || otel_join_(instrument));
}

OTEL_API_ void otel_total_whole_(otel_instrument_t *instrument, int64_t value)
{ OTEL_CALLED_
    if (otel_total_ready_(instrument)) (instrument->form_->whole)(&instrument->total_, value);
}

OTEL_API_ void otel_total_real_(otel_instrument_t *instrument, double value)
{ OTEL_CALLED_
    if (otel_total_ready_(instrument)) (instrument->form_->real)(&instrument->total_, value);
}

OTEL_API_ otel_series_t *otel_bind_total_(otel_instrument_t *instrument)
{ OTEL_CALLED_
    if (!otel_total_ready_(instrument) || (OTEL_LOAD_ACQUIRE_(&instrument->total_.awake) != otel_awake_(instrument->form_->kind) && !otel_cell_wake_(&instrument->total_))) return NULL;
    return (otel_series_t *)(void *)&instrument->total_;      /* used as a cell only */
}
#endif
OTEL_C_END_

/* ---- series.h -------------------------------------------------------------------------------------------------- */
OTEL_C_BEGIN_
/* Where series are taken away when they are idle, whoever looks one up is counted until it has used it. */
OTEL_FN_ bool otel_visit_(otel_instrument_t *instrument)
{
    if (!OTEL_LOAD_(&instrument->reclaims_)) return false;
#if OTEL_ATOMICS_
    __atomic_fetch_add(&instrument->visitors_, 1u, __ATOMIC_SEQ_CST);
#else
    instrument->visitors_++;      /* an interrupt that comes in between leaves it as it was */
#endif
    return true;
}

OTEL_FN_ void otel_part_(otel_instrument_t *instrument)
{
#if OTEL_ATOMICS_
    __atomic_fetch_sub(&instrument->visitors_, 1u, __ATOMIC_RELEASE);
#else
    instrument->visitors_--;
#endif
}

/* Whether somebody is there. It writes too, so that one of the two comes first: a visitor behind it finds what was unlinked
   before it gone. (A fence would do, but the thread sanitizer does not see fences.) */
OTEL_FN_ bool otel_visited_(otel_instrument_t *instrument)
{
#if OTEL_ATOMICS_
    return __atomic_fetch_add(&instrument->visitors_, 0u, __ATOMIC_SEQ_CST) != 0;
#else
    return instrument->visitors_ != 0;
#endif
}
#if OTEL_BODIES_
/* The next byte of a text as it will be written: what is no UTF-8 becomes '?'. 0 at the end. */
typedef struct otel_mended_t_ {
    const uint8_t *at;
    size_t left, whole;           /* bytes; of the character that it is in the middle of */
} otel_mended_t_;

OTEL_FN_ int otel_mended_byte_(otel_mended_t_ *text)
{
    if (text->left == 0) return 0;
    if (text->whole == 0) text->whole = otel_utf8_step_(text->at, text->left);
    text->left--;
    if (text->whole == 0) {
        text->at++;
        return '?';
    }
    text->whole--;
    return *text->at++;
}

OTEL_API_ OTEL_NOINLINE_ int otel_compare_mended_(const char *a, const char *b);
OTEL_API_ OTEL_NOINLINE_ int otel_compare_mended_(const char *a, const char *b)
{ OTEL_CALLED_
    otel_mended_t_ one = { (const uint8_t *)a, strlen(a), 0 }, two = { (const uint8_t *)b, strlen(b), 0 };
    for (;;) {
        int x = otel_mended_byte_(&one), y = otel_mended_byte_(&two);
        if (x != y || x == 0) return x - y;
    }
}

/* The sign of `a` compared with `b`, byte by byte, as they will be written. */
OTEL_FN_ int otel_compare_keys_(const char *a, const char *b)
{
    size_t i = 0;
    unsigned seen = 0;
    while (a[i] && a[i] == b[i]) seen |= (unsigned char)a[i++];
#if OTEL_LIMITS
    seen |= (unsigned char)a[i] | (unsigned)(unsigned char)b[i];
    if (OTEL_UNLIKELY_(seen & 128u)) return otel_compare_mended_(a, b);
#else
    (void)seen;
#endif
    return (int)(unsigned char)a[i] - (int)(unsigned char)b[i];
}

/* A set of attributes in one order: sorted by key, the last value of a key that comes twice. */
typedef struct otel_set_t_ {
    const otel_attr_t *attributes;
    size_t n;
    uint32_t hash;
    uint16_t key_len[OTEL_SET_MAX_];
    uint8_t order[OTEL_SET_MAX_];
} otel_set_t_;

/* False: more than there can be. */
OTEL_FN_ bool otel_set_sort_(otel_set_t_ *set, const otel_attr_t *attributes, size_t len)
{
    size_t i, k;
    set->attributes = attributes;
    set->n = 0;
    if (len > 255u) return false;
    for (i = 0; i < len; i++) {
        const char *key = attributes[i].key;
        int sign = 1;
        if (!key || !*key) continue;
        for (k = set->n; k > 0; k--) {
            sign = otel_compare_keys_(key, attributes[set->order[k - 1u]].key);
            if (sign >= 0) break;
        }
        if (k > 0 && sign == 0) {
            set->order[k - 1u] = (uint8_t)i;
            continue;
        }
        if (set->n == OTEL_SET_MAX_) return false;
        if (k < set->n) memmove(set->order + k + 1u, set->order + k, set->n - k);
        set->order[k] = (uint8_t)i;
        set->n++;
    }
    return true;
}

/* Stir `n` bytes into a hash, a machine word at a time. */
#if UINTPTR_MAX > 0xFFFFFFFFu
typedef uint64_t otel_hash_t_;
#define OTEL_STIR_(hash, word) (((hash) << 23 | (hash) >> 41) ^ (word) * 0x9E3779B97F4A7C15ull)
#else
typedef uint32_t otel_hash_t_;
#define OTEL_STIR_(hash, word) (((hash) << 13 | (hash) >> 19) ^ (word) * 0x9E3779B1ul)
#endif
OTEL_FN_ otel_hash_t_ otel_hash_bytes_(otel_hash_t_ hash, const void *bytes, size_t n)
{
    const uint8_t *p = (const uint8_t *)bytes;
    otel_hash_t_ word = (otel_hash_t_)n;
    size_t i;
    for (; n >= sizeof word; n -= sizeof word, p += sizeof word) {
        memcpy(&word, p, sizeof word);
        hash = OTEL_STIR_(hash, word);
        word = 0;
    }
    for (i = 0; i < n; i++) word = word << 8 | p[i];
    return OTEL_STIR_(hash, word);
}

/* An unsigned number that goes as text has the hash of that text: equal bytes on the wire have equal hashes. */
OTEL_API_ OTEL_NOINLINE_ otel_hash_t_ otel_hash_big_(otel_hash_t_ hash, uint64_t value);
OTEL_API_ OTEL_NOINLINE_ otel_hash_t_ otel_hash_big_(otel_hash_t_ hash, uint64_t value)
{ OTEL_CALLED_
    uint8_t text[22];
    otel_out_t_ out;
    otel_out_to_(&out, text, sizeof text);
    otel_out_big_uint_(&out, value >= 10000000000000000000u ? 22u : 21u, value);
    return otel_hash_bytes_(hash, text + 2, (size_t)(out.at - text) - 2u);
}

OTEL_FN_ otel_hash_t_ otel_hash_value_(otel_hash_t_ hash, const otel_value_t *v)
{
    uint64_t word;
    switch (v->type) {
    case OTEL_V_STRING_:
    case OTEL_V_BYTES_: return otel_hash_bytes_(hash, v->as.p, (size_t)v->len);
    case OTEL_V_INT_:
    case OTEL_V_UINT_:                                        /* one number, whatever its type */
        word = v->as.u;
        if (v->type == OTEL_V_UINT_ && word >> 63) return otel_hash_big_(hash, word);
        break;
    case OTEL_V_BOOL_: word = v->as.i != 0; break;
    case OTEL_V_DOUBLE_: word = otel_pack_(v->as.d); break;
    default: return hash;                                     /* null, arrays, maps: told apart by comparing them */
    }
#if UINTPTR_MAX <= 0xFFFFFFFFu
    hash = OTEL_STIR_(hash, (uint32_t)(word >> 32));
#endif
    return OTEL_STIR_(hash, (otel_hash_t_)word);
}

/* The hash of a key as it will be written, byte by byte. */
OTEL_API_ OTEL_NOINLINE_ otel_hash_t_ otel_hash_mended_(otel_hash_t_ hash, const char *key, size_t n);
OTEL_API_ OTEL_NOINLINE_ otel_hash_t_ otel_hash_mended_(otel_hash_t_ hash, const char *key, size_t n)
{ OTEL_CALLED_
    otel_mended_t_ text = { (const uint8_t *)key, n, 0 };
    uint8_t bytes[sizeof(otel_hash_t_)];
    otel_hash_t_ word;
    size_t i;
    for (; n >= sizeof word; n -= sizeof word) {
        for (i = 0; i < sizeof word; i++) bytes[i] = (uint8_t)otel_mended_byte_(&text);
        memcpy(&word, bytes, sizeof word);
        hash = OTEL_STIR_(hash, word);
    }
    if (n == 0) return hash;
    for (word = 0; n; n--) word = word << 8 | (unsigned)otel_mended_byte_(&text);
    return OTEL_STIR_(hash, word);
}

/* A key, which may have to be mended. */
OTEL_FN_ otel_hash_t_ otel_hash_key_(otel_hash_t_ hash, const char *key, size_t n)
{
    const char *p = key;
    otel_hash_t_ begin = OTEL_STIR_(hash, (otel_hash_t_)n), word, seen = 0;
    size_t left = n;
    hash = begin;
    for (; left >= sizeof word; left -= sizeof word, p += sizeof word) {
        memcpy(&word, p, sizeof word);
        seen |= word;
        hash = OTEL_STIR_(hash, word);
    }
    if (left) {
        for (word = 0; left; left--) word = word << 8 | (unsigned char)*p++;
        seen |= word;
        hash = OTEL_STIR_(hash, word);
    }
    return OTEL_LIMITS && OTEL_UNLIKELY_(seen & (otel_hash_t_)0x8080808080808080ull) ? otel_hash_mended_(begin, key, n) : hash;
}

/* False: a key or a text that no series has room for. */
OTEL_FN_ bool otel_set_hash_(otel_set_t_ *set)
{
    otel_hash_t_ hash = (otel_hash_t_)set->n;
    size_t i;
    for (i = 0; i < set->n; i++) {
        const otel_attr_t *a = &set->attributes[set->order[i]];
        size_t n = strlen(a->key);
        if (n > OTEL_SERIES_INLINE_ || ((a->value.type == OTEL_V_STRING_ || a->value.type == OTEL_V_BYTES_) && a->value.len > OTEL_SERIES_INLINE_)) return false;
        set->key_len[i] = (uint16_t)n;
        hash = otel_hash_value_(otel_hash_key_(hash, a->key, n), &a->value);
    }
#if UINTPTR_MAX > 0xFFFFFFFFu
    set->hash = otel_mix_((uint32_t)(hash ^ hash >> 32));
#else
    set->hash = otel_mix_(hash);
#endif
    return true;
}

/* Say whether an encoded AnyValue of n bytes is this one. False for values that are not often in a set, too. */
OTEL_FN_ bool otel_any_is_(const uint8_t *any, size_t n, const otel_value_t *v)
{
    uint64_t u = v->as.u;
    if (n < 2u) return false;
    switch (v->type) {
    case OTEL_V_STRING_: return any[0] == OTEL_TAG_STRING_ && any[1] == v->len && n == 2u + (size_t)v->len && (n == 2u || memcmp(any + 2, v->as.p, n - 2u) == 0);
    case OTEL_V_BOOL_: return any[0] == OTEL_TAG_BOOL_ && any[1] == (v->as.i != 0);
    case OTEL_V_UINT_:
        if (u >> 63) return false;
        /* fall through */
    case OTEL_V_INT_:
        if (*any++ != OTEL_TAG_INT_) return false;
        for (; u > 127u; u >>= 7) {
            if (*any++ != (uint8_t)(u | 128u)) return false;
        }
        return *any == u;
    case OTEL_V_DOUBLE_: return any[0] == OTEL_TAG_DOUBLE_ && n == 9u && otel_get64_(any + 1) == otel_double_bits_(v->as.d);
    default: return false;
    }
}

/* Say whether a series has this set, without encoding it: short fields, as nearly all are. */
OTEL_FN_ bool otel_series_is_(const otel_series_t *series, const otel_set_t_ *set)
{
    const uint8_t *p = series->attributes_, *end = p + series->used_;
    size_t i;
    for (i = 0; i < set->n; i++) {
        const otel_attr_t *a = &set->attributes[set->order[i]];
        size_t n = set->key_len[i];
        /* tag, length, KeyValue.key = 1, length, text, KeyValue.value = 2, length, AnyValue */
        if (p == end || p[1] > 127u || p[3] != n || memcmp(p + 4, a->key, n) != 0 || !otel_any_is_(p + n + 6, p[n + 5], &a->value)) return false;
        p += 2u + p[1];
    }
    return p == end;
}

/* Where the chain of a hash begins, without a division. */
OTEL_FN_ uint16_t *otel_chain_(const otel_instrument_t *instrument, uint32_t hash)
{
    return &instrument->series[((hash >> 16) * (uint32_t)instrument->room_) >> 16].head_;
}

/* The same set by its bytes: equal sets give equal bytes. */
OTEL_FN_ otel_series_t *otel_look_(const otel_instrument_t *instrument, const uint16_t *chain, uint32_t hash, const uint8_t *bytes, size_t size)
{
    uint16_t i = OTEL_LOAD_ACQUIRE_(chain);
    while (i) {
        otel_series_t *series = &instrument->series[i - 1u];
        if (series->hash_ == hash && series->used_ == size && memcmp(series->attributes_, bytes, size) == 0) return series;
        i = series->next_;
    }
    return NULL;
}

#if OTEL_HOSTED_
/* The child of a fork: who held an instrument is not here, or goes on himself. The series that he was adding is there if it is
   in its chain, where it stands first. */
OTEL_API_ void otel_instruments_forked_(otel_t *otel)
{ OTEL_CALLED_
    otel_instrument_t *i;
    OTEL_METRICS_OFF_((void)otel; (void)i; return)
    for (i = otel->instruments_; i; i = i->next_) {
#if OTEL_ATOMICS_ && OTEL_ENABLED
        if (i->otel_ != otel || i->busy_ == (uintptr_t)&otel_thread_v0_) continue;
#endif
        if (i->used_ < i->room_ && *otel_chain_(i, i->series[i->used_].hash_) == i->used_ + 1u) i->used_++;
        i->visitors_ = 0;
        i->busy_ = 0;
    }
}
#endif

/* Encode a set into storage that nobody has yet. The number of bytes, 0 when there is no room. */
OTEL_FN_ size_t otel_set_write_(uint8_t *to, const otel_set_t_ *set, uint8_t tag)
{
    size_t i, size = 0;
    for (i = 0; i < set->n; i++) {
        const otel_attr_t *a = &set->attributes[set->order[i]];
        size_t more = otel_attr_write_(to + size, OTEL_SERIES_INLINE_ - size, tag | OTEL_LIKE_TEXT_, a);
        if (more == 0) return 0;
        size += more;
    }
    return size;
}

/* Is there a value or a key in it that otel_series_is_ does not know at sight? */
OTEL_FN_ bool otel_set_odd_(const otel_set_t_ *set)
{
    size_t i;
    for (i = 0; i < set->n; i++) {
        const otel_attr_t *a = &set->attributes[set->order[i]];
        uint8_t type = a->value.type;
        if (type == OTEL_V_STRING_ ? !otel_utf8_valid((const char *)a->value.as.p, (size_t)a->value.len) : type == OTEL_V_UINT_ ? a->value.as.u >> 63 != 0 : type != OTEL_V_INT_ && type != OTEL_V_BOOL_ && type != OTEL_V_DOUBLE_) return true;
        if (set->key_len[i] + (a->value.type == OTEL_V_STRING_ ? a->value.len : 0u) > 100u || !otel_utf8_valid(a->key, set->key_len[i])) return true;
    }
    return false;
}

/* All series are taken: is it one of them after all? It may be one that is not known at sight; one that came while the chain
   was walked, which began with `first`; or one that otel_reclaim_ took out of the chain for a moment. */
OTEL_API_ OTEL_NOINLINE_ otel_series_t *otel_series_full_(otel_instrument_t *instrument, const uint16_t *chain, uint16_t first, const otel_set_t_ *set);
OTEL_API_ OTEL_NOINLINE_ otel_series_t *otel_series_full_(otel_instrument_t *instrument, const uint16_t *chain, uint16_t first, const otel_set_t_ *set)
{ OTEL_CALLED_
    uint8_t bytes[OTEL_SERIES_INLINE_];
    otel_series_t *series;
    size_t size;
    bool taken_away = OTEL_LOAD_(&instrument->reclaims_) != 0;
    if (!taken_away && OTEL_LOAD_ACQUIRE_(chain) == first && !otel_set_odd_(set)) return NULL;
    bytes[0] = 0;
    size = otel_set_write_(bytes, set, instrument->form_->attribute);
    if (!size || (taken_away && !otel_seize_(instrument, OTEL_LOAD_(&instrument->otel_)))) return NULL;
    series = otel_look_(instrument, chain, set->hash, bytes, size);
    if (taken_away) otel_cede_(instrument);
    return series;
}

/* A set that was not found at first sight: encoded where the next series will be, looked for again by its bytes, and given
   that series unless somebody was faster; `first` as above. NULL: no room, or somebody else is at it. */
OTEL_API_ OTEL_NOINLINE_ otel_series_t *otel_series_new_(otel_instrument_t *instrument, uint16_t first, const otel_set_t_ *set);
OTEL_API_ OTEL_NOINLINE_ otel_series_t *otel_series_new_(otel_instrument_t *instrument, uint16_t first, const otel_set_t_ *set)
{ OTEL_CALLED_
    otel_series_t *series, *same;
    uint16_t *chain = otel_chain_(instrument, set->hash), number;
    size_t size;
    if (OTEL_LOAD_ACQUIRE_(&instrument->used_) == instrument->room_ && !OTEL_LOAD_(&instrument->free_)) {
        return otel_series_full_(instrument, chain, first, set);
    }
    if (!otel_seize_(instrument, OTEL_LOAD_(&instrument->otel_))) return NULL;
    number = instrument->used_ < instrument->room_ ? (uint16_t)(instrument->used_ + 1u) : instrument->free_;
    if (!number) {                                            /* somebody took the last one meanwhile: perhaps for this set */
        otel_cede_(instrument);
        return otel_series_full_(instrument, chain, first, set);
    }
    series = &instrument->series[number - 1u];
    size = otel_set_write_(series->attributes_, set, instrument->form_->attribute);
    same = size ? otel_look_(instrument, chain, set->hash, series->attributes_, size) : NULL;
    if (size && !same) {
        bool fresh = number > instrument->used_;
        if (!fresh) OTEL_STORE_(&instrument->free_, series->next_);
        series->used_ = (uint16_t)size;
        series->hash_ = set->hash;
        series->cell_.owner = instrument;
        if (otel_row_(instrument, 0)) series->cell_.held.row = otel_row_(instrument, number + 1u);
        series->next_ = *chain;
        OTEL_STORE_RELEASE_(chain, number);
        if (fresh) OTEL_STORE_RELEASE_(&instrument->used_, number);    /* last: who finds all taken finds this one in its chain */
    } else {
        series = same;
    }
    otel_cede_(instrument);
    return series;
}

/* The cell of a set of attributes; NULL: nothing is recorded. */
OTEL_API_ otel_cell_t *otel_find_(otel_instrument_t *instrument, const otel_attr_t *attributes, size_t len)
{ OTEL_CALLED_
    otel_set_t_ set;
    otel_series_t *series = NULL;
    if (!instrument) return NULL;
    if (OTEL_UNLIKELY_(OTEL_LOAD_ACQUIRE_(&instrument->seen_) != otel_seen_()) && !otel_join_(instrument)) return NULL;
    if (len == 0 || !attributes) return &instrument->total_;
    if (OTEL_LIKELY_(otel_set_sort_(&set, attributes, len))) {
        if (set.n == 0) return &instrument->total_;
        if (OTEL_LIKELY_(instrument->room_ && otel_set_hash_(&set))) {
            uint16_t first = OTEL_LOAD_ACQUIRE_(otel_chain_(instrument, set.hash)), i;
            for (i = first; i; i = OTEL_LOAD_ACQUIRE_(&instrument->series[i - 1u].next_)) {
                series = &instrument->series[i - 1u];
                if (OTEL_LIKELY_(series->hash_ == set.hash && otel_series_is_(series, &set))) return &series->cell_;
            }
            series = otel_series_new_(instrument, first, &set);
            if (series) return &series->cell_;
        }
    }
    if (instrument->form_->kind & OTEL_FRONT_) return NULL;    /* it has no series of its own */
    otel_tally_(&instrument->overflowed_);
    return &instrument->overflow_;
}

OTEL_API_ void otel_record_whole_(otel_instrument_t *instrument, int64_t value, const otel_attr_t *attributes, size_t len)
{ OTEL_CALLED_
    bool visits = instrument && otel_visit_(instrument);
    otel_cell_t *cell = otel_find_(instrument, attributes, len);
    if (cell) (instrument->form_->whole)(cell, value);
    else if (instrument && instrument->front_) (instrument->front_->calls->whole)(instrument, value, attributes, len);
    if (visits) otel_part_(instrument);
}

OTEL_API_ void otel_record_real_(otel_instrument_t *instrument, double value, const otel_attr_t *attributes, size_t len)
{ OTEL_CALLED_
    bool visits = instrument && otel_visit_(instrument);
    otel_cell_t *cell = otel_find_(instrument, attributes, len);
    if (cell) (instrument->form_->real)(cell, value);
    else if (instrument && instrument->front_) (instrument->front_->calls->real)(instrument, value, attributes, len);
    if (visits) otel_part_(instrument);
}

/* The series of a set, to keep. A sum that is bound is reported from now on, with 0 when nothing comes. */
OTEL_API_ otel_series_t *otel_bind_(otel_instrument_t *instrument, const otel_attr_t *attributes, size_t len)
{ OTEL_CALLED_
    bool visits = instrument && otel_visit_(instrument);
    otel_cell_t *cell = otel_find_(instrument, attributes, len);
    if (!cell && instrument && instrument->front_) return (otel_series_t *)(void *)(instrument->front_->calls->bind)(instrument, attributes, len);
    if (cell && cell != &instrument->total_ && cell != &instrument->overflow_) OTEL_STORE_(&((otel_series_t *)(void *)cell)->bound_, (uint8_t)1);
    if (cell && OTEL_LOAD_ACQUIRE_(&cell->awake) != otel_awake_(instrument->form_->kind) && !otel_cell_wake_(cell)) cell = NULL;
    if (visits) otel_part_(instrument);
    return (otel_series_t *)(void *)cell;         /* used as a cell only: the ones without attributes are nothing more */
}
#endif
OTEL_C_END_

/* ---- counter.h ------------------------------------------------------------------------------------------------- */
OTEL_C_BEGIN_
#if OTEL_WIDE_ || !OTEL_ENABLED
OTEL_FN_ void otel_series_add_int(otel_series_t *series, int64_t value)
{
    OTEL_METRICS_OFF_((void)series; (void)value; return)
#if OTEL_ENABLED
    {
        otel_cell_t *cell = otel_cell_of_(series);
        if (OTEL_LIKELY_(cell && value >= 0 && OTEL_LOAD_ACQUIRE_(&cell->awake) == otel_awake_(OTEL_COUNTER_))) {
            uint64_t sum = OTEL_FETCH_ADD_(&cell->value, (uint64_t)value) + (uint64_t)value;
            if (OTEL_UNLIKELY_(sum >> 63)) otel_sum_ended_(cell);
            return;
        }
        otel_add_careful_(cell, value);
    }
#endif
}
#endif

#ifndef __cplusplus
OTEL_FN_ void otel_series_add_unsigned_(otel_series_t *series, uint64_t value) { otel_series_add_int(series, otel_whole_unsigned_(value)); }
OTEL_FN_ void otel_series_add_single_(otel_series_t *series, float value) { otel_series_add_double(series, (double)value); }
OTEL_FN_ void otel_series_add_extended_(otel_series_t *series, long double value) { otel_series_add_double(series, (double)value); }
#endif

OTEL_FN_ void otel_counter_add_all(otel_counter_t *counter, int64_t value, const otel_attr_t *attributes, size_t len)
{
    OTEL_METRICS_OFF_((void)counter; (void)value; (void)attributes; (void)len; return)
#if OTEL_WIDE_
    if (counter) {
        otel_cell_t *total = otel_total_(&counter->base_, OTEL_COUNTER_, len);
        if (total) {
            otel_series_add_int((otel_series_t *)(void *)total, value);
            return;
        }
    }
#endif
    if (len == 0) otel_add_total_(counter ? &counter->base_ : NULL, value);
    else otel_record_whole_(counter ? &counter->base_ : NULL, value, attributes, len);
}

OTEL_FN_ void otel_counter_double_add_all(otel_counter_double_t *counter, double value, const otel_attr_t *attributes, size_t len)
{
    OTEL_METRICS_OFF_((void)counter; (void)value; (void)attributes; (void)len; return)
    OTEL_RECORD_(real, counter, value, attributes, len);
}

OTEL_FN_ void otel_updown_add_all(otel_updown_t *updown, int64_t value, const otel_attr_t *attributes, size_t len)
{
    OTEL_METRICS_OFF_((void)updown; (void)value; (void)attributes; (void)len; return)
    OTEL_RECORD_(whole, updown, value, attributes, len);
}

OTEL_FN_ void otel_updown_double_add_all(otel_updown_double_t *updown, double value, const otel_attr_t *attributes, size_t len)
{
    OTEL_METRICS_OFF_((void)updown; (void)value; (void)attributes; (void)len; return)
    OTEL_RECORD_(real, updown, value, attributes, len);
}

OTEL_FN_ otel_series_t *otel_counter_bind_all(otel_counter_t *counter, const otel_attr_t *attributes, size_t len)
{
    OTEL_METRICS_OFF_((void)counter; (void)attributes; (void)len; return NULL)
    return OTEL_BIND_(counter, attributes, len);
}

OTEL_FN_ otel_series_t *otel_counter_double_bind_all(otel_counter_double_t *counter, const otel_attr_t *attributes, size_t len)
{
    OTEL_METRICS_OFF_((void)counter; (void)attributes; (void)len; return NULL)
    return OTEL_BIND_(counter, attributes, len);
}

OTEL_FN_ otel_series_t *otel_updown_bind_all(otel_updown_t *updown, const otel_attr_t *attributes, size_t len)
{
    OTEL_METRICS_OFF_((void)updown; (void)attributes; (void)len; return NULL)
    return OTEL_BIND_(updown, attributes, len);
}

OTEL_FN_ otel_series_t *otel_updown_double_bind_all(otel_updown_double_t *updown, const otel_attr_t *attributes, size_t len)
{
    OTEL_METRICS_OFF_((void)updown; (void)attributes; (void)len; return NULL)
    return OTEL_BIND_(updown, attributes, len);
}
#if OTEL_BODIES_
/* A counter of int64 went past its end: it stays there. Its sum is never negative, so whoever finds it so puts it right. */
OTEL_API_ OTEL_NOINLINE_ void otel_sum_ended_(otel_cell_t *cell)
{ OTEL_CALLED_
#if OTEL_WIDE_
    OTEL_STORE_(&cell->value, (uint64_t)INT64_MAX);
#endif
    otel_refuse_(cell);
}

/* a + b, which stops at both ends. */
OTEL_INLINE_ int64_t otel_sum_stops_(int64_t a, int64_t b, bool *ended)
{
    *ended = b >= 0 ? a > INT64_MAX - b : a < INT64_MIN - b;
    if (OTEL_UNLIKELY_(*ended)) return b >= 0 ? INT64_MAX : INT64_MIN;
    return a + b;
}

/* Make a cell usable for its form; false: it may not be. */
OTEL_FN_ bool otel_cell_ready_(otel_cell_t *cell) { return OTEL_LOAD_ACQUIRE_(&cell->awake) == otel_awake_(cell->owner->form_->kind) || otel_cell_wake_(cell); }

/* Sums that go both ways, and counters in the careful way: series that sleep, ends. */
OTEL_API_ OTEL_NOINLINE_ void otel_sum_int_(otel_cell_t *cell, int64_t value)
{ OTEL_CALLED_
    otel_change_t_ change;
    bool ended;
    if (!otel_cell_ready_(cell)) return;
    if ((value < 0 && !(cell->owner->form_->kind & OTEL_UPDOWN_)) || !otel_change_begin_(cell, &change)) {
        otel_refuse_(cell);
        return;
    }
    while (!otel_change_end_(cell, &change, (uint64_t)otel_sum_stops_((int64_t)change.value, value, &ended))) {}
    if (OTEL_UNLIKELY_(ended)) otel_refuse_(cell);
}

OTEL_API_ void otel_sum_double_(otel_cell_t *cell, double value)
{ OTEL_CALLED_
    otel_change_t_ change;
    otel_word_t word = otel_double_word_(value);
    bool ended;
    if (!otel_cell_ready_(cell)) return;
    if ((OTEL_UNLIKELY_(word >= OTEL_EXPONENT_) && (!otel_finite_(value) || (word > OTEL_SIGN_ && !(cell->owner->form_->kind & OTEL_UPDOWN_)))) ||
        !otel_change_begin_(cell, &change)) {                 /* no finite number from 0 on: infinite, or below 0 in a counter */
        otel_refuse_(cell);
        return;
    }
    while (!otel_change_end_(cell, &change, otel_pack_(otel_sum_of_(otel_unpack_(change.value), value, &ended)))) {}
    if (OTEL_UNLIKELY_(ended)) otel_refuse_(cell);
}

OTEL_API_ void otel_sum_double_int_(otel_cell_t *cell, int64_t value) { OTEL_CALLED_ otel_sum_double_(cell, (double)value); }

/* What a bound series is given, when it is not a counter of int64 that is awake. */
OTEL_API_ OTEL_NOINLINE_ void otel_add_careful_(otel_cell_t *cell, int64_t value)
{ OTEL_CALLED_
    if (!cell) return;
    if (cell->owner->form_->kind & OTEL_SUM_) (cell->owner->form_->whole)(cell, value);
    else otel_refuse_(cell);
}

/* The short way for a counter of int64 that is awake; false: it needs the careful one. One test says that neither the
   value is negative nor the sum past its end. */
OTEL_FN_ bool otel_sum_fast_(otel_cell_t *cell, int64_t value)
{
#if OTEL_WIDE_ || OTEL_PORT_LOCK || OTEL_HOSTED_ || !OTEL_ENABLED
    (void)cell;
    (void)value;
    return false;
#else
    uint32_t was = otel_mask_();
    uint64_t sum = cell->value + (uint64_t)value;
    bool fits = (int64_t)(sum | (uint64_t)value) >= 0;
    if (OTEL_LIKELY_(fits)) cell->value = sum;
    otel_unmask_(was);
    return fits;
#endif
}

#if !OTEL_WIDE_ && OTEL_ENABLED
OTEL_API_ void otel_series_add_int(otel_series_t *series, int64_t value)
{ OTEL_CALLED_
    otel_cell_t *cell = otel_cell_of_(series);
    OTEL_METRICS_OFF_((void)value; (void)cell; return)
    if (OTEL_LIKELY_(cell && cell->awake == otel_awake_(OTEL_COUNTER_)) && OTEL_LIKELY_(otel_sum_fast_(cell, value))) return;
    otel_add_careful_(cell, value);
}
#endif

/* Without attributes: no table is looked at, and none is linked. */
OTEL_API_ void otel_add_total_(otel_instrument_t *instrument, int64_t value)
{ OTEL_CALLED_
    otel_cell_t *cell = instrument ? otel_total_(instrument, OTEL_COUNTER_, 0) : NULL;
    if (OTEL_LIKELY_(cell != NULL) && OTEL_LIKELY_(otel_sum_fast_(cell, value))) return;
    if (instrument && otel_join_(instrument)) (instrument->form_->whole)(&instrument->total_, value);
}

OTEL_API_ void otel_series_add_double(otel_series_t *series, double value)
{ OTEL_CALLED_
    otel_cell_t *cell = otel_cell_of_(series);
    OTEL_METRICS_OFF_((void)cell; (void)value; return)
    if (!cell) return;
    if (cell->owner->form_->kind & OTEL_SUM_) (cell->owner->form_->real)(cell, value);
    else otel_refuse_(cell);
}

/* What a data point of integers says, and whether that is news. A counter that was read while it passed its end is at its end. */
OTEL_FN_ uint64_t otel_int_told_(otel_telling_t_ *p)
{
    uint64_t value = otel_cell_read_(p->cell);
    unsigned kind = p->cell->owner->form_->kind;
    if ((kind & (OTEL_SUM_ | OTEL_UPDOWN_)) == OTEL_SUM_ && value >> 63) value = (uint64_t)INT64_MAX;
    if (p->told) {
        *p->telling = value;
        if (!(kind & OTEL_OBSERVED_) || value >= *p->told) value -= *p->told;      /* a total that begins anew */
        p->fresh = value != 0;
    }
    return value;
}

/* The same of doubles. */
OTEL_FN_ double otel_double_told_(otel_telling_t_ *p)
{
    uint64_t value = otel_cell_read_(p->cell);
    if (!p->told) return otel_unpack_(value);
    *p->telling = value;
    p->fresh = value != *p->told;
    if ((p->cell->owner->form_->kind & OTEL_OBSERVED_) && otel_unpack_(value) < otel_unpack_(*p->told)) return otel_unpack_(value);
    return otel_unpack_(value) - otel_unpack_(*p->told);
}

#if !OTEL_NANOPB_
/* NumberDataPoint.as_int = 6, sfixed64 */
OTEL_API_ bool otel_int_write_(otel_telling_t_ *p)
{ OTEL_CALLED_
    if (p->end - p->at < 9) return false;
    *p->at = 0x31;
    otel_put64_(p->at + 1, otel_int_told_(p));
    p->at += 9;
    return true;
}

/* NumberDataPoint.as_double = 4 */
OTEL_API_ bool otel_double_write_(otel_telling_t_ *p)
{ OTEL_CALLED_
    if (p->end - p->at < 9) return false;
    *p->at = 0x21;
    otel_put64_(p->at + 1, otel_double_bits_(otel_double_told_(p)));
    p->at += 9;
    return true;
}
#endif

OTEL_API_ size_t otel_one_word_(const otel_instrument_t *instrument)
{ OTEL_CALLED_
    (void)instrument;
    return 1;
}
#endif
OTEL_C_END_

/* ---- histogram.h ----------------------------------------------------------------------------------------------- */
OTEL_C_BEGIN_
OTEL_FN_ void otel_histogram_record_all(otel_histogram_t *histogram, double value, const otel_attr_t *attributes, size_t len)
{
    OTEL_METRICS_OFF_((void)histogram; (void)value; (void)attributes; (void)len; return)
    if (len == 0) otel_total_real_(histogram ? &histogram->base_ : NULL, value);
    else otel_record_real_(histogram ? &histogram->base_ : NULL, value, attributes, len);
}

OTEL_FN_ void otel_histogram_int_record_all(otel_histogram_int_t *histogram, int64_t value, const otel_attr_t *attributes, size_t len)
{
    OTEL_METRICS_OFF_((void)histogram; (void)value; (void)attributes; (void)len; return)
    if (len == 0 && histogram) otel_bucket_total_(&histogram->base_, value);
    else if (len) otel_record_whole_(histogram ? &histogram->base_ : NULL, value, attributes, len);
}

OTEL_FN_ otel_series_t *otel_histogram_bind_all(otel_histogram_t *histogram, const otel_attr_t *attributes, size_t len)
{
    OTEL_METRICS_OFF_((void)histogram; (void)attributes; (void)len; return NULL)
    return OTEL_BIND_(histogram, attributes, len);
}

OTEL_FN_ otel_series_t *otel_histogram_int_bind_all(otel_histogram_int_t *histogram, const otel_attr_t *attributes, size_t len)
{
    OTEL_METRICS_OFF_((void)histogram; (void)attributes; (void)len; return NULL)
    return OTEL_BIND_(histogram, attributes, len);
}

OTEL_FN_ void otel_exponential_record_all(otel_exponential_t *histogram, double value, const otel_attr_t *attributes, size_t len)
{
    OTEL_METRICS_OFF_((void)histogram; (void)value; (void)attributes; (void)len; return)
    OTEL_RECORD_(real, histogram, value, attributes, len);
}

OTEL_FN_ void otel_exponential_int_record_all(otel_exponential_int_t *histogram, int64_t value, const otel_attr_t *attributes, size_t len)
{
    OTEL_METRICS_OFF_((void)histogram; (void)value; (void)attributes; (void)len; return)
    OTEL_RECORD_(whole, histogram, value, attributes, len);
}

OTEL_FN_ otel_series_t *otel_exponential_bind_all(otel_exponential_t *histogram, const otel_attr_t *attributes, size_t len)
{
    OTEL_METRICS_OFF_((void)histogram; (void)attributes; (void)len; return NULL)
    return OTEL_BIND_(histogram, attributes, len);
}

OTEL_FN_ otel_series_t *otel_exponential_int_bind_all(otel_exponential_int_t *histogram, const otel_attr_t *attributes, size_t len)
{
    OTEL_METRICS_OFF_((void)histogram; (void)attributes; (void)len; return NULL)
    return OTEL_BIND_(histogram, attributes, len);
}

#ifndef __cplusplus
OTEL_FN_ void otel_series_record_unsigned_(otel_series_t *series, uint64_t value) { otel_series_record_int(series, otel_whole_unsigned_(value)); }
OTEL_FN_ void otel_series_record_single_(otel_series_t *series, float value) { otel_series_record_double(series, (double)value); }
OTEL_FN_ void otel_series_record_extended_(otel_series_t *series, long double value) { otel_series_record_double(series, (double)value); }
#endif
#if OTEL_BODIES_
/* A row: least value (its order, upside down), largest value (its order), then the buckets. Both extremes only grow, and 0
   is "none yet", so that a row begins as zeros. */
#define OTEL_ROW_MIN_ 0
#define OTEL_ROW_MAX_ 1
#define OTEL_ROW_BUCKETS_ 2

/* The first bucket whose bound is not below the value. */
OTEL_FN_ size_t otel_bucket_(const double *bounds, size_t len, double value)
{
#if OTEL_HOSTED_
    size_t low = 0;
    while (len) {
        size_t half = len / 2u;
        bool above = value > bounds[low + half];
        low = above ? low + half + 1u : low;
        len = above ? len - half - 1u : half;
    }
    return low;
#else             /* few bounds, and no processor for doubles: compare them as whole numbers */
    size_t i;
    otel_word_t order = otel_order_(value);
    for (i = 0; i < len && order > otel_order_(bounds[i]); i++) {}
    return i;
#endif
}

#if OTEL_WIDE_
OTEL_FN_ void otel_word_raise_(otel_word_t *word, otel_word_t to)
{
    otel_word_t was = OTEL_LOAD_(word);
    while (OTEL_UNLIKELY_(was < to) && !OTEL_CAS_(word, &was, to)) {}
}
#endif

/* A measurement into a cell whose bounds have been looked at: `total` is the new sum, `order` the value as a word. */
OTEL_INLINE_ void otel_bucket_put_(otel_cell_t *cell, const otel_instrument_t *owner, size_t bucket, otel_word_t order)
{
    if (OTEL_LIKELY_(owner->rows != NULL)) {
        otel_word_t *row = cell->held.row;
#if OTEL_WIDE_
        otel_word_raise_(&row[OTEL_ROW_MIN_], ~order);
        otel_word_raise_(&row[OTEL_ROW_MAX_], order);
        OTEL_ADD_(&row[OTEL_ROW_BUCKETS_ + bucket], (otel_word_t)1);
#else
        if (row[OTEL_ROW_MIN_] < ~order) row[OTEL_ROW_MIN_] = ~order;
        if (row[OTEL_ROW_MAX_] < order) row[OTEL_ROW_MAX_] = order;
        row[OTEL_ROW_BUCKETS_ + bucket]++;
#endif
    } else {
#if OTEL_WIDE_
        OTEL_ADD_(&cell->held.count, (otel_word_t)1);
#else
        cell->held.count++;
#endif
    }
    if (OTEL_UNLIKELY_(!OTEL_LOAD_(&cell->set))) OTEL_STORE_RELEASE_(&cell->set, (uint8_t)1);
}

OTEL_API_ void otel_bucket_double_(otel_cell_t *cell, double value)
{ OTEL_CALLED_
    otel_instrument_t *owner = cell->owner;
    otel_change_t_ change;
    bool ended = false;
    size_t bucket;
    if (OTEL_UNLIKELY_(OTEL_LOAD_ACQUIRE_(&cell->awake) != otel_awake_(OTEL_HISTOGRAM_)) && !otel_cell_wake_(cell)) return;
    bucket = owner->rows ? otel_bucket_((const double *)owner->bounds, owner->bounds_len, value) : 0;
    if (OTEL_UNLIKELY_(!otel_finite_(value)) || !otel_change_begin_(cell, &change)) {
        otel_refuse_(cell);
        return;
    }
#if OTEL_WIDE_
    while (!otel_change_end_(cell, &change, otel_pack_(otel_sum_of_(otel_unpack_(change.value), value, &ended)))) {}
    otel_bucket_put_(cell, owner, bucket, otel_order_(value));
#else
    otel_bucket_put_(cell, owner, bucket, otel_order_(value));
    (void)otel_change_end_(cell, &change, otel_pack_(otel_sum_of_(otel_unpack_(change.value), value, &ended)));
#endif
    if (OTEL_UNLIKELY_(ended)) otel_refuse_(cell);
}

OTEL_API_ void otel_bucket_double_int_(otel_cell_t *cell, int64_t value) { OTEL_CALLED_ otel_bucket_double_(cell, (double)value); }

/* A whole number as a word of the same order, and back; where words have 32 bits it ends there. */
OTEL_FN_ otel_word_t otel_order_whole_(int64_t value)
{
    if (sizeof(otel_word_t) == 4) value = value > INT32_MAX ? INT32_MAX : value < INT32_MIN ? INT32_MIN : value;
    return (otel_word_t)value ^ OTEL_SIGN_;
}

OTEL_FN_ int64_t otel_unorder_whole_(otel_word_t order)
{
    return sizeof(otel_word_t) == 4 ? (int32_t)(uint32_t)(order ^ OTEL_SIGN_) : (int64_t)(order ^ OTEL_SIGN_);
}

#if !OTEL_WIDE_
/* A number that has more than 32 bits, and histograms without bounds. */
OTEL_API_ OTEL_NOINLINE_ void otel_bucket_other_(otel_cell_t *cell, int64_t value);
OTEL_API_ OTEL_NOINLINE_ void otel_bucket_other_(otel_cell_t *cell, int64_t value)
{ OTEL_CALLED_
    uint32_t was;
    if ((int32_t)value != value || !otel_lock_(cell->owner, cell->owner->otel_, false, &was)) {
        otel_refuse_(cell);
        return;
    }
    cell->value += (uint64_t)value;
    cell->held.count++;
    cell->set = 1;
    otel_unlock_(cell->owner, cell->owner->otel_, was);
}
#endif

#if OTEL_WIDE_
OTEL_INLINE_ void otel_bucket_awake_(otel_cell_t *cell, int64_t value)
{
    const otel_instrument_t *owner = cell->owner;
    const otel_bound_t_ *bound = (const otel_bound_t_ *)owner->bounds;
    otel_change_t_ change;
    bool ended;
    size_t i;
    for (i = 0; i < owner->bounds_len && value > bound[i]; i++) {}
    (void)otel_change_begin_(cell, &change);
    while (!otel_change_end_(cell, &change, (uint64_t)otel_sum_stops_((int64_t)change.value, value, &ended))) {}
    otel_bucket_put_(cell, owner, i, otel_order_whole_(value));
    if (OTEL_UNLIKELY_(ended)) otel_refuse_(cell);
}
#else
/* One more. The upper half is touched once in 2^32 times. */
OTEL_FN_ void otel_word_count_(otel_word_t *word)
{
#if defined(__BYTE_ORDER__) && __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
    uint32_t low;
    memcpy(&low, word, sizeof low);
    low++;
    memcpy(word, &low, sizeof low);
    if (OTEL_UNLIKELY_(low == 0) && sizeof *word > sizeof low) *word += (otel_word_t)((uint64_t)1 << 32);
#else
    ++*word;
#endif
}

/* Numbers of 32 bits: a sum of 64 takes four thousand million of the largest. What is new to a series is an extreme of it, so
   that `set` is looked at there only. */
OTEL_INLINE_ void otel_bucket_awake_(otel_cell_t *cell, int64_t value)
{
    const otel_instrument_t *owner = cell->owner;
    const otel_bound_t_ *bound = (const otel_bound_t_ *)owner->bounds;
    otel_word_t *row = cell->held.row;
    size_t left = owner->bounds_len;
    int32_t number = (int32_t)value;
    uint32_t order, was;
    if (OTEL_UNLIKELY_(number != value) || OTEL_UNLIKELY_(left == 0)) {
        otel_bucket_other_(cell, value);
        return;
    }
    while (number > *bound++) {
        row++;
        if (--left == 0) break;
    }
    if (OTEL_UNLIKELY_(!otel_lock_(cell->owner, owner->otel_, false, &was))) {
        otel_refuse_(cell);
        return;
    }
    cell->value += (uint64_t)(int64_t)number;
    otel_word_count_(row + OTEL_ROW_BUCKETS_);
    row = cell->held.row;
    order = (uint32_t)number ^ 0x80000000u;
    if (OTEL_UNLIKELY_((uint32_t)row[OTEL_ROW_MIN_] < ~order)) {
        row[OTEL_ROW_MIN_] = ~order;
        cell->set = 1;
    }
    if (OTEL_UNLIKELY_((uint32_t)row[OTEL_ROW_MAX_] < order)) {
        row[OTEL_ROW_MAX_] = order;
        cell->set = 1;
    }
    otel_unlock_(cell->owner, owner->otel_, was);
}
#endif

/* The cell is awake: without attributes, and at its first measurement. */
OTEL_API_ OTEL_NOINLINE_ void otel_bucket_here_(otel_cell_t *cell, int64_t value);
OTEL_API_ OTEL_NOINLINE_ void otel_bucket_here_(otel_cell_t *cell, int64_t value) { OTEL_CALLED_ otel_bucket_awake_(cell, value); }

OTEL_API_ OTEL_NOINLINE_ void otel_bucket_asleep_(otel_cell_t *cell, int64_t value);
OTEL_API_ OTEL_NOINLINE_ void otel_bucket_asleep_(otel_cell_t *cell, int64_t value)
{ OTEL_CALLED_
    if (otel_cell_wake_(cell)) otel_bucket_here_(cell, value);
}

OTEL_API_ void otel_bucket_int_(otel_cell_t *cell, int64_t value)
{ OTEL_CALLED_
    if (OTEL_LIKELY_(OTEL_LOAD_ACQUIRE_(&cell->awake) == otel_awake_(OTEL_HISTOGRAM_INT_))) otel_bucket_awake_(cell, value);
    else otel_bucket_asleep_(cell, value);
}

/* Without attributes; the instrument is not NULL. */
OTEL_API_ void otel_bucket_total_(otel_instrument_t *instrument, int64_t value)
{ OTEL_CALLED_
    if (OTEL_LIKELY_(OTEL_LOAD_ACQUIRE_(&instrument->total_.awake) == otel_awake_(OTEL_HISTOGRAM_INT_))) otel_bucket_here_(&instrument->total_, value);
    else otel_total_whole_(instrument, value);
}

OTEL_API_ void otel_series_record_int(otel_series_t *series, int64_t value)
{ OTEL_CALLED_
    otel_cell_t *cell = otel_cell_of_(series);
    OTEL_METRICS_OFF_((void)cell; (void)value; return)
    if (!cell) return;
    if (OTEL_LIKELY_(cell->owner->form_->record != NULL)) (cell->owner->form_->record)(cell, value);
    else otel_refuse_(cell);
}

OTEL_API_ void otel_series_record_double(otel_series_t *series, double value)
{ OTEL_CALLED_
    otel_cell_t *cell = otel_cell_of_(series);
    OTEL_METRICS_OFF_((void)cell; (void)value; return)
    if (!cell) return;
    if (cell->owner->form_->kind & OTEL_SUM_) otel_refuse_(cell);
    else (cell->owner->form_->real)(cell, value);
}

/* ---- on the wire ---- */
OTEL_FN_ otel_word_t otel_word_read_(otel_cell_t *cell, otel_word_t *word)
{
#if OTEL_WIDE_
    (void)cell;
    return OTEL_LOAD_(word);
#else
    otel_word_t value;
    uint32_t was;
    bool held = otel_lock_(cell->owner, cell->owner->otel_, true, &was);
    value = *word;
    if (held) otel_unlock_(cell->owner, cell->owner->otel_, was);
    return value;
#endif
}

/* Least (upside down) and largest value of what the point tells; false: not known. Behind the buckets, so that what is counted
   there is in it. */
OTEL_FN_ bool otel_extremes_(const otel_telling_t_ *p, otel_word_t *least, otel_word_t *largest)
{
    if (p->told ? !p->extremes : (OTEL_LOAD_(&p->cell->owner->reclaims_) & 2u) != 0) return false;
    *least = otel_word_read_(p->cell, &p->cell->held.row[OTEL_ROW_MIN_]);
    *largest = otel_word_read_(p->cell, &p->cell->held.row[OTEL_ROW_MAX_]);
    if (p->told) (p->extremes)(p, least, largest);
    return true;
}

OTEL_API_ size_t otel_buckets_words_(const otel_instrument_t *instrument) { OTEL_CALLED_ return instrument->rows ? instrument->bounds_len + 2u : 2u; }

#if !OTEL_NANOPB_
OTEL_FN_ uint8_t *otel_put_field64_(uint8_t *to, uint8_t tag, uint64_t value)
{
    *to = tag;
    otel_put64_(to + 1, value);
    return to + 9;
}

/* IEEE 754 binary64 bits of an int64, rounded to even, without floating point. */
OTEL_API_ OTEL_NOINLINE_ uint64_t otel_whole_bits_(int64_t value);
OTEL_API_ OTEL_NOINLINE_ uint64_t otel_whole_bits_(int64_t value)
{ OTEL_CALLED_
    uint64_t size = value < 0 ? 0u - (uint64_t)value : (uint64_t)value;
    uint16_t exponent = 1023u + 63u - 1u, rest;               /* the leading bit adds one */
    if (size == 0) return 0;
    for (; !(size >> 63); exponent--) size <<= 1;
    rest = (uint16_t)(size & 0x7FFu);                         /* what does not fit into 53 bits */
    size >>= 11;
    if (rest > 0x400u || (rest == 0x400u && (size & 1u))) size++;
    size += (uint64_t)exponent << 52;
    return value < 0 ? size | (uint64_t)1 << 63 : size;
}

/* Count and bucket counts; writers go on meanwhile, so the count is the sum of the buckets as they were read, and sum and
   extremes may be ahead of it by what was recorded in between. The bits of bounds and extremes are the form's. False: no room. */
OTEL_INLINE_ bool otel_buckets_put_(otel_telling_t_ *p, uint64_t (*bound)(const void *bounds, size_t i), uint64_t (*extreme)(otel_word_t order))
{
    otel_cell_t *cell = p->cell;
    const otel_instrument_t *instrument = cell->owner;
    size_t i, bounds = instrument->bounds_len;
    uint64_t count = 0, now;
    otel_word_t least, largest;
    uint8_t *to = p->at, *count_at = to;
    if ((size_t)(p->end - to) < 4u * 9u + 2u * (1u + 3u) + 16u * bounds + 8u) return false;
    to += 9;
    if (instrument->rows) {
        otel_word_t *row = cell->held.row;
        *to = 0x32;                                           /* HistogramDataPoint.bucket_counts = 6, packed fixed64 */
        to = otel_put_varint_(to + 1, (uint32_t)(8u * (bounds + 1u)));
        for (i = 0; i <= bounds; i++, to += 8) {
            now = otel_word_read_(cell, &row[OTEL_ROW_BUCKETS_ + i]);
            if (p->told) {
                p->telling[1u + i] = now;
                now = (otel_word_t)(now - p->told[1u + i]);
            }
            count += now;
            otel_put64_(to, now);
        }
        if (bounds) {
            *to = 0x3A;                                       /* HistogramDataPoint.explicit_bounds = 7, packed double */
            to = otel_put_varint_(to + 1, (uint32_t)(8u * bounds));
            for (i = 0; i < bounds; i++, to += 8) otel_put64_(to, bound(instrument->bounds, i));
        }
        if (otel_extremes_(p, &least, &largest)) {
            to = otel_put_field64_(to, 0x59, extreme(~least));                /* min = 11 */
            to = otel_put_field64_(to, 0x61, extreme(largest));               /* max = 12 */
        }
    } else {
        count = otel_word_read_(cell, &cell->held.count);
        if (p->told) {
            p->telling[1] = count;
            count = (otel_word_t)(count - p->told[1]);
        }
    }
    (void)otel_put_field64_(count_at, 0x21, count);           /* HistogramDataPoint.count = 4, fixed64 */
    p->fresh = count != 0;
    p->at = to;
    return true;
}

OTEL_FN_ uint64_t otel_bound_bits_(const void *bounds, size_t i) { return otel_double_bits_(((const double *)bounds)[i]); }
OTEL_FN_ uint64_t otel_bound_int_bits_(const void *bounds, size_t i) { return otel_whole_bits_(((const otel_bound_t_ *)bounds)[i]); }
OTEL_FN_ uint64_t otel_extreme_bits_(otel_word_t order) { return otel_double_bits_(otel_unorder_(order)); }
OTEL_FN_ uint64_t otel_extreme_int_bits_(otel_word_t order) { return otel_whole_bits_(otel_unorder_whole_(order)); }
#if OTEL_WIDE_
#define OTEL_EXTREME_OF_BUCKETS_ otel_extreme_int_bits_
#else                             /* numbers of 32 bits: see otel_bucket_awake_ */
#define OTEL_EXTREME_OF_BUCKETS_ otel_extreme_narrow_bits_
OTEL_FN_ uint64_t otel_extreme_narrow_bits_(otel_word_t order) { return otel_whole_bits_((int32_t)((uint32_t)order ^ 0x80000000u)); }
#endif

OTEL_API_ bool otel_buckets_write_(otel_telling_t_ *p)
{ OTEL_CALLED_
    uint64_t sum;
    if (!otel_buckets_put_(p, otel_bound_bits_, otel_extreme_bits_)) return false;
    sum = otel_cell_read_(p->cell);
    if (p->told) p->telling[0] = sum;
    p->at = otel_put_field64_(p->at, 0x29, otel_double_bits_(p->told ? otel_unpack_(sum) - otel_unpack_(p->told[0]) : otel_unpack_(sum)));      /* sum = 5, double */
    return true;
}

OTEL_API_ bool otel_buckets_int_write_(otel_telling_t_ *p)
{ OTEL_CALLED_
    uint64_t sum;
    if (!otel_buckets_put_(p, otel_bound_int_bits_, OTEL_EXTREME_OF_BUCKETS_)) return false;
    sum = otel_cell_read_(p->cell);
    if (p->told) p->telling[0] = sum;
    p->at = otel_put_field64_(p->at, 0x29, otel_whole_bits_((int64_t)(p->told ? sum - p->told[0] : sum)));
    return true;
}
#endif
#endif
OTEL_C_END_

/* ---- exphistogram.h -------------------------------------------------------------------------------------------- */
OTEL_C_BEGIN_
#if OTEL_BODIES_
/* A row: extremes as in other histograms, then zeros, how far the scale fell from 20, where the buckets of positive and of
   negative numbers begin (0: none yet), who changes it, how often the buckets moved (odd: they are moving), buckets. */
#define OTEL_POWER_ZERO_ 2
#define OTEL_POWER_FELL_ 3
#define OTEL_POWER_LOW_ 4
#define OTEL_POWER_LOCK_ 6
#define OTEL_POWER_MOVED_ 7
#define OTEL_POWER_SCALE_ 20
#if OTEL_WIDE_
#define OTEL_WORD_LOAD_(p) OTEL_LOAD_ACQUIRE_(p)
#define OTEL_WORD_STORE_(p, v) OTEL_STORE_RELEASE_((p), (v))
#else
#define OTEL_WORD_LOAD_(p) (*(p))
#define OTEL_WORD_STORE_(p, v) ((void)(*(p) = (v)))
#endif

OTEL_FN_ int32_t otel_power_shift_(int32_t index, uint32_t by) { return index >= 0 ? (int32_t)((uint32_t)index >> by) : -1 - (int32_t)((uint32_t)(-1 - index) >> by); }
OTEL_FN_ otel_word_t otel_power_from_(int32_t low) { return (otel_word_t)((uint32_t)low + 0x80000000u); }
OTEL_FN_ int32_t otel_power_low_(uint64_t word) { return (int32_t)((uint32_t)word - 0x80000000u); }
OTEL_FN_ size_t otel_power_size_(const otel_instrument_t *instrument) { return (instrument->bounds_len + 3u - OTEL_POWERS_HEAD_) / 2u; }

/* The fraction of a logarithm, `bits` of it, rounded up, less one: a number is squared again and again, and each time it
   passes 2 is a bit. 128 bits of it (96 on small cores) are kept: more than the distance of any number of 64 bits from any
   bound of scale 20 asks for. */
#if defined(__SIZEOF_INT128__)
OTEL_EXT_ typedef unsigned __int128 otel_wide_t_;
OTEL_FN_ uint32_t otel_power_log_(uint64_t mantissa, uint32_t bits)
{
    uint64_t high = mantissa, low = 0;
    uint32_t log = 0;
    for (; bits; bits--) {
        otel_wide_t_ cross = (otel_wide_t_)high * low, square = (otel_wide_t_)high * high + (cross >> 63);
        log <<= 1;
        high = (uint64_t)(square >> 64);
        low = (uint64_t)square;
        if (high >> 63) {
            log |= 1u;
        } else {
            high = high << 1 | low >> 63;
            low <<= 1;
        }
    }
    return log;
}
#else
OTEL_FN_ uint32_t otel_power_log_(uint64_t mantissa, uint32_t bits)
{
    uint32_t a = (uint32_t)(mantissa >> 32), b = (uint32_t)mantissa, c = 0, log = 0;
    for (; bits; bits--) {
        uint64_t ab = (uint64_t)a * b, ac = (uint64_t)a * c, low, middle, high;
        low = ((uint64_t)b * c >> 31) + (uint32_t)(ac << 1);
        middle = (uint64_t)b * b;
        low += (uint32_t)middle;
        high = (uint64_t)a * a;
        middle = (middle >> 32) + (ac >> 31) + (uint32_t)(ab << 1) + (low >> 32);
        high += (ab >> 31) + (middle >> 32);
        log <<= 1;
        if (high >> 63) {
            log |= 1u;
            a = (uint32_t)(high >> 32);
            b = (uint32_t)high;
            c = (uint32_t)middle;
        } else {
            high = high << 1 | ((uint32_t)middle >> 31);
            a = (uint32_t)(high >> 32);
            b = (uint32_t)high;
            c = (uint32_t)middle << 1 | (uint32_t)low >> 31;
        }
    }
    return log;
}
#endif

#if OTEL_HOSTED_
#define OTEL_POWER_TABLE_ 7       /* up to this scale a table knows the bounds */
OTEL_FN_ int32_t otel_power_find_(uint64_t mantissa)
{
    /* 2^(k / 128) * 2^63, rounded down; and the last of them that is not above the begin of each 128th of the mantissas */
    static const uint64_t bound[128] = {
        0x8000000000000000ull, 0x80B1ED4FD999AB6Cull, 0x8164D1F3BC030773ull, 0x8218AF4373FC25EBull, 0x82CD8698AC2BA1D7ull, 0x8383594EEFB6EE36ull,
        0x843A28C3ACDE4046ull, 0x84F1F656379C1A29ull, 0x85AAC367CC487B14ull, 0x8664915B923FBA03ull, 0x871F61969E8D1010ull, 0x87DB357FF698D791ull,
        0x88980E8092DA8527ull, 0x8955EE03618E5FDCull, 0x8A14D575496EFD9Aull, 0x8AD4C6452C728924ull, 0x8B95C1E3EA8BD6E6ull, 0x8C57C9C4646F4DDDull,
        0x8D1ADF5B7E5BA9E5ull, 0x8DDF042022E69CD5ull, 0x8EA4398B45CD53C0ull, 0x8F6A8117E6C8E5C4ull, 0x9031DC431466B1DCull, 0x90FA4C8BEEE4B12Aull,
        0x91C3D373AB11C336ull, 0x928E727D9531F9ACull, 0x935A2B2F13E6E92Bull, 0x9426FF0FAB1C04B6ull, 0x94F4EFA8FEF70961ull, 0x95C3FE86D6CC7FEEull,
        0x96942D3720185A00ull, 0x97657D49F17AB08Eull, 0x9837F0518DB8A96Full, 0x990B87E266C189A9ull, 0x99E0459320B7FA64ull, 0x9AB62AFC94FF864Aull,
        0x9B8D39B9D54E5538ull, 0x9C6573682EC32C2Dull, 0x9D3ED9A72CFFB750ull, 0x9E196E189D472420ull, 0x9EF5326091A111ADull, 0x9FD228256400DD05ull,
        0xA0B0510FB9714FC2ull, 0xA18FAECA8544B6E3ull, 0xA27043030C496818ull, 0xA3520F68E802BB92ull, 0xA43515AE09E6809Eull, 0xA5195786BE9EF339ull,
        0xA5FED6A9B15138EAull, 0xA6E594CFEEE86B1Dull, 0xA7CD93B4E9653569ull, 0xA8B6D5167B320E08ull, 0xA9A15AB4EA7C0EF8ull, 0xAA8D2652EC907629ull,
        0xAB7A39B5A93ED337ull, 0xAC6896A4BE3FE929ull, 0xAD583EEA42A14AC6ull, 0xAE493452CA35B80Eull, 0xAF3B78AD690A4374ull, 0xB02F0DCBB6E04583ull,
        0xB123F581D2AC258Full, 0xB21A31A66618FE3Bull, 0xB311C412A9112489ull, 0xB40AAEA2654B9840ull, 0xB504F333F9DE6484ull, 0xB60093A85ED5F76Bull,
        0xB6FD91E328D17791ull, 0xB7FBEFCA8CA41E7Cull, 0xB8FBAF4762FB9EE9ull, 0xB9FCD2452C0B9DEAull, 0xBAFF5AB2133E45FBull, 0xBC034A7EF2E9FB0Cull,
        0xBD08A39F580C36BEull, 0xBE0F6809860993E2ull, 0xBF1799B67A731082ull, 0xC0213AA1F0D08DB0ull, 0xC12C4CCA66709456ull, 0xC238D2311E3D6672ull,
        0xC346CCDA24976407ull, 0xC4563ECC5334CB32ull, 0xC5672A115506DADDull, 0xC67990B5AA245F79ull, 0xC78D74C8ABB9B15Cull, 0xC8A2D85C8FFE2C45ull,
        0xC9B9BD866E2F27A2ull, 0xCAD2265E4290774Dull, 0xCBEC14FEF2727C5Cull, 0xCD078B86503DCDD1ull, 0xCE248C151F8480E3ull, 0xCF4318CF191918C1ull,
        0xD06333DAEF2B2594ull, 0xD184DF6251699AC6ull, 0xD2A81D91F12AE45Aull, 0xD3CCF099859AC379ull, 0xD4F35AABCFEDFA1Full, 0xD61B5DFE9F9BCE06ull,
        0xD744FCCAD69D6AF4ull, 0xD870394C6DB32C84ull, 0xD99D15C278AFD7B5ull, 0xDACB946F2AC9CC71ull, 0xDBFBB797DAF23755ull, 0xDD2D818508324C20ull,
        0xDE60F4825E0E9123ull, 0xDF9612DEB8F04420ull, 0xE0CCDEEC2A94E111ull, 0xE2055AFFFE83D368ull, 0xE33F8972BE8A5A51ull, 0xE47B6CA0373DA88Dull,
        0xE5B906E77C8348A8ull, 0xE6F85AAAEE1FCE22ull, 0xE8396A503C4BDC68ull, 0xE97C38406C4F8C56ull, 0xEAC0C6E7DD24392Eull, 0xEC0718B64C1CBDDCull,
        0xED4F301ED9942B84ull, 0xEE990F980DA3025Bull, 0xEFE4B99BDCDAF5CBull, 0xF13230A7AD094509ull, 0xF281773C59FFB139ull, 0xF3D28FDE3A641A5Aull,
        0xF5257D152486CC2Cull, 0xF67A416C733F846Dull, 0xF7D0DF730AD13BB8ull, 0xF92959BB5DD4BA74ull, 0xFA83B2DB722A033Aull, 0xFBDFED6CE5F09C48ull,
        0xFD3E0C0CF486C174ull, 0xFE9E115C7B8F884Bull,
    };
    static const uint8_t first[128] = {
        0, 1, 2, 4, 5, 7, 8, 9, 11, 12, 13, 15, 16, 17, 19, 20, 21, 23, 24, 25, 26, 28, 29, 30, 31, 32, 34, 35, 36, 37, 38, 40,
        41, 42, 43, 44, 45, 46, 48, 49, 50, 51, 52, 53, 54, 55, 56, 57, 58, 59, 60, 61, 62, 63, 64, 66, 67, 68, 69, 70, 70, 71, 72, 73,
        74, 75, 76, 77, 78, 79, 80, 81, 82, 83, 84, 85, 86, 86, 87, 88, 89, 90, 91, 92, 93, 94, 94, 95, 96, 97, 98, 99, 100, 100, 101, 102,
        103, 104, 104, 105, 106, 107, 108, 109, 109, 110, 111, 112, 112, 113, 114, 115, 116, 116, 117, 118, 119, 119, 120, 121, 122, 122, 123, 124, 125, 125, 126, 127,
    };
    uint32_t k = first[(mantissa >> 56) & 127u];
    while (k < 127u && mantissa > bound[k + 1u]) k++;
    return (int32_t)k;
}
#endif

/* The bucket of mantissa * 2^(exponent - 63), whose highest bit is set: index where 2^(index / 2^scale) < it <= the next. */
OTEL_API_ int32_t otel_power_index_(uint64_t mantissa, int32_t exponent, int32_t scale)
{ OTEL_CALLED_
    bool power = mantissa == (uint64_t)1 << 63;               /* of two: belongs to the bucket below */
    if (scale <= 0) return otel_power_shift_(power ? exponent - 1 : exponent, (uint32_t)-scale);
    if (power) return (int32_t)((uint32_t)exponent << scale) - 1;
#if OTEL_HOSTED_
    if (scale <= OTEL_POWER_TABLE_) return otel_power_shift_(exponent * 128 + otel_power_find_(mantissa), (uint32_t)(OTEL_POWER_TABLE_ - scale));
#endif
    return (int32_t)((uint32_t)exponent << scale) + (int32_t)otel_power_log_(mantissa, (uint32_t)scale);
}

/* The buckets move: readers begin again. */
OTEL_FN_ void otel_power_move_(otel_word_t *row) { OTEL_WORD_STORE_(&row[OTEL_POWER_MOVED_], (otel_word_t)(row[OTEL_POWER_MOVED_] + 1u)); }

/* The first and the last bucket in use; false: none. */
OTEL_FN_ bool otel_power_span_(const otel_word_t *bucket, size_t size, size_t *first, size_t *last)
{
    for (*first = 0; *first < size && !OTEL_WORD_LOAD_(&bucket[*first]); ++*first) {}
    if (*first == size) return false;
    for (*last = size - 1u; !OTEL_WORD_LOAD_(&bucket[*last]); --*last) {}
    return true;
}

/* Bring the buckets first..last to `low`, each 2^by of them into one. They never move up before all have come down. */
OTEL_FN_ void otel_power_pack_(otel_word_t *bucket, size_t size, otel_word_t *from, size_t first, size_t last, uint32_t by, int32_t low)
{
    int32_t old = otel_power_low_(*from), begin = otel_power_shift_(old + (int32_t)first, by);
    size_t i, n = 0, up;
    for (i = first; i <= last; i++) {
        size_t k = (size_t)(otel_power_shift_(old + (int32_t)i, by) - begin);
        otel_word_t count = bucket[i];
        OTEL_WORD_STORE_(&bucket[i], (otel_word_t)0);
        OTEL_WORD_STORE_(&bucket[k], (otel_word_t)(bucket[k] + count));
        n = k + 1u;
    }
    up = (size_t)(begin - low);
    for (i = n; up && i > 0; i--) {
        otel_word_t count = bucket[i - 1u];
        OTEL_WORD_STORE_(&bucket[i - 1u], (otel_word_t)0);
        OTEL_WORD_STORE_(&bucket[i - 1u + up], count);
    }
    OTEL_WORD_STORE_(from, otel_power_from_(low));
    (void)size;
}

/* Make room for `index` (of the present scale) on one side, and give what became of it. */
OTEL_API_ OTEL_NOINLINE_ int32_t otel_power_room_(otel_word_t *row, size_t size, unsigned side, int32_t index);
OTEL_API_ OTEL_NOINLINE_ int32_t otel_power_room_(otel_word_t *row, size_t size, unsigned side, int32_t index)
{ OTEL_CALLED_
    otel_word_t *from = &row[OTEL_POWER_LOW_ + side], *bucket = row + OTEL_POWERS_HEAD_ + side * size;
    size_t first, last;
    int32_t low = index, high = index, spare;
    uint32_t by = 0;
    if (!otel_power_span_(bucket, size, &first, &last)) {
        otel_power_move_(row);
        OTEL_WORD_STORE_(from, otel_power_from_(index - (int32_t)(size / 2u)));
        otel_power_move_(row);
        return index;
    }
    if (otel_power_low_(*from) + (int32_t)first < low) low = otel_power_low_(*from) + (int32_t)first;
    if (otel_power_low_(*from) + (int32_t)last > high) high = otel_power_low_(*from) + (int32_t)last;
    while ((uint32_t)otel_power_shift_(high, by) - (uint32_t)otel_power_shift_(low, by) >= (uint32_t)size) by++;
    low = otel_power_shift_(low, by);
    high = otel_power_shift_(high, by);
    spare = ((int32_t)size - (high - low + 1)) / 2;
    otel_power_move_(row);
    otel_power_pack_(bucket, size, from, first, last, by, low - spare);
    if (by) {
        otel_word_t *other = &row[OTEL_POWER_LOW_ + 1u - side];
        bucket = row + OTEL_POWERS_HEAD_ + (1u - side) * size;
        if (*other && otel_power_span_(bucket, size, &first, &last)) {
            otel_power_pack_(bucket, size, other, first, last, by, otel_power_shift_(otel_power_low_(*other) + (int32_t)first, by));
        } else {
            OTEL_WORD_STORE_(other, (otel_word_t)0);
        }
        OTEL_WORD_STORE_(&row[OTEL_POWER_FELL_], (otel_word_t)(row[OTEL_POWER_FELL_] + by));
    }
    otel_power_move_(row);
    return otel_power_shift_(index, by);
}

/* Who changes a row is alone: other threads wait for some instructions, a handler on the same thread does not. One that never
   leaves costs the wait once. */
OTEL_FN_ bool otel_power_enter_(otel_cell_t *cell, uint32_t *was)
{
#if OTEL_WIDE_
    uintptr_t *lock = (uintptr_t *)(void *)&cell->held.row[OTEL_POWER_LOCK_], me = (uintptr_t)&otel_thread_v0_, holder;
    const uintptr_t stuck = 1;
    uint32_t i;
    *was = 0;
    for (i = 0; i < OTEL_PATIENCE_; i++) {
        holder = 0;
        if (OTEL_LIKELY_(OTEL_CAS_(lock, &holder, me))) return true;
        if (holder == me || holder == stuck) return false;
    }
    OTEL_STORE_(lock, stuck);
    return false;
#else
    return otel_lock_(cell->owner, cell->owner->otel_, false, was);
#endif
}

OTEL_FN_ void otel_power_leave_(otel_cell_t *cell, uint32_t was)
{
#if OTEL_WIDE_
    (void)was;
    OTEL_STORE_RELEASE_((uintptr_t *)(void *)&cell->held.row[OTEL_POWER_LOCK_], (uintptr_t)0);
#else
    otel_unlock_(cell->owner, cell->owner->otel_, was);
#endif
}

/* Count it: index at a scale that may have fallen since. */
OTEL_INLINE_ void otel_power_put_(otel_cell_t *cell, otel_word_t *row, size_t size, unsigned side, int32_t index, otel_word_t fell, bool zero, otel_word_t order)
{
    otel_word_t *bucket = &row[OTEL_POWER_ZERO_];
    if (!zero) {
        uint32_t slot;
        if (OTEL_UNLIKELY_(row[OTEL_POWER_FELL_] != fell)) index = otel_power_shift_(index, (uint32_t)(row[OTEL_POWER_FELL_] - fell));
        slot = (uint32_t)index - (uint32_t)otel_power_low_(row[OTEL_POWER_LOW_ + side]);
        if (OTEL_UNLIKELY_(!row[OTEL_POWER_LOW_ + side] || slot >= size)) {
            index = otel_power_room_(row, size, side, index);
            slot = (uint32_t)index - (uint32_t)otel_power_low_(row[OTEL_POWER_LOW_ + side]);
        }
        bucket = row + OTEL_POWERS_HEAD_ + side * size + slot;
    }
#if OTEL_WIDE_                    /* a reader may take the extremes in between: first they, then the bucket */
    otel_word_raise_(&row[OTEL_ROW_MIN_], (otel_word_t)~order);
    otel_word_raise_(&row[OTEL_ROW_MAX_], order);
#else
    if (row[OTEL_ROW_MIN_] < (otel_word_t)~order) row[OTEL_ROW_MIN_] = (otel_word_t)~order;
    if (row[OTEL_ROW_MAX_] < order) row[OTEL_ROW_MAX_] = order;
#endif
    OTEL_STORE_WIDE_(bucket, (otel_word_t)(*bucket + 1u));
    if (OTEL_UNLIKELY_(!cell->set)) OTEL_STORE_RELEASE_(&cell->set, (uint8_t)1);
}

OTEL_API_ void otel_power_double_(otel_cell_t *cell, double value)
{ OTEL_CALLED_
    const otel_instrument_t *owner = cell->owner;
    otel_word_t *row = cell->held.row, fell;
    uint64_t bits = otel_double_bits_(value), mantissa = bits << 12;
    int32_t exponent = (int32_t)(bits >> 52 & 0x7FFu) - 1023, index = 0;
    uint32_t was;
    bool ended, zero = bits << 1 == 0;
    if (OTEL_UNLIKELY_(OTEL_LOAD_ACQUIRE_(&cell->awake) != otel_awake_(OTEL_EXPONENTIAL_)) && !otel_cell_wake_(cell)) return;
    if (OTEL_UNLIKELY_(exponent == 1024 || !owner->rows)) {
        otel_refuse_(cell);
        return;
    }
    if (OTEL_LIKELY_(exponent != -1023)) {
        mantissa = mantissa >> 1 | (uint64_t)1 << 63;
    } else {                                                  /* subnormal: the leading bit is somewhere below */
        for (exponent = -1023; mantissa && !(mantissa >> 63); exponent--) mantissa <<= 1;
    }
    row = cell->held.row;
    fell = OTEL_WORD_LOAD_(&row[OTEL_POWER_FELL_]);
    if (!zero) index = otel_power_index_(mantissa, exponent, OTEL_POWER_SCALE_ - (int32_t)fell);
    if (!otel_power_enter_(cell, &was)) {
        otel_refuse_(cell);
        return;
    }
    otel_power_put_(cell, row, otel_power_size_(owner), (unsigned)(bits >> 63), index, fell, zero, otel_order_(value));
    OTEL_STORE_WIDE_(&cell->value, otel_pack_(otel_sum_of_(otel_unpack_(cell->value), value, &ended)));
    otel_power_leave_(cell, was);
    if (OTEL_UNLIKELY_(ended)) otel_refuse_(cell);
}

OTEL_API_ void otel_power_double_int_(otel_cell_t *cell, int64_t value) { OTEL_CALLED_ otel_power_double_(cell, (double)value); }

OTEL_API_ void otel_power_int_(otel_cell_t *cell, int64_t value)
{ OTEL_CALLED_
    const otel_instrument_t *owner = cell->owner;
    otel_word_t *row, fell;
    uint64_t mantissa = value < 0 ? 0u - (uint64_t)value : (uint64_t)value;
    int32_t exponent = 63, index = 0;
    uint32_t was;
    bool ended;
    if (OTEL_UNLIKELY_(OTEL_LOAD_ACQUIRE_(&cell->awake) != otel_awake_(OTEL_EXPONENTIAL_INT_)) && !otel_cell_wake_(cell)) return;
    if (OTEL_UNLIKELY_(!owner->rows)) {
        otel_refuse_(cell);
        return;
    }
    for (; mantissa && !(mantissa >> 63); exponent--) mantissa <<= 1;
    row = cell->held.row;
    fell = OTEL_WORD_LOAD_(&row[OTEL_POWER_FELL_]);
    if (mantissa) index = otel_power_index_(mantissa, exponent, OTEL_POWER_SCALE_ - (int32_t)fell);
    if (!otel_power_enter_(cell, &was)) {
        otel_refuse_(cell);
        return;
    }
    otel_power_put_(cell, row, otel_power_size_(owner), value < 0, index, fell, mantissa == 0, otel_order_whole_(value));
    OTEL_STORE_WIDE_(&cell->value, (uint64_t)otel_sum_stops_((int64_t)cell->value, value, &ended));
    otel_power_leave_(cell, was);
    if (OTEL_UNLIKELY_(ended)) otel_refuse_(cell);
}

/* ---- on the wire ---- */
/* What a reader told: sum, zeros, how far the scale had fallen, begin of both sides, buckets of both. */
OTEL_API_ size_t otel_powers_words_(const otel_instrument_t *instrument) { OTEL_CALLED_ return 5u + 2u * otel_power_size_(instrument); }

/* Bring what was told to the scale of now; it says the same as before. */
OTEL_FN_ void otel_power_told_(uint64_t *told, size_t size, uint64_t fell)
{
    uint32_t by = (uint32_t)(fell - told[2]);
    unsigned side;
    size_t i;
    for (side = 0; by && side < 2; side++) {
        uint64_t *bucket = told + 5 + side * size;
        int32_t old = otel_power_low_(told[3u + side]), low = otel_power_shift_(old, by);
        for (i = 0; told[3u + side] && i < size; i++) {
            uint64_t count = bucket[i];
            bucket[i] = 0;
            bucket[(size_t)(otel_power_shift_(old + (int32_t)i, by) - low)] += count;
        }
        if (told[3u + side]) told[3u + side] = otel_power_from_(low);
    }
    told[2] = fell;
}

OTEL_FN_ uint64_t otel_power_was_(const uint64_t *told, size_t size, unsigned side, int32_t index)
{
    uint32_t slot = (uint32_t)index - (uint32_t)otel_power_low_(told[3u + side]);
    return told[3u + side] && slot < size ? told[5u + side * size + slot] : 0;
}

/* The count of bucket `i` as it goes out: of differences, what has come since it was told. `in`: it is between those that were found
   in use; what has come beside them meanwhile is told in the next round. */
OTEL_FN_ uint64_t otel_power_tell_(otel_telling_t_ *p, unsigned side, size_t size, int32_t low, size_t i, bool in)
{
    uint64_t now = in ? otel_word_read_(p->cell, &p->cell->held.row[OTEL_POWERS_HEAD_ + side * size + i]) : 0;
    if (!p->told) return now;
    p->telling[5u + side * size + i] = now;
    return (otel_word_t)(now - otel_power_was_(p->told, size, side, low + (int32_t)i));
}

#if !OTEL_NANOPB_
/* ExponentialHistogramDataPoint.positive = 8, negative = 9: offset = 1 (sint32), bucket_counts = 2 (packed varint). NULL: no room. */
OTEL_FN_ uint8_t *otel_power_side_(otel_telling_t_ *p, uint8_t *to, unsigned side, size_t size, uint64_t *count)
{
    otel_cell_t *cell = p->cell;
    otel_word_t *row = cell->held.row, *bucket = row + OTEL_POWERS_HEAD_ + side * size;
    int32_t low = otel_power_low_(otel_word_read_(cell, &row[OTEL_POWER_LOW_ + side])), offset;
    size_t first, last, i;
    uint8_t *head = to, *counts;
    if (p->told) p->telling[3u + side] = otel_word_read_(cell, &row[OTEL_POWER_LOW_ + side]);
    if (!otel_power_span_(bucket, size, &first, &last)) {
        for (i = 0; p->told && i < size; i++) p->telling[5u + side * size + i] = 0;
        return to;
    }
    if (p->end - to < 16) return NULL;
    offset = low + (int32_t)first;
    to += 1u + OTEL_LENGTH_BYTES_;
    *to = 0x08;                                               /* Buckets.offset = 1 */
    to = otel_put_varint_(to + 1, (uint32_t)offset << 1 ^ (offset < 0 ? 0xFFFFFFFFu : 0u));
    *to = 0x12;                                               /* Buckets.bucket_counts = 2 */
    counts = to + 1;
    to = counts + OTEL_LENGTH_BYTES_;
    for (i = 0; i < size; i++) {
        const bool in = i >= first && i <= last;
        const uint64_t now = otel_power_tell_(p, side, size, low, i, in);
        if (!in) continue;
        if (p->end - to < 10) return NULL;
        *count += now;
        to = otel_put_varint64_(to, now);
    }
    otel_put_length_(counts, (uint32_t)(to - counts - (ptrdiff_t)OTEL_LENGTH_BYTES_));
    *head = side ? 0x4A : 0x42;
    otel_put_length_(head + 1, (uint32_t)(to - head - 1 - (ptrdiff_t)OTEL_LENGTH_BYTES_));
    return to;
}

/* All but sum and extremes, in one piece: begun again when the buckets moved meanwhile. */
OTEL_API_ bool otel_powers_put_(otel_telling_t_ *p, uint64_t *sum);
OTEL_API_ bool otel_powers_put_(otel_telling_t_ *p, uint64_t *sum)
{ OTEL_CALLED_
    otel_cell_t *cell = p->cell;
    otel_word_t *row = cell->held.row;
    size_t size = otel_power_size_(cell->owner);
    unsigned tries;
    if (p->end - p->at < 5 * 9 + 3 || !cell->owner->rows) return false;
    for (tries = 0; tries < 1000u; tries++) {
        otel_word_t moved = OTEL_WORD_LOAD_(&row[OTEL_POWER_MOVED_]);
        uint64_t fell = otel_word_read_(cell, &row[OTEL_POWER_FELL_]), zeros, count;
        int32_t scale = OTEL_POWER_SCALE_ - (int32_t)fell;
        uint8_t *to = p->at + 9;
        if (p->told) {
            if (fell < p->told[2]) continue;
            otel_power_told_(p->told, size, fell);
            p->telling[2] = fell;
        }
        zeros = otel_word_read_(cell, &row[OTEL_POWER_ZERO_]);
        if (p->told) {
            p->telling[1] = zeros;
            zeros -= p->told[1];
        }
        count = zeros;
        *to = 0x30;                                           /* scale = 6, sint32 */
        to = otel_put_varint_(to + 1, (uint32_t)scale << 1 ^ (scale < 0 ? 0xFFFFFFFFu : 0u));
        to = otel_put_field64_(to, 0x39, zeros);              /* zero_count = 7, fixed64 */
        to = otel_power_side_(p, to, 0, size, &count);
        if (to) to = otel_power_side_(p, to, 1, size, &count);
        *sum = otel_cell_read_(cell);
        if ((moved & 1u) || OTEL_WORD_LOAD_(&row[OTEL_POWER_MOVED_]) != moved) continue;
        if (!to || p->end - to < 3 * 9) return false;
        (void)otel_put_field64_(p->at, 0x21, count);          /* count = 4, fixed64 */
        p->fresh = count != 0;
        p->at = to;
        return true;
    }
    return false;
}

OTEL_API_ bool otel_powers_write_(otel_telling_t_ *p)
{ OTEL_CALLED_
    otel_word_t least, largest;
    uint64_t sum;
    if (!otel_powers_put_(p, &sum)) return false;
    if (p->told) p->telling[0] = sum;
    p->at = otel_put_field64_(p->at, 0x29, otel_double_bits_(p->told ? otel_unpack_(sum) - otel_unpack_(p->told[0]) : otel_unpack_(sum)));      /* sum = 5 */
    if (!otel_extremes_(p, &least, &largest)) return true;
    p->at = otel_put_field64_(p->at, 0x61, otel_extreme_bits_((otel_word_t)~least));                /* min = 12 */
    p->at = otel_put_field64_(p->at, 0x69, otel_extreme_bits_(largest));                            /* max = 13 */
    return true;
}

OTEL_API_ bool otel_powers_int_write_(otel_telling_t_ *p)
{ OTEL_CALLED_
    otel_word_t least, largest;
    uint64_t sum;
    if (!otel_powers_put_(p, &sum)) return false;
    if (p->told) p->telling[0] = sum;
    p->at = otel_put_field64_(p->at, 0x29, otel_whole_bits_((int64_t)(p->told ? sum - p->told[0] : sum)));
    if (!otel_extremes_(p, &least, &largest)) return true;
    p->at = otel_put_field64_(p->at, 0x61, otel_extreme_int_bits_((otel_word_t)~least));
    p->at = otel_put_field64_(p->at, 0x69, otel_extreme_int_bits_(largest));
    return true;
}
#endif
#endif
OTEL_C_END_

/* ---- gauge.h --------------------------------------------------------------------------------------------------- */
OTEL_C_BEGIN_
OTEL_FN_ void otel_gauge_record_all(otel_gauge_t *gauge, int64_t value, const otel_attr_t *attributes, size_t len)
{
    OTEL_METRICS_OFF_((void)gauge; (void)value; (void)attributes; (void)len; return)
    OTEL_RECORD_(whole, gauge, value, attributes, len);
}

OTEL_FN_ void otel_gauge_double_record_all(otel_gauge_double_t *gauge, double value, const otel_attr_t *attributes, size_t len)
{
    OTEL_METRICS_OFF_((void)gauge; (void)value; (void)attributes; (void)len; return)
    OTEL_RECORD_(real, gauge, value, attributes, len);
}

OTEL_FN_ otel_series_t *otel_gauge_bind_all(otel_gauge_t *gauge, const otel_attr_t *attributes, size_t len)
{
    OTEL_METRICS_OFF_((void)gauge; (void)attributes; (void)len; return NULL)
    return OTEL_BIND_(gauge, attributes, len);
}

OTEL_FN_ otel_series_t *otel_gauge_double_bind_all(otel_gauge_double_t *gauge, const otel_attr_t *attributes, size_t len)
{
    OTEL_METRICS_OFF_((void)gauge; (void)attributes; (void)len; return NULL)
    return OTEL_BIND_(gauge, attributes, len);
}
#if OTEL_BODIES_
OTEL_FN_ void otel_last_put_(otel_cell_t *cell, uint64_t value)
{
    if (otel_cell_put_(cell, value) && !OTEL_LOAD_(&cell->set)) OTEL_STORE_RELEASE_(&cell->set, (uint8_t)1);
}

OTEL_API_ void otel_last_int_(otel_cell_t *cell, int64_t value)
{ OTEL_CALLED_
    if (otel_cell_ready_(cell)) otel_last_put_(cell, (uint64_t)value);
}

OTEL_API_ void otel_last_double_(otel_cell_t *cell, double value)
{ OTEL_CALLED_
    if (!otel_cell_ready_(cell)) return;
    if (!otel_finite_(value)) otel_refuse_(cell);
    else otel_last_put_(cell, otel_pack_(value));
}

OTEL_API_ void otel_last_double_int_(otel_cell_t *cell, int64_t value) { OTEL_CALLED_ otel_last_double_(cell, (double)value); }
#endif
OTEL_C_END_

/* ---- observable.h ---------------------------------------------------------------------------------------------- */
OTEL_C_BEGIN_
OTEL_FN_ void otel_observe_all(otel_observable_t *observable, int64_t value, const otel_attr_t *attributes, size_t len)
{
    OTEL_METRICS_OFF_((void)observable; (void)value; (void)attributes; (void)len; return)
    OTEL_RECORD_(whole, observable, value, attributes, len);
}

OTEL_FN_ void otel_observe_double_all(otel_observable_double_t *observable, double value, const otel_attr_t *attributes, size_t len)
{
    OTEL_METRICS_OFF_((void)observable; (void)value; (void)attributes; (void)len; return)
    OTEL_RECORD_(real, observable, value, attributes, len);
}
#if OTEL_BODIES_
OTEL_API_ otel_result_t otel_callback_register(otel_callback_t *callback)
{ OTEL_CALLED_
    otel_t *otel;
    otel_callback_t *c;
    OTEL_METRICS_OFF_((void)callback; (void)otel; (void)c; return OTEL_OK)
    if (!callback || !callback->call) return OTEL_E_NULL;
    otel = callback->otel ? callback->otel : otel_default_();
    if (!otel_running_(otel)) return OTEL_E_NOT_READY;
    OTEL_STORE_(&callback->on_, (uint8_t)1);
    for (c = OTEL_LOAD_ACQUIRE_(&otel->callbacks_); c; c = c->next_) {
        if (c == callback) return OTEL_OK;
    }
    OTEL_STORE_(&otel->observe_, &otel_observe_round_);
    if (!OTEL_LOAD_(&otel->collect_)) OTEL_STORE_RELEASE_(&otel->collect_, &otel_collect_);      /* the first instrument may be used by the callback only */
    callback->next_ = OTEL_LOAD_(&otel->callbacks_);
#if OTEL_ATOMICS_
    while (!OTEL_CAS_(&otel->callbacks_, &callback->next_, callback)) {}
#else
    otel->callbacks_ = callback;
#endif
    return OTEL_OK;
}

OTEL_API_ void otel_callback_unregister(otel_callback_t *callback)
{ OTEL_CALLED_
    OTEL_METRICS_OFF_((void)callback; return)
    if (callback) OTEL_STORE_(&callback->on_, (uint8_t)0);
}

/* Run all callbacks and give the number of the round, 1 to 255; while another reader does so, the number of the last one
   that is through. */
OTEL_API_ uint8_t otel_observe_round_(otel_t *otel)
{ OTEL_CALLED_
    otel_callback_t *c;
    uint8_t number;
#if OTEL_ATOMICS_
    uint8_t free_now = 0;
    if (!OTEL_CAS_(&otel->observing_, &free_now, (uint8_t)1)) return (uint8_t)(OTEL_LOAD_(&otel->observed_) - 1u);
#endif
    number = (uint8_t)(otel->observed_ + 1u);
    if (number == 0) number = 1;
    OTEL_STORE_(&otel->observed_, number);
    for (c = OTEL_LOAD_ACQUIRE_(&otel->callbacks_); c; c = c->next_) {
        if (OTEL_LOAD_(&c->on_)) (c->call)(c->user);
    }
#if OTEL_ATOMICS_
    OTEL_STORE_RELEASE_(&otel->observing_, (uint8_t)0);
#endif
    return number;
}

/* Was it observed in this collection already? */
OTEL_FN_ bool otel_observed_twice_(const otel_cell_t *cell)
{
    const otel_t *otel = OTEL_LOAD_(&cell->owner->otel_);
    return otel && OTEL_LOAD_(&cell->set) == OTEL_LOAD_(&otel->observed_);
}

/* The last number counts; sets that share the overflow series are summed there. */
OTEL_FN_ bool otel_observed_again_(const otel_cell_t *cell) { return cell == &cell->owner->overflow_ && otel_observed_twice_(cell); }

OTEL_FN_ void otel_observed_put_(otel_cell_t *cell, uint64_t value)
{
    const otel_t *otel = OTEL_LOAD_(&cell->owner->otel_);
    if (otel && otel_cell_put_(cell, value)) OTEL_STORE_RELEASE_(&cell->set, OTEL_LOAD_(&otel->observed_));
}

OTEL_API_ void otel_observed_int_(otel_cell_t *cell, int64_t value)
{ OTEL_CALLED_
    unsigned kind = cell->owner->form_->kind;
    bool ended;
    if (!otel_cell_ready_(cell)) return;
    if (value < 0 && (kind & (OTEL_SUM_ | OTEL_UPDOWN_)) == OTEL_SUM_) {
        otel_refuse_(cell);
        return;
    }
    if (otel_observed_again_(cell)) value = otel_sum_stops_((int64_t)otel_cell_read_(cell), value, &ended);
    otel_observed_put_(cell, (uint64_t)value);
}

OTEL_API_ void otel_observed_double_(otel_cell_t *cell, double value)
{ OTEL_CALLED_
    unsigned kind = cell->owner->form_->kind;
    bool ended;
    if (!otel_cell_ready_(cell)) return;
    if (!otel_finite_(value) || ((kind & (OTEL_SUM_ | OTEL_UPDOWN_)) == OTEL_SUM_ && (otel_double_word_(value) & OTEL_SIGN_) && otel_double_word_(value) != OTEL_SIGN_)) {
        otel_refuse_(cell);
        return;
    }
    if (otel_observed_again_(cell)) value = otel_sum_of_(otel_unpack_(otel_cell_read_(cell)), value, &ended);
    otel_observed_put_(cell, otel_pack_(value));
}

OTEL_API_ void otel_observed_double_int_(otel_cell_t *cell, int64_t value) { OTEL_CALLED_ otel_observed_double_(cell, (double)value); }
#endif
OTEL_C_END_

/* ---- aggregation.h --------------------------------------------------------------------------------------------- */
#if OTEL_BODIES_
OTEL_C_BEGIN_
#if OTEL_ENABLED && OTEL_METRICS
OTEL_API_ const otel_form_t_ *otel_form_sum_(unsigned kind)
{ OTEL_CALLED_
    if (kind & OTEL_LAST_) return NULL;
    if (kind & OTEL_OBSERVED_) {
        if (kind & OTEL_UPDOWN_) return kind & OTEL_DOUBLE_ ? &otel_observed_updown_double_form_ : &otel_observed_updown_form_;
        return kind & OTEL_DOUBLE_ ? &otel_observed_counter_double_form_ : &otel_observed_counter_form_;
    }
    if (kind & OTEL_UPDOWN_) return kind & OTEL_DOUBLE_ ? &otel_updown_double_form_ : &otel_updown_form_;
    return kind & OTEL_DOUBLE_ ? &otel_counter_double_form_ : &otel_counter_form_;
}

OTEL_API_ const otel_form_t_ *otel_form_last_(unsigned kind)
{ OTEL_CALLED_
    if (kind & OTEL_OBSERVED_) return kind & OTEL_DOUBLE_ ? &otel_observed_gauge_double_form_ : &otel_observed_gauge_form_;
    return kind & OTEL_DOUBLE_ ? &otel_gauge_double_form_ : &otel_gauge_form_;
}

OTEL_API_ const otel_form_t_ *otel_form_bounds_(unsigned kind) { OTEL_CALLED_ return kind & OTEL_OBSERVED_ ? NULL : &otel_histogram_form_; }

OTEL_API_ const otel_form_t_ *otel_form_powers_(unsigned kind)
{ OTEL_CALLED_
    if (kind & OTEL_OBSERVED_) return NULL;
    return kind & OTEL_DOUBLE_ ? &otel_exponential_form_ : &otel_exponential_int_form_;
}
#endif
OTEL_C_END_
#endif

/* ---- exemplar.h ------------------------------------------------------------------------------------------------ */
#if OTEL_BODIES_
OTEL_C_BEGIN_
OTEL_API_ uint32_t otel_reservoir_fixed_offer(const otel_reservoir_t *self, const otel_measurement_t *m, uint32_t seen, uint32_t size)
{ OTEL_CALLED_
    OTEL_METRICS_OFF_((void)self; (void)m; (void)seen; return size)
    (void)self;
    if (seen < size) return seen;
    return (uint32_t)((uint64_t)otel_mix_((uint32_t)m->time ^ otel_mix_((uint32_t)m->int_value + seen)) * ((uint64_t)seen + 1u) >> 32);
}

OTEL_API_ uint32_t otel_reservoir_aligned_offer(const otel_reservoir_t *self, const otel_measurement_t *m, uint32_t seen, uint32_t size)
{ OTEL_CALLED_
    OTEL_METRICS_OFF_((void)self; (void)m; (void)seen; return size)
    (void)self;
    (void)seen;
    (void)size;
    return m->bucket;
}
OTEL_C_END_
#endif

/* ---- view.h ---------------------------------------------------------------------------------------------------- */
#if OTEL_BODIES_
OTEL_C_BEGIN_
/* Does the text fit the pattern: '*' any text, '?' any character, letters of ASCII in either case? */
OTEL_FN_ bool otel_wild_fits_(const char *pattern, const char *text)
{
    const char *star = NULL, *from = NULL;
    while (*text) {
        unsigned char a = (unsigned char)*pattern, b = (unsigned char)*text;
        if (a >= 'A' && a <= 'Z') a = (unsigned char)(a + 32);
        if (b >= 'A' && b <= 'Z') b = (unsigned char)(b + 32);
        if (a == '*') {
            star = pattern++;
            from = text;
        } else if (a == '?' || a == b) {
            pattern++;
            text++;
        } else if (star) {
            pattern = star + 1;
            text = ++from;
        } else {
            return false;
        }
    }
    while (*pattern == '*') pattern++;
    return *pattern == 0;
}

/* Two texts that are the same; not by strcmp, which the headers do without. */
OTEL_FN_ bool otel_texts_same_(const char *a, const char *b)
{
    size_t n = strlen(a);
    return strlen(b) == n && memcmp(a, b, n) == 0;
}

OTEL_FN_ bool otel_text_is_(const char *wanted, const char *text) { return !wanted || otel_texts_same_(wanted, text ? text : ""); }

/* OTEL_VIEW_COUNTER and so on, of a form. */
OTEL_FN_ unsigned otel_view_kind_(unsigned kind)
{
    bool observed = (kind & OTEL_OBSERVED_) != 0;
    if (kind & OTEL_BUCKETS_) return OTEL_VIEW_HISTOGRAM;
    if (kind & OTEL_LAST_) return observed ? OTEL_VIEW_OBSERVABLE_GAUGE : OTEL_VIEW_GAUGE;
    if (kind & OTEL_UPDOWN_) return observed ? OTEL_VIEW_OBSERVABLE_UPDOWN : OTEL_VIEW_UPDOWN;
    return observed ? OTEL_VIEW_OBSERVABLE_COUNTER : OTEL_VIEW_COUNTER;
}

OTEL_FN_ bool otel_view_selects_(const otel_view_t *view, const otel_instrument_t *i)
{
    const otel_scope_t *scope = i->scope;
    if (view->instrument && !otel_wild_fits_(view->instrument, i->name ? i->name : "")) return false;
    if (view->kinds && !(view->kinds & otel_view_kind_(i->form_->kind))) return false;
    if (!otel_text_is_(view->unit, i->unit) || !otel_text_is_(view->scope, scope ? scope->name : "")) return false;
    return otel_text_is_(view->version, scope ? scope->version : "") && otel_text_is_(view->schema_url, scope ? scope->schema_url : "");
}

OTEL_FN_ bool otel_key_in_(const char *const *keys, const char *key)
{
    for (; *keys; keys++) {
        if (otel_texts_same_(*keys, key)) return true;
    }
    return false;
}

OTEL_FN_ bool otel_view_keeps_(const otel_view_t *view, const char *key)
{
    if (view->keep) return otel_key_in_(view->keep, key);
    return !(view->exclude && otel_key_in_(view->exclude, key));
}

OTEL_FN_ bool otel_meter_off_(const otel_meter_rule_t *rules, size_t len, const otel_scope_t *scope)
{
    size_t i;
    for (i = 0; i < len; i++) {
        if (!rules[i].scope || otel_wild_fits_(rules[i].scope, scope && scope->name ? scope->name : "")) return rules[i].disabled;
    }
    return false;
}

OTEL_FN_ otel_result_t otel_view_check_(const otel_view_t *v)
{
    const char *p = v->instrument;
    size_t i;
    if (!p && !v->kinds && !v->unit && !v->scope && !v->version && !v->schema_url) return OTEL_E_VIEW;
    while (p && *p && *p != '*' && *p != '?') p++;
    if (v->name && (!p || *p)) return OTEL_E_VIEW_NAME;
    if (v->keep && v->exclude) return OTEL_E_VIEW_KEYS;
    if (v->bounds_len && !v->bounds) return OTEL_E_VIEW;
    for (i = 0; i < v->bounds_len; i++) {
        if (!otel_finite_(v->bounds[i]) || (i && otel_order_(v->bounds[i - 1u]) >= otel_order_(v->bounds[i]))) return OTEL_E_VIEW;
    }
    return v->size == 1u || v->size > 160u ? OTEL_E_VIEW : OTEL_OK;
}

OTEL_API_ otel_result_t otel_metric_settings_check(const otel_metric_settings_t *settings)
{ OTEL_CALLED_
    size_t i;
    OTEL_METRICS_OFF_((void)settings; (void)i; return OTEL_OK)
    if (!settings) return OTEL_OK;
    if ((settings->views_len && !settings->views) || (settings->rules_len && !settings->rules) || (settings->readings_len && !settings->readings)) return OTEL_E_NULL;
    for (i = 0; i < settings->readings_len; i++) {
        if (!settings->readings[i]) return OTEL_E_NULL;
    }
    for (i = 0; i < settings->views_len; i++) {
        otel_result_t result = otel_view_check_(&settings->views[i]);
        if (result != OTEL_OK) return result;
    }
    return settings->memory && settings->memory_len ? OTEL_OK : OTEL_E_VIEW_MEMORY;
}

OTEL_API_ otel_metric_settings_stats_t otel_metric_settings_stats(const otel_metric_settings_t *settings)
{ OTEL_CALLED_
    otel_metric_settings_stats_t stats;
    memset((void *)&stats, 0, sizeof stats);
    OTEL_METRICS_OFF_((void)settings; return stats)
    if (!settings) return stats;
    stats.used = OTEL_LOAD_(&settings->used_);
    stats.ignored = OTEL_LOAD_(&settings->ignored_);
    stats.crowded = OTEL_LOAD_(&settings->crowded_);
    return stats;
}

OTEL_API_ otel_result_t otel_meters_update(otel_metric_settings_t *settings, const otel_meter_rules_t *rules)
{ OTEL_CALLED_
    static const otel_meter_rules_t none = { NULL, 0 };
    OTEL_METRICS_OFF_((void)settings; (void)rules; (void)none; return OTEL_OK)
    if (!settings || (rules && rules->rules_len && !rules->rules)) return OTEL_E_NULL;
    if (!settings->rules_change) return OTEL_E_CONFIG;
    OTEL_STORE_RELEASE_(&settings->now_, rules ? rules : &none);
    return OTEL_OK;
}

OTEL_API_ bool otel_instrument_enabled_(otel_instrument_t *instrument)
{ OTEL_CALLED_
    OTEL_METRICS_OFF_((void)instrument; return false)
    if (!otel_join_(instrument)) return false;
    return !(instrument->form_->kind & OTEL_FRONT_) || (instrument->front_->calls->enabled)(instrument);
}
OTEL_C_END_
#endif

/* ---- stream.h -------------------------------------------------------------------------------------------------- */
#if OTEL_BODIES_ && OTEL_ENABLED
OTEL_C_BEGIN_
/* ---- recording ---- */
/* Encode one attribute that is left out behind those that are there. */
OTEL_FN_ uint32_t otel_leave_out_(uint8_t *to, uint32_t used, const otel_attr_t *attribute)
{
    return used + (uint32_t)otel_attr_write_(to + used, (size_t)(OTEL_EXEMPLAR_INLINE_ - used), 0x3A, attribute);     /* Exemplar.filtered_attributes = 7 */
}

/* Is the meter off, where that may change? What is found out is kept with the rules for which it holds: they do not change. */
OTEL_FN_ bool otel_source_off_(otel_source_t_ *source, const otel_instrument_t *instrument)
{
    const otel_metric_settings_t *s = source->settings;
    const otel_meter_rules_t *now;
    const void *under;
    bool off;
    if (!s->rules_change) return false;
    now = OTEL_LOAD_ACQUIRE_(&s->now_);
    under = now ? (const void *)now : (const void *)s;
    if (OTEL_LOAD_(&source->on_under) == under) return false;
    if (OTEL_LOAD_(&source->off_under) == under) return true;
    off = otel_meter_off_(now ? now->rules : s->rules, now ? now->rules_len : s->rules_len, instrument->scope);
    OTEL_STORE_(off ? &source->off_under : &source->on_under, under);
    return off;
}

/* Does the attribute stay? All views have a say, else the instrument. */
OTEL_FN_ bool otel_stream_keeps_(const otel_stream_t_ *stream, const char *key)
{
    size_t i;
    if (stream->keys) return otel_key_in_(stream->keys, key);
    for (i = 0; i < stream->by_len; i++) {
        if (!otel_view_keeps_(stream->by[i], key)) return false;
    }
    return true;
}

/* The cell that a set of attributes has in a stream. */
OTEL_API_ OTEL_NOINLINE_ otel_cell_t *otel_stream_find_(otel_stream_t_ *stream, const otel_attr_t *attributes, size_t len, uint8_t *left_out, uint32_t *left_out_len);
OTEL_API_ OTEL_NOINLINE_ otel_cell_t *otel_stream_find_(otel_stream_t_ *stream, const otel_attr_t *attributes, size_t len, uint8_t *left_out, uint32_t *left_out_len)
{ OTEL_CALLED_
    otel_attr_t kept[OTEL_SET_MAX_];
    size_t i, n = 0;
    *left_out_len = 0;
    if (len == 0 || !stream->filters) return otel_find_(&stream->base, attributes, len);
    for (i = 0; i < len; i++) {
        if (!attributes[i].key || !*attributes[i].key) continue;
        if (!otel_stream_keeps_(stream, attributes[i].key)) {
            if (stream->exemplars) *left_out_len = otel_leave_out_(left_out, *left_out_len, &attributes[i]);
        } else if (n < OTEL_SET_MAX_) {
            kept[n++] = attributes[i];
        } else {
            n = 256u;                                         /* too many: to the overflow series */
            break;
        }
    }
    return otel_find_(&stream->base, kept, n);
}

OTEL_FN_ void otel_stream_put_(otel_stream_t_ *stream, otel_cell_t *cell, otel_measurement_t *m)
{
    if (m->is_int) (stream->form.whole)(cell, m->int_value);
    else (stream->form.real)(cell, m->double_value);
    if (stream->exemplars) (stream->settings->exemplars->offer_)(stream, cell, m);
}

OTEL_FN_ void otel_stream_record_(otel_stream_t_ *stream, otel_measurement_t *m)
{
    uint8_t left_out[OTEL_EXEMPLAR_INLINE_];
    bool visits = otel_visit_(&stream->base);
    otel_cell_t *cell = otel_stream_find_(stream, m->attributes, m->attributes_len, left_out, &m->left_out_len_);
    m->left_out_ = left_out;
    if (cell) otel_stream_put_(stream, cell, m);
    if (visits) otel_part_(&stream->base);
    m->left_out_ = NULL;
}

OTEL_FN_ void otel_source_record_(otel_instrument_t *instrument, otel_measurement_t *m, const otel_attr_t *attributes, size_t len)
{
    otel_instrument_t *s;
    m->attributes = attributes;
    m->attributes_len = len;
    if (OTEL_LOAD_ACQUIRE_(&instrument->seen_) != otel_seen_() || !instrument->front_) return;       /* no instance is running */
    if (otel_source_off_((otel_source_t_ *)(void *)instrument->front_, instrument)) return;
    for (s = instrument->front_->streams; s; s = s->front_->streams) otel_stream_record_((otel_stream_t_ *)(void *)s, m);
}

OTEL_FN_ void otel_measurement_(otel_measurement_t *m, bool is_int, int64_t whole, double real)
{
    memset((void *)m, 0, sizeof *m);
    m->is_int = is_int;
    m->int_value = whole;
    m->double_value = real;
}

OTEL_API_ void otel_source_whole_(otel_instrument_t *instrument, int64_t value, const otel_attr_t *attributes, size_t len);
OTEL_API_ void otel_source_whole_(otel_instrument_t *instrument, int64_t value, const otel_attr_t *attributes, size_t len)
{ OTEL_CALLED_
    otel_measurement_t m;
    otel_measurement_(&m, true, value, 0);
    otel_source_record_(instrument, &m, attributes, len);
}

OTEL_API_ void otel_source_real_(otel_instrument_t *instrument, double value, const otel_attr_t *attributes, size_t len);
OTEL_API_ void otel_source_real_(otel_instrument_t *instrument, double value, const otel_attr_t *attributes, size_t len)
{ OTEL_CALLED_
    otel_measurement_t m;
    otel_measurement_(&m, false, 0, value);
    otel_source_record_(instrument, &m, attributes, len);
}

/* Into a cell of the instrument: without attributes, or a bound series. */
OTEL_FN_ void otel_front_put_(otel_cell_t *cell, otel_measurement_t *m)
{
    otel_instrument_t *i = cell->owner;
    if (cell == &i->total_) {
        otel_source_record_(i, m, NULL, 0);
    } else {
        const otel_fan_t_ *fan = (const otel_fan_t_ *)(const void *)cell;
        size_t k;
        if (otel_source_off_((otel_source_t_ *)(void *)i->front_, i)) return;
        for (k = 0; k < fan->len; k++) {
            m->left_out_ = fan->to[k].left_out;
            m->left_out_len_ = fan->to[k].used;
            otel_stream_put_((otel_stream_t_ *)(void *)fan->to[k].cell->owner, fan->to[k].cell, m);
        }
    }
}

OTEL_API_ void otel_front_whole_(otel_cell_t *cell, int64_t value);
OTEL_API_ void otel_front_whole_(otel_cell_t *cell, int64_t value)
{ OTEL_CALLED_
    otel_measurement_t m;
    if (!otel_cell_ready_(cell)) return;
    otel_measurement_(&m, true, value, 0);
    if (cell->owner->form_->kind & OTEL_FRONT_) otel_front_put_(cell, &m);
    else (cell->owner->form_->whole)(cell, value);            /* in this life there are no views */
}

OTEL_API_ void otel_front_real_(otel_cell_t *cell, double value);
OTEL_API_ void otel_front_real_(otel_cell_t *cell, double value)
{ OTEL_CALLED_
    otel_measurement_t m;
    if (!otel_cell_ready_(cell)) return;
    otel_measurement_(&m, false, 0, value);
    if (cell->owner->form_->kind & OTEL_FRONT_) otel_front_put_(cell, &m);
    else (cell->owner->form_->real)(cell, value);
}

/* ---- memory ---- */
/* Some of the memory of the settings, all zero; NULL: not so much is left. */
OTEL_FN_ uint8_t *otel_carve_(otel_metric_settings_t *s, size_t bytes)
{
    size_t skip = (size_t)(0u - (uintptr_t)s->memory) & 7u, words = bytes / 8u, used;
    uint8_t *at;
#if OTEL_ATOMICS_
    used = OTEL_LOAD_(&s->used_);
    do {
        if (s->memory_len - used < words + (skip != 0)) break;
    } while (!OTEL_CAS_(&s->used_, &used, used + words));
#else
    uint32_t was = otel_mask_();
    used = s->used_;
    if (s->memory_len - used >= words + (skip != 0)) s->used_ = used + words;
    otel_unmask_(was);
#endif
    if (s->memory_len - used < words + (skip != 0)) {
        otel_tally_(&s->crowded_);
        return NULL;
    }
    at = (uint8_t *)s->memory + skip + used * 8u;
    memset(at, 0, bytes);
    return at;
}

OTEL_FN_ size_t otel_carved_(size_t bytes) { return (bytes + 7u) & ~(size_t)7; }

OTEL_FN_ void *otel_take_(uint8_t **at, size_t bytes)
{
    void *here = *at;
    *at += otel_carved_(bytes);
    return here;
}
OTEL_C_END_
#endif

/* ---- fan.h ----------------------------------------------------------------------------------------------------- */
#if OTEL_BODIES_ && OTEL_ENABLED
OTEL_C_BEGIN_
OTEL_FN_ bool otel_fan_is_(const otel_fan_t_ *fan, size_t k, const otel_cell_t *cell, const uint8_t *left_out, uint32_t used)
{
    return fan->to[k].cell == cell && fan->to[k].used == used && memcmp(fan->to[k].left_out, left_out, (size_t)used) == 0;
}

OTEL_FN_ otel_cell_t *otel_stream_bind_(otel_instrument_t *stream, const otel_attr_t *attributes, size_t len, uint8_t *left_out, uint32_t *used)
{
    bool visits = otel_visit_(stream);
    otel_cell_t *cell = otel_stream_find_((otel_stream_t_ *)(void *)stream, attributes, len, left_out, used);
    if (cell && cell != &stream->total_ && cell != &stream->overflow_) OTEL_STORE_(&((otel_series_t *)(void *)cell)->bound_, (uint8_t)1);
    if (cell && OTEL_LOAD_ACQUIRE_(&cell->awake) != otel_awake_(stream->form_->kind) && !otel_cell_wake_(cell)) cell = NULL;
    if (visits) otel_part_(stream);
    return cell;
}

/* One that says the same, or a new one; NULL: no memory. */
OTEL_FN_ otel_fan_t_ *otel_fan_(otel_instrument_t *instrument, const otel_attr_t *attributes, size_t len, size_t streams)
{
    otel_source_t_ *source = (otel_source_t_ *)(void *)instrument->front_;
    otel_fan_t_ *fan;
    uint8_t left_out[OTEL_EXEMPLAR_INLINE_], *at;
    uint32_t used;
    otel_instrument_t *s;
    size_t k;
    for (fan = source->fans; fan; fan = fan->next) {
        for (k = 0, s = source->front.streams; s; s = s->front_->streams, k++) {
            const otel_cell_t *cell = otel_stream_bind_(s, attributes, len, left_out, &used);
            if (!otel_fan_is_(fan, k, cell, left_out, used)) break;
        }
        if (!s) return fan;
    }
    at = otel_carve_(source->settings, otel_carved_(sizeof *fan) + otel_carved_(streams * sizeof(otel_fan_to_t_)));
    if (!at) return NULL;
    fan = (otel_fan_t_ *)otel_take_(&at, sizeof *fan);
    fan->to = (otel_fan_to_t_ *)otel_take_(&at, streams * sizeof(otel_fan_to_t_));
    fan->cell.owner = instrument;
    for (s = source->front.streams; s; s = s->front_->streams, fan->len++) {
        fan->to[fan->len].cell = otel_stream_bind_(s, attributes, len, fan->to[fan->len].left_out, &fan->to[fan->len].used);
        if (!fan->to[fan->len].cell) return NULL;
    }
    fan->next = source->fans;
    source->fans = fan;
    return fan;
}

/* Nobody else wants to know, and what adds to the instrument adds to its series. */
OTEL_FN_ bool otel_stream_alone_(const otel_stream_t_ *stream, const otel_instrument_t *instrument)
{
    return !stream->exemplars && !stream->settings->rules_change && !((stream->form.kind ^ instrument->form_->kind) & OTEL_SUM_);
}

/* The series of one stream itself where nothing else wants to know: adding to it stays what it is. */
OTEL_API_ otel_cell_t *otel_source_bind_(otel_instrument_t *instrument, const otel_attr_t *attributes, size_t len);
OTEL_API_ otel_cell_t *otel_source_bind_(otel_instrument_t *instrument, const otel_attr_t *attributes, size_t len)
{ OTEL_CALLED_
    otel_instrument_t *s;
    otel_cell_t *cell = &instrument->total_;
    size_t streams = 0;
    uint8_t left_out[OTEL_EXEMPLAR_INLINE_];
    uint32_t used;
    if (OTEL_LOAD_ACQUIRE_(&instrument->seen_) != otel_seen_() || !instrument->front_) return NULL;
    for (s = instrument->front_->streams; s; s = s->front_->streams) streams++;
    s = instrument->front_->streams;
    if (streams && !otel_seize_(instrument, instrument->otel_)) return NULL;
    if (streams) ((otel_source_t_ *)(void *)instrument->front_)->bound = 1;
    if (streams == 1u && otel_stream_alone_((const otel_stream_t_ *)(const void *)s, instrument)) {
        cell = otel_stream_bind_(s, attributes, len, left_out, &used);
    } else if (streams) {
        otel_fan_t_ *fan = otel_fan_(instrument, attributes, len, streams);
        cell = fan ? &fan->cell : NULL;
    }
    if (streams) otel_cede_(instrument);
    if (cell && cell->owner == instrument && !otel_cell_ready_(cell)) cell = NULL;
    return cell;
}
OTEL_C_END_
#endif

/* ---- shape.h --------------------------------------------------------------------------------------------------- */
#if OTEL_BODIES_ && OTEL_ENABLED
OTEL_C_BEGIN_
/* What a stream is made of. */
typedef struct otel_shape_t_ {
    otel_view_t view;                             /* what the views of a stream say, by_len of them */
    size_t by_len, leader;
    const otel_reading_t *reading;
    const char *const *keys;
    const otel_form_t_ *form;                     /* NULL: nothing is kept */
    const void *bounds;
    size_t bounds_len, series, words;             /* sets of attributes; words of all rows */
    otel_reservoir_t reservoir;
    bool own_series, own_rows, unsummed, filters;
} otel_shape_t_;

/* Is view `k` one of those that make the stream that view `leader` begins? */
OTEL_FN_ bool otel_view_in_(const otel_metric_settings_t *s, const otel_instrument_t *i, size_t leader, size_t k)
{
    const otel_view_t *v = &s->views[k];
    if (s->matching != OTEL_VIEWS_COMPOSABLE) return k == leader;
    return otel_view_selects_(v, i) && (!v->name || (s->views[leader].name && otel_texts_same_(v->name, s->views[leader].name)));
}

/* Does view `k` begin a stream of the instrument? Of composable ones the first of each name does; without names the first. */
OTEL_FN_ bool otel_view_leads_(const otel_metric_settings_t *s, const otel_instrument_t *i, size_t k)
{
    const otel_view_t *v = &s->views[k];
    size_t n;
    if (!otel_view_selects_(v, i)) return false;
    for (n = 0; s->matching == OTEL_VIEWS_COMPOSABLE && n < s->views_len; n++) {
        const char *name = s->views[n].name;
        if (n == k || !otel_view_selects_(&s->views[n], i)) continue;
        if (v->name ? n < k && name && otel_texts_same_(name, v->name) : n < k || name) return false;
    }
    return true;
}

/* Write the views of a stream to `by`, unless that is NULL; how many there are. */
OTEL_FN_ size_t otel_views_of_(const otel_metric_settings_t *s, const otel_instrument_t *i, size_t leader, const otel_view_t **by)
{
    size_t k, n = 0;
    for (k = 0; leader < s->views_len && k < s->views_len; k++) {
        if (!otel_view_in_(s, i, leader, k)) continue;
        if (by) by[n] = &s->views[k];
        n++;
    }
    return n;
}

/* What the views of a stream say together: of what several say the last counts. */
OTEL_FN_ void otel_shape_begin_(otel_shape_t_ *shape, const otel_metric_settings_t *s, const otel_instrument_t *i, size_t leader)
{
    otel_view_t *all = &shape->view;
    size_t k;
    memset((void *)shape, 0, sizeof *shape);
    shape->leader = leader;
    shape->by_len = otel_views_of_(s, i, leader, NULL);
    for (k = 0; leader < s->views_len && k < s->views_len; k++) {
        const otel_view_t *v = &s->views[k];
        if (!otel_view_in_(s, i, leader, k)) continue;
        shape->filters = shape->filters || v->keep || v->exclude;
        if (v->name) all->name = v->name;
        if (v->description) all->description = v->description;
        if (v->limit) all->limit = v->limit;
        if (v->reservoir) all->reservoir = v->reservoir;
        if (v->aggregation) all->aggregation = v->aggregation;
        if (v->aggregation || v->bounds) {
            all->bounds = v->bounds;
            all->bounds_len = v->bounds_len;
        }
        if (v->aggregation || v->size) all->size = v->size;
    }
}

OTEL_FN_ void otel_shape_reservoir_(otel_shape_t_ *shape, const otel_instrument_t *i, const otel_exemplar_filter_t *filter)
{
    bool powers = (shape->form->kind & OTEL_POWERS_) != 0, bounds = (shape->form->kind & OTEL_BUCKETS_) && !powers && shape->words;
    size_t most = powers ? (shape->bounds_len + 3u - OTEL_POWERS_HEAD_) / 2u : 1u;
    if (!filter || (i->form_->kind & OTEL_OBSERVED_)) return;
    if (shape->view.reservoir) shape->reservoir = *shape->view.reservoir;
    if (!shape->reservoir.offer) shape->reservoir.offer = bounds ? filter->aligned_ : filter->fixed_;
    if (!shape->reservoir.size) shape->reservoir.size = (uint16_t)(bounds ? shape->bounds_len + 1u : most < 20u ? most : 20u);
}

/* What a reading makes of instruments of this kind where no view says it. */
OTEL_FN_ const otel_aggregation_t *otel_reading_aggregation_(const otel_reading_t *r, unsigned kind)
{
    switch (r ? otel_view_kind_(kind) : 0u) {
    case OTEL_VIEW_COUNTER: return r->counter;
    case OTEL_VIEW_UPDOWN: return r->updown;
    case OTEL_VIEW_HISTOGRAM: return r->histogram;
    case OTEL_VIEW_GAUGE: return r->gauge;
    case OTEL_VIEW_OBSERVABLE_COUNTER: return r->observable_counter;
    case OTEL_VIEW_OBSERVABLE_UPDOWN: return r->observable_updown;
    case OTEL_VIEW_OBSERVABLE_GAUGE: return r->observable_gauge;
    default: return NULL;
    }
}

/* The form, and where it does not go with the instrument the reading's or the instrument's own. False: what a view says does not. */
OTEL_FN_ bool otel_shape_form_(otel_shape_t_ *shape, const otel_instrument_t *i, const otel_aggregation_t **by)
{
    unsigned kind = i->form_->kind;
    const otel_aggregation_t *a = shape->view.aggregation ? shape->view.aggregation : otel_reading_aggregation_(shape->reading, kind);
    *by = a;
    if (a && a->shape_ == OTEL_SHAPE_DROP_) return true;
    shape->form = a ? (a->form_)(kind) : i->form_;
    if (shape->form) return true;
    if (shape->view.aggregation) return false;
    *by = NULL;
    shape->form = i->form_;
    return true;
}

/* False: the view does not go with the instrument. */
OTEL_FN_ bool otel_shape_(otel_shape_t_ *shape, const otel_instrument_t *i, const otel_exemplar_filter_t *filter)
{
    static const double usual[] = { OTEL_DEFAULT_BOUNDS };
    const otel_view_t *view = &shape->view;
    const otel_aggregation_t *a;
    unsigned kind = i->form_->kind, shapes;
    if (!otel_shape_form_(shape, i, &a)) return false;
    if (!shape->form) return true;
    shapes = a ? a->shape_ : OTEL_SHAPE_NUMBER_;
    shape->series = view->limit ? view->limit : shape->reading && shape->reading->limit ? shape->reading->limit : i->series_len;
    if (shapes == OTEL_SHAPE_POWERS_) {
        shape->bounds_len = OTEL_POWERS_HEAD_ - 3u + 2u * (view->size ? view->size : OTEL_HOSTED_ ? 160u : 20u);
    } else if (shapes == OTEL_SHAPE_BOUNDS_) {
        bool advice = !view->bounds && (kind & (OTEL_BUCKETS_ | OTEL_POWERS_ | OTEL_DOUBLE_)) == (OTEL_BUCKETS_ | OTEL_DOUBLE_) && i->rows;
        shape->bounds = view->bounds ? (const void *)view->bounds : advice ? i->bounds : (const void *)usual;
        shape->bounds_len = view->bounds ? view->bounds_len : advice ? i->bounds_len : sizeof usual / sizeof *usual;
    } else if (!a && i->rows) {
        shape->bounds = i->bounds;
        shape->bounds_len = i->bounds_len;
    }
    if (shapes != OTEL_SHAPE_NUMBER_ || (!a && i->rows)) shape->words = (shape->series + 2u) * (shape->bounds_len + 3u);
    shape->unsummed = shapes != OTEL_SHAPE_NUMBER_ && (kind & (OTEL_UPDOWN_ | OTEL_LAST_));
    otel_shape_reservoir_(shape, i, filter);
    return true;
}
OTEL_C_END_
#endif

/* ---- source.h -------------------------------------------------------------------------------------------------- */
#if OTEL_BODIES_ && OTEL_ENABLED
OTEL_C_BEGIN_
OTEL_API_ void otel_source_join_by_(otel_instrument_t *instrument, otel_source_t_ *source, otel_metric_settings_t *settings, otel_front_t_ *advised, const char *const *keys);
OTEL_API_ bool otel_source_enabled_(const otel_instrument_t *instrument);

/* ---- how a stream differs from its aggregation ---- */
/* Sets of a callback that are one set behind a filter are summed. */
OTEL_API_ void otel_merged_whole_(otel_cell_t *cell, int64_t value);
OTEL_API_ void otel_merged_whole_(otel_cell_t *cell, int64_t value)
{ OTEL_CALLED_
    otel_instrument_t *i = cell->owner;
    bool ended, again = otel_cell_ready_(cell) && cell != &i->overflow_ && otel_observed_twice_(cell);
    if (again && (value >= 0 || (i->form_->kind & OTEL_UPDOWN_))) value = otel_sum_stops_((int64_t)otel_cell_read_(cell), value, &ended);
    (((otel_stream_t_ *)(void *)i)->whole)(cell, value);
}

OTEL_API_ void otel_merged_real_(otel_cell_t *cell, double value);
OTEL_API_ void otel_merged_real_(otel_cell_t *cell, double value)
{ OTEL_CALLED_
    otel_instrument_t *i = cell->owner;
    bool ended, again = otel_cell_ready_(cell) && cell != &i->overflow_ && otel_observed_twice_(cell);
    if (again && otel_finite_(value) && (!(otel_double_word_(value) & OTEL_SIGN_) || (i->form_->kind & OTEL_UPDOWN_))) value = otel_sum_of_(otel_unpack_(otel_cell_read_(cell)), value, &ended);
    (((otel_stream_t_ *)(void *)i)->real)(cell, value);
}

OTEL_API_ void otel_merged_real_whole_(otel_cell_t *cell, int64_t value);
OTEL_API_ void otel_merged_real_whole_(otel_cell_t *cell, int64_t value) { OTEL_CALLED_ otel_merged_real_(cell, (double)value); }

/* Buckets of numbers that may be negative have no sum. It stands last, but for the extremes of exponential ones. */
OTEL_API_ bool otel_unsummed_write_(otel_telling_t_ *point);
OTEL_API_ bool otel_unsummed_write_(otel_telling_t_ *point)
{ OTEL_CALLED_
    otel_stream_t_ *stream = (otel_stream_t_ *)(void *)point->cell->owner;
    if (!(stream->plain)(point)) return false;
    if ((stream->form.kind & OTEL_POWERS_) && point->at[-9] == 0x69) memmove(point->at - 27, point->at - 18, 18);
    point->at -= 9;
    return true;
}

/* While its meter is off a stream has nothing to say; what was counted before is told when it is on again. */
OTEL_API_ bool otel_gated_write_(otel_telling_t_ *point);
OTEL_API_ bool otel_gated_write_(otel_telling_t_ *point)
{ OTEL_CALLED_
    otel_stream_t_ *stream = (otel_stream_t_ *)(void *)point->cell->owner;
    if (!otel_source_off_((otel_source_t_ *)(void *)stream->source->front_, stream->source)) return (stream->gated)(point);
    point->fresh = false;
    return true;
}

/* ---- registration ---- */
/* What the instrument brought and no stream has taken yet. */
typedef struct otel_brought_t_ {
    bool series, rows;
} otel_brought_t_;

/* Bytes of the stream; what the instrument brought goes to the first that can use it. */
OTEL_FN_ size_t otel_shape_size_(otel_shape_t_ *shape, const otel_instrument_t *i, otel_brought_t_ *brought)
{
    size_t cells = (shape->series + 2u) * shape->reservoir.size;
    shape->own_series = shape->series && !(brought->series && i->series_len >= shape->series);
    shape->own_rows = shape->words && !(brought->rows && i->rows_len >= shape->words);
    if (shape->series && !shape->own_series) brought->series = false;
    if (shape->words && !shape->own_rows) brought->rows = false;
    return otel_carved_(sizeof(otel_stream_t_)) + (shape->own_series ? otel_carved_(shape->series * sizeof(otel_series_t)) : 0u) +
           (shape->own_rows ? otel_carved_(shape->words * sizeof(otel_word_t)) : 0u) + (shape->filters ? otel_carved_(shape->by_len * sizeof(otel_view_t *)) : 0u) + (cells ? otel_carved_(cells * sizeof(otel_exemplar_t_)) + otel_carved_((shape->series + 2u) * sizeof(uint32_t)) : 0u);
}

/* A stream registers as instruments do, before its source; one whose series the program keeps does so alone. */
static const otel_front_calls_t_ OTEL_ATTRIBUTE_((unused)) otel_stream_calls_ = { NULL, NULL, NULL, NULL, NULL, NULL };
static const otel_front_calls_t_ OTEL_ATTRIBUTE_((unused)) otel_source_calls_ = { otel_source_join_, otel_source_whole_, otel_source_real_, otel_source_bind_, otel_source_enabled_, NULL };

OTEL_FN_ void otel_stream_form_(otel_stream_t_ *stream, const otel_shape_t_ *shape)
{
    unsigned kind = shape->form->kind;
    stream->form = *shape->form;
    stream->whole = stream->form.whole;
    stream->real = stream->form.real;
    stream->plain = stream->inner = stream->form.write;
    if ((kind & OTEL_OBSERVED_) && (kind & OTEL_SUM_) && stream->filters) {
        stream->form.whole = kind & OTEL_DOUBLE_ ? otel_merged_real_whole_ : otel_merged_whole_;
        if (kind & OTEL_DOUBLE_) stream->form.real = otel_merged_real_;
    }
    if (shape->unsummed) stream->form.write = stream->inner = otel_unsummed_write_;
    if (stream->exemplars) {
        stream->form.write = stream->settings->exemplars->write_;
        stream->form.small = 255;
    }
    stream->gated = stream->form.write;
    if (stream->settings->rules_change) stream->form.write = otel_gated_write_;
}

OTEL_FN_ otel_stream_t_ *otel_stream_make_(uint8_t *at, otel_instrument_t *i, const otel_shape_t_ *shape, const otel_metric_settings_t *settings)
{
    otel_stream_t_ *stream = (otel_stream_t_ *)otel_take_(&at, sizeof *stream);
    size_t cells = (shape->series + 2u) * shape->reservoir.size;
    otel_instrument_t *base = &stream->base;
    base->name = shape->view.name ? shape->view.name : i->name;
    base->unit = i->unit;
    base->description = shape->view.description ? shape->view.description : i->description;
    base->scope = i->scope;
    base->otel = i->otel;
    if (shape->series) base->series = shape->own_series ? (otel_series_t *)otel_take_(&at, shape->series * sizeof *base->series) : i->series;
    base->series_len = shape->series;
    base->bounds = shape->bounds;
    base->bounds_len = shape->bounds_len;
    if (shape->words) base->rows = shape->own_rows ? (otel_word_t *)otel_take_(&at, shape->words * sizeof *base->rows) : i->rows;
    base->rows_len = shape->words;
    base->form_ = &stream->form;
    base->front_ = &stream->front;
    stream->front.calls = &otel_stream_calls_;
    stream->source = i;
    stream->settings = settings;
    stream->reading = shape->reading;
    stream->reservoir = shape->reservoir;
    stream->keys = shape->keys;
    stream->filters = shape->filters || shape->keys;
    if (shape->filters) {
        const otel_view_t **by = (const otel_view_t **)otel_take_(&at, shape->by_len * sizeof *by);
        stream->by = by;
        stream->by_len = otel_views_of_(settings, i, shape->leader, by);
    }
    if (cells) {
        stream->exemplars = (otel_exemplar_t_ *)otel_take_(&at, cells * sizeof *stream->exemplars);
        stream->seen = (uint32_t *)otel_take_(&at, (shape->series + 2u) * sizeof *stream->seen);
    }
    otel_stream_form_(stream, shape);
    return stream;
}
/* Go over the views that select the instrument: with `at` make their streams, without it say how many bytes they take.
   *selected: there was one, or something else has a say in it. */
OTEL_FN_ size_t otel_streams_lay_(otel_instrument_t *i, otel_metric_settings_t *s, const char *const *keys, uint8_t *at, otel_front_t_ *front, bool *selected)
{
    const bool always = s->readings_len || s->rules_change || keys || (s->exemplars && !(i->form_->kind & OTEL_OBSERVED_));
    otel_brought_t_ brought;
    size_t r, k, bytes = 0;
    brought.series = brought.rows = true;
    *selected = !s->rules_change && otel_meter_off_(s->rules, s->rules_len, i->scope);
    if (*selected) return 0;
    for (r = 0; r < (s->readings_len ? s->readings_len : 1u); r++) {
        bool any = false;
        for (k = 0; k <= s->views_len; k++) {
            otel_shape_t_ shape;
            if (k < s->views_len ? !otel_view_leads_(s, i, k) : any || !always) continue;
            otel_shape_begin_(&shape, s, i, k);
            shape.reading = s->readings_len ? s->readings[r] : NULL;
            if (!shape.filters) shape.keys = keys;
            if (!otel_shape_(&shape, i, s->exemplars)) {
                if (!at) otel_tally_(&s->ignored_);
                continue;
            }
            any = *selected = true;
            if (!shape.form) continue;
            if (at) {
                otel_stream_t_ *stream;
                size_t more = otel_shape_size_(&shape, i, &brought);
                stream = otel_stream_make_(at + bytes, i, &shape, s);
                front->streams = &stream->base;
                front = &stream->front;
                bytes += more;
            } else {
                bytes += otel_shape_size_(&shape, i, &brought);
            }
        }
    }
    return bytes;
}

/* NULL: nothing has a say in this instrument, or there is no memory. */
OTEL_FN_ otel_source_t_ *otel_source_make_(otel_instrument_t *instrument, otel_metric_settings_t *s, otel_front_t_ *advised, const char *const *keys)
{
    otel_source_t_ *source;
    bool selected;
    uint8_t *at;
    size_t bytes = otel_streams_lay_(instrument, s, keys, NULL, NULL, &selected);
    if (!selected) return NULL;
    if (instrument->epoch_) {                                 /* somebody may keep one of its series */
        otel_tally_(&s->ignored_);
        return NULL;
    }
    at = otel_carve_(s, otel_carved_(sizeof *source) + bytes);
    if (!at) {
        OTEL_STORE_(&instrument->told_, (uint8_t)(instrument->told_ | OTEL_TOLD_CROWDED_));
        return NULL;
    }
    source = (otel_source_t_ *)otel_take_(&at, sizeof *source);
    source->front.calls = &otel_source_calls_;
    source->settings = s;
    source->origin = instrument->form_;
    source->advised = advised;
    source->keys = keys;
    (void)otel_streams_lay_(instrument, s, keys, at, &source->front, &selected);
    source->form = *instrument->form_;
    source->form.kind |= OTEL_FRONT_ | OTEL_OBSERVED_;        /* it has nothing to say when metrics are collected */
    source->form.whole = otel_front_whole_;
    source->form.real = otel_front_real_;
    source->form.record = source->origin->record ? otel_front_whole_ : NULL;
    source->form.words = NULL;
    source->series = instrument->series;
    instrument->series = NULL;                                /* no set of attributes is looked for there */
    instrument->front_ = &source->front;
    OTEL_STORE_(&instrument->form_, (const otel_form_t_ *)&source->form);
    return source;
}

/* Other settings than before: the instrument is as the program defined it, and as new. */
OTEL_FN_ void otel_source_leave_(otel_instrument_t *instrument, const otel_source_t_ *source)
{
    OTEL_STORE_(&instrument->form_, source->origin);
    instrument->front_ = source->advised;
    instrument->epoch_ = 0;
    instrument->series = source->series;
    memset((void *)&instrument->total_, 0, sizeof instrument->total_);
    memset((void *)&instrument->overflow_, 0, sizeof instrument->overflow_);
    if (instrument->series) memset((void *)instrument->series, 0, instrument->series_len * sizeof *instrument->series);
    if (instrument->rows) memset((void *)instrument->rows, 0, instrument->rows_len * sizeof *instrument->rows);
}

/* An instrument registers under these settings: its streams do so first. */
OTEL_API_ void otel_source_join_by_(otel_instrument_t *instrument, otel_source_t_ *source, otel_metric_settings_t *settings, otel_front_t_ *advised, const char *const *keys)
{ OTEL_CALLED_
    otel_instrument_t *s;
    if (source && source->settings != settings && !source->bound) {
        otel_source_leave_(instrument, source);
        source = NULL;
    }
    if (!source && settings) source = otel_source_make_(instrument, settings, advised, keys);
    if (!source) return;
    OTEL_STORE_(&source->on_under, (const void *)NULL);       /* rules of another life */
    OTEL_STORE_(&source->off_under, (const void *)NULL);
    for (s = source->front.streams; s; s = s->front_->streams) {
        if (otel_join_(s) && source->settings->rules_change) OTEL_STORE_(&s->reclaims_, (uint8_t)0);      /* what says nothing because it is off is not idle */
    }
}

OTEL_API_ void otel_source_join_(otel_instrument_t *instrument, otel_t *otel)
{ OTEL_CALLED_
    otel_source_t_ *source = (otel_source_t_ *)(void *)instrument->front_;
    otel_metric_settings_t *settings = otel->config_.metrics.settings_;
    if (!settings && source && source->advised) settings = (source->advised->calls->settings)(source->advised);
    otel_source_join_by_(instrument, source, settings, source ? source->advised : NULL, source ? source->keys : NULL);
}

OTEL_API_ bool otel_source_enabled_(const otel_instrument_t *instrument)
{ OTEL_CALLED_
    return instrument->front_->streams && !otel_source_off_((otel_source_t_ *)(void *)instrument->front_, instrument);
}
OTEL_C_END_
#endif

/* ---- advice.h -------------------------------------------------------------------------------------------------- */
#if OTEL_BODIES_ && OTEL_ENABLED && OTEL_METRICS
OTEL_C_BEGIN_
OTEL_API_ otel_metric_settings_t *otel_advice_settings_(otel_front_t_ *front)
{ OTEL_CALLED_
    otel_advice_t *advice = (otel_advice_t *)(void *)front;
    advice->settings_.memory = advice->memory_;
    advice->settings_.memory_len = sizeof advice->memory_ / sizeof *advice->memory_;
    return &advice->settings_;
}

/* The instrument registers: with the settings of its instance, else with those that the advice brings. */
OTEL_API_ void otel_advice_join_(otel_instrument_t *instrument, otel_t *otel)
{ OTEL_CALLED_
    otel_advice_t *advice = (otel_advice_t *)(void *)instrument->front_;
    otel_metric_settings_t *settings = otel->config_.metrics.settings_;
    if (!settings) {
        settings = otel_advice_settings_(&advice->front_);
        settings->used_ = 0;                                  /* nobody else has any of it */
    }
    otel_source_join_by_(instrument, NULL, settings, &advice->front_, advice->keys_);
}

/* Before it is registered nothing is recorded. */
OTEL_API_ void otel_advice_whole_(otel_instrument_t *instrument, int64_t value, const otel_attr_t *attributes, size_t len)
{ OTEL_CALLED_
    (void)instrument;
    (void)value;
    (void)attributes;
    (void)len;
}

OTEL_API_ void otel_advice_real_(otel_instrument_t *instrument, double value, const otel_attr_t *attributes, size_t len)
{ OTEL_CALLED_
    (void)instrument;
    (void)value;
    (void)attributes;
    (void)len;
}

OTEL_API_ otel_cell_t *otel_advice_bind_(otel_instrument_t *instrument, const otel_attr_t *attributes, size_t len)
{ OTEL_CALLED_
    (void)instrument;
    (void)attributes;
    (void)len;
    return NULL;
}
OTEL_C_END_
#endif

/* ---- any.h ----------------------------------------------------------------------------------------------------- */
#if OTEL_BODIES_
OTEL_C_BEGIN_
/* One scalar of AnyValue, at p[n]. */
OTEL_FN_ bool otel_any_read_(const uint8_t *p, size_t n, otel_value_t *out)
{
    uint64_t bits = 0;
    unsigned shift = 0;
    size_t i = 1;
    if (n == 0) return false;
    if (p[0] == OTEL_TAG_DOUBLE_ && n == 9u) {
        bits = otel_get64_(p + 1);
        memset((void *)out, 0, sizeof *out);
        out->type = OTEL_V_DOUBLE_;
        if (sizeof(double) != 8) return false;
        memcpy(&out->as.d, &bits, sizeof(double));
        return true;
    }
    do {
        if (i >= n || shift > 63u) return false;
        bits |= (uint64_t)(p[i] & 127u) << shift;
        shift += 7;
    } while (p[i++] & 128u);
    if (p[0] != OTEL_TAG_INT_ && p[0] != OTEL_TAG_BOOL_ && p[0] != OTEL_TAG_STRING_ && p[0] != OTEL_TAG_BYTES_) return false;
    memset((void *)out, 0, sizeof *out);
    if (p[0] == OTEL_TAG_INT_ || p[0] == OTEL_TAG_BOOL_) {
        out->type = p[0] == OTEL_TAG_INT_ ? OTEL_V_INT_ : OTEL_V_BOOL_;
        out->as.u = p[0] == OTEL_TAG_INT_ ? bits : bits != 0;
    } else {
        out->type = p[0] == OTEL_TAG_STRING_ ? OTEL_V_STRING_ : OTEL_V_BYTES_;
        out->size = 1;
        out->len = bits > OTEL_LENGTH_MAX_ ? OTEL_LENGTH_MAX_ + 1u : (uint32_t)bits;
        out->as.p = p + i;
    }
    return true;
}
OTEL_C_END_
#endif

/* ---- tracestate.h ---------------------------------------------------------------------------------------------- */
#if OTEL_BODIES_
OTEL_C_BEGIN_
#define OTEL_TRACESTATE_MEMBERS_ 32u    /* "tracestate Header Field Values" */
#define OTEL_TRACESTATE_PART_ 256u      /* bytes of a key, and of a value */

/* OWS of RFC 9110, 5.6.3: a space or a tab. */
OTEL_INLINE_ bool otel_blank_(char c) { return c == ' ' || c == '\t'; }

/* The next member of a header that is a comma-separated list; NULL at the end. Empty members are passed over (RFC 9110,
   5.6.1). A member that begins or ends behind the first *left bytes is not there. *at then stands behind the member, and
   at the end on the NUL or on what was left over. */
OTEL_API_ const char *otel_list_next_(const char **at, size_t *left)
{ OTEL_CALLED_
    const char *p = *at, *from;
    size_t room = *left;
    for (; room && (otel_blank_(*p) || *p == ','); p++) room--;
    from = *at = p;
    if (room == 0 || *p == 0) return NULL;
    for (; *p && *p != ','; p++) {
        if (room) room--;
        else if (!otel_blank_(*p)) return NULL;
    }
    *at = p;
    *left = room;
    return from;
}

/* The length of a member that ends before `end`, without the whitespace behind it. */
OTEL_FN_ size_t otel_list_len_(const char *member, const char *end)
{
    while (otel_blank_(end[-1])) end--;
    return (size_t)(end - member);
}

/* Put a member behind the n bytes of a list, as far as it fits; the new n counts it in any case. */
OTEL_FN_ size_t otel_list_put_(char *buf, size_t size, size_t n, const char *member, size_t len)
{
    if (n) {
        if (n < size) buf[n] = ',';
        n++;
    }
    if (n < size && len < size - n) memcpy(buf + n, member, len);
    return n + len;
}

OTEL_FN_ bool otel_lower_or_digit_(unsigned char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9'); }

/* "Key", "Value". A multi-tenant key needs no case of its own: in level 2 an '@' may stand wherever a '_' may. */
OTEL_STEP_ bool otel_tracestate_good_(const char *member, size_t len)
{
    const unsigned char *p = (const unsigned char *)member;
    size_t i = 0;
    while (i < len && (otel_lower_or_digit_(p[i]) || p[i] == '_' || p[i] == '-' || p[i] == '*' || p[i] == '/' || p[i] == '@')) i++;
    if (i == 0 || i > OTEL_TRACESTATE_PART_ || i == len || p[i] != '=' || !otel_lower_or_digit_(p[0])) return false;
    i++;
    if (i == len || len - i > OTEL_TRACESTATE_PART_) return false;
    for (; i < len; i++) {
        if (p[i] < 0x20 || p[i] > 0x7E || p[i] == '=') return false;     /* a comma would have ended the member */
    }
    return true;
}

OTEL_INLINE_ size_t otel_tracestate_pass_(const char *text, char *buf, size_t size)
{
    const char *member;
    size_t n = 0, left = (size_t)-1;
    unsigned members = 0;
    while ((member = otel_list_next_(&text, &left)) != NULL) {
        size_t len = otel_list_len_(member, text);
        if (++members > OTEL_TRACESTATE_MEMBERS_ || !otel_tracestate_good_(member, len)) {
            n = 0;
            break;
        }
        n = buf ? otel_list_put_(buf, size, n, member, len) : n + (n != 0) + len;
    }
    if (size) buf[n < size ? n : 0] = 0;
    return n;
}

OTEL_API_ size_t otel_tracestate_write_(const char *text, char *buf, size_t size) { OTEL_CALLED_ return otel_tracestate_pass_(text, buf, size); }

/* The length alone, 0: nothing of it may go on. A body of its own, for the stack that it does not take. */
OTEL_API_ size_t otel_tracestate_size_(const char *text) { OTEL_CALLED_ return otel_tracestate_pass_(text, NULL, 0); }

OTEL_API_ size_t otel_tracestate(const otel_context_t *context, char *buf, size_t size)
{ OTEL_CALLED_
    OTEL_WHEN_OFF_((void)context; if (size) buf[0] = 0; return 0)
    return otel_tracestate_write_(context && context->tracestate ? context->tracestate : "", buf, size);
}
OTEL_C_END_
#endif

/* ---- carrier.h ------------------------------------------------------------------------------------------------- */
#if OTEL_BODIES_
OTEL_C_BEGIN_
#define OTEL_CARRIER_LINES_ 256u
#define OTEL_ENDS_IN_NUL_ ((size_t)-1)

/* `name`, lower-case, against other[other_len] in any case. */
OTEL_API_ bool otel_name_is_(const char *name, const char *other, size_t other_len)
{ OTEL_CALLED_
    size_t i;
    for (i = 0; i < other_len; i++) {
        unsigned char c = (unsigned char)other[i];
        if (c >= 'A' && c <= 'Z') c = (unsigned char)(c + ('a' - 'A'));
        if (c == 0 || c != (unsigned char)name[i]) return false;
    }
    return name[other_len] == 0;
}

/* As the getter gives it: *len is OTEL_ENDS_IN_NUL_ when it left that alone. */
OTEL_FN_ const char *otel_carrier_raw_(const otel_carrier_t *carrier, const char *name, size_t *at, size_t *len)
{
    *len = OTEL_ENDS_IN_NUL_;
    return carrier->get ? (carrier->get)(carrier->user, name, at, len) : NULL;
}

OTEL_FN_ const char *otel_trim_(const char *text, size_t *len)
{
    size_t n = *len;
    for (; n && otel_blank_(*text); n--) text++;
    while (n && otel_blank_(text[n - 1])) n--;
    *len = n;
    return text;
}

OTEL_API_ const char *otel_carrier_next(const otel_carrier_t *carrier, const char *name, size_t *at, size_t *len)
{ OTEL_CALLED_
    const char *text;
    OTEL_WHEN_OFF_((void)carrier; (void)name; (void)at; (void)len; return NULL)
    if (!carrier || !name || !at || !len) return NULL;
    text = otel_carrier_raw_(carrier, name, at, len);
    if (!text) return NULL;
    if (*len == OTEL_ENDS_IN_NUL_) *len = strlen(text);
    return otel_trim_(text, len);
}

OTEL_API_ const char *otel_carrier_only(const otel_carrier_t *carrier, const char *name, size_t *len)
{ OTEL_CALLED_
    size_t at = 0, more;
    const char *text = otel_carrier_next(carrier, name, &at, len);
    OTEL_WHEN_OFF_(return NULL)
    return text && !otel_carrier_next(carrier, name, &at, &more) ? text : NULL;
}

/* Put the lines of a header together. */
OTEL_STEP_ const char *otel_carrier_join_(otel_carrier_t *carrier, const char *name, size_t room, bool whole)
{
    char *list = carrier->buffer;
    const char *line;
    size_t at = 0, len, n = 0;
    unsigned lines = 0;
    while (lines++ < OTEL_CARRIER_LINES_ && (line = otel_carrier_next(carrier, name, &at, &len)) != NULL) {
        if (len == 0 || memchr(line, 0, len)) continue;
        if (len >= room - n || (n && len + 1u >= room - n)) {
            if (whole) return NULL;
            continue;
        }
        if (n) list[n++] = ',';
        memcpy(list + n, line, len);
        n += len;
    }
    if (n == 0) return NULL;
    list[n++] = 0;
    carrier->buffer += n;
    carrier->buffer_size -= n;
    return list;
}

OTEL_API_ const char *otel_carrier_list(otel_carrier_t *carrier, const char *name, size_t limit, bool whole)
{ OTEL_CALLED_
    OTEL_WHEN_OFF_((void)carrier; (void)name; (void)limit; (void)whole; return NULL)
    if (!carrier || !name) return NULL;
    {                                             /* a block: its stack is free when the lines are put together */
        size_t at = 0, more, len;
        const char *first = otel_carrier_raw_(carrier, name, &at, &len);
        if (!first) return NULL;
        if (len == OTEL_ENDS_IN_NUL_ && !otel_carrier_next(carrier, name, &at, &more)) return first;
    }
    if (!carrier->buffer || carrier->buffer_size == 0) return NULL;
    return otel_carrier_join_(carrier, name, limit < carrier->buffer_size ? limit + 1u : carrier->buffer_size, whole);
}

OTEL_API_ const char *otel_headers_get_(void *user, const char *name, size_t *at, size_t *len)
{ OTEL_CALLED_
    const otel_headers_t *headers = (const otel_headers_t *)user;
    while (*at < headers->len) {
        const otel_header_t *h = &headers->at[(*at)++];
        if (h->name && h->value && otel_name_is_(name, h->name, h->name_len)) {
            *len = h->value_len;
            return h->value;
        }
    }
    return NULL;
}

OTEL_API_ const char *otel_headers_key_(void *user, size_t *at, size_t *len)
{ OTEL_CALLED_
    const otel_headers_t *headers = (const otel_headers_t *)user;
    if (*at >= headers->len) return NULL;
    *len = headers->at[*at].name_len;
    return headers->at[(*at)++].name;
}
OTEL_C_END_
#endif

/* ---- baggage.h ------------------------------------------------------------------------------------------------- */
#if OTEL_BODIES_
OTEL_C_BEGIN_
#define OTEL_BAGGAGE_BYTES_ 8192u
#define OTEL_BAGGAGE_MEMBERS_ 180u      /* baggage-string = list-member 0*179( OWS "," OWS list-member ) */

/* token of RFC 9110, 5.6.2: visible ASCII without "(),/:;<=>?@[\]{} and the quotation mark. One bit a character. */
OTEL_FN_ bool otel_token_char_(unsigned char c)
{
    uint32_t row = c < 0x40 ? 0x03FF6CFAu : c < 0x60 ? 0xC7FFFFFEu : 0x57FFFFFFu;
    return c >= 0x20 && c < 0x80 && ((row >> (c & 31u)) & 1u);
}

/* baggage-octet: visible ASCII without quotation mark, comma, semicolon and backslash. */
OTEL_FN_ bool otel_baggage_octet_(unsigned char c) { return c > 0x20 && c < 0x7F && c != '"' && c != ',' && c != ';' && c != '\\'; }

OTEL_FN_ size_t otel_skip_blanks_(const char *text, size_t len, size_t at)
{
    while (at < len && otel_blank_(text[at])) at++;
    return at;
}

OTEL_FN_ size_t otel_skip_token_(const char *text, size_t len, size_t at)
{
    while (at < len && otel_token_char_((unsigned char)text[at])) at++;
    return at;
}

OTEL_FN_ size_t otel_skip_octets_(const char *text, size_t len, size_t at)
{
    while (at < len && otel_baggage_octet_((unsigned char)text[at])) at++;
    return at;
}

/* *( OWS ";" OWS property ), property = key OWS [ "=" OWS value OWS ]; `at` stands on the first ';'. */
OTEL_FN_ bool otel_properties_good_(const char *text, size_t len, size_t at)
{
    while (at < len) {
        size_t key;
        if (text[at] != ';') return false;
        key = otel_skip_blanks_(text, len, at + 1);
        at = otel_skip_token_(text, len, key);
        if (at == key) return false;
        at = otel_skip_blanks_(text, len, at);
        if (at < len && text[at] == '=') at = otel_skip_blanks_(text, len, otel_skip_octets_(text, len, otel_skip_blanks_(text, len, at + 1)));
    }
    return true;
}

/* list-member = key OWS "=" OWS value *( OWS ";" OWS property ); `entry` NULL: is it one? */
OTEL_FN_ bool otel_baggage_parse_(const char *member, size_t len, otel_baggage_entry_t *entry)
{
    size_t at = otel_skip_token_(member, len, 0), key = at, end;
    end = otel_skip_blanks_(member, len, at);
    if (at == 0 || end == len || member[end] != '=') return false;
    at = otel_skip_blanks_(member, len, end + 1);
    end = otel_skip_octets_(member, len, at);
    if (entry) {
        entry->key = member;
        entry->key_len = key;
        entry->value = member + at;
        entry->value_len = end - at;
    }
    end = otel_skip_blanks_(member, len, end);
    if (entry) {
        at = end < len ? otel_skip_blanks_(member, len, end + 1) : len;
        entry->properties = member + at;
        entry->properties_len = len - at;
    }
    return otel_properties_good_(member, len, end);
}

OTEL_FN_ otel_baggage_t otel_baggage_walk_(const char *text)
{
    otel_baggage_t it;
    it.at_ = text ? text : "";
    it.left_ = OTEL_BAGGAGE_BYTES_;
    it.members_ = 0;
    it.rest_ = false;
    return it;
}

OTEL_API_ otel_baggage_t otel_baggage(const otel_context_t *context)
{ OTEL_CALLED_
    OTEL_WHEN_OFF_((void)context; return otel_baggage_walk_(NULL))
    return otel_baggage_walk_(context ? context->baggage : NULL);
}

/* The length of the next good member, 0: no more. */
OTEL_STEP_ size_t otel_baggage_step_(otel_baggage_t *it, otel_baggage_entry_t *entry)
{
    const char *member;
    while ((member = otel_list_next_(&it->at_, &it->left_)) != NULL) {
        size_t len;
        if (it->members_ == OTEL_BAGGAGE_MEMBERS_) {
            it->left_ = 0;
            it->at_ = member;
            break;
        }
        it->members_++;
        len = otel_list_len_(member, it->at_);
        if (otel_baggage_parse_(member, len, entry)) return len;
        it->rest_ = true;
    }
    if (*it->at_) it->rest_ = true;
    return 0;
}

OTEL_API_ bool otel_baggage_next(otel_baggage_t *it, otel_baggage_entry_t *entry)
{ OTEL_CALLED_
    OTEL_WHEN_OFF_((void)it; (void)entry; return false)
    return it && entry && otel_baggage_step_(it, entry) != 0;
}

OTEL_API_ bool otel_baggage_find(const otel_context_t *context, const char *key, otel_baggage_entry_t *entry)
{ OTEL_CALLED_
    otel_baggage_t it = otel_baggage(context);
    const char *found = NULL;
    size_t len;
    OTEL_WHEN_OFF_((void)it; (void)found; (void)len; (void)key; memset(entry, 0, sizeof *entry); return false)
    len = strlen(key);
    while (otel_baggage_step_(&it, entry)) {
        if (entry->key_len == len && memcmp(entry->key, key, len) == 0) found = entry->key;
    }
    it = otel_baggage(found ? context : NULL);
    while (otel_baggage_step_(&it, entry)) {
        if (entry->key == found) return true;
    }
    memset(entry, 0, sizeof *entry);
    return false;
}

/* How many bytes the good members from here on take as they are sent on. */
OTEL_FN_ size_t otel_baggage_size_(otel_baggage_t *it)
{
    size_t n = 0, len;
    while ((len = otel_baggage_step_(it, NULL)) != 0) n += (n != 0) + len;
    return n;
}

/* Write them; like otel_tracestate_write_. */
OTEL_FN_ size_t otel_baggage_write_(otel_baggage_t *it, char *buf, size_t size)
{
    otel_baggage_entry_t entry;
    size_t n = 0;
    while (otel_baggage_step_(it, &entry)) {
        const char *end = entry.properties + entry.properties_len;        /* of the member, without properties too */
        n = otel_list_put_(buf, size, n, entry.key, (size_t)(end - entry.key));
    }
    if (size) buf[n < size ? n : 0] = 0;
    return n;
}

OTEL_FN_ unsigned otel_hex_any_(char c)
{
    return c >= 'A' && c <= 'F' ? (unsigned)(c - 'A') + 10u : c >= 'a' && c <= 'f' ? (unsigned)(c - 'a') + 10u : c >= '0' && c <= '9' ? (unsigned)(c - '0') : 16u;
}

/* The octet at *at, which moves behind it. */
OTEL_API_ uint8_t otel_percent_next_(const otel_baggage_entry_t *entry, size_t *at);
OTEL_API_ uint8_t otel_percent_next_(const otel_baggage_entry_t *entry, size_t *at)
{ OTEL_CALLED_
    const char *p = entry->value + *at;
    if (*p == '%' && entry->value_len - *at > 2) {
        unsigned high = otel_hex_any_(p[1]), low = otel_hex_any_(p[2]);
        if ((high | low) < 16u) {
            *at += 3;
            return (uint8_t)(high << 4 | low);
        }
    }
    *at += 1;
    return (uint8_t)*p;
}

/* How many octets one U+FFFD stands for: the longest beginning of a character there is (The Unicode Standard, 3.9, "maximal
   subpart"). A beginning is one when continuation bytes complete it. Spoils octets[]. */
OTEL_FN_ unsigned otel_utf8_subpart_(uint8_t octets[4], unsigned have)
{
    unsigned n = have < 3 ? have : 3;
    for (; n > 1; n--) {
        memset(octets + n, 0x80, 4 - n);
        if (otel_utf8_step_(octets, 4) > n) break;
    }
    return n;
}

OTEL_API_ size_t otel_baggage_value(const otel_baggage_entry_t *entry, char *buf, size_t size)
{ OTEL_CALLED_
    uint8_t octets[4];
    size_t at = 0, n = 0, held = 0;
    OTEL_WHEN_OFF_((void)entry; if (size) buf[0] = 0; return 0)
    if (!entry) {
        if (size) buf[0] = 0;
        return 0;
    }
    while (at < entry->value_len) {
        size_t ahead = at;
        unsigned have = 0, len, used;
        do octets[have++] = otel_percent_next_(entry, &ahead); while (octets[0] > 0x7F && have < 4 && ahead < entry->value_len);
        len = used = otel_utf8_step_(octets, have);
        if (len == 0) {
            used = otel_utf8_subpart_(octets, have);
            octets[0] = 0xEF;
            octets[1] = 0xBF;
            octets[2] = 0xBD;
            len = 3;
        }
        for (; used; used--) (void)otel_percent_next_(entry, &at);
        if (n < size && len < size - n) {
            memcpy(buf + n, octets, len);
            held = n + len;
        }
        n += len;
    }
    if (size) buf[held] = 0;
    return n;
}
OTEL_C_END_
#endif

/* ---- span.h ---------------------------------------------------------------------------------------------------- */
OTEL_C_BEGIN_
/* Where things stand in the head. */
#define OTEL_HEAD_TRACE_ 6        /* Span.trace_id = 1 */
#define OTEL_HEAD_SPAN_ 24        /* Span.span_id = 2 */
#define OTEL_HEAD_START_ 33       /* Span.start_time_unix_nano = 7, fixed64 */
#define OTEL_HEAD_END_ 42         /* Span.end_time_unix_nano = 8, fixed64 */
#define OTEL_HEAD_FLAGS_ 52       /* Span.flags = 16, fixed32 */
#define OTEL_HEAD_KIND_ 57        /* Span.kind = 6 */
#define OTEL_HEAD_ROOT_ 58        /* so long without a parent */
#define OTEL_HEAD_PARENT_ 60      /* Span.parent_span_id = 4 */

#define OTEL_MARK_ 0x12u          /* tag of ScopeSpans.spans and ScopeLogs.log_records; also the mark of scope 0 with absolute times */
#define OTEL_FIELD_STATUS_ 0x7Au      /* Span.status = 15 */
#define OTEL_FIELD_NAME_ 0x2Au        /* Span.name = 5 */

#if OTEL_LIMITS
#define OTEL_COUNT_LIMIT_ 128u    /* attributes, events and links of one span (specification: trace/sdk.md, "Span Limits") */
#else
#define OTEL_COUNT_LIMIT_ 0xFFFFu
#endif

/* What stands in a mark: the scope's number and whether times are relative. */
OTEL_FN_ uint8_t otel_mark_(unsigned scope, bool relative) { return (uint8_t)(OTEL_MARK_ ^ (scope << 1 | (relative ? 1u : 0u))); }

OTEL_FN_ bool otel_is_recording(const otel_span_t *span)
{
#if OTEL_ENABLED && OTEL_TRACES
    return span && (span->state_ & OTEL_SPAN_RECORDING_) != 0;
#else
    (void)span;
    return false;
#endif
}

/* Head and fields are one run of bytes, reached by offset because the span's memory may be longer than its type. Without
   a parent the fields begin where its id would stand. */
OTEL_FN_ uint8_t *otel_span_bytes_(otel_span_t *span) { return (uint8_t *)span + offsetof(otel_span_t, head_); }
OTEL_FN_ size_t otel_span_fields_(const otel_span_t *span) { return span->state_ & OTEL_SPAN_PARENT_ ? OTEL_SPAN_HEAD_ : OTEL_HEAD_ROOT_; }
#if OTEL_BODIES_
#if OTEL_ENABLED && OTEL_TRACES
#define OTEL_TRACES_OFF_(answer)
#else
#define OTEL_TRACES_OFF_(answer) answer;
#endif

OTEL_FN_ void otel_count16_(uint16_t *count)
{
    if (*count != 0xFFFFu) ++*count;
}

/* Whether there are ids and what goes along with them. */
OTEL_FN_ bool otel_span_carries_(const otel_span_t *span) { return span && !(span->state_ & OTEL_SPAN_NOTHING_); }

OTEL_FN_ void otel_span_context_to_(const otel_span_t *span, otel_context_t *c)
{
    memcpy(c->trace_id, span->head_ + OTEL_HEAD_TRACE_, 16);
    memcpy(c->span_id, span->head_ + OTEL_HEAD_SPAN_, 8);
    c->flags = (uint8_t)(span->flags_ & ~(OTEL_FLAG_LATE_ | OTEL_FLAG_ERRORS_ | OTEL_FLAG_ENDING_));
    c->remote = false;
    c->tracestate = span->tracestate_;
    c->baggage = span->baggage_;
    c->values = span->values_;
}

OTEL_API_ otel_context_t otel_span_context(const otel_span_t *span)
{ OTEL_CALLED_
    otel_context_t c;
    memset(&c, 0, sizeof c);
    OTEL_TRACES_OFF_((void)span; return c)
    if (otel_span_carries_(span)) otel_span_context_to_(span, &c);
    return c;
}

OTEL_API_ otel_span_t *otel_span_current(void)
{ OTEL_CALLED_
    otel_current_t *slot;
    OTEL_TRACES_OFF_(return NULL)
    if (!otel_default_()) return NULL;
    slot = otel_current_(otel_default_());
    return slot ? slot->span : NULL;
}

/* Who enters by value finds what was there before again, where that can be: firmware has one compiler, which has the attribute or not. */
#define OTEL_KEEPS_SLOT_ (OTEL_HOSTED_ || !OTEL_CLEANUP_)

OTEL_API_ void otel_span_enter(otel_span_t *span)
{ OTEL_CALLED_
    otel_current_t *slot;
    OTEL_TRACES_OFF_((void)span; return)
    if (!span || !span->otel_ || (span->state_ & OTEL_SPAN_CURRENT_)) return;
    slot = otel_current_(span->otel_);
    if (!slot) return;
    if (span->state_ & OTEL_SPAN_BY_VALUE_) {
        if (OTEL_KEEPS_SLOT_ && span->up_) memcpy((void *)span->up_, slot, sizeof *slot);
        otel_span_context_to_(span, &slot->context);
        slot->adopt_ = otel_context_valid(&slot->context) ? otel_span_adopt_ : NULL;
        slot->span = NULL;
    } else {
        span->up_ = slot->span;
        OTEL_SIGNAL_FENCE_();                                 /* an interrupt sees a whole span or the one before */
        slot->span = span;
    }
    span->state_ |= OTEL_SPAN_CURRENT_;
}

OTEL_API_ void otel_span_leave(otel_span_t *span)
{ OTEL_CALLED_
    otel_current_t *slot;
    OTEL_TRACES_OFF_((void)span; return)
    if (!span || !span->otel_ || !(span->state_ & OTEL_SPAN_CURRENT_)) return;
    span->state_ &= (uint8_t)~OTEL_SPAN_CURRENT_;
    slot = otel_current_(span->otel_);
    if (!slot) return;
    if (OTEL_KEEPS_SLOT_ && (span->state_ & OTEL_SPAN_BY_VALUE_) && span->up_) {
        memcpy((void *)slot, span->up_, sizeof *slot);
        span->up_ = NULL;
    } else if (span->state_ & OTEL_SPAN_BY_VALUE_) {          /* back to the parent, as far as this span knows it */
        memset(&slot->context, 0, sizeof slot->context);
        if (!(span->state_ & OTEL_SPAN_PARENT_)) {
            slot->adopt_ = NULL;
        } else {
            memcpy(slot->context.trace_id, span->head_ + OTEL_HEAD_TRACE_, 16);
            memcpy(slot->context.span_id, span->head_ + OTEL_HEAD_PARENT_, 8);
            slot->context.flags = span->flags_;
        }
    } else if (slot->span == span) {
        slot->span = span->up_;
    } else {                                                  /* out of order: out of the chain */
        otel_span_t *s = slot->span;
        while (s && s->up_ != span) s = s->up_;
        if (s) s->up_ = span->up_;
    }
}

OTEL_API_ void otel_span_unwind(otel_span_t *to)
{ OTEL_CALLED_
    otel_current_t *slot;
    OTEL_TRACES_OFF_((void)to; (void)slot; return)
    slot = otel_default_() ? otel_current_(otel_default_()) : NULL;
    if (slot) slot->span = to;
}

/* Span.trace_state = 3 and Link.trace_state = 3: what came in, as it is sent on. The number of bytes; 0: none, or no room. */
OTEL_API_ OTEL_NOINLINE_ size_t otel_state_write_(uint8_t *to, size_t room, const otel_context_t *context);
OTEL_API_ OTEL_NOINLINE_ size_t otel_state_write_(uint8_t *to, size_t room, const otel_context_t *context)
{ OTEL_CALLED_
    const size_t head = 1u + OTEL_LENGTH_BYTES_;
    size_t n;
    if (room < head + 4u) return 0;
    n = otel_tracestate(context, (char *)to + head, room - head);
    if (n == 0 || to[head] == 0) return 0;
    *to = 0x1A;
    otel_put_length_(to + 1, (uint32_t)n);
    return head + n;
}

OTEL_API_ void otel_span_tracestate_(otel_span_t *span)
{ OTEL_CALLED_
    otel_context_t context = otel_span_context(span);
    span->used_ += otel_state_write_(otel_span_bytes_(span) + span->used_, span->room_ - span->used_, &context);
}

/* Take ids, flags and what is passed on from a context: one that was given, or one that a block without cleanup left. */
OTEL_API_ void otel_span_adopt_(otel_span_t *span, const otel_context_t *parent)
{ OTEL_CALLED_
    span->baggage_ = parent->baggage;
    span->values_ = parent->values;
    if (!otel_context_valid(parent)) return;
    memcpy(span->head_ + OTEL_HEAD_TRACE_, parent->trace_id, 16);
    memcpy(span->head_ + OTEL_HEAD_PARENT_, parent->span_id, 8);
    span->flags_ = (uint8_t)(parent->flags & (OTEL_FLAG_SAMPLED | OTEL_FLAG_RANDOM | OTEL_FLAG_DEBUG));
    span->tracestate_ = parent->tracestate;
    if (parent->tracestate) OTEL_STORE_(&span->otel_->write_state_, &otel_span_tracestate_);
    span->state_ |= OTEL_SPAN_PARENT_;
    if (parent->remote) span->state_ |= OTEL_SPAN_REMOTE_;
}

/* Ids and flags, from the parent (the one that was given, else the current span) or new. */
OTEL_FN_ void otel_span_inherit_(otel_span_t *span, otel_t *otel, const otel_current_t *slot, const otel_span_options_t *options)
{
    otel_shard_t *shard = otel_shard_(otel);
    otel_ids_t *ids = &shard->ids;
    const bool own = shard != &otel->shard_;
    const otel_context_t *given = options ? options->parent : NULL;
    const otel_span_t *up = slot && !given ? slot->span : NULL;
    if (OTEL_LIKELY_(up != NULL)) {
        memcpy(span->head_ + OTEL_HEAD_TRACE_, up->head_ + OTEL_HEAD_TRACE_, 16);
        memcpy(span->head_ + OTEL_HEAD_PARENT_, up->head_ + OTEL_HEAD_SPAN_, 8);
        span->flags_ = up->flags_;
        span->tracestate_ = up->tracestate_;
        span->baggage_ = up->baggage_;
        span->values_ = up->values_;
        span->state_ = OTEL_SPAN_PARENT_;
    } else {
        span->flags_ = otel->random_ ? OTEL_FLAG_RANDOM : 0u;
        span->tracestate_ = span->baggage_ = NULL;
        span->values_ = NULL;
        if (given) (options->adopt_)(span, given);
        else if (slot && slot->adopt_) (slot->adopt_)(span, &slot->context);
        if (!(span->state_ & OTEL_SPAN_PARENT_)) otel_id_make_by_(ids, span->head_ + OTEL_HEAD_TRACE_, 4, own);
    }
    OTEL_HOT_(otel_id_make_here_, otel_id_make_by_)(ids, span->head_ + OTEL_HEAD_SPAN_, 2, own);
}

/* Not running: nothing is recorded; a context that came in still passes through. */
OTEL_API_ OTEL_NOINLINE_ otel_span_t *otel_span_idle_(otel_span_t *span, const otel_context_t *parent);
OTEL_API_ OTEL_NOINLINE_ otel_span_t *otel_span_idle_(otel_span_t *span, const otel_context_t *parent)
{ OTEL_CALLED_
    memset((void *)span, 0, offsetof(otel_span_t, scratch_));
    if (parent) {
        span->tracestate_ = parent->tracestate;
        span->baggage_ = parent->baggage;
        span->values_ = parent->values;
        memcpy(span->head_ + OTEL_HEAD_TRACE_, parent->trace_id, 16);
        memcpy(span->head_ + OTEL_HEAD_SPAN_, parent->span_id, 8);
        span->flags_ = parent->flags;
    }
    return span;
}

/* The constant bytes of the head, the flags and the start time. */
OTEL_FN_ void otel_span_head_(otel_span_t *span, otel_t *otel, unsigned scope)
{
    uint8_t *h = span->head_;
    uint64_t now = otel_clock_now_(&otel->clock_);
    span->mark_ = (uint8_t)(OTEL_MARK_ ^ scope << 1);
    if (OTEL_UNLIKELY_(!otel_clock_offset_(&otel->clock_, &span->offset_))) {
        span->state_ |= OTEL_SPAN_RELATIVE_;
        span->mark_ ^= 1u;
    }
    h[4] = 0x0A;
    h[5] = 16;
    h[22] = 0x12;
    h[23] = 8;
    h[32] = 0x39;
    otel_put64_(h + OTEL_HEAD_START_, now + span->offset_);
    h[41] = 0x41;
    h[50] = 0x85;
    h[51] = 0x01;
    otel_put32_(h + OTEL_HEAD_FLAGS_, (span->flags_ & 3u) | 0x100u | (span->state_ & OTEL_SPAN_REMOTE_ ? 0x200u : 0u));   /* has_is_remote, is_remote: of the parent */
    h[56] = 0x30;
    h[OTEL_HEAD_KIND_] = OTEL_INTERNAL;
    span->used_ = OTEL_HEAD_ROOT_;
    if (span->state_ & OTEL_SPAN_PARENT_) {
        h[58] = 0x22;
        h[59] = 8;
        span->used_ = OTEL_SPAN_HEAD_;
    }
}

/* Record: the head, and what the options say. */
OTEL_INLINE_ void otel_span_open_here_(otel_span_t *span, otel_t *otel, const otel_scope_t *scope, const otel_span_options_t *options)
{
    span->state_ |= OTEL_SPAN_RECORDING_;
    otel_span_head_(span, otel, otel_scope_enter_(otel, scope));
    if (OTEL_UNLIKELY_(span->tracestate_ != NULL) && OTEL_LOAD_(&otel->write_state_)) (OTEL_LOAD_(&otel->write_state_))(span);
    if (OTEL_UNLIKELY_(options != NULL)) {
        if (options->kind > 0 && options->kind <= OTEL_CONSUMER) span->head_[OTEL_HEAD_KIND_] = (uint8_t)options->kind;
        if (options->more_) (options->more_)(span, (const struct otel_each_option_has_its_name_as_in_dot_kind_equals_ *)(const void *)options);
    }
}

OTEL_API_ void otel_span_open_(otel_span_t *span, otel_t *otel, const otel_scope_t *scope, const otel_span_options_t *options);
OTEL_API_ void otel_span_open_(otel_span_t *span, otel_t *otel, const otel_scope_t *scope, const otel_span_options_t *options)
{ OTEL_CALLED_
    otel_span_open_here_(span, otel, scope, options);
}

/* Where the slot's former content goes while this span stands in it by value: behind the place of its end. */
OTEL_FN_ void otel_span_keep_slot_(otel_span_t *span)
{
    if (!OTEL_KEEPS_SLOT_ || span->room_ < span->used_ + sizeof(otel_current_t)) return;
    span->room_ -= sizeof(otel_current_t);
    span->up_ = (otel_span_t *)(void *)(otel_span_bytes_(span) + span->room_ + OTEL_SPAN_TAIL_);
}

OTEL_API_ otel_span_t *otel_span_start_in_(otel_span_t *span, uint32_t form, const otel_scope_t *scope, const char *name, const otel_span_options_t *options)
{ OTEL_CALLED_
    otel_t *otel;
    otel_current_t *slot;
    size_t bytes = (size_t)(form >> 8) >> 1;                  /* in two steps: 8-bit cores shift by one bit at a time */
    OTEL_TRACES_OFF_((void)span; (void)form; (void)scope; (void)name; (void)options; return NULL)
    if (!span) return NULL;
    otel = otel_default_();
    if (OTEL_UNLIKELY_(options != NULL) && options->scope) scope = options->scope;
    if (OTEL_UNLIKELY_(scope != NULL) && scope->otel) otel = scope->otel;
    if (OTEL_UNLIKELY_(options != NULL) && options->otel) otel = options->otel;
    if (OTEL_UNLIKELY_(!otel_running_(otel))) return otel_span_idle_(span, options ? options->parent : NULL);
    memset((void *)span->keys_, 0, offsetof(otel_span_t, name_len_) - offsetof(otel_span_t, keys_));
    span->otel_ = otel;
    span->up_ = NULL;
    span->name_ = name;
    span->name_len_ = (uint8_t)(form & 0x7Fu);
    span->room_ = bytes - offsetof(otel_span_t, head_) - OTEL_SPAN_TAIL_;
    slot = otel_current_(otel);
    otel_span_inherit_(span, otel, slot, options);
    if (OTEL_UNLIKELY_(otel->config_.sampler.begin_ != NULL)) {      /* sampling.h */
        (otel->config_.sampler.begin_)(span, otel, scope, options);
        if (!span->otel_ || (span->state_ & OTEL_SPAN_CURRENT_)) return span;         /* a processor ended or entered it */
    } else {                                                  /* parent based, roots always on */
        if (!(span->state_ & OTEL_SPAN_PARENT_)) span->flags_ |= OTEL_FLAG_SAMPLED;
        if (OTEL_LIKELY_(span->flags_ & OTEL_FLAG_SAMPLED)) OTEL_HOT_(otel_span_open_here_, otel_span_open_)(span, otel, scope, options);
    }
    if (OTEL_LIKELY_(form & OTEL_START_CURRENT_) && slot) {
        span->up_ = slot->span;
        span->state_ |= OTEL_SPAN_CURRENT_;
        OTEL_SIGNAL_FENCE_();                                 /* an interrupt sees a whole span, or the one before */
        slot->span = span;
    } else if (OTEL_UNLIKELY_(form & OTEL_START_BY_VALUE_)) {
        span->state_ |= OTEL_SPAN_BY_VALUE_;
        otel_span_keep_slot_(span);
    }
    return span;
}

OTEL_API_ otel_span_t *otel_span_start_with(otel_span_t *span, const otel_span_options_t *options)
{ OTEL_CALLED_
    OTEL_TRACES_OFF_((void)span; (void)options; return NULL)
    if (!options) return span;
    return otel_span_start_by_(span, OTEL_START_WORD_(sizeof(otel_span_t), 0u, 0u), NULL, *options);
}

/* Copy a name behind the fields; it fits. */
OTEL_FN_ void otel_span_put_name_(otel_span_t *span, const char *name, size_t n)
{
    uint8_t *p = otel_span_bytes_(span) + span->used_;
    *p = OTEL_FIELD_NAME_;
    p = otel_put_text_(otel_put_len_(p + 1, n), name, n);
    span->used_ = (size_t)(p - otel_span_bytes_(span));
}

/* What stands behind the fields of few spans: status without a message, counts of what did not fit, the beginning of a long
   name; and what fills the record up to whole words where no name does. */
OTEL_API_ OTEL_NOINLINE_ uint8_t *otel_span_rare_(const otel_span_t *span, uint8_t *t, size_t name_len);
OTEL_API_ OTEL_NOINLINE_ uint8_t *otel_span_rare_(const otel_span_t *span, uint8_t *t, size_t name_len)
{ OTEL_CALLED_
    const uint8_t *begin = (const uint8_t *)span + offsetof(otel_span_t, head_);
    size_t n;
    if (span->status_ && !(span->state_ & OTEL_SPAN_STATUS_)) {
        *t++ = OTEL_FIELD_STATUS_;
        *t++ = 2;
        *t++ = 0x18;                                          /* Status.code = 3 */
        *t++ = span->status_;
    }
    if (span->lost_events_) {
        *t = 0x60;                                            /* Span.dropped_events_count = 12 */
        t = otel_put_varint_(t + 1, span->lost_events_);
    }
    if (span->lost_links_) {
        *t = 0x70;                                            /* Span.dropped_links_count = 14 */
        t = otel_put_varint_(t + 1, span->lost_links_);
    }
    n = (size_t)(t - begin) + name_len + 1u + otel_varint_size_(span->lost_attributes_);
    if (span->lost_attributes_ || (name_len == 0 && ((size_t)(t - begin) & 3u))) {
        *t = 0x50;                                            /* Span.dropped_attributes_count = 10; 0 only fills */
        t = otel_put_drawn_(t + 1, span->lost_attributes_, otel_varint_size_(span->lost_attributes_) + (name_len ? 0u : otel_fill_(n)));
    }
    if (name_len) {
        unsigned bytes = otel_len_size_(name_len);
        *t = OTEL_FIELD_NAME_;
        t = otel_put_drawn_(t + 1, (uint32_t)name_len, bytes + otel_fill_((size_t)(t - begin) + 1u + bytes + name_len));
    }
    return t;
}

/* A name that does not fit behind the fields goes out from where it stands: how many bytes. One that is no good UTF-8 is
   copied in any case, as much as fits. */
OTEL_FN_ size_t otel_span_long_name_(otel_span_t *span)
{
    size_t n = otel_len_(span->name_), room = span->room_ - span->used_;
    bool good = !OTEL_LIMITS || otel_utf8_valid(span->name_, n);
    size_t most = good || room > OTEL_NAME_MAX_ + 4u ? OTEL_NAME_MAX_ : room > 4u ? room - 4u : 0;
    if (n > most) {
        n = otel_utf8_cut_(span->name_, n, most);
        otel_count16_(&span->lost_attributes_);
    }
    if (!good) span->named_ = 1;                              /* and now it is */
    return n;
}

/* Whether one of the eight bytes is set that mostly are not. */
OTEL_INLINE_ bool otel_span_has_rare_(const otel_span_t *span)
{
#if SIZE_MAX > 0xFFFFu
    uint64_t rare;
    memcpy(&rare, (const uint8_t *)span + offsetof(otel_span_t, lost_attributes_), sizeof rare);
    return rare != 0;
#else
    return (span->lost_attributes_ | span->lost_events_ | span->lost_links_ | span->status_ | span->named_) != 0;
#endif
}

/* The name as it stands fits behind the fields and nothing else has to: the end of the record. NULL: the careful way. */
OTEL_INLINE_ uint8_t *otel_span_close_(otel_span_t *span)
{
    size_t used = span->used_, n = span->name_len_;
    uint8_t *p = otel_span_bytes_(span) + used;
    unsigned fill;
    bool rare;
    if (OTEL_LIKELY_(n)) {
        n--;
    } else {
        n = otel_len_(span->name_);
        if (n > 127u) return NULL;
    }
    fill = otel_fill_(used + n + 2u);
    rare = otel_span_has_rare_(span);
    if (OTEL_UNLIKELY_(rare || n + 5u > span->room_ - used)) return NULL;
    p[0] = OTEL_FIELD_NAME_;
    otel_put_filled_(p + 1, (uint32_t)n, fill);
    p += 2u + fill;
    if (OTEL_UNLIKELY_(OTEL_HOT_(otel_copy_text_here_, otel_copy_text_)(p, span->name_, n)) && OTEL_LIMITS) otel_mend_text_(p, n);
    return p + n;
}

/* The end of a record with all that is rare; how much of the name goes along from where it stands in *name_len. */
OTEL_INLINE_ uint8_t *otel_span_seal_(otel_span_t *span, size_t *name_len)
{
    *name_len = 0;
    if (!span->named_) {
        *name_len = otel_span_long_name_(span);
        if (OTEL_UNLIKELY_(span->named_)) {
            otel_span_put_name_(span, span->name_, *name_len);
            *name_len = 0;
        }
    }
    return otel_span_rare_(span, otel_span_bytes_(span) + span->used_, *name_len);
}

/* One record: head and fields as they stand, what is known only now behind them, up to `end`, then the name. */
OTEL_INLINE_ void otel_span_sealed_(otel_span_t *span, otel_t *otel, const uint8_t *end, size_t name_len)
{
    uint8_t *begin = otel_span_bytes_(span);
    size_t all = (size_t)(end - begin) + name_len - 1u - OTEL_LENGTH_BYTES_;
    if (otel_too_long_(all)) {
        otel_lose_(otel, OTEL_SPANS_, OTEL_DROP_TOO_LARGE);
        return;
    }
    otel_put_head_(begin, span->mark_, all);
    (void)otel_record_(otel, OTEL_SPANS_, begin, (size_t)(end - begin), span->name_, name_len);
}

OTEL_API_ OTEL_NOINLINE_ void otel_span_record_slow_(otel_span_t *span, otel_t *otel);
OTEL_API_ OTEL_NOINLINE_ void otel_span_record_slow_(otel_span_t *span, otel_t *otel)
{ OTEL_CALLED_
    size_t name_len;
    const uint8_t *end = otel_span_seal_(span, &name_len);
    otel_span_sealed_(span, otel, end, name_len);
}

/* Most spans have nothing rare. */
OTEL_INLINE_ void otel_span_record_fast_(otel_span_t *span, otel_t *otel)
{
    uint8_t *begin = otel_span_bytes_(span), *end = otel_span_close_(span);
    size_t all = (size_t)(end - begin);
    if (OTEL_UNLIKELY_(!end || otel_too_long_(all))) {
        otel_span_record_slow_(span, otel);
        return;
    }
    otel_put_head_(begin, span->mark_, all - 1u - OTEL_LENGTH_BYTES_);
    (void)otel_record_one_(otel, OTEL_SPANS_, begin, all);
}

/* Both ways in one frame: stack is short where one builds for size. */
OTEL_INLINE_ void otel_span_record_small_(otel_span_t *span, otel_t *otel)
{
    size_t name_len = 0;
    const uint8_t *end = otel_span_close_(span);
    if (!end) end = otel_span_seal_(span, &name_len);
    otel_span_sealed_(span, otel, end, name_len);
}

OTEL_INLINE_ void otel_span_record_(otel_span_t *span, otel_t *otel) { OTEL_SHORT_(otel_span_record_fast_, otel_span_record_small_)(span, otel); }

/* End time, and into the ring; the span records. */
OTEL_INLINE_ void otel_span_finish_(otel_span_t *span, otel_t *otel, uint64_t end_ns)
{
    unsigned state = span->state_, flags = span->flags_;
    uint64_t start = otel_get64_(span->head_ + OTEL_HEAD_START_);
    bool running = OTEL_LOAD_(&otel->live_) == 1;
    span->otel_ = NULL;
    otel_put64_(span->head_ + OTEL_HEAD_END_, end_ns < start ? start : end_ns);
    if (OTEL_UNLIKELY_(flags & OTEL_FLAG_LATE_) && running && otel->config_.sampler.late_) {
        flags = (otel->config_.sampler.late_)(span, otel) ? OTEL_FLAG_SAMPLED : 0u;
        state = span->state_;
    }
    span->state_ = (uint8_t)(state & ~OTEL_SPAN_RECORDING_);
    if (OTEL_UNLIKELY_(!running)) otel_lose_(otel, OTEL_SPANS_, OTEL_DROP_SHUTDOWN);
    else if (OTEL_LIKELY_(flags & OTEL_FLAG_SAMPLED)) otel_span_record_(span, otel);
}
OTEL_API_ OTEL_NOINLINE_ void otel_span_finish_called_(otel_span_t *span, otel_t *otel);
OTEL_API_ OTEL_NOINLINE_ void otel_span_finish_called_(otel_span_t *span, otel_t *otel) { OTEL_CALLED_ otel_span_finish_(span, otel, otel_get64_(span->head_ + OTEL_HEAD_END_)); }
/* The time waits in the span, so that it needs no place beside. */
OTEL_INLINE_ void otel_span_finish_small_(otel_span_t *span, otel_t *otel, uint64_t end_ns)
{
    otel_put64_(span->head_ + OTEL_HEAD_END_, end_ns);
    otel_span_finish_called_(span, otel);
}

OTEL_API_ void otel_span_end(otel_span_t *span)
{ OTEL_CALLED_
    otel_t *otel;
    OTEL_TRACES_OFF_((void)span; return)
    if (!span) return;
    otel = span->otel_;
    if (!otel) return;
    if (span->state_ & OTEL_SPAN_CURRENT_) {
        otel_current_t *slot = otel_current_(otel);
        if (OTEL_LIKELY_(slot && slot->span == span)) slot->span = span->up_;
        else otel_span_leave(span);
    }
    if (OTEL_LIKELY_(span->state_ & OTEL_SPAN_RECORDING_)) OTEL_SHORT_(otel_span_finish_, otel_span_finish_small_)(span, otel, otel_clock_now_(&otel->clock_) + span->offset_);
    else span->otel_ = NULL;
}

/* The time of the end, which waits in the span; 0: now. */
OTEL_API_ OTEL_NOINLINE_ void otel_span_end_time_(otel_span_t *span, uint64_t end_ns);
OTEL_API_ OTEL_NOINLINE_ void otel_span_end_time_(otel_span_t *span, uint64_t end_ns)
{ OTEL_CALLED_
    if (!end_ns) end_ns = otel_clock_now_(&span->otel_->clock_) + span->offset_;
    else if (span->state_ & OTEL_SPAN_RELATIVE_) end_ns = otel_clock_from_unix_(&span->otel_->clock_, end_ns);
    otel_put64_(span->head_ + OTEL_HEAD_END_, end_ns);
}

OTEL_API_ void otel_span_end_at(otel_span_t *span, uint64_t end_ns)
{ OTEL_CALLED_
    OTEL_TRACES_OFF_((void)span; (void)end_ns; return)
    if (!span || !span->otel_) return;
    if (span->state_ & OTEL_SPAN_RECORDING_) otel_span_end_time_(span, end_ns);
    otel_span_leave(span);
    if (span->state_ & OTEL_SPAN_RECORDING_) otel_span_finish_called_(span, span->otel_);
    else span->otel_ = NULL;
}
#endif
OTEL_C_END_

/* ---- traceparent.h --------------------------------------------------------------------------------------------- */
#if OTEL_BODIES_
OTEL_C_BEGIN_
/* 64-bit little-endian machines convert eight digits at a time, without a branch. */
#if UINTPTR_MAX > 0xFFFFFFFFu && defined(__BYTE_ORDER__) && defined(__ORDER_LITTLE_ENDIAN__)
#if __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
#define OTEL_HEX_WORDS_ 1
#endif
#endif
#ifndef OTEL_HEX_WORDS_
#define OTEL_HEX_WORDS_ 0
#endif

#if OTEL_HEX_WORDS_
OTEL_FN_ uint64_t otel_hex_spread_(uint32_t bytes)
{
    uint64_t x = bytes;
    x = (x | x << 16) & 0x0000FFFF0000FFFFull;
    x = (x | x << 8) & 0x00FF00FF00FF00FFull;
    x = (x >> 4 & 0x000F000F000F000Full) | (x << 8 & 0x0F000F000F000F00ull);            /* one nibble per byte, high ones first */
    return x + 0x3030303030303030ull + (((x + 0x0606060606060606ull) >> 4) & 0x0101010101010101ull) * 39u;
}

/* The inverse; a byte of *bad becomes nonzero for each character that is no lower-case hex digit. */
OTEL_FN_ uint32_t otel_hex_pack_(uint64_t x, uint64_t *bad)
{
    const uint64_t ones = 0x0101010101010101ull, tops = 0x8080808080808080ull;
    uint64_t low = x & ~tops;                                                         /* so that no sum carries into the next byte */
    uint64_t digit = (low + ones * (0x80u - '0')) & ~(low + ones * (0x7Fu - '9')) & tops;
    uint64_t letter = (low + ones * (0x80u - 'a')) & ~(low + ones * (0x7Fu - 'f')) & tops;
    *bad |= (x & tops) | ((digit | letter) ^ tops);
    x = (x & ones * 15u) + (letter >> 7) * 9u;
    x = (x << 4 | x >> 8) & 0x00FF00FF00FF00FFull;
    x = (x | x >> 8) & 0x0000FFFF0000FFFFull;
    return (uint32_t)(x | x >> 16);
}
#endif

/* The value of a lower-case hex digit; 256 for any other character. */
OTEL_FN_ unsigned otel_hex_(char digit)
{
    unsigned c = (unsigned char)digit;
    if (c - '0' < 10u) return c - '0';
    return c - 'a' < 6u ? c - 'a' + 10u : 256u;
}

/* The value of two of them; above 255 when they are not. */
OTEL_FN_ unsigned otel_hex_byte_(const char *text) { return otel_hex_(text[0]) << 4 | otel_hex_(text[1]); }

OTEL_FN_ char otel_digit_(unsigned nibble) { return (char)(nibble + (nibble > 9u ? 'a' - 10u : '0')); }

/* An id of n bytes (a multiple of 4) as text. False when it is all zero. */
OTEL_FN_ bool otel_hex_write_(char *to, const uint8_t *bytes, size_t n)
{
#if OTEL_HEX_WORDS_
    uint32_t any = 0, word;
    uint64_t digits;
    for (; n; n -= 4, bytes += 4, to += 8) {
        memcpy(&word, bytes, 4);
        any |= word;
        digits = otel_hex_spread_(word);
        memcpy(to, &digits, 8);
    }
#else
    unsigned any = 0;
    for (; n; n--, bytes++) {
        any |= *bytes;
        *to++ = otel_digit_((unsigned)*bytes >> 4);
        *to++ = otel_digit_(*bytes & 15u);
    }
#endif
    return any != 0;
}

/* The inverse. False when a character is no lower-case hex digit or the id all zero. */
OTEL_FN_ bool otel_hex_read_(uint8_t *to, const char *text, size_t n)
{
#if OTEL_HEX_WORDS_
    uint64_t bad = 0, digits;
    uint32_t any = 0, word;
    for (; n; n -= 4, text += 8, to += 4) {
        memcpy(&digits, text, 8);
        word = otel_hex_pack_(digits, &bad);
        any |= word;
        memcpy(to, &word, 4);
    }
    return any != 0 && bad == 0;
#else
    unsigned any = 0, byte;
    for (; n; n--, text += 2) {
        byte = otel_hex_byte_(text);
        if (byte > 255u) return false;
        any |= byte;
        *to++ = (uint8_t)byte;
    }
    return any != 0;
#endif
}

/* False, and an empty string, when an id is not valid. Flags that level 2 does not define go out as zero ("Other Flags"). */
OTEL_API_ bool otel_traceparent_put_(const uint8_t *trace_id, const uint8_t *span_id, unsigned flags, char *out)
{ OTEL_CALLED_
    out[0] = out[1] = out[53] = '0';
    out[2] = out[35] = out[52] = '-';
    out[54] = (char)('0' + (flags & (OTEL_FLAG_SAMPLED | OTEL_FLAG_RANDOM)));
    out[55] = 0;
    if (otel_hex_write_(out + 3, trace_id, 16) && otel_hex_write_(out + 36, span_id, 8)) return true;
    out[0] = 0;
    return false;
}

OTEL_API_ void otel_traceparent_write_(const otel_context_t *context, char *out)
{ OTEL_CALLED_
    (void)otel_traceparent_put_(context->trace_id, context->span_id, context->flags, out);
}

/* Read `text`, which has no whitespace around it, into ids, flags and remote; when it is not valid, all of these are zero.
   Version 00 ends after the flags; in a higher one a '-' and anything may follow, but no comma: that is two headers in one. */
OTEL_API_ bool otel_traceparent_read_(otel_context_t *context, const char *text, size_t len)
{ OTEL_CALLED_
    unsigned version, flags = 0;
    bool valid = len >= 55 && text[2] == '-' && text[35] == '-' && text[52] == '-';
    if (valid) {
        version = otel_hex_byte_(text);
        flags = otel_hex_byte_(text + 53);
        valid = version < 255u && flags < 256u && otel_hex_read_(context->trace_id, text + 3, 16) && otel_hex_read_(context->span_id, text + 36, 8);
        if (len > 55) valid = valid && version != 0 && text[55] == '-' && !memchr(text + 55, ',', len - 55);
    }
    if (!valid) {
        memset(context->trace_id, 0, 16);
        memset(context->span_id, 0, 8);
        flags = 0;
    }
    context->flags = (uint8_t)(flags & (OTEL_FLAG_SAMPLED | OTEL_FLAG_RANDOM));
    context->remote = valid;
    return valid;
}
OTEL_C_END_
#endif

/* ---- propagator.h ---------------------------------------------------------------------------------------------- */
#if OTEL_BODIES_
OTEL_C_BEGIN_
#define OTEL_INJECT_BYTES_ 512u         /* a copy on the stack: what tracestate limits ask to propagate at least */

/* A header's value without the whitespace in front of it; NULL when nothing is left. */
OTEL_FN_ const char *otel_header_text_(const char *value)
{
    if (!value) return NULL;
    while (otel_blank_(*value)) value++;
    return *value ? value : NULL;
}

OTEL_API_ bool otel_extract(otel_context_t *out, const char *traceparent, const char *tracestate, const char *baggage)
{ OTEL_CALLED_
    size_t len;
    if (!out) return false;
    memset(out, 0, sizeof *out);
    OTEL_WHEN_OFF_((void)traceparent; (void)tracestate; (void)baggage; return false)
    out->baggage = otel_header_text_(baggage);
    traceparent = otel_header_text_(traceparent);
    if (!traceparent) return false;
    len = strlen(traceparent);
    while (otel_blank_(traceparent[len - 1])) len--;
    if (!otel_traceparent_read_(out, traceparent, len)) return false;
    out->tracestate = otel_header_text_(tracestate);
    return true;
}

OTEL_API_ char *otel_traceparent(const otel_span_t *span, char out[OTEL_TRACEPARENT_SIZE])
{ OTEL_CALLED_
    if (!out) return NULL;
    out[0] = 0;
    OTEL_TRACES_OFF_((void)span; return out)
    if (otel_span_carries_(span)) (void)otel_traceparent_put_(span->head_ + OTEL_HEAD_TRACE_, span->head_ + OTEL_HEAD_SPAN_, span->flags_, out);
    return out;
}

/* What a list keeps of a text has n of its characters: text[n] exists, and is the NUL when nothing of it changes. A changed
   list goes on as a copy where the stack has room for one; never inlined, so that only such a text pays for it. */
#if UINTPTR_MAX > 0xFFFFFFFFu
OTEL_API_ OTEL_NOINLINE_ void otel_inject_copy_(const char *text, bool baggage, void (*set)(void *user, const char *name, const char *value), void *user);
OTEL_API_ OTEL_NOINLINE_ void otel_inject_copy_(const char *text, bool baggage, void (*set)(void *user, const char *name, const char *value), void *user)
{ OTEL_CALLED_
    char copy[OTEL_INJECT_BYTES_];
    otel_baggage_t it = otel_baggage_walk_(text);
    if (baggage) (void)otel_baggage_write_(&it, copy, sizeof copy);
    else (void)otel_tracestate_write_(text, copy, sizeof copy);
    set(user, baggage ? "baggage" : "tracestate", copy);
}
#endif

OTEL_FN_ bool otel_inject_changed_(const char *text, size_t n, bool baggage, void (*set)(void *user, const char *name, const char *value), void *user)
{
#if UINTPTR_MAX > 0xFFFFFFFFu
    if (text[n] && n < OTEL_INJECT_BYTES_) {
        otel_inject_copy_(text, baggage, set, user);
        return true;
    }
#endif
    (void)text, (void)n, (void)baggage, (void)set, (void)user;
    return false;
}

OTEL_STEP_ void otel_inject_tracestate_(const char *text, void (*set)(void *user, const char *name, const char *value), void *user)
{
    size_t n;
    text = otel_header_text_(text);
    if (!text) return;
    n = otel_tracestate_size_(text);
    if (n == 0) return;
    if (otel_inject_changed_(text, n, false, set, user)) return;
    set(user, "tracestate", text);
}

OTEL_STEP_ void otel_inject_baggage_(const char *text, void (*set)(void *user, const char *name, const char *value), void *user)
{
    otel_baggage_t it;
    size_t n;
    text = otel_header_text_(text);
    if (!text) return;
    it = otel_baggage_walk_(text);
    n = otel_baggage_size_(&it);
    if (n == 0) return;
    if (otel_inject_changed_(text, n, true, set, user)) return;
    if (!it.rest_) set(user, "baggage", text);
}

/* Never inlined: the text's memory is free again when the lists are checked. The text says whether it is one; a result that is
   kept over `set` would take more stack. */
OTEL_API_ OTEL_NOINLINE_ bool otel_inject_parent_(const uint8_t *trace_id, const uint8_t *span_id, unsigned flags, void (*set)(void *user, const char *name, const char *value), void *user);
OTEL_API_ OTEL_NOINLINE_ bool otel_inject_parent_(const uint8_t *trace_id, const uint8_t *span_id, unsigned flags, void (*set)(void *user, const char *name, const char *value), void *user)
{ OTEL_CALLED_
    char text[OTEL_TRACEPARENT_SIZE];
    (void)otel_traceparent_put_(trace_id, span_id, flags, text);
    if (!text[0]) return false;
    set(user, "traceparent", text);
    return true;
}

/* What W3C says of a context. */
OTEL_STEP_ void otel_inject_w3c_(const otel_context_t *context, void (*set)(void *user, const char *name, const char *value), void *user)
{
    if (otel_inject_parent_(context->trace_id, context->span_id, context->flags, set, user)) otel_inject_tracestate_(context->tracestate, set, user);
    otel_inject_baggage_(context->baggage, set, user);
}

OTEL_API_ void otel_inject_context(const otel_context_t *context, void (*set)(void *user, const char *name, const char *value), void *user)
{ OTEL_CALLED_
    const otel_propagator_t *p;
    OTEL_WHEN_OFF_((void)context; (void)set; (void)user; return)
    if (!context || !set) return;
    p = otel_default_() ? otel_default_()->config_.propagator : NULL;
    if (!p) otel_inject_w3c_(context, set, user);
    else if (p->inject) (p->inject)(p, context, set, user);
}

OTEL_API_ OTEL_NOINLINE_ void otel_inject_by_(const otel_propagator_t *propagator, const otel_span_t *span, void (*set)(void *user, const char *name, const char *value), void *user);
OTEL_API_ OTEL_NOINLINE_ void otel_inject_by_(const otel_propagator_t *propagator, const otel_span_t *span, void (*set)(void *user, const char *name, const char *value), void *user)
{ OTEL_CALLED_
    otel_context_t context;
    memset(&context, 0, sizeof context);
    if (otel_span_carries_(span)) otel_span_context_to_(span, &context);
    if (propagator->inject) (propagator->inject)(propagator, &context, set, user);
}

OTEL_API_ void otel_inject(const otel_span_t *span, void (*set)(void *user, const char *name, const char *value), void *user)
{ OTEL_CALLED_
    const otel_t *otel;
    OTEL_TRACES_OFF_((void)span; (void)set; (void)user; return)
    if (!span || !set) return;
    otel = span->otel_ ? span->otel_ : otel_default_();
    if (otel && otel->config_.propagator) {
        otel_inject_by_(otel->config_.propagator, span, set, user);
        return;
    }
    if (!otel_span_carries_(span)) return;
    if (otel_inject_parent_(span->head_ + OTEL_HEAD_TRACE_, span->head_ + OTEL_HEAD_SPAN_, span->flags_, set, user)) otel_inject_tracestate_(span->tracestate_, set, user);
    otel_inject_baggage_(span->baggage_, set, user);
}
OTEL_C_END_
#endif

/* ---- textmap.h ------------------------------------------------------------------------------------------------- */
#if OTEL_BODIES_
OTEL_C_BEGIN_
#define OTEL_TRACESTATE_BYTES_ 16447u       /* 32 members of two times 256, their '=', and the commas between */
#define OTEL_COMPOSITE_MOST_ 16u

/* The only traceparent; without a valid one no trace is in *context. */
OTEL_STEP_ bool otel_w3c_parent_(otel_context_t *context, const otel_carrier_t *carrier)
{
    size_t len;
    const char *text = otel_carrier_only(carrier, "traceparent", &len);
    return text && otel_traceparent_read_(context, text, len);
}

/* What goes with it. True: a trace was found. */
OTEL_STEP_ bool otel_w3c_state_(otel_context_t *context, otel_carrier_t *carrier)
{
    context->tracestate = otel_header_text_(otel_carrier_list(carrier, "tracestate", OTEL_TRACESTATE_BYTES_, true));
    return true;
}

OTEL_API_ bool otel_w3c_extract_(const otel_propagator_t *self, otel_context_t *context, otel_carrier_t *carrier)
{ OTEL_CALLED_
    (void)self;
    {                                             /* a block: its stack is free when the lists are read */
        otel_context_t read = *context;
        if (!otel_w3c_parent_(&read, carrier)) return false;
        *context = read;
    }
    return otel_w3c_state_(context, carrier);
}

OTEL_API_ void otel_w3c_inject_(const otel_propagator_t *self, const otel_context_t *context, void (*set)(void *user, const char *name, const char *value), void *user)
{ OTEL_CALLED_
    (void)self;
    if (otel_inject_parent_(context->trace_id, context->span_id, context->flags, set, user)) otel_inject_tracestate_(context->tracestate, set, user);
}

OTEL_API_ bool otel_baggage_extract_(const otel_propagator_t *self, otel_context_t *context, otel_carrier_t *carrier)
{ OTEL_CALLED_
    const char *text = otel_header_text_(otel_carrier_list(carrier, "baggage", OTEL_BAGGAGE_BYTES_, false));
    (void)self;
    if (text) context->baggage = text;
    return false;
}

OTEL_API_ void otel_baggage_send_(const otel_propagator_t *self, const otel_context_t *context, void (*set)(void *user, const char *name, const char *value), void *user)
{ OTEL_CALLED_
    (void)self;
    otel_inject_baggage_(context->baggage, set, user);
}

OTEL_API_ bool otel_composite_extract_(const otel_propagator_t *self, otel_context_t *context, otel_carrier_t *carrier)
{ OTEL_CALLED_
    unsigned i;
    bool found = false;
    for (i = 0; i < OTEL_COMPOSITE_MOST_ && self->list[i]; i++) {
        const otel_propagator_t *one = self->list[i];
        if (one->extract && !one->list && (one->extract)(one, context, carrier)) found = true;
    }
    return found;
}

OTEL_API_ void otel_composite_inject_(const otel_propagator_t *self, const otel_context_t *context, void (*set)(void *user, const char *name, const char *value), void *user)
{ OTEL_CALLED_
    unsigned i;
    for (i = 0; i < OTEL_COMPOSITE_MOST_ && self->list[i]; i++) {
        const otel_propagator_t *one = self->list[i];
        if (one->inject && !one->list) (one->inject)(one, context, set, user);
    }
}

OTEL_API_ bool otel_extract_from(otel_context_t *out, const otel_propagator_t *propagator, otel_carrier_t *carrier)
{ OTEL_CALLED_
    bool found;
    if (!out) return false;
    memset(out, 0, sizeof *out);
    OTEL_WHEN_OFF_((void)propagator; (void)carrier; return false)
    if (!carrier) return false;
    if (!propagator && otel_default_()) propagator = otel_default_()->config_.propagator;
    if (propagator) return propagator->extract && (propagator->extract)(propagator, out, carrier);
    found = otel_w3c_parent_(out, carrier) && otel_w3c_state_(out, carrier);      /* `out` is empty: nothing in it is to be kept */
    (void)otel_baggage_extract_(NULL, out, carrier);
    return found;
}

OTEL_API_ void otel_inject_to(const otel_context_t *context, const otel_propagator_t *propagator, void (*set)(void *user, const char *name, const char *value), void *user)
{ OTEL_CALLED_
    OTEL_WHEN_OFF_((void)context; (void)propagator; (void)set; (void)user; return)
    if (!context || !set) return;
    if (!propagator && otel_default_()) propagator = otel_default_()->config_.propagator;
    if (!propagator) otel_inject_w3c_(context, set, user);
    else if (propagator->inject) (propagator->inject)(propagator, context, set, user);
}

OTEL_FN_ const char *otel_field_at_(const char *fields, size_t *n)
{
    for (; fields && *fields; fields += strlen(fields) + 1u) {
        if ((*n)-- == 0) return fields;
    }
    return NULL;
}

OTEL_API_ const char *otel_propagator_field(const otel_propagator_t *propagator, size_t n)
{ OTEL_CALLED_
    const char *field;
    unsigned i;
    OTEL_WHEN_OFF_((void)propagator; (void)n; return NULL)
    if (!propagator) return NULL;
    field = otel_field_at_(propagator->fields, &n);
    for (i = 0; !field && propagator->list && i < OTEL_COMPOSITE_MOST_ && propagator->list[i]; i++) field = otel_field_at_(propagator->list[i]->fields, &n);
    return field;
}
OTEL_C_END_
#endif

/* ---- b3.h ------------------------------------------------------------------------------------------------------ */
#if OTEL_BODIES_
OTEL_C_BEGIN_
/* Read an id of n bytes from text[len], whole or, for trace ids, half of it; digits in both cases (Zipkin's own readers
   take capitals). */
OTEL_FN_ bool otel_b3_id_(uint8_t *to, size_t n, const char *text, size_t len)
{
    size_t i, skip;
    unsigned any = 0;
    if (len != 2u * n && !(n == 16u && len == 16u)) return false;
    skip = n - len / 2u;
    memset(to, 0, n);
    for (i = 0; i < len; i++) {
        unsigned digit = otel_hex_any_(text[i]);
        if (digit > 15u) return false;
        any |= digit;
        to[skip + i / 2u] = (uint8_t)((unsigned)to[skip + i / 2u] << 4 | digit);
    }
    return any != 0;
}

/* The flags of a sampling state; 256 when it is none. `true` and `false` are what old tracers write. */
OTEL_FN_ unsigned otel_b3_flags_(const char *text, size_t len)
{
    if (len == 0) return 0;
    if (len == 1 && *text == 'd') return OTEL_FLAG_DEBUG | OTEL_FLAG_SAMPLED;
    if ((len == 1 && *text == '1') || otel_name_is_("true", text, len)) return OTEL_FLAG_SAMPLED;
    return (len == 1 && *text == '0') || otel_name_is_("false", text, len) ? 0u : 256u;
}

/* traceid-spanid[-state[-parentspanid]] */
OTEL_FN_ bool otel_b3_single_(otel_context_t *read, const char *text, size_t len)
{
    const char *end = text + len, *dash = (const char *)memchr(text, '-', len), *state, *more;
    uint8_t parent[8];
    unsigned flags = 0;
    if (!dash || !otel_b3_id_(read->trace_id, 16, text, (size_t)(dash - text))) return false;
    text = dash + 1;
    if (end - text < 16 || !otel_b3_id_(read->span_id, 8, text, 16)) return false;
    state = text + 16;
    if (state != end) {
        if (*state++ != '-') return false;
        more = (const char *)memchr(state, '-', (size_t)(end - state));
        if (!more) more = end;
        flags = more == state || more - state > 1 ? 256u : otel_b3_flags_(state, (size_t)(more - state));
        if (flags > 255u || (more != end && !otel_b3_id_(parent, 8, more + 1, (size_t)(end - more - 1)))) return false;
    }
    read->flags = (uint8_t)flags;
    return true;
}

OTEL_FN_ bool otel_b3_several_(otel_context_t *read, const otel_carrier_t *carrier)
{
    size_t len;
    unsigned flags;
    const char *text = otel_carrier_only(carrier, "x-b3-traceid", &len);
    if (!text || !otel_b3_id_(read->trace_id, 16, text, len)) return false;
    text = otel_carrier_only(carrier, "x-b3-spanid", &len);
    if (!text || !otel_b3_id_(read->span_id, 8, text, len)) return false;
    text = otel_carrier_only(carrier, "x-b3-flags", &len);
    if (text && len == 1 && *text == '1') {
        read->flags = OTEL_FLAG_DEBUG | OTEL_FLAG_SAMPLED;
        return true;
    }
    text = otel_carrier_only(carrier, "x-b3-sampled", &len);
    flags = text ? otel_b3_flags_(text, len) : 0u;
    read->flags = (uint8_t)(flags > 255u ? 0u : flags);
    return true;
}

OTEL_API_ bool otel_b3_extract_(const otel_propagator_t *self, otel_context_t *context, otel_carrier_t *carrier)
{ OTEL_CALLED_
    otel_context_t read;
    size_t len;
    const char *text = otel_carrier_only(carrier, "b3", &len);
    (void)self;
    memset(&read, 0, sizeof read);
    if (!(text && otel_b3_single_(&read, text, len)) && !otel_b3_several_(&read, carrier)) return false;
    read.remote = true;
    read.baggage = context->baggage;
    read.values = context->values;
    *context = read;
    return true;
}

/* Both ids in hex; false when one is not valid. */
OTEL_FN_ bool otel_b3_ids_(const otel_context_t *context, char trace_id[33], char span_id[17])
{
    trace_id[32] = span_id[16] = 0;
    return otel_hex_write_(trace_id, context->trace_id, 16) && otel_hex_write_(span_id, context->span_id, 8);
}

OTEL_API_ void otel_b3_inject_(const otel_propagator_t *self, const otel_context_t *context, void (*set)(void *user, const char *name, const char *value), void *user)
{ OTEL_CALLED_
    char text[33 + 17 + 2], span_id[17];
    (void)self;
    if (!otel_b3_ids_(context, text, span_id)) return;
    text[32] = '-';
    memcpy(text + 33, span_id, 16);
    text[49] = '-';
    text[50] = (char)(context->flags & OTEL_FLAG_DEBUG ? 'd' : context->flags & OTEL_FLAG_SAMPLED ? '1' : '0');
    text[51] = 0;
    set(user, "b3", text);
}

OTEL_API_ void otel_b3_inject_multi_(const otel_propagator_t *self, const otel_context_t *context, void (*set)(void *user, const char *name, const char *value), void *user)
{ OTEL_CALLED_
    char trace_id[33], span_id[17];
    (void)self;
    if (!otel_b3_ids_(context, trace_id, span_id)) return;
    set(user, "x-b3-traceid", trace_id);
    set(user, "x-b3-spanid", span_id);
    if (context->flags & OTEL_FLAG_DEBUG) set(user, "x-b3-flags", "1");
    else set(user, "x-b3-sampled", context->flags & OTEL_FLAG_SAMPLED ? "1" : "0");
}
OTEL_C_END_
#endif

/* ---- baggageset.h ---------------------------------------------------------------------------------------------- */
#if OTEL_BODIES_
OTEL_C_BEGIN_
/* What is written, and what is read meanwhile. Private. */
typedef struct otel_baggage_work_t_ {
    otel_baggage_t it;
    otel_baggage_entry_t entry;
    const char *key, *value, *properties;
    char *buf;
    size_t size, n;                   /* n: bytes that are written, or would be if there were room */
    unsigned members;
    char coded[3];
} otel_baggage_work_t_;

/* The members of other keys. */
OTEL_STEP_ void otel_baggage_others_(otel_baggage_work_t_ *w)
{
    const otel_baggage_entry_t *e = &w->entry;
    const size_t key_len = strlen(w->key);
    while (otel_baggage_step_(&w->it, &w->entry)) {
        if (e->key_len == key_len && memcmp(e->key, w->key, key_len) == 0) continue;
        w->n = otel_list_put_(w->buf, w->size, w->n, e->key, (size_t)(e->properties + e->properties_len - e->key));
        w->members++;
    }
}

OTEL_STEP_ void otel_baggage_add_(otel_baggage_work_t_ *w, const char *text, size_t len)
{
    if (w->n < w->size && len < w->size - w->n) memcpy(w->buf + w->n, text, len);
    w->n += len;
}

/* The value, with what may not stand there as %XX; a '%' too, which would begin such a one. */
OTEL_STEP_ void otel_baggage_encode_(otel_baggage_work_t_ *w)
{
    static const char digits[] = "0123456789ABCDEF";
    for (; *w->value; w->value++) {
        const unsigned char c = (unsigned char)*w->value;
        w->coded[0] = '%';
        w->coded[1] = digits[c >> 4];
        w->coded[2] = digits[c & 15u];
        if (otel_baggage_octet_(c) && c != '%') otel_baggage_add_(w, w->value, 1);
        else otel_baggage_add_(w, w->coded, 3);
    }
}

/* The new member, behind the others. */
OTEL_STEP_ bool otel_baggage_member_(otel_baggage_work_t_ *w)
{
    size_t from;
    w->members++;
    w->n = otel_list_put_(w->buf, w->size, w->n, w->key, strlen(w->key));
    otel_baggage_add_(w, "=", 1);
    otel_baggage_encode_(w);
    if (!w->properties || !*w->properties) return true;
    from = w->n;
    otel_baggage_add_(w, ";", 1);
    otel_baggage_add_(w, w->properties, strlen(w->properties));
    return w->n < w->size && otel_properties_good_(w->buf, w->n, from);
}

OTEL_FN_ bool otel_baggage_key_(const char *key)
{
    size_t i;
    if (!key || !*key) return false;
    for (i = 0; key[i]; i++) {
        if (!otel_token_char_((unsigned char)key[i])) return false;
    }
    return true;
}

OTEL_API_ bool otel_baggage_set(const otel_context_t *context, const char *key, const char *value, const char *properties, char *buf, size_t size)
{ OTEL_CALLED_
    OTEL_WORKING_ otel_baggage_work_t_ w;
    OTEL_WHEN_OFF_((void)context; (void)key; (void)value; (void)properties; (void)w; if (buf && size) *buf = 0; return true)
    if (!buf || !size) return false;
    *buf = 0;
    if (!otel_baggage_key_(key)) return false;
    memset((void *)&w, 0, sizeof w);
    w.it = otel_baggage_walk_(context ? context->baggage : NULL);
    w.key = key;
    w.value = value;
    w.properties = properties;
    w.buf = buf;
    w.size = size;
    otel_baggage_others_(&w);
    if ((value && !otel_baggage_member_(&w)) || w.n >= size || w.n > OTEL_BAGGAGE_BYTES_ || w.members > OTEL_BAGGAGE_MEMBERS_) {
        *buf = 0;
        return false;
    }
    buf[w.n] = 0;
    return true;
}
OTEL_C_END_
#endif

/* ---- contextkey.h ---------------------------------------------------------------------------------------------- */
#if OTEL_BODIES_
OTEL_C_BEGIN_
OTEL_API_ otel_context_t otel_context_with(const otel_context_t *context, const otel_context_key_t *key, const void *value, otel_context_value_t *place)
{ OTEL_CALLED_
    otel_context_t with;
    memset((void *)&with, 0, sizeof with);
    OTEL_WHEN_OFF_((void)context; (void)key; (void)value; (void)place; return with)
    if (context) with = *context;
    if (!key || !place) return with;
    place->key_ = key;
    place->value_ = value;
    place->next_ = with.values;
    with.values = place;
    return with;
}

OTEL_API_ const void *otel_context_value(const otel_context_t *context, const otel_context_key_t *key)
{ OTEL_CALLED_
    const otel_context_value_t *v;
    OTEL_WHEN_OFF_((void)v; (void)context; (void)key; return NULL)
    for (v = context ? context->values : NULL; v; v = v->next_) {
        if (v->key_ == key) return v->value_;
    }
    return NULL;
}
OTEL_C_END_
#endif

/* ---- element.h ------------------------------------------------------------------------------------------------- */
#if OTEL_BODIES_
OTEL_C_BEGIN_
#define OTEL_FIELD_EVENT_ 0x5Au       /* Span.events = 11 */
#define OTEL_FIELD_LINK_ 0x6Au        /* Span.links = 13 */
#define OTEL_ELEMENT_END_ 4u          /* dropped_attributes_count must find its place */

/* Begin one whose own fields take `need` bytes, and give their place; NULL: it does not fit and is counted. */
OTEL_API_ uint8_t *otel_element_open_(otel_span_t *span, uint8_t tag, size_t need)
{ OTEL_CALLED_
    bool event = tag == OTEL_FIELD_EVENT_;
    uint8_t *begin = otel_span_bytes_(span) + span->used_;
    if (need + 1u + OTEL_LENGTH_BYTES_ + OTEL_ELEMENT_END_ > span->room_ - span->used_ || (event ? span->events_ : span->links_) >= OTEL_COUNT_LIMIT_) {
        otel_count16_(event ? &span->lost_events_ : &span->lost_links_);
        return NULL;
    }
    *begin = tag;
    return begin + 1 + OTEL_LENGTH_BYTES_;
}

/* Bytes that may still be written at `p`. */
OTEL_FN_ size_t otel_element_room_(otel_span_t *span, const uint8_t *p)
{
    return span->room_ - OTEL_ELEMENT_END_ - (size_t)(p - otel_span_bytes_(span));
}

/* Its own fields end at `p`. */
OTEL_FN_ void otel_element_begin_(otel_element_t_ *e, uint8_t *p)
{
    e->at = e->first = p;
    e->kept = e->lost = 0;
}

/* Add attributes; those that do not fit are counted inside. Of equal keys the last value counts. */
OTEL_API_ OTEL_NOINLINE_ void otel_element_put_(otel_span_t *span, otel_element_t_ *e, const otel_attr_t *attributes, size_t len)
{ OTEL_CALLED_
    const unsigned tag = *(otel_span_bytes_(span) + span->used_) == OTEL_FIELD_EVENT_ ? 0x1Au : 0x22u;      /* Event.attributes = 3, Link.attributes = 4 */
    for (; len && attributes; len--, attributes++) {
        size_t n = otel_attr_write_(e->at, otel_element_room_(span, e->at), tag, attributes);
        if (n && OTEL_LIMITS && e->kept) {
            size_t gone = otel_unique_(e->first, e->at, e->at + n);
            e->at -= gone;
            if (gone) e->kept--;
        }
        if (n && e->kept < OTEL_COUNT_LIMIT_) {
            e->at += n;
            e->kept++;
        } else if (e->lost < OTEL_LENGTH_MAX_) {
            e->lost++;
        }
    }
}

/* Add a text. */
OTEL_API_ OTEL_NOINLINE_ void otel_element_text_(otel_span_t *span, otel_element_t_ *e, const char *key, const char *text)
{ OTEL_CALLED_
    const otel_attr_t one = otel_str(key, text);
    otel_element_put_(span, e, &one, 1);
}

OTEL_API_ void otel_element_close_(otel_span_t *span, const otel_element_t_ *e)
{ OTEL_CALLED_
    uint8_t *begin = otel_span_bytes_(span) + span->used_, *p = e->at;
    const bool event = *begin == OTEL_FIELD_EVENT_;
    if (e->lost) {
        *p = event ? 0x20 : 0x28;                             /* Event.dropped_attributes_count = 4, Link's = 5 */
        p = otel_put_varint_(p + 1, e->lost);
    }
    otel_put_length_(begin + 1, (uint32_t)(p - begin) - 1u - OTEL_LENGTH_BYTES_);
    span->used_ += (size_t)(p - begin);
    otel_count16_(event ? &span->events_ : &span->links_);
}
OTEL_C_END_
#endif

/* ---- event.h --------------------------------------------------------------------------------------------------- */
#if OTEL_BODIES_
OTEL_C_BEGIN_
/* Begin an event; e->at NULL: it finds no room. */
OTEL_API_ OTEL_NOINLINE_ void otel_event_open_(otel_span_t *span, otel_element_t_ *e, const char *name, uint64_t time_ns)
{ OTEL_CALLED_
    uint8_t *p;
    size_t n;
    e->at = NULL;
    if (!otel_is_recording(span)) return;
    if (!name) name = "";
    n = otel_utf8_cut_(name, strlen(name), OTEL_NAME_MAX_);
    p = otel_element_open_(span, OTEL_FIELD_EVENT_, 9u + otel_message_size_(n));
    if (!p) return;
    if (!time_ns) time_ns = otel_clock_now_(&span->otel_->clock_) + span->offset_;
    else if (span->state_ & OTEL_SPAN_RELATIVE_) time_ns = otel_clock_from_unix_(&span->otel_->clock_, time_ns);
    p[0] = 0x09;                                              /* Event.time_unix_nano = 1, fixed64: first, so that it can be put right */
    otel_put64_(p + 1, time_ns);
    p[9] = 0x12;                                              /* Event.name = 2 */
    otel_element_begin_(e, otel_put_text_(otel_put_len_(p + 10, n), name, n));
}

OTEL_API_ void otel_span_event_at(otel_span_t *span, const char *name, uint64_t time_ns, const otel_attr_t *attributes, size_t len)
{ OTEL_CALLED_
    otel_element_t_ e;
    OTEL_TRACES_OFF_((void)span; (void)name; (void)time_ns; (void)attributes; (void)len; return)
    otel_event_open_(span, &e, name, time_ns);
    if (!e.at) return;
    otel_element_put_(span, &e, attributes, len);
    otel_element_close_(span, &e);
}
OTEL_C_END_
#endif

/* ---- keys.h ---------------------------------------------------------------------------------------------------- */
#if OTEL_BODIES_
OTEL_C_BEGIN_
#define OTEL_FIELD_ATTRIBUTE_ 0x4Au   /* Span.attributes = 9 */

/* Take a field out of the scratch. */
OTEL_FN_ void otel_scratch_cut_(otel_span_t *span, uint8_t *field, size_t n)
{
    const uint8_t *end = otel_span_bytes_(span) + span->used_;
    span->used_ -= n;
    for (; field + n < end; field++) *field = field[n];
}

/* The attribute with this key, or NULL. */
OTEL_API_ uint8_t *otel_span_find_(otel_span_t *span, const char *key, size_t key_len);
OTEL_API_ uint8_t *otel_span_find_(otel_span_t *span, const char *key, size_t key_len)
{ OTEL_CALLED_
    uint8_t *p = otel_span_bytes_(span) + otel_span_fields_(span), *end = otel_span_bytes_(span) + span->used_;
    while (p < end) {
        size_t n, len;
        const uint8_t *in = otel_field_in_(p, &n);
        if (*p == OTEL_FIELD_ATTRIBUTE_) {
            const uint8_t *k = otel_field_in_(in, &len);      /* KeyValue.key, which comes first */
            if (len && len == key_len && k[len - 1u] == (uint8_t)key[len - 1u] && otel_same_(k, key, key_len)) return p;
        }
        p += (size_t)(in - p) + n;
    }
    return NULL;
}

/* Take out an attribute, if it is there. */
OTEL_FN_ void otel_set_drop_(otel_span_t *span, uint8_t *old)
{
    if (!old) return;
    otel_scratch_cut_(span, old, otel_field_size_(old));
    span->attributes_--;
}

/* Whether a key of this number may be there, and that one is. The number's bit is the caller's where making it takes long: an 8-bit core
   shifts by one bit at a time. */
#ifdef __AVR__
#define OTEL_BIT_KEPT_(number, bit) ((void)(number), (bit))
#else
#define OTEL_BIT_KEPT_(number, bit) ((void)(bit), OTEL_KEY_BIT_(number))
#endif
OTEL_INLINE_ bool otel_key_seen_(const otel_span_t *span, unsigned number, uintptr_t bit) { return (span->keys_[OTEL_KEY_WORD_(number)] & OTEL_BIT_KEPT_(number, bit)) != 0; }
OTEL_INLINE_ void otel_key_note_(otel_span_t *span, unsigned number, uintptr_t bit) { span->keys_[OTEL_KEY_WORD_(number)] |= OTEL_BIT_KEPT_(number, bit); }

OTEL_C_END_
#endif

/* ---- fields.h -------------------------------------------------------------------------------------------------- */
#if OTEL_BODIES_
OTEL_C_BEGIN_
/* A length, of which the caller may know that it is one byte. */
OTEL_INLINE_ uint8_t *otel_put_one_(uint8_t *to, size_t n, bool brief)
{
    if (!brief) return otel_put_len_(to, n);
    *to = (uint8_t)n;
    return to + 1;
}

/* One that is counted and not there. */
OTEL_STEP_ uint8_t *otel_set_lose_(otel_span_t *span)
{
    otel_count16_(&span->lost_attributes_);
    return NULL;
}

/* Begin an attribute whose AnyValue has `any` bytes, in place of one with the same key: all but those bytes, and their place.
   NULL: it does not fit, or has no key, and is counted. `known`: what OTEL_KNOWN_KEY_ said of the key. */
OTEL_API_ OTEL_NOINLINE_ uint8_t *otel_set_open_(otel_span_t *span, const char *key, uint32_t known, size_t any);
OTEL_API_ OTEL_NOINLINE_ uint8_t *otel_set_open_(otel_span_t *span, const char *key, uint32_t known, size_t any)
{ OTEL_CALLED_
    size_t key_len, all;
    unsigned number;
    uintptr_t bit;
    uint8_t *p, *old;
    bool brief;                                               /* each length is one byte */
    if (!key || !*key) return otel_set_lose_(span);
    key_len = known & 255u ? (size_t)(known & 255u) - 1u : otel_len_(key);
    number = known & 255u ? known >> 8 & 255u : otel_key_number_(key, key_len);
    bit = OTEL_KEY_BIT_(number);
    if (otel_key_seen_(span, number, bit)) otel_set_drop_(span, otel_span_find_(span, key, key_len));
    brief = OTEL_HOT_(false, OTEL_SHORT_((key_len | any) < 62u, false));
    all = brief ? key_len + any + 4u : otel_attr_len_(key_len, any);
    if (otel_too_long_(all) || (brief ? all + 2u : otel_message_size_(all)) > span->room_ - span->used_ || span->attributes_ >= OTEL_COUNT_LIMIT_) {
        return otel_set_lose_(span);
    }
    p = otel_span_bytes_(span) + span->used_;
    *p++ = OTEL_FIELD_ATTRIBUTE_;
    p = otel_put_one_(p, all, brief);
    *p++ = 0x0A;                                              /* KeyValue.key = 1 */
    p = otel_put_one_(p, key_len, brief);
    old = NULL;
    if (OTEL_UNLIKELY_(otel_copy_text_(p, key, key_len)) && OTEL_LIMITS) {    /* mended it may be one that is there */
        otel_mend_text_(p, key_len);
        number = otel_key_number_((const char *)p, key_len);
        bit = OTEL_KEY_BIT_(number);
        old = otel_span_find_(span, (const char *)p, key_len);
    }
    span->used_ = (size_t)(p - otel_span_bytes_(span)) + key_len;
    if (old) otel_set_drop_(span, old);
    p = otel_span_bytes_(span) + span->used_;
    *p++ = 0x12;                                              /* KeyValue.value = 2 */
    p = otel_put_one_(p, any, brief);
    span->used_ = (size_t)(p - otel_span_bytes_(span)) + any;
    span->attributes_++;
    otel_key_note_(span, number, bit);
    return p;
}

/* One attribute of any type, encoded where it will stand. */
OTEL_API_ otel_span_t *otel_set_(otel_span_t *span, const char *key, const otel_value_t *value)
{ OTEL_CALLED_
    size_t any;
    uint8_t *p;
    OTEL_TRACES_OFF_((void)span; (void)key; (void)value; return NULL)
    if (!otel_is_recording(span)) return span;
    any = otel_any_len_(value);
    p = otel_set_open_(span, key, 0, any);
    if (p) otel_any_here_(p, any, value);
    return span;
}

OTEL_API_ otel_span_t *otel_set_int_(otel_span_t *span, const char *key, int64_t value)
{ OTEL_CALLED_
    uint8_t *p;
    OTEL_TRACES_OFF_((void)span; (void)key; (void)value; return NULL)
    if (!otel_is_recording(span)) return span;
    p = otel_set_open_(span, key, 0, 1u + otel_varint64_size_((uint64_t)value));
    if (p) {
        *p = OTEL_TAG_INT_;
        (void)otel_put_varint64_(p + 1, (uint64_t)value);
    }
    return span;
}

OTEL_API_ otel_span_t *otel_set_uint_(otel_span_t *span, const char *key, uint64_t value)
{ OTEL_CALLED_
    otel_value_t v = otel_value_uint_(value);
    return otel_set_(span, key, &v);
}

/* Most attributes are short and new: lengths of one byte, no second look. All but the two bytes before the AnyValue, which
   the caller writes, and its place; NULL: the careful way. */
OTEL_INLINE_ uint8_t *otel_set_short_(otel_span_t *span, const char *key, uint32_t known, size_t any)
{
    size_t key_len = known & 255u, used = span->used_, all;
    uint8_t *p = otel_span_bytes_(span) + used;
    unsigned number = known >> 8 & 255u;
    uintptr_t bit;
    if (OTEL_LIKELY_(key_len)) {
        key_len--;
    } else {
        if (!key || !*key) return NULL;
        key_len = otel_len_(key);
        number = otel_key_number_(key, key_len);
    }
    all = key_len + any + 4u;
    bit = OTEL_KEY_BIT_(number);
    if (all > 127u || all + 2u > span->room_ - used || span->attributes_ >= OTEL_COUNT_LIMIT_) return NULL;
    if (OTEL_UNLIKELY_(otel_key_seen_(span, number, bit)) && otel_span_find_(span, key, key_len)) return NULL;
    otel_key_note_(span, number, bit);
    span->used_ = used + all + 2u;
    span->attributes_++;
    otel_put32_(p, 0x0A0000u + OTEL_FIELD_ATTRIBUTE_ + ((uint32_t)all << 8) + ((uint32_t)key_len << 24));     /* KeyValue.key = 1 */
    if (OTEL_UNLIKELY_(otel_copy_text_here_(p + 4, key, key_len)) && OTEL_LIMITS) {      /* not plain ASCII: as if nothing had been */
        span->used_ = used;
        span->attributes_--;
        return NULL;
    }
    return p + 6u + key_len;
}

/* Who builds for size has the careful way only, whose NULL is counted already. */
#define OTEL_SET_PLACE_ OTEL_HOT_(otel_set_short_, otel_set_open_)
#define OTEL_SET_COUNTED_ OTEL_HOT_(false, true)

/* The length of a text, where it may be known: plus one, 16 bits higher than what is known of the key. */
OTEL_FN_ size_t otel_known_len_(const char *text, uint32_t known) { return known >> 16 ? (size_t)(known >> 16) - 1u : otel_len_(text); }

/* The text of a value at `p`, and what it is in *tag. */
OTEL_INLINE_ void otel_set_put_(uint8_t *tag, uint8_t *p, const char *value, size_t len)
{
#if OTEL_UTF8_REPLACE
    (void)tag;
    (void)otel_put_text_(p, value, len);
#else
    if (OTEL_UNLIKELY_(OTEL_HOT_(otel_copy_text_here_, otel_copy_text_)(p, value, len)) && OTEL_LIMITS && !otel_utf8_valid(value, len)) *tag = OTEL_TAG_BYTES_;
#endif
}

/* Any text, or NULL. */
OTEL_API_ OTEL_NOINLINE_ otel_span_t *otel_set_any_text_(otel_span_t *span, const char *key, const char *value);
OTEL_API_ OTEL_NOINLINE_ otel_span_t *otel_set_any_text_(otel_span_t *span, const char *key, const char *value)
{ OTEL_CALLED_
    size_t len = value ? otel_len_(value) : 0;
    uint8_t *p = otel_set_open_(span, key, 0, !value ? 0 : otel_too_long_(len) ? OTEL_TOO_LONG_ : otel_message_size_(len));
    if (!p || !value) return span;
    *p = OTEL_TAG_STRING_;
    otel_set_put_(p, otel_put_len_(p + 1, len), value, len);
    return span;
}

/* known: of the key and of the length of the value. */
OTEL_API_ otel_span_t *otel_set_text_(otel_span_t *span, const char *key, const char *value, uint32_t known)
{ OTEL_CALLED_
    OTEL_TRACES_OFF_((void)span; (void)key; (void)value; (void)known; return NULL)
    if (!otel_is_recording(span)) return span;
    if (OTEL_LIKELY_(value)) {
        size_t len = otel_known_len_(value, known);
        if (OTEL_LIKELY_(len < 122u)) {
            uint8_t *p = OTEL_SET_PLACE_(span, key, known, len + 2u);
            if (OTEL_LIKELY_(p != NULL)) {
                otel_put32_(p - 2, 0x0A0212u + ((uint32_t)len << 8) + ((uint32_t)len << 24));      /* AnyValue.string_value = 1 */
                otel_set_put_(p, p + 2, value, len);
                return span;
            }
            if (OTEL_SET_COUNTED_) return span;
        }
    }
    return otel_set_any_text_(span, key, value);
}

OTEL_API_ otel_span_t *otel_set_number_(otel_span_t *span, const char *key, int32_t value, uint32_t known)
{ OTEL_CALLED_
    OTEL_TRACES_OFF_((void)span; (void)key; (void)value; (void)known; return NULL)
    if (!otel_is_recording(span)) return span;
    if (OTEL_LIKELY_(value >= 0)) {
        unsigned size = value < 128 ? 2u : 1u + otel_varint_size_((uint32_t)value);
        uint8_t *p = OTEL_SET_PLACE_(span, key, known, size);
        if (OTEL_LIKELY_(p != NULL)) {
            otel_put32_(p - 2, 0x180012u + (size << 8) + ((uint32_t)value << 24));             /* AnyValue.int_value = 3 */
            if (OTEL_UNLIKELY_(size > 2u)) (void)otel_put_varint_(p + 1, (uint32_t)value);
            return span;
        }
        if (OTEL_SET_COUNTED_) return span;
    }
    return otel_set_int_(span, key, value);
}

OTEL_API_ otel_span_t *otel_set_truth_(otel_span_t *span, const char *key, bool value, uint32_t known)
{ OTEL_CALLED_
    uint8_t *p;
    OTEL_TRACES_OFF_((void)span; (void)key; (void)value; (void)known; (void)p; return NULL)
    if (!otel_is_recording(span)) return span;
    p = OTEL_SET_PLACE_(span, key, known, 2);
    if (!OTEL_SET_COUNTED_ && OTEL_UNLIKELY_(!p)) p = otel_set_open_(span, key, known, 2);
    if (OTEL_LIKELY_(p != NULL)) otel_put32_(p - 2, 0x12u | 2u << 8 | (uint32_t)OTEL_TAG_BOOL_ << 16 | (uint32_t)value << 24);
    return span;
}

OTEL_API_ otel_span_t *otel_set_real_(otel_span_t *span, const char *key, double value, uint32_t known)
{ OTEL_CALLED_
    uint8_t *p;
    OTEL_TRACES_OFF_((void)span; (void)key; (void)value; (void)known; (void)p; return NULL)
    if (!otel_is_recording(span)) return span;
    p = OTEL_SET_PLACE_(span, key, known, 9);
    if (!OTEL_SET_COUNTED_ && OTEL_UNLIKELY_(!p)) p = otel_set_open_(span, key, known, 9);
    if (OTEL_LIKELY_(p != NULL)) {
        p[-2] = 0x12;
        p[-1] = 9;
        *p = OTEL_TAG_DOUBLE_;
        otel_put64_(p + 1, otel_double_bits_(value));
    }
    return span;
}

OTEL_API_ void otel_span_set_all(otel_span_t *span, const otel_attr_t *attributes, size_t len)
{ OTEL_CALLED_
    size_t i;
    OTEL_TRACES_OFF_((void)span; (void)attributes; (void)len; return)
    if (!attributes) return;
    for (i = 0; i < len; i++) (void)otel_set_(span, attributes[i].key, &attributes[i].value);
}
OTEL_C_END_
#endif

/* ---- status.h -------------------------------------------------------------------------------------------------- */
#if OTEL_BODIES_
OTEL_C_BEGIN_
/* The first field of this tag; NULL: there is none. */
OTEL_FN_ uint8_t *otel_scratch_find_(otel_span_t *span, uint8_t tag)
{
    uint8_t *p = otel_span_bytes_(span) + otel_span_fields_(span), *end = otel_span_bytes_(span) + span->used_;
    for (; p < end; p += otel_field_size_(p)) {
        if (*p == tag) return p;
    }
    return NULL;
}

OTEL_API_ void otel_span_status(otel_span_t *span, otel_status_t status, const char *message)
{ OTEL_CALLED_
    size_t n;
    uint8_t *old;
    OTEL_TRACES_OFF_((void)span; (void)status; (void)message; (void)old; return)
    if (!otel_is_recording(span) || status <= OTEL_STATUS_UNSET || status > OTEL_STATUS_ERROR || span->status_ == OTEL_STATUS_OK) return;
    old = span->state_ & OTEL_SPAN_STATUS_ ? otel_scratch_find_(span, OTEL_FIELD_STATUS_) : NULL;
    if (old) otel_scratch_cut_(span, old, otel_field_size_(old));
    span->state_ &= (uint8_t)~OTEL_SPAN_STATUS_;
    span->status_ = (uint8_t)status;
    if (!message || !*message || status != OTEL_STATUS_ERROR) return;
    n = otel_utf8_cut_(message, otel_len_(message), OTEL_NAME_MAX_);
    if (span->room_ - span->used_ >= n + 9u) {
        uint8_t *p = otel_span_bytes_(span) + span->used_;
        *p = OTEL_FIELD_STATUS_;
        p = otel_put_len_(p + 1, n + 3u + otel_len_size_(n));
        *p = 0x12;                                            /* Status.message = 2 */
        p = otel_put_text_(otel_put_len_(p + 1, n), message, n);
        *p++ = 0x18;                                          /* Status.code = 3 */
        *p++ = (uint8_t)status;
        span->used_ = (size_t)(p - otel_span_bytes_(span));
        span->state_ |= OTEL_SPAN_STATUS_;
    }
}

OTEL_API_ void otel_span_rename(otel_span_t *span, const char *name)
{ OTEL_CALLED_
    size_t n, gone;
    uint8_t *old;
    OTEL_TRACES_OFF_((void)span; (void)name; (void)gone; (void)old; return)
    if (!otel_is_recording(span) || !name) return;
    old = span->named_ ? otel_scratch_find_(span, OTEL_FIELD_NAME_) : NULL;
    gone = old ? otel_field_size_(old) : 0;
    n = otel_utf8_cut_(name, otel_len_(name), OTEL_NAME_MAX_);
    if (span->room_ - span->used_ + gone < otel_message_size_(n)) {
        otel_count16_(&span->lost_attributes_);               /* the old name stays */
        return;
    }
    if (old) otel_scratch_cut_(span, old, gone);
    otel_span_put_name_(span, name, n);
    span->named_ = 1;
}
OTEL_C_END_
#endif

/* ---- error.h --------------------------------------------------------------------------------------------------- */
#if OTEL_BODIES_
OTEL_C_BEGIN_
/* Decimal text of a number, NUL-terminated; the first character's place. */
OTEL_FN_ char *otel_int_text_(int value, char text[12])
{
    char *p = text + 11;
    unsigned u = value < 0 ? 0u - (unsigned)value : (unsigned)value;
    *p = 0;
    do {
        *--p = (char)('0' + (int)(u % 10u));
        u /= 10u;
    } while (u && p > text + 1);
    if (value < 0) *--p = '-';
    return p;
}

OTEL_API_ int otel_span_error(otel_span_t *span, int code, const char *message)
{ OTEL_CALLED_
    char text[12];
    otel_element_t_ e;
    OTEL_TRACES_OFF_((void)span; (void)message; return code)
    if (!otel_is_recording(span)) return code;
    otel_span_status(span, OTEL_STATUS_ERROR, message);
    otel_event_open_(span, &e, "exception", 0);
    if (!e.at) return code;
    otel_element_text_(span, &e, "exception.type", otel_int_text_(code, text));
    if (message) otel_element_text_(span, &e, "exception.message", message);
    otel_element_close_(span, &e);
    return code;
}
OTEL_C_END_
#endif

/* ---- detect.h -------------------------------------------------------------------------------------------------- */
#if OTEL_BODIES_
OTEL_C_BEGIN_
OTEL_API_ const otel_value_t *otel_resource_get(const otel_resource_t *resource, const char *key)
{ OTEL_CALLED_
    size_t i;
    OTEL_WHEN_OFF_((void)resource; (void)key; return NULL)
    for (i = 0; resource && key && i < resource->len; i++) {
        const char *k = resource->at[i].key;
        if (strlen(k) == strlen(key) && memcmp(k, key, strlen(key)) == 0) return &resource->at[i].value;
    }
    return NULL;
}

/* Where the value of this key stands or may stand; NULL: no room. */
OTEL_STEP_ otel_value_t *otel_resource_place_(otel_resource_t *resource, const char *key)
{
    const otel_value_t *there = otel_resource_get(resource, key);
    if (there) return (otel_value_t *)(uintptr_t)there;
    if (!resource->at || resource->len >= resource->size) {
        resource->lost = true;
        return NULL;
    }
    resource->at[resource->len].key = key;
    return &resource->at[resource->len++].value;
}

OTEL_API_ bool otel_resource_set(otel_resource_t *resource, const char *key, otel_value_t value)
{ OTEL_CALLED_
    otel_value_t *place;
    OTEL_WHEN_OFF_((void)place; (void)resource; (void)key; (void)value; return true)
    if (!resource || !key || !*key) return false;
    place = otel_resource_place_(resource, key);
    if (place) *place = value;
    return place != NULL;
}

/* Room for a text of `len` bytes; NULL: none. */
OTEL_FN_ char *otel_resource_room_(otel_resource_t *resource, size_t len)
{
    char *room;
    if (!resource->text || len > resource->text_size - resource->text_used) {
        resource->lost = true;
        return NULL;
    }
    room = resource->text + resource->text_used;
    resource->text_used += len;
    return room;
}

OTEL_API_ bool otel_resource_text(otel_resource_t *resource, const char *key, const char *text, size_t len)
{ OTEL_CALLED_
    char *copy;
    OTEL_WHEN_OFF_((void)resource; (void)key; (void)text; (void)len; return true)
    if (!resource || !text) return false;
    copy = otel_resource_room_(resource, len);
    if (!copy) return false;
    memcpy(copy, text, len);
    return otel_resource_set(resource, key, OTEL_STR(copy, len));
}

OTEL_API_ void otel_resource_merge(otel_resource_t *resource, const otel_attr_t *attributes, size_t len, const char *schema_url)
{ OTEL_CALLED_
    size_t i;
    OTEL_WHEN_OFF_((void)resource; (void)attributes; (void)len; (void)schema_url; return)
    if (!resource) return;
    for (i = 0; i < len && attributes; i++) (void)otel_resource_set(resource, attributes[i].key, attributes[i].value);
    if (!schema_url || !*schema_url || resource->conflict) return;
    if (!resource->schema_url || !*resource->schema_url) {
        resource->schema_url = schema_url;
    } else if (strlen(schema_url) != strlen(resource->schema_url) || memcmp(schema_url, resource->schema_url, strlen(schema_url)) != 0) {
        resource->schema_url = NULL;
        resource->conflict = true;
    }
}

OTEL_API_ void otel_resource_detect(otel_resource_t *resource, const otel_detector_t *detectors, size_t len)
{ OTEL_CALLED_
    size_t i;
    OTEL_WHEN_OFF_((void)resource; (void)detectors; (void)len; return)
    for (i = 0; resource && detectors && i < len; i++) {
        if (detectors[i]) (detectors[i])(resource);
    }
}

OTEL_API_ bool otel_resource_instance_id(otel_resource_t *resource, const uint8_t random[16])
{ OTEL_CALLED_
    static const char digits[] = "0123456789abcdef";
    char *text, *to;
    size_t i;
    OTEL_WHEN_OFF_((void)resource; (void)random; (void)digits; return true)
    if (!resource) return false;
    text = to = otel_resource_room_(resource, 36);
    for (i = 0; i < 16 && to; i++) {
        unsigned byte = random[i];
        if (i == 6) byte = (byte & 15u) | 0x40u;              /* version 4 */
        if (i == 8) byte = (byte & 0x3Fu) | 0x80u;            /* the variant of RFC 9562 */
        if (i == 4 || i == 6 || i == 8 || i == 10) *to++ = '-';
        *to++ = digits[byte >> 4];
        *to++ = digits[byte & 15u];
    }
    return text && otel_resource_set(resource, "service.instance.id", OTEL_STR(text, 36));
}
OTEL_C_END_
#endif

/* ---- environment.h --------------------------------------------------------------------------------------------- */
#if OTEL_BODIES_
OTEL_C_BEGIN_
#define OTEL_ENVIRONMENT_MOST_ 65535u

OTEL_FN_ char otel_environment_char_(char c)
{
    if (c >= 'a' && c <= 'z') return (char)(c - ('a' - 'A'));
    return (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ? c : '_';
}

/* The value of an entry when it has the name of that header, else NULL. */
OTEL_API_ const char *otel_environment_value_(const char *entry, const char *name);
OTEL_API_ const char *otel_environment_value_(const char *entry, const char *name)
{ OTEL_CALLED_
    for (; *name; name++, entry++) {
        if (*entry != otel_environment_char_(*name)) return NULL;
    }
    return *entry == '=' ? entry + 1 : NULL;
}

OTEL_API_ const char *otel_environment_get_(void *user, const char *name, size_t *at, size_t *len)
{ OTEL_CALLED_
    char *const *entries = (char *const *)user;
    size_t i;
    (void)len;                                    /* entries end in NUL */
    if ((*at)++) return NULL;
    for (i = 0; i < OTEL_ENVIRONMENT_MOST_ && entries[i]; i++) {
        const char *value = otel_environment_value_(entries[i], name);
        if (value) return value;
    }
    return NULL;
}

OTEL_API_ const char *otel_environment_key_(void *user, size_t *at, size_t *len)
{ OTEL_CALLED_
    char *const *entries = (char *const *)user;
    const char *entry = entries[*at], *end;
    if (!entry) return NULL;
    ++*at;
    *len = strlen(entry);
    end = (const char *)memchr(entry, '=', *len);
    if (end) *len = (size_t)(end - entry);
    return entry;
}

/* Put NAME=value into the buffer and its address into the array. */
OTEL_API_ void otel_environment_set_(void *user, const char *name, const char *value);
OTEL_API_ void otel_environment_set_(void *user, const char *name, const char *value)
{ OTEL_CALLED_
    otel_environment_t *out = (otel_environment_t *)user;
    size_t name_len = strlen(name), value_len = strlen(value), i;
    char *p;
    if (name_len + value_len + 2u > out->buffer_size - out->used_ || out->count_ + 1u >= out->slots) {
        out->lost_ = true;
        return;
    }
    p = out->buffer + out->used_;
    out->to[out->count_++] = p;
    for (i = 0; i < name_len; i++) *p++ = otel_environment_char_(name[i]);
    *p++ = '=';
    memcpy(p, value, value_len + 1u);
    out->used_ += name_len + value_len + 2u;
}

/* Is this an entry that a propagator writes? */
OTEL_FN_ bool otel_environment_ours_(const char *entry, const otel_propagator_t *propagator)
{
    static const char *const w3c[] = { "traceparent", "tracestate", "baggage" };
    const char *field;
    size_t i;
    for (i = 0; propagator && (field = otel_propagator_field(propagator, i)) != NULL; i++) {
        if (otel_environment_value_(entry, field)) return true;
    }
    for (i = 0; !propagator && i < 3; i++) {
        if (otel_environment_value_(entry, w3c[i])) return true;
    }
    return false;
}

/* The entries of the span and the end of the array. Called in the place of a return, so that little lies under what is injected. */
OTEL_STEP_ char *const *otel_environment_pass_(otel_environment_t *out, const otel_span_t *span)
{
    otel_inject(span, otel_environment_set_, out);
    if (out->lost_) return NULL;
    out->to[out->count_] = NULL;
    return (char *const *)(uintptr_t)out->to;
}

OTEL_API_ char *const *otel_environment(otel_environment_t *out, char *const *from, const otel_span_t *span)
{ OTEL_CALLED_
    const otel_propagator_t *propagator;
    size_t i;
    OTEL_WHEN_OFF_((void)out; (void)span; return from)
    if (!out || !out->to || !out->slots || (out->buffer_size && !out->buffer)) return NULL;
    out->used_ = out->count_ = 0;
    out->lost_ = false;
    propagator = otel_default_() ? otel_default_()->config_.propagator : NULL;
    for (i = 0; from && i < OTEL_ENVIRONMENT_MOST_ && from[i]; i++) {
        if (otel_environment_ours_(from[i], propagator)) continue;
        if (out->count_ + 1u >= out->slots) return NULL;
        out->to[out->count_++] = from[i];
    }
    return otel_environment_pass_(out, span);
}
OTEL_C_END_
#endif

/* ---- logplan.h ------------------------------------------------------------------------------------------------- */
#if OTEL_BODIES_
OTEL_C_BEGIN_
#if OTEL_ROOMY_
/* What was measured of the attributes, so that it is not measured again where they are written. `any` OTEL_TOO_LONG_: left out. */
#define OTEL_LOG_PLANNED_ 12u
typedef struct otel_log_plan_t_ {
    size_t key_len[OTEL_LOG_PLANNED_], any[OTEL_LOG_PLANNED_];
} otel_log_plan_t_;

/* Whether an attribute of that key comes again. */
OTEL_FN_ bool otel_log_again_(const otel_log_plan_t_ *plan, const otel_attr_t *attributes, size_t i, size_t len)
{
    size_t j = i + 1u;
    while (j < len && plan->key_len[j] != plan->key_len[i]) j++;          /* mended keys keep their length */
    return j < len && otel_attr_again_(attributes + i, len - i);
}

/* As otel_log_attributes_ without `out`, backwards: of equal keys the last value counts. */
OTEL_FN_ size_t otel_log_measure_(otel_log_plan_t_ *plan, const otel_attr_t *attributes, size_t len, uint32_t *lost)
{
    size_t sum = 0, i = len;
    *lost = 0;
    while (i--) {
        size_t key_len = plan->key_len[i] = attributes[i].key ? strlen(attributes[i].key) : 0, any, all;
        plan->any[i] = OTEL_TOO_LONG_;
        if (OTEL_LIMITS && key_len && otel_log_again_(plan, attributes, i, len)) continue;
        any = key_len ? otel_any_len_(&attributes[i].value) : OTEL_TOO_LONG_;
        all = otel_attr_room_(key_len, any);
        if (all) plan->any[i] = any;
        else ++*lost;
        sum += all;
    }
    return sum;
}

OTEL_FN_ void otel_log_planned_(otel_out_t_ *out, const otel_log_plan_t_ *plan, const otel_attr_t *attributes, size_t len)
{
    size_t i;
    for (i = 0; i < len; i++) {
        if (!otel_too_long_(plan->any[i])) otel_attr_known_(out, 0x32, attributes[i].key, plan->key_len[i], &attributes[i].value, plan->any[i]);
    }
}
#endif
OTEL_C_END_
#endif

/* ---- log.h ----------------------------------------------------------------------------------------------------- */
#if OTEL_BODIES_
OTEL_C_BEGIN_
#if OTEL_ENABLED && OTEL_LOGS
#define OTEL_LOGS_OFF_(answer)
#else
#define OTEL_LOGS_OFF_(answer) answer;
#endif

#define OTEL_LOG_TIME_ 5          /* LogRecord.time_unix_nano = 1, fixed64 */
#define OTEL_LOG_OBSERVED_ 14     /* LogRecord.observed_time_unix_nano = 11, fixed64 */
#define OTEL_LOG_HEAD_ 22         /* mark, length and times */
#define OTEL_LOG_IDS_ 33          /* flags, trace and span id */

/* The span that a record belongs to; no trace id: none. */
typedef struct otel_log_ids_t_ {
    const uint8_t *trace_id, *span_id;
    uint8_t flags;
} otel_log_ids_t_;

/* Ids of the context, or of the current span. */
OTEL_FN_ void otel_log_ids_(otel_log_ids_t_ *ids, otel_t *otel, const otel_context_t *context)
{
    otel_current_t *slot = context ? NULL : otel_current_(otel);
    if (slot && !slot->span) context = &slot->context;
    ids->trace_id = NULL;
    if (slot && slot->span) {
        if (!(slot->span->state_ & OTEL_SPAN_RECORDING_) && otel_all_zero_(slot->span->head_ + OTEL_HEAD_SPAN_, 8)) return;   /* of a tracer that is off: in no trace */
        ids->trace_id = slot->span->head_ + OTEL_HEAD_TRACE_;
        ids->span_id = slot->span->head_ + OTEL_HEAD_SPAN_;
        ids->flags = slot->span->flags_;
    } else if (otel_context_valid(context)) {
        ids->trace_id = context->trace_id;
        ids->span_id = context->span_id;
        ids->flags = context->flags;
    }
}

/* Mark, length, times, severity and ids. */
OTEL_API_ OTEL_NOINLINE_ void otel_log_head_(otel_out_t_ *out, otel_t *otel, const otel_scope_t *scope, size_t length, unsigned severity, uint64_t time_ns);
OTEL_API_ OTEL_NOINLINE_ void otel_log_head_(otel_out_t_ *out, otel_t *otel, const otel_scope_t *scope, size_t length, unsigned severity, uint64_t time_ns)
{ OTEL_CALLED_
    uint8_t around[OTEL_LOG_HEAD_ + 2], *head = (size_t)(out->end - out->at) >= sizeof around ? out->at : around;
    uint64_t now;
    bool relative = !otel_clock_offset_(&otel->clock_, &now);
    now += otel_clock_now_(&otel->clock_);
    otel_put_head_(head, otel_mark_(otel_scope_enter_(otel, scope), relative), length);
    head[4] = 0x09;
    otel_put64_(head + OTEL_LOG_TIME_, time_ns ? time_ns : now);
    head[13] = 0x59;
    otel_put64_(head + OTEL_LOG_OBSERVED_, now);
    head[22] = 0x10;                                          /* LogRecord.severity_number = 2 */
    head[23] = (uint8_t)severity;
    if (head != around) out->at += severity ? OTEL_LOG_HEAD_ + 2 : OTEL_LOG_HEAD_;
    else otel_out_(out, head, severity ? OTEL_LOG_HEAD_ + 2 : OTEL_LOG_HEAD_);
}

OTEL_API_ OTEL_NOINLINE_ void otel_log_put_ids_(otel_out_t_ *out, const otel_log_ids_t_ *ids);
OTEL_API_ OTEL_NOINLINE_ void otel_log_put_ids_(otel_out_t_ *out, const otel_log_ids_t_ *ids)
{ OTEL_CALLED_
    uint8_t around[OTEL_LOG_IDS_], *p = (size_t)(out->end - out->at) >= sizeof around ? out->at : around;
    p[0] = 0x45;                                              /* LogRecord.flags = 8, fixed32 */
    otel_put32_(p + 1, ids->flags & 3u);                      /* without what is not of W3C */
    p[5] = 0x4A;                                              /* LogRecord.trace_id = 9 */
    p[6] = 16;
    memcpy(p + 7, ids->trace_id, 16);
    p[23] = 0x52;                                             /* LogRecord.span_id = 10 */
    p[24] = 8;
    memcpy(p + 25, ids->span_id, 8);
    if (p != around) out->at += OTEL_LOG_IDS_;
    else otel_out_(out, p, OTEL_LOG_IDS_);
}

/* A short text field, cut on a character boundary; its size. `out` NULL: only that. */
OTEL_API_ OTEL_NOINLINE_ size_t otel_log_text_(otel_out_t_ *out, uint8_t tag, const char *text);
OTEL_API_ OTEL_NOINLINE_ size_t otel_log_text_(otel_out_t_ *out, uint8_t tag, const char *text)
{ OTEL_CALLED_
    size_t n = text ? otel_utf8_cut_(text, strlen(text), OTEL_NAME_MAX_) : 0;
    if (n == 0) return 0;
    if (out) {
        otel_out_head_(out, tag, n);
        otel_out_text_(out, text, n);
    }
    return otel_message_size_(n);
}

/* A text of which only the beginning goes along counts as lost. */
OTEL_FN_ uint32_t otel_log_cut_(const char *text) { return text && strlen(text) > OTEL_NAME_MAX_ ? 1u : 0u; }

/* The attributes: their bytes; those that are none, or one too many, are counted in *lost. Of equal keys the last value counts.
   `out` NULL: only that. */
OTEL_API_ OTEL_NOINLINE_ size_t otel_log_attributes_(otel_out_t_ *out, const otel_attr_t *attributes, size_t len, uint32_t *lost, const otel_log_record_t *more);
OTEL_API_ OTEL_NOINLINE_ size_t otel_log_attributes_(otel_out_t_ *out, const otel_attr_t *attributes, size_t len, uint32_t *lost, const otel_log_record_t *more)
{ OTEL_CALLED_
    size_t sum = 0;
    unsigned kept = 0;
    *lost = 0;
    for (; len && attributes; len--, attributes++) {
        const otel_value_t *value = &attributes->value;
        size_t key_len = attributes->key ? strlen(attributes->key) : 0, n = 0;
        if (key_len && kept < OTEL_COUNT_LIMIT_) {
            if (OTEL_LIMITS && len > 1u && otel_attr_again_(attributes, len)) continue;
            if (more && more->limit_) value = (more->limit_)(more, kept, value);
            n = value ? otel_attr_size_(key_len, value) : 0;
        }
        if (n == 0) {
            if (*lost < OTEL_LENGTH_MAX_) ++*lost;
            continue;
        }
        kept++;
        sum += n;
        if (out) otel_attr_encode_(out, 0x32, attributes->key, key_len, value);       /* LogRecord.attributes = 6 */
    }
    return sum;
}

/* LogRecord.dropped_attributes_count = 7, in `bytes` bytes; 0 only fills. */
OTEL_API_ OTEL_NOINLINE_ void otel_log_lost_(otel_out_t_ *out, uint32_t lost, unsigned bytes);
OTEL_API_ OTEL_NOINLINE_ void otel_log_lost_(otel_out_t_ *out, uint32_t lost, unsigned bytes)
{ OTEL_CALLED_
    uint8_t field[8];
    field[0] = 0x38;
    otel_out_(out, field, (size_t)(otel_put_drawn_(field + 1, lost, bytes) - field));
}

/* What processors see is a whole record. */
OTEL_API_ OTEL_NOINLINE_ void otel_log_hand_(otel_t *otel, const otel_scope_t *scope, unsigned severity, const otel_value_t *body, const otel_attr_t *attributes, size_t len, const otel_log_record_t *more);
OTEL_API_ OTEL_NOINLINE_ void otel_log_hand_(otel_t *otel, const otel_scope_t *scope, unsigned severity, const otel_value_t *body, const otel_attr_t *attributes, size_t len, const otel_log_record_t *more)
{ OTEL_CALLED_
    otel_log_record_t record;
    if (!more) {
        memset((void *)&record, 0, sizeof record);
        record.severity = (otel_severity_t)severity;
        record.body = *body;
        record.attributes = attributes;
        record.attributes_len = len;
        record.scope = scope;
        more = &record;
    }
    (otel->config_.logs.emit_)(&otel->config_.logs, otel, more);
}

/* A record is counted first, then written where it stays: in the ring. The argument `more` has what few records have. */
OTEL_API_ void otel_log_write_(const otel_scope_t *scope, unsigned severity, const otel_value_t *body, const otel_attr_t *attributes, size_t len, const otel_log_record_t *more);
OTEL_API_ void otel_log_write_(const otel_scope_t *scope, unsigned severity, const otel_value_t *body, const otel_attr_t *attributes, size_t len, const otel_log_record_t *more)
{ OTEL_CALLED_
    otel_t *otel = scope && scope->otel ? scope->otel : otel_default_();
    otel_log_ids_t_ ids;
    otel_place_t_ place;
    otel_out_t_ out;
    size_t n;
    uint32_t lost, again;                                    /* counted once; `again` is not looked at */
    unsigned fill;
#if OTEL_ROOMY_
    otel_log_plan_t_ plan;
    const bool planned = attributes && len <= OTEL_LOG_PLANNED_ && !(more && more->limit_);
#endif
    if (more && more->otel) otel = more->otel;
    if (!otel || !OTEL_LOAD_(&otel->live_)) return;
    if (!otel_running_(otel)) {
        otel_lose_(otel, OTEL_LOGS_, OTEL_DROP_SHUTDOWN);
        return;
    }
    if (OTEL_UNLIKELY_(otel->config_.logs.emit_ != NULL) && !(more && more->passed_)) {       /* logger.h */
        otel_log_hand_(otel, scope, severity, body, attributes, len, more);
        return;
    }
    otel_log_ids_(&ids, otel, more ? more->context : NULL);
    if (severity > (unsigned)OTEL_FATAL + 3u) severity = 0;
    n = OTEL_LOG_HEAD_ + (severity ? 2u : 0u) + (ids.trace_id ? OTEL_LOG_IDS_ : 0u);
    if (more) n += otel_log_text_(NULL, 0x1A, more->severity_text) + otel_log_text_(NULL, 0x62, more->event_name);
    if (body->type != OTEL_V_NULL_) {
        size_t any = otel_any_size_(body);
        if (any == 0) {
            otel_lose_(otel, OTEL_LOGS_, OTEL_DROP_TOO_LARGE);
            return;
        }
        n += any;
    }
#if OTEL_ROOMY_
    if (OTEL_LIKELY_(planned)) n += otel_log_measure_(&plan, attributes, len, &lost);
    else
#endif
    n += otel_log_attributes_(NULL, attributes, len, &lost, more);
    if (more) lost += more->lost_ + otel_log_cut_(more->severity_text) + otel_log_cut_(more->event_name);
    fill = lost ? otel_varint_size_(lost) : 0;
    if (fill || (n & 3u)) {
        if (!fill) fill = 1;
        fill += otel_fill_(n + 1u + fill);
        n += 1u + fill;
    }
    if (otel_too_long_(n - 1u - OTEL_LENGTH_BYTES_)) {
        otel_lose_(otel, OTEL_LOGS_, OTEL_DROP_TOO_LARGE);
        return;
    }
    place.start = severity;
    if (!otel_record_open_(otel, OTEL_LOGS_, n, &place, &out)) return;
    otel_log_head_(&out, otel, scope, n - 1u - OTEL_LENGTH_BYTES_, severity, more ? more->time_ns : 0u);
    if (ids.trace_id) otel_log_put_ids_(&out, &ids);
    if (more) {
        (void)otel_log_text_(&out, 0x1A, more->severity_text);        /* LogRecord.severity_text = 3 */
        (void)otel_log_text_(&out, 0x62, more->event_name);           /* LogRecord.event_name = 12 */
    }
#if OTEL_ROOMY_
    if (OTEL_LIKELY_(planned)) otel_log_planned_(&out, &plan, attributes, len);
    else
#endif
    (void)otel_log_attributes_(&out, attributes, len, &again, more);
    if (fill) otel_log_lost_(&out, lost, fill);
    if (body->type != OTEL_V_NULL_) otel_any_encode_(&out, 0x2A, body);       /* LogRecord.body = 5 */
    otel_record_close_(otel, &place);
}

OTEL_API_ void otel_log_emit_(const otel_log_record_t *record)
{ OTEL_CALLED_
    OTEL_LOGS_OFF_((void)record; return)
    if (record) otel_log_write_(record->scope, record->severity > 0 ? (unsigned)record->severity : 0u, &record->body, record->attributes, record->attributes_len, record);
}

OTEL_API_ void otel_log_all_(const otel_scope_t *scope, otel_severity_t severity, const char *text, const otel_attr_t *attributes, size_t len)
{ OTEL_CALLED_
    otel_value_t body;
    OTEL_LOGS_OFF_((void)scope; (void)severity; (void)text; (void)attributes; (void)len; return)
    body = otel_value_str_(text);
    otel_log_write_(scope, severity > 0 ? (unsigned)severity : 0u, &body, attributes, len, NULL);
}
OTEL_C_END_
#endif

/* ---- exception.h ----------------------------------------------------------------------------------------------- */
#if OTEL_BODIES_
OTEL_C_BEGIN_
/* Whether one of the attributes has that key: then it wins. */
OTEL_API_ OTEL_NOINLINE_ bool otel_exception_has_(const char *key, const otel_attr_t *attributes, size_t len);
OTEL_API_ OTEL_NOINLINE_ bool otel_exception_has_(const char *key, const otel_attr_t *attributes, size_t len)
{ OTEL_CALLED_
    const size_t n = strlen(key) + 1u;
    for (; len && attributes; len--, attributes++) {
        if (attributes->key && otel_len_(attributes->key) + 1u == n && otel_same_(attributes->key, key, n)) return true;
    }
    return false;
}

OTEL_API_ void otel_span_exception(otel_span_t *span, const char *type, const char *message, const char *stacktrace, const otel_attr_t *attributes, size_t len)
{ OTEL_CALLED_
    otel_element_t_ e;
    OTEL_TRACES_OFF_((void)span; (void)type; (void)message; (void)stacktrace; (void)attributes; (void)len; return)
    otel_event_open_(span, &e, "exception", 0);
    if (!e.at) return;
    if (type && !otel_exception_has_("exception.type", attributes, len)) otel_element_text_(span, &e, "exception.type", type);
    if (message && !otel_exception_has_("exception.message", attributes, len)) otel_element_text_(span, &e, "exception.message", message);
    if (stacktrace && !otel_exception_has_("exception.stacktrace", attributes, len)) otel_element_text_(span, &e, "exception.stacktrace", stacktrace);
    otel_element_put_(span, &e, attributes, len);
    otel_element_close_(span, &e);
}

/* What a record brings beside its attributes, up to 16 in all; the rest counts as dropped. */
typedef struct otel_exception_t_ {
    otel_attr_t at[3u + OTEL_EXCEPTION_MORE_];
    size_t len;
} otel_exception_t_;

OTEL_FN_ void otel_exception_add_(otel_exception_t_ *e, const char *key, const char *text, const otel_attr_t *attributes, size_t len)
{
    if (text && !otel_exception_has_(key, attributes, len)) e->at[e->len++] = otel_str(key, text);
}

OTEL_API_ OTEL_NOINLINE_ void otel_exception_fill_(otel_exception_t_ *e, const char *type, const char *message, const char *stacktrace, const otel_attr_t *attributes, size_t len);
OTEL_API_ OTEL_NOINLINE_ void otel_exception_fill_(otel_exception_t_ *e, const char *type, const char *message, const char *stacktrace, const otel_attr_t *attributes, size_t len)
{ OTEL_CALLED_
    size_t i;
    if (len > OTEL_EXCEPTION_MORE_) len = OTEL_EXCEPTION_MORE_;      /* what does not go along wins over nothing */
    e->len = 0;
    otel_exception_add_(e, "exception.type", type, attributes, len);
    otel_exception_add_(e, "exception.message", message, attributes, len);
    otel_exception_add_(e, "exception.stacktrace", stacktrace, attributes, len);
    for (i = 0; i < len; i++) e->at[e->len++] = attributes[i];
}

OTEL_API_ void otel_log_exception(const otel_scope_t *scope, otel_severity_t severity, const char *type, const char *message, const char *stacktrace, const otel_attr_t *attributes, size_t len)
{ OTEL_CALLED_
    otel_exception_t_ e;
    otel_log_record_t record;
    OTEL_LOGS_OFF_((void)scope; (void)severity; (void)type; (void)message; (void)stacktrace; (void)attributes; (void)len; return)
    if (!attributes) len = 0;
    otel_exception_fill_(&e, type, message, stacktrace, attributes, len);
    memset((void *)&record, 0, sizeof record);
    record.severity = severity > 0 ? severity : OTEL_ERROR;
    record.body = otel_value_str_(message);
    record.scope = scope;
    record.attributes = e.at;
    record.attributes_len = e.len;
    if (len > OTEL_EXCEPTION_MORE_) record.lost_ = otel_too_long_(len) ? OTEL_LENGTH_MAX_ : (uint32_t)len - OTEL_EXCEPTION_MORE_;
    otel_log_emit(&record);
}

OTEL_API_ void otel_event_all(unsigned where, const otel_scope_t *scope, const char *name, const otel_attr_t *attributes, size_t len)
{ OTEL_CALLED_
    OTEL_WHEN_OFF_((void)where; (void)scope; (void)name; (void)attributes; (void)len; return)
    if (where & OTEL_TO_SPAN) otel_span_event_all(otel_span_current(), name, attributes, len);
    if (where & OTEL_TO_LOG) {
        otel_log_record_t record;
        memset((void *)&record, 0, sizeof record);
        record.event_name = name;
        record.severity = OTEL_INFO;
        record.attributes = attributes;
        record.attributes_len = len;
        record.scope = scope;
        otel_log_emit(&record);
    }
}

OTEL_API_ otel_severity_t otel_syslog_severity(int priority)
{ OTEL_CALLED_
    static const uint8_t severity[] = { OTEL_FATAL, OTEL_ERROR + 2, OTEL_ERROR + 1, OTEL_ERROR, OTEL_WARN, OTEL_INFO + 1, OTEL_INFO, OTEL_DEBUG };
    return OTEL_CAST_(otel_severity_t, severity[(unsigned)priority & 7u]);
}

OTEL_API_ void otel_log_line(const otel_scope_t *scope, otel_severity_t severity, const char *text, size_t len)
{ OTEL_CALLED_
    otel_log_record_t record;
    OTEL_LOGS_OFF_((void)scope; (void)severity; (void)text; (void)len; return)
    if (!text) return;
    while (len && (text[len - 1u] == '\n' || text[len - 1u] == '\r')) len--;
    if (len == 0) return;
    memset((void *)&record, 0, sizeof record);
    record.severity = severity;
    record.body = OTEL_STR(text, len);
    record.scope = scope;
    otel_log_emit(&record);
}
OTEL_C_END_
#endif

/* ---- threshold.h ----------------------------------------------------------------------------------------------- */
#if OTEL_BODIES_
OTEL_C_BEGIN_
#define OTEL_OT_VALUE_ 256u

OTEL_API_ uint64_t otel_threshold(double probability)
{ OTEL_CALLED_
    uint64_t kept, threshold, step;
    unsigned top = 0, digits;
    OTEL_WHEN_OFF_((void)probability; return OTEL_THRESHOLD_NEVER)
    if (probability >= 1.0) return 0;
    if (!(probability >= 1.0 / 72057594037927936.0)) return OTEL_THRESHOLD_NEVER;
    kept = (uint64_t)(probability * 72057594037927936.0);
    while (kept >> top > 1u) top++;
    digits = 4u + (55u - top) / 4u;                           /* a leading f is no digit of precision */
    threshold = OTEL_THRESHOLD_NEVER - kept;
    if (digits >= 14u) return threshold;
    step = (uint64_t)1 << (56u - 4u * digits);
    threshold = (threshold + step / 2u) & ~(step - 1u);
    return threshold < OTEL_THRESHOLD_NEVER ? threshold : OTEL_THRESHOLD_NEVER - step;
}

/* th:VALUE without trailing zeros; its length. */
OTEL_API_ size_t otel_th_text_(char *to, uint64_t threshold)
{ OTEL_CALLED_
    size_t n = 3;
    memcpy(to, "th:", 3);
    do {
        to[n++] = otel_digit_((unsigned)(threshold >> 52) & 15u);
        threshold = threshold << 4 & (OTEL_THRESHOLD_NEVER - 1u);
    } while (threshold);
    return n;
}

/* 1 to 14 lower-case hex digits, as the left ones of 56 bits. */
OTEL_FN_ bool otel_ot_number_(const char *text, size_t len, uint64_t *value)
{
    size_t i;
    *value = 0;
    if (len == 0 || len > 14u) return false;
    for (i = 0; i < 14u; i++) {
        unsigned digit = i < len ? otel_hex_(text[i]) : 0u;
        if (digit > 15u) return false;
        *value = *value << 4 | digit;
    }
    return true;
}

/* What stands behind "ot=" in a list that is well-formed; NULL: nothing. */
OTEL_STEP_ const char *otel_ot_find_(const char *at)
{
    const char *member;
    size_t left = (size_t)-1;
    while ((member = otel_list_next_(&at, &left)) != NULL) {
        if (otel_list_len_(member, at) > 3u && memcmp(member, "ot=", 3) == 0) return member + 3;
    }
    return NULL;
}

/* The next sub-key of an ot value, "k:v"; NULL at the end, which is that of the member. */
OTEL_FN_ const char *otel_ot_next_(const char **at, size_t *len)
{
    const char *from = *at, *end = from;
    if (*from == 0 || *from == ',') return NULL;
    while (*end && *end != ',' && *end != ';') end++;
    *at = *end == ';' ? end + 1 : end;
    for (; *end != ';' && end > from && otel_blank_(end[-1]); end--) {}
    *len = (size_t)(end - from);
    return from;
}

OTEL_STEP_ void otel_ot_take_(const char *ot, otel_ot_t *out)
{
    const char *one;
    size_t len;
    while (ot && (one = otel_ot_next_(&ot, &len)) != NULL) {
        if (len > 3u && memcmp(one, "th:", 3) == 0) out->has_th = otel_ot_number_(one + 3, len - 3u, &out->th);
        if (len == 17u && memcmp(one, "rv:", 3) == 0) out->has_rv = otel_ot_number_(one + 3, 14, &out->rv);
    }
}

OTEL_API_ void otel_ot_read(const char *tracestate, otel_ot_t *out)
{ OTEL_CALLED_
    memset(out, 0, sizeof *out);
    OTEL_WHEN_OFF_((void)tracestate; return)
    if (tracestate && otel_tracestate_size_(tracestate) != 0) otel_ot_take_(otel_ot_find_(tracestate), out);
}

/* "ot=" and its value anew: th first, then what else there was (NULL: nothing), as far as an ot value may be long. The length,
   0: the value is empty; `size`: no room. */
OTEL_STEP_ size_t otel_ot_value_(const char *ot, uint64_t threshold, char *buf, size_t size)
{
    const char *one;
    size_t n = 3, len;
    memcpy(buf, "ot=", 3);
    if (threshold < OTEL_THRESHOLD_NEVER) n += otel_th_text_(buf + 3, threshold);
    while (ot && (one = otel_ot_next_(&ot, &len)) != NULL) {
        if (len == 0 || (len >= 3u && memcmp(one, "th:", 3) == 0) || n + len + 1u > OTEL_OT_VALUE_ + 3u) continue;
        if (n + len + 1u >= size) return size;
        if (n > 3u) buf[n++] = ';';
        memcpy(buf + n, one, len);
        n += len;
    }
    return n > 3u ? n : 0;
}

/* The members of a list behind the n bytes that are there, all but `ot`. */
OTEL_STEP_ size_t otel_ot_others_(const char *at, const char *ot, char *buf, size_t size, size_t n)
{
    const char *member;
    size_t left = (size_t)-1;
    unsigned members = n != 0;
    while ((member = otel_list_next_(&at, &left)) != NULL) {
        size_t len = otel_list_len_(member, at);
        if (ot && member + 3 == ot) continue;
        if (++members > OTEL_TRACESTATE_MEMBERS_) break;      /* the rightmost one makes room */
        n = otel_list_put_(buf, size, n, member, len);
    }
    if (n >= size) n = 0;
    buf[n] = 0;
    return n;
}

OTEL_API_ size_t otel_ot_write(const char *tracestate, uint64_t threshold, char *buf, size_t size)
{ OTEL_CALLED_
    const char *ot;
    OTEL_WHEN_OFF_((void)ot; (void)tracestate; (void)threshold; if (size) buf[0] = 0; return 0)
    if (size == 0) return 0;
    buf[0] = 0;
    if (size < 22u) return 0;
    if (!tracestate || otel_tracestate_size_(tracestate) == 0) tracestate = "";
    ot = otel_ot_find_(tracestate);
    return otel_ot_others_(tracestate, ot, buf, size, otel_ot_value_(ot, threshold, buf, size));
}

OTEL_API_ uint64_t otel_sampling_randomness(const otel_sampling_t *input, const otel_ot_t *ot)
{ OTEL_CALLED_
    uint64_t random = 0;
    unsigned i;
    OTEL_WHEN_OFF_((void)input; (void)ot; return 0)
    if (ot && ot->has_rv) return ot->rv;
    for (i = 9; i < 16; i++) random = random << 8 | input->trace_id[i];
    return random;
}

#define OTEL_LOOK_SAMPLED_ 1u
#define OTEL_LOOK_TH_ 2u                  /* the parent's tracestate has a threshold */
#define OTEL_LOOK_SAYS_ 4u                /* the span's shall have one */

OTEL_STEP_ unsigned otel_sampling_look_(const otel_sampling_t *input, uint64_t threshold)
{
    otel_ot_t ot;
    otel_ot_read(input->parent ? input->parent->tracestate : NULL, &ot);
    return (otel_sampling_randomness(input, &ot) >= threshold ? OTEL_LOOK_SAMPLED_ : 0u) | (ot.has_th ? OTEL_LOOK_TH_ : 0u);
}

OTEL_STEP_ otel_decision_t otel_sampling_say_(const otel_sampling_t *input, unsigned look, uint64_t threshold)
{
    otel_sampling_result_t *result = input->result;
    if (result && (look & (OTEL_LOOK_SAYS_ | OTEL_LOOK_TH_))) {
        size_t n = otel_ot_write(input->parent ? input->parent->tracestate : NULL, look & OTEL_LOOK_SAYS_ ? threshold : OTEL_THRESHOLD_NEVER, result->room_, result->room_size_);
        result->tracestate_ = n ? result->room_ : NULL;
    }
    return look & OTEL_LOOK_SAMPLED_ ? OTEL_DECISION_RECORD_AND_SAMPLE : OTEL_DECISION_DROP;
}

/* In two steps: what was read is forgotten when something is written. */
OTEL_API_ otel_decision_t otel_sampling_decide(const otel_sampling_t *input, uint64_t threshold, bool reliable)
{ OTEL_CALLED_
    unsigned look;
    OTEL_WHEN_OFF_((void)input; (void)threshold; (void)reliable; return OTEL_DECISION_DROP)
    look = otel_sampling_look_(input, threshold);
    if (reliable && (look & OTEL_LOOK_SAMPLED_)) look |= OTEL_LOOK_SAYS_;
    return otel_sampling_say_(input, look, threshold);
}
OTEL_C_END_
#endif

/* ---- rate.h ---------------------------------------------------------------------------------------------------- */
#if OTEL_BODIES_
OTEL_C_BEGIN_
#define OTEL_RATE_HALF_ ((uintptr_t)-1 >> 2)  /* no wait is as long */

#if UINTPTR_MAX > 0xFFFFFFFFu
#define OTEL_RATE_SECOND_ 1e9
OTEL_FN_ uintptr_t otel_rate_time_(uint64_t ns) { return (uintptr_t)ns; }
#else
#define OTEL_RATE_SECOND_ 976562.5            /* units of 1,024 ns: no division */
OTEL_FN_ uintptr_t otel_rate_time_(uint64_t ns) { return (uintptr_t)(ns >> 10); }
#endif

OTEL_API_ void otel_rate_init_(otel_rate_t *state, double per_second, uint32_t burst)
{ OTEL_CALLED_
    double step, most;
    OTEL_WHEN_OFF_((void)state; (void)per_second; (void)burst; return)
    if (!state) return;
    memset((void *)state, 0, sizeof *state);
    step = per_second > 0 ? OTEL_RATE_SECOND_ / per_second : (double)OTEL_RATE_HALF_;
    state->step_ = step < (double)(OTEL_RATE_HALF_ / 2u) ? (uintptr_t)step : OTEL_RATE_HALF_ / 2u;
    if ((double)state->step_ < step) state->step_++;         /* rather a little fewer */
    most = burst > 1u ? (double)state->step_ * (double)(burst - 1u) : 0.0;
    state->most_ = most < (double)(OTEL_RATE_HALF_ / 2u) ? (uintptr_t)most : OTEL_RATE_HALF_ / 2u;
    if (!(per_second > 0)) state->step_ = (uintptr_t)-1;
}

/* The place of the next span moves by one step for each; who is further ahead of the time than a burst allows is dropped. */
OTEL_FN_ bool otel_rate_take_(otel_rate_t *r, uintptr_t now)
{
    uintptr_t due, ahead;
    unsigned tries = 8;
    if (r->step_ == (uintptr_t)-1) return false;
#if OTEL_ATOMICS_
    due = OTEL_LOAD_(&r->due_);
    while (tries--) {
        ahead = due - now;
        if (ahead > r->most_ + r->step_ + 1u || due == 0) ahead = 0;          /* long past, or the clock went back */
        if (ahead > r->most_) return false;
        if (OTEL_CAS_(&r->due_, &due, now + ahead + r->step_)) return true;
    }
    return false;
#else
    {
        uint32_t was = otel_mask_();
        due = r->due_;
        ahead = due - now;
        if (ahead > r->most_ + r->step_ + 1u || due == 0) ahead = 0;
        if (ahead <= r->most_) r->due_ = now + ahead + r->step_;
        otel_unmask_(was);
        (void)tries;
        return ahead <= r->most_;
    }
#endif
}

OTEL_API_ otel_decision_t otel_decide_rate_(const otel_sampler_t *self, const otel_sampling_t *input)
{ OTEL_CALLED_
    otel_rate_t *r = (otel_rate_t *)self->user;
    if (!r || !input->otel) return OTEL_DECISION_DROP;
    return otel_rate_take_(r, otel_rate_time_(otel_clock_now_(&input->otel->clock_))) ? OTEL_DECISION_RECORD_AND_SAMPLE : OTEL_DECISION_DROP;
}

#define OTEL_ADAPTIVE_MS_ 32u     /* time between two turns; sooner when many spans come */

OTEL_API_ void otel_adaptive_init_(otel_adaptive_t *state, double per_second)
{ OTEL_CALLED_
    OTEL_WHEN_OFF_((void)state; (void)per_second; return)
    if (!state) return;
    memset((void *)state, 0, sizeof *state);
    state->target_ = per_second > 0 ? (float)per_second : 0.0f;
    if (!(per_second > 0)) state->reject_ = 0xFFFFFFFFu;
}

/* A turn: how many came (smoothed over a second), how many should have been kept and were not; both give the share. */
OTEL_API_ OTEL_NOINLINE_ void otel_adaptive_turn_(otel_adaptive_t *a, uint64_t now);
OTEL_API_ OTEL_NOINLINE_ void otel_adaptive_turn_(otel_adaptive_t *a, uint64_t now)
{ OTEL_CALLED_
    otel_count_t seen = OTEL_LOAD_(&a->seen_), kept = OTEL_LOAD_(&a->kept_);
    float seconds = (float)(now - a->then_ns_) * 1e-9f, share, came = (float)(otel_count_t)(seen - a->seen_then_);
    if (now < a->then_ns_ || !a->begun_) seconds = 0.0f;
    a->begun_ = true;
    if (seconds > 60.0f) seconds = 60.0f;
    a->rate_ = (a->rate_ + came) / (1.0f + seconds);
    a->credit_ += a->target_ * seconds - (float)(otel_count_t)(kept - a->kept_then_);
    if (a->credit_ > a->target_) a->credit_ = a->target_;
    if (a->credit_ < -a->target_) a->credit_ = -a->target_;
    share = a->target_ + a->credit_ < a->rate_ ? (a->target_ + a->credit_) / a->rate_ : 1.0f;
    if (share < a->target_ / (a->rate_ * 16.0f + 1.0f)) share = a->target_ / (a->rate_ * 16.0f + 1.0f);     /* never blind */
    OTEL_STORE_(&a->reject_, share >= 1.0f ? 0u : (uint32_t)((1.0f - share) * 4294967040.0f));
    OTEL_STORE_(&a->seen_then_, seen);
    a->kept_then_ = kept;
    a->then_ns_ = now;
    OTEL_STORE_(&a->then_ms_, (uint32_t)(now >> 20));
}

OTEL_FN_ otel_count_t otel_adaptive_count_(otel_count_t *count)
{
#if OTEL_ATOMICS_
    return OTEL_FETCH_ADD_(count, (otel_count_t)1) + 1u;
#else
    uint32_t was = otel_mask_();
    otel_count_t n = ++*count;
    otel_unmask_(was);
    return n;
#endif
}

/* One at a time; who comes while another one turns goes on with the share as it is. */
OTEL_FN_ bool otel_adaptive_enter_(otel_adaptive_t *a)
{
#if OTEL_ATOMICS_
    uint8_t open = 0;
    return OTEL_CAS_(&a->gate_, &open, (uint8_t)1);
#else
    uint32_t was = otel_mask_();
    bool mine = a->gate_ == 0;
    a->gate_ = 1;
    otel_unmask_(was);
    return mine;
#endif
}

OTEL_API_ otel_decision_t otel_decide_adaptive_(const otel_sampler_t *self, const otel_sampling_t *input)
{ OTEL_CALLED_
    otel_adaptive_t *a = (otel_adaptive_t *)self->user;
    otel_decision_t decision;
    otel_count_t seen;
    uint64_t now;
    if (!a || !input->otel || !(a->target_ > 0.0f)) return OTEL_DECISION_DROP;
    now = otel_clock_now_(&input->otel->clock_);
    seen = otel_adaptive_count_(&a->seen_);
    if ((uint32_t)((uint32_t)(now >> 20) - OTEL_LOAD_(&a->then_ms_)) >= OTEL_ADAPTIVE_MS_ || (float)(otel_count_t)(seen - OTEL_LOAD_(&a->seen_then_)) > 8.0f + a->target_ * 0.125f) {
        if (otel_adaptive_enter_(a)) {
            otel_adaptive_turn_(a, now);
            OTEL_STORE_RELEASE_(&a->gate_, (uint8_t)0);
        }
    }
    if (input->parent) {
        decision = input->parent->flags & OTEL_FLAG_SAMPLED ? OTEL_DECISION_RECORD_AND_SAMPLE : OTEL_DECISION_DROP;
    } else {
        decision = otel_sampling_decide(input, (uint64_t)OTEL_LOAD_(&a->reject_) << 24, true);
    }
    if (decision == OTEL_DECISION_RECORD_AND_SAMPLE) (void)otel_adaptive_count_(&a->kept_);
    return decision;
}
OTEL_C_END_
#endif

/* ---- scan.h ---------------------------------------------------------------------------------------------------- */
OTEL_C_BEGIN_
OTEL_FN_ bool otel_scan_fail_(otel_scan_t_ *s, const char *sentence)
{
    if (!s->error) s->error = sentence;
    return false;
}
/* Give up. Each sentence has a name, and so a section of its own: literals of a file are kept together, on AVR in RAM, whether
   anybody reads JSON or not. */
#define OTEL_SCAN_REFUSE_(s, sentence) do { \
        static const char sentence_[] = sentence; \
        return otel_scan_fail_((s), sentence_); \
    } while (0)

/* Which of `words`, a text with a NUL behind each and one more at its end; their number: none of them. */
OTEL_FN_ unsigned otel_scan_which_(const char *words, const char *word, size_t len)
{
    unsigned i;
    for (i = 0; *words; i++, words += strlen(words) + 1u) {
        if (strlen(words) == len && memcmp(words, word, len) == 0) break;
    }
    return i;
}

/* The next character that is no blank, 0 at the end or after an error. */
OTEL_FN_ char otel_scan_peek_(otel_scan_t_ *s)
{
    if (s->error) return 0;
    while (s->at < s->end && (*s->at == ' ' || *s->at == '\t' || *s->at == '\n' || *s->at == '\r')) s->at++;
    return s->at < s->end ? *s->at : (char)0;
}

/* Take `c` if it comes next. */
OTEL_FN_ bool otel_scan_take_(otel_scan_t_ *s, char c)
{
    if (otel_scan_peek_(s) != c || s->at >= s->end) return false;
    s->at++;
    return true;
}
#if OTEL_BODIES_
#define OTEL_SCAN_DEPTH_ 32u      /* arrays and objects inside one another, of what is passed over */

/* Four hexadecimal digits; above 0xFFFF: they are none. */
OTEL_FN_ uint32_t otel_scan_hex_(otel_scan_t_ *s)
{
    uint32_t value = 0;
    unsigned i;
    for (i = 0; i < 4; i++) {
        char c = s->at < s->end ? *s->at : (char)0;
        uint32_t digit = c >= '0' && c <= '9' ? (uint32_t)(c - '0') : c >= 'a' && c <= 'f' ? (uint32_t)(c - 'a') + 10u : c >= 'A' && c <= 'F' ? (uint32_t)(c - 'A') + 10u : 16u;
        if (digit > 15u) return 0x10000u;
        value = value << 4 | digit;
        s->at++;
    }
    return value;
}

/* The character of \uXXXX, or of the two that make one; 0: none that may stand in a text of ours. */
OTEL_FN_ uint32_t otel_scan_code_(otel_scan_t_ *s)
{
    uint32_t high = otel_scan_hex_(s), low;
    if (high < 0xD800u || high > 0xDFFFu) return high > 0xFFFFu ? 0u : high;
    if (high > 0xDBFFu || s->end - s->at < 2 || s->at[0] != '\\' || s->at[1] != 'u') return 0;
    s->at += 2;
    low = otel_scan_hex_(s);
    return low < 0xDC00u || low > 0xDFFFu ? 0u : 0x10000u + ((high - 0xD800u) << 10) + (low - 0xDC00u);
}

/* A character in UTF-8: how many bytes. */
OTEL_FN_ unsigned otel_scan_utf8_(uint32_t code, char *to)
{
    unsigned n = code < 0x80u ? 1u : code < 0x800u ? 2u : code < 0x10000u ? 3u : 4u, i;
    for (i = n; i-- > 1u; code >>= 6) to[i] = (char)(0x80u | (code & 0x3Fu));
    to[0] = (char)(n == 1u ? code : (0xF00u >> n & 0xFFu) | code);
    return n;
}

/* What stands for itself behind a backslash, or the control character that the letter means; 0: neither. */
OTEL_FN_ uint32_t otel_scan_escape_(otel_scan_t_ *s)
{
    static const char names[] = "\"\\/bfnrtu", meaning[] = "\"\\/\b\f\n\r\t";
    const char *found = s->at < s->end && *s->at ? (const char *)memchr(names, *s->at, sizeof names - 1u) : NULL;
    if (!found) return 0;
    s->at++;
    return *found == 'u' ? otel_scan_code_(s) : (uint32_t)(unsigned char)meaning[found - names];
}

/* A text into to[size] (NULL: pass over it), without a NUL behind it. Its length in *len, which is more than `size` when
   it does not fit; then what is there makes no sense. */
OTEL_API_ bool otel_scan_text_(otel_scan_t_ *s, char *to, size_t size, size_t *len)
{ OTEL_CALLED_
    size_t n = 0;
    if (!otel_scan_take_(s, '"')) OTEL_SCAN_REFUSE_(s, "JSON: a text in quotation marks was expected");
    while (s->at < s->end && *s->at != '"') {
        char bytes[4];
        unsigned k = 1, i;
        uint32_t code;
        bytes[0] = *s->at++;
        if ((unsigned char)bytes[0] < 0x20u) OTEL_SCAN_REFUSE_(s, "JSON: a control character in a text: write it as \\u and four digits");
        if (bytes[0] == '\\') {
            code = otel_scan_escape_(s);
            if (!code) OTEL_SCAN_REFUSE_(s, "JSON: a \\ in a text that means nothing, or means NUL or half a character");
            k = otel_scan_utf8_(code, bytes);
        }
        for (i = 0; i < k; i++, n++) {
            if (to && n < size) to[n] = bytes[i];
        }
    }
    *len = n;
    if (otel_scan_take_(s, '"')) return true;
    OTEL_SCAN_REFUSE_(s, "JSON: a text does not end");
}

/* `value` times ten to the `power`; infinity or zero beyond what a double can hold. */
OTEL_FN_ double otel_scan_scale_(double value, int power)
{
    double ten = 10.0, factor = 1.0;
    unsigned left = (unsigned)(power < 0 ? -power : power);
    if (!(value > 0)) return 0;
    for (; left > 20u; left -= 20u) value = power < 0 ? value * 1e-20 : value * 1e20;       /* as far as a double of 4 bytes goes */
    for (; left; left >>= 1, ten *= ten) {
        if (left & 1u) factor *= ten;
    }
    return power < 0 ? value / factor : value * factor;
}

/* Digits: their number. The first 18 that count go into *value, the others into its power of ten. */
OTEL_FN_ size_t otel_scan_digits_(otel_scan_t_ *s, uint64_t *value, int *power, int behind_point)
{
    const char *from = s->at;
    for (; s->at < s->end && *s->at >= '0' && *s->at <= '9'; s->at++) {
        if (*value >= 100000000000000000u) {
            if (!behind_point && *power < 10000) ++*power;
            continue;
        }
        *value = *value * 10u + (uint64_t)(*s->at - '0');
        if (behind_point && *power > -10000) --*power;
    }
    return (size_t)(s->at - from);
}

OTEL_API_ bool otel_scan_number_(otel_scan_t_ *s, double *value)
{ OTEL_CALLED_
    uint64_t digits = 0, exponent = 0;
    int power = 0, zero = 0;
    bool minus = otel_scan_take_(s, '-'), below = false, good;
    const char *from = s->at;
    size_t n = s->error ? 0 : otel_scan_digits_(s, &digits, &power, 0);
    good = n == 1u || (n > 1u && *from != '0');
    if (good && s->at < s->end && *s->at == '.') {
        s->at++;
        good = otel_scan_digits_(s, &digits, &power, 1) != 0;
    }
    if (good && s->at < s->end && (*s->at == 'e' || *s->at == 'E')) {
        s->at++;
        if (s->at < s->end && (*s->at == '+' || *s->at == '-')) below = *s->at++ == '-';
        good = otel_scan_digits_(s, &exponent, &zero, 0) != 0;
    }
    if (!good) OTEL_SCAN_REFUSE_(s, "JSON: a number was expected");
    if (exponent > 10000u || zero) exponent = 10000u;
    *value = otel_scan_scale_((double)digits, below ? power - (int)exponent : power + (int)exponent);
    if (minus) *value = -*value;
    return true;
}

/* true, false and null. */
OTEL_FN_ bool otel_scan_word_(otel_scan_t_ *s)
{
    static const char words[3][6] = { "true", "false", "null" };
    unsigned i;
    for (i = 0; i < 3; i++) {
        size_t n = strlen(words[i]);
        if ((size_t)(s->end - s->at) < n || memcmp(s->at, words[i], n) != 0) continue;
        s->at += n;
        return true;
    }
    OTEL_SCAN_REFUSE_(s, "JSON: a value was expected");
}

OTEL_FN_ bool otel_scan_scalar_(otel_scan_t_ *s)
{
    char c = otel_scan_peek_(s);
    double number;
    size_t len;
    if (c == '"') return otel_scan_text_(s, NULL, 0, &len);
    if (c == '-' || (c >= '0' && c <= '9')) return otel_scan_number_(s, &number);
    return otel_scan_word_(s);
}

/* The next element of an array or member of an object that is open (`close`: its end); *first is true in front of it all.
   False: it ended, or something is wrong. */
OTEL_API_ bool otel_scan_more_(otel_scan_t_ *s, char close, bool *first)
{ OTEL_CALLED_
    bool begin = *first;
    *first = false;
    if (otel_scan_take_(s, close)) return false;
    if (begin || otel_scan_take_(s, ',')) return !s->error;
    OTEL_SCAN_REFUSE_(s, "JSON: a comma or the end of an array or object was expected");
}

/* The key of the next member, cut to size - 1 bytes and ended by a NUL; what comes next is its value. False as above. */
OTEL_API_ bool otel_scan_member_(otel_scan_t_ *s, bool *first, char *key, size_t size)
{ OTEL_CALLED_
    size_t len = 0;
    if (!otel_scan_more_(s, '}', first) || !otel_scan_text_(s, key, size ? size - 1u : 0, &len)) return false;
    if (size) key[len < size ? len : size - 1u] = 0;
    if (otel_scan_take_(s, ':')) return true;
    OTEL_SCAN_REFUSE_(s, "JSON: a colon was expected behind a key");
}

/* Pass over a value, whatever it is. */
OTEL_API_ bool otel_scan_skip_(otel_scan_t_ *s)
{ OTEL_CALLED_
    uint32_t objects = 0;
    unsigned depth = 0;
    bool first = false;
    do {
        char c = otel_scan_peek_(s);
        if (c == '{' || c == '[') {
            if (depth++ == OTEL_SCAN_DEPTH_) OTEL_SCAN_REFUSE_(s, "JSON: too many arrays and objects inside one another");
            objects = objects << 1 | (c == '{');
            s->at++;
            first = true;
        } else if (!otel_scan_scalar_(s)) {
            return false;
        }
        while (depth && !(objects & 1u ? otel_scan_member_(s, &first, NULL, 0) : otel_scan_more_(s, ']', &first))) {
            if (s->error) return false;
            depth--;
            objects >>= 1;
        }
    } while (depth);
    return !s->error;
}
#endif
OTEL_C_END_

/* ---- strategy.h ------------------------------------------------------------------------------------------------ */
#if OTEL_BODIES_
OTEL_C_BEGIN_
/* Numbers on their way; below zero: not given. */
typedef struct otel_strategy_said_t_ {
    double share, rate, rest, least, most;
    bool by_rate, typed, names;
    char key[40];                         /* of the member that is read, at whatever depth: it is known before its value is read */
} otel_strategy_said_t_;

/* The number of the next member's key among `words`; below zero: it ended, or something is wrong. */
OTEL_STEP_ int otel_strategy_key_(otel_scan_t_ *s, bool *first, const char *words, otel_strategy_said_t_ *said)
{
    if (!otel_scan_member_(s, first, said->key, sizeof said->key)) return -1;
    return (int)otel_scan_which_(words, said->key, strlen(said->key));
}

/* Where a name stands among the rules, or would stand. */
OTEL_FN_ size_t otel_strategy_place_(const otel_strategy_t_ *strategy, const char *name, size_t len, bool *found)
{
    size_t low = 0, high = strategy->rules_len;
    *found = false;
    while (low < high) {
        size_t middle = low + (high - low) / 2u;
        const otel_strategy_rule_t_ *r = &strategy->rules[middle];
        int order = r->len < len ? -1 : r->len > len ? 1 : len ? memcmp(r->name, name, len) : 0;
        if (order == 0) {
            *found = true;
            return middle;
        }
        if (order < 0) low = middle + 1u;
        else high = middle;
    }
    return low;
}

/* Who decides for a name. */
OTEL_API_ otel_strategy_rule_t_ *otel_strategy_rule_(otel_strategy_t_ *strategy, const char *name, size_t len)
{ OTEL_CALLED_
    bool found;
    size_t at = otel_strategy_place_(strategy, name, len, &found);
    return found ? &strategy->rules[at] : &strategy->rest;
}

/* A number that is not below zero, and not above `limit`. */
OTEL_STEP_ bool otel_strategy_number_(otel_scan_t_ *s, double limit, double *value)
{
    if (!otel_scan_number_(s, value)) return false;
    if (!(*value >= 0)) OTEL_SCAN_REFUSE_(s, "a probability or rate below 0: correct the server's strategy");
    if (*value <= limit) return true;
    OTEL_SCAN_REFUSE_(s, "a probability above 1, or a rate beyond 1e9: correct the server's strategy");
}

/* An object with one number in it that counts, `null` for none: no such member is 0, as protobuf leaves zeros out. `member` has
   a second NUL behind it. */
OTEL_STEP_ bool otel_strategy_one_(otel_scan_t_ *s, const char *member, double *value, otel_strategy_said_t_ *said)
{
    bool first = true;
    int which;
    if (otel_scan_peek_(s) == 'n') return otel_scan_skip_(s);
    if (!otel_scan_take_(s, '{')) OTEL_SCAN_REFUSE_(s, "JSON: an object was expected");
    *value = 0;
    while ((which = otel_strategy_key_(s, &first, member, said)) >= 0) {
        if (which == 0 ? !otel_strategy_number_(s, value == &said->rate ? 1e9 : 1.0, value) : !otel_scan_skip_(s)) return false;
    }
    return !s->error;
}

#define OTEL_STRATEGY_ROOM_ "the strategies of operations do not fit: raise .memory_size"

/* Put a rule in its place; what was said about a name before is said anew. The name stands below `names` and is kept there. */
OTEL_STEP_ bool otel_strategy_add_(otel_strategy_t_ *to, otel_scan_t_ *s, const char *name, size_t len, double share)
{
    bool found;
    size_t at = otel_strategy_place_(to, name, len, &found);
    otel_strategy_rule_t_ *r = to->rules + at;
    if (!found) {
        if ((size_t)(to->memory + to->names - (char *)to->rules) < len + (to->rules_len + 1u) * sizeof *r) OTEL_SCAN_REFUSE_(s, OTEL_STRATEGY_ROOM_);
        to->names -= len;
        if (len) memmove(to->memory + to->names, name, len);
        memmove((void *)(r + 1), (const void *)r, (to->rules_len++ - at) * sizeof *r);
        memset((void *)r, 0, sizeof *r);
        r->name = to->memory + to->names;
        r->len = len;
    }
    r->threshold = otel_sampler_ratio_threshold_(share);
    return true;
}

/* {"operation": "GET /", "probabilisticSampling": {"samplingRate": 0.5}} */
OTEL_FN_ bool otel_strategy_operation_(otel_strategy_t_ *to, otel_scan_t_ *s, otel_strategy_said_t_ *said)
{
    static const char keys[] = "operation\0probabilisticSampling\0", member[] = "samplingRate\0";
    char *name = NULL;
    size_t len = 0, room = to->memory ? (size_t)(to->memory + to->names - (char *)(to->rules + to->rules_len)) : 0;
    double share = -1;
    bool first = true;
    int which;
    if (!otel_scan_take_(s, '{')) OTEL_SCAN_REFUSE_(s, "JSON: an object was expected");
    while ((which = otel_strategy_key_(s, &first, keys, said)) >= 0) {
        if (which == 0) {
            name = to->memory ? (char *)(to->rules + to->rules_len) : NULL;       /* until its length is known */
            if (!otel_scan_text_(s, name, room, &len)) return false;
            if (!name || len > room) OTEL_SCAN_REFUSE_(s, OTEL_STRATEGY_ROOM_);
            memmove(to->memory + to->names - len, name, len);
            name = to->memory + to->names - len;
        } else if (which == 1) {
            if (!otel_strategy_one_(s, member, &share, said)) return false;
        } else if (!otel_scan_skip_(s)) {
            return false;
        }
    }
    if (s->error) return false;
    if (!name || share < 0) OTEL_SCAN_REFUSE_(s, "an operation without a name or without its probabilisticSampling: correct the server's strategy");
    return otel_strategy_add_(to, s, name, len, share);
}

OTEL_FN_ bool otel_strategy_operations_(otel_strategy_t_ *to, otel_scan_t_ *s, otel_strategy_said_t_ *said)
{
    static const char keys[] = "defaultSamplingProbability\0defaultLowerBoundTracesPerSecond\0defaultUpperBoundTracesPerSecond\0perOperationStrategies\0";
    bool first = true, inner = true, good = true;
    int which;
    if (otel_scan_peek_(s) == 'n') return otel_scan_skip_(s);
    if (!otel_scan_take_(s, '{')) OTEL_SCAN_REFUSE_(s, "JSON: an object was expected");
    said->names = true;
    while (good && (which = otel_strategy_key_(s, &first, keys, said)) >= 0) {
        if (which == 0) good = otel_strategy_number_(s, 1, &said->rest);
        else if (which == 1) good = otel_strategy_number_(s, 1e9, &said->least);
        else if (which == 2) good = otel_strategy_number_(s, 1e9, &said->most);
        else if (which == 3 && otel_scan_take_(s, '[')) {
            for (inner = true; good && otel_scan_more_(s, ']', &inner);) good = otel_strategy_operation_(to, s, said);
        } else good = otel_scan_skip_(s);
    }
    return !s->error;
}

/* The type is a hint only: older servers write a number, newer ones a word. */
OTEL_STEP_ bool otel_strategy_type_(otel_scan_t_ *s, otel_strategy_said_t_ *said)
{
    static const char words[] = "PROBABILISTIC\0RATE_LIMITING\0";
    size_t len = 0;
    unsigned which = 2;
    double number;
    if (otel_scan_peek_(s) == 'n') return otel_scan_skip_(s);
    if (otel_scan_peek_(s) == '"') {
        if (!otel_scan_text_(s, said->key, sizeof said->key, &len)) return false;
        if (len <= sizeof said->key) which = otel_scan_which_(words, said->key, len);
    } else {
        if (!otel_scan_number_(s, &number)) return false;
        if (!(number < 0) && !(number > 0)) which = 0;
        if (!(number < 1) && !(number > 1)) which = 1;
    }
    said->typed = true;
    said->by_rate = which == 1;
    if (which < 2) return true;
    OTEL_SCAN_REFUSE_(s, "a strategyType that is neither PROBABILISTIC nor RATE_LIMITING: correct the server's strategy");
}

OTEL_FN_ bool otel_strategy_all_(otel_strategy_t_ *to, otel_scan_t_ *s, otel_strategy_said_t_ *said)
{
    static const char keys[] = "strategyType\0probabilisticSampling\0rateLimitingSampling\0operationSampling\0";
    static const char share[] = "samplingRate\0", rate[] = "maxTracesPerSecond\0";
    bool first = true, good = true;
    int which;
    if (!otel_scan_take_(s, '{')) OTEL_SCAN_REFUSE_(s, "JSON: an object was expected");
    while (good && (which = otel_strategy_key_(s, &first, keys, said)) >= 0) {
        if (which == 0) good = otel_strategy_type_(s, said);
        else if (which == 1) good = otel_strategy_one_(s, share, &said->share, said);
        else if (which == 2) good = otel_strategy_one_(s, rate, &said->rate, said);
        else if (which == 3) good = otel_strategy_operations_(to, s, said);
        else good = otel_scan_skip_(s);
    }
    if (s->error) return false;
    if (otel_scan_peek_(s) || s->at < s->end) OTEL_SCAN_REFUSE_(s, "JSON: something follows behind the strategy");
    if (!said->names && (said->typed || said->rate < 0 || said->share < 0)) {     /* the other part, if there is one, does not count */
        if (!said->typed) said->by_rate = said->share < 0;
        if ((said->by_rate ? said->rate : said->share) < 0) OTEL_SCAN_REFUSE_(s, "no strategy in it: ask for /sampling?service=... at the server of strategies");
    }
    return true;
}

/* A bound begins full, or as it was in the strategy before when it is the same one. A burst is a second's worth, as in Jaeger's clients. */
OTEL_FN_ void otel_strategy_bound_(otel_rate_t *to, const otel_rate_t *before, double rate)
{
    otel_rate_init_(to, rate, rate < 1 ? 1u : (uint32_t)rate);
    if (before && before->step_ == to->step_ && before->most_ == to->most_) to->due_ = OTEL_LOAD_(&before->due_);
}

OTEL_FN_ void otel_strategy_bounds_(otel_strategy_rule_t_ *rule, const otel_strategy_rule_t_ *before, double least, double most)
{
    otel_strategy_bound_(&rule->least, before ? &before->least : NULL, least);
    otel_strategy_bound_(&rule->most, before ? &before->most : NULL, most);
}

/* Read a strategy into the memory of `to`. NULL, or the sentence about what is wrong, and then `to` makes no sense. */
OTEL_API_ const char *otel_strategy_read_(otel_strategy_t_ *to, const otel_strategy_t_ *before, const char *json, size_t len)
{ OTEL_CALLED_
    static const char cut[] = "JSON: it ends too early";
    otel_strategy_said_t_ said;
    otel_scan_t_ s;
    size_t i;
    memset((void *)&said, 0, sizeof said);
    said.share = said.rate = -1;
    s.at = json;
    s.end = json + len;
    s.error = NULL;
    to->rules = (otel_strategy_rule_t_ *)(void *)to->memory;
    to->rules_len = 0;
    to->names = to->size;
    memset((void *)&to->rest, 0, sizeof to->rest);
    if (!otel_strategy_all_(to, &s, &said)) return s.error ? s.error : cut;
    to->kind = (uint8_t)(said.names ? OTEL_STRATEGY_NAMES_ : said.by_rate ? OTEL_STRATEGY_RATE_ : OTEL_STRATEGY_SHARE_);
    to->least = said.least > 0;
    to->most = said.most > 0;
    to->rest.threshold = otel_sampler_ratio_threshold_(said.names ? said.rest : said.share);
    otel_strategy_bounds_(&to->rest, &before->rest, said.least, said.names ? said.most : said.rate);
    for (i = 0; i < to->rules_len; i++) {
        bool found;
        size_t at = otel_strategy_place_(before, to->rules[i].name, to->rules[i].len, &found);
        otel_strategy_bounds_(&to->rules[i], found ? &before->rules[at] : NULL, said.least, said.most);
    }
    return NULL;
}
OTEL_C_END_
#endif

/* ---- jaeger.h -------------------------------------------------------------------------------------------------- */
#if OTEL_BODIES_
OTEL_C_BEGIN_
OTEL_API_ void otel_jaeger_init_(otel_jaeger_t *state, const otel_sampler_t *initial, void *memory, size_t memory_size)
{ OTEL_CALLED_
    size_t skip, half, i;
    OTEL_WHEN_OFF_((void)state; (void)initial; (void)memory; (void)memory_size; (void)skip; (void)half; (void)i; return)
    if (!state) return;
    memset((void *)state, 0, sizeof *state);
    state->initial_ = initial;
    state->slot_[0].strategy.rest.threshold = otel_sampler_ratio_threshold_(0.001);
    skip = (8u - (size_t)((uintptr_t)memory & 7u)) & 7u;
    half = memory && memory_size > skip ? (memory_size - skip) / 16u * 8u : 0;
    for (i = 0; half && i < 2; i++) {
        state->slot_[i].strategy.memory = (char *)memory + skip + i * half;
        state->slot_[i].strategy.size = half;
    }
}

/* Enter and leave a strategy: who is inside keeps an update out of it. A strategy that was replaced in between is left at once. */
#if OTEL_ATOMICS_
OTEL_FN_ void otel_jaeger_count_(uint16_t *readers, int change)
{
    uint16_t n = OTEL_LOAD_(readers);
    while (!OTEL_CAS_(readers, &n, (uint16_t)(n + (unsigned)change))) {}       /* ends when one of those that meet here has its turn */
}
/* Acquire and release, as a load would not be: a reader that comes later sees that the other one counts. */
OTEL_FN_ bool otel_jaeger_empty_(uint16_t *readers)
{
    uint16_t none = 0;
    return OTEL_CAS_(readers, &none, (uint16_t)0);
}
#else
OTEL_FN_ void otel_jaeger_count_(uint16_t *readers, int change)
{
    uint32_t was = otel_mask_();
    *readers = (uint16_t)(*readers + (unsigned)change);
    otel_unmask_(was);
}
OTEL_FN_ bool otel_jaeger_empty_(const uint16_t *readers) { return *(const volatile uint16_t *)readers == 0; }
#endif

OTEL_FN_ unsigned otel_jaeger_enter_(otel_jaeger_t *j)
{
    for (;;) {                                    /* again only when an update came in between */
        uint8_t now = OTEL_LOAD_ACQUIRE_(&j->now_);
        otel_jaeger_count_(&j->slot_[now].readers, 1);
        if (OTEL_LOAD_ACQUIRE_(&j->now_) == now) return now;
        otel_jaeger_count_(&j->slot_[now].readers, -1);
    }
}

OTEL_FN_ bool otel_jaeger_share_(const otel_sampling_t *input, uint64_t threshold)
{
    otel_sampler_t ratio;
    memset((void *)&ratio, 0, sizeof ratio);
    ratio.threshold = threshold;
    return otel_decide_ratio_(&ratio, input) == OTEL_DECISION_RECORD_AND_SAMPLE;
}

/* The share first; what it takes counts for the lower bound, too. */
OTEL_FN_ bool otel_strategy_decide_(otel_strategy_t_ *strategy, const otel_sampling_t *input)
{
    otel_strategy_rule_t_ *r = &strategy->rest;
    uintptr_t now = 0;
    bool kept, least = false;
    if (strategy->kind == OTEL_STRATEGY_NAMES_) r = otel_strategy_rule_(strategy, input->name, strlen(input->name));
    if (strategy->kind == OTEL_STRATEGY_RATE_ || strategy->least || strategy->most) {
        if (!input->otel) return false;
        now = otel_rate_time_(otel_clock_now_(&input->otel->clock_));
    }
    if (strategy->kind == OTEL_STRATEGY_RATE_) return otel_rate_take_(&r->most, now);
    kept = otel_jaeger_share_(input, r->threshold);
    if (strategy->least) least = otel_rate_take_(&r->least, now);
    if (strategy->most && (kept || least)) return otel_rate_take_(&r->most, now);
    return kept || least;
}

OTEL_API_ otel_decision_t otel_decide_jaeger_(const otel_sampler_t *self, const otel_sampling_t *input)
{ OTEL_CALLED_
    otel_jaeger_t *j = (otel_jaeger_t *)self->user;
    otel_decision_t decision;
    unsigned now;
    if (!j) return OTEL_DECISION_DROP;
    now = otel_jaeger_enter_(j);
    if (j->slot_[now].strategy.kind == OTEL_STRATEGY_NONE_ && j->initial_) decision = otel_sampler_ask(j->initial_, input);
    else decision = otel_strategy_decide_(&j->slot_[now].strategy, input) ? OTEL_DECISION_RECORD_AND_SAMPLE : OTEL_DECISION_DROP;
    otel_jaeger_count_(&j->slot_[now].readers, -1);
    return decision;
}

/* One update at a time. */
OTEL_FN_ bool otel_jaeger_lock_(otel_jaeger_t *j)
{
#if OTEL_ATOMICS_
    uint8_t open = 0;
    return OTEL_CAS_(&j->gate_, &open, (uint8_t)1);
#else
    uint32_t was = otel_mask_();
    bool mine = j->gate_ == 0;
    j->gate_ = 1;
    otel_unmask_(was);
    return mine;
#endif
}

OTEL_API_ otel_result_t otel_jaeger_update(otel_jaeger_t *j, const char *json, size_t len)
{ OTEL_CALLED_
    static const char busy[] = "a span is being started by the strategy before the last one: update again a little later";
    uint8_t next;
    OTEL_WHEN_OFF_((void)busy; (void)j; (void)json; (void)len; (void)next; return OTEL_OK)
    if (!j || !json) return OTEL_E_NULL;
    if (!otel_jaeger_lock_(j)) return OTEL_E_CONFIG;
    next = (uint8_t)(1u - j->now_);
    if (!otel_jaeger_empty_(&j->slot_[next].readers)) j->error_ = busy;
    else j->error_ = otel_strategy_read_(&j->slot_[next].strategy, &j->slot_[1u - next].strategy, json, len);
    if (!j->error_) OTEL_STORE_RELEASE_(&j->now_, next);
    OTEL_STORE_RELEASE_(&j->gate_, (uint8_t)0);
    return j->error_ ? OTEL_E_CONFIG : OTEL_OK;
}

OTEL_API_ const char *otel_jaeger_error(const otel_jaeger_t *j)
{ OTEL_CALLED_
    OTEL_WHEN_OFF_((void)j; return "")
    return j && j->error_ ? j->error_ : "";
}
OTEL_C_END_
#endif

/* ---- priority.h ------------------------------------------------------------------------------------------------ */
#if OTEL_BODIES_
OTEL_C_BEGIN_
/* Does name[len] fit the pattern, in which a '*' at the end stands for any rest? */
OTEL_FN_ bool otel_name_fits_in_(const char *pattern, const char *name, size_t len)
{
    size_t n = strlen(pattern);
    if (n && pattern[n - 1u] == '*') return len >= n - 1u && memcmp(pattern, name, n - 1u) == 0;
    return len == n && memcmp(pattern, name, n) == 0;
}
OTEL_FN_ bool otel_name_fits_(const char *pattern, const char *name) { return otel_name_fits_in_(pattern, name, strlen(name)); }

OTEL_FN_ bool otel_rule_fits_(const otel_rule_t *rule, const otel_sampling_t *input)
{
    size_t i;
    if (rule->kind && rule->kind != input->kind) return false;
    if (rule->name && !otel_name_fits_(rule->name, input->name)) return false;
    if (!rule->key) return true;
    for (i = input->attributes_len; i-- > 0;) {               /* of a key given twice the last one counts */
        const otel_attr_t *a = &input->attributes[i];
        if (!a->key || strlen(a->key) != strlen(rule->key) || memcmp(a->key, rule->key, strlen(rule->key)) != 0) continue;
        return !rule->text || (a->value.type == OTEL_V_STRING_ && a->value.len == strlen(rule->text) && memcmp(a->value.as.p, rule->text, strlen(rule->text)) == 0);
    }
    return false;
}

OTEL_API_ otel_decision_t otel_decide_priority_(const otel_sampler_t *self, const otel_sampling_t *input)
{ OTEL_CALLED_
    const otel_priority_t *p = (const otel_priority_t *)self->user;
    size_t i;
    for (i = 0; p && p->rules && i < p->len; i++) {
        if (!otel_rule_fits_(&p->rules[i], input)) continue;
        if (p->rules[i].keep_errors) otel_sampling_keep_errors(input);
        return otel_sampler_ask(p->rules[i].sampler, input);
    }
    return otel_sampler_ask(p ? p->otherwise : NULL, input);
}

OTEL_API_ otel_decision_t otel_decide_generated_(const otel_sampler_t *self, const otel_sampling_t *input)
{ OTEL_CALLED_
    const otel_id_generator_t *g = (const otel_id_generator_t *)self->user;
    if (g && g->sampler) return otel_sampler_ask(g->sampler, input);
    return !input->parent || (input->parent->flags & OTEL_FLAG_SAMPLED) ? OTEL_DECISION_RECORD_AND_SAMPLE : OTEL_DECISION_DROP;
}

#if OTEL_ENABLED
OTEL_API_ void otel_span_begin_generated_(otel_span_t *span, otel_t *otel, const otel_scope_t *scope, const otel_span_options_t *options)
{ OTEL_CALLED_
    const otel_id_generator_t *g = (const otel_id_generator_t *)otel->config_.sampler.user;
    OTEL_TRACES_OFF_((void)g; (void)span; (void)scope; (void)options; return)
    if (g && g->trace_id && !(span->state_ & OTEL_SPAN_PARENT_)) {
        uint8_t *id = span->head_ + OTEL_HEAD_TRACE_;
        (g->trace_id)(g->user, id);
        span->flags_ = (uint8_t)(g->random ? OTEL_FLAG_RANDOM : 0u);
        if (otel_all_zero_(id, 16)) otel_id_make_(&otel_shard_(otel)->ids, id, 4);
    }
    if (g && g->span_id) {
        uint8_t *id = span->head_ + OTEL_HEAD_SPAN_;
        (g->span_id)(g->user, id);
        if (otel_all_zero_(id, 8)) otel_id_make_(&otel_shard_(otel)->ids, id, 2);
    }
    otel_span_begin_(span, otel, scope, options);
}
#endif
OTEL_C_END_
#endif

/* ---- sampling.h ------------------------------------------------------------------------------------------------ */
#if OTEL_BODIES_ && OTEL_ENABLED
OTEL_C_BEGIN_
/* Where the fields of the span will stand, free until the head is written, a sampler may write a tracestate. */
OTEL_FN_ void otel_sampling_input_(otel_sampling_t *input, otel_sampling_result_t *result, otel_context_t *parent, otel_span_t *span, otel_t *otel, const otel_span_options_t *options)
{
    memset((void *)input, 0, sizeof *input);
    memset((void *)result, 0, sizeof *result);
    memset(parent, 0, sizeof *parent);
    parent->baggage = span->baggage_;
    parent->values = span->values_;
    if (span->state_ & OTEL_SPAN_PARENT_) {
        memcpy(parent->trace_id, span->head_ + OTEL_HEAD_TRACE_, 16);
        memcpy(parent->span_id, span->head_ + OTEL_HEAD_PARENT_, 8);
        parent->flags = (uint8_t)(span->flags_ & ~(OTEL_FLAG_LATE_ | OTEL_FLAG_ERRORS_));
        parent->tracestate = span->tracestate_;
        parent->remote = (span->state_ & OTEL_SPAN_REMOTE_) != 0;
        input->parent = parent;
    }
    input->trace_id = span->head_ + OTEL_HEAD_TRACE_;
    input->name = span->name_;
    input->kind = options && options->kind ? (int)options->kind : (int)OTEL_INTERNAL;
    if (options) {
        input->attributes = options->attributes;
        input->attributes_len = options->attributes ? options->attributes_len : 0;
        input->links = options->links;
        input->links_len = options->links ? options->links_len : 0;
    }
    input->context = parent;
    input->otel = otel;
    input->result = result;
    result->tracestate_ = span->tracestate_;
    result->room_ = (char *)otel_span_bytes_(span) + OTEL_SPAN_HEAD_;
    result->room_size_ = span->room_ - OTEL_SPAN_HEAD_;
}

/* Is the text in the memory of the span that is current, or may it be in that of another one that ends before this one? */
OTEL_FN_ bool otel_span_borrows_(const otel_span_t *span, otel_t *otel, const char *text, const otel_span_options_t *options)
{
    const otel_current_t *slot;
    if (!text || (span->state_ & OTEL_SPAN_REMOTE_) || !(span->state_ & OTEL_SPAN_PARENT_)) return false;
    if (options && options->parent) return true;
    slot = otel_current_(otel);
    return slot && slot->span && (uintptr_t)text == (uintptr_t)slot->span + offsetof(otel_span_t, head_) + slot->span->room_ + OTEL_SPAN_TAIL_;
}

/* Keep a tracestate that the span has to own at the end of its memory, where nothing moves; without room it is left out. */
OTEL_API_ void otel_span_own_state_(otel_span_t *span, const char *text);
OTEL_API_ void otel_span_own_state_(otel_span_t *span, const char *text)
{ OTEL_CALLED_
    size_t n = strlen(text) + 1u;
    uint8_t *to;
    span->tracestate_ = NULL;
    if (n > (span->room_ - OTEL_SPAN_HEAD_) / 2u) return;
    span->room_ -= n;
    to = otel_span_bytes_(span) + OTEL_SPAN_TAIL_ + span->room_;
    memmove(to, text, n);
    span->tracestate_ = (const char *)to;
}

OTEL_API_ OTEL_NOINLINE_ otel_decision_t otel_span_ask_(otel_span_t *span, otel_t *otel, const otel_span_options_t *options, otel_sampling_result_t *result);
OTEL_API_ OTEL_NOINLINE_ otel_decision_t otel_span_ask_(otel_span_t *span, otel_t *otel, const otel_span_options_t *options, otel_sampling_result_t *result)
{ OTEL_CALLED_
    otel_sampling_t input;
    otel_context_t parent;
    otel_decision_t decision;
    otel_sampling_input_(&input, result, &parent, span, otel, options);
    if (otel->config_.sampler.decide) decision = otel_sampler_ask(&otel->config_.sampler, &input);
    else decision = !input.parent || (parent.flags & OTEL_FLAG_SAMPLED) ? OTEL_DECISION_RECORD_AND_SAMPLE : OTEL_DECISION_DROP;
    if (decision != OTEL_DECISION_RECORD_ONLY && decision != OTEL_DECISION_RECORD_AND_SAMPLE) decision = OTEL_DECISION_DROP;
    if (result->tracestate_ == result->room_ || otel_span_borrows_(span, otel, result->tracestate_, options)) otel_span_own_state_(span, result->tracestate_);
    else span->tracestate_ = result->tracestate_;
    return decision;
}

OTEL_API_ void otel_span_begin_(otel_span_t *span, otel_t *otel, const otel_scope_t *scope, const otel_span_options_t *options)
{ OTEL_CALLED_
    otel_sampling_result_t result;
    otel_decision_t decision;
    unsigned i;
    OTEL_TRACES_OFF_((void)span; (void)otel; (void)scope; (void)options; return)
    decision = otel_span_ask_(span, otel, options, &result);
    span->flags_ = (uint8_t)(span->flags_ & ~(OTEL_FLAG_SAMPLED | OTEL_FLAG_LATE_ | OTEL_FLAG_ERRORS_ | OTEL_FLAG_ENDING_));
    if (decision == OTEL_DECISION_RECORD_AND_SAMPLE) {
        span->flags_ |= OTEL_FLAG_SAMPLED;
    } else {
        span->flags_ = (uint8_t)(span->flags_ & ~OTEL_FLAG_DEBUG);
        if (result.errors_) span->flags_ |= OTEL_FLAG_LATE_ | OTEL_FLAG_ERRORS_;
        else if (decision == OTEL_DECISION_DROP) return;
    }
    if (span->tracestate_) OTEL_STORE_(&otel->write_state_, &otel_span_tracestate_);
    otel_span_open_(span, otel, scope, options);
    for (i = 0; i < result.lists_len_; i++) otel_span_set_all(span, result.lists_[i].at, result.lists_[i].len);
}

/* At the end, of a span with OTEL_FLAG_LATE_: is it kept? */
OTEL_API_ bool otel_span_late_(otel_span_t *span, otel_t *otel)
{ OTEL_CALLED_
    (void)otel;
    return (span->flags_ & OTEL_FLAG_SAMPLED) || ((span->flags_ & OTEL_FLAG_ERRORS_) && span->status_ == OTEL_STATUS_ERROR);
}
OTEL_C_END_
#endif

/* ---- processor.h ----------------------------------------------------------------------------------------------- */
#if OTEL_BODIES_
OTEL_C_BEGIN_
OTEL_API_ const char *otel_span_name(const otel_span_t *span, size_t *len)
{ OTEL_CALLED_
    const uint8_t *p, *end;
    if (len) *len = 0;
    OTEL_TRACES_OFF_((void)span; return "")
    if (!otel_is_recording(span)) return "";
    if (!span->named_) {
        if (len) *len = strlen(span->name_);
        return span->name_;
    }
    p = (const uint8_t *)span + offsetof(otel_span_t, head_) + otel_span_fields_(span);
    end = (const uint8_t *)span + offsetof(otel_span_t, head_) + span->used_;
    for (; p < end; p += otel_field_size_(p)) {
        size_t head = 1;
        if (*p != OTEL_FIELD_NAME_) continue;
        while (p[head++] & 128u) {}
        if (len) *len = otel_field_size_(p) - head;
        return (const char *)p + head;
    }
    return "";
}

OTEL_API_ otel_kind_t otel_span_kind(const otel_span_t *span)
{ OTEL_CALLED_
    OTEL_TRACES_OFF_((void)span; return OTEL_INTERNAL)
    return OTEL_CAST_(otel_kind_t, otel_is_recording(span) ? span->head_[OTEL_HEAD_KIND_] : (unsigned)OTEL_INTERNAL);
}

OTEL_API_ otel_status_t otel_span_status_code(const otel_span_t *span)
{ OTEL_CALLED_
    OTEL_TRACES_OFF_((void)span; return OTEL_STATUS_UNSET)
    return OTEL_CAST_(otel_status_t, otel_is_recording(span) ? span->status_ : (unsigned)OTEL_STATUS_UNSET);
}

OTEL_API_ uint64_t otel_span_start_ns(const otel_span_t *span)
{ OTEL_CALLED_
    OTEL_TRACES_OFF_((void)span; return 0)
    return otel_is_recording(span) ? otel_get64_(span->head_ + OTEL_HEAD_START_) : 0;
}

OTEL_API_ uint64_t otel_span_end_ns(const otel_span_t *span)
{ OTEL_CALLED_
    OTEL_TRACES_OFF_((void)span; return 0)
    return otel_is_recording(span) && (span->flags_ & OTEL_FLAG_ENDING_) ? otel_get64_(span->head_ + OTEL_HEAD_END_) : 0;
}

OTEL_API_ const otel_scope_t *otel_span_scope(const otel_span_t *span)
{ OTEL_CALLED_
    const otel_scope_t *s;
    unsigned number;
    OTEL_TRACES_OFF_((void)span; return NULL)
    if (!otel_is_recording(span) || !span->otel_) return NULL;
    number = (span->mark_ ^ OTEL_MARK_) >> 1;
    if (number == 0) return NULL;
    for (s = OTEL_LOAD_ACQUIRE_(&span->otel_->scopes_); s && s->number_ != number; s = s->next_) {}
    return s;
}

OTEL_API_ bool otel_span_get(const otel_span_t *span, const char *key, otel_value_t *out)
{ OTEL_CALLED_
    const uint8_t *p, *end;
    size_t len;
    OTEL_TRACES_OFF_((void)span; (void)key; (void)out; return false)
    if (!otel_is_recording(span) || !key || !*key || !out) return false;
    p = otel_span_find_((otel_span_t *)(uintptr_t)span, key, strlen(key));
    if (!p) return false;
    end = p + otel_field_size_(p);
    while (*++p & 128u) {}
    p++;                                                      /* KeyValue: the key, then the value */
    p += otel_field_size_(p);
    if (end - p < 2) return false;
    len = otel_field_size_(p);
    while (*++p & 128u) {}
    p++;
    (void)len;
    return otel_any_read_(p, (size_t)(end - p), out);
}

OTEL_API_ bool otel_span_remove(otel_span_t *span, const char *key)
{ OTEL_CALLED_
    uint8_t *p;
    OTEL_TRACES_OFF_((void)span; (void)key; return false)
    if (!otel_is_recording(span) || !key || !*key) return false;
    p = otel_span_find_(span, key, strlen(key));
    if (!p) return false;
    otel_scratch_cut_(span, p, otel_field_size_(p));
    span->attributes_--;
    return true;
}

OTEL_API_ bool otel_filter_end_(const otel_processor_t *self, const otel_span_t *span)
{ OTEL_CALLED_
    const otel_filter_t *f = (const otel_filter_t *)self->user;
    size_t len;
    const char *name = otel_span_name(span, &len);
    if (f->keep_errors && otel_span_status_code(span) == OTEL_STATUS_ERROR) return true;
    if (f->name && !otel_name_fits_in_(f->name, name, len)) return true;
    return f->shorter_ns && otel_span_end_ns(span) - otel_span_start_ns(span) >= f->shorter_ns;
}

OTEL_API_ void otel_enrich_start_(const otel_processor_t *self, otel_span_t *span, const otel_context_t *parent)
{ OTEL_CALLED_
    const otel_enrich_t *e = (const otel_enrich_t *)self->user;
    size_t i;
    (void)parent;
    for (i = 0; i < e->len; i++) {
        otel_value_t there;
        if (!otel_span_get(span, e->attributes[i].key, &there)) otel_span_set_all(span, e->attributes + i, 1);
    }
}

#if OTEL_ENABLED
/* A tracer that is off: the span has its parent's context and records nothing. */
OTEL_FN_ bool otel_spans_off_(const otel_span_settings_t *s, const otel_scope_t *scope)
{
    size_t i;
    for (i = 0; s->rules && i < s->rules_len; i++) {
        if (s->rules[i].scope && !otel_name_fits_(s->rules[i].scope, scope && scope->name ? scope->name : "")) continue;
        return s->rules[i].disabled;
    }
    return false;
}

OTEL_FN_ void otel_spans_parent_(const otel_span_t *span, otel_context_t *parent, uint8_t flags, const char *tracestate)
{
    memset(parent, 0, sizeof *parent);
    parent->baggage = span->baggage_;
    parent->values = span->values_;
    if (!(span->state_ & OTEL_SPAN_PARENT_)) return;
    memcpy(parent->trace_id, span->head_ + OTEL_HEAD_TRACE_, 16);
    memcpy(parent->span_id, span->head_ + OTEL_HEAD_PARENT_, 8);
    parent->flags = (uint8_t)(flags & (OTEL_FLAG_SAMPLED | OTEL_FLAG_RANDOM | OTEL_FLAG_DEBUG));
    parent->tracestate = tracestate;
    parent->remote = (span->state_ & OTEL_SPAN_REMOTE_) != 0;
}

OTEL_API_ void otel_spans_begin_(otel_span_t *span, otel_t *otel, const otel_scope_t *scope, const otel_span_options_t *options)
{ OTEL_CALLED_
    const otel_span_settings_t *s = otel->config_.spans.settings_;
    otel_context_t parent;
    uint8_t flags = span->flags_;
    const char *tracestate = span->tracestate_;
    size_t i;
    OTEL_TRACES_OFF_((void)s; (void)parent; (void)flags; (void)tracestate; (void)i; (void)scope; (void)options; return)
    if (s && otel_spans_off_(s, scope)) {
        if (span->state_ & OTEL_SPAN_PARENT_) memcpy(span->head_ + OTEL_HEAD_SPAN_, span->head_ + OTEL_HEAD_PARENT_, 8);
        else {
            memset(span->head_ + OTEL_HEAD_TRACE_, 0, 16);
            memset(span->head_ + OTEL_HEAD_SPAN_, 0, 8);
            span->flags_ = 0;
        }
        return;
    }
    if ((span->state_ & OTEL_SPAN_PARENT_) && otel_all_zero_(span->head_ + OTEL_HEAD_TRACE_, 16)) {       /* below a root that is off */
        span->state_ = (uint8_t)(span->state_ & ~OTEL_SPAN_PARENT_);
        flags = span->flags_ = otel->random_ ? OTEL_FLAG_RANDOM : 0u;
        otel_id_make_(&otel_shard_(otel)->ids, span->head_ + OTEL_HEAD_TRACE_, 4);
    }
    if (otel->config_.spans.next_) (otel->config_.spans.next_)(span, otel, scope, options);
    else otel_span_begin_(span, otel, scope, options);
    if (!otel_is_recording(span)) return;
    span->flags_ |= OTEL_FLAG_LATE_;
    otel_spans_parent_(span, &parent, flags, tracestate);
    for (i = 0; s && s->processors && s->processors[i]; i++) {
        if (s->processors[i]->on_start) (s->processors[i]->on_start)(s->processors[i], span, &parent);
    }
}

/* The span has ended and is on its way into the ring: what the processors make of it. Writes it itself when one of them wants
   to know that it is there. */
OTEL_API_ bool otel_spans_late_(otel_span_t *span, otel_t *otel)
{ OTEL_CALLED_
    const otel_span_settings_t *s = otel->config_.spans.settings_;
    const otel_processor_t *const *p = s ? s->processors : NULL;
    bool keep, wait = false;
    size_t i;
    OTEL_TRACES_OFF_((void)p; (void)keep; (void)wait; (void)i; return false)
    span->otel_ = otel;                                       /* as if it were running, but for an end inside */
    span->flags_ = (uint8_t)((span->flags_ & ~OTEL_FLAG_LATE_) | OTEL_FLAG_ENDING_);
    for (i = 0; p && p[i]; i++) {
        if (p[i]->on_ending) (p[i]->on_ending)(p[i], span);
    }
    if (!span->otel_ || !otel_is_recording(span)) return false;       /* a processor ended it */
    keep = otel_span_late_(span, otel);
    for (i = 0; p && p[i]; i++) {
        wait = wait || p[i]->after;
        if (!p[i]->on_end || (p[i]->on_end)(p[i], span)) continue;
        if (keep) otel_lose_(otel, OTEL_SPANS_, OTEL_DROP_PROCESSOR);
        keep = wait = false;
        break;
    }
    span->otel_ = NULL;
    if (!keep || !wait) return keep;
    OTEL_SHORT_(otel_span_record_, otel_span_record_slow_)(span, otel);
    for (i = 0; p[i]; i++) {
        if (p[i]->after) (p[i]->after)(p[i]);
    }
    return false;
}
#endif
OTEL_C_END_
#endif

/* ---- limits.h -------------------------------------------------------------------------------------------------- */
#if OTEL_BODIES_
OTEL_C_BEGIN_
/* The size of any field, by its wire type. */
OTEL_FN_ size_t otel_limits_field_(const uint8_t *p)
{
    size_t n = 1;
    switch (*p & 7u) {
    case 0: while (p[n++] & 128u) {} return n;
    case 1: return 9;
    case 5: return 5;
    default: return otel_field_size_(p);
    }
}

/* Behind tag and length. */
OTEL_FN_ uint8_t *otel_limits_in_(uint8_t *p)
{
    while (*++p & 128u) {}
    return p + 1;
}

/* Make the length behind the tag at `p` smaller, in the bytes that it has. */
OTEL_FN_ void otel_limits_shrink_(uint8_t *p, size_t by)
{
    size_t n = otel_field_size_(p) - (size_t)(otel_limits_in_(p) - p) - by;
    for (p++; *p & 128u; p++, n >>= 7) *p = (uint8_t)((n & 127u) | 128u);
    *p = (uint8_t)n;
}

/* How many bytes of text the first `most` characters are. */
OTEL_FN_ size_t otel_limits_characters_(const uint8_t *text, size_t len, uint32_t most)
{
    size_t i;
    for (i = 0; i < len; i++) {
        if ((text[i] & 0xC0u) != 0x80u && most-- == 0) break;
    }
    return i;
}

/* Cut the text or bytes at `p`, AnyValue's field; what stands behind moves up to *end. How much went. A length that is drawn out is
   that of a number, which stays; so the one that is written here is as short as can be. */
OTEL_FN_ size_t otel_limits_text_(uint8_t *p, uint8_t **end, uint32_t most)
{
    size_t len, keep;
    const uint8_t *at = otel_field_in_(p, &len);
    uint8_t *in = p + (at - p), *to;
    if ((size_t)(in - p) != 1u + otel_len_size_(len)) return 0;
    keep = *p == OTEL_TAG_STRING_ ? otel_limits_characters_(in, len, most) : len < most ? len : (size_t)most;
    if (keep == len) return 0;
    to = otel_put_len_(p + 1, keep);
    memmove(to, in, keep);
    memmove(to + keep, in + len, (size_t)(*end - (in + len)));
    len = (size_t)(in + len - (to + keep));
    *end -= len;
    return len;
}

/* The AnyValue at `p`, which is an attribute, a pair of a map, or an element of an array: what is in it, with its own place in *any.
   NULL: it is null. A pair has a second field behind the key; behind the text of an element nothing stands. */
OTEL_FN_ uint8_t *otel_limits_any_(uint8_t *p, uint8_t **any)
{
    uint8_t *in = otel_limits_in_(p), *stop = p + otel_field_size_(p);
    *any = p;
    if (in < stop && *in == 0x0A && in + otel_field_size_(in) < stop) {
        *any = in + otel_field_size_(in);
        in = otel_limits_in_(*any);
    }
    return in < stop ? in : NULL;
}

/* Cut the value of the attribute at `p`, and what is in it. How much went. Nothing recurses: what is open is the attribute and an
   element of each list inside one another. */
OTEL_API_ size_t otel_limits_value_(uint8_t *p, uint8_t **end, uint32_t most);
OTEL_API_ size_t otel_limits_value_(uint8_t *p, uint8_t **end, uint32_t most)
{ OTEL_CALLED_
    uint8_t *open[OTEL_VALUE_DEPTH + 1], *any, *in;
    unsigned depth = 0, i;
    size_t gone = 0, one;
    open[0] = p;
    for (;;) {
        in = otel_limits_any_(open[depth], &any);
        if (in && (*in == OTEL_TAG_ARRAY_ || *in == OTEL_TAG_MAP_) && depth < OTEL_VALUE_DEPTH && otel_limits_in_(in) < in + otel_field_size_(in)) {
            open[++depth] = otel_limits_in_(in);
            continue;
        }
        one = in && (*in == OTEL_TAG_STRING_ || *in == OTEL_TAG_BYTES_) ? otel_limits_text_(in, end, most) : 0;
        gone += one;
        for (i = depth; one; i--) {                           /* and all around it */
            if (any != open[i]) otel_limits_shrink_(any, one);
            otel_limits_shrink_(open[i], one);
            if (i == 0) break;
            otel_limits_shrink_(otel_limits_any_(open[i - 1u], &any), one);
        }
        for (;; depth--) {                                    /* the next one in the list, or in one around it */
            if (depth == 0) return gone;
            open[depth] += otel_field_size_(open[depth]);
            in = otel_limits_any_(open[depth - 1u], &any);
            if (open[depth] < in + otel_field_size_(in)) break;
        }
    }
}

/* Attributes of the event or link at `p`: those beyond `most` go and are counted, values are cut. How much went. */
OTEL_API_ size_t otel_limits_inside_(uint8_t *p, uint8_t **end, unsigned tag, unsigned lost_tag, uint32_t most, uint32_t length);
OTEL_API_ size_t otel_limits_inside_(uint8_t *p, uint8_t **end, unsigned tag, unsigned lost_tag, uint32_t most, uint32_t length)
{ OTEL_CALLED_
    uint8_t *at = otel_limits_in_(p), *stop = p + otel_field_size_(p), *lost_at = NULL, count[8];
    size_t gone = 0, n;
    uint32_t kept = 0, lost = 0;
    while (at < stop) {
        n = otel_limits_field_(at);
        if (*at == tag && kept < most) {
            size_t cut = length ? otel_limits_value_(at, end, length) : 0;
            gone += cut;
            stop -= cut;
            kept++;
            at += n - cut;
        } else if (*at == tag || *at == lost_tag) {
            if (*at == tag) lost++;
            else for (lost_at = at + 1, n = 0; n < 5u; n++) {
                lost += (uint32_t)(lost_at[n] & 127u) << (7u * n);
                if (!(lost_at[n] & 128u)) break;
            }
            n = otel_limits_field_(at);
            memmove(at, at + n, (size_t)(*end - (at + n)));
            *end -= n;
            gone += n;
            stop -= n;
        } else {
            at += n;
        }
    }
    if (lost) {                                               /* there is room: more went */
        count[0] = (uint8_t)lost_tag;
        n = (size_t)(otel_put_varint_(count + 1, lost) - count);
        memmove(stop + n, stop, (size_t)(*end - stop));
        memcpy(stop, count, n);
        *end += n;
        gone -= n;
    }
    if (gone) otel_limits_shrink_(p, gone);
    return gone;
}

OTEL_FN_ uint32_t otel_limit_(uint16_t limit) { return limit == 0 ? 0xFFFFFFFFu : limit == OTEL_LIMIT_NONE ? 0u : limit; }

OTEL_FN_ void otel_limits_lose_(uint16_t *kept, uint16_t *lost)
{
    if (*lost != 0xFFFFu) ++*lost;
    if (*kept) --*kept;
}

OTEL_API_ void otel_limits_ending_(const otel_processor_t *self, otel_span_t *span)
{ OTEL_CALLED_
    const otel_limits_t *l = (const otel_limits_t *)self->user;
    uint8_t *p, *end;
    uint32_t attributes = 0, events = 0, links = 0;
    OTEL_TRACES_OFF_((void)l; (void)p; (void)end; (void)attributes; (void)events; (void)links; (void)span; return)
    p = otel_span_bytes_(span) + otel_span_fields_(span);
    end = otel_span_bytes_(span) + span->used_;
    while (p < end) {
        size_t n = otel_limits_field_(p);
        bool out = (*p == OTEL_FIELD_ATTRIBUTE_ && attributes++ >= otel_limit_(l->attributes)) || (*p == OTEL_FIELD_EVENT_ && events++ >= otel_limit_(l->events)) ||
                   (*p == OTEL_FIELD_LINK_ && links++ >= otel_limit_(l->links));
        if (out) {
            if (*p == OTEL_FIELD_ATTRIBUTE_) otel_limits_lose_(&span->attributes_, &span->lost_attributes_);
            else if (*p == OTEL_FIELD_EVENT_) otel_limits_lose_(&span->events_, &span->lost_events_);
            else otel_limits_lose_(&span->links_, &span->lost_links_);
            memmove(p, p + n, (size_t)(end - (p + n)));
            end -= n;
            continue;
        }
        if (*p == OTEL_FIELD_ATTRIBUTE_) n -= l->value_length ? otel_limits_value_(p, &end, l->value_length) : 0;
        else if (*p == OTEL_FIELD_EVENT_) n -= otel_limits_inside_(p, &end, 0x1Au, 0x20u, otel_limit_(l->event_attributes), l->value_length);
        else if (*p == OTEL_FIELD_LINK_) n -= otel_limits_inside_(p, &end, 0x22u, 0x28u, otel_limit_(l->link_attributes), l->value_length);
        p += n;
    }
    span->used_ = (size_t)(end - otel_span_bytes_(span));
}
OTEL_C_END_
#endif

/* ---- late.h ---------------------------------------------------------------------------------------------------- */
#if OTEL_BODIES_
OTEL_C_BEGIN_
OTEL_FN_ uint64_t otel_ring_get64_(const otel_ring_t *ring, otel_pos_t pos)
{
    uint8_t bytes[8];
    otel_ring_copy_(ring, pos, bytes, 8);
    return otel_get64_(bytes);
}

/* Before the time is known: wait for it up to hold_ms, then go as it is or drop. */
OTEL_API_ otel_late_t_ otel_late_wait_(otel_t *otel, unsigned which, otel_ring_t *ring, otel_pos_t pos, unsigned reader)
{ OTEL_CALLED_
    uint64_t made = otel_ring_get64_(ring, otel_pos_add_(ring, pos, which == OTEL_LOGS_ ? OTEL_LOG_OBSERVED_ : OTEL_HEAD_END_));
    uint64_t now = otel_clock_now_(&otel->clock_);
    (void)reader;
    if (now < made || now - made < (uint64_t)otel->config_.hold_ms * 1000000u) return OTEL_LATE_WAIT_;
    return otel->config_.send_unsynced ? OTEL_LATE_RIGHT_ : OTEL_LATE_DROP_;
}

/* Add the offset to a time in the ring, byte by byte: it may wrap. Behind 36 years it is no time since boot but was given
   by the user, in Unix nanoseconds. */
OTEL_FN_ void otel_ring_shift_time_(otel_ring_t *ring, otel_pos_t pos, uint64_t offset)
{
    uint64_t t = otel_ring_get64_(ring, pos);
    otel_pos_t i;
    if (t >> 60) return;
    t += offset;
    for (i = 0; i < 8; i++, t >>= 8) *otel_ring_at_(ring, otel_pos_add_(ring, pos, i)) = (uint8_t)t;
}

OTEL_FN_ uint32_t otel_ring_varint_(const otel_ring_t *ring, otel_pos_t *pos)
{
    uint32_t value = 0;
    unsigned shift = 0;
    uint8_t byte;
    do {
        byte = *otel_ring_at_(ring, *pos);
        *pos = otel_pos_add_(ring, *pos, 1);
        if (shift < 28u) value |= (uint32_t)(byte & 127u) << shift;
        shift += 7;
    } while ((byte & 128u) && shift < 70u);
    return value;
}

/* The events of a span, whose fields begin at `p`. */
OTEL_FN_ void otel_late_events_(otel_ring_t *ring, otel_pos_t p, otel_pos_t end, uint64_t offset)
{
    while (p != end) {
        uint32_t tag = otel_ring_varint_(ring, &p), n = (tag & 7u) == 1 ? 8 : 4;
        if ((tag & 7u) == 0 || (tag & 7u) == 2) {             /* a number, or a length and what follows it */
            n = otel_ring_varint_(ring, &p);
            if ((tag & 7u) == 0) n = 0;
        }
        if (tag == OTEL_FIELD_EVENT_) otel_ring_shift_time_(ring, otel_pos_add_(ring, p, 1), offset);
        if (n) p = otel_pos_add_(ring, p, (otel_pos_t)n);
    }
}

/* Say whether another reader has this record on its way: then nobody may touch it. The gate is held. */
OTEL_FN_ bool otel_late_elsewhere_(const otel_ring_t *ring, otel_pos_t pos, unsigned reader)
{
    unsigned i;
    for (i = 0; i < OTEL_READERS_; i++) {
        const otel_reader_t_ *r = &ring->reader[i];
        if (i != reader && r->on && r->held != r->cursor && otel_pos_between_(ring, r->cursor, pos) < otel_pos_between_(ring, r->cursor, r->held)) return true;
    }
    return false;
}

/* The time is known: put a record right for good, start, end and events, or time and observed time. The gate keeps
   exporters on other threads from doing it twice. */
OTEL_API_ otel_late_t_ otel_late_repair_(otel_t *otel, unsigned which, otel_ring_t *ring, otel_pos_t pos, unsigned reader)
{ OTEL_CALLED_
    otel_held_t_ held;
    otel_late_t_ late = OTEL_LATE_WAIT_;
    uint64_t offset;
    uint8_t *mark = otel_ring_at_(ring, pos);
    (void)otel_clock_offset_(&otel->clock_, &offset);
    (void)otel_gate_enter_(ring, &otel->guard_, true, &held);
    if (!otel_late_elsewhere_(ring, pos, reader)) {
        late = OTEL_LATE_RIGHT_;
        if ((*mark ^ OTEL_MARK_) & 1u) {
            bool log = which == OTEL_LOGS_;
            otel_ring_shift_time_(ring, otel_pos_add_(ring, pos, log ? OTEL_LOG_TIME_ : OTEL_HEAD_START_), offset);
            otel_ring_shift_time_(ring, otel_pos_add_(ring, pos, log ? OTEL_LOG_OBSERVED_ : OTEL_HEAD_END_), offset);
            if (!log) otel_late_events_(ring, otel_pos_add_(ring, pos, OTEL_HEAD_FLAGS_ - 2), otel_pos_add_(ring, pos, (otel_pos_t)otel_record_size_(ring, pos)), offset);
            OTEL_STORE_RELEASE_(mark, (uint8_t)(*mark ^ 1u));  /* the times before the sign that they are right */
        }
    }
    otel_gate_leave_(ring, &otel->guard_, &held);
    return late;
}
OTEL_C_END_
#endif

/* ---- link.h ---------------------------------------------------------------------------------------------------- */
#if OTEL_BODIES_
OTEL_C_BEGIN_
OTEL_API_ void otel_span_link_all(otel_span_t *span, const otel_context_t *context, const otel_attr_t *attributes, size_t len)
{ OTEL_CALLED_
    otel_element_t_ e;
    uint8_t *p;
    OTEL_TRACES_OFF_((void)span; (void)context; (void)attributes; (void)len; return)
    if (!otel_is_recording(span) || !context || (!otel_context_valid(context) && len == 0 && !context->tracestate)) return;
    p = otel_element_open_(span, OTEL_FIELD_LINK_, 33);
    if (!p) return;
    p[0] = 0x0A;                                              /* Link.trace_id = 1 */
    p[1] = 16;
    memcpy(p + 2, context->trace_id, 16);
    p[18] = 0x12;                                             /* Link.span_id = 2 */
    p[19] = 8;
    memcpy(p + 20, context->span_id, 8);
    p[28] = 0x35;                                             /* Link.flags = 6, fixed32 */
    otel_put32_(p + 29, (context->flags & 3u) | 0x100u | (context->remote ? 0x200u : 0u));
    p += 33;
    if (context->tracestate) p += otel_state_write_(p, otel_element_room_(span, p), context);
    otel_element_begin_(&e, p);
    otel_element_put_(span, &e, attributes, len);
    otel_element_close_(span, &e);
}

/* The rest of the options, once the head stands. */
OTEL_API_ void otel_span_more_(otel_span_t *span, const struct otel_each_option_has_its_name_as_in_dot_kind_equals_ *named)
{ OTEL_CALLED_
    const otel_span_options_t *options = (const otel_span_options_t *)(const void *)named;
    size_t i;
    if (options->start_ns) {
        otel_put64_(span->head_ + OTEL_HEAD_START_, options->start_ns);
        if (span->state_ & OTEL_SPAN_RELATIVE_) {             /* the caller knows the time although the instance does not */
            span->state_ &= (uint8_t)~OTEL_SPAN_RELATIVE_;
            span->mark_ ^= 1u;
            span->offset_ = options->start_ns - otel_clock_now_(&span->otel_->clock_);
        }
    }
    if (options->attributes_len) otel_span_set_all(span, options->attributes, options->attributes_len);
    for (i = 0; i < options->links_len && options->links; i++) otel_span_link_all(span, &options->links[i].context, options->links[i].attributes, options->links[i].attributes_len);
}
OTEL_C_END_
#endif

/* ---- list.h ---------------------------------------------------------------------------------------------------- */
#if OTEL_BODIES_
OTEL_C_BEGIN_
/* A list that is open: where in it, and in sizing what its elements took so far. */
typedef struct otel_level_t_ {
    const otel_value_t *list;
    uint32_t next;
    size_t sum;
} otel_level_t_;

/* A way through a list and those inside it: the one memory of writing and, from the level where that stands, of sizing. */
typedef struct otel_walk_t_ {
    otel_value_t one;                         /* the scalar where it stands, when it is not in the list as a value */
    const otel_cut_t_ *cut;
    otel_level_t_ open[OTEL_VALUE_DEPTH];
} otel_walk_t_;

OTEL_FN_ const otel_attr_t *otel_list_pair_(const otel_value_t *list, uint32_t i) { return (const otel_attr_t *)list->as.p + i; }

/* The scalar at position `i` of an array of numbers, truths or texts. */
OTEL_API_ OTEL_NOINLINE_ void otel_element_(otel_value_t *one, const otel_value_t *list, uint32_t i);
OTEL_API_ OTEL_NOINLINE_ void otel_element_(otel_value_t *one, const otel_value_t *list, uint32_t i)
{ OTEL_CALLED_
    const size_t size = list->size & ~OTEL_LIST_CUT_;
    const uint8_t *p = (const uint8_t *)list->as.p + (size_t)i * size;
    one->type = OTEL_V_INT_;
    one->len = 0;
    switch (list->type) {
    case OTEL_V_STRINGS_: {
        const char *text = ((const char *const *)list->as.p)[i];
        size_t len = text ? otel_len_(text) : 0;
        one->type = text ? OTEL_V_STRING_ : OTEL_V_NULL_;
        one->len = otel_too_long_(len) ? OTEL_LENGTH_MAX_ + 1u : (uint32_t)len;
        one->as.p = text;
        return;
    }
    case OTEL_V_BOOLS_:
        one->type = OTEL_V_BOOL_;
        one->as.i = ((const bool *)list->as.p)[i];
        return;
#if !OTEL_NO_FLOAT
    case OTEL_V_DOUBLES_:
        one->type = OTEL_V_DOUBLE_;
        if (size == sizeof(float) && sizeof(float) != sizeof(double)) one->as.d = (double)((const float *)list->as.p)[i];
        else one->as.d = ((const double *)list->as.p)[i];
        return;
#endif
    default: break;
    }
    if (size == 8) {
        memcpy(&one->as.i, p, 8);
    } else if (size == 4) {
        int32_t word;
        memcpy(&word, p, 4);
        one->as.i = word;
    } else {
        int16_t half;
        memcpy(&half, p, 2);
        one->as.i = half;
    }
}

/* Go past pairs of a map whose key comes again, then say whether there is an element. */
OTEL_FN_ bool otel_list_more_(otel_level_t_ *level)
{
    const otel_value_t *list = level->list;
    if (OTEL_LIMITS && list->type == OTEL_V_MAP_) {
        while (level->next < list->len && otel_attr_again_(otel_list_pair_(list, level->next), (size_t)(list->len - level->next))) level->next++;
    }
    return level->next < list->len;
}

/* The element where `level` stands. */
OTEL_FN_ const otel_value_t *otel_list_at_(otel_walk_t_ *walk, const otel_level_t_ *level)
{
    const otel_value_t *list = level->list, *v = &walk->one;
    otel_value_t *one = &walk->one;
    const otel_cut_t_ *cut = walk->cut;
    if (list->type == OTEL_V_MAP_) v = &otel_list_pair_(list, level->next)->value;
    else if (list->type == OTEL_V_VALUES_) v = (const otel_value_t *)list->as.p + level->next;
    else otel_element_(one, list, level->next);
    if (cut && (v->type == OTEL_V_STRING_ || v->type == OTEL_V_BYTES_)) {
        if (v != one) *one = *v;
        one->len = (cut->len)(one, cut->most);
        v = one;
    }
    return v;
}

/* The head of a list that was measured. */
OTEL_FN_ void otel_list_begin_(otel_out_t_ *out, otel_level_t_ *level)
{
    otel_out_head_(out, level->list->type == OTEL_V_MAP_ ? OTEL_TAG_MAP_ : OTEL_TAG_ARRAY_, level->sum);
    level->next = 0;
}

/* Write, or without `out` give the size; too long when no record can hold it, or a list stands too deep in it. A list is
   measured, its head written, then its elements; one inside it likewise when its turn comes. Stack is short where this is used:
   what it calls calls little. */
OTEL_API_ size_t otel_list_encode_(otel_out_t_ *out, const otel_value_t *list)
{ OTEL_CALLED_
    otel_walk_t_ walk;
    otel_level_t_ *level = walk.open, *measured = level;      /* what is being measured; NULL: written */
    walk.cut = list->size & OTEL_LIST_CUT_ ? (const otel_cut_t_ *)(const void *)list : NULL;
    level->list = list;
    level->next = 0;
    level->sum = 0;
    for (;;) {
        const otel_value_t *v = NULL;
        const otel_attr_t *pair;
        size_t any, key_len;
        if (otel_list_more_(level)) {
            v = otel_list_at_(&walk, level);
            if (otel_is_list_(v->type)) {
                if (level == walk.open + OTEL_VALUE_DEPTH - 1) return OTEL_TOO_LONG_;      /* in writing: the caller's data have changed, no more of them */
                level++;
                level->list = v;
                level->next = 0;
                level->sum = 0;
                if (!measured) measured = level;
                continue;
            }
            if (measured && v->len > OTEL_LENGTH_MAX_) return OTEL_TOO_LONG_;
            any = otel_scalar_size_(v);
        } else {
            if (!measured && level == walk.open) return 0;
            any = otel_message_size_(level->sum);
            if (level == walk.open) {
                if (!out) return any;
                measured = NULL;
                otel_list_begin_(out, level);
                continue;
            }
            if (measured == level) measured = NULL;           /* its turn */
            else if (!measured) any = 0;                      /* it is written */
            level--;
            if (any == 0) continue;
        }
        pair = level->list->type == OTEL_V_MAP_ ? otel_list_pair_(level->list, level->next) : NULL;
        key_len = pair && pair->key ? otel_len_(pair->key) : 0;
        level->next++;
        if (measured) {
            if (pair) any = otel_attr_len_(key_len, any);
            if (!otel_too_long_(any)) any = level->sum + otel_message_size_(any);
            if (otel_too_long_(any)) return OTEL_TOO_LONG_;
            level->sum = any;
            continue;
        }
        if (pair) {
            otel_out_head_(out, 0x0A, otel_attr_len_(key_len, any));      /* KeyValueList.values = 1 */
            otel_out_head_(out, 0x0A, key_len);               /* KeyValue.key = 1 */
            otel_out_text_(out, pair->key, key_len);
        }
        otel_out_head_(out, pair ? 0x12 : 0x0A, any);         /* KeyValue.value = 2, ArrayValue.values = 1 */
        if (v) otel_scalar_encode_(out, any, v);
        else otel_list_begin_(out, ++level);
    }
}
OTEL_C_END_
#endif

/* ---- local.h --------------------------------------------------------------------------------------------------- */
OTEL_C_BEGIN_
OTEL_FN_ void otel_local_add(otel_local_t *local, int64_t value)
{
    OTEL_METRICS_OFF_((void)local; (void)value; return)
#if OTEL_LOCAL_
    {
        const otel_t *otel = otel_thread_v0_.otel;            /* by name: the linker makes of an address what sanitizers take for NULL */
        uint32_t epoch = otel_thread_v0_.epoch;
        unsigned place = otel_thread_v0_.number - 1u;
        if (OTEL_LIKELY_(local && otel && epoch == otel->epoch_ && epoch == OTEL_LOAD_ACQUIRE_(&local->epoch_) && place < OTEL_LOCAL_PLACES_ && value >= 0)) {
            uint64_t *sum = &local->place_[place].sum;
            OTEL_STORE_(sum, OTEL_LOAD_(sum) + (uint64_t)value);
            return;
        }
    }
#endif
    otel_local_add_slow_(local, value);
}
#if OTEL_BODIES_
#if OTEL_LOCAL_
/* A collection begins: the series gets what came since the last one. */
OTEL_FN_ void otel_local_fold_(void *user)
{
    otel_local_t *local = (otel_local_t *)user;
    unsigned i;
    for (i = 0; i < OTEL_LOCAL_PLACES_; i++) {
        uint64_t sum = OTEL_LOAD_(&local->place_[i].sum), more = sum - local->place_[i].told;
        local->place_[i].told = sum;
        if (more) otel_series_add_int(OTEL_LOAD_(&local->series_), (int64_t)more);
    }
}

/* The first addition in this life of the instance: from here on its places count. What still stood in them came after an end. */
OTEL_FN_ void otel_local_join_(otel_local_t *local, otel_t *otel)
{
    uint8_t open = 0;
    unsigned i;
    if (!OTEL_CAS_(&local->gate_, &open, (uint8_t)1)) return;
    if (local->epoch_ != otel->epoch_) {
        for (i = 0; i < OTEL_LOCAL_PLACES_; i++) local->place_[i].told = OTEL_LOAD_(&local->place_[i].sum);
        local->fold_.call = otel_local_fold_;
        local->fold_.user = local;
        local->fold_.otel = otel;
        if (otel_callback_register(&local->fold_) == OTEL_OK) OTEL_STORE_RELEASE_(&local->epoch_, otel->epoch_);
    }
    OTEL_STORE_RELEASE_(&local->gate_, (uint8_t)0);
}
#endif

OTEL_API_ void otel_local_bind(otel_local_t *local, otel_series_t *series)
{ OTEL_CALLED_
    OTEL_METRICS_OFF_((void)local; (void)series; return)
    if (local && !OTEL_LOAD_(&local->series_)) OTEL_STORE_RELEASE_(&local->series_, series);
}

/* A thread or an instance that is new here, a thread without a place, a number that needs a closer look. */
OTEL_API_ OTEL_NOINLINE_ void otel_local_add_slow_(otel_local_t *local, int64_t value)
{ OTEL_CALLED_
    otel_series_t *series;
    OTEL_METRICS_OFF_((void)local; (void)value; (void)series; return)
    series = local ? OTEL_LOAD_ACQUIRE_(&local->series_) : NULL;
    if (!series) return;
#if OTEL_LOCAL_
    {
        otel_t *otel = OTEL_LOAD_(&otel_cell_of_(series)->owner->otel_);
        if (otel_running_(otel)) {
            if (OTEL_LOAD_ACQUIRE_(&local->epoch_) != otel->epoch_) otel_local_join_(local, otel);
            if (otel_thread_v0_.otel != otel || otel_thread_v0_.epoch != otel->epoch_) {
                (void)otel_clock_now_(&otel->clock_);                     /* ports meet a thread there, and see its end */
                (void)otel_shard_(otel);
            }
        }
    }
#endif
    otel_series_add_int(series, value);
}
#endif
OTEL_C_END_

/* ---- logger.h -------------------------------------------------------------------------------------------------- */
#if OTEL_BODIES_
OTEL_C_BEGIN_
OTEL_API_ bool otel_log_enabled_in(const otel_scope_t *scope, otel_severity_t severity)
{ OTEL_CALLED_
    otel_t *otel;
    OTEL_LOGS_OFF_((void)scope; (void)severity; return false)
    otel = scope && scope->otel ? scope->otel : otel_default_();
    if (!otel_running_(otel)) return false;
    return !otel->config_.logs.enabled_ || (otel->config_.logs.enabled_)(&otel->config_.logs, otel, scope, (int)severity);
}

#if OTEL_ENABLED
/* Is the context of the record, or else the current one, that of a trace that is not sampled? */
OTEL_FN_ bool otel_log_unsampled_(otel_t *otel, const otel_context_t *context)
{
    const otel_current_t *slot;
    if (context) return otel_context_valid(context) && !(context->flags & OTEL_FLAG_SAMPLED);
    slot = otel_current_(otel);
    if (slot && slot->span) return !(slot->span->flags_ & OTEL_FLAG_SAMPLED) && !otel_all_zero_(slot->span->head_ + OTEL_HEAD_SPAN_, 8);
    return slot && otel_context_valid(&slot->context) && !(slot->context.flags & OTEL_FLAG_SAMPLED);
}

OTEL_API_ bool otel_logs_allow_(const otel_log_settings_t *s, otel_t *otel, const otel_scope_t *scope, int severity, const otel_context_t *context);
OTEL_API_ bool otel_logs_allow_(const otel_log_settings_t *s, otel_t *otel, const otel_scope_t *scope, int severity, const otel_context_t *context)
{ OTEL_CALLED_
    size_t i;
    for (i = 0; s->rules && i < s->rules_len; i++) {
        const otel_logger_rule_t *r = &s->rules[i];
        if (r->scope && !otel_name_fits_(r->scope, scope && scope->name ? scope->name : "")) continue;
        if (r->disabled || (severity > 0 && severity < (int)r->least)) return false;
        return !r->trace_based || !otel_log_unsampled_(otel, context);
    }
    return true;
}

OTEL_API_ bool otel_logs_enabled_(const otel_logs_t *self, otel_t *otel, const otel_scope_t *scope, int severity)
{ OTEL_CALLED_
    const otel_log_settings_t *s = self->settings_;
    size_t i;
    if (!s) return true;
    if (!otel_logs_allow_(s, otel, scope, severity, NULL)) return false;
    for (i = 0; s->processors && s->processors[i]; i++) {
        const otel_log_processor_t *p = s->processors[i];
        if (!p->enabled || (p->enabled)(p, scope, (otel_severity_t)severity)) return true;
    }
    return i == 0;
}

OTEL_API_ void otel_logs_emit_(const otel_logs_t *self, otel_t *otel, const otel_log_record_t *record)
{ OTEL_CALLED_
    const otel_log_settings_t *s = self->settings_;
    otel_log_passing_t_ mine;
    size_t i;
    if (s && !otel_logs_allow_(s, otel, record->scope, (int)record->severity, record->context)) return;
    memcpy((void *)&mine.record, record, sizeof mine.record);
    mine.record.passed_ = true;
    for (i = 0; s && s->processors && s->processors[i]; i++) {
        const otel_log_processor_t *p = s->processors[i];
        if (!p->on_emit || (p->on_emit)(p, &mine.record)) continue;
        otel_lose_(otel, OTEL_LOGS_, OTEL_DROP_PROCESSOR);
        return;
    }
    mine.record.otel = otel;
    mine.record.passed_ = true;
    otel_log_emit_(&mine.record);
    for (i = 0; s && s->processors && s->processors[i]; i++) {
        if (s->processors[i]->after) (s->processors[i]->after)(s->processors[i]);
    }
}
#endif
OTEL_C_END_
#endif

/* ---- loglimits.h ----------------------------------------------------------------------------------------------- */
#if OTEL_BODIES_
OTEL_C_BEGIN_
OTEL_API_ uint32_t otel_cut_len_(const otel_value_t *text, uint32_t most);
OTEL_API_ uint32_t otel_cut_len_(const otel_value_t *text, uint32_t most)
{ OTEL_CALLED_
    if (text->len <= most) return text->len;
#if OTEL_UTF8_REPLACE
    if (text->type == OTEL_V_STRING_) {                       /* a byte that is no UTF-8 goes out as a character */
        const uint8_t *p = (const uint8_t *)text->as.p;
        uint32_t n = 0;
        for (; most && n < text->len; most--) {
            unsigned step = otel_utf8_step_(p + n, (size_t)(text->len - n));
            n += step ? step : 1u;
        }
        return n;
    }
#else
    if (text->type == OTEL_V_STRING_ && otel_utf8_valid((const char *)text->as.p, (size_t)text->len)) return (uint32_t)otel_limits_characters_((const uint8_t *)text->as.p, (size_t)text->len, most);
#endif
    return most;
}

OTEL_API_ const otel_value_t *otel_log_limit_(const otel_log_record_t *record, unsigned kept, const otel_value_t *value);
OTEL_API_ const otel_value_t *otel_log_limit_(const otel_log_record_t *record, unsigned kept, const otel_value_t *value)
{ OTEL_CALLED_
    otel_log_passing_t_ *p = (otel_log_passing_t_ *)(uintptr_t)record;
    const bool list = otel_is_list_(value->type);
    if (kept >= otel_limit_(p->limits->attributes)) return NULL;
    if (p->limits->value_length == 0 || (!list && value->type != OTEL_V_STRING_ && value->type != OTEL_V_BYTES_)) return value;
    p->cut.value = *value;
    p->cut.most = p->limits->value_length;
    p->cut.len = otel_cut_len_;
    if (list) p->cut.value.size |= (uint8_t)OTEL_LIST_CUT_;
    else p->cut.value.len = otel_cut_len_(value, p->cut.most);
    return &p->cut.value;
}

OTEL_API_ bool otel_log_limits_emit_(const otel_log_processor_t *self, otel_log_record_t *record)
{ OTEL_CALLED_
    OTEL_LOGS_OFF_((void)self; (void)record; return true)
    if (!self->user) return true;
    ((otel_log_passing_t_ *)(void *)record)->limits = (const otel_log_limits_t *)self->user;
    record->limit_ = otel_log_limit_;
    return true;
}
OTEL_C_END_
#endif

/* ---- message.h ------------------------------------------------------------------------------------------------- */
#if OTEL_BODIES_
OTEL_C_BEGIN_
#define OTEL_MQTT_USER_ 0x26u

OTEL_API_ void otel_mqtt_set(void *message, const char *name, const char *value)
{ OTEL_CALLED_
    otel_message_t *m = (otel_message_t *)message;
    size_t name_len, value_len;
    uint8_t *p;
    OTEL_WHEN_OFF_((void)m; (void)name; (void)value; return)
    if (!m || !m->bytes || !name || !value) return;
    name_len = strlen(name);
    value_len = strlen(value);
    if (name_len > 0xFFFFu || value_len > 0xFFFFu || m->len > m->size || 5u + name_len + value_len > m->size - m->len) {
        m->lost = true;
        return;
    }
    p = m->bytes + m->len;
    *p++ = OTEL_MQTT_USER_;
    *p++ = (uint8_t)((unsigned)name_len >> 8);
    *p++ = (uint8_t)name_len;
    memcpy(p, name, name_len);
    p += name_len;
    *p++ = (uint8_t)((unsigned)value_len >> 8);
    *p++ = (uint8_t)value_len;
    memcpy(p, value, value_len);
    m->len += 5u + name_len + value_len;
    m->count++;
}

/* A length of Kafka is a zigzag varint. */
OTEL_API_ void otel_kafka_set(void *message, const char *name, const char *value)
{ OTEL_CALLED_
    otel_message_t *m = (otel_message_t *)message;
    size_t name_len, value_len, need;
    uint8_t *p;
    OTEL_WHEN_OFF_((void)m; (void)name; (void)value; return)
    if (!m || !m->bytes || !name || !value) return;
    name_len = strlen(name);
    value_len = strlen(value);
    need = (size_t)otel_varint_size_((uint32_t)name_len * 2u) + otel_varint_size_((uint32_t)value_len * 2u) + name_len + value_len;
    if (otel_too_long_(name_len) || otel_too_long_(value_len) || m->len > m->size || need > m->size - m->len) {
        m->lost = true;
        return;
    }
    p = otel_put_varint_(m->bytes + m->len, (uint32_t)name_len * 2u);
    memcpy(p, name, name_len);
    p = otel_put_varint_(p + name_len, (uint32_t)value_len * 2u);
    memcpy(p, value, value_len);
    m->len += need;
    m->count++;
}

/* A text of MQTT, two bytes of length in front; NULL when it ends behind the message. */
OTEL_FN_ const char *otel_mqtt_text_(const otel_message_t *m, size_t *at, size_t *len)
{
    const char *text;
    size_t n;
    if (m->len - *at < 2) return NULL;
    n = (size_t)((unsigned)m->bytes[*at] << 8 | m->bytes[*at + 1u]);
    if (m->len - *at - 2u < n) return NULL;
    text = (const char *)m->bytes + *at + 2u;
    *at += 2u + n;
    *len = n;
    return text;
}

/* How long the value of a property is that is no user property; 0: not known here or cut off. */
OTEL_FN_ size_t otel_mqtt_skip_(unsigned id, const otel_message_t *m, size_t at)
{
    size_t i;
    switch (id) {
    case 0x01: case 0x17: case 0x19: case 0x24: case 0x25: case 0x28: case 0x29: case 0x2A: return 1;
    case 0x13: case 0x21: case 0x22: case 0x23: return 2;
    case 0x02: case 0x11: case 0x18: case 0x27: return 4;
    case 0x0B:                                    /* Subscription Identifier: a varint of up to 4 bytes */
        for (i = 0; i < 4 && i < m->len - at; i++) {
            if (m->bytes[at + i] < 128u) return i + 1u;
        }
        return 0;
    case 0x03: case 0x08: case 0x09: case 0x12: case 0x15: case 0x16: case 0x1A: case 0x1C: case 0x1F:
        return m->len - at < 2 ? 0 : 2u + (size_t)((unsigned)m->bytes[at] << 8 | m->bytes[at + 1u]);
    default: return 0;
    }
}

OTEL_API_ const char *otel_mqtt_key_(void *user, size_t *at, size_t *len)
{ OTEL_CALLED_
    const otel_message_t *m = (const otel_message_t *)user;
    while (*at < m->len) {
        unsigned id = m->bytes[(*at)++];
        size_t n;
        if (id == OTEL_MQTT_USER_) {
            const char *name = otel_mqtt_text_(m, at, len), *value;
            size_t value_len;
            if (!name) break;
            value = otel_mqtt_text_(m, at, &value_len);
            if (!value) break;
            return name;
        }
        n = otel_mqtt_skip_(id, m, *at);
        if (n == 0 || n > m->len - *at) break;
        *at += n;
    }
    *at = m->len;
    return NULL;
}

OTEL_API_ const char *otel_mqtt_get_(void *user, const char *name, size_t *at, size_t *len)
{ OTEL_CALLED_
    const otel_message_t *m = (const otel_message_t *)user;
    const char *key;
    size_t key_len = 0, value;
    while ((key = otel_mqtt_key_(user, at, &key_len)) != NULL) {
        if (!otel_name_is_(name, key, key_len)) continue;
        value = (size_t)(key - (const char *)m->bytes) + key_len;
        return otel_mqtt_text_(m, &value, len);
    }
    return NULL;
}

/* A length of Kafka; (size_t)-1 when it is negative (null), too large or cut off. */
OTEL_FN_ size_t otel_kafka_length_(const otel_message_t *m, size_t *at)
{
    uint32_t n = 0;
    unsigned shift;
    for (shift = 0; shift < 28u && *at < m->len; shift += 7) {
        uint8_t byte = m->bytes[(*at)++];
        n |= (uint32_t)(byte & 127u) << shift;
        if (byte < 128u) return n & 1u || otel_too_long_((size_t)(n >> 1)) || n >> 1 > m->len - *at ? (size_t)-1 : (size_t)(n >> 1);
    }
    return (size_t)-1;
}

/* The header at *at. A null value (length -1) is an empty one; false at the end. */
OTEL_FN_ bool otel_kafka_header_(const otel_message_t *m, size_t *at, otel_header_t *h)
{
    h->name_len = *at < m->len ? otel_kafka_length_(m, at) : (size_t)-1;
    if (h->name_len == (size_t)-1) return false;
    h->name = (const char *)m->bytes + *at;
    *at += h->name_len;
    if (*at < m->len && m->bytes[*at] == 1u) {
        ++*at;
        h->value_len = 0;
    } else {
        h->value_len = otel_kafka_length_(m, at);
        if (h->value_len == (size_t)-1) return false;
    }
    h->value = (const char *)m->bytes + *at;
    *at += h->value_len;
    return true;
}

OTEL_API_ const char *otel_kafka_key_(void *user, size_t *at, size_t *len)
{ OTEL_CALLED_
    otel_header_t h;
    if (!otel_kafka_header_((const otel_message_t *)user, at, &h)) {
        *at = ((const otel_message_t *)user)->len;
        return NULL;
    }
    *len = h.name_len;
    return h.name;
}

OTEL_API_ const char *otel_kafka_get_(void *user, const char *name, size_t *at, size_t *len)
{ OTEL_CALLED_
    const otel_message_t *m = (const otel_message_t *)user;
    otel_header_t h;
    while (otel_kafka_header_(m, at, &h)) {
        if (!otel_name_is_(name, h.name, h.name_len)) continue;
        *len = h.value_len;
        return h.value;
    }
    *at = m->len;
    return NULL;
}

/* version 0, field 0: trace id, field 1: span id, field 2: options */
OTEL_API_ bool otel_binary_write(const otel_context_t *context, uint8_t to[OTEL_BINARY_SIZE])
{ OTEL_CALLED_
    if (to) memset(to, 0, OTEL_BINARY_SIZE);
    OTEL_WHEN_OFF_((void)context; return false)
    if (!to || !otel_context_valid(context)) return false;
    memcpy(to + 2, context->trace_id, 16);
    to[18] = 1;
    memcpy(to + 19, context->span_id, 8);
    to[27] = 2;
    to[28] = (uint8_t)(context->flags & (OTEL_FLAG_SAMPLED | OTEL_FLAG_RANDOM));
    return true;
}

OTEL_API_ bool otel_binary_read(otel_context_t *out, const void *bytes, size_t len)
{ OTEL_CALLED_
    const uint8_t *p = (const uint8_t *)bytes;
    if (!out) return false;
    memset(out, 0, sizeof *out);
    OTEL_WHEN_OFF_((void)p; (void)len; return false)
    if (!p || len < OTEL_BINARY_SIZE || p[0] != 0 || p[1] != 0 || p[18] != 1 || p[27] != 2) return false;
    memcpy(out->trace_id, p + 2, 16);
    memcpy(out->span_id, p + 19, 8);
    if (!otel_context_valid(out)) {
        memset(out, 0, sizeof *out);
        return false;
    }
    out->flags = (uint8_t)(p[28] & (OTEL_FLAG_SAMPLED | OTEL_FLAG_RANDOM));
    out->remote = true;
    return true;
}
OTEL_C_END_
#endif

/* ---- nanopb_points.h ------------------------------------------------------------------------------------------- */
#if OTEL_NANOPB_ && OTEL_BODIES_
OTEL_C_BEGIN_
/* ---- numbers ---- */
OTEL_API_ bool otel_int_nanopb_(otel_telling_t_ *p)
{ OTEL_CALLED_
    opentelemetry_proto_metrics_v1_NumberDataPoint point;
    memset((void *)&point, 0, sizeof point);
    point.which_value = opentelemetry_proto_metrics_v1_NumberDataPoint_as_int_tag;
    point.value.as_int = (int64_t)otel_int_told_(p);
    return otel_nanopb_put_(&p->at, p->end, opentelemetry_proto_metrics_v1_NumberDataPoint_fields, &point);
}

OTEL_API_ bool otel_double_nanopb_(otel_telling_t_ *p)
{ OTEL_CALLED_
    opentelemetry_proto_metrics_v1_NumberDataPoint point;
    memset((void *)&point, 0, sizeof point);
    point.which_value = opentelemetry_proto_metrics_v1_NumberDataPoint_as_double_tag;
    point.value.as_double = otel_double_told_(p);
    return otel_nanopb_put_(&p->at, p->end, opentelemetry_proto_metrics_v1_NumberDataPoint_fields, &point);
}

/* ---- explicit buckets ---- */
/* What the callbacks of one data point share. */
typedef struct otel_nanopb_row_t_ {
    otel_telling_t_ *point;
    double (*bound)(const void *bounds, size_t i);
    uint64_t count;
} otel_nanopb_row_t_;

OTEL_FN_ double otel_nanopb_bound_(const void *bounds, size_t i) { return ((const double *)bounds)[i]; }
OTEL_FN_ double otel_nanopb_bound_int_(const void *bounds, size_t i) { return (double)((const otel_bound_t_ *)bounds)[i]; }
OTEL_FN_ double otel_nanopb_extreme_(otel_word_t order) { return otel_unorder_(order); }
OTEL_FN_ double otel_nanopb_extreme_int_(otel_word_t order) { return (double)otel_unorder_whole_(order); }
OTEL_FN_ double otel_nanopb_extreme_bucket_(otel_word_t order)
{
#if OTEL_WIDE_
    return otel_nanopb_extreme_int_(order);
#else
    return (double)(int32_t)((uint32_t)order ^ 0x80000000u);  /* numbers of 32 bits: see otel_bucket_awake_ */
#endif
}

/* Begin a packed field of `n` times 8 bytes. */
OTEL_FN_ bool otel_nanopb_packed_(pb_ostream_t *stream, const pb_field_t *field, size_t n)
{
    return pb_encode_tag(stream, PB_WT_STRING, field->tag) && pb_encode_varint(stream, 8u * n);
}

/* HistogramDataPoint.bucket_counts */
OTEL_FN_ bool otel_nanopb_on_counts_(pb_ostream_t *stream, const pb_field_t *field, void *const *arg)
{
    otel_nanopb_row_t_ *row = (otel_nanopb_row_t_ *)*arg;
    otel_telling_t_ *p = row->point;
    size_t i, n = p->cell->owner->bounds_len + 1u;
    if (!otel_nanopb_packed_(stream, field, n)) return false;
    for (i = 0; i < n; i++) {
        uint64_t now = otel_word_read_(p->cell, &p->cell->held.row[OTEL_ROW_BUCKETS_ + i]);
        if (p->told) {
            p->telling[1u + i] = now;
            now = (otel_word_t)(now - p->told[1u + i]);
        }
        row->count += now;
        if (!pb_encode_fixed64(stream, &now)) return false;
    }
    return true;
}

/* HistogramDataPoint.explicit_bounds */
OTEL_FN_ bool otel_nanopb_on_bounds_(pb_ostream_t *stream, const pb_field_t *field, void *const *arg)
{
    const otel_nanopb_row_t_ *row = (const otel_nanopb_row_t_ *)*arg;
    const otel_instrument_t *owner = row->point->cell->owner;
    size_t i;
    if (owner->bounds_len == 0) return true;
    if (!otel_nanopb_packed_(stream, field, owner->bounds_len)) return false;
    for (i = 0; i < owner->bounds_len; i++) {
        uint64_t bits = otel_double_bits_((row->bound)(owner->bounds, i));
        if (!pb_encode_fixed64(stream, &bits)) return false;
    }
    return true;
}

/* All but the sum; the room for that is there. */
OTEL_FN_ bool otel_nanopb_buckets_(otel_telling_t_ *p, double (*bound)(const void *bounds, size_t i), double (*extreme)(otel_word_t order))
{
    opentelemetry_proto_metrics_v1_HistogramDataPoint point;
    const otel_instrument_t *owner = p->cell->owner;
    otel_word_t least, largest;
    otel_nanopb_row_t_ row;
    if (p->end < p->at || (size_t)(p->end - p->at) < 4u * 9u + 2u * (1u + 3u) + 16u * owner->bounds_len + 8u) return false;
    row.point = p;
    row.bound = bound;
    row.count = 0;
    memset((void *)&point, 0, sizeof point);
    if (owner->rows) {
        point.bucket_counts.funcs.encode = otel_nanopb_on_counts_;
        point.explicit_bounds.funcs.encode = otel_nanopb_on_bounds_;
        point.bucket_counts.arg = point.explicit_bounds.arg = &row;
        if (!otel_nanopb_put_(&p->at, p->end, opentelemetry_proto_metrics_v1_HistogramDataPoint_fields, &point)) return false;
        memset((void *)&point, 0, sizeof point);
        point.has_min = point.has_max = otel_extremes_(p, &least, &largest);
        if (point.has_min) {
            point.min = extreme((otel_word_t)~least);
            point.max = extreme(largest);
        }
    } else {
        row.count = otel_word_read_(p->cell, &p->cell->held.count);
        if (p->told) {
            p->telling[1] = row.count;
            row.count = (otel_word_t)(row.count - p->told[1]);
        }
    }
    point.count = row.count;
    p->fresh = row.count != 0;
    return otel_nanopb_put_(&p->at, p->end, opentelemetry_proto_metrics_v1_HistogramDataPoint_fields, &point);
}

OTEL_FN_ bool otel_nanopb_buckets_sum_(otel_telling_t_ *p, double sum)
{
    opentelemetry_proto_metrics_v1_HistogramDataPoint point;
    memset((void *)&point, 0, sizeof point);
    point.has_sum = true;
    point.sum = sum;
    return otel_nanopb_put_(&p->at, p->end, opentelemetry_proto_metrics_v1_HistogramDataPoint_fields, &point);
}

OTEL_API_ bool otel_buckets_nanopb_(otel_telling_t_ *p)
{ OTEL_CALLED_
    uint64_t sum;
    if (!otel_nanopb_buckets_(p, otel_nanopb_bound_, otel_nanopb_extreme_)) return false;
    sum = otel_cell_read_(p->cell);
    if (p->told) p->telling[0] = sum;
    return otel_nanopb_buckets_sum_(p, p->told ? otel_unpack_(sum) - otel_unpack_(p->told[0]) : otel_unpack_(sum));
}

OTEL_API_ bool otel_buckets_int_nanopb_(otel_telling_t_ *p)
{ OTEL_CALLED_
    uint64_t sum;
    if (!otel_nanopb_buckets_(p, otel_nanopb_bound_int_, otel_nanopb_extreme_bucket_)) return false;
    sum = otel_cell_read_(p->cell);
    if (p->told) p->telling[0] = sum;
    return otel_nanopb_buckets_sum_(p, (double)(int64_t)(p->told ? sum - p->told[0] : sum));
}
OTEL_C_END_
#endif

/* ---- nanopb_powers.h ------------------------------------------------------------------------------------------- */
#if OTEL_NANOPB_ && OTEL_BODIES_
OTEL_C_BEGIN_
/* One side of a data point, and where the stream begins that it is written to. */
typedef struct otel_nanopb_side_t_ {
    otel_telling_t_ *point;
    uint8_t *begin;
    unsigned side;
    int32_t low;
    size_t size, first, last;
    uint64_t count;
} otel_nanopb_side_t_;

/* Buckets.bucket_counts, packed varints; their length is known behind them. */
OTEL_FN_ bool otel_nanopb_on_powers_(pb_ostream_t *stream, const pb_field_t *field, void *const *arg)
{
    static const pb_byte_t none[OTEL_LENGTH_BYTES_] = { 0 };
    otel_nanopb_side_t_ *side = (otel_nanopb_side_t_ *)*arg;
    otel_telling_t_ *p = side->point;
    size_t i, from;
    if (!pb_encode_tag(stream, PB_WT_STRING, field->tag) || !pb_write(stream, none, sizeof none)) return false;
    from = stream->bytes_written;
    for (i = 0; i < side->size; i++) {
        const bool in = i >= side->first && i <= side->last;
        const uint64_t now = otel_power_tell_(p, side->side, side->size, side->low, i, in);
        if (!in) continue;
        side->count += now;
        if (!pb_encode_varint(stream, now)) return false;
    }
    otel_put_length_(side->begin + from - OTEL_LENGTH_BYTES_, (uint32_t)(stream->bytes_written - from));
    return true;
}

/* ExponentialHistogramDataPoint.positive, negative: nothing when all are empty. False: no room. */
OTEL_FN_ bool otel_nanopb_side_(otel_telling_t_ *p, uint8_t **at, unsigned which, size_t size, uint64_t *count)
{
    const uint32_t tag = which ? opentelemetry_proto_metrics_v1_ExponentialHistogramDataPoint_negative_tag : opentelemetry_proto_metrics_v1_ExponentialHistogramDataPoint_positive_tag;
    opentelemetry_proto_metrics_v1_ExponentialHistogramDataPoint_Buckets buckets;
    otel_word_t *row = p->cell->held.row;
    otel_nanopb_side_t_ side;
    uint8_t *head = *at;
    size_t i;
    side.point = p;
    side.side = which;
    side.size = size;
    side.count = 0;
    side.low = otel_power_low_(otel_word_read_(p->cell, &row[OTEL_POWER_LOW_ + which]));
    if (p->told) p->telling[3u + which] = otel_word_read_(p->cell, &row[OTEL_POWER_LOW_ + which]);
    if (!otel_power_span_(row + OTEL_POWERS_HEAD_ + which * size, size, &side.first, &side.last)) {
        for (i = 0; p->told && i < size; i++) p->telling[5u + which * size + i] = 0;
        return true;
    }
    if (p->end - head < 16) return false;
    side.begin = *at = head + 1 + OTEL_LENGTH_BYTES_;
    memset((void *)&buckets, 0, sizeof buckets);
    buckets.offset = side.low + (int32_t)side.first;
    buckets.bucket_counts.funcs.encode = otel_nanopb_on_powers_;
    buckets.bucket_counts.arg = &side;
    if (!otel_nanopb_put_(at, p->end, opentelemetry_proto_metrics_v1_ExponentialHistogramDataPoint_Buckets_fields, &buckets)) return false;
    *head = (uint8_t)(tag << 3 | (uint32_t)PB_WT_STRING);
    otel_put_length_(head + 1, (uint32_t)(*at - side.begin));
    *count += side.count;
    return true;
}

/* All but sum and extremes, whose room is there; begun again when the buckets moved meanwhile. */
OTEL_API_ bool otel_nanopb_powers_(otel_telling_t_ *p, uint64_t *sum);
OTEL_API_ bool otel_nanopb_powers_(otel_telling_t_ *p, uint64_t *sum)
{ OTEL_CALLED_
    opentelemetry_proto_metrics_v1_ExponentialHistogramDataPoint point;
    otel_word_t *row = p->cell->held.row;
    size_t size = otel_power_size_(p->cell->owner);
    unsigned tries;
    if (p->end - p->at < 5 * 9 + 3 || !p->cell->owner->rows) return false;
    for (tries = 0; tries < 1000u; tries++) {
        otel_word_t moved = OTEL_WORD_LOAD_(&row[OTEL_POWER_MOVED_]);
        uint64_t fell = otel_word_read_(p->cell, &row[OTEL_POWER_FELL_]), count;
        uint8_t *to = p->at;
        bool fits;
        if (p->told) {
            if (fell < p->told[2]) continue;
            otel_power_told_(p->told, size, fell);
            p->telling[2] = fell;
        }
        memset((void *)&point, 0, sizeof point);
        point.scale = OTEL_POWER_SCALE_ - (int32_t)fell;
        point.zero_count = otel_word_read_(p->cell, &row[OTEL_POWER_ZERO_]);
        if (p->told) {
            p->telling[1] = point.zero_count;
            point.zero_count -= p->told[1];
        }
        count = point.zero_count;
        fits = otel_nanopb_put_(&to, p->end, opentelemetry_proto_metrics_v1_ExponentialHistogramDataPoint_fields, &point) &&
            otel_nanopb_side_(p, &to, 0, size, &count) && otel_nanopb_side_(p, &to, 1, size, &count);
        *sum = otel_cell_read_(p->cell);
        if ((moved & 1u) || OTEL_WORD_LOAD_(&row[OTEL_POWER_MOVED_]) != moved) continue;
        if (!fits || p->end - to < 4 * 9) return false;
        memset((void *)&point, 0, sizeof point);
        point.count = count;
        p->fresh = count != 0;
        p->at = to;
        return otel_nanopb_put_(&p->at, p->end, opentelemetry_proto_metrics_v1_ExponentialHistogramDataPoint_fields, &point);
    }
    return false;
}

OTEL_FN_ bool otel_nanopb_powers_sum_(otel_telling_t_ *p, double sum, double (*extreme)(otel_word_t order))
{
    opentelemetry_proto_metrics_v1_ExponentialHistogramDataPoint point;
    otel_word_t least, largest;
    memset((void *)&point, 0, sizeof point);
    point.has_sum = true;
    point.sum = sum;
    point.has_min = point.has_max = otel_extremes_(p, &least, &largest);
    if (point.has_min) {
        point.min = extreme((otel_word_t)~least);
        point.max = extreme(largest);
    }
    return otel_nanopb_put_(&p->at, p->end, opentelemetry_proto_metrics_v1_ExponentialHistogramDataPoint_fields, &point);
}

OTEL_API_ bool otel_powers_nanopb_(otel_telling_t_ *p)
{ OTEL_CALLED_
    uint64_t sum;
    if (!otel_nanopb_powers_(p, &sum)) return false;
    if (p->told) p->telling[0] = sum;
    return otel_nanopb_powers_sum_(p, p->told ? otel_unpack_(sum) - otel_unpack_(p->told[0]) : otel_unpack_(sum), otel_nanopb_extreme_);
}

OTEL_API_ bool otel_powers_int_nanopb_(otel_telling_t_ *p)
{ OTEL_CALLED_
    uint64_t sum;
    if (!otel_nanopb_powers_(p, &sum)) return false;
    if (p->told) p->telling[0] = sum;
    return otel_nanopb_powers_sum_(p, (double)(int64_t)(p->told ? sum - p->told[0] : sum), otel_nanopb_extreme_int_);
}
OTEL_C_END_
#endif

/* ---- pick.h ---------------------------------------------------------------------------------------------------- */
#if OTEL_BODIES_
OTEL_C_BEGIN_
/* A varint of at most 28 bits; *at moves behind it, or to the end. */
OTEL_FN_ size_t otel_any_length_(const uint8_t **at, const uint8_t *end)
{
    size_t n = 0;
    unsigned shift;
    for (shift = 0; *at < end && shift < 28u; shift += 7) {
        uint8_t byte = *(*at)++;
        n |= (size_t)(byte & 127u) << shift;
        if (byte < 128u) return n <= (size_t)(end - *at) ? n : (size_t)(end - *at);
    }
    *at = end;
    return 0;
}

OTEL_API_ bool otel_metric_attribute(const otel_metric_attributes_t *attributes, const char *key, otel_value_t *out)
{ OTEL_CALLED_
    const uint8_t *p, *end, *inner;
    size_t n, key_len;
    OTEL_METRICS_OFF_((void)attributes; (void)key; (void)out; (void)p; (void)end; (void)inner; (void)n; (void)key_len; return false)
    if (!attributes || !key || !out || !attributes->len_) return false;
    key_len = strlen(key);
    end = attributes->bytes_ + attributes->len_;
    for (p = attributes->bytes_; p < end; p = inner + n) {
        const uint8_t *last;
        p++;                                                  /* tag, length, KeyValue.key = 1, length, text, KeyValue.value = 2, length, AnyValue */
        n = otel_any_length_(&p, end);
        inner = p;
        last = p + n;
        if (last - p < 2) continue;
        p++;
        if (otel_any_length_(&p, last) != key_len || memcmp(p, key, key_len) != 0 || (size_t)(last - p) < key_len + 2u) continue;
        p += key_len + 1u;
        (void)otel_any_length_(&p, last);
        return otel_any_read_(p, (size_t)(last - p), out);
    }
    return false;
}

OTEL_API_ bool otel_metric_filter_accepts(const otel_metric_filter_t *filter, const otel_metric_about_t *metric, const otel_metric_attributes_t *attributes)
{ OTEL_CALLED_
    otel_metric_attributes_t none;
    otel_filter_answer_t answer;
    OTEL_METRICS_OFF_((void)filter; (void)metric; (void)attributes; (void)none; (void)answer; return true)
    if (!filter || !filter->test_metric) return true;
    none = otel_metric_attributes(NULL, 0);
    answer = (filter->test_metric)(filter, metric);
    if (answer != OTEL_FILTER_ACCEPT_PARTIAL || !filter->test_attributes) return answer != OTEL_FILTER_DROP;
    return (filter->test_attributes)(filter, metric, attributes ? attributes : &none);
}

#if OTEL_ENABLED
/* The stream that an instrument in the list is; NULL: it is one of the program's. */
OTEL_FN_ const otel_stream_t_ *otel_stream_(const otel_instrument_t *i)
{
    if (!i->front_ || (i->form_->kind & OTEL_FRONT_) || i->front_->calls->join) return NULL;
    return (const otel_stream_t_ *)(const void *)i;
}

/* Streams that were made for a reading are seen by its readers only. */
OTEL_FN_ bool otel_reading_sees_(const otel_reading_t *reading, const otel_instrument_t *i)
{
    const otel_stream_t_ *stream = otel_stream_(i);
    return !stream || !stream->reading || stream->reading == reading;
}

/* `cell` NULL: is there a series of the instrument that the filter may accept? */
OTEL_FN_ bool otel_filter_takes_(const otel_metric_filter_t *filter, const otel_instrument_t *i, const otel_cell_t *cell)
{
    static const uint8_t overflow[] = { 0x3A, 26, 0x0A, 20, 'o', 't', 'e', 'l', '.', 'm', 'e', 't', 'r', 'i', 'c', '.', 'o', 'v', 'e', 'r', 'f', 'l', 'o', 'w', 0x12, 2, 0x10, 1 };
    const otel_stream_t_ *stream = otel_stream_(i);
    otel_metric_about_t about;
    otel_metric_attributes_t attributes;
    about.name = i->name ? i->name : "";
    about.unit = i->unit ? i->unit : "";
    about.description = i->description ? i->description : "";
    about.scope = i->scope;
    about.kind = otel_view_kind_(stream ? ((const otel_source_t_ *)(const void *)stream->source->front_)->origin->kind : i->form_->kind);
    if (!cell) return (filter->test_metric)(filter, &about) != OTEL_FILTER_DROP;
    attributes = otel_metric_attributes(NULL, 0);
    if (cell == &i->overflow_) {
        attributes = otel_metric_attributes(overflow, sizeof overflow);
    } else if (cell != &i->total_) {
        const otel_series_t *series = (const otel_series_t *)(const void *)cell;
        attributes = otel_metric_attributes(series->attributes_, series->used_);
    }
    return otel_metric_filter_accepts(filter, &about, &attributes);
}

/* `cell` NULL: is anything of the instrument wanted? */
OTEL_API_ unsigned otel_reading_wants_(const otel_collect_t *round, const otel_instrument_t *instrument, const otel_cell_t *cell)
{ OTEL_CALLED_
    const otel_reading_t *r = round->reading;
    if (!otel_reading_sees_(r, instrument) || (r->filter && r->filter->test_metric && !otel_filter_takes_(r->filter, instrument, cell))) return OTEL_NOT_WANTED_;
    return cell && r->most_points && round->points >= r->most_points ? OTEL_PACKET_FULL_ : OTEL_WANTED_;
}
#endif
OTEL_C_END_
#endif

/* ---- probability.h --------------------------------------------------------------------------------------------- */
#if OTEL_BODIES_
OTEL_C_BEGIN_
OTEL_API_ void otel_probability_init_(otel_probability_t *state, double probability)
{ OTEL_CALLED_
    OTEL_WHEN_OFF_((void)state; (void)probability; return)
    if (!state) return;
    state->threshold_ = otel_threshold(probability);
    memcpy(state->text_, "ot=", 3);
    state->text_[3 + otel_th_text_(state->text_ + 3, state->threshold_ < OTEL_THRESHOLD_NEVER ? state->threshold_ : 0)] = 0;
}

OTEL_API_ otel_decision_t otel_decide_probability_(const otel_sampler_t *self, const otel_sampling_t *input)
{ OTEL_CALLED_
    const otel_probability_t *p = (const otel_probability_t *)self->user;
    if (!p) return OTEL_DECISION_DROP;
    if (input->parent && input->parent->tracestate) return otel_sampling_decide(input, p->threshold_, true);
    if (otel_sampling_randomness(input, NULL) < p->threshold_) return OTEL_DECISION_DROP;
    otel_sampling_tracestate(input, p->text_);                /* the same text for all: no memory of the span */
    return OTEL_DECISION_RECORD_AND_SAMPLE;
}

OTEL_FN_ void otel_intend_(const otel_composable_t *c, const otel_sampling_t *input, otel_intent_t *intent)
{
    intent->threshold = OTEL_THRESHOLD_NEVER;
    intent->reliable = false;
    if (c && c->intend) (c->intend)(c, input, intent);
}

OTEL_API_ otel_decision_t otel_decide_composite_(const otel_sampler_t *self, const otel_sampling_t *input)
{ OTEL_CALLED_
    otel_intent_t intent;
    otel_intend_((const otel_composable_t *)self->user, input, &intent);
    return otel_sampling_decide(input, intent.threshold, intent.reliable);
}

OTEL_API_ void otel_intend_fixed_(const otel_composable_t *self, const otel_sampling_t *input, otel_intent_t *intent)
{ OTEL_CALLED_
    (void)input;
    intent->threshold = self->threshold;
    intent->reliable = self->threshold < OTEL_THRESHOLD_NEVER;
}

/* A parent's threshold counts when it agrees with the parent's flag. */
OTEL_API_ void otel_intend_parent_(const otel_composable_t *self, const otel_sampling_t *input, otel_intent_t *intent)
{ OTEL_CALLED_
    otel_ot_t ot;
    bool sampled;
    if (!input->parent) {
        otel_intend_(self->of, input, intent);
        return;
    }
    otel_ot_read(input->parent->tracestate, &ot);
    sampled = (input->parent->flags & OTEL_FLAG_SAMPLED) != 0;
    intent->reliable = ot.has_th && (otel_sampling_randomness(input, &ot) >= ot.th) == sampled;
    intent->threshold = intent->reliable ? ot.th : sampled ? 0 : OTEL_THRESHOLD_NEVER;
}

OTEL_API_ void otel_intend_rules_(const otel_composable_t *self, const otel_sampling_t *input, otel_intent_t *intent)
{ OTEL_CALLED_
    size_t i;
    for (i = 0; i < self->len && self->rules; i++) {
        const otel_composable_rule_t *r = &self->rules[i];
        if (r->matches && !(r->matches)(r->user, input)) continue;
        otel_intend_(r->then, input, intent);
        return;
    }
}

OTEL_API_ void otel_intend_annotate_(const otel_composable_t *self, const otel_sampling_t *input, otel_intent_t *intent)
{ OTEL_CALLED_
    otel_intend_(self->of, input, intent);
    if (self->attributes) otel_sampling_add(input, self->attributes, self->len);
}
OTEL_C_END_
#endif

/* ---- reservoir.h ----------------------------------------------------------------------------------------------- */
#if OTEL_BODIES_ && OTEL_ENABLED
OTEL_C_BEGIN_
OTEL_FN_ bool otel_slot_take_(otel_exemplar_t_ *slot)
{
#if OTEL_ATOMICS_
    uint8_t nobody = 0;
    return OTEL_CAS_(&slot->busy, &nobody, (uint8_t)1);
#else
    uint32_t was = otel_mask_();
    bool mine = slot->busy == 0;
    slot->busy = 1;
    otel_unmask_(was);
    return mine;
#endif
}

OTEL_FN_ void otel_slot_give_(otel_exemplar_t_ *slot) { OTEL_STORE_RELEASE_(&slot->busy, (uint8_t)0); }

/* 0 without attributes, 1 overflow, then the table. */
OTEL_FN_ size_t otel_cell_number_(const otel_instrument_t *i, const otel_cell_t *cell)
{
    if (cell == &i->total_) return 0;
    if (cell == &i->overflow_) return 1;
    return (size_t)((const otel_series_t *)(const void *)cell - i->series) + 2u;
}

OTEL_FN_ uint32_t otel_cell_hash_(const otel_instrument_t *i, const otel_cell_t *cell)
{
    return otel_cell_number_(i, cell) < 2u ? 0u : ((const otel_series_t *)(const void *)cell)->hash_;
}

/* The context of the current span and the time, once for each measurement. 1: it may become an exemplar, 2: it may not. */
OTEL_FN_ uint8_t otel_measurement_ask_(otel_measurement_t *m, otel_t *otel, bool trace_based)
{
    otel_current_t *slot = otel_current_(otel);
    if (slot && slot->span) {
        memcpy(m->context.trace_id, slot->span->head_ + OTEL_HEAD_TRACE_, 16);
        memcpy(m->context.span_id, slot->span->head_ + OTEL_HEAD_SPAN_, 8);
        m->context.flags = slot->span->flags_ & (OTEL_FLAG_SAMPLED | OTEL_FLAG_RANDOM);
    } else if (slot) {
        m->context = slot->context;
    }
    if (trace_based && !((m->context.flags & OTEL_FLAG_SAMPLED) && otel_context_valid(&m->context))) return 2;
    m->time = otel_clock_now_(&otel->clock_);
    return 1;
}

/* The bucket of a histogram with bounds. */
OTEL_FN_ uint32_t otel_measurement_bucket_(const otel_measurement_t *m, const otel_instrument_t *i)
{
    size_t k = 0;
    if (i->form_->kind & OTEL_DOUBLE_) return (uint32_t)otel_bucket_((const double *)i->bounds, i->bounds_len, m->is_int ? (double)m->int_value : m->double_value);
    while (k < i->bounds_len && m->int_value > ((const otel_bound_t_ *)i->bounds)[k]) k++;
    return (uint32_t)k;
}

OTEL_FN_ void otel_slot_fill_(otel_exemplar_t_ *slot, const otel_measurement_t *m, uint32_t hash)
{
    slot->value = m->is_int ? (uint64_t)m->int_value : otel_pack_(m->double_value);
    slot->time = m->time;
    slot->hash = hash;
    slot->full = m->is_int ? 1 : 2;
    slot->traced = otel_context_valid(&m->context);
    memcpy(slot->ids, m->context.trace_id, 16);
    memcpy(slot->ids + 16, m->context.span_id, 8);
    slot->used = (uint8_t)m->left_out_len_;
    if (slot->used) memcpy(slot->left_out, m->left_out_, slot->used);
}

OTEL_API_ void otel_exemplar_offer_(otel_stream_t_ *stream, otel_cell_t *cell, otel_measurement_t *m)
{ OTEL_CALLED_
    otel_instrument_t *i = &stream->base;
    size_t number = otel_cell_number_(i, cell);
    uint32_t seen, at;
    otel_exemplar_t_ *slot;
    if (!m->asked_) m->asked_ = otel_measurement_ask_(m, i->otel_, stream->settings->exemplars->trace_based_);
    if (m->asked_ != 1 || (!m->is_int && !otel_finite_(m->double_value))) return;
    m->bucket = (stream->form.kind & (OTEL_BUCKETS_ | OTEL_POWERS_)) == OTEL_BUCKETS_ && i->rows ? otel_measurement_bucket_(m, i) : 0;
    seen = OTEL_LOAD_(&stream->seen[number]);
    OTEL_STORE_(&stream->seen[number], seen + 1u);
    at = (stream->reservoir.offer)(&stream->reservoir, m, seen, stream->reservoir.size);
    if (at >= stream->reservoir.size) return;
    slot = &stream->exemplars[number * stream->reservoir.size + at];
    if (!otel_slot_take_(slot)) return;
    otel_slot_fill_(slot, m, otel_cell_hash_(i, cell));
    otel_slot_give_(slot);
}

#if OTEL_NANOPB_
/* One Exemplar, which nobody changes meanwhile; where it ends. */
OTEL_FN_ uint8_t *otel_exemplar_nanopb_(uint8_t *to, const uint8_t *end, uint8_t tag, const otel_exemplar_t_ *slot, const otel_t *otel)
{
    pb_ostream_t stream = pb_ostream_from_buffer(to, (size_t)(end - to));
    otel_nanopb_bytes_t_ span, trace, left_out;
    opentelemetry_proto_metrics_v1_Exemplar exemplar;
    memset((void *)&exemplar, 0, sizeof exemplar);
    span.bytes = slot->ids + 16;
    trace.bytes = slot->ids;
    left_out.bytes = slot->left_out;
    span.len = slot->traced ? 8u : 0u;
    trace.len = slot->traced ? 16u : 0u;
    left_out.len = slot->used;
    exemplar.time_unix_nano = otel_clock_unix_(otel, slot->time);
    if (slot->full == 1) {
        exemplar.which_value = opentelemetry_proto_metrics_v1_Exemplar_as_int_tag;
        exemplar.value.as_int = (int64_t)slot->value;
    } else {
        exemplar.which_value = opentelemetry_proto_metrics_v1_Exemplar_as_double_tag;
        exemplar.value.as_double = otel_unpack_(slot->value);
    }
    exemplar.span_id.funcs.encode = exemplar.trace_id.funcs.encode = otel_nanopb_on_bytes_;
    exemplar.filtered_attributes.funcs.encode = otel_nanopb_on_encoded_;
    exemplar.span_id.arg = &span;
    exemplar.trace_id.arg = &trace;
    exemplar.filtered_attributes.arg = &left_out;
    if (!pb_encode_tag(&stream, PB_WT_STRING, tag >> 3) || !pb_encode_submessage(&stream, opentelemetry_proto_metrics_v1_Exemplar_fields, &exemplar)) return to;
    return to + stream.bytes_written;
}
#define OTEL_EXEMPLAR_PUT_(to, end, tag, slot, otel) otel_exemplar_nanopb_(to, end, tag, slot, otel)
#else
#define OTEL_EXEMPLAR_PUT_(to, end, tag, slot, otel) otel_exemplar_put_(to, tag, slot, otel)
/* One Exemplar; where it ends. */
OTEL_FN_ uint8_t *otel_exemplar_put_(uint8_t *to, uint8_t tag, const otel_exemplar_t_ *slot, const otel_t *otel)
{
    uint8_t *length = to + 1;
    *to = tag;
    to = otel_put_time_(to + 2, 0x11, otel_clock_unix_(otel, slot->time));        /* time_unix_nano = 2, fixed64 */
    if (slot->full == 1) to = otel_put_time_(to, 0x31, slot->value);              /* as_int = 6, sfixed64 */
    else to = otel_put_time_(to, 0x19, otel_double_bits_(otel_unpack_(slot->value)));     /* as_double = 3 */
    if (slot->traced) {
        *to++ = 0x22;                                                             /* span_id = 4 */
        *to++ = 8;
        memcpy(to, slot->ids + 16, 8);
        to[8] = 0x2A;                                                             /* trace_id = 5 */
        to[9] = 16;
        memcpy(to + 10, slot->ids, 16);
        to += 26;
    }
    if (slot->used) memcpy(to, slot->left_out, slot->used);
    to += slot->used;
    if (to - length > 128) {                                                      /* a length of two bytes */
        memmove(length + 2, length + 1, (size_t)(to - length) - 1u);
        to++;
        length[0] = (uint8_t)((unsigned)(to - length - 2) | 128u);
        length[1] = (uint8_t)((unsigned)(to - length - 2) >> 7);
    } else {
        *length = (uint8_t)(to - length - 1);
    }
    return to;
}
#endif

/* A data point, and behind it the exemplars of its window: of a reader that tells all those that are there, of one that tells
   differences those that came since. What finds no room is left out. */
OTEL_API_ bool otel_exemplar_write_(otel_telling_t_ *point)
{ OTEL_CALLED_
    otel_stream_t_ *stream = (otel_stream_t_ *)(void *)point->cell->owner;
    unsigned kind = stream->form.kind, k;
    uint64_t since = otel_cell_start_(point->cell);
    size_t number = otel_cell_number_(&stream->base, point->cell);
    if (!(stream->inner)(point)) return false;
    if (!point->fresh) return true;
    if (point->told && point->told[-1] > since) since = point->told[-1];          /* when it was told: temporality.h */
    for (k = 0; k < stream->reservoir.size; k++) {
        otel_exemplar_t_ *slot = &stream->exemplars[number * stream->reservoir.size + k];
        if (point->end - point->at < 47 + OTEL_EXEMPLAR_INLINE_ + 3 || !otel_slot_take_(slot)) continue;
        if (slot->full && slot->time >= since && slot->hash == otel_cell_hash_(&stream->base, point->cell)) {
            point->at = OTEL_EXEMPLAR_PUT_(point->at, point->end, kind & OTEL_POWERS_ ? 0x5A : kind & OTEL_BUCKETS_ ? 0x42 : 0x2A, slot, stream->base.otel_);   /* exemplars = 11, 8 or 5 */
        }
        otel_slot_give_(slot);
    }
    OTEL_STORE_(&stream->seen[number], 0u);
    return true;
}
OTEL_C_END_
#endif

/* ---- resource.h ------------------------------------------------------------------------------------------------ */
OTEL_C_BEGIN_
/* telemetry.sdk.* as Resource.attributes = 1, encoded; in program memory. */
#define OTEL_SDK_BYTES_ 97u
OTEL_FN_ const char *otel_sdk_(void)
{
    static const char sdk[] OTEL_FLASH_ = "\x0A\x1E\x0A\x12" "telemetry.sdk.name" "\x12\x08\x0A\x06" "otel.h"
                              "\x0A\x1D\x0A\x16" "telemetry.sdk.language" "\x12\x03\x0A\x01" "c"
                              "\x0A\x20\x0A\x15" "telemetry.sdk.version" "\x12\x07\x0A\x05" OTEL_VERSION;
    typedef char otel_lengths_say_five_characters_of_version_[sizeof sdk == OTEL_SDK_BYTES_ + 1u ? 1 : -1];
    (void)sizeof(otel_lengths_say_five_characters_of_version_);
    return sdk;
}
/* The heads of two attributes up to the tag of their values: KeyValue.key = 1, value = 2; in program memory. */
OTEL_FN_ const char *otel_key_name_(void)
{
    static const char key[] OTEL_FLASH_ = "\x0A\x0C" "service.name" "\x12";
    return key;
}
OTEL_FN_ const char *otel_key_version_(void)
{
    static const char key[] OTEL_FLASH_ = "\x0A\x0F" "service.version" "\x12";
    return key;
}

/* The length of the open ScopeSpans, as far as it has come. */
OTEL_FN_ void otel_packet_close_(const otel_packet_t_ *p)
{
    otel_put_envelope_(p->run, (uint32_t)(p->at - p->run) - OTEL_ENVELOPE_BYTES_ + p->extra - p->run_extra);
}
#if OTEL_BODIES_
/* A varint of at least `width` bytes. */
OTEL_FN_ uint8_t *otel_put_padded_(uint8_t *to, uint32_t n, unsigned width)
{
    while (--width) {
        *to++ = (uint8_t)(n | 128u);
        n >>= 7;
    }
    *to++ = (uint8_t)n;
    return to;
}

/* Resource.attributes = 1 with a text of `n` bytes that the library gives, up to that text: `key` is its head, encoded, in program
   memory. Where the text stands; NULL: it does not fit. */
OTEL_API_ OTEL_NOINLINE_ uint8_t *otel_resource_head_(otel_packet_t_ *p, const char *key, size_t key_len, size_t n)
{ OTEL_CALLED_
    unsigned width = n < 100u ? 1u : OTEL_LENGTH_BYTES_;      /* of the three lengths */
    uint8_t *to = p->at;
    if (otel_too_long_(n + 64u) || (size_t)(p->end - to) < 2u + 3u * OTEL_LENGTH_BYTES_ + key_len + n) return NULL;
    *to = 0x0A;
    to = otel_put_padded_(to + 1, (uint32_t)(key_len + 2u * width + 1u + n), width);
    OTEL_FLASH_COPY_(to, key, key_len);
    to = otel_put_padded_(to + key_len, (uint32_t)(width + 1u + n), width);
    *to = 0x0A;                                               /* AnyValue.string_value = 1 */
    return otel_put_padded_(to + 1, (uint32_t)n, width);
}

/* With that text. Only the head is a call: stack is short where a packet begins. */
OTEL_FN_ bool otel_resource_own_(otel_packet_t_ *p, const char *key, size_t key_len, const char *value)
{
    size_t n = otel_len_(value);
    uint8_t *to = otel_resource_head_(p, key, key_len, n);
    if (!to) return false;
    p->at = otel_put_text_(to, value, n);
    return true;
}

/* Say whether the user gave the resource this attribute: theirs wins. */
OTEL_FN_ bool otel_resource_has_(const otel_t *otel, const char *key, size_t n)
{
    size_t i;
    for (i = 0; i < otel->config_.attributes_len; i++) {
        const char *theirs = otel->config_.attributes[i].key;
        if (theirs && otel_len_(theirs) == n && otel_same_(theirs, key, n)) return true;
    }
    return false;
}

/* The attributes that the library gives, without those that the user gave. */
OTEL_FN_ bool otel_resource_ours_(const otel_t *otel, otel_packet_t_ *p)
{
    const otel_config_t *c = &otel->config_;
    const char *sdk = otel_sdk_(), *sdk_end = sdk + OTEL_SDK_BYTES_;
    p->at = p->own + OTEL_ENVELOPE_BYTES_ + 1u + OTEL_LENGTH_BYTES_;
    if (!otel_resource_has_(otel, "service.name", 12) && !otel_resource_own_(p, otel_key_name_(), 15, c->service ? c->service : "unknown_service")) return false;
    if (c->version && !otel_resource_has_(otel, "service.version", 15) && !otel_resource_own_(p, otel_key_version_(), 18, c->version)) return false;
    for (; sdk != sdk_end; sdk += OTEL_FLASH_BYTE_(sdk + 1) + 2) {            /* all lengths have one byte */
        size_t n = (size_t)(uint8_t)OTEL_FLASH_BYTE_(sdk + 1) + 2u;
        if ((size_t)(p->end - p->at) < n) return false;
        OTEL_FLASH_COPY_(p->at, sdk, n);
        if (!otel_resource_has_(otel, (const char *)p->at + 4, p->at[3])) p->at += n;
    }
    return true;
}

/* otel_t.resource_ when the user gave attributes or a schema URL: write all attributes, and keep room for the URL behind the
   packet; at the `end` write that. False: no room. */
OTEL_API_ bool otel_resource_more_(const otel_t *otel, otel_packet_t_ *p, bool end)
{ OTEL_CALLED_
    const otel_config_t *c = &otel->config_;
    uint8_t *begin;
    size_t i, n;
    if (end) {
        p->at += otel_text_field_(p->at, OTEL_LENGTH_MAX_ & (size_t)-1, 0x1A, c->schema_url);         /* ResourceSpans.schema_url = 3 */
        return true;
    }
    if (!otel_resource_ours_(otel, p)) return false;
    begin = p->at;
    for (i = 0; i < c->attributes_len && c->attributes; i++) {
        const otel_attr_t *a = &c->attributes[i];
        if (!a->key || !*a->key) continue;
        n = otel_attr_write_(p->at, (size_t)(p->end - p->at), 0x0A, a);               /* Resource.attributes = 1 */
        if (n == 0) return false;
        p->at += n;
        if (OTEL_LIMITS) p->at -= otel_unique_(begin, p->at - n, p->at);
    }
    n = otel_text_field_(p->at, (size_t)(p->end - p->at), 0x1A, c->schema_url);
    p->end -= n;
    return n || !c->schema_url || !*c->schema_url;
}

/* The scope of a number; NULL for 0 and for one that is just being entered. */
OTEL_API_ const otel_scope_t *otel_scope_find_(const otel_t *otel, uint32_t number)
{ OTEL_CALLED_
    const otel_scope_t *s = OTEL_LOAD_ACQUIRE_(&otel->scopes_);
    unsigned i;
    for (i = 0; number && s && i < OTEL_SCOPES_; i++, s = s->next_) {
        if (s->number_ == number) return s;
    }
    return NULL;
}

/* Close the open ScopeSpans, or take its head back when nothing came behind it. Twice is once. */
OTEL_FN_ void otel_scope_end_(const otel_t *otel, otel_packet_t_ *p)
{
    const otel_scope_t *scope = otel_scope_find_(otel, p->scope);
    if (p->at == p->first && p->extra == p->run_extra) {
        p->at = p->run - 1;
    } else {
        if (scope) p->at += otel_text_field_(p->at, p->tail, 0x1A, scope->schema_url);                 /* ScopeSpans.schema_url = 3 */
        otel_packet_close_(p);
    }
    p->end += p->tail;
    p->tail = 0;
    p->first = p->at;
    p->run = p->at + 1;
    p->run_extra = p->extra;
}

/* otel_t.scope_ when there are scopes: close a ScopeSpans and open the next one, number -1: none. 1: done, 0: no room,
   -1: the scope is being entered at this moment. */
OTEL_API_ int otel_scope_more_(const otel_t *otel, otel_packet_t_ *p, int number)
{ OTEL_CALLED_
    const otel_scope_t *scope = number > 0 ? otel_scope_find_(otel, (uint32_t)number) : NULL;
    uint8_t *to = NULL;
    size_t n = 0;
    otel_scope_end_(otel, p);
    if (number < 0 || (size_t)(p->end - p->at) < 1u + OTEL_ENVELOPE_BYTES_) return 0;
    if (number > 0 && !scope) return -1;
    to = p->at + 1u + OTEL_ENVELOPE_BYTES_;
    if (scope) {
        n = otel_scope_write_(to, (size_t)(p->end - to), scope);
        if (n == 0) return 0;
        to += n;
        n = otel_text_field_(to, (size_t)(p->end - to), 0x1A, scope->schema_url);
        if (n == 0 && scope->schema_url && *scope->schema_url) return 0;
    }
    *p->at = 0x12;                                            /* ResourceSpans.scope_spans = 2 */
    p->run = p->at + 1;
    p->first = p->at = to;
    p->tail = n;
    p->end -= n;
    p->scope = (uint8_t)number;
    return 1;
}
#endif
OTEL_C_END_

/* ---- temporality.h --------------------------------------------------------------------------------------------- */
#if OTEL_BODIES_
OTEL_C_BEGIN_
/* What is kept of an instrument: who, life and words, length; then of each series when it was told, what, and what the
   packet under way says. */
#define OTEL_KEPT_HEAD_ 3u

/* Words of a series: when, what was told, what is being told, of histograms the extremes of the window. */
OTEL_FN_ size_t otel_kept_words_(const otel_instrument_t *instrument, size_t words) { return 1u + 2u * words + (instrument->form_->kind & OTEL_BUCKETS_ ? 2u : 0u); }

/* Where an instrument's part of the memory begins, made when there is none yet. NULL: no room. */
OTEL_FN_ uint64_t *otel_kept_(otel_temporality_t *t, const otel_instrument_t *instrument, size_t words)
{
    uint64_t who = (uint64_t)(uintptr_t)instrument, *kept;
    size_t len = OTEL_KEPT_HEAD_ + ((size_t)instrument->room_ + 2u) * otel_kept_words_(instrument, words), at = t->at_;
    if (at >= t->used_ || t->memory_[at] != who) {
        for (at = 0; at < t->used_ && t->memory_[at] != who; at += (size_t)t->memory_[at + 2u]) {}
    }
    kept = t->memory_ + at;
    if (at == t->used_) {
        if (t->memory_len_ - t->used_ < len) return NULL;
        kept[0] = who;
        kept[1] = 0;
        kept[2] = len;
        OTEL_SIGNAL_FENCE_();                                 /* a child that is born in between finds a whole one, or none */
        t->used_ += len;
    }
    t->at_ = at;
    if (kept[1] != instrument->epoch_) {                      /* another life: nothing of it was told */
        memset((void *)(kept + OTEL_KEPT_HEAD_), 0, (len - OTEL_KEPT_HEAD_) * sizeof *kept);
        kept[1] = instrument->epoch_;
    }
    return kept + OTEL_KEPT_HEAD_;
}

/* Does the reader tell differences of this instrument? */
OTEL_FN_ size_t otel_delta_words_(const otel_temporality_t *t, const otel_instrument_t *instrument)
{
    const otel_form_t_ *form = instrument->form_;
    if (!form->words || (form->kind & OTEL_UPDOWN_) || (t->low_memory_ && (form->kind & OTEL_OBSERVED_))) return 0;
    return (form->words)(instrument);
}

/* The extremes of a window: those that were taken, and those that have come since. */
OTEL_API_ void otel_delta_extremes_(const otel_telling_t_ *point, otel_word_t *least, otel_word_t *largest);
OTEL_API_ void otel_delta_extremes_(const otel_telling_t_ *point, otel_word_t *least, otel_word_t *largest)
{ OTEL_CALLED_
    const otel_instrument_t *owner = point->cell->owner;
    const uint64_t *taken = point->telling + (owner->form_->words)(owner);
    if (*least < (otel_word_t)taken[0]) *least = (otel_word_t)taken[0];
    if (*largest < (otel_word_t)taken[1]) *largest = (otel_word_t)taken[1];
}

/* Extremes begin anew in the series; what they were stays here until the packet that tells them has arrived. */
OTEL_FN_ void otel_delta_take_(otel_cell_t *cell, uint64_t *taken)
{
    unsigned i;
    for (i = 0; i < 2u; i++) {
        otel_word_t *word = &cell->held.row[i], was;
#if OTEL_WIDE_
        was = OTEL_LOAD_(word);
        while (was && !OTEL_CAS_(word, &was, (otel_word_t)0)) {}
#else
        uint32_t mask;
        if (!otel_lock_(cell->owner, cell->owner->otel_, true, &mask)) continue;
        was = *word;
        *word = 0;
        otel_unlock_(cell->owner, cell->owner->otel_, mask);
#endif
        if (taken[i] < was) taken[i] = was;
    }
}

/* What makes Unix time of where the last window ended: as it was said, if the clock was not set anew since. */
OTEL_FN_ uint64_t otel_delta_offset_(const otel_temporality_t *t, const otel_t *otel)
{
    const uint64_t second = 1000000000u, now = otel_clock_unix_(otel, 0);
    return now - t->offset_ + second < 2u * second ? t->offset_ : now;
}

OTEL_API_ bool otel_delta_since_(otel_temporality_t *t, otel_t *otel, const otel_collect_t *c, otel_telling_t_ *point, uint64_t *start)
{ OTEL_CALLED_
    size_t words = otel_delta_words_(t, c->at);
    uint64_t *kept = words ? otel_kept_(t, c->at, words) : NULL;
    if (!kept) return false;
    kept += c->series * otel_kept_words_(c->at, words);
    *start = kept[0] > *start ? kept[0] + otel_delta_offset_(t, otel) : otel_clock_unix_(otel, *start);
    point->told = kept + 1;
    point->telling = kept + 1 + words;
    memcpy(point->telling, point->told, words * sizeof *kept);
    if ((c->at->form_->kind & OTEL_BUCKETS_) && c->at->rows && otel->reclaims_) {
        OTEL_STORE_(&c->at->reclaims_, (uint8_t)(c->at->reclaims_ | 2u));
        otel_delta_take_(point->cell, point->telling + words);
        point->extremes = otel_delta_extremes_;
    }
    return true;
}

/* A series that had nothing to tell makes room, if nobody keeps it and nobody is on the way to it. Not one that callbacks tell in
   full: what was told of it must be known when they tell it again. */
OTEL_FN_ void otel_reclaim_(otel_t *otel, otel_instrument_t *instrument, uint32_t number, uint64_t *kept, size_t words)
{
    otel_series_t *series = &instrument->series[number];
    uint16_t *chain, *link;
    otel_telling_t_ point;
    uint8_t scratch[32];
    if (!otel->reclaims_ || !instrument->reclaims_ || OTEL_LOAD_(&series->bound_) || OTEL_LOAD_(&instrument->visitors_) || !OTEL_LOAD_(&series->cell_.awake)) return;
    if ((instrument->form_->kind & (OTEL_BUCKETS_ | OTEL_OBSERVED_)) || !otel_seize_(instrument, otel)) return;
    link = chain = otel_chain_(instrument, series->hash_);
    while (*link && *link != number + 1u) link = &instrument->series[*link - 1u].next_;
    if (*link) OTEL_STORE_RELEASE_(link, series->next_);
    memset((void *)&point, 0, sizeof point);
    point.at = scratch;
    point.end = scratch + sizeof scratch;
    point.cell = &series->cell_;
    point.told = kept + 1;
    point.telling = kept + 1 + words;
    point.fresh = true;
    if (!otel_visited_(instrument) && !OTEL_LOAD_(&series->bound_) && (instrument->form_->write)(&point) && !point.fresh) {
        otel_cell_reset_(&series->cell_, instrument, NULL);
        memset((void *)kept, 0, (1u + 2u * words) * sizeof *kept);
        series->next_ = instrument->free_;
        OTEL_STORE_(&instrument->free_, (uint16_t)(number + 1u));
    } else {
        OTEL_STORE_(&series->next_, *chain);                  /* somebody may stand on it */
        OTEL_STORE_RELEASE_(chain, (uint16_t)(number + 1u));
    }
    otel_cede_(instrument);
}

/* The packet has arrived: what it said of each series that it visited has been told. */
OTEL_API_ void otel_delta_confirm_(otel_temporality_t *t, otel_t *otel, const otel_collect_t *c)
{ OTEL_CALLED_
    otel_collect_t walk = *c;
    t->offset_ = otel_clock_unix_(otel, 0);
    otel_collect_back_(&walk);
    while (walk.at) {
        bool last = walk.at == c->at && c->running;
        uint32_t end = last ? c->series : 2u + (uint32_t)OTEL_LOAD_ACQUIRE_(&walk.at->used_);
        size_t words = otel_delta_words_(t, walk.at);
        uint64_t *kept = words && !(c->reading && !(c->reading->wants_)(c, walk.at, NULL)) ? otel_kept_(t, walk.at, words) : NULL;
        for (; kept && walk.series < end; walk.series++) {
            uint64_t *one = kept + walk.series * otel_kept_words_(walk.at, words);
            bool same = memcmp(one + 1, one + 1 + words, words * sizeof *one) == 0, idle = walk.series >= 2u && one[0] != 0 && same;
            if (!same && (walk.at->form_->kind & OTEL_BUCKETS_)) one[1u + 2u * words] = one[2u + 2u * words] = 0;
            memcpy(one + 1, one + 1 + words, words * sizeof *one);
            one[0] = c->time;
            if (idle) otel_reclaim_(otel, walk.at, walk.series - 2u, one, words);
        }
        if (last) break;
        otel_collect_next_(otel, &walk);
    }
}
OTEL_C_END_
#endif

/* ---- urgency.h ------------------------------------------------------------------------------------------------- */
#if OTEL_BODIES_
OTEL_C_BEGIN_
/* A log says its severity; a span stands around its bytes, with the status that it ended with. */
OTEL_FN_ bool otel_urgent_(otel_pos_t what)
{
    if (what <= (otel_pos_t)OTEL_FATAL + 3u) return what >= (otel_pos_t)OTEL_ERROR;
    return ((const otel_span_t *)(const void *)((const uint8_t *)(uintptr_t)what - offsetof(otel_span_t, head_)))->status_ == OTEL_STATUS_ERROR;
}

/* What is larger than three quarters finds room while nothing else waits: refused for good, it would be in vain to try again. */
OTEL_API_ otel_drop_t otel_ring_urgency_(otel_ring_t *ring, const otel_guard_t *guard, otel_pos_t n, otel_pos_t what)
{ OTEL_CALLED_
    otel_pos_t used = otel_pos_between_(ring, OTEL_LOAD_(&ring->released), OTEL_LOAD_(&ring->reserved)), left = ring->size - used;
    (void)guard;
    if (used && !otel_urgent_(what)) {
        otel_pos_t kept = ring->size >> 2;
        left = left > kept ? left - kept : 0;
    }
    return n > left ? OTEL_DROP_FULL : OTEL_DROP_REASONS;
}
OTEL_C_END_
#endif

#endif /* OTEL_H_ */
