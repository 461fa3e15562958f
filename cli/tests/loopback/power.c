/* A witness of what a process does to the files under one folder: loaded before the C library, it
   writes every deed that succeeded into a journal, in order and with all bytes, before the process
   goes on. Which folder and which journal stand in POWER_UNDER and POWER_JOURNAL.

   deed   what (1) | file (8) | number (8) | length of path (4) | of bytes (4) | path | bytes
   what   o a file was made (1) or cut off (2) by opening it     w bytes were written at a place
          t a file got a length                                  s a file or a folder was synced
          r a name became another   u a name went   m a folder was made
          f a file could not be synced

   While there is a file POWER_FLAG, no file is synced: whoever asks for it hears EIO. After that the
   system takes what was written for written, as Linux does.

   Numbers are those of this machine. A file is its inode. sync_file_range makes nothing durable that
   has to be, so it is none of these. */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <pthread.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/types.h>
#include <sys/uio.h>
#include <unistd.h>

static char folder[PATH_MAX];
static char journal[PATH_MAX];
static char flag[PATH_MAX];
/* One deed after the other, so that the journal has them in their order. Whoever holds the lock on the
   journal may kill this process, and no deed is done that is not in it. */
static pthread_mutex_t turn = PTHREAD_MUTEX_INITIALIZER;
static int book;

__attribute__((constructor)) static void begin(void) {
    const char *under = getenv("POWER_UNDER"), *into = getenv("POWER_JOURNAL");
    const char *file = getenv("POWER_FLAG");
    if (file && strlen(file) < PATH_MAX)
        strcpy(flag, file);
    if (under && into && strlen(under) < PATH_MAX && strlen(into) < PATH_MAX) {
        strcpy(folder, under);
        strcpy(journal, into);
    }
    /* What this process starts is not watched. */
    unsetenv("LD_PRELOAD");
}

static int is_under(const char *path) {
    size_t length = strlen(folder);
    return length && !strncmp(path, folder, length) && (path[length] == '/' || !path[length]);
}

static void begin_deed(void) {
    pthread_mutex_lock(&turn);
    book = (int)syscall(SYS_openat, AT_FDCWD, journal, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC,
                        0600);
    if (book < 0 || syscall(SYS_flock, book, LOCK_EX))
        abort();
}

static void end_deed(void) {
    int before = errno;
    syscall(SYS_close, book);
    pthread_mutex_unlock(&turn);
    errno = before;
}

static void note(char what, uint64_t file, int64_t number, const char *path, const void *bytes,
                 size_t length) {
    uint32_t lengths[2] = {path ? (uint32_t)strlen(path) : 0, (uint32_t)length};
    struct iovec parts[6] = {{&what, 1},
                             {&file, sizeof file},
                             {&number, sizeof number},
                             {lengths, sizeof lengths},
                             {(void *)path, lengths[0]},
                             {(void *)bytes, length}};
    ssize_t all = 1 + 8 + 8 + 8 + lengths[0] + (ssize_t)length;
    if (syscall(SYS_writev, book, parts, 6) != all)
        abort();
}

/* Which file or folder under the folder this is, and its path; 0 for whatever else. */
static uint64_t known(int fd, char *path) {
    struct stat found;
    char link[64];
    ssize_t length;
    int before = errno;
    uint64_t number = 0;
    path[0] = 0;
    if (!fstat(fd, &found) && (S_ISREG(found.st_mode) || S_ISDIR(found.st_mode))) {
        snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
        length = readlink(link, path, PATH_MAX - 1);
        path[length < 0 ? 0 : length] = 0;
        if (is_under(path))
            number = found.st_ino;
        if (!S_ISDIR(found.st_mode))
            path[0] = 0;
    }
    errno = before;
    return number;
}

static int opened(const char *path, int flags, mode_t mode) {
    struct stat found;
    int fd, was_there;
    if (!is_under(path))
        return (int)syscall(SYS_openat, AT_FDCWD, path, flags, mode);
    begin_deed();
    was_there = !lstat(path, &found);
    fd = (int)syscall(SYS_openat, AT_FDCWD, path, flags, mode);
    if (fd >= 0 && (!was_there || flags & O_TRUNC) && !fstat(fd, &found) && S_ISREG(found.st_mode))
        note('o', found.st_ino, (!was_there ? 1 : 0) | (flags & O_TRUNC ? 2 : 0), path, NULL, 0);
    end_deed();
    return fd;
}

