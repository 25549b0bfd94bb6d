"""Signs up, chats as a user, logs out, and resets a password: account_pages.py HOST:PORT MAIL

MAIL is the folder to which the site writes its mail.
"""

import asyncio
import pathlib
import re
import sys

import browser

HOST = sys.argv[1]
MAIL = pathlib.Path(sys.argv[2])
STATE = "document.querySelector('.state').dataset.state"
PEOPLE = "[...document.querySelectorAll('#people li')].map((item) => item.textContent).join()"
HEADER = "document.querySelector('.visitor').textContent.replace(/\\s+/g, ' ').trim()"
ERRORS = "[...document.querySelectorAll('.errorlist')].map((list) => list.textContent.trim()).join()"
PATH = "location.pathname"


async def fill(page, fields, form="main form"):
    """Fills in a form and submits it."""
    for name, value in fields.items():
        await page.type(f"{form} [name={name}]", value)
    await page.submit(form)


async def steps(page):
    await page.open(f"http://{HOST}/")
    assert await page.evaluate(HEADER) == "Log in Sign up"

    # Sign up, first with a bad password.
    await page.open(f"http://{HOST}/accounts/signup/?next=/chat/")
    person = {"username": "ada", "email": "ada@example.com", "password1": "12345", "password2": "12345"}
    await fill(page, person)
    assert "too short" in await page.evaluate(ERRORS)
    await fill(page, person | {"password1": "blue-ferry-9", "password2": "blue-ferry-9"})
    assert await page.evaluate(PATH) == "/chat/"
    assert await page.evaluate(HEADER) == "ada Log out"

    # Log out, and in again.
    await page.submit(".visitor form")
    assert await page.evaluate(HEADER) == "Log in Sign up"
    await page.open(f"http://{HOST}/accounts/login/?next=/chat/")
    await fill(page, {"username": "ada", "password": "wrong"})
    assert "Please enter a correct username and password." in await page.evaluate(ERRORS)
    await fill(page, {"username": "ada", "password": "blue-ferry-9"})
    assert await page.evaluate(PATH) == "/chat/"

    # A user chats under the username, whatever the address says.
    assert await page.evaluate("document.querySelector('#enter strong').textContent") == "ada"
    await fill(page, {"room": "tea"}, "#enter")
    await page.until(f"{STATE} === 'open'")
    await page.until(f"{PEOPLE} === 'ada (you)'")
    other = await page.browser.window()
    await other.open(f"http://{HOST}/chat/tea/?name=Eve")
    await other.until(f"{STATE} === 'open' && {PEOPLE} === 'ada (you)'")
    await other.type("#text", "It is me.")
    await other.press_return()
    await page.until("document.querySelector('.message.sent span')?.textContent === 'It is me.'")
    assert await page.evaluate("document.querySelector('#people .user').title") == "Logged in"

    # A logout in one window closes the socket of the other, and the page says so.
    await page.submit(".visitor form")
    assert await page.evaluate(HEADER) == "Log in Sign up"
    await other.until(f"{STATE} === 'closed'")
    assert await other.evaluate("document.querySelector('.state output').textContent") == "logged out"
    assert "You are logged out." in await other.evaluate("document.querySelector('#problem').textContent")

    # A visitor cannot take the name, in the lobby or by the address.
    await page.open(f"http://{HOST}/chat/")
    await fill(page, {"room": "tea", "name": "ADA"}, "#enter")
    assert "This name belongs to a user." in await page.evaluate(ERRORS)
    await page.open(f"http://{HOST}/chat/tea/?name=ada")
    await page.until(f"{STATE} === 'closed'")
    assert "This name belongs to a user." in await page.evaluate("document.querySelector('.state output').textContent")
    await page.open(f"http://{HOST}/chat/tea/?name=Eve")
    await page.until(f"{PEOPLE} === 'Eve (you)'")

    # A link in a mail resets the password.
    await page.open(f"http://{HOST}/accounts/password_reset/")
    await fill(page, {"email": "ada@example.com"})
    assert await page.evaluate(PATH) == "/accounts/password_reset/done/"
    while not (files := list(MAIL.glob("*.log"))):
        await asyncio.sleep(0.05)
    link = re.search(r"http://\S+/accounts/reset/\S+", files[0].read_text())[0]
    await page.open(link)
    assert (await page.evaluate(PATH)).endswith("/set-password/")
    await fill(page, {"new_password1": "green-ferry-8", "new_password2": "green-ferry-8"})
    assert await page.evaluate(PATH) == "/accounts/reset/done/"
    await page.open(f"http://{HOST}/accounts/login/")
    await fill(page, {"username": "ada", "password": "green-ferry-8"})
    assert await page.evaluate(HEADER) == "ada Log out"
    # The browser logs the status of a form with errors, as expected.
    page.browser.problems[:] = [
        one for one in page.browser.problems if "the server responded with a status of 422" not in one]


# Each login waits for a hash, on threads of low priority.
browser.run(steps, limit=300)
