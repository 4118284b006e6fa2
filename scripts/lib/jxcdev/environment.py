# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
"""The way every command starts: Odoo, .venv, then itself again on .venv's Python."""

import fcntl
import os
import sys
from contextlib import contextmanager

from . import certificates, odoo_source, paths, python_env
from .steps import Failure, step

SECOND_STAGE = "JXC_ODOO_IDENTITY"
NEEDED_GB = 3


def prepare(command, arguments, tools=False):
    """Provide Odoo and .venv, and go on in .venv; return there.

    :param str command: name of the script
    :param list arguments: its command line, to start again with
    :param bool tools: with the test tools
    :return: identity of the Odoo in use, for cache keys
    """
    if os.environ.get(SECOND_STAGE) and paths.in_venv():
        return os.environ.pop(SECOND_STAGE)
    paths.make_folders()
    check_space()
    certificates.provide(paths.LOCAL / "python")
    with one_at_a_time("setup"):
        with step("Odoo") as current:
            identity = odoo_source.provide(current)
        with step("Python environment") as current:
            python_env.provide(current, tools)
    env = {**os.environ, SECOND_STAGE: identity}
    main = paths.LIB / "main.py"
    sys.stdout.flush()
    os.execve(paths.PYTHON, [paths.PYTHON, "-B", main, command, *arguments], env)


@contextmanager
def one_at_a_time(name):
    """Let one script after the other into this block."""
    with open(paths.RUN / f"{name}.lock", "w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


def check_space():
    """Refuse to start with too little room.

    :raise Failure: with what is free and what is needed
    """
    built = (paths.STAMPS / "venv").exists()
    needed = NEEDED_GB if not built else 0.5
    free = paths.free_gigabytes()
    if free < needed:
        raise Failure(
            "Disk",
            f"{free:.1f} GB are free where the repository is, {needed} GB are needed",
            "Make room or move the repository",
        )
