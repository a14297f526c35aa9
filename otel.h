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
#ifndef OTEL_H_
#define OTEL_H_
#include <limits.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

/* ---- config.h -------------------------------------------------------------------------------------------------- */
/* Options. Each is 0/1 or a number, set with -D or before the include; the default is the full library.
   Options never change the layout of a public struct, so files that disagree can still be linked together. */
#if defined(OTEL_DEBUG) || defined(OTEL_TRACE) || defined(OTEL_ERROR) || defined(OTEL_INFO) || defined(OTEL_WARN)
#error "OTEL_TRACE, OTEL_DEBUG, OTEL_INFO, OTEL_WARN and OTEL_ERROR are severities of otel.h, not options: take the -D off the command line"
#endif

/* The whole library. 0: every call answers as if nothing were recorded, evaluates its arguments once
   and leaves no code and no data behind. (default: 1) */
#ifndef OTEL_ENABLED
#define OTEL_ENABLED 1
#endif

/* The signals. 0 compiles the calls of that signal out. (default: 1 each) */
#ifndef OTEL_TRACES
#define OTEL_TRACES 1
#endif
#ifndef OTEL_METRICS
#define OTEL_METRICS 1
#endif
#ifndef OTEL_LOGS
#define OTEL_LOGS 1
#endif

/* Retry with back-off in the exporter. 0: what the receiver refuses or misses once is dropped and counted. (default: 1) */
#ifndef OTEL_RETRY
#define OTEL_RETRY 1
#endif

/* Count limits (attributes, events, links) and the UTF-8 check. 0: only the room in the scratch limits a span,
   and text must be valid UTF-8 by itself. (default: 1) */
#ifndef OTEL_LIMITS
#define OTEL_LIMITS 1
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

/* Linkage. OTEL_STATIC 1: a private copy of the functions in each file. OTEL_SPLIT 1: declarations only, and the
   definitions in the one file that says OTEL_IMPLEMENTATION. For toolchains without weak symbols. (default: 0 each) */
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

/* The scope of this file's spans and logs: #define OTEL_FILE_SCOPE (&net) before the include. (default: the unnamed scope) */
#ifndef OTEL_FILE_SCOPE
#define OTEL_FILE_SCOPE NULL
#endif

#if OTEL_STATIC && OTEL_SPLIT
#error "OTEL_STATIC and OTEL_SPLIT exclude each other: OTEL_STATIC 1 copies the functions into each file, OTEL_SPLIT 1 keeps them in one"
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

/* ---- attributes: spelled __attribute((..)), because glibc erases __attribute__ for compilers that are not GNU ---- */
#if defined(__GNUC__) || defined(__clang__) || defined(__TINYC__)
#  define OTEL_ATTRIBUTE_(x) __attribute(x)
#  define OTEL_HAS_ATTRIBUTE_ 1
#else
#  define OTEL_ATTRIBUTE_(x)
#  define OTEL_HAS_ATTRIBUTE_ 0
#endif
#if defined(__GNUC__) || defined(__clang__)
#  define OTEL_EXT_ __extension__
#  define OTEL_LIKELY_(x) __builtin_expect(!!(x), 1)
#  define OTEL_UNLIKELY_(x) __builtin_expect(!!(x), 0)
#  define OTEL_NOINLINE_ __attribute((noinline))
#  define OTEL_PRINTF_(f, a) __attribute((format(printf, f, a)))
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
   OTEL_API_  one copy per program (weak, hidden): just include the headers, anywhere
   OTEL_VAR_  one object per process where the object format can */
#if OTEL_ENABLED
#  define OTEL_FN_ static inline OTEL_ATTRIBUTE_((unused))
#  if OTEL_STATIC
#    define OTEL_API_ static OTEL_ATTRIBUTE_((unused))
#  elif OTEL_SPLIT
#    define OTEL_API_
#  elif defined(__TINYC__)
#    define OTEL_API_ __attribute((weak))
#  elif OTEL_HAS_ATTRIBUTE_
#    define OTEL_API_ __attribute((weak, visibility("hidden")))
#  elif defined(__cplusplus)
#    define OTEL_API_ inline
#  else
#    define OTEL_API_ static
#  endif
#else
#  define OTEL_FN_ static inline OTEL_ATTRIBUTE_((unused, always_inline))
#  define OTEL_API_ static inline OTEL_ATTRIBUTE_((unused, always_inline))
#endif
#if OTEL_HAS_ATTRIBUTE_ && !defined(__TINYC__)
#  define OTEL_VAR_ __attribute((weak, visibility("default")))
#elif defined(__TINYC__)
#  define OTEL_VAR_ __attribute((weak))
#elif defined(_MSC_VER)
#  define OTEL_VAR_ __declspec(selectany)
#else
#  define OTEL_VAR_
#endif
#if !OTEL_SPLIT || defined(OTEL_IMPLEMENTATION) || !OTEL_ENABLED
#  define OTEL_BODIES_ 1
#else
#  define OTEL_BODIES_ 0
#endif

/* Link-once names carry the major and the options that change a body: the linker never keeps the wrong one without a word. */
#if OTEL_TRACES && OTEL_METRICS && OTEL_LOGS && OTEL_RETRY && OTEL_LIMITS
#  define OTEL_SUFFIX_ _v0
#else
#  define OTEL_SUFFIX_ OTEL_CAT_(OTEL_CAT_(_v0_t, OTEL_CAT_(OTEL_TRACES, OTEL_CAT_(m, OTEL_METRICS))), \
                       OTEL_CAT_(l, OTEL_CAT_(OTEL_LOGS, OTEL_CAT_(r, OTEL_CAT_(OTEL_RETRY, OTEL_CAT_(x, OTEL_LIMITS))))))
#endif
#define OTEL_NAME_(f) OTEL_CAT_(f, OTEL_SUFFIX_)
#define otel_after_fork OTEL_NAME_(otel_after_fork)
#define otel_any_write_ OTEL_NAME_(otel_any_write_)
#define otel_attr_write_ OTEL_NAME_(otel_attr_write_)
#define otel_baggage OTEL_NAME_(otel_baggage)
#define otel_baggage_find OTEL_NAME_(otel_baggage_find)
#define otel_baggage_next OTEL_NAME_(otel_baggage_next)
#define otel_baggage_pair_ OTEL_NAME_(otel_baggage_pair_)
#define otel_baggage_value OTEL_NAME_(otel_baggage_value)
#define otel_baggage_write_ OTEL_NAME_(otel_baggage_write_)
#define otel_big_uint_ OTEL_NAME_(otel_big_uint_)
#define otel_clock_careful_ OTEL_NAME_(otel_clock_careful_)
#define otel_clock_set_ OTEL_NAME_(otel_clock_set_)
#define otel_container_write_ OTEL_NAME_(otel_container_write_)
#define otel_context_valid OTEL_NAME_(otel_context_valid)
#define otel_decide_off_ OTEL_NAME_(otel_decide_off_)
#define otel_decide_on_ OTEL_NAME_(otel_decide_on_)
#define otel_decide_parent_ OTEL_NAME_(otel_decide_parent_)
#define otel_decide_ratio_ OTEL_NAME_(otel_decide_ratio_)
#define otel_default OTEL_NAME_(otel_default)
#define otel_drop_text OTEL_NAME_(otel_drop_text)
#define otel_extract OTEL_NAME_(otel_extract)
#define otel_id_ OTEL_NAME_(otel_id_)
#define otel_id_make_ OTEL_NAME_(otel_id_make_)
#define otel_id_seed_ OTEL_NAME_(otel_id_seed_)
#define otel_init_with OTEL_NAME_(otel_init_with)
#define otel_inject OTEL_NAME_(otel_inject)
#define otel_inject_context OTEL_NAME_(otel_inject_context)
#define otel_list_next_ OTEL_NAME_(otel_list_next_)
#define otel_list_put_ OTEL_NAME_(otel_list_put_)
#define otel_log_all OTEL_NAME_(otel_log_all)
#define otel_log_emit OTEL_NAME_(otel_log_emit)
#define otel_lose_ OTEL_NAME_(otel_lose_)
#define otel_percent_next_ OTEL_NAME_(otel_percent_next_)
#define otel_put_text_ OTEL_NAME_(otel_put_text_)
#define otel_put_varint64_ OTEL_NAME_(otel_put_varint64_)
#define otel_record_ OTEL_NAME_(otel_record_)
#define otel_result_text OTEL_NAME_(otel_result_text)
#define otel_ring_attach_ OTEL_NAME_(otel_ring_attach_)
#define otel_ring_detach_ OTEL_NAME_(otel_ring_detach_)
#define otel_ring_hold_ OTEL_NAME_(otel_ring_hold_)
#define otel_ring_hold_until_ OTEL_NAME_(otel_ring_hold_until_)
#define otel_ring_init_ OTEL_NAME_(otel_ring_init_)
#define otel_ring_lose_ OTEL_NAME_(otel_ring_lose_)
#define otel_ring_pass_ OTEL_NAME_(otel_ring_pass_)
#define otel_ring_repair_ OTEL_NAME_(otel_ring_repair_)
#define otel_ring_write_ OTEL_NAME_(otel_ring_write_)
#define otel_scope_number_ OTEL_NAME_(otel_scope_number_)
#define otel_scratch_message_ OTEL_NAME_(otel_scratch_message_)
#define otel_set_ OTEL_NAME_(otel_set_)
#define otel_set_bool_ OTEL_NAME_(otel_set_bool_)
#define otel_set_double_ OTEL_NAME_(otel_set_double_)
#define otel_set_i32_ OTEL_NAME_(otel_set_i32_)
#define otel_set_int_ OTEL_NAME_(otel_set_int_)
#define otel_set_str_ OTEL_NAME_(otel_set_str_)
#define otel_set_uint_ OTEL_NAME_(otel_set_uint_)
#define otel_shard_ OTEL_NAME_(otel_shard_)
#define otel_shard_claim_ OTEL_NAME_(otel_shard_claim_)
#define otel_span_ask_ OTEL_NAME_(otel_span_ask_)
#define otel_span_context OTEL_NAME_(otel_span_context)
#define otel_span_current OTEL_NAME_(otel_span_current)
#define otel_span_end OTEL_NAME_(otel_span_end)
#define otel_span_end_at OTEL_NAME_(otel_span_end_at)
#define otel_span_enter OTEL_NAME_(otel_span_enter)
#define otel_span_error OTEL_NAME_(otel_span_error)
#define otel_span_event_at OTEL_NAME_(otel_span_event_at)
#define otel_span_leave OTEL_NAME_(otel_span_leave)
#define otel_span_link_all OTEL_NAME_(otel_span_link_all)
#define otel_span_rename OTEL_NAME_(otel_span_rename)
#define otel_span_set_all OTEL_NAME_(otel_span_set_all)
#define otel_span_start_in_ OTEL_NAME_(otel_span_start_in_)
#define otel_span_start_with OTEL_NAME_(otel_span_start_with)
#define otel_span_status OTEL_NAME_(otel_span_status)
#define otel_span_tracestate_ OTEL_NAME_(otel_span_tracestate_)
#define otel_thread_end OTEL_NAME_(otel_thread_end)
#define otel_time_sync OTEL_NAME_(otel_time_sync)
#define otel_traceparent OTEL_NAME_(otel_traceparent)
#define otel_traceparent_read_ OTEL_NAME_(otel_traceparent_read_)
#define otel_traceparent_write_ OTEL_NAME_(otel_traceparent_write_)
#define otel_tracestate OTEL_NAME_(otel_tracestate)
#define otel_tracestate_write_ OTEL_NAME_(otel_tracestate_write_)
#define otel_use OTEL_NAME_(otel_use)
#define otel_utf8_cut_ OTEL_NAME_(otel_utf8_cut_)
#define otel_utf8_valid OTEL_NAME_(otel_utf8_valid)
#define otel_varint64_size_ OTEL_NAME_(otel_varint64_size_)

/* The body of a public function begins with this: off, the answer is all that is left of it. */
#if OTEL_ENABLED
#  define OTEL_WHEN_OFF_(answer)
#else
#  define OTEL_WHEN_OFF_(answer) answer;
#endif

/* ---- targets ---- */
#if defined(__unix__) || defined(__unix) || defined(__APPLE__) || defined(_WIN32) || defined(__linux__)
#  define OTEL_HOSTED_ 1
#else
#  define OTEL_HOSTED_ 0
#endif
/* Hosts have threads, so they use atomics of one machine word (never more) and a thread-local slot. */
#if OTEL_HOSTED_ && (defined(__GNUC__) || defined(__clang__)) && !defined(OTEL_NO_ATOMICS)
#  define OTEL_ATOMICS_ 1
#  define OTEL_THREAD_LOCAL_ __thread
#else
#  define OTEL_ATOMICS_ 0
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
#else  /* one core: the mask orders everything, the compiler only must not keep values in registers */
#  define OTEL_LOAD_(p) (*(p))
#  define OTEL_LOAD_ACQUIRE_(p) (*(p))
#  define OTEL_STORE_(p, v) ((void)(*(p) = (v)))
#  define OTEL_STORE_RELEASE_(p, v) ((void)(*(p) = (v)))
#  define OTEL_ADD_(p, v) ((void)(*(p) += (v)))
#  define OTEL_SIGNAL_FENCE_() ((void)0)
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

/* ---- keyword arguments: a literal of the options, gone at the end of the statement ---- */
#ifndef __cplusplus
#  define OTEL_REF_(T, ...) (&(const T){ __VA_ARGS__ })
#else
template <class T> struct otel_ref_ {
    T value;
    explicit otel_ref_(const T &x) : value(x) {}
    const T *get() const { return &value; }
};
#  define OTEL_REF_(T, ...) otel_ref_<T>(T{ __VA_ARGS__ }).get()
#endif

/* ---- wire.h ---------------------------------------------------------------------------------------------------- */
/* Protobuf's wire form, writing side: varints, fixed-width numbers, text. Records are encoded while they are made,
   so the recording half needs these. Protocol Buffers documentation: Encoding. */
#define OTEL_LENGTH_BYTES_ 3u              /* a padded length: three varint bytes */
#define OTEL_LENGTH_MAX_ 2097151u          /* what fits there: 2^21 - 1 */

OTEL_C_BEGIN_
/* Say whether text of `len` bytes is well-formed UTF-8 (The Unicode Standard, table 3-7). Safe everywhere. */
OTEL_API_ bool otel_utf8_valid(const char *text, size_t len);
OTEL_API_ size_t otel_utf8_cut_(const char *text, size_t len, size_t limit);
OTEL_API_ uint8_t *otel_put_text_(uint8_t *to, const char *text, size_t len);
OTEL_API_ uint8_t *otel_put_varint64_(uint8_t *to, uint64_t value);
OTEL_API_ unsigned otel_varint64_size_(uint64_t value);
OTEL_C_END_

/* ---- attr.h ---------------------------------------------------------------------------------------------------- */
/* Values and attributes: what a key can carry (AnyValue, every type), and how it is encoded.
   Specification: common/README.md, "Attribute" and "AnyValue"; opentelemetry/proto/common/v1/common.proto. */
typedef enum {
    OTEL_V_NULL_, OTEL_V_STRING_, OTEL_V_BOOL_, OTEL_V_INT_, OTEL_V_UINT_, OTEL_V_DOUBLE_, OTEL_V_BYTES_,
    OTEL_V_INTS_, OTEL_V_DOUBLES_, OTEL_V_BOOLS_, OTEL_V_STRINGS_, OTEL_V_VALUES_, OTEL_V_MAP_
} otel_type_t;

/* A value of any type. Made by OTEL_STR, OTEL_BYTES, OTEL_ARRAY, OTEL_VALUES, OTEL_MAP, OTEL_NULL; what it points to is
   copied by the call that takes it. */
