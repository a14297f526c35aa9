/* The table that finds the series of a set of attributes: fixed storage, hashed, no lock to look one up. A set is the same
   in any order, with the last value of a key that comes twice; two sets are one series when their bytes on the wire are
   equal. Sets for which there is no room go to the overflow series. Specification: metrics/sdk.md, "Cardinality limits". */
#ifndef OTEL_SERIES_H
#define OTEL_SERIES_H
#include "attr.h"
#include "compiler.h"
#include "id.h"
#include "instrument.h"
#include "metric.h"
#include "wire.h"

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
/*== implementation ==*/
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
{
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
{
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
{
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
{
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
{
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
{
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
{
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
{
    bool visits = instrument && otel_visit_(instrument);
    otel_cell_t *cell = otel_find_(instrument, attributes, len);
    if (cell) (instrument->form_->whole)(cell, value);
    else if (instrument && instrument->front_) (instrument->front_->calls->whole)(instrument, value, attributes, len);
    if (visits) otel_part_(instrument);
}

OTEL_API_ void otel_record_real_(otel_instrument_t *instrument, double value, const otel_attr_t *attributes, size_t len)
{
    bool visits = instrument && otel_visit_(instrument);
    otel_cell_t *cell = otel_find_(instrument, attributes, len);
    if (cell) (instrument->form_->real)(cell, value);
    else if (instrument && instrument->front_) (instrument->front_->calls->real)(instrument, value, attributes, len);
    if (visits) otel_part_(instrument);
}

/* The series of a set, to keep. A sum that is bound is reported from now on, with 0 when nothing comes. */
OTEL_API_ otel_series_t *otel_bind_(otel_instrument_t *instrument, const otel_attr_t *attributes, size_t len)
{
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
#endif
