"""Attacks a server from loopback, one attack after the other and then all at once, beside well-behaved clients.

Prints for each attack the latency of the slowest 1 % of the clients' messages, the increase over the latency without an
attack, and the server's CPU time, memory and descriptors. Fails if a well-behaved client gets no reply, if an attack raises
the latency by more than LIMIT milliseconds, or if descriptors stay open.

The attacks are limited in connections, bytes and seconds.
"""

import argparse
import multiprocessing
import os
import select
import socket
import struct
import sys
import time
import zlib

HANDSHAKE = (
    "GET {} HTTP/1.1\r\nHost: localhost\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
    "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n{}\r\n")
MARKS = "\u0301\u0323"
# The limit for the increase in latency of the slowest 1 % of messages, in milliseconds.
LIMIT = 20
CLIENTS = 20
PAUSE = 0.02


def connect(port):
    made = socket.create_connection(("127.0.0.1", port), timeout=10)
    made.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    return made


def frame(payload, opcode=1, compressed=False):
    first = 0x80 | opcode | (0x40 if compressed else 0)
    count = len(payload)
    if count < 126:
        head = struct.pack("!BB", first, 0x80 | count)
    elif count < 65536:
        head = struct.pack("!BBH", first, 0x80 | 126, count)
    else:
        head = struct.pack("!BBQ", first, 0x80 | 127, count)
    return head + b"\0\0\0\0" + payload


def open_socket(port, path, extra=""):
    made = connect(port)
    made.sendall(HANDSHAKE.format(path, extra).encode())
    head = b""
    while b"\r\n\r\n" not in head:
        piece = made.recv(65536)
        if not piece:
            raise ConnectionError(f"{path} was not accepted: {head!r}")
        head += piece
    return made


def send_for(made, data, seconds):
    """Sends `data` repeatedly and discards the replies, until the time has passed or the server closes."""
    made.setblocking(False)
    end = time.monotonic() + seconds
    view = memoryview(data)
    sent = 0
    while time.monotonic() < end:
        readable, writable, _ = select.select([made], [made], [], 0.1)
        try:
            if readable and not made.recv(1 << 20):
                return
            if writable:
                sent += made.send(view[sent:sent + (1 << 18)])
                if sent == len(data):
                    sent = 0
        except BlockingIOError:
            continue
        except OSError:
            return


def again(port, seconds, attack):
    """Repeats an attack on new connections until the time has passed, because the server closes some of them."""
    end = time.monotonic() + seconds
    while (left := end - time.monotonic()) > 0:
        try:
            attack(left)
        except OSError:
            pass
        time.sleep(0.01)


def post(path, body, kind):
    return (f"POST {path} HTTP/1.1\r\nHost: localhost\r\nContent-Type: {kind}\r\n"
            f"Content-Length: {len(body)}\r\n\r\n").encode() + body


# MARK: Attacks

def marks_in_json(port, seconds):
    message = frame(('{"a' + MARKS * (128 << 10) + '":1}').encode())
    again(port, seconds, lambda left: send_for(open_socket(port, "/ws/json/"), message, left))


def escaped_marks_in_json(port, seconds):
    message = frame(('{"a' + "\\u0301\\u0323" * (40 << 10) + '":1}').encode())
    again(port, seconds, lambda left: send_for(open_socket(port, "/ws/json/"), message, left))


def marks_in_text(port, seconds):
    message = frame(("a" + MARKS * (128 << 10)).encode())
    again(port, seconds, lambda left: send_for(open_socket(port, "/ws/echo/"), message, left))


def marks_in_form(port, seconds):
    request = post("/chat/", ("a" + MARKS * (32 << 10) + "=1").encode(), "application/x-www-form-urlencoded")
    again(port, seconds, lambda left: send_for(connect(port), request, left))


