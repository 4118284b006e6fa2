# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ..tools.costs import BY_COST
from ..tools.price import NOISE, added_up, change_percent


class JxcPriceChangeLine(models.Model):
    """One new price."""

    _name = "jxc.price.change.line"
    _description = "Price of a Price Change"
    _inherit = ["jxc.server.fields.mixin", "jxc.approval.line.mixin"]
    _order = "change_id, id"
    _check_company_auto = True

    _jxc_approval_document = "change_id"

    #: See ``jxc.server.fields.mixin``: they say whether somebody has to agree.
    _jxc_server_fields = frozenset({"old_price", "percent"})

    change_id = fields.Many2one(
        comodel_name="jxc.price.change",
        required=True,
        index=True,
        ondelete="cascade",
    )
    company_id = fields.Many2one(
        related="change_id.company_id",
        store=True,
        index=True,
    )
    kind = fields.Selection(
        selection=[
            ("list", "Sales price"),
            ("floor", "Lowest price"),
            ("unit", "Sales price of a unit"),
            ("unit_floor", "Lowest price of a unit"),
            ("item", "Price list rule"),
        ],
        required=True,
        default="list",
    )
    product_tmpl_id = fields.Many2one(
        comodel_name="product.template",
        string="Product",
        compute="_compute_product_tmpl_id",
        store=True,
        readonly=False,
        index="btree_not_null",
        check_company=True,
    )
    unit_id = fields.Many2one(
        comodel_name="jxc.product.unit",
        domain="[('product_tmpl_id', '=', product_tmpl_id)]",
    )
    item_id = fields.Many2one(
        comodel_name="product.pricelist.item",
        string="Rule",
    )
    old_price = fields.Float(
        min_display_digits="Product Price",
        compute="_compute_old_price",
        store=True,
    )
    new_price = fields.Float(
        min_display_digits="Product Price",
        required=True,
        help="Of a rule in percent, the new percentage.",
    )
    percent = fields.Float(
        string="Change (%)",
        digits=(16, 2),
        compute="_compute_percent",
        store=True,
    )

    _new_price_positive = models.Constraint(
        "CHECK (new_price >= 0)",
        "A new price cannot be negative.",
    )
    _target_named = models.Constraint(
        "CHECK ((kind = 'item' AND item_id IS NOT NULL)"
        " OR (kind IN ('unit', 'unit_floor') AND unit_id IS NOT NULL)"
        " OR (kind IN ('list', 'floor') AND product_tmpl_id IS NOT NULL))",
        "Name the product, the unit or the price list rule whose price changes.",
    )

    @api.depends("unit_id", "item_id")
    def _compute_product_tmpl_id(self):
        for line in self:
            line.product_tmpl_id = (
                line.unit_id.product_tmpl_id
                or line.item_id.product_tmpl_id
                or line.product_tmpl_id
            )

    @api.depends("kind", "product_tmpl_id", "unit_id", "item_id")
    def _compute_old_price(self):
        for line in self:
            is_open = line._record() and not line._follows_costs()
            line.old_price = line._price_now() if is_open else 0.0

    @api.depends("old_price", "new_price", "kind", "item_id")
    def _compute_percent(self):
        for line in self:
            line.percent = line._percent_since(line.old_price)

    def _percent_since(self, old):
        """By how much this changes a price, in percent."""
        new = self.new_price
        if self.kind == "item" and self.sudo().item_id.compute_price != "fixed":
            # A discount: what is asked of 100.
            old, new = 100 - old, 100 - new
        return change_percent(old, new)

    @api.depends("kind", "product_tmpl_id", "unit_id", "item_id", "new_price")
    def _compute_display_name(self):
        for line in self:
            record = line._record()
            label = record._jxc_price_label() if record else ""
            line.display_name = f"{label}: {line.old_price:g} → {line.new_price:g}"

    def _record(self):
        """The record whose price this is, with superuser rights."""
        self.ensure_one()
        line = self.sudo()
        if line.kind == "item":
            return line.item_id
        if line.kind in ("unit", "unit_floor"):
            return line.unit_id
        return line.product_tmpl_id

    def _field(self):
        """Name of the field of :meth:`_record` that holds the price."""
        self.ensure_one()
        if self.kind == "item":
            return {"fixed": "fixed_price", "percentage": "percent_price"}.get(
                self.sudo().item_id.compute_price, "price_discount"
            )
        return {
            "list": "list_price",
            "floor": "jxc_min_price",
            "unit": "list_price",
            "unit_floor": "min_price",
        }[self.kind]

    def _price_now(self):
        """What holds now; a unit without a price of its own costs what is in it."""
        record = self._record()
        if self.kind == "unit":
            return record._jxc_price_of_unit()
        if self.kind == "unit_floor":
            return record._jxc_floor_of_unit()
        if self.kind == "floor":
            return record._jxc_base_floor()
        return record[self._field()]

    def _renew(self):
        """Compare with today's prices, as those may have changed since."""
        lines = self.sudo()
        lines.modified(["kind"])
        # At once: later the prices may be others again.
        lines.flush_recordset(["old_price", "percent"])

    def _follows_costs(self):
        """Whether it is about a rule that is based on costs, whose terms are closed."""
        self.ensure_one()
        return self.kind == "item" and bool(
            self.sudo().item_id.filtered_domain(BY_COST)
        )

    @api.constrains("kind", "item_id")
    def _check_follows_costs(self):
        """Discounts from costs are no prices; and everybody in sales reads these."""
        for line in self:
            if line._follows_costs():
                raise ValidationError(
                    self.env._(
                        "%s is based on costs: change the rule itself, it stands in the"
                        " price log.",
                        line._record()._jxc_price_label(),
                    )
                )

    def _is_beyond(self):
        """Whether it is beyond the limit, or adds up to that with other changes."""
        record = self._record()
        limit = record._jxc_price_limit()
        if not limit:
            return False
        percent = self._percent_since(self._price_now())
        drift = record._jxc_price_drifts()[record].get(self._price_key(), 0.0)
        return max(abs(percent), abs(added_up(drift, percent))) > limit + NOISE

    def _price_key(self):
        """What the log calls this price, see ``jxc.price.watch``."""
        record = self._record()
        if self.kind == "item":
            return record._jxc_price_key(next(iter(record._jxc_price_measures())))
        return self._field()

    def _grew(self):
        """Whether it is beyond the limit by more than it was when it was let through.

        A step to the other side is another one, however small it was.
        """
        percent = self._percent_since(self._price_now())
        is_same_way = percent * self.percent >= 0
        grew = not is_same_way or abs(percent) > abs(self.percent) + NOISE
        return grew and self._is_beyond()

    @api.model_create_multi
    def create(self, vals_list):
        lines = super().create(vals_list)
        lines.change_id._check_draft()
        return lines

    def write(self, vals):
        if not self.env.su:
            self.change_id._check_draft()
        result = super().write(vals)
        if not self.env.su:
            self.change_id._check_draft()
        return result

    @api.ondelete(at_uninstall=False)
    def _unlink_except_settled(self):
        self.change_id._check_draft()
