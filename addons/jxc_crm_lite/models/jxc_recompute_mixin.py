# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from functools import partial

from odoo import api, models
from odoo.exceptions import AccessError
from odoo.service.model import retrying

from odoo.addons.jxc_base.tools.arguments import day_of

MANAGER = "sales_team.group_sale_manager"


class JxcRecomputeMixin(models.AbstractModel):
    """Figures kept from confirmed orders: every night, and when a manager asks.

    A model says in ``_recompute`` how the rows of one company are made; what else
    belongs to them goes into ``_recompute_company`` and ``_recompute_night``.
    """

    _name = "jxc.recompute.mixin"
    _description = "Figures Recomputed from Orders"

    # Hooks --------------------------------------------------------------------

    @api.model
    def _recompute(self, company, reference_date=None):
        """Bring the rows of one company in line with its confirmed orders.

        Running it again for the same day and the same orders writes nothing.

        :param company: one res.company
        :param reference_date: the day the rows are for, later orders are left out;
            today in the company's time zone when left out
        :return: dict with created, changed and removed (numbers of rows)
        """
        raise NotImplementedError

    @api.model
    def _recompute_company(self, company):
        """Recompute these rows, and others that go with them."""
        self._recompute(company)

    @api.model
    def _recompute_night(self, company):
        """What is done for one company every night."""
        self._recompute_company(company)

    # Ways to recompute ----------------------------------------------------------

    @api.model
    def action_recompute(self, reference_date=None):
        """Recompute for the current company and reload the screen.

        :param reference_date: day to compute for, date or "YYYY-MM-DD"; today when
            left out. Later orders are left out.
        :raise AccessError: for anyone but sales managers
        :raise UserError: the day is no day
        """
        if not (self.env.su or self.env.user.has_group(MANAGER)):
            raise AccessError(
                self.env._(
                    "%s: only sales managers recompute them by hand; every night it is"
                    " done anyway.",
                    self.env["ir.model"]._get(self._name).sudo().name,
                )
            )
        if isinstance(reference_date, (list, tuple)):
            # A button of a list passes the rows that are selected.
            reference_date = None
        self._recompute(self.env.company, day_of(self.env, reference_date))
        return {"type": "ir.actions.client", "tag": "soft_reload"}

    @api.model
    def _cron_recompute(self):
        """Every night, company by company; each is kept as soon as it is done.

        It does not stop halfway: the next run would begin with the same companies. Who
        writes customers meanwhile has it tried again.
        """
        companies = self.env["res.company"].search([])
        for number, company in enumerate(companies, start=1):
            retrying(partial(self._recompute_night, company), self.env)
            self.env["ir.cron"]._commit_progress(1, remaining=len(companies) - number)

    @api.model
    def _recompute_all(self):
        """All companies at once, for set-up and demo data."""
        for company in self.env["res.company"].search([]):
            self._recompute_company(company)
