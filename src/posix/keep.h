/* What survives the process: a store in a file, and a crash record in one. */
#ifndef OTEL_POSIX_KEEP_H
#define OTEL_POSIX_KEEP_H
#include "system.h"
/* A file as the medium of a store. Zero is ready for use; all fields are private. */
typedef struct otel_posix_file_t {
    int fd_ OTEL_Z_;
    otel_geometry_t geometry_ OTEL_Z_;
} otel_posix_file_t;

OTEL_C_BEGIN_
/* Open or make a file of `sectors` times `sector_size` bytes (a multiple of 64) as a medium for otel_store_open; `file` lives as
   long as the store. One process at a time. Errors: OTEL_E_NULL, OTEL_E_CONFIG, OTEL_E_SYSTEM (errno; EAGAIN or EACCES: another has it). */
OTEL_API_ otel_result_t otel_posix_medium(otel_posix_file_t *file, otel_medium_t *medium, const char *path, uint32_t sector_size, uint32_t sectors);
OTEL_API_ void otel_posix_medium_close(otel_posix_file_t *file);

/* After otel_posix_start: tell of the crash that ended the last run of this program, as otel_crash_open does, and write the next
   one into `path` when SIGSEGV, SIGBUS, SIGFPE, SIGILL or SIGABRT comes, which then does what it does. Signals that the program
   handles itself are left alone. OTEL_OK, also when there was none; OTEL_E_NOT_READY, OTEL_E_SYSTEM. */
OTEL_API_ otel_result_t otel_posix_crash(const char *path);
OTEL_C_END_
/*== implementation ==*/
#if OTEL_BODIES_
OTEL_C_BEGIN_
#if OTEL_ENABLED
OTEL_FN_ int otel_posix_keep_read_(void *user, uint32_t at, void *to, uint32_t len)
{
    int fd = ((const otel_posix_file_t *)user)->fd_ - 1;
    while (len) {
        ssize_t n = pread(fd, to, len, (off_t)at);
        if (n < 0 && errno == EINTR) continue;
        if (n <= 0) return -1;
        to = (char *)to + n;
        at += (uint32_t)n;
        len -= (uint32_t)n;
    }
    return 0;
}

OTEL_FN_ int otel_posix_keep_write_(void *user, uint32_t at, const void *from, uint32_t len)
{
    int fd = ((const otel_posix_file_t *)user)->fd_ - 1;
    while (len) {
        ssize_t n = pwrite(fd, from, len, (off_t)at);
        if (n < 0 && errno == EINTR) continue;
        if (n <= 0) return -1;
        from = (const char *)from + n;
        at += (uint32_t)n;
        len -= (uint32_t)n;
    }
    return 0;
}

OTEL_FN_ int otel_posix_keep_erase_(void *user, uint32_t at)
{
    const otel_posix_file_t *file = (const otel_posix_file_t *)user;
    uint32_t end = at + file->geometry_.sector_size;
    uint8_t blank[512];
    memset(blank, 0xFF, sizeof blank);
    for (; at < end; at += (uint32_t)sizeof blank) {
        if (otel_posix_keep_write_(user, at, blank, end - at < sizeof blank ? end - at : (uint32_t)sizeof blank)) return -1;
    }
    return 0;
}

OTEL_FN_ int otel_posix_keep_sync_(void *user)
{
#ifdef __APPLE__
    return fsync(((const otel_posix_file_t *)user)->fd_ - 1);
#else
    return fdatasync(((const otel_posix_file_t *)user)->fd_ - 1);
#endif
}

OTEL_FN_ void otel_posix_keep_cut_(void *user, otel_geometry_t *geometry) { *geometry = ((const otel_posix_file_t *)user)->geometry_; }

/* Lengthen a file to its size; what is new is erased. */
OTEL_FN_ bool otel_posix_keep_size_(otel_posix_file_t *file)
{
    const otel_geometry_t *g = &file->geometry_;
    off_t have = lseek(file->fd_ - 1, 0, SEEK_END);
    uint32_t i;
    for (i = 0; i < g->sectors && have >= 0; i++) {
        if (have < (off_t)((uint64_t)(i + 1u) * g->sector_size) && otel_posix_keep_erase_(file, i * g->sector_size)) return false;
    }
    return have >= 0;
}
#endif

OTEL_API_ otel_result_t otel_posix_medium(otel_posix_file_t *file, otel_medium_t *medium, const char *path, uint32_t sector_size, uint32_t sectors)
{
    OTEL_WHEN_OFF_((void)file; (void)medium; (void)path; (void)sector_size; (void)sectors; return OTEL_OK)
#if OTEL_ENABLED
    struct flock lock;
    if (!file || !medium || !path) return OTEL_E_NULL;
    if (sector_size < 256u || sector_size % 64u || sectors < 2u || sectors > 0x7FFFFFFFu / sector_size) return OTEL_E_CONFIG;
    file->geometry_.sector_size = sector_size;
    file->geometry_.sectors = sectors;
    file->geometry_.grain = 1;
    file->fd_ = otel_posix_above_((open)(path, O_RDWR | O_CREAT | O_CLOEXEC, 0600)) + 1;
    if (file->fd_ == 0) return OTEL_E_SYSTEM;
    memset(&lock, 0, sizeof lock);
    lock.l_type = F_WRLCK;
    lock.l_whence = SEEK_SET;
    if (fcntl(file->fd_ - 1, F_SETLK, &lock) || !otel_posix_keep_size_(file)) {
        int error = errno;
        otel_posix_medium_close(file);
        errno = error;
        return OTEL_E_SYSTEM;
    }
    memset((void *)medium, 0, sizeof *medium);
    medium->read = otel_posix_keep_read_;
    medium->program = otel_posix_keep_write_;
    medium->erase = otel_posix_keep_erase_;
    medium->geometry = otel_posix_keep_cut_;
    medium->sync = otel_posix_keep_sync_;
    medium->user = file;
    return OTEL_OK;
#endif
}

OTEL_API_ void otel_posix_medium_close(otel_posix_file_t *file)
{
    OTEL_WHEN_OFF_((void)file)
    if (!file || file->fd_ <= 0) return;
    (void)(close)(file->fd_ - 1);
    file->fd_ = 0;
}
OTEL_C_END_
#endif
#endif
