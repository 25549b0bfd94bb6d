"""Applies the migrations of an app with Django 5.2, and undoes them: schema.py ENGINE DATABASE FOLDER

ENGINE is sqlite or postgresql. DATABASE is a path of a new file, or the name of an empty database of the server that
PGHOST and PGPORT name. After each step, the script stores the schema in FOLDER as 01, 02, …, and then, while it undoes
them, as back-08, back-07, …: a copy of the file, or the output of pg_dump.
"""

import os
import shutil
import subprocess
import sys
from decimal import Decimal

import django
from django.conf import settings

from databases import named

engine, database, folder = sys.argv[1:]
settings.configure(
    INSTALLED_APPS=[],
    DEFAULT_AUTO_FIELD="django.db.models.BigAutoField",
    USE_TZ=True,
    DATABASES={"default": named(engine, database)},
)
django.setup()

from django.db import connection, models
from django.db.migrations import Migration
from django.db.migrations import operations as o
from django.db.migrations.state import ProjectState
from django.db.models.functions import Now

BIG = ("id", models.BigAutoField(primary_key=True))
CASCADE = models.CASCADE


def rows(text):
    return o.RunSQL(text, reverse_sql="SELECT 1")


STEPS = [
    [
        o.CreateModel("Species", [("code", models.CharField(max_length=10, primary_key=True)), ("name", models.TextField(unique=True))]),
        o.CreateModel(
            "Keeper",
            [
                ("id", models.AutoField(primary_key=True)),
                ("username", models.CharField(max_length=150, unique=True)),
                ("email", models.EmailField(max_length=254)),
                ("is_active", models.BooleanField(db_default=True)),
            ],
            options={"db_table": "keepers"},
        ),
        o.CreateModel("Tag", [BIG, ("name", models.CharField(max_length=30)), ("position", models.PositiveSmallIntegerField(db_default=3))]),
        o.CreateModel(
            "Animal",
            [
                BIG,
                ("name", models.CharField(max_length=100)),
                ("slug", models.SlugField(max_length=60)),
                ("story", models.TextField(db_index=True)),
                ("email", models.EmailField(max_length=254, null=True)),
                ("link", models.URLField(max_length=200)),
                ("paper", models.FileField(max_length=100)),
                ("photo", models.CharField(max_length=100, null=True)),
                ("small", models.SmallIntegerField()),
                ("number", models.IntegerField(db_index=True)),
                ("big", models.BigIntegerField(null=True, unique=True)),
                ("legs", models.PositiveSmallIntegerField()),
                ("weight", models.PositiveIntegerField()),
                ("cells", models.PositiveBigIntegerField(null=True)),
                ("length", models.FloatField(db_default=1.5)),
                ("price", models.DecimalField(max_digits=7, decimal_places=2, db_default=Decimal("2.50"))),
                ("is_wild", models.BooleanField(null=True)),
                ("picture", models.BinaryField(null=True)),
                ("token", models.UUIDField(unique=True, null=True)),
                ("born_at", models.DateTimeField(db_default=Now())),
                ("born_on", models.DateField(null=True)),
                ("fed_at", models.TimeField(null=True)),
                ("sleep", models.DurationField(null=True)),
                ("notes", models.JSONField(null=True)),
                ("facts", models.JSONField(null=True, db_column="known_facts")),
                ("keeper", models.ForeignKey("zoo.Keeper", CASCADE)),
                ("deputy", models.ForeignKey("zoo.Keeper", models.SET_NULL, null=True, db_index=False, related_name="+")),
                ("parent", models.ForeignKey("zoo.Animal", models.SET_NULL, null=True, related_name="children")),
                ("species", models.ForeignKey("zoo.Species", models.PROTECT)),
                ("chief", models.OneToOneField("zoo.Keeper", CASCADE, null=True, related_name="+")),
                ("tags", models.ManyToManyField("zoo.Tag")),
                ("friends", models.ManyToManyField("zoo.Animal")),
            ],
            options={
                "unique_together": {("name", "keeper")},
                "indexes": [
                    models.Index(fields=["-number", "email"], name="zoo_number_idx"),
                    models.Index(fields=["email"], name="zoo_heavy_idx", condition=models.Q(small__gt=100)),
                ],
                "constraints": [
                    models.UniqueConstraint(fields=["link", "species"], name="zoo_one_slug"),
                    models.UniqueConstraint(fields=["email"], name="zoo_one_email", condition=models.Q(big__gt=2)),
                    models.CheckConstraint(condition=models.Q(number__lt=1000), name="zoo_few_legs"),
                ],
            },
        ),
        o.CreateModel("Diary", [BIG, ("animal", models.OneToOneField("zoo.Animal", CASCADE)), ("text", models.TextField())]),
        o.CreateModel("AVeryLongModelNameThatMakesTheNamesOfItsIndexesTooLong", [BIG, ("a_very_long_field_name_that_is_repeated", models.ForeignKey("zoo.Keeper", CASCADE)), ("text", models.CharField(max_length=5, db_index=True))]),
    ],
    [
        rows("INSERT INTO zoo_species (code, name) VALUES ('bear', 'Bear'), ('owl', 'Owl')"),
        rows("INSERT INTO keepers (username, email) VALUES ('ada', 'a@x.org'), ('bob', 'b@x.org'), ('cy', 'c@x.org')"),
        rows("INSERT INTO zoo_tag (name) VALUES ('loud'), ('tame')"),
        rows(
            "INSERT INTO zoo_animal (name, slug, story, email, link, paper, small, number, big, legs, weight, born_on, keeper_id, species_id, parent_id)"
            " VALUES ('Bo', 'bo', '', 'bo@x.org', '', '', -1, 7, 70, 4, 200, '2020-02-03', 1, 'bear', NULL),"
            " ('Hu', 'hu', 'A tale.', NULL, 'http://x.org/', 'p', 2, 8, NULL, 2, 3, NULL, 2, 'owl', 1)"
        ),
        rows("INSERT INTO zoo_animal_tags (animal_id, tag_id) VALUES (1, 1), (1, 2), (2, 1)"),
        rows("INSERT INTO zoo_animal_friends (from_animal_id, to_animal_id) VALUES (1, 2), (2, 1)"),
        rows("INSERT INTO zoo_diary (animal_id, text) VALUES (1, 'Slept.')"),
    ],
    [
        o.AddField("Animal", "nick", models.CharField(max_length=20, null=True)),
        o.AddField("Animal", "title", models.CharField(max_length=20, default="none"), preserve_default=False),
        o.AddField("Animal", "code", models.IntegerField(null=True, unique=True)),
        o.AddField("Animal", "rank", models.PositiveIntegerField(default=1), preserve_default=False),
        o.AddField("Animal", "level", models.IntegerField(db_default=5)),
        o.AddField("Animal", "grade", models.IntegerField(null=True, db_default=6)),
        o.AddField("Animal", "seen_at", models.DateTimeField(db_default=Now())),
        o.AddField("Animal", "label", models.CharField(max_length=9, null=True, db_index=True)),
        o.AddField("Animal", "extra", models.JSONField(null=True)),
        o.AddField("Animal", "vet", models.ForeignKey("zoo.Keeper", models.SET_NULL, null=True, related_name="+")),
        o.AddField("Animal", "home", models.ForeignKey("zoo.Species", CASCADE, default="owl", related_name="+"), preserve_default=False),
        o.AddField("Animal", "marks", models.ManyToManyField("zoo.Tag", related_name="+")),
        o.AddField("Tag", "slug", models.SlugField(max_length=50, null=True)),
    ],
    [
        o.AlterField("Animal", "name", models.CharField(max_length=120)),
        o.AlterField("Animal", "email", models.EmailField(max_length=254, default="no@x.org"), preserve_default=False),
        o.AlterField("Animal", "link", models.URLField(max_length=300, null=True)),
        o.AlterField("Animal", "small", models.IntegerField(unique=True)),
        o.AlterField("Animal", "big", models.BigIntegerField(null=True, db_index=True)),
        o.AlterField("Animal", "number", models.IntegerField()),
        o.AlterField("Animal", "paper", models.CharField(max_length=100, unique=True)),
        o.AlterField("Animal", "story", models.CharField(max_length=500, db_index=True)),
        o.AlterField("Animal", "weight", models.IntegerField()),
        o.AlterField("Animal", "level", models.IntegerField()),
        o.AlterField("Animal", "length", models.FloatField(db_default=2.5)),
        o.AlterField("Animal", "rank", models.PositiveIntegerField(db_default=9, db_index=True)),
        o.AlterField("Animal", "photo", models.CharField(max_length=100, null=True, db_index=True)),
        o.AlterField("Animal", "price", models.DecimalField(max_digits=9, decimal_places=3)),
        o.AlterField("Animal", "vet", models.OneToOneField("zoo.Keeper", models.SET_NULL, null=True, related_name="+")),
        o.AlterField("Animal", "deputy", models.ForeignKey("zoo.Keeper", models.SET_NULL, null=True, related_name="+")),
        o.AlterField("Animal", "grade", models.CharField(max_length=10, null=True, db_index=True)),
        o.AlterField("Animal", "label", models.TextField(null=True, db_index=True)),
        o.AlterField("Tag", "id", models.AutoField(primary_key=True)),
        o.AlterField("Keeper", "id", models.BigAutoField(primary_key=True)),
        o.AlterField("Species", "code", models.CharField(max_length=20, primary_key=True)),
        o.AlterField("Tag", "position", models.IntegerField(null=True)),
    ],
    [
        o.RenameField("Animal", "name", "full_name"),
        o.RenameField("Animal", "weight", "mass"),
        o.RenameField("Animal", "legs", "feet"),
        o.RenameField("Animal", "keeper", "warden"),
        o.RenameField("Animal", "tags", "labels"),
        o.RenameField("Animal", "slug", "short"),
        o.RenameField("Animal", "facts", "lore"),
        o.RenameField("Animal", "photo", "image"),
    ],
    [
        o.RenameModel("Tag", "Badge"),
        o.RenameModel("Keeper", "Warden"),
        o.RenameModel("Animal", "Beast"),
        o.AlterModelTable("Diary", "diaries"),
        o.AlterModelTable("Beast", "beasts"),
    ],
    [
        o.AddIndex("Beast", models.Index(fields=["born_on", "-born_at"], name="beast_born_idx")),
        o.RemoveIndex("Beast", "zoo_heavy_idx"),
        o.RenameIndex("Beast", new_name="beast_number_idx", old_name="zoo_number_idx"),
        o.AddConstraint("Beast", models.UniqueConstraint(fields=["full_name", "number"], name="beast_once")),
        o.AddConstraint("Beast", models.CheckConstraint(condition=models.Q(number__gte=0), name="beast_number")),
        o.AddConstraint("Beast", models.UniqueConstraint(fields=["nick"], name="beast_nick", condition=models.Q(small__gt=3))),
        o.RemoveConstraint("Beast", "zoo_one_slug"),
        o.RemoveConstraint("Beast", "zoo_one_email"),
        o.RemoveConstraint("Beast", "zoo_few_legs"),
        o.AlterUniqueTogether("Beast", {("born_on", "born_at")}),
    ],
    [
        o.RemoveField("Beast", "lore"),
        o.RemoveField("Beast", "label"),
        o.RemoveField("Beast", "deputy"),
        o.RemoveField("Beast", "labels"),
        o.RemoveField("Beast", "code"),
        o.RemoveField("Beast", "cells"),
        o.DeleteModel("Diary"),
        o.DeleteModel("AVeryLongModelNameThatMakesTheNamesOfItsIndexesTooLong"),
    ],
]


def store(name):
    connection.close()
    place = os.path.join(folder, name)
    if engine == "sqlite":
        shutil.copyfile(database, place)
    else:
        with open(place, "wb") as file:
            subprocess.run(["pg_dump", "-s", "--no-owner", database], stdout=file, check=True)


states = [ProjectState()]
migrations = []
for number, operations in enumerate(STEPS, 1):
    migration = Migration(f"{number:04}", "zoo")
    migration.operations = operations
    with connection.schema_editor(atomic=True) as editor:
        states.append(migration.apply(states[-1].clone(), editor))
    migrations.append(migration)
    store(f"{number:02}")
for number in range(len(STEPS), 0, -1):
    with connection.schema_editor(atomic=True) as editor:
        try:
            migrations[number - 1].unapply(states[number - 1].clone(), editor)
        except Exception as error:
            print(f"UNDO {number} {type(error).__name__} {error}")
            raise
    store(f"back-{number:02}")
