# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
"""A small client of Chromium's DevTools protocol over a pipe (no port, no library).

Used by the PDF printer and by the browser tests. It needs the standard library only.
"""

import json
import os
import resource
import select
import shutil
import subprocess
import tempfile
import time

FLAGS = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-extensions",
    "--disable-dev-shm-usage",
    "--hide-scrollbars",
    "--disable-features=Translate,MediaRouter",
    "--font-render-hinting=none",
    "--remote-debugging-pipe",
)


class DevToolsError(Exception):
    """The browser refused a command or went away."""


class Chromium:
    """One headless browser with its own throw-away profile.

    :param str binary: program, by default the `chromium` on the PATH
    :param flags: further command line flags
    """

    def __init__(self, binary=None, flags=()):
        self._profile = tempfile.mkdtemp(prefix="chromium.")
        read_commands, self._commands = os.pipe()
        self._answers, write_answers = os.pipe()

        def connect():
            """In the child: DevTools reads descriptor 3 and writes descriptor 4."""
            # Odoo lowers the address space of its workers; Chromium reserves far more
            hard = resource.getrlimit(resource.RLIMIT_AS)[1]
            resource.setrlimit(resource.RLIMIT_AS, (hard, hard))
            commands, answers = os.dup(read_commands), os.dup(write_answers)
            os.dup2(commands, 3)
            os.dup2(answers, 4)

        try:
            self._process = subprocess.Popen(
                [binary or find(), *FLAGS, *flags, f"--user-data-dir={self._profile}"],
                close_fds=False,
                preexec_fn=connect,
                start_new_session=True,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
            )
        finally:
            os.close(read_commands)
            os.close(write_answers)
        self._buffer = b""
        self._number = 0
        self._sessions = {}

    def open_page(self):
        """Return the session of a new tab."""
        target = self.call("Target.createTarget", url="about:blank")["targetId"]
        answer = self.call("Target.attachToTarget", targetId=target, flatten=True)
        session = Session(self, answer["sessionId"], target)
        self._sessions[session.id] = session
        return session

    def call(self, method, session=None, **parameters):
        """Send a command and return its answer; events meanwhile go to their session.

        :raise DevToolsError: when the browser refuses it, or is gone
        """
        number = self.send(method, session, **parameters)
        while True:
            message = self._receive(60)
            if message.get("id") == number:
                if "error" in message:
                    raise DevToolsError(f"{method}: {message['error']}")
                return message["result"]
            self._dispatch(message)

    def send(self, method, session=None, **parameters):
        """Send a command without waiting for its answer."""
        self._number += 1
        message = {"id": self._number, "method": method, "params": parameters}
        if session:
            message["sessionId"] = session
        view = memoryview(json.dumps(message).encode() + b"\0")
        try:
            while view:
                view = view[os.write(self._commands, view) :]
        except BrokenPipeError as error:
            raise DevToolsError("the browser went away") from error
        return self._number

    def pump(self, seconds):
        """Handle what the browser tells within this time; at least one message."""
        try:
            self._dispatch(self._receive(seconds))
        except TimeoutError:
            return

    def close(self):
        """End the browser and remove its profile."""
        try:
            self.send("Browser.close")
            self._process.wait(5)
        except (DevToolsError, subprocess.TimeoutExpired):
            self._process.kill()
            self._process.wait()
        os.close(self._commands)
        os.close(self._answers)
        shutil.rmtree(self._profile, ignore_errors=True)

    def _receive(self, seconds):
        deadline = time.monotonic() + seconds
        while b"\0" not in self._buffer:
            left = deadline - time.monotonic()
            if left <= 0 or not select.select([self._answers], [], [], left)[0]:
                raise TimeoutError("no answer from the browser")
            chunk = os.read(self._answers, 1 << 20)
            if not chunk:
                raise DevToolsError("the browser went away")
            self._buffer += chunk
        raw, self._buffer = self._buffer.split(b"\0", 1)
        return json.loads(raw)

    def _dispatch(self, message):
        session = self._sessions.get(message.get("sessionId"))
        if session and "method" in message:
            for handler in session.handlers:
                handler(message["method"], message["params"])


class Session:
    """One tab: commands go to it, its events go to `handlers`."""

    def __init__(self, browser, session_id, target):
        self.browser = browser
        self.id = session_id
        self.target = target
        self.handlers = []

    def call(self, method, **parameters):
        """Send a command to this tab and return the answer."""
        return self.browser.call(method, self.id, **parameters)

    def send(self, method, **parameters):
        """Send a command to this tab without waiting."""
        return self.browser.send(method, self.id, **parameters)

    def evaluate(self, expression):
        """Return the value of a JavaScript expression; promises are awaited.

        :raise DevToolsError: when it throws
        """
        answer = self.call(
            "Runtime.evaluate",
            expression=expression,
            awaitPromise=True,
            returnByValue=True,
        )
        if "exceptionDetails" in answer:
            details = answer["exceptionDetails"]
            text = details.get("exception", {}).get("description") or details["text"]
            raise DevToolsError(text)
        return answer["result"].get("value")


def find():
    """Return the browser on the PATH."""
    for name in (
        "chromium",
        "google-chrome",
        "google-chrome-stable",
        "chromium-browser",
    ):
        if found := shutil.which(name):
            return found
    raise DevToolsError("no chromium on the PATH")
