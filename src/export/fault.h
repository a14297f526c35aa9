/* A transport that fails by script, in front of one that works (the recorder, say): for tests of what a program does when
   its receiver is slow, full, away, or takes data and loses the answer.

     static const otel_fault_step_t steps[] = {
         { .answer = -1, .times = 3 },                                  // nobody answers, three times
         { .answer = 503, .retry_after = "2" },                         // then once: come back in two seconds
         { .answer = -1, .deliver = true },                             // the request arrives, the answer is lost
     };                                                                 // from then on everything goes through
     otel_fault_init(&fault, .steps = steps, .steps_len = 3, .send = otel_recorder_send, .user = &rec, .exporter = &ex);
     otel_exporter_init(&ex, .send = otel_fault_send, .user = &fault, ...);
*/
#ifndef OTEL_EXPORT_FAULT_H
#define OTEL_EXPORT_FAULT_H
#include "../otel/compiler.h"
#include "../otel/result.h"
#include "exporter.h"
#include "request.h"

/* What happens to a request. All zero: it goes to the inner transport, whose answer counts. */
typedef struct otel_fault_step_t {
    int answer OTEL_Z_;               /* HTTP status, < 0, OTEL_AGAIN or OTEL_PENDING (the test calls otel_export_done); 0: what the inner transport says */
    uint32_t times OTEL_Z_;           /* (default: 1); OTEL_FAULT_FOREVER */
    bool deliver OTEL_Z_;             /* the inner transport gets it all the same, and its answer is lost */
    const char *retry_after OTEL_Z_;  /* the header's text, or NULL */
    const void *reply OTEL_Z_;        /* body of the answer, reply_len bytes, or NULL */
    size_t reply_len OTEL_Z_;
} otel_fault_step_t;
#define OTEL_FAULT_FOREVER 0xFFFFFFFFu

typedef struct otel_fault_config_t {
    const otel_fault_step_t *steps OTEL_Z_;       /* steps_len of them; live as long as the transport */
    size_t steps_len OTEL_Z_;
    int (*send)(void *user, const otel_request_t *request) OTEL_Z_;      /* inner transport (default: takes everything, answers 200) */
    void *user OTEL_Z_;                           /* its first argument */
    otel_exporter_t *exporter OTEL_Z_;            /* gets replies and retry_after; only for steps that have some */
} otel_fault_config_t;

/* The transport. All fields are private. */
typedef struct otel_fault_t {
    otel_fault_config_t config_ OTEL_Z_;
    size_t step_ OTEL_Z_;
    uint32_t done_ OTEL_Z_;                   /* of this step */
    uint32_t calls_ OTEL_Z_, delivered_ OTEL_Z_;
} otel_fault_t;

OTEL_C_BEGIN_
/* Prepare the transport at the beginning of its script. OTEL_E_NULL: no fault, no config, or steps_len without steps. */
OTEL_API_ otel_result_t otel_fault_init_with(otel_fault_t *fault, const otel_fault_config_t *config);
/* The transport: .send = otel_fault_send, .user = &fault. */
OTEL_API_ int otel_fault_send(void *fault, const otel_request_t *request);
/* How many requests came, and how many of them the inner transport got. From any thread. */
OTEL_API_ uint32_t otel_fault_calls(const otel_fault_t *fault);
OTEL_API_ uint32_t otel_fault_delivered(const otel_fault_t *fault);
/* Say whether the script is over: everything goes through from now on. From the thread that sends. */
OTEL_API_ bool otel_fault_over(const otel_fault_t *fault);
OTEL_C_END_

/* otel_fault_init(&fault, .steps = steps, ...): OTEL_OK, or OTEL_E_NULL. */
#define otel_fault_init(fault, ...) otel_fault_init_with((fault), OTEL_REF_(otel_fault_config_t, __VA_ARGS__))
/*== implementation ==*/
#if OTEL_BODIES_
OTEL_C_BEGIN_
OTEL_API_ otel_result_t otel_fault_init_with(otel_fault_t *fault, const otel_fault_config_t *config)
{
    OTEL_WHEN_OFF_((void)fault; (void)config; return OTEL_OK)
    if (!fault || !config || (config->steps_len && !config->steps)) return OTEL_E_NULL;
    memset((void *)fault, 0, sizeof *fault);
    fault->config_ = *config;
    return OTEL_OK;
}

/* The step that this call is, or NULL behind the script's end. */
OTEL_FN_ const otel_fault_step_t *otel_fault_next_(otel_fault_t *fault)
{
    const otel_fault_step_t *step;
    if (fault->step_ == fault->config_.steps_len) return NULL;
    step = &fault->config_.steps[fault->step_];
    if (step->times == OTEL_FAULT_FOREVER) return step;
    if (++fault->done_ >= (step->times ? step->times : 1u)) {
        fault->step_++;
        fault->done_ = 0;
    }
    return step;
}

OTEL_API_ int otel_fault_send(void *user, const otel_request_t *request)
{
    otel_fault_t *fault = (otel_fault_t *)user;
    const otel_fault_step_t *step;
    int answer = 200;
    OTEL_WHEN_OFF_((void)fault; (void)user; (void)request; return 200)
    if (!fault || !request) return -1;
    OTEL_ADD_(&fault->calls_, 1u);
    step = otel_fault_next_(fault);
    if (!step || step->deliver || step->answer == 0) {
        OTEL_ADD_(&fault->delivered_, 1u);
        if (fault->config_.send) answer = (fault->config_.send)(fault->config_.user, request);
    }
    if (!step) return answer;
    if (fault->config_.exporter && (step->reply || step->retry_after))
        otel_export_reply(fault->config_.exporter, step->reply, step->reply ? step->reply_len : 0u, step->retry_after);
    return step->answer ? step->answer : answer;
}

OTEL_API_ uint32_t otel_fault_calls(const otel_fault_t *fault)
{
    OTEL_WHEN_OFF_((void)fault; return 0)
    return fault ? OTEL_LOAD_(&fault->calls_) : 0u;
}

OTEL_API_ uint32_t otel_fault_delivered(const otel_fault_t *fault)
{
    OTEL_WHEN_OFF_((void)fault; return 0)
    return fault ? OTEL_LOAD_(&fault->delivered_) : 0u;
}

OTEL_API_ bool otel_fault_over(const otel_fault_t *fault)
{
    OTEL_WHEN_OFF_((void)fault; return true)
    return !fault || fault->step_ == fault->config_.steps_len;
}
OTEL_C_END_
#endif
#endif
