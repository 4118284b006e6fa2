# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

SERVER_FIELDS = frozenset(
    {
        "allocation_ids",
        "amount",
        "amount_accepted",
        "company_id",
        "date",
        "partner_id",
        "reason_id",
        "state",
    }
)
#: What became of the goods: entered when they arrive.
OUTCOMES = ("restock", "defective", "scrap")
OUTCOME_FIELDS = {f"qty_{outcome}" for outcome in OUTCOMES}


class JxcSaleReturnLine(models.Model):
    """Goods that come back (in), or that replace them (out)."""

    _name = "jxc.sale.return.line"
    _description = "Return Line"
    _inherit = ["jxc.server.fields.mixin", "jxc.unit.line.mixin"]
    _order = "return_id desc, direction, sequence, id"
    _check_company_auto = True
    _jxc_server_fields = SERVER_FIELDS

    return_id = fields.Many2one(
        comodel_name="jxc.sale.return",
        required=True,
        index=True,
        ondelete="cascade",
    )
    sequence = fields.Integer(
        default=10,
    )
    direction = fields.Selection(
        selection=[("in", "Comes back"), ("out", "Replaces")],
        required=True,
        default="in",
    )
    company_id = fields.Many2one(
        related="return_id.company_id",
        store=True,
        index=True,
        precompute=True,
    )
    company_currency_id = fields.Many2one(
        related="company_id.currency_id",
        string="Company Currency",
    )
    partner_id = fields.Many2one(
        related="return_id.partner_id.commercial_partner_id",
        string="Customer",
        store=True,
    )
    reason_id = fields.Many2one(
        related="return_id.reason_id",
        store=True,
    )
    date = fields.Date(
        related="return_id.date",
        store=True,
    )
    state = fields.Selection(
        related="return_id.state",
        store=True,
    )
    product_id = fields.Many2one(
        comodel_name="product.product",
        required=True,
        index=True,
        check_company=True,
        domain="[('type', '=', 'consu'), ('sale_ok', '=', True)]",
        ondelete="restrict",
    )
    categ_id = fields.Many2one(
        related="product_id.categ_id",
        store=True,
    )
    tracking = fields.Selection(
        related="product_id.tracking",
    )
    product_uom_qty = fields.Float(
        string="Quantity",
        digits="Product Unit",
        required=True,
        default=1.0,
    )
    quantity_text = fields.Char(
        string="In Units",
        compute="_compute_quantity_text",
        help="In the units of the product: 3箱5瓶.",
    )
    lot_id = fields.Many2one(
        comodel_name="stock.lot",
        string="Lot/Serial Number",
        check_company=True,
        domain="[('product_id', '=', product_id)]",
        ondelete="restrict",
        help="Empty: any lot that the customer got.",
    )
    price_unit = fields.Float(
        digits="Product Price",
        compute="_compute_price_unit",
        store=True,
        readonly=False,
        help="Price of what replaces the goods, in the currency they were sold in."
        " Proposed: what the same product was sold for, else the pricelist.",
    )
    allocation_ids = fields.One2many(
        comodel_name="jxc.sale.return.allocation",
        inverse_name="line_id",
        string="Deliveries",
        readonly=True,
    )
    amount = fields.Monetary(
        string="Charged",
        compute="_compute_amount",
        store=True,
        currency_field="company_currency_id",
        help="What the customer was charged for what comes back, tax included, company"
        " currency.",
    )
    amount_accepted = fields.Monetary(
        string="Charged for What Came Back",
        compute="_compute_amount_accepted",
        store=True,
        currency_field="company_currency_id",
        help="What the customer was charged for what was taken in, tax included,"
        " company currency.",
    )
    qty_restock = fields.Float(
        string="Good",
        digits="Product Unit",
        copy=False,
        help="Goes back to stock.",
    )
    qty_defective = fields.Float(
        string="Defective",
        digits="Product Unit",
        copy=False,
        help="Goes to the warehouse's location for defective goods.",
    )
    qty_scrap = fields.Float(
        string="Scrapped",
        digits="Product Unit",
        copy=False,
        help="Is taken back and scrapped.",
    )

    _quantity_positive = models.Constraint(
        "CHECK (product_uom_qty > 0)",
        "The quantity of a return line has to be above zero.",
    )
    _outcome_not_negative = models.Constraint(
        "CHECK (qty_restock >= 0 AND qty_defective >= 0 AND qty_scrap >= 0)",
        "Good, defective and scrapped quantities cannot be below zero.",
    )

    # -- computing ----------------------------------------------------------------

    @api.depends("product_uom_qty", "product_uom_id", "product_id")
    @api.depends_context("lang")
    def _compute_quantity_text(self):
        for line in self:
            text = line.product_id and line.product_id.jxc_format_qty(line._base_qty())
            line.quantity_text = text or ""

    @api.depends("allocation_ids.amount")
    def _compute_amount(self):
        for line in self:
            line.amount = sum(line.allocation_ids.mapped("amount"))

    @api.depends(
        "allocation_ids.amount",
        "allocation_ids.quantity",
        "direction",
        "state",
        *sorted(OUTCOME_FIELDS),
    )
    def _compute_amount_accepted(self):
        for line in self:
            line.amount_accepted = (
                line._accepted_amount() if line.state in ("accepted", "done") else 0.0
            )

    def _accepted_amount(self):
        """The amount of what was taken in, of the deliveries it came from."""
        amount, accepted = 0.0, self.return_id._accepted_shares()
        for share in self.allocation_ids:
            if share.quantity and share in accepted:
                quantity = sum(accepted[share].values())
                amount += share.amount * quantity / share.quantity
        return self.company_currency_id.round(amount)

    @api.depends("product_id", "product_uom_id", "direction", "return_id.partner_id")
    def _compute_price_unit(self):
        for line in self:
            if line.direction == "in" or not line.product_id:
                line.price_unit = 0.0
                continue
            line.price_unit = line.return_id._price_of_replacement(line)

    # -- constraints --------------------------------------------------------------

    @api.constrains("product_uom_qty", *sorted(OUTCOME_FIELDS))
    def _check_outcome(self):
        for line in self:
            outcome = sum(line[name] for name in OUTCOME_FIELDS)
            if line.product_uom_id.compare(outcome, line.product_uom_qty) > 0:
                raise ValidationError(
                    self.env._(
                        "%(return)s, %(product)s: good, defective and scrapped make"
                        " %(outcome)s, but only %(quantity)s %(unit)s come back.",
                        **{"return": line.return_id.name},
                        product=line.product_id.display_name,
                        outcome=outcome,
                        quantity=line.product_uom_qty,
                        unit=line.product_uom_id.name,
                    )
                )

    # -- guards -------------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        lines = super().create(vals_list)
        lines._check_may_change(set().union(*vals_list))
        return lines

    def write(self, vals):
        self._check_may_change(set(vals))
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_confirmed(self):
        self._check_may_change({"product_id"})

    def _check_may_change(self, names):
        """What comes back is settled when it is confirmed, its outcome when accepted.

        :raise UserError: naming the return and its status
        """
        if self.env.su:
            return
        outcome_only = names <= OUTCOME_FIELDS
        for line in self:
            state = line.return_id.state
            if state == "draft" or (state == "confirmed" and outcome_only):
                continue
            raise UserError(
                self.env._(
                    "%(return)s is “%(state)s” and cannot change any more. Cancel it"
                    " and make another one.",
                    **{"return": line.return_id.name},
                    state=line.return_id._state_label(),
                )
            )

    # -- quantities ---------------------------------------------------------------

    def _base_qty(self, name="product_uom_qty"):
        """A quantity of one line in the product's own unit."""
        self.ensure_one()
        base = self.product_id.uom_id
        return self.product_uom_id._jxc_convert(self[name], base, rounded=True)

    def _set_good(self, quantity):
        """Say that so much of one line came in, and is good.

        :param quantity: in the product's own unit
        """
        base = self.product_id.uom_id
        if base.compare(quantity, self._base_qty()) == 0:
            self.qty_restock = self.product_uom_qty
            return
        self.qty_restock = base._jxc_convert(
            quantity, self.product_uom_id, rounded=True
        )

    def _outcome(self):
        """``{outcome: quantity in the product's own unit}`` of one line."""
        return {name: self._base_qty(f"qty_{name}") for name in OUTCOMES}
