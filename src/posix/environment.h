/* The environment variables of the specification: configuration/sdk-environment-variables.md, protocol/exporter.md. */
#ifndef OTEL_POSIX_ENVIRONMENT_H
#define OTEL_POSIX_ENVIRONMENT_H
#include "http.h"
#include "options.h"
#include "state.h"
#include "system.h"
#include "text.h"
/*== implementation ==*/
#if OTEL_ENABLED && OTEL_BODIES_
OTEL_C_BEGIN_
/* An empty variable is an unset one. */
OTEL_FN_ const char *otel_posix_env_(const char *name)
{
    const char *value = getenv(name);
    return value && *value ? value : NULL;
}

OTEL_FN_ bool otel_posix_env_is_(const char *name, const char *word)
{
    const char *value = otel_posix_env_(name);
    size_t n = value ? strlen(value) : 0;
    if (!value) return false;
    otel_posix_trim_(&value, &n);
    return otel_posix_word_(value, n, word);
}

/* Milliseconds, or `otherwise`. */
OTEL_FN_ uint32_t otel_posix_env_number_(const otel_posix_state_t_ *s, const char *name, uint32_t otherwise)
{
    const char *value = otel_posix_env_(name), *p;
    uint32_t number = 0;
    size_t n;
    if (!value) return otherwise;
    p = value;
    n = strlen(p);
    otel_posix_trim_(&p, &n);
    for (; n && *p >= '0' && *p <= '9' && number < 200000000u; p++, n--) number = number * 10u + (uint32_t)(*p - '0');
    if (n == 0 && number) return number;
    otel_posix_say_(s, "%s=%.60s is ignored: write a whole number above 0", name, value);
    return otherwise;
}

/* OTEL_<SIGNAL>_EXPORTER: what it says, 0 for nothing. */
OTEL_FN_ uint8_t otel_posix_env_exporter_(const otel_posix_state_t_ *s, const char *name)
{
    const char *value = otel_posix_env_(name), *p = value;
    unsigned to = 0;
    while (p && *p) {
        size_t n = strcspn(p, ",");
        const char *word = p, *next = p + n + (p[n] == ',');
        otel_posix_trim_(&word, &n);
        if (otel_posix_word_(word, n, "otlp")) to |= OTEL_TO_HTTP_;
        else if (otel_posix_word_(word, n, "console")) to |= OTEL_TO_CONSOLE_;
        else if (otel_posix_word_(word, n, "none")) to |= OTEL_TO_NONE_;
        else if (n) otel_posix_say_(s, "%s=%.*s is ignored: this library has otlp, console and none", name, (int)(n > 60 ? 60 : n), word);
        p = next;
    }
    return (uint8_t)to;
}

/* "0.25" without strtod, which would ask the locale. False: no such number. */
OTEL_FN_ bool otel_posix_ratio_(const char *text, double *ratio)
{
    double value = 0, unit = 1;
    bool point = false;
    size_t n = strlen(text), digits = 0;
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

OTEL_FN_ otel_sampler_t otel_posix_env_sampler_(otel_posix_state_t_ *s)
{
    const char *value = otel_posix_env_("OTEL_TRACES_SAMPLER"), *argument = otel_posix_env_("OTEL_TRACES_SAMPLER_ARG"), *word;
    size_t n;
    double ratio = 1;
    bool parent;
    if (!value) return otel_sampler_parent_based(NULL);
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
        if (argument && !otel_posix_ratio_(argument, &ratio)) otel_posix_say_(s, "OTEL_TRACES_SAMPLER_ARG=%.60s is ignored: write a number from 0 to 1, such as 0.25", argument);
        s->root = otel_sampler_ratio(ratio);
    } else if (!otel_posix_word_(word, n, "always_on")) {
        otel_posix_say_(s, "OTEL_TRACES_SAMPLER=%.60s is ignored: this library has always_on, always_off, traceidratio, and parentbased_ before each", value);
        parent = true;
    }
    return parent ? otel_sampler_parent_based(&s->root) : s->root;
}

/* A copy that lives as long as the program. */
OTEL_FN_ const char *otel_posix_keep_(otel_posix_state_t_ *s, const char *text, size_t n, bool decode)
{
    char *begin = s->text.at;
    bool good = true;
    if (decode) good = otel_posix_decode_(&s->text, text, n);
    else otel_posix_put_(&s->text, text, n);
    if (!good || s->text.full || s->text.at + 1 >= s->text.end) return NULL;
    *s->text.at++ = 0;
    return begin;
}

