# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
"""Closing a month on the screen: what is in the way is mended, then it is closed."""

import pytest

from browser.page import DESKTOP

DIALOG = ".modal:not(.o_inactive_modal)"
CHECKS = ".o_field_widget[name=check_ids]"


@pytest.fixture(scope="module")
def month(server, odoo_env):
    """January: one entry is posted, another one still a draft."""
    with odoo_env(server.database) as env:
        company = env.company
        env["jxc.finance.setup"].apply_defaults(company)
        groups = (
            "account.group_account_manager",
            "jxc_finance_bridge.group_period_reopen",
            "stock.group_stock_manager",
        )
        env["res.users"].create(
            {
                "name": "会计主管老周",
                "login": "finance_zhou",
                "odoobot_state": "disabled",
                "lang": "zh_CN",
                "group_ids": [(6, 0, [env.ref(name).id for name in groups])],
            }
        )
        accounts = env["account.account"].search(
            [
                ("code", "in", ("100200", "300100")),
                ("company_ids", "=", company.id),
            ],
            order="code",
        )
        moves = env["account.move"].create(
            [
                {
                    "move_type": "entry",
                    "date": "2026-01-15",
                    "ref": ref,
                    "line_ids": [
                        (0, 0, {"account_id": account.id, "balance": balance})
                        for account, balance in zip(
                            accounts, (amount, -amount), strict=True
                        )
                    ],
                }
                for ref, amount in (("实收资本", 10000), ("追加投资", 500))
            ]
        )
        moves[0].action_post()
        period = env["jxc.finance.period"].create(
            {
                "company_id": company.id,
                "date_from": "2026-01-01",
                "date_to": "2026-01-31",
            }
        )
        return {"period": period.id, "draft": moves[1].id}


def test_close_and_reopen(browser, server, odoo_env, month):
    """The draft is in the way; posted by its button, the month is closed, its entries
    are locked, and it is reopened with a reason."""
    page = browser(server, "finance_zhou")
    page.resize(DESKTOP)
    path = f"/odoo/jxc-finance-periods/{month['period']}"
    page.show(path, "button[name=action_check]")
    page.click("button[name=action_check]")
    page.wait_for(f"{CHECKS} .o_data_row .text-bg-danger")
    page.screenshot("close-refused")
    page.click("button[name=action_close]")
    page.click(f"{DIALOG} .btn-primary")
    page.wait_for(".o_error_dialog, .modal .o_dialog_warning, .modal-body")
    page.screenshot("close-told")
    with odoo_env(server.database) as env:
        assert env["jxc.finance.period"].browse(month["period"]).state == "open"
    page.show(
        f"/odoo/action-account.action_move_journal_line/{month['draft']}",
        ".o_form_view",
    )
    page.click("button[name=action_post]")
    page.wait_until("!document.querySelector('button[name=action_post]')")
    page.show(path, "button[name=action_check]")
    page.click("button[name=action_check]")
    page.wait_until("!document.querySelector('.o_data_row .text-bg-danger')")
    page.wait_for("[name=ready]")
    page.screenshot("close-ready")
    page.click("button[name=action_close]")
    page.click(f"{DIALOG} .btn-primary")
    page.wait_until("!document.querySelector('button[name=action_close]')")
    page.screenshot("close-closed")
    with odoo_env(server.database) as env:
        period = env["jxc.finance.period"].browse(month["period"])
        assert (period.state, period.closed_by.login) == ("closed", "finance_zhou")
        assert str(env.company.fiscalyear_lock_date) == "2026-01-31"
        action = env.ref("jxc_finance_bridge.jxc_finance_reopen_action").id
    page.click(f"button[name='{action}']")
    page.wait_for(f"{DIALOG} [name=reason] input, {DIALOG} [name=reason] textarea")
    page.fill(
        f"{DIALOG} [name=reason] input, {DIALOG} [name=reason] textarea",
        "运费发票迟到",
    )
    page.screenshot("close-reopen")
    page.click(f"{DIALOG} button[name=action_reopen]")
    page.wait_for("button[name=action_close]")
    assert page.problems == []
    with odoo_env(server.database) as env:
        period = env["jxc.finance.period"].browse(month["period"])
        assert period.state == "open"
        texts = " ".join(period.message_ids.mapped("body"))
        assert "运费发票迟到" in texts
