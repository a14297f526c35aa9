/* Store and forward on an emulated flash that loses its power at every single operation, tears and reorders writes, flips
   bits and refuses. After each, a new store on the same bytes gives what was there. */
#include "kit.h"

/* ---- the flash ---- */
#define FLASH_MAX 8192u
#define CACHE_MAX 256u
typedef struct { uint32_t at, len; bool erase; uint8_t bytes[64]; } op_t;

static uint8_t flash[FLASH_MAX];
static bool programmed[FLASH_MAX];
static otel_geometry_t cut;
static uint32_t ops, cut_at, fail_at, seed, twice, erases[64];
static bool dead, fail_erase, fail_read, cached;
static op_t cache[CACHE_MAX];
static unsigned cache_len;

static uint32_t dice(uint32_t n)
{
    seed = seed * 1664525u + 1013904223u;
    return (seed >> 8) % n;
}

/* What an operation leaves when it is cut off: a part of its bytes, and some bits of the next one. */
static void apply(const op_t *op, bool torn)
{
    uint32_t i, n = torn ? dice(op->len + 1) : op->len;
    for (i = 0; i < op->len; i++) {
        uint8_t *byte = &flash[op->at + i];
        uint8_t want = op->erase ? 0xFFu : (uint8_t)(*byte & op->bytes[i]);
        if (i < n) *byte = want;
        else if (torn && i == n) *byte = (uint8_t)((*byte & ~0x5Au) | (want & 0x5Au));
        else if (torn && op->erase && dice(4) == 0) *byte = (uint8_t)dice(256);
        if (!torn || i <= n) programmed[op->at + i] = !op->erase;
    }
}

/* The power goes: of what was not synced any part may be there, in any order, and one of it torn. */
static void power_off(const op_t *last)
{
    unsigned i;
    dead = true;
    if (!cached) {
        apply(last, true);
        return;
    }
    cache[cache_len++] = *last;
    for (i = cache_len; i > 1; i--) {
        unsigned k = dice(i);
        op_t swap = cache[i - 1];
        cache[i - 1] = cache[k];
        cache[k] = swap;
    }
    for (i = 0; i < cache_len; i++) {
        uint32_t fate = dice(3);
        if (fate) apply(&cache[i], fate == 2 && i % 3 == 0);
    }
    cache_len = 0;
}

static int operate(const op_t *op)
{
    if (dead) return -1;
    if (++ops == cut_at) {
        power_off(op);
        return -1;
    }
    if (fail_at && ops % fail_at == 0 && op->erase == fail_erase) return -1;
    if (!cached) {
        apply(op, false);
        return 0;
    }
    assert_true(cache_len < CACHE_MAX - 1);
    cache[cache_len++] = *op;
    return 0;
}

static int sync_flash(void *user)
{
    unsigned i;
    (void)user;
    if (dead) return -1;
    for (i = 0; i < cache_len; i++) apply(&cache[i], false);
    cache_len = 0;
    return 0;
}

/* Reads see what is on its way, as they would through a cache. */
static int read_flash(void *user, uint32_t at, void *to, uint32_t len)
{
    unsigned i, k;
    (void)user;
    assert_true(at + len <= cut.sector_size * cut.sectors && len <= FLASH_MAX);
    if (fail_read && dice(10) == 0) return -1;
    memcpy(to, flash + at, len);
    for (i = 0; i < cache_len; i++) {
        for (k = 0; k < cache[i].len; k++) {
            uint32_t where = cache[i].at + k;
            if (where < at || where >= at + len) continue;
            ((uint8_t *)to)[where - at] = cache[i].erase ? 0xFFu : (uint8_t)(((uint8_t *)to)[where - at] & cache[i].bytes[k]);
        }
    }
    return 0;
}

static int program_flash(void *user, uint32_t at, const void *from, uint32_t len)
{
    op_t op;
    uint32_t i;
    (void)user;
    assert_true(len && len <= sizeof op.bytes && at % cut.grain == 0 && len % cut.grain == 0);
    assert_true(at / cut.sector_size == (at + len - 1) / cut.sector_size);
    for (i = 0; i < len && !cached; i++) twice += programmed[at + i];
    memset(&op, 0, sizeof op);
    op.at = at;
    op.len = len;
    memcpy(op.bytes, from, len);
    return operate(&op);
}

