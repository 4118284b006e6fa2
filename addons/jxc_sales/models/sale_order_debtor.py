# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from contextlib import contextmanager

from odoo import models
from odoo.exceptions import UserError

from odoo.addons.jxc_base.tools.importing import is_history

from ..tools import marks

#: Writing one of these may make an order that of somebody else.
CUSTOMER_FIELDS = {"company_id", "partner_id", "partner_invoice_id"}
#: How many goods a refusal names.
NAMED = 5


class SaleOrder(models.Model):
    """Goods that left, and what is invoiced, stay the debt of who got them.

    Nobody makes it the debt of somebody else by writing another customer into the
    order. Inside of the control of credit, so that this reason is told first.
    """

    _inherit = "sale.order"

    def write(self, vals):
        """Keep what left with its customer.

        :raise UserError: naming the order, its customer, what he got and the way out
        """
        if not CUSTOMER_FIELDS & set(vals):
            return super().write(vals)
        with self.sudo()._jxc_kept_by_debtor():
            return super().write(vals)

    def _jxc_customers(self):
        """Who buys, who owes it, and whom."""
        return (
            self.partner_id.commercial_partner_id,
            self.partner_invoice_id.commercial_partner_id,
            self.company_id,
        )

    @contextmanager
    def _jxc_kept_by_debtor(self):
        """Keep what left, or is invoiced, with its customer through what is inside.

        :raise UserError: naming the order, its customer and what he got
        """
        if is_history(self.env) or marks.replay_of(self.env):
            yield
            return
        known = {
            line: (line.order_id, line.order_id._jxc_customers())
            for line in self.order_line
            if line.qty_delivered or line.qty_invoiced
        }
        if not known:
            yield
            return
        # A refused change is taken back here, should a caller swallow the error.
        with self.env.cr.savepoint():
            yield
            for line in self.env["sale.order.line"].union(*known).exists():
                (order, customers), now = known[line], line.order_id
                if now._jxc_customers() == customers:
                    continue
                if now == order and now._jxc_follows_invoices(*customers):
                    continue
                gone = [one for one, kept in known.items() if kept[0] == order]
                raise UserError(order._jxc_kept_text(customers, gone))

    def _jxc_follows_invoices(self, buyer, _payer, company):
        """Whether just who pays changed, to whom all of it is invoiced for good.

        He owes it by the ledger already, under an account of his own.
        """
        self.ensure_one()
        now = self._jxc_customers()
        if (now[0], now[2]) != (buyer, company):
            return False
        posted = self.invoice_ids.filtered(lambda move: move.state == "posted")
        return (
            posted.commercial_partner_id == now[1]
            and bool(self._jxc_due_account())
            and all(
                line.product_uom_id.compare(
                    line.qty_invoiced_posted, line.qty_delivered
                )
                >= 0
                for line in self.order_line
                if not line.display_type
            )
        )

    def _jxc_kept_text(self, customers, lines):
        """Say why this order stays with its customers.

        :param customers: as :meth:`_jxc_customers`, from before the change
        :param lines: what of it left or is invoiced
        """
        buyer, payer, company = customers
        goods = [
            self.env._(
                "%(product)s: %(delivered)s %(unit)s delivered, %(invoiced)s invoiced",
                product=line.product_id.display_name or line.name,
                delivered=f"{line.qty_delivered:g}",
                invoiced=f"{line.qty_invoiced:g}",
                unit=line.product_uom_id.name or "",
            )
            for line in lines[:NAMED]
        ]
        if len(lines) > NAMED:
            goods.append("…")
        text = self.env._(
            "%(order)s stays with %(customer)s in %(company)s, who owes for it:\n"
            "%(goods)s\nTake the goods back with a return and credit what is invoiced,"
            " then sell them to the other customer.",
            order=self.name,
            customer=(payer or buyer).display_name,
            company=company.display_name,
            goods="\n".join(goods),
        )
        # The addon of finance need not be installed.
        if "jxc.settlement" in self.env:
            text += "\n" + self.env._(
                "Or invoice it, and let finance settle it as “Receivables to another"
                " customer”."
            )
        return text


class SaleOrderLine(models.Model):
    _inherit = "sale.order.line"

    def write(self, vals):
        """Keep lines of goods that left in orders of the customer who got them.

        :raise UserError: as for the order
        """
        if not vals.get("order_id"):
            return super().write(vals)
        moved = self.filtered(lambda line: line.order_id.id != vals["order_id"])
        with moved.order_id.sudo()._jxc_kept_by_debtor():
            return super().write(vals)
