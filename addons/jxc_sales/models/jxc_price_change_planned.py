# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from odoo import api, models
from odoo.exceptions import UserError
from odoo.fields import Domain

from ..tools.language import in_company_lang


class JxcPriceChange(models.Model):
    """Changes that were planned: measured again on the day they start."""

    _inherit = "jxc.price.change"

    @api.model
    def _cron_apply(self):
        """Put approved changes into effect whose day has come."""
        due = self._due()
        cron = self.env["ir.cron"]
        cron._commit_progress(remaining=len(due))
        for change in due:
            change._apply_or_tell()
            if not cron._commit_progress(1):
                break

    @api.model
    def _due(self):
        """The approved changes whose day has come, the earliest first."""
        return self.search(
            Domain("state", "=", "approved") & Domain("date_apply", "<=", "today"),
            order="date_apply, id",
        )

    def _apply_or_tell(self):
        """Put one change into effect, or tell who proposed it why not.

        One that has become a larger step than was agreed to is asked about again.
        """
        self.ensure_one()
        kept = in_company_lang(self)
        try:
            with self.env.cr.savepoint():
                if kept.sudo()._grew():
                    kept.sudo()._ask_again()
                else:
                    kept.sudo()._apply()
        except UserError as error:
            self.invalidate_recordset()
            self.message_post(
                body=kept.env._("Cannot take effect: %s", error.args[0]),
                partner_ids=self.user_id.partner_id.ids,
            )

    def _grew(self):
        """Whether it is a larger step now than the one that was let through.

        Prices go on changing until the day: what was 5 % then may be 40 % now.
        """
        self.ensure_one()
        return any(line._grew() for line in self.line_ids)

    def _ask_again(self):
        """Let it wait for approval, and tell who proposed it."""
        self.ensure_one()
        percent = self.max_percent
        self._withdraw("requested")
        self.line_ids._renew()
        self._jxc_forget_need()
        if self.need_validation:
            self.request_validation()
        self.message_post(
            body=self.env._(
                "Prices have changed since: this was a change of %(then)s %% and is one"
                " of %(now)s %%. It waits for approval again.",
                then=f"{percent:.1f}",
                now=f"{self.max_percent:.1f}",
            ),
            partner_ids=self.user_id.partner_id.ids,
        )
