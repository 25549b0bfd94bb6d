/* Linux functions that Swift's Glibc overlay cannot call: variadic functions and function-like macros. */
#ifndef STRAIT_CLINUX_H
#define STRAIT_CLINUX_H

#include <stdint.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/sendfile.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

/* An unpacked struct epoll_event without its union. */
struct strait_event {
    uint64_t token;
    uint32_t readiness;
};

/* Calls epoll_wait with room for `capacity` events, at most 512. Returns the number of events, or -1 on failure. */
int strait_poll(int poller, struct strait_event *events, int capacity, int milliseconds);

/* Calls epoll_ctl with the event's two members as arguments. */
int strait_poll_control(int poller, int operation, int descriptor, uint32_t readiness, uint64_t token);

/* Formats the local time of `seconds` since 1970 into `text` with strftime. Returns the length, or 0 on failure. */
int strait_local_time(int64_t seconds, const char *format, char *text, int capacity);

/* Makes malloc keep `kept` freed bytes at the end of each heap, and map each block of at least `mapped_from` bytes
   separately. Both values are set, because setting either one disables malloc's adjustment of the other. */
void strait_keep_freed_memory(int mapped_from, int kept);

/* Returns the number of cores that this process may run on. */
int strait_core_count(void);

/* Names the calling thread for debuggers and top. Only the first 15 characters are kept. */
void strait_name_thread(const char *name);

/* Raises the nice value of the calling thread, so that other threads get more of the processor, and interrupt it
   when they wake. */
void strait_lower_thread_priority(int nice);

/* A pointer for each thread, NULL until the thread sets it. */
void strait_set_thread_pointer(void *pointer);
void *strait_thread_pointer(void);

/* Calls accept4, which is declared only with _GNU_SOURCE; the overlay does not define that macro. The new descriptor
   is non-blocking and close-on-exec. */
int strait_accept(int listener, struct sockaddr *address, socklen_t *length);

/* Returns a descriptor that yields one byte, the signal's number, at the first SIGINT or SIGTERM; -1 on failure.
   The next such signal has its default effect: it terminates the process at once. */
int strait_watch_stop_signals(void);

/* recv and send with no flags except MSG_NOSIGNAL. The libc functions are cancellation points, which cost two atomic
   operations for each call. Strait never cancels a thread. */
ssize_t strait_receive(int descriptor, void *bytes, size_t count);
ssize_t strait_send(int descriptor, const void *bytes, size_t count);

/* Returns the number of received bytes that are unread (FIONREAD), or 0 if the kernel cannot tell. */
int strait_unread(int descriptor);

/* Renames a file or folder, and fails with EEXIST instead of replacing `target`. */
int strait_rename_new(const char *path, const char *target);

/* Exchanges the names of two files in one step. Fails if one of them does not exist. */
int strait_exchange(const char *path, const char *other);

/* Reserves room on the disk for the first `size` bytes of a file, whose size stays the same. */
int strait_reserve(int descriptor, int64_t size);

#endif
