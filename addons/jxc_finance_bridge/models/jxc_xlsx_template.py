# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
import base64
import io
import zipfile

import openpyxl

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.tools import date_utils

from odoo.addons.jxc_base.tools.importing import workbook_problem

from ..tools.cell_formula import MARKED, FormulaError, evaluate
from .mis_report import COLUMNS

#: bytes of a template, and of all its parts unpacked
FILE_BYTES = 5_000_000
UNPACKED_BYTES = 100_000_000
#: expressions of one workbook
EXPRESSIONS = 5000
WHEN = ("start", "end", "change", "debit", "credit")


class JxcXlsxTemplate(models.Model):
    """A workbook of the user's own whose cells take amounts from the books."""

    _name = "jxc.xlsx.template"
    _description = "Workbook Template"
    _order = "name, id"

    name = fields.Char(required=True)
    active = fields.Boolean(default=True)
    company_id = fields.Many2one(
        comodel_name="res.company",
        index="btree_not_null",
        help="Empty: for all companies.",
    )
    file = fields.Binary(
        string="Workbook",
        required=True,
        attachment=True,
    )
    file_name = fields.Char()

    @api.model_create_multi
    def create(self, vals_list):
        templates = super().create(vals_list)
        templates._check_file()
        return templates

    def write(self, vals):
        result = super().write(vals)
        if "file" in vals:
            self._check_file()
        return result

    def _check_file(self):
        """Refuse what is no workbook, too large, or has expressions of its own kind."""
        for template in self:
            functions = {name: lambda *args: 1 for name in ("bal", "line")}
            functions |= {name: lambda: "" for name in ("company", "period")}
            template._fill(template._open(), functions)

    def action_fill(self):
        """Ask for the period and fill the template in."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.name,
            "res_model": "jxc.xlsx.fill",
            "view_mode": "form",
            "target": "new",
            "context": {"default_template_id": self.id},
        }

    def fill(self, date_from, date_to, company_id=None):
        """The workbook with amounts in place of the expressions.

        In cells, ``{{bal("1122", "2024-01", "end")}}`` is the balance (debit positive)
        of the accounts whose codes begin so; the period is a month, a year or empty for
        the one asked for, and the last word start, end, change, debit or credit.
        ``{{line("balance", "30", "closing")}}`` is a line of a statement, by number or
        code. ``{{company()}}`` and ``{{period()}}`` are texts; sums, products and
        brackets work.

        :param date_from: first day of the period
        :param date_to: last day
        :return: dict with name and content (base64)
        :raise AccessError: without the right to read the books of the company
        :raise UserError: with the cell and expression that cannot be filled in
        """
        self.ensure_one()
        self.check_access("read")
        service = self.env["jxc.trial.balance"]
        service._check_reader()
        company = service._check_company(company_id)
        if self.company_id and self.company_id != company:
            raise UserError(
                self.env._(
                    "%(template)s is a template of %(company)s.",
                    template=self.name,
                    company=self.company_id.name,
                )
            )
        dates = service._check_dates(date_from, date_to)
        book = self._open()
        self._fill(book, Books(self.env, company, dates).get_functions())
        content = io.BytesIO()
        book.save(content)
        return {
            "name": f"{self.name} {dates[0]} – {dates[1]}.xlsx",
            "content": base64.b64encode(content.getvalue()).decode(),
        }

    def _open(self):
        content = base64.b64decode(self.with_context(bin_size=False).file or b"")
        try:
            if len(content) > FILE_BYTES:
                raise ValueError(len(content))
            with zipfile.ZipFile(io.BytesIO(content)) as parts:
                unpacked = sum(part.file_size for part in parts.infolist())
            if unpacked > UNPACKED_BYTES:
                raise ValueError(unpacked)
            if problem := workbook_problem(content):
                raise ValueError(problem.message)
            return openpyxl.load_workbook(io.BytesIO(content))
        except Exception as error:
            raise ValidationError(
                self.env._(
                    "%(template)s: the file is no workbook (.xlsx) of at most"
                    " %(size)s MB.",
                    template=self.name,
                    size=FILE_BYTES // 1_000_000,
                )
            ) from error

    def _fill(self, book, functions):
        """Put values in place of the expressions of all sheets."""
        count = 0
        for sheet in book.worksheets:
            for row in sheet.iter_rows():
                for cell in row:
                    if not isinstance(cell.value, str) or "{{" not in cell.value:
                        continue
                    count += 1
                    if count > EXPRESSIONS:
                        raise UserError(
                            self.env._(
                                "%(template)s has more than %(count)s expressions.",
                                template=self.name,
                                count=EXPRESSIONS,
                            )
                        )
                    self._fill_cell(sheet, cell, functions)

    def _fill_cell(self, sheet, cell, functions):
        try:
            whole = MARKED.fullmatch(cell.value.strip())
            if whole:
                value = evaluate(whole[1], functions)
            else:
                value = MARKED.sub(
                    lambda match: str(evaluate(match[1], functions)), cell.value
                )
        except FormulaError as error:
            raise UserError(
                self.env._(
                    "%(sheet)s!%(cell)s: %(expression)s is not understood at"
                    " “%(place)s”.",
                    sheet=sheet.title,
                    cell=cell.coordinate,
                    expression=cell.value,
                    place=str(error),
                )
            ) from error
        if isinstance(value, str):
            # A name that begins like a formula stays a text.
            cell.value = value
            cell.data_type = "s"
        else:
            cell.value = round(float(value), 6)


class Books:
    """What expressions read, each period of the ledger once."""

    def __init__(self, env, company, dates):
        self.env, self.company, self.dates = env, company, dates
        self.balances, self.statements = {}, {}

    def get_functions(self):
        """What expressions may call."""
        return {
            "bal": self.bal,
            "line": self.line,
            "company": lambda: self.company.name,
            "period": lambda: f"{self.dates[0]} – {self.dates[1]}",
        }

    def _days(self, period):
        """First and last day of "2024-01", "2024" or the period asked for."""
        if not period:
            return self.dates
        try:
            if len(period) == 4:
                start = fields.Date.to_date(f"{period}-01-01")
                return date_utils.get_fiscal_year(start)
            return date_utils.get_month(fields.Date.to_date(f"{period}-01"))
        except ValueError as error:
            raise FormulaError(period) from error

    def bal(self, codes, period="", when="end"):
        """Balance of accounts: ``codes`` are beginnings with commas between them."""
        texts = isinstance(codes, str) and isinstance(period, str)
        if when not in WHEN or not texts:
            raise FormulaError(str(when))
        days = self._days(period)
        if days not in self.balances:
            service = self.env["jxc.trial.balance"]
            result = service.get_balances(*days, self.company.id)
            self.balances[days] = result["rows"]
        heads = tuple(code.strip() for code in codes.split(",") if code.strip())
        if not heads:
            raise FormulaError("bal")
        names = {
            "start": ("opening_debit", "opening_credit"),
            "end": ("closing_debit", "closing_credit"),
            "change": ("period_debit", "period_credit"),
            "debit": ("period_debit", None),
            "credit": ("period_credit", None),
        }[when]
        total = sum(
            row[names[0]] - (row[names[1]] if names[1] else 0.0)
            for row in self.balances[days]
            if row["code"].startswith(heads)
        )
        return self.company.currency_id.round(total)

    def line(self, kind, code, column="", period=""):
        """A line of a statement by its number or code."""
        if kind not in COLUMNS:
            raise FormulaError(str(kind))
        column = column or COLUMNS[kind][0]
        if column not in COLUMNS[kind]:
            raise FormulaError(str(column))
        days = self._days(period)
        if (kind, days) not in self.statements:
            result = self.env["jxc.finance.statement"].get_lines(
                kind, *days, self.company.id
            )
            self.statements[kind, days] = result["lines"]
        for line in self.statements[kind, days]:
            if str(code) in (line["line"], line["code"]):
                return line[column]
        raise FormulaError(str(code))
