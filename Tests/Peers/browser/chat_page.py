"""Chats in a room from several windows: chat_page.py HOST:PORT"""

import json
import sys

import browser

HOST = sys.argv[1]
STATE = "document.querySelector('.state').dataset.state"
PEOPLE = "[...document.querySelectorAll('#people li')].map((item) => item.textContent).join()"
TEXTS = "[...document.querySelectorAll('.message.sent span, .message.received span')].map((one) => one.textContent)"
EVENTS = "[...document.querySelectorAll('.message.event span')].map((one) => one.textContent)"
TYPING = "document.querySelector('.typing').textContent"


async def enter(page, room, name):
    """Enters a room through the form, as a visitor does."""
    await page.open(f"http://{HOST}/chat/")
    await page.type("#id_room", room)
    await page.type("#id_name", name)
    page.loads.clear()
    await page.press_return()
    await page.loads.wait()
    await page.until(f"{STATE} === 'open'")


async def say(page, text):
    await page.type("#text", text)
    await page.press_return()


async def steps(ann):
    # A name that another page uses is not allowed for a room.
    await ann.open(f"http://{HOST}/chat/")
    await ann.type("#id_room", "tutorial")
    await ann.type("#id_name", "Ann")
    ann.loads.clear()
    await ann.press_return()
    await ann.loads.wait()
    assert "1 to 50 ASCII letters" in await ann.evaluate("document.querySelector('#id_room_error').textContent")
    assert await ann.evaluate("document.querySelector('#id_room').getAttribute('aria-invalid')") == "true"
    # The browser logs the status 422, as expected.
    assert [problem for problem in ann.browser.problems if "422" not in problem] == []
    ann.browser.problems.clear()
    # The form keeps the input.
    assert await ann.evaluate("document.querySelector('#id_room').value") == "tutorial"
    assert await ann.evaluate("document.querySelector('#id_name').value") == "Ann"

    await enter(ann, "tea", "Ann")
    assert await ann.evaluate("document.querySelector('h1').textContent") == "tea"
    assert await ann.evaluate(PEOPLE) == "Ann (you)"
    await say(ann, "Is anybody here?")
    await ann.until(f"{TEXTS}.length === 1")

    # A later visitor sees earlier messages.
    bob = await ann.browser.window()
    await enter(bob, "tea", "Bob")
    await bob.until(f"{TEXTS}.length === 1")
    assert await bob.evaluate(TEXTS) == ["Is anybody here?"]
    assert "Ann" in await bob.evaluate("document.querySelector('.message.received small').textContent")
    assert await bob.evaluate(PEOPLE) == "Ann,Bob (you)"
    await ann.until(f"{PEOPLE} === 'Ann (you),Bob'")
    assert "Bob came in" in await ann.evaluate(EVENTS)

    # The typing indicator is visible until the text is sent or deleted.
    await bob.type("#text", "<b>Me</b> & you")
    await ann.until(f"{TYPING} === 'Bob is writing …'")
    assert await bob.evaluate(TYPING) == ""
    await bob.press_return()
    await ann.until(f"{TEXTS}.length === 2")
    assert await ann.evaluate(TYPING) == ""
    assert (await ann.evaluate(TEXTS))[1] == "<b>Me</b> & you"
    assert await ann.evaluate("document.querySelectorAll('.message b').length") == 0
    await bob.type("#text", "No,")
    await ann.until(f"{TYPING} === 'Bob is writing …'")
    await bob.evaluate("document.querySelector('#text').select()")
    await bob.press("Delete", 46)
    await ann.until(f"{TYPING} === ''")

    # Only the sender sees the error for a message that is too long.
    await bob.evaluate("connection.send({ type: 'say', text: 'a'.repeat(1001) })")
    await bob.until("!document.querySelector('#problem').hidden")
    assert "1000" in await bob.evaluate("document.querySelector('#problem').textContent")

    # A lost connection is restored automatically, with the messages sent meanwhile.
    await bob.evaluate("void (connection.socket.close(), 0)")
    await bob.until(f"{STATE} === 'open' && {EVENTS}.filter((text) => text.startsWith('You are here')).length === 2")
    await say(ann, "Still there?")
    await bob.until(f"{TEXTS}.at(-1) === 'Still there?'")
    assert len(await bob.evaluate(TEXTS)) == 3
    await ann.until(f"{PEOPLE} === 'Ann (you),Bob'")

    # A visitor who follows a link must enter a name. A second window of the same visitor changes nothing for others.
    cleo = await ann.browser.window()
    await cleo.open(f"http://{HOST}/chat/tea/")
    await cleo.until("!document.querySelector('#introduce').hidden")
    await cleo.type("#introduce input", "Ann")
    await cleo.press_return()
    await cleo.until(f"{TEXTS}.length === 3")
    await cleo.until(f"{PEOPLE} === 'Ann (you),Bob'")
    await cleo.close()

    # Another room gets none of the messages.
    dora = await ann.browser.window()
    await enter(dora, "coffee", "Dora")
    await dora.until(f"{PEOPLE} === 'Dora (you)'")
    assert await dora.evaluate(TEXTS) == []
    await dora.close()

    # A visitor who leaves disappears from the list.
    await bob.close()
    await ann.until(f"{PEOPLE} === 'Ann (you)'")
    assert (await ann.evaluate(EVENTS))[-1] == "Bob left"
    assert "Dora" not in json.dumps(await ann.evaluate(EVENTS))

    # After a rejected name, the page does not reconnect.
    await ann.evaluate("sessionStorage.setItem('chat-name', 'x'.repeat(31))")
    await ann.open(f"http://{HOST}/chat/tea/")
    await ann.until(f"{STATE} === 'closed'")
    assert "1 to 30" in await ann.evaluate("document.querySelector('.state output').textContent")


browser.run(steps)
