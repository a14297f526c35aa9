/* otel_curl.h - OTLP through libcurl (link with -lcurl): TLS, HTTP/2, gRPC, protobuf or JSON over HTTP. MIT licence.

     #include "otel_posix.h"
     #include "otel_curl.h"
     static otel_curl_t curl;
     otel_curl_init(&curl, .endpoint = "https://collector.example:4317", .protocol = OTEL_CURL_GRPC, .ca_file = "ca.pem");
     otel_posix_start(.service = "hello", .send = otel_curl_send, .user = &curl, .explain = otel_curl_error);

   `.environment = true` leaves endpoint, protocol, headers, certificates and the rest to whoever runs the program: otel_curl_init(&curl, .environment = true).

   Or as `.send` of otel_exporter_init. One request at a time, on a connection that is kept (with libcurl 7.88 not for gRPC on http://); recording never waits for it. libcurl
   takes memory of its own. What a proxy is for (https_proxy, NO_PROXY) libcurl reads from the environment.
   OTLP specification: protocol/otlp.md, "OTLP/gRPC", "OTLP/HTTP"; protocol/exporter.md. */
#ifndef OTEL_CURL_H
#define OTEL_CURL_H
#include "otel_export.h"
#include <curl/curl.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#ifndef _WIN32
#include <poll.h>
#include <unistd.h>
#endif

#if OTEL_ENABLED && !OTEL_ATOMICS_
#error "otel_curl.h needs a compiler with atomics: gcc or clang, without OTEL_NO_ATOMICS"
#endif

typedef enum { OTEL_CURL_HTTP, OTEL_CURL_GRPC, OTEL_CURL_JSON } otel_curl_protocol_t;

/* Where OTLP goes. Texts are copied, but for names of files (until the transport is closed). Zero means the default. The order of the fields is API. */
typedef struct otel_curl_options_t {
    const char *endpoint OTEL_Z_;             /* "https://collector:4318"; /v1/traces and so on, or the service of gRPC, is added (required unless each signal has its own) */
    otel_curl_protocol_t protocol OTEL_Z_;    /* (default: protobuf over HTTP) */
    const char *headers OTEL_Z_;              /* as in OTEL_EXPORTER_OTLP_HEADERS: "api-key=secret,x-team=a%20b" */
    otel_exporter_t *exporter OTEL_Z_;        /* told what comes back (default: that exporter of the default instance whose request it is) */
    const char *ca_file OTEL_Z_;              /* PEM: who may sign the server's certificate (default: whom libcurl trusts) */
    const char *certificate_file OTEL_Z_;     /* PEM: the client's own certificate, for servers that ask for it, */
    const char *key_file OTEL_Z_;             /* and its key */
    uint32_t timeout_ms OTEL_Z_;              /* of one request (default: the exporter's) */
    const char *(*authorization)(void *user) OTEL_Z_;     /* asked before each request: the value of its Authorization header, or NULL */
    void *authorization_user OTEL_Z_;
    bool (*compress)(void *user, const otel_request_t *request, const void **body, size_t *len) OTEL_Z_;   /* the body in gzip: otel_gzip of otel_gzip.h */
    void *compress_user OTEL_Z_;
    size_t request_max OTEL_Z_;               /* bytes of a request; a larger one is cut, or lost as too_large when it is one record (default: 64 MiB) */
    const char *traces_endpoint OTEL_Z_;      /* for one signal, used as it is; gRPC adds its service all the same */
    const char *metrics_endpoint OTEL_Z_;
    const char *logs_endpoint OTEL_Z_;
    bool environment OTEL_Z_;                 /* what is not said here is read from OTEL_EXPORTER_OTLP_ENDPOINT (and _TRACES_ENDPOINT, _METRICS_, _LOGS_; without any: localhost),
                                                 OTEL_EXPORTER_OTLP_PROTOCOL (grpc, http/protobuf, http/json), _HEADERS, _TIMEOUT, _COMPRESSION (gzip wants .compress), _CERTIFICATE,
                                                 _CLIENT_CERTIFICATE, _CLIENT_KEY and _INSECURE (gRPC, for an endpoint without a scheme). One set for all signals: the same of a signal are not
                                                 taken. What is not taken otel_curl_error says after OTEL_OK (default: false) */
} otel_curl_options_t;

#define OTEL_CURL_URL_ 1024u
#define OTEL_CURL_REPLY_MAX_ 4194304u         /* bytes of an answer; a longer one is a failure (protocol/otlp.md) */
#define OTEL_CURL_KEEP_ 1024u                 /* bytes of it, and of each of its headers, that are kept */

/* A transport. All fields are private. */
typedef struct otel_curl_t {
    CURL *easy_;
    uint8_t state_;                           /* 1: a request is under way, 2: the end is asked for; both */
    long process_;
    struct curl_slist *headers_;
    otel_curl_protocol_t protocol_;
    otel_exporter_t *exporter_;
    const char *(*authorization_)(void *user);
    void *authorization_user_;
    bool (*compress_)(void *user, const otel_request_t *request, const void **body, size_t *len);
    void *compress_user_;
    uint32_t timeout_ms_;
    size_t request_max_;
    char url_[OTEL_SIGNALS][OTEL_CURL_URL_];
    char *text_;                              /* JSON */
    size_t text_len_, text_room_;
    bool text_full_;
    /* a request on its way */
    uint8_t prefix_[5];
    otel_piece_t whole_;
    const otel_piece_t *parts_;
    size_t parts_len_, prefix_len_, piece_, offset_, total_;
    /* and its answer */
    size_t taken_, kept_;
    int grpc_;                                /* grpc-status, -1: none yet */
    bool proto_, seen_;                       /* an answer begins */
    char message_[OTEL_CURL_KEEP_], details_[OTEL_CURL_KEEP_], retry_after_[64];
    uint8_t body_[OTEL_CURL_KEEP_];
    char error_[300], said_[CURL_ERROR_SIZE];
} otel_curl_t;

#if OTEL_ENABLED
#define otel_curl_init_with OTEL_NAME_(otel_curl_init_with)
#define otel_curl_send OTEL_NAME_(otel_curl_send)
#define otel_curl_error OTEL_NAME_(otel_curl_error)
#define otel_curl_close OTEL_NAME_(otel_curl_close)
#endif

