# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from collections import defaultdict

from odoo import fields, models
from odoo.fields import Command


class JxcPurchaseRequestOrder(models.TransientModel):
    """Make RFQs of request lines: parts, over several vendors, merged by product."""

    _name = "jxc.purchase.request.order"
    _description = "Make RFQs of Purchase Requests"
    _check_company_auto = True

    company_id = fields.Many2one(
        comodel_name="res.company",
        required=True,
        readonly=True,
        default=lambda self: self.env.company,
    )
    line_ids = fields.One2many(
        comodel_name="jxc.purchase.request.order.line",
        inverse_name="wizard_id",
        string="Lines",
    )

    def action_create(self):
        """Create the RFQs, one for each vendor and warehouse, and open them.

        :return: action
        :raise UserError: a line lacks vendor or product, or asks for more than is open
        """
        self.ensure_one()
        lines = self.line_ids.filtered(lambda line: line.quantity > 0)
        lines._check_complete()
        requested = lines.request_line_id
        requested.request_id._check_buyer()
        requested.request_id._check_states("approved")
        lines._check_open()
        groups = self._group_lines(lines)
        shares = lines._shares()
        orders = self.env["purchase.order"].with_company(self.company_id)
        vals_list, plans = [], []
        for (vendor, warehouse), group in groups.items():
            merged = group._merge(shares)
            vals_list.append(self._prepare_order_values(vendor, warehouse, merged))
            plans.append(merged)
        orders = orders.create(vals_list)
        self._link(orders, plans, shares)
        self._action_created(orders)
        requests = requested.request_id.sudo()
        requests._action_decided({})
        for request in requests:
            mine = request.line_ids.link_ids.order_line_id.order_id & orders
            request.message_post(
                body=self.env._("RFQs: %s", ", ".join(mine.mapped("name"))),
                subtype_xmlid="mail.mt_note",
            )
        return requests.with_env(self.env)._open_these_orders(orders)

    def _group_lines(self, lines):
        """Return ``{(vendor, warehouse): lines}``, one RFQ each: hook."""
        groups = defaultdict(lambda: self.env["jxc.purchase.request.order.line"])
        for line in lines:
            groups[line.vendor_id, line.request_line_id.request_id.warehouse_id] |= line
        return groups

    def _action_created(self, orders):
        """Finish the RFQs that were made and linked: hook."""
        self._price(orders.order_line)

    def _prepare_order_values(self, vendor, warehouse, merged):
        """Return values of one RFQ.

        :param merged: list of (values of an order line, wizard lines)
        """
        requests = self.env["jxc.purchase.request"]
        for _values, lines in merged:
            requests |= lines.request_line_id.request_id
        values = {
            "partner_id": vendor.id,
            "company_id": self.company_id.id,
            "origin": ", ".join(requests.mapped("name")),
            "order_line": [Command.create(values) for values, _lines in merged],
        }
        if warehouse:
            values["picking_type_id"] = warehouse.in_type_id.id
        return values

    def _link(self, orders, plans, shares):
        """Remember the exact share of each request in each order line."""
        vals_list = []
        for order, merged in zip(orders, plans, strict=True):
            order_lines = order.order_line.sorted("id")
            for order_line, (_values, lines) in zip(order_lines, merged, strict=True):
                vals_list += [
                    {
                        "request_line_id": line.request_line_id.id,
                        "order_line_id": order_line.id,
                        **line.request_line_id._prepare_written(
                            shares[line],
                            line.request_line_id._units_to_write(line.product_id),
                        ),
                    }
                    for line in lines.sorted(
                        lambda one: (one.date_required or fields.Date.today(), one.id)
                    )
                ]
        # Nobody has the right to make links by hand.
        self.env["jxc.purchase.request.link"].sudo().create(vals_list)

    def _price(self, order_lines):
        """Give lines that the vendor has no price for the estimated one."""
        for line in order_lines.filtered(
            lambda one: not (one.selected_seller_id and one.price_unit)
        ):
            request_line = line.jxc_request_link_ids[:1].request_line_id
            if not request_line.price_unit:
                continue
            price = request_line.currency_id._convert(
                request_line.product_uom_id._compute_price(
                    request_line.price_unit, line.product_uom_id
                ),
                line.currency_id,
                line.company_id,
                fields.Date.today(),
                round=False,
            )
            # Estimates are untaxed.
            line.price_unit = line.tax_ids._jxc_price_with_taxes(price, line.product_id)

    def _reopen(self):
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Make RFQs"),
            "res_model": self._name,
            "res_id": self.id,
            "view_mode": "form",
            "target": "new",
            "context": {"dialog_size": "extra-large"},
        }
