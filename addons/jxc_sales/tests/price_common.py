# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).

from .common import CreditCommon


class PriceCommon(CreditCommon):
    """A lamp of 100 in pieces and boxes of 10 at 900, a salesman and a manager."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.account.unlimited = True
        cls.box = cls.env["jxc.product.unit"].create(
            {
                "product_tmpl_id": cls.product.product_tmpl_id.id,
                "name": "Box",
                "factor": 10,
                "list_price": 900,
                "min_price": 800,
            }
        )
        cls.manager = cls._create_user("jxc_boss", "sales_team.group_sale_manager")
        cls.seer = cls._create_user(
            "jxc_seer", "sales_team.group_sale_manager,jxc_base.group_see_costs"
        )

    @classmethod
    def _set_action(cls, action, margin="none", percent=0.0):
        cls.company.write(
            {
                "jxc_min_price_action": action,
                "jxc_min_margin_action": margin,
                "jxc_min_margin": percent,
            }
        )

    @classmethod
    def _activate(cls, name, group=None, threshold=None):
        """Switch a preset on; nobody but the group's members decide."""
        preset = cls.env.ref(f"jxc_sales.tier_preset_{name}")
        if group:
            preset.reviewer_group_id = cls.env.ref(group)
        if threshold is not None:
            preset.jxc_threshold = threshold
        preset.action_jxc_activate()
        return preset

    def _order(self, quantity=1, price=100.0, user=None, unit=None, **values):
        order = self._create_order(quantity, price, user_id=self.salesman.id, **values)
        if unit:
            order.order_line.write({"product_uom_id": unit.id, "price_unit": price})
        return order.with_user(user or self.salesman)