/* The resource: the program's attributes, then those of OTEL_RESOURCE_ATTRIBUTES that it does not give itself. */
OTEL_FN_ bool otel_posix_has_(const otel_posix_state_t_ *s, const char *key)
{
    size_t i;
    for (i = 0; i < s->attributes_len; i++) {
        if (s->attributes[i].key && strcmp(s->attributes[i].key, key) == 0) return true;
    }
    return false;
}

OTEL_FN_ void otel_posix_resource_(otel_posix_state_t_ *s, const otel_posix_options_t *o, otel_config_t *config)
{
    const char *list = otel_posix_env_("OTEL_RESOURCE_ATTRIBUTES"), *from = list, *name = otel_posix_env_("OTEL_SERVICE_NAME");
    const size_t most = sizeof s->attributes / sizeof s->attributes[0];
    size_t own = o->attributes ? o->attributes_len : 0;
    otel_posix_pair_t_ pair;
    int more;
    s->text.at = s->texts;
    s->text.end = s->texts + sizeof s->texts;
    s->text.full = false;
    s->attributes_len = 0;
    if (own > most) {
        otel_posix_say_(s, "only the first %u resource attributes are taken", (unsigned)most);
        own = most;
    }
    for (; s->attributes_len < own; s->attributes_len++) s->attributes[s->attributes_len] = o->attributes[s->attributes_len];
    config->service = o->service ? otel_posix_keep_(s, o->service, strlen(o->service), false) : name ? otel_posix_keep_(s, name, strlen(name), false) : NULL;
    config->version = o->version ? otel_posix_keep_(s, o->version, strlen(o->version), false) : NULL;
    while ((more = otel_posix_pair_(&from, &pair)) > 0) {
        const char *key = otel_posix_keep_(s, pair.key, pair.key_len, true), *value = otel_posix_keep_(s, pair.value, pair.value_len, true);
        if (!key || !*key || !value || s->attributes_len == most) {
            more = -1;
            break;
        }
        if (otel_posix_has_(s, key) || (strcmp(key, "service.name") == 0 && config->service) || (strcmp(key, "service.version") == 0 && config->version)) continue;
        s->attributes[s->attributes_len++] = otel_str(key, value);
    }
    if (more < 0) {                               /* specification: resource/sdk.md: one error discards the whole value */
        otel_posix_say_(s, "OTEL_RESOURCE_ATTRIBUTES is ignored: write key=value,key=value, with %%2C for a comma and %%25 for a percent sign");
        s->attributes_len = own;
    }
    if (!config->service && !otel_posix_has_(s, "service.name")) {        /* unknown_service:<program> */
        char path[512];
        ssize_t n = readlink("/proc/self/exe", path, sizeof path - 1);
        const char *program;
        char *begin = s->text.at;
        path[n > 0 ? n : 0] = 0;
        program = strrchr(path, '/');
        otel_posix_add_(&s->text, "unknown_service");
        if (program && program[1]) {
            otel_posix_add_(&s->text, ":");
            otel_posix_add_(&s->text, program + 1);
        }
        if (!s->text.full) config->service = begin;
    }
    config->attributes = s->attributes;
    config->attributes_len = s->attributes_len;
}

/* A base that ends like the endpoint of one signal is most often meant as one. */
OTEL_FN_ void otel_posix_doubt_(const otel_posix_state_t_ *s, const char *endpoint)
{
    static const char *const path[OTEL_SIGNALS] = { "/v1/traces", "/v1/metrics", "/v1/logs" };
    static const char *const word[OTEL_SIGNALS] = { "TRACES", "METRICS", "LOGS" };
    size_t n = strlen(endpoint), i;
    while (n && endpoint[n - 1] == '/') n--;
    for (i = 0; i < OTEL_SIGNALS; i++) {
        size_t len = strlen(path[i]);
        if (n > len && memcmp(endpoint + n - len, path[i], len) == 0) {
            otel_posix_say_(s, "the endpoint %.90s ends in %s, and %s is added to it: leave that away, or put it into OTEL_EXPORTER_OTLP_%s_ENDPOINT, which is used as it is", endpoint, path[i], path[i], word[i]);
        }
    }
}

