# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
"""Ways to take an amount from a limited resource, for the race in gate.py."""

from odoo.tools import SQL

MODEL = "jxc.gate.bench"
HOT, COLD = 1, 2
LIMIT = 10_000


def resource_query(limit):
    return SQL(
        """
        SELECT ids.resource AS id, %s::numeric AS capacity,
               (SELECT coalesce(sum(amount), 0) FROM jxc_gate_bench document
                 WHERE document.resource = ids.resource) AS used
          FROM (VALUES (%s::int), (%s::int)) AS ids(resource)
        """,
        limit,
        HOT,
        COLD,
    )


class GateWay:
    name = "gate"

    def __init__(self, db, limit=LIMIT):
        from odoo.addons.jxc_base.tools import gate

        self.gate, self.db, self.limit = gate, db, limit

    def take(self, cr, amount, resource=HOT):
        judged = self.gate.take(
            cr,
            self.db.cursor,
            MODEL,
            resource_query(self.limit),
            self.gate.demands_of({resource: amount}),
        )
        return not self.gate.shortages_of(judged)


class UpdateWay:
    name = "row update"

    def __init__(self, db, limit=LIMIT):
        self.db, self.limit = db, limit

    def take(self, cr, amount, resource=HOT):
        cr.execute(
            "UPDATE jxc_gate_bench_counter SET used = used + %s"
            " WHERE resource = %s AND used + %s <= %s",
            [amount, resource, amount, self.limit],
        )
        return bool(cr.rowcount)


class NoWay:
    name = "no control"

    def take(self, cr, amount, resource=HOT):
        return True
