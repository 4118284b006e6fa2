# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
"""What each service receives of one voucher, written out by hand."""

import json
from datetime import date

from lxml import etree

from odoo.fields import Command
from odoo.tests import tagged

from .outbox_common import OutboxCommon


@tagged("post_install", "-at_install")
class TestFinanceServiceBodies(OutboxCommon):
    """A sale in dollars, and costs in red, with codes of the other system.

    The bodies are compared whole: what is sent besides is as wrong as what is missing.
    """

    maxDiff = None

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company.account_storno = True
        cls.dollar = cls.env.ref("base.USD")
        cls.dollar.active = True
        cls.customer = cls.env["res.partner"].create({"name": "甲客户", "ref": "C1"})
        cls.plan = cls.env["account.analytic.plan"].create({"name": "Departments"})
        cls.office = cls.env["account.analytic.account"].create(
            {"name": "行政部", "code": "D1", "plan_id": cls.plan.id}
        )

    def _voucher(self):
        """The dollars for 7.105 each; two lines are negative on their own sides."""
        lines = (
            ("112200", 710.50, "出口销售", False, {"partner_id": self.customer.id}),
            ("500100", -710.50, "出口销售", False, {}),
            ("560200", -30, "冲销多记", True, {"analytic_distribution": self._share}),
            ("100200", 30, "冲销多记", True, {}),
        )
        lines[0][-1].update(currency_id=self.dollar.id, amount_currency=100)
        journal = self.env["account.journal"].search(
            [("company_id", "=", self.company.id), ("type", "=", "general")], limit=1
        )
        move = self.env["account.move"].create(
            {
                "move_type": "entry",
                "date": date(2023, 1, 31),
                "journal_id": journal.id,
                "jxc_attachment_count": 5,
                "line_ids": [
                    Command.create(
                        {
                            "account_id": self._account(code).id,
                            "balance": balance,
                            "name": summary,
                            "is_storno": red,
                            **values,
                        }
                    )
                    for code, balance, summary, red, values in lines
                ],
            }
        )
        move.action_post()
        self.assertEqual(move.jxc_voucher_no, 1)
        self.assertEqual(
            [(line.debit, line.credit) for line in move.line_ids.sorted("id")],
            [(710.50, 0), (0, 710.50), (-30, 0), (0, -30)],
        )
        return move

    @property
    def _share(self):
        return {str(self.office.id): 100}

    def _sent(self, adapter, move):
        """(key, body of the request that held the voucher)."""
        self.server.reset()
        target = self._target(adapter, department_plan_id=self.plan.id)
        word = move.jxc_voucher_word
        self.env["jxc.finance.mapping"].create(
            [
                {"target_id": target.id, **values}
                for values in (
                    {
                        "kind": "account",
                        "account_id": self._account("112200").id,
                        "external_code": "1122.02",
                    },
                    {
                        "kind": "account",
                        "account_id": self._account("560200").id,
                        "external_code": "5602.09",
                        "with_department": True,
                    },
                    {
                        "kind": "partner",
                        "partner_id": self.customer.id,
                        "external_code": "K-007",
                        "external_name": "甲公司",
                    },
                    {"kind": "word", "word": word, "external_code": "PZ"},
                )
            ]
        )
        target.enqueue_moves(move.ids)
        self._run(target)
        [row] = target.outbox_ids
        self.assertEqual(row.state, "done", row.error or target.last_error)
        return row.key, self.server.bodies[-1][2]

    def test_kingdee_eas(self):
        """Each entry repeats the head; the sides are one column (entryDC) and two."""
        move = self._voucher()
        key, body = self._sent("kingdee_eas", move)
        [operation] = etree.fromstring(body).find("{*}Body")
        rows = [
            {etree.QName(part).localname: part.text for part in row}
            for row in operation[0]
        ]
        head = {
            "companyNumber": "001",
            "bookedDate": "2023-01-31",
            "bizDate": "2023-01-31",
            "periodYear": "2023",
            "periodNumber": "1",
            "voucherType": "PZ",
            "voucherNumber": "1",
            "attaches": "5",
            "creator": move.jxc_maker_id.name,
            "description": key,
            "itemFlag": "0",
            "qty": "0.0",
        }
        names = "entrySeq voucherAbstract accountNumber currencyNumber localRate"
        names += " entryDC originalAmount debitAmount creditAmount"
        entries = (
            "1 出口销售 1122.02 USD 7.105 1 100.0 710.5 0.0",
            "2 出口销售 5001 RMB 1.0 0 710.5 0.0 710.5",
            "3 冲销多记 5602.09 RMB 1.0 1 -30.0 -30.0 0.0",
            "4 冲销多记 1002 RMB 1.0 0 -30.0 0.0 -30.0",
        )
        items = (("客户", "K-007", "甲公司"), (), ("行政组织", "D1", "行政部"), ())
        wanted = []
        for entry, item in zip(entries, items, strict=True):
            row = head | dict(zip(names.split(), entry.split(), strict=True))
            kinds = ("asstActType1", "asstActNumber1", "asstActName1")
            wanted.append(row | dict(zip(kinds, item, strict=False)))
        self.assertEqual(
            [{name: text for name, text in row.items() if text} for row in rows], wanted
        )

    def test_kingdee_cloud(self):
        """Codes, also of the currency; the dimensions are the standard product's."""
        key, body = self._sent("kingdee_cloud_api", self._voucher())
        form, values = json.loads(body)["parameters"]
        self.assertEqual(form, "GL_VOUCHER")

        def entry(summary, account, item, *amounts, currency="PRE001", rate=1.0):
            original, debit, credit = amounts
            return {
                "FEntryID": 0,
                "FEXPLANATION": summary,
                "FACCOUNTID": {"FNumber": account},
                "FDetailID": item,
                "FCURRENCYID": {"FNumber": currency},
                "FEXCHANGERATETYPE": {"FNumber": "HLTX01_SYS"},
                "FEXCHANGERATE": rate,
                "FQty": 0.0,
                "FAMOUNTFOR": original,
                "FDEBIT": debit,
                "FCREDIT": credit,
            }

        customer = {"FDETAILID__FFLEX6": {"FNumber": "K-007"}}
        office = {"FDETAILID__FFLEX5": {"FNumber": "D1"}}
        dollars = {"currency": "USD", "rate": 7.105}
        self.assertEqual(
            json.loads(values)["Model"],
            {
                "FVOUCHERID": 0,
                "F_JXC_Key": key,
                "FAccountBookID": {"FNumber": "001"},
                "FDate": "2023-01-31",
                "FBUSDATE": "2023-01-31",
                "FYEAR": 2023,
                "FPERIOD": 1,
                "FVOUCHERGROUPID": {"FNumber": "PZ"},
                "FVOUCHERGROUPNO": "1",
                "FATTACHMENTS": 5,
                "FISADJUSTVOUCHER": "false",
                "FDocumentStatus": "A",
                "FEntity": [
                    entry("出口销售", "1122.02", customer, 100, 710.5, 0, **dollars),
                    entry("出口销售", "5001", {}, 710.5, 0, 710.5),
                    entry("冲销多记", "5602.09", office, -30, -30, 0),
                    entry("冲销多记", "1002", {}, -30, 0, -30),
                ],
            },
        )

    def test_tplus(self):
        """T+ numbers by itself; amounts are texts, the empty side is left out."""
        key, body = self._sent("tplus", self._voucher())
        own = {"Currency": {"Code": "RMB"}}
        self.assertEqual(
            json.loads(body)["dto"],
            {
                "ExternalCode": key,
                "VoucherDate": "2023-01-31",
                "DocType": {"Code": "PZ"},
                "AttachedVoucherNum": 5,
                "Memo": "",
                "Entrys": [
                    {
                        "Summary": "出口销售",
                        "Account": {"Code": "1122.02"},
                        "Currency": {"Code": "USD"},
                        "AmountDr": "710.50",
                        "ExchangeRate": "7.105000",
                        "OrigAmountDr": "100.00",
                        "AuxInfos": [{"AuxAccCustomer": {"Code": "K-007"}}],
                    },
                    {
                        "Summary": "出口销售",
                        "Account": {"Code": "5001"},
                        **own,
                        "AmountCr": "710.50",
                    },
                    {
                        "Summary": "冲销多记",
                        "Account": {"Code": "5602.09"},
                        **own,
                        "AmountDr": "-30.00",
                        "AuxInfos": [{"AuxAccDepartment": {"Code": "D1"}}],
                    },
                    {
                        "Summary": "冲销多记",
                        "Account": {"Code": "1002"},
                        **own,
                        "AmountCr": "-30.00",
                    },
                ],
            },
        )
