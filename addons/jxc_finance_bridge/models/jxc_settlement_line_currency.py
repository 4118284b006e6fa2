# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from odoo import api, models
from odoo.exceptions import AccessError, UserError


class JxcSettlementLine(models.Model):
    """What a line comes to in the company's currency."""

    _inherit = "jxc.settlement.line"

    @api.depends(
        "amount",
        "currency_id",
        "settlement_id.date",
        "settlement_id.currency_id",
        "settlement_id.offset_currency_id",
    )
    def _compute_amount_company(self):
        rates = {}
        for line in self:
            settlement, currency = line.settlement_id, line.currency_id
            own = settlement.company_id.currency_id
            key = settlement.company_id, settlement.date, currency
            if key not in rates:
                rates[key] = settlement._jxc_get_day_rate(currency)
            exact = line.amount * rates[key]
            line.amount_company = own.round(exact) if own else exact

    def _jxc_check_may_set_rate(self):
        """
        :raise AccessError: for others than accounting managers
        """
        if not self.env.su and not self.env.user.has_group(
            "account.group_account_manager"
        ):
            raise AccessError(
                self.env._(
                    "Only accounting managers enter what an amount comes to in the"
                    " company's currency; leave it to the rate of the day."
                )
            )

    def _jxc_check_amount_company(self):
        """
        :raise UserError: for amounts in company currency that cannot be
        """
        for line in self:
            own = line.company_currency_id
            if line.currency_id == own:
                is_wrong = own.compare_amounts(line.amount, line.amount_company)
            else:
                is_wrong = line.amount * line.amount_company <= 0
            if is_wrong:
                raise UserError(
                    self.env._(
                        "%(settlement)s: %(amount)s of %(document)s cannot come to"
                        " %(entered)s. Enter the amount again, its value in the"
                        " company's currency follows.",
                        settlement=line.settlement_id.name,
                        amount=line.currency_id.format(line.amount),
                        document=line.document or line._jxc_get_write_off_label(),
                        entered=own.format(line.amount_company),
                    )
                )

    def _jxc_get_write_off_label(self):
        """The reason of what is written off, in words."""
        self.ensure_one()
        reasons = dict(self._fields["write_off"]._description_selection(self.env))
        return reasons.get(self.write_off) or ""
