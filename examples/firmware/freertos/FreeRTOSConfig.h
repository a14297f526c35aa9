/* Configuration of the kernel for examples/firmware/freertos. What otel_freertos.h needs is marked. */
#ifndef FREERTOS_CONFIG_H
#define FREERTOS_CONFIG_H
#if defined(BOARD_MICROBIT)
#define configCPU_CLOCK_HZ 16000000UL
#define configTOTAL_HEAP_SIZE (6 * 1024)
#else
#define configCPU_CLOCK_HZ 25000000UL
#define configTOTAL_HEAP_SIZE (64 * 1024)
#endif
#define configTICK_RATE_HZ 1000
#define configTICK_TYPE_WIDTH_IN_BITS TICK_TYPE_WIDTH_32_BITS
#define configENABLE_MPU 0
#define configUSE_PREEMPTION 1
#define configUSE_TIME_SLICING 1
#define configUSE_IDLE_HOOK 0
#define configUSE_TICK_HOOK 1
#define configMAX_PRIORITIES 5
#define configMINIMAL_STACK_SIZE 96
#define configUSE_MUTEXES 0
#define configUSE_TIMERS 0
#define configCHECK_FOR_STACK_OVERFLOW 0
#define configSUPPORT_STATIC_ALLOCATION 0
#define configNUM_THREAD_LOCAL_STORAGE_POINTERS 1          /* otel: the task's current span */
#define INCLUDE_xTaskGetCurrentTaskHandle 1                /* otel */
#define INCLUDE_uxTaskGetStackHighWaterMark 1              /* otel: the monitor */
#define INCLUDE_vTaskDelay 1
#define INCLUDE_vTaskDelete 1
#define INCLUDE_vTaskSuspend 1
#define configKERNEL_INTERRUPT_PRIORITY (7 << 5)
#define configMAX_SYSCALL_INTERRUPT_PRIORITY (2 << 5)
#define configCHECK_HANDLER_INSTALLATION 0

void stopped_at(int line);
#define configASSERT(x) do { if (!(x)) stopped_at(__LINE__); } while (0)

#define vPortSVCHandler svc_                               /* the names in boards/cortex-m.c */
#define SVC_Handler svc_
#define PendSV_Handler pendsv_
#define SysTick_Handler systick_
#define xPortPendSVHandler pendsv_
#define xPortSysTickHandler systick_
#endif
