# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
"""XML from others: no entities, no network, no endless documents."""

from lxml import etree

from odoo.tools.translate import LazyTranslate

from . import limits
from .voucher import VoucherError

_lt = LazyTranslate(__name__, default_lang="en_US")


def read_xml(content, max_bytes=limits.FILE_BYTES):
    """Return the root element of a document.

    :param bytes content: the document
    :param int max_bytes: how long it may be
    :raise VoucherError: too long, not well-formed, or with a document type (which is
        where entities are declared)
    """
    if len(content) > max_bytes:
        raise VoucherError([too_large(max_bytes)])
    parser = etree.XMLParser(
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


def text_of(element, path):
    """Text of a child, "" when it is not there."""
    found = element.find(path)
    return (found.text or "").strip() if found is not None else ""


def too_large(max_bytes):
    """The message for what is too long to be read."""
    return _lt("The file is longer than %(size)s MB.", size=max_bytes // 1_000_000)
