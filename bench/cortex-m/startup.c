/* What runs before main on a Cortex-M: the vector table, .data and .bss. Any core, no libc needed.
   A fault ends the emulator with status 111, so that a test never hangs on one. */
#include "board.h"

extern uint32_t data_load_[], data_begin_[], data_end_[], bss_begin_[], bss_end_[], stack_top_[];
int main(void);
void reset_(void);

void reset_(void)
{
    uint32_t *from = data_load_, *to;
    for (to = data_begin_; to < data_end_;) *to++ = *from++;
    for (to = bss_begin_; to < bss_end_;) *to++ = 0;
    (void)main();
    board_exit(0);
}

static void fault_(void) { board_exit(111); }

__attribute__((section(".vectors"), used)) void (*const vectors_[16])(void) = {
    (void (*)(void))stack_top_, reset_, fault_, fault_, fault_, fault_, fault_, 0, 0, 0, 0, fault_, fault_, 0, fault_, fault_,
};
