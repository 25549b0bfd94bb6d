"""Tests valid and invalid handshakes: handshake.py HOST:PORT"""

import asyncio

from websockets.asyncio.client import connect
from websockets.exceptions import InvalidStatus

from cases import HOST, address, case, main

UPGRADE = {
    "Host": HOST, "Upgrade": "websocket", "Connection": "Upgrade", "Sec-WebSocket-Version": "13",
    "Sec-WebSocket-Key": "dGhlIHNhbXBsZSBub25jZQ==",
}


async def talk(text):
    """Writes `text` and reads the response's head. Returns its status, the head, the reader and the writer."""
    host, port = HOST.split(":")
    reader, writer = await asyncio.open_connection(host, int(port))
    writer.write(text)
    head = (await reader.readuntil(b"\r\n\r\n")).decode()
    return int(head.split(" ")[1]), head.lower(), reader, writer


async def ask(path="/ws/echo/", **changes):
    """Sends a handshake with some headers changed, or omitted if they are None."""
    fields = UPGRADE | {name.replace("_", "-"): value for name, value in changes.items()}
    lines = [f"GET {path} HTTP/1.1"] + [f"{name}: {value}" for name, value in fields.items() if value is not None]
    status, head, _, writer = await talk("\r\n".join(lines + ["", ""]).encode())
    writer.close()
    return status, head


async def status_of(path, **options):
    try:
        async with connect(address(path), **options):
            return 101
    except InvalidStatus as refusal:
        return refusal.response.status_code


@case
async def accepted():
    """a valid handshake is accepted with the key's digest, without an unrequested subprotocol"""
    status, head = await ask()
    assert status == 101 and "sec-websocket-accept: s3pplmbitxaq9kygzzhzrbk+xoo=" in head, head
    assert "sec-websocket-protocol" not in head and "sec-websocket-extensions" not in head, head


@case
async def subprotocols():
    """no subprotocol is selected unless the consumer chooses one"""
    async with connect(address("/ws/echo/"), subprotocols=["chat", "other"]) as socket:
        assert socket.subprotocol is None


@case
async def unknown_path():
    """an unknown path gets 404"""
    assert await status_of("/ws/unknown/") == 404


@case
async def origins():
    """a foreign Origin gets 403, and the site's own or a missing one is accepted"""
    assert await status_of("/ws/echo/", origin="http://evil.example") == 403
    assert await status_of("/ws/echo/", origin="null") == 403
    assert await status_of("/ws/echo/", origin=f"http://{HOST}x") == 403
    assert await status_of("/ws/echo/", origin=f"http://{HOST}") == 101
    assert await status_of("/ws/echo/") == 101


@case
async def versions():
    """another version gets 426 with the supported version"""
    for version in ("8", "12", "14"):
        status, head = await ask(Sec_WebSocket_Version=version)
        assert status == 426 and "sec-websocket-version: 13" in head, head


@case
async def no_upgrade():
    """a plain GET of a WebSocket path gets 426"""
    status, head = await ask(Upgrade=None, Connection=None)
    assert status == 426 and "upgrade: websocket" in head, head


@case
async def wrong_key():
    """a key that is missing or not 16 bytes gets 400"""
    for key in (None, "", "short", "!!!!!!!!!!!!!!!!!!!!!!=="):
        status, head = await ask(Sec_WebSocket_Key=key)
        assert status == 400, (key, head)


@case
async def bad_requests():
    """invalid HTTP gets 400, and the connection is closed (RFC 9112 §2.2, §5.1, §6.3)"""
    for request in (
        b"GET / HTTP/1.1\r\nHost : x\r\n\r\n",
        b"GET / HTTP/1.1\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: x\r\nHost: y\r\n\r\n",
        b"GET / HTTP/1.1\nHost: x\n\n",
        b"GET  / HTTP/1.1\r\nHost: x\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: x\r\n folded: y\r\n\r\n",
        b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
        b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 1, 2\r\n\r\nab",
        b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03 a TLS client's first words\r\n\r\n",
    ):
        status, head, reader, writer = await talk(request)
        assert status == 400 and "connection: close" in head, (request, head)
        await reader.read()
        writer.close()


@case
async def second_request():
    """a connection can request a page and then become a WebSocket"""
    status, head, reader, writer = await talk(f"HEAD / HTTP/1.1\r\nHost: {HOST}\r\n\r\n".encode())
    assert status == 200, head
    writer.write(("GET /ws/echo/ HTTP/1.1\r\n" + "".join(f"{n}: {v}\r\n" for n, v in UPGRADE.items()) + "\r\n").encode())
    head = await reader.readuntil(b"\r\n\r\n")
    assert b" 101 " in head, head
    writer.write(b"\x81\x85\0\0\0\0hello")
    assert await reader.readexactly(7) == b"\x81\x05hello"
    writer.close()


@case
async def pipelined():
    """pipelined requests are answered in order"""
    paths = ["/", "/unknown/", "/static/look/look.css", "/echo/"]
    host, port = HOST.split(":")
    reader, writer = await asyncio.open_connection(host, int(port))
    writer.write("".join(f"HEAD {path} HTTP/1.1\r\nHost: {HOST}\r\n\r\n" for path in paths).encode())
    heads = [(await reader.readuntil(b"\r\n\r\n")).decode() for _ in paths]
    assert [head.split(" ")[1] for head in heads] == ["200", "404", "200", "200"], heads
    assert "text/css" in heads[2], heads[2]
    writer.close()


main()
