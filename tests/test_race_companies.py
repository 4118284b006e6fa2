# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
"""Two companies with goods of one product work in one database at the same time.

Each has a manager and a clerk who are in no other company; one manager is in both.
"""

import pytest

from clients import Refused
from races import at_once

ON_HAND = 10
TURNS = 4  # calls of each company
NAMES = ("east", "west")


@pytest.fixture(scope="module")
def world(database, odoo_env):
    """Ids by company: its warehouses and reason."""
    with odoo_env(database) as env:
        env = env(su=True)  # in none of these companies
        companies = env["res.company"].create(
            [{"name": f"Race {name}"} for name in NAMES]
        )
        companies.internal_transit_location_id.write({"active": True})
        found = {}
        for name, company in zip(NAMES, companies, strict=True):
            own, taker = env["stock.warehouse"].create(
                [
                    {
                        "name": f"{kind} {name}",
                        "code": f"{kind[0]}{name[:3]}".upper(),
                        "company_id": company.id,
                        "jxc_alert_defaults": kind == "Own",
                    }
                    for kind in ("Own", "Taker")
                ]
            )
            found[name] = {
                "company": company.id,
                "warehouse": own.id,
                "shelf": own.lot_stock_id.id,
                "taker": taker.id,
            }
        boss, clerk = (
            env.ref(f"stock.group_stock_{kind}") for kind in ("manager", "user")
        )
        for login, group, allowed in (
            ("race_east", boss, companies[0]),
            ("race_west", boss, companies[1]),
            ("race_both", boss, companies),
            ("race_east_clerk", clerk, companies[0]),
            ("race_west_clerk", clerk, companies[1]),
        ):
            env["res.users"].create(
                {
                    "name": login,
                    "login": login,
                    "group_ids": [(6, 0, group.ids)],
                    "company_id": allowed[0].id,
                    "company_ids": [(6, 0, allowed.ids)],
                }
            )
        return found


@pytest.fixture(scope="module")
def clients(serve, json2, database, world):
    """JSON-2 clients by name, on a server with four processes."""
    with serve(database, workers=4) as server:
        yield {
            name: json2(server, f"race_{name}")
            for name in (*NAMES, "both", "east_clerk", "west_clerk")
        }


def _goods(env, world, **values):
    """A product of no company with ten pieces on the shelf of each."""
    product = env["product.product"].create(
        {"name": "Race Goods", "is_storable": True, "purchase_ok": False, **values}
    )
    for place in world.values():
        shelf = env["stock.location"].browse(place["shelf"])
        env["stock.quant"]._update_available_quantity(product, shelf, ON_HAND)
    return product


def _quant(env, product_id, place):
    return env["stock.quant"].search(
        [("product_id", "=", product_id), ("location_id", "=", place["shelf"])]
    )


def _try(client, *arguments, **keywords):
    """Return the refusal's message, empty when there was none."""
    try:
        client.call(*arguments, **keywords)
    except Refused as refusal:
        return f"{refusal.name} {refusal.message}"
    return ""


def _name(number):
    return NAMES[number % 2]


def test_each_freezes_its_own(clients, database, odoo_env, world):
    """Of four clients of each company that freeze three of ten, three succeed."""
    with odoo_env(database) as env:
        env = env(su=True)
        product_id = _goods(env, world).id
        quants = {name: _quant(env, product_id, world[name]).id for name in NAMES}

    def freeze(client, name):
        return _try(
            clients[client],
            "stock.quant",
            "action_jxc_freeze",
            ids=[quants[name]],
            quantity=3,
            reason=f"Race {name}",
        )

    faults = at_once(2 * TURNS, lambda n: freeze(_name(n), _name(n)))
    for side, name in enumerate(NAMES):
        refused = [fault for fault in faults[side::2] if fault]
        assert len(refused) == 1 and "Race Goods" in refused[0], refused
        other = NAMES[1 - side]
        assert "AccessError" in freeze(name, other), "goods of another company"
        domain = [["product_id", "=", product_id]]
        reasons = clients[name].call(
            "jxc.stock.freeze", "search_read", domain=domain, fields=["reason"]
        )
        assert {row["reason"] for row in reasons} == {f"Race {name}"}
        assert len(reasons) == 3
    with odoo_env(database) as env:
        env = env(su=True)
        for name in NAMES:
            quant = env["stock.quant"].browse(quants[name])
            assert (quant.quantity, quant.jxc_frozen_quantity) == (ON_HAND, 9)


