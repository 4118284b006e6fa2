# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from odoo import api, models
from odoo.models import fix_import_export_id_paths

#: of the platform, with addresses and numbers of persons
OF_PERSONS = frozenset(
    (
        *("calendar.attendee", "mail.blacklist", "mail.message", "mailing.contact"),
        *("mailing.trace", "payment.transaction", "phone.blacklist", "rating.rating"),
        *("res.partner.bank", "sms.sms"),
    )
)
#: what every list of documents shows of a customer
NAMES = frozenset(("id", ".id", "name", "display_name", "complete_name"))


class JxcLoggedExport(models.AbstractModel):
    """Lists of customers do not leave the system unnoticed."""

    _name = "jxc.logged.export"
    _description = "Exports Are Logged"

    _jxc_of_persons = True


class Base(models.AbstractModel):
    """Exports of customers, also as columns of orders, invoices or deliveries."""

    _inherit = "base"

    _jxc_of_persons = False

    def export_data(self, fields_to_export):
        """The platform's export, noted in the log; also when asked for over RPC."""
        result = super().export_data(fields_to_export)
        if self._jxc_exports_persons(fields_to_export):
            self._jxc_log_list(", ".join(map(str, fields_to_export)))
        return result

    def _jxc_log_list(self, details):
        """Note in the log that the user took these records out of the system."""
        self.env["jxc.privacy.log"].sudo().create(
            {
                "kind": "list",
                "user_id": self.env.uid,
                "company_id": self.env.company.id,
                "subject": self.env["ir.model"]._get(self._name).sudo().name,
                "record_count": len(self),
                "details": details,
            }
        )

    @api.model
    def _jxc_exports_persons(self, paths):
        """Whether one of the columns is of persons, like ``partner_id/phone``."""
        if self._jxc_of_persons or self._name in OF_PERSONS:
            return True
        for path in paths:
            model = self
            for name in fix_import_export_id_paths(str(path)):
                field = model._fields.get(name)
                if not field or name in NAMES:
                    break
                root = field
                while root.related:
                    root = root.related_field
                source = model if field.relational else self.env[root.model_name]
                if source._jxc_of_persons or source._name in OF_PERSONS:
                    return True
                if not field.relational:
                    break
                model = self.env[field.comodel_name]
        return False


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
