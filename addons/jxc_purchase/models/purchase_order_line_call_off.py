# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.tools import SQL, float_compare

from odoo.addons.jxc_base.tools.guard import own_defaults
from odoo.addons.jxc_base.tools.prefetch import RARELY_READ

from ..tools.coverage import in_base
from ..tools.modes import watch_of
from .purchase_requisition_line_call_off import QTY_SCALE

#: Written by the server only.
CALL_OFF_FIELDS = {"jxc_called_amount", "jxc_called_line_id", "jxc_called_qty"}
#: Changes of a line that change what it calls off.
CALLING_FIELDS = {
    "discount",
    "jxc_aux_qty",
    "order_id",
    "price_unit",
    "product_id",
    "product_qty",
    "product_uom_id",
    "tax_ids",
}


class PurchaseOrderLine(models.Model):
    _inherit = "purchase.order.line"

    jxc_called_line_id = fields.Many2one(
        comodel_name="purchase.requisition.line",
        string="Called off from",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="restrict",
        groups="base.group_user",
    )
    jxc_called_qty = fields.Float(
        digits=0,
        readonly=True,
        copy=False,
        groups="base.group_user",
        export_string_translation=False,
        help="In the reference unit.",
        prefetch=RARELY_READ,
    )
    jxc_called_amount = fields.Float(
        digits=0,
        readonly=True,
        copy=False,
        groups="base.group_user",
        export_string_translation=False,
        help="Untaxed, in the currency of the agreement.",
        prefetch=RARELY_READ,
    )

    def init(self):
        """Count what was called off before this addon was there."""
        self.env.cr.execute(
            SQL(
                """
                UPDATE purchase_order_line line
                   SET jxc_called_line_id = agreed.id,
                       jxc_called_qty = ROUND(
                           line.product_qty::numeric * unit.factor::numeric, %s
                       ),
                       jxc_called_amount = line.price_subtotal
                  FROM purchase_order po, uom_uom unit, (
                       SELECT MIN(agreed.id) AS id, agreed.requisition_id,
                              agreed.product_id
                         FROM purchase_requisition_line agreed
                         JOIN purchase_requisition agreement
                           ON agreement.id = agreed.requisition_id
                        WHERE agreement.requisition_type = 'blanket_order'
                        GROUP BY agreed.requisition_id, agreed.product_id
                       ) agreed
                 WHERE line.order_id = po.id
                   AND po.state = 'purchase'
                   AND line.jxc_called_line_id IS NULL
                   AND unit.id = line.product_uom_id
                   AND agreed.requisition_id = po.requisition_id
                   AND agreed.product_id = line.product_id
                """,
                QTY_SCALE,
            )
        )

    @api.model
    def default_get(self, fields):
        return own_defaults(self, super().default_get(fields), CALL_OFF_FIELDS)

    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            self._jxc_check_call_off_fields(vals)
        lines = super().create(vals_list)
        if not watch_of(self.env):
            lines._jxc_confirmed_orders()._jxc_sync_call_offs()
        return lines

    def write(self, vals):
        self._jxc_check_call_off_fields(vals)
        if not CALLING_FIELDS & set(vals) or watch_of(self.env):
            # The write on the order around this one follows at its end.
            return super().write(vals)
        before = self._jxc_confirmed_orders()
        result = super().write(vals)
        (before | self._jxc_confirmed_orders())._jxc_sync_call_offs()
        return result

    def _jxc_confirmed_orders(self):
        orders = self.sudo().order_id.filtered(lambda one: one.state == "purchase")
        return orders.with_env(self.env)

    def _jxc_check_call_off_fields(self, vals):
        if CALL_OFF_FIELDS & set(vals) and not self.env.su:
            raise AccessError(
                self.env._(
                    "What is called off from an agreement follows from the order."
                )
            )

    def _jxc_called_off(self, firsts, confirming):
        """Return what this line calls off: agreed line, quantity, amount.

        :param firsts: see ``purchase.requisition.line._jxc_first_lines``
        :param confirming: the order is just being confirmed
        """
        order = self.order_id
        nothing = self.env["purchase.requisition.line"]
        counts = confirming or order.state == "purchase"
        if not counts or order.requisition_type != "blanket_order":
            return nothing, 0.0, 0.0
        agreed = firsts.get((order.requisition_id, self.product_id))
        if not agreed or self.product_qty <= 0:
            return nothing, 0.0, 0.0
        quantity = in_base(self.product_qty, self.product_uom_id)
        return agreed, round(float(quantity), QTY_SCALE), self.price_subtotal

    def _jxc_check_agreed_price(self, agreement):
        """Refuse a product or a price that was not agreed.

        A product that is agreed in several units has the price of its own unit.

        :raise UserError: naming the price and the agreed one
        """
        agreed = agreement.line_ids.filtered(
            lambda one: one.product_id == self.product_id
        )
        if not agreed:
            raise UserError(
                self.env._(
                    "%(order)s: %(product)s is not part of %(agreement)s. Order it"
                    " separately, or have it added to the agreement.",
                    order=self.order_id.name,
                    product=self.product_id.display_name or self.name,
                    agreement=agreement.name,
                )
            )
        self._jxc_check_agreed_aux(agreement)
        unit = self.product_uom_id
        agreed = agreed.filtered(lambda one: one.product_uom_id == unit) or agreed
        digits = self.env["decimal.precision"].precision_get("Product Price")
        price = self.price_unit * (1 - self.discount / 100)
        prices = [
            one.product_uom_id._compute_price(one.price_unit, unit) for one in agreed
        ]
        if all(float_compare(price, one, precision_digits=digits) for one in prices):
            raise UserError(
                self.env._(
                    "%(order)s, %(product)s: the price is %(price)s per %(unit)s, but"
                    " %(agreed)s was agreed in %(agreement)s. Use the agreed price, or"
                    " have a purchase manager change the agreement.",
                    order=self.order_id.name,
                    product=self.product_id.display_name,
                    price=f"{price:.{digits}f}",
                    unit=unit.name,
                    agreed=" / ".join(f"{one:.{digits}f}" for one in prices),
                    agreement=agreement.name,
                )
            )