OTEL_C_BEGIN_
/* Prepare a transport; nothing is connected yet. OTEL_E_CONFIG: otel_curl_error has the sentence; after OTEL_OK too, when a variable was not taken. OTEL_E_SYSTEM: libcurl has no memory, or lacks HTTP/2. */
OTEL_API_ otel_result_t otel_curl_init_with(otel_curl_t *curl, const otel_curl_options_t *options);

/* POST a request: `.send = otel_curl_send, .user = &curl`. The HTTP status, or -1 when there was no answer in time. A status of gRPC becomes the
   HTTP status that is treated alike: 503 is tried again (CANCELLED, DEADLINE_EXCEEDED, ABORTED, OUT_OF_RANGE, UNAVAILABLE, DATA_LOSS), 429
   after the time that the server names (RESOURCE_EXHAUSTED with RetryInfo), all else is not. One thread at a time; never raises SIGPIPE. A child of fork
   connects anew. */
OTEL_API_ int otel_curl_send(void *curl, const otel_request_t *request);

/* What went wrong last, or was not taken, "" for nothing. Belongs to the transport. */
OTEL_API_ const char *otel_curl_error(void *curl);

/* Close connections and give memory back. A request that another thread has under way (a stop whose time was up) is given up first, within about a
   second. Afterwards nothing is sent. */
OTEL_API_ void otel_curl_close(otel_curl_t *curl);
OTEL_C_END_

#define otel_curl_init(curl, ...) otel_curl_init_with((curl), OTEL_REF_(otel_curl_options_t, __VA_ARGS__))

/*== implementation ==*/
#if OTEL_ENABLED && OTEL_BODIES_
OTEL_C_BEGIN_
OTEL_FN_ OTEL_PRINTF_(2, 3) void otel_curl_fail_(otel_curl_t *c, const char *format, ...);
OTEL_FN_ void otel_curl_fail_(otel_curl_t *c, const char *format, ...)
{
    va_list a;
    size_t i;
    va_start(a, format);
    (void)vsnprintf(c->error_, sizeof c->error_, format, a);
    va_end(a);
    for (i = 0; c->error_[i]; i++) {              /* it may hold what a stranger said */
        if ((unsigned char)c->error_[i] < ' ' || c->error_[i] == 127) c->error_[i] = '?';
    }
}

OTEL_FN_ int otel_curl_hex_(char c) { return c >= '0' && c <= '9' ? c - '0' : c >= 'a' && c <= 'f' ? c - 'a' + 10 : c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1; }

/* Text with %41 as A, into to[size] with a NUL. A % without two digits stays, or ends it all with `strict`: false. */
OTEL_FN_ bool otel_curl_decode_(char *to, size_t size, const char *from, size_t n, bool strict)
{
    size_t i, len = 0;
    for (i = 0; i < n && len + 1u < size; i++) {
        char c = from[i];
        if (c == '%') {
            int high = n - i > 2u ? otel_curl_hex_(from[i + 1]) : -1, low = n - i > 2u ? otel_curl_hex_(from[i + 2]) : -1;
            if (high >= 0 && low >= 0) c = (char)(high << 4 | low), i += 2;
            else if (strict) return false;
        }
        to[len++] = c;
    }
    to[len] = 0;
    return i == n;
}

OTEL_FN_ bool otel_curl_add_(otel_curl_t *c, const char *line)
{
    struct curl_slist *more = curl_slist_append(c->headers_, line);
    if (more) c->headers_ = more;
    return more != NULL;
}

OTEL_FN_ const char *otel_curl_trim_(const char *text, size_t *n)
{
    for (; *n && (*text == ' ' || *text == '\t'); --*n) text++;
    while (*n && (text[*n - 1u] == ' ' || text[*n - 1u] == '\t')) --*n;
    return text;
}

/* Headers that belong to the transport. */
OTEL_FN_ bool otel_curl_own_(const char *name, size_t n)
{
    static const char own[] = "content-length\0transfer-encoding\0connection\0content-type\0content-encoding\0host\0expect\0upgrade\0te\0trailer\0grpc-timeout\0grpc-encoding\0";
    const char *p;
    for (p = own; *p; p += strlen(p) + 1u) {
        if (otel_name_is_(p, name, n)) return true;
    }
    return false;
}

/* One pair of the user's headers, "name=value": a line. A name is a token and a value ends no line, so nothing can be smuggled in. */
OTEL_FN_ bool otel_curl_header_pair_(otel_curl_t *c, const char *pair, size_t n)
{
    static const char token[] = "!#$%&'*+-.^_`|~0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ";
    const char *equals = (const char *)memchr(pair, '=', n), *name = pair, *value;
    size_t name_len = equals ? (size_t)(equals - pair) : 0, value_len = equals ? n - name_len - 1u : 0, i;
    char line[4096];
    name = otel_curl_trim_(name, &name_len);
    value = otel_curl_trim_(equals ? equals + 1 : pair, &value_len);
    for (i = 0; i < name_len && strchr(token, name[i]); i++) {}
    if (name_len == 0 || i < name_len || name_len > 200u) {
        otel_curl_fail_(c, "headers are written as name=value,name=value");
        return false;
    }
    if (otel_curl_own_(name, name_len)) {
        otel_curl_fail_(c, "header %.*s belongs to the transport: take it out of the headers", (int)name_len, name);
        return false;
    }
    (void)snprintf(line, sizeof line, "%.*s: ", (int)name_len, name);
    if (!otel_curl_decode_(line + name_len + 2u, sizeof line - name_len - 2u, value, value_len, true) || strpbrk(line, "\r\n")) {
        otel_curl_fail_(c, "the value of header %.*s is too long, ends a line, or has a %% without two hexadecimal digits", (int)name_len, name);
        return false;
    }
    return otel_curl_add_(c, line);
}

OTEL_FN_ bool otel_curl_headers_(otel_curl_t *c, const char *list)
{
    bool good = otel_curl_add_(c, c->protocol_ == OTEL_CURL_GRPC ? "Content-Type: application/grpc" : c->protocol_ == OTEL_CURL_JSON ? "Content-Type: application/json" : "Content-Type: application/x-protobuf");
    if (good && c->protocol_ == OTEL_CURL_GRPC) good = otel_curl_add_(c, "TE: trailers");
    if (good) good = otel_curl_add_(c, "Expect:");            /* none: a request is not worth asking first */
    while (good && list && *list) {
        size_t n = strcspn(list, ","), len = n;
        const char *pair = otel_curl_trim_(list, &len);
        if (len) good = otel_curl_header_pair_(c, pair, len);
        list += n + (list[n] == ',');
    }
    if (!good && !c->error_[0]) otel_curl_fail_(c, "no memory for headers");
    return good;
}

