# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from odoo import fields, models


class ResUsers(models.Model):
    _inherit = "res.users"

    jxc_given_delegation_ids = fields.One2many(
        comodel_name="jxc.approval.delegation",
        inverse_name="delegator_id",
        string="Approvals Delegated to Others",
        readonly=True,
        groups="base.group_system",
        help="Record rules let delegates read what they decide on by it.",
    )
