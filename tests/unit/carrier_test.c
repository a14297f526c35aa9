/* Carriers and propagators: headers in several lines, composites, B3, the environment of a child, messages as bytes. */
#include "kit.h"
#include <sys/wait.h>
#include <unistd.h>

#define TRACE "0123456789abcdef0123456789abcdef"
#define SPAN "fedcba9876543210"
#define TP "00-" TRACE "-" SPAN "-01"

/* What a setter saw, as "name=value\n" lines. */
static char seen[16384];
static void see(void *user, const char *name, const char *value)
{
    (void)user;
    assert_true(strlen(seen) + strlen(name) + strlen(value) + 3 < sizeof seen);
    strcat(strcat(strcat(strcat(seen, name), "="), value), "\n");
}

static const char *injected(const otel_context_t *context, const otel_propagator_t *propagator)
{
    seen[0] = 0;
    otel_inject_to(context, propagator, see, NULL);
    return seen;
}

/* Headers of a text "name: value\n...", each name and value in memory of its own, so that a read behind it is seen. */
static otel_header_t lines[300];
static otel_headers_t headers;
static char *slice(const char *text, size_t len)
{
    char *p = (char *)malloc(len ? len : 1);
    assert_non_null(p);
    memcpy(p, text, len);
    return p;
}
static void put_headers(const char *text)
{
    headers.at = lines;
    headers.len = 0;
    while (*text) {
        size_t name = strcspn(text, ":"), all = strcspn(text, "\n");
        otel_header_t *h = &lines[headers.len++];
        assert_true(headers.len <= LENGTH(lines) && name < all);
        h->name = slice(text, h->name_len = name);
        h->value = slice(text + name + 1, h->value_len = all - name - 1);
        text += all + (text[all] != 0);
    }
}
static void free_headers(void)
{
    for (; headers.len; headers.len--) {
        free((void *)(uintptr_t)lines[headers.len - 1].name);
        free((void *)(uintptr_t)lines[headers.len - 1].value);
    }
}

static char buffer[20000];
static bool extracted(otel_context_t *out, const otel_propagator_t *propagator, const char *text, size_t room)
{
    otel_carrier_t carrier;
    bool found;
    put_headers(text);
    carrier = otel_carrier_headers(&headers, buffer, room);
    found = otel_extract_from(out, propagator, &carrier);
    free_headers();
    assert_int_equal(found, otel_context_valid(out));
    return found;
}

static const char *hex_of(const otel_context_t *c)
{
    static char text[OTEL_TRACEPARENT_SIZE];
    otel_traceparent_write_(c, text);
    return text;
}

static void headers_in_any_case_and_several_lines_are_one_context(void **state)
{
    otel_context_t c;
    (void)state;
    assert_true(extracted(&c, NULL, "TraceParent: " TP "\t\nX: y\nTRACESTATE:a=1\ntracestate: b=2 , c=3 \nBaggage:k=v\nbaggage: l=w;p\n", sizeof buffer));
    assert_string_equal(hex_of(&c), TP);
    assert_true(c.remote);
    assert_string_equal(c.tracestate, "a=1,b=2 , c=3");
    assert_string_equal(c.baggage, "k=v,l=w;p");
    assert_false(extracted(&c, NULL, "traceparent:" TP "\ntraceparent:" TP "\nbaggage:k=v\n", sizeof buffer));      /* two are none */
    assert_string_equal(c.baggage, "k=v");
    assert_null(c.tracestate);
    assert_false(extracted(&c, NULL, "tracestate:a=1\n", sizeof buffer));
    assert_null(c.tracestate);
}

static void what_does_not_fit_in_the_buffer_is_left_out_as_a_whole(void **state)
{
    otel_context_t c;
    size_t room;
    (void)state;
    for (room = 0; room < 40; room++) {
        memset(buffer, '#', sizeof buffer);
        assert_true(extracted(&c, NULL, "traceparent:" TP "\ntracestate:a=1\ntracestate:b=22\nbaggage:k=v\nbaggage:long=value\nbaggage:m=n\n", room));
        if (room < 9) assert_null(c.tracestate);                   /* a=1,b=22 and a NUL */
        else assert_string_equal(c.tracestate, "a=1,b=22");
        if (c.baggage) assert_true(strcmp(c.baggage, "k=v") == 0 || strcmp(c.baggage, "k=v,m=n") == 0 || strcmp(c.baggage, "k=v,long=value") == 0 || strcmp(c.baggage, "k=v,long=value,m=n") == 0);
        assert_int_equal(buffer[room], '#');
    }
    assert_string_equal(c.baggage, "k=v,long=value,m=n");
}

