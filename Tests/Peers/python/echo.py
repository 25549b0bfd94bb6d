"""Tests the echo consumer: echo.py HOST:PORT"""

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
    """text is echoed as text"""
    await returns("Grüße, 世界 🌍")


@case
async def binary():
    """bytes are echoed as bytes"""
    await returns(bytes(range(256)) * 300)


@case
async def empty():
    """empty text and empty bytes are echoed"""
    await returns("")
    await returns(b"")


@case
async def largest():
    """a message of the maximum size is echoed"""
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
            raise AssertionError("The message was not rejected.")


@case
async def too_big():
    """a message one byte over the limit is closed with 1009"""
    await is_too_big(b"x" * (LIMIT + 1), None)


@case
async def too_big_in_fragments():
    """a fragmented message over the limit is closed with 1009"""
    await is_too_big((b"x" * 1024 for _ in range(1025)), None)


@case
async def too_big_inflated():
    """a message that inflates to one byte over the limit is closed with 1009"""
    await is_too_big(b"x" * (LIMIT + 1), "deflate")


@case
async def fragments():
    """a fragmented message is echoed whole, even if characters are split between fragments"""
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
    """a thousand messages sent at once are echoed in order"""
    async with connect(address("/ws/echo/"), max_queue=2000) as socket:
        for number in range(1000):
            await socket.send(str(number))
        for number in range(1000):
            assert await socket.recv() == str(number)


@case
async def slow_reader():
    """a slow client loses no messages"""
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
