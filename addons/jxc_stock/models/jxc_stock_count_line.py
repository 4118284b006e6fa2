# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from psycopg2.errors import UniqueViolation

from odoo import api, fields, models
from odoo.exceptions import AccessError, ConcurrencyError, UserError

from odoo.addons.jxc_base.tools.guard import own_defaults

BOOK = "stock.group_stock_manager"
COSTS = "jxc_base.group_see_costs"
# What people may write: why it differs.
CLIENT_FIELDS = {"reason_id", "note"}


class JxcStockCountLine(models.Model):
    """One product in one place (and lot, package, owner) of a count, and its result.

    Who counts blind must not learn the book quantity: the stored figures are for
    inventory administrators, the ``shown_*`` ones for everybody whom the count lets
    see them.
    """

    _name = "jxc.stock.count.line"
    _description = "Stock Count Line"
    _order = "count_id desc, location_id, product_id, lot_id, id"
    _check_company_auto = True

    count_id = fields.Many2one(
        comodel_name="jxc.stock.count",
        required=True,
        readonly=True,
        ondelete="cascade",
    )
    company_id = fields.Many2one(
        related="count_id.company_id",
        store=True,
        index=True,
    )
    warehouse_id = fields.Many2one(
        related="count_id.warehouse_id",
        store=True,
    )
    currency_id = fields.Many2one(
        related="company_id.currency_id",
    )
    product_id = fields.Many2one(
        comodel_name="product.product",
        required=True,
        readonly=True,
        index=True,
        check_company=True,
        ondelete="restrict",
    )
    product_uom_id = fields.Many2one(
        related="product_id.uom_id",
    )
    default_code = fields.Char(
        related="product_id.default_code",
        string="Internal Reference",
    )
    categ_id = fields.Many2one(
        related="product_id.categ_id",
        store=True,
    )
    location_id = fields.Many2one(
        comodel_name="stock.location",
        required=True,
        readonly=True,
        check_company=True,
        ondelete="restrict",
    )
    lot_id = fields.Many2one(
        comodel_name="stock.lot",
        readonly=True,
        check_company=True,
        ondelete="restrict",
    )
    package_id = fields.Many2one(
        comodel_name="stock.package",
        readonly=True,
        check_company=True,
        ondelete="restrict",
    )
    owner_id = fields.Many2one(
        comodel_name="res.partner",
        readonly=True,
        ondelete="restrict",
    )
    state = fields.Selection(
        selection=[
            ("open", "To Count"),
            ("settled", "Differs"),
            ("kept", "Unchanged"),
            ("applied", "Applied"),
        ],
        required=True,
        readonly=True,
        default="open",
        index=True,
    )
    round = fields.Integer(
        readonly=True,
        default=1,
        help="Which time the line is counted. Only entries of this round count.",
    )
    needs_recount = fields.Boolean(
        readonly=True,
    )
    entry_ids = fields.One2many(
        comodel_name="jxc.stock.count.entry",
        inverse_name="line_id",
        string="Entries",
        readonly=True,
    )
    snapshot_quantity = fields.Float(
        string="Book at the Start",
        digits="Product Unit",
        readonly=True,
        groups=BOOK,
    )
    is_counted = fields.Boolean(
        compute="_compute_counted",
        store=True,
    )
    counted_quantity = fields.Float(
        compute="_compute_counted",
        store=True,
        digits="Product Unit",
    )
    counted_at = fields.Datetime(
        compute="_compute_counted",
        store=True,
    )
    book_quantity = fields.Float(
        compute="_compute_counted",
        store=True,
        digits="Product Unit",
        groups=BOOK,
        help="What the books said when the line was counted.",
    )
    difference = fields.Float(
        compute="_compute_counted",
        store=True,
        digits="Product Unit",
        groups=BOOK,
        help="Counted quantity less book quantity at the time of counting.",
    )
    is_aux_counted = fields.Boolean(
        compute="_compute_counted",
        store=True,
        string="Auxiliary Quantity Counted",
    )
    counted_aux_quantity = fields.Float(
        compute="_compute_counted",
        store=True,
        string="Counted (Auxiliary)",
        digits="Product Unit",
    )
    aux_difference = fields.Float(
        compute="_compute_counted",
        store=True,
        string="Difference (Auxiliary)",
        digits="Product Unit",
        groups=BOOK,
        help="Counted less book in the auxiliary unit, if all of it was counted.",
    )
    unit_cost = fields.Float(
        digits="Product Price",
        readonly=True,
        groups=COSTS,
    )
    difference_value = fields.Monetary(
        readonly=True,
        groups=COSTS,
        help="Difference at the cost when the count was submitted; once applied, the"
        " value of the stock move.",
    )
    reason_id = fields.Many2one(
        comodel_name="jxc.stock.count.reason",
        check_company=True,
    )
    note = fields.Char(
        string="Remark",
    )
    move_id = fields.Many2one(
        comodel_name="stock.move",
        string="Stock Move",
        readonly=True,
        index="btree_not_null",
    )
    applied_by_id = fields.Many2one(
        comodel_name="res.users",
        readonly=True,
    )
    applied_at = fields.Datetime(
        readonly=True,
    )
    shown_book_quantity = fields.Float(
        compute="_compute_shown",
        compute_sudo=True,
        string="Book (Quantity)",
        digits="Product Unit",
    )
    shown_difference = fields.Float(
        compute="_compute_shown",
        compute_sudo=True,
        string="Gain/Loss (Quantity)",
        digits="Product Unit",
    )
    shown_aux_difference = fields.Float(
        compute="_compute_shown",
        compute_sudo=True,
        string="Gain/Loss (Auxiliary)",
        digits="Product Unit",
    )
    shown_book_text = fields.Char(
        compute="_compute_shown",
        compute_sudo=True,
        string="Book",
    )
    counted_text = fields.Char(
        compute="_compute_shown",
        compute_sudo=True,
        string="Counted",
    )
    shown_difference_text = fields.Char(
        compute="_compute_shown",
        compute_sudo=True,
        string="Gain/Loss",
    )

    _key_unique = models.UniqueIndex(
        "(count_id, product_id, location_id, COALESCE(lot_id, 0),"
        " COALESCE(package_id, 0), COALESCE(owner_id, 0))",
        "A count has one line for a product in one place, lot and package.",
    )

    @api.depends(
        "round",
        "entry_ids.quantity",
        "entry_ids.aux_quantity",
        "entry_ids.book_aux_quantity",
        "entry_ids.book_quantity",
        "entry_ids.counted_at",
        "entry_ids.round",
        "entry_ids.is_void",
    )
    def _compute_counted(self):
        for line in self:
            entries = line._current_entries()
            uom = line.product_id.uom_id
            counted = uom.round(sum(entries.mapped("quantity")))
            line.is_counted = bool(entries)
            line.counted_quantity = counted
            line.counted_at = entries[-1:].counted_at
            line.book_quantity = entries[-1:].book_quantity
            line.difference = (
                uom.round(counted - entries[-1:].book_quantity) if entries else 0.0
            )
            line._compute_aux(entries)

    @api.depends(
        "snapshot_quantity",
        "counted_quantity",
        "book_quantity",
        "is_counted",
        "aux_difference",
        "is_aux_counted",
        "counted_aux_quantity",
        "count_id.blind",
        "count_id.state",
        "product_id",
    )
    @api.depends_context("uid", "lang")
    def _compute_shown(self):
        sees_all = self.env.user.has_group(BOOK)
        compounds = {
            template: template._jxc_compound()
            for template in self.product_id.product_tmpl_id
        }
        for line in self:
            compound = compounds[line.product_id.product_tmpl_id]
            count = line.count_id
            sees = sees_all or not count.blind or count.state == "done"
            line.counted_text = line._counted_text(compound)
            if not sees:
                line.shown_book_quantity = line.shown_difference = 0.0
                line.shown_aux_difference = 0.0
                line.shown_book_text = line.shown_difference_text = False
                continue
            book = line.book_quantity if line.is_counted else line.snapshot_quantity
            line.shown_book_quantity = book
            line.shown_book_text = compound.format(book)
            line.shown_difference = line.difference
            line.shown_aux_difference = line.aux_difference
            line.shown_difference_text = line.is_counted and compound.format(
                line.difference
            )
            if line.is_aux_counted:
                text = line.product_id.product_tmpl_id._jxc_quantity_text
                aux = line.counted_aux_quantity - line.aux_difference
                line.shown_book_text = text(book, aux)
                line.shown_difference_text = text(line.difference, line.aux_difference)

    @api.depends("product_id", "location_id", "lot_id")
    def _compute_display_name(self):
        for line in self:
            parts = (
                line.product_id.display_name,
                line.location_id.display_name,
                line.lot_id.name,
            )
            line.display_name = ", ".join(part for part in parts if part)

    # ------------------------------------------------------------
    # ORM overrides
    # ------------------------------------------------------------

    @api.model
    def default_get(self, fields):
        return own_defaults(self, super().default_get(fields), set(self._fields))

    def write(self, vals):
        forbidden = set(vals) - CLIENT_FIELDS
        if forbidden and not self.env.su:
            raise AccessError(
                self.env._(
                    "%(field)s of a count line follows from what people count.",
                    field=self._fields[min(forbidden)]._description_string(self.env),
                )
            )
        applied = self.filtered(lambda line: line.state == "applied")
        if applied and not self.env.su:
            raise UserError(
                self.env._(
                    "%(line)s is applied and stays as it is.",
                    line=applied[0].display_name,
                )
            )
        return super().write(vals)

    @api.model
    def _insert_keys(self, count, keys, snapshot):
        """Create the lines of these keys.

        :raise ConcurrencyError: somebody created one of them at the same moment; the
            request is then done again and finds it
        """
        names = ("product_id", "location_id", "lot_id", "package_id", "owner_id")
        try:
            with self.env.cr.savepoint():
                return self.create(
                    [
                        {
                            "count_id": count.id,
                            "snapshot_quantity": snapshot.get(key, 0.0),
                            **dict(zip(names, key, strict=True)),
                        }
                        for key in keys
                    ]
                )
        except UniqueViolation as error:
            raise ConcurrencyError(str(error)) from error
