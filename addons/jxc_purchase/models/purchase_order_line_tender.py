# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from odoo import api, fields, models
from odoo.exceptions import AccessError

from odoo.addons.jxc_base.tools.guard import own_defaults
from odoo.addons.jxc_base.tools.prefetch import RARELY_READ

from ..tools.coverage import in_base

LINE_QUOTE_FIELDS = {"jxc_quoted_date", "jxc_quoted_price", "jxc_quoted_qty"}


class PurchaseOrderLine(models.Model):
    _inherit = "purchase.order.line"

    jxc_quoted_qty = fields.Float(
        string="Quoted Quantity",
        digits="Product Unit",
        readonly=True,
        copy=False,
        prefetch=RARELY_READ,
    )
    jxc_quoted_price = fields.Float(
        string="Quoted Price",
        digits=0,
        readonly=True,
        copy=False,
        help="As the vendor states it, with the taxes that are part of it: per unit of"
        " the line, less discount, in the currency of the order.",
        prefetch=RARELY_READ,
    )
    jxc_quoted_date = fields.Datetime(
        string="Quoted Arrival",
        readonly=True,
        copy=False,
        prefetch=RARELY_READ,
    )

    @api.model
    def default_get(self, fields):
        return own_defaults(self, super().default_get(fields), LINE_QUOTE_FIELDS)

    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            self._jxc_check_quote_fields(vals)
        return super().create(vals_list)

    def write(self, vals):
        self._jxc_check_quote_fields(vals)
        return super().write(vals)

    def _jxc_check_quote_fields(self, vals):
        if LINE_QUOTE_FIELDS & set(vals) and not self.env.su:
            raise AccessError(
                self.env._("Quotations are recorded with “Record Quotation”.")
            )

    def _prepare_quote_values(self):
        """Return the values that record this line as the vendor's answer."""
        self.ensure_one()
        price = max(self.price_unit * (1 - self.discount / 100), 0.0)
        return {
            # A line that lost an award has no quantity left, but was quoted.
            "jxc_quoted_qty": self.product_qty or self.jxc_quoted_qty,
            "jxc_quoted_price": price,
            "jxc_quoted_date": self.date_planned,
        }

    def _jxc_award_problem(self, award):
        """Return why this line is not what was awarded, or None."""
        if not award or not award.is_winner:
            return self.env._("it was not awarded.")
        vendor = self.order_id.partner_id.commercial_partner_id
        if (
            award.product_id != self.product_id
            or award.partner_id.commercial_partner_id != vendor
            or award.currency_id != self.order_id.currency_id
        ):
            return self.env._("product, vendor or currency are not what was awarded.")
        unit = award.product_uom_id
        awarded = in_base(award.quantity, unit)
        if in_base(self.product_qty, self.product_uom_id) > awarded:
            return self.env._(
                "%(quantity)s %(unit)s were awarded, more is ordered.",
                quantity=f"{award.quantity:g}",
                unit=unit.name,
            )
        most = self._jxc_most_aux(award.quantity, unit)
        if self._jxc_is_more_aux(most):
            return self.env._(
                "%(quantity)s %(unit)s were awarded, which is %(most)s %(aux)s at most;"
                " %(asked)s are ordered.",
                quantity=f"{award.quantity:g}",
                unit=unit.name,
                most=f"{most:g}",
                aux=self.jxc_aux_uom_id.name,
                asked=f"{self.jxc_aux_qty:g}",
            )
        price = self.product_uom_id._compute_price(
            self._jxc_untaxed(self.price_unit * (1 - self.discount / 100)), unit
        )
        digits = self.env["decimal.precision"].precision_get("Product Price")
        # Awards of before kept the price alone.
        awarded = award.price_untaxed or award.price_unit
        if round(price - awarded, digits) > 0:
            return self.env._(
                "it was awarded at %(awarded)s untaxed, the order says %(price)s.",
                awarded=f"{awarded:.{digits}f}",
                price=f"{price:.{digits}f}",
            )
        return None
