# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
import base64
import binascii
import unicodedata

from odoo import api, models
from odoo.exceptions import UserError, ValidationError
from odoo.fields import Command

from ..tools.einvoice import read_einvoice, tax_number
from ..tools.voucher import VoucherError


class JxcFapiao(models.Model):
    """Reading e-invoices into the register, and the links of red to blue ones."""

    _inherit = "jxc.fapiao"

    @api.model_create_multi
    def create(self, vals_list):
        fapiaos = super().create([self._get_normal(vals) for vals in vals_list])
        fapiaos._link_blue()
        return fapiaos

    def write(self, vals):
        return super().write(self._get_normal(vals))

    @api.model
    def _get_normal(self, vals):
        """Values with numbers as they are on paper, so that a paper is known again."""
        normal = dict(vals)
        for name in ("seller_vat", "buyer_vat"):
            if vals.get(name):
                normal[name] = tax_number(str(vals[name]))
        for name in ("number", "blue_number"):
            if vals.get(name):
                normal[name] = unicodedata.normalize("NFKC", str(vals[name])).strip()
        return normal

    @api.model
    def read_file(self, content, name="invoice.xml"):
        """Put the e-invoice of an XML file into the register and attach the file.

        :param str content: the file in base64
        :param str name: name of the file
        :return: id of the tax invoice
        :raise AccessError: no right to keep bills
        :raise UserError: no e-invoice, of another company, or there already
        """
        self.check_access("create")
        try:
            data = base64.b64decode(content, validate=True)
        except (binascii.Error, TypeError) as error:
            raise UserError(self.env._("The file is not in base64.")) from error
        return self._read_xml(data, [(name, data)]).id

    @api.model
    def _read_xml(self, data, attachments):
        """Register the e-invoice of a document, with the files it came in."""
        company = self.env.company
        try:
            invoice = read_einvoice(data)
        except VoucherError as error:
            raise UserError(
                "\n".join(self.env._(text) for text in error.problems)
            ) from error
        vat = (company.vat or "").upper().removeprefix("CN")
        if not vat or vat not in (invoice.buyer_vat, invoice.seller_vat):
            raise UserError(
                self.env._(
                    "%(number)s is neither to nor from %(company)s (%(vat)s).",
                    number=invoice.number,
                    company=company.name,
                    vat=vat or "–",
                )
            )
        if self._find_number(invoice.number, invoice.seller_vat):
            raise UserError(
                self.env._(
                    "%(number)s is in the register already.", number=invoice.number
                )
            )
        fapiao = self.create(self._prepare_values(invoice, vat))
        fapiao._attach(attachments)
        if fapiao.direction == "out":
            fapiao._link_certain()
        return fapiao

    def _find_number(self, number, seller_vat=None):
        domain = [("company_id", "=", self.env.company.id), ("number", "=", number)]
        if seller_vat:
            domain.append(("seller_vat", "=", seller_vat))
        return self.search(domain, limit=2)

    def _attach(self, attachments):
        self.ensure_one()
        names = ", ".join(name for name, _data in attachments)
        self.message_post(
            body=self.env._("Read from %(name)s.", name=names),
            attachments=attachments,
        )

    def _prepare_values(self, invoice, vat):
        return {
            "company_id": self.env.company.id,
            "number": invoice.number,
            "kind": invoice.kind,
            "direction": "in" if invoice.buyer_vat == vat else "out",
            "date": invoice.date,
            "seller_name": invoice.seller,
            "seller_vat": invoice.seller_vat,
            "buyer_name": invoice.buyer,
            "buyer_vat": invoice.buyer_vat,
            "amount_untaxed": float(invoice.amount_untaxed),
            "amount_tax": float(invoice.amount_tax),
            "blue_number": invoice.blue_number or False,
            "line_ids": [
                Command.create(
                    {
                        "sequence": sequence,
                        "name": line.name or invoice.number,
                        "spec": line.spec,
                        "unit": line.unit,
                        "quantity": float(line.quantity),
                        "amount": float(line.amount),
                        "amount_tax": float(line.tax),
                        "rate": float(line.rate or 0),
                        "is_exempt": line.rate is None,
                    }
                )
                for sequence, line in enumerate(invoice.lines, start=1)
            ],
        }

    # Red and blue -------------------------------------------------------------

    def _link_blue(self):
        """Link red invoices to the blue ones they name, whichever came first."""
        waiting = self.filtered(lambda red: red.blue_number and not red.blue_id)
        waiting |= self.search(
            [
                ("blue_id", "=", False),
                ("blue_number", "in", self.mapped("number")),
                ("company_id", "in", self.company_id.ids),
            ]
        )
        if not waiting:
            return
        blues = self.search(
            [
                ("number", "in", waiting.mapped("blue_number")),
                ("company_id", "in", waiting.company_id.ids),
            ]
        )
        known = {(b.company_id, b.seller_vat, b.number): b for b in blues}
        for red in waiting:
            blue = known.get((red.company_id, red.seller_vat, red.blue_number))
            if not blue:
                continue
            try:
                with self.env.cr.savepoint():
                    red.blue_id = blue
            except ValidationError as error:
                # It may be corrected by hand; the paper itself is registered.
                red.invalidate_recordset(["blue_id"])
                red.message_post(body=str(error))
