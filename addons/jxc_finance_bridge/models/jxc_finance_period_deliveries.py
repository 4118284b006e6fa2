# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from odoo import models
from odoo.tools import SQL


class JxcFinancePeriod(models.Model):
    _inherit = "jxc.finance.period"

    def _jxc_close_checks(self):
        """Sales of a month are in the books of that month."""
        return [*super()._jxc_close_checks(), self._check_deliveries()]

    def _check_deliveries(self):
        """Goods of sales orders that left until the last day and were not invoiced.

        In the way of nothing: goods may well be invoiced later. As it was on that day,
        whatever was delivered or invoiced since.
        """
        lines = self._get_delivered_lines().filtered(self._is_uninvoiced)
        return self._prepare_result(
            "deliveries",
            self.env._("Deliveries are invoiced"),
            "warning" if lines else "ok",
            len(lines),
            self.env._(
                "Goods delivered until the end of the month are not invoiced on it."
            ),
            "sale.order.line",
            [("id", "in", lines.ids)],
        )

    def _get_delivered_lines(self):
        """Order lines with deliveries, but those whose figures agree and are final."""
        lines = self.env["sale.order.line"].sudo().with_context(active_test=False)
        lines.flush_model()
        self.env["stock.move"].flush_model(["state", "date", "sale_line_id"])
        self.env["account.move.line"].flush_model(["date", "parent_state"])
        companies = self.env["res.company"].sudo().search(self._get_branch_domain())
        end = self.company_id.sudo()._jxc_stock_day_end(self.date_to)
        rows = self.env.execute_query(
            SQL(
                """SELECT line.id FROM sale_order_line line
                WHERE line.company_id IN %(companies)s AND EXISTS (
                    SELECT FROM stock_move move WHERE move.sale_line_id = line.id
                        AND move.state = 'done' AND move.date <= %(end)s
                ) AND (
                    line.qty_delivered IS DISTINCT FROM line.qty_invoiced
                    OR EXISTS (
                        SELECT FROM stock_move move WHERE move.sale_line_id = line.id
                            AND move.state = 'done' AND move.date > %(end)s
                    ) OR EXISTS (
                        SELECT FROM sale_order_line_invoice_rel rel
                        JOIN account_move_line item ON item.id = rel.invoice_line_id
                        WHERE rel.order_line_id = line.id
                            AND (item.date > %(day)s OR item.parent_state = 'draft')
                    )
                ) ORDER BY line.id""",
                companies=tuple(companies.ids),
                end=end,
                day=self.date_to,
            )
        )
        return lines.browse([id_ for (id_,) in rows])

    def _is_uninvoiced(self, line):
        """Whether more of an order line had left than was invoiced on the last day."""
        unit = line.product_uom_id
        company = self.company_id.sudo()
        quantity = 0.0
        for sign, moves in zip(
            (1, -1), line._get_outgoing_incoming_moves(), strict=True
        ):
            for move in moves:
                day = move.date and company._jxc_stock_day(move.date)
                if move.state == "done" and day <= self.date_to:
                    # odoo19-ok: unit-unchecked moves of a line are in a unit of it
                    quantity += sign * move.product_uom._compute_quantity(
                        move.quantity, unit, round=False
                    )
        for item in line.invoice_lines:
            if item.parent_state == "posted" and item.date <= self.date_to:
                sign = 1 if item.move_id.move_type == "out_refund" else -1
                # odoo19-ok: unit-unchecked invoices of a line are in a unit of it
                quantity += sign * item.product_uom_id._compute_quantity(
                    item.quantity, unit, round=False
                )
        return unit.compare(quantity, 0) > 0
