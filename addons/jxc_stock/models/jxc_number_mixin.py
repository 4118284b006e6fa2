# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
import math

from odoo import api, models
from odoo.exceptions import ValidationError

#: How the platform reads what it gets for a field of the type.
READERS = {"float": float, "integer": int, "monetary": float}
#: A quantity of this size times a price of this size is the most that amounts are still
#: rounded exactly with; beyond it the reckoning breaks off.
LIMIT = 1e12
#: Longer texts are cut in answers.
SHOWN = 60


def _is_number(kind, value):
    """Whether a field of the type would store a finite number; nothing is 0."""
    try:
        return math.isfinite(READERS[kind](value or 0))
    except (OverflowError, TypeError, ValueError):
        return False


def _is_beyond_limit(kind, value):
    """Whether a number is larger than any amount, price or quantity is."""
    return kind != "integer" and abs(READERS[kind](value or 0)) >= LIMIT


class JxcNumberMixin(models.AbstractModel):
    """Refuses what clients may send as a number, but is none: text, NaN, infinity.

    Also numbers like 1e300, which break what is reckoned from them.

    JSON of clients knows NaN and infinity, XML-RPC any text. The platform fails on them
    deep inside without a word about record and field; and where nothing fails, checks
    like "not below 0" let NaN pass. All that is wrong is told at once.
    """

    _name = "jxc.number.mixin"
    _description = "Refusal of Values That Are No Numbers"

    @api.model_create_multi
    def create(self, vals_list):
        defaults = {
            key.removeprefix("default_"): value
            for key, value in self.env.context.items()
            if key.startswith("default_")
        }
        self._jxc_check_numbers(*({**defaults, **vals} for vals in vals_list))
        return super().create(vals_list)

    def write(self, vals):
        self._jxc_check_numbers(vals)
        return super().write(vals)

    def _jxc_check_numbers(self, *vals_list):
        """Refuse values that are no finite numbers, with those of lines they bring.

        :param vals_list: values for ``create`` or ``write``
        :raise ValidationError: a line of text per value, naming the model, the record
            (of a new one: its name or product), the field and the value
        """
        problems = [
            problem for vals in vals_list for problem in self._jxc_no_numbers(vals)
        ]
        if problems:
            raise ValidationError("\n".join(problems))

    @api.model
    def _jxc_check_commands(self, field, values):
        """Refuse what is no number in commands of a field that leads to this model.

        For documents that reckon with their lines before these are created.

        :param field: the one2many field
        :param values: list of its values; those that are no list are passed over
        :raise ValidationError: see :meth:`_jxc_check_numbers`
        """
        problems = [
            problem
            for commands in values
            if isinstance(commands, list | tuple)
            for problem in self._jxc_no_numbers_of_lines(field, commands)
        ]
        if problems:
            raise ValidationError("\n".join(problems))

    def _jxc_no_numbers(self, vals):
        """Yield a text for each value that is no number."""
        for name, value in vals.items():
            # Nearly no value is wrong: the field is asked for only where one may be.
            if value is None:
                continue
            if isinstance(value, int | float) and abs(value) < LIMIT:
                continue
            field = self._fields.get(name)
            if field is None:
                continue
            if field.type in READERS:
                if not _is_number(field.type, value):
                    yield self._jxc_no_number(field, value, vals)
                elif _is_beyond_limit(field.type, value):
                    yield self._jxc_too_large(field, value, vals)
            elif field.type == "one2many" and isinstance(value, list | tuple):
                yield from self._jxc_no_numbers_of_lines(field, value)

    def _jxc_no_numbers_of_lines(self, field, commands):
        lines = self.env[field.comodel_name]
        if not hasattr(lines, "_jxc_no_numbers"):
            return
        for command in commands:
            match command:
                case [0, _, dict() as vals]:
                    yield from lines._jxc_no_numbers(vals)
                case [1, int() as line_id, dict() as vals]:
                    yield from lines.browse(line_id)._jxc_no_numbers(vals)

    def _jxc_no_number(self, field, value, vals):
        """Return the text that refuses one value."""
        text = (
            self.env._("%(record)s: %(field)s must be a whole number, not %(value)s.")
            if field.type == "integer"
            else self.env._("%(record)s: %(field)s must be a number, not %(value)s.")
        )
        return text % self._jxc_number_words(field, value, vals)

    def _jxc_too_large(self, field, value, vals):
        text = self.env._("%(record)s: %(field)s cannot be as large as %(value)s.")
        return text % self._jxc_number_words(field, value, vals)

    def _jxc_number_words(self, field, value, vals):
        return {
            "record": self._jxc_number_owner(vals),
            "field": field._description_string(self.env),
            "value": str(value)[:SHOWN],
        }

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
        model = self.env["ir.model"]._get(self._name).sudo().name
        return " ".join([model, *(text for text in texts if text)])
