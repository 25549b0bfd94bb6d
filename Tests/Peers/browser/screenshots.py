"""Takes pictures of the example pages, narrow and wide, light and dark: screenshots.py HOST:PORT FOLDER"""

import base64
import pathlib
import sys

import browser

HOST, FOLDER = sys.argv[1], pathlib.Path(sys.argv[2])
WIDTHS = {"narrow": (390, 844), "wide": (1280, 800)}


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


PAGES = {
    "index": ("/", None), "echo": ("/echo/", talk), "echo-closed": ("/echo/", lose), "json": ("/json/", store),
    "source": ("/json/source/", None), "tutorial": ("/echo/tutorial/", None),
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
