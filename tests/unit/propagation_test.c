/* traceparent, tracestate and baggage against readers written a second time, from the grammars, with string functions. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>
#include "otel.h"

#define BLANK " \t"
#define TP "00-0123456789abcdef0123456789abcdef-0123456789abcdef-01"
#define LENGTH(a) (sizeof(a) / sizeof *(a))

/* A copy that ends where its memory ends, so that a read behind it is seen. */
static char *exact(const char *text, size_t len)
{
    char *p = (char *)malloc(len + 1);
    assert_non_null(p);
    memcpy(p, text, len);
    p[len] = 0;
    return p;
}

/* `size` bytes and one more, all '#'. */
static char *room(size_t size)
{
    char *p = (char *)malloc(size + 1);
    assert_non_null(p);
    memset(p, '#', size + 1);
    return p;
}

/* Calls `check` with every prefix of `text`, and with each byte of it removed, replaced and preceded by every byte. */
static unsigned mutate(const char *text, void (*check)(const char *text))
{
    size_t len = strlen(text), i;
    unsigned c, n = 0;
    char *p;
    for (i = 0; i <= len; i++, n++) {
        p = exact(text, i);
        check(p);
        free(p);
    }
    for (i = 0; i < len; i++, n++) {
        p = exact(text, len ? len - 1 : 0);
        memcpy(p + i, text + i + 1, len - i - 1);
        check(p);
        free(p);
    }
    for (i = 0; i < len; i++) {
        for (c = 0; c < 256; c++, n++) {
            p = exact(text, len);
            p[i] = (char)c;
            check(p);
            free(p);
        }
    }
    for (i = 0; i <= len; i++) {
        for (c = 0; c < 256; c++, n++) {
            p = room(len + 1);
            memcpy(p, text, i);
            memcpy(p + i + 1, text + i, len - i);
            p[i] = (char)c;
            p[len + 1] = 0;
            check(p);
            free(p);
        }
    }
    return n;
}

/* `text` without the blanks around it, in new memory. */
static char *trimmed(const char *text)
{
    size_t n;
    text += strspn(text, BLANK);
    n = strlen(text);
    while (n && strchr(BLANK, text[n - 1])) n--;
    return exact(text, n);
}

/* ---- headers that are sent ---- */
typedef struct sent_t {
    char name[4][12];
    char value[4][9000];
    int n;
} sent_t;
static sent_t sent;

static void set_header(void *user, const char *name, const char *value)
{
    const char *p;
    assert_ptr_equal(user, &sent);
    assert_in_range(sent.n, 0, 3);
    for (p = value; *p; p++) assert_true((*p >= 0x20 && *p <= 0x7E) || *p == '\t');
    assert_in_range(strlen(value), 1, sizeof sent.value[0] - 1);
    strcpy(sent.name[sent.n], name);
    strcpy(sent.value[sent.n], value);
    sent.n++;
}

static const char *sent_as(const char *name)
{
    int i;
    for (i = 0; i < sent.n; i++) {
        if (strcmp(sent.name[i], name) == 0) return sent.value[i];
    }
    return NULL;
}

static void inject(const otel_context_t *context)
{
    sent.n = 0;
    otel_inject_context(context, set_header, &sent);
}

/* ---- traceparent ---- */

/* A second reading of the grammar: x is a lower-case hex digit. */
static bool oracle(const char *header, char expected[56])
{
    static const char shape[] = "xx-xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx-xxxxxxxxxxxxxxxx-xx";
    char *text = trimmed(header);
    const char *hex = "0123456789abcdef";
    size_t i, len = strlen(text);
    bool good = true;
    for (i = 0; shape[i]; i++) {
        if (i >= len || (shape[i] == 'x' ? strchr(hex, text[i]) == NULL : text[i] != shape[i])) {
            good = false;
            break;
        }
    }
    if (good && strncmp(text, "ff", 2) == 0) good = false;
    if (good && strspn(text + 3, "0") >= 32) good = false;
    if (good && strspn(text + 36, "0") >= 16) good = false;
    if (good && strncmp(text, "00", 2) == 0 && len != 55) good = false;
    if (good && len > 55 && text[55] != '-') good = false;
    if (good && strchr(text, ',')) good = false;
    if (good) {
        unsigned flags = (unsigned)(strchr(hex, text[54]) - hex) & 3u;
        memcpy(expected, text, 55);
        expected[0] = expected[1] = '0';
        expected[53] = '0';
        expected[54] = (char)('0' + (int)flags);
        expected[55] = 0;
    }
    free(text);
    return good;
}

static unsigned accepted;

static void check_traceparent(const char *text)
{
    char expected[56] = "", out[OTEL_TRACEPARENT_SIZE];
    otel_context_t context, none;
    bool good = oracle(text, expected);
    memset(&context, 0xAA, sizeof context);
    memset(&none, 0, sizeof none);
    if (otel_extract(&context, text, "a=1", "b=2") != good) fail_msg("%s: \"%s\"", good ? "refused" : "accepted", text);
    assert_string_equal(context.baggage, "b=2");
    assert_int_equal(otel_context_valid(&context), good);
    assert_int_equal(context.remote, good);
    otel_traceparent_write_(&context, out);
    assert_string_equal(out, expected);
    if (good) {
        accepted++;
        assert_string_equal(context.tracestate, "a=1");
        assert_int_equal(context.flags, out[54] - '0');
    } else {
        context.baggage = NULL;
        assert_memory_equal(context.trace_id, none.trace_id, 16);
        assert_memory_equal(context.span_id, none.span_id, 8);
        assert_int_equal(context.flags, 0);
        assert_null(context.tracestate);
    }
}

