# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from datetime import timedelta

from odoo import fields
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Command
from odoo.tests import tagged

from odoo.addons.account.tests.common import AccountTestInvoicingCommon

from .ticket_common import TicketCommon


@tagged("post_install", "-at_install")
class TestTicketOutcome(TicketCommon):
    def test_visit_is_planned_and_reported(self):
        ticket = self._ticket()
        seller = self._user("ticket_seller", "sales_team.group_sale_salesman")
        day = fields.Date.today() + timedelta(days=3)
        wizard = self.env["jxc.ticket.visit"].with_user(self.agent)
        wizard = wizard.with_context(active_id=ticket.id)
        wizard.create({"user_id": seller.id, "date": day}).action_plan()
        planned = ticket.jxc_followup_ids
        self.assertRecordValues(
            planned,
            [
                {
                    "user_id": seller.id,
                    "next_date": day,
                    "partner_id": self.contact.id,
                    "is_next_done": False,
                }
            ],
        )
        self.assertEqual(
            planned.activity_id.activity_type_id,
            self.env.ref("mail.mail_activity_data_meeting"),
        )
        self.assertTrue(ticket.jxc_response_at)
        visit = self.env["jxc.followup"].with_user(seller)
        visit = visit.create(
            {
                "partner_id": self.contact.id,
                "ticket_id": ticket.id,
                "kind": "visit",
                "note": "New heater",
            }
        )
        self.assertTrue(planned.is_next_done)
        self.assertEqual(ticket.jxc_visit_count, 2)
        action = ticket.with_user(self.agent).action_jxc_open_visits()
        found = self.env["jxc.followup"].with_user(self.agent)
        self.assertEqual(found.search(action["domain"]), planned | visit)

    def _planned(self, seller):
        ticket = self._ticket()
        wizard = self.env["jxc.ticket.visit"].with_context(active_id=ticket.id)
        day = fields.Date.today() + timedelta(days=3)
        wizard.create({"user_id": seller.id, "date": day}).action_plan()
        return ticket.jxc_followup_ids.with_user(seller)

    def test_visit_is_reported_in_its_plan(self):
        """Late, too: then it is a contact like any other, and its step is taken."""
        seller = self._user("ticket_seller", "sales_team.group_sale_salesman")
        customer = self.customer.with_user(seller)
        plan = self._planned(seller)
        earlier = plan.create({"partner_id": self.contact.id, "note": "Hello"})
        earlier.sudo().next_date = fields.Date.today() + timedelta(days=2)
        self.env.cr.execute(
            "UPDATE jxc_followup SET create_date = create_date - interval '9 days'"
        )
        self.env.invalidate_all()
        plan.next_note = "Bring a heater"
        self.assertTrue(plan.is_plan, "nothing was said of it")
        self.assertEqual(customer.jxc_followup_count, 1)
        activity = plan.sudo().activity_id
        with self.assertRaises(UserError):
            plan.date = "2020-01-01"
        plan.write({"outcome": "interested"})
        self.assertRecordValues(
            plan,
            [
                {
                    "kind": "visit",
                    "is_plan": False,
                    "is_next_done": True,
                    "next_date": False,
                    "note": False,
                    "outcome": "interested",
                }
            ],
        )
        self.assertFalse(activity.active)
        self.assertTrue(earlier.is_next_done, "as by any contact")
        self.assertEqual(customer.jxc_followup_count, 2)
        bodies = "".join(self.contact.message_ids.mapped("body"))
        self.assertIn(plan._told()._label("outcome"), bodies)

    def test_an_outcome_beside_the_note_of_its_plan(self):
        plan = self._planned(
            self._user("ticket_seller", "sales_team.group_sale_salesman")
        )
        self.assertTrue(plan.note, "what the visit is for")
        plan.write({"note": plan.note})
        self.assertTrue(plan.is_plan, "nothing was said of it")
        plan.write({"note": plan.note, "outcome": "interested"})
        self.assertFalse(plan.is_plan)

    def test_a_new_step_comes_with_the_report_of_a_plan(self):
        seller = self._user("ticket_seller", "sales_team.group_sale_salesman")
        plan = self._planned(seller)
        planned = plan.sudo().activity_id
        day = fields.Date.today() + timedelta(days=9)
        plan.write({"note": "Heater is in; come again", "next_date": day})
        self.assertFalse(planned.active, "taken")
        self.assertRecordValues(
            plan,
            [
                {
                    "is_plan": False,
                    "is_next_done": False,
                    "next_date": day,
                    "note": "Heater is in; come again",
                }
            ],
        )
        self.assertEqual(plan.sudo().activity_id.date_deadline, day)

    def test_a_call_leaves_the_planned_visit(self):
        seller = self._user("ticket_seller", "sales_team.group_sale_salesman")
        plan = self._planned(seller)
        values = {"partner_id": self.contact.id, "note": "At ten?"}
        plan.create({**values, "kind": "phone"})
        self.assertFalse(plan.is_next_done)
        plan.create({**values, "kind": "visit"})
        self.assertTrue(plan.is_next_done)

    def test_visits_are_for_open_tickets_of_the_customer(self):
        ticket = self._ticket()
        followups = self.env["jxc.followup"]
        with self.assertRaisesRegex(ValidationError, "is about Bright Trading"):
            followups.create(
                {"partner_id": self.other_customer.id, "ticket_id": ticket.id}
            )
        wizard = self.env["jxc.ticket.visit"].with_context(active_id=ticket.id)
        with self.assertRaisesRegex(UserError, "past"):
            wizard.create({"date": "2020-01-01"}).action_plan()
        ticket.stage_id = self.done
        with self.assertRaisesRegex(UserError, "is closed"):
            wizard.create({}).action_plan()
        stranger = self._user("ticket_stranger", "base.group_user")
        with self.assertRaises(AccessError):
            wizard.with_user(stranger).create({}).action_plan()

    def test_documents_need_customer_product_and_app(self):
        ticket = self._ticket(partner_id=False)
        with self.assertRaisesRegex(UserError, "no customer yet"):
            ticket.action_jxc_refund()
        ticket = self._ticket(jxc_product_id=self.product.id)
        with self.assertRaisesRegex(UserError, "not installed: no.such.app"):
            ticket._jxc_check_outcome("no.such.app")

    def test_documents_of_an_app_that_was_taken_off(self):
        ticket = self._ticket()
        self.env["jxc.ticket.link"].create(
            [
                {"ticket_id": ticket.id, "res_model": model, "res_id": 2**30}
                for model in ("repair.order", "no.such.app")
            ]
        )
        self.assertEqual(ticket.jxc_repair_count, 0)
        with self.assertRaisesRegex(UserError, "not installed: no.such.app"):
            ticket._jxc_documents("no.such.app")

    def test_repair_needs_a_warehouse(self):
        """Companies that are added get none by themselves."""
        self.warehouse.active = False
        self.env["stock.picking.type"].search(
            [("code", "=", "repair_operation"), ("company_id", "=", self.company.id)]
        ).active = False
        ticket = self._ticket(jxc_product_id=self.product.id)
        with self.assertRaisesRegex(UserError, "no warehouse with repairs"):
            ticket.action_jxc_repair()

    def test_repair_of_the_goods(self):
        """The order says what, whose and why; both sides show each other."""
        serial = self._lot(self.kettle, "K1")
        self._receive(serial, self.vendor)
        self._deliver(serial, self.contact)
        worker = self._user(
            "ticket_worker", "helpdesk_mgmt.group_helpdesk_user,stock.group_stock_user"
        )
        self.team.user_ids += worker
        values = {"jxc_lot_id": serial.id, "jxc_opened_at": "2024-03-01 02:00:00"}
        ticket = self._ticket(jxc_quantity=1, **values)
        action = ticket.with_user(worker).action_jxc_repair()
        repair = self.env["repair.order"].browse(action["res_id"])
        self.assertRecordValues(
            repair,
            [
                {
                    "partner_id": self.contact.id,
                    "company_id": self.company.id,
                    "product_id": self.kettle.id,
                    "product_qty": 1,
                    "lot_id": serial.id,
                    "under_warranty": True,
                }
            ],
        )
        self.assertEqual(repair.picking_type_id.company_id, self.company)
        self.assertIn(ticket.number, "".join(repair.message_ids.mapped("body")))
        self.assertEqual(ticket.jxc_repair_count, 1)
        again = ticket.with_user(worker).action_jxc_repair()
        self.assertEqual(again["res_id"], repair.id, "one at a time")
        opened = ticket.with_user(worker).action_jxc_open_repairs()
        self.assertEqual(opened["res_id"], repair.id)
        entries = self.customer.jxc_get_timeline(kinds=["repair"])["entries"]
        self.assertEqual([entry["id"] for entry in entries], repair.ids)
        seller = self._user("ticket_seller", "sales_team.group_sale_salesman")
        with self.assertRaises(AccessError):
            repair.with_user(seller).read(["partner_id"])
        pickings = self.env["stock.picking"]
        self.assertIn("nbr_repairs", pickings.with_user(worker).fields_get())
        self.assertNotIn("nbr_repairs", pickings.with_user(seller).fields_get())
        repair.action_repair_cancel()
        anew = ticket.with_user(worker).action_jxc_repair()
        self.assertNotEqual(anew["res_id"], repair.id)

    def test_repairs_are_of_the_warehouse(self):
        """The helpdesk alone is told whom to ask, also when there is a repair."""
        ticket = self._ticket(jxc_product_id=self.kettle.id)
        mine = ticket.with_user(self.agent)
        self.assertFalse(mine.jxc_can_repair)
        for _round in range(2):
            with self.assertRaisesRegex(AccessError, "in the warehouse. Ask"):
                mine.action_jxc_repair()
            ticket.action_jxc_repair()
        self.assertEqual(mine.jxc_repair_count, 1)
        with self.assertRaisesRegex(AccessError, "in the warehouse. Ask"):
            mine.action_jxc_open_repairs()

    def test_links_are_made_by_the_server(self):
        ticket = self._ticket()
        link = {"ticket_id": ticket.id, "res_model": "res.partner", "res_id": 1}
        with self.assertRaises(AccessError):
            self.env["jxc.ticket.link"].with_user(self.leader).create(link)

    def test_customers_are_asked_once_and_rate(self):
        ticket = self._ticket(user_id=self.agent.id)
        ticket.stage_id = self.done
        asked = ticket.jxc_rating_asked_at
        self.assertTrue(asked)
        rating = ticket.rating_ids
        self.assertEqual(rating.partner_id, self.contact)
        mail = self.env["mail.mail"].sudo().search([("res_id", "=", ticket.id)])
        [sent] = mail._prepare_outgoing_list()
        self.assertIn(f"/rate/{rating.access_token}/5", sent["body"])
        ticket.stage_id = self.new
        ticket.stage_id = self.done
        self.assertEqual(len(ticket.rating_ids), 1)
        portal = self._user("outcome_portal", "base.group_portal")
        portal.partner_id.parent_id = self.customer
        self.assertIn(rating.access_token, ticket._jxc_rating_url(5, portal))
        self.assertFalse(ticket._jxc_rating_url(5, self.agent))
        ticket.sudo().rating_apply(5, token=rating.access_token, feedback="Fast")
        self.assertEqual(ticket.rating_last_value, 5)
        self.assertFalse(ticket._jxc_rating_url(5, portal))

    def test_rejected_tickets_ask_nobody(self):
        ticket = self._ticket()
        ticket.stage_id = self.rejected
        self.assertFalse(ticket.jxc_rating_asked_at)

    def test_employees_do_not_rate_tickets(self):
        ticket = self._ticket(user_id=self.agent.id)
        mine = ticket.with_user(self.agent)
        with self.assertRaises(AccessError):
            mine.message_post(body="Great", rating_value=5)
        values = {
            "res_model_id": self.env["ir.model"]._get_id("helpdesk.ticket"),
            "res_id": ticket.id,
            "rating": 5,
            "consumed": True,
        }
        ratings = self.env["rating.rating"]
        with self.assertRaises(AccessError):
            ratings.with_user(self.agent).create(values)
        rating = ratings.sudo().create({**values, "rating": 1})
        with self.assertRaises(AccessError):
            rating.with_user(self.agent).write({"rating": 5})


