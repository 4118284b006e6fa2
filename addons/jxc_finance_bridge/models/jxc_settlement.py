# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from collections import namedtuple

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Command, Domain

from odoo.addons.jxc_base.tools.capitals import LIMIT, to_capitals

Side = namedtuple("Side", "type field sign")
#: What is owed and what settles it: type of account or the company's account, and the
#: sign of the open amounts.
SIDES = {
    "receivable": (
        Side("asset_receivable", None, 1),
        Side("asset_receivable", None, -1),
    ),
    "payable": (
        Side("liability_payable", None, -1),
        Side("liability_payable", None, 1),
    ),
    "advance_receivable": (
        Side("asset_receivable", None, 1),
        Side(None, "jxc_advance_received_account_id", -1),
    ),
    "advance_payable": (
        Side("liability_payable", None, -1),
        Side(None, "jxc_advance_paid_account_id", 1),
    ),
    "receivable_payable": (
        Side("asset_receivable", None, 1),
        Side("liability_payable", None, -1),
    ),
    "receivable_transfer": (Side("asset_receivable", None, 1), None),
    "payable_transfer": (Side("liability_payable", None, -1), None),
}
KINDS = [
    ("receivable", "Receipts and receivables"),
    ("payable", "Payments and payables"),
    ("advance_receivable", "Advances received and receivables"),
    ("advance_payable", "Advances paid and payables"),
    ("receivable_payable", "Receivables and payables"),
    ("receivable_transfer", "Receivables to another customer"),
    ("payable_transfer", "Payables to another vendor"),
]
METHODS = [
    ("due", "Oldest due first"),
    ("document", "By document number"),
    ("amount", "By equal amount"),
    ("manual", "By hand"),
]
TRANSFERS = ("receivable_transfer", "payable_transfer")


