# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
"""Every role opens every menu it sees, and reads lists, cards and forms."""

import datetime as std_datetime

import pytest
from lxml import etree

from odoo.exceptions import AccessError
from odoo.tools.safe_eval import datetime, dateutil, safe_eval, time

#: Who works with the suite, by the groups that make the role.
ROLES = {
    "executive": ["jxc_base.group_executive"],
    "budget manager": ["jxc_base.group_budget_manager"],
    "credit manager": ["jxc_base.group_credit_manager"],
    "requester": ["jxc_purchase.group_purchase_requester"],
    "vendor rater": ["jxc_purchase.group_vendor_rater"],
    "buyer": ["purchase.group_purchase_user"],
    "purchase manager": ["purchase.group_purchase_manager"],
    "counter": ["jxc_stock.group_stock_counter"],
    "stock user": ["stock.group_stock_user"],
    "stock manager": ["stock.group_stock_manager"],
    "salesman": ["sales_team.group_sale_salesman"],
    "team leader": ["jxc_crm_lite.group_sale_team"],
    "sales manager": ["sales_team.group_sale_manager"],
    "invoicing": ["account.group_account_invoice"],
    "accountant": ["account.group_account_user"],
    "finance manager": ["account.group_account_manager"],
    "finance integration": ["jxc_finance_bridge.group_finance_integration"],
    "employee": ["base.group_user"],
}

#: Of the platform itself: what these open is not ours to allow.
PLATFORM = {"payment.action_payment_method"}
#: What is read of a page at least.
ROWS = 5


@pytest.mark.parametrize("role", ROLES)
def test_menus_open(northwind_database, odoo_env, role):
    """Nothing that a menu leads to is refused, down to the last column of a form."""
    with odoo_env(northwind_database) as env:
        env.cr.execute("SAVEPOINT roles")
        refused, opened = _open_all(_as(env, role))
        env.cr.execute("ROLLBACK TO SAVEPOINT roles")
        env.invalidate_all()
    assert refused == []
    assert opened, f"{role} sees no menu at all"


@pytest.mark.parametrize(
    ("model", "domain"),
    [
        ("account.move", [("move_type", "in", ("in_invoice", "in_refund"))]),
        ("account.move", [("move_type", "in", ("out_invoice", "out_refund"))]),
        ("purchase.order", []),
        ("sale.order", []),
        ("stock.picking", []),
    ],
)
def test_executives_read_documents(northwind_database, odoo_env, model, domain):
    """Every field of the forms that buttons lead to, not menus alone."""
    with odoo_env(northwind_database) as env:
        env.cr.execute("SAVEPOINT roles")
        reader = _as(env, "executive")
        arch = etree.fromstring(reader[model].get_view(view_type="form")["arch"])
        fields = _specification(reader, arch, model)
        reader.invalidate_all()
        rows = reader[model].search(domain, limit=ROWS).web_read(fields)
        env.cr.execute("ROLLBACK TO SAVEPOINT roles")
        env.invalidate_all()
    assert len(rows) == ROWS
    assert all(rows)


@pytest.mark.parametrize("role", ["buyer", "purchase manager", "budget manager"])
def test_buyers_follow_their_orders(northwind_database, odoo_env, role):
    """Order and receipts open by the button of the order, down to the last field."""
    with odoo_env(northwind_database) as env:
        env.cr.execute("SAVEPOINT roles")
        reader = _as(env, role)
        orders = reader["purchase.order"].search(
            [("state", "=", "purchase"), ("picking_ids.state", "=", "done")],
            limit=ROWS,
        )
        assert len(orders) == ROWS
        form = etree.fromstring(orders.get_view(view_type="form")["arch"])
        offered = form.xpath("//button[@name='action_view_picking']")
        read = {}
        for order in orders:
            action = order.action_view_picking()
            read |= _read_form(reader, action, order.picking_ids)
        read |= _read_form(reader, {"res_model": "purchase.order"}, orders)
        # Lots are what the platform keeps to the warehouse.
        rows = _read_form(reader, {"res_model": "stock.lot"}, _lots(reader, orders))
        env.cr.execute("ROLLBACK TO SAVEPOINT roles")
        env.invalidate_all()
    if role != "budget manager":
        assert offered, "the order shows the way to its receipts"
    assert len(read) > ROWS
    assert all(read.values())
    assert all(rows.values())


