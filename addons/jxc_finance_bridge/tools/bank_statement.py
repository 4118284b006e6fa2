# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
"""Rows of a bank's export to transactions, worked out without a database."""

import datetime
import hashlib
import re
import unicodedata
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation

from odoo.tools.translate import LazyTranslate

_lt = LazyTranslate(__name__)

#: What banks call their columns.
NAMES = {
    "date": "交易日期 记账日期 入账日期 交易时间 记账时间 日期 date transactiondate",
    "amount": "交易金额 发生额 金额 amount",
    "out": "借方发生额 支出金额 借方金额 支出 转出金额 付款金额 借方 debit withdrawal",
    "in": "贷方发生额 收入金额 贷方金额 收入 转入金额 收款金额 贷方 credit deposit",
    "partner": "对方户名 对方名称 对方单位名称 对方单位 对方账户名称 对方账户名"
    " 交易对方 收/付方名称 counterparty partner",
    "account": "对方账号 对方帐号 对方账户 对方卡号 收/付方帐号 收/付方账号 account",
    "reference": "交易流水号 流水号 核心流水号 银行流水号 回单编号 交易序号 凭证号"
    " reference",
    "memo": "摘要 用途 附言 备注 交易摘要 memo description",
}
ROLES = tuple(NAMES)
#: Exports of one bank have them, or not.
OPTIONAL = frozenset({"partner", "account", "reference", "memo"})
HEADER_ROWS = 40
DATE = re.compile(r"(\d{4})[-/.年]?(\d{1,2})[-/.月]?(\d{1,2})日?(?:[ T].*|\d{6})?")
BRACKETS = re.compile(r"[(\[【].*?[)\]】]")
TOTALS = ("合计", "总计", "小计", "本页", "total")


@dataclass
class Transaction:
    """One movement on a bank account.

    :param number: row in the file
    :param amount: positive for money that came in
    :param key: the same for the same movement in an export with the same columns
    :param said: {role: text} of the optional columns that the export has
    :param doubt: name of an entry in the books that it may be
    """

    number: int
    date: datetime.date
    amount: Decimal
    partner: str = ""
    account: str = ""
    reference: str = ""
    memo: str = ""
    key: str = ""
    said: dict = field(default_factory=dict)
    doubt: str = ""

    def get_kept(self):
        """What is kept with the key, to tell it in an export with other columns."""
        return {"date": self.date.isoformat(), **self.said}


def tight(text):
    """A text as it is compared between exports: half-width, no spaces.

    >>> tight(" 货款（3 月）")
    '货款(3月)'
    """
    return re.sub(r"\s", "", unicodedata.normalize("NFKC", text or "")).lower()


def plain(text):
    """A header or a name as it is compared: half-width, no spaces, no brackets' text.

    >>> plain("收入金额（元）"), plain(" Transaction Date ")
    ('收入金额', 'transactiondate')
    """
    return BRACKETS.sub("", tight(text))


def find_columns(rows, chosen):
    """Find the header and which column holds what.

    :param rows: list of (row number, texts)
    :param chosen: {role: name in the header} that was chosen before; other roles are
        found by the usual names, and so are optional ones whose column is not there
    :return: ({role: position}, position of the header in ``rows``), or ({}, None)

    >>> rows = [(1, ["某银行"]), (2, ["交易日期", "收入金额", "支出金额", "摘要"])]
    >>> find_columns(rows, {})
    ({'date': 0, 'out': 2, 'in': 1, 'memo': 3}, 1)
    >>> find_columns(rows, {"date": "交易日期", "reference": "流水号"})
    ({'date': 0, 'out': 2, 'in': 1, 'memo': 3}, 1)
    """
    for place, (_number, cells) in enumerate(rows[:HEADER_ROWS]):
        names = [plain(cell) for cell in cells]
        found = {}
        for role in ROLES:
            position = next(
                (names.index(name) for name in _wanted(role, chosen) if name in names),
                None,
            )
            if position is not None and position not in found.values():
                found[role] = position
        if "date" in found and ("amount" in found or {"in", "out"} <= found.keys()):
            if {"in", "out"} <= found.keys() and not chosen.get("amount"):
                found.pop("amount", None)
            if all(role in found for role in chosen.keys() - OPTIONAL if chosen[role]):
                return found, place
    return {}, None


def _wanted(role, chosen):
    """Names of the column of a role in the order in which they count."""
    usual = [plain(name) for name in NAMES[role].split()]
    if not chosen.get(role):
        return usual
    if role not in OPTIONAL:
        return [plain(chosen[role])]
    others = {plain(name) for name in chosen.values() if name}
    return [plain(chosen[role]), *(name for name in usual if name not in others)]


def read_date(text):
    """The day of a cell, None if it is none.

    >>> read_date("2026年3月5日"), read_date("20260305 10:11:12")
    (datetime.date(2026, 3, 5), datetime.date(2026, 3, 5))
    """
    match = DATE.fullmatch(unicodedata.normalize("NFKC", text))
    try:
        date = datetime.date(*map(int, match.groups())) if match else None
    except ValueError:
        return None
    return date if date and 1990 <= date.year <= 2199 else None


