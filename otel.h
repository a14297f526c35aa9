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
#  if OTEL_ENABLED
#    define OTEL_NOINLINE_ __attribute((noinline))
#  else
#    define OTEL_NOINLINE_
#  endif
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
/* What must disappear into its caller, so that constants there stay constants. */
#define OTEL_INLINE_ static inline OTEL_ATTRIBUTE_((unused, always_inline))
/* Functions of the hot path come twice: one melts into its caller, the other is called. Who builds for size calls. */
#if defined(__OPTIMIZE_SIZE__) || (defined(__GNUC__) && !defined(__OPTIMIZE__))
#  define OTEL_HOT_(here, called) called
#else
#  define OTEL_HOT_(here, called) here
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

/* Link-once names (of C++ classes too, whose members are link-once) carry the major and the options that change a body: the
   linker never keeps the wrong one without a word. */
#ifdef OTEL_NO_ATOMICS
#  define OTEL_PLAIN_ 1
#else
#  define OTEL_PLAIN_ 0
#endif
#if !OTEL_ENABLED
#  define OTEL_SUFFIX_ _v0_off
#elif OTEL_TRACES && OTEL_METRICS && OTEL_LOGS && OTEL_RETRY && OTEL_LIMITS && !OTEL_PORT_LOCK && !OTEL_PLAIN_
#  define OTEL_SUFFIX_ _v0
#else
#  define OTEL_SUFFIX_ OTEL_CAT_(OTEL_CAT_(OTEL_CAT_(_v0_t, OTEL_CAT_(OTEL_TRACES, OTEL_CAT_(m, OTEL_METRICS))), \
                       OTEL_CAT_(l, OTEL_CAT_(OTEL_LOGS, OTEL_CAT_(r, OTEL_CAT_(OTEL_RETRY, OTEL_CAT_(x, OTEL_LIMITS)))))), \
                       OTEL_CAT_(p, OTEL_CAT_(OTEL_PORT_LOCK, OTEL_CAT_(a, OTEL_PLAIN_))))
#endif
#define OTEL_NAME_(f) OTEL_CAT_(f, OTEL_SUFFIX_)
#define otel_add_double_ OTEL_NAME_(otel_add_double_)
#define otel_add_int_ OTEL_NAME_(otel_add_int_)
#define otel_add_total_ OTEL_NAME_(otel_add_total_)
#define otel_after_fork OTEL_NAME_(otel_after_fork)
#define otel_any_write_ OTEL_NAME_(otel_any_write_)
#define otel_attr_put_ OTEL_NAME_(otel_attr_put_)
#define otel_baggage OTEL_NAME_(otel_baggage)
#define otel_baggage_find OTEL_NAME_(otel_baggage_find)
#define otel_baggage_next OTEL_NAME_(otel_baggage_next)
#define otel_baggage_value OTEL_NAME_(otel_baggage_value)
#define otel_big_uint_ OTEL_NAME_(otel_big_uint_)
#define otel_bind_ OTEL_NAME_(otel_bind_)
#define otel_bucket_double_ OTEL_NAME_(otel_bucket_double_)
#define otel_cell_wake_ OTEL_NAME_(otel_cell_wake_)
#define otel_clock_careful_ OTEL_NAME_(otel_clock_careful_)
#define otel_clock_set_ OTEL_NAME_(otel_clock_set_)
#define otel_container_write_ OTEL_NAME_(otel_container_write_)
#define otel_context_valid OTEL_NAME_(otel_context_valid)
#define otel_copy_text_ OTEL_NAME_(otel_copy_text_)
#define otel_decide_off_ OTEL_NAME_(otel_decide_off_)
#define otel_decide_on_ OTEL_NAME_(otel_decide_on_)
#define otel_decide_parent_ OTEL_NAME_(otel_decide_parent_)
#define otel_decide_ratio_ OTEL_NAME_(otel_decide_ratio_)
#define otel_default OTEL_NAME_(otel_default)
#define otel_drop_text OTEL_NAME_(otel_drop_text)
#define otel_extract OTEL_NAME_(otel_extract)
#define otel_find_ OTEL_NAME_(otel_find_)
#define otel_id_make_ OTEL_NAME_(otel_id_make_)
#define otel_id_seed_ OTEL_NAME_(otel_id_seed_)
#define otel_init_with OTEL_NAME_(otel_init_with)
#define otel_inject OTEL_NAME_(otel_inject)
#define otel_inject_baggage_ OTEL_NAME_(otel_inject_baggage_)
#define otel_inject_context OTEL_NAME_(otel_inject_context)
#define otel_inject_copy_ OTEL_NAME_(otel_inject_copy_)
#define otel_inject_parent_ OTEL_NAME_(otel_inject_parent_)
#define otel_inject_tracestate_ OTEL_NAME_(otel_inject_tracestate_)
#define otel_instrument_stats_ OTEL_NAME_(otel_instrument_stats_)
#define otel_instruments_leave_ OTEL_NAME_(otel_instruments_leave_)
#define otel_join_ OTEL_NAME_(otel_join_)
#define otel_last_double_ OTEL_NAME_(otel_last_double_)
#define otel_last_int_ OTEL_NAME_(otel_last_int_)
#define otel_list_next_ OTEL_NAME_(otel_list_next_)
#define otel_log_all OTEL_NAME_(otel_log_all)
#define otel_log_emit OTEL_NAME_(otel_log_emit)
#define otel_lose_ OTEL_NAME_(otel_lose_)
#define otel_mend_text_ OTEL_NAME_(otel_mend_text_)
#define otel_percent_next_ OTEL_NAME_(otel_percent_next_)
#define otel_put_text_ OTEL_NAME_(otel_put_text_)
#define otel_put_varint64_ OTEL_NAME_(otel_put_varint64_)
#define otel_record_attributes_ OTEL_NAME_(otel_record_attributes_)
#define otel_record_shared_ OTEL_NAME_(otel_record_shared_)
#define otel_record_total_ OTEL_NAME_(otel_record_total_)
#define otel_refuse_ OTEL_NAME_(otel_refuse_)
#define otel_result_text OTEL_NAME_(otel_result_text)
#define otel_ring_attach_ OTEL_NAME_(otel_ring_attach_)
#define otel_ring_detach_ OTEL_NAME_(otel_ring_detach_)
#define otel_ring_hold_ OTEL_NAME_(otel_ring_hold_)
#define otel_ring_hold_until_ OTEL_NAME_(otel_ring_hold_until_)
#define otel_ring_init_ OTEL_NAME_(otel_ring_init_)
#define otel_ring_lose_ OTEL_NAME_(otel_ring_lose_)
#define otel_ring_pass_ OTEL_NAME_(otel_ring_pass_)
#define otel_ring_repair_ OTEL_NAME_(otel_ring_repair_)
#define otel_ring_wrap_ OTEL_NAME_(otel_ring_wrap_)
#define otel_ring_write_ OTEL_NAME_(otel_ring_write_)
#define otel_scope_number_ OTEL_NAME_(otel_scope_number_)
#define otel_scratch_message_ OTEL_NAME_(otel_scratch_message_)
#define otel_seize_ OTEL_NAME_(otel_seize_)
#define otel_series_add_double OTEL_NAME_(otel_series_add_double)
#define otel_series_add_int OTEL_NAME_(otel_series_add_int)
#define otel_series_new_ OTEL_NAME_(otel_series_new_)
#define otel_series_record_double OTEL_NAME_(otel_series_record_double)
#define otel_series_record_int OTEL_NAME_(otel_series_record_int)
#define otel_set_ OTEL_NAME_(otel_set_)
#define otel_set_bool_ OTEL_NAME_(otel_set_bool_)
#define otel_set_double_ OTEL_NAME_(otel_set_double_)
#define otel_set_int_ OTEL_NAME_(otel_set_int_)
#define otel_set_number_ OTEL_NAME_(otel_set_number_)
#define otel_set_short_ OTEL_NAME_(otel_set_short_)
#define otel_set_text_ OTEL_NAME_(otel_set_text_)
#define otel_set_uint_ OTEL_NAME_(otel_set_uint_)
#define otel_shard_claim_ OTEL_NAME_(otel_shard_claim_)
#define otel_shards_give_back_ OTEL_NAME_(otel_shards_give_back_)
#define otel_span_adopt_ OTEL_NAME_(otel_span_adopt_)
#define otel_span_ask_ OTEL_NAME_(otel_span_ask_)
#define otel_span_context OTEL_NAME_(otel_span_context)
#define otel_span_current OTEL_NAME_(otel_span_current)
#define otel_span_end OTEL_NAME_(otel_span_end)
#define otel_span_end_at OTEL_NAME_(otel_span_end_at)
#define otel_span_enter OTEL_NAME_(otel_span_enter)
#define otel_span_error OTEL_NAME_(otel_span_error)
#define otel_span_event_at OTEL_NAME_(otel_span_event_at)
#define otel_span_find_ OTEL_NAME_(otel_span_find_)
#define otel_span_idle_ OTEL_NAME_(otel_span_idle_)
#define otel_span_leave OTEL_NAME_(otel_span_leave)
#define otel_span_link_all OTEL_NAME_(otel_span_link_all)
#define otel_span_long_name_ OTEL_NAME_(otel_span_long_name_)
#define otel_span_lost_ OTEL_NAME_(otel_span_lost_)
#define otel_span_options_ OTEL_NAME_(otel_span_options_)
#define otel_span_rename OTEL_NAME_(otel_span_rename)
#define otel_span_replace_ OTEL_NAME_(otel_span_replace_)
#define otel_span_set_all OTEL_NAME_(otel_span_set_all)
#define otel_span_start_in_ OTEL_NAME_(otel_span_start_in_)
#define otel_span_start_with OTEL_NAME_(otel_span_start_with)
#define otel_span_status OTEL_NAME_(otel_span_status)
#define otel_span_tracestate_ OTEL_NAME_(otel_span_tracestate_)
#define otel_state_write_ OTEL_NAME_(otel_state_write_)
#define otel_sum_double_ OTEL_NAME_(otel_sum_double_)
#define otel_sum_ended_ OTEL_NAME_(otel_sum_ended_)
#define otel_sum_int_ OTEL_NAME_(otel_sum_int_)
#define otel_thread_end OTEL_NAME_(otel_thread_end)
#define otel_time_sync OTEL_NAME_(otel_time_sync)
#define otel_traceparent OTEL_NAME_(otel_traceparent)
#define otel_traceparent_put_ OTEL_NAME_(otel_traceparent_put_)
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
#if OTEL_ENABLED && OTEL_HOSTED_ && (defined(__GNUC__) || defined(__clang__)) && !OTEL_PLAIN_
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
#define OTEL_ENVELOPE_BYTES_ 4u            /* the same for what stands around records */
#define OTEL_ENVELOPE_MAX_ 268435455u      /* 2^28 - 1 */

OTEL_C_BEGIN_
/* More than a padded length can say? Never, where size_t has 16 bits. */
OTEL_FN_ bool otel_too_long_(size_t n)
{
#if SIZE_MAX > 0xFFFFu
    return n > OTEL_LENGTH_MAX_;
#else
    (void)n;
    return false;
#endif
}

/* Say whether text of `len` bytes is well-formed UTF-8 (The Unicode Standard, table 3-7). Safe everywhere. */
OTEL_API_ bool otel_utf8_valid(const char *text, size_t len);
OTEL_API_ size_t otel_utf8_cut_(const char *text, size_t len, size_t limit);
OTEL_API_ uint8_t *otel_put_text_(uint8_t *to, const char *text, size_t len);
OTEL_API_ bool otel_copy_text_(uint8_t *to, const void *text, size_t len);
OTEL_API_ void otel_mend_text_(uint8_t *text, size_t len);
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
    v.len = otel_too_long_(n) ? OTEL_LENGTH_MAX_ + 1u : (uint32_t)n;
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

OTEL_API_ size_t otel_attr_put_(uint8_t *to, size_t room, unsigned tag, const char *key, size_t key_len, const otel_value_t *value);
OTEL_FN_ size_t otel_attr_write_(uint8_t *to, size_t room, unsigned tag, const char *key, const otel_value_t *value) { return otel_attr_put_(to, room, tag, key, strlen(key), value); }
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
OTEL_API_ const char *otel_list_next_(const char **at, size_t *left);
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
    bool plain;                   /* ticks are nanoseconds of 64 bits: nothing to widen or scale */
    uint8_t gate;
    uint32_t last_low, wraps;     /* of a narrow counter */
    uint64_t last;                /* Unix clock: never goes back */
    uint64_t offset;              /* wall time minus time since boot, ns */
} otel_clock_t;

OTEL_C_BEGIN_
OTEL_API_ void otel_clock_set_(otel_clock_t *clock, uint64_t (*read)(void *), void *user, uint32_t hz, uint8_t bits);
OTEL_API_ uint64_t otel_clock_careful_(otel_clock_t *clock);
OTEL_C_END_

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
    otel_pos_t from;              /* the cursor when the reader last took hold: where it begins, whatever is evicted since */
    otel_count_t evicted;         /* records that this reader lost to OTEL_DROP_OLDEST */
    bool on;
} otel_reader_t_;

/* Private. */
typedef struct otel_ring_t {
    otel_pos_t reserved, published, released;
    uint8_t *bytes;
    otel_pos_t size;
    otel_count_t created, settled;          /* settled follows created when a record is dropped or published */
    otel_count_t waiting;                   /* hosts: records of handlers that the writer below them will publish and settle */
    otel_count_t dropped[OTEL_RING_DROPS_];
    otel_count_t evicted;
    uint8_t gate, when_full;
    bool read;                    /* a reader has been here */
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
OTEL_API_ bool otel_ring_write_(otel_ring_t *ring, const otel_guard_t *guard, const void *a, size_t a_len, const void *b, size_t b_len);
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
OTEL_FN_ otel_sampler_t otel_sampler_always_on(void) { return otel_sampler_(OTEL_ENABLED ? otel_decide_on_ : NULL); }
/* Record no span. */
OTEL_FN_ otel_sampler_t otel_sampler_always_off(void) { return otel_sampler_(OTEL_ENABLED ? otel_decide_off_ : NULL); }
/* Keep the given share of traces, 0 to 1, by their id: every service decides alike. Out of range counts as the nearer end. */
OTEL_FN_ otel_sampler_t otel_sampler_ratio(double ratio)
{
    otel_sampler_t s = otel_sampler_(OTEL_ENABLED ? otel_decide_ratio_ : NULL);
    if (!(ratio > 0)) s.threshold = (uint64_t)1 << 56;
    else if (ratio < 1) s.threshold = ((uint64_t)1 << 56) - (uint64_t)(ratio * 72057594037927936.0);
    return s;
}
/* Children do as their parent did; roots ask `root` (NULL: always on), which must outlive the sampler. */
OTEL_FN_ otel_sampler_t otel_sampler_parent_based(const otel_sampler_t *root)
{
    otel_sampler_t s = otel_sampler_(OTEL_ENABLED ? otel_decide_parent_ : NULL);
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
    uint8_t clock_bits OTEL_Z_;                   /* of the tick counter, which counts up: 8 to 32, or 64 (default: 64); a narrow one must be read once a turn, otel_export_poll does */
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
    bool send_unsynced OTEL_Z_;                   /* after hold_ms send them with time since boot instead of dropping them as no_clock; metrics too (default: false) */
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
} otel_t;

#if OTEL_ATOMICS_
/* What a thread knows of itself. Private. */
typedef struct otel_thread_t_ {
    otel_current_t current;
    otel_t *otel;                 /* the instance whose shard is cached */
    otel_shard_t *shard;
    uint32_t epoch;
    bool met;                     /* it has claimed a shard before */
} otel_thread_t_;
#endif

OTEL_C_BEGIN_
#if OTEL_ENABLED
extern OTEL_VAR_ otel_t *otel_default_v0_;
extern OTEL_VAR_ uint32_t otel_epoch_v0_;
#if OTEL_ATOMICS_
extern OTEL_VAR_ OTEL_THREAD_LOCAL_ otel_thread_t_ otel_thread_v0_;
#endif
#endif

/* Start an instance; the first one becomes the default of the program. Not for interrupts. Errors: OTEL_E_NULL,
   OTEL_E_CLOCK, OTEL_E_POOL, OTEL_E_CONFIG, OTEL_E_LOCK. */
OTEL_API_ otel_result_t otel_init_with(otel_t *otel, const otel_config_t *config);

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
#if OTEL_ATOMICS_ && OTEL_ENABLED
OTEL_API_ otel_shard_t *otel_shard_claim_(otel_t *otel);
OTEL_API_ bool otel_record_shared_(otel_t *otel, unsigned ring, const void *a, size_t a_len, const void *b, size_t b_len);
#endif
#endif
OTEL_API_ uint32_t otel_scope_number_(otel_t *otel, const otel_scope_t *scope);
OTEL_API_ void otel_lose_(otel_t *otel, unsigned ring, otel_drop_t reason);
OTEL_C_END_

#define otel_init(otel, ...) otel_init_with((otel), OTEL_REF_(otel_config_t, __VA_ARGS__))

/* ---- pairs.h --------------------------------------------------------------------------------------------------- */
/* Flat pairs, "key", value, "key", value: how attributes are typed by the compiler. In C by counting arguments and
   _Generic; in C++ by overloads. Nothing here runs: it all becomes plain calls.

   If an error led you here: OTEL_every_key_needs_a_value means an odd number of arguments, and
   OTEL_at_most_8_pairs_split_the_call more than eight pairs. A pointer that is no text has no type in the list: use
   OTEL_BYTES(p, n), OTEL_STR(p, n) or OTEL_ARRAY(p, n). */
/* The length of text that the compiler knows, plus one; 0 when only the run will tell. Does not evaluate `text`. */
#if defined(__GNUC__) && !defined(__TINYC__)
#  define OTEL_KNOWN_(text) (__builtin_constant_p(strlen(text)) && strlen(text) < 0xFFFEu ? strlen(text) + 1u : 0u)
#else
#  define OTEL_KNOWN_(text) 0u
#endif

/* One argument or more, up to 16. */
#define OTEL_ONE_OR_MORE_(...) OTEL_AT16_(__VA_ARGS__, more_, more_, more_, more_, more_, more_, more_, more_, more_, more_, more_, more_, more_, more_, more_, one_, one_)
#define OTEL_AT16_(_1, _2, _3, _4, _5, _6, _7, _8, _9, _10, _11, _12, _13, _14, _15, _16, which, ...) which

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
        float: single, double: real, long double: extended, otel_value_t: any)
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
#  define OTEL_LIST_(A) (sizeof...(A) ? list.at : NULL), sizeof...(A) / 2       /* what OTEL_PAIRS_IN_ made, as `pointer, length` */
#endif

