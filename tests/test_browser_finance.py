# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
"""The work of an accountant on the screen: set-up, settling, bank, bills, matching."""

import io

import pytest
import xlsxwriter

from browser.page import DESKTOP, PHONE

SELLER, BUYER = "91310115093498660A", "91440300708461136T"
NUMBER = "26322000000000000088"
EINVOICE = f"""<?xml version="1.0" encoding="UTF-8"?>
<EInvoice>
  <Header><InherentLabel><GeneralOrSpecialVAT>
    <LabelName>增值税专用发票</LabelName></GeneralOrSpecialVAT></InherentLabel></Header>
  <EInvoiceData>
    <SellerInformation><SellerIdNum>{SELLER}</SellerIdNum>
      <SellerName>苏州酱园</SellerName></SellerInformation>
    <BuyerInformation><BuyerIdNum>{BUYER}</BuyerIdNum>
      <BuyerName>本公司</BuyerName></BuyerInformation>
    <BasicInformation><TotalAmWithoutTax>100.00</TotalAmWithoutTax>
      <TotalTaxAm>13.00</TotalTaxAm>
      <TotalTax-includedAmount>113.00</TotalTax-includedAmount>
      <RequestTime>2026-03-31 10:11:12</RequestTime></BasicInformation>
    <IssuItemInformation><ItemName>酱油</ItemName><Quantity>10</Quantity>
      <Amount>100.00</Amount><TaxRate>0.13</TaxRate><ComTaxAm>13.00</ComTaxAm>
    </IssuItemInformation>
  </EInvoiceData>
  <TaxSupervisionInfo><InvoiceNumber>{NUMBER}</InvoiceNumber></TaxSupervisionInfo>
</EInvoice>
"""
DIALOG = ".modal:not(.o_inactive_modal)"
DONE = "document.querySelector('.o_statusbar_status .o_arrow_button_current')"


@pytest.fixture(scope="module")
def books(server, odoo_env):
    """An accountant who speaks Chinese, a customer who owes, a vendor, and goods."""
    with odoo_env(server.database) as env:
        company = env.company
        env["jxc.finance.setup"].apply_defaults(company)
        company.write({"jxc_match_action": "hold", "jxc_books_stock": True})
        groups = ("account.group_account_manager", "purchase.group_purchase_manager")
        env["res.users"].create(
            {
                "name": "会计小李",
                "login": "finance_li",
                "odoobot_state": "disabled",
                "lang": "zh_CN",
                "group_ids": [(6, 0, [env.ref(name).id for name in groups])],
            }
        )
        customer, vendor = env["res.partner"].create(
            [
                {"name": "杭州明远百货有限公司", "is_company": True},
                {"name": "苏州酱园", "is_company": True},
            ]
        )
        env.cr.execute(
            "UPDATE res_partner SET vat = %s WHERE id = %s", [SELLER, vendor.id]
        )
        env.cr.execute(
            "UPDATE res_partner SET vat = %s WHERE id = %s",
            [BUYER, company.partner_id.id],
        )
        return {
            "customer": customer.id,
            "vendor": vendor.id,
            "journal": company.bank_journal_ids[:1].id
            or env["account.journal"].search([("type", "=", "bank")], limit=1).id,
        }


@pytest.fixture
def page(browser, server, books):
    """The accountant at a desk."""
    page = browser(server, "finance_li")
    page.resize(DESKTOP)
    return page


def _wait_text(page, selector, text):
    page.wait_until(
        f"[...document.querySelectorAll({selector!r})]"
        f".some(e => e.innerText.includes({text!r}))",
        text,
    )


def _invoice(env, partner, amount, kind="out_invoice", **line):
    move = env["account.move"].create(
        {
            "move_type": kind,
            "partner_id": partner,
            "invoice_date": "2026-03-05",
            "date": "2026-03-05",
            "ref": f"{kind}-{amount}",
            "invoice_line_ids": [
                (
                    0,
                    0,
                    {"name": "x", "price_unit": amount, "tax_ids": [(5,)], **line},
                )
            ],
        }
    )
    move.action_post()
    return move


def _pay_in(env, partner, amount):
    payment = env["account.payment"].create(
        {
            "payment_type": "inbound",
            "partner_type": "customer",
            "partner_id": partner,
            "amount": amount,
            "date": "2026-03-09",
        }
    )
    payment.action_post()
    return payment


