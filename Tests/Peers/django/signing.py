"""Reads values that were signed, and signs others: signing.py FILE, whose first line is the salt.

Each further line is a signed value. It prints `read JSON` for each, and `wrote SIGNED JSON` for the same value, signed here."""

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
