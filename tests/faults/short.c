/* Preloaded: sendmsg takes, and recv gives, at most FAULT_SHORT bytes a call, and every third call says EAGAIN first, as a
   socket may. sendmsg by one's own: the bytes that it takes do go out. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/uio.h>

static size_t most(void)
{
    const char *text = getenv("FAULT_SHORT");
    return text && atoi(text) > 0 ? (size_t)atoi(text) : 1;
}

static int again(void)
{
    static unsigned calls;
    errno = EAGAIN;
    return ++calls % 3u == 0;
}

ssize_t sendmsg(int fd, const struct msghdr *message, int flags)
{
    char bytes[4096];
    size_t n = 0, i, limit = most();
    ssize_t (*real)(int, const void *, size_t, int);
    void *found = dlsym(RTLD_NEXT, "send");
    memcpy(&real, &found, sizeof real);
    if (again()) return -1;
    for (i = 0; i < (size_t)message->msg_iovlen && n < limit; i++) {
        size_t len = message->msg_iov[i].iov_len;
        if (len > limit - n) len = limit - n;
        memcpy(bytes + n, message->msg_iov[i].iov_base, len);
        n += len;
    }
    return real(fd, bytes, n, flags);
}

ssize_t recv(int fd, void *to, size_t len, int flags)
{
    ssize_t (*real)(int, void *, size_t, int);
    void *found = dlsym(RTLD_NEXT, "recv");
    memcpy(&real, &found, sizeof real);
    if (again()) return -1;
    return real(fd, to, len > most() ? most() : len, flags);
}
