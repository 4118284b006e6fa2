# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
import datetime

from odoo.exceptions import UserError, ValidationError
from odoo.tests import freeze_time, tagged

from ..hooks import post_init_hook
from .common import TODAY, CustomerClassCommon


@tagged("post_install", "-at_install")
class TestCustomerClass(CustomerClassCommon):
    def _classes(self, *partners):
        return [self._row(partner).abc for partner in partners]

    def test_abc_by_hand(self):
        """Shares before each: 0, 50, 79, 90, 95 percent."""
        names = ("50", "29", "11", "5", "5b")
        partners = [self._customer(name) for name in names]
        for partner, amount in zip(partners, (5000, 2900, 1100, 500, 499), strict=True):
            self._order(partner, 10, amount)
        self._order(partners[4], 11, 1)
        self._recompute()
        self.assertEqual(self._classes(*partners), ["a", "a", "a", "b", "b"])
        self._order(partners[3], 12, 1)
        # 9,501 of 10,001 come before the last one: 95.0005 %
        self._recompute()
        self.assertEqual(self._classes(*partners), ["a", "a", "a", "b", "c"])

    def test_classified_when_installed(self):
        """Who bought before the addon was there is not unknown until the night."""
        shop = self._customer("Shop")
        self._order(shop, 3, 100)
        self.assertFalse(self._row(shop))
        with freeze_time(TODAY):
            post_init_hook(self.env)
        self.assertEqual((self._row(shop).abc, shop.jxc_life_cycle), ("a", "new"))

    def test_largest_customer_is_a(self):
        big, small = self._customer("big"), self._customer("small")
        self._order(big, 1, 99)
        self._order(small, 1, 1)
        self._recompute()
        self.assertEqual(self._classes(big, small), ["a", "c"])

    def test_ties_share_a_class(self):
        """Ten equal customers are all A, whatever their order."""
        partners = [self._customer(f"tie {number}") for number in range(10)]
        for partner in partners:
            self._order(partner, 3, 100)
        self._recompute()
        self.assertEqual(set(self._classes(*partners)), {"a"})

    def test_thresholds_of_the_company(self):
        first, second = self._customer("first"), self._customer("second")
        self._order(first, 1, 60)
        self._order(second, 1, 40)
        self.company.write({"jxc_class_a_percent": 50, "jxc_class_b_percent": 55})
        self._recompute()
        self.assertEqual(self._classes(first, second), ["a", "c"])

    def test_window_of_twelve_months(self):
        partner = self._customer("window")
        self._order(partner, 366, 1000)  # 2023-06-30: twelve months ago, out
        self._order(partner, 365, 10)  # 2023-07-01: in
        self._order(partner, 0, 1)
        self._recompute()
        row = self._row(partner)
        self.assertEqual((row.monetary, row.frequency), (11.0, 2))
        self.assertEqual(str(row.first_order_date), "2023-06-30")
        self.assertEqual(row.last_order_date, TODAY)
        self.assertEqual(row.recency_days, 0)

    def test_life_cycle_boundaries(self):
        def ordering(*days):
            partner = self._customer(f"life {days}")
            for day in days:
                self._order(partner, day, 10)
            return partner

        expected = {
            ordering(30): "new",
            ordering(31): "active",
            ordering(400, 5): "active",
            ordering(90): "active",
            ordering(91): "sleeping",
            ordering(365): "sleeping",
            ordering(366): "lost",
            self._customer("never", customer_rank=1): "potential",
        }
        self._recompute()
        for partner, life_cycle in expected.items():
            self.assertEqual(self._row(partner).life_cycle, life_cycle, partner.name)

    def test_rfm_scores(self):
        best, worst = self._customer("best"), self._customer("worst")
        for day in range(30, 46):
            self._order(best, day, 6250)  # 16 orders, 100,000
        self._order(worst, 300, 999.99)
        middle = self._customer("middle")
        self._order(middle, 31, 500)
        self._order(middle, 61, 500)
        self._recompute()
        self.assertEqual(self._row(best).rfm_score, "555")
        self.assertEqual(self._row(worst).rfm_score, "111")
        self.assertEqual(self._row(middle).rfm_score, "422")
        self.company.jxc_recency_steps = "1, 2, 3, 4"
        self._recompute()
        self.assertEqual(self._row(best).rfm_score, "155")

    def test_frequency_and_monetary_steps_of_the_company(self):
        """On a step and one below it: 2 and 3 orders, 99.99, 100 and 400."""
        self.company.write(
            {
                "jxc_frequency_steps": "3, 4, 5, 6",
                "jxc_monetary_steps": "100, 200, 300, 400",
            }
        )
        expected = {}
        for name, amounts, score in (
            ("below both", [50, 49.99], "11"),
            ("two for 100", [50, 50], "12"),
            ("three for 99.99", [33, 33, 33.99], "21"),
            ("three for 199.99", [100, 50, 49.99], "22"),
            ("five for 250", [50] * 5, "43"),
            ("six for 399.99", [100, 100, 100, 50, 40, 9.99], "54"),
            ("seven for 400", [100, 100, 100, 50, 40, 5, 5], "55"),
        ):
            partner = self._customer(name)
            for amount in amounts:
                self._order(partner, 10, amount)
            expected[partner] = f"5{score}"
        self._recompute()
        for partner, score in expected.items():
            self.assertEqual(self._row(partner).rfm_score, score, partner.name)

    def test_only_confirmed_orders_count(self):
        partner = self._customer("careful")
        self._order(partner, 1, 100)
        self._order(partner, 2, 1000, confirm=False)
        self._order(partner, 3, 1000)._action_cancel()
        self._recompute()
        self.assertEqual(self._row(partner).monetary, 100.0)
        self.assertEqual(self._row(partner).frequency, 1)

    def test_credit_notes_do_not_count(self):
        """Classes follow orders: a credit note is neither an order nor revenue."""
        partner = self._customer("refunded")
        self._order(partner, 1, 100)
        self._recompute()
        partner.customer_rank += 1
        self.assertEqual(
            self._recompute(), {"created": 0, "changed": 0, "removed": 0, "logged": 0}
        )

    def test_contacts_count_for_their_company(self):
        parent = self._customer("parent", is_company=True)
        contact = self._customer("contact", parent_id=parent.id)
        self._order(contact, 1, 70)
        self._recompute()
        self.assertEqual(self._row(parent).monetary, 70.0)
        self.assertFalse(self._row(contact))

    def test_foreign_currency(self):
        currency = self.env["res.currency"].create(
            {
                "name": "XJX",
                "symbol": "x",
                "rate_ids": [(0, 0, {"name": "2020-01-01", "rate": 0.5})],
            }
        )
        pricelist = self.env["product.pricelist"].create(
            {"name": "XJX", "currency_id": currency.id}
        )
        partner = self._customer("abroad")
        order = self._order(partner, 1, 100, pricelist_id=pricelist.id)
        self.assertEqual(order.currency_id, currency)
        self._recompute()
        self.assertEqual(self._row(partner).monetary, 200.0)

    def test_day_of_the_company(self):
        """An order at 01:00 in Shanghai is of that day, not of the day before."""
        self.company.partner_id.tz = "Asia/Shanghai"
        partner = self._customer("early")
        order = self._order(partner, 1, 100)
        order.date_order = datetime.datetime(2024, 6, 28, 17, 0)
        self._recompute()
        self.assertEqual(str(self._row(partner).last_order_date), "2024-06-29")

    def test_reference_date_hides_later_orders(self):
        partner = self._customer("history")
        self._order(partner, 0, 100)
        self._order(partner, 100, 30)
        self._recompute(day=TODAY - datetime.timedelta(days=50))
        self.assertEqual(self._row(partner).monetary, 30.0)
        self._recompute(day=TODAY - datetime.timedelta(days=200))
        self.assertEqual(self._row(partner).life_cycle, "potential")

    def test_second_run_changes_nothing(self):
        for number in range(5):
            self._order(self._customer(f"again {number}"), number * 40, 10 * number + 1)
        self._customer("idle", customer_rank=1)
        first = self._recompute()
        self.assertGreaterEqual(first["created"], 6)
        rows = self.classes.search([("company_id", "=", self.company.id)])
        before = rows.read()
        self.assertEqual(
            self._recompute(), {"created": 0, "changed": 0, "removed": 0, "logged": 0}
        )
        self.assertEqual(rows.read(), before)

    def test_changes_are_logged(self):
        partner, other = self._customer("climber"), self._customer("other")
        self._order(partner, 20, 10)
        self._order(other, 20, 1000)
        self._recompute()
        logs = self.env["jxc.customer.class.log"].search(
            [("company_id", "=", self.company.id)]
        )
        self.assertFalse(logs)
        self._order(partner, 1, 9000)
        self.assertEqual(self._recompute()["logged"], 2)
        log = logs.search([("partner_id", "=", partner.id)])
        self.assertRecordValues(
            log,
            [
                {
                    "company_id": self.company.id,
                    "date": TODAY,
                    "old_abc": "c",
                    "new_abc": "a",
                    "old_life_cycle": "new",
                    "new_life_cycle": "new",
                    "old_rfm_score": "511",
                    "new_rfm_score": "523",
                }
            ],
        )
        # A day later only the days since the order differ: changed, but no new class.
        later = self._recompute(day=TODAY + datetime.timedelta(days=1))
        self.assertEqual((later["changed"], later["logged"]), (2, 0))

    def test_rows_without_reason_are_removed(self):
        partner = self._customer("gone")
        order = self._order(partner, 1, 100)
        self._recompute()
        self.assertTrue(self._row(partner))
        order._action_cancel()
        self._recompute()
        self.assertEqual(self._row(partner).life_cycle, "potential")
        order.unlink()
        self.assertEqual(self._recompute()["removed"], 1)
        self.assertFalse(self._row(partner))

    def test_potential_customers(self):
        lead_partner = self._customer("lead")
        self.env["crm.lead"].create(
            {"name": "Lead", "partner_id": lead_partner.id, "type": "opportunity"}
        )
        quoted = self._customer("quoted")
        self._order(quoted, 1, 10, confirm=False)
        vendor = self._customer("vendor", supplier_rank=1)
        archived = self._customer("archived", customer_rank=1, active=False)
        self._recompute()
        for partner in (lead_partner, quoted):
            row = self._row(partner)
            self.assertEqual((row.life_cycle, row.abc), ("potential", False))
            self.assertFalse(row.rfm_score)
        self.assertFalse(self._row(vendor) | self._row(archived))

    def test_two_companies(self):
        other = self._create_class_company("Other Ltd")
        self.env.user.company_ids += other
        partner = self._customer("shared")
        self._order(partner, 1, 100)
        order = self._order(partner, 200, 7, company=other)
        self.assertEqual(order.company_id, other)
        self._recompute()
        self.assertFalse(self._row(partner, other))
        self._recompute(other)
        theirs = self._row(partner, other)
        self.assertEqual((theirs.monetary, theirs.life_cycle), (7.0, "sleeping"))
        self.assertEqual(self._row(partner).monetary, 100.0)
        self.assertEqual(partner.with_company(other).jxc_life_cycle, "sleeping")
        self.assertEqual(partner.with_company(self.company).jxc_life_cycle, "new")

    def test_partner_of_another_company_is_no_potential_customer(self):
        other = self._create_class_company("Other Ltd")
        partner = self._customer("theirs", customer_rank=1, company_id=other.id)
        self._recompute()
        self.assertFalse(self._row(partner))

    def test_cron_does_all_companies(self):
        partner = self._customer("nightly")
        self._order(partner, 0, 100)
        cron = self.env.ref("jxc_crm_lite.jxc_customer_class_cron")
        with freeze_time("2024-07-10 04:30:00"), self.enter_registry_test_mode():
            cron.method_direct_trigger()
        self.assertEqual(self._row(partner).recency_days, 10)

    def test_settings_that_make_no_sense(self):
        for values in (
            {"jxc_class_a_percent": 96},
            {"jxc_class_b_percent": 100},
            {"jxc_class_a_percent": 0},
            {"jxc_lost_days": 90},
            {"jxc_new_days": 91},
            {"jxc_recency_steps": "1, 2, 3"},
            {"jxc_frequency_steps": "1, 2, 2, 3"},
            {"jxc_monetary_steps": "a, b, c, d"},
            {"jxc_monetary_steps": "1, 2, 3, nan"},
            {"jxc_monetary_steps": "1, 2, 3, inf"},
            {"jxc_monetary_steps": False},
        ):
            with self.assertRaises(ValidationError, msg=values):
                self.company.write(values)
        self.company.jxc_recency_steps = "7，14，30，60"
        self.assertEqual(
            self.company._get_jxc_steps("jxc_recency_steps"), [7, 14, 30, 60]
        )

    def test_bad_date(self):
        with self.assertRaises(UserError):
            self.classes.action_recompute("2024-13-01")
        for day in ("0001-01-01", "9999-12-31"):
            with self.assertRaisesRegex(UserError, "1900"):
                self.classes.action_recompute(day)

    def test_one_statement_whatever_the_number(self):
        for number in range(30):
            self._order(self._customer(f"many {number}"), number, number + 1)
        self._recompute()
        self.env.flush_all()
        self.company.read()
        with self.assertQueryCount(3):
            self._recompute(day=TODAY + datetime.timedelta(days=1))
