"""Takes screenshots of the example pages and of error pages, narrow and wide, light and dark.

    screenshots.py WORKING DEBUGGED QUIET USERS FOLDER

The first four arguments are the HOST:PORT of a working site, of sites with a broken page with and without DEBUG, and of a
site with accounts.
"""

import base64
import pathlib
import sys

import browser

HOST, DEBUGGED, QUIET, USERS = sys.argv[1:5]
FOLDER = pathlib.Path(sys.argv[5])
WIDTHS = {"narrow": (360, 780), "wide": (1280, 800)}


async def talk(page):
    """Shows both kinds of messages on an echo page."""
    await page.until("document.querySelector('.state').dataset.state === 'open'")
    for number, text in enumerate(["Hello, Strait!", "A longer message, that shows how lines break where they have to. " * 3]):
        await page.type("#text", text)
        await page.press_return()
        await page.until(f"document.querySelectorAll('.message.received').length === {number + 1}")


async def store(page):
    """Shows an answer and an error on the JSON page."""
    await page.until("document.querySelector('.state').dataset.state === 'open'")
    await page.click("#contact .buttons button")
    await page.until("document.querySelectorAll('.message.received').length === 1")
    await page.type("#age", "200")
    await page.press_return()
    await page.until("document.querySelectorAll('.message.problem').length === 1")


async def lose(page):
    """Shows a closed connection."""
    await page.until("document.querySelector('.state').dataset.state === 'open'")
    await page.evaluate("socket.close(4000, 'Enough')")
    await page.until("document.querySelector('.state').dataset.state === 'closed'")


async def gather(page):
    """Shows several members in a room, one of them typing."""
    await page.evaluate("sessionStorage.setItem('chat-name', 'Ann')")
    await page.open(f"http://{HOST}/chat/lobby/")
    await page.until("document.querySelector('.state').dataset.state === 'open'")
    for name in ("Bob", "Zoë from accounting"):
        await page.evaluate("""new Promise((resolve) => {
            const other = new WebSocket(socketAddress('../../ws/chat/lobby/?name=' + encodeURIComponent(%r)));
            other.onmessage = resolve;
            window.others = [...(window.others ?? []), other];
        })""" % name)
    for sender, text in [("others[0]", "Hello, Ann!"), ("connection.socket", "Hello, both of you."), (
            "others[1]", "A longer message, that shows how lines break where they have to. " * 3)]:
        count = await page.evaluate("document.querySelectorAll('.message.sent, .message.received').length")
        await page.evaluate(f"void {sender}.send(JSON.stringify({{ type: 'say', text: {text!r} }}))")
        await page.until(f"document.querySelectorAll('.message.sent, .message.received').length === {count + 1}")
    await page.evaluate("void others[0].send('{\"type\":\"typing\",\"isTyping\":true}')")
    await page.until("document.querySelector('.typing').textContent !== ''")


async def refuse(page):
    """Shows the errors for an invalid room."""
    await page.type("#id_room", "tutorial")
    await page.type("#id_name", "")
    await page.submit()
    await page.until("document.querySelector('#id_room_error') !== null")
    # The field that a visitor would correct first.
    await page.evaluate("document.querySelector('#id_room').focus()")


async def edit(page):
    """Shows a table with two cells that others edit, and an invalid value."""
    await page.until("document.querySelector('.state').dataset.state === 'open'")
    await page.evaluate("""Promise.all(['item-0', 'price-3'].map((cell) => new Promise((resolve) => {
        const other = new WebSocket(socketAddress('../ws/live/'));
        other.onmessage = () => { other.send(JSON.stringify({ type: 'edit', cell })); resolve(); };
        window.others = [...(window.others ?? []), other];
    })))""")
    await page.until("document.querySelectorAll('td.edited').length === 2")
    await page.click("#quantity-2")
    await page.type("#quantity-2", "many")
    await page.press_return()
    await page.until("!document.querySelector('#problem').hidden")


async def forge(page):
    """Submits a form without its CSRF token, as another site's page would."""
    await page.evaluate("document.querySelector('[name=csrfmiddlewaretoken]').remove()")
    await page.submit("#enter")


async def misuse(page):
    """Submits a form to a page that accepts none."""
    await page.evaluate("document.querySelector('#enter').action = '/echo/'")
    await page.submit("#enter")


