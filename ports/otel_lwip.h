/* otel_lwip.h - OTLP over HTTP/1.1 with lwIP's raw TCP interface: no sockets, no operating system needed (NO_SYS 1), nothing waits and
   the body is not copied: lwIP sends it from the exporter's packet, or from the ring.

     static otel_lwip_t http;
     IP4_ADDR(&collector, 192, 168, 1, 10);
     otel_lwip_init(&http, .exporter = &exporter, .address = collector);
     otel_exporter_init(&exporter, .send = otel_lwip_send, .user = &http, .buffer = packet, .buffer_size = sizeof packet);
     for (;;) { netif_input(); sys_check_timeouts(); otel_export_poll(&exporter); otel_lwip_poll(&http); }

   With an operating system make all four calls from the tcpip thread. Before sleep call otel_export_flush with an .idle that does the
   other three. The connection stays open between requests. TLS: altcp is not used; end it in front of the Collector, or on a gateway. */
#ifndef OTEL_LWIP_H
#define OTEL_LWIP_H
#include "lwip/tcp.h"
#include "lwip/sys.h"
#include "otel_export.h"

#define otel_lwip_init_with OTEL_NAME_(otel_lwip_init_with)
#define otel_lwip_send OTEL_NAME_(otel_lwip_send)
#define otel_lwip_poll OTEL_NAME_(otel_lwip_poll)

/* Where requests go. Zero means the default. */
typedef struct otel_lwip_options_t {
    otel_exporter_t *exporter OTEL_Z_;    /* (required) */
    ip_addr_t address OTEL_Z_;            /* (required) of the Collector: a name is looked up by the caller */
    uint16_t port OTEL_Z_;                /* (default: 4318) */
    const char *host OTEL_Z_;             /* header Host; lives as long as the port (default: "collector") */
    const char *headers OTEL_Z_;          /* more header lines, each ending in CR LF; lives as long as the port (default: none) */
} otel_lwip_options_t;

#define OTEL_LWIP_LINE_ 48                /* of a header line of the answer are looked at */
#define OTEL_LWIP_REPLY_ 96               /* of its body: partial success and the beginning of its message */

/* A connection. Define it where it outlives its use; all fields are private. */
typedef struct otel_lwip_t {
    otel_lwip_options_t options_;
    struct tcp_pcb *pcb_;
    otel_request_t request_;
    uint32_t since_, body_left_;          /* ms; bytes of the answer's body to come */
    size_t head_, piece_, piece_at_;      /* header texts given to lwIP; the body's part, and the place in it */
    int16_t status_;                      /* of the answer, 0: not known yet */
    int16_t outcome_;                     /* what the exporter is told at the next poll; 0: nothing */
    uint16_t reply_len_;
    uint8_t line_len_;
    bool busy_, connected_, written_, in_body_, last_;
    char line_[OTEL_LWIP_LINE_], wait_[12], length_[16];
    uint8_t reply_[OTEL_LWIP_REPLY_];
} otel_lwip_t;

OTEL_C_BEGIN_
/* Set the transport up, before or after its exporter. Errors: OTEL_E_NULL. */
OTEL_API_ otel_result_t otel_lwip_init_with(otel_lwip_t *http, const otel_lwip_options_t *options);

/* The transport: .send = otel_lwip_send, .user = &http. Returns OTEL_PENDING at once. */
OTEL_API_ int otel_lwip_send(void *http, const otel_request_t *request);

/* Hand outcomes to the exporter and notice what takes too long (otel_exporter_config_t.timeout_ms). Each turn of the loop. */
OTEL_API_ void otel_lwip_poll(otel_lwip_t *http);
OTEL_C_END_

#define otel_lwip_init(http, ...) otel_lwip_init_with((http), OTEL_REF_(otel_lwip_options_t, __VA_ARGS__))

/*== implementation ==*/
#if OTEL_BODIES_
OTEL_C_BEGIN_
OTEL_API_ otel_result_t otel_lwip_init_with(otel_lwip_t *http, const otel_lwip_options_t *options)
{
    OTEL_WHEN_OFF_((void)http; (void)options; return OTEL_OK)
    if (!http || !options || !options->exporter) return OTEL_E_NULL;
    memset((void *)http, 0, sizeof *http);
    http->options_ = *options;
    if (!http->options_.port) http->options_.port = 4318;
    if (!http->options_.host) http->options_.host = "collector";
    if (!http->options_.headers) http->options_.headers = "";
    return OTEL_OK;
}

/* Part from the connection at once: lwIP must not touch the body any more. */
OTEL_FN_ err_t otel_lwip_drop_(otel_lwip_t *http)
{
    struct tcp_pcb *pcb = http->pcb_;
    http->pcb_ = NULL;
    http->connected_ = false;
    if (!pcb) return ERR_OK;
    tcp_arg(pcb, NULL);
    tcp_recv(pcb, NULL);
    tcp_sent(pcb, NULL);
    tcp_err(pcb, NULL);
    tcp_abort(pcb);
    return ERR_ABRT;
}

