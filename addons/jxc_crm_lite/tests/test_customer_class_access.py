# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from odoo.exceptions import AccessError
from odoo.service.model import call_kw
from odoo.tests import tagged

from .common import CustomerClassCommon


@tagged("post_install", "-at_install")
class TestCustomerClassAccess(CustomerClassCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.seller = cls._user("seller", "sales_team.group_sale_salesman")
        cls.colleague = cls._user("colleague", "sales_team.group_sale_salesman")
        cls.leader = cls._user("leader", "sales_team.group_sale_salesman_all_leads")
        cls.manager = cls._user("manager", "sales_team.group_sale_manager")
        cls.executive = cls._user("executive", "jxc_base.group_executive")
        cls.clerk = cls._user("clerk", "base.group_user")
        cls.own = cls._customer("own", user_id=cls.seller.id)
        cls.theirs = cls._customer("theirs", user_id=cls.colleague.id)
        cls.free = cls._customer("free")
        cls.partners = cls.own | cls.theirs | cls.free
        for amount, partner in enumerate(cls.partners, start=1):
            cls._order(partner, 200, amount)
        cls._recompute()
        for partner in cls.partners:
            cls._order(partner, 1, 10)
        cls._recompute()

    def _seen(self, user, model="jxc.customer.class"):
        rows = (
            self.env[model]
            .with_user(user)
            .with_context(allowed_company_ids=user.company_ids.ids)
            .search([("partner_id", "in", self.partners.ids)])
        )
        return rows.partner_id

    def test_who_sees_what(self):
        for model in ("jxc.customer.class", "jxc.customer.class.log"):
            self.assertEqual(self._seen(self.seller, model), self.own | self.free)
            for user in (self.leader, self.manager, self.executive):
                self.assertEqual(self._seen(user, model), self.partners)
            with self.assertRaises(AccessError):
                self._seen(self.clerk, model)

    def test_other_companies_are_hidden(self):
        other = self._create_class_company("Other Ltd")
        for group in ("sales_team.group_sale_manager", "jxc_base.group_executive"):
            stranger = self._user(f"stranger_{group}", group, other)
            self.assertFalse(self._seen(stranger))
            self.assertFalse(self._seen(stranger, "jxc.customer.class.log"))
            own = self.own.with_user(stranger).with_company(other)
            self.assertFalse(own.with_context(allowed_company_ids=other.ids).jxc_class)

    def test_nobody_writes(self):
        row = self._row(self.own)
        log = self.own.jxc_class_log_ids[:1]
        self.assertTrue(row and log)
        system = self._user("system", "base.group_system,sales_team.group_sale_manager")
        for user in (self.seller, self.manager, self.executive, system):
            for record, values in ((row, {"abc": "a"}), (log, {"new_abc": "a"})):
                record = record.with_user(user)
                with self.assertRaises(AccessError):
                    record.write(values)
                with self.assertRaises(AccessError):
                    record.unlink()
                with self.assertRaises(AccessError):
                    record.create(
                        {"partner_id": self.free.id, "company_id": self.company.id}
                    )
        with self.assertRaises(AccessError):
            self.own.with_user(self.manager).write(
                {"jxc_class_ids": [(1, row.id, {"abc": "a"})]}
            )

    def test_who_recomputes(self):
        self._order(self.own, 2, 55)
        for user in (self.seller, self.leader, self.executive):
            with self.assertRaises(AccessError):
                self.classes.with_user(user).action_recompute()
        self.assertNotEqual(self._row(self.own).monetary, 66.0)
        action = self.classes.with_user(self.manager).action_recompute("2024-06-30")
        self.assertEqual(action["tag"], "soft_reload")
        self.assertEqual(self._row(self.own).monetary, 66.0)

    def test_buttons_of_lists(self):
        """The client sends the ids of the selected rows along with a list's button."""
        for model, method in (
            ("jxc.customer.class", "action_recompute"),
            ("jxc.repurchase.cycle", "action_recompute"),
            ("jxc.product.affinity", "action_recompute"),
            ("jxc.partner.duplicate", "action_scan"),
        ):
            for ids in ([], [1, 2]):
                records = self.env[model].with_user(self.manager)
                self.assertEqual(
                    call_kw(records, method, [ids], {})["tag"], "soft_reload"
                )

    def test_partner_fields_follow_the_rules(self):
        self.assertEqual(self.own.with_user(self.seller).jxc_class, "a")
        self.assertFalse(self.theirs.with_user(self.seller).jxc_class)
        self.assertEqual(self.theirs.with_user(self.executive).jxc_class, "a")
        found = (
            self.env["res.partner"]
            .with_user(self.seller)
            .search(
                [("jxc_life_cycle", "=", "active"), ("id", "in", self.partners.ids)]
            )
        )
        self.assertEqual(found, self.own | self.free)
        with self.assertRaises(AccessError):
            self.own.with_user(self.clerk).read(["jxc_class"])
        with self.assertRaises(AccessError):
            self.env["res.partner"].with_user(self.clerk).search(
                [("jxc_class", "=", "a")]
            )

    def test_menus(self):
        menu = self.env.ref("jxc_crm_lite.jxc_customer_class_menu").id
        for user in (self.seller, self.manager, self.executive):
            self.assertIn(
                menu, self.env["ir.ui.menu"].with_user(user)._visible_menu_ids()
            )
        clerk_menus = self.env["ir.ui.menu"].with_user(self.clerk)._visible_menu_ids()
        self.assertNotIn(menu, clerk_menus)
