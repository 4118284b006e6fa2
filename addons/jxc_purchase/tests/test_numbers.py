# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from odoo.exceptions import UserError, ValidationError
from odoo.fields import Command
from odoo.tests import tagged

from .common import PurchaseBudgetCommon

#: What JSON, XML-RPC and files let a client send for a number.
NO_NUMBERS = (
    float("nan"),
    float("inf"),
    float("-inf"),
    "nan",
    "-Infinity",
    "twelve",
    "1.234,50",
    [12],
)


@tagged("post_install", "-at_install")
class TestNumbers(PurchaseBudgetCommon):
    """What is no number gets into no limit, budget, quantity or score."""

    def _assert_refused(self, record, name):
        """The answer names the record and the field, in the words of the screen."""
        before = record[name]
        field = record._fields[name]
        label = field._description_string(self.env)
        for value in NO_NUMBERS:
            with (
                self.subTest(field=str(field), value=value),
                self.assertRaises(ValidationError) as caught,
            ):
                record.write({name: value})
            answer = str(caught.exception)
            self.assertIn(f"{label} must be a number, not {value}", answer)
            self.assertIn(self._model_label(record), answer)
            self.assertFalse(answer.startswith(":"), answer)
        record.invalidate_recordset(flush=False)
        self.assertEqual(record[name], before)

    def test_every_number_people_write(self):
        """No model of purchasing stores a number that it does not look at."""
        open_models = {
            model
            for model in self.env.registry
            if self._written_numbers(self.env[model])
        }
        self.assertIn("jxc.receipt.inspection.rule", open_models)
        # Settings have their company look at what they say.
        open_models -= {"res.config.settings"}
        self.assertEqual(
            {one for one in open_models if not self._looks_at_numbers(one)}, set()
        )

    def _written_numbers(self, model):
        return [
            field.name
            for field in model._fields.values()
            if field.type in ("float", "integer", "monetary")
            and field.store
            and not field.readonly
            and "jxc_purchase" in field._modules
            and not model._abstract
        ]

    def _model_label(self, records):
        return self.env["ir.model"]._get(records._name).name

    def test_texts_of_every_model(self):
        """New records: no number field of ours takes a text, all are named at once."""
        for name in sorted(self.env.registry):
            model = self.env[name]
            fields = self._written_numbers(model)
            if not fields or not self._looks_at_numbers(name):
                continue
            with self.subTest(name), self.assertRaises(ValidationError) as caught:
                model.create([dict.fromkeys(fields, "twelve")])
            answer = str(caught.exception)
            for field in fields:
                label = model._fields[field]._description_string(self.env)
                found = [
                    line
                    for line in answer.splitlines()
                    if line.startswith(self._model_label(model))
                    and f": {label} must be a" in line
                ]
                self.assertEqual(len(found), 1, (label, answer))

    def test_all_lines_at_once(self):
        """A document comes with its lines; what is wrong in them is one answer."""
        budget = self._create_budget(100.0, 200.0, confirm=False)
        first, second = budget.line_ids
        commands = [
            Command.update(first.id, {"amount_planned": "many"}),
            Command.update(second.id, {"tolerance_percent": "some"}),
            Command.create({"amount_planned": "more", "sequence": "last"}),
        ]
        with self.assertRaises(ValidationError) as caught:
            budget.write({"line_ids": commands})
        answer = str(caught.exception)
        for word in ("many", "some", "more", "whole number, not last"):
            self.assertIn(word, answer)
        self.assertIn(first.display_name, answer)

    def test_by_default(self):
        lines = self.env["jxc.purchase.budget.line"]
        budget = self._create_budget(1.0, confirm=False)
        for value in (float("nan"), "twelve"):
            with self.assertRaisesRegex(ValidationError, "Planned must be a number"):
                lines.with_context(default_amount_planned=value).create(
                    {"budget_id": budget.id}
                )

    def _looks_at_numbers(self, name):
        return hasattr(self.env[name], "_jxc_check_numbers")

    def test_limits_of_budgets(self):
        line = self._create_budget(1000.0).line_ids
        for name in ("amount_planned", "tolerance_percent", "warn_percent"):
            self._assert_refused(line, name)
        order = self._create_order((self.bread, 1, 1001.0))
        with self.assertRaisesRegex(UserError, "1,000"):
            order.button_confirm()

    def test_changes_and_overrides_of_budgets(self):
        line = self._create_budget(1000.0).line_ids
        change = self.env["jxc.purchase.budget.transfer"].create(
            {
                "kind": "addition",
                "reason": "Summer",
                "line_ids": [Command.create({"line_to_id": line.id, "amount": 1.0})],
            }
        )
        self._assert_refused(change.line_ids, "amount")
        order = self._create_order((self.bread, 1, 1.0))
        with self.assertRaisesRegex(ValidationError, "Amount must be a number"):
            self.env["jxc.budget.override"].create(
                {
                    "line_id": line.id,
                    "res_model": order._name,
                    "res_id": order.id,
                    "amount": float("inf"),
                    "reason": "Everything",
                }
            )

    def test_requests(self):
        line = self._create_request((self.bread, 1, 10.0)).line_ids
        for name in ("product_qty", "price_unit"):
            self._assert_refused(line, name)

    def test_criteria_of_vendors(self):
        criterion = self.env["jxc.vendor.criterion"].search(
            [("kind", "=", "computed")], limit=1
        )
        for name in ("weight", "full_value", "zero_value", "concession_percent"):
            self._assert_refused(criterion, name)

    def test_rules_of_companies(self):
        for name in (
            "jxc_direct_limit",
            "jxc_request_price_tolerance",
            "jxc_request_tolerance",
            "jxc_vendor_grade_a",
            "jxc_vendor_grade_b",
            "jxc_vendor_grade_c",
        ):
            self._assert_refused(self.company, name)
            with self.assertRaisesRegex(ValidationError, "must be a number, not nan"):
                self.env["res.config.settings"].create({name: float("nan")})

    def test_inspections(self):
        rule = self.env["jxc.receipt.inspection.rule"].create(
            {"product_id": self.bread.id, "mode": "score", "sampling": "percent"}
        )
        for name in ("score_below", "percent"):
            self._assert_refused(rule, name)
        with self.assertRaisesRegex(ValidationError, "must be a number, not nan"):
            rule.create({"product_id": self.bread.id, "score_below": float("nan")})
        limits = self.env["jxc.inspection.characteristic"].create(
            {
                "name": "Weight",
                "product_tmpl_id": self.bread.product_tmpl_id.id,
                "upper_limit": 1.0,
            }
        )
        for name in ("lower_limit", "upper_limit"):
            self._assert_refused(limits, name)

    def test_framework_agreements(self):
        agreement = self.env["purchase.requisition"].create(
            {"vendor_id": self.vendor.id, "requisition_type": "blanket_order"}
        )
        self._assert_refused(agreement, "jxc_amount_limit")

    def test_text_in_a_number(self):
        """What is no number at all is refused with the words of the platform."""
        line = self._create_request((self.bread, 1, 10.0)).line_ids
        with self.assertRaisesRegex(ValueError, "could not convert string to float"):
            line.product_qty = "ten"
        answer = line.load(["id", "product_qty"], [["", "ten"]])
        self.assertFalse(answer["ids"])
        self.assertRegex(answer["messages"][0]["message"], "ten.*Quantity")
