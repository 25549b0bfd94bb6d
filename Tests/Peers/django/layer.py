"""Controls channel layers of channels_redis by commands: layer.py LAYERS

LAYERS is a JSON list of {"BACKEND": …, "CONFIG": {…}}, in the format of CHANNEL_LAYERS. Each entry creates one layer
object. The script prints {"ready": number of layers}. For each command line it prints a line of JSON with the same "id"
and a "result", or with "error", the name of the exception, and "text". Bytes are {"__bytes__": "hex"} both ways.

    {"id": 1, "op": "new_channel"}                                             returns the name; "prefix" is optional
    {"id": 2, "op": "send", "channel": …, "message": {…}}
    {"id": 3, "op": "receive", "channel": …, "timeout": 5}                     returns the message
    {"id": 4, "op": "group_add", "group": …, "channel": …}                     likewise group_discard
    {"id": 5, "op": "group_send", "group": …, "message": {…}}
    {"id": 6, "op": "raw", "command": ["ZCARD", "asgijobs"], "shard": 0}       returns Redis' reply, strings as bytes
    {"id": 7, "op": "cancel", "of": 3}                                         returns whether that receive still waited
    {"id": 8, "op": "flush"}                                                   likewise close, which keeps Redis' data
    {"id": 9, "op": "log"}                                                     returns new log lines of channels_redis

"layer" is the index of the layer; the default is 0. Commands run one after the other, except that a `receive` runs
concurrently once it has started. A `receive` that times out returns TimeoutError. It keeps waiting, as a consumer does,
until the channel's next `receive` takes over. `cancel` ends it, and `close` ends all of its layer. The process ends
with its input.
"""

import asyncio
import collections
import json
import logging
import sys

from django.utils.module_loading import import_string
from redis.asyncio import Redis
from redis.exceptions import ResponseError

from channels_redis.utils import create_pool, decode_hosts
from peer.values import full, plain


class Log(logging.Handler):
    """The log lines that have not been requested yet."""

    def __init__(self):
        super().__init__()
        self.lines = []

    def emit(self, record):
        self.lines.append(f"{record.levelname} {record.getMessage()}")


class Driver:
    """The layers and their commands."""

    def __init__(self, described, logged):
        self.layers = [import_string(one["BACKEND"])(**full(one.get("CONFIG", {}))) for one in described]
        self.hosts = [decode_hosts(full(one.get("CONFIG", {})).get("hosts")) for one in described]
        self.logged = logged
        # The waiting receives by command ID, and those of them that have timed out, by layer and channel.
        self.receiving = {}
        self.late = collections.defaultdict(list)

    async def new_channel(self, layer, prefix=None):
        return await (layer.new_channel() if prefix is None else layer.new_channel(prefix))

    async def send(self, layer, channel, message):
        await layer.send(channel, message)

    async def receive(self, layer, channel, timeout=5, *, number):
        late = self.late[self.layers.index(layer), channel]
        waiting = late.pop(0) if late else asyncio.ensure_future(layer.receive(channel))
        self.receiving[number] = waiting
        await asyncio.wait([waiting], timeout=timeout)
        if not waiting.done():
            late.append(waiting)
            raise TimeoutError(f"No message arrived on {channel} in {timeout} seconds.")
        return waiting.result()

    async def group_add(self, layer, group, channel):
        await layer.group_add(group, channel)

    async def group_discard(self, layer, group, channel):
        await layer.group_discard(group, channel)

    async def group_send(self, layer, group, message):
        await layer.group_send(group, message)

    async def flush(self, layer):
        await layer.flush()

    async def close(self, layer):
        for (index, _), late in self.late.items():
            while index == self.layers.index(layer) and late:
                late.pop().cancel()
        # The core layer's flush would delete every key.
        await (layer.close_pools() if hasattr(layer, "close_pools") else layer.flush())

    async def raw(self, layer, command, shard=0):
        client = Redis(connection_pool=create_pool(self.hosts[self.layers.index(layer)][shard]))
        connection = await client.connection_pool.get_connection()
        try:
            await connection.send_command(*command)
            answer = await connection.read_response(disable_decoding=True)
        finally:
            await connection.disconnect()
            await client.aclose(close_connection_pool=True)
        if isinstance(answer, ResponseError):
            raise answer
        return answer

    async def cancel(self, layer, of):
        waiting = self.receiving.get(of)
        for late in self.late.values():
            if waiting in late:
                late.remove(waiting)
        return waiting is not None and waiting.cancel()

    async def log(self, layer):
        lines, self.logged.lines = self.logged.lines, []
        return lines

    async def carry_out(self, number, command):
        answer = {"id": number}
        try:
            name = command.pop("op")
            layer = self.layers[command.pop("layer", 0)]
            if name == "receive":
                command["number"] = number
            answer["result"] = plain(await OPERATIONS[name](self, layer, **full(command)))
        except (Exception, asyncio.CancelledError) as error:
            answer["error"] = type(error).__name__
            answer["text"] = str(error)
        print(json.dumps(answer), flush=True)

    async def run(self):
        print(json.dumps({"ready": len(self.layers)}), flush=True)
        running = set()
        while line := await asyncio.to_thread(sys.stdin.buffer.readline):
            command = json.loads(line)
            number = command.pop("id")
            task = asyncio.ensure_future(self.carry_out(number, command))
            if command["op"] != "receive":
                await task
            else:
                # Starts it before the next command is read.
                running.add(task)
                task.add_done_callback(running.discard)
                await asyncio.sleep(0)


OPERATIONS = {
    operation.__name__: operation for operation in (
        Driver.new_channel, Driver.send, Driver.receive, Driver.group_add, Driver.group_discard, Driver.group_send,
        Driver.flush, Driver.close, Driver.raw, Driver.cancel, Driver.log)}


async def main():
    described = json.loads(sys.argv[1])
    log = Log()
    logging.getLogger("channels_redis").addHandler(log)
    logging.getLogger("channels_redis").setLevel(logging.INFO)
    await Driver(described if isinstance(described, list) else [described], log).run()


asyncio.run(main())
