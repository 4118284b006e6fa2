# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
"""XML from others: no entities, no network, no endless documents."""

import codecs
import re

from lxml import etree

from odoo.tools.translate import LazyTranslate

from odoo.addons.jxc_base.tools.markup import has_endless_tag

from . import limits
from .voucher import VoucherError

_lt = LazyTranslate(__name__, default_lang="en_US")


#: what a document may say of its encoding, and how that is read
ENCODINGS = {
    "utf-8": "utf-8-sig",
    "utf8": "utf-8-sig",
    "us-ascii": "ascii",
    "ascii": "ascii",
    "iso-8859-1": "latin-1",
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "gb18030": "gb18030",
}
STATED = re.compile(rb"""\s*<\?xml[^>]*?\sencoding\s*=\s*["']([\w.:-]{1,40})["']""")


def read_xml(content, max_bytes=limits.FILE_BYTES):
    """Return the root element of a document.

    :param bytes content: the document
    :param int max_bytes: how long it may be
    :raise VoucherError: too long, not well-formed, of an unusual encoding, with a
        document type (which is where entities are declared) or an endless tag
    """
    if len(content) > max_bytes:
        raise VoucherError([too_large(max_bytes)])
    content = _in_utf8(content)
    if has_endless_tag(content):
        raise VoucherError([_lt("An element of this XML has too many attributes.")])
    parser = etree.XMLParser(
        encoding="utf-8",
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        dtd_validation=False,
        huge_tree=False,
        remove_comments=True,
        remove_pis=True,
    )
    try:
        root = etree.fromstring(content, parser)
    except (etree.XMLSyntaxError, ValueError, LookupError) as error:
        raise VoucherError(
            [_lt("This is not well-formed XML: %(error)s", error=str(error)[:200])]
        ) from error
    if root.getroottree().docinfo.doctype:
        raise VoucherError(
            [_lt("XML with a document type (<!DOCTYPE …>) is not accepted.")]
        )
    return root


def _in_utf8(content):
    """The document in the one encoding that was looked through.

    Parsers know encodings in which "<" is written otherwise, so that it would be found
    by them only.
    """
    encoding = "utf-16"
    if content[:2] not in (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE):
        stated = STATED.match(content[:400].removeprefix(codecs.BOM_UTF8))
        name = stated[1].decode().lower() if stated else "utf-8"
        encoding = ENCODINGS.get(name)
        if not encoding:
            raise VoucherError(
                [_lt("XML in %(encoding)s is not read. Use UTF-8.", encoding=name)]
            )
    try:
        return content.decode(encoding).encode()
    except UnicodeError as error:
        raise VoucherError(
            [_lt("This is not well-formed XML: %(error)s", error=str(error)[:200])]
        ) from error


def text_of(element, path):
    """Text of a child, "" when it is not there."""
    found = element.find(path)
    return (found.text or "").strip() if found is not None else ""


def too_large(max_bytes):
    """The message for what is too long to be read."""
    return _lt("The file is longer than %(size)s MB.", size=max_bytes // 1_000_000)