static void traceparent_is_read_as_the_grammar_says(void **state)
{
    static const char *const headers[] = {
        TP, " \t" TP "\t ",
        "00-00000000000000000000000000000001-8000000000000000-ff",
        "00-f0000000000000000000000000000000-0000000000000001-00",
        "cc-12345678901234567890123456789012-1234567890123456-01",
        "cc-12345678901234567890123456789012-1234567890123456-02-what-the-future-brings",
        "fe-abcdefabcdefabcdefabcdefabcdefab-fedcbafedcbafedc-fe-",
        "0f-abcdefabcdefabcdefabcdefabcdefab-fedcbafedcbafedc-03",
        TP "," TP, "01" /* two lines of a higher version */ "-0123456789abcdef0123456789abcdef-0123456789abcdef-01-x," TP,
    };
    size_t i;
    unsigned n = 0;
    (void)state;
    accepted = 0;
    for (i = 0; i < LENGTH(headers); i++) n += mutate(headers[i], check_traceparent);
    assert_true(n > 250000);
    assert_true(accepted > 10000);
}

static void traceparent_of_every_version_and_flags(void **state)
{
    char text[80];
    unsigned version, flags;
    (void)state;
    for (version = 0; version < 256; version++) {
        for (flags = 0; flags < 256; flags++) {
            sprintf(text, "%02x-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-%02x", version, flags);
            check_traceparent(text);
            strcat(text, "-x");
            check_traceparent(text);
            sprintf(text, "%02X-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-%02X", version, flags);
            check_traceparent(text);
        }
    }
}

static void traceparent_cases_by_hand(void **state)
{
    static const struct { const char *text, *out; } cases[] = {
        { "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01", "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01" },
        { "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-00", "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-00" },
        { "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-ff", "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-03" },
        { "01-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-0a", "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-02" },
        { "01-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01-", "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01" },
        { "01-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01.", "" },
        { "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01-", "" },
        { "ff-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01", "" },
        { "00-4BF92F3577B34DA6A3CE929D0E0E4736-00F067AA0BA902B7-01", "" },
        { "00-00000000000000000000000000000000-00f067aa0ba902b7-01", "" },
        { "00-4bf92f3577b34da6a3ce929d0e0e4736-0000000000000000-01", "" },
        { "00_4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01", "" },
        { "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-1", "" },
        { "", "" }, { " ", "" }, { "\t \t", "" }, { "-", "" },
    };
    size_t i;
    otel_context_t context;
    char out[OTEL_TRACEPARENT_SIZE];
    (void)state;
    for (i = 0; i < LENGTH(cases); i++) {
        assert_int_equal(otel_extract(&context, cases[i].text, NULL, NULL), cases[i].out[0] != 0);
        otel_traceparent_write_(&context, out);
        assert_string_equal(out, cases[i].out);
    }
}

static void extract_takes_headers_that_are_absent(void **state)
{
    otel_context_t context, none;
    (void)state;
    memset(&none, 0, sizeof none);
    assert_false(otel_extract(NULL, TP, "a=1", "b=2"));
    memset(&context, 0xAA, sizeof context);
    assert_false(otel_extract(&context, NULL, NULL, NULL));
    assert_memory_equal(context.trace_id, none.trace_id, 16);
    assert_null(context.tracestate);
    assert_null(context.baggage);
    assert_false(context.remote);
    assert_true(otel_extract(&context, TP, NULL, NULL));
    assert_null(context.tracestate);
    assert_true(otel_extract(&context, TP, "", " \t"));
    assert_null(context.tracestate);
    assert_null(context.baggage);
    assert_false(otel_extract(&context, NULL, "a=1", " b=2"));
    assert_null(context.tracestate);
    assert_string_equal(context.baggage, "b=2");
}

/* ---- tracestate ---- */

/* A second reading of the grammar: the members between commas, one after the other, with string functions. */
static void tracestate_oracle(const char *text, char *expected)
{
    const char *first = "abcdefghijklmnopqrstuvwxyz0123456789", *rest = "abcdefghijklmnopqrstuvwxyz0123456789_-*/@";
    int members = 0;
    char *out = expected;
    *expected = 0;
    for (;;) {
        size_t n = strcspn(text, ","), key, i;
        char *raw = exact(text, n), *m = trimmed(raw), *value = strchr(m, '=');
        bool good = true;
        if (*m) {
            key = strspn(m, rest);
            good = value && (size_t)(value - m) == key && key >= 1 && key <= 256 && strchr(first, m[0]) && ++members <= 32;
            if (good) {
                value++;
                good = strlen(value) >= 1 && strlen(value) <= 256 && !strchr(value, '=');
                for (i = 0; good && value[i]; i++) good = value[i] >= ' ' && value[i] <= '~';
            }
            if (good) {
                if (out != expected) *out++ = ',';
                strcpy(out, m);
                out += strlen(out);
            }
        }
        free(raw);
        free(m);
        if (!good) {
            *expected = 0;
            return;
        }
        if (text[n] == 0) return;
        text += n + 1;
    }
}

static char expected_text[40000], out_text[40000];

