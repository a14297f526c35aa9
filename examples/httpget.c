/* httpget - fetches pages and hands its trace on to the server. It shows telemetry in a client:

     context   traceparent, tracestate and baggage go into the request's head
     traces    one trace for all pages, a client span for each
     metrics   http.client.request.duration

     cc -O2 -I. -Iports examples/httpget.c -lpthread -o httpget && ./httpget http://127.0.0.1:8080/ring.md http://127.0.0.1:8080/DESIGN.md

   Prints the status and the size of each page. -n COUNT fetches all of them that many times.
   Specification: semantic conventions, http/http-spans.md and http/http-metrics.md. */
#include "otel_posix.h"

static otel_histogram_t duration = OTEL_HISTOGRAM("http.client.request.duration", .unit = "s",
    OTEL_BUCKETS(16, 0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.25, 0.5, 0.75, 1, 2.5, 5, 7.5, 10));

typedef struct {
    char host[256], port[8], path[1024];
} url_t;

static bool parse(url_t *url, const char *text)
{
    size_t n;
    if (strncmp(text, "http://", 7)) return false;
    text += 7;
    n = strcspn(text, ":/");
    if (n == 0 || n >= sizeof url->host) return false;
    memcpy(url->host, text, n);
    url->host[n] = 0;
    text += n;
    (void)snprintf(url->port, sizeof url->port, "80");
    if (*text == ':') {
        n = strcspn(++text, "/");
        if (n == 0 || n >= sizeof url->port) return false;
        memcpy(url->port, text, n);
        url->port[n] = 0;
        text += n;
    }
    return (size_t)snprintf(url->path, sizeof url->path, "%s", *text ? text : "/") < sizeof url->path;
}

/* The request's head, as otel_inject fills it. */
typedef struct {
    char text[4096];
    size_t len;
} head_t;

static void add(void *to, const char *name, const char *value)
{
    head_t *head = (head_t *)to;
    int n = snprintf(head->text + head->len, sizeof head->text - head->len, "%s: %s\r\n", name, value);
    if (n > 0 && (size_t)n < sizeof head->text - head->len) head->len += (size_t)n;
}

static int dial(const url_t *url)
{
    struct addrinfo hints, *all, *a;
    int fd = -1;
    memset(&hints, 0, sizeof hints);
    hints.ai_socktype = SOCK_STREAM;
    if (getaddrinfo(url->host, url->port, &hints, &all)) return -1;
    for (a = all; a && fd < 0; a = a->ai_next) {
        fd = socket(a->ai_family, a->ai_socktype, a->ai_protocol);
        if (fd >= 0 && connect(fd, a->ai_addr, a->ai_addrlen)) {
            (void)close(fd);
            fd = -1;
        }
    }
    freeaddrinfo(all);
    return fd;
}

/* Send the request and read the answer: its status, or -1. `*size`: bytes of the body. */
static int talk(int fd, const head_t *head, size_t *size)
{
    char answer[16385];
    size_t len = 0, body = 0;
    ssize_t n;
    int status = -1;
    if (send(fd, head->text, head->len, MSG_NOSIGNAL) != (ssize_t)head->len) return -1;
    while ((n = recv(fd, answer + len, sizeof answer - 1 - len, 0)) > 0) {
        if (status >= 0) {
            body += (size_t)n;
            continue;
        }
        len += (size_t)n;
        answer[len] = 0;
        if (strstr(answer, "\r\n\r\n")) {
            status = strncmp(answer, "HTTP/1.", 7) ? 0 : atoi(answer + 9);
            body = len - (size_t)(strstr(answer, "\r\n\r\n") + 4 - answer);
            len = 0;
        } else if (len == sizeof answer - 1) {
            break;
        }
    }
    *size = body;
    return status > 0 ? status : -1;
}

static int fetch(const char *text)
{
    url_t url;
    head_t head;
    size_t size = 0;
    int fd, status = -1;
    uint64_t began = otel_posix_clock(NULL);
    if (!parse(&url, text)) {
        (void)fprintf(stderr, "httpget: %s is no http:// address\n", text);
        return -1;
    }
    OTEL_SPAN_SIZED(span, 1024, "GET", .kind = OTEL_CLIENT) {
        otel_span_set(span, "http.request.method", "GET", "url.full", text, "server.address", url.host, "server.port", atoi(url.port), "network.protocol.version", "1.1");
        head.len = (size_t)snprintf(head.text, sizeof head.text, "GET %s HTTP/1.1\r\nHost: %s:%s\r\nUser-Agent: httpget/%s\r\nConnection: close\r\n", url.path, url.host, url.port, OTEL_VERSION);
        otel_inject(span, add, &head);
        memcpy(head.text + head.len, "\r\n", 3);
        head.len += 2;
        fd = dial(&url);
        if (fd < 0) (void)otel_span_error(span, errno, "nobody answers there");
        else if ((status = talk(fd, &head, &size)) < 0) (void)otel_span_error(span, errno, "no HTTP answer");
        else otel_span_set(span, "http.response.status_code", status, "http.response.body.size", (int64_t)size);
        if (status >= 400) otel_span_status(span, OTEL_STATUS_ERROR, NULL);
        if (fd >= 0) (void)close(fd);
    }
    otel_histogram_record(&duration, (double)(otel_posix_clock(NULL) - began) / 1e9, "http.request.method", "GET", "server.address", url.host,
                          "server.port", atoi(url.port), "http.response.status_code", status);
    (void)printf("%d %lu %s\n", status, (unsigned long)size, text);
    return status;
}

int main(int argc, char **argv)
{
    long times = 1, i;
    int first = 1, k, bad = 0;
    if (argc > 2 && strcmp(argv[1], "-n") == 0) {
        times = strtol(argv[2], NULL, 10);
        first = 3;
    }
    if (first >= argc || times < 1) {
        (void)fprintf(stderr, "usage: httpget [-n COUNT] http://HOST[:PORT]/PATH ...\n");
        return 2;
    }
    if (otel_posix_start(.service = getenv("OTEL_SERVICE_NAME") ? NULL : "httpget", .version = OTEL_VERSION) != OTEL_OK) return 1;
    OTEL_SPAN(span, "fetch pages") {
        otel_span_set(span, "pages", argc - first, "times", times);
        for (i = 0; i < times; i++) {
            for (k = first; k < argc; k++) bad += fetch(argv[k]) != 200;
        }
        if (bad) otel_log(OTEL_WARN, "not all pages came", "missing", bad);
    }
    return otel_posix_stop(5000) != OTEL_OK || bad;
}
