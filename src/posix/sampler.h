/* The sampler that the environment names; one of them asks a server on a thread of its own.
   Specification: configuration/sdk-environment-variables.md, "General SDK Configuration". */
#ifndef OTEL_POSIX_SAMPLER_H
#define OTEL_POSIX_SAMPLER_H
#include "environment.h"
#include "jaeger.h"
#include "memory.h"
#include "say.h"
#include "state.h"
#include "text.h"
/*== implementation ==*/
#if OTEL_ENABLED && OTEL_BODIES_
OTEL_C_BEGIN_
/* "0.25" without strtod, which would ask the locale. False: no such number. */
OTEL_FN_ bool otel_posix_ratio_(const char *text, size_t n, double *ratio)
{
    double value = 0, unit = 1;
    bool point = false;
    size_t digits = 0;
    otel_posix_trim_(&text, &n);
    for (; n; text++, n--) {
        if (*text == '.' && !point) {
            point = true;
            continue;
        }
        if (*text < '0' || *text > '9') return false;
        digits++;
        if (point) unit /= 10;
        value = point ? value + unit * (*text - '0') : value * 10 + (*text - '0');
    }
    if (digits == 0 || value > 1) return false;
    *ratio = value;
    return true;
}

/* Of OTEL_TRACES_SAMPLER=jaeger_remote; mapped when it is named. */
typedef struct otel_posix_remote_t_ {
    otel_jaeger_t sampler;
    otel_sampler_t initial;
    otel_posix_jaeger_t poller;
    uint32_t interval_ms;
    char endpoint[512];
    uint64_t memory[8192];
} otel_posix_remote_t_;

/* A server's address as it stands, or its path too when it has none. */
OTEL_FN_ bool otel_posix_remote_endpoint_(otel_posix_remote_t_ *r, const otel_posix_pair_t_ *pair)
{
    otel_posix_text_t_ text;
    const char *host;
    text.at = r->endpoint;
    text.end = r->endpoint + sizeof r->endpoint;
    text.full = pair->value_len == 0;
    otel_posix_put_(&text, pair->value, pair->value_len);
    host = strstr(r->endpoint, "://");
    if (!strchr(host ? host + 3 : r->endpoint, '/')) otel_posix_add_(&text, "/sampling");
    if (text.full) r->endpoint[0] = 0;            /* that of a local agent */
    return !text.full;
}

/* One of "endpoint=http://localhost:5778,pollingIntervalMs=5000,initialSamplingRate=0.25". */
OTEL_FN_ bool otel_posix_remote_word_(otel_posix_remote_t_ *r, const otel_posix_pair_t_ *pair)
{
    double ratio;
    if (otel_posix_word_(pair->key, pair->key_len, "endpoint")) return otel_posix_remote_endpoint_(r, pair);
    if (otel_posix_word_(pair->key, pair->key_len, "initialsamplingrate")) {
        if (!otel_posix_ratio_(pair->value, pair->value_len, &ratio)) return false;
        r->initial = otel_sampler_ratio(ratio);
        return true;
    }
    if (!otel_posix_word_(pair->key, pair->key_len, "pollingintervalms")) return false;
    r->interval_ms = otel_posix_number_(pair->value, pair->value_len);
    return r->interval_ms != 0;
}

/* The service whose strategy it is. */
OTEL_FN_ const char *otel_posix_remote_service_(const otel_posix_state_t_ *s, char *to, size_t size)
{
    const char *name = s->otel.config_.service;
    size_t i;
    for (i = 0; !name && i < s->attributes_len; i++) {
        const otel_value_t *v = &s->attributes[i].value;
        if (!s->attributes[i].key || strcmp(s->attributes[i].key, "service.name") != 0 || v->type != OTEL_V_STRING_) continue;
        (void)snprintf(to, size, "%.*s", (int)v->len, (const char *)v->as.p);
        name = to;
    }
    return name ? name : "unknown_service";
}

