# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from odoo import api, fields, models
from odoo.fields import Command


class JxcPurchaseRequestLine(models.Model):
    """Photos and files that show what is needed.

    They belong to the line once it is saved: who reads the line reads them.
    """

    _name = "jxc.purchase.request.line"
    _inherit = ["jxc.purchase.request.line", "jxc.evidence.mixin"]

    _jxc_evidence_fields = ("photo_ids",)

    photo_ids = fields.Many2many(
        comodel_name="ir.attachment",
        relation="jxc_purchase_request_line_photo_rel",
        string="Photos and Files",
        copy=False,
    )
    photo_count = fields.Integer(
        compute="_compute_photo_count",
        string="Photos",
    )

    @api.depends("photo_ids")
    def _compute_photo_count(self):
        for line in self:
            line.photo_count = len(line.photo_ids)

    def action_open(self):
        """Show one line with its photos, over the request.

        :return: action
        :raise AccessError: the user may not read the request
        """
        self.ensure_one()
        self.check_access("read")
        return {
            "type": "ir.actions.act_window",
            "name": self.display_name,
            "res_model": self._name,
            "res_id": self.id,
            "view_mode": "form",
            "views": [
                (
                    self.env.ref("jxc_purchase.jxc_purchase_request_line_view_form").id,
                    "form",
                )
            ],
            "target": "new",
        }

    @api.model_create_multi
    def create(self, vals_list):
        lines = super().create(vals_list)
        lines._adopt_photos()
        return lines

    def write(self, vals):
        result = super().write(vals)
        if "photo_ids" in vals:
            self._adopt_photos()
        return result

    def _jxc_kept_evidence(self, files):
        """What approvers and buyers saw stays, as the request does."""
        asked = self.filtered(lambda line: line.request_id.decision != "draft")
        return super()._jxc_kept_evidence(files) | asked._jxc_evidence_of(files)

    def _adopt_photos(self):
        """Make what the user just uploaded the line's own, so that others see it."""
        for line in self:
            taken = line.sudo().photo_ids.filtered(
                lambda one: not one.res_id and one.create_uid == self.env.user
            )
            taken.write({"res_model": self._name, "res_id": line.id})


class JxcPurchaseRequest(models.Model):
    _inherit = "jxc.purchase.request"

    def copy(self, default=None):
        """Give the copies photos of their own: those of a request go with it."""
        copies = super().copy(default)
        if "line_ids" in (default or {}):
            return copies
        for old, new in zip(self, copies, strict=True):
            lines = old.line_ids.sorted("id"), new.line_ids.sorted("id")
            for line, twin in zip(*lines, strict=True):
                if photos := line.photo_ids:
                    own = photos.copy({"res_model": twin._name, "res_id": twin.id})
                    twin.photo_ids = [Command.set(own.ids)]
        return copies