static void check_tracestate(const char *text)
{
    otel_context_t context;
    size_t n, size;
    bool good = otel_extract(&context, TP, text, NULL);
    assert_true(good);
    tracestate_oracle(text, expected_text);
    n = otel_tracestate(&context, out_text, sizeof out_text);
    if (n != strlen(expected_text) || strcmp(out_text, expected_text)) fail_msg("\"%s\" gave \"%s\", not \"%s\"", text, out_text, expected_text);
    assert_int_equal(otel_tracestate(&context, NULL, 0), n);
    for (size = n > 4 ? n - 3 : 1; size <= n + 2; size++) {     /* whole or nothing, and not a byte more */
        char *p = room(size);
        assert_int_equal(otel_tracestate(&context, p, size), n);
        assert_string_equal(size > n ? expected_text : "", p);
        assert_int_equal(p[size], '#');
        free(p);
    }
    inject(&context);
    if (n == 0) {
        assert_int_equal(sent.n, 1);
        return;
    }
    assert_int_equal(sent.n, 2);
    assert_string_equal(sent.name[1], "tracestate");
    tracestate_oracle(sent.value[1], out_text);                 /* what goes out means the same */
    assert_string_equal(out_text, expected_text);
    if (sizeof(void *) >= 8 && n < 512) assert_string_equal(sent.value[1], expected_text);
}

static void tracestate_is_read_as_the_grammar_says(void **state)
{
    static const char *const headers[] = {
        "foo=1,bar=2", "rojo=00f067aa0ba902b7,congo=t61rcWkgMzE", " a=1 \t, \t,,b= 2 ,", "0t@v-_*/=!~ +", "x=1,x=2", "ot=th:8;rv:0123456789abcd",
    };
    size_t i;
    (void)state;
    for (i = 0; i < LENGTH(headers); i++) (void)mutate(headers[i], check_tracestate);
}

static void tracestate_cases_by_hand(void **state)
{
    static const struct { const char *text, *out; } cases[] = {
        { "foo=1,bar=2", "foo=1,bar=2" },
        { "foo=1 \t , \t bar=2, \t baz=3", "foo=1,bar=2,baz=3" },
        { "foo=1\t \t,\t \tbar=2,\t \tbaz=3", "foo=1,bar=2,baz=3" },
        { " foo=1", "foo=1" }, { "\tfoo=1", "foo=1" }, { "foo=1 ", "foo=1" }, { "foo=1\t", "foo=1" }, { "\t foo=1 \t", "foo=1" },
        { "foo=1,", "foo=1" }, { ",foo=1", "foo=1" }, { "foo=1,,,bar=2", "foo=1,bar=2" }, { ", ,\t,", "" }, { ",", "" },
        { "foo=  1", "foo=  1" }, { "foo= 1 2", "foo= 1 2" },
        { "foo=1,foo=1", "foo=1,foo=1" }, { "foo=1,bar=2,foo=3", "foo=1,bar=2,foo=3" },
        { "foo =1", "" }, { "FOO=1", "" }, { "foo.bar=1", "" }, { "foo", "" }, { "foo=", "" }, { "foo= ", "" }, { "=1", "" }, { "foo=1=2", "" },
        { "foo@=1,bar=2", "foo@=1,bar=2" }, { "foo@@bar=1,bar=2", "foo@@bar=1,bar=2" }, { "1a=2", "1a=2" }, { "1-a*b/c@d=2", "1-a*b/c@d=2" },
        { "@foo=1,bar=2", "" }, { "_foo=1", "" }, { "-a=1", "" }, { "*=1", "" }, { "/a=1", "" },
        { "foo=1,bar", "" }, { "foo=a\tb", "" }, { "foo=a\x7F", "" }, { "foo=\xC3\xA9", "" }, { "foo=a\r\nSet-Cookie: b", "" }, { "foo=1;bar=2", "" },
        { "foo=1;2", "foo=1;2" },
    };
    size_t i;
    otel_context_t context;
    (void)state;
    for (i = 0; i < LENGTH(cases); i++) {
        assert_true(otel_extract(&context, TP, cases[i].text, NULL));
        assert_int_equal(otel_tracestate(&context, out_text, sizeof out_text), strlen(cases[i].out));
        assert_string_equal(out_text, cases[i].out);
        check_tracestate(cases[i].text);
    }
    assert_int_equal(otel_tracestate(NULL, out_text, sizeof out_text), 0);
    assert_string_equal(out_text, "");
}

static void fill(char *to, const char *key_of, size_t key, char value_of, size_t value)
{
    memset(to, key_of[0], key);
    to[key] = '=';
    memset(to + key + 1, value_of, value);
    to[key + 1 + value] = 0;
}

