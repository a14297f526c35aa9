/* httpd - a small HTTP server on a pool of threads that serves the files of a folder. It shows telemetry in a server:

     context   traceparent, tracestate and baggage of each request: its span continues the caller's trace
     traces    a server span for each request, and in it a span for the file
     metrics   http.server.request.duration, http.server.active_requests, http.server.response.body.size
     logs      what goes wrong, inside the span of its request

     cc -O2 -I. -Iports examples/httpd.c -lpthread -o httpd && ./httpd 8080 docs
     curl -s http://127.0.0.1:8080/ring.md

   Port 0 takes a free one; the first line of output says which. SIGTERM and Ctrl-C end it, and what was seen still goes out.
   Specification: semantic conventions, http/http-spans.md and http/http-metrics.md. */
#include "otel_posix.h"
#include <arpa/inet.h>
#include <strings.h>
#include <sys/stat.h>
#include <sys/time.h>

#define WORKERS 4
#define WAITING 64                     /* connections that no thread has taken yet */
#define HEAD 8192                      /* bytes of a request's head */

static otel_histogram_t duration = OTEL_HISTOGRAM("http.server.request.duration", .unit = "s",
    OTEL_BUCKETS(16, 0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.25, 0.5, 0.75, 1, 2.5, 5, 7.5, 10));
static otel_updown_t active = OTEL_UPDOWN("http.server.active_requests", .unit = "{request}", OTEL_SERIES(4));
static otel_histogram_t body_size = OTEL_HISTOGRAM("http.server.response.body.size", .unit = "By", OTEL_BUCKETS(16, 0, 1024, 16384, 262144, 4194304));

static const char *folder;
static long port;
static int listener;
static volatile sig_atomic_t stopped;

/* ---- connections on their way to a thread ---- */
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t arrived = PTHREAD_COND_INITIALIZER;
static int waiting[WAITING];
static unsigned first, count;

static bool hand_over(int fd)
{
    bool room;
    (void)pthread_mutex_lock(&lock);
    room = count < WAITING;
    if (room) waiting[(first + count++) % WAITING] = fd;
    (void)pthread_cond_signal(&arrived);
    (void)pthread_mutex_unlock(&lock);
    return room;
}

/* The next connection, -1 at the end. */
static int take(void)
{
    int fd = -1;
    (void)pthread_mutex_lock(&lock);
    while (count == 0 && !stopped) (void)pthread_cond_wait(&arrived, &lock);
    if (count) {
        fd = waiting[first];
        first = (first + 1) % WAITING;
        count--;
    }
    (void)pthread_mutex_unlock(&lock);
    return fd;
}

/* ---- one request ---- */
typedef struct {
    char head[HEAD];
    size_t len;                        /* of the head */
    char *method, *path, *query;       /* inside it */
    struct sockaddr_in peer;
    int fd, status;
    size_t sent;                       /* bytes of the body */
} request_t;

static void time_out(int fd)
{
    struct timeval limit;
    limit.tv_sec = 5;
    limit.tv_usec = 0;
    (void)setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof limit);
    (void)setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &limit, sizeof limit);
}

static bool write_all(int fd, const char *text, size_t len)
{
    while (len) {
        ssize_t n = send(fd, text, len, MSG_NOSIGNAL);
        if (n <= 0) return false;
        text += n;
        len -= (size_t)n;
    }
    return true;
}

/* Read until the empty line, and cut the first line into its words. */
static bool read_head(request_t *r)
{
    char *end;
    while (!strstr(r->head, "\r\n\r\n")) {
        ssize_t n = recv(r->fd, r->head + r->len, sizeof r->head - 1 - r->len, 0);
        if (n <= 0) return false;
        r->len += (size_t)n;
        r->head[r->len] = 0;
    }
    r->method = r->head;
    end = strchr(r->head, ' ');
    if (!end || end - r->head > 16) return false;
    *end = 0;
    r->path = end + 1;
    end = strpbrk(r->path, " \r");
    if (!end || *end != ' ' || *r->path != '/') return false;
    *end = 0;
    r->query = strchr(r->path, '?');
    if (r->query) *r->query++ = 0;
    return true;
}

