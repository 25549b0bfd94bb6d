"""The pages of the benchmark of models in Django, as in production: DEBUG off, templates cached, and a new project's
middleware except for sessions, which need a table of their own.

    django_models.py create DATABASE    creates the tables and their rows
    django_models.py clear DATABASE     removes the rows that the pages have stored

Served with: DATABASE=… uvicorn --app-dir Benchmarks/models django_models:application. DATABASE is the path of an
SQLite file or a URL of PostgreSQL.
"""

import os
import pathlib
import sys
import types
from datetime import datetime, timedelta, timezone

HERE = pathlib.Path(__file__).parent
sys.path.append(str(HERE.parent.parent / "Tests/Peers/django"))

import django  # noqa: E402
from databases import database  # noqa: E402
from django.conf import settings  # noqa: E402

# An app without files: its models are below.
app = types.ModuleType("bench")
app.__path__ = [__file__ + ".app"]
sys.modules["bench"] = app
default = database(sys.argv[2] if __name__ == "__main__" else os.environ["DATABASE"])
if "postgresql" in default["ENGINE"]:
    # Without it, Django opens a connection for each request that uvicorn passes to it.
    default["OPTIONS"] = {"pool": True}

settings.configure(
    ALLOWED_HOSTS=["*"], SECRET_KEY="for a measurement alone", ROOT_URLCONF=__name__, LOGGING_CONFIG=None,
    USE_TZ=True, TIME_ZONE="UTC", INSTALLED_APPS=["bench"], DEFAULT_AUTO_FIELD="django.db.models.BigAutoField",
    DATABASES={"default": default},
    MIDDLEWARE=[
        "django.middleware.security.SecurityMiddleware", "django.middleware.common.CommonMiddleware",
        "django.middleware.csrf.CsrfViewMiddleware", "django.middleware.clickjacking.XFrameOptionsMiddleware",
    ],
    TEMPLATES=[{"BACKEND": "django.template.backends.django.DjangoTemplates", "DIRS": [HERE]}])
django.setup()

from django.core.asgi import get_asgi_application  # noqa: E402
from django.db import connection, models, transaction  # noqa: E402
from django.http import HttpResponse  # noqa: E402
from django.shortcuts import render  # noqa: E402
from django.urls import path  # noqa: E402


class Author(models.Model):
    name = models.CharField(max_length=100)

    class Meta:
        app_label = "bench"

    def __str__(self):
        return self.name


class Text(models.Model):
    title = models.CharField(max_length=200)
    text = models.TextField()
    created_at = models.DateTimeField()
    likes = models.BigIntegerField()
    author = models.ForeignKey(Author, models.CASCADE, related_name="+")

    class Meta:
        abstract = True


class Post(Text):
    class Meta:
        app_label = "bench"


class Entry(Text):
    class Meta:
        app_label = "bench"


def posts(request):
    rows = Post.objects.order_by("id").select_related("author")[:50]
    return render(request, "posts.html", {"title": "Posts & authors", "posts": rows})


START = datetime(2023, 11, 14, 22, 13, 20, tzinfo=timezone.utc)


def entry(number):
    return Entry(
        title=f"Entry {number}", text=f"The text of the entry with the number {number}.",
        created_at=START + timedelta(seconds=number), likes=number, author_id=number % 20 + 1)


@transaction.atomic
def many(request):
    return HttpResponse(f"{len(Entry.objects.bulk_create(entry(number) for number in range(1000)))}")


@transaction.atomic
def each(request):
    count = 0
    for number in range(1000):
        row = entry(number)
        row.save(force_insert=True)
        count += row.pk is not None
    return HttpResponse(f"{count}")


urlpatterns = [path("posts/", posts), path("store/many/", many), path("store/each/", each)]
application = get_asgi_application()


def create():
    with connection.schema_editor() as editor:
        for model in (Author, Post, Entry):
            editor.create_model(model)
    Author.objects.bulk_create(Author(name=f"O'Hara {number}") for number in range(1, 21))
    Post.objects.bulk_create(
        Post(
            title=f"<Post> {number}", text=f"Text & more of the post with the number {number}. " * 2,
            created_at=START + timedelta(minutes=7 * number, microseconds=number % 3 * 250_000), likes=number * 37,
            author_id=number % 20 + 1)
        for number in range(1, 1001))


if __name__ == "__main__":
    if sys.argv[1] == "create":
        create()
    else:
        Entry.objects.all().delete()
