# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

from odoo.addons.jxc_base.tools.guard import own_defaults

STATES = [
    ("draft", "To Inspect"),
    ("done", "Done"),
    ("cancelled", "Cancelled"),
]
#: All that a person may change on a document; the rest follows from the receipt.
OPEN_FIELDS = {"line_ids", "note", "user_id"}
#: Of messages and activities; says nothing about goods.
MAIL_FIELDS = ("activity_", "message_")


class JxcReceiptInspection(models.Model):
    """A receipt inspection (到货验收): what came in one tranche, and what is taken.

    Made by the receipt itself. Until it is done the goods lie in the inspection place
    of the warehouse, which nothing else gets them out of.
    """

    _name = "jxc.receipt.inspection"
    _description = "Receipt Inspection"
    _inherit = ["jxc.number.mixin", "mail.thread", "mail.activity.mixin"]
    _order = "date desc, id desc"
    _check_company_auto = True

    name = fields.Char(
        string="Number",
        default="/",
        required=True,
        readonly=True,
        copy=False,
        index="trigram",
    )
    company_id = fields.Many2one(
        comodel_name="res.company",
        required=True,
        readonly=True,
        index=True,
    )
    picking_id = fields.Many2one(
        comodel_name="stock.picking",
        string="Receipt",
        readonly=True,
        check_company=True,
        index="btree_not_null",
        ondelete="restrict",
    )
    partner_id = fields.Many2one(
        comodel_name="res.partner",
        string="Vendor",
        readonly=True,
        check_company=True,
        index="btree_not_null",
    )
    purchase_ids = fields.Many2many(
        comodel_name="purchase.order",
        relation="jxc_receipt_inspection_purchase_rel",
        string="Purchase Orders",
        readonly=True,
    )
    purchase_id = fields.Many2one(
        comodel_name="purchase.order",
        string="Purchase Order",
        compute="_compute_purchase_id",
        help="The first one, where goods of several orders came together.",
    )
    warehouse_id = fields.Many2one(
        comodel_name="stock.warehouse",
        readonly=True,
        check_company=True,
    )
    date = fields.Datetime(
        string="Received on",
        required=True,
        readonly=True,
        index=True,
    )
    date_done = fields.Datetime(
        string="Inspected on",
        readonly=True,
        copy=False,
    )
    state = fields.Selection(
        selection=STATES,
        string="Status",
        required=True,
        readonly=True,
        default="draft",
        copy=False,
        index=True,
        tracking=True,
    )
    user_id = fields.Many2one(
        comodel_name="res.users",
        string="Inspector",
        check_company=True,
        tracking=True,
        help="Who inspects the goods; whoever finishes the inspection when empty.",
    )
    line_ids = fields.One2many(
        comodel_name="jxc.receipt.inspection.line",
        inverse_name="inspection_id",
        string="Lines",
    )
    move_ids = fields.One2many(
        comodel_name="stock.move",
        inverse_name="jxc_inspection_id",
        string="Goods Moved",
        readonly=True,
    )
    replaces_id = fields.Many2one(
        comodel_name="jxc.receipt.inspection",
        readonly=True,
        copy=False,
        check_company=True,
        index="btree_not_null",
        help="The inspection that was taken back; this one decides anew.",
    )
    return_count = fields.Integer(
        string="Returns",
        compute="_compute_return_count",
    )
    note = fields.Text(
        string="Remarks",
    )
    result = fields.Selection(
        selection=[
            ("open", "Not Inspected"),
            ("accepted", "Accepted"),
            ("concession", "With Concession"),
            ("partly", "Partly Rejected"),
            ("rejected", "All Rejected"),
        ],
        compute="_compute_result",
        store=True,
    )

    @api.depends("purchase_ids")
    def _compute_purchase_id(self):
        for inspection in self:
            inspection.purchase_id = inspection.purchase_ids[:1]

    @api.depends("move_ids.picking_id")
    def _compute_return_count(self):
        for inspection in self:
            inspection.return_count = len(inspection.sudo().move_ids.picking_id)

    @api.depends("state", "line_ids.qty_rejected", "line_ids.qty_concession")
    def _compute_result(self):
        for inspection in self:
            lines = inspection.line_ids
            if inspection.state != "done":
                inspection.result = "open" if inspection.state == "draft" else False
            elif not any(lines.mapped("qty_rejected")):
                concession = any(lines.mapped("qty_concession"))
                inspection.result = "concession" if concession else "accepted"
            else:
                taken = any(line.qty_accepted or line.qty_concession for line in lines)
                inspection.result = "partly" if taken else "rejected"

    # ------------------------------------------------------------
    # Guards
    # ------------------------------------------------------------

    @api.model
    def default_get(self, fields):
        return own_defaults(self, super().default_get(fields), set(self._fields))

    @api.model_create_multi
    def create(self, vals_list):
        """Made by receipts only: nobody has the right to create one himself."""
        for vals in vals_list:
            if vals.get("name", "/") == "/":
                sequences = self.env["ir.sequence"].with_company(vals["company_id"])
                vals["name"] = sequences.next_by_code("jxc.receipt.inspection") or "/"
        return super().create(vals_list)

    def write(self, vals):
        """Let clients change open documents only, and only what is up to them.

        :raise AccessError: for fields that follow from the receipt and the actions
        :raise UserError: the inspection is no longer open
        """
        own = {name for name in vals if not name.startswith(MAIL_FIELDS)}
        if own and not self.env.su:
            names = own - OPEN_FIELDS
            if names:
                raise AccessError(
                    self.env._(
                        "%(fields)s of receipt inspections cannot be written: they"
                        " follow from the receipt and from finishing the inspection.",
                        fields=", ".join(sorted(names)),
                    )
                )
            self._check_open()
        return super().write(vals)

    def _check_open(self):
        """Refuse changes of inspections that are done or cancelled.

        :raise UserError: naming the inspection and the way out
        """
        for inspection in self:
            if inspection.state != "draft":
                raise UserError(
                    self.env._(
                        "%(inspection)s is “%(state)s”: what was decided stays. To"
                        " decide anew, let a stock manager take the inspection back.",
                        inspection=inspection.name,
                        state=inspection._state_label(),
                    )
                )

    def _state_label(self):
        return dict(self._fields["state"]._description_selection(self.env))[self.state]

    @api.ondelete(at_uninstall=False)
    def _unlink_never(self):
        raise UserError(
            self.env._(
                "%(inspections)s: inspections tell where goods came from and stay.",
                inspections=", ".join(self.mapped("name")),
            )
        )
