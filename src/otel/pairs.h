/* Flat pairs, "key", value, "key", value: how attributes are typed by the compiler. In C by counting arguments and
   _Generic; in C++ by overloads. Nothing here runs: it all becomes plain calls.

   If an error led you here: OTEL_every_key_needs_a_value means an odd number of arguments, and
   OTEL_at_most_8_pairs_split_the_call more than eight pairs. A pointer that is no text has no type in the list: use
   OTEL_BYTES(p, n), OTEL_STR(p, n) or OTEL_ARRAY(p, n). */
#ifndef OTEL_PAIRS_H
#define OTEL_PAIRS_H
#include "attr.h"
#include "compiler.h"

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
/*== implementation ==*/
#endif
