/* HTTP/1.1 over sockets: where requests go, and their heads. OTLP specification: protocol/exporter.md. */
#ifndef OTEL_POSIX_HTTP_H
#define OTEL_POSIX_HTTP_H
#include "system.h"
#include "text.h"
/* Where OTLP goes. Texts are copied. The order of the fields is API. */
typedef struct otel_http_options_t {
    const char *endpoint OTEL_Z_;             /* "http://127.0.0.1:4318": /v1/traces and so on is added (default: the next three) */
    const char *headers OTEL_Z_;              /* as in OTEL_EXPORTER_OTLP_HEADERS: "api-key=secret,x-team=a%20b" */
    otel_exporter_t *exporter OTEL_Z_;        /* told what comes back: partial success, Retry-After (default: nobody) */
    const char *traces_endpoint OTEL_Z_;      /* for one signal, used as it is; a signal without any endpoint is refused */
    const char *metrics_endpoint OTEL_Z_;
    const char *logs_endpoint OTEL_Z_;
    const char *traces_headers OTEL_Z_;       /* instead of `headers` */
    const char *metrics_headers OTEL_Z_;
    const char *logs_headers OTEL_Z_;
    uint32_t timeout_ms[OTEL_SIGNALS] OTEL_Z_;    /* of one request, by otel_signal_t (default: the exporter's) */
    const char *(*authorization)(void *user) OTEL_Z_;     /* asked before each request: the value of its Authorization header ("Bearer ..."), or NULL; for tokens that expire. One among the headers is left out then */
    void *authorization_user OTEL_Z_;
    bool (*compress)(void *user, const otel_request_t *request, const void **body, size_t *len) OTEL_Z_;   /* the body in gzip, valid until the next call; false: it goes as it is (otel_gzip in ports/otel_gzip.h) */
    void *compress_user OTEL_Z_;
    bool plain[OTEL_SIGNALS] OTEL_Z_;         /* by otel_signal_t: without `compress` (default: all with it) */
} otel_http_options_t;

#define OTEL_HTTP_HEAD_ 4096u                 /* bytes of a request's head */
#define OTEL_HTTP_REPLY_MAX_ 4194304u         /* bytes of a reply's body that are read */
#define OTEL_HTTP_KEEP_ 512u                  /* bytes of them that are kept */

/* One receiver: where it is and the head of its requests. Private. */
typedef struct otel_http_target_t_ {
    char host[256];
    char port[6];
    bool set, whole;                          /* whole: nothing is added to its path */
    uint8_t line;                             /* the connection that it uses: the first target of the same host and port */
    int fd;
    uint32_t timeout_ms;
    size_t head_len;
    char head[OTEL_HTTP_HEAD_];
} otel_http_target_t_;

/* A transport with one connection for each receiver, kept open. One thread at a time. All fields are private. */
typedef struct otel_http_t {
    otel_exporter_t *exporter_;
    otel_http_target_t_ target_[OTEL_SIGNALS];
    uint32_t limit_ms_;                       /* from otel_posix_stop: nothing waits beyond this */
    bool limited_, ready_;
    bool refused_;                            /* the last time nobody listened there, or nobody knew the name; */
    bool grpc_, tls_;                         /* it seems to speak gRPC, or TLS, or pointed to https:// */
    const char *remedy_;                      /* what to do on this machine about it, when that is known; else NULL */
    const char *(*authorization_)(void *user);
    void *authorization_user_;
    bool (*compress_)(void *user, const otel_request_t *request, const void **body, size_t *len);
    void *compress_user_;
    bool plain_[OTEL_SIGNALS];
    char error_[200];
} otel_http_t;

OTEL_C_BEGIN_
/* Prepare a transport; nothing is connected yet. OTEL_E_CONFIG: otel_http_error has the sentence. */
OTEL_API_ otel_result_t otel_http_init_with(otel_http_t *http, const otel_http_options_t *options);

