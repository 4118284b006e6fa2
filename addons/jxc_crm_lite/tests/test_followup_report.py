# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from odoo.tests import Form, freeze_time, tagged

from .common import CustomerClassCommon

PRINT = "jxc_crm_lite.jxc_followup_report_print"
#: one o'clock at night in Shanghai, on a Thursday; in UTC still Wednesday
NIGHT = "2024-05-08 17:00:00"
SPANS = {
    "day": ("2024-05-09", "2024-05-09"),
    "week": ("2024-05-06", "2024-05-12"),
    "last_week": ("2024-04-29", "2024-05-05"),
}


@tagged("post_install", "-at_install")
class TestFollowupReport(CustomerClassCommon):
    """Which days a report is of, and what it is called."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["res.lang"]._activate_lang("zh_CN")
        cls.company.partner_id.tz = "Asia/Shanghai"
        cls.seller = cls._user("seller", "sales_team.group_sale_salesman")
        cls.shop = cls._customer("Shop", user_id=cls.seller.id)

    def _reports(self, lang="en_US", tz="Asia/Shanghai"):
        return (
            self.env["jxc.followup.report"]
            .with_user(self.seller)
            .with_context(allowed_company_ids=self.company.ids, lang=lang, tz=tz)
        )

    @staticmethod
    def _days(report):
        return str(report.date_from), str(report.date_to)

    def test_days_of_the_periods(self):
        with freeze_time(NIGHT):
            for period, days in SPANS.items():
                report = self._reports().create({"period": period})
                self.assertEqual(self._days(report), days, period)
            today = self._reports().create({})
            self.assertEqual((today.period, self._days(today)), ("day", SPANS["day"]))

    def test_weeks_begin_on_monday(self):
        for day, first, last in (
            ("2024-05-06", "2024-05-06", "2024-05-12"),  # a Monday
            ("2024-05-12", "2024-05-06", "2024-05-12"),  # a Sunday
            ("2024-05-13", "2024-05-13", "2024-05-19"),
            ("2025-01-01", "2024-12-30", "2025-01-05"),
        ):
            with freeze_time(f"{day} 04:00:00"):
                report = self._reports().create({"period": "week"})
                self.assertEqual(self._days(report), (first, last), day)

    def test_days_are_the_companys_whoever_asks(self):
        """A user without a time zone does not get the day before at night."""
        self.seller.tz = False
        with freeze_time(NIGHT):
            for period, days in SPANS.items():
                report = self._reports(tz=False).create({"period": period})
                self.assertEqual(self._days(report), days, period)

    def test_other_days_are_entered(self):
        with freeze_time(NIGHT), Form(self._reports()) as form:
            form.period = "last_week"
            self.assertEqual(str(form.date_from), SPANS["last_week"][0])
            form.period = "other"
            form.date_from = "2024-03-01"
            form.date_to = "2024-03-31"
        self.assertEqual(self._days(form.record), ("2024-03-01", "2024-03-31"))

    def test_heading_and_days_of_the_print(self):
        """A day is a daily report, a week one of the week, each with its own."""
        with freeze_time("2024-05-03 02:00:00"):
            self._enter("Before")
        with freeze_time(NIGHT):
            self._enter("Tonight")
            for period, lang, heading, notes in (
                ("day", "en_US", "Daily Sales Report", ["Tonight"]),
                ("day", "zh_CN", "销售日报", ["Tonight"]),
                ("week", "zh_CN", "销售周报", ["Tonight"]),
                ("last_week", "zh_CN", "销售周报", ["Before"]),
            ):
                with self.subTest(period=period, lang=lang):
                    text = self._printed(period, lang)
                    self.assertIn(heading, text)
                    for note in ("Tonight", "Before"):
                        self.assertEqual(note in text, note in notes, note)
            self.assertNotIn("Daily", self._printed("week", "en_US"))

    def _enter(self, note):
        values = {"partner_id": self.shop.id, "kind": "phone", "note": note}
        self.env["jxc.followup"].with_user(self.seller).with_company(
            self.company
        ).create(values)

    def _printed(self, period, lang):
        report = self._reports(lang).create({"period": period})
        html, _kind = (
            self.env["ir.actions.report"]
            .with_user(self.seller)
            .with_context(**report.env.context)
            ._render_qweb_html(PRINT, report.ids)
        )
        return html.decode()
