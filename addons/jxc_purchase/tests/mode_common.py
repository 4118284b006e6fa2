# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from contextlib import contextmanager

from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tests import tagged

from .request_common import RequestCommon


@tagged("post_install", "-at_install")
class ModeCommon(RequestCommon):
    """Orders in every procurement mode, made by a buyer."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.third_vendor = cls.env["res.partner"].create({"name": "Vendor C"})
        # Each order for itself, but where a test is about just that.
        cls.company.jxc_direct_days = 0
        tiers = cls.env["tier.definition"]
        tiers.search([("model", "=", "jxc.purchase.urgent")]).active = False

    @contextmanager
    def refused(self, message):
        """Assert that what happens inside is refused; it is undone, as for a client."""
        with self.assertRaisesRegex(UserError, message), self.env.cr.savepoint():
            yield
            self.env.flush_all()

    def _rfq(self, *lines, user=None, vendor=None, **values):
        """An RFQ; lines are (product, quantity, price[, more values])."""
        return (
            self.env["purchase.order"]
            .with_user(user or self.buyer)
            .create(
                {
                    "partner_id": (vendor or self.vendor).id,
                    "order_line": [self._line(*line) for line in lines],
                    **values,
                }
            )
        )

    def _line(self, product, quantity, price, values=None):
        return Command.create(
            {
                "product_id": product.id,
                "product_qty": quantity,
                "price_unit": price,
                "tax_ids": [Command.clear()],
                **(values or {}),
            }
        )

    def _agreement(self, *lines, confirm=True, **values):
        """A blanket order of vendor A; lines are (product, quantity, price[, unit])."""
        agreement = self.env["purchase.requisition"].create(
            {
                "vendor_id": self.vendor.id,
                "requisition_type": "blanket_order",
                "line_ids": [
                    Command.create(
                        {
                            "product_id": product.id,
                            "product_qty": quantity,
                            "price_unit": price,
                            "product_uom_id": (unit[0] if unit else product.uom_id).id,
                        }
                    )
                    for product, quantity, price, *unit in lines
                ],
                **values,
            }
        )
        if confirm:
            agreement.action_confirm()
        return agreement

    def _other_company(self):
        company = self.env["res.company"].create({"name": "Other Company"})
        self.env.user.company_ids += company
        return company
