/* Telemetry from an Arduino: spans, a counter, a histogram and logs over the USB cable. On the computer:

     tools/otlp-gateway --serial /dev/ttyACM0 --text --endpoint http://localhost:4318

   Needs otel.h, otel_export.h, otel_uart.h and otel_arduino.h in this folder or in a library's. */
#include <otel_arduino.h>

#ifndef ROUNDS
#define ROUNDS 0                                     /* readings before it stops; 0: never */
#endif

#ifndef POOL
#define POOL 1024
#endif
static otel_arduino<POOL, 640> telemetry;
static otel_counter<> reads("sensor.reads", "{read}");
static const double bounds[] = { 100, 300, 1000 };
static otel_histogram<3> light("sensor.light", bounds);

static int read_light(unsigned n)
{
    otel_scoped_span span("read_light", OTEL_CLIENT);
    span.set("pin", "A0", "n", n);
    if (n % 4 == 3) return span.error(-5, "not connected");
    return static_cast<int>(n % 4) * 200;            /* analogRead(A0) */
}

static void measure(unsigned n)
{
    static char line[80] = "measured ";
    otel_scoped_span span("measure");
    int value = read_light(n);
    reads.add(1);
    if (value < 0) otel_log(OTEL_WARN, "light not read", "code", value);
    else light.record(value);
    otel_traceparent(span.get(), line + 9);          /* the computer goes on with this trace */
    strcat(line, "\n");
    telemetry.text(line);
}

void setup()
{
    Serial.begin(115200);
    telemetry.begin("greenhouse", Serial, 1000, 2000);
}

void loop()
{
    static uint32_t since;
    static unsigned n;
    telemetry.loop();
    if (millis() - since < 250) return;
    since += 250;
    measure(n++);
#if ROUNDS
    if (n == ROUNDS) {
        telemetry.flush(10000);
        Serial.flush();
        cli();                                       /* the simulator ends here */
        SMCR = _BV(SE);
        for (;;) __asm volatile("sleep");
    }
#endif
}
