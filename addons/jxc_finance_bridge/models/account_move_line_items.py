# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from odoo import api, models


class AccountMoveLine(models.Model):
    """The journal items behind a figure."""

    _inherit = "account.move.line"

    @api.model
    def _jxc_items_action(self, name, domain, list_view=None):
        """Return the action that shows journal items; on a phone as cards.

        :param str name: what they add up to
        :param domain: which they are
        :param list_view: ``ir.ui.view`` of the list, if not the usual one
        """
        cards = self.env.ref("jxc_finance_bridge.account_move_line_view_kanban_items")
        return {
            "type": "ir.actions.act_window",
            "name": name,
            "res_model": self._name,
            "view_mode": "list,pivot,graph,kanban",
            "mobile_view_mode": "kanban",
            "views": [
                (list_view.id if list_view else False, "list"),
                (False, "pivot"),
                (False, "graph"),
                (cards.id, "kanban"),
            ],
            "domain": list(domain),
            "context": {"create": False},
        }