def marks_in_header(port, seconds):
    request = ("GET / HTTP/1.1\r\nHost: localhost\r\nAccept-Encoding: a" + MARKS * 3800 + "\r\n\r\n").encode()
    again(port, seconds, lambda left: send_for(connect(port), request, left))


def bombs(port, seconds):
    packer = zlib.compressobj(9, zlib.DEFLATED, -15)
    packed = packer.compress(b"a" * (1 << 20)) + packer.flush(zlib.Z_SYNC_FLUSH)
    burst = frame(packed[:-4], compressed=True) * 250
    extra = "Sec-WebSocket-Extensions: permessage-deflate\r\n"
    again(port, seconds, lambda left: send_for(open_socket(port, "/ws/echo/", extra), burst, left))


def large_json(port, seconds):
    message = frame(("[" + "1," * (500 << 10) + "1]").encode())
    again(port, seconds, lambda left: send_for(open_socket(port, "/ws/json/"), message, left))


def small_messages(port, seconds):
    burst = frame(b'{"name":"John Doe","age":30}') * 4000
    again(port, seconds, lambda left: send_for(open_socket(port, "/ws/json/"), burst, left))


def pipeline(port, seconds):
    requests = b"GET /json/ HTTP/1.1\r\nHost: localhost\r\n\r\n" * 3000
    again(port, seconds, lambda left: send_for(connect(port), requests, left))


def large_forms(port, seconds):
    fields = "&".join(f"field{i}=%61%62%63{i}" for i in range(900))
    request = post("/chat/", fields.encode() + b"&x=" + b"%61" * (300 << 10), "application/x-www-form-urlencoded")
    again(port, seconds, lambda left: send_for(connect(port), request, left))


def slow_readers(port, seconds):
    held = []
    for _ in range(50):
        made = connect(port)
        made.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        made.sendall(b"GET /static/large.bin HTTP/1.1\r\nHost: localhost\r\n\r\n")
        held.append(made)
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        time.sleep(0.2)
        for made in held[:25]:
            try:
                made.recv(4096)
            except OSError:
                pass


def slow_bodies(port, seconds):
    held = []
    for _ in range(50):
        made = connect(port)
        made.sendall(b"POST /chat/ HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1000\r\n\r\n")
        held.append(made)
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        time.sleep(1)
        for made in held:
            try:
                made.sendall(b"x")
            except OSError:
                pass


def many_connects(port, seconds):
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        held = []
        try:
            for _ in range(8000):
                held.append(connect(port))
                if time.monotonic() > end:
                    break
        except OSError:
            pass
        for made in held:
            made.close()


def closes(port, seconds):
    def attack(left):
        made = connect(port)
        made.sendall(HANDSHAKE.format("/ws/echo/", "").encode() + frame(b"last words") + frame(b"\x03\xe8", 8))
        answer = b""
        while piece := made.recv(65536):
            answer += piece
        if b"last words" not in answer:
            raise SystemExit("A message before a close frame was not answered.")

    again(port, seconds, attack)


ATTACKS = [
    marks_in_json, escaped_marks_in_json, marks_in_text, marks_in_form, marks_in_header, bombs, large_json, small_messages,
    pipeline, large_forms, slow_readers, slow_bodies, many_connects, closes]


# MARK: Well-behaved clients

class Others:
    """Well-behaved clients in this process. Each sends a message, waits for its echo, and pauses."""

    def __init__(self, port):
        self.sockets = [open_socket(port, "/ws/echo/") for _ in range(CLIENTS)]

    def measure(self, seconds):
        """Returns the sorted round-trip times of the messages in milliseconds."""
        times = []
        end = time.monotonic() + seconds
        waiting, due = {}, {made: time.monotonic() + index * PAUSE / CLIENTS for index, made in enumerate(self.sockets)}
        while time.monotonic() < end or waiting:
            now = time.monotonic()
            if now > end + 30:
                raise SystemExit(f"{len(waiting)} well-behaved clients were not answered within 30 seconds.")
            for made in [made for made, when in due.items() if when <= now]:
                del due[made]
                if now < end:
                    made.sendall(frame(b"hello, is anybody there?"))
                    waiting[made] = time.monotonic()
            readable, _, _ = select.select(list(waiting), [], [], 0.001)
            for made in readable:
                if not made.recv(65536):
                    raise SystemExit("A well-behaved client was disconnected.")
                now = time.monotonic()
                times.append((now - waiting.pop(made)) * 1000)
                due[made] = now + PAUSE
        return sorted(times)

    def close(self):
        for made in self.sockets:
            made.close()


