# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from odoo import models
from odoo.tools import SQL


class LoyaltyProgram(models.Model):
    """A promotion with a limited number of uses is not used more often than that.

    The platform looks at the number when a reward is added to a quotation; many
    quotations may get that far. What counts is which of them are confirmed.
    """

    _name = "loyalty.program"
    _inherit = ["loyalty.program", "jxc.gate.mixin"]

    def _jxc_gate_query(self) -> SQL:
        """Used is the number of confirmed orders with a reward of the program."""
        return SQL(
            """
            SELECT program.id, used.orders AS used,
                   CASE WHEN program.limit_usage THEN program.max_usage END AS capacity
              FROM loyalty_program program
             CROSS JOIN LATERAL (
                   SELECT COUNT(DISTINCT line.order_id) AS orders
                     FROM loyalty_reward reward
                     JOIN sale_order_line line ON line.reward_id = reward.id
                     JOIN sale_order ON sale_order.id = line.order_id
                    WHERE reward.program_id = program.id
                      AND sale_order.state = 'sale'
                   ) used
             WHERE program.id = ANY(%s)
            """,
            list(self.ids),
        )
