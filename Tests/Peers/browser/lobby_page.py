"""Enters a room without JavaScript: lobby_page.py HOST:PORT"""

import sys

import browser

HOST = sys.argv[1]
ERRORS = "[...document.querySelectorAll('.errorlist')].map((list) => list.textContent.trim())"


async def send(page, room, name):
    """Fills in the form and submits it with the keyboard."""
    await page.type("#id_room", room)
    await page.type("#id_name", name)
    page.loads.clear()
    await page.press_return()
    await page.loads.wait()


async def steps(page):
    await page.call("Emulation.setScriptExecutionDisabled", value=True)
    await page.open(f"http://{HOST}/chat/")
    # The page's own script did not run.
    assert await page.evaluate("document.scripts.length") == 1
    assert await page.evaluate("typeof person") == "undefined"
    assert await page.evaluate(ERRORS) == []

    # Errors are shown next to each field, and are available to screen readers.
    await send(page, "tea room", "")
    assert await page.evaluate("location.pathname") == "/chat/"
    errors = await page.evaluate(ERRORS)
    assert len(errors) == 2 and "50 ASCII letters" in errors[0] and errors[1] == "This field is required.", errors
    for field, error in zip(("room", "name"), errors):
        assert await page.evaluate(f"document.querySelector('#id_{field}').getAttribute('aria-invalid')") == "true"
        described = await page.evaluate(
            f"document.querySelector('#id_{field}').getAttribute('aria-describedby').split(' ')"
            ".map((id) => document.getElementById(id).textContent).join(' ')")
        assert error in described, described
    assert await page.evaluate("document.querySelector('#id_room').value") == "tea room"

    # The fields are corrected one after the other.
    await send(page, "tea", "")
    assert await page.evaluate(ERRORS) == ["This field is required."]
    assert await page.evaluate("document.querySelector('#id_room').hasAttribute('aria-invalid')") is False
    # The browser logs the status 422, as expected.
    assert [problem for problem in page.browser.problems if "422" not in problem] == []
    page.browser.problems.clear()

    await send(page, "tea", "Zoë & Ann")
    assert await page.evaluate("location.pathname") == "/chat/tea/"
    assert await page.evaluate("new URLSearchParams(location.search).get('name')") == "Zoë & Ann"
    # The room itself needs JavaScript, and the page says so.
    assert "JavaScript" in await page.evaluate("document.querySelector('noscript').textContent")


browser.run(steps)
