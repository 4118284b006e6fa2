# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from odoo import http
from odoo.exceptions import UserError
from odoo.http import request

from odoo.addons.sale.controllers.portal import CustomerPortal


class JxcCustomerPortal(CustomerPortal):
    @http.route()
    def portal_quote_accept(
        self, order_id, access_token=None, name=None, signature=None
    ):
        """Have a quotation signed; one that is refused says so where it was signed.

        The window of the portal shows an answer with an error; of a request that fails
        the customer would see nothing, and wait.
        """
        try:
            with request.env.cr.savepoint():
                return super().portal_quote_accept(
                    order_id, access_token=access_token, name=name, signature=signature
                )
        except UserError as refused:
            request.env.invalidate_all(flush=False)
            order = request.env["sale.order"].sudo().browse(order_id)
            order._jxc_tell_of_refused_signature(name, refused)
            return {"error": refused.args[0]}
