# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from .test_statement import StatementCommon

OWN = "jxc_finance_bridge."
MONTH = {"date_from": "2026-02-01", "date_to": "2026-02-28"}


class WorkbookCommon(StatementCommon):
    """Every workbook of the addon, with something in it."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.entry = cls._entry("2026-02-08", ("112200", 30, 0), ("500100", 0, 30))
        cls.entry.line_ids.partner_id = cls.partner_b

    def _records(self):
        """{model: record} for every workbook that the addon prints."""
        own = self.env["base"].with_user(self.accountant).with_company(self.company)
        ageing = own.env["jxc.ageing"].create(
            {"date": "2026-03-31", "company_id": self.company.id}
        )
        ageing._refresh_lines()
        return {
            "jxc.ageing": ageing,
            "jxc.statement": self._statement(),
            "jxc.trial.balance": own.env["jxc.trial.balance"].create(MONTH),
            "jxc.finance.statement": own.env["jxc.finance.statement"].create(
                {"kind": "profit", **MONTH}
            ),
        }

    def _reports(self):
        """The reports that the addon prints as workbooks."""
        return self.env["ir.actions.report"].search(
            [("report_type", "=", "xlsx"), ("report_name", "=like", f"{OWN}%")]
        )

    def _print(self, report, records):
        content, _kind = report.with_user(self.accountant)._render(
            report.report_name, records.ids
        )
        return content

    def _general_ledger(self):
        wizard = self.env["general.ledger.report.wizard"].create(
            {"company_id": self.company.id, **MONTH}
        )
        writer = self.env["report.a_f_r.report_general_ledger_xlsx"]
        content, _kind = writer.with_context(
            active_model=wizard._name
        ).create_xlsx_report(wizard.ids, wizard._prepare_report_data())
        return content

    def _own_report(self, name):
        instance = self.env["mis.report.instance"].create(
            {
                "name": name,
                "report_id": self.env.ref(f"{OWN}mis_report_sme_profit").id,
                "company_id": self.company.id,
                "comparison_mode": False,
                **MONTH,
            }
        )
        writer = self.env["report.mis_builder.mis_report_instance_xlsx"]
        content, _kind = writer.with_context(
            active_model=instance._name
        ).create_xlsx_report(instance.ids, {})
        return content
