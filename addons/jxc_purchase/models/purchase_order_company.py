# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from odoo import api, models
from odoo.exceptions import AccessError, UserError


class PurchaseOrder(models.Model):
    """An order stays in its company once something of that company hangs on it."""

    _inherit = "purchase.order"

    def write(self, vals):
        """Move nothing but RFQs on their own to another company.

        :raise AccessError: the user does not work in the other company
        :raise UserError: naming the orders, and what keeps them
        """
        if "company_id" not in vals:
            return super().write(vals)
        moved = self.filtered(lambda order: order.company_id.id != vals["company_id"])
        moved._jxc_check_may_move()
        result = super().write(vals)
        # Rights were judged by the company before.
        moved.check_access("write")
        return result

    def _jxc_check_may_move(self):
        kept = self.sudo().filtered(
            lambda order: (
                order.state not in ("draft", "sent")
                or order.jxc_request_ids
                or order.purchase_group_id
            )
        )
        if kept:
            raise UserError(
                self.env._(
                    "%(orders)s stay in their company: they were confirmed, or belong"
                    " to purchase requests or to a tender. Order anew in the other"
                    " company.",
                    orders=", ".join(kept.mapped("name")),
                )
            )


class PurchaseOrderLine(models.Model):
    """Lines are of the company of their order, whatever a client says."""

    _inherit = "purchase.order.line"

    def write(self, vals):
        """Lines change between RFQs of one company only.

        :raise AccessError: another company than that of the order
        :raise UserError: the order of a line changes, and one of the two is no RFQ or
            is of another company
        """
        if "company_id" in vals:
            self._jxc_check_company(vals["company_id"])
        if "order_id" in vals:
            self._jxc_check_new_order(self.order_id.browse(vals["order_id"]))
        return super().write(vals)

    def _jxc_check_new_order(self, order):
        """What was confirmed, received and billed stays with its order.

        :raise UserError: naming line and orders
        """
        for line in self.filtered(lambda one: one.order_id != order).sudo():
            orders = line.order_id | order.sudo()
            is_open = all(one.state in ("draft", "sent") for one in orders)
            if len(orders.company_id) > 1 or not is_open:
                raise UserError(
                    self.env._(
                        "%(line)s stays on %(order)s: lines go only from one request"
                        " for quotation to another one of the same company. Cut the"
                        " line here, and add it there.",
                        line=line.product_id.display_name or line.name,
                        order=line.order_id.name,
                    )
                )

    @api.model_create_multi
    def create(self, vals_list):
        """:raise AccessError: another company than that of the order"""
        lines = super().create(vals_list)
        for line, vals in zip(lines, vals_list, strict=True):
            if "company_id" in vals:
                line._jxc_check_company(vals["company_id"])
        return lines

    def _jxc_check_company(self, company_id):
        for line in self:
            if line.order_id.company_id.id != company_id:
                raise AccessError(
                    self.env._(
                        "%(line)s: the company is that of the order, %(order)s.",
                        line=line.display_name,
                        order=line.order_id.display_name,
                    )
                )
