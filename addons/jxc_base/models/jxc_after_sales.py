# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from odoo import api, models


class JxcAfterSales(models.AbstractModel):
    """Where who buys and who hears the complaints meet, without needing each other.

    Purchasing asks here what customers complained about; an addon with tickets extends
    the answers. Alone, nobody complains and nobody is evaluated by complaints.
    """

    _name = "jxc.after.sales"
    _description = "After-sales Figures"

    @api.model
    def _vendor_case_model(self):
        """Return the model of the complaints behind the figures, or None."""
        return None

    @api.model
    def _vendor_cases_query(self, company, values):
        """Return the SELECT of cases about the goods of vendors, or None.

        :param company: one company
        :param dict values: of ``company`` (id), ``partners`` (ids of commercial
            partners), ``begin`` and ``end`` (UTC moments, the second one excluded)
        :return: SQL with the columns partner_id, res_id (the complaint or NULL), part
            (1 without complaint, else 0) and whole (1)
        """
        return None
