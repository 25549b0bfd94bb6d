/*
 * echo_limit - a WebSocket echo server that only does the protocol's minimum, as a lower bound for the CPU time.
 *
 *   echo_limit PORT [CPU]
 *
 * Connections to the path /group form a group: each message goes to all of them, including the sender, with one send per
 * peer and turn.
 *
 * One thread, epoll, one recv and one send per connection and turn. Each frame is unmasked while it is copied behind its
 * new header. There are no limits, no timeouts, no UTF-8 check and no compression. It is for benchmarks only and listens
 * on the loopback address. A frame has to fit into the buffer.
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

enum { SIZE = 256 << 10 };

struct peer {
    int fd, upgraded;
    int place; /* index in the group, or -1 */
    size_t kept; /* bytes of an incomplete frame or request */
    unsigned char *keep;
};

static unsigned char in[2 * SIZE], out[2 * SIZE];

/* The group: its members, and the messages of this turn. */
enum { PEERS = 1 << 16 };
static struct peer *group[PEERS];
static int members;
static unsigned char said[4 * SIZE];
static size_t said_count;

static uint32_t rotate(uint32_t value, int by) { return value << by | value >> (32 - by); }

/* Computes SHA-1 of exactly 60 bytes: the key and the protocol's constant. */
static void sha1(const char text[60], unsigned char digest[20]) {
    unsigned char block[128] = {0};
    uint32_t state[5] = {0x67452301, 0xEFCDAB89, 0x98BADCFE, 0x10325476, 0xC3D2E1F0}, word[80];
    memcpy(block, text, 60);
    block[60] = 0x80;
    block[126] = 0x01;
    block[127] = 0xE0;
    for (const unsigned char *part = block; part < block + 128; part += 64) {
        for (int i = 0; i < 16; i++)
            word[i] = (uint32_t)part[4 * i] << 24 | (uint32_t)part[4 * i + 1] << 16 | (uint32_t)part[4 * i + 2] << 8 | part[4 * i + 3];
        for (int i = 16; i < 80; i++) word[i] = rotate(word[i - 3] ^ word[i - 8] ^ word[i - 14] ^ word[i - 16], 1);
        uint32_t a = state[0], b = state[1], c = state[2], d = state[3], e = state[4];
        for (int i = 0; i < 80; i++) {
            uint32_t mix = i < 20   ? ((b & c) | (~b & d)) + 0x5A827999
                           : i < 40 ? (b ^ c ^ d) + 0x6ED9EBA1
                           : i < 60 ? ((b & c) | (b & d) | (c & d)) + 0x8F1BBCDC
                                    : (b ^ c ^ d) + 0xCA62C1D6;
            uint32_t next = rotate(a, 5) + mix + e + word[i];
            e = d, d = c, c = rotate(b, 30), b = a, a = next;
        }
        state[0] += a, state[1] += b, state[2] += c, state[3] += d, state[4] += e;
    }
    for (int i = 0; i < 20; i++) digest[i] = (unsigned char)(state[i / 4] >> (24 - 8 * (i % 4)));
}

