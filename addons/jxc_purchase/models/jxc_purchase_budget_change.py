# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from odoo import fields, models
from odoo.fields import Command, Domain


class JxcPurchaseBudget(models.Model):
    """The way from a budget to its changes: the plan itself stays once confirmed."""

    _inherit = "jxc.purchase.budget"

    change_count = fields.Integer(
        string="Changes",
        compute="_compute_change_count",
    )

    def _compute_change_count(self):
        lines = self.env["jxc.purchase.budget.transfer.line"]
        found = lines.search_fetch(
            self._changes_domain(), ["transfer_id", "line_from_id", "line_to_id"]
        )
        changes = dict.fromkeys(self.ids, lines.transfer_id)
        for line in found:
            for budget in line.line_from_id.budget_id | line.line_to_id.budget_id:
                if budget.id in changes:
                    changes[budget.id] |= line.transfer_id
        for budget in self:
            budget.change_count = len(changes.get(budget.id, ()))

    def _changes_domain(self):
        """Return the domain of the lines of changes that touch these budgets."""
        touched = Domain("line_from_id.budget_id", "in", self.ids) | Domain(
            "line_to_id.budget_id", "in", self.ids
        )
        return touched & Domain("transfer_id.state", "!=", "cancelled")

    def action_change(self):
        """Open a new change of one budget, a draft to fill in and submit.

        :return: action of an empty form
        :raise AccessError: the user may not read the budget
        """
        self.ensure_one()
        self.check_access("read")
        return self._new_change_action(kind="transfer")

    def action_open_changes(self):
        """Open the changes, whatever their status, that touch these budgets.

        :return: action with list, cards and form
        """
        self.check_access("read")
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "jxc_purchase.jxc_purchase_budget_transfer_action"
        )
        action["domain"] = [("line_ids", "any", list(self._changes_domain()))]
        return action

    def _new_change_action(self, **values):
        values = {"company_id": self.company_id.id, **values}
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Budget Changes"),
            "res_model": "jxc.purchase.budget.transfer",
            "views": [(False, "form")],
            "context": {f"default_{name}": value for name, value in values.items()},
        }


class JxcPurchaseBudgetLine(models.Model):
    """A line of a confirmed budget leads to the change of its amount."""

    _inherit = "jxc.purchase.budget.line"

    def action_change(self):
        """Open a new addition for one line; cut or transfer can be chosen there.

        :return: action of a form with this line
        :raise AccessError: the user may not read the line
        """
        self.ensure_one()
        self.check_access("read")
        return self.budget_id._new_change_action(
            kind="addition",
            line_ids=[Command.create({"line_to_id": self.id})],
        )
