# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from lxml import etree

from odoo.tools.translate import LazyTranslate

from odoo.addons.jxc_base.tools.outbound import NoAnswerError

from ..formats.u8_xml import U8Xml
from ..voucher import ZERO, VoucherError
from ..xml_reader import read_xml
from .base import ANSWER, Found, RefusedError, Service

_lt = LazyTranslate(__name__, default_lang="en_US")


class U8Eai(Service):
    """UFIDA U8's interface EAI: XML posted to import.asp.

    The key travels as memo1; a query by it finds the voucher again.
    """

    code = "u8_eai"
    format = U8Xml()

    def normal(self, voucher):
        return self.format.normal(voucher, self.access.settings)

    def problems(self, voucher):
        return [
            *self.access_problems(self.access),
            *self.format.problems(voucher),
        ]

    def find(self, voucher):
        root = self.format.envelope(self.access.settings, "query", voucher.key)
        element = etree.SubElement(root, "voucher", id=voucher.key)
        head = etree.SubElement(element, "voucher_head")
        etree.SubElement(head, "memo1").text = voucher.key
        answer = self._post(
            etree.tostring(root, encoding="utf-8", xml_declaration=True)
        )
        item = answer.find("item")
        if item is not None and item.get("succeed") not in (None, "0"):
            raise NoAnswerError(
                _lt("The query failed: %(text)s", text=item.get("dsc", ""))
            )
        try:
            content = etree.tostring(answer, encoding="utf-8")
            found = [v for v in self.format.load(content) if v.key == voucher.key]
        except VoucherError as error:
            raise NoAnswerError(error.problems[0]) from error
        if not found:
            return None
        number = f"{found[0].word}-{found[0].number}"
        amount = sum((v.debit for v in found), ZERO)
        return Found(number, "", len(found), amount)

    def send(self, voucher):
        answer = self._post(self.format.dump([voucher], self.access.settings))
        item = answer.find("item")
        if item is None:
            raise NoAnswerError(_lt("The answer says nothing about the voucher."))
        text = item.get("dsc", "")[:ANSWER]
        if item.get("succeed") != "0":
            raise RefusedError(text)
        return Found(item.get("u8key", ""), text)

    def _post(self, content):
        response = self.client.request(
            "POST",
            self.access.endpoint,
            data=content,
            headers={"Content-Type": "application/xml; charset=utf-8"},
        )
        self.checked(response)
        try:
            root = read_xml(response.content, self.access.max_bytes)
        except VoucherError as error:
            raise NoAnswerError(error.problems[0]) from error
        if root.tag != "ufinterface":
            raise NoAnswerError(_lt("The answer is none of U8's EAI."))
        return root
