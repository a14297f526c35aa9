/* What test_says.py runs: a program that has trouble, and hears of it by stderr or (with "say") by its callback, one line each.
   Words: say, left (a span stays open), over (a span is overwritten), fill (a pool that is too small), tiny (for anything), many (more than a shard holds), stuck, wait MS, dump, own (a processor). */
#include "otel_posix.h"

static int heard;
static void say(void *user, const otel_diag_t *what)
{
    ++*(int *)user;
    (void)printf("%d|%d|%d|%d|%lu|%d|%s|%s|%s\n", (int)what->code, (int)what->level, (int)what->signal, (int)what->reason, (unsigned long)what->count, what->answer, what->text, what->remedy,
                 what->name ? what->name : "");
    (void)fflush(stdout);
}

static int post(void *user, const otel_request_t *request)
{
    struct timespec t = { 0, 100000000 };
    (void)user;
    (void)request;
    while (nanosleep(&t, NULL) == 0 || !heard) {}
    return 200;
}

static unsigned started;
static void on_start(const otel_processor_t *self, otel_span_t *span, const otel_context_t *parent)
{
    (void)self, (void)span, (void)parent;
    started++;
}
static const otel_processor_t counting = { .on_start = on_start };
static const otel_processor_t *const processors[] = { &counting, NULL };
static const otel_span_settings_t settings = { .processors = processors };

static bool word(int argc, char **argv, const char *which)
{
    while (argc-- > 1) {
        if (strcmp(argv[argc], which) == 0) return true;
    }
    return false;
}

int main(int argc, char **argv)
{
    static otel_span_t left, over;
    struct timespec t = { 0, 10000000 };
    bool stuck = word(argc, argv, "stuck"), own = word(argc, argv, "own");
    otel_posix_options_t options = { .service = "says", .interval_ms = 10, .exit_ms = stuck ? 300 : 2000 };
    otel_result_t result;
    int i, wait = 0;
    if (word(argc, argv, "say")) options.say = say, options.say_user = &heard;
    if (word(argc, argv, "fill")) options.pool_size = 4096, options.shards = 1;
    if (word(argc, argv, "tiny")) options.pool_size = 100;
    if (word(argc, argv, "many")) options.pool_size = 65536, options.shards = 9;
    if (stuck) options.send = post;
    if (own) options.spans = otel_spans(&settings);
    result = otel_posix_start_with(&options);
    (void)printf("start %d\n", (int)result);
    (void)fflush(stdout);
    for (i = 0; i < (word(argc, argv, "fill") || word(argc, argv, "many") ? 1000 : 2); i++) {
        OTEL_SPAN(span, "work") otel_span_set(span, "i", i);
    }
    if (word(argc, argv, "left")) otel_span_start(&left, "left behind");
    if (word(argc, argv, "over")) otel_span_start(&over, "overwritten"), otel_span_start(&over, "second"), otel_span_end(&over);
    for (i = 1; i < argc; i++) wait = strcmp(argv[i], "wait") == 0 && i + 1 < argc ? atoi(argv[i + 1]) : wait;
    for (i = 0; i < wait; i += 10) {
        otel_stats_t stats;
        (void)nanosleep(&t, NULL);
        if (i % 500 == 0) {
            OTEL_SPAN(span, "more") (void)span;
        }
        if (otel_posix_stats(&stats) == OTEL_OK && word(argc, argv, "until") && stats.signal[0].exported) break;
    }
    if (word(argc, argv, "dump")) {
        (void)printf("dump %d\n", (int)otel_posix_dump(stdout, 60000));
        (void)otel_posix_stop(1000);
        (void)printf("dump %d\n", (int)otel_posix_dump(stdout, 60000));
    }
    if (own) (void)printf("started %d\n", started > 0);
    return 0;
}
