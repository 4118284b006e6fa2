# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from datetime import timedelta

from odoo import fields
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Command
from odoo.tests import tagged

from .price_common import PriceCommon


@tagged("post_install", "-at_install")
class TestPriceChange(PriceCommon):
    """Prices change with a trace, and beyond the limit with approval only."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.template = cls.product.product_tmpl_id
        cls.pricing = cls._create_user(
            "jxc_pricing", "sales_team.group_sale_manager,product.group_product_manager"
        )
        cls.chief = cls._create_user(
            "jxc_chief",
            "sales_team.group_sale_manager,product.group_product_manager,"
            "jxc_sales.group_price_manager",
        )

    def _limit(self, percent=10.0):
        self.company.jxc_price_change_percent = percent

    def _logs(self, record, user=None):
        field = {
            "product.template": "product_tmpl_id",
            "jxc.product.unit": "unit_id",
            "product.pricelist.item": "pricelist_id",
        }[record._name]
        id_ = record.pricelist_id.id if field == "pricelist_id" else record.id
        logs = self.env["jxc.price.log"].search([(field, "=", id_)])
        if field == "unit_id":
            return logs
        return logs.filtered(lambda log: not log.unit_id)

    def _change(self, price, user=None, **values):
        return (
            self.env["jxc.price.change"]
            .with_user(user or self.pricing)
            .create(
                {
                    "reason": "New season",
                    "line_ids": [
                        Command.create(
                            {"product_tmpl_id": self.template.id, "new_price": price}
                        )
                    ],
                    **values,
                }
            )
        )

    # -- log ----------------------------------------------------------------------

    def test_every_change_is_logged(self):
        template = self.template.with_user(self.pricing)
        template.with_context(jxc_price_reason="Copper is dearer").list_price = 105
        log = self._logs(template)
        self.assertRecordValues(
            log,
            [
                {
                    "old_text": "100",
                    "new_text": "105",
                    "percent": 5,
                    "user_id": self.pricing.id,
                    "reason": "Copper is dearer",
                }
            ],
        )
        template.list_price = 105
        self.assertEqual(self._logs(template), log, "no change, no log")
        template.jxc_min_price = 70
        self.product.with_user(self.pricing).lst_price = 106
        self.assertEqual(len(self._logs(template)), 3)
        self.box.with_user(self.pricing).write({"list_price": 910, "min_price": 810})
        self.assertEqual(len(self._logs(self.box)), 3, "made with a price, changed")

    def test_price_list_rules_are_logged(self):
        self.company.partner_id.lang = "en_US"
        pricelist = self.env["product.pricelist"].create({"name": "Gold"})
        item = (
            self.env["product.pricelist.item"]
            .with_user(self.pricing)
            .create(
                {
                    "pricelist_id": pricelist.id,
                    "applied_on": "1_product",
                    "product_tmpl_id": self.template.id,
                    "compute_price": "fixed",
                    "fixed_price": 95,
                }
            )
        )
        item.fixed_price = 90
        item.min_quantity = 10
        logs = self._logs(item)
        self.assertEqual(
            logs.mapped("new_text"), ["10", "90", "95"], "the last one first"
        )
        item.unlink()
        self.assertIn("Deleted", self.env["jxc.price.log"].search([], limit=1).what)

    def test_the_log_speaks_the_language_of_the_company(self):
        """Whoever changed it: all read the same log."""
        self.env["res.lang"]._activate_lang("zh_CN")
        self.company.partner_id.lang = "zh_CN"
        self.pricing.lang = "en_US"
        item = (
            self.env["product.pricelist.item"]
            .with_user(self.pricing)
            .create(
                {
                    "pricelist_id": self.env["product.pricelist"]
                    .create({"name": "Gold"})
                    .id,
                    "applied_on": "1_product",
                    "product_tmpl_id": self.template.id,
                    "compute_price": "fixed",
                    "fixed_price": 95,
                }
            )
        )
        item.fixed_price = 90
        self.template.with_user(self.pricing).jxc_min_price = 70
        texts = " ".join(self.env["jxc.price.log"].search([]).mapped("what"))
        self.assertIn("最低价", texts)
        self.assertNotIn("Fixed Price", texts)
        item.unlink()
        deleted = self.env["jxc.price.log"].search([], limit=1).what
        self.assertNotIn("Deleted", deleted)

    def test_the_log_is_kept(self):
        self.template.list_price = 105
        log = self._logs(self.template).with_user(self.chief)
        for attempt in (
            lambda: log.write({"reason": "nothing"}),
            log.unlink,
            log.copy,
        ):
            with self.assertRaises(AccessError):
                attempt()

    # -- limit --------------------------------------------------------------------

    def test_large_changes_are_refused(self):
        self._limit()
        template = self.template.with_user(self.pricing)
        template.list_price = 109
        with self.assertRaisesRegex(AccessError, "Price Changes"):
            template.list_price = 80
        with self.assertRaisesRegex(AccessError, "Price Changes"):
            template.with_context(jxc_sales_price_change=True).list_price = 80
        with self.assertRaises(AccessError):
            self.product.with_user(self.pricing).lst_price = 80
        with self.assertRaises(AccessError):
            self.box.with_user(self.pricing).min_price = 500
        result = (
            self.env["product.template"]
            .with_user(self.pricing)
            .load([".id", "list_price"], [[str(template.id), "50"]])
        )
        self.assertFalse(result["ids"])
        self.assertIn("Price Changes", result["messages"][0]["message"])
        self.env.invalidate_all()
        self.assertEqual(template.list_price, 109)
        self.template.with_user(self.chief).list_price = 80
        self.assertEqual(template.list_price, 80)

    def test_first_prices_need_nobody(self):
        self._limit()
        product = (
            self.env["product.template"]
            .with_user(self.pricing)
            .create({"name": "New", "list_price": 0})
        )
        product.list_price = 50
        self.assertEqual(product.list_price, 50)

    def test_rewards_have_no_price_before(self):
        """The product behind a reward is new, and costs nothing from the start."""
        self._limit()
        manager = self._create_user(
            "jxc_promoter",
            "sales_team.group_sale_manager,product.group_product_manager",
        )
        program = (
            self.env["loyalty.program"]
            .with_user(manager)
            .create(
                {
                    "name": "A tenth less",
                    "program_type": "promotion",
                    "reward_ids": [
                        Command.clear(),
                        Command.create({"reward_type": "discount", "discount": 10}),
                    ],
                }
            )
        )
        product = program.reward_ids.discount_line_product_id
        self.assertEqual(product.list_price, 0)
        self.assertFalse(self._logs(product.product_tmpl_id))
        # Of variants that exist, it is a change of the price like any other.
        self.template.product_variant_id.with_user(self.pricing).lst_price = 99
        self.assertEqual(len(self._logs(self.template)), 1)

    def test_rules_of_price_lists(self):
        self._limit()
        pricelist = self.env["product.pricelist"].create({"name": "Gold"})
        Item = self.env["product.pricelist.item"].with_user(self.pricing)
        values = {"pricelist_id": pricelist.id, "applied_on": "3_global"}
        percent = {**values, "compute_price": "percentage"}
        with self.assertRaises(AccessError):
            Item.create({**percent, "percent_price": 20})
        item = Item.create({**percent, "percent_price": 5})
        with self.assertRaises(AccessError):
            item.percent_price = 30
        with self.assertRaises(AccessError):
            item.write({"compute_price": "fixed", "fixed_price": 1})
        with self.assertRaises(AccessError):
            Item.create(
                {
                    **values,
                    "applied_on": "1_product",
                    "product_tmpl_id": self.template.id,
                    "compute_price": "fixed",
                    "fixed_price": 50,
                }
            )
        with self.assertRaises(AccessError):
            pricelist.with_user(self.pricing).item_ids = [
                Command.create({**percent, "percent_price": 50})
            ]

    def test_the_strictest_company_counts(self):
        self._limit(0)
        other = self.setup_other_company()["company"]
        other.jxc_price_change_percent = 10
        template = self.template.with_user(self.pricing)
        with self.assertRaises(AccessError):
            template.list_price = 50
        self.template.company_id = self.company
        template.list_price = 50
        self.assertEqual(template.list_price, 50)

    # -- documents ----------------------------------------------------------------

    def test_a_reason_is_given(self):
        for blank in ("", "  "):
            with self.assertRaisesRegex(ValidationError, "Say why"):
                self._change(101, reason=blank)
        change = self._change(101)
        with self.assertRaisesRegex(ValidationError, "Say why"):
            change.reason = " "

    def test_small_change_takes_effect_at_once(self):
        self._limit()
        change = self._change(105)
        self.assertRegex(change.name, r"PC/\d+/\d+")
        self.assertAlmostEqual(change.max_percent, 5)
        change.action_submit()
        self.assertEqual(change.state, "done")
        self.assertEqual(self.template.list_price, 105)
        self.assertEqual(change.log_ids.reason, "New season")
        self.assertFalse(change.approver_ids | change.log_ids.approver_ids)

    def test_large_change_waits_for_a_manager(self):
        self._limit()
        change = self._change(150)
        change.action_submit()
        self.assertEqual(change.state, "requested")
        self.assertEqual(self.template.list_price, 100)
        with self.assertRaises(AccessError):
            change.action_approve()
        with self.assertRaises(UserError):
            change.line_ids.new_price = 300
        with self.assertRaises(UserError):
            change.write({"reason": "Another"})
        for state in ("approved", "done"):
            with self.assertRaises(AccessError):
                change.write({"state": state})
        change.with_user(self.chief).action_approve()
        self.assertEqual(change.state, "done")
        self.assertEqual(self.template.list_price, 150)
        self.assertEqual(change.log_ids.user_id, self.pricing)
        self._assert_approved(change, self.chief)

    def _assert_approved(self, change, user):
        """Who agreed is kept, with the change and with each of its log entries."""
        self.assertEqual(change.approver_ids, user)
        self.assertEqual(change.log_ids.approver_ids, user)

    def test_who_approved_is_said_by_the_server(self):
        change = self._change(150, approver_ids=[Command.link(self.chief.id)])
        self.assertFalse(change.approver_ids)
        with self.assertRaises(AccessError):
            change.approver_ids = self.chief

    def test_taken_back_is_approved_by_nobody(self):
        tomorrow = fields.Date.context_today(self.env.user) + timedelta(days=1)
        self._limit()
        change = self._change(150, date_apply=tomorrow)
        change.action_submit()
        change.with_user(self.chief).action_approve()
        self.assertEqual(change.approver_ids, self.chief)
        change.action_back()
        self.assertFalse(change.approver_ids)

    def test_tier_decides(self):
        self._limit()
        preset = self._activate("price_change", threshold=10)
        change = self._change(150)
        change.action_submit()
        self.assertEqual(change.validation_status, "pending")
        with self.assertRaises(UserError):
            change.with_user(self.chief).with_context(
                skip_validation_check=True
            ).action_approve()
        with self.assertRaises(AccessError):
            change.validate_tier()
        change.with_user(self.chief).validate_tier()
        self.assertEqual(change.state, "done")
        self.assertEqual(self.template.list_price, 150)
        self._assert_approved(change, self.chief)
        preset.action_jxc_deactivate()

    def test_planned_change(self):
        tomorrow = fields.Date.context_today(self.env.user) + timedelta(days=1)
        self._limit()
        change = self._change(150, user=self.chief, date_apply=tomorrow)
        change.action_submit()
        self.assertEqual(change.state, "approved")
        self.assertEqual(self.template.list_price, 100)
        self.assertNotIn(change, self.env["jxc.price.change"]._due())
        self.env.cr.execute(
            "UPDATE jxc_price_change SET date_apply = %s WHERE id = %s",
            (fields.Date.context_today(self.env.user), change.id),
        )
        self.env.invalidate_all()
        due = self.env["jxc.price.change"]._due()
        self.assertIn(change.sudo(), due)
        for one in due:
            one._apply_or_tell()
        self.assertEqual(change.state, "done")
        self.assertEqual(self.template.list_price, 150)
        self._assert_approved(change, self.chief)
        with self.assertRaises(UserError):
            change.action_back()
        with self.assertRaises(UserError):
            change.unlink()

    def test_salespeople_propose(self):
        change = self._change(95, user=self.salesman)
        change.action_submit()
        self.assertEqual(change.state, "requested", "he may not change products")
        change.action_back()
        change.line_ids.new_price = 96
        change.action_submit()
        change.with_user(self.chief).action_approve()
        self.assertEqual(self.template.list_price, 96)

    def test_all_kinds(self):
        pricelist = self.env["product.pricelist"].create(
            {
                "name": "Gold",
                "item_ids": [
                    Command.create({"compute_price": "percentage", "percent_price": 10})
                ],
            }
        )
        item = pricelist.item_ids
        lines = [
            {"kind": "floor", "product_tmpl_id": self.template.id, "new_price": 77},
            {"kind": "unit", "unit_id": self.box.id, "new_price": 950},
            {"kind": "unit_floor", "unit_id": self.box.id, "new_price": 850},
            {"kind": "item", "item_id": item.id, "new_price": 20},
        ]
        change = self._change(100, user=self.chief)
        change.line_ids = [Command.clear(), *map(Command.create, lines)]
        self.assertAlmostEqual(change.line_ids[3].percent, -11.11, 2)
        change.action_submit()
        self.assertEqual(self.template.jxc_min_price, 77)
        self.assertEqual((self.box.list_price, self.box.min_price), (950, 850))
        self.assertEqual(item.percent_price, 20)

    def test_other_companies_do_not_see_it(self):
        change = self._change(105)
        other = self.setup_other_company()["company"]
        stranger = self._create_user("jxc_other", "sales_team.group_sale_manager")
        stranger.write(
            {"company_ids": [Command.set(other.ids)], "company_id": other.id}
        )
        with self.assertRaises(AccessError):
            change.with_user(stranger).read(["reason"])

    def test_client_defaults_do_not_count(self):
        Change = self.env["jxc.price.change"].with_user(self.pricing)
        change = Change.with_context(default_state="approved").create(
            {"reason": "x", "state": "done", "user_id": self.chief.id}
        )
        self.assertEqual(change.state, "draft")
        self.assertEqual(change.user_id, self.pricing)
