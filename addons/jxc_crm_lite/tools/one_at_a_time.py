# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from odoo.tools import SQL


def one_at_a_time(records):
    """Have those who make something for the same record at once do it in turn.

    Each would find that there is none yet. A lock alone does not help: who waited for
    it still sees what was there when it began. Writing the row does, the later
    transaction is started over and finds what the earlier one made.

    :param records: records of one model, saved
    """
    records.flush_recordset()
    records.env.execute_query(
        SQL(
            "UPDATE %s SET write_date = write_date WHERE id = ANY(%s) RETURNING id",
            SQL.identifier(records._table),
            records.ids,
        )
    )
