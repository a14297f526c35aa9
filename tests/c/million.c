/* A million sets of attributes on one counter, in fixed memory: totals are right and what found no room is counted. */
#include <sys/resource.h>
#include "otel_export.h"

static otel_t otel;
static uint8_t pool[1024], packet[65536 * 16];
static otel_counter_t sets = OTEL_COUNTER("sets", OTEL_SERIES(2000));
static uint64_t test_clock(void *user) { (void)user; return 1; }

static long resident(void)
{
    struct rusage usage;
    return getrusage(RUSAGE_SELF, &usage) ? -1 : usage.ru_maxrss;
}

int main(void)
{
    long memory = 0;
    otel_collect_t round;
    int64_t i, sum = 0;
    if (otel_init(&otel, .clock = test_clock, .pool = pool, .pool_size = sizeof pool) != OTEL_OK) return 1;
    for (i = 0; i < 1000000; i++) {
        if (i == 10000) memory = resident();
        otel_counter_add(&sets, i % 7, "user.id", i, "route", i % 3 ? "/a" : "/b");
    }
    if (memory <= 0 || resident() > memory + 64) return 5;    /* KB */
    for (i = 0; i < 2000; i++) sum += (int64_t)sets.base_.series[i].cell_.value;
    sum += (int64_t)sets.base_.overflow_.value;
    memset((void *)&round, 0, sizeof round);
    (void)otel_collect_(&otel, &round, packet, sizeof packet);
    if (round.points != 2001 || round.lost || round.running) return 2;
    if (otel_instrument_stats(&sets).series != 2000 || otel_instrument_stats(&sets).overflowed != 998000) return 3;
    return sum == 142857 * 21 + 0 ? 0 : 4;                    /* 0 to 6, 142,857 times, and then 0 */
}