OTEL_FN_ bool otel_curl_url_of_(otel_curl_t *c, unsigned signal, const char *base, const char *path)
{
    size_t n = strlen(base);
    if (!curl_strnequal(base, "http://", 7) && !curl_strnequal(base, "https://", 8)) {
        otel_curl_fail_(c, "%.90s: an endpoint begins with http:// or https://, as in https://localhost:4318", base);
        return false;
    }
    if (*path && n && base[n - 1u] == '/') n--;
    if (n + strlen(path) >= OTEL_CURL_URL_) {
        otel_curl_fail_(c, "%.90s..: the endpoint is longer than %u bytes", base, OTEL_CURL_URL_);
        return false;
    }
    (void)snprintf(c->url_[signal], OTEL_CURL_URL_, "%.*s%s", (int)n, base, path);
    return true;
}

OTEL_FN_ bool otel_curl_urls_(otel_curl_t *c, const otel_curl_options_t *o)
{
    static const char *const service[OTEL_SIGNALS] = { "/opentelemetry.proto.collector.trace.v1.TraceService/Export", "/opentelemetry.proto.collector.metrics.v1.MetricsService/Export",
                                                       "/opentelemetry.proto.collector.logs.v1.LogsService/Export" };
    static const char *const path[OTEL_SIGNALS] = { "/v1/traces", "/v1/metrics", "/v1/logs" };
    const char *own[OTEL_SIGNALS];
    unsigned i;
    own[OTEL_SIGNAL_TRACES] = o->traces_endpoint;
    own[OTEL_SIGNAL_METRICS] = o->metrics_endpoint;
    own[OTEL_SIGNAL_LOGS] = o->logs_endpoint;
    if (!o->endpoint && !own[0] && !own[1] && !own[2]) {
        otel_curl_fail_(c, "no endpoint: say .endpoint = \"https://localhost:4318\" (gRPC: 4317)");
        return false;
    }
    for (i = 0; i < OTEL_SIGNALS; i++) {
        bool exact = own[i] && c->protocol_ != OTEL_CURL_GRPC;
        if (!own[i] && !o->endpoint) continue;
        if (!otel_curl_url_of_(c, i, own[i] ? own[i] : o->endpoint, exact ? "" : c->protocol_ == OTEL_CURL_GRPC ? service[i] : path[i])) return false;
    }
    return true;
}

/* ---- the environment: protocol/exporter.md, "Configuration Options" ---- */
typedef struct otel_curl_places_t_ {
    char text[OTEL_SIGNALS + 1][OTEL_CURL_URL_];              /* endpoints that a scheme was put before */
} otel_curl_places_t_;

/* An empty variable is an unset one. */
OTEL_FN_ const char *otel_curl_env_(const char *name)
{
    const char *value = getenv(name);
    return value && *value ? value : NULL;
}

OTEL_FN_ bool otel_curl_env_is_(const char *name, const char *word)
{
    const char *value = otel_curl_env_(name);
    return value && curl_strequal(value, word);
}

/* A sentence about a variable; the first one stays. */
#define OTEL_CURL_NOT_TAKEN_(c, ...) do { if (!(c)->error_[0]) otel_curl_fail_((c), __VA_ARGS__); } while (0)

/* An endpoint; of gRPC it may come without a scheme. */
OTEL_FN_ const char *otel_curl_env_endpoint_(const otel_curl_options_t *o, const char *name, char to[OTEL_CURL_URL_])
{
    const char *value = otel_curl_env_(name);
    if (!value || o->protocol != OTEL_CURL_GRPC || strstr(value, "://")) return value;
    (void)snprintf(to, OTEL_CURL_URL_, "http%s://%s", otel_curl_env_is_("OTEL_EXPORTER_OTLP_INSECURE", "true") ? "" : "s", value);
    return to;
}

/* Variables of one signal that this transport has no place for. */
OTEL_FN_ void otel_curl_env_others_(otel_curl_t *c)
{
    static const char *const signal[OTEL_SIGNALS] = { "TRACES", "METRICS", "LOGS" };
    static const char *const what[] = { "PROTOCOL", "HEADERS", "TIMEOUT", "COMPRESSION", "CERTIFICATE", "CLIENT_CERTIFICATE", "CLIENT_KEY", "INSECURE" };
    char name[64];
    unsigned i, k;
    for (i = 0; i < OTEL_SIGNALS; i++) {
        for (k = 0; k < sizeof what / sizeof what[0]; k++) {
            (void)snprintf(name, sizeof name, "OTEL_EXPORTER_OTLP_%s_%s", signal[i], what[k]);
            if (otel_curl_env_(name)) OTEL_CURL_NOT_TAKEN_(c, "%s is not taken: this transport has one for all signals, OTEL_EXPORTER_OTLP_%s", name, what[k]);
        }
    }
}

