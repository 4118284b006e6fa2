# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from odoo.tests import tagged

from .tender_common import TenderCommon


@tagged("post_install", "-at_install")
class TestTenderFigures(TenderCommon):
    """What the comparison (比价表) says of vendors and earlier prices, by figures."""

    def _score(self, vendor, score, company=None, quarter=1):
        """Have people give a vendor a score for a quarter, and validate it."""
        rater = self._user(
            f"rater{vendor.id}{quarter}", "jxc_purchase.group_vendor_rater"
        )
        chief = self._user(
            f"chief{vendor.id}{quarter}", "jxc_purchase.group_vendor_validator"
        )
        for user in (rater, chief):
            user.company_ids |= company or self.company
        evaluations = self.env["jxc.vendor.evaluation"].with_company(
            company or self.company
        )
        evaluation = evaluations.create(
            {
                "partner_id": vendor.id,
                "company_id": (company or self.company).id,
                "date_from": f"2026-{quarter * 3 - 2:02}-01",
                "date_to": f"2026-{quarter * 3:02}-28",
            }
        )
        evaluation.action_compute()
        evaluation.line_ids.with_user(rater).with_company(
            evaluation.company_id
        ).my_score = score
        evaluation.with_user(chief).with_company(
            evaluation.company_id
        ).action_validate()

    def test_score_is_that_of_the_last_valid_evaluation(self):
        self.env["jxc.vendor.criterion"].search([]).active = False
        self.env["jxc.vendor.criterion"].create(
            {"name": "Cooperation", "code": "coop", "kind": "manual", "weight": 10.0}
        )
        elsewhere = self.env["res.company"].create({"name": "Elsewhere"})
        self._score(self.vendor, 88.0, quarter=2)
        self._score(self.vendor, 12.0, quarter=1)
        self._score(self.other_vendor, 61.0)
        self._score(self.third_vendor, 99.0, company=elsewhere)
        self._quote()
        data, _quotes = self._data()
        self.assertEqual(
            {one["vendor"]: one["score"] for one in data["orders"]},
            {
                self.vendor.name: 88.0,
                self.other_vendor.name: 61.0,
                self.third_vendor.name: 0.0,
            },
        )

    def test_history_and_change_against_the_last_price(self):
        """The last three confirmed prices, the latest first; no drafts."""
        for day, price in enumerate((3, 5, 4, 6), start=1):
            order = self._rfq((self.wine, 2, price), vendor=self.third_vendor)
            order.button_confirm()
            order.sudo().date_approve = f"2026-02-{day:02} 04:00:00"
        self._rfq((self.wine, 2, 99))
        by_box = {"product_uom_id": self.box.id}
        order = self._rfq((self.wine, 1, 60, by_box), vendor=self.other_vendor)
        order.button_confirm()
        order.sudo().date_approve = "2026-02-03 12:00:00"
        self._quote(4.5, 6, 9)
        data, quotes = self._data()
        history = data["rows"][0]["history"]
        self.assertEqual([one["price"] for one in history], [6, 5, 4])
        third, other = self.third_vendor.name, self.other_vendor.name
        self.assertEqual([one["vendor"] for one in history], [third, other, third])
        self.assertEqual(
            [quotes[str(order.id)]["change"] for order in self.orders],
            [-25.0, 0.0, 50.0],
        )
        self.assertEqual([one["total"] for one in data["orders"]], [45.0, 60.0, 90.0])
        self.assertEqual([one["is_complete"] for one in data["orders"]], [True] * 3)
        self.assertIn("-25.0", quotes[str(self.cheap.id)]["change_text"])
