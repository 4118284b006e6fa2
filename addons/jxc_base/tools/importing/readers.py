# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
"""Reading folders, archives and workbooks into tables of texts.

Every reader returns (tables, problems) and never raises for what is in the data:
the caller lists the problems of all files at once. Messages are lazy texts.
"""

import io
import re
import zipfile
from pathlib import Path, PurePosixPath

from odoo.tools.translate import LazyTranslate

from ..markup import has_endless_tag
from .csv_reader import read_csv
from .limits import Limits
from .problems import Problem
from .xlsx_reader import read_workbook

_lt = LazyTranslate(__name__)

IGNORED_SUFFIXES = {".md", ".txt"}
#: in which "<" could be written otherwise than it is looked for
ENCODING = re.compile(rb"""\s*<\?xml[^>]*?\sencoding\s*=\s*["']([^"']*)""")


def read_folder(path):
    """Tables of all CSV files directly in a folder; notes (.md, .txt) are passed over.

    :param path: folder on this machine
    :return: (list of Table, list of Problem)
    """
    folder = Path(path)
    if not folder.is_dir():
        return [], [_problem(str(path), _lt("is not a folder that can be read"))]
    files, problems, total = [], [], 0
    for entry in sorted(folder.iterdir()):
        if _is_note(entry.name) or entry.is_dir():
            continue
        if entry.suffix.lower() != ".csv":
            problems.append(_unknown_ending(entry.name))
            continue
        if not entry.is_file():
            problems.append(_problem(entry.stem, _lt("is not a file")))
            continue
        try:
            size = entry.stat().st_size
            total += size
            if size > Limits.FILE_BYTES or total > Limits.TOTAL_BYTES:
                problems.append(_too_large(entry.stem))
                continue
            files.append((entry.stem, entry.read_bytes()))
        except OSError as error:
            problems.append(
                _problem(
                    entry.stem,
                    _lt("cannot be read: %(reason)s", reason=error.strerror),
                )
            )
    return _read_files(files, problems)


def read_zip(content: bytes, name="zip"):
    """Tables of the CSV files in a zip archive, at its root or in its only folder.

    Nothing is unpacked to disk. Entries that point elsewhere, encrypted ones and
    archives that unpack to far more than they hold are refused.

    :return: (list of Table, list of Problem)
    """
    try:
        archive = zipfile.ZipFile(io.BytesIO(content))
    except (zipfile.BadZipFile, ValueError, NotImplementedError):
        return [], [_problem(name, _lt("is not a zip archive that can be read"))]
    with archive:
        problem = _archive_problem(archive, name)
        if problem:
            return [], [problem]
        files, problems, folders = [], [], set()
        for entry in archive.infolist():
            path = PurePosixPath(entry.filename)
            if _is_outside(entry.filename):
                problems.append(
                    _problem(
                        name,
                        _lt(
                            "holds %(entry)s, which points outside of the archive",
                            entry=repr(entry.filename[:100]),
                        ),
                    )
                )
                continue
            if entry.is_dir() or path.parts[0] == "__MACOSX" or _is_note(path.name):
                continue
            if path.suffix.lower() != ".csv":
                problems.append(_unknown_ending(path.name))
                continue
            folders.add(path.parent)
            data = _unpack(archive, entry)
            if data is None:
                problems.append(
                    _problem(path.stem, _lt("is damaged or encrypted in the archive"))
                )
            else:
                files.append((path.stem, data))
        if len(folders) > 1:
            problems.append(
                _problem(name, _lt("must hold its files in one folder, not in several"))
            )
    return _read_files(files, problems)


def read_xlsx(content: bytes, name="xlsx"):
    """Tables of the sheets of a workbook; the sheet's name is the file's name.

    :return: (list of Table, list of Problem)
    """
    problem = workbook_problem(content, name)
    if problem:
        return [], [problem]
    return read_workbook(content, name)