/* What the program left open. False: there is no telling what is meant. */
OTEL_FN_ bool otel_curl_environment_(otel_curl_t *c, otel_curl_options_t *o, otel_curl_places_t_ *places)
{
    static const char protocol[] = "OTEL_EXPORTER_OTLP_PROTOCOL", compression[] = "OTEL_EXPORTER_OTLP_COMPRESSION", timeout[] = "OTEL_EXPORTER_OTLP_TIMEOUT";
    const char *value = o->protocol == OTEL_CURL_HTTP ? otel_curl_env_(protocol) : NULL;
    if (otel_curl_env_is_(protocol, "grpc") && value) {
        o->protocol = OTEL_CURL_GRPC;
    } else if (otel_curl_env_is_(protocol, "http/json") && value) {
        o->protocol = OTEL_CURL_JSON;
    } else if (value && !otel_curl_env_is_(protocol, "http/protobuf")) {
        otel_curl_fail_(c, "%s=%.60s: write grpc, http/protobuf or http/json", protocol, value);
        return false;
    }
    if (!o->endpoint && !o->traces_endpoint && !o->metrics_endpoint && !o->logs_endpoint) {
        o->endpoint = otel_curl_env_endpoint_(o, "OTEL_EXPORTER_OTLP_ENDPOINT", places->text[0]);
        o->traces_endpoint = otel_curl_env_endpoint_(o, "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT", places->text[1]);
        o->metrics_endpoint = otel_curl_env_endpoint_(o, "OTEL_EXPORTER_OTLP_METRICS_ENDPOINT", places->text[2]);
        o->logs_endpoint = otel_curl_env_endpoint_(o, "OTEL_EXPORTER_OTLP_LOGS_ENDPOINT", places->text[3]);
        if (!o->endpoint) o->endpoint = o->protocol == OTEL_CURL_GRPC ? "http://localhost:4317" : "http://localhost:4318";
    }
    if (!o->headers) o->headers = otel_curl_env_("OTEL_EXPORTER_OTLP_HEADERS");
    if (!o->ca_file) o->ca_file = otel_curl_env_("OTEL_EXPORTER_OTLP_CERTIFICATE");
    if (!o->certificate_file) o->certificate_file = otel_curl_env_("OTEL_EXPORTER_OTLP_CLIENT_CERTIFICATE");
    if (!o->key_file) o->key_file = otel_curl_env_("OTEL_EXPORTER_OTLP_CLIENT_KEY");
    value = otel_curl_env_(timeout);
    if (value && !o->timeout_ms) {
        size_t n = strspn(value, "0123456789");
        o->timeout_ms = n && n < 10u && !value[n] ? (uint32_t)strtoul(value, NULL, 10) : 0u;
        if (!o->timeout_ms) OTEL_CURL_NOT_TAKEN_(c, "%s=%.60s is not taken: write a whole number of milliseconds above 0", timeout, value);
    }
    value = otel_curl_env_(compression);
    if (otel_curl_env_is_(compression, "none")) o->compress = NULL;
    else if (value && !otel_curl_env_is_(compression, "gzip")) OTEL_CURL_NOT_TAKEN_(c, "%s=%.60s is not taken: write gzip or none", compression, value);
    else if (value && !o->compress) OTEL_CURL_NOT_TAKEN_(c, "%s=gzip is not taken: give the program .compress (otel_gzip of ports/otel_gzip.h)", compression);
    otel_curl_env_others_(c);
    return true;
}

/* The next bytes of the request; libcurl asks for them. */
OTEL_FN_ size_t otel_curl_read_(char *to, size_t size, size_t count, void *curl)
{
    otel_curl_t *c = (otel_curl_t *)curl;
    size_t room = size * count, n = 0;
    while (n < room && c->piece_ <= c->parts_len_) {          /* piece 0 is the prefix */
        const uint8_t *bytes = c->piece_ ? (const uint8_t *)c->parts_[c->piece_ - 1u].bytes : c->prefix_;
        size_t len = c->piece_ ? c->parts_[c->piece_ - 1u].len : c->prefix_len_, some = len - c->offset_ < room - n ? len - c->offset_ : room - n;
        if (some) memcpy(to + n, bytes + c->offset_, some);
        n += some;
        c->offset_ += some;
        if (c->offset_ == len) c->piece_++, c->offset_ = 0;
    }
    return n;
}

/* Once more from the beginning, when a connection that was kept turns out to be dead. */
OTEL_FN_ int otel_curl_seek_(void *curl, curl_off_t offset, int origin)
{
    otel_curl_t *c = (otel_curl_t *)curl;
    if (offset != 0 || origin != SEEK_SET) return CURL_SEEKFUNC_CANTSEEK;
    c->piece_ = c->offset_ = 0;
    return CURL_SEEKFUNC_OK;
}

OTEL_FN_ size_t otel_curl_write_(char *bytes, size_t size, size_t count, void *curl)
{
    otel_curl_t *c = (otel_curl_t *)curl;
    size_t n = size * count, keep = sizeof c->body_ - c->kept_ < n ? sizeof c->body_ - c->kept_ : n;
    memcpy(c->body_ + c->kept_, bytes, keep);
    c->kept_ += keep;
    c->taken_ += n;
    return c->taken_ > OTEL_CURL_REPLY_MAX_ ? 0 : n;
}

/* "name: value\r\n", in letters of any case: is it this one? Then its value goes into to[size]. */
OTEL_FN_ bool otel_curl_is_(const char *line, size_t n, const char *name, char *to, size_t size)
{
    size_t len = strlen(name), i;
    if (n <= len || line[len] != ':') return false;
    for (i = 0; i < len; i++) {
        char c = line[i] >= 'A' && line[i] <= 'Z' ? (char)(line[i] - 'A' + 'a') : line[i];
        if (c != name[i]) return false;
    }
    line += len + 1u;
    n -= len + 1u;
    while (n && (line[n - 1u] == '\r' || line[n - 1u] == '\n')) n--;
    line = otel_curl_trim_(line, &n);
    if (n >= size) n = size - 1u;
    memcpy(to, line, n);
    to[n] = 0;
    return true;
}

/* A line of the head, or a trailer. */
OTEL_FN_ size_t otel_curl_line_(char *line, size_t size, size_t count, void *curl)
{
    otel_curl_t *c = (otel_curl_t *)curl;
    size_t n = size * count;
    char value[64];
    if (n > 5u && memcmp(line, "HTTP/", 5) == 0) {            /* an answer begins; before it there may have been interim ones */
        c->grpc_ = -1;
        c->message_[0] = c->details_[0] = c->retry_after_[0] = 0;
        c->proto_ = c->seen_ = true;
    } else if (otel_curl_is_(line, n, "grpc-status", value, sizeof value)) {
        c->grpc_ = value[0] >= '0' && value[0] <= '9' && strlen(value) < 3u ? atoi(value) : 2;
    } else if (otel_curl_is_(line, n, "content-type", value, sizeof value)) {
        c->proto_ = strncmp(value, "application/x-protobuf", 22) == 0;
    } else if (!otel_curl_is_(line, n, "grpc-message", c->message_, sizeof c->message_) && !otel_curl_is_(line, n, "grpc-status-details-bin", c->details_, sizeof c->details_)) {
        (void)otel_curl_is_(line, n, "retry-after", c->retry_after_, sizeof c->retry_after_);
    }
    return n;
}

/* Looks, once a second or more often, whether the request is to end. */
OTEL_FN_ int otel_curl_look_(void *curl, curl_off_t down, curl_off_t down_now, curl_off_t up, curl_off_t up_now)
{
    (void)down, (void)down_now, (void)up, (void)up_now;
    return OTEL_LOAD_ACQUIRE_(&((otel_curl_t *)curl)->state_) > 1u;
}

