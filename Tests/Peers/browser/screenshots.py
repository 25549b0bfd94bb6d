"""Takes pictures of the example pages, narrow and wide, light and dark: screenshots.py HOST:PORT FOLDER"""

import base64
import pathlib
import sys

import browser

HOST, FOLDER = sys.argv[1], pathlib.Path(sys.argv[2])
WIDTHS = {"narrow": (360, 780), "wide": (1280, 800)}


async def talk(page):
    """Has both kinds of messages on an echo page."""
    await page.until("document.querySelector('.state').dataset.state === 'open'")
    for number, text in enumerate(["Hello, Strait!", "A longer message, that shows how lines break where they have to. " * 3]):
        await page.type("#text", text)
        await page.press_return()
        await page.until(f"document.querySelectorAll('.message.received').length === {number + 1}")


async def store(page):
    """Has an answer and a mistake on the JSON page."""
    await page.until("document.querySelector('.state').dataset.state === 'open'")
    await page.click("#contact .buttons button")
    await page.until("document.querySelectorAll('.message.received').length === 1")
    await page.type("#age", "200")
    await page.press_return()
    await page.until("document.querySelectorAll('.message.problem').length === 1")


async def lose(page):
    """Has no connection any more."""
    await page.until("document.querySelector('.state').dataset.state === 'open'")
    await page.evaluate("socket.close(4000, 'Enough')")
    await page.until("document.querySelector('.state').dataset.state === 'closed'")


async def gather(page):
    """Has several people in a room, one of whom is writing."""
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
    """Has chosen a room that there cannot be."""
    await page.type("#id_room", "tutorial")
    await page.type("#id_name", "Ann")
    await page.press_return()


async def edit(page):
    """Has others at two cells, a change of theirs, and a mistake of its own."""
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
    await page.until("document.querySelector('#id_room_error') !== null")


PAGES = {
    "index": ("/", None), "echo": ("/echo/", talk), "echo-closed": ("/echo/", lose), "json": ("/json/", store),
    "source": ("/chat/source/", None), "tutorial": ("/echo/tutorial/", None),
    "chat": ("/chat/", refuse), "chat-room": ("/chat/lobby/", gather), "live": ("/live/", edit),
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
            for name, (path, prepare) in PAGES.items():
                await page.open(f"http://{HOST}{path}")
                if prepare:
                    await prepare(page)
                await page.evaluate("scrollTo(0, 0)")
                over = await page.evaluate("document.documentElement.scrollWidth - innerWidth")
                if over > 0:
                    raise browser.PageError(f"{path} is {over} pixels wider than a window of {width}.")
                # A tutorial is long; its beginning says enough.
                tall = min(await page.evaluate("document.documentElement.scrollHeight"), 2000)
                picture = await page.call(
                    "Page.captureScreenshot", captureBeyondViewport=True,
                    clip={"x": 0, "y": 0, "width": width, "height": max(tall, height), "scale": 1})
                file = FOLDER / f"{name}-{size}-{scheme}.png"
                file.write_bytes(base64.b64decode(picture["data"]))
                print(file)


browser.run(steps, limit=240)
