/*
 * ws_connect - repeatedly opens and closes WebSockets, and prints the server's CPU time per socket.
 *
 *   ws_connect -p PORT -S SERVER_PID [-P PATH] [-n CONNECTIONS] [-w SECONDS] [-d SECONDS] [-c CPU] [-q]
 *              [-H HEADER]
 *
 * One thread, epoll. Each of the CONNECTIONS slots connects, sends the handshake, sends a close frame when the 101 has
 * arrived, reads the server's close frame and the end of the stream, and repeats. After a warm-up of -w seconds, it
 * measures for -d seconds. Prints the number of sockets, the seconds, and the server's CPU microseconds per socket; with
 * -q only the latter.
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
#include <time.h>
#include <unistd.h>

enum { ANSWER = 2048 };

struct conn {
    int fd, place;
    enum { CONNECTING, OPENING, CLOSING } state;
    size_t count;
    char answer[ANSWER];
};

static int port = 8000, server = 0, connections = 32, cpu = -1, quiet = 0, poller;
static double warm_up = 0.3, seconds = 3;
static const char *path = "/", *header = "X-Load: ws_connect";
static char request[1024];
static size_t request_count;

static void die(const char *what) {
    perror(what);
    exit(1);
}

static double now(void) {
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static double server_cpu(void) { /* user and system seconds of the server's threads, exact unlike /proc/PID/stat */
    char command[64], text[1024];
    double total = 0;
    snprintf(command, sizeof command, "cat /proc/%d/task/*/schedstat", server);
    FILE *pipe = popen(command, "r");
    while (pipe && fgets(text, sizeof text, pipe)) total += strtod(text, NULL) / 1e9;
    if (pipe) pclose(pipe);
    return total;
}

static void begin(struct conn *c) {
    int one = 1;
    c->fd = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);
    c->state = CONNECTING;
    c->count = 0;
    if (c->fd < 0) die("socket");
    setsockopt(c->fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
    /* Clients use several addresses, so that enough ports are free of closed connections. */
    struct sockaddr_in from = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK + (uint32_t)c->place)};
    setsockopt(c->fd, IPPROTO_IP, 24 /* IP_BIND_ADDRESS_NO_PORT */, &one, sizeof one);
    if (bind(c->fd, (struct sockaddr *)&from, sizeof from)) die("bind");
    struct sockaddr_in a = {.sin_family = AF_INET, .sin_port = htons((uint16_t)port), .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    if (connect(c->fd, (struct sockaddr *)&a, sizeof a) && errno != EINPROGRESS) die("connect");
    struct epoll_event event = {.events = EPOLLOUT, .data.ptr = c};
    epoll_ctl(poller, EPOLL_CTL_ADD, c->fd, &event);
}

/* Continues after an event. Returns whether the socket has ended. */
static int advance(struct conn *c) {
    static const unsigned char farewell[] = {0x88, 0x82, 0, 0, 0, 0, 0x03, 0xE8};
    if (c->state == CONNECTING) {
        if (send(c->fd, request, request_count, MSG_NOSIGNAL) != (ssize_t)request_count) die("handshake");
        struct epoll_event event = {.events = EPOLLIN, .data.ptr = c};
        epoll_ctl(poller, EPOLL_CTL_MOD, c->fd, &event);
        c->state = OPENING;
        return 0;
    }
    ssize_t got = recv(c->fd, c->answer + c->count, ANSWER - 1 - c->count, 0);
    if (got < 0 && errno == EAGAIN) return 0;
    if (got < 0) die("recv");
    if (got == 0) {
        if (c->state == CLOSING && c->count) return 1;
        fprintf(stderr, "The server closed a connection without a close frame.\n");
        exit(1);
    }
    c->count += (size_t)got;
    if (c->state == CLOSING) return 0;
    c->answer[c->count] = 0;
    if (!strstr(c->answer, "\r\n\r\n")) return 0;
    if (c->count < 12 || memcmp(c->answer + 9, "101", 3)) {
        fprintf(stderr, "The server refused the handshake: %s\n", c->answer);
        exit(1);
    }
    if (send(c->fd, farewell, sizeof farewell, MSG_NOSIGNAL) != sizeof farewell) die("close frame");
    c->state = CLOSING;
    c->count = 0;
    return 0;
}

int main(int argc, char **argv) {
    for (int o; (o = getopt(argc, argv, "p:P:n:w:d:c:S:H:q")) != -1;) {
        if (o == 'p') port = atoi(optarg);
        else if (o == 'P') path = optarg;
        else if (o == 'n') connections = atoi(optarg);
        else if (o == 'w') warm_up = atof(optarg);
        else if (o == 'd') seconds = atof(optarg);
        else if (o == 'c') cpu = atoi(optarg);
        else if (o == 'S') server = atoi(optarg);
        else if (o == 'H') header = optarg;
        else if (o == 'q') quiet = 1;
        else return 2;
    }
    if (!server) return fprintf(stderr, "ws_connect: pass the server's process ID with -S.\n"), 2;
    if (cpu >= 0) {
        cpu_set_t set;
        CPU_ZERO(&set);
        CPU_SET(cpu, &set);
        sched_setaffinity(0, sizeof set, &set);
    }
    request_count = (size_t)snprintf(request, sizeof request,
        "GET %s HTTP/1.1\r\nHost: 127.0.0.1:%d\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
        "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n%s\r\n\r\n", path, port, header);
    if (request_count >= sizeof request) return fprintf(stderr, "ws_connect: the header is too long.\n"), 2;
    poller = epoll_create1(0);
    struct conn *all = calloc((size_t)connections, sizeof *all);
    for (int i = 0; i < connections; i++) {
        all[i].place = i;
        begin(&all[i]);
    }
    struct epoll_event events[256];
    double warm = now() + warm_up, start = 0, cpu_start = 0;
    uint64_t sockets = 0;
    for (;;) {
        int n = epoll_wait(poller, events, 256, 5000);
        if (n == 0) return fprintf(stderr, "No event for five seconds.\n"), 1;
        for (int i = 0; i < n; i++) {
            struct conn *c = events[i].data.ptr;
            if (!advance(c)) continue;
            close(c->fd);
            sockets++;
            begin(c);
        }
        double t = now();
        if (!start && t >= warm) {
            cpu_start = server_cpu();
            start = now();
            sockets = 0;
        } else if (start && t >= start + seconds) {
            double used = server_cpu() - cpu_start;
            if (quiet) return printf("%.2f\n", used / (double)sockets * 1e6), 0;
            printf("%llu sockets in %.2f s, %.2f us per socket\n", (unsigned long long)sockets, t - start, used / (double)sockets * 1e6);
            return 0;
        }
    }
}