OTEL_FN_ long otel_curl_process_(void)
{
#ifndef _WIN32
    return (long)getpid();
#else
    return 0;
#endif
}

OTEL_FN_ bool otel_curl_options_(otel_curl_t *c, const otel_curl_options_t *o)
{
    CURL *e = c->easy_;
    bool good = curl_easy_setopt(e, CURLOPT_HTTP_VERSION, (long)CURL_HTTP_VERSION_2TLS) == CURLE_OK;
    (void)curl_easy_setopt(e, CURLOPT_NOSIGNAL, 1L);
    (void)curl_easy_setopt(e, CURLOPT_POST, 1L);
    (void)curl_easy_setopt(e, CURLOPT_READFUNCTION, otel_curl_read_);
    (void)curl_easy_setopt(e, CURLOPT_READDATA, (void *)c);
    (void)curl_easy_setopt(e, CURLOPT_SEEKFUNCTION, otel_curl_seek_);
    (void)curl_easy_setopt(e, CURLOPT_SEEKDATA, (void *)c);
    (void)curl_easy_setopt(e, CURLOPT_WRITEFUNCTION, otel_curl_write_);
    (void)curl_easy_setopt(e, CURLOPT_WRITEDATA, (void *)c);
    (void)curl_easy_setopt(e, CURLOPT_HEADERFUNCTION, otel_curl_line_);
    (void)curl_easy_setopt(e, CURLOPT_HEADERDATA, (void *)c);
    (void)curl_easy_setopt(e, CURLOPT_ERRORBUFFER, c->said_);
    (void)curl_easy_setopt(e, CURLOPT_NOPROGRESS, 0L);
    (void)curl_easy_setopt(e, CURLOPT_XFERINFOFUNCTION, otel_curl_look_);
    (void)curl_easy_setopt(e, CURLOPT_XFERINFODATA, (void *)c);
    (void)curl_easy_setopt(e, CURLOPT_TCP_NODELAY, 1L);
    (void)curl_easy_setopt(e, CURLOPT_USERAGENT, "OTel-OTLP-Exporter-C/" OTEL_VERSION);
#if LIBCURL_VERSION_NUM >= 0x075500
    good = curl_easy_setopt(e, CURLOPT_PROTOCOLS_STR, "http,https") == CURLE_OK && good;
#endif
    if (o->ca_file) good = curl_easy_setopt(e, CURLOPT_CAINFO, o->ca_file) == CURLE_OK && good;
    if (o->certificate_file) good = curl_easy_setopt(e, CURLOPT_SSLCERT, o->certificate_file) == CURLE_OK && good;
    if (o->key_file) good = curl_easy_setopt(e, CURLOPT_SSLKEY, o->key_file) == CURLE_OK && good;
    if (!good) otel_curl_fail_(c, "this libcurl lacks HTTP/2 or TLS: take another build of it");
    return good;
}

OTEL_API_ otel_result_t otel_curl_init_with(otel_curl_t *c, const otel_curl_options_t *options)
{ OTEL_CALLED_
    otel_curl_options_t all;
    const otel_curl_options_t *o = &all;
    otel_curl_places_t_ places;
    if (!c || !options) return OTEL_E_NULL;
    memset((void *)c, 0, sizeof *c);
    all = *options;
    if (all.environment && !otel_curl_environment_(c, &all, &places)) return OTEL_E_CONFIG;
    c->protocol_ = o->protocol;
    c->exporter_ = o->exporter;
    c->authorization_ = o->authorization;
    c->authorization_user_ = o->authorization_user;
    c->compress_ = o->compress;
    c->compress_user_ = o->compress_user;
    c->timeout_ms_ = o->timeout_ms;
    c->request_max_ = o->request_max ? o->request_max : (size_t)64 << 20;
    if (!otel_curl_urls_(c, o) || !otel_curl_headers_(c, o->headers)) {
        curl_slist_free_all(c->headers_);
        c->headers_ = NULL;
        return OTEL_E_CONFIG;
    }
    if (curl_global_init(CURL_GLOBAL_DEFAULT) == CURLE_OK) c->easy_ = curl_easy_init();
    c->process_ = otel_curl_process_();
    if (c->easy_ && otel_curl_options_(c, o)) return OTEL_OK;
    if (!c->error_[0]) otel_curl_fail_(c, "libcurl does not start: no memory");
    otel_curl_close(c);
    return OTEL_E_SYSTEM;
}

OTEL_API_ const char *otel_curl_error(void *curl) { OTEL_CALLED_ return curl ? ((const otel_curl_t *)curl)->error_ : ""; }

OTEL_API_ void otel_curl_close(otel_curl_t *c)
{ OTEL_CALLED_
    uint8_t state = 0;
    if (!c) return;
    while (!OTEL_CAS_(&c->state_, &state, (uint8_t)(state | 2u))) {}         /* ends at once: only a request that ends comes in between */
    while (OTEL_LOAD_ACQUIRE_(&c->state_) & 1u) {
#ifndef _WIN32
        (void)(poll)(NULL, 0, 1);
#endif
    }
    if (c->easy_) curl_easy_cleanup(c->easy_);
    curl_slist_free_all(c->headers_);
    free(c->text_);
    c->easy_ = NULL;
    c->headers_ = NULL;
    c->text_ = NULL;
    c->text_room_ = 0;
}

/* ---- what came back ---- */
/* Bytes of base64, padded or not: how many; 0 when it is none. */
OTEL_FN_ size_t otel_curl_base64_(uint8_t *to, size_t size, const char *text)
{
    static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    uint32_t bits = 0;
    unsigned have = 0;
    size_t n = 0;
    for (; *text && *text != '='; text++) {
        const char *digit = strchr(digits, *text == '-' ? '+' : *text == '_' ? '/' : *text);
        if (!digit) return 0;
        bits = bits << 6 | (uint32_t)(digit - digits);
        have += 6u;
        if (have < 8u) continue;
        have -= 8u;
        if (n == size) return n;
        to[n++] = (uint8_t)(bits >> have);
    }
    return n;
}

