# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from odoo import api, models


class GeneralLedger(models.AbstractModel):
    """The general ledger in words that have a Chinese translation.

    Texts of another addon's Python code are translated by that addon only.
    """

    _inherit = "report.account_financial_report.general_ledger"

    def _jxc_get_missing_names(self):
        """Return ``{grouping: name of the group without a record}``."""
        return {
            "partners": self.env._("Without partner"),
            "taxes": self.env._("Without tax"),
        }

    def _prepare_gen_ld_data(self, gl_initial_acc, domain, grouped_by):
        data = super()._prepare_gen_ld_data(gl_initial_acc, domain, grouped_by)
        name = self._jxc_get_missing_names().get(grouped_by)
        for account in data.values():
            if name and 0 in account:
                account[0]["name"] = name
        return data

    def _prepare_ml_items(self, move_line, grouped_by):
        items = super()._prepare_ml_items(move_line, grouped_by)
        name = self._jxc_get_missing_names().get(grouped_by)
        for item in items:
            if name and not item["id"]:
                item["name"] = name
        return items

    def _create_general_ledger(self, *args, **kwargs):
        """Lines are told by the number of their voucher (凭证字号), as in the books."""
        accounts = super()._create_general_ledger(*args, **kwargs)
        lines = [
            line
            for account in accounts
            for part in (account, *account.get("list_grouped", ()))
            for line in part.get("move_lines", ())
            if line["entry_id"]
        ]
        moves = self.env["account.move"].browse({line["entry_id"] for line in lines})
        # sudo: no more than the numbers of entries whose lines are shown
        names = {move.id: move.jxc_voucher_name for move in moves.sudo()}
        for line in lines:
            if names[line["entry_id"]]:
                line["entry"] = f"{names[line['entry_id']]} {line['entry']}"
        return accounts

    @api.model
    def _recalculate_cumul_balance(
        self, move_lines, last_cumul_balance, rec_after_date_to_ids
    ):
        numbers = [line["rec_name"] if line["rec_id"] else "" for line in move_lines]
        result = super()._recalculate_cumul_balance(
            move_lines, last_cumul_balance, rec_after_date_to_ids
        )
        for line, number in zip(move_lines, numbers, strict=True):
            if line["rec_id"] in rec_after_date_to_ids:
                line["rec_name"] = self.env._("%s (settled later)", number)
        return result

    @api.model
    def _calculate_centralization(self, centralized_ml, move_line, date_to):
        result = super()._calculate_centralization(centralized_ml, move_line, date_to)
        month = result[move_line["journal_id"]][move_line["date"].month]
        month["ref_label"] = self.env._("Total of the month")
        return result
