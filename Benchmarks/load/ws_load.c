/*
 * ws_load - keeps a fixed number of messages in flight on many WebSockets, and counts what comes back.
 *
 *   ws_load -p PORT [-P PATH] [-n CONNECTIONS] [-f IN_FLIGHT] [-s SIZE] [-d SECONDS] [-c CPU] [-S SERVER_PID] [-q]
 *           [-r SENDERS] [-z] [-x] [-l]
 *
 * One thread, epoll, masked text frames. With -S it reads the server's CPU time from /proc before and after, and prints one
 * line: messages, seconds, messages per second of the server's CPU, and microseconds of CPU a message; with -q the third
 * of these alone.
 *
 * Without -r the path is an echo's. With -r it is that of a group: the first SENDERS connections send, each goes on as its
 * own messages come back, and what is counted is what all of them get. -z adds a member that never reads, -x has members
 * that do not send leave and others join all the time, and -l prints how long the slowest hundredth of the messages took
 * from being sent to being read, in microseconds.
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
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

enum { SMALL = 512 };

struct conn {
    int fd;
    size_t partial; /* bytes of a frame that has not arrived whole */
    unsigned char part[SMALL];
};

static int port = 8000, connections = 100, in_flight = 16, size = 64, cpu = -1, server = 0, quiet = 0, senders = 0, stalled = 0, churns = 0, latency = 0;
static double seconds = 3;
static const char *path = "/";

