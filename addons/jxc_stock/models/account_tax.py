# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from odoo import api, models


class AccountTax(models.Model):
    _inherit = "account.tax"

    @api.model
    def _prepare_base_line_grouping_key(self, base_line):
        """Let invoices see a changed auxiliary quantity as a changed base line.

        The platform watches the fields named by the key of a base line without record.
        In the key of real lines it would split the taxes.
        """
        key = super()._prepare_base_line_grouping_key(base_line)
        if base_line["record"] is None:
            key["jxc_aux_qty"] = 0.0
        return key