def _lots(env, orders):
    return orders.picking_ids.move_ids.lot_ids.with_env(env)


def _read_form(env, action, records):
    """Return ``{(model, id): values}`` of what an action shows in its form."""
    model = env[action["res_model"]].with_context(
        **_plain(action.get("context") or {}, env)
    )
    views = {kind: view_id for view_id, kind in action.get("views") or []}
    arch = etree.fromstring(model.get_view(views.get("form"), "form")["arch"])
    env.invalidate_all()
    rows = model.browse(records.ids).web_read(_specification(env, arch, model._name))
    return {(model._name, row["id"]): row for row in rows}


def _plain(context, env):
    return safe_eval(context, {"uid": env.uid}) if isinstance(context, str) else context


def _as(env, role):
    """Return an environment of a user who has this role and nothing else."""
    user = env["res.users"].create(
        {
            "name": role,
            "login": role.replace(" ", "_"),
            "group_ids": [(6, 0, [env.ref(group).id for group in ROLES[role]])],
        }
    )
    company_ids = user.company_ids.ids
    context = {"lang": "zh_CN", "allowed_company_ids": company_ids}
    return env(user=user.id, context=context)


def _open_all(env):
    """Return what was refused, as texts, and how many pages were read."""
    refused, opened = [], 0
    for menu, action in _actions(env):
        try:
            opened += _open(env, action)
        except AccessError as error:
            refused.append(f"{menu}: {error}")
    return refused, opened


def _actions(env):
    """Yield ``(menu, window action)`` of what hangs in the menus of the user."""
    tree = env["ir.ui.menu"].load_menus(False)
    ids, found = list(tree["root"]["children"]), set()
    while ids:
        entry = tree[ids.pop()]
        ids += entry["children"]
        if entry["action_model"] != "ir.actions.act_window":
            continue
        if entry["action_id"] in found:
            continue
        found.add(entry["action_id"])
        action = env["ir.actions.act_window"].sudo().browse(entry["action_id"])
        has_rows = env[action.res_model]._auto or env[action.res_model]._table_query
        if has_rows and action.xml_id not in PLATFORM:
            yield entry["name"], action


def _open(env, action):
    """Read the first rows of each view of an action; return how many there are."""
    today = std_datetime.date.today
    known = {
        "active_id": False,
        "active_ids": [],
        "allowed_company_ids": env.companies.ids,
        "context": {},
        "context_today": today,
        "current_date": today().isoformat(),
        "datetime": datetime,
        "relativedelta": dateutil.relativedelta.relativedelta,
        "time": time,
        "uid": env.uid,
    }
    context = safe_eval(action.context or "{}", known)
    domain = safe_eval(action.domain or "[]", known)
    model = env[action.res_model].with_context(
        **{
            key: value
            for key, value in context.items()
            if not key.startswith("search_default")
        }
    )
    views = [(view_id, kind) for view_id, kind in action.views]
    search = (action.search_view_id.id, "search")
    answer = model.get_views([*views, search])["views"]
    opened = 0
    for kind in {"list", "kanban", "form"} & set(answer):
        arch = etree.fromstring(answer[kind]["arch"])
        fields = _specification(env, arch, model._name)
        env.invalidate_all()
        if kind != "form":
            model.web_search_read(domain, fields, limit=ROWS)
        elif not model._transient:
            model.search(domain, limit=ROWS).web_read(fields)
        else:
            model.onchange({}, [], fields)
        opened += 1
    return opened


def _specification(env, node, model):
    """Return what the browser asks of the fields of a view."""
    found = {}
    for child in node:
        if not isinstance(child.tag, str):
            continue
        field = env[model]._fields.get(child.get("name"))
        if child.tag != "field" or field is None:
            if child.tag != "field":
                found |= _specification(env, child, model)
            continue
        asked = {}
        if field.relational:
            rows = [one for one in child if one.tag in ("list", "kanban")]
            inner = _specification(env, rows[0], field.comodel_name) if rows else {}
            if field.type == "many2one" or (field.type == "many2many" and not inner):
                inner = {"display_name": {}}
            if inner:
                asked = {"fields": inner}
        found.setdefault(child.get("name"), asked)
    return found
