# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from collections import defaultdict

from odoo import models
from odoo.exceptions import UserError
from odoo.tools import SQL


class JxcPurchaseBudget(models.Model):
    """What takes from blocking lines what they count gives them room: two people do it.

    Its more specific lines count what exists from then on. The lines that counted it
    before can be used again, which is as good as adding to them, and additions are
    never approved by who asks for them.
    """

    _inherit = "jxc.purchase.budget"

    def action_confirm(self):
        """Confirm; see the parent.

        :raise UserError: also when blocking lines would be relieved by a budget that
            the user made or changed himself
        """
        drafts = self.filtered(lambda budget: budget.state == "draft")
        hands = drafts._jxc_hands()
        before = self.env["jxc.budget.entry"]._jxc_last_id()
        result = super().action_confirm()
        if self.env.user in hands and not self.env.su:
            drafts._jxc_check_takes_nothing(before)
        return result

    def _jxc_hands(self):
        """Return who made these budgets or changed them last."""
        lines = self.line_ids
        people = self.create_uid | self.write_uid
        return people | lines.create_uid | lines.write_uid

    def _jxc_check_takes_nothing(self, before):
        """Refuse that these budgets relieve blocking lines of other ones.

        :param before: the last entry before these budgets were confirmed
        :raise UserError: naming the lines and how much they would count less
        """
        entries = self.env["jxc.budget.entry"].sudo()
        relieved = defaultdict(float)
        for line, stage, amount in entries._read_group(
            [("id", ">", before), ("budget_id", "not in", self.ids)],
            ["line_id", "stage"],
            ["amount:sum"],
        ):
            if line.budget_id.state == "confirmed" and line._blocks_any([stage]):
                relieved[line] += amount
        told = [
            self.env._(
                "%(line)s: %(amount)s less",
                line=line.display_name,
                amount=line.currency_id.format(-amount),
            )
            for line, amount in relieved.items()
            if line.currency_id.compare_amounts(amount, 0.0) < 0
        ]
        if told:
            raise UserError(
                self.env._(
                    "%(budgets)s would count what these blocking lines count now, which"
                    " gives them room again:\n%(lines)s\nAnother budget manager, who"
                    " did not make or change it, has to confirm it.",
                    budgets=", ".join(self.mapped("name")),
                    lines="\n".join(told),
                )
            )


class JxcBudgetEntry(models.Model):
    _inherit = "jxc.budget.entry"

    def _jxc_last_id(self):
        """Return the id of the last entry, 0 without one."""
        self.flush_model(["amount"])
        [(last,)] = self.env.execute_query(
            SQL("SELECT COALESCE(MAX(id), 0) FROM jxc_budget_entry")
        )
        return last
