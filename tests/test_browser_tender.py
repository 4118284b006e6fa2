# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
"""Comparing quotations and awarding them: at the desk, and on the phone."""

import pytest

from browser.page import DESKTOP, PHONE

VENDORS = {
    "广州华南饮品有限公司": (37.0, 1.05),
    "深圳鹏城商贸有限公司": (35.5, 1.15),
    "佛山顺德食品配送有限公司": (36.0, 0.0),
}
BODY = ".o_jxc_tender_body"
ROW = ".o_jxc_tender_table tbody tr:nth-child({row}) td:nth-child({column})"
AWARD = ".o_control_panel button.btn-primary"


@pytest.fixture(scope="module")
def tender(server, odoo_env):
    """The ids of three RFQs with recorded quotations."""
    with odoo_env(server.database) as env:
        products = env["product.product"].create(
            [
                {"name": name, "is_storable": True, "supplier_taxes_id": False}
                for name in ("红葡萄酒 750ml", "矿泉水 550ml")
            ]
        )
        orders = env["purchase.order"]
        for vendor, prices in VENDORS.items():
            partner = env["res.partner"].create({"name": vendor})
            lines = [
                (0, 0, {"product_id": one.id, "product_qty": 240, "price_unit": price})
                for one, price in zip(products, prices, strict=True)
            ]
            orders |= orders.create({"partner_id": partner.id, "order_line": lines})
        env["purchase.order.group"].create({"order_ids": [(6, 0, orders.ids)]})
        orders.action_jxc_record_quote()
        env["res.users"].create(
            {
                "name": "小陈",
                "login": "tender_buyer",
                # No greeting over the page.
                "odoobot_state": "disabled",
                "lang": "zh_CN",
                "group_ids": [(6, 0, env.ref("purchase.group_purchase_user").ids)],
            }
        )
        return orders.ids


def test_award_at_the_desk(browser, server, odoo_env, tender):
    """Not the cheapest one wins: it takes a reason, and the others are cancelled."""
    page = browser(server, "tender_buyer")
    page.resize(DESKTOP)
    page.show(f"/odoo/purchase-orders/{tender[0]}/tender-comparison", BODY)
    for vendor in VENDORS:
        assert vendor in page.text(BODY)
    assert "未报价" in page.text(ROW.format(row=2, column=4))
    assert "最低价" in page.text(ROW.format(row=1, column=3))
    for row in (1, 2):
        cell = ROW.format(row=row, column=2)
        page.click(f"{cell} .o_jxc_tender_award button")
        if row == 1:
            # the reason that is asked for moves the rows below
            page.wait_for(".o_jxc_tender_table textarea")
    page.screenshot("tender-desk")
    assert page.overflow() <= 0
    page.fill(".o_jxc_tender_table textarea", "整单配送，交期更稳")
    page.click(AWARD)
    page.wait_until("document.querySelector('.o_notification')", "the award is noted")
    page.screenshot("tender-awarded-desk")
    assert page.problems == []
    with odoo_env(server.database) as env:
        orders = env["purchase.order"].browse(tender)
        assert orders.mapped("state") == ["draft", "cancel", "cancel"]
        award = env["jxc.purchase.award"].search(
            [("order_id", "=", tender[0]), ("is_cheapest", "=", False)]
        )
        assert award.reason == "整单配送，交期更稳"


def test_comparison_on_the_phone(browser, server, tender):
    """A card for each product; nothing is wider than the screen."""
    page = browser(server, "tender_buyer")
    page.resize(PHONE)
    page.show(f"/odoo/purchase-orders/{tender[0]}/tender-comparison", BODY)
    page.wait_for(".o_jxc_tender_cards .card")
    page.screenshot("tender-phone")
    assert len(page.texts(".o_jxc_tender_cards .card")) == 2
    assert page.overflow() <= 0
    assert page.problems == []
