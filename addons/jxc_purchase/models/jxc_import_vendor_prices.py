# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from odoo import models

from odoo.addons.jxc_base.tools.importing import Column, changed_values


class JxcImportVendorPrices(models.AbstractModel):
    """vendor_prices.csv: what vendors ask, by vendor, product, unit and quantity."""

    _name = "jxc.import.vendor_prices"
    _inherit = ["jxc.import.handler", "jxc.import.purchase.mixin"]
    _description = "Import of vendor_prices.csv"

    _jxc_file = "vendor_prices"
    _jxc_sequence = 40
    _jxc_key = ("vendor_ref", "code", "unit", "min_qty")
    _jxc_addon = "jxc_purchase"

    def _jxc_columns(self):
        return [
            Column("vendor_ref", required=True),
            Column("code", required=True),
            Column("unit", required=True),
            Column("price", type="amount", required=True, minimum=0),
            Column("min_qty", type="qty", minimum=0),
            Column("lead_days", type="integer", minimum=0),
            Column("currency"),
        ]

    def _jxc_check(self, rows, session):
        super()._jxc_check(rows, session)
        self._jxc_check_vendors(rows, session)
        self._jxc_check_products(rows, session)
        self._jxc_check_currencies(rows, session)

    def _jxc_load(self, rows, session):
        super()._jxc_load(rows, session)
        for batch in session.batches(rows):
            self._jxc_load_batch(batch, session)

    def _jxc_load_batch(self, rows, session):
        vendor_of, product_of, unit_of, currency_of = self._jxc_lookups(rows, session)
        known = self._jxc_known(rows, vendor_of, product_of, session)
        new, updated, unchanged = [], 0, 0
        for row in rows:
            product = product_of(row)
            key = {
                "partner_id": vendor_of(row).id,
                "product_id": product.id,
                "product_uom_id": unit_of(row).id,
                "min_qty": row["min_qty"] or 0.0,
            }
            values = {
                "price": row["price"],
                "currency_id": currency_of(row).id,
            }
            if row.has("lead_days"):
                values["delay"] = row["lead_days"] or 0
            price = known.get(tuple(key.values()))
            if not price:
                new.append(
                    {
                        **key,
                        **values,
                        "product_tmpl_id": product.product_tmpl_id.id,
                        "company_id": session.company.id,
                    }
                )
                continue
            changed = changed_values(price, values)
            if changed:
                price.write(changed)
            updated += bool(changed)
            unchanged += not changed
        self.env["product.supplierinfo"].create(new)
        session.count(created=len(new), updated=updated, unchanged=unchanged)

    def _jxc_known(self, rows, vendor_of, product_of, session):
        """``{(vendor, product, unit, quantity): product.supplierinfo}``, one search."""
        prices = self.env["product.supplierinfo"].search(
            [
                ("partner_id", "in", [vendor_of(row).id for row in rows]),
                ("product_id", "in", [product_of(row).id for row in rows]),
                ("company_id", "=", session.company.id),
            ]
        )
        return {
            (
                price.partner_id.id,
                price.product_id.id,
                price.product_uom_id.id,
                price.min_qty,
            ): price
            for price in prices
        }
