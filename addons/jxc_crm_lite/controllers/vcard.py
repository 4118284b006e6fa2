# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from odoo import http
from odoo.exceptions import AccessError
from odoo.http import request

from odoo.addons.web.controllers.vcard import Partner


class VCard(Partner):
    """Cards of contacts are an export like any other list of them."""

    @http.route()
    def download_vcard(self, partner_ids=None, partner=None, **kwargs):
        numbers = [
            int(one) for one in (partner_ids or "").split(",") if one.isdecimal()
        ]
        partners = partner or request.env["res.partner"].browse(numbers)
        if len(partners) > 1 and not request.env.user.has_group(
            "base.group_allow_export"
        ):
            raise AccessError(
                request.env._("You may export one contact at a time, not a list.")
            )
        response = super().download_vcard(
            partner_ids=partner_ids, partner=partner, **kwargs
        )
        if partners:
            partners._jxc_log_list("vcard")
        return response
