# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from odoo import models
from odoo.exceptions import UserError

from .jxc_finance_setup_check_settlement import KINDS
from .res_company_settlement import ACCOUNT_FIELDS

# What can be owed on these accounts; the others are only booked on.
ADVANCES = dict(zip(ACCOUNT_FIELDS[:2], KINDS[:2], strict=True))


class ResCompany(models.Model):
    """Accounts that hold goods or advances are not exchanged by hand.

    Goods would leave the new account that came in on the old one, and advances on the
    old one would never be found again.
    """

    _inherit = "res.company"

    def write(self, vals):
        accounts = self.env["account.account"]
        if "account_stock_valuation_id" in vals:
            # sudo: whoever changes the settings need not see categories and goods
            own = self.env["product.category"].sudo()
            for company in self.sudo():
                with_account = (
                    own.with_company(company)
                    .search([])
                    .filtered("property_stock_valuation_account_id")
                )
                company._jxc_check_goods_stay(
                    company.account_stock_valuation_id,
                    accounts.browse(vals["account_stock_valuation_id"]),
                    [("product_id.categ_id", "not in", with_account.ids)],
                )
        for name in ADVANCES.keys() & vals.keys():
            for company in self.sudo():
                company._jxc_check_advances_stay(name, accounts.browse(vals[name]))
        return super().write(vals)

    def _jxc_check_goods_stay(self, account, other, concerned):
        """Whether goods may be booked on another account from now on.

        :param account: the stock account until now
        :param other: the one from now on
        :param concerned: domain of journal items and stock moves of the goods
        :raise UserError: when goods are still booked on the first one
        """
        self.ensure_one()
        if not (self.jxc_books_stock and account) or account == other.sudo():
            return
        booked = self._jxc_get_goods_booked(account, concerned)
        amounts = {
            product: amount
            for product, amount in booked.items()
            if not self.currency_id.is_zero(amount)
        }
        if not amounts:
            return
        raise UserError(
            self.env._(
                "%(account)s of %(company)s holds %(amount)s of %(count)s products"
                " (%(products)s). Move them to %(other)s by an entry first, with the"
                " products on its lines; then change the account.",
                account=account.display_name,
                company=self.name,
                amount=self.currency_id.format(sum(amounts.values())),
                count=len(amounts),
                products=", ".join(
                    f"{product.display_name} {self.currency_id.format(amount)}"
                    for product, amount in sorted(
                        amounts.items(), key=lambda row: -abs(row[1])
                    )[:5]
                ),
                other=other.sudo().display_name or self.env._("another account"),
            )
        )

    def _jxc_get_goods_booked(self, account, concerned):
        """{product: what an account holds of it}, opening stock without entry too."""
        company = self.sudo().with_company(self)
        items = company.env["account.move.line"]._read_group(
            [
                ("company_id", "=", self.id),
                ("parent_state", "=", "posted"),
                ("account_id", "=", account.id),
                ("product_id.is_storable", "=", True),
                *concerned,
            ],
            ["product_id"],
            ["balance:sum"],
        )
        first = company.env["jxc.stock.snapshot"].search(
            [("company_id", "=", self.id)], order="date", limit=1
        )
        until = [("date", "<=", self._jxc_stock_day_end(first.date))] if first else []
        opening = company.env["stock.move"]._read_group(
            [
                *until,
                ("company_id", "=", self.id),
                ("state", "=", "done"),
                ("is_in", "=", True),
                ("location_id.usage", "=", "inventory"),
                ("account_move_id", "=", False),
                *concerned,
            ],
            ["product_id"],
            ["value:sum"],
        )
        booked = {}
        for product, amount in [*items, *opening]:
            if product.valuation == "real_time":
                booked[product] = booked.get(product, 0.0) + amount
        return booked

    def _jxc_check_advances_stay(self, name, other):
        """
        :raise UserError: when advances on the account until now are not settled
        """
        account = self[name]
        if account == other.sudo() or account.account_type not in ADVANCES[name]:
            return
        [[amount, count]] = (
            self.env["account.move.line"]
            .sudo()
            ._read_group(
                [
                    ("company_id", "=", self.id),
                    ("parent_state", "=", "posted"),
                    ("account_id", "=", account.id),
                    ("reconciled", "=", False),
                    ("amount_residual", "!=", 0),
                ],
                [],
                ["amount_residual:sum", "__count"],
            )
        )
        if not count:
            return
        raise UserError(
            self.env._(
                "%(account)s of %(company)s holds %(count)s advances that are not"
                " settled, %(amount)s together. Settle them, or move them to %(other)s"
                " by entries; then change the account.",
                account=account.display_name,
                company=self.name,
                count=count,
                amount=self.currency_id.format(abs(amount)),
                other=other.sudo().display_name or self.env._("another account"),
            )
        )
