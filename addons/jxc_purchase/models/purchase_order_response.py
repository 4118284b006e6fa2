# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

from odoo.addons.jxc_base.tools.guard import own_defaults

DATES = {"jxc_date_answered", "jxc_date_sent"}


class PurchaseOrder(models.Model):
    """When the vendor was asked, and when the vendor answered."""

    _inherit = "purchase.order"

    jxc_date_sent = fields.Datetime(
        string="RFQ Sent on",
        readonly=True,
        copy=False,
        help="When the request for quotation was first sent or printed.",
    )
    jxc_date_answered = fields.Datetime(
        string="Vendor Answered on",
        readonly=True,
        copy=False,
        tracking=True,
        help="When somebody noted the vendor's answer, at the latest when the order was"
        " confirmed.",
    )

    @api.model
    def default_get(self, fields):
        return own_defaults(self, super().default_get(fields), DATES)

    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            self._jxc_check_dates_not_written(vals)
            if vals.get("state") == "sent":
                vals["jxc_date_sent"] = fields.Datetime.now()
        return super().create(vals_list)

    def write(self, vals):
        self._jxc_check_dates_not_written(vals)
        result = super().write(vals)
        state = vals.get("state")
        now = fields.Datetime.now()
        if state == "sent":
            asked = self.filtered(lambda one: not one.jxc_date_sent)
            if asked:
                asked.sudo().write({"jxc_date_sent": now})
        elif state in ("purchase", "to approve"):
            answered = self.filtered(
                lambda one: one.jxc_date_sent and not one.jxc_date_answered
            )
            if answered:
                answered.sudo().write({"jxc_date_answered": now})
        return result

    def action_jxc_vendor_answered(self):
        """Note that the vendor has answered requests for quotation, now.

        :raise UserError: a request was not sent, or the answer is noted already
        """
        self.check_access("write")
        for order in self:
            if not order.jxc_date_sent or order.jxc_date_answered:
                raise UserError(
                    self.env._(
                        "%s waits for no answer: it was not sent yet, or the answer is"
                        " noted already.",
                        order.name,
                    )
                )
        self.sudo().write({"jxc_date_answered": fields.Datetime.now()})
        return True

    def _jxc_check_dates_not_written(self, vals):
        """:raise AccessError: a client writes when the vendor was asked or answered"""
        if DATES & set(vals) and not self.env.su:
            raise AccessError(
                self.env._(
                    "When a request for quotation was sent and answered is noted by"
                    " sending it, by “Vendor Answered” and by confirming; it cannot be"
                    " written."
                )
            )
