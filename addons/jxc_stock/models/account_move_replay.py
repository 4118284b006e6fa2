# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from odoo import models

from ..tools.replay import replay_of


class AccountMove(models.Model):
    _inherit = "account.move"

    def message_post(self, **kwargs):
        if replay_of(self.env):
            return self.env["mail.message"]  # The log of the import tells of it.
        return super().message_post(**kwargs)

    def message_post_with_source(self, source_ref, **kwargs):
        if replay_of(self.env):
            return self.env["mail.message"]
        return super().message_post_with_source(source_ref, **kwargs)
