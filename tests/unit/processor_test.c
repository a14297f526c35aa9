/* flags: -DOTEL_VSNPRINTF=vsnprintf */
/* Processors of spans and logs, configurators, exceptions, events and bridges. */
#include <stdio.h>
#include "kit.h"

#define TP "00-0123456789abcdef0123456789abcdef-fedcba9876543210-01"
static otel_scope_t net = OTEL_SCOPE("net.http", .version = "1.2"), noisy = OTEL_SCOPE("noisy.lib");
static char trail[512];
static void say(const char *word) { strcat(strcat(trail, word), " "); }

static void start_with(const otel_span_settings_t *spans, const otel_log_settings_t *logs, otel_sampler_t sampler)
{
    otel_config_t config;
    now_ns = T0;
    trail[0] = 0;
    memset((void *)&config, 0, sizeof config);
    config.clock = kit_clock;
    config.entropy = kit_entropy;
    config.pool = pool;
    config.pool_size = sizeof pool;
    config.sampler = sampler;
    if (spans) config.spans = otel_spans(spans);
    if (logs) config.logs = otel_logs(logs);
    assert_int_equal(otel_init_with(&otel, &config), OTEL_OK);
    assert_int_equal(otel_recorder_init(&rec, .memory = memory, .memory_size = sizeof memory), OTEL_OK);
    assert_int_equal(otel_exporter_init(&ex, .otel = &otel, .send = otel_recorder_send, .user = &rec, .buffer = packet, .buffer_size = sizeof packet, .idle = kit_idle), OTEL_OK);
}
static otel_sampler_t none(void)
{
    otel_sampler_t s;
    memset((void *)&s, 0, sizeof s);
    return s;
}

/* ---- spans ---- */
static void watch_start(const otel_processor_t *self, otel_span_t *span, const otel_context_t *parent)
{
    say((const char *)self->user);
    if (otel_context_valid(parent)) {
        say(parent->remote ? "remote" : "local");
        if (parent->baggage) say(parent->baggage);
        if (parent->tracestate) say(parent->tracestate);
        assert_int_equal(parent->flags & OTEL_FLAG_SAMPLED, 1);
    }
    assert_true(otel_is_recording(span));
    assert_true(otel_span_end_ns(span) == 0);
    otel_span_set(span, "by", (const char *)self->user);
}
static void watch_ending(const otel_processor_t *self, otel_span_t *span)
{
    otel_value_t v;
    size_t len;
    const char *name = otel_span_name(span, &len);
    (void)self;
    assert_true(otel_is_recording(span));
    assert_memory_equal(name, "renamed", len);
    assert_int_equal(len, 7);
    assert_int_equal(otel_span_kind(span), OTEL_SERVER);
    assert_int_equal(otel_span_status_code(span), OTEL_STATUS_ERROR);
    assert_ptr_equal(otel_span_scope(span), &net);
    assert_string_equal(otel_span_scope(span)->version, "1.2");
    assert_true(otel_span_end_ns(span) - otel_span_start_ns(span) == 5 * MS);
    assert_true(otel_span_get(span, "i", &v) && v.type == OTEL_V_INT_ && v.as.i == -7);
    assert_true(otel_span_get(span, "b", &v) && v.type == OTEL_V_BOOL_ && v.as.i == 1);
    assert_true(otel_span_get(span, "d", &v) && v.type == OTEL_V_DOUBLE_ && v.as.d == 2.5);
    assert_true(otel_span_get(span, "s", &v) && v.type == OTEL_V_STRING_ && v.len == 6 && memcmp(v.as.p, "secret", 6) == 0);
    assert_true(otel_span_get(span, "y", &v) && v.type == OTEL_V_BYTES_ && v.len == 3 && memcmp(v.as.p, "\1\0\2", 3) == 0);
    assert_false(otel_span_get(span, "none", &v));
    assert_true(otel_span_remove(span, "s"));
    assert_false(otel_span_remove(span, "s"));
    otel_span_set(span, "i", 8, "added", OTEL_TRUE);
    otel_span_event(span, "ending");
    say("ending");
}
static bool watch_end(const otel_processor_t *self, const otel_span_t *span)
{
    otel_value_t v;
    (void)self;
    assert_true(otel_span_get(span, "added", &v));
    say("end");
    return true;
}

