#define _GNU_SOURCE
#include "CLinux.h"
#include <pthread.h>
#include <sched.h>
#include <string.h>
#include <sys/resource.h>

static _Thread_local void *own_pointer;

void strait_set_thread_pointer(void *pointer) { own_pointer = pointer; }

void *strait_thread_pointer(void) { return own_pointer; }

void strait_name_thread(const char *name) {
    char kept[16] = {0};
    strncpy(kept, name, sizeof kept - 1);
    pthread_setname_np(pthread_self(), kept);
}

/* On Linux, the nice value belongs to a thread, and `who` 0 is the calling one.

   Since Linux 6.12, a thread with a shorter slice of time interrupts one with a longer slice as soon as it wakes.
   Otherwise, it may wait for the end of the slice, about 3 ms. Older kernels ignore the length of the slice, and so does
   glibc, which has no function for it. */
void strait_lower_thread_priority(int nice) {
    struct {
        uint32_t size, policy;
        uint64_t flags;
        int32_t nice;
        uint32_t priority;
        uint64_t slice, deadline, period;
    } attributes = {.size = sizeof attributes, .policy = SCHED_OTHER, .nice = nice, .slice = 20000000};
    if (syscall(SYS_sched_setattr, 0, &attributes, 0) != 0) setpriority(PRIO_PROCESS, 0, nice);
}

int strait_core_count(void) {
    cpu_set_t set;
    return sched_getaffinity(0, sizeof set, &set) == 0 ? CPU_COUNT(&set) : 1;
}
