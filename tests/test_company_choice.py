# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
"""Forms whose company follows from what is chosen first: that choice is open."""

import pytest

from odoo.fields import Domain
from odoo.tools.safe_eval import safe_eval

#: Model, and the field that brings the company.
FIRST_CHOICES = (
    ("jxc.credit.release", "order_id"),
    ("jxc.purchase.budget.carry", "budget_from_id"),
    ("jxc.purchase.budget.generate", "budget_id"),
    ("jxc.stock.distance", "source_id"),
    ("jxc.voucher.export", "target_id"),
)


@pytest.mark.parametrize(("model", "name"), FIRST_CHOICES)
def test_first_choice_is_open(database, odoo_env, model, name):
    """Before anything is chosen there is no company, and records of both are offered.

    In a session with two companies, the second one chosen.
    """
    with odoo_env(database) as env:
        first = env.company
        second = env["res.company"].create({"name": f"Second {model}"})
        env.user.company_ids += second
        records = env[model].with_context(allowed_company_ids=[second.id, first.id])
        assert records.default_get(["company_id"]).get("company_id") is None
        domain = records.fields_get([name], ["domain"])[name].get("domain") or []
        if isinstance(domain, str):
            domain = safe_eval(domain, {"company_id": False})
        named = {condition.field_expr for condition in Domain(domain).iter_conditions()}
        assert not named & {"company_id", "company_ids"}
