# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
"""Two companies buy the same from the same vendor at once, each on its own budget."""

from datetime import date, timedelta

import pytest

from clients import Refused
from races import at_once

PRICE = 100.0
#: What each company may spend; the names tell the refusals apart.
LIMITS = {"First Race": 500.0, "Second Race": 300.0}
CLIENTS = 12
EACH = 2


@pytest.fixture(scope="module")
def companies(database, odoo_env):
    """Per company a budget and more draft orders than it has room for."""
    with odoo_env(database) as env:
        second = env["res.company"].create(
            {"name": "Second Race", "currency_id": env.company.currency_id.id}
        )
        env["stock.warehouse"].create(
            {"name": "Second", "code": "SEC", "company_id": second.id}
        )
        env.ref("base.user_admin").company_ids += second
        vendor = env["res.partner"].create({"name": "Vendor of Both"})
        product = env["product.product"].create(
            {"name": "Race of Both", "type": "service", "supplier_taxes_id": False}
        )
        today = date.today()
        made = {}
        for name, company in zip(LIMITS, env.company | second, strict=True):
            budget = env["jxc.purchase.budget"].create(
                {
                    "name": name,
                    "company_id": company.id,
                    "date_from": today - timedelta(days=30),
                    "date_to": today + timedelta(days=30),
                    "line_ids": [
                        (
                            0,
                            0,
                            {
                                "partner_id": vendor.id,
                                "amount_planned": LIMITS[name],
                                "control": "block",
                            },
                        )
                    ],
                }
            )
            budget.action_confirm()
            line = {"product_id": product.id, "product_qty": 1, "price_unit": PRICE}
            values = {
                "partner_id": vendor.id,
                "company_id": company.id,
                "order_line": [(0, 0, {**line, "tax_ids": [(5,)]})],
            }
            orders = env["purchase.order"].with_company(company)
            made[name] = {
                "budget": budget.id,
                "company": company.id,
                "orders": orders.create([values] * CLIENTS).ids,
            }
        return made


def test_each_company_has_its_own_budget(serve, json2, database, odoo_env, companies):
    """As many orders of each get through as its budget has room for, and no more."""
    with serve(database, workers=4) as server:
        client = json2(server)
        faults = at_once(CLIENTS, lambda number: _confirm(client, companies, number))
    for name, limit in LIMITS.items():
        refusals = [text for result in faults for text in result[name]]
        assert all(name in text for text in refusals), "only the own budget refuses"
        with odoo_env(database) as env:
            world = companies[name]
            orders = env["purchase.order"].browse(world["orders"])
            confirmed = orders.filtered(lambda order: order.state == "purchase")
            budget = env["jxc.purchase.budget"].browse(world["budget"])
            assert len(confirmed) * PRICE == budget.line_ids.amount_committed == limit
            assert len(refusals) == CLIENTS - len(confirmed)
            entries = env["jxc.budget.entry"].search(
                [("line_id", "in", budget.line_ids.ids)]
            )
            assert entries.company_id.ids == [world["company"]]
            assert {entry.res_id for entry in entries} <= set(
                orders.order_line.ids + orders.ids
            )
            assert budget.action_recompute_check() == []


def _confirm(client, companies, number):
    """Confirm one order of each company; even clients begin with the second one."""
    faults = {name: [] for name in LIMITS}
    for name in sorted(LIMITS, reverse=number % 2 == 0):
        world = companies[name]
        try:
            client.call(
                "purchase.order",
                "button_confirm",
                ids=[world["orders"][number]],
                context={"allowed_company_ids": [world["company"]]},
            )
        except Refused as refusal:
            faults[name].append(refusal.message)
    return faults
