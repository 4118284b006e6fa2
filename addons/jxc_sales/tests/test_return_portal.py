# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from odoo.exceptions import AccessError, UserError
from odoo.tests import new_test_user, tagged

from .return_common import ReturnCommon


@tagged("post_install", "-at_install")
class TestReturnPortal(ReturnCommon):
    """Customers on the portal have no returns, neither their own nor others'."""

    def test_customers_reach_no_returns(self):
        customer = new_test_user(self.env, "jxc_customer", "base.group_portal")
        customer.partner_id.parent_id = self.customer
        order = self._sell(5)
        order.partner_id = customer.partner_id
        back = self._create_return(2)
        back.action_confirm()
        theirs = back.with_user(customer)
        values = {"partner_id": customer.partner_id.id, "reason_id": self.reason.id}
        for attempt in (
            lambda: theirs.create(values),
            lambda: theirs.read(["name"]),
            lambda: theirs.web_read({"name": {}}),
            lambda: theirs.search([]),
            lambda: theirs.write({"note": "Mine"}),
            lambda: theirs.unlink(),
            lambda: theirs.copy(),
            lambda: theirs.action_confirm(),
            lambda: theirs.action_accept(),
            lambda: theirs.action_done(),
            lambda: theirs.action_cancel(),
            lambda: theirs.action_draft(),
            lambda: theirs.action_open_invoices(),
            lambda: theirs.line_ids.search([]),
            lambda: theirs.line_ids.browse(back.line_ids.ids).read(["amount"]),
            lambda: theirs.line_ids.create({"return_id": back.id}),
            lambda: (
                self.env["jxc.sale.return.allocation"].with_user(customer).search([])
            ),
            lambda: order.with_user(customer).jxc_return_count,
            lambda: order.with_user(customer).search(
                [("jxc_sale_return_id.name", "=", back.name)]
            ),
        ):
            with self.assertRaises(AccessError):
                attempt()
        with self.assertRaises(UserError):
            theirs.export_data(["name"])
        self.assertEqual(back.state, "confirmed")
