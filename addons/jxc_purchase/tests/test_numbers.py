# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from psycopg2.errors import CheckViolation

from odoo.exceptions import UserError, ValidationError
from odoo.tests import tagged
from odoo.tools import mute_logger

from .common import PurchaseBudgetCommon

#: What JSON and XML-RPC let a client send for a number.
NO_NUMBERS = (float("nan"), float("inf"))
#: Fields with a precision refuse it in Python, the others in the database.
REFUSED = (CheckViolation, OverflowError, UserError, ValidationError, ValueError)


@tagged("post_install", "-at_install")
class TestNumbers(PurchaseBudgetCommon):
    """What is no number gets into no limit, budget, quantity or score."""

    def _assert_refused(self, record, name):
        before = record[name]
        for value in NO_NUMBERS:
            with self.subTest(field=str(record._fields[name]), value=value):
                self.assertTrue(self._is_refused(record, {name: value}))
            record.invalidate_recordset(flush=False)
        self.assertEqual(record[name], before)

    def _is_refused(self, record, vals):
        try:
            with mute_logger("odoo.sql_db"), self.cr.savepoint():
                record.write(vals)
                record.flush_recordset()
        except REFUSED:
            return True
        return False

    def test_limits_of_budgets(self):
        line = self._create_budget(1000.0).line_ids
        for name in ("amount_planned", "tolerance_percent", "warn_percent"):
            self._assert_refused(line, name)
        order = self._create_order((self.bread, 1, 1001.0))
        with self.assertRaisesRegex(UserError, "1,000"):
            order.button_confirm()

    def test_requests(self):
        line = self._create_request((self.bread, 1, 10.0)).line_ids
        for name in ("product_qty", "price_unit"):
            self._assert_refused(line, name)

    def test_criteria_of_vendors(self):
        criterion = self.env["jxc.vendor.criterion"].search(
            [("kind", "=", "computed")], limit=1
        )
        for name in ("weight", "full_value", "zero_value", "concession_percent"):
            self._assert_refused(criterion, name)

    def test_rules_of_companies(self):
        for name in ("jxc_direct_limit", "jxc_request_tolerance"):
            self._assert_refused(self.company, name)
