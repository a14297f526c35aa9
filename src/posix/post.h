/* A request and its answer, on a connection that is kept. */
#ifndef OTEL_POSIX_POST_H
#define OTEL_POSIX_POST_H
#include "answer.h"
#include "http.h"
#include "socket.h"
#include "system.h"
#include "text.h"
/*== implementation ==*/
#if OTEL_ENABLED && OTEL_BODIES_
OTEL_C_BEGIN_
/* The end of the head: what changes from request to request. 0: the sentence stands in error_. */
OTEL_FN_ size_t otel_http_head_(otel_http_t *http, otel_http_target_t_ *t, size_t len, bool squeezed)
{
    const char *token = http->authorization_ ? (http->authorization_)(http->authorization_user_) : NULL, *p;
    size_t room = sizeof t->head - t->head_len;
    int n;
    for (p = token; p && *p; p++) {
        if (((unsigned char)*p < ' ' && *p != '\t') || (unsigned char)*p == 127) {
            otel_http_fail_(http, "what .authorization gives has a line break or another control character in it");
            return 0;
        }
    }
    n = snprintf(t->head + t->head_len, room, "%s%s%s%sContent-Length: %lu\r\n\r\n", token ? "Authorization: " : "", token ? token : "", token ? "\r\n" : "", squeezed ? "Content-Encoding: gzip\r\n" : "",
                 (unsigned long)len);
    if (n < 0 || (size_t)n >= room) {
        otel_http_fail_(http, "path, headers and what .authorization gives take more than %u bytes: shorten them", OTEL_HTTP_HEAD_);
        return 0;
    }
    return t->head_len + (size_t)n;
}

/* A port that speaks gRPC, as it says or as its number and its silence do: the remedy behind the sentence that is there. */
OTEL_FN_ void otel_http_grpc_(otel_http_t *http, const otel_http_target_t_ *t, bool silent)
{
    const size_t n = strlen(http->error_);
    const bool usual = silent && !http->refused_ && strcmp(t->port, "4317") == 0;
    if (!usual && !http->grpc_) return;
    (void)snprintf(http->error_ + n, sizeof http->error_ - n, "%s, not OTLP over HTTP; that is usually port 4318", http->grpc_ ? "" : "; port 4317 usually speaks gRPC (HTTP/2)");
    http->grpc_ = true;
}

/* Servers that want TLS say so in clear text to who does not: Go's and nginx's with the name of the scheme. */
OTEL_FN_ bool otel_http_says_https_(const otel_http_reply_t_ *reply)
{
    size_t i;
    for (i = 0; i + 5 <= reply->kept; i++) {
        if (memcmp(reply->body + i, "HTTPS", 5) == 0) return true;
    }
    return false;
}

/* What went well, or not, in words. */
OTEL_FN_ void otel_http_tell_(otel_http_t *http, const otel_http_reply_t_ *reply, int status, uint32_t items)
{
    otel_reply_t said;
    memset(&said, 0, sizeof said);
    http->error_[0] = 0;
    if (reply->proto) (void)otel_reply_read_(&said, reply->body, reply->kept, items);
    if (status >= 200 && status < 300) {
        if (reply->html) {
            otel_http_fail_(http, "the answer to %lu records is a page of HTML: that is no receiver of OTLP", (unsigned long)items);
            http->remedy_ = OTEL_HTTP_ELSEWHERE_;
        }
        if (said.rejected || said.message_len) otel_http_fail_(http, "the receiver took the request, but not %lu of its %lu records: %.*s", (unsigned long)said.rejected, (unsigned long)items, (int)said.message_len, said.message_len ? said.message : "");
        return;
    }
    http->tls_ = status < 400 ? otel_posix_word_(reply->location, 8, "https://") : status == 400 && otel_http_says_https_(reply);
    if (status < 400 && reply->location[0]) otel_http_fail_(http, "HTTP status %d, which points to %s: redirects are not followed", status, reply->location);
    else otel_http_fail_(http, "HTTP status %d%s%.*s", status, said.message_len ? ": " : "", (int)said.message_len, said.message_len ? said.message : "");
}

