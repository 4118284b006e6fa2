# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from odoo import api, models

STATEMENTS = ("balance", "profit", "cash")


class JxcVoucher(models.AbstractModel):
    _inherit = "jxc.voucher"

    @api.model
    def get_statement(
        self,
        partner_id,
        date_from,
        date_to,
        kind="all",
        after=0,
        limit=1000,
        company_id=None,
    ):
        """Return a statement of account, or a financial statement of the company.

        With ``kind`` balance, profit or cash the answer is that of
        ``jxc.finance.statement.get_lines`` (资产负债表, 利润表, 现金流量表): code, line
        number, name and amounts of every line, in company currency; ``partner_id`` is
        left empty and the answer has one page.

        :raise AccessError: without the right to read the books of the company
        :raise UserError: for a company whose chart has no statements
        """
        if not isinstance(kind, str) or kind not in STATEMENTS:
            return super().get_statement(
                partner_id, date_from, date_to, kind, after, limit, company_id
            )
        company = self._get_company(company_id)
        dates = self._get_dates(date_from, date_to)
        statements = self._in_words(company)["jxc.finance.statement"]
        result = statements.get_lines(kind, *dates, company.id)
        for line in result["lines"]:
            line.pop("kpi_id")
        return result
