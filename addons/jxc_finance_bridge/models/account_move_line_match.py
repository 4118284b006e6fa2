# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from odoo import fields, models
from odoo.fields import Command

from ..tools.invoice_match import judge
from .jxc_invoice_match import EXCEEDED


class AccountMoveLine(models.Model):
    _inherit = "account.move.line"

    def _jxc_compare(self):
        """Compare bill lines with orders and receipts and keep what was found.

        Of lines of the same order line, the first one has it first; lines of posted
        bills that are not among these have it before.
        """
        # sudo: who enters bills need not read orders, and nobody writes matches
        lines = self.sudo()
        self.env["jxc.stock.booking"].sudo()._take_turn(lines.purchase_line_id)
        matches = lines.env["jxc.invoice.match"]
        known = matches.search([("line_id", "in", lines.ids)])
        known = {match.line_id: match for match in known}
        new, used = [], {}
        for line in lines:
            values = line._jxc_prepare_match(used, lines)
            values.update(line._jxc_prepare_tax_difference())
            match = known.get(line)
            if not match:
                new.append(values)
                continue
            if match._jxc_is_other(values):
                values.update(
                    released_by_id=False, released_on=False, release_reason=False
                )
            match.write(values)
        matches.create(new)

    def _jxc_prepare_tax_difference(self):
        """The first line speaks for the tax of the whole bill."""
        self.ensure_one()
        bill = self.move_id
        own = bill.invoice_line_ids.filtered(
            lambda line: line.display_type == "product"
        )
        if self != own[:1]:
            return {}
        off = bill._jxc_tax_difference()
        values = {"amount_tax_difference": off}
        if bill._jxc_is_tax_exceeded(off):
            values.update(state="tax", is_exceeded=True)
        return values

    def _jxc_prepare_match(self, used, compared):
        """Values of the match of a bill line.

        :param used: {order line: quantity of compared lines looked at before}
        :param compared: the bill lines that are looked at
        """
        self.ensure_one()
        company, order_line = self.company_id, self.purchase_line_id
        values = {
            "move_id": self.move_id.id,
            "line_id": self.id,
            "purchase_line_id": order_line.id,
            "product_id": self.product_id.id,
            "compared_partner_id": self.move_id.commercial_partner_id.id,
            "compared_account_id": self.account_id.id,
            "compared_currency_id": self.currency_id.id,
            "compared_balance": self.balance,
            "uom_id": (order_line.product_uom_id or self.product_uom_id).id,
            "quantity_billed": self.quantity,
            "price_bill": self.price_subtotal / self.quantity if self.quantity else 0.0,
            "state": "free",
            "is_exceeded": self._jxc_lacks_order(),
            "action": company.jxc_match_action,
            "tax_ids": [Command.set(self.tax_ids.ids)],
            "amount_tax_difference": 0.0,
        }
        if not order_line:
            return values
        unit = order_line.product_uom_id
        strange = self._jxc_get_strange(order_line)
        billed = self.quantity
        if strange != "product":
            # odoo19-ok: unit-unchecked both are units of the same product
            billed = self.product_uom_id._compute_quantity(billed, unit, round=False)
        by_order = order_line.product_id.purchase_method == "purchase"
        base = order_line.product_qty if by_order else order_line.qty_received
        available = (
            base
            - order_line._jxc_billed_by_others(compared)
            - used.get(order_line, 0.0)
        )
        used[order_line] = used.get(order_line, 0.0) + billed
        ordered = order_line.price_subtotal / (order_line.product_qty or 1.0)
        price_order = order_line.currency_id._convert(
            ordered, self.currency_id, company, self.date or fields.Date.today(), False
        )
        price_bill = self.price_subtotal / billed if billed else 0.0
        state = strange or judge(
            billed,
            max(available, 0.0),
            price_bill,
            price_order,
            self.tax_ids == order_line.tax_ids,
            company._jxc_match_tolerances(),
        )
        return {
            **values,
            "quantity_ordered": order_line.product_qty,
            "quantity_received": order_line.qty_received,
            "quantity_available": max(available, 0.0),
            "quantity_billed": billed,
            "price_order": price_order,
            "price_bill": price_bill,
            "amount_difference": (price_bill - price_order) * billed,
            "state": state,
            "is_exceeded": state in EXCEEDED,
        }

    def _jxc_get_strange(self, order_line):
        """Which other one an order line is of: "company", "vendor", "product" or None.

        Goods are billed by who sold them. Somebody else may have the claim all the
        same (another company of the group, a factor): that is for people to release.
        """
        self.ensure_one()
        vendor = self.move_id.commercial_partner_id
        if order_line.company_id != self.company_id:
            return "company"
        if order_line.order_id.partner_id.commercial_partner_id != vendor:
            return "vendor"
        return "product" if order_line.product_id != self.product_id else None

    def _jxc_spread(self, rest):
        """Take receipts for a line, the oldest first; split it where it needs several.

        :param rest: {order line: quantity left to bill}, reduced by what is taken
        """
        self.ensure_one()
        parts, wanted = [], self.quantity
        for order_line, left in rest.items():
            if order_line.product_id != self.product_id or wanted <= 0 or left <= 0:
                continue
            # odoo19-ok: unit-unchecked of the same product
            room = order_line.product_uom_id._compute_quantity(
                left, self.product_uom_id, round=False
            )
            taken = min(room, wanted)
            rest[order_line] = left * (1 - taken / room)
            wanted -= taken
            parts.append((order_line, taken))
        if not parts:
            return
        # What no receipt covers stays with the last one, where it shows.
        parts[-1] = parts[-1][0], parts[-1][1] + wanted
        (first, taken), *others = parts
        commands = [
            Command.update(self.id, {"purchase_line_id": first.id, "quantity": taken})
        ]
        commands += [
            Command.create(self._jxc_prepare_part(order_line, quantity))
            for order_line, quantity in others
        ]
        bill, cost = self.move_id, self.price_subtotal
        before = bill.invoice_line_ids
        bill.write({"invoice_line_ids": commands})
        (self | (bill.invoice_line_ids - before))._jxc_keep_cost(cost)

    def _jxc_keep_cost(self, cost):
        """Make parts of a line cost what it did: each of them is rounded.

        :param cost: without tax, in the bill's currency
        """
        last = self[-1]
        off = cost - sum(self.mapped("price_subtotal"))
        if not last.currency_id.is_zero(off) and last.price_subtotal:
            last.price_unit *= (last.price_subtotal + off) / last.price_subtotal

    def _jxc_prepare_part(self, order_line, quantity):
        """Values of a bill line that takes a part of this one."""
        self.ensure_one()
        return {
            "name": self.name,
            "sequence": self.sequence,
            "product_id": self.product_id.id,
            "product_uom_id": self.product_uom_id.id,
            "quantity": quantity,
            "price_unit": self.price_unit,
            "discount": self.discount,
            "tax_ids": [Command.set(self.tax_ids.ids)],
            "analytic_distribution": self.analytic_distribution,
            "purchase_line_id": order_line.id,
        }
