# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from markupsafe import Markup

from odoo import api, fields, models
from odoo.exceptions import AccessError


class StockPicking(models.Model):
    """Transfers that make held goods available say why."""

    _inherit = "stock.picking"

    jxc_release_reason = fields.Char(
        string="Reason of Release",
        copy=False,
        tracking=True,
        help="Why goods to inspect or defective ones of it become available."
        " Needed to validate it, with the right “Stock Control”.",
    )
    jxc_is_release = fields.Boolean(
        string="Makes Held Goods Available",
        compute="_compute_jxc_is_release",
    )

    @api.depends(
        "location_id.jxc_status",
        "location_dest_id.jxc_status",
        "move_ids.location_id.jxc_status",
        "move_ids.location_dest_id.jxc_status",
        "move_line_ids.location_id.jxc_status",
        "move_line_ids.location_dest_id.jxc_status",
        "move_line_ids.product_id",
    )
    def _compute_jxc_is_release(self):
        for picking in self:
            ways = [picking, *picking.move_ids, *picking.move_line_ids]
            picking.jxc_is_release = any(
                way.location_id.jxc_status not in (False, "available")
                and way.location_dest_id.usage in ("internal", "transit")
                and way.location_dest_id.jxc_status == "available"
                for way in ways
            ) or any(picking.move_line_ids._jxc_gone_defective().values())

    def write(self, vals):
        """Keep the reason that a done transfer was validated with.

        :raise AccessError: others than who may release write another one
        """
        if "jxc_release_reason" in vals and not self.env.user.has_group(
            "jxc_stock.group_stock_control"
        ):
            for picking in self:
                if picking.state == "done" and (picking.jxc_release_reason or "") != (
                    vals["jxc_release_reason"] or ""
                ):
                    raise AccessError(
                        self.env._(
                            "%(transfer)s is done: only people with the right “Stock"
                            " Control” give a reason of release.",
                            transfer=picking.name,
                        )
                    )
        return super().write(vals)

    def _jxc_tell_released(self, goods, reason):
        """Keep in the history which goods were made available, by whom and why.

        :param goods: list of texts
        :param reason: text
        """
        self.ensure_one()
        lines = Markup("").join(Markup("<li>%s</li>") % text for text in goods)
        body = Markup("<p>%s</p><ul>%s</ul><p>%s</p>") % (
            self.env._("Held goods were made available:"),
            lines,
            self.env._("Reason: %s", reason),
        )
        self.sudo().message_post(body=body, author_id=self.env.user.partner_id.id)