def hundredth(times):
    return times[int(len(times) * 0.99)]


class Server:
    def __init__(self, process):
        self.process = process

    def cpu(self):
        with open(f"/proc/{self.process}/stat") as stat:
            fields = stat.read().rsplit(")", 1)[1].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")

    def memory(self):
        with open(f"/proc/{self.process}/status") as status:
            lines = dict(line.split(":", 1) for line in status)
        return int(lines["RssAnon"].split()[0]) / 1024

    def descriptors(self):
        return len(os.listdir(f"/proc/{self.process}/fd"))


def play(attack, port, seconds):
    """Runs an attack in its own process, with a lower priority than the well-behaved clients."""
    if os.geteuid() == 0:
        os.setpriority(os.PRIO_PROCESS, 0, 5)
    attack(port, seconds)


def run(name, attacks, port, server, seconds, others, baseline):
    started = [multiprocessing.Process(target=play, args=(attack, port, seconds), daemon=True) for attack in attacks]
    for process in started:
        process.start()
    cpu = server.cpu()
    times = others.measure(seconds)
    used = (server.cpu() - cpu) / seconds * 100
    for process in started:
        process.join(15)
        process.kill()
        if process.exitcode not in (0, None, -9):
            raise SystemExit(f"The attack {name} failed.")
    raised = hundredth(times) - baseline
    print(f"{name:24} {hundredth(times):9.1f} ms {raised:+9.1f} ms {used:6.0f} % CPU {server.memory():8.1f} MiB "
          f"{server.descriptors():6} descriptors", flush=True)
    return raised


def main():
    arguments = argparse.ArgumentParser()
    arguments.add_argument("port", type=int)
    arguments.add_argument("process", type=int)
    arguments.add_argument("--seconds", type=float, default=5, help="length of each single attack")
    arguments.add_argument("--mixed", type=float, default=300, help="length of all attacks together")
    arguments.add_argument("--only", help="the name of one attack")
    options = arguments.parse_args()
    server = Server(options.process)
    descriptors = server.descriptors()
    others = Others(options.port)
    # A higher priority on the shared core, so that this process' own waiting is not measured.
    if os.geteuid() == 0:
        os.nice(-10)
    others.measure(1)
    baseline = hundredth(others.measure(options.seconds))
    print(f"{'attack':24} {'slowest 1 %':>12} {'raised by':>12}")
    print(f"{'none':24} {baseline:9.1f} ms", flush=True)
    failed = []
    attacks = [attack for attack in ATTACKS if options.only in (None, attack.__name__)]
    for attack in attacks:
        name = attack.__name__.replace("_", " ")
        if run(name, [attack], options.port, server, options.seconds, others, baseline) > LIMIT:
            failed.append(name)
    if options.only is None:
        run("all at once", attacks, options.port, server, options.mixed, others, baseline)
    others.close()
    end = time.monotonic() + 90
    while server.descriptors() > descriptors + 2:
        if time.monotonic() > end:
            failed.append(f"{server.descriptors() - descriptors} descriptors stayed open")
            break
        time.sleep(1)
    if failed:
        sys.exit("Over the limit: " + ", ".join(failed))
    print(f"No attack raised the latency of the slowest 1 % of messages by more than {LIMIT} ms.")


if __name__ == "__main__":
    main()
