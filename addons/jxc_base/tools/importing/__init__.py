# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
"""Reading company data from CSV folders and workbooks: text in, typed rows out.

Nothing in this package writes to the database. See the model ``jxc.import`` for
the service and ``jxc.import.handler`` for what an addon registers.
"""

from .changes import changed_values
from .columns import BadCell, Column
from .grid import read_grid
from .history import is_history
from .limits import Limits
from .problems import ImportRefused, Problem
from .readers import (
    read_folder,
    read_upload,
    read_xlsx,
    read_zip,
    workbook_problem,
)
from .session import Session
from .tables import Job, Row, Table

__all__ = [
    "BadCell",
    "Column",
    "ImportRefused",
    "Job",
    "Limits",
    "Problem",
    "Row",
    "Session",
    "Table",
    "changed_values",
    "is_history",
    "read_folder",
    "read_grid",
    "read_upload",
    "read_xlsx",
    "read_zip",
    "workbook_problem",
]
