/* client: the one HTTP client that drives every server of the bench, so that none has a kinder one.
 *
 *   client load kept|anew PID PORT TARGET N   N requests, on one connection or each on its own;
 *                                        prints the nanoseconds of CPU that process PID took for one, and the bytes of one answer
 *   client start TARGET CMD...           starts CMD ("@" in an argument: a free port), prints the nanoseconds from fork to the
 *                                        first 200 on TARGET, ends it
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static char answer[1 << 22];

static void fail(const char *what) {
    fprintf(stderr, "client: %s: %s\n", what, strerror(errno));
    exit(1);
}

static long long nanoseconds(clockid_t clock) {
    struct timespec t;
    if (clock_gettime(clock, &t)) fail("clock_gettime");
    return t.tv_sec * 1000000000LL + t.tv_nsec;
}

/* A connected socket, or -1 while nobody listens. */
static int connect_to(const struct sockaddr_in *address) {
    int one = 1, fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (fd < 0) fail("socket");
    if (connect(fd, (const struct sockaddr *)address, sizeof *address)) {
        close(fd);
        return -1;
    }
    setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
    return fd;
}

/* The end of a chunked body that starts at `at`, 0 while it is not all there. */
static size_t chunked_end(size_t at, size_t have) {
    while (at < have) {
        char *end = memmem(answer + at, have - at, "\r\n", 2);
        if (!end) return 0;
        size_t size = strtoul(answer + at, NULL, 16);
        at = (size_t)(end - answer) + 2 + size + 2;
        if (size == 0) return at <= have ? at : 0;
    }
    return 0;
}

/* One request and its whole answer: the status, 0 where the connection ended; *bytes is the length of head and body. */
static int exchange(int fd, const char *request, size_t *bytes) {
    size_t have = 0, length = strlen(request), body = 0, end = 0;
    if (send(fd, request, length, MSG_NOSIGNAL) != (ssize_t)length) return 0;
    while (!end || have < end) {
        if (have == sizeof answer - 1) fail("the answer is larger than 4 MiB");
        ssize_t n = recv(fd, answer + have, sizeof answer - 1 - have, 0);
        if (n <= 0) return 0;
        have += (size_t)n;
        answer[have] = 0;
        if (!body) {
            char *blank = memmem(answer, have, "\r\n\r\n", 4);
            if (!blank) continue;
            body = (size_t)(blank - answer) + 4;
            char *field = strcasestr(answer, "\r\nContent-Length:");
            if (field && field < blank) end = body + strtoul(field + 17, NULL, 10);
        }
        if (!end) end = chunked_end(body, have);
    }
    *bytes = end;
    return atoi(answer + 9);
}

static void get(char *request, size_t size, const char *target) {
    /* What Prometheus asks for, but for gzip: the bench compares bytes served, not zlib. */
    snprintf(request, size, "GET %s HTTP/1.1\r\nHost: bench\r\nAccept: text/plain;version=0.0.4\r\n\r\n", target);
}

static struct sockaddr_in loopback(int port) {
    struct sockaddr_in a = {.sin_family = AF_INET, .sin_port = htons((unsigned short)port)};
    a.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    return a;
}

static int load(char **argv) {
    char request[1024];
    clockid_t cpu;
    size_t bytes = 0;
    struct sockaddr_in address = loopback(atoi(argv[2]));
    int n = atoi(argv[4]), anew = !strcmp(argv[0], "anew"), fd = connect_to(&address);
    /* The CPU clock of the whole process, its ended threads included, to the nanosecond: /proc/PID/stat counts in 10 ms. */
    if ((errno = clock_getcpuclockid(atoi(argv[1]), &cpu))) fail("clock_getcpuclockid");
    get(request, sizeof request, argv[3]);
    long long before = nanoseconds(cpu);
    for (int i = 0; i < n; i++) {
        if (anew && i > 0) {
            close(fd);
            fd = connect_to(&address);
        }
        if (fd < 0) fail("connect");
        int status = exchange(fd, request, &bytes);
        if (status != 200) {
            fprintf(stderr, "client: %s answered %d: %.200s\n", argv[3], status, answer);
            return 1;
        }
    }
    printf("%lld %zu\n", (nanoseconds(cpu) - before) / n, bytes);
    return 0;
}

static int free_port(void) {
    struct sockaddr_in a = loopback(0);
    socklen_t size = sizeof a;
    int fd = socket(AF_INET, SOCK_STREAM, 0);
    if (fd < 0 || bind(fd, (struct sockaddr *)&a, size) || getsockname(fd, (struct sockaddr *)&a, &size)) fail("bind");
    close(fd);
    return ntohs(a.sin_port);
}

static void put_port(char **arguments, int port) {
    for (; *arguments; arguments++) {
        char *at = strchr(*arguments, '@'), *whole;
        if (!at) continue;
        if (asprintf(&whole, "%.*s%d%s", (int)(at - *arguments), *arguments, port, at + 1) < 0) fail("asprintf");
        *arguments = whole;
    }
}

static void end(pid_t child) {
    int waited = 0;
    kill(child, SIGTERM);
    while (waitpid(child, NULL, WNOHANG) == 0) {
        usleep(2000);
        if (++waited == 2500) kill(child, SIGKILL);
    }
}

static int start(char **argv) {
    char request[1024];
    size_t bytes;
    struct sockaddr_in address = loopback(free_port());
    put_port(argv + 1, ntohs(address.sin_port));
    get(request, sizeof request, argv[0]);
    long long began = nanoseconds(CLOCK_MONOTONIC), ended = 0;
    pid_t child = fork();
    if (child < 0) fail("fork");
    if (child == 0) {
        int null = open("/dev/null", O_RDWR);
        for (int fd = 0; fd < 3; fd++) dup2(null, fd);
        execvp(argv[1], argv + 1);
        _exit(127);
    }
    while (!ended && nanoseconds(CLOCK_MONOTONIC) - began < 10000000000LL && waitpid(child, NULL, WNOHANG) == 0) {
        int fd = connect_to(&address);
        if (fd < 0) continue;
        if (exchange(fd, request, &bytes) == 200) ended = nanoseconds(CLOCK_MONOTONIC);
        close(fd);
    }
    end(child);
    if (!ended) {
        fprintf(stderr, "client: %s did not answer %s with 200 within 10 s\n", argv[1], argv[0]);
        return 1;
    }
    printf("%lld\n", ended - began);
    return 0;
}

int main(int argc, char **argv) {
    if (argc == 7 && !strcmp(argv[1], "load")) return load(argv + 2);
    if (argc >= 4 && !strcmp(argv[1], "start")) return start(argv + 2);
    fprintf(stderr, "client: see the comment at the top of client.c\n");
    return 2;
}
