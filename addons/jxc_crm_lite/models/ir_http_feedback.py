# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
import re

from odoo import models
from odoo.http import request

FORM = re.compile(r"/(?:feedback|jxc/unsubscribe)(?:/(\d{1,9}))?")


class IrHttp(models.AbstractModel):
    """Visitors of our public pages whose browser names no language with a country.

    The platform would greet them in English, whatever language the company speaks.
    """

    _inherit = "ir.http"

    @classmethod
    def _match(cls, path):
        form = FORM.fullmatch(path)
        if form and not (
            request.best_lang
            or request.session.uid
            or request.httprequest.cookies.get("frontend_lang")
        ):
            request.update_context(lang=cls._jxc_visitor_lang(form[1]))
        return super()._match(path)

    @classmethod
    def _jxc_visitor_lang(cls, company_id):
        """Return a language of the browser that is installed, or the company's.

        :param company_id: of the form, as in its address; None for the public user's
        """
        # Nobody is logged in yet.
        env = request.env(su=True)
        for language in request.httprequest.accept_languages.values():
            # "zh" and "zh-Hans" are nearest to Chinese as installed
            found = env["ir.http"].get_nearest_lang(language.replace("-", "_"))
            if found:
                return found
        if company_id:
            company = env["res.company"].browse(int(company_id)).exists()
        else:
            company = env.ref("base.public_user").company_id
        return company.partner_id.lang
