#!/usr/bin/env python3
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
"""Turn the Northwind tables into a folder in the layout of the data import.

Sales are Northwind's own; purchases and budgets are made for them. Deterministic.
"""

import argparse
import csv
import datetime
import itertools
import sys
from collections import defaultdict
from decimal import ROUND_CEILING, ROUND_HALF_UP, Decimal
from pathlib import Path

from packages import parse_package

ZERO = Decimal(0)
CENT = Decimal("0.01")
MICRO = Decimal("0.000001")  # for prices of one bag out of a case of 300
LOT = 10  # vendors sell in tens of the outer package where that leaves nothing over

CATEGORIES = {
    "Beverages": "饮料",
    "Condiments": "调味品",
    "Confections": "糖果点心",
    "Dairy Products": "乳制品",
    "Grains/Cereals": "谷物主食",
    "Meat/Poultry": "肉禽",
    "Produce": "果蔬豆制品",
    "Seafood": "海鲜水产",
}
COUNTRIES = {
    "Argentina": "AR",
    "Australia": "AU",
    "Austria": "AT",
    "Belgium": "BE",
    "Brazil": "BR",
    "Canada": "CA",
    "Denmark": "DK",
    "Finland": "FI",
    "France": "FR",
    "Germany": "DE",
    "Ireland": "IE",
    "Italy": "IT",
    "Japan": "JP",
    "Mexico": "MX",
    "Netherlands": "NL",
    "Norway": "NO",
    "Poland": "PL",
    "Portugal": "PT",
    "Singapore": "SG",
    "Spain": "ES",
    "Sweden": "SE",
    "Switzerland": "CH",
    "UK": "GB",
    "USA": "US",
    "Venezuela": "VE",
}
# Share of what is spent that a month's budget allows; the last one is too small.
BUDGET_SHARES = [Decimal("1.2"), Decimal("1.1"), Decimal("1.05"), Decimal("0.97")]
# Share of all that a customer bought, without tax, that may stay unpaid (nobody pays in
# Northwind), and the days until it is due; again the last share is too small.
CREDIT_TERMS = [
    (Decimal("1.5"), 30),
    (Decimal("1.3"), 60),
    (Decimal("1.2"), 45),
    (Decimal("1.1"), 90),
]


class Northwind:
    """The source tables, with dates moved and codes as in the layout."""

    def __init__(self, folder, end_date=None):
        self.products = {row["product_id"]: row for row in read(folder, "products")}
        self.customers = read(folder, "customers")
        self.suppliers = read(folder, "suppliers")
        self.orders = read(folder, "orders")
        self.lines = defaultdict(list)
        for row in read(folder, "order_details"):
            self.lines[row["order_id"]].append(row)
        names = {
            row["category_id"]: row["category_name"]
            for row in read(folder, "categories")
        }
        last = max(parse_date(order["order_date"]) for order in self.orders)
        self.shift = (end_date - last) if end_date else datetime.timedelta()
        for order in self.orders:
            order["date"] = parse_date(order["order_date"]) + self.shift
        for product in self.products.values():
            product["package"] = parse_package(product["quantity_per_unit"])
            product["category"] = CATEGORIES[names[product["category_id"]]]
        self.end = last + self.shift

    def delivered(self):
        """{product_id: {first day of month: quantity}} of what left the warehouse."""
        quantities = {product: defaultdict(int) for product in self.products}
        for order in self.orders:
            if order["shipped_date"]:
                month = order["date"].replace(day=1)
                for line in self.lines[order["order_id"]]:
                    quantities[line["product_id"]][month] += int(line["quantity"])
        return quantities

    def bought(self):
        """{customer_id: net total of all orders}."""
        totals = defaultdict(lambda: ZERO)
        for order in self.orders:
            for line in self.lines[order["order_id"]]:
                net = Decimal(line["unit_price"]) * int(line["quantity"])
                net *= 1 - Decimal(line["discount"])
                totals[order["customer_id"]] += net
        return totals


