# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Command


class JxcFapiaoMatch(models.TransientModel):
    """Choose the bills or invoices that a tax invoice is about."""

    _name = "jxc.fapiao.match"
    _description = "Match of a Tax Invoice"

    fapiao_id = fields.Many2one(
        comodel_name="jxc.fapiao",
        string="Tax Invoice",
        required=True,
        ondelete="cascade",
    )
    currency_id = fields.Many2one(related="fapiao_id.currency_id")
    partner_id = fields.Many2one(
        comodel_name="res.partner",
        compute="_compute_candidate_ids",
    )
    candidate_ids = fields.Many2many(
        comodel_name="account.move",
        compute="_compute_candidate_ids",
        export_string_translation=False,
    )
    move_ids = fields.Many2many(
        comodel_name="account.move",
        string="Bills and Invoices",
        domain="[('id', 'in', candidate_ids)]",
        compute="_compute_move_ids",
        store=True,
        readonly=False,
    )
    amount_total = fields.Monetary(related="fapiao_id.amount_total")
    amount_chosen = fields.Monetary(
        string="Chosen",
        compute="_compute_difference",
    )
    difference = fields.Monetary(compute="_compute_difference")

    @api.depends("fapiao_id")
    def _compute_candidate_ids(self):
        for match in self:
            match.partner_id = match.fapiao_id._find_partner()
            match.candidate_ids = self.env["account.move"].search(
                match.fapiao_id._get_candidates_domain()
            )

    @api.depends("fapiao_id")
    def _compute_move_ids(self):
        for match in self:
            match.move_ids = match.fapiao_id._propose_moves()

    @api.depends("move_ids", "fapiao_id")
    def _compute_difference(self):
        for match in self:
            sign = -1 if match.amount_total < 0 else 1
            match.amount_chosen = sign * sum(match.move_ids.mapped("amount_total"))
            match.difference = match.amount_total - match.amount_chosen

    def action_link(self):
        """Link the chosen ones, also with a difference, which the register shows.

        :raise AccessError: no right to keep bills
        :raise UserError: none chosen, or one that is not of the partner
        """
        self.ensure_one()
        fapiao = self.fapiao_id
        fapiao._check_keeper()
        if not self.move_ids:
            raise UserError(
                self.env._("Choose the bills of %(number)s.", number=fapiao.number)
            )
        if fapiao.is_void:
            raise UserError(self.env._("%(number)s is void.", number=fapiao.number))
        strangers = self.move_ids - self.candidate_ids
        if strangers:
            raise UserError(
                self.env._(
                    "%(bill)s is not of the partner of %(number)s, or has a tax invoice"
                    " already.",
                    bill=strangers[0].display_name,
                    number=fapiao.number,
                )
            )
        fapiao.move_ids = [Command.link(move.id) for move in self.move_ids]
        return True