def test_set_up_is_checked_and_fixed(page, server, odoo_env, books):
    """A wrong setting is marked, its button puts it right."""
    with odoo_env(server.database) as env:
        env.company.partner_id.tz = "Asia/Shanghai"
        setup = env["jxc.finance.setup"].create({"company_id": env.company.id})
        assert not setup.wrong_count
        category = env["product.category"].search([], limit=1)
        category.property_cost_method = "standard"
    page.show("/odoo/jxc-finance-setup", ".o_field_widget[name=line_ids] .o_data_row")
    page.screenshot("setup-wrong")
    page.wait_for("[name=some_wrong]")
    page.click(".o_data_row button[name=action_fix]")
    page.wait_for("[name=all_right]")
    page.screenshot("setup-right")
    with odoo_env(server.database) as env:
        category = env["product.category"].browse(category.id)
        assert category.property_cost_method == "average"
    assert page.problems == []


def test_settlement(page, server, odoo_env, books):
    """核销: what is proposed is applied, and undone: the items are open again."""
    with odoo_env(server.database) as env:
        invoice = _invoice(env, books["customer"], 500)
        _pay_in(env, books["customer"], 300)
        settlement = env["jxc.settlement"].create(
            {
                "kind": "receivable",
                "partner_id": books["customer"],
                "date": "2026-03-31",
            }
        )
    page.show(f"/odoo/settlements/{settlement.id}", "button[name=action_propose]")
    page.click("button[name=action_propose]")
    page.wait_for("button[name=action_apply]")
    page.screenshot("settlement-proposed")
    assert "300.00" in page.text("[name=balance]")
    page.click("button[name=action_apply]")
    page.wait_for("button[name=action_undo]")
    with odoo_env(server.database) as env:
        invoice = env["account.move"].browse(invoice.id)
        assert invoice.amount_residual == 200
        assert env["jxc.settlement"].browse(settlement.id).state == "applied"
    page.click("button[name=action_undo]")
    page.click(f"{DIALOG} .btn-primary")
    page.wait_until("!document.querySelector('button[name=action_undo]')")
    page.screenshot("settlement-undone")
    assert page.overflow() <= 0
    assert page.problems == []
    with odoo_env(server.database) as env:
        assert env["account.move"].browse(invoice.id).amount_residual == 500
        assert env["jxc.settlement"].browse(settlement.id).state == "undone"


def test_bank_statement(page, server, odoo_env, books, tmp_path):
    """A workbook of the bank: its rows come with what they probably pay."""
    with odoo_env(server.database) as env:
        partner = env["res.partner"].create(
            {"name": "宁波海港商贸有限公司", "is_company": True}
        )
        partner_id = partner.id
        invoice = _invoice(env, partner_id, 880)
        invoice_id, name = invoice.id, invoice.name
        action = env.ref("jxc_finance_bridge.jxc_bank_import_action").id
    stream = io.BytesIO()
    with xlsxwriter.Workbook(stream) as book:
        sheet = book.add_worksheet("明细")
        sheet.write_row(0, 0, ["交易日期", "收入金额", "支出金额", "对方户名", "摘要"])
        sheet.write_row(1, 0, ["2026-03-20", 880, "", "宁波海港商贸有限公司", name])
    file = tmp_path / "bank.xlsx"
    file.write_bytes(stream.getvalue())
    page.show(f"/odoo/action-{action}", ".o_field_widget[name=upload]")
    page.attach(".o_field_widget[name=upload] input[type=file]", file)
    page.wait_until(
        "[...document.querySelectorAll('input')].some(i => i.value === 'bank.xlsx')"
    )
    page.click("button[name=action_check]")
    page.wait_for("[name=row_ids] .o_data_row")
    page.screenshot("bank-checked")
    page.click("button[name=action_import]")
    _wait_text(page, ".o_list_view .o_data_row", name)
    page.screenshot("bank-imported")
    assert page.problems == []
    with odoo_env(server.database) as env:
        line = env["account.bank.statement.line"].search([("amount", "=", 880)])
        assert line.jxc_proposed_partner_id.id == partner_id
        assert line.jxc_proposed_line_ids.move_id.id == invoice_id


