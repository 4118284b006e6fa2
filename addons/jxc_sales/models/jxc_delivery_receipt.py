# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from odoo import fields, models
from odoo.exceptions import AccessError, UserError

from odoo.addons.jxc_base.tools.arguments import text_of

from ..tools.language import in_company_lang


class JxcDeliveryReceipt(models.Model):
    """Who received a delivery (签收): name, signature, photos, time and place.

    Only the server writes it, and it is not changed. One that is wrong is declared void
    by a stock manager, who says why; then the delivery can be signed for anew.
    """

    _name = "jxc.delivery.receipt"
    _description = "Proof of Delivery"
    _order = "signed_at desc, id desc"
    _rec_name = "receiver"
    _check_company_auto = True

    picking_id = fields.Many2one(
        comodel_name="stock.picking",
        string="Delivery",
        required=True,
        readonly=True,
        index=True,
        ondelete="restrict",
    )
    company_id = fields.Many2one(
        related="picking_id.company_id",
        store=True,
        index=True,
    )
    partner_id = fields.Many2one(related="picking_id.partner_id", string="Delivered To")
    receiver = fields.Char(string="Received By", required=True, readonly=True)
    signature = fields.Image(
        required=True,
        readonly=True,
        max_width=1024,
        max_height=1024,
    )
    photo_ids = fields.One2many(
        comodel_name="jxc.delivery.photo",
        inverse_name="receipt_id",
        string="Photos",
        readonly=True,
    )
    signed_at = fields.Datetime(required=True, readonly=True)
    user_id = fields.Many2one(
        comodel_name="res.users",
        string="Delivered By",
        required=True,
        readonly=True,
    )
    latitude = fields.Float(digits=(9, 6), readonly=True)
    longitude = fields.Float(digits=(9, 6), readonly=True)
    note = fields.Char(readonly=True, help="What was missing or damaged.")
    state = fields.Selection(
        selection=[("valid", "Signed"), ("void", "Void")],
        string="Status",
        required=True,
        readonly=True,
        default="valid",
    )
    void_reason = fields.Char(string="Why Void", readonly=True)
    voided_by_id = fields.Many2one(comodel_name="res.users", readonly=True)
    voided_at = fields.Datetime(readonly=True)

    # Of two who have it signed at once, one is told that it was.
    _picking_uniq = models.UniqueIndex(
        "(picking_id) WHERE state = 'valid'",
        "This delivery was signed for already.",
    )

    def action_void(self, reason=None):
        """Declare receipts void; what was signed stays on record.

        :param reason: why; without one a window asks for it (one receipt)
        :return: True, or the action of that window
        :raise AccessError: unless the user is a stock manager
        :raise UserError: one of them is void already, or several without reason
        """
        if not (self.env.su or self.env.user.has_group("stock.group_stock_manager")):
            raise AccessError(
                self.env._(
                    "What a customer signed is not changed. A stock manager can declare"
                    " it void."
                )
            )
        self.check_access("read")
        reason = text_of(reason)
        if not reason:
            if len(self) != 1:
                raise UserError(self.env._("Say why: the reason is kept."))
            return {
                "type": "ir.actions.act_window",
                "name": self.env._("Declare Void"),
                "res_model": "jxc.delivery.void",
                "view_mode": "form",
                "target": "new",
                "context": {"default_receipt_id": self.id},
            }
        for receipt in self:
            if receipt.state == "void":
                raise UserError(
                    self.env._(
                        "The receipt of %s is void already.",
                        receipt.picking_id.name,
                    )
                )
        self.sudo().write(
            {
                "state": "void",
                "void_reason": reason,
                "voided_by_id": self.env.uid,
                "voided_at": fields.Datetime.now(),
            }
        )
        for receipt in self.sudo():
            receipt.picking_id._message_log(
                body=in_company_lang(receipt).env._(
                    "The receipt signed by %(name)s is void: %(reason)s",
                    name=receipt.receiver,
                    reason=reason,
                )
            )
        return True


class JxcDeliveryPhoto(models.Model):
    _name = "jxc.delivery.photo"
    _description = "Photo of a Delivery"
    _order = "id"

    receipt_id = fields.Many2one(
        comodel_name="jxc.delivery.receipt",
        required=True,
        readonly=True,
        index=True,
        ondelete="restrict",
    )
    company_id = fields.Many2one(
        related="receipt_id.company_id",
        store=True,
        index=True,
    )
    image = fields.Image(
        required=True,
        readonly=True,
        max_width=1920,
        max_height=1920,
    )
