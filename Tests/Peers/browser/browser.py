"""Chromium without a window, led over the DevTools protocol."""

import asyncio
import ctypes
import itertools
import json
import shutil
import signal
import sys
import tempfile

from websockets.asyncio.client import connect
from websockets.exceptions import ConnectionClosed

PR_SET_PDEATHSIG = 1


def end_with_parent():
    """Lets the browser end with the script, should that be killed."""
    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)


class PageError(Exception):
    """What a page's console or the protocol complained of."""


class Browser:
    """A browser. `async with Browser() as browser:` starts and ends it; `await browser.window()` opens a page."""

    async def __aenter__(self):
        self.numbers = itertools.count(1)
        self.answers = {}
        self.pages = {}
        self.problems = []
        self.draining = None
        self.profile = tempfile.mkdtemp(prefix="strait-browser-")
        try:
            self.process = await asyncio.create_subprocess_exec(
                "chromium", "--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage",
                "--no-first-run", "--disable-background-networking", "--disable-component-update",
                "--disable-default-apps", "--disable-extensions", "--disable-sync", "--hide-scrollbars",
                "--password-store=basic", "--remote-debugging-port=0", f"--user-data-dir={self.profile}", "about:blank",
                stdin=asyncio.subprocess.DEVNULL, stdout=asyncio.subprocess.DEVNULL, stderr=asyncio.subprocess.PIPE,
                preexec_fn=end_with_parent)
        except FileNotFoundError:
            shutil.rmtree(self.profile, ignore_errors=True)
            sys.exit("chromium is missing. Run `make test`, or scripts/peers, which installs what the tests talk to.")
        try:
            address = await self.devtools()
            self.connection = await connect(address, max_size=None, ping_interval=None)
            self.reading = asyncio.create_task(self.read())
        except BaseException:
            await self.end()
            raise
        return self

    async def __aexit__(self, kind, error, trace):
        if error is not None and self.problems:
            print("The console says:", *self.problems, sep="\n", file=sys.stderr)
        await self.end()
        if error is None:
            self.check()

    async def end(self):
        if self.process.returncode is None:
            self.process.kill()
        await self.process.wait()
        # Its children write into the profile until they end, a moment after it, and with them what they say.
        if self.draining:
            await self.draining
        shutil.rmtree(self.profile, ignore_errors=True)

    async def devtools(self):
        """The address that the browser says it listens at. What else it says is read too, so that it does not wait."""
        said = []
        async for line in self.process.stderr:
            said.append(line.decode(errors="replace"))
            if "DevTools listening on " in said[-1]:
                self.draining = asyncio.create_task(self.process.stderr.read())
                return said[-1].split("DevTools listening on ")[1].strip()
        raise PageError("chromium did not start:\n" + "".join(said))

    async def window(self):
        """Opens a window and gives its page. Windows share what pages store, but for what belongs to one window."""
        target = await self.call("Target.createTarget", url="about:blank")
        attached = await self.call("Target.attachToTarget", targetId=target["targetId"], flatten=True)
        page = self.pages[attached["sessionId"]] = Page(self, target["targetId"], attached["sessionId"])
        for domain in ("Page", "Runtime", "Log", "Network"):
            await page.call(f"{domain}.enable")
        # Of several windows only one has the system's focus; their fields behave as if all had it.
        await page.call("Emulation.setFocusEmulationEnabled", enabled=True)
        return page

    async def read(self):
        while True:
            try:
                text = await self.connection.recv()
            except ConnectionClosed:
                return
            message = json.loads(text)
            if "id" in message:
                self.answers.pop(message["id"]).set_result(message)
            else:
                self.note(message["method"], message["params"], self.pages.get(message.get("sessionId")))

    def note(self, event, details, page):
        if event == "Page.loadEventFired":
            page.loads.set()
        elif event == "Runtime.exceptionThrown":
            thrown = details["exceptionDetails"]
            self.problems.append(thrown.get("exception", {}).get("description") or thrown["text"])
        elif event == "Runtime.consoleAPICalled" and details["type"] in ("error", "warning", "assert"):
            self.problems.append(" ".join(str(one.get("value", one.get("description"))) for one in details["args"]))
        elif event == "Log.entryAdded" and details["entry"]["level"] in ("error", "warning"):
            self.problems.append(details["entry"]["text"])

    def check(self):
        """Fails where a page's console had something to complain of."""
        if self.problems:
            raise PageError("The console says:\n" + "\n".join(self.problems))

    async def call(self, method, session=None, **parameters):
        number = next(self.numbers)
        answer = self.answers[number] = asyncio.get_running_loop().create_future()
        message = {"id": number, "method": method, "params": parameters}
        if session:
            message["sessionId"] = session
        await self.connection.send(json.dumps(message))
        result = await answer
        if "error" in result:
            raise PageError(f"{method}: {result['error']['message']}")
        return result["result"]


