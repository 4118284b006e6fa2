# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from odoo import api, models
from odoo.tools import ormcache


class IrModelAccess(models.Model):
    """Users of other programs that read the books change nothing at all.

    Every internal user of the platform may write messages below what he reads, which
    go out by mail, plan activities and keep files. A program that reads the books has
    the key of such a user; it only makes reports on screen, which are temporary.
    """

    _inherit = "ir.model.access"

    @api.model
    @ormcache("self.env.uid", "mode")
    def _get_allowed_models(self, mode="read"):
        allowed = super()._get_allowed_models(mode)
        if mode == "read" or not self.env.user._jxc_only_reads_books():
            return allowed
        return frozenset(
            name
            for name in allowed
            if name in self.env and self.env[name].is_transient()
        )
