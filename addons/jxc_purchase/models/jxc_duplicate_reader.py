# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from collections import defaultdict

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL

from ..tools.coverage import in_base
from ..tools.demand import (
    Collision,
    Demand,
    Supply,
    belong_together,
    is_near,
    vendors_meet,
)

REQUEST = "jxc.purchase.request"
ORDER = "purchase.order"


class JxcDuplicateReader(models.AbstractModel):
    """Compares what documents want with what is requested, ordered and in stock.

    For whole batches, with a number of queries that depends neither on the documents
    nor on their lines. Quantities are in the products' units. Reads with superuser
    rights: a need is covered or not, whoever looks.
    """

    _name = "jxc.duplicate.reader"
    _description = "Duplicate Purchases: Comparison"

    @api.model
    def _collisions(self, documents, together=False):
        """Return ``{document: list of Collision}`` for orders or requests.

        :param together: the documents go through together, so they count for each
            other even where drafts do not
        """
        documents = documents.sudo()
        compared = documents.filtered(
            lambda one: one.company_id.jxc_duplicate_control != "off"
        )
        found = {document: [] for document in documents}
        demands = self._demands(compared)
        if not demands:
            return found
        batch = compared if together else compared.browse()
        supplies = self._supplies(demands, batch)
        forecast = self._forecast(demands)
        for demand in demands:
            key = (demand.company.id, demand.product.id)
            found[demand.document] += self._meet(demand, supplies[key], forecast[key])
        return found

    # ------------------------------------------------------------
    # What is wanted
    # ------------------------------------------------------------

    def _demands(self, documents):
        """Return one Demand for each document and product."""
        lines_of = defaultdict(list)
        requests = documents._name == REQUEST
        for line in documents.line_ids if requests else documents.order_line:
            product = line.product_id
            if self._is_compared(product) and self._base_quantity(line) > 0:
                document = line.request_id if requests else line.order_id
                lines_of[document, product].append(line)
        demands = []
        for (document, product), lines in lines_of.items():
            demand = Demand(
                document=document,
                product=product._origin,
                company=document.company_id._origin,
                quantity=sum(map(self._base_quantity, lines)),
                day=min(map(self._day, lines)),
                is_promised=all(map(self._is_promised, lines)),
                is_reorder=all(line.orderpoint_id for line in lines),
            )
            for line in lines:
                demand.vendor_ids |= self._vendor_ids(line)
                demand.keys |= self._keys(line)
            demands.append(demand)
        return demands

    def _is_compared(self, product):
        """Whether products are a need of their own: goods, and services.

        Freight and other costs of what is bought come with each purchase.
        """
        if product.type == "service" and "landed_cost_ok" in product._fields:
            return not product.landed_cost_ok
        return product.type in ("consu", "service")

    def _base_quantity(self, line, done=0.0):
        """Return the quantity of a line less what is done, in the product's unit."""
        unit, base = line.product_uom_id, line.product_id.uom_id
        if not unit._has_common_reference(base):
            return 0.0
        return unit._compute_quantity(line.product_qty - done, base, round=False)

    def _day(self, line):
        if line._name == ORDER + ".line":
            return fields.Date.to_date(line.date_planned) or fields.Date.today()
        return line.date_required or fields.Date.today()

    def _vendor_ids(self, line):
        vendor = (
            line.order_id.partner_id
            if line._name == ORDER + ".line"
            else line.vendor_id
        )
        return set(vendor.commercial_partner_id._origin.ids)

    def _is_promised(self, line):
        """Whether a delivery waits for just this line."""
        if line._name != ORDER + ".line":
            return False
        return line._jxc_is_awaited() or bool(line.sale_line_id and line._jxc_is_sold())

    def _keys(self, line):
        """Return what makes the line's document belong together with others."""
        if line._name != ORDER + ".line":
            return {(REQUEST, line.request_id._origin.id)}
        order = line.order_id
        keys = {(ORDER, order._origin.id)}
        keys |= {
            (REQUEST, link.request_line_id.request_id.id)
            for link in line.jxc_request_link_ids
        }
        if order.purchase_group_id:
            keys.add(("purchase.order.group", order.purchase_group_id.id))
        if order.requisition_type == "blanket_order":
            keys.add(("purchase.requisition", order.requisition_id.id))
        return keys

    # ------------------------------------------------------------
    # What is on its way
    # ------------------------------------------------------------

    def _supplies(self, demands, batch):
        """Return ``{(company id, product id): list of Supply}``."""
        found = defaultdict(list)
        domain = self._scope(demands)
        for supply in (
            *self._request_supplies(domain, batch),
            *self._rfq_supplies(domain, batch),
            *self._order_supplies(domain),
            *self._service_supplies(demands, domain),
        ):
            found[supply.company.id, supply.product.id].append(supply)
        return found

    def _scope(self, demands):
        return Domain(
            "company_id", "in", [demand.company.id for demand in demands]
        ) & Domain("product_id", "in", [demand.product.id for demand in demands])

    def _request_supplies(self, domain, batch):
        lines = (
            self.env["jxc.purchase.request.line"]
            .sudo()
            .search(
                domain
                & Domain("decision", "in", ("draft", "submitted", "approved"))
                & Domain("qty_open", ">", 0)
            )
        )
        for line, parts in lines._parts().items():
            request = line.request_id
            unit, base = line.product_uom_id, line.product_id.uom_id
            if unit._has_common_reference(base):
                quantity = float(parts.open / in_base(1, base))
                counts = request.decision != "draft" or (
                    batch._name == REQUEST and request in batch
                )
                yield self._supply("request", request, line, quantity, counts)

    def _rfq_supplies(self, domain, batch):
        lines = (
            self.env["purchase.order.line"]
            .sudo()
            .search(
                domain
                & Domain("order_id.state", "in", ("draft", "sent", "to approve"))
                & Domain("product_uom_qty", ">", 0)
            )
        )
        for line in lines:
            order = line.order_id
            counts = (
                order.company_id.jxc_duplicate_rfq
                or order.state == "to approve"
                or (batch._name == ORDER and order in batch)
            )
            yield self._supply("rfq", order, line, line.product_uom_qty, counts)

    def _order_supplies(self, domain):
        """Yield what receipts of confirmed orders still expect."""
        groups = (
            self.env["stock.move"]
            .sudo()
            ._read_group(
                domain
                & Domain("purchase_line_id.order_id.state", "=", "purchase")
                & Domain("state", "not in", ("done", "cancel"))
                & Domain("location_dest_id.usage", "!=", "supplier"),
                ["purchase_line_id"],
                ["product_qty:sum"],
            )
        )
        for line, quantity in groups:
            if line.product_id.uom_id.compare(quantity, 0) > 0:
                yield self._supply("order", line.order_id, line, quantity, True)

    def _service_supplies(self, demands, domain):
        """Yield what confirmed orders of services still expect.

        No receipt tells: what is neither delivered nor billed yet is to come.
        """
        if all(demand.product.type != "service" for demand in demands):
            return
        lines = self.env["purchase.order.line"].sudo()
        lines.flush_model(["product_qty", "qty_invoiced", "qty_received"])
        to_come = Domain.custom(
            to_sql=lambda _model, alias, _query: SQL(
                "%s > GREATEST(%s, %s, 0)",
                SQL.identifier(alias, "product_qty"),
                SQL.identifier(alias, "qty_received"),
                SQL.identifier(alias, "qty_invoiced"),
            )
        )
        for line in lines.search(
            domain
            & Domain("order_id.state", "=", "purchase")
            & Domain("product_id.type", "=", "service")
            & to_come
        ):
            done = max(line.qty_received, line.qty_invoiced, 0.0)
            quantity = self._base_quantity(line, done)
            if line.product_id.uom_id.compare(quantity, 0) > 0:
                yield self._supply("order", line.order_id, line, quantity, True)

    def _supply(self, kind, document, line, quantity, counts):
        return Supply(
            document=document,
            product=line.product_id,
            company=document.company_id,
            quantity=quantity,
            day=self._day(line),
            vendor_ids=self._vendor_ids(line),
            is_promised=self._is_promised(line),
            keys=self._keys(line),
            kind=kind,
            counts=counts,
        )

    def _forecast(self, demands):
        """Return ``{(company id, product id): (free, minimum)}`` of stored products.

        Free is what is on hand and coming less what is promised; minimum is what
        reordering rules want to keep.
        """
        found = defaultdict(lambda: (None, 0.0))
        products_of = defaultdict(set)
        for demand in demands:
            if demand.product.is_storable and not demand.is_promised:
                products_of[demand.company].add(demand.product.id)
        for company, ids in products_of.items():
            groups = (
                self.env["stock.warehouse.orderpoint"]
                .sudo()
                ._read_group(
                    Domain("company_id", "=", company.id)
                    & Domain("product_id", "in", list(ids)),
                    ["product_id"],
                    ["product_min_qty:sum"],
                )
            )
            minimum = {product.id: quantity for product, quantity in groups}
            products = self.env["product.product"].sudo().browse(sorted(ids))
            products = products.with_context(allowed_company_ids=company.ids)
            for product in products:
                free = product.virtual_available
                found[company.id, product.id] = (free, minimum.get(product.id, 0.0))
        return found

    # ------------------------------------------------------------
    # Where both meet
    # ------------------------------------------------------------

    def _meet(self, demand, supplies, forecast):
        """Return the collisions of one demand."""
        company = demand.company
        today = fields.Date.context_today(self)
        near = [
            supply
            for supply in supplies
            if not belong_together(demand, supply)
            and not (demand.is_promised and supply.is_promised)
            and is_near(demand, supply, company.jxc_duplicate_days, today)
            and (company.jxc_duplicate_vendor == "any" or vendors_meet(demand, supply))
        ]
        free, minimum = forecast
        if free is not None:
            # What a confirmed order expects itself is no reason against it.
            free -= sum(
                supply.quantity
                for supply in supplies
                if supply.kind == "order" and supply.document == demand.document
            )
        compare = demand.product.uom_id.compare
        if demand.is_reorder and free is not None:
            # The rule has counted what there is. It is a duplicate only where the rule
            # would want nothing any more.
            coming = sum(
                one.quantity for one in near if one.counts and one.kind != "order"
            )
            if compare(free + coming, minimum) < 0:
                return []
        found = self._joined(demand, near)
        if (
            free is not None
            and not demand.is_reorder
            and compare(free - minimum, demand.quantity) >= 0
        ):
            found.append(Collision("stock", demand.product, free - minimum))
        return found

    def _joined(self, demand, supplies):
        """Return one collision for each document among the supplies."""
        joined = {}
        for supply in supplies:
            key = (supply.kind, supply.document)
            known = joined.get(key)
            if known:
                known.quantity += supply.quantity
                known.day = min(known.day, supply.day)
                continue
            joined[key] = Collision(
                kind=supply.kind,
                product=demand.product,
                quantity=supply.quantity,
                document=supply.document,
                day=supply.day,
                counts=supply.counts,
            )
        return list(joined.values())
