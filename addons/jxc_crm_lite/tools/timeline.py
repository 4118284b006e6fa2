# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
"""One list of what happened, newest first, out of many; page by page. No database."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, time
from typing import Any


@dataclass
class Source:
    """Where one kind of entry comes from.

    :param kind: technical name, the same for sources that people see as one
    :param label: what people read for the kind
    :param icon: name of a Font Awesome icon
    :param model: name of the model, asked with the rights of the user
    :param date: its date or datetime field
    :param domain: which records are about the customer
    :param describe: called with a record, returns title, text and user of the entry
    :param opens: whether the entry leads to the record's form
    """

    kind: str
    label: str
    icon: str
    model: str
    date: str
    domain: Any
    describe: Callable[[Any], dict] = field(repr=False)
    opens: bool = True


def moment(value):
    """The second at which an entry stands; days stand at their beginning.

    >>> from datetime import date
    >>> moment(date(2024, 5, 1))
    datetime.datetime(2024, 5, 1, 0, 0)
    >>> moment(datetime(2024, 5, 1, 8, 30, 1, 999))
    datetime.datetime(2024, 5, 1, 8, 30, 1)
    """
    if isinstance(value, datetime):
        return value.replace(microsecond=0)
    return datetime.combine(value, time())


def page(entries, limit, before=None):
    """The next entries, and where to go on.

    :param entries: (moment, place of the kind, id, …) of all sources, each source's
        newest up to and with the second of ``before``
    :param limit: how many
    :param before: (moment of the last entry shown, how many of that second were shown)
    :return: (entries, the next ``before`` or None at the end)

    >>> day = datetime(2024, 5, 1)
    >>> old = (datetime(2024, 4, 1), 0, 9)
    >>> entries = [(day, 0, 1), (day, 0, 2), (day, 1, 1), old]
    >>> first, go_on = page(entries, 2)
    >>> first == [(day, 0, 2), (day, 0, 1)], go_on == (day, 2)
    (True, True)
    >>> page(entries, 2, go_on) == ([(day, 1, 1), old], None)
    True
    """
    entries = sorted(entries, key=lambda entry: (entry[1], -entry[2]))
    entries.sort(key=lambda entry: entry[0], reverse=True)
    if before:
        last, shown = before
        entries = [entry for entry in entries if entry[0] <= last]
        entries = entries[shown:]
    found = entries[:limit]
    if len(entries) <= limit:
        return found, None
    last = found[-1][0]
    shown = sum(entry[0] == last for entry in found)
    if before and before[0] == last:
        shown += before[1]
    return found, (last, shown)
