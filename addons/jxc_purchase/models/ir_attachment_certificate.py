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
        self._jxc_check_no_proof()
        result = super().write(vals)
        if {"res_field", "res_id", "res_model"} & set(vals):
            self._jxc_check_no_proof()
        return result

    @api.ondelete(at_uninstall=False)
    def _unlink_except_proof(self):
        self._jxc_check_no_proof()

    def _jxc_check_no_proof(self):
        if self.env.su:
            return
        proof = self.sudo().filtered(
            lambda one: one.res_model == CERTIFICATE and one.res_field
        )
        if proof:
            raise UserError(
                self.env._(
                    "%s is the file of a vendor certificate. Change it there, so that"
                    " it is verified again.",
                    proof[0].name,
                )
            )
