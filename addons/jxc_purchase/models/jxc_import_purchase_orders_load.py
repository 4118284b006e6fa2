# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from datetime import UTC, datetime, time

from odoo import models
from odoo.fields import Command
from odoo.tools import split_every

from odoo.addons.jxc_stock.tools.replay import replaying

#: Orders confirmed, received and billed together.
BATCH = 200


class JxcImportPurchaseOrders(models.AbstractModel):
    """purchase_orders.csv: orders confirmed, received and billed on their days."""

    _inherit = "jxc.import.purchase_orders"

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
                    "company_id": session.company.id,
                    "currency_id": currency_of(first).id,
                    "date_order": self._jxc_noon(first["date"]),
                    "date_planned": planned,
                    "fiscal_position_id": position.id,
                    "payment_term_id": vendor.property_supplier_payment_term_id.id,
                    "order_line": lines,
                }
            )
        orders = self.env["purchase.order"].create(vals_list)
        for order, group in zip(orders, groups, strict=True):
            # sudo: nobody but the import says that an order was imported
            order.sudo().jxc_import_number = group[0]["number"]
        return orders

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
        inspected = self.env["stock.move"].union(*rejected)
        inspected.jxc_inspect = True
        # sudo: what comes for rejected goods is not asked about by this file
        inspected.sudo().purchase_line_id.jxc_inspect = False
        while moves:
            # Receipts in several steps: goods go on to where they are stocked; what
            # was rejected goes back.
            moves.picked = True
            moves.picking_id._action_done()
            # sudo: what is still to come is as it was before this file asked for it
            moves.picking_id.backorder_ids.move_ids.sudo().jxc_inspect = False
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
            day = self._jxc_day_of_receipt(group[0])
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
            day = self._jxc_day_of_receipt(group[0])
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
        text_env = session.text_env
        for order, group in zip(orders, groups, strict=True):
            notes = []
            if session.history:
                notes.append(
                    text_env._("Imported as history: recorded without budget control.")
                )
            notes += [
                text_env._(
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

    def _jxc_noon(self, day):
        """Noon of a day where the user is, as the platform stores it."""
        noon = self.env.tz.localize(datetime.combine(day, time(12)))
        return noon.astimezone(UTC).replace(tzinfo=None)
