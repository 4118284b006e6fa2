# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from odoo import api, fields, models, tools

from .res_company_vendor import CONTROLS


class JxcVendorCertificateType(models.Model):
    """A kind of certificate: business licence, food permit, ISO 9001."""

    _name = "jxc.vendor.certificate.type"
    _description = "Vendor Certificate Type"
    _inherit = ["jxc.number.mixin"]
    _order = "sequence, id"
    _check_company_auto = True

    name = fields.Char(
        required=True,
        translate=True,
    )
    sequence = fields.Integer(
        default=10,
    )
    active = fields.Boolean(
        default=True,
    )
    company_id = fields.Many2one(
        comodel_name="res.company",
        index=True,
        help="Empty: for all companies.",
    )
    is_required = fields.Boolean(
        string="Needed for Qualification",
        help="No vendor is qualified without a valid certificate of this type.",
    )
    category_ids = fields.Many2many(
        comodel_name="product.category",
        relation="jxc_certificate_type_category_rel",
        string="Needed for Categories",
        help="Products of these categories and those below are ordered only from"
        " vendors with a valid certificate of this type.",
    )
    control = fields.Selection(
        selection=CONTROLS,
        string="Orders without It",
        required=True,
        default="block",
        help="What happens when an order for products of these categories is confirmed"
        " and the vendor has no valid certificate.",
    )
    warn_days = fields.Integer(
        string="Remind before Expiry (Days)",
        default=30,
    )

    @api.model_create_multi
    def create(self, vals_list):
        types = super().create(vals_list)
        self.env.registry.clear_cache()
        return types

    def write(self, vals):
        result = super().write(vals)
        self.env.registry.clear_cache()
        return result

    def unlink(self):
        result = super().unlink()
        self.env.registry.clear_cache()
        return result

    def _asked_for(self, products, company):
        """Return {product: types that its vendors need}, only what is controlled."""
        types = self.search_fetch(
            [
                ("category_ids", "!=", False),
                ("control", "!=", "none"),
                ("company_id", "in", [company.id, False]),
            ],
            ["name", "control", "category_ids"],
        )
        asked = {}
        for product in products if types else ():
            path = product.categ_id.parent_path or ""
            above = {int(part) for part in path.split("/") if part}
            asked[product] = types.filtered(
                lambda one, above=above: above.intersection(one.category_ids.ids)
            )
        return asked

    @tools.ormcache("company_id")
    def _asked_by(self, company_id):
        """Return whether orders of a company may need certificates at all."""
        return bool(
            self.sudo().search_count(
                [
                    ("category_ids", "!=", False),
                    ("control", "!=", "none"),
                    ("company_id", "in", [company_id, False]),
                ],
                limit=1,
            )
        )
