# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from odoo import fields, models


class JxcPartnerMergeLog(models.Model):
    """Contacts that became one: what they were, who did it and why. Never written."""

    _name = "jxc.partner.merge.log"
    _description = "Merged Contacts"
    _order = "id desc"
    _rec_name = "merged"

    partner_id = fields.Many2one(
        comodel_name="res.partner",
        string="Kept Contact",
        readonly=True,
        ondelete="set null",
        index="btree_not_null",
    )
    kept = fields.Char(string="Kept As", readonly=True)
    merged = fields.Char(string="Merged Contacts", readonly=True)
    details = fields.Text(
        readonly=True, help="What the contacts that no longer exist had been."
    )
    company_id = fields.Many2one(
        comodel_name="res.company", readonly=True, index="btree_not_null"
    )
    user_id = fields.Many2one(comodel_name="res.users", string="By", readonly=True)
    reason = fields.Char(readonly=True)
