# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from odoo.fields import Command
from odoo.tests import TransactionCase, new_test_user, tagged


@tagged("post_install", "-at_install")
class RequestCommon(TransactionCase):
    """Wine by the bottle and the box, a vendor, people with real rights."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env = cls.env(context=dict(cls.env.context, lang="en_US"))
        cls.company = cls.env.company
        tiers = cls.env["tier.definition"]
        tiers.search([("model", "=", "jxc.purchase.request")]).active = False
        cls.requester = cls._user("req_asker", "jxc_purchase.group_purchase_requester")
        cls.colleague = cls._user("req_other", "jxc_purchase.group_purchase_requester")
        cls.approver = cls._user("req_boss", "jxc_purchase.group_request_approver")
        cls.buyer = cls._user("req_buyer", "purchase.group_purchase_user")
        cls.manager = cls._user("req_manager", "purchase.group_purchase_manager")
        cls.executive = cls._user("req_exec", "jxc_base.group_executive")
        cls.outsider = cls._user("req_out", "base.group_user")
        cls.vendor = cls.env["res.partner"].create({"name": "Vendor A"})
        cls.other_vendor = cls.env["res.partner"].create({"name": "Vendor B"})
        cls.bottle = cls.env["uom.uom"].create({"name": "瓶"})
        cls.wine = cls._product("Wine", {"箱": 12})
        cls.box = cls.wine.jxc_unit_ids.uom_id

    @classmethod
    def _user(cls, login, groups, **values):
        return new_test_user(cls.env, login, groups=groups, **values)

    @classmethod
    def _product(cls, name, units=None, **values):
        product = cls.env["product.product"].create(
            {
                "name": name,
                "is_storable": True,
                "uom_id": cls.bottle.id,
                "standard_price": 5.0,
                "jxc_unit_ids": [
                    Command.create(
                        {"name": unit, "factor": factor, "use_purchase": True}
                    )
                    for unit, factor in (units or {}).items()
                ],
                **values,
            }
        )
        return product.with_env(cls.env)

    def _request(self, *lines, user=None, approve=False, **values):
        """A request; lines are (product, quantity[, more values])."""
        user = user or self.requester
        request = (
            self.env["jxc.purchase.request"]
            .with_user(user)
            .create(
                {
                    "line_ids": [
                        Command.create(
                            {
                                "product_id": product.id,
                                "product_qty": quantity,
                                **(more[0] if more else {}),
                            }
                        )
                        for product, quantity, *more in lines
                    ],
                    **values,
                }
            )
        )
        if approve:
            request.action_submit()
            request.with_user(self.approver).action_approve()
        return request

    def _order(self, lines, *splits, user=None):
        """Make RFQs: (request line, quantity, vendor[, order unit]); default all."""
        lines = lines.with_user(user or self.buyer)
        wizard = self.env["jxc.purchase.request.order"].browse(
            lines.action_create_orders()["res_id"]
        )
        wizard = wizard.with_user(user or self.buyer)
        if splits:
            wizard.line_ids.unlink()
            for line, quantity, vendor, *unit in splits:
                wizard.line_ids.create(
                    {
                        "wizard_id": wizard.id,
                        "request_line_id": line.id,
                        "product_id": line.product_id.id,
                        "vendor_id": vendor.id,
                        "quantity": quantity,
                        **({"order_uom_id": unit[0].id} if unit else {}),
                    }
                )
        else:
            for line in wizard.line_ids.filtered(lambda one: not one.vendor_id):
                line.vendor_id = self.vendor
        before = self.env["purchase.order"].search([])
        wizard.action_create()
        return self.env["purchase.order"].search([], order="id") - before

    def _tender(self, lines, quantity=None, vendors=None, user=None):
        """Make the RFQs of a tender, for all that is open or for one quantity."""
        lines = lines.with_user(user or self.buyer)
        wizard = self.env["jxc.purchase.request.order"].browse(
            lines.action_create_orders()["res_id"]
        )
        wizard = wizard.with_user(user or self.buyer)
        vendors = vendors or self.vendor | self.other_vendor
        wizard.write({"is_tender": True, "vendor_ids": vendors.ids})
        if quantity is not None:
            wizard.line_ids.quantity = quantity
        before = self.env["purchase.order"].search([])
        wizard.action_create()
        return self.env["purchase.order"].search([], order="id") - before

    def _receive(self, order, quantity=None):
        picking = order.picking_ids.filtered(lambda one: one.state != "done")
        for move in picking.move_ids:
            move.quantity = move.product_uom_qty if quantity is None else quantity
            move.picked = True
        picking.with_context(skip_backorder=True)._action_done()

    def assertQuantities(self, line, rfq=0, ordered=0, received=0, opened=0, closed=0):
        self.assertRecordValues(
            line.sudo(),
            [
                {
                    "qty_in_rfq": rfq,
                    "qty_ordered": ordered,
                    "qty_received": received,
                    "qty_open": opened,
                    "qty_closed": closed,
                }
            ],
        )
