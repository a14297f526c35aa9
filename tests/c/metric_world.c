/* Every instrument, used at random by four threads, while three readers look: an exporter that loses packets (to a URL), a
   second one to another URL, and readers that collect by hand into small buffers, of totals and of differences. In the end it
   prints what a plain model says, one line for each series: kind, name, attributes, numbers.

     metric_world SEED TEMPORALITY URL OTHER_URL FOLDER

   TEMPORALITY is that of the first exporter: cumulative, delta or low. "-" for a URL: nowhere. In FOLDER: pieces-cumulative,
   pieces-delta (each piece behind its length, 4 bytes; a round ends with 0), page.txt and page.om for a scraper. */
#include "otel_posix.h"
#include <math.h>
#include <stdlib.h>

#define THREADS 4
#define KEYS 3
#define TURNS 3000
static const double bounds[] = { -8, 0, 0.5, 2, 8, 32 };
static const char *const keys[] = { "a", "b", "c" };

static otel_t otel;
static uint8_t pool[65536], packet[2][262144], page[262144];
static char text[262144];
static otel_http_t http[2];
static otel_exporter_t ex[2];
static otel_metric_reader_t by_hand[2];
static uint64_t memory[3][60000];
static otel_temporality_t delta_here = OTEL_DELTA_IN(memory[0]), low_here = OTEL_LOW_MEMORY_IN(memory[0]), delta_other = OTEL_DELTA_IN(memory[1]), delta_by_hand = OTEL_DELTA_IN(memory[2]);
static bool has[2];

static otel_counter_t hits = OTEL_COUNTER("world.hits", OTEL_SERIES(4));
static otel_counter_double_t energy = OTEL_COUNTER_DOUBLE("world.energy", OTEL_SERIES(4));
static otel_updown_t open_files = OTEL_UPDOWN("world.open", OTEL_SERIES(4));
static otel_updown_double_t level = OTEL_UPDOWN_DOUBLE("world.level", OTEL_SERIES(4));
static otel_gauge_t speed = OTEL_GAUGE("world.speed", OTEL_SERIES(4));
static otel_gauge_double_t heat = OTEL_GAUGE_DOUBLE("world.heat", OTEL_SERIES(4));
static otel_histogram_t took = OTEL_HISTOGRAM("world.took", OTEL_BUCKETS(4, -8, 0, 0.5, 2, 8, 32));
static otel_histogram_int_t size = OTEL_HISTOGRAM_INT("world.size", OTEL_BUCKETS_INT(4, 0, 10, 100, 1000));
static otel_exponential_t spread = OTEL_EXPONENTIAL("world.spread", OTEL_POWERS_SERIES(4, 160));
static otel_exponential_int_t weight = OTEL_EXPONENTIAL_INT("world.weight", OTEL_POWERS_SERIES(4, 20));
static otel_observable_t seen = OTEL_OBSERVABLE_COUNTER("world.seen", OTEL_SERIES(4));
static otel_observable_double_t burnt = OTEL_OBSERVABLE_COUNTER_DOUBLE("world.burnt", OTEL_SERIES(4));
static otel_observable_t used = OTEL_OBSERVABLE_UPDOWN("world.used", OTEL_SERIES(4));
static otel_observable_double_t drift = OTEL_OBSERVABLE_UPDOWN_DOUBLE("world.drift", OTEL_SERIES(4));
static otel_observable_t users = OTEL_OBSERVABLE_GAUGE("world.users", OTEL_SERIES(4));
static otel_observable_double_t load = OTEL_OBSERVABLE_GAUGE_DOUBLE("world.load", OTEL_SERIES(4));

/* ---- the model ---- */
typedef struct { double sum, least, most; unsigned long count, bucket[7]; } shape_t;
typedef struct {
    long hits, open, speed;
    double energy, level, heat;
    shape_t took, size, spread, weight;
    double values[TURNS];                         /* of spread */
    unsigned len;
} model_t;
static model_t model[THREADS][KEYS];
static long observed[6][KEYS];                    /* what the callback tells; halves, for doubles */

