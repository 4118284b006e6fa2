# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
import doctest

from odoo.tests import TransactionCase, tagged

from ..tools import moving_average


@tagged("post_install", "-at_install")
class TestMovingAverage(TransactionCase):
    def test_doctest(self):
        self.assertFalse(doctest.testmod(moving_average).failed)

    def test_nothing_received_changes_nothing(self):
        stock = moving_average.MovingAverage()
        stock.receive(4, 20.0)
        stock.receive(0, 0.0)
        self.assertEqual((stock.quantity, stock.cost, stock.value), (4, 5.0, 20.0))
        stock.issue(4)
        stock.receive(0, 0.0)
        self.assertEqual((stock.quantity, stock.cost, stock.value), (0, 5.0, 0.0))
