# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
"""Orders of a shop in a workbook or CSV file: a row per line. No database."""

from odoo.tools.translate import LazyTranslate

from odoo.addons.jxc_base.tools.importing import BadCell, Column, Problem

_lt = LazyTranslate(__name__)

BUYER = {
    "buyer": "name",
    "phone": "phone",
    "email": "email",
    "street": "street",
    "city": "city",
    "state": "state",
    "zip": "zip",
}
TEXTS = ("date", "note", *BUYER)
AMOUNTS = ("paid", "shipping", "fee", "total")
COLUMNS = {
    column.name: column
    for column in (
        Column("number", required=True),
        Column("sku", required=True),
        Column("quantity", type="qty", required=True),
        Column("price", type="amount", required=True),
        Column("discount", type="float"),
        *(Column(name, type="amount") for name in AMOUNTS),
        *(Column(name) for name in TEXTS),
    )
}
REQUIRED = [name for name, column in COLUMNS.items() if column.required]


def read_tables(tables):
    """Orders in the rows of tables.

    Rows of one order follow each other or not; what is said of the whole order stands
    in its first row, and is the same or empty in the others.

    :param tables: list of :class:`~odoo.addons.jxc_base.tools.importing.Table`
    :return: ``([order object], [Problem])``
    """
    orders, problems = {}, []
    for table in tables:
        problems += _header_problems(table)
        if problems:
            continue
        for number, cells in table.rows:
            values = _read_row(table, number, cells, problems)
            if values:
                _add_row(orders, values, table, number, problems)
    return list(orders.values()), problems


def _header_problems(table):
    unknown = [name for name in table.columns if name not in COLUMNS]
    accepted = ", ".join(COLUMNS)
    found = [
        Problem(
            table.file,
            1,
            name,
            _lt(
                "is not a column of this file, accepted are: %(names)s", names=accepted
            ),
        )
        for name in unknown
    ]
    return found + [
        Problem(table.file, 1, name, _lt("the column is required and missing"))
        for name in REQUIRED
        if name not in table.columns
    ]


def _read_row(table, number, cells, problems):
    """The values of a row by column, or None if any of its cells is wrong."""
    values = {}
    known = len(problems)
    for name in table.columns:
        try:
            value = COLUMNS[name].parse(cells.get(name, ""))
        except BadCell as error:
            problems.append(Problem(table.file, number, name, error.text))
            continue
        if value is not None:
            values[name] = value
    return values if len(problems) == known else None


def _add_row(orders, values, table, number, problems):
    head = {name: values[name] for name in (*AMOUNTS, *TEXTS) if name in values}
    order = orders.get(values["number"])
    if order is None:
        order = orders[values["number"]] = {
            "number": values["number"],
            "buyer": {BUYER[name]: head[name] for name in BUYER if name in head},
            "lines": [],
            **{name: value for name, value in head.items() if name not in BUYER},
        }
    else:
        for name, value in head.items():
            first = order["buyer"] if name in BUYER else order
            if first.get(BUYER.get(name, name)) != value:
                message = _lt(
                    "differs from the first row of order %(number)s",
                    number=values["number"],
                )
                problems.append(Problem(table.file, number, name, message))
    line = ("sku", "quantity", "price", "discount")
    order["lines"].append({name: values[name] for name in line if name in values})
