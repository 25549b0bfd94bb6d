"""Holds echo sockets on a server, repeatedly replaces some of them, and checks the server's memory and descriptors.

Fails if a socket gets no reply, if descriptors stay open after all sockets are closed, or, when sockets were held for some
minutes, if an idle one costs 3072 bytes of memory or more.
"""

import argparse
import asyncio
import os
import resource
import sys
import time

HANDSHAKE = (
    b"GET /ws/echo/ HTTP/1.1\r\nHost: localhost\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
    b"Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\r\n")
HELLO = b"\x81\x85\0\0\0\0hello"
CLOSE = b"\x88\x82\0\0\0\0\x03\xe8"
# The memory limit of an idle socket with its consumer, in bytes.
BYTES = 3072
# The seconds that sockets are idle before the memory is read.
IDLE = 10


class Server:
    """The kernel's data about the server's process."""

    def __init__(self, process):
        self.process = process

    @property
    def memory(self):
        """The resident anonymous memory in bytes."""
        with open(f"/proc/{self.process}/status") as status:
            lines = dict(line.split(":", 1) for line in status)
        return int(lines["RssAnon"].split()[0]) * 1024

    @property
    def descriptors(self):
        return len(os.listdir(f"/proc/{self.process}/fd"))


class Socket(asyncio.Protocol):
    """A client that answers pings. The server disconnects clients that do not."""

    def __init__(self):
        self.received = bytearray()
        self.head = asyncio.get_running_loop().create_future()
        self.text = None
        self.ended = asyncio.get_running_loop().create_future()

    def connection_made(self, transport):
        self.transport = transport
        transport.write(HANDSHAKE)

    def data_received(self, data):
        self.received += data
        if not self.head.done():
            end = self.received.find(b"\r\n\r\n")
            if end < 0:
                return
            self.head.set_result(bytes(self.received[:end]))
            del self.received[:end + 4]
        while len(self.received) >= 2 and len(self.received) >= 2 + self.received[1]:
            opcode, length = self.received[0] & 15, self.received[1]
            payload = bytes(self.received[2:2 + length])
            del self.received[:2 + length]
            if opcode == 9:
                self.transport.write(bytes([0x8A, 0x80 | length]) + bytes(4) + payload)
            elif opcode == 1:
                self.text.set_result(payload)
            elif opcode == 8:
                self.transport.close()

    def connection_lost(self, error):
        self.ended.set_result(error)
        if not self.head.done():
            self.head.set_exception(error or EOFError("The server closed the connection."))
        if self.text is not None and not self.text.done():
            self.text.set_exception(error or EOFError("The server closed the socket."))

    async def greet(self):
        self.text = asyncio.get_running_loop().create_future()
        self.transport.write(HELLO)
        assert await self.text == b"hello"

    async def close(self):
        self.transport.write(CLOSE)
        await self.ended


class Crowd:
    """Sockets to one server."""

    def __init__(self, port):
        self.port = port
        self.sockets = []

    async def connect(self):
        loop = asyncio.get_running_loop()
        _, socket = await loop.create_connection(Socket, "127.0.0.1", self.port)
        head = await socket.head
        assert b" 101 " in head, head
        self.sockets.append(socket)
        await socket.greet()

    async def grow(self, count):
        for start in range(0, count, 100):
            await asyncio.gather(*(self.connect() for _ in range(min(100, count - start))))

    async def shrink(self, count):
        leaving, self.sockets = self.sockets[:count], self.sockets[count:]
        for start in range(0, count, 100):
            await asyncio.gather(*(socket.close() for socket in leaving[start:start + 100]))

    async def churn(self):
        """Replaces the oldest tenth."""
        tenth = max(1, len(self.sockets) // 10)
        await self.shrink(tenth)
        await self.grow(tenth)

    async def greet_all(self):
        for start in range(0, len(self.sockets), 100):
            await asyncio.gather(*(socket.greet() for socket in self.sockets[start:start + 100]))


def possible(wanted):
    """Returns the number of sockets that this process may open, at most `wanted`."""
    hard = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    if hard != resource.RLIM_INFINITY and hard < wanted + 100:
        print(f"The limit of {hard} descriptors allows only {hard - 100} of {wanted} sockets. Raise ulimit -Hn.")
        return hard - 100
    return wanted


async def hold(crowd, server, minutes, empty):
    """Alternates between idling and replacing 10 % of the sockets. Returns the maximum bytes per idle socket."""
    print(f"{'seconds':>8} {'sockets':>8} {'KiB':>8} {'bytes each':>11} {'descriptors':>12}")
    most = 0
    began = time.monotonic()
    while time.monotonic() - began < minutes * 60:
        await asyncio.sleep(IDLE)
        count, memory = len(crowd.sockets), server.memory
        each = (memory - empty) / count
        most = max(most, each)
        print(f"{time.monotonic() - began:8.0f} {count:8} {memory // 1024:8} {each:11.0f} {server.descriptors:12}",
              flush=True)
        await crowd.churn()
    return most


async def main(port, server, wanted, minutes):
    count = possible(wanted)
    empty, descriptors = server.memory, server.descriptors
    crowd = Crowd(port)
    await crowd.grow(count)
    most = await hold(crowd, server, minutes, empty)
    for _ in range(3):
        await crowd.churn()
    await crowd.greet_all()
    await crowd.shrink(len(crowd.sockets))

    deadline = time.monotonic() + 10
    while server.descriptors > descriptors and time.monotonic() < deadline:
        await asyncio.sleep(0.01)
    left = server.descriptors - descriptors
    print(f"{count} sockets replied and closed; {left} more descriptors than at the start.")
    if minutes > 0:
        print(f"An idle socket with its consumer costs at most {most:.0f} bytes; the limit is {BYTES}.")
    return 1 if left > 0 or most >= BYTES else 0


arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
arguments.add_argument("port", type=int)
arguments.add_argument("process", type=int, help="the server's process id")
arguments.add_argument("--connections", type=int, default=5000)
arguments.add_argument("--minutes", type=float, default=0, help="how long to hold them; 0 churns at once")
given = arguments.parse_args()
sys.exit(asyncio.run(main(given.port, Server(given.process), given.connections, given.minutes)))
