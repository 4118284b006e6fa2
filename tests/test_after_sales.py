# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
"""What a ticket leads to in other addons: a return, a repair, a vendor's figures."""

from datetime import date, timedelta

import pytest

SERIALS = ("K1", "K2", "K3", "K4")
HELPDESK = "helpdesk_mgmt.group_helpdesk_user_team"


@pytest.fixture(scope="module")
def shop(database, odoo_env):
    """Four kettles of one vendor, sold and delivered to one customer, invoiced."""
    with odoo_env(database) as env:
        values = _trade(env)
        values |= {
            name: _user(env, name, groups).id
            for name, groups in {
                "agent": [HELPDESK],
                "agent_sales": [HELPDESK, "sales_team.group_sale_salesman_all_leads"],
                "agent_stock": [HELPDESK, "stock.group_stock_user"],
            }.items()
        }
    return values


def _user(env, login, groups):
    from odoo.tests import new_test_user

    user = new_test_user(env, login, groups=",".join(groups), lang="en_US")
    env["helpdesk.ticket.team"].create({"name": login, "user_ids": [(4, user.id)]})
    return user


def _trade(env):
    product = env["product.product"].create(
        {
            "name": "Kettle",
            "is_storable": True,
            "tracking": "serial",
            "jxc_warranty_months": 12,
            "invoice_policy": "delivery",
        }
    )
    lots = env["stock.lot"].create(
        [{"name": name, "product_id": product.id} for name in SERIALS]
    )
    vendor = env["res.partner"].create({"name": "Kettle Works", "is_company": True})
    customer = env["res.partner"].create({"name": "Bright Ltd", "is_company": True})
    warehouse = env["stock.warehouse"].search([], limit=1)
    receipt = env["stock.picking"].create(
        {
            "partner_id": vendor.id,
            "picking_type_id": warehouse.in_type_id.id,
            "location_id": env.ref("stock.stock_location_suppliers").id,
            "location_dest_id": warehouse.lot_stock_id.id,
            "move_line_ids": [
                (0, 0, {"product_id": product.id, "lot_id": lot.id, "quantity": 1})
                for lot in lots
            ],
        }
    )
    receipt.move_ids.picked = True
    receipt._action_done()
    order = env["sale.order"].create(
        {
            "partner_id": customer.id,
            "order_line": [
                (0, 0, {"product_id": product.id, "product_uom_qty": len(lots)})
            ],
        }
    )
    order.action_confirm()
    order.picking_ids.move_ids.picked = True
    order.picking_ids._action_done()
    return {
        "product": product.id,
        "lots": lots.ids,
        "vendor": vendor.id,
        "customer": customer.id,
        "order": order.id,
        "delivery": order.picking_ids.id,
    }


def _ticket(env, shop, number, login, kind):
    return env["helpdesk.ticket"].create(
        {
            "name": "It does not boil",
            "description": "<p>Nothing happens.</p>",
            "partner_id": shop["customer"],
            "user_id": shop[login],
            "team_id": env["helpdesk.ticket.team"].search([("name", "=", login)]).id,
            "jxc_kind": kind,
            "jxc_product_id": shop["product"],
            "jxc_lot_id": shop["lots"][number],
            "jxc_order_id": shop["order"],
            "jxc_quantity": 1,
        }
    )


def test_return_and_exchange(shop, database, odoo_env):
    """A ticket's return knows the delivery and is settled like every other."""
    from odoo.exceptions import AccessError

    with odoo_env(database) as env:
        ticket = _ticket(env, shop, 0, "agent_sales", "return")
        assert not ticket.with_user(shop["agent"]).jxc_can_return
        stranger = _ticket(env, shop, 0, "agent", "return")
        with pytest.raises(AccessError):
            stranger.with_user(shop["agent"]).action_jxc_return()
        mine = ticket.with_user(shop["agent_sales"])
        assert mine.jxc_can_return
        back = env["jxc.sale.return"].browse(mine.action_jxc_return()["res_id"])
        assert mine.action_jxc_return()["res_id"] == back.id, "one at a time"
        assert back.picking_id.id == shop["delivery"]
        assert back.line_ids.lot_id.id == shop["lots"][0]
        assert ticket.number in back.note
        assert ticket.number in "".join(back.message_ids.mapped("body"))
        replaces = {"direction": "out", "product_id": shop["product"]}
        back.with_user(shop["agent_sales"]).line_ids = [(0, 0, replaces)]
        back.with_user(shop["agent_sales"]).action_confirm()
        back.action_accept()
        assert back.state == "accepted"
        assert back.exchange_order_ids.order_line.product_id.id == shop["product"]
        source = back.picking_ids.move_ids.origin_returned_move_id.picking_id
        assert source.id == shop["delivery"]
        assert ticket.jxc_return_count == 1
        # What is gone is not counted and not opened.
        other = stranger.action_jxc_return()
        env["jxc.sale.return"].browse(other["res_id"]).unlink()
        stranger.invalidate_recordset()
        assert stranger.jxc_return_count == 0
        assert stranger.action_jxc_open_returns()["domain"] == [("id", "in", [])]


