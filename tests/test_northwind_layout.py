# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
"""The Northwind layout: counts, totals, units, and a stock that is never negative."""

import csv
import datetime
import subprocess
import sys
from collections import defaultdict
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path

import pytest

NORTHWIND = Path(__file__).parents[1] / "demo" / "northwind"
SOURCE = NORTHWIND / "data"
CENT = Decimal("0.01")


def make(target, *options):
    command = [sys.executable, NORTHWIND / "make_layout.py", SOURCE, target, *options]
    return subprocess.run(command, capture_output=True, text=True, check=False)


def read(folder, file):
    with open(folder / f"{file}.csv", encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


@pytest.fixture(scope="module")
def layout(tmp_path_factory):
    """{file: rows} as the script writes them, without moving dates."""
    folder = tmp_path_factory.mktemp("northwind")
    done = make(folder)
    assert done.returncode == 0, done.stderr
    return {path.stem: read(folder, path.stem) for path in folder.glob("*.csv")}


@pytest.fixture(scope="module")
def moved(tmp_path_factory):
    """The same with the last order on 2026-03-31."""
    folder = tmp_path_factory.mktemp("moved")
    done = make(folder, "--end-date", "2026-03-31")
    assert done.returncode == 0, done.stderr
    return {path.stem: read(folder, path.stem) for path in folder.glob("*.csv")}


def factors(layout):
    """{(code, unit): number of base units}"""
    result = {(row["code"], row["base_unit"]): 1 for row in layout["products"]}
    for row in layout["product_units"]:
        result[row["code"], row["unit"]] = int(row["factor"])
    return result


def on_hand_by_day(layout):
    """Yield (day, {code: base units}) after what arrives and then what leaves."""
    factor, changes = factors(layout), defaultdict(lambda: defaultdict(list))
    for row in layout["purchase_orders"]:
        quantity = int(row["received_qty"]) - int(row["rejected_qty"])
        changes[row["planned_date"]][row["code"]].append(
            quantity * factor[row["code"], row["unit"]]
        )
    for row in layout["sale_orders"]:
        changes[row["date"]][row["code"]].append(
            -int(row["delivered_qty"]) * factor[row["code"], row["unit"]]
        )
    stock = dict.fromkeys((row["code"] for row in layout["products"]), 0)
    for day in sorted(changes):
        for code, quantities in changes[day].items():
            stock[code] += sum(quantities)
        yield day, dict(stock)


def test_counts(layout):
    assert len(layout["products"]) == 77
    assert len(layout["partners"]) == 120
    assert len({row["ref"] for row in layout["partners"]}) == 120
    assert len(layout["sale_orders"]) == 2155
    assert len({row["number"] for row in layout["sale_orders"]}) == 830
    assert len(layout["vendor_prices"]) == 77
    kinds = [row["kind"] for row in layout["partners"]]
    assert (kinds.count("customer"), kinds.count("vendor")) == (91, 29)


def test_net_total_of_sales(layout):
    """1,265,793.04 exactly; 1,265,793.29 when each line is rounded to cents."""
    nets = [
        int(row["qty"])
        * Decimal(row["price"])
        * (1 - Decimal(row["discount_percent"]) / 100)
        for row in layout["sale_orders"]
    ]
    assert sum(nets).quantize(CENT, ROUND_HALF_UP) == Decimal("1265793.04")
    rounded = sum(net.quantize(CENT, ROUND_HALF_UP) for net in nets)
    assert rounded == Decimal("1265793.29")
    assert sum(int(row["qty"]) for row in layout["sale_orders"]) == 51317


def test_delivered_where_shipped(layout):
    shipped = {row["order_id"] for row in read(SOURCE, "orders") if row["shipped_date"]}
    assert len(shipped) == 809
    for row in layout["sale_orders"]:
        expected = row["qty"] if row["number"].removeprefix("NWS") in shipped else "0"
        assert row["delivered_qty"] == expected


@pytest.mark.parametrize("version", ["layout", "moved"])
def test_stock_is_never_negative_and_ends_as_in_the_source(version, request):
    layout = request.getfixturevalue(version)
    factor = factors(layout)
    sold_unit = {row["code"]: row["unit"] for row in layout["vendor_prices"]}
    for day, stock in on_hand_by_day(layout):
        negative = {code: qty for code, qty in stock.items() if qty < 0}
        assert not negative, f"{day}: {negative}"
    for product in read(SOURCE, "products"):
        code = f"P{int(product['product_id']):03d}"
        expected = int(product["units_in_stock"]) * factor[code, sold_unit[code]]
        assert stock[code] == expected, product["product_name"]


@pytest.mark.parametrize("version", ["layout", "moved"])
def test_goods_arrive_before_the_month_they_are_sold_in(version, request):
    """The import replays month by month, purchases first."""
    layout = request.getfixturevalue(version)
    stock, by_month = defaultdict(int), defaultdict(lambda: defaultdict(int))
    for row in layout["sale_orders"]:
        by_month[row["date"][:7]][row["code"]] -= int(row["delivered_qty"])
    for row in layout["purchase_orders"]:
        assert row["date"] < row["planned_date"]
        by_month[row["planned_date"][:7]].setdefault(row["code"], 0)
    bought = defaultdict(int)
    for row in layout["purchase_orders"]:
        bought[row["planned_date"][:7], row["code"]] += int(row["received_qty"])
    for month in sorted(by_month):
        for code, sold in by_month[month].items():
            assert stock[code] + sold >= 0, (month, code)
            stock[code] += sold + bought[month, code]


def test_open_purchases_are_what_is_on_order(layout):
    open_orders = defaultdict(int)
    for row in layout["purchase_orders"]:
        assert int(row["received_qty"]) in (0, int(row["qty"]))
        open_orders[row["code"]] += int(row["qty"]) - int(row["received_qty"])
    for product in read(SOURCE, "products"):
        code = f"P{int(product['product_id']):03d}"
        assert open_orders[code] == int(product["units_on_order"])


@pytest.mark.parametrize(
    ("code", "text", "base", "units"),
    [
        ("P001", "10 boxes x 30 bags", "袋", {"盒": 30, "箱": 300}),
        ("P002", "24 - 12 oz bottles", "瓶", {"箱": 24}),
        ("P005", "36 boxes", "盒", {"箱": 36}),
        ("P011", "1 kg pkg.", "包", {}),
        ("P013", "2 kg box", "盒", {}),
        ("P020", "30 gift boxes", "礼盒", {"箱": 30}),
        ("P021", "24 pkgs. x 4 pieces", "块", {"包": 4, "箱": 96}),
        ("P029", "50 bags x 30 sausgs.", "根", {"袋": 30, "箱": 1500}),
        ("P033", "500 g", "块", {}),
        ("P039", "750 cc per bottle", "瓶", {}),
        ("P045", "1k pkg.", "包", {}),
        ("P055", "24 boxes x 2 pies", "个", {"盒": 2, "箱": 48}),
        ("P060", "15 - 300 g rounds", "块", {"箱": 15}),
        ("P076", "500 ml", "瓶", {}),
        ("P077", "12 boxes", "盒", {"箱": 12}),
    ],
)
def test_units(layout, code, text, base, units):
    products = {f"P{int(r['product_id']):03d}": r for r in read(SOURCE, "products")}
    assert products[code]["quantity_per_unit"] == text
    (product,) = [row for row in layout["products"] if row["code"] == code]
    assert product["base_unit"] == base
    rows = [row for row in layout["product_units"] if row["code"] == code]
    assert {row["unit"]: int(row["factor"]) for row in rows} == units


def test_outer_package_is_bought_and_sold(layout):
    """One default unit a product, and all documents and prices are in it."""
    sold = {row["code"]: row["base_unit"] for row in layout["products"]}
    for row in layout["product_units"]:
        if row["use"]:
            assert row["use"] == "purchase;sale"
            assert sold[row["code"]] != row["unit"]
            sold[row["code"]] = row["unit"]
    for file in ("sale_orders", "purchase_orders", "vendor_prices"):
        for row in layout[file]:
            assert row["unit"] == sold[row["code"]]


def test_costs_leave_a_margin(layout):
    prices = {row["code"]: Decimal(row["price"]) for row in layout["vendor_prices"]}
    for row in layout["sale_orders"]:
        assert prices[row["code"]] < Decimal(row["price"])
    for row in layout["purchase_orders"]:
        assert Decimal(row["price"]) == prices[row["code"]]


def test_reorder_rules_are_in_base_units(layout):
    rules = {row["code"]: row for row in layout["reorder_rules"]}
    assert rules["P002"] == {
        "warehouse": "WH",
        "code": "P002",
        "min_qty": "600",
        "max_qty": "1200",
    }
    assert "P004" not in rules, "reorder level 0 makes no rule"


def test_budgets_cover_months_and_categories(layout):
    """A line per month and category; most cover what is spent, some do not."""
    category = {row["code"]: row["category"] for row in layout["products"]}
    spent = defaultdict(Decimal)
    for row in layout["purchase_orders"]:
        key = (row["date"][:7], category[row["code"]])
        spent[key] += int(row["qty"]) * Decimal(row["price"])
    budgets = {
        (row["date_from"][:7], row["category"]): row for row in layout["budgets"]
    }
    assert set(budgets) == set(spent)
    assert len(budgets) == len(layout["budgets"])
    over = 0
    for key, row in budgets.items():
        assert row["control"] == "warn"
        last = datetime.date.fromisoformat(row["date_to"])
        assert (last + datetime.timedelta(days=1)).day == 1
        over += spent[key] > Decimal(row["amount"])
    assert 0 < over < len(budgets) / 4


def test_dates_move_by_whole_days(layout, moved):
    days = datetime.date(2026, 3, 31) - datetime.date(1998, 5, 6)
    assert max(row["date"] for row in moved["sale_orders"]) == "2026-03-31"
    for old, new in zip(layout["sale_orders"], moved["sale_orders"], strict=True):
        date = datetime.date.fromisoformat(old["date"]) + days
        assert new == {**old, "date": date.isoformat()}


def test_same_result_every_time(tmp_path):
    first, second = tmp_path / "a", tmp_path / "b"
    assert make(first).returncode == make(second).returncode == 0
    for path in first.iterdir():
        assert path.read_bytes() == (second / path.name).read_bytes()
        assert b"\r" not in path.read_bytes()


def test_wrong_use(tmp_path):
    missing = tmp_path / "missing"
    command = [sys.executable, NORTHWIND / "make_layout.py", missing, tmp_path]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert str(missing) in done.stderr
    assert "Traceback" not in done.stderr
    assert make(tmp_path, "--end-date", "31.3.2026").returncode == 2
