/* SEGGER SystemView: a span is two events of a module, with the same fields. A debugger reads the buffer while the device runs. */
#include "work.h"
#include "SEGGER_RTT.h"
#include "SEGGER_SYSVIEW.h"

enum { EVENT_BEGIN = 600, EVENT_END = 601 };

static uint32_t hertz = 25000000u;

void SEGGER_SYSVIEW_Conf(void) {}
unsigned systemview_get_timestamp(void) { return (unsigned)work_now; }
U32 SEGGER_SYSVIEW_X_GetInterruptId(void) { return 0; }

static void describe(void) { SEGGER_SYSVIEW_SendSysDesc("N=boiler"); }

/* What a debugger would have read. */
size_t work_after(void)
{
    size_t len = 0;
    unsigned i;
    for (i = 0; i < (unsigned)_SEGGER_RTT.MaxNumUpBuffers; i++) {
        SEGGER_RTT_BUFFER_UP *up = &_SEGGER_RTT.aUp[i];
        if (up->SizeOfBuffer) len += (up->WrOff + up->SizeOfBuffer - up->RdOff) % up->SizeOfBuffer;
        up->RdOff = up->WrOff;
    }
    return len;
}

void work_begin(void)
{
    SEGGER_SYSVIEW_Init(hertz, hertz, NULL, describe);
    SEGGER_SYSVIEW_Start();
    (void)work_after();
}

void work_once(void)
{
    union { uint8_t bytes[24]; uint32_t words[6]; } id;
    U8 buffer[SEGGER_SYSVIEW_INFO_SIZE + 9 * SEGGER_SYSVIEW_QUANTA_U32 + 16], *p;
    unsigned i;
    work_id(id.bytes, sizeof id.bytes);
    p = SEGGER_SYSVIEW_PREPARE_PACKET(buffer);
    for (i = 0; i < 6; i++) p = SEGGER_SYSVIEW_EncodeU32(p, id.words[i]);
    p = SEGGER_SYSVIEW_EncodeString(p, "read_sensor", 16);
    SEGGER_SYSVIEW_SendPacket(buffer, p, EVENT_BEGIN);
    p = SEGGER_SYSVIEW_PREPARE_PACKET(buffer);
    for (i = 4; i < 6; i++) p = SEGGER_SYSVIEW_EncodeU32(p, id.words[i]);
    p = SEGGER_SYSVIEW_EncodeU32(p, 7);
    p = SEGGER_SYSVIEW_EncodeString(p, "i2c1", 16);
    SEGGER_SYSVIEW_SendPacket(buffer, p, EVENT_END);
}
