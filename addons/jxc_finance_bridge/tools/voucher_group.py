# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
"""Several vouchers as one (凭证合并): what a group of them is in other systems."""

import dataclasses

from .voucher import Voucher

#: what is added up
AMOUNTS = ("debit", "credit", "amount_currency", "quantity")


def merge(vouchers, key, number, summary):
    """Return one voucher with the sums of several of a word and month.

    Lines are added up that have everything but their text in common, each side by
    itself and red ones by themselves: debit and credit totals stay what they were.

    :param vouchers: Vouchers, the first to the last; at least one
    :param key: what the other system keeps as reference of the group
    :param number: its number there
    :param summary: text of all its lines

    >>> from datetime import date
    >>> from decimal import Decimal
    >>> from .voucher import Entry
    >>> def sale(key, amount):
    ...     amount = Decimal(amount)
    ...     lines = (Entry("Sale", "1122", amount), Entry("Sale", "5001", 0, amount))
    ...     return Voucher(key, date(2024, 1, 5), "记", 7, attachments=1, entries=lines)
    >>> one = merge([sale("A", 10), sale("B", 5), sale("C", -1)], "D", 2, "3 sales")
    >>> [(line.account, str(line.debit), str(line.credit)) for line in one.entries]
    [('1122', '15', '0'), ('1122', '-1', '0'), ('5001', '0', '15'), ('5001', '0', '-1')]
    >>> one.key, one.number, one.attachments, one.entries[0].summary
    ('D', 2, 3, '3 sales')
    """
    rows = {}
    for voucher in vouchers:
        for entry in voucher.entries:
            same = dataclasses.replace(
                entry, summary=summary, **dict.fromkeys(AMOUNTS, 0)
            )
            side = bool(entry.debit), (entry.debit or entry.credit) < 0
            known = rows.get((same, side))
            rows[same, side] = entry if known is None else _add(known, entry)
    entries = [
        dataclasses.replace(entry, summary=summary)
        for (_same, side), entry in sorted(rows.items(), key=_place)
    ]
    return Voucher(
        key=key,
        date=max(voucher.date for voucher in vouchers),
        word=vouchers[0].word,
        number=number,
        attachments=sum(voucher.attachments for voucher in vouchers),
        prepared_by=_names(vouchers, "prepared_by"),
        checked_by=_names(vouchers, "checked_by"),
        cashier=_names(vouchers, "cashier"),
        entries=tuple(entries),
    )


def _add(one, other):
    return dataclasses.replace(
        one, **{name: getattr(one, name) + getattr(other, name) for name in AMOUNTS}
    )


def _place(row):
    """Debits first, then by account; red ones after the others."""
    (same, (is_debit, is_red)), _entry = row
    return not is_debit, same.account, is_red


def _names(vouchers, name):
    """Who signed: the names of all, once each. One missing signature is none."""
    names = dict.fromkeys(getattr(voucher, name) for voucher in vouchers)
    return "" if "" in names else ", ".join(names)
