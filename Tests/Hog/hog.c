// A family of processes of given sizes and adjustments in a cgroup, and one more that grows until the kernel kills somebody.
//
//     hog CGROUP.PROCS
//     hog vfork | share
//
// The second has one child: in the middle of vfork(), or with the very same memory; stdout: its pid. It ends with its parent.
//
// stdin: a line "KIB ADJ" for each, then an empty one; stdout: "ready PID PID ...". stdin: "grow KIB"; stdout: "died PID", with
// more of them where several did before the growing could be stopped, or "none". All of them end with this process.
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

enum { MOST = 400 };

static void write_file(const char *path, long value) {
    char text[32];
    int length = snprintf(text, sizeof text, "%ld\n", value);
    int file = open(path, O_WRONLY | O_CLOEXEC);
    if (file < 0 || write(file, text, (size_t)length) != length) {
        fprintf(stderr, "hog: %s: %s\n", path, strerror(errno));
        exit(1);
    }
    close(file);
}

/// Page by page, so that what is resident is what was asked for.
static void touch(long kib, useconds_t pause_for) {
    size_t size = (size_t)kib << 10;
    char *memory = mmap(0, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (memory == MAP_FAILED) exit(1);
    (void)madvise(memory, size, MADV_NOHUGEPAGE);
    for (size_t at = 0; at < size; at += (size_t)getpagesize()) {
        memory[at] = 1;
        if (pause_for != 0) usleep(pause_for);
    }
}

static pid_t spawn(long kib, long adjustment, int done, pid_t parent) {
    pid_t child = fork();
    if (child != 0) return child;
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    if (getppid() != parent) _exit(1);
    if (adjustment != 0) write_file("/proc/self/oom_score_adj", adjustment);
    // The one that grows leaves time to be stopped when the first has died.
    touch(kib, done >= 0 ? 0 : 200);
    if (done >= 0) {
        if (write(done, "x", 1) != 1) _exit(1);
        for (;;) pause();
    }
    _exit(0);
}

/// Shares its parent's memory: nothing that has a buffer or a lock may be called.
static int tell_and_stay(void *unused) {
    (void)unused;
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    char text[16];
    int length = 0, rest = getpid(), at = sizeof text;
    text[--at] = '\n';
    do text[--at] = (char)('0' + rest % 10); while ((rest /= 10) > 0);
    length = (int)sizeof text - at;
    if (write(1, text + at, (size_t)length) != length) _exit(1);
    for (;;) pause();
}

/// With 8 MiB, so that the kernel does not show them a score of 0 for being small.
static int make_twin(bool is_vfork) {
    static char stack[1 << 16];
    touch(8 << 10, 0);
    int flags = CLONE_VM | SIGCHLD | (is_vfork ? CLONE_VFORK : 0);
    if (clone(tell_and_stay, stack + sizeof stack, flags, 0) < 0) return 1;
    for (;;) pause();
}

int main(int count, char **arguments) {
    if (count != 2) return 2;
    if (!strcmp(arguments[1], "vfork") || !strcmp(arguments[1], "share")) return make_twin(arguments[1][0] == 'v');
    write_file(arguments[1], getpid());
    int ends[2];
    if (pipe(ends) != 0) return 1;
    pid_t children[MOST], parent = getpid();
    int made = 0;
    char line[80];
    long kib, adjustment;
    while (fgets(line, sizeof line, stdin) && sscanf(line, "%ld %ld", &kib, &adjustment) == 2 && made < MOST)
        children[made++] = spawn(kib, adjustment, ends[1], parent);
    for (int done = 0; done < made;) {
        char bytes[MOST];
        ssize_t got = read(ends[0], bytes, sizeof bytes);
        if (got <= 0) return 1;
        done += (int)got;
    }
    printf("ready");
    for (int i = 0; i < made; i++) printf(" %d", children[i]);
    printf("\n");
    fflush(stdout);
    if (!fgets(line, sizeof line, stdin) || sscanf(line, "grow %ld", &kib) != 1) return 1;
    pid_t grower = spawn(kib, 0, -1, parent);
    int status, deaths = 0;
    pid_t dead = waitpid(-1, &status, 0);
    kill(grower, SIGKILL);
    bool grown = dead == grower && WIFEXITED(status);
    if (dead != grower) waitpid(grower, 0, 0);
    for (; dead > 0 && !grown; dead = waitpid(-1, &status, WNOHANG))
        if (WIFSIGNALED(status)) deaths += printf(deaths ? " %d" : "died %d", dead);
    printf(deaths ? "\n" : "none\n");
    fflush(stdout);
    for (int i = 0; i < made; i++)
        if (waitpid(children[i], 0, WNOHANG) == 0) kill(children[i], SIGKILL);
    while (waitpid(-1, &status, 0) > 0) {}
    return 0;
}