def workbook_problem(content: bytes, name="xlsx"):
    """Return what is wrong with a workbook before anything parses it, or None.

    :return: Problem: no workbook, unpacks to too much, or holds markup that keeps a
        parser busy
    """
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            return _archive_problem(archive, name) or _markup_problem(archive, name)
    except (zipfile.BadZipFile, ValueError, NotImplementedError, EOFError):
        return _problem(name, _lt("is not a workbook (.xlsx) that can be read"))


def read_upload(filename: str, content: bytes):
    """Tables of an uploaded .xlsx or .zip.

    :return: (list of Table, list of Problem)
    """
    name = filename or "upload"
    if len(content) > Limits.FILE_BYTES:
        return [], [_too_large(name)]
    if name.lower().endswith(".xlsx"):
        return read_xlsx(content, name)
    if name.lower().endswith(".zip"):
        return read_zip(content, name)
    return [], [
        _problem(name, _lt("is neither a workbook (.xlsx) nor an archive (.zip)"))
    ]


def _read_files(files, problems):
    tables, seen = [], set()
    for name, data in files:
        if name in seen:
            problems.append(_problem(name, _lt("is there twice")))
            continue
        seen.add(name)
        table, found = read_csv(name, data)
        problems += found
        if table:
            tables.append(table)
    return tables, problems


def _archive_problem(archive, name):
    entries = archive.infolist()
    unpacked = sum(entry.file_size for entry in entries)
    packed = sum(entry.compress_size for entry in entries)
    if len(entries) > Limits.ARCHIVE_ENTRIES:
        return _problem(
            name,
            _lt(
                "holds %(count)s files, at most %(most)s are accepted",
                count=len(entries),
                most=Limits.ARCHIVE_ENTRIES,
            ),
        )
    if (
        unpacked > Limits.TOTAL_BYTES
        or unpacked > 1_000_000
        and unpacked > Limits.COMPRESSION_RATIO * max(packed, 1)
        or any(entry.file_size > Limits.FILE_BYTES for entry in entries)
    ):
        return _problem(
            name,
            _lt(
                "unpacks to %(size)s MB, which is not accepted; split the data",
                size=unpacked // 1_000_000,
            ),
        )
    return None


def _markup_problem(archive, name):
    """Workbooks that declare XML entities come from no spreadsheet program."""
    for entry in archive.infolist():
        if entry.filename.lower().endswith((".xml", ".rels")):
            data = _unpack(archive, entry)
            if data is None or _is_odd(data):
                return _problem(
                    name, _lt("is not a workbook as spreadsheet programs write it")
                )
    return None


def _is_odd(data):
    """Whether XML is of another encoding, declares a type, or has an endless tag."""
    encoding = ENCODING.match(data[:200])
    return (
        b"\x00" in data[:200]
        or (encoding and encoding[1].lower() not in (b"utf-8", b"us-ascii", b"ascii"))
        or b"<!DOCTYPE" in data
        or has_endless_tag(data)
    )


def _unpack(archive, entry):
    """Content of an entry, never more than it declares; None when unreadable."""
    try:
        with archive.open(entry) as stream:
            data = stream.read(entry.file_size + 1)
    except Exception:  # noqa: BLE001 - any damage a hostile archive can carry
        return None
    return data if len(data) == entry.file_size else None


def _is_outside(filename):
    return (
        filename.startswith(("/", "\\"))
        or "\\" in filename
        or ":" in filename
        or "\x00" in filename
        or ".." in PurePosixPath(filename).parts
        or not PurePosixPath(filename).parts
    )


def _is_note(name):
    return name.startswith(".") or Path(name).suffix.lower() in IGNORED_SUFFIXES


def _unknown_ending(name):
    return _problem(name, _lt("is not a CSV file; only .csv files are read"))


def _too_large(name):
    return _problem(
        name,
        _lt(
            "is too large: at most %(most)s MB a file are accepted",
            most=Limits.FILE_BYTES // (1024 * 1024),
        ),
    )


def _problem(file, message, row=None, column=None):
    return Problem(file, row, column, message)
