# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from dataclasses import dataclass

from odoo import fields, models
from odoo.tools import SQL

from odoo.addons.jxc_base.tools.moving_average import MovingAverage

POOLS = "jxc_average_pools"


@dataclass(frozen=True)
class Pools:
    """Where the averages of some products go on, looked up for all of them at once.

    Handed on in the context, where no client can put it: it is no JSON.

    :param company: id of the company
    :param at_date: moment that is asked about
    :param asked: ids of the products that were looked up
    :param since: end of the last month-end before it
    :param lines: {product id: line of that month-end}
    :param moved: ids of those of which anything moved since, or got another cost
    """

    company: int
    at_date: object
    asked: frozenset
    since: object
    lines: dict
    moved: frozenset


class ProductProduct(models.Model):
    """Average costs between month-ends go on from the last one that was taken.

    Only what moved since is added up. That is what all of the history comes to, unless
    something since has another opinion of what came before: a bill, a refund, goods
    sent back, a landed cost, a value by hand. Such goods are added up from the
    beginning, and so are those that the month-end has no pool of.

    FIFO needs no beginning: it looks at the newest receipts that make up what is there.
    Lots are pools of their own, see the file about lots.
    """

    _inherit = "product.product"

    def _run_avco(self, at_date=None, lot=None, method="realtime"):
        if at_date and not lot and method == "realtime":
            stock = self._jxc_pool_at(fields.Datetime.to_datetime(at_date))
            if stock:
                return stock.cost, stock.value
        return super()._run_avco(at_date=at_date, lot=lot, method=method)

    def _jxc_pool_at(self, at_date):
        """The goods at a moment, from the last month-end on; None when it is no use."""
        self.ensure_one()
        pools = self.env.context.get(POOLS)
        company = self.env.company.id
        if (
            not isinstance(pools, Pools)
            or (pools.company, pools.at_date) != (company, at_date)
            or self.id not in pools.asked
        ):
            pools = self._jxc_find_pools(at_date)
        line = pools.lines.get(self.id)
        if not line:
            return None
        stock = MovingAverage()
        stock.quantity = line.pool_quantity
        stock.value = line.pool_value
        stock.cost = line.pool_cost
        if self.id in pools.moved:
            for step in self._jxc_steps(at_date, pools.since):
                step(stock)
        return stock

    def _jxc_with_pools(self, at_date):
        """These products, knowing where their averages at a moment go on."""
        if not at_date or not self:
            return self
        pools = self._jxc_find_pools(fields.Datetime.to_datetime(at_date))
        return self.with_context(**{POOLS: pools})

    def _jxc_find_pools(self, at_date):
        """:class:`Pools` of these products"""
        company = self.env.company.sudo()
        asked = frozenset(self.ids)
        none = Pools(company.id, at_date, asked, None, {}, frozenset())
        if not company.jxc_books_stock:
            return none
        # sudo: what a product is worth is computed for everybody
        snapshots = self.env["jxc.stock.snapshot"].sudo()
        snapshot = snapshots.search(
            [
                ("company_id", "=", company.id),
                ("date", "<=", company._jxc_stock_day(at_date)),
            ],
            limit=2,
        ).filtered(lambda one: company._jxc_stock_day_end(one.date) <= at_date)[:1]
        if not snapshot:
            return none
        goods = self.filtered(lambda product: product._jxc_is_pooled())
        since = company._jxc_stock_day_end(snapshot.date)
        changed = goods._jxc_changed_since(snapshot, since, at_date)
        lines = self.env["jxc.stock.snapshot.line"].sudo()
        lines = lines.search_fetch(
            [
                ("snapshot_id", "=", snapshot.id),
                ("product_id", "in", [id_ for id_ in goods.ids if id_ not in changed]),
                ("has_pool", "=", True),
            ],
            ["product_id", "pool_quantity", "pool_value", "pool_cost"],
        )
        found = {line.product_id.id: line for line in lines}
        moved = self.browse(found)._jxc_moved_since(since, at_date)
        return Pools(company.id, at_date, asked, since, found, moved)

    def _jxc_moved_since(self, since, at_date):
        """Ids of products of which goods moved, or got another cost by hand."""
        if not self:
            return frozenset()
        rows = self.env.execute_query(
            SQL(
                """
                SELECT product_id
                  FROM stock_move
                 WHERE product_id = ANY(%(products)s) AND company_id = %(company)s
                   AND state = 'done' AND (is_in OR is_out)
                   AND date > %(since)s AND date <= %(at_date)s
                 UNION
                SELECT product_id
                  FROM product_value
                 WHERE product_id = ANY(%(products)s) AND move_id IS NULL
                   AND date > %(since)s AND date <= %(at_date)s
                """,
                products=self.ids,
                company=self.env.company.id,
                since=since,
                at_date=at_date,
            )
        )
        return frozenset(id_ for (id_,) in rows)

    def _jxc_is_pooled(self):
        """Whether the goods of a product are worth their average."""
        return (
            self.cost_method == "average"
            and self.is_storable
            and not self.lot_valuated
            and self.env.company.sudo().jxc_books_stock
        )

    def _jxc_changed_since(self, snapshot, since, at_date):
        """Ids of products whose goods of before a month-end have another value now.

        :param since: the end of the month-end
        :param at_date: moment that is asked about
        """
        if not self:
            return set()
        for model, names in (
            ("stock.move", ["date", "is_in", "is_out", "purchase_line_id", "state"]),
            ("account.move.line", ["date", "parent_state", "purchase_line_id"]),
            ("product.value", ["date", "move_id", "product_id"]),
        ):
            self.env[model].flush_model(names)
        self.env["purchase.order.line"].flush_model()
        rows = self.env.execute_query(
            SQL(
                """
                WITH came AS (
                    SELECT DISTINCT product_id, purchase_line_id
                      FROM stock_move
                     WHERE product_id = ANY(%(products)s) AND company_id = %(company)s
                       AND state = 'done' AND is_in AND date <= %(since)s
                       AND purchase_line_id IS NOT NULL
                )
                SELECT came.product_id
                  FROM came
                  JOIN purchase_order_line line ON line.id = came.purchase_line_id
                 WHERE line.write_date > %(taken)s
                 UNION
                SELECT came.product_id
                  FROM came
                  JOIN account_move_line item USING (purchase_line_id)
                 WHERE item.parent_state = 'posted'
                   AND item.date > %(since)s::date AND item.date <= %(at_date)s::date
                 UNION
                SELECT came.product_id
                  FROM came
                  JOIN stock_move back USING (purchase_line_id)
                 WHERE back.state = 'done' AND back.is_out AND back.date <= %(at_date)s
                   AND (back.date > %(since)s OR EXISTS (
                           SELECT FROM stock_move more
                            WHERE more.purchase_line_id = came.purchase_line_id
                              AND more.state = 'done' AND more.is_in
                              AND more.date > %(since)s AND more.date <= %(at_date)s))
                 UNION
                SELECT COALESCE(price.product_id, move.product_id)
                  FROM product_value price
                  LEFT JOIN stock_move move ON move.id = price.move_id
                 WHERE COALESCE(price.product_id, move.product_id) = ANY(%(products)s)
                   AND (move.date <= %(since)s AND price.date > %(since)s
                           AND price.date <= %(at_date)s
                        OR price.date <= %(since)s AND price.create_date > %(taken)s)
                """,
                products=self.ids,
                company=snapshot.company_id.id,
                since=since,
                at_date=at_date,
                taken=snapshot.create_date,
            )
        )
        changed = {id_ for (id_,) in rows}
        return changed | self._jxc_landed_since(since, at_date)

    def _jxc_landed_since(self, since, at_date):
        """Ids of products that came before a moment and got a landed cost after it."""
        if "stock.landed.cost" not in self.env:
            return set()
        # sudo: what a product is worth is computed for everybody
        groups = (
            self.env["stock.valuation.adjustment.lines"]
            .sudo()
            ._read_group(
                [
                    ("product_id", "in", self.ids),
                    ("cost_id.state", "=", "done"),
                    ("cost_id.date", ">", fields.Date.to_date(since)),
                    ("cost_id.date", "<=", fields.Date.to_date(at_date)),
                    ("move_id.date", "<=", since),
                ],
                ["product_id"],
            )
        )
        return {product.id for (product,) in groups}

    def _jxc_prepare_pool(self, moment):
        """Values of a month-end line: what the average was made of until then.

        Kept only where it says what the platform says, so that going on from it does.
        """
        self.ensure_one()
        if not self._jxc_is_pooled():
            return {}
        stock = self._jxc_pool_at(moment)
        if not stock:
            stock = MovingAverage()
            for step in self._jxc_steps(moment):
                step(stock)
        cost = self._run_avco(at_date=moment)[0]
        if abs(stock.cost - cost) > 1e-9 * max(abs(cost), 1.0):
            return {}
        return {
            "has_pool": True,
            "pool_quantity": stock.quantity,
            "pool_value": stock.value,
            "pool_cost": stock.cost,
        }
