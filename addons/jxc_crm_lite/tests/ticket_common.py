# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from odoo.fields import Command

from .common import CustomerClassCommon


class TicketCommon(CustomerClassCommon):
    """A company that works in Shanghai from 8 to 12 and 13 to 17, with a helpdesk.

    Kettles (serial numbers, 12 months warranty) come from one vendor, tea in lots from
    two.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company.partner_id.tz = "Asia/Shanghai"
        cls.company.resource_calendar_id.tz = "Asia/Shanghai"
        cls.warehouse = cls.env["stock.warehouse"].search(
            [("company_id", "=", cls.company.id)], limit=1
        )
        cls.supplier_location = cls.env.ref("stock.stock_location_suppliers")
        cls.customer_location = cls.env.ref("stock.stock_location_customers")
        cls.stock_location = cls.warehouse.lot_stock_id
        partners = cls.env["res.partner"]
        cls.vendor = partners.create({"name": "Kettle Works", "is_company": True})
        cls.other_vendor = partners.create({"name": "Tea Garden", "is_company": True})
        cls.customer = partners.create(
            {"name": "Bright Trading", "is_company": True, "phone": "0571-1"}
        )
        cls.contact = partners.create(
            {
                "name": "Wang Fang",
                "parent_id": cls.customer.id,
                "email": "wang@example.com",
            }
        )
        cls.other_customer = partners.create({"name": "Dark Ltd", "is_company": True})
        cls.kettle = cls._goods("Kettle", "serial", jxc_warranty_months=12)
        cls.tea = cls._goods("Tea", "lot")
        cls.leader = cls._user("ticket_leader", "helpdesk_mgmt.group_helpdesk_user")
        cls.leader.lang = "en_US"
        cls.team = cls.env["helpdesk.ticket.team"].create(
            {
                "name": "Service",
                "company_id": cls.company.id,
                "user_id": cls.leader.id,
                "alias_name": "jxc-service-test",
            }
        )
        cls.agent = cls._user("ticket_agent", "helpdesk_mgmt.group_helpdesk_user_team")
        cls.team.user_ids = cls.agent
        stage = "helpdesk_mgmt.helpdesk_ticket_stage_"
        cls.new, cls.waiting, cls.done, cls.rejected = (
            cls.env.ref(stage + name)
            for name in ("new", "awaiting", "done", "rejected")
        )

    @classmethod
    def _goods(cls, name, tracking, **values):
        return cls.env["product.product"].create(
            {
                "name": name,
                "is_storable": True,
                "tracking": tracking,
                "taxes_id": [Command.clear()],
                **values,
            }
        )

    @classmethod
    def _lot(cls, product, name):
        return cls.env["stock.lot"].create(
            {"name": name, "product_id": product.id, "company_id": cls.company.id}
        )

    @classmethod
    def _receive(cls, lot, vendor, quantity=1, day="2024-01-10", product=None):
        return cls._transfer(
            lot, vendor, quantity, day, cls.warehouse.in_type_id, product
        )

    @classmethod
    def _deliver(cls, lot, customer, quantity=1, day="2024-02-01", product=None):
        return cls._transfer(
            lot, customer, quantity, day, cls.warehouse.out_type_id, product
        )

    @classmethod
    def _transfer(cls, lot, partner, quantity, day, operation, product):
        incoming = operation.code == "incoming"
        source = cls.supplier_location if incoming else cls.stock_location
        target = cls.stock_location if incoming else cls.customer_location
        product = product or lot.product_id
        places = {"location_id": source.id, "location_dest_id": target.id}
        move = {
            "product_id": product.id,
            "product_uom_qty": quantity,
            "product_uom": product.uom_id.id,
            **places,
        }
        picking = cls.env["stock.picking"].create(
            {
                "partner_id": partner.id,
                "picking_type_id": operation.id,
                "move_ids": [Command.create(move)],
                **places,
            }
        )
        picking.action_confirm()
        line = {
            "product_id": product.id,
            "product_uom_id": product.uom_id.id,
            "lot_id": lot.id,
            "quantity": quantity,
            "picked": True,
            "picking_id": picking.id,
            **places,
        }
        picking.move_ids.move_line_ids = [Command.clear(), Command.create(line)]
        picking.move_ids.picked = True
        picking._action_done()
        picking.move_ids.write({"date": f"{day} 04:00:00"})
        picking.move_line_ids.write({"date": f"{day} 04:00:00"})
        return picking

    @classmethod
    def _ticket(cls, user=None, **values):
        return (
            cls.env["helpdesk.ticket"]
            .with_user(user or cls.env.user)
            .create(
                {
                    "name": "It does not boil",
                    "description": "<p>Nothing happens.</p>",
                    "partner_id": cls.contact.id,
                    "team_id": cls.team.id,
                    "jxc_kind": "complaint",
                    **values,
                }
            )
        )
