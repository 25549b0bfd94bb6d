"""Headless Chromium, controlled over the DevTools protocol."""

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
    """Kills the browser if the script is killed."""
    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)


class PageError(Exception):
    """An error from a page's console or from the protocol."""


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
            sys.exit("chromium is not installed. Run `make test` or scripts/peers to install it.")
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
            print("The page's console reported:", *self.problems, sep="\n", file=sys.stderr)
        await self.end()
        if error is None:
            self.check()

    async def end(self):
        if self.process.returncode is None:
            self.process.kill()
        await self.process.wait()
        # Child processes write to the profile and to standard error until they end, shortly after the browser.
        if self.draining:
            await self.draining
        shutil.rmtree(self.profile, ignore_errors=True)

    async def devtools(self):
        """Returns the address that the browser prints. Also drains its other output, so that it does not block."""
        said = []
        async for line in self.process.stderr:
            said.append(line.decode(errors="replace"))
            if "DevTools listening on " in said[-1]:
                self.draining = asyncio.create_task(self.process.stderr.read())
                return said[-1].split("DevTools listening on ")[1].strip()
        raise PageError("chromium did not start:\n" + "".join(said))

    async def window(self):
        """Opens a window and returns its page. Windows share their pages' storage, except for session storage."""
        target = await self.call("Target.createTarget", url="about:blank")
        attached = await self.call("Target.attachToTarget", targetId=target["targetId"], flatten=True)
        page = self.pages[attached["sessionId"]] = Page(self, target["targetId"], attached["sessionId"])
        for domain in ("Page", "Runtime", "Log", "Network"):
            await page.call(f"{domain}.enable")
        # Only one window has the system's focus. This makes the fields of all windows behave as if they had it.
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
        """Raises an error if a page's console reported a problem."""
        if self.problems:
            raise PageError("The page's console reported:\n" + "\n".join(self.problems))

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
    """The page in a window."""

    def __init__(self, browser, target, session):
        self.browser = browser
        self.target = target
        self.session = session
        self.loads = asyncio.Event()

    async def call(self, method, **parameters):
        return await self.browser.call(method, session=self.session, **parameters)

    async def close(self):
        """Closes the window, as a user would."""
        await self.browser.call("Target.closeTarget", targetId=self.target)

    async def open(self, address):
        """Opens a URL and waits until it is loaded."""
        self.loads.clear()
        result = await self.call("Page.navigate", url=address)
        if "errorText" in result:
            raise PageError(f"{address}: {result['errorText']}")
        await self.loads.wait()

    async def evaluate(self, script):
        """Returns the value of a JavaScript expression, or of its promise if it is one."""
        result = await self.call(
            "Runtime.evaluate", expression=script, awaitPromise=True, returnByValue=True, userGesture=True)
        if "exceptionDetails" in result:
            thrown = result["exceptionDetails"]
            raise PageError(thrown.get("exception", {}).get("description") or thrown["text"])
        return result["result"].get("value")

    async def until(self, condition):
        """Waits until a JavaScript condition holds. The page checks it at each change of its elements, and every 50 ms,
        because a field's value changes without them."""
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
        """Clicks the middle of an element with the mouse."""
        box = await self.evaluate("""(() => {
            const element = document.querySelector(%s);
            element.scrollIntoView({ block: "center" });
            const box = element.getBoundingClientRect();
            return { x: box.x + box.width / 2, y: box.y + box.height / 2 };
        })()""" % json.dumps(selector))
        for kind in ("mousePressed", "mouseReleased"):
            await self.call("Input.dispatchMouseEvent", type=kind, button="left", clickCount=1, **box)

    async def type(self, selector, text):
        """Replaces a field's value with `text`, as if typed."""
        await self.evaluate(f"document.querySelector({json.dumps(selector)}).select()")
        await self.evaluate(f"document.querySelector({json.dumps(selector)}).focus()")
        await self.call("Input.insertText", text=text)

    async def submit(self, form="form"):
        """Submits a form, bypassing its scripts, and waits until the response is loaded."""
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
    """Runs `await steps(page)`. The script fails if it raises an error or if a page's console reports a problem."""

    async def main():
        async with asyncio.timeout(limit):
            async with Browser() as browser:
                await steps(await browser.window())

    asyncio.run(main())
