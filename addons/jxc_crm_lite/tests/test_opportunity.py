# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from datetime import timedelta

import psycopg2
from lxml import etree

from odoo.exceptions import AccessError, ValidationError
from odoo.fields import Command
from odoo.tests import Form, freeze_time, tagged
from odoo.tools import mute_logger

from .common_repurchase import RepurchaseCommon


class OpportunityCommon(RepurchaseCommon):
    """Two salespeople, and three stages before the won one."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.seller = cls._user("seller", "sales_team.group_sale_salesman")
        cls.colleague = cls._user("colleague", "sales_team.group_sale_salesman")
        cls.manager = cls._user("manager", "sales_team.group_sale_manager")
        cls.executive = cls._user("executive", "jxc_base.group_executive")
        cls.shop = cls._customer("Shop")
        cls.team = cls.env["crm.team"].create(
            {"name": "Test Team", "company_id": cls.company.id, "use_leads": True}
        )
        cls.first, cls.second, cls.third, cls.last = cls.env["crm.stage"].create(
            [
                {
                    "name": f"Step {number}",
                    "sequence": number,
                    "team_ids": [Command.set(cls.team.ids)],
                    "jxc_probability": probability,
                    "is_won": number == 4,
                }
                for number, probability in ((1, 10), (2, 40), (3, 0), (4, 0))
            ]
        )

    @classmethod
    def _lead(cls, name="Deal", lines=(), **values):
        return cls.env["crm.lead"].create(
            {
                "name": name,
                "type": "opportunity",
                "partner_id": cls.shop.id,
                "company_id": cls.company.id,
                "team_id": cls.team.id,
                "user_id": cls.seller.id,
                "stage_id": cls.first.id,
                "jxc_line_ids": [Command.create(line) for line in lines],
                **values,
            }
        )


@tagged("post_install", "-at_install")
class TestOpportunity(OpportunityCommon):
    def test_revenue_follows_the_products(self):
        lead = self._lead(
            lines=[
                {"product_id": self.soy.id, "qty": 2, "uom_id": self.box.id},
                {"product_id": self.salt.id, "qty": 5, "price_unit": 3},
            ]
        )
        box, salt = lead.jxc_line_ids
        self.assertEqual((box.price_unit, box.subtotal), (120, 240))
        self.assertEqual(salt.uom_id, self.piece)
        self.assertEqual((lead.jxc_line_total, lead.expected_revenue), (255, 255))
        salt.qty = 10
        self.assertEqual(lead.expected_revenue, 270)
        lead.jxc_revenue_from_lines = False
        lead.expected_revenue = 1000
        salt.qty = 1
        self.assertEqual((lead.jxc_line_total, lead.expected_revenue), (243, 1000))
        plain = self._lead(expected_revenue=77)
        self.assertEqual(plain.expected_revenue, 77)

    def test_units_and_figures_that_make_no_sense(self):
        kilogram = self.env.ref("uom.product_uom_kgm")
        with self.assertRaises(ValidationError):
            self._lead(lines=[{"product_id": self.soy.id, "uom_id": kilogram.id}])
        with self.assertRaises(ValidationError):
            self._lead(lines=[{"product_id": self.soy.id, "price_unit": -1}])
        with (
            self.assertRaises(psycopg2.errors.CheckViolation),
            mute_logger("odoo.sql_db"),
        ):
            self._lead(lines=[{"product_id": self.soy.id, "qty": 0}])

    def test_probability_of_the_stage(self):
        lead = self._lead(expected_revenue=200)
        self.assertEqual((lead.probability, lead.prorated_revenue), (10, 20))
        lead.stage_id = self.second
        self.assertEqual((lead.probability, lead.prorated_revenue), (40, 80))
        self.second.jxc_probability = 50
        self.assertEqual(lead.probability, 50)
        lead.probability = 33
        self.second.jxc_probability = 60
        self.assertEqual((lead.probability, lead.automated_probability), (33, 60))
        lead.action_set_won()
        self.assertEqual(lead.probability, 100)
        with self.assertRaises(ValidationError):
            self.second.jxc_probability = 100

    def test_quotation_has_the_products(self):
        lead = self._lead(
            lines=[
                {"product_id": self.soy.id, "qty": 2, "uom_id": self.box.id},
                {"product_id": self.salt.id, "qty": 5, "price_unit": 3},
            ]
        )
        action = lead.with_user(self.seller).action_sale_quotations_new()
        orders = self.env["sale.order"].with_user(self.seller)
        context = action["context"]
        self.assertNotIn("default_order_line", context)
        order = Form(orders.with_context(**context)).save()
        self.assertRecordValues(
            order.order_line,
            [
                {
                    "product_id": self.soy.id,
                    "product_uom_qty": 2,
                    "product_uom_id": self.box.id,
                    "price_unit": 120,
                },
                {
                    "product_id": self.salt.id,
                    "product_uom_qty": 5,
                    "product_uom_id": self.piece.id,
                    "price_unit": 3,
                },
            ],
        )
        self.assertEqual(order.opportunity_id, lead)
        other = orders.with_context(**{**context, "default_opportunity_id": False})
        self.assertFalse(other.create({"partner_id": self.shop.id}).order_line)
        hidden = self._lead(
            user_id=self.colleague.id, lines=[{"product_id": self.soy.id}]
        )
        values = orders.with_context(
            jxc_lines_of_lead=hidden.id, default_opportunity_id=hidden.id
        ).default_get(["order_line"])
        self.assertFalse(values.get("order_line"))

    def test_order_wins(self):
        lead = self._lead(user_id=self.colleague.id)
        order = self._buy(self.shop, 0, (self.soy, 1))
        self.assertEqual(lead.won_status, "pending")
        order = order.copy({"opportunity_id": lead.id, "user_id": self.seller.id})
        order.with_user(self.seller).action_confirm()
        self.assertEqual((lead.won_status, lead.stage_id), ("won", self.last))
        self.company.jxc_won_by_order = False
        other = self._lead()
        order.copy({"opportunity_id": other.id}).action_confirm()
        self.assertEqual(other.won_status, "pending")

    def test_lost_to_a_competitor(self):
        rival = self.env["jxc.competitor"].create({"name": "Rival"})
        rows = [Command.create({"competitor_id": rival.id, "price": 90})]
        lead = self._lead(jxc_competitor_ids=rows)
        won = self._lead(jxc_competitor_ids=rows)
        won.action_set_won()
        wizard = (
            self.env["crm.lead.lost"]
            .with_user(self.seller)
            .create(
                {
                    "lead_ids": [Command.set(lead.ids)],
                    "lost_reason_id": self.env.ref(
                        "jxc_crm_lite.crm_lost_reason_competitor"
                    ).id,
                    "jxc_lost_to_id": rival.id,
                }
            )
        )
        wizard.action_lost_reason_apply()
        self.assertEqual((lead.won_status, lead.jxc_lost_to_id), ("lost", rival))
        self.assertRecordValues(
            rival, [{"met_count": 2, "won_count": 1, "lost_count": 1}]
        )
        lead.action_restore()
        self.assertFalse(lead.jxc_lost_to_id)
        with (
            self.assertRaises(psycopg2.errors.UniqueViolation),
            mute_logger("odoo.sql_db"),
        ):
            lead.jxc_competitor_ids = rows

    def test_merge_keeps_products_and_competitors(self):
        rival = self.env["jxc.competitor"].create({"name": "Rival"})
        rows = [Command.create({"competitor_id": rival.id, "price": 90})]
        leads = self._lead(
            lines=[{"product_id": self.soy.id}], jxc_competitor_ids=rows
        ) | self._lead(lines=[{"product_id": self.salt.id}], jxc_competitor_ids=rows)
        merged = leads.merge_opportunity()
        self.assertEqual(
            merged.jxc_line_ids.product_id, self.soy | self.salt, "products of both"
        )
        self.assertEqual(merged.jxc_competitor_ids.competitor_id, rival)
        self.assertEqual(merged.expected_revenue, 20)

    # History and funnel -----------------------------------------------------------

    def test_history_of_stages(self):
        lead = self._lead()
        lead.write({"name": "No move"})
        lead.stage_id = self.second
        (lead | self._lead()).stage_id = self.third
        lead.action_set_lost()
        lead.action_unarchive()
        lead.action_set_won()
        log = lead.jxc_stage_log_ids.sorted("id")
        self.assertEqual(
            [(line.stage_id, line.status) for line in log],
            [
                (self.first, "pending"),
                (self.second, "pending"),
                (self.third, "pending"),
                (self.third, "lost"),
                (self.third, "pending"),
                (self.last, "won"),
            ],
        )
        for user in (self.seller, self.manager, self.executive):
            line = log[:1].with_user(user)
            self.assertEqual(line.stage_id, self.first)
            with self.assertRaises(AccessError):
                line.write({"status": "won"})
            with self.assertRaises(AccessError):
                line.unlink()
            with self.assertRaises(AccessError):
                line.create({"lead_id": lead.id, "date": line.date, "status": "won"})
        with self.assertRaises(AccessError):
            log[:1].sudo().write({"status": "won"})
        with self.assertRaises(AccessError):
            log[:1].sudo().unlink()
        self.assertFalse(log.with_user(self.colleague).search([("id", "in", log.ids)]))

    def test_leads_have_no_history_before_they_are_opportunities(self):
        lead = self._lead(type="lead")
        self.assertFalse(lead.jxc_stage_log_ids)
        lead.convert_opportunity(self.shop)
        self.assertEqual(lead.jxc_stage_log_ids.status, "pending")

    def test_stages_are_shipped_with_probabilities(self):
        """The platform's own; in them an opportunity is as likely as they say."""
        for name, probability in (("lead1", 10), ("lead2", 30), ("lead3", 60)):
            stage = self.env.ref(f"crm.stage_{name}")
            self.assertEqual(stage.jxc_probability, probability, stage.name)
            lead = self._lead(stage_id=stage.id, expected_revenue=100)
            self.assertEqual(lead.probability, probability)
            self.assertEqual(lead.prorated_revenue, probability)

    def test_funnel_conversion_and_time(self):
        """Four enter; three go on, one to and fro; one wins, one is lost."""
        with freeze_time("2024-03-01 08:00:00"):
            leads = self.env["crm.lead"]
            for amount in (100, 200, 300, 400):
                leads |= self._lead(expected_revenue=amount)
        with freeze_time("2024-03-03 08:00:00"):
            leads[:3].stage_id = self.second
        with freeze_time("2024-03-05 08:00:00"):
            leads[0].stage_id = self.first
        with freeze_time("2024-03-06 08:00:00"):
            leads[0].stage_id = self.second
            leads[1].action_set_won()
        with freeze_time("2024-03-08 08:00:00"):
            reason = self.env.ref("jxc_crm_lite.crm_lost_reason_competitor")
            rival = self.env["jxc.competitor"].create({"name": "Rival"})
            leads[2].action_set_lost(lost_reason_id=reason.id, jxc_lost_to_id=rival.id)
        self.env.flush_all()
        self.env.cr.execute(  # the moment of the transaction otherwise
            "UPDATE crm_lead SET create_date = '2024-03-01 08:00' WHERE id IN %s",
            [tuple(leads.ids)],
        )
        with freeze_time("2024-03-11 08:00:00"):
            report = self.env["jxc.lead.stage.report"]
            domain = [("lead_id", "in", leads.ids)]
            found = {
                stage: figures
                for stage, *figures in report._read_group(
                    domain,
                    ["stage_id"],
                    [
                        "reached_count:sum",
                        "passed_count:sum",
                        "conversion:sum",
                        "days:avg",
                        "cycle_days:avg",
                    ],
                )
            }
            opened = {
                stage: figures
                for stage, *figures in report._read_group(
                    [*domain, ("is_current", "=", True), ("status", "=", "pending")],
                    ["stage_id"],
                    ["lead_count:sum", "amount:sum", "weighted:sum"],
                )
            }
            lost = report._read_group(
                [*domain, ("is_current", "=", True), ("status", "=", "lost")],
                ["lost_reason_id", "lost_to_id"],
                ["lead_count:sum", "amount:sum"],
            )
        self.assertEqual(lost, [(reason, rival, 1, 300)])
        self.assertEqual(found[self.first][:3], [4, 3, 75])
        # 2, 2, 2, then 1 for the way back, and 10 up to now
        self.assertAlmostEqual(found[self.first][3], 17 / 5)
        self.assertEqual(found[self.second][:2], [3, 1])
        self.assertAlmostEqual(found[self.second][2], 100 / 3)
        # 2 and 5 of the first, 3 of the second, 5 of the third
        self.assertAlmostEqual(found[self.second][3], 15 / 4)
        self.assertEqual(found[self.last][:3], [1, 1, 100])
        self.assertAlmostEqual(found[self.last][4], 5)  # of the one that was won
        self.assertEqual(opened[self.first], [1, 400, 40])
        self.assertEqual(opened[self.second], [1, 100, 40])

    def test_cycle_time_begins_with_the_history(self):
        """An opportunity that was taken over with its past is as old as that.

        The view of cycle times opens on them, by who won.
        """
        lead = self._lead()
        self.env["jxc.lead.stage.log"].sudo().create(
            {
                "lead_id": lead.id,
                "date": lead.create_date - timedelta(days=12),
                "stage_id": self.first.id,
                "status": "pending",
            }
        )
        lead.action_set_won()
        self.env.flush_all()
        action = self.env.ref("jxc_crm_lite.jxc_lead_stage_report_action_cycle")
        view = action.view_ids.filtered(lambda view: view.view_mode == "graph").view_id
        self.assertEqual(action.views[0], (view.id, "graph"))
        names = etree.fromstring(view.arch).xpath("//field/@name")
        self.assertEqual(names, ["user_id", "cycle_days"])
        report = self.env["jxc.lead.stage.report"]
        [(user, days)] = report._read_group(
            [("lead_id", "=", lead.id), ("status", "=", "won")],
            names[:1],
            ["cycle_days:avg"],
        )
        self.assertEqual(user, lead.user_id)
        self.assertAlmostEqual(days, 12, 2)

    def test_two_companies_have_their_own_figures(self):
        """Funnel, cycle time and time in stage are of the companies one works in."""
        other = self._create_class_company("Other Ltd")
        here, there = (
            self._user(login, "sales_team.group_sale_manager", company)
            for login, company in (("here", self.company), ("there", other))
        )
        both = self._user("both", "sales_team.group_sale_manager", self.company | other)
        self.team.company_id = False
        with freeze_time("2024-03-01 08:00:00"):
            ours = self._lead(expected_revenue=100)
            theirs = self._lead(company_id=other.id, user_id=there.id)
            theirs.expected_revenue = 900
        with freeze_time("2024-03-04 08:00:00"):
            ours.action_set_won()
        with freeze_time("2024-03-09 08:00:00"):
            theirs.action_set_won()
        self.env.flush_all()
        self.env.cr.execute(  # the moment of the transaction otherwise
            "UPDATE crm_lead SET create_date = '2024-03-01 08:00' WHERE id IN %s",
            [tuple((ours | theirs).ids)],
        )
        for user, companies, expected in (
            (here, self.company, (1, 1, 100, 3, 3)),
            (there, other, (1, 1, 900, 8, 8)),
            (both, self.company, (1, 1, 100, 3, 3)),
            (both, other, (1, 1, 900, 8, 8)),
            (both, self.company | other, (2, 2, 1000, 5.5, 5.5)),
        ):
            report = (
                self.env["jxc.lead.stage.report"]
                .with_user(user)
                .with_context(allowed_company_ids=companies.ids)
            )
            won, amount, cycle = report._read_group(
                [("stage_id", "=", self.last.id)],
                [],
                ["reached_count:sum", "amount:sum", "cycle_days:avg"],
            )[0]
            passed, days = report._read_group(
                [("stage_id", "=", self.first.id)],
                [],
                ["passed_count:sum", "days:avg"],
            )[0]
            found = (won, passed, amount, round(cycle, 3), round(days, 3))
            self.assertEqual(found, expected, (user.login, companies.mapped("name")))

    def test_who_sees_what(self):
        lead = self._lead(lines=[{"product_id": self.soy.id}])
        other = self._create_class_company("Other Ltd")
        stranger = self._user("stranger", "sales_team.group_sale_manager", other)
        for user, seen in (
            (self.seller, True),
            (self.colleague, False),
            (self.manager, True),
            (self.executive, True),
            (stranger, False),
        ):
            for model in ("jxc.lead.line", "jxc.lead.stage.report", "crm.lead"):
                field = "id" if model == "crm.lead" else "lead_id"
                found = (
                    self.env[model]
                    .with_user(user)
                    .with_context(allowed_company_ids=user.company_ids.ids)
                    .search([(field, "=", lead.id)])
                )
                self.assertEqual(bool(found), seen, (user.login, model))
        for user, own in ((self.executive, False), (self.manager, True)):
            action = self.env["crm.team"].with_user(user).action_your_pipeline()
            self.assertEqual("search_default_assigned_to_me" in action["context"], own)
        menu = self.env.ref("jxc_crm_lite.jxc_sales_target_report_menu").id
        menus = self.env["ir.ui.menu"].with_user(self.executive)._visible_menu_ids()
        self.assertIn(menu, menus)
        with self.assertRaises(AccessError):
            lead.jxc_line_ids.with_user(self.colleague).qty = 9
        with self.assertRaises(AccessError):
            lead.jxc_line_ids.with_user(self.executive).qty = 9
        with self.assertRaises(AccessError):
            lead.with_user(self.executive).name = "Mine"
