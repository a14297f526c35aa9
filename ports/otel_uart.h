/* otel_uart.h - telemetry over a serial line: requests as frames with a checksum (see "chunk.h" in otel_export.h), made and
   taken byte by byte in the UART's interrupts. At the other end runs tools/otlp-gateway, which hands them to a Collector and
   answers with the outcome and the time of day. Nothing waits, nothing is copied: the interrupt reads the exporter's packet.

     static otel_uart_t uart;

     void UART_TX_EMPTY_IRQ(void)  { int byte = otel_uart_sent(&uart); if (byte >= 0) UART_DATA = byte; else DISABLE_TX_IRQ(); }
     void UART_RECEIVED_IRQ(void)  { otel_uart_received(&uart, UART_DATA); }
     static void kick(void *user)  { ENABLE_TX_IRQ(); }

     otel_uart_init(&uart, .exporter = &exporter, .kick = kick);
     otel_exporter_init(&exporter, .send = otel_uart_send, .user = &uart, .idle = otel_uart_idle, .buffer = packet, .buffer_size = sizeof packet);
     for (;;) { work(); otel_uart_poll(&uart); }              // drives the exporter too

   Without interrupts: call otel_uart_sent for as many bytes as the UART takes, and otel_uart_received for those that came.
   Frames are delimited as in RFC 1055 (SLIP): C0 begins and ends one. Text between frames is for people: the gateway shows it.

   Threads and interrupts: otel_uart_sent from one context, otel_uart_received from one, all else from the main loop.
   RAM: 150 bytes on an 8-bit core, about 200 on 32 bits. */
#ifndef OTEL_UART_H
#define OTEL_UART_H
#include "otel_export.h"

#define otel_uart_init_with OTEL_NAME_(otel_uart_init_with)
#define otel_uart_send OTEL_NAME_(otel_uart_send)
#define otel_uart_poll OTEL_NAME_(otel_uart_poll)
#define otel_uart_idle OTEL_NAME_(otel_uart_idle)
#define otel_uart_sent OTEL_NAME_(otel_uart_sent)
#define otel_uart_received OTEL_NAME_(otel_uart_received)
#define otel_uart_text OTEL_NAME_(otel_uart_text)

/* What a line is told. Zero means the default. */
typedef struct otel_uart_options_t {
    otel_exporter_t *exporter OTEL_Z_;    /* (required) */
    void (*kick)(void *user) OTEL_Z_;     /* there are bytes: let the transmit interrupt ask for them (default: otel_uart_sent is polled) */
    void *user OTEL_Z_;                   /* its first argument */
    uint16_t mtu OTEL_Z_;                 /* bytes of a frame, 11 or more (default: 64): short ones cost less when one is lost, long ones less in all */
    uint16_t wait_ms OTEL_Z_;             /* for an answer (default: 1,000) */
    uint8_t tries OTEL_Z_;                /* questions before the gateway counts as away; the exporter backs off then (default: 4) */
    bool one_way OTEL_Z_;                 /* the receive line is not connected: sent counts as exported (default: false). Without a clock chip nothing goes out
                                             then, unless otel_init has .send_unsynced = true and a small .hold_ms, 1 */
    uint32_t sync_ms OTEL_Z_;             /* between two questions for the time (default: 600,000); OTEL_CHUNK_NO_SYNC: never */
} otel_uart_options_t;

/* A line. Define it where it outlives its use; all fields are private. */
typedef struct otel_uart_t {
    otel_chunk_t chunk_ OTEL_Z_;
    void (*kick_)(void *user) OTEL_Z_;
    void *user_ OTEL_Z_;
    const char *volatile text_ OTEL_Z_;
    int16_t next_ OTEL_Z_;                /* the second byte of an escape, or the first of a frame; negative: none */
    bool framed_ OTEL_Z_, escaped_ OTEL_Z_;
    uint8_t in_len_ OTEL_Z_;
    uint8_t in_[OTEL_CHUNK_MTU_MIN] OTEL_Z_;
} otel_uart_t;

OTEL_C_BEGIN_
/* Set the line up, before or after its exporter. Errors: OTEL_E_NULL, OTEL_E_CONFIG (mtu). */
OTEL_API_ otel_result_t otel_uart_init_with(otel_uart_t *uart, const otel_uart_options_t *options);

/* The transport: .send = otel_uart_send, .user = &uart. */
OTEL_API_ int otel_uart_send(void *uart, const otel_request_t *request);

/* Drive the line and its exporter: once in each turn of the main loop. */
OTEL_API_ void otel_uart_poll(otel_uart_t *uart);

/* The exporter's .idle: drives the line while otel_export_flush waits. */
OTEL_API_ void otel_uart_idle(void *uart, uint32_t ms);

/* Give the next byte to send, negative: none. For the transmit interrupt. */
OTEL_API_ int otel_uart_sent(otel_uart_t *uart);

/* Take a byte that came in. For the receive interrupt. */
OTEL_API_ void otel_uart_received(otel_uart_t *uart, uint8_t byte);

/* Send a line of text between two frames. The text lives until it is out; false: another one is still waiting. */
OTEL_API_ bool otel_uart_text(otel_uart_t *uart, const char *text);
OTEL_C_END_

#define otel_uart_init(uart, ...) otel_uart_init_with((uart), OTEL_REF_(otel_uart_options_t, __VA_ARGS__))

