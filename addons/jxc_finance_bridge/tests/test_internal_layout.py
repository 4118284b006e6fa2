# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from odoo.tests import TransactionCase, tagged


@tagged("post_install", "-at_install")
class TestInternalLayout(TransactionCase):
    """The layout of internal reports, which jxc_base gives more room for names."""

    def test_the_platforms_statement_finds_its_parts(self):
        """Else accounting could not be installed after jxc_base, nor print this."""
        statement = self.env.ref("account.report_statement_internal_layout")
        arch = statement.get_combined_arch()
        self.assertIn("offset-2 text-end", arch, "the platform's own place of pages")
        self.assertIn("flex: 1 1 0", arch, "our room for the company's name")
