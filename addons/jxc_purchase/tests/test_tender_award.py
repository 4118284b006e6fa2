# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).


from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .tender_common import TenderCommon


@tagged("post_install", "-at_install")
class TestTenderAward(TenderCommon):
    """Who gets what, decided by somebody, for a reason, and as decided."""

    def test_reason_when_not_the_cheapest(self):
        self._quote()
        with self.refused("Vendor B is not the cheapest"):
            self._award((self.middle, 10))
        self._award((self.middle, 10), reason="Two days earlier")
        records = self.env["jxc.purchase.award"].search(
            [("order_id", "in", self.orders.ids)], order="id"
        )
        self.assertRecordValues(
            records,
            [
                {
                    "quantity": 0,
                    "price_company": 4,
                    "is_winner": False,
                    "reason": False,
                },
                {
                    "quantity": 10,
                    "price_company": 5,
                    "is_winner": True,
                    "reason": "Two days earlier",
                },
                {
                    "quantity": 0,
                    "price_company": 6,
                    "is_winner": False,
                    "reason": False,
                },
            ],
        )
        self.assertEqual(self.cheap.state, "cancel")
        self.assertEqual(self.middle.order_line.price_unit, 5)
        self.middle.button_confirm()
        self.assertEqual(self.middle.state, "purchase")

    def test_an_award_that_makes_no_sense(self):
        """Refused with a sentence, whatever a client sends."""
        self._quote()
        line_id = self.cheap.order_line.id
        for awards in (
            *(None, "all", 5, [5], [{}], {"line_id": line_id}),
            *([{"line_id": line, "quantity": 1}] for line in ("x", [line_id], 0)),
            *(
                [{"line_id": line_id, "quantity": quantity}]
                for quantity in (float("nan"), float("inf"), "ten", [1], -1)
            ),
        ):
            with self.assertRaisesRegex(UserError, self.cheap.name):
                self.cheap.action_jxc_award(awards)

    def test_award_log_never_changes(self):
        self._quote()
        self._award((self.cheap, 10))
        record = self.env["jxc.purchase.award"].search(
            [("order_id", "=", self.cheap.id)]
        )
        for user in (self.buyer, self.manager):
            mine = record.with_user(user)
            with self.assertRaises(UserError):
                mine.reason = "x"
            with self.assertRaises(UserError):
                mine.unlink()
            with self.assertRaises(AccessError):
                mine.create(record.copy_data()[0])
        with self.assertRaises(UserError):
            record.sudo().quantity = 99
        with self.assertRaises(UserError):
            record.sudo().unlink()

    def test_confirmed_as_awarded(self):
        self._quote()
        with self.refused("was not awarded"):
            self.cheap.button_confirm()
        self._award((self.cheap, 8))
        line = self.cheap.order_line
        line.product_qty = 9
        with self.refused("8 .* were awarded"):
            self.cheap.button_confirm()
        line.write({"product_qty": 8, "price_unit": 4.5})
        with self.refused(r"awarded at 4\.00"):
            self.cheap.button_confirm()
        line.price_unit = 3.9
        self.cheap.button_confirm()
        with self.refused("8 .* were awarded"):
            line.product_qty = 9
        self.env.invalidate_all()
        line.product_qty = 7

    def test_not_more_than_needed_or_offered(self):
        self.middle.order_line.product_qty = 5
        self._quote()
        with self.refused("only 10 are needed"):
            self._award((self.cheap, 10), (self.middle, 1), reason="x")
        with self.refused("offers 5"):
            self._award((self.middle, 6), reason="x")
        with self.refused("not below zero"):
            self._award((self.cheap, -1))
        with self.refused("what each vendor is to deliver"):
            self._award((self.cheap, 0))
        stranger = self._rfq((self.wine, 1, 1))
        with self.refused("a line of the tender"):
            self._award((stranger, 1))

    def test_awarded_again(self):
        self._quote()
        self._award((self.cheap, 5), (self.middle, 5), reason="Capacity")
        self._award((self.cheap, 10), (self.middle, 0))
        self.cheap.action_jxc_confirm_awarded()
        self.assertEqual(self.cheap.order_line.product_qty, 10)
        self.assertEqual(self.middle.state, "cancel")
        with self.refused("would be awarded"):
            self.dear.button_draft()
            self._award((self.dear, 1), reason="x")

    def test_who_awards(self):
        self._quote()
        for user in (self.outsider, self.executive, self.requester):
            with self.assertRaises(AccessError):
                self.cheap.with_user(user).action_jxc_award([])
