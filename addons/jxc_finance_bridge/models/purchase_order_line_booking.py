# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from collections import defaultdict

from odoo import fields, models
from odoo.tools import float_round

from ..tools.open_goods import Event, received_open, until

PRICE_FIELDS = {"price_unit", "discount", "tax_ids", "product_uom_id"}


#: Kinds of taxes that leave the price without tax as it is, when added to it.
ADDED = ("fixed", "percent")


def _is_given_back(tax):
    """Whether a tax is surely no part of what goods cost.

    It is added to the price, and booked on an account of its own. Working out a tax
    costs a hundred times as much as asking this.
    """
    return (
        tax.amount_type in ADDED
        and not tax.price_include
        and all(
            line.account_id
            for line in tax.invoice_repartition_line_ids
            if line.repartition_type == "tax"
        )
    )


class PurchaseOrderLine(models.Model):
    _inherit = "purchase.order.line"

    # Counted up by whoever books for this line: of two at once, one has to try again.
    jxc_booking_turn = fields.Integer(copy=False, export_string_translation=False)
    jxc_accrual_ids = fields.One2many(
        "jxc.stock.accrual", "purchase_line_id", string="Accrued Receipts", copy=False
    )

    def write(self, vals):
        result = super().write(vals)
        if PRICE_FIELDS & vals.keys():
            self._jxc_book(fields.Date.context_today(self))
        return result

    def _jxc_book(self, date):
        """Book what changed for these lines on a day, as far as companies want it."""
        for company, lines in self.grouped("company_id").items():
            self.env["jxc.stock.booking"]._book(company, date, purchase_lines=lines)

    def _jxc_is_booked(self, company):
        """Lines of goods whose value is followed on a stock account."""
        return self.filtered(
            lambda line: (
                line.product_id.is_storable
                and line.product_id.with_company(company).valuation == "real_time"
            )
        )

    def _jxc_open_events(self, company):
        """{purchase line: documents}, see :func:`..tools.open_goods.received_open`.

        Bills count where they are booked on the stock or the accrual account.
        """
        events = defaultdict(list)
        for line in self:
            product = line.product_id.with_company(company)
            accounts = product._get_product_accounts()["stock_valuation"]
            accounts |= company.jxc_accrual_account_id
            direct = line._jxc_direct_moves(accounts)
            for move in line.move_ids.filtered(lambda move: move.state == "done"):
                if move.product_id != product:
                    continue
                quantity = move._get_valued_qty()
                day = company._jxc_stock_day(move.date)
                if move.is_in or (move in direct and move._is_dropshipped()):
                    # What the platform says the goods cost as long as nobody billed.
                    value = move._get_value_from_quotation(quantity)["value"]
                    events[line].append(Event(day, "in", quantity, value))
                elif move.is_out or move in direct:
                    events[line].append(Event(day, "out", quantity, 0.0))
            events[line] += line._jxc_bill_events(accounts)
        return events

    def _jxc_bill_events(self, accounts=None):
        """Posted bills and refunds of a line, as far as they are on some accounts."""
        self.ensure_one()
        events = []
        for item in self.invoice_lines:
            if item.parent_state != "posted":
                continue
            if accounts is not None and item.account_id not in accounts:
                continue
            sign = -1 if item.move_id.move_type == "in_refund" else 1
            # odoo19-ok: unit-unchecked bills of a line are in a unit of its product
            quantity = item.product_uom_id._compute_quantity(
                item.quantity, self.product_id.uom_id, round=False
            )
            events.append(Event(item.date, "invoice", sign * quantity, item.balance))
        return events

    def _jxc_net_receipts(self, at_date=None, lot=None):
        """Receipts of a line and what was sent back of each, until a moment.

        What was sent back without saying of which receipt belongs to the first ones.

        :param lot: only what they have of this lot
        :return: ({receipt: (quantity, returned quantity)} oldest first, all returned)
        """
        self.ensure_one()
        moves = self.move_ids.filtered(
            lambda move: (
                move.state == "done"
                and move.product_id == self.product_id
                and (not at_date or move.date <= fields.Datetime.to_datetime(at_date))
            )
        )
        came = {
            move: move._get_valued_qty(lot)
            for move in moves.filtered("is_in").sorted(lambda m: (m.date, m.id))
        }
        back, loose, returned = defaultdict(float), 0.0, 0.0
        for move in moves.filtered("is_out"):
            quantity = move._get_valued_qty(lot)
            origin = move.origin_returned_move_id
            named = min(quantity, came.get(origin, 0.0) - back[origin])
            back[origin] += named
            loose += quantity - named
            returned += quantity
        for move, quantity in came.items():
            taken = min(loose, quantity - back[move])
            back[move] += taken
            loose -= taken
        return {move: (came[move], back[move]) for move in came}, returned

    def _jxc_direct_moves(self, accounts):
        """Goods that went straight to customers, or back from them (直运).

        They pass through the stock account, so that they are accrued, shipped and cost
        like others. Not so where the platform booked a bill as cost at once.
        """
        self.ensure_one()
        posted = self.invoice_lines.filtered(lambda item: item.parent_state == "posted")
        if posted.account_id - accounts:
            return self.env["stock.move"]
        return self.move_ids.filtered(
            lambda move: move.state == "done" and move.is_dropship
        )

    def _jxc_direct_values(self, company):
        """{day: change} of what goods gone straight to customers put on stock.

        That is what the stock account is charged for the line: at the price of the
        order until the bill comes, then at its price.
        """
        self.ensure_one()
        events = self._jxc_open_events(company)[self]
        currency, before, changes = company.currency_id, 0.0, {}
        for day in sorted({event.date for event in events}):
            known = until(events, day)
            found = received_open(known, self.product_id.uom_id.is_zero)
            billed = sum(event.value for event in known if event.kind == "invoice")
            value = (
                currency.round(found.accrued) + billed - currency.round(found.transit)
            )
            changes[day] = value - before
            before = value
        return changes

    def _jxc_exact_price_share(self, date):
        """What the price of a stock unit is, as a share of the one that was rounded.

        :param date: day of the rate, for orders in another currency
        :return: 1.0 where nothing was lost, or nothing is left of the price
        """
        self.ensure_one()
        price = self.price_unit_discounted
        # sudo: who receives goods need not read the set-up of taxes
        if not all(map(_is_given_back, self.sudo().tax_ids)):
            quantity = self.product_qty or 1
            amounts = self.tax_ids.compute_all(
                price,
                currency=self.order_id.currency_id,
                quantity=quantity,
                product=self.product_id,
                partner=self.order_id.partner_id,
                rounding_method="round_globally",
            )
            price = amounts["total_void"] / quantity
        # odoo19-ok: unit-unchecked lines are in a unit of their product
        price = self.product_uom_id._compute_price(price, self.product_id.uom_id)
        currency = self.company_id.currency_id
        if self.order_id.currency_id != currency:
            price = self.order_id.currency_id._convert(
                price, currency, self.company_id, date, round=False
            )
        digits = self.env["decimal.precision"].precision_get("Product Price")
        rounded = float_round(price, precision_digits=digits)
        return price / rounded if rounded else 1.0

    def _jxc_billed_on_accrual(self, company, cut):
        """{purchase line: debit of its bills on the accrual account itself}"""
        domain = [
            ("purchase_line_id", "in", self.ids),
            ("parent_state", "=", "posted"),
            ("account_id", "=", company.jxc_accrual_account_id.id),
        ]
        if cut:
            domain.append(("date", "<=", cut))
        groups = self.env["account.move.line"]._read_group(
            domain, ["purchase_line_id"], ["balance:sum"]
        )
        return dict(groups)
