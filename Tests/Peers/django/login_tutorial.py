"""Carries out Documentation/Tutorials/DjangoLogin.md: login_tutorial.py TUTORIAL PROGRAM FOLDER

PROGRAM is the tutorial's chat, and FOLDER an empty one for the Django site.
"""

import asyncio
import contextlib
import http.cookiejar
import os
import pathlib
import re
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.parse
import urllib.request

from websockets.asyncio.client import connect
from websockets.exceptions import ConnectionClosed, InvalidStatus

tutorial = pathlib.Path(sys.argv[1]).read_text()
program = sys.argv[2]
folder = pathlib.Path(sys.argv[3])
site = folder / "harbor"
environment = os.environ | {
    "SECRET_KEY": "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ",
    "DEBUG": "true", "DATABASE_URL": f"sqlite:///{site}/db.sqlite3",
    "DJANGO_SUPERUSER_USERNAME": "ann", "DJANGO_SUPERUSER_PASSWORD": "s3cret", "DJANGO_SUPERUSER_EMAIL": "ann@example.com",
}


def django(*words):
    subprocess.run([sys.executable, *words], cwd=folder, env=environment, check=True, stdout=subprocess.DEVNULL)


def free_port():
    with socket.create_server(("127.0.0.1", 0)) as server:
        return server.getsockname()[1]


@contextlib.contextmanager
def running(*words):
    process = subprocess.Popen(words, cwd=folder, env=environment, stdout=subprocess.PIPE, text=True)
    try:
        yield process
    finally:
        process.kill()
        process.wait()


def browser():
    jar = http.cookiejar.CookieJar()
    return jar, urllib.request.build_opener(urllib.request.HTTPCookieProcessor(jar))


def post(opener, jar, url, **form):
    """Posts a form of Django, whose page has set the CSRF cookie."""
    form["csrfmiddlewaretoken"] = next(cookie.value for cookie in jar if cookie.name == "csrftoken")
    return opener.open(url, urllib.parse.urlencode(form).encode()).read().decode()


def cookies(jar):
    return {"Cookie": "; ".join(f"{cookie.name}={cookie.value}" for cookie in jar)}


async def chat(admin, own, jar, opener):
    try:
        async with connect(f"ws://{own}/ws/chat/"):
            raise AssertionError("a visitor opened the socket")
    except InvalidStatus as error:
        assert error.response.status_code == 403
    async with connect(f"ws://{own}/ws/chat/", additional_headers=cookies(jar)) as one:
        async with connect(f"ws://{own}/ws/chat/", additional_headers=cookies(jar)) as two:
            assert await one.recv() == "You are ann."
            assert await two.recv() == "You are ann."
            await two.send("hello")
            assert await one.recv() == "ann: hello"
            assert await two.recv() == "ann: hello"
            await asyncio.to_thread(post, opener, jar, f"{admin}/logout/")
            for each in (one, two):
                try:
                    raise AssertionError(await each.recv())
                except ConnectionClosed as closed:
                    assert (closed.rcvd.code, closed.rcvd.reason) == (4401, "logged out")


django("-m", "django", "startproject", "harbor")
with open(site / "harbor" / "settings.py", "a") as settings:
    settings.write(re.search(r"^```python\n(.*?)^```", tutorial, re.M | re.S)[1])
django("harbor/manage.py", "migrate")
django("harbor/manage.py", "createsuperuser", "--noinput")
port = free_port()
with (
    running(sys.executable, "harbor/manage.py", "runserver", "--noreload", f"127.0.0.1:{port}"),
    running(program, "--port", "0", "--loops", "1", "--no-access-log") as strait,
):
    own = re.search(r"http://(127\.0\.0\.1:\d+)/", strait.stdout.readline())[1]
    admin = f"http://127.0.0.1:{port}/admin"
    jar, opener = browser()
    for _ in range(200):
        try:
            opener.open(f"{admin}/login/")
            break
        except urllib.error.URLError:
            time.sleep(0.1)
    assert opener.open(f"http://{own}/").read() == b"Hello, AnonymousUser!"
    post(opener, jar, f"{admin}/login/?next=/admin/", username="ann", password="s3cret")
    assert opener.open(f"http://{own}/").read() == b"Hello, ann!"
    assert b"<title>Harbor</title>" in opener.open(f"http://{own}/chat/").read()
    asyncio.run(asyncio.wait_for(chat(admin, own, jar, opener), 40))
    assert opener.open(f"http://{own}/").read() == b"Hello, AnonymousUser!"
