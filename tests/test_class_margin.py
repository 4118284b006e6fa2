# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
"""Classes by margin where orders keep theirs: the app for margins is installed here.

Without it, cost is today's cost of the products; the addon's own tests show that.
"""

import pytest

from odoo.fields import Command

from test_addon_lifecycle import complaints


@pytest.fixture(scope="module")
def margins(database, postgres_server):
    from conftest import install_over

    log = install_over(database, postgres_server, "sale_margin")
    assert complaints(log) == []
    return database


def test_the_margin_of_the_day_counts(margins, odoo_env):
    """A cost that rose later takes nothing from what was earned."""
    with odoo_env(margins) as env:
        company = env["res.company"].create({"name": "Margin Ltd"})
        env.user.company_ids += company
        env = env(context={**env.context, "allowed_company_ids": company.ids})
        company.write({"jxc_class_by": "margin"})
        goods = env["product.product"].create(
            {
                "name": "Goods",
                "type": "service",
                "standard_price": 20,
                "taxes_id": [Command.clear()],
            }
        )
        early, late = env["res.partner"].create([{"name": "Early"}, {"name": "Late"}])

        def sell(partner, quantity, price):
            order = env["sale.order"].create(
                {
                    "partner_id": partner.id,
                    "order_line": [
                        Command.create(
                            {
                                "product_id": goods.id,
                                "product_uom_qty": quantity,
                                "price_unit": price,
                                "tax_ids": [Command.clear()],
                            }
                        )
                    ],
                }
            )
            order.action_confirm()
            return order

        assert sell(early, 10, 100).margin == 800
        goods.standard_price = 99
        assert sell(late, 10, 100).margin == 10
        classes = env["jxc.customer.class"]
        assert classes._has_order_margin()
        classes._recompute(company)
        found = classes.search([("company_id", "=", company.id)])
        found = {row.partner_id: (row.abc, row.monetary) for row in found}
        # by revenue both are A; 98.8 % of the margin come before the second one
        assert found == {early: ("a", 1000), late: ("c", 1000)}
        assert not any(classes._recompute(company).values())
        env.cr.rollback()
