/* otel_resource.h - resource detectors for POSIX systems: host, operating system, process, container and instance id, as the
   semantic conventions name them. Files under /proc and /etc are read once; what is not there is left out. MIT licence.

     #include "otel_posix.h"
     #include "otel_resource.h"
     otel_posix_start(.service = "hello", .detect = otel_detect_all);

   What the program says wins over OTEL_RESOURCE_ATTRIBUTES, and that over what is detected. Without otel_posix_start:

     #include "otel_resource.h"                       // before other headers, when compiled with -std=c99 and the like
     static otel_attr_t at[32];  static char text[4096];
     otel_resource_t r = { at, 32, text, sizeof text, 0, 0, NULL, false, false };
     otel_resource_detect(&r, otel_detectors, OTEL_DETECTORS);
     otel_resource_merge(&r, mine, mine_len, NULL);   // what the program says wins
     otel_init(&otel, .service = "hello", .attributes = r.at, .attributes_len = r.len, .schema_url = r.schema_url, ...);

   Semantic conventions: resource/host.md, os.md, process.md, container.md, README.md ("Service"). */
#ifndef OTEL_PORT_RESOURCE_H
#define OTEL_PORT_RESOURCE_H
#if !defined(_POSIX_C_SOURCE) && !defined(_GNU_SOURCE) && !defined(__APPLE__)
#define _POSIX_C_SOURCE 200809L
#endif
#include "otel.h"
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/utsname.h>
#include <unistd.h>
#if defined(__GLIBC__) && !defined(__USE_XOPEN2K8)
#error "POSIX is hidden, because a system header came first: include otel_resource.h before the others, or compile with -D_POSIX_C_SOURCE=200809L or -std=gnu99"
#endif

/* The version of the conventions whose names these are. */
#define OTEL_RESOURCE_SCHEMA "https://opentelemetry.io/schemas/1.37.0"
#define OTEL_CONTAINER_ID 64              /* hex digits of a container's id */
#define OTEL_DETECTORS 5                  /* entries of otel_detectors */

OTEL_C_BEGIN_
/* Up to `size` - 1 bytes of a file, ended by a NUL; how many, 0 when there is none. */
OTEL_FN_ size_t otel_resource_file_(const char *path, char *to, size_t size)
{
    size_t n = 0;
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0) return 0;
    while (n + 1u < size) {
        ssize_t got = read(fd, to + n, size - 1u - n);
        if (got <= 0) break;
        n += (size_t)got;
    }
    (void)close(fd);
    to[n] = 0;
    return n;
}

OTEL_FN_ void otel_resource_line_(otel_resource_t *r, const char *key, const char *text)
{
    size_t n = strcspn(text, "\n");
    if (n) (void)otel_resource_text(r, key, text, n);
}

