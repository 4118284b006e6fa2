# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from collections import defaultdict
from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.fields import Domain

from odoo.addons.jxc_base.tools.guard import own_defaults

SERVER_FIELDS = {
    "line_id",
    "user_id",
    "round",
    "book_quantity",
    "book_aux_quantity",
    "is_void",
    "count_id",
    "company_id",
}
NAMES = ("product_id", "location_id", "lot_id", "package_id", "owner_id")
# Clocks of phones are not quite right.
CLOCK_SKEW = timedelta(minutes=2)


class JxcStockCountEntry(models.Model):
    """Somebody counted so much of something at a moment.

    Entries are never changed: a wrong one is taken back (``action_void``) and entered
    anew. So nobody overwrites anybody, and what was counted when stays known.
    """

    _name = "jxc.stock.count.entry"
    _description = "Stock Count Entry"
    _order = "id desc"
    _check_company_auto = True

    sheet_id = fields.Many2one(
        comodel_name="jxc.stock.count.sheet",
        required=True,
        index=True,
        ondelete="cascade",
    )
    count_id = fields.Many2one(
        related="sheet_id.count_id",
        store=True,
        index=True,
    )
    company_id = fields.Many2one(
        related="sheet_id.company_id",
        store=True,
        index=True,
    )
    line_id = fields.Many2one(
        comodel_name="jxc.stock.count.line",
        readonly=True,
        index=True,
        ondelete="cascade",
    )
    user_id = fields.Many2one(
        comodel_name="res.users",
        string="Counted by",
        readonly=True,
    )
    counted_at = fields.Datetime(
        help="When it was counted; now, if not given. A moment since the start of the"
        " count.",
    )
    product_id = fields.Many2one(
        comodel_name="product.product",
        required=True,
        check_company=True,
        domain="[('is_storable', '=', True)]",
        ondelete="restrict",
    )
    tracking = fields.Selection(
        related="product_id.tracking",
    )
    location_id = fields.Many2one(
        comodel_name="stock.location",
        required=True,
        check_company=True,
        domain="[('usage', '=', 'internal')]",
        ondelete="restrict",
    )
    lot_id = fields.Many2one(
        comodel_name="stock.lot",
        check_company=True,
        domain="[('product_id', '=', product_id)]",
        ondelete="restrict",
    )
    package_id = fields.Many2one(
        comodel_name="stock.package",
        check_company=True,
        ondelete="restrict",
    )
    owner_id = fields.Many2one(
        comodel_name="res.partner",
        ondelete="restrict",
    )
    quantity_text = fields.Char(
        string="Counted",
        help="In any unit of the product: 3箱5瓶, or 41 of the base unit.",
    )
    quantity = fields.Float(
        digits="Product Unit",
        help="In the base unit. Given with “Counted”, that one is taken.",
    )
    product_uom_id = fields.Many2one(
        related="product_id.uom_id",
    )
    aux_uom_id = fields.Many2one(
        related="product_id.jxc_aux_uom_id",
    )
    aux_quantity = fields.Float(
        string="Counted (Auxiliary)",
        digits="Product Unit",
        help="In the auxiliary unit of the product. If it is not given, it follows the"
        " quantity.",
    )
    book_aux_quantity = fields.Float(
        string="Book (Auxiliary)",
        digits="Product Unit",
        readonly=True,
        groups="stock.group_stock_manager",
    )
    round = fields.Integer(
        readonly=True,
    )
    is_void = fields.Boolean(
        string="Taken Back",
        readonly=True,
    )
    book_quantity = fields.Float(
        digits="Product Unit",
        readonly=True,
        groups="stock.group_stock_manager",
        help="What the books said at that moment.",
    )
    client_key = fields.Char(
        copy=False,
        readonly=True,
        export_string_translation=False,
        help="Given by a device, so that what it sends twice is entered once.",
    )

    _client_key_unique = models.UniqueIndex(
        "(sheet_id, client_key) WHERE client_key IS NOT NULL",
        "This entry was sent already.",
    )
    _quantity_positive = models.Constraint(
        "CHECK (quantity >= 0 AND COALESCE(aux_quantity, 0) >= 0)",
        "One cannot count less than nothing.",
    )

    @api.onchange("product_id")
    def _onchange_product_id(self):
        if self.lot_id.product_id != self.product_id:
            self.lot_id = False

    # ------------------------------------------------------------
    # ORM overrides
    # ------------------------------------------------------------

    @api.model
    def default_get(self, fields):
        return own_defaults(self, super().default_get(fields), SERVER_FIELDS)

    @api.model_create_multi
    def create(self, vals_list):
        self.check_access("create")
        default = self.default_get(["sheet_id"])
        vals_list = [
            {**default, **self._without_server_fields(vals)} for vals in vals_list
        ]
        if not all(vals.get("sheet_id") for vals in vals_list):
            raise UserError(
                self.env._("Entries are made on a sheet: open yours on the count.")
            )
        Sheet = self.env["jxc.stock.count.sheet"]
        sheets = Sheet.browse({vals.get("sheet_id") for vals in vals_list} - {None})
        sheets._check_may_enter()
        sheets._touch()
        by_sheet = defaultdict(list)
        for vals in vals_list:
            by_sheet[vals["sheet_id"]].append(vals)
        prepared = {}
        for sheet in sheets:
            given = by_sheet[sheet.id]
            for vals, full in zip(given, sheet._prepare_entries(given), strict=True):
                prepared[id(vals)] = full
        entries = super(JxcStockCountEntry, self.sudo()).create(
            [prepared[id(vals)] for vals in vals_list]
        )
        return entries.with_env(self.env)

    @api.model
    def _without_server_fields(self, vals):
        if self.env.su:
            return dict(vals)
        return {name: vals[name] for name in vals if name not in SERVER_FIELDS}

    # ------------------------------------------------------------
    # Actions
    # ------------------------------------------------------------

    def action_void(self):
        """Take wrong entries back; they stay visible as taken back.

        :raise AccessError: another person's entry, and the user is no administrator
        :raise UserError: the sheet is closed
        """
        self.check_access("read")
        manager = self.env.su or self.env.user.has_group("stock.group_stock_manager")
        for entry in self.sudo():
            if entry.user_id != self.env.user and not manager:
                raise AccessError(
                    self.env._(
                        "%(user)s entered %(product)s: ask them or an inventory"
                        " administrator to take it back.",
                        user=entry.user_id.name,
                        product=entry.product_id.display_name,
                    )
                )
            if entry.line_id.state != "open" or entry.round != entry.line_id.round:
                raise UserError(
                    self.env._(
                        "%(line)s is settled: its entries stay as they are.",
                        line=entry.line_id.display_name,
                    )
                )
        self.sheet_id._check_may_enter()
        self.sheet_id._touch()
        self.sudo().write({"is_void": True})
        return True

    # ------------------------------------------------------------
    # Book quantity
    # ------------------------------------------------------------

    @api.model
    def _books_at(self, wanted, field="quantity"):
        """Return the book quantity of each key at a moment.

        What the books say now, less what has moved since then. Not the other way round
        from the snapshot: quantities that were corrected in done moves are in the stock
        already, but nowhere in its history. So are moves that somebody dated into the
        future: when they happened is not known.

        :param wanted: list of (key, moment); a moment of None means now
        :param field: "quantity", or "jxc_aux_qty" for the auxiliary quantity
        :return: list of quantities in the same order
        """
        now = self._quantities_now({key for key, _moment in wanted}, field)
        today = fields.Datetime.now()
        past = [(key, moment) for key, moment in wanted if moment]
        changes = defaultdict(list)
        if past:
            since = min(moment for _key, moment in past)
            for key, date, quantity in self._changes_since(
                {key for key, _moment in past}, since, field
            ):
                changes[key].append((date, quantity))
        return [
            now[key]
            - sum(q for date, q in changes[key] if moment and moment < date <= today)
            for key, moment in wanted
        ]

    @api.model
    def _quantities_now(self, keys, field):
        groups = (
            self.env["stock.quant"]
            .sudo()
            ._read_group(
                [
                    ("product_id", "in", list({key[0] for key in keys})),
                    ("location_id", "in", list({key[1] for key in keys})),
                ],
                list(NAMES),
                [f"{field}:sum"],
            )
        )
        quantities = defaultdict(float)
        for *records, quantity in groups:
            quantities[tuple(record.id for record in records)] = quantity
        return quantities

    @api.model
    def _changes_since(self, keys, since, field="quantity"):
        """Return (key, moment, change of quantity) of all done moves after a moment."""
        products = list({key[0] for key in keys})
        places = list({key[1] for key in keys})
        lines = (
            self.env["stock.move.line"]
            .sudo()
            .search_fetch(
                Domain("product_id", "in", products)
                & Domain("state", "=", "done")
                & Domain("date", ">", since)
                & (
                    Domain("location_id", "in", places)
                    | Domain("location_dest_id", "in", places)
                ),
                [
                    "product_id",
                    "location_id",
                    "location_dest_id",
                    "lot_id",
                    "package_id",
                    "result_package_id",
                    "owner_id",
                    "quantity_product_uom",
                    "jxc_aux_qty",
                    "date",
                ],
            )
        )
        changes = []
        for line in lines:
            product, lot, owner = line.product_id.id, line.lot_id.id, line.owner_id.id
            quantity = line.jxc_aux_qty
            if field == "quantity":
                quantity = line.quantity_product_uom
            source = product, line.location_id.id, lot, line.package_id.id, owner
            target = (
                product,
                line.location_dest_id.id,
                lot,
                line.result_package_id.id,
                owner,
            )
            changes += [(source, line.date, -quantity), (target, line.date, quantity)]
        return [change for change in changes if change[0] in keys]
