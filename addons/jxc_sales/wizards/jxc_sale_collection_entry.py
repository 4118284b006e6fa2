# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from odoo import api, fields, models
from odoo.tools import SQL

from .jxc_sale_collection_query import entries_query

COLUMNS = (
    "date",
    "company_id",
    "move_id",
    "counter_move_id",
    "opening",
    "billed",
    "collected",
    "other",
    "closing",
)


class JxcSaleCollectionEntry(models.TransientModel):
    """What a row of a collection report is made of: its sums are those of the row.

    A document is an entry on its own date, and so is everything it was set against
    since; what was open before the period is one entry for each document.
    """

    _name = "jxc.sale.collection.entry"
    _description = "Entry behind a Collection Row"
    _order = "date, id"
    _rec_name = "move_id"

    line_id = fields.Many2one(
        comodel_name="jxc.sale.collection.line",
        required=True,
        readonly=True,
        index=True,
        ondelete="cascade",
    )
    date = fields.Date(
        readonly=True,
        help="Empty: open since before the period.",
    )
    company_id = fields.Many2one(comodel_name="res.company", readonly=True)
    currency_id = fields.Many2one(related="company_id.currency_id")
    move_id = fields.Many2one(
        comodel_name="account.move",
        string="Document",
        readonly=True,
    )
    counter_move_id = fields.Many2one(
        comodel_name="account.move",
        string="Set Against",
        readonly=True,
    )
    opening = fields.Monetary(readonly=True)
    billed = fields.Monetary(readonly=True)
    collected = fields.Monetary(readonly=True)
    other = fields.Monetary(readonly=True)
    closing = fields.Monetary(readonly=True)

    @api.model
    def _insert_entries(self, line):
        """Work the entries of one row out anew, in one statement."""
        line.entry_ids.unlink()
        self.env.flush_all()
        columns = SQL(", ").join(map(SQL.identifier, COLUMNS))
        self.env.cr.execute(
            SQL(
                "INSERT INTO %s (line_id, create_uid, create_date, %s)"
                " SELECT %s, %s, now() AT TIME ZONE 'UTC', %s FROM (%s) found",
                SQL.identifier(self._table),
                columns,
                line.id,
                self.env.uid,
                columns,
                entries_query(
                    line.report_id._items(),
                    line,
                    self.env["account.account"]._jxc_advances_query(),
                ),
            )
        )
        line.invalidate_recordset(["entry_ids"])

    def action_open_document(self):
        """Open the invoice, credit note or entry."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "res_model": "account.move",
            "res_id": self.move_id.id,
            "view_mode": "form",
        }