/* ---- metric.h -------------------------------------------------------------------------------------------------- */
/* What all instruments have in common: how they are described, how they register at their first use, and the table that
   finds the series of a set of attributes. A series is a number in fixed storage that the program gave; readers encode it
   when they collect. Specification: metrics/api.md, "Instrument"; metrics/sdk.md, "Cardinality limits".

   An instrument without OTEL_SERIES has one series, the one without attributes. Measurements for which there is no room
   go to its overflow series (otel.metric.overflow = true): totals stay right, and they are counted. */
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
#if OTEL_HOSTED_
#define OTEL_SET_MAX_ 32u         /* attributes in a set */
#else
#define OTEL_SET_MAX_ 8u
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

struct otel_instrument_t;

/* The number itself. Private. */
typedef struct otel_cell_t {
    uint64_t value OTEL_WIDE_ALIGN_;              /* sum or last value: an int64, or the bytes of a double */
    uint32_t awake;                               /* life of the library, and kind; 0: not used in this life of the instrument */
    uint8_t set;                                  /* something was recorded (gauges, histograms) */
    struct otel_instrument_t *owner;
    union {
        otel_word_t *row;                         /* of a histogram: least, largest, bucket counts */
        otel_word_t count;                        /* of a histogram without bounds */
    } held;
} otel_cell_t;

/* Storage of one series; an array of them belongs to one instrument. All fields are private. Found by hash: head_ is the
   first series (plus one) of the chain that begins here, next_ the one after this. */
typedef struct otel_series_t {
    otel_cell_t cell_;
    uint32_t hash_;
    uint16_t head_, next_;
    uint16_t used_;                               /* bytes of attributes_ */
    uint8_t attributes_[OTEL_SERIES_INLINE_];     /* as the data point has them, tags included */
} otel_series_t;

/* The part that instruments of all types share. The first five fields are for the initialiser, in this order. */
typedef struct otel_instrument_t {
    const char *name OTEL_Z_;                     /* (required) static, as all texts here */
    const char *unit OTEL_Z_;                     /* UCUM, such as "s", "By", "{read}" (default: none) */
    const char *description OTEL_Z_;              /* (default: none) */
    const otel_scope_t *scope OTEL_Z_;            /* (default: the unnamed scope) */
    struct otel_t *otel OTEL_Z_;                  /* (default: the scope's, else the default instance at the first use) */
    otel_series_t *series OTEL_Z_;                /* OTEL_SERIES, OTEL_SERIES_IN, OTEL_BUCKETS: series_len of them */
    size_t series_len OTEL_Z_;                    /* at most 65,534 */
    const double *bounds OTEL_Z_;                 /* OTEL_BOUNDS, OTEL_BUCKETS: bounds_len of them, ascending */
    size_t bounds_len OTEL_Z_;
    otel_word_t *rows OTEL_Z_;                    /* rows_len words for the buckets of all series */
    size_t rows_len OTEL_Z_;
    struct otel_instrument_t *next_ OTEL_Z_;      /* registered with the same instance */
    struct otel_t *otel_ OTEL_Z_;
    uint64_t start_ OTEL_Z_;                      /* first use, by the clock of the instance */
    uint32_t epoch_ OTEL_Z_;                      /* of the instance, when it registered */
    uint32_t seen_ OTEL_Z_;                       /* life of the library when that was last checked */
    uintptr_t busy_ OTEL_Z_;                      /* hosts: the thread that registers it or adds a series */
    uint16_t room_ OTEL_Z_, used_ OTEL_Z_;        /* series that there are, series in use */
    uint8_t kind_ OTEL_Z_;
    otel_count_t refused_ OTEL_Z_, overflowed_ OTEL_Z_;
    otel_cell_t total_ OTEL_Z_, overflow_ OTEL_Z_;/* without attributes; for sets that found no room */
} otel_instrument_t;

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
OTEL_API_ otel_cell_t *otel_find_(otel_instrument_t *instrument, unsigned kind, const otel_attr_t *attributes, size_t len);
OTEL_API_ otel_series_t *otel_bind_(otel_instrument_t *instrument, unsigned kind, const otel_attr_t *attributes, size_t len);
OTEL_API_ bool otel_cell_wake_(otel_cell_t *cell);
OTEL_API_ bool otel_join_(otel_instrument_t *instrument, unsigned kind);
OTEL_API_ void otel_refuse_(otel_cell_t *cell);
OTEL_API_ void otel_instruments_leave_(otel_t *otel);
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
/* Define with the macros below, at file scope or static; not const. They register by themselves. */
typedef struct otel_counter_t { otel_instrument_t base_ OTEL_Z_; } otel_counter_t;                   /* int64 */
typedef struct otel_counter_double_t { otel_instrument_t base_ OTEL_Z_; } otel_counter_double_t;
typedef struct otel_updown_t { otel_instrument_t base_ OTEL_Z_; } otel_updown_t;                     /* int64 */
typedef struct otel_updown_double_t { otel_instrument_t base_ OTEL_Z_; } otel_updown_double_t;

/* Name, then .unit, .description, .scope, .otel in this order, then OTEL_SERIES or OTEL_SERIES_IN. */
#define OTEL_COUNTER(...) { { .name = __VA_ARGS__ } }
#define OTEL_COUNTER_DOUBLE(...) { { .name = __VA_ARGS__ } }
#define OTEL_UPDOWN(...) { { .name = __VA_ARGS__ } }
#define OTEL_UPDOWN_DOUBLE(...) { { .name = __VA_ARGS__ } }

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

OTEL_API_ void otel_add_int_(otel_instrument_t *instrument, unsigned kind, int64_t value, const otel_attr_t *attributes, size_t len);
OTEL_API_ void otel_add_double_(otel_instrument_t *instrument, unsigned kind, double value, const otel_attr_t *attributes, size_t len);
OTEL_API_ void otel_add_total_(otel_instrument_t *instrument, int64_t value);
OTEL_API_ void otel_sum_int_(otel_cell_t *cell, int64_t value);
OTEL_API_ void otel_sum_double_(otel_cell_t *cell, double value);
OTEL_API_ void otel_sum_ended_(otel_cell_t *cell);

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
#define OTEL_SPAN_TAIL_ 24        /* status code, dropped counts, the name's tag: written at the end */
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
    size_t room_, used_;          /* bytes from the head on */
    uintptr_t keys_;              /* a bit for each key that was set, so that most new keys are known to be new at once */
    uint16_t attributes_, events_, links_;
    uint16_t lost_attributes_, lost_events_, lost_links_;
    uint8_t state_;               /* OTEL_SPAN_.._ bits */
    uint8_t status_;
    uint8_t scope_;
    uint8_t flags_;               /* trace flags */
    uint8_t name_len_;            /* plus one; 0: not known */
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

OTEL_API_ otel_span_t *otel_span_start_in_(otel_span_t *span, size_t bytes, const otel_scope_t *scope, const char *name, unsigned how, const otel_span_options_t *options);
OTEL_API_ otel_span_t *otel_set_(otel_span_t *span, const char *key, const otel_value_t *value);
OTEL_API_ otel_span_t *otel_set_number_(otel_span_t *span, const char *key, int32_t value, size_t key_len);
OTEL_API_ otel_span_t *otel_set_text_(otel_span_t *span, const char *key, const char *value, uint32_t lengths);
OTEL_API_ otel_span_t *otel_set_int_(otel_span_t *span, const char *key, int64_t value);
OTEL_API_ otel_span_t *otel_set_uint_(otel_span_t *span, const char *key, uint64_t value);
OTEL_API_ otel_span_t *otel_set_bool_(otel_span_t *span, const char *key, bool value);
OTEL_API_ otel_span_t *otel_set_double_(otel_span_t *span, const char *key, double value);
/* NULL is asked for outside strlen: clang may evaluate what it asks to be constant, and its sanitizer sees that. */
OTEL_INLINE_ otel_span_t *otel_set_i32_(otel_span_t *span, const char *key, int32_t value) { return otel_set_number_(span, key, value, OTEL_KNOWN_(key ? key : "")); }
OTEL_INLINE_ otel_span_t *otel_set_u32_(otel_span_t *span, const char *key, uint32_t value)
{
    return value > 0x7FFFFFFFu ? otel_set_uint_(span, key, value) : otel_set_number_(span, key, (int32_t)value, OTEL_KNOWN_(key ? key : ""));
}
OTEL_INLINE_ otel_span_t *otel_set_str_(otel_span_t *span, const char *key, const char *value)
{
    return otel_set_text_(span, key, value, (uint32_t)OTEL_KNOWN_(key ? key : "") | (uint32_t)OTEL_KNOWN_(value ? value : "") << 16);
}
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
#define OTEL_SPAN_REMOTE_ 128u    /* the parent came over a wire */

/* otel_span_start(&s, "ota.download", .kind = OTEL_CLIENT): a pair with otel_span_end; not current by itself. */
#define otel_span_start(span, ...) OTEL_START_AT_((span), sizeof *(span), 0u, __VA_ARGS__)

/* OTEL_SPAN(span, "read_sensor", .kind = OTEL_CLIENT) { ... }
   A block that is a span and makes it current. It ends on fall-through, return, goto, break and continue; the last two
   leave this block, not a loop around it. `span` is an otel_span_t * inside. Nested blocks take different names.

   Expansion: a for loop that runs once; its first variable is the memory, the second ends the span when it goes out of
   scope, the third is the name that you chose. */
#define OTEL_SPAN(span, ...) OTEL_SPAN_SIZED(span, OTEL_SPAN_BYTES, __VA_ARGS__)
#define OTEL_START_(mem, how, ...) OTEL_START_AT_((mem), sizeof (mem), (how), __VA_ARGS__)
/* A name alone goes as an argument; with options they all stand in one literal. */
#define OTEL_START_AT_(at, bytes, how, ...) OTEL_CAT_(OTEL_START_, OTEL_ONE_OR_MORE_(__VA_ARGS__))(at, bytes, how, __VA_ARGS__)
#define OTEL_START_one_(at, bytes, how, name) otel_span_start_in_((at), (bytes), OTEL_FILE_SCOPE, (name), (how) | (OTEL_KNOWN_(name) < 128u ? (unsigned)OTEL_KNOWN_(name) << 8 : 0u), NULL)
#define OTEL_START_more_(at, bytes, how, ...) \
    otel_span_start_in_((at), (bytes), OTEL_FILE_SCOPE, NULL, (how), OTEL_REF_(otel_span_options_t, .name = __VA_ARGS__))

