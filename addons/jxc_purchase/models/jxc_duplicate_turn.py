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
    that block duplicates have a row.
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
        required=True,
        readonly=True,
        ondelete="cascade",
    )
    turn = fields.Integer(
        required=True,
        readonly=True,
    )

    _one_a_product = models.UniqueIndex("(company_id, product_id)")

    @api.model
    def _take(self, pairs):
        """Wait for the turn of these products, and have later ones see what we do.

        One statement, in the order of its rows, so that two of them never wait for each
        other.

        :param pairs: set of (company id, product id)
        :raise psycopg2.errors.SerializationFailure: somebody was faster; the request is
            repeated by the platform
        """
        pairs = sorted(pairs)
        if not pairs:
            return
        self.env.execute_query(
            SQL(
                """
                INSERT INTO jxc_duplicate_turn AS mine (company_id, product_id, turn)
                SELECT company_id, product_id, 1
                  FROM unnest(%s::int[], %s::int[]) AS pair (company_id, product_id)
                 ORDER BY company_id, product_id
                    ON CONFLICT (company_id, product_id)
                    DO UPDATE SET turn = mine.turn + 1
                RETURNING id
                """,
                [company_id for company_id, _product_id in pairs],
                [product_id for _company_id, product_id in pairs],
            )
        )
