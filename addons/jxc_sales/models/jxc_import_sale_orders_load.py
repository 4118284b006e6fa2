# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
import datetime

import pytz

from odoo import models
from odoo.fields import Command
from odoo.tools import split_every

from odoo.addons.jxc_stock.tools.replay import replaying

from ..tools import marks

#: Orders created, confirmed, delivered and invoiced in one go.
ORDERS_AT_ONCE = 200
#: Steps a delivery may take in a warehouse (pick, pack, ship).
STEPS = 3
NOON = datetime.time(12)


class JxcImportSaleOrders(models.AbstractModel):
    """sale_orders.csv: orders confirmed, delivered and invoiced on their day."""

    _inherit = "jxc.import.sale_orders"

    def _jxc_load(self, rows, session):
        super()._jxc_load(rows, session)
        documents = self._jxc_documents(rows)
        existing = session.find(
            "sale.order", "jxc_import_number", (row["number"] for row in rows)
        )
        new = [d for d in documents if d[0]["number"] not in existing]
        session.count(unchanged=len(documents) - len(new))
        session.total("lines", len(rows))
        for batch in split_every(ORDERS_AT_ONCE, new, list):
            with marks.Replay() as replay, replaying(self) as handler:
                handler = handler.with_context(**{marks.REPLAY: replay})
                orders = handler._jxc_create_orders(batch, session)
                handler._jxc_replay(orders, batch, session)
            session.count(created=len(batch))
            session.advance(sum(map(len, batch)))
        orders = self.env["sale.order"].union(*existing.values())
        for order in orders:
            session.total("untaxed", order.amount_untaxed / order.currency_rate)

    # -- orders -------------------------------------------------------------------

    def _jxc_create_orders(self, documents, session):
        rows = [row for document in documents for row in document]
        customers = session.find(
            "res.partner", "ref", (row["customer_ref"] for row in rows)
        )
        products = session.find(
            "product.product", "default_code", (row["code"] for row in rows)
        )
        templates = self.env["product.template"].union(
            *(product.product_tmpl_id for product in products.values())
        )
        units = self._jxc_units(templates)
        pricelists = self._jxc_find_or_create_pricelists(rows, session)
        orders = self.env["sale.order"].create(
            [
                self._jxc_prepare_order(
                    document, customers, products, units, pricelists, session
                )
                for document in documents
            ]
        )
        for order in orders:
            session.total("untaxed", order.amount_untaxed / order.currency_rate)
        return orders

    def _jxc_prepare_order(
        self, document, customers, products, units, pricelists, session
    ):
        head = document[0]
        return {
            "company_id": session.company.id,
            "partner_id": customers[head["customer_ref"]].id,
            "date_order": self._jxc_noon(head["date"]),
            "client_order_ref": head["number"],
            "jxc_import_number": head["number"],
            # Prices are the file's: no price list (but for the currency), no template.
            "pricelist_id": pricelists.get(head["currency"], False),
            "sale_order_template_id": False,
            "order_line": [
                Command.create(
                    {
                        "sequence": 10 + position,
                        "product_id": products[row["code"]].id,
                        "product_uom_id": units[
                            products[row["code"]].product_tmpl_id.id, row["unit"]
                        ].id,
                        "product_uom_qty": row["qty"],
                        "price_unit": row["price"],
                        "discount": row["discount_percent"] or 0.0,
                    }
                )
                for position, row in enumerate(document)
            ],
        }

    def _jxc_find_or_create_pricelists(self, rows, session):
        """{currency name: id of a price list without prices}, foreign ones only.

        An order has the currency of its price list.
        """
        own = session.company.currency_id.name
        names = sorted({row["currency"] for row in rows} - {None, own})
        found = self.env["product.pricelist"].search(
            [
                ("currency_id.name", "in", names),
                ("company_id", "in", [False, session.company.id]),
                ("item_ids", "=", False),
            ]
        )
        pricelists = {one.currency_id.name: one.id for one in found}
        currencies = self._jxc_currencies()
        missing = [name for name in names if name not in pricelists]
        created = self.env["product.pricelist"].create(
            [
                {
                    "name": name,
                    "currency_id": currencies[name].id,
                    "company_id": session.company.id,
                }
                for name in missing
            ]
        )
        return pricelists | dict(zip(missing, created.ids, strict=True))

    def _jxc_noon(self, date):
        """Noon of a day where the user is, as the platform stores it."""
        local = pytz.timezone(str(self.env.tz)).localize(
            datetime.datetime.combine(date, NOON)
        )
        return local.astimezone(pytz.utc).replace(tzinfo=None)

    # -- confirm, deliver, invoice ------------------------------------------------

    def _jxc_replay(self, orders, documents, session):
        """Confirm the orders; deliver and invoice what the file says is delivered.

        Orders with deliveries come first, so that what was really delivered finds its
        stock before what is still waiting reserves it.
        """
        wanted = {}
        for order, document in zip(orders, documents, strict=True):
            for line, row in zip(order.order_line, document, strict=True):
                if row["delivered_qty"]:
                    wanted[line] = row
        delivered = self.env["sale.order.line"].union(*wanted).order_id
        delivered._jxc_confirm_all()
        self._jxc_deliver(wanted, session)
        if session.problems:
            return
        if delivered:
            invoices = delivered._create_invoices(grouped=True)
            invoices._post(soft=False)
        (orders - delivered)._jxc_confirm_all()

    def _jxc_deliver(self, wanted, session):
        """Deliver lines on the day of their order.

        :param wanted: {sale.order.line: row with delivered_qty in the line's unit}
        """
        moved = self.env["stock.move"]
        for line, row in wanted.items():
            if line.qty_delivered_method == "manual":
                line.qty_delivered = row["delivered_qty"]
        goods = {
            line: row["delivered_qty"]
            for line, row in wanted.items()
            if line.qty_delivered_method == "stock_move"
        }
        for _step in range(STEPS):
            moves = self._jxc_pick(goods)
            if not moves:
                break
            moves.picking_id._action_done()
            moved |= moves
        self._jxc_date_moves(moved)
        for line, quantity in goods.items():
            missing = quantity - line.qty_delivered
            if line.product_uom_id.compare(missing, 0.0) > 0:
                self._jxc_report_missing(line, wanted[line], missing, session)

    def _jxc_pick(self, goods):
        """Set done quantities on the next open moves of lines not delivered yet.

        :param goods: {sale.order.line: quantity to deliver in the line's unit}
        :return: the stock.move records ready to be done
        """
        needs = {}
        for line, quantity in goods.items():
            left = quantity - line.qty_delivered
            if line.product_uom_id.compare(left, 0.0) <= 0:
                continue
            for move in line.move_ids.filtered(
                lambda move: move.state not in ("done", "cancel")
            ):
                needs[move] = line._jxc_in_unit_of(move, left)
                break
        moves = self.env["stock.move"].union(*needs)
        self._jxc_reserve(moves, needs)
        ready = moves.filtered(
            lambda move: move.product_uom.compare(move.quantity, needs[move]) >= 0
        )
        for move in ready:
            if move.product_uom.compare(move.quantity, needs[move]) > 0:
                move.quantity = needs[move]
        ready.picked = True
        return ready

    def _jxc_reserve(self, moves, needs):
        """Reserve, if need be by taking reservations from orders still waiting."""

        def short():
            return moves.filtered(
                lambda move: move.product_uom.compare(move.quantity, needs[move]) < 0
            )

        if short():
            short()._action_assign()
        if not short():
            return
        others = self.env["stock.move"].search(
            [
                ("id", "not in", moves.ids),
                ("product_id", "in", short().product_id.ids),
                ("location_id", "in", short().location_id.ids),
                ("state", "in", ("assigned", "partially_available")),
                ("picked", "=", False),
            ]
        )
        others._do_unreserve()
        short()._action_assign()
        others._action_assign()

    def _jxc_date_moves(self, moves):
        """Give done moves (with their lines) and deliveries the day of their order."""
        for date, dated in moves.grouped(
            lambda move: move.sale_line_id.order_id.date_order
        ).items():
            dated.write({"date": date})
            dated.picking_id.write({"date_done": date})

    def _jxc_report_missing(self, line, row, missing, session):
        session.problem(
            row,
            "delivered_qty",
            self.env._(
                "%(missing)s %(unit)s of %(code)s are not in stock on %(date)s; receive"
                " them first (opening_stock.csv, purchase_orders.csv)",
                missing=round(missing, 6),
                unit=row["unit"],
                code=row["code"],
                date=row["date"],
            ),
        )
