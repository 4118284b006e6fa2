# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from odoo import fields, models

from odoo.addons.jxc_base.tools.prefetch import RARELY_READ


class AccountMove(models.Model):
    _inherit = "account.move"

    jxc_summary = fields.Char(
        string="Summary",
        copy=False,
        help="What the voucher is about (摘要). Left empty, it is written from the"
        " template of its kind when the entry is posted.",
        prefetch=RARELY_READ,
    )

    def write(self, vals):
        result = super().write(vals)
        if vals.get("state") == "posted":
            self.env["jxc.voucher.summary"]._fill(
                self.filtered(lambda move: not move.jxc_summary)
            )
        return result
