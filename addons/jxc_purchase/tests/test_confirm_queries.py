# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
import re
from contextlib import contextmanager
from unittest.mock import patch

from odoo import sql_db
from odoo.tests import tagged

from .common import PurchaseBudgetCommon

#: Tables that the platform alone would not ask when an order is confirmed.
OURS = re.compile(r'\b(?:FROM|JOIN|INTO|UPDATE)\s+"?(?:jxc_|tier_)')
#: Vendor, tiers with reviews, bills and requests, which budget line, the line itself,
#: the gate, its match, its entry, what is left of it.
MOST = 9


@tagged("post_install", "-at_install")
class TestConfirmQueries(PurchaseBudgetCommon):
    """What the checks of jxc ask the database when an order is confirmed."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._create_budget({"category_id": cls.food.id, "amount_planned": 1e9})

    @contextmanager
    def _statements(self):
        """Collect what is sent to the database; everything is sent as before."""
        found = []
        execute = sql_db.Cursor.execute

        def recording(cursor, query, *args, **kwargs):
            found.append(query if isinstance(query, str) else query.code)
            return execute(cursor, query, *args, **kwargs)

        with patch.object(sql_db.Cursor, "execute", recording):
            yield found

    def _ours(self, lines):
        order = self._create_order(*[(self.bread, 1, 10.0)] * lines)
        self.env.flush_all()
        self.env.invalidate_all()
        with self._statements() as found:
            order.button_confirm()
            self.env.flush_all()
        self.assertEqual(order.state, "purchase")
        return [text for text in found if OURS.search(text)]

    def test_few_and_constant(self):
        self._ours(1)
        one, many = self._ours(1), self._ours(30)
        self.assertEqual(len(one), len(many), "\n".join(many))
        self.assertLessEqual(len(many), MOST, "\n".join(many))
