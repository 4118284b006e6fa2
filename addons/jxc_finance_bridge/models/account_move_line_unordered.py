# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
import datetime

from odoo import fields, models
from odoo.fields import NO_ACCESS

from .account_move_match import MATCHED


class AccountMove(models.Model):
    _inherit = "account.move"

    jxc_removed_order_lines = fields.Json(
        string="Order Lines Taken Off",
        copy=False,
        groups=NO_ACCESS,
        export_string_translation=False,
    )

    def _jxc_note_removed(self, order_lines):
        """Keep which order lines were taken off a bill, and since when."""
        self.ensure_one()
        # sudo: clients neither see nor write it
        bill = self.sudo()
        noted = bill.jxc_removed_order_lines or {
            "since": self.env.cr.now().isoformat(),
            "ids": [],
        }
        ids = sorted({*noted["ids"], *order_lines.ids})
        bill.jxc_removed_order_lines = {**noted, "ids": ids}

    def _jxc_stands_in(self, line):
        """Whether a line without order came when one with an order was taken off.

        Not so if those order lines are all on the bill again.
        """
        self.ensure_one()
        # sudo: see the field
        noted = self.sudo().jxc_removed_order_lines
        if not noted:
            return False
        missing = set(noted["ids"]) - set(self.sudo().line_ids.purchase_line_id.ids)
        since = datetime.datetime.fromisoformat(noted["since"])
        return bool(missing) and (line.create_date or since) >= since


class AccountMoveLine(models.Model):
    """Bill lines without an order: expenses need none, goods do."""

    _inherit = "account.move.line"

    jxc_order_removed = fields.Boolean(
        string="Order Taken Off", copy=False, groups=NO_ACCESS
    )

    def write(self, vals):
        """A bill line remembers that its order was taken off it."""
        removed = self.browse()
        if "purchase_line_id" in vals and not vals["purchase_line_id"]:
            removed = self.filtered(
                lambda line: line.purchase_line_id and line.move_id.move_type in MATCHED
            )
        result = super().write(vals)
        if removed:
            # sudo: clients neither see nor write it
            removed.sudo().write({"jxc_order_removed": True})
        return result

    def unlink(self):
        """A bill remembers the order lines that were taken off it with their lines."""
        removed = self.filtered(
            lambda line: line.purchase_line_id and line.move_id.move_type in MATCHED
        )
        for bill, lines in removed.grouped("move_id").items():
            bill._jxc_note_removed(lines.purchase_line_id)
        return super().unlink()

    def _jxc_lacks_order(self):
        """Whether a line without an order is beyond what the company passes.

        Who took the order off a line, or replaced the line by one without, does not
        get it past matching, whatever the company asks for; what costs nothing may come
        without.
        """
        self.ensure_one()
        if self.purchase_line_id or self.price_subtotal <= 0:
            return False
        # sudo: see the field
        if self.sudo().jxc_order_removed or self.move_id._jxc_stands_in(self):
            return True
        needed = self.company_id.jxc_match_unordered
        return needed == "all" or (needed == "goods" and self.product_id.is_storable)
