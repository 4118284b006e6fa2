# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from odoo import fields, models
from odoo.fields import Command

from ..tools import marks
from ..tools.language import in_company_lang


class StockScrap(models.Model):
    """What a return scrapped; it takes that back when it is cancelled."""

    _name = "stock.scrap"
    _inherit = ["stock.scrap", "jxc.server.fields.mixin"]

    #: See ``jxc.server.fields.mixin``.
    _jxc_server_fields = frozenset({"jxc_sale_return_id"})

    jxc_sale_return_id = fields.Many2one(
        comodel_name="jxc.sale.return",
        string="Return and Exchange",
        readonly=True,
        copy=False,
        index="btree_not_null",
        check_company=True,
    )

    def _jxc_undo(self):
        """Bring scrapped goods back to where they were, at the value they left with."""
        scrapped = self.move_ids.filtered(
            lambda move: move.state == "done" and not move.origin_returned_move_id
        )
        moves = self.env["stock.move"].create(
            [move._jxc_prepare_scrap_undone() for move in scrapped]
        )
        with marks.Undoing() as undoing:
            context = {marks.UNDOING: undoing, "is_scrap": True}
            moves.with_context(**context)._action_done()
        for scrap in self:
            texts = in_company_lang(scrap).env
            scrap.message_post(
                body=texts._(
                    "%s was cancelled: the goods are back where they were.",
                    scrap.jxc_sale_return_id.name,
                ),
                subtype_xmlid="mail.mt_note",
            )


class StockMove(models.Model):
    _inherit = "stock.move"

    def _jxc_prepare_scrap_undone(self):
        """Values of the move that brings the goods of a scrap's move back."""
        self.ensure_one()
        return {
            "origin": self.scrap_id.jxc_sale_return_id.name,
            "company_id": self.company_id.id,
            "product_id": self.product_id.id,
            "product_uom": self.product_uom.id,
            "product_uom_qty": self.quantity,
            "location_id": self.location_dest_id.id,
            "location_dest_id": self.location_id.id,
            "scrap_id": self.scrap_id.id,
            "origin_returned_move_id": self.id,
            "picked": True,
            "move_line_ids": [
                Command.create(
                    {
                        "product_id": line.product_id.id,
                        "product_uom_id": line.product_uom_id.id,
                        "quantity": line.quantity,
                        "location_id": line.location_dest_id.id,
                        "location_dest_id": line.location_id.id,
                        "lot_id": line.lot_id.id,
                        "jxc_aux_qty": line.jxc_aux_qty,
                        "jxc_aux_reason": line.jxc_aux_reason,
                    }
                )
                for line in self.move_line_ids
            ],
        }
