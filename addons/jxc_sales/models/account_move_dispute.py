# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

from odoo.addons.jxc_base.tools.guard import own_defaults
from odoo.addons.jxc_base.tools.prefetch import RARELY_READ


class AccountMove(models.Model):
    """Invoices that a customer contests: nobody is reminded of them.

    They stay owed, and overdue for the credit control.
    """

    _inherit = "account.move"

    jxc_is_disputed = fields.Boolean(
        string="Disputed",
        copy=False,
        readonly=True,
        tracking=True,
        groups="base.group_user",
        help="The customer contests it. Reminders leave it out.",
    )
    jxc_dispute_reason = fields.Char(
        string="Dispute",
        copy=False,
        tracking=True,
        groups="base.group_user",
        help="What the customer objects to.",
        prefetch=RARELY_READ,
    )

    @api.model
    def default_get(self, fields):
        return own_defaults(self, super().default_get(fields), {"jxc_is_disputed"})

    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            self._jxc_check_not_disputed(vals)
        return super().create(vals_list)

    def write(self, vals):
        self._jxc_check_not_disputed(vals)
        return super().write(vals)

    def _jxc_check_not_disputed(self, vals):
        """:raise AccessError: for who just writes that invoices are disputed"""
        if "jxc_is_disputed" in vals and not self.env.su:
            raise AccessError(
                self.env._("An invoice is disputed by its button, with a reason.")
            )

    def action_jxc_dispute(self):
        """Leave invoices out of reminders, or take them in again.

        :raise AccessError: unless the user bills customers
        :raise UserError: naming an invoice that is not a posted one of a customer, or
            has no reason
        """
        if not (
            self.env.su or self.env.user.has_group("account.group_account_invoice")
        ):
            raise AccessError(
                self.env._("Only who bills customers marks invoices as disputed.")
            )
        for move in self:
            if move.state != "posted" or not move.is_sale_document():
                raise UserError(
                    self.env._(
                        "%s is no posted customer invoice: nobody is reminded of it.",
                        move.display_name,
                    )
                )
            if not move.jxc_is_disputed and not move.jxc_dispute_reason:
                raise UserError(
                    self.env._(
                        "Say in Dispute what the customer objects to on %s first.",
                        move.display_name,
                    )
                )
        self.check_access("write")
        for move in self.sudo():
            move.jxc_is_disputed = not move.jxc_is_disputed
        return True
