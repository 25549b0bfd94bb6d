"""Reads signed values and signs them again: signing.py FILE

The first line of FILE is the salt, and each further line a signed value. For each, the script prints `read JSON`, and
`wrote SIGNED` with the same value signed by Django.
"""

import json
import sys

from django.conf import settings

settings.configure(SECRET_KEY="the key of both sides", SECRET_KEY_FALLBACKS=["a former key"])

from django.core import signing  # noqa: E402

with open(sys.argv[1], encoding="utf-8") as file:
    salt, *lines = file.read().splitlines()
for number, line in enumerate(lines):
    value = signing.loads(line, salt=salt, max_age=600)
    print("read", json.dumps(value, ensure_ascii=False, separators=(",", ":")))
    key = "a former key" if number % 3 == 0 else None
    print("wrote", signing.dumps(value, key=key, salt=salt, compress=number % 2 == 0))
