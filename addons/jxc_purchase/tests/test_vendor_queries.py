# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from odoo.fields import Command
from odoo.tests import tagged

from ..models.jxc_vendor_criterion import MEASURES
from .vendor_common import VendorCommon


@tagged("post_install", "-at_install")
class TestVendorQueries(VendorCommon):
    """What evaluations cost does not depend on the number of vendors.

    The platform inserts and updates up to a hundred rows in a statement.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        for measure, _label in MEASURES:
            cls._criterion(measure)
        cls._criterion()

    def _vendors(self, count):
        vendors = self.env["res.partner"].create(
            [{"name": f"Vendor {number}"} for number in range(count)]
        )
        for vendor in vendors:
            self._ordered(vendor, (self.water, 10, 1.0))
        return vendors

    def _queries(self, call):
        self.env.flush_all()
        self.env.invalidate_all()
        before = self.cr.sql_log_count
        call()
        self.env.flush_all()
        return self.cr.sql_log_count - before

    def _batch(self, vendors, dates):
        evaluations = self.evaluations

        def call():
            evaluations._create_batch(self.company, *dates, partners=vendors)

        return self._queries(call)

    def test_batch(self):
        dates = ("2026-01-01", "2026-03-31")
        first, few, many = self._vendors(2), self._vendors(2), self._vendors(12)
        self._batch(first, dates)
        self.assertEqual(self._batch(few, dates), self._batch(many, dates))

    def test_compute(self):
        few = self._evaluate(*self._vendors(2))
        many = self._evaluate(*self._vendors(12))
        for drafts in (few, many):
            self._queries(drafts.action_compute)
        self.assertEqual(
            self._queries(few.action_compute), self._queries(many.action_compute)
        )

    def test_check_of_orders(self):
        self.company.jxc_vendor_unqualified_control = "warn"
        self.env["jxc.vendor.certificate.type"].create(
            {
                "name": "Permit",
                "control": "warn",
                "category_ids": [Command.set(self.water.categ_id.ids)],
            }
        )

        def orders(count, lines):
            vendors = self.env["res.partner"].create(
                [{"name": f"Vendor {number}"} for number in range(count)]
            )
            return self.env["purchase.order"].create(
                [
                    {
                        "partner_id": vendor.id,
                        "order_line": [Command.create({"product_id": self.water.id})]
                        * lines,
                    }
                    for vendor in vendors
                ]
            )

        few, many = orders(1, 1).sudo(), orders(20, 10).sudo()
        self._queries(few._jxc_vendor_problems)
        self.assertEqual(
            self._queries(few._jxc_vendor_problems),
            self._queries(many._jxc_vendor_problems),
        )
        self.assertLessEqual(self._queries(few._jxc_vendor_problems), 20)
