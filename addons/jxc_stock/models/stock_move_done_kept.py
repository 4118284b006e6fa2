# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from odoo import api, fields, models
from odoo.exceptions import AccessError

from odoo.addons.jxc_base.tools.importing import is_history

from .stock_move_line_guard import DONE_CHANGES

MOVING_KEY = "jxc_moving"
# Compared by identity: no client can put this object into its context.
MOVING = object()

#: What was moved, on which way and at what value: for nobody to write.
FACTS = frozenset(
    {
        "company_id",
        "is_dropship",
        "is_in",
        "is_out",
        "location_dest_id",
        "location_id",
        "picking_id",
        "price_unit",
        "product_id",
        "restrict_partner_id",
        "state",
        "value",
    }
)
#: What it was moved for. Only addons above know of orders.
REASONS = frozenset({"origin_returned_move_id", "purchase_line_id", "sale_line_id"})
LINE_FACTS = frozenset({"company_id", "move_id", "picking_id"})
#: What stock staff corrects: the platform keeps the stock in step with it.
CORRECTED_MOVE = frozenset({"date", "quantity"})
CORRECTED = DONE_CHANGES | {"lot_name", "result_package_id"}


class StockMove(models.Model):
    """Goods that were moved have been moved.

    Everybody who sells, buys or keeps the books may write moves, as orders and bills
    change them before they are done. Written afterwards, the stock would stay as it is
    while orders, the ledger and the books tell something else: delivered goods that
    nobody owes, received ones that nobody ordered, goods worth nothing. Quantities and
    dates are corrected by stock staff, everything else by a movement.
    """

    _inherit = "stock.move"

    def write(self, vals):
        """Write moves; what is done stays what it was.

        :raise AccessError: naming the field and the movement
        """
        if not self.env.su:
            self._jxc_check_done(vals)
        return super().write(vals)

    def _jxc_check_done(self, vals):
        """:raise AccessError: see :meth:`write`"""
        names = (FACTS | REASONS | CORRECTED_MOVE) & vals.keys()
        if is_history(self.env) or self.env.context.get(MOVING_KEY) is MOVING:
            names -= {"date"}
        done = self.filtered(lambda move: move.state == "done") if names else self
        if not names or not done:
            return
        # sudo: some of what is compared is not for everybody to read
        for move in done.sudo():
            for name in sorted(names):
                if _is_same(move, name, vals[name]):
                    continue
                if name in FACTS or (name in REASONS and move[name]):
                    raise AccessError(move._jxc_done_text(name))
                if name in CORRECTED_MOVE:
                    self.env["stock.move.line"]._jxc_check_corrector(move)

    def _jxc_done_text(self, name):
        """Why a field of a done movement stays as it is, in words."""
        return self.env._(
            "%(movement)s: %(product)s was moved already, so “%(field)s” stays as it"
            " is. Move the goods again, or back by a return.",
            movement=self.picking_id.name or self.reference or self.display_name,
            product=self.product_id.display_name,
            field=self._fields[name]._description_string(self.env),
        )

    def _set_value(self, correction_quantity=None):
        # sudo: the value follows, whoever moves the goods
        return super(StockMove, self.sudo())._set_value(correction_quantity)


class StockMoveLine(models.Model):
    """Every user may write operations, as the platform has it: not what is done."""

    _inherit = "stock.move.line"

    @api.model_create_multi
    def create(self, vals_list):
        """:raise AccessError: somebody else than stock staff adds to what is done"""
        if not self.env.su:
            ids = {vals.get("move_id") for vals in vals_list} - {None, False}
            moves = self.env["stock.move"].sudo().browse(ids)
            self._jxc_check_corrector(moves.filtered(lambda m: m.state == "done"))
        return super().create(vals_list)

    def write(self, vals):
        """Write operations; what is done is corrected by stock staff only.

        :raise AccessError: naming the movement
        """
        if not self.env.su and not vals.keys().isdisjoint(LINE_FACTS | CORRECTED):
            self._jxc_check_done(vals)
        return super().write(vals)

    def _jxc_check_done(self, vals):
        """:raise AccessError: see :meth:`write`"""
        # sudo: some users may write operations and not read their moves
        for line in self.sudo():
            if line.state != "done":
                continue
            for name in sorted((LINE_FACTS | CORRECTED) & vals.keys()):
                if _is_same(line, name, vals[name]):
                    continue
                if name in LINE_FACTS:
                    move = line.move_id
                    raise AccessError(
                        self.env._(
                            "%(movement)s: %(product)s was moved already; its"
                            " operations stay there.",
                            movement=move.picking_id.name or move.reference or "",
                            product=line.product_id.display_name,
                        )
                    )
                self._jxc_check_corrector(line.move_id)

    @api.model
    def _jxc_check_corrector(self, moves):
        """:raise AccessError: the user is no stock staff, and there are such moves"""
        if moves and not self.env.user.has_group("stock.group_stock_user"):
            raise AccessError(
                self.env._(
                    "%(movements)s: only stock staff corrects what was moved already.",
                    movements=", ".join(
                        dict.fromkeys(
                            move.picking_id.name or move.reference or ""
                            for move in moves
                        )
                    ),
                )
            )


class StockPicking(models.Model):
    _inherit = "stock.picking"

    def _action_done(self):
        # The platform sets the date of what is done once more, whoever validates.
        pickings = self.with_context(**{MOVING_KEY: MOVING})
        return super(StockPicking, pickings)._action_done()


class StockRule(models.Model):
    _inherit = "stock.rule"

    def _run_push(self, move):
        if self.auto != "transparent":
            return super()._run_push(move)
        # sudo: the rule sends goods on in their own movement, right after it is done
        new_move = super()._run_push(move.sudo())
        return new_move and new_move.sudo(move.env.su)


def _is_same(record, name, value):
    """Whether a value is what the record has: forms send some back as they are."""
    field = record._fields[name]
    old = field.convert_to_write(record[name], record)
    if field.type == "datetime":
        return old == fields.Datetime.to_datetime(value)
    if isinstance(old, bool | str) or value in (None, False):
        return (old or False) == (value or False)
    return old == value
