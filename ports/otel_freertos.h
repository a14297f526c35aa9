/* otel_freertos.h - otel.h under FreeRTOS: a current span for each task, a lock that tasks and interrupts may take, the tick count as
   clock, a task that exports, and a monitor of the tasks as metrics. The kernel's headers come from you; one core.

     static otel_freertos_t rtos;                         // 8 tasks with spans of their own; -DOTEL_FREERTOS_TASKS=n for more
     otel_config_t config = { .service = "pump", .pool = pool, .pool_size = sizeof pool };
     otel_freertos_init(&rtos, &otel, &config);           // fills clock, lock and current; before or after the scheduler starts
     otel_exporter_init(&exporter, .send = post, .idle = otel_freertos_idle, .buffer = packet, .buffer_size = sizeof packet);

     void export_task(void *argument) { for (;;) { otel_export_poll(&exporter); otel_freertos_monitor(&rtos); vTaskDelay(pdMS_TO_TICKS(100)); } }
     void a_task(void *argument)      { OTEL_SPAN(span, "job") { ... }  otel_freertos_task_end(&rtos); vTaskDelete(NULL); }

   FreeRTOSConfig.h: configNUM_THREAD_LOCAL_STORAGE_POINTERS of at least OTEL_FREERTOS_SLOT + 1; INCLUDE_xTaskGetCurrentTaskHandle 1;
   INCLUDE_uxTaskGetStackHighWaterMark 1 for the monitor's stack figures.
   Interrupts that record must be allowed to call FreeRTOS (a priority not above configMAX_SYSCALL_INTERRUPT_PRIORITY): those above it
   are not masked. In an interrupt there is no current span.
   The lock masks interrupts while one record is copied: 100 to 300 cycles. It is never busy, so tasks do not lose records to it. */
#ifndef OTEL_FREERTOS_H
#define OTEL_FREERTOS_H
#include "FreeRTOS.h"
#include "task.h"
#include "otel_export.h"

#ifndef OTEL_FREERTOS_TASKS
#define OTEL_FREERTOS_TASKS 8          /* tasks that may have spans at the same time */
#endif
#ifndef OTEL_FREERTOS_SLOT
#define OTEL_FREERTOS_SLOT 0           /* which of the task's local storage pointers is ours */
#endif

#define otel_freertos_init OTEL_NAME_(otel_freertos_init)
#define otel_freertos_idle OTEL_NAME_(otel_freertos_idle)
#define otel_freertos_task_end OTEL_NAME_(otel_freertos_task_end)
#define otel_freertos_monitor OTEL_NAME_(otel_freertos_monitor)
#define otel_freertos_open_spans OTEL_NAME_(otel_freertos_open_spans)

/* One task that has used telemetry. Private. */
typedef struct otel_freertos_task_t_ {
    otel_current_t current;
    TaskHandle_t task;                 /* NULL: free */
} otel_freertos_task_t_;

/* The port of one instance. Define it where it outlives the instance; all fields are private. */
typedef struct otel_freertos_t {
    otel_t *otel_;
    UBaseType_t masked_;
    otel_freertos_task_t_ task_[OTEL_FREERTOS_TASKS];
    otel_counter_t abandoned_;
    otel_gauge_t tasks_, stack_, spans_;
    otel_series_t stack_of_[OTEL_FREERTOS_TASKS], spans_of_[OTEL_FREERTOS_TASKS];
} otel_freertos_t;

OTEL_C_BEGIN_
/* Start the instance with the port's hooks: clock (unless the configuration has one), lock, current span. What otel_init returns. */
OTEL_API_ otel_result_t otel_freertos_init(otel_freertos_t *rtos, otel_t *otel, const otel_config_t *config);

/* The exporter's .idle: the task sleeps while otel_export_flush waits. */
OTEL_API_ void otel_freertos_idle(void *user, uint32_t ms);

/* Give the calling task's slot back, at its end. Spans that it left open are not recorded, and counted as freertos.spans.abandoned. */
OTEL_API_ void otel_freertos_task_end(otel_freertos_t *rtos);

