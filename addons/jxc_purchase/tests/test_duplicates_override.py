# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import tagged

from .test_duplicates import DuplicateCommon


@tagged("post_install", "-at_install")
class TestDuplicatesOverride(DuplicateCommon):
    """Who may buy in spite of duplicates says why, for a quantity, on record."""

    def test_override_needs_right_and_reason(self):
        self._on_its_way()
        order = self._purchase((self.tea, 12, 10))
        overrides = self.env["jxc.duplicate.override"]
        vals = {"order_id": order.id, "product_id": self.tea.id, "reason": "Fair"}
        for user in (self.buyer, self.manager, self.executive):
            with self.assertRaises(AccessError):
                overrides.with_user(user).create(vals)
        allowed = overrides.with_user(self.allowed)
        with self.assertRaises(ValidationError):
            allowed.create({**vals, "reason": "  "})
        with self.assertRaises(ValidationError):
            allowed.create({**vals, "product_id": self.wine.id})
        for name, value in (("quantity", 9999), ("user_id", self.manager.id)):
            with self.assertRaises(AccessError):
                allowed.create({**vals, name: value})
        self._refused(order)
        override = allowed.with_context(
            default_quantity=9999, default_user_id=self.manager.id
        ).create(vals)
        self.assertRecordValues(
            override, [{"quantity": 12, "user_id": self.allowed.id, "reason": "Fair"}]
        )
        self.assertIn("24", override.collisions)
        self._assert_free(order)

    def test_override_is_kept_in_the_language_of_the_company(self):
        self.env["res.lang"]._activate_lang("zh_CN")
        self.env.company.partner_id.lang = "zh_CN"
        self._on_its_way()
        order = self._purchase((self.tea, 12, 10))
        overrides = self.env["jxc.duplicate.override"].with_user(self.allowed)
        override = overrides.with_context(lang="en_US").create(
            {"order_id": order.id, "product_id": self.tea.id, "reason": "Fair"}
        )
        self.assertIn("未到货", override.collisions)
        self.assertNotIn("delivered", override.collisions)
        self.assertIn("允许", order.message_ids[0].body)

    def test_override_holds_for_its_quantity(self):
        self._on_its_way()
        order = self._purchase((self.tea, 12, 10))
        self.env["jxc.duplicate.override"].with_user(self.allowed).create(
            {"order_id": order.id, "product_id": self.tea.id, "reason": "Fair"}
        )
        self.assertEqual(order.jxc_duplicate_state, "none")
        order.order_line.product_qty = 13
        self._refused(order)

    def test_override_is_never_changed(self):
        self._on_its_way()
        order = self._purchase((self.tea, 12, 10))
        override = self.env["jxc.duplicate.override"].create(
            {"order_id": order.id, "product_id": self.tea.id, "reason": "Fair"}
        )
        for record in (override.with_user(self.allowed), override.sudo()):
            with self.assertRaises(UserError):
                record.write({"reason": "Other"})
            with self.assertRaises(UserError):
                record.unlink()
