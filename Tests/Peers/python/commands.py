"""Sends a message to a browser and a job to a worker with showcase's commands, and a job as Django sends it:
commands.py ADDRESS PROGRAM CHANNEL_LAYERS
"""

import asyncio
import json
import os
import subprocess
import sys

import websockets
from channels_redis.core import RedisChannelLayer


def send(program, layers, *words):
    done = subprocess.run(
        [program, "send", *words], env={**os.environ, "CHANNEL_LAYERS": layers}, capture_output=True, text=True)
    assert done.returncode == 0 and not done.stderr, done


async def main(address, program, layers):
    async with websockets.connect(f"ws://{address}/ws/chat/tea/?name=Ann") as ann:
        note = {"type": "note", "text": "from the command line"}
        while json.loads(await ann.recv())["type"] != "presence.state":
            pass
        await asyncio.to_thread(send, program, layers, "chat_tea", json.dumps(note))
        async with asyncio.timeout(10):
            while True:
                message = json.loads(await ann.recv())
                if message["type"] == "note":
                    break
        assert message == note, message

    config = json.loads(layers)["default"]["CONFIG"]
    layer = RedisChannelLayer(hosts=[{"address": config["hosts"][0], "socket_timeout": None}])
    channel = await layer.new_channel()
    for number, name in enumerate(["thumbnails", "resize"]):
        job = {"type": "job.run", "id": number, "reply": channel}
        if number:
            await layer.send(name, job)
        else:
            await asyncio.to_thread(send, program, layers, "--channel", name, json.dumps(job))
        async with asyncio.timeout(10):
            answer = await layer.receive(channel)
        assert answer == {"type": "job.done", "id": number, "by": "strait", "channel": name}, answer
    await layer.close_pools()


asyncio.run(main(*sys.argv[1:4]))
