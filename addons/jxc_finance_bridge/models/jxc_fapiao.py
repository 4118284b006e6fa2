# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
import base64
import binascii
import re

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Command

from ..tools.einvoice import read_einvoice
from ..tools.voucher import VoucherError

NUMBER = re.compile(r"[0-9]{20}|[0-9]{10}-[0-9]{8}|[0-9]{12}-[0-9]{8}")


class JxcFapiao(models.Model):
    """The register of tax invoices (发票), issued and received.

    The platform's own field keeps 8 digits and cuts the rest off; a number is kept
    here as a whole.
    """

    _name = "jxc.fapiao"
    _description = "Tax Invoice"
    _inherit = ["mail.thread", "mail.activity.mixin"]
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

    _number_unique = models.Constraint(
        "UNIQUE (company_id, seller_vat, number)",
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

    @api.constrains("blue_id", "amount_untaxed", "amount_tax", "seller_vat")
    def _check_blue(self):
        for red in self.blue_id.red_ids | self.filtered("blue_id"):
            blue, currency = red.blue_id, red.currency_id
            if not blue:
                continue
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

    @api.model
    def read_file(self, content, name="invoice.xml"):
        """Put the e-invoice of an XML file into the register and attach the file.

        :param str content: the file in base64
        :param str name: name of the file
        :return: id of the tax invoice
        :raise AccessError: no right to keep bills
        :raise UserError: no e-invoice, of another company, or there already
        """
        self.check_access("create")
        company = self.env.company
        try:
            data = base64.b64decode(content, validate=True)
            invoice = read_einvoice(data)
        except (binascii.Error, TypeError) as error:
            raise UserError(self.env._("The file is not in base64.")) from error
        except VoucherError as error:
            raise UserError(
                "\n".join(self.env._(text) for text in error.problems)
            ) from error
        vat = (company.vat or "").upper()
        if vat not in (invoice.buyer_vat, invoice.seller_vat):
            raise UserError(
                self.env._(
                    "%(number)s is neither to nor from %(company)s (%(vat)s).",
                    number=invoice.number,
                    company=company.name,
                    vat=vat or "–",
                )
            )
        key = [("company_id", "=", company.id), ("number", "=", invoice.number)]
        if self.search_count([*key, ("seller_vat", "=", invoice.seller_vat)]):
            raise UserError(
                self.env._(
                    "%(number)s is in the register already.", number=invoice.number
                )
            )
        fapiao = self.create(self._prepare_values(invoice, vat))
        fapiao.message_post(
            body=self.env._("Read from %(name)s.", name=name),
            attachments=[(name, data)],
        )
        return fapiao.id

    def _prepare_values(self, invoice, vat):
        return {
            "number": invoice.number,
            "kind": "special" if invoice.is_special else "general",
            "direction": "in" if invoice.buyer_vat == vat else "out",
            "date": invoice.date,
            "seller_name": invoice.seller,
            "seller_vat": invoice.seller_vat,
            "buyer_name": invoice.buyer,
            "buyer_vat": invoice.buyer_vat,
            "amount_untaxed": float(invoice.amount_untaxed),
            "amount_tax": float(invoice.amount_tax),
        }

    def action_draft_bill(self):
        """Make a draft vendor bill (or refund, of a red one) of received invoices.

        The bill has one line with the untaxed amount; taxes are chosen on it.

        :raise AccessError: no right to keep bills
        :raise UserError: issued, void or booked ones, or no vendor with the tax number
        """
        if not self.env.user.has_group("account.group_account_invoice"):
            raise AccessError(self.env._("Only who keeps bills can draft them."))
        bills = self.env["account.move"]
        for fapiao in self:
            if fapiao.direction != "in" or fapiao.is_void or fapiao.move_ids:
                raise UserError(
                    self.env._(
                        "%(number)s is issued, void or has a bill.",
                        number=fapiao.number,
                    )
                )
            vendor = self.env["res.partner"].search(
                [
                    ("vat", "in", (fapiao.seller_vat, f"CN{fapiao.seller_vat}")),
                    ("parent_id", "=", False),
                    ("company_id", "in", (fapiao.company_id.id, False)),
                ],
                limit=1,
            )
            if not vendor:
                raise UserError(
                    self.env._(
                        "No vendor has the tax number %(vat)s (%(name)s).",
                        vat=fapiao.seller_vat,
                        name=fapiao.seller_name or "",
                    )
                )
            bill = self.env["account.move"].create(fapiao._prepare_bill(vendor))
            fapiao.move_ids = [Command.link(bill.id)]
            bills |= bill
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Vendor Bills"),
            "res_model": "account.move",
            "domain": [("id", "in", bills.ids)],
            "view_mode": "list,form",
        }

    def _prepare_bill(self, vendor):
        sign = -1 if self.amount_total < 0 else 1
        return {
            "move_type": "in_refund" if sign < 0 else "in_invoice",
            "company_id": self.company_id.id,
            "partner_id": vendor.id,
            "invoice_date": self.date,
            "ref": self.number,
            "invoice_line_ids": [
                Command.create(
                    {"name": self.number, "price_unit": self.amount_untaxed * sign}
                )
            ],
        }
