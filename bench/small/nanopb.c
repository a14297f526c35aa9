/* nanopb: a struct is filled and encoded. Its descriptors come from span.proto beside it. */
#include "work.h"
#include "span.pb.h"
#include <pb_encode.h>

static uint8_t packet[256];

static char *text(const char *of) { return (char *)(uintptr_t)of; }     /* nanopb writes no text, but its structs have them writable */

static void text_attribute(KeyValue *a, const char *key, const char *value)
{
    a->key = text(key);
    a->has_value = true;
    a->value.which_value = AnyValue_string_value_tag;
    a->value.value.string_value = text(value);
}

void work_begin(void) {}
size_t work_after(void) { return 0; }

void work_once(void)
{
    TracesData data = TracesData_init_zero;
    pb_ostream_t to = pb_ostream_from_buffer(packet, sizeof packet);
    ResourceSpans *r = data.resource_spans;
    ScopeSpans *group = r->scope_spans;
    Span *s = group->spans;
    data.resource_spans_count = r->scope_spans_count = group->spans_count = 1;
    r->has_resource = true;
    r->resource.attributes_count = 1;
    text_attribute(r->resource.attributes, "service.name", "boiler");
    group->has_scope = true;
    group->scope.name = text("nanopb");
    work_id(s->trace_id, sizeof s->trace_id);
    work_id(s->span_id, sizeof s->span_id);
    s->start_time_unix_nano = work_now;
    s->name = text("read_sensor");
    s->kind = 1;
    s->attributes_count = 2;
    s->attributes[0].key = text("sensor.id");
    s->attributes[0].has_value = true;
    s->attributes[0].value.which_value = AnyValue_int_value_tag;
    s->attributes[0].value.value.int_value = 7;
    text_attribute(&s->attributes[1], "bus", "i2c1");
    s->end_time_unix_nano = work_now;
    work_send(packet, pb_encode(&to, &TracesData_msg, &data) ? to.bytes_written : 0);
}
