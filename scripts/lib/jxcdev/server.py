# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
"""One Odoo HTTP server: start it, wait until it answers, stop it."""

import subprocess
import time
import urllib.error
import urllib.request

from . import databases, odoo, paths
from .process import die_with_parent, stop_process
from .running import free_port
from .steps import Failure

PATIENCE = 120
# a proxy of the environment is for the internet, not for our own server
DIRECT = urllib.request.build_opener(urllib.request.ProxyHandler({}))


class OdooServer:
    """An Odoo server process on one database.

    :param server: the PostgreSQL server
    :param str database: the only database it serves
    :param values: settings for the configuration file (workers, http_port ...)
    """

    def __init__(self, server, database, name="server", **values):
        self.database = database
        self.port = values.setdefault("http_port", free_port())
        self.interface = values.get("http_interface", "127.0.0.1")
        modules = "base,rpc,web"
        if databases.has_module(server, database, "queue_job"):
            modules += ",queue_job"
        self.config = odoo.write_config(
            name,
            server,
            db_name=database,
            dbfilter=f"^{database}$".replace(".", r"\."),
            server_wide_modules=modules,
            gevent_port=free_port(),
            **values,
        )
        self.log = paths.LOG / f"{name}.log"
        self.process = None

    @property
    def url(self):
        """Address for a browser on this machine."""
        host = (
            "127.0.0.1" if self.interface in ("0.0.0.0", "::", "") else self.interface
        )
        return f"http://{host}:{self.port}"

    def start(self, detached=False, keep=()):
        """Start and return when the login page answers.

        :param bool detached: let it live on when this process ends
        :param keep: descriptors of files the server shall keep open
        :raise Failure: when it dies or does not answer in time
        """
        with open(self.log, "w") as log:
            self.process = subprocess.Popen(
                [paths.VENV / "bin" / "odoo", "-c", self.config],
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                env=odoo.environment(),
                cwd=paths.ROOT,
                pass_fds=keep,
                start_new_session=True,
                preexec_fn=None if detached else die_with_parent,
            )
        try:
            self._wait()
        except BaseException:
            self.stop()
            raise
        return self

    def stop(self):
        """Stop the server and its workers."""
        if self.process:
            stop_process(self.process)

    def _wait(self):
        deadline = time.monotonic() + PATIENCE
        while time.monotonic() < deadline:
            if self.process.poll() is not None:
                raise Failure("Starting Odoo", self._last_error(), f"See {self.log}")
            try:
                with DIRECT.open(f"{self.url}/web/health", timeout=5) as answer:
                    if answer.status == 200:
                        return
            except (urllib.error.URLError, ConnectionError, TimeoutError):
                time.sleep(0.1)
        raise Failure(
            "Starting Odoo", f"no answer within {PATIENCE} s", f"See {self.log}"
        )

    def _last_error(self):
        lines = self.log.read_text(errors="replace").strip().split("\n")
        marked = [line for line in lines if " ERROR " in line or " CRITICAL " in line]
        return (marked or lines)[-1][-300:]
