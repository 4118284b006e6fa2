# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

from odoo.addons.jxc_base.tools.guard import own_defaults
from odoo.addons.jxc_base.tools.prefetch import RARELY_READ

PROMISE = "jxc_date_promised"


class PurchaseOrderLine(models.Model):
    """The first promise: a vendor who postpones is still late."""

    _inherit = "purchase.order.line"

    jxc_date_promised = fields.Datetime(
        string="Promised Arrival",
        compute="_compute_jxc_date_promised",
        store=True,
        copy=False,
        index=True,
        help="The expected arrival when the order was confirmed; later changes of the"
        " expected arrival do not move it. On-time delivery is judged by it.",
        prefetch=RARELY_READ,
    )

    @api.depends("date_planned")
    def _compute_jxc_date_promised(self):
        for line in self:
            confirmed = line.order_id.state == "purchase"
            kept = confirmed and line.jxc_date_promised
            line.jxc_date_promised = kept or line.date_planned

    @api.model
    def default_get(self, fields):
        return own_defaults(self, super().default_get(fields), {PROMISE})

    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            self._jxc_check_promise_not_written(vals)
        return super().create(vals_list)

    def write(self, vals):
        self._jxc_check_promise_not_written(vals)
        return super().write(vals)

    def _jxc_check_promise_not_written(self, vals):
        """:raise AccessError: a client writes the promised date"""
        if PROMISE in vals and not self.env.su:
            raise AccessError(
                self.env._(
                    "The promised arrival is the expected arrival at confirmation; a"
                    " purchase manager may accept new dates on the order."
                )
            )


class PurchaseOrder(models.Model):
    _inherit = "purchase.order"

    jxc_has_new_dates = fields.Boolean(
        compute="_compute_jxc_has_new_dates",
        groups="purchase.group_purchase_manager",
        export_string_translation=False,
    )

    @api.depends("order_line.date_planned", "order_line.jxc_date_promised", "state")
    def _compute_jxc_has_new_dates(self):
        for order in self:
            order.jxc_has_new_dates = bool(order._jxc_postponed_lines())

    def _jxc_postponed_lines(self):
        return self.filtered(
            lambda order: order.state == "purchase"
        ).order_line.filtered(
            lambda line: (
                line.date_planned
                and line.jxc_date_promised
                and line.date_planned != line.jxc_date_promised
            )
        )

    def action_jxc_accept_dates(self):
        """Make the expected arrivals the promised ones: the delay is not the vendor's.

        :raise AccessError: for anyone but purchase managers
        :raise UserError: no confirmed line has another date than was promised
        """
        self.check_access("write")
        if not (
            self.env.su or self.env.user.has_group("purchase.group_purchase_manager")
        ):
            raise AccessError(
                self.env._("Only purchase managers may accept new dates.")
            )
        lines = self._jxc_postponed_lines()
        if not lines:
            raise UserError(
                self.env._("All lines are expected when they were promised.")
            )
        for line in lines.sudo():
            line.jxc_date_promised = line.date_planned
        self._message_log_batch(
            bodies={
                order.id: self.env._(
                    "New dates were accepted: the expected arrivals count as promised."
                )
                for order in lines.order_id
            }
        )
        return True
