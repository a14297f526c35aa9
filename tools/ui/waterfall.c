/* The program behind the picture of the console in README: an order that asks two services, one of which fails at first. */
#include "otel_posix.h"

static otel_counter_t orders = OTEL_COUNTER("shop.orders", .unit = "{order}", OTEL_SERIES(4));
static otel_histogram_t took = OTEL_HISTOGRAM("shop.order.duration", .unit = "s", OTEL_BUCKETS(1, 0.002, 0.004, 0.006, 0.008, 0.01, 0.02, 0.04));

static void nap(long us)
{
    struct timespec t;
    t.tv_sec = 0;
    t.tv_nsec = us * 1000;
    (void)nanosleep(&t, NULL);
}

static void order(int number)
{
    uint64_t began = otel_posix_clock(NULL);
    OTEL_SPAN(span, "POST /orders", .kind = OTEL_SERVER) {
        otel_span_set(span, "http.request.method", "POST", "order.id", 4711 + number, "http.response.status_code", 201);
        OTEL_SPAN(stock, "reserve stock", .kind = OTEL_CLIENT) {
            otel_span_set(stock, "db.system.name", "sqlite", "db.operation.name", "UPDATE");
            nap(1000 + 300 * number);
        }
        OTEL_SPAN(pay, "charge card", .kind = OTEL_CLIENT) {
            nap(900);
            if (number == 3) {
                otel_log(OTEL_WARN, "the bank is slow", "attempt", 1);
                (void)otel_span_error(pay, 504, "gateway timeout");
            }
        }
        if (number == 3) {
            OTEL_SPAN(again, "charge card", .kind = OTEL_CLIENT) {
                otel_span_event(again, "retry", "attempt", 2);
                nap(1600);
            }
        }
        otel_log(OTEL_INFO, "order taken", "total", 42.5);
    }
    otel_counter_add(&orders, 1, "result", "taken");
    otel_histogram_record(&took, (double)(otel_posix_clock(NULL) - began) / 1e9);
}

int main(void)
{
    int i;
    otel_posix_start(.service = "shop", .console = stdout, .interval_ms = 60000);
    for (i = 0; i < 3; i++) {
        order(i);
        if (i) order(i);
        (void)otel_posix_flush(1000);
    }
    (void)printf("\033[2J");                      /* the picture begins here */
    order(3);
    return 0;
}
