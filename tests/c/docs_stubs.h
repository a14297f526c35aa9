/* What the code blocks of the documents call but do not define. */
#include <stddef.h>
#include <stdint.h>
uint64_t read_timer(void);
uint64_t modem_unix_ns(void);
int modem_post(const char *path, const void *body, size_t len);
void control_step(void);
int i2c_read(int id);
int read_sensor(int id);
void count_read(double seconds);
