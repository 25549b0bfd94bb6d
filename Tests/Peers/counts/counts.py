"""Prints a server's allocations and system calls per page, message and connection.

    counts.py HOST:PORT FILE [page] [message] [connection]

The server runs with counts.so, which stores its counts in FILE. Without a choice, all three operations are measured.
Each runs a thousand times in sequence, after a warm-up that is not counted.
"""

import base64
import os
import socket
import struct
import sys

TIMES = 1000


class Connection:
    def __init__(self, host):
        name, port = host.rsplit(":", 1)
        self.host = host
        self.socket = socket.create_connection((name, int(port)), timeout=60)
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.kept = b""

    def send(self, data):
        self.socket.sendall(data)

    def read(self):
        data = self.socket.recv(65536)
        if not data:
            raise SystemExit("The server closed a connection.")
        self.kept += data

    def head(self):
        while b"\r\n\r\n" not in self.kept:
            self.read()
        head, self.kept = self.kept.split(b"\r\n\r\n", 1)
        return head

    def take(self, count):
        while len(self.kept) < count:
            self.read()
        taken, self.kept = self.kept[:count], self.kept[count:]
        return taken

    def shake_hands(self):
        key = base64.b64encode(b"sixteen bytes...").decode()
        self.send((
            f"GET /ws/echo/ HTTP/1.1\r\nHost: {self.host}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
            f"Sec-WebSocket-Key: {key}\r\nSec-WebSocket-Version: 13\r\n\r\n").encode())
        head = self.head()
        if b" 101 " not in head.split(b"\r\n")[0]:
            raise SystemExit(f"The handshake was refused: {head!r}")

    def end(self):
        """Reads until the server closes."""
        while self.socket.recv(65536):
            pass
        self.socket.close()


def page(host):
    connection = Connection(host)
    request = f"GET /bench/plain/ HTTP/1.1\r\nHost: {host}\r\n\r\n".encode()

    def once():
        connection.send(request)
        head = connection.head()
        if not head.startswith(b"HTTP/1.1 200 "):
            raise SystemExit(f"The page was refused: {head!r}")
        length = [line for line in head.lower().split(b"\r\n") if line.startswith(b"content-length:")][0]
        connection.take(int(length.split(b":")[1]))

    return once


def message(host):
    connection = Connection(host)
    connection.shake_hands()

    def once():
        connection.send(struct.pack("!BBI", 0x81, 0x80 | 64, 0) + b"x" * 64)
        connection.take(66)

    return once


def connection(host):
    def once():
        opened = Connection(host)
        opened.shake_hands()
        opened.send(struct.pack("!BBIH", 0x88, 0x82, 0, 1000))
        opened.take(4)
        opened.end()

    return once


def counts(path):
    with open(path, "rb") as file:
        return struct.unpack("@QQ", file.read(16))


def main():
    host, path, *chosen = sys.argv[1:]
    for measured in (page, message, connection):
        if chosen and measured.__name__ not in chosen:
            continue
        once = measured(host)
        for _ in range(TIMES // 5):
            once()
        before = counts(path)
        for _ in range(TIMES):
            once()
        allocations, calls = (round((b - a) / TIMES, 1) for a, b in zip(before, counts(path)))
        print(f"{measured.__name__} allocations={allocations} calls={calls}")


main()
