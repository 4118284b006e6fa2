# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from odoo import api, fields, models
from odoo.exceptions import AccessError


class JxcPriceLog(models.Model):
    """Every change of a sales price: what, from, to, who, when, why. Kept as it is."""

    _name = "jxc.price.log"
    _description = "Price Log"
    _order = "id desc"
    _rec_name = "what"

    date = fields.Datetime(
        required=True,
        readonly=True,
        default=fields.Datetime.now,
    )
    user_id = fields.Many2one(
        comodel_name="res.users",
        string="Changed By",
        required=True,
        readonly=True,
    )
    approver_ids = fields.Many2many(
        comodel_name="res.users",
        string="Approved By",
        readonly=True,
        help="Who agreed to the price change behind it.",
    )
    company_id = fields.Many2one(
        comodel_name="res.company",
        readonly=True,
        index=True,
        help="Company of the product or price list. Empty: shared by all.",
    )
    product_tmpl_id = fields.Many2one(
        comodel_name="product.template",
        string="Product",
        readonly=True,
        index="btree_not_null",
        ondelete="set null",
    )
    unit_id = fields.Many2one(
        comodel_name="jxc.product.unit",
        readonly=True,
        ondelete="set null",
    )
    pricelist_id = fields.Many2one(
        comodel_name="product.pricelist",
        readonly=True,
        index="btree_not_null",
        ondelete="set null",
    )
    what = fields.Char(
        string="Price",
        required=True,
        readonly=True,
        help="The record and the field, as they were called then.",
    )
    old_text = fields.Char(string="Old Price", readonly=True)
    new_text = fields.Char(string="New Price", readonly=True)
    percent = fields.Float(
        string="Change (%)",
        digits=(16, 2),
        readonly=True,
        aggregator="avg",
    )
    reason = fields.Char(readonly=True)
    tells_costs = fields.Boolean(
        readonly=True,
        export_string_translation=False,
        help="A term of a rule that is based on costs.",
    )
    # What later changes are added up with, see jxc_price_drift.py.
    res_model = fields.Char(readonly=True, export_string_translation=False)
    res_id = fields.Many2oneReference(
        model_field="res_model",
        readonly=True,
        export_string_translation=False,
    )
    steps = fields.Json(readonly=True, export_string_translation=False)
    is_agreed = fields.Boolean(readonly=True, export_string_translation=False)
    change_id = fields.Many2one(
        comodel_name="jxc.price.change",
        string="Price Change",
        readonly=True,
        index="btree_not_null",
        ondelete="set null",
    )

    _record_idx = models.Index("(res_model, res_id) WHERE res_id IS NOT NULL")

    def _jxc_check_server(self):
        """:raise AccessError: for everybody but the server"""
        if not self.env.su:
            raise AccessError(
                self.env._("The price log is written with every change, and kept.")
            )

    @api.model_create_multi
    def create(self, vals_list):
        self._jxc_check_server()
        return super().create(vals_list)

    def write(self, vals):
        self._jxc_check_server()
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_kept(self):
        self._jxc_check_server()
