# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from odoo import fields, models

from ..tools import marks


class AccountMove(models.Model):
    """Documents over the money of a return, which it makes itself.

    And who owes them follows from their customer: the limit is that one's.
    """

    _name = "account.move"
    _inherit = ["account.move", "jxc.server.fields.mixin"]

    #: See ``jxc.server.fields.mixin``.
    _jxc_server_fields = frozenset({"commercial_partner_id", "jxc_sale_return_id"})

    jxc_sale_return_id = fields.Many2one(
        comodel_name="jxc.sale.return",
        string="Return and Exchange",
        readonly=True,
        copy=False,
        index="btree_not_null",
        check_company=True,
    )

    def _reverse_moves(self, default_values_list=None, cancel=False):
        with marks.Reversing() as reversing:
            moves = self.with_context(**{marks.REVERSING: reversing})
            reverse = super(AccountMove, moves)._reverse_moves(
                default_values_list, cancel
            )
        return reverse.with_env(self.env)
