# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
"""A page in headless Chromium, as a person in China sees it."""

import base64
import json
import time
from pathlib import Path

from jxcdev.devtools import Chromium, DevToolsError

DESKTOP = (1366, 850)
PHONE = (390, 844)
PATIENCE = 60
LOST = 2  # seconds after which a click on what is still offered went nowhere
STILL = 4  # looks at a place, a twentieth of a second apart, that find it unmoved
FLAGS = ("--lang=zh-CN", "--accept-lang=zh-CN,zh", "--force-color-profile=srgb")
VISIBLE = """(() => {
    const element = document.querySelector(%s);
    if (!element) return false;
    const box = element.getBoundingClientRect();
    return box.width > 0 && box.height > 0;
})()"""
PAINTED = "new Promise(done => requestAnimationFrame(() => setTimeout(done)))"
FIRST = "document.querySelector(%s)"
WITH_TEXT = """[...document.querySelectorAll(%s)].find(element =>
    element.innerText.includes(%s) && element.getBoundingClientRect().width > 0
)"""
MIDDLE = """(() => {
    const element = %s;
    if (!element) return null;
    element.scrollIntoView({block: "center"});
    const box = element.getBoundingClientRect();
    return [box.x + box.width / 2, box.y + box.height / 2];
})()"""


def is_replaced(error):
    """Whether an expression failed because its page gave way to the next one."""
    return "context" in str(error) or "navigat" in str(error)


