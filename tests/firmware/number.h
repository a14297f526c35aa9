/* A text and a number on a board, without printf. */
#ifndef NUMBER_H
#define NUMBER_H
#include "board.h"

static void print_number(const char *text, uint32_t value)
{
    char digits[12];
    int at = 11;
    digits[at] = 0;
    do digits[--at] = (char)('0' + value % 10u);
    while (value /= 10u);
    board_print(text);
    board_print(digits + at);
    board_print("\n");
}

#endif
