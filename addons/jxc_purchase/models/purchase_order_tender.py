# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

from odoo.addons.jxc_base.tools.guard import own_defaults
from odoo.addons.jxc_base.tools.prefetch import RARELY_READ

from .purchase_order_mode import OPEN_STATES

QUOTE_FIELDS = {"jxc_quoted_by_id", "jxc_quoted_on"}
BUYER = "purchase.group_purchase_user"


class PurchaseOrder(models.Model):
    """RFQs to several vendors for the same need: a tender (询比价).

    The platform's group of alternative RFQs is the tender. What a vendor answers is
    recorded once with :meth:`action_jxc_record_quote`, so that later changes of an RFQ
    cannot pass as his offer.
    """

    _inherit = "purchase.order"

    jxc_quoted_on = fields.Datetime(
        string="Quotation Recorded",
        readonly=True,
        copy=False,
        help="When the vendor's answer was recorded.",
        prefetch=RARELY_READ,
    )
    jxc_quoted_by_id = fields.Many2one(
        comodel_name="res.users",
        string="Recorded by",
        readonly=True,
        copy=False,
        prefetch=RARELY_READ,
    )

    @api.model
    def default_get(self, fields):
        return own_defaults(self, super().default_get(fields), QUOTE_FIELDS)

    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            self._jxc_check_quote_fields(vals)
        orders = super().create(vals_list)
        for order in orders.filtered("purchase_group_id"):
            order._jxc_check_may_join()
        return orders

    def write(self, vals):
        """Keep recorded quotations in their tender, and late orders out of it.

        :raise AccessError: a client writes that a quotation was recorded
        :raise UserError: an RFQ with a recorded quotation leaves its tender, or an
            order joins one that is no RFQ any more
        """
        self._jxc_check_quote_fields(vals)
        if "purchase_group_id" in vals:
            for order in self:
                if order.purchase_group_id.id == vals["purchase_group_id"]:
                    continue
                if order.purchase_group_id:
                    order._jxc_check_not_quoted()
                if vals["purchase_group_id"]:
                    order._jxc_check_may_join()
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_quoted(self):
        for order in self.filtered("purchase_group_id"):
            order._jxc_check_not_quoted()

    def _jxc_check_not_quoted(self):
        if self.jxc_quoted_on:
            raise UserError(
                self.env._(
                    "%s: the quotation is part of a tender and stays with it. Cancel"
                    " the RFQ if the vendor withdrew.",
                    self.name,
                )
            )

    def _jxc_check_may_join(self):
        """Only what can still be compared takes part in a tender.

        An order confirmed in another mode would look like the winner of a comparison
        that it was never part of.

        :raise UserError: the order is confirmed or waits for its approval
        """
        self.ensure_one()
        if self.state in (*OPEN_STATES, "cancel"):
            return
        state = dict(self._fields["state"]._description_selection(self.env))
        raise UserError(
            self.env._(
                "%(order)s is “%(state)s”: only requests for quotation can join a"
                " tender. Create a new request for quotation for what is still needed.",
                order=self.name,
                state=state[self.state],
            )
        )

    def _jxc_is_in_tender(self):
        """Whether this order has a part in a tender that is running or awarded."""
        self.ensure_one()
        if self.jxc_quoted_on:
            return True
        is_tender = self.jxc_procurement_mode == "tender"
        return is_tender and self.state in ("sent", "to approve", "purchase")

    def _jxc_check_quote_fields(self, vals):
        if QUOTE_FIELDS & set(vals) and not self.env.su:
            raise AccessError(
                self.env._("Quotations are recorded with “Record Quotation”.")
            )

    # ------------------------------------------------------------
    # Quotations
    # ------------------------------------------------------------

    def action_jxc_record_quote(self):
        """Record prices, quantities and dates of RFQs as the answer of their vendors.

        A line without a price is not offered. Recording again replaces the answer.

        :raise AccessError: the user may not change the RFQ
        :raise UserError: the order is no RFQ any more, or no line has a price
        """
        self.check_access("write")
        for order in self:
            order._jxc_check_rfq()
            lines = order._jxc_mode_lines()
            if not any(line.price_unit > 0 for line in lines):
                raise UserError(
                    self.env._(
                        "%s: enter the prices of the vendor first. A line that he does"
                        " not offer stays at 0.",
                        order.name,
                    )
                )
            # Only this method writes them.
            for line in lines.sudo():
                line.write(line._prepare_quote_values())
        self.sudo().write(
            {"jxc_quoted_on": fields.Datetime.now(), "jxc_quoted_by_id": self.env.uid}
        )
        for order in self:
            order.message_post(
                body=order._jxc_quote_text(), subtype_xmlid="mail.mt_note"
            )
        return True

    def _jxc_quote_text(self):
        self.ensure_one()
        quoted = self._jxc_mode_lines().filtered("jxc_quoted_price")
        return self.env._(
            "Quotation recorded: %s",
            "; ".join(
                self.env._(
                    "%(product)s %(quantity)s %(unit)s at %(price)s %(currency)s",
                    product=line.product_id.display_name,
                    quantity=f"{line.jxc_quoted_qty:g}",
                    unit=line.product_uom_id.name,
                    price=f"{line.jxc_quoted_price:.6g}",
                    currency=self.currency_id.name,
                )
                for line in quoted
            ),
        )

    def _jxc_check_rfq(self):
        """:raise UserError: this order is no RFQ any more"""
        self.ensure_one()
        if self.state not in OPEN_STATES:
            state = dict(self._fields["state"]._description_selection(self.env))
            raise UserError(
                self.env._(
                    "%(order)s is “%(state)s” and no request for quotation any more.",
                    order=self.name,
                    state=state[self.state],
                )
            )

    def _jxc_tender_orders(self):
        """Return the RFQs and orders of this order's tender, itself included."""
        self.ensure_one()
        # Not everybody who reads orders reads the group they form.
        orders = self.sudo().purchase_group_id.order_ids.filtered(
            lambda one: one.company_id == self.company_id
        )
        return (orders.with_env(self.env) | self).sorted("id")

    def _jxc_quoting_vendors(self):
        """Return the vendors that answered for something this order buys."""
        self.ensure_one()
        products = self._jxc_mode_lines().product_id
        answered = self._jxc_tender_orders().filtered("jxc_quoted_on")
        offers = answered.order_line.filtered(
            lambda line: line.jxc_quoted_price and line.product_id in products
        )
        return offers.order_id.partner_id.commercial_partner_id

    def _jxc_check_enough_quotes(self):
        """:raise UserError: naming how many vendors answered and how many have to"""
        for order in self.sudo():
            needed = order.company_id.jxc_tender_quotes
            vendors = order._jxc_quoting_vendors()
            if len(vendors) < needed:
                raise UserError(
                    self.env._(
                        "%(order)s is a tender: %(company)s asks for the quotations of"
                        " %(needed)s vendors, %(count)s answered (%(vendors)s). Create"
                        " alternatives for more vendors and record their quotations.",
                        order=order.name,
                        company=order.company_id.name,
                        needed=needed,
                        count=len(vendors),
                        vendors=", ".join(vendors.mapped("name")) or "–",
                    )
                )

    # ------------------------------------------------------------
    # Rules
    # ------------------------------------------------------------

    def _jxc_check_mode_tender(self):
        """Enough vendors answered, and every line is what was awarded.

        :raise UserError: naming the line and what is missing
        """
        self._jxc_check_enough_quotes()
        orders = self.sudo()
        lines = orders._jxc_mode_lines()._jxc_buying()
        awards = self.env["jxc.purchase.award"].sudo()._last_of(lines)
        for line in lines:
            problem = line._jxc_award_problem(awards.get(line))
            if problem:
                raise UserError(
                    self.env._(
                        "%(order)s, %(product)s: %(problem)s Award it on the comparison"
                        " of the quotations.",
                        order=line.order_id.name,
                        product=line.product_id.display_name or line.name,
                        problem=problem,
                    )
                )
