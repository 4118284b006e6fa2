# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
import logging

from psycopg2 import Error

from odoo import api, fields, models
from odoo.exceptions import AccessError
from odoo.tools import SQL

from odoo.addons.jxc_base.tools.guard import own_defaults

from ..tools import catch_weight

_logger = logging.getLogger(__name__)

KEEP_AUX_KEY = "jxc_keep_aux"
# Compared by identity: no client can put this object into its context.
KEEP_AUX = object()


class StockQuant(models.Model):
    """Stock in the auxiliary unit, moved by the done operations alone."""

    _name = "stock.quant"
    _inherit = ["stock.quant", "jxc.unit.spec.mixin", "jxc.number.mixin"]

    jxc_aux_uom_id = fields.Many2one(
        related="product_id.jxc_aux_uom_id",
        string="Auxiliary Unit",
    )
    jxc_aux_qty = fields.Float(
        string="Auxiliary Quantity",
        digits="Product Unit",
        readonly=True,
        help="Quantity in the auxiliary unit of the product: the sum of all done"
        " operations.",
    )
    jxc_aux_inventory_qty = fields.Float(
        string="Counted (Auxiliary)",
        digits="Product Unit",
        compute="_compute_jxc_aux_inventory_qty",
        store=True,
        readonly=False,
        help="The counted quantity in the auxiliary unit. It follows the counted"
        " quantity until it is entered.",
    )

    @api.depends("inventory_quantity")
    def _compute_jxc_aux_inventory_qty(self):
        for quant in self:
            product = quant.product_id
            uom = product.jxc_aux_uom_id
            if not uom:
                quant.jxc_aux_inventory_qty = 0.0
                continue
            counted, base, aux = (
                quant.inventory_quantity,
                quant.quantity,
                quant.jxc_aux_qty,
            )
            if uom.compare(counted, base) == 0:
                quant.jxc_aux_inventory_qty = aux
            else:
                quant.jxc_aux_inventory_qty = uom.round(
                    catch_weight.follow(
                        counted,
                        aux,
                        product.jxc_aux_ratio,
                        product.jxc_aux_tolerance,
                        aux / base if base > 0 and aux > 0 else None,
                    )
                )

    # -- records ------------------------------------------------------------------

    @api.model
    def default_get(self, fields):
        return own_defaults(self, super().default_get(fields), {"jxc_aux_qty"})

    @api.model_create_multi
    def create(self, vals_list):
        self._jxc_refuse_aux(vals_list)
        counted = [vals.get("jxc_aux_inventory_qty") for vals in vals_list]
        if not self._is_inventory_mode() or not any(counted):
            return super().create(vals_list)
        # The platform may answer with a quant that is there, without these values.
        quants = self.browse()
        for vals, aux in zip(vals_list, counted, strict=True):
            vals = {k: v for k, v in vals.items() if k != "jxc_aux_inventory_qty"}
            quant = super().create([vals])
            if aux:
                quant.sudo().write({"jxc_aux_inventory_qty": aux})
            quants |= quant
        return quants

    def write(self, vals):
        self._jxc_refuse_aux([vals])
        if "jxc_aux_inventory_qty" in vals and "inventory_quantity" not in vals:
            # Only the pieces were counted: the weight is taken as it is.
            unset = self.filtered(lambda quant: not quant.inventory_quantity_set)
            for quant in unset:
                super(StockQuant, quant).write({"inventory_quantity": quant.quantity})
        return super().write(vals)

    def unlink(self):
        if self.env.context.get(KEEP_AUX_KEY) is KEEP_AUX:
            self = self.filtered(lambda quant: quant._jxc_aux_is_zero())
        return super().unlink()

    def _jxc_refuse_aux(self, vals_list):
        """Stock changes by operations and counts, never by writing it.

        :raise AccessError: for everybody but the system
        """
        if not self.env.su and any("jxc_aux_qty" in vals for vals in vals_list):
            raise AccessError(
                self.env._(
                    "The auxiliary quantity of stock cannot be written. Count it, or"
                    " correct the operation that brought it."
                )
            )

    # -- posting --------------------------------------------------------------------

    @api.model
    def _jxc_post_aux(self, changes):
        """Change stock in the auxiliary unit; a fixed number of queries.

        :param changes: {ids of (product, location, lot, package, owner): quantity}
        """
        digits = self.env["jxc.product.unit"]._jxc_digits()
        changes = {key: round(change, digits) for key, change in changes.items()}
        changes = {key: change for key, change in changes.items() if change}
        if not changes:
            return
        # Who may finish an operation need not be allowed to write stock.
        Quant = self.sudo().with_context(inventory_mode=False)
        products, locations, lots, _packages, _owners = map(
            set, zip(*changes, strict=True)
        )
        quants = Quant.search(
            [
                ("product_id", "in", list(products)),
                ("location_id", "in", list(locations)),
                ("lot_id", "in", [*lots, False]),
            ]
        )
        by_key = {}
        concerned = quants.filtered(lambda quant: quant._jxc_key() in changes)
        # Of several quants of one kind, one that no other transaction is changing.
        for quant in concerned.try_lock_for_update(allow_referencing=True):
            by_key.setdefault(quant._jxc_key(), quant)
        missing = []
        for key, change in changes.items():
            quant = by_key.get(key)
            if quant:
                quant.jxc_aux_qty = round(quant.jxc_aux_qty + change, digits)
            else:
                names = ("product_id", "location_id", "lot_id", "package_id")
                vals = dict(zip((*names, "owner_id"), key, strict=True))
                missing.append({**vals, "quantity": 0.0, "jxc_aux_qty": change})
        if missing:
            Quant.create(missing)

    def _jxc_key(self):
        """Ids of (product, location, lot, package, owner), False for none."""
        records = (
            self.product_id,
            self.location_id,
            self.lot_id,
            self.package_id,
            self.owner_id,
        )
        return tuple(record.id for record in records)

    def _jxc_aux_is_zero(self):
        digits = self.env["jxc.product.unit"]._jxc_digits()
        return not round(self.jxc_aux_qty, digits)

    @api.model
    def _unlink_zero_quants(self):
        """Without weight, but with pieces: that is to be counted, not to vanish."""
        quants = self.with_context(**{KEEP_AUX_KEY: KEEP_AUX})
        return super(StockQuant, quants)._unlink_zero_quants()

    @api.model
    def _merge_quants(self):
        """Collect the auxiliary quantities on the quant that the platform keeps."""
        self._jxc_merge_aux()
        return super()._merge_quants()

    def _jxc_merge_aux(self):
        self.env["stock.quant"].flush_model()
        where = SQL("TRUE")
        if self._ids:
            where = SQL(
                "location_id IN %s AND product_id IN %s",
                tuple(self.location_id.ids),
                tuple(self.product_id.ids),
            )
        query = SQL(
            """
            WITH same AS (
                SELECT id,
                       min(id) OVER kind AS keep_id,
                       sum(jxc_aux_qty) OVER kind AS aux,
                       sum(jxc_aux_inventory_qty) OVER kind AS counted,
                       count(*) OVER kind AS number
                  FROM stock_quant
                 WHERE %s
                WINDOW kind AS (
                    PARTITION BY product_id, company_id, location_id, lot_id,
                                 package_id, owner_id
                )
            )
            UPDATE stock_quant quant
               SET jxc_aux_qty = CASE WHEN same.id = keep_id THEN aux ELSE 0 END,
                   jxc_aux_inventory_qty =
                       CASE WHEN same.id = keep_id THEN counted ELSE 0 END
              FROM same
             WHERE same.id = quant.id AND number > 1
               AND (aux <> 0 OR counted <> 0)
            """,
            where,
        )
        try:
            with self.env.cr.savepoint():
                self.env.execute_query(query)
                self.env.invalidate_all()
        except Error as error:
            # As in the platform: a quant is busy, the next run merges it.
            _logger.info("quants were not merged: %s", error.pgerror)

    # -- counting -----------------------------------------------------------------

    @api.model
    def _get_inventory_fields_write(self):
        return [*super()._get_inventory_fields_write(), "jxc_aux_inventory_qty"]

    def _get_inventory_move_values(
        self,
        qty,
        location_id,
        location_dest_id,
        package_id=False,
        package_dest_id=False,
    ):
        values = super()._get_inventory_move_values(
            qty, location_id, location_dest_id, package_id, package_dest_id
        )
        # A quant that is only a form to fill in knows no stock: the operation will.
        if self.product_id.jxc_aux_uom_id and self._origin:
            aux = self._jxc_inventory_aux(qty, location_id, location_dest_id)
            values["jxc_aux_qty"] = aux
            values["move_line_ids"][0][2]["jxc_aux_qty"] = aux
        return values

    def _jxc_inventory_aux(self, qty, source, destination):
        """Auxiliary quantity of a move that corrects or relocates this quant.

        :return: what moves from source to destination; negative when a count finds
            more of one quantity and less of the other
        """
        if "inventory" in (source.usage, destination.usage):
            if self.inventory_quantity_set:
                found = self.jxc_aux_inventory_qty - self.jxc_aux_qty
                return found if destination == self.location_id else -found
        base, aux = self.quantity, self.jxc_aux_qty
        if self.product_uom_id.compare(qty, base) == 0:
            return aux
        if base > 0 and aux > 0:
            return self.jxc_aux_uom_id.round(qty * aux / base)
        return self.jxc_aux_uom_id.round(qty / self.product_id.jxc_aux_ratio)
