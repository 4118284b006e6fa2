# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from datetime import timedelta

from odoo import fields
from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tests import Form, tagged

from .approval_common import OrderApprovalCommon


@tagged("post_install", "-at_install")
class DuplicateCommon(OrderApprovalCommon):
    """A company that blocks what is on its way already."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company.write(
            {
                "jxc_duplicate_control": "block",
                "jxc_duplicate_days": 10,
                "jxc_duplicate_vendor": "any",
                "jxc_duplicate_rfq": True,
            }
        )
        cls.allowed = cls._user(
            "dup_allowed",
            "purchase.group_purchase_user,jxc_purchase.group_duplicate_override",
        )

    @classmethod
    def _on_its_way(cls, *lines, **values):
        """A confirmed order that is not delivered, which nobody compares."""
        order = cls._purchase(*(lines or [(cls.tea, 24, 10)]), **values)
        control = cls.company.jxc_duplicate_control
        cls.company.jxc_duplicate_control = "off"
        order.button_confirm()
        cls.company.jxc_duplicate_control = control
        return order

    def _refused(self, order):
        """Confirm or submit, and return the text of the refusal."""
        is_request = order._name == "jxc.purchase.request"
        go_on = order.action_submit if is_request else order.button_confirm
        with self.assertRaises(UserError) as caught:
            go_on()
        order.invalidate_recordset()
        return str(caught.exception)

    def _assert_free(self, order):
        order.button_confirm()
        self.assertEqual(order.state, "purchase")


@tagged("post_install", "-at_install")
class TestDuplicates(DuplicateCommon):
    def test_order_not_delivered(self):
        first = self._on_its_way()
        message = self._refused(self._purchase((self.tea, 12, 10)))
        for word in (first.name, "Tea", "24", "瓶", "Reduce", "Show Duplicates"):
            self.assertIn(word, message)
        self.assertNotIn("merge", message, "what is ordered already cannot be merged")
        self.assertIn(fields.Date.today().strftime("%m/%d/%Y"), message)

    def test_quantities_are_in_the_products_unit(self):
        self._on_its_way((self.tea, 3, 10, {"product_uom_id": self.tea_box.id}))
        message = self._refused(self._purchase((self.tea, 12, 10)))
        self.assertIn("30", message)

    def test_only_what_is_still_to_come_counts(self):
        first = self._on_its_way()
        picking = first.picking_ids
        picking.move_ids.write({"quantity": 20, "picked": True})
        picking.with_context(skip_backorder=True)._action_done()
        message = self._refused(self._purchase((self.tea, 500, 10)))
        self.assertRegex(message, rf"\b4(\.0+)? 瓶.*{first.name}")
        self.company.jxc_duplicate_rfq = False
        backorder = first.picking_ids - picking
        backorder.action_cancel()
        self._assert_free(self._purchase((self.tea, 500, 10)))

    def test_rfqs_count_if_the_company_says_so(self):
        rfq = self._purchase((self.tea, 24, 10))
        self.assertIn(rfq.name, self._refused(self._purchase((self.tea, 1, 10))))
        self.company.jxc_duplicate_rfq = False
        self._assert_free(self._purchase((self.tea, 1, 10)))

    def test_orders_confirmed_together_collide(self):
        self.company.jxc_duplicate_rfq = False
        one = self._purchase((self.tea, 24, 10))
        two = self._purchase((self.tea, 24, 10))
        message = self._refused(one | two)
        self.assertIn(one.name, message)
        self.assertIn(two.name, message)

    def test_far_apart_is_no_duplicate(self):
        self._on_its_way()
        later = {"date_planned": fields.Datetime.now() + timedelta(days=12)}
        self._assert_free(self._purchase((self.tea, 30, 10, later)))

    def test_what_is_late_is_expected_today(self):
        late = {"date_planned": fields.Datetime.now() - timedelta(days=40)}
        first = self._on_its_way((self.tea, 24, 10, late))
        self.assertIn(first.name, self._refused(self._purchase((self.tea, 30, 10))))

    def test_what_confirmed_orders_get_more_of(self):
        """Neither by a line that is added afterwards, nor by a higher quantity."""
        order = self._purchase((self.tea, 5, 10))
        order.button_confirm()
        order.order_line.product_qty = 6
        other = self._on_its_way((self.wine, 24, 10))
        added = {"product_id": self.wine.id, "product_qty": 12, "price_unit": 10}
        with self.assertRaisesRegex(UserError, other.name), self.cr.savepoint():
            order.write({"order_line": [Command.create(added)]})
        order.invalidate_recordset()
        tea = self._on_its_way()
        order.order_line.product_qty = 5
        order.order_line.price_unit = 12
        with self.assertRaisesRegex(UserError, tea.name), self.cr.savepoint():
            order.order_line.product_qty = 6
        order.order_line.invalidate_recordset()
        self.company.jxc_duplicate_control = "warn"
        order.order_line.product_qty = 6
        bodies = " ".join(order.message_ids.mapped("body"))
        self.assertIn(tea.name, bodies)
        self.assertIn("<br>- ", bodies.replace("<br/>", "<br>"), "a line for each")

    def test_same_vendor_only(self):
        self._on_its_way(partner_id=self.other_vendor.id)
        self.company.jxc_duplicate_vendor = "same"
        self._assert_free(self._purchase((self.tea, 30, 10)))
        order = self._purchase((self.tea, 60, 10), partner_id=self.other_vendor.id)
        self._refused(order)

    def test_stock_that_covers_the_need(self):
        location = self.env["stock.warehouse"].search([], limit=1).lot_stock_id
        self.env["stock.quant"]._update_available_quantity(self.tea, location, 50)
        self.company.jxc_duplicate_rfq = False
        message = self._refused(self._purchase((self.tea, 50, 10)))
        self.assertIn("free in stock", message)
        self._assert_free(self._purchase((self.tea, 51, 10)))

    def test_stock_and_what_comes_later_cover_the_need(self):
        """Too far apart to be the same purchase, and still nothing is missing."""
        location = self.env["stock.warehouse"].search([], limit=1).lot_stock_id
        self.env["stock.quant"]._update_available_quantity(self.tea, location, 20)
        later = {"date_planned": fields.Datetime.now() + timedelta(days=30)}
        coming = self._on_its_way((self.tea, 30, 10, later))
        message = self._refused(self._purchase((self.tea, 50, 10)))
        self.assertIn("free in stock", message)
        self.assertNotIn(coming.name, message)
        self.company.jxc_duplicate_rfq = False
        self._assert_free(self._purchase((self.tea, 51, 10)))

    def test_services_still_to_come(self):
        cleaning = self._product("Cleaning", type="service", is_storable=False)
        first = self._on_its_way((cleaning, 24, 10))
        self.company.jxc_duplicate_rfq = False
        message = self._refused(self._purchase((cleaning, 2, 10)))
        self.assertIn(first.name, message)
        self.assertIn("24", message)
        first.order_line.qty_received = 20
        message = self._refused(self._purchase((cleaning, 2, 10)))
        self.assertRegex(message, rf"\b4(\.0+)? 瓶.*{first.name}")
        self.assertIn(first.name, self._refused(self._request((cleaning, 2))))
        first.order_line.qty_received = 24
        self._assert_free(self._purchase((cleaning, 2, 10)))

    def test_billed_services_are_not_to_come(self):
        cleaning = self._product(
            "Cleaning", type="service", is_storable=False, purchase_method="purchase"
        )
        first = self._on_its_way((cleaning, 24, 10))
        first.sudo().action_create_invoice()
        self.assertEqual(first.order_line.qty_invoiced, 24)
        self._assert_free(self._purchase((cleaning, 2, 10)))

    def test_stock_that_a_rule_wants_to_keep_is_not_free(self):
        warehouse = self.env["stock.warehouse"].search([], limit=1)
        self.env["stock.quant"]._update_available_quantity(
            self.tea, warehouse.lot_stock_id, 50
        )
        self.env["stock.warehouse.orderpoint"].create(
            {
                "product_id": self.tea.id,
                "warehouse_id": warehouse.id,
                "location_id": warehouse.lot_stock_id.id,
                "product_min_qty": 40,
                "product_max_qty": 60,
                "trigger": "manual",
            }
        )
        self._assert_free(self._purchase((self.tea, 11, 10)))

    def test_requests(self):
        self.company.jxc_duplicate_control = "off"
        open_request = self._request((self.tea, 5), user=self.colleague)
        open_request.action_submit()
        self.company.jxc_duplicate_control = "block"
        request = self._request((self.tea, 6))
        self.assertIn(open_request.name, self._refused(request))
        self.assertEqual(request.state, "draft")
        open_request.action_cancel()
        request.action_submit()
        self.assertEqual(request.state, "submitted")

    def test_requests_and_orders_meet(self):
        order = self._purchase((self.tea, 12, 10))
        draft = self._request((self.tea, 5))
        self.assertIn(order.name, self._refused(draft))
        self.company.jxc_duplicate_control = "off"
        draft.action_submit()
        self.company.jxc_duplicate_control = "block"
        order.invalidate_recordset()
        self.assertEqual(order.jxc_duplicate_state, "block")
        self.assertIn(draft.name, order.jxc_duplicate_hint)
        self.assertIn(draft.name, self._refused(order))

    def test_drafts_of_requests_stop_no_order(self):
        self._request((self.tea, 5))
        self._assert_free(self._purchase((self.tea, 12, 10)))

    def test_hint_follows_the_form(self):
        first = self._on_its_way()
        with Form(self.env["purchase.order"].with_user(self.buyer)) as form:
            form.partner_id = self.vendor
            self.assertEqual(form.jxc_duplicate_state, "none")
            with form.order_line.new() as line:
                line.product_id = self.tea
                line.product_qty = 3
            self.assertEqual(form.jxc_duplicate_state, "block")
            self.assertIn(first.name, form.jxc_duplicate_hint)

    def test_other_company_and_other_product_do_not_count(self):
        other = self.env["res.company"].create({"name": "Other"})
        self.buyer.company_ids += other
        order = self._purchase((self.tea, 24, 10), company_id=other.id)
        order.button_confirm()
        self._on_its_way((self.wine, 24, 10))
        self._assert_free(self._purchase((self.tea, 24, 10)))

    def test_off_compares_nothing(self):
        self._on_its_way()
        self.company.jxc_duplicate_control = "off"
        order = self._purchase((self.tea, 24, 10))
        self.assertEqual(order.jxc_duplicate_state, "none")
        self._assert_free(order)

    def test_warn_notes_once_and_lets_through(self):
        first = self._on_its_way()
        self.company.jxc_duplicate_control = "warn"
        self._tier()
        order = self._purchase((self.tea, 12, 150))
        self.assertEqual(order.jxc_duplicate_state, "warn")
        self.assertIn(first.name, order.jxc_duplicate_hint)
        order.button_confirm()
        self.assertEqual(order.state, "to approve")
        order.with_user(self.boss).validate_tier()
        self.assertEqual(order.state, "purchase")
        notes = order.message_ids.filtered(lambda one: first.name in (one.body or ""))
        self.assertEqual(len(notes), 1)

    # -- what belongs together --------------------------------------------------------

    def test_rfq_made_of_the_request(self):
        request = self._request((self.tea, 24), approve=True)
        order = self._order(request.line_ids, (request.line_ids, 10, self.vendor))
        self._assert_free(order)
        second = self._order(request.line_ids, (request.line_ids, 14, self.vendor))
        self._assert_free(second)

    def test_alternatives_of_a_tender(self):
        first = self._purchase((self.tea, 24, 10))
        wizard = self.env["purchase.requisition.create.alternative"].with_user(
            self.buyer
        )
        wizard.create(
            {"origin_po_id": first.id, "partner_ids": [self.other_vendor.id]}
        ).action_create_alternative()
        self.assertEqual(len(first.purchase_group_id.order_ids), 2)
        # What else a tender asks for is not the question here.
        first.jxc_procurement_mode = "direct"
        first.with_context(skip_alternative_check=True).button_confirm()
        self.assertEqual(first.state, "purchase")

    def test_call_offs_of_a_framework(self):
        agreement = self.env["purchase.requisition"].create(
            {
                "vendor_id": self.vendor.id,
                "requisition_type": "blanket_order",
                "line_ids": [
                    Command.create(
                        {
                            "product_id": self.tea.id,
                            "product_qty": 100,
                            "price_unit": 10,
                        }
                    )
                ],
            }
        )
        agreement.action_confirm()
        self._on_its_way(requisition_id=agreement.id)
        self._assert_free(
            self._purchase((self.tea, 30, 10), requisition_id=agreement.id)
        )

    def test_what_two_customers_wait_for(self):
        moves = self.env["stock.move"].create(
            [
                {
                    "product_id": self.tea.id,
                    "product_uom_qty": 24,
                    "location_id": self.env.ref("stock.stock_location_stock").id,
                    "location_dest_id": self.env.ref(
                        "stock.stock_location_customers"
                    ).id,
                }
                for _number in range(2)
            ]
        )
        first, second = (
            (self.tea, 24, 10, {"move_dest_ids": [Command.link(move.id)]})
            for move in moves
        )
        self._on_its_way(first)
        self._assert_free(self._purchase(second))

    def test_reordering_rule_that_still_wants_it(self):
        warehouse = self.env["stock.warehouse"].search([], limit=1)
        rule = self.env["stock.warehouse.orderpoint"].create(
            {
                "product_id": self.tea.id,
                "warehouse_id": warehouse.id,
                "location_id": warehouse.lot_stock_id.id,
                "product_min_qty": 100,
                "product_max_qty": 100,
                "trigger": "manual",
            }
        )
        self._on_its_way()
        by_rule = {"orderpoint_id": rule.id}
        self._assert_free(self._purchase((self.tea, 76, 10, by_rule)))
        order = self._purchase((self.tea, 10, 10, by_rule))
        self._refused(order)

    # -- letting through --------------------------------------------------------------

    def test_server_action_opens_no_way(self):
        self._on_its_way()
        order = self._purchase((self.tea, 12, 10), user=self.manager)
        action = self.env["ir.actions.server"].create(
            {
                "name": "Confirm",
                "model_id": self.env["ir.model"]._get_id(order._name),
                "state": "code",
                "code": "records.button_confirm()",
            }
        )
        keys = {"active_model": order._name, "active_ids": order.ids}
        with self.assertRaisesRegex(UserError, "Tea"), self.cr.savepoint():
            action.with_context(**keys).run()
        self.assertEqual(order.state, "draft")

    def test_no_context_opens_the_way(self):
        self._on_its_way()
        order = self._purchase((self.tea, 12, 10))
        self._refused(
            order.with_context(
                jxc_duplicate_control="off",
                jxc_purchase_confirmation={"checked_ids": order.ids},
                import_file=True,
            )
        )

    # -- cost -------------------------------------------------------------------------

    def test_queries_do_not_grow(self):
        self.company.jxc_duplicate_control = "warn"
        products = [self._product(f"Product {n}") for n in range(8)]

        def count(number):
            lines = [(product, 2, 1) for product in products[:number]]
            orders = self.env["purchase.order"].union(
                *[self._purchase(*lines) for _order in range(number)]
            )
            self.env.flush_all()
            self.env.invalidate_all()
            # Read or not by a new environment, whatever it is asked.
            self.env.user.partner_id.mapped("tz")
            start = self.env.cr.sql_log_count
            self.env["jxc.duplicate.engine"]._collisions(orders)
            return self.env.cr.sql_log_count - start

        count(8)
        few = count(2)
        self.assertLessEqual(count(8), few)
