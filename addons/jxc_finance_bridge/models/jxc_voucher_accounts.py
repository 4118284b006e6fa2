# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from odoo import models

from ..tools.formats.gbt24589_accounts import parents_of

#: Class of accounts (科目类型) by the first digit of their code, for each chart.
CLASSES = {
    "cn": {
        "1": "资产",
        "2": "负债",
        "3": "所有者权益",
        "4": "成本",
        "5": "损益",
    },
    "cn_large_bis": {
        "1": "资产",
        "2": "负债",
        "3": "共同",
        "4": "所有者权益",
        "5": "成本",
        "6": "损益",
    },
}
#: The class by the beginning of the kind of account, for other charts.
CLASSES_BY_KIND = {"asset": "资产", "liability": "负债", "equity": "所有者权益"}
RESULT_CLASS = "损益"
CODE_DIGITS = 6


class JxcVoucher(models.AbstractModel):
    """The accounts in the file for auditors: their class, and those above them."""

    _inherit = "jxc.voucher"

    def _get_account_class(self, company, account):
        """资产, 负债, 所有者权益, 成本, 损益 or 共同, by the account's own code."""
        classes = CLASSES.get(company.root_id.sudo().chart_template, {})
        by_code = classes.get((account.code or "")[:1])
        kind = account.account_type.split("_")[0]
        return by_code or CLASSES_BY_KIND.get(kind, RESULT_CLASS)

    def _get_account_direction(self, account):
        is_debit = account.account_type.startswith(("asset", "expense"))
        return "借" if is_debit else "贷"

    def _get_parent_rows(self, company, rows, mapper):
        """Accounts above those of some rows that have no row of their own.

        :param rows: of ``_get_balance_rows``
        :return: tuple of rows with code, name, type and direction
        """
        known = {row["code"] for row in rows}
        below = {}
        for row in rows:
            for code in parents_of(row["code"]):
                if code not in known:
                    below.setdefault(code, row)
        if not below:
            return ()
        names = self._get_parent_names(company, list(below), mapper)
        return tuple(
            {
                "code": code,
                "name": names.get(code, code),
                "type": below[code]["type"],
                "direction": below[code]["direction"],
            }
            for code in sorted(below)
        )

    def _get_parent_names(self, company, codes, mapper):
        """{code: name}: as mapped, of the account, or of the group of accounts."""
        env = self._in_words(company)
        names = {}
        groups = env["account.group"].search(
            [
                ("company_id", "=", company.root_id.id),
                ("code_prefix_start", "in", codes),
            ]
        )
        names |= {group.code_prefix_start: group.name for group in groups}
        whole = {code.ljust(CODE_DIGITS, "0"): code for code in codes}
        accounts = env["account.account"].with_company(company)
        found = accounts.search(
            [
                *accounts._check_company_domain(company),
                ("code", "in", [*codes, *whole]),
            ]
        )
        names |= {whole.get(a.code, a.code): a.name for a in found}
        for mapping in mapper._codes["account"].values():
            if mapping.external_code in codes:
                name = mapping.external_name or mapping.account_id.name
                names[mapping.external_code] = name
        return names