class Page:
    """One tab. Everything that goes wrong in it is collected in `problems`.

    :param str url: address of the server
    :param Path screenshots: folder for pictures
    """

    def __init__(self, url, screenshots):
        self.url = url
        self.problems = []
        self._screenshots = Path(screenshots)
        self._requests = {}
        self._running = set()
        self._browser = Chromium(flags=FLAGS)
        self._tab = self._browser.open_page()
        self._tab.handlers.append(self._on_event)
        for domain in ("Page", "Runtime", "Log", "Network"):
            self._tab.call(f"{domain}.enable")
        self._tab.call("Emulation.setLocaleOverride", locale="zh-CN")
        self._tab.call("Emulation.setTimezoneOverride", timezoneId="Asia/Shanghai")
        self.resize(DESKTOP)

    def resize(self, size):
        """Become a window or phone of this size (:data:`DESKTOP`, :data:`PHONE`)."""
        width, height = size
        phone = width < 768
        # odoo19-ok: old-name "mobile" is DevTools' own word
        self._tab.call(
            "Emulation.setDeviceMetricsOverride",
            width=width,
            height=height,
            deviceScaleFactor=2 if phone else 1,
            mobile=phone,
        )
        self._tab.call("Emulation.setTouchEmulationEnabled", enabled=phone)

    def login(self, login, password):
        """Log in through the form and wait for the web client."""
        self.open("/web/login")
        self.wait_for("input[name=login]")
        self.fill("input[name=login]", login)
        self.fill("input[name=password]", password)
        self.click("form.oe_login_form button[type=submit]")
        self.wait_for(".o_web_client .o_main_navbar, .o_web_client .o_navbar")

    def open(self, path):
        """Go to a path of the server."""
        self._tab.call("Page.navigate", url=self.url + path)

    def show(self, path, selector):
        """Go to a path and wait until what `selector` names is there, with its data."""
        # What is shown until then may look the same.
        self.evaluate("window.isLeft = true")
        self.open(path)
        self.wait_until("!window.isLeft")
        self.wait_for(selector)
        self.wait_until(
            "!document.querySelector('.o_blockUI, .o_loading_indicator')"
            " && document.fonts.status === 'loaded'"
            " && [...document.images].every("
            "image => image.complete || image.loading === 'lazy')"
        )
        self._settle()

    def _settle(self):
        """Wait until what the server answered is shown.

        A list may first show what it told last time, and then what it tells now.

        :raise AssertionError: when a minute was not enough
        """
        deadline = time.monotonic() + PATIENCE
        while time.monotonic() < deadline:
            asked = not self._paint() or self._running
            if not asked and self._paint() and not self._running:
                return
            self._browser.pump(0.05)
        waiting = ", ".join(self._requests.get(one, "?") for one in self._running)
        picture = self.screenshot("waited-in-vain")
        raise AssertionError(f"{waiting} did not answer; {picture}")

    def _paint(self):
        """Have what is known shown; return False if the page is just being replaced."""
        try:
            self.evaluate(PAINTED)
        except DevToolsError as error:
            if not is_replaced(error):
                raise
            return False
        return True

    def wait_for(self, selector):
        """Wait until an element is visible."""
        self.wait_until(VISIBLE % json.dumps(selector), what=selector)

    def wait_until(self, expression, what=None):
        """Wait until a JavaScript expression is true.

        :raise AssertionError: after a minute, with a picture of what is shown instead
        """
        deadline = time.monotonic() + PATIENCE
        while time.monotonic() < deadline:
            try:
                if self._tab.evaluate(f"!!({expression})"):
                    return
            except DevToolsError as error:
                if not is_replaced(error):
                    raise
            self._browser.pump(0.05)
        picture = self.screenshot("waited-in-vain")
        problems = "; ".join(self.problems) or "no console error"
        raise AssertionError(
            f"{what or expression} did not come; {picture}; {problems}"
        )

    def fill(self, selector, value):
        """Type a value into a field, once what was chosen before has had its effect."""
        self.wait_for(selector)
        self._settle()
        self.evaluate(f"document.querySelector({json.dumps(selector)}).select()")
        self._tab.call("Input.insertText", text=value)

    def fill_date(self, field, day):
        """Type a day into a field that opens a calendar, and leave the field."""
        self.click(f"{field} :is(input, button)")
        self.wait_for(".o_datetime_picker")
        self.fill(f"{field} input", f"{day:%Y/%m/%d}")
        self.press("Tab", 9, "")
        self.wait_until("!document.querySelector('.o_datetime_picker')")

    def type(self, value):
        """Type a value where the cursor is."""
        self._tab.call("Input.insertText", text=value)

    def attach(self, selector, file):
        """Choose a file for an input of files."""
        chosen = self._tab.call(
            "Runtime.evaluate",
            expression=f"document.querySelector({json.dumps(selector)})",
        )
        object_id = chosen["result"]["objectId"]
        self._tab.call("DOM.setFileInputFiles", files=[str(file)], objectId=object_id)

    def press(self, key="Enter", code=13, text="\r"):
        """Press a key of the keyboard where the cursor is."""
        stroke = {"key": key, "code": key, "windowsVirtualKeyCode": code}
        self._tab.call("Input.dispatchKeyEvent", type="keyDown", text=text, **stroke)
        self._tab.call("Input.dispatchKeyEvent", type="keyUp", **stroke)

    def locate(self, latitude, longitude):
        """Be at this place; pages of the server may ask where that is."""
        self._permit_location("granted")
        self._tab.call(
            "Emulation.setGeolocationOverride",
            latitude=latitude,
            longitude=longitude,
            accuracy=10,
        )

    def hide_location(self):
        """Refuse to tell pages of the server where this is."""
        self._permit_location("denied")

    def _permit_location(self, setting):
        self._tab.call(
            "Browser.setPermission",
            permission={"name": "geolocation"},
            setting=setting,
            origin=self.url,
        )

    def offline(self, lost):
        """Lose the network, or find it again."""
        self._tab.call(
            "Network.emulateNetworkConditions",
            offline=lost,
            latency=0,
            downloadThroughput=-1,
            uploadThroughput=-1,
        )

    def click(self, selector):
        """Click in the middle of an element, as a mouse does, once it stays there.

        A chatter or a table that comes late moves what is shown already, and a click
        falls where the element was: a person, too, waits until it stands still.
        """
        self.wait_for(selector)
        self._click(FIRST % json.dumps(selector), selector)

    def click_text(self, selector, text):
        """Click, like :meth:`click`, the first visible element that has this text."""
        found = WITH_TEXT % (json.dumps(selector), json.dumps(text))
        self.wait_until(found, f"{selector} with {text}")
        self._click(found, f"{selector} with {text}")

    def choose(self, selector, text):
        """Type into a field of records and take what it offers for this text.

        :param str selector: of the field
        """
        self.click(f"{selector} input")
        self.fill(f"{selector} input", text)
        offered = ".o-autocomplete--dropdown-item"
        found = WITH_TEXT % (json.dumps(offered), json.dumps(text))
        self.click_text(offered, text)
        again = time.monotonic() + LOST
        while self.evaluate(f"!!({found})"):
            if time.monotonic() > again:
                # The click met what was offered before the text, just being replaced.
                self.click_text(offered, text)
                again = time.monotonic() + LOST
            self._browser.pump(0.05)

    def _click(self, element, what):
        """Click on what a JavaScript expression gives."""
        x, y = self._still(element, what)
        for kind in ("mousePressed", "mouseReleased"):
            self._tab.call(
                "Input.dispatchMouseEvent",
                type=kind,
                x=x,
                y=y,
                button="left",
                clickCount=1,
            )

    def wait_text(self, selector, text):
        """Wait until a visible element that matches has this text in it."""
        found = WITH_TEXT % (json.dumps(selector), json.dumps(text))
        self.wait_until(found, what=f"{selector} with {text}")

    def _still(self, element, what):
        """Return the middle of an element that has stopped moving, scrolled into view.

        :param str element: JavaScript expression
        :raise AssertionError: after a minute of moving about
        """
        place, looks = None, 0
        deadline = time.monotonic() + PATIENCE
        while time.monotonic() < deadline:
            now = self.evaluate(MIDDLE % element)
            looks = looks + 1 if now and now == place and not self._running else 0
            place = now
            if looks >= STILL:
                return place
            self._browser.pump(0.05)
        picture = self.screenshot("waited-in-vain")
        waiting = ", ".join(self._requests.get(one, "?") for one in self._running)
        raise AssertionError(f"{what} does not stand still; {picture}; {waiting}")

    def click_when_still(self, selector):
        """Click a button once it is enabled, and nothing on the page moves any more."""
        self.wait_for(f"{selector}:not([disabled])")
        self.wait_until(
            "document.getAnimations().every(one => one.playState !== 'running')"
        )
        self.click(selector)

    def texts(self, selector):
        """Return the visible texts of all elements that match."""
        return self.evaluate(
            f"[...document.querySelectorAll({json.dumps(selector)})]"
            ".map(element => element.innerText.trim())"
        )

    def text(self, selector="body"):
        """Return the visible text of the first element that matches."""
        return self.evaluate(
            f"document.querySelector({json.dumps(selector)}).innerText"
        )

    def evaluate(self, expression):
        """Return the value of a JavaScript expression."""
        return self._tab.evaluate(expression)

    def overflow(self):
        """Return by how many pixels the page is wider than its window."""
        return self.evaluate("document.documentElement.scrollWidth - innerWidth")

    def screenshot(self, name):
        """Save what is shown as <name>.png; return the file."""
        self._screenshots.mkdir(parents=True, exist_ok=True)
        file = self._screenshots / f"{name}.png"
        answer = self._tab.call("Page.captureScreenshot", format="png")
        file.write_bytes(base64.b64decode(answer["data"]))
        return file

    def close(self):
        """End the browser."""
        self._browser.close()

    def _on_event(self, method, event):
        if method == "Runtime.exceptionThrown":
            details = event["exceptionDetails"]
            text = details.get("exception", {}).get("description") or details["text"]
            self.problems.append(f"exception: {text}")
        elif method == "Runtime.consoleAPICalled" and event["type"] in (
            "error",
            "assert",
        ):
            words = [
                str(a.get("value") or a.get("description", "")) for a in event["args"]
            ]
            self.problems.append(f"console: {' '.join(words)}")
        elif method == "Log.entryAdded" and event["entry"]["level"] == "error":
            entry = event["entry"]
            self.problems.append(f"log: {entry['text']} {entry.get('url', '')}")
        elif method == "Page.frameNavigated":
            # Nobody tells how the requests of a page ended that was left.
            if not event["frame"].get("parentId"):
                self._running.clear()
        elif method == "Network.requestWillBeSent":
            self._requests[event["requestId"]] = event["request"]["url"]
            if event.get("type") in ("XHR", "Fetch"):
                self._running.add(event["requestId"])
        elif method == "Network.loadingFinished":
            self._running.discard(event["requestId"])
        elif method == "Network.loadingFailed":
            self._running.discard(event["requestId"])
            if event.get("canceled"):
                return
            url = self._requests.get(event["requestId"], "?")
            # leaving a page ends what it was still loading
            if event["errorText"] != "net::ERR_ABORTED":
                self.problems.append(f"network: {event['errorText']} {url}")
