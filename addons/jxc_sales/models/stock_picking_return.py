# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from odoo import fields, models


class StockPicking(models.Model):
    """Return transfers belong to a return, and it follows them."""

    _inherit = "stock.picking"

    # Copied, so that what comes later than the rest belongs to the return as well.
    jxc_sale_return_id = fields.Many2one(
        comodel_name="jxc.sale.return",
        string="Return and Exchange",
        readonly=True,
        index="btree_not_null",
        check_company=True,
    )

    def _action_done(self):
        for back, pickings in self.sudo().grouped("jxc_sale_return_id").items():
            if back:
                back._check_received(pickings)
        result = super()._action_done()
        # Whoever takes goods in moves the return along, with or without a role there.
        self.sudo().jxc_sale_return_id._follow_receipt()
        return result
