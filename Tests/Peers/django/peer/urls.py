"""A page, and a view that sends to a group from outside a consumer."""

from asgiref.sync import async_to_sync
from channels.layers import get_channel_layer
from django.http import HttpResponse
from django.urls import path


def index(request):
    return HttpResponse("django\n", content_type="text/plain")


def announce(request, room, text):
    async_to_sync(get_channel_layer().group_send)(f"chat_{room}", {"type": "said", "text": text})
    return HttpResponse("announced\n", content_type="text/plain")


urlpatterns = [
    path("", index),
    path("announce/<slug:room>/<str:text>/", announce),
]
