# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
import dataclasses

from lxml import etree

from odoo.tools.translate import LazyTranslate

from ..voucher import (
    CUSTOMER,
    DEPARTMENT,
    ONE,
    PROJECT,
    VENDOR,
    Aux,
    Entry,
    Voucher,
    VoucherError,
    day,
    money,
    number,
    whole,
)
from ..xml_reader import read_xml, text_of
from .base import Format

_lt = LazyTranslate(__name__, default_lang="en_US")

HEAD = (
    "company voucher_type fiscal_year accounting_period voucher_id attachment_number"
    " date auditdate enter cashier signature checker posting_date posting_person"
    " voucher_making_system memo1 memo2 reserve1 reserve2 revokeflag"
).split()
ENTRY = (
    "entry_id account_code abstract settlement document_id document_date currency"
    " unit_price exchange_rate1 exchange_rate2 debit_quantity primary_debit_amount"
    " secondary_debit_amount natural_debit_currency credit_quantity"
    " primary_credit_amount secondary_credit_amount natural_credit_currency bill_type"
    " bill_id bill_date"
).split()
ITEMS = {
    DEPARTMENT: "dept_id",
    CUSTOMER: "cust_id",
    VENDOR: "supplier_id",
    PROJECT: "item_id",
}
#: all of them, in the order U8 has them
ITEM_NAMES = (
    "dept_id personnel_id cust_id supplier_id item_id item_class operator"
).split()


class U8Xml(Format):
    """XML of UFIDA U8's interface EAI, as a file or posted to it."""

    code = "u8_xml"
    extension = "xml"
    mimetype = "application/xml"
    SUMMARY, ACCOUNT, CODE = 60, 15, 20

    def normal(self, voucher, settings=None):
        """Checkers and cashiers stay empty, as U8 wants its own people there."""
        voucher = super().normal(voucher, settings)
        return dataclasses.replace(
            voucher,
            checked_by="",
            cashier="",
            entries=tuple(
                dataclasses.replace(
                    entry,
                    account_name="",
                    aux=tuple(
                        Aux(kind, aux.code)
                        for kind in ITEMS
                        if (aux := entry.aux_of(kind)) is not None
                    ),
                )
                for entry in voucher.entries
            ),
        )

    def envelope(self, settings, proc, key=""):
        """Return the root element of a message.

        :param str proc: add, query or delete
        :param str key: reference of the message
        """
        return etree.Element(
            "ufinterface",
            roottag="voucher",
            billtype="gl",
            docid=key,
            receiver="u8",
            sender=settings.book,
            proc=proc,
            codeexchanged="N",
            exportneedexch="N",
            renewproofno="y",
            version="2.0",
        )

    def _write(self, vouchers, settings):
        key = vouchers[0].key if len(vouchers) == 1 else ""
        root = self.envelope(settings, "add", key)
        for voucher in vouchers:
            root.append(self._element(voucher, settings))
        return etree.tostring(root, encoding="utf-8", xml_declaration=True)

    def _element(self, voucher, settings):
        element = etree.Element("voucher", id=voucher.key)
        values = {
            "voucher_type": voucher.word,
            "fiscal_year": str(voucher.date.year),
            "accounting_period": str(voucher.date.month),
            "voucher_id": str(voucher.number) if voucher.number else "",
            "attachment_number": str(voucher.attachments),
            "date": voucher.date.isoformat(),
            "enter": voucher.prepared_by,
            "memo1": voucher.key,
        }
        head = etree.SubElement(element, "voucher_head")
        for name in HEAD:
            etree.SubElement(head, name).text = values.get(name)
        body = etree.SubElement(element, "voucher_body")
        for position, entry in enumerate(voucher.entries, 1):
            body.append(self._entry_element(position, entry, settings))
        return element

    def _entry_element(self, position, entry, settings):
        side = "debit" if entry.debit else "credit"
        values = {
            "entry_id": str(position),
            "account_code": entry.account,
            "abstract": entry.summary,
            f"natural_{side}_currency": money(entry.debit or entry.credit),
        }
        if entry.quantity:
            values[f"{side}_quantity"] = money(entry.quantity)
        if entry.currency != settings.currency:
            sign = 1 if entry.debit else -1
            values["currency"] = entry.currency
            values["exchange_rate1"] = f"{entry.rate:f}"
            values[f"primary_{side}_amount"] = money(entry.amount_currency * sign)
        element = etree.Element("entry")
        for name in ENTRY:
            etree.SubElement(element, name).text = values.get(name)
        items = etree.SubElement(element, "auxiliary_accounting")
        codes = {ITEMS[aux.kind]: aux.code for aux in entry.aux}
        for name in ITEM_NAMES:
            etree.SubElement(items, "item", name=name).text = codes.get(name)
        detail = etree.SubElement(element, "detail")
        statement = etree.SubElement(detail, "cash_flow_statement")
        if entry.cash_flow:
            etree.SubElement(
                statement,
                "cash_flow",
                cash_item=entry.cash_flow,
                natural_debit_currency=money(entry.debit),
                natural_credit_currency=money(entry.credit),
            )
        etree.SubElement(detail, "code_remark_statement")
        return element

    def _read(self, content):
        root = read_xml(content)
        if root.tag != "ufinterface":
            raise VoucherError([_lt("The root element must be ufinterface.")])
        return [self._voucher(element) for element in root.findall("voucher")]

    def _voucher(self, element):
        key = text_of(element, "voucher_head/memo1") or element.get("id", "")
        return Voucher(
            key=key,
            date=day(text_of(element, "voucher_head/date"), key),
            word=text_of(element, "voucher_head/voucher_type"),
            number=whole(text_of(element, "voucher_head/voucher_id"), key),
            attachments=whole(text_of(element, "voucher_head/attachment_number"), key),
            prepared_by=text_of(element, "voucher_head/enter"),
            entries=tuple(
                self._entry(entry, key)
                for entry in element.findall("voucher_body/entry")
            ),
        )

    def _entry(self, element, key):
        def amount(name):
            return number(text_of(element, name), f"{key} {name}")

        debit = amount("natural_debit_currency")
        credit = amount("natural_credit_currency")
        side = "debit" if debit else "credit"
        currency = text_of(element, "currency")
        foreign = amount(f"primary_{side}_amount") * (1 if debit else -1)
        codes = {
            item.get("name"): (item.text or "").strip()
            for item in element.findall("auxiliary_accounting/item")
        }
        flow = element.find("detail/cash_flow_statement/cash_flow")
        return Entry(
            summary=text_of(element, "abstract"),
            account=text_of(element, "account_code"),
            debit=debit,
            credit=credit,
            currency=currency or "CNY",
            amount_currency=foreign if currency else debit - credit,
            rate=amount("exchange_rate1") or ONE,
            quantity=amount(f"{side}_quantity"),
            aux=tuple(
                Aux(kind, codes[name])
                for kind, name in ITEMS.items()
                if codes.get(name)
            ),
            cash_flow=flow.get("cash_item", "") if flow is not None else "",
        )
