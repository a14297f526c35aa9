/* HdrHistogram_c on the work of ../host that it does: see ../README.md for how it reports. */
#define _POSIX_C_SOURCE 200809L
#include "../serve.h"
#include <hdr_histogram.h>

static struct hdr_histogram *h;

static void exponential(unsigned long n)
{
    int64_t x = 1000;                             /* the same values in microseconds */
    while (n--) {
        (void)hdr_record_value(h, x);
        x += 12300;
        if (x > 11000000) x = 1000;
    }
}

int main(void)
{
    static const peer_case_t cases[] = { { "exponential", exponential, NULL } };
    if (hdr_init(1, 100000000, 2, &h)) return 1;
    return serve("hdr", "HdrHistogram_c of the crate hdrhistogram-c 0.1.17", cases, 1);
}