/* POST a request: `.send = otel_http_send, .user = &http`. The status, or -1 when there was no answer within its timeout.
   Redirects are not followed: otel_http_error says where they point. Never raises SIGPIPE. Names are resolved by the C library,
   which has times of its own. */
OTEL_API_ int otel_http_send(void *http, const otel_request_t *request);

/* Close what is open; the next request connects again. */
OTEL_API_ void otel_http_close(otel_http_t *http);

/* What went wrong last, "" for nothing. Belongs to the transport. */
OTEL_API_ const char *otel_http_error(const otel_http_t *http);
OTEL_C_END_

#define otel_http_init(http, ...) otel_http_init_with((http), OTEL_REF_(otel_http_options_t, __VA_ARGS__))
/*== implementation ==*/
#if OTEL_ENABLED && OTEL_BODIES_
OTEL_C_BEGIN_
#define OTEL_HTTP_ELSEWHERE_ "the endpoint is that of something else: OTLP over HTTP listens on port 4318, and /v1/traces and so on is added to the endpoint"

OTEL_API_ OTEL_PRINTF_(2, 3) void otel_http_fail_(otel_http_t *http, const char *format, ...);
OTEL_API_ void otel_http_fail_(otel_http_t *http, const char *format, ...)
{
    va_list a;
    size_t i;
    va_start(a, format);
    (void)vsnprintf(http->error_, sizeof http->error_, format, a);
    va_end(a);
    for (i = 0; http->error_[i]; i++) {           /* it may hold what a stranger said */
        if ((unsigned char)http->error_[i] < ' ' || http->error_[i] == 127) http->error_[i] = '?';
    }
}

/* "http://host:port/path" into a target and the beginning of its head, `method` in front ("POST "). False: the sentence stands in error_. */
OTEL_FN_ bool otel_http_url_(otel_http_t *http, otel_http_target_t_ *t, otel_posix_text_t_ *head, const char *method, const char *url, const char *add)
{
    const char *host, *path, *p, *port = "80";
    char *zone;
    size_t host_len, port_len = 2;
    if (otel_posix_word_(url, 8, "https://")) {
        otel_http_fail_(http, "%.90s: no TLS in this port: send to a Collector on this machine (http://localhost:4318), or through ports/otel_curl.h, as .send", url);
        return false;
    }
    if (!otel_posix_word_(url, 7, "http://")) {
        otel_http_fail_(http, "%.90s: an endpoint begins with http://, as in http://localhost:4318", url);
        return false;
    }
    host = url + 7;
    for (p = host; *p; p++) {
        if ((unsigned char)*p <= ' ' || (unsigned char)*p >= 127 || *p == '#') {
            otel_http_fail_(http, "the endpoint has a space, a control character, a # or a letter beyond ASCII in it: percent-encode those");
            return false;
        }
    }
    path = host + strcspn(host, "/?");
    if (memchr(host, '@', (size_t)(path - host))) {
        otel_http_fail_(http, "an endpoint carries no user and password: put them into OTEL_EXPORTER_OTLP_HEADERS (authorization=Basic%%20...)");
        return false;
    }
    if (*host == '[') {
        p = (const char *)memchr(host, ']', (size_t)(path - host));
        host_len = p ? (size_t)(p - host) + 1u : 0;
    } else {
        p = (const char *)memchr(host, ':', (size_t)(path - host));
        host_len = p ? (size_t)(p - host) : (size_t)(path - host);
    }
    p = host + host_len;
    if (p < path && *p == ':' && p + 1 < path) {
        port = p + 1;
        port_len = (size_t)(path - port);
    } else if (p < path && *p != ':') {
        host_len = 0;
    }
    for (p = port; p < port + port_len; p++) {
        if (*p < '0' || *p > '9') host_len = 0;
    }
    if (host_len < (*host == '[' ? 3u : 1u) || host_len >= sizeof t->host || port_len >= sizeof t->port || atol(port) > 65535) {
        otel_http_fail_(http, "%.90s: host or port make no sense: write http://localhost:4318", url);
        return false;
    }
    if (*add && strchr(path, '?')) {
        otel_http_fail_(http, "%.90s: a path is added to this endpoint, so it cannot have a ?: name the endpoint of each signal instead", url);
        return false;
    }
    memcpy(t->host, *host == '[' ? host + 1 : host, *host == '[' ? host_len - 2u : host_len);
    zone = *host == '[' ? strstr(t->host, "%25") : NULL;
    if (zone) memmove(zone + 1, zone + 3, strlen(zone + 3) + 1u);     /* RFC 6874: the percent sign before a zone is encoded itself */
    memcpy(t->port, port, port_len);
    otel_posix_add_(head, method);
    if (*path != '/') otel_posix_add_(head, "/");
    otel_posix_put_(head, path, strlen(path) - (*add && *path && path[strlen(path) - 1] == '/' ? 1u : 0u));
    otel_posix_add_(head, *add && *path != '/' ? add + 1 : add);
    otel_posix_add_(head, " HTTP/1.1\r\nHost: ");
    p = *host == '[' ? (const char *)memchr(host, '%', host_len) : NULL;
    otel_posix_put_(head, host, p ? (size_t)(p - host) : host_len);   /* a zone is nobody's business but this machine's */
    if (p) otel_posix_add_(head, "]");
    if (strcmp(t->port, "80")) {
        otel_posix_add_(head, ":");
        otel_posix_add_(head, t->port);
    }
    otel_posix_add_(head, "\r\n");
    return true;
}

