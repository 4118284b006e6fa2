# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from odoo import api, fields, models
from odoo.tools import SQL


class JxcDuplicateTurn(models.Model):
    """Lets operations that buy the same product decide one after another.

    Two people who confirm the same need in the same moment do not see each other's
    document: each request reads a snapshot that is older than what the other one does.
    There is no amount to take, so the gate is no help; but each operation writes the
    row of its product. The later one then waits for the earlier one, and when that has
    succeeded, the database refuses to let it go on with its old snapshot: the request
    starts over, sees the document and is refused properly. Only products of companies
    that block duplicates have a row; and products and vendors of companies where direct
    purchases count together up to a limit.
    """

    _name = "jxc.duplicate.turn"
    _description = "Turn in Comparing Purchases"
    _log_access = False
    _order = "id"

    company_id = fields.Many2one(
        comodel_name="res.company",
        required=True,
        readonly=True,
        ondelete="cascade",
    )
    product_id = fields.Many2one(
        comodel_name="product.product",
        readonly=True,
        ondelete="cascade",
    )
    partner_id = fields.Many2one(
        comodel_name="res.partner",
        string="Vendor",
        readonly=True,
        ondelete="cascade",
    )
    turn = fields.Integer(
        required=True,
        readonly=True,
    )

    _one_a_product = models.UniqueIndex("(company_id, product_id)")
    _one_a_vendor = models.UniqueIndex("(company_id, partner_id)")

    @api.model
    def _take(self, pairs):
        """Wait for the turn of these products, and have later ones see what we do.

        One statement, in the order of its rows, so that two of them never wait for each
        other.

        :param pairs: set of (company id, product id)
        :raise psycopg2.errors.SerializationFailure: somebody was faster; the request is
            repeated by the platform
        """
        self._take_turns("product_id", pairs)

    @api.model
    def _take_vendors(self, pairs):
        """Do the same for vendors. Who needs both takes vendors first.

        :param pairs: set of (company id, id of the commercial partner)
        """
        self._take_turns("partner_id", pairs)

    def _take_turns(self, column, pairs):
        pairs = sorted(pairs)
        if not pairs:
            return
        column = SQL.identifier(column)
        self.env.execute_query(
            SQL(
                """
                INSERT INTO jxc_duplicate_turn AS mine (company_id, %(column)s, turn)
                SELECT company_id, other_id, 1
                  FROM unnest(%(companies)s::int[], %(others)s::int[])
                       AS pair (company_id, other_id)
                 ORDER BY company_id, other_id
                    ON CONFLICT (company_id, %(column)s)
                    DO UPDATE SET turn = mine.turn + 1
                RETURNING id
                """,
                column=column,
                companies=[company_id for company_id, _other_id in pairs],
                others=[other_id for _company_id, other_id in pairs],
            )
        )
