"""Reads and writes payloads with channels_redis' own serializers: serializers.py FILE SEED

Each line of FILE has a format, whether the payload is encrypted, the prefix length, and a payload in hexadecimal. The
script prints each message. Then it creates and prints as many payloads with their messages, and the shards of names.
"""

import random
import struct
import sys

from channels_redis.serializers import registry
from channels_redis.utils import _consistent_hash

# The other side encrypts with the second key.
KEYS = ["of Python", "of Swift é"]
MESSAGES = 100
CHARACTERS = ["a", "é", "漢", "😀", "\0", "\n", '"', "\\", "\x7f", "\u2028", "/"]


def serializer(format, encrypted, prefix):
    keys = KEYS if encrypted else None
    return registry.get_serializer(format, symmetric_encryption_keys=keys, random_prefix_length=prefix, expiry=60)


def text(value):
    """Returns a value's text, in a format that both sides can produce."""
    if value is None:
        return "n"
    if isinstance(value, bool):
        return "t" if value else "f"
    if isinstance(value, int):
        return f"i{value}" if -2**63 <= value < 2**64 else text(float(value))
    if isinstance(value, float):
        return "nan" if value != value else "d" + struct.pack(">d", value).hex()
    if isinstance(value, str):
        # A lone surrogate, which json reads but UTF-8 cannot represent.
        whole = "".join("\ufffd" if 0xD800 <= ord(character) < 0xE000 else character for character in value)
        return "s" + whole.encode().hex()
    if isinstance(value, bytes):
        return "b" + value.hex()
    if isinstance(value, list):
        return "[" + ",".join(map(text, value)) + "]"
    return "{" + ",".join(f"{text(key)}:{text(item)}" for key, item in value.items()) + "}"


def some_text(generator, format):
    characters = CHARACTERS + (["\ud83d", "\ude00"] if format == "json" else [])
    return "".join(generator.choices(characters, k=generator.choice([0, 1, 3, 8, 31, 32, 300 if generator.random() < 0.05 else 2])))


def some_value(generator, format, depth):
    kind = generator.randrange(10 if depth else 7)
    if kind == 0:
        return generator.choice([None, True, False])
    if kind in (1, 2):
        number = generator.getrandbits(generator.randrange(1, 65))
        # 64 bits hold half as many negative numbers.
        number = -(number >> 1) if generator.random() < 0.5 else number
        return number << 80 if format == "json" and generator.random() < 0.1 else number
    if kind == 3:
        return generator.choice([0.1, -0.0, 1e300, 5e-324, 1e16, 100.0, float("inf"), float("-inf"), float("nan")])
    if kind == 4 and format == "msgpack":
        return generator.randbytes(generator.choice([0, 1, 255, 256]))
    if kind in (4, 5, 6):
        return some_text(generator, format)
    if kind in (7, 8):
        return [some_value(generator, format, depth - 1) for _ in range(generator.choice([0, 1, 15, 16, 20]))]
    return some_message(generator, format, depth - 1)


def some_message(generator, format, depth):
    count = generator.choice([0, 1, 3, 14, 15, 16])
    # Keys have no lone surrogates, because two keys might become equal.
    return {some_text(generator, "msgpack"): some_value(generator, format, depth) for _ in range(count)}


def main():
    path, seed = sys.argv[1:]
    generator = random.Random(int(seed))
    with open(path) as lines:
        for line in lines:
            format, encrypted, prefix, payload = line.split()
            read = serializer(format, encrypted == "1", int(prefix)).deserialize(bytes.fromhex(payload))
            print("read", text(read))
    for _ in range(MESSAGES):
        format = generator.choice(["msgpack", "json"])
        encrypted, prefix = generator.choice([True, False]), generator.choice([0, 12])
        message = some_message(generator, format, 1)
        destination = generator.choice([None, "a!b", [], ["work"], [f"specific.c!{n}" for n in range(20)]])
        if destination is not None:
            message["__asgi_channel__"] = destination
        ours = serializer(format, encrypted, prefix)
        payload = ours.serialize(message)
        # As Python itself reads it: a pair of lone surrogates becomes one character.
        print("wrote", format, int(encrypted), prefix, payload.hex(), text(ours.deserialize(payload)))
    for _ in range(MESSAGES):
        name = some_text(generator, "msgpack")
        count = generator.randrange(1, 20)
        print("shard", text(name), count, _consistent_hash(name, count))


main()
