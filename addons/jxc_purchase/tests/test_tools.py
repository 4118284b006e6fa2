# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
import doctest

from odoo.tests import BaseCase, tagged

from ..tools import (
    amounts,
    coverage,
    demand,
    distribution,
    limits,
    matching,
    modes,
    periods,
    sampling,
    scoring,
)

MODULES = (
    amounts,
    coverage,
    demand,
    distribution,
    limits,
    matching,
    modes,
    periods,
    sampling,
    scoring,
)


@tagged("post_install", "-at_install")
class TestTools(BaseCase):
    def test_doctests(self):
        for module in MODULES:
            outcome = doctest.testmod(module)
            self.assertGreater(outcome.attempted, 0)
            self.assertEqual(outcome.failed, 0)