/*== implementation ==*/
#if OTEL_BODIES_
OTEL_C_BEGIN_
#define OTEL_SLIP_END_ 0xC0u
#define OTEL_SLIP_ESC_ 0xDBu
#define OTEL_SLIP_ESC_END_ 0xDCu
#define OTEL_SLIP_ESC_ESC_ 0xDDu

OTEL_API_ otel_result_t otel_uart_init_with(otel_uart_t *uart, const otel_uart_options_t *o)
{
    otel_chunk_config_t config;
    OTEL_WHEN_OFF_((void)uart; (void)o; return OTEL_OK)
    if (!uart || !o) return OTEL_E_NULL;
    memset((void *)uart, 0, sizeof *uart);
    memset((void *)&config, 0, sizeof config);
    config.exporter = o->exporter;
    config.mtu = o->mtu;
    config.wait_ms = o->wait_ms;
    config.tries = o->tries;
    config.one_way = o->one_way;
    config.sync_ms = o->sync_ms;
    uart->kick_ = o->kick;
    uart->user_ = o->user;
    uart->next_ = -1;
    return otel_chunk_init_with(&uart->chunk_, &config);
}

OTEL_FN_ void otel_uart_kick_(otel_uart_t *uart)
{
    if (uart->kick_ && (uart->text_ || otel_chunk_wants(&uart->chunk_))) (uart->kick_)(uart->user_);
}

OTEL_API_ int otel_uart_send(void *user, const otel_request_t *request)
{
    otel_uart_t *uart = (otel_uart_t *)user;
    int status;
    OTEL_WHEN_OFF_((void)uart; (void)request; return -1)
    status = otel_chunk_send(&uart->chunk_, request);
    otel_uart_kick_(uart);
    return status;
}

OTEL_API_ void otel_uart_idle(void *user, uint32_t ms)
{
    otel_uart_t *uart = (otel_uart_t *)user;
    OTEL_WHEN_OFF_((void)uart; (void)ms; return)
    (void)ms;
    otel_chunk_poll(&uart->chunk_);
    otel_uart_kick_(uart);
}

OTEL_API_ void otel_uart_poll(otel_uart_t *uart)
{
    OTEL_WHEN_OFF_((void)uart; return)
    (void)otel_export_poll(uart->chunk_.config_.exporter);
    otel_uart_idle(uart, 0);
}

OTEL_API_ bool otel_uart_text(otel_uart_t *uart, const char *text)
{
    uint32_t was;
    OTEL_WHEN_OFF_((void)uart; (void)text; return true)
    if (uart->text_ || !text || !*text) return false;
    was = otel_mask_();                           /* a pointer may take two stores */
    uart->text_ = text;
    otel_unmask_(was);
    otel_uart_kick_(uart);
    return true;
}

/* Between frames: the text, as long as there is some. */
OTEL_FN_ int otel_uart_letter_(otel_uart_t *uart)
{
    const char *text = uart->text_;
    uart->text_ = text[1] ? text + 1 : NULL;
    return (uint8_t)*text;
}

OTEL_API_ int otel_uart_sent(otel_uart_t *uart)
{
    int byte;
    OTEL_WHEN_OFF_((void)uart; return -1)
    byte = uart->next_;
    if (byte >= 0 && uart->escaped_) {            /* the second half */
        uart->next_ = -1;
        uart->escaped_ = false;
        return byte;
    }
    if (byte < 0) {
        if (!uart->framed_ && uart->text_) return otel_uart_letter_(uart);
        byte = otel_chunk_byte(&uart->chunk_);
        if (byte == OTEL_CHUNK_IDLE) return -1;
        if (byte == OTEL_CHUNK_END) {
            uart->framed_ = false;
            return (int)OTEL_SLIP_END_;
        }
        if (!uart->framed_) {
            uart->framed_ = true;
            uart->next_ = (int16_t)byte;
            return (int)OTEL_SLIP_END_;
        }
    }
    uart->next_ = -1;
    if (byte != (int)OTEL_SLIP_END_ && byte != (int)OTEL_SLIP_ESC_) return byte;
    uart->next_ = byte == (int)OTEL_SLIP_END_ ? (int16_t)OTEL_SLIP_ESC_END_ : (int16_t)OTEL_SLIP_ESC_ESC_;
    uart->escaped_ = true;
    return (int)OTEL_SLIP_ESC_;
}

/* in_len_ counts on behind the longest frame, so that a longer one is thrown away whole; its upper bit: after an escape. */
OTEL_API_ void otel_uart_received(otel_uart_t *uart, uint8_t byte)
{
    uint8_t n;
    OTEL_WHEN_OFF_((void)uart; (void)byte; return)
    n = (uint8_t)(uart->in_len_ & 0x7Fu);
    if (byte == OTEL_SLIP_END_) {
        if (n <= sizeof uart->in_) otel_chunk_take(&uart->chunk_, uart->in_, n);
        uart->in_len_ = 0;
        return;
    }
    if (byte == OTEL_SLIP_ESC_) {
        uart->in_len_ |= 0x80u;
        return;
    }
    if (uart->in_len_ & 0x80u) byte = byte == OTEL_SLIP_ESC_END_ ? (uint8_t)OTEL_SLIP_END_ : (uint8_t)OTEL_SLIP_ESC_;
    if (n < sizeof uart->in_) uart->in_[n] = byte;
    uart->in_len_ = (uint8_t)(n < 0x7Fu ? n + 1u : n);
}
OTEL_C_END_
#endif
#endif