static int erase_flash(void *user, uint32_t at)
{
    op_t op;
    uint32_t done;
    (void)user;
    assert_true(at % cut.sector_size == 0 && at < cut.sector_size * cut.sectors);
    if (!dead) erases[at / cut.sector_size]++;
    memset(&op, 0, sizeof op);
    op.erase = true;
    for (done = 0; done < cut.sector_size; done += 64) {          /* 64 bytes at a time, so that it may stop in between */
        op.at = at + done;
        op.len = 64;
        if (operate(&op)) return -1;
    }
    return 0;
}

static void cut_flash(void *user, otel_geometry_t *g)
{
    (void)user;
    *g = cut;
}

/* ---- the store, and what the test knows of it ---- */
#define MOST 4096u
static otel_store_t store;
static uint8_t body[FLASH_MAX];
static struct { bool committed, sent; uint32_t items; } known[MOST];
static uint32_t made;
static int answer;                    /* of the transport */
static uint32_t arrived[MOST], arrivals;

static size_t body_of(uint32_t id, uint8_t *to, uint32_t room)
{
    uint32_t i, n = 6u + (id * 2654435761u >> 16) % room;
    to[0] = (uint8_t)id;
    to[1] = (uint8_t)(id >> 8);
    for (i = 2; i < n; i++) to[i] = (uint8_t)(id * 31u + i * 7u);
    return n;
}

static uint32_t room;                 /* of a body */
static uint32_t check(const otel_request_t *r)
{
    static uint8_t want[FLASH_MAX];
    static uint8_t joined[FLASH_MAX];
    const uint8_t *got = (const uint8_t *)r->body;
    size_t i, n = 0;
    uint32_t id;
    for (i = 0; !r->body && i < r->parts_len; i++) {
        memcpy(joined + n, r->parts[i].bytes, r->parts[i].len);
        n += r->parts[i].len;
    }
    if (!r->body) got = joined;
    id = got[0] | (uint32_t)got[1] << 8;
    assert_true(id < made);
    assert_int_equal(r->len, body_of(id, want, room));
    assert_memory_equal(got, want, r->len);
    assert_int_equal(r->signal, id % OTEL_SIGNALS);
    assert_int_equal(r->items, known[id].items);
    assert_string_equal(r->path, id % OTEL_SIGNALS == 0 ? "/v1/traces" : id % OTEL_SIGNALS == 1 ? "/v1/metrics" : "/v1/logs");
    return id;
}

static int take(void *user, const otel_request_t *r)
{
    (void)user;
    if (answer == 200) {
        assert_true(arrivals < MOST);
        arrived[arrivals++] = check(r);
    }
    return answer;
}

static otel_result_t open_store(bool link)
{
    otel_store_config_t config;
    memset(&config, 0, sizeof config);
    config.medium.read = read_flash;
    config.medium.program = program_flash;
    config.medium.erase = erase_flash;
    config.medium.geometry = cut_flash;
    config.medium.sync = cached ? sync_flash : NULL;
    config.send = link ? take : NULL;
    config.buffer = body;
    config.buffer_size = sizeof body;
    return otel_store_open_with(&store, &config);
}

static void law(void)
{
    otel_store_stats_t s;
    otel_store_stats(&store, &s);
    assert_int_equal(s.found + s.stored, s.sent + s.rejected + s.lost + s.corrupt + s.waiting);
}

static bool put(void)
{
    static uint8_t bytes[FLASH_MAX];
    otel_piece_t parts[3];
    otel_request_t r;
    uint32_t id = made++;
    assert_true(made < MOST);
    memset(&r, 0, sizeof r);
    known[id].items = 1u + id % 5u;
    known[id].committed = known[id].sent = false;
    r.len = body_of(id, bytes, room);
    r.signal = (otel_signal_t)(id % OTEL_SIGNALS);
    r.items = known[id].items;
    r.path = id % OTEL_SIGNALS == 0 ? "/v1/traces" : id % OTEL_SIGNALS == 1 ? "/v1/metrics" : "/v1/logs";
    if (id % 2) {
        r.body = bytes;
    } else {                          /* in pieces, one of them empty */
        parts[0].bytes = bytes;
        parts[0].len = 3;
        parts[1].bytes = bytes;
        parts[1].len = 0;
        parts[2].bytes = bytes + 3;
        parts[2].len = r.len - 3;
        r.parts = parts;
        r.parts_len = 3;
    }
    known[id].committed = otel_store_send(&store, &r) == 200;
    return known[id].committed;
}

static void forward(void)
{
    otel_request_t r;
    if (!otel_store_next(&store, &r, NULL)) return;
    if (dice(4) == 0) {
        otel_store_done(&store, 503);
    } else {
        uint32_t id = check(&r);
        known[id].sent = true;        /* it is with the receiver from here on, whatever is noted of it */
        otel_store_done(&store, 200);
    }
}

