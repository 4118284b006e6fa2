# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from datetime import timedelta
from xmlrpc.client import Fault

from odoo import fields
from odoo.exceptions import AccessError
from odoo.tests import HttpCase, tagged
from odoo.tools import mute_logger

from .common import CustomerClassCommon

NAN, ENDLESS = float("nan"), float("inf")
PASSWORD = "bad-input-8"


@tagged("post_install", "-at_install")
class TestBadInput(CustomerClassCommon, HttpCase):
    """What other programs send over XML-RPC is kept right or refused, never half."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.other = cls._create_class_company("Other Ltd")
        cls.seller = cls._user(
            "seller",
            "sales_team.group_sale_salesman,helpdesk_mgmt.group_helpdesk_user_own",
        )
        cls.manager = cls._user("manager", "sales_team.group_sale_manager")
        (cls.seller | cls.manager).password = PASSWORD
        cls.mine = cls._customer("Mine", is_company=True, user_id=cls.seller.id)
        cls.far = cls._customer("Far", is_company=True, company_id=cls.other.id)
        cls.lead = cls.env["crm.lead"].create(
            {
                "name": "Tea",
                "type": "opportunity",
                "partner_id": cls.mine.id,
                "user_id": cls.seller.id,
                "company_id": cls.company.id,
            }
        )

    def _call(self, user, model, method, *arguments):
        return self.xmlrpc_object.execute(
            self.env.cr.dbname, user.id, PASSWORD, model, method, *arguments
        )

    def _assert_refused(self, user, model, common, *each):
        """Each of the values makes a record impossible, also together with others."""
        count = self.env[model].search_count([])
        for values in each:
            with (
                self.subTest(values=values),
                mute_logger("odoo.http", "odoo.sql_db"),
                self.assertRaises(Fault),
            ):
                self._call(user, model, "create", [common, {**common, **values}])
        self.env.invalidate_all()
        self.assertEqual(self.env[model].search_count([]), count)
        [kept] = self._call(user, model, "create", [common])
        return self.env[model].browse(kept)

    def test_follow_ups(self):
        later = fields.Datetime.to_string(fields.Datetime.now() + timedelta(days=2))
        kept = self._assert_refused(
            self.seller,
            "jxc.followup",
            {"partner_id": self.mine.id, "kind": "visit"},
            {"kind": "telepathy"},
            {"kind": 7},
            {"kind": False},
            {"outcome": "sold it all"},
            {"date": "yesterday"},
            {"date": "2024-02-30 10:00:00"},
            {"date": "0000-00-00 00:00:00"},
            {"date": later},
            {"next_date": "soon"},
            {"next_date": "2024-13-01"},
            {"latitude": NAN, "longitude": 121.5, "is_located": True},
            {"latitude": 31.2, "longitude": NAN, "is_located": True},
            {"latitude": ENDLESS, "longitude": 121.5, "is_located": True},
            {"latitude": 31.2, "longitude": -ENDLESS, "is_located": True},
            {"latitude": "north", "longitude": 121.5, "is_located": True},
            {"latitude": 31.2, "longitude": 121.5},
            {"company_id": self.other.id},
            {"company_id": 0},
            {"partner_id": self.far.id},
            {"partner_id": 2**31 - 1},
            {"user_id": self.manager.id},
        )
        with mute_logger("odoo.http"), self.assertRaises(Fault):
            self._call(
                self.seller, "jxc.followup", "write", kept.ids, {"latitude": NAN}
            )
        self.assertEqual((kept.kind, kept.latitude), ("visit", 0))

    def test_tickets(self):
        ticket = self._assert_refused(
            self.seller,
            "helpdesk.ticket",
            {
                "name": "Broken",
                "description": "Box",
                "partner_id": self.mine.id,
                "user_id": self.seller.id,
                "company_id": self.company.id,
            },
            {"jxc_kind": "riddle"},
            {"jxc_severity": "9"},
            {"jxc_quantity": -1},
            {"jxc_quantity": NAN},
            {"jxc_quantity": ENDLESS},
            {"company_id": self.other.id},
        )
        self.assertEqual(ticket.jxc_kind, "question")

    def test_products_of_opportunities(self):
        self._assert_refused(
            self.seller,
            "jxc.lead.line",
            {"lead_id": self.lead.id, "product_id": self.product.id, "price_unit": 3},
            {"qty": NAN},
            {"qty": ENDLESS},
            {"qty": -1},
            {"price_unit": NAN},
            {"price_unit": ENDLESS},
        )

    def test_targets(self):
        self._assert_refused(
            self.manager,
            "jxc.sales.target",
            {
                "scope": "person",
                "kind": "ordered",
                "period": "month",
                "amount": 100,
                "date": "2024-05-06",
                "user_id": self.seller.id,
                "company_id": self.company.id,
            },
            {"amount": NAN, "date": "2024-06-06"},
            {"amount": ENDLESS, "date": "2024-06-06"},
            {"amount": -1, "date": "2024-06-06"},
            {"date": "May"},
            {"kind": "wished"},
            {"company_id": self.other.id},
        )

    def test_pool_rules(self):
        rule = self._assert_refused(
            self.manager,
            "jxc.pool.rule",
            {"name": "All", "days": 30, "warn_days": 3},
            {"days": 0},
            {"days": -5},
            {"warn_days": 30},
            {"warn_days": -1},
            {"applies_to": "everybody"},
            {"abc": "z"},
            {"company_id": self.other.id},
        )
        self.assertEqual(rule.company_id, self.company)

    def test_rules_of_the_pool_are_of_one_company(self):
        rule = self.env["jxc.pool.rule"].create(
            {"name": "Ours", "company_id": self.company.id, "days": 5, "warn_days": 1}
        )
        stranger = self._user("stranger", "sales_team.group_sale_manager", self.other)
        rules = rule.with_user(stranger).with_context(
            allowed_company_ids=self.other.ids
        )
        self.assertFalse(rules.search([("id", "=", rule.id)]))
        for change in (
            lambda: rules.read(["name"]),
            lambda: rules.write({"days": 900}),
            rules.unlink,
        ):
            with self.assertRaises(AccessError):
                change()