static void a_hundred_baggage_lines_and_8192_bytes(void **state)
{
    static char text[40000];
    otel_context_t c;
    otel_baggage_entry_t e;
    unsigned n, i, lengths[] = { 1, 70, 72, 73, 200 };
    (void)state;
    for (i = 0; i < LENGTH(lengths); i++) {
        size_t whole = 0;
        unsigned kept = 0, k;
        text[0] = 0;
        for (k = 0; k < 100; k++) {
            size_t len = strlen(text);
            snprintf(text + len, sizeof text - len, "baggage: key%03u=%0*u\n", k, (int)lengths[i], k % 10);
            if (whole + (size_t)(whole != 0) + 7u + lengths[i] > 8192) continue;
            whole += (size_t)(whole != 0) + 7u + lengths[i];
            kept++;
        }
        assert_false(extracted(&c, NULL, text, sizeof buffer));
        n = 0;
        for (otel_baggage_t it = otel_baggage(&c); otel_baggage_next(&it, &e); n++) assert_int_equal(e.value_len, lengths[i]);
        assert_int_equal(n, kept);
        assert_int_equal(strlen(c.baggage), whole);
        assert_true(kept == 100 || whole > 8192 - 8 - lengths[i]);
    }
}

/* ---- a getter of one's own ---- */
static const char *own_get(void *user, const char *name, size_t *at, size_t *len)
{
    const char *const *pairs = (const char *const *)user;
    (void)len;
    for (; *pairs && strcmp(*pairs, name) != 0; pairs += 2) {}
    return *pairs && (*at)++ == 0 ? pairs[1] : NULL;
}

static void a_getter_of_ones_own_needs_no_buffer(void **state)
{
    static const char *const pairs[] = { "traceparent", " " TP, "tracestate", "a=1", "baggage", "k=v", NULL };
    otel_carrier_t carrier;
    otel_context_t c;
    size_t at = 0, len;
    (void)state;
    memset((void *)&carrier, 0, sizeof carrier);
    carrier.get = own_get;
    carrier.user = (void *)(uintptr_t)pairs;
    assert_true(otel_extract_from(&c, NULL, &carrier));
    assert_string_equal(hex_of(&c), TP);
    assert_ptr_equal(c.tracestate, pairs[3]);
    assert_ptr_equal(c.baggage, pairs[5]);
    assert_string_equal(otel_carrier_next(&carrier, "baggage", &at, &len), "k=v");
    assert_int_equal(len, 3);
    assert_null(otel_carrier_next(&carrier, "baggage", &at, &len));
    memset((void *)&carrier, 0, sizeof carrier);
    assert_false(otel_extract_from(&c, NULL, &carrier));
    assert_false(otel_extract_from(&c, NULL, NULL));
    assert_false(otel_extract_from(NULL, NULL, &carrier));
}

static void a_carrier_tells_its_names(void **state)
{
    otel_carrier_t carrier;
    const char *name;
    size_t at = 0, len;
    char all[64] = "";
    (void)state;
    put_headers("One:1\ntwo:2\n");
    carrier = otel_carrier_headers(&headers, NULL, 0);
    while ((name = (carrier.key)(carrier.user, &at, &len)) != NULL) strncat(all, name, len);
    assert_string_equal(all, "Onetwo");
    free_headers();
}

/* ---- composites ---- */
static bool zero_extract(const otel_propagator_t *self, otel_context_t *context, otel_carrier_t *carrier)
{
    size_t len;
    (void)self;
    if (!otel_carrier_only(carrier, "x-zero", &len)) return false;
    memset(context->trace_id, 0x77, 16);
    memset(context->span_id, 0x66, 8);
    context->flags = 0;
    return true;
}
static void zero_inject(const otel_propagator_t *self, const otel_context_t *context, void (*set)(void *user, const char *name, const char *value), void *user)
{
    (void)context;
    set(user, "x-zero", (const char *)self->user);
}

static void a_composite_asks_each_and_the_last_trace_counts(void **state)
{
    static char text[] = "yes";
    otel_propagator_t w3c = otel_propagator_w3c(), baggage = otel_propagator_baggage(), b3 = otel_propagator_b3(), own, all;
    const otel_propagator_t *list[5];
    otel_context_t c;
    (void)state;
    memset((void *)&own, 0, sizeof own);
    own.extract = zero_extract;
    own.inject = zero_inject;
    own.fields = "x-zero\0";
    own.user = text;
    list[0] = &w3c, list[1] = &b3, list[2] = &baggage, list[3] = &own, list[4] = NULL;
    all = otel_propagator_composite(list);
    assert_true(extracted(&c, &all, "traceparent:" TP "\ntracestate:a=1\nbaggage:k=v\nb3:" SPAN "-" SPAN "-0\n", sizeof buffer));
    assert_string_equal(hex_of(&c), "00-0000000000000000" SPAN "-" SPAN "-00");
    assert_null(c.tracestate);
    assert_string_equal(c.baggage, "k=v");
    assert_true(extracted(&c, &all, "b3:nonsense\ntraceparent:" TP "\n", sizeof buffer));      /* what finds nothing changes nothing */
    assert_string_equal(hex_of(&c), TP);
    assert_true(extracted(&c, &all, "x-zero:1\n", sizeof buffer));
    assert_string_equal(hex_of(&c), "00-77777777777777777777777777777777-6666666666666666-00");
    assert_true(otel_extract(&c, TP, "a=1", "k=v"));
    assert_string_equal(injected(&c, &all), "traceparent=" TP "\ntracestate=a=1\nb3=" TRACE "-" SPAN "-1\nbaggage=k=v\nx-zero=yes\n");
    {
        static const char *const fields[] = { "traceparent", "tracestate", "b3", "baggage", "x-zero" };
        size_t i;
        for (i = 0; i < LENGTH(fields); i++) assert_string_equal(otel_propagator_field(&all, i), fields[i]);
        assert_null(otel_propagator_field(&all, i));
        assert_null(otel_propagator_field(NULL, 0));
    }
}

