/* A store in a file of littlefs on an emulated flash. The power goes at every program and every erase that littlefs makes in a run
   of requests; littlefs is mounted again, the store is opened again, and every request that was answered with 200 must be there. */
#include "otel_export.h"
#include "lfs.h"
#include <setjmp.h>
#include <stdio.h>
#include <stdlib.h>

#define BLOCK 512
#define BLOCKS 64
#define STEPS 24
static uint8_t flash[BLOCK * BLOCKS];
static long ops, cut_at;
static bool dead;
static jmp_buf power_off;                       /* nothing goes on after a cut */

static int flash_read(const struct lfs_config *c, lfs_block_t block, lfs_off_t off, void *to, lfs_size_t n)
{
    (void)c;
    memcpy(to, flash + block * BLOCK + off, n);
    return 0;
}

static int flash_prog(const struct lfs_config *c, lfs_block_t block, lfs_off_t off, const void *from, lfs_size_t n)
{
    (void)c;
    if (dead) return LFS_ERR_IO;
    if (++ops == cut_at) {                        /* torn in the middle */
        dead = true;
        memcpy(flash + block * BLOCK + off, from, n / 2);
        longjmp(power_off, 1);
    }
    memcpy(flash + block * BLOCK + off, from, n);
    return 0;
}

static int flash_erase(const struct lfs_config *c, lfs_block_t block)
{
    (void)c;
    if (dead) return LFS_ERR_IO;
    if (++ops == cut_at) {
        dead = true;
        memset(flash + block * BLOCK, 0xFF, BLOCK / 3);
        longjmp(power_off, 1);
    }
    memset(flash + block * BLOCK, 0xFF, BLOCK);
    return 0;
}

static int flash_sync(const struct lfs_config *c)
{
    (void)c;
    return dead ? LFS_ERR_IO : 0;
}

static const struct lfs_config config = { .read = flash_read, .prog = flash_prog, .erase = flash_erase, .sync = flash_sync, .read_size = 16, .prog_size = 16, .block_size = BLOCK, .block_count = BLOCKS,
                                          .block_cycles = 500, .cache_size = 64, .lookahead_size = 16 };

/* ---- the medium: a file of 8 sectors ---- */
static lfs_t lfs;
static lfs_file_t file;
static const otel_geometry_t cut = { 1024, 8, 1 };

static int medium_read(void *user, uint32_t at, void *to, uint32_t len)
{
    (void)user;
    return lfs_file_seek(&lfs, &file, (lfs_soff_t)at, LFS_SEEK_SET) < 0 || lfs_file_read(&lfs, &file, to, len) != (lfs_ssize_t)len;
}

static int medium_write(void *user, uint32_t at, const void *from, uint32_t len)
{
    (void)user;
    return lfs_file_seek(&lfs, &file, (lfs_soff_t)at, LFS_SEEK_SET) < 0 || lfs_file_write(&lfs, &file, from, len) != (lfs_ssize_t)len;
}

static int medium_erase(void *user, uint32_t at)
{
    uint8_t blank[1024];
    memset(blank, 0xFF, sizeof blank);
    return medium_write(user, at, blank, cut.sector_size);
}

static int medium_sync(void *user)
{
    (void)user;
    return lfs_file_sync(&lfs, &file);
}

static void medium_cut(void *user, otel_geometry_t *g)
{
    (void)user;
    *g = cut;
}

static otel_store_t store;
static uint8_t body[1024];
static bool begin(void)
{
    otel_medium_t medium = { medium_read, medium_write, medium_erase, medium_cut, medium_sync, NULL };
    uint32_t i;
    dead = false;
    memset(&lfs, 0, sizeof lfs);
    memset(&file, 0, sizeof file);
    if (lfs_mount(&lfs, &config)) return false;
    if (lfs_file_open(&lfs, &file, "otlp", LFS_O_RDWR | LFS_O_CREAT)) return false;
    for (i = (uint32_t)lfs_file_size(&lfs, &file) / cut.sector_size; i < cut.sectors; i++) {
        if (medium_erase(NULL, i * cut.sector_size)) return false;
    }
    return otel_store_open(&store, .medium = medium, .buffer = body, .buffer_size = sizeof body) == OTEL_OK;
}

static size_t make(unsigned id, uint8_t *to)
{
    size_t n = 20 + id * 37u % 150, i;
    to[0] = (uint8_t)id;
    for (i = 1; i < n; i++) to[i] = (uint8_t)(id + i);
    return n;
}

static bool committed[STEPS], taken[STEPS], seen[STEPS];
static void life(void)
{
    unsigned id;
    memset(committed, 0, sizeof committed);
    memset(taken, 0, sizeof taken);
    for (id = 0; id < STEPS; id++) {
        uint8_t bytes[256];
        otel_request_t r;
        memset(&r, 0, sizeof r);
        r.body = bytes;
        r.len = make(id, bytes);
        r.items = 1;
        committed[id] = otel_store_send(&store, &r) == 200;
        if (id % 4 == 3 && otel_store_next(&store, &r, NULL)) {
            taken[((const uint8_t *)r.body)[0]] = true;
            otel_store_done(&store, 200);
        }
    }
}

/* Every `argv[1]`-th moment (1: all) */
int main(int argc, char **argv)
{
    static uint8_t empty[sizeof flash];
    long step = argc > 1 ? atol(argv[1]) : 1, all, cuts = 0, kept = 0, lost = 0, again = 0;
    memset(flash, 0xFF, sizeof flash);
    if (lfs_format(&lfs, &config) || !begin()) return 2;
    (void)lfs_file_sync(&lfs, &file);
    memcpy(empty, flash, sizeof flash);
    ops = 0;
    life();
    all = ops;
    for (long n = 1; n <= all; n += step, cuts++) {
        otel_request_t r;
        unsigned id;
        long twice = 0;
        memcpy(flash, empty, sizeof flash);
        cut_at = 0;
        if (!begin()) return 3;
        ops = 0;
        cut_at = n;
        if (setjmp(power_off) == 0) life();
        if (!dead) return 4;
        memset(seen, 0, sizeof seen);
        cut_at = 0;
        if (!begin()) return 5;
        while (otel_store_next(&store, &r, NULL)) {
            uint8_t want[256];
            id = ((const uint8_t *)r.body)[0];
            if (id >= STEPS || r.len != make(id, want) || memcmp(want, r.body, r.len)) return 6;
            seen[id] = true;
            twice += taken[id];
            kept++;
            otel_store_done(&store, 200);
        }
        for (id = 0; id < STEPS; id++) lost += committed[id] && !taken[id] && !seen[id];
        if (twice > 1) return 7;
        again += twice;
    }
    (void)printf("%ld cuts, %ld requests were there, %ld missing, %ld came again\n", cuts, kept, lost, again);
    return lost != 0;
}
