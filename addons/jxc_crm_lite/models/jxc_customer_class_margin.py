# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from odoo import models
from odoo.tools import SQL


class JxcCustomerClass(models.Model):
    """Classes by margin, for companies that want them.

    The margin itself is kept nowhere: who may not see costs sees a letter.
    """

    _inherit = "jxc.customer.class"

    def _get_order_worth(self, company):
        if company.jxc_class_by != "margin":
            return super()._get_order_worth(company)
        if self._has_order_margin():
            return SQL("o.margin / COALESCE(NULLIF(o.currency_rate, 0), 1)")
        return SQL("(%s - %s)", self._get_order_amount(), self._get_order_cost(company))

    def _get_read_for_worth(self, company):
        if company.jxc_class_by != "margin":
            return super()._get_read_for_worth(company)
        if self._has_order_margin():
            return (("sale.order", ["margin"]),)
        return (
            ("sale.order.line", ["order_id", "product_id"]),
            ("sale.order.line", ["product_uom_id", "product_uom_qty"]),
            ("product.product", ["standard_price", "product_tmpl_id"]),
            ("product.template", ["uom_id"]),
            ("uom.uom", ["factor"]),
        )

    def _has_order_margin(self):
        """Whether orders keep their margin, with the cost of the day they were made."""
        field = self.env["sale.order"]._fields.get("margin")
        return bool(field and field.store)

    def _get_order_cost(self, company):
        """SQL of an order's cost in company currency at today's cost of its products.

        For databases where orders do not keep their margin; "o" is the order.
        """
        products = self.env["product.product"].with_company(company)
        return SQL(
            """
            COALESCE((
                SELECT SUM(l.product_uom_qty * line_uom.factor / product_uom.factor
                           * %(cost)s)
                  FROM sale_order_line l
                  JOIN uom_uom line_uom ON line_uom.id = l.product_uom_id
                  JOIN product_product product ON product.id = l.product_id
                  JOIN product_template t ON t.id = product.product_tmpl_id
                  JOIN uom_uom product_uom ON product_uom.id = t.uom_id
                 WHERE l.order_id = o.id
            ), 0)
            """,
            cost=products._field_to_sql("product", "standard_price"),
        )
