/* Which headers carry a context on: OTEL_PROPAGATORS. Specification: configuration/sdk-environment-variables.md, "General SDK
   Configuration"; context/api-propagators.md, "Global Propagators". */
#ifndef OTEL_POSIX_PROPAGATORS_H
#define OTEL_POSIX_PROPAGATORS_H
#include "environment.h"
#include "options.h"
#include "say.h"
#include "state.h"
#include "system.h"
#include "text.h"
/*== implementation ==*/
#if OTEL_ENABLED && OTEL_BODIES_
OTEL_C_BEGIN_
/* In the order of the list, each once; "none" is a list without any. NULL: what an instance does by itself, which is tracecontext,baggage. */
OTEL_FN_ const otel_propagator_t *otel_posix_env_propagator_(otel_posix_state_t_ *s)
{
    static const char *const word[OTEL_POSIX_PROPAGATORS_] = { "tracecontext", "baggage", "b3", "b3multi" };
    const char *list = otel_posix_env_("OTEL_PROPAGATORS");
    unsigned said = 0, n = 0, i;
    if (!list) return NULL;
    s->propagator_of[0] = otel_propagator_w3c();
    s->propagator_of[1] = otel_propagator_baggage();
    s->propagator_of[2] = otel_propagator_b3();
    s->propagator_of[3] = otel_propagator_b3_multi();
    while (*list) {
        size_t len = strcspn(list, ",");
        const char *one = list;
        list += len + (list[len] == ',');
        otel_posix_trim_(&one, &len);
        for (i = 0; i < OTEL_POSIX_PROPAGATORS_ && !otel_posix_word_(one, len, word[i]); i++) {}
        if (i < OTEL_POSIX_PROPAGATORS_) {
            if (!(said >> i & 1u)) s->propagators[n++] = &s->propagator_of[i];
            said |= 1u << i;
        } else if (otel_posix_word_(one, len, "none")) {
            said |= 1u << OTEL_POSIX_PROPAGATORS_;
        } else if (len) {
            OTEL_POSIX_IGNORED_(s, "this library has tracecontext, baggage, b3, b3multi and none; another is the program's .propagator", "OTEL_PROPAGATORS=%.*s is ignored", (int)(len > 60 ? 60 : len), one);
        }
    }
    if (said == 3u || said == 0) return NULL;
    if (said >> OTEL_POSIX_PROPAGATORS_) n = 0;
    s->propagators[n] = NULL;
    s->propagator = otel_propagator_composite(s->propagators);
    return &s->propagator;
}
OTEL_C_END_
#endif
#endif