/* A connection that was kept, if it is still good: nobody closed it, and nobody talks out of turn. */
OTEL_FN_ bool otel_http_kept_(int *fd)
{
    struct pollfd p;
    if (*fd < 0) return false;
    p.fd = *fd;
    p.events = POLLIN;
    p.revents = 0;
    if ((poll)(&p, 1, 0) <= 0) return true;
    otel_http_drop_(fd);
    return false;
}

/* Send a request and read its answer; a connection that was kept may have died unseen: then once more on a new one. */
OTEL_FN_ int otel_http_exchange_(otel_http_t *http, otel_http_target_t_ *t, otel_http_reply_t_ *reply, size_t head, const otel_request_t *request, uint32_t deadline)
{
    int *fd = &http->target_[t->line].fd, status = -1;
    otel_http_out_t_ out;
    unsigned again;
    for (again = 0; again < 2; again++) {
        bool kept = otel_http_kept_(fd);
        if (*fd < 0) *fd = otel_http_connect_(http, t, deadline);
        if (*fd < 0) return -1;
        memset(reply, 0, offsetof(otel_http_reply_t_, line));
        reply->http = http;
        reply->fd = *fd;
        reply->deadline = deadline;
        otel_http_out_(&out, t->head, head, request);
        reply->out = &out;
        status = otel_http_get_(reply);
        if (status < 0 || reply->put <= 0 || !reply->keep) otel_http_drop_(fd);
        if (status >= 0 || !kept || reply->seen || otel_http_left_(http, deadline) == 0) break;
    }
    return status;
}

OTEL_API_ int otel_http_send(void *user, const otel_request_t *request)
{
    otel_http_t *http = (otel_http_t *)user;
    otel_http_target_t_ *t;
    otel_http_reply_t_ reply;
    uint8_t body[OTEL_HTTP_KEEP_];
    otel_request_t squeezed;
    uint32_t deadline, most;
    size_t head;
    int status;
    if (!http || !request || !http->ready_ || request->signal >= OTEL_SIGNALS) return -1;
    t = &http->target_[request->signal];
    http->error_[0] = 0;
    http->refused_ = http->grpc_ = http->tls_ = false;
    http->remedy_ = NULL;
    if (!t->set) {
        otel_http_fail_(http, "no endpoint for %s", request->path);
        return 404;
    }
    most = t->timeout_ms ? t->timeout_ms : request->timeout_ms ? request->timeout_ms : 10000u;
    deadline = otel_posix_until_(most);
    squeezed = *request;
    if (http->compress_ && !http->plain_[request->signal] && (http->compress_)(http->compress_user_, request, &squeezed.body, &squeezed.len)) squeezed.parts = NULL;
    else squeezed = *request;
    head = otel_http_head_(http, t, squeezed.len, squeezed.parts != request->parts || squeezed.body != request->body);
    if (head == 0) return -1;
    reply.body = body;
    reply.room = sizeof body;
    reply.silent = false;
    status = otel_http_exchange_(http, t, &reply, head, &squeezed, deadline);
    if (status < 0) {
        if (most < 1000u && otel_posix_left_(deadline) == 0) http->remedy_ = "a request has less than a second: raise .timeout_ms (OTEL_EXPORTER_OTLP_TIMEOUT, in milliseconds)";
        otel_http_grpc_(http, t, reply.silent);
        if (reply.silent && !http->remedy_ && !http->grpc_) http->remedy_ = "see whether the receiver is well, and whether it speaks OTLP over HTTP there, without TLS and not gRPC";
        return status;
    }
    if (http->exporter_ && (reply.kept || reply.retry_after[0])) {
        otel_export_reply(http->exporter_, reply.proto && reply.kept ? reply.body : NULL, reply.proto ? reply.kept : 0, reply.retry_after[0] ? reply.retry_after : NULL);
    }
    otel_http_tell_(http, &reply, status, request->items);
    return status;
}
OTEL_C_END_
#endif
#endif
