# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
"""What is asked of the database, statement by statement."""

import re
from collections import Counter
from contextlib import contextmanager

TABLE = re.compile(r'(FROM|INTO|UPDATE)\s+"?(\w+)')


@contextmanager
def counted():
    """Count what this process sends to any database; everything is sent as before."""
    from odoo import sql_db

    execute, texts = sql_db.Cursor.execute, []

    def recording(cursor, query, *args, **kwargs):
        texts.append(query if isinstance(query, str) else query.code)
        return execute(cursor, query, *args, **kwargs)

    sql_db.Cursor.execute = recording
    try:
        yield texts
    finally:
        sql_db.Cursor.execute = execute


def by_table(texts):
    """Count statements by what they do to which table first."""
    found = (TABLE.search(text) for text in texts)
    return Counter(one.groups() if one else ("other", "") for one in found)
