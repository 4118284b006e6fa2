# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from collections import defaultdict

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL

from ..tools.period import period_bounds
from .jxc_stock_ledger_summary import VALUES

AGE_LIMITS = (30, 60, 90, 180, 365)
AGES = tuple(f"age_{number}_qty" for number in range(1, len(AGE_LIMITS) + 2))
# Share of all issues that A and B products make up together.
ABC_LIMITS = (("A", 0.80), ("B", 0.95))


class JxcStockLedger(models.Model):
    """周转、ABC、库龄、呆滞: what the stock ledger tells about how stock moves."""

    _inherit = "jxc.stock.ledger"

    @api.model
    def turnover(self, date_from, date_to, groupby="product", domain=None):
        """How often stock turns over, and which products make up most of the issues.

        Rate = issues ÷ average of opening and closing stock, in quantity; days = days
        of the period ÷ rate. The class ranks each company's rows by the cost of what
        was issued: A are those that make up the first 80 %, B to 95 %, C the rest.

        :return: rows of :meth:`summary` with average_qty, turnover_rate (False where
            the average is nothing), turnover_days (False when nothing was issued: it
            lasts for ever) and abc, for who may see costs also
            average_value and turnover_value_rate
        """
        self._check_reader()
        rows = self._get_rows(date_from, date_to, groupby, domain, True)
        days = (fields.Date.to_date(date_to) - fields.Date.to_date(date_from)).days + 1
        sees_values = self._sees_values()
        classes = self._get_classes(rows)
        for row, class_ in zip(rows, classes, strict=True):
            average = (row["opening_qty"] + row["closing_qty"]) / 2
            rate = row["out_qty"]
            if rate:
                rate = rate / average if average > 0 else False
            row.update(
                average_qty=average,
                turnover_rate=rate,
                turnover_days=days / rate if rate else False,
                abc=class_,
            )
            worth = (row["opening_value"] + row["closing_value"]) / 2
            if sees_values:
                row["average_value"] = worth
                row["turnover_value_rate"] = (
                    self._issued_value(row) / worth if worth > 0 else 0.0
                )
                continue
            for name in VALUES:
                del row[name]
        return rows

    @api.model
    def _issued_value(self, row):
        """Cost of what left; stock that only lost worth was not issued."""
        return round(row["out_value"] - max(-row["adjust_value"], 0.0), 6)

    @api.model
    def _get_classes(self, rows):
        """A, B or C of each row. Everybody may know the class, not the cost."""
        totals, passed, classes = defaultdict(float), defaultdict(float), {}
        issued = [max(self._issued_value(row), 0.0) for row in rows]
        for row, worth in zip(rows, issued, strict=True):
            totals[row["company_id"]] += worth
        for at in sorted(range(len(rows)), key=lambda one: -issued[one]):
            company, worth = rows[at]["company_id"], issued[at]
            # judged by what came before, so that the biggest is always an A
            share = passed[company] / totals[company] if totals[company] else 1.0
            within = [name for name, limit in ABC_LIMITS if worth and share < limit]
            classes[at] = within[0] if within else "C"
            passed[company] += worth
        return [classes[at] for at in range(len(rows))]

    @api.model
    def ages(self, date=None, groupby="product", domain=None):
        """How long the goods have been there: first in, first out.

        What is there on a day comes from the last receipts; receipts are all that came
        into the group from outside it, transfers from other groups included. Goods
        older than all known receipts count as the oldest.

        :param date: the day at whose end to look, today when left out
        :param groupby: as for :meth:`summary`
        :param domain: as for :meth:`summary`
        :return: list of dicts with the ids of :meth:`summary`, closing_qty, age_1_qty …
            age_6_qty (up to 30, 60, 90, 180, 365 days and older), average_age in
            days, last_in and last_out (dates or False) and idle_days since the last
            issue (since the last receipt when there never was one); for who may see
            costs closing_value
        """
        date = date or fields.Date.context_today(self)
        date, _same = self._check_period(date, date)
        rows = self.summary(date, date, groupby, domain)
        names = self._check_groupby(groupby)
        fixed = ("product_id", "company_id", *names)
        stock = {
            tuple(row[name] or 0 for name in fixed): row
            for row in rows
            if row["closing_qty"] > 0
        }
        layers = self._query_ages(stock, names, self._check_domain(domain), date)
        result = []
        for key, row in stock.items():
            layer = layers.get(key) or [0.0] * len(AGES) + [0.0, None, None]
            result.append(self._prepare_age_row(row, layer, date))
        return result

    @api.model
    def _prepare_age_row(self, row, layer, date):
        *buckets, age, last_in, last_out = layer
        uom = self.env["uom.uom"].browse(row["uom_id"])
        quantity = row["closing_qty"]
        known = sum(map(float, buckets))
        buckets = [float(bucket) for bucket in buckets]
        buckets[-1] += quantity - known
        last = last_out or last_in
        kept = {
            name: value
            for name, value in row.items()
            if not name.startswith(("opening_", "in_", "out_", "adjust_"))
        }
        return {
            **kept,
            **{
                name: uom.round(value)
                for name, value in zip(AGES, buckets, strict=True)
            },
            "average_age": float(age or 0) / known if known else 0.0,
            "last_in": last_in or False,
            "last_out": last_out or False,
            "idle_days": (date - last).days if last else 0,
        }

    @api.model
    def _query_ages(self, stock, names, domain, date):
        """{key: [quantity of each age, quantity × days, last in, last out]}"""
        if not stock:
            return {}
        until = period_bounds(date, date, self.env.tz)[1]
        products = list({key[0] for key in stock})
        query, columns = self._query_legs(
            domain & Domain("date", "<", until) & Domain("product_id", "in", products)
        )
        keys = [columns[name] for name in ("product_id", "company_id", *names)]
        labels = [SQL.identifier(f"key_{number}") for number in range(len(keys))]
        query.groupby = SQL(", ").join([columns["move_line_id"], *keys])
        day = SQL(
            "(MIN(%s) AT TIME ZONE 'UTC' AT TIME ZONE %s)::date",
            columns["date"],
            self.env.tz.zone,
        )
        moves = query.select(
            *(
                SQL("COALESCE(%s, 0) AS %s", key, label)
                for key, label in zip(keys, labels, strict=True)
            ),
            SQL("%s AS day", day),
            SQL("%s AS line", columns["move_line_id"]),
            SQL("SUM(%s) AS quantity", columns["quantity"]),
        )
        labels = SQL(", ").join(labels)
        limits = [0, *AGE_LIMITS]
        buckets = [
            SQL(
                "COALESCE(SUM(part) FILTER (WHERE %s), 0)",
                SQL("age > %s", limit)
                if index == len(AGE_LIMITS)
                else SQL(
                    "age <= %s AND age > %s",
                    limits[index + 1],
                    limit if index else -1_000_000,
                ),
            )
            for index, limit in enumerate(limits)
        ]
        rows = self.env.execute_query(
            SQL(
                """
                WITH moves AS MATERIALIZED (%(moves)s),
                     stock (%(labels)s, there) AS (SELECT * FROM unnest(%(arrays)s)),
                     receipts AS (
                        SELECT %(labels)s, there, quantity, %(date)s - day AS age,
                               SUM(quantity) OVER (PARTITION BY %(labels)s
                                   ORDER BY day DESC, line DESC) AS until
                          FROM moves JOIN stock USING (%(labels)s)
                         WHERE quantity > 0),
                     layers AS (
                        SELECT %(labels)s, age, GREATEST(
                               0, LEAST(quantity, there - until + quantity)) AS part
                          FROM receipts),
                     aged AS (
                        SELECT %(labels)s, %(buckets)s, SUM(part * age)
                          FROM layers GROUP BY %(labels)s),
                     last AS (
                        SELECT %(labels)s,
                               MAX(day) FILTER (WHERE quantity > 0),
                               MAX(day) FILTER (WHERE quantity < 0)
                          FROM moves GROUP BY %(labels)s)
                SELECT * FROM aged FULL JOIN last USING (%(labels)s)
                """,
                moves=moves,
                labels=labels,
                arrays=SQL(", ").join(
                    [
                        SQL("%s::integer[]", list(ids))
                        for ids in zip(*stock, strict=True)
                    ]
                    + [SQL("%s::numeric[]", [r["closing_qty"] for r in stock.values()])]
                ),
                date=date,
                buckets=SQL(", ").join(buckets),
            )
        )
        width = 2 + len(names)
        return {
            tuple(row[:width]): [value or 0 for value in row[width:-2]] + [*row[-2:]]
            for row in rows
        }
