# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
"""The XML of a fully digitised e-invoice (数电票), read without trust."""

import datetime
import re
import unicodedata
from dataclasses import dataclass
from decimal import Decimal

from odoo.tools.translate import LazyTranslate

from . import limits
from .voucher import VoucherError, clean, number
from .xml_reader import read_xml, text_of

_lt = LazyTranslate(__name__, default_lang="en_US")

SELLER = "EInvoiceData/SellerInformation"
BUYER = "EInvoiceData/BuyerInformation"
BASIC = "EInvoiceData/BasicInformation"
#: lines of an invoice at most
LINES = 5000


@dataclass(frozen=True)
class InvoiceLine:
    """One line; ``rate`` is a percentage, None when the text is no rate (免税)."""

    name: str
    quantity: Decimal
    amount: Decimal
    tax: Decimal
    rate: Decimal | None
    unit: str = ""
    spec: str = ""


@dataclass(frozen=True)
class EInvoice:
    """An e-invoice; amounts in renminbi, negative on a red one."""

    number: str
    date: datetime.date
    #: special (专用), general (普通) or other, as the label says
    kind: str
    seller: str
    seller_vat: str
    buyer: str
    buyer_vat: str
    amount_untaxed: Decimal
    amount_tax: Decimal
    amount_total: Decimal
    lines: tuple
    #: number of the blue invoice that a red one takes back
    blue_number: str = ""


#: where an invoice starts, and the parts that one invoice has once
ROOT = re.compile(rb"<EInvoice[\s/>]")
ONCE = ("EInvoiceData", "TaxSupervisionInfo")
SEVERAL = _lt(
    "There is more than one invoice in the file. Upload each in a file of its own."
)


def read_einvoice(content):
    """Return the :class:`EInvoice` of an XML document.

    :param bytes content: the document
    :raise VoucherError: no e-invoice, or one whose amounts do not add up
    """
    if len(content) <= limits.INVOICE_BYTES and len(ROOT.findall(content)) > 1:
        raise VoucherError([SEVERAL])
    root = read_xml(content, limits.INVOICE_BYTES)
    if root.tag == "EInvoice" and any(len(root.findall(part)) > 1 for part in ONCE):
        raise VoucherError([SEVERAL])
    if root.tag != "EInvoice":
        raise VoucherError([_lt("This XML is no electronic invoice.")])
    code = text_of(root, "TaxSupervisionInfo/InvoiceNumber")
    if not code:
        raise VoucherError([_lt("There is no invoice number in the file.")])
    if not re.fullmatch(r"[0-9]{20}", code):
        raise VoucherError(
            [_lt("%(number)s is no invoice number of 20 digits.", number=code[:40])]
        )

    def amount(name):
        return _amount(text_of(root, f"{BASIC}/{name}"), name)

    moment = text_of(root, f"{BASIC}/RequestTime") or text_of(
        root, "TaxSupervisionInfo/IssueTime"
    )
    label = "Header/InherentLabel/GeneralOrSpecialVAT/LabelName"
    items = root.findall("EInvoiceData/IssuItemInformation")
    if len(items) > LINES:
        raise VoucherError([_lt("More than %(count)s rows.", count=LINES)])
    invoice = EInvoice(
        number=code,
        date=_date(moment),
        kind=_kind(text_of(root, label)),
        seller=clean(text_of(root, f"{SELLER}/SellerName"), 200),
        seller_vat=tax_number(text_of(root, f"{SELLER}/SellerIdNum")),
        buyer=clean(text_of(root, f"{BUYER}/BuyerName"), 200),
        buyer_vat=tax_number(text_of(root, f"{BUYER}/BuyerIdNum")),
        amount_untaxed=amount("TotalAmWithoutTax"),
        amount_tax=amount("TotalTaxAm"),
        amount_total=amount("TotalTax-includedAmount"),
        lines=tuple(_line(item) for item in items),
        blue_number=_blue_number(root, code),
    )
    _check(invoice)
    return invoice


def _check(invoice):
    total = invoice.amount_untaxed + invoice.amount_tax
    if total != invoice.amount_total:
        raise VoucherError(
            [
                _lt(
                    "%(number)s: %(untaxed)s and %(tax)s tax are not %(total)s.",
                    number=invoice.number,
                    untaxed=invoice.amount_untaxed,
                    tax=invoice.amount_tax,
                    total=invoice.amount_total,
                )
            ]
        )
    lines = sum((line.amount for line in invoice.lines), Decimal(0))
    if invoice.lines and lines != invoice.amount_untaxed:
        raise VoucherError(
            [
                _lt(
                    "%(number)s: the lines add up to %(lines)s, not to %(untaxed)s.",
                    number=invoice.number,
                    lines=lines,
                    untaxed=invoice.amount_untaxed,
                )
            ]
        )


def _kind(label):
    """
    >>> _kind("增值税专用发票"), _kind("普通发票"), _kind("铁路电子客票"), _kind("")
    ('special', 'general', 'other', 'other')
    """
    for word, kind in (("专用", "special"), ("普通", "general")):
        if word in label:
            return kind
    return "other"


def _blue_number(root, code):
    """What the remark of a red invoice says (被红冲蓝字数电发票号码：…)."""
    for remark in root.iter("Remark"):
        for found in re.findall(
            r"蓝[^0-9]{0,30}([0-9]{20})(?![0-9])", remark.text or ""
        ):
            if found != code:
                return found
    return ""


def _line(item):
    rate = text_of(item, "TaxRate")
    found = re.fullmatch(r"(\d{1,2}(?:\.\d{1,4})?)(%?)", rate)
    percentage = None
    if found:
        percentage = Decimal(found[1]) if found[2] else Decimal(found[1]) * 100
    return InvoiceLine(
        name=clean(text_of(item, "ItemName"), 300),
        unit=clean(text_of(item, "MeaUnits"), 40),
        spec=clean(text_of(item, "SpecMod"), 100),
        quantity=_amount(text_of(item, "Quantity"), "Quantity"),
        amount=_amount(text_of(item, "Amount"), "Amount"),
        tax=_amount(text_of(item, "ComTaxAm"), "ComTaxAm"),
        rate=percentage,
    )


def _amount(text, place):
    return number(text.replace(",", ""), place)


def _date(text):
    try:
        date = datetime.date.fromisoformat(text[:10])
    except ValueError:
        date = None
    # the tax of before is no VAT
    if not date or not 1994 <= date.year <= 2199:
        raise VoucherError([_lt("%(text)s is not a date.", text=text[:40])])
    return date


def tax_number(text):
    """A tax number as the books have it.

    >>> tax_number(" cn 91310115093498660a"), tax_number("９１310115093498660Ａ")
    ('91310115093498660A', '91310115093498660A')
    """
    text = unicodedata.normalize("NFKC", text).upper()
    return re.sub(r"[^0-9A-Z]", "", text).removeprefix("CN")[:20]
