# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

from .res_company_match import ACTIONS

EXCEEDED = ("company", "vendor", "product", "tax", "missing", "quantity", "price")
STATES = [
    ("matched", "Matched"),
    ("partial", "Part of the receipt"),
    ("price", "Price differs"),
    ("quantity", "More than received"),
    ("missing", "Nothing received"),
    ("tax", "Tax differs"),
    ("total", "Total differs"),
    ("company", "Order of another company"),
    ("vendor", "Order of another vendor"),
    ("product", "Order of another product"),
    ("free", "Without order"),
]


class JxcInvoiceMatch(models.Model):
    """Order, receipt and bill by bill line (三单匹配), as found when it was looked at.

    Rows are written by ``account.move`` only; a release belongs to the vendor, order
    line, quantity, price, tax, account and currency it was given for.
    """

    _name = "jxc.invoice.match"
    _description = "Bill Match"
    _order = "id desc"
    _check_company_auto = True

    move_id = fields.Many2one(
        "account.move", string="Bill", required=True, index=True, ondelete="cascade"
    )
    line_id = fields.Many2one(
        "account.move.line", required=True, index=True, ondelete="cascade"
    )
    purchase_line_id = fields.Many2one("purchase.order.line", index=True)
    order_id = fields.Many2one(related="purchase_line_id.order_id", store=True)
    company_id = fields.Many2one(related="move_id.company_id", store=True, index=True)
    partner_id = fields.Many2one(
        related="move_id.commercial_partner_id", string="Vendor", store=True
    )
    compared_partner_id = fields.Many2one(
        "res.partner",
        string="Compared Vendor",
        help="Whose bill it was when it was compared; a release is for that vendor.",
    )
    currency_id = fields.Many2one(related="move_id.currency_id")
    product_id = fields.Many2one("product.product")
    uom_id = fields.Many2one("uom.uom", string="Unit")
    quantity_ordered = fields.Float(string="Ordered", digits="Product Unit")
    quantity_received = fields.Float(string="Received", digits="Product Unit")
    quantity_available = fields.Float(
        string="To Bill",
        digits="Product Unit",
        help="Received (or ordered, for products billed by order) and not billed by"
        " other bills.",
    )
    quantity_billed = fields.Float(string="Billed", digits="Product Unit")
    price_order = fields.Float(string="Order Price", digits="Product Price")
    price_bill = fields.Float(string="Bill Price", digits="Product Price")
    amount_difference = fields.Monetary(
        string="Price Difference", help="Of the billed quantity, without tax."
    )
    tax_ids = fields.Many2many("account.tax", string="Bill Taxes")
    amount_tax_difference = fields.Monetary(
        string="Tax Difference",
        help="How much the tax of the whole bill was corrected by hand; on its first"
        " line.",
    )
    amount_total_difference = fields.Monetary(
        string="Total Difference",
        help="How much the whole bill is off what its orders come to for what was"
        " received, without tax; on its first line with an order, where the company"
        " limits it.",
    )
    compared_account_id = fields.Many2one(
        "account.account",
        help="Where the bill line was booked when it was compared.",
    )
    compared_currency_id = fields.Many2one(
        "res.currency",
        help="The bill's currency when it was compared.",
    )
    compared_balance = fields.Monetary(
        currency_field="company_currency_id",
        help="What the bill line came to in the company's currency when it was"
        " compared.",
    )
    company_currency_id = fields.Many2one(
        related="company_id.currency_id", string="Company Currency"
    )
    state = fields.Selection(selection=STATES, required=True, index=True)
    is_exceeded = fields.Boolean(string="Beyond Tolerance", index=True)
    action = fields.Selection(selection=ACTIONS, required=True)
    released_by_id = fields.Many2one("res.users", readonly=True)
    released_on = fields.Datetime(readonly=True)
    release_reason = fields.Char(readonly=True)
    is_open = fields.Boolean(
        string="To Decide",
        compute="_compute_is_open",
        store=True,
        help="Beyond tolerance, held or refused, and not released.",
    )

    _line_unique = models.UniqueIndex("(line_id)", "A bill line is matched once.")

    @api.depends("is_exceeded", "action", "released_by_id")
    def _compute_is_open(self):
        for match in self:
            match.is_open = (
                match.is_exceeded
                and match.action in ("hold", "block")
                and not match.released_by_id
            )

    @api.depends("move_id", "product_id")
    def _compute_display_name(self):
        for match in self:
            bill = match.move_id.name or match.move_id.ref or ""
            match.display_name = f"{bill} {match.product_id.display_name or ''}".strip()

    def action_release(self, reason):
        """Let a bill line pass that is beyond tolerance.

        :param reason: why, kept with the match and on the bill
        :raise AccessError: for others than the accounting administrator, and for who
            entered, changed or booked the bill
        :raise UserError: without a reason, or when there is nothing to release
        """
        if not self.env.user.has_group("account.group_account_manager"):
            raise AccessError(
                self.env._("Only the accounting administrator releases bills.")
            )
        self.check_access("read")
        reason = str(reason or "").strip()
        if not reason:
            raise UserError(self.env._("Say why the bill is released."))
        for match in self:
            if not match.is_open:
                raise UserError(
                    self.env._("%(match)s is not held.", match=match.display_name)
                )
            if self.env.user in match.move_id._jxc_get_makers():
                raise AccessError(
                    self.env._(
                        "You entered, changed or booked %(bill)s; somebody else has to"
                        " release it.",
                        bill=match.move_id.display_name,
                    )
                )
        # sudo: nobody writes matches directly
        self.sudo().write(
            {
                "released_by_id": self.env.user.id,
                "released_on": fields.Datetime.now(),
                "release_reason": reason,
            }
        )
        for bill in self.move_id:
            bill.message_post(body=self.env._("Released from matching: %s", reason))
        return True

    def _jxc_is_other(self, values):
        """Whether a bill line is not any more what was seen.

        :param values: see :meth:`account.move.line._jxc_prepare_match`
        """
        self.ensure_one()
        figures = (
            "quantity_billed",
            "quantity_available",
            "price_bill",
            "price_order",
            "amount_tax_difference",
            "compared_balance",
        )
        others = (
            "purchase_line_id",
            "compared_partner_id",
            "compared_account_id",
            "compared_currency_id",
            "product_id",
        )
        return (
            any(self[name].id != values[name] for name in others)
            or self.tax_ids.ids != values["tax_ids"][0][2]
            or any(abs(self[name] - values.get(name, 0.0)) > 1e-6 for name in figures)
        )

    def _jxc_compare_again(self):
        """Compare held lines of posted bills again, with others that wait for the same.

        The earliest bill gets the goods. Lines that passed before stay as they are.
        """
        matches = self | self.line_id.purchase_line_id._jxc_open_matches()
        matches = matches.filtered(
            lambda match: match.company_id.jxc_match_action != "none"
        )
        lines = matches.line_id.sorted(
            lambda line: (line.date, line.move_id.id, line.id)
        )
        lines._jxc_compare()
        lines.move_id._jxc_judge_totals()
        for bill in lines.move_id.filtered(lambda move: not move.jxc_match_open):
            bill.message_post(
                body=self.env._(
                    "Compared with orders and receipts again; no longer held."
                )
            )

    def _jxc_text(self):
        """What is wrong with a bill line, in words."""
        self.ensure_one()
        if self.state == "free":
            return self.env._(
                "%(product)s: without order (billed %(billed)s at %(price)s)",
                product=self.product_id.display_name or self.line_id.name or "",
                billed=self.quantity_billed,
                price=self.price_bill,
            )
        states = dict(self._fields["state"]._description_selection(self.env))
        text = self.env._(
            "%(product)s: %(state)s (billed %(billed)s of %(available)s at %(price)s,"
            " ordered at %(order_price)s)",
            product=self.product_id.display_name,
            state=states[self.state],
            billed=self.quantity_billed,
            available=self.quantity_available,
            price=self.price_bill,
            order_price=self.price_order,
        )
        if self.state == "tax" and self.amount_tax_difference:
            off = self.env._(
                "tax differs by %(amount)s from the lines",
                amount=self.currency_id.format(self.amount_tax_difference),
            )
            text = f"{text}; {off}"
        if self.state == "total":
            text = self.env._(
                "the whole bill differs by %(amount)s from its orders and receipts",
                amount=self.currency_id.format(self.amount_total_difference),
            )
        return text

    def _jxc_expected(self):
        """What the billed goods come to by order and receipt, in bill currency."""
        self.ensure_one()
        return self.price_order * min(self.quantity_billed, self.quantity_available)

    def _jxc_covered_state(self):
        """State of a line that is within tolerance."""
        self.ensure_one()
        more = self.quantity_available - self.quantity_billed > 1e-6
        return "partial" if more else "matched"

    def action_open_release(self):
        """Ask for the reason of a release."""
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Release"),
            "res_model": "jxc.invoice.match.release",
            "views": [(False, "form")],
            "target": "new",
            "context": {"default_match_ids": self.ids},
        }

    def action_open_bill(self):
        """The bill of this match."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "res_model": "account.move",
            "res_id": self.move_id.id,
            "views": [(False, "form")],
        }