static void shape_add(shape_t *s, double v, const double *bound, unsigned len)
{
    unsigned i;
    s->sum += v;
    if (s->count == 0 || v < s->least) s->least = v;
    if (s->count == 0 || v > s->most) s->most = v;
    s->count++;
    for (i = 0; i < len && v > bound[i]; i++) {}
    s->bucket[i]++;
}

static unsigned next(unsigned *state)
{
    *state = *state * 1664525u + 1013904223u;
    return *state >> 8;
}

static void nap(void)
{
    struct timespec t = { 0, 20000000 };
    (void)nanosleep(&t, NULL);
}

static void *work(void *number)
{
    static const double whole_bounds[] = { 0, 10, 100, 1000 };
    unsigned me = *(unsigned *)number % 16, state = *(unsigned *)number, turn;
    char self[2] = { (char)('0' + me), 0 };
    for (turn = 0; turn < TURNS; turn++) {
        unsigned k = next(&state) % KEYS, what = next(&state) % 10;
        int n = (int)(next(&state) % 2001) - 500;
        double v = n * 0.25, wide = ldexp(1 + (next(&state) & 0xFFFF) / 65536.0, (int)(next(&state) % 24) - 8);
        model_t *m = &model[me][k];
        const char *key = keys[k];
        if (turn % 400 == 0) nap();
        if (what == 0) otel_counter_add(&hits, n + 500, "key", key), m->hits += n + 500;
        if (what == 1) otel_counter_add(&energy, (n + 500) * 0.25, "key", key), m->energy += (n + 500) * 0.25;
        if (what == 2) otel_updown_add(&open_files, n, "key", key), m->open += n;
        if (what == 3) otel_updown_add(&level, v, "key", key), m->level += v;
        if (what == 4) otel_gauge_record(&speed, n, "thread", self), model[me][0].speed = n;
        if (what == 5) otel_gauge_record(&heat, v, "thread", self), model[me][0].heat = v;
        if (what == 6) otel_histogram_record(&took, v, "key", key), shape_add(&m->took, v, bounds, 6);
        if (what == 7) otel_histogram_record(&size, n, "key", key), shape_add(&m->size, n, whole_bounds, 4);
        if (what == 8) {
            if (n % 5 == 0) wide = n % 2 ? -wide : 0;
            otel_histogram_record(&spread, wide, "key", key);
            shape_add(&m->spread, wide, bounds, 0);
            m->values[m->len++] = wide;
        }
        if (what == 9) otel_histogram_record(&weight, n, "key", key), shape_add(&m->weight, n, bounds, 0);
    }
    otel_thread_end(&otel);
    return NULL;
}

static bool frozen;
static void observe(void *user)
{
    unsigned *state = (unsigned *)user, k;
    for (k = 0; k < KEYS; k++) {
        if (frozen) goto told;
        observed[0][k] += (long)(next(state) % 50);
        observed[1][k] += (long)(next(state) % 50);
        observed[2][k] = (long)(next(state) % 500) - 250;
        observed[3][k] = (long)(next(state) % 500) - 250;
        observed[4][k] = (long)(next(state) % 500) - 250;
        observed[5][k] = (long)(next(state) % 500) - 250;
    told:
        otel_observe(&seen, observed[0][k], "key", keys[k]);
        otel_observe(&burnt, (double)observed[1][k] * 0.5, "key", keys[k]);
        otel_observe(&used, observed[2][k], "key", keys[k]);
        otel_observe(&drift, (double)observed[3][k] * 0.5, "key", keys[k]);
        otel_observe(&users, observed[4][k], "key", keys[k]);
        otel_observe(&load, (double)observed[5][k] * 0.5, "key", keys[k]);
    }
}

