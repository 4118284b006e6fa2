# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from unittest.mock import patch

from odoo.exceptions import AccessError, ValidationError
from odoo.fields import Command
from odoo.tests import new_test_user, tagged

from .import_common import PARTNERS, PRODUCTS, ImportCase


@tagged("post_install", "-at_install")
class TestImportPartners(ImportCase):
    def test_values(self):
        row = {
            "ref": "C1",
            "name": "华联超市",
            "kind": "both",
            "email": "a@example.com",
            "phone": "010-123",
            "street": "长安街 1 号",
            "city": "北京",
            "zip": "010000",
            "country": "CN",
            "tags": "重点;零售",
            "lang": "en_US",
        }
        self.env["res.lang"]._activate_lang("en_US")
        self.env["res.partner.category"].create({"name": "零售"})
        self.run_tables(files={"partners": [row]})
        partner = self.partner("C1")
        self.assertRecordValues(
            partner,
            [
                {
                    "name": "华联超市",
                    "email": "a@example.com",
                    "phone": "010-123",
                    "street": "长安街 1 号",
                    "city": "北京",
                    "zip": "010000",
                    "country_id": self.env.ref("base.cn").id,
                    "lang": "en_US",
                    "is_company": True,
                    "company_id": self.env.company.id,
                }
            ],
        )
        self.assertEqual(
            sorted(partner.category_id.mapped("name")), sorted(["重点", "零售"])
        )
        tags = self.env["res.partner.category"].search([("name", "=", "零售")])
        self.assertEqual(len(tags), 1)
        if "customer_rank" in partner._fields:
            self.assertTrue(partner.customer_rank and partner.supplier_rank)

    def test_same_again_changes_nothing_and_changes_are_written(self):
        run = self.run_tables(files={"partners": PARTNERS})
        self.assertEqual(self.figures(run, "partners"), (2, 0, 0))
        before = self.partner("C1").write_date
        run = self.run_tables(files={"partners": PARTNERS})
        self.assertEqual(self.figures(run, "partners"), (0, 0, 2))
        self.assertEqual(self.partner("C1").write_date, before)
        changed = [{**PARTNERS[0], "name": "华联", "country": ""}, PARTNERS[1]]
        run = self.run_tables(files={"partners": changed})
        self.assertEqual(self.figures(run, "partners"), (0, 1, 1))
        self.assertEqual(self.partner("C1").name, "华联")
        self.assertFalse(self.partner("C1").country_id)

    def test_language_is_the_company_s_unless_given(self):
        self.env["res.lang"]._activate_lang("zh_CN")
        self.env.company.partner_id.lang = "zh_CN"
        self.env.user.lang = "en_US"
        row = {name: PARTNERS[0][name] for name in ("ref", "name", "kind")}
        other = {**row, "ref": "C9", "lang": "en_US"}
        self.run_tables(files={"partners": [row, other]})
        self.assertEqual(self.partner("C1").lang, "zh_CN")
        self.assertEqual(self.partner("C9").lang, "en_US")

    def test_absent_column_leaves_values_alone(self):
        self.run_tables(files={"partners": [{**PARTNERS[0], "phone": "1"}]})
        partner = self.partner("C1")
        partner.category_id = [Command.create({"name": "mine"})]
        run = self.run_tables(files={"partners": [PARTNERS[0]]})
        self.assertEqual(self.figures(run, "partners"), (0, 0, 1))
        self.assertEqual(partner.phone, "1")
        self.assertEqual(partner.category_id.name, "mine")

    def test_archived_partner_is_found(self):
        self.run_tables(files={"partners": PARTNERS})
        self.partner("C1").active = False
        run = self.run_tables(files={"partners": PARTNERS})
        self.assertEqual(self.figures(run, "partners"), (0, 0, 2))

    def test_problems(self):
        self.env["res.partner"].create(
            [{"name": "a", "ref": "TWICE"}, {"name": "b", "ref": "TWICE"}]
        )
        problems = self.refuse(
            {
                "partners": [
                    {**PARTNERS[0], "country": "China", "lang": "zh"},
                    {**PARTNERS[1], "email": "nobody", "ref": "TWICE"},
                ]
            }
        )
        self.assertEqual(
            {problem[:3] for problem in problems},
            {
                ("partners", 2, "country"),
                ("partners", 2, "lang"),
                ("partners", 3, "email"),
                ("partners", 3, "ref"),
            },
        )

    def test_tax_id_by_the_rules_of_the_platform(self):
        """The platform's check, where it is installed, decides and formats."""

        def check(self, country, vat, partner_name="", validation="error"):
            if vat.startswith("X"):
                problem = "not a number\nof this country"
                raise ValidationError(problem)
            return f"{country.code}{vat}", country.code

        rows = [{**PARTNERS[0], "vat": "X1"}, {**PARTNERS[1], "vat": "12"}]
        partners = self.registry["res.partner"]
        with patch.object(partners, "_run_vat_checks", check, create=True):
            self.assertEqual(
                self.refuse({"partners": rows}),
                [("partners", 2, "vat", "not a number of this country")],
            )
            run = self.run_tables(files={"partners": rows[1:]})
            self.assertEqual(self.partner("V1").vat, "GB12")
            run = self.run_tables(files={"partners": rows[1:]})
        self.assertEqual(self.figures(run, "partners"), (0, 0, 1))

    def test_data_goes_to_the_current_company(self):
        self.run_tables(files={"partners": PARTNERS, "products": PRODUCTS})
        other = self.env["res.company"].create({"name": "Other"})
        admin = new_test_user(
            self.env,
            "import_other",
            groups="base.group_system,base.group_partner_manager,"
            "jxc_base.group_see_costs,"
            "product.group_product_manager",
            company_id=other.id,
            company_ids=[Command.set(other.ids)],
        )
        service = self.service.with_user(admin)
        names = [{**row, "name": "theirs"} for row in PARTNERS]
        run = self.run_tables(service, files={"partners": names, "products": PRODUCTS})
        self.assertEqual(self.figures(run, "partners"), (2, 0, 0))
        self.assertEqual(self.figures(run, "products"), (2, 0, 0))
        partners = self.env["res.partner"].search([("ref", "=", "C1")])
        self.assertEqual(
            {(partner.company_id, partner.name) for partner in partners},
            {(self.env.company, "华联超市"), (other, "theirs")},
        )
        product = self.product("P2").filtered(lambda p: p.company_id == other)
        self.assertEqual(product.with_company(other).standard_price, 3.5)
        self.assertEqual(product.with_company(self.env.company).standard_price, 0)
        self.assertNotIn(
            run,
            self.env["jxc.import.run"]
            .search([])
            .filtered(lambda log: log.company_id == self.env.company),
        )
        with self.assertRaises(AccessError):
            self.run_tables(
                service.with_context(allowed_company_ids=self.env.company.ids),
                files={"partners": names},
            )

    def test_queries_do_not_grow_with_lines(self):
        def queries(rows):
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            self.run_tables(files={"partners": rows})
            return self.env.cr.sql_log_count - before

        def rows(count, prefix):
            return [{**PARTNERS[0], "ref": f"{prefix}{n}"} for n in range(count)]

        queries(rows(1, "W"))
        few, many = queries(rows(10, "F")), queries(rows(500, "M"))
        self.assertLessEqual(many - few, 30)
        few, many = queries(rows(10, "F")), queries(rows(500, "M"))
        self.assertLessEqual(many - few, 5)


