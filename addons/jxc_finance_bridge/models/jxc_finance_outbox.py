# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from odoo import api, fields, models
from odoo.exceptions import UserError

#: still to be sent or looked up, in the order they were put in
OPEN = ("ready", "sending", "unknown")


class JxcFinanceOutbox(models.Model):
    """A voucher on its way to another finance system.

    Rows are written with the entry's own transaction and sent after it. Nobody may
    write them but the sending itself and the actions below.
    """

    _name = "jxc.finance.outbox"
    _description = "Voucher to a Finance System"
    _order = "id desc"
    _rec_name = "key"
    _check_company_auto = True

    target_id = fields.Many2one(
        comodel_name="jxc.finance.target",
        required=True,
        ondelete="restrict",
        check_company=True,
    )
    company_id = fields.Many2one(
        related="target_id.company_id",
        store=True,
        index=True,
    )
    move_id = fields.Many2one(
        comodel_name="account.move",
        string="Journal Entry",
        required=True,
        index=True,
        ondelete="restrict",
        check_company=True,
    )
    date = fields.Date(
        related="move_id.date",
        store=True,
    )
    key = fields.Char(
        string="Reference",
        required=True,
        help="The other system keeps it with the voucher; by it the voucher is found"
        " again, so that it gets there once only.",
    )
    state = fields.Selection(
        selection=[
            ("ready", "To Send"),
            ("sending", "Being Sent"),
            ("unknown", "Result Unknown"),
            ("done", "Arrived"),
            ("refused", "Refused"),
            ("cancelled", "Cancelled"),
        ],
        required=True,
        default="ready",
    )
    tries = fields.Integer(
        readonly=True,
    )
    sent_at = fields.Datetime(
        string="Last Sent",
    )
    done_at = fields.Datetime(
        string="Arrived On",
    )
    number = fields.Char(
        string="Number There",
    )
    answer = fields.Text()
    error = fields.Text()
    amount = fields.Monetary(
        help="Debit total of the voucher that was sent.",
    )
    currency_id = fields.Many2one(
        related="company_id.currency_id",
    )
    content = fields.Json(
        string="Voucher",
        help="The voucher as it was sent.",
    )

    _key_unique = models.Constraint(
        "UNIQUE (target_id, key)",
        "This voucher is on its way to that system already.",
    )
    _move_unique = models.UniqueIndex("(target_id, move_id)")
    _open_index = models.Index(
        "(target_id, id) WHERE state IN ('ready', 'sending', 'unknown')"
    )

    def action_retry(self):
        """Try refused or cancelled vouchers again.

        What was sent before is looked up first.

        :raise AccessError: no accountant
        :raise UserError: a voucher that is on its way or has arrived, or whose entry is
            not posted
        """
        self.target_id._check_accountant()
        self.check_access("read")
        # sudo: only the state is read, of entries whose vouchers may be read
        moves = self.sudo().move_id.filtered(lambda move: move.state != "posted")
        if moves:
            raise UserError(
                self.env._(
                    "%(entry)s is not posted; only what is posted is sent.",
                    entry=moves[0].display_name,
                )
            )
        wrong = self.filtered(lambda row: row.state not in ("refused", "cancelled"))
        if wrong:
            raise UserError(
                self.env._(
                    "%(key)s was not refused; there is nothing to send again.",
                    key=wrong[0].key,
                )
            )
        # sudo: nobody has the right to write rows; the action was checked above
        for state, rows in (
            self.sudo().grouped(lambda row: "unknown" if row.tries else "ready").items()
        ):
            rows.write({"state": state, "error": False})
        self.target_id._wake()
        return True

    def action_cancel(self):
        """Do not send what was not sent yet, or was refused.

        :raise AccessError: no accountant
        :raise UserError: a voucher that may have arrived
        """
        self.target_id._check_accountant()
        self.check_access("read")
        self._cancel()
        return True

    def _cancel(self):
        wrong = self.filtered(
            lambda row: row.state not in ("ready", "refused", "cancelled")
        )
        if wrong:
            raise UserError(
                self.env._(
                    "%(entry)s was sent to %(target)s and may have arrived. Reverse the"
                    " entry instead of changing it.",
                    entry=wrong[0].move_id.display_name,
                    target=wrong[0].target_id.name,
                )
            )
        # sudo: nobody has the right to write rows; their states were checked above
        self.sudo().write({"state": "cancelled"})

    @api.ondelete(at_uninstall=False)
    def _unlink_except_cancelled(self):
        wrong = self.filtered(lambda row: row.state != "cancelled" or row.tries)
        if wrong:
            raise UserError(
                self.env._(
                    "%(key)s is evidence of what was sent and is kept.",
                    key=wrong[0].key,
                )
            )
