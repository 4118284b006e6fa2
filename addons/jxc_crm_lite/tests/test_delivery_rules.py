# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from odoo.exceptions import AccessError
from odoo.fields import Command
from odoo.tests import tagged

from .common import CustomerClassCommon

SELLER = "sales_team.group_sale_salesman"


@tagged("post_install", "-at_install")
class TestDeliveryRules(CustomerClassCommon):
    """Deliveries are shown as orders are: own, team, all; other roles lose nothing."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.owner = cls._user("owner", SELLER)
        cls.rival = cls._user("rival", SELLER)
        cls.mate = cls._user("mate", "jxc_crm_lite.group_sale_team")
        cls.all = cls._user("all", "sales_team.group_sale_salesman_all_leads")
        cls._team("East", cls.owner, cls.mate)
        cls.goods = cls.env["product.product"].create(
            {"name": "Tea", "is_storable": True, "taxes_id": [Command.clear()]}
        )
        cls.warehouse = cls.env["stock.warehouse"].search(
            [("company_id", "=", cls.company.id)], limit=1
        )
        cls.env["stock.quant"]._update_available_quantity(
            cls.goods, cls.warehouse.lot_stock_id, 10
        )
        cls.shop = cls._customer("Shop", is_company=True, user_id=cls.owner.id)
        cls.ordered = cls._sold(cls.shop, cls.owner)
        cls.sample = cls._delivery(cls.shop)

    @classmethod
    def _sold(cls, customer, seller, quantity=3):
        """The delivery of a confirmed order."""
        order = cls.env["sale.order"].create(
            {
                "partner_id": customer.id,
                "user_id": seller.id,
                "company_id": cls.company.id,
                "order_line": [
                    Command.create(
                        {"product_id": cls.goods.id, "product_uom_qty": quantity}
                    )
                ],
            }
        )
        order.action_confirm()
        return order.picking_ids

    @classmethod
    def _delivery(cls, customer):
        """A delivery that nobody ordered."""
        kind = cls.warehouse.out_type_id
        picking = cls.env["stock.picking"].create(
            {
                "picking_type_id": kind.id,
                "partner_id": customer.id,
                "location_id": cls.warehouse.lot_stock_id.id,
                "location_dest_id": cls.env.ref("stock.stock_location_customers").id,
                "move_ids": [
                    Command.create(
                        {
                            "product_id": cls.goods.id,
                            "product_uom_qty": 1,
                            "location_id": cls.warehouse.lot_stock_id.id,
                            "location_dest_id": cls.env.ref(
                                "stock.stock_location_customers"
                            ).id,
                        }
                    )
                ],
            }
        )
        picking.action_confirm()
        picking.action_assign()
        return picking

    def _as(self, user, records):
        return records.with_user(user).with_context(
            allowed_company_ids=self.company.ids
        )

    def _records(self):
        """Deliveries, their moves and what is reserved for them."""
        found = [
            *(self.ordered | self.sample),
            *(self.ordered | self.sample).move_ids,
            *(self.ordered | self.sample).move_line_ids,
        ]
        self.assertEqual(len(found), 6)
        return found

    def _doors(self, user, record):
        """Which ways the user gets at a record, by name."""
        seen = self._as(user, record)
        wanted = [("id", "in", record.ids)]
        groups = seen.formatted_read_group(wanted, ["company_id"], ["__count"])
        return {
            "search": bool(seen.search(wanted)),
            "count": bool(seen.search_count(wanted)),
            "groups": any(group["__count"] for group in groups),
            "read": self._reads(seen),
        }

    @staticmethod
    def _reads(seen):
        try:
            return bool(seen.read(["display_name"]))
        except AccessError:
            return False

    def _assert_circle(self, inside, outside):
        for record in self._records():
            for user in inside + outside:
                doors = self._doors(user, record)
                self.assertEqual(
                    set(doors.values()), {user in inside}, (user.login, record, doors)
                )

    def test_circles(self):
        self._assert_circle([self.owner, self.mate, self.all], [self.rival])

    def test_who_gets_the_customer_gets_its_deliveries(self):
        """The order stays the first one's; what nobody ordered moves on."""
        self.shop.user_id = self.rival
        self.assertTrue(self._reads(self._as(self.rival, self.ordered)))
        self.assertTrue(self._reads(self._as(self.rival, self.sample)))
        self.assertTrue(self._reads(self._as(self.owner, self.ordered)))
        self.assertFalse(self._reads(self._as(self.owner, self.sample)))

    def test_not_changed_by_others(self):
        for record in (self.ordered, self.ordered.move_ids):
            with self.assertRaises(AccessError):
                self._as(self.rival, record).write({"priority": "1"})
        self._as(self.owner, self.ordered).priority = "1"

    def test_other_roles_lose_nothing(self):
        """Neither alone nor beside a role in sales."""
        for group in (
            "stock.group_stock_user",
            "account.group_account_invoice",
            "jxc_base.group_executive",
        ):
            for number, groups in enumerate((group, f"{SELLER},{group}")):
                name = group.partition(".")[2]
                user = self._user(f"{name}_{number}", groups)
                for record in (self.ordered | self.sample, self.ordered.move_ids):
                    self.assertTrue(self._reads(self._as(user, record)), groups)

    def test_free_goods_and_transfers_inside_are_everybodys(self):
        free = self._delivery(self._customer("Free"))
        inside = self.env["stock.picking"].create(
            {
                "picking_type_id": self.warehouse.int_type_id.id,
                "partner_id": self.shop.id,
                "location_id": self.warehouse.lot_stock_id.id,
                "location_dest_id": self.warehouse.lot_stock_id.id,
            }
        )
        for record in (free, free.move_ids, inside):
            self.assertTrue(self._reads(self._as(self.rival, record)))

    def test_role_given_later(self):
        self.assertFalse(self._reads(self._as(self.rival, self.ordered)))
        self.rival.group_ids += self.env.ref("stock.group_stock_user")
        self.assertTrue(self._reads(self._as(self.rival, self.ordered)))

    def test_figures_count_what_is_not_shown(self):
        """10 on hand, 3 and 1 promised by a colleague: 6 are left for all."""
        for user in (self.owner, self.rival, self.all):
            goods = self._as(user, self.goods)
            goods.invalidate_recordset()
            figures = goods.qty_available, goods.free_qty, goods.virtual_available
            self.assertEqual(figures, (10, 6, 6), user.login)

    def test_forecast_without_names(self):
        """The rival's own delivery waits for what the colleague's order takes."""
        customer = self._customer("Own shop", user_id=self.rival.id)
        self.ordered.do_unreserve()
        self.sample.do_unreserve()
        own = self._sold(customer, self.rival, quantity=8)
        report = self._as(self.rival, self.env["stock.forecasted_product_product"])
        report = report.with_context(warehouse_id=self.warehouse.id)
        lines = report.get_report_values(self.goods.ids)["docs"]["lines"]
        demand = [
            (line["document_out"]["name"], line["quantity"])
            for line in lines
            if line["document_out"]
        ]
        names = {name for name, _quantity in demand}
        self.assertEqual(names, {"another customer", own.sale_id.name})
        self.assertNotIn(self.ordered.sale_id.name, str(lines))
        self.assertNotIn(self.ordered.name, str(lines))
        self.assertEqual(sum(quantity for _name, quantity in demand), 12)

    def test_seller_works_on_the_own_order(self):
        """Confirm, raise, cancel: as before, beside deliveries of others."""
        customer = self._customer("Own shop", user_id=self.rival.id)
        order = self._as(self.rival, self.env["sale.order"]).create(
            {
                "partner_id": customer.id,
                "order_line": [
                    Command.create({"product_id": self.goods.id, "product_uom_qty": 2})
                ],
            }
        )
        order.action_confirm()
        self.assertEqual(order.delivery_count, 1)
        order.order_line.product_uom_qty = 4
        self.assertEqual(order.picking_ids.move_ids.product_uom_qty, 4)
        order.picking_ids.action_assign()
        self.assertEqual(order.picking_ids.move_ids.quantity, 4)
        self.assertEqual(self._as(self.rival, self.goods).virtual_available, 2)
        order._action_cancel()
        self.assertEqual(order.picking_ids.state, "cancel")
