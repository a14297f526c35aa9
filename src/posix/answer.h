/* An answer on its way in: interim answers, chunks, lengths, all of it bounded. RFC 9112. */
#ifndef OTEL_POSIX_ANSWER_H
#define OTEL_POSIX_ANSWER_H
#include "http.h"
#include "socket.h"
#include "system.h"
#include "text.h"
/*== implementation ==*/
#if OTEL_ENABLED && OTEL_BODIES_
OTEL_C_BEGIN_
/* A reply on its way in, perhaps while the request is still on its way out. */
typedef struct otel_http_reply_t_ {
    otel_http_t *http;
    otel_http_out_t_ *out;        /* the request; NULL: it is out */
    int fd;
    int put;                      /* what otel_http_put_ said of it */
    uint32_t deadline;
    size_t at, end;               /* of `in` */
    size_t head;                  /* bytes of lines so far */
    bool seen, ended;             /* a byte came; the other side closed */
    bool silent;                  /* it reset or closed before a byte came */
    bool cut;                     /* some of the body is missing */
    bool keep, chunked, sized, proto, html;
    bool coded;                   /* the last header was Transfer-Encoding */
    uint64_t length;              /* of the body, when sized */
    uint64_t taken;
    int status;
    size_t kept;
    char line[256];
    char retry_after[64];
    char location[100];           /* where a redirect points */
    uint8_t in[4096];
    uint8_t *body;                /* room for what is kept */
    size_t room;
} otel_http_reply_t_;

/* More bytes: true when there are some. */
OTEL_FN_ bool otel_http_fill_(otel_http_reply_t_ *r)
{
    for (;;) {
        ssize_t n = (recv)(r->fd, r->in, sizeof r->in, 0);
        if (n > 0) {
            r->at = 0;
            r->end = (size_t)n;
            r->seen = true;
            return true;
        }
        if (n < 0 && errno == EINTR) continue;
        if (n == 0 || (errno != EAGAIN && errno != EWOULDBLOCK)) r->silent = !r->seen;
        if (n == 0) {
            otel_http_fail_(r->http, r->seen ? "the connection ended in the middle of the answer" : "the connection was closed without an answer");
            r->ended = true;
            return false;
        }
        if (errno != EAGAIN && errno != EWOULDBLOCK) {
            otel_http_fail_(r->http, "%s", strerror(errno));
            return false;
        }
        if (!otel_http_wait_(r->http, r->fd, POLLIN, r->deadline)) return false;
    }
}

/* Is this the frame that a server of HTTP/2 begins with? length:24 type:8 = SETTINGS (4) flags:8 stream:32 = 0; RFC 9113. */
OTEL_FN_ bool otel_http_settings_(const char *line) { return line[3] == 4 && memcmp(line + 5, "\0\0\0", 4) == 0; }

/* A line without its end; what is longer than `line` is cut. False: no more, or more than 64 KiB of them, and what chunks need. */
OTEL_FN_ bool otel_http_line_(otel_http_reply_t_ *r)
{
    size_t n = 0;
    for (;;) {
        char c;
        if (r->at == r->end && !otel_http_fill_(r)) return false;
        c = (char)r->in[r->at++];
        if (++r->head > 65536u + 8u * r->taken) {     /* chunks of one byte have lines of five */
            otel_http_fail_(r->http, "the head of the answer does not end");
            return false;
        }
        if (c == '\n') break;
        if (n < sizeof r->line - 1) r->line[n++] = c;
        if (r->head == 2 && n == 2 && (r->line[0] == 0x15 || r->line[0] == 0x16) && r->line[1] == 3) {       /* an alert or a handshake; RFC 8446 */
            r->http->tls_ = true;
            otel_http_fail_(r->http, "this port speaks TLS");
            return false;
        }
        if (r->head == 9 && n == 9 && otel_http_settings_(r->line)) {
            r->http->grpc_ = true;
            otel_http_fail_(r->http, "this port speaks gRPC (HTTP/2)");
            return false;
        }
    }
    if (n && r->line[n - 1] == '\r') n--;
    r->line[n] = 0;
    if (memchr(r->line, 0, n)) {
        otel_http_fail_(r->http, "the answer is no HTTP: a line of it has a NUL");
        return false;
    }
    return true;
}

/* Take `want` bytes of the body, or all until the end with UINT64_MAX. 1: done; 0: enough was read, the rest is not worth it;
   -1: they did not come. */
OTEL_FN_ int otel_http_take_(otel_http_reply_t_ *r, uint64_t want)
{
    while (want) {
        size_t n, keep;
        if (r->taken >= OTEL_HTTP_REPLY_MAX_) return 0;
        if (r->at == r->end && !otel_http_fill_(r)) return want == UINT64_MAX && r->ended ? 1 : -1;
        n = r->end - r->at;
        if (want != UINT64_MAX && n > want) n = (size_t)want;
        keep = r->room - r->kept < n ? r->room - r->kept : n;
        if (keep) memcpy(r->body + r->kept, r->in + r->at, keep);
        r->kept += keep;
        r->at += n;
        r->taken += n;
        if (want != UINT64_MAX) want -= n;
    }
    return 1;
}

