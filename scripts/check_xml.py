#!/usr/bin/env python3
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
"""Check the layout of XML files, or mend it with --fix.

Every tag, comment or attribute that begins a line stands at its depth, four spaces a
level; attributes on lines of their own stand one level deeper than their tag. Text,
comment bodies and the inside of attribute values keep their lines and indentation, so a
template means the same before and after. Files are UTF-8 with a declaration, LF line
ends, no tabs in the indentation, no blanks at line ends and one newline at the end.

Only the standard library is used: this runs on a machine that has Python and no Node.

Usage: check_xml.py [--fix] [PATH ...]  default: addons
Exit status: 0 clean, 1 findings, 2 wrong usage.
"""

import re
import sys
from pathlib import Path
from xml.parsers import expat

DECLARATION = '<?xml version="1.0" encoding="UTF-8" ?>'
TOKEN = re.compile(
    r"<!--.*?-->|<!\[CDATA\[.*?\]\]>|<\?.*?\?>|<!DOCTYPE[^>]*>"
    r"|<(?P<close>/)?[^\s<>/!?]+(?P<attributes>(?:\"[^\"]*\"|'[^']*'|[^<>\"'])*?)"
    r"(?P<empty>/)?>",
    re.DOTALL,
)
ATTRIBUTE_LINE = re.compile(
    r"\"[^\"]*\"|'[^']*'|\n(?P<indent>[ \t]*)(?=(?P<next>\S))", re.DOTALL
)
INDENT = "    "


def layout(source):
    """The same XML text with every tag and attribute line at its depth."""
    pieces, depth, position = [], 0, 0
    for token in TOKEN.finditer(source):
        if token["close"]:
            depth -= 1
        pieces.append(_reindent_end(source[position : token.start()], depth))
        text = token[0]
        if token["attributes"] is not None:
            text = ATTRIBUTE_LINE.sub(lambda m, d=depth: _attribute_line(m, d), text)
        pieces.append(text)
        position = token.end()
        is_element = token["attributes"] is not None
        if is_element and not token["close"] and not token["empty"]:
            depth += 1
    pieces.append(source[position:])
    # One declaration, spelled one way
    body = re.sub(r"\A\s*<\?xml[^>]*\?>\s*", "", "".join(pieces))
    lines = f"{DECLARATION}\n{body}".replace("\r\n", "\n").split("\n")
    return "\n".join(line.rstrip(" \t") for line in lines).rstrip("\n") + "\n"


def _reindent_end(between, depth):
    """Put what follows the last line end of ``between`` at ``depth``."""
    head, newline, indent = between.rpartition("\n")
    if not newline or indent.strip():
        return between
    return f"{head}\n{INDENT * depth}"


def _attribute_line(match, depth):
    if match["indent"] is None:
        return match[0]
    closing = match["next"] in "/>"
    return "\n" + INDENT * (depth if closing else depth + 1)


def findings(source):
    """Pairs ``(line, text)`` of what ``layout`` would change in a well-formed text."""
    wanted = layout(source)
    if wanted == source:
        return []
    was, now = source.split("\n"), wanted.split("\n")
    if len(was) != len(now):
        return [(1, "declaration, blank lines or the end of the file")]
    return [
        (number, f"indentation or blanks: {before.strip()[:60]}")
        for number, (before, after) in enumerate(zip(was, now, strict=True), 1)
        if before != after
    ]


def check_file(path, fix):
    """Findings of one file; with ``fix`` it is rewritten and only errors remain."""
    try:
        source = path.read_bytes().decode("utf-8")
        expat.ParserCreate().Parse(source.encode(), True)
    except (UnicodeDecodeError, expat.ExpatError) as error:
        return [(getattr(error, "lineno", 1), f"not well-formed: {error}")]
    if not fix:
        return findings(source)
    wanted = layout(source)
    if wanted != source:
        path.write_bytes(wanted.encode("utf-8"))
        print(f"{path}: laid out")
    return []


def main(arguments):
    fix = "--fix" in arguments
    paths = [argument for argument in arguments if argument != "--fix"]
    if any(argument.startswith("-") for argument in paths):
        print(__doc__, file=sys.stderr)
        return 0 if paths in (["-h"], ["--help"]) else 2
    paths = paths or ["addons"]
    missing = [path for path in paths if not Path(path).exists()]
    if missing:
        print(f"check_xml: no such path: {', '.join(missing)}", file=sys.stderr)
        return 2
    count = 0
    for path in map(Path, paths):
        for file in [path] if path.is_file() else sorted(path.rglob("*.xml")):
            if file.suffix != ".xml":
                continue
            for line, text in check_file(file, fix):
                count += 1
                print(f"{file}:{line}: {text}")
    return 1 if count else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
