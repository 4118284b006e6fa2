# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from odoo import models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools import SQL


class JxcStockCount(models.Model):
    """What a count covers, and that no other one covers it at the same time."""

    _inherit = "jxc.stock.count"

    def _get_location_domain(self):
        """Domain on stock.location of the places that are counted."""
        self.ensure_one()
        roots = self.location_ids or self.warehouse_id.view_location_id
        return Domain("id", "child_of", roots.ids) & Domain("usage", "=", "internal")

    def _get_product_domain(self):
        """Domain on product.product of what is counted."""
        self.ensure_one()
        domain = Domain("is_storable", "=", True)
        if self.category_ids:
            domain &= Domain("categ_id", "child_of", self.category_ids.ids)
        if self.product_ids:
            domain &= Domain("id", "in", self.product_ids.ids)
        if self.lot_ids:
            domain &= Domain("id", "in", self.lot_ids.product_id.ids)
        return domain & Domain("company_id", "in", [False, self.company_id.id])

    def _lock_scopes(self):
        """Have starts of counts in one warehouse follow one another.

        A request sees the database as it was when it began, so waiting for a lock
        would not show it the count that the lock was waited for. Updating a row does:
        the later of two starts fails on it, and is done again with new eyes.
        """
        for warehouse in self.warehouse_id.sorted("id"):
            self.env.execute_query(
                SQL(
                    "UPDATE stock_warehouse"
                    " SET jxc_count_number = coalesce(jxc_count_number, 0) + 1"
                    " WHERE id = %s RETURNING id",
                    warehouse.id,
                )
            )
        self.warehouse_id.invalidate_recordset(["jxc_count_number"])

    def _check_overlap(self):
        """Refuse to count what another open count covers.

        :raise UserError: naming the other count and what both cover
        """
        self.ensure_one()
        others = self.search(
            [
                ("warehouse_id", "=", self.warehouse_id.id),
                ("state", "in", ("in_progress", "submitted")),
                ("id", "!=", self.id),
            ]
        )
        for other in others:
            location = self.env["stock.location"].search(
                self._get_location_domain() & other._get_location_domain(), limit=1
            )
            product = self.env["product.product"].search(
                self._get_product_domain() & other._get_product_domain(), limit=1
            )
            if not (location and product and self._shares_lots(other)):
                continue
            raise UserError(
                self.env._(
                    "%(count)s cannot start: %(other)s (%(user)s) already counts"
                    " %(product)s in %(location)s. Count on a sheet of that one, or"
                    " wait until it is done or cancelled.",
                    count=self.name,
                    other=other.name,
                    user=other.user_id.name or "–",
                    product=product.display_name,
                    location=location.display_name,
                )
            )

    def _shares_lots(self, other):
        return not (self.lot_ids and other.lot_ids) or self.lot_ids & other.lot_ids

    def _create_snapshot(self):
        """Make a line for everything that the books say is there.

        :raise UserError: there is nothing in what the count covers
        """
        self.ensure_one()
        domain = Domain("location_id", "any", self._get_location_domain())
        domain &= Domain("product_id", "any", self._get_product_domain())
        if self.lot_ids:
            domain &= Domain("lot_id", "in", self.lot_ids.ids)
        groups = self.env["stock.quant"]._read_group(
            domain,
            ["product_id", "location_id", "lot_id", "package_id", "owner_id"],
            ["quantity:sum"],
        )
        keys = {
            tuple(record.id for record in group[:5]): group[5]
            for group in groups
            if not group[0].uom_id.is_zero(group[5])
        }
        self._add_expected_nowhere(keys)
        if not keys:
            raise UserError(
                self.env._(
                    "%(count)s: there is no stock in what it covers. Widen it, or name"
                    " the products to look for.",
                    count=self.name,
                )
            )
        self._find_or_create_lines(list(keys), keys)

    def _add_expected_nowhere(self, keys):
        """Products that are named and not tracked get a line even without stock."""
        known = {key[0] for key in keys}
        places = self.env["stock.location"].search(self._get_location_domain(), limit=2)
        place = self.warehouse_id.lot_stock_id
        place = places if len(places) == 1 else place if place in places else places[:1]
        for product in self.product_ids:
            if place and product.id not in known and product.tracking == "none":
                keys[product.id, place.id, False, False, False] = 0.0

    def _find_or_create_lines(self, keys, snapshot=None):
        """Return ``{key: line}``, new lines for what was not expected.

        :param keys: tuples of ids (product, location, lot, package, owner)
        :param snapshot: {key: book quantity at the start}; 0 for what is not in it
        """
        self.ensure_one()
        Line = self.env["jxc.stock.count.line"].sudo()
        found = self._find_lines(keys)
        missing = [key for key in dict.fromkeys(keys) if key not in found]
        if missing:
            # At the same moment somebody else may find the same unexpected thing: the
            # later one then fails in a way that has it done again.
            Line._insert_keys(self, missing, snapshot or {})
            found = self._find_lines(keys)
        return found

    def _find_lines(self, keys):
        lines = (
            self.env["jxc.stock.count.line"]
            .sudo()
            .search_fetch(
                [
                    ("count_id", "=", self.id),
                    ("product_id", "in", list({key[0] for key in keys})),
                    ("location_id", "in", list({key[1] for key in keys})),
                ],
                ["product_id", "location_id", "lot_id", "package_id", "owner_id"],
            )
        )
        return {line._key(): line for line in lines}

    def _outside_scope(self, keys):
        """Return ``{key: text}`` for what the count does not cover.

        :param keys: tuples of ids (product, location, lot, package, owner)
        """
        self.ensure_one()
        count = self.sudo()
        products = self.env["product.product"].sudo().browse({key[0] for key in keys})
        places = self.env["stock.location"].sudo().browse({key[1] for key in keys})
        covered = products.filtered_domain(count._get_product_domain())
        covered_places = places.filtered_domain(count._get_location_domain())
        outside = {}
        for key in keys:
            product, place = products.browse(key[0]), places.browse(key[1])
            if product not in covered:
                what = product.display_name
            elif place not in covered_places:
                what = place.display_name
            elif count.lot_ids and key[2] not in count.lot_ids.ids:
                what = self.env._("this lot of %(product)s", product=product.name)
            else:
                continue
            outside[key] = self.env._(
                "%(count)s does not cover %(what)s.", count=count.name, what=what
            )
        return outside

    def _check_in_scope(self, keys):
        """Refuse what the count does not cover.

        :raise UserError: naming the product or place
        """
        outside = self._outside_scope(keys)
        if outside:
            raise UserError(next(iter(outside.values())))
