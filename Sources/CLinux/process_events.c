#define _GNU_SOURCE
#include "CLinuxProcessEvents.h"

#include <arpa/inet.h>
#include <errno.h>
#include <linux/cn_proc.h>
#include <linux/connector.h>
#include <linux/filter.h>
#include <linux/netlink.h>
#include <stddef.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

enum { EVENT = NLMSG_HDRLEN + sizeof(struct cn_msg), MOST = 64 };

static int subscribe(int socket, enum proc_cn_mcast_op operation) {
    unsigned char request[EVENT + sizeof(unsigned)] = {0};
    struct nlmsghdr header = {.nlmsg_len = sizeof request, .nlmsg_type = NLMSG_DONE};
    struct cn_msg message = {.id = {CN_IDX_PROC, CN_VAL_PROC}, .len = sizeof(unsigned)};
    unsigned wanted = operation;
    memcpy(request, &header, sizeof header);
    memcpy(request + NLMSG_HDRLEN, &message, sizeof message);
    memcpy(request + EVENT, &wanted, sizeof wanted);
    return send(socket, request, sizeof request, 0) == (ssize_t)sizeof request ? 0 : -1;
}

// Words are compared as the filter loads them, in network order. A thread's event names another pid than its tgid.
#define WORD(field) BPF_STMT(BPF_LD | BPF_W | BPF_ABS, EVENT + offsetof(struct proc_event, field))
#define IS(value, yes, no) BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, htonl(value), yes, no)

static int drop_threads(int socket) {
    struct sock_filter code[] = {
        /*  0 */ WORD(what),
        /*  1 */ IS(PROC_EVENT_EXEC, 12, 0),
        /*  2 */ IS(PROC_EVENT_NONE, 11, 0),
        /*  3 */ IS(PROC_EVENT_FORK, 1, 0),
        /*  4 */ IS(PROC_EVENT_EXIT, 4, 8),
        /*  5 */ WORD(event_data.fork.child_pid),
        /*  6 */ BPF_STMT(BPF_MISC | BPF_TAX, 0),
        /*  7 */ WORD(event_data.fork.child_tgid),
        /*  8 */ BPF_STMT(BPF_JMP | BPF_JA, 3),
        /*  9 */ WORD(event_data.exit.process_pid),
        /* 10 */ BPF_STMT(BPF_MISC | BPF_TAX, 0),
        /* 11 */ WORD(event_data.exit.process_tgid),
        /* 12 */ BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_X, 0, 1, 0),
        /* 13 */ BPF_STMT(BPF_RET | BPF_K, 0),
        /* 14 */ BPF_STMT(BPF_RET | BPF_K, 0xffffffff),
    };
    struct sock_fprog program = {.len = sizeof code / sizeof *code, .filter = code};
    return setsockopt(socket, SOL_SOCKET, SO_ATTACH_FILTER, &program, sizeof program);
}

int oomwarden_process_events_open(int receive_buffer) {
    int opened = socket(AF_NETLINK, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, NETLINK_CONNECTOR);
    if (opened < 0) return -1;
    // The second one needs no right, and is cut to net.core.rmem_max.
    if (setsockopt(opened, SOL_SOCKET, SO_RCVBUFFORCE, &receive_buffer, sizeof receive_buffer) < 0)
        (void)setsockopt(opened, SOL_SOCKET, SO_RCVBUF, &receive_buffer, sizeof receive_buffer);
    struct sockaddr_nl address = {.nl_family = AF_NETLINK, .nl_groups = CN_IDX_PROC};
    if (drop_threads(opened) == 0 && bind(opened, (struct sockaddr *)&address, sizeof address) == 0
        && subscribe(opened, PROC_CN_MCAST_LISTEN) == 0)
        return opened;
    int failure = errno;
    close(opened);
    errno = failure;
    return -1;
}

void oomwarden_process_events_ignore(int socket) { (void)subscribe(socket, PROC_CN_MCAST_IGNORE); }

int oomwarden_process_events_receive(int socket, unsigned char *room, unsigned *lengths, unsigned count) {
    struct mmsghdr messages[MOST];
    struct iovec parts[MOST];
    struct sockaddr_nl senders[MOST];
    if (count > MOST) count = MOST;
    memset(messages, 0, sizeof messages[0] * count);
    for (unsigned i = 0; i < count; i++) {
        parts[i] = (struct iovec){room + (size_t)i * OOMWARDEN_PROCESS_EVENT_ROOM, OOMWARDEN_PROCESS_EVENT_ROOM};
        messages[i].msg_hdr = (struct msghdr){
            .msg_name = &senders[i], .msg_namelen = sizeof senders[i], .msg_iov = &parts[i], .msg_iovlen = 1};
    }
    int received = recvmmsg(socket, messages, count, MSG_DONTWAIT, NULL);
    for (int i = 0; i < received; i++) lengths[i] = senders[i].nl_pid == 0 ? messages[i].msg_len : 0;
    return received;
}
