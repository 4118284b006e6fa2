# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from odoo import models
from odoo.exceptions import UserError

from ..tools.one_at_a_time import one_at_a_time
from ..tools.phone_dial import dialled


class JxcCallMixin(models.AbstractModel):
    """What can be called with one click."""

    _name = "jxc.call.mixin"
    _description = "Click to Call"

    def action_jxc_call(self):
        """Open the dialling program and the report of the call.

        Clicking again within minutes, also twice in one moment, is the same call.

        :return: client action with the number and the form of a draft jxc.followup
        :raise AccessError: nobody in sales
        :raise UserError: there is no number
        """
        self.ensure_one()
        self.check_access("read")
        number = self._jxc_call_number()
        to_dial = dialled(number)
        if not to_dial:
            raise UserError(
                self.env._(
                    "%(name)s has no phone number. Enter one first.",
                    name=self.display_name,
                )
            )
        one_at_a_time(self)
        draft = self.env["jxc.followup"]._begin_call(self, number)
        return {
            "type": "ir.actions.client",
            "tag": "jxc_call",
            "params": {
                "number": to_dial,
                "next": draft._open_report(),
            },
        }

    def _jxc_call_number(self):
        """The number to dial as text, "" if there is none."""
        return self.phone or ""
