# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from odoo import models


class AccountMove(models.Model):
    _inherit = "account.move"

    def _jxc_voucher_key(self):
        """What other systems know this entry by, for good: letters and digits.

        It starts with the database, as two of them may feed one finance system.
        """
        self.ensure_one()
        database = self.env["ir.config_parameter"].sudo().get_param("database.uuid")
        return f"JXC{(database or '').replace('-', '')[:8].upper()}M{self.id}"

    def _jxc_voucher_heads(self):
        """Return ``{id: values}``: word, number, attachments and people of a voucher.

        Without the numbering of vouchers, the word is 记 and the number is 0: the
        other system gives one.
        """
        people = {
            "prepared_by": "jxc_maker_id",
            "checked_by": "jxc_checked_by",
            "cashier": "jxc_cashier_id",
        }
        people = {key: name for key, name in people.items() if name in self._fields}
        # sudo: only the names of the people who signed
        return {
            move.id: {
                "word": self._jxc_text(move, "jxc_voucher_word") or "记",
                "number": self._jxc_number(move, "jxc_voucher_no"),
                "attachments": self._jxc_number(move, "jxc_attachment_count"),
                **{key: move[name].sudo().name or "" for key, name in people.items()},
            }
            for move in self
        }

    def _jxc_text(self, move, name):
        """A text, or the label of a selection, of a field of the numbering."""
        field = self._fields.get(name)
        if not field or not move[name]:
            return ""
        if field.type == "many2one":
            return move[name].display_name
        return str(move[name])

    def _jxc_number(self, move, name):
        value = move[name] if name in self._fields else 0
        return int(value) if str(value or "").isdigit() else 0
