# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
"""Chromium with Chinese fonts, and a wkhtmltopdf for PDF reports.

What the machine has is used; the rest is unpacked below .local/chromium, and small
launchers in .local/bin bring both onto the PATH of Odoo.
"""

import os
import shutil
import subprocess

from . import apt, paths
from .steps import Failure, digest, is_done, mark_done

PRIVATE = paths.LOCAL / "chromium"
FONTS = paths.LOCAL / "fonts.conf"
PROGRAM = PRIVATE / "usr" / "lib" / "chromium" / "chromium"
LAUNCHER = paths.BIN / "chromium"
PDF = paths.BIN / "wkhtmltopdf"
# its programs run with the C library of every release that is supported
OLDEST_SUITE = "bookworm"
NAMES = ("chromium", "google-chrome", "google-chrome-stable", "chromium-browser")
TODO = "Install chromium and fonts-noto-cjk, or name a browser in JXC_CHROMIUM"
FONTS_CONF = """<?xml version="1.0"?>
<!DOCTYPE fontconfig SYSTEM "urn:fontconfig:fonts.dtd">
<fontconfig>
  <dir>/usr/share/fonts</dir>
  <dir>{fonts}</dir>
  <cachedir>{cache}</cachedir>
  <alias binding="same">
    <family>sans-serif</family>
    <prefer><family>DejaVu Sans</family><family>Noto Sans CJK SC</family></prefer>
  </alias>
</fontconfig>
"""
CHROMIUM_SCRIPT = """#!/bin/sh
export LD_LIBRARY_PATH="{libraries}"
exec "{program}" "$@"
"""
PDF_SCRIPT = """#!/bin/sh
PYTHONPATH="{lib}" exec "{python}" -B -m wkhtmltopdf_chromium "$@"
"""


def provide(step):
    """Find or fetch Chromium and Chinese fonts; put a PDF printer on the PATH.

    :raise Failure: when there is no browser and none can be fetched
    """
    LAUNCHER.unlink(missing_ok=True)
    installed = _installed()
    fonts = _has_chinese_fonts()
    wanted = (() if installed else ("chromium",)) + (
        () if fonts else ("fonts-noto-cjk",)
    )
    complete = PROGRAM.exists() or "chromium" not in wanted
    if wanted and not (
        PRIVATE.exists() and complete and is_done("browser", digest(*wanted))
    ):
        step.note(f"fetching {', '.join(wanted)}")
        _fetch(wanted)
        mark_done("browser", digest(*wanted))
    if wanted:
        FONTS.write_text(
            FONTS_CONF.format(
                fonts=PRIVATE / "usr" / "share" / "fonts",
                cache=paths.LOCAL / "home" / ".cache" / "fontconfig",
            )
        )
    else:
        FONTS.unlink(missing_ok=True)
    if installed:
        LAUNCHER.symlink_to(installed)
    else:
        libraries = apt.library_path(PRIVATE)
        _write(LAUNCHER, CHROMIUM_SCRIPT.format(libraries=libraries, program=PROGRAM))
    step.result(_check())
    _provide_pdf()


def environment():
    """Return the variables that lead programs to our fonts."""
    return {"FONTCONFIG_FILE": str(FONTS)} if FONTS.exists() else {}


def _fetch(wanted):
    """Unpack the packages; where this release has none (Ubuntu), those of Debian."""
    try:
        _fetch_from("own", wanted)
    except Failure as own:
        try:
            _fetch_from(OLDEST_SUITE, wanted)
        except Failure as debian:
            raise Failure("Chromium", f"{own}; {debian}", "") from debian


def _fetch_from(suite, wanted):
    apt.install(suite, PRIVATE, *wanted, todo=TODO)
    # what Ubuntu calls chromium is a package without a browser: it starts a snap
    if "chromium" in wanted and not PROGRAM.exists():
        raise Failure("Chromium", f"the package of {suite} has no program", TODO)


def _installed():
    given = os.environ.get("JXC_CHROMIUM")
    if given:
        if not os.access(given, os.X_OK):
            raise Failure("JXC_CHROMIUM", f"{given} is not a program", TODO)
        return given
    for name in NAMES:
        found = shutil.which(name)
        # Ubuntu's chromium-browser only starts a snap, which cannot run headless here
        if found and b"snap" not in open(found, "rb").read(4096):
            return found
    return None


def _has_chinese_fonts():
    try:
        answer = subprocess.run(
            ["fc-list", ":lang=zh-cn", "family"], capture_output=True, check=False
        )
    except FileNotFoundError:
        return False
    return bool(answer.stdout.strip())


def _check():
    """Start the browser once: libraries that are missing show here, not in a test."""
    answer = subprocess.run(
        [LAUNCHER, "--version", "--no-sandbox"],
        capture_output=True,
        text=True,
        env=paths.environment(**environment()),
        check=False,
    )
    if answer.returncode:
        raise Failure("Chromium", answer.stderr[-300:] or "it does not start", TODO)
    return " ".join(answer.stdout.split()[:2])


def _provide_pdf():
    """Use a patched wkhtmltopdf when the machine has one, else print with Chromium."""
    PDF.unlink(missing_ok=True)
    installed = shutil.which("wkhtmltopdf")
    if installed:
        answer = subprocess.run(
            [installed, "--version"], capture_output=True, text=True, check=False
        )
        if "with patched qt" in answer.stdout:
            return
    _write(PDF, PDF_SCRIPT.format(lib=paths.LIB, python=paths.PYTHON))


def _write(file, text):
    file.write_text(text)
    file.chmod(0o755)
