# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from odoo.exceptions import UserError
from odoo.tests import tagged

from .test_statement import StatementCommon


@tagged("post_install", "-at_install")
class TestStatementKept(StatementCommon):
    def test_what_was_confirmed_is_kept(self):
        """Neither taken back nor deleted; cancelled, with who confirmed it, yes."""
        statement = self._statement()
        statement.action_mark_sent()
        # sudo: as the page of the partner does
        statement.sudo()._answer(True, "王会计", "", "127.0.0.1")
        for step in ("action_draft", "unlink"):
            with self.assertRaisesRegex(UserError, "王会计", msg=step):
                getattr(statement, step)()
        with self.assertRaisesRegex(UserError, "make a new one"):
            statement.write({"date_to": "2026-03-31"})
        statement.action_cancel()
        self.assertEqual((statement.state, statement.answered_by), ("cancel", "王会计"))
        for step in ("action_draft", "unlink"):
            with self.assertRaisesRegex(UserError, "王会计", msg=step):
                getattr(statement, step)()
        batch = self.env["jxc.statement.batch"].with_user(self.accountant)
        values = {"company_id": self.company.id}
        values |= {"date_from": "2026-02-01", "date_to": "2026-02-28"}
        action = batch.create(values).action_create()
        made = self.statements.search(action["domain"])
        self.assertEqual(made.partner_id, self.customer, "a new one takes its place")

    def test_a_difference_is_corrected(self):
        """As before: back to draft, sent again; what nobody answered is deleted."""
        statement = self._statement()
        statement.action_mark_sent()
        statement.sudo()._answer(False, "王会计", "少一张发票", "127.0.0.1")
        statement.action_draft()
        self.assertFalse(statement.answered_by)
        other = self._statement()
        other.action_cancel()
        (statement | other).unlink()

    def test_kinds_in_the_language_of_the_user(self):
        self.env["res.lang"]._activate_lang("zh_CN")
        for model in ("jxc.statement", "jxc.statement.batch"):
            model = self.env[model].with_context(lang="zh_CN")
            kinds = dict(model.fields_get(["kind"])["kind"]["selection"])
            self.assertEqual(kinds["all"], "应收和应付", model._name)