/* A header's value, cut at the end of its line; NULL when it is not there. */
static const char *header(request_t *r, const char *name)
{
    char *line = r->query ? r->query : r->path, *stop = r->head + r->len;
    size_t n = strlen(name);
    while ((line = memchr(line, '\n', (size_t)(stop - line))) != NULL && ++line + n < stop) {
        char *end;
        if (strncasecmp(line, name, n) || line[n] != ':') continue;
        line += n + 1;
        end = strpbrk(line, "\r\n");
        if (end) *end = 0;
        return line + strspn(line, " \t");
    }
    return NULL;
}

static void answer(request_t *r, int status, const char *reason, size_t len)
{
    char head[160];
    int n = snprintf(head, sizeof head, "HTTP/1.1 %d %s\r\nContent-Length: %lu\r\nConnection: close\r\n\r\n", status, reason, (unsigned long)len);
    r->status = status;
    (void)write_all(r->fd, head, (size_t)n);
}

static void refuse(request_t *r, int status, const char *reason)
{
    answer(r, status, reason, strlen(reason) + 1);
    r->sent = strlen(reason) + 1;
    (void)write_all(r->fd, reason, strlen(reason));
    (void)write_all(r->fd, "\n", 1);
}

/* Send a file; the span tells which and how much. */
static void serve_file(request_t *r)
{
    char name[1024], bytes[16384];
    struct stat info;
    ssize_t n;
    int fd;
    OTEL_SPAN_HERE(span, "read file");
    if (snprintf(name, sizeof name, "%s%s%s", folder, r->path, r->path[strlen(r->path) - 1] == '/' ? "index.html" : "") >= (int)sizeof name || strstr(r->path, "..")) {
        otel_log(OTEL_WARN, "a path that leads out of the folder", "url.path", r->path);
        refuse(r, 403, "Forbidden");
        return;
    }
    otel_span_set(span, "file.path", name);
    fd = open(name, O_RDONLY | O_CLOEXEC);
    if (fd < 0 || fstat(fd, &info) || !S_ISREG(info.st_mode)) {
        (void)otel_span_error(span, errno ? errno : EISDIR, "no such file");
        if (fd >= 0) (void)close(fd);
        refuse(r, 404, "Not Found");
        return;
    }
    otel_span_set(span, "file.size", (int64_t)info.st_size);
    answer(r, 200, "OK", (size_t)info.st_size);
    while ((n = read(fd, bytes, sizeof bytes)) > 0 && write_all(r->fd, bytes, (size_t)n)) r->sent += (size_t)n;
    if (r->sent != (size_t)info.st_size) (void)otel_span_error(span, EPIPE, "the client went away");
    (void)close(fd);
}

static double seconds(void) { return (double)otel_posix_clock(NULL) / 1e9; }

static void serve(int fd)
{
    static const char *const known[] = { "GET", "HEAD", "POST", "PUT", "DELETE", "OPTIONS", "PATCH", "TRACE", "CONNECT" };
    request_t r;
    otel_context_t caller;
    char name[64], client[INET_ADDRSTRLEN];
    const char *method = "_OTHER", *agent, *traceparent, *tracestate;
    socklen_t size = sizeof r.peer;
    double began = seconds();
    unsigned i;
    memset(&r, 0, sizeof r);
    r.fd = fd;
    time_out(fd);
    if (getpeername(fd, (struct sockaddr *)&r.peer, &size) || !read_head(&r)) {
        if (r.len) refuse(&r, 400, "Bad Request");
        return;
    }
    for (i = 0; i < sizeof known / sizeof *known; i++) {
        if (strcmp(r.method, known[i]) == 0) method = known[i];        /* so that nobody can invent series */
    }
    agent = header(&r, "user-agent");
    traceparent = header(&r, "traceparent");
    tracestate = header(&r, "tracestate");
    (void)otel_extract(&caller, traceparent, tracestate, header(&r, "baggage"));
    (void)snprintf(name, sizeof name, "%s", strcmp(method, "_OTHER") ? method : "HTTP");
    otel_updown_add(&active, 1, "http.request.method", method, "url.scheme", "http");
    OTEL_SPAN_SIZED(span, 1024, name, .kind = OTEL_SERVER, .parent = &caller) {
        otel_span_set(span, "http.request.method", method, "url.path", r.path, "url.scheme", "http", "network.protocol.version", "1.1", "server.port", port,
                      "client.address", inet_ntop(AF_INET, &r.peer.sin_addr, client, sizeof client) ? client : "");
        if (r.query) otel_span_set(span, "url.query", r.query);
        if (agent) otel_span_set(span, "user_agent.original", agent);
        if (strcmp(method, "_OTHER") == 0) otel_span_set(span, "http.request.method_original", r.method);
        if (strcmp(method, "GET") == 0) serve_file(&r);
        else refuse(&r, 405, "Method Not Allowed");
        otel_span_set(span, "http.response.status_code", r.status, "http.response.body.size", (int64_t)r.sent);
        if (r.status >= 500) otel_span_status(span, OTEL_STATUS_ERROR, NULL);          /* 4xx is the client's mistake, not this span's */
    }
    otel_updown_add(&active, -1, "http.request.method", method, "url.scheme", "http");
    otel_histogram_record(&duration, seconds() - began, "http.request.method", method, "url.scheme", "http", "http.response.status_code", r.status);
    otel_histogram_record(&body_size, (double)r.sent, "http.request.method", method, "url.scheme", "http", "http.response.status_code", r.status);
}