static void fresh(uint32_t sector_size, uint32_t sectors, uint32_t grain, uint32_t most, bool with_cache)
{
    cut.sector_size = sector_size;
    cut.sectors = sectors;
    cut.grain = grain;
    memset(flash, 0xFF, sizeof flash);
    memset(programmed, 0, sizeof programmed);
    memset(erases, 0, sizeof erases);
    memset(known, 0, sizeof known);
    made = ops = cut_at = fail_at = cache_len = arrivals = twice = 0;
    dead = fail_erase = fail_read = false;
    cached = with_cache;
    room = most;
}

/* What a new store on the same bytes gives: whole, in order, and nothing that was committed, is unsent and was not made room
   of is missing. Gives how many that were sent already came again. */
static uint32_t drain(uint32_t *missing)
{
    static bool seen[MOST];
    otel_request_t r;
    otel_store_stats_t stats;
    uint32_t again = 0, last = 0, id, oldest = MOST;
    bool some = false;
    dead = fail_read = false;
    cut_at = fail_at = cache_len = 0;
    memset(seen, 0, sizeof seen);
    assert_int_equal(open_store(false), OTEL_OK);
    law();
    while (otel_store_next(&store, &r, NULL)) {
        id = check(&r);
        assert_false(seen[id]);
        assert_true(!some || id > last);
        if (!some) oldest = id;
        some = seen[id] = true;
        last = id;
        again += known[id].sent;
        otel_store_done(&store, 200);
    }
    law();
    otel_store_stats(&store, &stats);
    assert_int_equal(stats.waiting + stats.requests + stats.corrupt, 0);
    for (*missing = 0, id = 0; id < made; id++) *missing += known[id].committed && !known[id].sent && !seen[id] && (id >= oldest || !some);
    return again;
}

/* A run of puts and forwards until the power goes; what was made room of stays out by `oldest`. */
static void life(uint32_t steps, uint32_t life_seed)
{
    uint32_t i;
    seed = life_seed;
    assert_int_equal(open_store(false), OTEL_OK);
    for (i = 0; i < steps && !dead; i++) {
        if (dice(3)) (void)put();
        else forward();
        law();
    }
}

static void power_goes_everywhere(uint32_t sector_size, uint32_t sectors, uint32_t grain, uint32_t most, bool with_cache, uint32_t steps)
{
    uint32_t at, all, missing, again, lost;
    fresh(sector_size, sectors, grain, most, with_cache);
    life(steps, 7);
    all = ops;
    assert_true(all > steps);
    for (at = 1; at <= all; at++) {
        fresh(sector_size, sectors, grain, most, with_cache);
        cut_at = at;
        life(steps, 7);
        assert_true(dead);
        lost = store.stats_.lost;
        again = drain(&missing);
        assert_true(again <= 1);
        if (missing) assert_true(lost > 0 && store.stats_.requests == 0);       /* all of them, and only where room was made */
    }
}

static void a_power_cut_at_every_write_loses_nothing_committed(void **state)
{
    (void)state;
    power_goes_everywhere(512, 4, 1, 60, false, 150);
    power_goes_everywhere(1024, 3, 8, 200, false, 150);
    power_goes_everywhere(512, 8, 32, 100, false, 150);
    power_goes_everywhere(1024, 2, 64, 300, false, 100);
}

static void writes_out_of_order_lose_nothing_committed(void **state)
{
    (void)state;
    power_goes_everywhere(512, 4, 1, 60, true, 150);
    power_goes_everywhere(1024, 4, 16, 200, true, 150);
    power_goes_everywhere(512, 8, 64, 60, true, 150);
}

/* Many lives on one medium, each cut at random; nothing is lost that was never made room of. */
static void many_lives_on_one_medium(void **state)
{
    uint32_t round, missing;
    (void)state;
    fresh(1024, 8, 4, 100, false);
    for (round = 0; round < 300; round++) {
        uint32_t i, before = made;
        dead = false;
        cut_at = ops + 1u + round * 7u % 60u;
        seed = round + 1;
        assert_int_equal(open_store(false), OTEL_OK);
        for (i = 0; i < 12 && !dead; i++) (void)put();
        assert_true(drain(&missing) <= 1);
        assert_int_equal(missing, 0);
        for (i = before; i < made; i++) known[i].sent = true;
        if (made > MOST - 20) break;
    }
    assert_true(made > 1000);
}

