# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from odoo import fields, models
from odoo.exceptions import UserError
from odoo.tools.misc import format_date


class StockMove(models.Model):
    """Goods do not move in months whose stock was taken, nor out of them.

    The value of such a month is stored, and its books may be closed. The platform lets
    a done transfer be given another date, and its operations another quantity.
    """

    _inherit = "stock.move"

    def write(self, vals):
        """Another date of done goods is booked, and refused in months that are over."""
        day = vals.get("date")
        dated = self.browse()
        if day:
            dated = self._jxc_valued_in_books(vals.get("state") == "done")
        if not dated:
            return super().write(vals)
        done = dated.filtered(lambda move: move.state == "done")
        moments = {move: move.date for move in done}
        done._jxc_check_month_end()
        dated._jxc_check_month_end(fields.Datetime.to_datetime(day))
        result = super().write(vals)
        done._jxc_book_again(moments)
        return result

    def _jxc_valued_in_books(self, becoming_done):
        """Those that are, or now become, done with goods whose value is followed."""
        return self.filtered(
            lambda move: (
                move.company_id.sudo().jxc_books_stock
                and (
                    move.state == "done"
                    and (move.is_in or move.is_out or move.is_dropship)
                    or becoming_done
                    and (move._is_in() or move._is_out() or move._is_dropshipped())
                )
            )
        )

    def _jxc_check_month_end(self, moment=None):
        """
        :param moment: instead of the date of each move
        :raise UserError: in a month whose stock was taken, or whose books are closed
        """
        # sudo: whoever moves goods need not see month-ends
        snapshots = self.env["jxc.stock.snapshot"].sudo()
        for company, moves in self.grouped("company_id").items():
            last = snapshots.search([("company_id", "=", company.id)], limit=1).date
            closed = company.sudo().root_id.jxc_closed_date
            for move in moves if last or closed else ():
                day = company.sudo()._jxc_stock_day(moment or move.date)
                if closed and day <= closed:
                    move._jxc_refuse_closed(day, closed)
                if not last or day > last:
                    continue
                raise UserError(
                    self.env._(
                        "%(move)s would change the stock of %(date)s, but that of"
                        " %(month_end)s was taken. Correct it by a transfer or a count"
                        " of today, or have the month-end reopened.",
                        move=move.reference or move.product_id.display_name,
                        date=day,
                        month_end=last,
                    )
                )

    def _jxc_refuse_closed(self, day, closed):
        self.ensure_one()
        raise UserError(
            self.env._(
                "%(move)s would change the stock of %(date)s, but the books of"
                " %(company)s are closed until %(closed)s. Correct it by a transfer or"
                " a count of today, or have the period reopened.",
                move=self.reference or self.product_id.display_name,
                date=format_date(self.env, day),
                company=self.company_id.sudo().root_id.name,
                closed=format_date(self.env, closed),
            )
        )

    def _jxc_is_other_day(self, company, before):
        """Whether goods moved on another day than they did: of rates or of books.

        The platform sets the date of what is done once more, moments later.
        """
        self.ensure_one()
        return self.date.date() != before.date() or company._jxc_stock_day(
            self.date
        ) != company._jxc_stock_day(before)

    def _jxc_book_again(self, moments):
        """Book the order lines of moves that were given another date.

        :param moments: {move: its date until now}
        """
        booking = self.env["jxc.stock.booking"]
        for company, moves in self.grouped("company_id").items():
            of_orders = moves.filtered(
                lambda move, company=company: (
                    (move.purchase_line_id or move.sale_line_id)
                    and move._jxc_is_other_day(company, moments[move])
                )
            )
            if not of_orders:
                continue
            first = min(
                company._jxc_stock_day(moment)
                for move in of_orders
                for moment in (moments[move], move.date)
            )
            references = dict.fromkeys(filter(None, of_orders.mapped("reference")))
            booking._book(
                company,
                first,
                of_orders.purchase_line_id,
                of_orders.sale_line_id,
                ", ".join(references),
            )
