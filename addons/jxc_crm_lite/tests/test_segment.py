# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from freezegun import freeze_time

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Command
from odoo.tests import tagged

from .common import TODAY, CustomerClassCommon


@tagged("post_install", "-at_install")
class TestSegment(CustomerClassCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.startClassPatcher(freeze_time(f"{TODAY} 12:00:00"))
        cls.seller = cls._user("seller", "sales_team.group_sale_salesman")
        cls.colleague = cls._user("colleague", "sales_team.group_sale_salesman")
        cls.manager = cls._user("manager", "sales_team.group_sale_manager")
        cls.tag = cls.env["res.partner.category"].create({"name": "Chain"})
        cls.big = cls._customer(
            "Big", user_id=cls.seller.id, email="big@example.com", is_company=True
        )
        cls.quiet = cls._customer(
            "Quiet", user_id=cls.colleague.id, category_id=[Command.link(cls.tag.id)]
        )
        cls.fresh = cls._customer("Fresh", customer_rank=1, city="Hangzhou")
        cls.person = cls._customer("Person", parent_id=cls.big.id)
        cls._order(cls.big, 5, 90000)
        cls._order(cls.quiet, 200, 100)
        cls._recompute()
        cls.all = cls.big | cls.quiet | cls.fresh | cls.person

    def _segment(self, user=None, **values):
        model = self.env["jxc.customer.segment"].with_user(user or self.manager)
        model = model.with_context(allowed_company_ids=self.company.ids)
        return model.create({"name": "Some", **values})

    def _found(self, **values):
        return self._segment(**values)._get_partners().sudo() & self.all

    def test_conditions(self):
        self.assertEqual(self._found(class_a=True), self.big)
        self.assertEqual(self._found(is_sleeping=True), self.quiet)
        self.assertEqual(
            self._found(is_sleeping=True, is_potential=True), self.quiet | self.fresh
        )
        self.assertEqual(self._found(recency_min="3"), self.big)
        self.assertEqual(self._found(monetary_min="4"), self.big)
        self.assertEqual(self._found(monetary_min="1"), self.big | self.quiet)
        self.assertEqual(self._found(no_order_days=200), self.quiet)
        self.assertFalse(self._found(no_order_days=201))
        self.assertEqual(self._found(category_ids=self.tag.ids), self.quiet)
        self.assertEqual(self._found(city="hangzhou"), self.fresh)
        self.assertEqual(self._found(owner_ids=self.seller.ids), self.big)
        self.assertFalse(self._found(class_a=True, category_ids=self.tag.ids))
        self.assertEqual(self._found(domain="[('jxc_class', '=', 'a')]"), self.big)
        self.assertNotIn(self.person, self._found())

    def test_mailing_of_every_condition(self):
        """Whatever a segment asks for, its mailing goes to those customers."""
        for values in (
            {"class_a": True},
            {"is_sleeping": True},
            {"recency_min": "3"},
            {"monetary_min": "1"},
            {"no_order_days": 200},
            {"category_ids": self.tag.ids},
            {"city": "hangzhou"},
            {"owner_ids": self.seller.ids},
            {"domain": "[('jxc_class', '=', 'a')]"},
        ):
            segment = self._segment(**values)
            context = segment.action_mailing()["context"]
            mailing = (
                self.env["mailing.mailing"]
                .with_context(**context)
                .create({"subject": "Tea", "mailing_type": "mail"})
            )
            with self.subTest(values):
                wanted = segment._get_partners()
                self.assertTrue(wanted)
                self.assertEqual(set(mailing._get_recipients()), set(wanted.ids))
                self.assertEqual(mailing.jxc_company_id, segment.company_id)

    def test_conditions_of_all_classes(self):
        """Each class, part of the life cycle, score and state has its customer."""
        states = self.env["res.country.state"].search([], limit=2)
        middle = self._customer("Middle", state_id=states[0].id)
        gone = self._customer("Gone", state_id=states[1].id)
        self.all |= middle | gone
        self._order(middle, 40, 6000)
        for day in (100, 101, 102):
            self._order(middle, day, 0)
        self._order(gone, 366, 10)
        self._order(gone, 367, 10)
        self._recompute()
        ranks = {
            partner: (self._row(partner).abc, self._row(partner).life_cycle)
            for partner in (self.big, middle, self.quiet, gone)
        }
        self.assertEqual(
            ranks,
            {
                self.big: ("a", "new"),
                middle: ("b", "active"),
                self.quiet: ("c", "sleeping"),
                gone: ("c", "lost"),
            },
        )
        everybody_c = self._segment(class_c=True)._get_partners().sudo() & self.all
        self.assertTrue(everybody_c >= self.quiet | gone)
        self.assertFalse(everybody_c & (self.big | middle))
        for values, expected in (
            ({"class_b": True}, middle),
            ({"class_a": True, "class_b": True}, self.big | middle),
            ({"is_new": True}, self.big),
            ({"is_active": True}, middle),
            ({"is_lost": True}, gone),
            ({"is_new": True, "is_lost": True}, self.big | gone),
            ({"class_b": True, "is_lost": True}, self.env["res.partner"]),
            ({"frequency_min": "3"}, middle),
            ({"frequency_min": "4"}, self.env["res.partner"]),
            ({"frequency_min": "3", "recency_min": "5"}, self.env["res.partner"]),
            ({"frequency_min": "3", "recency_min": "4"}, middle),
            ({"state_ids": states[0].ids}, middle),
            ({"state_ids": states.ids}, middle | gone),
            ({"state_ids": states.ids, "class_c": True}, gone),
        ):
            with self.subTest(values=values):
                self.assertEqual(self._found(**values), expected.sorted())

    def test_who_uses_it_finds_his_customers(self):
        segment = self._segment(is_shared=True, is_sleeping=True, is_new=True)
        self.assertEqual(segment.partner_count, 2)
        self.assertEqual(segment.with_user(self.seller)._get_partners(), self.big)
        self.assertEqual(segment.with_user(self.colleague)._get_partners(), self.quiet)

    def test_rights(self):
        own = self._segment(self.seller, class_a=True)
        with self.assertRaises(AccessError):
            own.with_user(self.colleague)._get_partners()
        own.is_shared = True
        with self.assertRaises(AccessError):
            own.with_user(self.colleague).write({"name": "Mine"})
        with self.assertRaisesRegex(AccessError, "responsible for your own"):
            own.with_user(self.seller).write({"user_id": self.manager.id})
        with self.assertRaises(AccessError):
            self._segment(self.seller, user_id=self.manager.id)
        with self.assertRaises(AccessError):
            own.with_user(self.manager).write({"partner_count": 3})
        executive = self._user("executive", "jxc_base.group_executive")
        self.assertTrue(own.with_user(executive).name)
        with self.assertRaises(AccessError):
            own.with_user(executive).write({"name": "x"})

    def test_bad_conditions_are_refused(self):
        for domain in ("[('no_field', '=', 1)]", "[(", "__import__('os')"):
            with self.assertRaises(ValidationError):
                self._segment(domain=domain)
        with self.assertRaises(AccessError):
            # a field that only administrators may ask for
            self._segment(self.seller, domain="[('signup_type', '!=', False)]")
        with self.assertRaises(ValidationError):
            self._segment(no_order_days=-1)

    def test_two_companies(self):
        other = self._create_class_company("Other Ltd")
        stranger = self._user("stranger", "sales_team.group_sale_manager", other)
        segment = self._segment(class_a=True)
        with self.assertRaises(AccessError):
            segment.with_user(stranger).with_context(
                allowed_company_ids=other.ids
            ).read(["name"])
        with self.assertRaisesRegex(ValidationError, "does not work for"):
            segment.user_id = stranger
        theirs = self.env["jxc.customer.segment"].create(
            {"name": "Theirs", "class_a": True, "company_id": other.id}
        )
        # classes are of one company
        self.assertFalse(theirs._get_partners() & self.all)

    def test_count_again(self):
        segment = self._segment(city="Hangzhou")
        before = segment.partner_count
        self._customer("More", city="Hangzhou")
        self.assertEqual(segment.partner_count, before)
        self.env["jxc.customer.segment"]._cron_count()
        self.assertEqual(segment.partner_count, before + 1)

    def test_writing_to_customers(self):
        segment = self._segment(class_a=True)
        action = segment.action_mail()
        self.assertEqual(action["context"]["active_ids"], self.big.ids)
        with self.assertRaisesRegex(UserError, "None of the customers"):
            segment.action_sms()
        found = self.env["res.partner"].search(segment.action_partners()["domain"])
        self.assertEqual(found & self.all, self.big)


@tagged("post_install", "-at_install")
class TestSegmentPromotion(CustomerClassCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.big = cls._customer("Big")
        cls.small = cls._customer("Small")
        cls.segment = cls.env["jxc.customer.segment"].create(
            {"name": "Chosen", "domain": f"[('id', '=', {cls.big.id})]"}
        )
        cls.program = cls.env["loyalty.program"].create(
            {
                "name": "Ten percent",
                "program_type": "promotion",
                "trigger": "auto",
                "company_id": cls.company.id,
                "rule_ids": [Command.create({"minimum_qty": 1})],
                "reward_ids": [Command.create({"discount": 10})],
            }
        )

    def _total(self, partner):
        order = self._order(partner, 1, 100, confirm=False)
        order._update_programs_and_rewards()
        status = order._try_apply_program(self.program)
        if "already_applied" in status or "error" not in status:
            for coupon, rewards in order._get_claimable_rewards().items():
                order._apply_program_reward(rewards[:1], coupon)
        return order, order.amount_untaxed

    def test_only_for_the_segment(self):
        self.assertEqual(self._total(self.small)[1], 90)
        self.program.jxc_segment_ids = self.segment
        self.assertEqual(self._total(self.big)[1], 90)
        order, total = self._total(self.small)
        self.assertEqual(total, 100)
        self.assertIn("not available", order._try_apply_program(self.program)["error"])
        self.segment.active = False
        self.assertEqual(self._total(self.big)[1], 100)

    def test_reward_does_not_move_to_another_customer(self):
        self.program.jxc_segment_ids = self.segment
        order, total = self._total(self.big)
        self.assertEqual(total, 90)
        order.partner_id = self.small
        with self.assertRaisesRegex(UserError, "Small is not among the customers"):
            order._jxc_check_segments()
        order.action_confirm()
        self.assertEqual(order.amount_untaxed, 100)
        self.assertFalse(order.order_line.reward_id)
        order, total = self._total(self.big)
        order.action_confirm()
        self.assertEqual((order.state, order.amount_untaxed), ("sale", 90))

    def test_code(self):
        self.program.write(
            {"jxc_segment_ids": self.segment.ids, "trigger": "with_code"}
        )
        self.program.rule_ids.write({"mode": "with_code", "code": "CHOSEN"})
        order = self._order(self.small, 1, 100, confirm=False)
        self.assertIn("error", order._try_apply_code("CHOSEN"))
        order = self._order(self.big, 1, 100, confirm=False)
        self.assertNotIn("error", order._try_apply_code("CHOSEN"))
