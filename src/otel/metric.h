/* What all instruments have in common: how they are described and what a series is. A series is a number in fixed storage
   that the program gave; readers encode it when they collect. What an instrument does with a measurement and how it tells
   its numbers is its form, which comes in with the macro that defines the instrument: a program without histograms links
   no code of histograms. Specification: metrics/api.md, "Instrument"; metrics/sdk.md, "Cardinality limits".

   An instrument without OTEL_SERIES has one series, the one without attributes. Measurements for which there is no room
   go to its overflow series (otel.metric.overflow = true): totals stay right, and they are counted. */
#ifndef OTEL_METRIC_H
#define OTEL_METRIC_H
#include "compiler.h"
#include "attr.h"
#include "instance.h"
#include "scope.h"

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
/*== implementation ==*/
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
OTEL_API_ OTEL_NOINLINE_ void otel_refuse_(otel_cell_t *cell) { otel_tally_(&cell->owner->refused_); }

/* In a form: numbers of this type are none of its own. */
OTEL_API_ void otel_refuse_whole_(otel_cell_t *cell, int64_t value)
{
    (void)value;
    otel_refuse_(cell);
}

OTEL_API_ void otel_refuse_real_(otel_cell_t *cell, double value)
{
    (void)value;
    otel_refuse_(cell);
}

OTEL_API_ otel_instrument_stats_t otel_instrument_stats_(const otel_instrument_t *instrument)
{
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
#endif
