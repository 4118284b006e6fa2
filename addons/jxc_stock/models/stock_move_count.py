# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from odoo import api, fields, models
from odoo.exceptions import AccessError

from odoo.addons.jxc_base.tools.guard import own_defaults


class StockMove(models.Model):
    _inherit = "stock.move"

    jxc_count_line_id = fields.Many2one(
        comodel_name="jxc.stock.count.line",
        string="Count Line",
        readonly=True,
        copy=False,
        index="btree_not_null",
        help="The line of a stock count that this move applies.",
    )

    # The last word on "nothing is applied twice", whatever wrote the move.
    _jxc_count_line_unique = models.UniqueIndex(
        "(jxc_count_line_id) WHERE jxc_count_line_id IS NOT NULL",
        "The difference of this count line is applied already.",
    )

    @api.model
    def default_get(self, fields):
        return own_defaults(self, super().default_get(fields), {"jxc_count_line_id"})

    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            self._jxc_check_count_line(vals)
        return super().create(vals_list)

    def write(self, vals):
        self._jxc_check_count_line(vals)
        return super().write(vals)

    @api.model
    def _jxc_check_count_line(self, vals):
        """A move that claims to be the difference of a count would keep the real one
        from being applied.

        :raise AccessError: for everybody but the count itself
        """
        if vals.get("jxc_count_line_id") and not self.env.su:
            raise AccessError(
                self.env._("Differences of a stock count are applied by the count.")
            )