def read_amount(text):
    """The number of a cell, zero for an empty one, None if it is none.

    >>> read_amount("¥1,234.50"), read_amount("-"), read_amount("12元")
    (Decimal('1234.50'), Decimal('0'), None)
    """
    text = unicodedata.normalize("NFKC", text).replace(",", "").replace(" ", "")
    text = text.lstrip("¥￥").removeprefix("CNY").removeprefix("RMB")
    if text in ("", "-", "--"):
        return Decimal(0)
    if not re.fullmatch(r"[+-]?\d{1,13}(\.\d+)?", text, re.ASCII):
        return None
    try:
        return Decimal(text)
    except InvalidOperation:
        return None


def read_reference(text):
    """The number of a cell: some banks fill in zeros where they have none.

    >>> read_reference("A 1"), read_reference("00000000"), read_reference("-")
    ('A 1', '', '')
    """
    return text if re.search(r"[1-9a-z]", tight(text)) else ""


def read_transactions(rows, columns, header, digits):
    """Transactions below the header, and what is wrong.

    :param columns: {role: position}
    :param header: position of the header in ``rows``
    :param digits: decimals of the currency
    :return: (list of Transaction, list of (row number, header name, lazy text))
    """
    names = rows[header][1]
    found, problems, seen = [], [], {}
    entries = list(_get_entries(rows[header + 1 :], columns))
    sign = _get_out_sign(entries)
    for number, values in entries:
        count = len(problems)
        date = read_date(values["date"])
        if not date:
            problems.append(
                (
                    number,
                    names[columns["date"]],
                    _lt("“%(text)s” is not a day", text=values["date"][:40]),
                )
            )
        amount = _read_money(number, values, columns, names, problems, sign)
        if amount is not None and amount != round(amount, digits):
            problems.append(
                (
                    number,
                    None,
                    _lt(
                        "%(amount)s has more than %(digits)s decimals",
                        amount=str(amount),
                        digits=digits,
                    ),
                )
            )
        if len(problems) > count:
            continue
        texts = {
            role: values.get(role, "")
            for role in ("partner", "account", "reference", "memo")
        }
        texts["reference"] = read_reference(texts["reference"])
        said = {role: tight(texts[role]) for role in OPTIONAL & columns.keys()}
        one = Transaction(number, date, amount, said=said, **texts)
        one.key = _key(one, seen)
        found.append(one)
    return found, problems


def _get_entries(rows, columns):
    """(row number, {role: text}) of transactions, without what stands below them."""
    for number, cells in rows:
        values = {
            role: cells[place] if place < len(cells) else ""
            for role, place in columns.items()
        }
        if not _is_remark(cells, values):
            yield number, values


def _is_remark(cells, values):
    """Totals and remarks below the transactions; a partner may be called like one."""
    if read_date(values["date"]):
        return False
    if plain(next(filter(None, cells), "")).startswith(TOTALS):
        return True
    return not any(values.get(role) for role in ("date", "amount", "in", "out"))


def _get_out_sign(entries):
    """-1 where the bank writes what goes out with a minus sign in its own column.

    There, most have it. Where few have, it is money that came back.
    """
    amounts = [read_amount(values.get("out", "")) or 0 for _number, values in entries]
    below = sum(amount < 0 for amount in amounts)
    return -1 if below > sum(amount > 0 for amount in amounts) else 1


def _read_money(number, values, columns, names, problems, sign):
    amounts = {}
    for role in ("amount", "in", "out"):
        if role not in columns:
            continue
        amounts[role] = read_amount(values[role])
        if amounts[role] is None:
            problems.append(
                (
                    number,
                    names[columns[role]],
                    _lt("“%(text)s” is not an amount", text=values[role][:40]),
                )
            )
            return None
    if amounts.get("in") and amounts.get("out"):
        problems.append((number, None, _lt("has money in and money out in one row")))
        return None
    total = amounts.get("amount", 0) + amounts.get("in", 0)
    total -= sign * amounts.get("out", 0)
    if not total:
        problems.append((number, None, _lt("has no amount")))
        return None
    return Decimal(total)


def _key(one, seen):
    """What tells a transaction from others, the same in every export."""
    parts = [one.date.isoformat(), f"{one.amount.normalize():f}"]
    if one.reference:
        parts.append(one.reference)
    else:
        # Without a number two alike may be two: they are counted.
        # Brackets tell branches of a partner and months of a memo apart.
        parts += [tight(one.partner), one.account, tight(one.memo)]
        alike = tuple(parts)
        seen[alike] = seen.get(alike, 0) + 1
        parts.append(f"#{seen[alike]}")
    return hashlib.sha256("|".join(parts).encode()).hexdigest()[:40]
