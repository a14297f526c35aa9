/* With OTEL_ENABLED 0. */
#ifndef OTEL_POSIX_OFF_H
#define OTEL_POSIX_OFF_H
#include "fast_clock.h"
#include "file.h"
#include "hooks.h"
#include "http.h"
#include "jaeger.h"
#include "options.h"
#include "system.h"
/*== implementation ==*/
#if !OTEL_ENABLED
OTEL_C_BEGIN_
/* Off: nothing of ours is left, and each call says that all is well. */
OTEL_API_ otel_result_t otel_http_init_with(otel_http_t *http, const otel_http_options_t *options) { OTEL_WHEN_OFF_((void)http; (void)options; return OTEL_OK) }
OTEL_API_ int otel_http_send(void *http, const otel_request_t *request) { OTEL_WHEN_OFF_((void)http; (void)request; return 200) }
OTEL_API_ void otel_http_close(otel_http_t *http) { OTEL_WHEN_OFF_((void)http) }
OTEL_API_ const char *otel_http_error(const otel_http_t *http) { OTEL_WHEN_OFF_((void)http; return "") }
OTEL_API_ int otel_file_send(void *file, const otel_request_t *request) { OTEL_WHEN_OFF_((void)file; (void)request; return 200) }
OTEL_API_ uint64_t otel_posix_clock(void *user) { OTEL_WHEN_OFF_((void)user; return 0) }
OTEL_API_ uint64_t otel_fast_clock(void *clock) { OTEL_WHEN_OFF_((void)clock; return 0) }
OTEL_API_ bool otel_fast_clock_anchor(otel_fast_clock_t *clock) { OTEL_WHEN_OFF_((void)clock; return false) }
OTEL_API_ bool otel_fast_clock_trusts(void) { return false; }
OTEL_API_ bool otel_posix_entropy(void *user, void *to, size_t len) { OTEL_WHEN_OFF_((void)user; (void)to; (void)len; return false) }
OTEL_API_ otel_result_t otel_posix_start_with(const otel_posix_options_t *options) { OTEL_WHEN_OFF_((void)options; return OTEL_OK) }
OTEL_API_ otel_result_t otel_posix_flush(uint32_t timeout_ms) { OTEL_WHEN_OFF_((void)timeout_ms; return OTEL_OK) }
OTEL_API_ otel_result_t otel_posix_stop(uint32_t timeout_ms) { OTEL_WHEN_OFF_((void)timeout_ms; return OTEL_OK) }
OTEL_API_ otel_result_t otel_posix_at_stop(otel_posix_closer_t *closer) { OTEL_WHEN_OFF_((void)closer; return OTEL_OK) }
OTEL_API_ otel_result_t otel_posix_stop_on(int signal_number) { OTEL_WHEN_OFF_((void)signal_number; return OTEL_OK) }
OTEL_API_ otel_posix_health_t otel_posix_health(void) { otel_posix_health_t health; memset(&health, 0, sizeof health); health.live = health.ready = true; return health; }
OTEL_API_ otel_t *otel_posix_instance(void) { OTEL_WHEN_OFF_(return NULL) }
OTEL_API_ otel_result_t otel_posix_dump(FILE *file, uint32_t timeout_ms) { OTEL_WHEN_OFF_((void)file; (void)timeout_ms; return OTEL_OK) }
OTEL_API_ otel_result_t otel_posix_stats(otel_stats_t *stats) { OTEL_WHEN_OFF_(if (stats) memset((void *)stats, 0, sizeof *stats); return OTEL_OK) }
OTEL_API_ otel_result_t otel_posix_jaeger_start_with(otel_posix_jaeger_t *poller, const otel_posix_jaeger_options_t *options) { OTEL_WHEN_OFF_((void)poller; (void)options; return OTEL_OK) }
OTEL_API_ void otel_posix_jaeger_stop(otel_posix_jaeger_t *poller) { OTEL_WHEN_OFF_((void)poller) }
OTEL_API_ size_t otel_posix_jaeger_error(otel_posix_jaeger_t *poller, char *to, size_t size) { OTEL_WHEN_OFF_((void)poller; if (size) to[0] = 0; return 0) }
OTEL_C_END_
#endif
#endif
