# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from odoo import api, fields, models
from odoo.exceptions import AccessError

from odoo.addons.jxc_base.tools.guard import own_defaults

from .stock_move_inspection import RULERS

ASKED = "jxc_inspect"


class PurchaseOrderLine(models.Model):
    """Goods that somebody asked to inspect, until a manager calls that off.

    Receipts come and go with the order; what was asked about its goods stays.
    """

    _inherit = "purchase.order.line"

    jxc_inspect = fields.Boolean(
        string="Inspection Asked for",
        readonly=True,
        copy=False,
        help="What comes of this line is inspected, whatever the rules say.",
    )

    @api.model
    def default_get(self, fields):
        return own_defaults(self, super().default_get(fields), {ASKED})

    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            self._jxc_check_asked(vals)
        return super().create(vals_list)

    def write(self, vals):
        """Keep which goods are to be inspected.

        :raise AccessError: somebody calls it off without the right to
        """
        self._jxc_check_asked(vals)
        if any(
            line[name].id != vals[name]
            for name in ("product_id", "order_id")
            if name in vals
            for line in self.filtered(ASKED)
        ):
            self._jxc_check_call_off()
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_asked(self):
        self._jxc_check_call_off()

    def _jxc_check_asked(self, vals):
        if ASKED not in vals or self.env.su:
            return
        if bool(vals[ASKED]) != any(self.mapped(ASKED)):
            raise AccessError(
                self.env._("Inspections are asked for, and called off, on the receipt.")
            )

    def _jxc_check_call_off(self):
        """Whoever may not call off an inspection does not exchange its line, either."""
        if self.env.su or self.env.user.has_groups(RULERS):
            return
        asked = self.filtered(ASKED)
        if asked:
            raise AccessError(
                self.env._(
                    "%(products)s: somebody asked for an inspection. Only stock and"
                    " purchase managers call it off.",
                    products=", ".join(asked.product_id.mapped("display_name")),
                )
            )

    def _prepare_stock_move_vals(
        self, picking, price_unit, product_uom_qty, product_uom
    ):
        vals = super()._prepare_stock_move_vals(
            picking, price_unit, product_uom_qty, product_uom
        )
        return {**vals, ASKED: True} if self.jxc_inspect else vals