static void a_processor_sees_start_and_end_and_changes_what_goes_out(void **state)
{
    static char first[] = "first", second[] = "second";
    otel_processor_t a, b;
    const otel_processor_t *list[3];
    otel_span_settings_t settings;
    otel_recorded_span_t got;
    otel_recorded_event_t event;
    otel_context_t caller;
    otel_slice_t text;
    int64_t i;
    bool yes;
    (void)state;
    memset((void *)&a, 0, sizeof a);
    memset((void *)&b, 0, sizeof b);
    memset((void *)&settings, 0, sizeof settings);
    a.on_start = b.on_start = watch_start;
    a.on_ending = watch_ending;
    b.on_end = watch_end;
    a.user = first;
    b.user = second;
    list[0] = &a, list[1] = &b, list[2] = NULL;
    settings.processors = list;
    start_with(&settings, NULL, none());
    assert_true(otel_extract(&caller, TP, "k=v", "user=7"));
    OTEL_SPAN(span, "begun", .kind = OTEL_SERVER, .parent = &caller, .scope = &net) {
        otel_span_set(span, "i", -7, "b", OTEL_TRUE, "d", 2.5, "s", "secret", "y", OTEL_BYTES("\1\0\2", 3));
        otel_span_rename(span, "renamed");
        otel_span_status(span, OTEL_STATUS_ERROR, "why");
        now_ns += 5 * MS;
    }
    assert_string_equal(trail, "first remote user=7 k=v second remote user=7 k=v ending end ");
    assert_int_equal(otel_export_flush(&ex, 1000), OTEL_OK);
    assert_true(otel_recorder_find_span(&rec, "renamed", &got));
    assert_true(otel_recorded_int(&got.attributes, "i", &i) && i == 8);
    assert_true(otel_recorded_bool(&got.attributes, "added", &yes) && yes);
    assert_true(otel_recorded_text(&got.attributes, "by", &text) && kit_is(text, "second"));
    assert_false(otel_recorded_text(&got.attributes, "s", &text));
    assert_true(otel_recorded_event(&got.events, 0, &event) && kit_is(event.name, "ending"));
    assert_int_equal(got.flags & 0xFF, 1);
    kit_stop();
}

/* A caller without a trace may have baggage: the root span's processors see it. */
static void watch_baggage(const otel_processor_t *self, otel_span_t *span, const otel_context_t *parent)
{
    (void)self, (void)span;
    say(otel_context_valid(parent) ? "child" : "root");
    say(parent->baggage ? parent->baggage : "none");
    say(otel_context_value(parent, (const otel_context_key_t *)self->user) ? "value" : "none");
}

static void a_root_span_has_the_baggage_of_its_context(void **state)
{
    static const otel_context_key_t key = OTEL_CONTEXT_KEY("key");
    static otel_processor_t watch;
    static const otel_processor_t *list[] = { &watch, NULL };
    static const otel_span_settings_t settings = { .processors = list };
    otel_context_value_t place;
    otel_context_t caller;
    (void)state;
    memset((void *)&watch, 0, sizeof watch);
    memset((void *)&place, 0, sizeof place);
    watch.on_start = watch_baggage;
    watch.user = (void *)(uintptr_t)&key;
    start_with(&settings, NULL, none());
    assert_false(otel_extract(&caller, NULL, NULL, "user=7"));
    caller = otel_context_with(&caller, &key, "v", &place);
    OTEL_SPAN(span, "root", .parent = &caller) OTEL_SPAN(inner, "child") { }
    OTEL_SPAN(span, "alone") { }
    assert_string_equal(trail, "root user=7 value child user=7 value root none none ");
    kit_stop();
}

static void end_it(const otel_processor_t *self, otel_span_t *span, const otel_context_t *parent)
{
    (void)self;
    (void)parent;
    otel_span_end(span);
}

static void enter_it(const otel_processor_t *self, otel_span_t *span, const otel_context_t *parent)
{
    (void)self;
    (void)parent;
    otel_span_enter(span);
}

/* Nothing stays current that is over, and nothing is its own parent. */
static void a_processor_may_end_or_enter_a_span_at_its_start(void **state)
{
    void (*const calls[])(const otel_processor_t *, otel_span_t *, const otel_context_t *) = { end_it, enter_it };
    otel_processor_t p;
    const otel_processor_t *list[2];
    otel_span_settings_t settings;
    unsigned i, rounds;
    (void)state;
    for (i = 0; i < LENGTH(calls); i++) {
        memset((void *)&p, 0, sizeof p);
        memset((void *)&settings, 0, sizeof settings);
        p.on_start = calls[i];
        list[0] = &p, list[1] = NULL;
        settings.processors = list;
        start_with(&settings, NULL, none());
        for (rounds = 0; rounds < 2u; rounds++) {
            OTEL_SPAN(outer, "outer") {
                OTEL_SPAN(inner, "inner") otel_span_set(inner, "k", 1);
                assert_ptr_equal(otel_span_current(), i == 0 ? NULL : outer);
            }
            assert_null(otel_span_current());
        }
        assert_int_equal(kit_stats(&ex, OTEL_SIGNAL_TRACES).created, 4);
        kit_stop();
    }
}

