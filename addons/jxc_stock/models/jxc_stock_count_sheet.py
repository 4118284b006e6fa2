# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
import math

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

from odoo.addons.jxc_base.tools.guard import own_defaults

from .jxc_stock_count_entry import CLOCK_SKEW, NAMES

SERVER_FIELDS = ("state", "number", "entry_number", "company_id")


class JxcStockCountSheet(models.Model):
    """What one person counts for a count; several work at once, each on their own."""

    _name = "jxc.stock.count.sheet"
    _description = "Stock Count Sheet"
    _inherit = ["barcodes.barcode_events_mixin"]
    _order = "count_id desc, number, id"
    _check_company_auto = True

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
            ("open", "Open"),
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

    @api.model
    def default_get(self, fields):
        return own_defaults(self, super().default_get(fields), SERVER_FIELDS)

    @api.model_create_multi
    def create(self, vals_list):
        self.check_access("create")
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
        return super().create(vals_list)

    def write(self, vals):
        if not self.env.su:
            self._check_client_values(vals)
            others = self.sudo().filtered(lambda s: s.user_id != self.env.user)
            if others and not self._is_manager():
                self._refuse_others(others[0])
        return super().write(vals)

    def _check_client_values(self, vals):
        for name in SERVER_FIELDS:
            if vals.get(name) and vals[name] != "open":
                raise AccessError(
                    self.env._(
                        "%(field)s of a sheet cannot be written.",
                        field=self._fields[name]._description_string(self.env),
                    )
                )
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

    # ------------------------------------------------------------
    # Entries
    # ------------------------------------------------------------

    def _prepare_entries(self, vals_list):
        """Return complete values of new entries on this sheet, judged and with book.

        :raise UserError: naming what is wrong with an entry
        """
        self.ensure_one()
        count = self.sudo().count_id
        now = fields.Datetime.now()
        # Read in one go what is asked of every product and lot.
        products = self.env["product.product"].browse(
            {vals.get("product_id") for vals in vals_list}
        )
        products.check_access("read")
        full = []
        for vals in vals_list:
            vals = dict(vals)
            vals["location_id"] = vals.get("location_id") or self.sudo().location_id.id
            product = products.browse(vals.get("product_id")).with_prefetch(
                products.ids
            )
            self._check_number(product, vals.get("quantity"))
            self._check_number(product, vals.get("aux_quantity"))
            vals["quantity"] = self._read_quantity(product, vals)
            vals["quantity_text"] = vals.get("quantity_text") or product.jxc_format_qty(
                vals["quantity"]
            )
            full.append(vals)
        self._check_goods(full, products)
        keys = [tuple(vals.get(name) or False for name in NAMES) for vals in full]
        count._check_in_scope(keys)
        lines = count._find_or_create_lines(keys)
        moments = [self._read_moment(vals, count, now) for vals in full]
        books = self.env["jxc.stock.count.entry"]._books_at(
            list(zip(keys, moments, strict=True))
        )
        aux_books = self._aux_books(products, keys, moments)
        for vals, key, moment, book in zip(full, keys, moments, books, strict=True):
            line = lines[key]
            if line.state != "open":
                raise UserError(
                    self.env._(
                        "%(line)s has been counted and settled. An inventory"
                        " administrator can have it counted again.",
                        line=line.display_name,
                    )
                )
            vals.update(
                line_id=line.id,
                user_id=self.env.uid,
                round=line.round,
                counted_at=moment or now,
                book_quantity=book,
                book_aux_quantity=aux_books.get((key, moment), 0.0),
                is_void=False,
            )
        self._check_serials(full, lines)
        return full

    def _read_quantity(self, product, vals):
        """Return the quantity of an entry in the base unit."""
        if vals.get("quantity_text"):
            quantity = product.jxc_parse_qty(vals["quantity_text"])
        else:
            quantity = vals.get("quantity") or 0.0
        if quantity < 0:
            raise UserError(
                self.env._(
                    "%(product)s: one cannot count less than nothing.",
                    product=product.display_name,
                )
            )
        return product.uom_id.round(quantity)

    def _check_number(self, product, number):
        """Refuse what is no number; programs may send anything.

        :raise UserError: naming the product
        """
        if number and not (isinstance(number, int | float) and math.isfinite(number)):
            raise UserError(
                self.env._(
                    "%(product)s: %(qty)s is not a quantity.",
                    product=product.display_name,
                    qty=number,
                )
            )

    def _aux_books(self, products, keys, moments):
        """Return {(key, moment): book quantity in the auxiliary unit} where needed."""
        weighed = set(products.filtered("jxc_aux_uom_id").ids)
        pairs = [
            (key, moment)
            for key, moment in zip(keys, moments, strict=True)
            if key[0] in weighed
        ]
        if not pairs:
            return {}
        Entry = self.env["jxc.stock.count.entry"]
        return dict(zip(pairs, Entry._books_at(pairs, "jxc_aux_qty"), strict=True))

    def _read_moment(self, vals, count, now):
        """Return when an entry was counted, None for now.

        :raise UserError: before the count started, or in the future
        """
        try:
            moment = fields.Datetime.to_datetime(vals.get("counted_at"))
        except (TypeError, ValueError) as error:
            raise UserError(
                self.env._("%(moment)s is no moment.", moment=vals["counted_at"])
            ) from error
        if not moment or now <= moment <= now + CLOCK_SKEW:
            return None
        moment = moment.replace(microsecond=0)
        if count.started_at <= moment <= now:
            return moment
        raise UserError(
            self.env._(
                "%(product)s: it cannot have been counted on %(moment)s. The count"
                " started on %(start)s, now it is %(now)s (UTC).",
                product=self.env["product.product"]
                .browse(vals["product_id"])
                .display_name,
                moment=fields.Datetime.to_string(moment),
                start=fields.Datetime.to_string(count.started_at),
                now=fields.Datetime.to_string(now),
            )
        )

    def _check_goods(self, vals_list, products):
        """Refuse entries without a place, or with a lot that does not fit."""
        lots = (
            self.env["stock.lot"]
            .sudo()
            .browse({vals["lot_id"] for vals in vals_list if vals.get("lot_id")})
        )
        for vals in vals_list:
            product = products.browse(vals["product_id"]).with_prefetch(products.ids)
            lot = lots.browse(vals.get("lot_id") or []).with_prefetch(lots.ids)
            if not vals["location_id"]:
                message = self.env._("say where it was counted.")
            elif product.tracking != "none" and not lot:
                message = self.env._("it is kept by lots, say which one.")
            elif lot and lot.product_id != product:
                message = self.env._(
                    "lot %(lot)s belongs to %(other)s.",
                    lot=lot.name,
                    other=lot.product_id.display_name,
                )
            else:
                continue
            raise UserError(
                self.env._(
                    "%(product)s: %(problem)s",
                    product=product.display_name,
                    problem=message,
                )
            )

    def _check_serials(self, vals_list, lines):
        """A serial number is there once or not at all."""
        found = {
            line.id: sum(line._current_entries().mapped("quantity"))
            for line in lines.values()
            if line.product_id.tracking == "serial"
        }
        for vals in vals_list:
            if vals["line_id"] not in found:
                continue
            found[vals["line_id"]] += vals["quantity"]
            if found[vals["line_id"]] > 1:
                line = self.env["jxc.stock.count.line"].sudo().browse(vals["line_id"])
                raise UserError(
                    self.env._(
                        "%(line)s is a serial number: it is there once or not at all.",
                        line=line.display_name,
                    )
                )