static void tracestate_limits(void **state)
{
    static char text[40000];
    otel_context_t context;
    size_t members, key, value;
    (void)state;
    for (members = 30; members <= 34; members++) {
        size_t i;
        text[0] = 0;
        for (i = 0; i < members; i++) sprintf(text + strlen(text), "%sbar%02u=%u", i ? ", ,": "", (unsigned)i, (unsigned)i);
        assert_true(otel_extract(&context, TP, text, NULL));
        assert_int_equal(otel_tracestate(&context, NULL, 0) != 0, members <= 32);
        check_tracestate(text);
    }
    for (key = 254; key <= 258; key++) {
        for (value = 254; value <= 258; value++) {
            strcpy(text, "foo=1,");
            fill(text + 6, "z", key, 'v', value);
            assert_true(otel_extract(&context, TP, text, NULL));
            assert_int_equal(otel_tracestate(&context, NULL, 0), key <= 256 && value <= 256 ? 6 + key + 1 + value : 0);
            check_tracestate(text);
        }
    }
    fill(text, "z", 241, 'v', 20);
    text[200] = '@';
    check_tracestate(text);
    text[0] = 0;
    for (members = 0; members < 32; members++) {                /* the longest there is */
        if (members) strcat(text, ",");
        fill(text + strlen(text), "z", 256, 'v', 256);
    }
    assert_int_equal(strlen(text), 16447);
    assert_true(otel_extract(&context, TP, text, NULL));
    assert_int_equal(otel_tracestate(&context, out_text, sizeof out_text), 16447);
    assert_string_equal(out_text, text);
    fill(text, "z", 1, ' ', 500);                               /* blanks do not count */
    strcat(text, "\t,");
    assert_true(otel_extract(&context, TP, text, NULL));
    assert_int_equal(otel_tracestate(&context, out_text, sizeof out_text), 0);
    strcpy(text + 2, "1");
    memset(text + 3, ' ', 500);
    strcpy(text + 503, ",b=2");
    check_tracestate(text);
}

/* ---- baggage ---- */
static const char token[] = "!#$%&'*+-.^_`|~0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

static bool octets_only(const char *text)
{
    for (; *text; text++) {
        if (*text <= ' ' || *text > '~' || strchr("\",;\\", *text)) return false;
    }
    return true;
}

/* key OWS [ "=" OWS value ] out of its own memory. */
static bool pair_oracle(const char *text, bool value_needed)
{
    char *copy = exact(text, strlen(text)), *equals = strchr(copy, '='), *key, *value = NULL;
    bool good;
    if (equals) {
        *equals = 0;
        value = trimmed(equals + 1);
    }
    key = trimmed(copy);
    good = *key && key[strspn(key, token)] == 0 && (value ? octets_only(value) : !value_needed);
    free(copy);
    free(key);
    free(value);
    return good;
}

/* A member with the blanks around it gone: good or not. */
static bool member_oracle(const char *member)
{
    bool first = true, good = true;
    for (;;) {
        size_t n = strcspn(member, ";");
        char *raw = exact(member, n), *part = trimmed(raw);
        good = good && pair_oracle(part, first);
        first = false;
        free(raw);
        free(part);
        if (member[n] == 0) return good;
        member += n + 1;
    }
}

/* The good members of a header that is within the limits, joined by commas; *bad: there are others. */
static void baggage_oracle(const char *text, char *expected, bool *bad)
{
    char *out = expected;
    *expected = 0;
    *bad = false;
    for (;;) {
        size_t n = strcspn(text, ",");
        char *raw = exact(text, n), *member = trimmed(raw);
        if (*member && member_oracle(member)) {
            if (out != expected) *out++ = ',';
            strcpy(out, member);
            out += strlen(out);
        } else if (*member) {
            *bad = true;
        }
        free(raw);
        free(member);
        if (text[n] == 0) return;
        text += n + 1;
    }
}

/* What the walk sees, in the same form, put together again from the slices. */
static void baggage_seen(const otel_context_t *context, char *to)
{
    otel_baggage_entry_t e;
    otel_baggage_t it;
    char *from = to;
    *to = 0;
    for (it = otel_baggage(context); otel_baggage_next(&it, &e); ) {
        const char *end = e.properties_len ? e.properties + e.properties_len : e.value + e.value_len;
        assert_true(e.key_len > 0 && e.value >= e.key + e.key_len && e.properties >= e.value + e.value_len);
        assert_true(memchr(e.key, '=', e.key_len) == NULL);
        assert_true(e.value_len == 0 || !strchr(" \t;,", e.value[0]));
        assert_true(e.value_len == 0 || !strchr(" \t;,", e.value[e.value_len - 1]));
        assert_true(e.properties_len == 0 || !strchr(" \t;,", e.properties[0]));
        if (to != from) *to++ = ',';
        memcpy(to, e.key, (size_t)(end - e.key));
        to += end - e.key;
        *to = 0;
    }
    assert_false(otel_baggage_next(&it, &e));                   /* the end stays the end */
}

static void check_baggage(const char *text)
{
    otel_context_t context;
    bool bad;
    assert_false(otel_extract(&context, NULL, NULL, text));
    baggage_oracle(text, expected_text, &bad);
    baggage_seen(&context, out_text);
    if (strcmp(out_text, expected_text)) fail_msg("\"%s\" gave \"%s\", not \"%s\"", text, out_text, expected_text);
    inject(&context);
    if (expected_text[0] == 0) {
        assert_int_equal(sent.n, 0);
    } else if (sizeof(void *) >= 8 && strlen(expected_text) < 512) {
        assert_int_equal(sent.n, 1);
        assert_string_equal(sent.value[0], expected_text);
    } else if (bad) {
        assert_int_equal(sent.n, 0);
    } else {
        assert_int_equal(sent.n, 1);
        assert_string_equal(sent.value[0], context.baggage);
    }
}

