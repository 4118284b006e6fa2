# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from odoo import api, fields, models
from odoo.exceptions import UserError

from odoo.addons.jxc_stock.tools.compound import number_text, with_unit

from ..tools.coverage import in_base, is_written


class PurchaseOrder(models.Model):
    """Ending an order of which nothing more will come.

    Goods that were rejected and refunded, or that the vendor does not deliver any more,
    stay ordered on the platform: their budget stays committed, and the requests behind
    them wait. Closed short, the order is for what was accepted of its goods, even
    nothing, and for what was done or billed of its services; the rest of its requests
    is open again, to be ordered anew or given up. What no number of the order's unit
    says exactly, such as 2 bottles of 5 boxes, is ordered in the product's unit then.
    """

    _inherit = "purchase.order"

    jxc_can_close_short = fields.Boolean(
        compute="_compute_jxc_can_close_short",
        export_string_translation=False,
    )

    @api.depends(
        "order_line.invoice_lines.parent_state",
        "order_line.qty_received",
        "order_line.jxc_qty_received_base",
        "order_line.jxc_qty_billed",
        "order_line.jxc_qty_inspecting",
        "order_line.move_ids.state",
        "order_line.product_qty",
        "state",
    )
    def _compute_jxc_can_close_short(self):
        for order in self:
            lines = order.order_line
            order.jxc_can_close_short = (
                order.state == "purchase"
                and not any(line.jxc_qty_inspecting for line in lines)
                and bool(lines._jxc_short())
                and lines._jxc_has_begun()
            )

    def action_jxc_close_short(self):
        """Reduce confirmed orders to what was accepted, or done of services.

        Open receipts of the rest shrink, its budget is free, and its requests are open
        again.

        :raise AccessError: the user may not write the order
        :raise UserError: not confirmed, nothing came or was billed yet, something waits
            for its inspection, or nothing is missing
        """
        self.check_access("write")
        for order in self:
            order._jxc_check_close_short()
            short = order.order_line._jxc_short()
            kept = {line: line._jxc_prepare_kept() for line in short}
            told = [line._jxc_tell_kept(values) for line, values in kept.items()]
            # First: the platform would plan a return of what is still to come.
            short._jxc_expect_nothing()
            order.write(
                {
                    "order_line": [
                        fields.Command.update(line.id, values)
                        for line, values in kept.items()
                    ]
                }
            )
            order.message_post(
                body=self.env._("Closed short: %s", "; ".join(told)),
                subtype_xmlid="mail.mt_note",
            )
        return True

    def _jxc_check_close_short(self):
        """:raise UserError: naming the order and the way out"""
        self.ensure_one()
        lines = self.order_line
        problem = None
        if self.state != "purchase":
            problem = self.env._("only confirmed orders are closed short.")
        elif not lines._jxc_has_begun():
            problem = self.env._(
                "nothing has come or was billed; cancel the order instead."
            )
        elif any(line.jxc_qty_inspecting for line in lines):
            problem = self.env._("finish its receipt inspections first.")
        elif not lines._jxc_short():
            problem = self.env._("everything that was ordered was accepted.")
        if problem:
            raise UserError(
                self.env._("%(order)s: %(problem)s", order=self.name, problem=problem)
            )


class PurchaseOrderLine(models.Model):
    _inherit = "purchase.order.line"

    def _jxc_expect_nothing(self):
        """Cancel what receipts still expect of these lines."""
        # Who may buy less may call it off, whatever his rights in the warehouse are.
        moves = self.sudo().move_ids.filtered(
            lambda move: (
                move.state not in ("done", "cancel") and not move._is_purchase_return()
            )
        )
        moves._action_cancel()

    def _jxc_has_begun(self):
        """Whether anything came or was billed, also what went back or was refunded.

        Such an order cannot be cancelled any more.
        """
        # sudo: buyers need not see receipts and bills
        lines = self.sudo()
        return (
            any(line.qty_received for line in lines)
            or "done" in lines.move_ids.mapped("state")
            or "posted" in lines.invoice_lines.mapped("parent_state")
        )

    def _jxc_qty_kept(self):
        """What an order that is closed short goes on to be for, in the line's unit.

        Nobody has to record what was done of services: what was billed is done.
        """
        self.ensure_one()
        if self.product_id.type == "consu":
            return max(self.qty_received, 0.0)
        return max(self.qty_received, self.jxc_qty_billed, 0.0)

    def _jxc_prepare_kept(self):
        """Return the values of this line when its order is closed short."""
        self.ensure_one()
        unit, base = self.product_uom_id, self.product_id.uom_id
        values = {"product_qty": self._jxc_qty_kept()}
        # What is counted in a second unit as well keeps the relation of both.
        if not self._jxc_counts_exactly() or self.jxc_aux_uom_id:
            return values
        received = max(self.jxc_qty_received_base, 0.0)
        exact = in_base(received, base) / in_base(1, unit)
        digits = self.env["decimal.precision"].precision_get("Product Unit")
        if is_written(exact, digits):
            return {"product_qty": float(exact)}
        return {
            "product_qty": received,
            "product_uom_id": base.id,
            "price_unit": unit._compute_price(self.price_unit, base),
        }

    def _jxc_counts_exactly(self):
        """Whether this is goods that are counted in the product's unit."""
        base = self.product_id.uom_id
        goods = self.product_id.type == "consu"
        return goods and self.product_uom_id._has_common_reference(base)

    def _jxc_tell_kept(self, values):
        """Tell what closing short makes of this line."""
        unit = self.product_uom_id
        after = unit.browse(values.get("product_uom_id", unit.id))
        number = number_text(self.product_qty)
        return self.env._(
            "%(product)s: %(before)s → %(after)s %(unit)s",
            product=self.product_id.display_name,
            before=number if after == unit else with_unit(number, unit.name),
            after=number_text(values["product_qty"]),
            unit=after.name,
        )

    def _jxc_short(self):
        """Return the lines of which less was accepted, or done, than ordered."""
        return self.filtered(
            lambda line: (
                line.product_id and not line.display_type and line._jxc_is_short()
            )
        )

    def _jxc_is_short(self):
        if self._jxc_counts_exactly():
            return self.product_qty > 0 and not self._jxc_is_complete()
        return self.product_uom_id.compare(self.product_qty, self._jxc_qty_kept()) > 0
