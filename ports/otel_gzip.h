/* otel_gzip.h - request bodies in gzip, through zlib (link with -lz). MIT licence.

     #include "otel_posix.h"
     #include "otel_gzip.h"
     static otel_gzip_t gzip;
     otel_posix_start(.service = "hello", .compress = otel_gzip, .compress_user = &gzip);

   zlib takes about 260 KB of memory, once, and the body its compressed length; without memory bodies go as they are. */
#ifndef OTEL_GZIP_H
#define OTEL_GZIP_H
#include "otel_export.h"
#include <stdlib.h>
#include <zlib.h>

/* One for each transport. Zero is ready for use; all fields are private. */
typedef struct otel_gzip_t {
    z_stream stream_;
    uint8_t *body_;
    size_t room_;
    bool open_;
} otel_gzip_t;

#if OTEL_ENABLED
#define otel_gzip OTEL_NAME_(otel_gzip)
#define otel_gzip_close OTEL_NAME_(otel_gzip_close)
#endif

OTEL_C_BEGIN_
/* Compress the body of a request: `.compress = otel_gzip, .compress_user = &gzip`. False: send it as it is. One thread at a time. */
OTEL_API_ bool otel_gzip(void *gzip, const otel_request_t *request, const void **body, size_t *len);

/* Give the memory back. */
OTEL_API_ void otel_gzip_close(otel_gzip_t *gzip);
OTEL_C_END_

/*== implementation ==*/
#if OTEL_ENABLED && OTEL_BODIES_
OTEL_C_BEGIN_
/* Room for the worst case; false without memory. */
OTEL_FN_ bool otel_gzip_room_(otel_gzip_t *gz, size_t len)
{
    size_t room;
    uint8_t *more;
    if (!gz->open_) {
        gz->open_ = deflateInit2(&gz->stream_, Z_DEFAULT_COMPRESSION, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY) == Z_OK;        /* 16: with the head of gzip */
        if (!gz->open_) return false;
    } else if (deflateReset(&gz->stream_) != Z_OK) {
        return false;
    }
    room = (size_t)deflateBound(&gz->stream_, (uLong)len);
    if (room <= gz->room_) return true;
    more = (uint8_t *)realloc(gz->body_, room);
    if (!more) return false;
    gz->body_ = more;
    gz->room_ = room;
    return true;
}

OTEL_FN_ bool otel_gzip_put_(otel_gzip_t *gz, const void *bytes, size_t len, int flush)
{
    int said;
    gz->stream_.next_in = (Bytef *)(uintptr_t)bytes;
    gz->stream_.avail_in = (uInt)len;
    said = deflate(&gz->stream_, flush);
    return flush == Z_FINISH ? said == Z_STREAM_END : said == Z_OK && gz->stream_.avail_in == 0;
}

OTEL_API_ bool otel_gzip(void *gzip, const otel_request_t *request, const void **body, size_t *len)
{
    otel_gzip_t *gz = (otel_gzip_t *)gzip;
    bool good = gz && request->len <= 0x7FFFFFFFu && otel_gzip_room_(gz, request->len);
    size_t i;
    if (!good) return false;
    gz->stream_.next_out = gz->body_;
    gz->stream_.avail_out = (uInt)gz->room_;
    if (request->body) good = otel_gzip_put_(gz, request->body, request->len, Z_NO_FLUSH);
    for (i = 0; good && !request->body && i < request->parts_len; i++) {
        if (request->parts[i].len) good = otel_gzip_put_(gz, request->parts[i].bytes, request->parts[i].len, Z_NO_FLUSH);
    }
    if (!good || !otel_gzip_put_(gz, gz->body_, 0, Z_FINISH)) return false;
    *body = gz->body_;
    *len = gz->room_ - gz->stream_.avail_out;
    return *len < request->len;
}

OTEL_API_ void otel_gzip_close(otel_gzip_t *gz)
{
    if (!gz) return;
    if (gz->open_) (void)deflateEnd(&gz->stream_);
    free(gz->body_);
    memset(gz, 0, sizeof *gz);
}
OTEL_C_END_
#elif !OTEL_ENABLED
OTEL_API_ bool otel_gzip(void *gzip, const otel_request_t *request, const void **body, size_t *len) { OTEL_WHEN_OFF_((void)gzip; (void)request; (void)body; (void)len; return false) }
OTEL_API_ void otel_gzip_close(otel_gzip_t *gzip) { OTEL_WHEN_OFF_((void)gzip) }
#endif
#endif
