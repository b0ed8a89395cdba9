#pragma once

#include "CLinuxJournal.h"
#include "CLinuxProcessEvents.h"

// No header that defines pthread types is included here: they would become this module's, and Glibc's for nobody who does
// not import both.

/// 0 where both processes have one and the same memory, 1 to 3 where they have not, -1 with errno where the kernel does not tell.
/// syscall() has variable arguments, which Swift cannot import, and glibc has no function for kcmp(2).
long oomwarden_kcmp_vm(int a, int b);

/// Gives back the pages of code and constants that were touched so far, of the program and of its libraries. Those that are
/// needed again come back from the page cache. Segments that may be written are left alone: they hold relocations.
void oomwarden_release_code_pages(void);

/// Keeps the pages of `size` bytes from `start` on in memory, each from its first use on. 0, or -1 with errno (EPERM and ENOMEM:
/// beyond RLIMIT_MEMLOCK). Since 4.4.
int oomwarden_lock_on_fault(const void *start, unsigned long size);

/// Puts a capability into the effective set of the calling thread, or takes it out. Whether it was in it, or -1 with errno.
/// glibc has no functions for capget(2) and capset(2).
int oomwarden_set_effective(int capability, int is_on);