async def chat_as_user(page):
    """Signs up once, and shows the user in a room."""
    await page.open(f"http://{USERS}/accounts/signup/")
    for name, value in [("username", "ada"), ("email", "ada@example.com")]:
        await page.type(f"main [name={name}]", value)
    for name in ("password1", "password2"):
        await page.type(f"main [name={name}]", "blue-ferry-9")
    await page.submit("main form")
    if await page.evaluate("document.querySelector('.errorlist') !== null"):
        await page.open(f"http://{USERS}/accounts/login/")
        await page.type("main [name=username]", "ada")
        await page.type("main [name=password]", "blue-ferry-9")
        await page.submit("main form")
    await page.open(f"http://{USERS}/chat/lobby/")
    await page.until("document.querySelector('.state').dataset.state === 'open'")
    await page.type("#text", "Hello, it is really me.")
    await page.press_return()
    await page.until("document.querySelectorAll('.message.sent').length > 0")


async def leave(page):
    """Logs the user out."""
    await page.submit(".visitor form")


async def fail(page):
    """Shows the errors of a form."""
    await page.submit("main form")
    await page.until("document.querySelector('.errorlist') !== null")


PAGES = {
    "index": (HOST, "/", None), "echo": (HOST, "/echo/", talk), "echo-closed": (HOST, "/echo/", lose),
    "json": (HOST, "/json/", store), "source": (HOST, "/chat/source/", None), "tutorial": (HOST, "/echo/tutorial/", None),
    "chat": (HOST, "/chat/", None), "chat-errors": (HOST, "/chat/", refuse), "chat-room": (HOST, "/chat/lobby/", gather),
    "live": (HOST, "/live/", edit),
    "login": (USERS, "/accounts/login/", None), "login-errors": (USERS, "/accounts/login/", fail),
    "signup": (USERS, "/accounts/signup/", None), "signup-errors": (USERS, "/accounts/signup/", fail),
    "reset": (USERS, "/accounts/password_reset/", None), "reset-sent": (USERS, "/accounts/password_reset/done/", None),
    "chat-user": (USERS, "/", chat_as_user), "password-change": (USERS, "/accounts/password_change/", None),
    "lobby-user": (USERS, "/chat/", None), "logged-out": (USERS, "/", leave),
}
LONG = "/there/is/no/such/page/" + "and-this-one-has-quite-a-long-name-" * 3 + "/?with=a&query=1"
for kind, host in [("debug", DEBUGGED), ("quiet", QUIET)]:
    PAGES |= {
        f"{kind}-404": (host, LONG, None), f"{kind}-500": (host, "/live/", None),
        f"{kind}-403": (host, "/chat/", forge), f"{kind}-405": (host, "/chat/", misuse),
    }


async def steps(page):
    FOLDER.mkdir(parents=True, exist_ok=True)
    for size, (width, height) in WIDTHS.items():
        await page.call(
            "Emulation.setDeviceMetricsOverride", width=width, height=height, deviceScaleFactor=1,
            mobile=size == "narrow")
        for scheme in ("light", "dark"):
            await page.call(
                "Emulation.setEmulatedMedia", features=[{"name": "prefers-color-scheme", "value": scheme}])
            for name, (host, path, prepare) in PAGES.items():
                await page.open(f"http://{host}{path}")
                if prepare:
                    await prepare(page)
                await page.evaluate("scrollTo(0, 0)")
                over = await page.evaluate("document.documentElement.scrollWidth - innerWidth")
                if over > 0:
                    raise browser.PageError(f"{path} ({name}) is {over} pixels wider than a window of {width}.")
                # A tutorial is long, so that only its beginning is captured.
                tall = min(await page.evaluate("document.documentElement.scrollHeight"), 2000)
                picture = await page.call(
                    "Page.captureScreenshot", captureBeyondViewport=True,
                    clip={"x": 0, "y": 0, "width": width, "height": max(tall, height), "scale": 1})
                file = FOLDER / f"{name}-{size}-{scheme}.png"
                file.write_bytes(base64.b64decode(picture["data"]))
                print(file)
                # The browser logs the status of each error page, as expected.
                page.browser.problems[:] = [
                    one for one in page.browser.problems if "the server responded with a status of" not in one]


browser.run(steps, limit=480)
