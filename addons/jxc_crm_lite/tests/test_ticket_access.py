# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from odoo.exceptions import AccessError
from odoo.fields import Command
from odoo.tests import Form, tagged

from .ticket_common import TicketCommon


@tagged("post_install", "-at_install")
class TestTicketAccess(TicketCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.own = cls._user("ticket_own", "helpdesk_mgmt.group_helpdesk_user_own")
        cls.executive = cls._user("ticket_executive", "jxc_base.group_executive")
        cls.portal = cls._user("ticket_portal", "base.group_portal")
        cls.portal.partner_id.parent_id = cls.customer
        cls.other_team = cls.team.copy({"name": "Other", "alias_name": False})
        cls.other_team.user_ids = False
        cls.mine = cls._ticket(user_id=cls.own.id, team_id=cls.other_team.id)
        cls.teams = cls._ticket(user_id=cls.agent.id)
        cls.others = cls._ticket(
            partner_id=cls.other_customer.id,
            user_id=cls.leader.id,
            team_id=cls.other_team.id,
        )
        cls.everything = cls.mine | cls.teams | cls.others

    def _seen(self, user):
        found = self.env["helpdesk.ticket"].with_user(user)
        return found.search([("id", "in", self.everything.ids)])

    def test_own_team_all(self):
        self.assertEqual(self._seen(self.own), self.mine)
        self.assertEqual(self._seen(self.agent), self.teams)
        self.assertEqual(self._seen(self.leader), self.everything)
        report = self.env["jxc.ticket.report"]
        domain = [("ticket_id", "in", self.everything.ids)]
        self.assertEqual(report.with_user(self.own).search(domain).ids, self.mine.ids)
        self.assertEqual(report.with_user(self.agent).search_count(domain), 1)
        self.assertEqual(report.with_user(self.leader).search_count(domain), 3)
        with self.assertRaises(AccessError):
            self.env["jxc.complaint.report"].with_user(self.agent).search([])

    def test_agents_close_and_reopen(self):
        """Closing notes figures of the service that agents do not write."""
        for user, ticket in (
            (self.own, self.mine),
            (self.agent, self.teams),
            (self.leader, self.others),
        ):
            theirs = ticket.with_user(user)
            theirs.stage_id = self.done
            self.assertTrue(ticket.closed)
            self.assertTrue(ticket.jxc_solved_at)
            theirs.stage_id = self.new
            self.assertFalse(ticket.jxc_solved_at)

    def test_executives_read_all_and_change_nothing(self):
        seen = self._seen(self.executive)
        self.assertEqual(seen, self.everything)
        seen.read(["jxc_warranty_note", "jxc_sla_state", "jxc_lot_id"])
        with self.assertRaises(AccessError):
            seen.write({"jxc_kind": "question"})
        with self.assertRaises(AccessError):
            seen[0].action_jxc_check_warranty()
        for name in ("jxc.ticket.report", "jxc.complaint.report", "jxc.repeat.report"):
            self.env[name].with_user(self.executive).search([], limit=1)

    def test_sales_people_read_tickets_of_their_customers(self):
        """Own, team, all as with the customers, without a role in the helpdesk."""
        seller = self._user("ticket_seller", "sales_team.group_sale_salesman")
        leader = self._user("ticket_sales_leader", "jxc_crm_lite.group_sale_team")
        stranger = self._user("ticket_sales_far", "jxc_crm_lite.group_sale_team")
        boss = self._user("ticket_boss", "sales_team.group_sale_manager")
        self.env["crm.team"].create(
            {
                "name": "East",
                "company_id": self.company.id,
                "user_id": leader.id,
                "crm_team_member_ids": [Command.create({"user_id": seller.id})],
            }
        )
        self.customer.user_id = seller
        domain = [("ticket_id", "in", self.everything.ids)]
        report = self.env["jxc.ticket.report"]
        for user, seen in (
            (seller, self.mine | self.teams),
            (leader, self.mine | self.teams),
            (stranger, self.env["helpdesk.ticket"]),
            (boss, self.everything),
        ):
            with self.subTest(user=user.login):
                self.assertEqual(self._seen(user), seen)
                found = report.with_user(user).search(domain).mapped("ticket_id")
                self.assertEqual(found.sudo(False), seen)
        ticket = self.mine.with_user(seller)
        Form(ticket)
        with self.assertRaises(AccessError):
            ticket.write({"jxc_kind": "question"})
        with self.assertRaises(AccessError):
            ticket.unlink()
        with self.assertRaises(AccessError):
            self.env["jxc.complaint.report"].with_user(leader).search([])
        self.env["jxc.complaint.report"].with_user(boss).search([], limit=1)
        self.customer.user_id = stranger
        self.assertFalse(self._seen(seller), "the rules follow the owner")
        self.assertEqual(self._seen(stranger), self.mine | self.teams)

    def test_files_of_others_do_not_become_photos(self):
        """A ticket's photos are shown to its customer, with the server's rights."""
        secret = self.env["ir.attachment"].create(
            {
                "name": "secret.png",
                "raw": b"secret",
                "res_model": "helpdesk.ticket",
                "res_id": self.others.id,
            }
        )
        mine = self.mine.with_user(self.own)
        values = {"jxc_photo_ids": [Command.link(secret.id)]}
        with self.assertRaises(AccessError), self.cr.savepoint():
            mine.write(values)
        with self.assertRaises(AccessError), self.cr.savepoint():
            mine.create({"name": "x", "description": "x", **values})
        upload = (
            self.env["ir.attachment"]
            .with_user(self.own)
            .create({"name": "own.png", "raw": b"own"})
        )
        mine.jxc_photo_ids = [Command.link(upload.id)]
        self.assertEqual(mine.jxc_photo_ids, upload)
        self.mine.jxc_photo_ids = [Command.link(secret.id)]
        mine.jxc_photo_ids = [Command.set((upload | secret).ids)]
        self.assertIn(secret, self.mine.jxc_photo_ids, "what is there may stay")

    def test_no_clock_is_stopped_by_strangers(self):
        """A follow-up answers a ticket; only who may see one answers it."""
        seller = self._user("clock_seller", "sales_team.group_sale_salesman")
        contact = self._user("clock_own", "helpdesk_mgmt.group_helpdesk_user_own")
        hidden = self._ticket(partner_id=False, user_id=self.leader.id)
        for user, ticket, partner in (
            (seller, hidden, self._customer("Mine", user_id=seller.id)),
            (contact, self.others, self.other_customer),
        ):
            followups = self.env["jxc.followup"].with_user(user)
            followups = followups.with_context(allowed_company_ids=self.company.ids)
            values = {"partner_id": partner.id, "kind": "phone"}
            with self.assertRaises(AccessError), self.cr.savepoint():
                followups.create({**values, "ticket_id": ticket.id})
            followup = followups.create(values)
            with self.assertRaises(AccessError), self.cr.savepoint():
                followup.write({"ticket_id": ticket.id})
            self.assertFalse(ticket.jxc_response_at)
        mine = (
            self.env["jxc.followup"]
            .with_user(self.own)
            .create(
                {
                    "partner_id": self.mine.partner_id.id,
                    "company_id": self.company.id,
                    "kind": "phone",
                    "ticket_id": self.mine.id,
                }
            )
        )
        self.assertEqual(mine.ticket_id, self.mine)

    def test_portal_sees_own_without_our_figures(self):
        seen = self._seen(self.portal)
        self.assertEqual(seen, self.mine | self.teams)
        self.assertEqual(seen[0].jxc_kind, "complaint")
        for name in ("jxc_severity", "jxc_vendor_id", "jxc_solve_late", "jxc_source"):
            with self.assertRaises(AccessError, msg=name):
                seen.read([name])
        with self.assertRaises(AccessError):
            seen.write({"jxc_kind": "question"})

    def test_companies_are_apart(self):
        other = self._create_class_company("Elsewhere")
        stranger = self._user(
            "ticket_elsewhere", "helpdesk_mgmt.group_helpdesk_manager", other
        )
        alone = {"allowed_company_ids": other.ids}
        tickets = self.env["helpdesk.ticket"].with_user(stranger).with_context(alone)
        self.assertFalse(tickets.search([("id", "in", self.everything.ids)]))
        with self.assertRaises(AccessError):
            tickets.browse(self.mine.id).read(["name"])
        reports = self.env["jxc.ticket.report"].with_env(tickets.env)
        self.assertFalse(reports.search([("ticket_id", "in", self.everything.ids)]))

    def test_visitors_do_not_write_stages(self):
        public = self.env.ref("base.public_user")
        with self.assertRaises(AccessError):
            self.new.with_user(public).write({"name": "Hacked"})

    def test_flags_of_the_helpdesk_s_stages(self):
        """An update sets them where nobody has decided, and stages may be gone."""
        stages = self.env["helpdesk.ticket.stage"]
        self.waiting.jxc_waiting = False
        self.done.flush_recordset()
        self.env.cr.execute("UPDATE helpdesk_ticket_stage SET jxc_asks_rating = NULL")
        stages.invalidate_model()
        self.rejected.unlink()
        stages._jxc_set_first_flags()
        self.assertFalse(self.waiting.jxc_waiting, "a person's choice")
        self.assertTrue(self.done.jxc_asks_rating)
        self.assertFalse(self.new.jxc_asks_rating)
        self.done.jxc_asks_rating = False
        stages._jxc_set_first_flags()
        self.assertFalse(self.done.jxc_asks_rating)
