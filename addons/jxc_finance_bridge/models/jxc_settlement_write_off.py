# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from odoo import fields, models
from odoo.exceptions import UserError

#: Reasons that take something off what is owed, bounded by what is settled. Small
#: differences have a bound of their own.
TAKEN_OFF = ("discount", "fee")


class JxcSettlement(models.Model):
    """What may be given away: a part of what money settles, not a debt as a whole."""

    _inherit = "jxc.settlement"

    write_off_reason = fields.Char(
        string="Reason for the Write-off",
        copy=False,
        tracking=True,
        help="Why more is written off as cash discounts or fees than the company allows"
        " everybody. Needed then, and kept with the settlement.",
    )

    def _jxc_check_tolerance(self):
        super()._jxc_check_tolerance()
        self._jxc_check_taken_off()

    def _jxc_check_taken_off(self):
        """Let only accounting managers, who say why, write off beyond the limit.

        The limit is a share of what is owed or settled with, whichever is more: of an
        invoice of 100 and 5 %, 95 have to be settled by something else. Positive and
        negative amounts do not make up for each other.

        :raise UserError: naming the limit
        """
        self.ensure_one()
        # sudo: who settles need not read the settings
        settlement = self.sudo()
        measure = "amount_company" if settlement.is_crossed else "amount"
        lines = settlement.line_ids.filtered(lambda line: line.write_off in TAKEN_OFF)
        total = sum(abs(amount) for amount in lines.mapped(measure))
        percent = settlement.company_id.jxc_settlement_write_off_limit
        currency = settlement.total_currency_id
        most = currency.round(
            max(settlement.amount_claim, settlement.amount_offset) * percent / 100
        )
        if currency.compare_amounts(total, most) <= 0:
            return
        if not self._jxc_may_write_off_more():
            raise UserError(
                self.env._(
                    "%(settlement)s writes off %(amount)s as cash discounts and fees;"
                    " %(company)s allows %(percent)s %% of what is settled, which is"
                    " %(most)s. Settle the rest with money, or let an accounting"
                    " manager say why and apply it.",
                    settlement=settlement.name,
                    amount=currency.format(total),
                    company=settlement.company_id.display_name,
                    percent=f"{percent:g}",
                    most=currency.format(most),
                )
            )
        if not (settlement.write_off_reason or "").strip():
            raise UserError(
                self.env._(
                    "%(settlement)s writes off %(amount)s as cash discounts and fees,"
                    " more than the %(most)s that %(company)s allows. Say why in"
                    " “%(field)s”; it is kept with the settlement.",
                    settlement=settlement.name,
                    amount=currency.format(total),
                    most=currency.format(most),
                    company=settlement.company_id.display_name,
                    field=self._fields["write_off_reason"]._description_string(
                        self.env
                    ),
                )
            )

    def _jxc_may_write_off_more(self):
        """Whether the user is an accounting manager.

        Applying goes on with superuser rights; who pressed is still the user.
        """
        user = self.env.user
        return user._is_superuser() or user.has_group("account.group_account_manager")
