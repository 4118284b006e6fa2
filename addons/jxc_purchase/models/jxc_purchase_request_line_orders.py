# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from fractions import Fraction

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Command

from ..tools.coverage import in_base, rounded


class JxcPurchaseRequestLine(models.Model):
    """How much of a line is in orders, received, given up and open.

    All of it follows from the linked order lines as they are now, in exact fractions of
    the reference unit, so for every line and at any moment

        ordered + in RFQs + given up + open = requested

    An order line that covers several requests serves the oldest link first. What an
    order has beyond its requests belongs to none of them. The RFQs of a tender ask
    several vendors for the same quantity, which counts once.
    """

    _inherit = "jxc.purchase.request.line"

    link_ids = fields.One2many(
        comodel_name="jxc.purchase.request.link",
        inverse_name="request_line_id",
        string="Order Lines",
        readonly=True,
        copy=False,
    )
    is_closed = fields.Boolean(
        string="Closed",
        readonly=True,
        copy=False,
    )
    qty_in_rfq = fields.Float(
        compute="_compute_quantities",
        string="In RFQs",
        digits="Product Unit",
        store=True,
        help="In orders that are not confirmed yet.",
    )
    qty_ordered = fields.Float(
        compute="_compute_quantities",
        string="Ordered",
        digits="Product Unit",
        store=True,
        help="In confirmed orders.",
    )
    qty_received = fields.Float(
        compute="_compute_quantities",
        string="Received",
        digits="Product Unit",
        store=True,
        help="Less what went back to the vendor to be refunded. What is inspected "
        "counts once it is accepted.",
    )
    qty_closed = fields.Float(
        compute="_compute_quantities",
        string="Given up",
        digits="Product Unit",
        store=True,
    )
    qty_open = fields.Float(
        compute="_compute_quantities",
        string="Open",
        digits="Product Unit",
        store=True,
        help="In no order yet.",
    )
    progress = fields.Selection(
        selection=[("open", "Open"), ("ordered", "In Orders"), ("done", "Done")],
        compute="_compute_quantities",
        store=True,
    )

    @api.depends(
        "is_closed",
        "link_ids.order_line_id.jxc_qty_accepted",
        "link_ids.order_line_id.jxc_request_link_ids.quantity",
        "link_ids.order_line_id.order_id.purchase_group_id",
        "link_ids.order_line_id.product_id",
        "link_ids.order_line_id.product_qty",
        "link_ids.order_line_id.product_uom_id",
        "link_ids.order_line_id.state",
        "product_qty",
        "product_uom_id",
    )
    def _compute_quantities(self):
        # Requesters see how far their request is, not the orders behind it.
        served = self.sudo().link_ids.order_line_id._jxc_serve_requests()
        digits = self.env["decimal.precision"].precision_get("Product Unit")
        for line in self:
            rfq, ordered, received = line.sudo()._split_coverage(served)
            unit = Fraction(in_base(1, line.product_uom_id)) or Fraction(1)
            # Rounded from the total, so that the parts add up.
            covered = rounded((rfq + ordered) / unit, digits)
            line.qty_ordered = min(rounded(ordered / unit, digits), covered)
            line.qty_in_rfq = round(covered - line.qty_ordered, digits)
            line.qty_received = min(rounded(received / unit, digits), line.qty_ordered)
            rest = round(line.product_qty - covered, digits)
            line.qty_closed = rest if line.is_closed else 0.0
            line.qty_open = 0.0 if line.is_closed else rest
            line.progress = line._progress()

    def _split_coverage(self, served, confirming=()):
        """Return what RFQs and orders give to this line, and what came of it.

        Confirmed orders count first; together they give no more than was requested.

        :param served: {link: (in the order line, received)}, see
            ``purchase.order.line._jxc_serve_requests``
        :param confirming: order lines that count as confirmed already
        """

        def is_confirmed(link):
            order_line = link.order_line_id
            return order_line.state == "purchase" or order_line in confirming

        links = self.link_ids.sorted(lambda link: (not is_confirmed(link), link.id))
        left = in_base(self.product_qty, self.product_uom_id)
        left_of_tender = self.link_ids._asked_in_tenders()
        rfq = ordered = received = Fraction(0)
        for link in links:
            given, came = served.get(link, (Fraction(0), Fraction(0)))
            tender = link.order_line_id.order_id.purchase_group_id
            given = min(given, left, left_of_tender.get(tender, left))
            left -= given
            if tender:
                left_of_tender[tender] -= given
            if is_confirmed(link):
                ordered += given
                received += min(came, given)
            else:
                rfq += given
        return rfq, ordered, received

    def _is_served_by(self, order_line):
        """Whether an order line still is for what this line asks for."""
        if self.product_id:
            return self.product_id == order_line.product_id
        unit = order_line.product_uom_id
        return bool(unit) and unit._has_common_reference(self.product_uom_id)

    def _progress(self):
        if self.qty_open <= 0 and self.qty_in_rfq <= 0:
            if self.qty_received >= self.qty_ordered:
                return "done"
        return "ordered" if self.qty_in_rfq or self.qty_ordered else "open"

    # ------------------------------------------------------------
    # Actions
    # ------------------------------------------------------------

    def action_close(self):
        """Give up what is open of approved lines."""
        self.request_id._check_buyer()
        self.request_id._check_states("approved")
        self.sudo().filtered(lambda line: line.qty_open > 0).is_closed = True
        self.request_id.sudo()._action_decided({})
        return True

    def action_reopen(self):
        """Take back what :meth:`action_close` did."""
        self.request_id._check_buyer()
        self.request_id._check_states("approved")
        self.sudo().is_closed = False
        self.request_id.sudo()._action_decided({})
        return True

    def action_create_orders(self):
        """Open the wizard that makes RFQs of what is open of these lines.

        :return: action
        :raise UserError: a request is not approved, or nothing is open
        """
        self.request_id._check_buyer()
        self.request_id._check_states("approved")
        lines = self.filtered(lambda line: line.qty_open > 0)
        if not lines:
            raise UserError(
                self.env._(
                    "%s: nothing is open, everything is in orders or given up.",
                    ", ".join(self.request_id.mapped("name")),
                )
            )
        if len(lines.company_id) > 1:
            raise UserError(
                self.env._(
                    "These lines belong to several companies (%s). Make the orders of"
                    " one company at a time.",
                    ", ".join(lines.company_id.mapped("name")),
                )
            )
        wizard = self.env["jxc.purchase.request.order"].create(
            {
                "company_id": lines.company_id.id,
                "line_ids": [
                    Command.create(
                        {
                            "sequence": sequence,
                            "request_line_id": line.id,
                            "product_id": line.product_id.id,
                            "vendor_id": line.vendor_id.id,
                            "quantity": line.qty_open,
                        }
                    )
                    for sequence, line in enumerate(lines)
                ],
            }
        )
        return wizard._reopen()
