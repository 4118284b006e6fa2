# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from collections import defaultdict

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

from ..tools import catch_weight

#: Fields of a done line that decide which quant holds how much of it.
POSTED_FIELDS = {
    "jxc_aux_qty",
    "location_dest_id",
    "location_id",
    "lot_id",
    "owner_id",
    "package_id",
    "product_id",
    "product_uom_id",
    "quant_id",
    "quantity",
    "result_package_id",
}
REASON_FIELDS = {"jxc_aux_qty", "jxc_aux_reason", "product_uom_id", "quantity"}
LINES_NAMED = 10


class StockMoveLine(models.Model):
    """Moving the auxiliary quantity together with the base quantity.

    What a done line changes on the quants is a function of the line (see
    ``_jxc_aux_effect``). Each method that makes, changes or finishes lines posts the
    difference between after and before, once for all its lines.
    """

    _name = "stock.move.line"
    _inherit = ["stock.move.line", "jxc.aux.mixin"]

    jxc_aux_qty = fields.Float(copy=False)
    jxc_aux_reason = fields.Char(
        string="Reason for the Ratio",
        copy=False,
        help="Why the ratio of both quantities is further off the nominal ratio than"
        " the tolerance of the product.",
    )
    jxc_aux_is_off = fields.Boolean(
        string="Off the Ratio",
        compute="_compute_jxc_aux_is_off",
        help="Further off the nominal ratio than the tolerance: needs a reason.",
    )

    @api.depends("jxc_aux_qty", "quantity", "product_uom_id", "product_id")
    def _compute_jxc_aux_is_off(self):
        for line in self:
            line.jxc_aux_is_off = line._jxc_is_off()

    @api.constrains("jxc_aux_qty")
    def _check_jxc_aux_not_negative(self):
        for line in self:
            # A count may find more weight and fewer pieces at once.
            if line.jxc_aux_qty < 0 and not line._jxc_is_counted():
                raise ValidationError(
                    self.env._(
                        "%(product)s: the auxiliary quantity %(quantity)s cannot be"
                        " negative.",
                        product=line.product_id.display_name,
                        quantity=line.jxc_aux_qty,
                    )
                )

    def _get_aggregated_product_quantities(self, **kwargs):
        """Delivery slips also say the quantities in the units of the product."""
        lines = super()._get_aggregated_product_quantities(**kwargs)
        aux = defaultdict(float)
        for line in self:
            if not (kwargs.get("except_package") and line.result_package_id):
                key = line._get_aggregated_properties(move_line=line)["line_key"]
                aux[key] += line.jxc_aux_qty
        for key, values in lines.items():
            product, uom = values["product"], values["product_uom"]
            quantity = values["quantity"] or 0.0
            values["jxc_quantity_text"] = product.product_tmpl_id._jxc_quantity_text(
                uom._jxc_convert(quantity, product.uom_id),
                aux.get(key),
            )
        return lines

    # -- following the base quantity --------------------------------------------------

    def _jxc_qty_field(self):
        return "quantity"

    def _jxc_aux_rates(self):
        """What is taken from stock has the ratio it has there, else that of the move.

        The ratio of an order goes first where the stock bears it: who ordered 5 head
        gets 5. The last of a stock takes all its pieces.
        """
        rates = super()._jxc_aux_rates()
        with_aux = self.filtered("product_id.jxc_aux_uom_id")
        if not with_aux:
            return rates
        sides = {line: line._jxc_stock_side() for line in with_aux}
        stock = self._jxc_aux_of_stock(
            {line._jxc_quant_key(side) for line, side in sides.items() if side}
        )
        ordered = with_aux.move_id._jxc_aux_rates()
        for line, side in sides.items():
            base, aux = stock.get(line._jxc_quant_key(side), (0.0, 0.0))
            if side and base > 0 and aux > 0:
                rate = ordered.get(line.move_id)
                is_last = (
                    line.product_id.uom_id.compare(line._jxc_base_qty(), base) == 0
                )
                fits = (
                    rate
                    and not is_last
                    and catch_weight.is_within(
                        base, aux, 1 / rate, line.product_id.jxc_aux_tolerance
                    )
                )
                rates[line] = rate if fits else aux / base
                continue
            move = line.move_id
            demand = move._jxc_base_qty() if move else 0.0
            if demand and move.jxc_aux_qty:
                rates[line] = move.jxc_aux_qty / demand
        return rates

    def _jxc_aux_kept(self, rates):
        # Inside the company nothing is weighed anew: more or less of the goods is more
        # or less of the pieces, and with the last of the weight go all pieces.
        if self in rates and not self._jxc_crosses_border():
            return 0.0
        return super()._jxc_aux_kept(rates)

    def _jxc_stock_side(self):
        """The side on which stock lies whose ratio counts: "from", "to" or ""."""
        if not self._jxc_is_outside(self.location_id):
            return "from"
        # What a count finds is like what is there.
        return "to" if self.is_inventory else ""

    def _jxc_is_counted(self):
        """Whether a count or a scrap corrects the stock; the mark alone would not do,
        everybody may set it on a transfer."""
        usages = (self.location_id | self.location_dest_id).mapped("usage")
        return "inventory" in usages

    @api.model
    def _jxc_aux_of_stock(self, keys):
        """Stock in both quantities, one query.

        :param keys: quant keys, see ``_jxc_quant_key``
        :return: {quant key: (base, auxiliary)}
        """
        if not keys:
            return {}
        products, locations, lots, _packages, _owners = map(
            set, zip(*keys, strict=True)
        )
        groups = (
            self.env["stock.quant"]
            .sudo()
            ._read_group(
                [
                    ("product_id", "in", list(products)),
                    ("location_id", "in", list(locations)),
                    ("lot_id", "in", [*lots, False]),
                ],
                ["product_id", "location_id", "lot_id", "package_id", "owner_id"],
                ["quantity:sum", "jxc_aux_qty:sum"],
            )
        )
        return {
            tuple(record.id for record in records): (base, aux)
            for *records, base, aux in groups
        }

    def _jxc_is_outside(self, location):
        """Whether no stock of ours lies there."""
        return location.usage not in ("internal", "transit")

    def _jxc_quant_key(self, side):
        """Identity of the quant on one side of this line.

        :param side: "from" or "to"
        :return: ids of (product, location, lot, package, owner), False for none
        """
        if side != "to":
            location, package = self.location_id, self.package_id
        else:
            location, package = self.location_dest_id, self.result_package_id
        records = (self.product_id, location, self.lot_id, package, self.owner_id)
        return tuple(record._origin.id for record in records)

    # -- posting ----------------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        lines = super().create([self._jxc_with_base_qty(vals) for vals in vals_list])
        done = lines._jxc_done()
        if done:
            done._jxc_check_ratio()
            self.env["stock.quant"]._jxc_post_aux(done._jxc_aux_effect())
        return lines

    def write(self, vals):
        done = self._jxc_done() if set(vals) & (POSTED_FIELDS | REASON_FIELDS) else None
        if not done:
            return super().write(vals)
        before = done._jxc_aux_effect()
        res = super().write(vals)
        if set(vals) & REASON_FIELDS:
            done._jxc_check_ratio()
        change = done._jxc_aux_effect()
        for key, quantity in before.items():
            change[key] -= quantity
        self.env["stock.quant"]._jxc_post_aux(change)
        return res

    def _action_done(self):
        self._jxc_check_ratio()
        res = super()._action_done()
        # Lines without quantity are gone by now.
        self.env["stock.quant"]._jxc_post_aux(self.exists()._jxc_aux_effect())
        return res

    def _jxc_done(self):
        return self.filtered(lambda line: line.state == "done")

    def _jxc_aux_effect(self):
        """What these lines, once done, change on quants: {quant key: quantity}."""
        effect = defaultdict(float)
        for line in self:
            if line.jxc_aux_qty and line.product_id.is_storable:
                effect[line._jxc_quant_key("from")] -= line.jxc_aux_qty
                effect[line._jxc_quant_key("to")] += line.jxc_aux_qty
        return effect

    # -- tolerance --------------------------------------------------------------------

    def _jxc_is_off(self):
        """Whether this line is further off the nominal ratio than the tolerance."""
        product = self.product_id
        return bool(product.jxc_aux_uom_id) and not catch_weight.is_within(
            self._jxc_base_qty(),
            self.jxc_aux_qty,
            product.jxc_aux_ratio,
            product.jxc_aux_tolerance,
        )

    def _jxc_check_ratio(self):
        """Refuse goods that come or go off the ratio without a reason.

        Counts and scraps take what is there, and inside the company nothing is weighed
        anew: they need no reason.

        :raise UserError: naming the products and both quantities
        """
        problems = []
        for line in self:
            if not line.product_id.jxc_aux_uom_id or line._jxc_is_counted():
                continue
            if line.jxc_aux_qty and line.product_uom_id.is_zero(line.quantity):
                # The platform drops operations without quantity in silence.
                problems.append(line)
            elif (
                line._jxc_crosses_border()
                and not (line.jxc_aux_reason or "").strip()
                and line._jxc_is_off()
            ):
                problems.append(line)
        if problems:
            raise UserError(
                self.env._(
                    "These quantities are off the ratio of the product:\n%(lines)s\n"
                    "Correct them, or give a reason on each operation.",
                    lines="\n".join(
                        f"- {line._jxc_ratio_problem()}"
                        for line in problems[:LINES_NAMED]
                    ),
                )
            )

    def _jxc_crosses_border(self):
        """Whether the goods come from or go to the outside."""
        return self._jxc_is_outside(self.location_id) or self._jxc_is_outside(
            self.location_dest_id
        )

    def _jxc_ratio_problem(self):
        template = self.product_id.product_tmpl_id
        lot = self.lot_id.name or self.lot_name
        return self.env._(
            "%(product)s: %(quantities)s (%(ratio)s)",
            product=" ".join(filter(None, (self.product_id.display_name, lot))),
            quantities=template._jxc_pair_text(self._jxc_base_qty(), self.jxc_aux_qty),
            ratio=template._jxc_ratio_text(),
        )
