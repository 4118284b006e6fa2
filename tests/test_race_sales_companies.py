# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
"""Two companies sell in one database, and two managers of each decide the same at once.

All four work in one moment. Each decision counts once, nobody sees a database error,
and nobody decides for the company that he is not in.
"""

import xmlrpc.client
from datetime import date, timedelta

import pytest

from races import at_once

ROUNDS = 2
NAMES = ("east", "west")
#: What tells the two companies apart in figures.
SIZE = {"east": 3, "west": 5}
GROUPS = (
    "jxc_base.group_credit_manager",
    "jxc_sales.group_price_manager",
    "sales_team.group_sale_manager",
    "stock.group_stock_manager",
)


@pytest.fixture(scope="module")
def world(database, odoo_env):
    """Ids by company: customer, credit account, and goods on the shelf."""
    with odoo_env(database) as env:
        env = env(su=True)  # in none of these companies
        env["tier.definition"].search([]).active = False
        groups = env["res.groups"].union(*map(env.ref, GROUPS))
        seller = env.ref("sales_team.group_sale_salesman_all_leads")
        found = {}
        for name in NAMES:
            company = env["res.company"].create(
                {"name": f"Race {name}", "jxc_price_change_percent": 10}
            )
            own = env(context={"allowed_company_ids": company.ids})
            warehouse = own["stock.warehouse"].search(
                [("company_id", "=", company.id)], limit=1
            ) or own["stock.warehouse"].create(
                {"name": name, "code": name[:4].upper(), "company_id": company.id}
            )
            product = own["product.product"].create(
                {
                    "name": f"Goods {name}",
                    "is_storable": True,
                    "list_price": 100,
                    "taxes_id": False,
                    "company_id": company.id,
                }
            )
            own["stock.quant"]._update_available_quantity(
                product, warehouse.lot_stock_id, 1000
            )
            customer = own["res.partner"].create(
                {
                    "name": f"Customer {name}",
                    "is_company": True,
                    "company_id": company.id,
                }
            )
            account = own["jxc.credit.account"].create(
                {
                    "partner_id": customer.id,
                    "company_id": company.id,
                    "credit_limit": 100,
                    "order_action": "hold",
                }
            )
            for number in (0, 1, 2):
                own["res.users"].create(
                    {
                        "name": f"race_{name}_{number}",
                        "login": f"race_{name}_{number}",
                        "group_ids": [(6, 0, (groups if number else seller).ids)],
                        "company_id": company.id,
                        "company_ids": [(6, 0, company.ids)],
                    }
                )
            found[name] = {
                "company": company.id,
                "product": product.id,
                "customer": customer.id,
                "account": account.id,
            }
        return found


@pytest.fixture(scope="module")
def bosses(serve, rpc, database, world):
    """``{company: [two clients]}`` of one running server."""
    with serve(database, workers=4) as server:
        yield {
            name: [rpc(server, f"race_{name}_{number}") for number in (1, 2)]
            for name in NAMES
        }


@pytest.fixture
def own(database, odoo_env, world):
    """``own(name)``: an environment of a company, committed when left."""

    class Own:
        def __init__(self, name):
            self.outer, self.name = odoo_env(database), name

        def __enter__(self):
            env = self.outer.__enter__()
            company = world[self.name]["company"]
            return env(su=True, context={"allowed_company_ids": [company]})

        def __exit__(self, *error):
            return self.outer.__exit__(*error)

    return Own


def _try(client, *arguments):
    """Return the text of the refusal, or None."""
    try:
        client.call(*arguments)
    except xmlrpc.client.Fault as fault:
        return fault.faultString
    return None


