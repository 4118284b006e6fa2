# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from odoo import models

#: accounts of what is bought, besides those of goods
COST, EXPENSES = ("expense_direct_cost",), ("expense", "expense_direct_cost")


class JxcFinancePeriod(models.Model):
    _inherit = "jxc.finance.period"

    def _jxc_close_checks(self):
        """Debts to vendors come from bills, which are matched."""
        return [*super()._jxc_close_checks(), self._check_payables()]

    def _check_payables(self):
        """Plain entries that owe vendors something for goods or costs.

        They are bills that no order, receipt or tolerance was asked about. Where bills
        beyond tolerance are held or refused, somebody other than their maker has to
        review them before the month is closed; otherwise they are only shown.
        """
        domain = self._get_payables_domain()
        company = self.company_id.sudo()
        is_strict = company.jxc_match_action in ("hold", "block")
        moves = self.env["account.move"].sudo()
        open_domain = [*domain, ("jxc_checked_by", "=", False)]
        is_open = is_strict and moves.search_count(open_domain, limit=1)
        return self._prepare_check(
            "payables",
            self.env._("Debts to vendors come from bills"),
            moves._name,
            domain,
            self.env._(
                "Entries owe vendors something for goods or costs without a bill, so"
                " nothing was matched. Reverse them and enter bills, or have somebody"
                " other than their maker review them."
            )
            if is_strict
            else self.env._(
                "Entries owe vendors something for goods or costs without a bill, so"
                " nothing was matched."
            ),
            "error" if is_open else "warning",
        )

    def _get_payables_domain(self):
        """Entries that people made, with a debt and with goods, costs or 暂估.

        Which costs need a bill follows what the company asks an order for.
        """
        companies = self.env["res.company"].sudo().search(self._get_branch_domain())
        goods = self.env["account.account"].union(
            *(company._jxc_stock_accounts() for company in companies)
        )
        # What was received and not billed is owed to nobody yet.
        accrued = companies.jxc_accrual_account_id
        whole = self.company_id.sudo().jxc_match_unordered == "all"
        return [
            *self._get_moves_domain(),
            ("move_type", "=", "entry"),
            ("jxc_stock_booking", "=", False),
            ("jxc_import_number", "=", False),
            ("jxc_pl_closing", "=", False),
            ("statement_line_id", "=", False),
            ("origin_payment_id", "=", False),
            ("jxc_settlement_ids", "=", False),
            (
                "line_ids",
                "any",
                [
                    ("account_id.account_type", "=", "liability_payable"),
                    ("account_id", "not in", accrued.ids),
                    ("balance", "<", 0),
                ],
            ),
            (
                "line_ids",
                "any",
                [
                    "|",
                    ("account_id", "in", goods.ids),
                    (
                        "account_id.account_type",
                        "in",
                        list(EXPENSES if whole else COST),
                    ),
                    ("balance", ">", 0),
                ],
            ),
        ]
