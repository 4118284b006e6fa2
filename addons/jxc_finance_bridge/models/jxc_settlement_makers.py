# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from odoo import api, fields, models
from odoo.fields import Command

from ..tools.token import engine_context

DRAFTERS = frozenset({"drafter_ids"})


class JxcSettlement(models.Model):
    """制单 of the vouchers of settlements: not only who presses the button.

    Whoever entered a settlement, or a line of it, made its voucher, too.
    """

    _inherit = "jxc.settlement"

    drafter_ids = fields.Many2many(
        comodel_name="res.users",
        relation="jxc_settlement_drafter_rel",
        column1="settlement_id",
        column2="user_id",
        string="Changed by",
        copy=False,
        readonly=True,
        help="Who changed the settlement that somebody else had entered. They do not"
        " review its voucher either.",
    )

    def _jxc_guarded_fields(self):
        guarded = super()._jxc_guarded_fields()
        return guarded if self.env.su else guarded | DRAFTERS

    def write(self, vals):
        """Note who changes the settlement."""
        result = super().write(vals)
        if not self.env.su and vals.keys() & self._jxc_said_fields():
            self._jxc_note_drafter()
        return result

    @api.model
    def _jxc_said_fields(self):
        """Names of the fields that decide what is settled, and how: hook."""
        return {
            "company_id",
            "currency_id",
            "date",
            "kind",
            "offset_currency_id",
            "other_partner_id",
            "partner_id",
        }

    def _jxc_note_drafter(self):
        """The current user has a hand in these settlements from now on."""
        user = self.env.user
        # sudo: clients do not write who made a voucher
        new = self.sudo().filtered(
            lambda one: user not in one.create_uid | one.drafter_ids
        )
        if new:
            new.write({"drafter_ids": [Command.link(user.id)]})

    def action_propose(self):
        """Propose; whoever does so has entered the lines."""
        result = super().action_propose()
        self._jxc_note_drafter()
        return result

    def _jxc_settle(self):
        """Name in the vouchers who entered and changed the settlements."""
        result = super()._jxc_settle()
        root = self.env.ref("base.user_root")
        for settlement in self.sudo().filtered("move_id"):
            move = settlement.move_id
            makers = settlement.create_uid | settlement.drafter_ids
            makers -= move.create_uid | root
            if makers:
                move.with_context(**engine_context()).write(
                    {"jxc_drafter_ids": [Command.link(user.id) for user in makers]}
                )
        return result


class JxcSettlementLine(models.Model):
    """Changes of lines are changes of their settlements."""

    _inherit = "jxc.settlement.line"

    @api.model_create_multi
    def create(self, vals_list):
        """Note who adds to the settlement of somebody else."""
        lines = super().create(vals_list)
        if not self.env.su:
            lines.settlement_id._jxc_note_drafter()
        return lines

    def write(self, vals):
        """Note who changes the settlement."""
        settlements = self.settlement_id
        result = super().write(vals)
        if not self.env.su:
            (settlements | self.settlement_id)._jxc_note_drafter()
        return result

    def unlink(self):
        """Who takes lines out changes the settlement."""
        settlements = self.settlement_id
        result = super().unlink()
        if not self.env.su:
            settlements.exists()._jxc_note_drafter()
        return result
