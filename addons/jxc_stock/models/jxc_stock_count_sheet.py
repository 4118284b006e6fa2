# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError


class JxcStockCountSheet(models.Model):
    """What one person counts for a count; several work at once, each on their own."""

    _name = "jxc.stock.count.sheet"
    _description = "Stock Count Sheet"
    _inherit = ["jxc.server.fields.mixin", "barcodes.barcode_events_mixin"]
    _order = "count_id desc, number, id"
    _check_company_auto = True
    _jxc_server_fields = frozenset({"state", "number", "entry_number", "company_id"})

    count_id = fields.Many2one(
        comodel_name="jxc.stock.count",
        required=True,
        index=True,
        ondelete="cascade",
    )
    count_state = fields.Selection(
        related="count_id.state",
        string="State of the Count",
    )
    company_id = fields.Many2one(
        related="count_id.company_id",
        store=True,
        index=True,
    )
    warehouse_id = fields.Many2one(
        related="count_id.warehouse_id",
    )
    number = fields.Integer(
        string="Sheet Number",
        readonly=True,
        aggregator=None,
    )
    user_id = fields.Many2one(
        comodel_name="res.users",
        string="Counted by",
        required=True,
        index=True,
        default=lambda self: self.env.user,
        check_company=True,
    )
    location_id = fields.Many2one(
        comodel_name="stock.location",
        string="Current Location",
        check_company=True,
        domain="[('warehouse_id', '=', warehouse_id), ('usage', '=', 'internal')]",
        help="Where new entries are counted, unless they say otherwise. Scanning a"
        " location changes it.",
    )
    note = fields.Char(
        string="Remark",
    )
    state = fields.Selection(
        selection=[
            ("open", "In Progress"),
            ("closed", "Closed"),
        ],
        required=True,
        readonly=True,
        default="open",
    )
    entry_ids = fields.One2many(
        comodel_name="jxc.stock.count.entry",
        inverse_name="sheet_id",
        string="Entries",
    )
    entry_number = fields.Integer(
        string="Changes",
        readonly=True,
        export_string_translation=False,
    )
    entry_count = fields.Integer(
        compute="_compute_entry_count",
    )

    @api.depends("entry_ids")
    def _compute_entry_count(self):
        groups = self.env["jxc.stock.count.entry"]._read_group(
            [("sheet_id", "in", self.ids), ("is_void", "=", False)],
            ["sheet_id"],
            ["__count"],
        )
        numbers = {sheet.id: number for sheet, number in groups}
        for sheet in self:
            sheet.entry_count = numbers.get(sheet.id, 0)

    @api.depends("count_id.name", "number", "user_id")
    def _compute_display_name(self):
        for sheet in self:
            sheet.display_name = self.env._(
                "%(count)s, sheet %(number)s (%(user)s)",
                count=sheet.count_id.name or "",
                number=sheet.number,
                user=sheet.user_id.name or "",
            )

    # ------------------------------------------------------------
    # ORM overrides
    # ------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        self.check_access("create")
        vals_list = [self._jxc_without_server_fields(vals) for vals in vals_list]
        if not self.env.su:
            for vals in vals_list:
                self._check_client_values(vals)
        Count = self.env["jxc.stock.count"]
        counts = Count.browse({vals.get("count_id") for vals in vals_list} - {None})
        counts.check_access("read")
        counts = counts.sudo()
        counts._check_counting()
        for count in counts:
            mine = [vals for vals in vals_list if vals.get("count_id") == count.id]
            first = count._next_sheet_numbers(len(mine))
            for number, vals in enumerate(mine, start=first):
                vals["number"] = number
                vals.setdefault("location_id", count._only_location().id)
        sheets = super(JxcStockCountSheet, self.sudo()).create(vals_list)
        sheets = sheets.with_env(self.env)
        sheets.check_access("create")
        return sheets

    def write(self, vals):
        if not self.env.su:
            self._check_client_values(vals)
            others = self.sudo().filtered(lambda s: s.user_id != self.env.user)
            if others and not self._is_manager():
                self._refuse_others(others[0])
        return super().write(vals)

    def _check_client_values(self, vals):
        if self and "count_id" in vals:
            raise AccessError(self.env._("A sheet stays with its count."))
        user = vals.get("user_id")
        if user and user != self.env.uid and not self._is_manager():
            raise AccessError(
                self.env._("Only inventory administrators hand out sheets to others.")
            )

    @api.ondelete(at_uninstall=False)
    def _unlink_except_used(self):
        for sheet in self:
            if sheet.sudo().entry_ids:
                raise UserError(
                    self.env._(
                        "%(sheet)s has entries and stays. Take wrong entries back.",
                        sheet=sheet.display_name,
                    )
                )

    # ------------------------------------------------------------
    # Actions
    # ------------------------------------------------------------

    def action_close(self):
        """Say that the counting on these sheets is finished."""
        self._check_may_enter()
        self.sudo()._close()
        return True

    def action_reopen(self):
        """Count on, while the count is in progress."""
        self.check_access("write")
        self.sudo().count_id._check_counting()
        if not self._is_manager():
            for sheet in self.sudo():
                if sheet.user_id != self.env.user:
                    self._refuse_others(sheet)
        self.sudo().write({"state": "open"})
        return True

    # ------------------------------------------------------------
    # Steps
    # ------------------------------------------------------------

    def _is_manager(self):
        return self.env.su or self.env.user.has_group("stock.group_stock_manager")

    def _refuse_others(self, sheet):
        raise AccessError(
            self.env._(
                "%(sheet)s belongs to somebody else. Count on a sheet of your own.",
                sheet=sheet.display_name,
            )
        )

    def _check_may_enter(self):
        """Judge whether the user may enter on these sheets now.

        :raise AccessError: another person's sheet
        :raise UserError: the sheet is closed or its count not in progress
        """
        self.check_access("read")
        sheets = self.sudo()
        sheets.count_id._check_counting()
        for sheet in sheets:
            if sheet.user_id != self.env.user and not self._is_manager():
                self._refuse_others(sheet)
            if sheet.state != "open":
                raise UserError(
                    self.env._(
                        "%(sheet)s is closed. Reopen it, or take a new sheet.",
                        sheet=sheet.display_name,
                    )
                )

    def _touch(self):
        """Really update the sheets.

        Submitting a count closes its sheets, which updates them too: of an entry and a
        submission at the same moment the later one is then done again.
        """
        for sheet in self.sudo():
            sheet.entry_number += 1
        self.sudo().flush_recordset(["entry_number"])

    def _close(self):
        self.write({"state": "closed"})
        self.flush_recordset(["state"])
