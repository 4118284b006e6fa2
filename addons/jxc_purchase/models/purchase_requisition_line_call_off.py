# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from fractions import Fraction

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL

from ..tools.coverage import in_base, rounded

#: What makes up an agreement.
AGREED_FIELDS = {"price_unit", "product_id", "product_qty", "product_uom_id"}
#: Decimals of quantities in reference units; finer than any unit in use.
QTY_SCALE = 5


class PurchaseRequisitionLine(models.Model):
    """An agreed quantity, taken by call-offs through the gate.

    A product may be agreed in several lines, with different units and prices: the first
    of them is the resource and has the quantities of all, in the reference unit.
    """

    _name = "purchase.requisition.line"
    _inherit = ["purchase.requisition.line", "jxc.gate.mixin", "jxc.number.mixin"]

    jxc_qty_left = fields.Float(
        compute="_compute_jxc_qty_left",
        string="Left",
        digits="Product Unit",
        help="What can still be called off of the product, in the unit of this line.",
    )

    @api.depends("product_id", "product_qty", "product_uom_id", "qty_ordered")
    def _compute_jxc_qty_left(self):
        firsts = self._jxc_first_lines()
        called = self._jxc_called()
        digits = self.env["decimal.precision"].precision_get("Product Unit")
        for line in self:
            first = firsts.get((line.requisition_id, line.product_id), line)
            agreed = first._jxc_agreed()
            left = max(agreed - called.get(first.id, Fraction(0)), Fraction(0))
            unit = in_base(1, line.product_uom_id) or Fraction(1)
            line.jxc_qty_left = rounded(left / unit, digits)

    def _jxc_first_lines(self):
        """Return ``{(agreement, product): the line that is the resource}``."""
        firsts = {}
        for line in self.requisition_id.line_ids.sorted("id"):
            firsts.setdefault((line.requisition_id, line.product_id), line)
        return firsts

    def _jxc_called(self):
        """Return ``{id: called quantity}`` of resources, in reference units."""
        resources = self.requisition_id.line_ids
        return {
            line.id: Fraction(str(quantity))
            for line, quantity in self.env["purchase.order.line"]
            .sudo()
            ._read_group(
                [("jxc_called_line_id", "in", resources.ids)],
                ["jxc_called_line_id"],
                ["jxc_called_qty:sum"],
            )
        }

    def _jxc_agreed(self):
        """Return the agreed quantity of the product of one line, in reference units."""
        self.ensure_one()
        same = self.requisition_id.line_ids.filtered(
            lambda one: one.product_id == self.product_id
        )
        return sum(
            (in_base(one.product_qty, one.product_uom_id) for one in same), Fraction(0)
        )

    # ------------------------------------------------------------
    # ORM overrides
    # ------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        lines = super().create(vals_list)
        in_force = lines.requisition_id._jxc_in_force()
        if in_force:
            in_force._jxc_check_manager()
            lines._jxc_note_agreed(self.env._("added"))
        return lines

    def write(self, vals):
        """Change what was agreed, within what is called off already.

        :raise AccessError: a buyer changes an agreement in force
        :raise UserError: the quantity falls below what is called off
        """
        if not AGREED_FIELDS & set(vals):
            return super().write(vals)
        in_force = self.filtered(lambda line: line.requisition_id._jxc_in_force())
        in_force.requisition_id._jxc_check_manager()
        in_force._jxc_check_lowered(vals)
        result = super().write(vals)
        in_force._jxc_note_agreed(self.env._("changed"))
        return result

    def unlink(self):
        in_force = self.filtered(lambda line: line.requisition_id._jxc_in_force())
        in_force.requisition_id._jxc_check_manager()
        in_force._jxc_check_lowered({"product_qty": 0.0})
        in_force._jxc_note_agreed(self.env._("removed"))
        return super().unlink()

    def _jxc_note_agreed(self, event):
        for line in self:
            line.requisition_id.message_post(
                body=self.env._(
                    "%(product)s %(event)s: %(quantity)s %(unit)s at %(price)s",
                    product=line.product_id.display_name,
                    event=event,
                    quantity=f"{line.product_qty:g}",
                    unit=line.product_uom_id.name,
                    price=f"{line.price_unit:g}",
                ),
                subtype_xmlid="mail.mt_note",
            )

    def _jxc_check_lowered(self, vals):
        """Take what the lines lose through the gate; raise when it is called off."""
        firsts = self._jxc_first_lines()
        called = self._jxc_called()
        lost = {}
        for line in self:
            first = firsts[line.requisition_id, line.product_id]
            product = vals.get("product_id", line.product_id.id)
            if product != line.product_id.id and called.get(first.id):
                raise UserError(
                    self.env._(
                        "%(agreement)s: %(product)s is called off already and cannot"
                        " become another product. Add a line instead.",
                        agreement=line.requisition_id.name,
                        product=line.product_id.display_name,
                    )
                )
            unit = line.product_uom_id
            if "product_uom_id" in vals:
                unit = unit.browse(vals["product_uom_id"])
            after = in_base(vals.get("product_qty", line.product_qty), unit)
            lower = in_base(line.product_qty, line.product_uom_id) - after
            lost[first.id] = lost.get(first.id, 0) + lower
        lost = {
            key: round(float(lower), QTY_SCALE)
            for key, lower in lost.items()
            if lower > 0
        }
        for short in self.browse(lost)._jxc_gate_take(lost):
            line = self.browse(short.resource_id)
            unit = float(in_base(1, line.product_uom_id))
            raise UserError(
                self.env._(
                    "%(agreement)s: %(called)s %(unit)s of %(product)s are called off,"
                    " the agreed quantity cannot become lower than that.",
                    agreement=line.requisition_id.name,
                    called=f"{short.used / unit:g}",
                    unit=line.product_uom_id.name,
                    product=line.product_id.display_name,
                )
            )

    # ------------------------------------------------------------
    # Gate
    # ------------------------------------------------------------

    def _jxc_gate_query(self) -> SQL:
        """Use is what confirmed orders call off; only an agreement in force gives."""
        return SQL(
            """
            SELECT line.id, called.quantity AS used,
                   CASE WHEN agreement.state <> 'confirmed'
                        THEN LEAST(called.quantity, agreed.quantity)
                        ELSE agreed.quantity
                    END AS capacity
              FROM purchase_requisition_line line
              JOIN purchase_requisition agreement ON agreement.id = line.requisition_id
             CROSS JOIN LATERAL (
                   SELECT COALESCE(SUM(called.jxc_called_qty), 0) AS quantity
                     FROM purchase_order_line called
                    WHERE called.jxc_called_line_id = line.id
                   ) called
             CROSS JOIN LATERAL (
                   SELECT ROUND(SUM(same.product_qty::numeric * unit.factor::numeric),
                                %(scale)s) + %(slack)s AS quantity
                     FROM purchase_requisition_line same
                     JOIN uom_uom unit ON unit.id = same.product_uom_id
                    WHERE same.requisition_id = line.requisition_id
                      AND same.product_id = line.product_id
                   ) agreed
             WHERE line.id = ANY(%(ids)s)
            """,
            scale=QTY_SCALE,
            # Parts rounded one by one may add up to a little more than their sum.
            slack=10 ** (1 - QTY_SCALE),
            ids=list(self.ids),
        )
