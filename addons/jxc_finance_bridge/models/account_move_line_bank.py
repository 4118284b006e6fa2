# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from odoo import fields, models
from odoo.fields import NO_ACCESS


class AccountMoveLine(models.Model):
    _inherit = "account.move.line"

    jxc_bank_key = fields.Char(
        string="Bank Transaction",
        index="btree_not_null",
        copy=False,
        groups=NO_ACCESS,
        help="The transaction of a bank's export that this line is.",
    )
    jxc_bank_said = fields.Json(
        string="Texts of the Bank",
        copy=False,
        groups=NO_ACCESS,
        prefetch=False,
        export_string_translation=False,
    )
