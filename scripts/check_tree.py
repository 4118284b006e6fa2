#!/usr/bin/env python3
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
"""Check what holds for every file of the repository, whatever its language.

* nothing of one machine: no home or workshop path, no package registry host
* no source file longer than 450 lines (catalogues, locks and data do not count)
* LF line ends, no blanks at line ends, one newline at the end, no merge conflict
* a script with a #! line is executable and nothing else is

Usage: check_tree.py [PATH ...]         default: every file git tracks or would add
Exit status: 0 clean, 1 findings, 2 wrong usage.
"""

import os
import re
import subprocess
import sys
from pathlib import Path

MAX_LINES = 450
UNCOUNTED = {".po", ".pot", ".csv", ".json", ".lock", ".svg"}
UNCOUNTED_NAMES = ("LICENSE", "requirements")
CASES = "_cases.js"  # lists of what a test goes through
NOT_OURS = {".git", ".venv", ".local", "__pycache__", "node_modules", ".ruff_cache"}
DATA = {".po", ".pot", ".csv"}
MACHINE_PATHS = re.compile(r"(?<![\w.)}/-])/(?:root|work|home/\w+|tmp/\w+/\.local)/")
# Written in two parts so that this file does not find itself.
REGISTRY_HOSTS = re.compile(
    "|".join(
        re.escape(f"{name}.{domain}")
        for name, domain in (
            ("pypi", "org"),
            ("pythonhosted", "org"),
            ("npmjs", "org"),
            ("npmmirror", "com"),
            ("deb.debian", "org"),
            ("snapshot.debian", "org"),
            ("archive.ubuntu", "com"),
        )
    )
)


def tracked_files():
    """Files that git tracks or would add; in an unpacked archive, all of ours."""
    command = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    try:
        listing = subprocess.run(command, check=True, capture_output=True, text=True)
    except (OSError, subprocess.CalledProcessError):
        paths = [path for path in Path().rglob("*") if not NOT_OURS & set(path.parts)]
    else:
        paths = map(Path, set(listing.stdout.split("\0")) - {""})
    return sorted(path for path in paths if path.is_file())


def check_file(path):
    """Findings ``(line, text)`` of one file."""
    content = path.read_bytes()
    if b"\0" in content[:8192]:
        return []
    try:
        text = content.decode("utf-8")
    except UnicodeDecodeError as error:
        return [(1, f"not UTF-8: {error}")]
    findings = list(_check_mode(path, text))
    lines = text.split("\n")
    for number, line in enumerate(lines, 1):
        findings += [(number, finding) for finding in _check_line(path, line)]
    if text and path.suffix not in DATA:
        if not text.endswith("\n") or text.endswith("\n\n"):
            findings.append((len(lines), "the file must end with one newline"))
    if _counts(path) and len(lines) - 1 > MAX_LINES:
        findings.append((1, f"{len(lines) - 1} lines; split it (limit {MAX_LINES})"))
    return findings


def _counts(path):
    if path.suffix in UNCOUNTED or path.name.endswith(CASES):
        return False
    return not path.name.startswith(UNCOUNTED_NAMES)


def _check_line(path, line):
    if path.name == "LICENSE":
        return
    machine, registry = MACHINE_PATHS.search(line), REGISTRY_HOSTS.search(line)
    if machine:
        yield f"path of one machine: {machine[0]}"
    if registry:
        yield f"package registry host: {registry[0]}"
    if re.match(r"(<<<<<<<|>>>>>>>) ", line):
        yield "merge conflict"
    if path.suffix not in DATA and line != line.rstrip():
        yield "blank or carriage return at the end of the line"


def _check_mode(path, text):
    executable, script = os.access(path, os.X_OK), text.startswith("#!")
    if script and not executable:
        yield 1, "has a #! line but is not executable"
    if executable and not script:
        yield 1, "is executable but has no #! line"


def main(arguments):
    if any(argument.startswith("-") for argument in arguments):
        print(__doc__, file=sys.stderr)
        return 0 if arguments in (["-h"], ["--help"]) else 2
    roots = [Path(argument) for argument in arguments]
    missing = [str(root) for root in roots if not root.exists()]
    if missing:
        print(f"check_tree: no such path: {', '.join(missing)}", file=sys.stderr)
        return 2
    count = 0
    for path in tracked_files():
        if roots and not any(root == path or root in path.parents for root in roots):
            continue
        for line, text in check_file(path):
            count += 1
            print(f"{path}:{line}: {text}")
    return 1 if count else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
