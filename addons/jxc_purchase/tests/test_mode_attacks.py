# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from freezegun import freeze_time

from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import tagged

from .mode_common import ModeCommon
from .tender_common import TenderCommon


@tagged("post_install", "-at_install")
class TestDirectAttacks(ModeCommon):
    """Ways past the limit of direct purchases that are no buttons."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company.write(
            {
                "jxc_direct_policy": "limit",
                "jxc_direct_limit": 100,
                "jxc_direct_days": 7,
                "jxc_direct_scope": "any",
            }
        )

    def test_day_of_the_confirmation(self):
        """No write moves a direct order out of the days that count together."""
        first = self._rfq((self.wine, 1, 60))
        first.button_confirm()
        for values in (
            {"date_approve": "2000-01-01 00:00:00"},
            {"state": "purchase", "date_approve": "2000-01-01 00:00:00"},
            {"state": "purchase", "date_approve": False},
        ):
            with self.assertRaises(AccessError), self.cr.savepoint():
                first.write(values)
        second = self._rfq((self.wine, 1, 60))
        with self.refused("120.00 untaxed"):
            second.button_confirm()

    def test_day_of_the_confirmation_is_not_born(self):
        """Neither does one come with it, nor with a default; confirming sets it."""
        with self.assertRaises(AccessError):
            self._rfq((self.wine, 1, 60), date_approve="2000-01-01 00:00:00")
        orders = self.env["purchase.order"].with_user(self.buyer)
        orders = orders.with_context(default_date_approve="2000-01-01 00:00:00")
        order = orders.create({"partner_id": self.vendor.id})
        self.assertFalse(order.date_approve)

    def test_day_of_an_rfq(self):
        """What others ordered counts at today's rate, whatever day is written."""
        currency = self.env["res.currency"].create(
            {
                "name": "JXG",
                "symbol": "G",
                "rate_ids": [
                    Command.create({"name": "2020-01-01", "rate": 1000.0}),
                    Command.create({"name": "2021-01-01", "rate": 1.0}),
                ],
            }
        )
        first = self._rfq((self.wine, 1, 60), currency_id=currency.id)
        first.button_confirm()
        first.date_order = "2020-06-01 08:00:00"
        self.assertEqual(first.currency_rate, 1000)
        second = self._rfq((self.wine, 1, 60))
        with self.refused("120.00 untaxed"):
            second.button_confirm()


@tagged("post_install", "-at_install")
class TestFrameworkAttacks(ModeCommon):
    """An agreement that a buyer makes with himself replaces no step."""

    def _own_agreement(self):
        return (
            self.env["purchase.requisition"]
            .with_user(self.buyer)
            .create(
                {
                    "vendor_id": self.vendor.id,
                    "requisition_type": "blanket_order",
                    "line_ids": [
                        Command.create(
                            {
                                "product_id": self.wine.id,
                                "product_qty": 100,
                                "price_unit": 5,
                            }
                        )
                    ],
                }
            )
        )

    def test_where_direct_purchases_are_limited(self):
        for policy in ("never", "limit"):
            self.company.jxc_direct_policy = policy
            agreement = self._own_agreement()
            with self.refused("purchase manager"):
                agreement.action_confirm()
            with self.refused("purchase manager"):
                agreement.write({"state": "confirmed"})
            self.assertEqual(agreement.state, "draft")
            agreement.with_user(self.manager).action_confirm()
            self.assertEqual(agreement.state, "confirmed")

    def test_born_in_force(self):
        self.company.jxc_direct_policy = "never"
        agreements = self.env["purchase.requisition"].with_user(self.buyer)
        values = {
            "vendor_id": self.vendor.id,
            "requisition_type": "blanket_order",
        }
        with self.refused("purchase manager"):
            agreements.create({**values, "state": "confirmed"})
        with self.refused("purchase manager"):
            agreements.with_context(default_state="confirmed").create(values)

    def test_template_becomes_an_agreement(self):
        """What a buyer may confirm is no way to what he may not."""
        self.company.jxc_direct_policy = "never"
        template = self._own_agreement()
        template.requisition_type = "purchase_template"
        template.action_confirm()
        with self.assertRaises(UserError):
            template.requisition_type = "blanket_order"

    def test_agreement_moves_to_a_strict_company(self):
        other = self._other_company()
        self.buyer.company_ids += other
        agreement = self._own_agreement()
        agreement.action_confirm()
        other.jxc_direct_policy = "never"
        with self.assertRaises(UserError):
            agreement.with_context(
                allowed_company_ids=(self.company | other).ids
            ).company_id = other

    def test_terms_of_an_agreement_in_force(self):
        """Nor does a buyer hand to another vendor what a manager has confirmed."""
        self.company.jxc_direct_policy = "never"
        agreement = self._own_agreement()
        agreement.with_user(self.manager).action_confirm()
        for values in (
            {"vendor_id": self.other_vendor.id},
            {"date_end": "2099-12-31"},
        ):
            with self.refused("purchase manager"):
                agreement.write(values)
        agreement.with_user(self.manager).date_end = "2099-12-31"
        agreement.action_cancel()
        agreement.action_draft()
        with self.refused("purchase manager"):
            agreement.action_confirm()

    def test_where_direct_purchases_are_free(self):
        agreement = self._own_agreement()
        agreement.action_confirm()
        self.assertEqual(agreement.state, "confirmed")


@tagged("post_install", "-at_install")
class TestAuxAttacks(TenderCommon):
    """What is priced by the head is compared by the head."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.head = cls.env["uom.uom"].create({"name": "头"})
        kilogram = cls.env.ref("uom.product_uom_kgm")
        cls.wine = cls._product(
            "Pig",
            uom_id=kilogram.id,
            jxc_aux_uom_id=cls.head.id,
            jxc_aux_ratio=100,
            jxc_aux_tolerance=10,
            jxc_price_by="aux",
        )

    def test_awarded_amount(self):
        self._quote()
        self._award((self.cheap, 10))
        line = self.cheap.order_line
        self.assertTrue(line.jxc_is_priced_by_aux)
        awarded = line.price_subtotal
        line.jxc_aux_qty *= 50
        self.assertGreater(line.price_subtotal, awarded)
        with self.refused("were awarded"):
            self.cheap.button_confirm()
        line.jxc_aux_qty /= 50
        self.cheap.button_confirm()
        with self.refused("were awarded"):
            line.jxc_aux_qty *= 50

    def test_called_off_amount(self):
        agreement = self._agreement((self.wine, 1000, 500))
        order = self._rfq((self.wine, 100, 500), requisition_id=agreement.id)
        line = order.order_line
        self.assertEqual((line.jxc_aux_qty, line.price_subtotal), (1, 500))
        line.jxc_aux_qty = 90
        with self.refused("would be paid"):
            order.button_confirm()
        line.jxc_aux_qty = 1
        order.button_confirm()
        with self.refused("would be paid"):
            line.jxc_aux_qty = 90


@tagged("post_install", "-at_install")
class TestFreeze(ModeCommon):
    """Confirming itself is not hindered."""

    def test_moment(self):
        order = self._rfq((self.wine, 1, 60))
        with freeze_time("2026-02-03 08:00:00"):
            order.button_confirm()
        self.assertEqual(str(order.date_approve), "2026-02-03 08:00:00")
