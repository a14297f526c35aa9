/* otel_arduino.h - telemetry from a sketch, over its serial port, to tools/otlp-gateway on the computer. C++11.

     #include <otel_arduino.h>                        // otel.h, otel_export.h, otel_uart.h and this file: in the sketch's folder, or a library's

     static otel_arduino<> telemetry;                 // memory for some spans: otel_arduino<pool bytes, packet bytes>
     static otel_counter<> reads("sensor.reads", "{read}");

     void setup() { Serial.begin(115200); telemetry.begin("greenhouse", Serial); }

     void loop()
     {
         otel_scoped_span span("measure");
         span.set("light", analogRead(A0));
         reads.add(1);
         telemetry.loop();                            // once a turn: sends what the port takes without waiting
     }

   Text goes through telemetry.text("..."), between two frames; the gateway shows it with --text. Serial.print would end up in the
   middle of a frame. Before sleep: telemetry.flush(2000). Time comes from micros(), and the gateway tells what o'clock it is. Where
   micros() stands still while the board sleeps, times and intervals fall behind by that: begin(config, ..) takes a clock of yours
   that adds it; or call otel_time_sync(telemetry.instance(), unix_ns) on waking, which puts times right, but not intervals. */
#ifndef OTEL_ARDUINO_H
#define OTEL_ARDUINO_H
#ifndef __cplusplus
#error "otel_arduino.h is for sketches (C++); C files include otel.h"
#endif
#include <Arduino.h>
#include "otel_uart.h"

/* Everything of one sketch: instance, exporter, line and their memory. Static or at file scope. */
template <size_t pool_bytes = 512, size_t packet_bytes = 256> class otel_arduino {
public:
    /* Start, on a port that is open. The result is 0 (OTEL_OK) or what otel_result_t says. */
    otel_result_t begin(const char *service, Stream &line, uint32_t interval_ms = 1000, uint32_t metric_interval_ms = 10000)
    {
        otel_config_t config = otel_config_t();
        config.service = service;
        config.clock = ticks_;
        config.clock_hz = 1000000u;
        config.clock_bits = 32;
        config.pool = pool_;
        config.pool_size = pool_bytes;
        return begin(config, line, interval_ms, metric_interval_ms);
    }

    /* The same with a configuration of your own (version, attributes, sampler, entropy, another clock). */
    otel_result_t begin(const otel_config_t &config, Stream &line, uint32_t interval_ms = 1000, uint32_t metric_interval_ms = 10000)
    {
        otel_uart_options_t port = otel_uart_options_t();
        otel_exporter_config_t out = otel_exporter_config_t();
        otel_result_t result = otel_init(&otel_, config);
        line_ = &line;
        port.exporter = &exporter_;
        if (result == OTEL_OK) result = otel_uart_init(&uart_, port);
        out.otel = &otel_;
        out.send = otel_uart_send;
        out.user = &uart_;
        out.buffer = packet_;
        out.buffer_size = packet_bytes;
        out.idle = idle_;
        out.interval_ms = interval_ms;
        out.metric_interval_ms = metric_interval_ms;
        return result == OTEL_OK ? otel_exporter_init(&exporter_, out) : result;
    }

    /* Once a turn. Never waits. */
    void loop()
    {
        otel_uart_poll(&uart_);
        carry_();
    }

    /* Send everything, for at most so long. False: something is left. */
    bool flush(uint32_t timeout_ms)
    {
        self_() = this;
        return otel_export_flush(&exporter_, timeout_ms) == OTEL_OK;
    }

    /* A line of text between frames; it lives until it is out. False: one is still waiting. */
    bool text(const char *line) { return otel_uart_text(&uart_, line); }

    otel_t *instance() { return &otel_; }
    otel_exporter_t *exporter() { return &exporter_; }

private:
    static uint64_t ticks_(void *) { return micros(); }

    static otel_arduino *&self_()
    {
        static otel_arduino *self;
        return self;
    }

    /* While flush waits: the line goes on. */
    static void idle_(void *uart, uint32_t ms)
    {
        otel_uart_idle(uart, ms);
        self_()->carry_();
    }

    void carry_()
    {
        int byte;
        while (line_->available() > 0) otel_uart_received(&uart_, static_cast<uint8_t>(line_->read()));
        while (line_->availableForWrite() > 0 && (byte = otel_uart_sent(&uart_)) >= 0) line_->write(static_cast<uint8_t>(byte));
    }

    otel_t otel_;
    otel_exporter_t exporter_;
    otel_uart_t uart_;
    Stream *line_;
    uint8_t pool_[pool_bytes], packet_[packet_bytes];
};
#endif
