/* server PORT BYTES [read]: the least that libmicrohttpd can do. BYTES static bytes for every target, with the daemon's own flags.
 * With `read`, the five files of a scrape are re-read on kept descriptors for each answer: what a scrape costs before anything
 * is understood or rendered. */
#include <fcntl.h>
#include <microhttpd.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static const char *const files[] = {
    "/proc/zoneinfo", "/proc/buddyinfo", "/proc/meminfo", "/proc/vmstat", "/proc/pressure/memory"};
static int kept[5], reads;
static _Thread_local char text[1 << 16];

/* From offset 0 to the end of file: the read that finds the end is part of it. */
static void read_files(void) {
    for (int i = 0; i < 5; i++) {
        off_t at = 0;
        for (ssize_t n; kept[i] >= 0 && (n = pread(kept[i], text, sizeof text, at)) > 0;) at += n;
    }
}

static struct MHD_Response *response;

static enum MHD_Result answer(
    void *cls, struct MHD_Connection *connection, const char *url, const char *method, const char *version,
    const char *data, size_t *size, void **request) {
    (void)cls, (void)url, (void)method, (void)version, (void)data, (void)size;
    /* An answer to the first call, that of the head, would be an early one: libmicrohttpd closes the connection after it. */
    if (!*request) return *request = response, MHD_YES;
    if (reads) read_files();
    return MHD_queue_response(connection, MHD_HTTP_OK, response);
}

int main(int argc, char **argv) {
    sigset_t stop;
    int received;
    if (argc != 3 && argc != 4) return fputs("usage: server PORT BYTES [read]\n", stderr), 2;
    reads = argc == 4;
    for (int i = 0; i < 5; i++) kept[i] = open(files[i], O_RDONLY | O_CLOEXEC);
    size_t bytes = strtoul(argv[2], NULL, 10);
    char *body = malloc(bytes);
    if (!body) return perror("server"), 1;
    memset(body, 'x', bytes);
    response = MHD_create_response_from_buffer(bytes, body, MHD_RESPMEM_PERSISTENT);
    MHD_add_response_header(response, MHD_HTTP_HEADER_CONTENT_TYPE, "text/plain; version=0.0.4; charset=utf-8");
    sigemptyset(&stop);
    sigaddset(&stop, SIGTERM);
    sigaddset(&stop, SIGINT);
    sigprocmask(SIG_BLOCK, &stop, NULL);
    struct MHD_Daemon *daemon = MHD_start_daemon(
        MHD_USE_EPOLL_INTERNAL_THREAD | MHD_USE_ITC | MHD_ALLOW_SUSPEND_RESUME | MHD_USE_ERROR_LOG,
        (unsigned short)atoi(argv[1]), NULL, NULL, answer, NULL, MHD_OPTION_THREAD_POOL_SIZE, 2u,
        MHD_OPTION_CONNECTION_MEMORY_LIMIT, (size_t)(16 * 1024), MHD_OPTION_END);
    if (!daemon) return perror("server"), 1;
    sigwait(&stop, &received);
    MHD_stop_daemon(daemon);
    return 0;
}
