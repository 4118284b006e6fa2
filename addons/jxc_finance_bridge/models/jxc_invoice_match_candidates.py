# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from odoo import api, fields, models
from odoo.fields import Domain


class JxcInvoiceMatch(models.Model):
    """Which orders a held line without order may be for."""

    _inherit = "jxc.invoice.match"

    candidate_orders = fields.Char(
        string="Orders with Its Goods",
        compute="_compute_candidate_orders",
        search="_search_candidate_orders",
        # who decides about bills need not read orders
        compute_sudo=True,
        help="Orders of the vendor whose goods were received and not billed. “Match” on"
        " the bill takes them.",
    )

    @api.depends("is_open", "state", "product_id", "partner_id")
    def _compute_candidate_orders(self):
        for match, orders in self._get_candidates().items():
            match.candidate_orders = ", ".join(orders.mapped("name")) or False

    def _search_candidate_orders(self, operator, value):
        if operator != "in":
            return NotImplemented
        held = self.sudo().search([("is_open", "=", True), ("state", "=", "free")])
        found = [
            match.id for match in held if (match.candidate_orders or False) in value
        ]
        domain = Domain("id", "in", found)
        if False in value:
            domain |= Domain("is_open", "=", False) | Domain("state", "!=", "free")
        return domain

    def _get_candidates(self):
        """{match: orders with goods that nobody billed}; none for what has an order."""
        lines = self.env["purchase.order.line"]
        result = dict.fromkeys(self, lines.order_id)
        asked = self.filtered(lambda match: match.is_open and match.state == "free")
        if not asked.product_id:
            return result
        found = lines.search(
            [
                ("company_id", "in", asked.company_id.ids),
                ("state", "=", "purchase"),
                ("partner_id", "child_of", asked.partner_id.ids),
                ("product_id", "in", asked.product_id.ids),
                ("qty_to_invoice", ">", 0),
            ],
            order="id",
        )
        for match in asked:
            fitting = found.filtered(
                lambda line, match=match: (
                    line.company_id == match.company_id
                    and line.product_id == match.product_id
                    and line.partner_id.commercial_partner_id == match.partner_id
                )
            )
            result[match] = fitting.order_id
        return result
