# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
import base64

from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import new_test_user, tagged

from .common import CreditCommon
from .test_credit_channels import PIXEL


@tagged("post_install", "-at_install")
class TestDeliveryReceipt(CreditCommon):
    """Who received what is signed once, and stays as it was signed."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.driver = cls._worker("jxc_driver", "stock.group_stock_user")
        cls.keeper = cls._worker("jxc_keeper", "stock.group_stock_manager")
        order = cls._create_order(3)
        order.action_confirm()
        cls.picking = order.picking_ids
        cls._deliver(order)
        cls.own = cls.picking.with_user(cls.driver)

    @classmethod
    def _worker(cls, login, groups, company=None):
        company = company or cls.company
        return new_test_user(
            cls.env,
            login,
            groups,
            company_id=company.id,
            company_ids=[Command.set(company.ids)],
        )

    def _sign(self, **values):
        self.own.action_jxc_sign(receiver="Mr Li", signature=PIXEL, **values)
        return self.picking.jxc_receipt_id

    def test_sign_on_the_phone(self):
        action = self.own.action_jxc_sign()
        self.assertEqual(action["res_model"], "jxc.delivery.sign")
        photo = self.env["ir.attachment"].with_user(self.driver)
        photo = photo.create({"name": "p.png", "raw": base64.b64decode(PIXEL)})
        wizard = (
            self.env["jxc.delivery.sign"]
            .with_user(self.driver)
            .with_context(**action["context"])
            .create(
                {
                    "receiver": "Mr Li",
                    "signature": PIXEL,
                    "photo_ids": photo.ids,
                    "note": "One box is wet",
                    "is_located": True,
                    "latitude": 31.2304,
                    "longitude": 121.4737,
                }
            )
        )
        wizard.action_sign()
        receipt = self.picking.jxc_receipt_id
        self.assertRecordValues(
            receipt,
            [
                {
                    "receiver": "Mr Li",
                    "user_id": self.driver.id,
                    "note": "One box is wet",
                    "latitude": 31.2304,
                    "state": "valid",
                }
            ],
        )
        self.assertTrue(receipt.signature and receipt.signed_at)
        self.assertEqual(len(receipt.photo_ids), 1)
        self.assertIn("Mr Li", self.picking.message_ids[0].body)
        viewed = self.own.action_jxc_view_receipts()
        self.assertEqual(viewed["res_id"], receipt.id)

    def test_place_needs_consent(self):
        """A place that was not stamped is not kept."""
        wizard = self.env["jxc.delivery.sign"].with_user(self.driver)
        wizard.create(
            {
                "picking_id": self.picking.id,
                "receiver": "Mr Li",
                "signature": PIXEL,
                "latitude": 31.2304,
                "longitude": 121.4737,
            }
        ).action_sign()
        receipt = self.picking.jxc_receipt_id
        self.assertEqual((receipt.latitude, receipt.longitude), (0, 0))

    def test_signed_once(self):
        self._sign()
        with self.assertRaisesRegex(UserError, "Mr Li"):
            self.own.action_jxc_sign(receiver="Mr Wu", signature=PIXEL)
        self.assertEqual(len(self.picking.jxc_receipt_ids), 1)

    def test_only_what_has_left(self):
        order = self._create_order(1)
        order.action_confirm()
        for picking in (order.picking_ids, order.picking_ids.copy()):
            with self.assertRaisesRegex(UserError, "has not left"):
                picking.with_user(self.driver).action_jxc_sign("Mr Li", PIXEL)
        self._return(self.picking.sale_id, 1)
        back = self.picking.sale_id.picking_ids - self.picking
        with self.assertRaisesRegex(UserError, "has not left"):
            back.with_user(self.driver).action_jxc_sign("Mr Li", PIXEL)

    def test_bad_input(self):
        nonsense = base64.b64encode(b"no picture at all")
        signed = {"receiver": "Mr Li", "signature": PIXEL}
        for values in (
            {"receiver": "  ", "signature": PIXEL},
            {**signed, "signature": nonsense},
            {**signed, "photos": [nonsense]},
            {**signed, "photos": [PIXEL] * 11},
            {**signed, "latitude": 91, "longitude": 121},
            {**signed, "latitude": 31, "longitude": -181},
            {**signed, "latitude": 31},
            {**signed, "latitude": float("nan"), "longitude": 121},
            {**signed, "latitude": "north", "longitude": 121},
        ):
            with self.assertRaises(UserError), self.cr.savepoint():
                self.own.action_jxc_sign(**values)
        self.assertFalse(self.picking.jxc_receipt_ids)

    def test_who_may_sign(self):
        for login, groups in (
            ("jxc_seller", "sales_team.group_sale_salesman_all_leads"),
            ("jxc_boss", "jxc_base.group_executive"),
            ("jxc_portal", "base.group_portal"),
        ):
            user = self._worker(login, groups)
            with self.assertRaises(AccessError):
                self.picking.with_user(user).action_jxc_sign("Me", PIXEL)

    def test_what_was_signed_stays(self):
        receipt = self._sign(photos=[PIXEL])
        attachments = self.env["ir.attachment"].sudo()
        for record in (receipt, receipt.photo_ids):
            attachments |= attachments.search(
                [
                    ("res_model", "=", record._name),
                    ("res_id", "=", record.id),
                    ("res_field", "!=", False),
                ]
            )
        self.assertGreaterEqual(len(attachments), 2)
        admin = self._worker("jxc_root", "base.group_system,stock.group_stock_manager")
        for user in (self.driver, self.keeper, admin):
            own = receipt.with_user(user)
            for change in (
                lambda own=own: own.write({"receiver": "Mr Wu"}),
                lambda own=own: own.write({"signature": PIXEL}),
                lambda own=own: own.write({"state": "void"}),
                own.unlink,
                own.photo_ids.unlink,
                lambda own=own: own.copy(),
                lambda user=user: attachments.with_user(user).write({"raw": b"x"}),
                attachments.with_user(user).unlink,
                lambda user=user: self.picking.with_user(user).write(
                    {"jxc_receipt_ids": [Command.delete(receipt.id)]}
                ),
            ):
                with self.assertRaises(AccessError):
                    change()
        self.assertEqual(self.picking.jxc_receipt_id, receipt)

    def test_void_by_right_and_with_reason(self):
        receipt = self._sign()
        with self.assertRaises(AccessError):
            receipt.with_user(self.driver).action_void("Wrong house")
        with self.assertRaisesRegex(UserError, "Say why"):
            receipt.browse().with_user(self.keeper).action_void(True)
        for no_reason in (True, 7, " "):
            asked = receipt.with_user(self.keeper).action_void(no_reason)
            self.assertEqual(asked["res_model"], "jxc.delivery.void")
        action = receipt.with_user(self.keeper).action_void()
        wizard = self.env["jxc.delivery.void"].with_user(self.keeper)
        wizard = wizard.with_context(**action["context"])
        wizard.create({"reason": "Wrong house"}).action_void()
        self.assertRecordValues(
            receipt,
            [
                {
                    "state": "void",
                    "void_reason": "Wrong house",
                    "voided_by_id": self.keeper.id,
                }
            ],
        )
        self.assertTrue(receipt.signature, "stays on record")
        self.assertIn("Wrong house", self.picking.message_ids[0].body)
        with self.assertRaises(UserError):
            receipt.with_user(self.keeper).action_void("Again")
        self.picking.invalidate_recordset()
        again = self._sign()
        self.assertNotEqual(again, receipt)
        self.assertEqual(again.state, "valid")

    def test_two_companies(self):
        receipt = self._sign(photos=[PIXEL])
        other = self.setup_other_company()["company"]
        stranger = self._worker("jxc_far", "stock.group_stock_manager", other)
        for record in (receipt, receipt.photo_ids):
            with self.assertRaises(AccessError):
                record.with_user(stranger).read(["company_id"])
        with self.assertRaises(AccessError):
            receipt.with_user(stranger).action_void("No")
        with self.assertRaises(AccessError):
            self.picking.with_user(stranger).action_jxc_sign("Me", PIXEL)
