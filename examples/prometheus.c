/* prometheus - metrics for Prometheus, served through libmicrohttpd:
     cc -I. -Iports examples/prometheus.c -o prometheus -lmicrohttpd -lpthread && ./prometheus 9464
     curl http://localhost:9464/metrics
   It counts its own requests, ends when its standard input does, and prints the port that it listens on (0: any free one). */
#include <microhttpd.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include "otel_export.h"

static otel_t otel;
static uint8_t pool[4096], packet[65536];
static char text[65536];

static otel_scope_t web = OTEL_SCOPE("web.server", .version = "1.0");
static otel_counter_t scrapes = OTEL_COUNTER("http.server.requests", .unit = "{request}", .description = "Requests that were \"answered\"", .scope = &web, OTEL_SERIES(8));
static otel_histogram_t sizes = OTEL_HISTOGRAM("http.response.size", .unit = "By", .scope = &web, OTEL_BOUNDS(100, 1000, 10000));
static otel_observable_double_t temperature = OTEL_OBSERVABLE_GAUGE_DOUBLE("hw.temperature", .unit = "Cel", .description = "Temperature");

static uint64_t unix_ns(void *user)
{
    struct timespec t;
    (void)user;
    timespec_get(&t, TIME_UTC);
    return (uint64_t)t.tv_sec * 1000000000u + (uint64_t)t.tv_nsec;
}

static void measure(void *user)
{
    (void)user;
    otel_observe(&temperature, 21.5);
}

static enum MHD_Result answer(void *user, struct MHD_Connection *connection, const char *url, const char *method, const char *version,
                              const char *data, size_t *size, void **state)
{
    bool openmetrics = otel_prometheus_accepts_openmetrics(MHD_lookup_connection_value(connection, MHD_HEADER_KIND, "Accept"));
    struct MHD_Response *response;
    enum MHD_Result result;
    size_t n;
    (void)user, (void)method, (void)version, (void)data, (void)size, (void)state;
    otel_counter_add(&scrapes, 1, "url.path", url, "http.method", method);
    n = otel_prometheus_write(text, sizeof text, .packet = packet, .packet_size = sizeof packet, .openmetrics = openmetrics);
    if (n >= sizeof text) n = 0;
    otel_histogram_record(&sizes, n);
    response = MHD_create_response_from_buffer(n, text, MHD_RESPMEM_MUST_COPY);
    MHD_add_response_header(response, "Content-Type", otel_prometheus_type(openmetrics));
    result = MHD_queue_response(connection, n ? MHD_HTTP_OK : MHD_HTTP_INTERNAL_SERVER_ERROR, response);
    MHD_destroy_response(response);
    return result;
}

int main(int argc, char **argv)
{
    static otel_callback_t callback = OTEL_CALLBACK(measure, NULL);
    struct MHD_Daemon *server;
    otel_init(&otel, .service = "web", .version = "1.0", .clock = unix_ns, .pool = pool, .pool_size = sizeof pool);
    otel_callback_register(&callback);
    server = MHD_start_daemon(MHD_USE_INTERNAL_POLLING_THREAD, (uint16_t)(argc > 1 ? atoi(argv[1]) : 9464), NULL, NULL, answer, NULL, MHD_OPTION_END);
    if (!server) return 1;
    printf("%u\n", (unsigned)MHD_get_daemon_info(server, MHD_DAEMON_INFO_BIND_PORT)->port);
    fflush(stdout);
    while (getchar() != EOF) {}
    MHD_stop_daemon(server);
    return 0;
}
