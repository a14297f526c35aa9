/* Where each signal goes, as the program and the environment say. OTLP specification: protocol/exporter.md. */
#ifndef OTEL_POSIX_WAYS_H
#define OTEL_POSIX_WAYS_H
#include "batching.h"
#include "environment.h"
#include "http.h"
#include "options.h"
#include "say.h"
#include "state.h"
#include "system.h"
#include "text.h"
/*== implementation ==*/
#if OTEL_ENABLED && OTEL_BODIES_
OTEL_C_BEGIN_
/* A base that ends like the endpoint of one signal is most often meant as one. */
OTEL_FN_ void otel_posix_doubt_(const otel_posix_state_t_ *s, const char *endpoint)
{
    static const char *const path[OTEL_SIGNALS] = { "/v1/traces", "/v1/metrics", "/v1/logs" };
    static const char *const remedy[OTEL_SIGNALS] = { "leave that away, or put it into OTEL_EXPORTER_OTLP_TRACES_ENDPOINT, which is used as it is",
        "leave that away, or put it into OTEL_EXPORTER_OTLP_METRICS_ENDPOINT, which is used as it is", "leave that away, or put it into OTEL_EXPORTER_OTLP_LOGS_ENDPOINT, which is used as it is" };
    size_t n = strlen(endpoint), i;
    while (n && endpoint[n - 1] == '/') n--;
    for (i = 0; i < OTEL_SIGNALS; i++) {
        size_t len = strlen(path[i]);
        if (n > len && memcmp(endpoint + n - len, path[i], len) == 0) {
            OTEL_POSIX_IGNORED_(s, remedy[i], "the endpoint %.90s ends in %s, and %s is added to it", endpoint, path[i], path[i]);
        }
    }
}

/* Headers of the environment; what cannot be sent is named, and NULL. */
OTEL_FN_ const char *otel_posix_env_headers_(otel_posix_state_t_ *s, const char *name)
{
    const char *list = otel_posix_env_(name);
    otel_http_target_t_ *t = &s->http.target_[0];             /* not in use yet */
    otel_posix_text_t_ head;
    head.at = t->head;
    head.end = t->head + sizeof t->head;
    head.full = false;
    if (!list) return NULL;
    if (!otel_http_headers_(&s->http, &head, list)) {
        OTEL_POSIX_IGNORED_(s, "requests go without it", "%s is ignored: %s", name, otel_http_error(&s->http));
        return NULL;
    }
    if (!head.full) return list;
    OTEL_POSIX_IGNORED_(s, "shorten it", "%s is ignored: it takes more than %u bytes", name, OTEL_HTTP_HEAD_);
    return NULL;
}

/* And the endpoint of one signal without a path as a base. */
OTEL_FN_ void otel_posix_bare_(const otel_posix_state_t_ *s, unsigned signal, const char *endpoint)
{
    static const char *const name[OTEL_SIGNALS] = { "TRACES", "METRICS", "LOGS" };
    static const char *const remedy[OTEL_SIGNALS] = { "write the whole path into it, /v1/traces", "write the whole path into it, /v1/metrics", "write the whole path into it, /v1/logs" };
    const char *host = strstr(endpoint, "://"), *path;
    if (!host) return;
    path = host + 3 + strcspn(host + 3, "/?");
    if (path[0] && (path[0] != '/' || path[1])) return;
    OTEL_POSIX_IGNORED_(s, remedy[signal], "OTEL_EXPORTER_OTLP_%s_ENDPOINT=%.90s has no path, and none is added to it", name[signal], endpoint);
}

/* The port of gRPC is the commonest mistake; said once. */
OTEL_FN_ void otel_posix_port_(const otel_posix_state_t_ *s)
{
    unsigned i;
    for (i = 0; i < OTEL_SIGNALS; i++) {
        if (!(s->to[i] & OTEL_TO_HTTP_) || strcmp(s->http.target_[i].port, "4317")) continue;
        OTEL_POSIX_IGNORED_(s, "that is usually port 4318", "the endpoint's port is 4317, which usually speaks gRPC (HTTP/2), not OTLP over HTTP");
        return;
    }
}

/* Does this variable ask for no compression? */
OTEL_FN_ bool otel_posix_plain_(otel_posix_state_t_ *s, const otel_posix_options_t *o, const char *name, bool otherwise)
{
    const char *value = otel_posix_env_(name);
    if (!value) return otherwise;
    if (otel_posix_env_is_(name, "none")) return true;
    if (!otel_posix_env_is_(name, "gzip")) OTEL_POSIX_IGNORED_(s, "write gzip or none", "%s=%.60s is ignored", name, value);
    else if (!o->compress) OTEL_POSIX_IGNORED_(s, "give the program .compress (otel_gzip of ports/otel_gzip.h)", "%s=gzip is ignored", name);
    return false;
}