#define MODE(flags, mode)                                                                          \
    mode_t mode = 0;                                                                               \
    if (flags & (O_CREAT | O_TMPFILE)) {                                                           \
        va_list rest;                                                                              \
        va_start(rest, flags);                                                                     \
        mode = (mode_t)va_arg(rest, int);                                                          \
        va_end(rest);                                                                              \
    }

int open(const char *path, int flags, ...) {
    MODE(flags, mode)
    return opened(path, flags, mode);
}

int open64(const char *path, int flags, ...) {
    MODE(flags, mode)
    return opened(path, flags, mode);
}

ssize_t write(int fd, const void *bytes, size_t length) {
    char path[PATH_MAX];
    uint64_t file = known(fd, path);
    ssize_t written;
    if (!file)
        return syscall(SYS_write, fd, bytes, length);
    begin_deed();
    written = syscall(SYS_write, fd, bytes, length);
    if (written > 0)
        note('w', file, syscall(SYS_lseek, fd, 0, SEEK_CUR) - written, NULL, bytes, written);
    end_deed();
    return written;
}

ssize_t pwrite64(int fd, const void *bytes, size_t length, off64_t at) {
    char path[PATH_MAX];
    uint64_t file = known(fd, path);
    ssize_t written;
    if (!file)
        return syscall(SYS_pwrite64, fd, bytes, length, at);
    begin_deed();
    written = syscall(SYS_pwrite64, fd, bytes, length, at);
    if (written > 0)
        note('w', file, at, NULL, bytes, written);
    end_deed();
    return written;
}

ssize_t pwrite(int fd, const void *bytes, size_t length, off_t at) {
    return pwrite64(fd, bytes, length, at);
}

int ftruncate64(int fd, off64_t length) {
    char path[PATH_MAX];
    uint64_t file = known(fd, path);
    int failed;
    if (!file)
        return (int)syscall(SYS_ftruncate, fd, length);
    begin_deed();
    failed = (int)syscall(SYS_ftruncate, fd, length);
    if (!failed)
        note('t', file, length, NULL, NULL, 0);
    end_deed();
    return failed;
}

int ftruncate(int fd, off_t length) { return ftruncate64(fd, length); }

static int synced(long how, int fd) {
    char path[PATH_MAX];
    uint64_t file = known(fd, path);
    int failed;
    if (!file)
        return (int)syscall(how, fd);
    begin_deed();
    if (flag[0] && !path[0] && !syscall(SYS_faccessat, AT_FDCWD, flag, F_OK)) {
        note('f', file, 0, NULL, NULL, 0);
        errno = EIO;
        failed = -1;
    } else {
        failed = (int)syscall(how, fd);
        if (!failed)
            note('s', file, 0, path, NULL, 0);
    }
    end_deed();
    return failed;
}

int fsync(int fd) { return synced(SYS_fsync, fd); }

int fdatasync(int fd) { return synced(SYS_fdatasync, fd); }

int rename(const char *from, const char *to) {
    int failed;
    if (!is_under(from) && !is_under(to))
        return (int)syscall(SYS_renameat2, AT_FDCWD, from, AT_FDCWD, to, 0);
    begin_deed();
    failed = (int)syscall(SYS_renameat2, AT_FDCWD, from, AT_FDCWD, to, 0);
    if (!failed)
        note('r', 0, 0, from, to, strlen(to));
    end_deed();
    return failed;
}

static int removed(const char *path, int flags) {
    int failed;
    if (!is_under(path))
        return (int)syscall(SYS_unlinkat, AT_FDCWD, path, flags);
    begin_deed();
    failed = (int)syscall(SYS_unlinkat, AT_FDCWD, path, flags);
    if (!failed)
        note('u', 0, 0, path, NULL, 0);
    end_deed();
    return failed;
}

int unlink(const char *path) { return removed(path, 0); }

int rmdir(const char *path) { return removed(path, AT_REMOVEDIR); }

int mkdir(const char *path, mode_t mode) {
    struct stat found;
    int failed;
    if (!is_under(path))
        return (int)syscall(SYS_mkdirat, AT_FDCWD, path, mode);
    begin_deed();
    failed = (int)syscall(SYS_mkdirat, AT_FDCWD, path, mode);
    if (!failed && !lstat(path, &found))
        note('m', found.st_ino, 0, path, NULL, 0);
    end_deed();
    return failed;
}
