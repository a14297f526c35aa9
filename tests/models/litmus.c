/* The order of memory in the ring, on real threads: a writer that fills and publishes, a reader that takes and releases, as
   fast as they can, in a ring that is nearly always full and nearly always empty. Every record holds its number in all of
   its bytes, so a byte that is read before it is there, or overwritten before it is read, shows by itself on a weak machine.
   On a strong one ThreadSanitizer shows it: tests/test_models.py takes the release or the acquire out of a copy of the
   header, by turns, and each time it must report a race; with the header as it is it must be silent.

     litmus [records]     exit 0: every record arrived, whole and in order */
#define _POSIX_C_SOURCE 200809L
#include "otel.h"
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>

static const otel_guard_t nobody = { NULL, NULL, NULL };
static otel_ring_t ring;
static uint8_t bytes[61];
static uint32_t records = 200000;

/* A record: mark, length, then its number over and over; 5 to 24 bytes. */
static size_t make(uint8_t *record, uint32_t number)
{
    size_t n = 5 + number * 7u % 20u;
    memset(record, (int)(uint8_t)number, n);
    record[0] = 0x12;
    otel_put_length_(record + 1, (uint32_t)(n - 4));
    return n;
}

static void *writer(void *unused)
{
    uint32_t number = 0;
    uint8_t record[24];
    (void)unused;
    while (number < records) {
        size_t n = make(record, number);
        if (otel_ring_write_(&ring, &nobody, record, 5, record + 5, n - 5)) number++;
        else sched_yield();
    }
    return NULL;
}

static int read_all(void)
{
    uint32_t number = 0;
    while (number < records) {
        uint32_t first = number;
        otel_pos_t until = otel_ring_hold_(&ring, &nobody, 0), pos = ring.reader[0].from;
        if (pos == until) {
            sched_yield();
            continue;
        }
        while (pos != until) {
            uint8_t want[24], got[24];
            size_t n = make(want, number);
            if (otel_record_size_(&ring, pos) != n) return 1;
            otel_ring_copy_(&ring, pos, got, n);
            if (memcmp(want, got, n) != 0) return 1;
            pos = otel_pos_add_(&ring, pos, (otel_pos_t)n);
            number++;
        }
        otel_ring_pass_(&ring, &nobody, 0, until, (otel_count_t)(number - first));
    }
    return 0;
}

int main(int argc, char **argv)
{
    pthread_t thread;
    int bad;
    if (argc > 1) records = (uint32_t)strtoul(argv[1], NULL, 10);
    otel_ring_init_(&ring, bytes, sizeof bytes, OTEL_DROP_NEWEST);
    (void)otel_ring_attach_(&ring, &nobody, 0);
    if (pthread_create(&thread, NULL, writer, NULL)) return 2;
    bad = read_all();
    if (bad) {
        fprintf(stderr, "a record arrived broken\n");
        _Exit(1);
    }
    pthread_join(thread, NULL);
    printf("%u records\n", (unsigned)records);
    return 0;
}
