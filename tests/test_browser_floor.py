# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
"""Work on the floor with a phone in one hand, also where there is no connection."""

import pytest

SMALL_PHONE = (360, 740)
CODE = ".o_jxc_floor_code"


@pytest.fixture(scope="module")
def receipts(northwind_database, odoo_env):
    """Three receipts of wine that comes in boxes of 12."""
    with odoo_env(northwind_database) as env:
        wine = env["product.product"].create(
            {
                "name": "长城干红",
                "barcode": "6901234567892",
                "is_storable": True,
                "jxc_unit_ids": [(0, 0, {"name": "箱", "factor": 12})],
            }
        )
        type_ = env["stock.warehouse"].search([], limit=1).in_type_id
        supplier = env.ref("stock.stock_location_suppliers")
        line = {
            "product_id": wine.id,
            "product_uom_qty": 30,
            "location_id": supplier.id,
            "location_dest_id": type_.default_location_dest_id.id,
        }
        values = {
            "picking_type_id": type_.id,
            "location_id": supplier.id,
            "location_dest_id": type_.default_location_dest_id.id,
            "scheduled_date": "2020-01-01",
        }
        pickings = env["stock.picking"].create(
            [{**values, "move_ids": [(0, 0, dict(line))]} for _number in range(3)]
        )
        pickings.action_confirm()
        return [{"id": one.id, "name": one.name} for one in pickings]


@pytest.fixture(scope="module")
def places(northwind_database, odoo_env):
    """Barcodes of two empty places."""
    with odoo_env(northwind_database) as env:
        shelf = env["stock.warehouse"].search([], limit=1).lot_stock_id
        codes = ["FLOOR-A", "FLOOR-B"]
        env["stock.location"].create(
            [
                {"name": f"Floor {c[-1]}", "barcode": c, "location_id": shelf.id}
                for c in codes
            ]
        )
        return codes


@pytest.fixture(scope="module")
def quiet(northwind_database, odoo_env):
    """No greeting of the platform's robot, which would cover a phone."""
    with odoo_env(northwind_database) as env:
        env.ref("base.user_admin").odoobot_state = "disabled"


@pytest.fixture
def floor(browser, northwind_server, quiet):
    """The action on a small phone."""
    page = browser(northwind_server)
    page.resize(SMALL_PHONE)
    page.show("/odoo/jxc-floor", ".o_jxc_floor_kind_receive")
    return page


def _scan(page, code):
    page.fill(CODE, code)
    page.press()


def _wedge(page, *codes):
    """Scan codes, one right behind the other, wherever the cursor is."""
    for code in codes:
        for letter in code:
            page.press(letter, ord(letter), letter)
        page.press()


def _open(page, receipt):
    _scan(page, receipt["name"])
    page.wait_for(".o_jxc_floor_line")


def _pickings(odoo_env, database, receipt):
    with odoo_env(database) as env:
        picking = env["stock.picking"].browse(receipt["id"])
        return {
            "state": picking.state,
            "quantity": picking.move_ids.quantity,
            "operations": env["jxc.floor.operation"].search_count(
                [("picking_id", "=", picking.id)]
            ),
        }


def test_lost_connection(floor, receipts, odoo_env, northwind_server):
    """What was entered without a connection is kept, and sent once when it is back."""
    page, receipt = floor, receipts[0]
    page.screenshot("floor-home")
    assert "现场作业" in page.text(".o_jxc_floor")
    _open(page, receipt)
    _scan(page, "6901234567892")
    page.wait_until("document.querySelector('.o_jxc_floor_line b')?.innerText.trim()")
    page.offline(True)
    page.click(".o_jxc_floor_line")
    page.wait_for(".o_jxc_floor_quantity")
    page.screenshot("floor-quantity")
    page.fill(".o_jxc_floor_quantity", "2箱")
    page.click(".o_jxc_floor_confirm")
    page.wait_for(".o_jxc_floor_submit")
    page.screenshot("floor-document")
    page.click(".o_jxc_floor_submit")
    page.wait_for(".o_jxc_floor_offline")
    page.wait_until("document.querySelector('.o_jxc_floor_queue')")
    page.screenshot("floor-offline")
    database = northwind_server.database
    assert _pickings(odoo_env, database, receipt)["state"] == "assigned"
    assert page.overflow() <= 0
    page.offline(False)
    page.evaluate("window.dispatchEvent(new Event('online'))")
    page.wait_until("!document.querySelector('.o_jxc_floor_queue')")
    assert _pickings(odoo_env, database, receipt) == {
        "state": "done",
        "quantity": 24,
        "operations": 1,
    }
    page.show("/odoo/jxc-floor", ".o_jxc_floor_kind_receive")
    assert not page.evaluate("document.querySelector('.o_jxc_floor_queue')")
    assert _pickings(odoo_env, database, receipt)["operations"] == 1


