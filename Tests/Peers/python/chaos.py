"""Runs three showcase processes on one Redis layer under load. Redis is killed, paused and disconnected at random.

    chaos.py SHOWCASE [--seconds S] [--seed N] [--layer core|pubsub]

Afterwards every open socket must get every new message once, no process may have ended, and each process must have
logged the start and end of its outages. Prints the disturbances and the results.
"""

import argparse
import asyncio
import json
import os
import random
import re
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time

import websockets

PROCESSES = 3
SOCKETS = 12  # of each process
RATE = 20  # messages a second of each process
GROUP = "/ws/broadcast/chaos/"


class Redis:
    """A server that restarts empty, on the same socket."""

    def __init__(self, folder):
        self.path = os.path.join(folder, "redis.sock")
        self.folder = folder
        self.process = None

    async def start(self):
        self.process = subprocess.Popen(
            ["redis-server", "--port", "0", "--unixsocket", self.path, "--save", "", "--appendonly", "no",
             "--dir", self.folder],
            stdout=subprocess.DEVNULL)
        while True:
            try:
                _, writer = await asyncio.open_unix_connection(self.path)
                writer.close()
                return
            except OSError:
                await asyncio.sleep(0.02)

    def kill(self):
        self.process.kill()
        self.process.wait()

    def signal(self, number):
        self.process.send_signal(number)


class Line:
    """A proxy between one process and Redis that can cut connections and go silent."""

    def __init__(self, path, target):
        self.path, self.target = path, target
        self.pairs = set()
        self.is_silent = False

    async def open(self):
        self.server = await asyncio.start_unix_server(self.serve, self.path)

    async def serve(self, reader, writer):
        try:
            far_reader, far_writer = await asyncio.open_unix_connection(self.target)
        except OSError:
            return writer.close()
        pair = (writer, far_writer)
        self.pairs.add(pair)
        await asyncio.gather(self.pump(reader, far_writer), self.pump(far_reader, writer))
        self.pairs.discard(pair)

    async def pump(self, reader, writer):
        try:
            while data := await reader.read(65536):
                # Data that arrives while the line is silent is lost, and so is all later data of the same connection.
                if self.is_silent or getattr(writer, "is_dead", False):
                    writer.is_dead = True
                    continue
                writer.write(data)
                await writer.drain()
        except (OSError, asyncio.CancelledError):
            pass
        if not getattr(writer, "is_dead", False):
            writer.close()

    def cut(self):
        for near, far in list(self.pairs):
            near.transport.abort()
            far.transport.abort()


class Showcase:
    def __init__(self, program, folder, number, backend, target):
        self.line = Line(os.path.join(folder, f"line{number}.sock"), target)
        self.log = open(os.path.join(folder, f"log{number}"), "w+")
        layers = {"default": {"BACKEND": backend, "CONFIG": {"hosts": ["unix://" + self.line.path]}}}
        self.environment = {**os.environ, "CHANNEL_LAYERS": json.dumps(layers), "DEBUG": "true"}
        self.program = program
        self.number = number

    async def start(self):
        await self.line.open()
        self.process = subprocess.Popen(
            [self.program, "runserver", "--bench", "--port", "0", "--loops", "1", "--no-access-log"],
            env=self.environment, stdout=subprocess.PIPE, stderr=self.log, text=True)
        said = await asyncio.to_thread(self.process.stdout.readline)
        self.url = f"ws://127.0.0.1:{re.search(r':([0-9]+)/', said)[1]}{GROUP}"

    def logged(self):
        self.log.seek(0)
        return self.log.read()


class Member:
    """A socket in the group that reconnects when it is lost."""

    def __init__(self, showcase):
        self.showcase = showcase
        self.got = {}
        self.socket = None
        self.refused = 0

    async def live(self):
        while True:
            try:
                async with websockets.connect(self.showcase.url, open_timeout=20, ping_interval=None) as opened:
                    self.socket = opened
                    async for message in opened:
                        self.got[message] = self.got.get(message, 0) + 1
            except (OSError, websockets.WebSocketException, asyncio.TimeoutError):
                self.refused += 1
            self.socket = None
            await asyncio.sleep(0.05)

    async def send(self, text):
        opened = self.socket
        if opened is None:
            return False
        try:
            await opened.send(text)
            return True
        except websockets.WebSocketException:
            return False


async def load(members, sent):
    number = 0
    while True:
        for row in members:
            number += 1
            text = f"load-{number}"
            if await row[0].send(text):
                sent.append(text)
        await asyncio.sleep(1 / RATE)


