/* What Linux has and Swift's Glibc overlay cannot call: variadic functions and function-like macros. */
#ifndef STRAIT_CLINUX_H
#define STRAIT_CLINUX_H

#include <stdint.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/sendfile.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

/* struct epoll_event is packed and holds a union; this is the same without either. */
struct strait_event {
    uint64_t token;
    uint32_t readiness;
};

/* epoll_wait into `events`: the count, or -1. At most 512 a call. */
int strait_poll(int poller, struct strait_event *events, int capacity, int milliseconds);

/* epoll_ctl with the event's two members as arguments. */
int strait_poll_control(int poller, int operation, int descriptor, uint32_t readiness, uint64_t token);

/* strftime of local time `seconds` after 1970 into `text`; the length, or 0. */
int strait_local_time(int64_t seconds, const char *format, char *text, int capacity);

/* Has malloc keep `kept` freed bytes at the end of each heap, and map blocks from `mapped_from` bytes on one by one.
   Both are set, because setting either ends malloc's own adjustment of the two. */
void strait_keep_freed_memory(int mapped_from, int kept);

/* The number of cores that this process may run on. */
int strait_core_count(void);

/* A name for debuggers and top; at most 15 characters are kept. */
void strait_name_thread(const char *name);

/* A pointer that each thread has for itself; NULL until it has set one. */
void strait_set_thread_pointer(void *pointer);
void *strait_thread_pointer(void);

/* accept4 is hidden behind _GNU_SOURCE, which the overlay does not define. */
int strait_accept(int listener, struct sockaddr *address, socklen_t *length);

/* A descriptor from which the first SIGINT or SIGTERM can be read as one byte, its number. The next such signal has its
   usual effect: it ends the process at once. -1 where it cannot be had. */
int strait_watch_stop_signals(void);

/* recv and send without flags but MSG_NOSIGNAL. libc's own are points where a thread may be cancelled, which costs each
   call two atomic operations; no thread of ours is ever cancelled. */
ssize_t strait_receive(int descriptor, void *bytes, size_t count);
ssize_t strait_send(int descriptor, const void *bytes, size_t count);

/* How many received bytes are unread (FIONREAD); 0 if that cannot be told. */
int strait_unread(int descriptor);

#endif
