/* Hosts: all of it in one line. The transport is the program's own, so that nothing leaves. */
#include "otel_posix.h"

static unsigned items;
static int post(void *user, const otel_request_t *r)
{
    (void)user;
    items += r->items;
    return 200;
}

static unsigned told;
static void say(void *user, const otel_diag_t *what)
{
    (void)user;
    told += what->level <= OTEL_LEVEL_WARN;
}

static otel_counter_t greetings = OTEL_COUNTER("greetings");

int main(void)
{
    if (otel_posix_start(.service = "hello", .send = post, .say = say) != OTEL_OK) return 1;
    OTEL_SPAN(span, "greet") {
        otel_span_set(span, "who", "world", "count", 3);
        otel_log(OTEL_INFO, "hello, world");
        otel_counter_add(&greetings, 1);
    }
    otel_posix_stop(2000);
    return items == 3 && told == 0 ? 0 : 2;
}
