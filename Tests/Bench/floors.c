/* floors: what the kernel alone costs.
 *
 *   floors read N         re-reads the five files of a scrape N times on kept descriptors; prints the nanoseconds of CPU of one pass
 *   floors scan N         lists /proc and reads status and oom_score_adj of every process, N times;
 *                         prints the nanoseconds of CPU per process, and the processes
 *   floors policies N     lists /proc and reads stat, cgroup and status of every process, N times; prints as scan does
 *   floors sleepers N     starts N children that sleep, prints "ready"; they and it end with its standard input
 *   floors kmsg N         prints "ready"; for each byte of its standard input, of which N are awaited, reads the records that
 *                         /dev/kmsg has by then; prints the nanoseconds of CPU and the records
 *   floors hog N          touches N MB
 */
#define _GNU_SOURCE
#include <ctype.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static char buffer[1 << 20];

static void fail(const char *what) {
    fprintf(stderr, "floors: %s: %s\n", what, strerror(errno));
    exit(1);
}

static long long cpu(void) {
    struct timespec t;
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t);
    return t.tv_sec * 1000000000LL + t.tv_nsec;
}

/* From offset 0 to the end of file: the read that finds the end is part of it. */
static void read_whole(int fd) {
    ssize_t n;
    off_t at = 0;
    while ((n = pread(fd, buffer, sizeof buffer, at)) > 0) at += n;
    if (n < 0) fail("pread");
}

static int read_files(int passes) {
    static const char *const names[] = {"zoneinfo", "buddyinfo", "meminfo", "vmstat", "pressure/memory"};
    int fds[5], proc = open("/proc", O_PATH | O_DIRECTORY);
    for (int i = 0; i < 5; i++)
        if ((fds[i] = openat(proc, names[i], O_RDONLY)) < 0) fail(names[i]);
    long long before = cpu();
    for (int pass = 0; pass < passes; pass++)
        for (int i = 0; i < 5; i++) read_whole(fds[i]);
    printf("%lld\n", (cpu() - before) / passes);
    return 0;
}

/* False where the process is gone. */
static int read_of(int proc, const char *pid, const char *name) {
    char path[300];
    snprintf(path, sizeof path, "%s/%s", pid, name);
    int fd = openat(proc, path, O_RDONLY | O_CLOEXEC);
    if (fd < 0) return 0;
    int there = read(fd, buffer, 4096) > 0;
    close(fd);
    return there;
}

static int scan(int passes, const char *const *files) {
    long processes = 0;
    int proc = open("/proc", O_PATH | O_DIRECTORY);
    long long before = cpu();
    for (int pass = 0; pass < passes; pass++) {
        DIR *list = opendir("/proc");
        struct dirent *entry;
        if (!list) fail("/proc");
        while ((entry = readdir(list)))
            if (isdigit((unsigned char)*entry->d_name)) {
                int there = 1;
                for (const char *const *file = files; *file && there; file++) there = read_of(proc, entry->d_name, *file);
                processes += there;
            }
        closedir(list);
    }
    printf("%lld %ld\n", (cpu() - before) / processes, processes / passes);
    return 0;
}

static int sleepers(int count) {
    pid_t *children = calloc((size_t)count, sizeof *children), parent = getpid();
    if (!children) fail("calloc");
    for (int i = 0; i < count; i++) {
        if ((children[i] = fork()) < 0) {
            perror("floors: fork");
            count = i;
            break;
        }
        if (children[i] == 0) {
            /* Whatever ends the parent ends them too. */
            prctl(PR_SET_PDEATHSIG, SIGKILL);
            if (getppid() != parent) _exit(0);
            for (;;) pause();
        }
    }
    puts("ready");
    fflush(stdout);
    while (read(0, buffer, sizeof buffer) > 0) continue;
    for (int i = 0; i < count; i++) kill(children[i], SIGKILL);
    for (int i = 0; i < count; i++) waitpid(children[i], NULL, 0);
    return 0;
}

static int follow_log(int rounds) {
    int fd = open("/dev/kmsg", O_RDONLY | O_NONBLOCK);
    char go;
    if (fd < 0 || lseek(fd, 0, SEEK_END) < 0) fail("/dev/kmsg");
    puts("ready");
    fflush(stdout);
    while (rounds-- > 0 && read(0, &go, 1) == 1) {
        long records = 0;
        long long before = cpu();
        /* EPIPE: records were overwritten; the next read goes on behind them. */
        while (read(fd, buffer, sizeof buffer) > 0 || errno == EPIPE) records++;
        printf("%lld %ld\n", cpu() - before, records);
        fflush(stdout);
    }
    return 0;
}

static int hog(int megabytes) {
    for (int i = 0; i < megabytes; i++) {
        char *memory = malloc(1000000);
        if (!memory) fail("malloc");
        memset(memory, 1, 1000000);
    }
    return 0;
}

int main(int argc, char **argv) {
    int n = argc == 3 ? atoi(argv[2]) : 0;
    if (n > 0 && !strcmp(argv[1], "read")) return read_files(n);
    static const char *const victims[] = {"status", "oom_score_adj", NULL}, *const policies[] = {"stat", "cgroup", "status", NULL};
    if (n > 0 && !strcmp(argv[1], "scan")) return scan(n, victims);
    if (n > 0 && !strcmp(argv[1], "policies")) return scan(n, policies);
    if (n > 0 && !strcmp(argv[1], "sleepers")) return sleepers(n);
    if (n > 0 && !strcmp(argv[1], "kmsg")) return follow_log(n);
    if (n > 0 && !strcmp(argv[1], "hog")) return hog(n);
    fprintf(stderr, "floors: see the comment at the top of floors.c\n");
    return 2;
}
