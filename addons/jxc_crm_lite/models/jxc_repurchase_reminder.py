# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from markupsafe import Markup

from odoo import api, fields, models
from odoo.tools.misc import formatLang

from ..tools.set_merge import today_in


class JxcRepurchaseCycle(models.Model):
    _inherit = "jxc.repurchase.cycle"

    @api.model
    def _remind(self, company):
        """Give the owners one activity per customer with what has become due.

        Each expected date is told once. Activities of customers who have bought since
        are done.

        :param company: one res.company
        :return: the new activities
        """
        today = today_in(company._jxc_timezone())
        cycles = self.sudo().with_context(tz=False)
        self._end_reminders(cycles, company, today)
        due = cycles.search(
            self._get_due_domain(today)
            & fields.Domain("company_id", "=", company.id)
            & fields.Domain("partner_id.user_id.active", "=", True)
            & fields.Domain("partner_id.user_id.share", "=", False)
        ).filtered(lambda cycle: cycle.reminded_for != cycle.next_date)
        if not due:
            return self.env["mail.activity"]
        groups = due.grouped("partner_id")
        activities = (
            self.env["mail.activity"]
            .sudo()
            .create(
                [
                    part._prepare_reminder_values(partner, today)
                    for partner, part in groups.items()
                ]
            )
        )
        for activity, part in zip(activities, groups.values(), strict=True):
            part.activity_id = activity
        for next_date, part in due.grouped("next_date").items():
            part.reminded_for = next_date
        return activities

    def _end_reminders(self, cycles, company, today):
        """Close what no cycle is due for any longer."""
        told = cycles.search(
            [("company_id", "=", company.id), ("activity_id", "!=", False)]
        )
        still = told.filtered(lambda cycle: cycle.next_date <= today).activity_id
        texts = self.with_context(lang=company._jxc_lang()).env
        (told.activity_id - still).action_feedback(
            feedback=texts._("The customer has ordered again.")
        )

    def _prepare_reminder_values(self, partner, today):
        """Values of the activity of one customer."""
        owner = partner.user_id
        cycles = self.with_context(lang=owner.lang)
        env = cycles.env
        lines = [
            env._(
                "%(product)s: usually %(quantity)s %(unit)s, expected %(date)s",
                product=cycle.product_id.display_name,
                quantity=formatLang(env, cycle.usual_qty, dp="Product Unit"),
                unit=cycle.uom_id.name,
                date=fields.Date.to_string(cycle.next_date),
            )
            for cycle in cycles
        ]
        todo = env.ref("mail.mail_activity_data_todo")
        return {
            "activity_type_id": todo.id,
            "res_model_id": env["ir.model"]._get_id("res.partner"),
            "res_id": partner.id,
            "user_id": owner.id,
            "date_deadline": today,
            "summary": env._("Due to buy again: %(count)s products", count=len(self)),
            "note": Markup("<br/>").join(lines),
        }