/* Under the port's mutex, but for OTEL_ASK_GONE_, when nobody else asks. Without a thread the first sampler stays, and that is said. */
OTEL_FN_ void otel_posix_remote_ask_(otel_posix_state_t_ *s, unsigned when)
{
    otel_posix_remote_t_ *r = s->remote;
    otel_posix_jaeger_options_t o;
    char name[256];
    if (when == OTEL_ASK_NO_MORE_) {
        if (r->poller.up_) otel_posix_jaeger_enough_(&r->poller);
        return;
    }
    if (when == OTEL_ASK_GONE_) {
        uint32_t left = otel_posix_left_(s->stop_until);
        if (!otel_posix_jaeger_gone_(&r->poller, left < 500u ? left : 500u)) s->remote = NULL;     /* the next start has another */
        return;
    }
    if (when == OTEL_ASK_IN_CHILD_) {
        otel_http_close(&r->poller.http_);        /* the parent's */
        (void)otel_sampler_jaeger(&r->sampler, &r->initial, r->memory, sizeof r->memory);       /* an update may have been under way */
    }
    memset((void *)&o, 0, sizeof o);
    o.sampler = &r->sampler;
    o.service = otel_posix_remote_service_(s, name, sizeof name);
    o.endpoint = r->endpoint[0] ? r->endpoint : NULL;
    o.interval_ms = r->interval_ms;
    if (otel_posix_jaeger_start_with(&r->poller, &o) == OTEL_E_SYSTEM) {
        OTEL_POSIX_IGNORED_(s, "start it again when there is memory for a thread", "%s", "no strategy of sampling is asked for");
    }
}

/* Room for a server's strategy, and where to ask for it. False: no memory. */
OTEL_FN_ bool otel_posix_remote_(otel_posix_state_t_ *s, const char *argument)
{
    static const char remedy[] = "write endpoint=http://localhost:5778,pollingIntervalMs=60000,initialSamplingRate=0.001";
    const char *from = argument;
    otel_posix_pair_t_ pair;
    int more;
    if (!s->remote) s->remote = (otel_posix_remote_t_ *)otel_posix_map_(sizeof *s->remote);
    if (!s->remote) return false;
    s->remote->interval_ms = 0;
    s->remote->endpoint[0] = 0;
    s->remote->initial = otel_sampler_ratio(0.001);
    while ((more = otel_posix_pair_(&from, &pair)) > 0) {
        if (otel_posix_remote_word_(s->remote, &pair)) continue;
        OTEL_POSIX_IGNORED_(s, remedy, "%.*s of OTEL_TRACES_SAMPLER_ARG is ignored", (int)(pair.key_len > 40 ? 40 : pair.key_len), pair.key);
    }
    if (more < 0) OTEL_POSIX_IGNORED_(s, remedy, "OTEL_TRACES_SAMPLER_ARG=%.60s is ignored", argument);
    s->ask = otel_posix_remote_ask_;
    return true;
}

OTEL_FN_ otel_sampler_t otel_posix_env_sampler_(otel_posix_state_t_ *s)
{
    const char *value = otel_posix_env_("OTEL_TRACES_SAMPLER"), *argument = otel_posix_env_("OTEL_TRACES_SAMPLER_ARG"), *word;
    size_t n;
    double ratio = 1;
    bool parent;
    if (!value && argument) OTEL_POSIX_IGNORED_(s, "say which sampler it is for: OTEL_TRACES_SAMPLER=parentbased_traceidratio", "OTEL_TRACES_SAMPLER_ARG=%.60s is ignored", argument);
    if (!value) value = "parentbased_always_on";
    word = value;
    n = strlen(word);
    otel_posix_trim_(&word, &n);
    parent = n > 12 && otel_posix_word_(word, 12, "parentbased_");
    if (parent) {
        word += 12;
        n -= 12;
    }
    s->root = otel_sampler_always_on();
    if (otel_posix_word_(word, n, "always_off")) {
        s->root = otel_sampler_always_off();
    } else if (otel_posix_word_(word, n, "traceidratio")) {
        if (argument && !otel_posix_ratio_(argument, strlen(argument), &ratio)) OTEL_POSIX_IGNORED_(s, "write a number from 0 to 1, such as 0.25", "OTEL_TRACES_SAMPLER_ARG=%.60s is ignored", argument);
        s->root = otel_sampler_ratio(ratio);
    } else if (otel_posix_word_(word, n, "jaeger_remote")) {
        if (otel_posix_remote_(s, argument)) s->root = otel_sampler_jaeger(&s->remote->sampler, &s->remote->initial, s->remote->memory, sizeof s->remote->memory);
    } else if (!otel_posix_word_(word, n, "always_on")) {
        OTEL_POSIX_IGNORED_(s, "this library has always_on, always_off, traceidratio, jaeger_remote, and parentbased_ before each", "OTEL_TRACES_SAMPLER=%.60s is ignored", value);
        parent = true;
        word = "always_on";
        n = strlen(word);
    }
    (void)snprintf(s->sampled, sizeof s->sampled, "%s%.*s%s%.10s", parent ? "parentbased_" : "", (int)(n > 14 ? 14 : n), word, ratio < 1 ? " of " : "", ratio < 1 ? argument : "");
    return parent ? otel_sampler_parent_based(&s->root) : s->root;
}
OTEL_C_END_
#endif
#endif
