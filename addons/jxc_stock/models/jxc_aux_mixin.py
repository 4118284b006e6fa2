# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.tools.sql import column_exists, create_column, table_exists

from ..tools import catch_weight


class JxcAuxMixin(models.AbstractModel):
    """A quantity of a product that also has an auxiliary quantity beside it.

    Meant for models with a product, like the lines of orders and stock moves. They tell
    by hooks what the base quantity is and where a better ratio than the nominal one is
    known.
    """

    _name = "jxc.aux.mixin"
    _inherit = ["jxc.unit.spec.mixin", "jxc.number.mixin"]
    _description = "Auxiliary Quantity"

    # Not a related field: the product is a field of the models that inherit.
    jxc_aux_uom_id = fields.Many2one(
        comodel_name="uom.uom",
        string="Auxiliary Unit",
        compute="_compute_jxc_aux_uom_id",
    )
    jxc_aux_qty = fields.Float(
        string="Auxiliary Quantity",
        digits="Product Unit",
        compute="_compute_jxc_aux_qty",
        store=True,
        readonly=False,
        copy=True,
        help="The same goods in the auxiliary unit of the product, e.g. 20 头 beside"
        " 1,873.5 kg.",
    )

    jxc_quantity_text = fields.Char(
        string="In Units",
        compute="_compute_jxc_quantity_text",
        help="The quantity in the units of the product, e.g. 3箱5瓶 or"
        " 1873.5 kg(20头).",
    )

    @api.depends("product_id.jxc_aux_uom_id")
    def _compute_jxc_aux_uom_id(self):
        for record in self:
            record.jxc_aux_uom_id = record.product_id.jxc_aux_uom_id

    @api.depends(lambda self: self._jxc_aux_depends())
    def _compute_jxc_aux_qty(self):
        """Follow the base quantity: see tools/catch_weight.py for when and how."""
        # Hardly any product has an auxiliary unit; asked of all products at once.
        with_unit = self.product_id.product_tmpl_id.filtered("jxc_aux_uom_id")
        without = self.filtered(
            lambda record: (
                not (with_unit and record.product_id.jxc_aux_uom_id)
                and record._jxc_aux_follows()
            )
        )
        without.jxc_aux_qty = 0.0
        others = self - without
        rates = others._jxc_aux_rates() if others else {}
        for record in others:
            if not record._jxc_aux_follows():
                record.jxc_aux_qty = record.jxc_aux_qty
                continue
            product = record.product_id
            uom = product.jxc_aux_uom_id
            record.jxc_aux_qty = uom.round(
                catch_weight.follow(
                    record._jxc_base_qty(),
                    record._jxc_aux_kept(rates),
                    product.jxc_aux_ratio,
                    product.jxc_aux_tolerance,
                    rates.get(record),
                )
            )

    @api.depends(
        lambda self: [*self._jxc_aux_depends(), "jxc_aux_qty", "jxc_aux_uom_id"]
    )
    @api.depends_context("lang")
    def _compute_jxc_quantity_text(self):
        for record in self:
            template = record.product_id.product_tmpl_id
            record.jxc_quantity_text = (
                template._jxc_quantity_text(record._jxc_base_qty(), record.jxc_aux_qty)
                if template
                else ""
            )

    @api.constrains("jxc_aux_qty")
    def _check_jxc_aux_qty(self):
        for record in self:
            if record.jxc_aux_qty and not record.product_id.jxc_aux_uom_id:
                raise ValidationError(
                    self.env._(
                        "%(product)s has no auxiliary unit, so it cannot have an"
                        " auxiliary quantity. Set the unit on the product's Units page"
                        " first.",
                        product=record.product_id.display_name
                        or record.display_name
                        or "",
                    )
                )

    def _auto_init(self):
        """Tables of documents are long: without the column each row would be computed,
        and no product has an auxiliary unit yet."""
        if table_exists(self.env.cr, self._table):
            for name, column in self._jxc_aux_columns():
                if not column_exists(self.env.cr, self._table, name):
                    create_column(self.env.cr, self._table, name, column)
        return super()._auto_init()

    def _jxc_aux_columns(self):
        """Columns to add empty to a table with rows. Return (name, type) pairs."""
        return [("jxc_aux_qty", "numeric")]

    # -- hooks --------------------------------------------------------------------

    def _jxc_aux_depends(self):
        """Fields that the auxiliary quantity follows. Return a list of names."""
        return ["product_id", self._jxc_qty_field(), self._jxc_uom_field()]

    def _jxc_qty_field(self):
        """Name of the field with the quantity. Return a str."""
        return "product_qty"

    def _jxc_uom_field(self):
        """Name of the field with the unit of the quantity. Return a str."""
        return "product_uom_id"

    def _jxc_base_qty(self):
        """The quantity in the base unit of the product, not rounded."""
        self.ensure_one()
        uom, base = self[self._jxc_uom_field()], self.product_id.uom_id
        return uom._jxc_convert(self[self._jxc_qty_field()], base)

    def _jxc_aux_rates(self):
        """Auxiliary units in one base unit, where known better than nominally.

        Called once for all records. Return {record: rate}.
        """
        return {}

    def _jxc_aux_kept(self, rates):
        """The auxiliary quantity to keep while it fits. Return a float.

        :param rates: what ``_jxc_aux_rates`` answered
        """
        return self.jxc_aux_qty

    def _jxc_aux_follows(self):
        """Whether the auxiliary quantity still follows. Return a bool."""
        return True

    # -- entry --------------------------------------------------------------------

    @api.onchange("jxc_aux_qty")
    def _onchange_jxc_aux_qty(self):
        """Propose the base quantity for pieces entered first."""
        product = self.product_id
        if not product.jxc_aux_uom_id or not self.jxc_aux_qty:
            return
        fits = catch_weight.is_within(
            self._jxc_base_qty(),
            self.jxc_aux_qty,
            product.jxc_aux_ratio,
            product.jxc_aux_tolerance,
        )
        if not fits:
            uom = self[self._jxc_uom_field()] or product.uom_id
            base = product.jxc_aux_ratio * self.jxc_aux_qty
            quantity = product.uom_id._jxc_convert(base, uom, rounded=True)
            # The proposal follows the pieces, not the other way round.
            entered = self.jxc_aux_qty
            self[self._jxc_qty_field()] = quantity
            self.jxc_aux_qty = entered

    @api.model
    def _jxc_with_base_qty(self, vals):
        """Values of a new record that tell only the pieces, with the base quantity.

        :param vals: values for ``create``
        :return: the same values, or a copy with the quantity at the nominal ratio
        """
        self._jxc_check_numbers(vals)
        name = self._jxc_qty_field()
        if not vals.get("jxc_aux_qty") or name in vals or not vals.get("product_id"):
            return vals
        product = self.env["product.product"].browse(vals["product_id"])
        if not product.jxc_aux_uom_id:
            return vals
        base = vals["jxc_aux_qty"] * product.jxc_aux_ratio
        uom = self.env["uom.uom"].browse(vals.get(self._jxc_uom_field()))
        quantity = product.uom_id._jxc_convert(base, uom, rounded=True)
        return {**vals, name: quantity}
