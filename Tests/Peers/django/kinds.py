"""Django 5.2 on a table with a column of each kind.

    kinds.py create DATABASE     creates the tables and some rows with extreme values
    kinds.py read DATABASE       prints a JSON list of all rows, in the order of their IDs
    kinds.py forms DATABASE FILE
        prints the errors, the markup and the chosen rows of a ModelForm for each case in FILE, a JSON list. A case has
        the name of the model; the query string, or null for a form that was not submitted; the names and texts of
        files; and the ID of the row to change, or null. A valid form without files is also saved, and the results of
        the case's queries are printed, before all is rolled back

DATABASE is the path of an SQLite file or a URL of PostgreSQL.
"""

import json
import sys
import types
import uuid
from datetime import date, datetime, time, timedelta, timezone
from decimal import Decimal

import django
from django.conf import settings

from databases import database


app = types.ModuleType("kinds")
app.__path__ = [__file__ + ".app"]
sys.modules["kinds"] = app

settings.configure(
    SECRET_KEY="x",
    USE_TZ=True,
    TIME_ZONE="UTC",
    MEDIA_URL="/media/",
    INSTALLED_APPS=["kinds"],
    DEFAULT_AUTO_FIELD="django.db.models.BigAutoField",
    DATABASES={"default": database(sys.argv[2])},
)
django.setup()

from django.db import connection, models, transaction  # noqa: E402


class Status(models.TextChoices):
    DRAFT = "draft"
    IN_REVIEW = "inReview"
    PUBLISHED = "done"


class Level(models.IntegerChoices):
    LOW = -1
    HIGH = 32767


class Kind(models.Model):
    small = models.SmallIntegerField()
    normal = models.IntegerField()
    big = models.BigIntegerField()
    positive = models.PositiveIntegerField()
    real = models.FloatField()
    price = models.DecimalField(max_digits=12, decimal_places=3)
    flag = models.BooleanField()
    code = models.CharField(max_length=20)
    slug = models.SlugField()
    email = models.EmailField()
    site = models.URLField()
    link = models.URLField(blank=True)
    text = models.TextField()
    blob = models.BinaryField()
    key = models.UUIDField()
    moment = models.DateTimeField()
    day = models.DateField()
    clock = models.TimeField()
    span = models.DurationField()
    data = models.JSONField()
    status = models.CharField(max_length=10, choices=Status)
    level = models.SmallIntegerField(choices=Level)
    file = models.FileField(upload_to="files/")
    image = models.CharField(max_length=100)  # ImageField needs Pillow; its column is the same.
    parent = models.ForeignKey("self", models.CASCADE, null=True, blank=True)
    maybe_number = models.IntegerField(null=True, blank=True)
    maybe_text = models.CharField(max_length=10, null=True, blank=True)
    maybe_moment = models.DateTimeField(null=True, blank=True)
    maybe_data = models.JSONField(null=True, blank=True)

    class Meta:
        app_label = "kinds"


class Site(models.Model):
    name = models.CharField("site name", max_length=20, unique=True, help_text="A short name.")
    folder = models.CharField(max_length=20, default="home")
    page = models.IntegerField(default=3)

    class Meta:
        app_label = "kinds"
        unique_together = [["folder", "page"]]

    def __str__(self):
        return self.name


class Album(models.Model):
    title = models.CharField(max_length=20)
    note = models.CharField(max_length=20, blank=True, default="none")
    cover = models.ImageField(upload_to="covers/", blank=True)
    score = models.FileField(upload_to="scores/", max_length=30)
    extra = models.FileField(blank=True)
    site = models.ForeignKey(Site, models.CASCADE, related_name="+")
    kinds = models.ManyToManyField(Kind, help_text="Hold down “Control”.")
    sites = models.ManyToManyField(Site, verbose_name="more sites", blank=True)
    hidden = models.ManyToManyField(Kind, editable=False, related_name="+")

    class Meta:
        app_label = "kinds"


class Odd(models.Model):
    key = models.UUIDField(primary_key=True, editable=False)
    maybe = models.BooleanField(null=True, blank=True)
    flag = models.BooleanField(default=True)
    size = models.CharField(max_length=5, choices=[("small", "Small"), ("large", "Large")], default="small")
    color = models.CharField(max_length=5, choices=[("red", "Red"), ("blue", "Blue")], null=True, blank=True)
    level = models.SmallIntegerField(choices=Level, null=True, blank=True)
    other = models.ForeignKey("self", models.SET_NULL, null=True, blank=True, related_name="+")
    parent = models.ForeignKey("self", models.CASCADE, related_name="+")
    odds = models.ManyToManyField("self", symmetrical=False, blank=True)
    score = models.FloatField(default=1.5)

    class Meta:
        app_label = "kinds"


