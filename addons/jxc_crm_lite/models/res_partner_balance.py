# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from odoo import fields, models


class ResPartner(models.Model):
    """What customers owe is not found out by searching, either.

    The platform shows the balances to accounting only, but lets everybody search by
    them: a salesperson could narrow down what any colleague's customer owes.
    """

    _inherit = "res.partner"

    credit = fields.Monetary(search="_search_jxc_credit")
    debit = fields.Monetary(search="_search_jxc_debit")

    def _search_jxc_credit(self, operator, value):
        """Search as the platform does.

        :raise AccessError: for who may not read the field
        """
        self._check_field_access(self._fields["credit"], "read")
        return self._credit_search(operator, value)

    def _search_jxc_debit(self, operator, value):
        """Search as the platform does.

        :raise AccessError: for who may not read the field
        """
        self._check_field_access(self._fields["debit"], "read")
        return self._debit_search(operator, value)
