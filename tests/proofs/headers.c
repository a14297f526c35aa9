/* Proofs about headers that come from outside: traceparent, tracestate, baggage. The pieces of the list readers are proved for
   longer texts than the whole is. */
#include "kit.h"
#include "otel/baggage.h"
#include "otel/traceparent.h"
#include "otel/tracestate.h"

static void traceparent_of(size_t len)
{
    size_t i = nondet_size();
    otel_context_t context;
    const char *text = (const char *)bytes_(len);
    if (otel_traceparent_read_(&context, text, len)) {
        char out[OTEL_TRACEPARENT_SIZE];
        HOLDS(len >= 55u && context.remote);
        otel_traceparent_write_(&context, out);
        WITHIN(i, 2u, 51u);
        HOLDS(out[i] == text[i]);                             /* ids go out as they came in */
    } else {
        WITHIN(i, 0u, 7u);
        HOLDS(context.flags == 0 && !context.remote && context.trace_id[i] == 0 && context.trace_id[i + 8u] == 0 && context.span_id[i] == 0);
    }
}

void traceparent(void)
{
    traceparent_of(0);
    traceparent_of(1);
    { EACH(len, BOUND(54u, 2u), BOUND(56u, 64u)) traceparent_of(len); }
}

/* One step along a list, from anywhere, with any limit. */
static void list_of(size_t len)
{
    const char *text = text_(len), *at = text, *member;
    size_t left = nondet_size(), had = left;
    member = otel_list_next_(&at, &left);
    HOLDS(at >= text && at <= text + len && left <= had);
    if (member) {
        size_t n = otel_list_len_(member, at);
        HOLDS(member >= text && n >= 1u && member + n <= at && !otel_blank_(member[n - 1u]));
    }
}

void list(void) { EACH(len, 0u, BOUND(6u, 10u)) list_of(len); }

static void member_of(size_t len) { (void)otel_tracestate_good_((const char *)bytes_(len), len); }
void tracestate_member(void) { EACH(len, 0u, BOUND(8u, 16u)) member_of(len); }

void list_put(void)
{
    size_t size = nondet_size(), n = nondet_size(), len = nondet_size(), after;
    char buf[6];
    const char *member = (const char *)bytes_(6);
    WITHIN(size, 0u, sizeof buf);
    WITHIN(len, 0u, 6u);
    WITHIN(n, 0u, 20000u);
    after = otel_list_put_(buf, size, n, member, len);
    HOLDS(after == n + len + (n != 0));
}

static void tracestate_of(size_t len, size_t size)
{
    const char *text = text_(len);
    char *buf = (char *)bytes_(size);
    size_t n = otel_tracestate_write_(text, buf, size);
    HOLDS(n <= len);
    if (size > n) HOLDS(buf[n] == 0);
    if (size > 0 && size <= n) HOLDS(buf[0] == 0);
}

void tracestate(void)
{
    { EACH(len, 0u, BOUND(3u, 5u)) tracestate_of(len, 3u); }
#ifdef LONG
    { EACH(size, 0u, 6u) tracestate_of(5u, size); }
#endif
}

static void baggage_member_of(size_t len)
{
    const char *text = (const char *)bytes_(len);
    otel_baggage_entry_t entry;
    if (!otel_baggage_parse_(text, len, &entry)) return;
    HOLDS(entry.key == text && entry.key_len > 0 && entry.key_len < len);
    HOLDS(entry.value > text && entry.value + entry.value_len <= text + len);
    HOLDS(entry.properties > text && entry.properties + entry.properties_len <= text + len);
}

void baggage_member(void) { EACH(len, 1u, BOUND(3u, 6u)) baggage_member_of(len); }

static void properties_of(size_t len) { (void)otel_properties_good_((const char *)bytes_(len), len, 0); }
void baggage_properties(void) { EACH(len, 0u, BOUND(3u, 6u)) properties_of(len); }

static void baggage_of(size_t len)
{
    size_t members = 0;
    otel_context_t context;
    otel_baggage_t it;
    otel_baggage_entry_t entry;
    context.baggage = text_(len);
    for (it = otel_baggage(&context); otel_baggage_next(&it, &entry); ) members++;
    HOLDS(members <= (len + 1u) / 3u);
}

void baggage(void) { EACH(len, 0u, BOUND(2u, 4u)) baggage_of(len); }

static void baggage_value_of(size_t len, size_t size)
{
    otel_baggage_entry_t entry;
    char *buf = (char *)bytes_(size);
    size_t n;
    entry.value = (const char *)bytes_(len);
    entry.value_len = len;
    n = otel_baggage_value(&entry, buf, size);
    HOLDS(n <= 3u * len && (len == 0 || n > 0));
    if (n < size) HOLDS(buf[n] == 0);
}

void baggage_value(void)
{
    EACH(len, BOUND(3u, 0u), BOUND(3u, 5u)) {
        baggage_value_of(len, BOUND(4u, len));
#ifdef LONG
        baggage_value_of(len, 0);
        baggage_value_of(len, 3u * len + 1u);
#endif
    }
}
