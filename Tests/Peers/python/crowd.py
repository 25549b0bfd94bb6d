"""Runs 200 concurrent clients that reconnect: crowd.py HOST:PORT"""

import asyncio

from websockets.asyncio.client import connect

from cases import address, case, main


@case
async def crowd():
    """200 concurrent clients, three connections each, get only their own messages"""
    arrived = asyncio.Barrier(200)

    async def client(number):
        for turn in range(3):
            async with connect(address("/ws/echo/"), ping_interval=None, open_timeout=40) as socket:
                if turn == 0:
                    # All clients connect before the first one sends.
                    await arrived.wait()
                for word in range(5):
                    message = f"{number} {turn} {word}"
                    await socket.send(message)
                    assert await socket.recv() == message
                if (number + turn) % 3 == 0:
                    socket.transport.abort()

    async with asyncio.TaskGroup() as group:
        for number in range(200):
            group.create_task(client(number))


main()
