"""Clients of two servers that share a channel layer: together.py HOST:PORT HOST:PORT [CHANNEL …]

CHANNEL … are the channels of workers that answer "job.run". The servers can be Daphne, Strait, or the same one twice.
"""

import asyncio
import json
import sys

from websockets.asyncio.client import connect

LIMIT = 45
HERE, THERE, *JOBS = sys.argv[1:]


async def heard(socket):
    return json.loads(await socket.recv())


async def say(socket, text):
    await socket.send(json.dumps({"type": "say", "text": text}))


async def room():
    """messages from either server reach the clients of both, in order"""
    path = "/ws/chat/together/"
    async with connect(f"ws://{HERE}{path}") as ann, connect(f"ws://{THERE}{path}") as ben:
        for speaker in (ann, ben):
            for number in range(20):
                await say(speaker, f"Grüße {number} 🌍")
            for socket in (ann, ben):
                for number in range(20):
                    message = await heard(socket)
                    assert message == {"type": "said", "text": f"Grüße {number} 🌍"}, message
    # Later clients get later messages, and clients that left cause no errors.
    async with connect(f"ws://{HERE}{path}") as ann, connect(f"ws://{THERE}{path}") as ben:
        await say(ben, "again")
        for socket in (ann, ben):
            assert await heard(socket) == {"type": "said", "text": "again"}


async def channels():
    """a client of one server sends to the channel of a socket on the other"""
    path = "/ws/echo-channel/"
    async with connect(f"ws://{HERE}{path}") as ann, connect(f"ws://{THERE}{path}") as ben:
        names = [(await heard(socket))["channel_name"] for socket in (ann, ben)]
        for sender, name, receiver in ((ann, names[1], ben), (ben, names[0], ann)):
            message = {"type": "direct.message", "text": "é", "list": [1, None, True]}
            await sender.send(json.dumps({"to": name, "message": message}))
            assert await heard(receiver) == message


async def jobs():
    """workers of both servers process jobs from sockets of both, and answer on the socket"""
    path = "/ws/echo-channel/"
    for host in (HERE, THERE):
        async with connect(f"ws://{host}{path}") as socket:
            name = (await heard(socket))["channel_name"]
            for number, channel in enumerate(JOBS):
                message = {"type": "job.run", "id": number, "reply": name}
                await socket.send(json.dumps({"to": channel, "message": message}))
                answer = await heard(socket)
                assert (answer["type"], answer["id"], answer["channel"]) == ("job.done", number, channel), answer


async def main():
    for function in (room, channels, jobs):
        async with asyncio.timeout(LIMIT):
            await function()
        print(f"ok      {function.__doc__}", flush=True)


asyncio.run(main())
