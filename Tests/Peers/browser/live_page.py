"""Edits the table from several windows: live_page.py HOST:PORT"""

import sys

import browser

HOST = sys.argv[1]
STATE = "document.querySelector('.state').dataset.state"


def value(cell):
    return f"document.querySelector('#{cell}').value"


def mark(cell):
    return f"document.querySelector('#{cell}-editor').textContent"


async def enter(page):
    await page.open(f"http://{HOST}/live/")
    await page.until(f"{STATE} === 'open'")
    return await page.evaluate("document.querySelector('#who').textContent.split(' ').at(-1)")


async def write(page, cell, text):
    await page.click(f"#{cell}")
    await page.type(f"#{cell}", text)
    await page.press_return()


async def steps(ann):
    guest = await enter(ann)
    bob = await ann.browser.window()
    other = await enter(bob)
    assert guest != other
    assert await ann.evaluate("document.querySelectorAll('#rows tr').length") == 6

    # A cell that one visitor edits is marked in the other window, and the new value appears there.
    await ann.click("#price-0")
    await bob.until(f"{mark('price-0')} === 'Guest {guest}'")
    assert await ann.evaluate(mark("price-0")) == ""
    await ann.type("#price-0", "7,5")
    await ann.press_return()
    await bob.until(f"{value('price-0')} === '7.50'")
    await ann.until(f"{value('price-0')} === '7.50'")
    assert await bob.evaluate("document.querySelector('#rows tr').cells[3].textContent") == "15.00"
    assert await bob.evaluate("document.querySelector('#sum').textContent") == await ann.evaluate(
        "document.querySelector('#sum').textContent")
    await ann.click("#item-1")
    await bob.until(f"{mark('price-0')} === '' && {mark('item-1')} === 'Guest {guest}'")

    # Two visitors in one cell: the last writer wins, and the other window shows the value.
    await ann.type("#item-1", "Green tea")
    await bob.click("#item-1")
    await bob.type("#item-1", "Black tea")
    await bob.press_return()
    await ann.until("cells.get('item-1').value === 'Black tea'")
    assert await ann.evaluate(value("item-1")) == "Green tea", "A change must not overwrite text being typed."
    await ann.press("Escape", 27)
    assert await ann.evaluate(value("item-1")) == "Black tea"
    await ann.type("#item-1", "White <i>tea</i>")
    await ann.press_return()
    await bob.until(f"{value('item-1')} === 'White <i>tea</i>'")

    # Two changes that arrive out of order: the higher number wins.
    await bob.evaluate("""void connection.socket.onmessage(new MessageEvent('message', { data: JSON.stringify(
        { type: 'changed', number: cells.get('item-1').number - 1, cell: 'item-1', value: 'Old tea', window: 0 }) }))""")
    assert await bob.evaluate(value("item-1")) == "White <i>tea</i>"

    # Only the writer of an invalid value sees the error.
    await write(bob, "quantity-2", "many")
    await bob.until("!document.querySelector('#problem').hidden")
    assert await bob.evaluate("document.querySelector('#quantity-2').getAttribute('aria-invalid')") == "true"
    assert await ann.evaluate("document.querySelector('#problem').hidden")
    await bob.click("#item-3")
    assert await bob.evaluate(value("quantity-2")) == await ann.evaluate(value("quantity-2")) == "6"

    # A late visitor gets the whole table with its edit marks. A lost connection is restored automatically.
    cleo = await ann.browser.window()
    await enter(cleo)
    assert await cleo.evaluate(value("item-1")) == "White <i>tea</i>"
    assert await cleo.evaluate(value("price-0")) == "7.50"
    await cleo.until(f"{mark('item-3')} === 'Guest {other}'")
    await cleo.evaluate("void (connection.socket.close(), 0)")
    await cleo.until(f"{STATE} === 'open' && number !== null")
    await write(ann, "quantity-5", "8")
    for page in (bob, cleo):
        await page.until(f"{value('quantity-5')} === '8'")

    # The edit mark of a visitor who leaves disappears.
    await bob.close()
    await cleo.until(f"{mark('item-3')} === ''")

    # Restores the table for later tests.
    for cell, text in [("price-0", "6.90"), ("item-1", "Tea"), ("quantity-5", "4")]:
        await write(ann, cell, text)
        await cleo.until(f"{value(cell)} === '{text}'")


browser.run(steps)
