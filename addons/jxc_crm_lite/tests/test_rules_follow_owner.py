# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from odoo.exceptions import AccessError
from odoo.tests import tagged

from .common import CustomerClassCommon


@tagged("post_install", "-at_install")
class TestRulesFollowOwner(CustomerClassCommon):
    """Whoever gets a customer gets what belongs to it, whoever loses it loses that.

    By every door: reading, searching, grouping, exporting, names, writing, deleting.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company.write({"jxc_pool_active": True, "jxc_customers_by_owner": True})
        export = ",base.group_allow_export"
        cls.first = cls._user("first", f"sales_team.group_sale_salesman{export}")
        cls.second = cls._user("second", f"sales_team.group_sale_salesman{export}")
        cls.teamer = cls._user("teamer", f"jxc_crm_lite.group_sale_team{export}")
        cls.all = cls._user("all", f"sales_team.group_sale_salesman_all_leads{export}")
        cls.manager = cls._user("manager", "sales_team.group_sale_manager")
        cls._team("East", cls.teamer, cls.second)
        # of somebody who has left: nobody's own but the customer's owner's
        cls.gone = cls._user("gone", "sales_team.group_sale_salesman")
        cls.shop = cls._customer("Shop", is_company=True, user_id=cls.first.id)
        cls.person = cls._customer("Buyer", parent_id=cls.shop.id)
        cls.order = cls._order(cls.person, 1, 100, user_id=cls.gone.id)
        cls.invoice = cls._invoice(cls.person, cls.gone)
        cls.lead = cls.env["crm.lead"].create(
            {"name": "Deal", "user_id": cls.first.id, "partner_id": cls.person.id}
        )
        cls.followup = cls.env["jxc.followup"].create(
            {"partner_id": cls.person.id, "user_id": cls.gone.id}
        )
        cls.call = cls.env["jxc.followup"].create(
            {"partner_id": cls.person.id, "user_id": cls.gone.id, "is_draft": True}
        )
        cls._recompute()

    def _records(self):
        return [
            self.shop,
            self.person,
            self.lead,
            self.followup,
            self.call,
            self.order,
            self.order.order_line,
            self.invoice,
            self.invoice.invoice_line_ids,
            self._row(self.shop),
            self._reported(
                "sale.report", order_reference=f"sale.order,{self.order.id}"
            ),
        ]

    def _as(self, user, records):
        return records.with_user(user).with_context(
            allowed_company_ids=self.company.ids
        )

    def _doors(self, user, record):
        """What the user gets of a record, by the name of the door."""
        seen = self._as(user, record)
        wanted = [("id", "in", record.ids)]
        return {
            "search": lambda: seen.search(wanted),
            "count": lambda: seen.search_count(wanted),
            "list": lambda: seen.search_read(wanted, ["display_name"]),
            "groups": lambda: [
                group
                for group in seen.formatted_read_group(wanted, [], ["__count"])
                if group["__count"]
            ],
            "names": lambda: seen.name_search("", wanted),
            "read": lambda: seen.read(["display_name"]),
            "export": lambda: seen.export_data(["display_name"])["datas"],
        }

    def _gets(self, user, record, name):
        try:
            return bool(self._doors(user, record)[name]())
        except AccessError:
            return False

    def _assert_circle(self, inside, outside, records=None):
        wrong = []
        for record in records or self._records():
            self.assertTrue(record)
            for name in self._doors(inside[0], record):
                for user in inside + outside:
                    if self._gets(user, record, name) != (user in inside):
                        wrong.append((user.login, record, name))
        self.assertFalse(wrong)

    def _assert_not_changed_by(self, *users):
        for record in (self.shop, self.person, self.lead, self.followup, self.order):
            for user in users:
                seen = self._as(user, record)
                for change in (
                    lambda seen=seen: (
                        seen.write({"active": False})
                        if "active" in seen
                        else seen.write({"note": "x"})
                    ),
                    seen.unlink,
                ):
                    with self.assertRaises(AccessError), self.cr.savepoint():
                        change()

    def test_assigned_released_claimed(self):
        self._assert_circle([self.first, self.all], [self.second, self.teamer])
        self._assert_not_changed_by(self.second, self.teamer)
        self._as(self.manager, self.shop).user_id = self.second
        self.assertEqual(self.lead.user_id, self.second)
        self._assert_circle([self.second, self.teamer, self.all], [self.first])
        self._assert_not_changed_by(self.first)
        self._as(self.second, self.shop).action_jxc_release()
        # free: customer and lead are shown to all who may claim them, what was sold
        # and said is not
        for user in (self.first, self.second, self.teamer):
            for record in (self.shop, self.person, self.lead):
                self.assertTrue(self._gets(user, record, "search"), user.login)
            for record in (self.followup, self.order, self.invoice):
                self.assertFalse(self._gets(user, record, "search"), user.login)
        self._assert_not_changed_by(self.first, self.teamer)
        self._as(self.first, self.shop).action_jxc_claim()
        self._assert_circle([self.first, self.all], [self.second, self.teamer])

    def test_invoice_analysis(self):
        """Shown to who also reads the books, and still of the own circle."""
        books = self.env.ref("account.group_account_readonly")
        for user in (self.first, self.second, self.teamer, self.all):
            user.group_ids += books
        rows = [self._reported("account.invoice.report", move_id=self.invoice.id)]
        self._assert_circle([self.first, self.all], [self.second, self.teamer], rows)
        self._as(self.manager, self.shop).user_id = self.second
        self._assert_circle([self.second, self.teamer, self.all], [self.first], rows)

    def test_orders_of_own_customers_are_read_only(self):
        """Whose order it is says who changes it and who is paid for it."""
        for user in (self.first, self.all):
            self._as(user, self.order).read(["amount_total"])
        with self.assertRaises(AccessError):
            self._as(self.first, self.order).user_id = self.first
        with self.assertRaises(AccessError):
            self._as(self.first, self.order.order_line).price_unit = 1

    def test_documents_found_by_the_owner_of_their_customer(self):
        self.shop.user_id = self.second
        for document in (self.order, self.order.order_line, self.invoice):
            self.assertEqual(document.jxc_customer_owner_id, self.second)
            for domain, found in (
                ([("jxc_customer_owner_id", "=", self.second.id)], document),
                ([("jxc_customer_owner_id", "!=", self.second.id)], document.browse()),
                ([("jxc_customer_owner_id.login", "=", self.second.login)], document),
                ([("jxc_customer_owner_id", "=", self.first.id)], document.browse()),
            ):
                own = [("id", "=", document.id), *domain]
                self.assertEqual(document.search(own), found, domain)
