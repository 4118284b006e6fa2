# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
"""Every model and method of this addon, for who may only read, and for others."""

import base64
import inspect
import io
from collections import Counter

from openpyxl import Workbook
from psycopg2.errors import ReadOnlySqlTransaction

from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import HttpCase, tagged
from odoo.tools import mute_logger

from ..tools.token import engine_context
from .booking_common import BookingCommon
from .settlement_common import SettlementCommon
from .test_fapiao import XML

TARGET = "jxc.finance.target"
ADDON = "odoo.addons.jxc_finance_bridge."
#: common to all companies, or without one
SHARED = {"jxc.cash.flow.item"}
#: what readers may make: reports on screen, which are theirs alone
REPORTS = {
    "jxc.ageing",
    "jxc.ageing.bucket",
    "jxc.ageing.line",
    "jxc.finance.statement",
    "jxc.finance.statement.line",
    "jxc.trial.balance",
    "jxc.trial.balance.line",
    "jxc.voucher.print",
    "jxc.xlsx.fill",
}
#: Parameters that are given though they need not be.
ASKED = {"company", "company_id", "reason"}


@tagged("post_install", "-at_install")
class TestFinanceAccess(BookingCommon, SettlementCommon, HttpCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.robot = cls._user("robot", "jxc_finance_bridge.group_finance_integration")
        cls.far = cls.env["res.company"].create({"name": "Company B"})
        cls.stranger = cls._user(
            "stranger",
            "account.group_account_manager,jxc_finance_bridge.group_period_reopen,"
            "jxc_base.group_executive,jxc_base.group_see_costs",
            cls.far,
        )
        cls._user("nobody", "base.group_user")
        cls._user("store", "stock.group_stock_user")
        cls.names = cls.env["ir.model"].search([("model", "=like", "jxc.%")])
        cls.names = [
            name
            for name in sorted(cls.names.mapped("model"))
            if cls.env[name]._original_module == "jxc_finance_bridge"
            and not cls.env[name]._abstract
        ]

    def _make_everything(self):
        """A row of the first company in every model of this addon."""
        env, company = self.env, self.company
        # What other systems know them by, as vouchers are exported, too.
        self.vendor.ref, self.customer.ref = "V1", "C1"
        company.jxc_match_action = "hold"
        bought = self._buy("2026-01-05", 10, 10)
        self._move("2026-01-05", bought, 10)
        sold = self._sell("2026-01-08", 3)
        self._move("2026-01-08", sold, 3)
        self._invoice("2026-01-08", sold, 3, 100)
        bill = self._invoice("2026-01-09", bought, 10, 12, post=False)
        bill.invoice_line_ids.tax_ids = self.company_data["default_tax_purchase"]
        bill.action_post()
        self._take("2026-01-31")
        self._item("112200", 100, partner=self.customer)
        self._item("112200", -60, partner=self.customer)
        settlement = self._settlement(partner=self.customer)
        settlement.action_apply()
        general = env["account.journal"].search(
            [("company_id", "=", company.id), ("type", "=", "bank")], limit=1
        )
        period = env["jxc.finance.period"]._get_or_create(company, bill.date)
        period.sudo().action_check()
        period.with_context(**engine_context())._add_log("close")
        target = env["jxc.finance.target"].create(
            {
                "name": "Books",
                "code": "B",
                "company_id": company.id,
                "adapter": "u8_eai",
                "endpoint": "https://books.example.com",
                "login": "user",
            }
        )
        statement = env["jxc.statement"].create(
            {
                "partner_id": self.customer.id,
                "company_id": company.id,
                "kind": "receivable",
                "date_from": "2026-01-01",
                "date_to": "2026-03-31",
            }
        )
        statement.action_refresh()
        self._fapiao()
        for name, values in {
            "jxc.finance.mapping": {
                "target_id": target.id,
                "kind": "word",
                "word": "记",
                "external_code": "1",
            },
            "jxc.finance.outbox": {
                "target_id": target.id,
                "move_id": bill.id,
                "key": "K",
            },
            "jxc.finance.removal": {
                "company_id": company.id,
                "move_res_id": 1,
                "key": "R",
            },
            "jxc.bank.format": {"journal_id": general.id},
            "jxc.voucher.summary": {
                "company_id": company.id,
                "kind": "entry",
                "template": "{ref}",
            },
            "jxc.ageing.bucket.set": {
                "name": "Own",
                "company_id": company.id,
                "days": "30, 60",
            },
            "jxc.cash.flow.rule": {
                "company_id": company.id,
                "chart": "cn",
                "codes": "1002",
                "item_in_id": env["jxc.cash.flow.item"].search([], limit=1).id,
            },
            "jxc.xlsx.template": {
                "name": "Own",
                "company_id": company.id,
                "file": base64.b64encode(self._workbook()),
            },
        }.items():
            env[name].sudo().create(values)
        self._make_wizards(period, general)

    def _fapiao(self):
        return self.env["jxc.fapiao"].create(
            {
                "number": "26312000000000482999",
                "company_id": self.company.id,
                "date": "2026-01-09",
                "seller_vat": "91310115093498660A",
                "line_ids": [Command.create({"name": "Goods"})],
            }
        )

    def _make_wizards(self, period, journal):
        """What somebody of the first company has on screen."""
        maker = self._user(
            "maker",
            "account.group_account_manager,jxc_finance_bridge.group_period_reopen",
        )
        dates = {"date_from": "2026-01-01", "date_to": "2026-01-31"}
        template = self._rows("jxc.xlsx.template")[:1]
        for name, values in {
            "jxc.trial.balance": dates,
            "jxc.finance.statement": {"kind": "balance", **dates},
            "jxc.ageing": {"date": "2026-03-31"},
            "jxc.voucher.print": {},
            "jxc.voucher.export": {**dates, "target_id": self._rows(TARGET).id},
            "jxc.xlsx.fill": {**dates, "template_id": template.id},
            "jxc.finance.reopen": {"period_id": period.id, "reason": "x"},
            "jxc.finance.setup": {"company_id": self.company.id},
            "jxc.bank.import": {
                "journal_id": journal.id,
                "row_ids": [Command.create({"number": 1, "state": "new"})],
            },
            "jxc.invoice.match.release": {
                "match_ids": [Command.set(self._rows("jxc.invoice.match").ids)],
                "reason": "x",
            },
            "jxc.settlement.batch": {"kind": "receivable"},
            "jxc.statement.batch": {"kind": "receivable", **dates},
            "jxc.stock.snapshot.take": {"date": "2026-01-31"},
            "jxc.fapiao.match": {"fapiao_id": self._rows("jxc.fapiao").id},
            "jxc.fapiao.upload": {
                "line_ids": [Command.create({"name": "a.xml", "state": "new"})]
            },
        }.items():
            model = self.env[name].with_user(maker).with_company(self.company)
            wizard = model.create(values)
            if name == "jxc.ageing":
                wizard.action_show()

    @staticmethod
    def _workbook():
        content = io.BytesIO()
        Workbook().save(content)
        return content.getvalue()

    def _rows(self, name):
        """Records of a model that belong to the first company."""
        model = self.env[name].sudo().with_context(active_test=False)
        domain = []
        if model.is_transient():
            owner = (
                "ageing_id.create_uid" if name == "jxc.ageing.line" else "create_uid"
            )
            domain = [(f"{owner}.login", "=", "maker")]
        elif "company_id" in model._fields:
            domain = [("company_id", "=", self.company.id)]
        elif "period_id" in model._fields:
            domain = [("period_id.company_id", "=", self.company.id)]
        return model.search(domain, limit=3)

    def test_every_model(self):
        """Others see nothing of the company, readers change nothing of it."""
        self._make_everything()
        self.env.flush_all()
        self._check_others()
        self._check_readers()
        for login in ("stranger", "nobody", "store"):
            user = self.env["res.users"].search([("login", "=", login)])
            ends = self._check_methods(user)
            self.assertLess(ends["answer"], 12, login)

    def _check_readers(self):
        """No right to write, and no method that does it for them.

        Each public method is run in a transaction in which the database refuses to
        write, so that even what nobody thought of is found.
        """
        for name in self.names:
            model = self.env[name].with_user(self.robot)
            for right in ("create", "write", "unlink"):
                if name not in REPORTS:
                    self.assertFalse(model.has_access(right), f"{right} {name}")
        ends = self._check_methods(self.robot)
        self.assertGreater(ends["answer"], 15, "what readers are for")

    def _check_methods(self, user):
        """No public method writes for who has no right to: readers of the books, the
        accounting administrator of another company, people without the books.

        Each call gets arguments it can work with and ends with an answer or a refusal
        of access. One that failed of anything else would prove nothing.
        """
        ends = Counter()
        for name in [n for n in self.names if not self.env[n].is_transient()] + [
            "account.move",
            "account.move.line",
            "account.bank.statement.line",
            "jxc.voucher",
        ]:
            record = self._rows(name)[:1] if name != "jxc.voucher" else self.env[name]
            for method, arguments in self._methods(name):
                with mute_logger("odoo.sql_db", "odoo.http"):
                    end = self._call_reading(record.with_user(user), method, arguments)
                ends[end] += 1
        self.assertGreater(ends.total(), 55)
        # Who has no rights in the books gets nothing but what opens a window.
        self.assertGreater(ends["refused"], 35)
        return ends

    def _arguments(self):
        """{parameter: something of the first company that can be meant by it}"""
        return {
            "date": "2026-02-28",
            "date_from": "2026-01-01",
            "date_to": "2026-01-31",
            "format": "u8_text",
            "company": self.company.id,
            "company_id": self.company.id,
            "target": self._rows(TARGET).code,
            "partner_id": self.customer.id,
            "move_ids": self._rows("jxc.finance.outbox").move_id.ids,
            "reason": "Agreed",
            "content": base64.b64encode(XML.encode()).decode(),
        }

    def _methods(self, name):
        """(method, arguments) of what RPC may call of this addon."""
        own = {
            method: function
            for kind in type(self.env[name]).__mro__
            if kind.__module__.startswith(ADDON)
            for method, function in vars(kind).items()
            if inspect.isfunction(function)
            and not method.startswith("_")
            and not getattr(function, "_api_private", False)
        }
        for method in ("create", "write", "unlink", "default_get"):
            own.pop(method, None)
        known = self._arguments()
        for method, function in sorted(own.items()):
            [_self, *parameters] = inspect.signature(function).parameters.values()
            arguments = {}
            for parameter in parameters:
                needed = parameter.default is parameter.empty
                if parameter.kind == parameter.POSITIONAL_OR_KEYWORD and (
                    needed or parameter.name in ASKED
                ):
                    arguments[parameter.name] = known[parameter.name]
            yield method, arguments

    def _call_reading(self, record, method, arguments):
        """How a call ends: with an "answer" or "refused", whoever may not call it.

        It fails where it writes, and where it complains of anything else first: so
        much as the state of a record is not for who may not see it.
        """
        self.env.flush_all()
        with self.env.cr.savepoint(flush=False) as savepoint:
            self.env.cr.execute("SET LOCAL transaction_read_only = on")
            try:
                getattr(record, method)(**arguments)
                self.env.flush_all()
            except AccessError:
                return "refused"
            except ReadOnlySqlTransaction:
                self.fail(f"{record._name}.{method} writes for {record.env.user.login}")
            except UserError as error:
                self.fail(f"{record._name}.{method}, {record.env.user.login}: {error}")
            finally:
                self.env.clear()
                savepoint.rollback()
        return "answer"

    def _check_others(self):
        """No row of any model, wizards of others included, by search or by id."""
        empty = []
        for name in self.names:
            rows = self._rows(name)
            if name in SHARED:
                continue
            if not rows:
                empty.append(name)
                continue
            model = self.env[name].with_user(self.stranger)
            with self.subTest(model=name):
                if model.has_access("read"):
                    self.assertFalse(model.search([("id", "in", rows.ids)]))
                with self.assertRaises(AccessError):
                    model.browse(rows.ids).read(["display_name"])
        self.assertFalse(empty)

    def test_files_of_other_companies(self):
        fapiao = self._fapiao()
        attachment = self.env["ir.attachment"].create(
            {
                "name": "fapiao.xml",
                "raw": b"<secret/>",
                "res_model": fapiao._name,
                "res_id": fapiao.id,
            }
        )
        with self.assertRaises(AccessError):
            attachment.with_user(self.stranger).read(["raw"])
        self.authenticate("stranger", "stranger")
        answer = self.url_open(f"/web/content/{attachment.id}")
        self.assertNotIn(b"secret", answer.content)
        balance = (
            self.env["jxc.trial.balance"]
            .with_user(self.robot)
            .create({"date_from": "2026-01-01", "date_to": "2026-01-31"})
        )
        action = balance.action_xlsx()
        self.assertEqual(action["type"], "ir.actions.report")
        answer = self.url_open(f"/report/xlsx/{action['report_name']}/{balance.id}")
        self.assertNotIn(b"PK", answer.content[:2])
        self.authenticate("robot", "robot")
        answer = self.url_open(f"/report/xlsx/{action['report_name']}/{balance.id}")
        self.assertEqual(answer.content[:2], b"PK")
