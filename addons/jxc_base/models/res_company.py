# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from odoo import models


class ResCompany(models.Model):
    _inherit = "res.company"

    def _jxc_lang(self):
        """Return the code of the language for what everybody in a company reads.

        Names and stored texts are made once, by whoever comes first. It is the language
        of the company's address; without one, that of who is at work.
        """
        self.ensure_one()
        # sudo: as for the time zone below
        return self.sudo().partner_id.lang or self.env.lang

    def _jxc_timezone(self):
        """Return the name of the time zone that the days of one company are in.

        The same for everybody, whatever the zone of who asks: documents of one day are
        of one day for all. It is the zone of the company's address; without one,
        companies in China, and those that do not say where they are, are in China.
        """
        self.ensure_one()
        # sudo: what a company's day is, is no matter of the user's own companies
        company = self.sudo()
        if company.partner_id.tz:
            return company.partner_id.tz
        # Its id is in memory; the country itself would be read for its code.
        china_id = self.env["ir.model.data"]._xmlid_to_res_id("base.cn")
        is_chinese = company.country_id.id in (False, china_id)
        return "Asia/Shanghai" if is_chinese else "UTC"
