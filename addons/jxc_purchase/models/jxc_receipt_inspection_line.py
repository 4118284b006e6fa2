# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError, ValidationError

from odoo.addons.jxc_base.tools.guard import own_defaults

REJECT_TO = [
    ("defective", "Defective Goods"),
    ("return", "Return to Vendor"),
    ("exchange", "Return to Vendor for Replacement"),
]
#: What the inspector enters.
OPEN_FIELDS = {
    "aux_rejected",
    "concession_reason",
    "defect_id",
    "defect_note",
    "measure_ids",
    "photo_ids",
    "product_uom_id",
    "qty_accepted",
    "qty_checked",
    "qty_concession",
    "qty_nonconforming",
    "qty_rejected",
    "reject_to",
    "rejected_lot_ids",
}
RESULTS = ("qty_accepted", "qty_concession", "qty_rejected")


class JxcReceiptInspectionLine(models.Model):
    """The goods of one receipt move, and one lot where the product has lots."""

    _name = "jxc.receipt.inspection.line"
    _description = "Receipt Inspection Line"
    _inherit = ["jxc.unit.spec.mixin", "jxc.number.mixin", "jxc.evidence.mixin"]
    _order = "inspection_id desc, id"
    _check_company_auto = True

    _jxc_evidence_fields = ("photo_ids",)

    inspection_id = fields.Many2one(
        comodel_name="jxc.receipt.inspection",
        required=True,
        readonly=True,
        index=True,
        ondelete="cascade",
        check_company=True,
    )
    company_id = fields.Many2one(
        related="inspection_id.company_id",
        store=True,
        index=True,
    )
    partner_id = fields.Many2one(
        related="inspection_id.partner_id",
        store=True,
        index="btree_not_null",
    )
    date = fields.Datetime(
        related="inspection_id.date",
        store=True,
    )
    state = fields.Selection(
        related="inspection_id.state",
        string="Status",
        store=True,
    )
    move_id = fields.Many2one(
        comodel_name="stock.move",
        string="Receipt Move",
        required=True,
        readonly=True,
        index=True,
        ondelete="restrict",
        check_company=True,
    )
    receipt_line_ids = fields.One2many(
        comodel_name="stock.move.line",
        inverse_name="jxc_inspection_line_id",
        string="Received Goods",
        readonly=True,
    )
    product_id = fields.Many2one(
        comodel_name="product.product",
        required=True,
        readonly=True,
        index=True,
        check_company=True,
    )
    tracking = fields.Selection(related="product_id.tracking")
    lot_id = fields.Many2one(
        comodel_name="stock.lot",
        readonly=True,
        check_company=True,
    )
    lot_ids = fields.Many2many(
        comodel_name="stock.lot",
        string="Lots and Serial Numbers",
        compute="_compute_lot_ids",
    )
    rejected_lot_ids = fields.Many2many(
        comodel_name="stock.lot",
        relation="jxc_receipt_inspection_line_rejected_lot_rel",
        string="Rejected Serial Numbers",
        domain="[('id', 'in', lot_ids)]",
        check_company=True,
    )
    allowed_uom_ids = fields.Many2many(
        comodel_name="uom.uom",
        compute="_compute_allowed_uom_ids",
        export_string_translation=False,
    )
    product_uom_id = fields.Many2one(
        comodel_name="uom.uom",
        string="Unit",
        required=True,
        domain="[('id', 'in', allowed_uom_ids)]",
    )
    qty_received = fields.Float(
        string="Received",
        digits="Product Unit",
        compute="_compute_qty_received",
        store=True,
        help="What the receipt says; correct it there while the inspection is open.",
    )
    qty_accepted = fields.Float(
        string="Accepted",
        digits="Product Unit",
    )
    qty_concession = fields.Float(
        string="Concession",
        digits="Product Unit",
        help="Taken although not as agreed (让步接收): needs a reason and the right.",
    )
    qty_rejected = fields.Float(
        string="Rejected Quantity",
        digits="Product Unit",
    )
    qty_open = fields.Float(
        string="Undecided",
        digits="Product Unit",
        compute="_compute_qty_open",
        help="Received, and neither accepted, taken on concession nor rejected yet.",
    )
    base_uom_id = fields.Many2one(
        related="product_id.uom_id",
        string="Product Unit",
    )
    qty_received_base = fields.Float(
        string="Received in the Product's Unit",
        digits="Product Unit",
        compute="_compute_qty_received",
        store=True,
    )
    qty_accepted_base = fields.Float(
        string="Accepted in the Product's Unit",
        digits="Product Unit",
        compute="_compute_qty_base",
        store=True,
    )
    qty_concession_base = fields.Float(
        string="Concession in the Product's Unit",
        digits="Product Unit",
        compute="_compute_qty_base",
        store=True,
    )
    qty_rejected_base = fields.Float(
        string="Rejected in the Product's Unit",
        digits="Product Unit",
        compute="_compute_qty_base",
        store=True,
    )
    aux_uom_id = fields.Many2one(
        related="product_id.jxc_aux_uom_id",
        string="Auxiliary Unit",
    )
    aux_received = fields.Float(
        string="Auxiliary Received",
        digits="Product Unit",
        compute="_compute_qty_received",
        store=True,
    )
    aux_rejected = fields.Float(
        string="Auxiliary Rejected",
        digits="Product Unit",
        compute="_compute_aux_rejected",
        store=True,
        readonly=False,
        help="The rejected goods in the auxiliary unit, e.g. pieces beside kilograms."
        " Proposed in proportion.",
    )
    concession_reason = fields.Char(
        string="Reason for the Concession",
    )
    defect_id = fields.Many2one(
        comodel_name="jxc.receipt.defect",
        ondelete="restrict",
    )
    defect_note = fields.Char(
        string="Details",
    )
    photo_ids = fields.Many2many(
        comodel_name="ir.attachment",
        relation="jxc_receipt_inspection_line_photo_rel",
        string="Photos",
    )
    reject_to = fields.Selection(
        selection=REJECT_TO,
        string="Rejected Goods go to",
        required=True,
        default="defective",
        help="All rejected goods are put to the defective ones. With a return, a"
        " transfer back to the vendor is prepared, too; for replacement, the order"
        " goes on expecting the quantity.",
    )
    move_dest_ids = fields.Many2many(
        comodel_name="stock.move",
        relation="jxc_receipt_inspection_line_dest_rel",
        string="Waiting for the Goods",
        readonly=True,
        export_string_translation=False,
    )

    @api.depends("inspection_id.name", "product_id")
    def _compute_display_name(self):
        for line in self:
            names = (line.inspection_id.name, line.product_id.display_name)
            line.display_name = " · ".join(filter(None, names))

    @api.depends("receipt_line_ids.lot_id")
    def _compute_lot_ids(self):
        for line in self:
            line.lot_ids = line.receipt_line_ids.lot_id

    @api.depends("product_id")
    def _compute_allowed_uom_ids(self):
        for line in self:
            product = line.product_id
            units = product.uom_id | product.uom_ids | line.move_id.product_uom
            line.allowed_uom_ids = units.filtered(
                lambda unit, base=product.uom_id: unit._has_common_reference(base)
            )

    @api.depends(
        "product_uom_id",
        "receipt_line_ids.quantity_product_uom",
        "receipt_line_ids.jxc_aux_qty",
    )
    def _compute_qty_received(self):
        """Follow the receipt while open; afterwards nothing changes any more."""
        for line in self:
            if line.state in ("done", "cancelled"):
                line.qty_received = line.qty_received
                line.qty_received_base = line.qty_received_base
                line.aux_received = line.aux_received
                continue
            base = sum(line.receipt_line_ids.mapped("quantity_product_uom"))
            unit = line.product_id.uom_id
            line.qty_received_base = unit.round(base)
            line.qty_received = unit._jxc_convert(
                base, line.product_uom_id, rounded=True
            )
            line.aux_received = sum(line.receipt_line_ids.mapped("jxc_aux_qty"))

    @api.depends("product_uom_id", *RESULTS)
    def _compute_qty_base(self):
        for line in self:
            for name in RESULTS:
                line[f"{name}_base"] = line.product_uom_id._jxc_convert(
                    line[name], line.product_id.uom_id, rounded=True
                )

    @api.depends("qty_received", *RESULTS)
    def _compute_qty_open(self):
        for line in self:
            decided = sum(line[name] for name in RESULTS)
            line.qty_open = line.qty_received - decided

    @api.depends("qty_rejected_base", "qty_received_base", "aux_received")
    def _compute_aux_rejected(self):
        for line in self:
            received = line.qty_received_base
            share = line.qty_rejected_base / received if received else 0.0
            aux = line.aux_received * share
            line.aux_rejected = line.aux_uom_id.round(aux) if line.aux_uom_id else 0.0

    # ------------------------------------------------------------
    # Guards
    # ------------------------------------------------------------

    @api.constrains(*RESULTS, "aux_rejected")
    def _check_not_negative(self):
        for line in self:
            if min(line[name] for name in (*RESULTS, "aux_rejected")) < 0:
                raise ValidationError(
                    self.env._(
                        "%(product)s: quantities of an inspection are not negative.",
                        product=line.product_id.display_name,
                    )
                )

    @api.constrains("product_uom_id", "product_id")
    def _check_unit(self):
        self.env["stock.move"]._jxc_check_units(
            (line.product_id, line.product_uom_id) for line in self
        )

    @api.model
    def default_get(self, fields):
        return own_defaults(self, super().default_get(fields), set(self._fields))

    def write(self, vals):
        """Let clients change open lines only, and only what the inspector enters.

        :raise AccessError: for fields that follow from the receipt
        :raise UserError: the inspection is no longer open
        """
        if not self.env.su:
            names = set(vals) - OPEN_FIELDS
            if names:
                raise AccessError(
                    self.env._(
                        "%(fields)s of inspection lines cannot be written: they follow"
                        " from the receipt.",
                        fields=", ".join(sorted(names)),
                    )
                )
            self.inspection_id._check_open()
        result = super().write(vals)
        if "photo_ids" in vals:
            self._adopt_photos()
        return result

    def _jxc_kept_evidence(self, files):
        """Photos of goods that are decided on show why."""
        decided = self.filtered(lambda line: line.inspection_id.state != "draft")
        return super()._jxc_kept_evidence(files) | decided._jxc_evidence_of(files)

    def _adopt_photos(self):
        """Photos just taken are the inspection's, so that others see them, too."""
        for line in self:
            taken = line.sudo().photo_ids.filtered(
                lambda one: not one.res_id and one.create_uid == self.env.user
            )
            taken.write({"res_model": self._name, "res_id": line.id})

    @api.ondelete(at_uninstall=False)
    def _unlink_never(self):
        raise UserError(
            self.env._(
                "Lines of an inspection stay: what did not come is corrected on the"
                " receipt %(receipt)s.",
                receipt=", ".join(self.move_id.picking_id.mapped("name")),
            )
        )
