# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from odoo import api, fields, models

#: Of a draft: what it meets; “merge” are drafts only, which stop nobody.
DUPLICATE_STATES = [
    ("none", "None"),
    ("merge", "Drafts to merge"),
    ("warn", "Warning"),
    ("block", "Blocked"),
]


class PurchaseOrder(models.Model):
    """Compare orders with what is on its way already, before they are confirmed."""

    _inherit = "purchase.order"

    jxc_duplicate_state = fields.Selection(
        selection=DUPLICATE_STATES,
        string="Duplicates",
        compute="_compute_jxc_duplicates",
        groups="base.group_user",
        help="While still a draft: whether the same is requested, ordered or in stock"
        " already.",
    )
    jxc_duplicate_hint = fields.Text(
        string="Duplicates Hint",
        compute="_compute_jxc_duplicates",
        groups="base.group_user",
    )

    @api.depends(
        "company_id",
        "order_line.date_planned",
        "order_line.product_id",
        "order_line.product_qty",
        "order_line.product_uom_id",
        "partner_id",
        "state",
    )
    def _compute_jxc_duplicates(self):
        drafts = self.filtered(lambda order: order.state in ("draft", "sent"))
        hints = self.env["jxc.duplicate.engine"]._preview(drafts)
        for order in self:
            answer = hints.get(order, ("none", False))
            order.jxc_duplicate_state, order.jxc_duplicate_hint = answer

    def _jxc_check_confirm(self):
        result = super()._jxc_check_confirm()
        self.env["jxc.duplicate.engine"]._check(self)
        return result

    def _jxc_can_merge_with(self, other):
        """Whether both are RFQs of one vendor, in one currency and so on."""
        both = self | other
        keys = {both._prepare_grouped_data(order) for order in both}
        return len(keys) == 1 and set(both.mapped("state")) <= {"draft", "sent"}

    def action_jxc_duplicates(self):
        """Show what these orders collide with, and the ways out. One record."""
        return self.env["jxc.duplicate.window"]._open(self)
