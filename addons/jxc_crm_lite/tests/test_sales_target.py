# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
import datetime

import psycopg2

from odoo.exceptions import AccessError, ValidationError
from odoo.fields import Command
from odoo.tests import freeze_time, new_test_user, tagged
from odoo.tools import mute_logger

from odoo.addons.account.tests.common import AccountTestInvoicingCommon

from .test_opportunity import OpportunityCommon


@tagged("post_install", "-at_install")
class TestSalesTarget(OpportunityCommon):
    def _target(self, **values):
        return self.env["jxc.sales.target"].create(
            {
                "company_id": self.company.id,
                "user_id": self.seller.id,
                "date": "2024-06-15",
                "amount": 1000,
                **values,
            }
        )

    def _report(self, target):
        return self.env["jxc.sales.target.report"].search(
            [("target_id", "=", target.id)]
        )

    def _sell(self, day, amount, user=None, hour=4):
        order = self._buy(self.shop, 0, (self.soy, amount / 10))
        order.write(
            {
                "user_id": (user or self.seller).id,
                "team_id": self.team.id,
                "date_order": datetime.datetime.combine(
                    datetime.date.fromisoformat(day), datetime.time(hour)
                ),
            }
        )
        return order

    def test_periods(self):
        for period, first, last in (
            ("month", "2024-06-01", "2024-06-30"),
            ("quarter", "2024-04-01", "2024-06-30"),
            ("year", "2024-01-01", "2024-12-31"),
        ):
            target = self._target(period=period)
            self.assertEqual(
                (str(target.date_from), str(target.date_to)), (first, last)
            )

    def test_orders_of_a_month(self):
        self.company.partner_id.tz = "Asia/Shanghai"
        person = self._target()
        team = self._target(scope="team", user_id=False, team_id=self.team.id)
        whole = self._target(scope="company", user_id=False, period="quarter")
        self._sell("2024-05-31", 100, hour=15)  # still May in Shanghai
        self._sell("2024-05-31", 200, hour=17)  # June there
        self._sell("2024-06-30", 300, hour=15)
        self._sell("2024-06-30", 400, hour=17)  # July there
        self._sell("2024-06-10", 600, user=self.colleague)
        self._sell("2024-06-11", 50).with_context(disable_cancel_warning=True)
        self._buy(self.shop, 20, (self.soy, 1))._action_cancel()
        reached = {
            target: (row.actual, row.gap)
            for target in (person, team, whole)
            for row in self._report(target)
        }
        self.assertEqual(reached[person], (550, 450))
        self.assertEqual(reached[team], (1150, -150))
        self.assertEqual(reached[whole], (1250, -250))
        self.assertAlmostEqual(self._report(person).ratio, 55)
        [(ratio,)] = self.env["jxc.sales.target.report"]._read_group(
            [("target_id", "in", (person | team).ids)], [], ["ratio:sum"]
        )
        self.assertAlmostEqual(ratio, 85)  # 1,700 of 2,000

    def test_won_and_forecast(self):
        self.company.partner_id.tz = "Asia/Shanghai"
        target = self._target(kind="won")
        for moment, amount in (
            ("2024-05-31 15:00:00", 50),  # still May in Shanghai
            ("2024-05-31 17:00:00", 100),  # June there
            ("2024-06-10 04:00:00", 600),
            ("2024-06-30 17:00:00", 500),  # July there
        ):
            with freeze_time(moment):
                self._lead(expected_revenue=amount).action_set_won()
                self._lead(expected_revenue=900).action_set_lost()
        self._lead(expected_revenue=400, date_deadline="2024-06-30")  # 10 %
        self._lead(expected_revenue=400, date_deadline="2024-07-01")
        self._lead(expected_revenue=400, user_id=self.colleague.id)
        row = self._report(target)
        self.assertEqual((row.actual, row.pipeline, row.forecast), (700, 40, 740))

    def test_won_by_team_and_company(self):
        """The team's are its leads, whoever won them; the company's are all."""
        other = self.team.copy({"name": "Other Team"})
        team, theirs, whole = (
            self._target(kind="won", user_id=False, **values)
            for values in (
                {"scope": "team", "team_id": self.team.id},
                {"scope": "team", "team_id": other.id},
                {"scope": "company"},
            )
        )
        with freeze_time("2024-06-10 04:00:00"):
            for amount, values in (
                (100, {}),
                (200, {"user_id": self.colleague.id}),
                (400, {"team_id": other.id, "user_id": self.colleague.id}),
            ):
                lead = self._lead(expected_revenue=amount, **values)
                lead.team_id = values.get("team_id", self.team.id)
                lead.action_set_won()
        self._lead(expected_revenue=1000, date_deadline="2024-06-30")  # 10 %
        found = {
            target: (row.actual, row.pipeline, row.forecast, row.gap)
            for target in (team, theirs, whole)
            for row in self._report(target)
        }
        self.assertEqual(found[team], (300, 100, 400, 700))
        self.assertEqual(found[theirs], (400, 0, 400, 600))
        self.assertEqual(found[whole], (700, 100, 800, 300))

    def test_what_makes_no_sense(self):
        self._target()
        for values in (
            {"scope": "person", "user_id": False},
            {"scope": "team", "user_id": False, "team_id": False},
            {"scope": "team", "team_id": self.team.id},
            {"scope": "company"},
        ):
            with self.assertRaises(ValidationError, msg=values):
                self._target(date="2024-01-01", **values)
        with (
            self.assertRaises(psycopg2.errors.UniqueViolation),
            mute_logger("odoo.sql_db"),
        ):
            self._target(date="2024-06-30")

    def test_managers_set_targets(self):
        target = self._target()
        leader = self._user("leader", "sales_team.group_sale_salesman_all_leads")
        for user in (self.seller, leader, self.executive):
            self.assertEqual(target.with_user(user).amount, 1000)
            with self.assertRaises(AccessError):
                target.with_user(user).amount = 1
            with self.assertRaises(AccessError):
                target.with_user(user).copy({"date": "2024-01-01"})
        target.with_user(self.manager).amount = 2000
        self.assertEqual(self._report(target).amount, 2000)
        theirs = self._report(target).with_user(self.colleague)
        self.assertFalse(theirs.search([("target_id", "=", target.id)]))

    def test_two_companies(self):
        other = self._create_class_company("Other Ltd")
        self.seller.company_ids += other
        self.env.user.company_ids += other
        theirs = self._target(company_id=other.id)
        self._sell("2024-06-10", 600)
        self.assertEqual(self._report(theirs).actual, 0)
        stranger = self._user("stranger", "sales_team.group_sale_manager", other)
        ours = self._target()
        found = (
            self.env["jxc.sales.target.report"]
            .with_user(stranger)
            .with_context(allowed_company_ids=other.ids)
            .search([("target_id", "in", (ours | theirs).ids)])
        )
        self.assertEqual(found.target_id, theirs)