static void *worker(void *unused)
{
    int fd;
    while ((fd = take()) >= 0) {
        serve(fd);
        (void)shutdown(fd, SHUT_WR);
        (void)close(fd);
    }
    return unused;
}

/* ---- the server ---- */
static void on_signal(int number)
{
    (void)number;
    stopped = 1;
    (void)shutdown(listener, SHUT_RDWR);
}

static bool listen_on(long number)
{
    struct sockaddr_in at;
    socklen_t size = sizeof at;
    int yes = 1;
    memset(&at, 0, sizeof at);
    at.sin_family = AF_INET;
    at.sin_port = htons((uint16_t)number);
    at.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    listener = socket(AF_INET, SOCK_STREAM, 0);
    if (listener < 0 || setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes) || bind(listener, (struct sockaddr *)&at, size)
        || listen(listener, 64) || getsockname(listener, (struct sockaddr *)&at, &size)) {
        perror("httpd");
        return false;
    }
    port = ntohs(at.sin_port);
    return true;
}

int main(int argc, char **argv)
{
    pthread_t thread[WORKERS];
    struct sigaction action;
    char *end = NULL;
    long number = argc > 1 ? strtol(argv[1], &end, 10) : 8080;
    int i, n = 0;
    if (argc > 3 || (end && (*end || end == argv[1])) || number < 0 || number > 65535) {
        (void)fprintf(stderr, "usage: httpd [PORT [FOLDER]]     port 0: any free one (8080), folder: what is served (.)\n");
        return 2;
    }
    folder = argc > 2 ? argv[2] : ".";
    if (otel_posix_start(.service = getenv("OTEL_SERVICE_NAME") ? NULL : "httpd", .version = OTEL_VERSION) != OTEL_OK) return 1;
    memset(&action, 0, sizeof action);
    action.sa_handler = on_signal;
    (void)sigaction(SIGINT, &action, NULL);
    (void)sigaction(SIGTERM, &action, NULL);
    if (!listen_on(number)) return 1;
    for (i = 0; i < WORKERS; i++) n += pthread_create(&thread[n], NULL, worker, NULL) == 0;
    (void)printf("httpd: http://127.0.0.1:%ld/\n", port);
    (void)fflush(stdout);
    otel_log(OTEL_INFO, "serving", "server.port", port, "folder", folder, "threads", n);
    while (!stopped) {
        int fd = accept(listener, NULL, NULL);
        if (fd >= 0 && !hand_over(fd)) {
            otel_log(OTEL_WARN, "all threads are busy: a connection was closed");
            (void)close(fd);
        }
    }
    (void)pthread_mutex_lock(&lock);
    (void)pthread_cond_broadcast(&arrived);
    (void)pthread_mutex_unlock(&lock);
    for (i = 0; i < n; i++) (void)pthread_join(thread[i], NULL);
    (void)close(listener);
    return otel_posix_stop(5000) == OTEL_OK ? 0 : 1;
}
