/*
 * ws_load - keeps a fixed number of messages in flight on many WebSockets, and counts the replies.
 *
 *   ws_load -p PORT[,PORT …] [-P PATH] [-n CONNECTIONS] [-f IN_FLIGHT] [-s SIZE] [-w SECONDS] [-d SECONDS] [-c CPU]
 *           [-t TEXT] [-B] [-S SERVER_PID[,SERVER_PID …]] [-q] [-r SENDERS] [-R RATE] [-z] [-x] [-l] [-L]
 *
 * One thread, epoll, masked text frames; with -B, binary frames. Connections use the ports in turn. After a warm-up of -w
 * seconds, it measures for -d seconds. A message has SIZE letters, or is TEXT, and has to come back unchanged. With -S, it
 * reads the servers' CPU time from /proc before and after, and prints one line: messages, seconds, messages per CPU second
 * of the servers, and CPU microseconds per message; with -q only the third.
 *
 * Without -r, PATH is an echo's. With -r, it is a group's: the first SENDERS connections send, each sends again when its
 * own message comes back, and the messages of all members are counted. Options for groups:
 *
 *   -z  adds a member that never reads
 *   -x  members that do not send leave, and others join, all the time
 *   -l  prints the latency from sending to reading that the slowest 1 % of messages exceed, in microseconds
 *   -L  also prints the median, the slowest 10 % and the maximum
 *
 * At the end, the senders stop, and messages in flight are awaited. Lost messages are reported; with -q or -l, on standard
 * error.
 *
 * With -R, the senders together send RATE messages per second, independent of the replies, and -f has no effect. The
 * latency counts from the time when a message was due, so a late sender does not hide delays.
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
#include <sys/timerfd.h>
#include <time.h>
#include <unistd.h>

enum { SMALL = 512, SERVERS = 16 };

struct conn {
    int fd;
    size_t partial; /* bytes of an incomplete frame */
    unsigned char part[SMALL];
};

static int ports[SERVERS] = {8000}, port_count = 1, servers[SERVERS], server_count = 0;
static int connections = 100, in_flight = 16, size = 64, cpu = -1, quiet = 0, senders = 0, stalled = 0, churns = 0, binary = 0;
static enum { NO_LATENCY, HUNDREDTH, PERCENTILES } latency = NO_LATENCY;
static double warm_up = 0.3, seconds = 3, rate = 0;
static const char *path = "/", *payload = NULL;