/* Record what tasks do, from the task that exports: freertos.tasks (all of the kernel), and for each task with telemetry
   freertos.task.stack.free (the least there ever was, bytes) and freertos.task.spans.open, by freertos.task.name. */
OTEL_API_ void otel_freertos_monitor(otel_freertos_t *rtos);

/* Spans that a task has open: NULL is the calling one. */
OTEL_API_ unsigned otel_freertos_open_spans(otel_freertos_t *rtos, TaskHandle_t task);
OTEL_C_END_
/*== implementation ==*/
#if OTEL_BODIES_
OTEL_C_BEGIN_
OTEL_FN_ uint64_t otel_freertos_ticks_(void *user)
{
    (void)user;
    return xPortIsInsideInterrupt() ? xTaskGetTickCountFromISR() : xTaskGetTickCount();
}

OTEL_FN_ bool otel_freertos_lock_(void *user, bool wait)
{
    UBaseType_t was = (UBaseType_t)portSET_INTERRUPT_MASK_FROM_ISR();
    (void)wait;
    ((otel_freertos_t *)user)->masked_ = was;       /* one holder at a time: nobody else runs until it is given back */
    return true;
}

OTEL_FN_ void otel_freertos_unlock_(void *user) { portCLEAR_INTERRUPT_MASK_FROM_ISR(((otel_freertos_t *)user)->masked_); }

/* A free slot for a task that has none yet; NULL: all are taken, and its spans have no parent unless they are given one. */
OTEL_FN_ otel_freertos_task_t_ *otel_freertos_claim_(otel_freertos_t *rtos, TaskHandle_t task)
{
    otel_freertos_task_t_ *mine = NULL;
    unsigned i;
    taskENTER_CRITICAL();
    for (i = 0; i < OTEL_FREERTOS_TASKS && !mine; i++) {
        if (!rtos->task_[i].task) mine = &rtos->task_[i];
    }
    if (mine) {
        memset((void *)mine, 0, sizeof *mine);
        mine->task = task;
    }
    taskEXIT_CRITICAL();
    if (mine) vTaskSetThreadLocalStoragePointer(task, OTEL_FREERTOS_SLOT, mine);
    return mine;
}

OTEL_FN_ otel_current_t *otel_freertos_current_(void *user)
{
    otel_freertos_t *rtos = (otel_freertos_t *)user;
    otel_freertos_task_t_ *mine;
    TaskHandle_t task;
    if (xPortIsInsideInterrupt()) return NULL;
    task = xTaskGetCurrentTaskHandle();
    if (!task || !rtos->otel_) return &rtos->task_[0].current;                /* before the scheduler: main's, which nobody has claimed yet */
    mine = (otel_freertos_task_t_ *)pvTaskGetThreadLocalStoragePointer(task, OTEL_FREERTOS_SLOT);
    if (mine) return &mine->current;
    mine = otel_freertos_claim_(rtos, task);
    return mine ? &mine->current : NULL;
}

OTEL_FN_ void otel_freertos_name_(otel_instrument_t *instrument, otel_t *otel, const char *name, const char *unit, otel_series_t *series)
{
    instrument->name = name;
    instrument->unit = unit;
    instrument->otel = otel;
    instrument->series = series;
    instrument->series_len = series ? OTEL_FREERTOS_TASKS : 0;
}

