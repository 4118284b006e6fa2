# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

# Written by the actions only, never by a client.
SERVER_FIELDS = frozenset(
    {
        "state",
        "started_at",
        "submitted_at",
        "sheet_number",
        "gain_value",
        "loss_value",
        "plan_id",
        "variance_value",
        "line_ids",
        "sheet_ids",
    }
)
# What the count is about: settled when it starts.
SCOPE_FIELDS = {
    "name",
    "company_id",
    "warehouse_id",
    "location_ids",
    "category_ids",
    "product_ids",
    "lot_ids",
    "blind",
    "tolerance_percent",
    "tolerance_quantity",
    "uncounted",
}


class JxcStockCount(models.Model):
    """A stock count (盘点): what is counted, by whom, and what came out.

    People count on sheets (``jxc.stock.count.sheet``), each entry being a record of its
    own. A line compares the sum of its entries with the book quantity at the moment of
    counting; the difference is later applied to the stock as a delta, so that what
    moved in the meantime stays right.
    """

    _name = "jxc.stock.count"
    _description = "Stock Count"
    _inherit = [
        "jxc.server.fields.mixin",
        "tier.validation",
        "mail.thread",
        "mail.activity.mixin",
        "jxc.number.mixin",
    ]
    _order = "id desc"
    _check_company_auto = True
    _jxc_server_fields = SERVER_FIELDS

    name = fields.Char(
        string="Number",
        default="/",
        copy=False,
        index="trigram",
    )
    company_id = fields.Many2one(
        comodel_name="res.company",
        required=True,
        index=True,
        default=lambda self: self.env.company,
    )
    currency_id = fields.Many2one(
        related="company_id.currency_id",
    )
    warehouse_id = fields.Many2one(
        comodel_name="stock.warehouse",
        required=True,
        index=True,
        check_company=True,
        default=lambda self: self._default_warehouse_id(),
    )
    location_ids = fields.Many2many(
        comodel_name="stock.location",
        string="Locations",
        check_company=True,
        domain="[('warehouse_id', '=', warehouse_id),"
        " ('usage', 'in', ('internal', 'view'))]",
        help="With all locations inside them. Empty: the whole warehouse.",
    )
    category_ids = fields.Many2many(
        comodel_name="product.category",
        string="Product Categories",
        help="With their subcategories. Empty: all.",
    )
    product_ids = fields.Many2many(
        comodel_name="product.product",
        string="Products",
        check_company=True,
        domain="[('is_storable', '=', True)]",
        help="Empty: all.",
    )
    lot_ids = fields.Many2many(
        comodel_name="stock.lot",
        string="Lots",
        check_company=True,
        help="Empty: all.",
    )
    blind = fields.Boolean(
        help="Who counts does not see the book quantities, nor the differences before"
        " the count is done.",
    )
    user_id = fields.Many2one(
        comodel_name="res.users",
        string="Responsible",
        default=lambda self: self.env.user,
        check_company=True,
        tracking=True,
    )
    date = fields.Date(
        string="Planned Date",
        default=fields.Date.context_today,
    )
    reason_id = fields.Many2one(
        comodel_name="jxc.stock.count.reason",
        string="Default Reason",
        check_company=True,
        help="For differences whose line gives no reason of its own.",
    )
    note = fields.Text(
        string="Notes",
    )
    tolerance_percent = fields.Float(
        string="Recount above (%)",
        digits=(16, 2),
        default=lambda self: self.env.company.jxc_count_tolerance_percent,
        help="A line that differs by more than this share of the book quantity is"
        " counted a second time. 0: never.",
    )
    tolerance_quantity = fields.Float(
        string="Recount above (Quantity)",
        digits="Product Unit",
        default=lambda self: self.env.company.jxc_count_tolerance_quantity,
        help="A line that differs by more than this quantity, in the product's base"
        " unit, is counted a second time. 0: never.",
    )
    uncounted = fields.Selection(
        selection=[
            ("refuse", "Refuse to submit"),
            ("keep", "Leave their stock as it is"),
            ("zero", "Take them as not there"),
        ],
        string="Lines nobody Counted",
        required=True,
        default="refuse",
    )
    state = fields.Selection(
        selection=[
            ("draft", "Draft"),
            ("in_progress", "In Progress"),
            ("submitted", "To Approve"),
            ("done", "Done"),
            ("cancelled", "Cancelled"),
        ],
        required=True,
        readonly=True,
        default="draft",
        copy=False,
        index=True,
        tracking=True,
    )
    started_at = fields.Datetime(
        readonly=True,
        copy=False,
    )
    submitted_at = fields.Datetime(
        readonly=True,
        copy=False,
    )
    line_ids = fields.One2many(
        comodel_name="jxc.stock.count.line",
        inverse_name="count_id",
        string="Lines",
        readonly=True,
    )
    sheet_ids = fields.One2many(
        comodel_name="jxc.stock.count.sheet",
        inverse_name="count_id",
        string="Sheets",
        readonly=True,
    )
    plan_id = fields.Many2one(
        comodel_name="jxc.stock.count.plan",
        readonly=True,
        copy=False,
        index="btree_not_null",
        check_company=True,
        help="The plan that asked for this count.",
    )
    sheet_number = fields.Integer(
        string="Sheets Started",
        readonly=True,
        copy=False,
        export_string_translation=False,
    )
    line_count = fields.Integer(
        compute="_compute_progress",
        string="Lines to Count",
    )
    counted_count = fields.Integer(
        compute="_compute_progress",
        string="Lines Counted",
    )
    recount_count = fields.Integer(
        compute="_compute_progress",
        string="Lines to Recount",
    )
    progress = fields.Float(
        compute="_compute_progress",
        string="Progress (%)",
    )
    gain_value = fields.Monetary(
        readonly=True,
        copy=False,
        groups="jxc_base.group_see_costs",
        help="Value of what is there beyond the books (盘盈).",
    )
    loss_value = fields.Monetary(
        readonly=True,
        copy=False,
        groups="jxc_base.group_see_costs",
        help="Value of what is missing (盘亏), as a negative amount.",
    )
    variance_value = fields.Monetary(
        string="Difference in Value",
        readonly=True,
        copy=False,
        groups="jxc_base.group_see_costs",
        help="Gains and losses together, both taken as positive. Approval tiers may"
        " depend on it.",
    )

    _tolerances = models.Constraint(
        "CHECK (tolerance_percent >= 0 AND tolerance_quantity >= 0)",
        "A tolerance cannot be negative.",
    )

    @api.model
    def _default_warehouse_id(self):
        return self.env["stock.warehouse"].search(
            [("company_id", "=", self.env.company.id)], limit=1
        )

    @api.depends("line_ids.is_counted", "line_ids.needs_recount")
    def _compute_progress(self):
        groups = self.env["jxc.stock.count.line"]._read_group(
            [("count_id", "in", self.ids)],
            ["count_id", "is_counted", "needs_recount"],
            ["__count"],
        )
        totals = {}
        for count, counted, again, number in groups:
            lines, done, recount = totals.get(count.id, (0, 0, 0))
            totals[count.id] = (
                lines + number,
                done + number * counted,
                recount + number * again,
            )
        for count in self:
            lines, done, recount = totals.get(count.id, (0, 0, 0))
            count.line_count, count.counted_count = lines, done
            count.recount_count = recount
            count.progress = 100.0 * done / lines if lines else 0.0

    @api.constrains("warehouse_id", "location_ids", "company_id")
    def _check_locations(self):
        for count in self:
            elsewhere = count.location_ids.filtered(
                lambda place, count=count: place.warehouse_id != count.warehouse_id
            )
            if elsewhere:
                raise ValidationError(
                    self.env._(
                        "%(count)s: %(locations)s does not belong to %(warehouse)s."
                        " Make a count for each warehouse.",
                        count=count.name,
                        locations=", ".join(elsewhere.mapped("display_name")),
                        warehouse=count.warehouse_id.display_name,
                    )
                )

    # ------------------------------------------------------------
    # ORM overrides
    # ------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            if vals.get("name", "/") == "/":
                company = vals.get("company_id") or self.env.company.id
                vals["name"] = (
                    self.env["ir.sequence"]
                    .with_company(company)
                    .next_by_code("jxc.stock.count")
                    or "/"
                )
        return super().create(vals_list)

    def write(self, vals):
        settled = SCOPE_FIELDS.intersection(vals)
        started = self.filtered(lambda count: count.state != "draft")
        if settled and started:
            raise UserError(
                self.env._(
                    "%(count)s has been started: %(fields)s cannot change any more."
                    " Cancel it and make a new one.",
                    count=started[0].name,
                    fields=", ".join(
                        self._fields[name]._description_string(self.env)
                        for name in sorted(settled)
                    ),
                )
            )
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_started(self):
        for count in self:
            if count.state not in ("draft", "cancelled") or count.sudo().line_ids:
                raise UserError(
                    self.env._(
                        "%(count)s has been started and stays as a record. Cancel it"
                        " instead.",
                        count=count.name,
                    )
                )