def test_scans_do_not_meet(clients, database, odoo_env, world):
    """Keepers of one company and of both scan at once: one alert for each cause."""
    with odoo_env(database) as env:
        env = env(su=True)
        product_ids = [_goods(env, world, jxc_safety_stock=20).id for _n in range(20)]
    turns = [*NAMES, "both"] * 3

    def scan(number):
        name = turns[number]
        context = {}
        if name == "both":
            context["allowed_company_ids"] = [world[n]["company"] for n in NAMES]
        return _try(clients[name], "jxc.stock.alert", "scan", context=context)

    assert at_once(len(turns), scan) == [""] * len(turns)
    domain = [["product_id", "in", product_ids]]
    for name in NAMES:
        alerts = clients[name].call(
            "jxc.stock.alert",
            "search_read",
            domain=domain,
            fields=["company_id", "warehouse_id", "product_id", "quantity"],
        )
        assert {row["company_id"][0] for row in alerts} == {world[name]["company"]}
        assert {row["warehouse_id"][0] for row in alerts} == {world[name]["warehouse"]}
        assert sorted(row["product_id"][0] for row in alerts) == product_ids
        assert {row["quantity"] for row in alerts} == {ON_HAND}
        again = clients[name].call("jxc.stock.alert", "scan")
        assert again == {"opened": 0, "updated": 0, "closed": 0}
    with odoo_env(database) as env:
        env = env(su=True)
        assert env["jxc.stock.alert"].search_count(domain) == 2 * len(product_ids)


