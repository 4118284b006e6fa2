# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
"""Timed steps on the terminal, and failures that say what, why and what to do."""

import hashlib
import os
import sys
import time
from contextlib import contextmanager

from . import paths

_origin = float(os.environ.get("JXC_STARTED") or time.time())


class Failure(Exception):
    """An expected failure, told in one line.

    :param what: what failed
    :param why: the reason, as far as it is known
    :param todo: what the reader can do about it
    """

    def __init__(self, what, why, todo):
        super().__init__(f"{what}: {' '.join(str(why).split()).rstrip('.')}. {todo}")


class Step:
    """One running step: its title, a changing note, its time."""

    def __init__(self, title):
        self.title = title
        self.text = ""
        self.started = time.time()
        self.shown = 0.0

    def note(self, text):
        """Show how far the step is (often on a terminal, rarely in a log)."""
        self.text = text
        now = time.time()
        pause = 0.1 if sys.stdout.isatty() else 20
        if now - max(self.shown, self.started) >= pause:
            self.shown = now
            _show(f"{self.title}: {text}", keep=not sys.stdout.isatty())

    def result(self, text):
        """Set what the finished step will say."""
        self.text = text


@contextmanager
def step(title):
    """Show a step: on a terminal while it runs, and with its duration when done."""
    current = Step(title)
    if sys.stdout.isatty():
        _show(f"{title} ...", keep=False)
    try:
        yield current
    except BaseException:
        if sys.stdout.isatty():
            _show(f"{title}: failed", keep=True)
        raise
    text = f"{title}: {current.text}" if current.text else title
    _show(f"{text} ({time.time() - current.started:.1f} s)", keep=True)


def say(text):
    """Print one line with the time since the start."""
    _show(text, keep=True)


def _show(text, keep):
    line = f"[{time.time() - _origin:6.1f} s] {text}"
    if not sys.stdout.isatty():
        print(line, flush=True)
        return
    width = os.get_terminal_size().columns
    end = "\n" if keep else ""
    print(f"\r\x1b[K{line if keep else line[: width - 1]}{end}", end="", flush=True)


def digest(*parts):
    """Return a short hash of texts, bytes and files (a Path counts by its content)."""
    sha = hashlib.sha256()
    for part in parts:
        data = part.read_bytes() if hasattr(part, "read_bytes") else str(part).encode()
        sha.update(len(data).to_bytes(8, "big") + data)
    return sha.hexdigest()[:16]


def is_done(name, key):
    """Tell whether step `name` was finished with exactly these inputs."""
    stamp = paths.STAMPS / name
    return stamp.exists() and stamp.read_text() == key


def mark_done(name, key):
    """Remember that step `name` is finished with these inputs."""
    (paths.STAMPS / name).write_text(key)