class Page:
    """What a window shows."""

    def __init__(self, browser, target, session):
        self.browser = browser
        self.target = target
        self.session = session
        self.loads = asyncio.Event()

    async def call(self, method, **parameters):
        return await self.browser.call(method, session=self.session, **parameters)

    async def close(self):
        """Closes the window, as its visitor does."""
        await self.browser.call("Target.closeTarget", targetId=self.target)

    async def open(self, address):
        """Goes to a page and waits until it is loaded."""
        self.loads.clear()
        result = await self.call("Page.navigate", url=address)
        if "errorText" in result:
            raise PageError(f"{address}: {result['errorText']}")
        await self.loads.wait()

    async def evaluate(self, script):
        """The value of a JavaScript expression; that of its promise, if it is one."""
        result = await self.call(
            "Runtime.evaluate", expression=script, awaitPromise=True, returnByValue=True, userGesture=True)
        if "exceptionDetails" in result:
            thrown = result["exceptionDetails"]
            raise PageError(thrown.get("exception", {}).get("description") or thrown["text"])
        return result["result"].get("value")

    async def until(self, condition):
        """Waits until a JavaScript condition holds. The page checks it whenever its elements change, and now and then,
        since what a field holds changes without them."""
        await self.evaluate("""new Promise((resolve) => {
            const holds = () => {
                if (!(%s)) return false;
                observer.disconnect();
                clearInterval(timer);
                resolve();
                return true;
            };
            const observer = new MutationObserver(holds);
            const timer = setInterval(holds, 50);
            if (!holds()) {
                observer.observe(document, { subtree: true, childList: true, attributes: true, characterData: true });
            }
        })""" % condition)

    async def click(self, selector):
        """Clicks in the middle of an element, as a mouse does."""
        box = await self.evaluate("""(() => {
            const element = document.querySelector(%s);
            element.scrollIntoView({ block: "center" });
            const box = element.getBoundingClientRect();
            return { x: box.x + box.width / 2, y: box.y + box.height / 2 };
        })()""" % json.dumps(selector))
        for kind in ("mousePressed", "mouseReleased"):
            await self.call("Input.dispatchMouseEvent", type=kind, button="left", clickCount=1, **box)

    async def type(self, selector, text):
        """Replaces what is in a field by `text`, as a keyboard does."""
        await self.evaluate(f"document.querySelector({json.dumps(selector)}).select()")
        await self.evaluate(f"document.querySelector({json.dumps(selector)}).focus()")
        await self.call("Input.insertText", text=text)

    async def submit(self, form="form"):
        """Sends a form, as without its scripts, and waits until what answers is loaded."""
        self.loads.clear()
        await self.evaluate(f"void document.querySelector({json.dumps(form)}).submit()")
        await self.loads.wait()

    async def press_return(self):
        await self.press("Enter", 13, "\r")

    async def press(self, key, code, text=""):
        for kind in ("keyDown" if text else "rawKeyDown", "keyUp"):
            await self.call(
                "Input.dispatchKeyEvent", type=kind, key=key, code=key, windowsVirtualKeyCode=code, text=text)


def run(steps, limit=50):
    """Runs `await steps(page)`; the script fails where it does, or where a page's console complains."""

    async def main():
        async with asyncio.timeout(limit):
            async with Browser() as browser:
                await steps(await browser.window())

    asyncio.run(main())
