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

/* On Linux, the nice value belongs to a thread, and `who` 0 is the calling one. */
void strait_lower_thread_priority(int nice) { setpriority(PRIO_PROCESS, 0, nice); }

int strait_core_count(void) {
    cpu_set_t set;
    return sched_getaffinity(0, sizeof set, &set) == 0 ? CPU_COUNT(&set) : 1;
}
