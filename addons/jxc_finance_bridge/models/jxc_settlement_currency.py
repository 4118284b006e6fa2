# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from odoo import models


class JxcSettlement(models.Model):
    """Settling across currencies.

    Both sides are compared in the company's currency at the rate of the day. The
    voucher has a line for each item, in the item's currency; what the item was booked
    at otherwise becomes an exchange difference when the two are reconciled.
    """

    _inherit = "jxc.settlement"

    def _jxc_get_currency(self, side):
        """The currency of a side; what is written off is in that of the claims."""
        if side == "offset" and self.is_crossed:
            return self.offset_currency_id
        return self.currency_id

    def _jxc_get_rate(self, side):
        """What one unit of a side comes to in the currency of the totals."""
        self.ensure_one()
        if not self.is_crossed:
            return 1.0
        return self._jxc_get_day_rate(self._jxc_get_currency(side))

    def _jxc_get_day_rate(self, currency):
        """What one unit of a currency comes to in the company's, on our date."""
        company = self.company_id or self.env.company
        if not currency or currency == company.currency_id:
            return 1.0
        return self.env["res.currency"]._get_conversion_rate(
            currency, company.currency_id, company, self.date
        )

    def _jxc_get_slack(self):
        """What the sides may differ by because foreign amounts are whole cents."""
        self.ensure_one()
        own = self.company_id.currency_id
        return max(
            currency.rounding * self._jxc_get_day_rate(currency) / 2
            if currency != own
            else 0.0
            for currency in (self.currency_id, self.offset_currency_id)
        )

    def _jxc_prepare_amounts(self, side, item, units):
        """Values of a proposed line: how much of its open item is settled.

        :param item: Item, in units of the currency of the totals
        """
        self.ensure_one()
        total = item.settled / units
        if not self.is_crossed:
            own = self.company_id.currency_id
            rate = self._jxc_get_day_rate(self.currency_id)
            return {"amount": total, "amount_company": own.round(total * rate)}
        amount = abs(item.key.residual)
        if item.settled != item.amount:
            rate = self._jxc_get_rate(side)
            own = self._jxc_get_currency(side).round(total / rate)
            amount = min(own, amount)
        return {"amount": amount, "amount_company": total if amount else 0.0}

    # Applying ---------------------------------------------------------------------

    def _jxc_check_balance(self):
        super()._jxc_check_balance()
        if self.is_crossed:
            self.line_ids.filtered("amount")._jxc_check_amount_company()

    def _jxc_settle(self):
        for settlement in self.filtered("is_crossed"):
            settlement._jxc_log_rates()
        return super()._jxc_settle()

    def _jxc_log_rates(self):
        """Keep who settled at another rate than that of the day."""
        self.ensure_one()
        own = self.company_id.currency_id
        texts = []
        for line in self.line_ids:
            usual = own.round(line.amount * self._jxc_get_day_rate(line.currency_id))
            if abs(line.amount_company - usual) > self._jxc_get_slack():
                texts.append(
                    self.env._(
                        "%(document)s: %(amount)s settled as %(entered)s, not as"
                        " %(usual)s by the rate of the day.",
                        document=line.document or self.name,
                        amount=line.currency_id.format(line.amount),
                        entered=own.format(line.amount_company),
                        usual=own.format(usual),
                    )
                )
        if texts:
            self.message_post(body=" ".join(texts))

    def _jxc_get_pairs(self):
        """Across currencies nothing is reconciled directly: all goes by the voucher."""
        return [] if self.is_crossed else super()._jxc_get_pairs()

    def _jxc_prepare_voucher(self, lines_vals):
        values = super()._jxc_prepare_voucher(lines_vals)
        if self.is_crossed:
            values["currency_id"] = self.company_id.currency_id.id
        return values

    def _jxc_prepare_voucher_lines(self, plan):
        if not self.is_crossed:
            return super()._jxc_prepare_voucher_lines(plan)
        sign = self._jxc_get_side("claim").sign
        own = self.company_id.currency_id
        lines_vals, foreign = [], []
        for line in self.line_ids.filtered("amount"):
            factor = -sign if line.side == "claim" else sign
            values = line._jxc_prepare_voucher_line(line.amount * factor)
            values["balance"] = own.round(line.amount_company * factor)
            lines_vals.append(values)
            if line.currency_id != own:
                foreign.append((bool(line.move_line_id), line.amount_company, values))
        # Less than a foreign cent is left over: it becomes an exchange difference.
        rest = sum(values["balance"] for values in lines_vals)
        widest = max(foreign, key=lambda found: found[:2])[2]
        widest["balance"] = own.round(widest["balance"] - rest)
        return lines_vals

    def _jxc_get_reconcilable(self, plan):
        if not self.is_crossed:
            return super()._jxc_get_reconcilable(plan)
        sign = self._jxc_get_side("claim").sign
        lines = self.line_ids
        result = {}
        for booked in self.move_id.line_ids:
            line = booked.jxc_settlement_line_id
            item = line.move_line_id
            if not item or line not in lines:
                continue
            is_debit = (sign > 0) == (line.side == "claim")
            key = (item, booked) if is_debit else (booked, item)
            result[key] = line.currency_id.round(line.amount)
        return result