def test_page_is_left(floor, receipts, northwind_server, odoo_env):
    """What was entered is there again when the page is opened anew."""
    page, receipt = floor, receipts[1]
    _open(page, receipt)
    page.click(".o_jxc_floor_line")
    page.fill(".o_jxc_floor_quantity", "1箱")
    page.click(".o_jxc_floor_confirm")
    page.wait_for(".o_jxc_floor_submit:not([disabled])")
    page.show("/odoo/jxc-floor", ".o_jxc_floor_kind_receive")
    _open(page, receipt)
    assert "1箱" in page.text(".o_jxc_floor_line .text-success")
    page.click(".o_jxc_floor_submit")
    page.wait_for(".o_notification")
    state = _pickings(odoo_env, northwind_server.database, receipt)
    assert (state["state"], state["quantity"]) == ("done", 12)
    assert page.problems == []


def test_look_up(floor):
    """A code tells what is where, in units."""
    _scan(floor, "P002")
    floor.wait_for(".o_jxc_floor_stock")
    floor.screenshot("floor-look-up")
    assert "箱" in floor.text(".o_jxc_floor_stock")
    assert floor.overflow() <= 0


def test_wedge_scanner(floor):
    """A scanner that types works wherever the cursor is."""
    floor.evaluate("document.activeElement.blur()")
    for letter in "P002":
        floor.press(letter, ord(letter), letter)
    floor.press()
    floor.wait_for(".o_jxc_floor_stock")
    assert "Chang" in floor.text(".o_jxc_floor_body")


def test_scans_without_waiting(floor, receipts):
    """A scanner does not wait for the screen, nor for what is being entered."""
    page, receipt = floor, receipts[2]
    page.evaluate("document.activeElement.blur()")
    # The document opens while the goods are scanned already.
    _wedge(page, receipt["name"], "6901234567892", "6901234567892")
    page.wait_until(
        "document.querySelector('.o_jxc_floor_line b')?.innerText.includes('2单位')"
    )
    # Into the field of a quantity: what was typed is kept, and the scan counts.
    page.click(".o_jxc_floor_line")
    page.fill(".o_jxc_floor_quantity", "1箱")
    _wedge(page, "6901234567892")
    page.wait_until(
        "document.querySelector('.o_jxc_floor_quantity')?.value === '1箱1单位'"
    )
    # A code of something else takes what was typed first.
    _wedge(page, "P002")
    page.wait_until(
        "document.querySelector('.o_jxc_floor_line b')?.innerText.includes('1箱1单位')"
    )
    page.wait_for(".o_notification")
    page.screenshot("floor-fast-scans")
    assert page.problems == []


def test_refused_operation_stays(floor, places):
    """What the server refuses is shown with its reason, until somebody decides."""
    page = floor
    page.click(".o_jxc_floor_kind_transfer")
    page.wait_for(".text-warning")
    _scan(page, places[0])
    page.wait_until("document.body.innerText.includes('Floor A')")
    _scan(page, places[1])
    page.wait_until("document.body.innerText.includes('Floor B')")
    _scan(page, "P002")
    page.wait_for(".o_jxc_floor_submit:not([disabled])")
    page.screenshot("floor-transfer")
    page.click(".o_jxc_floor_submit")
    page.wait_for(".o_jxc_floor_queue .text-danger")
    page.screenshot("floor-refused")
    assert "Floor A" in page.text(".o_jxc_floor_queue .text-danger")
    page.show("/odoo/jxc-floor", ".o_jxc_floor_queue .text-danger")
    page.click(".o_jxc_floor_queue .btn-light")
    page.wait_for(".modal")
    page.screenshot("floor-discard")
    page.click(".modal .btn-secondary")
    page.wait_until("!document.querySelector('.modal')")
    assert page.text(".o_jxc_floor_queue .text-danger"), "one touch deletes nothing"
    page.click(".o_jxc_floor_queue .btn-light")
    page.click(".modal .btn-primary")
    page.wait_until("!document.querySelector('.o_jxc_floor_queue')")


