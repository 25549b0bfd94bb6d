#define _GNU_SOURCE
#include "CLinux.h"
#include <pthread.h>
#include <sched.h>
#include <string.h>

static _Thread_local void *own_pointer;

void strait_set_thread_pointer(void *pointer) { own_pointer = pointer; }

void *strait_thread_pointer(void) { return own_pointer; }

void strait_name_thread(const char *name) {
    char kept[16] = {0};
    strncpy(kept, name, sizeof kept - 1);
    pthread_setname_np(pthread_self(), kept);
}

int strait_core_count(void) {
    cpu_set_t set;
    return sched_getaffinity(0, sizeof set, &set) == 0 ? CPU_COUNT(&set) : 1;
}
