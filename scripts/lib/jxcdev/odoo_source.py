# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
"""Find Odoo 19 and make it importable from .local/odoo/lib."""

import hashlib
import os
import re
import shlex
import shutil
import subprocess
import sys
import urllib.request
from pathlib import Path

from . import apt, paths
from .process import check_logged
from .steps import Failure, digest, is_done, mark_done, say

TREE = paths.LOCAL / "odoo"
IMPORTABLE = TREE / "lib"
DEBS = paths.CACHE / "debs"
SUITE = "sid"
VERSION = "19.0.0+dfsg-1"
SHA256 = "9d2f598b0555db17e291d48ed24df184c70823c053c4c5ed53c467ca7f629bbf"
# what the package links to: fonts and libraries of the same suite
COMPANIONS = (
    "fonts-font-awesome-legacy",
    "fonts-montserrat",
    "fonts-roboto-unhinted",
    "fonts-inconsolata",
    "fonts-ocr-b",
    "libjs-jquery",
    "libjs-jquery-form",
    "libjs-underscore",
)
# A package's second copy of all addons, its stray top-level packages, its metadata
# (pip would resolve them), and the translations of other languages (800 MB).
LEFT_OUT = (
    "./usr/lib/python3/dist-packages/addons",
    "./usr/lib/python3/dist-packages/doc",
    "./usr/lib/python3/dist-packages/setup",
    "*.egg-info",
    "*/i18n/[!z]*.po",
    "*/i18n/*.pot",
)
WAYS_OUT = (
    "Ways out: set JXC_ODOO to a source tree, a .deb or an archive of Odoo 19; use a "
    "Python that has odoo 19; name a Debian mirror in JXC_DEBIAN_MIRROR; or give the "
    "address of a source archive in JXC_ODOO_URL"
)


def provide(step):
    """Make Odoo 19 importable from :data:`IMPORTABLE`.

    Tried in order: JXC_ODOO, an importable odoo 19, Debian's package, JXC_ODOO_URL.

    :return: the identity of the source found, for cache keys
    :raise Failure: when none works, with what was tried and why it failed
    """
    if os.environ.get("JXC_ODOO"):
        return _from_given(Path(os.environ["JXC_ODOO"]).expanduser().absolute(), step)
    tried = []
    for name, find in (
        ("an importable odoo", _from_python),
        ("the Debian package odoo-19", _from_debian),
        ("JXC_ODOO_URL", _from_url),
    ):
        try:
            found = find(step)
        except Failure as failure:
            tried.append(f"{name} ({failure})")
            continue
        if found:
            return found
        tried.append(f"{name} (not there)")
    raise Failure("Odoo 19", "none was found; tried " + ", ".join(tried), WAYS_OUT)


def _from_given(path, step):
    if not path.exists():
        raise Failure("JXC_ODOO", f"{path} does not exist", WAYS_OUT)
    if path.is_relative_to(TREE):
        raise Failure("JXC_ODOO", "it is inside our own .local/odoo", WAYS_OUT)
    if path.is_dir():
        return _link(path, step)
    stat = path.stat()
    key = digest("given", str(path), stat.st_size, stat.st_mtime_ns)
    if not _is_ready(key):
        step.note(f"unpacking {path.name}")
        _unpack(path)
        if path.suffix == ".deb":
            try:
                _add_companions()
            except Failure as failure:
                say(f"warning: fonts that the package links to are missing ({failure})")
        _finish(key)
    step.result(f"{_release()} of {path.name}")
    return key


def _from_python(step):
    """Use an odoo 19 that the Python in use (not our own .venv) can import."""
    question = "import odoo.release as r; print(r.__file__); print(r.version_info[0])"
    answer = subprocess.run(
        [sys.executable, "-c", question],
        capture_output=True,
        text=True,
        cwd="/",
        check=False,
    )
    lines = answer.stdout.split("\n")
    if answer.returncode or lines[1:2] != ["19"]:
        return None
    return _link(Path(lines[0]).parent.parent, step)


def _from_debian(step):
    key = digest("debian", VERSION, *COMPANIONS)
    if _is_ready(key):
        step.result(f"{_release()} of Debian")
        return key
    deb = _pinned_deb()
    if not deb:
        step.note("fetching the Debian package")
        deb = _fetch_pinned() or _fetch_newer()
    step.note("unpacking")
    _unpack(deb)
    _add_companions()
    _finish(key)
    step.result(f"{_release()} of Debian")
    return key


def _add_companions():
    """Unpack the fonts and libraries that the package only links to."""
    if not all(list(DEBS.glob(f"{name}_*.deb")) for name in COMPANIONS):
        apt.download(SUITE, DEBS, *COMPANIONS)
    for name in COMPANIONS:
        _extract(next(DEBS.glob(f"{name}_*.deb")), TREE, ["./usr/share"])


def _pinned_deb():
    for deb in DEBS.glob("odoo-19_*.deb"):
        if _sha256(deb) == SHA256:
            return deb
    return None


def _fetch_pinned():
    try:
        apt.download(SUITE, DEBS, f"odoo-19={VERSION}")
    except Failure as failure:
        if "was not found" not in str(failure):
            raise
        return None
    deb = _pinned_deb()
    if not deb:
        raise Failure(
            "Odoo 19",
            f"odoo-19 {VERSION} was fetched with a checksum that is not the pinned one",
            "Do not use this mirror; name another in JXC_DEBIAN_MIRROR",
        )
    return deb