@tagged("post_install", "-at_install")
class TestTicketRefund(AccountTestInvoicingCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env = cls.env(context=dict(cls.env.context, lang="en_US"))
        cls.env.user.group_ids += cls.env.ref("sales_team.group_sale_manager")
        cls.env.user.group_ids += cls.env.ref("helpdesk_mgmt.group_helpdesk_manager")
        products = cls.env["product.product"].create(
            [
                {"name": name, "type": "service", "invoice_policy": "order"}
                for name in ("Advice", "Training")
            ]
        )
        cls.order = cls.env["sale.order"].create(
            {
                "partner_id": cls.partner_a.id,
                "order_line": [
                    Command.create(
                        {
                            "product_id": product.id,
                            "product_uom_qty": 5,
                            "price_unit": 10,
                            "tax_ids": [Command.clear()],
                        }
                    )
                    for product in products
                ],
            }
        )
        cls.order.action_confirm()
        cls.ticket = cls.env["helpdesk.ticket"].create(
            {
                "name": "Bad advice",
                "description": "<p>x</p>",
                "partner_id": cls.partner_a.id,
                "jxc_order_id": cls.order.id,
                "jxc_order_line_id": cls.order.order_line[0].id,
                "jxc_quantity": 2,
                "jxc_kind": "complaint",
            }
        )

    def test_refund_credits_the_goods_of_the_ticket(self):
        with self.assertRaisesRegex(UserError, "no posted invoice"):
            self.ticket.action_jxc_refund()
        invoice = self.order._create_invoices()
        invoice.action_post()
        action = self.ticket.action_jxc_refund()
        refund = self.env["account.move"].browse(action["res_id"])
        self.assertRecordValues(
            refund,
            [
                {
                    "move_type": "out_refund",
                    "state": "draft",
                    "amount_total": 20,
                    "reversed_entry_id": invoice.id,
                    "jxc_ticket_id": self.ticket.id,
                }
            ],
        )
        self.assertEqual(refund.invoice_line_ids.quantity, 2)
        self.assertEqual(refund.line_ids.sale_line_ids, self.order.order_line[0])
        self.assertIn(self.ticket.number, refund.message_ids.mapped("body")[0])
        self.assertEqual(self.ticket.jxc_refund_count, 1)
        self.assertEqual(self.ticket.action_jxc_refund()["res_id"], refund.id)

    def test_accounts_stay_when_the_customer_is_erased(self):
        """Kept by law: the invoice, its print and whom it was for; letters are not."""
        self.env.company.restrictive_audit_trail = True
        invoice = self.order._create_invoices()
        invoice.action_post()
        name = self.partner_a.name
        files = self.env["ir.attachment"].create(
            [
                {"name": "a.pdf", "res_model": record._name, "res_id": record.id}
                for record in (invoice, self.order.order_line.product_id[0])
            ]
        )
        letter = invoice.message_post(
            body=f"Dear {name}", message_type="email_outgoing", attachment_ids=files.ids
        )
        self.env["jxc.followup"].create(
            {"partner_id": self.partner_a.id, "photo_ids": files.ids}
        )
        note = invoice.message_post(body="Checked by us")
        self.partner_a.message_post(body="Likes tea", message_type="notification")
        self.partner_a._jxc_persons()._jxc_erase_personal()
        self.assertNotIn(name, self.partner_a.name)
        self.assertEqual(invoice.invoice_partner_display_name, name)
        self.assertEqual(invoice.amount_total, 100)
        self.assertEqual(files.exists(), files)
        self.assertFalse(letter.body)
        self.assertIn("Checked", note.body)
        self.assertNotIn("tea", "".join(self.partner_a.message_ids.mapped("body")))

    def test_refund_needs_the_right_to_invoice(self):
        self.order._create_invoices().action_post()
        agent = self.env["res.users"].create(
            {
                "name": "Agent",
                "login": "ticket_refund_agent",
                "company_id": self.env.company.id,
                "company_ids": [Command.set(self.env.company.ids)],
                "group_ids": [
                    Command.link(self.env.ref("helpdesk_mgmt.group_helpdesk_user").id)
                ],
            }
        )
        with self.assertRaisesRegex(AccessError, "Ask accounting"):
            self.ticket.with_user(agent).action_jxc_refund()
