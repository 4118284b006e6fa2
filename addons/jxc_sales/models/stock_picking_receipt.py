# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
import math

import psycopg2.errors

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.fields import Command

from ..tools.language import in_company_lang

#: Enough to show a delivery from all sides, and no archive of pictures.
MOST_PHOTOS = 10


class StockPicking(models.Model):
    """Deliveries are signed for by who receives them (签收)."""

    _inherit = "stock.picking"

    jxc_receipt_ids = fields.One2many(
        comodel_name="jxc.delivery.receipt",
        inverse_name="picking_id",
        string="Receipts",
        readonly=True,
        copy=False,
    )
    jxc_receipt_id = fields.Many2one(
        comodel_name="jxc.delivery.receipt",
        string="Signed For",
        compute="_compute_jxc_receipt_id",
    )

    @api.depends("jxc_receipt_ids.state")
    def _compute_jxc_receipt_id(self):
        for picking in self:
            valid = picking.jxc_receipt_ids.filtered(lambda one: one.state == "valid")
            picking.jxc_receipt_id = valid[:1]

    def action_jxc_sign(
        self,
        receiver=None,
        signature=None,
        photos=(),
        latitude=None,
        longitude=None,
        note=None,
    ):
        """Have a delivery signed for; without signature a window asks for it.

        :param receiver: name of who received the goods
        :param signature: picture, base64
        :param photos: pictures, base64, at most ten
        :param latitude: degrees north, if the phone knows where it is
        :param longitude: degrees east
        :return: True, or the action of that window
        :raise AccessError: unless the user works in the warehouse
        :raise UserError: the goods have not left for a customer, or were signed for;
            or something is missing or no picture; or there is no such place
        """
        self.ensure_one()
        self._jxc_check_may_sign()
        if not signature:
            return {
                "type": "ir.actions.act_window",
                "name": self.env._("Sign For %s", self.name),
                "res_model": "jxc.delivery.sign",
                "view_mode": "form",
                "target": "new",
                "context": {"default_picking_id": self.id},
            }
        if not (receiver or "").strip():
            raise UserError(self.env._("Say who received %s.", self.name))
        if len(photos) > MOST_PHOTOS:
            raise UserError(self.env._("At most %s photos, please.", MOST_PHOTOS))
        self._jxc_check_place(latitude, longitude)
        values = {
            "picking_id": self.id,
            "receiver": receiver.strip(),
            "signature": signature,
            "photo_ids": [Command.create({"image": photo}) for photo in photos],
            "signed_at": fields.Datetime.now(),
            "user_id": self.env.uid,
            "latitude": latitude or 0.0,
            "longitude": longitude or 0.0,
            "note": note,
        }
        try:
            with self.env.cr.savepoint():
                # Nobody else may write receipts.
                self.env["jxc.delivery.receipt"].sudo().create(values)
        except psycopg2.errors.UniqueViolation as error:
            raise UserError(
                self.env._("%s was signed for in this moment.", self.name)
            ) from error
        texts = in_company_lang(self).env
        self._message_log(body=texts._("Signed for by %s.", values["receiver"]))
        return True

    def _jxc_check_may_sign(self):
        """:raise AccessError, UserError: see :meth:`action_jxc_sign`"""
        if not (self.env.su or self.env.user.has_group("stock.group_stock_user")):
            raise AccessError(
                self.env._("Deliveries are signed for with who works in the warehouse.")
            )
        self.check_access("write")
        if self.state != "done" or not self.location_dest_id._jxc_is_outgoing():
            raise UserError(
                self.env._(
                    "%s has not left for a customer: validate the delivery first.",
                    self.name,
                )
            )
        if self.jxc_receipt_id:
            raise UserError(
                self.env._(
                    "%(delivery)s was signed for by %(name)s. A stock manager can"
                    " declare that void.",
                    delivery=self.name,
                    name=self.jxc_receipt_id.receiver,
                )
            )

    def _jxc_check_place(self, latitude, longitude):
        """:raise UserError: half a place, or one that is not on earth"""
        place = (latitude, longitude)
        if place == (None, None):
            return
        if not all(
            isinstance(degrees, int | float)
            and math.isfinite(degrees)
            and abs(degrees) <= most
            for degrees, most in zip(place, (90, 180), strict=True)
        ):
            raise UserError(
                self.env._(
                    "A place has a latitude within 90 and a longitude within 180"
                    " degrees; without both, sign for %s without a place.",
                    self.name,
                )
            )

    def action_jxc_view_receipts(self):
        """Open what was signed for these deliveries."""
        action = {
            "type": "ir.actions.act_window",
            "name": self.env._("Proof of Delivery"),
            "res_model": "jxc.delivery.receipt",
            "view_mode": "list,kanban,form",
            "mobile_view_mode": "kanban",
            "domain": [("picking_id", "in", self.ids)],
        }
        if len(self.jxc_receipt_ids) == 1:
            return {**action, "view_mode": "form", "res_id": self.jxc_receipt_ids.id}
        return action
