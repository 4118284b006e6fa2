# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from odoo import fields, models


class JxcCreditPromise(models.Model):
    """The reminder that led to a promise."""

    _inherit = "jxc.credit.promise"

    reminder_id = fields.Many2one(
        comodel_name="jxc.dunning.reminder",
        index="btree_not_null",
        check_company=True,
        ondelete="set null",
    )