/* What otel_context_with put into a context is of this process: headers say nothing of it. */
static void headers_leave_values_of_the_process_alone(void **state)
{
    static const otel_context_key_t key = OTEL_CONTEXT_KEY("user");
    static const char *const texts[] = { "traceparent:" TP "\n", "b3:" TRACE "-" SPAN "-1\n" };
    otel_propagator_t each[2];
    otel_context_value_t place;
    int user = 7;
    size_t i;
    (void)state;
    each[0] = otel_propagator_w3c(), each[1] = otel_propagator_b3();
    for (i = 0; i < 2; i++) {
        otel_context_t c = otel_context_with(NULL, &key, &user, &place);
        otel_carrier_t carrier;
        put_headers(texts[i]);
        carrier = otel_carrier_headers(&headers, buffer, sizeof buffer);
        assert_true((each[i].extract)(&each[i], &c, &carrier));
        assert_string_equal(hex_of(&c), TP);
        assert_ptr_equal(otel_context_value(&c, &key), &user);
        assert_true(otel_extract_from(&c, &each[i], &carrier));
        assert_null(otel_context_value(&c, &key));
        free_headers();
    }
}

static void the_propagator_of_the_instance_is_used(void **state)
{
    otel_propagator_t b3 = otel_propagator_b3_multi();
    otel_context_t c;
    otel_span_t s;
    (void)state;
    assert_int_equal(otel_init(&otel, .clock = kit_clock, .entropy = kit_entropy, .pool = pool, .pool_size = sizeof pool, .propagator = &b3), OTEL_OK);
    assert_false(extracted(&c, NULL, "traceparent:" TP "\n", sizeof buffer));
    assert_true(extracted(&c, NULL, "X-B3-TraceId:" TRACE "\nX-B3-SpanId:" SPAN "\nX-B3-Flags:1\n", sizeof buffer));
    assert_int_equal(c.flags, OTEL_FLAG_SAMPLED | OTEL_FLAG_DEBUG);
    otel_span_start(&s, "s", .parent = &c);
    assert_true(otel_is_recording(&s));
    seen[0] = 0;
    otel_inject(&s, see, NULL);                                 /* debug goes on, and W3C never sees it */
    assert_non_null(strstr(seen, "x-b3-traceid=" TRACE "\nx-b3-spanid="));
    assert_non_null(strstr(seen, "\nx-b3-flags=1\n"));
    assert_null(strstr(seen, "sampled"));
    {
        char text[OTEL_TRACEPARENT_SIZE];
        assert_string_equal(otel_traceparent(&s, text) + 53, "01");
    }
    otel_span_end(&s);
    seen[0] = 0;
    c.flags = 0;
    otel_inject_context(&c, see, NULL);
    assert_string_equal(seen, "x-b3-traceid=" TRACE "\nx-b3-spanid=" SPAN "\nx-b3-sampled=0\n");
    kit_stop();
}

static void debug_of_b3_never_reaches_otlp(void **state)
{
    otel_propagator_t b3 = otel_propagator_b3();
    otel_recorded_span_t s;
    otel_context_t c;
    (void)state;
    kit_start();
    assert_true(extracted(&c, &b3, "b3:" TRACE "-" SPAN "-d\n", sizeof buffer));
    OTEL_SPAN(span, "s", .parent = &c) {
        otel_span_link(span, &c);
        otel_log(OTEL_INFO, "l");
    }
    otel_export_flush(&ex, 0);
    assert_true(otel_recorder_find_span(&rec, "s", &s));
    assert_int_equal(s.flags, 0x301);
    kit_stop();
}

