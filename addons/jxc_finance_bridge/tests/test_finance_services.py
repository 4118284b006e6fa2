# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from lxml import etree

from odoo.exceptions import ValidationError
from odoo.tests import tagged

from odoo.addons.jxc_base.tools import secret

from .finance_server import WSDL
from .outbox_common import SERVICES, OutboxCommon

#: what the type of an entry has for cash-flow items in EAS' own WSDL
FLOW_FIELDS = {
    "oppAccountSeq": "int",
    "primaryItem": "string",
    "primaryCoef": "double",
    "cashflowAmountOriginal": "double",
    "cashflowAmountLocal": "double",
    "cashflowAmountRpt": "double",
}


@tagged("post_install", "-at_install")
class TestFinanceServices(OutboxCommon):
    """What is special to one service or another."""

    def _send(self, target, moves):
        ids = target.enqueue_moves(moves.ids)
        self._run(target)
        return self.env["jxc.finance.outbox"].browse(ids)

    def test_secrets_that_no_request_holds(self):
        """T+ takes key and secret in headers: Chinese letters fail when they are typed,
        and where they were stored before, at the first voucher."""
        for values in ({"secret": "密码一二三,token"}, {"login": "应用"}):
            with self.subTest(values), self.assertRaisesRegex(ValidationError, "ASCII"):
                self._target("tplus", **values)
        target = self._target("tplus")
        with self.assertRaisesRegex(ValidationError, "ASCII"):
            target.secret = "密码"
        self.assertTrue(self._target("kingdee_cloud_api", secret="密码"))
        other = self._target("kingdee_cloud_api", secret="密码")
        with self.assertRaisesRegex(ValidationError, "ASCII"):
            other.adapter = "tplus"
        target.sudo().secret_token = secret.encrypt(self.env, "密码,token")
        row = self._send(target, self._moves())
        self.assertEqual((row.state, row.tries), ("refused", 0))
        self.assertIn("ASCII", row.error)
        self.assertFalse(self.server.bodies)
        self.assertFalse(target.failure_count, "nothing that time would mend")

    def test_number_of_what_was_looked_up(self):
        """The answer was lost; the number there is known from the look-up."""
        for adapter in SERVICES:
            with self.subTest(adapter=adapter):
                self.server.reset()
                self.server.plan = ["drop_after"]
                target = self._target(adapter)
                row = self._send(target, self._moves())
                self.assertEqual((row.state, row.number), ("unknown", False))
                self._run(target)
                self.assertEqual(row.state, "done")
                self.assertEqual(row.number.rpartition("-")[2], "7")

    def test_cash_flow_items_of_eas(self):
        """One row each after the entries, if the target says so; red is negative."""
        element = '<xsd:element name="{}" type="xsd:{}" nillable="true" minOccurs="0"/>'
        fields = "".join(element.format(*field) for field in FLOW_FIELDS.items())
        flag = '<xsd:element name="itemFlag"'
        self.server.wsdl = WSDL.replace(flag, fields + flag)
        item = self.env.ref("jxc_finance_bridge.jxc_cash_flow_item_sme_01")
        mapping = {
            "kind": "cash_flow",
            "cash_flow_item_id": item.id,
            "external_code": "CI_001",
        }
        for options, amount, flags in (
            ("cash_flow = 1", 113, ["0", "1", "1"]),
            ("cash_flow = 1", -113, ["0", "1", "1"]),
            (False, 113, ["0", "1", "0"]),
        ):
            with self.subTest(options=options, amount=amount):
                target = self._target(
                    "kingdee_eas", options=options, mappings=[(0, 0, mapping)]
                )
                move = self._entry(
                    "2023-01-31",
                    ("100200", amount, 0),
                    ("500100", 0, amount),
                    post=False,
                )
                move.line_ids[1].jxc_cash_flow_item_id = item
                move.action_post()
                row = self._send(target, move)
                self.assertEqual(row.state, "done", row.error)
                operation = etree.fromstring(self.server.bodies[-1][2])
                operation = operation.find(".//{*}Body/*")
                sent = {etree.QName(one).localname: one for one in operation}
                names = ("isSubmit", "isVerify", "isCashflow")
                self.assertEqual([sent[name].text for name in names], flags)
                rows = [
                    {etree.QName(part).localname: part.text for part in one}
                    for one in operation[0]
                ]
                flows = [one for one in rows if one["itemFlag"] == "1"]
                self.assertEqual(len(rows) - len(flows), 2)
                if not options:
                    self.assertFalse(flows)
                    continue
                [flow] = flows
                self.assertEqual(flow, rows[-1])
                self.assertEqual(flow["primaryItem"], "CI_001")
                self.assertEqual((flow["entrySeq"], flow["oppAccountSeq"]), ("1", "2"))
                self.assertEqual(float(flow["cashflowAmountLocal"]), abs(amount))
                self.assertEqual(flow["description"], row.key)
