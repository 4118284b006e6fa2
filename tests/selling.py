# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
"""Who sells what to whom, in browser tests."""

from datetime import datetime
from zoneinfo import ZoneInfo


def today():
    """Return the day it is for a company in China, and in the browsers of tests."""
    return datetime.now(ZoneInfo("Asia/Shanghai")).date()


def create_people(env, **roles):
    """Create users who work in Chinese; return them.

    :param roles: ``login=[external ids of groups]``
    """
    return env["res.users"].create(
        [
            {
                "name": login,
                "login": login,
                "lang": "zh_CN",
                "tz": "Asia/Shanghai",
                "email": f"{login}@example.com",
                # no greeting of the platform's robot, which would cover a phone
                "odoobot_state": "disabled",
                "group_ids": [(6, 0, [env.ref(group).id for group in groups])],
            }
            for login, groups in roles.items()
        ]
    )


def create_goods(env, name, price=100.0, quantity=100, **values):
    """Create a product without taxes, and put some of it into the warehouse."""
    product = env["product.product"].create(
        {
            "name": name,
            "is_storable": True,
            "invoice_policy": "delivery",
            "list_price": price,
            "taxes_id": False,
            **values,
        }
    )
    stock = env["stock.warehouse"].search([], limit=1).lot_stock_id
    env["stock.quant"]._update_available_quantity(product, stock, quantity)
    return product


def create_customer(env, name, limit=None, **account):
    """Create a company that buys, with a credit limit if one is given."""
    customer = env["res.partner"].create({"name": name, "is_company": True})
    if limit is not None:
        env["jxc.credit.account"].create(
            {"partner_id": customer.id, "credit_limit": limit, **account}
        )
    return customer


def create_order(env, customer, product, quantity, **values):
    """Create a quotation of one line."""
    return env["sale.order"].create(
        {
            "partner_id": customer.id,
            "order_line": [
                (0, 0, {"product_id": product.id, "product_uom_qty": quantity})
            ],
            **values,
        }
    )


def deliver(orders):
    """Validate what is to be delivered of these orders."""
    for picking in orders.picking_ids.filtered(lambda one: one.state != "done"):
        picking.action_assign()
        picking.move_ids.picked = True
        picking.with_context(skip_sms=True).button_validate()
