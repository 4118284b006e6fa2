# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from pathlib import PurePosixPath

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Command

from ..tools import limits
from ..tools.einvoice import read_einvoice
from ..tools.einvoice_file import OFD, PDF, kind_of, number_in, xml_in_ofd
from ..tools.voucher import VoucherError


class JxcFapiaoUpload(models.TransientModel):
    """上传发票: several XML, OFD and PDF files at once, each with its own result."""

    _name = "jxc.fapiao.upload"
    _description = "Upload of Tax Invoices"

    company_id = fields.Many2one(
        comodel_name="res.company",
        required=True,
        default=lambda self: self.env.company,
    )
    attachment_ids = fields.Many2many(
        comodel_name="ir.attachment",
        string="Files",
        bypass_search_access=True,
    )
    is_drafting = fields.Boolean(
        string="Draft Vendor Bills",
        help="Of invoices received that are new in the register.",
    )
    line_ids = fields.One2many(
        comodel_name="jxc.fapiao.upload.line",
        inverse_name="upload_id",
        string="Results",
        readonly=True,
    )

    has_fapiao = fields.Boolean(
        compute="_compute_has_fapiao", export_string_translation=False
    )

    @api.depends("line_ids.fapiao_id")
    def _compute_has_fapiao(self):
        for upload in self:
            upload.has_fapiao = bool(upload.line_ids.fapiao_id)

    def action_upload(self):
        """Read the files and show what became of each.

        XML, and the XML inside OFD, makes entries of the register; PDF, and OFD
        without it, is attached to the entry whose number is in the name of the file,
        or of the XML of the same name. A file with a problem leaves the others alone.

        :raise AccessError: no right to keep bills, or to read a file
        :raise UserError: no files, or too many
        """
        self.ensure_one()
        register = self.env["jxc.fapiao"].with_company(self.company_id)
        register.check_access("create")
        if self.company_id not in self.env.companies:
            raise UserError(
                self.env._(
                    "You are not working in %(company)s.", company=self.company_id.name
                )
            )
        if not self.attachment_ids or len(self.attachment_ids) > limits.UPLOADS:
            raise UserError(
                self.env._(
                    "Choose 1 to %(most)s files: XML, OFD or PDF.", most=limits.UPLOADS
                )
            )
        self.attachment_ids.check_access("read")
        results, later, stems = [], [], {}
        for attachment in self.attachment_ids:
            name, data = attachment.name, attachment.raw or b""
            try:
                kind = kind_of(data)
                xml = xml_in_ofd(data) if kind == OFD else data
            except VoucherError as error:
                results.append(self._problem(name, error))
                continue
            if kind == PDF or xml is None:
                later.append((name, data))
            else:
                results.append(self._read_file(register, name, data, xml, stems))
        results += [self._find_place(register, *file, stems) for file in later]
        self.line_ids = [Command.clear(), *map(Command.create, results)]
        # Kept with the entries; these were only for the way.
        self.attachment_ids.filtered(
            lambda file: file.create_uid == self.env.user and not file.res_id
        ).unlink()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Upload Tax Invoices"),
            "res_model": self._name,
            "res_id": self.id,
            "view_mode": "form",
            "target": "new",
        }

    def action_open(self):
        """The entries of the register that this upload made or added files to."""
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "jxc_finance_bridge.jxc_fapiao_action"
        )
        return {**action, "domain": [("id", "in", self.line_ids.fapiao_id.ids)]}

    def _read_file(self, register, name, data, xml, stems):
        """Make an entry of an XML; the same invoice in another form is attached."""
        stem = PurePosixPath(name).stem
        try:
            invoice = read_einvoice(xml)
            found = register._find_number(invoice.number, invoice.seller_vat)
            if found and found in stems.values():
                return self._attach_to(found, name, data)
            with self.env.cr.savepoint():
                fapiao = register._read_xml(xml, [(name, data)])
        except (UserError, VoucherError) as error:
            return self._problem(name, error)
        stems[stem] = fapiao
        result = {"name": name, "state": "new", "fapiao_id": fapiao.id}
        if self.is_drafting and fapiao.direction == "in":
            try:
                with self.env.cr.savepoint():
                    fapiao.action_draft_bill()
            except UserError as error:
                result.update(state="warning", message=str(error))
        return result

    def _find_place(self, register, name, data, stems):
        """Attach a file without data to the entry it belongs to."""
        number = number_in(name)
        found = register._find_number(number) if number else register
        found = found or stems.get(PurePosixPath(name).stem, register)
        if len(found) == 1:
            return self._attach_to(found, name, data)
        return {
            "name": name,
            "state": "problem",
            "message": self.env._(
                "There is no invoice data in it, and no tax invoice with the number in"
                " its name. Upload the XML as well, or name the file after the number."
            ),
        }

    def _attach_to(self, fapiao, name, data):
        fapiao._attach([(name, data)])
        return {"name": name, "state": "attached", "fapiao_id": fapiao.id}

    def _problem(self, name, error):
        texts = getattr(error, "problems", None) or [str(error)]
        return {
            "name": name,
            "state": "problem",
            "message": "\n".join(
                text if isinstance(text, str) else self.env._(text) for text in texts
            ),
        }
