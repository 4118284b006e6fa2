# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
"""Who receives a delivery signs on the driver's phone: photo, and place if agreed."""

import base64

import pytest

from browser.page import PHONE
from selling import create_customer, create_goods, create_order, create_people, deliver

FORM = ".o_form_view .o_form_sheet"
SIGN = "button[name=action_jxc_sign]"
STAMP = ".modal .o_jxc_location_stamp"
PHOTO = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk"
    "YPhfDwAChwGA60e6kgAAAABJRU5ErkJggg=="
)


@pytest.fixture(scope="module")
def goods(database, odoo_env):
    """What is delivered, and who brings it."""
    with odoo_env(database) as env:
        create_people(env, phone_driver=["stock.group_stock_user"])
        return create_goods(env, "矿泉水 24 瓶").id


def _delivered(odoo_env, database, goods):
    with odoo_env(database) as env:
        customer = create_customer(env, "西湖便利店")
        order = create_order(env, customer, env["product.product"].browse(goods), 3)
        order.action_confirm()
        deliver(order)
        assert order.picking_ids.state == "done"
        return order.picking_ids.id


def _begin(browser, server, picking_id):
    """Open what the customer signs, on the phone; return the page."""
    page = browser(server, "phone_driver")
    page.resize(PHONE)
    page.show(f"/mail/view?model=stock.picking&res_id={picking_id}", FORM)
    page.click(SIGN)
    page.fill(".modal [name=receiver] input", "李店长")
    return page


def _draw(page):
    """Sign with the typed name."""
    page.click(".modal .o_field_signature .o_signature")
    page.wait_for(".modal canvas.o_web_sign_signature")
    page.wait_until(
        "document.querySelector('.modal canvas.o_web_sign_signature').getContext('2d')"
        ".getImageData(0, 0, 2000, 2000).data.some(one => one)"
    )
    page.click_when_still(".modal:has(canvas) .modal-footer .btn-primary")
    page.wait_until("!document.querySelector('.modal canvas')")
    page.wait_for(".modal .o_field_signature img.o_signature")


def _receipt(odoo_env, database, picking_id):
    with odoo_env(database) as env:
        receipt = env["stock.picking"].browse(picking_id).jxc_receipt_id
        assert receipt.signature
        assert receipt.user_id.login == "phone_driver"
        return {
            "receiver": receipt.receiver,
            "photos": len(receipt.photo_ids),
            "place": (round(receipt.latitude, 4), round(receipt.longitude, 4)),
        }


def test_sign_with_photo_and_place(browser, server, odoo_env, goods, tmp_path):
    """The place is asked for when the button is pressed, and kept with the receipt."""
    picking_id = _delivered(odoo_env, server.database, goods)
    photo = tmp_path / "door.png"
    photo.write_bytes(PHOTO)
    page = _begin(browser, server, picking_id)
    page.locate(30.2466, 120.1551)
    page.attach(".modal [name=photo_ids] input[type=file]", photo)
    page.wait_for(".modal [name=photo_ids] .o_attachment")
    page.click(STAMP)
    page.wait_until("document.querySelector('.modal [name=latitude]')")
    _draw(page)
    page.screenshot("delivery-sign-phone")
    assert "30.2466" in page.text(".modal [name=latitude]")
    assert page.overflow() <= 0
    page.click(".modal button[name=action_sign]")
    page.wait_until("!document.querySelector('.modal')")
    assert page.problems == []
    assert _receipt(odoo_env, server.database, picking_id) == {
        "receiver": "李店长",
        "photos": 1,
        "place": (30.2466, 120.1551),
    }


def test_sign_without_a_place(browser, server, odoo_env, goods):
    """Who does not let the phone tell signs all the same."""
    picking_id = _delivered(odoo_env, server.database, goods)
    page = _begin(browser, server, picking_id)
    page.hide_location()
    page.click(STAMP)
    page.wait_for(".o_notification")
    assert "不带地点" in page.text(".o_notification")
    page.screenshot("delivery-sign-denied")
    _draw(page)
    page.click(".modal button[name=action_sign]")
    page.wait_until("!document.querySelector('.modal')")
    assert page.problems == []
    assert _receipt(odoo_env, server.database, picking_id) == {
        "receiver": "李店长",
        "photos": 0,
        "place": (0, 0),
    }
