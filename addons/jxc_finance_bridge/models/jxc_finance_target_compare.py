# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from odoo import models

from odoo.addons.jxc_base.tools.outbound import OutboundError

from ..tools.sender import Sender, message_of
from ..tools.services import RefusedError
from ..tools.voucher import VoucherError
from .jxc_finance_mapper import Mapper


class JxcFinanceTarget(models.Model):
    """Comparing: what the other system really has, asked voucher by voucher."""

    _inherit = "jxc.finance.target"

    def get_differences(self, date_from, date_to):
        """Compare the vouchers of a period with what the other system has.

        :param date_from: first day, date or "YYYY-MM-DD"
        :param date_to: last day
        :return: list of dicts: move_id, name, key, kind (not_sent, missing, twice,
            amount, surplus, unknown, untold) and message; empty when both agree. A
            voucher is "untold" that is there once and whose amount the other system
            does not tell: nobody knows whether it is the same
        :raise AccessError: no accountant
        :raise UserError: for dates that are none, or in the wrong order
        """
        self._check_one()
        self._check_accountant()
        self.check_access("read")
        self._check_service()
        voucher = self.env["jxc.voucher"]
        dates = voucher._get_dates(date_from, date_to)
        moves = voucher._get_moves(self.company_id, dates)
        if self.date_from:
            moves = moves.filtered(lambda move: move.date >= self.date_from)
        rows = {row.move_id.id: row for row in self.outbox_ids}
        # What was sent once and taken back here may be there all the same.
        moves |= self._get_taken_back(dates)
        mapper = Mapper(self.env, self.company_id, self)
        keys = {move._jxc_voucher_key(): move for move in moves}
        sender = Sender(self.adapter, self._get_access())
        found = []
        try:
            for voucher in mapper.vouchers(moves):
                move = keys[voucher.key]
                kind, message = self._compare(sender, voucher, rows.get(move.id))
                if kind:
                    found.append(
                        {
                            "move_id": move.id,
                            "name": move.display_name,
                            "key": voucher.key,
                            "kind": kind,
                            "message": message,
                        }
                    )
        finally:
            sender.close()
        return found

    def _not_sent(self, row):
        reason = row.error if row and row.error else ""
        return "not_sent", reason or self.env._("It was not sent.")

    def _compare_refused(self, row, there):
        """What was refused or taken back is not to be there, whatever was answered."""
        if there is not None:
            return "surplus", self.env._("It is there, but was refused or taken back.")
        if row.move_id.state != "posted":
            return None, None
        return self._not_sent(row)

    def _get_taken_back(self, dates):
        """Entries of a period that were sent to this system and are not posted now."""
        rows = self.env["jxc.finance.outbox"].search(
            [
                ("target_id", "=", self.id),
                ("tries", ">", 0),
                ("date", ">=", dates[0]),
                ("date", "<=", dates[1]),
            ]
        )
        return rows.move_id.filtered(lambda move: move.state != "posted")

    def _compare(self, sender, voucher, row):
        """(kind, message) of what differs, (None, None) if nothing."""
        was_refused = row and row.state in ("refused", "cancelled")
        if not row or row.state == "ready" or (was_refused and not row.tries):
            return self._not_sent(row)
        try:
            there = sender.find(voucher)
        except (OutboundError, RefusedError, VoucherError) as error:
            return "unknown", self._mask(self.env._(message_of(error)))
        if row.move_id.state != "posted" or was_refused:
            return self._compare_refused(row, there)
        if there is None:
            return "missing", self.env._("It is not there.")
        if there.count > 1:
            return "twice", self.env._(
                "It is there %(count)s times.", count=there.count
            )
        if there.amount is None:
            return "untold", self.env._("It is there; its amount is not told.")
        if there.amount != voucher.debit:
            return "amount", self.env._(
                "There it is %(there)s, here %(here)s.",
                there=there.amount,
                here=voucher.debit,
            )
        return None, None
