# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from odoo import models


class ResPartner(models.Model):
    _inherit = "res.partner"

    def _jxc_vendor_score(self, company):
        """Return ``{partner: score from 0 to 100}`` of vendors: hook for evaluations.

        :param company: whose evaluations count
        :return: vendors without an evaluation are left out; the default knows none
        """
        return {}