/* Where each signal goes. False: the sentence was said. */
OTEL_FN_ bool otel_posix_ways_(otel_posix_state_t_ *s, const otel_posix_options_t *o)
{
    static const char *const exporter[OTEL_SIGNALS] = { "OTEL_TRACES_EXPORTER", "OTEL_METRICS_EXPORTER", "OTEL_LOGS_EXPORTER" };
    static const char *const timeout[OTEL_SIGNALS] = { "OTEL_EXPORTER_OTLP_TRACES_TIMEOUT", "OTEL_EXPORTER_OTLP_METRICS_TIMEOUT", "OTEL_EXPORTER_OTLP_LOGS_TIMEOUT" };
    const char *endpoint[OTEL_SIGNALS], *protocol = otel_posix_env_("OTEL_EXPORTER_OTLP_PROTOCOL");
    otel_http_options_t h;
    unsigned i;
    bool http = false, by_default = true;
    memset((void *)&h, 0, sizeof h);
    h.exporter = &s->exporter;
    h.authorization = o->authorization;
    h.authorization_user = o->authorization_user;
    h.compress = o->compress;
    h.compress_user = o->compress_user;
    h.endpoint = o->endpoint ? o->endpoint : otel_posix_env_("OTEL_EXPORTER_OTLP_ENDPOINT");
    h.headers = o->headers ? o->headers : otel_posix_env_("OTEL_EXPORTER_OTLP_HEADERS");
    if (!o->endpoint) {
        h.traces_endpoint = otel_posix_env_("OTEL_EXPORTER_OTLP_TRACES_ENDPOINT");
        h.metrics_endpoint = otel_posix_env_("OTEL_EXPORTER_OTLP_METRICS_ENDPOINT");
        h.logs_endpoint = otel_posix_env_("OTEL_EXPORTER_OTLP_LOGS_ENDPOINT");
    }
    if (!o->headers) {
        h.traces_headers = otel_posix_env_("OTEL_EXPORTER_OTLP_TRACES_HEADERS");
        h.metrics_headers = otel_posix_env_("OTEL_EXPORTER_OTLP_METRICS_HEADERS");
        h.logs_headers = otel_posix_env_("OTEL_EXPORTER_OTLP_LOGS_HEADERS");
    }
    endpoint[OTEL_SIGNAL_TRACES] = h.traces_endpoint;
    endpoint[OTEL_SIGNAL_METRICS] = h.metrics_endpoint;
    endpoint[OTEL_SIGNAL_LOGS] = h.logs_endpoint;
    s->terminal = o->console;
    s->shows = false;
    for (i = 0; i < OTEL_SIGNALS; i++) {
        unsigned to = otel_posix_env_exporter_(s, exporter[i]);
        if (to & OTEL_TO_CONSOLE_) by_default = false;
        if (to == 0) to = o->send || h.endpoint || endpoint[i] ? OTEL_TO_HTTP_ : o->console ? 0u : OTEL_TO_CONSOLE_;
        if (o->console && !(to & OTEL_TO_NONE_)) to |= OTEL_TO_CONSOLE_;
        if (to & OTEL_TO_HTTP_) http = true;
        s->to[i] = (uint8_t)to;
        if (!o->timeout_ms) h.timeout_ms[i] = otel_posix_env_number_(s, timeout[i], 0);
    }
    if (!s->terminal) s->terminal = by_default ? stderr : stdout;         /* asked for by name it is standard output, as the specification says */
    if (!http || o->send) return true;
    if (protocol && strcmp(protocol, "http/protobuf") != 0) otel_posix_say_(s, "OTEL_EXPORTER_OTLP_PROTOCOL=%.60s is ignored: this port sends http/protobuf (to port 4318 of most Collectors)", protocol);
    if (otel_posix_env_is_("OTEL_EXPORTER_OTLP_COMPRESSION", "gzip") && !o->compress) otel_posix_say_(s, "OTEL_EXPORTER_OTLP_COMPRESSION=gzip is ignored: this program has no .compress (otel_gzip of ports/otel_gzip.h)");
    if (h.endpoint) otel_posix_doubt_(s, h.endpoint);
    if (!h.endpoint) h.endpoint = "http://localhost:4318";
    if (otel_http_init_with(&s->http, &h) == OTEL_OK) return true;
    otel_posix_say_(s, "%s", otel_http_error(&s->http));
    return false;
}
OTEL_C_END_
#endif
#endif
