# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from odoo import api, fields, models
from odoo.exceptions import UserError

from ..tools.token import is_engine


class AccountPartialReconcile(models.Model):
    _name = "account.partial.reconcile"
    _inherit = ["account.partial.reconcile", "jxc.server.fields.mixin"]

    _jxc_server_fields = frozenset({"jxc_settlement_id"})

    jxc_settlement_id = fields.Many2one(
        "jxc.settlement",
        string="Settlement",
        index="btree_not_null",
        ondelete="set null",
        copy=False,
    )

    @api.ondelete(at_uninstall=False)
    def _unlink_except_settled(self):
        """What a settlement matched is taken back by undoing the settlement.

        :raise UserError: naming the settlement
        """
        # sudo: who breaks a match need not read settlements
        settlements = self.sudo().jxc_settlement_id
        if settlements and not is_engine(self.env):
            raise UserError(
                self.env._(
                    "This was matched by %(settlements)s. Undo the settlement first.",
                    settlements=", ".join(settlements.mapped("name")),
                )
            )
