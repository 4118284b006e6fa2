# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
import doctest
from datetime import datetime, timedelta
from xmlrpc.client import dumps

from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.fields import Command, Domain
from odoo.tests import tagged

from ..tools import timeline
from .common import CustomerClassCommon

BAD_PAGES = (("2024-01-01", -5), ("2024-01-01", 10**12), (False, 1))


@tagged("post_install", "-at_install")
class TestOverview(CustomerClassCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.seller = cls._user("seller", "sales_team.group_sale_salesman")
        cls.colleague = cls._user("colleague", "sales_team.group_sale_salesman")
        cls.manager = cls._user(
            "manager",
            "sales_team.group_sale_manager,stock.group_stock_user"
            ",account.group_account_invoice,helpdesk_mgmt.group_helpdesk_manager",
        )
        cls.shop = cls._customer("Shop", user_id=cls.seller.id, is_company=True)
        cls.person = cls._customer("Person", parent_id=cls.shop.id)
        cls.mine = cls._order(cls.shop, 3, 100, user_id=cls.seller.id)
        cls.theirs = cls._order(cls.person, 2, 200, user_id=cls.colleague.id)
        cls._recompute()
        cls.followup = cls.env["jxc.followup"].create(
            {
                "partner_id": cls.person.id,
                "user_id": cls.seller.id,
                "kind": "visit",
                "note": "Wants samples",
                "next_date": fields.Date.today() + timedelta(days=2),
                "next_note": "Bring samples",
            }
        )
        cls.ticket = cls.env["helpdesk.ticket"].create(
            {
                "name": "Broken",
                "description": "Box",
                "partner_id": cls.person.id,
                "company_id": cls.company.id,
                "user_id": False,
            }
        )
        cls.shop.message_post(body="Hello", message_type="comment")
        cls.shop._jxc_set_owner(cls.seller, "assign")

    def _timeline(self, user, partner=None, **options):
        partner = (partner or self.shop).with_user(user)
        partner = partner.with_context(allowed_company_ids=self.company.ids)
        return partner.jxc_get_timeline(**options)

    def _keys(self, user, **options):
        return {entry["key"] for entry in self._timeline(user, **options)["entries"]}

    def _cards(self, user):
        partner = self.shop.with_user(user)
        partner = partner.with_context(allowed_company_ids=self.company.ids)
        return {card["name"]: card for card in partner.jxc_get_overview()}

    def test_paging(self):
        self.assertFalse(doctest.testmod(timeline).failed)
        whole = self._timeline(self.manager, limit=100)
        self.assertIs(whole["next"], False, "at the end")
        self.assertIn("entries", dumps((whole,)), "over XML-RPC")
        keys, before = [], None
        while True:
            page = self._timeline(self.manager, before=before, limit=2)
            keys += [entry["key"] for entry in page["entries"]]
            before = page["next"]
            if not before:
                break
        self.assertEqual(keys, [entry["key"] for entry in whole["entries"]])
        self.assertEqual(len(keys), len(set(keys)))
        dates = [entry["date"] for entry in whole["entries"]]
        self.assertEqual(dates, sorted(dates, reverse=True))
        for bad in ("x", ["x", 1], [1], {"a": 1}):
            with self.assertRaises(UserError):
                self._timeline(self.manager, before=bad)

    def test_many_in_one_second(self):
        second = datetime(2024, 6, 1, 8)
        self.env["jxc.followup"].create(
            [
                {"partner_id": self.shop.id, "user_id": self.seller.id, "date": second}
                for _number in range(5)
            ]
        )
        keys, before = [], None
        while before or not keys:
            page = self._timeline(
                self.manager, before=before, limit=2, kinds=["followup", "order"]
            )
            keys += [entry["key"] for entry in page["entries"]]
            before = page["next"]
        self.assertEqual(len(keys), len(set(keys)))
        self.assertEqual(len(keys), 8)

    def test_everything_is_there(self):
        kinds = {e["kind"] for e in self._timeline(self.manager, limit=100)["entries"]}
        for kind in ("followup", "order", "ticket", "message", "pool"):
            self.assertIn(kind, kinds)
        for entry in self._timeline(self.manager, limit=100)["entries"]:
            for name in ("title", "text", "user"):
                self.assertIsInstance(entry[name], str, f"{name} of {entry['key']}")
        only = self._timeline(self.manager, kinds=["followup"])["entries"]
        self.assertEqual(len(only), 1)
        self.assertEqual(
            (only[0]["title"], only[0]["text"], only[0]["model"], only[0]["id"]),
            ("Visit", "Wants samples", "jxc.followup", self.followup.id),
        )
        # the same from a contact of the customer
        self.assertEqual(
            self._keys(self.manager, limit=100),
            {
                entry["key"]
                for entry in self._timeline(self.manager, self.person, limit=100)[
                    "entries"
                ]
            },
        )

    def test_mail_replies_are_threaded(self):
        """A customer's reply is below what it answers, in the timeline, and known."""
        self.person.email = "person@shop.example"
        self.shop.message_subscribe(self.seller.partner_id.ids)
        sent = self.shop.with_user(self.seller).message_post(
            body="Our prices",
            message_type="comment",
            subtype_xmlid="mail.mt_comment",
            partner_ids=self.person.ids,
        )
        self.env["mail.thread"].message_process(
            None,
            "From: Person <person@shop.example>\n"
            "To: catchall@example.com\n"
            "Subject: Re: Our prices\n"
            "Message-Id: <jxc-reply-test@shop.example>\n"
            f"In-Reply-To: {sent.message_id}\n\nToo high",
        )
        reply = self.shop.message_ids[0]
        self.assertIn("Too high", reply.body)
        self.assertEqual((reply.author_id, reply.parent_id), (self.person, sent))
        self.assertIn(self.seller.partner_id, reply.notified_partner_ids)
        entry = self._timeline(self.seller, kinds=["message"])["entries"][0]
        self.assertIn("Too high", entry["text"])

    def test_rules_of_each_source_hold(self):
        mine, theirs = f"order-{self.mine.id}", f"order-{self.theirs.id}"
        followup, ticket = f"followup-{self.followup.id}", f"ticket-{self.ticket.id}"
        seen = self._keys(self.seller, limit=100)
        self.assertIn(mine, seen)
        self.assertIn(followup, seen)
        self.assertIn(theirs, seen, "of his customer, whoever sold it")
        self.assertIn(ticket, seen, "of his customer, whoever answers it")
        seen = self._keys(self.colleague, limit=100)
        self.assertIn(theirs, seen)
        self.assertFalse({mine, followup, ticket} & seen)
        seen = self._keys(self.manager, limit=100)
        self.assertTrue({mine, theirs, followup, ticket} <= seen)
        clerk = self._user("clerk", "base.group_user")
        for method in ("jxc_get_timeline", "jxc_get_overview"):
            with self.assertRaises(AccessError):
                getattr(self.shop.with_user(clerk), method)()
        with self.assertRaises(AccessError):
            self.shop.with_user(clerk).action_jxc_overview("orders")

    def test_messages_of_documents(self):
        """Mails on orders and SMS of programs are part of the story, by their rules."""
        for order in (self.mine, self.theirs):
            order.message_post(
                body=f"About {order.name}",
                message_type="email",
                subtype_xmlid="mail.mt_comment",
            )
        gateway = self.env["jxc.sms.gateway"].create(
            {
                "name": "Gateway",
                "provider": "odoo",
                "company_id": self.company.id,
            }
        )
        self.env["jxc.sms.message"].create(
            {
                "gateway_id": gateway.id,
                "number": "+8613800138000",
                "partner_id": self.person.id,
                "body": "It is under way",
                "state": "sent",
            }
        )

        def texts(user):
            found = self._timeline(user, limit=100, kinds=["message", "sms"])
            return {entry["text"] for entry in found["entries"]}

        mine, theirs = (f"About {order.name}" for order in (self.mine, self.theirs))
        self.assertTrue({mine, theirs, "It is under way"} <= texts(self.manager))
        seen = texts(self.seller)
        self.assertTrue({mine, "It is under way"} <= seen)
        self.assertIn(theirs, seen, "of his customer, whoever sold it")
        self.assertFalse({mine, "It is under way"} & texts(self.colleague))
        for options in (
            *({"before": [day, count]} for day, count in BAD_PAGES),
            {"limit": float("nan")},
            {"limit": "x"},
            {"kinds": 5},
        ):
            with self.assertRaises(UserError):
                self._timeline(self.manager, **options)

    def test_sms_tell_what_became_of_them(self):
        """One from the chatter stands there once, as what did not arrive."""
        gateway = self.env["jxc.sms.gateway"].create(
            {"name": "Gateway", "provider": "odoo", "company_id": self.company.id}
        )
        written = [
            self.shop.message_post(body=body, message_type="sms")
            for body in ("Samples are here", "From Monday on")
        ]
        self.env["jxc.sms.message"].create(
            {
                "gateway_id": gateway.id,
                "number": "+8613800138000",
                "partner_id": self.shop.id,
                "mail_message_id": written[0].id,
                "body": "Samples are here",
                "state": "failed",
                "error": "No credit",
            }
        )
        self.env.flush_all()
        found = self._timeline(self.manager, kinds=["message", "sms"])["entries"]
        texts = {entry["text"]: entry["title"] for entry in found}
        self.assertEqual(
            texts["Samples are here · No credit"], "+8613800138000 · Failed"
        )
        self.assertNotIn("Samples are here", texts)
        self.assertIn("From Monday on", texts, "by the platform's own service")

    def test_other_companies_are_hidden(self):
        other = self._create_class_company("Other Ltd")
        self._order(self.shop, 1, 100, company=other)
        self.assertEqual(
            self._keys(self.manager, kinds=["order"]),
            {f"order-{self.mine.id}", f"order-{self.theirs.id}"},
        )

    def test_cards(self):
        cards = self._cards(self.manager)
        lines = {
            (name, line["label"]): line["value"]
            for name, card in cards.items()
            for line in card["lines"]
        }
        self.assertEqual(lines["class", "Class"], "A")
        self.assertEqual(
            lines["contact", "Owner"], "seller (sales_team.group_sale_salesman)"
        )
        self.assertEqual(lines["contact", "Next Step"], "Bring samples")
        self.assertEqual(lines["tickets", "Number"], "1")
        self.assertEqual(lines["orders", "Number"], "2")
        self.assertTrue(lines["orders", "Last Order"].startswith(self.theirs.name))
        lines = {
            line["label"]: line["value"]
            for line in self._cards(self.seller)["orders"]["lines"]
        }
        self.assertEqual(lines["Number"], "2")
        tickets = self._cards(self.seller)["tickets"]
        self.assertEqual(tickets["lines"][0]["value"], "1")
        action = self.shop.with_user(self.manager).action_jxc_overview("orders")
        found = self.env["sale.order"].search(action["domain"])
        self.assertEqual(found, self.mine | self.theirs)
        with self.assertRaises(UserError):
            self.shop.with_user(self.manager).action_jxc_overview("res.users")
        executive = self._user("executive", "jxc_base.group_executive")
        self.assertIn("class", self._cards(executive))

    def _lines(self, user, name):
        lines = self._cards(user)[name]["lines"]
        return [(line["label"], line["value"].replace("\xa0", " ")) for line in lines]

    def test_cards_of_customers_of_others(self):
        """What is not shown is not counted as nothing: it is said that it is there."""
        unseen = [("", "Not yours to see")]
        self.assertEqual(
            self._lines(self.colleague, "orders")[:4],
            [
                ("Number You May See", "1"),
                ("", "Others are not yours to see"),
                ("Amount of These", "¥ 200.00"),
                ("Last Order", self._lines(self.manager, "orders")[2][1]),
            ],
        )
        self.assertEqual(self._lines(self.colleague, "tickets"), unseen)
        told = self._lines(self.colleague, "class")
        self.assertIn(("Class", "Not yours to see"), told)
        hint = ("", "Follow-ups of others are not yours to see")
        self.assertIn(hint, self._lines(self.colleague, "contact"))
        # a later one of somebody else: the own one is not the last
        self._order(self.shop, 1, 50, user_id=self.seller.id)
        told = dict(self._lines(self.colleague, "orders"))
        self.assertNotIn("Last Order", told)
        stranger = self._user("stranger", "sales_team.group_sale_salesman")
        self.assertEqual(self._lines(stranger, "orders")[:1], unseen)
        for user in (self.seller, self.manager):
            self.assertIn(("Number", "3"), self._lines(user, "orders"))
            self.assertIn(("Class", "A"), self._lines(user, "class"))
            self.assertNotIn(hint, self._lines(user, "contact"))
        # where there is nothing, nothing is the truth
        self.ticket.stage_id = self.env.ref("helpdesk_mgmt.helpdesk_ticket_stage_done")
        self.assertEqual(self._lines(stranger, "tickets"), [("Number", "0")])
        fresh = self._customer("Fresh", user_id=self.seller.id).with_user(stranger)
        cards = {card["name"]: card for card in fresh.jxc_get_overview()}
        values = [line["value"] for line in cards["class"]["lines"]]
        self.assertIn("computed every night", values)

    def test_cards_of_documents_of_other_companies(self):
        """Who works in one company is told of its documents, and of no others."""
        other = self._create_class_company("Other Ltd")
        self._order(self.shop, 1, 100, company=other)
        self.assertIn(("Number", "2"), self._lines(self.manager, "orders"))

    def test_deliveries_under_way_are_those_to_the_customer(self):
        warehouse = self.env["stock.warehouse"].search(
            [("company_id", "=", self.company.id)], limit=1
        )
        product = self.env["product.product"].create({"name": "Box", "type": "consu"})
        before = self._cards(self.manager)["deliveries"]["lines"][0]["value"]
        for kind in (warehouse.in_type_id, warehouse.out_type_id):
            picking = self.env["stock.picking"].create(
                {
                    "partner_id": self.shop.id,
                    "picking_type_id": kind.id,
                    "move_ids": [
                        Command.create({"product_id": product.id, "product_uom_qty": 1})
                    ],
                }
            )
            picking.action_confirm()
        after = self._cards(self.manager)["deliveries"]["lines"][0]["value"]
        self.assertEqual(int(after), int(before) + 1, "what comes back is none")

    def test_deliveries_by_a_vendor(self):
        """What a vendor sends to a customer of an order is under way to him, too."""
        drop = self.env["stock.picking.type"].search(
            [("code", "=", "dropship"), ("company_id", "=", self.company.id)], limit=1
        )
        if not drop:
            drop = self.env["stock.picking.type"].search(
                [("code", "=", "outgoing"), ("company_id", "=", self.company.id)],
                limit=1,
            )
        vendor = self.env["res.partner"].create({"name": "Vendor"})
        order = self.env["sale.order"].create({"partner_id": self.shop.id})
        picking = self.env["stock.picking"].create(
            {"partner_id": vendor.id, "picking_type_id": drop.id}
        )
        picking.sale_id = order
        kinds = {"stock.picking"}
        domains = [
            source.domain
            for source in self.shop._jxc_timeline_sources()
            if source.model in kinds
        ]
        found = self.env["stock.picking"].search(Domain.OR(domains))
        self.assertIn(picking, found)
        if drop.code == "dropship":
            ids = self.shop._jxc_timeline_partner_ids()
            domain = self.shop._jxc_open_domains(ids)["deliveries"][1]
            picking.state = "assigned"
            self.env.flush_all()
            self.assertIn(picking, self.env["stock.picking"].search(domain))

    def _queries(self, method, **options):
        self.env.flush_all()
        self.env.invalidate_all()
        partner = self.shop.with_user(self.manager)
        partner = partner.with_context(allowed_company_ids=self.company.ids)
        start = self.env.cr.sql_log_count
        getattr(partner, method)(**options)
        return self.env.cr.sql_log_count - start

    def test_queries_do_not_grow(self):
        for method in ("jxc_get_timeline", "jxc_get_overview"):
            self._queries(method)  # warm the caches of rules and access
            few = self._queries(method)
            for days in range(5, 15):
                self._order(self.shop, days, 100, user_id=self.seller.id)
            self.env["jxc.followup"].create(
                [{"partner_id": self.shop.id, "note": str(n)} for n in range(10)]
            )
            self.env["helpdesk.ticket"].create(
                [
                    {
                        "name": str(n),
                        "description": "x",
                        "partner_id": self.shop.id,
                        "company_id": self.company.id,
                    }
                    for n in range(10)
                ]
            )
            self._queries(method)
            self.assertLessEqual(self._queries(method), few + 2, method)