/* The user's headers. A value never ends a line, a name is a token: nothing can be smuggled in. */
OTEL_FN_ bool otel_http_headers_(otel_http_t *http, otel_posix_text_t_ *head, const char *list)
{
    static const char token[] = "!#$%&'*+-.^_`|~0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ";
    static const char *const own[] = { "content-length", "transfer-encoding", "connection", "content-type", "content-encoding", "host", "expect", "upgrade", "te", "trailer" };
    const char *from = list;
    bool agent = false;
    otel_posix_pair_t_ pair;
    size_t i;
    int more;
    while ((more = otel_posix_pair_(&from, &pair)) > 0) {
        char *begin;
        for (i = 0; i < pair.key_len; i++) {
            if (!strchr(token, pair.key[i])) {
                otel_http_fail_(http, "the name of header \"%.*s\" has a character that no header name has", (int)(pair.key_len > 60 ? 60 : pair.key_len), pair.key);
                return false;
            }
        }
        for (i = 0; i < sizeof own / sizeof own[0]; i++) {
            if (otel_posix_word_(pair.key, pair.key_len, own[i])) {
                otel_http_fail_(http, "header %s belongs to the transport: take it out of the headers", own[i]);
                return false;
            }
        }
        if (http->authorization_ && otel_posix_word_(pair.key, pair.key_len, "authorization")) continue;      /* the function has the newer one */
        if (otel_posix_word_(pair.key, pair.key_len, "user-agent")) agent = true;
        otel_posix_put_(head, pair.key, pair.key_len);
        otel_posix_add_(head, ": ");
        begin = head->at;
        if (!otel_posix_decode_(head, pair.value, pair.value_len)) {
            otel_http_fail_(http, "the value of header %.*s has a %% without two hexadecimal digits: write %%25 for a percent sign", (int)(pair.key_len > 60 ? 60 : pair.key_len), pair.key);
            return false;
        }
        for (; begin < head->at; begin++) {
            if (((unsigned char)*begin < ' ' && *begin != '\t') || (unsigned char)*begin == 127) {
                otel_http_fail_(http, "the value of header %.*s has a line break or another control character in it: take it out", (int)(pair.key_len > 60 ? 60 : pair.key_len), pair.key);
                return false;
            }
        }
        otel_posix_add_(head, "\r\n");
    }
    if (more < 0) {
        otel_http_fail_(http, "headers are written as name=value,name=value");
        return false;
    }
    if (!agent) otel_posix_add_(head, "User-Agent: OTel-OTLP-Exporter-C/" OTEL_VERSION "\r\n");
    return true;
}

