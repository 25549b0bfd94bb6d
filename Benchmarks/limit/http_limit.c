/*
 * http_limit - an HTTP server that only does the protocol's minimum, as a lower bound for the CPU time of a page.
 *
 *   http_limit PORT FILE [CPU]
 *
 * Answers each request with the bytes of FILE: a whole response, as printed by `curl -si`. Anything that ends with a
 * blank line is a request; its lines are not parsed. One thread, epoll, one recv and one send per connection and turn,
 * for any number of requests. There are no limits, no timeouts and no bodies. It listens on the loopback address only.
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/tcp.h>
#include <sched.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

enum { INPUT = 64 << 10, LONGEST = 4 << 10, AHEAD = 256 };

/* A blank line may arrive in two reads, so each peer stores the number of its bytes matched so far. */
struct peer {
    int fd, matched;
};

static char in[INPUT], out[AHEAD * LONGEST];
static size_t length; /* of one response */

/* Returns the number of blank lines that end in bytes[0..<count]. */
static int requests(struct peer *peer, const char *bytes, size_t count) {
    static const char blank[] = "\r\n\r\n";
    int found = 0;
    size_t at = 0;
    while (peer->matched && at < count) { /* a blank line that began in the previous read */
        if (bytes[at] == blank[peer->matched]) {
            at++;
            if (++peer->matched == 4) found++, peer->matched = 0;
        } else {
            peer->matched = 0;
        }
    }
    if (peer->matched) return found;
    for (const char *end; (end = memmem(bytes + at, count - at, blank, 4)); found++) at = (size_t)(end - bytes) + 4;
    for (int kept = 3; kept && !peer->matched; kept--)
        if (count - at >= (size_t)kept && !memcmp(bytes + count - kept, blank, (size_t)kept)) peer->matched = kept;
    return found;
}

static int readable(struct peer *peer) {
    ssize_t got = recv(peer->fd, in, sizeof in, 0);
    if (got <= 0) return got < 0 && errno == EAGAIN ? 0 : -1;
    for (int left = requests(peer, in, (size_t)got); left > 0; left -= AHEAD) {
        size_t whole = (size_t)(left < AHEAD ? left : AHEAD) * length;
        /* A client that does not read is dropped. */
        if (send(peer->fd, out, whole, MSG_NOSIGNAL) != (ssize_t)whole) return -1;
    }
    return 0;
}

int main(int argc, char **argv) {
    if (argc < 3) return fprintf(stderr, "Usage: http_limit PORT FILE [CPU]\n"), 2;
    FILE *file = fopen(argv[2], "r");
    if (!file) return perror(argv[2]), 1;
    length = fread(out, 1, LONGEST + 1, file);
    if (length == 0 || length > LONGEST) return fprintf(stderr, "%s: expected 1 to %d bytes\n", argv[2], LONGEST), 1;
    fclose(file);
    for (int i = 1; i < AHEAD; i++) memcpy(out + (size_t)i * length, out, length);
    if (argc > 3) {
        cpu_set_t set;
        CPU_ZERO(&set);
        CPU_SET(atoi(argv[3]), &set);
        sched_setaffinity(0, sizeof set, &set);
    }
    int one = 1, listener = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0), poller = epoll_create1(0);
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons((uint16_t)atoi(argv[1])), .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &one, sizeof one);
    setsockopt(listener, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
    if (bind(listener, (struct sockaddr *)&address, sizeof address) || listen(listener, 4096)) return perror("http_limit"), 1;
    struct epoll_event event = {.events = EPOLLIN}, events[512];
    epoll_ctl(poller, EPOLL_CTL_ADD, listener, &event);
    for (;;) {
        int count = epoll_wait(poller, events, 512, -1);
        for (int i = 0; i < count; i++) {
            struct peer *peer = events[i].data.ptr;
            if (!peer) {
                int fd = accept4(listener, NULL, NULL, SOCK_NONBLOCK);
                if (fd < 0) continue;
                event.data.ptr = peer = calloc(1, sizeof *peer);
                peer->fd = fd;
                epoll_ctl(poller, EPOLL_CTL_ADD, fd, &event);
            } else if (readable(peer) < 0) {
                close(peer->fd);
                free(peer);
            }
        }
    }
}
