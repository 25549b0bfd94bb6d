"""Measures the CPU time of sending to a group: group_send.py [-d SECONDS] [-q] [COMMAND …]

Two channels in two other processes are the members of the group `measured`, and read as fast as they can. Prints a line like
that of ws_load: sends, seconds, sends per CPU second of this process, and CPU microseconds per send; with -q only the third.
With COMMAND, that command sends and prints instead of this process.

CHANNEL_LAYERS is JSON in the environment. Its capacity must be high enough that no message is dropped. The layer's keys in
Redis are deleted at the end.
"""

import argparse
import asyncio
import json
import os
import subprocess
import sys
import time

from django.utils.module_loading import import_string

GROUP = "measured"
MESSAGE = {"type": "chat.message", "text": "x" * 64}
# The warm-up in seconds.
WARM_UP = 1


def make_layer():
    described = json.loads(os.environ["CHANNEL_LAYERS"])["default"]
    return import_string(described["BACKEND"])(**described.get("CONFIG", {}))


async def be_member():
    layer = make_layer()
    channel = await layer.new_channel()
    await layer.group_add(GROUP, channel)
    print("joined", flush=True)
    while True:
        await layer.receive(channel)


async def measure(seconds):
    """Returns the number of sends, the seconds, and the CPU seconds."""
    layer = make_layer()
    started = cpu = None
    sends = 0
    begin = time.monotonic()
    while True:
        await layer.group_send(GROUP, MESSAGE)
        sends += 1
        now = time.monotonic()
        if started is None and now > begin + WARM_UP:
            started, sends, cpu = now, 0, time.process_time()
        elif started is not None and now > started + seconds:
            return sends, now - started, time.process_time() - cpu


async def clear():
    await make_layer().flush()


def main():
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("-d", "--seconds", type=float, default=5)
    arguments.add_argument("-q", "--quiet", action="store_true")
    arguments.add_argument("--member", action="store_true", help=argparse.SUPPRESS)
    arguments.add_argument("command", nargs=argparse.REMAINDER, help="a command that sends instead of this process")
    given = arguments.parse_args()
    if given.member:
        return asyncio.run(be_member())
    members = [
        subprocess.Popen([sys.executable, "-B", __file__, "--member"], stdout=subprocess.PIPE) for _ in range(2)]
    try:
        for member in members:
            if member.stdout.readline() != b"joined\n":
                sys.exit("A member of the group could not join.")
        if given.command:
            sys.exit(subprocess.run(given.command).returncode)
        sends, seconds, used = asyncio.run(measure(given.seconds))
    finally:
        for member in members:
            member.kill()
            member.wait()
        asyncio.run(clear())
    if given.quiet:
        print(f"{sends / used:.0f}")
    else:
        print(f"{sends} sends in {seconds:.2f} s, {sends / used:.0f} per CPU second, {used / sends * 1e6:.3f} us per send")


main()
