# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
"""The shapes data takes on its way: table of texts, typed row, job."""

import datetime
from dataclasses import dataclass, field


@dataclass
class Table:
    """The cells of one file or sheet, as texts.

    :param file: name without ending, "partners"
    :param columns: names in the header, in their order
    :param rows: (line number, {column: text}) in their order
    """

    file: str
    columns: list[str]
    rows: list[tuple[int, dict[str, str]]]


class Row:
    """One line with typed values: ``row["price"]`` is a float, or None when empty."""

    __slots__ = ("bad", "columns", "file", "number", "values")

    def __init__(self, file, number, values, columns, bad=()):
        self.file = file
        self.number = number
        self.values = values
        self.columns = columns
        self.bad = frozenset(bad)

    def __getitem__(self, column):
        return self.values[column]

    def get(self, column, default=None):
        """Value of a column that may belong to an addon that is not installed."""
        value = self.values.get(column)
        return default if value is None else value

    def has(self, column) -> bool:
        """Whether the file carries this column at all.

        On update an absent column leaves the record's value as it is; a column that
        is there with an empty cell clears it.
        """
        return column in self.columns

    def filled(self, columns):
        """A copy with stand-ins in place of the cells that cannot be read.

        :param columns: the Columns of the file
        """
        values = dict(self.values)
        for column in columns:
            if column.name in self.bad:
                values[column.name] = column.stand_in()
        return Row(self.file, self.number, values, self.columns)

    def __repr__(self):
        return f"<{self.file}:{self.number} {self.values}>"


@dataclass
class Job:
    """Rows that are loaded in one go.

    :param rows: rows of one file; documents stay whole
    :param period: None for master data; for documents the first day of the period
        they belong to. Dated jobs of all files are loaded period by period, so
        that what was bought in a month is there before it is sold.
    """

    rows: list[Row] = field(default_factory=list)
    period: datetime.date | None = None
