# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
"""Packages of Debian and Ubuntu without root: see private_apt.sh."""

import os
import platform

from . import paths
from .process import check_logged

SCRIPT = paths.LIB / "private_apt.sh"
WORK = paths.LOCAL / "apt"
OFFLINE = (
    "Check the network and this machine's apt configuration (proxy, mirror); "
    "for Debian's archive a mirror can be named in JXC_DEBIAN_MIRROR"
)


def install(suite, target, *packages, todo=OFFLINE):
    """Unpack packages, with the libraries this machine lacks, below `target`.

    :param suite: "own" for this machine's release, or a suite of Debian
    :raise Failure: when they cannot be had
    """
    check_logged(
        f"Fetching {', '.join(packages)}",
        [SCRIPT, "install", suite, WORK, target, *packages],
        f"apt-{target.name}.log",
        todo,
        env=_environment(),
    )


def download(suite, folder, *packages, todo=OFFLINE):
    """Fetch just these packages into `folder`, signature verified."""
    check_logged(
        f"Fetching {packages[0]}",
        [SCRIPT, "download", suite, WORK, folder, *packages],
        "apt-download.log",
        todo,
        env=_environment(),
    )


def library_path(root):
    """Return LD_LIBRARY_PATH for programs unpacked below `root`."""
    triplet = f"{platform.machine()}-linux-gnu"
    usr = root / "usr" / "lib" / triplet
    folders = [usr, root / "lib" / triplet, usr / "pulseaudio"]
    known = os.environ.get("LD_LIBRARY_PATH")
    return os.pathsep.join([*map(str, folders), *([known] if known else [])])


def _environment():
    """apt's own settings count (proxy, mirror); our libraries must not reach it."""
    env = paths.environment()
    env.pop("LD_LIBRARY_PATH", None)
    return env
