# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
"""A file that is refused says what is wrong with it, as a person sees it."""

import pytest

from browser.page import DESKTOP, PHONE

NAMED = "[...document.querySelectorAll('.modal input')].some(i => i.value === '%s')"


@pytest.mark.parametrize("size", [DESKTOP, PHONE], ids=["desktop", "phone"])
def test_refused_file_tells_all_its_problems(browser, server, odoo_env, tmp_path, size):
    """Not the window of a crash: the list of what has to be corrected."""
    with odoo_env(server.database) as env:
        buyer = env["res.partner"].create({"name": "Buyers"})
        shop = env["jxc.sale.channel"].create(
            {"name": "Shop", "code": f"S{size[0]}", "partner_id": buyer.id}
        )
        shops = env.ref("jxc_sales.jxc_sale_channel_action").id
        upload = env.ref("jxc_sales.jxc_sale_channel_upload_action").id
        path = f"/odoo/action-{shops}/{shop.id}"
    file = tmp_path / "orders.csv"
    file.write_text("number,goods,price\nA1,Lamp,5\n")
    page = browser(server)
    page.resize(size)
    page.show(path, f"button[name='{upload}']")
    page.click(f"button[name='{upload}']")
    page.wait_for(".modal .o_form_view")
    page.attach(".modal input[type=file]", file)
    page.wait_until(NAMED % file.name, what=file.name)
    page.click(".modal button[name=action_upload]")
    page.wait_until("document.querySelectorAll('.modal').length > 1")
    told = page.texts(".modal")[-1]
    page.screenshot(f"refused-{size[0]}")
    assert "[goods]" in told
    assert "[sku]" in told
    assert page.problems == []
