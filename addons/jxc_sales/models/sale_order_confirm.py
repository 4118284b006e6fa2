# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from odoo import models
from odoo.exceptions import UserError


class SaleOrder(models.Model):
    """Several quotations confirmed from a list or from cards."""

    _inherit = "sale.order"

    def action_jxc_confirm_selected(self):
        """Confirm those of these orders that can be; tell why the others cannot.

        Each is judged with the others in it, as by *Confirm*; what keeps one of them
        from being confirmed keeps none of the others.

        :return: True, or the action that shows what was not confirmed and why
        :raise UserError: the only one that was selected cannot be confirmed
        """
        if len(self) == 1:
            return self.action_confirm()
        quotations = self.filtered(lambda order: order.state in ("draft", "sent"))
        texts, others = [], self - quotations
        if others:
            names = self.env._(", ").join(others.mapped("name"))
            texts.append(self.env._("No quotation any more: %s", names))
        for order in quotations:
            message = order._confirmation_error_message()
            if message:
                texts.append(f"{order.name}: {message}")
                quotations -= order
        if quotations:
            texts += quotations._jxc_confirm_each()
        if not texts:
            return True
        return self._jxc_notification(texts, self.env._("Not confirmed yet"))

    def _jxc_confirm_each(self):
        """Confirm these together; where that fails, one after the other.

        :return: texts that tell what was not confirmed
        """
        try:
            with self.env.cr.savepoint():
                return [*filter(None, [self._jxc_confirm_text()])]
        except UserError as error:
            self.invalidate_recordset()
            if len(self) == 1:
                return [self._jxc_named(error.args[0])]
        return [text for order in self for text in order._jxc_confirm_each()]

    def _jxc_named(self, text):
        """A reason, with the order it is about in front unless it says so itself."""
        return text if self.name in text else f"{self.name}: {text}"

    def _jxc_confirm_text(self):
        """Confirm these orders; return why some of them wait, or False.

        :raise UserError: as :meth:`action_confirm`
        """
        result = self.action_confirm()
        shown = result.get("params", {}) if isinstance(result, dict) else {}
        return shown.get("message", False)
