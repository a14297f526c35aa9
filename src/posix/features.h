/* With -std=c99 and the like the C library hides POSIX unless it is asked for, and it is asked once: by the first header. */
#ifndef OTEL_POSIX_FEATURES_H
#define OTEL_POSIX_FEATURES_H
#if defined(__STRICT_ANSI__) && !defined(_POSIX_C_SOURCE) && !defined(_XOPEN_SOURCE) && !defined(_GNU_SOURCE) && !defined(_DEFAULT_SOURCE) && !defined(_DARWIN_C_SOURCE) && !defined(_BSD_SOURCE)
#define _POSIX_C_SOURCE 200809L
#endif
#endif
