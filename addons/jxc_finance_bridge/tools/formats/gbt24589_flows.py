# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
"""Cash-flow items (现金流量) in the ledger of GB/T 24589.1-2010."""

from ..voucher import money, number
from .gbt24589_xml import NAMESPACE, Texts, add


def add_flow(root, voucher, line, entry):
    """Money under an item: what the entry on the other side of cash says."""
    sign = 1 if entry.debit else -1
    add(
        root,
        "现金流量凭证项目数据",
        记账凭证类型编号=voucher.word,
        记账凭证编号=str(voucher.number),
        现金流量行号=str(line),
        现金流量摘要=entry.summary,
        现金流量项目编码=entry.cash_flow,
        现金流量项目属性="流出" if entry.debit else "流入",
        币种编码=entry.currency,
        现金流量原币金额=money(entry.amount_currency * sign),
        现金流量本币金额=money(entry.debit or entry.credit),
    )


def flow_items(vouchers, settings):
    """(code, name) of the cash-flow items of these vouchers, sorted."""
    names = dict(settings.cash_flows)
    codes = {entry.cash_flow for voucher in vouchers for entry in voucher.entries}
    return [(code, names.get(code, "")) for code in sorted(codes - {""})]


class Flows:
    """The records of cash-flow items, in the order of the entries they belong to.

    They say neither year nor month: the next one is an entry's when it fits.
    """

    def __init__(self, root):
        found = root.iterchildren(f"{{{NAMESPACE}}}现金流量凭证项目数据")
        self._texts = [Texts(element) for element in found]
        self._next = 0

    def of(self, entry, amount):
        """Code of the item of an entry, "" if it has none."""
        if self._next >= len(self._texts):
            return ""
        texts = self._texts[self._next]
        if (
            texts["记账凭证类型编号"] != entry["记账凭证类型编号"]
            or texts["记账凭证编号"] != entry["记账凭证编号"]
            or texts["现金流量行号"] != entry["记账凭证行号"]
            or texts["现金流量摘要"] != entry["记账凭证摘要"]
            or number(texts["现金流量本币金额"], "现金流量本币金额") != amount
        ):
            return ""
        self._next += 1
        return texts["现金流量项目编码"]