static void baggage_is_read_as_the_grammar_says(void **state)
{
    static const char *const headers[] = {
        "key1=value1;property1;property2, key2 = value2, key3=value3; propertyKey=propertyValue", "userId=alice,serverNode=DF%2028,isProduction=false",
        "a=", "a = b=c=d ;p ; q = r=s\t,b=%", ",,\t a=1 ,, b=2;p= , c", "!#$%&'*+-.^_`|~09AZaz=!#$%&'()*+-./09:<=>?@AZ[]^_`az{|}~",
    };
    size_t i;
    (void)state;
    for (i = 0; i < LENGTH(headers); i++) (void)mutate(headers[i], check_baggage);
}

static void baggage_cases_by_hand(void **state)
{
    static const struct { const char *text, *key, *value, *properties; } cases[] = {
        { "a=b", "a", "b", "" }, { "a=", "a", "", "" }, { " a \t= \tb \t", "a", "b", "" }, { "a=b=c==", "a", "b=c==", "" },
        { "a=b;p", "a", "b", "p" }, { "a=b ; p1 ;\tp2 = v=2 ", "a", "b", "p1 ;\tp2 = v=2" }, { "a=;p=", "a", "", "p=" }, { "x,a=b", "a", "b", "" },
        { "a=\"b\",a=c", "a", "c", "" }, { "a=b\\,c=d", "c", "d", "" }, { "a=b c,d=e", "d", "e", "" }, { "a b=c,d=e", "d", "e", "" }, { "=x,d=e", "d", "e", "" },
        { "a=b;,d=e", "d", "e", "" }, { "a=b;;p,d=e", "d", "e", "" }, { "a=b;p q,d=e", "d", "e", "" }, { "a=b;=v,d=e", "d", "e", "" }, { ";p,d=e", "d", "e", "" },
        { "a=\xC3\xA9,d=e", "d", "e", "" }, { "\xC3\xA9=a,d=e", "d", "e", "" }, { "a=\r\n,d=e", "d", "e", "" }, { "a(b)=c,d=e", "d", "e", "" },
        { "a%2Cb=%2C", "a%2Cb", "%2C", "" }, { "a+b=c+d", "a+b", "c+d", "" },
    };
    size_t i;
    otel_context_t context;
    otel_baggage_t it;
    otel_baggage_entry_t e;
    (void)state;
    for (i = 0; i < LENGTH(cases); i++) {
        check_baggage(cases[i].text);
        (void)otel_extract(&context, NULL, NULL, cases[i].text);
        it = otel_baggage(&context);
        assert_true(otel_baggage_next(&it, &e));
        assert_int_equal(e.key_len, strlen(cases[i].key));
        assert_memory_equal(e.key, cases[i].key, e.key_len);
        assert_int_equal(e.value_len, strlen(cases[i].value));
        assert_memory_equal(e.value, cases[i].value, e.value_len);
        assert_int_equal(e.properties_len, strlen(cases[i].properties));
        assert_memory_equal(e.properties, cases[i].properties, e.properties_len);
        assert_false(otel_baggage_next(&it, &e));
    }
    it = otel_baggage(NULL);
    assert_false(otel_baggage_next(&it, &e));
}

static void baggage_value_is_decoded(void **state)
{
#define R "\xEF\xBF\xBD"
    static const struct { const char *text, *out; size_t len; } cases[] = {
        { "DF%2028", "DF 28", 5 }, { "a+b", "a+b", 3 }, { "%41%6a%4A%6A", "AjJj", 4 }, { "%", "%", 1 }, { "%4", "%4", 2 }, { "%zz%4g%g4", "%zz%4g%g4", 9 },
        { "%25%32%30", "%20", 3 }, { "%%41", "%A", 2 }, { "a%00b", "a\0b", 3 }, { "%C3%A9", "\xC3\xA9", 2 }, { "%e2%82%ac", "\xE2\x82\xAC", 3 },
        { "%F0%9F%98%80x", "\xF0\x9F\x98\x80x", 5 }, { "%FF", R, 3 }, { "a%FFb", "a" R "b", 5 }, { "%C3", R, 3 }, { "%C3x", R "x", 4 },
        { "%C3%28", R "(", 4 }, { "%E2%82", R, 3 }, { "%E2%82x", R "x", 4 }, { "%E2%28%A1", R "(" R, 7 }, { "%F0%9F%98", R, 3 }, { "%F0%9Fx", R "x", 4 },
        { "%F0%90%28%BC", R "(" R, 7 }, { "%C0%AF", R R, 6 }, { "%E0%80%AF", R R R, 9 }, { "%ED%A0%80", R R R, 9 }, { "%F4%90%80%80", R R R R, 12 },
        { "%80%BF", R R, 6 }, { "%FE%FF%C3%A9", R R "\xC3\xA9", 8 }, { "%F1%80%80%F1%80%80%80", R "\xF1\x80\x80\x80", 7 }, { "%E2%82%F0%9F%98%80", R "\xF0\x9F\x98\x80", 7 },
        { "", "", 0 },
    };
    size_t i, size;
    otel_baggage_entry_t e;
    (void)state;
    memset(&e, 0, sizeof e);
    for (i = 0; i < LENGTH(cases); i++) {
        char *text = exact(cases[i].text, strlen(cases[i].text));
        e.value = text;
        e.value_len = strlen(text);
        assert_int_equal(otel_baggage_value(&e, NULL, 0), cases[i].len);
        for (size = 1; size < cases[i].len + 4; size++) {
            char *p = room(size);
            size_t held;
            assert_int_equal(otel_baggage_value(&e, p, size), cases[i].len);
            assert_int_equal(p[size], '#');
            for (held = size < cases[i].len + 1 ? size - 1 : cases[i].len; held && !otel_utf8_valid(cases[i].out, held); ) held--;
            assert_memory_equal(p, cases[i].out, held);
            assert_int_equal(p[held], 0);
            free(p);
        }
        assert_true(otel_utf8_valid(cases[i].out, cases[i].len));
        free(text);
    }
    e.value = "%41";                                            /* a slice ends where its length says */
    for (e.value_len = 0; e.value_len < 4; e.value_len++) {
        assert_int_equal(otel_baggage_value(&e, out_text, sizeof out_text), e.value_len == 3 ? 1 : e.value_len);
        assert_memory_equal(out_text, e.value_len == 3 ? "A" : "%41", strlen(out_text));
    }
}

