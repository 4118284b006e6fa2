# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
import base64
import binascii

from odoo import Command, fields, models
from odoo.exceptions import UserError

from ..tools.importing import ImportRefused


class JxcImportWizard(models.TransientModel):
    """Upload company data, see every problem or the figures of the import."""

    _name = "jxc.import.wizard"
    _description = "Import Company Data"

    MOST_PROBLEMS = 2_000

    upload = fields.Binary(string="File", attachment=False)
    upload_name = fields.Char(export_string_translation=False)
    history = fields.Boolean(
        string="Past Documents",
        help="Record past orders without enforcing budgets and credit limits. Each "
        "document's log says so.",
    )
    company_id = fields.Many2one(
        "res.company",
        required=True,
        readonly=True,
        default=lambda self: self.env.company,
    )
    state = fields.Selection(
        [
            ("upload", "Upload"),
            ("refused", "Refused"),
            ("checked", "Checked"),
            ("done", "Imported"),
        ],
        required=True,
        readonly=True,
        default="upload",
    )
    problem_ids = fields.One2many(
        "jxc.import.wizard.problem", "wizard_id", readonly=True
    )
    problem_count = fields.Integer(readonly=True)
    report_html = fields.Html(string="Figures", readonly=True, sanitize=False)

    def _compute_display_name(self):
        self.display_name = self.env._("Import Company Data")

    def action_check(self):
        """Find all problems of the uploaded file; write nothing but the answer."""
        return self._jxc_run(check_only=True)

    def action_import(self):
        """Import the uploaded file: all of it, or nothing and all its problems."""
        return self._jxc_run(check_only=False)

    def _jxc_run(self, check_only):
        self.ensure_one()
        service = self.env["jxc.import"].with_company(self.company_id)
        try:
            run = service.run_upload(
                self.upload_name or "",
                self._jxc_content(),
                history=self.history,
                check_only=check_only,
            )
        except ImportRefused as refusal:
            self.write(self._prepare_refusal(refusal.problems))
        else:
            self.write(
                {
                    "state": "checked" if check_only else "done",
                    "problem_ids": [Command.clear()],
                    "problem_count": 0,
                    "report_html": run.report_html,
                }
            )
        return self._jxc_reopen()

    def _jxc_content(self):
        if not self.upload:
            raise UserError(self.env._("Choose a workbook (.xlsx) or a .zip of CSVs."))
        try:
            return base64.b64decode(self.upload, validate=True)
        except (binascii.Error, ValueError) as error:
            raise UserError(self.env._("The upload is damaged, try again.")) from error

    def _prepare_refusal(self, problems):
        return {
            "state": "refused",
            "report_html": False,
            "problem_count": len(problems),
            "problem_ids": [
                Command.clear(),
                *(
                    Command.create(problem.as_dict())
                    for problem in problems[: self.MOST_PROBLEMS]
                ),
            ],
        }

    def _jxc_reopen(self):
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Import Company Data"),
            "res_model": self._name,
            "res_id": self.id,
            "view_mode": "form",
            "target": "new",
        }
