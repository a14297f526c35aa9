/* What lwIP wants to know of compiler and board. */
#ifndef CC_H
#define CC_H
#include <stdint.h>
#include <stdlib.h>
void stopped_at(int line);
uint32_t any_number(void);
#define LWIP_PLATFORM_DIAG(x)
#define LWIP_PLATFORM_ASSERT(x) stopped_at(__LINE__)
#define LWIP_RAND() any_number()
#endif
