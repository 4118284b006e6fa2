# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from odoo import models

from .jxc_finance_setup_check import Finding


class JxcFinanceSetupCheck(models.AbstractModel):
    """Stock accounts that hold goods are not exchanged.

    From the day of the exchange goods would leave the new account that came in on the
    old one. So what is there is moved by an entry first, which is for people: they know
    the day, and what on the account belongs to the goods.
    """

    _inherit = "jxc.finance.setup.check"

    def _assess_valuation_account(self, company):
        finding = super()._assess_valuation_account(company)
        if company.account_stock_valuation_id == self._get_stock_account(company):
            return finding  # at most its kind is changed, and the goods stay on it
        return self._hold_stock_account("valuation_account", company, finding)

    def _assess_categories(self, company):
        finding = super()._assess_categories(company)
        return self._hold_stock_account("categories", company, finding)

    def _open_valuation_account(self, company):
        return self._open_goods_booked("valuation_account", company)

    def _open_categories(self, company):
        return self._open_goods_booked("categories", company)

    def _hold_stock_account(self, code, company, finding):
        """The finding, or why it cannot be fixed as long as goods are booked."""
        if finding.state != "wrong":
            return finding
        booked = self._get_goods_booked(code, company)
        if not booked:
            return finding
        return Finding(
            "missing",
            finding.actual,
            finding.expected,
            self.env._(
                "Goods are booked on it: %(amounts)s. Move them to %(account)s by an"
                " entry first, with their products on its lines; then press “Check"
                " Again” and “Fix”.",
                amounts=", ".join(
                    f"{account.display_name} {company.currency_id.format(amount)}"
                    for account, amount in booked.items()
                ),
                account=self._get_stock_account(company).display_name,
            ),
        )

    def _get_goods_booked(self, code, company):
        """{account a fix would exchange: what it holds of the products concerned}"""
        groups = self.env["account.move.line"]._read_group(
            self._get_goods_domain(code, company),
            ["account_id", "product_id"],
            ["balance:sum"],
        )
        booked = {}
        for account, _product, balance in groups:
            if not company.currency_id.is_zero(balance):
                booked[account] = booked.get(account, 0.0) + balance
        return booked

    def _get_goods_domain(self, code, company):
        """Journal items of goods on the accounts that a fix would exchange."""
        if code == "categories":
            categories = self._get_misbooked_categories(company)
            accounts = categories.property_stock_valuation_account_id
            concerned = ("product_id.categ_id", "in", categories.ids)
        else:
            # Categories with an account of their own do not follow the company.
            accounts = company.account_stock_valuation_id
            own = (
                self.env["product.category"]
                .search([])
                .filtered(
                    lambda category: (
                        category.property_stock_valuation_account_id not in accounts
                    )
                )
                .filtered("property_stock_valuation_account_id")
            )
            concerned = ("product_id.categ_id", "not in", own.ids)
        return [
            ("company_id", "child_of", company.id),
            ("parent_state", "=", "posted"),
            ("account_id", "in", accounts.ids),
            ("product_id.is_storable", "=", True),
            concerned,
        ]

    def _open_goods_booked(self, code, company):
        """Window with the journal items in the way; None if there are none."""
        if not self._get_goods_booked(code, company):
            return None
        return {
            "type": "ir.actions.act_window",
            "name": self._get_label(code),
            "res_model": "account.move.line",
            "views": [(False, "list"), (False, "form")],
            "domain": self._get_goods_domain(code, company),
            "context": {"group_by": ["account_id", "product_id"]},
        }
