# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from odoo import models


class JxcImportRun(models.Model):
    _inherit = "jxc.import.run"

    def _jxc_total_names(self):
        return {
            **super()._jxc_total_names(),
            "suspected": self.env._("suspected duplicates"),
        }
