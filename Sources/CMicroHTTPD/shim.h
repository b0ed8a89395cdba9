#pragma once
#include <microhttpd.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <netinet/tcp.h>

// Swift imports no variadic function, so each one that is needed has a twin of fixed arity here.

typedef void *(*mhd_target_callback)(void *cls, const char *target, struct MHD_Connection *connection);

// What a daemon is started with. One struct with typed callbacks: the compiler checks them, Swift casts no bits.
struct mhd_settings {
    int listen_fd;
    unsigned int threads;
    unsigned int connections;
    unsigned int connections_per_address;
    unsigned int idle_seconds;
    size_t connection_memory;
    void *cls;
    MHD_AccessHandlerCallback on_request;
    MHD_RequestCompletedCallback on_completed;
    MHD_NotifyConnectionCallback on_connection;
    mhd_target_callback on_target;
    MHD_LogCallback on_log;
};

// EXTERNAL_LOGGER comes first: what the other options complain of must reach it.
// LISTENING_ADDRESS_REUSE is left out: 1 would be SO_REUSEPORT, 0 would take SO_REUSEADDR away.
static inline struct MHD_Daemon *mhd_start(const struct mhd_settings *s) {
    return MHD_start_daemon(
        MHD_USE_EPOLL_INTERNAL_THREAD | MHD_USE_ITC | MHD_USE_ERROR_LOG | MHD_ALLOW_SUSPEND_RESUME, 0, NULL, NULL, s->on_request, s->cls,
        MHD_OPTION_EXTERNAL_LOGGER, s->on_log, s->cls,
        MHD_OPTION_LISTEN_SOCKET, (MHD_socket) s->listen_fd,
        MHD_OPTION_THREAD_POOL_SIZE, s->threads,
        MHD_OPTION_CONNECTION_LIMIT, s->connections,
        MHD_OPTION_PER_IP_CONNECTION_LIMIT, s->connections_per_address,
        MHD_OPTION_CONNECTION_TIMEOUT, s->idle_seconds,
        MHD_OPTION_CONNECTION_MEMORY_LIMIT, s->connection_memory,
        MHD_OPTION_NOTIFY_COMPLETED, s->on_completed, s->cls,
        MHD_OPTION_NOTIFY_CONNECTION, s->on_connection, s->cls,
        MHD_OPTION_URI_LOG_CALLBACK, s->on_target, s->cls,
        MHD_OPTION_END);
}

// The context that on_connection stored for this socket, or NULL.
static inline void *mhd_socket_context(struct MHD_Connection *connection) {
    const union MHD_ConnectionInfo *info = MHD_get_connection_info(connection, MHD_CONNECTION_INFO_SOCKET_CONTEXT);
    return info ? info->socket_context : NULL;
}

static inline int mhd_socket(struct MHD_Connection *connection) {
    const union MHD_ConnectionInfo *info = MHD_get_connection_info(connection, MHD_CONNECTION_INFO_CONNECTION_FD);
    return info ? info->connect_fd : -1;
}

static inline const struct sockaddr *mhd_client_address(struct MHD_Connection *connection) {
    const union MHD_ConnectionInfo *info = MHD_get_connection_info(connection, MHD_CONNECTION_INFO_CLIENT_ADDRESS);
    return info ? info->client_addr : NULL;
}

static inline size_t mhd_head_size(struct MHD_Connection *connection) {
    const union MHD_ConnectionInfo *info = MHD_get_connection_info(connection, MHD_CONNECTION_INFO_REQUEST_HEADER_SIZE);
    return info ? info->header_size : 0;
}

// libmicrohttpd parses the query into its own records before it calls anybody, and a query of some hundred arguments
// exhausts the connection's memory there: no answer, and no timeout but the one for silence. The target is parsed in
// Swift, so the query is ended here, right behind its '?', in the read buffer that the callback was handed.
static inline void mhd_end_query(const char *target) {
    char *query = strchr((char *) target, '?');
    if (query) query[1] = '\0';
}

// struct ucred needs _GNU_SOURCE, which is not set where a module is built: SO_PEERCRED fills three 32-bit numbers.
struct mhd_peer_credentials { int pid; unsigned int uid; unsigned int gid; };

static inline int mhd_read_peer_credentials(int fd, struct mhd_peer_credentials *out) {
    socklen_t size = sizeof *out;
    return getsockopt(fd, SOL_SOCKET, SO_PEERCRED, out, &size);
}

// Milliseconds since the last byte came in, or -1 (not TCP).
static inline long mhd_milliseconds_since_data(int fd) {
    struct tcp_info info;
    socklen_t size = sizeof info;
    if (getsockopt(fd, SOL_TCP, TCP_INFO, &info, &size) != 0) return -1;
    return (long) info.tcpi_last_data_recv;
}

// A stream's connection is quiet for long spans, and that is right: no timeout for silence.
static inline void mhd_forget_timeout(struct MHD_Connection *connection) {
    MHD_set_connection_option(connection, MHD_CONNECTION_OPTION_TIMEOUT, 0U);
}

// Macros with a cast, which Swift does not import.
static inline uint64_t mhd_size_unknown(void) { return MHD_SIZE_UNKNOWN; }
static inline ssize_t mhd_end_of_stream(void) { return MHD_CONTENT_READER_END_OF_STREAM; }
