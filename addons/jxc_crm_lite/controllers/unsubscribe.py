# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from odoo import http
from odoo.http import request
from odoo.tools import consteq

from ..models.res_company_marketing import SMS_TOKEN


class Unsubscribe(http.Controller):
    """Where the links of e-mails to many customers lead that are no mailings."""

    # Mail programs post by themselves: the token is what proves who asks.
    @http.route(
        "/jxc/unsubscribe/<int(max=2147483647):company_id>",
        type="http",
        auth="public",
        website=True,
        sitemap=False,
        methods=["GET", "POST"],
        csrf=False,
    )
    def unsubscribe(self, company_id, email="", token="", **_form):
        """Show what will happen, and do it once it is sent.

        Programs that look at the links of an e-mail opt nobody out.
        """
        company = request.env["res.company"].sudo().browse(company_id).exists()
        given = str(token).encode(errors="replace")
        if not company or not consteq(
            company._jxc_unsubscribe_token(email).encode(), given
        ):
            return request.not_found()
        done = request.httprequest.method == "POST"
        if done:
            message = request.env._(
                "Asked for by the link in an e-mail of %s.", company.name
            )
            request.env["mail.blacklist"].sudo()._add(email, message=message)
        values = {"company": company, "address": email, "done": done}
        values["form"] = {"email": email, "token": token}
        values["action"] = f"/jxc/unsubscribe/{company.id}"
        return request.render("jxc_crm_lite.unsubscribe", values)

    @http.route(
        "/jxc/u/<int(max=2147483647):company_id>/<string:number>/<string:token>",
        type="http",
        auth="public",
        website=True,
        sitemap=False,
        methods=["GET", "POST"],
    )
    def unsubscribe_sms(self, company_id, number, token, **_form):
        """The same for the number an SMS went to."""
        if "\0" in number + token:
            # The platform's page for what is not there looks the address up.
            return request.make_response("", status=404)
        company = request.env["res.company"].sudo().browse(company_id).exists()
        number = f"+{number}"
        given = token.encode(errors="replace")
        known = company and company._jxc_unsubscribe_token(number)[:SMS_TOKEN]
        if not known or not consteq(known.encode(), given):
            return request.not_found()
        done = request.httprequest.method == "POST"
        if done:
            message = request.env._(
                "Asked for by the link in an SMS of %s.", company.name
            )
            request.env["phone.blacklist"].sudo()._add([number], message=message)
        values = {"company": company, "address": number, "done": done}
        values["form"] = {"csrf_token": request.csrf_token()}
        values["action"] = request.httprequest.path
        return request.render("jxc_crm_lite.unsubscribe", values)
