# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from odoo import fields, models
from odoo.exceptions import AccessError

from odoo.addons.jxc_base.tools.prefetch import RARELY_READ

from ..tools.token import is_engine


class ResCompany(models.Model):
    _inherit = "res.company"

    jxc_closed_date = fields.Date(
        string="Books Closed Until",
        copy=False,
        readonly=True,
        help="Last day of the last closed period. Nothing up to this day changes.",
    )
    jxc_voucher_scheme = fields.Selection(
        selection=[
            ("one", "One series: 记"),
            ("three", "Three series: 收, 付, 转"),
        ],
        string="Voucher Words",
        default="one",
        required=True,
        help="Series in which vouchers are numbered each month. Three series tell"
        " receipts of money, payments and transfers apart.",
    )
    jxc_voucher_review = fields.Boolean(
        string="Vouchers Must Be Reviewed",
        help="A period is closed only when all its vouchers are reviewed by somebody"
        " other than their maker, and those with cash are signed by the cashier.",
        prefetch=RARELY_READ,
    )
    jxc_voucher_lines = fields.Integer(
        string="Lines per Voucher Page",
        default=5,
        help="Lines of a printed voucher before it continues on the next page.",
        prefetch=RARELY_READ,
    )
    jxc_profit_transfer = fields.Selection(
        selection=[
            ("month", "Every month"),
            ("year", "At the end of the fiscal year"),
        ],
        string="Transfer of Profit and Loss",
        default="month",
        required=True,
        help="When income and expenses are moved to the profit of the year (本年利润).",
        prefetch=RARELY_READ,
    )
    jxc_profit_split = fields.Boolean(
        string="Income and Expenses Apart",
        help="Transfer income and expenses with one voucher each instead of one for"
        " both.",
        prefetch=RARELY_READ,
    )

    _jxc_voucher_lines_range = models.Constraint(
        "CHECK (jxc_voucher_lines BETWEEN 3 AND 12)",
        "A voucher page holds 3 to 12 lines.",
    )

    def write(self, vals):
        if "jxc_closed_date" in vals and not is_engine(self.env):
            raise AccessError(
                self.env._(
                    "Books are closed and reopened with their periods, not by hand."
                )
            )
        return super().write(vals)
