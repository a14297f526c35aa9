/* Base-2 exponential histograms: buckets whose bounds are powers of 2^(2^-scale), found without a logarithm and exact for
   every double and every int64. The scale begins at 20 and falls when what is recorded does not fit into `size` buckets.
   Specification: metrics/sdk.md, "Base2 Exponential Bucket Histogram Aggregation"; metrics/data-model.md, "ExponentialHistogram".

     static otel_exponential_t took = OTEL_EXPONENTIAL("http.server.request.duration", .unit = "s", OTEL_POWERS(160));
     static otel_exponential_int_t size = OTEL_EXPONENTIAL_INT("packet.size", .unit = "By", OTEL_POWERS_SERIES(8, 20));
     otel_histogram_record(&took, 0.0021);        // the _INT form needs no floating point

   Recording never waits for a reader. NaN and infinities are refused and counted. A signal handler or an interrupt that
   comes while its own thread records into the same series drops its measurement, counted as refused. */
#ifndef OTEL_EXPHISTOGRAM_H
#define OTEL_EXPHISTOGRAM_H
#include "compiler.h"
#include "attr.h"
#include "histogram.h"
#include "metric.h"
#include "series.h"
#include "wire.h"

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
/*== implementation ==*/
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
{
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
{
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
{
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

OTEL_API_ void otel_power_double_int_(otel_cell_t *cell, int64_t value) { otel_power_double_(cell, (double)value); }

OTEL_API_ void otel_power_int_(otel_cell_t *cell, int64_t value)
{
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
OTEL_API_ size_t otel_powers_words_(const otel_instrument_t *instrument) { return 5u + 2u * otel_power_size_(instrument); }

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
{
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
{
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
{
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
#endif
