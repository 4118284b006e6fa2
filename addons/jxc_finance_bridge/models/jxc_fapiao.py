# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
import re

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

from ..tools.einvoice import tax_number

NUMBER = re.compile(r"[0-9]{20}|[0-9]{10}-[0-9]{8}|[0-9]{12}-[0-9]{8}")


class JxcFapiao(models.Model):
    """The register of tax invoices (发票), issued and received.

    The platform's own field keeps 8 digits and cuts the rest off; a number is kept
    here as a whole.
    """

    _name = "jxc.fapiao"
    _description = "Tax Invoice"
    _inherit = ["jxc.server.fields.mixin", "mail.thread", "mail.activity.mixin"]
    _jxc_server_fields = frozenset({"state", "amount_total"})
    _order = "date desc, id desc"
    _rec_name = "number"
    _rec_names_search = ["number", "seller_name", "buyer_name"]
    _check_company_auto = True

    number = fields.Char(
        required=True,
        tracking=True,
        copy=False,
        help="20 digits, or of an old invoice code and number: 1100192130-12345678.",
    )
    kind = fields.Selection(
        selection=[
            ("special", "Special VAT Invoice"),
            ("general", "General VAT Invoice"),
            ("other", "Other"),
        ],
        required=True,
        default="special",
        tracking=True,
    )
    direction = fields.Selection(
        selection=[("in", "Received"), ("out", "Issued")],
        required=True,
        default="in",
        tracking=True,
    )
    state = fields.Selection(
        selection=[
            ("open", "Not Booked"),
            ("booked", "Booked"),
            ("void", "Void"),
        ],
        compute="_compute_state",
        store=True,
    )
    is_void = fields.Boolean(
        string="Void",
        copy=False,
        tracking=True,
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
    date = fields.Date(
        required=True,
        tracking=True,
    )
    seller_name = fields.Char()
    seller_vat = fields.Char(
        string="Seller's Tax Number",
        required=True,
        index=True,
    )
    buyer_name = fields.Char()
    buyer_vat = fields.Char(
        string="Buyer's Tax Number",
    )
    amount_untaxed = fields.Monetary(
        tracking=True,
    )
    amount_tax = fields.Monetary(
        tracking=True,
    )
    amount_total = fields.Monetary(
        compute="_compute_amount_total",
        store=True,
    )
    blue_id = fields.Many2one(
        comodel_name="jxc.fapiao",
        string="Corrects",
        check_company=True,
        ondelete="restrict",
        copy=False,
        index="btree_not_null",
        help="The blue invoice that this red one (with negative amounts) takes back.",
    )
    red_ids = fields.One2many(
        comodel_name="jxc.fapiao",
        inverse_name="blue_id",
        string="Corrected By",
    )
    move_ids = fields.Many2many(
        comodel_name="account.move",
        relation="jxc_fapiao_move_rel",
        column1="fapiao_id",
        column2="move_id",
        string="Bills and Invoices",
        check_company=True,
        copy=False,
    )

    line_ids = fields.One2many(
        comodel_name="jxc.fapiao.line",
        inverse_name="fapiao_id",
        string="Items",
        copy=True,
    )
    blue_number = fields.Char(
        string="Number Corrected",
        copy=False,
        index="btree_not_null",
        help="The number of the blue invoice that the red one names. Linked as soon as"
        " the blue one is in the register.",
    )
    amount_difference = fields.Monetary(
        string="Not in the Books",
        compute="_compute_amount_difference",
        help="The total less that of the bills and invoices linked.",
    )

    _number_unique = models.Constraint(
        "UNIQUE (company_id, seller_vat, number)",
        "This tax invoice is in the register already.",
    )

    #: those of 20 digits are given once in the country, whoever the seller is
    _digital_unique = models.UniqueIndex(
        "(company_id, number) WHERE length(number) = 20",
        "This tax invoice is in the register already.",
    )

    @api.depends("is_void", "move_ids.state")
    def _compute_state(self):
        for fapiao in self:
            posted = any(move.state == "posted" for move in fapiao.move_ids)
            fapiao.state = "void" if fapiao.is_void else "booked" if posted else "open"

    @api.depends("amount_untaxed", "amount_tax")
    def _compute_amount_total(self):
        for fapiao in self:
            fapiao.amount_total = fapiao.amount_untaxed + fapiao.amount_tax

    @api.depends("amount_total", "move_ids.amount_total", "move_ids.state")
    def _compute_amount_difference(self):
        for fapiao in self:
            moves = fapiao.move_ids.filtered(lambda move: move.state != "cancel")
            booked = sum(
                (-1 if move.move_type.endswith("refund") else 1) * move.amount_total
                for move in moves
            )
            fapiao.amount_difference = fapiao.amount_total - booked

    @api.constrains("number")
    def _check_number(self):
        for fapiao in self:
            if not NUMBER.fullmatch(fapiao.number):
                raise ValidationError(
                    self.env._(
                        "%(number)s is no number of a tax invoice: 20 digits, or the"
                        " code and 8 digits, like 1100192130-12345678.",
                        number=fapiao.number,
                    )
                )

    @api.constrains("blue_id", "amount_untaxed", "amount_tax", "seller_vat", "is_void")
    def _check_blue(self):
        """Red invoices take back no more than the blue one, whichever was changed."""
        # A void one takes nothing back; that a blue one is void does not matter here.
        reds = self.red_ids | self.blue_id.red_ids | self.filtered("blue_id")
        for red in reds.filtered(lambda part: not part.is_void):
            blue, currency = red.blue_id, red.currency_id
            together = blue.red_ids.filtered(lambda part: not part.is_void)
            rest = blue.amount_total + sum(together.mapped("amount_total"))
            if (
                red == blue
                or blue.blue_id
                or blue.seller_vat != red.seller_vat
                or currency.compare_amounts(red.amount_total, 0) >= 0
                or currency.compare_amounts(rest, 0) < 0
            ):
                raise ValidationError(
                    self.env._(
                        "%(red)s cannot correct %(blue)s: a red invoice has negative"
                        " amounts, the same seller, and takes back no more than the"
                        " blue one.",
                        red=red.number,
                        blue=blue.number,
                    )
                )

    @api.constrains(
        "move_ids", "direction", "company_id", "seller_vat", "buyer_vat", "is_void"
    )
    def _check_moves(self):
        """Bills are those of the seller, customer invoices those of the buyer.

        Their totals may differ from the tax invoice; ``amount_difference`` tells.
        """
        for fapiao in self.filtered(lambda fapiao: not fapiao.is_void):
            # sudo: who may write the register need not read every entry
            for move in fapiao.sudo().move_ids:
                fapiao._check_move(move)

    def _check_move(self, move):
        is_received = self.direction == "in"
        names = {"number": self.number, "move": move.display_name}
        if move.company_id != self.company_id:
            raise ValidationError(
                self.env._(
                    "%(number)s is of %(company)s, %(move)s of %(other)s. Choose one of"
                    " the same company.",
                    company=self.company_id.name,
                    other=move.company_id.name,
                    **names,
                )
            )
        if is_received and move.is_sale_document(include_receipts=True):
            raise ValidationError(
                self.env._(
                    "%(number)s was received, %(move)s is a customer's. Choose the"
                    " vendor's bill, or correct the direction.",
                    **names,
                )
            )
        if not is_received and move.is_purchase_document(include_receipts=True):
            raise ValidationError(
                self.env._(
                    "%(number)s was issued, %(move)s is a vendor's. Choose the"
                    " customer's invoice, or correct the direction.",
                    **names,
                )
            )
        own = tax_number((self.seller_vat if is_received else self.buyer_vat) or "")
        partner = move.commercial_partner_id
        other = tax_number(partner.vat or "")
        if own and other and own != other:
            raise ValidationError(
                self.env._(
                    "%(number)s is of tax number %(vat)s, %(move)s of %(partner)s with"
                    " %(other)s. Choose one of the same partner, or correct the tax"
                    " number.",
                    vat=own,
                    partner=partner.display_name,
                    other=other,
                    **names,
                )
            )

    @api.ondelete(at_uninstall=False)
    def _unlink_except_booked(self):
        booked = self.filtered("move_ids")
        if booked:
            raise UserError(
                self.env._(
                    "%(number)s belongs to a bill or invoice; mark it as void instead.",
                    number=booked[0].number,
                )
            )
