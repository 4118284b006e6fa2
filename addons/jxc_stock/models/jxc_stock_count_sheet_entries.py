# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
import math

from odoo import fields, models
from odoo.exceptions import UserError

from .jxc_stock_count_entry import CLOCK_SKEW, NAMES


class JxcStockCountSheet(models.Model):
    """What people enter is judged before it becomes an entry."""

    _inherit = "jxc.stock.count.sheet"

    def _prepare_entries(self, vals_list):
        """Return complete values of new entries on this sheet, judged and with book.

        :raise UserError: naming what is wrong with an entry
        """
        self.ensure_one()
        count = self.sudo().count_id
        now = fields.Datetime.now()
        # Read in one go what is asked of every product and lot.
        products = self.env["product.product"].browse(
            {vals.get("product_id") for vals in vals_list}
        )
        products.check_access("read")
        full = []
        for vals in vals_list:
            vals = dict(vals)
            vals["location_id"] = vals.get("location_id") or self.sudo().location_id.id
            product = products.browse(vals.get("product_id")).with_prefetch(
                products.ids
            )
            self._check_number(product, vals.get("quantity"))
            self._check_number(product, vals.get("aux_quantity"))
            vals["quantity"] = self._read_quantity(product, vals)
            vals["quantity_text"] = vals.get("quantity_text") or product.jxc_format_qty(
                vals["quantity"]
            )
            full.append(vals)
        keys = [tuple(vals.get(name) or False for name in NAMES) for vals in full]
        self._check_goods(full, products, keys)
        count._check_in_scope(keys)
        lines = count._find_or_create_lines(keys)
        moments = [self._read_moment(vals, count, now) for vals in full]
        books = self.env["jxc.stock.count.entry"]._books_at(
            list(zip(keys, moments, strict=True))
        )
        aux_books = self._aux_books(products, keys, moments)
        for vals, key, moment, book in zip(full, keys, moments, books, strict=True):
            line = lines[key]
            if line.state != "open":
                raise UserError(
                    self.env._(
                        "%(line)s has been counted and settled. An inventory"
                        " administrator can have it counted again.",
                        line=line.display_name,
                    )
                )
            vals.update(
                line_id=line.id,
                user_id=self.env.uid,
                round=line.round,
                counted_at=moment or now,
                book_quantity=book,
                book_aux_quantity=aux_books.get((key, moment), 0.0),
                is_void=False,
            )
        self._check_serials(full, lines)
        return full

    def _read_quantity(self, product, vals):
        """Return the quantity of an entry in the base unit."""
        if vals.get("quantity_text"):
            quantity = product.jxc_parse_qty(vals["quantity_text"])
        else:
            quantity = vals.get("quantity") or 0.0
        if quantity < 0:
            raise UserError(
                self.env._(
                    "%(product)s: one cannot count less than nothing.",
                    product=product.display_name,
                )
            )
        return product.uom_id.round(quantity)

    def _check_number(self, product, number):
        """Refuse what is no number; programs may send anything.

        :raise UserError: naming the product
        """
        if number and not (isinstance(number, int | float) and math.isfinite(number)):
            raise UserError(
                self.env._(
                    "%(product)s: %(qty)s is not a quantity.",
                    product=product.display_name,
                    qty=number,
                )
            )

    def _aux_books(self, products, keys, moments):
        """Return {(key, moment): book quantity in the auxiliary unit} where needed."""
        weighed = set(products.filtered("jxc_aux_uom_id").ids)
        pairs = [
            (key, moment)
            for key, moment in zip(keys, moments, strict=True)
            if key[0] in weighed
        ]
        if not pairs:
            return {}
        Entry = self.env["jxc.stock.count.entry"]
        return dict(zip(pairs, Entry._books_at(pairs, "jxc_aux_qty"), strict=True))

    def _read_moment(self, vals, count, now):
        """Return when an entry was counted, None for now.

        :raise UserError: before the count started, or in the future
        """
        try:
            moment = fields.Datetime.to_datetime(vals.get("counted_at"))
        except (TypeError, ValueError) as error:
            raise UserError(
                self.env._("%(moment)s is no moment.", moment=vals["counted_at"])
            ) from error
        if not moment or now <= moment <= now + CLOCK_SKEW:
            return None
        moment = moment.replace(microsecond=0)
        if count.started_at <= moment <= now:
            return moment
        raise UserError(
            self.env._(
                "%(product)s: it cannot have been counted on %(moment)s. The count"
                " started on %(start)s, now it is %(now)s (UTC).",
                product=self.env["product.product"]
                .browse(vals["product_id"])
                .display_name,
                moment=fields.Datetime.to_string(moment),
                start=fields.Datetime.to_string(count.started_at),
                now=fields.Datetime.to_string(now),
            )
        )

    def _check_goods(self, vals_list, products, keys):
        """Refuse entries without a place, or with a lot that does not fit.

        What the books have without a lot, from before the goods were kept by lots, may
        be counted as that: else it would stay uncounted for ever.
        """
        lots = (
            self.env["stock.lot"]
            .sudo()
            .browse({vals["lot_id"] for vals in vals_list if vals.get("lot_id")})
        )
        unnamed = [key for key in keys if not key[2]]
        tracked = products.filtered(lambda product: product.tracking != "none")
        unnamed = [key for key in unnamed if key[0] in tracked.ids]
        known = self.sudo().count_id._find_lines(unnamed) if unnamed else {}
        for vals, key in zip(vals_list, keys, strict=True):
            product = products.browse(vals["product_id"]).with_prefetch(products.ids)
            lot = lots.browse(vals.get("lot_id") or []).with_prefetch(lots.ids)
            if not vals["location_id"]:
                message = self.env._("say where it was counted.")
            elif product in tracked and not lot and key not in known:
                message = self.env._("it is kept by lots, say which one.")
            elif lot and lot.product_id != product:
                message = self.env._(
                    "lot %(lot)s belongs to %(other)s.",
                    lot=lot.name,
                    other=lot.product_id.display_name,
                )
            else:
                continue
            raise UserError(
                self.env._(
                    "%(product)s: %(problem)s",
                    product=product.display_name,
                    problem=message,
                )
            )

    def _check_serials(self, vals_list, lines):
        """A serial number is there once or not at all."""
        found = {
            line.id: sum(line._current_entries().mapped("quantity"))
            for line in lines.values()
            if line.product_id.tracking == "serial" and line.lot_id
        }
        for vals in vals_list:
            if vals["line_id"] not in found:
                continue
            found[vals["line_id"]] += vals["quantity"]
            if found[vals["line_id"]] > 1:
                line = self.env["jxc.stock.count.line"].sudo().browse(vals["line_id"])
                raise UserError(
                    self.env._(
                        "%(line)s is a serial number: it is there once or not at all.",
                        line=line.display_name,
                    )
                )
