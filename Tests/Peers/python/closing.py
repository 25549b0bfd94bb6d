"""Pings and closes: closing.py HOST:PORT"""

import asyncio

from websockets.asyncio.client import connect
from websockets.exceptions import ConnectionClosed

from cases import address, case, main


@case
async def pings():
    """a ping is answered with its payload and its latency is known"""
    async with connect(address("/ws/echo/"), ping_interval=None) as socket:
        for payload in (b"", b"x", b"y" * 125):
            latency = await (await socket.ping(payload))
            assert 0 <= latency < 10 and socket.latency == latency, latency


@case
async def ping_between_fragments():
    """a ping between two fragments is answered before the message is complete"""
    async with connect(address("/ws/echo/"), ping_interval=None) as socket:
        may_go_on = asyncio.Event()

        async def pieces():
            yield "first "
            await may_go_on.wait()
            yield "second"

        sending = asyncio.create_task(socket.send(pieces()))
        await (await socket.ping(b"between"))
        may_go_on.set()
        await sending
        assert await socket.recv() == "first second"


@case
async def codes():
    """a close is answered with the same code"""
    for code in (1000, 1001, 1011, 3000, 4999):
        async with connect(address("/ws/echo/")) as socket:
            await socket.close(code, "Grüße")
            assert (socket.close_code, socket.protocol.close_rcvd.code) == (code, code), socket.protocol.close_rcvd
            assert socket.protocol.close_rcvd_then_sent is False


@case
async def no_code():
    """a close without a code is answered without one"""
    async with connect(address("/ws/echo/"), compression=None) as socket:
        socket.transport.write(b"\x88\x80\0\0\0\0")
        await socket.wait_closed()
        assert socket.protocol.close_rcvd.code == 1005, socket.protocol.close_rcvd


async def is_closed(frame, code, has_reason=True):
    async with connect(address("/ws/echo/"), compression=None) as socket:
        socket.transport.write(frame)
        try:
            await socket.recv()
            raise AssertionError("The message was answered.")
        except ConnectionClosed as closed:
            assert closed.rcvd is not None and closed.rcvd.code == code, closed
            assert bool(closed.rcvd.reason) == has_reason, closed


@case
async def violations():
    """a protocol error is closed with 1002 and a reason"""
    await is_closed(b"\x81\x01x", 1002)  # not masked
    await is_closed(b"\xc1\x81\0\0\0\0x", 1002)  # RSV1 without the extension
    await is_closed(b"\x83\x80\0\0\0\0", 1002)  # a reserved opcode
    await is_closed(b"\x80\x80\0\0\0\0", 1002)  # a continuation without a first frame
    await is_closed(b"\x09\x80\0\0\0\0", 1002)  # a fragmented ping
    await is_closed(b"\x88\x82\0\0\0\0\x03\xed", 1002)  # 1005 on the wire


@case
async def not_text():
    """text that is not UTF-8 is closed with 1007"""
    await is_closed(b"\x81\x82\0\0\0\0\xc3\x28", 1007)


@case
async def lost():
    """an aborted connection does not affect the next"""
    async with connect(address("/ws/echo/")) as socket:
        socket.transport.abort()
    async with connect(address("/ws/echo/")) as socket:
        await socket.send("still there")
        assert await socket.recv() == "still there"


main()
