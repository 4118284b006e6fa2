# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from odoo import models

from ..tools.replay import replay_of


class AccountAnalyticDistributionModel(models.Model):
    _inherit = "account.analytic.distribution.model"

    def _get_applicable_models(self, vals):
        """Do not search for each imported line when there is nothing to find."""
        replay = replay_of(self.env)
        if replay and replay.has_distributions is None:
            replay.has_distributions = bool(self.search_count([], limit=1))
        if replay and not replay.has_distributions:
            return self.browse()
        return super()._get_applicable_models(vals)
