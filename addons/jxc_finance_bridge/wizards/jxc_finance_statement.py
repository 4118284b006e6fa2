# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tools.misc import formatLang

from ..models.mis_report import COLUMNS, STATEMENTS

#: heads of accounts of the result that are shown in the balance sheet (production) or
#: go to undistributed profit directly
NOT_PROFIT = {"cn": ("4",), "cn_large_bis": ("5", "6901")}
#: codes of accounts that a message names
SHOWN = 10


class JxcFinanceStatement(models.TransientModel):
    """Balance sheet, income and cash flow statement: service and screen."""

    _name = "jxc.finance.statement"
    _inherit = "jxc.period.report.mixin"
    _description = "Financial Statement"

    _criteria = frozenset(("kind", "company_id", "date_from", "date_to"))

    kind = fields.Selection(
        selection=STATEMENTS,
        string="Statement",
        required=True,
        default="balance",
    )
    form = fields.Char(string="Official Form", readonly=True)
    problem = fields.Text(readonly=True)
    line_ids = fields.One2many(
        comodel_name="jxc.finance.statement.line",
        inverse_name="statement_id",
        string="Lines",
        readonly=True,
    )

    @api.depends("kind", "date_from", "date_to", "company_id")
    def _compute_display_name(self):
        kinds = dict(self._fields["kind"]._description_selection(self.env))
        for statement in self:
            statement.display_name = self.env._(
                "%(statement)s %(company)s %(date_from)s – %(date_to)s",
                statement=kinds.get(statement.kind, ""),
                company=statement.company_id.display_name or "",
                date_from=statement.date_from or "",
                date_to=statement.date_to or "",
            )

    # Actions ------------------------------------------------------------------

    @api.model
    def action_open(self, kind="balance"):
        """Open a statement of the current company for the month of its last entry.

        :param str kind: balance, profit or cash
        :raise UserError: for another one
        """
        self._check_kind(kind)
        statement = self.create({"kind": kind})
        return {
            "type": "ir.actions.act_window",
            "name": dict(self._fields["kind"]._description_selection(self.env))[kind],
            "res_model": self._name,
            "res_id": statement.id,
            "view_mode": "form",
            "target": "current",
        }

    def action_print(self):
        """The statement as PDF in the official form."""
        self._refresh_lines()
        name = "balance" if self.kind == "balance" else "flow"
        return self.env.ref(
            f"jxc_finance_bridge.statement_report_{name}"
        ).report_action(self, config=False)

    def action_xlsx(self):
        """The statement as workbook, with numbers as numbers."""
        self._refresh_lines()
        return self.env.ref("jxc_finance_bridge.statement_report_xlsx").report_action(
            self
        )

    def action_view_unclassified(self):
        """Money without a cash flow item, to give it one."""
        self.ensure_one()
        line = self.line_ids.filtered(lambda line: line.code == "unclassified")
        return line.action_view_items()

    def action_analyse(self):
        """Open the statement in MIS Builder, where amounts open up by account.

        The report of a company, statement and period is made once and used again.
        """
        self.ensure_one()
        service = self.env["jxc.trial.balance"]
        service._check_reader()
        company = service._check_company(self.company_id.id)
        instance = self._get_instance(company)
        # The widget of MIS Builder finds its report in the context.
        context = {"active_model": instance._name, "active_id": instance.id}
        return {**instance.preview(), "context": context}

    def _get_instance(self, company):
        """The MIS Builder report of the statement.

        Readers of the books may not make reports; this one shows them no more than
        the statement does, so it is made for them.
        """
        report = self._get_report(self.kind, company)
        companies = self.env["jxc.trial.balance"]._get_companies(company)
        columns = self._get_columns(self.kind, company, self.date_from, self.date_to)
        labels = self._get_column_labels()
        instances = self.env["mis.report.instance"].sudo()
        domain = [
            ("report_id", "=", report.id),
            ("temporary", "=", True),
            ("date", "=", self.date_to),
        ]
        wanted = [(labels[name], *dates) for name, *dates in columns]
        for instance in instances.search(domain):
            periods = [
                (period.name, period.manual_date_from, period.manual_date_to)
                for period in instance.period_ids
            ]
            if instance.query_company_ids == companies and periods == wanted:
                return instance.sudo(False)
        return instances.create(
            {
                "name": self.display_name,
                "report_id": report.id,
                "date": self.date_to,
                "temporary": True,
                "multi_company": len(companies) > 1,
                "company_id": False if len(companies) > 1 else companies.id,
                "company_ids": [
                    Command.set(companies.ids if len(companies) > 1 else [])
                ],
                "period_ids": [
                    Command.create(
                        {
                            "name": label,
                            "manual_date_from": date_from,
                            "manual_date_to": date_to,
                            "sequence": sequence,
                        }
                    )
                    for sequence, (label, date_from, date_to) in enumerate(wanted)
                ],
            }
        ).sudo(False)

    # Service ------------------------------------------------------------------

    @api.model
    def get_lines(self, kind, date_from, date_to, company_id=None):
        """A financial statement of posted entries in company currency.

        Branches of the company that the user works in are part of it. Receivables and
        payables are shown by customer and vendor: who has paid in advance is on the
        other side of the balance sheet. Entries that transfer profit do not count in
        the income statement.

        :param str kind: balance (资产负债表), profit (利润表) or cash (现金流量表)
        :param date_from: first day, date or "YYYY-MM-DD"
        :param date_to: last day; the balance sheet is as of this day
        :param company_id: id of a company, the current one when left out
        :return: dict with kind, name, form, company_id, company, currency, date_from,
            date_to, year_start, problems (texts; empty when everything ties) and lines:
            code, line (行次), name, level, kind (heading, sum, account or warning) and
            amounts: closing and opening (期末, 年初) in the balance sheet, period and
            year (本期, 本年累计) in the others
        :raise AccessError: without the right to read the books, or for a company the
            user does not work in
        :raise UserError: for dates or a statement that make no sense, and for a company
            whose chart has no statements
        """
        service = self.env["jxc.trial.balance"]
        service._check_reader()
        company = service._check_company(company_id)
        date_from, date_to = service._check_dates(date_from, date_to)
        report = self._get_report(kind, company)
        companies = service._get_companies(company)
        processor = report._prepare_aep(companies, company.currency_id)
        columns = self._get_columns(kind, company, date_from, date_to)
        values = {
            name: report.with_company(company).evaluate(processor, start, end)
            for name, start, end in columns
        }
        lines = [
            self._prepare_line(kpi, values, company.currency_id)
            for kpi in report.kpi_ids
        ]
        _name, start, end = columns[0]
        problems = self._get_problems(kind, lines, processor, company, start, end)
        shown = [
            line
            for line in lines
            if line["kind"] != "warning" or any(line[name] for name in COLUMNS[kind])
        ]
        return {
            "kind": kind,
            "name": dict(self._fields["kind"]._description_selection(self.env))[kind],
            "form": report.jxc_form or "",
            "company_id": company.id,
            "company": company.name,
            "currency": company.currency_id.name,
            "date_from": fields.Date.to_string(date_from),
            "date_to": fields.Date.to_string(date_to),
            "year_start": fields.Date.to_string(
                service._get_year_start(company, date_to)
            ),
            "lines": shown,
            "problems": problems,
        }

    def _check_kind(self, kind):
        if not isinstance(kind, str) or kind not in COLUMNS:
            raise UserError(
                self.env._(
                    "%(kind)s is not one of balance, profit, cash.",
                    kind=kind,
                )
            )

    def _get_report(self, kind, company):
        """The template of a statement for the chart of a company."""
        self._check_kind(kind)
        chart = company.root_id.sudo().chart_template
        report = self.env["mis.report"].search(
            [("jxc_statement", "=", kind), ("jxc_chart", "=", chart)],
            order="id desc",
            limit=1,
        )
        if not report:
            raise UserError(
                self.env._(
                    "There are statements for the Chinese charts of accounts only."
                    " %(company)s has another one: make a MIS report template for it.",
                    company=company.name,
                )
            )
        return report

    def _get_columns(self, kind, company, date_from, date_to):
        """[(name, first day, last day)] of the two columns."""
        start = self.env["jxc.trial.balance"]._get_year_start(company, date_to)
        if kind == "balance":
            before = start - timedelta(days=1)
            return [("closing", start, date_to), ("opening", before, before)]
        return [("period", date_from, date_to), ("year", start, date_to)]

    def _get_column_labels(self):
        return {
            "closing": self.env._("Closing Balance"),
            "opening": self.env._("Balance at Start of Year"),
            "period": self.env._("This Period"),
            "year": self.env._("Year to Date"),
        }

    def _prepare_line(self, kpi, values, currency):
        style = kpi.style_id
        warning = kpi.name in ("difference", "unclassified")
        line = {
            "code": kpi.name,
            "line": kpi.jxc_line or "",
            "name": kpi.description,
            "level": style.indent_level,
            "kind": "account",
            "kpi_id": kpi.id,
        }
        if warning:
            line["kind"] = "warning"
        elif not kpi.expression or kpi.expression == "AccountingNone":
            line["kind"] = "heading"
        elif style.font_weight == "bold":
            line["kind"] = "sum"
        for name, amounts in values.items():
            line[name] = currency.round(float(amounts[kpi.name] or 0.0))
        return line

    def _get_problems(self, kind, lines, processor, company, date_from, date_to):
        """What does not tie, in words."""
        problems = []
        by_code = {line["code"]: line for line in lines}
        first = COLUMNS[kind][0]
        if kind != "profit" and by_code.get("difference", {}).get(first):
            text = {
                "balance": self.env._(
                    "Assets and liabilities with equity differ by %(amount)s."
                ),
                "cash": self.env._(
                    "Cash at the end and the balance of cash and bank differ by"
                    " %(amount)s."
                ),
            }[kind]
            amount = self._format(by_code["difference"][first], company.currency_id)
            problems.append(text % {"amount": amount})
        if kind == "cash" and by_code.get("unclassified", {}).get(first):
            problems.append(
                self.env._(
                    "%(amount)s of cash flows have no item. Open that line to give"
                    " them one, or add a cash flow rule for the account.",
                    amount=self._format(
                        by_code["unclassified"][first], company.currency_id
                    ),
                )
            )
        missing = ""
        if kind == "profit" or (kind == "balance" and problems):
            missing = self._find_missing(kind, processor, company, date_from, date_to)
        if missing:
            problems.append(
                self.env._(
                    "No line of the statement counts these accounts: %(codes)s. Give"
                    " them codes below a heading of the chart, or add them to a line of"
                    " the template.",
                    codes=missing,
                )
            )
        return problems

    def _find_missing(self, kind, processor, company, date_from, date_to):
        """Codes of accounts with amounts that no line counts."""
        domain = [
            ("parent_state", "=", "posted"),
            ("account_id", "not in", list(processor.get_account_ids())),
            ("date", "<=", date_to),
            ("balance", "!=", 0),
        ]
        if kind == "profit":
            domain += [
                ("date", ">=", date_from),
                ("move_id.jxc_pl_closing", "=", False),
                ("account_id.internal_group", "in", ("income", "expense")),
            ]
        groups = (
            self.env["account.move.line"]
            .with_context(allowed_company_ids=processor.companies.ids)
            ._read_group(
                [*domain, ("company_id", "in", processor.companies.ids)], ["account_id"]
            )
        )
        skipped = NOT_PROFIT.get(company.root_id.sudo().chart_template, ())
        codes = sorted(account.with_company(company).code or "" for [account] in groups)
        if kind == "profit":
            codes = [code for code in codes if not code.startswith(skipped)]
        more = "…" if len(codes) > SHOWN else ""
        return ", ".join(codes[:SHOWN]) + more

    # Screen --------------------------------------------------------------

    def _get_result(self):
        self.ensure_one()
        return self.get_lines(
            self.kind, self.date_from, self.date_to, self.company_id.id
        )

    def _refresh_lines(self):
        for statement in self:
            result = statement._get_result()
            statement.line_ids.unlink()
            super(JxcFinanceStatement, statement).write(
                {
                    "form": result["form"],
                    "problem": "\n".join(result["problems"]),
                    "line_ids": [
                        Command.create(statement._prepare_screen_line(line, sequence))
                        for sequence, line in enumerate(result["lines"])
                    ],
                }
            )

    def _prepare_screen_line(self, line, sequence):
        return {
            "sequence": sequence,
            "kpi_id": line["kpi_id"],
            "code": line["code"],
            "line": line["line"],
            "name": line["name"],
            "level": line["level"],
            "line_kind": line["kind"],
            **{f"amount_{name}": line[name] for name in COLUMNS[self.kind]},
        }

    def _format(self, amount, currency):
        return formatLang(
            self.env, currency.round(amount), digits=currency.decimal_places
        )
