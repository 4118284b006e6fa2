# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .outbox_common import OutboxCommon

PERIOD = ("2023-01-01", "2023-01-31")


@tagged("post_install", "-at_install")
class TestExportWizard(OutboxCommon):
    """The window that sends a period and compares it."""

    def _wizard(self, target, user=None):
        user = user or self._user("sender", "account.group_account_user")
        return (
            self.env["jxc.voucher.export"]
            .with_user(user)
            .create(
                {
                    "target_id": target.id,
                    "date_from": PERIOD[0],
                    "date_to": PERIOD[1],
                }
            )
        )

    def test_send(self):
        """Posted entries of the period, once, whoever presses it again."""
        target, moves = self._target("tplus"), self._moves(2)
        self._entry("2023-01-31", ("100200", 1, 0), ("500100", 0, 1), post=False)
        self._entry("2023-02-01", ("100200", 1, 0), ("500100", 0, 1))
        wizard = self._wizard(target)
        action = wizard.action_send()
        self.assertEqual((action["res_id"], action["target"]), (wizard.id, "new"))
        self.assertIn("2 vouchers were put into the outbox; 0 were", wizard.result)
        self.assertEqual(target.outbox_ids.move_id, moves)
        self.assertFalse(self.server.bodies, "sent after this, by a job")
        wizard.action_send()
        self.assertIn("0 vouchers were put into the outbox; 2 were", wizard.result)
        self._run(target)
        self.assertEqual(len(self.server.books), 2)

    def test_nothing_is_sent_without_codes(self):
        target = self._target("tplus", account_rule="mapped")
        self._moves()
        with self.assertRaisesRegex(UserError, "500100"):
            self._wizard(target).action_send()
        self.assertFalse(target.outbox_ids)

    def test_who_may_not_send(self):
        target, reader = self._target("tplus"), "account.group_account_readonly"
        self._moves()
        reader = self._user("export_reader", reader)
        wizard = self._wizard(target)
        for press in ("action_send", "action_compare"):
            with self.assertRaises(AccessError):
                getattr(wizard.with_user(reader), press)()
        self.assertFalse(target.outbox_ids)

    def test_compare(self):
        """What differs, a line each, and nothing else."""
        target, moves = self._target("tplus"), self._moves(3)
        target.enqueue_moves(moves[:2].ids)
        self.server.plan = ["double"]
        self._run(target)
        wizard = self._wizard(target)
        wizard.action_compare()
        twice, unsent = sorted(wizard.result.splitlines(), key=len, reverse=True)
        self.assertIn(moves[0]._jxc_voucher_key(), twice)
        self.assertIn("2 times", twice)
        self.assertIn(moves[2].name, unsent)
        self.assertIn("not sent", unsent)
        self.server.books[moves[0]._jxc_voucher_key()].pop()
        target.enqueue_moves(moves[2:].ids)
        self._run(target)
        wizard.action_compare()
        self.assertEqual(wizard.result, "Both systems have the same vouchers.")

    def test_compare_without_amounts(self):
        """A system that tells no amounts is not said to have the same vouchers."""
        target, moves = self._target("kingdee_eas"), self._moves(3)
        target.enqueue_moves(moves.ids)
        self._run(target)
        wizard = self._wizard(target)
        wizard.action_compare()
        self.assertNotIn("the same vouchers", wizard.result)
        self.assertRegex(wizard.result, "^3 vouchers are there once, but .* not tell")
        del self.server.books[moves[1]._jxc_voucher_key()]
        wizard.action_compare()
        missing, untold = wizard.result.splitlines()
        self.assertIn(moves[1].name, missing)
        self.assertIn("2 vouchers", untold)
