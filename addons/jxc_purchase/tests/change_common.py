# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from odoo.fields import Command
from odoo.tests import new_test_user, tagged

from .common import PurchaseBudgetCommon


@tagged("post_install", "-at_install")
class BudgetChangeCommon(PurchaseBudgetCommon):
    """A budget with a line for food and one for office, and a buyer who asks."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["tier.definition"].search(
            [("model", "=", "jxc.purchase.budget.transfer")]
        ).active = False
        cls.budget = cls._create_budget(
            {"category_id": cls.food.id, "amount_planned": 1000.0},
            {"category_id": cls.office.id, "amount_planned": 100.0},
        )
        cls.food_line, cls.office_line = cls.budget.line_ids.sorted("id")
        cls.buyer = new_test_user(
            cls.env,
            "change_buyer",
            groups="purchase.group_purchase_user",
            company_id=cls.company.id,
        )

    def _change(self, kind, amount, source=None, target=None, user=None, **values):
        transfers = self.env["jxc.purchase.budget.transfer"]
        line = {
            "line_from_id": source and source.id,
            "line_to_id": target and target.id,
            "amount": amount,
        }
        return transfers.with_user(user or self.env.user).create(
            {
                "kind": kind,
                "company_id": self.company.id,
                "reason": "Needed",
                "line_ids": [Command.create(line)],
                **values,
            }
        )

    def _decide(self, change):
        change.action_submit()
        change.with_user(self._second_manager()).action_approve()
