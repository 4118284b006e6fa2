# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
"""Photos and files of a request, taken on the phone."""

import base64

import pytest

from browser.page import PHONE

PIXEL = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9aw"
    "AAAABJRU5ErkJggg=="
)
FILES = {
    "正面.png": PIXEL,
    "背面.png": PIXEL,
    "规格.pdf": b"%PDF-1.4\n%%EOF\n",
}
PEOPLE = {
    "photo_asker": ("小周", "jxc_purchase.group_purchase_requester"),
    "photo_boss": ("王经理", "jxc_purchase.group_request_approver"),
    "photo_stranger": ("小吴", "jxc_purchase.group_purchase_requester"),
}
FORM = ".o_form_view .o_form_sheet"
DIALOG = ".modal .o_form_view"


@pytest.fixture(scope="module")
def people(database, odoo_env):
    """A requester, who approves, and a requester who has nothing to do with it."""
    with odoo_env(database) as env:
        env["res.users"].create(
            [
                {
                    "name": name,
                    "login": login,
                    "lang": "zh_CN",
                    "odoobot_state": "disabled",
                    "group_ids": [(6, 0, [env.ref(group).id])],
                }
                for login, (name, group) in PEOPLE.items()
            ]
        )


def status_of(page, attachment):
    """Return the status and length with which the page's user gets a file."""
    return page.evaluate(
        f"""fetch("/web/content/{attachment}").then(async answer =>
            [answer.status, (await answer.arrayBuffer()).byteLength])"""
    )


def test_photos(browser, server, database, odoo_env, people, tmp_path):
    """The requester adds two photos and a file; the approver reads them, no other."""
    page = browser(server, "photo_asker")
    page.resize(PHONE)
    page.show("/odoo/purchase-requests/new", FORM)
    page.click("[name=line_ids] .o-kanban-button-new")
    page.fill(f"{DIALOG} [name=name] textarea", "会议室投影仪")
    for number, (name, content) in enumerate(FILES.items(), start=1):
        file = tmp_path / name
        file.write_bytes(content)
        page.attach(f"{DIALOG} [name=photo_ids] input[type=file]", file)
        page.wait_until(
            f"document.querySelectorAll('{DIALOG} [name=photo_ids] .o_attachment')"
            f".length === {number}"
        )
    page.screenshot("request-photos-line-phone")
    assert page.overflow() <= 0
    page.click(".modal .o_form_button_save")
    page.wait_until("!document.querySelector('.modal')")
    page.click(".o_form_button_save")
    page.wait_for("button[name=action_submit]:not([disabled])")
    page.click("button[name=action_submit]")
    page.wait_until("!document.querySelector('button[name=action_submit]')")
    page.screenshot("request-photos-phone")
    assert page.problems == []
    with odoo_env(database) as env:
        request = env["jxc.purchase.request"].search([], order="id desc", limit=1)
        assert request.state in ("submitted", "approved")
        photos = request.line_ids.photo_ids.sorted("id")
        sizes = {photo.id: photo.file_size for photo in photos}
        assert photos.mapped("name") == list(FILES)
    for login, status in (
        ("photo_asker", 200),
        ("photo_boss", 200),
        ("photo_stranger", 404),
    ):
        page = browser(server, login)
        for id_, size in sizes.items():
            answer, length = status_of(page, id_)
            assert answer == status, login
            assert (length == size) is (status == 200), login
    page = browser(server, "photo_boss")
    page.resize(PHONE)
    page.show(f"/odoo/purchase-requests/{request.id}", FORM)
    page.wait_for(".o-mail-Activity")  # the last to come, it moves what is above
    page.click("[name=line_ids] .o_kanban_record:not(.o_kanban_ghost)")
    page.wait_for(f"{DIALOG} [name=photo_ids] .o_attachment")
    page.screenshot("request-photos-approver-phone")
    assert set(page.text(f"{DIALOG} [name=photo_ids]").split()) >= set(FILES)