static void a_flipped_bit_costs_one_request_at_most(void **state)
{
    static uint8_t image[FLASH_MAX];
    uint32_t bit, missing, harmed = 0;
    (void)state;
    fresh(512, 4, 4, 60, false);
    seed = 3;
    assert_int_equal(open_store(false), OTEL_OK);
    do (void)put(); while (store.sector_ != 3 && made < 200);
    assert_int_equal(store.stats_.lost, 0);
    memcpy(image, flash, sizeof image);
    for (bit = 0; bit < 4u * 512u * 8u; bit++) {
        memcpy(flash, image, sizeof image);
        flash[bit / 8u] ^= (uint8_t)(1u << (bit & 7u));
        assert_int_equal(drain(&missing), 0);
        assert_true(missing <= 1);
        harmed += missing;
    }
    assert_true(harmed > 100);
}

static void a_flip_while_it_runs_is_counted_as_corrupt(void **state)
{
    otel_request_t r;
    otel_store_stats_t s;
    (void)state;
    fresh(512, 4, 4, 60, false);
    assert_int_equal(open_store(false), OTEL_OK);
    assert_true(put() && put() && put());
    flash[24 + 24 + 3] ^= 4;
    assert_true(otel_store_next(&store, &r, NULL));
    assert_int_equal(check(&r), 1);
    otel_store_done(&store, 200);
    assert_true(otel_store_next(&store, &r, NULL));
    otel_store_done(&store, 404);
    assert_false(otel_store_next(&store, &r, NULL));
    otel_store_stats(&store, &s);
    assert_int_equal(s.corrupt, known[0].items);
    assert_int_equal(s.sent, known[1].items);
    assert_int_equal(s.rejected, known[2].items);
    law();
}

static void sectors_wear_alike(void **state)
{
    uint32_t i, low = UINT32_MAX, high = 0;
    (void)state;
    fresh(512, 6, 16, 100, false);
    seed = 11;
    assert_int_equal(open_store(false), OTEL_OK);
    for (i = 0; i < 4000; i++) {
        if (i % 500 == 499) assert_int_equal(open_store(false), OTEL_OK);        /* a restart now and then */
        if (made < MOST - 2 && dice(4)) assert_true(put());
        else forward();
    }
    for (i = 0; i < cut.sectors; i++) {
        if (erases[i] < low) low = erases[i];
        if (erases[i] > high) high = erases[i];
    }
    assert_true(twice <= 32u * (high * cut.sectors));     /* the headers, of 32 bytes, before each erase, and nothing else */
    assert_true(low > 100 && high - low <= 1);
    assert_int_equal(store.stats_.erases, high);
}

static void full_gives_up_the_oldest_and_counts_it(void **state)
{
    otel_request_t r;
    otel_store_stats_t s;
    uint32_t i, first;
    (void)state;
    fresh(512, 4, 1, 60, false);
    assert_int_equal(open_store(false), OTEL_OK);
    for (i = 0; i < 200; i++) {
        assert_true(put());
        law();
    }
    otel_store_stats(&store, &s);
    assert_true(s.lost > 0 && s.requests > 10 && s.lost == s.lost_ever);
    assert_int_equal(open_store(false), OTEL_OK);
    assert_true(store.stats_.lost_ever >= s.lost - 5u * 12u && store.stats_.lost_ever <= s.lost_ever);
    assert_int_equal(store.stats_.found, s.waiting);
    assert_true(otel_store_next(&store, &r, NULL));
    first = check(&r);
    assert_int_equal(first, 200 - s.requests);
    otel_store_done(&store, 503);
    assert_true(otel_store_next(&store, &r, NULL));
    assert_int_equal(check(&r), first);
    for (i = 0; i < 100; i++) assert_true(put());         /* the one on its way is overtaken */
    assert_int_equal(check(&r), first);                   /* its bytes stay until its outcome is known, */
    assert_false(otel_store_next(&store, &r, NULL));
    otel_store_done(&store, 200);                         /* which is not that of another one */
    law();
    assert_int_equal(store.stats_.sent, 0);
    assert_true(otel_store_next(&store, &r, NULL));
    assert_true(check(&r) > first);
    otel_store_done(&store, 200);
    law();
    assert_true(store.stats_.sent > 0);
}

static void a_medium_that_refuses_is_counted_and_never_loops(void **state)
{
    uint32_t k, i, good = 0;
    unsigned what;
    (void)state;
    for (what = 0; what < 3; what++) {
        for (k = 1; k < 40; k++) {
            fresh(512, 4, 4, 60, false);
            fail_at = what == 2 ? 0 : k;
            fail_erase = what == 1;
            seed = k;
            assert_int_equal(open_store(false), OTEL_OK);
            fail_read = what == 2;
            for (i = 0; i < 60; i++) {
                good += put();
                if (i % 3 == 0) forward();
                law();
            }
        }
    }
    assert_true(good > 1000);
}

