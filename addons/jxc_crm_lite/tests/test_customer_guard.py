# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Command
from odoo.tests import tagged

from .common import CustomerClassCommon


@tagged("post_install", "-at_install")
class TestCustomerGuard(CustomerClassCommon):
    """Who may change which customers: own, team, all; and ways round the pool."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company.write({"jxc_pool_active": True, "jxc_pool_limit": 3})
        cls.other = cls._create_class_company("Other Ltd")
        cls.own = cls._user("own", "sales_team.group_sale_salesman")
        cls.mate = cls._user("mate", "sales_team.group_sale_salesman")
        cls.teamer = cls._user("teamer", "jxc_crm_lite.group_sale_team")
        cls.far = cls._user("far", "jxc_crm_lite.group_sale_team")
        cls.all = cls._user("all", "sales_team.group_sale_salesman_all_leads")
        cls.manager = cls._user("manager", "sales_team.group_sale_manager")
        cls.clerk = cls._user("clerk", "base.group_user,base.group_partner_manager")
        cls._team("East", cls.teamer, cls.mate)
        cls.mine = cls._customer("Mine", is_company=True, user_id=cls.own.id)
        cls.theirs = cls._customer("Theirs", is_company=True, user_id=cls.mate.id)
        cls.person = cls._customer("Person", parent_id=cls.theirs.id)
        cls.pooled = cls._customer(
            "Pooled Ltd", is_company=True, phone="+86 571 8700 1122"
        )
        cls.pooled._jxc_fall("fall")
        cls.free = cls._customer("Free", is_company=True)

    def _as(self, user, records):
        return records.with_user(user).with_context(
            allowed_company_ids=user.company_ids.ids
        )

    def _changes(self, user, record):
        """What a client could do to a contact, each a call without arguments."""
        seen = self._as(user, record)
        return {
            "write": lambda: seen.write({"phone": "1"}),
            "archive": seen.action_archive,
            "company": lambda: seen.write({"company_id": self.other.id}),
            "parent": lambda: seen.write({"parent_id": self.mine.id}),
            "person": lambda: seen.create({"name": "New", "parent_id": record.id}),
            "persons": lambda: seen.write(
                {"child_ids": [Command.create({"name": "New"})]}
            ),
            "picture": lambda: seen.write({"image_1920": False}),
            "import": lambda: self._import(user, record),
            "tags": lambda: seen.write({"category_id": [Command.clear()]}),
            "delete": seen.unlink,
        }

    def _import(self, user, record):
        """Load a file that names the contact by its external id."""
        known = self.env["ir.model.data"].create(
            {
                "module": "__import__",
                "name": f"{user.login}_{record.id}",
                "model": record._name,
                "res_id": record.id,
            }
        )
        partners = self._as(user, self.env["res.partner"])
        answer = partners.load(["id", "phone"], [[known.complete_name, "1"]])
        if not answer["ids"]:
            raise AccessError(str(answer["messages"]))

    def test_customers_of_others_stay_as_they_are(self):
        for record in (self.theirs, self.person, self.pooled):
            before = record.read(["phone", "active", "company_id", "parent_id"])
            for user in (self.own, self.far):
                for name, change in self._changes(user, record).items():
                    with (
                        self.subTest(record=record.name, user=user.login, change=name),
                        self.assertRaises(AccessError),
                        self.cr.savepoint(),
                    ):
                        change()
            self.assertTrue(record.exists())
            self.assertEqual(
                record.read(["phone", "active", "company_id", "parent_id"]), before
            )

    def test_a_batch_is_refused_whole_and_names_what_is_not_ones_own(self):
        batch = self.mine | self.theirs | self.person
        with self.assertRaisesRegex(AccessError, "Theirs, Theirs, Person: customers"):
            self._as(self.own, batch).write({"phone": "1"})
        self.assertFalse(self.mine.phone)

    def test_own_team_and_all(self):
        for record in (self.theirs, self.person):
            for number, user in enumerate((self.mate, self.teamer, self.all)):
                self._as(user, record).write({"phone": str(number)})
                self.assertEqual(record.phone, str(number))
        for user in (self.all, self.manager, self.clerk):
            self._as(user, self.pooled).write({"comment": user.login})
        self._as(self.own, self.free).write({"phone": "1"})
        self._as(self.own, self.mine).write({"phone": "1"})
        self._as(self.own, self.mine).action_archive()
        self.assertFalse(self.mine.active)

    def test_the_right_follows_the_owner(self):
        self._as(self.own, self.pooled).action_jxc_claim()
        person = self._as(self.own, self.env["res.partner"]).create(
            {"name": "Buyer", "parent_id": self.pooled.id}
        )
        person.phone = "1"
        self._as(self.own, self.pooled).action_jxc_release()
        for record in (self.pooled, person):
            with self.assertRaises(AccessError):
                self._as(self.own, record).write({"city": "X"})
        self._as(self.manager, self.pooled).user_id = self.mate
        self._as(self.mate, person).city = "Hangzhou"

    def test_selling_to_customers_of_others_goes_on(self):
        """What is shared: orders, follow-ups and calls, where they may be read."""
        order = self._as(self.own, self.env["sale.order"]).create(
            {
                "partner_id": self.theirs.id,
                "user_id": self.own.id,
                "order_line": [
                    Command.create({"product_id": self.product.id, "price_unit": 5})
                ],
            }
        )
        order.action_confirm()
        self.assertEqual(order.state, "sale")
        followup = self._as(self.own, self.env["jxc.followup"]).create(
            {"partner_id": self.person.id, "outcome": "interested"}
        )
        self.assertTrue(followup)
        self._as(self.mate, self.theirs).read(["name"])

    def test_without_pool_and_owners_the_platform_is_as_before(self):
        self.company.jxc_pool_active = False
        self._as(self.own, self.theirs).write({"phone": "1"})
        self.company.jxc_customers_by_owner = True
        with self.assertRaises(AccessError):
            self._as(self.own, self.theirs).write({"phone": "2"})

    def test_own_contact(self):
        """Everybody keeps an own address, whoever the platform says looks after it."""
        self.own.partner_id.user_id = self.mate
        self._as(self.own, self.own.partner_id).write({"city": "Ningbo"})
        self.assertEqual(self.own.partner_id.city, "Ningbo")

    def test_queries_do_not_grow(self):
        counts = []
        for number in (2, 20):
            customers = self.env["res.partner"].create(
                [
                    {"name": f"C{number}-{i}", "user_id": self.mate.id}
                    for i in range(number)
                ]
            )
            self.env.flush_all()
            self.env.invalidate_all()
            seen = self._as(self.teamer, customers)
            start = self.cr.sql_log_count
            seen.check_access("write")
            counts.append(self.cr.sql_log_count - start)
        self.assertLessEqual(counts[1], counts[0])

    def test_leads_of_the_pool_are_claimed_first(self):
        lead, own = self.env["crm.lead"].create(
            [
                {"name": "Deal", "type": "opportunity", "user_id": self.own.id}
                for _number in range(2)
            ]
        )
        lead._jxc_fall("fall")
        seen = self._as(self.own, lead)
        for change in (
            lambda: seen.write({"name": "X"}),
            seen.action_set_lost,
            seen.action_set_won,
            lambda: (seen | own).action_archive(),
        ):
            with (
                self.assertRaisesRegex(AccessError, "Deal: in the public pool"),
                self.cr.savepoint(),
            ):
                change()
        self.assertTrue(seen.read(["name"]))
        self._as(self.all, lead).name = "Seen to"
        self._as(self.mate, lead).action_jxc_claim()
        self._as(self.mate, lead).action_set_won()
        self.assertEqual(lead.won_status, "won")

    # Ways round the pool ------------------------------------------------------------

    def test_company_is_no_way_out_of_the_pool(self):
        """A company without a pool would keep a customer for ever."""
        both = self._user(
            "both", "sales_team.group_sale_salesman", self.company | self.other
        )
        customer = self._customer("Shop", user_id=both.id)
        lead = self.env["crm.lead"].create({"name": "Deal", "user_id": both.id})
        for record in (customer, lead):
            with self.assertRaisesRegex(AccessError, "whose public pool"):
                self._as(both, record).company_id = self.other
            self._as(both, record).company_id = self.company
        self._as(self.manager, customer).company_id = False
        self.assertFalse(customer.company_id)

    def test_archived_customers_take_a_place_when_they_come_back(self):
        for number in range(3):
            self._customer(f"More {number}", user_id=self.own.id)
        archived = self._customer("Archived", user_id=self.own.id, active=False)
        with self.assertRaisesRegex(UserError, "limit is 3, so 1 archived"):
            self._as(self.own, archived).action_unarchive()
        self.company.jxc_pool_limit = 5
        self._as(self.own, archived).write({"active": True})
        self.assertTrue(archived.active)

    def test_customers_of_the_pool_are_not_entered_again(self):
        """A second one has no last owner who waits, and takes nobody's place."""
        partners = self._as(self.own, self.env["res.partner"])
        for values in (
            {"name": "Pooled  Ltd.", "is_company": True},
            {"name": "Quite Different", "phone": "0571-87001122"},
            {"name": "Pooled Ltd", "is_company": True, "user_id": self.own.id},
        ):
            with (
                self.subTest(values=values),
                self.assertRaisesRegex(ValidationError, "claim that one"),
                self.cr.savepoint(),
            ):
                partners.create(values)
        other = partners.create({"name": "Quite Different", "user_id": self.own.id})
        with self.assertRaises(ValidationError), self.cr.savepoint():
            other.phone = "0571 8700 1122"
        self.assertTrue(
            self._as(self.manager, partners).create({"name": "Pooled Ltd"}),
            "managers decide",
        )
        self._as(self.own, self.pooled).action_jxc_claim()
        self.assertEqual(self.pooled.user_id, self.own)
