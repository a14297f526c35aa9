/* What all instruments have in common: how they are described, how they register at their first use, and the table that
   finds the series of a set of attributes. A series is a number in fixed storage that the program gave; readers encode it
   when they collect. Specification: metrics/api.md, "Instrument"; metrics/sdk.md, "Cardinality limits".

   An instrument without OTEL_SERIES has one series, the one without attributes. Measurements for which there is no room
   go to its overflow series (otel.metric.overflow = true): totals stay right, and they are counted. */
#ifndef OTEL_METRIC_H
#define OTEL_METRIC_H
#include "compiler.h"
#include "attr.h"
#include "clock.h"
#include "id.h"
#include "instance.h"
#include "pairs.h"
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
/*== implementation ==*/
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
#endif