/* ---- transports and files ---- */
static bool reliable;
static int send_to(void *user, const otel_request_t *r)
{
    static unsigned turn[2];
    otel_http_t *to = (otel_http_t *)user;
    unsigned n = ++turn[to == &http[1]];
    int status;
    if (r->signal != OTEL_SIGNAL_METRICS) return 200;
    if (!reliable && n % 3 == 0) return 503;      /* lost on the way */
    status = otel_http_send(to, r);
    if (status != 200 && reliable) fprintf(stderr, "the receiver answers %d %s\n", status, otel_http_error(to));
    return status;
}

static void put_length(FILE *f, size_t n)
{
    uint8_t four[4] = { (uint8_t)n, (uint8_t)(n >> 8), (uint8_t)(n >> 16), (uint8_t)(n >> 24) };
    (void)fwrite(four, 1, 4, f);
}

/* A round by hand, in pieces of at most `room` bytes; every fifth piece of differences gets lost. */
static int by_hand_round(FILE *f, unsigned which, size_t room)
{
    static unsigned turn;
    unsigned lost = 0;
    size_t n;
    while ((n = otel_metric_reader_collect(&by_hand[which], page, room)) > 0) {
        if (n > room || by_hand[which].points == 0) return 1;
        lost += by_hand[which].lost;
        if (which == 1 && !reliable && ++turn % 5 == 0) continue;
        put_length(f, n);
        (void)fwrite(page, 1, n, f);
        otel_metric_reader_confirm(&by_hand[which]);
    }
    put_length(f, 0);
    return lost != 0 || by_hand[which].result != OTEL_OK;
}

static FILE *file_in(const char *folder, const char *name, const char *mode)
{
    char path[512];
    (void)snprintf(path, sizeof path, "%s/%s", folder, name);
    return fopen(path, mode);
}

static int pages(const char *folder)
{
    int om;
    for (om = 0; om < 2; om++) {
        FILE *f = file_in(folder, om ? "page.om" : "page.txt", "wb");
        size_t n = otel_prometheus_write(text, sizeof text, .packet = page, .packet_size = sizeof page, .openmetrics = om != 0);
        if (!f || n == 0 || n >= sizeof text || fwrite(text, 1, n, f) != n || fclose(f)) return 1;
    }
    return 0;
}

static uint64_t clock_now(void *user)
{
    struct timespec t;
    (void)user;
    (void)clock_gettime(CLOCK_REALTIME, &t);
    return (uint64_t)t.tv_sec * 1000000000u + (uint64_t)t.tv_nsec;
}

/* ---- what it should be ---- */
static void say_shape(const char *name, unsigned k, size_t at, unsigned len, bool values)
{
    shape_t all;
    unsigned t, i;
    memset(&all, 0, sizeof all);
    for (t = 0; t < THREADS; t++) {
        const shape_t *s = (const shape_t *)(const void *)((const char *)&model[t][k] + at);
        if (s->count && (all.count == 0 || s->least < all.least)) all.least = s->least;
        if (s->count && (all.count == 0 || s->most > all.most)) all.most = s->most;
        all.sum += s->sum;
        all.count += s->count;
        for (i = 0; i < 7; i++) all.bucket[i] += s->bucket[i];
    }
    printf("shape %s key=%s %lu %.17g %.17g %.17g", name, keys[k], all.count, all.sum, all.least, all.most);
    for (i = 0; i < len; i++) printf(" %lu", all.bucket[i]);
    for (t = 0; values && t < THREADS; t++) {
        for (i = 0; i < model[t][k].len; i++) printf(" %a", model[t][k].values[i]);
    }
    printf("\n");
}

