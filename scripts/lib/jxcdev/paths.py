# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
"""Where things are, and the environment of the programs we start."""

import os
import shutil
import sys
from pathlib import Path

LIB = Path(__file__).resolve().parent.parent
ROOT = LIB.parent.parent
ADDONS = ROOT / "addons"
NORTHWIND = ROOT / "demo" / "northwind"
VENV = ROOT / ".venv"
PYTHON = VENV / "bin" / "python"
LOCAL = ROOT / ".local"
BIN = LOCAL / "bin"
CACHE = LOCAL / "cache"
DATA = LOCAL / "data"
LOG = LOCAL / "log"
RUN = LOCAL / "run"
STAMPS = LOCAL / "stamps"

# Settings of the caller that would reach into our Odoo, Python or database
FOREIGN = {
    "ODOO_RC",
    "OPENERP_SERVER",
    "PYTHONDONTWRITEBYTECODE",
    "PYTHONHOME",
    "PYTHONPATH",
    "VIRTUAL_ENV",
}


def make_folders():
    """Create the folders below .local (and nothing outside the repository)."""
    for folder in (BIN, CACHE, DATA, LOG, RUN, STAMPS, LOCAL / "home", LOCAL / "tmp"):
        folder.mkdir(parents=True, exist_ok=True)
    RUN.chmod(0o700)
    DATA.chmod(0o700)


def environment(**extra):
    """Return the environment for children: they keep what they write below .local.

    Settings that lead to registries (proxy, certificates, PIP_*) stay as they are.
    """
    env = {
        key: value
        for key, value in os.environ.items()
        if key not in FOREIGN and not key.startswith("PG")
    }
    home = LOCAL / "home"
    env.update(
        HOME=str(home),
        XDG_CACHE_HOME=str(home / ".cache"),
        XDG_CONFIG_HOME=str(home / ".config"),
        XDG_DATA_HOME=str(home / ".local" / "share"),
        TMPDIR=str(LOCAL / "tmp"),
        PATH=os.pathsep.join(
            [str(BIN), str(VENV / "bin"), env.get("PATH", os.defpath)]
        ),
        PYTHONUNBUFFERED="1",
    )
    env.update({key: str(value) for key, value in extra.items()})
    return env


def free_gigabytes():
    """Return the free space of the repository's file system in GB."""
    return shutil.disk_usage(ROOT).free / 1e9


def in_venv():
    """Tell whether this process runs on the Python of .venv."""
    return Path(sys.prefix).resolve() == VENV.resolve()
