# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from odoo import fields, models

from odoo.addons.jxc_base.tools.prefetch import RARELY_READ


class AccountMove(models.Model):
    _inherit = "account.move"

    jxc_import_number = fields.Char(
        string="Imported As",
        copy=False,
        index="btree_not_null",
        readonly=True,
        help="Key of the import this entry came from; the same data is not imported"
        " twice.",
        prefetch=RARELY_READ,
    )
