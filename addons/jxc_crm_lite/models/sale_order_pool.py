# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from odoo import api, fields, models
from odoo.tools import SQL
from odoo.tools.sql import column_exists, table_exists


class SaleOrder(models.Model):
    """When an order was confirmed first, which keeps its customer out of the pool.

    The order date is the salesperson's to write: a day of yesterday on an old order
    would keep the customer for ever. Nor does one order keep several: given to another
    customer and confirmed again, it counts for that one alone, from the first day on;
    handed on once more, for nobody.
    """

    _name = "sale.order"
    _inherit = ["sale.order", "jxc.server.fields.mixin"]

    _jxc_server_fields = frozenset(
        {
            "jxc_confirmed_at",
            "jxc_confirmed_for_id",
            "jxc_confirmed_lead_id",
            "jxc_is_handed_on",
        }
    )

    jxc_confirmed_at = fields.Datetime(
        string="First Confirmed on",
        readonly=True,
        copy=False,
        help="When the order was confirmed, as the server knows it; of imported orders,"
        " their date. Cancelled and confirmed again, it stays the first one.",
    )
    jxc_confirmed_for_id = fields.Many2one(
        comodel_name="res.partner",
        string="Confirmed for",
        readonly=True,
        copy=False,
        ondelete="set null",
        index="btree_not_null",
        help="Customer whom the order keeps out of the public pool.",
    )
    jxc_confirmed_lead_id = fields.Many2one(
        comodel_name="crm.lead",
        string="Confirmed from",
        readonly=True,
        copy=False,
        ondelete="set null",
        index="btree_not_null",
        help="Opportunity that the order keeps out of the public pool.",
    )
    jxc_is_handed_on = fields.Boolean(
        string="Given to Another Customer",
        readonly=True,
        copy=False,
        help="Confirmed for one customer, and afterwards for another.",
    )

    def _auto_init(self):
        """Orders confirmed before there were the fields have date and customer."""
        cr = self.env.cr
        has_table = table_exists(cr, self._table)
        is_missing = has_table and not column_exists(
            cr, self._table, "jxc_confirmed_at"
        )
        is_for_nobody = has_table and not column_exists(
            cr, self._table, "jxc_confirmed_for_id"
        )
        result = super()._auto_init()
        if is_for_nobody:
            cr.execute(
                SQL(
                    "UPDATE sale_order SET jxc_confirmed_for_id = partner_id,"
                    " jxc_confirmed_lead_id = opportunity_id WHERE state = 'sale'"
                )
            )
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
        confirmed = self.filtered(lambda order: order.state == "sale").sudo()
        orders = confirmed.filtered(lambda order: not order.jxc_confirmed_at)
        for order in orders:
            order.write(
                {
                    "jxc_confirmed_at": min(order.date_order or now, now),
                    "jxc_confirmed_for_id": order.partner_id.id,
                    "jxc_confirmed_lead_id": order.opportunity_id.id,
                }
            )
        (confirmed - orders)._jxc_hand_on()

    def _jxc_hand_on(self):
        """Let an order that is confirmed again count for its customer of now, once."""
        for order in self:
            entity = order.partner_id.commercial_partner_id
            if order.jxc_confirmed_for_id.commercial_partner_id == entity:
                continue
            order.write(
                {
                    "jxc_confirmed_for_id": (
                        False if order.jxc_is_handed_on else order.partner_id.id
                    ),
                    "jxc_is_handed_on": True,
                }
            )
