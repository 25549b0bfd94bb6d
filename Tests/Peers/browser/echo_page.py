"""Uses the echo page: echo_page.py HOST:PORT"""

import sys

import browser

HOST = sys.argv[1]


async def steps(page):
    await page.open(f"http://{HOST}/echo/")
    await page.until("document.querySelector('.state').dataset.state === 'open'")
    await page.type("#text", "Hallo, Strait! 🌍")
    await page.click("#compose button")
    await page.until("document.querySelector('.message.received span')?.textContent === 'Hallo, Strait! 🌍'")
    assert await page.evaluate("document.querySelector('.message.sent span').textContent") == "Hallo, Strait! 🌍"
    assert await page.evaluate("document.querySelector('#text').value") == ""
    assert "answered in" in await page.evaluate("document.querySelector('.latency').textContent")

    # Markup in a message is shown as text.
    await page.type("#text", "<b>bold</b>")
    await page.press_return()
    await page.until("document.querySelectorAll('.message.received').length === 2")
    assert await page.evaluate("document.querySelectorAll('.message b').length") == 0

    await page.evaluate("socket.close(4000, 'Enough')")
    await page.until("document.querySelector('.state').dataset.state === 'closed'")
    assert await page.evaluate("document.querySelector('.state output').textContent") == "Closed with 4000"
    assert await page.evaluate("document.querySelector('#compose button').disabled")

    await page.click("#reconnect")
    await page.until("document.querySelector('.state').dataset.state === 'open'")
    await page.type("#text", "Again")
    await page.press_return()
    await page.until("[...document.querySelectorAll('.message.received span')].at(-1).textContent === 'Again'")

    # A late message on the previous socket is ignored.
    await page.evaluate("void (window.previous = socket)")
    await page.click("#reconnect")
    await page.until("document.querySelector('.state').dataset.state === 'open'")
    count = await page.evaluate("document.querySelectorAll('.message.received').length")
    await page.evaluate("previous.onmessage(new MessageEvent('message', { data: 'late' }))")
    assert await page.evaluate("document.querySelectorAll('.message.received').length") == count
    assert "NaN" not in await page.evaluate("document.querySelector('.latency').textContent")


browser.run(steps)
