# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from collections import defaultdict
from datetime import timedelta

from odoo import api, fields, models
from odoo.fields import Domain


class JxcStockLedger(models.Model):
    """Where stock is booked at movement, the ledger says what the books say.

    At a month-end that was taken, the stored value. Otherwise goods valued by lot,
    goods of which some went back to their vendor (the platform's rules differ for both,
    see ``product.product``) and goods that were billed later (what they cost was not
    known yet) are worth what the books will take for it.
    """

    _inherit = "jxc.stock.ledger"

    @api.model
    def _get_worths(self, wholes, products, bounds):
        worths = super()._get_worths(wholes, products, bounds)
        by_company = defaultdict(list)
        for product_id, company_id in wholes:
            by_company[company_id].append(product_id)
        for company_id, product_ids in by_company.items():
            company = self.env["res.company"].browse(company_id)
            if not company.jxc_books_stock:
                continue
            goods = self.env["product.product"].browse(product_ids)
            for at, cut in enumerate(bounds):
                values = self._get_booked_worths(company, goods, cut)
                for product_id, value in values.items():
                    worth = list(worths[product_id, company_id])
                    worth[at] = value
                    worths[product_id, company_id] = worth
        return worths

    @api.model
    def _get_booked_worths(self, company, goods, cut):
        """{product id: value just before a moment}, where the books know better."""
        moment = cut - timedelta(seconds=1)  # as the database keeps moments
        stored = self._get_stored_worths(company, goods, moment)
        others = goods.filtered(lambda product: product.id not in stored)
        unusual = self._filter_unusual(company, others, moment)
        past = moment if cut <= fields.Datetime.now() else None
        values = unusual._jxc_values_at(company, past)
        return stored | {
            product.id: value for product, (_quantity, value) in values.items()
        }

    @api.model
    def _get_stored_worths(self, company, goods, moment):
        """{product id: value} when the moment is the end of a month that was taken."""
        day = company._jxc_stock_day(moment)
        if company._jxc_stock_day_end(day) != moment:
            return {}
        lines = self.env["jxc.stock.snapshot.line"].search_fetch(
            Domain("product_id", "in", goods.ids)
            & Domain("snapshot_id.company_id", "=", company.id)
            & Domain("snapshot_id.date", "=", day),
            ["product_id", "value"],
        )
        return {line.product_id.id: line.value for line in lines}

    @api.model
    def _filter_unusual(self, company, goods, moment):
        """Goods valued by lot, sent back to their vendor before, or billed after."""
        back = self.env["stock.move"]._read_group(
            Domain("product_id", "in", goods.ids)
            & Domain("company_id", "=", company.id)
            & Domain("state", "=", "done")
            & Domain("date", "<=", moment)
            & Domain("is_out", "=", True)
            & Domain("purchase_line_id", "!=", False),
            ["product_id"],
        )
        billed = self.env["account.move.line"]._read_group(
            Domain("product_id", "in", goods.ids)
            & Domain("company_id", "=", company.id)
            & Domain("parent_state", "=", "posted")
            & Domain("date", ">", company._jxc_stock_day(moment))
            & Domain("purchase_line_id", "!=", False),
            ["product_id"],
        )
        unusual = {product.id for (product,) in [*back, *billed]}
        return goods.filtered(
            lambda product: product.lot_valuated or product.id in unusual
        )
