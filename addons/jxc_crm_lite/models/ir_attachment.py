# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from odoo import models


class IrAttachment(models.Model):
    """One picture under several reports is found by what is in it."""

    _inherit = "ir.attachment"

    _jxc_checksum_index = models.Index("(checksum) WHERE checksum IS NOT NULL")
