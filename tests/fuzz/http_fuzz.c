/* Any bytes as the answer of a receiver, and as endpoint and headers of a configuration: the first byte says which. The answer comes
   through a real pair of sockets; twice, and both times it must say the same.
     clang -g -O1 -fsanitize=fuzzer,address,undefined -I. -Iports tests/fuzz/http_fuzz.c -o http_fuzz -lpthread */
#undef OTEL_SPLIT                  /* it calls private functions, so it has bodies of its own */
#include "otel_posix.h"

#define CHECK(x) ((x) ? (void)0 : (fprintf(stderr, "not so: %s (line %d)\n", #x, __LINE__), abort()))

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static int answer_of(const uint8_t *data, size_t size, char *location)
{
    static otel_http_t http;
    static otel_http_reply_t_ reply;
    static uint8_t kept[OTEL_HTTP_KEEP_];
    int pair[2], status;
    size_t done = 0;
    CHECK(socketpair(AF_UNIX, SOCK_STREAM, 0, pair) == 0);
    while (done < size) {
        ssize_t n = send(pair[1], data + done, size - done, MSG_NOSIGNAL);
        CHECK(n > 0);
        done += (size_t)n;
    }
    (void)shutdown(pair[1], SHUT_WR);
    memset(&http, 0, sizeof http);
    memset(&reply, 0, sizeof reply);
    reply.body = kept;
    reply.room = sizeof kept;
    reply.http = &http;
    reply.fd = pair[0];
    reply.deadline = otel_posix_ms_() + 10000u;
    status = otel_http_get_(&reply);
    CHECK(status == -1 || (status >= 200 && status <= 599 && status != 101));
    CHECK(reply.kept <= OTEL_HTTP_KEEP_ && strlen(reply.retry_after) < sizeof reply.retry_after && strlen(reply.location) < sizeof reply.location);
    if (status > 0) {
        otel_reply_t said;
        (void)otel_reply_read_(&said, reply.body, reply.kept, 10);
        otel_http_tell_(&http, &reply, status, 10);
        CHECK(said.rejected <= 10 && strlen(http.error_) < sizeof http.error_);
    }
    memcpy(location, reply.location, sizeof reply.location);
    (void)(close)(pair[0]);
    (void)(close)(pair[1]);
    return status;
}

static void configure(const uint8_t *data, size_t size)
{
    static otel_http_t http;
    char text[4096], *headers;
    size_t i, lines = 0;
    otel_http_options_t o;
    if (size >= sizeof text) return;
    memcpy(text, data, size);
    text[size] = 0;
    headers = strchr(text, '\n');
    if (headers) *headers++ = 0;
    memset(&o, 0, sizeof o);
    o.endpoint = text;
    o.headers = headers;
    if (otel_http_init_with(&http, &o) != OTEL_OK) {
        CHECK(*otel_http_error(&http));
        return;
    }
    for (i = 0; i < http.target_[0].head_len; i++) {
        unsigned char c = (unsigned char)http.target_[0].head[i];
        CHECK(c != 0 && c != 127 && (c >= ' ' || c == '\r' || c == '\n' || c == '\t'));
        lines += c == '\n';
        CHECK(c != '\n' || http.target_[0].head[i - 1] == '\r');
    }
    CHECK(lines >= 4 && strncmp(http.target_[0].head, "POST /", 6) == 0);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    char one[100], two[100];
    if (size == 0 || size > 60000) return 0;
    if (data[0] & 1u) {
        configure(data + 1, size - 1);
    } else {
        int status = answer_of(data + 1, size - 1, one);
        CHECK(answer_of(data + 1, size - 1, two) == status && strcmp(one, two) == 0);
    }
    return 0;
}
