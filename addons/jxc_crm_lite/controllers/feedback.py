# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from odoo import http
from odoo.exceptions import AccessError, UserError
from odoo.http import request
from odoo.tools.misc import hmac

from .helpdesk import MAX_REQUEST, uploads

#: People do not see this field; robots fill it in.
TRAP = "website"


class Feedback(http.Controller):
    """The form where everybody leaves feedback, if the company wants that."""

    @http.route(
        ["/feedback", "/feedback/<int:company_id>"],
        type="http",
        auth="public",
        website=True,
        sitemap=False,
        methods=["GET", "POST"],
        max_content_length=MAX_REQUEST,
    )
    def feedback(self, company_id=None, **form):
        companies = request.env["res.company"].sudo()
        company = companies.browse(company_id or request.env.company.id).exists()
        if not company.jxc_feedback_form:
            return request.not_found()
        errors = []
        if request.httprequest.method == "POST":
            if form.get(TRAP):
                return self._thank(company, None)
            form = {name: text for name, text in form.items() if isinstance(text, str)}
            try:
                with request.env.cr.savepoint():
                    ticket = request.env["helpdesk.ticket"]._jxc_submit_public(
                        form, uploads(), company, self._visitor()
                    )
                return self._thank(company, ticket)
            except AccessError:
                raise  # tells of our system, not of the visitor's input
            except UserError as error:
                errors = str(error).splitlines()
        tickets = request.env["helpdesk.ticket"].sudo()
        return request.render(
            "jxc_crm_lite.feedback_form",
            {
                "company": company,
                "jxc_errors": errors,
                "jxc_form": form,
                "jxc_kinds": tickets.fields_get(["jxc_kind"])["jxc_kind"]["selection"],
                "trap": TRAP,
            },
        )

    def _visitor(self):
        """Say which visitor it was, without keeping the address."""
        address = request.httprequest.remote_addr or ""
        return "web-" + hmac(request.env(su=True), "jxc_feedback", address)[:32]

    def _thank(self, company, ticket):
        # Kept in the session, so that loading the page again sends nothing twice.
        request.session["jxc_feedback"] = ticket and {
            "number": ticket.number,
            "url": f"/my/ticket/{ticket.id}/{ticket._portal_ensure_token()}",
        }
        return request.redirect(f"/feedback/{company.id}/thanks")

    @http.route(
        "/feedback/<int:company_id>/thanks",
        type="http",
        auth="public",
        website=True,
        sitemap=False,
        methods=["GET"],
    )
    def thanks(self, company_id):
        company = request.env["res.company"].sudo().browse(company_id).exists()
        if not company.jxc_feedback_form:
            return request.not_found()
        values = {"company": company, "sent": request.session.get("jxc_feedback")}
        return request.render("jxc_crm_lite.feedback_thanks", values)
