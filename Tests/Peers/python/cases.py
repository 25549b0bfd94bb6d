"""Runs the cases of a script one after the other and prints which of them failed."""

import asyncio
import sys
import traceback

LIMIT = 45
HOST = sys.argv[1]
CASES = []


def case(function):
    """Marks a coroutine as a case. Its docstring is the case's name."""
    CASES.append(function)
    return function


def address(path):
    return f"ws://{HOST}{path}"


async def run():
    failures = 0
    for function in CASES:
        try:
            async with asyncio.timeout(LIMIT):
                await function()
            print(f"ok      {function.__doc__}", flush=True)
        except Exception:
            failures += 1
            print(f"FAILED  {function.__doc__}\n{traceback.format_exc()}", flush=True)
    return failures


def main():
    sys.exit(1 if asyncio.run(run()) else 0)