def test_repair(shop, database, odoo_env):
    """A ticket's repair order names goods, lot and warranty; one at a time."""
    from odoo.exceptions import AccessError

    with odoo_env(database) as env:
        ticket = _ticket(env, shop, 1, "agent_stock", "repair")
        stranger = _ticket(env, shop, 1, "agent", "repair")
        assert not stranger.with_user(shop["agent"]).jxc_can_repair
        with pytest.raises(AccessError):
            stranger.with_user(shop["agent"]).action_jxc_repair()
        mine = ticket.with_user(shop["agent_stock"])
        repair = env["repair.order"].browse(mine.action_jxc_repair()["res_id"])
        assert repair.partner_id.id == shop["customer"]
        assert repair.product_id.id == shop["product"]
        assert repair.lot_id.id == shop["lots"][1]
        assert repair.product_qty == 1
        assert repair.under_warranty
        assert "Nothing happens" in repair.internal_notes
        assert ticket.number in "".join(repair.message_ids.mapped("body"))
        assert mine.action_jxc_repair()["res_id"] == repair.id
        repair.with_user(shop["agent_stock"]).action_validate()
        repair.with_user(shop["agent_stock"]).action_repair_start()
        repair.with_user(shop["agent_stock"]).action_repair_end()
        assert repair.state == "done"
        assert mine.action_jxc_open_repairs()["res_id"] == repair.id
        assert mine.jxc_repair_count == 1
        cancelled = stranger.action_jxc_repair()["res_id"]
        env["repair.order"].browse(cancelled).action_repair_cancel()
        assert stranger.action_jxc_repair()["res_id"] != cancelled
        view = env["helpdesk.ticket"].get_view(view_type="form")["arch"]
        assert "action_jxc_repair" in view


def test_goods_sent_back_by_a_repair_keep_their_term(shop, database, odoo_env):
    """A repair order that ends at the customer's is no second sale of the batch."""
    with odoo_env(database) as env:
        goods = env["product.product"].create(
            {
                "name": "Tea Maker",
                "is_storable": True,
                "tracking": "lot",
                "jxc_warranty_months": 12,
            }
        )
        lot = env["stock.lot"].create({"name": "B1", "product_id": goods.id})
        out = env["stock.warehouse"].search([], limit=1).out_type_id
        places = {
            "location_id": out.default_location_src_id.id,
            "location_dest_id": env.ref("stock.stock_location_customers").id,
        }
        line = {"product_id": goods.id, "lot_id": lot.id, "quantity": 1}
        sold = env["stock.picking"].create(
            {
                "partner_id": shop["customer"],
                "picking_type_id": out.id,
                "move_line_ids": [(0, 0, {**line, **places})],
                **places,
            }
        )
        sold.move_ids.picked = True
        sold._action_done()
        sold.move_line_ids.date = "2024-02-01 04:00:00"
        repair = env["repair.order"].create(
            {
                "partner_id": shop["customer"],
                "product_id": goods.id,
                "lot_id": lot.id,
                "product_location_src_id": places["location_id"],
                "product_location_dest_id": places["location_dest_id"],
            }
        )
        repair.action_validate()
        repair.action_repair_start()
        repair.action_repair_end()
        sent = env["stock.move"].search([("repair_id", "=", repair.id)])
        assert sent.location_dest_id.usage == "customer"
        ticket = env["helpdesk.ticket"].create(
            {
                "name": "It does not boil",
                "description": "<p>Nothing happens.</p>",
                "partner_id": shop["customer"],
                "jxc_kind": "repair",
                "jxc_product_id": goods.id,
                "jxc_lot_id": lot.id,
            }
        )
        assert str(ticket.jxc_delivered_on) == "2024-02-01"
        assert ticket.jxc_warranty == "out"


def test_complaints_count_for_vendors(shop, database, odoo_env):
    """Vendor evaluation offers after-sales: one delivery in four complained about."""
    with odoo_env(database) as env:
        ticket = _ticket(env, shop, 3, "agent", "complaint")
        faults = env["helpdesk.ticket"].search([("jxc_lot_id", "in", shop["lots"])])
        (faults - ticket).write({"jxc_kind": "question"})
        criteria = env["jxc.vendor.criterion"].search([])
        criterion = criteria.filtered(lambda one: one.measure == "after_sales")
        (criteria - criterion).active = False
        today = date.today()
        evaluation = env["jxc.vendor.evaluation"].create(
            {
                "partner_id": shop["vendor"],
                "date_from": today - timedelta(days=1),
                "date_to": today + timedelta(days=1),
            }
        )
        evaluation.action_compute()
        line = evaluation.line_ids
        assert line.criterion_id == criterion
        assert (line.value, line.sample_count) == (75.0, 4)
        action = line.action_open_cases()
        found = env[action["res_model"]].search(action["domain"])
        assert found == ticket
