# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
"""Ports, and the note about the server that runs in this folder."""

import json
import os
import socket
import time

from . import paths
from .process import alive
from .steps import Failure

NOTE = paths.RUN / "server.json"


def free_port():
    """Return a port of the loopback interface that nobody uses now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def check_port(interface, port):
    """Refuse a port that cannot be listened on.

    :raise Failure: busy, not allowed or not on this machine
    """
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((interface, port))
        except (OSError, OverflowError) as error:
            reason = getattr(error, "strerror", None) or error
            raise Failure(
                f"Port {port} on {interface}",
                reason,
                "Choose another with --port, or stop what uses it",
            ) from error


def remember(server):
    """Write down the server that runs, for --stop."""
    state = {"pid": server.process.pid, "url": server.url, "database": server.database}
    state["config"] = str(server.config)
    NOTE.write_text(json.dumps(state))


def forget():
    """Remove the note about the running server."""
    NOTE.unlink(missing_ok=True)


def find():
    """Return the note about the server of this clone when it still runs, else None."""
    if not NOTE.exists():
        return None
    state = json.loads(NOTE.read_text())
    if alive(state["pid"], state["config"]):
        return state
    forget()
    return None


def stop(state):
    """Stop the server that was noted."""
    os.kill(state["pid"], 15)
    deadline = time.monotonic() + 20
    while alive(state["pid"], state["config"]):
        if time.monotonic() > deadline:
            os.killpg(state["pid"], 9)
            break
        time.sleep(0.1)
    forget()
