# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
"""The Northwind demo company: make the import folder and load it."""

from . import importing, odoo, paths
from .process import check_logged

COMPANY = "诺风商贸有限公司"
SOURCE = paths.NORTHWIND / "data"
TODO = "Look at demo/northwind; --no-demo starts with an empty company"


def is_there():
    """Tell whether this tree carries the Northwind data."""
    return (paths.NORTHWIND / "make_layout.py").exists()


def load(config, database, step, end_date):
    """Import a year of trade into a database that has our addons.

    :param str end_date: last day of the data, YYYY-MM-DD
    :return: report of the import
    """
    layout = paths.LOCAL / "northwind"
    step.note("making the import folder")
    check_logged(
        "Making the Northwind folder",
        [paths.PYTHON, "-B", paths.NORTHWIND / "make_layout.py", SOURCE, layout]
        + ["--end-date", end_date],
        "northwind-layout.log",
        TODO,
    )
    report = importing.run(
        config,
        database,
        layout,
        history=True,
        show=step.note,
        todo=TODO,
        # documents of a person, not of the system
        user="admin",
    )
    step.note("customer classes")
    arguments = ["--date", end_date]
    odoo.inside("Settling", "settle_history", config, database, arguments)
    return report
