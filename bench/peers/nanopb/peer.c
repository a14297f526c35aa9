/* nanopb on the work of ../host that it does: a struct is filled at run time and encoded. See ../README.md for how it reports. */
#define _POSIX_C_SOURCE 200809L
#include "../serve.h"
#include "span.pb.h"
#include <pb_encode.h>

static Span spans[MOST];
static pb_byte_t packet[1u << 20];
static const char *name = "GET /api/users", *method = "GET", *path = "/api/users/42", *key_of_method = "http.request.method",
                  *key_of_path = "url.path", *key_of_status = "http.response.status_code", *key_of_ratio = "duration.ratio";
static int status = 200;

/* An id as good as ../host's. */
static uint64_t id(void)
{
    static uint64_t state[2] = { 0x9E3779B97F4A7C15u, 0xBF58476D1CE4E5B9u };
    uint64_t a = state[0], b = state[1];
    a ^= a << 23;
    state[0] = b;
    return state[1] = a ^ b ^ (a >> 18) ^ (b >> 5);
}

/* nanopb writes no text, but its structs have them writable. */
static void text(Attribute *a, const char *key, const char *value)
{
    HIDE(key);
    HIDE(value);
    a->key = (char *)(uintptr_t)key;
    a->has_value = true;
    a->value.which_value = Value_string_value_tag;
    a->value.value.string_value = (char *)(uintptr_t)value;
}

static void fill(Span *s)
{
    uint64_t ids[3] = { id(), id(), id() };
    const char *ks = key_of_status, *kr = key_of_ratio;
    int code = status;
    HIDE(ks);
    HIDE(kr);
    HIDE(code);
    memcpy(s->trace_id, ids, 16);
    memcpy(s->span_id, &ids[2], 8);
    s->name = (char *)(uintptr_t)name;
    s->kind = 1;
    s->start_time_unix_nano = s->end_time_unix_nano = 1700000000000000000u;
    s->flags = 0x101;
    s->attributes_count = 4;
    text(&s->attributes[0], key_of_method, method);
    text(&s->attributes[1], key_of_path, path);
    s->attributes[2] = (Attribute){ (char *)(uintptr_t)ks, true, { Value_int_value_tag, { .int_value = code } } };
    s->attributes[3] = (Attribute){ (char *)(uintptr_t)kr, true, { Value_double_value_tag, { .double_value = 0.5 } } };
}

static void span_4_no_clock(unsigned long n)
{
    while (n--) {
        pb_ostream_t to = pb_ostream_from_buffer(packet + 512 * (n & 1023), 512);
        Span s;
        fill(&s);
        if (!pb_encode(&to, &Span_msg, &s)) exit(3);
    }
}

static void finished(unsigned long n)
{
    while (n--) fill(&spans[n]);
}

/* Spans that ended lie there as structs, and become the repeated field of a ScopeSpans. */
static void export_4(unsigned long n)
{
    pb_ostream_t to = pb_ostream_from_buffer(packet, sizeof packet);
    while (n--) {
        if (!pb_encode_tag(&to, PB_WT_STRING, 2) || !pb_encode_submessage(&to, &Span_msg, &spans[n])) exit(3);
    }
    USE(packet);
}

int main(void)
{
    static const peer_case_t cases[] = { { "span_4_no_clock", span_4_no_clock, NULL }, { "export_4", export_4, finished } };
    return serve("nanopb", NANOPB_VERSION, cases, 2);
}
