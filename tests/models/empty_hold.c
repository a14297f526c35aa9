/* A reader that found the ring empty holds nothing: evictions move its cursor, and what it says afterwards about the place
   where it once stood must not move it back. */
#include "otel.h"

static bool write_record(otel_ring_t *ring, uint8_t fill)
{
    const otel_guard_t none = { NULL, NULL, NULL };
    uint8_t record[20];
    memset(record, fill, sizeof record);
    record[0] = 0x12;
    otel_put_length_(record + 1, (uint32_t)(sizeof record - 4));
    return otel_ring_write_(ring, &none, record, sizeof record, NULL, 0);
}

int main(void)
{
    const otel_guard_t none = { NULL, NULL, NULL };
    otel_ring_t ring;
    uint8_t bytes[64];
    otel_pos_t until, moved;
    int i;
    otel_ring_init_(&ring, bytes, sizeof bytes, OTEL_DROP_OLDEST);
    if (!otel_ring_attach_(&ring, &none, 0)) return 1;
    until = otel_ring_hold_(&ring, &none, 0);
    if (until != ring.reader[0].from) return 2;                               /* nothing there */
    for (i = 0; i < 5; i++) {
        if (!write_record(&ring, (uint8_t)i)) return 3;                       /* three fit, two are evicted */
    }
    moved = ring.reader[0].cursor;
    if (moved == until || ring.reader[0].from != until || ring.reader[0].evicted != 2) return 4;
    otel_ring_hold_until_(&ring, &none, 0, until);
    otel_ring_pass_(&ring, &none, 0, until, 1);
    if (ring.reader[0].cursor != moved || ring.reader[0].held != moved || ring.released != moved) return 5;
    if (!write_record(&ring, 9) || ring.reader[0].evicted != 3) return 6;     /* and eviction goes on */
    until = otel_ring_hold_(&ring, &none, 0);
    if (write_record(&ring, 10)) return 7;                                    /* held now: in flight */
    otel_ring_pass_(&ring, &none, 0, until, 1);
    return ring.released == until && ring.published == until ? 0 : 8;
}
