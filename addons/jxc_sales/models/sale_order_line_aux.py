# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from dataclasses import replace

from odoo import api, fields, models


class SaleOrderLine(models.Model):
    """Goods sold with an auxiliary quantity, priced by either unit."""

    _name = "sale.order.line"
    _inherit = ["sale.order.line", "jxc.aux.price.mixin"]

    # Amounts are computed before the line is inserted, and so is what they are made of.
    jxc_aux_qty = fields.Float(
        compute="_compute_jxc_aux_qty",
        store=True,
        precompute=True,
    )
    jxc_is_priced_by_aux = fields.Boolean(
        compute="_compute_jxc_is_priced_by_aux",
        store=True,
        precompute=True,
    )
    jxc_aux_delivered = fields.Float(
        string="Auxiliary Delivered",
        digits="Product Unit",
        compute="_compute_jxc_aux_delivered",
        help="Delivered in the auxiliary unit, returns taken off.",
    )
    jxc_aux_invoiced = fields.Float(
        string="Auxiliary Invoiced",
        digits="Product Unit",
        compute="_compute_jxc_aux_invoiced",
        help="Invoiced in the auxiliary unit, credit notes taken off.",
    )

    def _jxc_qty_field(self):
        return "product_uom_qty"

    @api.depends(
        "move_ids.state", "move_ids.jxc_aux_done", "qty_delivered", "jxc_aux_qty"
    )
    def _compute_jxc_aux_delivered(self):
        for line in self:
            if not line.jxc_aux_uom_id:
                line.jxc_aux_delivered = 0.0
            elif line.qty_delivered_method == "stock_move":
                outgoing, incoming = line._get_outgoing_incoming_moves()
                done = outgoing.filtered(lambda move: move.state == "done")
                back = incoming.filtered(lambda move: move.state == "done")
                line.jxc_aux_delivered = sum(done.mapped("jxc_aux_done")) - sum(
                    back.mapped("jxc_aux_done")
                )
            else:
                line.jxc_aux_delivered = line._jxc_aux_of_part(
                    line.qty_delivered, line.product_uom_qty, line.jxc_aux_qty
                )

    @api.depends("invoice_lines.jxc_aux_qty", "invoice_lines.move_id.state")
    def _compute_jxc_aux_invoiced(self):
        for line in self:
            line.jxc_aux_invoiced = sum(
                -invoiced.move_id.direction_sign * invoiced.jxc_aux_qty
                for invoiced in line._get_invoice_lines()
                if invoiced.move_id.state != "cancel"
            )

    # -- records ------------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        return super().create([self._jxc_with_base_qty(vals) for vals in vals_list])

    # -- prices -------------------------------------------------------------------

    @api.depends("jxc_aux_qty", "jxc_is_priced_by_aux")
    def _compute_amount(self):
        return super()._compute_amount()

    def _prepare_base_line_for_taxes_computation(self, **kwargs):
        if self.jxc_is_priced_by_aux:
            kwargs.setdefault("quantity", self.jxc_aux_qty)
        return super()._prepare_base_line_for_taxes_computation(**kwargs)

    def _prepare_invoice_line(self, **optional_values):
        values = super()._prepare_invoice_line(**optional_values)
        if self.jxc_aux_uom_id and "jxc_aux_qty" not in optional_values:
            values["jxc_aux_qty"] = self._jxc_aux_to_invoice(values["quantity"])
        return values

    def _jxc_priced_progress(self):
        """Goods priced by their pieces are owed by the pieces that moved."""
        price, progress = super()._jxc_priced_progress()
        if not self.jxc_is_priced_by_aux or not self.jxc_aux_qty:
            return price, progress
        posted = self.invoice_lines.filtered(lambda line: line.parent_state == "posted")
        return self.price_total / self.jxc_aux_qty, replace(
            progress,
            ordered=self.jxc_aux_qty if progress.ordered else 0.0,
            delivered=self.jxc_aux_delivered,
            returned=sum(
                move._jxc_returned_sign() * move.jxc_aux_done for move in self.move_ids
            ),
            invoiced=self.jxc_aux_invoiced,
            posted=sum(
                -line.move_id.direction_sign * line.jxc_aux_qty for line in posted
            ),
        )

    def _jxc_aux_to_invoice(self, quantity):
        """The auxiliary quantity that goes with a quantity to invoice."""
        if self.product_id.invoice_policy == "delivery":
            total, aux = self.qty_delivered, self.jxc_aux_delivered
        else:
            total, aux = self.product_uom_qty, self.jxc_aux_qty
        return self._jxc_aux_of_part(
            quantity, total - self.qty_invoiced, aux - self.jxc_aux_invoiced
        )

    @api.depends("jxc_aux_qty", "jxc_aux_delivered", "jxc_is_priced_by_aux")
    def _compute_untaxed_amount_to_invoice(self):
        by_aux = self.filtered(
            lambda line: line.jxc_is_priced_by_aux and line.state == "sale"
        )
        AccountTax = self.env["account.tax"]
        for line in by_aux:
            aux = (
                line.jxc_aux_delivered
                if line.product_id.invoice_policy == "delivery"
                else line.jxc_aux_qty
            )
            base_line = line._prepare_base_line_for_taxes_computation(quantity=aux)
            AccountTax._add_tax_details_in_base_line(base_line, line.company_id)
            total = base_line["tax_details"]["raw_total_excluded_currency"]
            line.untaxed_amount_to_invoice = total - line.untaxed_amount_invoiced
        return super(SaleOrderLine, self - by_aux)._compute_untaxed_amount_to_invoice()

    @api.depends("jxc_aux_qty", "jxc_is_priced_by_aux")
    def _compute_amount_to_invoice_at_date(self):
        res = super()._compute_amount_to_invoice_at_date()
        for line in self.filtered("jxc_is_priced_by_aux"):
            line.amount_to_invoice_at_date *= line._jxc_aux_share()
        return res
