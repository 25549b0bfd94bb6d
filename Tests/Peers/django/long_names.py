"""Django 5.2 on tables whose names are longer than PostgreSQL allows.

    long_names.py create DATABASE        creates the tables
    long_names.py add DATABASE CAPTION   stores a photograph with a parent, a tag and a note
    long_names.py read DATABASE          prints a JSON list of all photographs with parent, tags and notes

DATABASE is the path of an SQLite file or a URL of PostgreSQL.
"""

import json
import sys
import types

import django
from django.conf import settings

from databases import database

LABEL = "a_label_of_an_app_that_is_as_long_as_nobody_would_write_it"

app = types.ModuleType(LABEL)
app.__path__ = [__file__ + ".app"]
sys.modules[LABEL] = app

settings.configure(
    INSTALLED_APPS=[LABEL],
    DEFAULT_AUTO_FIELD="django.db.models.BigAutoField",
    DATABASES={"default": database(sys.argv[2])},
)
django.setup()

from django.db import connection, models  # noqa: E402


class Tag(models.Model):
    name = models.CharField(max_length=20)

    class Meta:
        app_label = LABEL


class Photograph(models.Model):
    caption = models.CharField(max_length=20, unique=True)
    slug = models.SlugField()
    parent = models.ForeignKey("self", models.CASCADE, null=True)
    tags = models.ManyToManyField(Tag)

    class Meta:
        app_label = LABEL
        unique_together = [["caption", "slug"]]


class Note(models.Model):
    text = models.TextField()
    photograph = models.ForeignKey(Photograph, models.CASCADE)

    class Meta:
        app_label = LABEL
        db_table = "a_table_whose_name_is_longer_than_postgresql_allows_and_given_by_hand"


if sys.argv[1] == "create":
    with connection.schema_editor() as editor:
        for model in (Tag, Photograph, Note):
            editor.create_model(model)
elif sys.argv[1] == "add":
    parent = Photograph.objects.order_by("id").first()
    photograph = Photograph.objects.create(caption=sys.argv[3], slug="x", parent=parent)
    photograph.tags.add(Tag.objects.create(name="tag of " + sys.argv[3]))
    Note.objects.create(text="note of " + sys.argv[3], photograph=photograph)
else:
    print(json.dumps([
        [photograph.caption, photograph.parent.caption if photograph.parent else "",
         [tag.name for tag in photograph.tags.all()], [note.text for note in photograph.note_set.all()]]
        for photograph in Photograph.objects.select_related("parent").order_by("id")
    ]))
