# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from odoo import api, fields, models
from odoo.exceptions import ValidationError

HIGHEST_PRICE = 10**12


class JxcLeadLine(models.Model):
    """A product an opportunity is about, in any unit of the product."""

    _name = "jxc.lead.line"
    _inherit = ["jxc.lead.part.mixin", "jxc.server.fields.mixin"]
    _description = "Product of an Opportunity"
    _order = "lead_id, sequence, id"
    _rec_name = "product_id"
    _check_company_auto = True

    #: See ``jxc.server.fields.mixin``.
    _jxc_server_fields = frozenset({"company_id", "subtotal"})

    lead_id = fields.Many2one(
        comodel_name="crm.lead",
        string="Opportunity",
        required=True,
        ondelete="cascade",
        index=True,
    )
    sequence = fields.Integer(default=10)
    company_id = fields.Many2one(related="lead_id.company_id", store=True)
    currency_id = fields.Many2one(related="lead_id.company_currency")
    product_id = fields.Many2one(
        comodel_name="product.product",
        required=True,
        domain=[("sale_ok", "=", True)],
        check_company=True,
        ondelete="restrict",
        index=True,
    )
    name = fields.Char(string="Description")
    qty = fields.Float(
        string="Quantity",
        digits="Product Unit",
        default=1.0,
        required=True,
    )
    allowed_uom_ids = fields.Many2many(
        comodel_name="uom.uom",
        compute="_compute_allowed_uom_ids",
    )
    uom_id = fields.Many2one(
        comodel_name="uom.uom",
        string="Unit",
        compute="_compute_uom_id",
        store=True,
        readonly=False,
        precompute=True,
        required=True,
        domain="[('id', 'in', allowed_uom_ids)]",
        ondelete="restrict",
    )
    price_unit = fields.Float(
        string="Unit Price",
        digits="Product Price",
        compute="_compute_price_unit",
        store=True,
        readonly=False,
        precompute=True,
        help="Untaxed, per unit of the line, in the currency of the company.",
    )
    subtotal = fields.Monetary(
        compute="_compute_subtotal",
        store=True,
    )

    _qty_positive = models.Constraint(
        "CHECK (qty > 0 AND qty <= 1e12)",
        "The quantity of a product of an opportunity must be more than zero.",
    )

    @api.depends("product_id")
    def _compute_allowed_uom_ids(self):
        for line in self:
            line.allowed_uom_ids = line.product_id.uom_id | line.product_id.uom_ids

    @api.depends("product_id")
    def _compute_uom_id(self):
        for line in self:
            if not line.uom_id or line.uom_id not in line.allowed_uom_ids:
                line.uom_id = line.product_id.uom_id

    @api.depends("product_id", "uom_id")
    def _compute_price_unit(self):
        """The customer's price; one agreed on stays until product or unit change."""
        for line in self:
            if not line.product_id or not line.uom_id:
                line.price_unit = line.price_unit or 0.0
                continue
            pricelist = line.lead_id.partner_id.property_product_pricelist
            line.price_unit = pricelist._get_product_price(
                line.product_id,
                line.qty or 1.0,
                uom=line.uom_id,
                currency=line.currency_id or self.env.company.currency_id,
                date=fields.Date.context_today(line),
            )

    @api.depends("qty", "price_unit", "currency_id")
    def _compute_subtotal(self):
        for line in self:
            currency = line.currency_id or self.env.company.currency_id
            line.subtotal = currency.round(line.qty * line.price_unit)

    @api.constrains("product_id", "uom_id")
    def _check_uom_id(self):
        """A unit converts to the product's, and is not another product's own."""
        for line in self:
            line.product_id._jxc_check_unit(line.uom_id)

    @api.constrains("price_unit")
    def _check_price_unit(self):
        for line in self:
            if not 0 <= line.price_unit <= HIGHEST_PRICE:
                raise ValidationError(
                    self.env._(
                        "The price of %(product)s is %(price)s; it must be between"
                        " zero and %(most)s.",
                        product=line.product_id.display_name,
                        price=line.price_unit,
                        most=f"{HIGHEST_PRICE:,}",
                    )
                )

    def _prepare_order_line_values(self, currency, company, date):
        """Values of the quotation's line that this product becomes.

        :param currency: res.currency of the quotation
        """
        self.ensure_one()
        price = self.price_unit
        own = self.currency_id or company.currency_id
        if currency and currency != own:
            price = own._convert(price, currency, company, date, round=False)
        values = {
            "product_id": self.product_id.id,
            "product_uom_qty": self.qty,
            "product_uom_id": self.uom_id.id,
            "price_unit": price,
        }
        if self.name:
            values["name"] = self.name
        return values
