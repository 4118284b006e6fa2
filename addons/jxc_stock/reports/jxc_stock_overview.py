# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL

PENDING = ("waiting", "confirmed", "assigned", "partially_available")


class JxcStockOverview(models.Model):
    """What is where, in which state, and what will come and go.

    One row for each product, location, lot and status. Incoming and outgoing are
    quantities of transfers that cross the border of a warehouse; they are shown at the
    location of the transfer.
    """

    _name = "jxc.stock.overview"
    _inherit = "jxc.unit.sum.mixin"
    _description = "Stock Overview"
    _auto = False
    _order = "product_id, warehouse_id, location_id, lot_id, status, id"
    _rec_name = "product_id"
    _depends = {
        "stock.quant": [
            "product_id",
            "location_id",
            "lot_id",
            "owner_id",
            "quantity",
            "reserved_quantity",
            "jxc_frozen_quantity",
            "jxc_aux_qty",
            "in_date",
            "expiration_date",
            "removal_date",
            "jxc_release_end",
        ],
        "stock.move": [
            "product_id",
            "product_qty",
            "state",
            "location_id",
            "location_dest_id",
        ],
        "stock.location": ["usage", "warehouse_id", "company_id", "jxc_status"],
        "stock.lot": ["expiration_date", "standard_price"],
        "product.product": ["standard_price", "product_tmpl_id"],
        "product.template": ["categ_id", "lot_valuated"],
    }

    product_id = fields.Many2one(comodel_name="product.product", readonly=True)
    categ_id = fields.Many2one(
        comodel_name="product.category", string="Category", readonly=True
    )
    uom_id = fields.Many2one(related="product_id.uom_id")
    aux_uom_id = fields.Many2one(related="product_id.jxc_aux_uom_id")
    warehouse_id = fields.Many2one(comodel_name="stock.warehouse", readonly=True)
    location_id = fields.Many2one(comodel_name="stock.location", readonly=True)
    lot_id = fields.Many2one(
        comodel_name="stock.lot", string="Lot/Serial Number", readonly=True
    )
    company_id = fields.Many2one(comodel_name="res.company", readonly=True)
    currency_id = fields.Many2one(related="company_id.currency_id")
    status = fields.Selection(
        selection=[
            ("available", "Available"),
            ("inspect", "To Inspect"),
            ("defective", "Defective"),
            ("frozen", "Frozen"),
            ("expired", "Expired"),
        ],
        readonly=True,
        help="Expired: past the removal or expiration date of the lot, in a place from"
        " which goods are handed over otherwise, and not released.",
    )
    quantity = fields.Float(string="On Hand", digits="Product Unit", readonly=True)
    aux_quantity = fields.Float(
        string="On Hand (Auxiliary)",
        digits="Product Unit",
        readonly=True,
        help="On hand in the auxiliary unit of the product. Of goods that are frozen in"
        " part, each part has its share.",
    )
    reserved = fields.Float(digits="Product Unit", readonly=True)
    available = fields.Float(
        digits="Product Unit",
        readonly=True,
        help="On hand, not reserved, not frozen, not past the removal or expiration"
        " date unless released, and not in a place for goods to inspect or defective"
        " goods.",
    )
    incoming = fields.Float(digits="Product Unit", readonly=True)
    outgoing = fields.Float(digits="Product Unit", readonly=True)
    value = fields.Monetary(readonly=True, groups="jxc_base.group_see_costs")
    in_date = fields.Datetime(string="In Stock Since", readonly=True)
    expiration_date = fields.Datetime(readonly=True)
    removal_date = fields.Datetime(readonly=True)
    days_left = fields.Integer(
        readonly=True,
        aggregator="min",
        help="Days until the expiration date; less than 0: expired.",
    )
    released_until = fields.Date(compute="_compute_released_until")
    quantity_text = fields.Char(string="On Hand in Units", compute="_compute_texts")
    available_text = fields.Char(string="Available in Units", compute="_compute_texts")
    incoming_text = fields.Char(string="Incoming in Units", compute="_compute_texts")
    outgoing_text = fields.Char(string="Outgoing in Units", compute="_compute_texts")

    def _jxc_unit_field(self, fname):
        is_aux = fname == "aux_quantity"
        return "aux_uom_id" if is_aux else super()._jxc_unit_field(fname)

    @api.depends(
        "product_id",
        "quantity",
        "aux_quantity",
        "available",
        "incoming",
        "outgoing",
    )
    @api.depends_context("lang")
    def _compute_texts(self):
        templates = self.product_id.product_tmpl_id
        compounds = {template: template._jxc_compound() for template in templates}
        for row in self:
            template = row.product_id.product_tmpl_id
            compound = compounds[template]
            row.quantity_text = (
                template._jxc_quantity_text(row.quantity, row.aux_quantity)
                if template.jxc_aux_uom_id
                else compound.format(row.quantity)
            )
            row.available_text = compound.format(row.available)
            for name in ("incoming", "outgoing"):
                text = compound.format(row[name]) if row[name] else ""
                row[f"{name}_text"] = text

    @api.depends("lot_id.jxc_release_ids", "company_id")
    def _compute_released_until(self):
        for company, rows in self.grouped("company_id").items():
            for row in rows.with_company(company):
                row.released_until = row.lot_id.sudo().jxc_released_until

    # ----------------------------------------------------------------
    # Actions
    # ----------------------------------------------------------------

    def action_open_quants(self):
        """Open the quants behind these rows."""
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Goods"),
            "res_model": "stock.quant",
            "view_mode": "list,form",
            "views": [
                (self.env.ref("stock.view_stock_quant_tree").id, "list"),
                (self.env.ref("stock.view_stock_quant_form_editable").id, "form"),
            ],
            "domain": list(self._get_quants_domain()),
        }

    def action_open_freeze(self):
        """Open the dialog that freezes or unfreezes the goods of these rows."""
        quants = self.env["stock.quant"].search(self._get_quants_domain())
        action = quants.action_jxc_open_freeze()
        if self and all(row.status == "frozen" for row in self):
            action["context"]["default_kind"] = "unfreeze"
        return action

    def _get_quants_domain(self):
        """Domain of the quants behind these rows."""
        return Domain.OR(
            Domain("product_id", "=", row.product_id.id)
            & Domain("location_id", "=", row.location_id.id)
            & Domain("lot_id", "=", row.lot_id.id)
            for row in self
        )

    # ----------------------------------------------------------------
    # The query
    # ----------------------------------------------------------------

    @property
    def _table_query(self):
        return SQL(
            """
            SELECT min(line.id) AS id, line.product_id, template.categ_id,
                location.warehouse_id, line.location_id, line.lot_id,
                location.company_id, line.status,
                sum(line.quantity) AS quantity, sum(line.aux) AS aux_quantity,
                sum(line.reserved) AS reserved,
                sum(line.available) AS available, sum(line.incoming) AS incoming,
                sum(line.outgoing) AS outgoing, min(line.in_date) AS in_date,
                lot.expiration_date, lot.removal_date,
                floor(extract(epoch FROM lot.expiration_date
                    - now() AT TIME ZONE 'UTC') / 86400)::int AS days_left,
                sum(line.valued) * %(cost)s AS value
            FROM (%(lines)s) line
            JOIN stock_location location ON location.id = line.location_id
            JOIN product_product product ON product.id = line.product_id
            JOIN product_template template ON template.id = product.product_tmpl_id
            LEFT JOIN stock_lot lot ON lot.id = line.lot_id
            GROUP BY line.product_id, line.location_id, line.lot_id, line.status,
                location.id, template.id, product.id, lot.id
            """,
            lines=self._lines_sql(),
            cost=self._cost_sql(),
        )

    @api.model
    def _lines_sql(self):
        """Quants without and with what is frozen, and transfers in and out.

        Ids stay the same as long as the records behind the row exist.
        """
        return SQL(
            """
            SELECT quant.id::bigint * 4 AS id, product_id, quant.location_id, lot_id,
                CASE WHEN location.jxc_status = 'available' AND %(expired)s
                    THEN 'expired' ELSE location.jxc_status END AS status,
                quantity - COALESCE(jxc_frozen_quantity, 0) AS quantity,
                COALESCE(jxc_aux_qty, 0) * CASE WHEN quantity = 0 THEN 1
                    ELSE 1 - COALESCE(jxc_frozen_quantity, 0) / quantity END AS aux,
                reserved_quantity - COALESCE(jxc_frozen_quantity, 0) AS reserved,
                CASE WHEN location.jxc_status <> 'available' OR %(expired)s
                    THEN 0 ELSE quantity - reserved_quantity END AS available,
                0 AS incoming, 0 AS outgoing, in_date,
                CASE WHEN %(valued)s THEN quantity - COALESCE(jxc_frozen_quantity, 0)
                    ELSE 0 END AS valued
            FROM stock_quant quant
            JOIN stock_location location ON location.id = quant.location_id
            LEFT JOIN res_company company ON company.id = location.company_id
            WHERE location.usage IN ('internal', 'transit')
                AND (quantity <> COALESCE(jxc_frozen_quantity, 0)
                    OR reserved_quantity <> COALESCE(jxc_frozen_quantity, 0)
                    OR quantity = 0 AND COALESCE(jxc_aux_qty, 0) <> 0)
            UNION ALL
            SELECT quant.id::bigint * 4 + 1, product_id, quant.location_id, lot_id,
                'frozen',
                jxc_frozen_quantity,
                COALESCE(jxc_aux_qty * jxc_frozen_quantity / NULLIF(quantity, 0), 0),
                0, 0, 0, 0, in_date,
                CASE WHEN %(valued)s THEN jxc_frozen_quantity ELSE 0 END
            FROM stock_quant quant
            JOIN stock_location location ON location.id = quant.location_id
            LEFT JOIN res_company company ON company.id = location.company_id
            WHERE jxc_frozen_quantity > 0
            UNION ALL
            SELECT move.id::bigint * 4 + 2, product_id, target.id, NULL,
                target.jxc_status, 0, 0, 0, 0, product_qty, 0, NULL, 0
            FROM %(moves)s
            WHERE state IN %(pending)s AND target.usage = 'internal'
                AND source.warehouse_id IS DISTINCT FROM target.warehouse_id
            UNION ALL
            SELECT move.id::bigint * 4 + 3, product_id, source.id, NULL,
                source.jxc_status, 0, 0, 0, 0, 0, product_qty, NULL, 0
            FROM %(moves)s
            WHERE state IN %(pending)s AND source.usage = 'internal'
                AND source.warehouse_id IS DISTINCT FROM target.warehouse_id
            """,
            valued=SQL(
                "location.company_id IS NOT NULL"
                " AND (owner_id IS NULL OR owner_id = company.partner_id)"
            ),
            moves=SQL(
                "stock_move move"
                " JOIN stock_location source ON source.id = move.location_id"
                " JOIN stock_location target ON target.id = move.location_dest_id"
                " JOIN product_product goods ON goods.id = move.product_id"
                " JOIN product_template kind ON kind.id = goods.product_tmpl_id"
                " AND kind.is_storable"
            ),
            pending=PENDING,
            expired=SQL(
                "COALESCE(LEAST(removal_date, expiration_date)"
                " <= now() AT TIME ZONE 'UTC', false)"
                " AND COALESCE(jxc_release_end <= now() AT TIME ZONE 'UTC', true)"
            ),
        )

    @api.model
    def _cost_sql(self):
        """Unit cost in the company of the location; costs are kept per company."""
        companies = self.env.companies.sudo()
        costs = []
        for company in companies:
            product = self.env["product.product"].sudo().with_company(company)
            lot = self.env["stock.lot"].sudo().with_company(company)
            costs.append(
                SQL(
                    "WHEN location.company_id = %s THEN COALESCE("
                    "CASE WHEN template.lot_valuated THEN %s ELSE %s END, 0)",
                    company.id,
                    lot._field_to_sql("lot", "standard_price"),
                    product._field_to_sql("product", "standard_price"),
                )
            )
        return SQL("CASE %s ELSE 0 END", SQL(" ").join(costs))
