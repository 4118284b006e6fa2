# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
"""January 2026 of a company, as the files in ``golden`` have it."""

import datetime
from decimal import Decimal

from ..tools.formats import Settings
from ..tools.voucher import CUSTOMER, DEPARTMENT, PROJECT, VENDOR, Aux, Entry, Voucher

SOLD, WAGES = "01.01.01", "01.02.02"
FIRST = Aux(CUSTOMER, "C001", "甲客户")
SECOND = Aux(CUSTOMER, "C002", "Beta Ltd")
SUPPLIER = Aux(VENDOR, "V001", "乙供应商")
SALES, OFFICE = Aux(DEPARTMENT, "D01", "销售部"), Aux(DEPARTMENT, "D02", "行政部")
SHOP = Aux(PROJECT, "P01", "新店")

NAMES = {
    "1002": "银行存款",
    "1122": "应收账款",
    "1405": "库存商品",
    "2202": "应付账款",
    "222101": "应交增值税（进项税额）",
    "5001": "主营业务收入",
    "560101": "工资",
}


def debit(summary, account, amount, **values):
    return _entry(summary, account, Decimal(amount), Decimal(0), values)


def credit(summary, account, amount, **values):
    return _entry(summary, account, Decimal(0), Decimal(amount), values)


def _entry(summary, account, debit, credit, values):
    values.setdefault("amount_currency", debit - credit)
    return Entry(summary, account, debit, credit, account_name=NAMES[account], **values)


def voucher(day, number, attachments, *entries):
    return Voucher(
        key=f"JXCM{number}",
        date=datetime.date(2026, 1, day),
        word="记",
        number=number,
        attachments=attachments,
        prepared_by="张三",
        checked_by="李四",
        cashier="王五",
        entries=entries,
    )


#: money in, goods with a quantity and tax, wages by department and project, a sale in
#: dollars, and a red entry
VOUCHERS = [
    voucher(
        5,
        1,
        1,
        debit("收到货款", "1002", "113"),
        credit("收到货款", "1122", "113", aux=(FIRST,), cash_flow=SOLD),
    ),
    voucher(
        8,
        2,
        2,
        debit("采购入库，酱油", "1405", "1000", quantity=Decimal("100.5")),
        debit("采购入库，酱油", "222101", "130"),
        credit("采购入库，酱油", "2202", "1130", aux=(SUPPLIER,)),
    ),
    voucher(
        15,
        3,
        0,
        debit("发放工资", "560101", "600", aux=(SALES, SHOP), cash_flow=WAGES),
        debit("发放工资", "560101", "400", aux=(OFFICE, SHOP), cash_flow=WAGES),
        credit("发放工资", "1002", "1000"),
    ),
    voucher(
        20,
        4,
        1,
        debit(
            "出口销售",
            "1122",
            "710.50",
            aux=(SECOND,),
            currency="USD",
            amount_currency=Decimal("100"),
            rate=Decimal("7.105"),
        ),
        credit("出口销售", "5001", "710.50"),
    ),
    voucher(
        31,
        5,
        0,
        debit("冲销多开", "1122", "-11.30", aux=(FIRST,)),
        credit("冲销多开", "5001", "-11.30"),
    ),
]


def _balance(code, kind, side, *amounts):
    opening, debit, credit, closing = map(Decimal, amounts)
    return {
        "code": code,
        "name": NAMES[code],
        "type": kind,
        "direction": side,
        "year": "2026",
        "period": "1",
        "opening": opening,
        "debit": debit,
        "credit": credit,
        "closing": closing,
    }


SETTINGS = Settings(
    book="001",
    company="甲公司",
    registry="91440300708461136T",
    cash_flows=(
        (SOLD, "销售商品、提供劳务收到的现金"),
        (WAGES, "支付给职工以及为职工支付的现金"),
    ),
    balances=(
        _balance("1002", "asset_cash", "借", "2000", "113", "1000", "1113"),
        _balance("1122", "asset_receivable", "借", "113", "699.20", "113", "699.20"),
        _balance("2202", "liability_payable", "贷", "-500", "0", "1130", "-1630"),
    ),
)
