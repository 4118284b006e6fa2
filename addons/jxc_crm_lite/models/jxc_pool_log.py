# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from odoo import fields, models


class JxcPoolLog(models.Model):
    """One change of a customer's or lead's owner, written by the server alone."""

    _name = "jxc.pool.log"
    _description = "History of Owners"
    _order = "id desc"

    partner_id = fields.Many2one(
        comodel_name="res.partner",
        string="Customer",
        readonly=True,
        ondelete="cascade",
        index="btree_not_null",
    )
    lead_id = fields.Many2one(
        comodel_name="crm.lead",
        readonly=True,
        ondelete="cascade",
        index="btree_not_null",
    )
    company_id = fields.Many2one(
        comodel_name="res.company", required=True, readonly=True, index=True
    )
    kind = fields.Selection(
        selection=[
            ("assign", "Assigned"),
            ("claim", "Claimed"),
            ("release", "Released"),
            ("warn", "Warned"),
            ("fall", "Fell into the Pool"),
        ],
        required=True,
        readonly=True,
    )
    user_id = fields.Many2one(
        comodel_name="res.users", string="By", required=True, readonly=True
    )
    old_owner_id = fields.Many2one(comodel_name="res.users", readonly=True)
    new_owner_id = fields.Many2one(comodel_name="res.users", readonly=True)
    reason = fields.Char(readonly=True)
