# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from odoo import api, fields, models
from odoo.exceptions import UserError

from ..models.jxc_duplicate_reader import ORDER


class JxcDuplicateWindowLine(models.TransientModel):
    """One document that a draft collides with, or the stock that covers it."""

    _name = "jxc.duplicate.window.line"
    _description = "Duplicate Purchase of a Draft"
    _inherit = ["jxc.number.mixin"]
    _order = "counts desc, id"

    window_id = fields.Many2one(
        comodel_name="jxc.duplicate.window",
        required=True,
        readonly=True,
        ondelete="cascade",
    )
    kind = fields.Selection(
        selection=[
            ("request", "Request"),
            ("rfq", "RFQ"),
            ("order", "Order not delivered"),
            ("stock", "Stock and incoming"),
        ],
        required=True,
        readonly=True,
    )
    counts = fields.Boolean(
        readonly=True,
        help="Drafts that do not count are shown because they could be merged.",
    )
    product_id = fields.Many2one(
        comodel_name="product.product",
        required=True,
        readonly=True,
    )
    quantity = fields.Float(
        digits="Product Unit",
        readonly=True,
    )
    product_uom_id = fields.Many2one(
        related="product_id.uom_id",
    )
    day = fields.Date(
        string="Wanted",
        readonly=True,
    )
    document_name = fields.Char(
        string="Document",
        readonly=True,
    )
    order_id = fields.Many2one(
        comodel_name="purchase.order",
        readonly=True,
    )
    request_id = fields.Many2one(
        comodel_name="jxc.purchase.request",
        readonly=True,
    )
    can_open = fields.Boolean(
        readonly=True,
        export_string_translation=False,
    )
    can_merge = fields.Boolean(
        readonly=True,
        export_string_translation=False,
    )

    @api.model
    def _prepare_values(self, collision, mergeable):
        """Return values of the line for one collision of a document.

        :param mergeable: what the user may merge the document with
        """
        other = collision.document
        values = {
            "kind": collision.kind,
            "counts": collision.counts,
            "product_id": collision.product.id,
            "quantity": collision.quantity,
            "day": collision.day,
        }
        if not other:
            return values
        visible = other.with_env(self.env).has_access("read")
        values.update(
            document_name=other.display_name,
            can_open=visible,
            can_merge=visible and collision.is_with(mergeable),
        )
        if visible:
            name = "order_id" if other._name == ORDER else "request_id"
            values[name] = other.id
        return values

    def action_open(self):
        """Show the other document."""
        self.ensure_one()
        document = self.order_id or self.request_id
        if not document:
            raise UserError(self.env._("There is no document that you could open."))
        return {
            "type": "ir.actions.act_window",
            "res_model": document._name,
            "res_id": document.id,
            "view_mode": "form",
            "views": [(False, "form")],
        }

    def action_merge(self):
        """Merge the draft and the other one into the older of them, a draft.

        A request that is submitted or approved already goes back to draft for that.

        :return: action that shows what remains
        :raise AccessError: the user may not change both
        :raise UserError: they cannot be merged
        """
        self.ensure_one()
        window = self.window_id
        if self.order_id and window.order_id:
            orders = self.order_id | window.order_id
            orders.check_access("write")
            return orders.action_merge()
        if self.request_id and window.request_id:
            return window.request_id._jxc_merge_with(self.request_id)
        raise UserError(
            self.env._("Only two requests, or two RFQs of one vendor, can be merged.")
        )
