/* What Linux has and Swift's Glibc overlay cannot call: variadic functions and function-like macros. */
#ifndef STRAIT_CLINUX_H
#define STRAIT_CLINUX_H

#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/sendfile.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

/* accept4 is hidden behind _GNU_SOURCE, which the overlay does not define. */
int strait_accept(int listener, struct sockaddr *address, socklen_t *length);

#endif