/* ---- B3 ---- */
static void b3_by_hand(void **state)
{
    static const struct { const char *text; const char *expected; unsigned flags; } cases[] = {
        { "b3:" TRACE "-" SPAN "-1\n", TP, 1 },
        { "b3:" TRACE "-" SPAN "-d\n", TP, 0x81 },
        { "B3: " TRACE "-" SPAN "-0 \n", "00-" TRACE "-" SPAN "-00", 0 },
        { "b3:" TRACE "-" SPAN "\n", "00-" TRACE "-" SPAN "-00", 0 },
        { "b3:" TRACE "-" SPAN "-1-" SPAN "\n", TP, 1 },
        { "b3:" SPAN "-" SPAN "-1\n", "00-0000000000000000" SPAN "-" SPAN "-01", 1 },
        { "b3:" TRACE "-" SPAN "-1-" SPAN "0\n", NULL, 0 },
        { "b3:" TRACE "-" SPAN "-1-\n", NULL, 0 },
        { "b3:" TRACE "-" SPAN "-\n", NULL, 0 },
        { "b3:" TRACE "-" SPAN "-2\n", NULL, 0 },
        { "b3:" TRACE "-" SPAN "-true\n", NULL, 0 },
        { "b3:0\n", NULL, 0 }, { "b3:1\n", NULL, 0 }, { "b3:d\n", NULL, 0 }, { "b3:\n", NULL, 0 },
        { "b3:00000000000000000000000000000000-" SPAN "-1\n", NULL, 0 },
        { "b3:" TRACE "-0000000000000000-1\n", NULL, 0 },
        { "b3:" TRACE "-" SPAN "-1\nb3:" TRACE "-" SPAN "-1\n", NULL, 0 },
        { "X-B3-TraceId:" TRACE "\nX-B3-SpanId:" SPAN "\nX-B3-Sampled:1\n", TP, 1 },
        { "X-B3-TraceId:" TRACE "\nX-B3-SpanId:" SPAN "\nX-B3-Sampled:true\n", TP, 1 },
        { "X-B3-TraceId:" TRACE "\nX-B3-SpanId:" SPAN "\nX-B3-Sampled:0\n", "00-" TRACE "-" SPAN "-00", 0 },
        { "X-B3-TraceId:" TRACE "\nX-B3-SpanId:" SPAN "\nX-B3-Sampled:False\n", "00-" TRACE "-" SPAN "-00", 0 },
        { "X-B3-TraceId:" TRACE "\nX-B3-SpanId:" SPAN "\nX-B3-Flags:1\nX-B3-Sampled:0\n", TP, 0x81 },
        { "X-B3-TraceId:" TRACE "\nX-B3-SpanId:" SPAN "\nX-B3-Flags:0\nX-B3-Sampled:1\n", TP, 1 },
        { "X-B3-TraceId:" SPAN "\nX-B3-SpanId:" SPAN "\nX-B3-ParentSpanId:" SPAN "\n", "00-0000000000000000" SPAN "-" SPAN "-00", 0 },
        { "X-B3-TraceId:" TRACE "\nX-B3-Sampled:1\n", NULL, 0 },
        { "X-B3-SpanId:" SPAN "\nX-B3-Sampled:1\n", NULL, 0 },
        { "X-B3-TraceId:" TRACE "\nX-B3-SpanId:fedcba987654321g\n", NULL, 0 },
        { "X-B3-TraceId:0123456789abcdef0123456789abcde\nX-B3-SpanId:" SPAN "\n", NULL, 0 },
        { "X-B3-TraceId:0123456789ABCDEF0123456789ABCDEF\nX-B3-SpanId:FEDCBA9876543210\nX-B3-Sampled:1\n", TP, 1 },
        { "b3:junk\nX-B3-TraceId:" TRACE "\nX-B3-SpanId:" SPAN "\nX-B3-Sampled:1\n", TP, 1 },      /* the single one is no good */
        { "b3:" TRACE "-" SPAN "-0\nX-B3-TraceId:" SPAN "\nX-B3-SpanId:" SPAN "\nX-B3-Sampled:1\n", "00-" TRACE "-" SPAN "-00", 0 },
        { "x:y\n", NULL, 0 },
    };
    otel_propagator_t single = otel_propagator_b3(), multi = otel_propagator_b3_multi();
    unsigned i, k;
    (void)state;
    for (i = 0; i < LENGTH(cases); i++) {
        for (k = 0; k < 2; k++) {
            otel_context_t c;
            assert_int_equal(extracted(&c, k ? &multi : &single, cases[i].text, sizeof buffer), cases[i].expected != NULL);
            if (!cases[i].expected) continue;
            assert_string_equal(hex_of(&c), cases[i].expected);
            assert_int_equal(c.flags, cases[i].flags);
            assert_true(c.remote);
        }
    }
}

/* The grammar once more, with string functions. */
static bool b3_oracle(const char *text)
{
    static const char digits[] = "0123456789abcdefABCDEF";
    size_t n;
    text += strspn(text, " \t");
    n = strspn(text, digits);
    if ((n != 32 && n != 16) || strspn(text, "0") >= n || text[n] != '-') return false;
    text += n + 1;
    n = strspn(text, digits);
    if (n != 16 || strspn(text, "0") >= 16) return false;
    text += n;
    if (text[0] == '-' && text[1] && strchr("01d", text[1])) {
        text += 2;
        if (*text == '-') {
            n = strspn(text + 1, digits);
            if (n != 16 || strspn(text + 1, "0") >= 16) return false;
            text += 17;
        }
    }
    return text[strspn(text, " \t")] == 0;
}

