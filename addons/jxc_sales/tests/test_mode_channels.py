# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tests import new_test_user, tagged

from .common import CreditCommon

#: What other add-ons call it when they want to get past their own checks.
CONTEXT_KEYS = {
    "skip_backorder": True,
    "skip_immediate": True,
    "skip_sms": True,
    "skip_credit_check": True,
    "jxc_history": True,
    "install_mode": True,
    "default_jxc_sale_mode": "simple",
}


@tagged("post_install", "-at_install")
class TestModeChannels(CreditCommon):
    """Unpaid goods of a retail order stay, whichever way they are to leave."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.account.credit_limit = 0
        cls.shipper = new_test_user(
            cls.env,
            "jxc_shipper",
            "stock.group_stock_manager",
            company_id=cls.company.id,
            company_ids=[Command.set(cls.company.ids)],
        )

    def _picking(self, done=3, **values):
        """An unpaid order over 3, of which so many are taken from the shelf."""
        order = self._create_order(3, jxc_sale_mode="retail", **values)
        order.with_user(self.salesman).action_confirm()
        picking = order.picking_ids
        picking.action_assign()
        picking.move_ids.write({"quantity": done, "picked": True})
        self.env.flush_all()
        return picking.with_user(self.shipper)

    def _assert_stays(self, leave, *pickings):
        with self.assertRaisesRegex(UserError, "paid|payment"):
            leave()
        for picking in pickings:
            picking.invalidate_recordset()
            self.assertNotEqual(picking.state, "done")

    def test_context_keys(self):
        picking = self._picking()
        self._assert_stays(
            picking.with_context(**CONTEXT_KEYS).button_validate, picking
        )

    def test_several_from_the_list(self):
        one, two = self._picking(), self._picking()
        self._assert_stays((one | two).button_validate, one, two)

    def test_backorder_wizard(self):
        """A part of it, asked about by the platform's dialog."""
        for method in ("process", "process_cancel_backorder"):
            picking = self._picking(done=1)
            wizard = (
                self.env["stock.backorder.confirmation"]
                .with_user(self.shipper)
                .with_context(button_validate_picking_ids=picking.ids)
                .create(
                    {
                        "pick_ids": [Command.set(picking.ids)],
                        "backorder_confirmation_line_ids": [
                            Command.create(
                                {"picking_id": picking.id, "to_backorder": True}
                            )
                        ],
                    }
                )
            )
            self._assert_stays(getattr(wizard, method), picking)

    def test_moves_done_by_code(self):
        """What a scheduled job, a batch or another add-on calls."""
        for leave in (
            lambda picking: picking._action_done(),
            lambda picking: picking.sudo()._action_done(),
            lambda picking: picking.move_ids._action_done(),
            lambda picking: picking.sudo().move_ids._action_done(),
        ):
            picking = self._picking()
            self._assert_stays(lambda: leave(picking), picking)  # noqa: B023

    def test_mode_is_not_changed_by_the_way(self):
        picking = self._picking()
        order = picking.sale_id.with_user(self.salesman)
        for context in ({}, CONTEXT_KEYS):
            with self.assertRaises(UserError):
                order.with_context(**context).jxc_sale_mode = "simple"
        self._assert_stays(picking.button_validate, picking)