def test_count(floor, places, odoo_env, northwind_server):
    """Places and goods are scanned one after the other and reach the count."""
    database = northwind_server.database
    with odoo_env(database) as env:
        goods = env["product.product"].search([("default_code", "=", "P002")])
        place = env["stock.location"].search([("barcode", "=", places[0])])
        count = env["jxc.stock.count"].create(
            {
                "warehouse_id": place.warehouse_id.id,
                "location_ids": [(6, 0, place.ids)],
                "product_ids": [(6, 0, goods.ids)],
            }
        )
        count.action_start()
        number = count.id
    page = floor
    page.click(".o_jxc_floor_kind_count")
    page.click(".o_jxc_floor_row")
    page.wait_for(CODE)
    page.evaluate("document.activeElement.blur()")
    # The goods are scanned twice, while the place is still looked up.
    _wedge(page, places[0], "P002")
    page.wait_for(".o_jxc_floor_quantity")
    assert "Chang" in page.text(".o_jxc_floor_body h4")
    _wedge(page, "P002")
    page.wait_until("document.querySelector('.o_jxc_floor_quantity').value[0] === '2'")
    page.screenshot("floor-count-quantity")
    page.click(".o_jxc_floor_confirm")
    page.wait_for(".o_jxc_floor_submit:not([disabled])")
    page.screenshot("floor-count")
    page.click(".o_jxc_floor_submit")
    page.wait_for(".o_notification")
    with odoo_env(database) as env:
        entries = env["jxc.stock.count"].browse(number).sheet_ids.entry_ids
        assert entries.mapped("quantity") == [2]
        assert entries.location_id.barcode == places[0]


@pytest.fixture(scope="module")
def held(northwind_database, odoo_env, places):
    """Barcode of a place with defective goods, and of one for good ones."""
    with odoo_env(northwind_database) as env:
        good = env["stock.location"].search([("barcode", "=", places[0])])
        bad = good.copy(
            {"name": "Bad", "barcode": "FLOOR-BAD", "jxc_stock_status": "defective"}
        )
        goods = env["product.product"].search([("default_code", "=", "P002")])
        env["stock.quant"]._update_available_quantity(goods, bad, 5)
        # The server remembers which places hold goods.
        env.registry.signal_changes()
        return "FLOOR-BAD", places[0]


def _take_from_held(page, held):
    page.click(".o_jxc_floor_kind_transfer")
    page.wait_for(".text-warning")
    _scan(page, held[0])
    page.wait_until("document.body.innerText.includes('Bad')")
    _scan(page, held[1])
    page.wait_for(".o_jxc_floor_release")
    _scan(page, "P002")
    page.wait_for(".o_jxc_floor_line")


def test_held_goods_need_a_reason(floor, held, odoo_env, northwind_server):
    """The phone asks why held goods become available before it sends anything."""
    page = floor
    _take_from_held(page, held)
    assert page.evaluate("document.querySelector('.o_jxc_floor_submit').disabled")
    page.screenshot("floor-release")
    assert page.overflow() <= 0
    page.fill(".o_jxc_floor_release_reason", "清洗后合格")
    page.wait_for(".o_jxc_floor_submit:not([disabled])")
    page.click(".o_jxc_floor_submit")
    page.wait_for(".o_notification")
    page.wait_until("!document.querySelector('.o_jxc_floor_queue')")
    with odoo_env(northwind_server.database) as env:
        record = env["jxc.stock.freeze"].search([("kind", "=", "release")], limit=1)
        assert (record.reason, record.quantity) == ("清洗后合格", 1)
    assert page.problems == []


def test_held_goods_need_a_right(floor, held, odoo_env, northwind_server):
    """Who may not make them available is told who may."""
    control = "jxc_stock.group_stock_control"
    with odoo_env(northwind_server.database) as env:
        admin = env.ref("base.user_admin")
        inherited = admin.all_group_ids & env.ref(control).all_implied_by_ids
        before = admin.group_ids
        worker = env.ref("stock.group_stock_user")
        admin.group_ids = admin.group_ids - inherited + worker
        env.registry.signal_changes()
    try:
        page = floor
        page.show("/odoo/jxc-floor", ".o_jxc_floor_kind_receive")
        _take_from_held(page, held)
        page.screenshot("floor-release-refused")
        assert "库存管控" in page.text(".o_jxc_floor_release")
        assert not page.evaluate("document.querySelector('.o_jxc_floor_release input')")
        assert page.evaluate("document.querySelector('.o_jxc_floor_submit').disabled")
    finally:
        with odoo_env(northwind_server.database) as env:
            env.ref("base.user_admin").group_ids = before.with_env(env)
            env.registry.signal_changes()
