# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
import base64

from odoo import api, fields, models


class JxcDeliverySign(models.TransientModel):
    """Sign for a delivery, on the phone of who brings it."""

    _name = "jxc.delivery.sign"
    _description = "Sign for a Delivery"

    picking_id = fields.Many2one(
        comodel_name="stock.picking",
        string="Delivery",
        required=True,
        readonly=True,
    )
    partner_id = fields.Many2one(related="picking_id.partner_id")
    receiver = fields.Char(
        string="Received By",
        required=True,
        compute="_compute_receiver",
        store=True,
        readonly=False,
    )
    signature = fields.Binary(required=True, attachment=False)
    photo_ids = fields.Many2many(
        comodel_name="ir.attachment",
        string="Photos",
        help="The goods where they were left, damage, the stamped delivery note.",
    )
    note = fields.Char(help="What was missing or damaged.")
    is_located = fields.Boolean(
        string="Place Stamped",
        help="Where the goods were taken over is kept only when you press the button.",
    )
    latitude = fields.Float(digits=(9, 6))
    longitude = fields.Float(digits=(9, 6))

    @api.depends("picking_id")
    def _compute_receiver(self):
        for wizard in self:
            partner = wizard.picking_id.partner_id
            wizard.receiver = False if partner.is_company else partner.name

    def action_sign(self):
        """See ``action_jxc_sign`` of the delivery."""
        self.ensure_one()
        return self.picking_id.action_jxc_sign(
            receiver=self.receiver,
            signature=self.signature,
            photos=[base64.b64encode(photo.raw) for photo in self.photo_ids],
            latitude=self.latitude if self.is_located else None,
            longitude=self.longitude if self.is_located else None,
            note=self.note,
        )


class JxcDeliveryVoid(models.TransientModel):
    _name = "jxc.delivery.void"
    _description = "Declare a Receipt Void"

    receipt_id = fields.Many2one(
        comodel_name="jxc.delivery.receipt",
        required=True,
        readonly=True,
    )
    reason = fields.Char(required=True)

    def action_void(self):
        """See ``action_void`` of the receipt."""
        self.ensure_one()
        return self.receipt_id.action_void(self.reason)
