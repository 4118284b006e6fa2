# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from odoo import api, models
from odoo.exceptions import AccessError

from ..tools.guard import own_defaults


class JxcServerFieldsMixin(models.AbstractModel):
    """A document some fields of which follow from its actions.

    Clients neither write them nor bring them in as defaults; code of the actions writes
    with superuser rights. What a form or an import sends along for a new record is
    harmless while it says what the record is born with anyway.
    """

    _name = "jxc.server.fields.mixin"
    _description = "Fields that Follow from Actions"

    #: Names of the fields; set it in the model.
    _jxc_server_fields = frozenset()

    @api.model
    def default_get(self, fields):
        return own_defaults(self, super().default_get(fields), self._jxc_server_fields)

    @api.model_create_multi
    def create(self, vals_list):
        return super().create(
            [self._jxc_without_server_fields(vals) for vals in vals_list]
        )

    def write(self, vals):
        """Write what is the user's to write.

        :raise AccessError: naming what only actions write, or the document would go to
            a company that is not the user's
        """
        result = super().write(self._jxc_without_server_fields(vals))
        if "company_id" in vals:
            # The platform judges rights by the company before.
            self.check_access("write")
        return result

    def _jxc_without_server_fields(self, vals):
        """Return ``vals`` for which no client decides what the actions decide.

        :raise AccessError: naming the field
        """
        names = self._jxc_guarded_fields() & vals.keys()
        if not names:
            return vals
        for name in sorted(names):
            if not self._jxc_is_born_with(name, vals[name]):
                raise AccessError(
                    self.env._(
                        "%(field)s of “%(model)s” follows from its actions; it cannot"
                        " be written.",
                        field=self._fields[name]._description_string(self.env),
                        model=self._description,
                    )
                )
        return {name: value for name, value in vals.items() if name not in names}

    def _jxc_guarded_fields(self):
        """Return the fields that whoever is at work may not write: hook.

        Extend it with what is computed, and so is written with no rights whatever.
        """
        return frozenset() if self.env.su else self._jxc_server_fields

    def _jxc_is_born_with(self, name, value):
        """Whether a value is what every new record starts with anyway."""
        if self:
            return False
        # As it would be written: clients send ids where defaults are records.
        default = own_defaults(self, {name: None}, {name}).get(name)
        return not value or bool(default and value == default)
