# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from odoo import fields, models


class JxcCreditUnorderedExcuse(models.TransientModel):
    """Asks a credit manager how goods without order are billed."""

    _name = "jxc.credit.unordered.excuse"
    _description = "Goods Billed Otherwise"

    goods_ids = fields.Many2many(
        comodel_name="jxc.credit.unordered",
        required=True,
        readonly=True,
    )
    reason = fields.Char(required=True)

    def action_excuse(self):
        """Take the goods out of the exposure.

        :raise AccessError: the user is not a credit manager
        """
        self.ensure_one()
        self.goods_ids.action_excuse(self.reason)
        return {"type": "ir.actions.act_window_close"}
