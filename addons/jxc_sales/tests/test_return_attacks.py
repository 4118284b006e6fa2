# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from contextlib import suppress

from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import tagged

from .return_common import ReturnCommon


@tagged("post_install", "-at_install")
class TestReturnAttacks(ReturnCommon):
    """What ties documents to returns is not for clients to say."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["loyalty.program"].search([]).active = False
        cls.biller = cls._create_user(
            "jxc_biller",
            "account.group_account_invoice,sales_team.group_sale_salesman_all_leads",
        )

    def _bought(self):
        """Ten lamps of 100 with 100 off from 1,000 on, delivered and billed."""
        self.env["jxc.promotion"].create(
            {"name": "Spring", "kind": "money_off", "amount_from": 1000}
            | {"amount_off": 100}
        ).action_create()
        order = self._create_order(10)
        order._update_programs_and_rewards()
        for coupon, rewards in order._get_claimable_rewards().items():
            order._apply_program_reward(rewards, coupon)
        order.action_confirm()
        self._deliver(order)
        order._create_invoices().action_post()
        return order

    def _returned(self, quantity):
        back = self._create_return(quantity)
        back.action_confirm()
        back.action_accept()
        back.action_done()
        return back

    def _reward(self, order):
        return order.order_line.filtered("reward_id")

    def test_copied_credit_note_takes_nothing_back(self):
        order = self._bought()
        credit_note = self._returned(3).invoice_ids
        charged = self.env["jxc.sale.return"]._promotion_charged(self._reward(order))
        self.assertEqual(charged, 1)
        copied = credit_note.with_user(self.biller).copy()
        self.assertFalse(copied.invoice_line_ids.jxc_promotion_line_id)
        found = self.env["jxc.sale.return"]._promotion_charged(self._reward(order))
        self.assertEqual(found, charged)

    def test_reversed_credit_note_gives_it_again(self):
        order = self._bought()
        credit_note = self._returned(3).invoice_ids
        credit_note.action_post()
        wizard = (
            self.env["account.move.reversal"]
            .with_user(self.biller)
            .with_context(active_model="account.move", active_ids=credit_note.ids)
            .create({"journal_id": credit_note.journal_id.id})
        )
        wizard.reverse_moves()
        again = wizard.new_move_ids
        self.assertEqual(
            again.invoice_line_ids.jxc_promotion_line_id, self._reward(order)
        )
        charged = self.env["jxc.sale.return"]._promotion_charged(self._reward(order))
        self.assertEqual(charged, 0)

    def test_made_up_promotion_gives_no_credit(self):
        order = self._create_order(10)
        order.order_line = [
            Command.create({"product_id": self.product.id, "price_unit": -1})
        ]
        order.action_confirm()
        self._deliver(order)
        before = self._exposure()
        rebate = order.order_line[1]
        line = {"name": "x", "price_unit": 100000, "tax_ids": False}
        told = {"jxc_promotion_line_id": rebate.id}
        values = {"move_type": "out_refund", "partner_id": self.customer.id}
        Move = self.env["account.move"].with_user(self.biller)
        with suppress(AccessError):
            Move.create({**values, "invoice_line_ids": [Command.create(line | told)]})
        self.assertEqual(self._exposure(), before)
        with suppress(AccessError):
            Move.with_context(default_jxc_promotion_line_id=rebate.id).create(
                {**values, "invoice_line_ids": [Command.create(line)]}
            )
        self.assertEqual(self._exposure(), before)
        move = Move.create({**values, "invoice_line_ids": [Command.create(line)]})
        with suppress(AccessError):
            move.invoice_line_ids.write(told)
        self.assertEqual(self._exposure(), before)
        with suppress(AccessError):
            move.copy({"invoice_line_ids": [Command.create(line | told)]})
        self.assertEqual(self._exposure(), before)

    def test_document_of_a_return_by_hand(self):
        back = self._create_return(1)
        Move = self.env["account.move"].with_user(self.biller)
        values = {"move_type": "out_invoice", "partner_id": self.customer.id}
        with self.assertRaises(AccessError):
            Move.create({**values, "jxc_sale_return_id": back.id})
        made = Move.with_context(default_jxc_sale_return_id=back.id).create(values)
        self.assertFalse(made.jxc_sale_return_id)
        with self.assertRaises(AccessError):
            made.jxc_sale_return_id = back

    # -- transfers ----------------------------------------------------------------

    def _coming(self, promised=1):
        self._sell(100)
        back = self._create_return(promised)
        back.action_confirm()
        return back, back.picking_ids.with_user(self.storekeeper)

    def test_transfer_leaves_its_return(self):
        back, picking = self._coming()
        with self.assertRaises(AccessError):
            picking.jxc_sale_return_id = False
        picking.move_ids.write({"quantity": 100, "picked": True})
        with self.assertRaisesRegex(UserError, "were promised"):
            picking.button_validate()
        picking.invalidate_recordset()
        self.assertEqual(picking.jxc_sale_return_id, back)

    def test_transfer_of_a_return_by_hand(self):
        back, picking = self._coming()
        values = {
            "picking_type_id": picking.picking_type_id.id,
            "location_id": picking.location_id.id,
            "location_dest_id": picking.location_dest_id.id,
        }
        Picking = picking.browse()
        with self.assertRaises(AccessError):
            Picking.create({**values, "jxc_sale_return_id": back.id})
        made = Picking.with_context(default_jxc_sale_return_id=back.id).create(values)
        self.assertFalse(made.jxc_sale_return_id)
        with self.assertRaises(AccessError):
            made.copy({"jxc_sale_return_id": back.id})
        with self.assertRaises(AccessError):
            picking.copy({"jxc_sale_return_id": False})

    def test_rest_of_a_return_belongs_to_it(self):
        back, picking = self._coming(10)
        picking.move_ids.write({"quantity": 4, "picked": True})
        picking.with_context(skip_backorder=True).button_validate()
        self.assertEqual(len(back.picking_ids), 2)
        rest = (back.picking_ids - picking).with_user(self.storekeeper)
        rest.move_ids.write({"quantity": 6, "picked": True})
        rest.button_validate()
        self.assertEqual(back.state, "accepted")
