# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from odoo import api, models
from odoo.exceptions import UserError
from odoo.fields import Domain

from ..tools.period import period_bounds
from ..tools.rounding import rounder
from .jxc_stock_ledger_flow import DOMAIN_FIELDS

GROUPS = {
    "product": None,
    "warehouse": "warehouse_id",
    "location": "location_id",
    "lot": "lot_id",
}
QUANTITIES = ("opening_qty", "in_qty", "out_qty", "closing_qty")
VALUES = ("opening_value", "in_value", "out_value", "closing_value", "adjust_value")


class JxcStockLedger(models.Model):
    _inherit = "jxc.stock.ledger"

    @api.model
    def summary(self, date_from, date_to, groupby="product", domain=None):
        """收发存汇总: what was there, came, left and is there, per product and group.

        Read from the stock of now backwards, so that the closing quantity of today is
        the quantity on hand, and old history costs nothing. Days are those of the
        user's time zone; a move counts on the day of its date. Transfers inside a group
        count neither as in nor as out. Quantities are in the product's unit and include
        goods of other owners; values do not. Only storable goods have rows.

        Values (only for who may see costs) follow the platform: receipts and issues
        as stored on the moves, the closing value of now is own quantity × cost.
        ``opening + in − out = closing`` holds for values too: what changed a value
        without a move (a new cost, a bill that differs from its receipt after goods
        were sold, rounding) is part of ``in_value`` when it added value and of
        ``out_value`` when it took some, and told apart as ``adjust_value`` (signed).
        A group that is only part of a company's stock of a product has its share by
        quantity; transfers between groups count at the average cost of the period.

        :param date_from: first day, date or "YYYY-MM-DD"
        :param date_to: last day, date or "YYYY-MM-DD"
        :param groupby: "product", "warehouse", "location" or "lot", or a list of them;
            the product and its company are always part of it
        :param domain: on product_id, categ_id, company_id, warehouse_id, location_id,
            lot_id and owner_id, also by path ("product_id.default_code")
        :return: list of dicts with product_id, product, default_code, categ_id, uom_id,
            uom, company_id, currency_id, the ids grouped by and their names (False
            when there is none, as the warehouse of goods on the way) and opening_,
            in_, out_ and closing_qty, and for who may see costs opening_, in_, out_,
            closing_ and adjust_value; sorted by product, groups of nothing but zeros
            left out
        :raise AccessError: without an inventory role
        :raise UserError: for dates, groups or a domain that make no sense
        """
        self._check_reader()
        return self._get_rows(date_from, date_to, groupby, domain, self._sees_values())

    @api.model
    def _get_rows(self, date_from, date_to, groupby, domain, valued):
        """Rows of :meth:`summary`, with values or without."""
        bounds = period_bounds(*self._check_period(date_from, date_to), self.env.tz)
        names = self._check_groupby(groupby)
        domain = self._check_domain(domain)
        flows = self._get_flows(bounds, names, domain, valued)
        products = self._get_products(flows)
        flows = {key: flow for key, flow in flows.items() if key[0] in products}
        values = {}
        if valued:
            wholes = self._get_wholes(flows, bounds, domain)
            values = self.sudo()._get_values(flows, wholes, products, bounds)
        rows = [
            row
            for row in self._prepare_summary_rows(flows, names, products, values)
            if any(row[name] for name in QUANTITIES)
            or any(row.get(name) for name in VALUES)
        ]
        return sorted(
            rows,
            key=lambda row: (
                row["company_id"],
                row["default_code"] or "",
                row["product"],
                row["product_id"],
                *(row[name] or 0 for name in names),
            ),
        )

    @api.model
    def _check_groupby(self, groupby):
        """Names of the fields to group by beside product and company."""
        given = groupby or []
        if not isinstance(given, list | tuple):
            given = [given]
        names = []
        for name in given:
            short = name.removesuffix("_id") if isinstance(name, str) else None
            if short not in GROUPS:
                raise UserError(
                    self.env._(
                        "The stock ledger cannot group by “%(group)s”. It can by"
                        " %(groups)s.",
                        group=name,
                        groups=", ".join(GROUPS),
                    )
                )
            if GROUPS[short] and GROUPS[short] not in names:
                names.append(GROUPS[short])
        return names

    @api.model
    def _check_domain(self, domain):
        """The domain, when it asks only about what stock of now has too."""
        try:
            domain = Domain(domain or [])
            list(domain.iter_conditions())
        except (AttributeError, TypeError, ValueError) as error:
            raise UserError(self._not_a_domain_text(domain)) from error
        for condition in domain.iter_conditions():
            if condition.field_expr.split(".")[0] not in DOMAIN_FIELDS:
                raise UserError(
                    self.env._(
                        "The stock ledger cannot be limited by “%(field)s”. It can by"
                        " %(fields)s.",
                        field=condition.field_expr,
                        fields=", ".join(DOMAIN_FIELDS),
                    )
                )
        try:
            domain.validate(self)
        except (AttributeError, TypeError, ValueError) as error:
            raise UserError(self._not_a_domain_text(domain)) from error
        return domain

    @api.model
    def _not_a_domain_text(self, domain):
        return self.env._(
            "The stock ledger cannot be limited by this: %(domain)s",
            domain=str(domain)[:200],
        )

    # Rows -------------------------------------------------------------------------

    @api.model
    def _get_products(self, flows):
        """{product id: product.product}, the storable ones that the user may see."""
        products = (
            self.env["product.product"]
            .with_context(active_test=False)
            .search_fetch(
                [("id", "in", list({key[0] for key in flows}))],
                ["default_code", "product_tmpl_id"],
            )
        )
        names = ["name", "categ_id", "uom_id", "is_storable", "lot_valuated"]
        products.product_tmpl_id.fetch([*names, "company_id"])
        return {
            product.id: product
            for product in products
            if product.product_tmpl_id.is_storable
        }

    @api.model
    def _get_product_names(self, products):
        """{product id: its name}; that of a plain product needs no long way."""
        goods = self.env["product.product"].browse(products)
        variants = goods.filtered("product_template_attribute_value_ids")
        return {
            **{
                product.id: product.product_tmpl_id.name for product in goods - variants
            },
            **{
                product.id: product.display_name
                for product in variants.with_context(display_default_code=False)
            },
        }

    @api.model
    def _get_group_names(self, name, ids):
        """{id: display name} of warehouses, locations or lots."""
        records = self.env[self._fields[name].comodel_name].browse(filter(None, ids))
        return {record.id: record.display_name for record in records}

    @api.model
    def _prepare_summary_rows(self, flows, names, products, values):
        """The rows, whatever their number, by a few reads."""
        digits = self.env["decimal.precision"].precision_get("Product Unit")
        rounded = rounder(10**-digits)
        goods = self._prepare_product_columns(products)
        groups = [
            (2 + at, name, name.removesuffix("_id"), self._get_group_names(name, ids))
            for at, name in enumerate(names)
            for ids in [{key[2 + at] for key in flows}]
        ]
        companies = {company_id for _product, company_id, *_group in flows}
        currencies = {
            company.id: company.currency_id.id
            for company in self.env["res.company"].browse(companies).sudo()
        }
        rows = []
        for key, flow in flows.items():
            row = {
                **goods[key[0]],
                "company_id": key[1],
                "currency_id": currencies[key[1]],
            }
            for at, name, label, labels in groups:
                row[name] = key[at] or False
                row[label] = labels.get(key[at], False)
            row["opening_qty"] = rounded(flow.opening)
            row["in_qty"] = rounded(flow.incoming)
            row["out_qty"] = rounded(flow.outgoing)
            row["closing_qty"] = rounded(flow.closing)
            if key in values:
                row.update(values[key])
            rows.append(row)
        return rows

    @api.model
    def _prepare_product_columns(self, products):
        """{product id: what its rows say about it}"""
        labels = self._get_product_names(products)
        columns = {}
        for product in products.values():
            template = product.product_tmpl_id
            columns[product.id] = {
                "product_id": product.id,
                "product": labels[product.id],
                "default_code": product.default_code or False,
                "categ_id": template.categ_id.id,
                "uom_id": template.uom_id.id,
                "uom": template.uom_id.name,
            }
        return columns
