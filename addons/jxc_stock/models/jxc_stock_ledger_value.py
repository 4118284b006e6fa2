# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from collections import defaultdict

from odoo import api, fields, models
from odoo.tools import SQL, float_is_zero

from ..tools.rounding import rounder
from ..tools.valuation import Event, average_values, fifo_at
from .jxc_stock_ledger import STOCK_USAGES

# Each stored move value is rounded to the currency; more is a real difference.
ROUNDING_PER_MOVE = 0.5


class JxcStockLedger(models.Model):
    """What stock was worth: the platform keeps values of moves, but no balances."""

    _inherit = "jxc.stock.ledger"

    @api.model
    def _get_values(self, flows, wholes, products, bounds):
        """{key of a flow: the value columns of its row}"""
        worths = self._get_worths(wholes, products, bounds)
        self._take_booked_worths(worths, products, bounds)
        companies = self.env["res.company"].browse({company for _p, company in wholes})
        money = {
            company.id: rounder(company.currency_id.rounding) for company in companies
        }
        costs = {
            key: self._period_cost(key, whole, *worths[key])
            for key, whole in wholes.items()
        }
        return {
            key: self._prepare_values(
                flow, wholes[key[:2]], worths[key[:2]], costs[key[:2]], money[key[1]]
            )
            for key, flow in flows.items()
        }

    @api.model
    def _prepare_values(self, flow, whole, ends, cost, money):
        """The value columns of one group of a company's stock of a product."""
        opening, closing = ends
        opening = money(
            _share(opening, flow.opening_valued, whole.opening_valued, cost)
        )
        closing = money(
            _share(closing, flow.closing_valued, whole.closing_valued, cost)
        )
        received = money(flow.receipt_value + flow.transfer_in * cost)
        issued = money(flow.issue_value + flow.transfer_out * cost)
        adjusted = money(closing - opening - received + issued)
        return {
            "opening_value": opening,
            "in_value": money(received + max(adjusted, 0.0)),
            "out_value": money(issued + max(-adjusted, 0.0)),
            "closing_value": closing,
            "adjust_value": adjusted,
        }

    @api.model
    def _period_cost(self, key, whole, opening, closing):
        """Average cost of the period, at which transfers between groups count."""
        quantity = whole.opening_valued + whole.receipt_valued
        if whole.opening_valued >= 0 and quantity > 0:
            return (opening + whole.receipt_value) / quantity
        if whole.closing_valued > 0:
            return closing / whole.closing_valued
        product = self.env["product.product"].browse(key[0])
        return product.with_company(key[1]).standard_price

    # What a company's stock of a product was worth ----------------------------------

    @api.model
    def _take_booked_worths(self, worths, products, bounds):
        """Put what the books say in place of what was found, where they know better."""
        by_company = defaultdict(list)
        for product_id, company_id in worths:
            by_company[company_id].append(product_id)
        for company_id, product_ids in by_company.items():
            company = self.env["res.company"].browse(company_id)
            goods = self.env["product.product"].browse(product_ids)
            for at, cut in enumerate(bounds):
                for product_id, value in goods._jxc_booked_worths(company, cut).items():
                    worth = list(worths[product_id, company_id])
                    worth[at] = value
                    worths[product_id, company_id] = worth

    @api.model
    def _get_worths(self, wholes, products, bounds):
        """{(product id, company id): (value at the first bound, value at the second)}

        The value of now is quantity × cost, as the platform says. Standard cost: the
        quantity at the cost of that moment. Average and FIFO: the sum of what the moves
        were worth; where that does not lead to the value of now, the history is run
        through again by the platform's rules. Goods valued by lot: always lot by lot.
        """
        now = fields.Datetime.now()
        current = self._get_current_worths(wholes)
        sums = self._get_stored_sums(wholes, bounds)
        prices = self._get_price_events(wholes)
        methods = self._get_cost_methods(wholes, products)
        digits = self.env["decimal.precision"].precision_get("Product Unit")
        companies = self.env["res.company"].browse({company for _p, company in wholes})
        precisions = {company.id: company.currency_id.rounding for company in companies}
        nothing = 10**-digits / 2
        worths, doubtful, by_lot = {}, [], []
        for key, whole in wholes.items():
            if products[key[0]].product_tmpl_id.lot_valuated:
                by_lot.append(key)
                continue
            total, count, first, *stored = sums.get(key, (0.0, 0, None, 0.0, 0.0))
            if methods[key] == "standard":
                costs = [self._price_at(key, prices.get(key), cut) for cut in bounds]
                worths[key] = [
                    cost * quantity
                    for cost, quantity in zip(costs, _ends(whole), strict=True)
                ]
                continue
            worths[key] = stored
            precision = precisions[key[1]]
            unexplained = abs(current[key] - total)
            revalued = any(
                first and event.date > first for event in prices.get(key, ())
            )
            noise = precision * (1 + ROUNDING_PER_MOVE * count)
            if revalued or unexplained > noise:
                doubtful.append(key)
        worths.update(self._replay(doubtful, methods, prices, bounds))
        for key, values in worths.items():
            worths[key] = [
                0.0 if abs(quantity) < nothing else current[key] if cut > now else worth
                for worth, cut, quantity in zip(
                    values, bounds, _ends(wholes[key]), strict=True
                )
            ]
        return worths | self._replay_lots(by_lot, methods, prices, bounds)

    @api.model
    def _get_current_worths(self, wholes):
        """{(product id, company id): own quantity on hand × cost}"""
        by_company = defaultdict(list)
        for product_id, company_id in wholes:
            by_company[company_id].append(product_id)
        worths = {}
        quants = self.env["stock.quant"]
        for company_id, product_ids in by_company.items():
            company = self.env["res.company"].browse(company_id)
            groups = quants._read_group(
                [
                    ("product_id", "in", product_ids),
                    ("company_id", "=", company_id),
                    ("location_id.usage", "in", STOCK_USAGES),
                    ("owner_id", "in", [False, company.partner_id.id]),
                ],
                ["product_id"],
                ["quantity:sum"],
            )
            for product, quantity in groups:
                cost = product.with_company(company).standard_price
                worths[product.id, company_id] = quantity * cost
        return {key: worths.get(key, 0.0) for key in wholes}

    @api.model
    def _get_stored_sums(self, wholes, bounds):
        """{(product id, company id): (signed sum of all stored move values, number of
        moves, first date, sum before the first bound, sum before the second)}"""
        moves = self.env["stock.move"]
        moves.flush_model(["company_id", "date", "is_in", "is_out", "state", "value"])
        rows = self.env.execute_query(
            SQL(
                """
                SELECT product_id, company_id, SUM(signed), COUNT(*), MIN(date),
                       COALESCE(SUM(signed) FILTER (WHERE date < %(start)s), 0),
                       COALESCE(SUM(signed) FILTER (WHERE date < %(end)s), 0)
                  FROM (SELECT product_id, company_id, date,
                               CASE WHEN is_in THEN value ELSE -value END AS signed
                          FROM stock_move
                         WHERE state = 'done' AND (is_in OR is_out) AND %(which)s
                       ) moves
                 GROUP BY product_id, company_id
                """,
                start=bounds[0],
                end=bounds[1],
                which=self._sql_which(wholes),
            )
        )
        return {
            (product, company): (float(total or 0), count, first, *map(float, stored))
            for product, company, total, count, first, *stored in rows
        }

    @api.model
    def _sql_which(self, keys, alias=None):
        """Condition: of these products and companies."""
        names = ("product_id", "company_id")
        columns = [SQL.identifier(*filter(None, (alias, name))) for name in names]
        return SQL(
            "%s = ANY(%s) AND %s = ANY(%s)",
            columns[0],
            list({product for product, company in keys}),
            columns[1],
            list({company for product, company in keys}),
        )

    @api.model
    def _get_cost_methods(self, keys, products):
        """{(product id, company id): cost method}, found once per category."""
        found, methods = {}, {}
        for product_id, company_id in keys:
            template = products[product_id].sudo().product_tmpl_id
            same = template.categ_id.id, template.company_id.id, company_id
            if same not in found:
                found[same] = template.with_company(company_id).cost_method
            methods[product_id, company_id] = found[same]
        return methods

    @api.model
    def _get_price_events(self, wholes):
        """{(product id, company id): revaluations, oldest first}"""
        values = self.env["product.value"].search_fetch(
            [
                ("product_id", "in", list({product for product, company in wholes})),
                ("company_id", "in", list({company for product, company in wholes})),
                ("move_id", "=", False),
                ("lot_id", "=", False),
            ],
            ["product_id", "company_id", "date", "value"],
            order="date, id",
        )
        events = defaultdict(list)
        for value in values:
            events[value.product_id.id, value.company_id.id].append(
                Event(value.date, "price", 0.0, value.value)
            )
        return events

    @api.model
    def _price_at(self, key, events, cut):
        """Standard cost just before a moment; before the first known one, that."""
        product = self.env["product.product"].browse(key[0]).with_company(key[1])
        if cut > fields.Datetime.now() or not events:
            return product.standard_price
        known = [event.value for event in events if event.date < cut]
        return known[-1] if known else events[0].value

    # The history run through again ----------------------------------------------------

    @api.model
    def _replay(self, keys, methods, prices, bounds):
        """{key: values at the bounds}, as the platform's valuation would have said."""
        if not keys:
            return {}
        moves = self._get_move_events(keys)
        worths = {}
        for key in keys:
            history = moves.get(key, [])
            if methods[key] == "fifo":
                worths[key] = [fifo_at(history, cut) for cut in bounds]
                continue
            # at the same moment, a new cost comes before moves
            events = sorted(
                [*prices.get(key, []), *history],
                key=lambda event: (event.date, event.kind != "price"),
            )
            worths[key] = average_values(events, bounds)
        return worths

    @api.model
    def _get_move_events(self, keys, by_lot=False):
        """{(product id, company id): the valued moves, oldest first}

        :param by_lot: {(product id, company id, lot id): what they moved of that lot}
        """
        lot = SQL("ml.lot_id") if by_lot else SQL("NULL::integer")
        rows = self.env.execute_query(
            SQL(
                """
                SELECT m.id, m.product_id, m.company_id, %(lot)s, m.date, m.value,
                       CASE WHEN m.is_dropship THEN 'dropship'
                            WHEN m.is_in THEN 'in' ELSE 'out' END,
                       SUM(ml.quantity_product_uom),
                       SUM(SUM(ml.quantity_product_uom)) OVER (PARTITION BY m.id)
                  FROM stock_move m
                  JOIN stock_move_line ml ON ml.move_id = m.id
                  JOIN res_company company ON company.id = m.company_id
                  JOIN stock_location source ON source.id = ml.location_id
                  JOIN stock_location dest ON dest.id = ml.location_dest_id
                 CROSS JOIN LATERAL (
                       SELECT source.usage IN %(usages)s
                              AND source.company_id IS NOT NULL AS leaves,
                              dest.usage IN %(usages)s
                              AND dest.company_id IS NOT NULL AS enters) way
                 WHERE m.state = 'done'
                   AND (m.is_in OR m.is_out OR m.is_dropship)
                   AND (ml.owner_id IS NULL OR ml.owner_id = company.partner_id)
                   AND (m.is_dropship OR way.leaves <> way.enters
                        AND way.enters = COALESCE(m.is_in, FALSE))
                   AND %(which)s
                 GROUP BY m.id, %(lot)s
                 ORDER BY m.date, m.id
                """,
                lot=lot,
                usages=STOCK_USAGES,
                which=self._sql_which(keys, "m"),
            )
        )
        dropships = self.env["stock.move"].browse(
            row[0] for row in rows if row[6] == "dropship"
        )
        worths = {move.id: move._get_value() for move in dropships}
        events = defaultdict(list)
        for number, product, company, of_lot, date, value, kind, part, whole in rows:
            worth = worths.get(number, float(value or 0))
            share = float(part) / float(whole) if whole else 0.0
            key = (product, company, of_lot) if by_lot else (product, company)
            events[key].append(Event(date, kind, float(part), worth * share))
        return events


def _ends(whole):
    return whole.opening_valued, whole.closing_valued


def _share(value, part, whole, cost):
    """Value of a part by its quantity; where the whole is nothing, at cost."""
    if part == whole:
        return value
    if float_is_zero(whole, precision_digits=6):
        return part * cost
    return value * part / whole
