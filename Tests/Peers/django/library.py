"""Django 5.2 on the tables of a library: blogs, authors and entries.

    library.py create DATABASE             creates the tables
    library.py query DATABASE FILE         prints the results of the expressions in FILE, a JSON list of texts

DATABASE is the path of an SQLite file or a URL of PostgreSQL. Each result is a text, with the number of statements.
Changes of an expression are rolled back; the sums of all tables after it are part of its result.
"""

import decimal
import json
import sys
import types
from datetime import date, datetime, time, timezone

import django
from django.conf import settings

from databases import database


# An app without files: its models are below.
app = types.ModuleType("library")
app.__path__ = [__file__ + ".app"]
sys.modules["library"] = app

settings.configure(
    SECRET_KEY="x",
    USE_TZ=True,
    TIME_ZONE="UTC",
    INSTALLED_APPS=["library"],
    DEFAULT_AUTO_FIELD="django.db.models.BigAutoField",
    DATABASES={"default": database(sys.argv[2])},
)
django.setup()

from django.db import connection, models, transaction  # noqa: E402
from django.db.models import (  # noqa: E402,F401
    Avg, Case, Count, Exists, F, Max, Min, OuterRef, Q, Subquery, Sum, Value, When)
from django.db.models.functions import Abs, Coalesce, Concat, Length, Lower, Upper  # noqa: E402,F401
from django.test.utils import CaptureQueriesContext  # noqa: E402

Decimal = decimal.Decimal


class Blog(models.Model):
    name = models.CharField(max_length=100)
    tagline = models.TextField()

    class Meta:
        app_label = "library"


class Author(models.Model):
    name = models.CharField(max_length=200)
    email = models.EmailField()
    mentor = models.ForeignKey("self", models.SET_NULL, null=True)

    class Meta:
        app_label = "library"


class Entry(models.Model):
    blog = models.ForeignKey(Blog, models.CASCADE)
    headline = models.CharField(max_length=255)
    body = models.TextField()
    pub_date = models.DateField()
    mod_date = models.DateTimeField()
    number_of_comments = models.BigIntegerField()
    number_of_pingbacks = models.BigIntegerField()
    rating = models.BigIntegerField(null=True)
    price = models.DecimalField(max_digits=10, decimal_places=2)
    is_public = models.BooleanField()
    data = models.JSONField(null=True)
    authors = models.ManyToManyField(Author)

    class Meta:
        app_label = "library"


def show(value):
    """The text of a value, as the Swift side writes it."""
    if value is None:
        return "null"
    if isinstance(value, models.Model):
        return f"#{value.pk}"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        return format(value, ".10g")
    if isinstance(value, Decimal):
        return format(float(value), ".10g")
    if isinstance(value, datetime):
        return value.astimezone(timezone.utc).isoformat(" ")
    if isinstance(value, (date, time)):
        return value.isoformat()
    if isinstance(value, dict):
        items = value.items()
        if all(isinstance(key, str) and not key.startswith("library.") for key in value):
            return "[" + ",".join(show(item) for item in value.values()) + "]"
        return "{" + ",".join(sorted(f"{key}:{show(sort(item))}" for key, item in items)) + "}"
    if isinstance(value, (list, tuple, models.QuerySet)):
        return "[" + ",".join(show(item) for item in value) + "]"
    return str(value)


def sort(value):
    return sorted(value, key=show) if isinstance(value, (list, models.QuerySet)) else value


def run(expression):
    isSorted = any(word in expression for word in ("order_by", "dates(", "reverse()"))
    with transaction.atomic():
        with CaptureQueriesContext(connection) as queries:
            try:
                value = eval(expression)
                if isinstance(value, models.QuerySet):
                    value = list(value)
            except Exception as error:
                raise SystemExit(f"{expression}: {error!r}")
        statements = [q["sql"] for q in queries if not q["sql"].startswith(("SAVEPOINT", "RELEASE", "BEGIN", "COMMIT"))]
        if isinstance(value, dict) and len(value) == 1:
            value = list(value.values())[0]
        if not isSorted:
            value = sort(value)
        text = show(value)
        sums = [
            show([list(Entry.objects.aggregate(
                a=Count("pk"), b=Sum("number_of_comments"), c=Sum("rating"), d=Sum(Length("headline"))).values())]),
            show([list(Blog.objects.aggregate(a=Count("pk"), b=Sum(Length("tagline"))).values())]),
            show([list(Author.objects.aggregate(a=Count("pk"), b=Count("mentor")).values())]),
            show(Entry.authors.through.objects.count()),
        ]
        transaction.set_rollback(True)
    return {"text": text, "statements": len(statements), "sums": " ".join(sums)}


if sys.argv[1] == "create":
    with connection.schema_editor() as editor:
        for model in (Blog, Author, Entry):
            editor.create_model(model)
else:
    with open(sys.argv[3]) as file:
        print(json.dumps([run(expression) for expression in json.load(file)]))
