"""Two members of a chat room, on two processes, see each other and chat. Then the second process is killed.

    rooms.py ADDRESS ADDRESS PROCESS-OF-THE-SECOND
"""

import asyncio
import json
import os
import signal
import sys
import time

import websockets


async def until(opened, wanted, seconds):
    """Returns all messages up to the first that is wanted."""
    seen = []
    async with asyncio.timeout(seconds):
        while True:
            seen.append(json.loads(await opened.recv()))
            if wanted(seen[-1]):
                return seen


async def main(one, other, process):
    async with websockets.connect(f"ws://{one}/ws/chat/tea/?name=Ann") as ann:
        await until(ann, lambda message: message["type"] == "presence.state", 10)
        async with websockets.connect(f"ws://{other}/ws/chat/tea/?name=Bob") as bob:
            state = (await until(bob, lambda message: message["type"] == "presence.state", 10))[-1]
            assert set(state["members"]) == {"Ann", "Bob"}, state
            await until(ann, lambda message: "Bob" in message.get("joins", {}), 10)
            for speaker, text in [(ann, "from Ann"), (bob, "from Bob")]:
                await speaker.send(json.dumps({"type": "say", "text": text}))
                for opened in (ann, bob):
                    await until(opened, lambda message: message.get("text") == text, 10)
            os.kill(process, signal.SIGKILL)
            killed = time.monotonic()
            seen = await until(ann, lambda message: "Bob" in message.get("leaves", {}), 10)
            assert seen[-1]["count"] == 1, seen
            print(f"Bob left {time.monotonic() - killed:.1f} s after his process was killed.")
            # He is not reported again.
            await ann.send(json.dumps({"type": "say", "text": "alone"}))
            seen = await until(ann, lambda message: message.get("text") == "alone", 10)
            assert not any("leaves" in message for message in seen), seen


asyncio.run(main(sys.argv[1], sys.argv[2], int(sys.argv[3])))