async def disturb(redis, showcases, chance, seconds, done):
    """Disturbs Redis and its lines for `seconds` and adds the disturbances to `done`. Undoes the last one."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        await asyncio.sleep(chance.uniform(0.2, 1.5))
        # A pause may remain unnoticed, but even the shortest run needs an outage.
        kind = chance.choice(["kill", "pause", "cut", "cut", "silence"]) if done else "cut"
        showcase = chance.choice(showcases)
        done.append(kind if kind in ("kill", "pause") else f"{kind} {showcase.number}")
        if kind == "kill":
            redis.kill()
            await asyncio.sleep(chance.uniform(0, 1))
            await redis.start()
        elif kind == "pause":
            redis.signal(signal.SIGSTOP)
            await asyncio.sleep(chance.uniform(0.1, 2))
            redis.signal(signal.SIGCONT)
        elif kind == "cut":
            showcase.line.cut()
        else:
            showcase.line.is_silent = True
            await asyncio.sleep(chance.uniform(0.1, 1))
            showcase.line.is_silent = False


async def settle(members, name):
    """Waits until a message of each process with a new `name` reaches every socket. Returns False after a minute."""
    deadline = time.monotonic() + 60
    number = 0
    while time.monotonic() < deadline:
        number += 1
        texts = []
        for row in members:
            text = f"{name}-{number}-{row[0].showcase.number}"
            texts.append(text)
            await row[0].send(text)
        for _ in range(20):
            await asyncio.sleep(0.05)
            if all(text in member.got for row in members for member in row for text in texts):
                return True
    return False


async def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("showcase")
    parser.add_argument("--seconds", type=float, default=60)
    parser.add_argument("--seed", type=int, default=random.randrange(1 << 32))
    parser.add_argument("--layer", choices=["core", "pubsub"], default="core")
    arguments = parser.parse_args()
    backend = {"core": "channels_redis.core.RedisChannelLayer", "pubsub": "channels_redis.pubsub.RedisPubSubChannelLayer"}
    chance = random.Random(arguments.seed)
    folder = tempfile.mkdtemp(prefix="strait-chaos-")
    redis = Redis(folder)
    showcases = [
        Showcase(arguments.showcase, folder, number, backend[arguments.layer], redis.path)
        for number in range(PROCESSES)
    ]
    tasks, done = [], []
    try:
        await redis.start()
        for showcase in showcases:
            await showcase.start()
        members = [[Member(showcase) for _ in range(SOCKETS)] for showcase in showcases]
        tasks = [asyncio.create_task(member.live()) for row in members for member in row]
        assert await settle(members, "first"), "The sockets did not reach each other before the first disturbance."
        sent = []
        loading = asyncio.create_task(load(members, sent))
        tasks.append(loading)
        await disturb(redis, showcases, chance, arguments.seconds, done)
        loading.cancel()
        # A silent connection is noticed when a reply is overdue: after ten seconds for a read that waits for five.
        if any(kind.startswith("silence") for kind in done):
            await asyncio.sleep(11)
        began = time.monotonic()
        assert await settle(members, "again"), "Some sockets do not reach each other a minute after the disturbances."
        settled = time.monotonic() - began

        everybody = [member for row in members for member in row]
        news = []
        for number in range(50):
            for row in members:
                text = f"new-{number}-{row[0].showcase.number}"
                news.append(text)
                assert await row[0].send(text), "A socket was lost after everything had settled."
            await asyncio.sleep(0.01)
        deadline = time.monotonic() + 20
        while time.monotonic() < deadline and not all(text in one.got for one in everybody for text in news):
            await asyncio.sleep(0.05)
        missing = sum(text not in one.got for one in everybody for text in news)
        twice = sum(one.got.get(text, 0) > 1 for one in everybody for text in sent + news)
        outages = 0
        for showcase in showcases:
            assert showcase.process.poll() is None, f"A process has ended with {showcase.process.returncode}."
            log = showcase.logged()
            begun, over = log.count("There is no connection to Redis"), log.count("is back after")
            assert begun == over, f"The log has {begun} outages that began and {over} that ended:\n{log}"
            outages += begun
        deaf = {
            f"socket {number} of process {one.showcase.number}": [text for text in news if text not in one.got]
            for row in members for number, one in enumerate(row) if not all(text in one.got for text in news)
        }
        assert missing == 0, f"{missing} of {len(news) * len(everybody)} new messages did not arrive: {deaf}"
        assert twice == 0, f"{twice} messages arrived twice."
        assert outages > 0, "No outage was logged."
        reached = sum(text in one.got for one in everybody for text in sent)
        print(f"seed {arguments.seed}: {', '.join(done)}")
        print(
            f"{outages} outages logged; {reached} of {len(sent) * len(everybody)} deliveries during them; settled after "
            f"{settled:.1f} s; all {len(news) * len(everybody)} new ones arrived, none twice.")
    except BaseException:
        print(f"seed {arguments.seed}: {', '.join(done)}", file=sys.stderr)
        for showcase in showcases:
            print(showcase.logged()[-2000:], file=sys.stderr)
        raise
    finally:
        # The lines' tasks end with the loop, which must not report them.
        asyncio.get_running_loop().set_exception_handler(lambda *_: None)
        for task in tasks:
            task.cancel()
        for showcase in showcases:
            if hasattr(showcase, "process"):
                showcase.process.kill()
                showcase.process.wait()
            showcase.log.close()
        if redis.process:
            redis.kill()
        shutil.rmtree(folder, ignore_errors=True)


asyncio.run(main())