static double now(void) {
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static double server_cpu(void) { /* user and system seconds of the server's threads */
    if (!server) return 0;
    char name[64], text[1024];
    /* /proc/PID/stat counts in ticks of 10 ms; summing the threads' schedstat is exact. */
    snprintf(name, sizeof name, "cat /proc/%d/task/*/schedstat", server);
    FILE *pipe = popen(name, "r");
    double total = 0;
    while (pipe && fgets(text, sizeof text, pipe)) total += strtod(text, NULL) / 1e9;
    if (pipe) pclose(pipe);
    return total;
}

static void die(const char *what) {
    perror(what);
    exit(1);
}

static void send_all(int fd, const char *bytes, size_t count) {
    while (count) {
        ssize_t sent = send(fd, bytes, count, MSG_NOSIGNAL);
        if (sent < 0) {
            if (errno == EAGAIN) continue;
            die("send");
        }
        bytes += sent;
        count -= (size_t)sent;
    }
}

static int open_socket(void) { /* connects, and opens a WebSocket */
    int fd = socket(AF_INET, SOCK_STREAM, 0), one = 1;
    struct sockaddr_in a = {.sin_family = AF_INET, .sin_port = htons((uint16_t)port), .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    if (fd < 0 || connect(fd, (struct sockaddr *)&a, sizeof a)) die("connect");
    setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
    char text[1024];
    int n = snprintf(text, sizeof text,
                     "GET %s HTTP/1.1\r\nHost: 127.0.0.1:%d\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                     "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\r\n", path, port);
    send_all(fd, text, (size_t)n);
    size_t got = 0;
    while (got < 4 || memcmp(text + got - 4, "\r\n\r\n", 4)) {
        if (got == sizeof text || recv(fd, text + got, 1, 0) != 1) die("handshake");
        got++;
    }
    if (memcmp(text + 9, "101", 3)) {
        fprintf(stderr, "refused: %.*s\n", (int)got, text);
        exit(1);
    }
    fcntl(fd, F_SETFL, O_NONBLOCK);
    return fd;
}

/* What messages of a group say: who sent them, and when, behind a mask of nothing. */
static size_t write_frame(unsigned char *at, int sender) {
    size_t header = size < 126 ? 2 : 4;
    at[0] = 0x81;
    at[1] = (unsigned char)(0x80 | (size < 126 ? size : 126));
    if (header == 4) at[2] = (unsigned char)(size >> 8), at[3] = (unsigned char)size;
    memset(at + header, 0, 4);
    memset(at + header + 4, 'x', (size_t)size);
    char stamp[32];
    snprintf(stamp, sizeof stamp, "%04d%016.0f", sender, now() * 1e9);
    memcpy(at + header + 4, stamp, 20);
    return header + 4 + (size_t)size;
}

static float *samples;
static size_t sample_count;
enum { SAMPLES = 8 << 20 };

/* Reads the whole frames of bytes[0..<count]: how many of them the connection's own messages are. */
static size_t read_frames(const unsigned char *bytes, size_t count, size_t frame, int own) {
    size_t mine = 0;
    double t = now();
    for (const unsigned char *at = bytes; at < bytes + count; at += frame) {
        char text[21] = {0};
        memcpy(text, at + frame - (size_t)size, 20);
        if (sample_count < SAMPLES) samples[sample_count++] = (float)(t - atof(text + 4) / 1e9);
        text[4] = 0;
        if (atoi(text) == own) mine++;
    }
    return mine;
}

static int by_size(const void *a, const void *b) {
    float d = *(const float *)a - *(const float *)b;
    return (d > 0) - (d < 0);
}

int main(int argc, char **argv) {
    for (int o; (o = getopt(argc, argv, "p:P:n:f:s:d:c:S:r:zxlq")) != -1;) {
        if (o == 'p') port = atoi(optarg);
        else if (o == 'P') path = optarg;
        else if (o == 'n') connections = atoi(optarg);
        else if (o == 'f') in_flight = atoi(optarg);
        else if (o == 's') size = atoi(optarg);
        else if (o == 'd') seconds = atof(optarg);
        else if (o == 'c') cpu = atoi(optarg);
        else if (o == 'S') server = atoi(optarg);
        else if (o == 'r') senders = atoi(optarg);
        else if (o == 'z') stalled = 1;
        else if (o == 'x') churns = 1;
        else if (o == 'l') latency = 1;
        else if (o == 'q') quiet = 1;
        else return 2;
    }
    if (cpu >= 0) {
        cpu_set_t set;
        CPU_ZERO(&set);
        CPU_SET(cpu, &set);
        sched_setaffinity(0, sizeof set, &set);
    }
    size_t header = size < 126 ? 2 : size < 65536 ? 4 : 10, frame = header + 4 + (size_t)size, echo = header + (size_t)size;
    char *batch = malloc(frame * (size_t)in_flight);
    for (int i = 0; i < in_flight; i++) {
        unsigned char *at = (unsigned char *)batch + frame * (size_t)i;
        at[0] = 0x81;
        at[1] = (unsigned char)(0x80 | (size < 126 ? size : size < 65536 ? 126 : 127));
        if (header == 4) at[2] = (unsigned char)(size >> 8), at[3] = (unsigned char)size;
        if (header == 10) for (int k = 0; k < 8; k++) at[2 + k] = (unsigned char)((uint64_t)size >> (56 - 8 * k));
        for (int k = 0; k < 4; k++) at[header + (size_t)k] = (unsigned char)(17 * (k + 1));
        for (int k = 0; k < size; k++) at[header + 4 + (size_t)k] = (unsigned char)(('a' + k % 26) ^ (17 * (k % 4 + 1)));
    }
    struct conn *all = calloc((size_t)connections, sizeof *all);
    int poller = epoll_create1(0);
    for (int i = 0; i < connections; i++) {
        all[i].fd = open_socket();
        struct epoll_event event = {.events = EPOLLIN, .data.ptr = &all[i]};
        epoll_ctl(poller, EPOLL_CTL_ADD, all[i].fd, &event);
    }
    if (stalled) open_socket();
    if (senders && (size < 20 || echo > SMALL)) return fprintf(stderr, "messages of a group have 20 to 500 bytes\n"), 2;
    if (senders) samples = malloc(SAMPLES * sizeof *samples);
    for (int i = 0; i < (senders ? senders : connections); i++) {
        for (int k = 0; senders && k < in_flight; k++) write_frame((unsigned char *)batch + frame * (size_t)k, i);
        send_all(all[i].fd, batch, frame * (size_t)in_flight);
    }
    static char room[SMALL + (1 << 20)], *buffer = room + SMALL;
    struct epoll_event events[256];
    uint64_t messages = 0;
    double warm = now() + 0.3, start = 0, end = 0, cpu_start = 0;
    for (;;) {
        int n = epoll_wait(poller, events, 256, 1000);
        if (n == 0) return fprintf(stderr, "nothing came back for a second\n"), 1;
        for (int i = 0; i < n; i++) {
            struct conn *c = events[i].data.ptr;
            ssize_t got = recv(c->fd, buffer, 1 << 20, 0);
            if (got <= 0) die("recv");
            size_t had = c->partial, whole = (had + (size_t)got) / echo, left = whole;
            c->partial = (had + (size_t)got) % echo;
            messages += whole;
            if (senders) {
                unsigned char *bytes = (unsigned char *)buffer - had;
                memcpy(bytes, c->part, had);
                left = read_frames(bytes, whole * echo, echo, (int)(c - all));
                memcpy(c->part, bytes + whole * echo, c->partial);
                for (size_t k = 0; k < left && k < (size_t)in_flight; k++)
                    write_frame((unsigned char *)batch + frame * k, (int)(c - all));
            }
            while (left) {
                size_t part = left < (size_t)in_flight ? left : (size_t)in_flight;
                send_all(c->fd, batch, frame * part);
                left -= part;
            }
        }
        if (churns && connections > senders) { /* one leaves, and another joins */
            struct conn *c = all + senders + rand() % (connections - senders);
            close(c->fd);
            *c = (struct conn){.fd = open_socket()};
            struct epoll_event event = {.events = EPOLLIN, .data.ptr = c};
            epoll_ctl(poller, EPOLL_CTL_ADD, c->fd, &event);
        }
        double t = now();
        if (!start) {
            if (t < warm) continue;
            start = now();
            cpu_start = server_cpu();
            messages = 0;
            sample_count = 0;
            end = start + seconds;
        } else if (t >= end) {
            double used = server_cpu() - cpu_start, wall = now() - start;
            if (latency) {
                qsort(samples, sample_count, sizeof *samples, by_size);
                return printf("%.0f\n", sample_count ? samples[sample_count - 1 - sample_count / 100] * 1e6 : 0.0), 0;
            }
            if (quiet) return printf("%.0f\n", (double)messages / used), 0;
            printf("%llu messages in %.2f s", (unsigned long long)messages, wall);
            if (used > 0) printf(", %.0f a CPU second, %.3f us a message", (double)messages / used, used / (double)messages * 1e6);
            printf("\n");
            return 0;
        }
    }
}
