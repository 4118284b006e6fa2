# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from collections import Counter
from datetime import UTC, datetime, time

from odoo import models
from odoo.fields import Command
from odoo.tools import split_every

from odoo.addons.jxc_base.tools.importing import Column, Job
from odoo.addons.jxc_stock.tools.catalog import Catalog
from odoo.addons.jxc_stock.tools.replay import replaying

#: What has to be the same in all rows of an order.
HEADER = ("vendor_ref", "date", "planned_date", "currency")
#: Orders confirmed, received and billed together.
BATCH = 200


class JxcImportPurchaseOrders(models.AbstractModel):
    """purchase_orders.csv: orders confirmed, received and billed on their days.

    What was received comes in on the planned date (else the order date). Where some of
    it was rejected, or where goods have to be inspected anyway, an inspection says so
    and the rejected goods go back to the vendor at once; they stay to be received and
    are noted on the order. What was accepted is billed on the same day at the order's
    price, because the books of the past need their purchases.
    """

    _name = "jxc.import.purchase_orders"
    _inherit = ["jxc.import.handler", "jxc.import.purchase.mixin"]
    _description = "Import of purchase_orders.csv"

    _jxc_file = "purchase_orders"
    _jxc_sequence = 80
    _jxc_key = ()
    _jxc_addon = "jxc_purchase"

    def _jxc_columns(self):
        return [
            Column("number", required=True),
            Column("vendor_ref", required=True),
            Column("date", type="date", required=True),
            Column("planned_date", type="date"),
            Column("code", required=True),
            Column("unit", required=True),
            Column("qty", type="qty", required=True, above=0),
            Column("price", type="amount", required=True, minimum=0),
            Column("received_qty", type="qty", minimum=0),
            Column("rejected_qty", type="qty", minimum=0),
            Column("currency"),
        ]

    # -- check --------------------------------------------------------------------

    def _jxc_check(self, rows, session):
        super()._jxc_check(rows, session)
        self._jxc_check_vendors(rows, session)
        self._jxc_check_products(rows, session)
        self._jxc_check_currencies(rows, session)
        self._jxc_check_headers(rows, session)
        self._jxc_check_quantities(rows, session)
        self._jxc_check_existing(rows, session)

    def _jxc_check_headers(self, rows, session):
        for first, *others in self._jxc_groups(rows).values():
            for row in others:
                for column in HEADER:
                    if row[column] != first[column]:
                        session.problem(
                            row,
                            column,
                            self.env._(
                                "differs from row %(row)s of the same order",
                                row=first.number,
                            ),
                        )

    def _jxc_check_quantities(self, rows, session):
        catalog = Catalog.of(session)
        for row in rows:
            received = row["received_qty"] or 0.0
            if received > row["qty"]:
                session.problem(
                    row,
                    "received_qty",
                    self.env._("is more than the quantity ordered, %s", row["qty"]),
                )
            if (row["rejected_qty"] or 0.0) > received:
                session.problem(
                    row,
                    "rejected_qty",
                    self.env._("is more than the quantity received, %s", received),
                )
            known = catalog.get(row["code"])
            if known and known.tracking == "serial" and received:
                session.problem(
                    row,
                    "received_qty",
                    self.env._(
                        "%(code)s has serial numbers, which this file cannot carry;"
                        " import its stock with opening_stock.csv",
                        code=row["code"],
                    ),
                )

    def _jxc_check_existing(self, rows, session):
        """An order that is there already may not differ."""
        orders = self._jxc_orders(rows, session)
        if not orders:
            return
        known = [row for row in rows if row["number"] in orders]
        catalog = Catalog.of(session)
        for number, group in self._jxc_groups(known).items():
            order = orders[number]
            first = group[0]
            currency = first["currency"] or session.company.currency_id.name
            same_header = (
                order.partner_id.ref == first["vendor_ref"]
                and order._jxc_budget_day() == first["date"]
                and order.currency_id.name == currency
            )
            ours = Counter(
                (line.product_id.default_code, round(line.product_uom_qty, 6))
                + (round(line.price_subtotal, 2),)
                for line in order.order_line
                if not line.display_type
            )
            theirs = Counter(self._jxc_row_values(row, order, catalog) for row in group)
            if not same_header or ours != theirs:
                session.problem(
                    first,
                    "number",
                    self.env._(
                        "order %(order)s was imported with other values before; change"
                        " it there",
                        order=order.name,
                    ),
                )

    def _jxc_row_values(self, row, order, catalog):
        known = catalog.get(row["code"])
        factor = known and known.factor(row["unit"]) or 0
        return (
            row["code"],
            round(row["qty"] * float(factor), 6),
            round(order.currency_id.round(row["qty"] * row["price"]), 2),
        )

    # -- plan ---------------------------------------------------------------------

    def _jxc_plan(self, rows, session):
        """One job a month of receipt, so that sales of a month find its stock."""
        months = {}
        for group in self._jxc_groups(rows).values():
            day = group[0]["planned_date"] or group[0]["date"]
            months.setdefault(day.replace(day=1), []).extend(group)
        return [Job(period=month, rows=of_month) for month, of_month in months.items()]

    # -- load ---------------------------------------------------------------------

    def _jxc_load(self, rows, session):
        super()._jxc_load(rows, session)
        known = self._jxc_orders(rows, session)
        groups = self._jxc_groups(rows)
        new = [group for number, group in groups.items() if number not in known]
        for batch in split_every(BATCH, new, list):
            flat = [row for group in batch for row in group]
            with replaying(self) as handler:
                orders = handler._jxc_create_orders(batch, flat, session)
                handler._jxc_confirm(orders, batch, session)
                accepted = handler._jxc_accepted(orders, batch)
                handler._jxc_receive(orders, batch)
                handler._jxc_bill(orders, batch, accepted, session)
            self._jxc_log(orders, batch, session)
            session.total("lines", len(flat))
            session.total("untaxed", sum(orders.mapped("amount_untaxed")))
            session.advance(len(flat))
        session.count(created=len(new), unchanged=len(groups) - len(new))

    def _jxc_create_orders(self, groups, rows, session):
        vendor_of, product_of, unit_of, currency_of = self._jxc_lookups(rows, session)
        taxes = {}
        vals_list = []
        for group in groups:
            first = group[0]
            vendor = vendor_of(first)
            position = self.env["account.fiscal.position"]._get_fiscal_position(vendor)
            planned = self._jxc_noon(first["planned_date"] or first["date"])
            lines = []
            for row in group:
                product = product_of(row)
                key = (position, product)
                if key not in taxes:
                    taxes[key] = self._jxc_taxes(product, position, session)
                lines.append(
                    Command.create(
                        {
                            "product_id": product.id,
                            "name": product.display_name,
                            "product_qty": row["qty"],
                            "product_uom_id": unit_of(row).id,
                            "price_unit": row["price"],
                            "discount": 0.0,
                            "date_planned": planned,
                            "tax_ids": [Command.set(taxes[key].ids)],
                        }
                    )
                )
            vals_list.append(
                {
                    "partner_id": vendor.id,
                    "partner_ref": first["number"],
                    "origin": first["number"],
                    "jxc_import_number": first["number"],
                    "company_id": session.company.id,
                    "currency_id": currency_of(first).id,
                    "date_order": self._jxc_noon(first["date"]),
                    "date_planned": planned,
                    "fiscal_position_id": position.id,
                    "payment_term_id": vendor.property_supplier_payment_term_id.id,
                    "order_line": lines,
                }
            )
        return self.env["purchase.order"].create(vals_list)

    def _jxc_taxes(self, product, position, session):
        """Prices of the layout are untaxed: taxes included in prices are left out."""
        taxes = product.supplier_taxes_id._filter_taxes_by_company(session.company)
        return position.map_tax(taxes).filtered(lambda tax: not tax.price_include)

    def _jxc_confirm(self, orders, groups, session):
        orders.button_confirm()
        waiting = orders.filtered(lambda order: order.state == "to approve")
        if waiting and session.history:
            # The past was approved when it happened, whoever imports it.
            waiting.with_user(self.env.ref("base.user_root")).button_approve()
        elif waiting:
            for order, group in zip(orders, groups, strict=True):
                if order in waiting:
                    session.problem(
                        group[0],
                        "number",
                        self.env._(
                            "needs the approval of a purchase manager; let one import"
                            " it, or import it as history"
                        ),
                    )
        days = {}
        for order in orders:
            days.setdefault(order.date_order, []).append(order.id)
        for moment, ids in days.items():
            # sudo: nobody else moves the day of a confirmation
            orders.browse(ids).sudo().write({"date_approve": moment})

    def _jxc_accepted(self, orders, groups):
        """``{order line: accepted quantity}`` in the unit of the line, above zero."""
        accepted = {}
        for order, group in zip(orders, groups, strict=True):
            for line, row in zip(order.order_line, group, strict=True):
                quantity = (row["received_qty"] or 0.0) - (row["rejected_qty"] or 0.0)
                if order.state == "purchase" and quantity > 0:
                    accepted[line] = quantity
        return accepted

    def _jxc_receive(self, orders, groups):
        """Take in what came, on the day it came; the rest stays to receive."""
        rejected = {}
        moves = self.env["stock.move"]
        for order, group in zip(orders, groups, strict=True):
            for line, row in zip(order.order_line, group, strict=True):
                if order.state == "purchase" and row["received_qty"]:
                    came = self._jxc_enter_received(line, row)
                    moves |= came
                    if row["rejected_qty"]:
                        rejected.update(dict.fromkeys(came, row["rejected_qty"]))
        self.env["stock.move"].union(*rejected).jxc_inspect = True
        while moves:
            # Receipts in several steps: goods go on to where they are stocked; what
            # was rejected goes back.
            moves.picked = True
            moves.picking_id._action_done()
            moves.picking_id.backorder_ids.move_ids.jxc_inspect = False
            self._jxc_inspect(moves, rejected)
            self._jxc_date_receipts(orders, groups, moves)
            following = moves.move_dest_ids
            following |= following.filtered("jxc_release_line_id").move_dest_ids
            moves = following.filtered(
                lambda move: move.state not in ("done", "cancel")
            )

    def _jxc_enter_received(self, line, row):
        """Enter what came of an order line.

        :return: its receipt moves; none of services
        """
        moves = self.env["stock.move"]
        unit, quantity = line.product_uom_id, row["received_qty"]
        if line.qty_received_method == "manual":
            line.qty_received = quantity - (row["rejected_qty"] or 0.0)
            return moves
        for move in line.move_ids:
            if not unit._has_common_reference(move.product_uom):
                continue
            wanted = unit._compute_quantity(
                quantity, move.product_uom, rounding_method="HALF-UP"
            )
            if move.product_uom.compare(move.quantity, wanted):
                move.quantity = wanted
            if move.has_tracking == "lot":
                move.move_line_ids.lot_name = line.order_id.jxc_import_number
            moves |= move
        return moves

    def _jxc_inspect(self, moves, rejected):
        """Finish the inspections of receipts as the file says.

        :param rejected: {move: quantity in the unit of the order line}
        """
        lines = moves.jxc_inspection_line_ids.filtered(
            lambda line: line.state == "draft"
        )
        for line in lines:
            unit = line.move_id.purchase_line_id.product_uom_id
            quantity = unit._jxc_convert(
                rejected.get(line.move_id, 0.0), line.product_uom_id, rounded=True
            )
            line.write(
                {
                    "qty_rejected": quantity,
                    "qty_accepted": line.qty_received - quantity,
                    "reject_to": "exchange",
                }
            )
        # What was measured then is not known: nobody is asked for it.
        lines.inspection_id._jxc_finish()

    def _jxc_date_receipts(self, orders, groups, moves):
        days = {}
        for order, group in zip(orders, groups, strict=True):
            day = group[0]["planned_date"] or group[0]["date"]
            days.setdefault(day, []).append(order.id)
        by_order = moves.grouped(
            lambda move: self._jxc_first_step(move).purchase_line_id.order_id.id
        )
        for day, order_ids in days.items():
            of_day = moves.browse(
                [move.id for id_ in order_ids for move in by_order.get(id_, ())]
            )
            if of_day:
                moment = self._jxc_noon(day)
                of_day.write({"date": moment})
                of_day.picking_id.write({"date_done": moment})

    def _jxc_first_step(self, move):
        """The move from the vendor that a move of a later step goes back to."""
        while move.move_orig_ids and not move.purchase_line_id:
            move = move.move_orig_ids[0]
        return move

    def _jxc_bill(self, orders, groups, accepted, session):
        """Post one bill per order for what was received, dated at the receipt."""
        vals_list = []
        for order, group in zip(orders, groups, strict=True):
            day = group[0]["planned_date"] or group[0]["date"]
            lines = [
                Command.create(
                    {
                        "name": line.name,
                        "product_id": line.product_id.id,
                        "product_uom_id": line.product_uom_id.id,
                        "quantity": accepted[line],
                        "price_unit": line.price_unit,
                        "tax_ids": [Command.set(line.tax_ids.ids)],
                        "purchase_line_id": line.id,
                    }
                )
                for line in order.order_line
                if line in accepted
            ]
            if lines:
                vals_list.append(
                    {
                        **order._prepare_invoice(),
                        "ref": group[0]["number"],
                        "invoice_date": day,
                        "date": day,
                        "invoice_line_ids": lines,
                    }
                )
        bills = self.env["account.move"].with_context(default_move_type="in_invoice")
        bills = bills.create(vals_list)
        bills._post(soft=False)
        session.total("bills", len(bills))
        session.total("billed", sum(bills.mapped("amount_untaxed")))

    def _jxc_log(self, orders, groups, session):
        bodies = {}
        user_env = session.user_env
        for order, group in zip(orders, groups, strict=True):
            notes = []
            if session.history:
                notes.append(
                    user_env._("Imported as history: recorded without budget control.")
                )
            notes += [
                user_env._(
                    "Rejected at receipt, sent back: %(quantity)s %(unit)s %(product)s",
                    quantity=f"{row['rejected_qty']:g}",
                    unit=row["unit"],
                    product=row["code"],
                )
                for row in group
                if row["rejected_qty"]
            ]
            if notes:
                bodies[order.id] = "\n".join(notes)
        orders.browse(bodies)._message_log_batch(bodies=bodies)

    # -- lookups ------------------------------------------------------------------

    def _jxc_groups(self, rows):
        groups = {}
        for row in rows:
            groups.setdefault(row["number"], []).append(row)
        return groups

    def _jxc_orders(self, rows, session):
        return session.find(
            "purchase.order", "jxc_import_number", {row["number"] for row in rows}
        )

    def _jxc_noon(self, day):
        """Noon of a day where the user is, as the platform stores it."""
        noon = self.env.tz.localize(datetime.combine(day, time(12)))
        return noon.astimezone(UTC).replace(tzinfo=None)
