# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

from ..tools.token import is_engine


class JxcFinancePeriodLog(models.Model):
    """Each closing and reopening of a month, for good.

    Messages may be edited and deleted by their authors, so they prove nothing.
    """

    _name = "jxc.finance.period.log"
    _description = "Log of an Accounting Period"
    _order = "date desc, id desc"
    _rec_name = "action"

    period_id = fields.Many2one(
        comodel_name="jxc.finance.period",
        required=True,
        readonly=True,
        ondelete="restrict",
        index=True,
    )
    action = fields.Selection(
        selection=[("close", "Closed"), ("reopen", "Reopened")],
        string="What",
        required=True,
        readonly=True,
    )
    user_id = fields.Many2one(
        comodel_name="res.users",
        string="Who",
        required=True,
        readonly=True,
        ondelete="restrict",
    )
    date = fields.Datetime(
        string="When",
        required=True,
        readonly=True,
    )
    reason = fields.Char(readonly=True)

    @api.model_create_multi
    def create(self, vals_list):
        """
        :raise AccessError: for all but closing and reopening
        """
        if not is_engine(self.env):
            self._refuse()
        return super().create(vals_list)

    def write(self, vals):
        """
        :raise AccessError: for clients, whatever they may do
        """
        if not self.env.su:
            self._refuse()
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_clients(self):
        if not self.env.su:
            self._refuse()

    def _refuse(self):
        raise AccessError(
            self.env._(
                "The log of closings and reopenings follows from them; nobody changes"
                " or deletes it."
            )
        )


class JxcFinancePeriod(models.Model):
    """Periods that were closed once stay, with their log."""

    _inherit = "jxc.finance.period"

    log_ids = fields.One2many(
        comodel_name="jxc.finance.period.log",
        inverse_name="period_id",
        string="Closings and Reopenings",
        readonly=True,
        copy=False,
    )

    def write(self, vals):
        """What is logged of a month is about that month of that company."""
        if vals.keys() & {"company_id", "date_from", "date_to"}:
            self._check_never_closed()
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_logged(self):
        self._check_never_closed()

    def _check_never_closed(self):
        """
        :raise UserError: for periods that were closed, also when open again
        """
        # sudo: whoever may delete periods meets the log of each of them
        for log in self.sudo().log_ids.sorted("date")[:1]:
            raise UserError(
                self.env._(
                    "%(period)s was closed on %(date)s; it stays, with its log.",
                    period=log.period_id.display_name,
                    date=fields.Datetime.context_timestamp(self, log.date).date(),
                )
            )

    def _add_log(self, action, reason=False):
        """Note for good who closes or reopens these periods."""
        # Nobody has the right to.
        self.env["jxc.finance.period.log"].sudo().create(
            [
                {
                    "period_id": period.id,
                    "action": action,
                    "user_id": self.env.uid,
                    "date": fields.Datetime.now(),
                    "reason": reason,
                }
                for period in self
            ]
        )