static void what_a_processor_drops_is_counted_and_what_is_not_sampled_is_not(void **state)
{
    otel_filter_t filter;
    otel_processor_t p;
    const otel_processor_t *list[2];
    otel_span_settings_t settings;
    unsigned i, off;
    (void)state;
    memset((void *)&filter, 0, sizeof filter);
    memset((void *)&settings, 0, sizeof settings);
    filter.name = "poll*";
    filter.shorter_ns = 10 * MS;
    filter.keep_errors = true;
    p = otel_processor_filter(&filter);
    list[0] = &p, list[1] = NULL;
    settings.processors = list;
    for (off = 0; off < 2; off++) {
        const otel_sampler_t never = otel_sampler_always_off();
        start_with(&settings, NULL, off ? otel_sampler_always_record(&never) : none());
        for (i = 0; i < 40; i++) {
            OTEL_SPAN(span, i & 1 ? "poll the bus" : "work") {
                assert_true(otel_is_recording(span));
                now_ns += (i & 2 ? 20 : 1) * MS;
                if (i & 4) otel_span_error(span, -1, NULL);
            }
        }
        assert_int_equal(kit_stats(&ex, OTEL_SIGNAL_TRACES).created, off ? 0 : 40);
        assert_int_equal(kit_stats(&ex, OTEL_SIGNAL_TRACES).dropped[OTEL_DROP_PROCESSOR], off ? 0 : 5);
        assert_int_equal(otel_export_flush(&ex, 1000), OTEL_OK);
        assert_int_equal(otel_recorder_spans(&rec), off ? 0 : 35);
        kit_stop();
    }
}

static void ends_itself(const otel_processor_t *self, otel_span_t *span)
{
    (void)self;
    otel_span_end(span);
}

static void an_end_inside_a_processor_is_one_end(void **state)
{
    otel_processor_t p;
    const otel_processor_t *list[2];
    otel_span_settings_t settings;
    (void)state;
    memset((void *)&p, 0, sizeof p);
    memset((void *)&settings, 0, sizeof settings);
    p.on_ending = ends_itself;
    list[0] = &p, list[1] = NULL;
    settings.processors = list;
    start_with(&settings, NULL, none());
    kit_span("a");
    OTEL_SPAN(span, "b") (void)span;
    assert_int_equal(kit_stats(&ex, OTEL_SIGNAL_TRACES).created, 2);
    kit_stop();
}

static void enriching_yields_to_the_program_and_errors_are_kept_behind_processors(void **state)
{
    const otel_sampler_t off = otel_sampler_always_off();
    otel_rule_t rule;
    otel_priority_t priority;
    otel_attr_t about[2], given[1];
    otel_enrich_t enrich;
    otel_processor_t p;
    const otel_processor_t *list[2];
    otel_span_settings_t settings;
    otel_recorded_span_t got;
    otel_slice_t text;
    (void)state;
    memset((void *)&rule, 0, sizeof rule);
    memset((void *)&priority, 0, sizeof priority);
    memset((void *)&settings, 0, sizeof settings);
    rule.sampler = &off;
    rule.keep_errors = true;
    priority.rules = &rule;
    priority.len = 1;
    about[0] = otel_str("region", "eu");
    about[1] = otel_str("mode", "auto");
    given[0] = otel_str("mode", "hand");
    enrich.attributes = about;
    enrich.len = 2;
    p = otel_processor_enrich(&enrich);
    list[0] = &p, list[1] = NULL;
    settings.processors = list;
    start_with(&settings, NULL, otel_sampler_priority(&priority));
    OTEL_SPAN(span, "good") (void)span;
    OTEL_SPAN(span, "bad", .attributes = given, .attributes_len = 1) otel_span_error(span, -1, "x");
    assert_int_equal(otel_export_flush(&ex, 1000), OTEL_OK);
    assert_int_equal(otel_recorder_spans(&rec), 1);
    assert_true(otel_recorder_find_span(&rec, "bad", &got));
    assert_true(otel_recorded_text(&got.attributes, "region", &text) && kit_is(text, "eu"));
    assert_true(otel_recorded_text(&got.attributes, "mode", &text) && kit_is(text, "hand"));
    kit_stop();
}

