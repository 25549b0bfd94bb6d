"""Django 5.2 reads durations.

    durations.py FILE    prints for each text in FILE, a JSON list, the microseconds as Django's parse_duration reads
                         them with the texts of duration_string and duration_iso_string; null for text that is no
                         duration, and "overflow" for one that is too long
"""

import json
import sys

from django.utils.dateparse import parse_duration
from django.utils.duration import duration_iso_string, duration_microseconds, duration_string


def read(text):
    try:
        value = parse_duration(text)
    except OverflowError:
        return ["overflow"]
    if value is None:
        return None
    return [str(duration_microseconds(value)), duration_string(value), duration_iso_string(value)]


with open(sys.argv[1]) as file:
    print(json.dumps([read(text) for text in json.load(file)]))
