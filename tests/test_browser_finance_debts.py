# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
"""Who owes how long, what customers say to it, and what nobody writes off alone."""

from datetime import date

import pytest

from browser.page import DESKTOP, PHONE
from selling import create_customer, create_people

CARD = ".o_kanban_record:not(.o_kanban_ghost)"
DIALOG = ".modal:not(.o_inactive_modal)"
PIVOT = ".o_pivot table"
SIZES = pytest.mark.parametrize("size", [DESKTOP, PHONE], ids=["desktop", "phone"])
AGEING = "/odoo/action-jxc_finance_bridge.jxc_ageing_action"


@pytest.fixture(scope="module")
def books(database, odoo_env):
    """Two invoices of a customer, the older one paid since; and who keeps the books."""
    with odoo_env(database) as env:
        env["jxc.finance.setup"].apply_defaults(env.company)
        create_people(env, debts_clerk=["account.group_account_user"])
        customer = create_customer(env, "绍兴柯桥茶业有限公司")
        customer.write({"email": "keqiao@example.com", "lang": "zh_CN"})
        old, new = (
            _invoice(env, customer, amount, day)
            for amount, day in ((700, "2026-01-10"), (1200, "2026-03-02"))
        )
        env["account.payment.register"].with_context(
            active_model="account.move", active_ids=old.ids
        ).create({"payment_date": "2026-03-20"})._create_payments()
        return {"customer": customer.id, "old": old.name, "new": new.name}


@pytest.fixture(scope="module")
def clerk(lasting_browser, server, books):
    """Who keeps the books, at a desk or with a phone."""
    return lasting_browser(server, "debts_clerk")


def _invoice(env, customer, amount, day):
    invoice = env["account.move"].create(
        {
            "move_type": "out_invoice",
            "partner_id": customer.id,
            "invoice_date": day,
            "date": day,
            "invoice_date_due": day,
            "invoice_line_ids": [
                (0, 0, {"name": "茶叶", "price_unit": amount, "tax_ids": [(5,)]})
            ],
        }
    )
    invoice.action_post()
    return invoice


@SIZES
def test_ageing_at_a_past_date(clerk, books, size):
    """On 15 March both were open, the older one for 64 days; down to the invoice."""
    clerk.resize(size)
    clerk.show(AGEING, f"{DIALOG} button[name=action_show]")
    clerk.fill_date(f"{DIALOG} [name=date]", date(2026, 3, 15))
    clerk.screenshot(f"ageing-criteria-{size[0]}")
    clerk.click(f"{DIALOG} button[name=action_show]")
    line = ".o_data_row" if size == DESKTOP else CARD
    if size == DESKTOP:
        clerk.wait_for(PIVOT)
        clerk.screenshot("ageing")
        rows = clerk.texts(f"{PIVOT} tbody tr")
        row = next(text for text in rows if "柯桥" in text)
        for amount in ("700.00", "1,200.00", "1,900.00"):
            assert amount in row
        clerk.click_text(f"{PIVOT} td.o_pivot_cell_value", "700.00")
    clerk.wait_text(line, books["old"])
    if size == DESKTOP:
        assert clerk.texts(".o_last_breadcrumb_item") == ["账龄分析"]
    clerk.screenshot(f"ageing-items-{size[0]}")
    assert clerk.overflow() <= 0
    clerk.click_text(
        f"{line} td[name=move_id]" if size == DESKTOP else line, books["old"]
    )
    clerk.wait_text(".o_form_view", "700.00")
    assert clerk.problems == []


def test_statement_is_confirmed(clerk, browser, server, odoo_env, books):
    """Mailed from the form; the customer opens the link on the phone and agrees."""
    with odoo_env(server.database) as env:
        statement = env["jxc.statement"].create(
            {
                "partner_id": books["customer"],
                "date_from": "2026-01-01",
                "date_to": "2026-03-31",
            }
        )
        statement.action_refresh()
        statement_id = statement.id
    clerk.resize(DESKTOP)
    clerk.show(f"/odoo/statements-of-account/{statement_id}", ".o_form_sheet")
    clerk.screenshot("statement")
    assert "1,200.00" in clerk.text(".o_form_sheet .o_field_widget[name=closing]")
    assert clerk.overflow() <= 0
    clerk.click(".o_statusbar_buttons button[name=action_send]")
    clerk.wait_text(".o_statusbar_status .o_arrow_button_current", "已发送")
    assert clerk.problems == []
    with odoo_env(server.database) as env:
        statement = env["jxc.statement"].browse(statement_id)
        path = statement.get_portal_url()
        mail = env["mail.mail"].search(
            [("model", "=", "jxc.statement"), ("res_id", "=", statement_id)]
        )
        assert path.partition("?")[0] in mail.body_html
    customer = browser(server, None)
    customer.resize(PHONE)
    customer.show(path, ".o_jxc_statement_answer")
    customer.screenshot("statement-portal")
    page = customer.text("body")
    for word in (books["old"], books["new"], "1,200.00"):
        assert word in page
    assert customer.overflow() <= 0
    customer.fill("#jxc_answer_name", "柯桥财务 沈静")
    customer.click("button[name=agrees][value=yes]")
    customer.wait_text("#answer .alert-success", "沈静")
    customer.screenshot("statement-confirmed")
    assert customer.overflow() <= 0
    assert customer.problems == []
    with odoo_env(server.database) as env:
        statement = env["jxc.statement"].browse(statement_id)
        assert (statement.state, statement.answered_by) == (
            "confirmed",
            "柯桥财务 沈静",
        )


