# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from odoo import fields, models
from odoo.tools import SQL

#: The other system has these vouchers, or may have them.
SENT = ("sending", "unknown", "done")


class AccountMove(models.Model):
    _inherit = "account.move"

    jxc_outbox_ids = fields.One2many(
        comodel_name="jxc.finance.outbox",
        inverse_name="move_id",
        string="Finance Systems",
        groups="account.group_account_readonly",
        copy=False,
    )

    def _post(self, soft=True):
        """Entries go into the outbox of the systems that get them when posted."""
        posted = super()._post(soft=soft)
        # sudo: who posts needs no rights on finance systems
        targets = self.env["jxc.finance.target"].sudo()
        targets = targets.search(
            [("send_mode", "=", "posted"), ("company_id", "in", posted.company_id.ids)]
        ).filtered("is_service")
        for target in targets:
            target._put(
                posted.filtered(
                    lambda move, company=target.company_id: (
                        move.company_id == company and move.state == "posted"
                    )
                ).sudo()
            )
        return posted

    def button_draft(self):
        """What was sent is reversed, not changed; what waits is not sent."""
        self._jxc_check_may_write()
        # sudo: who may change entries need not read the outbox
        rows = self.sudo().jxc_outbox_ids.filtered(
            lambda row: row.state not in ("refused", "cancelled") or row.tries
        )
        rows.filtered(lambda row: row.state != "cancelled")._cancel()
        return super().button_draft()

    def _jxc_sent(self):
        """Those of these entries that another finance system has, or may have."""
        # sudo: who closes a month need not read the outbox
        rows = self.env["jxc.finance.outbox"].sudo()
        rows = rows.search([("move_id", "in", self.ids), ("state", "in", SENT)])
        return self & rows.move_id

    def _jxc_hold_waiting(self):
        """Let what waits in the outbox wait until this transaction is over.

        It is sent with what the transaction writes, or was sent before it began. The
        rows are written, not only locked: a sender that has read the entry already
        fails to write them and starts again.
        """
        if not self:
            return
        self.env["jxc.finance.outbox"].flush_model(["move_id", "state"])
        self.env.cr.execute(
            SQL(
                "UPDATE jxc_finance_outbox SET write_date = now() AT TIME ZONE 'UTC'"
                " WHERE state = 'ready' AND move_id IN %s",
                tuple(self.ids),
            )
        )
