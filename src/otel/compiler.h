/* Compilers, linkage, atomics and the interrupt mask: the only part that asks which compiler, core or system this is. */
#ifndef OTEL_COMPILER_H
#define OTEL_COMPILER_H
#include <limits.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include "config.h"

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
#endif
