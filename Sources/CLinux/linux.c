#define _GNU_SOURCE
#include "CLinux.h"

#include <link.h>
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