typedef struct otel_value_t {
    uint8_t type;                 /* otel_type_t */
    uint8_t size;                 /* of one element of an array, bytes */
    uint32_t len;                 /* bytes of text, or elements of an array */
    union {
        int64_t i;
        uint64_t u;
        double d;
        const void *p;
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
    v.len = (uint64_t)n > OTEL_LENGTH_MAX_ ? OTEL_LENGTH_MAX_ + 1u : (uint32_t)n;
    v.as.u = 0;
    v.as.p = p;
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
#define OTEL_VALUES(values, len) otel_value_(OTEL_V_VALUES_, (values), (len), 0)   /* otel_value_t[len]: an array of mixed types */
#define OTEL_MAP(attributes, len) otel_value_(OTEL_V_MAP_, (attributes), (len), 0) /* otel_attr_t[len]: a map */
#define OTEL_NULL otel_value_(OTEL_V_NULL_, NULL, 0, 0)
#define OTEL_VALUE_DEPTH_ 4u      /* arrays and maps inside one another; deeper ones become null */

OTEL_API_ size_t otel_attr_write_(uint8_t *to, size_t room, uint8_t tag, const char *key, const otel_value_t *value);
OTEL_API_ size_t otel_any_write_(uint8_t *to, size_t room, uint8_t tag, const otel_value_t *value);
OTEL_C_END_

#ifdef __cplusplus
#  define OTEL_TRUE true
#  define OTEL_FALSE false
OTEL_FN_ otel_value_t otel_array_(const bool *p, size_t n) { return otel_value_(OTEL_V_BOOLS_, p, n, sizeof *p); }
OTEL_FN_ otel_value_t otel_array_(const short *p, size_t n) { return otel_value_(OTEL_V_INTS_, p, n, sizeof *p); }
OTEL_FN_ otel_value_t otel_array_(const int *p, size_t n) { return otel_value_(OTEL_V_INTS_, p, n, sizeof *p); }
OTEL_FN_ otel_value_t otel_array_(const long *p, size_t n) { return otel_value_(OTEL_V_INTS_, p, n, sizeof *p); }
OTEL_FN_ otel_value_t otel_array_(const long long *p, size_t n) { return otel_value_(OTEL_V_INTS_, p, n, sizeof *p); }
OTEL_FN_ otel_value_t otel_array_(const float *p, size_t n) { return otel_value_(OTEL_V_DOUBLES_, p, n, sizeof *p); }
OTEL_FN_ otel_value_t otel_array_(const double *p, size_t n) { return otel_value_(OTEL_V_DOUBLES_, p, n, sizeof *p); }
OTEL_FN_ otel_value_t otel_array_(const char *const *p, size_t n) { return otel_value_(OTEL_V_STRINGS_, p, n, sizeof *p); }
#  define OTEL_ARRAY(array, len) otel_array_((array), (len))
#else
#  define OTEL_TRUE ((bool)1)
#  define OTEL_FALSE ((bool)0)
/* An array of bool, short, int, long, long long, float, double or text. If an error led you here: OTEL_ARRAY takes a
   pointer to one of these; bytes go through OTEL_BYTES. */
#  define OTEL_ARRAY(array, len) \
    otel_value_(OTEL_EXT_ _Generic(&*(array), bool *: OTEL_V_BOOLS_, const bool *: OTEL_V_BOOLS_, \
        short *: OTEL_V_INTS_, const short *: OTEL_V_INTS_, int *: OTEL_V_INTS_, const int *: OTEL_V_INTS_, \
        long *: OTEL_V_INTS_, const long *: OTEL_V_INTS_, long long *: OTEL_V_INTS_, const long long *: OTEL_V_INTS_, \
        float *: OTEL_V_DOUBLES_, const float *: OTEL_V_DOUBLES_, double *: OTEL_V_DOUBLES_, const double *: OTEL_V_DOUBLES_, \
        char **: OTEL_V_STRINGS_, const char **: OTEL_V_STRINGS_, char *const *: OTEL_V_STRINGS_, const char *const *: OTEL_V_STRINGS_), \
        (array), (len), sizeof *(array))
#endif

/* ---- context.h ------------------------------------------------------------------------------------------------- */
/* The context of a span: what its children, its links and the other side of a wire need to know of it.
   Specification: trace/api.md, "SpanContext"; W3C Trace Context level 2. */
#define OTEL_FLAG_SAMPLED 0x01u   /* trace-flags: sampled */
#define OTEL_FLAG_RANDOM 0x02u    /* trace-flags: the right 56 bits of the trace id are random (level 2) */

/* Filled by otel_extract and otel_span_context. All zero: no context. */
typedef struct otel_context_t {
    uint8_t trace_id[16];         /* all zero: not valid */
    uint8_t span_id[8];           /* all zero: not valid */
    uint8_t flags;                /* OTEL_FLAG_.. */
    bool remote;                  /* came over a wire */
    const char *tracestate;       /* the headers' text, or NULL; must outlive the context and the spans started from it */
    const char *baggage;
} otel_context_t;

OTEL_C_BEGIN_
/* Say whether both ids are set. NULL is not valid. Safe everywhere. */
OTEL_API_ bool otel_context_valid(const otel_context_t *context);
OTEL_C_END_

/* ---- tracestate.h ---------------------------------------------------------------------------------------------- */
/* The tracestate header: what each tracing system on the way keeps for itself, key=value members divided by commas.
   It is read where it lies; nothing of it is stored. W3C Trace Context level 2: "Tracestate Header". */
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
OTEL_API_ const char *otel_list_next_(const char **at, size_t *left, size_t *len);
OTEL_API_ size_t otel_list_put_(char *buf, size_t size, size_t n, const char *member, size_t len);
OTEL_C_END_

/* ---- baggage.h ------------------------------------------------------------------------------------------------- */
/* Baggage: key=value members that a program and its callers pass along, with properties behind semicolons. It is read
   where it lies, a member at a time. W3C Baggage, "Baggage HTTP Header Format". */
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
OTEL_API_ size_t otel_baggage_write_(otel_baggage_t *it, char *buf, size_t size);
OTEL_C_END_

/* ---- clock.h --------------------------------------------------------------------------------------------------- */
/* Time: one hook that gives Unix nanoseconds or ticks since boot; ticks are widened and scaled here, and wall time is an
   offset to them, so that a span keeps its duration when the clock is set. Specification: trace/api.md, "Timestamp". */
/* The clock of an instance; private. */
typedef struct otel_clock_t {
    uint64_t (*read)(void *user);
    void *user;
    uint32_t scale;               /* nanoseconds per tick, times 2^shift */
    uint8_t shift, bits;          /* bits of the counter, 64: never wraps */
    bool ticks, known;            /* ticks since boot; wall time known */
    uint8_t gate;
    uint32_t last_low, wraps;     /* of a narrow counter */
    uint64_t last;                /* Unix clock: never goes back */
    uint64_t offset;              /* wall time minus time since boot, ns */
} otel_clock_t;

OTEL_C_BEGIN_
OTEL_API_ void otel_clock_set_(otel_clock_t *clock, uint64_t (*read)(void *), void *user, uint32_t hz, uint8_t bits);
OTEL_API_ uint64_t otel_clock_careful_(otel_clock_t *clock);
OTEL_C_END_

/* ---- pairs.h --------------------------------------------------------------------------------------------------- */
/* Flat pairs, "key", value, "key", value: how attributes are typed by the compiler. In C by counting arguments and
   _Generic; in C++ by overloads. Nothing here runs: it all becomes plain calls.

   If an error led you here: OTEL_every_key_needs_a_value means an odd number of arguments, and
   OTEL_at_most_8_pairs_split_the_call more than eight pairs. A pointer that is no text has no type in the list: use
   OTEL_BYTES(p, n), OTEL_STR(p, n) or OTEL_ARRAY(p, n). */
#ifndef __cplusplus
/* Counting: one to seventeen arguments after the head; x marks an odd count, y too many. */
#  define OTEL_AT25_(_1, _2, _3, _4, _5, _6, _7, _8, _9, _10, _11, _12, _13, _14, _15, _16, _17, _18, _19, _20, _21, _22, _23, _24, _25, n, ...) n
#  define OTEL_PAIR_COUNT_(...) OTEL_AT25_(__VA_ARGS__, y, y, y, y, y, y, y, y, 8, x, 7, x, 6, x, 5, x, 4, x, 3, x, 2, x, 1, x, 0, 0)
#  define OTEL_FIRST_(...) OTEL_FIRST2_(__VA_ARGS__, 0)
#  define OTEL_FIRST2_(first, ...) first

/* The list of types. long is 32 bits on some targets, so it takes the wide entry everywhere; narrow integers the short one. */
#  define OTEL_BY_TYPE_(value, text, boolean, narrow, wide, natural, single, real, extended, any) \
    OTEL_EXT_ _Generic((value), char *: text, const char *: text, bool: boolean, \
        char: narrow, signed char: narrow, unsigned char: narrow, short: narrow, unsigned short: OTEL_USHORT_(narrow, wide), int: narrow, \
        unsigned: natural, long: wide, unsigned long: natural, long long: wide, unsigned long long: natural, \
        float: single, double: real, long double: extended, otel_value_t: any)
#  if USHRT_MAX < 0x7FFFFFFF
#    define OTEL_USHORT_(narrow, wide) narrow
#  else
#    define OTEL_USHORT_(narrow, wide) wide
#  endif

/* A table of attributes for the calls that need the whole set: `pointer, length`. */
#  define otel_attr(key, value) \
    OTEL_BY_TYPE_(value, otel_str, otel_bool, otel_int, otel_int, otel_uint, otel_float_, otel_double, otel_long_double_, otel_any)((key), (value))
#  define OTEL_P1_(k, v) otel_attr(k, v)
#  define OTEL_P2_(k, v, ...) otel_attr(k, v), OTEL_P1_(__VA_ARGS__)
#  define OTEL_P3_(k, v, ...) otel_attr(k, v), OTEL_P2_(__VA_ARGS__)
#  define OTEL_P4_(k, v, ...) otel_attr(k, v), OTEL_P3_(__VA_ARGS__)
#  define OTEL_P5_(k, v, ...) otel_attr(k, v), OTEL_P4_(__VA_ARGS__)
#  define OTEL_P6_(k, v, ...) otel_attr(k, v), OTEL_P5_(__VA_ARGS__)
#  define OTEL_P7_(k, v, ...) otel_attr(k, v), OTEL_P6_(__VA_ARGS__)
#  define OTEL_P8_(k, v, ...) otel_attr(k, v), OTEL_P7_(__VA_ARGS__)
#  define OTEL_TABLE_(n, head, ...) (const otel_attr_t[]){ OTEL_CAT_(OTEL_CAT_(OTEL_P, n), _)(__VA_ARGS__) }, n
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
    OTEL_BY_TYPE_(value, otel_set_str_, otel_set_bool_, otel_set_i32_, otel_set_int_, otel_set_uint_, otel_set_float_, otel_set_double_, \
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
static inline otel_attr_t otel_attr(const char *key, float value) { return otel_float_(key, value); }
static inline otel_attr_t otel_attr(const char *key, double value) { return otel_double(key, value); }
static inline otel_attr_t otel_attr(const char *key, long double value) { return otel_long_double_(key, value); }
static inline otel_attr_t otel_attr(const char *key, unsigned value) { return otel_uint(key, value); }
static inline otel_attr_t otel_attr(const char *key, unsigned long value) { return otel_uint(key, value); }
static inline otel_attr_t otel_attr(const char *key, unsigned long long value) { return otel_uint(key, value); }
static inline otel_attr_t otel_attr(const char *key, otel_value_t value) { return otel_any(key, value); }
static inline otel_attr_t otel_attr(const char *key, decltype(nullptr)) { return otel_any(key, OTEL_NULL); }
template <class T> static inline auto otel_attr(const char *key, const T &value) -> decltype(static_cast<const char *>(value.data()), value.size(), otel_attr_t())
{
    return otel_strn(key, value.data(), value.size());
}
template <class T> static inline auto otel_attr(const char *key, T value) -> decltype(static_cast<int64_t>(value), otel_attr_t()) { return otel_int(key, static_cast<int64_t>(value)); }
template <class T> otel_attr_t otel_attr(const char *key, T *value) = delete;

static inline void otel_fill_(otel_attr_t *) {}
template <class V, class... R> static inline void otel_fill_(otel_attr_t *at, const char *key, const V &value, const R &...rest)
{
    *at = otel_attr(key, value);
    otel_fill_(at + 1, rest...);
}
template <size_t n> struct otel_list_ {
    otel_attr_t at[n ? n : 1];
    template <class... A> explicit otel_list_(const A &...pairs) { otel_fill_(at, pairs...); }
};
#  define OTEL_PAIRS_IN_(A, pairs) \
    static_assert(sizeof...(A) % 2 == 0, "every key needs a value"); \
    otel_list_<sizeof...(A) / 2> list(pairs...)
#endif

/* ---- id.h ------------------------------------------------------------------------------------------------------ */
/* Ids: a counter that never gives the same number twice, mixed with 128 secret bits from the port's entropy. Reentrant:
   an interrupt in the middle takes the next number. Specification: trace/sdk.md, "Id Generators". */
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
OTEL_API_ void otel_id_make_(otel_ids_t *ids, uint8_t *to, unsigned words);
OTEL_API_ void otel_id_seed_(otel_ids_t *ids, const uint8_t *seed, size_t n);
OTEL_C_END_

/* ---- result.h -------------------------------------------------------------------------------------------------- */
/* Results of set-up and export calls. Recording calls never fail: what they lose is counted (otel_stats). */
/* One list: code, value, the sentence that names the remedy. */
#define OTEL_RESULTS_(X) \
    X(OTEL_OK, 0, "done") \
    X(OTEL_E_CLOCK, -1, "no clock: set otel_config_t.clock to a function that gives Unix nanoseconds, or ticks with .clock_hz") \
    X(OTEL_E_POOL, -2, "pool too small for one record: raise otel_config_t.pool_size, or lower .log_percent or .shards") \
    X(OTEL_E_BUFFER, -3, "exporter buffer too small for one record: raise otel_exporter_config_t.buffer_size") \
    X(OTEL_E_SEND, -4, "no transport: set otel_exporter_config_t.send, or take requests with otel_export_next") \
    X(OTEL_E_TIMEOUT, -5, "time is up before all was delivered: what is left stands in otel_stats; give more milliseconds") \
    X(OTEL_E_NULL, -6, "a required pointer is NULL: pass the object and its options") \
    X(OTEL_E_NOT_READY, -7, "the instance is not running: call otel_init first, and nothing after otel_shutdown") \
    X(OTEL_E_EXPORTERS, -8, "too many exporters on one instance: shut one down first") \
    X(OTEL_E_CONFIG, -9, "the configuration contradicts itself: see the comments of otel_config_t") \
    X(OTEL_E_LOCK, -10, "no lock: OTEL_PORT_LOCK 1 promises otel_config_t.lock and .unlock") \
    X(OTEL_E_SYSTEM, -11, "the operating system refused: see errno") \
    X(OTEL_E_NESTED, -12, "called from inside the exporter's own callback: return from it first")

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
/* Why a record was lost; a closed list. `otel_drop_text` names each. */
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
#define OTEL_RING_DROPS_ 8        /* the first ones, counted where records are written */

/* What a full ring does with the next record. */
typedef enum {
    OTEL_DROP_NEWEST = 0,         /* refuse it (default) */
    OTEL_DROP_OLDEST,             /* make room: a flight recorder */
    OTEL_DROP_SAMPLE              /* from half full on keep one in 2, 4, 8, .. so that the ring lasts */
} otel_when_full_t;

#if UINTPTR_MAX > 0xFFFFFFFFu
#define OTEL_READERS_ 4           /* exporters of one instance */
#else
#define OTEL_READERS_ 2
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
    otel_count_t evicted;         /* records that this reader lost to OTEL_DROP_OLDEST */
    bool on;
} otel_reader_t_;

/* Private. */
typedef struct otel_ring_t {
    otel_pos_t reserved, published, released;
    uint8_t *bytes;
    otel_pos_t size;
    otel_count_t created, settled;          /* settled follows created when a writer is through */
    otel_count_t dropped[OTEL_RING_DROPS_];
    otel_count_t evicted;
    uint8_t gate, when_full;
    otel_reader_t_ reader[OTEL_READERS_];
} otel_ring_t;

/* The port's lock, when there is one: writers that do not nest (tasks of an RTOS, a second core) copy under it. */
typedef struct otel_guard_t {
    bool (*lock)(void *user, bool wait);    /* wait false: only try */
    void (*unlock)(void *user);
    void *user;
} otel_guard_t;

typedef struct otel_piece_t {
    const void *bytes;
    size_t len;
} otel_piece_t;

OTEL_C_BEGIN_
/* The word for a reason, as in the attribute error.type of the otel.sdk metrics. Static storage, never NULL. */
OTEL_API_ const char *otel_drop_text(otel_drop_t reason);

OTEL_API_ void otel_ring_init_(otel_ring_t *ring, void *bytes, size_t size, otel_when_full_t when_full);
OTEL_API_ bool otel_ring_write_(otel_ring_t *ring, const otel_guard_t *guard, const otel_piece_t *pieces, unsigned count);
OTEL_API_ void otel_ring_lose_(otel_ring_t *ring, otel_drop_t reason);
OTEL_API_ void otel_ring_repair_(otel_ring_t *ring);

/* The readers' side: one thread at a time for each reader. */
OTEL_API_ bool otel_ring_attach_(otel_ring_t *ring, const otel_guard_t *guard, unsigned reader);
OTEL_API_ void otel_ring_detach_(otel_ring_t *ring, const otel_guard_t *guard, unsigned reader);
OTEL_API_ otel_pos_t otel_ring_hold_(otel_ring_t *ring, const otel_guard_t *guard, unsigned reader);
OTEL_API_ void otel_ring_hold_until_(otel_ring_t *ring, const otel_guard_t *guard, unsigned reader, otel_pos_t until);
OTEL_API_ void otel_ring_pass_(otel_ring_t *ring, const otel_guard_t *guard, unsigned reader, otel_pos_t to);
OTEL_C_END_

/* ---- sampler.h ------------------------------------------------------------------------------------------------- */
/* Samplers decide at the start of a span whether it is recorded and whether the trace is kept.
   Specification: trace/sdk.md, "Sampling". */
typedef enum {
    OTEL_DECISION_DROP = 0,               /* not recorded; the context still propagates */
    OTEL_DECISION_RECORD_ONLY = 1,        /* recorded for processors, not exported */
    OTEL_DECISION_RECORD_AND_SAMPLE = 2
} otel_decision_t;

/* What a sampler sees; valid during the call only. */
typedef struct otel_sampling_t {
    const otel_context_t *parent;         /* NULL: a root span */
    const uint8_t *trace_id;              /* 16 bytes */
    const char *name;
    int kind;                             /* otel_kind_t */
    const otel_attr_t *attributes;        /* those given to start */
    size_t attributes_len;
} otel_sampling_t;

typedef struct otel_sampler_t {
    otel_decision_t (*decide)(const struct otel_sampler_t *self, const otel_sampling_t *input) OTEL_Z_;   /* NULL: parent based, roots always on */
    const struct otel_sampler_t *root OTEL_Z_;    /* of a parent based sampler; NULL: always on */
    void *user OTEL_Z_;
    uint64_t threshold OTEL_Z_;                   /* of a ratio: reject trace ids whose right 56 bits are below */
} otel_sampler_t;

OTEL_C_BEGIN_
OTEL_API_ otel_decision_t otel_decide_on_(const otel_sampler_t *self, const otel_sampling_t *input);
OTEL_API_ otel_decision_t otel_decide_off_(const otel_sampler_t *self, const otel_sampling_t *input);
OTEL_API_ otel_decision_t otel_decide_ratio_(const otel_sampler_t *self, const otel_sampling_t *input);
OTEL_API_ otel_decision_t otel_decide_parent_(const otel_sampler_t *self, const otel_sampling_t *input);

OTEL_FN_ otel_sampler_t otel_sampler_(otel_decision_t (*decide)(const otel_sampler_t *, const otel_sampling_t *))
{
    otel_sampler_t s;
    s.decide = decide;
    s.root = NULL;
    s.user = NULL;
    s.threshold = 0;
    return s;
}
/* Record and sample every span. */
OTEL_FN_ otel_sampler_t otel_sampler_always_on(void) { return otel_sampler_(otel_decide_on_); }
/* Record no span. */
OTEL_FN_ otel_sampler_t otel_sampler_always_off(void) { return otel_sampler_(otel_decide_off_); }
/* Keep the given share of traces, 0 to 1, by their id: every service decides alike. Out of range counts as the nearer end. */
OTEL_FN_ otel_sampler_t otel_sampler_ratio(double ratio)
{
    otel_sampler_t s = otel_sampler_(otel_decide_ratio_);
    if (!(ratio > 0)) s.threshold = (uint64_t)1 << 56;
    else if (ratio < 1) s.threshold = ((uint64_t)1 << 56) - (uint64_t)(ratio * 72057594037927936.0);
    return s;
}
/* Children do as their parent did; roots ask `root` (NULL: always on), which must outlive the sampler. */
OTEL_FN_ otel_sampler_t otel_sampler_parent_based(const otel_sampler_t *root)
{
    otel_sampler_t s = otel_sampler_(otel_decide_parent_);
    s.root = root;
    return s;
}
OTEL_C_END_

/* ---- scope.h --------------------------------------------------------------------------------------------------- */
/* Instrumentation scopes: who recorded it. A scope takes its number in the instance at its first use; records carry the
   number, and the exporter groups them. Specification: common/instrumentation-scope.md. */
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
} otel_scope_t;

/* static otel_scope_t net = OTEL_SCOPE("net.http", .version = "1.2"); */
#define OTEL_SCOPE(...) { .name = __VA_ARGS__ }
#define OTEL_SCOPES_ 127u         /* numbers that a mark has room for */

/* ---- instance.h ------------------------------------------------------------------------------------------------ */
/* The instance: configuration, clock, ids, rings and the list of all that is registered with it. The user defines the
   object and the pool; nothing else is ever allocated. Specification: trace/sdk.md, "Tracer Provider". */
struct otel_span_t;

/* The current span of one thread or task; a port that has tasks keeps one for each. All zero: none. */
typedef struct otel_current_t {
    struct otel_span_t *span;     /* innermost span block */
    otel_context_t context;       /* where there is no cleanup attribute: its context by value */
} otel_current_t;

/* Everything an instance is told. Zero means the default. Hooks get `user`. The order of the fields is API. */
typedef struct otel_config_t {
    const char *service OTEL_Z_;                  /* service.name (default: unknown_service) */
    const char *version OTEL_Z_;                  /* service.version (default: left out) */
    const otel_attr_t *attributes OTEL_Z_;        /* of the resource, attributes_len of them; live as long as the instance */
    size_t attributes_len OTEL_Z_;
    const char *schema_url OTEL_Z_;               /* of the resource (default: left out) */
    uint64_t (*clock)(void *user) OTEL_Z_;        /* (required) Unix nanoseconds; with clock_hz ticks since boot */
    uint32_t clock_hz OTEL_Z_;                    /* ticks a second (default: 0, Unix nanoseconds) */
    uint8_t clock_bits OTEL_Z_;                   /* of the tick counter: 16, 24, 32 or 64 (default: 64) */
    bool (*entropy)(void *user, void *to, size_t len) OTEL_Z_;   /* fills `len` random bytes (default: clock and addresses, and traces do not claim to be random) */
    bool (*lock)(void *user, bool wait) OTEL_Z_;  /* (default: interrupt mask on bare metal, atomics on hosts); `wait` false: only try */
    void (*unlock)(void *user) OTEL_Z_;
    otel_current_t *(*current)(void *user) OTEL_Z_;   /* slot of the running task, NULL in an interrupt (default: thread-local on hosts, else one) */
    void *user OTEL_Z_;                           /* first argument of the hooks */
    void *pool OTEL_Z_;                           /* (required) memory of the rings; lives as long as the instance */
    size_t pool_size OTEL_Z_;                     /* bytes, 144 at least */
    uint8_t log_percent OTEL_Z_;                  /* of the pool for logs, 1 to 99 (default: 25); OTEL_NO_LOG_RING: all to spans */
    uint16_t shards OTEL_Z_;                      /* hosts: parts of the pool; each thread claims one, the first serves the rest under a try-lock (default: 1) */
    otel_when_full_t when_full OTEL_Z_;           /* (default: OTEL_DROP_NEWEST) */
    otel_sampler_t sampler OTEL_Z_;               /* (default: parent based, roots always on) */
    uint32_t hold_ms OTEL_Z_;                     /* how long records wait for otel_time_sync (default: 600,000) */
    bool send_unsynced OTEL_Z_;                   /* after hold_ms send them with time since boot instead of dropping them as no_clock (default: false) */
} otel_config_t;
#define OTEL_NO_LOG_RING 255u

#define OTEL_SPANS_ 0             /* the ring of a shard that holds spans */
#define OTEL_LOGS_ 1

/* A part of the pool. Private. */
typedef struct otel_shard_t {
    uint32_t owner;               /* serial of the thread that writes here; 0: nobody */
    otel_ids_t ids;
    otel_ring_t ring[2];
} otel_shard_t;

/* An instance. Define it where it outlives its users; all fields are private. */
typedef struct otel_t {
    otel_config_t config_ OTEL_Z_;
    otel_clock_t clock_ OTEL_Z_;
    otel_guard_t guard_ OTEL_Z_;
    otel_current_t current_ OTEL_Z_;
    otel_shard_t shard_ OTEL_Z_;              /* the first shard; the others lie in the pool */
    otel_shard_t *more_ OTEL_Z_;
    otel_scope_t *scopes_ OTEL_Z_;
    struct otel_instrument_t *instruments_ OTEL_Z_;
    struct otel_exporter_t *exporters_ OTEL_Z_;
    uint32_t epoch_ OTEL_Z_;                  /* tells this life of the object from earlier ones */
    uint32_t scope_count_ OTEL_Z_;
    uint16_t shards_ OTEL_Z_;
    uint8_t live_ OTEL_Z_;                    /* 0 before init, 1 running, 2 after shutdown */
    bool random_ OTEL_Z_;                     /* trace ids come from real entropy */
    otel_count_t not_recorded_ OTEL_Z_;
} otel_t;

#if OTEL_ATOMICS_
/* What a thread knows of itself. Private. */
typedef struct otel_thread_t_ {
    otel_current_t current;
    otel_t *otel;                 /* the instance whose shard is cached */
    otel_shard_t *shard;
    uint32_t epoch;
    uint32_t serial;
} otel_thread_t_;
#endif

OTEL_C_BEGIN_
#if OTEL_ENABLED
extern OTEL_VAR_ otel_t *otel_default_v0_;
extern OTEL_VAR_ uint32_t otel_epoch_v0_;
#if OTEL_ATOMICS_
extern OTEL_VAR_ uint32_t otel_serial_v0_;
extern OTEL_VAR_ OTEL_THREAD_LOCAL_ otel_thread_t_ otel_thread_v0_;
#endif
#endif

/* Start an instance; the first one becomes the default of the program. Not for interrupts. Errors: OTEL_E_NULL,
   OTEL_E_CLOCK, OTEL_E_POOL, OTEL_E_CONFIG, OTEL_E_LOCK. */
OTEL_API_ otel_result_t otel_init_with(otel_t *otel, const otel_config_t *config);

/* The instance that calls without .otel use; NULL when there is none. Safe everywhere. */
OTEL_API_ otel_t *otel_default(void);

/* Set the default instance of this image: for plugins, DLLs and -Bsymbolic libraries, or to take it away (NULL). */
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

OTEL_API_ otel_shard_t *otel_shard_(otel_t *otel);
OTEL_API_ uint32_t otel_scope_number_(otel_t *otel, const otel_scope_t *scope);
OTEL_API_ void otel_id_(otel_t *otel, uint8_t *to, unsigned words);
OTEL_API_ bool otel_record_(otel_t *otel, unsigned ring, const otel_piece_t *pieces, unsigned count);
OTEL_API_ void otel_lose_(otel_t *otel, unsigned ring, otel_drop_t reason);
OTEL_C_END_

#define otel_init(otel, ...) otel_init_with((otel), OTEL_REF_(otel_config_t, __VA_ARGS__))

/* ---- span.h ---------------------------------------------------------------------------------------------------- */
/* Spans: started and ended by a block, by a pair of calls, or by hand. A span is its own wire form: what is set on it is
   encoded at once behind its head, and `end` copies head and fields into the ring.
   Specification: trace/api.md, "Span"; opentelemetry/proto/trace/v1/trace.proto. */
typedef enum { OTEL_INTERNAL = 1, OTEL_SERVER, OTEL_CLIENT, OTEL_PRODUCER, OTEL_CONSUMER } otel_kind_t;       /* Span.SpanKind */
typedef enum { OTEL_STATUS_UNSET, OTEL_STATUS_OK, OTEL_STATUS_ERROR } otel_status_t;                           /* Status.StatusCode */

/* Another span that this one has to do with. */
typedef struct otel_link_t {
    otel_context_t context;
    const otel_attr_t *attributes;        /* attributes_len of them */
    size_t attributes_len;
} otel_link_t;

/* What may be said at the start. The order of the fields is API. */
typedef struct otel_span_options_t {
    const char *name OTEL_Z_;                     /* UTF-8; a pointer that lives until the end of the span */
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
} otel_span_options_t;

#if UINTPTR_MAX > 0xFFFFu
#define OTEL_SPAN_INLINE_ 64      /* part of the type, so the same in every file */
#else
#define OTEL_SPAN_INLINE_ 32
#endif
#define OTEL_SPAN_HEAD_ 68        /* mark, length, ids, times, flags, kind, parent */
#define OTEL_NAME_MAX_ 1024u      /* bytes of a name */

/* A span. It does not move between start and end; all fields are private. An array of OTEL_SPANS(n) has room for n bytes
   of attributes, events and links. */
typedef struct otel_span_t {
    otel_t *otel_;                /* NULL: not started, ended, or no instance */
    struct otel_span_t *up_;      /* the span that was current before */
    const char *name_;
    const char *tracestate_;
    const char *baggage_;
    uint64_t offset_;             /* wall time minus the clock, the same for all times of this span */
    size_t room_, used_;          /* bytes of the scratch */
    uint16_t attributes_, events_, links_;
    uint16_t lost_attributes_, lost_events_, lost_links_;
    uint8_t state_;               /* OTEL_SPAN_.._ bits */
    uint8_t status_;
    uint8_t scope_;
    uint8_t flags_;               /* trace flags */
    uint8_t head_[OTEL_SPAN_HEAD_];
    uint8_t scratch_[OTEL_SPAN_INLINE_];
} otel_span_t;

/* How many otel_span_t hold a span with `bytes` of scratch. */
#define OTEL_SPANS(bytes) ((offsetof(otel_span_t, scratch_) + (bytes) + sizeof(otel_span_t) - 1) / sizeof(otel_span_t))

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

/* The innermost span that is current here; NULL when there is none. */
OTEL_API_ otel_span_t *otel_span_current(void);

/* The span's context, by value; all zero for NULL. A span that is not recording has one too. */
OTEL_API_ otel_context_t otel_span_context(const otel_span_t *span);

/* Say whether what is set on the span goes anywhere: guards what is expensive to compute. */
OTEL_FN_ bool otel_is_recording(const otel_span_t *span);

/* Set `len` attributes; a key that is set again replaces the value. What does not fit is counted in the span. */
OTEL_API_ void otel_span_set_all(otel_span_t *span, const otel_attr_t *attributes, size_t len);

/* Give the span another name; it is copied. Safe in interrupts. */
OTEL_API_ void otel_span_rename(otel_span_t *span, const char *name);

/* Set the status. `message` (NULL: none) is copied and belongs to OTEL_STATUS_ERROR. OTEL_STATUS_OK is final. */
OTEL_API_ void otel_span_status(otel_span_t *span, otel_status_t status, const char *message);

/* Add a link to another span. An invalid context with no attributes is ignored. */
OTEL_API_ void otel_span_link_all(otel_span_t *span, const otel_context_t *context, const otel_attr_t *attributes, size_t len);

OTEL_API_ otel_span_t *otel_span_start_in_(otel_span_t *span, size_t bytes, const otel_scope_t *scope, unsigned how, const otel_span_options_t *options);
OTEL_API_ otel_span_t *otel_set_(otel_span_t *span, const char *key, const otel_value_t *value);
OTEL_API_ otel_span_t *otel_set_i32_(otel_span_t *span, const char *key, int32_t value);
OTEL_API_ otel_span_t *otel_set_int_(otel_span_t *span, const char *key, int64_t value);
OTEL_API_ otel_span_t *otel_set_uint_(otel_span_t *span, const char *key, uint64_t value);
OTEL_API_ otel_span_t *otel_set_bool_(otel_span_t *span, const char *key, bool value);
OTEL_API_ otel_span_t *otel_set_double_(otel_span_t *span, const char *key, double value);
OTEL_API_ otel_span_t *otel_set_str_(otel_span_t *span, const char *key, const char *value);
OTEL_FN_ otel_span_t *otel_set_float_(otel_span_t *span, const char *key, float value) { return otel_set_double_(span, key, (double)value); }
OTEL_FN_ otel_span_t *otel_set_long_double_(otel_span_t *span, const char *key, long double value) { return otel_set_double_(span, key, (double)value); }
OTEL_FN_ otel_span_t *otel_set_any_(otel_span_t *span, const char *key, otel_value_t value) { return otel_set_(span, key, &value); }
OTEL_FN_ void otel_span_cleanup_(otel_span_t **span) { otel_span_end(*span); }
OTEL_C_END_

#define OTEL_SPAN_RECORDING_ 1u
#define OTEL_SPAN_CURRENT_ 2u     /* entered */
#define OTEL_SPAN_RELATIVE_ 4u    /* times count from boot: the exporter puts them right */
#define OTEL_SPAN_PARENT_ 8u      /* has a parent id */
#define OTEL_SPAN_STATUS_ 16u     /* the status stands in the scratch, with its message */
#define OTEL_SPAN_NAMED_ 32u      /* renamed: the name stands in the scratch */
#define OTEL_SPAN_BY_VALUE_ 64u   /* entered as a copy of its context (no cleanup attribute) */
#define OTEL_SPAN_SAMPLED_ 128u

/* otel_span_start(&s, "ota.download", .kind = OTEL_CLIENT): a pair with otel_span_end; not current by itself. */
#define otel_span_start(span, ...) \
    otel_span_start_in_((span), sizeof *(span), OTEL_FILE_SCOPE, 0u, OTEL_REF_(otel_span_options_t, .name = __VA_ARGS__))

/* OTEL_SPAN(span, "read_sensor", .kind = OTEL_CLIENT) { ... }
   A block that is a span and makes it current. It ends on fall-through, return, goto, break and continue; the last two
   leave this block, not a loop around it. `span` is an otel_span_t * inside. Nested blocks take different names.

   Expansion: a for loop that runs once; its first variable is the memory, the second ends the span when it goes out of
   scope, the third is the name that you chose. */
#define OTEL_SPAN(span, ...) OTEL_SPAN_SIZED(span, OTEL_SPAN_BYTES, __VA_ARGS__)
#define OTEL_START_(mem, how, ...) \
    otel_span_start_in_((mem), sizeof (mem), OTEL_FILE_SCOPE, (how), OTEL_REF_(otel_span_options_t, .name = __VA_ARGS__))

#if OTEL_CLEANUP_
#  define OTEL_SPAN_SIZED(span, bytes, ...) \
    for (otel_span_t span##_mem_[OTEL_SPANS(bytes)], *span##_end_ OTEL_ATTRIBUTE_((cleanup(otel_span_cleanup_), unused)) = \
         OTEL_START_(span##_mem_, OTEL_SPAN_CURRENT_, __VA_ARGS__), *span = span##_mem_; span; span = NULL)
/* To the closing brace: for whole functions, and loops with break. */
#  define OTEL_SPAN_HERE(span, ...) \
    otel_span_t span##_mem_[OTEL_SPANS(OTEL_SPAN_BYTES)], *span OTEL_ATTRIBUTE_((cleanup(otel_span_cleanup_), unused)) = \
        (OTEL_START_(span##_mem_, OTEL_SPAN_CURRENT_, __VA_ARGS__), span##_mem_)
#elif defined(__cplusplus)
template <unsigned n> struct otel_guard_ {
    otel_span_t mem[n];
    otel_span_t *live;
    otel_guard_(const otel_scope_t *scope, const otel_span_options_t &options) : live(mem) { otel_span_start_in_(mem, sizeof mem, scope, OTEL_SPAN_CURRENT_, &options); }
    ~otel_guard_() { otel_span_end(mem); }
    otel_guard_(const otel_guard_ &) = delete;
    otel_guard_ &operator=(const otel_guard_ &) = delete;
};
#  define OTEL_SPAN_SIZED(span, bytes, ...) \
    for (otel_guard_<OTEL_SPANS(bytes)> span##_guard_(OTEL_FILE_SCOPE, otel_span_options_t{ .name = __VA_ARGS__ }); span##_guard_.live; span##_guard_.live = NULL) \
        for (otel_span_t *span = span##_guard_.live; span; span = NULL)
#  define OTEL_SPAN_HERE(span, ...) \
    otel_guard_<OTEL_SPANS(OTEL_SPAN_BYTES)> span##_guard_(OTEL_FILE_SCOPE, otel_span_options_t{ .name = __VA_ARGS__ }); \
    otel_span_t *const span = span##_guard_.mem; \
    (void)span
#else  /* C without cleanup: fall-through and continue end it; leave with OTEL_SPAN_RETURN. OTEL_SPAN_HERE does not exist. */
#  define OTEL_SPAN_SIZED(span, bytes, ...) \
    for (otel_span_t span##_mem_[OTEL_SPANS(bytes)], *span = (OTEL_START_(span##_mem_, OTEL_SPAN_CURRENT_ | OTEL_SPAN_BY_VALUE_, __VA_ARGS__), span##_mem_); \
         span; otel_span_end(span), span = NULL)
#endif

/* End the span and return `value`, which is evaluated after the end. Needed only where there is no cleanup attribute,
   fine everywhere. */
#define OTEL_SPAN_RETURN(span, ...) do { otel_span_end(span); return __VA_ARGS__; } while (0)

/* otel_span_set(span, "sensor.id", id, "bus", "i2c1"): up to 8 pairs, each value typed by the compiler, encoded at once. */
#ifndef __cplusplus
#  define otel_span_set(...) OTEL_PAIRS_TO_CALLS_(__VA_ARGS__)
#  define otel_span_link(span, ...) otel_span_link_all((span), OTEL_FIRST_(__VA_ARGS__), OTEL_TAIL_(__VA_ARGS__))
#else
template <class... A> static inline void otel_span_set(otel_span_t *span, const A &...pairs)
{
    OTEL_PAIRS_IN_(A, pairs);
    otel_span_set_all(span, list.at, sizeof...(A) / 2);
}
template <class... A> static inline void otel_span_link(otel_span_t *span, const otel_context_t *context, const A &...pairs)
{
    OTEL_PAIRS_IN_(A, pairs);
    otel_span_link_all(span, context, list.at, sizeof...(A) / 2);
}
#endif

/* ---- event.h --------------------------------------------------------------------------------------------------- */
/* Events of a span: a name, a time and attributes. Specification: trace/api.md, "Add Events". */
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
    otel_span_event_all(span, name, list.at, sizeof...(A) / 2);
}
#endif

/* ---- error.h --------------------------------------------------------------------------------------------------- */
/* Errors on spans: status and exception event in one call that gives the error code back.
   Specification: trace/exceptions.md; trace/api.md, "Set Status". */
OTEL_C_BEGIN_
/* Mark the span as failed: status Error with `message` (copied, NULL: none) and an event `exception` whose type is the
   code in decimal. Gives `code` back: return otel_span_error(span, -5, "i2c nack"); The status is set even when neither
   message nor event fits. Safe in interrupts. */
OTEL_API_ int otel_span_error(otel_span_t *span, int code, const char *message);
OTEL_C_END_

/* ---- log.h ----------------------------------------------------------------------------------------------------- */
/* Log records: severity, body, attributes, and the ids of the span that is current. They go into a ring of their own.
   Specification: logs/data-model.md; opentelemetry/proto/logs/v1/logs.proto. */
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
} otel_log_record_t;

OTEL_C_BEGIN_
/* Emit a record. Everything is copied. Safe in interrupts and signal handlers; never waits. What finds no room is counted. */
OTEL_API_ void otel_log_emit(const otel_log_record_t *record);
/* Emit text with `len` attributes; `scope` NULL: the unnamed one. */
OTEL_API_ void otel_log_all(const otel_scope_t *scope, otel_severity_t severity, const char *text, const otel_attr_t *attributes, size_t len);
OTEL_C_END_

/* otel_log(OTEL_INFO, "sensor read", "value", v): at most 8 pairs. otel_log_in names the scope first. */
#ifndef __cplusplus
#  define otel_log(severity, ...) otel_log_all(OTEL_FILE_SCOPE, (severity), OTEL_FIRST_(__VA_ARGS__), OTEL_TAIL_(__VA_ARGS__))
#  define otel_log_in(scope, severity, ...) otel_log_all((scope), (severity), OTEL_FIRST_(__VA_ARGS__), OTEL_TAIL_(__VA_ARGS__))
#else
template <class... A> static inline void otel_log_in(const otel_scope_t *scope, otel_severity_t severity, const char *text, const A &...pairs)
{
    OTEL_PAIRS_IN_(A, pairs);
    otel_log_all(scope, severity, text, list.at, sizeof...(A) / 2);
}
#  define otel_log(severity, ...) otel_log_in(OTEL_FILE_SCOPE, (severity), __VA_ARGS__)
#endif

/* otel_logf(OTEL_WARN, "v=%d", v) exists when OTEL_VSNPRINTF names a formatter with vsnprintf's parameters. */
#ifdef OTEL_VSNPRINTF
#include <stdarg.h>
OTEL_C_BEGIN_
static OTEL_ATTRIBUTE_((unused)) OTEL_PRINTF_(2, 3) void otel_logf(otel_severity_t severity, const char *format, ...);
static void otel_logf(otel_severity_t severity, const char *format, ...)
{
    char text[160];
    va_list arguments;
    va_start(arguments, format);
    text[0] = 0;
    (void)OTEL_VSNPRINTF(text, sizeof text, format, arguments);
    va_end(arguments);
    otel_log_all(OTEL_FILE_SCOPE, severity, text, NULL, 0);
}
OTEL_C_END_
#endif

/* ---- traceparent.h --------------------------------------------------------------------------------------------- */
/* The traceparent header: version, trace id, parent id and flags in lower-case hex, 55 characters.
   W3C Trace Context level 2: "Traceparent Header", "Versioning of traceparent". */
#define OTEL_TRACEPARENT_SIZE 56        /* the 55 characters of version 00 and the NUL */

OTEL_C_BEGIN_
OTEL_API_ void otel_traceparent_write_(const otel_context_t *context, char *out);
OTEL_API_ bool otel_traceparent_read_(otel_context_t *context, const char *text, size_t len);
OTEL_C_END_

/* ---- propagator.h ---------------------------------------------------------------------------------------------- */
/* Propagation: from the headers of a request to a context, and from a span to the headers of the next request.
   Specification: context/api-propagators.md, "TextMap Propagator"; W3C Trace Context level 2; W3C Baggage. */
OTEL_C_BEGIN_
/* Read the headers of a request into `out`; NULL stands for a header that is absent. True when traceparent is valid; else
   `out` has no ids and no tracestate, and a span started from it begins a new trace. Baggage is kept in either case.
   Spaces and tabs around a value are ignored. Header lines of the same name come joined by commas; a traceparent so
   joined is not valid. tracestate and baggage are not copied: their text must outlive `out` and the spans started from
   it. Works without an instance. Safe in interrupts and signal handlers. */
OTEL_API_ bool otel_extract(otel_context_t *out, const char *traceparent, const char *tracestate, const char *baggage);

/* Write the traceparent of `span` and give `out` back: an empty string when there is no span. Safe in interrupts. */
OTEL_API_ char *otel_traceparent(const otel_span_t *span, char out[OTEL_TRACEPARENT_SIZE]);

/* Call set(user, name, value) for each header that carries `span` on: traceparent, tracestate, baggage, in this order, and
   only those that are there. Names are lower-case; `value` lives until `set` returns, and only has visible ASCII, spaces
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

/* A length of fixed width: the writer need not know it beforehand, and every decoder takes padded varints. */
OTEL_FN_ void otel_put_length_(uint8_t *to, uint32_t length)
{
    to[0] = (uint8_t)(length | 128u);
    to[1] = (uint8_t)((length >> 7) | 128u);
    to[2] = (uint8_t)(length >> 14);
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
    return (uint32_t)from[0] | (uint32_t)from[1] << 8 | (uint32_t)from[2] << 16 | (uint32_t)from[3] << 24;
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
#if OTEL_BODIES_
OTEL_API_ unsigned otel_varint64_size_(uint64_t value)
{
    unsigned n = 1;
    while (value >> 32) {
        value >>= 7;
        n++;
    }
    return n + otel_varint_size_((uint32_t)value) - 1u;
}

OTEL_API_ uint8_t *otel_put_varint64_(uint8_t *to, uint64_t value)
{
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
{
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
        if (i == len) break;
        n = otel_utf8_step_(p + i, len - i);
        if (n == 0) return false;
        i += n;
    }
    return true;
}

/* The largest length up to `limit` that does not cut a character of `text`. */
OTEL_API_ size_t otel_utf8_cut_(const char *text, size_t len, size_t limit)
{
    size_t n = limit, back = 0;
    if (len <= limit) return len;
    while (n > 0 && back < 3 && ((uint8_t)text[n] & 0xC0) == 0x80) {
        n--;
        back++;
    }
    return ((uint8_t)text[n] & 0xC0) == 0x80 ? limit : n;     /* not UTF-8 at all: cut where the limit is */
}

/* Copy text into a protobuf string; a byte that is no UTF-8 becomes '?', so that no decoder refuses the batch. */
OTEL_API_ uint8_t *otel_put_text_(uint8_t *to, const char *text, size_t len)
{
    memcpy(to, text, len);
#if OTEL_LIMITS
    if (OTEL_UNLIKELY_(!otel_utf8_valid(text, len))) {
        size_t i = 0;
        while (i < len) {
            unsigned n = otel_utf8_step_(to + i, len - i);
            if (n == 0) {
                to[i] = '?';
                n = 1;
            }
            i += n;
        }
    }
#endif
    return to + len;
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

OTEL_FN_ int64_t otel_element_int_(const otel_value_t *v, uint32_t i)
{
    int64_t wide;
    int32_t word;
    int16_t half;
    const uint8_t *p = (const uint8_t *)v->as.p + (size_t)i * v->size;
    if (v->size == 8) {
        memcpy(&wide, p, 8);
        return wide;
    }
    if (v->size == 4) {
        memcpy(&word, p, 4);
        return word;
    }
    memcpy(&half, p, 2);
    return half;
}

/* The scalar at position `i` of an array value, or the value itself when it is no array. */
OTEL_FN_ otel_value_t otel_element_(const otel_value_t *v, uint32_t i)
{
    switch (v->type) {
    case OTEL_V_INTS_: return otel_value_int_(otel_element_int_(v, i));
    case OTEL_V_BOOLS_: return otel_value_bool_(((const bool *)v->as.p)[i]);
    case OTEL_V_DOUBLES_:
        if (v->size == sizeof(float) && sizeof(float) != sizeof(double)) return otel_value_double_((double)((const float *)v->as.p)[i]);
        return otel_value_double_(((const double *)v->as.p)[i]);
    case OTEL_V_STRINGS_: return otel_value_str_(((const char *const *)v->as.p)[i]);
    case OTEL_V_VALUES_: return ((const otel_value_t *)v->as.p)[i];
    default: return *v;
    }
}

/* An unsigned number that no int64 holds goes as decimal text (specification: common, mapping to AnyValue). */
OTEL_API_ size_t otel_big_uint_(uint8_t *to, uint64_t u);
OTEL_API_ size_t otel_big_uint_(uint8_t *to, uint64_t u)
{
    char digits[20];
    size_t n = 0, i;
    do {
        digits[n++] = (char)('0' + (int)(u % 10u));
        u /= 10u;
    } while (u);
    to[0] = OTEL_TAG_STRING_;
    to[1] = (uint8_t)n;
    for (i = 0; i < n; i++) to[2 + i] = (uint8_t)digits[n - 1 - i];
    return n + 2;
}

/* The encoded size of a scalar; texts count in full. */
OTEL_FN_ size_t otel_scalar_size_(const otel_value_t *v)
{
    switch (v->type) {
    case OTEL_V_STRING_:
    case OTEL_V_BYTES_: return 1u + otel_varint_size_(v->len) + v->len;
    case OTEL_V_BOOL_: return 2;
    case OTEL_V_INT_: return 1u + (v->as.i >= 0 && v->as.i < 128 ? 1u : otel_varint64_size_(v->as.u));
    case OTEL_V_UINT_: return v->as.u >> 63 ? (v->as.u / 10u >= 1000000000000000000u ? 22u : 21u) : 1u + otel_varint64_size_(v->as.u);
    case OTEL_V_DOUBLE_: return 9;
    default: return 0;
    }
}

OTEL_FN_ uint8_t *otel_scalar_write_(uint8_t *to, const otel_value_t *v)
{
    switch (v->type) {
    case OTEL_V_STRING_:
    case OTEL_V_BYTES_:
        *to = v->type == OTEL_V_STRING_ ? OTEL_TAG_STRING_ : OTEL_TAG_BYTES_;
#if OTEL_LIMITS
        if (v->type == OTEL_V_STRING_ && OTEL_UNLIKELY_(!otel_utf8_valid((const char *)v->as.p, v->len))) *to = OTEL_TAG_BYTES_;
#endif
        to = otel_put_varint_(to + 1, v->len);
        if (v->len) memcpy(to, v->as.p, v->len);
        return to + v->len;
    case OTEL_V_BOOL_:
        to[0] = OTEL_TAG_BOOL_;
        to[1] = (uint8_t)(v->as.i != 0);
        return to + 2;
    case OTEL_V_UINT_:
        if (v->as.u >> 63) return to + otel_big_uint_(to, v->as.u);
        /* fall through */
    case OTEL_V_INT_:
        *to++ = OTEL_TAG_INT_;
        if (v->as.u < 128u) {
            *to++ = (uint8_t)v->as.u;
            return to;
        }
        return otel_put_varint64_(to, v->as.u);
    case OTEL_V_DOUBLE_:
        *to = OTEL_TAG_DOUBLE_;
        otel_put64_(to + 1, otel_double_bits_(v->as.d));
        return to + 9;
    default: return to;
    }
}

OTEL_FN_ bool otel_is_container_(uint8_t type) { return type >= OTEL_V_INTS_; }

/* Arrays and maps, nested or not: lengths are padded and filled in when a container closes, so nothing is sized twice
   and nothing recurses. Writes `tag length AnyValue`; 0 when it does not fit. */
OTEL_API_ OTEL_NOINLINE_ size_t otel_container_write_(uint8_t *to, size_t room, uint8_t tag, const otel_value_t *value);
OTEL_API_ OTEL_NOINLINE_ size_t otel_container_write_(uint8_t *to, size_t room, uint8_t tag, const otel_value_t *value)
{
    struct {
        const otel_value_t *array;
        uint32_t next;
        uint32_t own, item, any;  /* offsets of open lengths: the container's, its item's, and in maps the value's */
    } open[OTEL_VALUE_DEPTH_];
    unsigned depth = 0;
    size_t n = 1u + OTEL_LENGTH_BYTES_;
    if (room < n + 1u + OTEL_LENGTH_BYTES_) return 0;
    to[0] = tag;
    open[0].array = value;
    for (;;) {
        const otel_value_t *array = open[depth].array;
        bool map = array->type == OTEL_V_MAP_;
        if (n + 1u + OTEL_LENGTH_BYTES_ > room) return 0;
        to[n] = map ? OTEL_TAG_MAP_ : OTEL_TAG_ARRAY_;
        open[depth].own = (uint32_t)(n + 1u);
        open[depth].next = 0;
        n += 1u + OTEL_LENGTH_BYTES_;
        for (;;) {
            otel_value_t one;
            array = open[depth].array;
            map = array->type == OTEL_V_MAP_;
            if (open[depth].next == array->len) {             /* close it, and the item of its parent that it was */
                otel_put_length_(to + open[depth].own, (uint32_t)(n - open[depth].own - OTEL_LENGTH_BYTES_));
                if (depth == 0) {
                    if (n - 1u - OTEL_LENGTH_BYTES_ > OTEL_LENGTH_MAX_) return 0;
                    otel_put_length_(to + 1, (uint32_t)(n - 1u - OTEL_LENGTH_BYTES_));
                    return n;
                }
                depth--;
            } else {
                size_t key_len = 0;
                const char *key = "";
                if (map) {
                    const otel_attr_t *a = (const otel_attr_t *)array->as.p + open[depth].next;
                    key = a->key ? a->key : "";
                    key_len = strlen(key);
                    one = a->value;
                } else {
                    one = otel_element_(array, open[depth].next);
                }
                open[depth].next++;
                if (key_len > OTEL_LENGTH_MAX_ || n + 20u + key_len + otel_scalar_size_(&one) > room) return 0;
                to[n] = 0x0A;                                 /* ArrayValue.values = 1 or KeyValueList.values = 1 */
                open[depth].item = (uint32_t)(n + 1u);
                n += 1u + OTEL_LENGTH_BYTES_;
                if (map) {
                    to[n++] = 0x0A;                           /* KeyValue.key = 1 */
                    n = (size_t)(otel_put_text_(otel_put_varint_(to + n, (uint32_t)key_len), key, key_len) - to);
                    to[n] = 0x12;                             /* KeyValue.value = 2 */
                    open[depth].any = (uint32_t)(n + 1u);
                    n += 1u + OTEL_LENGTH_BYTES_;
                }
                if (otel_is_container_(one.type) && depth + 1u < OTEL_VALUE_DEPTH_) {
                    const otel_value_t *inner = map ? &((const otel_attr_t *)array->as.p)[open[depth].next - 1u].value
                                                    : &((const otel_value_t *)array->as.p)[open[depth].next - 1u];
                    open[++depth].array = inner;
                    break;
                }
                n = (size_t)(otel_scalar_write_(to + n, &one) - to);
            }
            if (open[depth].array->type == OTEL_V_MAP_) otel_put_length_(to + open[depth].any, (uint32_t)(n - open[depth].any - OTEL_LENGTH_BYTES_));
            otel_put_length_(to + open[depth].item, (uint32_t)(n - open[depth].item - OTEL_LENGTH_BYTES_));
        }
    }
}

/* Write `tag length AnyValue`, for a log's body. The number of bytes; 0 when it does not fit. */
OTEL_API_ size_t otel_any_write_(uint8_t *to, size_t room, uint8_t tag, const otel_value_t *value)
{
    size_t any;
    if (otel_is_container_(value->type)) return otel_container_write_(to, room, tag, value);
    any = otel_scalar_size_(value);
    if (value->len > OTEL_LENGTH_MAX_ || any > OTEL_LENGTH_MAX_ || 1u + otel_varint_size_((uint32_t)any) + any > room) return 0;
    *to = tag;
    return (size_t)(otel_scalar_write_(otel_put_varint_(to + 1, (uint32_t)any), value) - to);
}

/* Write `tag length KeyValue`. The number of bytes; 0 when it does not fit. */
OTEL_API_ size_t otel_attr_write_(uint8_t *to, size_t room, uint8_t tag, const char *key, const otel_value_t *value)
{
    size_t key_len = strlen(key), any, all, head;
    uint8_t *p;
    if (key_len > OTEL_LENGTH_MAX_ || value->len > OTEL_LENGTH_MAX_) return 0;
    head = 1u + otel_varint_size_((uint32_t)key_len) + key_len;
    if (OTEL_UNLIKELY_(otel_is_container_(value->type))) {
        if (room < 1u + OTEL_LENGTH_BYTES_ + head) return 0;
        p = to + 1 + OTEL_LENGTH_BYTES_;
        any = otel_container_write_(p + head, room - 1u - OTEL_LENGTH_BYTES_ - head, 0x12, value);
        if (any == 0 || head + any > OTEL_LENGTH_MAX_) return 0;
        to[0] = tag;
        otel_put_length_(to + 1, (uint32_t)(head + any));
        *p = 0x0A;                                            /* KeyValue.key = 1 */
        (void)otel_put_text_(otel_put_varint_(p + 1, (uint32_t)key_len), key, key_len);
        return 1u + OTEL_LENGTH_BYTES_ + head + any;
    }
    any = otel_scalar_size_(value);
    all = head + 1u + otel_varint_size_((uint32_t)any) + any;
    if (all > OTEL_LENGTH_MAX_ || 1u + otel_varint_size_((uint32_t)all) + all > room) return 0;
    *to = tag;
    p = otel_put_varint_(to + 1, (uint32_t)all);
    *p = 0x0A;                                                /* KeyValue.key = 1 */
    p = otel_put_text_(otel_put_varint_(p + 1, (uint32_t)key_len), key, key_len);
    *p = 0x12;                                                /* KeyValue.value = 2 */
    return (size_t)(otel_scalar_write_(otel_put_varint_(p + 1, (uint32_t)any), value) - to);
}
OTEL_C_END_
#endif

/* ---- context.h ------------------------------------------------------------------------------------------------- */
OTEL_C_BEGIN_
OTEL_FN_ bool otel_all_zero_(const uint8_t *bytes, size_t n)
{
    uint8_t any = 0;
    while (n) any |= bytes[--n];
    return any == 0;
}
#if OTEL_BODIES_
OTEL_API_ bool otel_context_valid(const otel_context_t *context)
{
    OTEL_WHEN_OFF_((void)context; return false)
    return context && !otel_all_zero_(context->trace_id, 16) && !otel_all_zero_(context->span_id, 8);
}
#endif
OTEL_C_END_

/* ---- tracestate.h ---------------------------------------------------------------------------------------------- */
#if OTEL_BODIES_
OTEL_C_BEGIN_
#define OTEL_TRACESTATE_MEMBERS_ 32u    /* "tracestate Header Field Values" */
#define OTEL_TRACESTATE_PART_ 256u      /* bytes of a key, and of a value */

/* OWS of RFC 9110, 5.6.3: a space or a tab. */
OTEL_FN_ bool otel_blank_(char c) { return c == ' ' || c == '\t'; }

/* The next member of a header that is a comma-separated list, its length without the whitespace around it in *len; NULL
   at the end. Empty members are passed over (RFC 9110, 5.6.1). A member that begins or ends behind the first *left bytes
   is not there. At the end *at stands on the NUL, or on what was left over. */
OTEL_API_ const char *otel_list_next_(const char **at, size_t *left, size_t *len)
{
    const char *p = *at, *from, *end;
    size_t room = *left;
    for (; room && (otel_blank_(*p) || *p == ','); p++) room--;
    from = end = *at = p;
    if (room == 0 || *p == 0) return NULL;
    for (; *p && *p != ','; p++) {
        if (!otel_blank_(*p)) {
            if (room == 0) return NULL;
            end = p + 1;
        }
        if (room) room--;
    }
    *at = p;
    *left = room;
    *len = (size_t)(end - from);
    return from;
}

/* Put a member behind the n bytes of a list, as far as it fits; the new n counts it in any case. */
OTEL_API_ size_t otel_list_put_(char *buf, size_t size, size_t n, const char *member, size_t len)
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
OTEL_FN_ bool otel_tracestate_good_(const char *member, size_t len)
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

OTEL_API_ size_t otel_tracestate_write_(const char *text, char *buf, size_t size)
{
    const char *member;
    size_t n = 0, len = 0, left = (size_t)-1;
    unsigned members = 0;
    while ((member = otel_list_next_(&text, &left, &len)) != NULL) {
        if (++members > OTEL_TRACESTATE_MEMBERS_ || !otel_tracestate_good_(member, len)) {
            n = 0;
            break;
        }
        n = otel_list_put_(buf, size, n, member, len);
    }
    if (size) buf[n < size ? n : 0] = 0;
    return n;
}

OTEL_API_ size_t otel_tracestate(const otel_context_t *context, char *buf, size_t size)
{
    OTEL_WHEN_OFF_((void)context; if (size) buf[0] = 0; return 0)
    return otel_tracestate_write_(context && context->tracestate ? context->tracestate : "", buf, size);
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

/* key OWS [ "=" OWS value OWS ], a member's or a property's. Gives where it ends, 0 without a key. No '=': value is NULL. */
OTEL_API_ size_t otel_baggage_pair_(const char *text, size_t len, size_t at, otel_baggage_entry_t *pair);
OTEL_API_ size_t otel_baggage_pair_(const char *text, size_t len, size_t at, otel_baggage_entry_t *pair)
{
    size_t from = at;
    while (at < len && otel_token_char_((unsigned char)text[at])) at++;
    if (at == from) return 0;
    pair->key = text + from;
    pair->key_len = at - from;
    pair->value = NULL;
    pair->value_len = 0;
    at = otel_skip_blanks_(text, len, at);
    if (at == len || text[at] != '=') return at;
    from = at = otel_skip_blanks_(text, len, at + 1);
    while (at < len && otel_baggage_octet_((unsigned char)text[at])) at++;
    pair->value = text + from;
    pair->value_len = at - from;
    return otel_skip_blanks_(text, len, at);
}

/* list-member = key OWS "=" OWS value *( OWS ";" OWS property ) */
OTEL_FN_ bool otel_baggage_parse_(const char *member, size_t len, otel_baggage_entry_t *entry)
{
    otel_baggage_entry_t property;
    size_t at = otel_baggage_pair_(member, len, 0, entry);
    if (at == 0 || !entry->value) return false;
    entry->properties = member + len;
    entry->properties_len = 0;
    while (at < len) {
        if (member[at] != ';') return false;
        at = otel_skip_blanks_(member, len, at + 1);
        if (entry->properties_len == 0) {
            entry->properties = member + at;
            entry->properties_len = len - at;
        }
        at = otel_baggage_pair_(member, len, at, &property);
        if (at == 0) return false;
    }
    return true;
}

OTEL_API_ otel_baggage_t otel_baggage(const otel_context_t *context)
{
    otel_baggage_t it;
    memset(&it, 0, sizeof it);
    OTEL_WHEN_OFF_((void)context; return it)
    it.at_ = context && context->baggage ? context->baggage : "";
    it.left_ = OTEL_BAGGAGE_BYTES_;
    return it;
}

OTEL_API_ bool otel_baggage_next(otel_baggage_t *it, otel_baggage_entry_t *entry)
{
    const char *member;
    size_t len = 0;
    OTEL_WHEN_OFF_((void)it; (void)entry; return false)
    while ((member = otel_list_next_(&it->at_, &it->left_, &len)) != NULL) {
        if (it->members_ == OTEL_BAGGAGE_MEMBERS_) {
            it->left_ = 0;
            it->at_ = member;
            break;
        }
        it->members_++;
        if (otel_baggage_parse_(member, len, entry)) return true;
        it->rest_ = true;
    }
    if (*it->at_) it->rest_ = true;
    return false;
}

OTEL_API_ bool otel_baggage_find(const otel_context_t *context, const char *key, otel_baggage_entry_t *entry)
{
    otel_baggage_t it;
    otel_baggage_entry_t one;
    size_t len;
    memset(entry, 0, sizeof *entry);
    OTEL_WHEN_OFF_((void)context; (void)key; return false)
    len = strlen(key);
    it = otel_baggage(context);
    while (otel_baggage_next(&it, &one)) {
        if (one.key_len == len && memcmp(one.key, key, len) == 0) *entry = one;
    }
    return entry->key != NULL;
}

/* The good members from here on, as they are sent on; like otel_tracestate_write_. */
OTEL_API_ size_t otel_baggage_write_(otel_baggage_t *it, char *buf, size_t size)
{
    otel_baggage_entry_t entry;
    size_t n = 0;
    while (otel_baggage_next(it, &entry)) {
        const char *end = entry.properties_len ? entry.properties + entry.properties_len : entry.value + entry.value_len;
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
{
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
{
    uint8_t octets[4];
    size_t at = 0, n = 0, held = 0;
    OTEL_WHEN_OFF_((void)entry; if (size) buf[0] = 0; return 0)
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

/* ---- clock.h --------------------------------------------------------------------------------------------------- */
OTEL_C_BEGIN_
/* Nanoseconds: since boot when the hook gives ticks, else of Unix time. */
OTEL_FN_ uint64_t otel_clock_now_(otel_clock_t *clock)
{
    if (clock->bits == 64 && clock->ticks && clock->shift == 31 && clock->scale == 0x80000000u) return (clock->read)(clock->user);
    return otel_clock_careful_(clock);
}
#if OTEL_BODIES_
OTEL_API_ void otel_clock_set_(otel_clock_t *clock, uint64_t (*read)(void *), void *user, uint32_t hz, uint8_t bits)
{
    memset(clock, 0, sizeof *clock);
    clock->read = read;
    clock->user = user;
    clock->ticks = hz != 0;
    clock->known = hz == 0;
    clock->bits = bits == 0 || bits > 64 ? 64 : bits;
    if (hz) {
        uint64_t scale = ((uint64_t)1000000000u << 31) / hz;
        clock->shift = 31;
        while (scale > 0xFFFFFFFFu) {             /* slower than 500 MHz: fewer fraction bits fit beside the whole ones */
            scale >>= 1;
            clock->shift--;
        }
        clock->scale = (uint32_t)(((uint64_t)1000000000u << clock->shift) / hz);
    }
}

/* Widen a counter of up to 32 bits: it is read at least once a turn (otel_export_poll sees to it). */
OTEL_FN_ uint64_t otel_clock_widen_(otel_clock_t *clock, uint32_t low, bool keep)
{
    uint32_t wraps = clock->wraps;
    if (low < clock->last_low) wraps++;
    if (keep) {
        clock->wraps = wraps;
        clock->last_low = low;
    }
    return ((uint64_t)wraps << clock->bits) + low;
}

OTEL_API_ uint64_t otel_clock_careful_(otel_clock_t *clock)
{
    uint64_t now;
    uint32_t was = otel_mask_();
    bool keep = true;
#if OTEL_ATOMICS_
    uint8_t open = 0;
    keep = OTEL_CAS_(&clock->gate, &open, (uint8_t)1);
#endif
    now = (clock->read)(clock->user);
    if (clock->ticks) {
        if (clock->bits <= 32) now = otel_clock_widen_(clock, (uint32_t)(now & (0xFFFFFFFFu >> (32 - clock->bits))), keep);
    } else {
        if (now < clock->last) now = clock->last;
        if (keep) clock->last = now;
    }
#if OTEL_ATOMICS_
    if (keep) OTEL_STORE_RELEASE_(&clock->gate, (uint8_t)0);
#endif
    otel_unmask_(was);
    if (!clock->ticks) return now;
    return (((now >> 32) * clock->scale) << (32 - clock->shift)) + (((now & 0xFFFFFFFFu) * clock->scale) >> clock->shift);
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
    x ^= x >> 15;
    x *= 0x846CA68Bu;
    return x ^ (x >> 16);
}

/* Stir `n` bytes into the keys; several calls add up. */
OTEL_API_ void otel_id_seed_(otel_ids_t *ids, const uint8_t *seed, size_t n)
{
    size_t i;
    for (i = 0; i < n; i++) {
        unsigned k = (unsigned)(i & 3u);
        ids->key[k] = otel_mix_(ids->key[k] ^ ids->key[(k + 3u) & 3u] ^ ((uint32_t)seed[i] << 8 | (uint32_t)(i & 255u)));
    }
    for (i = 0; i < 4; i++) ids->key[i] = otel_mix_(ids->key[i] + ids->key[(i + 1u) & 3u] + 1u);
}

/* 2 words: a span id, 4: a trace id; never all zero. The same count never comes twice, and each word is a bijection of it. */
OTEL_API_ void otel_id_make_(otel_ids_t *ids, uint8_t *to, unsigned words)
{
    uint32_t low, word, any = 0;
    unsigned i;
#if OTEL_ATOMICS_
    otel_count_t count = OTEL_FETCH_ADD_(&ids->count, (otel_count_t)1);
#else
    uint32_t was = otel_mask_();
    otel_count_t count = ids->count++;
    otel_unmask_(was);
#endif
    low = (uint32_t)count;
    word = (uint32_t)((uint64_t)count >> 32) + words;
    for (i = 0; i < words; i++) {
        word = otel_mix_((word + low) ^ ids->key[i]);
        any |= word;
        to[4 * i] = (uint8_t)(word >> 24);
        to[4 * i + 1] = (uint8_t)(word >> 16);
        to[4 * i + 2] = (uint8_t)(word >> 8);
        to[4 * i + 3] = (uint8_t)word;
    }
    if (any == 0) to[4 * words - 1] = 1;
}
OTEL_C_END_
#endif

/* ---- result.h -------------------------------------------------------------------------------------------------- */
#if OTEL_BODIES_
OTEL_C_BEGIN_
OTEL_API_ const char *otel_result_text(otel_result_t result)
{
#define OTEL_RESULT_CASE_(code, value, text) case code: return text;
    switch (result) {
        OTEL_RESULTS_(OTEL_RESULT_CASE_)
    case OTEL_RESULTS_END_: break;
    }
    return "unknown result";
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
    uint32_t a = *otel_ring_at_(ring, otel_pos_add_(ring, pos, 1)), b = *otel_ring_at_(ring, otel_pos_add_(ring, pos, 2)),
             c = *otel_ring_at_(ring, otel_pos_add_(ring, pos, 3));
    return 1u + OTEL_LENGTH_BYTES_ + ((a & 127u) | (b & 127u) << 7 | c << 14);
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
        if (OTEL_CAS_(&ring->gate, &open, (uint8_t)1)) return true;
        if (!wait) return false;
    }
#else
    (void)ring;
    (void)wait;
    held->mask = otel_mask_();
    return true;
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
{
#define OTEL_DROP_CASE_(code, text) case code: return text;
    switch (reason) {
        OTEL_DROPS_(OTEL_DROP_CASE_)
    case OTEL_DROP_REASONS: break;
    }
    return "unknown";
#undef OTEL_DROP_CASE_
}

OTEL_API_ void otel_ring_init_(otel_ring_t *ring, void *bytes, size_t size, otel_when_full_t when_full)
{
    memset((void *)ring, 0, sizeof *ring);
    ring->bytes = (uint8_t *)bytes;
    ring->size = size > OTEL_OFFSET_ ? OTEL_OFFSET_ : (otel_pos_t)size;
    ring->when_full = (uint8_t)when_full;
}

/* Count a record that never got near the ring. */
OTEL_API_ void otel_ring_lose_(otel_ring_t *ring, otel_drop_t reason)
{
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
            reader->cursor = reader->held = next;
            reader->evicted++;
        }
    }
    ring->evicted++;
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

/* Make room for `n` bytes; the gate must not be held. OTEL_DROP_REASONS: there is room now. */
OTEL_FN_ otel_drop_t otel_ring_make_room_(otel_ring_t *ring, const otel_guard_t *guard, otel_pos_t n, bool locked)
{
    otel_drop_t why = OTEL_DROP_REASONS;
    otel_held_t_ held = { 0, false };
    if (ring->when_full != OTEL_DROP_OLDEST) return OTEL_DROP_FULL;
    if (!locked && !otel_gate_enter_(ring, guard, false, &held)) return OTEL_DROP_BUSY;
    while (why == OTEL_DROP_REASONS && otel_pos_between_(ring, ring->released, OTEL_LOAD_(&ring->reserved)) + n > ring->size) {
        why = otel_ring_evict_(ring);
    }
    if (!locked) otel_gate_leave_(ring, guard, &held);
    return why;
}

/* Take `n` bytes at *start. OTEL_DROP_REASONS: taken. On hosts only the owner of the shard comes here, and the signal
   handlers that interrupt it; elsewhere the mask or the port's lock is held. */
OTEL_FN_ otel_drop_t otel_ring_reserve_(otel_ring_t *ring, const otel_guard_t *guard, otel_pos_t n, otel_pos_t *start, bool locked)
{
    otel_count_t turn = OTEL_LOAD_(&ring->created);
    if (n > ring->size) return OTEL_DROP_TOO_LARGE;
    for (;;) {
        otel_pos_t from = OTEL_LOAD_(&ring->reserved);
        otel_pos_t used = otel_pos_between_(ring, OTEL_LOAD_ACQUIRE_(&ring->released), from);
#if OTEL_ATOMICS_
        if (OTEL_LOAD_(&ring->reserved) != from) continue;            /* a handler came between the two reads */
#endif
        if (OTEL_UNLIKELY_(used + n > ring->size)) {
            otel_drop_t why = otel_ring_make_room_(ring, guard, n, locked);
            if (why != OTEL_DROP_REASONS) return why;
            continue;
        }
        if (ring->when_full == OTEL_DROP_SAMPLE && otel_ring_thins_(ring, used, turn)) return OTEL_DROP_FULL;
        *start = from;
#if OTEL_ATOMICS_
        if (!OTEL_CAS_(&ring->reserved, &from, otel_pos_add_(ring, from, n))) continue;
#else
        ring->reserved = otel_pos_add_(ring, from, n);
#endif
        return OTEL_DROP_REASONS;
    }
}

/* Only the outermost writer finds `published` where it began; it publishes for all that interrupted it. */
OTEL_FN_ void otel_ring_publish_(otel_ring_t *ring, otel_pos_t start)
{
#if OTEL_ATOMICS_
    otel_pos_t end;
    OTEL_SIGNAL_FENCE_();
    if (OTEL_LOAD_(&ring->published) != start) return;
    end = OTEL_LOAD_(&ring->reserved);
    OTEL_STORE_RELEASE_(&ring->published, end);
    OTEL_SIGNAL_FENCE_();
    for (;;) {                                    /* a handler between the load and the store left its record to us */
        otel_pos_t now = OTEL_LOAD_(&ring->reserved), seen = end;
        if (OTEL_LIKELY_(now == end)) return;
        if (!OTEL_CAS_(&ring->published, &seen, now)) return;
        end = now;
    }
#else
    if (ring->published == start) ring->published = ring->reserved;
#endif
}

/* Write one record of `count` pieces. True when it is in the ring; else it is counted as dropped. */
OTEL_API_ bool otel_ring_write_(otel_ring_t *ring, const otel_guard_t *guard, const otel_piece_t *pieces, unsigned count)
{
    otel_pos_t start = 0, at, n = 0;
    otel_drop_t why;
    unsigned i;
    bool locked = guard->lock != NULL;
#if !OTEL_ATOMICS_
    uint32_t was;
#endif
    for (i = 0; i < count; i++) n += (otel_pos_t)pieces[i].len;
    if (locked && !(guard->lock)(guard->user, false)) {
        otel_ring_lose_(ring, OTEL_DROP_BUSY);
        return false;
    }
#if OTEL_ATOMICS_
    OTEL_ADD_(&ring->created, (otel_count_t)1);
    why = otel_ring_reserve_(ring, guard, n, &start, locked);
#else
    was = otel_mask_();
    ring->created++;
    why = otel_ring_reserve_(ring, guard, n, &start, true);
    if (why != OTEL_DROP_REASONS) {
        ring->dropped[why]++;
        ring->settled++;
    }
    otel_unmask_(was);
#endif
    if (OTEL_LIKELY_(why == OTEL_DROP_REASONS)) {
        at = start & OTEL_OFFSET_;
        for (i = 0; i < count; i++) {
            const uint8_t *from = (const uint8_t *)pieces[i].bytes;
            size_t len = pieces[i].len;
            if (OTEL_UNLIKELY_(at + len > ring->size)) {
                size_t first = (size_t)(ring->size - at);
                memcpy(ring->bytes + at, from, first);
                from += first;
                len -= first;
                at = 0;
            }
            memcpy(ring->bytes + at, from, len);
            at += (otel_pos_t)len;
            if (at == ring->size) at = 0;
        }
#if OTEL_ATOMICS_
        otel_ring_publish_(ring, start);
#else
        was = otel_mask_();
        otel_ring_publish_(ring, start);
        ring->settled++;
        otel_unmask_(was);
#endif
    }
#if OTEL_ATOMICS_
    else {
        OTEL_ADD_(&ring->dropped[why], (otel_count_t)1);
    }
    OTEL_ADD_(&ring->settled, (otel_count_t)1);
#endif
    if (locked) (guard->unlock)(guard->user);
    return why == OTEL_DROP_REASONS;
}

/* The owner of this ring's shard died: forget a record that it had begun and not published. Nobody else writes here. */
OTEL_API_ void otel_ring_repair_(otel_ring_t *ring)
{
    otel_count_t open = OTEL_LOAD_(&ring->created) - OTEL_LOAD_(&ring->settled);
    OTEL_STORE_(&ring->reserved, OTEL_LOAD_(&ring->published));
    OTEL_ADD_(&ring->dropped[OTEL_DROP_THREAD], open);
    OTEL_ADD_(&ring->settled, open);
}

/* Free what the slowest reader has passed; the gate is held. */
OTEL_FN_ void otel_ring_release_(otel_ring_t *ring)
{
    otel_pos_t slowest = OTEL_LOAD_ACQUIRE_(&ring->published);
    otel_pos_t most = 0;
    unsigned i;
    bool any = false;
    for (i = 0; i < OTEL_READERS_; i++) {
        otel_pos_t back;
        if (!ring->reader[i].on) continue;
        back = otel_pos_between_(ring, ring->reader[i].cursor, slowest);
        if (!any || back > most) most = back;
        any = true;
    }
    if (!any) return;
    for (i = 0; i < OTEL_READERS_; i++) {
        if (ring->reader[i].on && otel_pos_between_(ring, ring->reader[i].cursor, slowest) == most) {
            OTEL_STORE_RELEASE_(&ring->released, ring->reader[i].cursor);
            return;
        }
    }
}

/* Add a reader at the oldest record that is still there. False when the place is taken. */
OTEL_API_ bool otel_ring_attach_(otel_ring_t *ring, const otel_guard_t *guard, unsigned reader)
{
    otel_held_t_ held;
    bool mine;
    (void)otel_gate_enter_(ring, guard, true, &held);
    mine = !ring->reader[reader].on;
    if (mine) {
        ring->reader[reader].cursor = ring->reader[reader].held = ring->released;
        ring->reader[reader].evicted = 0;
        ring->reader[reader].on = true;
    }
    otel_gate_leave_(ring, guard, &held);
    return mine;
}

OTEL_API_ void otel_ring_detach_(otel_ring_t *ring, const otel_guard_t *guard, unsigned reader)
{
    otel_held_t_ held;
    (void)otel_gate_enter_(ring, guard, true, &held);
    ring->reader[reader].on = false;
    otel_ring_release_(ring);
    otel_gate_leave_(ring, guard, &held);
}

/* Hold all that is published: the reader may look at cursor..answer until it passes or holds less. */
OTEL_API_ otel_pos_t otel_ring_hold_(otel_ring_t *ring, const otel_guard_t *guard, unsigned reader)
{
    otel_held_t_ held;
    otel_pos_t until;
    (void)otel_gate_enter_(ring, guard, true, &held);
    until = OTEL_LOAD_ACQUIRE_(&ring->published);
    ring->reader[reader].held = until;
    otel_gate_leave_(ring, guard, &held);
    return until;
}

/* Hold less: cursor..until. */
OTEL_API_ void otel_ring_hold_until_(otel_ring_t *ring, const otel_guard_t *guard, unsigned reader, otel_pos_t until)
{
    otel_held_t_ held;
    (void)otel_gate_enter_(ring, guard, true, &held);
    ring->reader[reader].held = until;
    otel_gate_leave_(ring, guard, &held);
}

/* Done with all before `to`: the bytes are free once every reader says so. Nothing is held afterwards. */
OTEL_API_ void otel_ring_pass_(otel_ring_t *ring, const otel_guard_t *guard, unsigned reader, otel_pos_t to)
{
    otel_held_t_ held;
    (void)otel_gate_enter_(ring, guard, true, &held);
    ring->reader[reader].cursor = ring->reader[reader].held = to;
    otel_ring_release_(ring);
    otel_gate_leave_(ring, guard, &held);
}
#endif
OTEL_C_END_

/* ---- sampler.h ------------------------------------------------------------------------------------------------- */
#if OTEL_BODIES_
OTEL_C_BEGIN_
OTEL_API_ otel_decision_t otel_decide_on_(const otel_sampler_t *self, const otel_sampling_t *input)
{
    (void)self;
    (void)input;
    return OTEL_DECISION_RECORD_AND_SAMPLE;
}

OTEL_API_ otel_decision_t otel_decide_off_(const otel_sampler_t *self, const otel_sampling_t *input)
{
    (void)self;
    (void)input;
    return OTEL_DECISION_DROP;
}

OTEL_API_ otel_decision_t otel_decide_ratio_(const otel_sampler_t *self, const otel_sampling_t *input)
{
    uint64_t random = 0;
    unsigned i;
    for (i = 9; i < 16; i++) random = random << 8 | input->trace_id[i];
    return random >= self->threshold ? OTEL_DECISION_RECORD_AND_SAMPLE : OTEL_DECISION_DROP;
}

OTEL_API_ otel_decision_t otel_decide_parent_(const otel_sampler_t *self, const otel_sampling_t *input)
{
    if (input->parent) return input->parent->flags & OTEL_FLAG_SAMPLED ? OTEL_DECISION_RECORD_AND_SAMPLE : OTEL_DECISION_DROP;
    if (!self->root || !self->root->decide) return OTEL_DECISION_RECORD_AND_SAMPLE;
    return (self->root->decide)(self->root, input);
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

OTEL_FN_ bool otel_running_(const otel_t *otel) { return otel && otel->live_ == 1; }

OTEL_FN_ otel_shard_t *otel_shard_at_(otel_t *otel, unsigned i) { return i == 0 ? &otel->shard_ : otel->more_ + (i - 1u); }

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
OTEL_VAR_ uint32_t otel_serial_v0_ = 0;
OTEL_VAR_ OTEL_THREAD_LOCAL_ otel_thread_t_ otel_thread_v0_;
#endif
#endif
#define OTEL_SPAN_RING_MIN_ 80u   /* a bare span with a short name */
#define OTEL_LOG_RING_MIN_ 64u

OTEL_API_ otel_t *otel_default(void)
{
    OTEL_WHEN_OFF_(return NULL)
    return otel_default_();
}

OTEL_API_ void otel_use(otel_t *otel)
{
    OTEL_WHEN_OFF_((void)otel; return)
#if OTEL_ENABLED
    OTEL_STORE_(&otel_default_v0_, otel);
#endif
}

/* Cut the pool into the rings of all shards. */
OTEL_FN_ bool otel_pool_cut_(otel_t *otel, const otel_config_t *c)
{
    uint8_t *at = (uint8_t *)c->pool;
    size_t left = c->pool_size, each, logs;
    unsigned i, percent = c->log_percent == 0 ? 25u : c->log_percent == OTEL_NO_LOG_RING ? 0u : c->log_percent;
    if (otel->shards_ > 1) {
        size_t skip = (64u - (size_t)((uintptr_t)at & 63u)) & 63u, need = (size_t)(otel->shards_ - 1u) * sizeof(otel_shard_t);
        if (left < skip + need) return false;
        otel->more_ = (otel_shard_t *)(void *)(at + skip);
        at += skip + need;
        left -= skip + need;
    }
    each = left / otel->shards_;
    logs = each / 100u * percent + each % 100u * percent / 100u;
    if (each - logs < OTEL_SPAN_RING_MIN_ || (percent && logs < OTEL_LOG_RING_MIN_)) return false;
    for (i = 0; i < otel->shards_; i++) {
        otel_shard_t *shard = otel_shard_at_(otel, i);
        memset((void *)shard, 0, sizeof *shard);
        otel_ring_init_(&shard->ring[OTEL_SPANS_], at, each - logs, c->when_full);
        otel_ring_init_(&shard->ring[OTEL_LOGS_], at + (each - logs), logs, c->when_full);
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
    for (i = 0; i < otel->shards_; i++) {
        otel_ids_t *ids = &otel_shard_at_(otel, i)->ids;
        uint8_t number = (uint8_t)i;
        memset(ids, 0, sizeof *ids);
        if (otel->random_) {
            otel_id_seed_(ids, seed.random, sizeof seed.random);
        } else {
            otel_id_seed_(ids, (const uint8_t *)&seed, sizeof seed);
            if (otel->config_.service) otel_id_seed_(ids, (const uint8_t *)otel->config_.service, strlen(otel->config_.service));
        }
        otel_id_seed_(ids, &number, 1);
        otel_id_seed_(ids, (const uint8_t *)(i >> 8 ? "1" : "0"), i >> 8);
    }
}

OTEL_API_ otel_result_t otel_init_with(otel_t *otel, const otel_config_t *config)
{
    OTEL_WHEN_OFF_((void)otel; (void)config; return OTEL_OK)
#if OTEL_ENABLED
    if (!otel || !config) return OTEL_E_NULL;
    if (otel_default_v0_ == otel) otel_use(NULL);
    memset((void *)otel, 0, sizeof *otel);
    if (!config->clock) return OTEL_E_CLOCK;
    if (!config->pool) return OTEL_E_POOL;
    if ((config->log_percent > 99u && config->log_percent != OTEL_NO_LOG_RING) || config->when_full > OTEL_DROP_SAMPLE || (!config->lock != !config->unlock) ||
        (config->attributes_len && !config->attributes) || (config->clock_hz == 0 && config->clock_bits && config->clock_bits != 64)) return OTEL_E_CONFIG;
#if OTEL_PORT_LOCK
    if (!config->lock) return OTEL_E_LOCK;
#endif
    otel->config_ = *config;
    if (otel->config_.hold_ms == 0) otel->config_.hold_ms = 600000u;
    otel->guard_.lock = config->lock;
    otel->guard_.unlock = config->unlock;
    otel->guard_.user = config->user;
    otel_clock_set_(&otel->clock_, config->clock, config->user, config->clock_hz, config->clock_bits);
    otel->shards_ = 1;
#if OTEL_ATOMICS_
    if (config->shards > 1 && !config->lock) otel->shards_ = config->shards;
    otel->epoch_ = __atomic_add_fetch(&otel_epoch_v0_, 1u, __ATOMIC_RELAXED);
#else
    otel->epoch_ = ++otel_epoch_v0_;
#endif
    if (!otel_pool_cut_(otel, config)) return OTEL_E_POOL;
    otel_seed_(otel);
    otel->live_ = 1;
    if (!otel_default_()) otel_use(otel);
    return OTEL_OK;
#endif
}

OTEL_API_ void otel_time_sync(otel_t *otel, uint64_t unix_ns)
{
    uint64_t offset;
    uint32_t was;
    OTEL_WHEN_OFF_((void)otel; (void)unix_ns; return)
    if (!otel_running_(otel) || !otel->clock_.ticks) return;
    offset = unix_ns - otel_clock_now_(&otel->clock_);
    was = otel_mask_();
    otel->clock_.offset = offset;
    otel->clock_.known = true;
    otel_unmask_(was);
}

#if OTEL_ATOMICS_ && OTEL_ENABLED
/* The shard of the calling thread: its own from a claim until otel_thread_end, or the first one, which all may try. */
OTEL_API_ OTEL_NOINLINE_ otel_shard_t *otel_shard_claim_(otel_t *otel);
OTEL_API_ OTEL_NOINLINE_ otel_shard_t *otel_shard_claim_(otel_t *otel)
{
    otel_thread_t_ *thread = &otel_thread_v0_;
    otel_shard_t *mine = &otel->shard_;
    unsigned i;
    while (OTEL_LOAD_(&thread->serial) == 0) {
        uint32_t none = 0;
        (void)OTEL_CAS_(&thread->serial, &none, __atomic_add_fetch(&otel_serial_v0_, 1u, __ATOMIC_RELAXED));
    }
    for (i = 1; i < otel->shards_; i++) {
        if (OTEL_LOAD_(&otel_shard_at_(otel, i)->owner) == thread->serial) break;
    }
    if (i == otel->shards_) {
        for (i = 1; i < otel->shards_; i++) {
            uint32_t nobody = 0;
            if (OTEL_CAS_(&otel_shard_at_(otel, i)->owner, &nobody, thread->serial)) break;
        }
    }
    if (i < otel->shards_) mine = otel_shard_at_(otel, i);
    thread->otel = NULL;                          /* a handler in between finds nothing cached, or all of it */
    OTEL_SIGNAL_FENCE_();
    thread->shard = mine;
    thread->epoch = otel->epoch_;
    OTEL_SIGNAL_FENCE_();
    thread->otel = otel;
    return mine;
}
#endif

OTEL_API_ otel_shard_t *otel_shard_(otel_t *otel)
{
#if OTEL_ATOMICS_ && OTEL_ENABLED
    otel_thread_t_ *thread = &otel_thread_v0_;
    if (OTEL_LIKELY_(thread->otel == otel && thread->epoch == otel->epoch_)) return thread->shard;
    return otel_shard_claim_(otel);
#else
    return &otel->shard_;
#endif
}

OTEL_API_ void otel_id_(otel_t *otel, uint8_t *to, unsigned words) { otel_id_make_(&otel_shard_(otel)->ids, to, words); }

OTEL_API_ void otel_lose_(otel_t *otel, unsigned ring, otel_drop_t reason) { otel_ring_lose_(&otel_shard_(otel)->ring[ring], reason); }

/* Put a record into the calling thread's ring. False: dropped and counted. */
OTEL_API_ bool otel_record_(otel_t *otel, unsigned ring, const otel_piece_t *pieces, unsigned count)
{
    otel_shard_t *shard = otel_shard_(otel);
#if OTEL_ATOMICS_ && OTEL_ENABLED
    bool shared = shard == &otel->shard_ && !otel->guard_.lock, nested = false, written;
    if (shared) {                                 /* the first shard has an owner only while a record is written */
        uint32_t nobody = 0;
        nested = OTEL_LOAD_(&shard->owner) == otel_thread_v0_.serial;
        if (!nested && !OTEL_CAS_(&shard->owner, &nobody, otel_thread_v0_.serial)) {
            otel_ring_lose_(&shard->ring[ring], OTEL_DROP_BUSY);
            return false;
        }
    }
    written = otel_ring_write_(&shard->ring[ring], &otel->guard_, pieces, count);
    if (shared && !nested) OTEL_STORE_RELEASE_(&shard->owner, 0u);
    return written;
#else
    return otel_ring_write_(&shard->ring[ring], &otel->guard_, pieces, count);
#endif
}

OTEL_API_ void otel_thread_end(otel_t *otel)
{
    OTEL_WHEN_OFF_((void)otel; return)
#if OTEL_ATOMICS_ && OTEL_ENABLED
    if (otel && otel->live_ && otel_thread_v0_.serial) {
        unsigned i;
        for (i = 0; i < otel->shards_; i++) {
            otel_shard_t *shard = otel_shard_at_(otel, i);
            if (OTEL_LOAD_(&shard->owner) != otel_thread_v0_.serial) continue;
            if (i > 0 || OTEL_LOAD_(&shard->ring[0].reserved) != OTEL_LOAD_(&shard->ring[0].published)) otel_ring_repair_(&shard->ring[0]);
            if (i > 0 || OTEL_LOAD_(&shard->ring[1].reserved) != OTEL_LOAD_(&shard->ring[1].published)) otel_ring_repair_(&shard->ring[1]);
            OTEL_STORE_RELEASE_(&shard->owner, 0u);
        }
        otel_thread_v0_.otel = NULL;
    }
#else
    (void)otel;
#endif
}

OTEL_API_ void otel_after_fork(otel_t *otel)
{
    OTEL_WHEN_OFF_((void)otel; return)
#if OTEL_ENABLED
    if (otel && otel->live_) {
        unsigned i, k, reader;
        for (i = 0; i < otel->shards_; i++) {
            otel_shard_t *shard = otel_shard_at_(otel, i);
            shard->owner = 0;
            for (k = 0; k < 2; k++) {
                otel_ring_t *ring = &shard->ring[k], old = *ring;
                otel_ring_init_(ring, old.bytes, (size_t)old.size, (otel_when_full_t)old.when_full);
                for (reader = 0; reader < OTEL_READERS_; reader++) ring->reader[reader].on = old.reader[reader].on;
            }
        }
        otel->clock_.gate = 0;
#if OTEL_ATOMICS_
        otel->epoch_ = __atomic_add_fetch(&otel_epoch_v0_, 1u, __ATOMIC_RELAXED);
        otel_thread_v0_.otel = NULL;
#endif
        otel_seed_(otel);
    }
#endif
}

/* The number of a scope in this instance, given at its first use; 0, the unnamed scope, when there is none or no room. */
OTEL_API_ uint32_t otel_scope_number_(otel_t *otel, const otel_scope_t *scope)
{
    otel_scope_t *s = (otel_scope_t *)(uintptr_t)scope;       /* defined by OTEL_SCOPE, which is not const */
    uint32_t was, number;
    if (!s) return 0;
    if (OTEL_LIKELY_(OTEL_LOAD_ACQUIRE_(&s->epoch_) == otel->epoch_)) return s->number_;
#if OTEL_ATOMICS_
    was = OTEL_LOAD_(&s->epoch_);
    number = OTEL_FETCH_ADD_(&otel->scope_count_, 1u) + 1u;
    if (number > OTEL_SCOPES_) return 0;
    /* one thread wins the right to enter it; the others use the unnamed scope for this one record */
    if (was == UINT32_MAX || !OTEL_CAS_(&s->epoch_, &was, UINT32_MAX)) return OTEL_LOAD_ACQUIRE_(&s->epoch_) == otel->epoch_ ? s->number_ : 0;
    s->number_ = number;
    s->next_ = OTEL_LOAD_(&otel->scopes_);
    while (!OTEL_CAS_(&otel->scopes_, &s->next_, s)) {}
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
#define OTEL_FIELD_ATTRIBUTE_ 0x4Au   /* Span.attributes = 9 */
#define OTEL_FIELD_EVENT_ 0x5Au       /* Span.events = 11 */
#define OTEL_FIELD_LINK_ 0x6Au        /* Span.links = 13 */
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

/* The scratch is reached by offset: the span's memory may be longer than its type. */
OTEL_FN_ uint8_t *otel_scratch_(otel_span_t *span) { return (uint8_t *)span + offsetof(otel_span_t, scratch_); }

/* The size of the field at `p` of the scratch: one tag byte, a varint length, content. */
OTEL_FN_ size_t otel_field_size_(const uint8_t *p)
{
    size_t n = 0;
    unsigned shift = 0, i = 1;
    do {
        n |= (size_t)(p[i] & 127u) << shift;
        shift += 7;
    } while (p[i++] & 128u);
    return n + i;
}
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

/* Take a field out of the scratch. */
OTEL_FN_ void otel_scratch_cut_(otel_span_t *span, uint8_t *field, size_t n)
{
    span->used_ -= n;
    memmove(field, field + n, (size_t)(otel_scratch_(span) + span->used_ - field));
}

/* Take out the first field of this tag, if there is one. */
OTEL_FN_ void otel_scratch_remove_(otel_span_t *span, uint8_t tag)
{
    uint8_t *p = otel_scratch_(span), *end = p + span->used_;
    while (p < end) {
        size_t n = otel_field_size_(p);
        if (*p == tag) {
            otel_scratch_cut_(span, p, n);
            return;
        }
        p += n;
    }
}

/* The attribute with this key, or NULL. The key's length byte is compared before the key. */
OTEL_FN_ uint8_t *otel_scratch_find_(otel_span_t *span, const char *key, size_t key_len)
{
    uint8_t *p = otel_scratch_(span), *end = p + span->used_;
    while (p < end) {
        size_t n = OTEL_LIKELY_(p[1] < 128u) ? 2u + p[1] : otel_field_size_(p);
        if (*p == OTEL_FIELD_ATTRIBUTE_) {
            const uint8_t *k = p + 2;
            while (k[-1] & 128u) k++;             /* k: behind the length; KeyValue.key comes first */
            if (k[1] == (key_len < 128u ? key_len : (key_len & 127u) | 128u)) {
                const uint8_t *text = k + 1 + otel_varint_size_((uint32_t)key_len);
                if (otel_field_size_(k) == (size_t)(text - k) + key_len && memcmp(text, key, key_len) == 0) return p;
            }
        }
        p += n;
    }
    return NULL;
}

OTEL_API_ otel_span_t *otel_set_(otel_span_t *span, const char *key, const otel_value_t *value)
{
    OTEL_TRACES_OFF_((void)span; (void)key; (void)value; return NULL)
    if (otel_is_recording(span) && key && *key) {
        uint8_t *scratch = otel_scratch_(span), *old = NULL;
        size_t n;
        if (span->attributes_) old = otel_scratch_find_(span, key, strlen(key));
        n = span->attributes_ >= OTEL_COUNT_LIMIT_ && !old ? 0 : otel_attr_write_(scratch + span->used_, span->room_ - span->used_, OTEL_FIELD_ATTRIBUTE_, key, value);
        if (OTEL_UNLIKELY_(old != NULL)) {        /* the new one first, so that nothing is lost when it does not fit */
            size_t gone = otel_field_size_(old);
            if (n == 0 && span->room_ - span->used_ + gone < span->room_) {
                otel_scratch_cut_(span, old, gone);
                span->attributes_--;
                n = otel_attr_write_(scratch + span->used_, span->room_ - span->used_, OTEL_FIELD_ATTRIBUTE_, key, value);
            } else if (n) {
                span->used_ += n;
                otel_scratch_cut_(span, old, gone);
                return span;
            }
        }
        if (n == 0) {
            otel_count16_(&span->lost_attributes_);
        } else {
            span->used_ += n;
            span->attributes_++;
        }
    }
    return span;
}

OTEL_API_ otel_span_t *otel_set_int_(otel_span_t *span, const char *key, int64_t value)
{
    otel_value_t v = otel_value_int_(value);
    return otel_set_(span, key, &v);
}

OTEL_API_ otel_span_t *otel_set_i32_(otel_span_t *span, const char *key, int32_t value) { return otel_set_int_(span, key, value); }

OTEL_API_ otel_span_t *otel_set_uint_(otel_span_t *span, const char *key, uint64_t value)
{
    otel_value_t v = otel_value_uint_(value);
    return otel_set_(span, key, &v);
}

OTEL_API_ otel_span_t *otel_set_bool_(otel_span_t *span, const char *key, bool value)
{
    otel_value_t v = otel_value_bool_(value);
    return otel_set_(span, key, &v);
}

OTEL_API_ otel_span_t *otel_set_double_(otel_span_t *span, const char *key, double value)
{
    otel_value_t v = otel_value_double_(value);
    return otel_set_(span, key, &v);
}

OTEL_API_ otel_span_t *otel_set_str_(otel_span_t *span, const char *key, const char *value)
{
    otel_value_t v = otel_value_str_(value);
    return otel_set_(span, key, &v);
}

OTEL_API_ void otel_span_set_all(otel_span_t *span, const otel_attr_t *attributes, size_t len)
{
    size_t i;
    OTEL_TRACES_OFF_((void)span; (void)attributes; (void)len; return)
    if (!attributes) return;
    for (i = 0; i < len; i++) (void)otel_set_(span, attributes[i].key, &attributes[i].value);
}

/* Write a message field that holds what `write` would have to size first: head with a padded length, then attributes one
   by one; those that do not fit are counted inside. Event and link share it. */
OTEL_API_ void otel_scratch_message_(otel_span_t *span, uint8_t tag, const uint8_t *head, size_t head_len, const char *text, uint8_t attribute_tag, uint8_t lost_tag, const otel_attr_t *attributes, size_t len);
OTEL_API_ void otel_scratch_message_(otel_span_t *span, uint8_t tag, const uint8_t *head, size_t head_len, const char *text, uint8_t attribute_tag, uint8_t lost_tag, const otel_attr_t *attributes, size_t len)
{
    uint8_t *begin = otel_scratch_(span) + span->used_, *p = begin + 1 + OTEL_LENGTH_BYTES_;
    size_t room = span->room_ - span->used_, text_len = text ? strlen(text) : 0, i, n;
    uint32_t lost = 0, kept = 0;
    uint16_t *count = tag == OTEL_FIELD_EVENT_ ? &span->events_ : &span->links_, *gone = tag == OTEL_FIELD_EVENT_ ? &span->lost_events_ : &span->lost_links_;
    if (text_len > OTEL_NAME_MAX_) text_len = otel_utf8_cut_(text, text_len, OTEL_NAME_MAX_);
    n = 1u + OTEL_LENGTH_BYTES_ + head_len + (text ? 1u + otel_varint_size_((uint32_t)text_len) + text_len : 0u) + 4u;
    if (n > room || *count >= OTEL_COUNT_LIMIT_) {            /* 4: dropped_attributes_count must find its place */
        otel_count16_(gone);
        return;
    }
    memcpy(p, head, head_len);
    p += head_len;
    if (text) {
        *p = 0x12;                                            /* Event.name = 2 */
        p = otel_put_text_(otel_put_varint_(p + 1, (uint32_t)text_len), text, text_len);
    }
    for (i = 0; i < len && attributes; i++) {
        n = kept < OTEL_COUNT_LIMIT_ && attributes[i].key ? otel_attr_write_(p, room - 4u - (size_t)(p - begin), attribute_tag, attributes[i].key, &attributes[i].value) : 0;
        if (n) kept++;
        else if (lost < 0x1FFFFFu) lost++;
        p += n;
    }
    if (lost) {
        *p = lost_tag;                                        /* Event.dropped_attributes_count = 4, Link's = 5 */
        p = otel_put_varint_(p + 1, lost > 0x1FFFFFu ? 0x1FFFFFu : lost);
    }
    *begin = tag;
    otel_put_length_(begin + 1, (uint32_t)(p - begin) - 1u - OTEL_LENGTH_BYTES_);
    span->used_ += (size_t)(p - begin);
    otel_count16_(count);
}

OTEL_API_ void otel_span_link_all(otel_span_t *span, const otel_context_t *context, const otel_attr_t *attributes, size_t len)
{
    uint8_t head[33];
    OTEL_TRACES_OFF_((void)span; (void)context; (void)attributes; (void)len; return)
    if (!otel_is_recording(span) || !context || (!otel_context_valid(context) && len == 0 && !context->tracestate)) return;
    head[0] = 0x0A;                                           /* Link.trace_id = 1 */
    head[1] = 16;
    memcpy(head + 2, context->trace_id, 16);
    head[18] = 0x12;                                          /* Link.span_id = 2 */
    head[19] = 8;
    memcpy(head + 20, context->span_id, 8);
    head[28] = 0x35;                                          /* Link.flags = 6, fixed32 */
    otel_put32_(head + 29, context->flags | 0x100u | (context->remote ? 0x200u : 0u));
    otel_scratch_message_(span, OTEL_FIELD_LINK_, head, 33, NULL, 0x22, 0x28, attributes, len);
}

OTEL_API_ void otel_span_status(otel_span_t *span, otel_status_t status, const char *message)
{
    size_t n;
    OTEL_TRACES_OFF_((void)span; (void)status; (void)message; return)
    if (!otel_is_recording(span) || status <= OTEL_STATUS_UNSET || status > OTEL_STATUS_ERROR || span->status_ == OTEL_STATUS_OK) return;
    if (span->state_ & OTEL_SPAN_STATUS_) otel_scratch_remove_(span, OTEL_FIELD_STATUS_);
    span->state_ &= (uint8_t)~OTEL_SPAN_STATUS_;
    span->status_ = (uint8_t)status;
    if (!message || !*message || status != OTEL_STATUS_ERROR) return;
    n = otel_utf8_cut_(message, strlen(message), OTEL_NAME_MAX_);
    if (span->room_ - span->used_ >= n + 9u) {
        uint8_t *p = otel_scratch_(span) + span->used_;
        *p = OTEL_FIELD_STATUS_;
        p = otel_put_varint_(p + 1, (uint32_t)(n + 3u + otel_varint_size_((uint32_t)n)));
        *p = 0x12;                                            /* Status.message = 2 */
        p = otel_put_text_(otel_put_varint_(p + 1, (uint32_t)n), message, n);
        *p++ = 0x18;                                          /* Status.code = 3 */
        *p++ = (uint8_t)status;
        span->used_ = (size_t)(p - otel_scratch_(span));
        span->state_ |= OTEL_SPAN_STATUS_;
    }
}

OTEL_API_ void otel_span_rename(otel_span_t *span, const char *name)
{
    size_t n;
    OTEL_TRACES_OFF_((void)span; (void)name; return)
    if (!otel_is_recording(span) || !name) return;
    if (span->state_ & OTEL_SPAN_NAMED_) otel_scratch_remove_(span, OTEL_FIELD_NAME_);
    span->state_ &= (uint8_t)~OTEL_SPAN_NAMED_;
    n = otel_utf8_cut_(name, strlen(name), OTEL_NAME_MAX_);
    if (span->room_ - span->used_ < n + 3u) {
        otel_count16_(&span->lost_attributes_);               /* the old name stays */
        return;
    }
    {
        uint8_t *p = otel_scratch_(span) + span->used_;
        *p = OTEL_FIELD_NAME_;
        p = otel_put_text_(otel_put_varint_(p + 1, (uint32_t)n), name, n);
        span->used_ = (size_t)(p - otel_scratch_(span));
        span->state_ |= OTEL_SPAN_NAMED_;
    }
}

OTEL_API_ otel_context_t otel_span_context(const otel_span_t *span)
{
    otel_context_t c;
    memset(&c, 0, sizeof c);
    OTEL_TRACES_OFF_((void)span; return c)
    if (!span) return c;
    memcpy(c.trace_id, span->head_ + OTEL_HEAD_TRACE_, 16);
    memcpy(c.span_id, span->head_ + OTEL_HEAD_SPAN_, 8);
    c.flags = span->flags_;
    c.tracestate = span->tracestate_;
    c.baggage = span->baggage_;
    return c;
}

OTEL_API_ otel_span_t *otel_span_current(void)
{
    otel_current_t *slot;
    OTEL_TRACES_OFF_(return NULL)
    if (!otel_default_()) return NULL;
    slot = otel_current_(otel_default_());
    return slot ? slot->span : NULL;
}

OTEL_API_ void otel_span_enter(otel_span_t *span)
{
    otel_current_t *slot;
    OTEL_TRACES_OFF_((void)span; return)
    if (!span || !span->otel_ || (span->state_ & OTEL_SPAN_CURRENT_)) return;
    slot = otel_current_(span->otel_);
    if (!slot) return;
    if (span->state_ & OTEL_SPAN_BY_VALUE_) {
        slot->context = otel_span_context(span);
        slot->span = NULL;
    } else {
        span->up_ = slot->span;
        OTEL_SIGNAL_FENCE_();                                 /* an interrupt sees a whole span or the one before */
        slot->span = span;
    }
    span->state_ |= OTEL_SPAN_CURRENT_;
}

OTEL_API_ void otel_span_leave(otel_span_t *span)
{
    otel_current_t *slot;
    OTEL_TRACES_OFF_((void)span; return)
    if (!span || !span->otel_ || !(span->state_ & OTEL_SPAN_CURRENT_)) return;
    span->state_ &= (uint8_t)~OTEL_SPAN_CURRENT_;
    slot = otel_current_(span->otel_);
    if (!slot) return;
    if (span->state_ & OTEL_SPAN_BY_VALUE_) {                 /* back to the parent, as far as this span knows it */
        memset(&slot->context, 0, sizeof slot->context);
        if (span->state_ & OTEL_SPAN_PARENT_) {
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

OTEL_API_ otel_span_t *otel_span_start_with(otel_span_t *span, const otel_span_options_t *options)
{
    OTEL_TRACES_OFF_((void)span; (void)options; return NULL)
    return otel_span_start_in_(span, sizeof(otel_span_t), NULL, 0, options);
}

/* The parent: the one that was given, else the current span, else the context that a block without cleanup left. */
OTEL_FN_ const otel_context_t *otel_find_parent_(otel_t *otel, const otel_span_options_t *options, const otel_span_t **span)
{
    otel_current_t *slot;
    if (options->parent) return otel_context_valid(options->parent) ? options->parent : NULL;
    slot = otel_current_(otel);
    if (!slot) return NULL;
    *span = slot->span;
    if (slot->span) return NULL;
    return slot->context.trace_id[0] | slot->context.trace_id[15] || otel_context_valid(&slot->context) ? &slot->context : NULL;
}

/* Ids, flags and what is passed on, from the parent or new. False: there is no parent. */
OTEL_FN_ bool otel_span_inherit_(otel_span_t *span, otel_t *otel, const otel_span_options_t *options)
{
    const otel_span_t *up = NULL;
    const otel_context_t *parent = otel_find_parent_(otel, options, &up);
    if (up) {
        memcpy(span->head_ + OTEL_HEAD_TRACE_, up->head_ + OTEL_HEAD_TRACE_, 16);
        memcpy(span->head_ + OTEL_HEAD_PARENT_, up->head_ + OTEL_HEAD_SPAN_, 8);
        span->flags_ = up->flags_;
        span->tracestate_ = up->tracestate_;
        span->baggage_ = up->baggage_;
    } else if (parent) {
        memcpy(span->head_ + OTEL_HEAD_TRACE_, parent->trace_id, 16);
        memcpy(span->head_ + OTEL_HEAD_PARENT_, parent->span_id, 8);
        span->flags_ = (uint8_t)(parent->flags & (OTEL_FLAG_SAMPLED | OTEL_FLAG_RANDOM));
        span->tracestate_ = parent->tracestate;
        span->baggage_ = parent->baggage;
    } else {
        otel_id_(otel, span->head_ + OTEL_HEAD_TRACE_, 4);
        span->flags_ = otel->random_ ? OTEL_FLAG_RANDOM : 0u;
        if (options->parent) span->baggage_ = options->parent->baggage;
    }
    otel_id_(otel, span->head_ + OTEL_HEAD_SPAN_, 2);
    if (!up && !parent) return false;
    span->state_ |= OTEL_SPAN_PARENT_;
    otel_put32_(span->head_ + OTEL_HEAD_FLAGS_, 0x100u | (parent && parent->remote ? 0x200u : 0u));   /* has_is_remote, is_remote: of the parent */
    return true;
}

OTEL_API_ OTEL_NOINLINE_ otel_decision_t otel_span_ask_(const otel_span_t *span, otel_t *otel, const otel_span_options_t *options);
OTEL_API_ OTEL_NOINLINE_ otel_decision_t otel_span_ask_(const otel_span_t *span, otel_t *otel, const otel_span_options_t *options)
{
    otel_sampling_t input;
    otel_context_t parent;
    otel_decision_t decision;
    input.parent = NULL;
    if (span->state_ & OTEL_SPAN_PARENT_) {
        memset(&parent, 0, sizeof parent);
        memcpy(parent.trace_id, span->head_ + OTEL_HEAD_TRACE_, 16);
        memcpy(parent.span_id, span->head_ + OTEL_HEAD_PARENT_, 8);
        parent.flags = span->flags_;
        parent.tracestate = span->tracestate_;
        parent.remote = (span->head_[OTEL_HEAD_FLAGS_ + 1] & 2u) != 0;
        input.parent = &parent;
    }
    input.trace_id = span->head_ + OTEL_HEAD_TRACE_;
    input.name = options->name;
    input.kind = options->kind ? (int)options->kind : (int)OTEL_INTERNAL;
    input.attributes = options->attributes;
    input.attributes_len = options->attributes_len;
    decision = (otel->config_.sampler.decide)(&otel->config_.sampler, &input);
    return decision == OTEL_DECISION_RECORD_ONLY || decision == OTEL_DECISION_RECORD_AND_SAMPLE ? decision : OTEL_DECISION_DROP;
}

/* Span.trace_state = 3: what came in, as it is sent on. */
OTEL_API_ OTEL_NOINLINE_ void otel_span_tracestate_(otel_span_t *span);
OTEL_API_ OTEL_NOINLINE_ void otel_span_tracestate_(otel_span_t *span)
{
    otel_context_t context = otel_span_context(span);
    uint8_t *p = otel_scratch_(span) + span->used_;
    size_t n;
    if (span->room_ - span->used_ < 8u) return;
    n = otel_tracestate(&context, (char *)p + 1 + OTEL_LENGTH_BYTES_, span->room_ - span->used_ - 1u - OTEL_LENGTH_BYTES_);
    if (n == 0 || p[1 + OTEL_LENGTH_BYTES_] == 0) return;
    *p = 0x1A;
    otel_put_length_(p + 1, (uint32_t)n);
    span->used_ += 1u + OTEL_LENGTH_BYTES_ + n;
}

OTEL_API_ otel_span_t *otel_span_start_in_(otel_span_t *span, size_t bytes, const otel_scope_t *scope, unsigned how, const otel_span_options_t *options)
{
    otel_t *otel;
    uint64_t now;
    bool child, sampled, recording;
    OTEL_TRACES_OFF_((void)span; (void)bytes; (void)scope; (void)how; (void)options; return NULL)
    if (!span || !options) return span;
    memset((void *)span, 0, offsetof(otel_span_t, head_));
    if (options->scope) scope = options->scope;
    otel = options->otel ? options->otel : scope && scope->otel ? scope->otel : otel_default_();
    if (OTEL_UNLIKELY_(!otel_running_(otel))) {               /* nothing is recorded; a context that came in still passes through */
        memset(span->head_, 0, sizeof span->head_);
        if (options->parent) {
            memcpy(span->head_ + OTEL_HEAD_TRACE_, options->parent->trace_id, 16);
            memcpy(span->head_ + OTEL_HEAD_SPAN_, options->parent->span_id, 8);
            span->flags_ = options->parent->flags;
            span->tracestate_ = options->parent->tracestate;
            span->baggage_ = options->parent->baggage;
        }
        return span;
    }
    span->otel_ = otel;
    span->name_ = options->name ? options->name : "";
    if (options->bytes) bytes = options->bytes;
    if (bytes < sizeof(otel_span_t)) bytes = sizeof(otel_span_t);
    span->room_ = bytes - offsetof(otel_span_t, scratch_);
    child = otel_span_inherit_(span, otel, options);
    if (otel->config_.sampler.decide) {
        otel_decision_t decision = otel_span_ask_(span, otel, options);
        sampled = decision == OTEL_DECISION_RECORD_AND_SAMPLE;
        recording = decision != OTEL_DECISION_DROP;
    } else {
        sampled = recording = !child || (span->flags_ & OTEL_FLAG_SAMPLED);
    }
    span->flags_ = (uint8_t)((span->flags_ & ~OTEL_FLAG_SAMPLED) | (sampled ? OTEL_FLAG_SAMPLED : 0u));
    if (recording) {
        uint8_t *h = span->head_;
        uint32_t remote = child ? otel_get32_(h + OTEL_HEAD_FLAGS_) : 0x100u;
        span->state_ |= (uint8_t)(OTEL_SPAN_RECORDING_ | (sampled ? OTEL_SPAN_SAMPLED_ : 0u));
        span->scope_ = scope ? (uint8_t)otel_scope_number_(otel, scope) : 0u;
        h[4] = 0x0A;
        h[5] = 16;
        h[22] = 0x12;
        h[23] = 8;
        h[32] = 0x39;
        h[41] = 0x41;
        h[50] = 0x85;
        h[51] = 0x01;
        otel_put32_(h + OTEL_HEAD_FLAGS_, remote | span->flags_);
        h[56] = 0x30;
        h[OTEL_HEAD_KIND_] = (uint8_t)(options->kind > 0 && options->kind <= OTEL_CONSUMER ? options->kind : OTEL_INTERNAL);
        h[58] = 0x22;
        h[59] = 8;
        if (options->start_ns) {
            now = options->start_ns;
            span->offset_ = otel->clock_.known ? otel->clock_.offset : 0;
            if (!otel->clock_.known) {                        /* the caller knows the time although the instance does not */
                span->offset_ = now - otel_clock_now_(&otel->clock_);
            }
        } else {
            now = otel_clock_now_(&otel->clock_);
            if (otel->clock_.known) span->offset_ = otel->clock_.offset;
            else span->state_ |= OTEL_SPAN_RELATIVE_;
            now += span->offset_;
        }
        otel_put64_(h + OTEL_HEAD_START_, now);
        if (span->tracestate_) otel_span_tracestate_(span);
        if (options->attributes_len) otel_span_set_all(span, options->attributes, options->attributes_len);
        if (options->links_len && options->links) {
            size_t i;
            for (i = 0; i < options->links_len; i++) otel_span_link_all(span, &options->links[i].context, options->links[i].attributes, options->links[i].attributes_len);
        }
    }
    span->state_ |= (uint8_t)(how & OTEL_SPAN_BY_VALUE_);
    if (how & OTEL_SPAN_CURRENT_) otel_span_enter(span);
    return span;
}

/* Head, counts and name, fields of the scratch: one record. */
OTEL_FN_ void otel_span_record_(otel_span_t *span)
{
    uint8_t tail[24], *t = tail;
    otel_piece_t pieces[5];
    unsigned n = 2;
    size_t name_len = 0, all;
    uint16_t lost = span->lost_attributes_;
    if (!(span->state_ & OTEL_SPAN_NAMED_)) {
        name_len = strlen(span->name_);
        if (OTEL_UNLIKELY_(name_len > OTEL_NAME_MAX_)) {
            name_len = otel_utf8_cut_(span->name_, name_len, OTEL_NAME_MAX_);
            otel_count16_(&lost);
        }
        if (OTEL_LIMITS && OTEL_UNLIKELY_(!otel_utf8_valid(span->name_, name_len))) {
            otel_span_rename(span, span->name_);              /* a copy in which bad bytes are question marks */
            name_len = 0;
        }
    }
    if (span->status_ && !(span->state_ & OTEL_SPAN_STATUS_)) {
        *t++ = OTEL_FIELD_STATUS_;
        *t++ = 2;
        *t++ = 0x18;                                          /* Status.code = 3 */
        *t++ = span->status_;
    }
    if (OTEL_UNLIKELY_(lost | span->lost_events_ | span->lost_links_)) {
        if (lost) {
            *t++ = 0x50;                                      /* Span.dropped_attributes_count = 10 */
            t = otel_put_varint_(t, lost);
        }
        if (span->lost_events_) {
            *t++ = 0x60;                                      /* Span.dropped_events_count = 12 */
            t = otel_put_varint_(t, span->lost_events_);
        }
        if (span->lost_links_) {
            *t++ = 0x70;                                      /* Span.dropped_links_count = 14 */
            t = otel_put_varint_(t, span->lost_links_);
        }
    }
    if (name_len) {
        *t++ = OTEL_FIELD_NAME_;
        t = otel_put_varint_(t, (uint32_t)name_len);
    }
    pieces[0].bytes = span->head_;
    pieces[0].len = span->state_ & OTEL_SPAN_PARENT_ ? OTEL_SPAN_HEAD_ : OTEL_HEAD_ROOT_;
    pieces[1].bytes = tail;
    pieces[1].len = (size_t)(t - tail);
    all = pieces[0].len + pieces[1].len + name_len + span->used_ - 1u - OTEL_LENGTH_BYTES_;
    if (name_len) {
        pieces[n].bytes = span->name_;
        pieces[n++].len = name_len;
    }
    if (span->used_) {
        pieces[n].bytes = otel_scratch_(span);
        pieces[n++].len = span->used_;
    }
    if (OTEL_UNLIKELY_(all > OTEL_LENGTH_MAX_)) {
        otel_lose_(span->otel_, OTEL_SPANS_, OTEL_DROP_TOO_LARGE);
        return;
    }
    span->head_[0] = otel_mark_(span->scope_, (span->state_ & OTEL_SPAN_RELATIVE_) != 0);
    otel_put_length_(span->head_ + 1, (uint32_t)all);
    (void)otel_record_(span->otel_, OTEL_SPANS_, pieces, n);
}

OTEL_API_ void otel_span_end_at(otel_span_t *span, uint64_t end_ns)
{
    otel_t *otel;
    OTEL_TRACES_OFF_((void)span; (void)end_ns; return)
    if (!span || !span->otel_) return;
    otel = span->otel_;
    if (span->state_ & OTEL_SPAN_CURRENT_) otel_span_leave(span);
    if (span->state_ & OTEL_SPAN_RECORDING_) {
        uint64_t start = otel_get64_(span->head_ + OTEL_HEAD_START_);
        if (!end_ns) end_ns = otel_clock_now_(&otel->clock_) + span->offset_;
        else if (span->state_ & OTEL_SPAN_RELATIVE_) end_ns = otel->clock_.known ? end_ns - otel->clock_.offset : otel_clock_now_(&otel->clock_);
        otel_put64_(span->head_ + OTEL_HEAD_END_, end_ns < start ? start : end_ns);
        if (OTEL_UNLIKELY_(otel->live_ != 1)) otel_lose_(otel, OTEL_SPANS_, OTEL_DROP_SHUTDOWN);
        else if (span->state_ & OTEL_SPAN_SAMPLED_) otel_span_record_(span);
        span->state_ &= (uint8_t)~OTEL_SPAN_RECORDING_;
    }
    span->otel_ = NULL;
}

OTEL_API_ void otel_span_end(otel_span_t *span) { otel_span_end_at(span, 0); }
#endif
OTEL_C_END_

/* ---- event.h --------------------------------------------------------------------------------------------------- */
#if OTEL_BODIES_
OTEL_C_BEGIN_
OTEL_API_ void otel_span_event_at(otel_span_t *span, const char *name, uint64_t time_ns, const otel_attr_t *attributes, size_t len)
{
    uint8_t head[9];
    OTEL_TRACES_OFF_((void)span; (void)name; (void)time_ns; (void)attributes; (void)len; return)
    if (!otel_is_recording(span)) return;
    if (!time_ns) time_ns = otel_clock_now_(&span->otel_->clock_) + span->offset_;
    else if (span->state_ & OTEL_SPAN_RELATIVE_) time_ns = span->otel_->clock_.known ? time_ns - span->otel_->clock_.offset : otel_clock_now_(&span->otel_->clock_);
    head[0] = 0x09;                                           /* Event.time_unix_nano = 1, fixed64: first, so that it can be put right */
    otel_put64_(head + 1, time_ns);
    otel_scratch_message_(span, OTEL_FIELD_EVENT_, head, 9, name ? name : "", 0x1A, 0x20, attributes, len);
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
{
    char text[12];
    otel_attr_t about[2];
    OTEL_TRACES_OFF_((void)span; (void)message; return code)
    if (!otel_is_recording(span)) return code;
    otel_span_status(span, OTEL_STATUS_ERROR, message);
    about[0] = otel_str("exception.type", otel_int_text_(code, text));
    about[1] = otel_str("exception.message", message);
    otel_span_event_all(span, "exception", about, message ? 2u : 1u);
    return code;
}
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

/* What a record's attributes may take while it is made; its text is copied from where it stands. */
#if UINTPTR_MAX > 0xFFFFFFFFu
#define OTEL_LOG_ROOM_ 1024u
#elif UINTPTR_MAX > 0xFFFFu
#define OTEL_LOG_ROOM_ 256u
#else
#define OTEL_LOG_ROOM_ 128u
#endif
#define OTEL_LOG_TIME_ 5          /* LogRecord.time_unix_nano = 1, fixed64 */
#define OTEL_LOG_OBSERVED_ 14     /* LogRecord.observed_time_unix_nano = 11, fixed64 */

/* Ids of the context, or of the current span. */
OTEL_FN_ uint8_t *otel_log_context_(uint8_t *p, otel_t *otel, const otel_log_record_t *record)
{
    const uint8_t *trace_id, *span_id;
    uint8_t flags;
    otel_current_t *slot = record->context ? NULL : otel_current_(otel);
    const otel_context_t *context = record->context ? record->context : slot && !slot->span ? &slot->context : NULL;
    if (slot && slot->span) {
        trace_id = slot->span->head_ + OTEL_HEAD_TRACE_;
        span_id = slot->span->head_ + OTEL_HEAD_SPAN_;
        flags = slot->span->flags_;
    } else if (otel_context_valid(context)) {
        trace_id = context->trace_id;
        span_id = context->span_id;
        flags = context->flags;
    } else {
        return p;
    }
    *p++ = 0x45;                                              /* LogRecord.flags = 8, fixed32 */
    otel_put32_(p, flags);
    p += 4;
    *p++ = 0x4A;                                              /* LogRecord.trace_id = 9 */
    *p++ = 16;
    memcpy(p, trace_id, 16);
    p += 16;
    *p++ = 0x52;                                              /* LogRecord.span_id = 10 */
    *p++ = 8;
    memcpy(p, span_id, 8);
    return p + 8;
}

/* A short text field; nothing when it does not fit. */
OTEL_FN_ uint8_t *otel_log_text_(uint8_t *p, const uint8_t *end, uint8_t tag, const char *text)
{
    size_t n = text ? strlen(text) : 0;
    if (n == 0 || n > OTEL_NAME_MAX_ || n + 3u > (size_t)(end - p)) return p;
    *p = tag;
    return otel_put_text_(otel_put_varint_(p + 1, (uint32_t)n), text, n);
}

OTEL_API_ void otel_log_emit(const otel_log_record_t *record)
{
    uint8_t buffer[OTEL_LOG_ROOM_], *p = buffer, *const end = buffer + sizeof buffer;
    otel_piece_t pieces[2];
    otel_t *otel;
    uint64_t now, then;
    uint32_t lost = 0;
    size_t i, n, all;
    unsigned count = 1;
    bool relative;
    OTEL_LOGS_OFF_((void)record; return)
    if (!record) return;
    otel = record->otel ? record->otel : record->scope && record->scope->otel ? record->scope->otel : otel_default_();
    if (!otel || !otel->live_) return;
    if (otel->live_ != 1) {
        otel_lose_(otel, OTEL_LOGS_, OTEL_DROP_SHUTDOWN);
        return;
    }
    relative = !otel->clock_.known;
    now = otel_clock_now_(&otel->clock_) + (relative ? 0 : otel->clock_.offset);
    then = record->time_ns && !relative ? record->time_ns : now;
    p[4] = 0x09;
    otel_put64_(p + OTEL_LOG_TIME_, then);
    p[13] = 0x59;
    otel_put64_(p + OTEL_LOG_OBSERVED_, now);
    p += 22;
    if (record->severity) {
        *p++ = 0x10;                                          /* LogRecord.severity_number = 2 */
        *p++ = (uint8_t)record->severity;
    }
    p = otel_log_context_(p, otel, record);
    p = otel_log_text_(p, end, 0x1A, record->severity_text);  /* LogRecord.severity_text = 3 */
    p = otel_log_text_(p, end, 0x62, record->event_name);     /* LogRecord.event_name = 12 */
    for (i = 0; i < record->attributes_len && record->attributes; i++) {
        const otel_attr_t *a = &record->attributes[i];
        n = a->key && (size_t)(end - p) > 16u ? otel_attr_write_(p, (size_t)(end - p) - 16u, 0x32, a->key, &a->value) : 0;    /* LogRecord.attributes = 6 */
        if (n == 0) lost++;
        p += n;
    }
    if (lost) {
        *p = 0x38;                                            /* LogRecord.dropped_attributes_count = 7 */
        p = otel_put_varint_(p + 1, lost > 0xFFFFu ? 0xFFFFu : lost);
    }
    pieces[1].len = 0;
    if (record->body.type == OTEL_V_STRING_) {                /* text: copied from where it stands */
        n = record->body.len;
        *p = 0x2A;                                            /* LogRecord.body = 5 */
        p = otel_put_varint_(p + 1, (uint32_t)(n + 1u + otel_varint_size_((uint32_t)n)));
        *p = OTEL_LIMITS && !otel_utf8_valid((const char *)record->body.as.p, n) ? OTEL_TAG_BYTES_ : OTEL_TAG_STRING_;
        p = otel_put_varint_(p + 1, (uint32_t)n);
        pieces[1].bytes = record->body.as.p;
        pieces[1].len = n;
        if (n) count = 2;
    } else if (record->body.type != OTEL_V_NULL_) {
        n = otel_any_write_(p, (size_t)(end - p), 0x2A, &record->body);
        if (n == 0) {
            otel_lose_(otel, OTEL_LOGS_, OTEL_DROP_TOO_LARGE);
            return;
        }
        p += n;
    }
    pieces[0].bytes = buffer;
    pieces[0].len = (size_t)(p - buffer);
    all = pieces[0].len + pieces[1].len - 1u - OTEL_LENGTH_BYTES_;
    if (all > OTEL_LENGTH_MAX_) {
        otel_lose_(otel, OTEL_LOGS_, OTEL_DROP_TOO_LARGE);
        return;
    }
    buffer[0] = otel_mark_(record->scope ? (unsigned)otel_scope_number_(otel, record->scope) : 0u, relative);
    otel_put_length_(buffer + 1, (uint32_t)all);
    (void)otel_record_(otel, OTEL_LOGS_, pieces, count);
}

OTEL_API_ void otel_log_all(const otel_scope_t *scope, otel_severity_t severity, const char *text, const otel_attr_t *attributes, size_t len)
{
    otel_log_record_t record;
    OTEL_LOGS_OFF_((void)scope; (void)severity; (void)text; (void)attributes; (void)len; return)
    memset((void *)&record, 0, sizeof record);
    record.severity = severity;
    record.body = otel_value_str_(text);
    record.attributes = attributes;
    record.attributes_len = len;
    record.scope = scope;
    otel_log_emit(&record);
}
OTEL_C_END_
#endif

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

/* The value of a lower-case hex digit; 16 for any other character. */
OTEL_FN_ unsigned otel_hex_(char digit)
{
    unsigned c = (unsigned char)digit;
    if (c - '0' < 10u) return c - '0';
    return c - 'a' < 6u ? c - 'a' + 10u : 16u;
}

/* Writes from the last byte to the first: `to` may begin up to 2n bytes before the end of `bytes`. */
OTEL_FN_ void otel_hex_write_(char *to, const uint8_t *bytes, size_t n)
{
#if OTEL_HEX_WORDS_
    while (n >= 4) {
        uint32_t word;
        uint64_t digits;
        n -= 4;
        memcpy(&word, bytes + n, 4);
        digits = otel_hex_spread_(word);
        memcpy(to + 2 * n, &digits, 8);
    }
#endif
    while (n) {
        unsigned high, low;
        n--;
        high = bytes[n] >> 4;
        low = bytes[n] & 15u;
        to[2 * n + 1] = (char)(low + (low > 9u ? 'a' - 10u : '0'));
        to[2 * n] = (char)(high + (high > 9u ? 'a' - 10u : '0'));
    }
}

OTEL_FN_ bool otel_hex_read_(uint8_t *to, const char *text, size_t n)
{
    unsigned high, low;
#if OTEL_HEX_WORDS_
    uint64_t bad = 0, digits;
    uint32_t word;
    for (; n >= 4; n -= 4, text += 8, to += 4) {
        memcpy(&digits, text, 8);
        word = otel_hex_pack_(digits, &bad);
        memcpy(to, &word, 4);
    }
    if (bad) return false;
#endif
    for (; n; n--, text += 2) {
        high = otel_hex_(text[0]);
        low = otel_hex_(text[1]);
        if ((high | low) > 15u) return false;
        *to++ = (uint8_t)(high << 4 | low);
    }
    return true;
}

/* An empty string for a context that is not valid. Flags that level 2 does not define go out as zero ("Other Flags").
   From back to front, so that `out` may be the memory of the context itself. */
OTEL_API_ void otel_traceparent_write_(const otel_context_t *context, char *out)
{
    uint8_t flags;
    if (!otel_context_valid(context)) {
        out[0] = 0;
        return;
    }
    flags = (uint8_t)(context->flags & (OTEL_FLAG_SAMPLED | OTEL_FLAG_RANDOM));
    otel_hex_write_(out + 53, &flags, 1);
    otel_hex_write_(out + 36, context->span_id, 8);
    otel_hex_write_(out + 3, context->trace_id, 16);
    out[0] = out[1] = '0';
    out[2] = out[35] = out[52] = '-';
    out[55] = 0;
}

/* Read `text`, which has no whitespace around it, into ids, flags and remote; when it is not valid, all of these are zero.
   Version 00 ends after the flags; in a higher one a '-' and anything may follow, but no comma: that is two headers in one. */
OTEL_API_ bool otel_traceparent_read_(otel_context_t *context, const char *text, size_t len)
{
    uint8_t version = 0xFF, flags = 0;
    bool valid = len >= 55 && text[2] == '-' && text[35] == '-' && text[52] == '-' && otel_hex_read_(&version, text, 1) && version != 0xFF;
    if (valid && len > 55) valid = version != 0 && text[55] == '-' && !memchr(text + 55, ',', len - 55);
    valid = valid && otel_hex_read_(context->trace_id, text + 3, 16) && otel_hex_read_(context->span_id, text + 36, 8) &&
            otel_hex_read_(&flags, text + 53, 1) && otel_context_valid(context);
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
{
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
{
    otel_context_t context;
    out[0] = 0;
    OTEL_WHEN_OFF_((void)span; return out)
    context = otel_span_context(span);
    otel_traceparent_write_(&context, out);
    return out;
}

/* The text of a list as it is sent on; *whole: nothing malformed was left out. */
OTEL_FN_ size_t otel_inject_text_(const otel_context_t *context, bool baggage, char *buf, size_t size, bool *whole)
{
    otel_baggage_t it;
    size_t n;
    if (!baggage) {
        *whole = true;
        return otel_tracestate(context, buf, size);
    }
    it = otel_baggage(context);
    n = otel_baggage_write_(&it, buf, size);
    *whole = !it.rest_;
    return n;
}
OTEL_C_END_
#endif

#endif /* OTEL_H_ */
