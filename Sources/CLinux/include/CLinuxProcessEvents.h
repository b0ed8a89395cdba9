#pragma once

// The connector of process events. Its headers define flexible arrays and macros with casts, neither of which Swift imports.

/// The room that one datagram needs; none of the kernel's is longer.
#define OOMWARDEN_PROCESS_EVENT_ROOM 256

/// A socket that does not block, subscribed to the forks, execs and exits of processes; those of threads are dropped in the kernel.
/// -1 with errno: EPERM without CAP_NET_ADMIN up to 6.5, EPROTONOSUPPORT in a kernel without it. Its first datagram is the
/// kernel's answer; outside the first pid and user namespaces none comes.
int oomwarden_process_events_open(int receive_buffer);

/// Before it is closed: kernels up to 6.5 count listeners, and go on making events for one that has just gone.
void oomwarden_process_events_ignore(int socket);

/// Up to `count` datagrams that are there, side by side at OOMWARDEN_PROCESS_EVENT_ROOM bytes each.
/// How many, their lengths in `lengths`: 0 for one that is not the kernel's. -1 with errno; EAGAIN where there is none.
int oomwarden_process_events_receive(int socket, unsigned char *room, unsigned *lengths, unsigned count);
