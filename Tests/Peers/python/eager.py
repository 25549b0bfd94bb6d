"""Tests a client that sends before the handshake is answered: eager.py HOST:PORT"""

import asyncio

from cases import HOST, case, main

HANDSHAKE = (
    f"GET /ws/echo/ HTTP/1.1\r\nHost: {HOST}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
    "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\r\n").encode()


@case
async def behind():
    """a message in the same segment as the handshake is answered"""
    host, port = HOST.split(":")
    reader, writer = await asyncio.open_connection(host, int(port))
    writer.write(HANDSHAKE + b"\x81\x85\0\0\0\0hello")
    head = await reader.readuntil(b"\r\n\r\n")
    assert b" 101 " in head, head
    async with asyncio.timeout(3):
        assert await reader.readexactly(7) == b"\x81\x05hello"
    writer.close()


main()
