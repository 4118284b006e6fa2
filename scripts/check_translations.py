#!/usr/bin/env python3
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
"""Check that every addon has a complete Chinese translation.

i18n/<addon>.pot and i18n/zh_CN.po exist, hold the same messages, and no message of
zh_CN.po is empty or fuzzy. Whether the template still fits the sources can only be
said with a database: `odoo i18n export` writes it.

Usage: check_translations.py [ADDON_DIR ...]    default: addons/*
Exit status: 0 clean, 1 findings, 2 wrong usage.
"""

import sys
from pathlib import Path

import polib

LANGUAGE = "zh_CN"


def check_addon(addon):
    """Findings of one addon folder, as texts that start with the file."""
    template = addon / "i18n" / f"{addon.name}.pot"
    catalogue = addon / "i18n" / f"{LANGUAGE}.po"
    missing = [
        f"{path}:1: missing" for path in (template, catalogue) if not path.is_file()
    ]
    if missing:
        return missing
    wanted = {entry.msgid: entry for entry in polib.pofile(str(template))}
    found = {
        entry.msgid: entry
        for entry in polib.pofile(str(catalogue))
        if not entry.obsolete
    }
    findings = []
    for key, entry in found.items():
        if entry.fuzzy:
            findings.append(f"{catalogue}:{entry.linenum}: fuzzy: {entry.msgid!r}")
        elif not entry.translated():
            findings.append(f"{catalogue}:{entry.linenum}: empty: {entry.msgid!r}")
        if key not in wanted:
            findings.append(
                f"{catalogue}:{entry.linenum}: not in the template: {key!r}"
            )
    for key, entry in wanted.items():
        if key not in found:
            findings.append(f"{template}:{entry.linenum}: not translated: {key!r}")
    return findings


def addons_of(paths):
    """The addon folders that the paths lie in or hold."""
    addons = set()
    for path in map(Path, paths):
        above = [path, *path.parents]
        inside = [item for item in above if (item / "__manifest__.py").is_file()]
        addons.update(
            inside[-1:] or {m.parent for m in path.glob("**/__manifest__.py")}
        )
    return sorted(addons)


def main(arguments):
    if any(argument.startswith("-") for argument in arguments):
        print(__doc__, file=sys.stderr)
        return 0 if arguments in (["-h"], ["--help"]) else 2
    paths = arguments or ["addons"]
    missing = [path for path in paths if not Path(path).exists()]
    if missing:
        print(
            f"check_translations: no such path: {', '.join(missing)}", file=sys.stderr
        )
        return 2
    findings = [line for addon in addons_of(paths) for line in check_addon(addon)]
    print("\n".join(findings), end="\n" if findings else "")
    return 1 if findings else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
