# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from odoo import fields, models
from odoo.tools import SQL

from odoo.addons.jxc_base.tools.prefetch import RARELY_READ


class ResCompany(models.Model):
    _inherit = "res.company"

    jxc_billed_after = fields.Integer(
        string="Last Invoice Line before Goods Counted",
        default=lambda self: self._jxc_last_invoice_line(),
        groups="base.group_system",
        prefetch=RARELY_READ,
        export_string_translation=False,
        help="Invoices from before goods without order were counted bill none of them.",
    )

    def _jxc_last_invoice_line(self):
        return self.env.execute_query(
            SQL("SELECT coalesce(max(id), 0) FROM account_move_line")
        )[0][0]
