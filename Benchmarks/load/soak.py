"""Holds echo sockets, replaces a tenth of them every 10 seconds, and prints the server's memory.

soak.py PORT SERVER_PID CONNECTIONS MINUTES
"""

import asyncio
import os
import resource
import sys
import time

HANDSHAKE = (
    b"GET /ws/echo/ HTTP/1.1\r\nHost: localhost\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
    b"Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\r\n")
HELLO = b"\x81\x85\0\0\0\0hello"
ECHO = b"\x81\x05hello"
CLOSE = b"\x88\x82\0\0\0\0\x03\xe8"


def memory(server):
    with open(f"/proc/{server}/status") as status:
        lines = dict(line.split(":", 1) for line in status)
    return int(lines["RssAnon"].split()[0]), len(os.listdir(f"/proc/{server}/fd"))


async def connect(port):
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(HANDSHAKE)
    head = await reader.readuntil(b"\r\n\r\n")
    assert b" 101 " in head, head
    writer.write(HELLO)
    assert await reader.readexactly(len(ECHO)) == ECHO
    return reader, writer


async def close(socket):
    reader, writer = socket
    writer.write(CLOSE)
    await reader.read()
    writer.close()


async def main(port, server, count, minutes):
    resource.setrlimit(resource.RLIMIT_NOFILE, (resource.getrlimit(resource.RLIMIT_NOFILE)[1],) * 2)
    empty, descriptors = memory(server)
    print(f"{'seconds':>8} {'sockets':>8} {'KB':>8} {'KB each':>8} {'descriptors':>12}")
    sockets = []
    for start in range(0, count, 100):
        sockets += await asyncio.gather(*(connect(port) for _ in range(min(100, count - start))))
    began = time.monotonic()
    while time.monotonic() - began < minutes * 60:
        await asyncio.sleep(10)
        now, open_now = memory(server)
        print(f"{time.monotonic() - began:8.0f} {len(sockets):8} {now:8} {(now - empty) / count:8.2f} {open_now:12}",
              flush=True)
        tenth = max(1, count // 10)
        await asyncio.gather(*(close(socket) for socket in sockets[:tenth]))
        sockets = sockets[tenth:]
        for start in range(0, tenth, 100):
            sockets += await asyncio.gather(*(connect(port) for _ in range(min(100, tenth - start))))
    for start in range(0, count, 100):
        await asyncio.gather(*(close(socket) for socket in sockets[start:start + 100]))
    await asyncio.sleep(2)
    left = memory(server)[1] - descriptors
    print(f"All closed; {left} descriptors more than at the start.")
    sys.exit(1 if left > 0 else 0)


asyncio.run(main(*(int(word) for word in sys.argv[1:4]), float(sys.argv[4])))
