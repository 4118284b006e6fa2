# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from odoo import api, fields, models
from odoo.exceptions import AccessError

from odoo.addons.jxc_base.tools.guard import own_defaults
from odoo.addons.jxc_base.tools.prefetch import RARELY_READ

#: Said by the shop; nobody writes them afterwards.
CHANNEL_FIELDS = {
    "jxc_channel_date",
    "jxc_channel_fee",
    "jxc_channel_id",
    "jxc_channel_number",
    "jxc_channel_paid",
    "jxc_channel_unbooked",
}


class SaleOrder(models.Model):
    """Orders of shops."""

    _inherit = "sale.order"

    jxc_channel_id = fields.Many2one(
        comodel_name="jxc.sale.channel",
        string="Sales Channel",
        readonly=True,
        copy=False,
        index="btree_not_null",
        check_company=True,
        ondelete="restrict",
        groups="base.group_user",
    )
    jxc_channel_number = fields.Char(
        string="Number in the Shop",
        readonly=True,
        copy=False,
        index="trigram",
        groups="base.group_user",
    )
    # The platform makes the order's own date the moment it is confirmed.
    jxc_channel_date = fields.Datetime(
        string="Ordered in the Shop",
        readonly=True,
        copy=False,
        groups="base.group_user",
        help="When the buyer ordered. Sales count from here; prices and due days from"
        " the order's own date and its invoice.",
        prefetch=RARELY_READ,
    )
    jxc_channel_fee = fields.Monetary(
        string="Platform Fee",
        readonly=True,
        copy=False,
        groups="base.group_user",
        help="What the platform keeps of this order.",
        prefetch=RARELY_READ,
    )
    jxc_channel_paid = fields.Monetary(
        string="Paid in the Shop",
        readonly=True,
        copy=False,
        groups="base.group_user",
        prefetch=RARELY_READ,
    )
    jxc_channel_unbooked = fields.Monetary(
        string="Paid, Not Booked",
        readonly=True,
        copy=False,
        groups="base.group_user",
        help="What the shop says is paid, sent by a user who does not book payments.",
        prefetch=RARELY_READ,
    )

    _jxc_channel_number_unique = models.UniqueIndex(
        "(jxc_channel_id, jxc_channel_number) WHERE jxc_channel_id IS NOT NULL",
        "This order of the shop is there already.",
    )

    @api.model
    def default_get(self, fields):
        return own_defaults(self, super().default_get(fields), CHANNEL_FIELDS)

    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            self._jxc_check_channel_fields(name for name in vals if vals[name])
        return super().create(vals_list)

    def write(self, vals):
        # Nor is what was paid taken back, to have it booked once more.
        self._jxc_check_channel_fields(vals)
        return super().write(vals)

    def _jxc_check_channel_fields(self, written):
        """:raise AccessError: a client says that an order comes from a shop"""
        names = CHANNEL_FIELDS & set(written)
        if names and not self.env.su:
            raise AccessError(
                self.env._(
                    "%s is said by the shop and cannot be written. Orders of shops come"
                    " by import_orders of their sales channel.",
                    ", ".join(sorted(names)),
                )
            )
