# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from datetime import date, datetime

from freezegun import freeze_time

from odoo.fields import Command
from odoo.tests import tagged

from .inspection_common import InspectionCommon

#: Everything happens in the first quarter of 2026, seen from April.
TODAY = "2026-04-20 08:00:00"
FIRST, LAST = date(2026, 1, 1), date(2026, 3, 31)


@tagged("post_install", "-at_install")
class VendorCommon(InspectionCommon):
    """Two vendors, people who score and validate, orders with dates of their own."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        frozen = freeze_time(TODAY)
        frozen.start()
        cls.addClassCleanup(frozen.stop)
        cls.company.partner_id.tz = "Asia/Shanghai"
        cls.rule.active = False
        cls.rater = cls._user("ven_rater", "jxc_purchase.group_vendor_rater")
        cls.validator = cls._user("ven_valid", "jxc_purchase.group_vendor_validator")
        cls.env["jxc.vendor.criterion"].search([]).active = False
        cls.env.flush_all()
        cls.evaluations = cls.env["jxc.vendor.evaluation"].with_user(cls.buyer)

    @classmethod
    def _criterion(cls, measure=False, weight=10.0, **values):
        return cls.env["jxc.vendor.criterion"].create(
            {
                "name": measure or "Cooperation",
                "code": measure or "cooperation",
                "kind": "computed" if measure else "manual",
                "measure": measure,
                "weight": weight,
                **values,
            }
        )

    @classmethod
    def _ordered(
        cls, vendor, *lines, on="2026-01-05 02:00:00", promised=None, **values
    ):
        """A confirmed order; lines are (product, quantity, price[, more values])."""
        with freeze_time(on):
            order = cls.env["purchase.order"].create(
                {
                    "partner_id": vendor.id,
                    "order_line": [
                        Command.create(
                            {
                                "product_id": product.id,
                                "product_qty": quantity,
                                "price_unit": price,
                                "date_planned": promised or "2026-02-10 04:00:00",
                                "tax_ids": [Command.clear()],
                                **(more[0] if more else {}),
                            }
                        )
                        for product, quantity, price, *more in lines
                    ],
                    **values,
                }
            )
            order.button_confirm()
            cls.env.flush_all()
        return order

    @classmethod
    def _came(cls, order, on, quantity=None):
        """Validate the open receipt at a moment."""
        with freeze_time(on):
            picking = cls._come(order, quantity, user=cls.keeper)
            cls.env.flush_all()
        return picking

    @classmethod
    def _evaluate(cls, *partners, user=None, **values):
        """Computed drafts of the first quarter."""
        drafts = cls.evaluations.with_user(user or cls.buyer).create(
            [
                {
                    "partner_id": partner.id,
                    "date_from": FIRST,
                    "date_to": LAST,
                    **values,
                }
                for partner in partners
            ]
        )
        drafts.action_compute()
        return drafts

    @classmethod
    def _given(cls, partner, score, **values):
        """A validated evaluation with a score that people gave."""
        draft = cls._evaluate(partner, **values)
        lines = draft.line_ids.filtered(lambda line: line.kind == "manual")
        lines.with_user(cls.rater).my_score = score
        draft.with_user(cls.validator).action_validate()
        return draft.with_env(cls.env)

    def _line(self, evaluation, measure):
        return evaluation.line_ids.filtered(lambda line: line.measure == measure)

    def assertFigure(self, evaluation, measure, value, count, delta=0.006):
        line = self._line(evaluation, measure)
        self.assertAlmostEqual(line.value, value, delta=delta)
        self.assertEqual((line.has_score, line.sample_count), (bool(count), count))

    def _moment(self, text):
        return datetime.fromisoformat(text)
