# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from odoo import api, fields, models
from odoo.exceptions import AccessError
from odoo.fields import NO_ACCESS


class RatingRating(models.Model):
    _inherit = "rating.rating"

    # Whoever has it is the customer to the page where ratings are given.
    access_token = fields.Char(groups=NO_ACCESS)

    @api.model_create_multi
    def create(self, vals_list):
        ratings = super().create(vals_list)
        ratings._jxc_check_rater()
        return ratings

    def write(self, vals):
        self._jxc_check_rater()
        result = super().write(vals)
        self._jxc_check_rater()
        return result

    def _jxc_check_rater(self):
        """Employees may write ratings; those of tickets are the customers' word.

        :raise AccessError: a user writes the rating of a ticket
        """
        if self.env.su:
            return
        if "helpdesk.ticket" in self.mapped("res_model"):
            raise AccessError(self.env._("Tickets are rated by customers only."))
