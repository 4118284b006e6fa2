# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .test_vendor_control import VendorControlCommon


@tagged("post_install", "-at_install")
class TestVendorAttacks(VendorControlCommon):
    """Ways past the blocks of vendors that are no buttons."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.editor = cls._user(
            "ven_editor", "purchase.group_purchase_user,base.group_partner_manager"
        )
        cls.vendor.is_company = cls.other_vendor.is_company = True

    def _under(self, partner, parent, user=None):
        """Make a vendor a contact of another one, and undo it."""
        with self.assertRaisesRegex(AccessError, "belongs"), self.cr.savepoint():
            partner.with_user(user or self.editor).write(
                {"is_company": False, "parent_id": parent.id}
            )
        self.env.invalidate_all()

    def test_graded_vendor_hides_under_another(self):
        self.company.jxc_vendor_grade_d_control = "block"
        self._given(self.vendor, 59)
        self._under(self.vendor, self.other_vendor)
        order = self._draft(user=self.editor)
        with self.assertRaisesRegex(UserError, "grade D"):
            order.button_confirm()

    def test_unqualified_vendor_hides_under_a_qualified_one(self):
        """Papers of the one it goes to do not become those of a stranger."""
        self.company.jxc_vendor_unqualified_control = "block"
        order = self._draft(user=self.editor)
        one = self._qualification(partner_id=self.other_vendor.id)
        one.action_request()
        one.with_user(self.validator).action_qualify()
        self._under(self.vendor, self.other_vendor)
        with self.assertRaisesRegex(UserError, "not qualified"):
            order.button_confirm()

    def test_new_vendor_hides_under_an_old_one(self):
        self._draft(vendor=self.other_vendor).button_confirm()
        order = self._draft(user=self.editor)
        self._under(self.vendor, self.other_vendor)
        self.assertTrue(order.jxc_is_new_vendor)

    def test_certificates_count_too(self):
        self._certificate()
        self._under(self.vendor, self.other_vendor)

    def test_contact_leaves_its_company(self):
        """A contact that was ordered from does not become a vendor of its own."""
        contact = self.vendor.create({"name": "Sales", "parent_id": self.vendor.id})
        self._draft(vendor=contact).button_confirm()
        for values in ({"parent_id": False}, {"is_company": True}):
            with self.assertRaisesRegex(AccessError, "belongs"), self.cr.savepoint():
                contact.with_user(self.editor).write(values)
            self.env.invalidate_all()

    def test_child_given_by_the_parent(self):
        """The other end of the same link is no way in."""
        # Such links are written as the user whose request it is.
        own = self.other_vendor.with_user(self.editor).env
        self.patch(self.env.transaction, "default_env", own)
        self._given(self.vendor, 59)
        self.vendor.is_company = False
        self.env.flush_all()
        with self.assertRaisesRegex(AccessError, "belongs"), self.cr.savepoint():
            self.other_vendor.with_user(self.editor).write(
                {"child_ids": [(4, self.vendor.id)]}
            )

    def test_computed_company(self):
        self._given(self.vendor, 59)
        with self.assertRaises(AccessError), self.cr.savepoint():
            self.vendor.with_user(self.editor).write(
                {"commercial_partner_id": self.other_vendor.id}
            )
        partners = self.vendor.browse().with_user(self.editor)
        given = {"commercial_partner_id": self.other_vendor.id}
        with self.assertRaises(AccessError), self.cr.savepoint():
            partners.create({"name": "Stranger", **given})
        made = partners.with_context(
            default_commercial_partner_id=self.other_vendor.id
        ).create({"name": "Stranger"})
        self.assertEqual(made.commercial_partner_id, made)

    def test_what_stays_possible(self):
        """Who validates vendors may; so may anybody with partners nobody judged."""
        self._given(self.vendor, 59)
        self.validator.group_ids += self.env.ref("base.group_partner_manager")
        self.vendor.with_user(self.validator).write(
            {"is_company": False, "parent_id": self.other_vendor.id}
        )
        self.assertEqual(self.vendor.commercial_partner_id, self.other_vendor)
        partners = self.env["res.partner"].with_user(self.editor)
        parent = partners.create({"name": "Parent", "is_company": True})
        child = partners.create({"name": "Child"})
        child.parent_id = parent
        self.assertEqual(child.commercial_partner_id, parent)
        contact = partners.create({"name": "New", "parent_id": self.other_vendor.id})
        contact.write({"name": "Newer", "parent_id": self.other_vendor.id})
        contact.is_company = False

    # ------------------------------------------------------------
    # Certificates
    # ------------------------------------------------------------

    def test_who_changed_the_proof_does_not_verify_it(self):
        for values in (
            {"file": "Zm9v"},
            {"date_to": "2027-12-31"},
            {"number": "F-2"},
        ):
            certificate = self._certificate()
            certificate.with_user(self.manager).write(values)
            with self.subTest(values), self.assertRaisesRegex(AccessError, "yourself"):
                certificate.with_user(self.manager).action_verify()
            certificate.with_user(self.validator).action_verify()
            self.assertEqual(certificate.verified_by_id, self.validator)
        certificate = self._certificate()
        certificate.with_user(self.manager).write({"issuer": "Office"})
        certificate.with_user(self.manager).action_verify()
        self.assertEqual(certificate.verified_by_id, self.manager)

    def test_who_entered_it_stays_known(self):
        """Neither does a colleague's change free who entered it before."""
        certificate = self._certificate()
        second = self._user("ven_second", "purchase.group_purchase_manager")
        certificate.with_user(self.manager).file = "Zm9v"
        certificate.with_user(second).date_to = "2027-12-31"
        for user in (self.manager, second):
            with self.assertRaisesRegex(AccessError, "yourself"):
                certificate.with_user(user).action_verify()
        certificate.with_user(self.validator).action_verify()
        # What was verified since is the work of whoever changed it then.
        certificate.with_user(second).date_to = "2028-12-31"
        with self.assertRaisesRegex(AccessError, "yourself"):
            certificate.with_user(second).action_verify()
        certificate.with_user(self.manager).action_verify()

    def test_hands_are_not_written(self):
        certificate = self._certificate()
        certificate.with_user(self.manager).file = "Zm9v"
        for value in ([(5,)], False):
            with self.assertRaises(AccessError):
                certificate.with_user(self.manager).write({"proof_user_ids": value})
        with self.assertRaises(AccessError):
            self._certificate(proof_user_ids=[(4, self.validator.id)])

    def test_file_of_the_certificate(self):
        """The stored file itself is no way around the certificate."""
        certificate = self._certificate()
        certificate.with_user(self.validator).action_verify()
        stored = self.env["ir.attachment"].search(
            [
                ("res_model", "=", certificate._name),
                ("res_id", "=", certificate.id),
                ("res_field", "=", "file"),
            ]
        )
        with self.assertRaises(UserError):
            stored.with_user(self.manager).write({"datas": "Zm9v"})
        with self.assertRaises(UserError):
            stored.with_user(self.manager).unlink()
        with self.assertRaises(UserError):
            stored.with_user(self.manager).create(
                {
                    "name": "file",
                    "datas": "Zm9v",
                    "res_model": certificate._name,
                    "res_id": certificate.id,
                    "res_field": "file",
                }
            )
        # Files beside it are anybody's.
        certificate.with_user(self.manager).message_post(
            body="Look", attachments=[("look.txt", b"look")]
        )
        self.assertTrue(certificate.verified_by_id)