def show(value):
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        return format(value, ".17g")
    if isinstance(value, Decimal):
        return format(value.normalize(), "f")
    if isinstance(value, datetime):
        return value.astimezone(timezone.utc).isoformat(" ")
    if isinstance(value, (date, time)):
        return value.isoformat()
    if isinstance(value, timedelta):
        return str(value // timedelta(microseconds=1))
    if isinstance(value, (bytes, memoryview)):
        return bytes(value).hex()
    if isinstance(value, (dict, list)):
        return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return str(value)


def row(**changes):
    values = dict(
        small=0, normal=0, big=0, positive=0, real=0.0, price=Decimal(0), flag=False, code="", slug="", email="",
        site="http://a.example/", link="", text="", blob=b"", key=uuid.UUID(int=0),
        moment=datetime(1970, 1, 1, tzinfo=timezone.utc), day=date(1970, 1, 1), clock=time(0), span=timedelta(0),
        data={}, status="draft", level=-1, file="", image="")
    values.update(changes)
    return Kind.objects.create(**values)


def create():
    with connection.schema_editor() as editor:
        editor.create_model(Kind)
        editor.create_model(Site)
        editor.create_model(Album)
        editor.create_model(Odd)
    odd = Odd.objects.create(key=uuid.UUID(int=1), parent_id=uuid.UUID(int=1), maybe=False, color="blue", level=-1)
    odd.odds.add(odd)
    site = Site.objects.create(name="first", folder="a", page=1)
    first = row()
    album = Album.objects.create(title="Sea", cover="covers/a b&c.png", score="scores/ä.txt", site=site)
    album.kinds.add(first)
    album.sites.add(site)
    row(
        small=-32768, normal=-(2**31), big=-(2**63), real=-1.7976931348623157e308, price=Decimal("-999999999.999"),
        flag=True, code="x" * 20, slug="a-b_c", email="a@b.example", site="https://b.example/%C3%A4?x=1#y",
        link="https://ü.example/ä", text="'; DROP TABLE kinds_kind; -- \U0001F30A\u200d\n\t\"", blob=bytes(range(256)),
        key=uuid.UUID(int=2**128 - 1), moment=datetime(1, 1, 1, tzinfo=timezone.utc), day=date(1, 1, 1),
        clock=time(23, 59, 59, 999999), span=timedelta(microseconds=-1), data={"a": [1, 2, 3], "ä": []},
        status="inReview", level=32767, file="files/\u00e9.bin", image="photos/a b.png", parent=first,
        maybe_number=1, maybe_text="", maybe_moment=datetime(2024, 2, 29, 12, tzinfo=timezone(timedelta(hours=-9.5))),
        maybe_data={"b": []})
    row(
        small=32767, normal=2**31 - 1, big=2**63 - 1, positive=2**31 - 1, real=5e-324, price=Decimal("0.001"),
        moment=datetime(9999, 12, 31, 23, 59, 59, 500000, tzinfo=timezone.utc), day=date(9999, 12, 31),
        clock=time(0, 0, 0, 1), span=timedelta(days=10000, seconds=86399, microseconds=999999), status="done")
    row(real=0.1, price=Decimal("123456789.125"), span=timedelta(days=-3, hours=5), text="\u0301\r\n",
        moment=datetime(2026, 3, 29, 0, 59, 59, 100, tzinfo=timezone.utc), clock=time(12, 30))


if sys.argv[1] == "create":
    create()
elif sys.argv[1] == "forms":
    from django import forms
    from django.core.files.uploadedfile import SimpleUploadedFile
    from django.http import QueryDict
    from django.utils.datastructures import MultiValueDict

    class KindForm(forms.ModelForm):
        class Meta:
            model = Kind
            exclude = ["file", "image"]

    class SiteForm(forms.ModelForm):
        class Meta:
            model = Site
            fields = ["name", "folder", "page"]

    class AlbumForm(forms.ModelForm):
        class Meta:
            model = Album
            fields = "__all__"

    class OddForm(forms.ModelForm):
        class Meta:
            model = Odd
            fields = "__all__"

    class ShortForm(forms.ModelForm):
        class Meta:
            model = Album
            fields = ["sites", "title"]

    classes = {"kind": KindForm, "site": SiteForm, "album": AlbumForm, "short": ShortForm, "odd": OddForm}
    results = []
    with open(sys.argv[3]) as file:
        for case in json.load(file):
            data = None if case.get("data") is None else QueryDict(case["data"])
            files = MultiValueDict({
                key: [SimpleUploadedFile(name, text.encode())] for key, (name, text) in case.get("files", {}).items()})
            form_class = classes[case["model"]]
            key = uuid.UUID(int=case["row"]) if case["model"] == "odd" and case.get("row") else case.get("row")
            instance = form_class._meta.model.objects.get(pk=key) if key else None
            form = form_class(data, None if data is None else files, instance=instance)
            errors = {key: [[error.message % (error.params or {}), error.code] for error in value]
                      for key, value in form.errors.as_data().items()}
            cleaned = getattr(form, "cleaned_data", {})
            chosen = {key: sorted(str(item.pk) for item in value) for key, value in cleaned.items()
                      if isinstance(value, models.QuerySet)}
            stored = None
            if case["queries"] and form.is_valid():
                with transaction.atomic(), connection.cursor() as cursor:
                    form.save()
                    stored = [[None if value is None else str(int(value) if value is True or value is False else value)
                               for value in row]
                              for query in case["queries"] for row in cursor.execute(query).fetchall()]
                    transaction.set_rollback(True)
            results.append({"errors": errors, "html": str(form.as_p()), "chosen": chosen, "stored": stored})
    print(json.dumps(results))
else:
    names = [field.attname for field in Kind._meta.fields]
    print(json.dumps([[show(getattr(kind, name)) for name in names] for kind in Kind.objects.order_by("pk")]))
