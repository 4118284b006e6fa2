# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from datetime import timedelta

from freezegun import freeze_time

from odoo import fields
from odoo.exceptions import AccessError
from odoo.tests import tagged

from .control_common import ControlCase


@tagged("post_install", "-at_install")
class TestStockAlert(ControlCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.alerts = cls.env["jxc.stock.alert"]
        cls.second = cls.env["stock.warehouse"].create({"name": "Second", "code": "W2"})
        # What can be bought is bought, where a purchase addon is installed.
        cls.product.purchase_ok = False

    def _scan(self):
        return self.alerts.scan()

    def _found(self, product=None, **values):
        product = product or self.product
        domain = [("product_id", "=", product.id), ("state", "!=", "closed")]
        domain += [(name, "=", value) for name, value in values.items()]
        return self.alerts.search(domain, order="kind, warehouse_id")

    def _rule(self, low, high=0, warehouse=None, **values):
        warehouse = warehouse or self.warehouse
        return self.env["stock.warehouse.orderpoint"].create(
            {
                "product_id": self.product.id,
                "warehouse_id": warehouse.id,
                "location_id": warehouse.lot_stock_id.id,
                "product_min_qty": low,
                "product_max_qty": max(low, high),
                "trigger": "manual",
                **values,
            }
        )

    # ------------------------------------------------------------
    # Kinds
    # ------------------------------------------------------------

    def test_below_a_reordering_rule(self):
        self._rule(12, 20)
        self._scan()
        self.assertRecordValues(
            self._found(),
            [
                {
                    "kind": "below",
                    "state": "open",
                    "quantity": 10,
                    "threshold": 12,
                    "warehouse_id": self.warehouse.id,
                    "company_id": self.env.company.id,
                    "quantity_text": "10瓶",
                    "threshold_text": "1箱",
                }
            ],
        )

    def test_nothing_left_is_found(self):
        """A product of which there is no quant at all is below its limits, too."""
        other = self._create_product("Salt", jxc_safety_stock=3)
        self._scan()
        self.assertRecordValues(
            self._found(other),
            [
                {"warehouse_id": self.warehouse.id, "quantity": 0, "threshold": 3},
                {"warehouse_id": self.second.id, "quantity": 0, "threshold": 3},
            ],
        )

    def test_limits_of_product_and_categories(self):
        self.second.jxc_alert_defaults = False
        parent = self.env["product.category"].create(
            {"name": "P", "jxc_safety_stock": 15, "jxc_maximum_stock": 5}
        )
        child = self.env["product.category"].create(
            {"name": "C", "parent_id": parent.id}
        )
        self.product.categ_id = child
        self._scan()
        self.assertEqual(
            [(a.kind, a.threshold) for a in self._found()],
            [("above", 5), ("below", 15)],
        )
        self.product.write({"jxc_safety_stock": 11, "jxc_maximum_stock": 30})
        self._scan()
        self.assertEqual(
            [(a.kind, a.threshold) for a in self._found()], [("below", 11)]
        )
        self._rule(8, 9)
        self._scan()
        self.assertEqual([(a.kind, a.threshold) for a in self._found()], [("above", 9)])

    def _lot(self, days, **values):
        product = self._create_product(
            "Milk", tracking="lot", use_expiration_date=True, **values
        )
        now = fields.Datetime.now()
        lot = self._create_lot(
            product,
            "L1",
            expiration_date=now + timedelta(days=days),
        )
        lot.alert_date = lot.expiration_date - timedelta(days=10)
        self._stock(product, 6, lot=lot)
        return product, lot

    def test_expiry(self):
        product, lot = self._lot(20)
        self._scan()
        self.assertFalse(self._found(product))
        now = fields.Datetime.now()
        lot.write(
            {
                "expiration_date": now + timedelta(days=5),
                "alert_date": now - timedelta(days=5),
            }
        )
        self._scan()
        alert = self._found(product)
        self.assertRecordValues(
            alert,
            [{"kind": "near_expiry", "lot_id": lot.id, "quantity": 6, "threshold": 10}],
        )
        lot.expiration_date = fields.Datetime.now() - timedelta(days=1)
        self._scan()
        self.assertRecordValues(self._found(product), [{"kind": "expired"}])
        self.assertEqual(alert.state, "closed")

    def test_idle(self):
        self.product.jxc_idle_days = 30
        self._scan()
        self.assertFalse(self._found())
        self.quant.in_date = fields.Datetime.now() - timedelta(days=40)
        self._scan()
        self.assertRecordValues(
            self._found(), [{"kind": "idle", "quantity": 10, "threshold": 30}]
        )
        count = self.quant.with_context(inventory_mode=True)
        count.inventory_quantity = 9
        count.action_apply_inventory()
        self.quant.move_quants(self._place("Elsewhere"))
        self._scan()
        self.assertTrue(self._found(kind="idle"), "counts and shelves are no movement")
        move = self._delivery(self.product, 1)
        self._validate(move, 1)
        self._scan()
        self.assertFalse(self._found(kind="idle"))

    def test_negative(self):
        self._validate(self._delivery(self.product, 12), 12)
        self._scan()
        self.assertRecordValues(
            self._found(), [{"kind": "negative", "quantity": -2, "threshold": 0}]
        )

    # ------------------------------------------------------------
    # The life of an alert
    # ------------------------------------------------------------

    def test_twice_changes_nothing(self):
        self._rule(12)
        self._scan()
        alert = self._found()
        values = alert.read()
        again = self._scan()
        self.assertEqual(again, {"opened": 0, "updated": 0, "closed": 0})
        self.env.invalidate_all()
        self.assertEqual(alert.read(), values)

    def test_closes_itself_and_opens_again(self):
        self._rule(12)
        self._scan()
        first = self._found()
        self._stock(self.product, 1)
        self.assertEqual(self._scan()["updated"], 1)
        self.assertEqual(first.quantity, 11)
        first.with_user(self.keeper).action_acknowledge()
        self.assertRecordValues(
            first, [{"state": "acknowledged", "acknowledged_by_id": self.keeper.id}]
        )
        self._scan()
        self.assertEqual(first.state, "acknowledged")
        self._stock(self.product, 5)
        self.assertEqual(self._scan()["closed"], 1)
        self.assertEqual(first.state, "closed")
        self.assertTrue(first.closed_date)
        self._stock(self.product, -10)
        self._scan()
        self.assertNotEqual(self._found(), first)
        self.assertEqual(self._found().state, "open")

    def test_archived_products_and_rules(self):
        rule = self._rule(12)
        self._scan()
        rule.active = False
        self._scan()
        self.assertFalse(self._found())
        rule.active = True
        self._scan()
        self.assertTrue(self._found())
        self.product.active = False
        self._scan()
        self.assertFalse(self._found())

    # ------------------------------------------------------------
    # Replenishing
    # ------------------------------------------------------------

    def test_from_another_warehouse(self):
        self._rule(12, 30)
        self._stock(self.product, 50, self.second.lot_stock_id)
        self._rule(40, 60, self.second)
        self._scan()
        alert = self._found(kind="below")
        action = alert.with_user(self.keeper).action_replenish()
        self.assertEqual(action["res_model"], "jxc.stock.allocation")
        allocation = self.env["jxc.stock.allocation"].browse(action["res_id"])
        delivery, receipt = allocation.picking_ids.sorted("id")
        self.assertEqual(delivery.location_id, self.second.lot_stock_id)
        self.assertEqual(receipt.location_dest_id, self.shelf)
        self.assertEqual(allocation.line_ids.quantity, 10, "it keeps its 40")
        self.assertEqual(delivery.move_ids.state, "assigned")
        self.assertEqual(alert.state, "acknowledged")
        with self._refused("already"):
            alert.action_replenish()
        self.assertFalse(alert.can_replenish)
        delivery.action_cancel()
        self.assertEqual(allocation.state, "cancelled")
        self.assertTrue(alert.can_replenish)
        self.assertTrue(alert.action_replenish())

    def test_nothing_left_after_a_cancelled_transfer(self):
        """What a cancelled transfer would have brought is told to be missing."""
        self._rule(12, 30)
        other = self.second.lot_stock_id
        self._stock(self.product, 50, other)
        self._scan()
        alert = self._found(kind="below")
        action = alert.action_replenish()
        self.env["jxc.stock.allocation"].browse(action["res_id"]).action_cancel()
        self._stock(self.product, -50, other)
        with self._refused("(?s)Neither a vendor.*Oil"):
            alert.action_replenish()

    def test_replenish_nothing(self):
        with self._refused("Choose the alerts"):
            self.env["jxc.stock.alert"].with_user(self.keeper).action_replenish()

    def test_documents_are_found_together(self):
        """Whether alerts can be replenished takes as many queries for many."""
        self._stock(self.product, 500, self.second.lot_stock_id)
        self._rule(12)
        for name in ("Salt", "Rice", "Tea"):
            product = self.product.copy({"name": name})
            self._stock(product, 500, self.second.lot_stock_id)
            self.env["stock.warehouse.orderpoint"].create(
                {
                    "product_id": product.id,
                    "warehouse_id": self.warehouse.id,
                    "location_id": self.shelf.id,
                    "product_min_qty": 5,
                    "product_max_qty": 5,
                    "trigger": "manual",
                }
            )
        self._scan()
        alerts = self.env["jxc.stock.alert"].search(
            [("kind", "=", "below"), ("warehouse_id", "=", self.warehouse.id)]
        )
        self.assertGreaterEqual(len(alerts), 4)
        for alert in alerts:
            alert.action_replenish()
        counts = []
        for some in (alerts[:1], alerts):
            self.env.invalidate_all()
            start = self.env.cr.sql_log_count
            self.assertFalse(any(some.mapped("can_replenish")))
            counts.append(self.env.cr.sql_log_count - start)
        self.assertEqual(*counts)

    def test_nothing_to_replenish_from(self):
        self._rule(12)
        self._scan()
        with self._refused("(?s)Neither a vendor.*Oil"):
            self._found().action_replenish()

    def test_only_missing_goods(self):
        self._rule(1, 5)
        self._scan()
        alert = self._found()
        self.assertEqual(alert.kind, "above")
        with self._refused("only missing goods"):
            alert.action_replenish()

    # ------------------------------------------------------------
    # Digest
    # ------------------------------------------------------------

    def test_one_digest_a_day(self):
        self.warehouse.jxc_alert_user_ids = self.keeper
        self._rule(12)
        digests = self.env["jxc.stock.digest"]
        self.alerts.with_context(tracking_disable=False)._cron_scan()
        digest = digests.search([("user_id", "=", self.keeper.id)])
        self.assertIn(self._found(), digest.alert_ids)
        self.assertFalse(digest.message_ids, "nothing beside the digest itself")
        self.assertEqual(digest.activity_ids.user_id, self.keeper)
        message = self._messages(digest)
        self.assertEqual(message.notified_partner_ids, self.keeper.partner_id)
        self.assertIn("Oil", message.body)
        self.alerts._cron_scan()
        self.assertEqual(digests.search_count([("user_id", "=", self.keeper.id)]), 1)
        self.assertEqual(len(self._messages(digest)), 1)
        digest.date -= timedelta(days=1)
        self.alerts._cron_scan()
        self.assertEqual(
            digests.search([("user_id", "=", self.keeper.id)]), digest, "nothing new"
        )
        salt = self._create_product("Salt", jxc_safety_stock=3)
        self.alerts._cron_scan()
        today = digests.search([("user_id", "=", self.keeper.id)]) - digest
        self.assertEqual(today.alert_ids.product_id, salt)
        self.assertFalse(digest.activity_ids, "only the newest one asks")

    def test_days_of_digests_are_the_user_s(self):
        """Where UTC has another day in the morning, the user still has one."""
        self.warehouse.jxc_alert_user_ids = self.keeper
        self.keeper.tz = "Asia/Shanghai"
        for moment in ("2026-03-09 23:00:00", "2026-03-10 01:00:00"):
            self._create_product(moment, jxc_safety_stock=3)
            with freeze_time(moment):
                self.alerts._cron_scan()
        mine = [("user_id", "=", self.keeper.id)]
        dates = self.env["jxc.stock.digest"].search(mine).mapped("date")
        self.assertEqual([str(date) for date in dates], ["2026-03-10"])

    def _messages(self, digest):
        domain = [("model", "=", digest._name), ("res_id", "=", digest.id)]
        domain.append(("message_type", "=", "user_notification"))
        return self.env["mail.message"].search(domain)

    def test_own_digests_only(self):
        self.warehouse.jxc_alert_user_ids = self.keeper
        self._rule(12)
        self.alerts._cron_scan()
        digests = self.env["jxc.stock.digest"]
        self.assertTrue(digests.with_user(self.keeper).search([]))
        mine = digests.with_user(self.controller).search([]).user_id
        self.assertLessEqual(mine, self.controller)

    # ------------------------------------------------------------
    # Rights and companies
    # ------------------------------------------------------------

    def test_rights(self):
        self._rule(12)
        self._scan()
        alert = self._found()
        clerk = self._new_user("clerk", "base.group_user")
        with self._refused(error=AccessError):
            self.alerts.with_user(clerk).scan()
        for action in ("action_acknowledge", "action_replenish"):
            with self._refused(error=AccessError):
                getattr(alert.with_user(clerk), action)()
        with self._refused(error=AccessError):
            alert.with_user(self.keeper).state = "closed"
        with self._refused(error=AccessError):
            alert.with_user(self.controller).unlink()
        self.assertTrue(self.alerts.with_user(self.keeper).scan())

    def test_two_companies(self):
        other = self.env["res.company"].create({"name": "Other"})
        warehouse = self.env["stock.warehouse"].search([("company_id", "=", other.id)])
        self.product.jxc_safety_stock = 100
        scan = self.alerts.with_user(self.keeper).scan
        scan()
        self.assertNotIn(warehouse, self._found().warehouse_id)
        self.alerts._jxc_scan(other)
        theirs = self._found(warehouse_id=warehouse.id)
        self.assertEqual(theirs.company_id, other)
        scan()
        self.assertEqual(theirs.state, "open", "not closed by another company's scan")
        self.assertNotIn(theirs, self.alerts.with_user(self.keeper).search([]))

    def test_queries_do_not_grow(self):
        counts = []
        for number in (1, 30):
            for name in range(number):
                self._create_product(f"P{name}", jxc_safety_stock=5)
            self.env.flush_all()
            before = self.env.cr.sql_log_count
            self._scan()
            counts.append(self.env.cr.sql_log_count - before)
        self.assertLessEqual(counts[1], counts[0])
        self.assertLess(counts[0], 10)