def test_electronic_invoice(page, server, odoo_env, books, tmp_path):
    """数电票: the XML is uploaded, a bill is drafted, all amounts as on the paper."""
    file = tmp_path / "dzfp.xml"
    file.write_text(EINVOICE, encoding="utf-8")
    with odoo_env(server.database) as env:
        action = env.ref("jxc_finance_bridge.jxc_fapiao_upload_action").id
    page.show("/odoo/tax-invoices", f"button[name='{action}']")
    page.click(f"button[name='{action}']")
    page.wait_for(f"{DIALOG} .o_form_view")
    page.attach(f"{DIALOG} input[type=file]", file)
    _wait_text(page, f"{DIALOG} .o_attachment", "dzfp.xml")
    page.click(f"{DIALOG} [name=is_drafting] input")
    page.click(f"{DIALOG} button[name=action_upload]")
    page.wait_for(f"{DIALOG} .o_data_row")
    page.screenshot("fapiao-uploaded")
    assert NUMBER in page.text(f"{DIALOG} .o_data_row")
    page.click(f"{DIALOG} button[name=action_open]")
    _wait_text(page, ".o_data_row", NUMBER)
    page.screenshot("fapiao-list")
    assert page.problems == []
    with odoo_env(server.database) as env:
        fapiao = env["jxc.fapiao"].search([("number", "=", NUMBER)])
        bill = fapiao.move_ids
        assert (bill.state, bill.partner_id.id) == ("draft", books["vendor"])
        assert (bill.amount_untaxed, bill.amount_tax) == (100, 13)
        assert bill.ref == NUMBER


@pytest.fixture
def held(server, odoo_env, books):
    """Two bills beyond tolerance: dearer than the order, and before its goods."""
    with odoo_env(server.database) as env:
        product = env["product.product"].create(
            {
                "name": "礼盒",
                "is_storable": True,
                "purchase_method": "receive",
                "supplier_taxes_id": [(5,)],
            }
        )
        line = {"product_id": product.id, "product_qty": 5, "price_unit": 9}
        order = env["purchase.order"].create(
            {
                "partner_id": books["vendor"],
                "order_line": [(0, 0, {**line, "tax_ids": [(5,)]})],
            }
        )
        order.button_confirm()
        order.picking_ids.move_ids.write({"quantity": 5, "picked": True})
        order.picking_ids.button_validate()
        day = order.date_approve.date()
        moves = env["account.move"].create(
            [
                {
                    "move_type": "in_invoice",
                    "partner_id": books["vendor"],
                    "invoice_date": day,
                    "ref": f"HELD-{order.id}-{price}",
                    "invoice_line_ids": [
                        (
                            0,
                            0,
                            {
                                "product_id": product.id,
                                "quantity": quantity,
                                "price_unit": price,
                                "purchase_line_id": order.order_line.id,
                                "tax_ids": [(5,)],
                            },
                        )
                    ],
                }
                for quantity, price in ((2, 11), (3, 12))
            ]
        )
        moves.action_post()
        assert all(move.jxc_match_open for move in moves)
        return {"ids": moves.ids, "line": order.order_line.id}


@pytest.mark.parametrize("size", [DESKTOP, PHONE], ids=["desk", "phone"])
def test_release_with_a_reason(browser, server, odoo_env, held, size):
    """On the list at the desk, on a card on the phone."""
    page = browser(server, "finance_li")
    page.resize(size)
    phone = size == PHONE
    page.show("/odoo/bill-matches", ".o_kanban_record" if phone else ".o_data_row")
    if phone:
        page.click(".o_kanban_record button[name=action_open_release]")
    else:
        page.click(".o_data_row .o_list_record_selector input")
        page.click("button[name=action_open_release]")
    page.wait_for(f"{DIALOG} [name=reason] input")
    page.fill(f"{DIALOG} [name=reason] input", "供应商涨价，已同意")
    page.screenshot(f"release-{size[0]}")
    page.click(f"{DIALOG} button[name=action_release]")
    page.wait_until(f"!document.querySelector('{DIALOG}')")
    assert page.overflow() <= 0
    assert page.problems == []
    with odoo_env(server.database) as env:
        found = env["jxc.invoice.match"].search(
            [("release_reason", "=", "供应商涨价，已同意")], order="released_on desc"
        )
        assert found[0].released_by_id.login == "finance_li"
        assert not found[0].move_id.jxc_match_open


def test_match_button_on_a_held_bill(page, server, odoo_env, held):
    """The order was agreed to cost more: Match looks again and frees the bill."""
    bill_id = held["ids"][1]
    with odoo_env(server.database) as env:
        env["purchase.order.line"].browse(held["line"]).price_unit = 12
    page.show(
        f"/odoo/action-account.action_move_in_invoice_type/{bill_id}", ".o_form_view"
    )
    page.wait_for("[name=jxc_match_open].alert")
    page.screenshot("match-held")
    page.click("button[name=action_jxc_match]")
    page.wait_until("!document.querySelector('[name=jxc_match_open].alert')")
    page.screenshot("match-free")
    assert page.problems == []
    with odoo_env(server.database) as env:
        bill = env["account.move"].browse(bill_id)
        assert (bill.state, bill.jxc_match_open) == ("posted", False)
