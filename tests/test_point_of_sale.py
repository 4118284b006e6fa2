# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
"""A box at the till: the platform's point of sale over our units.

That app is not one of those our addons need, so it is installed here, over all of ours.
"""

from uuid import uuid4

import pytest

from odoo import fields

from test_addon_lifecycle import complaints
from test_browser_count import SCAN

BOX, BOTTLE = "6901035600124", "6901035600123"


@pytest.fixture(scope="module")
def till(database, odoo_env, postgres_server):
    """An open till with beer: a bottle for 10, a box of 12 for 100."""
    from conftest import install_over

    log = install_over(database, postgres_server, "point_of_sale")
    assert complaints(log) == []
    with odoo_env(database) as env:
        env["jxc.finance.setup"].apply_defaults(env.company)
        env["res.lang"]._activate_lang("zh_CN")
        env["pos.config"].search([]).active = False
        warehouse = env["stock.warehouse"].search([], limit=1)
        # Lines of a till are merged where the base unit says so.
        bottle = env["uom.uom"].create({"name": "瓶", "is_pos_groupable": True})
        product = env["product.product"].create(
            {
                "name": "青岛啤酒",
                "barcode": BOTTLE,
                "is_storable": True,
                "available_in_pos": True,
                "list_price": 10,
                "taxes_id": [(5,)],
                "uom_id": bottle.id,
                "jxc_unit_ids": [
                    (
                        0,
                        0,
                        {
                            "name": "箱",
                            "factor": 12,
                            "list_price": 100,
                            "barcode": BOX,
                        },
                    )
                ],
            }
        )
        env["stock.quant"]._update_available_quantity(
            product, warehouse.lot_stock_id, 77
        )
        cash = env["account.journal"].create(
            {"name": "Till", "type": "cash", "code": "TILL"}
        )
        method = env["pos.payment.method"].create(
            {"name": "Cash", "journal_id": cash.id}
        )
        tenth_off = env["product.pricelist"].create(
            {
                "name": "九折",
                "item_ids": [
                    (0, 0, {"compute_price": "percentage", "percent_price": 10})
                ],
            }
        )
        plain = env["product.pricelist"].create({"name": "零售"})
        config = env["pos.config"].create(
            {
                "name": "Shop",
                "payment_method_ids": [(6, 0, method.ids)],
                "use_pricelist": True,
                "available_pricelist_ids": [(6, 0, (plain + tenth_off).ids)],
                "pricelist_id": plain.id,
            }
        )
        admin = env["res.users"].search([("login", "=", "admin")])
        admin.group_ids |= env.ref("point_of_sale.group_pos_manager")
        admin.lang = "zh_CN"
        config.with_user(admin).open_ui()
        session = config.with_user(admin).current_session_id
        session.set_opening_control(0, "")
        return {
            "product": product.id,
            "method": method.id,
            "config": config.id,
            "session": session.id,
            "tenth_off": tenth_off.id,
        }


def test_box_is_loaded(database, odoo_env, till):
    """The till gets our unit as it gets its own, and what the unit costs."""
    with odoo_env(database, "admin") as env:
        session = env["pos.session"].browse(till["session"])
        data = session.load_data(["product.uom", "uom.uom"])
        [row] = [row for row in data["product.uom"] if row["barcode"] == BOX]
        [uom] = [uom for uom in data["uom.uom"] if uom["id"] == row["uom_id"]]
        assert row["product_id"] == till["product"]
        assert row["_jxc_price"] == 100
        assert uom["factor"] == 12


def test_scanned_box_costs_a_box(browser, server, odoo_env, till):
    """Boxes scanned have the price of boxes, before pricelists; pieces keep theirs."""
    page = browser(server)
    page.show(f"/pos/ui/{till['config']}/product", ".open-register-btn")
    # Not by mouse: the picture of the loading till fades away over it.
    page.evaluate("document.querySelector('.open-register-btn').click()")
    page.wait_for(".product-screen")
    # What the till shows: quantity and amount of each line.
    shown = """[...document.querySelectorAll('.order-container .orderline')].map(
        line => [line.querySelector('.qty'), line.querySelector('.price')].map(
            part => part.innerText.replace(/[^0-9.]/g, '')).join(' = ')).join('; ')"""
    order = "posmodel.getOrder()"

    def see(expected, after):
        page.wait_until(f"({shown}) === {expected!r}", f"{expected} after {after}")

    def scan(code, expected):
        page.evaluate(SCAN % code)
        see(expected, code)

    scan(BOTTLE, "1 = 10.00")
    scan(BOX, "1 = 10.00; 12 = 100.00")
    scan(BOX, "1 = 10.00; 24 = 200.00")
    scan(BOTTLE, "2 = 20.00; 24 = 200.00")
    # Half a box is bottles; a price that is typed stands.
    last = f"{order}.lines.at(-1)"
    page.evaluate(f"{last}.setQuantity(6) && 0")
    see("2 = 20.00; 6 = 60.00", "half a box")
    page.evaluate(f"{last}.setQuantity(12) && 0")
    see("2 = 20.00; 12 = 100.00", "a box")
    tenth_off = f"posmodel.models['product.pricelist'].get({till['tenth_off']})"
    page.evaluate(f"{order}.setPricelist({tenth_off}) && 0")
    see("2 = 18.00; 12 = 90.00", "the pricelist")
    page.screenshot("pos-box")
    assert page.evaluate(f"{order}.priceIncl") == 108
    assert page.problems == []


def test_sold_box_leaves_stock(database, odoo_env, till):
    """A box that is paid is twelve bottles less, in stock and in the ledger."""
    with odoo_env(database, "admin") as env:
        session = env["pos.session"].browse(till["session"])
        product = env["product.product"].browse(till["product"])
        line = {
            "product_id": product.id,
            "qty": 12,
            "price_unit": 100 / 12,
            "price_subtotal": 100,
            "price_subtotal_incl": 100,
            "discount": 0,
            "tax_ids": [],
            "pack_lot_ids": [],
            "uuid": str(uuid4()),
        }
        payment = {
            "amount": 100,
            "name": fields.Datetime.now(),
            "payment_method_id": till["method"],
        }
        order = {
            "uuid": str(uuid4()),
            "session_id": session.id,
            "company_id": env.company.id,
            "date_order": fields.Datetime.to_string(fields.Datetime.now()),
            "user_id": env.uid,
            "partner_id": False,
            "pricelist_id": session.config_id.pricelist_id.id,
            "fiscal_position_id": False,
            "amount_paid": 100,
            "amount_return": 0,
            "amount_tax": 0,
            "amount_total": 100,
            "lines": [(0, 0, line)],
            "payment_ids": [(0, 0, payment)],
            "state": "paid",
        }
        env["pos.order"].sync_from_ui([order])
        # What the browser left open is not sold.
        session.order_ids.filtered(lambda order: order.state == "draft").unlink()
        session.post_closing_cash_details(100)
        session.close_session_from_ui()
        assert session.state == "closed"
        [sold] = session.order_ids
        assert sold.amount_total == 100
        [move] = sold.picking_ids.move_ids
        assert (move.state, move.quantity) == ("done", 12)
        assert product.qty_available == 65
        assert product.jxc_format_qty(product.qty_available) == "5箱5瓶"
        today = fields.Date.context_today(product)
        [row] = env["jxc.stock.ledger"].summary(
            today, today, ["product"], [("product_id", "=", product.id)]
        )
        assert (row["opening_qty"], row["out_qty"]) == (77, 12)
        assert row["closing_qty"] == 65
