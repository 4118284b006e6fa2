# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from odoo import fields, models


class JxcPrivacyLog(models.Model):
    """Personal data that left the system or was erased: who, when, why. Never written.

    It names the contact by number and name at that time; an erasure takes the name out
    of older rows as well.
    """

    _name = "jxc.privacy.log"
    _description = "Personal Data Log"
    _order = "id desc"
    _rec_name = "subject"

    kind = fields.Selection(
        selection=[
            ("export", "Given to the Person"),
            ("erase", "Erased"),
            ("list", "List Export"),
        ],
        required=True,
        readonly=True,
    )
    date = fields.Datetime(
        required=True, readonly=True, default=fields.Datetime.now, index=True
    )
    user_id = fields.Many2one(
        comodel_name="res.users", string="By", required=True, readonly=True, index=True
    )
    company_id = fields.Many2one(
        comodel_name="res.company", readonly=True, index="btree_not_null"
    )
    partner_id = fields.Many2one(
        comodel_name="res.partner",
        string="Contact",
        readonly=True,
        ondelete="set null",
        index="btree_not_null",
    )
    subject = fields.Char(string="Person Concerned", readonly=True)
    reason = fields.Char(readonly=True)
    record_count = fields.Integer(string="Records", readonly=True, aggregator="sum")
    details = fields.Text(
        readonly=True, help="Fields of a list export; records touched by an erasure."
    )
    checksum = fields.Char(
        string="SHA-256", readonly=True, help="Of the file that was handed out."
    )