static void b3_is_read_as_the_grammar_says(void **state)
{
    static const char *const texts[] = { TRACE "-" SPAN "-1", SPAN "-" SPAN, TRACE "-" SPAN "-d-" SPAN };
    otel_propagator_t b3 = otel_propagator_b3();
    char text[128];
    size_t t, i, len, how;
    unsigned c, n = 0;
    (void)state;
    for (t = 0; t < LENGTH(texts); t++) {
        len = strlen(texts[t]);
        for (how = 0; how < 4; how++) {                          /* cut, removed, replaced, inserted */
            for (i = 0; i <= len; i++) {
                for (c = 1; c < (how < 2 ? 2u : 256u); c++) {
                    otel_context_t out;
                    if (c == '\n' || (i == len && (how == 1 || how == 2))) continue;
                    memcpy(text, "b3:", 3);
                    memcpy(text + 3, texts[t], i);
                    text[3 + i] = (char)c;
                    strcpy(text + 3 + i + (how >= 2), how == 0 ? "" : texts[t] + i + (how != 3));
                    assert_int_equal(extracted(&out, &b3, text, sizeof buffer), b3_oracle(text + 3));
                    n++;
                }
            }
        }
    }
    assert_true(n > 60000);
}

/* ---- environment ---- */
static void a_child_process_sees_the_span(void **state)
{
    static char zero[] = "A=1", one[] = "TRACEPARENT=stale", two[] = "TRACESTATE=stale=1", three[] = "B=2", four[] = "TRACEPARENTS=mine";
    char *from[] = { zero, one, two, three, four, NULL };
    const char *to[8];
    char text[600], out[1024], tp[OTEL_TRACEPARENT_SIZE];
    otel_environment_t env;
    otel_context_t caller;
    otel_span_t s;
    size_t len = 0;
    int pipes[2], status;
    pid_t child;
    (void)state;
    kit_start();
    assert_true(otel_extract(&caller, TP, NULL, "user=jo%C3%AB"));
    otel_span_start(&s, "parent", .parent = &caller);
    memset((void *)&env, 0, sizeof env);
    env.to = to;
    env.slots = LENGTH(to);
    env.buffer = text;
    env.buffer_size = sizeof text;
    assert_non_null(otel_environment(&env, from, &s));
    assert_int_equal(pipe(pipes), 0);
    child = fork();
    assert_true(child >= 0);
    if (child == 0) {
        static char name[] = "env";
        char *arguments[] = { name, NULL };
        (void)dup2(pipes[1], 1);
        (void)execve("/usr/bin/env", arguments, otel_environment(&env, from, &s));
        _exit(127);
    }
    close(pipes[1]);
    for (;;) {
        ssize_t n = read(pipes[0], out + len, sizeof out - 1 - len);
        if (n <= 0) break;
        len += (size_t)n;
    }
    out[len] = 0;
    close(pipes[0]);
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_true(WIFEXITED(status) && WEXITSTATUS(status) == 0);
    {
        char expected[256];
        snprintf(expected, sizeof expected, "A=1\nB=2\nTRACEPARENTS=mine\nTRACEPARENT=%s\nBAGGAGE=user=jo%%C3%%AB\n", otel_traceparent(&s, tp));
        assert_string_equal(out, expected);
    }
    {                                                              /* what the child does with it */
        otel_carrier_t carrier = otel_carrier_environment((char *const *)(uintptr_t)to);
        otel_context_t c;
        size_t at = 0, n = 0;
        char value[16];
        otel_baggage_entry_t e;
        assert_true(otel_extract_from(&c, NULL, &carrier));
        assert_string_equal(hex_of(&c), tp);
        assert_true(otel_baggage_find(&c, "user", &e));
        (void)otel_baggage_value(&e, value, sizeof value);
        assert_string_equal(value, "jo\xC3\xAB");
        while ((carrier.key)(carrier.user, &at, &len)) n++;
        assert_int_equal(n, 5);
    }
    otel_span_end(&s);
    kit_stop();
}

static void an_environment_without_room_is_none(void **state)
{
    static char zero[] = "A=1";
    char *from[] = { zero, NULL };
    const char *to[4];
    char text[80];
    otel_environment_t env;
    otel_span_t s;
    size_t slots, size;
    (void)state;
    kit_start();
    otel_span_start(&s, "parent");
    for (slots = 0; slots <= 4; slots++) {
        for (size = 0; size <= sizeof text; size++) {
            char *exact = (char *)malloc(size ? size : 1);
            memset((void *)&env, 0, sizeof env);
            env.to = to;
            env.slots = slots;
            env.buffer = exact;
            env.buffer_size = size;
            assert_int_equal(otel_environment(&env, from, &s) != NULL, slots >= 3 && size >= sizeof "TRACEPARENT=" TP);
            free(exact);
        }
    }
    env.buffer_size = 0;
    assert_non_null(otel_environment(&env, from, NULL));           /* no span: the rest is passed on */
    assert_string_equal(to[0], "A=1");
    assert_null(to[1]);
    assert_null(otel_environment(NULL, from, &s));
    otel_span_end(&s);
    kit_stop();
}