class JxcSettlement(models.Model):
    """Open items of a partner that settle each other (核销).

    Proposing lists open items and fills in amounts, applying reconciles them and books
    a voucher where accounts or partners differ or something is written off, undoing
    takes back exactly that. See the files ``jxc_settlement_<step>.py``.
    """

    _name = "jxc.settlement"
    _description = "Settlement"
    _inherit = ["jxc.server.fields.mixin", "mail.thread"]
    _order = "date desc, id desc"
    _check_company_auto = True
    _jxc_server_fields = frozenset(
        {
            "name",
            "state",
            "move_id",
            "reversal_move_id",
            "applied_by_id",
            "undone_by_id",
        }
    )

    name = fields.Char(string="Number", readonly=True, copy=False, index="trigram")
    company_id = fields.Many2one(
        "res.company",
        required=True,
        index=True,
        default=lambda self: self.env.company,
    )
    kind = fields.Selection(selection=KINDS, required=True, default="receivable")
    date = fields.Date(
        required=True,
        default=fields.Date.context_today,
        help="Open items up to this day can be settled; the voucher has this date.",
    )
    partner_id = fields.Many2one(
        "res.partner",
        required=True,
        index=True,
        check_company=True,
        tracking=True,
    )
    other_partner_id = fields.Many2one(
        "res.partner",
        check_company=True,
        help="Who takes over what is transferred; for receivables and payables: whose"
        " payables are offset, if not the customer's own.",
    )
    currency_id = fields.Many2one(
        "res.currency",
        required=True,
        default=lambda self: self.env.company.currency_id,
        help="Open items in this currency are settled.",
    )
    offset_currency_id = fields.Many2one(
        "res.currency",
        string="Settled With In",
        help="The currency of what settles the open items, if it is another one. Both"
        " sides are then compared in the company's currency, at the rate of the day.",
    )
    is_crossed = fields.Boolean(
        string="Across Currencies",
        compute="_compute_total_currency_id",
        store=True,
        precompute=True,
    )
    total_currency_id = fields.Many2one(
        "res.currency",
        string="Currency of the Totals",
        compute="_compute_total_currency_id",
        store=True,
        precompute=True,
    )
    method = fields.Selection(
        selection=METHODS, string="Proposal", required=True, default="due"
    )
    due_until = fields.Date(help="Propose only what is due up to this day.")
    line_ids = fields.One2many("jxc.settlement.line", "settlement_id", copy=False)
    claim_ids = fields.One2many(
        "jxc.settlement.line",
        "settlement_id",
        string="Owed",
        domain=[("side", "=", "claim")],
        copy=False,
    )
    offset_ids = fields.One2many(
        "jxc.settlement.line",
        "settlement_id",
        string="Settled With",
        domain=[("side", "=", "offset")],
        copy=False,
    )
    write_off_ids = fields.One2many(
        "jxc.settlement.line",
        "settlement_id",
        string="Written Off",
        domain=[("side", "=", "write_off")],
        copy=False,
    )
    amount_claim = fields.Monetary(
        string="Owed, to Settle",
        compute="_compute_amounts",
        store=True,
        currency_field="total_currency_id",
    )
    amount_offset = fields.Monetary(
        string="Settled With, in All",
        compute="_compute_amounts",
        store=True,
        currency_field="total_currency_id",
    )
    amount_write_off = fields.Monetary(
        string="Written Off, in All",
        compute="_compute_amounts",
        store=True,
        currency_field="total_currency_id",
    )
    amount_difference = fields.Monetary(
        string="Difference",
        compute="_compute_amounts",
        store=True,
        currency_field="total_currency_id",
        help="Must be zero before the settlement is applied.",
    )
    state = fields.Selection(
        selection=[("draft", "Draft"), ("applied", "Applied"), ("undone", "Undone")],
        default="draft",
        required=True,
        readonly=True,
        index=True,
        copy=False,
        tracking=True,
    )
    move_id = fields.Many2one(
        "account.move",
        string="Voucher",
        readonly=True,
        index="btree_not_null",
        copy=False,
    )
    reversal_move_id = fields.Many2one(
        "account.move", string="Reversal", readonly=True, copy=False
    )
    applied_by_id = fields.Many2one("res.users", readonly=True, copy=False)
    undone_by_id = fields.Many2one("res.users", readonly=True, copy=False)

    @api.depends("kind", "currency_id", "offset_currency_id", "company_id")
    def _compute_total_currency_id(self):
        for settlement in self:
            currency, other = settlement.currency_id, settlement.offset_currency_id
            crossed = bool(other and other != currency)
            settlement.is_crossed = crossed and settlement.kind not in TRANSFERS
            settlement.total_currency_id = (
                settlement.company_id.currency_id if settlement.is_crossed else currency
            )

    @api.depends(
        "claim_ids.amount",
        "offset_ids.amount",
        "write_off_ids.amount",
        "claim_ids.amount_company",
        "offset_ids.amount_company",
        "write_off_ids.amount_company",
        "is_crossed",
        "kind",
    )
    def _compute_amounts(self):
        for settlement in self:
            measure = "amount_company" if settlement.is_crossed else "amount"
            claim, offset, write_off = (
                sum(lines.mapped(measure))
                for lines in (
                    settlement.claim_ids,
                    settlement.offset_ids,
                    settlement.write_off_ids,
                )
            )
            settlement.amount_claim = claim
            settlement.amount_offset = offset
            settlement.amount_write_off = write_off
            rest = claim - offset - write_off
            if settlement.kind in TRANSFERS:
                rest = 0.0
            if settlement.is_crossed and abs(rest) <= settlement._jxc_get_slack():
                rest = 0.0
            currency = settlement.total_currency_id
            settlement.amount_difference = currency.round(rest) if currency else rest

    @api.constrains("kind", "partner_id", "other_partner_id")
    def _check_other_partner(self):
        for settlement in self.filtered(lambda one: one.kind in TRANSFERS):
            partner, other = settlement.partner_id, settlement.other_partner_id
            if not other or (
                partner.commercial_partner_id == other.commercial_partner_id
            ):
                raise ValidationError(
                    self.env._(
                        "Choose the partner, other than %(partner)s, to whom the open"
                        " items are transferred.",
                        partner=partner.display_name,
                    )
                )

    @api.onchange(
        "kind",
        "partner_id",
        "other_partner_id",
        "currency_id",
        "offset_currency_id",
        "company_id",
    )
    def _onchange_subject(self):
        """Lines of another subject are of no use."""
        self.claim_ids = self.offset_ids = self.write_off_ids = [Command.clear()]

    # ORM ----------------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        settlements = super().create(vals_list)
        sequences = self.env["ir.sequence"].sudo()
        for company, group in settlements.grouped("company_id").items():
            # Looked up once: a proposal for all partners makes hundreds.
            domain = [
                ("code", "=", "jxc.settlement"),
                ("company_id", "in", (company.id, False)),
            ]
            sequence = sequences.search(domain, order="company_id", limit=1)
            for settlement in group.sudo() if sequence else ():
                settlement.name = sequence.next_by_id(settlement.date)
        return settlements

    def write(self, vals):
        if not self.env.su and not vals.keys() <= {
            "message_follower_ids",
            "message_ids",
            "activity_ids",
        }:
            self._check_draft()
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_used(self):
        self._check_draft()

    def _check_draft(self):
        """
        :raise UserError: for settlements that were applied
        """
        for settlement in self:
            if settlement.state != "draft":
                raise UserError(
                    self.env._(
                        "%(settlement)s is %(state)s and stays as it is. Undo it and"
                        " make a new one.",
                        settlement=settlement.name,
                        state=settlement._jxc_label("state"),
                    )
                )

    def _check_may_settle(self):
        """
        :raise AccessError: for users who do not keep accounts
        """
        if not self.env.su and not self.env.user.has_group(
            "account.group_account_invoice"
        ):
            raise AccessError(self.env._("Only accountants settle open items."))
        self.check_access("write")

    def _jxc_label(self, name):
        """The value of a selection field in words."""
        self.ensure_one()
        return dict(self._fields[name]._description_selection(self.env))[self[name]]

    # Open items -----------------------------------------------------------------

    def _jxc_get_side(self, side):
        """The Side of claims or offsets of this kind; None if the kind has none."""
        self.ensure_one()
        claim, offset = SIDES[self.kind]
        return claim if side == "claim" else offset

    def _jxc_get_partner(self, side):
        """Whose open items are on a side."""
        self.ensure_one()
        partner = self.partner_id
        if side == "offset" and self.kind == "receivable_payable":
            partner = self.other_partner_id or partner
        return partner.commercial_partner_id

    @api.model
    def _jxc_get_account_domain(self, company, side):
        """Domain of the accounts of a Side."""
        if side.field:
            account = company._jxc_get_settlement_account(side.field)
            return Domain("id", "=", account.id)
        return Domain("account_type", "=", side.type)

    # Print ----------------------------------------------------------------------

    def _jxc_get_sheet_lines(self):
        """Lines of the printed sheet: owed, settled with, written off."""
        self.ensure_one()
        order = ("claim", "offset", "write_off")
        return self.line_ids.filtered("amount").sorted(
            lambda line: (order.index(line.side), line.sequence, line.id)
        )

    def _jxc_get_capitals(self):
        """What is settled, as Chinese documents write it; else in figures."""
        self.ensure_one()
        currency = self.total_currency_id
        if currency.name == "CNY" and self.amount_claim < LIMIT:
            return to_capitals(currency.round(self.amount_claim))
        return currency.format(self.amount_claim)

    # Windows --------------------------------------------------------------------

    def action_open_voucher(self):
        """The voucher of this settlement, and what took it back."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Vouchers"),
            "res_model": "account.move",
            "views": [(False, "list"), (False, "form")],
            "domain": [("id", "in", (self.move_id | self.reversal_move_id).ids)],
        }
