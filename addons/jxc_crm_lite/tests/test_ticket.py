# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
import base64
from email.message import EmailMessage

from odoo.exceptions import AccessError, ValidationError
from odoo.fields import Command
from odoo.tests import tagged

from .ticket_common import TicketCommon

PNG = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAA"
    "AABJRU5ErkJggg=="
)


@tagged("post_install", "-at_install")
class TestTicket(TicketCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.serial = cls._lot(cls.kettle, "SN001")
        cls._receive(cls.serial, cls.vendor)
        cls._deliver(cls.serial, cls.contact, day="2024-02-01")

    # Goods ------------------------------------------------------------------------

    def test_goods_and_phone_follow(self):
        ticket = self._ticket(jxc_lot_id=self.serial.id, partner_id=self.customer.id)
        self.assertRecordValues(
            ticket,
            [
                {
                    "jxc_product_id": self.kettle.id,
                    "jxc_phone": "0571-1",
                    "jxc_vendor_id": self.vendor.id,
                }
            ],
        )

    def test_lot_of_another_product_is_refused(self):
        with self.assertRaisesRegex(ValidationError, "SN001 is a lot of Kettle"):
            ticket = self._ticket(jxc_lot_id=self.serial.id)
            ticket.jxc_product_id = self.tea

    def test_order_of_another_customer_is_refused(self):
        order = self._order(self.other_customer, 1, 10)
        with self.assertRaisesRegex(ValidationError, "an order of Dark Ltd"):
            self._ticket(jxc_order_id=order.id)

    def test_order_brings_the_customer_and_counts(self):
        order = self._order(self.other_customer, 1, 10)
        ticket = self._ticket(
            partner_id=False, jxc_order_line_id=order.order_line.id, team_id=False
        )
        self.assertEqual(ticket.jxc_order_id, order)
        self.assertEqual(ticket.jxc_product_id, self.product)
        ticket = self._ticket(partner_id=False, jxc_order_id=order.id)
        self.assertEqual(ticket.partner_id, self.other_customer)
        self.assertEqual(order.jxc_ticket_count, 2)

    def test_line_of_another_order_is_refused(self):
        order = self._order(self.customer, 1, 10)
        other = self._order(self.customer, 1, 10)
        ticket = self._ticket(jxc_order_id=order.id)
        with self.assertRaisesRegex(ValidationError, "is not of order"):
            ticket.write(
                {
                    "jxc_order_line_id": other.order_line.id,
                    "jxc_order_id": order.id,
                    "jxc_product_id": self.product.id,
                }
            )

    # Warranty ---------------------------------------------------------------------

    def test_warranty_ends_months_after_the_delivery(self):
        inside = self._ticket(
            jxc_lot_id=self.serial.id, jxc_opened_at="2025-02-01 02:00:00"
        )
        outside = self._ticket(
            jxc_lot_id=self.serial.id, jxc_opened_at="2025-02-01 18:00:00"
        )
        for ticket in inside | outside:
            self.assertEqual(str(ticket.jxc_delivered_on), "2024-02-01")
            self.assertEqual(str(ticket.jxc_warranty_until), "2025-02-01")
        self.assertEqual(inside.jxc_warranty, "in")
        self.assertEqual(outside.jxc_warranty, "out", "It is February 2 in Shanghai.")
        self.assertIn("until 2025-02-01", inside.jxc_warranty_note)
        self.assertIn("ended on 2025-02-01", outside.jxc_warranty_note)

    def test_lot_of_another_customer_is_told(self):
        ticket = self._ticket(
            jxc_lot_id=self.serial.id, partner_id=self.other_customer.id
        )
        self.assertEqual(ticket.jxc_warranty, "unknown")
        self.assertIn("SN001 was never delivered to Dark", ticket.jxc_warranty_note)

    def test_late_delivery_is_found_when_asked_again(self):
        serial = self._lot(self.kettle, "SN002")
        ticket = self._ticket(jxc_lot_id=serial.id, jxc_opened_at="2024-03-01 02:00:00")
        self.assertEqual(ticket.jxc_warranty, "unknown")
        self._receive(serial, self.vendor)
        self._deliver(serial, self.customer, day="2024-02-20")
        ticket.with_user(self.agent).action_jxc_check_warranty()
        self.assertEqual(ticket.jxc_warranty, "in")
        self.assertEqual(ticket.jxc_vendor_id, self.vendor)

    def test_without_lot_the_last_delivery_counts(self):
        serial = self._lot(self.kettle, "SN003")
        self._receive(serial, self.vendor)
        self._deliver(serial, self.customer, day="2024-05-01")
        ticket = self._ticket(jxc_product_id=self.kettle.id)
        self.assertEqual(str(ticket.jxc_delivered_on), "2024-05-01")
        self.assertEqual(ticket.jxc_vendor_id, self.vendor)

    def test_goods_delivered_again_do_not_warrant_an_older_ticket(self):
        lot = self._lot(self.tea, "T9")
        self.tea.jxc_warranty_months = 2
        self._receive(lot, self.vendor, 5)
        self._deliver(lot, self.customer, day="2024-02-01")
        ticket = self._ticket(jxc_lot_id=lot.id, jxc_opened_at="2024-05-02 02:00:00")
        self.assertEqual(ticket.jxc_warranty, "out")
        self._deliver(lot, self.customer, day="2024-05-03")
        ticket.with_user(self.agent).action_jxc_check_warranty()
        self.assertEqual(str(ticket.jxc_delivered_on), "2024-02-01")
        self.assertEqual(ticket.jxc_warranty, "out")
        later = self._ticket(jxc_lot_id=lot.id, jxc_opened_at="2024-05-04 02:00:00")
        self.assertEqual(later.jxc_warranty, "in")

    def test_delivery_booked_after_the_complaint_warrants_it(self):
        lot = self._lot(self.tea, "T9")
        self.tea.jxc_warranty_months = 2
        self._receive(lot, self.vendor, 5)
        for day in ("2024-05-03", "2024-06-03"):
            self._deliver(lot, self.customer, day=day)
        ticket = self._ticket(jxc_lot_id=lot.id, jxc_opened_at="2024-05-02 02:00:00")
        self.assertEqual(str(ticket.jxc_delivered_on), "2024-05-03")
        self.assertEqual(ticket.jxc_warranty, "in")

    def _return(self, picking, day):
        """Bring all of a transfer back to where it came from."""
        wizard = (
            self.env["stock.return.picking"]
            .with_context(active_model="stock.picking", active_id=picking.id)
            .create({"picking_id": picking.id})
        )
        for line in wizard.product_return_moves:
            line.quantity = 1
        back = self.env["stock.picking"].browse(
            wizard.action_create_returns()["res_id"]
        )
        back.move_ids.move_line_ids = [Command.clear()]
        line = picking.move_line_ids
        back.move_ids.move_line_ids = [
            Command.create(
                {
                    "product_id": line.product_id.id,
                    "product_uom_id": line.product_uom_id.id,
                    "lot_id": line.lot_id.id,
                    "quantity": 1,
                    "picking_id": back.id,
                    "location_id": back.location_id.id,
                    "location_dest_id": back.location_dest_id.id,
                }
            )
        ]
        back.move_ids.picked = True
        back._action_done()
        for moved in (back.move_ids, back.move_line_ids):
            moved.write({"date": f"{day} 04:00:00"})
        return back

    def test_goods_back_from_repair_keep_their_term(self):
        """The term runs from the sale, however the goods were sent back."""
        lot = self._lot(self.tea, "T9")
        self.tea.jxc_warranty_months = 12
        self._receive(lot, self.vendor, 5)
        batch = self._deliver(lot, self.customer, day="2024-02-01")
        machine = self._deliver(
            self._received("SN009"), self.customer, day="2024-02-01"
        )
        for sold in (batch, machine):
            brought = self._return(sold, "2024-11-01")
            self.assertEqual(brought.location_id.usage, "customer")
            sent = self._return(brought, "2024-11-20")
            self.assertEqual(sent.location_dest_id.usage, "customer")
        # brought at the counter, sent without a return of the return
        serial = machine.move_line_ids.lot_id
        self._return(sent, "2024-12-01")
        self._deliver(serial, self.customer, day="2024-12-20")
        for goods in (lot, serial):
            ticket = self._ticket(
                jxc_lot_id=goods.id, jxc_opened_at="2025-02-03 02:00:00"
            )
            self.assertEqual(str(ticket.jxc_delivered_on), "2024-02-01", goods.name)
            self.assertEqual(ticket.jxc_warranty, "out", goods.name)
        # and were delivered once, for whoever counts deliveries
        report = self.env["jxc.complaint.report"]
        of_lot = [("lot_id", "=", lot.id), ("company_id", "=", self.company.id)]
        rows = report.search(of_lot)
        self.assertEqual(sum(rows.mapped("delivery_count")), 1)

    def _received(self, name):
        serial = self._lot(self.kettle, name)
        self._receive(serial, self.vendor)
        return serial

    def test_no_warranty_and_no_certain_vendor(self):
        lots = [self._lot(self.tea, name) for name in ("T1", "T2")]
        self._receive(lots[0], self.vendor)
        self._receive(lots[1], self.other_vendor)
        self._deliver(lots[0], self.customer)
        ticket = self._ticket(jxc_product_id=self.tea.id)
        self.assertEqual(ticket.jxc_warranty, "none")
        self.assertFalse(ticket.jxc_vendor_id)
        ticket.jxc_lot_id = lots[0]
        self.assertEqual(ticket.jxc_vendor_id, self.vendor)

    def test_what_follows_is_not_written(self):
        ticket = self._ticket(jxc_lot_id=self.serial.id)
        mine = ticket.with_user(self.leader)
        for name, value in (
            ("jxc_warranty", "in"),
            ("jxc_solved_at", "2024-01-01 00:00:00"),
            ("jxc_solve_late", False),
            ("jxc_vendor_id", self.other_vendor.id),
        ):
            with self.assertRaises(AccessError, msg=name):
                mine.write({name: value})
        made = self.env["helpdesk.ticket"].with_user(self.leader)
        made = made.with_context(default_jxc_response_at="2024-01-01 00:00:00")
        made = made.create({"name": "x", "description": "x", "jxc_kind": "question"})
        self.assertFalse(made.jxc_response_at)

    # Photos -----------------------------------------------------------------------

    def test_only_own_uploads_become_photos_of_the_ticket(self):
        attachments = self.env["ir.attachment"]
        own = attachments.with_user(self.agent).create(
            {"name": "own.png", "raw": b"x", "res_model": "helpdesk.ticket"}
        )
        foreign = attachments.with_user(self.leader).create(
            {"name": "foreign.png", "raw": b"x", "res_model": "helpdesk.ticket"}
        )
        ticket = self._ticket(self.agent, jxc_photo_ids=[Command.set(own.ids)])
        self.assertEqual(own.res_id, ticket.id)
        with self.assertRaises(AccessError):
            ticket.jxc_photo_ids = [Command.link(foreign.id)]

    def test_photos_are_evidence(self):
        """Nobody exchanges what a customer sent, nor anything once it is closed."""
        files = self.env["ir.attachment"]
        ticket = self._ticket(self.agent)
        sent = files.create(
            {
                "name": "sent.png",
                "raw": b"x",
                "res_model": "helpdesk.ticket",
                "res_id": ticket.id,
            }
        )
        ticket.sudo().jxc_photo_ids = sent
        own = files.with_user(self.agent).create({"name": "own.png", "raw": b"x"})
        ticket.jxc_photo_ids = [Command.link(own.id)]

        def changes(photo):
            mine = photo.with_user(self.agent)
            return (
                lambda: mine.write({"raw": b"y"}),
                lambda: mine.write({"datas": "eQ=="}),
                lambda: mine.write({"res_id": False}),
                mine.unlink,
                lambda: mine.sudo()._delete_and_notify(),
                lambda: ticket.write({"jxc_photo_ids": [Command.unlink(photo.id)]}),
                lambda: ticket.write({"jxc_photo_ids": [Command.delete(photo.id)]}),
            )

        def assert_kept(photo):
            for number, change in enumerate(changes(photo)):
                with self.subTest(photo=photo.name, number=number):
                    with self.assertRaisesRegex(AccessError, "evidence"):
                        with self.env.cr.savepoint():
                            change()
                    self.env.invalidate_all()
                    self.assertEqual(photo.raw, b"x")
                    self.assertIn(photo, ticket.sudo().jxc_photo_ids)

        assert_kept(sent)
        own.with_user(self.agent).raw = b"x"
        ticket.sudo().stage_id = self.env["helpdesk.ticket.stage"].search(
            [("closed", "=", True)], limit=1
        )
        self.assertTrue(ticket.closed)
        assert_kept(own)

    # Mail -------------------------------------------------------------------------

    def test_mail_makes_a_ticket_without_scripts(self):
        message = (
            "From: Wang Fang <wang@example.com>\n"
            "To: jxc-service-test@example.com\n"
            "Subject: Broken\n"
            "Message-Id: <jxc-ticket-test@example.com>\n"
            "Content-Type: text/html; charset=utf-8\n\n"
            "<p>Help</p><script>alert(1)</script><img src=x onerror=alert(1)>"
        )
        domain = self.env["mail.alias.domain"].search([], limit=1)
        domain = domain or domain.create({"name": "example.com"})
        self.team.alias_id.alias_domain_id = domain
        message = message.replace("-test@example.com\nS", f"-test@{domain.name}\nS")
        thread = self.env["mail.thread"].message_process(None, message)
        ticket = self.env["helpdesk.ticket"].browse(thread)
        self.assertEqual(ticket.team_id, self.team)
        self.assertEqual(ticket.partner_id, self.contact)
        self.assertEqual(ticket.company_id, self.company)
        self.assertIn("Help", ticket.description)
        self.assertNotIn("script", ticket.description)
        self.assertNotIn("onerror", ticket.description)

    def test_photos_come_by_mail(self):
        """With the first mail and with an answer; not other files, nor ours."""
        domain = self.env["mail.alias.domain"].search([], limit=1)
        domain = domain or domain.create({"name": "example.com"})
        self.team.alias_id.alias_domain_id = domain

        def receive(number, sender, *files, **headers):
            mail = EmailMessage()
            mail["From"] = sender
            mail["To"] = f"jxc-service-test@{domain.name}"
            mail["Subject"] = "Broken"
            mail["Message-Id"] = f"<jxc-photo-{number}@shop.example>"
            for name, value in headers.items():
                mail[name.replace("_", "-")] = value
            mail.set_content("See the photo")
            for name, (kind, subtype, content) in files:
                mail.add_attachment(
                    content, maintype=kind, subtype=subtype, filename=name
                )
            return self.env["mail.thread"].message_process(None, mail.as_string())

        customer = "Wang Fang <wang@example.com>"
        photo, paper = ("image", "png", PNG), ("text", "csv", b"Kettle;1")
        ticket = self.env["helpdesk.ticket"].browse(
            receive(1, customer, ("leak.png", photo), ("list.csv", paper))
        )
        self.assertEqual(ticket.jxc_photo_ids.mapped("name"), ["leak.png"])
        self.assertEqual(ticket.jxc_photo_ids.raw, PNG)
        self.assertEqual(ticket.with_user(self.agent).jxc_photo_ids.raw, PNG)
        answer = {"In_Reply_To": "<jxc-photo-1@shop.example>"}
        receive(2, customer, ("more.png", photo), **answer)
        receive(3, self.leader.email, ("ours.png", photo), **answer)
        self.assertEqual(
            set(ticket.jxc_photo_ids.mapped("name")), {"leak.png", "more.png"}
        )

    def test_answers_go_out_and_come_back(self):
        """What the agent writes reaches the customer; his answer is in the ticket."""
        domain = self.env["mail.alias.domain"].search([], limit=1)
        domain = domain or domain.create({"name": "example.com"})
        self.team.alias_id.alias_domain_id = domain
        ticket = self._ticket(partner_id=self.contact.id)
        before = self.env["mail.mail"].search([])
        asked = ticket.with_user(self.agent).message_post(
            body="Which lot is it?",
            message_type="comment",
            subtype_xmlid="mail.mt_comment",
            partner_ids=self.contact.ids,
        )
        mails = self.env["mail.mail"].search([]) - before
        mail = mails.filtered(lambda one: self.contact in one.recipient_ids)
        self.assertIn("Which lot is it?", mail.body_html)
        self.assertIn(domain.name, mail.reply_to)
        tickets = self.env["helpdesk.ticket"].search_count([])
        self.env["mail.thread"].message_process(
            None,
            f"From: {self.contact.email_formatted}\n"
            f"To: {mail.reply_to}\n"
            "Subject: Re: It leaks\n"
            "Message-Id: <jxc-ticket-answer@shop.example>\n"
            f"In-Reply-To: {asked.message_id}\n"
            f"References: {asked.message_id}\n\nIt is lot K7",
        )
        self.assertEqual(self.env["helpdesk.ticket"].search_count([]), tickets)
        answer = ticket.message_ids[0]
        self.assertIn("It is lot K7", answer.body)
        self.assertEqual(answer.author_id, self.contact)
