# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from odoo import fields, models


class JxcStockSnapshotLine(models.Model):
    _name = "jxc.stock.snapshot.line"
    _description = "Stock Month-End Line"
    _order = "snapshot_id desc, account_id, product_id"
    _check_company_auto = True

    snapshot_id = fields.Many2one(
        "jxc.stock.snapshot", required=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(
        related="snapshot_id.company_id", store=True, index=True
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    date = fields.Date(related="snapshot_id.date", store=True, index=True)
    product_id = fields.Many2one("product.product", required=True, index=True)
    account_id = fields.Many2one("account.account", required=True, check_company=True)
    quantity = fields.Float(digits="Product Unit")
    value = fields.Monetary()
    unit_cost = fields.Float(digits="Product Price", aggregator=None)
    amount_booked = fields.Monetary(
        string="Booked Before", help="What the stock account held for the product."
    )
    amount_adjusted = fields.Monetary(
        string="Price Difference",
        help="Moved to cost of goods sold, so that the books agree with the stock.",
    )
    # What the average cost was made of until then, not rounded: later days go on here.
    has_pool = fields.Boolean(export_string_translation=False)
    pool_quantity = fields.Float(aggregator=None, export_string_translation=False)
    pool_value = fields.Float(aggregator=None, export_string_translation=False)
    pool_cost = fields.Float(aggregator=None, export_string_translation=False)

    _product_unique = models.UniqueIndex(
        "(snapshot_id, product_id)", "A month-end has one line for each product."
    )
