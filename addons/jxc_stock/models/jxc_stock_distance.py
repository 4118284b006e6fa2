# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from odoo import fields, models


class JxcStockDistance(models.Model):
    """How far one warehouse is from another; the nearer one helps out first."""

    _name = "jxc.stock.distance"
    _description = "Distance between Warehouses"
    _order = "source_id, distance, id"
    _check_company_auto = True

    company_id = fields.Many2one(
        related="source_id.company_id",
        store=True,
        index=True,
    )
    # Not check_company: the company follows from it, and none would leave no choice.
    source_id = fields.Many2one(
        comodel_name="stock.warehouse",
        string="From",
        required=True,
        ondelete="cascade",
    )
    target_id = fields.Many2one(
        comodel_name="stock.warehouse",
        string="To",
        required=True,
        index=True,
        ondelete="cascade",
        check_company=True,
    )
    distance = fields.Float(
        required=True,
        help="In kilometres, hours or cost of a transfer: only the order matters.",
    )

    _pair_unique = models.Constraint(
        "UNIQUE (source_id, target_id)",
        "The distance between these warehouses is known already.",
    )
    _two_places = models.Constraint(
        "CHECK (source_id != target_id)",
        "A distance is between two warehouses.",
    )
    _distance_positive = models.Constraint(
        # For the database "not a number" is more than infinity, so both are refused.
        "CHECK (distance >= 0 AND distance < 'Infinity')",
        "A distance is a number from 0 on.",
    )
