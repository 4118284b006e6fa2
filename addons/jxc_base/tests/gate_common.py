# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from contextlib import closing, contextmanager

from odoo import sql_db
from odoo.tests import TransactionCase
from odoo.tools import SQL

from ..tools import gate

MODEL = "jxc.gate.test"
LIMIT = 100
RESOURCE, OTHER = 1, 2


class GateCase(TransactionCase):
    """Documents of a limited resource, and requests on connections of their own."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.db = sql_db.db_connect(cls.env.cr.dbname)
        with cls.db.cursor() as cr:
            cr.execute("CREATE TABLE jxc_gate_test (resource int, amount numeric)")
        cls.addClassCleanup(cls._drop_documents)

    @classmethod
    def _drop_documents(cls):
        with cls.db.cursor() as cr:
            cr.execute("DROP TABLE jxc_gate_test")

    def setUp(self):
        super().setUp()
        self.addCleanup(self._forget)

    def _forget(self):
        with self.db.cursor() as cr:
            cr.execute("DELETE FROM jxc_gate_test")
            cr.execute("DELETE FROM jxc_gate_claim WHERE res_model = %s", [MODEL])

    @contextmanager
    def request(self):
        """A request's transaction whose snapshot was taken before anything else."""
        with closing(self.db.cursor()) as cr:
            cr.execute("SELECT 1")
            yield cr

    def _query(self, *resources):
        return SQL(
            """
            SELECT resource AS id,
                   %s::numeric AS capacity,
                   (SELECT coalesce(sum(amount), 0) FROM jxc_gate_test document
                     WHERE document.resource = ids.resource) AS used
              FROM unnest(%s::int[]) AS ids(resource)
            """,
            LIMIT,
            list(resources),
        )

    def take(self, cr, amount, resource=RESOURCE, enforce=None, write=True):
        """Take and write the document; return the shortages."""
        amounts = amount if isinstance(amount, dict) else {resource: amount}
        demands = gate.demands_of(amounts, enforce)
        judged = gate.take(cr, self.db.cursor, MODEL, self._query(*amounts), demands)
        shortages = gate.shortages_of(judged)
        if write and not shortages:
            for resource_id, value in amounts.items():
                cr.execute(
                    "INSERT INTO jxc_gate_test VALUES (%s, %s)", [resource_id, value]
                )
        return shortages