static void a_tracer_that_is_off_passes_contexts_on(void **state)
{
    otel_tracer_rule_t rules[1];
    otel_span_settings_t settings;
    otel_context_t caller, c;
    otel_recorded_span_t got;
    char tp[OTEL_TRACEPARENT_SIZE];
    (void)state;
    memset((void *)rules, 0, sizeof rules);
    memset((void *)&settings, 0, sizeof settings);
    rules[0].scope = "noisy.*";
    rules[0].disabled = true;
    settings.rules = rules;
    settings.rules_len = 1;
    start_with(&settings, NULL, none());
    assert_true(otel_extract(&caller, TP, NULL, NULL));
    OTEL_SPAN(span, "off", .scope = &noisy, .parent = &caller) {
        assert_false(otel_is_recording(span));
        assert_string_equal(otel_traceparent(span, tp), TP);
        OTEL_SPAN(child, "child", .scope = &net) c = otel_span_context(child);
    }
    assert_memory_equal(c.trace_id, caller.trace_id, 16);
    assert_int_equal(c.flags & OTEL_FLAG_SAMPLED, 1);
    OTEL_SPAN(span, "off root", .scope = &noisy) {
        c = otel_span_context(span);
        assert_false(otel_context_valid(&c));
        OTEL_SPAN(child, "new root", .scope = &net) {
            c = otel_span_context(child);
            assert_true(otel_context_valid(&c));
        }
    }
    OTEL_SPAN(span, "unnamed scope") assert_true(otel_is_recording(span));
    assert_int_equal(otel_export_flush(&ex, 1000), OTEL_OK);
    assert_int_equal(otel_recorder_spans(&rec), 3);
    assert_true(otel_recorder_find_span(&rec, "child", &got));
    assert_memory_equal(got.parent_id, caller.span_id, 8);
    assert_true(otel_recorder_find_span(&rec, "new root", &got));
    assert_memory_equal(got.parent_id, "\0\0\0\0\0\0\0\0", 8);
    kit_stop();
}

/* Such a span has no ids: what is logged inside belongs to no trace, and a rule about traces leaves it alone. */
static void a_log_inside_a_tracer_that_is_off_is_in_no_trace(void **state)
{
    static const uint8_t no_id[16] = { 0 };
    otel_tracer_rule_t off[1];
    otel_logger_rule_t traced[1];
    otel_span_settings_t spans;
    otel_log_settings_t logs;
    otel_recorded_log_t got;
    unsigned round;
    (void)state;
    for (round = 0; round < 2u; round++) {
        memset((void *)off, 0, sizeof off);
        memset((void *)traced, 0, sizeof traced);
        memset((void *)&spans, 0, sizeof spans);
        memset((void *)&logs, 0, sizeof logs);
        off[0].scope = "noisy.*";
        off[0].disabled = true;
        spans.rules = off;
        spans.rules_len = 1;
        traced[0].trace_based = true;
        logs.rules = traced;
        logs.rules_len = round;
        start_with(&spans, &logs, none());
        OTEL_SPAN(span, "off root", .scope = &noisy) {
            (void)span;
            otel_log(OTEL_INFO, "inside");
        }
        assert_int_equal(otel_export_flush(&ex, 1000), OTEL_OK);
        assert_true(otel_recorder_find_log(&rec, "inside", &got));
        assert_memory_equal(got.trace_id, no_id, 16);
        assert_memory_equal(got.span_id, no_id, 8);
        kit_stop();
    }
}

static void simple_processors_send_at_once(void **state)
{
    otel_simple_t simple;
    otel_processor_t p;
    otel_log_processor_t lp;
    const otel_processor_t *list[2];
    const otel_log_processor_t *logs[2];
    otel_span_settings_t settings;
    otel_log_settings_t log_settings;
    unsigned i;
    (void)state;
    memset((void *)&simple, 0, sizeof simple);
    memset((void *)&settings, 0, sizeof settings);
    memset((void *)&log_settings, 0, sizeof log_settings);
    simple.exporter = &ex;
    p = otel_processor_simple(&simple);
    lp = otel_log_processor_simple(&simple);
    list[0] = &p, list[1] = NULL;
    logs[0] = &lp, logs[1] = NULL;
    settings.processors = list;
    log_settings.processors = logs;
    start_with(&settings, &log_settings, none());
    for (i = 1; i <= 20; i++) {
        kit_span("s");
        assert_int_equal(otel_recorder_spans(&rec), i);
        otel_log(OTEL_INFO, "l");
        assert_int_equal(otel_recorder_logs(&rec), i);
        assert_int_equal(kit_stats(&ex, OTEL_SIGNAL_TRACES).queued, 0);
    }
    assert_int_equal(otel_flush(&otel, 1000), OTEL_OK);
    kit_stop();
}

