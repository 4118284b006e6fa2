# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from odoo import fields, models

from odoo.addons.jxc_base.tools.prefetch import RARELY_READ

NEGATIVE_POLICIES = [("allow", "Allow"), ("warn", "Warn"), ("block", "Block")]


class StockWarehouse(models.Model):
    _inherit = "stock.warehouse"

    jxc_negative_stock = fields.Selection(
        selection=NEGATIVE_POLICIES,
        string="Negative Stock",
        default="allow",
        required=True,
        help="What happens when more is taken from a location than is there."
        " The setting of a product wins.",
    )
    jxc_alert_defaults = fields.Boolean(
        string="Default Alert Limits",
        default=True,
        help="Watch this warehouse with the safety and maximum stock of products and"
        " categories, too, where there is no reordering rule.",
        prefetch=RARELY_READ,
    )
    jxc_alert_user_ids = fields.Many2many(
        comodel_name="res.users",
        relation="jxc_stock_warehouse_alert_user_rel",
        string="Alert Digest To",
        domain="[('share', '=', False), ('company_ids', 'in', company_id)]",
        help="They receive one message a day about new stock alerts. Empty: the"
        " administrators of the inventory.",
    )