static void straight_on_while_the_link_works(void **state)
{
    otel_store_stats_t s;
    uint32_t i;
    (void)state;
    fresh(512, 4, 4, 60, false);
    assert_int_equal(open_store(true), OTEL_OK);
    answer = 200;
    for (i = 0; i < 5; i++) assert_true(put());
    assert_int_equal(ops, 0);
    assert_int_equal(arrivals, 5);
    answer = -1;
    for (i = 0; i < 5; i++) assert_true(put());
    assert_false(otel_store_poll(&store));
    answer = 200;
    assert_true(put());                                   /* behind those that wait */
    assert_int_equal(arrivals, 5);
    while (otel_store_poll(&store)) {}
    assert_int_equal(arrivals, 11);
    for (i = 0; i < 11; i++) assert_int_equal(arrived[i], i);
    answer = 400;
    assert_false(put());
    answer = 503;
    assert_true(put());
    answer = 400;
    assert_true(otel_store_poll(&store));
    otel_store_stats(&store, &s);
    assert_int_equal(s.rejected, known[12].items);
    law();
}

static void what_an_exporter_stored_arrives_after_a_restart(void **state)
{
    static otel_t other;
    static uint8_t pool_b[4096];
    otel_request_t r;
    uint32_t boot, n = 0;
    (void)state;
    fresh(4096, 2, 8, 60, false);
    assert_int_equal(open_store(false), OTEL_OK);
    assert_int_equal(otel_init(&other, .service = "unit", .clock = kit_clock, .entropy = kit_entropy, .pool = pool_b, .pool_size = sizeof pool_b), OTEL_OK);
    assert_int_equal(otel_exporter_init(&ex, .otel = &other, .send = otel_store_send, .user = &store), OTEL_OK);
    otel_use(&other);
    OTEL_SPAN(span, "before the reset") otel_log(OTEL_INFO, "so far so good");
    assert_int_equal(otel_export_flush(&ex, 1000), OTEL_OK);
    (void)otel_shutdown(&other, 0);
    assert_int_equal(open_store(false), OTEL_OK);
    assert_int_equal(otel_recorder_init(&rec, .memory = memory, .memory_size = sizeof memory), OTEL_OK);
    while (otel_store_next(&store, &r, &boot)) {
        assert_int_equal(boot, 1);
        otel_store_done(&store, otel_recorder_send(&rec, &r));
        n++;
    }
    assert_int_equal(n, 2);
    assert_int_equal(store.boot_, 2);
}

static void set_up_of_a_store_names_the_remedy(void **state)
{
    otel_store_stats_t s;
    (void)state;
    fresh(512, 4, 4, 60, false);
    assert_int_equal(otel_store_open_with(NULL, NULL), OTEL_E_NULL);
    assert_int_equal(otel_store_open(&store, .buffer = body), OTEL_E_NULL);
    cut.grain = 3;
    assert_int_equal(open_store(false), OTEL_E_CONFIG);
    cut.grain = 4;
    cut.sectors = 1;
    assert_int_equal(open_store(false), OTEL_E_CONFIG);
    otel_store_stats(NULL, &s);
    assert_int_equal(s.found, 0);
    assert_int_equal(otel_store_send(NULL, NULL), -1);
    assert_false(otel_store_poll(NULL));
    otel_store_done(NULL, 200);
    fresh(512, 4, 4, 60, false);
    assert_int_equal(open_store(false), OTEL_OK);
    room = 600;
    made = 0;
    while (body_of(made, body, room) < 500) made++;
    assert_false(put());                                  /* larger than a sector: 413 */
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_power_cut_at_every_write_loses_nothing_committed),
        cmocka_unit_test(writes_out_of_order_lose_nothing_committed),
        cmocka_unit_test(many_lives_on_one_medium),
        cmocka_unit_test(a_flipped_bit_costs_one_request_at_most),
        cmocka_unit_test(a_flip_while_it_runs_is_counted_as_corrupt),
        cmocka_unit_test(sectors_wear_alike),
        cmocka_unit_test(full_gives_up_the_oldest_and_counts_it),
        cmocka_unit_test(a_medium_that_refuses_is_counted_and_never_loops),
        cmocka_unit_test(straight_on_while_the_link_works),
        cmocka_unit_test(what_an_exporter_stored_arrives_after_a_restart),
        cmocka_unit_test(set_up_of_a_store_names_the_remedy),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
