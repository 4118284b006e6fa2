# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
"""Start programs: with a log, a clear failure, and no child left behind."""

import ctypes
import os
import signal
import subprocess

from . import paths
from .steps import Failure

_libc = ctypes.CDLL(None, use_errno=True)
_PR_SET_PDEATHSIG = 1
NOISE = ("Location '", "WARNING: Location", "Running as user 'root'")


class Terminated(KeyboardInterrupt):
    """A signal asks us to end that, unlike Ctrl-C, our children did not get."""


def die_with_parent():
    """Ask the kernel to end this child when its parent dies (even by SIGKILL)."""
    _libc.prctl(_PR_SET_PDEATHSIG, signal.SIGTERM, 0, 0, 0)


def run_logged(command, log, env=None, on_line=None, cwd=None):
    """Run a command and keep its output in .local/log.

    :param list command: program and arguments
    :param str log: name of the log file, replaced at each run
    :param on_line: called with each line of output, to show progress
    :return: (exit status, list of the lines that are not noise)
    """
    lines = []
    with (
        open(paths.LOG / log, "w", encoding="utf-8", buffering=1) as file,
        subprocess.Popen(
            [str(part) for part in command],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            env=env or paths.environment(),
            cwd=cwd or paths.ROOT,
            text=True,
            errors="replace",
            preexec_fn=die_with_parent,
        ) as process,
    ):
        try:
            for line in process.stdout:
                file.write(line)
                if not line.startswith(NOISE):
                    lines.append(line.rstrip())
                    if on_line:
                        on_line(line)
        except BaseException:
            process.terminate()
            raise
    return process.returncode, lines


def check_logged(what, command, log, todo, **options):
    """Run a command like :func:`run_logged`; a Failure when it does not end well."""
    try:
        status, lines = run_logged(command, log, **options)
    except FileNotFoundError as error:
        raise Failure(what, f"{error.filename} is missing", todo) from error
    if status:
        raise Failure(what, _reason(lines, status), f"{todo} (log: .local/log/{log})")
    return lines


def _reason(lines, status):
    """Pick the line of the output that says best why a program failed."""
    if any("No space left on device" in line for line in lines):
        return "the disk is full"
    for mark in ("ERROR: ", "error: ", "E: ", "private apt: ", "FATAL", "Error: "):
        for line in reversed(lines):
            if mark in line:
                return line[line.index(mark) :].removeprefix(mark)[:300]
    return lines[-1][:300] if lines else f"exit status {status}"


def alive(pid, marker=""):
    """Tell whether process `pid` lives and has `marker` in its command line."""
    try:
        with open(f"/proc/{pid}/cmdline", "rb") as file:
            return marker.encode() in file.read()
    except OSError:
        return False


def stop_process(process, patience=15):
    """End a child politely, then firmly."""
    if process.poll() is not None:
        return
    process.terminate()
    try:
        process.wait(patience)
    except subprocess.TimeoutExpired:
        os.kill(process.pid, signal.SIGKILL)
        process.wait()
