"""Django's settings for a database that a test names: the path of an SQLite file, or a URL of PostgreSQL."""

import os
from urllib.parse import parse_qs, unquote, urlsplit


def database(name):
    if "://" not in name:
        return {"ENGINE": "django.db.backends.sqlite3", "NAME": name}
    url = urlsplit(name)
    options = {key: values[0] for key, values in parse_qs(url.query).items()}
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": url.path[1:],
        "USER": unquote(url.username or ""),
        "PASSWORD": unquote(url.password or ""),
        "HOST": options.get("host", url.hostname or ""),
        "PORT": options.get("port", url.port or ""),
    }


def named(engine, name):
    """The settings for an SQLite file, or for a database of the server that PGHOST, PGPORT and PGUSER name."""
    if engine == "sqlite":
        return database(name)
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": name,
        "HOST": os.environ.get("PGHOST", ""),
        "PORT": os.environ.get("PGPORT", ""),
        "USER": os.environ.get("PGUSER", ""),
    }
