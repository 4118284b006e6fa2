# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from odoo import api, fields, models
from odoo.tools import SQL


class JxcStockAllocationTurn(models.Model):
    """Lets those who give goods away from a warehouse decide one after another.

    What a warehouse can spare follows from its stock, its forecast and its safety
    stock. Two people who give from it in the same moment do not see each other's
    transfers, and need not touch the same stock either: goods in another place of the
    warehouse count, too. So each writes the row of warehouse and product. The later one
    waits for the earlier one, and when that has succeeded, the database refuses to let
    it go on with its old snapshot: the platform repeats the request, which then sees
    what is gone.
    """

    _name = "jxc.stock.allocation.turn"
    _description = "Turn in Giving Goods Away"
    _log_access = False
    _order = "id"

    warehouse_id = fields.Many2one(
        comodel_name="stock.warehouse",
        required=True,
        readonly=True,
        ondelete="cascade",
    )
    product_id = fields.Many2one(
        comodel_name="product.product",
        required=True,
        readonly=True,
        ondelete="cascade",
    )
    turn = fields.Integer(
        required=True,
        readonly=True,
    )

    _one_a_pair = models.UniqueIndex("(warehouse_id, product_id)")

    @api.model
    def _take(self, pairs):
        """Wait for the turn of these pairs, and have later ones see what we do.

        One statement, in the order of its rows, so that two of them never wait for each
        other.

        :param pairs: (warehouse id, product id) of each, in any order
        :raise psycopg2.errors.SerializationFailure: somebody was faster; the request is
            repeated by the platform
        """
        pairs = sorted(set(pairs))
        if not pairs:
            return
        self.env.execute_query(
            SQL(
                """
                INSERT INTO jxc_stock_allocation_turn AS mine
                            (warehouse_id, product_id, turn)
                SELECT warehouse_id, product_id, 1
                  FROM unnest(%s::int[], %s::int[]) AS pair (warehouse_id, product_id)
                 ORDER BY warehouse_id, product_id
                    ON CONFLICT (warehouse_id, product_id)
                    DO UPDATE SET turn = mine.turn + 1
                RETURNING id
                """,
                [warehouse_id for warehouse_id, _product_id in pairs],
                [product_id for _warehouse_id, product_id in pairs],
            )
        )
