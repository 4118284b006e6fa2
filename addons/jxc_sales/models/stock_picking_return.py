# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from odoo import fields, models

from ..tools import marks

RETURN_FIELDS = frozenset({"jxc_sale_return_id"})


class StockPicking(models.Model):
    """Return transfers belong to a return, and it follows them.

    It promised what comes back: no client takes a transfer away from its return.
    """

    _name = "stock.picking"
    _inherit = ["stock.picking", "jxc.server.fields.mixin"]

    #: See ``jxc.server.fields.mixin``.
    _jxc_server_fields = RETURN_FIELDS

    # Copied, so that what comes later than the rest belongs to the return as well.
    jxc_sale_return_id = fields.Many2one(
        comodel_name="jxc.sale.return",
        string="Return and Exchange",
        readonly=True,
        index="btree_not_null",
        check_company=True,
    )

    def copy(self, default=None):
        """Copy transfers; backorders are copies, too.

        :raise AccessError: a client says which return a copy belongs to
        """
        for vals in [default] if default else []:
            # Only these: the platform says that a copy is a draft.
            self._jxc_without_server_fields(
                {name: vals[name] for name in RETURN_FIELDS & vals.keys()}
            )
        with marks.Copying() as copying:
            pickings = self.with_context(**{marks.COPYING: copying})
            copies = super(StockPicking, pickings).copy(default)
        return copies.with_env(self.env)

    def _jxc_guarded_fields(self):
        guarded = super()._jxc_guarded_fields()
        return guarded - RETURN_FIELDS if marks.copying_of(self.env) else guarded

    def _action_done(self):
        for back, pickings in self.sudo().grouped("jxc_sale_return_id").items():
            if back:
                back._check_received(pickings)
        # Whoever takes goods in need not see what else came back of a delivery.
        self.sudo().move_ids._jxc_check_left_to_return()
        result = super()._action_done()
        # Whoever takes goods in moves the return along, with or without a role there.
        self.sudo().jxc_sale_return_id._follow_receipt()
        return result
