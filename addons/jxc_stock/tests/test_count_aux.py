# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from odoo.tests import tagged

from .aux_common import AuxCase
from .count_common import CountCase


@tagged("post_install", "-at_install")
class TestCountAux(CountCase, AuxCase):
    """Goods that are weighed and counted: both quantities come out right."""

    def setUp(self):
        super().setUp()
        with self.after(minutes=1):
            self._bring(1000, 10)

    def _count_pigs(self, quantity, aux, meanwhile=None):
        count = self._start_count(product_ids=self.pig.ids)
        self._enter(count, self.pig, quantity, aux_quantity=aux)
        if meanwhile:
            with self.after(minutes=1):
                self._bring(*meanwhile)
        self._submit(count)
        self._apply(count)
        self.assertEqual(count.state, "done")
        self._assert_balanced(self.pig)
        return self._line(count, self.pig)

    def test_less_of_both(self):
        line = self._count_pigs(880, 9)
        self.assertEqual((line.difference, line.aux_difference), (-120, -1))
        self.assertEqual(line.counted_text, "880 kg(9头)")
        self.assertEqual(self._stock(), (880, 9))

    def test_more_weight_and_fewer_heads(self):
        self._count_pigs(1010, 9)
        self.assertEqual(self._stock(), (1010, 9))

    def test_only_the_heads_differ(self):
        line = self._count_pigs(1000, 9)
        self.assertEqual(line.state, "applied")
        self.assertEqual(self._stock(), (1000, 9))
        report = self.env.ref("jxc_stock.jxc_stock_count_result_report")
        html, _type = report._render_qweb_html(report, line.count_id.ids)
        self.assertIn(line.shown_difference_text, html.decode())
        self.assertIn("-1头", line.shown_difference_text)

    def test_nothing_is_there(self):
        self._count_pigs(0, 0)
        self.assertEqual(self._stock(), (0, 0))

    def test_not_counted_follows_the_weight(self):
        line = self._count_pigs(900, 0)
        self.assertFalse(line.is_aux_counted)
        self.assertEqual(self._stock(), (900, 9))

    def test_receipts_meanwhile(self):
        self._count_pigs(880, 9, meanwhile=(200, 2))
        self.assertEqual(self._stock(), (1080, 11))

    def test_counted_earlier_than_sent(self):
        count = self._start_count(product_ids=self.pig.ids)
        with self.after(minutes=5):
            moment = self.clock
        with self.after(minutes=5):
            self._bring(200, 2)
        self._enter(count, self.pig, 990, aux_quantity=9, counted_at=moment)
        line = self._line(count, self.pig)
        self.assertEqual((line.difference, line.aux_difference), (-10, -1))
        self._submit(count)
        self._apply(count)
        self.assertEqual(self._stock(), (1190, 11))
        self._assert_balanced(self.pig)
