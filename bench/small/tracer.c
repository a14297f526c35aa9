/* barectf, a tracer of the Common Trace Format: a span is two events. They go into a packet; when it is full, what drains it has it, and the next one begins. */
#include "work.h"
#include "barectf.h"

static uint8_t packet[512];
static struct barectf_spans_ctx context;

static uint64_t now(void *user)
{
    (void)user;
    return work_now;
}

static int is_full(void *user)
{
    (void)user;
    return 0;
}

static void open_packet(void *user)
{
    (void)user;
    barectf_spans_open_packet(&context);
}

static void close_packet(void *user)
{
    (void)user;
    barectf_spans_close_packet(&context);
}

void work_begin(void)
{
    struct barectf_platform_callbacks calls = { 0 };
    calls.unix_clock_get_value = now;
    calls.is_backend_full = is_full;
    calls.open_packet = open_packet;
    calls.close_packet = close_packet;
    barectf_init(&context, packet, sizeof packet, calls, NULL);
    open_packet(NULL);
}

/* The events of a span are all of one length. */
size_t work_after(void)
{
    static uint32_t last, len;
    if (context.parent.at > last) len = context.parent.at - last;
    last = context.parent.at;
    return len / 8u;
}

void work_once(void)
{
    union { uint8_t bytes[24]; uint64_t ids[3]; } id;
    work_id(id.bytes, sizeof id.bytes);
    barectf_trace_span_begin(&context, id.ids[0], id.ids[1], id.ids[2], "read_sensor");
    barectf_trace_span_end(&context, id.ids[2], 7, "i2c1");
}