@tagged("post_install", "-at_install")
class TestImportProducts(ImportCase):
    def test_values(self):
        row = {
            **PRODUCTS[0],
            "type": "goods",
            "cost": "8.123456",
            "list_price": "12.5",
            "barcode": "6901234567892",
            "active": "1",
        }
        self.run_tables(files={"products": [row, PRODUCTS[1]]})
        product = self.product("P1")
        self.assertRecordValues(
            product,
            [
                {
                    "name": "红酒",
                    "type": "consu",
                    "list_price": 12.5,
                    "standard_price": 8.123456,
                    "barcode": "6901234567892",
                    "active": True,
                    "company_id": self.env.company.id,
                }
            ],
        )
        self.assertEqual(product.uom_id.name, "瓶")
        self.assertFalse(product.uom_id.relative_uom_id)
        self.assertEqual(product.categ_id.complete_name, "饮料 / 酒")
        self.assertEqual(self.product("P2").uom_id, self.env.ref("uom.product_uom_kgm"))
        if "is_storable" in product._fields:
            self.assertTrue(product.is_storable)

    def test_same_again_changes_nothing_and_changes_are_written(self):
        rows = [{**row, "category": "饮料 / 酒", "cost": "3"} for row in PRODUCTS]
        run = self.run_tables(files={"products": rows})
        self.assertEqual(self.figures(run, "products"), (2, 0, 0))
        categories = self.env["product.category"].search_count([])
        units = self.env["uom.uom"].search_count([])
        run = self.run_tables(files={"products": rows})
        self.assertEqual(self.figures(run, "products"), (0, 0, 2))
        self.assertEqual(self.env["product.category"].search_count([]), categories)
        self.assertEqual(self.env["uom.uom"].search_count([]), units)
        rows[0] = {**rows[0], "name": "白酒", "category": "食品 / 酒"}
        run = self.run_tables(files={"products": rows})
        self.assertEqual(self.figures(run, "products"), (0, 1, 1))
        for language in ("en_US", self.env.user.lang):
            product = self.product("P1").with_context(lang=language)
            self.assertEqual(product.name, "白酒")
        self.assertEqual(product.categ_id.complete_name, "食品 / 酒")

    def test_cost_that_moved_on_is_not_put_back(self):
        self.run_tables(files={"products": PRODUCTS})
        product = self.product("P2")
        product.standard_price = 4.2
        run = self.run_tables(files={"products": PRODUCTS})
        self.assertEqual(self.figures(run, "products"), (0, 0, 2))
        self.assertEqual(product.standard_price, 4.2)
        self.run_tables(files={"products": [{**PRODUCTS[1], "cost": "3.9"}]})
        self.assertEqual(product.standard_price, 3.9)

    def test_first_cost_is_no_revaluation_of_today(self):
        """At average cost, receipts of the past that follow decide about the cost."""
        if "product.value" not in self.env:
            self.assertNotIn("cost_method", self.env["product.product"]._fields)
            return
        category = self.env["product.category"].create(
            [
                {"name": "平均", "property_cost_method": "average"},
                {"name": "标准", "property_cost_method": "standard"},
            ]
        )
        rows = [
            {**PRODUCTS[0], "category": "平均", "cost": "0.0354"},
            {**PRODUCTS[1], "category": "标准", "cost": "3.5"},
        ]
        self.run_tables(files={"products": rows})
        self.assertEqual(self.product("P1").categ_id, category[0])
        self.assertEqual(self.product("P1").standard_price, 0.0354)
        values = self.env["product.value"].search(
            [("product_id", "in", (self.product("P1") + self.product("P2")).ids)]
        )
        self.assertEqual(values.product_id, self.product("P2"))
        self.assertEqual(values.value, 3.5)

    def test_archived_and_back(self):
        self.run_tables(files={"products": [{**PRODUCTS[0], "active": "0"}]})
        product = self.product("P1")
        self.assertFalse(product.active or product.product_tmpl_id.active)
        run = self.run_tables(files={"products": [PRODUCTS[0]]})
        self.assertEqual(self.figures(run, "products"), (0, 0, 1))
        run = self.run_tables(files={"products": [{**PRODUCTS[0], "active": "1"}]})
        self.assertEqual(self.figures(run, "products"), (0, 1, 0))
        self.assertTrue(product.active and product.product_tmpl_id.active)

    def test_problems(self):
        self.run_tables(
            files={"products": [PRODUCTS[0], {**PRODUCTS[1], "barcode": "111"}]}
        )
        product = {"name": "x", "base_unit": "个"}
        problems = self.refuse(
            {
                "products": [
                    {**PRODUCTS[0], "base_unit": "箱", "barcode": "111"},
                    {**product, "code": "N1", "type": "service", "tracking": "lot"},
                    {**product, "code": "N2", "tracking": "none", "expiry": "1"},
                    {**product, "code": "N3", "category": "A / / B", "barcode": "222"},
                    {**product, "code": "N4", "cost": "-1", "barcode": "222"},
                    {**product, "code": "N5", "barcode": "222"},
                ]
            }
        )
        places = {problem[:3] for problem in problems}
        self.assertLessEqual(
            {
                ("products", 2, "base_unit"),
                ("products", 2, "barcode"),
                ("products", 3, "tracking"),
                ("products", 4, "expiry"),
                ("products", 5, "category"),
                ("products", 6, "cost"),
                ("products", 7, "barcode"),
            },
            places,
        )
        self.assertFalse(self.product("N1"))

    def test_tracking_where_stock_is_installed(self):
        row = {**PRODUCTS[0], "tracking": "lot", "expiry": "1"}
        known = self.env["product.template"]._fields
        if "use_expiration_date" in known:
            self.run_tables(files={"products": [row]})
            self.assertEqual(self.product("P1").tracking, "lot")
            self.assertTrue(self.product("P1").use_expiration_date)
        else:
            problems = self.refuse({"products": [row]})
            self.assertIn("jxc_stock", problems[0][3])

    def test_queries_do_not_grow_with_lines(self):
        def queries(rows):
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            self.run_tables(files={"products": rows})
            return self.env.cr.sql_log_count - before

        def rows(count, prefix):
            return [{**PRODUCTS[0], "code": f"{prefix}{n}"} for n in range(count)]

        queries(rows(1, "W"))
        queries(rows(10, "F"))
        queries(rows(500, "M"))
        few, many = queries(rows(10, "F")), queries(rows(500, "M"))
        self.assertLessEqual(many - few, 5)


