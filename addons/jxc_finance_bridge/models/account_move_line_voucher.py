# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from odoo import api, models
from odoo.exceptions import AccessError

from ..tools.state_change import is_state_change

#: Follow from the entry and from what settles the line. The platform keeps them in the
#: table for its searches, and lets clients write them.
FOLLOWING = frozenset(
    {
        "amount_residual",
        "amount_residual_currency",
        "company_id",
        "date",
        "full_reconcile_id",
        "journal_id",
        "move_name",
        "parent_state",
        "price_subtotal",
        "price_total",
        "reconciled",
    }
)
#: What was billed. The platform takes them on posted lines and works their subtotal out
#: anew, while what is owed stays: matching, accruals and costs read the subtotal.
BILLED = frozenset(
    {
        "currency_id",
        "discount",
        "display_type",
        "price_unit",
        "product_id",
        "product_uom_id",
        "quantity",
        "tax_ids",
    }
)
#: What another system has of a voucher, and what the ledgers of goods rest on.
BOOKED = frozenset(
    {"account_id", "amount_currency", "balance", "credit", "debit", "partner_id"}
)
OWED = ("asset_receivable", "liability_payable")


class AccountMoveLine(models.Model):
    _inherit = "account.move.line"

    @api.model_create_multi
    def create(self, vals_list):
        """Nothing is added to what is reviewed or closed."""
        lines = super().create(vals_list)
        posted = lines.move_id.filtered(lambda move: move.state == "posted")
        if posted:
            posted._check_fiscal_lock_dates()
        return lines

    def write(self, vals):
        """What a line says stays as it was posted, reviewed or closed.

        Its text is its 摘要. Due dates may be agreed anew, but not in closed months:
        the ageing of a day in the past would change. See ``account_move_told``.
        """
        if "name" in vals:
            for move in self.move_id:
                move._jxc_check_unreviewed()
        if not self.env.su:
            self._jxc_check_following(vals)
            self._jxc_check_booked(vals)
            self._jxc_check_closed(vals)
        return super().write(vals)

    def _jxc_check_following(self, vals):
        """
        :raise AccessError: for what a client would make differ from the entry, and for
            what was billed with it once it is posted
        """
        names = vals.keys() & FOLLOWING
        if names:
            raise AccessError(self.move_id._jxc_follows_text(self, names))
        names = vals.keys() & BILLED
        if not names or is_state_change(self.env):
            return
        # Forms send some of them back as they are.
        will_change = self.env["account.move"]._field_will_change
        for line in self:
            if line.parent_state == "posted" and any(
                will_change(line, vals, name) for name in names
            ):
                raise AccessError(
                    self.env._(
                        "%(move)s is posted; what it bills stays as it is. Reset it to"
                        " draft to correct it, or reverse it.",
                        move=line.move_id.display_name,
                    )
                )

    def _jxc_check_booked(self, vals):
        """
        :raise AccessError: for another account, partner or amount of what was sent or
            is the booking of goods, and for somebody else who would owe or be owed
        """
        names = vals.keys() & BOOKED
        if not names or is_state_change(self.env):
            return
        will_change = self.env["account.move"]._field_will_change
        lines = self.filtered(
            lambda line: (
                line.parent_state == "posted"
                and any(will_change(line, vals, name) for name in names)
            )
        )
        moves = lines.move_id
        if moves.filtered("jxc_stock_booking") or moves._jxc_sent():
            raise AccessError(moves._jxc_follows_text(self, names))
        if "partner_id" not in vals:
            return
        partner = self.env["res.partner"].browse(vals["partner_id"] or ())
        for line in lines:
            # Whom a bank transaction or an item of nobody is from is found out later.
            if (
                line.account_type in OWED
                and line.partner_id
                and not line.move_id.statement_line_id
                and line.partner_id.commercial_partner_id
                != partner.commercial_partner_id
            ):
                raise AccessError(
                    self.env._(
                        "%(move)s is posted; who owes it stays. Reset it to draft to"
                        " correct it, or transfer the debt with a settlement.",
                        move=line.move_id.display_name,
                    )
                )

    def _jxc_check_closed(self, vals):
        """
        :raise UserError: for another 摘要 in a closed month
        """
        if "name" in vals:
            changed = self.filtered(
                lambda line: (
                    line.parent_state == "posted"
                    and (line.name or False) != (vals["name"] or False)
                )
            )
            changed.move_id._jxc_check_period_open()

    def _jxc_get_summary(self):
        """The 摘要 of the line: its own text in entries, the voucher's in documents."""
        self.ensure_one()
        move = self.move_id
        if move.move_type == "entry" and not move.origin_payment_id and self.name:
            return self.name
        return move.jxc_summary or self.name or move.ref or move.name or ""
