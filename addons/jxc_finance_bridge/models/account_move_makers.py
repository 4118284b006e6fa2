# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from odoo import api, fields, models
from odoo.fields import Command

from ..tools.state_change import is_state_change
from ..tools.token import engine_context

#: What a voucher says. Whoever changes it made the voucher, too.
SAID = frozenset(
    {
        "currency_id",
        "date",
        "fiscal_position_id",
        "invoice_cash_rounding_id",
        "invoice_currency_rate",
        "invoice_date",
        "invoice_date_due",
        "invoice_payment_term_id",
        "journal_id",
        "move_type",
        "partner_bank_id",
        "partner_id",
    }
)
SAID_BY_LINE = frozenset(
    {
        "account_id",
        "amount_currency",
        "balance",
        "credit",
        "currency_id",
        "date_maturity",
        "debit",
        "discount",
        "partner_id",
        "price_unit",
        "product_id",
        "product_uom_id",
        "quantity",
        "tax_ids",
    }
)


def _find_changed(records, vals, names):
    """Records of which a client is about to change what their vouchers say.

    What the server writes for itself is no client's, and who posts is noted anyway.

    :param records: entries, or lines of entries
    :param names: fields that count
    """
    env = records.env
    names = vals.keys() & names
    if not names or env.su or is_state_change(env):
        return records.browse()
    will_change = env["account.move"]._field_will_change
    return records.filtered(
        lambda record: any(will_change(record, vals, name) for name in names)
    )


class AccountMove(models.Model):
    """制单: everybody who had a hand in what a voucher says."""

    _inherit = "account.move"

    jxc_drafter_ids = fields.Many2many(
        comodel_name="res.users",
        relation="account_move_jxc_drafter_rel",
        column1="move_id",
        column2="user_id",
        string="Changed by",
        copy=False,
        readonly=True,
        help="Who changed amounts, accounts, partners, quantities or prices that"
        " somebody else had entered. They do not review the voucher either.",
    )

    jxc_maker_id = fields.Many2one(
        comodel_name="res.users",
        string="Made by",
        compute="_compute_jxc_maker_id",
        store=True,
        help="Who changed last what the voucher says, and so answers for it; who"
        " entered it if nobody did.",
    )

    @api.depends("create_uid")
    def _compute_jxc_maker_id(self):
        for move in self:
            move.jxc_maker_id = move.jxc_maker_id or move.create_uid

    def write(self, vals):
        """Note who changes what the voucher says."""
        changed = _find_changed(self, vals, SAID)
        result = super().write(vals)
        changed._jxc_note_drafter()
        return result

    def _jxc_note_drafter(self):
        """The current user has a hand in these vouchers from now on."""
        user = self.env.user
        # sudo: clients do not write who made a voucher
        moves = self.sudo().with_context(**engine_context())
        new = moves.filtered(
            lambda move: user not in move.create_uid | move.jxc_drafter_ids
        )
        if new:
            new.write({"jxc_drafter_ids": [Command.link(user.id)]})
        handed_over = moves.filtered(lambda move: move.jxc_maker_id != user)
        if handed_over:
            handed_over.write({"jxc_maker_id": user.id})

    def _jxc_get_makers(self):
        """Users who count as makers (制单) of a voucher.

        Whoever posts a draft makes it final, so counts as well, and so does who put
        lines into the draft of somebody else, or changed them.
        """
        self.ensure_one()
        move = self.sudo()
        makers = move.create_uid | move.jxc_posted_by | move.jxc_drafter_ids
        makers |= move.line_ids.create_uid
        return makers - self.env.ref("base.user_root")


class AccountMoveLine(models.Model):
    """Changes of lines are changes of their vouchers."""

    _inherit = "account.move.line"

    @api.model_create_multi
    def create(self, vals_list):
        """Note who adds to the voucher of somebody else."""
        lines = super().create(vals_list)
        if not self.env.su and not is_state_change(self.env):
            user = self.env.user
            moves = lines.move_id.filtered(lambda move: move.create_uid != user)
            moves._jxc_note_drafter()
        return lines

    def write(self, vals):
        """Note who changes what the voucher says."""
        changed = _find_changed(self, vals, SAID_BY_LINE)
        result = super().write(vals)
        changed.move_id._jxc_note_drafter()
        return result

    def unlink(self):
        """Who takes lines out changes what the voucher says."""
        moves = self.env["account.move"]
        if not self.env.su and not is_state_change(self.env):
            moves = self.move_id
        result = super().unlink()
        moves.exists()._jxc_note_drafter()
        return result
