# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from odoo import models

from ..tools.language import in_company_lang
from ..tools.refusal import text_for


class SaleOrder(models.Model):
    """Quotations that customers sign on the portal."""

    _inherit = "sale.order"

    def _jxc_tell_of_refused_signature(self, name, refused):
        """Tell the salesperson of a customer who signed and was refused.

        :param name: who signed
        :param refused: the error
        """
        texts = in_company_lang(self).env
        self._jxc_tell_salesman(
            texts._(
                "%(name)s signed, but the order is not confirmed: %(reason)s",
                name=name or "–",
                reason=text_for(refused, texts.lang),
            )
        )
