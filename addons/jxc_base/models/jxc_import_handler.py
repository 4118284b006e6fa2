# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from odoo import models
from odoo.tools import format_date

from ..tools.importing import Job


class JxcImportHandler(models.AbstractModel):
    """What an addon registers to understand one file of the import layout.

    Inherit it in a model ``jxc.import.<file>``. Other addons add columns with
    ``_inherit = "jxc.import.<file>"`` and ``super()`` in the four hooks.
    """

    _name = "jxc.import.handler"
    _description = "Import of one file"

    # Name of the file without its ending, and of the sheet in a workbook.
    _jxc_file = None
    # Order among files: master data before documents.
    _jxc_sequence = 100
    # Columns that identify a row; () when several rows make one record.
    _jxc_key = ()
    # Addon to name when somebody asks what brings the file.
    _jxc_addon = "jxc_base"

    def _jxc_columns(self):
        """Columns of the file, as a list of Column. Called once an import."""
        return []

    def _jxc_check(self, rows, session):
        """Report every problem of the rows with ``session.problem``; never write.

        Called once with the rows whose cells could all be read, and once more with
        the others: there stand-ins take the place of unreadable cells, and only
        problems with readable texts are believed.

        :param rows: the rows to check
        :param session: the Session; ``session.rows(file)`` gives other files' rows
        """

    def _jxc_check_happened(self, row, column, day, session):
        """Report that goods cannot have moved on a day that is still to come.

        :param column: the column that says they moved
        """
        if day > session.today:
            session.problem(
                row,
                column,
                self.env._(
                    "cannot have moved on %(day)s, which is still to come; leave the"
                    " quantity empty, or correct the date",
                    day=format_date(self.env, day),
                ),
            )

    def _jxc_plan(self, rows, session):
        """Cut the rows into jobs; documents return one job a month.

        :return: list of Job
        """
        return [Job(rows=rows)]

    def _jxc_load(self, rows, session):
        """Create or update the records of a job, in batches, idempotent by key.

        Figures go to ``session.count`` and ``session.total`` (names of totals are
        translated by ``jxc.import.run._jxc_total_names``). What only shows while
        writing (a limit that blocks an order) goes to ``session.problem``: the
        import is then rolled back whole.
        """
