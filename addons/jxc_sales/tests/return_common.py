# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from odoo.fields import Command
from odoo.tests import new_test_user

from .common import CreditCommon


class ReturnCommon(CreditCommon):
    """A customer that has got goods, and a place for what comes back defective."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.account.credit_limit = 100000
        cls.reason = cls.env.ref("jxc_sales.jxc_sale_return_reason_quality")
        cls.warehouse = cls.env["stock.warehouse"].search(
            [("company_id", "=", cls.company.id)], limit=1
        )
        cls.defective = cls.env["stock.location"].create(
            {
                "name": "Defective",
                "location_id": cls.warehouse.view_location_id.id,
                "jxc_stock_status": "defective",
            }
        )
        cls.storekeeper = new_test_user(
            cls.env,
            "jxc_storekeeper",
            "stock.group_stock_user",
            company_id=cls.company.id,
            company_ids=[Command.set(cls.company.ids)],
        )

    @classmethod
    def _sell(cls, quantity, price=100.0, product=None):
        order = cls._create_order(quantity, price=price, product=product)
        order.action_confirm()
        cls._deliver(order)
        return order

    @classmethod
    def _date(cls, order, day):
        """Make it delivered on another day."""
        order.picking_ids.move_ids.date = f"{day} 08:00:00"

    def _create_points(self, **values):
        """A loyalty program: one point for each unit of money."""
        return self.env["loyalty.program"].create(
            {
                "name": "Points",
                "program_type": "loyalty",
                "applies_on": "both",
                "trigger": "auto",
                "rule_ids": [
                    Command.clear(),
                    Command.create(
                        {"reward_point_mode": "money", "reward_point_amount": 1}
                    ),
                ],
                **values,
            }
        )

    def _create_return(self, quantity, product=None, user=None, **values):
        line = {
            "product_id": (product or self.product).id,
            "product_uom_qty": quantity,
        }
        Return = self.env["jxc.sale.return"].with_user(user or self.env.user)
        return Return.create(
            {
                "partner_id": self.customer.id,
                "reason_id": self.reason.id,
                "line_ids": [Command.create(line)],
                **values,
            }
        )

    def _exchange(self, back, out, product=None, **values):
        """A return of lamps, with other goods, or as many lamps, sent instead."""
        lines = [
            {"product_id": self.product.id, "product_uom_qty": back},
            {
                "direction": "out",
                "product_id": (product or self.product).id,
                "product_uom_qty": out,
            },
        ]
        lines = [Command.create(line) for line in lines]
        return self._create_return(0, line_ids=lines, **values)