def test_counts_of_one_product(clients, database, odoo_env, world):
    """Each company counts its own goods: one count of each starts, both are right."""
    with odoo_env(database) as env:
        env = env(su=True)
        product_id = _goods(env, world).id
        reason = env["jxc.stock.count.reason"].search([], limit=1)
        counts = {
            name: env["jxc.stock.count"]
            .with_company(world[name]["company"])
            .create(
                [
                    {
                        "warehouse_id": world[name]["warehouse"],
                        "product_ids": [(6, 0, [product_id])],
                        "reason_id": reason.id,
                    }
                ]
                * TURNS
            )
            .ids
            for name in NAMES
        }

    def start(number):
        name = _name(number)
        ids = [counts[name][number // 2]]
        return _try(clients[name], "jxc.stock.count", "action_start", ids=ids)

    faults = at_once(2 * TURNS, start)
    started = {}
    for side, name in enumerate(NAMES):
        mine = faults[side::2]
        assert mine.count("") == 1, mine
        assert all("already counts" in fault for fault in mine if fault), mine
        started[name] = counts[name][mine.index("")]

    def work(number):
        name = _name(number)
        client, count_id = clients[name], started[name]
        if number >= 2:  # somebody of the other company interferes all the while
            other = clients[NAMES[1 - number % 2]]
            return _try(other, "jxc.stock.count", "action_cancel", ids=[count_id])
        [sheet] = client.call(
            "jxc.stock.count.sheet", "create", vals_list=[{"count_id": count_id}]
        )
        entry = {
            "sheet_id": sheet,
            "product_id": product_id,
            "location_id": world[name]["shelf"],
            "quantity": 7 + number,
        }
        client.call("jxc.stock.count.entry", "create", vals_list=[entry])
        client.call("jxc.stock.count", "action_submit", ids=[count_id])
        return _try(client, "jxc.stock.count", "action_apply", ids=[count_id])

    results = at_once(4, work)
    assert results[:2] == ["", ""], results
    assert all("AccessError" in fault for fault in results[2:]), results
    with odoo_env(database) as env:
        env = env(su=True)
        for number, name in enumerate(NAMES):
            assert env["jxc.stock.count"].browse(started[name]).state == "done"
            quant = _quant(env, product_id, world[name])
            assert sum(quant.mapped("quantity")) == 7 + number
            moves = env["stock.move"].search(
                [
                    ("product_id", "=", product_id),
                    ("company_id", "=", world[name]["company"]),
                ]
            )
            assert moves.mapped("quantity") == [3 - number]


def test_allocations_keep_both_safety_stocks(clients, database, odoo_env, world):
    """Of four allocations of two in each company, with six to keep, two fit."""
    with odoo_env(database) as env:
        env = env(su=True)
        product_id = _goods(env, world, jxc_safety_stock=6).id
        ids = {}
        for name, place in world.items():
            line = {
                "product_id": product_id,
                "source_id": place["warehouse"],
                "target_id": place["taker"],
                "quantity": 2,
            }
            values = {"company_id": place["company"], "line_ids": [(0, 0, line)]}
            allocations = env["jxc.stock.allocation"].with_company(place["company"])
            ids[name] = allocations.create([values] * TURNS).ids

    def confirm(number):
        name = _name(number)
        one = [ids[name][number // 2]]
        clerk = clients[f"{name}_clerk"]  # a manager may go below the safety stock
        return _try(clerk, "jxc.stock.allocation", "action_confirm", ids=one)

    faults = at_once(2 * TURNS, confirm)
    for side, name in enumerate(NAMES):
        mine = faults[side::2]
        assert mine.count("") == 2, mine
        assert all("Race Goods" in fault for fault in mine if fault), mine
        other = clients[f"{NAMES[1 - side]}_clerk"]
        fault = _try(other, "jxc.stock.allocation", "action_confirm", ids=ids[name][:1])
        assert "AccessError" in fault, fault
    with odoo_env(database) as env:
        env = env(su=True)
        for name, place in world.items():
            product = env["product.product"].browse(product_id)
            left = product.with_company(place["company"]).with_context(
                warehouse_id=place["warehouse"]
            )
            assert left.virtual_available == 6, name


def test_releases_are_each_company_s(clients, database, odoo_env, world):
    """One releases a lot of both, the other does not: only his goods go out."""
    with odoo_env(database) as env:
        env = env(su=True)
        product = env["product.product"].create(
            {
                "name": "Race Milk",
                "is_storable": True,
                "tracking": "lot",
                "use_expiration_date": True,
            }
        )
        lot = env["stock.lot"].create(
            {"product_id": product.id, "expiration_date": "2020-01-01"}
        )
        customers = env.ref("stock.stock_location_customers")
        moves = {}
        for name, place in world.items():
            shelf = env["stock.location"].browse(place["shelf"])
            env["stock.quant"]._update_available_quantity(
                product, shelf, ON_HAND, lot_id=lot
            )
            warehouse = env["stock.warehouse"].browse(place["warehouse"])
            pickings = env["stock.picking"].with_company(place["company"])
            for _turn in range(TURNS):
                move = {
                    "product_id": product.id,
                    "product_uom_qty": 2,
                    "location_id": shelf.id,
                    "location_dest_id": customers.id,
                }
                receiver = env["res.partner"].create({"name": "Race Customer"})
                pickings |= pickings.create(
                    {
                        "partner_id": receiver.id,
                        "picking_type_id": warehouse.out_type_id.id,
                        "move_ids": [(0, 0, move)],
                    }
                )
            pickings.action_confirm()
            moves[name] = pickings.ids
        lot_id = lot.id

    def release(number):
        if number == 0:
            return _try(
                clients["east"],
                "stock.lot",
                "action_jxc_release",
                ids=[lot_id],
                reason="Retested",
            )
        name = _name(number)
        one = [moves[name][(number - 1) // 2]]
        return _try(clients[name], "stock.picking", "action_assign", ids=one)

    at_once(2 * TURNS, release)
    for name in NAMES:
        _try(clients[name], "stock.picking", "action_assign", ids=moves[name])
    with odoo_env(database) as env:
        env = env(su=True)
        for name, reserved in (("east", 2 * TURNS), ("west", 0)):
            pickings = env["stock.picking"].browse(moves[name])
            assert sum(pickings.move_ids.mapped("quantity")) == reserved, name
