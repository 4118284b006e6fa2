# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from odoo import api, fields, models
from odoo.tools import SQL


class JxcCreditDelivery(models.AbstractModel):
    """The second limit of a credit account, by its id: goods that left.

    An account's exposure counts what was ordered, so two orders that wait would keep
    each other from leaving. Deliveries are held to what is owed with the goods out:
    receivable, less unapplied receipts, and goods that left without posted invoice.
    """

    _name = "jxc.credit.delivery"
    _inherit = ["jxc.gate.mixin"]
    _description = "Credit for Goods Out"

    display_name = fields.Char(compute="_compute_display_name")

    @api.depends()
    def _compute_display_name(self):
        for record in self:
            account = self.env["jxc.credit.account"].browse(record.id)
            record.display_name = account.display_name

    def _jxc_gate_query(self) -> SQL:
        """See jxc.gate.mixin; of the same figures as the account's exposure."""
        accounts = self.env["jxc.credit.account"].browse(self.ids)
        return accounts._jxc_unwritten_query(SQL("exposure.shipped"))
