# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from odoo import fields, models


class StockMove(models.Model):
    """Keeps what left without order, so that it counts in the exposure."""

    _inherit = "stock.move"

    jxc_unordered_ids = fields.One2many(
        comodel_name="jxc.credit.unordered",
        inverse_name="move_id",
        string="Delivered without Order",
        readonly=True,
        copy=False,
        groups="base.group_user",
    )

    def _jxc_record_unordered(self):
        """Record what these moves brought to customers without order, or back.

        The worth is that of the moment when goods left; correcting their quantity
        later keeps what one of them is worth.
        """
        moves = self.sudo()
        moves = (moves | moves.origin_returned_move_id)._jxc_done()
        Goods = self.env["jxc.credit.unordered"].sudo()
        known = {
            goods.move_id: goods
            for goods in Goods.search([("move_id", "in", moves.ids)])
        }
        leaving = moves._jxc_unordered()
        new = []
        for move in moves:
            quantity = move._jxc_kept_by_customer()
            goods = known.get(move)
            if goods and not move._jxc_leaves_unordered():
                goods.unlink()
            elif goods and goods.quantity != quantity:
                goods.quantity = quantity
            elif not goods and move in leaving and move.quantity:
                new.append(move._prepare_unordered_values(quantity))
        # What asks for nothing is not counted, and no invoice bills it.
        Goods.create([values for values in new if values["unit_worth"] > 0])

    def _jxc_leaves_unordered(self):
        """Whether this move still is one from us to outside, and none of an order."""
        self.ensure_one()
        return (
            self.state == "done"
            and not self.sale_line_id
            and self.location_dest_id._jxc_is_outgoing()
            and not self.location_id._jxc_is_outgoing()
        )

    def _jxc_kept_by_customer(self):
        """What left by this move and did not come back, in the product's own unit."""
        self.ensure_one()
        left = self._jxc_base_quantity()
        for back in self.returned_move_ids._jxc_done():
            # What others bring is no return of these goods, whatever it says.
            if back.product_id == self.product_id and back._jxc_comes_back():
                left -= back._jxc_base_quantity()
        return max(0.0, self.product_id.uom_id.round(left))

    def _jxc_comes_back(self):
        """Whether this move brings goods from outside to us."""
        return (
            self.location_id._jxc_is_outgoing()
            and not self.location_dest_id._jxc_is_outgoing()
        )

    def _jxc_reaches_customer(self):
        """Whether this move brings goods from us to outside."""
        return (
            self.location_dest_id._jxc_is_outgoing()
            and not self.location_id._jxc_is_outgoing()
        )

    def _jxc_base_quantity(self):
        """The quantity of this move in the product's own unit."""
        unit = self.product_id.uom_id
        return self.product_uom._jxc_convert(self.quantity, unit, rounded=True)

    def _prepare_unordered_values(self, quantity):
        """Values of the record of goods that left by this move without order.

        :param quantity: what of them did not come back, in the product's own unit
        """
        self.ensure_one()
        pieces = self.product_uom._jxc_convert(self.quantity, self.product_id.uom_id)
        return {
            "move_id": self.id,
            "partner_id": self._jxc_receiver().id,
            "company_id": self.company_id.id,
            "product_id": self.product_id.id,
            "quantity": quantity,
            "unit_worth": self._jxc_sales_worth() / pieces,
        }

    def _jxc_sales_worth(self):
        """What the receiver would be asked for these goods, tax included.

        By his own price list, in company currency.
        """
        self.ensure_one()
        company = self.company_id
        partner = self._jxc_receiver().with_company(company)
        pricelist = partner.property_product_pricelist
        product = self.product_id.with_company(company)
        price = pricelist._get_product_price(
            product,
            self.quantity,
            currency=company.currency_id,
            uom=self.product_uom,
        )
        taxes = product.taxes_id._filter_taxes_by_company(company)
        position = (
            self.env["account.fiscal.position"]
            .with_company(company)
            ._get_fiscal_position(partner)
        )
        return position.map_tax(taxes).compute_all(
            price,
            currency=company.currency_id,
            quantity=self.quantity,
            product=product,
            partner=partner,
        )["total_included"]