static int answer(struct peer *peer, char *request) {
    static const char letters[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    char text[61], key[29] = {0}, head[256], *field = strcasestr(request, "\r\nsec-websocket-key:");
    unsigned char digest[21] = {0};
    if (!field || sscanf(field + 20, " %24s", text) != 1 || strlen(text) != 24) return -1;
    memcpy(text + 24, "258EAFA5-E914-47DA-95CA-C5AB0DC85B11", 36);
    sha1(text, digest);
    for (int i = 0; i < 7; i++) {
        uint32_t three = (uint32_t)digest[3 * i] << 16 | (uint32_t)digest[3 * i + 1] << 8 | digest[3 * i + 2];
        for (int k = 0; k < 4; k++) key[4 * i + k] = letters[three >> (18 - 6 * k) & 63];
    }
    key[27] = '=';
    int count = snprintf(head, sizeof head,
                         "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                         "Sec-WebSocket-Accept: %s\r\n\r\n", key);
    peer->upgraded = 1;
    if (!strncmp(request, "GET /group", 10) && members < PEERS) group[peer->place = members++] = peer;
    return send(peer->fd, head, (size_t)count, MSG_NOSIGNAL) == count ? 0 : -1;
}

/* Echoes the complete frames of in[0..<count]. Returns their number of bytes, or -1. */
static ssize_t echo(struct peer *peer, size_t count) {
    size_t at = 0, filled = 0;
    while (count - at >= 6) {
        const unsigned char *frame = in + at;
        size_t length = frame[1] & 127, header = 2;
        if (length == 126) header = 4, length = (size_t)frame[2] << 8 | frame[3];
        if (length == 127) {
            if (count - at < 10) break;
            header = 10;
            length = 0;
            for (int i = 2; i < 10; i++) length = length << 8 | frame[i];
            if (length > SIZE) return -1;
        }
        if (!(frame[1] & 128) || count - at < header + 4 + length) break;
        memcpy(out + filled, frame, header);
        out[filled + 1] &= 127;
        if ((frame[0] & 15) == 9) out[filled] = 0x8A;
        filled += header;
        uint64_t key = 0, word;
        memcpy(&key, frame + header, 4);
        key |= key << 32;
        const unsigned char *from = frame + header + 4;
        size_t i = 0;
        for (; i + 8 <= length; i += 8) {
            memcpy(&word, from + i, 8);
            word ^= key;
            memcpy(out + filled + i, &word, 8);
        }
        for (; i < length; i++) out[filled + i] = from[i] ^ (unsigned char)(key >> (8 * (i & 7)));
        filled += length;
        at += header + 4 + length;
        if ((frame[0] & 15) == 8) {
            send(peer->fd, out, filled, MSG_NOSIGNAL);
            return -1;
        }
    }
    if (peer->place >= 0) {
        if (said_count + filled > sizeof said) return -1;
        memcpy(said + said_count, out, filled);
        said_count += filled;
        return (ssize_t)at;
    }
    /* A peer that does not read is dropped. */
    if (filled && send(peer->fd, out, filled, MSG_NOSIGNAL) != (ssize_t)filled) return -1;
    return (ssize_t)at;
}

static int readable(struct peer *peer) {
    memcpy(in, peer->keep, peer->kept);
    ssize_t got = recv(peer->fd, in + peer->kept, SIZE, 0);
    if (got <= 0) return got < 0 && errno == EAGAIN ? 0 : -1;
    size_t count = peer->kept + (size_t)got;
    ssize_t used = 0;
    if (peer->upgraded) {
        used = echo(peer, count);
    } else if (count < SIZE && memmem(in, count, "\r\n\r\n", 4)) {
        in[count] = 0;
        used = answer(peer, (char *)in) < 0 ? -1 : (ssize_t)count;
    }
    if (used < 0 || count - (size_t)used > SIZE) return -1;
    peer->kept = count - (size_t)used;
    if (peer->kept) {
        peer->keep = realloc(peer->keep, peer->kept);
        memcpy(peer->keep, in + used, peer->kept);
    }
    return 0;
}

static void drop(struct peer *peer) {
    if (peer->place >= 0) {
        group[peer->place] = group[--members];
        group[peer->place]->place = peer->place;
    }
    close(peer->fd);
    free(peer->keep);
    free(peer);
}

static void send_to_group(void) {
    for (int i = 0; said_count && i < members;) {
        if (send(group[i]->fd, said, said_count, MSG_NOSIGNAL) == (ssize_t)said_count) i++;
        else drop(group[i]);
    }
    said_count = 0;
}

int main(int argc, char **argv) {
    if (argc < 2) return fprintf(stderr, "Usage: echo_limit PORT [CPU]\n"), 2;
    if (argc > 2) {
        cpu_set_t set;
        CPU_ZERO(&set);
        CPU_SET(atoi(argv[2]), &set);
        sched_setaffinity(0, sizeof set, &set);
    }
    int one = 1, listener = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0), poller = epoll_create1(0);
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons((uint16_t)atoi(argv[1])), .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &one, sizeof one);
    setsockopt(listener, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
    if (bind(listener, (struct sockaddr *)&address, sizeof address) || listen(listener, 4096)) return perror("echo_limit"), 1;
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
                peer->place = -1;
                epoll_ctl(poller, EPOLL_CTL_ADD, fd, &event);
            } else if (readable(peer) < 0) {
                drop(peer);
            }
        }
        send_to_group();
    }
}