/* Spans go at once to `send`. */
static otel_simple_t at_once;
static void start_simple(int (*send)(void *user, const otel_request_t *request), void *user)
{
    static otel_processor_t p;
    static const otel_processor_t *list[2];
    static otel_span_settings_t settings;
    memset((void *)&at_once, 0, sizeof at_once);
    at_once.exporter = &ex;
    p = otel_processor_simple(&at_once);
    list[0] = &p;
    settings.processors = list;
    start_with(&settings, NULL, none());
    ex.config_.send = send;
    ex.config_.user = user;
}

static void simple_processors_wait_after_a_failure(void **state)
{
    static const otel_fault_step_t steps[] = { { .answer = 503 }, { .answer = -1 } };
    otel_fault_t fault;
    unsigned i;
    (void)state;
    assert_int_equal(otel_fault_init(&fault, .steps = steps, .steps_len = 2, .send = otel_recorder_send, .user = &rec), OTEL_OK);
    start_simple(otel_fault_send, &fault);
    for (i = 1; i <= 2; i++) {
        now_ns += 60000 * MS;
        kit_span("refused");
        assert_int_equal(otel_fault_calls(&fault), i);
        kit_span("not even offered");
        assert_int_equal(otel_fault_calls(&fault), i);
        assert_int_equal(kit_stats(&ex, OTEL_SIGNAL_TRACES).queued, 2 * i);
    }
    now_ns += 60000 * MS;
    kit_span("taken");
    assert_int_equal(otel_fault_calls(&fault), 3);
    assert_int_equal(otel_recorder_spans(&rec), 5);
    assert_int_equal(kit_stats(&ex, OTEL_SIGNAL_TRACES).queued, 0);
    kit_stop();
}

/* While the exporter sends, one more span ends, as on another thread: it is found waiting. */
static int record_meanwhile(void *user, const otel_request_t *request)
{
    int *left = (int *)user;
    if ((*left)-- > 0) kit_span("meanwhile");
    return otel_recorder_send(&rec, request);
}

static void simple_processors_send_what_came_meanwhile_and_collections(void **state)
{
    static otel_counter_t reads = OTEL_COUNTER("reads");
    int left = 3;
    (void)state;
    start_simple(record_meanwhile, &left);
    kit_span("first");
    assert_int_equal(otel_recorder_requests(&rec), 4);
    assert_int_equal(otel_recorder_spans(&rec), 4);
    assert_int_equal(kit_stats(&ex, OTEL_SIGNAL_TRACES).queued, 0);
    otel_counter_add(&reads, 2);
    kit_span("too early for a collection");
    assert_int_equal(otel_recorder_points(&rec), 0);
    now_ns += 61000 * MS;
    kit_span("in time");
    assert_int_equal(otel_recorder_points(&rec), 1);
    assert_int_equal(otel_recorder_spans(&rec), 6);
    kit_stop();
}

/* A transport that flushes its own exporter is told so; a minute would pass otherwise. */
static otel_result_t nested;
static int flush_inside(void *user, const otel_request_t *request)
{
    nested = otel_export_flush(&ex, 60000);
    return otel_recorder_send(user, request);
}

static void simple_processors_know_a_flush_from_inside(void **state)
{
    (void)state;
    start_simple(flush_inside, &rec);
    nested = OTEL_OK;
    kit_span("first");
    assert_int_equal(nested, OTEL_E_NESTED);
    assert_int_equal(otel_recorder_spans(&rec), 1);
    assert_int_equal(otel_export_flush(&ex, 0), OTEL_OK);
    kit_stop();
}

/* A span looks at the clock when it starts and when it ends; that it is sent costs none where nothing has to wait. */
static void simple_processors_look_at_no_clock(void **state)
{
    unsigned before;
    (void)state;
    start_simple(otel_recorder_send, &rec);
    kit_span("first");
    before = clock_reads;
    kit_span("second");
    assert_int_equal(otel_recorder_spans(&rec), 2);
    assert_int_equal(clock_reads - before, 2);
    kit_stop();
}

