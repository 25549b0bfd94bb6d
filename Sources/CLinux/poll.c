#include "CLinux.h"

int strait_poll(int poller, struct strait_event *events, int capacity, int milliseconds) {
    struct epoll_event raw[512];
    int count = epoll_wait(poller, raw, capacity < 512 ? capacity : 512, milliseconds);
    for (int i = 0; i < count; i++) {
        events[i].token = raw[i].data.u64;
        events[i].readiness = raw[i].events;
    }
    return count;
}

int strait_poll_control(int poller, int operation, int descriptor, uint32_t readiness, uint64_t token) {
    struct epoll_event event = {.events = readiness, .data.u64 = token};
    return epoll_ctl(poller, operation, descriptor, &event);
}
