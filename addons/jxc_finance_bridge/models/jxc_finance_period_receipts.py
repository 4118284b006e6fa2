# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from odoo import models
from odoo.tools import SQL


class JxcFinancePeriod(models.Model):
    _inherit = "jxc.finance.period"

    def _jxc_close_checks(self):
        """Receipts of a month are in the books of that month."""
        return [*super()._jxc_close_checks(), *self._check_receipts()]

    def _check_receipts(self):
        """Goods that came until the last day and were not billed on it (暂估).

        Asked of companies that book stock at invoicing: at movement they are accrued
        by themselves. In the way of nothing, as people may accrue them by an entry. As
        it was on that day, whatever came or was billed since.
        """
        others = (
            self.env["res.company"]
            .sudo()
            .search([("id", "child_of", self.company_id.id)])
            .filtered(lambda company: not company.jxc_books_stock)
        )
        if not others:
            return []
        lines = self._get_received_lines(others).filtered(self._is_unbilled)
        return [
            self._prepare_result(
                "receipts",
                self.env._("Receipts are billed or accrued"),
                "warning" if lines else "ok",
                len(lines),
                self.env._(
                    "Goods received until the end of the month are not billed on it,"
                    " and %(companies)s book stock at invoicing: accrue them by an"
                    " entry, or book stock at movement (see the finance set-up).",
                    companies=", ".join(lines.company_id.mapped("name")),
                ),
                "purchase.order.line",
                [("id", "in", lines.ids)],
            )
        ]

    def _get_received_lines(self, companies):
        """Order lines with receipts, but those whose figures agree and are final.

        By the movements, as stock and its value: an order may count fewer goods as
        received than are here.
        """
        lines = self.env["purchase.order.line"].sudo().with_context(active_test=False)
        lines.flush_model()
        self.env["stock.move"].flush_model()
        self.env["account.move.line"].flush_model(
            ["date", "parent_state", "purchase_line_id"]
        )
        rows = self.env.execute_query(
            SQL(
                """SELECT line.id FROM purchase_order_line line
                JOIN uom_uom unit ON unit.id = line.product_uom_id
                WHERE line.company_id IN %(companies)s AND EXISTS (
                    SELECT FROM stock_move move WHERE move.purchase_line_id = line.id
                        AND move.state = 'done' AND move.date <= %(end)s
                ) AND (
                    line.qty_invoiced * unit.factor IS DISTINCT FROM (
                        SELECT SUM(move.quantity * moved.factor * CASE
                            WHEN move.is_in THEN 1 WHEN move.is_out THEN -1 ELSE 0 END)
                        FROM stock_move move
                        JOIN uom_uom moved ON moved.id = move.product_uom
                        WHERE move.purchase_line_id = line.id AND move.state = 'done'
                    ) OR EXISTS (
                        SELECT FROM stock_move move
                        WHERE move.purchase_line_id = line.id
                            AND move.state = 'done' AND move.date > %(end)s
                    ) OR EXISTS (
                        SELECT FROM account_move_line item
                        WHERE item.purchase_line_id = line.id
                            AND (item.date > %(day)s OR item.parent_state = 'draft')
                    )
                ) ORDER BY line.id""",
                companies=tuple(companies.ids),
                end=self.company_id.sudo()._jxc_stock_day_end(self.date_to),
                day=self.date_to,
            )
        )
        return lines.browse([id_ for (id_,) in rows])

    def _is_unbilled(self, line):
        """Whether more of an order line had come than was billed on the last day."""
        if not line.product_id.is_storable:
            return False
        company, quantity = line.company_id, 0.0
        for move in line.move_ids:
            if move.state != "done" or move.product_id != line.product_id:
                continue
            if company._jxc_stock_day(move.date) <= self.date_to:
                sign = move.is_in - move.is_out
                quantity += sign * move._get_valued_qty()
        for event in line._jxc_bill_events():
            if event.date <= self.date_to:
                quantity -= event.quantity
        return line.product_id.uom_id.compare(quantity, 0) > 0