/* Does google.rpc.Status have a RetryInfo among its details? Any.type_url = 1; Status.details = 3. */
OTEL_FN_ bool otel_curl_may_retry_(const uint8_t *status, size_t len)
{
    static const char name[] = "google.rpc.RetryInfo";
    otel_pb_t_ message = otel_pb_open_(status, len), any;
    otel_pb_field_t_ field;
    while (otel_pb_next_(&message, &field)) {
        if (field.number != 3 || field.type != OTEL_PB_SLICE_) continue;
        any = otel_pb_open_(field.bytes, field.len);
        while (otel_pb_next_(&any, &field)) {
            if (field.number == 1 && field.type == OTEL_PB_SLICE_ && field.len >= sizeof name - 1u && memcmp(field.bytes + field.len - (sizeof name - 1u), name, sizeof name - 1u) == 0) return true;
        }
    }
    return false;
}

/* Status.code = 1, message = 2: for servers that send no details. */
OTEL_FN_ size_t otel_curl_status_(uint8_t *to, int code, const char *message)
{
    size_t n = strlen(message);
    if (n > 255u) n = 255u;
    to[0] = 0x08;
    to[1] = (uint8_t)(code & 127);
    to[2] = 0x12;
    to[3] = (uint8_t)(n | 128u);
    to[4] = (uint8_t)(n >> 7);
    memcpy(to + 5, message, n);
    return 5u + n;
}

OTEL_FN_ otel_exporter_t *otel_curl_whose_(const otel_curl_t *c, const otel_request_t *request)
{
    otel_exporter_t *x = c->exporter_;
    if (!x && otel_default()) {
        for (x = otel_default()->exporters_; x && &x->request_ != request; x = x->next_) {}
    }
    return x;
}

/* What the answer says, to the exporter and in words. `retry_after` counts for HTTP. */
OTEL_FN_ void otel_curl_reply_(otel_curl_t *c, const otel_request_t *request, const void *body, size_t len)
{
    otel_exporter_t *x = otel_curl_whose_(c, request);
    const char *after = c->protocol_ != OTEL_CURL_GRPC && c->retry_after_[0] ? c->retry_after_ : NULL;
    otel_reply_t said;
    if (x && (len || after)) otel_export_reply(x, len ? body : NULL, len, after);
    memset((void *)&said, 0, sizeof said);
    if (len) (void)otel_reply_read_(&said, body, len, request->items);
    if (said.rejected || said.message_len) {
        otel_curl_fail_(c, "the receiver took the request, but not %lu of its %lu records: %.*s", (unsigned long)said.rejected, (unsigned long)request->items, (int)said.message_len, said.message_len ? said.message : "");
    }
}

/* What a status of gRPC means, as the HTTP status that is treated alike. OTLP specification: protocol/otlp.md, "OTLP/gRPC", "Failures". */
OTEL_FN_ int otel_curl_grpc_(otel_curl_t *c, const otel_request_t *request)
{
    static const char names[] = "OK\0CANCELLED\0UNKNOWN\0INVALID_ARGUMENT\0DEADLINE_EXCEEDED\0NOT_FOUND\0ALREADY_EXISTS\0PERMISSION_DENIED\0RESOURCE_EXHAUSTED\0FAILED_PRECONDITION\0ABORTED\0OUT_OF_RANGE\0"
                                "UNIMPLEMENTED\0INTERNAL\0UNAVAILABLE\0DATA_LOSS\0UNAUTHENTICATED\0";
    static const int again = 1 << 1 | 1 << 4 | 1 << 10 | 1 << 11 | 1 << 14 | 1 << 15;
    const char *name = names;
    char message[300];
    uint8_t details[OTEL_CURL_KEEP_];
    size_t len = otel_curl_base64_(details, sizeof details, c->details_);
    bool retry = otel_curl_may_retry_(details, len);
    int code = c->grpc_, i;
    if (code == 0) {
        if (c->kept_ > 5u && c->body_[0] == 0) otel_curl_reply_(c, request, c->body_ + 5, c->kept_ - 5u);
        return 200;
    }
    (void)otel_curl_decode_(message, sizeof message, c->message_, strlen(c->message_), false);
    if (len == 0) len = otel_curl_status_(details, code, message);
    otel_curl_reply_(c, request, details, len);
    for (i = 0; i < code && *name; i++) name += strlen(name) + 1u;
    otel_curl_fail_(c, "gRPC status %d %s%s%.200s", code, *name ? name : "(unknown)", message[0] ? ": " : "", message);
    if (code < 16 && again >> code & 1) return 503;
    if (code == 8 && retry) return 429;
    return code == 16 ? 401 : code == 7 ? 403 : code == 5 || code == 12 ? 404 : code == 3 || code == 8 ? 400 : 500;
}

/* Export*ServiceResponse in JSON, as protobuf: {"partialSuccess": {"rejectedSpans": "1", "errorMessage": "..."}}. */
OTEL_FN_ size_t otel_curl_json_(const char *json, size_t len, uint8_t *to)
{
    char key[32], number[24], message[128];
    size_t n = 0, k;
    double value = 0;
    bool first = true, inner;
    otel_scan_t_ s;
    s.at = json;
    s.end = json + len;
    s.error = NULL;
    if (!otel_scan_take_(&s, '{')) return 0;
    while (otel_scan_member_(&s, &first, key, sizeof key)) {
        if (strcmp(key, "partialSuccess") != 0 || !otel_scan_take_(&s, '{')) {
            if (!otel_scan_skip_(&s)) return 0;
            continue;
        }
        for (inner = true; otel_scan_member_(&s, &inner, key, sizeof key);) {
            bool text = otel_scan_peek_(&s) == '"';
            if (strncmp(key, "rejected", 8) == 0 && (text ? otel_scan_text_(&s, number, sizeof number - 1u, &k) && k < sizeof number : otel_scan_number_(&s, &value))) {
                if (text) number[k] = 0, value = (double)atol(number);
            } else if (strcmp(key, "errorMessage") == 0 && text && otel_scan_text_(&s, message, sizeof message, &n)) {
                if (n > sizeof message - 1u) n = sizeof message - 1u;
            } else if (s.error || !otel_scan_skip_(&s)) {
                return 0;
            }
        }
    }
    if (s.error || (!(value > 0) && n == 0)) return 0;
    k = value > 0 && value < 4294967295.0 ? (size_t)value : value > 0 ? (size_t)4294967295u : 0;
    to[2] = 0x08;                                 /* rejected_.. = 1, a varint of five bytes; error_message = 2 */
    to[3] = (uint8_t)(k | 128u), to[4] = (uint8_t)(k >> 7 | 128u), to[5] = (uint8_t)(k >> 14 | 128u), to[6] = (uint8_t)(k >> 21 | 128u), to[7] = (uint8_t)(k >> 28 & 15u);
    to[8] = 0x12, to[9] = (uint8_t)n;
    memcpy(to + 10, message, n);
    to[0] = 0x0A;                                 /* partial_success = 1 */
    if (n + 8u < 128u) {
        to[1] = (uint8_t)(n + 8u);
        return n + 10u;
    }
    memmove(to + 3, to + 2, n + 8u);
    to[1] = (uint8_t)((n + 8u) | 128u), to[2] = 1;
    return n + 11u;
}

