# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from odoo import api, fields, models
from odoo.tools import SQL


class JxcMarketingTurn(models.Model):
    """Whose turn it is to count and send marketing; one row a company.

    Nothing refers to the row, so that only mailings meet on it: whoever inserts what
    refers to a company would stumble over an update of the company itself.
    """

    _name = "jxc.marketing.turn"
    _description = "Turn to Send Marketing"
    _rec_name = "company_id"

    company_id = fields.Many2one(
        comodel_name="res.company",
        required=True,
        readonly=True,
        ondelete="cascade",
    )
    date = fields.Datetime(
        readonly=True,
    )

    _company_unique = models.UniqueIndex("(company_id)", "A company has one turn.")

    @api.model
    def _take(self, company):
        """Let one sending of a company at a time count and add its messages.

        Of two at once the second one waits, is turned away by the database because its
        snapshot is older, and is tried again with what the first one has sent. Sending
        is rare and long; a claim on a gate for each contact would not pay.
        """
        self.env.execute_query(
            SQL(
                """
                INSERT INTO jxc_marketing_turn
                       (company_id, date, create_uid, write_uid,
                        create_date, write_date)
                VALUES (%(company)s, %(now)s, %(uid)s, %(uid)s, %(now)s, %(now)s)
                    ON CONFLICT (company_id) DO UPDATE
                   SET date = %(now)s, write_uid = %(uid)s, write_date = %(now)s
                RETURNING id
                """,
                company=company.id,
                now=fields.Datetime.now(),
                uid=self.env.uid,
            )
        )
        self.invalidate_model()
