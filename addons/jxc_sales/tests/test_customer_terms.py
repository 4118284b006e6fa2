# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
"""Who buys how, and in which tier, is not the seller's to say."""

import json

from odoo.exceptions import AccessError
from odoo.tests import Form, HttpCase, tagged

from .common import CreditCommon


@tagged("post_install", "-at_install")
class TestCustomerTerms(CreditCommon, HttpCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.tier = cls.env["jxc.customer.tier"].create({"name": "Gold"})
        cls.seller = cls._create_user(
            "jxc_terms_seller",
            "sales_team.group_sale_salesman,base.group_partner_manager",
        )
        cls.customer.jxc_sale_mode = "retail"
        cls.own = cls.customer.with_user(cls.seller)

    def test_seller_changes_nothing(self):
        partners = self.own.browse()
        for attempt in (
            lambda: self.own.write({"jxc_sale_mode": False}),
            lambda: self.own.write({"jxc_sale_mode": "simple", "name": "x"}),
            lambda: self.own.write({"jxc_tier_id": self.tier.id}),
            lambda: partners.create({"name": "New", "jxc_sale_mode": "simple"}),
            lambda: partners.create({"name": "New", "jxc_tier_id": self.tier.id}),
        ):
            with self.assertRaises(AccessError):
                attempt()
            self.env.invalidate_all()
        self.own.write({"name": "Brighter", "jxc_sale_mode": "retail"})
        self.assertEqual(
            (self.customer.name, self.customer.jxc_sale_mode), ("Brighter", "retail")
        )

    def test_new_customer_gets_the_defaults(self):
        """Neither the context nor a default of his own says otherwise."""
        Partner = self.own.browse()
        self.env["ir.default"].set(
            "res.partner", "jxc_sale_mode", "wholesale", user_id=self.seller.id
        )
        new = Partner.with_context(default_jxc_tier_id=self.tier.id).create(
            {"name": "New"}
        )
        self.assertFalse(new.jxc_sale_mode or new.jxc_tier_id)
        with Form(Partner) as form:
            form.name = "Newer"
        self.assertFalse(form.record.jxc_sale_mode)

    def test_agreed_term_and_price_list(self):
        """Of a customer there is, a seller changes neither; a new one has a list."""
        term = self.env["jxc.credit.account"]._jxc_find_or_create_term(self.company, 90)
        pricelist = self.env["product.pricelist"].create({"name": "Cheap"})
        self.env["ir.default"].set(
            "res.partner", "property_payment_term_id", term.id, user_id=self.seller.id
        )
        partners = self.own.browse()
        for attempt in (
            lambda: self.own.write({"property_payment_term_id": term.id}),
            lambda: self.own.write({"property_product_pricelist": pricelist.id}),
            lambda: self.own.write(
                {"specific_property_product_pricelist": pricelist.id}
            ),
            lambda: partners.create(
                {"name": "New", "property_payment_term_id": term.id}
            ),
        ):
            with self.assertRaises(AccessError):
                attempt()
            self.env.invalidate_all()
        self.assertFalse(self.customer.property_payment_term_id)
        self.assertFalse(self.customer.specific_property_product_pricelist)
        new = partners.create(
            {"name": "New", "property_product_pricelist": pricelist.id}
        )
        self.assertEqual(new.specific_property_product_pricelist, pricelist)
        self.assertFalse(new.property_payment_term_id)
        new = partners.with_context(default_property_payment_term_id=term.id).create(
            {"name": "Newer"}
        )
        self.assertFalse(new.property_payment_term_id)

    def test_contacts_follow_their_company(self):
        """A seller's contacts of a customer have his terms, also when they change."""
        term = self.env["jxc.credit.account"]._jxc_find_or_create_term(self.company, 90)
        pricelist = self.env["product.pricelist"].create({"name": "Cheap"})
        self.customer.write(
            {
                "property_payment_term_id": term.id,
                "specific_property_product_pricelist": pricelist.id,
            }
        )
        contact = self.own.create({"name": "Buyer", "parent_id": self.customer.id})
        self.assertEqual(contact.property_payment_term_id, term)
        self.assertEqual(contact.specific_property_product_pricelist, pricelist)
        stranger = self.own.create({"name": "Stranger"})
        stranger.parent_id = self.customer
        self.assertEqual(stranger.property_payment_term_id, term)
        with Form(self.own.browse()) as form:
            form.name = "Typed"
        self.assertFalse(form.record.property_payment_term_id)

    def test_import(self):
        ident = (
            self.env["ir.model.data"]
            .create(
                {
                    "module": "__test__",
                    "name": "terms_customer",
                    "model": "res.partner",
                    "res_id": self.customer.id,
                }
            )
            .complete_name
        )
        for fields, row in (
            (["id", "jxc_sale_mode"], [ident, ""]),
            (["id", "jxc_sale_mode"], [ident, "Simple"]),
            (["id", "jxc_tier_id"], [ident, "Gold"]),
            (["name", "jxc_sale_mode"], ["New", "Simple"]),
        ):
            loaded = self.own.browse().load(fields, [row])
            self.assertFalse(loaded["ids"], loaded)
            self.env.invalidate_all()
        self.assertEqual(self.customer.jxc_sale_mode, "retail")
        self.assertFalse(self.customer.jxc_tier_id)

    def test_rpc(self):
        self.authenticate(self.seller.login, self.seller.login)
        for method in ("write", "web_save"):
            params = {
                "model": "res.partner",
                "method": method,
                "args": [self.customer.ids, {"jxc_sale_mode": "simple"}],
                "kwargs": {"context": {"jxc_terms": True}}
                | ({"specification": {}} if method == "web_save" else {}),
            }
            answer = self.url_open(
                f"/web/dataset/call_kw/res.partner/{method}",
                data=json.dumps({"jsonrpc": "2.0", "method": "call", "params": params}),
                headers={"Content-Type": "application/json"},
            ).json()
            self.assertIn("error", answer)
        self.env.invalidate_all()
        self.assertEqual(self.customer.jxc_sale_mode, "retail")

    def test_who_may(self):
        for number, group in enumerate(
            ("sales_team.group_sale_manager", "jxc_base.group_credit_manager")
        ):
            user = self._create_user(
                f"jxc_terms_{number}", f"{group},base.group_partner_manager"
            )
            customer = self.customer.with_user(user)
            customer.write({"jxc_sale_mode": "wholesale", "jxc_tier_id": self.tier.id})
            self.assertEqual(self.customer.jxc_tier_id, self.tier)
            customer.write({"jxc_sale_mode": "retail", "jxc_tier_id": False})
            new = customer.create({"name": "New", "jxc_sale_mode": "retail"})
            self.assertEqual(new.jxc_sale_mode, "retail")