/* The answer over HTTP. */
OTEL_FN_ int otel_curl_http_(otel_curl_t *c, const otel_request_t *request, int status)
{
    uint8_t said[160];
    size_t n = 0;
    bool good = status >= 200 && status < 300;
    if (c->protocol_ == OTEL_CURL_JSON && good) n = otel_curl_json_((const char *)c->body_, c->kept_, said);
    if (c->proto_) otel_curl_reply_(c, request, c->body_, c->kept_);
    else otel_curl_reply_(c, request, said, n);
    if (!good) {
        otel_reply_t text;
        memset((void *)&text, 0, sizeof text);
        if (c->proto_) (void)otel_reply_read_(&text, c->body_, c->kept_, request->items);
        otel_curl_fail_(c, "HTTP status %d%s%.*s", status, text.message_len ? ": " : "", (int)text.message_len, text.message_len ? text.message : "");
    }
    return status;
}

/* There was no whole answer: why. */
OTEL_FN_ int otel_curl_broken_(otel_curl_t *c, CURLcode code)
{
    const char *what = c->said_[0] ? c->said_ : curl_easy_strerror(code);
    if (c->taken_ > OTEL_CURL_REPLY_MAX_) {
        otel_curl_fail_(c, "the answer is longer than 4 MiB, so it is none: see what listens there");
        return 500;                               /* not to be tried again */
    }
    if (code == CURLE_PEER_FAILED_VERIFICATION) otel_curl_fail_(c, "the server's certificate is not accepted (%.180s): give .ca_file the certificate of who signed it, and the endpoint the name that is in it", what);
    else if (code == CURLE_SSL_CERTPROBLEM) otel_curl_fail_(c, "the client's certificate or key cannot be used (%.180s): see .certificate_file and .key_file", what);
    else if (code == CURLE_SSL_CACERT_BADFILE) otel_curl_fail_(c, "%.200s: .ca_file is a file of certificates in PEM", what);
    else if (code == CURLE_SSL_CONNECT_ERROR) otel_curl_fail_(c, "no TLS with the server (%.180s): does it want https, or a client's certificate (.certificate_file, .key_file)?", what);
    else otel_curl_fail_(c, "%.250s", what);
    return -1;
}

/* ---- sending ---- */
OTEL_FN_ void otel_curl_put_(void *curl, const char *text, size_t len)
{
    otel_curl_t *c = (otel_curl_t *)curl;
    if (c->text_len_ + len > c->text_room_ && !c->text_full_) {
        size_t room = (c->text_len_ + len) * 2u + 4096u;
        char *more = (char *)realloc(c->text_, room);
        if (more) c->text_ = more, c->text_room_ = room;
        else c->text_full_ = true;
    }
    if (c->text_full_) return;
    memcpy(c->text_ + c->text_len_, text, len);
    c->text_len_ += len;
}

/* The body: what libcurl will read. False: there is none. */
OTEL_FN_ bool otel_curl_body_(otel_curl_t *c, const otel_request_t *request, bool *squeezed)
{
    otel_request_t r = *request;
    const void *body;
    size_t len;
    if (c->protocol_ == OTEL_CURL_JSON) {
        c->text_len_ = 0;
        c->text_full_ = false;
        if (!otel_json_write(request, otel_curl_put_, c) || c->text_full_) return false;
        r.body = c->text_;
        r.len = c->text_len_;
        r.parts = NULL;
        r.parts_len = 0;
    }
    *squeezed = c->compress_ && (c->compress_)(c->compress_user_, &r, &body, &len);
    if (*squeezed) r.body = body, r.len = len, r.parts = NULL;
    c->whole_.bytes = r.body;
    c->whole_.len = r.len;
    c->parts_ = r.body || !r.parts ? &c->whole_ : r.parts;
    c->parts_len_ = r.body || !r.parts ? 1u : r.parts_len;
    c->prefix_len_ = c->protocol_ == OTEL_CURL_GRPC ? 5u : 0u;       /* Length-Prefixed-Message: compressed, then the length, big-endian */
    c->prefix_[0] = *squeezed;
    c->prefix_[1] = (uint8_t)(r.len >> 24), c->prefix_[2] = (uint8_t)(r.len >> 16), c->prefix_[3] = (uint8_t)(r.len >> 8), c->prefix_[4] = (uint8_t)r.len;
    c->total_ = c->prefix_len_ + r.len;
    return true;
}

/* libcurl with OpenSSL may write to a connection that is gone: the signal of that is kept from the program. */
OTEL_FN_ CURLcode otel_curl_perform_(otel_curl_t *c)
{
    CURLcode code;
#ifndef _WIN32
    sigset_t pipe_, old, pending;
    int was, which;
#endif
    c->piece_ = c->offset_ = c->taken_ = c->kept_ = 0;
    c->grpc_ = -1;
    c->seen_ = false;
    c->said_[0] = c->message_[0] = c->details_[0] = c->retry_after_[0] = 0;
#ifndef _WIN32
    (void)sigemptyset(&pipe_);
    (void)sigaddset(&pipe_, SIGPIPE);
    (void)sigpending(&pending);
    was = sigismember(&pending, SIGPIPE);
    if (pthread_sigmask(SIG_BLOCK, &pipe_, &old)) return CURLE_FAILED_INIT;
    code = curl_easy_perform(c->easy_);
    (void)sigpending(&pending);
    if (!was && sigismember(&pending, SIGPIPE)) (void)sigwait(&pipe_, &which);
    (void)pthread_sigmask(SIG_SETMASK, &old, NULL);
#else
    code = curl_easy_perform(c->easy_);
#endif
    return code;
}

