# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from datetime import timedelta

from odoo.exceptions import AccessError
from odoo.fields import Command
from odoo.tests import tagged

from .common import TODAY, CustomerClassCommon


@tagged("post_install", "-at_install")
class TestRoles(CustomerClassCommon):
    """Own, team, all: the same three circles for everything about customers."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.own = cls._user("own", "sales_team.group_sale_salesman")
        cls.team = cls._user("team", "jxc_crm_lite.group_sale_team")
        cls.leader = cls._user("leader", "jxc_crm_lite.group_sale_team")
        cls.far = cls._user("far", "jxc_crm_lite.group_sale_team")
        cls.all = cls._user("all", "sales_team.group_sale_salesman_all_leads")
        cls.mate = cls._user("mate", "sales_team.group_sale_salesman")
        cls.crm_team = cls.env["crm.team"].create(
            {
                "name": "East",
                "company_id": cls.company.id,
                "user_id": cls.leader.id,
                "crm_team_member_ids": [
                    Command.create({"user_id": user.id})
                    for user in (cls.team, cls.mate)
                ],
            }
        )
        cls.customer = cls._customer("Shop", user_id=cls.mate.id)
        cls.order = cls._order(cls.customer, 1, 100, user_id=cls.mate.id)
        cls._recompute()
        cls.lead = cls.env["crm.lead"].create(
            {"name": "Deal", "user_id": cls.mate.id, "partner_id": cls.customer.id}
        )
        cls.followup = cls.env["jxc.followup"].create(
            {"partner_id": cls.customer.id, "user_id": cls.mate.id}
        )
        cls.segment = cls.env["jxc.customer.segment"].create(
            {"name": "Mate's", "user_id": cls.mate.id}
        )
        cls.plan = cls.env["jxc.visit.plan"].create(
            {
                "user_id": cls.mate.id,
                "company_id": cls.company.id,
                "line_ids": [Command.create({"partner_id": cls.customer.id})],
            }
        )
        cls.customer._jxc_set_owner(cls.mate, "assign")
        # what only the mate's name on it tells
        nobodys = cls._customer("Nobody's")
        cls.invoice = cls._invoice(nobodys, cls.mate)
        cls.free_order = cls._order(nobodys, 1, 50, user_id=cls.mate.id)
        cls.lead.message_post(
            body="Called",
            mail_activity_type_id=cls.env.ref("mail.mail_activity_data_call").id,
        )

    def _records(self):
        return [
            self.lead,
            self.order,
            self.order.order_line,
            self.followup,
            self.segment,
            self.plan,
            self.plan.line_ids,
            self._row(self.customer),
            self.env["jxc.pool.log"].search([("partner_id", "=", self.customer.id)]),
            self.invoice,
            self.invoice.invoice_line_ids,
            self.free_order,
            self.free_order.order_line,
            self._reported(
                "sale.report", order_reference=f"sale.order,{self.free_order.id}"
            ),
            self._reported("crm.activity.report", lead_id=self.lead.id),
        ]

    def _sees(self, user, record):
        record = record.with_user(user).with_context(
            allowed_company_ids=self.company.ids
        )
        return bool(record.search([("id", "in", record.ids)]))

    def test_circles(self):
        for record in self._records():
            for user in (self.mate, self.team, self.leader, self.all):
                self.assertTrue(self._sees(user, record), (user.login, record))
            for user in (self.own, self.far):
                self.assertFalse(self._sees(user, record), (user.login, record))

    def test_circles_of_lists(self):
        """Who sleeps, who bought again, and whose class has changed."""
        sleeper = self._customer("Sleeper", user_id=self.mate.id)
        for days_ago in (150, 120):
            self._order(sleeper, days_ago, 50, user_id=self.mate.id)
        self._recompute(day=TODAY - timedelta(days=110))
        self._recompute()
        self.env.flush_all()
        for model in (
            "jxc.sleeping.customer",
            "jxc.repeat.report",
            "jxc.customer.class.log",
        ):
            found = self.env[model].search(
                [("partner_id", "=", sleeper.id), ("company_id", "=", self.company.id)]
            )
            self.assertEqual(len(found), 1, model)
            for user in (self.mate, self.team, self.leader, self.all):
                self.assertTrue(self._sees(user, found), (user.login, model))
            for user in (self.own, self.far):
                self.assertFalse(self._sees(user, found), (user.login, model))

    def test_circles_of_the_invoice_analysis(self):
        """Of who also reads the books; nobody else in sales is shown it."""
        report = self._reported("account.invoice.report", move_id=self.invoice.id)
        with self.assertRaises(AccessError):
            self._sees(self.mate, report)
        books = self.env.ref("account.group_account_readonly")
        inside = (self.mate, self.team, self.leader, self.all)
        for user in (*inside, self.own, self.far):
            user.group_ids += books
            self.assertEqual(self._sees(user, report), user in inside, user.login)

    def test_team_reads_segments_and_writes_documents(self):
        with self.assertRaises(AccessError):
            self.segment.with_user(self.team).name = "Ours"
        self.lead.with_user(self.team).name = "Our deal"
        with self.assertRaises(AccessError):
            self.lead.with_user(self.far).name = "Far deal"

    def test_who_left_the_team_sees_nothing_of_it(self):
        members = self.crm_team.crm_team_member_ids
        members.filtered(lambda member: member.user_id == self.team).active = False
        for record in self._records():
            self.assertFalse(self._sees(self.team, record), record)

    def test_levels_are_one_ladder(self):
        self.assertTrue(self.all.has_group("jxc_crm_lite.group_sale_team"))
        self.assertFalse(
            self.team.has_group("sales_team.group_sale_salesman_all_leads")
        )

    def test_customers_by_owner(self):
        free = self._customer("Free")
        person = self._customer("Person", parent_id=self.customer.id)
        for user in (self.own, self.far):
            self.assertTrue(self._sees(user, self.customer))
        self.company.jxc_customers_by_owner = True
        for record in (self.customer, person):
            for user in (self.mate, self.team, self.leader, self.all):
                self.assertTrue(self._sees(user, record), user.login)
            for user in (self.own, self.far):
                self.assertFalse(self._sees(user, record), user.login)
                with self.assertRaises(AccessError):
                    record.with_user(user).write({"city": "X"})
        self.assertTrue(self._sees(self.own, free))
        # users' own contacts stay: they sign documents and messages
        self.mate.partner_id.user_id = self.mate
        self.assertTrue(self._sees(self.own, self.mate.partner_id))
        self.company.jxc_customers_by_owner = False
        self.assertTrue(self._sees(self.own, self.customer))

    def test_balances_are_not_searched(self):
        """By who may not read them; who keeps the books searches as before."""
        books = self._user("books", "account.group_account_invoice")
        for name in ("credit", "debit"):
            for operator in ("=", ">", "<"):
                domain = [("id", "=", self.customer.id), (name, operator, 0.0)]
                for user in (self.own, self.mate, self.all):
                    with self.assertRaises(AccessError):
                        self.env["res.partner"].with_user(user).search(domain)
                self.env["res.partner"].with_user(books).search(domain)
                self.env["res.partner"].search(domain)
