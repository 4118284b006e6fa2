# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
import doctest

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import Form, tagged
from odoo.tools import SQL

from ..tools import duplicates
from .common import CustomerClassCommon

VAT = "91330200MA281XX001"


@tagged("post_install", "-at_install")
class TestDuplicates(CustomerClassCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.seller = cls._user("seller", "sales_team.group_sale_salesman")
        cls.colleague = cls._user("colleague", "sales_team.group_sale_salesman")
        cls.manager = cls._user("manager", "sales_team.group_sale_manager")
        cls.shop = cls._shop("舟山沈家门渔港超市有限公司", user_id=cls.seller.id)
        cls.pairs = cls.env["jxc.partner.duplicate"]

    @classmethod
    def _shop(cls, name, **values):
        return cls._customer(name, is_company=True, company_id=cls.company.id, **values)

    def _pairs(self, *partners):
        partners = self.shop.union(*partners)
        self.pairs._scan()
        return self.pairs.search([("partner_id", "in", partners.ids)])

    def test_keys(self):
        self.assertFalse(doctest.testmod(duplicates).failed)

    @settings(deadline=None, suppress_health_check=list(HealthCheck))
    @given(st.lists(st.text("甲乙丙丁戊", max_size=7), max_size=12))
    def test_no_alike_pair_is_missed(self, names):
        keys = dict(enumerate(names))
        expected = {
            (one, other)
            for one in keys
            for other in keys
            if one < other
            and duplicates.similarity(keys[one], keys[other]) >= duplicates.ALIKE
        }
        found = {pair[:2] for pair in duplicates.similar_pairs(keys)}
        self.assertEqual(found, expected)

    def test_scan(self):
        same = self._shop("舟山沈家门渔港超市（有限公司）", phone="+86 574 8700 1122")
        far = self._shop("杭州龙井茶行", phone="0574-87001122")
        other = self._shop("绍兴食堂", vat=VAT)
        twin = self._shop("另一个名字", vat=f" {VAT.lower()} ")
        pairs = self._pairs(same, far, other)
        self.assertEqual(
            [(p.partner_id, p.other_id, p.score) for p in pairs],
            [(other, twin, 95), (self.shop, same, 80), (same, far, 60)],
        )
        pairs[1].action_ignore()
        stamps = pairs.mapped("write_date")
        self.assertEqual(self._pairs(same, far, other), pairs)
        self.assertEqual(pairs.mapped("write_date"), stamps)
        self.assertEqual(pairs[1].state, "ignored")
        far.phone = False
        self.assertEqual(len(self._pairs(same, far, other)), 2)

    def test_companies_are_not_mixed(self):
        other = self._create_class_company("Other Ltd")
        self._customer(self.shop.name, is_company=True, company_id=other.id)
        self.assertFalse(self._pairs())
        shared = self._customer(self.shop.name, is_company=True)
        pair = self._pairs(shared)
        self.assertEqual(
            pair.filtered(lambda p: p.company_id == self.company).score, 80
        )
        stranger = self._user("stranger", "sales_team.group_sale_manager", other)
        seen = self.pairs.with_user(stranger).with_context(
            allowed_company_ids=other.ids
        )
        self.assertFalse(
            seen.search([("partner_id", "=", self.shop.id)]),
        )

    def test_who_sees_and_decides(self):
        theirs = self._shop(self.shop.name, user_id=self.colleague.id)
        pair = self._pairs(theirs)
        stranger = self._user("stranger", "sales_team.group_sale_salesman")
        teamer, far = (
            self._user(login, "jxc_crm_lite.group_sale_team")
            for login in ("tea", "far")
        )
        self._team("East", teamer, self.colleague)
        for user, sees in (
            (self.seller, 1),
            (self.colleague, 1),
            (teamer, 1),
            (stranger, 0),
            (far, 0),
        ):
            found = self.pairs.with_user(user).search([("id", "=", pair.id)])
            self.assertEqual(len(found), sees)
            with self.assertRaises(AccessError):
                pair.with_user(user).action_ignore()
            with self.assertRaises(AccessError):
                pair.with_user(user).action_merge()
            with self.assertRaises(AccessError):
                self.pairs.with_user(user).action_scan()
            with self.assertRaises(AccessError):
                pair.with_user(user).write({"state": "ignored"})
        pair.with_user(self.manager).action_ignore()
        pair.with_user(self.manager).action_reopen()
        theirs.with_user(self.manager).user_id = self.seller
        pair.with_user(self.seller).action_ignore()
        self.assertEqual(pair.state, "ignored")

    def test_customers_learn_of_no_other(self):
        """In the portal neither warning nor refusal names a customer or its owner."""
        self.company.jxc_block_equal_vat = True
        secret = self._customer("Secret Shop", vat="91330200MA2AAAAA1X")
        portal = self._user("portal", "base.group_portal")
        partner = portal.partner_id
        partner.name = secret.name
        with self.assertRaises(AccessError):
            partner.with_user(portal).read(["jxc_duplicate_warning"])
        with self.assertRaises(ValidationError) as refused:
            partner.with_user(portal).sudo().vat = secret.vat
        self.assertIn("Please ask us", str(refused.exception))
        self.assertNotIn("Secret", str(refused.exception))

    def test_warning_while_entering(self):
        self.company.jxc_customers_by_owner = True
        form = Form(self.env["res.partner"].with_user(self.colleague))
        form.name = "舟山沈家门渔港超市"
        self.assertIn(
            "舟山沈家门渔港超市有限公司 (80%), owner seller", form.jxc_duplicate_warning
        )
        form.name = "舟山沈家门渔港新超市"
        self.assertIn("舟山沈家门渔港超市有限公司", form.jxc_duplicate_warning)
        form.name = "完全不同"
        self.assertFalse(form.jxc_duplicate_warning)
        form.name = "舟山沈家门渔港超市"
        # a warning, nothing more
        self.assertTrue(form.save())

    def test_equal_tax_number(self):
        self.shop.vat = VAT
        self._shop("First").vat = VAT
        self.company.jxc_block_equal_vat = True
        with self.assertRaisesRegex(ValidationError, "Second has the tax number"):
            self._shop("Second", vat=f"{VAT} ")
        person = self._customer("Person", parent_id=self.shop.id)
        self.assertEqual(person.commercial_partner_id, self.shop)
        other = self._create_class_company("Other Ltd")
        far = self._customer("Far", is_company=True, company_id=other.id, vat=VAT)
        self.assertTrue(far)

    def test_import_finds_duplicates(self):
        rows = [
            {"ref": "N1", "name": "舟山沈家门渔港超市股份有限公司", "kind": "customer"},
            {"ref": "N2", "name": "全新客户", "kind": "customer", "vat": VAT},
        ]
        service = self.env["jxc.import"].with_context(lang="en_US")
        tables = {"partners": list(enumerate(rows, start=2))}
        run = service.run_tables(tables)
        new = self.env["res.partner"].search([("ref", "=", "N1")])
        pair = self.pairs.search([("other_id", "=", new.id)])
        self.assertEqual((pair.partner_id, pair.score), (self.shop, 80))
        self.assertEqual(run.report["files"][0]["totals"]["suspected"], 1)
        self.company.jxc_block_equal_vat = True
        service.run_tables(tables)
        rows[1]["ref"] = "N3"
        with self.assertRaisesRegex(UserError, "partners:3.*tax number of 全新客户"):
            service.run_tables({"partners": list(enumerate(rows, start=2))})


@tagged("post_install", "-at_install")
class TestMerge(CustomerClassCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company.jxc_pool_active = True
        cls.seller = cls._user("seller", "sales_team.group_sale_salesman")
        cls.colleague = cls._user("colleague", "sales_team.group_sale_salesman")
        cls.manager = cls._user(
            "manager", "sales_team.group_sale_manager,base.group_partner_manager"
        )
        cls.kept = cls._customer("Shop", user_id=cls.seller.id, is_company=True)
        cls.gone = cls._customer(
            "Shop too", is_company=True, phone="0574-87001122", email="x@example.com"
        )
        cls.gone._jxc_fall("fall")
        cls.order = cls._order(cls.gone, 1, 100)
        cls._order(cls.kept, 1, 100)
        cls.followup = cls.env["jxc.followup"].create({"partner_id": cls.gone.id})
        cls._recompute()
        cls.env["jxc.partner.duplicate"]._scan()

    def _merge(self, user=None, partners=None, **values):
        partners = partners or self.kept | self.gone
        model = self.env["jxc.partner.merge"].with_user(user or self.manager)
        wizard = model.with_context(
            allowed_company_ids=self.company.ids, default_partner_ids=partners.ids
        ).create({"reason": "Same shop", **values})
        return wizard.action_merge()

    def test_what_is_kept(self):
        since = self.kept.jxc_owner_since
        gone = self.gone.id
        self._merge()
        self.assertFalse(self.gone.exists())
        self.assertEqual(self.kept.user_id, self.seller)
        self.assertEqual(self.kept.jxc_owner_since, since)
        self.assertEqual(self.kept.jxc_pool_state, "owned")
        self.assertFalse(self.kept.jxc_pool_date)
        self.assertEqual(self.kept.phone, "0574-87001122")
        self.assertEqual(self.order.partner_id, self.kept)
        self.assertEqual(self.followup.customer_id, self.kept)
        log = self.env["jxc.partner.merge.log"].search(
            [("partner_id", "=", self.kept.id)]
        )
        self.assertEqual(
            (log.merged, log.reason, log.user_id),
            ("Shop too", "Same shop", self.manager),
        )
        self.assertIn(f"#{gone} name: Shop too", log.details)
        owners = self.env["jxc.pool.log"].search([("partner_id", "=", self.kept.id)])
        self.assertIn("fall", owners.mapped("kind"))
        for user in (self.manager, self.env.ref("base.user_admin")):
            with self.assertRaises(AccessError):
                log.with_user(user).write({"reason": "x"})
            with self.assertRaises(AccessError):
                log.with_user(user).unlink()

    def test_without_an_owner_it_gets_the_others(self):
        self._merge(dst_partner_id=self.gone.id)
        self.assertEqual(self.gone.user_id, self.seller)
        self.assertEqual(self.gone.jxc_pool_state, "owned")
        self.assertFalse(self.gone.jxc_pool_date)

    def test_who_may_on_every_way(self):
        clerk = self._user("clerk", "base.group_user,base.group_partner_manager")
        with self.assertRaises(AccessError):
            self._merge(self.seller)
        platform = self.env["base.partner.merge.automatic.wizard"].with_user(clerk)
        wizard = platform.create(
            {
                "partner_ids": (self.kept | self.gone).ids,
                "dst_partner_id": self.kept.id,
            }
        )
        with self.assertRaisesRegex(AccessError, "Only sales managers merge"):
            wizard.action_merge()
        self.kept.email = self.gone.email
        values = wizard.sudo().copy_data()[0]
        platform.with_user(self.manager).create(values).action_merge()
        self.assertFalse(self.gone.exists())
        log = self.env["jxc.partner.merge.log"].search(
            [("partner_id", "=", self.kept.id)]
        )
        self.assertEqual(log.user_id, self.manager)

    def test_different_companies_stay_apart(self):
        self.kept.vat, self.gone.vat = VAT, f"{VAT}9"
        with self.assertRaisesRegex(UserError, "different tax numbers"):
            self._merge()
        self.gone.vat = VAT
        self.kept.company_id = self.company
        self.gone.company_id = self._create_class_company("Other Ltd")
        merging = self.env["base.partner.merge.automatic.wizard"]
        with self.assertRaisesRegex(UserError, "belong to different companies"):
            merging._merge((self.kept | self.gone).ids)
        self.assertTrue(self.gone.exists())

    def test_own_records_of_both(self):
        """What each may have once is named, not deleted."""
        self.env["jxc.followup"].create({"partner_id": self.kept.id})
        self.env.flush_all()
        self.env.cr.execute(
            SQL(
                "CREATE UNIQUE INDEX jxc_test_once ON jxc_followup (customer_id)"
                " WHERE customer_id = %s",
                self.kept.id,
            )
        )
        with self.assertRaisesRegex(
            UserError, "own record of Follow-up. Settle and delete"
        ):
            self._merge()
        self.assertTrue(self.gone.exists())