static double now(void) {
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static double server_cpu(void) { /* user and system seconds of the servers' threads */
    double total = 0;
    for (int i = 0; i < server_count; i++) {
        char name[64], text[1024];
        /* /proc/PID/stat counts in ticks of 10 ms; summing the threads' schedstat is exact. */
        snprintf(name, sizeof name, "cat /proc/%d/task/*/schedstat", servers[i]);
        FILE *pipe = popen(name, "r");
        while (pipe && fgets(text, sizeof text, pipe)) total += strtod(text, NULL) / 1e9;
        if (pipe) pclose(pipe);
    }
    return total;
}

static int read_list(char *text, int *numbers) { /* returns the count of comma-separated numbers */
    int count = 0;
    for (char *part = strtok(text, ","); part && count < SERVERS; part = strtok(NULL, ",")) numbers[count++] = atoi(part);
    return count;
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

static int open_socket(int number) { /* connects the numbered connection, and opens a WebSocket */
    int fd = socket(AF_INET, SOCK_STREAM, 0), one = 1, port = ports[number % port_count];
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
        fprintf(stderr, "The server refused the handshake: %.*s\n", (int)got, text);
        exit(1);
    }
    fcntl(fd, F_SETFL, O_NONBLOCK);
    return fd;
}

/* Writes a group message with a zero mask. Its text begins with the sender's number and the time. */
static size_t write_frame(unsigned char *at, int sender, double when) {
    size_t header = size < 126 ? 2 : 4;
    at[0] = 0x81;
    at[1] = (unsigned char)(0x80 | (size < 126 ? size : 126));
    if (header == 4) at[2] = (unsigned char)(size >> 8), at[3] = (unsigned char)size;
    memset(at + header, 0, 4);
    memset(at + header + 4, 'x', (size_t)size);
    char stamp[32];
    snprintf(stamp, sizeof stamp, "%04d%016.0f", sender, when * 1e9);
    memcpy(at + header + 4, stamp, 20);
    return header + 4 + (size_t)size;
}

static float *samples;
static size_t sample_count;
enum { SAMPLES = 8 << 20 };

/* Reads the complete frames of bytes[0..<count]. Returns how many are the connection's own messages. */
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

/* Returns the latency that one in `of` samples exceeds, in microseconds. */
static double slowest(size_t of) { return sample_count ? samples[sample_count - 1 - sample_count / of] * 1e6 : 0.0; }

/* Starts a timer that fires for every message due, as set by -R. */
static int start_timer(double from) {
    int timer = timerfd_create(CLOCK_MONOTONIC, TFD_NONBLOCK);
    double interval = 1 / rate;
    struct itimerspec when = {
        .it_interval = {.tv_sec = (time_t)interval, .tv_nsec = (long)((interval - (double)(time_t)interval) * 1e9)},
        .it_value = {.tv_sec = (time_t)from, .tv_nsec = (long)((from - (double)(time_t)from) * 1e9)}};
    if (timer < 0 || timerfd_settime(timer, TFD_TIMER_ABSTIME, &when, NULL)) die("timerfd");
    return timer;
}

int main(int argc, char **argv) {
    for (int o; (o = getopt(argc, argv, "p:P:n:f:s:t:w:d:c:S:r:R:BzxlLq")) != -1;) {
        if (o == 'p') port_count = read_list(optarg, ports);
        else if (o == 'P') path = optarg;
        else if (o == 'n') connections = atoi(optarg);
        else if (o == 'f') in_flight = atoi(optarg);
        else if (o == 's') size = atoi(optarg);
        else if (o == 't') payload = optarg, size = (int)strlen(optarg);
        else if (o == 'w') warm_up = atof(optarg);
        else if (o == 'd') seconds = atof(optarg);
        else if (o == 'c') cpu = atoi(optarg);
        else if (o == 'S') server_count = read_list(optarg, servers);
        else if (o == 'r') senders = atoi(optarg);
        else if (o == 'R') rate = atof(optarg);
        else if (o == 'B') binary = 1;
        else if (o == 'z') stalled = 1;
        else if (o == 'x') churns = 1;
        else if (o == 'l') latency = HUNDREDTH;
        else if (o == 'L') latency = PERCENTILES;
        else if (o == 'q') quiet = 1;
        else return 2;
    }
    if (!port_count || connections < senders) return fprintf(stderr, "Usage: ws_load -p PORT [options]; senders must not exceed connections.\n"), 2;
    if (rate > 0 && !senders) senders = 1;
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
        at[0] = binary ? 0x82 : 0x81;
        at[1] = (unsigned char)(0x80 | (size < 126 ? size : size < 65536 ? 126 : 127));
        if (header == 4) at[2] = (unsigned char)(size >> 8), at[3] = (unsigned char)size;
        if (header == 10) for (int k = 0; k < 8; k++) at[2 + k] = (unsigned char)((uint64_t)size >> (56 - 8 * k));
        for (int k = 0; k < 4; k++) at[header + (size_t)k] = (unsigned char)(17 * (k + 1));
        for (int k = 0; k < size; k++) at[header + 4 + (size_t)k] = (unsigned char)((payload ? payload[k] : 'a' + k % 26) ^ (17 * (k % 4 + 1)));
    }
    struct conn *all = calloc((size_t)connections, sizeof *all);
    int poller = epoll_create1(0);
    for (int i = 0; i < connections; i++) {
        all[i].fd = open_socket(i);
        struct epoll_event event = {.events = EPOLLIN, .data.ptr = &all[i]};
        epoll_ctl(poller, EPOLL_CTL_ADD, all[i].fd, &event);
    }
    if (stalled) open_socket(0);
    if (senders && (size < 20 || echo > SMALL)) return fprintf(stderr, "Group messages must have 20 to 500 bytes.\n"), 2;
    if (senders) samples = malloc(SAMPLES * sizeof *samples);
    double due = now() + 0.01, interval = rate > 0 ? 1 / rate : 0, last = due;
    uint64_t sent = 0, received = 0;
    int timer = -1;
    if (rate > 0) {
        struct epoll_event event = {.events = EPOLLIN, .data.ptr = NULL};
        epoll_ctl(poller, EPOLL_CTL_ADD, timer = start_timer(due), &event);
    }
    for (int i = 0; rate == 0 && i < (senders ? senders : connections); i++) {
        for (int k = 0; senders && k < in_flight; k++) write_frame((unsigned char *)batch + frame * (size_t)k, i, now());
        send_all(all[i].fd, batch, frame * (size_t)in_flight);
        sent += (uint64_t)in_flight;
    }
    static char room[SMALL + (1 << 20)], *buffer = room + SMALL;
    struct epoll_event events[256];
    uint64_t messages = 0, counted = 0;
    double warm = now() + warm_up, start = 0, end = 0, cpu_start = 0, used = 0, wall = 0;
    for (;;) {
        int n = epoll_wait(poller, events, 256, 1000);
        if (!wall && (n == 0 || (rate > 0 && now() > last + 1))) return fprintf(stderr, "No reply for one second.\n"), 1;
        for (int i = 0; i < n; i++) {
            struct conn *c = events[i].data.ptr;
            if (!c) { /* the timer */
                uint64_t times = 0;
                if (read(timer, &times, sizeof times) != sizeof times || wall) continue;
                for (; times; times--, sent++, due += interval) {
                    int sender = (int)(sent % (uint64_t)senders);
                    send_all(all[sender].fd, batch, write_frame((unsigned char *)batch, sender, due));
                }
                continue;
            }
            ssize_t got = recv(c->fd, buffer, 1 << 20, 0);
            if (got <= 0) die("recv");
            size_t had = c->partial, whole = (had + (size_t)got) / echo, left = whole;
            c->partial = (had + (size_t)got) % echo;
            messages += whole;
            received += whole;
            if (whole && senders) last = now();
            if (senders) {
                unsigned char *bytes = (unsigned char *)buffer - had;
                memcpy(bytes, c->part, had);
                left = read_frames(bytes, whole * echo, echo, (int)(c - all));
                memcpy(c->part, bytes + whole * echo, c->partial);
                if (rate > 0 || wall) left = 0;
                for (size_t k = 0; k < left && k < (size_t)in_flight; k++)
                    write_frame((unsigned char *)batch + frame * k, (int)(c - all), now());
            }
            while (left) {
                size_t part = left < (size_t)in_flight ? left : (size_t)in_flight;
                send_all(c->fd, batch, frame * part);
                sent += part;
                left -= part;
            }
        }
        if (churns && connections > senders) { /* one leaves, and another joins */
            struct conn *c = all + senders + rand() % (connections - senders);
            close(c->fd);
            *c = (struct conn){.fd = open_socket((int)(c - all))};
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
            if (!wall) {
                used = server_cpu() - cpu_start;
                wall = now() - start;
                counted = messages;
            }
            /* Wait for outstanding deliveries, up to a second without any, so that lost messages do not count as a gain. */
            uint64_t expected = senders && !churns ? sent * (uint64_t)connections : received;
            if (received < expected && t < last + 1) continue;
            long long lost = (long long)(expected - received);
            if (latency) qsort(samples, sample_count, sizeof *samples, by_size);
            if ((latency == HUNDREDTH || quiet) && lost) fprintf(stderr, "%lld of %llu messages never came\n", lost, (unsigned long long)expected);
            if (latency == HUNDREDTH) return printf("%.0f\n", slowest(100)), 0;
            if (quiet) return printf("%.0f\n", (double)counted / used), 0;
            printf("%llu messages in %.2f s", (unsigned long long)counted, wall);
            if (used > 0) printf(", %.0f per CPU second, %.3f us per message", (double)counted / used, used / (double)counted * 1e6);
            if (latency)
                printf(", the half took %.0f us, the slowest tenth %.0f, hundredth %.0f, one %.0f", slowest(2), slowest(10),
                       slowest(100), slowest(sample_count + 1));
            if (senders && !churns) printf(", %lld never came", lost);
            printf("\n");
            return 0;
        }
    }
}
