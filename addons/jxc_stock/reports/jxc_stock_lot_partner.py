# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from odoo import fields, models
from odoo.fields import Domain
from odoo.tools import SQL


class JxcStockLotPartner(models.Model):
    """Who delivered a lot and who received it, returns taken off."""

    _name = "jxc.stock.lot.partner"
    _inherit = "jxc.unit.sum.mixin"
    _description = "Vendors and Customers of Lots"
    _auto = False
    _order = "lot_id, last_date desc, id"
    _rec_name = "partner_id"
    _depends = {
        "stock.move.line": [
            "lot_id",
            "product_id",
            "company_id",
            "date",
            "state",
            "picking_id",
            "quantity_product_uom",
            "location_id",
            "location_dest_id",
        ],
        "stock.move": ["partner_id"],
        "stock.picking": ["partner_id"],
        "stock.location": ["usage"],
    }

    lot_id = fields.Many2one(
        comodel_name="stock.lot", string="Lot/Serial Number", readonly=True
    )
    product_id = fields.Many2one(comodel_name="product.product", readonly=True)
    uom_id = fields.Many2one(related="product_id.uom_id")
    direction = fields.Selection(
        selection=[("vendor", "Vendor"), ("customer", "Customer")], readonly=True
    )
    partner_id = fields.Many2one(comodel_name="res.partner", readonly=True)
    phone = fields.Char(related="partner_id.phone")
    quantity = fields.Float(digits="Product Unit", readonly=True)
    picking_count = fields.Integer(string="Transfers", readonly=True)
    first_date = fields.Datetime(readonly=True)
    last_date = fields.Datetime(readonly=True)
    company_id = fields.Many2one(comodel_name="res.company", readonly=True)

    @property
    def _table_query(self):
        return SQL(
            """
            SELECT min(id) AS id, lot_id, product_id, company_id, direction, partner_id,
                sum(quantity) AS quantity, count(DISTINCT picking_id) AS picking_count,
                min(date) AS first_date, max(date) AS last_date
            FROM (
                SELECT line.id::bigint * 2 + 1 AS id, line.lot_id, line.product_id,
                    line.company_id, line.date, line.picking_id,
                    COALESCE(picking.partner_id, move.partner_id) AS partner_id,
                    CASE WHEN 'supplier' IN (source.usage, target.usage)
                        THEN 'vendor' ELSE 'customer' END AS direction,
                    CASE WHEN source.usage = 'supplier' OR target.usage = 'customer'
                        THEN 1 ELSE -1 END * quantity_product_uom AS quantity
                FROM %(lines)s
                WHERE line.state = 'done' AND line.lot_id IS NOT NULL
                    AND (source.usage IN ('supplier', 'customer')
                        OR target.usage IN ('supplier', 'customer'))
                UNION ALL
                -- goods that a vendor delivered straight to a customer
                SELECT line.id::bigint * 2, line.lot_id, line.product_id,
                    line.company_id, line.date, line.picking_id,
                    COALESCE(move.partner_id, picking.partner_id), 'customer',
                    CASE WHEN target.usage = 'customer' THEN 1 ELSE -1 END
                        * quantity_product_uom
                FROM %(lines)s
                WHERE line.state = 'done' AND line.lot_id IS NOT NULL
                    AND 'supplier' IN (source.usage, target.usage)
                    AND 'customer' IN (source.usage, target.usage)
            ) ends
            GROUP BY lot_id, product_id, company_id, direction, partner_id
            """,
            lines=SQL(
                "stock_move_line line"
                " JOIN stock_location source ON source.id = line.location_id"
                " JOIN stock_location target ON target.id = line.location_dest_id"
                " JOIN stock_move move ON move.id = line.move_id"
                " LEFT JOIN stock_picking picking ON picking.id = line.picking_id"
            ),
        )

    def action_open_lines(self):
        """Open the transfers behind these rows."""
        partners = Domain("picking_id.partner_id", "in", self.partner_id.ids)
        partners |= Domain("move_id.partner_id", "in", self.partner_id.ids)
        domain = Domain("state", "=", "done") & Domain("lot_id", "in", self.lot_id.ids)
        action = {
            "type": "ir.actions.act_window",
            "res_model": "stock.move.line",
            "view_mode": "list,form",
            "domain": list(domain & partners),
        }
        return {**action, "name": self.env._("Transfers")}
