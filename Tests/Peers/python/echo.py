"""What is sent to the echo consumer comes back: echo.py HOST:PORT"""

import asyncio
import os

from websockets.asyncio.client import connect
from websockets.exceptions import ConnectionClosedError

from cases import address, case, main

LIMIT = 1 << 20


async def returns(message, compression="deflate"):
    async with connect(address("/ws/echo/"), max_size=2 * LIMIT, compression=compression) as socket:
        await socket.send(message)
        answer = await socket.recv()
        assert answer == message and type(answer) is type(message), answer[:80]


@case
async def text():
    """text comes back as text"""
    await returns("Grüße, 世界 🌍")


@case
async def binary():
    """bytes come back as bytes"""
    await returns(bytes(range(256)) * 300)


@case
async def empty():
    """an empty text and empty bytes come back"""
    await returns("")
    await returns(b"")


@case
async def largest():
    """a message of the largest size comes back"""
    await returns(os.urandom(LIMIT), compression=None)
    await returns(b"x" * LIMIT)


async def is_too_big(message, compression):
    async with connect(address("/ws/echo/"), max_size=2 * LIMIT, compression=compression) as socket:
        try:
            await socket.send(message)
            await socket.recv()
        except ConnectionClosedError as error:
            assert error.rcvd is not None and error.rcvd.code == 1009, error
        else:
            raise AssertionError("It was not refused.")


@case
async def too_big():
    """a byte more is closed with 1009"""
    await is_too_big(b"x" * (LIMIT + 1), None)


@case
async def too_big_in_fragments():
    """a byte more in many fragments is closed with 1009"""
    await is_too_big((b"x" * 1024 for _ in range(1025)), None)


@case
async def too_big_inflated():
    """a byte more after inflating is closed with 1009"""
    await is_too_big(b"x" * (LIMIT + 1), "deflate")


@case
async def fragments():
    """a message sent piece by piece comes back whole, characters divided between pieces too"""
    async def pieces():
        for piece in ("one ", "", "and ", "zwölf"):
            yield piece

    async def bytes_of_pieces():
        for byte in "zwölf 🌍".encode():
            yield bytes([byte])

    for compression in (None, "deflate"):
        async with connect(address("/ws/echo/"), compression=compression) as socket:
            await socket.send(pieces())
            assert await socket.recv() == "one and zwölf"
            await socket.send(bytes_of_pieces())
            assert await socket.recv() == "zwölf 🌍".encode()


@case
async def order():
    """a thousand messages sent at once come back in their order"""
    async with connect(address("/ws/echo/"), max_queue=2000) as socket:
        for number in range(1000):
            await socket.send(str(number))
        for number in range(1000):
            assert await socket.recv() == str(number)


@case
async def slow_reader():
    """a client that reads late is waited for, and loses nothing"""
    message = os.urandom(200_000)
    async with connect(address("/ws/echo/"), max_queue=1) as socket:
        async def send():
            for _ in range(40):
                await socket.send(message)

        sending = asyncio.create_task(send())
        for _ in range(40):
            assert await socket.recv() == message
        await sending


main()
