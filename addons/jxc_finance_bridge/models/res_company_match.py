# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from odoo import fields, models

from odoo.addons.jxc_base.tools.prefetch import RARELY_READ

from ..tools.invoice_match import Tolerances, room

ACTIONS = [
    ("none", "Nothing"),
    ("warn", "Warn"),
    ("hold", "Hold the payment"),
    ("block", "Refuse the bill"),
]
UNORDERED = [
    ("goods", "Goods in Stock"),
    ("all", "All Lines"),
    ("none", "No Lines"),
]


class ResCompany(models.Model):
    _inherit = "res.company"

    jxc_match_action = fields.Selection(
        selection=ACTIONS,
        string="Bills Beyond Tolerance",
        default="none",
        required=True,
        help="What happens to a vendor bill that differs from its order or receipt by"
        " more than is tolerated.",
        prefetch=RARELY_READ,
    )
    jxc_match_unordered = fields.Selection(
        selection=UNORDERED,
        string="Need an Order",
        default="goods",
        required=True,
        help="Which lines of vendor bills are beyond tolerance when no order stands"
        " behind them. A line whose order was taken off always is.",
        prefetch=RARELY_READ,
    )
    jxc_match_qty_percent = fields.Float(
        string="Quantity Tolerance (%)",
        digits=(16, 2),
        prefetch=RARELY_READ,
    )
    jxc_match_qty_amount = fields.Float(
        string="Quantity Tolerance",
        digits="Product Unit",
        prefetch=RARELY_READ,
    )
    jxc_match_price_percent = fields.Float(
        string="Price Tolerance (%)",
        default=1.0,
        digits=(16, 2),
        prefetch=RARELY_READ,
    )
    jxc_match_price_amount = fields.Float(
        string="Price Tolerance",
        digits="Product Price",
        prefetch=RARELY_READ,
    )
    jxc_match_total_percent = fields.Float(
        string="Small Total Passed (%)",
        digits=(16, 2),
        help="Price differences beyond the price tolerance that come to this part of"
        " what its orders come to, for the whole bill, are passed all the same.",
        prefetch=RARELY_READ,
    )
    jxc_match_total_amount = fields.Float(
        string="Small Total Passed",
        default=1.0,
        digits=(16, 2),
        help="Price differences beyond the price tolerance that come to this amount"
        " for the whole bill are passed all the same.",
        prefetch=RARELY_READ,
    )
    jxc_match_limit_percent = fields.Float(
        string="Limit of the Total (%)",
        digits=(16, 2),
        help="A bill whose lines pass one by one is beyond tolerance when all of it is"
        " off by more than this part of what its orders come to. Without a percentage"
        " and an amount the total is not judged.",
        prefetch=RARELY_READ,
    )
    jxc_match_limit_amount = fields.Float(
        string="Limit of the Total",
        digits=(16, 2),
        help="A bill whose lines pass one by one is beyond tolerance when all of it is"
        " off its orders and receipts by more than this amount. Without a percentage"
        " and an amount the total is not judged.",
        prefetch=RARELY_READ,
    )
    jxc_match_tax_percent = fields.Float(
        string="Tax Tolerance (%)",
        digits=(16, 2),
        help="How much the tax of a bill may be off, as a part of what its lines come"
        " to.",
        prefetch=RARELY_READ,
    )
    jxc_match_tax_amount = fields.Float(
        string="Tax Tolerance",
        default=0.06,
        digits=(16, 2),
        help="How much the tax of a bill may be off what its lines come to.",
        prefetch=RARELY_READ,
    )

    _jxc_match_positive = models.Constraint(
        "CHECK (jxc_match_qty_percent >= 0 AND jxc_match_qty_amount >= 0"
        " AND jxc_match_price_percent >= 0 AND jxc_match_price_amount >= 0"
        " AND jxc_match_total_percent >= 0 AND jxc_match_total_amount >= 0"
        " AND jxc_match_limit_percent >= 0 AND jxc_match_limit_amount >= 0"
        " AND jxc_match_tax_percent >= 0 AND jxc_match_tax_amount >= 0)",
        "Tolerances are not negative.",
    )

    def _jxc_match_tolerances(self):
        self.ensure_one()
        return Tolerances(
            self.jxc_match_qty_percent,
            self.jxc_match_qty_amount,
            self.jxc_match_price_percent,
            self.jxc_match_price_amount,
        )

    def _jxc_match_total_room(self, ordered):
        """What the price differences of a bill may come to, in company currency.

        :param ordered: what its lines cost by their orders, in company currency
        """
        self.ensure_one()
        return room(ordered, self.jxc_match_total_percent, self.jxc_match_total_amount)

    def _jxc_match_limit(self, expected):
        """What a whole bill may be off in company currency, None when not judged.

        :param expected: what it comes to by orders and receipts, in company currency
        """
        self.ensure_one()
        percent, amount = self.jxc_match_limit_percent, self.jxc_match_limit_amount
        return room(expected, percent, amount) if percent or amount else None

    def _jxc_match_tax_room(self, computed):
        """How much the tax of a bill may be off, in company currency.

        :param computed: what its lines come to, in company currency
        """
        self.ensure_one()
        return room(computed, self.jxc_match_tax_percent, self.jxc_match_tax_amount)
