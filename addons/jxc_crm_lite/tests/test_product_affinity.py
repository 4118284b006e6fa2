# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, freeze_time, tagged

from .common import TODAY
from .common_repurchase import RepurchaseCommon


@tagged("post_install", "-at_install")
class TestAffinity(RepurchaseCommon):
    def _pair(self, product, other):
        return self.affinity.search(
            [("product_id", "=", product.id), ("other_id", "=", other.id)]
            + [("company_id", "=", self.company.id)]
        )

    def _history(self):
        """Ten orders: soy 5, vinegar 4, both 3; rice 5, once with soy, twice salt."""
        partner = self._customer("Shop")
        soy, vinegar, rice, salt = self.soy, self.vinegar, self.rice, self.salt
        for days_ago, products in enumerate(
            [[soy, vinegar]] * 3
            + [[soy], [vinegar], [soy, rice], [rice, salt], [rice, salt], [rice]]
            + [[rice]]
        ):
            self._buy(partner, days_ago, *[(product, 1) for product in products])
        self.company.jxc_affinity_min_orders = 2
        self.affinity._recompute(self.company, TODAY)
        return partner

    def test_figures_by_hand(self):
        self._history()
        pair = self._pair(self.soy, self.vinegar)
        self.assertEqual(pair.order_count, 3)
        self.assertEqual(pair.confidence, 60)  # 3 of 5
        self.assertEqual(pair.lift, 1.5)  # 3 × 10 / (5 × 4)
        back = self._pair(self.vinegar, self.soy)
        self.assertEqual((back.confidence, back.lift), (75, 1.5))
        self.assertFalse(self._pair(self.soy, self.rice))  # one order only
        self.assertEqual(self._pair(self.salt, self.rice).confidence, 100)
        again = self.affinity._recompute(self.company, TODAY)
        self.assertEqual(again, {"created": 0, "changed": 0, "removed": 0})
        self.company.jxc_affinity_min_orders = 3
        self.assertEqual(self.affinity._recompute(self.company, TODAY)["removed"], 2)

    def test_recommended_for_a_quotation(self):
        partner = self._history()
        form = Form(self.env["sale.order"])
        form.partner_id = partner
        with form.order_line.new() as line:
            line.product_id = self.soy
        order = form.save()
        self.assertEqual(order.jxc_recommend_ids, self._pair(self.soy, self.vinegar))
        seller = self._user("seller", "sales_team.group_sale_salesman_all_leads")
        affinity = order.jxc_recommend_ids.with_user(seller)
        with self.assertRaises(UserError):
            affinity.action_add_to_order()
        affinity.with_context(jxc_order_id=order.id).action_add_to_order()
        self.assertEqual(order.order_line.product_id, self.soy | self.vinegar)
        self.assertFalse(order.jxc_recommend_ids)
        added = order.order_line.filtered(lambda one: one.product_id == self.vinegar)
        self.assertEqual((added.product_uom_qty, added.price_unit), (1, 10))
        order.action_confirm()
        with self.assertRaises(UserError):
            affinity.with_context(jxc_order_id=order.id).action_add_to_order()

    def test_nobody_adds_to_orders_of_others(self):
        partner = self._history()
        order = self._buy(partner, 0, (self.soy, 1))
        order._action_cancel()
        order.action_draft()
        order.user_id = self.env.user
        affinity = self._pair(self.soy, self.vinegar)
        for groups in ("sales_team.group_sale_salesman", "jxc_base.group_executive"):
            user = self._user(f"user {groups}", groups)
            with self.assertRaises(AccessError):
                affinity.with_user(user).with_context(
                    jxc_order_id=order.id
                ).action_add_to_order()
        self.assertEqual(order.order_line.product_id, self.soy)

    def test_only_what_is_for_sale(self):
        self._history()
        found = self.affinity._recommend(self.company, {"basket": self.soy.ids})
        self.assertEqual(found["basket"].other_id, self.vinegar)
        self.vinegar.sale_ok = False
        found = self.affinity._recommend(self.company, {"basket": self.soy.ids})
        self.assertFalse(found["basket"])

    @freeze_time("2024-06-30 12:00:00")
    def test_recommended_for_customers_in_constant_queries(self):
        self._history()
        partners = self.env["res.partner"]
        for number in range(12):
            partner = self._customer(f"New {number}")
            self._buy(partner, 1, (self.soy, 1))
            partners |= partner
        self.assertEqual(partners[0].jxc_recommend_ids.other_id, self.vinegar)
        self.env.invalidate_all()
        self.env.flush_all()
        partners[0].mapped("jxc_recommend_ids")
        self.env.invalidate_all()
        with self.assertQueryCount(8):
            partners.mapped("jxc_recommend_ids")

    def test_two_companies_and_rights(self):
        self._history()
        other = self._create_class_company("Other Ltd")
        self.affinity._recompute(other, TODAY)
        self.assertFalse(self.affinity.search([("company_id", "=", other.id)]))
        stranger = self._user("stranger", "sales_team.group_sale_manager", other)
        theirs = self.affinity.with_user(stranger).with_context(
            allowed_company_ids=other.ids
        )
        self.assertFalse(theirs.search([]))
        seller = self._user("seller", "sales_team.group_sale_salesman")
        pair = self._pair(self.soy, self.vinegar).with_user(seller)
        self.assertEqual(pair.lift, 1.5)
        with self.assertRaises(AccessError):
            pair.write({"lift": 9})
        with self.assertRaises(AccessError):
            pair.action_recompute()
