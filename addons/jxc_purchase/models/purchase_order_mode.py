# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from contextlib import contextmanager

from odoo import api, fields, models
from odoo.exceptions import UserError

from odoo.addons.jxc_base.tools.importing import is_history

from ..tools.coverage import in_base
from ..tools.modes import WATCH, ModeWatch, is_wider, watch_of

MODES = [
    ("direct", "Direct Purchase"),
    ("request", "By Request"),
    ("framework", "Framework Call-off"),
    ("tender", "Tender"),
    ("consolidated", "Consolidated"),
    ("dropship", "Drop-ship"),
    ("urgent", "Urgent"),
]

#: Changes of an order that its mode has a say in.
MODE_FIELDS = {
    "currency_id",
    "dest_address_id",
    "order_line",
    "partner_id",
    "picking_type_id",
    "requisition_id",
}
OPEN_STATES = ("draft", "sent")


class PurchaseOrder(models.Model):
    """The procurement mode (采购方式) says which steps are compulsory for an order.

    Each mode has a method ``_jxc_check_mode_<mode>``. It judges orders when they are
    confirmed and again whenever a confirmed order goes beyond what it said.
    """

    _inherit = "purchase.order"

    jxc_procurement_mode = fields.Selection(
        selection=MODES,
        string="Procurement Mode",
        compute="_compute_jxc_procurement_mode",
        store=True,
        readonly=False,
        index=True,
        copy=False,
        tracking=True,
        help="Which steps are compulsory before the order can be confirmed.\n"
        "Direct Purchase: up to the amount the company allows.\n"
        "By Request: everything was requested and approved.\n"
        "Framework Call-off: prices and quantities of a blanket order.\n"
        "Tender: several vendors answered, and the award is on record.\n"
        "Consolidated: the needs of several requests together.\n"
        "Drop-ship: from the vendor straight to the customer.\n"
        "Urgent: confirmed first, approved afterwards within a deadline.",
    )

    @api.depends(
        "order_line.jxc_request_link_ids.request_id",
        "picking_type_id",
        "purchase_group_id",
        "requisition_id",
    )
    def _compute_jxc_procurement_mode(self):
        for order in self:
            chosen = order.jxc_procurement_mode
            settled = order.state not in OPEN_STATES or chosen == "urgent"
            if not (chosen and settled):
                default = order.company_id.jxc_procurement_mode or "direct"
                chosen = order._jxc_mode_of_origin() or chosen or default
            order.jxc_procurement_mode = chosen

    def _jxc_mode_of_origin(self):
        """Return the mode that follows from how the order came into being, or False."""
        self.ensure_one()
        if self.picking_type_id.code == "dropship":
            return "dropship"
        if self.requisition_id.requisition_type == "blanket_order":
            return "framework"
        if self.purchase_group_id:
            return "tender"
        requests = self.order_line.jxc_request_link_ids.request_id
        if len(requests) > 1:
            return "consolidated"
        return requests and "request"

    # ------------------------------------------------------------
    # ORM overrides
    # ------------------------------------------------------------

    def write(self, vals):
        """Keep the mode of confirmed orders, and have them judged when they widen.

        :raise UserError: the mode of an order changes that is confirmed or waits for
            its approval, or the order goes beyond what its mode allows
        """
        if "jxc_procurement_mode" in vals:
            self._jxc_check_mode_open(vals["jxc_procurement_mode"])
        if not set(vals) & MODE_FIELDS:
            return super().write(vals)
        with self._jxc_watch_modes() as watch:
            marked = self.with_context(**{WATCH: watch})
            return super(PurchaseOrder, marked).write(vals)

    def _jxc_check_mode_open(self, mode):
        labels = dict(
            self._fields["jxc_procurement_mode"]._description_selection(self.env)
        )
        for order in self:
            if not mode:
                raise UserError(
                    self.env._("%s: every order has a procurement mode.", order.name)
                )
            if order.state in OPEN_STATES or mode == order.jxc_procurement_mode:
                continue
            raise UserError(
                self.env._(
                    "%(order)s was confirmed as “%(mode)s”, which cannot change any"
                    " more. Cancel the order and set it to draft to buy in another way."
                    "",
                    order=order.name,
                    mode=labels.get(order.jxc_procurement_mode, ""),
                )
            )

    # ------------------------------------------------------------
    # Checks
    # ------------------------------------------------------------

    def _jxc_check_confirm(self):
        super()._jxc_check_confirm()
        self._jxc_check_modes()

    def _jxc_check_modes(self):
        """Judge orders by their modes.

        :raise UserError: naming the order, what is missing and the ways out
        """
        if is_history(self.env):
            return
        for mode, orders in self.grouped("jxc_procurement_mode").items():
            getattr(orders, f"_jxc_check_mode_{mode or 'direct'}")()
        # An agreement binds whatever hangs on it, in any mode.
        agreed = self.filtered(lambda one: one.requisition_type == "blanket_order")
        agreed.filtered(
            lambda one: one.jxc_procurement_mode != "framework"
        )._jxc_check_mode_framework()

    @contextmanager
    def _jxc_watch_modes(self):
        """Judge the confirmed ones of these orders when they widen inside.

        An operation inside of another one leaves the judgement to the outer one, which
        may put lines right one after the other.
        """
        running = watch_of(self.env)
        watch = running or ModeWatch()
        # Lines are written by people who may not read what decides.
        confirmed = self.sudo().filtered(lambda order: order.state == "purchase")
        for order in confirmed:
            if order.id not in watch.before:
                watch.before[order.id] = order._jxc_mode_picture()
        if running:
            yield watch
            return
        try:
            yield watch
        finally:
            watch.is_open = False
        if watch.before:
            self.browse(watch.before)._jxc_judge_widening(watch.before)

    def _jxc_judge_widening(self, before):
        known = self.exists().sudo()
        confirmed = known.filtered(lambda order: order.state == "purchase")
        widened = confirmed.filtered(
            lambda order: is_wider(before[order.id], order._jxc_mode_picture())
        )
        if widened:
            widened._jxc_check_modes()
            widened._action_jxc_widened()

    def _action_jxc_widened(self):
        """Follow confirmed orders that went beyond what they said: hook.

        Called with superuser rights, after the rules of their modes let it through.
        """

    def _jxc_mode_picture(self):
        """Return what this order promises, to be compared by :func:`is_wider`."""
        self.ensure_one()
        head = (
            self.partner_id.commercial_partner_id.id,
            self.currency_id.id,
            self.requisition_id.id,
            self.picking_type_id.code,
            bool(self.dest_address_id),
        )
        lines = {
            line.id: (
                line.product_id.id,
                in_base(line.product_qty, line.product_uom_id),
                line.price_subtotal,
            )
            for line in self._jxc_mode_lines()
        }
        return head, lines

    def _jxc_mode_lines(self):
        """Return the lines that buy something."""
        return self.order_line.filtered(lambda line: not line.display_type)
