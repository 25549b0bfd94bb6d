#define _GNU_SOURCE
#include "CLinux.h"
#include <errno.h>
#include <fcntl.h>
#include <signal.h>

static volatile int stop_pipe = -1;

/* Calls only functions that signal-safety(7) allows. The process uses a handler instead of a blocked signal mask,
   because child processes inherit a mask. */
static void note(int number) {
    int saved = errno;
    unsigned char byte = (unsigned char)number;
    signal(SIGINT, SIG_DFL);
    signal(SIGTERM, SIG_DFL);
    if (write(stop_pipe, &byte, 1) != 1) _exit(128 + number);
    errno = saved;
}

int strait_watch_stop_signals(void) {
    int ends[2];
    struct sigaction action = {0};
    if (pipe2(ends, O_CLOEXEC) != 0) return -1;
    stop_pipe = ends[1];
    action.sa_handler = note;
    action.sa_flags = SA_RESTART;
    sigemptyset(&action.sa_mask);
    sigaddset(&action.sa_mask, SIGINT);
    sigaddset(&action.sa_mask, SIGTERM);
    sigaction(SIGINT, &action, 0);
    sigaction(SIGTERM, &action, 0);
    return ends[0];
}
