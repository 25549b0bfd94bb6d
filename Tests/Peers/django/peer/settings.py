"""The settings. CHANNEL_LAYERS is read as JSON from the environment."""

import json
import os

SECRET_KEY = "no secret: this project is only tested with"
ALLOWED_HOSTS = ["*"]
INSTALLED_APPS = ["daphne", "channels"]
ROOT_URLCONF = "peer.urls"
ASGI_APPLICATION = "peer.asgi.application"
TIME_ZONE = "UTC"
CHANNEL_LAYERS = json.loads(os.environ["CHANNEL_LAYERS"])
