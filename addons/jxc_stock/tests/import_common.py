# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from odoo.addons.jxc_base.tools.importing import ImportRefused

from .common import UnitCase


class ImportCase(UnitCase):
    """Runs imports from rows, as an administrator."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.wine.default_code = "WINE"
        cls.admin = cls._new_user("jxc_import_admin", "base.group_system")

    def _import(self, history=False, **files):
        """Import {file: [{column: text}]}; return the report of the run."""
        run = (
            self.env["jxc.import"]
            .with_user(self.admin)
            .run_tables(self._tables(files), history=history)
        )
        return run.report

    def _tables(self, files):
        return {file: list(enumerate(rows, start=2)) for file, rows in files.items()}

    def _counts(self, report):
        """What happened to the rows of the last file, without zeros."""
        entry = report["files"][-1]
        names = ("created", "updated", "unchanged")
        return {name: entry[name] for name in names if entry[name]}

    def _product(self, code):
        return self.env["product.product"].search([("default_code", "=", code)])

    def _assert_problems(self, expected, **files):
        """The import is refused with exactly these problems.

        :param expected: {(row, column): fragment of the message}
        """
        with self.assertRaises(ImportRefused) as refused:
            self._import(**files)
        found = {(p.row, p.column): p.message for p in refused.exception.problems}
        self.assertEqual(set(found), set(expected), found)
        for place, fragment in expected.items():
            self.assertIn(fragment, found[place])
