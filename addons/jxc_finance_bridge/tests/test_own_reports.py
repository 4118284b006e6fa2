# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from odoo.exceptions import AccessError
from odoo.fields import Command
from odoo.tests import tagged

from .common import FinanceBridgeCommon


@tagged("post_install", "-at_install")
class TestOwnReports(FinanceBridgeCommon):
    """Accountants build reports of their own, and change nobody else's."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.accountant = cls._user("report_accountant", "account.group_account_user")
        cls.colleague = cls._user("report_colleague", "account.group_account_user")
        cls.manager = cls._user("report_manager", "account.group_account_manager")
        cls.clerk = cls._user("report_clerk", "account.group_account_invoice")

    def _make(self, user, **values):
        template = (
            self.env["mis.report"]
            .with_user(user)
            .create(
                {
                    "name": "Expenses",
                    "kpi_ids": [
                        Command.create(
                            {
                                "name": "cost",
                                "description": "Cost",
                                "expression_ids": [
                                    Command.create({"name": "balp[5401%]"})
                                ],
                            }
                        )
                    ],
                    **values,
                }
            )
        )
        report = (
            self.env["mis.report.instance"]
            .with_user(user)
            .create(
                {
                    "name": "Expenses of March",
                    "report_id": template.id,
                    "company_id": self.company.id,
                    "period_ids": [
                        Command.create(
                            {
                                "name": "March",
                                "mode": "fix",
                                "manual_date_from": "2026-03-01",
                                "manual_date_to": "2026-03-31",
                            }
                        )
                    ],
                }
            )
        )
        return template, report

    def test_built_and_run(self):
        self._entry("2026-03-05", ("540100", 7, 0), ("100200", 0, 7))
        for user in (self.accountant, self.manager):
            template, report = self._make(user)
            [row] = report.compute()["body"]
            self.assertEqual(row["cells"][0]["val"], 7)
            template.kpi_ids.expression_ids.name = "balp[5401%] * 2"
            report.period_ids.name = "In March"
            [row] = report.compute()["body"]
            self.assertEqual(row["cells"][0]["val"], 14)
            report.unlink()
            template.unlink()

    def test_those_of_others(self):
        template, report = self._make(self.accountant)
        official = self.env.ref("jxc_finance_bridge.mis_report_sme_balance")
        for record, values in (
            (template, {"name": "Mine"}),
            (template.kpi_ids, {"description": "Mine"}),
            (template.kpi_ids.expression_ids, {"name": "0"}),
            (report, {"name": "Mine"}),
            (report.period_ids, {"name": "Mine"}),
            (official, {"name": "Mine"}),
            (official.kpi_ids[:1], {"description": "Mine"}),
        ):
            own = record.with_user(self.colleague)
            self.assertTrue(own.read(["display_name"]))
            with self.subTest(record=record), self.assertRaises(AccessError):
                own.write(values)
            record.with_user(self.manager).write(values)
        with self.assertRaises(AccessError):
            self._make(self.clerk)

    def test_not_the_official_ones(self):
        with self.assertRaisesRegex(AccessError, "accounting administrator"):
            self._make(self.accountant, jxc_statement="balance")
        template, _report = self._make(self.accountant)
        with self.assertRaisesRegex(AccessError, "accounting administrator"):
            template.jxc_statement = "profit"
        self._make(self.manager, jxc_statement="balance")

    def test_not_the_official_ones_by_default(self):
        """Nor is the mark brought along, or kept for oneself."""
        reports = self.env["mis.report"].with_user(self.accountant)
        values = {"name": "Mine", "jxc_chart": "cn"}
        client = reports.with_context(default_jxc_statement="profit")
        self.assertFalse(client.create(values).jxc_statement)
        self.env["ir.default"].with_user(self.accountant).set(
            "mis.report", "jxc_statement", "profit", user_id=self.accountant.id
        )
        self.assertFalse(reports.create(values).jxc_statement)

    def test_no_queries(self):
        """They may read whatever model the reader may."""
        template, _report = self._make(self.accountant)
        with self.assertRaises(AccessError):
            template.query_ids = [
                Command.create(
                    {
                        "name": "users",
                        "model_id": self.env.ref("base.model_res_users").id,
                        "field_ids": [
                            Command.set(self.env.ref("base.field_res_users__id").ids)
                        ],
                        "date_field": self.env.ref(
                            "base.field_res_users__create_date"
                        ).id,
                    }
                )
            ]
