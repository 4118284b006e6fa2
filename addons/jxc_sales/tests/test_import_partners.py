# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from odoo.tests import tagged

from odoo.addons.jxc_base.tools.importing import ImportRefused

from .common import CreditCommon


@tagged("post_install", "-at_install")
class TestImportPartners(CreditCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env.user.group_ids += cls.env.ref("base.group_system")

    def _import(self, **values):
        row = {"ref": "K1", "name": "Kite", "kind": "customer", **values}
        return self.env["jxc.import"].run_tables({"partners": [(2, row)]})

    def _kite(self):
        partner = self.env["res.partner"].search([("ref", "=", "K1")])
        key = (partner.id, self.company.id)
        return partner, self.env["jxc.credit.account"]._jxc_accounts_of([key]).get(key)

    def test_tier_and_credit(self):
        self._import(tier="Gold", credit_limit="5000", credit_days="30")
        partner, account = self._kite()
        self.assertEqual(partner.jxc_tier_id.name, "Gold")
        self.assertEqual((account.credit_limit, account.credit_days), (5000, 30))
        term = partner.with_company(self.company).property_payment_term_id
        self.assertEqual(term.line_ids.nb_days, 30)
        self._import(tier="Gold", credit_limit="0", credit_days="30")
        self.assertEqual((account.credit_limit, account.unlimited), (0, False))
        self.assertEqual(self._kite()[1], account)

    def test_without_limit(self):
        self._import(credit_limit="", credit_days="")
        self.assertFalse(self._kite()[1])
        self._import(credit_limit="", credit_days="60")
        account = self._kite()[1]
        self.assertTrue(account.unlimited)

    def test_vendor_gets_no_credit(self):
        with self.assertRaisesRegex(ImportRefused, "only a vendor"):
            self._import(kind="vendor", credit_limit="10")
