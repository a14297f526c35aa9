/* LTTng-UST on the work of ../host that it does; start.py gives it a daemon. See ../README.md for what stands for a span, and for how
   it reports. */
#define _POSIX_C_SOURCE 200809L
#define LTTNG_UST_TRACEPOINT_CREATE_PROBES
#define LTTNG_UST_TRACEPOINT_DEFINE
#include "spans.h"
#include "../serve.h"

static const char *name = "GET /api/users", *method = "GET", *path = "/api/users/42";
static int status_code = 200;

/* Ids as good as ../host's: those of a trace, and one of a span. */
static void ids_make(uint64_t ids[3])
{
    static uint64_t state[2] = { 0x9E3779B97F4A7C15u, 0xBF58476D1CE4E5B9u };
    unsigned i;
    for (i = 0; i < 3; i++) {
        uint64_t a = state[0], b = state[1];
        a ^= a << 23;
        state[0] = b;
        ids[i] = state[1] = a ^ b ^ (a >> 18) ^ (b >> 5);
    }
}

static void span_0(unsigned long n)
{
    while (n--) {
        uint64_t ids[3];
        ids_make(ids);
        lttng_ust_tracepoint(bench, begin, name, ids);
        lttng_ust_tracepoint(bench, end, ids[2]);
    }
}

static void span_4(unsigned long n)
{
    while (n--) {
        uint64_t ids[3];
        int status = status_code;
        const char *m = method, *p = path;
        HIDE(m);
        HIDE(p);
        HIDE(status);
        ids_make(ids);
        lttng_ust_tracepoint(bench, begin, name, ids);
        lttng_ust_tracepoint(bench, end_4, ids[2], m, p, status, 0.5);
    }
}

static void span_event(unsigned long n)
{
    while (n--) {
        uint64_t ids[3];
        int attempt = status_code;
        HIDE(attempt);
        ids_make(ids);
        lttng_ust_tracepoint(bench, begin, name, ids);
        lttng_ust_tracepoint(bench, retry, ids[2], attempt);
        lttng_ust_tracepoint(bench, end, ids[2]);
    }
}

/* The daemon runs, and nobody asked for these two. Ids are made for those who look. */
static void span_stopped(unsigned long n)
{
    while (n--) {
        uint64_t ids[3] = { 0, 0, 0 };
        int status = status_code;
        HIDE(status);
        if (lttng_ust_tracepoint_enabled(bench, off_begin)) {
            ids_make(ids);
            lttng_ust_do_tracepoint(bench, off_begin, name, ids);
        }
        lttng_ust_tracepoint(bench, off_end_4, ids[2], method, path, status, 0.5);
    }
}

static void log_2(unsigned long n)
{
    while (n--) {
        int status = status_code;
        HIDE(status);
        lttng_ust_tracepoint(bench, log, 9, "request served", path, status);
    }
}

int main(void)
{
    static const peer_case_t cases[] = {
        { "span_0", span_0, NULL }, { "span_4", span_4, NULL }, { "span_event", span_event, NULL }, { "span_stopped", span_stopped, NULL }, { "log_2", log_2, NULL },
    };
    if (!lttng_ust_tracepoint_enabled(bench, begin) || !lttng_ust_tracepoint_enabled(bench, log) || lttng_ust_tracepoint_enabled(bench, off_begin)) {
        fprintf(stderr, "lttng: the tracepoints are not as they should be: no daemon listens to bench:begin and the others\n");
        return 3;
    }
    return serve("lttng", "LTTng-UST " LTTNG_UST_VERSION, cases, sizeof cases / sizeof cases[0]);
}
