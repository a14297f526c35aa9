/* HdrHistogram_c on the work of ../host that it does: see ../README.md for how it reports. */
#define _POSIX_C_SOURCE 200809L
#include <hdr_histogram.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

static uint64_t now(void)
{
    struct timespec t;
    (void)clock_gettime(CLOCK_MONOTONIC, &t);
    return (uint64_t)t.tv_sec * 1000000000u + (uint64_t)t.tv_nsec;
}

int main(void)
{
    struct hdr_histogram *h;
    char line[128], name[64];
    unsigned long n, i;
    if (hdr_init(1, 100000000, 2, &h)) return 1;
    printf("{\"peer\": \"hdr\", \"version\": \"HdrHistogram_c of the crate hdrhistogram-c 0.1.17\", \"max\": 1000, \"cases\": [\"exponential\"]}\n");
    (void)fflush(stdout);
    while (fgets(line, sizeof line, stdin) && sscanf(line, "%63s %lu", name, &n) == 2 && strcmp(name, "exponential") == 0) {
        uint64_t begin = now();
        int64_t x = 1000;                         /* the same values in microseconds */
        for (i = 0; i < n; i++) {
            (void)hdr_record_value(h, x);
            x += 12300;
            if (x > 11000000) x = 1000;
        }
        printf("%llu 0 0\n", (unsigned long long)(now() - begin));
        (void)fflush(stdout);
    }
    return 0;
}
