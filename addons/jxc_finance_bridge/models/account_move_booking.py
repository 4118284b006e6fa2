# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from odoo import api, fields, models
from odoo.exceptions import UserError

from odoo.addons.jxc_base.tools.guard import own_defaults


class AccountMove(models.Model):
    _inherit = "account.move"

    jxc_stock_booking = fields.Boolean(
        string="Stock Booking",
        copy=False,
        readonly=True,
        help="Made by the booking of stock at movement; corrected by further bookings"
        " only.",
    )

    @api.model
    def default_get(self, fields):
        """Marks are not set by clients, neither by value nor by default."""
        values = super().default_get(fields)
        return own_defaults(self, values, ["jxc_stock_booking"])

    @api.model_create_multi
    def create(self, vals_list):
        if not self.env.su:
            vals_list = [
                {name: vals[name] for name in vals if name != "jxc_stock_booking"}
                for vals in vals_list
            ]
        return super().create(vals_list)

    def write(self, vals):
        if "jxc_stock_booking" in vals and not self.env.su:
            raise UserError(
                self.env._(
                    "Entries of the stock booking are marked by the system only."
                )
            )
        return super().write(vals)

    def _post(self, soft=True):
        self._jxc_check_month_end()
        posted = super()._post(soft)
        if self.env.context.get("move_reverse_cancel"):
            # Goods cost something else then; the platform values none of them.
            posted._jxc_value_receipts_again()
        posted._jxc_book_stock()
        return posted

    def button_draft(self):
        self._jxc_check_may_write()
        self._jxc_check_not_booking()
        posted = self.filtered(lambda move: move.state == "posted")
        posted._jxc_check_month_end()
        result = super().button_draft()
        posted._jxc_value_receipts_again()
        self._jxc_book_stock()
        return result

    def button_cancel(self):
        self._jxc_check_may_write()
        self._jxc_check_not_booking()
        self.filtered(lambda move: move.state == "posted")._jxc_check_month_end()
        result = super().button_cancel()
        self._jxc_book_stock()
        return result

    def _reverse_moves(self, default_values_list=None, cancel=False):
        self._jxc_check_not_booking()
        return super()._reverse_moves(default_values_list, cancel)

    def _stock_account_prepare_realtime_out_lines_vals(self):
        """Invoices carry no cost where it is booked when goods move."""
        others = self.filtered(lambda move: not move.company_id.sudo().jxc_books_stock)
        return super(
            AccountMove, others
        )._stock_account_prepare_realtime_out_lines_vals()

    def _jxc_value_receipts_again(self):
        """Value receipts without the bills that were taken back.

        The platform values them by a bill when it is posted, and leaves it at that when
        the bill is reset to draft.
        """
        moves = self.filtered(lambda move: move.company_id.sudo().jxc_books_stock)
        # sudo: whoever resets a bill need not see transfers
        receipts = moves.sudo().line_ids._get_stock_moves()
        receipts.filtered("is_in")._set_value()

    def _jxc_check_not_booking(self):
        """
        :raise UserError: for entries of the stock booking; the ledgers rest on them
        """
        for move in self.filtered("jxc_stock_booking"):
            raise UserError(
                self.env._(
                    "%(entry)s follows from transfers and invoices. Correct those"
                    " (return, refund, reset the bill), the books follow.",
                    entry=move.name,
                )
            )

    def _jxc_check_month_end(self):
        """
        :raise UserError: for entries on stock accounts in a month whose stock was taken
        """
        moves = self.filtered(lambda move: move.company_id.sudo().jxc_books_stock)
        if not moves:
            return
        # sudo: whoever posts a bill need not see month-ends
        groups = (
            self.env["jxc.stock.snapshot"]
            .sudo()
            ._read_group(
                [("company_id", "in", moves.company_id.ids)],
                ["company_id"],
                ["date:max"],
            )
        )
        for company, last in groups:
            accounts = company._jxc_stock_accounts()
            for move in moves.filtered(
                lambda move, company=company: move.company_id == company
            ):
                if (
                    move.date or last
                ) > last or not move.line_ids.account_id & accounts:
                    continue
                raise UserError(
                    self.env._(
                        "%(entry)s is dated %(date)s, but the stock of %(month_end)s"
                        " was taken. Give it a later accounting date, or have the"
                        " month-end reopened.",
                        entry=move.name or move.ref or self.env._("The entry"),
                        date=move.date,
                        month_end=last,
                    )
                )

    def _jxc_book_stock(self):
        """Book the order lines of bills and invoices on their day."""
        booking = self.env["jxc.stock.booking"]
        for move in self.filtered(lambda move: move.is_invoice(include_receipts=True)):
            booking._book(
                move.company_id,
                move.date,
                move.invoice_line_ids.purchase_line_id,
                move.invoice_line_ids.sale_line_ids,
                move.name,
            )