/* ---- messages ---- */
static void mqtt_user_properties_are_those_of_the_standard(void **state)
{
    static const uint8_t before[] = { 0x01, 1, 0x02, 0, 0, 0, 9, 0x03, 0, 2, 't', 'x', 0x0B, 0x80, 1, 0x23, 0, 7, 0x26, 0, 1, 'a', 0, 0, 0x09, 0, 1, 0 };
    uint8_t bytes[512];
    char texts[512];
    otel_message_t m;
    otel_carrier_t carrier;
    otel_context_t c, back;
    size_t n, size;
    (void)state;
    assert_true(otel_extract(&c, TP, "a=1", "k=v"));
    memset((void *)&m, 0, sizeof m);
    m.bytes = bytes;
    m.size = sizeof bytes;
    memcpy(bytes, before, sizeof before);
    m.len = sizeof before;
    otel_inject_to(&c, NULL, otel_mqtt_set, &m);
    assert_false(m.lost);
    assert_int_equal(m.count, 3);
    assert_memory_equal(bytes + sizeof before, "\x26\x00\x0Btraceparent\x00\x37" TP "\x26\x00\x0Atracestate\x00\x03" "a=1\x26\x00\x07" "baggage\x00\x03k=v", m.len - sizeof before);
    carrier = otel_carrier_mqtt(&m, texts, sizeof texts);
    assert_true(otel_extract_from(&back, NULL, &carrier));
    assert_string_equal(hex_of(&back), TP);
    assert_string_equal(back.tracestate, "a=1");
    assert_string_equal(back.baggage, "k=v");
    for (n = 0; n <= m.len; n++) {                                 /* every prefix, and every byte broken */
        otel_message_t cut;
        unsigned k;
        memset((void *)&cut, 0, sizeof cut);
        cut.bytes = (uint8_t *)slice((const char *)bytes, n);
        cut.len = n;
        carrier = otel_carrier_mqtt(&cut, texts, sizeof texts);
        assert_int_equal(otel_extract_from(&back, NULL, &carrier), n >= sizeof before + 71);
        for (k = 0; n == m.len && k < m.len * 8; k++) {
            cut.bytes[k / 8] ^= (uint8_t)(1u << k % 8);
            carrier = otel_carrier_mqtt(&cut, texts, sizeof texts);
            (void)otel_extract_from(&back, NULL, &carrier);
            cut.bytes[k / 8] ^= (uint8_t)(1u << k % 8);
        }
        free(cut.bytes);
    }
    for (size = 0; size < 120; size++) {                           /* what does not fit is left out as a whole */
        memset((void *)&m, 0, sizeof m);
        m.bytes = (uint8_t *)malloc(size ? size : 1);
        m.size = size;
        otel_inject_to(&c, NULL, otel_mqtt_set, &m);
        assert_int_equal(m.lost, size < 71 + 18 + 15);
        assert_int_equal(m.len, m.count == 0 ? 0 : m.count == 3 ? 104 : m.len);
        free(m.bytes);
    }
}

static void kafka_headers_are_those_of_a_record(void **state)
{
    static const uint8_t before[] = { 4, 'i', 'd', 1, 2, 'x', 0 };       /* id: null, x: empty */
    uint8_t bytes[512];
    char texts[512];
    otel_message_t m;
    otel_carrier_t carrier;
    otel_context_t c, back;
    size_t n;
    (void)state;
    assert_true(otel_extract(&c, TP, "a=1", "k=v"));
    memset((void *)&m, 0, sizeof m);
    m.bytes = bytes;
    m.size = sizeof bytes;
    memcpy(bytes, before, sizeof before);
    m.len = sizeof before;
    otel_inject_to(&c, NULL, otel_kafka_set, &m);
    assert_int_equal(m.count, 3);
    assert_memory_equal(bytes + sizeof before, "\x16traceparent\x6E" TP "\x14tracestate\x06" "a=1\x0E" "baggage\x06k=v", m.len - sizeof before);
    carrier = otel_carrier_kafka(&m, texts, sizeof texts);
    assert_true(otel_extract_from(&back, NULL, &carrier));
    assert_string_equal(hex_of(&back), TP);
    assert_string_equal(back.tracestate, "a=1");
    assert_string_equal(back.baggage, "k=v");
    for (n = 0; n <= m.len; n++) {
        otel_message_t cut;
        unsigned k;
        memset((void *)&cut, 0, sizeof cut);
        cut.bytes = (uint8_t *)slice((const char *)bytes, n);
        cut.len = n;
        carrier = otel_carrier_kafka(&cut, texts, sizeof texts);
        assert_int_equal(otel_extract_from(&back, NULL, &carrier), n >= sizeof before + 68);
        for (k = 0; n == m.len && k < m.len * 8; k++) {
            cut.bytes[k / 8] ^= (uint8_t)(1u << k % 8);
            carrier = otel_carrier_kafka(&cut, texts, sizeof texts);
            (void)otel_extract_from(&back, NULL, &carrier);
            cut.bytes[k / 8] ^= (uint8_t)(1u << k % 8);
        }
        free(cut.bytes);
    }
    memset((void *)&m, 0, sizeof m);
    m.bytes = bytes;
    m.size = 67;
    otel_inject_to(&c, NULL, otel_kafka_set, &m);
    assert_true(m.lost && m.count == 2);
}

