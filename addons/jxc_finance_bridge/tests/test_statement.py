# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
import io

import pytz
from openpyxl import load_workbook

from odoo import http
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import HttpCase, new_test_user, tagged

from .common import FinanceBridgeCommon


class StatementCommon(FinanceBridgeCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.accountant = cls._user("st_user", "account.group_account_user")
        cls.customer = cls.partner_a
        cls.customer.write({"email": "a@example.com", "lang": "en_US"})
        for partner in cls.partner_a | cls.partner_b:
            partner.property_payment_term_id = False
        cls._invoice(100, "2026-01-10")
        cls._invoice(50, "2026-02-05")
        cls._invoice(20, "2026-02-20", kind="out_refund")
        cls._invoice(7, "2026-03-01")
        cls.statements = cls.env["jxc.statement"].with_user(cls.accountant)
        cls.statements = cls.statements.with_company(cls.company)

    @classmethod
    def _invoice(cls, amount, date, kind="out_invoice", partner=None):
        move = cls._create_invoice_one_line(
            amount,
            product_id=cls.product_a,
            move_type=kind,
            date=date,
            invoice_date=date,
            tax_ids=[],
            partner_id=partner or cls.partner_a,
        )
        move.action_post()
        return move

    def _statement(self, **values):
        return self.statements.create(
            {
                "partner_id": self.customer.id,
                "company_id": self.company.id,
                "date_from": "2026-02-01",
                "date_to": "2026-02-28",
                **values,
            }
        )


@tagged("post_install", "-at_install")
class TestStatement(StatementCommon):
    def test_figures_are_those_of_the_service(self):
        statement = self._statement()
        service = self.env["jxc.voucher"].with_user(self.accountant)
        result = service.get_statement(
            self.customer.id,
            "2026-02-01",
            "2026-02-28",
            "receivable",
            company_id=self.company.id,
        )
        names = ("opening", "debit", "credit", "closing")
        figures = [statement[name] for name in names]
        self.assertEqual(figures, [result[name] for name in names])
        self.assertEqual(statement.closing, 130)
        moves = statement.line_ids.filtered(lambda line: not line.is_goods)
        self.assertEqual(moves.mapped("balance"), [150, 130])
        goods = statement.line_ids - moves
        self.assertEqual(goods.mapped("quantity"), [1, -1])
        self.assertEqual(goods.mapped("amount"), [50, -20])
        self.assertEqual(sum(amount for _label, amount in statement.ageing), 130)
        plain = self._statement(with_goods=False)
        self.assertEqual(plain.line_ids.mapped("balance"), [150, 130])

    def test_what_was_sent_stays(self):
        statement = self._statement()
        statement.action_mark_sent()
        self._invoice(1000, "2026-02-25")
        for change in ({"date_to": "2026-03-31"}, {"partner_id": self.partner_b.id}):
            with self.assertRaises(UserError):
                statement.write(change)
        with self.assertRaises(UserError):
            statement.action_refresh()
        with self.assertRaises(UserError):
            statement.unlink()
        self.assertEqual(statement.closing, 130)
        statement.action_draft()
        statement.action_refresh()
        self.assertEqual(statement.closing, 1130)
        with self.assertRaises(ValidationError):
            statement.date_to = "2026-01-01"

    def test_mail(self):
        """What we sold, what we bought and both: each with its own figures."""
        self._buy()
        for kind, closing in (("receivable", "130.00"), ("payable", "100.00")):
            with self.subTest(kind):
                statement = self._statement(kind=kind)
                self.customer.email = False
                with self.assertRaisesRegex(UserError, self.customer.name):
                    statement.action_send()
                self.assertEqual(statement.state, "draft")
                self.customer.email = "a@example.com"
                statement.action_send()
                self.assertEqual(statement.state, "sent")
                mail = self.env["mail.mail"].search(
                    [("model", "=", "jxc.statement"), ("res_id", "=", statement.id)]
                )
                self.assertEqual(mail.recipient_ids, self.customer)
                self.assertIn(statement.access_token, mail.body_html)
                self.assertIn(closing, mail.body_html)
                self.assertIn(statement.name, mail.attachment_ids.name)

    def test_batch(self):
        """Everybody with movement, contacts with their company, nobody twice."""
        contact = self.env["res.partner"].create(
            {"name": "Contact", "parent_id": self.partner_b.id}
        )
        self._invoice(5, "2026-02-07", partner=contact)
        quiet = self.env["res.partner"].create({"name": "Quiet"})
        self._invoice(3, "2026-01-07", partner=quiet)
        values = {
            "company_id": self.company.id,
            "date_from": "2026-02-01",
            "date_to": "2026-02-28",
        }
        batch = self.env["jxc.statement.batch"].with_user(self.accountant)
        action = batch.create(values).action_create()
        made = self.statements.search(action["domain"])
        self.assertEqual(made.partner_id, self.partner_a | self.partner_b)
        self.assertEqual(sum(made.mapped("closing")), 135)
        with self.assertRaisesRegex(UserError, "Nobody"):
            batch.create(values).action_create()
        action = batch.create({**values, "with_balance": True}).action_create()
        self.assertEqual(self.statements.search(action["domain"]).partner_id, quiet)

    def test_who_may(self):
        statement = self._statement()
        for values in ({"state": "confirmed"}, {"closing": 0}, {"answered_by": "x"}):
            with self.assertRaises(AccessError, msg=values):
                statement.write(values)
        reader = self._user("st_reader", "account.group_account_readonly")
        self.assertEqual(statement.with_user(reader).closing, 130)
        for name in (
            "action_send",
            "action_mark_sent",
            "action_confirm",
            "action_draft",
            "action_cancel",
            "action_refresh",
        ):
            with self.assertRaises(AccessError, msg=name):
                getattr(statement.with_user(reader), name)()
        clerk = self._user("st_clerk", "account.group_account_invoice")
        with self.assertRaises(AccessError):
            statement.with_user(clerk).read(["closing"])

    def test_two_companies(self):
        other = self.setup_other_company(name="Elsewhere")["company"]
        stranger = self._user("st_far", "account.group_account_user", other)
        statement = self._statement()
        for record in (statement, statement.line_ids):
            with self.assertRaises(AccessError):
                record.with_user(stranger).read(["id", "company_id"])
        with self.assertRaises(AccessError):
            statement.with_user(stranger).create(
                {"partner_id": self.customer.id, "company_id": self.company.id}
            )

    def test_print_and_workbook(self):
        """Opening, movements with their balances, total and goods, of both kinds.

        What we owe is a credit, its balance below zero; refunds are in red.
        """
        self._buy()
        self.customer.name = "=A1"
        for kind, texts, moves, goods in (
            (
                "receivable",
                ("130.00", "150.00", "you owe us"),
                [(None, None, 100), (50, 0, 150), (-20, 0, 130), (30, 0, 130)],
                [(1, 50, 50), (-1, 20, -20)],
            ),
            (
                "payable",
                ("100.00", "110.00", "we owe you"),
                [(None, None, -80), (0, 30, -110), (0, -10, -100), (0, 20, -100)],
                [(1, 30, 30), (-1, 10, -10)],
            ),
        ):
            with self.subTest(kind):
                statement = self._statement(kind=kind)
                reports = self.env["ir.actions.report"].with_user(self.accountant)
                html = reports._render_qweb_html(
                    "jxc_finance_bridge.report_account_statement", statement.ids
                )[0].decode()
                for text in (*texts, self.product_a.name, "seal"):
                    self.assertIn(text, html)
                content, _kind = reports._render(
                    "jxc_finance_bridge.account_statement_xlsx", statement.ids
                )
                sheet = load_workbook(io.BytesIO(content)).active
                rows = list(sheet.iter_rows(min_row=4, values_only=True))
                self.assertEqual(
                    [row[8:11] for row in rows if row[10] is not None], moves
                )
                self.assertEqual(
                    [row[5:8] for row in rows if row[5] is not None], goods
                )
                self.assertEqual(sheet.freeze_panes, "B4")

    def _buy(self):
        """Bills of one who buys from us as well."""
        self._invoice(80, "2026-01-15", kind="in_invoice")
        self._invoice(30, "2026-02-10", kind="in_invoice")
        self._invoice(10, "2026-02-12", kind="in_refund")

    def test_vendor(self):
        """What we owe is a credit, in figures, goods, classes of age and print."""
        self._buy()
        statement = self._statement(kind="payable")
        self.assertEqual(
            [statement[name] for name in ("opening", "debit", "credit", "closing")],
            [-80, 0, 20, -100],
        )
        self.assertEqual(
            statement.line_ids.filtered("move_id").mapped("balance"), [-110, -100]
        )
        goods = statement.line_ids.filtered("is_goods")
        self.assertEqual(goods.mapped("amount"), [30, -10])
        self.assertEqual(sum(amount for _label, amount in statement.ageing), 100)
        reports = self.env["ir.actions.report"].with_user(self.accountant)
        html = reports._render_qweb_html(
            "jxc_finance_bridge.report_account_statement", statement.ids
        )[0].decode()
        for text in ("100.00", "80.00", "we owe you"):
            self.assertIn(text, html)
        self.assertNotIn("you owe us", html)

    def test_both_sides(self):
        """Who buys and sells sees both, and one balance."""
        self._buy()
        statement = self._statement(kind="all")
        self.assertEqual(
            [statement[name] for name in ("opening", "debit", "credit", "closing")],
            [20, 30, 20, 30],
        )
        self.assertEqual(
            statement.line_ids.filtered("move_id").mapped("balance"),
            [70, 40, 50, 30],
        )
        self.assertEqual(sum(amount for _label, amount in statement.ageing), 30)
        reports = self.env["ir.actions.report"].with_user(self.accountant)
        html = reports._render_qweb_html(
            "jxc_finance_bridge.report_account_statement", statement.ids
        )[0].decode()
        self.assertIn("30.00", html)
        self.assertIn("you owe us", html)


@tagged("post_install", "-at_install")
class TestStatementPortal(HttpCase, StatementCommon):
    """What the partner sees and does, over HTTP."""

    def _sent(self, **values):
        statement = self._statement(**values)
        statement.action_mark_sent()
        return statement.sudo()

    def _page(self, statement, token=None):
        url = f"/my/statements/{statement.id}"
        return self.url_open(f"{url}?access_token={token}" if token else url)

    def _answer(self, statement, token, **values):
        page = self._page(statement, token).text
        csrf = page.split('name="csrf_token" value="')[1].split('"')[0]
        return self.url_open(
            f"/my/statements/{statement.id}/answer?access_token={token}",
            data={"csrf_token": csrf, **values},
        )

    def test_confirm_by_link(self):
        statement = self._sent()
        page = self._page(statement, statement.access_token)
        self.assertIn("130.00", page.text)
        answer = self._answer(
            statement, statement.access_token, agrees="yes", name="王会计"
        )
        self.assertIn("王会计", answer.text)
        statement.invalidate_recordset()
        self.assertEqual(
            (statement.state, statement.answered_by, statement.answered_from),
            ("confirmed", "王会计", "127.0.0.1"),
        )
        # The time of the company, for a visitor without one of his own.
        zone = pytz.timezone("Asia/Shanghai")
        moment = pytz.utc.localize(statement.answered_on).astimezone(zone)
        # As the visitor's language writes it, by 12 or by 24 hours.
        self.assertRegex(answer.text, moment.strftime("%H:%M:%S|%I:%M:%S.?%p"))
        self.assertTrue(statement.answered_on)
        log = " ".join(map(str, statement.message_ids.mapped("body")))
        self.assertIn("王会计 (127.0.0.1)", log)
        self.assertFalse(statement.activity_ids)
        with self.assertRaisesRegex(UserError, "already"):
            statement._answer(False, "x", "too late", "1.2.3.4")

    def test_vendors_and_both_sides_by_link(self):
        self._invoice(80, "2026-01-15", kind="in_invoice")
        for kind, closing, text in (
            ("payable", "80.00", "we owe you"),
            ("all", "50.00", "you owe us"),
        ):
            statement = self._sent(kind=kind)
            page = self._page(statement, statement.access_token).text
            self.assertIn(closing, page)
            self.assertIn(text, page)
            answer = self._answer(
                statement, statement.access_token, agrees="yes", name="王会计"
            )
            self.assertIn("王会计", answer.text)
            statement.invalidate_recordset()
            self.assertEqual(statement.state, "confirmed")

    def test_difference_by_link(self):
        statement = self._sent()
        self._answer(statement, statement.access_token, agrees="no", name="李", note="")
        statement.invalidate_recordset()
        self.assertEqual(statement.state, "sent", "what is different must be said")
        note = "<b>少一笔</b>"
        page = self._answer(
            statement, statement.access_token, agrees="no", name="李", note=note
        )
        self.assertNotIn(note, page.text, "escaped")
        statement.invalidate_recordset()
        self.assertEqual((statement.state, statement.answer_note), ("disputed", note))
        self.assertEqual(statement.activity_ids.user_id, self.accountant)

    def test_others_see_nothing(self):
        """Neither without link nor with a wrong one, nor before it is sent."""
        statement = self._sent()
        for token in (None, "wrong"):
            page = self._page(statement, token)
            self.assertNotIn(statement.name, page.text)
        draft = self._statement(date_from="2026-01-01").sudo()
        draft._portal_ensure_token()
        self.assertNotIn(draft.name, self._page(draft, draft.access_token).text)

    def test_who_works_here_does_not_answer(self):
        """Readers see the page, by login and by link; the answer is the partner's."""
        statement = self._sent()
        token = statement.access_token
        new_test_user(
            self.env,
            "st_reader",
            groups="account.group_account_readonly",
            company_id=self.company.id,
            company_ids=[(6, 0, self.company.ids)],
        )
        self.authenticate("st_reader", "st_reader")
        page = self._page(statement)
        self.assertIn("130.00", page.text)
        self.assertNotIn("o_jxc_statement_answer", page.text)
        self.url_open(
            f"/my/statements/{statement.id}/answer?access_token={token}",
            data={"csrf_token": http.Request.csrf_token(self), "agrees": "yes"},
        )
        statement.invalidate_recordset()
        self.assertEqual(statement.state, "sent")

    def test_portal_users_see_their_own(self):
        self._invoice(9, "2026-02-02", partner=self.partner_b)
        own, foreign = self._sent(), self._sent(partner_id=self.partner_b.id)
        contact = self.env["res.partner"].create(
            {"name": "Portal", "parent_id": self.customer.id, "email": "p@example.com"}
        )
        user = new_test_user(
            self.env,
            "st_portal",
            groups="base.group_portal",
            partner_id=contact.id,
            company_id=self.company.id,
            company_ids=[(6, 0, self.company.ids)],
        )
        found = self.env["jxc.statement"].with_user(user).search([])
        self.assertEqual(found, own)
        with self.assertRaises(AccessError):
            foreign.with_user(user).read(["closing"])
        with self.assertRaises(AccessError):
            own.with_user(user).action_confirm()
        self.authenticate("st_portal", "st_portal")
        listing = self.url_open("/my/statements").text
        self.assertIn(own.name, listing)
        self.assertNotIn(foreign.name, listing)
        self.assertIn("130.00", self._page(own).text)
        self.assertNotIn(foreign.name, self._page(foreign).text)
        pdf = self.url_open(f"/my/statements/{own.id}?report_type=pdf")
        self.assertEqual(pdf.headers["Content-Type"], "application/pdf")
        self.assertIn(b"130.00", pdf.content)