/* ---- logs ---- */
static bool no_secrets(const otel_log_processor_t *self, otel_log_record_t *record)
{
    static otel_attr_t instead[1];
    (void)self;
    if (record->body.type == OTEL_V_STRING_ && record->body.len == 6 && memcmp(record->body.as.p, "secret", 6) == 0) return false;
    instead[0] = otel_str("seen", "yes");
    record->attributes = instead;
    record->attributes_len = 1;
    if (record->severity == OTEL_WARN) record->severity = OTEL_ERROR;
    return true;
}
static bool not_debug(const otel_log_processor_t *self, const otel_scope_t *scope, otel_severity_t severity)
{
    (void)self, (void)scope;
    return severity != OTEL_DEBUG;
}

static void rules_and_processors_decide_before_a_log_is_encoded(void **state)
{
    otel_logger_rule_t rules[3];
    otel_log_processor_t p;
    const otel_log_processor_t *list[2];
    otel_log_settings_t settings;
    otel_recorded_log_t got;
    otel_slice_t text;
    otel_context_t unsampled;
    otel_log_record_t record;
    (void)state;
    memset((void *)rules, 0, sizeof rules);
    memset((void *)&p, 0, sizeof p);
    memset((void *)&settings, 0, sizeof settings);
    rules[0].scope = "noisy.*";
    rules[0].disabled = true;
    rules[1].scope = "net.*";
    rules[1].least = OTEL_WARN;
    rules[2].trace_based = true;
    p.on_emit = no_secrets;
    p.enabled = not_debug;
    list[0] = &p, list[1] = NULL;
    settings.rules = rules;
    settings.rules_len = 3;
    settings.processors = list;
    start_with(NULL, &settings, otel_sampler_parent_based(NULL));
    assert_false(otel_log_enabled_in(&noisy, OTEL_FATAL));
    assert_false(otel_log_enabled_in(&net, OTEL_INFO));
    assert_true(otel_log_enabled_in(&net, OTEL_WARN));
    assert_true(otel_log_enabled(OTEL_TRACE));
    assert_false(otel_log_enabled(OTEL_DEBUG));                    /* the only processor does not want it */
    otel_log_in(&noisy, OTEL_FATAL, "left out");
    otel_log_in(&net, OTEL_INFO, "left out");
    otel_log_in(&net, OTEL_CAST_(otel_severity_t, 0), "no severity");
    otel_log_in(&net, OTEL_WARN, "changed", "password", "x");
    otel_log(OTEL_INFO, "secret");
    otel_log(OTEL_DEBUG, "enabled is only asked, not enforced");
    memset((void *)&unsampled, 0, sizeof unsampled);
    unsampled.trace_id[0] = unsampled.span_id[0] = 1;
    OTEL_SPAN(span, "unsampled", .parent = &unsampled) {
        (void)span;
        assert_false(otel_log_enabled(OTEL_FATAL));
        otel_log(OTEL_FATAL, "left out");
    }
    memset((void *)&record, 0, sizeof record);
    record.context = &unsampled;
    otel_log_emit(&record);
    OTEL_SPAN(span, "sampled") {
        (void)span;
        otel_log(OTEL_INFO, "in a sampled trace");
    }
    assert_int_equal(kit_stats(&ex, OTEL_SIGNAL_LOGS).created, 5);
    assert_int_equal(kit_stats(&ex, OTEL_SIGNAL_LOGS).dropped[OTEL_DROP_PROCESSOR], 1);
    assert_int_equal(otel_export_flush(&ex, 1000), OTEL_OK);
    assert_int_equal(otel_recorder_logs(&rec), 4);
    assert_true(otel_recorder_find_log(&rec, "changed", &got));
    assert_int_equal(got.severity, OTEL_ERROR);
    assert_true(otel_recorded_text(&got.attributes, "seen", &text));
    assert_false(otel_recorded_text(&got.attributes, "password", &text));
    assert_true(kit_is(got.scope.name, "net.http"));
    assert_true(otel_recorder_find_log(&rec, "in a sampled trace", &got));
    assert_false(otel_recorder_find_log(&rec, "left out", &got));
    kit_stop();
    assert_false(otel_log_enabled(OTEL_FATAL));
}

