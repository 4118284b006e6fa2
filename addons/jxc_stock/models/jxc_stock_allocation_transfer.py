# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from odoo import fields, models
from odoo.exceptions import UserError
from odoo.fields import Command

from .stock_move_kept import ALLOCATING, ALLOCATING_KEY

# What the platform calls the location when it makes it, in no language.
TRANSIT_NAME = "Inter-warehouse transit"


class JxcStockAllocation(models.Model):
    """The transfers of an allocation, in the steps of its warehouses."""

    _inherit = "jxc.stock.allocation"

    def _create_pickings(self):
        """Make the transfers of each pair of warehouses and reserve what is sent.

        :raise UserError: the company has no transit location
        """
        self.ensure_one()
        transit = self._transit_location()
        reference = self.env["stock.reference"].create({"name": self.name})
        pairs = self.line_ids.grouped(lambda line: (line.source_id, line.target_id))
        routes = {pair: self._prepare_legs(*pair, transit) for pair in pairs}
        created = []
        before = {}
        for step in range(max(map(len, routes.values()))):
            values = []
            for pair, lines in pairs.items():
                if step >= len(routes[pair]):
                    continue
                leg = routes[pair][step]
                picking = self._prepare_picking_values(*leg[:3], leg[4])
                moves = [
                    {
                        **line._prepare_move_values(picking),
                        "location_final_id": leg[3].id,
                        "reference_ids": [Command.link(reference.id)],
                        **self._prepare_chain_values(before.get(line)),
                    }
                    for line in lines
                ]
                picking["move_ids"] = [Command.create(move) for move in moves]
                values.append(picking)
            created.append(self._jxc_marked("stock.picking").create(values))
            before |= {
                move.jxc_allocation_line_id: move for move in created[-1].move_ids
            }
        created = [pickings.with_env(self.env) for pickings in created]
        self.env["stock.picking"].union(*created).action_confirm()
        created[0].action_assign()

    def _jxc_marked(self, model):
        """A model whose new moves carry out lines of these allocations."""
        return self.env[model].with_context(**{ALLOCATING_KEY: ALLOCATING})

    def _transit_location(self):
        """Return where the goods are between two warehouses of the company."""
        transit = self.company_id.internal_transit_location_id
        if not transit:
            raise UserError(
                self.env._(
                    "%(company)s has no transit location.", company=self.company_id.name
                )
            )
        # The platform hides it until two warehouses are connected. Writing what is
        # there already would make every confirmation wait for every other.
        if not transit.active:
            transit.write({"active": True, **self._prepare_transit_values(transit)})
        return transit

    def _prepare_transit_values(self, transit):
        """Name it in the company's language when nobody has named it yet."""
        if transit.name != TRANSIT_NAME:
            return {}
        texts = self.with_context(lang=self.company_id._jxc_lang()).env
        return {"name": texts._("Inter-warehouse transit")}

    def _prepare_legs(self, source, target, transit):
        """Return the transfers that lead from one warehouse to the other.

        The platform's resupply routes go the same way. Steps between, as packing and
        putting away, are made by the push rules of the warehouses when the step before
        is done: they lead to the final location.

        :return: list of (operation type, from, to, final location, other warehouse)
        """
        stock, output = source.lot_stock_id, source.wh_output_stock_loc_id
        legs = []
        if source.delivery_steps != "ship_only":
            picked = source.pick_type_id.default_location_dest_id
            legs.append((source.pick_type_id, stock, picked, output, target))
            stock = output
        legs.append((source.out_type_id, stock, transit, transit, target))
        arrival = target.lot_stock_id
        if target.reception_steps != "one_step":
            arrival = target.wh_input_stock_loc_id
        legs.append((target.in_type_id, transit, arrival, target.lot_stock_id, source))
        return legs

    def _prepare_chain_values(self, move):
        """Return values that have a move wait for the move before it, if any."""
        if not move:
            return {}
        return {
            "procure_method": "make_to_order",
            "move_orig_ids": [Command.link(move.id)],
        }

    def _prepare_picking_values(self, picking_type, source, target, other):
        """Return values of a transfer. ``other`` is the warehouse at its other end."""
        return {
            "picking_type_id": picking_type.id,
            "location_id": source.id,
            "location_dest_id": target.id,
            "partner_id": other.partner_id.id,
            "origin": self.name,
            "user_id": False,
            "scheduled_date": fields.Datetime.to_datetime(self.date),
            "company_id": self.company_id.id,
        }

    def _settle_cancelled(self):
        """Cancel those of which every transfer is cancelled: nothing will come."""
        for allocation in self:
            moves = allocation.line_ids.move_ids
            if allocation.state == "confirmed" and set(moves.mapped("state")) == {
                "cancel"
            }:
                allocation.state = "cancelled"
