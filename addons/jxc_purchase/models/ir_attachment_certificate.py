# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from odoo import api, models
from odoo.exceptions import UserError

CERTIFICATE = "jxc.vendor.certificate"


class IrAttachment(models.Model):
    """The file of a certificate changes with it, so that it notes who did it."""

    _inherit = "ir.attachment"

    @api.model_create_multi
    def create(self, vals_list):
        attachments = super().create(vals_list)
        attachments._jxc_check_no_proof()
        return attachments

    def write(self, vals):
        """Keep the files of certificates.

        :raise UserError: the file of a certificate is changed past the certificate
        """
        result = super().write(vals)
        if {"res_field", "res_id", "res_model"} & set(vals):
            self._jxc_check_no_proof()
        return result

    def _jxc_check_no_proof(self):
        if self.env.su:
            return
        proof = self.sudo().filtered(
            lambda one: one.res_model == CERTIFICATE and one.res_field
        )
        if proof:
            raise UserError(self.env[CERTIFICATE]._jxc_evidence_text(proof[0]))


class JxcVendorCertificate(models.Model):
    _inherit = CERTIFICATE

    def _jxc_kept_evidence(self, files):
        """The file of the field; what else hangs on the certificate is no proof."""
        proof = self._jxc_evidence_of(files).filtered("res_field")
        return super()._jxc_kept_evidence(files) | proof

    def _jxc_evidence_text(self, file):
        return self.env._(
            "%s is the file of a vendor certificate. Change it there, so that it is"
            " verified again.",
            file.sudo().name,
        )
