# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
import psycopg2

from odoo.exceptions import UserError, ValidationError
from odoo.tests import tagged
from odoo.tools import mute_logger

from .records_common import RecordsCommon

SCRIPT = "<img src=x onerror=alert(1)><script>alert(2)</script>"
WHOLE = (-1, -(2**40), 2**40)
NUMBERS = (float("nan"), float("inf"), -float("inf"), 1e300, -1)
#: what is a place in a list, or may be below zero
FREE = {"sequence", "latitude", "longitude"}
#: of the platform; we only compute it
PLATFORM = {"expected_revenue"}


@tagged("post_install", "-at_install")
class TestBadFigures(RecordsCommon):
    """Every number and text that people write, field by field, also future ones."""

    def _fields(self, model, kinds):
        return [
            name
            for name, field in self.env[model]._fields.items()
            if field._module == "jxc_crm_lite"
            and field.type in kinds
            and field.store
            and not (field.readonly or field.related)
            and name not in PLATFORM
            and name not in getattr(self.env[model], "_jxc_server_fields", ())
        ]

    def test_all_models_are_here(self):
        writers = self.env["ir.model.access"].search(
            [
                ("perm_write", "=", True),
                ("group_id.id", "!=", self.env.ref("base.group_system").id),
            ]
        )
        for name in set(writers.model_id.mapped("model")):
            model = self.env.get(name)
            if model is None or model._transient:
                continue
            if model._original_module == "jxc_crm_lite":
                self.assertIn(name, self.records)

    def test_numbers(self):
        """No field keeps what is no number, or no amount of anything."""
        tried, kept = 0, []
        for model, record in self.records.items():
            for name in self._fields(model, ("float", "monetary", "integer")):
                whole = self.env[model]._fields[name].type == "integer"
                for value in WHOLE if whole else NUMBERS:
                    if value == -1 and name in FREE:
                        continue
                    tried += 1
                    if self._is_kept(record, name, value):
                        kept.append((model, name, value))
        self.assertFalse(kept)
        self.assertGreater(tried, 40)

    def _is_kept(self, record, name, value):
        before = record[name]
        try:
            with self.cr.savepoint(), mute_logger("odoo.sql_db"):
                record.write({name: value})
                record.flush_recordset()
        except (UserError, ValidationError, ValueError, OverflowError):
            kept = False
        except psycopg2.Error:  # the database's words, told by the platform
            kept = False
        else:
            kept = True
        record.invalidate_recordset()
        return kept or record[name] != before

    def test_texts_are_texts(self):
        """What is written is shown as it was written, and nowhere runs."""
        for model, record in self.records.items():
            for name in self._fields(model, ("char", "text")):
                if name in ("domain", "website"):
                    continue
                with self.subTest(model=model, name=name), self.cr.savepoint():
                    record.write({name: SCRIPT})
                    self.assertEqual(record[name], SCRIPT)
        followup = self.env["jxc.followup"].create(
            {
                "partner_id": self.customer.id,
                "note": SCRIPT,
                "next_note": SCRIPT,
            }
        )
        bodies = "".join(followup.partner_id.message_ids.mapped("body"))
        self.assertNotIn("<img", bodies)
        self.assertNotIn("<script", bodies)
        self.assertIn("&lt;script", bodies)