@tagged("post_install", "-at_install")
class TestTargetOfInvoices(AccountTestInvoicingCommon):
    def test_invoiced_and_collected(self):
        company = self.company_data["company"]
        other = new_test_user(
            self.env,
            "target_other",
            company_id=company.id,
            company_ids=[Command.set(company.ids)],
        )
        self.env.user.group_ids += self.env.ref("sales_team.group_sale_manager")
        team, idle = self.env["crm.team"].create(
            [{"name": name, "company_id": company.id} for name in ("Busy", "Idle")]
        )
        targets = self.env["jxc.sales.target"].create(
            [
                {
                    "company_id": company.id,
                    "kind": kind,
                    "date": "2024-06-15",
                    "amount": 1000,
                    **whose,
                }
                for kind in ("invoiced", "collected")
                for whose in (
                    {"user_id": self.env.user.id},
                    {"scope": "team", "team_id": team.id},
                    {"scope": "team", "team_id": idle.id},
                    {"scope": "company"},
                )
            ]
        )
        invoice, refund, repaid, theirs = (
            self.env["account.move"].create(
                {
                    "move_type": move_type,
                    "partner_id": self.partner_a.id,
                    "invoice_date": "2024-06-20",
                    "invoice_user_id": seller.id,
                    "team_id": team.id,
                    "invoice_line_ids": [
                        Command.create(
                            {
                                "product_id": self.product_a.id,
                                "price_unit": amount,
                                "tax_ids": [Command.clear()],
                            }
                        )
                    ],
                }
            )
            for move_type, amount, seller in (
                ("out_invoice", 500, self.env.user),
                ("out_refund", 100, self.env.user),
                ("out_refund", 70, self.env.user),
                ("out_invoice", 40, other),
            )
        )
        (invoice | refund | repaid | theirs).action_post()
        register = self.env["account.payment.register"].with_context(
            active_model="account.move", active_ids=invoice.ids
        )
        paid = register.create({"payment_date": "2024-06-25", "amount": 200})
        payment = paid._create_payments()
        self.env["account.payment.register"].with_context(
            active_model="account.move", active_ids=theirs.ids
        ).create({"payment_date": "2024-06-27"})._create_payments()
        self.env["account.payment.register"].with_context(
            active_model="account.move", active_ids=repaid.ids
        ).create({"payment_date": "2024-06-26"})._create_payments()
        (invoice | refund).line_ids.filtered(
            lambda line: (
                line.account_id.account_type == "asset_receivable"
                and not line.reconciled
            )
        ).reconcile()
        rows = self.env["jxc.sales.target.report"].search(
            [("target_id", "in", targets.ids)]
        )
        reached = {
            (row.kind, row.scope, row.team_id.name): row.actual
            for row in rows
            if row.scope != "person"
        }
        reached |= {row.kind: row.actual for row in rows if row.scope == "person"}
        # 500 less both refunds; 200 came in and 70 went out, 100 was set off; another
        # salesperson of the team invoiced 40 and got it
        self.assertEqual(
            reached,
            {
                "invoiced": 330,
                ("invoiced", "team", "Busy"): 370,
                ("invoiced", "team", "Idle"): 0,
                ("invoiced", "company", False): 370,
                "collected": 130,
                ("collected", "team", "Busy"): 170,
                ("collected", "team", "Idle"): 0,
                ("collected", "company", False): 170,
            },
        )
        # Left set against the invoice, but no money any more.
        payment.action_draft()
        rows.invalidate_recordset()
        mine = rows.filtered(lambda r: r.kind == "collected" and r.scope == "person")
        self.assertEqual(mine.actual, -70)
