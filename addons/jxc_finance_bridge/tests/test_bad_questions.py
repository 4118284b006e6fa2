# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from odoo.exceptions import UserError
from odoo.tests import tagged

from .common import FinanceBridgeCommon

DAY = "2026-01-31"
#: What programs send by mistake: JSON and XML know more than texts and numbers.
NO_DAYS = (True, "x", "2026-13-45", "0001-01-01", "9999-12-31", 5, [], [DAY], {"a": 1})
NO_COMPANIES = (True, "1", -1, 10**20, 1.5, [1, "x"], {"a": None}, float("nan"))
NO_KINDS = (None, True, "x", [], {}, 1, ["balance"])


@tagged("post_install", "-at_install")
class TestBadQuestions(FinanceBridgeCommon):
    """Whatever is asked, the answer is what is wrong with it."""

    def _assert_told(self, ask, wrong, name):
        for value in wrong:
            with self.subTest(name, value=value), self.assertRaises(UserError):
                ask(value)

    def test_days(self):
        balances = self.env["jxc.trial.balance"].get_balances
        statements = self.env["jxc.finance.statement"].get_lines
        ageing = self.env["jxc.ageing"].get_ageing
        for name, ask in (
            ("balances", lambda day: balances(day, DAY)),
            ("balances until", lambda day: balances(DAY, day)),
            ("statement", lambda day: statements("balance", day, DAY)),
            ("statement until", lambda day: statements("balance", DAY, day)),
        ):
            self._assert_told(ask, NO_DAYS, name)
        # Without a day it is today.
        self._assert_told(ageing, [day for day in NO_DAYS if day], "ageing")

    def test_companies(self):
        balances = self.env["jxc.trial.balance"].get_balances
        statements = self.env["jxc.finance.statement"].get_lines
        for name, ask in (
            ("balances", lambda company: balances(DAY, DAY, company)),
            ("statement", lambda company: statements("balance", DAY, DAY, company)),
        ):
            self._assert_told(ask, NO_COMPANIES, name)

    def test_kinds(self):
        statements = self.env["jxc.finance.statement"]
        ageing = self.env["jxc.ageing"].get_ageing
        for name, ask in (
            ("statement", lambda kind: statements.get_lines(kind, DAY, DAY)),
            ("screen", statements.action_open),
            ("ageing", lambda kind: ageing(DAY, kind)),
            ("basis", lambda basis: ageing(DAY, "receivable", basis)),
        ):
            self._assert_told(ask, NO_KINDS, name)
