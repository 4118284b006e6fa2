# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.fields import Domain
from odoo.tools import SQL, Query

from odoo.addons.jxc_base.tools.arguments import day_of

# Where goods count as stock of a company: the rule of the platform's valuation.
STOCK_USAGES = ("internal", "transit")
# Context key and mark of sums in place of entries; see jxc_stock_ledger_net.py.
NET_KEY = "jxc_stock_ledger_net"
NET = object()


class JxcStockLedger(models.Model):
    """明细账: every done operation seen from the stock location it touches.

    A transfer has two entries, out of the one and into the other location. There is no
    table behind it; the moves of the platform are the only truth.
    """

    _name = "jxc.stock.ledger"
    _inherit = "jxc.unit.sum.mixin"
    _description = "Stock Ledger Entry"
    _auto = False
    _order = "date desc, id desc"
    _rec_name = "reference"
    _depends = {
        "stock.move": [
            "date",
            "is_in",
            "is_out",
            "origin",
            "reference",
            "state",
            "value",
        ],
        "stock.move.line": [
            "location_dest_id",
            "location_id",
            "lot_id",
            "move_id",
            "owner_id",
            "picking_id",
            "product_id",
            "quantity_product_uom",
            "state",
        ],
        "stock.location": ["company_id", "usage", "warehouse_id"],
        "res.company": ["partner_id"],
    }

    date = fields.Datetime(readonly=True)
    company_id = fields.Many2one(comodel_name="res.company", readonly=True)
    product_id = fields.Many2one(comodel_name="product.product", readonly=True)
    categ_id = fields.Many2one(
        related="product_id.categ_id",
        string="Product Category",
    )
    uom_id = fields.Many2one(related="product_id.uom_id", string="Unit")
    warehouse_id = fields.Many2one(comodel_name="stock.warehouse", readonly=True)
    location_id = fields.Many2one(comodel_name="stock.location", readonly=True)
    counterpart_id = fields.Many2one(
        comodel_name="stock.location",
        string="From / To",
        readonly=True,
    )
    lot_id = fields.Many2one(comodel_name="stock.lot", readonly=True)
    owner_id = fields.Many2one(comodel_name="res.partner", readonly=True)
    move_id = fields.Many2one(comodel_name="stock.move", readonly=True)
    move_line_id = fields.Many2one(comodel_name="stock.move.line", readonly=True)
    picking_id = fields.Many2one(
        comodel_name="stock.picking",
        string="Transfer",
        readonly=True,
    )
    partner_id = fields.Many2one(related="picking_id.partner_id")
    reference = fields.Char(readonly=True)
    quantity = fields.Float(
        string="Change",
        digits="Product Unit",
        readonly=True,
    )
    quantity_in = fields.Float(
        string="In",
        digits="Product Unit",
        readonly=True,
    )
    quantity_out = fields.Float(
        string="Out",
        digits="Product Unit",
        readonly=True,
    )
    valued_quantity = fields.Float(
        string="Change of Own Goods",
        digits="Product Unit",
        readonly=True,
        help="The change without goods that belong to others.",
    )
    is_external = fields.Boolean(
        string="Receipt or Issue",
        readonly=True,
        help="The goods came from outside the company's stock or left it.",
    )
    balance_product = fields.Float(
        string="Balance",
        digits="Product Unit",
        compute="_compute_balances",
        help="Stock of the product in the company after this entry.",
    )
    balance_location = fields.Float(
        string="Balance in Location",
        digits="Product Unit",
        compute="_compute_balances",
        help="Stock of the product in the location after this entry.",
    )
    balance_lot = fields.Float(
        string="Balance of Lot",
        digits="Product Unit",
        compute="_compute_balances",
        help="Stock of the lot in the company after this entry.",
    )
    balance_text = fields.Char(
        string="Balance in Units",
        compute="_compute_balances",
        help="The balance in the units of the product, e.g. 3箱5瓶.",
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    value = fields.Monetary(
        compute="_compute_value",
        groups="jxc_base.group_see_costs",
        help="What the platform says this receipt (+) or issue (−) was worth. Transfers"
        " inside the company change no value.",
    )

    @property
    def _table_query(self):
        if self._table_query_is_entries():
            return self._select_entries()
        return self._select_net(*self.env.context[NET_KEY][1:])

    @api.model
    def _search(self, domain, *args, **kwargs):
        """Say by move lines what is asked by entries: those have an index, and a page
        of entries is read without a walk through all history."""

        def by_line(condition):
            if condition.field_expr != "id" or condition.operator != "in":
                return condition
            ids = condition.value
            if isinstance(ids, SQL | Query) or not all(
                isinstance(number, int) for number in ids
            ):
                return condition
            lines = {number // 2 for number in ids}
            return condition & Domain("move_line_id", "in", lines)

        domain = Domain(domain)
        if self._table_query_is_entries():
            domain = domain.map_conditions(by_line)
        return super()._search(domain, *args, **kwargs)

    def _table_query_is_entries(self):
        given = self.env.context.get(NET_KEY)
        # compared by identity: no client can put this object into its context
        return not (isinstance(given, tuple) and given and given[0] is NET)

    @api.model
    def _select_entries(self):
        return SQL(
            """
            SELECT ml.id * 2 + (side.sign + 1) / 2 AS id,
                   ml.id AS move_line_id,
                   ml.move_id,
                   ml.picking_id,
                   ml.product_id,
                   ml.lot_id,
                   ml.owner_id,
                   m.date,
                   COALESCE(NULLIF(m.reference, ''), m.origin) AS reference,
                   mine.company_id,
                   mine.warehouse_id,
                   mine.id AS location_id,
                   other.id AS counterpart_id,
                   NOT (other.usage IN %(usages)s AND other.company_id IS NOT NULL)
                       AS is_external,
                   ml.quantity_product_uom * side.sign AS quantity,
                   GREATEST(side.sign, 0) * ml.quantity_product_uom AS quantity_in,
                   GREATEST(-side.sign, 0) * ml.quantity_product_uom AS quantity_out,
                   CASE WHEN %(own)s THEN ml.quantity_product_uom * side.sign ELSE 0 END
                       AS valued_quantity,
                   CASE WHEN CASE WHEN side.sign > 0 THEN m.is_in
                                  ELSE m.is_out AND NOT COALESCE(m.is_in, FALSE) END
                        THEN m.value END AS move_value
              FROM stock_move_line ml
              JOIN stock_move m ON m.id = ml.move_id
             CROSS JOIN LATERAL (
                   VALUES (ml.location_dest_id, ml.location_id, 1),
                          (ml.location_id, ml.location_dest_id, -1)
                   ) AS side (mine_id, other_id, sign)
              JOIN stock_location mine ON mine.id = side.mine_id
              JOIN stock_location other ON other.id = side.other_id
              JOIN res_company company ON company.id = mine.company_id
             WHERE m.state = 'done'
               AND mine.usage IN %(usages)s
            """,
            usages=STOCK_USAGES,
            own=SQL("(ml.owner_id IS NULL OR ml.owner_id = company.partner_id)"),
        )

    # Columns --------------------------------------------------------------------

    @api.depends("product_id", "location_id", "lot_id")
    @api.depends_context("lang")
    def _compute_balances(self):
        balances = self._get_balances()
        compounds = {
            template: template._jxc_compound()
            for template in self.product_id.product_tmpl_id
        }
        for entry in self:
            product, location, lot = balances.get(entry.id, (0.0, 0.0, 0.0))
            entry.balance_product = product
            entry.balance_location = location
            entry.balance_lot = lot if entry.lot_id else 0.0
            compound = compounds.get(entry.product_id.product_tmpl_id)
            entry.balance_text = compound.format(product) if compound else ""

    def _get_balances(self):
        """{entry id: (of the product, in the location, of the lot)}, each the sum of
        all entries up to this one."""
        if not self.ids:
            return {}
        legs = self.sudo()
        query = legs._search(
            [
                ("product_id", "in", self.product_id.ids),
                ("company_id", "in", self.company_id.ids),
            ]
        )
        columns = {
            name: legs._field_to_sql(query.table, name, query)
            for name in (
                "id",
                "date",
                "quantity",
                "product_id",
                "company_id",
                "location_id",
                "lot_id",
            )
        }

        def running(*names):
            return SQL(
                "SUM(%s) OVER (PARTITION BY %s ORDER BY %s, %s)",
                columns["quantity"],
                SQL(", ").join(columns[name] for name in names),
                columns["date"],
                columns["id"],
            )

        history = query.select(
            columns["id"],
            SQL("%s AS product", running("product_id", "company_id")),
            SQL("%s AS place", running("product_id", "location_id")),
            SQL("%s AS lot", running("product_id", "company_id", "lot_id")),
        )
        rows = self.env.execute_query(
            SQL(
                "SELECT id, product, place, lot FROM (%s) history WHERE id IN %s",
                history,
                tuple(self.ids),
            )
        )
        return {number: tuple(map(float, sums)) for number, *sums in rows}

    @api.depends("move_id", "valued_quantity")
    def _compute_value(self):
        totals = self._get_valued_totals(self.move_id)
        for entry in self:
            move = entry.move_id.sudo()
            valued = move.is_in if entry.quantity_in else move.is_out
            total = totals.get(move.id)
            share = entry.valued_quantity / total if total else 0.0
            entry.value = move.value * share if valued and entry.is_external else 0.0

    @api.model
    def _get_valued_totals(self, moves):
        """{move id: what its value is the value of, in the product's unit}"""
        legs = self.sudo()
        groups = legs._read_group(
            [("move_id", "in", moves.ids), ("is_external", "=", True)],
            ["move_id"],
            ["valued_quantity:sum"],
        )
        return {move.id: abs(total) for move, total in groups}

    # Actions ---------------------------------------------------------------------

    def action_open_document(self):
        """The transfer of this entry, or its move when there is none."""
        self.ensure_one()
        record = self.picking_id or self.move_id
        return {
            "type": "ir.actions.act_window",
            "name": self.reference or record.display_name,
            "res_model": record._name,
            "res_id": record.id,
            "views": [(False, "form")],
        }

    # Who and when ------------------------------------------------------------------

    @api.model
    def _check_reader(self):
        user = self.env.user
        if not self.env.su and not (
            user.has_group("stock.group_stock_user")
            or user.has_group("jxc_base.group_executive")
        ):
            raise AccessError(
                self.env._("You need an inventory role to read the stock ledger.")
            )

    @api.model
    def _sees_values(self):
        return self.env.su or self.env.user.has_group("jxc_base.group_see_costs")

    @api.model
    def _check_period(self, date_from, date_to):
        dates = day_of(self.env, date_from), day_of(self.env, date_to)
        if not all(dates) or dates[0] > dates[1]:
            raise UserError(
                self.env._(
                    "The stock ledger needs a first and a last day, in that order."
                )
            )
        return dates
