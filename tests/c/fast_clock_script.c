/* A counter and a clock out of a script: what the fast clock makes of them. fast_clock_script SCENARIO [X] prints
   fast=0|1 worst=NS back=N: whether the counter answers at the end, how far the time was off, how often it went back. */
#include "otel_posix.h"
#include <math.h>

static uint64_t now_ns = 1000000000;          /* the true time; */
static uint64_t step = 20;                    /* each look at a clock takes this long */
static double ticks = 5e9, rate = 2.500093;   /* the counter, and its ticks a nanosecond; */
static bool stands;
static otel_fast_clock_t fast;
static uint64_t last;
static double worst;
static unsigned back;

static void pass(uint64_t ns)
{
    now_ns += ns;
    if (!stands) ticks += (double)ns * rate;
}

static uint64_t counter(void *user)
{
    (void)user;
    pass(step);
    return (uint64_t)ticks;
}

static uint64_t slow(void *user)
{
    (void)user;
    pass(step);
    return now_ns;
}

static void look(void)
{
    uint64_t t = otel_fast_clock(&fast);
    double off = fabs((double)(int64_t)(t - now_ns));
    if (t < last) back++;
    if (off > worst) worst = off;
    last = t;
}

/* Seconds go by, with looks at the time, and an anchor every quarter of one. */
static bool run(double seconds, bool anchors)
{
    unsigned i, n = (unsigned)(seconds * 4);
    bool is = false;
    for (i = 0; i < n; i++) {
        unsigned k;
        for (k = 0; k < 25; k++) {
            pass(10000000);
            look();
            look();
        }
        if (anchors) is = otel_fast_clock_anchor(&fast);
        look();
    }
    return is;
}

int main(int argc, char **argv)
{
    const char *scenario = argc > 1 ? argv[1] : "steady";
    bool is;
    unsigned i;
    fast.counter = counter;
    fast.slow = slow;
    if (strcmp(scenario, "wide") == 0) step = 10000;
    if (strcmp(scenario, "stands") == 0) stands = true;
    is = run(20, true);
    if (strcmp(scenario, "drifts") == 0) {                /* 10 ppm up and down within two minutes */
        for (i = 0; i < 240; i++) {
            rate = 2.500093 * (1 + 1e-5 * sin(i / 38.0));
            is = run(1, true);
        }
    } else if (strcmp(scenario, "changes") == 0) {        /* with the processor's frequency, all the time */
        for (i = 0; i < 40; i++) {
            rate = i & 1 ? 1.2 : 2.5;
            is = run(0.75, true);
        }
    } else if (strcmp(scenario, "slower") == 0) {         /* once */
        rate = 1.25;
        is = run(20, true);
    } else if (strcmp(scenario, "slept") == 0) {          /* the counter went on while the clock stood */
        ticks += 7200e9 * rate;
        look();
        is = run(argc > 2 ? 0.25 : 20, true);
    } else if (strcmp(scenario, "reset") == 0) {          /* it began anew */
        ticks = 1000;
        look();
        is = run(argc > 2 ? 0.25 : 20, true);
    } else if (strcmp(scenario, "stops") == 0) {
        stands = true;
        is = run(20, true);
    } else if (strcmp(scenario, "alone") == 0) {          /* nobody looks at both */
        is = run(60, false) || run(20, true);
    } else if (strcmp(scenario, "forgotten") == 0) {
        is = run(60, false);
    }
    printf("fast=%d worst=%.0f back=%u\n", is, worst, back);
    return 0;
}
