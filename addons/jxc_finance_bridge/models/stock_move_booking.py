# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from odoo import api, fields, models
from odoo.tools import SQL

from odoo.addons.jxc_base.tools.guard import by_server


class StockMove(models.Model):
    _inherit = "stock.move"

    def _create_account_move(self):
        """Book receipts and deliveries of orders beside the platform's own entries.

        The platform calls it when moves are done and have their value; it books only
        moves from or to a location with an account (counts).
        """
        self._jxc_pin_values()
        result = super()._create_account_move()
        self._jxc_book()
        return result

    def _get_value_from_quotation(self, quantity, at_date=None):
        """Goods that nobody billed cost what the order says, to the cent.

        The platform rounds the price of one stock unit before it multiplies: 40 boxes
        of 32 for 8.54 each would come in at 345.60 instead of 341.60.
        """
        result = super()._get_value_from_quotation(quantity, at_date)
        line = self.purchase_line_id
        if line and self.company_id.sudo().jxc_books_stock:
            share = line._jxc_exact_price_share(self.date)
            value = self.company_id.currency_id.round(result["value"] * share)
            result["value"] = value
        return result

    def _jxc_pin_values(self):
        """Keep the value of goods that came without a price.

        Asked about the past, the platform values them at the cost of now (counts, goods
        of unknown origin). A pinned value stays what it was.
        """
        moves = self.filtered(
            lambda move: (
                move.is_in
                and move.company_id.sudo().jxc_books_stock
                and not move.purchase_line_id
                and not move.origin_returned_move_id.is_out
                and move.location_id.usage != "production"
            )
        )
        if not moves:
            return
        # sudo: who moves goods need not be allowed to set values
        pins = by_server(self.env["product.value"].sudo())
        pinned = pins.search([("move_id", "in", moves.ids)]).move_id
        pins.create(
            [
                {
                    "move_id": move.id,
                    "value": move.value,
                    "date": move.date,
                    "company_id": move.company_id.id,
                    "description": move.reference,
                }
                for move in moves - pinned
            ]
        )

    @api.model
    def _jxc_pin_earlier_values(self, companies):
        """Keep the values of goods that came without a price before companies book
        stock at movement (opening stock, mostly), as ``_jxc_pin_values`` does later.

        In SQL, as there may be very many: the platform values each move again for which
        a value is created, one by one, and each would get the value it has.
        """
        moves = self.sudo()
        query = moves._search(
            [
                ("company_id", "in", companies.ids),
                ("state", "=", "done"),
                ("is_in", "=", True),
                ("purchase_line_id", "=", False),
                ("location_id.usage", "!=", "production"),
                "|",
                ("origin_returned_move_id", "=", False),
                ("origin_returned_move_id.is_out", "=", False),
            ]
        )
        names = ("id", "value", "date", "company_id", "reference")
        columns = {
            name: moves._field_to_sql("stock_move", name, query) for name in names
        }
        query.add_where(SQL("%s IS NOT NULL", columns["value"]))
        query.add_where(
            SQL(
                "NOT EXISTS (SELECT FROM product_value pin WHERE pin.move_id = %s)",
                columns["id"],
            )
        )
        uid, now = self.env.uid, fields.Datetime.now()
        self.env["product.value"].flush_model(["move_id"])
        self.env.cr.execute(
            SQL(
                "INSERT INTO product_value (move_id, value, date, company_id,"
                " description, user_id, create_uid, write_uid, create_date, write_date)"
                " %s",
                query.select(
                    *columns.values(),
                    *(SQL("%s", x) for x in (uid, uid, uid, now, now)),
                ),
            )
        )

    def _jxc_book(self):
        """Book the order lines of done moves on the day the goods moved."""
        booking = self.env["jxc.stock.booking"]
        moves = self.filtered(
            lambda move: (
                move.state == "done" and (move.purchase_line_id or move.sale_line_id)
            )
        )
        for company, own in moves.grouped("company_id").items():
            if not company.sudo().jxc_books_stock:
                continue
            days = own.grouped(
                lambda move, company=company: company._jxc_stock_day(move.date)
            )
            for day, group in sorted(days.items()):
                references = dict.fromkeys(filter(None, group.mapped("reference")))
                booking._book(
                    company,
                    day,
                    group.purchase_line_id,
                    group.sale_line_id,
                    ", ".join(references),
                )