OTEL_FN_ bool otel_resource_hex_(char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'); }

/* The first run of exactly 64 hex digits between two characters that are none, in the lines of `text` that hold `mark`
   (NULL: all lines); NULL: there is none. */
OTEL_FN_ const char *otel_resource_id64_(const char *text, const char *mark)
{
    while (*text) {
        size_t line = strcspn(text, "\n"), i, run = 0, hit;
        const char *at = mark ? strstr(text, mark) : text;
        hit = at && (size_t)(at - text) < line ? 1 : (size_t)(line == 0 && !mark);
        for (i = 0; hit && i <= line; i++) {
            if (i < line && otel_resource_hex_(text[i])) {
                run++;
                continue;
            }
            if (run == OTEL_CONTAINER_ID) return text + i - run;
            run = 0;
        }
        text += line + (text[line] != 0);
    }
    return NULL;
}

/* The id of the container from /proc/self/cgroup (version 1, and 2 without a namespace of its own) or, where that says
   nothing, from the mounts that container engines make (version 2). NULL: in no container that is known. */
OTEL_FN_ const char *otel_container_id(const char *cgroup, const char *mountinfo)
{
    const char *id = otel_resource_id64_(cgroup, NULL);
    if (!id) id = otel_resource_id64_(mountinfo, "/containers/");
    if (!id) id = otel_resource_id64_(mountinfo, "/overlay-containers/");
    return id;
}

/* host.name, host.arch, host.id */
OTEL_FN_ void otel_detect_host(otel_resource_t *r)
{
    static const char *const arch[][2] = { { "x86_64", "amd64" }, { "aarch64", "arm64" }, { "arm64", "arm64" }, { "i686", "x86" }, { "i386", "x86" },
                                           { "ppc64le", "ppc64" }, { "ppc64", "ppc64" }, { "s390x", "s390x" }, { "ia64", "ia64" } };
    struct utsname u;
    char text[64];
    size_t i;
    if (uname(&u) == 0) {
        const char *name = strncmp(u.machine, "armv", 4) == 0 ? "arm32" : u.machine;
        otel_resource_line_(r, "host.name", u.nodename);
        for (i = 0; i < sizeof arch / sizeof arch[0]; i++) {
            if (strcmp(u.machine, arch[i][0]) == 0) name = arch[i][1];
        }
        otel_resource_line_(r, "host.arch", name);
    }
    if (otel_resource_file_("/etc/machine-id", text, sizeof text) || otel_resource_file_("/var/lib/dbus/machine-id", text, sizeof text)) otel_resource_line_(r, "host.id", text);
    otel_resource_merge(r, NULL, 0, OTEL_RESOURCE_SCHEMA);
}

/* The value of NAME=value or NAME="value" in os-release. */
OTEL_FN_ void otel_resource_release_(otel_resource_t *r, const char *key, const char *text, const char *name)
{
    size_t n = strlen(name);
    for (; *text; text += strcspn(text, "\n"), text += *text != 0) {
        if (strncmp(text, name, n) != 0 || text[n] != '=') continue;
        text += n + 1u;
        if (*text == '"') (void)otel_resource_text(r, key, text + 1, strcspn(text + 1, "\"\n"));
        else otel_resource_line_(r, key, text);
        return;
    }
}

/* os.type, os.version (of the kernel), os.name, os.description */
OTEL_FN_ void otel_detect_os(otel_resource_t *r)
{
    struct utsname u;
    char text[2048], type[sizeof u.sysname];
    size_t i;
    if (uname(&u) == 0) {
        for (i = 0; u.sysname[i]; i++) type[i] = (char)(u.sysname[i] >= 'A' && u.sysname[i] <= 'Z' ? u.sysname[i] + ('a' - 'A') : u.sysname[i]);
        type[i] = 0;
        otel_resource_line_(r, "os.type", type);
        otel_resource_line_(r, "os.version", u.release);
    }
    if (otel_resource_file_("/etc/os-release", text, sizeof text)) {
        otel_resource_release_(r, "os.name", text, "NAME");
        otel_resource_release_(r, "os.description", text, "PRETTY_NAME");
    }
    otel_resource_merge(r, NULL, 0, OTEL_RESOURCE_SCHEMA);
}

/* process.pid, process.parent_pid, process.executable.path and .name, process.command. Not its arguments: they may hold what
   nobody wants to see elsewhere. */
OTEL_FN_ void otel_detect_process(otel_resource_t *r)
{
    char text[1024];
    const char *name;
    ssize_t n;
    (void)otel_resource_set(r, "process.pid", otel_value_int_((int64_t)getpid()));
    (void)otel_resource_set(r, "process.parent_pid", otel_value_int_((int64_t)getppid()));
    n = readlink("/proc/self/exe", text, sizeof text - 1);
    if (n > 0) {
        text[n] = 0;
        name = strrchr(text, '/');
        (void)otel_resource_text(r, "process.executable.path", text, (size_t)n);
        if (name) otel_resource_line_(r, "process.executable.name", name + 1);
    }
    if (otel_resource_file_("/proc/self/cmdline", text, sizeof text)) otel_resource_line_(r, "process.command", text);
    otel_resource_merge(r, NULL, 0, OTEL_RESOURCE_SCHEMA);
}

/* container.id */
OTEL_FN_ void otel_detect_container(otel_resource_t *r)
{
    static const size_t size = 65536;
    char *text = (char *)malloc(2 * size);
    const char *id;
    if (!text) return;
    text[0] = text[size] = 0;
    (void)otel_resource_file_("/proc/self/cgroup", text, size);
    (void)otel_resource_file_("/proc/self/mountinfo", text + size, size);
    id = otel_container_id(text, text + size);
    if (id) (void)otel_resource_text(r, "container.id", id, OTEL_CONTAINER_ID);
    free(text);
    otel_resource_merge(r, NULL, 0, OTEL_RESOURCE_SCHEMA);
}

/* service.instance.id: a new UUID for each start. */
OTEL_FN_ void otel_detect_instance(otel_resource_t *r)
{
    uint8_t random[16];
    char bytes[17];
    if (otel_resource_file_("/dev/urandom", bytes, sizeof bytes) != 16) return;
    memcpy(random, bytes, 16);
    (void)otel_resource_instance_id(r, random);
    otel_resource_merge(r, NULL, 0, OTEL_RESOURCE_SCHEMA);
}

static const otel_detector_t otel_detectors[OTEL_DETECTORS] OTEL_ATTRIBUTE_((unused)) = { otel_detect_host, otel_detect_os, otel_detect_process, otel_detect_container, otel_detect_instance };

/* All of them: .detect = otel_detect_all. */
OTEL_FN_ void otel_detect_all(otel_resource_t *r) { otel_resource_detect(r, otel_detectors, OTEL_DETECTORS); }
OTEL_C_END_
#endif