@tagged("post_install", "-at_install")
class TestImportUnits(ImportCase):
    def test_names_synonyms_and_new_units(self):
        Unit = self.env["uom.uom"]
        units = Unit._jxc_find_or_create_base(["千克", "公斤", "kg", "坛", "坛", "pcs"])
        self.assertEqual(len({units["千克"], units["公斤"], units["kg"]}), 1)
        self.assertEqual(units["pcs"], self.env.ref("uom.product_uom_unit"))
        self.assertFalse(units["坛"].relative_uom_id)
        self.assertEqual(Unit._jxc_find_or_create_base(["坛"])["坛"], units["坛"])
        self.assertNotIn("缸", Unit._jxc_find_units(["缸"]))

    def test_exact_name_before_synonym_and_reference_before_others(self):
        Unit = self.env["uom.uom"]
        own = Unit.create({"name": "公斤"})
        self.assertEqual(Unit._jxc_find_units(["公斤"])["公斤"], own)
        box = Unit.create(
            {"name": "坛", "relative_uom_id": own.id, "relative_factor": 5}
        )
        self.assertEqual(Unit._jxc_find_units(["坛"])["坛"], box)
        base = Unit.create({"name": "坛"})
        self.assertEqual(Unit._jxc_find_units(["坛"])["坛"], base)