/* One header in each form; what is read in all of them, which must be the same. */
static bool read_hostile(otel_context_t *out, const otel_propagator_t *propagator, const char *name, const char *value, size_t len)
{
    otel_header_t header[2];
    otel_headers_t one;
    otel_context_t other;
    otel_message_t m;
    otel_carrier_t carrier;
    size_t n = strlen(name), i;
    unsigned form;
    bool found = false;
    static char texts[80000];
    for (form = 0; form < 3; form++) {
        uint8_t *bytes = (uint8_t *)malloc(n + len + 16), *p = bytes;
        bool is;
        assert_non_null(bytes);
        header[0].name = name, header[0].name_len = n, header[0].value = (const char *)bytes, header[0].value_len = len;
        one.at = header, one.len = 1;
        memset((void *)&m, 0, sizeof m);
        if (form == 0) {
            memcpy(bytes, value, len);
        } else {
            *p++ = form == 1 ? 0x26 : (uint8_t)(2 * n);
            if (form == 1) *p++ = 0, *p++ = (uint8_t)n;
            memcpy(p, name, n);
            p += n;
            if (form == 1) *p++ = (uint8_t)(len >> 8), *p++ = (uint8_t)len;
            else for (i = 2 * len; ; i >>= 7) if (i < 128) { *p++ = (uint8_t)i; break; } else *p++ = (uint8_t)(i | 128);
            memcpy(p, value, len);
            m.bytes = (uint8_t *)slice((char *)bytes, m.len = (size_t)(p + len - bytes));
        }
        carrier = form == 0 ? otel_carrier_headers(&one, texts, sizeof texts) : form == 1 ? otel_carrier_mqtt(&m, texts, sizeof texts) : otel_carrier_kafka(&m, texts, sizeof texts);
        is = otel_extract_from(form ? &other : out, propagator, &carrier);
        if (form) {
            assert_int_equal(is, found);
            assert_string_equal(hex_of(&other), hex_of(out));
            assert_int_equal(other.baggage != NULL, out->baggage != NULL);
        }
        found = is;
        assert_int_equal(found, otel_context_valid(out));
        seen[0] = 0;
        if (len < 4000) (void)injected(out, propagator);
        for (i = 0; seen[i]; i++) assert_true(seen[i] == '\n' || (seen[i] >= ' ' && seen[i] <= '~'));     /* nothing is smuggled on */
        free(bytes);
        free(m.bytes);
    }
    return found;
}

static void hostile_headers_are_nothing_or_whole_in_every_carrier(void **state)
{
    static const struct { const char *name, *good; size_t least; } headers_of[] = { { "traceparent", TP, 55 }, { "b3", TRACE "-" SPAN "-1-" SPAN, 49 }, { "b3", SPAN "-" SPAN, 33 } };
    static const char *const others[] = { "tracestate", "baggage", "x-b3-traceid", "x-b3-spanid", "x-b3-flags", "x-b3-sampled", "traceparent", "b3", "x" };
    static char huge[60000], text[200];
    otel_propagator_t w3c = otel_propagator_w3c(), baggage = otel_propagator_baggage(), b3 = otel_propagator_b3(), all;
    const otel_propagator_t *list[4];
    otel_context_t c, good;
    size_t i, len;
    unsigned h, k, byte;
    (void)state;
    list[0] = &w3c, list[1] = &b3, list[2] = &baggage, list[3] = NULL;
    all = otel_propagator_composite(list);
    for (h = 0; h < LENGTH(headers_of); h++) {
        const char *value = headers_of[h].good;
        len = strlen(value);
        assert_true(read_hostile(&good, &all, headers_of[h].name, value, len));
        for (i = 0; i < len; i++) {
            (void)read_hostile(&c, &all, headers_of[h].name, value, i);          /* cut */
            assert_true(i >= headers_of[h].least || !otel_context_valid(&c));
            for (byte = 0; byte < 256; byte += i % 8 ? 37 : 1) {   /* replaced; a NUL, a line feed, and what is beyond ASCII never pass */
                memcpy(text, value, len);
                text[i] = (char)byte;
                if (read_hostile(&c, &all, headers_of[h].name, text, len)) assert_true((byte >= '0' && byte <= '9') || (byte >= 'a' && byte <= 'f') || (h && byte >= 'A' && byte <= 'F') || byte == '-' || (byte == ' ' && (i == 0 || i == len - 1)) || (byte == '\t' && (i == 0 || i == len - 1)));
            }
            memcpy(text, value, i);                                /* a NUL in between, and more behind it */
            text[i] = 0;
            memcpy(text + i + 1, value + i, len - i);
            assert_false(read_hostile(&c, &all, headers_of[h].name, text, len + 1));
        }
        memcpy(text, value, len);
        text[len] = 0;
        assert_false(read_hostile(&c, &all, headers_of[h].name, text, len + 1));
    }
    for (k = 0; k < LENGTH(others); k++) {                         /* huge and garbage: in no time, and nothing of it is a trace */
        for (byte = 0; byte < 8; byte++) {
            static const char fills[] = { 'a', ',', '=', '%', '0', 0, -1, ' ' };
            memset(huge, fills[byte], sizeof huge);
            for (len = 1; len < sizeof huge; len = len * 7 + 3) assert_false(read_hostile(&c, &all, others[k], huge, len));
        }
        for (i = 0; i < sizeof huge; i++) huge[i] = (char)(i * 2654435761u >> 11);
        assert_false(read_hostile(&c, &all, others[k], huge, sizeof huge));
    }
}

