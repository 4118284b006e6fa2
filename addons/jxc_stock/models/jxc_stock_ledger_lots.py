# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from collections import defaultdict

from odoo import api, models
from odoo.fields import Domain

from ..tools.valuation import Event, average_values, fifo_at


class JxcStockLedger(models.Model):
    """Goods valued by lot: each lot is a stock of its own, with a cost of its own."""

    _inherit = "jxc.stock.ledger"

    @api.model
    def _replay_lots(self, keys, methods, prices, bounds):
        """What goods valued by lot were worth: the sum of what each lot was worth.

        The history of each lot is run through by the cost method. A receipt of several
        lots is worth the same per unit in each of them. At standard cost the platform
        keeps no history of the costs of lots: a lot at the product's cost follows that
        of the product, others count at their cost of now.

        :return: {(product id, company id): values at the bounds}
        """
        worths = {key: [0.0] * len(bounds) for key in keys}
        if not keys:
            return worths
        lot_prices = self._get_lot_price_events(keys)
        for (*key, lot), history in self._get_move_events(keys, by_lot=True).items():
            key = tuple(key)
            of_lot = lot_prices.get((*key, lot), ()) if lot else ()
            if methods[key] == "fifo":
                values = [fifo_at(history, cut) for cut in bounds]
            elif methods[key] == "average":
                events = sorted(
                    [*prices.get(key, ()), *of_lot, *history],
                    key=lambda event: (event.date, event.kind != "price"),
                )
                values = average_values(events, bounds)
            else:
                values = self._standard_lot_values(
                    key, lot, history, prices.get(key), bounds
                )
            worths[key] = [sum(pair) for pair in zip(worths[key], values, strict=True)]
        return worths

    @api.model
    def _standard_lot_values(self, key, lot, history, prices, bounds):
        signs = {"in": 1, "out": -1, "dropship": 0}
        product = self.env["product.product"].browse(key[0]).with_company(key[1])
        record = self.env["stock.lot"].browse(lot or ()).with_company(key[1])
        own = record and record.standard_price != product.standard_price
        return [
            (record.standard_price if own else self._price_at(key, prices, cut))
            * sum(signs[one.kind] * one.quantity for one in history if one.date < cut)
            for cut in bounds
        ]

    @api.model
    def _get_lot_price_events(self, keys):
        """{(product id, company id, lot id): costs set by hand, oldest first}"""
        values = self.env["product.value"].search_fetch(
            Domain("product_id", "in", list({product for product, _company in keys}))
            & Domain("company_id", "in", list({company for _product, company in keys}))
            & Domain("move_id", "=", False)
            & Domain("lot_id", "!=", False),
            ["product_id", "company_id", "lot_id", "date", "value"],
            order="date, id",
        )
        events = defaultdict(list)
        for value in values:
            key = value.product_id.id, value.company_id.id, value.lot_id.id
            events[key].append(Event(value.date, "price", 0.0, value.value))
        return events
