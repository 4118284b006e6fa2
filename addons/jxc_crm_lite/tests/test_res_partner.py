# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from odoo.tests import Form, tagged

from ..hooks import uninstall_hook
from .common import CustomerClassCommon


@tagged("post_install", "-at_install")
class TestResPartner(CustomerClassCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.seller = cls._user("seller", "sales_team.group_sale_salesman")
        cls.big = cls._customer("big", is_company=True)
        cls.contact = cls._customer("contact", parent_id=cls.big.id)
        cls.small = cls._customer("small", phone="+86 571 1234 5678")
        cls.nobody = cls._customer("nobody")
        cls._order(cls.contact, 10, 990)
        cls._order(cls.small, 200, 10)
        cls._recompute()
        cls.partners = cls.big | cls.contact | cls.small | cls.nobody

    def _search(self, *leaf):
        return (
            self.env["res.partner"]
            .with_user(self.seller)
            .search([leaf, ("id", "in", self.partners.ids)])
        )

    def test_fields(self):
        self.assertRecordValues(
            self.partners,
            [
                {"jxc_class": "a", "jxc_life_cycle": "new", "jxc_rfm": "511"},
                {"jxc_class": "a", "jxc_life_cycle": "new", "jxc_rfm": "511"},
                {"jxc_class": "c", "jxc_life_cycle": "sleeping", "jxc_rfm": "211"},
                {"jxc_class": False, "jxc_life_cycle": False, "jxc_rfm": False},
            ],
        )

    def test_search(self):
        self.assertEqual(self._search("jxc_class", "=", "a"), self.big | self.contact)
        self.assertEqual(self._search("jxc_class", "!=", "a"), self.small | self.nobody)
        self.assertEqual(self._search("jxc_class", "in", ["b", "c"]), self.small)
        self.assertEqual(self._search("jxc_class", "=", False), self.nobody)
        self.assertEqual(
            self._search("jxc_class", "!=", False), self.partners - self.nobody
        )
        self.assertEqual(
            self._search("jxc_life_cycle", "in", ["sleeping", False]),
            self.small | self.nobody,
        )
        self.assertEqual(
            self._search("jxc_rfm", "=like", "5%"), self.big | self.contact
        )
        self.assertEqual(
            self._search("jxc_rfm", "not like", "5"), self.small | self.nobody
        )

    def test_form_shows_the_page(self):
        view = Form(self.big.with_user(self.seller))
        self.assertEqual(view.jxc_class, "a")
        self.assertEqual(len(self.big.with_user(self.seller).jxc_class_ids), 1)

    def test_views_and_groupings(self):
        classes = self.classes.with_user(self.seller)
        views = classes.get_views(
            [(False, kind) for kind in ("list", "kanban", "pivot", "graph", "search")]
        )
        self.assertIn("action_recompute", self._list_arch(self.env.user))
        self.assertNotIn("action_recompute", views["views"]["list"]["arch"])
        for name in ("abc", "life_cycle", "rfm_score", "user_id", "country_id"):
            groups = classes.formatted_read_group(
                [("company_id", "=", self.company.id)], [name], ["monetary:sum"]
            )
            self.assertEqual(sum(group["monetary:sum"] for group in groups), 1000.0)
        self.assertEqual(
            classes.search([("phone", "ilike", "1234")]).partner_id, self.small
        )

    def _list_arch(self, user):
        views = self.classes.with_user(user).get_views([(False, "list")])
        return views["views"]["list"]["arch"]

    def test_settings_are_of_the_company(self):
        settings = self.env["res.config.settings"].create({})
        settings.jxc_active_days = 60
        settings.execute()
        self.assertEqual(self.company.jxc_active_days, 60)

    def test_uninstall_gives_the_menu_back(self):
        group = self.env.ref("jxc_base.group_executive")
        menu = self.env.ref("crm.crm_menu_root")
        self.assertIn(group, menu.group_ids)
        uninstall_hook(self.env)
        self.assertNotIn(group, menu.group_ids)
