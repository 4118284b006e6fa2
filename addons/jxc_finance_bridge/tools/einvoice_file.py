# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
"""Files that vendors send with an e-invoice, read without trust: XML, OFD, PDF."""

import io
import re
import zipfile
import zlib

from odoo.tools.translate import LazyTranslate

from . import limits
from .voucher import VoucherError
from .xml_reader import read_xml, too_large

_lt = LazyTranslate(__name__, default_lang="en_US")

XML, OFD, PDF = "xml", "ofd", "pdf"
_NUMBER = re.compile(r"(?<![0-9])[0-9]{20}(?![0-9])")


def kind_of(content):
    """Return xml, ofd or pdf, from the content: names can say anything.

    :raise VoucherError: none of these, empty, or too long
    """
    if len(content) > limits.UPLOAD_BYTES:
        raise VoucherError([too_large(limits.UPLOAD_BYTES)])
    start = content[:64].lstrip(b"\xef\xbb\xbf\xff\xfe \t\r\n")
    if start.startswith(b"%PDF-"):
        return PDF
    if start.startswith(b"PK\x03\x04"):
        return OFD
    if start.startswith(b"<"):
        return XML
    raise VoucherError([_lt("This is neither XML, OFD nor PDF.")])


def number_in(name):
    """Return the invoice number in the name of a file, or None.

    >>> number_in("dzfp_26322000000000000001_甲公司_20260131.pdf")
    '26322000000000000001'
    """
    found = set(_NUMBER.findall(name or ""))
    return found.pop() if len(found) == 1 else None


def xml_in_ofd(content):
    """Return the XML of the e-invoice inside an OFD package, or None.

    Sizes are counted while unpacking; what the package says about them is not believed.

    :raise VoucherError: broken, encrypted, too many parts, or too long unpacked
    """
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as package:
            entries = package.infolist()
            if len(entries) > limits.PACKAGE_ENTRIES:
                raise VoucherError([_lt("The OFD file has too many parts.")])
            left = limits.PACKAGE_BYTES
            for entry in entries:
                if not entry.filename.lower().endswith(".xml"):
                    continue
                if entry.flag_bits & 0x1:
                    raise VoucherError([_lt("The OFD file is encrypted.")])
                with package.open(entry) as part:
                    data = part.read(min(left, limits.INVOICE_BYTES) + 1)
                left -= len(data)
                if left < 0 or len(data) > limits.INVOICE_BYTES:
                    raise VoucherError([_lt("The OFD file is too long unpacked.")])
                if b"EInvoice" in data and read_xml(data).tag == "EInvoice":
                    return data
    except (
        zipfile.BadZipFile,
        zlib.error,
        NotImplementedError,
        RuntimeError,
        EOFError,
        OSError,
        ValueError,
    ) as error:
        raise VoucherError([_lt("The OFD file is broken.")]) from error
    return None
