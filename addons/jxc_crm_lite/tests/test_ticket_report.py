# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from freezegun import freeze_time

from odoo.tests import tagged

from ..models.helpdesk_ticket_feedback import KINDS
from .common import TODAY
from .ticket_common import TicketCommon

NEXT_DAY = "2024-03-05 02:00:00"


@tagged("post_install", "-at_install")
class TestTicketReport(TicketCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.lots = [cls._lot(cls.tea, name) for name in ("T1", "T2", "T3")]
        vendors = (cls.vendor, cls.other_vendor, cls.other_vendor)
        for lot, vendor in zip(cls.lots, vendors, strict=True):
            cls._receive(lot, vendor, 10)
            cls._deliver(lot, cls.contact, 10, day="2024-03-01")

    def _complain(self, lot, **values):
        values = {"jxc_opened_at": NEXT_DAY, "jxc_quantity": 2, **values}
        return self._ticket(jxc_lot_id=lot.id, **values)

    def _rates(self, groupby):
        report = self.env["jxc.complaint.report"]
        rows = report._read_group(
            [("company_id", "=", self.company.id)],
            [groupby],
            ["complaint_rate:avg", "quantity_rate:avg"],
        )
        return {one: (rate, quantity) for one, rate, quantity in rows}

    def test_complaint_rates(self):
        self._complain(self.lots[1])
        self._complain(self.lots[0], jxc_kind="question")
        self._complain(self.lots[0], stage_id=self.rejected.id)
        rates = self._rates("vendor_id")
        self.assertEqual(rates[self.vendor], (0, 0))
        self.assertEqual(rates[self.other_vendor], (50, 10))
        self.assertEqual(self._rates("lot_id")[self.lots[1]], (100, 20))
        [(rate, quantity)] = self._rates("product_id").values()
        self.assertAlmostEqual(rate, 100 / 3)
        self.assertAlmostEqual(quantity, 20 / 3)

    def test_complaints_by_kind_and_product(self):
        """Repairs and returns are complaints too; questions and suggestions not."""
        expected = {
            "complaint": 100,
            "question": 0,
            "repair": 100,
            "return": 100,
            "suggestion": 0,
        }
        kettles = {kind: self._lot(self.kettle, kind) for kind, _name in KINDS}
        for kind, serial in kettles.items():
            self._receive(serial, self.vendor)
            self._deliver(serial, self.contact, day="2024-03-01")
            self._complain(serial, jxc_kind=kind, jxc_quantity=1)
        self._complain(self.lots[1])
        rates = self._rates("lot_id")
        self.assertEqual(
            {kind: rates[serial] for kind, serial in kettles.items()},
            {kind: (rate, rate) for kind, rate in expected.items()},
        )
        rates = self._rates("product_id")
        self.assertEqual(rates.keys(), {self.tea, self.kettle})
        self.assertEqual(rates[self.kettle], (60, 60))
        self.assertAlmostEqual(rates[self.tea][0], 100 / 3)
        # of the vendor of all kettles and of one lot of tea
        self.assertEqual(self._rates("vendor_id")[self.vendor], (50, 20))

    def _cases(self, *vendors):
        values = {
            "company": self.company.id,
            "partners": [vendor.id for vendor in vendors],
            "begin": "2024-01-01",
            "end": "2025-01-01",
        }
        query = self.env["jxc.after.sales"]._vendor_cases_query(self.company, values)
        return self.env.execute_query(query)

    def test_vendors_answer_for_the_delivery_before_the_complaint(self):
        ticket = self._complain(self.lots[1])
        self._deliver(self.lots[1], self.contact, 0.5, day="2024-04-01")
        self.assertEqual(
            sorted(self._cases(self.other_vendor), key=str),
            sorted(
                [
                    (self.other_vendor.id, ticket.id, 1, 0),
                    (self.other_vendor.id, None, 1, 1),
                    (self.other_vendor.id, None, 1, 1),
                ],
                key=str,
            ),
        )
        self.assertEqual(self._cases(self.vendor), [(self.vendor.id, None, 1, 1)])
        self._complain(self.lots[0], partner_id=self.other_customer.id)
        self.assertEqual(
            self._cases(self.vendor),
            [(self.vendor.id, None, 1, 1)],
            "Never delivered to who complains.",
        )

    def test_report_and_evaluation_count_alike(self):
        """Strangers count for nobody, two complaints about one delivery once."""
        self._complain(self.lots[0])
        self._complain(self.lots[0])
        for lot in (*self.lots, self.lots[1]):
            self._complain(lot, partner_id=self.other_customer.id)
        # before anything came
        self._complain(self.lots[2], jxc_opened_at="2024-02-20 02:00:00")
        rates = self._rates("vendor_id")
        for vendor, rate in ((self.vendor, 100), (self.other_vendor, 0)):
            cases = self._cases(vendor)
            good = sum(part for *_who, part in cases) / len(cases)
            self.assertEqual(100 - 100 * good, rate)
            self.assertEqual(rates[vendor][0], rate)
        # no lot named: it is about the last delivery, of the other vendor's goods
        self._deliver(self.lots[2], self.contact, 0.5, day="2024-03-04")
        self._ticket(jxc_product_id=self.tea.id, jxc_opened_at=NEXT_DAY)
        rates = self._rates("vendor_id")
        self.assertAlmostEqual(rates[self.other_vendor][0], 100 / 3)
        cases = self._cases(self.other_vendor)
        self.assertEqual([part for *_who, part in cases].count(0), 1)
        report = self.env["jxc.complaint.report"]
        [counts] = report._read_group(
            [("vendor_id", "=", self.vendor.id)],
            [],
            ["complaint_count:sum", "blamed_count:sum"],
        )
        self.assertEqual(counts, (2, 1))

    def test_service_levels_and_satisfaction(self):
        self.env["jxc.ticket.sla"].create(
            {
                "name": "All",
                "company_id": self.company.id,
                "response_hours": 1,
                "solve_hours": 8,
            }
        )
        late, good, unrated = (
            self._ticket(),
            self._ticket(),
            self._ticket(jxc_kind="question"),
        )
        late.write({"jxc_solve_late": True, "jxc_solved_at": NEXT_DAY})
        good.stage_id = self.done
        for ticket, rate in ((late, 1), (good, 5)):
            ticket.rating_apply(rate, rating=ticket._jxc_get_rating())
        report = self.env["jxc.ticket.report"]
        [row] = report._read_group(
            [("ticket_id", "in", (late | good | unrated).ids)],
            [],
            ["ticket_count:sum", "solve_kept:avg", "satisfied:avg", "rating:avg"],
        )
        self.assertEqual(row, (3, 50, 50, 3))

    def test_hours_of_answers_and_solutions(self):
        """In working hours, as agreed; who still waits counts for nothing yet."""
        self.env["jxc.ticket.sla"].create(
            {
                "name": "All",
                "company_id": self.company.id,
                "response_hours": 1,
                "solve_hours": 8,
            }
        )
        # Monday, 10:00 in Shanghai
        with freeze_time("2024-06-03 02:00:00"):
            good, late, waiting = (self._ticket() for _each in range(3))
        for moment, ticket in (
            ("2024-06-03 02:30:00", good),  # after half an hour
            ("2024-06-03 05:30:00", late),  # at 13:30, after the break: 2.5 hours
        ):
            with freeze_time(moment):
                ticket.with_user(self.agent).message_post(
                    body="We look at it.",
                    subtype_xmlid="mail.mt_comment",
                    message_type="comment",
                )
        for moment, ticket in (
            ("2024-06-03 06:00:00", good),  # at 14:00: 3 hours
            ("2024-06-04 08:00:00", late),  # Tuesday at 16:00: 6 and 7 hours
        ):
            with freeze_time(moment):
                ticket.stage_id = self.done
        figures = [
            "response_hours:avg",
            "response_kept:avg",
            "solve_hours:avg",
            "solve_kept:avg",
        ]
        found = {
            ticket: tuple(row)
            for ticket, *row in self.env["jxc.ticket.report"]._read_group(
                [("ticket_id", "in", (good | late | waiting).ids)],
                ["ticket_id"],
                figures,
            )
        }
        self.assertEqual(found[good], (0.5, 100, 3, 100))
        self.assertEqual(found[late], (2.5, 0, 13, 0))
        self.assertFalse(any(found[waiting]))
        [row] = self.env["jxc.ticket.report"]._read_group(
            [("ticket_id", "in", (good | late | waiting).ids)], [], figures
        )
        self.assertEqual(row, (1.5, 50, 8, 50))

    def test_satisfaction_of_customers(self):
        """Of two who answered one is satisfied; who was not asked counts for nothing.

        Ratings of a customer are averaged first: 3 and 5 are 4, which is satisfied.
        """
        silent, mixed = (self._customer(name, is_company=True) for name in ("S", "M"))
        customers = (self.customer, self.other_customer, silent, mixed)
        for customer in customers:
            self._order(customer, 1, 10)
        self._rate(self.contact, 5)
        self._rate(self.other_customer, 1)
        self._ticket(partner_id=silent.id)
        self._rate(mixed, 3)
        self._rate(mixed, 5)
        reports = self.env["jxc.repeat.report"]
        domain = [("company_id", "=", self.company.id)]
        found = {
            row.partner_id: (row.rating, row.satisfied, row.ticket_count)
            for row in reports.search(domain)
        }
        self.assertEqual(
            found,
            {
                self.customer: (5, 100, 1),
                self.other_customer: (1, 0, 1),
                silent: (0, 0, 1),  # what is empty reads as 0, and is not averaged
                mixed: (4, 100, 2),
            },
        )

        def averages(*partners):
            of = [*domain, ("partner_id", "in", [each.id for each in partners])]
            [row] = reports._read_group(of, [], ["rating:avg", "satisfied:avg"])
            return row

        self.assertEqual(averages(self.customer, self.other_customer), (3, 50))
        self.assertEqual(averages(self.customer, silent), (5, 100))
        self.assertFalse(any(averages(silent)))
        rating, satisfied = averages(*customers)
        self.assertAlmostEqual(rating, 10 / 3)
        self.assertAlmostEqual(satisfied, 200 / 3)

    def _rate(self, customer, rate):
        ticket = self._ticket(partner_id=customer.id)
        ticket.rating_apply(rate, rating=ticket._jxc_get_rating())

    def test_repeat_purchase(self):
        self._order(self.contact, 200, 10)
        self._order(self.contact, 1, 20)
        self._order(self.other_customer, 200, 10)
        self._order(self.other_customer, 100, 10, confirm=False)
        for customer in (self.contact, self.other_customer):
            self._ticket(partner_id=customer.id, jxc_opened_at=NEXT_DAY)
        reports = self.env["jxc.repeat.report"]
        domain = [("company_id", "=", self.company.id)]
        self.assertRecordValues(
            reports.search(domain, order="order_count"),
            [
                {
                    "partner_id": self.other_customer.id,
                    "order_count": 1,
                    "amount": 10,
                    "repeat_rate": 0,
                    "fault_count": 1,
                    "kept_rate": 0,
                },
                {
                    "partner_id": self.customer.id,
                    "order_count": 2,
                    "amount": 30,
                    "repeat_rate": 100,
                    "fault_count": 1,
                    "kept_rate": 100,
                },
            ],
        )
        [(rate, kept)] = reports._read_group(
            domain, [], ["repeat_rate:avg", "kept_rate:avg"]
        )
        self.assertEqual((rate, kept), (50, 50))
        self.customer.user_id = self._user("seller_a", "sales_team.group_sale_salesman")
        other = self._user("seller_b", "sales_team.group_sale_salesman")
        seen = reports.with_user(other).search(domain)
        self.assertEqual(seen.partner_id, self.other_customer)
        self.assertLess(str(seen.first_order_date.date()), str(TODAY))
