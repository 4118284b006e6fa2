# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
"""The virtual environment .venv: Odoo's runtime, the OCA addons, the test tools."""

import os
import subprocess
import sys

from . import odoo_source, paths, virtualenv
from .process import check_logged
from .steps import digest, is_done, mark_done

RUNTIME_LOCK = paths.LIB / "odoo-runtime.lock"
ADDONS_LOCK = paths.LIB / "oca-addons.lock"
REQUIREMENTS = paths.ROOT / "requirements.txt"
DEV_REQUIREMENTS = paths.ROOT / "requirements-dev.txt"
TODO = (
    "Check the network and pip's configuration (index, proxy); "
    "nothing half installed is used, so just start again"
)
LAUNCHER = """#!{python}
import odoo.cli

if __name__ == "__main__":
    odoo.cli.main()
"""


def provide(step, tools=False):
    """Bring .venv up to date.

    :param bool tools: with what the tests need
    """
    key = content_key(odoo_source.IMPORTABLE)
    if not (is_done("venv", key) and _works()):
        step.note("creating .venv")
        virtualenv.create(paths.VENV)
        step.note("installing Odoo's requirements")
        _pip("requirements", "--require-hashes", "-r", RUNTIME_LOCK)
        _register_odoo()
        step.note("installing the OCA addons")
        _pip("addons", "--no-deps", "--require-hashes", "-r", ADDONS_LOCK)
        check_logged(
            "Checking .venv",
            [paths.PYTHON, "-m", "pip", "check"],
            "pip-check.log",
            TODO,
        )
        mark_done("venv", key)
    tools_key = digest(key, DEV_REQUIREMENTS)
    if tools and not is_done("venv-tools", tools_key):
        step.note("installing the test tools")
        _pip("tools", "-r", DEV_REQUIREMENTS)
        mark_done("venv-tools", tools_key)
    version = ".".join(map(str, sys.version_info[:3]))
    step.result(f"Python {version}")


def content_key(importable):
    """Return what .venv consists of, with Odoo at the path given."""
    return digest(RUNTIME_LOCK, ADDONS_LOCK, sys.version, str(importable))


def install_wheel(requirement):
    """Install one more package that only this machine needs."""
    _pip("extra", "--no-deps", requirement)


def identity():
    """Return what the installed packages depend on, for cache keys."""
    return digest(RUNTIME_LOCK, ADDONS_LOCK)


def _works():
    return (
        paths.PYTHON.exists()
        and subprocess.run(
            [paths.PYTHON, "-c", "import lxml, odoo"], check=False
        ).returncode
        == 0
    )


def _register_odoo():
    """Let .venv import Odoo, and tell pip that it is there."""
    answer = subprocess.run(
        [paths.PYTHON, "-c", "import sysconfig; print(sysconfig.get_path('purelib'))"],
        capture_output=True,
        text=True,
        check=True,
    )
    packages = paths.Path(answer.stdout.strip())
    (packages / "odoo19.pth").write_text(f"{odoo_source.IMPORTABLE}\n")
    info = packages / "odoo-19.0.dist-info"
    info.mkdir(exist_ok=True)
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: odoo\nVersion: 19.0\n")
    (info / "INSTALLER").write_text("jxc\n")
    (info / "RECORD").write_text("")
    launcher = paths.VENV / "bin" / "odoo"
    launcher.write_text(LAUNCHER.format(python=paths.PYTHON))
    launcher.chmod(0o755)


def _pip(name, *arguments):
    """Install with pip; its own configuration and index stay those of the caller."""
    env = paths.environment(PIP_CACHE_DIR=paths.CACHE / "pip")
    env["HOME"] = os.environ.get("HOME", env["HOME"])
    for key in ("XDG_CONFIG_HOME", "XDG_CACHE_HOME", "XDG_DATA_HOME"):
        env.pop(key)
        if key in os.environ:
            env[key] = os.environ[key]
    check_logged(
        f"Installing {name} with pip",
        [paths.PYTHON, "-m", "pip", "install", "--prefer-binary"]
        + ["--disable-pip-version-check", *arguments],
        f"pip-{name}.log",
        TODO,
        env=env,
    )