OTEL_FN_ CURLcode otel_curl_exchange_(otel_curl_t *c, const otel_request_t *request, bool squeezed, uint32_t timeout_ms, const char *token)
{
    struct curl_slist more[3];
    char gzip[] = "Content-Encoding: gzip", grpc_gzip[] = "grpc-encoding: gzip", timeout[40], authorization[8192];
    unsigned n = 0, i;
    long connects = 0;
    CURLcode code;
    if (squeezed) more[n++].data = c->protocol_ == OTEL_CURL_GRPC ? grpc_gzip : gzip;
    if (token) {
        (void)snprintf(authorization, sizeof authorization, "Authorization: %s", token);
        more[n++].data = authorization;
    }
    (void)snprintf(timeout, sizeof timeout, "grpc-timeout: %lum", (unsigned long)(timeout_ms < 99999999u ? timeout_ms : 99999999u));
    if (c->protocol_ == OTEL_CURL_GRPC) more[n++].data = timeout;
    for (i = 0; i < n; i++) more[i].next = i + 1u < n ? &more[i + 1u] : c->headers_;
    if (c->protocol_ == OTEL_CURL_GRPC) {
        const bool clear = strncmp(c->url_[request->signal], "http://", 7) == 0;
        (void)curl_easy_setopt(c->easy_, CURLOPT_HTTP_VERSION, clear ? (long)CURL_HTTP_VERSION_2_PRIOR_KNOWLEDGE : (long)CURL_HTTP_VERSION_2TLS);
    }
    (void)curl_easy_setopt(c->easy_, CURLOPT_URL, c->url_[request->signal]);
    (void)curl_easy_setopt(c->easy_, CURLOPT_HTTPHEADER, n ? more : c->headers_);
    (void)curl_easy_setopt(c->easy_, CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t)c->total_);
    (void)curl_easy_setopt(c->easy_, CURLOPT_TIMEOUT_MS, (long)(timeout_ms < 0x7FFFFFFFu ? timeout_ms : 0x7FFFFFFFu));
    code = otel_curl_perform_(c);
    (void)curl_easy_getinfo(c->easy_, CURLINFO_NUM_CONNECTS, &connects);
    if (code == CURLE_HTTP2 && connects == 0 && !c->seen_) {      /* libcurl 7.88 cannot use a connection again that began with HTTP/2 in the clear */
        (void)curl_easy_setopt(c->easy_, CURLOPT_FRESH_CONNECT, 1L);
        (void)curl_easy_setopt(c->easy_, CURLOPT_FORBID_REUSE, 1L);
        code = otel_curl_perform_(c);
    }
    (void)curl_easy_setopt(c->easy_, CURLOPT_HTTPHEADER, c->headers_);
    return code;
}

/* Before a request: in a child of fork the connections are the parent's, and are left alone. */
OTEL_FN_ bool otel_curl_ready_(otel_curl_t *c, const otel_request_t *request)
{
    CURL *own;
    if (c->process_ != otel_curl_process_()) {
        own = curl_easy_duphandle(c->easy_);
        if (!own) return false;
        c->easy_ = own;
        c->process_ = otel_curl_process_();
    }
    c->error_[0] = 0;
    return request->signal < OTEL_SIGNALS;
}

OTEL_FN_ int otel_curl_post_(otel_curl_t *c, const otel_request_t *request)
{
    const char *token;
    bool squeezed;
    CURLcode code;
    long status = 0;
    if (!c->url_[request->signal][0]) {
        otel_curl_fail_(c, "no endpoint for %s", request->path);
        return 404;
    }
    if (!otel_curl_body_(c, request, &squeezed)) {
        otel_curl_fail_(c, "no memory for the body in JSON");
        return -1;
    }
    if (c->total_ > c->request_max_) {
        otel_curl_fail_(c, "the request has %lu bytes, and .request_max is %lu", (unsigned long)c->total_, (unsigned long)c->request_max_);
        return 413;
    }
    token = c->authorization_ ? (c->authorization_)(c->authorization_user_) : NULL;
    if (token && (strpbrk(token, "\r\n") || strlen(token) > 8000u)) {
        otel_curl_fail_(c, "what .authorization gives is longer than 8,000 bytes or ends a line");
        return -1;
    }
    code = otel_curl_exchange_(c, request, squeezed, c->timeout_ms_ ? c->timeout_ms_ : request->timeout_ms ? request->timeout_ms : 10000u, token);
    (void)curl_easy_getinfo(c->easy_, CURLINFO_RESPONSE_CODE, &status);
    if (c->protocol_ == OTEL_CURL_GRPC && c->grpc_ >= 0 && (code == CURLE_OK || c->grpc_ > 0)) return otel_curl_grpc_(c, request);      /* it may answer before all was sent */
    if (code != CURLE_OK) return otel_curl_broken_(c, code);
    if (c->protocol_ != OTEL_CURL_GRPC || status < 200 || status > 299) return otel_curl_http_(c, request, (int)status);
    otel_curl_fail_(c, "the answer has no grpc-status, so it is no gRPC (which listens on port 4317 of most Collectors, HTTP on 4318)");
    return 500;
}

OTEL_API_ int otel_curl_send(void *user, const otel_request_t *request)
{ OTEL_CALLED_
    otel_curl_t *c = (otel_curl_t *)user;
    uint8_t state = 0;
    int status = -1;
    if (!c || !request || !OTEL_CAS_(&c->state_, &state, (uint8_t)1)) return -1;
    if (c->easy_ && otel_curl_ready_(c, request)) status = otel_curl_post_(c, request);
    state = 1;
    while (!OTEL_CAS_(&c->state_, &state, (uint8_t)(state & 2u))) {}
    return status;
}
OTEL_C_END_
#elif !OTEL_ENABLED
OTEL_API_ otel_result_t otel_curl_init_with(otel_curl_t *curl, const otel_curl_options_t *options) { OTEL_WHEN_OFF_((void)curl; (void)options; return OTEL_OK) }
OTEL_API_ int otel_curl_send(void *curl, const otel_request_t *request) { OTEL_WHEN_OFF_((void)curl; (void)request; return 200) }
OTEL_API_ const char *otel_curl_error(void *curl) { OTEL_WHEN_OFF_((void)curl; return "") }
OTEL_API_ void otel_curl_close(otel_curl_t *curl) { OTEL_WHEN_OFF_((void)curl) }
#endif
#endif
