# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from odoo import models
from odoo.exceptions import UserError
from odoo.tools.misc import format_date


class JxcSettlementLine(models.Model):
    """What applying asks of a line, and its line of the voucher."""

    _inherit = "jxc.settlement.line"

    def _jxc_check_item(self):
        """
        :raise UserError: when the open item does not belong here, or less is open
        """
        self.ensure_one()
        settlement, item = self.settlement_id, self.move_line_id
        side = settlement._jxc_get_side(self.side)
        if not self.amount:
            return
        if not item or not side:
            raise UserError(
                self.env._(
                    "%(settlement)s: %(document)s is no open item any more. Remove the"
                    " line.",
                    settlement=settlement.name,
                    document=self.document or self.env._("a line"),
                )
            )
        accounts = self.env["account.account"].with_company(settlement.company_id)
        domain = settlement._jxc_get_account_domain(settlement.company_id, side)
        residual = item.amount_residual_currency * side.sign
        belongs = (
            item.company_id == settlement.company_id
            and item.parent_state == "posted"
            and item.currency_id == self.currency_id
            and item.partner_id.commercial_partner_id
            == settlement._jxc_get_partner(self.side)
            and item.account_id.reconcile
            and item.account_id in accounts.search(domain)
        )
        if not belongs:
            raise UserError(
                self.env._(
                    "%(settlement)s: %(document)s is no open item of %(partner)s in"
                    " %(currency)s that this kind of settlement settles. Remove the"
                    " line, or propose again.",
                    settlement=settlement.name,
                    document=self.document,
                    partner=settlement._jxc_get_partner(self.side).display_name,
                    currency=self.currency_id.name,
                )
            )
        if item.date > settlement.date:
            raise UserError(
                self.env._(
                    "%(settlement)s is of %(date)s, before %(document)s of %(later)s."
                    " Date it later, or remove the line.",
                    settlement=settlement.name,
                    date=format_date(self.env, settlement.date),
                    document=self.document,
                    later=format_date(self.env, item.date),
                )
            )
        total = sum(
            line.amount
            for line in settlement.line_ids
            if line.move_line_id == item and line.side == self.side
        )
        if self.currency_id.compare_amounts(total, max(residual, 0.0)) > 0:
            raise UserError(
                self.env._(
                    "%(settlement)s settles %(amount)s of %(document)s, of which only"
                    " %(open)s are open: somebody has settled it meanwhile. Propose"
                    " again, or enter less.",
                    settlement=settlement.name,
                    amount=self.currency_id.format(total),
                    document=self.document,
                    open=self.currency_id.format(max(residual, 0.0)),
                )
            )

    def _jxc_check_write_off(self):
        """
        :raise UserError: without account, or for a discount that increases what is owed
        """
        self.ensure_one()
        self._jxc_get_write_off_account()
        if self.write_off == "discount" and self.amount < 0:
            raise UserError(
                self.env._(
                    "%(settlement)s: a cash discount reduces what is owed; enter it as"
                    " a positive amount.",
                    settlement=self.settlement_id.name,
                )
            )

    def _jxc_prepare_voucher_line(self, amount):
        """Values of the voucher's line for this one. Extend freely.

        :param amount: signed amount in the currency of this line
        """
        self.ensure_one()
        settlement, item = self.settlement_id, self.move_line_id
        account = item.account_id or self._jxc_get_write_off_account()
        partner = item.partner_id or settlement.partner_id
        labels = [settlement._jxc_label("kind"), self.document]
        if self.side == "write_off":
            reasons = dict(self._fields["write_off"]._description_selection(self.env))
            labels = [reasons[self.write_off], settlement.name]
        return {
            "account_id": account.id,
            "partner_id": partner.commercial_partner_id.id,
            "currency_id": self.currency_id.id,
            "amount_currency": self.currency_id.round(amount),
            "name": " ".join(filter(None, labels)),
            "date_maturity": settlement.date,
            "jxc_settlement_line_id": self.id,
        }
