# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Command


class JxcPromotion(models.TransientModel):
    """Makes the promotions that shops know: records of the platform, with units."""

    _name = "jxc.promotion"
    _description = "New Promotion"

    kind = fields.Selection(
        selection=[
            ("money_off", "Money off from an amount (满减)"),
            ("gift", "Gift from an amount (满赠)"),
            ("buy_get", "Buy N get M (买N送M)"),
            ("flash", "Discount for a time (限时折扣)"),
            ("ladder", "Price by quantity (阶梯价)"),
        ],
        required=True,
        default="money_off",
    )
    name = fields.Char(
        compute="_compute_name",
        store=True,
        readonly=False,
        required=True,
    )
    company_id = fields.Many2one(
        comodel_name="res.company",
        required=True,
        default=lambda self: self.env.company,
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    date_from = fields.Date()
    date_to = fields.Date()
    max_usage = fields.Integer(
        string="At Most",
        help="Confirmed orders that may use it. 0: no limit.",
    )
    pricelist_ids = fields.Many2many(
        comodel_name="product.pricelist",
        string="For Price Lists",
        help="Customers with one of these price lists. Empty: all.",
    )
    amount_from = fields.Monetary(
        string="From an Amount of",
        help="Tax included.",
    )
    amount_off = fields.Monetary(string="Money Off")
    percent_off = fields.Float(string="Discount (%)")
    product_id = fields.Many2one(
        comodel_name="product.product",
    )
    product_ids = fields.Many2many(
        comodel_name="product.product",
        string="Products",
    )
    quantity = fields.Float(
        string="Buy",
        digits="Product Unit",
        default=1.0,
    )
    uom_id = fields.Many2one(
        comodel_name="uom.uom",
        string="Unit",
        compute="_compute_uom_id",
        store=True,
        readonly=False,
    )
    gift_id = fields.Many2one(
        comodel_name="product.product",
        compute="_compute_gift_id",
        store=True,
        readonly=False,
    )
    gift_quantity = fields.Float(
        string="Get",
        digits="Product Unit",
        default=1.0,
        help="In the same unit for the same product, else in the gift's base unit.",
    )
    pricelist_id = fields.Many2one(
        comodel_name="product.pricelist",
        string="Price List",
    )
    line_ids = fields.One2many(
        comodel_name="jxc.promotion.step",
        inverse_name="promotion_id",
        string="Steps",
    )

    @api.depends("kind")
    def _compute_name(self):
        labels = dict(self._fields["kind"]._description_selection(self.env))
        for wizard in self:
            wizard.name = labels.get(wizard.kind)

    @api.depends("product_id")
    def _compute_uom_id(self):
        for wizard in self:
            wizard.uom_id = wizard.product_id.uom_id

    @api.depends("product_id", "kind")
    def _compute_gift_id(self):
        for wizard in self:
            same = wizard.kind == "buy_get"
            wizard.gift_id = wizard.product_id if same else wizard.gift_id

    # -- making -------------------------------------------------------------------

    def action_create(self):
        """Make the promotion and open it.

        :return: action that opens the program, or the price list
        :raise AccessError: unless the user may make programs, or price list rules
        :raise UserError: naming what is missing
        """
        self.ensure_one()
        self._check_complete()
        if self.kind == "ladder":
            record = self.pricelist_id
            self.env["product.pricelist.item"].create(self._prepare_steps())
        else:
            programs = self.env["loyalty.program"]
            programs.check_access("create")
            # Rewards make products for their lines, which sales managers may not.
            record = programs.sudo().create(self._prepare_program()).sudo(False)
            record.check_access("create")
        return {
            "type": "ir.actions.act_window",
            "res_model": record._name,
            "res_id": record.id,
            "view_mode": "form",
        }

    def _check_complete(self):
        """:raise UserError: naming what is missing"""
        needed = {
            "money_off": ("amount_from", "amount_off"),
            "gift": ("amount_from", "gift_id", "gift_quantity"),
            "buy_get": ("product_id", "quantity", "gift_id", "gift_quantity"),
            "flash": ("product_ids", "percent_off", "date_to"),
            "ladder": ("product_id", "pricelist_id", "line_ids"),
        }[self.kind]
        missing = [
            self._fields[name]._description_string(self.env)
            for name in needed
            if not self[name]
        ]
        if missing:
            raise UserError(
                self.env._(
                    "%(name)s: please fill in %(fields)s.",
                    name=self.name,
                    fields=", ".join(missing),
                )
            )
        if self.kind == "money_off" and self.amount_off > self.amount_from:
            raise UserError(self.env._("%s gives more than is bought.", self.name))
        if not 0 <= self.percent_off <= 100:
            raise UserError(self.env._("A discount is between 0 and 100 %."))
        if self.date_from and self.date_to and self.date_to < self.date_from:
            raise UserError(self.env._("%s ends before it starts.", self.name))

    def _prepare_program(self):
        """Return the values of the loyalty program."""
        rule, reward = getattr(self, f"_prepare_{self.kind}")()
        return {
            "name": self.name,
            "company_id": self.company_id.id,
            "program_type": "promotion",
            "trigger": "auto",
            "applies_on": "current",
            "date_from": self.date_from,
            "date_to": self.date_to,
            "limit_usage": self.max_usage > 0,
            "max_usage": self.max_usage,
            "pricelist_ids": [Command.set(self.pricelist_ids.ids)],
            "rule_ids": [
                Command.clear(),
                Command.create(
                    {"minimum_qty": 0, "minimum_amount": 0, "mode": "auto", **rule}
                ),
            ],
            "reward_ids": [
                Command.clear(),
                Command.create({"description": self.name, **reward}),
            ],
        }

    def _prepare_money_off(self):
        return (
            {
                "minimum_amount": self.amount_from,
                "minimum_amount_tax_mode": "incl",
                "reward_point_mode": "order",
                "reward_point_amount": 1,
            },
            {
                "reward_type": "discount",
                "discount_mode": "per_order",
                "discount": self.amount_off,
                "discount_applicability": "order",
                "required_points": 1,
            },
        )

    def _prepare_gift(self):
        rule, _reward = self._prepare_money_off()
        return rule, {
            "reward_type": "product",
            "reward_product_id": self.gift_id.id,
            "reward_product_qty": self.gift_quantity,
            "required_points": 1,
        }

    def _prepare_buy_get(self):
        bought = self._base_quantity(self.quantity, self.product_id)
        given = self.gift_quantity
        if self.gift_id == self.product_id:
            given = self._base_quantity(given, self.product_id)
        return (
            {
                "product_ids": [Command.set(self.product_id.ids)],
                "minimum_qty": bought,
                "reward_point_mode": "unit",
                "reward_point_amount": 1,
                "jxc_in_base_unit": True,
            },
            {
                "reward_type": "product",
                "reward_product_id": self.gift_id.id,
                "reward_product_qty": given,
                "required_points": bought,
            },
        )

    def _prepare_flash(self):
        return (
            {
                "product_ids": [Command.set(self.product_ids.ids)],
                "reward_point_mode": "order",
                "reward_point_amount": 1,
            },
            {
                "reward_type": "discount",
                "discount_mode": "percent",
                "discount": self.percent_off,
                "discount_applicability": "specific",
                "discount_product_ids": [Command.set(self.product_ids.ids)],
                "required_points": 1,
            },
        )

    def _prepare_steps(self):
        """Return the values of the price list's rules, a rule a step."""
        return [
            {
                "pricelist_id": self.pricelist_id.id,
                "applied_on": "0_product_variant",
                "product_tmpl_id": self.product_id.product_tmpl_id.id,
                "product_id": self.product_id.id,
                "min_quantity": self._base_quantity(step.quantity, self.product_id),
                "compute_price": "fixed",
                # Rules hold prices of the base unit.
                "fixed_price": step.price / self._base_quantity(1.0, self.product_id),
                "date_start": self.date_from,
                "date_end": self.date_to,
            }
            for step in self.line_ids
        ]

    def _base_quantity(self, quantity, product):
        return (self.uom_id or product.uom_id)._jxc_convert(quantity, product.uom_id)


class JxcPromotionStep(models.TransientModel):
    """From so many units on, one costs so much."""

    _name = "jxc.promotion.step"
    _description = "Step of a Price by Quantity"
    _order = "quantity"

    promotion_id = fields.Many2one(
        comodel_name="jxc.promotion",
        required=True,
        ondelete="cascade",
    )
    quantity = fields.Float(
        string="From",
        digits="Product Unit",
        required=True,
    )
    price = fields.Float(
        string="Price of One",
        min_display_digits="Product Price",
        required=True,
    )
