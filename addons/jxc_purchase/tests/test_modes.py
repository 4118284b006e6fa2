# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tests import Form, tagged

from .mode_common import ModeCommon


@tagged("post_install", "-at_install")
class TestModes(ModeCommon):
    """Where the mode comes from, and what direct and requested orders need."""

    def _limit(self, amount=100.0):
        self.company.write({"jxc_direct_policy": "limit", "jxc_direct_limit": amount})

    # -- defaults -----------------------------------------------------------------

    def test_company_default(self):
        self.assertEqual(self._rfq().jxc_procurement_mode, "direct")
        self.company.jxc_procurement_mode = "tender"
        order = self._rfq((self.wine, 1, 5))
        self.assertEqual(order.jxc_procurement_mode, "tender")
        self.assertEqual(order.copy().jxc_procurement_mode, "tender")

    def test_mode_follows_the_origin(self):
        first = self._request((self.wine, 10), approve=True).line_ids
        second = self._request((self.wine, 5), approve=True).line_ids
        order = self._order(first)
        self.assertEqual(order.jxc_procurement_mode, "request")
        both = self._tender(second)
        self.assertEqual(set(both.mapped("jxc_procurement_mode")), {"tender"})
        order.button_cancel()
        merged = self._order(first)
        third = self._request((self.wine, 5), approve=True).line_ids
        joined = self._order(third | third.browse())
        self.assertEqual(merged.jxc_procurement_mode, "request")
        (merged | joined).action_merge()
        kept = (merged | joined).filtered(lambda one: one.state == "draft")
        self.assertEqual(kept.jxc_procurement_mode, "consolidated")
        called = self._rfq(requisition_id=self._agreement((self.wine, 5, 4)).id)
        self.assertEqual(called.jxc_procurement_mode, "framework")

    def test_urgent_stays_when_chosen(self):
        lines = self._request((self.wine, 10), approve=True).line_ids
        order = self._order(lines)
        order.jxc_procurement_mode = "urgent"
        order.purchase_group_id = self.env["purchase.order.group"].create({})
        self.assertEqual(order.jxc_procurement_mode, "urgent")

    def test_mode_is_settled_with_the_confirmation(self):
        order = self._rfq((self.wine, 1, 5))
        order.jxc_procurement_mode = "urgent"
        order.jxc_procurement_mode = "direct"
        order.button_confirm()
        for who in (order, order.with_user(self.manager), order.sudo()):
            with self.refused("cannot change any more"):
                who.jxc_procurement_mode = "urgent"
        agreement = self._agreement((self.wine, 10, 5))
        order.sudo().requisition_id = agreement
        self.assertEqual(order.jxc_procurement_mode, "direct")
        order.button_cancel()
        order.button_draft()
        order.sudo().requisition_id = False
        order.jxc_procurement_mode = "urgent"

    def test_every_order_has_a_mode(self):
        with self.refused("has a procurement mode"):
            self._rfq((self.wine, 1, 5)).jxc_procurement_mode = False

    def test_mode_waiting_for_approval(self):
        self.company.write(
            {"po_double_validation": "two_step", "po_double_validation_amount": 10}
        )
        self._limit()
        order = self._rfq((self.wine, 10, 5))
        order.button_confirm()
        self.assertEqual(order.state, "to approve")
        with self.refused("cannot change any more"):
            order.jxc_procurement_mode = "urgent"
        order.order_line.price_unit = 50
        with self.refused("cannot be bought directly"):
            order.with_user(self.manager).button_approve()

    # -- direct -------------------------------------------------------------------

    def test_direct_up_to_the_limit(self):
        self._limit()
        small = self._rfq((self.wine, 20, 5))
        big = self._rfq((self.wine, 21, 5))
        with self.refused(r"105\.00.*allows up to.*100\.00"):
            (small | big).button_confirm()
        self.assertEqual((small | big).mapped("state"), ["draft", "draft"])
        small.button_confirm()
        self.assertEqual(small.state, "purchase")

    def test_direct_never(self):
        self.company.jxc_direct_policy = "never"
        with self.refused("cannot be bought directly"):
            self._rfq((self.wine, 1, 1)).button_confirm()

    def test_limit_in_company_currency_at_todays_rate(self):
        self._limit()
        foreign = self.env["res.currency"].create({"name": "XJX", "symbol": "X"})
        rates = self.env["res.currency.rate"]
        rates.create({"currency_id": foreign.id, "name": "2020-01-01", "rate": 10.0})
        rates.create({"currency_id": foreign.id, "name": "2024-01-01", "rate": 0.5})
        order = self._rfq((self.wine, 10, 6), currency_id=foreign.id)
        # An old date has a rate that would do.
        order.date_order = "2021-06-01 12:00:00"
        with self.refused(r"120\.00"):
            order.button_confirm()

    def test_confirmed_direct_orders_stay_within_the_limit(self):
        self._limit()
        order = self._rfq((self.wine, 20, 5))
        order.button_confirm()
        line = order.order_line
        for values in (
            {"product_qty": 21},
            {"price_unit": 5.5},
            {"product_uom_id": self.box.id},
        ):
            with self.refused("cannot be bought directly"):
                line.write(values)
        with self.refused("cannot be bought directly"):
            order.write({"order_line": [self._line(self.wine, 1, 5)]})
        with self.refused("cannot be bought directly"):
            self.env["purchase.order.line"].with_user(self.buyer).create(
                {"order_id": order.id, "product_id": self.wine.id, "product_qty": 1}
            )
        # Less is fine, also when the limit fell meanwhile.
        self.company.jxc_direct_limit = 10
        line.product_qty = 15
        self.assertEqual(order.amount_untaxed, 75)

    def test_lines_of_one_write_are_judged_together(self):
        self._limit()
        order = self._rfq((self.wine, 10, 5), (self.wine, 10, 5))
        order.button_confirm()
        first, second = order.order_line
        order.write(
            {
                "order_line": [
                    Command.update(first.id, {"product_qty": 15}),
                    Command.update(second.id, {"product_qty": 5}),
                ]
            }
        )
        self.assertEqual(order.amount_untaxed, 100)

    def test_discount_line_makes_no_room(self):
        """Whether a rebate comes, its bill says; without it, all is owed."""
        self._limit()
        order = self._rfq((self.wine, 30, 5), (self.wine, 1, -60))
        with self.refused(r"150\.00 untaxed cannot be bought directly"):
            order.button_confirm()
        order.order_line[0].product_qty = 20
        order.button_confirm()
        order.order_line.filtered(lambda one: one.price_unit < 0).product_qty = 0

    def test_no_channel_passes_by(self):
        self._limit()
        order = self._rfq((self.wine, 50, 5))
        contexts = (
            {"jxc_history": True},
            {
                "jxc_purchase_mode_watch": True,
                "jxc_purchase_confirmation": {"is_open": 1},
            },
            {"default_jxc_procurement_mode": "urgent", "skip_alternative_check": True},
        )
        for context in contexts:
            with self.assertRaises(UserError):
                order.with_context(**context).button_confirm()
            with self.assertRaises(UserError):
                order.with_context(**context).with_user(self.manager).button_approve()
            with self.assertRaises(UserError):
                order.with_context(**context).write({"state": "purchase"})
        result = order.load(
            [".id", "state"],
            [[str(order.id), "purchase"]],
        )
        self.assertFalse(result["ids"])
        action = self.env.ref("purchase.action_confirm_rfqs")
        with self.assertRaises(UserError):
            action.with_user(self.buyer).with_context(
                active_model="purchase.order", active_ids=order.ids, active_id=order.id
            ).run()
        self.assertEqual(order.state, "draft")

    def test_two_companies(self):
        self._limit()
        other = self._other_company()
        order = self.env["purchase.order"].create(
            {
                "partner_id": self.vendor.id,
                "company_id": other.id,
                "picking_type_id": self.env["stock.picking.type"]
                .search([("company_id", "=", other.id), ("code", "=", "incoming")])[:1]
                .id,
                "order_line": [self._line(self.wine, 100, 5)],
            }
        )
        order.button_confirm()
        self.assertEqual(order.state, "purchase")

    # -- by request ---------------------------------------------------------------

    def test_requested_quantity_covers(self):
        self._limit(1)
        line = self._request((self.wine, 10), approve=True).line_ids
        order = self._order(line)
        order.order_line.price_unit = 6
        order.order_line.product_qty = 11
        with self.refused(r"11\.0 .* cover 10\.0"):
            order.button_confirm()
        order.order_line.product_qty = 10
        order.button_confirm()
        with self.refused(r"12\.0 .* cover 10\.0"):
            order.order_line.product_qty = 12
        # Cheaper is always fine; dearer, see test_mode_request_price.
        order.order_line.price_unit = 4

    def test_tolerance_and_rounding(self):
        line = self._request((self.wine, 10), approve=True).line_ids
        order = self._order(line, (line, 10, self.vendor, self.box))
        self.assertEqual(order.order_line.product_qty, 0.84)
        order.button_confirm()
        self.company.jxc_request_tolerance = 20
        order.order_line.product_qty = 1
        with self.refused("cover 0.83"):
            order.order_line.product_qty = 1.1

    def test_request_needs_links(self):
        order = self._rfq((self.wine, 1, 5))
        order.jxc_procurement_mode = "request"
        with self.refused("cover 0.0"):
            order.button_confirm()
        line = self._request((self.wine, 10), approve=True).line_ids
        order = self._order(line)
        order.order_line.create(
            {"order_id": order.id, "product_id": self.wine.id, "product_qty": 1}
        )
        with self.refused("cover 0.0"):
            order.button_confirm()

    def test_another_product_is_not_covered(self):
        line = self._request((self.wine, 10), approve=True).line_ids
        order = self._order(line)
        order.order_line.product_id = self._product("Beer")
        with self.refused("Beer.*cover 0.0"):
            order.button_confirm()

    def test_requested_once_is_ordered_once(self):
        line = self._request((self.wine, 10), approve=True).line_ids
        first = self._order(line)
        first.button_confirm()
        first.order_line.product_qty = 6
        second = self._order(line)
        second.button_confirm()
        with self.refused(r"cover 4\.0"):
            second.order_line.product_qty = 5

    # -- consolidated -------------------------------------------------------------

    def test_consolidated_needs_several(self):
        first = self._request((self.wine, 10), approve=True).line_ids
        second = self._request((self.wine, 5), approve=True).line_ids
        one = self._order(first)
        one.jxc_procurement_mode = "consolidated"
        with self.refused("made of 1 requests"):
            one.button_confirm()
        one.button_cancel()
        beer = self._product("Beer")
        request = self._request((self.wine, 3), (beer, 2), approve=True)
        two_lines = self._order(request.line_ids)
        self.assertEqual(len(two_lines.order_line), 2)
        two_lines.jxc_procurement_mode = "consolidated"
        with self.refused("made of 1 requests"):
            two_lines.button_confirm()
        two_lines.button_cancel()
        both = self._order(first | second.with_env(first.env))
        self.assertEqual(both.jxc_procurement_mode, "consolidated")
        both.order_line.product_qty = 16
        with self.refused(r"cover 15\.0"):
            both.button_confirm()
        both.order_line.product_qty = 15
        both.button_confirm()

    # -- drop-ship ----------------------------------------------------------------

    def test_dropship(self):
        self._limit()
        kind = self.env["stock.picking.type"].search(
            [("company_id", "=", self.company.id), ("code", "=", "dropship")], limit=1
        )
        seller = self._user(
            "mode_seller",
            "purchase.group_purchase_user,sales_team.group_sale_salesman_all_leads",
        )
        order = self._rfq((self.wine, 30, 5), user=seller)
        order.jxc_procurement_mode = "dropship"
        with self.refused("type “Dropship”"):
            order.button_confirm()
        order.picking_type_id = kind
        self.assertEqual(order.jxc_procurement_mode, "dropship")
        with self.refused("address of the customer"):
            order.button_confirm()
        customer = self.env["res.partner"].create({"name": "Customer"})
        order.dest_address_id = customer
        # Nobody bought it: that is a direct purchase.
        with self.refused("cannot be bought directly"):
            order.button_confirm()
        sale = self.env["sale.order"].create(
            {
                "partner_id": customer.id,
                "order_line": [
                    Command.create({"product_id": self.wine.id, "product_uom_qty": 30})
                ],
            }
        )
        order.sudo().order_line.sale_line_id = sale.order_line
        with self.refused("cannot be bought directly"):
            order.button_confirm()
        sale.action_confirm()
        order.order_line.product_qty = 31
        with self.refused("cannot be bought directly"):
            order.button_confirm()
        order.order_line.product_qty = 30
        order.button_confirm()
        self.assertEqual(order.state, "purchase")
        with self.refused("cannot be bought directly"):
            order.order_line.product_qty = 31

    # -- automatic orders ---------------------------------------------------------

    def test_rules_add_nothing_to_requested_rfqs(self):
        self.wine.seller_ids.create(
            {
                "partner_id": self.vendor.id,
                "product_tmpl_id": self.wine.product_tmpl_id.id,
            }
        )
        line = self._request((self.wine, 10), approve=True).line_ids
        order = self._order(line)
        warehouse = order.picking_type_id.warehouse_id
        orderpoint = self.env["stock.warehouse.orderpoint"].create(
            {
                "product_id": self.wine.id,
                "location_id": warehouse.lot_stock_id.id,
                "product_min_qty": 50,
                "product_max_qty": 50,
            }
        )
        orderpoint.action_replenish()
        self.assertEqual(order.order_line.mapped("product_qty"), [10])
        made = self.env["purchase.order.line"].search(
            [("orderpoint_id", "=", orderpoint.id)]
        )
        self.assertEqual(made.order_id.jxc_procurement_mode, "direct")
        order.button_confirm()

    # -- screens ------------------------------------------------------------------

    def test_settings(self):
        settings = self.env["res.config.settings"].create({})
        with Form(settings) as form:
            form.jxc_direct_policy = "limit"
            form.jxc_direct_limit = 250
            form.jxc_tender_quotes = 2
        settings.execute()
        self.assertEqual(self.company.jxc_direct_limit, 250)
        self.assertEqual(self.company.jxc_tender_quotes, 2)
        with self.refused("at least one quotation"):
            self.company.jxc_tender_quotes = 0
        with self.refused("below zero"):
            self.company.jxc_direct_limit = -1

    def test_form(self):
        order = self._rfq((self.wine, 1, 5))
        with Form(order) as form:
            form.jxc_procurement_mode = "urgent"
            form.jxc_urgent_reason = "Fire"
        self.assertEqual(order.jxc_urgent_reason, "Fire")

    def test_constant_queries(self):
        """Confirming a requested order costs the same number of queries per batch."""
        counts = []
        for number in (1, 1, 10):
            lines = self._request(
                *[(self.wine, 1) for _one in range(number)], approve=True
            ).line_ids
            orders = self._order(
                lines, *[(line, 1, self.vendor, self.bottle) for line in lines]
            )
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            orders._jxc_check_confirm()
            counts.append(self.env.cr.sql_log_count - before)
        self.assertEqual(counts[1], counts[2])
