# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from lxml import html

from odoo.fields import Command
from odoo.tests import tagged

from .return_common import ReturnCommon


@tagged("post_install", "-at_install")
class TestPrints(ReturnCommon):
    """What the documents say that go with the goods."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.bottle = cls.env["uom.uom"].create({"name": "瓶"})

    def _create_milk(self, **values):
        product = self._create_lamp(
            stock=0, name="Milk", uom_id=self.bottle.id, **values
        )
        self.env["jxc.product.unit"].create(
            {
                "product_tmpl_id": product.product_tmpl_id.id,
                "name": "箱",
                "factor": 12,
            }
        )
        return product

    def _rows(self, report, records):
        """The page, and the cells of its tables' bodies."""
        content, _kind = self.env["ir.actions.report"]._render_qweb_html(
            report, records.ids
        )
        page = html.fromstring(content)
        rows = [
            [" ".join(cell.text_content().split()) for cell in row.xpath("./td")]
            for row in page.xpath("//tbody/tr")
        ]
        return " ".join(page.text_content().split()), rows

    def test_delivery_note_counts_in_boxes(self):
        product = self._create_milk()
        self._add_stock(product, 100)
        picking = self._sell(30, product=product).picking_ids
        text, rows = self._rows("jxc_sales.jxc_delivery_note_print", picking)
        self.assertIn(picking.name, text)
        self.assertIn("2箱6瓶", [cell for row in rows for cell in row])

    def test_return_and_exchange(self):
        product = self._create_milk(tracking="lot")
        lot = self.env["stock.lot"].create({"name": "L-77", "product_id": product.id})
        self._add_stock(product, 100, lot)
        order = self._sell(30, product=product)
        lines = [
            {"product_id": product.id, "product_uom_qty": 18},
            {
                "direction": "out",
                "product_id": self.product.id,
                "product_uom_qty": 20,
            },
        ]
        back = self._create_return(
            0, line_ids=[Command.create(values) for values in lines]
        )
        back.action_confirm()
        self.assertEqual(back.amount_difference, 2000 - 1800)
        text, rows = self._rows("jxc_sales.jxc_sale_return_print", back)
        self.assertIn(back.name, text)
        delivery = f"{order.picking_ids.sorted('id')[0].name} {order.name}"
        came, went = rows
        self.assertEqual(came[2:5], [delivery, "L-77", "1箱6瓶"])
        self.assertIn("1,800.00", came[5])
        self.assertIn("Lamp", went[1])
        self.assertRegex(went[2], "^20")
        self.assertRegex(text, r"Difference: \D*200\.00")
