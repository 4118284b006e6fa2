# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from odoo import SUPERUSER_ID, api, models

from ..tools.guard import BY_SERVER, by_server


class Base(models.AbstractModel):
    """What the server makes has no defaults of clients."""

    _inherit = "base"

    @api.model
    def default_get(self, fields):
        """Return the defaults; of records that the server makes, its own only."""
        records = by_server(self) if self._jxc_is_made_by_server() else self
        return super(Base, records).default_get(fields)

    @api.model
    def _jxc_is_made_by_server(self):
        """Whether a new record of ours would be the server's work, not a client's.

        Either nobody has the right to create records of the model, or they are made
        with rights that the user does not have himself.
        """
        if not self._name.startswith("jxc.") or self._abstract:
            return False
        if self.env.su and self.env.uid != SUPERUSER_ID:
            return True
        rights = self.env["ir.model.access"]
        return rights._get_access_groups(self._name, "create").is_empty()


class IrDefault(models.Model):
    _inherit = "ir.default"

    def _get_model_defaults(self, model_name, condition=False):
        """Leave out what the user keeps for himself where the server makes records."""
        defaults = (
            self.with_user(SUPERUSER_ID) if BY_SERVER in self.env.context else self
        )
        return super(IrDefault, defaults)._get_model_defaults(model_name, condition)
