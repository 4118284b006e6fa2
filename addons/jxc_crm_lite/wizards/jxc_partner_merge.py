# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Command


class JxcPartnerMerge(models.TransientModel):
    """Choose which of two or three contacts stays, and say why."""

    _name = "jxc.partner.merge"
    _description = "Merge Contacts"

    partner_ids = fields.Many2many(
        comodel_name="res.partner", string="Contacts", required=True
    )
    dst_partner_id = fields.Many2one(
        comodel_name="res.partner",
        string="Contact to Keep",
        compute="_compute_dst_partner_id",
        store=True,
        readonly=False,
        domain="[('id', 'in', partner_ids)]",
        help="Keeps its own values; what it lacks comes from the others.",
    )
    reason = fields.Char()

    @api.depends("partner_ids")
    def _compute_dst_partner_id(self):
        """The one with an owner, else the older one."""
        for wizard in self:
            if wizard.dst_partner_id not in wizard.partner_ids:
                ordered = wizard.partner_ids.sorted(
                    lambda partner: (not partner.user_id, partner._origin.id)
                )
                wizard.dst_partner_id = ordered[:1]._origin

    def action_merge(self):
        """Merge and open the contact that stays.

        :raise AccessError: for anyone but sales managers and administrators
        :raise UserError: naming what keeps the contacts apart
        """
        self.ensure_one()
        if self.dst_partner_id not in self.partner_ids or not self.reason:
            raise UserError(
                self.env._("Choose which of the contacts stays, and say why.")
            )
        kept = self.dst_partner_id
        merging = self.env["base.partner.merge.automatic.wizard"]
        # The wizard's rows point to the contacts that are about to go.
        ids, reason = self.partner_ids.ids, self.reason
        self.partner_ids = [Command.set(kept.ids)]
        merging._jxc_merge_for(ids, kept, reason)
        return {
            "type": "ir.actions.act_window",
            "res_model": "res.partner",
            "res_id": kept.id,
            "view_mode": "form",
        }
