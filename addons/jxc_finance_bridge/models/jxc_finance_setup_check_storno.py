# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from odoo import models

from .jxc_finance_setup_check import Finding


class JxcFinanceSetupCheck(models.AbstractModel):
    """Corrections in red (红字): below zero on the side they were booked on."""

    _inherit = "jxc.finance.setup.check"

    def _get_codes(self):
        return [*super()._get_codes(), "storno"]

    def _get_label(self, code):
        if code == "storno":
            return self.env._("Corrections in red")
        return super()._get_label(code)

    def _assess_storno(self, company):
        is_red = company.account_storno
        return Finding(
            "ok" if is_red else "wrong",
            self.env._("In red") if is_red else self.env._("On the other side"),
            self.env._("In red"),
            self.env._(
                "Returns and corrections are booked below zero on the side of what they"
                " correct; on the other side they swell the turnover of both."
            ),
        )

    def _fix_storno(self, company):
        company.account_storno = True
