# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from odoo import fields, models


class ProductCategory(models.Model):
    _inherit = "product.category"

    jxc_min_margin = fields.Float(
        string="Minimum Margin (%)",
        company_dependent=True,
        groups="jxc_base.group_see_costs,sales_team.group_sale_manager",
        help="Of sales, in the current company. 0: that of the parent category.",
    )

    def _jxc_margin_wanted(self):
        """The minimum margin of this category, or of the nearest above it, in percent.

        :return: 0 where none has one
        """
        category = self
        while category:
            if category.jxc_min_margin:
                return category.jxc_min_margin
            category = category.parent_id
        return 0.0
