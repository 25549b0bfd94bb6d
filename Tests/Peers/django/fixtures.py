"""Loads and dumps fixtures and reads django_migrations with Django 5.2: fixtures.py ENGINE DATABASE FIXTURE

DATABASE is an SQLite file or a PostgreSQL database with the tables of `Tests/PeerTests/Django/FixtureTests.swift`. The
script prints the applied migrations of the app box, adds box.0002_django, loads FIXTURE, and prints all rows with
dumpdata. It then prints the models that inspectdb finds.
"""

import io
import os
import sys

import django
from django.conf import settings

from databases import named

engine, database, fixture = sys.argv[1:]
settings.configure(
    INSTALLED_APPS=[],
    DEFAULT_AUTO_FIELD="django.db.models.BigAutoField",
    USE_TZ=True,
    DATABASES={"default": named(engine, database)},
)
django.setup()

from django.apps import AppConfig, apps
from django.core.management import call_command
from django.db import connection, models
from django.db.migrations.recorder import MigrationRecorder


class BoxConfig(AppConfig):
    name = "box"
    label = "box"
    path = os.path.dirname(__file__)


config = BoxConfig("box", sys.modules[__name__])
config.apps = apps
config.models = apps.all_models["box"]
config.models_module = sys.modules[__name__]
apps.app_configs["box"] = config


class Tag(models.Model):
    name = models.CharField(max_length=20)

    class Meta:
        app_label = "box"


class Box(models.Model):
    name = models.CharField(max_length=20)
    story = models.TextField(null=True)
    number = models.IntegerField()
    big = models.BigIntegerField(null=True)
    length = models.FloatField()
    price = models.DecimalField(max_digits=9, decimal_places=3)
    is_open = models.BooleanField()
    content = models.BinaryField(null=True)
    token = models.UUIDField(null=True)
    at = models.DateTimeField()
    day = models.DateField(null=True)
    time = models.TimeField(null=True)
    pause = models.DurationField(null=True)
    notes = models.JSONField(null=True)
    outer = models.ForeignKey("self", models.SET_NULL, null=True)
    tags = models.ManyToManyField(Tag)

    class Meta:
        app_label = "box"


recorder = MigrationRecorder(connection)
print("APPLIED", sorted(name for app, name in recorder.applied_migrations() if app == "box"))
recorder.record_applied("box", "0002_django")
call_command("loaddata", fixture, verbosity=0)
output = io.StringIO()
call_command("dumpdata", "box", stdout=output)
print("DUMP", output.getvalue().strip())
output = io.StringIO()
call_command("inspectdb", "box_box", stdout=output)
print("MODELS", repr(output.getvalue()))
