# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from odoo import api, fields, models
from odoo.exceptions import UserError

from ..models.account_move_voucher_group import GROUPINGS

#: Sheets of one batch: what a browser still opens and a printer still prints.
LIMIT = 2000


class JxcVoucherPrint(models.TransientModel):
    """Prints the vouchers of a time, one by one or summed up."""

    _name = "jxc.voucher.print"
    _description = "Printing of Vouchers"

    company_id = fields.Many2one(
        comodel_name="res.company",
        required=True,
        default=lambda self: self.env.company,
    )
    date_from = fields.Date(
        string="From",
        required=True,
        default=lambda self: self._default_date_from(),
    )
    date_to = fields.Date(
        string="To",
        required=True,
        default=fields.Date.context_today,
    )
    word = fields.Selection(
        selection=lambda self: (
            self.env["account.move"]._fields["jxc_voucher_word"].selection
        ),
        string="Voucher Word",
        help="Empty: vouchers of all words.",
    )
    number_from = fields.Integer(string="First Number")
    number_to = fields.Integer(string="Last Number")
    grouping = fields.Selection(
        selection=GROUPINGS,
        required=True,
        default="document",
        help="A day or a kind is always summed up whole, whatever part of it was"
        " chosen; its number counts the sums of the month.",
    )
    move_count = fields.Integer(
        string="Vouchers",
        compute="_compute_move_count",
    )

    def _default_date_from(self):
        return fields.Date.start_of(fields.Date.context_today(self), "month")

    @api.depends(
        "company_id", "date_from", "date_to", "word", "number_from", "number_to"
    )
    def _compute_move_count(self):
        for wizard in self:
            wizard.move_count = self.env["account.move"].search_count(
                wizard._get_moves_domain()
            )

    def _get_moves_domain(self):
        self.ensure_one()
        domain = [
            ("company_id", "=", self.company_id.id),
            ("state", "=", "posted"),
            ("date", ">=", self.date_from),
            ("date", "<=", self.date_to),
        ]
        if self.word:
            domain.append(("jxc_voucher_word", "=", self.word))
        if self.number_from:
            domain.append(("jxc_voucher_no", ">=", self.number_from))
        if self.number_to:
            domain.append(("jxc_voucher_no", "<=", self.number_to))
        return domain

    def _get_sheets(self):
        """The pages to print, see ``account.move._jxc_get_voucher_sheets``."""
        self.ensure_one()
        moves = self.env["account.move"].search(self._get_moves_domain())
        return moves._jxc_get_voucher_sheets(self.grouping)

    def action_print(self):
        """The report of the chosen vouchers.

        :raise UserError: when there are none, or too many for one batch
        """
        self.ensure_one()
        if not self.move_count:
            raise UserError(
                self.env._("There are no posted vouchers in this choice to print.")
            )
        if self.move_count > LIMIT:
            raise UserError(
                self.env._(
                    "%(count)s vouchers are too many for one print; choose at most"
                    " %(limit)s.",
                    count=self.move_count,
                    limit=LIMIT,
                )
            )
        return self.env.ref("jxc_finance_bridge.voucher_batch_report").report_action(
            self
        )
