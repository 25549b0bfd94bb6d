"""Runs the project's workers, as manage.py runworker does: work.py [--layer ALIAS] CHANNEL …

CHANNEL is `jobs` or `thumbnails`. Prints "working CHANNEL …" when it listens. CHANNEL_LAYERS is JSON in the
environment. The process ends on SIGTERM, or when its standard input is a pipe that ends.
"""

import asyncio
import os
import signal
import sys

import django
from channels.management.commands import runworker
from channels.worker import Worker
from django.core.management import call_command

from peer.lifetime import end_with_input


class Announcing(Worker):
    """Prints when it listens, which Channels does not."""

    async def handle(self):
        listening = asyncio.ensure_future(super().handle())
        # The core layer keeps messages until a worker reads, but the pub/sub layer needs a subscription first.
        while hasattr(self.channel_layer, "_get_layer"):
            subscribed = set().union(*(shard._subscribed_to for shard in self.channel_layer._get_layer()._shards))
            if listening.done() or subscribed >= set(self.channels):
                break
            await asyncio.sleep(0.01)
        print("working", *self.channels, flush=True)
        await listening


signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
end_with_input()
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "peer.settings")
django.setup()
runworker.Command.worker_class = Announcing
call_command(runworker.Command(), *sys.argv[1:])
