# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from odoo import api, models
from odoo.exceptions import AccessError

from ..tools.reconciling import Reconciling


class JxcReconciliationMixin(models.AbstractModel):
    """Reconciliations that nobody just says there are.

    Reconciling looks that both items are posted, on one account and open for what is
    matched. The platform takes a reconciliation that a client creates for what it says:
    a debt was settled by an item of the revenue, or by more than a credit note is over.
    Stock managers, who read no entries, may create them as well.
    """

    _name = "jxc.reconciliation.mixin"
    _description = "Reconciliations that Follow from Reconciling"

    @api.model_create_multi
    def create(self, vals_list):
        """:raise AccessError: for what clients create without reconciling items"""
        if vals_list and not self.env.su and not Reconciling.is_on(self.env):
            raise AccessError(
                self.env._(
                    "Journal items are matched by reconciling them; what settles them"
                    " cannot be entered by hand."
                )
            )
        return super().create(vals_list)

    def write(self, vals):
        """:raise AccessError: for the day since when items are settled: it is theirs"""
        if "max_date" in vals and not self.env.su:
            raise AccessError(
                self.env._(
                    "Since when journal items are settled follows from their dates; it"
                    " cannot be written."
                )
            )
        return super().write(vals)
