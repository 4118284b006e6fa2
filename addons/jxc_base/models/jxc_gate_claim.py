# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from odoo import api, fields, models
from odoo.tools import SQL

from ..tools import gate


class JxcGateClaim(models.Model):
    """What running transactions have taken from limited resources.

    Rows are written by the gate only (``tools/gate.py``), in SQL. They matter for
    seconds; finished ones are swept away.
    """

    _name = "jxc.gate.claim"
    _description = "Claim on a Limited Resource"
    _log_access = False
    _order = "id"

    res_model = fields.Char(string="Resource Model", required=True, readonly=True)
    res_id = fields.Many2oneReference(
        string="Resource",
        model_field="res_model",
        required=True,
        readonly=True,
    )
    amount = fields.Float(digits=(24, gate.SCALE), required=True, readonly=True)
    claimed_at = fields.Datetime(readonly=True)

    _resource_idx = models.Index("(res_model, res_id)")

    def init(self):
        """Add the columns the ORM has no type for: transaction id and server start."""
        self.env.cr.execute(
            SQL(
                """
                ALTER TABLE %(table)s
                    ADD COLUMN IF NOT EXISTS xid xid8 NOT NULL,
                    ADD COLUMN IF NOT EXISTS server_start timestamptz NOT NULL
                """,
                table=SQL.identifier(self._table),
            )
        )

    @api.autovacuum
    def _gc_finished_claims(self):
        limit = 10_000
        done = self.env["jxc.gate.mixin"]._jxc_gate_sweep(limit)
        return done, int(done >= limit)
