# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from odoo import fields, models


class JxcFapiaoLine(models.Model):
    """An item of a tax invoice, as the seller wrote it."""

    _name = "jxc.fapiao.line"
    _description = "Item of a Tax Invoice"
    _order = "fapiao_id, sequence, id"
    _check_company_auto = True

    fapiao_id = fields.Many2one(
        comodel_name="jxc.fapiao",
        string="Tax Invoice",
        required=True,
        ondelete="cascade",
        index=True,
    )
    company_id = fields.Many2one(
        related="fapiao_id.company_id",
        store=True,
    )
    currency_id = fields.Many2one(related="fapiao_id.currency_id")
    sequence = fields.Integer(default=10)
    name = fields.Char(string="Item", required=True)
    spec = fields.Char(string="Specification")
    unit = fields.Char()
    quantity = fields.Float(digits="Product Unit")
    amount = fields.Monetary(help="Without tax.")
    amount_tax = fields.Monetary()
    rate = fields.Float(string="Tax Rate (%)")
    is_exempt = fields.Boolean(
        string="No Rate",
        help="The invoice says exempt, untaxed or the like instead of a rate.",
    )
    product_id = fields.Many2one(
        comodel_name="product.product",
        check_company=True,
        index="btree_not_null",
        help="What it is here. Empty: found by the vendor's name or code, or by the"
        " last bill.",
    )

    def _get_plain_name(self):
        """The name without the tax class in front (*食品*酱油 is 酱油)."""
        self.ensure_one()
        name = self.name.strip()
        if name.startswith("*") and name.count("*") > 1:
            name = name.split("*", 2)[2]
        return name.strip() or self.name
