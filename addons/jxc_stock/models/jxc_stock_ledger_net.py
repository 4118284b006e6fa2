# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from odoo import api, models
from odoo.fields import Domain
from odoo.tools import SQL

from .jxc_stock_ledger import NET, NET_KEY, STOCK_USAGES

PLACES = {"location_id", "warehouse_id"}
# What was before is worth taking off the whole when it is less than a fifth of it.
EARLY_PART = 5


class JxcStockLedger(models.Model):
    """The sums of a long history, read once.

    What happened after a period may be nearly all there is. It is summed before it is
    told apart by place, and no finer than somebody asks.
    """

    _inherit = "jxc.stock.ledger"

    @api.model
    def _query_net(self, names, domain, since):
        """What came and left since a moment, as one signed sum a group."""
        wanted = self._get_net_columns(names, domain)
        net = self.with_context(**{NET_KEY: (NET, since, wanted)})
        query, columns = net._query_legs(domain)
        keys = [columns[name] for name in ("product_id", "company_id", *names)]
        query.groupby = SQL(", ").join(keys)
        return self.env.execute_query(
            query.select(
                *keys,
                SQL("SUM(%s)", columns["quantity"]),
                SQL("SUM(%s)", columns["valued_quantity"]),
            )
        )

    @api.model
    def _get_net_columns(self, names, domain):
        """What is asked about, by the groups, the domain or the user's record rules."""
        domain = Domain(domain)
        if not self.env.su:
            domain &= Domain(self.env["ir.rule"]._compute_domain(self._name, "read"))
        roots = {c.field_expr.split(".")[0] for c in domain.iter_conditions()}
        return frozenset(roots.union(names))

    @api.model
    def _select_net(self, since, wanted):
        """The sums of all entries since a moment.

        Columns that are not wanted may be missing: who forgets one gets an error of the
        database, never a wrong sum.
        """
        lot = SQL("moved.lot_id,") if "lot_id" in wanted else SQL()
        moved = self._select_moved(since)
        if wanted & PLACES:
            return self._select_net_by_place(moved, lot)
        return self._select_net_by_company(moved, lot)

    @api.model
    def _select_net_by_place(self, moved, lot):
        return SQL(
            """
            SELECT flow.*,
                   mine.company_id,
                   mine.warehouse_id,
                   mine.id AS location_id,
                   flow.total * side.sign AS quantity,
                   CASE WHEN flow.owner_id IS NULL OR flow.owner_id = company.partner_id
                        THEN flow.total * side.sign ELSE 0 END AS valued_quantity
              FROM (SELECT moved.product_id, %(lot)s moved.owner_id,
                           moved.location_id AS source_id,
                           moved.location_dest_id AS dest_id,
                           SUM(moved.quantity) AS total
                      FROM (%(moved)s) moved
                     GROUP BY moved.product_id, %(lot)s moved.owner_id,
                           moved.location_id, moved.location_dest_id) flow
             CROSS JOIN LATERAL (
                   VALUES (flow.dest_id, 1), (flow.source_id, -1)
                   ) AS side (mine_id, sign)
              JOIN stock_location mine ON mine.id = side.mine_id
              JOIN res_company company ON company.id = mine.company_id
             WHERE mine.usage IN %(usages)s
            """,
            moved=moved,
            lot=lot,
            usages=STOCK_USAGES,
        )

    @api.model
    def _select_net_by_company(self, moved, lot):
        """Transfers inside a company cancel out: they are left out at once."""
        return SQL(
            """
            SELECT flow.*,
                   company.id AS company_id,
                   flow.total * side.sign AS quantity,
                   CASE WHEN flow.owner_id IS NULL OR flow.owner_id = company.partner_id
                        THEN flow.total * side.sign ELSE 0 END AS valued_quantity
              FROM (SELECT moved.product_id, %(lot)s moved.owner_id,
                           source.company_id AS source_id, dest.company_id AS dest_id,
                           SUM(moved.quantity) AS total
                      FROM (%(moved)s) moved
                      LEFT JOIN stock_location source ON source.id = moved.location_id
                           AND source.usage IN %(usages)s
                      LEFT JOIN stock_location dest ON dest.id = moved.location_dest_id
                           AND dest.usage IN %(usages)s
                     WHERE source.company_id IS DISTINCT FROM dest.company_id
                     GROUP BY moved.product_id, %(lot)s moved.owner_id,
                           source.company_id, dest.company_id) flow
             CROSS JOIN LATERAL (
                   VALUES (flow.dest_id, 1), (flow.source_id, -1)
                   ) AS side (company_id, sign)
              JOIN res_company company ON company.id = side.company_id
            """,
            moved=moved,
            lot=lot,
            usages=STOCK_USAGES,
        )

    @api.model
    def _select_moved(self, since):
        """What was moved since a moment.

        Where that is nearly everything, it is everything less what was moved before:
        the same sums, and the many lines need not be looked up among the moves.
        """
        if not self._is_early(since):
            return self._select_moved_when(SQL("m.date >= %s", since), SQL("+"))
        return SQL(
            """
            SELECT product_id, lot_id, owner_id, location_id, location_dest_id,
                   quantity_product_uom AS quantity
              FROM stock_move_line
             WHERE state = 'done'
             UNION ALL
            %s
            """,
            self._select_moved_when(SQL("m.date < %s", since), SQL("-")),
        )

    @api.model
    def _select_moved_when(self, condition, sign):
        return SQL(
            """
            SELECT ml.product_id, ml.lot_id, ml.owner_id,
                   ml.location_id, ml.location_dest_id,
                   %s ml.quantity_product_uom AS quantity
              FROM stock_move_line ml
              JOIN stock_move m ON m.id = ml.move_id
             WHERE m.state = 'done' AND %s
            """,
            sign,
            condition,
        )

    @api.model
    def _is_early(self, since):
        """Whether most moves are later than this moment, told by one row of an index:
        moves are made about in the order of their dates. A wrong guess costs time, no
        more."""
        rows = self.env.execute_query(
            SQL(
                """
                SELECT m.date > %s
                  FROM stock_move m
                 WHERE m.id >= (SELECT MIN(id) + (MAX(id) - MIN(id)) / %s
                                  FROM stock_move)
                 ORDER BY m.id LIMIT 1
                """,
                since,
                EARLY_PART,
            )
        )
        return bool(rows and rows[0][0])
