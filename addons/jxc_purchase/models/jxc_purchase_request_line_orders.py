# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from fractions import Fraction

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Command

from ..tools.coverage import Parts, in_base, rounded, written


class JxcPurchaseRequestLine(models.Model):
    """How much of a line is in orders, received, given up and open.

    All of it follows from the linked order lines as they are now, in exact fractions of
    the reference unit, so for every line and at any moment

        ordered + in RFQs + given up + open = requested

    An order line that covers several requests serves the oldest link first. What an
    order has beyond its requests belongs to none of them. The RFQs of a tender ask
    several vendors for the same quantity, which counts once.

    The fields show this in the unit of the line, rounded to its decimals: 13 bottles of
    3 packs of six are 2.17 packs. Whoever goes on with a quantity takes it from
    :meth:`_parts`.
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
        "link_ids.order_line_id.jxc_qty_received_base",
        "link_ids.order_line_id.jxc_request_link_ids.product_uom_id",
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
        digits = self.env["decimal.precision"].precision_get("Product Unit")
        for line, parts in self._parts().items():
            unit = in_base(1, line.product_uom_id) or Fraction(1)
            left = (parts.closed + parts.open) / unit
            # Something that is left never reads as nothing.
            rest = rounded(left, digits) or rounded(left, digits, up=True)
            # Rounded from the rest, so that the parts add up.
            covered = round(line.product_qty - rest, digits)
            line.qty_ordered = min(rounded(parts.ordered / unit, digits), covered)
            line.qty_in_rfq = round(covered - line.qty_ordered, digits)
            received = rounded(parts.received / unit, digits)
            line.qty_received = min(received, line.qty_ordered)
            line.qty_closed = rest if line.is_closed else 0.0
            line.qty_open = 0.0 if line.is_closed else rest
            line.progress = line._progress(parts)

    def _parts(self):
        """Return ``{line: Parts}``, exact, whatever the unit of the line can show."""
        # Requesters see how far their request is, not the orders behind it.
        served = self.sudo().link_ids.order_line_id._jxc_serve_requests()
        result = {}
        for line in self:
            covered = line.sudo()._split_coverage(served)
            asked = in_base(line.product_qty, line.product_uom_id)
            rest = max(asked - covered[0] - covered[1], Fraction(0))
            ends = (rest, Fraction(0)) if line.is_closed else (Fraction(0), rest)
            result[line] = Parts(*covered, *ends)
        return result

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

    def _progress(self, parts):
        if parts.open <= 0 and parts.in_rfqs <= 0 and parts.received >= parts.ordered:
            return "done"
        return "ordered" if parts.in_rfqs or parts.ordered else "open"

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
        parts = lines._parts()
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
                            **line._prepare_written(parts[line].open),
                        }
                    )
                    for sequence, line in enumerate(lines)
                ],
            }
        )
        return wizard._reopen()

    def _units_to_write(self, product=None):
        """Return the units a part of this line can be entered in, the own one first.

        :param product: what is ordered for a line without a product of its own
        """
        self.ensure_one()
        product = self.product_id or product or self.product_id
        own = self.product_uom_id
        more = (product.uom_id | product.uom_ids).filtered(
            lambda unit: unit._has_common_reference(own)
        )
        return own | more

    def _prepare_written(self, quantity, units=None):
        """Return ``quantity`` and ``product_uom_id`` that say exactly so much.

        :param Fraction quantity: in reference units
        :param units: uom.uom to choose from, the best one first
        """
        digits = self.env["decimal.precision"].precision_get("Product Unit")
        unit, number = written(quantity, units or self._units_to_write(), digits)
        return {"quantity": number, "product_uom_id": unit.id}
