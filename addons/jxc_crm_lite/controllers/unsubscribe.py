# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from odoo import http
from odoo.http import request
from odoo.tools import consteq


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
        values = {"company": company, "email": email, "token": token, "done": done}
        return request.render("jxc_crm_lite.unsubscribe", values)