OTEL_API_ otel_result_t otel_freertos_init(otel_freertos_t *rtos, otel_t *otel, const otel_config_t *config)
{
    otel_config_t c;
    OTEL_WHEN_OFF_((void)rtos; (void)otel; (void)config; return OTEL_OK)
    if (!rtos || !otel || !config) return OTEL_E_NULL;
    memset((void *)rtos, 0, sizeof *rtos);
    c = *config;
    if (!c.clock) {
        c.clock = otel_freertos_ticks_;
        c.clock_hz = configTICK_RATE_HZ;
        c.clock_bits = (uint8_t)(sizeof(TickType_t) * 8u > 32u ? 64u : sizeof(TickType_t) * 8u);
    }
    c.lock = otel_freertos_lock_;
    c.unlock = otel_freertos_unlock_;
    c.current = otel_freertos_current_;
    c.user = rtos;
    rtos->otel_ = otel;
    otel_freertos_name_(&rtos->abandoned_.base_, otel, "freertos.spans.abandoned", "{span}", NULL);
    otel_freertos_name_(&rtos->tasks_.base_, otel, "freertos.tasks", "{task}", NULL);
    otel_freertos_name_(&rtos->stack_.base_, otel, "freertos.task.stack.free", "By", rtos->stack_of_);
    otel_freertos_name_(&rtos->spans_.base_, otel, "freertos.task.spans.open", "{span}", rtos->spans_of_);
#if OTEL_METRICS_ON_
    rtos->abandoned_.base_.form_ = &otel_counter_form_;
    rtos->tasks_.base_.form_ = rtos->stack_.base_.form_ = rtos->spans_.base_.form_ = &otel_gauge_form_;
#endif
    return otel_init_with(otel, &c);
}

OTEL_API_ void otel_freertos_idle(void *user, uint32_t ms)
{
    OTEL_WHEN_OFF_((void)user; (void)ms; return)
    (void)user;
    vTaskDelay(pdMS_TO_TICKS(ms) ? pdMS_TO_TICKS(ms) : 1);
}

OTEL_FN_ unsigned otel_freertos_count_(const otel_freertos_task_t_ *task)
{
    const otel_span_t *span;
    unsigned n = 0;
    for (span = task->current.span; span && n < 255u; span = span->up_) n++;
    return n;
}

OTEL_API_ unsigned otel_freertos_open_spans(otel_freertos_t *rtos, TaskHandle_t task)
{
    unsigned i, n = 0;
    OTEL_WHEN_OFF_((void)rtos; (void)task; return 0)
    if (!task) task = xTaskGetCurrentTaskHandle();
    vTaskSuspendAll();                                        /* the chain does not move meanwhile */
    for (i = 0; i < OTEL_FREERTOS_TASKS; i++) {
        if (rtos->task_[i].task == task) n = otel_freertos_count_(&rtos->task_[i]);
    }
    (void)xTaskResumeAll();
    return n;
}

OTEL_API_ void otel_freertos_task_end(otel_freertos_t *rtos)
{
    otel_freertos_task_t_ *mine;
    OTEL_WHEN_OFF_((void)rtos; return)
    mine = (otel_freertos_task_t_ *)pvTaskGetThreadLocalStoragePointer(NULL, OTEL_FREERTOS_SLOT);
    if (!mine) return;
    if (mine->current.span) otel_counter_add_all(&rtos->abandoned_, (int64_t)otel_freertos_count_(mine), NULL, 0);
    vTaskSetThreadLocalStoragePointer(NULL, OTEL_FREERTOS_SLOT, NULL);
    taskENTER_CRITICAL();
    mine->task = NULL;
    taskEXIT_CRITICAL();
}

OTEL_API_ void otel_freertos_monitor(otel_freertos_t *rtos)
{
    unsigned i;
    OTEL_WHEN_OFF_((void)rtos; return)
    otel_gauge_record_all(&rtos->tasks_, (int64_t)uxTaskGetNumberOfTasks(), NULL, 0);
    for (i = 0; i < OTEL_FREERTOS_TASKS; i++) {
        otel_attr_t name[1];
        int64_t open = 0, stack = -1;
        vTaskSuspendAll();                                    /* the task stays while it is looked at */
        if (rtos->task_[i].task) {
            name[0] = otel_str("freertos.task.name", pcTaskGetName(rtos->task_[i].task));
            open = otel_freertos_count_(&rtos->task_[i]);
            stack = 0;
#if INCLUDE_uxTaskGetStackHighWaterMark
            stack = (int64_t)(uxTaskGetStackHighWaterMark(rtos->task_[i].task) * sizeof(StackType_t));
#endif
        }
        if (stack >= 0) {
            otel_gauge_record_all(&rtos->stack_, stack, name, 1);
            otel_gauge_record_all(&rtos->spans_, open, name, 1);
        }
        (void)xTaskResumeAll();
    }
}
OTEL_C_END_
#endif
#endif