static void an_environment_may_hold_anything(void **state)
{
    static char huge[100000];
    static char entry[80], none[] = "TRACEPARENT", empty[] = "TRACEPARENT=", equals[] = "=TRACEPARENT", twice[] = "TRACEPARENT=" TP, other[] = "TRACEPARENTX=" TP;
    otel_carrier_t carrier;
    otel_context_t c;
    size_t i;
    unsigned byte;
    (void)state;
    for (i = 0; i < sizeof twice - 1; i++) {
        for (byte = 1; byte < 256; byte += 5) {                    /* no NUL: it ends an entry, which is a cut one */
            char *environment[] = { entry, NULL };
            memcpy(entry, twice, sizeof twice);
            entry[i] = (char)byte;
            carrier = otel_carrier_environment(environment);
            if (otel_extract_from(&c, NULL, &carrier)) assert_true((char)byte == twice[i] || i >= 12);
            entry[i] = 0;
            assert_false(otel_extract_from(&c, NULL, &carrier));
        }
    }
    memset(huge, '0', sizeof huge - 1);
    memcpy(huge, "TRACEPARENT=00-", 15);
    {
        char *environment[] = { none, empty, equals, other, huge, twice, NULL };
        carrier = otel_carrier_environment(environment + 2);
        assert_false(otel_extract_from(&c, NULL, &carrier));       /* the first one of a name counts, as for getenv */
        carrier = otel_carrier_environment(environment + 5);
        assert_true(otel_extract_from(&c, NULL, &carrier));
        carrier = otel_carrier_environment(environment);
        assert_false(otel_extract_from(&c, NULL, &carrier));
    }
}

static void a_context_fits_in_29_bytes(void **state)
{
    static const uint8_t expected[OTEL_BINARY_SIZE] = { 0, 0, 0x01, 0x23, 0x45, 0x67, 0x89, 0xab, 0xcd, 0xef, 0x01, 0x23, 0x45, 0x67, 0x89, 0xab, 0xcd, 0xef,
                                                        1, 0xfe, 0xdc, 0xba, 0x98, 0x76, 0x54, 0x32, 0x10, 2, 1 };
    uint8_t bytes[OTEL_BINARY_SIZE + 1];
    otel_context_t c, back;
    size_t n, i;
    (void)state;
    assert_true(otel_extract(&c, TP, "a=1", NULL));
    assert_true(otel_binary_write(&c, bytes));
    assert_memory_equal(bytes, expected, sizeof expected);
    for (n = 0; n <= sizeof bytes; n++) {
        uint8_t *exact = (uint8_t *)slice((const char *)bytes, n);
        assert_int_equal(otel_binary_read(&back, exact, n), n >= OTEL_BINARY_SIZE);
        assert_int_equal(otel_context_valid(&back), n >= OTEL_BINARY_SIZE);
        free(exact);
    }
    assert_string_equal(hex_of(&back), TP);
    assert_true(back.remote);
    for (i = 0; i < OTEL_BINARY_SIZE; i++) {
        bool tag = i < 2 || i == 18 || i == 27;
        bytes[i] ^= 0x40;
        assert_int_equal(otel_binary_read(&back, bytes, OTEL_BINARY_SIZE), !tag);
        bytes[i] ^= 0x40;
    }
    memset(bytes + 2, 0, 16);
    assert_false(otel_binary_read(&back, bytes, OTEL_BINARY_SIZE));
    memset((void *)&c, 0, sizeof c);
    assert_false(otel_binary_write(&c, bytes));
    assert_false(otel_binary_write(NULL, bytes));
    assert_false(otel_binary_read(&back, NULL, 29));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(headers_in_any_case_and_several_lines_are_one_context),
        cmocka_unit_test(what_does_not_fit_in_the_buffer_is_left_out_as_a_whole),
        cmocka_unit_test(a_hundred_baggage_lines_and_8192_bytes),
        cmocka_unit_test(a_getter_of_ones_own_needs_no_buffer),
        cmocka_unit_test(a_carrier_tells_its_names),
        cmocka_unit_test(a_composite_asks_each_and_the_last_trace_counts),
        cmocka_unit_test(headers_leave_values_of_the_process_alone),
        cmocka_unit_test(the_propagator_of_the_instance_is_used),
        cmocka_unit_test(debug_of_b3_never_reaches_otlp),
        cmocka_unit_test(b3_by_hand),
        cmocka_unit_test(b3_is_read_as_the_grammar_says),
        cmocka_unit_test(a_child_process_sees_the_span),
        cmocka_unit_test(an_environment_without_room_is_none),
        cmocka_unit_test(mqtt_user_properties_are_those_of_the_standard),
        cmocka_unit_test(kafka_headers_are_those_of_a_record),
        cmocka_unit_test(hostile_headers_are_nothing_or_whole_in_every_carrier),
        cmocka_unit_test(an_environment_may_hold_anything),
        cmocka_unit_test(a_context_fits_in_29_bytes),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
