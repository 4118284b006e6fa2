# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
"""Configuration files for Odoo, and Odoo commands with visible progress."""

import base64
import contextlib
import csv
import importlib.util
import os
import re
import secrets
import string
from pathlib import Path

from . import browser, paths
from .process import check_logged

TEMPLATE = paths.ROOT / "config" / "odoo.conf.template"
LOADING = re.compile(r"odoo\.modules\.loading: Loading module (\S+) \((\d+)/(\d+)\)")
TODO = "See the log for the traceback; --reset starts over with a new database"


def write_config(name, server, **values):
    """Write .local/run/<name>.conf, readable by its owner only.

    :param server: the PostgreSQL server
    :param values: what differs from the defaults below
    :return: path of the file
    """
    settings = {
        "addons_path": paths.ADDONS,
        "data_dir": paths.DATA,
        "server_wide_modules": "base,rpc,web",
        "db_host": server.host,
        "db_port": server.port,
        "db_user": server.user,
        "db_password": server.password,
        "db_name": "",
        "dbfilter": "",
        "admin_passwd": secrets.token_urlsafe(24),
        "http_interface": "127.0.0.1",
        "http_port": 8069,
        "gevent_port": 8072,
        "workers": 0,
        "max_cron_threads": 1,
        "secret_keys": _secret_key(),
        "outbound_hosts": "",
        **values,
    }
    text = string.Template(TEMPLATE.read_text()).substitute(settings)
    text = re.sub(r"(?m)^\w+ = \n", "", text)  # without a value Odoo's default counts
    file = paths.RUN / f"{name}.conf"
    descriptor = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w") as stream:
        stream.write(text)
    return file


def _secret_key():
    """The key that encrypts passwords in the databases here, made once."""
    file = paths.DATA / "secret_key"
    if not file.exists():
        file.parent.mkdir(parents=True, exist_ok=True)
        part = file.with_name(f"secret_key.{os.getpid()}")
        with open(os.open(part, os.O_WRONLY | os.O_CREAT, 0o600), "wb") as stream:
            stream.write(base64.urlsafe_b64encode(os.urandom(32)))
        with contextlib.suppress(FileExistsError):  # somebody was faster
            os.link(part, file)
        part.unlink()
    return file.read_text().strip()


def environment(**extra):
    """Return the environment for Odoo: with browser, fonts and PDF on the PATH."""
    return paths.environment(**browser.environment(), **extra)


def languages():
    """Return the codes of the languages that Odoo knows; only inside .venv."""
    for folder in importlib.util.find_spec("odoo").submodule_search_locations:
        table = Path(folder) / "addons" / "base" / "data" / "res.lang.csv"
        if table.exists():
            with open(table, encoding="utf-8", newline="") as file:
                return {row["code"] for row in csv.DictReader(file)}
    return set()


def run(what, arguments, log, step=None, env=None):
    """Run `odoo ARGUMENTS` to its end, showing the modules as they load."""

    def show(line):
        if step and (found := LOADING.search(line)):
            step.note(f"{found[1]} ({found[2]}/{found[3]})")

    return check_logged(
        what,
        [paths.VENV / "bin" / "odoo", *arguments],
        log,
        TODO,
        env=env or environment(),
        on_line=show,
    )


def install(config, database, modules, step, log):
    """Install modules into a database."""
    run(
        f"Installing {len(modules)} modules into {database}",
        ["-c", config, "-d", database, "-i", ",".join(modules)]
        + ["--stop-after-init", "--no-http"],
        log,
        step,
    )


def inside(
    what, script, config, database, arguments=(), todo=TODO, env=None, on_line=None
):
    """Run a script of `inside/` within an Odoo environment of the database."""
    return check_logged(
        what,
        [paths.PYTHON, "-B", paths.LIB / "jxcdev" / "inside" / f"{script}.py"]
        + ["--config", config, "--database", database, *arguments],
        f"{script}.log",
        todo,
        env=env or environment(),
        on_line=on_line,
    )
