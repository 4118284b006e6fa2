# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from datetime import timedelta

from odoo import fields, models
from odoo.fields import Domain


class ProductProduct(models.Model):
    """Where stock is booked at movement, the stock ledger says what the books say.

    At a month-end that was taken, the stored value. Otherwise goods valued by lot,
    goods of which some went back to their vendor (the platform's rules differ for both)
    and goods that were billed later (what they cost was not known yet) are worth what
    the books will take for it.
    """

    _inherit = "product.product"

    def _jxc_booked_worths(self, company, cut):
        values = super()._jxc_booked_worths(company, cut)
        if not company.jxc_books_stock:
            return values
        moment = cut - timedelta(seconds=1)  # as the database keeps moments
        stored = self._jxc_stored_worths(company, moment)
        others = self.filtered(lambda product: product.id not in stored)
        unusual = others._jxc_unusually_valued(company, moment)
        past = moment if cut <= fields.Datetime.now() else None
        found = unusual._jxc_values_at(company, past)
        own = {product.id: value for product, (_quantity, value) in found.items()}
        return values | stored | own

    def _jxc_stored_worths(self, company, moment):
        """{product id: value} when the moment is the end of a month that was taken."""
        day = company._jxc_stock_day(moment)
        if company._jxc_stock_day_end(day) != moment:
            return {}
        lines = self.env["jxc.stock.snapshot.line"].search_fetch(
            Domain("product_id", "in", self.ids)
            & Domain("snapshot_id.company_id", "=", company.id)
            & Domain("snapshot_id.date", "=", day),
            ["product_id", "value"],
        )
        return {line.product_id.id: line.value for line in lines}

    def _jxc_unusually_valued(self, company, moment):
        """Goods valued by lot, sent back to their vendor before, or billed after."""
        back = self.env["stock.move"]._read_group(
            Domain("product_id", "in", self.ids)
            & Domain("company_id", "=", company.id)
            & Domain("state", "=", "done")
            & Domain("date", "<=", moment)
            & Domain("is_out", "=", True)
            & Domain("purchase_line_id", "!=", False),
            ["product_id"],
        )
        billed = self.env["account.move.line"]._read_group(
            Domain("product_id", "in", self.ids)
            & Domain("company_id", "=", company.id)
            & Domain("parent_state", "=", "posted")
            & Domain("date", ">", company._jxc_stock_day(moment))
            & Domain("purchase_line_id", "!=", False),
            ["product_id"],
        )
        unusual = {product.id for (product,) in [*back, *billed]}
        return self.filtered(
            lambda product: product.lot_valuated or product.id in unusual
        )