static void baggage_value_is_always_utf8(void **state)
{
    static const unsigned char leads[] = { 0x00, 0x41, 0x7F, 0x80, 0xBF, 0xC0, 0xC2, 0xDF, 0xE0, 0xE1, 0xED, 0xEF, 0xF0, 0xF1, 0xF4, 0xF5, 0xFF };
    char text[16], out[32];
    unsigned char raw[4];
    otel_baggage_entry_t e;
    size_t a, b, c, d, n;
    (void)state;
    memset(&e, 0, sizeof e);
    e.value = text;
    e.value_len = 12;
    for (a = 0; a < LENGTH(leads); a++) for (b = 0; b < LENGTH(leads); b++) for (c = 0; c < LENGTH(leads); c++) for (d = 0; d < LENGTH(leads); d++) {
        raw[0] = leads[a];
        raw[1] = leads[b];
        raw[2] = leads[c];
        raw[3] = leads[d];
        sprintf(text, "%%%02x%%%02X%%%02x%%%02X", raw[0], raw[1], raw[2], raw[3]);
        n = otel_baggage_value(&e, out, sizeof out);
        assert_true(otel_utf8_valid(out, n));
        if (otel_utf8_valid((const char *)raw, 4)) {
            assert_int_equal(n, 4);
            assert_memory_equal(out, raw, 4);
        } else {
            assert_true(n > 2);
        }
    }
}

static void baggage_find_gives_the_last_of_a_key(void **state)
{
    otel_context_t context;
    otel_baggage_entry_t e;
    (void)state;
    (void)otel_extract(&context, NULL, NULL, "a=1,b=2;p,A=3,a=4;q,bad member,ab=5,a =6 7");
    assert_true(otel_baggage_find(&context, "a", &e));
    assert_int_equal(e.value[0], '4');
    assert_int_equal(e.properties[0], 'q');
    assert_true(otel_baggage_find(&context, "A", &e));
    assert_int_equal(e.value[0], '3');
    assert_true(otel_baggage_find(&context, "b", &e));
    assert_true(otel_baggage_find(&context, "ab", &e));
    assert_false(otel_baggage_find(&context, "c", &e));
    assert_null(e.key);
    assert_false(otel_baggage_find(&context, "", &e));
    assert_false(otel_baggage_find(NULL, "a", &e));
}

static void baggage_limits(void **state)
{
    static char text[1 << 20];
    otel_context_t context;
    otel_baggage_t it;
    otel_baggage_entry_t e;
    unsigned i, n;
    size_t len;
    (void)state;
    for (len = 8190; len <= 8194; len++) {                      /* one member of 8192 bytes is there, of 8193 it is not */
        fill(text, "a", 1, 'v', len - 2);
        (void)otel_extract(&context, NULL, NULL, text);
        it = otel_baggage(&context);
        assert_int_equal(otel_baggage_next(&it, &e), len <= 8192);
        inject(&context);
        assert_int_equal(sent.n, len <= 8192);
        memset(text + len, ' ', 100);                           /* whitespace behind it does not count */
        text[len + 100] = 0;
        it = otel_baggage(&context);
        assert_int_equal(otel_baggage_next(&it, &e), len <= 8192);
        strcpy(text + len, ",b=2");
        it = otel_baggage(&context);
        assert_int_equal(otel_baggage_next(&it, &e), len <= 8192);
        assert_false(otel_baggage_next(&it, &e));
        inject(&context);
        assert_int_equal(sent.n, 0);                            /* more than fits: neither a part nor all of it goes on */
    }
    strcpy(text, "a=1,b=");                                     /* of a longer header the members before the limit are there */
    memset(text + 6, 'v', sizeof text - 7);
    text[sizeof text - 1] = 0;
    (void)otel_extract(&context, NULL, NULL, text);
    for (n = 0, it = otel_baggage(&context); otel_baggage_next(&it, &e); n++) assert_int_equal(e.key[0], 'a');
    assert_int_equal(n, 1);
    assert_in_range(it.at_ - text, 0, 8193);
    text[0] = 0;
    for (i = 0; i < 200; i++) {
        sprintf(text + strlen(text), "%sk%u=%u", i ? "," : "", i, i);
        (void)otel_extract(&context, NULL, NULL, text);
        for (n = 0, it = otel_baggage(&context); otel_baggage_next(&it, &e); ) n++;
        assert_int_equal(n, i < 180 ? i + 1 : 180);
        inject(&context);
        if (i < 180) assert_string_equal(sent.value[0], text);
        else assert_int_equal(sent.n, 0);
    }
    text[0] = 0;
    for (i = 0; i < 100; i++) sprintf(text + strlen(text), "%skey%u=value%u;p%u", i ? ", " : "", i, i, i);     /* a hundred lines joined */
    check_baggage(text);
    strcpy(text, "a=1");
    for (i = 0; i < 4000; i++) strcat(text, ";p");              /* 8003 bytes */
    strcat(text, ",b=2");
    check_baggage(text);
    (void)otel_extract(&context, NULL, NULL, text);
    it = otel_baggage(&context);
    assert_true(otel_baggage_next(&it, &e));
    assert_int_equal(e.properties_len, 4000 * 2 - 1);
    memset(text, ',', sizeof text - 1);                         /* junk is not read to its end */
    (void)otel_extract(&context, NULL, NULL, text);
    it = otel_baggage(&context);
    assert_false(otel_baggage_next(&it, &e));
    assert_in_range(it.at_ - text, 0, 8193);
    for (i = 0; i < sizeof text - 1; i++) text[i] = i & 1 ? ',' : 'x';
    it = otel_baggage(&context);
    assert_false(otel_baggage_next(&it, &e));
    assert_in_range(it.at_ - text, 0, 8193);
}

