# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from odoo import fields, models


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
        # sudo: who may change entries need not read the outbox
        rows = self.sudo().jxc_outbox_ids.filtered(
            lambda row: row.state not in ("refused", "cancelled") or row.tries
        )
        rows.filtered(lambda row: row.state != "cancelled")._cancel()
        return super().button_draft()
