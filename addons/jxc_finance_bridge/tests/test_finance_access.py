# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
"""Every model and method of this addon, for who may only read, and for others."""

import base64
import inspect
import io
from contextlib import suppress

from openpyxl import Workbook
from psycopg2.errors import ReadOnlySqlTransaction

from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import HttpCase, tagged
from odoo.tools import mute_logger

from ..tools.token import engine_context
from .booking_common import BookingCommon
from .settlement_common import SettlementCommon

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
            self._check_methods(self.env["res.users"].search([("login", "=", login)]))

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
        self._check_methods(self.robot)

    def _check_methods(self, user):
        """No public method writes for who has no right to: readers of the books, the
        accounting administrator of another company, people without the books.
        """
        tried = 0
        for name in [n for n in self.names if not self.env[n].is_transient()] + [
            "account.move",
            "account.move.line",
            "account.bank.statement.line",
            "jxc.voucher",
        ]:
            record = self._rows(name)[:1] if name != "jxc.voucher" else self.env[name]
            for method, arguments in self._methods(name):
                with mute_logger("odoo.sql_db", "odoo.http"):
                    self._call_reading(record.with_user(user), method, arguments)
                tried += 1
        self.assertGreater(tried, 40)

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
        for method, function in sorted(own.items()):
            needed = [
                parameter
                for parameter in list(inspect.signature(function).parameters.values())[
                    1:
                ]
                if parameter.default is parameter.empty
                and parameter.kind == parameter.POSITIONAL_OR_KEYWORD
            ]
            yield method, ["2026-01-31" if "date" in p.name else "x" for p in needed]

    def _call_reading(self, record, method, arguments):
        self.env.flush_all()
        with self.env.cr.savepoint(flush=False) as savepoint:
            self.env.cr.execute("SET LOCAL transaction_read_only = on")
            try:
                with suppress(AccessError, UserError, ValueError, TypeError):
                    getattr(record, method)(*arguments)
                    self.env.flush_all()
            except ReadOnlySqlTransaction:
                self.fail(f"{record._name}.{method} writes for {record.env.user.login}")
            finally:
                self.env.clear()
                savepoint.rollback()

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
