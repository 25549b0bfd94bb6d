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
    """A browser with one page. `async with Browser() as browser:` starts and ends it."""

    async def __aenter__(self):
        self.numbers = itertools.count(1)
        self.answers = {}
        self.loads = asyncio.Event()
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
            target = await self.call("Target.createTarget", url="about:blank", session=False)
            attached = await self.call(
                "Target.attachToTarget", targetId=target["targetId"], flatten=True, session=False)
            self.session = attached["sessionId"]
            for domain in ("Page", "Runtime", "Log", "Network"):
                await self.call(f"{domain}.enable")
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
                self.note(message["method"], message["params"])

    def note(self, event, details):
        if event == "Page.loadEventFired":
            self.loads.set()
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

    async def call(self, method, session=True, **parameters):
        number = next(self.numbers)
        answer = self.answers[number] = asyncio.get_running_loop().create_future()
        message = {"id": number, "method": method, "params": parameters}
        if session:
            message["sessionId"] = self.session
        await self.connection.send(json.dumps(message))
        result = await answer
        if "error" in result:
            raise PageError(f"{method}: {result['error']['message']}")
        return result["result"]

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
        """Waits until a JavaScript condition holds, which the page looks at whenever it changes."""
        await self.evaluate("""new Promise((resolve) => {
            const holds = () => { if (!(%s)) return false; observer.disconnect(); resolve(); return true; };
            const observer = new MutationObserver(holds);
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

    async def press_return(self):
        for kind in ("keyDown", "keyUp"):
            await self.call(
                "Input.dispatchKeyEvent", type=kind, key="Enter", code="Enter", windowsVirtualKeyCode=13, text="\r")


def run(steps, limit=50):
    """Runs `await steps(browser)`; the script fails where it does, or where a page's console complains."""

    async def main():
        async with asyncio.timeout(limit):
            async with Browser() as browser:
                await steps(browser)

    asyncio.run(main())
