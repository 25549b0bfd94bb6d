"""Renders a corpus of templates with Django: templates.py FILE …

Each FILE is JSON. A list contains groups of cases. A case is a text in "cases", or in "names" the name of a template:

    {"cases": ["{{ a }}"], "context": {"a": 1}, "templates": {"b.html": "…"}, "names": ["b.html"], "autoescape": false,
     "invalid": "?%s?"}

All keys are optional. An object {"values": […], "filters": [… "cut:'a'"], "templates": ["{{ v|FILTER }}"]} has a case
for each combination of a value as `v`, a filter and a template. A value that JSON lacks is an object with one key:
"$date", "$time" or "$datetime" in ISO 8601, "$safe", "$tuple", "$float", "$decimal", "$int" with more than 64 bits,
"$query", or "$dict", a list of pairs in order.

The script prints a list with {"text": …} or {"error": …} for each case, in order. The time is always NOW.
"""

import datetime
import decimal
import json
import os
import sys
import time
import types

import django
from django.conf import settings
from django.http import QueryDict
from django.template import Context, Engine
from django.urls import path
from django.utils.safestring import SafeString

NOW = datetime.datetime(2024, 2, 29, 13, 5, 9, 123456, tzinfo=datetime.timezone.utc)


class LikeDatetime(type):
    def __instancecheck__(cls, value):
        return isinstance(value, datetime.datetime)


class Frozen(datetime.datetime, metaclass=LikeDatetime):
    """A datetime class with a stopped clock."""

    @classmethod
    def now(cls, tz=None):
        from django.utils import timezone

        if tz is None:
            return timezone.make_naive(NOW, timezone.get_default_timezone())
        return NOW.astimezone(tz)


def value(plain):
    """Returns the value that JSON represents."""
    if isinstance(plain, list):
        return [value(element) for element in plain]
    if not isinstance(plain, dict):
        return plain
    if len(plain) != 1 or not next(iter(plain)).startswith("$"):
        return {key: value(element) for key, element in plain.items()}
    ((kind, inner),) = plain.items()
    make = {
        "$date": datetime.date.fromisoformat,
        "$time": datetime.time.fromisoformat,
        "$datetime": datetime.datetime.fromisoformat,
        "$safe": SafeString,
        "$tuple": lambda elements: tuple(value(elements)),
        "$float": float,
        "$decimal": decimal.Decimal,
        "$int": int,
        "$query": QueryDict,
        "$dict": lambda pairs: {key: value(element) for key, element in pairs},
    }
    return make[kind](inner)


def cases(corpus):
    """The cases of a file."""
    if isinstance(corpus, list):
        for group in corpus:
            for text in group.get("cases", []):
                yield {**group, "template": text}
            for name in group.get("names", []):
                yield {**group, "name": name}
        return
    for template in corpus["templates"]:
        for name in corpus["filters"]:
            for plain in corpus["values"]:
                yield {"template": template.replace("FILTER", name), "context": {"v": plain}}


def render(case):
    try:
        templates = case.get("templates", none)
        key = (id(templates), case.get("invalid", ""), case.get("autoescape", True))
        engine = engines.get(key) or engines.setdefault(
            key,
            Engine(
                loaders=[("django.template.loaders.locmem.Loader", templates)],
                string_if_invalid=key[1],
                libraries={"static": "django.templatetags.static"},
                autoescape=key[2],
            ),
        )
        name = case.get("name")
        template = engine.get_template(name) if name else engine.from_string(case["template"])
        return {"text": template.render(Context(value(case.get("context", {})), autoescape=engine.autoescape))}
    except RecursionError:
        return {"error": "RecursionError"}
    except Exception as error:
        return {"error": f"{type(error).__name__}: {error}"}


def page(request):
    """Never called: only its URLs are reversed."""


urls = types.ModuleType("peer_urls")
urls.urlpatterns = [
    path("", page, name="home"),
    path("room/<str:name>/", page, name="room"),
    path("room/<str:name>/<int:number>/", page, name="message"),
]
sys.modules["peer_urls"] = urls
settings.configure(
    ROOT_URLCONF="peer_urls", USE_TZ=True, TIME_ZONE="Europe/Berlin", STATIC_URL="/static/", MEDIA_URL="/media/"
)
# As Django does with a project's settings.
os.environ["TZ"] = settings.TIME_ZONE
time.tzset()
django.setup()

from django.template import defaulttags
from django.utils import timesince

defaulttags.datetime = Frozen
timesince.datetime = types.SimpleNamespace(datetime=Frozen, date=datetime.date)

none = {}
engines = {}
results = []
corpora = []
for name in sys.argv[1:]:
    with open(name, encoding="utf-8") as file:
        # Kept alive, so that no other template set gets the same id().
        corpora.append(json.load(file))
    results += [render(case) for case in cases(corpora[-1])]
print(json.dumps(results))