#if OTEL_CLEANUP_
#  define OTEL_SPAN_SIZED(span, bytes, ...) \
    for (otel_span_t span##_mem_[OTEL_SPANS(bytes)], *span##_end_ OTEL_ATTRIBUTE_((cleanup(otel_span_cleanup_), unused)) = \
         OTEL_START_(span##_mem_, OTEL_SPAN_CURRENT_, __VA_ARGS__), *span = span##_mem_; span; span = NULL)
/* To the closing brace: for whole functions, and loops with break. */
#  define OTEL_SPAN_HERE(span, ...) \
    otel_span_t span##_mem_[OTEL_SPANS(OTEL_SPAN_BYTES)], *span OTEL_ATTRIBUTE_((cleanup(otel_span_cleanup_), unused)) = \
        (OTEL_START_(span##_mem_, OTEL_SPAN_CURRENT_, __VA_ARGS__), span##_mem_)
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
    for (OTEL_NAME_(otel_guard_)<OTEL_SPANS(bytes)> span##_guard_; span##_guard_.live; span##_guard_.live = NULL) \
        for (otel_span_t *span = (OTEL_START_(span##_guard_.mem, OTEL_SPAN_CURRENT_, __VA_ARGS__), span##_guard_.mem); span; span = NULL)
#  define OTEL_SPAN_HERE(span, ...) \
    OTEL_NAME_(otel_guard_)<OTEL_SPANS(OTEL_SPAN_BYTES)> span##_guard_; \
    otel_span_t *const span = (OTEL_START_(span##_guard_.mem, OTEL_SPAN_CURRENT_, __VA_ARGS__), span##_guard_.mem); \
    (void)span
#else  /* C without cleanup: fall-through and continue end it; leave with OTEL_SPAN_RETURN. OTEL_SPAN_HERE does not exist. */
#  define OTEL_SPAN_SIZED(span, bytes, ...) \
    for (otel_span_t span##_mem_[OTEL_SPANS(bytes)], *span = (OTEL_START_(span##_mem_, OTEL_SPAN_CURRENT_ | OTEL_SPAN_BY_VALUE_, __VA_ARGS__), span##_mem_); \
         span; otel_span_end(span), span = NULL)
#endif

/* OTEL_SPAN_RETURN(span, value): end the span and return the value, which is evaluated after the end; in a void function
   OTEL_SPAN_RETURN(span, ). Needed only where there is no cleanup attribute, fine everywhere. */
#define OTEL_SPAN_RETURN(span, ...) do { otel_span_end(span); return __VA_ARGS__; } while (0)

/* otel_span_set(span, "sensor.id", id, "bus", "i2c1"): up to 8 pairs, each value typed by the compiler, encoded at once. */
#ifndef __cplusplus
#  define otel_span_set(...) OTEL_PAIRS_TO_CALLS_(__VA_ARGS__)
#  define otel_span_link(span, ...) otel_span_link_all((span), OTEL_FIRST_(__VA_ARGS__), OTEL_TAIL_(__VA_ARGS__))
#else
template <class... A> static inline void otel_span_set(otel_span_t *span, const A &...pairs)
{
    OTEL_PAIRS_IN_(A, pairs);
    otel_span_set_all(span, OTEL_LIST_(A));
}
template <class... A> static inline void otel_span_link(otel_span_t *span, const otel_context_t *context, const A &...pairs)
{
    OTEL_PAIRS_IN_(A, pairs);
    otel_span_link_all(span, context, OTEL_LIST_(A));
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
    otel_span_event_all(span, name, OTEL_LIST_(A));
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

/* ---- cxx.h ----------------------------------------------------------------------------------------------------- */
/* Forms for C++11, and for -pedantic before C++20, where designated initialisers are not part of the language. The rest
   of C++ stands where it belongs, beside the macros of C.

     otel_scoped_span span("read_sensor", OTEL_CLIENT);
     span.set("sensor.id", id, "bus", "i2c1");
     if (v < 0) return span.error(v, "i2c nack");

     static otel_counter<8> reads("sensor.reads", "{read}");
     reads.add(1, "bus", "i2c1");

   For otel_init and the like, fill a struct: otel_config_t c = otel_config_t(); c.service = "boiler"; otel_init(&otel, c); */
#ifdef __cplusplus
/* A span from here to the closing brace, current in between, with `bytes` of scratch. It does not move: no copies. A scope
   is named (OTEL_FILE_SCOPE may stand for something that is declared later, so it is not looked at). */
template <unsigned bytes> class OTEL_NAME_(otel_scoped_span_) {
public:
    explicit OTEL_NAME_(otel_scoped_span_)(const char *name, otel_kind_t kind = OTEL_INTERNAL, const otel_context_t *parent = NULL, const otel_scope_t *scope = NULL)
    {
        otel_span_options_t options = otel_span_options_t();
        options.name = name;
        options.kind = kind;
        options.parent = parent;
        options.scope = scope;
        begin_(options);
    }
    explicit OTEL_NAME_(otel_scoped_span_)(const otel_span_options_t &options) { begin_(options); }
    ~OTEL_NAME_(otel_scoped_span_)() { otel_span_end(memory_); }
    OTEL_NAME_(otel_scoped_span_)(const OTEL_NAME_(otel_scoped_span_) &) = delete;
    OTEL_NAME_(otel_scoped_span_) &operator=(const OTEL_NAME_(otel_scoped_span_) &) = delete;

    /* For all other calls: otel_span_rename(span.get(), "other"). */
    otel_span_t *get() { return memory_; }
    template <class... A> void set(const A &...pairs) { otel_span_set(memory_, pairs...); }
    template <class... A> void event(const char *name, const A &...pairs) { otel_span_event(memory_, name, pairs...); }
    int error(int code, const char *message) { return otel_span_error(memory_, code, message); }

private:
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
#endif

/* ---- gauge.h --------------------------------------------------------------------------------------------------- */
/* Gauges: the last value counts. Specification: metrics/api.md, "Gauge".

     static otel_gauge_double_t temperature = OTEL_GAUGE_DOUBLE("hw.temperature", .unit = "Cel");
     otel_gauge_record(&temperature, 21.5);

   Recording is safe in interrupts and signal handlers, as adding to a counter is. NaN and infinities are refused and
   counted: the last number stays. */
typedef struct otel_gauge_t { otel_instrument_t base_ OTEL_Z_; } otel_gauge_t;                       /* int64 */
typedef struct otel_gauge_double_t { otel_instrument_t base_ OTEL_Z_; } otel_gauge_double_t;

/* Name, then .unit, .description, .scope, .otel in this order, then OTEL_SERIES or OTEL_SERIES_IN. */
#define OTEL_GAUGE(...) { { .name = __VA_ARGS__ } }
#define OTEL_GAUGE_DOUBLE(...) { { .name = __VA_ARGS__ } }

#define OTEL_GAUGE_INT_ OTEL_LAST_
#define OTEL_GAUGE_DOUBLE_ (OTEL_LAST_ | OTEL_DOUBLE_)

OTEL_C_BEGIN_
OTEL_API_ void otel_last_int_(otel_cell_t *cell, int64_t value);
OTEL_API_ void otel_last_double_(otel_cell_t *cell, double value);

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

/* ---- histogram.h ----------------------------------------------------------------------------------------------- */
/* Histograms of doubles with explicit bounds: a count for each bucket, sum, least and largest value.
   Specification: metrics/api.md, "Histogram"; metrics/sdk.md, "Explicit Bucket Histogram Aggregation".

     static otel_histogram_t took = OTEL_HISTOGRAM("sensor.read.duration", .unit = "s", OTEL_BOUNDS(0.001, 0.01, 0.1, 1));
     static otel_histogram_t served = OTEL_HISTOGRAM("http.server.request.duration", .unit = "s", OTEL_BUCKETS(8, 0.001, 0.01, 0.1, 1));
     otel_histogram_record(&took, 0.0021);

   A bucket holds what is greater than the bound before it and at most its own. Storage stands where the histogram is
   defined, so there are no buckets without bounds: then it is count and sum. OTEL_DEFAULT_BOUNDS are the specification's.
   Recording is safe in interrupts and signal handlers, as adding to a counter is; NaN and infinities are refused. */
typedef struct otel_histogram_t { otel_instrument_t base_ OTEL_Z_; } otel_histogram_t;

/* Name, then .unit, .description, .scope, .otel in this order, then OTEL_BOUNDS or OTEL_BUCKETS. */
#define OTEL_HISTOGRAM(...) { { .name = __VA_ARGS__ } }
#define OTEL_HISTOGRAM_ (OTEL_BUCKETS_ | OTEL_DOUBLE_)

#define OTEL_DEFAULT_BOUNDS 0, 5, 10, 25, 50, 75, 100, 250, 500, 750, 1000, 2500, 5000, 7500, 10000

/* OTEL_BOUNDS(b1, b2, ..): one to 32 ascending bounds, one series, the one without attributes. OTEL_BUCKETS(n, b1, b2, ..):
   n series with attributes. Each series takes a row of bounds + 3 words (8 bytes; 4 where double has 4), and there are two
   rows more: without attributes, and overflow. */
#define OTEL_ROW_WORDS_(n, bounds) (((n) + 2u) * ((bounds) + 3u))
#ifndef __cplusplus
#  define OTEL_BOUNDS(...) OTEL_BOUNDS_OF_(0u, OTEL_BOUND_COUNT_(__VA_ARGS__, OTEL_COUNTDOWN_), __VA_ARGS__)
#  define OTEL_BUCKETS(n, ...) \
    .series = (otel_series_t[n]){ OTEL_NO_SERIES_ }, .series_len = (n), OTEL_BOUNDS_OF_(n, OTEL_BOUND_COUNT_(__VA_ARGS__, OTEL_COUNTDOWN_), __VA_ARGS__)
#  define OTEL_BOUNDS_OF_(n, count, ...) \
    .bounds = (const double[]){ __VA_ARGS__ }, .bounds_len = (count), .rows = (otel_word_t[OTEL_ROW_WORDS_(n, count)]){ 0 }, .rows_len = OTEL_ROW_WORDS_(n, count)
#  define OTEL_BOUND_COUNT_(...) OTEL_AT33_(__VA_ARGS__)
#  define OTEL_COUNTDOWN_ 32u, 31u, 30u, 29u, 28u, 27u, 26u, 25u, 24u, 23u, 22u, 21u, 20u, 19u, 18u, 17u, \
    16u, 15u, 14u, 13u, 12u, 11u, 10u, 9u, 8u, 7u, 6u, 5u, 4u, 3u, 2u, 1u, 0u
#  define OTEL_AT33_(_1, _2, _3, _4, _5, _6, _7, _8, _9, _10, _11, _12, _13, _14, _15, _16, \
    _17, _18, _19, _20, _21, _22, _23, _24, _25, _26, _27, _28, _29, _30, _31, _32, n, ...) n
#else
template <class... D> constexpr size_t otel_bound_count_(D...) { return sizeof...(D); }
#  if __cplusplus >= 202002L
template <size_t n> struct otel_doubles_ {
    double at[n];
};
template <class Here> struct otel_bounds_ {
    static constexpr auto list = Here{}();
};
#    define OTEL_BOUNDS(...) OTEL_BOUNDS_OF_(0u, otel_bound_count_(__VA_ARGS__), __VA_ARGS__)
#    define OTEL_BUCKETS(n, ...) OTEL_SERIES(n), OTEL_BOUNDS_OF_(n, otel_bound_count_(__VA_ARGS__), __VA_ARGS__)
#    define OTEL_BOUNDS_OF_(n, count, ...) \
    .bounds = otel_bounds_<decltype([] { return otel_doubles_<count>{ { __VA_ARGS__ } }; })>::list.at, .bounds_len = count, \
    .rows = otel_store_<decltype(otel_word_t() + 0u), OTEL_ROW_WORDS_(n, count), decltype([] {})>::at, .rows_len = OTEL_ROW_WORDS_(n, count)
#  else
#    define OTEL_BOUNDS(...) OTEL_BOUNDS_OF_(0u, otel_bound_count_(__VA_ARGS__), __VA_ARGS__)
#    define OTEL_BUCKETS(n, ...) OTEL_SERIES(n), OTEL_BOUNDS_OF_(n, otel_bound_count_(__VA_ARGS__), __VA_ARGS__)
#    define OTEL_BOUNDS_OF_(n, count, ...) \
    .bounds = (const double[]){ __VA_ARGS__ }, .bounds_len = count, .rows = (otel_word_t[OTEL_ROW_WORDS_(n, count)]){}, .rows_len = OTEL_ROW_WORDS_(n, count)
#  endif
#endif

OTEL_C_BEGIN_
/* Record into a bound series of a histogram or a gauge; NULL is nothing. Safe in interrupts and signal handlers. */
OTEL_API_ void otel_series_record_int(otel_series_t *series, int64_t value);
OTEL_API_ void otel_series_record_double(otel_series_t *series, double value);

OTEL_API_ void otel_record_attributes_(otel_instrument_t *instrument, double value, const otel_attr_t *attributes, size_t len);
OTEL_API_ void otel_record_total_(otel_instrument_t *instrument, double value);
OTEL_API_ void otel_bucket_double_(otel_cell_t *cell, double value);

/* With a table of `len` attributes. */
OTEL_FN_ void otel_histogram_record_all(otel_histogram_t *histogram, double value, const otel_attr_t *attributes, size_t len);

/* The series of a set of attributes, to keep, for otel_series_record. NULL while no instance is running. Not for interrupts. */
OTEL_FN_ otel_series_t *otel_histogram_bind_all(otel_histogram_t *histogram, const otel_attr_t *attributes, size_t len);
OTEL_C_END_

/* otel_histogram_record(&served, 0.0021, "http.route", "/"), otel_histogram_bind(&served, "http.route", "/"): up to 8 pairs. */
#ifndef __cplusplus
#  define otel_histogram_record(histogram, ...) \
    otel_histogram_record_all((histogram), OTEL_REAL_(OTEL_FIRST_(__VA_ARGS__)), OTEL_TAIL_(__VA_ARGS__))
#  define otel_histogram_bind(...) otel_histogram_bind_all(OTEL_FIRST_(__VA_ARGS__), OTEL_TAIL_(__VA_ARGS__))
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
    otel_log_all(scope, severity, text, OTEL_LIST_(A));
}
#  define otel_log(severity, ...) otel_log_in(OTEL_FILE_SCOPE, (severity), __VA_ARGS__)
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
    (void)OTEL_VSNPRINTF(text, sizeof text, format, arguments);
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

/* ---- traceparent.h --------------------------------------------------------------------------------------------- */
/* The traceparent header: version, trace id, parent id and flags in lower-case hex, 55 characters.
   W3C Trace Context level 2: "Traceparent Header", "Versioning of traceparent". */
#define OTEL_TRACEPARENT_SIZE 56        /* the 55 characters of version 00 and the NUL */

OTEL_C_BEGIN_
OTEL_API_ bool otel_traceparent_put_(const uint8_t *trace_id, const uint8_t *span_id, unsigned flags, char *out);
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
/* Copy text and say whether it may be other than plain ASCII: one pass for both, a word at a time; the last word may
   overlap the one before. */
OTEL_INLINE_ bool otel_copy_text_here_(uint8_t *to, const void *text, size_t len)
{
    const uint8_t *from = (const uint8_t *)text;
    uintptr_t seen = 0, word;
    if (len >= sizeof word) {
        const uint8_t *last = from + len - sizeof word;
        for (; from < last; from += sizeof word, to += sizeof word) {
            memcpy(&word, from, sizeof word);
            memcpy(to, &word, sizeof word);
            seen |= word;
        }
        memcpy(&word, last, sizeof word);
        memcpy(to - (from - last), &word, sizeof word);
        seen |= word;
    } else {
        for (; len; len--) seen |= *to++ = *from++;
    }
    return (seen & (uintptr_t)0x8080808080808080ull) != 0;
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

OTEL_API_ bool otel_copy_text_(uint8_t *to, const void *text, size_t len) { return otel_copy_text_here_(to, text, len); }

/* A byte that is no UTF-8 becomes '?', so that no decoder refuses the batch. */
OTEL_API_ OTEL_NOINLINE_ void otel_mend_text_(uint8_t *text, size_t len)
{
    size_t i = 0;
    while (i < len) {
        unsigned n = otel_utf8_step_(text + i, len - i);
        if (n == 0) {
            text[i] = '?';
            n = 1;
        }
        i += n;
    }
}

/* Copy text into a protobuf string. */
OTEL_API_ uint8_t *otel_put_text_(uint8_t *to, const char *text, size_t len)
{
#if OTEL_LIMITS
    if (OTEL_UNLIKELY_(otel_copy_text_(to, text, len))) otel_mend_text_(to, len);
#else
    memcpy(to, text, len);
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
    case OTEL_V_BYTES_: return (size_t)(1u + otel_varint_size_(v->len) + v->len);
    case OTEL_V_BOOL_: return 2;
    case OTEL_V_INT_: return 1u + (v->as.i >= 0 && v->as.i < 128 ? 1u : otel_varint64_size_(v->as.u));
    case OTEL_V_UINT_: return v->as.u >> 63 ? (v->as.u / 10u >= 1000000000000000000u ? 22u : 21u) : 1u + otel_varint64_size_(v->as.u);
    case OTEL_V_DOUBLE_: return 9;
    default: return 0;
    }
}

OTEL_FN_ uint8_t *otel_scalar_write_(uint8_t *to, const otel_value_t *v)
{
    uint8_t *tag;
    switch (v->type) {
    case OTEL_V_STRING_:
    case OTEL_V_BYTES_:
        tag = to;
        *tag = v->type == OTEL_V_STRING_ ? OTEL_TAG_STRING_ : OTEL_TAG_BYTES_;
        to = otel_put_varint_(to + 1, v->len);
        if (v->len == 0) return to;
#if OTEL_LIMITS
        if (OTEL_UNLIKELY_(otel_copy_text_(to, v->as.p, (size_t)v->len)) && !otel_utf8_valid((const char *)v->as.p, (size_t)v->len)) *tag = OTEL_TAG_BYTES_;
#else
        memcpy(to, v->as.p, (size_t)v->len);
#endif
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
                    if (otel_too_long_(n - 1u - OTEL_LENGTH_BYTES_)) return 0;
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
                if (otel_too_long_(key_len) || n + 20u + key_len + otel_scalar_size_(&one) > room) return 0;
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
    if (value->len > OTEL_LENGTH_MAX_ || otel_too_long_(any) || 1u + otel_varint_size_((uint32_t)any) + any > room) return 0;
    *to = tag;
    return (size_t)(otel_scalar_write_(otel_put_varint_(to + 1, (uint32_t)any), value) - to);
}

/* Write `tag length KeyValue`. The number of bytes; 0 when it does not fit. */
OTEL_API_ size_t otel_attr_put_(uint8_t *to, size_t room, unsigned tag, const char *key, size_t key_len, const otel_value_t *value)
{
    size_t any, all, head;
    uint8_t *p = to;
    if (OTEL_UNLIKELY_(otel_too_long_(key_len) || value->len > OTEL_LENGTH_MAX_)) return 0;
    head = 1u + otel_varint_size_((uint32_t)key_len) + key_len;
    if (OTEL_UNLIKELY_(otel_is_container_(value->type))) {
        if (room < 1u + OTEL_LENGTH_BYTES_ + head) return 0;
        p += 1u + OTEL_LENGTH_BYTES_;
        any = otel_container_write_(p + head, room - 1u - OTEL_LENGTH_BYTES_ - head, 0x12, value);
        if (any == 0 || otel_too_long_(head + any)) return 0;
        to[0] = (uint8_t)tag;
        otel_put_length_(to + 1, (uint32_t)(head + any));
        *p = 0x0A;                                            /* KeyValue.key = 1 */
        (void)otel_put_text_(otel_put_varint_(p + 1, (uint32_t)key_len), key, key_len);
        return 1u + OTEL_LENGTH_BYTES_ + head + any;
    }
    any = otel_scalar_size_(value);
    all = head + 1u + otel_varint_size_((uint32_t)any) + any;
    if (OTEL_UNLIKELY_(otel_too_long_(all) || 1u + otel_varint_size_((uint32_t)all) + all > room)) return 0;
    *p = (uint8_t)tag;
    p = otel_put_varint_(p + 1, (uint32_t)all);
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

/* The next member of a header that is a comma-separated list; NULL at the end. Empty members are passed over (RFC 9110,
   5.6.1). A member that begins or ends behind the first *left bytes is not there. *at then stands behind the member, and
   at the end on the NUL or on what was left over. */
OTEL_API_ const char *otel_list_next_(const char **at, size_t *left)
{
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
    size_t n = 0, left = (size_t)-1;
    unsigned members = 0;
    while ((member = otel_list_next_(&text, &left)) != NULL) {
        size_t len = otel_list_len_(member, text);
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

/* list-member = key OWS "=" OWS value *( OWS ";" OWS property ) */
OTEL_FN_ bool otel_baggage_parse_(const char *member, size_t len, otel_baggage_entry_t *entry)
{
    size_t at = otel_skip_token_(member, len, 0), end;
    entry->key = member;
    entry->key_len = at;
    end = otel_skip_blanks_(member, len, at);
    if (at == 0 || end == len || member[end] != '=') return false;
    at = otel_skip_blanks_(member, len, end + 1);
    end = otel_skip_octets_(member, len, at);
    entry->value = member + at;
    entry->value_len = end - at;
    end = otel_skip_blanks_(member, len, end);
    at = end < len ? otel_skip_blanks_(member, len, end + 1) : len;
    entry->properties = member + at;
    entry->properties_len = len - at;
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
{
    OTEL_WHEN_OFF_((void)context; return otel_baggage_walk_(NULL))
    return otel_baggage_walk_(context ? context->baggage : NULL);
}

OTEL_API_ bool otel_baggage_next(otel_baggage_t *it, otel_baggage_entry_t *entry)
{
    const char *member;
    OTEL_WHEN_OFF_((void)it; (void)entry; return false)
    if (!it || !entry) return false;
    while ((member = otel_list_next_(&it->at_, &it->left_)) != NULL) {
        if (it->members_ == OTEL_BAGGAGE_MEMBERS_) {
            it->left_ = 0;
            it->at_ = member;
            break;
        }
        it->members_++;
        if (otel_baggage_parse_(member, otel_list_len_(member, it->at_), entry)) return true;
        it->rest_ = true;
    }
    if (*it->at_) it->rest_ = true;
    return false;
}

OTEL_API_ bool otel_baggage_find(const otel_context_t *context, const char *key, otel_baggage_entry_t *entry)
{
    otel_baggage_t it = otel_baggage(context);
    const char *found = NULL;
    size_t len;
    OTEL_WHEN_OFF_((void)it; (void)found; (void)len; (void)key; memset(entry, 0, sizeof *entry); return false)
    len = strlen(key);
    while (otel_baggage_next(&it, entry)) {
        if (entry->key_len == len && memcmp(entry->key, key, len) == 0) found = entry->key;
    }
    it = otel_baggage(found ? context : NULL);
    while (otel_baggage_next(&it, entry)) {
        if (entry->key == found) return true;
    }
    memset(entry, 0, sizeof *entry);
    return false;
}

/* The good members from here on, as they are sent on; like otel_tracestate_write_. */
OTEL_FN_ size_t otel_baggage_write_(otel_baggage_t *it, char *buf, size_t size)
{
    otel_baggage_entry_t entry;
    size_t n = 0;
    while (otel_baggage_next(it, &entry)) {
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

/* ---- clock.h --------------------------------------------------------------------------------------------------- */
OTEL_C_BEGIN_
/* Nanoseconds: since boot when the hook gives ticks, else of Unix time. */
OTEL_FN_ uint64_t otel_clock_now_(otel_clock_t *clock)
{
    if (OTEL_LIKELY_(clock->plain)) return (clock->read)(clock->user);
    return otel_clock_careful_(clock);
}

/* Wall time minus the clock, in one piece though another thread or an interrupt may be setting it. False: not known yet. */
OTEL_FN_ bool otel_clock_offset_(const otel_clock_t *clock, uint64_t *offset)
{
    if (OTEL_UNLIKELY_(!OTEL_LOAD_ACQUIRE_(&clock->known))) {
        *offset = 0;
        return false;
    }
#if OTEL_ATOMICS_ && UINTPTR_MAX > 0xFFFFFFFFu
    *offset = OTEL_LOAD_(&clock->offset);
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
        clock->plain = hz == 1000000000u && clock->bits == 64;
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
        if (keep) {
            if (now < clock->last) now = clock->last;
            clock->last = now;
        }
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
    for (i = 0; i < 8; i++) ids->key[i & 3u] = otel_mix_(ids->key[i & 3u] + ids->key[(i + 3u) & 3u] + 1u);       /* twice around: each byte reaches each key */
}

/* 2 words: a span id, 4: a trace id; never all zero. The same count never comes twice, and each word is a bijection of it. */
OTEL_INLINE_ void otel_id_make_here_(otel_ids_t *ids, uint8_t *to, unsigned words)
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
    word = (uint32_t)((uint64_t)count >> 32) + words * 0x9E3779B9u;    /* trace and span ids share no sequence */
    for (i = 0; i < words; i++) {
        word = otel_mix_((word + low) ^ ids->key[i]);
        any |= word;
        otel_put32_(to + 4u * i, word);
    }
    if (any == 0) to[4 * words - 1] = 1;
}

OTEL_API_ void otel_id_make_(otel_ids_t *ids, uint8_t *to, unsigned words) { otel_id_make_here_(ids, to, words); }
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
            OTEL_STORE_(&reader->cursor, next);
            OTEL_STORE_(&reader->held, next);
            OTEL_STORE_(&reader->evicted, (otel_count_t)(reader->evicted + 1u));
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
    if (OTEL_UNLIKELY_(n > ring->size)) return OTEL_DROP_TOO_LARGE;
    for (;;) {
        otel_pos_t from = OTEL_LOAD_(&ring->reserved);
        otel_pos_t used = otel_pos_between_(ring, OTEL_LOAD_ACQUIRE_(&ring->released), from);
#if OTEL_ATOMICS_
        if (OTEL_LOAD_(&ring->reserved) != from) continue;            /* a handler came between the two reads */
#endif
        if (OTEL_UNLIKELY_(n > ring->size - used)) {
            otel_drop_t why = otel_ring_make_room_(ring, guard, n, locked);
            if (why != OTEL_DROP_REASONS) return why;
            continue;
        }
        if (OTEL_UNLIKELY_(ring->when_full == OTEL_DROP_SAMPLE) && otel_ring_thins_(ring, used, OTEL_LOAD_(&ring->created))) return OTEL_DROP_FULL;
        *start = from;
#if OTEL_ATOMICS_
        if (!OTEL_CAS_(&ring->reserved, &from, otel_pos_add_(ring, from, n))) continue;
#else
        ring->reserved = otel_pos_add_(ring, from, n);
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
        OTEL_ADD_(&ring->waiting, (otel_count_t)1);
        return 0;
    }
    end = OTEL_LOAD_(&ring->reserved);
    OTEL_STORE_RELEASE_(&ring->published, end);
    OTEL_SIGNAL_FENCE_();
    for (;;) {                                    /* a handler between the load and the store left its record to us */
        otel_pos_t now = OTEL_LOAD_(&ring->reserved), seen = end;
        if (OTEL_LIKELY_(now == end) || !OTEL_CAS_(&ring->published, &seen, now)) break;
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
{
    size_t first;
    if (at >= ring->size) at -= ring->size;
    first = (size_t)(ring->size - at);
    if (first > n) first = n;
    if (first) memcpy(ring->bytes + at, from, first);
    if (n > first) memcpy(ring->bytes, (const uint8_t *)from + first, n - first);
}

OTEL_FN_ void otel_ring_fill_(otel_ring_t *ring, otel_pos_t start, const void *a, size_t a_len, const void *b, size_t b_len)
{
    otel_pos_t at = start & OTEL_OFFSET_;
    if (OTEL_LIKELY_(at + a_len + b_len <= ring->size)) {
        memcpy(ring->bytes + at, a, a_len);
        if (b_len) memcpy(ring->bytes + at + a_len, b, b_len);
    } else {
        otel_ring_wrap_(ring, at, a, a_len);
        if (b_len) otel_ring_wrap_(ring, (otel_pos_t)(at + a_len), b, b_len);
    }
}

/* Write one record, made of `a` and `b`. True when it is in the ring; else it is counted as dropped. */
OTEL_INLINE_ bool otel_ring_write_here_(otel_ring_t *ring, const otel_guard_t *guard, const void *a, size_t a_len, const void *b, size_t b_len)
{
    otel_pos_t start = 0;
    otel_drop_t why;
    bool locked = guard->lock != NULL;
#if OTEL_ATOMICS_
    otel_count_t settled = 1;
#else
    uint32_t was;
#endif
    if (OTEL_UNLIKELY_(locked) && !(guard->lock)(guard->user, false)) {
        otel_ring_lose_(ring, OTEL_DROP_BUSY);
        return false;
    }
#if OTEL_ATOMICS_
    OTEL_ADD_(&ring->created, (otel_count_t)1);
    why = otel_ring_reserve_(ring, guard, (otel_pos_t)(a_len + b_len), &start, locked);
    if (OTEL_LIKELY_(why == OTEL_DROP_REASONS)) {
        otel_ring_fill_(ring, start, a, a_len, b, b_len);
        settled = otel_ring_publish_(ring, start);
    } else {
        OTEL_ADD_(&ring->dropped[why], (otel_count_t)1);
    }
    if (OTEL_LIKELY_(settled)) OTEL_ADD_(&ring->settled, settled);
#else
    was = otel_mask_();
    ring->created++;
    why = otel_ring_reserve_(ring, guard, (otel_pos_t)(a_len + b_len), &start, true);
    if (OTEL_LIKELY_(why == OTEL_DROP_REASONS)) {
        otel_unmask_(was);
        otel_ring_fill_(ring, start, a, a_len, b, b_len);
        was = otel_mask_();
        (void)otel_ring_publish_(ring, start);
    } else {
        ring->dropped[why]++;
    }
    ring->settled++;
    otel_unmask_(was);
#endif
    if (OTEL_UNLIKELY_(locked)) (guard->unlock)(guard->user);
    return why == OTEL_DROP_REASONS;
}

OTEL_API_ bool otel_ring_write_(otel_ring_t *ring, const otel_guard_t *guard, const void *a, size_t a_len, const void *b, size_t b_len)
{
    return otel_ring_write_here_(ring, guard, a, a_len, b, b_len);
}

/* The owner of this ring's shard died: forget what it had begun and not published. Nobody else writes here. */
OTEL_API_ void otel_ring_repair_(otel_ring_t *ring)
{
    otel_count_t open = OTEL_LOAD_(&ring->created) - OTEL_LOAD_(&ring->settled);
#if OTEL_ATOMICS_
    uint8_t writer = 2;
    (void)OTEL_CAS_(&ring->gate, &writer, (uint8_t)0);        /* died while it evicted: readers wait there */
#endif
    OTEL_STORE_(&ring->reserved, OTEL_LOAD_(&ring->published));
    OTEL_STORE_(&ring->waiting, (otel_count_t)0);
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
        ring->reader[reader].evicted = ring->read ? 0 : ring->evicted;    /* the first one answers for what was lost before it came */
        ring->read = true;
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

/* Hold all that is published: the reader may look at from..answer until it passes or holds less. `from` is the reader's own;
   the cursor of one that holds nothing may be moved by an eviction at any time. */
OTEL_API_ otel_pos_t otel_ring_hold_(otel_ring_t *ring, const otel_guard_t *guard, unsigned reader)
{
    otel_held_t_ held;
    otel_pos_t until;
    (void)otel_gate_enter_(ring, guard, true, &held);
    until = OTEL_LOAD_ACQUIRE_(&ring->published);
    ring->reader[reader].held = until;
    ring->reader[reader].from = ring->reader[reader].cursor;
    otel_gate_leave_(ring, guard, &held);
    return until;
}

/* Hold less: from..until. Nothing when nothing is held. */
OTEL_API_ void otel_ring_hold_until_(otel_ring_t *ring, const otel_guard_t *guard, unsigned reader, otel_pos_t until)
{
    otel_held_t_ held;
    (void)otel_gate_enter_(ring, guard, true, &held);
    if (ring->reader[reader].held != ring->reader[reader].cursor) ring->reader[reader].held = until;
    otel_gate_leave_(ring, guard, &held);
}

/* Done with all before `to`: the bytes are free once every reader says so. Nothing is held afterwards. A reader that holds
   nothing has nothing to pass: its cursor may have moved on. */
OTEL_API_ void otel_ring_pass_(otel_ring_t *ring, const otel_guard_t *guard, unsigned reader, otel_pos_t to)
{
    otel_held_t_ held;
    (void)otel_gate_enter_(ring, guard, true, &held);
    if (ring->reader[reader].held != ring->reader[reader].cursor) {
        OTEL_STORE_(&ring->reader[reader].cursor, to);
        ring->reader[reader].held = to;
        otel_ring_release_(ring);
    }
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

OTEL_FN_ bool otel_running_(const otel_t *otel) { return otel && OTEL_LOAD_(&otel->live_) == 1; }

OTEL_FN_ otel_shard_t *otel_shard_at_(otel_t *otel, unsigned i) { return i == 0 ? &otel->shard_ : otel->more_ + (i - 1u); }

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

#if OTEL_BODIES_
/* Put a record, made of `a` and `b`, into the calling thread's ring. False: dropped and counted. */
OTEL_INLINE_ bool otel_record_(otel_t *otel, unsigned ring, const void *a, size_t a_len, const void *b, size_t b_len)
{
    otel_shard_t *shard = otel_shard_(otel);
#if OTEL_ATOMICS_ && OTEL_ENABLED
    if (shard == &otel->shard_ && !otel->guard_.lock) return otel_record_shared_(otel, ring, a, a_len, b, b_len);
#endif
    return OTEL_HOT_(otel_ring_write_here_, otel_ring_write_)(&shard->ring[ring], &otel->guard_, a, a_len, b, b_len);
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
{
    OTEL_WHEN_OFF_(return NULL)
    return otel_default_();
}

OTEL_API_ void otel_use(otel_t *otel)
{
    OTEL_WHEN_OFF_((void)otel; return)
#if OTEL_ENABLED
    OTEL_STORE_(&otel_default_v0_, otel);
    if (otel) otel_follow_(otel);
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
        (config->attributes_len && !config->attributes) || (config->clock_hz == 0 && config->clock_bits && config->clock_bits != 64) ||
        (config->clock_bits && config->clock_bits != 64 && (config->clock_bits < 8 || config->clock_bits > 32))) return OTEL_E_CONFIG;
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
    OTEL_STORE_RELEASE_(&otel->live_, (uint8_t)1);
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
#if OTEL_ATOMICS_ && UINTPTR_MAX > 0xFFFFFFFFu
    OTEL_STORE_(&otel->clock_.offset, offset);
#else
    otel->clock_.offset = offset;
#endif
    OTEL_STORE_RELEASE_(&otel->clock_.known, true);
    otel_unmask_(was);
}

#if OTEL_ATOMICS_ && OTEL_ENABLED
/* Give back the calling thread's shards. Threads are told apart by an address, which needs no count that images (plugins,
   DLLs) would have to share; a later thread may have the same one. */
OTEL_API_ void otel_shards_give_back_(otel_t *otel);
OTEL_API_ void otel_shards_give_back_(otel_t *otel)
{
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
{
    otel_thread_t_ *thread = &otel_thread_v0_;
    otel_shard_t *mine = &otel->shard_;
    unsigned i;
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
    thread->epoch = otel->epoch_;
    OTEL_SIGNAL_FENCE_();
    thread->otel = otel;
    return mine;
}
#endif

OTEL_API_ void otel_lose_(otel_t *otel, unsigned ring, otel_drop_t reason) { otel_ring_lose_(&otel_shard_(otel)->ring[ring], reason); }

#if OTEL_ATOMICS_ && OTEL_ENABLED
/* The first shard has an owner only while a record is written. */
OTEL_API_ OTEL_NOINLINE_ bool otel_record_shared_(otel_t *otel, unsigned ring, const void *a, size_t a_len, const void *b, size_t b_len)
{
    otel_shard_t *shard = &otel->shard_;
    const void *nobody = NULL;
    bool nested = OTEL_LOAD_(&shard->owner) == &otel_thread_v0_, written;
    if (!nested && !OTEL_CAS_(&shard->owner, &nobody, (const void *)&otel_thread_v0_)) {
        otel_ring_lose_(&shard->ring[ring], OTEL_DROP_BUSY);
        return false;
    }
    written = otel_ring_write_(&shard->ring[ring], &otel->guard_, a, a_len, b, b_len);
    if (!nested) OTEL_STORE_RELEASE_(&shard->owner, (const void *)NULL);
    return written;
}
#endif

OTEL_API_ void otel_thread_end(otel_t *otel)
{
    OTEL_WHEN_OFF_((void)otel; return)
#if OTEL_ATOMICS_ && OTEL_ENABLED
    if (otel && OTEL_LOAD_(&otel->live_)) {
        otel_shards_give_back_(otel);
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
    if (otel && OTEL_LOAD_(&otel->live_)) {
        unsigned i, k, reader;
        for (i = 0; i < otel->shards_; i++) {
            otel_shard_t *shard = otel_shard_at_(otel, i);
            shard->owner = NULL;
            for (k = 0; k < 2; k++) {
                otel_ring_t *ring = &shard->ring[k], old = *ring;
                otel_ring_init_(ring, old.bytes, (size_t)old.size, (otel_when_full_t)old.when_full);
                for (reader = 0; reader < OTEL_READERS_; reader++) ring->reader[reader].on = old.reader[reader].on;
            }
        }
        otel->clock_.gate = 0;
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

/* The number of a scope in this instance, given at its first use; 0, the unnamed scope, when there is none or no room. */
OTEL_API_ uint32_t otel_scope_number_(otel_t *otel, const otel_scope_t *scope)
{
    otel_scope_t *s = (otel_scope_t *)(uintptr_t)scope;       /* defined by OTEL_SCOPE, which is not const */
    uint32_t was, number;
    if (!s) return 0;
    if (OTEL_LIKELY_(OTEL_LOAD_ACQUIRE_(&s->epoch_) == otel->epoch_)) return s->number_;
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

#if OTEL_ATOMICS_
OTEL_API_ bool otel_seize_(otel_instrument_t *instrument);
#endif

/* Nobody else registers this instrument, adds a series to it or, without wide atomics, changes one. False: taken. */
OTEL_FN_ bool otel_lock_(otel_instrument_t *instrument, otel_t *otel, bool wait, uint32_t *was)
{
    *was = 0;
#if OTEL_ATOMICS_
    (void)otel;
    (void)wait;
    return otel_seize_(instrument);
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
    OTEL_STORE_RELEASE_(&instrument->busy_, (uintptr_t)0);
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

/* The tag of an attribute in the data points of this kind. */
OTEL_FN_ uint8_t otel_attribute_tag_(unsigned kind)
{
    return kind & OTEL_BUCKETS_ ? 0x4A : 0x3A;    /* HistogramDataPoint.attributes = 9, NumberDataPoint.attributes = 7 */
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
#if OTEL_BODIES_
#if OTEL_ATOMICS_
#define OTEL_PATIENCE_ 0x1000000u /* looks at a lock that another thread holds for some hundred instructions */

/* A thread that is in the way is waited for; one that never comes back (killed, or left behind by fork) costs the wait
   once: after that the instrument takes no new series and says so in its counts. A signal handler never waits for the
   thread that it interrupted. */
OTEL_API_ bool otel_seize_(otel_instrument_t *instrument)
{
    const uintptr_t stuck = 1;
#if OTEL_ENABLED
    const uintptr_t me = (uintptr_t)&otel_thread_v0_;
#else
    const uintptr_t me = 2;
#endif
    uint32_t i;
    for (i = 0; i < OTEL_PATIENCE_; i++) {
        uintptr_t holder = OTEL_LOAD_(&instrument->busy_);
        if (holder == 0 && OTEL_CAS_(&instrument->busy_, &holder, me)) return true;
        if (holder == me || holder == stuck) return false;
    }
    OTEL_STORE_(&instrument->busy_, stuck);
    return false;
}
#endif

/* Count a measurement that was not taken. */
OTEL_API_ OTEL_NOINLINE_ void otel_refuse_(otel_cell_t *cell) { otel_tally_(&cell->owner->refused_); }

/* Another life: numbers begin at nothing. The sets of attributes stay where they are, because series may be bound. */
OTEL_FN_ void otel_cell_reset_(otel_cell_t *cell, const otel_instrument_t *instrument, otel_word_t *row)
{
#if OTEL_WIDE_
    OTEL_STORE_(&cell->value, (uint64_t)0);
#else
    cell->value = 0;
#endif
    OTEL_STORE_(&cell->set, (uint8_t)0);
    if (row) memset((void *)row, 0, (instrument->bounds_len + 3u) * sizeof *row);
    else cell->held.count = 0;
    OTEL_STORE_RELEASE_(&cell->awake, (uint32_t)0);
}

OTEL_FN_ void otel_instrument_reset_(otel_instrument_t *instrument)
{
    size_t i;
    otel_cell_reset_(&instrument->total_, instrument, otel_row_(instrument, 0));
    otel_cell_reset_(&instrument->overflow_, instrument, otel_row_(instrument, 1));
    for (i = 0; i < instrument->used_; i++) otel_cell_reset_(&instrument->series[i].cell_, instrument, otel_row_(instrument, i + 2u));
    OTEL_STORE_(&instrument->refused_, (otel_count_t)0);
    OTEL_STORE_(&instrument->overflowed_, (otel_count_t)0);
}

/* Put it in front of the instance's list, unless it is there already (after a fork). */
OTEL_FN_ void otel_instrument_link_(otel_instrument_t *instrument, otel_t *otel)
{
    otel_instrument_t *i;
    for (i = OTEL_LOAD_ACQUIRE_(&otel->instruments_); i; i = i->next_) {
        if (i == instrument) return;
    }
    instrument->next_ = OTEL_LOAD_(&otel->instruments_);
#if OTEL_ATOMICS_
    while (!OTEL_CAS_(&otel->instruments_, &instrument->next_, instrument)) {}
#else
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
OTEL_API_ OTEL_NOINLINE_ bool otel_join_(otel_instrument_t *instrument, unsigned kind)
{
    uint32_t seen = otel_seen_(), was;
    otel_t *otel = otel_default_();
    if (OTEL_LOAD_ACQUIRE_(&instrument->seen_) == seen) return true;
    if (instrument->otel || (instrument->scope && instrument->scope->otel)) otel = instrument->otel ? instrument->otel : instrument->scope->otel;
    if (!otel) return false;
    otel_follow_(otel);
    seen = otel_seen_();
    if (!otel_lock_(instrument, otel, false, &was)) {
        otel_tally_(&instrument->refused_);
        return false;
    }
    if (OTEL_LOAD_(&instrument->seen_) != seen) {
        otel = otel_instrument_home_(instrument);
        if (!otel_running_(otel)) {
            otel_unlock_(instrument, otel, was);
            return false;
        }
        if (instrument->otel_ != otel || instrument->epoch_ != otel->epoch_) {
            if (instrument->epoch_) otel_instrument_reset_(instrument);
            if (instrument->kind_ != kind) instrument->kind_ = (uint8_t)kind;
            instrument->total_.owner = instrument->overflow_.owner = instrument;
            instrument->room_ = (uint16_t)otel_series_room_(instrument);
            if (otel_row_(instrument, 0)) {
                instrument->total_.held.row = otel_row_(instrument, 0);
                instrument->overflow_.held.row = otel_row_(instrument, 1);
            }
            instrument->start_ = otel_clock_now_(&otel->clock_);
            OTEL_STORE_(&instrument->otel_, otel);
            OTEL_STORE_RELEASE_(&instrument->epoch_, otel->epoch_);           /* from here on it is collected */
            otel_instrument_link_(instrument, otel);
        }
        OTEL_STORE_RELEASE_(&instrument->seen_, seen);
    }
    otel_unlock_(instrument, otel, was);
    return true;
}

/* The instance goes: its instruments are free to register with another one. */
OTEL_API_ void otel_instruments_leave_(otel_t *otel)
{
    otel_instrument_t *i;
    OTEL_METRICS_OFF_((void)otel; return)
    for (i = OTEL_LOAD_ACQUIRE_(&otel->instruments_); i; i = i->next_) {
        if (OTEL_LOAD_(&i->otel_) == otel) OTEL_STORE_(&i->otel_, (otel_t *)NULL);
    }
}

/* Make a cell usable that was not used in this life, or whose instance may have gone. */
OTEL_API_ OTEL_NOINLINE_ bool otel_cell_wake_(otel_cell_t *cell)
{
    otel_instrument_t *instrument = cell->owner;
    if (!otel_join_(instrument, instrument->kind_)) return false;
    OTEL_STORE_RELEASE_(&cell->awake, otel_awake_(instrument->kind_));
    return true;
}

/* The sign of `a` compared with `b`, byte by byte. */
OTEL_FN_ int otel_compare_keys_(const char *a, const char *b)
{
    while (*a && *a == *b) {
        a++;
        b++;
    }
    return (int)(unsigned char)*a - (int)(unsigned char)*b;
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

OTEL_FN_ otel_hash_t_ otel_hash_value_(otel_hash_t_ hash, const otel_value_t *v)
{
    uint64_t word;
    switch (v->type) {
    case OTEL_V_STRING_:
    case OTEL_V_BYTES_: return otel_hash_bytes_(hash, v->as.p, (size_t)v->len);
    case OTEL_V_INT_:
    case OTEL_V_UINT_: word = v->as.u; break;                 /* one number, whatever its type */
    case OTEL_V_BOOL_: word = v->as.i != 0; break;
    case OTEL_V_DOUBLE_: word = otel_pack_(v->as.d); break;
    default: return hash;                                     /* null, arrays, maps: told apart by comparing them */
    }
#if UINTPTR_MAX <= 0xFFFFFFFFu
    hash = OTEL_STIR_(hash, (uint32_t)(word >> 32));
#endif
    return OTEL_STIR_(hash, (otel_hash_t_)word);
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
        hash = otel_hash_value_(otel_hash_bytes_(hash, a->key, n), &a->value);
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

/* A set that was not found at first sight: encoded, looked for again, and given a series unless somebody was faster. NULL: no
   room, or the lock is taken. */
OTEL_API_ OTEL_NOINLINE_ otel_series_t *otel_series_new_(otel_instrument_t *instrument, unsigned kind, const otel_set_t_ *set);
OTEL_API_ OTEL_NOINLINE_ otel_series_t *otel_series_new_(otel_instrument_t *instrument, unsigned kind, const otel_set_t_ *set)
{
    uint8_t bytes[OTEL_SERIES_INLINE_];
    otel_series_t *series;
    otel_t *otel = OTEL_LOAD_(&instrument->otel_);
    uint16_t *chain = otel_chain_(instrument, set->hash);
    size_t i, size = 0;
    uint32_t was;
    for (i = 0; i < set->n; i++) {
        const otel_attr_t *a = &set->attributes[set->order[i]];
        size_t more = otel_attr_put_(bytes + size, sizeof bytes - size, otel_attribute_tag_(kind), a->key, set->key_len[i], &a->value);
        if (more == 0) return NULL;
        size += more;
    }
    series = otel_look_(instrument, chain, set->hash, bytes, size);
    if (series || OTEL_LOAD_(&instrument->used_) == instrument->room_ || !otel_lock_(instrument, otel, false, &was)) return series;
    series = otel_look_(instrument, chain, set->hash, bytes, size);
    if (!series && instrument->used_ < instrument->room_) {
        series = &instrument->series[instrument->used_];
        memcpy(series->attributes_, bytes, size);
        series->used_ = (uint16_t)size;
        series->hash_ = set->hash;
        series->cell_.owner = instrument;
        if (otel_row_(instrument, 0)) series->cell_.held.row = otel_row_(instrument, instrument->used_ + 2u);
        series->next_ = *chain;
        OTEL_STORE_RELEASE_(&instrument->used_, (uint16_t)(instrument->used_ + 1u));
        OTEL_STORE_RELEASE_(chain, (uint16_t)instrument->used_);
    }
    otel_unlock_(instrument, otel, was);
    return series;
}

/* The cell of a set of attributes; NULL: nothing is recorded. */
OTEL_API_ otel_cell_t *otel_find_(otel_instrument_t *instrument, unsigned kind, const otel_attr_t *attributes, size_t len)
{
    otel_set_t_ set;
    otel_series_t *series = NULL;
    if (!instrument) return NULL;
    if (OTEL_UNLIKELY_(OTEL_LOAD_ACQUIRE_(&instrument->seen_) != otel_seen_()) && !otel_join_(instrument, kind)) return NULL;
    if (len == 0 || !attributes) return &instrument->total_;
    if (OTEL_LIKELY_(otel_set_sort_(&set, attributes, len))) {
        if (set.n == 0) return &instrument->total_;
        if (OTEL_LIKELY_(instrument->room_ && otel_set_hash_(&set))) {
            uint16_t i = OTEL_LOAD_ACQUIRE_(otel_chain_(instrument, set.hash));
            for (; i; i = instrument->series[i - 1u].next_) {
                series = &instrument->series[i - 1u];
                if (OTEL_LIKELY_(series->hash_ == set.hash && otel_series_is_(series, &set))) return &series->cell_;
            }
            series = otel_series_new_(instrument, kind, &set);
            if (series) return &series->cell_;
        }
    }
    otel_tally_(&instrument->overflowed_);
    return &instrument->overflow_;
}

/* The series of a set, to keep. A sum that is bound is reported from now on, with 0 when nothing comes. */
OTEL_API_ otel_series_t *otel_bind_(otel_instrument_t *instrument, unsigned kind, const otel_attr_t *attributes, size_t len)
{
    otel_cell_t *cell = otel_find_(instrument, kind, attributes, len);
    if (!cell || (OTEL_LOAD_ACQUIRE_(&cell->awake) != otel_awake_(kind) && !otel_cell_wake_(cell))) return NULL;
    return (otel_series_t *)(void *)cell;         /* used as a cell only: the ones without attributes are nothing more */
}

OTEL_API_ otel_instrument_stats_t otel_instrument_stats_(const otel_instrument_t *instrument)
{
    otel_instrument_stats_t stats;
    memset((void *)&stats, 0, sizeof stats);
    OTEL_METRICS_OFF_((void)instrument; return stats)
    stats.series = (uint32_t)OTEL_LOAD_ACQUIRE_(&instrument->used_) + (OTEL_LOAD_(&instrument->total_.awake) != 0 ? 1u : 0u);
    stats.overflowed = OTEL_LOAD_(&instrument->overflowed_);
    stats.refused = OTEL_LOAD_(&instrument->refused_);
    return stats;
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
        otel_sum_int_(cell, value);
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
    else otel_add_int_(counter ? &counter->base_ : NULL, OTEL_COUNTER_, value, attributes, len);
}

OTEL_FN_ void otel_counter_double_add_all(otel_counter_double_t *counter, double value, const otel_attr_t *attributes, size_t len)
{
    OTEL_METRICS_OFF_((void)counter; (void)value; (void)attributes; (void)len; return)
    otel_add_double_(counter ? &counter->base_ : NULL, OTEL_COUNTER_DOUBLE_, value, attributes, len);
}

OTEL_FN_ void otel_updown_add_all(otel_updown_t *updown, int64_t value, const otel_attr_t *attributes, size_t len)
{
    OTEL_METRICS_OFF_((void)updown; (void)value; (void)attributes; (void)len; return)
    otel_add_int_(updown ? &updown->base_ : NULL, OTEL_UPDOWN_INT_, value, attributes, len);
}

OTEL_FN_ void otel_updown_double_add_all(otel_updown_double_t *updown, double value, const otel_attr_t *attributes, size_t len)
{
    OTEL_METRICS_OFF_((void)updown; (void)value; (void)attributes; (void)len; return)
    otel_add_double_(updown ? &updown->base_ : NULL, OTEL_UPDOWN_DOUBLE_, value, attributes, len);
}

OTEL_FN_ otel_series_t *otel_counter_bind_all(otel_counter_t *counter, const otel_attr_t *attributes, size_t len)
{
    OTEL_METRICS_OFF_((void)counter; (void)attributes; (void)len; return NULL)
    return otel_bind_(counter ? &counter->base_ : NULL, OTEL_COUNTER_, attributes, len);
}

OTEL_FN_ otel_series_t *otel_counter_double_bind_all(otel_counter_double_t *counter, const otel_attr_t *attributes, size_t len)
{
    OTEL_METRICS_OFF_((void)counter; (void)attributes; (void)len; return NULL)
    return otel_bind_(counter ? &counter->base_ : NULL, OTEL_COUNTER_DOUBLE_, attributes, len);
}

OTEL_FN_ otel_series_t *otel_updown_bind_all(otel_updown_t *updown, const otel_attr_t *attributes, size_t len)
{
    OTEL_METRICS_OFF_((void)updown; (void)attributes; (void)len; return NULL)
    return otel_bind_(updown ? &updown->base_ : NULL, OTEL_UPDOWN_INT_, attributes, len);
}

OTEL_FN_ otel_series_t *otel_updown_double_bind_all(otel_updown_double_t *updown, const otel_attr_t *attributes, size_t len)
{
    OTEL_METRICS_OFF_((void)updown; (void)attributes; (void)len; return NULL)
    return otel_bind_(updown ? &updown->base_ : NULL, OTEL_UPDOWN_DOUBLE_, attributes, len);
}
#if OTEL_BODIES_
/* A counter of int64 went past its end: it stays there. Its sum is never negative, so whoever finds it so puts it right. */
OTEL_API_ OTEL_NOINLINE_ void otel_sum_ended_(otel_cell_t *cell)
{
#if OTEL_WIDE_
    OTEL_STORE_(&cell->value, (uint64_t)INT64_MAX);
#endif
    otel_refuse_(cell);
}

/* a + b, which stops at both ends. */
OTEL_FN_ int64_t otel_sum_stops_(int64_t a, int64_t b, bool *ended)
{
    *ended = b >= 0 ? a > INT64_MAX - b : a < INT64_MIN - b;
    if (OTEL_UNLIKELY_(*ended)) return b >= 0 ? INT64_MAX : INT64_MIN;
    return a + b;
}

/* The careful way: a series that sleeps, sums that go both ways, wrong types. */
OTEL_API_ OTEL_NOINLINE_ void otel_sum_int_(otel_cell_t *cell, int64_t value)
{
    otel_change_t_ change;
    bool ended;
    unsigned kind;
    if (!cell) return;
    kind = cell->owner->kind_;
    if (OTEL_LOAD_ACQUIRE_(&cell->awake) != otel_awake_(kind) && !otel_cell_wake_(cell)) return;
    if (kind & OTEL_DOUBLE_) {
        otel_sum_double_(cell, (double)value);
        return;
    }
    if (!(kind & OTEL_SUM_) || (value < 0 && !(kind & OTEL_UPDOWN_)) || !otel_change_begin_(cell, &change)) {
        otel_refuse_(cell);
        return;
    }
    while (!otel_change_end_(cell, &change, (uint64_t)otel_sum_stops_((int64_t)change.value, value, &ended))) {}
    if (OTEL_UNLIKELY_(ended)) otel_refuse_(cell);
}

OTEL_API_ void otel_sum_double_(otel_cell_t *cell, double value)
{
    otel_change_t_ change;
    bool ended;
    unsigned kind;
    if (!cell) return;
    kind = cell->owner->kind_;
    if (OTEL_LOAD_ACQUIRE_(&cell->awake) != otel_awake_(kind) && !otel_cell_wake_(cell)) return;
    if ((kind & (OTEL_SUM_ | OTEL_DOUBLE_)) != (OTEL_SUM_ | OTEL_DOUBLE_) || !otel_finite_(value) ||
        ((otel_double_word_(value) & OTEL_SIGN_) && value != 0 && !(kind & OTEL_UPDOWN_)) || !otel_change_begin_(cell, &change)) {
        otel_refuse_(cell);
        return;
    }
    while (!otel_change_end_(cell, &change, otel_pack_(otel_sum_of_(otel_unpack_(change.value), value, &ended)))) {}
    if (OTEL_UNLIKELY_(ended)) otel_refuse_(cell);
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
{
    otel_cell_t *cell = otel_cell_of_(series);
    OTEL_METRICS_OFF_((void)value; (void)cell; return)
    if (OTEL_LIKELY_(cell && cell->awake == otel_awake_(OTEL_COUNTER_)) && OTEL_LIKELY_(otel_sum_fast_(cell, value))) return;
    otel_sum_int_(cell, value);
}
#endif

/* Without attributes. */
OTEL_API_ void otel_add_total_(otel_instrument_t *instrument, int64_t value)
{
    otel_cell_t *cell = instrument ? otel_total_(instrument, OTEL_COUNTER_, 0) : NULL;
    if (OTEL_LIKELY_(cell != NULL) && OTEL_LIKELY_(otel_sum_fast_(cell, value))) return;
    otel_add_int_(instrument, OTEL_COUNTER_, value, NULL, 0);
}

OTEL_API_ void otel_series_add_double(otel_series_t *series, double value)
{
    OTEL_METRICS_OFF_((void)series; (void)value; return)
    otel_sum_double_(otel_cell_of_(series), value);
}

OTEL_API_ void otel_add_int_(otel_instrument_t *instrument, unsigned kind, int64_t value, const otel_attr_t *attributes, size_t len)
{
    otel_series_add_int((otel_series_t *)(void *)otel_find_(instrument, kind, attributes, len), value);
}

OTEL_API_ void otel_add_double_(otel_instrument_t *instrument, unsigned kind, double value, const otel_attr_t *attributes, size_t len)
{
    otel_sum_double_(otel_find_(instrument, kind, attributes, len), value);
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

/* Head and fields are one run of bytes, reached by offset because the span's memory may be longer than its type. Without
   a parent the fields begin where its id would stand. */
OTEL_FN_ uint8_t *otel_span_bytes_(otel_span_t *span) { return (uint8_t *)span + offsetof(otel_span_t, head_); }
OTEL_FN_ size_t otel_span_fields_(const otel_span_t *span) { return span->state_ & OTEL_SPAN_PARENT_ ? OTEL_SPAN_HEAD_ : OTEL_HEAD_ROOT_; }

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
    memmove(field, field + n, (size_t)(otel_span_bytes_(span) + span->used_ - field));
}

/* Take out the first field of this tag, if there is one. */
OTEL_FN_ void otel_scratch_remove_(otel_span_t *span, uint8_t tag)
{
    uint8_t *p = otel_span_bytes_(span) + otel_span_fields_(span), *end = otel_span_bytes_(span) + span->used_;
    while (p < end) {
        size_t n = otel_field_size_(p);
        if (*p == tag) {
            otel_scratch_cut_(span, p, n);
            return;
        }
        p += n;
    }
}

/* The bit of a key, which is not empty. */
OTEL_FN_ uintptr_t otel_key_bit_(const char *key, size_t key_len)
{
    return (uintptr_t)1 << ((key_len + (uint8_t)key[0] + (uint8_t)key[key_len - 1u]) & (sizeof(uintptr_t) * 8u - 1u));
}

/* The attribute with this key, or NULL. Lengths are compared before keys. */
OTEL_API_ uint8_t *otel_span_find_(otel_span_t *span, const char *key, size_t key_len);
OTEL_API_ uint8_t *otel_span_find_(otel_span_t *span, const char *key, size_t key_len)
{
    uint8_t *p = otel_span_bytes_(span) + otel_span_fields_(span), *end = otel_span_bytes_(span) + span->used_;
    while (p < end) {
        size_t n = OTEL_LIKELY_(p[1] < 128u) ? 2u + p[1] : otel_field_size_(p);
        if (*p == OTEL_FIELD_ATTRIBUTE_) {
            const uint8_t *k = p + 2;
            while (k[-1] & 128u) k++;             /* k: KeyValue.key, which comes first */
            if (key_len < 128u ? k[1] == key_len && memcmp(k + 2, key, key_len) == 0
                               : otel_field_size_(k) == key_len + 1u + otel_varint_size_((uint32_t)key_len) && memcmp(k + 1 + otel_varint_size_((uint32_t)key_len), key, key_len) == 0) return p;
        }
        p += n;
    }
    return NULL;
}

/* A key that is there already: the new value first, so that nothing is lost when it does not fit; else in the old one's
   place. False: it fits nowhere, the old one is gone. */
OTEL_API_ OTEL_NOINLINE_ bool otel_span_replace_(otel_span_t *span, uint8_t *old, const char *key, size_t key_len, const otel_value_t *value);
OTEL_API_ OTEL_NOINLINE_ bool otel_span_replace_(otel_span_t *span, uint8_t *old, const char *key, size_t key_len, const otel_value_t *value)
{
    uint8_t *to = otel_span_bytes_(span) + span->used_;
    size_t n = otel_attr_put_(to, span->room_ - span->used_, OTEL_FIELD_ATTRIBUTE_, key, key_len, value), gone = otel_field_size_(old);
    span->used_ += n;
    otel_scratch_cut_(span, old, gone);
    if (n) return true;
    n = otel_attr_put_(to - gone, span->room_ - span->used_, OTEL_FIELD_ATTRIBUTE_, key, key_len, value);
    span->used_ += n;
    return n != 0;
}

/* One attribute, encoded where it will stand. */
OTEL_API_ otel_span_t *otel_set_(otel_span_t *span, const char *key, const otel_value_t *value)
{
    size_t key_len, n = 0;
    uint8_t *old;
    OTEL_TRACES_OFF_((void)span; (void)key; (void)value; return NULL)
    if (!otel_is_recording(span) || !key || !*key) return span;
    key_len = strlen(key);
    if ((span->keys_ & otel_key_bit_(key, key_len)) && (old = otel_span_find_(span, key, key_len)) != NULL) {
        if (otel_span_replace_(span, old, key, key_len, value)) return span;
        span->attributes_--;
    } else if (OTEL_LIKELY_(span->attributes_ < OTEL_COUNT_LIMIT_)) {
        n = otel_attr_put_(otel_span_bytes_(span) + span->used_, span->room_ - span->used_, OTEL_FIELD_ATTRIBUTE_, key, key_len, value);
    }
    span->used_ += n;
    if (OTEL_LIKELY_(n != 0)) {
        span->attributes_++;
        span->keys_ |= otel_key_bit_(key, key_len);
    } else {
        otel_count16_(&span->lost_attributes_);
    }
    return span;
}

OTEL_API_ otel_span_t *otel_set_int_(otel_span_t *span, const char *key, int64_t value)
{
    otel_value_t v = otel_value_int_(value);
    return otel_set_(span, key, &v);
}

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

/* Most attributes are short and new: lengths of one byte, no second look. Writes all up to the value of `any` bytes and
   gives its place; NULL: the careful way. */
OTEL_INLINE_ uint8_t *otel_set_short_here_(otel_span_t *span, const char *key, size_t key_len, size_t any)
{
    size_t all = key_len + any + 4u;
    uint8_t *p = otel_span_bytes_(span) + span->used_;
    uintptr_t bit;
    if (all > 127u || all + 2u > span->room_ - span->used_ || key_len == 0 || span->attributes_ >= OTEL_COUNT_LIMIT_) return NULL;
    bit = otel_key_bit_(key, key_len);
    if (OTEL_UNLIKELY_(span->keys_ & bit) && otel_span_find_(span, key, key_len)) return NULL;
    span->keys_ |= bit;
    span->used_ += all + 2u;
    span->attributes_++;
    p[0] = OTEL_FIELD_ATTRIBUTE_;
    p[1] = (uint8_t)all;
    p[2] = 0x0A;                                              /* KeyValue.key = 1 */
    p[3] = (uint8_t)key_len;
    if (OTEL_UNLIKELY_(OTEL_HOT_(otel_copy_text_here_, otel_copy_text_)(p + 4, key, key_len)) && OTEL_LIMITS) otel_mend_text_(p + 4, key_len);
    p += 4u + key_len;
    p[0] = 0x12;                                              /* KeyValue.value = 2 */
    p[1] = (uint8_t)any;
    return p + 2;
}

OTEL_API_ uint8_t *otel_set_short_(otel_span_t *span, const char *key, size_t key_len, size_t any);
OTEL_API_ uint8_t *otel_set_short_(otel_span_t *span, const char *key, size_t key_len, size_t any) { return otel_set_short_here_(span, key, key_len, any); }

/* lengths: of the key and, 16 bits higher, of the value, plus one each; 0: not known. */
OTEL_API_ otel_span_t *otel_set_text_(otel_span_t *span, const char *key, const char *value, uint32_t lengths)
{
    otel_value_t v;
    OTEL_TRACES_OFF_((void)span; (void)key; (void)value; (void)lengths; return NULL)
    if (!otel_is_recording(span)) return span;
    if (OTEL_LIKELY_(key && value)) {
        size_t key_len = lengths & 0xFFFFu ? (size_t)(lengths & 0xFFFFu) - 1u : strlen(key), len = lengths >> 16 ? (size_t)(lengths >> 16) - 1u : strlen(value);
        uint8_t *p = len < 100u ? OTEL_HOT_(otel_set_short_here_, otel_set_short_)(span, key, key_len, len + 2u) : NULL;
        if (OTEL_LIKELY_(p != NULL)) {
            p[0] = OTEL_TAG_STRING_;
            p[1] = (uint8_t)len;
            if (OTEL_UNLIKELY_(OTEL_HOT_(otel_copy_text_here_, otel_copy_text_)(p + 2, value, len)) && OTEL_LIMITS && !otel_utf8_valid(value, len)) p[0] = OTEL_TAG_BYTES_;
            return span;
        }
    }
    v = otel_value_str_(value);
    return otel_set_(span, key, &v);
}

OTEL_API_ otel_span_t *otel_set_number_(otel_span_t *span, const char *key, int32_t value, size_t key_len)
{
    otel_value_t v;
    OTEL_TRACES_OFF_((void)span; (void)key; (void)value; (void)key_len; return NULL)
    if (!otel_is_recording(span)) return span;
    if (OTEL_LIKELY_(key && value >= 0)) {
        uint8_t *p = OTEL_HOT_(otel_set_short_here_, otel_set_short_)(span, key, key_len ? key_len - 1u : strlen(key), 1u + otel_varint_size_((uint32_t)value));
        if (OTEL_LIKELY_(p != NULL)) {
            *p = OTEL_TAG_INT_;
            (void)otel_put_varint_(p + 1, (uint32_t)value);
            return span;
        }
    }
    v = otel_value_int_(value);
    return otel_set_(span, key, &v);
}

OTEL_API_ void otel_span_set_all(otel_span_t *span, const otel_attr_t *attributes, size_t len)
{
    size_t i;
    OTEL_TRACES_OFF_((void)span; (void)attributes; (void)len; return)
    if (!attributes) return;
    for (i = 0; i < len; i++) (void)otel_set_(span, attributes[i].key, &attributes[i].value);
}

/* Span.trace_state = 3 and Link.trace_state = 3: what came in, as it is sent on. The number of bytes; 0: none, or no room. */
OTEL_API_ OTEL_NOINLINE_ size_t otel_state_write_(uint8_t *to, size_t room, const otel_context_t *context);
OTEL_API_ OTEL_NOINLINE_ size_t otel_state_write_(uint8_t *to, size_t room, const otel_context_t *context)
{
    const size_t head = 1u + OTEL_LENGTH_BYTES_;
    size_t n;
    if (room < head + 4u) return 0;
    n = otel_tracestate(context, (char *)to + head, room - head);
    if (n == 0 || to[head] == 0) return 0;
    *to = 0x1A;
    otel_put_length_(to + 1, (uint32_t)n);
    return head + n;
}

/* Write a message field that holds what `write` would have to size first: head with a padded length, then attributes one
   by one; those that do not fit are counted inside. Event and link share it. */
OTEL_API_ void otel_scratch_message_(otel_span_t *span, uint8_t tag, const uint8_t *head, size_t head_len, const char *text, const otel_context_t *context, const otel_attr_t *attributes, size_t len);
OTEL_API_ void otel_scratch_message_(otel_span_t *span, uint8_t tag, const uint8_t *head, size_t head_len, const char *text, const otel_context_t *context, const otel_attr_t *attributes, size_t len)
{
    uint8_t *begin = otel_span_bytes_(span) + span->used_, *p = begin + 1 + OTEL_LENGTH_BYTES_;
    size_t room = span->room_ - span->used_, text_len = text ? strlen(text) : 0, i, n;
    uint32_t lost = 0, kept = 0;
    const uint8_t attribute_tag = tag == OTEL_FIELD_EVENT_ ? 0x1A : 0x22;     /* Event.attributes = 3, Link.attributes = 4 */
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
    if (context && context->tracestate) p += otel_state_write_(p, room - 4u - (size_t)(p - begin), context);
    for (i = 0; i < len && attributes; i++) {
        n = kept < OTEL_COUNT_LIMIT_ && attributes[i].key ? otel_attr_write_(p, room - 4u - (size_t)(p - begin), attribute_tag, attributes[i].key, &attributes[i].value) : 0;
        if (n) kept++;
        else if (lost < 0x1FFFFFu) lost++;
        p += n;
    }
    if (lost) {
        *p = tag == OTEL_FIELD_EVENT_ ? 0x20 : 0x28;          /* Event.dropped_attributes_count = 4, Link's = 5 */
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
    otel_scratch_message_(span, OTEL_FIELD_LINK_, head, 33, NULL, context, attributes, len);
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
        uint8_t *p = otel_span_bytes_(span) + span->used_;
        *p = OTEL_FIELD_STATUS_;
        p = otel_put_varint_(p + 1, (uint32_t)(n + 3u + otel_varint_size_((uint32_t)n)));
        *p = 0x12;                                            /* Status.message = 2 */
        p = otel_put_text_(otel_put_varint_(p + 1, (uint32_t)n), message, n);
        *p++ = 0x18;                                          /* Status.code = 3 */
        *p++ = (uint8_t)status;
        span->used_ = (size_t)(p - otel_span_bytes_(span));
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
        uint8_t *p = otel_span_bytes_(span) + span->used_;
        *p = OTEL_FIELD_NAME_;
        p = otel_put_text_(otel_put_varint_(p + 1, (uint32_t)n), name, n);
        span->used_ = (size_t)(p - otel_span_bytes_(span));
        span->state_ |= OTEL_SPAN_NAMED_;
    }
}

OTEL_FN_ void otel_span_context_to_(const otel_span_t *span, otel_context_t *c)
{
    memcpy(c->trace_id, span->head_ + OTEL_HEAD_TRACE_, 16);
    memcpy(c->span_id, span->head_ + OTEL_HEAD_SPAN_, 8);
    c->flags = span->flags_;
    c->remote = false;
    c->tracestate = span->tracestate_;
    c->baggage = span->baggage_;
}

OTEL_API_ otel_context_t otel_span_context(const otel_span_t *span)
{
    otel_context_t c;
    memset(&c, 0, sizeof c);
    OTEL_TRACES_OFF_((void)span; return c)
    if (span) otel_span_context_to_(span, &c);
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
        otel_span_context_to_(span, &slot->context);
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
    if (!options) return span;
    return otel_span_start_in_(span, sizeof(otel_span_t), NULL, NULL, 0, options);
}

/* Take ids, flags and what is passed on from a context: one that was given, or one that a block without cleanup left. */
OTEL_API_ OTEL_NOINLINE_ void otel_span_adopt_(otel_span_t *span, const otel_context_t *parent);
OTEL_API_ OTEL_NOINLINE_ void otel_span_adopt_(otel_span_t *span, const otel_context_t *parent)
{
    span->baggage_ = parent->baggage;
    if (!otel_context_valid(parent)) return;
    memcpy(span->head_ + OTEL_HEAD_TRACE_, parent->trace_id, 16);
    memcpy(span->head_ + OTEL_HEAD_PARENT_, parent->span_id, 8);
    span->flags_ = (uint8_t)(parent->flags & (OTEL_FLAG_SAMPLED | OTEL_FLAG_RANDOM));
    span->tracestate_ = parent->tracestate;
    span->state_ |= OTEL_SPAN_PARENT_;
    if (parent->remote) span->state_ |= OTEL_SPAN_REMOTE_;
}

/* Ids and flags, from the parent (the one that was given, else the current span) or new. */
OTEL_FN_ void otel_span_inherit_(otel_span_t *span, otel_t *otel, const otel_current_t *slot, const otel_context_t *given)
{
    otel_ids_t *ids = &otel_shard_(otel)->ids;
    const otel_span_t *up = slot && !given ? slot->span : NULL;
    if (OTEL_LIKELY_(up != NULL)) {
        memcpy(span->head_ + OTEL_HEAD_TRACE_, up->head_ + OTEL_HEAD_TRACE_, 16);
        memcpy(span->head_ + OTEL_HEAD_PARENT_, up->head_ + OTEL_HEAD_SPAN_, 8);
        span->flags_ = up->flags_;
        span->tracestate_ = up->tracestate_;
        span->baggage_ = up->baggage_;
        span->state_ = OTEL_SPAN_PARENT_;
    } else {
        span->flags_ = otel->random_ ? OTEL_FLAG_RANDOM : 0u;
        span->tracestate_ = span->baggage_ = NULL;
        if (given) otel_span_adopt_(span, given);
        else if (slot && (slot->context.trace_id[0] | slot->context.trace_id[15])) otel_span_adopt_(span, &slot->context);
        if (!(span->state_ & OTEL_SPAN_PARENT_)) otel_id_make_(ids, span->head_ + OTEL_HEAD_TRACE_, 4);
    }
    OTEL_HOT_(otel_id_make_here_, otel_id_make_)(ids, span->head_ + OTEL_HEAD_SPAN_, 2);
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
        parent.remote = (span->state_ & OTEL_SPAN_REMOTE_) != 0;
        input.parent = &parent;
    }
    input.trace_id = span->head_ + OTEL_HEAD_TRACE_;
    input.name = span->name_;
    input.kind = options && options->kind ? (int)options->kind : (int)OTEL_INTERNAL;
    input.attributes = options ? options->attributes : NULL;
    input.attributes_len = options ? options->attributes_len : 0;
    decision = (otel->config_.sampler.decide)(&otel->config_.sampler, &input);
    return decision == OTEL_DECISION_RECORD_ONLY || decision == OTEL_DECISION_RECORD_AND_SAMPLE ? decision : OTEL_DECISION_DROP;
}

OTEL_API_ OTEL_NOINLINE_ void otel_span_tracestate_(otel_span_t *span);
OTEL_API_ OTEL_NOINLINE_ void otel_span_tracestate_(otel_span_t *span)
{
    otel_context_t context = otel_span_context(span);
    span->used_ += otel_state_write_(otel_span_bytes_(span) + span->used_, span->room_ - span->used_, &context);
}

/* Not running: nothing is recorded; a context that came in still passes through. */
OTEL_API_ OTEL_NOINLINE_ otel_span_t *otel_span_idle_(otel_span_t *span, const otel_context_t *parent);
OTEL_API_ OTEL_NOINLINE_ otel_span_t *otel_span_idle_(otel_span_t *span, const otel_context_t *parent)
{
    memset((void *)span, 0, offsetof(otel_span_t, scratch_));
    if (parent) {
        otel_span_adopt_(span, parent);
        memcpy(span->head_ + OTEL_HEAD_SPAN_, parent->span_id, 8);
        span->flags_ = parent->flags;
    }
    return span;
}

/* The rest of the options, once the head stands. */
OTEL_API_ OTEL_NOINLINE_ void otel_span_options_(otel_span_t *span, const otel_span_options_t *options);
OTEL_API_ OTEL_NOINLINE_ void otel_span_options_(otel_span_t *span, const otel_span_options_t *options)
{
    size_t i;
    if (options->kind > 0 && options->kind <= OTEL_CONSUMER) span->head_[OTEL_HEAD_KIND_] = (uint8_t)options->kind;
    if (options->start_ns) {
        otel_put64_(span->head_ + OTEL_HEAD_START_, options->start_ns);
        if (span->state_ & OTEL_SPAN_RELATIVE_) {             /* the caller knows the time although the instance does not */
            span->state_ &= (uint8_t)~OTEL_SPAN_RELATIVE_;
            span->offset_ = options->start_ns - otel_clock_now_(&span->otel_->clock_);
        }
    }
    if (options->attributes_len) otel_span_set_all(span, options->attributes, options->attributes_len);
    for (i = 0; i < options->links_len && options->links; i++) otel_span_link_all(span, &options->links[i].context, options->links[i].attributes, options->links[i].attributes_len);
}

/* The constant bytes of the head, the flags and the start time. */
OTEL_FN_ void otel_span_head_(otel_span_t *span, otel_t *otel)
{
    uint8_t *h = span->head_;
    uint64_t now = otel_clock_now_(&otel->clock_);
    if (!otel_clock_offset_(&otel->clock_, &span->offset_)) span->state_ |= OTEL_SPAN_RELATIVE_;
    h[4] = 0x0A;
    h[5] = 16;
    h[22] = 0x12;
    h[23] = 8;
    h[32] = 0x39;
    otel_put64_(h + OTEL_HEAD_START_, now + span->offset_);
    h[41] = 0x41;
    h[50] = 0x85;
    h[51] = 0x01;
    otel_put32_(h + OTEL_HEAD_FLAGS_, span->flags_ | 0x100u | (span->state_ & OTEL_SPAN_REMOTE_ ? 0x200u : 0u));   /* has_is_remote, is_remote: of the parent */
    h[56] = 0x30;
    h[OTEL_HEAD_KIND_] = OTEL_INTERNAL;
    span->used_ = OTEL_HEAD_ROOT_;
    if (span->state_ & OTEL_SPAN_PARENT_) {
        h[58] = 0x22;
        h[59] = 8;
        span->used_ = OTEL_SPAN_HEAD_;
    }
}

OTEL_API_ otel_span_t *otel_span_start_in_(otel_span_t *span, size_t bytes, const otel_scope_t *scope, const char *name, unsigned how, const otel_span_options_t *options)
{
    otel_t *otel;
    otel_current_t *slot;
    const otel_context_t *given = NULL;
    bool recording;
    OTEL_TRACES_OFF_((void)span; (void)bytes; (void)scope; (void)name; (void)how; (void)options; return NULL)
    if (!span) return NULL;
    if (options) {
        name = options->name;
        given = options->parent;
        if (options->scope) scope = options->scope;
        if (options->bytes) bytes = options->bytes;
    }
    otel = options && options->otel ? options->otel : scope && scope->otel ? scope->otel : otel_default_();
    if (OTEL_UNLIKELY_(!otel_running_(otel))) return otel_span_idle_(span, given);
    if (bytes < sizeof(otel_span_t)) bytes = sizeof(otel_span_t);
    memset((void *)&span->keys_, 0, offsetof(otel_span_t, name_len_) - offsetof(otel_span_t, keys_));
    span->otel_ = otel;
    span->up_ = NULL;
    span->name_ = name ? name : "";
    span->name_len_ = (uint8_t)(how >> 8);
    how &= 255u;
    span->room_ = bytes - offsetof(otel_span_t, head_) - OTEL_SPAN_TAIL_;
    slot = otel_current_(otel);
    otel_span_inherit_(span, otel, slot, given);
    if (OTEL_UNLIKELY_(otel->config_.sampler.decide != NULL)) {
        otel_decision_t decision = otel_span_ask_(span, otel, options);
        recording = decision != OTEL_DECISION_DROP;
        span->flags_ = (uint8_t)((span->flags_ & ~OTEL_FLAG_SAMPLED) | (decision == OTEL_DECISION_RECORD_AND_SAMPLE ? OTEL_FLAG_SAMPLED : 0u));
    } else {                                                  /* parent based, roots always on */
        recording = true;
        if (!(span->state_ & OTEL_SPAN_PARENT_)) span->flags_ |= OTEL_FLAG_SAMPLED;
        else recording = (span->flags_ & OTEL_FLAG_SAMPLED) != 0;
    }
    if (OTEL_LIKELY_(recording)) {
        span->state_ |= OTEL_SPAN_RECORDING_;
        if (scope) span->scope_ = (uint8_t)otel_scope_number_(otel, scope);
        otel_span_head_(span, otel);
        if (OTEL_UNLIKELY_(span->tracestate_ != NULL)) otel_span_tracestate_(span);
        if (options) otel_span_options_(span, options);
    }
    if (OTEL_LIKELY_(how == OTEL_SPAN_CURRENT_ && slot)) {
        span->up_ = slot->span;
        span->state_ |= OTEL_SPAN_CURRENT_;
        OTEL_SIGNAL_FENCE_();                                 /* an interrupt sees a whole span, or the one before */
        slot->span = span;
    } else if (how & OTEL_SPAN_BY_VALUE_) {
        span->state_ |= OTEL_SPAN_BY_VALUE_;
        otel_span_enter(span);
    }
    return span;
}

/* Counts of what did not fit; rare, so out of the way. */
OTEL_API_ OTEL_NOINLINE_ uint8_t *otel_span_lost_(const otel_span_t *span, uint8_t *t);
OTEL_API_ OTEL_NOINLINE_ uint8_t *otel_span_lost_(const otel_span_t *span, uint8_t *t)
{
    if (span->lost_attributes_) {
        *t = 0x50;                                            /* Span.dropped_attributes_count = 10 */
        t = otel_put_varint_(t + 1, span->lost_attributes_);
    }
    if (span->lost_events_) {
        *t = 0x60;                                            /* Span.dropped_events_count = 12 */
        t = otel_put_varint_(t + 1, span->lost_events_);
    }
    if (span->lost_links_) {
        *t = 0x70;                                            /* Span.dropped_links_count = 14 */
        t = otel_put_varint_(t + 1, span->lost_links_);
    }
    return t;
}

/* A name that does not fit behind the fields, or that is no good UTF-8: what of it goes out from where it stands. */
OTEL_API_ OTEL_NOINLINE_ size_t otel_span_long_name_(otel_span_t *span, size_t n);
OTEL_API_ OTEL_NOINLINE_ size_t otel_span_long_name_(otel_span_t *span, size_t n)
{
    if (n > OTEL_NAME_MAX_) {
        n = otel_utf8_cut_(span->name_, n, OTEL_NAME_MAX_);
        otel_count16_(&span->lost_attributes_);
    }
    if (!OTEL_LIMITS || otel_utf8_valid(span->name_, n)) return n;
    otel_span_rename(span, span->name_);                      /* a copy in which bad bytes are question marks, if it fits */
    return 0;
}

/* Bring the name behind the fields. What is left of it, to go out from where it stands. */
OTEL_FN_ size_t otel_span_name_(otel_span_t *span)
{
    size_t n;
    uint8_t *p = otel_span_bytes_(span) + span->used_;
    if (OTEL_UNLIKELY_(span->state_ & OTEL_SPAN_NAMED_)) return 0;
    n = span->name_len_ ? span->name_len_ - 1u : strlen(span->name_);
    if (OTEL_UNLIKELY_(n > 127u || n + 2u > span->room_ - span->used_)) return otel_span_long_name_(span, n);
    p[0] = OTEL_FIELD_NAME_;
    p[1] = (uint8_t)n;
    if (OTEL_UNLIKELY_(OTEL_HOT_(otel_copy_text_here_, otel_copy_text_)(p + 2, span->name_, n)) && OTEL_LIMITS) otel_mend_text_(p + 2, n);
    span->used_ += n + 2u;
    return 0;
}

/* One record: head and fields as they stand, what is known only now behind them, and the rest of the name. */
OTEL_INLINE_ void otel_span_record_(otel_span_t *span, otel_t *otel)
{
    size_t name_len = otel_span_name_(span), all;
    uint8_t *begin = otel_span_bytes_(span), *t = begin + span->used_;
    if (OTEL_UNLIKELY_(span->status_) && !(span->state_ & OTEL_SPAN_STATUS_)) {
        *t++ = OTEL_FIELD_STATUS_;
        *t++ = 2;
        *t++ = 0x18;                                          /* Status.code = 3 */
        *t++ = span->status_;
    }
    if (OTEL_UNLIKELY_(span->lost_attributes_ | span->lost_events_ | span->lost_links_)) t = otel_span_lost_(span, t);
    if (OTEL_UNLIKELY_(name_len)) {
        *t = OTEL_FIELD_NAME_;
        t = otel_put_varint_(t + 1, (uint32_t)name_len);
    }
    all = (size_t)(t - begin) + name_len - 1u - OTEL_LENGTH_BYTES_;
    if (OTEL_UNLIKELY_(otel_too_long_(all))) {
        otel_lose_(otel, OTEL_SPANS_, OTEL_DROP_TOO_LARGE);
        return;
    }
    begin[0] = otel_mark_(span->scope_, (span->state_ & OTEL_SPAN_RELATIVE_) != 0);
    otel_put_length_(begin + 1, (uint32_t)all);
    (void)otel_record_(otel, OTEL_SPANS_, begin, (size_t)(t - begin), span->name_, name_len);
}

/* Out of the chain, end time, and into the ring. The span has an instance. */
OTEL_INLINE_ void otel_span_finish_(otel_span_t *span, uint64_t end_ns)
{
    otel_t *otel = span->otel_;
    span->otel_ = NULL;
    if (OTEL_LIKELY_(span->state_ & OTEL_SPAN_RECORDING_)) {
        uint64_t start = otel_get64_(span->head_ + OTEL_HEAD_START_);
        otel_put64_(span->head_ + OTEL_HEAD_END_, end_ns < start ? start : end_ns);
        if (OTEL_UNLIKELY_(!otel_running_(otel))) otel_lose_(otel, OTEL_SPANS_, OTEL_DROP_SHUTDOWN);
        else if (span->flags_ & OTEL_FLAG_SAMPLED) otel_span_record_(span, otel);
        span->state_ &= (uint8_t)~OTEL_SPAN_RECORDING_;
    }
}

OTEL_API_ void otel_span_end(otel_span_t *span)
{
    otel_t *otel;
    OTEL_TRACES_OFF_((void)span; return)
    if (!span || !span->otel_) return;
    otel = span->otel_;
    if (span->state_ & OTEL_SPAN_CURRENT_) {
        otel_current_t *slot = otel_current_(otel);
        if (OTEL_LIKELY_(slot && slot->span == span)) slot->span = span->up_;
        else otel_span_leave(span);
    }
    otel_span_finish_(span, otel_clock_now_(&otel->clock_) + span->offset_);
}

OTEL_API_ void otel_span_end_at(otel_span_t *span, uint64_t end_ns)
{
    OTEL_TRACES_OFF_((void)span; (void)end_ns; return)
    if (!end_ns || !span || !span->otel_) {
        otel_span_end(span);
        return;
    }
    otel_span_leave(span);
    if (span->state_ & OTEL_SPAN_RELATIVE_) end_ns = otel_clock_from_unix_(&span->otel_->clock_, end_ns);
    otel_span_finish_(span, end_ns);
}
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
    else if (span->state_ & OTEL_SPAN_RELATIVE_) time_ns = otel_clock_from_unix_(&span->otel_->clock_, time_ns);
    head[0] = 0x09;                                           /* Event.time_unix_nano = 1, fixed64: first, so that it can be put right */
    otel_put64_(head + 1, time_ns);
    otel_scratch_message_(span, OTEL_FIELD_EVENT_, head, 9, name ? name : "", NULL, attributes, len);
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

/* ---- gauge.h --------------------------------------------------------------------------------------------------- */
OTEL_C_BEGIN_
OTEL_FN_ void otel_gauge_record_all(otel_gauge_t *gauge, int64_t value, const otel_attr_t *attributes, size_t len)
{
    OTEL_METRICS_OFF_((void)gauge; (void)value; (void)attributes; (void)len; return)
    otel_last_int_(otel_find_(gauge ? &gauge->base_ : NULL, OTEL_GAUGE_INT_, attributes, len), value);
}

OTEL_FN_ void otel_gauge_double_record_all(otel_gauge_double_t *gauge, double value, const otel_attr_t *attributes, size_t len)
{
    OTEL_METRICS_OFF_((void)gauge; (void)value; (void)attributes; (void)len; return)
    otel_last_double_(otel_find_(gauge ? &gauge->base_ : NULL, OTEL_GAUGE_DOUBLE_, attributes, len), value);
}

OTEL_FN_ otel_series_t *otel_gauge_bind_all(otel_gauge_t *gauge, const otel_attr_t *attributes, size_t len)
{
    OTEL_METRICS_OFF_((void)gauge; (void)attributes; (void)len; return NULL)
    return otel_bind_(gauge ? &gauge->base_ : NULL, OTEL_GAUGE_INT_, attributes, len);
}

OTEL_FN_ otel_series_t *otel_gauge_double_bind_all(otel_gauge_double_t *gauge, const otel_attr_t *attributes, size_t len)
{
    OTEL_METRICS_OFF_((void)gauge; (void)attributes; (void)len; return NULL)
    return otel_bind_(gauge ? &gauge->base_ : NULL, OTEL_GAUGE_DOUBLE_, attributes, len);
}
#if OTEL_BODIES_
OTEL_FN_ void otel_last_put_(otel_cell_t *cell, uint64_t value)
{
#if OTEL_WIDE_
    OTEL_STORE_(&cell->value, value);
#else
    otel_change_t_ change;
    if (!otel_change_begin_(cell, &change)) {
        otel_refuse_(cell);
        return;
    }
    (void)otel_change_end_(cell, &change, value);
#endif
    if (!OTEL_LOAD_(&cell->set)) OTEL_STORE_RELEASE_(&cell->set, (uint8_t)1);
}

OTEL_API_ void otel_last_int_(otel_cell_t *cell, int64_t value)
{
    unsigned kind;
    if (!cell) return;
    kind = cell->owner->kind_;
    if (OTEL_LOAD_ACQUIRE_(&cell->awake) != otel_awake_(kind) && !otel_cell_wake_(cell)) return;
    otel_last_put_(cell, kind & OTEL_DOUBLE_ ? otel_pack_((double)value) : (uint64_t)value);
}

OTEL_API_ void otel_last_double_(otel_cell_t *cell, double value)
{
    unsigned kind;
    if (!cell) return;
    kind = cell->owner->kind_;
    if (OTEL_LOAD_ACQUIRE_(&cell->awake) != otel_awake_(kind) && !otel_cell_wake_(cell)) return;
    if (!(kind & OTEL_DOUBLE_) || !otel_finite_(value)) otel_refuse_(cell);
    else otel_last_put_(cell, otel_pack_(value));
}
#endif
OTEL_C_END_

/* ---- histogram.h ----------------------------------------------------------------------------------------------- */
OTEL_C_BEGIN_
OTEL_FN_ void otel_histogram_record_all(otel_histogram_t *histogram, double value, const otel_attr_t *attributes, size_t len)
{
    OTEL_METRICS_OFF_((void)histogram; (void)value; (void)attributes; (void)len; return)
    if (len == 0) otel_record_total_(histogram ? &histogram->base_ : NULL, value);
    else otel_record_attributes_(histogram ? &histogram->base_ : NULL, value, attributes, len);
}

OTEL_FN_ otel_series_t *otel_histogram_bind_all(otel_histogram_t *histogram, const otel_attr_t *attributes, size_t len)
{
    OTEL_METRICS_OFF_((void)histogram; (void)attributes; (void)len; return NULL)
    return otel_bind_(histogram ? &histogram->base_ : NULL, OTEL_HISTOGRAM_, attributes, len);
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

OTEL_API_ void otel_bucket_double_(otel_cell_t *cell, double value)
{
    otel_instrument_t *owner;
    otel_word_t order;
    bool ended;
    size_t bucket;
    if (!cell) return;
    owner = cell->owner;
    if (OTEL_UNLIKELY_(OTEL_LOAD_ACQUIRE_(&cell->awake) != otel_awake_(OTEL_HISTOGRAM_))) {
        if (!otel_cell_wake_(cell)) return;
        if (owner->kind_ != OTEL_HISTOGRAM_) {
            otel_refuse_(cell);
            return;
        }
    }
    if (OTEL_UNLIKELY_(!otel_finite_(value))) {
        otel_refuse_(cell);
        return;
    }
    order = otel_order_(value);
    bucket = owner->rows ? otel_bucket_(owner->bounds, owner->bounds_len, value) : 0;
    {
#if OTEL_WIDE_
        otel_change_t_ change;
        (void)otel_change_begin_(cell, &change);
        while (!otel_change_end_(cell, &change, otel_pack_(otel_sum_of_(otel_unpack_(change.value), value, &ended)))) {}
        if (OTEL_LIKELY_(owner->rows != NULL)) {
            otel_word_t *row = cell->held.row;
            otel_word_raise_(&row[OTEL_ROW_MIN_], ~order);
            otel_word_raise_(&row[OTEL_ROW_MAX_], order);
            OTEL_ADD_(&row[OTEL_ROW_BUCKETS_ + bucket], (otel_word_t)1);
        } else {
            OTEL_ADD_(&cell->held.count, (otel_word_t)1);
        }
        if (OTEL_UNLIKELY_(!OTEL_LOAD_(&cell->set))) OTEL_STORE_RELEASE_(&cell->set, (uint8_t)1);
#else
        uint32_t was;
        if (!otel_lock_(owner, owner->otel_, false, &was)) {
            otel_refuse_(cell);
            return;
        }
        cell->value = otel_pack_(otel_sum_of_(otel_unpack_(cell->value), value, &ended));
        if (owner->rows) {
            otel_word_t *row = cell->held.row;
            if (row[OTEL_ROW_MIN_] < ~order) row[OTEL_ROW_MIN_] = ~order;
            if (row[OTEL_ROW_MAX_] < order) row[OTEL_ROW_MAX_] = order;
            row[OTEL_ROW_BUCKETS_ + bucket]++;
        } else {
            cell->held.count++;
        }
        cell->set = 1;
        otel_unlock_(owner, owner->otel_, was);
#endif
    }
    if (OTEL_UNLIKELY_(ended)) otel_refuse_(cell);
}

OTEL_API_ void otel_record_attributes_(otel_instrument_t *instrument, double value, const otel_attr_t *attributes, size_t len)
{
    otel_bucket_double_(otel_find_(instrument, OTEL_HISTOGRAM_, attributes, len), value);
}

/* Without attributes. */
OTEL_API_ void otel_record_total_(otel_instrument_t *instrument, double value)
{
    otel_cell_t *cell = instrument ? otel_total_(instrument, OTEL_HISTOGRAM_, 0) : NULL;
    otel_bucket_double_(cell ? cell : otel_find_(instrument, OTEL_HISTOGRAM_, NULL, 0), value);
}

OTEL_API_ void otel_series_record_int(otel_series_t *series, int64_t value)
{
    otel_cell_t *cell = otel_cell_of_(series);
    OTEL_METRICS_OFF_((void)cell; (void)value; return)
    if (!cell) return;
    if (cell->owner->kind_ & OTEL_BUCKETS_) otel_bucket_double_(cell, (double)value);
    else if (cell->owner->kind_ & OTEL_LAST_) otel_last_int_(cell, value);
    else otel_refuse_(cell);
}

OTEL_API_ void otel_series_record_double(otel_series_t *series, double value)
{
    otel_cell_t *cell = otel_cell_of_(series);
    OTEL_METRICS_OFF_((void)cell; (void)value; return)
    if (!cell) return;
    if (cell->owner->kind_ & OTEL_BUCKETS_) otel_bucket_double_(cell, value);
    else if (cell->owner->kind_ & OTEL_LAST_) otel_last_double_(cell, value);
    else otel_refuse_(cell);
}
#endif
OTEL_C_END_

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

/* A short text field, cut on a character boundary and counted in *lost when it is too long. What follows always needs up to
   16 bytes of the buffer. */
OTEL_FN_ uint8_t *otel_log_text_(uint8_t *p, const uint8_t *end, uint8_t tag, const char *text, uint32_t *lost)
{
    size_t n = text ? strlen(text) : 0, room = (size_t)(end - p);
    if (n == 0) return p;
    room = room > 16u + 3u ? room - 16u - 3u : 0;
    if (room > OTEL_NAME_MAX_) room = OTEL_NAME_MAX_;
    if (n > room) {
        n = otel_utf8_cut_(text, n, room);
        ++*lost;
        if (n == 0) return p;
    }
    *p = tag;
    return otel_put_text_(otel_put_varint_(p + 1, (uint32_t)n), text, n);
}

OTEL_API_ void otel_log_emit(const otel_log_record_t *record)
{
    uint8_t buffer[OTEL_LOG_ROOM_], *p = buffer, *const end = buffer + sizeof buffer;
    const void *text = NULL;
    size_t text_len = 0;
    otel_t *otel;
    uint64_t now, then;
    uint32_t lost = 0;
    size_t i, n, all;
    bool relative;
    OTEL_LOGS_OFF_((void)record; return)
    if (!record) return;
    otel = record->otel ? record->otel : record->scope && record->scope->otel ? record->scope->otel : otel_default_();
    if (!otel || !OTEL_LOAD_(&otel->live_)) return;
    if (!otel_running_(otel)) {
        otel_lose_(otel, OTEL_LOGS_, OTEL_DROP_SHUTDOWN);
        return;
    }
    relative = !otel_clock_offset_(&otel->clock_, &now);
    now += otel_clock_now_(&otel->clock_);
    then = record->time_ns && !relative ? record->time_ns : now;
    p[4] = 0x09;
    otel_put64_(p + OTEL_LOG_TIME_, then);
    p[13] = 0x59;
    otel_put64_(p + OTEL_LOG_OBSERVED_, now);
    p += 22;
    if (record->severity > 0 && record->severity <= OTEL_FATAL + 3) {
        *p++ = 0x10;                                          /* LogRecord.severity_number = 2 */
        *p++ = (uint8_t)record->severity;
    }
    p = otel_log_context_(p, otel, record);
    p = otel_log_text_(p, end, 0x1A, record->severity_text, &lost);  /* LogRecord.severity_text = 3 */
    p = otel_log_text_(p, end, 0x62, record->event_name, &lost);   /* LogRecord.event_name = 12 */
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
    if (record->body.type == OTEL_V_STRING_) {                /* text: copied from where it stands */
        n = (size_t)record->body.len;
        *p = 0x2A;                                            /* LogRecord.body = 5 */
        p = otel_put_varint_(p + 1, (uint32_t)(n + 1u + otel_varint_size_((uint32_t)n)));
        *p = OTEL_LIMITS && !otel_utf8_valid((const char *)record->body.as.p, n) ? OTEL_TAG_BYTES_ : OTEL_TAG_STRING_;
        p = otel_put_varint_(p + 1, (uint32_t)n);
        text = record->body.as.p;
        text_len = n;
    } else if (record->body.type != OTEL_V_NULL_) {
        n = otel_any_write_(p, (size_t)(end - p), 0x2A, &record->body);
        if (n == 0) {
            otel_lose_(otel, OTEL_LOGS_, OTEL_DROP_TOO_LARGE);
            return;
        }
        p += n;
    }
    all = (size_t)(p - buffer) + text_len - 1u - OTEL_LENGTH_BYTES_;
    if (otel_too_long_(all)) {
        otel_lose_(otel, OTEL_LOGS_, OTEL_DROP_TOO_LARGE);
        return;
    }
    buffer[0] = otel_mark_(record->scope ? (unsigned)otel_scope_number_(otel, record->scope) : 0u, relative);
    otel_put_length_(buffer + 1, (uint32_t)all);
    (void)otel_record_(otel, OTEL_LOGS_, buffer, (size_t)(p - buffer), text, text_len);
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
{
    out[0] = out[1] = out[53] = '0';
    out[2] = out[35] = out[52] = '-';
    out[54] = (char)('0' + (flags & (OTEL_FLAG_SAMPLED | OTEL_FLAG_RANDOM)));
    out[55] = 0;
    if (otel_hex_write_(out + 3, trace_id, 16) && otel_hex_write_(out + 36, span_id, 8)) return true;
    out[0] = 0;
    return false;
}

OTEL_API_ void otel_traceparent_write_(const otel_context_t *context, char *out)
{
    (void)otel_traceparent_put_(context->trace_id, context->span_id, context->flags, out);
}

/* Read `text`, which has no whitespace around it, into ids, flags and remote; when it is not valid, all of these are zero.
   Version 00 ends after the flags; in a higher one a '-' and anything may follow, but no comma: that is two headers in one. */
OTEL_API_ bool otel_traceparent_read_(otel_context_t *context, const char *text, size_t len)
{
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
    if (!out) return NULL;
    out[0] = 0;
    OTEL_TRACES_OFF_((void)span; return out)
    if (span) (void)otel_traceparent_put_(span->head_ + OTEL_HEAD_TRACE_, span->head_ + OTEL_HEAD_SPAN_, span->flags_, out);
    return out;
}

/* What a list keeps of a text has n of its characters: text[n] exists, and is the NUL when nothing of it changes. A changed
   list goes on as a copy where the stack has room for one; never inlined, so that only such a text pays for it. */
#if UINTPTR_MAX > 0xFFFFFFFFu
OTEL_API_ OTEL_NOINLINE_ void otel_inject_copy_(const char *text, bool baggage, void (*set)(void *user, const char *name, const char *value), void *user);
OTEL_API_ OTEL_NOINLINE_ void otel_inject_copy_(const char *text, bool baggage, void (*set)(void *user, const char *name, const char *value), void *user)
{
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

OTEL_API_ OTEL_NOINLINE_ void otel_inject_tracestate_(const char *text, void (*set)(void *user, const char *name, const char *value), void *user);
OTEL_API_ OTEL_NOINLINE_ void otel_inject_tracestate_(const char *text, void (*set)(void *user, const char *name, const char *value), void *user)
{
    size_t n;
    text = otel_header_text_(text);
    if (!text) return;
    n = otel_tracestate_write_(text, NULL, 0);
    if (n == 0) return;
    if (otel_inject_changed_(text, n, false, set, user)) return;
    set(user, "tracestate", text);
}

OTEL_API_ OTEL_NOINLINE_ void otel_inject_baggage_(const char *text, void (*set)(void *user, const char *name, const char *value), void *user);
OTEL_API_ OTEL_NOINLINE_ void otel_inject_baggage_(const char *text, void (*set)(void *user, const char *name, const char *value), void *user)
{
    otel_baggage_t it;
    size_t n;
    text = otel_header_text_(text);
    if (!text) return;
    it = otel_baggage_walk_(text);
    n = otel_baggage_write_(&it, NULL, 0);
    if (n == 0) return;
    if (otel_inject_changed_(text, n, true, set, user)) return;
    if (!it.rest_) set(user, "baggage", text);
}

/* Never inlined: the text's memory is free again when the lists are checked. */
OTEL_API_ OTEL_NOINLINE_ bool otel_inject_parent_(const uint8_t *trace_id, const uint8_t *span_id, unsigned flags, void (*set)(void *user, const char *name, const char *value), void *user);
OTEL_API_ OTEL_NOINLINE_ bool otel_inject_parent_(const uint8_t *trace_id, const uint8_t *span_id, unsigned flags, void (*set)(void *user, const char *name, const char *value), void *user)
{
    char text[OTEL_TRACEPARENT_SIZE];
    if (!otel_traceparent_put_(trace_id, span_id, flags, text)) return false;
    set(user, "traceparent", text);
    return true;
}

OTEL_API_ void otel_inject(const otel_span_t *span, void (*set)(void *user, const char *name, const char *value), void *user)
{
    OTEL_TRACES_OFF_((void)span; (void)set; (void)user; return)
    if (!span || !set) return;
    if (otel_inject_parent_(span->head_ + OTEL_HEAD_TRACE_, span->head_ + OTEL_HEAD_SPAN_, span->flags_, set, user)) otel_inject_tracestate_(span->tracestate_, set, user);
    otel_inject_baggage_(span->baggage_, set, user);
}

OTEL_API_ void otel_inject_context(const otel_context_t *context, void (*set)(void *user, const char *name, const char *value), void *user)
{
    OTEL_WHEN_OFF_((void)context; (void)set; (void)user; return)
    if (!context || !set) return;
    if (otel_inject_parent_(context->trace_id, context->span_id, context->flags, set, user)) otel_inject_tracestate_(context->tracestate, set, user);
    otel_inject_baggage_(context->baggage, set, user);
}
OTEL_C_END_
#endif

#endif /* OTEL_H_ */
