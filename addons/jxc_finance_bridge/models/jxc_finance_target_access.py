# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from odoo import api, models
from odoo.exceptions import ValidationError

from ..tools.formats import Settings
from ..tools.services import SERVICES, Access


class JxcFinanceTarget(models.Model):
    """What files and services hear of the books, and how services are reached."""

    _inherit = "jxc.finance.target"

    @api.constrains("secret")
    def _check_secret(self):
        """Of its own: a check of stored fields is not made again for others."""
        self._check_request()

    @api.constrains("adapter", "login")
    def _check_request(self):
        """What no request could ever carry is refused before anything is sent."""
        for target in self.sudo().filtered("is_service"):
            problems = SERVICES[target.adapter].access_problems(target._get_access())
            if problems:
                raise ValidationError(
                    self.env._(
                        "%(target)s: %(problem)s",
                        target=target.name,
                        problem=" ".join(self.env._(text) for text in problems),
                    )
                )

    def _get_settings(self, company=None):
        """What files and services say about the books."""
        company = company or self.company_id
        return Settings(
            book=self.book or "",
            company=company.name or "",
            registry=company.vat or "",
            currency=company.currency_id.name,
            currency_code=self.currency_code or "RMB",
            word=self.word or "记",
            encoding=self.encoding or "gb18030",
        )

    def _get_cash_flow_names(self):
        """((code, name) of the cash-flow items there), each code once."""
        names = {}
        for mapping in self.mappings.filtered(lambda row: row.kind == "cash_flow"):
            # sudo: who reads vouchers need not read the items
            own = mapping.cash_flow_item_id.sudo() or mapping.account_id
            names.setdefault(
                mapping.external_code, mapping.external_name or own.name or ""
            )
        return tuple(names.items())

    def _get_access(self):
        """How to reach the service; holds the password: never for clients."""
        self.ensure_one()
        target = self.sudo()
        pairs = (
            line.split("=", 1)
            for line in (target.options or "").splitlines()
            if line.strip()
        )
        return Access(
            endpoint=target.endpoint or "",
            login=target.login or "",
            secret=target._jxc_get_secret(),
            tenant=target.tenant or "",
            options=tuple((name.strip(), value.strip()) for name, value in pairs),
            settings=target._get_settings(),
            timeout=target.timeout,
        )
