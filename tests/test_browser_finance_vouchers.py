# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
"""Vouchers on the screen: reviewed, printed, sent on, and what they add up to."""

import importlib.util
import time
from pathlib import Path

import pytest
from cryptography.fernet import Fernet
from lxml import etree

from browser.page import DESKTOP, PHONE
from selling import today

BOOKS = "addons/jxc_finance_bridge/tests/finance_server.py"
CARD = ".o_kanban_record:not(.o_kanban_ghost)"
DIALOG = ".modal:not(.o_inactive_modal)"
FORM = ".o_form_view .o_form_sheet"
SIZES = pytest.mark.parametrize("size", [DESKTOP, PHONE], ids=["desktop", "phone"])


@pytest.fixture(scope="module", autouse=True)
def other_books():
    """A server that plays a finance system; ours, started later, may send to it."""
    path = Path(__file__).parent.parent / BOOKS
    spec = importlib.util.spec_from_file_location("finance_server", path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    with module.FinanceServer() as server, pytest.MonkeyPatch.context() as patch:
        server.password = module.PASSWORD
        patch.setenv("JXC_OUTBOUND_HOSTS", server.host)
        patch.setenv("JXC_SECRET_KEYS", Fernet.generate_key().decode())
        yield server


def wait_for_outbox(odoo_env, database, state):
    """Wait until the server's own job has dealt with the only voucher; return its key.

    :raise AssertionError: after a minute
    """
    end = time.monotonic() + 60
    found = None
    while time.monotonic() < end:
        with odoo_env(database) as env:
            row = env["jxc.finance.outbox"].search([])
            found, key = row.state, row.key
        if found == state:
            return key
    raise AssertionError(f"the voucher is {found}, not {state}")


@pytest.fixture(scope="module")
def vouchers(database, odoo_env, other_books):
    """Capital paid in by one accountant, goods bought by another; who reviews."""
    with odoo_env(database) as env:
        users = env["res.users"].create(
            [
                {
                    "name": name,
                    "login": login,
                    "lang": "zh_CN",
                    "tz": "Asia/Shanghai",
                    "odoobot_state": "disabled",
                    "group_ids": [(6, 0, [env.ref(group).id for group in groups])],
                }
                for name, login, groups in (
                    (
                        "陈会计",
                        "voucher_chen",
                        [
                            "account.group_account_user",
                            "jxc_finance_bridge.group_voucher_reviewer",
                        ],
                    ),
                    ("周主管", "voucher_zhou", ["account.group_account_manager"]),
                )
            ]
        )
        accounts = {
            account.code: account.id
            for account in env["account.account"].search(
                [("code", "in", ("100200", "140500", "300100"))]
            )
        }
        moves = {}
        for user, key, debit, credit, amount in (
            (users[0], "own", "100200", "300100", 8000),
            (users[1], "other", "140500", "100200", 3000),
        ):
            moves[key] = (
                env["account.move"]
                .with_user(user)
                .create(
                    {
                        "move_type": "entry",
                        "date": today(),
                        "jxc_summary": {"own": "实收资本", "other": "购入货物"}[key],
                        "line_ids": [
                            (0, 0, {"account_id": accounts[debit], "balance": amount}),
                            (
                                0,
                                0,
                                {"account_id": accounts[credit], "balance": -amount},
                            ),
                        ],
                    }
                )
            )
            moves[key].action_post()
        return {key: move.id for key, move in moves.items()}


@pytest.fixture(scope="module")
def chen(lasting_browser, server, vouchers):
    """An accountant who reviews what others made."""
    return lasting_browser(server, "voucher_chen")


@pytest.fixture(scope="module")
def zhou(lasting_browser, server, vouchers):
    """Who leads the accountants."""
    return lasting_browser(server, "voucher_zhou")


def _choose(page, text):
    """Select the row of a list with this text."""
    page.evaluate(
        "[...document.querySelectorAll('.o_data_row')].find(row => "
        f"row.innerText.includes('{text}')).dataset.chosen = '{text}'"
    )
    page.click(f"[data-chosen='{text}'] .o_list_record_selector input")


def test_reviewed_by_somebody_else(chen, server, odoo_env, vouchers):
    """Who made a voucher is told so and reviews none of the choice; then one goes."""
    chen.resize(DESKTOP)
    chen.show("/odoo/jxc-vouchers", ".o_data_row")
    for text in ("实收资本", "购入货物"):
        _choose(chen, text)
    chen.click(".o_control_panel button[name=action_jxc_check]")
    chen.wait_for(f"{DIALOG} .modal-body")
    chen.screenshot("voucher-own")
    assert "须由他人审核" in chen.text(DIALOG)
    chen.click(f"{DIALOG} .modal-footer button")
    chen.wait_until(f"!document.querySelector('{DIALOG}')")
    with odoo_env(server.database) as env:
        moves = env["account.move"].browse(vouchers.values())
        assert not moves.jxc_checked_by
    chen.show("/odoo/jxc-vouchers", ".o_data_row")
    _choose(chen, "购入货物")
    chen.click(".o_control_panel button[name=action_jxc_check]")
    chen.wait_text(".o_data_row td[name=jxc_checked_by]", "陈会计")
    chen.screenshot("vouchers")
    assert chen.overflow() <= 0
    chen.resize(PHONE)
    chen.show("/odoo/jxc-vouchers", CARD)
    chen.screenshot("vouchers-phone")
    assert chen.overflow() <= 0
    assert chen.problems == []
    with odoo_env(server.database) as env:
        other = env["account.move"].browse(vouchers["other"])
        assert other.jxc_checked_by.login == "voucher_chen"


def test_print(chen, browser, server, vouchers):
    """The dialog counts what is chosen; the sheet is a 记账凭证 with both people."""
    chen.resize(PHONE)
    chen.show("/odoo/jxc-print-vouchers", f"{DIALOG} button[name=action_print]")
    # nothing but the dialog: no calendar over it
    assert not chen.evaluate("!!document.querySelector('.o_datetime_picker')")
    assert chen.text(f"{DIALOG} [name=move_count]") == "2"
    chen.screenshot("voucher-print-phone")
    assert chen.overflow() <= 0
    assert chen.problems == []
    paper = browser(server, "voucher_chen")
    report = "/report/html/jxc_finance_bridge.report_voucher"
    paper.show(f"{report}/{vouchers['other']}", "table")
    paper.screenshot("voucher-sheet")
    sheet = "".join(paper.text("body").split())
    for word in ("记账凭证", "购入货物", "3,000.00", "叁仟元整", "周主管", "陈会计"):
        assert word in sheet


@SIZES
def test_balances_and_statements(chen, vouchers, size):
    """8,000 came in, 3,000 went into goods: the same in both, down to the items."""
    chen.resize(size)
    chen.show("/odoo/jxc-trial-balance", ".o_field_widget[name=line_ids]")
    line = ".o_data_row" if size == DESKTOP else CARD
    chen.wait_text(line, "100200")
    chen.screenshot(f"trial-balance-{size[0]}")
    bank = next(text for text in chen.texts(line) if "100200" in text)
    for amount in ("8,000.00", "3,000.00", "5,000.00"):
        assert amount in bank
    assert chen.overflow() <= 0
    chen.show("/odoo/jxc-balance-sheet", ".o_field_widget[name=line_ids]")
    chen.wait_text(line, "货币资金")
    chen.screenshot(f"balance-sheet-{size[0]}")
    for item, amount in (("货币资金", "5,000.00"), ("存货", "3,000.00")):
        told = next(text for text in chen.texts(line) if item in text)
        assert amount in told
    assert chen.overflow() <= 0
    chen.evaluate(
        f"[...document.querySelectorAll('{line}')].find(row => row.innerText"
        ".includes('货币资金')).querySelector('.fa-list').dataset.open = ''"
    )
    chen.click("[data-open]")
    # cards on a phone, where the columns of a list would be cut
    items = ".o_list_view.o_action" if size == DESKTOP else ".o_kanban_view.o_action"
    chen.wait_text(items, "3,000.00")
    assert "MISC/" in chen.text(items)
    assert chen.overflow() <= 0
    chen.screenshot(f"balance-sheet-items-{size[0]}")
    assert chen.problems == []


def test_secret_is_not_shown(zhou, server, odoo_env, other_books, vouchers):
    """Typed once into the form; afterwards neither page nor record has it."""
    zhou.resize(DESKTOP)
    zhou.show("/odoo/finance-systems", ".o_list_button_add, .o_view_nocontent")
    zhou.click(".o_list_button_add")
    zhou.fill("[name=name] input", "总公司用友")
    zhou.fill("[name=code] input", "U8HQ")
    zhou.evaluate(
        "document.querySelector('[name=adapter] select, [name=adapter] input').focus()"
    )
    zhou.click("[name=adapter] input")
    zhou.click_text(
        ".o-dropdown-item, .o-autocomplete--dropdown-item, .o_select_menu_item",
        "EAI：XML 服务",
    )
    zhou.fill("[name=endpoint] input", other_books.url)
    zhou.fill("[name=login] input", "user")
    zhou.fill("[name=secret] input", other_books.password)
    zhou.fill("[name=book] input", "001")
    zhou.click(".o_form_button_save")
    zhou.wait_for("[name=has_secret] input:checked")
    zhou.screenshot("finance-system")
    zhou.show("/odoo/finance-systems", ".o_data_row")
    zhou.click(".o_data_row [name=name]")
    zhou.wait_for("[name=has_secret] input:checked")
    assert zhou.evaluate("document.querySelector('[name=secret] input').value") == ""
    assert other_books.password not in zhou.evaluate("document.body.innerHTML")
    assert zhou.overflow() <= 0
    assert zhou.problems == []
    with odoo_env(server.database) as env:
        target = env["jxc.finance.target"].search([("code", "=", "U8HQ")])
        assert target.has_secret
        env.cr.execute("SELECT * FROM jxc_finance_target WHERE id = %s", [target.id])
        assert other_books.password not in str(env.cr.fetchall())


def test_refused_voucher_is_sent_again(zhou, server, odoo_env, other_books, vouchers):
    """The answer of the other system is read, and the voucher tried again by hand."""
    other_books.plan = ["refuse"]
    with odoo_env(server.database) as env:
        target = env["jxc.finance.target"].create(
            {
                "name": "集团用友",
                "code": "U8GROUP",
                "adapter": "u8_eai",
                "endpoint": other_books.url,
                "login": "user",
                "secret": other_books.password,
                "book": "001",
            }
        )
        target.enqueue_moves([vouchers["other"]])
    wait_for_outbox(odoo_env, server.database, "refused")
    zhou.resize(DESKTOP)
    zhou.show("/odoo/vouchers-sent", ".o_data_row")
    zhou.screenshot("outbox")
    assert "科目不存在" in zhou.text(".o_data_row")
    assert zhou.overflow() <= 0
    zhou.click(".o_data_row .o_data_cell[name=target_id]")
    zhou.wait_for(".o_statusbar_buttons button[name=action_retry]")
    zhou.screenshot("outbox-refused")
    assert "科目不存在" in zhou.text("[name=error]")
    zhou.click(".o_statusbar_buttons button[name=action_retry]")
    zhou.wait_until("!document.querySelector('button[name=action_retry]')")
    assert zhou.problems == []
    key = wait_for_outbox(odoo_env, server.database, "done")
    asked = [
        etree.fromstring(body).get("proc") for _path, _head, body in other_books.bodies
    ]
    assert asked == ["add", "query", "add"], "it is looked up before it is sent again"
    assert list(other_books.books) == [key]
    zhou.resize(PHONE)
    zhou.show("/odoo/vouchers-sent", CARD)
    zhou.screenshot("outbox-phone")
    assert "已送达" in zhou.text(CARD) or "集团用友" in zhou.text(CARD)
    assert zhou.overflow() <= 0
    assert zhou.problems == []
