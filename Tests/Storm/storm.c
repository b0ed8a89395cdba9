// storm CHILDREN DEPTH   at each SIGUSR1: makes so many children, each the first of a line of DEPTH descendants that sleep, and
// prints "done", when the last fork was, in nanoseconds of CLOCK_MONOTONIC, and the children. All of them end with it.
#define _GNU_SOURCE
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <time.h>
#include <unistd.h>

static void say(const char *word) {
    puts(word);
    fflush(stdout);
}

static void live(int depth, pid_t parent) {
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    if (getppid() != parent) _exit(0);
    const pid_t self = getpid();
    if (depth > 1 && fork() == 0) live(depth - 1, self);
    for (;;) pause();
}

int main(int argc, char **argv) {
    const int children = argc > 1 ? atoi(argv[1]) : 1;
    const int depth = argc > 2 ? atoi(argv[2]) : 1;
    const pid_t self = getpid();
    pid_t made[children];
    sigset_t signals;
    sigemptyset(&signals);
    sigaddset(&signals, SIGUSR1);
    sigprocmask(SIG_BLOCK, &signals, NULL);
    say("ready");
    for (int number; sigwait(&signals, &number) == 0;) {
        for (int i = 0; i < children; i++) {
            const pid_t child = fork();
            if (child < 0) {
                perror("storm: fork");
                return 1;
            }
            if (child == 0) live(depth, self);
            made[i] = child;
        }
        struct timespec now;
        clock_gettime(CLOCK_MONOTONIC, &now);
        printf("done %lld", now.tv_sec * 1000000000LL + now.tv_nsec);
        for (int i = 0; i < children; i++) printf(" %d", made[i]);
        say("");
    }
    return 0;
}
