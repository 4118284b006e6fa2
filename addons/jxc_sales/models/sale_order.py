# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
import pytz

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

from odoo.addons.jxc_base.tools.guard import own_defaults
from odoo.addons.jxc_base.tools.prefetch import RARELY_READ

from ..tools import marks

#: Writing one of these may change what a confirmed order's customer owes, or who.
CREDIT_FIELDS = {
    "company_id",
    "currency_id",
    "currency_rate",
    "date_order",
    "fiscal_position_id",
    "order_line",
    "partner_id",
    "partner_invoice_id",
    "pricelist_id",
    "state",
}

#: What follows from the documents and the exposure is read from.
COMPUTED_FIELDS = {
    "amount_tax",
    "amount_total",
    "amount_untaxed",
    "currency_rate",
    "jxc_billed_less",
    "jxc_billed_less_accepted",
    "jxc_credit_delivered",
    "jxc_credit_draft",
    "jxc_credit_held_at",
    "jxc_credit_hold_amount",
    "jxc_credit_hold_reason",
    "jxc_credit_ordered",
    "jxc_credit_partner_id",
    "jxc_credit_release_ids",
    "jxc_credit_returned",
    "jxc_credit_shipped",
    "jxc_credit_state",
    "jxc_deposit_paid_at",
    "jxc_import_number",
    "jxc_presale_late_on",
    "jxc_sale_return_id",
    "transaction_ids",
}


class SaleOrder(models.Model):
    _inherit = "sale.order"

    jxc_import_number = fields.Char(
        string="Imported Number",
        copy=False,
        readonly=True,
        help="Number of the document in the file it was imported from.",
        prefetch=RARELY_READ,
    )

    _jxc_import_number_uniq = models.UniqueIndex(
        "(jxc_import_number, company_id) WHERE jxc_import_number IS NOT NULL",
        "This sales order was imported already.",
    )

    # -- confirmation -------------------------------------------------------------

    def action_confirm(self):
        with marks.Confirming() as confirming:
            orders = self.with_context(**{marks.CONFIRMING: confirming})
            return super(SaleOrder, orders).action_confirm()

    def _prepare_confirmation_values(self):
        values = super()._prepare_confirmation_values()
        if marks.replay_of(self.env):
            values.pop("date_order", None)
        return values

    def _action_cancel(self):
        with marks.Cancelling() as cancelling:
            orders = self.with_context(**{marks.CANCELLING: cancelling})
            return super(SaleOrder, orders)._action_cancel()

    @api.model
    def default_get(self, fields):
        defaults = super().default_get(fields)
        return own_defaults(self, defaults, COMPUTED_FIELDS | {"state"})

    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            self._jxc_check_not_computed(vals)
        if any(vals.get("state") == "sale" for vals in vals_list):
            self._jxc_check_confirming()
        return super().create(vals_list)

    def write(self, vals):
        self._jxc_check_not_computed(vals)
        confirming = vals.get("state") == "sale"
        if confirming and any(order.state != "sale" for order in self):
            self._jxc_check_confirming()
        if "state" in vals and not confirming:
            self._jxc_check_cancelling()
        if not CREDIT_FIELDS & set(vals):
            return super().write(vals)
        with self._jxc_credit_watch(
            lambda order: confirming or self._jxc_owes(order)
        ) as watch:
            return super(SaleOrder, self.with_context(**watch)).write(vals)

    @staticmethod
    def _jxc_owes(order):
        """Whether a change of this order may change what its customer owes.

        Goods that left are owed, also when their order was cancelled afterwards.
        """
        return order.state == "sale" or any(
            line.qty_delivered or line.qty_invoiced for line in order.order_line
        )

    def _jxc_check_not_computed(self, vals):
        """Amounts follow from the lines and documents; no client writes them.

        :raise AccessError: naming the fields
        """
        fields = COMPUTED_FIELDS & set(vals)
        if fields and not (self.env.su or marks.replay_of(self.env)):
            raise AccessError(
                self.env._(
                    "%(fields)s of sales orders cannot be written: the value follows"
                    " from the order's lines, deliveries and invoices.",
                    fields=", ".join(sorted(fields)),
                )
            )

    def _jxc_check_confirming(self):
        """Refuse the status of a confirmed order to whoever just writes it.

        :raise UserError: outside of action_confirm; addons being installed may
        """
        if not marks.confirming_of(self.env) and self.env.registry.ready:
            raise UserError(
                self.env._(
                    "An order becomes a sales order by confirming it, not by writing"
                    " its status: nothing would be checked, reserved or delivered."
                )
            )

    def _jxc_check_cancelling(self):
        """Refuse to take a confirmed order back by just writing another status.

        :raise UserError: outside of action_cancel; addons being installed may
        """
        confirmed = self.filtered(lambda order: order.state == "sale")
        if confirmed and not marks.cancelling_of(self.env) and self.env.registry.ready:
            raise UserError(
                self.env._(
                    "%(orders)s: a confirmed order is taken back with Cancel, not by"
                    " writing its status: its deliveries and invoices would go on.",
                    orders=", ".join(confirmed.mapped("name")),
                )
            )

    # -- replay of imported documents ---------------------------------------------

    def _prepare_invoice(self):
        values = super()._prepare_invoice()
        if marks.replay_of(self.env):
            values["invoice_date"] = self._jxc_local_date()
        return values

    def _get_invoiceable_lines(self, final=False):
        lines = super()._get_invoiceable_lines(final=final)
        if marks.replay_of(self.env):
            lines = lines.filtered(lambda line: line.qty_delivered > line.qty_invoiced)
        return lines

    def _update_programs_and_rewards(self):
        if marks.replay_of(self.env):
            return None  # Past prices stand; today's promotions have no part in them.
        return super()._update_programs_and_rewards()

    def _jxc_local_date(self):
        """The user's day of the order."""
        return pytz.utc.localize(self.date_order).astimezone(self.env.tz).date()
