#pragma once

#include <stddef.h>
#include <stdint.h>

// systemd's journal. libsystemd.so.0 is loaded by the first `open` and stays: a machine without systemd has none, a start
// need not wait for it, and its headers are not needed to build. Each call is that of sd-journal(3) of the same name; every
// int is a negative errno where it failed. A journal belongs to one thread.

struct oomwarden_journal;

/// The journal of the system's own services: of this machine where `root` is NULL, else of the tree below `root`.
/// -ENOENT where there is no libsystemd, -ENOSYS where it is too old.
int oomwarden_journal_open(struct oomwarden_journal **journal, const char *root);
void oomwarden_journal_close(struct oomwarden_journal *journal);

/// Bytes of the files that could be opened: 0 where there is none, or none may be read; opening says nothing of that.
int oomwarden_journal_usage(struct oomwarden_journal *journal, uint64_t *bytes);

/// To the last entry that there is, so that `next` gives those that come. To be called before any match: behind the last
/// match of a journal that has none, `next` finds nothing for ever.
int oomwarden_journal_seek_end(struct oomwarden_journal *journal);

/// `FIELD=value`; matches of one field are alternatives, of several fields all must hold.
int oomwarden_journal_add_match(struct oomwarden_journal *journal, const char *match);
/// What comes from here on is an alternative to all before.
int oomwarden_journal_add_disjunction(struct oomwarden_journal *journal);

/// 1 if it stands at another entry, 0 if there is none yet.
int oomwarden_journal_next(struct oomwarden_journal *journal);
/// `FIELD=value` of the entry, valid until the next call; -ENOENT where it has no such field.
int oomwarden_journal_get_data(struct oomwarden_journal *journal, const char *field, const void **data, size_t *length);
/// Microseconds since 1970.
int oomwarden_journal_get_realtime(struct oomwarden_journal *journal, uint64_t *microseconds);
/// Microseconds since boot; -ESTALE of an earlier boot.
int oomwarden_journal_get_monotonic(struct oomwarden_journal *journal, uint64_t *microseconds);

/// To be polled for input, then `process` is to be called.
int oomwarden_journal_get_fd(struct oomwarden_journal *journal);
int oomwarden_journal_process(struct oomwarden_journal *journal);
/// 1 if `get_fd` tells of every change, 0 where files of the journal are on a network.
int oomwarden_journal_reliable_fd(struct oomwarden_journal *journal);
