# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from odoo import fields, models

from ..tools.open_goods import Event, billed, covered_share, until


class StockMove(models.Model):
    """What received goods cost once they are billed, returns and refunds among it.

    The platform takes bills less refunds, and gives what they cover to the first goods
    that came. A refund of goods that went back would value their receipt partly at the
    price of the order again, and the goods that stay with it.
    """

    _inherit = "stock.move"

    def _create_account_move(self):
        """What goes back takes along what it came in for; its bills cover the rest."""
        result = super()._create_account_move()
        returns = self.filtered(
            lambda move: (
                move.state == "done"
                and move.is_out
                and move.purchase_line_id
                and move.company_id.sudo().jxc_books_stock
            )
        )
        returns._jxc_value_receipts()
        for move in returns:
            origin = move.sudo().origin_returned_move_id
            whole = origin._get_valued_qty() if origin.is_in else 0.0
            if whole:
                move.sudo().value = origin.value * move._get_valued_qty() / whole
        return result

    def _jxc_value_receipts(self):
        """Value the receipts of the order lines of these moves anew, and their goods.

        Goods that went back change the average cost of those that stay.
        """
        # sudo: who moves goods need not see bills
        lines = self.sudo().purchase_line_id
        receipts = lines.move_ids.filtered(
            lambda move: move.state == "done" and move.is_in
        )
        for company, own in receipts.grouped("company_id").items():
            own.with_company(company)._set_value()

    def _get_value_from_account_move(self, quantity, at_date=None):
        result = super()._get_value_from_account_move(quantity, at_date=at_date)
        line = self.purchase_line_id
        if not (line and self.is_in and self.company_id.sudo().jxc_books_stock):
            return result
        return {**result, **self._jxc_billed_value(line, quantity, at_date)}

    def _jxc_billed_value(self, line, quantity, at_date):
        """The part of a quantity that counts at the price of bills.

        :return: dict with quantity in the product's unit, value in company currency and
            description
        """
        receipts, returned = line._jxc_net_receipts(at_date)
        events = [Event(None, "out", returned, 0.0)]
        events += until(line._jxc_bill_events(), fields.Date.to_date(at_date))
        bills = billed(events)
        if bills.price is None or self not in receipts:
            return {"quantity": 0.0, "value": 0.0, "description": ""}
        shares = covered_share(list(receipts.values()), bills.quantity)
        share = dict(zip(receipts, shares, strict=True))[self]
        covered = quantity * share
        value = covered * bills.price
        description = self.env._(
            "%(value)s for %(quantity)s %(unit)s from bills of %(order)s",
            value=self.company_currency_id.format(value),
            quantity=line.product_id.uom_id.round(covered),
            unit=line.product_id.uom_id.name,
            order=line.order_id.name,
        )
        return {"quantity": covered, "value": value, "description": description}
