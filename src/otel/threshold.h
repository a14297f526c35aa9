/* Consistent probability sampling: a trace is kept when its randomness, 56 bits of the trace id or `rv`, is not below a
   rejection threshold, which spans carry as `th` in the `ot` member of their tracestate.
   Specification: trace/tracestate-probability-sampling.md, trace/tracestate-handling.md. */
#ifndef OTEL_THRESHOLD_H
#define OTEL_THRESHOLD_H
#include "compiler.h"
#include "context.h"
#include "sampler.h"
#include "tracestate.h"
#include "traceparent.h"

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
/*== implementation ==*/
#if OTEL_BODIES_
OTEL_C_BEGIN_
#define OTEL_OT_VALUE_ 256u

OTEL_API_ uint64_t otel_threshold(double probability)
{
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
{
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
{
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
{
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
{
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
{
    unsigned look;
    OTEL_WHEN_OFF_((void)input; (void)threshold; (void)reliable; return OTEL_DECISION_DROP)
    look = otel_sampling_look_(input, threshold);
    if (reliable && (look & OTEL_LOOK_SAMPLED_)) look |= OTEL_LOOK_SAYS_;
    return otel_sampling_say_(input, look, threshold);
}
OTEL_C_END_
#endif
#endif