/* ---- inject ---- */
static void inject_sends_the_headers_that_are_there(void **state)
{
    otel_context_t context;
    otel_span_t span;
    char out[OTEL_TRACEPARENT_SIZE];
    (void)state;
    assert_true(otel_extract(&context, TP, "a=1,b=2", "k=v;p"));
    inject(&context);
    assert_int_equal(sent.n, 3);
    assert_string_equal(sent.name[0], "traceparent");
    assert_string_equal(sent.value[0], TP);
    assert_string_equal(sent_as("tracestate"), "a=1,b=2");
    assert_string_equal(sent_as("baggage"), "k=v;p");
    otel_span_start(&span, "forward", .parent = &context);      /* no instance: the context that came in passes through */
    sent.n = 0;
    otel_inject(&span, set_header, &sent);
    assert_int_equal(sent.n, 3);
    assert_string_equal(sent_as("traceparent"), TP);
    assert_string_equal(otel_traceparent(&span, out), TP);
    assert_ptr_equal(otel_traceparent(NULL, out), out);
    assert_string_equal(out, "");
    otel_span_end(&span);
    sent.n = 0;
    otel_inject(NULL, set_header, &sent);
    otel_inject_context(NULL, set_header, &sent);
    otel_inject_context(&context, NULL, NULL);
    otel_inject(&span, NULL, NULL);
    assert_int_equal(sent.n, 0);
    assert_false(otel_extract(&context, "junk", "a=1", "k=v"));
    inject(&context);                                           /* baggage needs no trace */
    assert_int_equal(sent.n, 1);
    assert_string_equal(sent_as("baggage"), "k=v");
    memset(&context, 0, sizeof context);
    context.tracestate = "a=1";
    inject(&context);                                           /* tracestate does */
    assert_int_equal(sent.n, 0);
    context.trace_id[15] = context.span_id[7] = 1;
    context.flags = 0xFF;
    inject(&context);
    assert_string_equal(sent.value[0], "00-00000000000000000000000000000001-0000000000000001-03");
    assert_string_equal(sent_as("tracestate"), "a=1");
}

static void inject_sends_what_needs_no_change_without_a_copy_and_cleans_what_fits(void **state)
{
    static char text[9000];
    otel_context_t context;
    size_t n;
    bool host = sizeof(void *) >= 8;
    (void)state;
    assert_true(otel_extract(&context, TP, "a=1, b=2\t,", "k=v, bad member ,l=w "));
    inject(&context);
    assert_string_equal(sent_as("tracestate"), host ? "a=1,b=2" : "a=1, b=2\t,");
    if (host) assert_string_equal(sent_as("baggage"), "k=v,l=w");
    else assert_null(sent_as("baggage"));
    for (n = 509; n < 515; n++) {                               /* 511 bytes are the longest copy */
        memset(text, 0, sizeof text);
        strcpy(text, "bad,");
        fill(text + 4, "k", 1, 'v', n - 2);
        assert_true(otel_extract(&context, TP, NULL, text));
        inject(&context);
        if (host && n < 512) assert_string_equal(sent_as("baggage"), text + 4);
        else assert_null(sent_as("baggage"));
        assert_true(otel_extract(&context, TP, NULL, text + 4));
        inject(&context);
        assert_string_equal(sent_as("baggage"), text + 4);
        strcat(text, " ,,");
        assert_true(otel_extract(&context, TP, NULL, text + 4));
        inject(&context);
        assert_int_equal(strlen(sent_as("baggage")), host && n < 512 ? n : n + 3);
    }
}

static void inject_check(const char *text)                      /* set_header looks at each byte that goes out */
{
    otel_context_t context;
    (void)otel_extract(&context, TP, text, text);
    inject(&context);
    context.tracestate = context.baggage = text;                /* a context that somebody made by hand */
    inject(&context);
    assert_in_range(sent.n, 1, 3);
}

static void no_control_character_goes_out(void **state)
{
    static char text[2000];
    size_t i;
    (void)state;
    (void)mutate("a=1,b=2;p=3, c = 4", inject_check);
    (void)mutate("a=1 \r\n b=2", inject_check);
    for (i = 0; i < 100; i++) sprintf(text + strlen(text), "key%u=%u, ", (unsigned)i, (unsigned)i);
    (void)mutate(text, inject_check);
}

