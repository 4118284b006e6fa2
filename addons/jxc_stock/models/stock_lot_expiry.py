# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from odoo import fields, models
from odoo.exceptions import AccessError


class StockLot(models.Model):
    """The expiration date of goods in stock is no way around their release."""

    _inherit = "stock.lot"

    def write(self, vals):
        if "expiration_date" in vals:
            self._jxc_check_later_expiry(vals["expiration_date"])
        return super().write(vals)

    def _jxc_check_later_expiry(self, date):
        """Refuse to let lots last longer than was said when they came.

        :param date: the new expiration date, as for ``write``
        :raise AccessError: without the right to control stock, naming a lot
        """
        if self.env.su or self.env.user.has_group("jxc_stock.group_stock_control"):
            return
        date = fields.Datetime.to_datetime(date)
        for lot in self:
            expires = lot.expiration_date
            if expires and (not date or date > expires) and lot.sudo().quant_ids:
                raise AccessError(
                    self.env._(
                        "%(product)s, lot %(lot)s: only people with the right “Stock"
                        " Control” let it last longer than until %(date)s.",
                        product=lot.product_id.display_name,
                        lot=lot.name,
                        date=fields.Date.to_string(
                            fields.Datetime.context_timestamp(lot, expires).date()
                        ),
                    )
                )
