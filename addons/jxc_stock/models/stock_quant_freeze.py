# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
import math

from odoo import api, fields, models
from odoo.exceptions import AccessError, ConcurrencyError, UserError
from odoo.tools import SQL

from odoo.addons.jxc_base.tools.guard import own_defaults

# Compared by identity: no client can put these objects into its context.
FREEZING = object()
CLEANING = object()
# What makes two quants the same goods in the same place.
QUANT_KEY = ("product_id", "location_id", "lot_id", "package_id", "owner_id")


class StockQuant(models.Model):
    """Frozen goods.

    A frozen quantity is part of ``reserved_quantity``, so that everything the
    platform computes from it (reservation, availability, free quantity, forecasts)
    already leaves it out. ``jxc_frozen_quantity`` says how much of it is frozen.
    """

    _inherit = "stock.quant"

    jxc_frozen_quantity = fields.Float(
        string="Frozen",
        digits="Product Unit",
        readonly=True,
        copy=False,
        help="Quantity that is taken out of reservation; it cannot leave its place.",
    )

    _jxc_frozen_idx = models.Index(
        "(product_id, location_id) WHERE jxc_frozen_quantity > 0"
    )

    @api.model
    def default_get(self, fields):
        return own_defaults(self, super().default_get(fields), {"jxc_frozen_quantity"})

    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            self._jxc_check_frozen_kept(vals)
        return super().create(vals_list)

    def write(self, vals):
        self._jxc_check_frozen_kept(vals)
        return super().write(vals)

    @api.model
    def _jxc_check_frozen_kept(self, vals):
        """Refuse frozen quantities that do not come from freezing."""
        if "jxc_frozen_quantity" in vals:
            if self.env.context.get("jxc_freezing") is not FREEZING:
                raise UserError(
                    self.env._("Frozen quantities are changed by freezing stock only.")
                )

    # ----------------------------------------------------------------
    # Freezing
    # ----------------------------------------------------------------

    def action_jxc_freeze(self, quantity=None, reason=None):
        """Take a quantity out of reservation: it stays where it is until unfrozen.

        Reservations of transfers that are not picked yet are taken away when needed,
        those planned last first; the transfers try to reserve other goods.

        :param quantity: in the product's unit, on one quant; None or False: all that is
            not frozen yet, on each quant
        :param reason: text, required
        :return: True
        :raise AccessError: without the right to control stock
        :raise UserError: no reason, no quantity, or more than there is to freeze
        """
        reason = self._jxc_check_freezing(quantity, reason)
        quants = self._jxc_lock_to_freeze()
        goods = quants._jxc_same_goods()
        amounts = {}
        for quant in quants:
            amount = quant._jxc_freezable(goods[quant], quantity)
            if quant.product_uom_id.compare(amount, 0) > 0:
                amounts[quant] = amount
        if not amounts:
            raise UserError(self.env._("There is nothing left to freeze."))
        moves = self.env["stock.move"]
        for quant, amount in amounts.items():
            moves |= quant._jxc_take_from_reservations(goods[quant], amount)
        self._jxc_change_frozen(amounts, "freeze", reason)
        moves._action_assign()
        return True

    def action_jxc_unfreeze(self, quantity=None, reason=None):
        """Give a frozen quantity back to reservation.

        :param quantity: in the product's unit, on one quant; None or False: all that is
            frozen, on each quant
        :param reason: text, required
        :return: True
        :raise AccessError: without the right to control stock
        :raise UserError: no reason, or more than is frozen
        """
        reason = self._jxc_check_freezing(quantity, reason)
        amounts = {}
        for quant in self._jxc_lock_to_freeze():
            compare = quant.product_uom_id.compare
            amount = quantity or quant.jxc_frozen_quantity
            if compare(amount, quant.jxc_frozen_quantity) > 0:
                raise UserError(
                    self.env._(
                        "%(quant)s: only %(frozen)s of %(product)s are frozen, not"
                        " %(quantity)s.",
                        quant=quant.display_name,
                        product=quant.product_id.display_name,
                        frozen=quant._jxc_text(quant.jxc_frozen_quantity),
                        quantity=quant._jxc_text(amount),
                    )
                )
            if compare(amount, 0) > 0:
                amounts[quant] = amount
        if not amounts:
            raise UserError(self.env._("Nothing of it is frozen."))
        self._jxc_change_frozen(amounts, "unfreeze", reason)
        return True

    def action_jxc_open_freeze(self):
        """Open the dialog that freezes or unfreezes these quants."""
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "jxc_stock.jxc_stock_freeze_wizard_action"
        )
        action["context"] = {"default_quant_ids": self.ids}
        return action

    def _jxc_check_freezing(self, quantity, reason):
        """Check rights and values; return the reason as it is kept.

        Without any quant it says so too: a client may send no ids.
        """
        if not self.env.user.has_group("jxc_stock.group_stock_control"):
            raise AccessError(
                self.env._(
                    "Freezing and unfreezing stock needs the right “Stock Control”."
                )
            )
        if not self:
            raise UserError(self.env._("Choose the stock to freeze or unfreeze."))
        self.check_access("read")
        reason = reason.strip() if isinstance(reason, str) else ""
        if not reason:
            raise UserError(self.env._("Say why: the reason is kept."))
        if quantity:
            self.ensure_one()
            digits = self.product_uom_id
            if (
                isinstance(quantity, bool)
                or not isinstance(quantity, int | float)
                or not math.isfinite(quantity)
                or digits.compare(quantity, 0) <= 0
                or digits.compare(digits.round(quantity), quantity)
            ):
                raise UserError(
                    self.env._(
                        "%(quantity)s is no quantity of %(product)s.",
                        quantity=quantity,
                        product=self.product_id.display_name,
                    )
                )
        elif quantity is not None and quantity is not False:
            raise UserError(self.env._("The quantity must be more than zero."))
        for quant in self:
            if quant.location_id.usage not in ("internal", "transit"):
                raise UserError(
                    self.env._(
                        "%s is no place of your stock: nothing can be frozen there.",
                        quant.location_id.display_name,
                    )
                )
        return reason

    def _jxc_freezable(self, group, quantity):
        """The quantity to freeze on this quant, checked against what is there."""
        left = sum(group.mapped("quantity")) - sum(group.mapped("jxc_frozen_quantity"))
        amount = quantity or max(0.0, left)
        if self.product_uom_id.compare(amount, left) > 0:
            raise UserError(
                self.env._(
                    "%(quant)s: %(quantity)s of %(product)s cannot be frozen, only"
                    " %(left)s are there and not frozen yet.",
                    quant=self.display_name,
                    product=self.product_id.display_name,
                    quantity=self._jxc_text(amount),
                    left=self._jxc_text(left),
                )
            )
        return self.product_uom_id.round(amount)

    def _jxc_text(self, quantity):
        """Quantity with the unit of the product, for messages."""
        return self.product_id.jxc_format_qty(self.product_uom_id.round(quantity))

    def _jxc_same_goods(self):
        """{quant: all quants of the same goods in the same place}; mostly itself.

        There is more than one after races, until the platform merges them.
        """
        domain = [("product_id", "in", self.product_id.ids)]
        domain.append(("location_id", "in", self.location_id.ids))
        found = self.sudo().search(domain)
        groups = found.grouped(lambda quant: tuple(quant[name] for name in QUANT_KEY))
        return {
            quant: groups.get(tuple(quant[name] for name in QUANT_KEY), quant)
            for quant in self.sudo()
        }

    def _jxc_lock_to_freeze(self):
        """Lock the goods against everybody who takes or reserves them meanwhile.

        FOR UPDATE also waits for those who found the quant locked by another and so
        went on with a new quant (see try_lock_for_update). A snapshot that is older
        than such a quant cannot see it: then the whole request starts again.
        """
        quants = self.sudo()
        rows = quants.union(*quants._jxc_same_goods().values())
        if not rows:
            return quants
        self.env.flush_all()
        self.env.execute_query(
            SQL(
                "SELECT id FROM stock_quant WHERE id IN %s ORDER BY id FOR UPDATE",
                rows._ids,
            )
        )
        rows.invalidate_recordset(["quantity", "reserved_quantity"])
        if self.env.registry.ready:
            # While addons are installed nobody else works, and tables are locked.
            self._jxc_check_nothing_new(rows)
        return quants

    def _jxc_check_nothing_new(self, rows):
        """Start again when there are quants that this transaction cannot see yet."""
        domain = [("product_id", "in", rows.product_id.ids)]
        domain.append(("location_id", "in", rows.location_id.ids))
        known = set(rows.search(domain)._ids)
        with self.env.registry.cursor() as cr:
            current = self.with_env(self.env(cr=cr, su=True)).search(domain)
            if not known.issuperset(current._ids):
                raise ConcurrencyError("Goods to freeze were just split")

    def _jxc_take_from_reservations(self, group, amount):
        """Unreserve what is needed so that ``amount`` is free; return these moves."""
        free = sum(quant.quantity - quant.reserved_quantity for quant in group)
        need = amount - max(0.0, free)
        compare = self.product_uom_id.compare
        moves = self.env["stock.move"]
        if compare(need, 0) <= 0:
            return moves
        domain = [(name, "=", self[name].id) for name in QUANT_KEY]
        domain += [("state", "not in", ("done", "cancel", "draft"))]
        domain += [("picked", "=", False), ("quantity_product_uom", ">", 0)]
        lines = self.env["stock.move.line"].sudo().search(domain)
        for line in lines.sorted(lambda line: (line.move_id.date, line.id), True):
            moves |= line.move_id
            have = line.quantity_product_uom
            if compare(have, need) <= 0:
                need -= have
                line.unlink()
            else:
                # odoo19-ok: unit-unchecked the unit of a move line was checked
                rest = self.product_uom_id._compute_quantity(
                    have - need, line.product_uom_id, rounding_method="DOWN"
                )
                need = 0.0
                line.quantity = rest
            if compare(need, 0) <= 0:
                return moves
        raise UserError(
            self.env._(
                "%(quant)s: %(missing)s of %(product)s are picked already. Undo the"
                " picking or freeze less.",
                quant=self.display_name,
                product=self.product_id.display_name,
                missing=self._jxc_text(need),
            )
        )

    def _jxc_change_frozen(self, amounts, kind, reason):
        """Change the frozen quantities and keep who did it and why."""
        sign = 1 if kind == "freeze" else -1
        for quant, amount in amounts.items():
            rounding = quant.product_uom_id.round
            frozen = rounding(quant.jxc_frozen_quantity + sign * amount)
            quant.sudo().with_context(jxc_freezing=FREEZING).write(
                {
                    "jxc_frozen_quantity": frozen,
                    "reserved_quantity": quant.reserved_quantity + sign * amount,
                }
            )
        self.env["jxc.stock.freeze"]._jxc_log(
            [
                quant._prepare_jxc_freeze_values(amount, kind, reason)
                for quant, amount in amounts.items()
            ]
        )

    def _prepare_jxc_freeze_values(self, amount, kind, reason):
        """Values of the record of one freezing or unfreezing."""
        return {
            **{name: self[name].id for name in QUANT_KEY},
            "company_id": self.company_id.id,
            "user_id": self.env.uid,
            "kind": kind,
            "quantity": amount,
            "reason": reason,
        }

    # ----------------------------------------------------------------
    # The platform's upkeep of quants
    # ----------------------------------------------------------------

    @api.model
    def _clean_reservations(self):
        # The platform sets reservations to what transfers hold: add what is frozen.
        cleaning = self.with_context(jxc_cleaning=CLEANING)
        return super(StockQuant, cleaning)._clean_reservations()

    @api.model
    def _update_reserved_quantity(
        self,
        product_id,
        location_id,
        quantity,
        lot_id=None,
        package_id=None,
        owner_id=None,
        strict=True,
    ):
        if self.env.context.get("jxc_cleaning") is CLEANING:
            quantity += sum(self.sudo().mapped("jxc_frozen_quantity"))
            if product_id.uom_id.is_zero(quantity):
                return None
        return super()._update_reserved_quantity(
            product_id, location_id, quantity, lot_id, package_id, owner_id, strict
        )

    @api.model
    def _merge_quants(self):
        """Keep the frozen quantity of quants that become one."""
        self.flush_model()
        keys = SQL("product_id, company_id, location_id, lot_id, package_id, owner_id")
        merging = self.env.execute_query(
            SQL(
                "SELECT min(id), array_agg(id), sum(jxc_frozen_quantity)"
                " FROM stock_quant WHERE (product_id, location_id) IN ("
                "   SELECT product_id, location_id FROM stock_quant"
                "   WHERE jxc_frozen_quantity > 0)"
                " GROUP BY %s"
                " HAVING count(*) > 1 AND sum(jxc_frozen_quantity) > 0",
                keys,
            )
        )
        result = super()._merge_quants()
        for kept, ids, frozen in merging:
            if self.browse(ids).exists()._ids == (kept,):
                quant = self.sudo().browse(kept).with_context(jxc_freezing=FREEZING)
                quant.write({"jxc_frozen_quantity": frozen})
        return result

    @api.model
    def _unlink_zero_quants(self):
        cleaning = self.with_context(jxc_cleaning=CLEANING)
        return super(StockQuant, cleaning)._unlink_zero_quants()

    def unlink(self):
        if self.env.context.get("jxc_cleaning") is CLEANING:
            # Waits to be merged with the quant that has the goods.
            self = self.filtered(lambda quant: not quant.jxc_frozen_quantity)
        return super().unlink()

    @api.ondelete(at_uninstall=False)
    def _unlink_except_frozen(self):
        for quant in self:
            if quant.product_uom_id.compare(quant.jxc_frozen_quantity, 0) > 0:
                raise UserError(
                    self.env._(
                        "%(quant)s: %(frozen)s of %(product)s are frozen. Unfreeze"
                        " them first.",
                        quant=quant.display_name,
                        product=quant.product_id.display_name,
                        frozen=quant._jxc_text(quant.jxc_frozen_quantity),
                    )
                )