OTEL_FN_ int otel_http_chunks_(otel_http_reply_t_ *r)
{
    for (;;) {
        uint64_t size = 0;
        unsigned i = 0;
        int got;
        if (!otel_http_line_(r)) return -1;
        for (; otel_posix_hex_(r->line[i]) >= 0 && !(size >> 56); i++) size = size << 4 | (unsigned)otel_posix_hex_(r->line[i]);
        if (i == 0 || size >> 56 || i == sizeof r->line - 1 || (r->line[i] && r->line[i] != ';' && r->line[i] != ' ' && r->line[i] != '\t')) {
            otel_http_fail_(r->http, "the answer is no HTTP: a chunk without a length");
            return -1;
        }
        if (size == 0) break;
        got = otel_http_take_(r, size);
        if (got <= 0) return got;
        if (!otel_http_line_(r) || r->line[0]) return -1;
    }
    do {                                          /* trailers */
        if (!otel_http_line_(r)) return -1;
    } while (r->line[0]);
    return 1;
}

/* Is `chunked` the last coding? That of a line which goes on in the next one is there. */
OTEL_FN_ void otel_http_coding_(otel_http_reply_t_ *r, const char *value, size_t len)
{
    r->coded = true;
    r->chunked = len >= 7 && otel_posix_word_(value + len - 7, 7, "chunked");
    if (!r->chunked) r->keep = false;
}

OTEL_FN_ bool otel_http_header_(otel_http_reply_t_ *r)
{
    char *colon = strchr(r->line, ':');
    const char *value = r->line;
    size_t n, len = strlen(value), i;
    if (*value == ' ' || *value == '\t') {        /* the last header goes on; RFC 9112, "Obsolete Line Folding" */
        otel_posix_trim_(&value, &len);
        if (r->coded && len) otel_http_coding_(r, value, len);
        return true;
    }
    r->coded = false;
    if (!colon) return true;
    n = (size_t)(colon - r->line);
    value = colon + 1;
    len = strlen(value);
    otel_posix_trim_(&value, &len);
    if (otel_posix_word_(r->line, n, "content-length")) {
        uint64_t length = 0;
        for (i = 0; i < len; i++) {
            if (value[i] < '0' || value[i] > '9' || i > 17) return false;
            length = length * 10u + (unsigned)(value[i] - '0');
        }
        if (len == 0 || (r->sized && r->length != length)) return false;
        r->sized = true;
        r->length = length;
    } else if (otel_posix_word_(r->line, n, "transfer-encoding")) {
        otel_http_coding_(r, value, len);
    } else if (otel_posix_word_(r->line, n, "connection")) {
        if (otel_posix_word_(value, len, "close")) r->keep = false;
        if (otel_posix_word_(value, len, "keep-alive")) r->keep = true;
    } else if (otel_posix_word_(r->line, n, "retry-after") && len < sizeof r->retry_after) {
        memcpy(r->retry_after, value, len);
        r->retry_after[len] = 0;
    } else if (otel_posix_word_(r->line, n, "location")) {
        (void)snprintf(r->location, sizeof r->location, "%.*s", (int)len, value);
    } else if (otel_posix_word_(r->line, n, "content-type")) {
        r->proto = len >= 22 && otel_posix_word_(value, 22, "application/x-protobuf");
        r->html = len >= 9 && otel_posix_word_(value, 9, "text/html");
    }
    return true;
}

/* Read a reply to its end: the status, or -1. A status whose head is whole counts, also when its body does not come: to send again
   what a receiver has taken, or refused, helps nobody. */
OTEL_FN_ int otel_http_get_(otel_http_reply_t_ *r)
{
    int got = 1;
    do {                                          /* interim replies come first, also before the whole request is out */
        const char *p = r->line;
        if (r->out && r->put >= 0) r->put = otel_http_put_(r->http, r->fd, r->out, r->deadline);
        if (r->put < 0 && otel_http_left_(r->http, r->deadline) == 0) return -1;
        if (!otel_http_line_(r)) return -1;       /* also after a break: the reason may have been said before it */
        if (strncmp(p, "HTTP/1.", 7) != 0 || (p[7] != '0' && p[7] != '1') || p[8] != ' ' || p[9] < '1' || p[9] > '5' || p[10] < '0' || p[10] > '9' ||
            p[11] < '0' || p[11] > '9' || (p[12] != 0 && p[12] != ' ')) {
            otel_http_fail_(r->http, "the answer is no HTTP/1.1 (gRPC listens on port 4317, OTLP over HTTP on 4318)");
            return -1;
        }
        r->status = (p[9] - '0') * 100 + (p[10] - '0') * 10 + (p[11] - '0');
        r->keep = p[7] == '1';
        r->sized = r->chunked = r->coded = false;
        r->proto = true;
        r->html = false;
        r->length = 0;
        r->retry_after[0] = r->location[0] = 0;
        do {
            if (!otel_http_line_(r)) return -1;
            if (r->line[0] && !otel_http_header_(r)) {
                otel_http_fail_(r->http, "the answer is no HTTP: its length makes no sense");
                return -1;
            }
        } while (r->line[0]);
    } while (r->status < 200 && r->status != 101);
    if (r->status == 101) {
        otel_http_fail_(r->http, "the receiver wants another protocol");
        return -1;
    }
    if (r->status != 204 && r->status != 304) {
        if (r->chunked) got = otel_http_chunks_(r);
        else if (r->sized) got = otel_http_take_(r, r->length);
        else got = otel_http_take_(r, UINT64_MAX);
        if ((!r->chunked && !r->sized) || (r->chunked && r->sized) || got <= 0) r->keep = false;
    }
    r->cut = got < 0;
    if (r->at != r->end) r->keep = false;         /* something follows that nobody asked for */
    return r->status;
}
OTEL_C_END_
#endif
#endif
