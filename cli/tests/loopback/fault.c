/* A disk that fails, for one process: loaded before the C library, it refuses whoever writes or syncs a
   file under the folder FAULT_UNDER while there is a file FAULT_FLAG. What it answers, the first letter in
   there says: EIO; with an s, to what syncs alone, so that the bytes are written, and nobody knows whether
   they last; with an n, ENOSPC, as there is no room; with an r, EROFS, as the disk can only be read any
   more, also to whoever opens a file to write it. */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/types.h>
#include <unistd.h>

static char folder[PATH_MAX];
static char flag[PATH_MAX];

__attribute__((constructor)) static void begin(void) {
    const char *under = getenv("FAULT_UNDER"), *file = getenv("FAULT_FLAG");
    if (under && file && strlen(under) < PATH_MAX && strlen(file) < PATH_MAX) {
        strcpy(folder, under);
        strcpy(flag, file);
    }
    /* The disk of what this process starts is a good one. */
    unsetenv("LD_PRELOAD");
}

static int lies_under(const char *path) {
    size_t length = strlen(folder);
    return length && !strncmp(path, folder, length) && (path[length] == '/' || !path[length]);
}

/* Whether this file lies under the folder. */
static int is_under(int fd) {
    struct stat found;
    char link[64], path[PATH_MAX];
    ssize_t read;
    if (fstat(fd, &found) || !(S_ISREG(found.st_mode) || S_ISDIR(found.st_mode)))
        return 0;
    snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
    read = readlink(link, path, PATH_MAX - 1);
    path[read < 0 ? 0 : read] = 0;
    return lies_under(path);
}

/* How the disk fails now: a letter, or nothing. */
static char how_now(void) {
    char how = 0;
    int file = (int)syscall(SYS_openat, AT_FDCWD, flag, O_RDONLY | O_CLOEXEC, 0);
    if (file < 0)
        return 0;
    if (syscall(SYS_read, file, &how, 1) < 1)
        how = 'e';
    syscall(SYS_close, file);
    return how;
}

/* Whether what is done to a file fails now. */
static int fails(int fd, int syncs) {
    int before = errno, fails;
    char how = how_now();
    fails = how && (syncs || how != 's') && is_under(fd);
    errno = !fails ? before : how == 'n' ? ENOSPC : how == 'r' ? EROFS : EIO;
    return fails;
}

static int opens(const char *path, int flags, mode_t mode) {
    int before = errno;
    if ((flags & O_ACCMODE) != O_RDONLY && lies_under(path) && how_now() == 'r') {
        errno = EROFS;
        return -1;
    }
    errno = before;
    return (int)syscall(SYS_openat, AT_FDCWD, path, flags, mode);
}

/* Only who makes a file says with which mode. */
#define OPENS(path, flags)                                                                             \
    mode_t mode = 0;                                                                                   \
    if (flags & (O_CREAT | O_TMPFILE)) {                                                               \
        va_list rest;                                                                                  \
        va_start(rest, flags);                                                                         \
        mode = va_arg(rest, mode_t);                                                                   \
        va_end(rest);                                                                                  \
    }                                                                                                  \
    return opens(path, flags, mode);

int open(const char *path, int flags, ...) { OPENS(path, flags) }

int open64(const char *path, int flags, ...) { OPENS(path, flags) }

ssize_t write(int fd, const void *bytes, size_t length) {
    return fails(fd, 0) ? -1 : syscall(SYS_write, fd, bytes, length);
}

ssize_t pwrite64(int fd, const void *bytes, size_t length, off64_t at) {
    return fails(fd, 0) ? -1 : syscall(SYS_pwrite64, fd, bytes, length, at);
}

ssize_t pwrite(int fd, const void *bytes, size_t length, off_t at) {
    return pwrite64(fd, bytes, length, at);
}

int fsync(int fd) { return fails(fd, 1) ? -1 : (int)syscall(SYS_fsync, fd); }

int fdatasync(int fd) { return fails(fd, 1) ? -1 : (int)syscall(SYS_fdatasync, fd); }

int sync_file_range(int fd, off64_t at, off64_t length, unsigned int flags) {
    return fails(fd, 1) ? -1 : (int)syscall(SYS_sync_file_range, fd, at, length, flags);
}
