# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from lxml import etree

from odoo.tests import tagged

from .return_common import ReturnCommon


@tagged("post_install", "-at_install")
class TestInvoicesOfSalespeople(ReturnCommon):
    def test_form_of_an_invoice(self):
        """They open it with all that its form shows them."""
        self.account.credit_limit = 10000
        order = self._sell(2)
        invoice = order._create_invoices()
        invoice.action_post()
        self._pay(invoice)
        for groups in (
            "sales_team.group_sale_salesman_all_leads",
            "sales_team.group_sale_manager",
        ):
            user = self._create_user(f"jxc_{groups[-9:]}", groups)
            own = self.env["account.move"].with_user(user).browse(invoice.id)
            view = own.get_view(view_type="form")
            arch = etree.fromstring(view["arch"])
            shown = {
                node.get("name")
                for node in arch.iter("field")
                if not any(one.tag == "field" for one in node.iterancestors())
            }
            self.env.invalidate_all()
            own.web_read({name: {} for name in shown})