static void baggage_is_set_and_taken_away(void **state)
{
    static const struct { const char *before, *key, *value, *properties, *after; } cases[] = {
        { NULL, "user", "jo", NULL, "user=jo" }, { "", "user", "", NULL, "user=" }, { "a=1", "user", "Am\xC3\xA9lie, \"x\"", NULL, "a=1,user=Am%C3%A9lie%2C%20%22x%22" },
        { "a=1 , b = 2 ;p=1;q,c=3", "b", "50%", "r", "a=1,c=3,b=50%25;r" }, { "a=1,b=2", "a", NULL, NULL, "b=2" }, { "a=1", "a", NULL, NULL, "" }, { "a=1", "c", NULL, NULL, "a=1" },
        { "a=1,a=2,b=3", "a", "4", "p;q=2", "b=3,a=4;p;q=2" }, { "a=1,bad member,b=2", "c", "3", "", "a=1,b=2,c=3" }, { "A=1", "a", "2", NULL, "A=1,a=2" },
    };
    static const char *const keys[] = { "", "a b", "a=b", "a,b", "caf\xC3\xA9", "a\r\nb" };
    static const char *const properties[] = { "p,evil=1", "p\r\nX: y", "=1", "p=a b", ";" };
    char *full = (char *)malloc(8200), buf[64];
    otel_context_t c;
    size_t i, size;
    (void)state;
    memset(&c, 0, sizeof c);
    for (i = 0; i < LENGTH(cases); i++) {
        c.baggage = cases[i].before;
        for (size = 1; size < strlen(cases[i].after) + 3; size++) {
            char *p = room(size);
            const bool fits = size > strlen(cases[i].after);
            assert_int_equal(otel_baggage_set(&c, cases[i].key, cases[i].value, cases[i].properties, p, size), fits);
            assert_string_equal(p, fits ? cases[i].after : "");
            assert_int_equal(p[size], '#');
            free(p);
        }
    }
    for (i = 0; i < LENGTH(keys); i++) assert_false(otel_baggage_set(NULL, keys[i], "v", NULL, buf, sizeof buf));
    for (i = 0; i < LENGTH(properties); i++) assert_false(otel_baggage_set(NULL, "k", "v", properties[i], buf, sizeof buf));
    assert_false(otel_baggage_set(NULL, NULL, "v", NULL, buf, sizeof buf));
    assert_false(otel_baggage_set(NULL, "k", "v", NULL, NULL, 8));
    assert_false(otel_baggage_set(NULL, "k", "v", NULL, buf, 0));
    assert_true(otel_baggage_set(NULL, "k", "v", NULL, buf, sizeof buf));
    assert_non_null(full);
    memset(full, 'x', 8191);
    full[8191] = 0;
    {
        char *out = (char *)malloc(9000);
        assert_non_null(out);
        full[8190] = 0;
        assert_true(otel_baggage_set(NULL, "k", full, NULL, out, 9000));
        assert_int_equal(strlen(out), 8192);
        full[8190] = 'x';
        assert_false(otel_baggage_set(NULL, "k", full, NULL, out, 9000));
        free(out);
    }
    free(full);
}

static void what_baggage_is_set_to_is_what_is_read(void **state)
{
    char value[256], out[2048], back[512];
    otel_baggage_entry_t e;
    otel_context_t c;
    unsigned i, k;
    (void)state;
    memset(&c, 0, sizeof c);
    for (i = 1; i < 128; i++) value[i - 1] = (char)i;
    value[127] = 0;
    assert_true(otel_baggage_set(NULL, "all", value, "p", out, sizeof out));
    for (k = 0; out[k]; k++) assert_true(out[k] > 0x20 && out[k] < 0x7F);
    c.baggage = out;
    assert_true(otel_baggage_find(&c, "all", &e));
    assert_int_equal(otel_baggage_value(&e, back, sizeof back), 127);
    assert_string_equal(back, value);
    assert_int_equal(e.properties_len, 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(traceparent_is_read_as_the_grammar_says),
        cmocka_unit_test(traceparent_of_every_version_and_flags),
        cmocka_unit_test(traceparent_cases_by_hand),
        cmocka_unit_test(extract_takes_headers_that_are_absent),
        cmocka_unit_test(tracestate_is_read_as_the_grammar_says),
        cmocka_unit_test(tracestate_cases_by_hand),
        cmocka_unit_test(tracestate_limits),
        cmocka_unit_test(baggage_is_read_as_the_grammar_says),
        cmocka_unit_test(baggage_cases_by_hand),
        cmocka_unit_test(baggage_value_is_decoded),
        cmocka_unit_test(baggage_value_is_always_utf8),
        cmocka_unit_test(baggage_find_gives_the_last_of_a_key),
        cmocka_unit_test(baggage_limits),
        cmocka_unit_test(baggage_is_set_and_taken_away),
        cmocka_unit_test(what_baggage_is_set_to_is_what_is_read),
        cmocka_unit_test(inject_sends_the_headers_that_are_there),
        cmocka_unit_test(inject_sends_what_needs_no_change_without_a_copy_and_cleans_what_fits),
        cmocka_unit_test(no_control_character_goes_out),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
