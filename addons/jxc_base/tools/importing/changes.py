# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
"""Comparing a record with the values of a row, so that only changes are written."""

from odoo.tools import float_compare


def changed_values(record, values):
    """Those of ``values`` that differ from what the record holds.

    :param record: one record
    :param values: {field: value} as for ``write``; for x2many fields an iterable of
        ids that are to be linked, no more and no less
    :return: dict for ``write``, {} when nothing changes
    """
    return {
        name: value
        for name, value in values.items()
        if not _is_same(record, record._fields[name], value)
    }


def _is_same(record, field, value):
    current = record[field.name]
    if field.type == "many2one":
        return current.id == (value or False)
    if field.type in ("many2many", "one2many"):
        return set(current.ids) == set(value or ())
    if field.type in ("float", "monetary"):
        digits = field.get_digits(record.env) if field.type == "float" else None
        precision = digits[1] if digits else 6
        return not float_compare(current, value or 0.0, precision_digits=precision)
    return (current or False) == (value or False)