static void exceptions_have_their_three_attributes_and_more(void **state)
{
    static const char keys[20][4] = { "k0", "k1", "k2", "k3", "k4", "k5", "k6", "k7", "k8", "k9", "k10", "k11", "k12", "k13", "k14", "k15", "k16", "k17", "k18", "k19" };
    otel_attr_t more[20];
    int64_t number;
    otel_recorded_span_t span_got;
    otel_recorded_event_t event;
    otel_recorded_log_t got;
    otel_slice_t text;
    unsigned i;
    (void)state;
    for (i = 0; i < 20; i++) more[i] = otel_int(keys[i], (int64_t)i);
    more[0] = otel_str("exception.message", "mine wins");
    start_with(NULL, NULL, none());
    {
        static otel_span_t s[OTEL_SPANS(1024)];
        otel_span_start(s, "s", .bytes = sizeof s);
        otel_span_exception(s, "io_error", "nack", "main.c:7", more, 20);
        otel_span_exception(s, NULL, "only this", NULL, NULL, 0);
        otel_span_end(s);
    }
    otel_log_exception(&net, OTEL_CAST_(otel_severity_t, 0), "io_error", "nack", "main.c:7", more + 1, 19);
    assert_int_equal(otel_export_flush(&ex, 1000), OTEL_OK);
    assert_true(otel_recorder_find_span(&rec, "s", &span_got));
    assert_int_equal(span_got.status, OTEL_STATUS_UNSET);
    assert_true(otel_recorded_event(&span_got.events, 0, &event) && kit_is(event.name, "exception"));
    assert_true(otel_recorded_text(&event.attributes, "exception.type", &text) && kit_is(text, "io_error"));
    assert_true(otel_recorded_text(&event.attributes, "exception.message", &text) && kit_is(text, "mine wins"));
    assert_true(otel_recorded_text(&event.attributes, "exception.stacktrace", &text) && kit_is(text, "main.c:7"));
    for (i = 1; i < 20; i++) assert_true(otel_recorded_int(&event.attributes, keys[i], &number) && number == (int64_t)i);
    assert_int_equal(event.dropped_attributes, 0);
    assert_true(otel_recorded_event(&span_got.events, 1, &event));
    assert_false(otel_recorded_text(&event.attributes, "exception.type", &text));
    assert_true(otel_recorder_find_log(&rec, "nack", &got));
    assert_int_equal(got.severity, OTEL_ERROR);
    for (i = 1; i <= 13; i++) assert_true(otel_recorded_int(&got.attributes, keys[i], &number) && number == (int64_t)i);
    assert_int_equal(got.dropped_attributes, 6);
    more[19] = otel_str("exception.type", "of no avail");             /* it does not go along, so it wins over nothing */
    otel_log_exception(&net, OTEL_CAST_(otel_severity_t, 0), "io_error", "again", "main.c:7", more + 1, 19);
    assert_int_equal(otel_export_flush(&ex, 1000), OTEL_OK);
    assert_true(otel_recorder_find_log(&rec, "again", &got));
    assert_true(otel_recorded_text(&got.attributes, "exception.type", &text) && kit_is(text, "io_error"));
    assert_true(otel_recorder_find_log(&rec, "nack", &got));
    assert_true(otel_recorded_text(&got.attributes, "exception.type", &text) && kit_is(text, "io_error"));
    kit_stop();
}

static void an_event_goes_where_the_file_says(void **state)
{
    otel_recorded_span_t span_got;
    otel_recorded_event_t event;
    otel_recorded_log_t got;
    otel_attr_t a[1];
    int64_t id;
    unsigned where;
    (void)state;
    a[0] = otel_int("id", 7);
    for (where = 1; where <= 3; where++) {
        start_with(NULL, NULL, none());
        OTEL_SPAN(span, "s") {
            (void)span;
            otel_event_all(where, &net, "device.gone", a, 1);
        }
        assert_int_equal(otel_export_flush(&ex, 1000), OTEL_OK);
        assert_true(otel_recorder_find_span(&rec, "s", &span_got));
        assert_int_equal(otel_recorded_event(&span_got.events, 0, &event), where != OTEL_TO_LOG);
        if (where != OTEL_TO_LOG) assert_true(kit_is(event.name, "device.gone") && otel_recorded_int(&event.attributes, "id", &id) && id == 7);
        assert_int_equal(otel_recorder_log(&rec, 0, &got), where != OTEL_TO_SPAN);
        if (where != OTEL_TO_SPAN) {
            assert_true(kit_is(got.event_name, "device.gone") && otel_recorded_int(&got.attributes, "id", &id));
            assert_memory_equal(got.span_id, span_got.span_id, 8);
        }
        kit_stop();
    }
    start_with(NULL, NULL, none());
    otel_event("by default a log", "id", 1);
    assert_int_equal(kit_stats(&ex, OTEL_SIGNAL_LOGS).created, 1);
    kit_stop();
}

