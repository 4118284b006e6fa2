# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from odoo.tests import tagged

from ..tools.personal import CHANNELS, DELETED, KEYS, TEXTS
from .common import CustomerClassCommon


@tagged("post_install", "-at_install")
class TestPrivacySources(CustomerClassCommon):
    """Handing out and erasing follow from one list."""

    def test_export_has_what_the_eraser_knows(self):
        """Each table and each text that would be erased is handed out."""
        persons = self._customer("Shop")._jxc_persons()
        shown = {}
        for model, _domain, names in persons._jxc_personal_sources().values():
            shown.setdefault(model, set()).update(names)
        missing = [
            f"{model}.{name}"
            for model, values in TEXTS.items()
            if model in self.env
            for name in values
            if name in self.env[model]._fields
            and name not in KEYS
            and self.env[model]._fields[name].type != "binary"
            and name not in shown.get(model, ())
        ]
        missing += [
            model
            for model in (*DELETED, *CHANNELS)
            if model in self.env and model not in shown
        ]
        missing += [
            f"res.partner.{name}"
            for name in persons._jxc_contact_texts()
            if name not in shown["res.partner"]
        ]
        self.assertFalse(missing)
        self.assertFalse([m for m, names in shown.items() if KEYS & names])
