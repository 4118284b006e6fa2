# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Command

from ..models.jxc_duplicate_engine import OVERRIDE
from ..models.jxc_duplicate_reader import ORDER


class JxcDuplicateWindow(models.TransientModel):
    """What a draft collides with, and the ways out: merge, or buy all the same."""

    _name = "jxc.duplicate.window"
    _description = "Duplicate Purchases of a Draft"

    order_id = fields.Many2one(
        comodel_name="purchase.order",
        readonly=True,
    )
    request_id = fields.Many2one(
        comodel_name="jxc.purchase.request",
        readonly=True,
    )
    line_ids = fields.One2many(
        comodel_name="jxc.duplicate.window.line",
        inverse_name="window_id",
        readonly=True,
    )
    can_override = fields.Boolean(
        compute="_compute_can_override",
        export_string_translation=False,
    )
    reason = fields.Text(
        help="Why it is bought all the same; stays on record.",
    )

    @api.depends_context("uid")
    def _compute_can_override(self):
        self.can_override = self.env.user.has_group(OVERRIDE)

    @api.model
    def _open(self, document):
        """Return the action that shows the collisions of one order or request."""
        document.ensure_one()
        document.check_access("read")
        engine = self.env["jxc.duplicate.engine"]
        found = engine._collisions(document)
        collisions = found[document.sudo()]
        mergeable = engine._mergeable(found)[document.sudo()]
        name = "order_id" if document._name == ORDER else "request_id"
        lines = self.env["jxc.duplicate.window.line"]
        window = self.create(
            {
                name: document.id,
                "line_ids": [
                    Command.create(lines._prepare_values(one, mergeable))
                    for one in collisions
                ],
            }
        )
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Duplicates of %s", document.display_name),
            "res_model": self._name,
            "res_id": window.id,
            "view_mode": "form",
            "views": [(False, "form")],
            "target": "new",
        }

    def action_override(self):
        """Let the document through for all products that collide now.

        :raise AccessError: see ``jxc.duplicate.override``
        :raise ValidationError: no reason is given
        """
        self.ensure_one()
        products = self.line_ids.filtered("counts").product_id
        if not products:
            raise UserError(self.env._("There is nothing to let through."))
        self.env["jxc.duplicate.override"].create(
            [
                {
                    "order_id": self.order_id.id,
                    "request_id": self.request_id.id,
                    "product_id": product.id,
                    "reason": self.reason,
                }
                for product in products
            ]
        )
        return {"type": "ir.actions.act_window_close"}
