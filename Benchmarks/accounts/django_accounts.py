"""The pages of the benchmark of sessions and users in Django and Channels, as in production: DEBUG off, and a new
project's middleware.

    django_accounts.py create DATABASE    creates the tables, a user and a session, and prints the session's key

Served with: DATABASE=… uvicorn --app-dir Benchmarks/accounts django_accounts:application, or with daphne. DATABASE is
the path of an SQLite file.
"""

import os
import sys

import django
from django.conf import settings

settings.configure(
    ALLOWED_HOSTS=["*"],
    SECRET_KEY=os.environ["SECRET_KEY"],
    ROOT_URLCONF=__name__,
    LOGGING_CONFIG=None,
    USE_TZ=True,
    INSTALLED_APPS=["django.contrib.contenttypes", "django.contrib.auth", "django.contrib.sessions"],
    DATABASES={
        "default": {
            "ENGINE": "django.db.backends.sqlite3",
            "NAME": sys.argv[2] if __name__ == "__main__" else os.environ["DATABASE"],
        }
    },
    MIDDLEWARE=[
        "django.middleware.security.SecurityMiddleware",
        "django.contrib.sessions.middleware.SessionMiddleware",
        "django.middleware.common.CommonMiddleware",
        "django.middleware.csrf.CsrfViewMiddleware",
        "django.contrib.auth.middleware.AuthenticationMiddleware",
        "django.middleware.clickjacking.XFrameOptionsMiddleware",
    ],
)
django.setup()

from channels.auth import AuthMiddlewareStack  # noqa: E402
from channels.generic.websocket import AsyncWebsocketConsumer  # noqa: E402
from channels.routing import ProtocolTypeRouter, URLRouter  # noqa: E402
from django.core.asgi import get_asgi_application  # noqa: E402
from django.http import HttpResponse, JsonResponse  # noqa: E402
from django.urls import path  # noqa: E402


def me(request):
    if not request.user.is_authenticated:
        return HttpResponse("Log in first.\n", status=403)
    return JsonResponse({"id": str(request.user.pk), "username": request.user.username})


class Greeter(AsyncWebsocketConsumer):
    async def connect(self):
        if self.scope["user"].is_authenticated:
            await self.accept()
        else:
            await self.close()


urlpatterns = [path("me/", me)]
application = ProtocolTypeRouter(
    {
        "http": get_asgi_application(),
        "websocket": AuthMiddlewareStack(URLRouter([path("ws/me/", Greeter.as_asgi())])),
    }
)

if __name__ == "__main__":
    from django.contrib.auth.models import User
    from django.core.management import call_command
    from django.test import Client

    call_command("migrate", verbosity=0)
    User.objects.create_user("ann", "ann@example.com", "s3cret")
    client = Client()
    assert client.login(username="ann", password="s3cret")
    print(client.cookies["sessionid"].value)
