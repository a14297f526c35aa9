/* A connection with a deadline, and a request on its way out. */
#ifndef OTEL_POSIX_SOCKET_H
#define OTEL_POSIX_SOCKET_H
#include "http.h"
#include "system.h"
#include "text.h"
/*== implementation ==*/
#if OTEL_ENABLED && OTEL_BODIES_
OTEL_C_BEGIN_
/* What is left of a request's time; otel_posix_stop may shorten it while it runs. */
OTEL_FN_ uint32_t otel_http_left_(const otel_http_t *http, uint32_t deadline)
{
    uint32_t left = otel_posix_left_(deadline);
    if (OTEL_LOAD_ACQUIRE_(&http->limited_)) {
        uint32_t limit = otel_posix_left_(OTEL_LOAD_(&http->limit_ms_));
        if (limit < left) left = limit;
    }
    return left;
}

/* Wait for events of a socket: which, or 0 when the time is up. Looks at the limit every 100 ms. */
OTEL_FN_ int otel_http_wait_(otel_http_t *http, int fd, short events, uint32_t deadline)
{
    struct pollfd p;
    for (;;) {
        uint32_t left = otel_http_left_(http, deadline);
        int n;
        if (left == 0) {
            otel_http_fail_(http, "time is up");
            return 0;
        }
        p.fd = fd;
        p.events = events;
        p.revents = 0;
        n = (poll)(&p, 1, left > 100u ? 100 : (int)left);
        if (n > 0) return p.revents;
        if (n < 0 && errno != EINTR && errno != EAGAIN) return 0;
    }
}

OTEL_FN_ int otel_http_open_(otel_http_t *http, const struct addrinfo *a, uint32_t deadline)
{
#ifdef SOCK_CLOEXEC
    const int kind = SOCK_CLOEXEC;                /* an exec in another thread does not inherit it */
#else
    const int kind = 0;
#endif
    int one = 1, error = 0, fd = otel_posix_above_((socket)(a->ai_family, a->ai_socktype | kind, a->ai_protocol));
    socklen_t len = sizeof error;
    if (fd < 0) {
        if (errno == EMFILE || errno == ENFILE) http->remedy_ = "raise ulimit -n, or look for descriptors that nobody closes";
        otel_http_fail_(http, "%s", strerror(errno));
        return -1;
    }
    (void)fcntl(fd, F_SETFD, FD_CLOEXEC);
    (void)fcntl(fd, F_SETFL, O_NONBLOCK);
    (void)(setsockopt)(fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
#ifdef SO_NOSIGPIPE
    (void)(setsockopt)(fd, SOL_SOCKET, SO_NOSIGPIPE, &one, sizeof one);
#endif
    if ((connect)(fd, a->ai_addr, a->ai_addrlen) == 0) return fd;
    error = errno;
    if (error == EINPROGRESS || error == EINTR) {
        if (otel_http_wait_(http, fd, POLLOUT, deadline) && (getsockopt)(fd, SOL_SOCKET, SO_ERROR, &error, &len) == 0 && error == 0) return fd;
    }
    if (error && error != EINPROGRESS && error != EINTR) otel_http_fail_(http, "%s", strerror(error));
    http->refused_ = error == ECONNREFUSED;
    (void)(close)(fd);
    return -1;
}

/* A connection to the target: its addresses one after the other, the time shared among those that are left. */
OTEL_FN_ int otel_http_connect_(otel_http_t *http, const otel_http_target_t_ *t, uint32_t deadline)
{
    struct addrinfo want, *list = NULL, *a;
    unsigned left = 0;
    int fd = -1, failed;
    memset(&want, 0, sizeof want);
    want.ai_family = AF_UNSPEC;
    want.ai_socktype = SOCK_STREAM;
    want.ai_flags = AI_NUMERICSERV;
    failed = getaddrinfo(t->host, t->port, &want, &list);
    if (failed) {
        otel_http_fail_(http, "%s", gai_strerror(failed));
        http->refused_ = failed == EAI_NONAME;
        if (failed == EAI_AGAIN) http->remedy_ = "names are not resolved on this machine at present: see its DNS; in a chroot, its /etc/resolv.conf and /etc/hosts";
        return -1;
    }
    for (a = list; a; a = a->ai_next) left++;
    for (a = list; a && fd < 0; a = a->ai_next, left--) {
        uint32_t ms = otel_http_left_(http, deadline);
        if (ms == 0) {
            otel_http_fail_(http, "time is up");
            break;
        }
        fd = otel_http_open_(http, a, otel_posix_ms_() + ms / left + (ms / left == 0));
    }
    freeaddrinfo(list);
    return fd;
}

/* A request on its way out: piece 0 is the head. */
typedef struct otel_http_out_t_ {
    otel_piece_t whole;
    const otel_piece_t *parts;
    const char *head;
    size_t head_len, count, piece, offset;
} otel_http_out_t_;

OTEL_FN_ void otel_http_out_(otel_http_out_t_ *o, const char *head, size_t head_len, const otel_request_t *r)
{
    o->head = head;
    o->head_len = head_len;
    o->parts = r->parts;
    o->count = r->parts_len;
    o->piece = o->offset = 0;
    if (r->body || !r->parts) {
        o->whole.bytes = r->body;
        o->whole.len = r->body ? r->len : 0;
        o->parts = &o->whole;
        o->count = 1;
    }
}

OTEL_FN_ size_t otel_http_piece_(const otel_http_out_t_ *o, size_t i) { return i ? o->parts[i - 1u].len : o->head_len; }

/* Send what is left of it. 1: all is out; 0: the other side speaks before that; -1: the connection broke, or no time. */
OTEL_FN_ int otel_http_put_(otel_http_t *http, int fd, otel_http_out_t_ *o, uint32_t deadline)
{
    while (o->piece <= o->count) {
        struct iovec v[16];
        struct msghdr m;
        size_t i, n = 0, skip = o->offset;
        ssize_t sent;
        for (i = o->piece; i <= o->count && n < 16; i++) {
            const char *bytes = i ? (const char *)o->parts[i - 1].bytes : o->head;
            size_t len = otel_http_piece_(o, i);
            if (len > skip) {
                v[n].iov_base = (void *)(uintptr_t)(bytes + skip);
                v[n++].iov_len = len - skip;
            }
            skip = 0;
        }
        if (n == 0) return 1;
        memset(&m, 0, sizeof m);
        m.msg_iov = v;
        m.msg_iovlen = n;
#ifdef MSG_NOSIGNAL
        sent = (sendmsg)(fd, &m, MSG_NOSIGNAL);
#else
        sent = (sendmsg)(fd, &m, 0);
#endif
        if (sent < 0) {
            int events;
            if (errno == EINTR) continue;
            if (errno != EAGAIN && errno != EWOULDBLOCK && errno != ENOBUFS) {
                otel_http_fail_(http, "%s", strerror(errno));
                return -1;
            }
            events = otel_http_wait_(http, fd, POLLIN | POLLOUT, deadline);
            if (events == 0) return -1;
            if (!(events & POLLOUT)) return 0;
            continue;
        }
        o->offset += (size_t)sent;
        for (; o->piece <= o->count && o->offset >= otel_http_piece_(o, o->piece); o->piece++) o->offset -= otel_http_piece_(o, o->piece);
    }
    return 1;
}
OTEL_C_END_
#endif
#endif
