# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from odoo import api, fields, models
from odoo.fields import Command

from odoo.addons.jxc_base.tools.importing import is_history


class JxcReceiptInspection(models.Model):
    """How receipts make their inspections."""

    _inherit = "jxc.receipt.inspection"

    @api.model
    def _jxc_create_for(self, received, due, waiting):
        """Make an inspection for each receipt whose goods came in.

        :param received: done operations of receipts, already in the inspection place
        :param due: {stock.move: rule}, the rule maybe empty
        :param waiting: {stock.move: moves that wait for the goods}
        :return: jxc.receipt.inspection
        """
        # Receipts make inspections, whoever validates them; defaults of his are none
        # of ours.
        inspections = self.sudo()
        vals_list = []
        for company, of_company in received.grouped("company_id").items():
            measures = self.env["jxc.inspection.characteristic"]
            measures = measures._jxc_characteristics_of(of_company.product_id, company)
            groups = of_company.grouped(
                lambda line: (line.picking_id, line.move_id._jxc_vendor()[:1])
            )
            for (picking, vendor), lines in groups.items():
                vals_list.append(
                    {
                        **self._prepare_inspection_values(company, picking, vendor),
                        "purchase_ids": [
                            Command.set(self._jxc_orders_of(lines, picking).ids)
                        ],
                        "warehouse_id": lines.move_id[0]._jxc_warehouse().id,
                        "line_ids": [
                            Command.create(
                                self._prepare_inspection_line_values(
                                    same,
                                    due[same.move_id],
                                    waiting[same.move_id],
                                    measures[same.product_id],
                                )
                            )
                            for same in self._jxc_tranches(lines)
                        ],
                    }
                )
        made = inspections.create(vals_list)
        made._jxc_tell_receipts()
        return made.with_env(self.env)

    @api.model
    def _jxc_orders_of(self, lines, picking):
        """The orders of received goods; what an order did not ask for joins it."""
        orders = lines.move_id.purchase_line_id.sudo().order_id
        return orders or picking.sudo().purchase_id

    @api.model
    def _jxc_tranches(self, lines):
        """Operations that are inspected together: of one move, and of one lot."""
        return lines.grouped(
            lambda line: (
                line.move_id,
                line.lot_id if line.product_id.tracking == "lot" else False,
            )
        ).values()

    @api.model
    def _prepare_inspection_values(self, company, picking, vendor):
        """Values of an inspection. Called for each receipt; return a dict."""
        return {
            "company_id": company.id,
            "picking_id": picking.id,
            "partner_id": vendor.id,
            "date": fields.Datetime.now(),
            "user_id": False,
        }

    @api.model
    def _prepare_inspection_line_values(self, lines, rule, waiting, measures):
        """Values of an inspection line. Called for each tranche; return a dict."""
        move = lines.move_id
        product = move.product_id
        unit = move.purchase_line_id.sudo().product_uom_id or move.product_uom
        base = product.uom_id
        quantity = sum(lines.mapped("quantity_product_uom"))
        in_unit = base._jxc_convert(quantity, unit, rounded=True)
        if base.compare(unit._jxc_convert(in_unit, base), quantity):
            unit = base
        return {
            "move_id": move.id,
            "product_id": product.id,
            "product_uom_id": unit.id,
            "lot_id": lines.lot_id.id if product.tracking == "lot" else False,
            "receipt_line_ids": [Command.set(lines.ids)],
            "move_dest_ids": [Command.set(waiting.ids)],
            "rule_id": rule.id,
            "reject_to": rule.reject_to or "defective",
            "sampling": rule.sampling or "none",
            "percent": rule.percent,
            "aql": rule.aql,
            "measure_ids": [
                Command.create({"characteristic_id": one.id}) for one in measures
            ],
        }

    def _jxc_tell_receipts(self):
        """Say on receipts, and on what they replace, where the goods are decided on."""
        if is_history(self.env):
            return
        bodies = {
            inspection.picking_id.id: self.env._(
                "The goods wait in %(place)s for inspection %(inspection)s.",
                place=inspection.warehouse_id.jxc_inspection_location_id.display_name,
                inspection=inspection.name,
            )
            for inspection in self
            if inspection.picking_id
        }
        pickings = self.env["stock.picking"].sudo().browse(bodies)
        pickings._message_log_batch(bodies=bodies)
