# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
"""Printed vouchers as they leave the printer: A5, carried forward, in words."""

import io
import re
import unicodedata

import pytest
import requests
from pypdf import PdfReader

#: Points of an A5 sheet that lies on its side.
A5 = (595, 420)
#: Amounts of a voucher of three sheets (five rows each), and of two of one.
LINES = range(101, 112)


def _plain(text):
    """Without blanks, and with characters for radicals: fonts share their glyphs."""
    return "".join(
        unicodedata.normalize("NFKC", char) if "\u2f00" <= char <= "\u2fdf" else char
        for char in "".join(text.split()).replace("\u2eda", "页")
    )


@pytest.fixture(scope="module")
def vouchers(database, odoo_env):
    """{"ids": the vouchers, "wizards": prints by grouping} of a day."""
    with odoo_env(database, "admin") as env:
        company = env["res.company"].search([("chart_template", "=", "cn")], limit=1)
        env = env(context={"allowed_company_ids": company.ids, "lang": "zh_CN"})
        env.user.lang = "zh_CN"
        company.jxc_voucher_lines = 5
        accounts = env["account.account"].with_company(company)
        account = {
            code: accounts.search([("code", "=", code)], limit=1).id
            for code in ("100200", "140500", "300100")
        }
        journal = env["account.journal"].search(
            [("company_id", "=", company.id), ("type", "=", "general")], limit=1
        )

        def post(papers, *lines):
            move = env["account.move"].create(
                {
                    "move_type": "entry",
                    "date": "2024-05-06",
                    "journal_id": journal.id,
                    "jxc_summary": "采购入库",
                    "jxc_attachment_count": papers,
                    "line_ids": [
                        (0, 0, {"account_id": account[code], "balance": amount})
                        for code, amount in lines
                    ],
                }
            )
            move.action_post()
            return move

        goods = (("140500", amount) for amount in LINES)
        moves = post(5, *goods, ("100200", -sum(LINES)))
        for papers in (0, 2):
            moves += post(papers, ("100200", 10000.5), ("300100", -10000.5))
        wizards = {
            grouping: env["jxc.voucher.print"]
            .create(
                {
                    "company_id": company.id,
                    "date_from": "2024-05-01",
                    "date_to": "2024-05-31",
                    "grouping": grouping,
                }
            )
            .id
            for grouping in ("document", "day")
        }
        return {"ids": moves.ids, "company": company.name, "wizards": wizards}


@pytest.fixture(scope="module")
def pages(server, vouchers, set_password):
    """Texts of the pages of a report; each page is an A5 sheet."""
    session = requests.Session()
    session.trust_env = False
    login = {
        "db": server.database,
        "login": "admin",
        "password": set_password(server.database),
    }
    address = f"{server.url}/web/session/authenticate"
    session.post(address, json={"params": login}).raise_for_status()

    def read(report, *ids):
        numbers = ",".join(map(str, ids))
        path = f"/report/pdf/jxc_finance_bridge.{report}/{numbers}"
        answer = session.get(server.url + path)
        assert answer.headers["Content-Type"] == "application/pdf", answer.text[:500]
        sheets = PdfReader(io.BytesIO(answer.content)).pages
        for sheet in sheets:
            size = tuple(round(float(n)) for n in sheet.mediabox[2:])
            assert all(abs(a - b) <= 2 for a, b in zip(size, A5, strict=True)), size
        return [_plain(sheet.extract_text()) for sheet in sheets]

    return read


def test_a_long_voucher_is_carried_forward(pages, vouchers):
    """Twelve lines of a voucher are three sheets, with the sums taken along."""
    texts = pages("report_voucher", vouchers["ids"][0])
    assert len(texts) == 3
    for number, text in enumerate(texts, start=1):
        assert "记账凭证" in text
        assert vouchers["company"].replace(" ", "") in text
        assert "记-1" in text
        assert f"({number}/3)" in text
        assert "附单据（张）：5" in text
    first, second, last = texts
    assert "过次页" in first
    assert "承前页" not in first
    assert f"{sum(LINES[:5]):,}.00" in first
    for text in (second, last):
        assert "承前页" in text
    assert f"{sum(LINES[:5]):,}.00" in second, "brought forward"
    assert f"{sum(LINES[:9]):,}.00" in second, "carried forward"
    assert f"{sum(LINES[:9]):,}.00" in last, "brought forward"
    assert "过次页" not in last
    assert "合计" in last
    assert f"{sum(LINES):,}.00" in last
    assert "壹仟壹佰陆拾陆元整" in last
    assert not any("元整" in text for text in texts[:2]), "in words at the end only"


def test_a_batch_has_a_sheet_for_each(pages, vouchers):
    texts = pages("report_voucher_batch", vouchers["wizards"]["document"])
    assert len(texts) == 5
    numbers = [next(n for n in (1, 2, 3) if f"记-{n}" in text) for text in texts]
    assert numbers == [1, 1, 1, 2, 3]
    papers = [re.search("附单据（张）：([0-9]+)", text).group(1) for text in texts]
    assert papers == ["5", "5", "5", "0", "2"]
    for text in texts[3:]:
        assert "壹万元伍角整" in text or "壹万元零伍角整" in text
        assert "10,000.50" in text


def test_a_day_is_one_voucher(pages, vouchers):
    """Summed up: one sheet, its own number, and the numbers that are in it."""
    [text] = pages("report_voucher_batch", vouchers["wizards"]["day"])
    assert "记-1" in text
    assert "[记-1…3]" in text
    assert "附单据（张）：7" in text
    assert f"{sum(LINES) + 20001:,}.00" in text
