"""The ASGI application with pages, WebSockets and workers."""

import os

from channels.routing import ChannelNameRouter, ProtocolTypeRouter, URLRouter
from django.core.asgi import get_asgi_application
from django.urls import path

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "peer.settings")
pages = get_asgi_application()

from peer import consumers  # noqa: E402  (needs the settings)

application = ProtocolTypeRouter({
    "http": pages,
    "websocket": URLRouter([
        path("ws/chat/<slug:room>/", consumers.Chat.as_asgi()),
        path("ws/echo-channel/", consumers.EchoChannel.as_asgi()),
        path("ws/broadcast/<slug:group>/", consumers.Broadcast.as_asgi()),
    ]),
    "channel": ChannelNameRouter({
        "jobs": consumers.Jobs.as_asgi(),
        "thumbnails": consumers.Jobs.as_asgi(),
    }),
})
