# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from odoo import models


class JxcLoggedExport(models.AbstractModel):
    """Lists of customers do not leave the system unnoticed."""

    _name = "jxc.logged.export"
    _description = "Exports Are Logged"

    def export_data(self, fields_to_export):
        """The platform's export, noted in the log; also when asked for over RPC."""
        result = super().export_data(fields_to_export)
        self.env["jxc.privacy.log"].sudo().create(
            {
                "kind": "list",
                "user_id": self.env.uid,
                "company_id": self.env.company.id,
                "subject": self.env["ir.model"]._get(self._name).sudo().name,
                "record_count": len(self),
                "details": ", ".join(map(str, fields_to_export)),
            }
        )
        return result


class ResPartner(models.Model):
    _name = "res.partner"
    _inherit = ["res.partner", "jxc.logged.export"]


class CrmLead(models.Model):
    _name = "crm.lead"
    _inherit = ["crm.lead", "jxc.logged.export"]


class JxcFollowup(models.Model):
    _name = "jxc.followup"
    _inherit = ["jxc.followup", "jxc.logged.export"]


class JxcCustomerClass(models.Model):
    _name = "jxc.customer.class"
    _inherit = ["jxc.customer.class", "jxc.logged.export"]


class HelpdeskTicket(models.Model):
    _name = "helpdesk.ticket"
    _inherit = ["helpdesk.ticket", "jxc.logged.export"]
