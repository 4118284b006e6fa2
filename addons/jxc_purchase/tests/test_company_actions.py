# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
import inspect
from datetime import date, timedelta

from odoo.exceptions import AccessError
from odoo.fields import Command
from odoo.tests import tagged

from .inspection_common import InspectionCommon

#: Name a window or a report, which judge the reader when they are opened.
ONLY_SHOW = {
    "action_jxc_compare",
    "action_jxc_export_comparison",
    "action_jxc_print_comparison",
    "action_open_document",
    "action_open_entries",
    "action_print",
}


@tagged("post_install", "-at_install")
class TestCompanyActions(InspectionCommon):
    """Whoever works in another company starts nothing here, whatever his rights."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        there = cls.env["res.company"].create({"name": "There"})
        groups = cls.env["res.groups"].search([("share", "=", False)])
        groups -= cls.env.ref("base.group_portal") | cls.env.ref("base.group_public")
        cls.stranger = cls._user(
            "stranger_with_all_rights",
            "base.group_user",
            company_id=there.id,
            company_ids=[Command.set(there.ids)],
        )
        cls.stranger.group_ids += groups

    def _records(self):
        """Yield a record of this company for each model that has actions."""
        request = self._request((self.wine, 10), approve=True)
        yield request
        yield request.line_ids
        order = self._order(request.line_ids)
        order.button_confirm()
        yield order
        self._come(order)
        yield self._inspection(order)
        today = date.today()
        budget = self.env["jxc.purchase.budget"].create(
            {
                "name": "Here",
                "company_id": self.company.id,
                "date_from": today - timedelta(days=9),
                "date_to": today + timedelta(days=9),
                "line_ids": [Command.create({"amount_planned": 1e6})],
            }
        )
        budget.action_confirm()
        yield budget
        yield budget.line_ids
        addition = {"line_to_id": budget.line_ids.id, "amount": 5.0}
        change = self.env["jxc.purchase.budget.transfer"].create(
            {
                "kind": "addition",
                "company_id": self.company.id,
                "reason": "Needed",
                "line_ids": [Command.create(addition)],
            }
        )
        change.action_submit()
        yield change
        yield self.env["jxc.budget.override"].create(
            {
                "line_id": budget.line_ids.id,
                "res_model": "purchase.order",
                "res_id": self._buy((self.water, 1)).id,
                "amount": 5.0,
                "reason": "Typhoon",
            }
        )
        vendor = {"partner_id": self.vendor.id, "company_id": self.company.id}
        quarter = {"date_from": "2026-01-01", "date_to": "2026-03-31"}
        yield self.env["jxc.vendor.evaluation"].create({**vendor, **quarter})
        yield self.env["jxc.vendor.qualification"].create(vendor)

    def test_every_action(self):
        started, tried = [], 0
        for record in self._records():
            record = record.sudo(False).with_user(self.stranger)
            record = record.with_context(
                allowed_company_ids=self.stranger.company_ids.ids
            )
            for name in self._actions(record):
                tried += 1
                before = record.sudo().read(["write_date"])
                try:
                    with self.cr.savepoint():
                        getattr(record, name)()
                except AccessError:
                    self.env.invalidate_all(flush=False)
                else:
                    started.append((record._name, name))
                self.assertEqual(record.sudo().read(["write_date"]), before)
        self.assertEqual([one for one in started if one[1] not in ONLY_SHOW], [])
        self.assertGreater(tried, 50)

    def test_what_the_windows_show(self):
        order = self._buy((self.wine, 1)).sudo(False).with_user(self.stranger)
        order = order.with_context(allowed_company_ids=self.stranger.company_ids.ids)
        with self.assertRaises(AccessError):
            order.jxc_tender_data()

    def _actions(self, record):
        """Return the names of our actions that take no more than the record."""
        for name, method in inspect.getmembers(type(record), inspect.isfunction):
            ours = method.__module__.startswith("odoo.addons.jxc_")
            parameters = list(inspect.signature(method).parameters.values())[1:]
            if (
                ours
                and name.startswith(("action_", "button_"))
                and all(one.default is not one.empty for one in parameters)
            ):
                yield name
