# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import date_utils

from ..models.account_move_voucher_group import GROUPINGS


class JxcVoucherExport(models.TransientModel):
    """Vouchers of a period to another finance system: check, file, send, compare."""

    _name = "jxc.voucher.export"
    _description = "Vouchers to a Finance System"

    # Not check_company: the company follows from it, and none would leave no choice.
    target_id = fields.Many2one(
        comodel_name="jxc.finance.target",
        string="Finance System",
        required=True,
    )
    company_id = fields.Many2one(
        related="target_id.company_id",
    )
    is_service = fields.Boolean(
        related="target_id.is_service",
    )
    grouping = fields.Selection(
        selection=GROUPINGS,
        compute="_compute_grouping",
        store=True,
        readonly=False,
        precompute=True,
    )
    date_from = fields.Date(
        required=True,
        default=lambda self: self._default_period()[0],
    )
    date_to = fields.Date(
        required=True,
        default=lambda self: self._default_period()[1],
    )
    content = fields.Binary(
        string="File",
        readonly=True,
        attachment=False,
    )
    filename = fields.Char(
        readonly=True,
    )
    result = fields.Text(
        readonly=True,
    )

    @api.model
    def _default_period(self):
        """The month before: it is the one that is handed over."""
        today = fields.Date.context_today(self)
        return date_utils.get_month(date_utils.subtract(today, months=1))

    @api.depends("target_id")
    def _compute_grouping(self):
        for wizard in self:
            wizard.grouping = wizard.target_id.grouping

    def action_check(self):
        """Say what has no code in the other system."""
        self.ensure_one()
        problems = self.env["jxc.voucher"].check_vouchers(
            self.date_from, self.date_to, self.target_id.code, self.company_id.id
        )
        self.result = "\n".join(problems) or self.env._(
            "Everything in these vouchers has a code there."
        )
        return self._reopen()

    def action_export(self):
        """Make the file."""
        self.ensure_one()
        self.target_id._get_format()
        file = self.env["jxc.voucher"].export_vouchers(
            self.date_from,
            self.date_to,
            self.target_id.adapter,
            self.target_id.code,
            self.company_id.id,
            self.grouping,
        )
        self.write(
            {
                "content": file["content"],
                "filename": file["name"],
                "result": self.env._("%(count)s vouchers.", count=file["count"]),
            }
        )
        return self._reopen()

    def action_send(self):
        """Put the vouchers of the period into the outbox."""
        self.ensure_one()
        problems = self.env["jxc.voucher"].check_vouchers(
            self.date_from, self.date_to, self.target_id.code, self.company_id.id
        )
        if problems:
            raise UserError("\n".join(problems[:30]))
        moves = self.env["account.move"].search(
            [
                ("company_id", "=", self.company_id.id),
                ("state", "=", "posted"),
                ("date", ">=", self.date_from),
                ("date", "<=", self.date_to),
            ]
        )
        made = self.target_id.enqueue_moves(moves.ids)
        self.result = self.env._(
            "%(count)s vouchers were put into the outbox; %(rest)s were there before.",
            count=len(made),
            rest=len(moves) - len(made),
        )
        return self._reopen()

    def action_compare(self):
        """Ask the other system for every voucher of the period."""
        self.ensure_one()
        found = self.target_id.get_differences(self.date_from, self.date_to)
        untold = [row for row in found if row["kind"] == "untold"]
        texts = [
            f"{row['name']} ({row['key']}): {row['message']}"
            for row in found
            if row["kind"] != "untold"
        ]
        if untold:
            # one by one they would hide what differs
            texts.append(
                self.env._(
                    "%(count)s vouchers are there once, but the system does not tell"
                    " their amounts: these were not compared. Compare its trial balance"
                    " with the one here.",
                    count=len(untold),
                )
            )
        same = self.env._("Both systems have the same vouchers.")
        self.result = "\n".join(texts) or same
        return self._reopen()

    def _reopen(self):
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Vouchers to a Finance System"),
            "res_model": self._name,
            "res_id": self.id,
            "view_mode": "form",
            "target": "new",
        }
