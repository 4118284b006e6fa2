# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from odoo import api, fields, models
from odoo.tools import SQL
from odoo.tools.sql import column_exists, table_exists


class SaleOrder(models.Model):
    """When an order was confirmed first, which keeps its customer out of the pool.

    The order date is the salesperson's to write: a day of yesterday on an old order
    would keep the customer for ever.
    """

    _name = "sale.order"
    _inherit = ["sale.order", "jxc.server.fields.mixin"]

    _jxc_server_fields = frozenset({"jxc_confirmed_at"})

    jxc_confirmed_at = fields.Datetime(
        string="First Confirmed on",
        readonly=True,
        copy=False,
        help="When the order was confirmed, as the server knows it; of imported orders,"
        " their date. Cancelled and confirmed again, it stays the first one.",
    )

    def _auto_init(self):
        """Orders that were confirmed before there was the field have their date."""
        cr = self.env.cr
        is_missing = table_exists(cr, self._table) and not column_exists(
            cr, self._table, "jxc_confirmed_at"
        )
        result = super()._auto_init()
        if is_missing:
            cr.execute(
                SQL(
                    "UPDATE sale_order SET jxc_confirmed_at ="
                    " LEAST(date_order, NOW() AT TIME ZONE 'UTC')"
                    " WHERE state = 'sale'"
                )
            )
        return result

    @api.model_create_multi
    def create(self, vals_list):
        orders = super().create(vals_list)
        orders._jxc_note_confirmation()
        return orders

    def write(self, vals):
        result = super().write(vals)
        if vals.get("state") == "sale":
            self._jxc_note_confirmation()
        return result

    def _jxc_note_confirmation(self):
        """Keep the first confirmation, or the date of what was ordered before."""
        now = fields.Datetime.now()
        orders = self.filtered(lambda order: order.state == "sale").sudo()
        orders = orders.filtered(lambda order: not order.jxc_confirmed_at)
        moments = orders.grouped(lambda order: min(order.date_order or now, now))
        for moment, group in moments.items():
            group.write({"jxc_confirmed_at": moment})
