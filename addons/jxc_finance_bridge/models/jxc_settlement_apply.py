# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from collections import defaultdict

from odoo import models
from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tools import SQL
from odoo.tools.misc import format_date

from odoo.addons.jxc_base.tools.guard import by_server

from ..tools.settlement import Item, pair
from ..tools.token import engine_context
from .jxc_settlement import TRANSFERS


class JxcSettlement(models.Model):
    """Applying: vouchers and reconciliation, and taking both back."""

    _inherit = "jxc.settlement"

    def action_apply(self):
        """Settle: book vouchers where needed and reconcile, all or nothing.

        Open items are locked and looked at again: who comes second is told what has
        been settled meanwhile.

        :raise AccessError: for others than accountants
        :raise UserError: for settlements that are not drafts, do not balance, are of a
            closed period, or settle more than is open
        """
        self._check_may_settle()
        self._jxc_lock()
        self._check_draft()
        self._jxc_check_period()
        # sudo: the lines' amounts are the server's; entries are posted by whoever is
        # allowed to settle
        settlements = self.sudo()
        for settlement in settlements:
            settlement._jxc_check_balance()
            for line in settlement.line_ids:
                if line.side != "write_off":
                    line._jxc_check_item()
                elif line.amount:
                    line._jxc_check_write_off()
            settlement._jxc_check_tolerance()
        settlements.line_ids.filtered(lambda line: not line.amount).unlink()
        settlements._jxc_settle()
        settlements.write({"state": "applied", "applied_by_id": self.env.uid})
        return True

    def action_undo(self):
        """Take back what applying made: its partials and its voucher.

        Every open amount is what it was before. The voucher is reversed on its date.

        :raise AccessError: for others than accountants
        :raise UserError: for settlements that are not applied, are of a closed period,
            or whose voucher was settled further
        """
        self._check_may_settle()
        self._jxc_lock()
        for settlement in self:
            if settlement.state != "applied":
                raise UserError(
                    self.env._(
                        "%(settlement)s is %(state)s; only what is applied can be"
                        " undone.",
                        settlement=settlement.name,
                        state=settlement._jxc_label("state"),
                    )
                )
        self._jxc_check_period()
        settlements = self.sudo().with_context(**engine_context())
        partials = settlements.env["account.partial.reconcile"].search(
            [("jxc_settlement_id", "in", settlements.ids)]
        )
        settlements._jxc_check_not_settled_further(partials)
        partials.unlink()
        for settlement in settlements:
            move = settlement.move_id
            if move:
                settlement.reversal_move_id = move._reverse_moves(
                    [
                        {
                            "date": move.date,
                            "ref": self.env._(
                                "Undone: %(settlement)s", settlement=settlement.name
                            ),
                        }
                    ],
                    cancel=True,
                )
        settlements.write({"state": "undone", "undone_by_id": self.env.uid})
        return True

    # Checks -----------------------------------------------------------------------

    def _jxc_lock(self):
        """Hold settlements and their open items until the end of the transaction.

        Requests read a snapshot: if somebody settled one of the rows since it was
        taken, the database refuses the lock and the request runs again, seeing what
        the other did.
        """
        lines = self.sudo().line_ids.move_line_id
        self.env.flush_all()
        for records in (self, lines):
            if records:
                self.env.cr.execute(
                    SQL(
                        "SELECT id FROM %s WHERE id IN %s ORDER BY id"
                        " FOR NO KEY UPDATE",
                        SQL.identifier(records._table),
                        tuple(records.ids),
                    )
                )
        self.invalidate_recordset(["state"])
        lines.invalidate_recordset(
            ["amount_residual", "amount_residual_currency", "reconciled"]
        )

    def _jxc_check_period(self):
        """
        :raise UserError: when the date lies in a closed or locked period
        """
        for settlement in self:
            company = settlement.company_id.sudo()
            closed = company.root_id.jxc_closed_date
            locks = company._get_violated_lock_dates(
                settlement.date, False, company._jxc_get_settlement_journal()
            )
            until = closed if closed and settlement.date <= closed else None
            until = until or (locks and max(date for date, _name in locks))
            if until:
                raise UserError(
                    self.env._(
                        "%(settlement)s is of %(date)s, but the books of %(company)s"
                        " are closed until %(closed)s. Date it later, or have the"
                        " period reopened.",
                        settlement=settlement.name,
                        date=format_date(self.env, settlement.date),
                        company=company.display_name,
                        closed=format_date(self.env, until),
                    )
                )

    def _jxc_check_balance(self):
        self.ensure_one()
        currency = self.total_currency_id
        if not self.amount_claim and not self.amount_offset:
            raise UserError(
                self.env._(
                    "%(settlement)s settles nothing. Propose, or enter amounts.",
                    settlement=self.name,
                )
            )
        if not currency.is_zero(self.amount_difference):
            raise UserError(
                self.env._(
                    "%(settlement)s does not balance: %(claim)s are owed,"
                    " %(offset)s settle it and %(write_off)s are written off. The"
                    " difference of %(difference)s has to be settled or written off.",
                    settlement=self.name,
                    claim=currency.format(self.amount_claim),
                    offset=currency.format(self.amount_offset),
                    write_off=currency.format(self.amount_write_off),
                    difference=currency.format(self.amount_difference),
                )
            )
        if self.kind in TRANSFERS and (self.offset_ids or self.write_off_ids):
            raise UserError(
                self.env._(
                    "%(settlement)s transfers what is owed and settles nothing: remove"
                    " the other lines.",
                    settlement=self.name,
                )
            )

    def _jxc_check_tolerance(self):
        """
        :raise UserError: when more than tolerated is a small difference
        """
        self.ensure_one()
        lines = self.line_ids.filtered(lambda line: line.write_off == "difference")
        total = sum(abs(line.amount) for line in lines)
        # Each match may be off by the tolerance; no match is without items of its own.
        matches = min(
            len(set(lines.mapped("group"))),
            len(self.claim_ids.filtered("amount").move_line_id),
            len(self.offset_ids.filtered("amount").move_line_id),
        )
        most = self._jxc_get_tolerance() * max(1, matches)
        if lines and self.currency_id.compare_amounts(total, most) > 0:
            raise UserError(
                self.env._(
                    "%(settlement)s writes off %(amount)s as small differences;"
                    " %(company)s tolerates %(most)s. Take another reason, or settle"
                    " less.",
                    settlement=self.name,
                    amount=self.currency_id.format(total),
                    company=self.company_id.display_name,
                    most=self.currency_id.format(most),
                )
            )

    def _jxc_check_not_settled_further(self, partials):
        """
        :raise UserError: when a voucher's lines were reconciled with anything else
        """
        for settlement in self:
            lines = settlement.move_id.line_ids
            others = (lines.matched_debit_ids | lines.matched_credit_ids) - partials
            exchange = partials.exchange_move_id.line_ids
            others = others.filtered(
                lambda partial, exchange=exchange: (
                    not (partial.debit_move_id | partial.credit_move_id) & exchange
                )
            )
            if others:
                moves = (others.debit_move_id | others.credit_move_id).move_id
                raise UserError(
                    self.env._(
                        "%(settlement)s cannot be undone: its voucher has been settled"
                        " with %(entries)s since. Take that back first.",
                        settlement=settlement.name,
                        entries=", ".join((moves - settlement.move_id).mapped("name")),
                    )
                )

    # Settling ---------------------------------------------------------------------

    def _jxc_settle(self):
        """Post the vouchers and reconcile the lines of all settlements at once."""
        plans, moves_vals, booked = {}, [], self.browse()
        for settlement in self:
            plan = settlement._jxc_get_pairs()
            plans[settlement] = plan
            lines_vals = settlement._jxc_prepare_voucher_lines(plan)
            if lines_vals:
                booked += settlement
                moves_vals.append(settlement._jxc_prepare_voucher(lines_vals))
        moves = by_server(self.env["account.move"]).create(moves_vals)
        for settlement, move in zip(booked, moves, strict=True):
            settlement.move_id = move
        moves._post(soft=False)
        owners, amounts = {}, {}
        for settlement, plan in plans.items():
            for key, amount in settlement._jxc_get_reconcilable(plan).items():
                owners[key[0].id, key[1].id] = settlement.id
                amounts[key] = amount
        partials = self.env["account.move.line"]._jxc_reconcile_pairs(amounts)
        for owner, group in partials.grouped(
            lambda partial: owners[partial.debit_move_id.id, partial.credit_move_id.id]
        ).items():
            group.jxc_settlement_id = owner

    def _jxc_get_pairs(self):
        """What settles what: [(claim line, offset line, amount)].

        Lines of write-offs stand on the side they fill up: negative ones beside the
        claims. A claim that is transferred is settled by nothing (an empty line).
        """
        self.ensure_one()
        units = 1 / self.currency_id.rounding
        claims, offsets = [], []
        for line in self.line_ids.sorted(lambda line: (line.sequence, line.id)):
            amount = round(abs(line.amount) * units)
            item = Item(line, amount, settled=amount, group=line.group)
            left = line.side == "claim"
            if line.side == "write_off":
                left = line.amount < 0
            (claims if left else offsets).append(item)
        if self.kind in TRANSFERS:
            nothing = self.env["jxc.settlement.line"]
            return [(item.key, nothing, item.amount / units) for item in claims]
        return [
            (claim.key, offset.key, amount / units)
            for claim, offset, amount in pair(claims, offsets)
        ]

    def _jxc_is_direct(self, claim, offset):
        """Whether a pair needs no voucher: same account, same partner."""
        ours, theirs = claim.move_line_id, offset.move_line_id
        return bool(
            ours
            and theirs
            and ours.account_id == theirs.account_id
            and ours.partner_id.commercial_partner_id
            == theirs.partner_id.commercial_partner_id
        )

    def _jxc_prepare_voucher(self, lines_vals):
        """Values of the voucher. Extend freely."""
        self.ensure_one()
        return {
            "move_type": "entry",
            "date": self.date,
            "journal_id": self.company_id._jxc_get_settlement_journal().id,
            "company_id": self.company_id.id,
            "partner_id": self.partner_id.commercial_partner_id.id,
            "currency_id": self.currency_id.id,
            "ref": self.name,
            "line_ids": [Command.create(values) for values in lines_vals],
        }

    def _jxc_prepare_voucher_lines(self, plan):
        """Values of voucher lines: one for each line of ours that needs one.

        All are booked at the rate of the day, so that the voucher balances in both
        currencies; what the open items were booked at otherwise becomes an exchange
        difference when they are reconciled.
        """
        self.ensure_one()
        sums, transfers = defaultdict(float), defaultdict(float)
        for claim, offset, amount in plan:
            if self._jxc_is_direct(claim, offset):
                continue
            sums[claim, "claim"] += amount
            if offset:
                sums[offset, "offset"] += amount
            else:
                transfers[claim] += amount
        sign = self._jxc_get_side("claim").sign
        lines_vals = [
            line._jxc_prepare_voucher_line(
                amount * (-sign if side == "claim" else sign)
            )
            for (line, side), amount in sums.items()
        ]
        lines_vals += [
            {
                **claim._jxc_prepare_voucher_line(amount * sign),
                "partner_id": self.other_partner_id.commercial_partner_id.id,
                "date_maturity": claim.date_due,
                "jxc_settlement_line_id": False,
            }
            for claim, amount in transfers.items()
        ]
        company = self.company_id
        rest = 0.0
        for values in lines_vals:
            exact = self.currency_id._convert(
                values["amount_currency"],
                company.currency_id,
                company,
                self.date,
                round=False,
            )
            # Roundings are carried on, they cancel out over all lines.
            values["balance"] = company.currency_id.round(exact + rest)
            rest += exact - values["balance"]
        return lines_vals

    def _jxc_get_reconcilable(self, plan):
        """{(debit item, credit item): amount} of open items and voucher lines."""
        self.ensure_one()
        booked = {
            line.jxc_settlement_line_id: line
            for line in self.move_id.line_ids
            if line.jxc_settlement_line_id
        }
        sign = self._jxc_get_side("claim").sign
        amounts = defaultdict(float)
        for claim, offset, amount in plan:
            if self._jxc_is_direct(claim, offset):
                amounts[claim.move_line_id, offset.move_line_id, sign] += amount
                continue
            for line, side in ((claim, sign), (offset, -sign)):
                if line.move_line_id:
                    amounts[line.move_line_id, booked[line], side] += amount
        result = defaultdict(float)
        for (item, other, side), amount in amounts.items():
            key = (item, other) if side > 0 else (other, item)
            result[key] += self.currency_id.round(amount)
        return dict(result)
