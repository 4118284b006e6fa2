# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from odoo.fields import Command
from odoo.tests import tagged

from .request_common import RequestCommon


@tagged("post_install", "-at_install")
class OrderApprovalCommon(RequestCommon):
    """Orders of a buyer, a boss who reviews from 1,000 on, a finance colleague."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        tiers = cls.env["tier.definition"]
        tiers.search([("model", "=", "purchase.order")]).active = False
        cls.boss = cls._user("order_boss", "jxc_base.group_executive")
        cls.finance = cls._user("order_finance", "account.group_account_invoice")
        cls.stand_in = cls._user("order_stand_in", "jxc_base.group_executive")
        cls.tea = cls._product("Tea", {"箱": 10}, taxes_id=[], supplier_taxes_id=[])
        cls.tea_box = cls.tea.jxc_unit_ids.uom_id
        cls.term = cls.env["account.payment.term"].create({"name": "60 days"})

    @classmethod
    def _tier(cls, name="Boss", reviewer=None, domain=None, **values):
        reviewer = reviewer or cls.boss
        return cls.env["tier.definition"].create(
            {
                "name": name,
                "model_id": cls.env["ir.model"]._get_id("purchase.order"),
                "review_type": "individual",
                "reviewer_id": reviewer.id,
                "definition_domain": domain or "[('amount_total', '>=', 1000)]",
                "company_id": False,
                **values,
            }
        )

    @classmethod
    def _purchase(cls, *lines, user=None, **values):
        """An RFQ; lines are (product, quantity, price[, more values])."""
        return (
            cls.env["purchase.order"]
            .with_user(user or cls.buyer)
            .create(
                {
                    "partner_id": cls.vendor.id,
                    "order_line": [
                        Command.create(
                            {
                                "product_id": product.id,
                                "product_qty": quantity,
                                "price_unit": price,
                                "tax_ids": [Command.clear()],
                                **(more[0] if more else {}),
                            }
                        )
                        for product, quantity, price, *more in lines
                    ],
                    **values,
                }
            )
        )

    def _asked(self, *lines, **values):
        """An order that waits for the boss."""
        order = self._purchase(*(lines or [(self.tea, 10, 150)]), **values)
        order.button_confirm()
        self.assertEqual(order.state, "to approve")
        return order

    def _approved(self, *lines, **values):
        """An order that the boss has let through."""
        order = self._asked(*lines, **values)
        order.with_user(self.boss).validate_tier()
        self.assertEqual(order.state, "purchase")
        return order
