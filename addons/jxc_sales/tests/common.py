# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from odoo.fields import Command, Date
from odoo.tests import new_test_user

from odoo.addons.account.tests.common import AccountTestInvoicingCommon


class CreditCommon(AccountTestInvoicingCommon):
    """A customer with a limit of 1,000 and a product of 100, without tax, in stock."""

    @classmethod
    @AccountTestInvoicingCommon.setup_country("cn")
    @AccountTestInvoicingCommon.setup_chart_template("cn")
    def setUpClass(cls):
        super().setUpClass()
        # Messages and names are compared in the source language.
        cls.env = cls.env(context=dict(cls.env.context, lang="en_US"))
        cls.company = cls.company_data["company"]
        # What is kept is in the company's language.
        cls.env["res.lang"]._activate_lang("en_US")
        cls.company.partner_id.lang = "en_US"
        cls.env.user.group_ids += (
            cls.env.ref("sales_team.group_sale_manager")
            + cls.env.ref("stock.group_stock_manager")
            + cls.env.ref("jxc_base.group_credit_manager")
        )
        cls.customer = cls.env["res.partner"].create(
            {"name": "Bright Trading", "is_company": True}
        )
        cls.product = cls._create_lamp()
        cls.account = cls.env["jxc.credit.account"].create(
            {"partner_id": cls.customer.id, "credit_limit": 1000}
        )
        cls.salesman = cls._create_user(
            "jxc_salesman", "sales_team.group_sale_salesman_all_leads"
        )

    @classmethod
    def _create_user(cls, login, groups):
        return new_test_user(
            cls.env,
            login,
            groups,
            company_id=cls.company.id,
            company_ids=[Command.set(cls.company.ids)],
        )

    @classmethod
    def _create_lamp(cls, stock=1000, **values):
        product = cls.env["product.product"].create(
            {
                "name": "Lamp",
                "is_storable": True,
                "list_price": 100,
                "invoice_policy": "delivery",
                "taxes_id": [Command.clear()],
                **values,
            }
        )
        if stock:
            cls._add_stock(product, stock)
        return product

    @classmethod
    def _add_stock(cls, product, quantity, lot=None):
        warehouse = cls.env["stock.warehouse"].search(
            [("company_id", "=", cls.company.id)], limit=1
        )
        cls.env["stock.quant"]._update_available_quantity(
            product, warehouse.lot_stock_id, quantity, lot_id=lot
        )

    @classmethod
    def _create_order(cls, quantity=1, price=100.0, product=None, **values):
        return cls.env["sale.order"].create(
            {
                "partner_id": cls.customer.id,
                "order_line": [
                    Command.create(
                        {
                            "product_id": (product or cls.product).id,
                            "product_uom_qty": quantity,
                            "price_unit": price,
                        }
                    )
                ],
                **values,
            }
        )

    @classmethod
    def _deliver(cls, order, quantity=None, backorder=True):
        """Validate the open delivery, or part of it."""
        picking = order.picking_ids.filtered(
            lambda picking: picking.state not in ("done", "cancel")
        )
        picking.action_assign()
        if quantity is not None:
            picking.move_ids.quantity = quantity
        picking.move_ids.picked = True
        context = {} if backorder else {"cancel_backorder": True}
        picking.with_context(**context)._action_done()

    @classmethod
    def _return(cls, order, quantity):
        """Take goods of the last delivery back, for a credit note."""
        picking = order.picking_ids.filtered(
            lambda p: p.state == "done" and p.picking_type_code == "outgoing"
        ).sorted("id")[-1]
        wizard = cls.env["stock.return.picking"].create({"picking_id": picking.id})
        wizard.product_return_moves.write({"quantity": quantity, "to_refund": True})
        back = wizard._create_return()
        back.move_ids.quantity = quantity
        back.move_ids.picked = True
        back._action_done()

    @classmethod
    def _pay(cls, invoice, amount=None):
        wizard = (
            cls.env["account.payment.register"]
            .with_context(active_model="account.move", active_ids=invoice.ids)
            .create({"amount": amount} if amount else {})
        )
        return wizard._create_payments()

    def _receipt(self, amount, order, post=True, **values):
        """Money of the customer for one order."""
        payment = self.env["account.payment"].create(
            {
                "payment_type": "inbound",
                "partner_type": "customer",
                "partner_id": self.customer.id,
                "amount": amount,
                "jxc_sale_order_id": order.id,
                "journal_id": self.company_data["default_journal_bank"].id,
                **values,
            }
        )
        if post:
            payment.action_post()
        return payment

    def _due(self, amount, days_ago, **values):
        """A posted invoice without order that was due so many days ago."""
        day = Date.subtract(self.account._jxc_today(), days=days_ago)
        invoice = self.env["account.move"].create(
            {
                "move_type": "out_invoice",
                "partner_id": self.customer.id,
                "invoice_date": day,
                "invoice_date_due": day,
                "invoice_payment_term_id": False,
                "invoice_line_ids": [
                    Command.create(
                        {"name": "Work", "price_unit": amount, "tax_ids": False}
                    )
                ],
                **values,
            }
        )
        invoice.action_post()
        return invoice

    def _exposure(self, account=None):
        account = account or self.account
        account.invalidate_recordset()
        return account.exposure

    def _parts(self, account=None):
        """The parts that are not zero, by name."""
        account = account or self.account
        account.invalidate_recordset()
        names = (
            "receivable",
            "unapplied",
            "draft",
            "delivered",
            "ordered",
            "returned",
        )
        parts = {name: account[f"exposure_{name}"] for name in names}
        return {name: amount for name, amount in parts.items() if amount}