/* The request is through: the exporter hears of it at the next poll. */
OTEL_FN_ void otel_lwip_finish_(otel_lwip_t *http, int outcome)
{
    http->busy_ = false;
    http->outcome_ = (int16_t)outcome;
}

/* ---- sending ---- */
/* The header's texts, in order; NULL behind the last. */
OTEL_FN_ const char *otel_lwip_head_(const otel_lwip_t *http, size_t n)
{
    switch (n) {
    case 0: return "POST ";
    case 1: return http->request_.path;
    case 2: return " HTTP/1.1\r\nContent-Type: application/x-protobuf\r\nHost: ";
    case 3: return http->options_.host;
    case 4: return "\r\nContent-Length: ";
    case 5: return http->length_;
    case 6: return "\r\n";
    case 7: return http->options_.headers;
    case 8: return "\r\n";
    default: return NULL;
    }
}

/* Give lwIP as much as it takes: header texts (copied, they are short), then the body by reference. */
OTEL_FN_ void otel_lwip_write_(otel_lwip_t *http)
{
    const otel_request_t *r = &http->request_;
    size_t parts = r->parts ? r->parts_len : 1;
    const char *text;
    while ((text = otel_lwip_head_(http, http->head_)) != NULL) {
        size_t n = strlen(text);
        if (n && (tcp_sndbuf(http->pcb_) < n || tcp_write(http->pcb_, text, (uint16_t)n, TCP_WRITE_FLAG_COPY | TCP_WRITE_FLAG_MORE) != ERR_OK)) break;
        http->head_++;
    }
    while (!text && http->piece_ < parts) {
        const uint8_t *bytes = (const uint8_t *)(r->parts ? r->parts[http->piece_].bytes : r->body);
        size_t len = r->parts ? r->parts[http->piece_].len : r->len, n = len - http->piece_at_, room = tcp_sndbuf(http->pcb_);
        if (n > room) n = room;
        if (n == 0 && len != http->piece_at_) break;
        if (n && tcp_write(http->pcb_, bytes + http->piece_at_, (uint16_t)n, 0) != ERR_OK) break;
        http->piece_at_ += n;
        if (http->piece_at_ < len) continue;
        http->piece_++;
        http->piece_at_ = 0;
    }
    http->written_ = !text && http->piece_ == parts;
    (void)tcp_output(http->pcb_);
}

OTEL_FN_ err_t otel_lwip_sent_(void *arg, struct tcp_pcb *pcb, u16_t len)
{
    otel_lwip_t *http = (otel_lwip_t *)arg;
    (void)pcb;
    (void)len;
    if (http->busy_ && !http->written_) otel_lwip_write_(http);
    return ERR_OK;
}

OTEL_FN_ err_t otel_lwip_connected_(void *arg, struct tcp_pcb *pcb, err_t error)
{
    otel_lwip_t *http = (otel_lwip_t *)arg;
    (void)pcb;
    (void)error;
    http->connected_ = true;
    if (http->busy_) otel_lwip_write_(http);
    return ERR_OK;
}

/* lwIP has freed the connection already. */
OTEL_FN_ void otel_lwip_error_(void *arg, err_t error)
{
    otel_lwip_t *http = (otel_lwip_t *)arg;
    (void)error;
    http->pcb_ = NULL;
    http->connected_ = false;
    if (http->busy_) otel_lwip_finish_(http, -1);
}

/* ---- the answer ---- */
OTEL_FN_ bool otel_lwip_says_(const otel_lwip_t *http, const char *name)
{
    size_t i;
    for (i = 0; name[i]; i++) {
        char c = i < http->line_len_ ? http->line_[i] : 0;
        if ((c >= 'A' && c <= 'Z' ? (char)(c + 32) : c) != name[i]) return false;
    }
    return true;
}

OTEL_FN_ uint32_t otel_lwip_number_(const otel_lwip_t *http, size_t at)
{
    uint32_t value = 0;
    while (at < http->line_len_ && http->line_[at] == ' ') at++;
    for (; at < http->line_len_ && http->line_[at] >= '0' && http->line_[at] <= '9'; at++) value = value > 100000000u ? value : value * 10u + (uint32_t)(http->line_[at] - '0');
    return value;
}

