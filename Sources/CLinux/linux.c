#define _GNU_SOURCE
#include "CLinux.h"

#include <link.h>
#include <linux/capability.h>
#include <linux/kcmp.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

long oomwarden_kcmp_vm(int a, int b) { return syscall(SYS_kcmp, a, b, KCMP_VM, 0UL, 0UL); }

static int release(struct dl_phdr_info *object, size_t size, void *unused) {
    (void)size, (void)unused;
    const ElfW(Addr) page = (ElfW(Addr))getpagesize();
    for (int i = 0; i < object->dlpi_phnum; i++) {
        const ElfW(Phdr) *segment = &object->dlpi_phdr[i];
        if (segment->p_type != PT_LOAD || segment->p_flags & PF_W) continue;
        ElfW(Addr) start = (object->dlpi_addr + segment->p_vaddr) & ~(page - 1);
        ElfW(Addr) end = object->dlpi_addr + segment->p_vaddr + segment->p_memsz;
        // A hint: where the kernel does not take it, the pages stay.
        (void)madvise((void *)start, end - start, MADV_DONTNEED);
    }
    return 0;
}

void oomwarden_release_code_pages(void) { dl_iterate_phdr(release, 0); }

int oomwarden_lock_on_fault(const void *start, unsigned long size) {
    const unsigned long on_fault = 1;  // MLOCK_ONFAULT: musl and old headers have no name for it
    return (int)syscall(SYS_mlock2, start, size, on_fault);
}

int oomwarden_set_effective(int capability, int is_on) {
    // Version 3 has two words, of 32 capabilities each. Both calls are about the calling thread alone.
    struct __user_cap_header_struct head = {_LINUX_CAPABILITY_VERSION_3, 0};
    struct __user_cap_data_struct sets[_LINUX_CAPABILITY_U32S_3];
    if (syscall(SYS_capget, &head, sets) != 0) return -1;
    __u32 *word = &sets[CAP_TO_INDEX(capability)].effective;
    const __u32 bit = CAP_TO_MASK(capability);
    const int was_on = (*word & bit) != 0;
    if (was_on == (is_on != 0)) return was_on;
    *word ^= bit;
    return syscall(SYS_capset, &head, sets) == 0 ? was_on : -1;
}
