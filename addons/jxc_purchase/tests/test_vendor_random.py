# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from collections import defaultdict
from datetime import datetime, timedelta
from random import Random

from odoo.tests import tagged

from .vendor_common import VendorCommon

#: The moment of day 0 in the tests; the period begins on day 30.
START = datetime(2025, 12, 2, 4)
BEGIN, END = datetime(2025, 12, 31, 16), datetime(2026, 3, 31, 16)


@tagged("post_install", "-at_install")
class TestVendorRandom(VendorCommon):
    """The statements say the same as somebody who counts slowly."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        for measure in ("on_time", "fill", "price"):
            cls._criterion(measure)
        third = cls.env["res.partner"].create({"name": "Vendor C"})
        cls.vendors = cls.vendor | cls.other_vendor | third
        cls.drink = cls._product("Drink", {"箱": 6})

    def test_figures(self):
        random = Random(4)
        self._play([self._random_order(random) for _number in range(12)])

    @staticmethod
    def _random_order(random):
        """Vendor, product, quantity, in boxes or not, price, day, days until promised,
        and parts that come: (days after the order, tenths)."""
        parts = [
            (random.randint(0, 40), random.randint(1, 10))
            for _number in range(random.randint(0, 2))
        ]
        return (
            random.randrange(3),
            random.randrange(2),
            random.randint(1, 9),
            random.random() < 0.5,
            random.randint(1, 50),
            random.randint(0, 100),
            random.randint(0, 30),
            parts,
        )

    def _play(self, orders):
        cases = []
        for vendor, product, count, boxed, price, day, wait, parts in orders:
            cases.append(self._buy_one(vendor, product, count, boxed, price, day, wait))
            self._receive_parts(cases[-1], parts)
        drafts = self._evaluate(*self.vendors)
        for number, one in enumerate(drafts):
            mine = [case for case in cases if case["vendor"] == number]
            self._check_rate(one, "on_time", mine, self._on_time)
            self._check_rate(one, "fill", mine, self._filled)
            self._check_price(one, number, cases)

    def _buy_one(self, vendor, product, count, boxed, price, day, wait):
        goods = (self.wine, self.drink)[product]
        unit = goods.jxc_unit_ids.uom_id if boxed else self.bottle
        ordered = START + timedelta(days=day)
        promised = ordered + timedelta(days=wait)
        order = self._ordered(
            self.vendors[vendor],
            (goods, count, price, {"product_uom_id": unit.id}),
            on=str(ordered),
            promised=str(promised),
        )
        factor = {True: (12, 6)[product], False: 1}[boxed]
        return {
            "order": order,
            "vendor": vendor,
            "product": product,
            "quantity": count * factor,
            "amount": price * count,
            "ordered": ordered,
            "promised": promised,
            "came": [],
        }

    def _receive_parts(self, case, parts):
        left = case["quantity"]
        for days, tenths in sorted(parts):
            quantity = min(left, max(case["quantity"] * tenths // 10, 1))
            moment = case["ordered"] + timedelta(days=days)
            if quantity:
                self._came(case["order"], str(moment), quantity)
                case["came"].append((moment, quantity))
                left -= quantity

    @staticmethod
    def _end_of_day(moment):
        """The end of a day in Shanghai, as UTC."""
        local = moment + timedelta(hours=8)
        midnight = local.replace(hour=0, minute=0) + timedelta(days=1)
        return midnight - timedelta(hours=8)

    def _on_time(self, case):
        until = self._end_of_day(case["promised"])
        came = sum(quantity for moment, quantity in case["came"] if moment < until)
        return 1.0 if came >= case["quantity"] else 0.0

    def _filled(self, case):
        return sum(quantity for _moment, quantity in case["came"]) / case["quantity"]

    def _check_rate(self, one, measure, cases, rate):
        due = [case for case in cases if BEGIN <= case["promised"] < END]
        rates = [rate(case) for case in due]
        expected = 100.0 * sum(rates) / len(rates) if rates else 0.0
        # The platform keeps what was received in boxes with two decimals.
        delta = 0.5 if measure == "fill" else 0.006
        self.assertFigure(one, measure, expected, len(rates), delta)

    def _check_price(self, one, vendor, cases):
        bought = [case for case in cases if BEGIN <= case["ordered"] < END]
        market = defaultdict(list)
        for case in bought:
            market[case["product"]].append(case)
        paid = reference = 0.0
        count = 0
        for case in bought:
            if case["vendor"] != vendor:
                continue
            prices = []
            same = market[case["product"]]
            if len({other["vendor"] for other in same}) > 1:
                total = sum(other["amount"] for other in same)
                prices.append(total / sum(other["quantity"] for other in same))
            before = [
                other
                for other in cases
                if other["ordered"] < BEGIN
                and (other["vendor"], other["product"]) == (vendor, case["product"])
            ]
            if before:
                last = max(before, key=lambda row: (row["ordered"], row["order"].id))
                prices.append(last["amount"] / last["quantity"])
            if prices:
                count += 1
                paid += case["amount"]
                reference += case["quantity"] * sum(prices) / len(prices)
        expected = 100.0 * paid / reference if count else 0.0
        self.assertFigure(one, "price", expected, count)