static void bridge(const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    otel_vlogf(&net, OTEL_WARN, format, arguments);
    va_end(arguments);
}

static void other_loggers_come_in_over_a_bridge(void **state)
{
    static const int severities[] = { OTEL_FATAL, 19, 18, OTEL_ERROR, OTEL_WARN, 10, OTEL_INFO, OTEL_DEBUG };
    otel_recorded_log_t got;
    unsigned i;
    (void)state;
    start_with(NULL, NULL, none());
    for (i = 0; i < 8; i++) {
        otel_syslog((int)(i | 3u << 3), "priority %u of %s", i, "daemon");
        assert_int_equal(otel_syslog_severity((int)i), severities[i]);
    }
    bridge("line %d\r\n", 5);
    bridge("\n");
    otel_log_line(NULL, OTEL_INFO, "not ended", 3);
    assert_int_equal(otel_export_flush(&ex, 1000), OTEL_OK);
    assert_int_equal(otel_recorder_logs(&rec), 10);
    for (i = 0; i < 8; i++) {
        assert_true(otel_recorder_log(&rec, i, &got));
        assert_int_equal(got.severity, severities[i]);
    }
    assert_true(otel_recorder_find_log(&rec, "priority 3 of daemon", &got));
    assert_true(otel_recorder_find_log(&rec, "line 5", &got));
    assert_true(kit_is(got.scope.name, "net.http"));
    assert_true(otel_recorder_find_log(&rec, "not", &got));
    kit_stop();
}

/* What does not fit into a formatter's buffer is cut in front of a character, so that it stays text. */
static void a_format_is_cut_between_characters(void **state)
{
    static const char *const tails[] = { "\xC3\xA9", "\xE2\x82\xAC", "\xF0\x9F\x98\x80" };
    otel_recorded_log_t got;
    char front[300], text[400];
    unsigned i, k, n = 0;
    (void)state;
    start_with(NULL, NULL, none());
    for (i = 0; i < LENGTH(tails); i++) {
        for (k = 0; k < 6u; k++) {
            const size_t room[] = { 159, 255 };
            unsigned way;
            for (way = 0; way < 2u; way++) {
                size_t plain = room[way] - k, whole = k / strlen(tails[i]) * strlen(tails[i]);
                memset(front, 'a', plain);
                front[plain] = 0;
                (void)snprintf(text, sizeof text, "%s%s%s%s%s%s%s", front, tails[i], tails[i], tails[i], tails[i], tails[i], tails[i]);
                if (way == 0) otel_logf(OTEL_INFO, "%s", text);
                else bridge("%s", text);
                assert_int_equal(otel_export_flush(&ex, 1000), OTEL_OK);
                assert_true(otel_recorder_log(&rec, n++, &got));
                assert_int_equal(got.body.type, OTEL_RECORDED_TEXT);
                assert_int_equal(got.body.text.len, plain + whole);
            }
        }
    }
    kit_stop();
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_root_span_has_the_baggage_of_its_context),
        cmocka_unit_test(a_processor_sees_start_and_end_and_changes_what_goes_out),
        cmocka_unit_test(a_processor_may_end_or_enter_a_span_at_its_start),
        cmocka_unit_test(what_a_processor_drops_is_counted_and_what_is_not_sampled_is_not),
        cmocka_unit_test(an_end_inside_a_processor_is_one_end),
        cmocka_unit_test(enriching_yields_to_the_program_and_errors_are_kept_behind_processors),
        cmocka_unit_test(a_tracer_that_is_off_passes_contexts_on),
        cmocka_unit_test(a_log_inside_a_tracer_that_is_off_is_in_no_trace),
        cmocka_unit_test(simple_processors_send_at_once),
        cmocka_unit_test(simple_processors_wait_after_a_failure),
        cmocka_unit_test(simple_processors_send_what_came_meanwhile_and_collections),
        cmocka_unit_test(simple_processors_know_a_flush_from_inside),
        cmocka_unit_test(simple_processors_look_at_no_clock),
        cmocka_unit_test(rules_and_processors_decide_before_a_log_is_encoded),
        cmocka_unit_test(exceptions_have_their_three_attributes_and_more),
        cmocka_unit_test(an_event_goes_where_the_file_says),
        cmocka_unit_test(other_loggers_come_in_over_a_bridge),
        cmocka_unit_test(a_format_is_cut_between_characters),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
