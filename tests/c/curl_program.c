/* Records through ports/otel_curl.h and says what became of it: curl_program PROTOCOL ENDPOINT N SECONDS [NAME=VALUE ...]. PROTOCOL: http, grpc or json;
   names: ca, cert, key, headers, token, timeout, gzip, parts, max, rounds, env (what is not given comes from the environment; ENDPOINT may be "-"). */
#include "otel_posix.h"
#include "otel_curl.h"
#ifdef WITH_GZIP
#include "otel_gzip.h"
static otel_gzip_t gzip;
#endif

static otel_t otel;
static otel_exporter_t ex;
static otel_curl_t curl;
static uint8_t pool[4 << 20], packet[1 << 20];
static otel_counter_t rounds_done = OTEL_COUNTER("rounds");

static int post(void *user, const otel_request_t *request)
{
    int status = otel_curl_send(user, request);
    long version = 0;
    printf("answer %s %d %s\n", request->path, status, otel_curl_error(user));
    if (curl_easy_getinfo(curl.easy_, CURLINFO_HTTP_VERSION, &version) == CURLE_OK) printf("version %ld\n", version == CURL_HTTP_VERSION_2_0 ? 2L : version == CURL_HTTP_VERSION_1_1 ? 1L : 0L);
    (void)fflush(stdout);
    return status;
}

static const char *token(void *user) { return (const char *)user; }

static const char *value_of(int argc, char **argv, const char *name)
{
    size_t n = strlen(name);
    int i;
    for (i = 5; i < argc; i++) {
        if (strncmp(argv[i], name, n) == 0 && argv[i][n] == '=') return argv[i] + n + 1;
    }
    return NULL;
}

static void numbers(void)
{
    static const char *const word[] = { "traces", "metrics", "logs" };
    otel_stats_t stats;
    unsigned i, k;
    if (otel_stats(&ex, &stats) != OTEL_OK) return;
    for (i = 0; i < OTEL_SIGNALS; i++) {
        const otel_signal_stats_t *s = &stats.signal[i];
        unsigned long dropped = (unsigned long)otel_stats_dropped(s);
        printf("%s created=%lu exported=%lu dropped=%lu queued=%lu retried=%lu", word[i], (unsigned long)s->created, (unsigned long)s->exported, dropped, (unsigned long)s->queued, (unsigned long)s->retried);
        for (k = 0; k < OTEL_DROP_REASONS; k++) {
            if (s->dropped[k]) printf(" %s=%lu", k == OTEL_DROP_REJECTED ? "rejected" : k == OTEL_DROP_TOO_LARGE ? "too_large" : k == OTEL_DROP_GAVE_UP ? "gave_up" : "other", (unsigned long)s->dropped[k]);
        }
        printf("%s\n", s->created == s->exported + dropped + s->queued ? " law" : " BROKEN");
    }
}

static void record(unsigned n, unsigned round)
{
    unsigned i;
    for (i = 0; i < n; i++) {
        OTEL_SPAN(span, "work", .kind = OTEL_CLIENT) {
            otel_span_set(span, "i", i, "round", round, "text", "some text that is much the same in each span");
            otel_log(OTEL_INFO, "said", "i", i);
        }
    }
    otel_counter_add(&rounds_done, 1);
}

int main(int argc, char **argv)
{
    otel_curl_options_t o;
    otel_result_t result;
    const char *v;
    unsigned i, n, rounds = 1;
    if (argc < 5) return 2;
    memset((void *)&o, 0, sizeof o);
    o.protocol = !strcmp(argv[1], "grpc") ? OTEL_CURL_GRPC : !strcmp(argv[1], "json") ? OTEL_CURL_JSON : OTEL_CURL_HTTP;
    o.endpoint = strcmp(argv[2], "-") ? argv[2] : NULL;
    o.environment = value_of(argc, argv, "env") != NULL;
    o.ca_file = value_of(argc, argv, "ca");
    o.certificate_file = value_of(argc, argv, "cert");
    o.key_file = value_of(argc, argv, "key");
    o.headers = value_of(argc, argv, "headers");
    if ((v = value_of(argc, argv, "token")) != NULL) o.authorization = token, o.authorization_user = (void *)(uintptr_t)v;
    if ((v = value_of(argc, argv, "timeout")) != NULL) o.timeout_ms = (uint32_t)atol(v);
    if ((v = value_of(argc, argv, "max")) != NULL) o.request_max = (size_t)atol(v);
    if ((v = value_of(argc, argv, "rounds")) != NULL) rounds = (unsigned)atol(v);
#ifdef WITH_GZIP
    if (value_of(argc, argv, "gzip")) o.compress = otel_gzip, o.compress_user = &gzip;
#endif
    n = (unsigned)atol(argv[3]);
    if (otel_curl_init_with(&curl, &o) != OTEL_OK) {
        printf("refused %s\n", otel_curl_error(&curl));
        return 3;
    }
    if (*otel_curl_error(&curl)) printf("said %s\n", otel_curl_error(&curl));
    if (otel_init(&otel, .service = "curl", .clock = otel_posix_clock, .clock_hz = 1000000000u, .entropy = otel_posix_entropy, .pool = pool, .pool_size = sizeof pool) != OTEL_OK) return 4;
    otel_use(&otel);
    otel_time_sync(&otel, (uint64_t)time(NULL) * 1000000000u);
    if (value_of(argc, argv, "parts")) result = otel_exporter_init(&ex, .otel = &otel, .send = post, .user = &curl, .retry_initial_ms = 20, .retry_max_ms = 2000);
    else result = otel_exporter_init(&ex, .otel = &otel, .send = post, .user = &curl, .buffer = packet, .buffer_size = sizeof packet, .retry_initial_ms = 20, .retry_max_ms = 2000);
    if (result != OTEL_OK) return 5;
    for (i = 0; i < rounds; i++) {
        record(n, i);
        printf("flush %d\n", (int)otel_export_flush(&ex, (uint32_t)atol(argv[4]) * 1000u));
    }
    numbers();
    (void)otel_shutdown(&otel, 0);
    otel_curl_close(&curl);
#ifdef WITH_GZIP
    otel_gzip_close(&gzip);
#endif
    return 0;
}
