"""Prints the models that Django 5.2's inspectdb writes for a database: inspectdb.py DATABASE [TABLE …]

DATABASE is the path of an SQLite file or a URL of PostgreSQL.
"""

import sys

import django
from django.conf import settings

from databases import database

settings.configure(INSTALLED_APPS=[], DATABASES={"default": database(sys.argv[1])})
django.setup()

from django.core.management import call_command  # noqa: E402

call_command("inspectdb", *sys.argv[2:])
