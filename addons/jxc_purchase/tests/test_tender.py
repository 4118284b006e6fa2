# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from datetime import timedelta
from io import BytesIO

from openpyxl import load_workbook

from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import Form, tagged

from .tender_common import TenderCommon


@tagged("post_install", "-at_install")
class TestTender(TenderCommon):
    """Three vendors quote, somebody compares and awards, and it stays on record."""

    # -- kept together --------------------------------------------------------------

    def test_running_tenders_are_not_dissolved(self):
        group = self.cheap.purchase_group_id
        manager = self._user("tender_manager", "purchase.group_purchase_manager")
        self._quote()
        for user in (self.buyer, manager):
            with self.refused("cannot be dissolved"):
                group.with_user(user).unlink()
        others = self.env["purchase.order.group"].with_user(manager)
        with self.refused("stays with it"):
            others.create({"order_ids": [Command.set(self.cheap.ids)]})
        stranger = self._rfq((self.wine, 1, 1))
        other = others.create(
            {"order_ids": [Command.set((stranger | stranger.copy()).ids)]}
        )
        with self.refused("stays with it"):
            self.dear.with_user(manager).purchase_group_id = other
        with self.refused("stays with it"):
            stranger.with_user(manager).write(
                {"alternative_po_ids": [Command.link(self.dear.id)]}
            )
        self._award((self.cheap, 10))
        with self.refused("cannot be dissolved"):
            group.with_user(manager).unlink()
        self.assertEqual(self.orders.purchase_group_id, group)

    def test_confirmed_orders_do_not_join(self):
        """Bought in another way first, an order would pass as winner of a tender."""
        late = self._rfq((self.wine, 1, 1))
        late.button_confirm()
        self.assertEqual(late.state, "purchase")
        manager = self._user("tender_manager", "purchase.group_purchase_manager")
        group = self.cheap.purchase_group_id
        groups = self.env["purchase.order.group"].with_user(manager)
        for user in (self.buyer, manager):
            with self.refused(f"{late.name} .* can join a tender"):
                late.with_user(user).purchase_group_id = group
            with self.refused(f"{late.name} .* can join a tender"):
                self.cheap.with_user(user).write(
                    {"alternative_po_ids": [Command.link(late.id)]}
                )
        with self.refused(f"{late.name} .* can join a tender"):
            group.with_user(manager).order_ids = [Command.link(late.id)]
        with self.refused(f"{late.name} .* can join a tender"):
            rfq = self._rfq((self.wine, 1, 1))
            groups.create({"order_ids": [Command.set((late | rfq).ids)]})
        with self.refused("can join a tender"):
            self._alternative(late)
        vals = {**late.copy_data()[0], "purchase_group_id": group.id}
        with self.assertRaises(UserError):
            late.with_user(self.buyer).create({**vals, "state": "purchase"})
        answer = late.with_user(self.buyer).load(
            [".id", "purchase_group_id/.id"], [[str(late.id), str(group.id)]]
        )
        self.assertFalse(answer["ids"])
        self.assertFalse(late.purchase_group_id)
        self.assertEqual(group.order_ids, self.orders.sudo())
        # An RFQ still may.
        late.with_user(self.buyer).create(vals)

    def _alternative(self, order):
        wizard = Form(
            self.env["purchase.requisition.create.alternative"]
            .with_user(self.buyer)
            .with_context(default_origin_po_id=order.id)
        )
        wizard.partner_ids.add(self.other_vendor)
        wizard.save().action_create_alternative()

    def test_a_tender_nobody_knows_of_may_be_dissolved(self):
        self.cheap.purchase_group_id.unlink()
        self.assertFalse(self.orders.purchase_group_id)

    # -- workbook -------------------------------------------------------------------

    def test_workbook(self):
        self._quote(4, 5, 6)
        self._award((self.middle, 10), reason="Quality")
        report = self.env["report.jxc_purchase.tender_xlsx"].with_user(self.buyer)
        content, kind = report.create_xlsx_report(self.cheap.ids, {})
        self.assertEqual(kind, "xlsx")
        book = load_workbook(BytesIO(content))
        cells = [cell.value for row in book.active.rows for cell in row]
        for value in (self.wine.display_name, 4, 5, 6, 50, "Quality"):
            self.assertIn(value, cells)
        self.assertEqual(
            self.cheap.action_jxc_export_comparison()["report_type"], "xlsx"
        )
        other = self._user("no_buyer", "base.group_user")
        with self.assertRaises(AccessError):
            self.env["report.jxc_purchase.tender_xlsx"].with_user(
                other
            ).create_xlsx_report(self.cheap.ids, {})

    # -- made of requests ---------------------------------------------------------

    def test_alternatives_count_once(self):
        self.assertEqual(len(self.orders), 3)
        self.assertEqual(len(self.orders.purchase_group_id), 1)
        self.assertEqual(self.orders.order_line.mapped("product_qty"), [10, 10, 10])
        self.assertEqual(self.orders.order_line.mapped("price_unit"), [0, 0, 0])
        self.assertQuantities(self.line, rfq=10)
        self._quote()
        self._award((self.cheap, 6))
        self.assertQuantities(self.line, rfq=6, opened=4)
        self.cheap.button_confirm()
        self.assertQuantities(self.line, ordered=6, opened=4)

    def test_split_award_counts_once(self):
        self._quote()
        self._award((self.cheap, 6), (self.middle, 4), reason="Capacity")
        self.assertQuantities(self.line, rfq=10)
        self.cheap.action_jxc_confirm_awarded()
        self.assertEqual(
            self.orders.mapped("state"), ["purchase", "purchase", "cancel"]
        )
        self.assertQuantities(self.line, ordered=10)
        self.middle.button_cancel()
        self.assertQuantities(self.line, ordered=6, opened=4)

    def test_part_of_a_request(self):
        line = self._request((self.wine, 10), approve=True).line_ids
        self._tender(line, 4)
        self.assertQuantities(line, rfq=4, opened=6)
        self._order(line)
        self.assertQuantities(line, rfq=10)

    def test_two_vendors_at_least(self):
        line = self._request((self.wine, 10), approve=True).line_ids
        with self.refused("two different vendors"):
            self._tender(line, vendors=self.vendor)
        child = self.vendor.create({"name": "Branch", "parent_id": self.vendor.id})
        with self.refused("two different vendors"):
            self._tender(line, vendors=self.vendor | child)

    def test_alternative_of_a_requested_order(self):
        line = self._request((self.wine, 10), approve=True).line_ids
        order = self._order(line).with_user(self.buyer)
        self._alternative(order)
        other = order.alternative_po_ids - order
        self.assertEqual(other.jxc_request_ids, line.request_id.with_env(other.env))
        self.assertEqual(order.jxc_procurement_mode, "tender")
        self.assertQuantities(line, rfq=10)

    # -- quotations ---------------------------------------------------------------

    def test_quotations_are_recorded(self):
        with self.refused("enter the prices"):
            self.cheap.action_jxc_record_quote()
        self._quote(4)
        self.assertTrue(self.cheap.jxc_quoted_on)
        self.cheap.order_line.price_unit = 3
        _data, quotes = self._data()
        self.assertEqual(quotes[str(self.cheap.id)]["price"], 4)
        for record, values in (
            (self.cheap, {"jxc_quoted_on": "2026-01-01"}),
            (self.cheap.order_line, {"jxc_quoted_price": 1}),
        ):
            with self.assertRaises(AccessError):
                record.write(values)
        sneaky = self._rfq((self.wine, 1, 1)).with_context(
            default_jxc_quoted_on="2026-01-01"
        )
        self.assertFalse(sneaky.copy().jxc_quoted_on)

    def test_enough_vendors(self):
        self._quote(4, 5)
        for step in (
            lambda: self._award((self.cheap, 10)),
            self.cheap.button_confirm,
        ):
            with self.refused("of 3 vendors, 2 answered"):
                step()
        # The same vendor twice is one vendor.
        self.dear.partner_id = self.other_vendor
        self.dear.order_line.price_unit = 6
        self.dear.action_jxc_record_quote()
        with self.refused("2 answered"):
            self._award((self.cheap, 10))
        self.company.jxc_tender_quotes = 2
        self._award((self.cheap, 10))

    # -- comparison ---------------------------------------------------------------

    def test_comparison(self):
        earlier = self._rfq((self.wine, 2, 48, {"product_uom_id": self.box.id}))
        earlier.button_confirm()
        self.middle.order_line.write({"product_uom_id": self.box.id, "product_qty": 1})
        self._quote(4.5, 48, 6)
        data, quotes = self._data()
        self.assertEqual(data["quotes_got"], 3)
        row = data["rows"][0]
        self.assertEqual(row["needed"], 12)
        self.assertEqual(row["history"][0]["price"], 4)
        cheap, middle, dear = (quotes[str(order.id)] for order in self.orders)
        self.assertEqual([cheap["price"], middle["price"], dear["price"]], [4.5, 4, 6])
        self.assertEqual(
            [cheap["is_cheapest"], middle["is_cheapest"], dear["is_cheapest"]],
            [False, True, False],
        )
        self.assertEqual([cheap["change"], middle["change"]], [12.5, 0])
        html, _kind = self.env["ir.actions.report"]._render_qweb_html(
            "jxc_purchase.jxc_tender_comparison_report", self.cheap.ids
        )
        for vendor in self.orders.partner_id:
            self.assertIn(vendor.name, html.decode())

    def test_comparison_in_currencies(self):
        foreign = self.env["res.currency"].create({"name": "XJX", "symbol": "X"})
        self.env["res.currency.rate"].create(
            {"currency_id": foreign.id, "name": "2020-01-01", "rate": 2.0}
        )
        self.dear.currency_id = foreign
        self._quote(4, 5, 6)
        _data, quotes = self._data()
        self.assertEqual(quotes[str(self.dear.id)]["price"], 3)
        self.assertTrue(quotes[str(self.dear.id)]["is_cheapest"])

    def test_lead_times_are_compared(self):
        start = self.cheap.date_order
        for order, days in zip(self.orders, (9, 3, 6), strict=True):
            order.order_line.date_planned = start + timedelta(days=days)
        self._quote()
        _data, quotes = self._data()
        found = [quotes[str(order.id)] for order in self.orders]
        self.assertEqual([quote["lead"] for quote in found], [9, 3, 6])
        self.assertEqual([quote["is_fastest"] for quote in found], [False, True, False])

    def test_two_products_two_winners(self):
        self.company.jxc_tender_quotes = 2
        water = self._product("Water")
        request = self._request((self.wine, 10), (water, 20), approve=True)
        first, second = self._tender(request.line_ids).with_user(self.buyer)
        for order, prices in ((first, (4, 3)), (second, (5, 2))):
            for line, price in zip(order.order_line, prices, strict=True):
                line.price_unit = price
            order.action_jxc_record_quote()
        self.assertEqual(len(first.jxc_tender_data()["rows"]), 2)
        wine, water_line = first.order_line[0], second.order_line[1]
        first.action_jxc_award(
            [
                {"line_id": wine.id, "quantity": 10, "reason": ""},
                {"line_id": water_line.id, "quantity": 20, "reason": ""},
            ]
        )
        (first | second).button_confirm()
        self.assertEqual((first | second).mapped("state"), ["purchase"] * 2)
        bought = {
            (line.order_id, line.product_id): line.product_qty
            for line in (first | second).order_line
            if line.product_qty
        }
        self.assertEqual(
            bought,
            {
                (first, wine.product_id): 10,
                (second, water_line.product_id): 20,
            },
        )
        self.assertEqual(request.line_ids.mapped("qty_ordered"), [10, 20])

    def test_only_who_reads_orders_compares(self):
        for method in ("jxc_tender_data", "action_jxc_record_quote"):
            with self.assertRaises(AccessError):
                getattr(self.cheap.with_user(self.outsider), method)()
        self.assertTrue(self.cheap.with_user(self.executive).jxc_tender_data()["rows"])

    # -- award --------------------------------------------------------------------

    def test_quotations_stay_in_their_tender(self):
        """The cheapest one cannot be made to disappear, nor by the platform's ways."""
        self._quote()
        self.cheap.button_cancel()
        with self.refused("stays with it"):
            self.cheap.unlink()
        with self.refused("stays with it"):
            self.cheap.purchase_group_id = False
        with self.refused("stays with it"):
            self.middle.write({"alternative_po_ids": [Command.unlink(self.cheap.id)]})
        _data, quotes = self._data()
        self.assertTrue(quotes[str(self.cheap.id)]["is_cheapest"])
        with self.refused("not the cheapest"):
            self._award((self.middle, 10))
        with self.refused("no request for quotation any more"):
            self._award((self.cheap, 10))
        # An RFQ without an answer is nobody's offer.
        copy = self.dear.copy()
        self.assertFalse(copy.jxc_quoted_on)
        copy.button_cancel()
        copy.unlink()

    def test_other_companies_do_not_count(self):
        self._quote(4, 5)
        other = self._other_company()
        stranger = self.env["purchase.order"].create(
            {
                "partner_id": self.third_vendor.id,
                "company_id": other.id,
                "picking_type_id": self.env["stock.picking.type"]
                .search([("company_id", "=", other.id), ("code", "=", "incoming")])[:1]
                .id,
                "order_line": [self._line(self.wine, 10, 9)],
            }
        )
        stranger.action_jxc_record_quote()
        self.env.cr.execute(
            "UPDATE purchase_order SET purchase_group_id = %s WHERE id = %s",
            [self.cheap.purchase_group_id.id, stranger.id],
        )
        self.env.invalidate_all()
        with self.refused("2 answered"):
            self._award((self.cheap, 10))
