# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from odoo import api, fields, models

from odoo.addons.jxc_base.tools.guard import own_defaults

from .res_company_settlement import ACCOUNT_FIELDS

WRITE_OFFS = [
    ("discount", "Cash discount"),
    ("difference", "Small difference"),
    ("fee", "Fee"),
]


class JxcSettlementLine(models.Model):
    """An open item in a settlement, or an amount that is written off."""

    _name = "jxc.settlement.line"
    _description = "Settlement Line"
    _inherit = "jxc.server.fields.mixin"
    _order = "settlement_id, side, sequence, id"
    _check_company_auto = True
    _jxc_server_fields = frozenset(
        {"amount_open", "amount_open_company", "company_id", "date_due", "document"}
    )

    settlement_id = fields.Many2one(
        "jxc.settlement", required=True, index=True, ondelete="cascade"
    )
    # What the server alone writes is not read-only for the ORM: that would throw away
    # what a proposal has read and compute it again, line by line.
    company_id = fields.Many2one(
        "res.company",
        compute="_compute_company_id",
        store=True,
        precompute=True,
        readonly=False,
        index=True,
    )
    currency_id = fields.Many2one("res.currency", compute="_compute_currency_id")
    company_currency_id = fields.Many2one(
        related="company_id.currency_id", string="Company Currency"
    )
    sequence = fields.Integer(default=10)
    side = fields.Selection(
        selection=[
            ("claim", "Owed"),
            ("offset", "Settled with"),
            ("write_off", "Written off"),
        ],
        required=True,
        default="claim",
    )
    group = fields.Integer(
        string="Match",
        help="Lines with the same number settle each other first; 0: whatever is left.",
    )
    move_line_id = fields.Many2one(
        "account.move.line",
        string="Open Item",
        index="btree_not_null",
        ondelete="set null",
        check_company=True,
    )
    move_id = fields.Many2one(related="move_line_id.move_id", string="Entry")
    date = fields.Date(related="move_line_id.date")
    account_id = fields.Many2one(related="move_line_id.account_id")
    document = fields.Char(
        compute="_compute_open",
        store=True,
        precompute=True,
        readonly=False,
        help="Number of the entry when it was listed.",
    )
    date_due = fields.Date(
        string="Due",
        compute="_compute_open",
        store=True,
        precompute=True,
        readonly=False,
    )
    amount_open = fields.Monetary(
        string="Open",
        compute="_compute_open",
        store=True,
        precompute=True,
        readonly=False,
        help="What was open when the line was listed.",
    )
    amount_open_company = fields.Monetary(
        string="Open in Company Currency",
        compute="_compute_open",
        store=True,
        precompute=True,
        readonly=False,
        currency_field="company_currency_id",
    )
    write_off = fields.Selection(selection=WRITE_OFFS, string="Reason")
    amount = fields.Monetary(
        string="Settle",
        help="How much of the open amount is settled. Of what is written off: positive"
        " reduces what is owed, negative books what was received or paid in excess.",
    )
    amount_company = fields.Monetary(
        string="In Company Currency",
        compute="_compute_amount_company",
        store=True,
        readonly=False,
        precompute=True,
        currency_field="company_currency_id",
        help="What the amount comes to at the rate of the settlement's date. Across"
        " currencies, accounting managers may enter the rate that really applied by"
        " this amount; the rest becomes an exchange difference.",
    )

    _amount_positive = models.Constraint(
        "CHECK (side = 'write_off' OR amount >= 0)",
        "Amounts to settle are not negative.",
    )
    _write_off_reason = models.Constraint(
        "CHECK ((side = 'write_off') = (write_off IS NOT NULL))",
        "What is written off has a reason, open items have none.",
    )

    @api.depends("settlement_id.company_id")
    def _compute_company_id(self):
        for line in self:
            line.company_id = line.settlement_id.company_id

    @api.depends(
        "side",
        "settlement_id.currency_id",
        "settlement_id.offset_currency_id",
        "settlement_id.is_crossed",
    )
    def _compute_currency_id(self):
        for line in self:
            line.currency_id = line.settlement_id._jxc_get_currency(line.side)

    @api.depends("move_line_id")
    def _compute_open(self):
        for line in self:
            item = line.move_line_id
            if not item:
                # Kept when the entry is deleted after the settlement was undone.
                line.document = line.document
                line.date_due = line.date_due
                line.amount_open = line.amount_open
                line.amount_open_company = line.amount_open_company
                continue
            line.document = item.move_id.name
            line.date_due = item.date_maturity or item.date
            line.amount_open = abs(item.amount_residual_currency)
            line.amount_open_company = abs(item.amount_residual)

    # ORM ----------------------------------------------------------------------

    @api.model
    def default_get(self, fields):
        """A rate is entered, and that is checked; it is no default."""
        return own_defaults(self, super().default_get(fields), {"amount_company"})

    @api.model_create_multi
    def create(self, vals_list):
        if any("amount_company" in vals for vals in vals_list):
            self._jxc_check_may_set_rate()
        lines = super().create(vals_list)
        if not self.env.su:
            lines.settlement_id._check_draft()
        return lines

    def write(self, vals):
        if not self.env.su:
            self.settlement_id._check_draft()
        if "amount_company" in vals:
            self._jxc_check_may_set_rate()
        result = super().write(vals)
        if not self.env.su and "settlement_id" in vals:
            self.settlement_id._check_draft()
        return result

    @api.ondelete(at_uninstall=False)
    def _unlink_except_used(self):
        if not self.env.su:
            self.settlement_id._check_draft()

    # Accounts -------------------------------------------------------------------

    def _jxc_get_write_off_account(self):
        """The company's account for what this line writes off."""
        self.ensure_one()
        settlement = self.settlement_id
        is_sale = settlement._jxc_get_side("claim").type == "asset_receivable"
        _received, _paid, given, taken, difference, fee = ACCOUNT_FIELDS
        name = {
            "discount": given if is_sale else taken,
            "difference": difference,
            "fee": fee,
        }[self.write_off]
        return settlement.company_id._jxc_get_settlement_account(name)

    def action_settle_rest(self):
        """Settle all that is open of these lines."""
        self.settlement_id._check_may_settle()
        for line in self.filtered("move_line_id"):
            line.amount = line.amount_open
        return True
