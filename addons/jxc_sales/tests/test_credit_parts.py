# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from lxml import etree

from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import new_test_user, tagged

from ..models.jxc_credit_account import PARTS
from .common import CreditCommon


@tagged("post_install", "-at_install")
class TestCreditParts(CreditCommon):
    """Each part of the exposure opens exactly the documents it consists of."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.account.unlimited = True
        cls.accountant = new_test_user(
            cls.env,
            "jxc_books",
            "account.group_account_invoice,sales_team.group_sale_salesman_all_leads",
            company_id=cls.company.id,
            company_ids=[Command.set(cls.company.ids)],
        )

    def _live(self):
        """One customer with something in every part."""
        contact = self.env["res.partner"].create(
            {"name": "Buyer", "parent_id": self.customer.id}
        )
        sister = self.env["res.partner"].create({"name": "Sister", "is_company": True})
        self.account.member_ids = sister
        self._create_order(3, partner_id=contact.id).action_confirm()
        partly = self._create_order(10, partner_id=sister.id)
        partly.action_confirm()
        self._deliver(partly, 4)
        partly._create_invoices()
        self._deliver(partly, 2)
        billed = self._create_order(8)
        billed.action_confirm()
        self._deliver(billed)
        billed._create_invoices().action_post()
        self._return(billed, 1)
        cancelled = self._create_order(5)
        cancelled.action_confirm()
        self._deliver(cancelled, 2)
        cancelled.action_cancel()
        self.env["account.payment"].create(
            {
                "payment_type": "inbound",
                "partner_type": "customer",
                "partner_id": self.customer.id,
                "amount": 77,
                "journal_id": self.company_data["default_journal_bank"].id,
            }
        ).action_post()

    def _sum_behind(self, action, part):
        records = self.env[action["res_model"]].with_user(self.accountant)
        records = records.search(action["domain"])
        self.assertTrue(records, part)
        if action["res_model"] == "account.move.line":
            total = sum(records.mapped("jxc_credit_open"))
            return -total if part == "unapplied" else total
        return sum(records.mapped(f"jxc_credit_{part}"))

    def test_documents_add_up(self):
        self._live()
        self.customer.invalidate_recordset()
        customer = self.customer.with_user(self.accountant)
        for part in PARTS:
            with self.subTest(part):
                amount = customer[f"jxc_exposure_{part}"]
                self.assertGreater(amount, 0)
                action = customer.with_context(part=part).action_jxc_view_exposure()
                self.assertAlmostEqual(self._sum_behind(action, part), amount, 2)
                account = self.account.with_user(self.accountant)
                again = account.with_context(part=part).action_view_part()
                self.assertEqual(again["domain"], action["domain"])
        signs = {"unapplied": -1, "returned": -1}
        total = sum(
            customer[f"jxc_exposure_{part}"] * signs.get(part, 1) for part in PARTS
        )
        self.assertAlmostEqual(customer.jxc_exposure, total, 2)
        self.assertAlmostEqual(customer.jxc_exposure, self._exposure(), 2)

    def test_who_judges_credit_opens_every_part(self):
        """The lists are read as the client does, by people with no other role."""
        self._live()
        for group in ("group_credit_manager", "group_executive"):
            reader = self._create_user(f"jxc_only_{group}", f"jxc_base.{group}")
            account = self.account.with_user(reader)
            for part in PARTS:
                with self.subTest(group=group, part=part):
                    self.env.invalidate_all()
                    action = account.with_context(part=part).action_view_part()
                    records = self.env[action["res_model"]].with_user(reader)
                    view = records.get_view(action["views"][0][0], "list")
                    names = etree.fromstring(view["arch"]).xpath("//list/field/@name")
                    found = records.web_search_read(
                        action["domain"], dict.fromkeys(names, {})
                    )
                    self.assertTrue(found["records"])

    def test_a_refusal_tells_every_part(self):
        """All six at once, with the amounts the account shows; what is asked aside."""
        self._live()
        account = self.account
        account.write({"unlimited": False, "credit_limit": 1, "order_action": "block"})
        account.invalidate_recordset()
        labels = account._jxc_part_labels()
        told = [
            f"{labels[part]} {account._jxc_money(account[f'exposure_{part}'])}"
            for part in PARTS
        ]
        self.assertEqual(len(told), 6)
        self.assertTrue(all(account[f"exposure_{part}"] for part in PARTS))
        order = self._create_order(2)
        with self.assertRaises(UserError) as refused:
            order.with_user(self.salesman).action_confirm()
        self.assertIn(f"Used by: {', '.join(told)}.", str(refused.exception))

    def test_without_account(self):
        stranger = self.env["res.partner"].create({"name": "Stranger"})
        self.assertEqual(stranger.jxc_exposure, 0)
        with self.assertRaisesRegex(UserError, "Stranger"):
            stranger.with_user(self.salesman).action_jxc_view_exposure()

    def test_other_company(self):
        other = self.setup_other_company()["company"]
        self._create_order(3).action_confirm()
        self.assertEqual(self.customer.jxc_exposure_ordered, 300)
        self.assertEqual(self.customer.with_company(other).jxc_exposure_ordered, 0)

    def test_clerks_see_nothing(self):
        clerk = new_test_user(self.env, "jxc_nobody", "base.group_user")
        with self.assertRaises(AccessError):
            self.customer.with_user(clerk).read(["jxc_exposure"])
