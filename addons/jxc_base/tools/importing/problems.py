# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
"""What is wrong with the data of an import, and the refusal that carries it."""

from dataclasses import dataclass

from odoo.exceptions import UserError


@dataclass(frozen=True)
class Problem:
    """One thing to correct in the source.

    :param file: name of the file or sheet, without its ending
    :param row: line number (the header is 1), or None for the file as a whole
    :param column: name of the column, or None for the row as a whole
    :param message: what is wrong and what would be accepted
    """

    file: str
    row: int | None
    column: str | None
    message: str

    def place(self) -> str:
        """Where the problem is, as "partners:12 [email]"."""
        place = f"{self.file}:{self.row}" if self.row else self.file
        if self.column:
            place += f" [{self.column}]"
        return place

    def as_dict(self) -> dict:
        return {
            "file": self.file,
            "row": self.row,
            "column": self.column,
            "message": self.message,
        }

    def __str__(self):
        return f"{self.place()} {self.message}"


class ImportRefused(UserError):
    """The import wrote nothing; ``problems`` is all that has to be corrected."""

    SHOWN = 50

    def __init__(self, title: str, problems: list[Problem], more: str = ""):
        self.problems = problems
        lines = [title, *(str(problem) for problem in problems[: self.SHOWN])]
        if more:
            lines.append(more)
        super().__init__("\n".join(lines))