static void say(void)
{
    static const char *const told[] = { "world.seen", "world.burnt", "world.used", "world.drift", "world.users", "world.load" };
    unsigned k, t;
    for (k = 0; k < KEYS; k++) {
        long h = 0, o = 0;
        double e = 0, l = 0;
        for (t = 0; t < THREADS; t++) {
            h += model[t][k].hits;
            o += model[t][k].open;
            e += model[t][k].energy;
            l += model[t][k].level;
        }
        printf("counter world.hits key=%s %ld\ncounter world.energy key=%s %.17g\nupdown world.open key=%s %ld\nupdown world.level key=%s %.17g\n", keys[k], h, keys[k], e, keys[k], o, keys[k], l);
        say_shape("world.took", k, offsetof(model_t, took), 7, false);
        say_shape("world.size", k, offsetof(model_t, size), 5, false);
        say_shape("world.spread", k, offsetof(model_t, spread), 0, true);
        say_shape("world.weight", k, offsetof(model_t, weight), 0, false);
        for (t = 0; t < 6; t++) printf("%s %s key=%s %.17g\n", t < 2 ? "counter" : t < 4 ? "updown" : "gauge", told[t], keys[k], (double)observed[t][k] * (t % 2 ? 0.5 : 1));
    }
    for (t = 0; t < THREADS; t++) printf("gauge world.speed thread=%u %ld\ngauge world.heat thread=%u %.17g\n", t, model[t][0].speed, t, model[t][0].heat);
}

int main(int argc, char **argv)
{
    static otel_callback_t callback;
    static unsigned number[THREADS], dice;
    pthread_t thread[THREADS];
    otel_temporality_t *first;
    FILE *f[2];
    unsigned i, round;
    if (argc < 6) return 1;
    first = strcmp(argv[2], "delta") == 0 ? &delta_here : strcmp(argv[2], "low") == 0 ? &low_here : NULL;
    if (otel_init(&otel, .service = argv[2], .clock = clock_now, .pool = pool, .pool_size = sizeof pool, .shards = 6) != OTEL_OK) return 2;
    for (i = 0; i < 2; i++) {
        has[i] = strcmp(argv[3 + i], "-") != 0;
        if (has[i] && (otel_http_init(&http[i], .endpoint = argv[3 + i]) != OTEL_OK ||
            otel_exporter_init(&ex[i], .send = send_to, .user = &http[i], .buffer = packet[i], .buffer_size = sizeof packet[i],
                               .retry_initial_ms = 1, .retry_max_ms = 20, .temporality = i ? (first ? NULL : &delta_other) : first) != OTEL_OK)) return 3;
    }
    if (otel_metric_reader_init(&by_hand[0]) != OTEL_OK || otel_metric_reader_init(&by_hand[1], .temporality = &delta_by_hand) != OTEL_OK) return 4;
    dice = (unsigned)atoi(argv[1]);
    callback.call = observe;
    callback.user = &dice;
    if (otel_callback_register(&callback) != OTEL_OK) return 5;
    f[0] = file_in(argv[5], "pieces-cumulative", "wb");
    f[1] = file_in(argv[5], "pieces-delta", "wb");
    if (!f[0] || !f[1]) return 6;
    for (i = 0; i < THREADS; i++) {
        number[i] = (unsigned)atoi(argv[1]) * 64 + i;
        if (pthread_create(&thread[i], NULL, work, &number[i])) return 7;
    }
    for (round = 0; round < 8; round++) {
        for (i = 0; i < 2; i++) {
            if (has[i]) (void)otel_export_flush(&ex[i], 0);      /* one packet, or none while it waits for a retry */
            if (by_hand_round(f[i], i, round % 2 ? 900 : 20000)) return 8;
        }
        nap();
    }
    for (i = 0; i < THREADS; i++) (void)pthread_join(thread[i], NULL);
    reliable = frozen = true;
    for (round = 0; round < 2; round++) {
        for (i = 0; i < 2; i++) {
            if (has[i] && otel_export_flush(&ex[i], 60000) != OTEL_OK) return 9;
        }
        nap();
    }
    for (i = 0; i < 2; i++) {
        if (by_hand_round(f[i], i, i ? 900 : sizeof page) || fclose(f[i])) return 10;
    }
    if (pages(argv[5])) return 11;
    say();
    return otel_shutdown(&otel, 60000) == OTEL_OK ? 0 : 12;
}
