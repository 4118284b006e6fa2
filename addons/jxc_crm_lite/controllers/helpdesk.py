# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from odoo import http
from odoo.exceptions import AccessError, UserError
from odoo.http import request

from odoo.addons.helpdesk_mgmt.controllers.main import HelpdeskTicketController

from ..models.helpdesk_ticket_form import MAX_BYTES, MAX_FILES

MAX_REQUEST = 40 * 1024 * 1024


def uploads(name="attachment"):
    """Return [(file name, bytes)] of the request, no more than have to be read."""
    files = []
    for file in request.httprequest.files.getlist(name)[: MAX_FILES + 1]:
        if file.filename:
            files.append((file.filename, file.stream.read(MAX_BYTES + 1)))
    return files


class HelpdeskPortal(HelpdeskTicketController):
    @http.route(methods=["POST"], csrf=True)
    def support_ticket_close(self, **kw):
        """Let a customer close an own ticket; the helpdesk's own route takes any."""
        number = str(kw.get("ticket_id") or "")
        stage = str(kw.get("stage_id") or "")
        if not (number.isdecimal() and stage.isdecimal()):
            return request.redirect("/my/tickets")
        ticket = request.env["helpdesk.ticket"].browse(int(number)).exists()
        operation = "write" if request.env.user._is_internal() else "read"
        if not ticket or not ticket.has_access(operation):
            return request.redirect("/my")
        return super().support_ticket_close(ticket_id=number, stage_id=stage)

    def _get_create_new_ticket_values(self, **kw):
        values = super()._get_create_new_ticket_values(**kw)
        customer = request.env.user.partner_id
        company = request.env.company
        tickets = request.env["helpdesk.ticket"]
        values.update(
            {
                "page_name": "ticket",
                "jxc_kinds": tickets.fields_get(["jxc_kind"])["jxc_kind"]["selection"],
                # Their own, by the rights of the portal.
                "jxc_orders": tickets._jxc_customer_orders(customer, company),
                "jxc_products": tickets._jxc_customer_products(customer, company),
                "jxc_form": kw.get("jxc_form") or {},
                "jxc_errors": kw.get("jxc_errors") or [],
            }
        )
        return values

    @http.route(methods=["POST"], max_content_length=MAX_REQUEST)
    def submit_ticket(self, **kw):
        form = {name: value for name, value in kw.items() if isinstance(value, str)}
        # The helpdesk's own code takes any team and category, and their company.
        for name, offered in (
            ("team", self._get_teams() or []),
            ("category", self._get_categories()),
        ):
            if form.get(name) not in [str(one.id) for one in offered]:
                form.pop(name, None)
        form.setdefault("description", "")
        try:
            with request.env.cr.savepoint():
                values = self._prepare_submit_ticket_vals(**form)
                values.pop("attachment_ids", None)
                ticket = request.env["helpdesk.ticket"]._jxc_submit_portal(
                    form, uploads(), values
                )
                ticket.message_subscribe(partner_ids=request.env.user.partner_id.ids)
        except AccessError:
            raise  # tells of our system, not of the customer's input
        except UserError as error:
            return request.render(
                "helpdesk_mgmt.portal_create_ticket",
                self._get_create_new_ticket_values(
                    jxc_form=form, jxc_errors=str(error).splitlines()
                ),
            )
        return request.redirect(f"/my/ticket/{ticket.id}")
