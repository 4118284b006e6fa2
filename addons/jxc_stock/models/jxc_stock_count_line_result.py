# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from datetime import timedelta

from odoo import models
from odoo.exceptions import UserError
from odoo.tools import float_compare


class JxcStockCountLine(models.Model):
    """What entries make of a line."""

    _inherit = "jxc.stock.count.line"

    def _key(self):
        """Return (product, location, lot, package, owner) as ids."""
        self.ensure_one()
        return (
            self.product_id.id,
            self.location_id.id,
            self.lot_id.id,
            self.package_id.id,
            self.owner_id.id,
        )

    def _key_values(self):
        """Return the values an entry for this line has."""
        self.ensure_one()
        return {
            "product_id": self.product_id.id,
            "location_id": self.location_id.id,
            "lot_id": self.lot_id.id,
            "package_id": self.package_id.id,
            "owner_id": self.owner_id.id,
        }

    def _current_entries(self):
        """Return the entries that make up the result, the latest last."""
        self.ensure_one()
        return self.entry_ids.filtered(
            lambda entry: entry.round == self.round and not entry.is_void
        ).sorted(lambda entry: (entry.counted_at, entry.id or 0))

    def _compute_aux(self, entries):
        """Set what the entries say in the auxiliary unit.

        Nothing at all needs no second figure; otherwise each entry must give it.
        """
        self.ensure_one()
        uom = self.product_id.jxc_aux_uom_id
        counted = bool(uom and entries) and all(
            entry.aux_quantity or not entry.quantity for entry in entries
        )
        total = uom.round(sum(entries.mapped("aux_quantity"))) if counted else 0.0
        self.is_aux_counted = counted
        self.counted_aux_quantity = total
        book = entries[-1:].book_aux_quantity
        self.aux_difference = uom.round(total - book) if counted else 0.0

    def _counted_text(self, compound):
        """Return what was counted in the units of the product, with its auxiliary."""
        self.ensure_one()
        if not self.is_counted:
            return False
        if self.is_aux_counted:
            return self.product_id.product_tmpl_id._jxc_quantity_text(
                self.counted_quantity, self.counted_aux_quantity
            )
        return compound.format(self.counted_quantity)

    def _aux_to_move(self):
        """Return the auxiliary quantity that goes along with the difference.

        Where it was not counted, what is missing or found is like what was there.
        """
        self.ensure_one()
        found, uom = self.aux_difference, self.product_id.jxc_aux_uom_id
        if not self.is_aux_counted:
            base = self.book_quantity
            aux = self._current_entries()[-1:].book_aux_quantity
            if base > 0 and aux > 0:
                found = uom.round(self.difference * aux / base)
            else:
                found = uom.round(self.difference / self.product_id.jxc_aux_ratio)
        return found if self.difference > 0 else -found

    def _differs(self):
        """Tell whether there is anything to bring into the stock."""
        self.ensure_one()
        return bool(self.difference or self.aux_difference)

    def _has_open_difference(self):
        self.ensure_one()
        return self.state == "settled" and self._differs()

    def _filter_disturbed(self):
        """Return the lines whose stock moved between two of their entries.

        What was moved may have come from the part that was counted already or from the
        other one; nobody can tell, so the sum means nothing.
        """
        several = self.filtered(lambda line: len(line._current_entries()) > 1)
        if not several:
            return several
        windows = {}
        disturbed = self.browse()
        for line in several:
            entries = line._current_entries()
            windows[line._key()] = line, entries[0].counted_at, entries[-1].counted_at
            books = {line.product_uom_id.round(e.book_quantity) for e in entries}
            if len(books) > 1:
                disturbed |= line
        Entry = self.env["jxc.stock.count.entry"]
        since = min(first for _line, first, _last in windows.values())
        for key, date, _quantity in Entry._changes_since(windows, since):
            line, first, last = windows.get(key, (None, None, None))
            if line and first < date <= last:
                disturbed |= line
        return disturbed

    def _filter_rewritten(self):
        """Return the lines whose books at the time of counting are different by now.

        A done operation was corrected, a date was changed, or a move that began before
        the counting was finished after it: the difference may be gone already. Moves in
        the very second of the counting are on either side of it.
        """
        moments = [(line._key(), line.counted_at) for line in self]
        earlier = [(key, moment - timedelta(seconds=1)) for key, moment in moments]
        books = self.env["jxc.stock.count.entry"]._books_at(moments + earlier)
        rewritten = self.browse()
        for line, then, before in zip(
            self, books[: len(self)], books[len(self) :], strict=True
        ):
            uom = line.product_uom_id
            same = uom.compare(line.book_quantity, then) == 0
            if not same and uom.compare(then, before) == 0:
                rewritten |= line
        return rewritten

    def _is_beyond_tolerance(self):
        """Tell whether the first result differs so much that it is counted again."""
        self.ensure_one()
        if self.round > 1 or not self.difference:
            return False
        count, uom = self.count_id, self.product_uom_id
        off = abs(self.difference)
        percent, quantity = count.tolerance_percent, count.tolerance_quantity
        if quantity and uom.compare(off, quantity) > 0:
            return True
        if not percent:
            return False
        limit = abs(self.book_quantity) * percent / 100
        return float_compare(off, limit, precision_digits=6) > 0

    def _check_packages(self):
        """Refuse a package found in two places: it can be in one only.

        :raise UserError: naming both lines
        """
        found = self.filtered(
            lambda line: line.package_id and line.is_counted and line.counted_quantity
        )
        for package, lines in found.grouped("package_id").items():
            if len(lines.location_id) > 1:
                first = lines[0]
                other = lines.filtered(
                    lambda line, place=first.location_id: line.location_id != place
                )[0]
                raise UserError(
                    self.env._(
                        "The package %(package)s was counted in two places:\n"
                        "- %(first)s, %(first_place)s\n- %(other)s, %(other_place)s\n"
                        "Count 0 where it is not.",
                        package=package.name,
                        first=first.product_id.display_name,
                        first_place=first.location_id.display_name,
                        other=other.product_id.display_name,
                        other_place=other.location_id.display_name,
                    )
                )

    def _start_recount(self):
        """Open the lines for another round of counting."""
        for turn, lines in self.grouped("round").items():
            lines.write(
                {
                    "round": turn + 1,
                    "needs_recount": True,
                    "state": "open",
                    "unit_cost": 0,
                    "difference_value": 0,
                }
            )

    def _settle(self):
        """Keep lines without a difference, value the others at today's cost."""
        same = self.filtered(lambda line: not line._differs())
        same.write({"state": "kept", "needs_recount": False})
        for line in self - same:
            product = line.product_id.with_company(line.company_id)
            lot = line.lot_id.with_company(line.company_id)
            valued = lot if product.lot_valuated and lot else product
            cost = valued.standard_price
            line.write(
                {
                    "state": "settled",
                    "needs_recount": False,
                    "unit_cost": cost,
                    "difference_value": cost * line.difference,
                }
            )