def read(folder, table):
    with open(folder / f"{table}.csv", encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def parse_date(text):
    return datetime.date.fromisoformat(text[:10])


def product_code(product_id):
    return f"P{int(product_id):03d}"


def vendor_ref(supplier_id):
    return f"V{int(supplier_id):03d}"


def money(value):
    return value.quantize(CENT, ROUND_HALF_UP)


def package_cost(product):
    """What one outer package costs: 52 to 66 % of the list price, by product."""
    share = Decimal(52 + int(product["product_id"]) * 7 % 15) / 100
    return money(Decimal(product["unit_price"]) * share)


def lead_days(supplier_id):
    return 5 + int(supplier_id) * 3 % 10


# -- master data ----------------------------------------------------------------------


def partners(source):
    bought = source.bought()
    terms = dict(zip(sorted(bought), itertools.cycle(CREDIT_TERMS), strict=False))
    for kind, rows in (("customer", source.customers), ("vendor", source.suppliers)):
        for row in rows:
            ref = row.get("customer_id") or vendor_ref(row["supplier_id"])
            yield {
                "ref": ref,
                "name": row["company_name"],
                "kind": kind,
                "phone": row["phone"],
                "street": row["address"],
                "city": " ".join(filter(None, (row["city"], row["region"]))),
                "zip": row["postal_code"],
                "country": COUNTRIES[row["country"]],
                **(credit(bought[ref], *terms[ref]) if ref in terms else {}),
            }


def credit(bought, share, days):
    """A limit in round thousands."""
    limit = (bought * share / 1000).to_integral_value(ROUND_CEILING) * 1000
    return {"credit_limit": limit, "credit_days": days}


def products(source):
    for product_id, product in source.products.items():
        _unit, factor = product["package"].sold
        yield {
            "code": product_code(product_id),
            "name": product["product_name"],
            "category": product["category"],
            "base_unit": product["package"].base,
            "type": "goods",
            "tracking": "none",
            "cost": plain((package_cost(product) / factor).quantize(MICRO)),
            "list_price": plain(
                (Decimal(product["unit_price"]) / factor).quantize(MICRO)
            ),
            # Discontinued products were sold and some are still in stock.
            "active": 1,
        }


def product_units(source):
    for product_id, product in source.products.items():
        sold, sold_factor = product["package"].sold
        for unit, factor in product["package"].units:
            price = Decimal(product["unit_price"]) * factor / sold_factor
            yield {
                "code": product_code(product_id),
                "unit": unit,
                "factor": factor,
                "list_price": money(price),
                "use": "purchase;sale" if unit == sold else "",
            }


def vendor_prices(source):
    for product_id, product in source.products.items():
        yield {
            "vendor_ref": vendor_ref(product["supplier_id"]),
            "code": product_code(product_id),
            "unit": product["package"].sold[0],
            "price": package_cost(product),
            "min_qty": 1,
            "lead_days": lead_days(product["supplier_id"]),
            "currency": "CNY",
        }


def reorder_rules(source):
    for product_id, product in source.products.items():
        level = int(product["reorder_level"]) * product["package"].sold[1]
        if level:
            yield {
                "warehouse": "WH",
                "code": product_code(product_id),
                "min_qty": level,
                "max_qty": 2 * level,
            }


# -- documents ------------------------------------------------------------------------


def sale_orders(source):
    for order in source.orders:
        for line in source.lines[order["order_id"]]:
            product = source.products[line["product_id"]]
            yield {
                "number": f"NWS{order['order_id']}",
                "customer_ref": order["customer_id"],
                "date": order["date"],
                "code": product_code(line["product_id"]),
                "unit": product["package"].sold[0],
                "qty": line["quantity"],
                "price": line["unit_price"],
                "discount_percent": plain(Decimal(line["discount"]) * 100),
                "delivered_qty": line["quantity"] if order["shipped_date"] else 0,
                "currency": "CNY",
            }


def plan_purchases(demand, in_stock):
    """{month: quantity} that covers each month's demand and leaves ``in_stock``.

    Tens are bought ahead where later months use them up.
    """
    plan, stock = {}, 0
    left = sum(demand.values()) + in_stock
    for month in sorted(demand):
        needed = demand[month] + in_stock - stock
        if needed > 0:
            plan[month] = min(-(-needed // LOT) * LOT, left)
            stock += plan[month]
            left -= plan[month]
        stock -= demand[month]
    return plan


def purchase_orders(source):
    """A month's orders arrive in the last days before the month begins."""
    orders = defaultdict(list)
    for product_id, demand in source.delivered().items():
        product = source.products[product_id]
        supplier = product["supplier_id"]
        if not demand:  # never sold: bought when business began
            demand = {min(o["date"] for o in source.orders).replace(day=1): 0}
        for month, qty in plan_purchases(
            demand, int(product["units_in_stock"])
        ).items():
            arrival = month - datetime.timedelta(days=1 + int(supplier) % 3)
            orders[arrival, supplier].append((product_id, qty, qty))
        if int(product["units_on_order"]):
            arrival = source.end + datetime.timedelta(days=lead_days(supplier))
            orders[arrival, supplier].append((product_id, product["units_on_order"], 0))
    for position, key in enumerate(sorted(orders, key=lambda k: (k[0], int(k[1]))), 1):
        yield from purchase_lines(source, f"NWP{position:04d}", *key, orders[key])


def purchase_lines(source, number, arrival, supplier, lines):
    ordered = arrival - datetime.timedelta(days=lead_days(supplier))
    for product_id, qty, received in lines:
        product = source.products[product_id]
        yield {
            "number": number,
            "vendor_ref": vendor_ref(supplier),
            "date": ordered,
            "planned_date": arrival,
            "code": product_code(product_id),
            "unit": product["package"].sold[0],
            "qty": qty,
            "price": package_cost(product),
            "received_qty": received,
            "rejected_qty": 0,
            "currency": "CNY",
        }


def budgets(source):
    """A budget a month, a line a category, from what is ordered in the month."""
    by_code = {product_code(key): row for key, row in source.products.items()}
    spent = defaultdict(lambda: ZERO)
    for line in purchase_orders(source):
        category = by_code[line["code"]]["category"]
        spent[line["date"].replace(day=1), category] += int(line["qty"]) * line["price"]
    months = sorted({month for month, _category in spent})
    for position, month in enumerate(months):
        share = BUDGET_SHARES[position % len(BUDGET_SHARES)]
        next_month = (month + datetime.timedelta(days=31)).replace(day=1)
        for category in CATEGORIES.values():
            if (month, category) in spent:
                amount = spent[month, category] * share / 100
                yield {
                    "budget": f"{month:%Y-%m} 采购预算",
                    "date_from": month,
                    "date_to": next_month - datetime.timedelta(days=1),
                    "category": category,
                    "amount": amount.to_integral_value(ROUND_CEILING) * 100,
                    "control": "warn",
                    "warn_percent": 90,
                }


def plain(number):
    return format(number.normalize(), "f")


FILES = {
    "partners": partners,
    "products": products,
    "product_units": product_units,
    "vendor_prices": vendor_prices,
    "reorder_rules": reorder_rules,
    "budgets": budgets,
    "purchase_orders": purchase_orders,
    "sale_orders": sale_orders,
}


def write_layout(source_folder, target_folder, end_date=None):
    """Write all files of the layout.

    :return: {file: number of rows}
    """
    source = Northwind(Path(source_folder), end_date)
    target = Path(target_folder)
    target.mkdir(parents=True, exist_ok=True)
    counts = {}
    for name, make_rows in FILES.items():
        rows = list(make_rows(source))
        with open(target / f"{name}.csv", "w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, list(rows[0]), lineterminator="\n")
            writer.writeheader()
            writer.writerows(rows)
        counts[name] = len(rows)
    return counts


def main(arguments=None):
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("source", type=Path, help="folder with the Northwind tables")
    parser.add_argument("target", type=Path, help="folder to write the layout to")
    parser.add_argument(
        "--end-date",
        type=datetime.date.fromisoformat,
        metavar="YYYY-MM-DD",
        help="day on which the last order falls (default: as in the source)",
    )
    options = parser.parse_args(arguments)
    try:
        counts = write_layout(options.source, options.target, options.end_date)
    except OSError as error:
        print(f"make_layout: {error.filename}: {error.strerror}", file=sys.stderr)
        return 1
    for name, count in counts.items():
        print(f"{name}.csv: {count} rows")
    return 0


if __name__ == "__main__":
    sys.exit(main())
