/* Decimal digits, by board_print: for boards, which have no printf. */
#ifndef BENCH_NUMBER_H
#define BENCH_NUMBER_H
static inline void board_print_number(uint32_t value)
{
    char text[12];
    int at = 11;
    text[at] = 0;
    do text[--at] = (char)('0' + value % 10u);
    while (value /= 10u);
    board_print(text + at);
}
#endif
