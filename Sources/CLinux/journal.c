#include "CLinuxJournal.h"

#include <dlfcn.h>
#include <errno.h>
#include <pthread.h>

typedef struct oomwarden_journal journal;

// Of systemd/sd-journal.h.
enum { LOCAL_ONLY = 1, SYSTEM = 4, OS_ROOT = 16 };

static struct {
    int (*open)(journal **, int);
    int (*open_directory)(journal **, const char *, int);
    void (*close)(journal *);
    int (*get_usage)(journal *, uint64_t *);
    int (*seek_head)(journal *);
    int (*seek_tail)(journal *);
    int (*previous)(journal *);
    int (*add_match)(journal *, const void *, size_t);
    int (*add_disjunction)(journal *);
    int (*next)(journal *);
    int (*get_data)(journal *, const char *, const void **, size_t *);
    int (*get_realtime_usec)(journal *, uint64_t *);
    int (*get_monotonic_usec)(journal *, uint64_t *, void *);
    int (*get_fd)(journal *);
    int (*process)(journal *);
    int (*reliable_fd)(journal *);
} sd;

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static int is_loaded;

static int find_all(void *library) {
#define FIND(name) \
    if (!(*(void **)&sd.name = dlsym(library, "sd_journal_" #name))) return -ENOSYS
    FIND(open);
    FIND(open_directory);
    FIND(close);
    FIND(get_usage);
    FIND(seek_head);
    FIND(seek_tail);
    FIND(previous);
    FIND(add_match);
    FIND(add_disjunction);
    FIND(next);
    FIND(get_data);
    FIND(get_realtime_usec);
    FIND(get_monotonic_usec);
    FIND(get_fd);
    FIND(process);
    FIND(reliable_fd);
#undef FIND
    return 0;
}

static int load(void) {
    pthread_mutex_lock(&lock);
    int result = 0;
    if (!is_loaded) {
        // Lazy: most of it is never called, and what is not bound is not touched.
        void *library = dlopen("libsystemd.so.0", RTLD_LAZY | RTLD_LOCAL);
        result = library ? find_all(library) : -ENOENT;
        is_loaded = result == 0;
    }
    pthread_mutex_unlock(&lock);
    return result;
}

int oomwarden_journal_open(journal **opened, const char *root) {
    int failure = load();
    if (failure) return failure;
    // Those of users hold what users wrote; the killers are services.
    return root ? sd.open_directory(opened, root, OS_ROOT | SYSTEM) : sd.open(opened, LOCAL_ONLY | SYSTEM);
}

void oomwarden_journal_close(journal *journal) { sd.close(journal); }

int oomwarden_journal_usage(journal *journal, uint64_t *bytes) { return sd.get_usage(journal, bytes); }

int oomwarden_journal_seek_end(journal *journal) {
    int result = sd.seek_tail(journal);
    if (result < 0) return result;
    result = sd.previous(journal);
    return result == 0 ? sd.seek_head(journal) : result < 0 ? result : 0;
}

int oomwarden_journal_add_match(journal *journal, const char *match) { return sd.add_match(journal, match, 0); }

int oomwarden_journal_add_disjunction(journal *journal) { return sd.add_disjunction(journal); }

int oomwarden_journal_next(journal *journal) { return sd.next(journal); }

int oomwarden_journal_get_data(journal *journal, const char *field, const void **data, size_t *length) {
    return sd.get_data(journal, field, data, length);
}

int oomwarden_journal_get_realtime(journal *journal, uint64_t *microseconds) {
    return sd.get_realtime_usec(journal, microseconds);
}

int oomwarden_journal_get_monotonic(journal *journal, uint64_t *microseconds) {
    return sd.get_monotonic_usec(journal, microseconds, NULL);
}

int oomwarden_journal_get_fd(journal *journal) { return sd.get_fd(journal); }

int oomwarden_journal_process(journal *journal) { return sd.process(journal); }

int oomwarden_journal_reliable_fd(journal *journal) { return sd.reliable_fd(journal); }
