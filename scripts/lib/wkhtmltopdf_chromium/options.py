# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
"""Read wkhtmltopdf's command line as Odoo writes it."""

import re
from dataclasses import dataclass, field
from pathlib import Path

SIZES = {
    "A0": (841, 1189),
    "A1": (594, 841),
    "A2": (420, 594),
    "A3": (297, 420),
    "A4": (210, 297),
    "A5": (148, 210),
    "A6": (105, 148),
    "B4": (250, 353),
    "B5": (176, 250),
    "Legal": (215.9, 355.6),
    "Letter": (215.9, 279.4),
    "Tabloid": (279.4, 431.8),
}
FLAGS = {
    "--disable-javascript",
    "--disable-local-file-access",
    "--disable-smart-shrinking",
    "--header-line",
    "--quiet",
    "-q",
}


@dataclass
class Options:
    """What to print; lengths in millimetres."""

    bodies: list
    output: Path
    width: float
    height: float
    margins: dict
    header: Path | None = None
    footer: Path | None = None
    cookies: list = field(default_factory=list)


def parse(argv):
    """Return the :class:`Options` of a command line.

    >>> o = parse("--orientation landscape --margin-top 40.0 in.html o.pdf".split())
    >>> o.width, o.height, o.margins["top"], o.output.name
    (297, 210, 40.0, 'o.pdf')
    """
    given, files, cookies = {}, [], []
    arguments = iter(argv)
    for argument in arguments:
        if argument in FLAGS:
            continue
        if argument == "--cookie":
            cookies.append((next(arguments), next(arguments)))
        elif argument.startswith("--"):
            given[argument] = next(arguments)
        else:
            files.append(Path(argument))
    *bodies, output = files
    width, height = _size(given)
    if "--cookie-jar" in given:
        cookies.append(_read_cookie(Path(given["--cookie-jar"])))
    return Options(
        bodies=bodies,
        output=output,
        width=width,
        height=height,
        margins={
            side: _number(given.get(f"--margin-{side}", "0"))
            for side in ("top", "right", "bottom", "left")
        },
        header=_path(given.get("--header-html")),
        footer=_path(given.get("--footer-html")),
        cookies=cookies,
    )


def _size(given):
    width, height = SIZES.get(given.get("--page-size"), SIZES["A4"])
    if "--page-width" in given:
        width, height = _number(given["--page-width"]), _number(given["--page-height"])
    if given.get("--orientation", "").lower() == "landscape":
        width, height = height, width
    return width, height


def _number(text):
    return float(re.match(r"[\d.]+", text).group())


def _path(text):
    return Path(text) if text else None


def _read_cookie(jar):
    name, _sign, value = jar.read_text().split(";")[0].strip().partition("=")
    return name, value