def test_discount_above_the_limit(clerk, server, odoo_env, books):
    """A settlement that gives 10 % away is refused, and says what may be given."""
    with odoo_env(server.database) as env:
        customer = create_customer(env, "兰亭茶社")
        invoice = _invoice(env, customer, 1000, "2026-03-05")
        payment = env["account.payment"].create(
            {
                "payment_type": "inbound",
                "partner_type": "customer",
                "partner_id": customer.id,
                "amount": 900,
                "date": "2026-03-09",
            }
        )
        payment.action_post()
        settlement = env["jxc.settlement"].create(
            {"kind": "receivable", "partner_id": customer.id, "date": "2026-03-31"}
        )
        settlement.action_propose()
        settlement.line_ids = [
            (0, 0, {"side": "write_off", "write_off": "discount", "amount": 100})
        ]
        settlement.claim_ids.amount = 1000
        settlement_id, invoice_id = settlement.id, invoice.id
    clerk.resize(DESKTOP)
    clerk.show(f"/odoo/settlements/{settlement_id}", "button[name=action_apply]")
    clerk.click("button[name=action_apply]")
    clerk.wait_text(f"{DIALOG} .modal-body", "50.00")
    clerk.screenshot("settlement-refused")
    for word in ("100.00", "5"):
        assert word in clerk.text(f"{DIALOG} .modal-body")
    clerk.click(f"{DIALOG} .modal-footer button")
    clerk.wait_until(f"!document.querySelector('{DIALOG}')")
    assert clerk.problems == []
    with odoo_env(server.database) as env:
        assert env["jxc.settlement"].browse(settlement_id).state == "draft"
        assert env["account.move"].browse(invoice_id).amount_residual == 1000


def test_payment_that_writes_off_too_much(clerk, server, odoo_env, books):
    """Registered on the invoice: the rest as a loss is refused, left open it is not."""
    with odoo_env(server.database) as env:
        customer = create_customer(env, "会稽山茶行")
        invoice_id = _invoice(env, customer, 500, "2026-03-05").id
        account = env["account.account"].search([("code", "=like", "5603%")], limit=1)
        code = account.code
    clerk.resize(DESKTOP)
    clerk.show(f"/odoo/customer-invoices/{invoice_id}", ".o_form_view .o_form_sheet")
    clerk.click(".o_statusbar_buttons button[name=action_register_payment]")
    clerk.fill(f"{DIALOG} [name=amount] input", "400")
    clerk.press("Tab", 9, "")
    clerk.wait_for(f"{DIALOG} [name=payment_difference_handling]")
    clerk.click(
        f"{DIALOG} [name=payment_difference_handling] input[data-value=reconcile]"
    )
    clerk.fill(f"{DIALOG} [name=writeoff_account_id] input", code)
    clerk.click_text(".o-autocomplete--dropdown-item", code)
    label = f"{DIALOG} [name=writeoff_label] input"
    assert clerk.evaluate(f"document.querySelector('{label}').value") == "差额核销"
    clerk.screenshot("payment-write-off")
    clerk.click(f"{DIALOG} button[name=action_create_payments]")
    clerk.wait_text(f"{DIALOG} .modal-body", "25.00")
    clerk.screenshot("payment-refused")
    clerk.click(f"{DIALOG}:not(:has(.o_form_view)) .modal-footer button")
    clerk.click(f"{DIALOG} [name=payment_difference_handling] input[data-value=open]")
    clerk.click(f"{DIALOG} button[name=action_create_payments]")
    clerk.wait_until(f"!document.querySelector('{DIALOG}')")
    assert clerk.overflow() <= 0
    assert clerk.problems == []
    with odoo_env(server.database) as env:
        assert env["account.move"].browse(invoice_id).amount_residual == 100
