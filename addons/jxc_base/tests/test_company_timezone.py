# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from odoo.tests import TransactionCase, new_test_user, tagged


@tagged("post_install", "-at_install")
class TestCompanyTimezone(TransactionCase):
    """The days of a company are the same for everybody."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company = cls.env["res.company"].create({"name": "Elsewhere"})
        cls.company.partner_id.tz = False

    def test_zone_follows_address_then_country(self):
        for tz, country, expected in (
            ("Europe/Paris", "base.cn", "Europe/Paris"),
            (False, "base.cn", "Asia/Shanghai"),
            (False, False, "Asia/Shanghai"),
            (False, "base.fr", "UTC"),
        ):
            with self.subTest(tz=tz, country=country):
                self.company.country_id = country and self.env.ref(country)
                self.company.partner_id.tz = tz
                self.assertEqual(self.company._jxc_timezone(), expected)

    def test_zone_is_no_matter_of_who_asks(self):
        self.company.partner_id.tz = "Europe/Paris"
        stranger = new_test_user(
            self.env, "stranger", groups="base.group_user", tz="Asia/Tokyo"
        )
        self.assertNotIn(self.company, stranger.company_ids)
        company = self.company.with_user(stranger)
        self.assertEqual(company._jxc_timezone(), "Europe/Paris")
