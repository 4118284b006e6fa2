# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from odoo import api, fields, models
from odoo.fields import Command


class JxcCreditAccount(models.Model):
    """Credit days (账期), which become the customers' payment terms."""

    _inherit = "jxc.credit.account"

    credit_days = fields.Integer(
        tracking=True,
        help="Days until payment is due. They become the customer's payment terms; 0"
        " leaves those as they are.",
    )
    credit_days_from = fields.Selection(
        selection=[
            ("days_after", "after the invoice date"),
            ("days_after_end_of_month", "after the end of the invoice's month"),
        ],
        string="Credit Days Count",
        required=True,
        default="days_after",
        tracking=True,
    )

    _credit_days_positive = models.Constraint(
        "CHECK (credit_days >= 0)",
        "Credit days cannot be negative.",
    )

    @api.model_create_multi
    def create(self, vals_list):
        accounts = super().create(vals_list)
        accounts._jxc_apply_credit_days()
        return accounts

    def write(self, vals):
        res = super().write(vals)
        if {"credit_days", "credit_days_from", "partner_id", "member_ids"} & set(vals):
            self._jxc_apply_credit_days()
        return res

    def _jxc_apply_credit_days(self):
        """Make the credit days the customers' payment terms."""
        with_days = self.filtered("credit_days")
        for (company, days, delay), accounts in with_days.grouped(
            lambda account: (
                account.company_id,
                account.credit_days,
                account.credit_days_from,
            )
        ).items():
            # A credit manager decides on the terms but need not be an accountant.
            term = self.sudo()._jxc_find_or_create_term(company, days, delay)
            partners = accounts.partner_id | accounts.member_ids
            partners = partners.sudo().with_company(company)
            changed = partners.filtered(
                lambda partner, term=term: partner.property_payment_term_id != term
            )
            changed.property_payment_term_id = term

    @api.model
    def _jxc_find_or_create_term(self, company, days, delay="days_after"):
        """A payment term "all of it, so many days after the invoice date".

        :param delay: days_after, or days_after_end_of_month (月结)
        """
        terms = self.env["account.payment.term"].search(
            [("company_id", "in", [company.id, False])], order="company_id, id"
        )
        for term in terms:
            line = term.line_ids
            if (
                len(line) == 1
                and not term.early_discount
                and line.value == "percent"
                and line.value_amount == 100
                and line.delay_type == delay
                and line.nb_days == days
            ):
                return term
        return terms.create(
            {
                "name": self.env._("%s Days", days)
                if delay == "days_after"
                else self.env._("%s Days after End of Month", days),
                "company_id": company.id,
                "line_ids": [
                    Command.create(
                        {
                            "value": "percent",
                            "value_amount": 100,
                            "delay_type": delay,
                            "nb_days": days,
                        }
                    )
                ],
            }
        )
