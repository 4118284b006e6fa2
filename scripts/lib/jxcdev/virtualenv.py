# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
"""Make virtual environments with pip, also where Python comes without ensurepip.

Debian and Ubuntu keep ensurepip in the package python3-venv. Where that is missing,
only pip's wheel is taken from the distribution. scripts/lint runs this as a program.
"""

import shutil
import sys
from pathlib import Path

from . import apt, certificates, paths
from .process import check_logged
from .steps import Failure

TODO = "Install python3-venv, or name another Python in JXC_PYTHON"


def create(folder):
    """Make an empty virtual environment of the Python that runs this, with pip.

    :param Path folder: replaced when it is there
    :raise Failure: when this Python cannot make one, or pip cannot be had
    """
    make = [sys.executable, "-m", "venv", folder]
    shutil.rmtree(folder, ignore_errors=True)
    try:
        check_logged(f"Creating {folder.name}", make, "venv.log", TODO)
        return
    except Failure:
        # no ensurepip, or one that misses its wheel: only a try tells
        shutil.rmtree(folder, ignore_errors=True)
    make.insert(3, "--without-pip")
    check_logged(f"Creating {folder.name}", make, "venv.log", TODO)
    wheel = _pip_wheel()
    check_logged(
        "Installing pip",
        [folder / "bin" / "python", "-m", "pip", "install", "--no-index", wheel],
        "venv-pip.log",
        TODO,
        env=paths.environment(PYTHONPATH=wheel),
    )


def _pip_wheel():
    """Return pip's wheel out of the distribution's package."""
    pattern = "usr/share/python-wheels/pip-*.whl"
    homes = (paths.LOCAL / "python", paths.CACHE / "pip-wheel")
    for home in homes:
        if list(home.glob(pattern)):
            break
    else:
        apt.install("own", home, "python3-pip-whl", todo=TODO)
    wheel = max(home.glob(pattern))
    bundle = certificates.provide(home)
    return certificates.repoint(wheel, bundle, paths.CACHE) if bundle else wheel


if __name__ == "__main__":
    paths.make_folders()
    try:
        create(Path(sys.argv[1]).absolute())
    except Failure as failure:
        sys.exit(f"error: {failure}")
