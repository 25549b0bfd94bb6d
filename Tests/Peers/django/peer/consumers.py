"""Typical Channels consumers."""

import json

from channels.consumer import AsyncConsumer
from channels.exceptions import ChannelFull
from channels.generic.websocket import AsyncJsonWebsocketConsumer, AsyncWebsocketConsumer

from peer.values import plain


class Chat(AsyncJsonWebsocketConsumer):
    """A room: {"type": "say", "text": …} sends the text to all members of its group."""

    async def connect(self):
        self.group = f"chat_{self.scope['url_route']['kwargs']['room']}"
        await self.channel_layer.group_add(self.group, self.channel_name)
        await self.accept()

    async def disconnect(self, code):
        await self.channel_layer.group_discard(self.group, self.channel_name)

    async def receive_json(self, content):
        if content["type"] == "say":
            await self.channel_layer.group_send(self.group, {"type": "said", "text": content["text"]})

    async def said(self, event):
        await self.send_json(event)

    async def websocket_send(self, event):
        # A frame from the sender, which is forwarded unchanged.
        await self.send(text_data=event.get("text"), bytes_data=event.get("bytes"))


class EchoChannel(AsyncJsonWebsocketConsumer):
    """A socket that first sends {"channel_name": …} and then forwards the messages of its channel.
    {"to": channel, "message": {…}} sends to another channel."""

    async def connect(self):
        await self.accept()
        await self.send_json({"channel_name": self.channel_name})

    async def receive_json(self, content):
        try:
            await self.channel_layer.send(content["to"], content["message"])
        except ChannelFull:
            await self.send_json({"error": "ChannelFull"})

    async def direct_message(self, event):
        await self.send_json(event)

    async def job_done(self, event):
        await self.send_json(event)

    @classmethod
    async def encode_json(cls, content):
        return json.dumps(plain(content))


class Broadcast(AsyncWebsocketConsumer):
    """Forwards every message unchanged to all members of its group, including itself. For benchmarks."""

    async def connect(self):
        self.group = f"broadcast_{self.scope['url_route']['kwargs']['group']}"
        await self.channel_layer.group_add(self.group, self.channel_name)
        await self.accept()

    async def disconnect(self, code):
        await self.channel_layer.group_discard(self.group, self.channel_name)

    async def receive(self, text_data=None, bytes_data=None):
        await self.channel_layer.group_send(
            self.group, {"type": "broadcast.message", "text": text_data, "bytes": bytes_data})

    async def broadcast_message(self, event):
        await self.send(text_data=event["text"], bytes_data=event["bytes"])


class Jobs(AsyncConsumer):
    """A worker: answers {"type": "job.run", "id": …} on the channel "reply", in the group "reply_group" or both."""

    async def job_run(self, message):
        done = {"type": "job.done", "id": message["id"], "by": "django", "channel": self.scope["channel"]}
        if "reply" in message:
            await self.channel_layer.send(message["reply"], done)
        if "reply_group" in message:
            await self.channel_layer.group_send(message["reply_group"], done)

    async def job_fail(self, message):
        raise ValueError(f"Job {message.get('id')} fails on request.")
