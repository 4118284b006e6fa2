# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
"""A progress line for the terminal: rows done, rows per second, time left."""

import sys
import time


class ProgressBar:
    """Callable given as ``progress`` to the import service.

    :param stream: where to draw; a stream that is no terminal gets a line per file
    :param seconds: least time between two drawings on a terminal
    """

    WIDTH = 30

    def __init__(self, stream=None, seconds=0.2):
        self.stream = stream or sys.stderr
        self.seconds = seconds
        self.started = time.monotonic()
        self.drawn = 0.0
        self.file = None
        self.on_terminal = self.stream.isatty()

    def __call__(self, file, done, total):
        """Show that ``done`` of ``total`` rows are loaded and ``file`` is in work."""
        now = time.monotonic()
        if self.on_terminal:
            if done < total and now - self.drawn < self.seconds:
                return
            end = "\n" if done >= total else ""
            self.stream.write(f"\r{self._line(file, done, total, now)}\x1b[K{end}")
        else:
            if done < total and file == self.file:
                return
            self.stream.write(self._line(file, done, total, now) + "\n")
        self.stream.flush()
        self.drawn, self.file = now, file

    def _line(self, file, done, total, now):
        elapsed = max(now - self.started, 0.001)
        rate = done / elapsed
        full = self.WIDTH * done // total if total else self.WIDTH
        left = f", {(total - done) / rate:.0f} s left" if 0 < done < total else ""
        bar = "#" * full + "." * (self.WIDTH - full)
        return (
            f"[{bar}] {done}/{total} rows, {rate:.0f} rows/s, "
            f"{elapsed:.0f} s{left}  {file}"
        )
