"""Uses the JSON page: json_page.py HOST:PORT"""

import json
import sys

import browser

HOST = sys.argv[1]
ANSWERS = "document.querySelectorAll('.message.received, .message.problem')"


async def answer(page, number):
    """Returns how the answer with this number is shown, and its JSON."""
    await page.until(f"{ANSWERS}.length === {number}")
    kind, text = await page.evaluate(
        f"(({{ className, lastElementChild }}) => [className, lastElementChild.textContent])({ANSWERS}[{number - 1}])")
    return kind.split()[1], json.loads(text)


async def steps(page):
    await page.open(f"http://{HOST}/json/")
    await page.until("document.querySelector('.state').dataset.state === 'open'")
    await page.click("#contact .buttons button")
    kind, first = await answer(page, 1)
    assert kind == "received" and first["type"] == "stored", first
    assert first["contact"] == {"name": "Ada", "age": 36}, first

    await page.type("#age", "200")
    await page.press_return()
    kind, second = await answer(page, 2)
    assert kind == "problem" and second["field"] == "age", second
    assert await page.evaluate("document.querySelector('#age').getAttribute('aria-invalid')") == "true"

    # Each of the sample mistakes gets an explanation.
    count = await page.evaluate("document.querySelectorAll('[data-raw]').length")
    assert count >= 4
    for number in range(count):
        await page.evaluate(f"document.querySelectorAll('[data-raw]')[{number}].click()")
        kind, wrong = await answer(page, 3 + number)
        assert kind == "problem" and wrong["type"] == "invalid" and wrong["message"], wrong

    await page.type("#raw", '{"name": "Zoë", "age": 8}')
    await page.click("#contact .buttons button")
    kind, last = await answer(page, 3 + count)
    assert kind == "received" and last["number"] == 2 and last["contact"]["name"] == "Zoë", last
    assert await page.evaluate("document.querySelector('.state').dataset.state") == "open"

    # A late message on the previous socket is ignored.
    await page.evaluate("void (window.previous = socket)")
    await page.click("#reconnect")
    await page.until("document.querySelector('.state').dataset.state === 'open'")
    await page.evaluate("""previous.onmessage(new MessageEvent('message', { data: '{"type":"stored"}' }))""")
    assert await page.evaluate(f"{ANSWERS}.length") == 3 + count
    assert "NaN" not in await page.evaluate("document.querySelector('.latency').textContent")


browser.run(steps)