OTEL_API_ otel_result_t otel_http_init_with(otel_http_t *http, const otel_http_options_t *o)
{
    static const char *const path[OTEL_SIGNALS] = { "/v1/traces", "/v1/metrics", "/v1/logs" };
    const char *endpoint[OTEL_SIGNALS], *headers[OTEL_SIGNALS];
    unsigned s, k;
    if (!http || !o) return OTEL_E_NULL;
    memset((void *)http, 0, sizeof *http);
    for (s = 0; s < OTEL_SIGNALS; s++) http->target_[s].fd = -1;
    http->exporter_ = o->exporter;
    http->authorization_ = o->authorization;
    http->authorization_user_ = o->authorization_user;
    http->compress_ = o->compress;
    http->compress_user_ = o->compress_user;
    memcpy(http->plain_, o->plain, sizeof http->plain_);
    endpoint[OTEL_SIGNAL_TRACES] = o->traces_endpoint;
    endpoint[OTEL_SIGNAL_METRICS] = o->metrics_endpoint;
    endpoint[OTEL_SIGNAL_LOGS] = o->logs_endpoint;
    headers[OTEL_SIGNAL_TRACES] = o->traces_headers;
    headers[OTEL_SIGNAL_METRICS] = o->metrics_headers;
    headers[OTEL_SIGNAL_LOGS] = o->logs_headers;
    if (!o->endpoint && !endpoint[0] && !endpoint[1] && !endpoint[2]) {
        otel_http_fail_(http, "no endpoint: say .endpoint = \"http://localhost:4318\"");
        return OTEL_E_CONFIG;
    }
    for (s = 0; s < OTEL_SIGNALS; s++) {
        otel_http_target_t_ *t = &http->target_[s];
        otel_posix_text_t_ head;
        head.at = t->head;
        head.end = t->head + sizeof t->head - 40;             /* room for Content-Length and the empty line */
        head.full = false;
        t->timeout_ms = o->timeout_ms[s];
        if (!endpoint[s] && !o->endpoint) continue;
        if (!otel_http_url_(http, t, &head, "POST ", endpoint[s] ? endpoint[s] : o->endpoint, endpoint[s] ? "" : path[s])) return OTEL_E_CONFIG;
        otel_posix_add_(&head, "Content-Type: application/x-protobuf\r\n");
        if (!otel_http_headers_(http, &head, headers[s] ? headers[s] : o->headers)) return OTEL_E_CONFIG;
        if (head.full) {
            otel_http_fail_(http, "path and headers take more than %u bytes: shorten them", OTEL_HTTP_HEAD_ - 40u);
            return OTEL_E_CONFIG;
        }
        t->head_len = (size_t)(head.at - t->head);
        t->set = true;
        t->whole = endpoint[s] != NULL;
        for (k = 0; k < s; k++) {
            if (http->target_[k].set && strcmp(t->host, http->target_[k].host) == 0 && strcmp(t->port, http->target_[k].port) == 0) break;
        }
        t->line = (uint8_t)k;
    }
    http->ready_ = true;
    return OTEL_OK;
}

OTEL_API_ const char *otel_http_error(const otel_http_t *http) { return http ? http->error_ : ""; }

/* Forgotten first: a child of fork in between closes nothing that is another's by then. */
OTEL_FN_ void otel_http_drop_(int *fd)
{
    int old = *fd;
    *fd = -1;
    if (old >= 0) (void)(close)(old);
}

OTEL_API_ void otel_http_close(otel_http_t *http)
{
    unsigned s;
    if (!http || !http->ready_) return;
    for (s = 0; s < OTEL_SIGNALS; s++) otel_http_drop_(&http->target_[s].fd);
}
OTEL_C_END_
#endif
#endif
