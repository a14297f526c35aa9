/* The tracepoints of peer.c: LTTng includes this file several times, each for another purpose. */
#undef LTTNG_UST_TRACEPOINT_PROVIDER
#define LTTNG_UST_TRACEPOINT_PROVIDER bench
#undef LTTNG_UST_TRACEPOINT_INCLUDE
#define LTTNG_UST_TRACEPOINT_INCLUDE "./spans.h"

#if !defined(PEER_SPANS_H) || defined(LTTNG_UST_TRACEPOINT_HEADER_MULTI_READ)
#define PEER_SPANS_H
#include <lttng/tracepoint.h>
#include <stdint.h>

LTTNG_UST_TRACEPOINT_EVENT_CLASS(bench, begin_class,
    LTTNG_UST_TP_ARGS(const char *, name, const uint64_t *, ids),
    LTTNG_UST_TP_FIELDS(
        lttng_ust_field_string(name, name)
        lttng_ust_field_array(uint64_t, trace_id, ids, 2)
        lttng_ust_field_integer(uint64_t, span_id, ids[2])))
LTTNG_UST_TRACEPOINT_EVENT_INSTANCE(bench, begin_class, bench, begin, LTTNG_UST_TP_ARGS(const char *, name, const uint64_t *, ids))
LTTNG_UST_TRACEPOINT_EVENT_INSTANCE(bench, begin_class, bench, off_begin, LTTNG_UST_TP_ARGS(const char *, name, const uint64_t *, ids))

LTTNG_UST_TRACEPOINT_EVENT(bench, end, LTTNG_UST_TP_ARGS(uint64_t, span_id), LTTNG_UST_TP_FIELDS(lttng_ust_field_integer(uint64_t, span_id, span_id)))

LTTNG_UST_TRACEPOINT_EVENT_CLASS(bench, end_4_class,
    LTTNG_UST_TP_ARGS(uint64_t, span_id, const char *, method, const char *, path, int, status, double, ratio),
    LTTNG_UST_TP_FIELDS(
        lttng_ust_field_integer(uint64_t, span_id, span_id)
        lttng_ust_field_string(http_request_method, method)
        lttng_ust_field_string(url_path, path)
        lttng_ust_field_integer(int, http_response_status_code, status)
        lttng_ust_field_float(double, duration_ratio, ratio)))
LTTNG_UST_TRACEPOINT_EVENT_INSTANCE(bench, end_4_class, bench, end_4, LTTNG_UST_TP_ARGS(uint64_t, span_id, const char *, method, const char *, path, int, status, double, ratio))
LTTNG_UST_TRACEPOINT_EVENT_INSTANCE(bench, end_4_class, bench, off_end_4, LTTNG_UST_TP_ARGS(uint64_t, span_id, const char *, method, const char *, path, int, status, double, ratio))

LTTNG_UST_TRACEPOINT_EVENT(bench, retry,
    LTTNG_UST_TP_ARGS(uint64_t, span_id, int, attempt),
    LTTNG_UST_TP_FIELDS(lttng_ust_field_integer(uint64_t, span_id, span_id) lttng_ust_field_integer(int, attempt, attempt)))

LTTNG_UST_TRACEPOINT_EVENT(bench, log,
    LTTNG_UST_TP_ARGS(int, severity, const char *, body, const char *, path, int, status),
    LTTNG_UST_TP_FIELDS(
        lttng_ust_field_integer(int, severity, severity)
        lttng_ust_field_string(body, body)
        lttng_ust_field_string(url_path, path)
        lttng_ust_field_integer(int, http_response_status_code, status)))
#endif
#include <lttng/tracepoint-event.h>
