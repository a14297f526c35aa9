/* What is measured, the same for all: JSON on standard output. */
static span_t span;

#ifdef BOARD
static uint32_t empty;
#define COUNT(sum, ...) \
    do { \
        uint32_t before_ = board_ticks(); \
        __VA_ARGS__; \
        uint32_t after_ = board_ticks(); \
        (sum) += board_instructions(before_, after_) - empty; \
    } while (0)

int main(void)
{
    uint32_t put_0 = 0, put_2 = 0, took = 0, i, a, b, n = 240;            /* several laps: wraps and gaps are in the mean */
    board_count_from_here();
    a = board_ticks();
    b = board_ticks();
    empty = board_instructions(a, b);
    for (i = 0; i < n; i++) {
        COUNT(put_0, { start(&span); (void)end(&span, 0); });
        COUNT(took, take());
        COUNT(put_2, { start(&span); (void)end(&span, ATTRIBUTES); });
        COUNT(took, take());
    }
    board_print("{\"span_0\": ");
    board_print_number(put_0 / n);
    board_print(", \"span_2\": ");
    board_print_number(put_2 / n);
    board_print(", \"release\": ");
    board_print_number(took / n / 2);
    board_print("}\n");
    board_exit(0);
}
#else
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

static double ns(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec * 1e9 + (double)t.tv_nsec;
}

/* Bytes of the ring that a record takes, gaps included, and the share that finds no room: a producer and a consumer by chance,
   records of 81 to 180 bytes, the ring half of the time full. */
static void space(void)
{
    unsigned long i, written = 0, refused = 0;
    double bytes = 0, own = 0;
    for (i = 0; i < 400000; i++) {
        size_t n = next_random() % 100u, before = taken_from_ring();
        if (next_random() % 100u < 52u) {
            start(&span);
            if (end(&span, n)) {
                written++;
                bytes += (double)(taken_from_ring() - before);
                own += 81.0 + (double)n;
            } else {
                refused++;
            }
        } else {
            (void)take();
        }
    }
    printf("{\"bytes\": %.1f, \"own\": %.1f, \"refused\": %.2f}\n", bytes / (double)written, own / (double)written, 100.0 * (double)refused / (double)(written + refused));
}

int main(int argc, char **argv)
{
    enum { BATCH = 16, ROUNDS = 4000 };                       /* a batch fits into the ring */
    double best[3] = { 1e9, 1e9, 1e9 };
    unsigned r, i, k;
    memset(ring, 0, sizeof ring);
    if (argc > 1) {
        (void)argv;
        space();
        return 0;
    }
    for (r = 0; r < ROUNDS; r++) {
        double t[4];
        for (k = 0; k < 2; k++) {
            t[0] = ns();
            for (i = 0; i < BATCH; i++) {
                start(&span);
                __asm volatile("" : : "r"(&span) : "memory");
                if (!end(&span, k * ATTRIBUTES)) exit(1);
            }
            t[1] = ns();
            while (take()) {}
            t[2] = ns();
            if (t[1] - t[0] < best[k]) best[k] = t[1] - t[0];
            if (k && t[2] - t[1] < best[2]) best[2] = t[2] - t[1];
        }
    }
    printf("{\"span_0\": %.2f, \"span_2\": %.2f, \"release\": %.2f}\n", best[0] / BATCH, best[1] / BATCH, best[2] / BATCH);
    return 0;
}
#endif
