/* A sampling strategy as Jaeger's servers tell it, read out of JSON into memory of the caller: a probability, a rate, or
   probabilities for the names of spans. Jaeger's interface: model/proto/api_v2/sampling.proto, SamplingStrategyResponse. */
#ifndef OTEL_STRATEGY_H
#define OTEL_STRATEGY_H
#include "compiler.h"
#include "rate.h"
#include "sampler.h"
#include "scan.h"

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
/*== implementation ==*/
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
{
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
{
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
#endif
