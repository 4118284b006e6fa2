# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Command

#: documents of vendors that ask for money: a receipt of purchases is one as well
MATCHED = ("in_invoice", "in_receipt")


class AccountMove(models.Model):
    _inherit = "account.move"

    jxc_match_ids = fields.One2many(
        "jxc.invoice.match", "move_id", string="Bill Matches", copy=False
    )
    jxc_match_open = fields.Boolean(
        string="Held by Matching", compute="_compute_jxc_match_open", compute_sudo=True
    )

    @api.depends("jxc_match_ids.is_open")
    def _compute_jxc_match_open(self):
        held = self.env["jxc.invoice.match"]._read_group(
            [("move_id", "in", self.ids), ("is_open", "=", True)], ["move_id"]
        )
        held = {move.id for (move,) in held}
        for move in self:
            move.jxc_match_open = move.id in held

    @api.constrains("matched_payment_ids")
    def _check_jxc_held_by_match(self):
        self.filtered("matched_payment_ids")._jxc_check_not_held_by_match()

    def _jxc_check_not_held_by_match(self, other=None):
        """
        :param other: what settles these bills; refunds may
        :raise UserError: for bills that matching holds
        """
        if other and other.move_type == "in_refund":
            return
        for bill in self.filtered("jxc_match_open"):
            raise UserError(
                self.env._(
                    "%(bill)s is held by matching; have it released before it is paid.",
                    bill=bill.display_name,
                )
            )

    def _post(self, soft=True):
        bills = self.filtered(lambda move: move.move_type in MATCHED)
        matched = bills.filtered(
            lambda bill: bill.company_id.jxc_match_action != "none"
        )
        matched._jxc_take_turn_with_receipts()
        matched._jxc_find_receipts()
        matched._jxc_check_asked()
        bills._jxc_match()
        bills._jxc_check_match()
        return super()._post(soft)

    def action_jxc_match(self):
        """Match draft bills: find order lines for what has none, then compare.

        Lines without an order take the vendor's oldest receipts of their product that
        nobody billed; a line that covers several of them is split. Posted bills that
        are held are compared again; a line of them that has no order gets the receipt
        that covers it, and a bill with a line that needs several is reset to draft,
        matched and posted again.

        :raise UserError: for a held bill that a refund settles in part, or that cannot
            be reset to draft
        """
        self.check_access("write")
        bills = self.filtered(lambda move: move.move_type in MATCHED)
        drafts = bills.filtered(lambda move: move.state == "draft")
        for bill in drafts:
            bill._jxc_assign_receipts()
        drafts._jxc_match()
        bills.filtered(lambda move: move.state == "posted")._jxc_match_posted()
        return True

    # Comparing ----------------------------------------------------------------------

    def _jxc_match(self):
        """Compare bills with orders and receipts and keep what was found."""
        bills = self.filtered(lambda move: move.company_id.jxc_match_action != "none")
        lines = bills.invoice_line_ids.filtered(
            lambda line: line.display_type == "product"
        )
        # sudo: nobody writes matches
        known = bills.sudo().jxc_match_ids
        known.filtered(lambda match: match.line_id not in lines).unlink()
        lines._jxc_compare()
        bills._jxc_judge_totals()

    def _jxc_check_match(self):
        """
        :raise UserError: for bills beyond tolerance that the company refuses
        """
        for bill in self:
            matches = bill.sudo().jxc_match_ids.filtered("is_exceeded")
            if not matches:
                continue
            texts = [match._jxc_text() for match in matches]
            action = bill.company_id.jxc_match_action
            if action == "block" and matches.filtered("is_open"):
                raise UserError(
                    self.env._(
                        "%(bill)s differs from its orders and receipts: %(lines)s."
                        " Correct it, or press Match and have the lines released.",
                        bill=bill.ref or bill.display_name,
                        lines="; ".join(texts),
                    )
                )
            if action in ("warn", "hold"):
                bill.message_post(body="; ".join(texts))

    def _jxc_check_asked(self):
        """Only lines of products are compared: others bring no debt past it.

        :raise UserError: for bills that ask for something else than these lines and
            their taxes come to, in the bill's currency or in the company's
        """
        for bill in self:
            lines = bill.invoice_line_ids.filtered(
                lambda line: line.display_type == "product"
            )
            # What a client gave for a draft counts for nothing.
            for name in ("price_subtotal", "price_total"):
                self.env.add_to_compute(lines._fields[name], lines)
            asked, booked = bill._jxc_asked()
            billed = sum(lines.mapped("price_total"))
            if lines:
                # Tax that was entered by hand is compared with its first line.
                taxes = bill._jxc_tax_items()
                billed += sum(taxes.mapped("amount_currency"))
                billed -= bill._jxc_computed_tax()
            if bill.invoice_cash_rounding_id:
                rounding = bill.line_ids.filtered(
                    lambda line: line.display_type == "rounding"
                )
                billed += bill._jxc_rounding_of(rounding)
            rate = bill.invoice_currency_rate or 1.0
            # Each item is rounded by itself.
            room = len(bill.line_ids) + 1
            if (
                abs(asked - billed) > room * bill.currency_id.rounding
                or abs(booked - asked / rate) > room * bill.company_currency_id.rounding
            ):
                raise UserError(
                    self.env._(
                        "%(bill)s asks for %(asked)s (%(booked)s in the books), but its"
                        " lines bill %(billed)s. Correct it before it is posted.",
                        bill=bill.ref or bill.display_name,
                        asked=bill.currency_id.format(asked),
                        booked=bill.company_currency_id.format(booked),
                        billed=bill.currency_id.format(billed),
                    )
                )

    def _jxc_asked(self):
        """What a bill asks for: (in its currency, in the company's)."""
        self.ensure_one()
        items = self.line_ids.filtered(
            lambda line: (
                line.account_type == "liability_payable"
                or line.display_type == "payment_term"
            )
        )
        return -sum(items.mapped("amount_currency")), -sum(items.mapped("balance"))

    def _jxc_rounding_of(self, items):
        """What rounding to cash comes to: less than one step of it, else nothing."""
        amount = sum(items.mapped("amount_currency"))
        step = self.invoice_cash_rounding_id.rounding
        return amount if abs(amount) < step else 0.0

    def _jxc_tax_difference(self):
        """How much the tax of a bill was corrected by hand, in its currency."""
        self.ensure_one()
        off = self.amount_tax - self._jxc_computed_tax()
        return abs(self.currency_id.round(off))

    def _jxc_computed_tax(self):
        """What the lines of a bill come to in tax, in its currency."""
        self.ensure_one()
        lines = self.invoice_line_ids
        return sum(lines.mapped("price_total")) - sum(lines.mapped("price_subtotal"))

    def _jxc_is_tax_exceeded(self, off):
        """
        :param off: how much the tax was corrected by hand, in the bill's currency
        """
        self.ensure_one()
        rate = self.invoice_currency_rate or 1.0
        room = self.company_id._jxc_match_tax_room(self._jxc_computed_tax() / rate)
        return off / rate - room > 1e-6

    # Assigning ----------------------------------------------------------------------

    def _jxc_find_receipts(self):
        """Give lines an order that never had one; who took it off had a reason."""
        for bill in self.filtered(
            lambda move: move.move_type in MATCHED and move.state == "draft"
        ):
            # sudo: see the field
            bill._jxc_assign_receipts(lambda line: not line.sudo().jxc_order_removed)

    def _jxc_assign_receipts(self, wanted=None):
        """Give lines without an order the oldest receipts of the vendor.

        What a line costs and tax that was entered by hand stay as they are.

        :param wanted: function of a line, whether it is meant; default: all
        """
        self.ensure_one()
        lines = self.invoice_line_ids.filtered(
            lambda line: (
                line.display_type == "product"
                and line.product_id
                and not line.purchase_line_id
                and line.quantity > 0
            )
        )
        lines = lines.filtered(wanted) if wanted else lines
        if not lines:
            return
        rest = self._jxc_open_receipts(lines.product_id)
        by_hand = self._jxc_tax_difference()
        taxes = {item: item.amount_currency for item in self._jxc_tax_items()}
        for line in lines if rest else ():
            line._jxc_spread(rest)
        if by_hand:
            self._jxc_restore_taxes(taxes)

    def _jxc_open_receipts(self, products):
        """{order line of the vendor: quantity left to bill}, the oldest first."""
        # sudo: who enters bills need not read orders
        lines = self.env["purchase.order.line"].sudo()
        candidates = lines.search(
            [*self._jxc_ordered_domain(products), ("qty_to_invoice", ">", 0)]
        ).sorted(lambda line: (line.order_id.date_approve, line.id))
        left = {line: line._jxc_left_to_bill() for line in candidates}
        return {line: quantity for line, quantity in left.items() if quantity > 0}

    def _jxc_ordered_domain(self, products):
        """Lines of confirmed orders of the vendor for some products."""
        self.ensure_one()
        return [
            ("company_id", "=", self.company_id.id),
            ("state", "=", "purchase"),
            ("partner_id", "child_of", self.commercial_partner_id.id),
            ("product_id", "in", products.ids),
        ]

    def _jxc_tax_items(self):
        return self.line_ids.filtered("tax_line_id")

    def _jxc_restore_taxes(self, taxes):
        """
        :param taxes: {tax item: what it has to be, in the bill's currency}
        """
        updates = [
            Command.update(item.id, {"amount_currency": amount})
            for item, amount in taxes.items()
            if item.exists() and item.amount_currency != amount
        ]
        if updates:
            self.write({"line_ids": updates})
