# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
"""The platform's forecast page in units, at the desk and on the phone."""

import pytest

from browser.page import DESKTOP, PHONE

UNITS = ".o_jxc_forecast_units"


@pytest.fixture(scope="module")
def product_id(server, odoo_env):
    """Beer by the box of 12: 77 bottles there, 24 to come, 6 promised."""
    with odoo_env(server.database) as env:
        warehouse = env["stock.warehouse"].search([], limit=1)
        product = env["product.product"].create(
            {
                "name": "青岛啤酒",
                "is_storable": True,
                "uom_id": env["uom.uom"].create({"name": "瓶"}).id,
                "jxc_unit_ids": [(0, 0, {"name": "箱", "factor": 12})],
            }
        )
        stock = warehouse.lot_stock_id
        env["stock.quant"]._update_available_quantity(product, stock, 77)
        suppliers = env.ref("stock.stock_location_suppliers")
        customers = env.ref("stock.stock_location_customers")
        moves = env["stock.move"].create(
            [
                {
                    "product_id": product.id,
                    "product_uom_qty": quantity,
                    "location_id": source.id,
                    "location_dest_id": target.id,
                    "picking_type_id": kind.id,
                }
                for quantity, source, target, kind in (
                    (24, suppliers, stock, warehouse.in_type_id),
                    (6, stock, customers, warehouse.out_type_id),
                )
            ]
        )
        moves._action_confirm()
        return product.id


@pytest.mark.parametrize("size", [DESKTOP, PHONE], ids=["desktop", "phone"])
def test_forecast_page(browser, server, product_id, size, request):
    """77 on hand are 6箱5瓶, 71 free, 95 expected; in Chinese."""
    page = browser(server)
    page.resize(size)
    page.show(
        f"/odoo/products-variants/{product_id}"
        f"/action-stock.stock_forecasted_product_product_action",
        UNITS,
    )
    page.screenshot(f"forecast-{request.node.callspec.id}")
    shown = page.texts(f"{UNITS} span")
    assert [text.split()[-1] for text in shown] == ["6箱5瓶", "5箱11瓶", "7箱11瓶"]
    assert not any(text.split()[0].isascii() for text in shown)
    assert page.overflow() <= 0
    assert page.problems == []