/* A line of the answer's head. */
OTEL_FN_ void otel_lwip_line_(otel_lwip_t *http)
{
    size_t n;
    if (otel_lwip_says_(http, "http/1.")) {
        http->status_ = (int16_t)(otel_lwip_number_(http, 8) % 1000u);
    } else if (otel_lwip_says_(http, "content-length:")) {
        http->body_left_ = otel_lwip_number_(http, 15);
    } else if (otel_lwip_says_(http, "transfer-encoding:") || otel_lwip_says_(http, "connection: close")) {
        http->last_ = true;                       /* the status is enough, and the connection is not used again */
    } else if (otel_lwip_says_(http, "retry-after:")) {
        n = (size_t)http->line_len_ - 12u;
        if (n >= sizeof http->wait_) n = sizeof http->wait_ - 1u;
        memcpy(http->wait_, http->line_ + 12, n);
        http->wait_[n] = 0;
    } else if (http->line_len_ == 0 && http->status_ >= 200) {
        http->in_body_ = true;
    } else if (http->line_len_ == 0) {
        http->status_ = 0;                        /* 100 Continue and the like: the answer comes yet */
    }
    http->line_len_ = 0;
}

OTEL_FN_ void otel_lwip_byte_(otel_lwip_t *http, uint8_t byte)
{
    if (http->in_body_) {
        if (http->body_left_) http->body_left_--;
        if (http->reply_len_ < sizeof http->reply_) http->reply_[http->reply_len_++] = byte;
    } else if (byte == '\n') {
        otel_lwip_line_(http);
    } else if (byte != '\r' && http->line_len_ < sizeof http->line_) {
        http->line_[http->line_len_++] = (char)byte;
    }
}

OTEL_FN_ err_t otel_lwip_received_(void *arg, struct tcp_pcb *pcb, struct pbuf *p, err_t error)
{
    otel_lwip_t *http = (otel_lwip_t *)arg;
    const struct pbuf *q;
    uint16_t i;
    (void)error;
    if (!p) {                                     /* the other end closes */
        if (http->busy_) otel_lwip_finish_(http, http->in_body_ ? http->status_ : -1);
        return otel_lwip_drop_(http);
    }
    for (q = p; q && http->busy_; q = q->next) {
        for (i = 0; i < q->len; i++) otel_lwip_byte_(http, ((const uint8_t *)q->payload)[i]);
    }
    tcp_recved(pcb, p->tot_len);
    (void)pbuf_free(p);
    if (!http->busy_ || !http->in_body_ || (http->body_left_ && !http->last_)) return ERR_OK;
    otel_lwip_finish_(http, http->status_);
    if (http->last_ || !http->written_ || pcb->snd_queuelen) return otel_lwip_drop_(http);      /* it answered before it had all */
    return ERR_OK;
}

/* ---- the loop ---- */
OTEL_FN_ bool otel_lwip_open_(otel_lwip_t *http)
{
    http->pcb_ = tcp_new();
    if (!http->pcb_) return false;
    tcp_arg(http->pcb_, http);
    tcp_recv(http->pcb_, otel_lwip_received_);
    tcp_sent(http->pcb_, otel_lwip_sent_);
    tcp_err(http->pcb_, otel_lwip_error_);
    if (tcp_connect(http->pcb_, &http->options_.address, http->options_.port, otel_lwip_connected_) == ERR_OK) return true;
    (void)otel_lwip_drop_(http);
    return false;
}

OTEL_API_ int otel_lwip_send(void *user, const otel_request_t *request)
{
    otel_lwip_t *http = (otel_lwip_t *)user;
    size_t n = request->len;
    char *to = http->length_ + sizeof http->length_;
    OTEL_WHEN_OFF_((void)user; (void)request; return -1)
    if (http->busy_ || http->outcome_) return OTEL_AGAIN;
    http->request_ = *request;
    http->head_ = http->piece_ = http->piece_at_ = 0;
    http->status_ = 0;
    http->reply_len_ = 0;
    http->line_len_ = 0;
    http->body_left_ = 0;
    http->written_ = http->in_body_ = http->last_ = false;
    http->wait_[0] = 0;
    *--to = 0;
    do *--to = (char)('0' + n % 10u);
    while (n /= 10u);
    memmove(http->length_, to, strlen(to) + 1u);
    http->since_ = sys_now();
    if (!http->pcb_ && !otel_lwip_open_(http)) return -1;
    http->busy_ = true;
    if (http->connected_) otel_lwip_write_(http);
    return OTEL_PENDING;
}

OTEL_API_ void otel_lwip_poll(otel_lwip_t *http)
{
    int outcome;
    OTEL_WHEN_OFF_((void)http; return)
    if (http->busy_ && sys_now() - http->since_ >= http->request_.timeout_ms) {
        (void)otel_lwip_drop_(http);
        otel_lwip_finish_(http, -1);
    }
    if (!http->outcome_) return;
    outcome = http->outcome_;
    http->outcome_ = 0;
    otel_export_reply(http->options_.exporter, http->reply_len_ ? http->reply_ : NULL, http->reply_len_, http->wait_[0] ? http->wait_ : NULL);
    otel_export_done(http->options_.exporter, outcome);
}
OTEL_C_END_
#endif
#endif
