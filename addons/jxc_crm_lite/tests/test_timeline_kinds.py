# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from datetime import date, datetime

from odoo.fields import Command
from odoo.tests import tagged

from .common import CustomerClassCommon


@tagged("post_install", "-at_install")
class TestTimelineKinds(CustomerClassCommon):
    """Whatever happens with a customer is in his timeline: one of each."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company.write({"jxc_quiet_from": 0, "jxc_quiet_to": 0})
        cls.shop = cls._customer(
            "Shop",
            is_company=True,
            email="shop@example.com",
            phone="+86 138 0013 8000",
            country_id=cls.env.ref("base.cn").id,
        )
        cls.own = {"partner_id": cls.shop.id, "company_id": cls.company.id}

    def _entries(self, *kinds):
        return self.shop.jxc_get_timeline(kinds=kinds, limit=100)["entries"]

    def _assert_told(self, kind, record, *words):
        """Exactly one entry, with these words."""
        self.env.flush_all()
        key = f"{kind}-{record.id}"
        found = [entry for entry in self._entries(kind) if entry["key"] == key]
        self.assertEqual(len(found), 1, key)
        for word in words:
            self.assertIn(word, found[0]["title"] + found[0]["text"])
        return found[0]

    def _picking(self):
        kind = self.env["stock.picking.type"].search(
            [("code", "=", "outgoing"), ("company_id", "=", self.company.id)], limit=1
        )
        return self.env["stock.picking"].create(
            {"partner_id": self.shop.id, "picking_type_id": kind.id}
        )

    def _move(self):
        self.env["account.journal"].create(
            {"name": "Sales", "code": "TIME", "type": "sale"}
        )
        return self.env["account.move"].create(
            {"move_type": "out_invoice", "partner_id": self.shop.id}
        )

    def test_messages_of_documents(self):
        """Of all that are there; what is on others' documents is not the customer's."""
        documents = [
            self.env["crm.lead"].create({"name": "Deal", **self.own}),
            self._order(self.shop, 0, 10),
            self.env["helpdesk.ticket"].create(
                {"name": "T", "description": "x", **self.own}
            ),
            self._picking(),
            self._move(),
        ]
        if "jxc.statement" in self.env:
            documents.append(self._statement())
        if "jxc.dunning.reminder" in self.env:
            documents.append(self._reminder())
        if "jxc.sale.return" in self.env:
            documents.append(self._return())
        if "repair.order" in self.env:
            documents.append(self._repair())
        for document in documents:
            sent = document.message_post(body="Told", message_type="comment")
            self._assert_told("message", sent, "Told")
        other = self._customer("Other").message_post(
            body="Not yours", message_type="comment"
        )
        keys = {entry["key"] for entry in self._entries("message")}
        self.assertNotIn(f"message-{other.id}", keys)

    def test_platform_sms_of_a_delivery(self):
        sent = self._picking()._message_sms("It is on its way")
        self._assert_told("message", sent, "It is on its way")

    def test_done_activities(self):
        for document in (self.shop, self._order(self.shop, 0, 10)):
            activity = document.activity_schedule(
                "mail.mail_activity_data_call", summary="Ask for the samples"
            )
            done = activity._action_done(feedback="They like them")[0]
            self._assert_told("message", done, "Call", "They like them")

    def test_mailings(self):
        mailings = self.env["mailing.mailing"].create(
            [
                {
                    "subject": "New tea",
                    "body_html": "<p>New tea is here</p>",
                    "body_plaintext": "New tea by SMS",
                    "mailing_type": kind,
                    "mailing_model_id": self.env.ref("base.model_res_partner").id,
                    "mailing_domain": repr([("id", "=", self.shop.id)]),
                    "keep_archives": True,
                }
                for kind in ("mail", "sms")
            ]
        )
        before = self.shop.message_ids
        self._send_mailings(mailings)
        told = " ".join(
            entry["title"] + entry["text"]
            for entry in self._entries("message")
            if entry["key"] not in {f"message-{one.id}" for one in before}
        )
        self.assertIn("New tea is here", told)
        self.assertIn("New tea by SMS", told)

    def test_meetings(self):
        lead = self.env["crm.lead"].create({"name": "Deal", **self.own})
        for values in (
            {"partner_ids": [Command.link(self.shop.id)]},
            {"opportunity_id": lead.id},
        ):
            meeting = self.env["calendar.event"].create(
                {
                    "name": "Tasting",
                    "start": datetime(2024, 6, 3, 9),
                    "stop": datetime(2024, 6, 3, 10),
                    "location": "Ningbo",
                    **values,
                }
            )
            entry = self._assert_told("meeting", meeting, "Tasting", "Ningbo")
            self.assertEqual(entry["date"], "2024-06-03 09:00:00")

    def test_ratings(self):
        ticket = self.env["helpdesk.ticket"].create(
            {"name": "T", "description": "x", **self.own}
        )
        asked, given = self.env["rating.rating"].create(
            [
                {
                    "res_model_id": self.env["ir.model"]._get_id("helpdesk.ticket"),
                    "res_id": ticket.id,
                    "partner_id": self.shop.id,
                    "rating": rating,
                    "consumed": bool(rating),
                    "feedback": rating and "Quick help",
                    "rated_on": datetime(2024, 6, 4, 9),
                }
                for rating in (0, 5)
            ]
        )
        self._assert_told("rating", given, "5/5", "Quick help")
        keys = {entry["key"] for entry in self._entries("rating")}
        self.assertNotIn(f"rating-{asked.id}", keys)

    def test_documents_of_other_addons(self):
        """Statements, reminders, returns and repairs, where their addons are."""
        for model, kind, create in (
            ("jxc.statement", "statement", self._statement),
            ("jxc.dunning.reminder", "dunning", self._reminder),
            ("jxc.sale.return", "return", self._return),
            ("repair.order", "repair", self._repair),
        ):
            if model in self.env:
                self._assert_told(kind, create())
            kinds = self.shop.jxc_get_timeline()["kinds"]
            names = {one["name"] for one in kinds}
            self.assertEqual(kind in names, model in self.env, kind)

    def _statement(self):
        return self.env["jxc.statement"].create(
            {
                **self.own,
                "date_from": date(2024, 5, 1),
                "date_to": date(2024, 5, 31),
            }
        )

    def _reminder(self):
        level = self.env["jxc.dunning.level"].search(
            [("company_id", "in", [False, self.company.id])], limit=1
        )
        return self.env["jxc.dunning.reminder"].create(
            {**self.own, "level_id": level.id, "sent_on": date(2024, 6, 5)}
        )

    def _return(self):
        returns = self.env["jxc.sale.return"]
        reasons = self.env[returns._fields["reason_id"].comodel_name]
        reason = reasons.search([], limit=1) or reasons.create({"name": "Broken"})
        return returns.create({**self.own, "reason_id": reason.id})

    def _repair(self):
        return self.env["repair.order"].create(dict(self.own))

    def test_queries_do_not_grow(self):
        self._order(self.shop, 0, 10).message_post(body="x", message_type="comment")
        self._picking().message_post(body="x", message_type="comment")
        counts = []
        for _round in range(2):
            self.env.flush_all()
            self.env.invalidate_all()
            start = self.cr.sql_log_count
            self._entries()
            counts.append(self.cr.sql_log_count - start)
            for number in range(10):
                self._picking().message_post(body="x", message_type="comment")
                self.env["calendar.event"].create(
                    {
                        "name": f"M{number}",
                        "start": datetime(2024, 6, 3, 9),
                        "stop": datetime(2024, 6, 3, 10),
                        "partner_ids": [Command.link(self.shop.id)],
                    }
                )
        self.assertLessEqual(counts[1], counts[0] + 5, counts)
