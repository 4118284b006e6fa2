# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
import base64
import hashlib
import io
import json
import zipfile
from collections import Counter

import xlsxwriter

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import html2plaintext

LONGEST_CELL = 32_000


class JxcPrivacyRequest(models.TransientModel):
    """A person asks for the data about himself, or to be forgotten."""

    _name = "jxc.privacy.request"
    _description = "Personal Data Request"

    partner_id = fields.Many2one(
        comodel_name="res.partner", string="Contact", required=True, readonly=True
    )
    reason = fields.Char(required=True)
    person_count = fields.Integer(string="Persons", compute="_compute_persons")
    problems = fields.Text(compute="_compute_persons")
    file = fields.Binary(readonly=True, attachment=False)
    file_name = fields.Char(readonly=True)

    @api.depends("partner_id")
    def _compute_persons(self):
        for request in self:
            request.partner_id._jxc_check_officer()
            persons = request.partner_id._jxc_persons()
            request.person_count = len(persons)
            request.problems = "\n".join(request._get_problems(persons)) or False

    # Export -----------------------------------------------------------------------

    def action_export(self):
        """Make the file with everything known of the person, and note it in the log.

        A zip with data.json, data.xlsx and the attachments: data of the companies of
        the user.

        :raise AccessError: for anyone but officers for personal data
        """
        self.ensure_one()
        self.partner_id._jxc_check_officer()
        persons = self.partner_id._jxc_persons()
        sources = persons._jxc_personal_sources()
        tables = self._get_tables(persons)
        content = self._make_zip(tables, persons._jxc_personal_files())
        self.write(
            {
                "file": base64.b64encode(content),
                "file_name": f"personal-data-{self.partner_id.id}.zip",
            }
        )
        self._log(
            "export",
            persons,
            details=self._tell_counts(
                (sources[name][0], len(rows)) for name, (_h, rows) in tables.items()
            ),
            checksum=hashlib.sha256(content).hexdigest(),
        )
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Personal Data"),
            "res_model": self._name,
            "res_id": self.id,
            "view_mode": "form",
            "target": "new",
        }

    def _tell_counts(self, counts):
        """Say in words how many records of which kinds there were.

        :param counts: pairs of the name of a model and a number
        """
        found = Counter()
        for model, number in counts:
            found[model] += number
        # sudo: what the kinds are called
        kinds = self.env["ir.model"].sudo()
        return ", ".join(
            f"{kinds._get(model).name or model}: {number}"
            for model, number in found.items()
            if number
        )

    def _get_tables(self, persons):
        """Return ``{table: (labels, rows of plain values)}``."""
        tables = {}
        for name, (model, domain, names) in persons._jxc_personal_sources().items():
            # sudo: the person has a right to all of it, whatever the officer sells
            records = self.env[model].sudo().with_context(active_test=False)
            names = [field for field in names if field in records._fields]
            records = records.search(domain)
            records.fetch([f for f in names if records._fields[f].store])
            labels = [
                records._fields[field]._description_string(self.env) for field in names
            ]
            rows = [
                [self._plain(record, field) for field in names] for record in records
            ]
            tables[name] = (labels, rows)
        return tables

    def _plain(self, record, name):
        """Return a value as people read it: text, number or None."""
        field, value = record._fields[name], record[name]
        if field.type == "boolean":
            return value
        if not value and field.type not in ("integer", "float", "monetary"):
            return None
        if field.relational:
            return ", ".join(value.mapped("display_name"))
        if field.type == "selection":
            return dict(field._description_selection(self.env)).get(value, value)
        if field.type == "html":
            return html2plaintext(value)
        if field.type in ("date", "datetime"):
            return fields.Datetime.to_string(value)
        return value

    def _make_zip(self, tables, files):
        content = io.BytesIO()
        with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as archive:
            data = {
                name: [dict(zip(labels, row, strict=True)) for row in rows]
                for name, (labels, rows) in tables.items()
            }
            text = json.dumps(data, ensure_ascii=False, indent=2, default=str)
            archive.writestr("data.json", text)
            archive.writestr("data.xlsx", self._make_xlsx(tables))
            for file in files:
                if file.raw:
                    # never a path: names come from whoever uploaded them
                    name = "".join(
                        c if c.isalnum() or c in "-_." else "_" for c in file.name
                    )
                    archive.writestr(f"files/{file.id}-{name[-80:]}", file.raw)
        return content.getvalue()

    def _make_xlsx(self, tables):
        content = io.BytesIO()
        # Texts of outsiders never become formulas or links.
        options = {"strings_to_formulas": False, "strings_to_urls": False}
        with xlsxwriter.Workbook(content, {"in_memory": True, **options}) as book:
            bold = book.add_format({"bold": True})
            for name, (labels, rows) in tables.items():
                sheet = book.add_worksheet(name[:31])
                sheet.write_row(0, 0, labels, bold)
                for number, row in enumerate(rows, start=1):
                    cells = [
                        cell[:LONGEST_CELL] if isinstance(cell, str) else cell
                        for cell in row
                    ]
                    sheet.write_row(number, 0, cells)
        return content.getvalue()

    # Erasing ----------------------------------------------------------------------

    def action_erase(self):
        """Make the person unknown. Cannot be undone.

        :raise AccessError: for anyone but officers for personal data
        :raise UserError: naming every document that is not finished
        """
        self.ensure_one()
        self.partner_id._jxc_check_officer()
        persons = self.partner_id._jxc_persons()
        problems = self._get_problems(persons)
        if problems:
            raise UserError(
                self.env._(
                    "%(name)s cannot be erased yet:\n%(problems)s",
                    name=self.partner_id.sudo().display_name,
                    problems="\n".join(problems),
                )
            )
        number = self.partner_id.id
        # Files that were handed out lie there for some hours yet.
        others = self.sudo().search([("partner_id", "in", persons.ids)]) - self
        others.unlink()
        self.file = False
        done = persons._jxc_erase_personal()
        self._log(
            "erase",
            persons,
            subject=f"#{number}",
            details=self._tell_counts(done.items()),
        )
        return {"type": "ir.actions.client", "tag": "soft_reload"}

    def _get_problems(self, persons):
        """Return one sentence per thing that keeps the persons from being erased."""
        problems = []
        users = persons._jxc_needed_users()
        if users:
            problems.append(
                self.env._(
                    "%(users)s can log in: archive the user first.",
                    users=", ".join(users.mapped("name")),
                )
            )
        companies = self.env["res.company"].sudo()
        if companies.search_count([("partner_id", "in", persons.ids)], limit=1):
            problems.append(self.env._("It is one of your own companies."))
        for records in persons._jxc_open_documents():
            problems.append(
                self.env._(
                    "%(model)s not finished: %(names)s",
                    model=self.env["ir.model"]._get(records._name).sudo().name,
                    names=", ".join(records.mapped("display_name")[:10]),
                )
            )
        return problems

    def _log(self, kind, persons, **values):
        self.env["jxc.privacy.log"].sudo().create(
            {
                "kind": kind,
                "user_id": self.env.uid,
                "company_id": self.env.company.id,
                "partner_id": self.partner_id.id,
                "subject": self.partner_id.sudo().display_name,
                "reason": self.reason,
                "record_count": len(persons),
                **values,
            }
        )
