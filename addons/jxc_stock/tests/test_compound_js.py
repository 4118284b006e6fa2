# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
import json
from decimal import Decimal

from odoo.tests import BaseCase, tagged
from odoo.tools import file_open

from odoo.addons.jxc_base.tests.js_common import JsUnitCase
from odoo.addons.jxc_stock.tools.compound import (
    Compound,
    CompoundError,
    Unit,
    number_text,
)


def compound_of(spec):
    units = [
        Unit(unit["name"], Decimal(unit["factor"]), unit["in_compound"])
        for unit in spec["units"]
    ]
    return Compound(spec["base"], units, spec["digits"], aliases=spec["aliases"])


@tagged("post_install", "-at_install")
class TestCompoundCases(BaseCase):
    """The server's side of the cases that the browser's side is proven on."""

    def test_cases(self):
        with file_open("jxc_stock/static/tests/compound_cases.js") as cases_file:
            text = cases_file.read()
        cases = json.loads(text.split("CASES =\n")[1].rstrip().rstrip(";"))
        compounds = {name: compound_of(spec) for name, spec in cases["specs"].items()}
        self.assertGreater(len(cases["parse"]), 300)
        for name, text, expected in cases["parse"]:
            with self.subTest(name=name, text=text):
                self.assertEqual(self._parse(compounds[name], text), expected)
        for name, quantity, expected in cases["format"]:
            with self.subTest(name=name, quantity=quantity):
                self.assertEqual(compounds[name].format(Decimal(quantity)), expected)

    def _parse(self, compound, text):
        try:
            return {"value": number_text(compound.parse(text))}
        except CompoundError as error:
            return {"reason": error.reason}


@tagged("post_install", "-at_install")
class TestCompoundBrowser(JsUnitCase):
    def test_units(self):
        """The browser's side: reading, writing and the entry field."""
        self._run_unit_tests("jxc_stock")
