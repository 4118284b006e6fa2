# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
import math

from odoo import api, models
from odoo.exceptions import ValidationError


class JxcNumberMixin(models.AbstractModel):
    """Refuses what clients may send as a number, but is none: NaN and infinity.

    JSON of clients knows both. Rounding them fails deep inside without a word about
    the record; and where nothing rounds, checks like "not below 0" let NaN pass.
    """

    _name = "jxc.number.mixin"
    _description = "Refusal of Values That Are No Numbers"

    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            self._jxc_check_numbers(vals)
        return super().create(vals_list)

    def write(self, vals):
        self._jxc_check_numbers(vals)
        return super().write(vals)

    def _jxc_check_numbers(self, vals):
        """Refuse values that are no finite numbers.

        :param vals: values for ``create`` or ``write``
        :raise ValidationError: naming the record, or the product or model of a new
            one, and the field
        """
        for name, value in vals.items():
            # Nearly no value is wrong: the field is asked for only where one may be.
            if isinstance(value, float) and not math.isfinite(value):
                raise self._jxc_no_number(name, value, vals)
            if isinstance(value, str) and self._jxc_is_text_of_none(name, value):
                raise self._jxc_no_number(name, value, vals)

    def _jxc_is_text_of_none(self, name, text):
        """Whether a text for a number field would become NaN or infinity."""
        field = self._fields.get(name)
        if not field or field.type not in ("float", "monetary"):
            return False
        try:
            return not math.isfinite(float(text))
        except ValueError:
            return False

    def _jxc_no_number(self, name, value, vals):
        """Return the ValidationError to raise."""
        field = self._fields.get(name)
        return ValidationError(
            self.env._(
                "%(record)s: %(field)s must be a number, not %(value)s.",
                record=self._jxc_number_owner(vals),
                field=field._description_string(self.env) if field else name,
                value=value,
            )
        )

    def _jxc_number_owner(self, vals):
        """What people know the record by that ``vals`` are for. Return a str."""
        record = self[:1]
        texts = [record.display_name] if record.id else [vals.get("name")]
        if "product_id" in self._fields:
            product = record.product_id
            if not product and isinstance(vals.get("product_id"), int):
                product = product.browse(vals["product_id"]).exists()
            texts.append(product.display_name)
        # The names of many documents tell the product already.
        if texts[-1] and texts[-1] in (texts[0] or ""):
            texts = texts[:1]
        return (
            " ".join(filter(None, texts))
            or self.env["ir.model"]._get(self._name).sudo().name
        )