def _all_at_once(bosses, calls):
    """Have both managers of each company call the same, all four in one moment.

    :param calls: ``{company: (model, method, arguments …)}``
    :return: ``{company: [refusal or None of each]}``
    """

    def call(number):
        name = NAMES[number % 2]
        return _try(bosses[name][number // 2], *calls[name])

    texts = at_once(4, call)
    told = " ".join(filter(None, texts)).lower()
    for word in ("serialize", "deadlock", "psycopg", "traceback"):
        assert word not in told, texts
    # Nor for the other company, one after the other.
    for side, name in enumerate(NAMES):
        other = NAMES[1 - side]
        assert _try(bosses[name][0], *calls[other]), f"{name} decided for {other}"
    return {name: texts[side::2] for side, name in enumerate(NAMES)}


def _order(env, place, quantity):
    line = {
        "product_id": place["product"],
        "product_uom_qty": quantity,
        "price_unit": 100,
    }
    return env["sale.order"].create(
        {
            "partner_id": place["customer"],
            "company_id": place["company"],
            "order_line": [(0, 0, line)],
        }
    )


def test_orders_are_released(bosses, world, own):
    for _round in range(ROUNDS):
        orders = {}
        for name in NAMES:
            with own(name) as env:
                order = _order(env, world[name], SIZE[name])
                order.action_confirm()
                assert order.jxc_credit_state == "hold"
                orders[name] = order.id
        texts = _all_at_once(
            bosses,
            {
                name: ("sale.order", "action_jxc_credit_release", [id_], 0, False, "R")
                for name, id_ in orders.items()
            },
        )
        for name in NAMES:
            assert None in texts[name], texts
            with own(name) as env:
                order = env["sale.order"].browse(orders[name])
                assert order.state == "sale", (texts, order.message_ids.mapped("body"))
                assert len(order.picking_ids) == 1, "confirmed once"
                assert order.jxc_credit_ordered == 100 * SIZE[name]
                order._action_cancel()


def test_limits_are_raised(bosses, world, own):
    until = str(date.today() + timedelta(days=5))
    calls = {
        name: (
            "jxc.credit.override",
            "create",
            [
                {
                    "account_id": world[name]["account"],
                    "amount": 10 * SIZE[name],
                    "until": until,
                    "reason": "Race",
                }
            ],
        )
        for name in NAMES
    }
    for turn in range(1, ROUNDS + 1):
        texts = _all_at_once(bosses, calls)
        for name in NAMES:
            assert texts[name] == [None, None]
            with own(name) as env:
                account = env["jxc.credit.account"].browse(world[name]["account"])
                assert account.temporary_limit == 2 * turn * 10 * SIZE[name]


def test_proposals_are_accepted(bosses, world, own):
    for turn in range(1, ROUNDS + 1):
        for name in NAMES:
            with own(name) as env:
                account = env["jxc.credit.account"].browse(world[name]["account"])
                limit = 100 * turn * SIZE[name]
                account.write({"grade": "a", "proposed_limit": limit})
        texts = _all_at_once(
            bosses,
            {
                name: (
                    "jxc.credit.account",
                    "action_accept_proposal",
                    [world[name]["account"]],
                )
                for name in NAMES
            },
        )
        for name in NAMES:
            assert None in texts[name], texts
            with own(name) as env:
                account = env["jxc.credit.account"].browse(world[name]["account"])
                assert account.credit_limit == 100 * turn * SIZE[name]


def test_promises_are_accepted(bosses, world, own):
    for turn in range(ROUNDS):
        promises = {}
        for name in NAMES:
            with own(name) as env:
                promise = env["jxc.credit.promise"].create(
                    {
                        "account_id": world[name]["account"],
                        "amount": 1000 + 10 * turn + SIZE[name],
                        "date": date.today() + timedelta(days=5),
                    }
                )
                promises[name] = promise.id
        _all_at_once(
            bosses,
            {
                name: ("jxc.credit.promise", "action_accept", [id_])
                for name, id_ in promises.items()
            },
        )
        for name in NAMES:
            with own(name) as env:
                promise = env["jxc.credit.promise"].browse(promises[name])
                assert promise.accepted_by_id.login.startswith(f"race_{name}_")
                bodies = promise.account_id.message_ids.mapped("body")
                amount = f"{promise.amount:,.2f}"
                assert sum(amount in body for body in bodies) == 1, bodies


def test_prices_are_approved(bosses, world, own):
    for turn in range(1, ROUNDS + 1):
        changes = {}
        for name in NAMES:
            with own(name) as env:
                product = env["product.product"].browse(world[name]["product"])
                price = 100 * (turn + 1) + SIZE[name]
                line = {
                    "product_tmpl_id": product.product_tmpl_id.id,
                    "new_price": price,
                }
                asker = env["res.users"].search([("login", "=", f"race_{name}_0")])
                change = (
                    env["jxc.price.change"]
                    .with_user(asker)
                    .create(
                        {
                            "reason": "Season",
                            "company_id": world[name]["company"],
                            "line_ids": [(0, 0, line)],
                        }
                    )
                )
                change.action_submit()
                assert change.state == "requested"
                changes[name] = change.id
        texts = _all_at_once(
            bosses,
            {
                name: ("jxc.price.change", "action_approve", [id_])
                for name, id_ in changes.items()
            },
        )
        for name in NAMES:
            assert None in texts[name], texts
            with own(name) as env:
                change = env["jxc.price.change"].browse(changes[name])
                assert change.state == "done"
                logs = env["jxc.price.log"].search([("change_id", "=", change.id)])
                assert len(logs) == 1
                template = change.line_ids.product_tmpl_id
                assert template.list_price == 100 * (turn + 1) + SIZE[name]


def test_returns_are_accepted(bosses, world, own):
    orders = {}
    for name in NAMES:
        with own(name) as env:
            env["jxc.credit.account"].browse(world[name]["account"]).unlimited = True
        with own(name) as env:
            order = _order(env, world[name], 10)
            order.action_confirm()
            assert order.state == "sale", order.message_ids.mapped("body")
            order.picking_ids.action_assign()
            order.picking_ids.move_ids.picked = True
            order.picking_ids._action_done()
            orders[name] = order.order_line.id
    for turn in range(1, ROUNDS + 1):
        returns = {}
        for name in NAMES:
            with own(name) as env:
                line = {
                    "product_id": world[name]["product"],
                    "product_uom_qty": SIZE[name],
                }
                back = env["jxc.sale.return"].create(
                    {
                        "partner_id": world[name]["customer"],
                        "company_id": world[name]["company"],
                        "reason_id": env["jxc.sale.return.reason"]
                        .search([], limit=1)
                        .id,
                        "line_ids": [(0, 0, line)],
                    }
                )
                back.action_confirm()
                returns[name] = back.id
        texts = _all_at_once(
            bosses,
            {
                name: ("jxc.sale.return", "action_accept", [id_])
                for name, id_ in returns.items()
            },
        )
        for name in NAMES:
            assert None in texts[name], texts
            with own(name) as env:
                back = env["jxc.sale.return"].browse(returns[name])
                assert back.state == "accepted"
                done = back.picking_ids.move_ids.filtered(lambda m: m.state == "done")
                assert sum(done.mapped("quantity")) == SIZE[name]
                line = env["sale.order.line"].browse(orders[name])
                assert line.qty_delivered == 10 - turn * SIZE[name]