/* Where each signal goes. False: the sentence was said. */
OTEL_FN_ bool otel_posix_ways_(otel_posix_state_t_ *s, const otel_posix_options_t *o)
{
    static const char *const exporter[OTEL_SIGNALS] = { "OTEL_TRACES_EXPORTER", "OTEL_METRICS_EXPORTER", "OTEL_LOGS_EXPORTER" };
    static const char *const squeeze[OTEL_SIGNALS] = { "OTEL_EXPORTER_OTLP_TRACES_COMPRESSION", "OTEL_EXPORTER_OTLP_METRICS_COMPRESSION", "OTEL_EXPORTER_OTLP_LOGS_COMPRESSION" };
    static const char *const protocol[OTEL_SIGNALS + 1] = { "OTEL_EXPORTER_OTLP_PROTOCOL", "OTEL_EXPORTER_OTLP_TRACES_PROTOCOL", "OTEL_EXPORTER_OTLP_METRICS_PROTOCOL", "OTEL_EXPORTER_OTLP_LOGS_PROTOCOL" };
    const char *endpoint[OTEL_SIGNALS];
    otel_http_options_t h;
    otel_diag_t about;
    unsigned i;
    bool http = false, by_default = true, plain;
    memset((void *)&h, 0, sizeof h);
    h.exporter = &s->exporter;
    h.authorization = o->authorization;
    h.authorization_user = o->authorization_user;
    h.compress = o->compress;
    h.compress_user = o->compress_user;
    h.endpoint = o->endpoint ? o->endpoint : otel_posix_env_("OTEL_EXPORTER_OTLP_ENDPOINT");
    if (!o->endpoint) {
        h.traces_endpoint = otel_posix_env_("OTEL_EXPORTER_OTLP_TRACES_ENDPOINT");
        h.metrics_endpoint = otel_posix_env_("OTEL_EXPORTER_OTLP_METRICS_ENDPOINT");
        h.logs_endpoint = otel_posix_env_("OTEL_EXPORTER_OTLP_LOGS_ENDPOINT");
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
    }
    otel_posix_timeouts_(s, o, &s->request_ms, h.timeout_ms);
    if (!s->terminal) s->terminal = by_default ? stderr : stdout;         /* asked for by name it is standard output, as the specification says */
    if (!http || o->send) return true;
    for (i = 0; i <= OTEL_SIGNALS; i++) {
        const char *value = otel_posix_env_(protocol[i]);
        if (value && !otel_posix_env_is_(protocol[i], "http/protobuf")) OTEL_POSIX_IGNORED_(s, "this port sends http/protobuf (to port 4318 of most Collectors)", "%s=%.60s is ignored", protocol[i], value);
    }
    h.headers = o->headers ? o->headers : otel_posix_env_headers_(s, "OTEL_EXPORTER_OTLP_HEADERS");
    if (!o->headers) {
        h.traces_headers = otel_posix_env_headers_(s, "OTEL_EXPORTER_OTLP_TRACES_HEADERS");
        h.metrics_headers = otel_posix_env_headers_(s, "OTEL_EXPORTER_OTLP_METRICS_HEADERS");
        h.logs_headers = otel_posix_env_headers_(s, "OTEL_EXPORTER_OTLP_LOGS_HEADERS");
    }
    plain = otel_posix_plain_(s, o, "OTEL_EXPORTER_OTLP_COMPRESSION", false);
    for (i = 0; i < OTEL_SIGNALS; i++) h.plain[i] = otel_posix_plain_(s, o, squeeze[i], plain);
    if (h.endpoint) otel_posix_doubt_(s, h.endpoint);
    for (i = 0; i < OTEL_SIGNALS; i++) {
        if (endpoint[i] && (s->to[i] & OTEL_TO_HTTP_)) otel_posix_bare_(s, i, endpoint[i]);
    }
    if (!h.endpoint) h.endpoint = "http://localhost:4318";
    if (otel_http_init_with(&s->http, &h) == OTEL_OK) {
        otel_posix_port_(s);
        return true;
    }
    about = otel_posix_about_(OTEL_DIAG_START, OTEL_LEVEL_ERROR);
    otel_posix_say_(s, &about, "the program goes on without telemetry", "%s", otel_http_error(&s->http));
    return false;
}
OTEL_C_END_
#endif
#endif