def _fetch_newer():
    """The archive drops a version when the next arrives: take that, and say so."""
    apt.download(SUITE, DEBS, "odoo-19")
    deb = max(
        DEBS.glob("odoo-19_19.0.*.deb"), key=lambda p: p.stat().st_mtime, default=None
    )
    if not deb:
        raise Failure("Odoo 19", "the archive has no odoo-19 of series 19.0", WAYS_OUT)
    say(f"warning: odoo-19 {VERSION} is gone from the archive; taking {deb.name}")
    return deb


def _from_url(step):
    url = os.environ.get("JXC_ODOO_URL")
    if not url:
        return None
    key = digest("url", url)
    if not _is_ready(key):
        name = re.sub(r"[^\w.-]", "_", url.rsplit("/", 1)[-1]) or "odoo.tar.gz"
        archive = paths.CACHE / name
        step.note(f"fetching {name}")
        try:
            with (
                urllib.request.urlopen(url, timeout=60) as answer,
                open(archive, "wb") as file,
            ):
                shutil.copyfileobj(answer, file)
        except (OSError, ValueError) as error:
            raise Failure(f"Fetching {url}", error, "Check JXC_ODOO_URL") from error
        _unpack(archive)
        _finish(key)
    step.result(f"{_release()} of JXC_ODOO_URL")
    return key


def _link(path, step):
    """Use a tree where it is, through links: nothing in it is changed."""
    base = _find_base(path)
    if not base:
        raise Failure("JXC_ODOO", f"{path} holds no odoo/release.py", WAYS_OUT)
    key = digest("tree", str(base), base / "odoo" / "release.py")
    if not _is_ready(key):
        shutil.rmtree(TREE, ignore_errors=True)
        IMPORTABLE.mkdir(parents=True)
        (IMPORTABLE / "odoo").symlink_to(base / "odoo")
        if (base / "addons").is_dir() and (base / "odoo-bin").exists():
            (IMPORTABLE / "addons").symlink_to(base / "addons")
        _check_release()
        mark_done("odoo", key)
    step.result(f"{_release()} in {base}")
    return key


def _unpack(archive):
    """Replace .local/odoo by the content of a .deb, tar or zip file."""
    shutil.rmtree(TREE, ignore_errors=True)
    TREE.mkdir(parents=True)
    if archive.suffix == ".deb":
        _extract(archive, TREE, ["./usr/lib/python3/dist-packages", "./usr/share/doc"])
    elif archive.suffix == ".zip":
        shutil.unpack_archive(archive, TREE)
    else:
        _extract(archive, TREE, [])


def _extract(archive, target, members):
    """Unpack with tar, leaving out what is not needed."""
    unpack = ["tar", "-x", "-C", str(target), "--no-same-owner", "--wildcards"]
    unpack += [f"--exclude={pattern}" for pattern in LEFT_OUT]
    if archive.suffix == ".deb":
        source = shlex.join(["dpkg-deb", "--fsys-tarfile", str(archive)])
        command = f"{source} | {shlex.join(unpack + members)}"
    else:
        command = shlex.join([*unpack, "-f", str(archive)])
    check_logged(
        f"Unpacking {archive.name}",
        ["bash", "-o", "pipefail", "-c", command],
        "odoo-unpack.log",
        "Check the file and the free space on this disk",
    )


def _finish(key):
    """Mend what the package lacks and make the unpacked tree importable."""
    base = _find_base(TREE)
    if not base:
        raise Failure("Odoo 19", "the archive holds no odoo/release.py", WAYS_OUT)
    shutil.rmtree(IMPORTABLE, ignore_errors=True)
    IMPORTABLE.mkdir()
    (IMPORTABLE / "odoo").symlink_to(os.path.relpath(base / "odoo", IMPORTABLE))
    if (base / "addons").is_dir():
        (IMPORTABLE / "addons").symlink_to(os.path.relpath(base / "addons", IMPORTABLE))
    _check_release()
    _mend()
    mark_done("odoo", key)


def _mend():
    """Put placeholders where Debian's licence rules left out files that are loaded."""
    fonts = TREE / "usr" / "share" / "fonts"
    font = fonts / "truetype" / "inconsolata" / "Inconsolata.otf"
    regular = fonts / "opentype" / "inconsolata" / "Inconsolata-Regular.otf"
    if regular.exists() and not font.exists():
        font.parent.mkdir(parents=True, exist_ok=True)
        font.symlink_to("../../opentype/inconsolata/Inconsolata-Regular.otf")
    mail = IMPORTABLE / "odoo" / "addons" / "mail" / "static"
    script = mail / "lib" / "selfie_segmentation" / "selfie_segmentation.js"
    if mail.is_dir() and not script.exists():
        script.parent.mkdir(parents=True, exist_ok=True)
        script.write_text("/* not part of Debian's package */\n")


def _find_base(folder):
    """Return the folder below which the package odoo lies."""
    places = [
        folder,
        folder.parent,
        folder / "usr" / "lib" / "python3" / "dist-packages",
    ]
    places += sorted(path for path in folder.glob("*") if path.is_dir())
    for place in places:
        if (place / "odoo" / "release.py").is_file():
            return place
    return None


def _is_ready(key):
    return is_done("odoo", key) and (IMPORTABLE / "odoo" / "release.py").is_file()


def _release():
    text = (IMPORTABLE / "odoo" / "release.py").read_text()
    match = re.search(r"^version_info = \((\d+), (\d+)", text, re.M)
    return f"{match[1]}.{match[2]}" if match else "unknown"


def _check_release():
    if _release() != "19.0":
        release = _release()
        shutil.rmtree(TREE, ignore_errors=True)
        raise Failure("Odoo 19", f"what was found is Odoo {release}", WAYS_OUT)


def _sha256(path):
    with open(path, "rb") as file:
        sha = hashlib.sha256()
        while chunk := file.read(1 << 20):
            sha.update(chunk)
    return sha.hexdigest()
