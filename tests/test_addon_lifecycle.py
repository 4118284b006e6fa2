# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
"""Each addon installs alone, upgrades and uninstalls, and its log stays clean."""

import ast
import re
from itertools import count
from pathlib import Path

import pytest

from conftest import forget

ROOT = Path(__file__).resolve().parent.parent
MANIFESTS = {
    file.parent.name: ast.literal_eval(file.read_text("utf-8"))
    for file in sorted(ROOT.glob("addons/*/__manifest__.py"))
}
ADDONS = list(MANIFESTS)
WITH_DEMO = {name for name, values in MANIFESTS.items() if values.get("demo")}
COMPLAINT = re.compile(r"^[\d-]+ [\d:,]+ \d+ (WARNING|ERROR|CRITICAL) |^Traceback ")
# Lines of Odoo and OCA that our addons cannot help: {text: why}. None is known.
NOT_OURS = {}
# What may still name an addon, a model or a field that is gone
LEFT_OVERS = {
    "external ids": "SELECT name FROM ir_model_data WHERE module = ANY(%(gone)s)",
    "models": "SELECT model FROM ir_model WHERE NOT model = ANY(%(models)s)",
    "tables": """
        SELECT table_name FROM information_schema.tables
        WHERE table_schema = 'public' AND table_name LIKE 'jxc\\_%%'
        AND NOT table_name = ANY(%(tables)s)""",
    "columns": """
        SELECT table_name || '.' || column_name FROM information_schema.columns
        WHERE table_schema = 'public' AND column_name LIKE 'jxc\\_%%'
        AND NOT table_name || '.' || column_name = ANY(%(columns)s)""",
    "actions": """
        SELECT name FROM ir_act_window WHERE NOT res_model = ANY(%(models)s)""",
    "server actions": """
        SELECT name FROM ir_act_server
        WHERE model_id IS NULL OR model_id NOT IN (SELECT id FROM ir_model)""",
    "menus": """
        SELECT name FROM ir_ui_menu WHERE action LIKE 'ir.actions.act_window,%%'
        AND split_part(action, ',', 2)::int NOT IN (SELECT id FROM ir_act_window)""",
    "statistics": """
        SELECT stxname FROM pg_statistic_ext
        WHERE stxname LIKE '%%\\_jxc\\_%%' AND 'jxc_sales' = ANY(%(gone)s)""",
    "assets": """
        SELECT path FROM ir_asset WHERE split_part(path, '/', 1) = ANY(%(gone)s)""",
}
EXTENDED = """
    WITH RECURSIVE above AS (
        SELECT v.id, v.inherit_id FROM ir_ui_view v
        JOIN ir_model_data d ON d.model = 'ir.ui.view' AND d.res_id = v.id
        WHERE d.module = ANY(%s)
        UNION SELECT v.id, v.inherit_id
        FROM ir_ui_view v JOIN above a ON v.id = a.inherit_id
    )
    SELECT v.id FROM ir_ui_view v JOIN above USING (id)
    WHERE v.inherit_id IS NULL AND v.type != 'qweb' AND v.active"""


def complaints(lines):
    """Return the log lines of level WARNING or worse that are ours to answer."""
    return [
        line
        for line in lines
        if COMPLAINT.search(line) and not any(text in line for text in NOT_OURS)
    ]


@pytest.fixture(scope="module")
def odoo_command(postgres_server):
    """Return a function: run Odoo's command line on a database, return its log."""
    from jxcdev import odoo

    config = odoo.write_config("test-lifecycle", postgres_server, max_cron_threads=0)
    numbers = count(1)

    def run(database, *arguments):
        command = [argument for argument in arguments if not argument.startswith("-")]
        verb = command[:2] if command[:1] == ["module"] else []
        rest = arguments[len(verb) :]
        once = [] if verb else ["--stop-after-init", "--no-http"]
        forget(database)
        return odoo.run(
            " ".join(arguments),
            [*verb, "-c", config, "-d", database, *rest, *once],
            f"test-lifecycle-{next(numbers)}.log",
        )

    return run


@pytest.mark.parametrize(
    ("line", "found"),
    [
        ("2026-01-02 03:04:05,678 9 WARNING db odoo.fields: jxc.x.y: oops", True),
        ("2026-01-02 03:04:05,678 9 ERROR db odoo.addons.jxc_base.x: oops", True),
        ("Traceback (most recent call last):", True),
        ("2026-01-02 03:04:05,678 9 INFO db odoo.modules: no WARNING here", False),
    ],
)
def test_what_counts_as_a_complaint(line, found):
    assert bool(complaints([line])) == found


@pytest.mark.parametrize("name", ADDONS)
def test_installs_alone(name, make_database, platform_template, odoo_command, odoo_env):
    """An addon goes onto the platform with only what it needs, without a warning."""
    with make_database(platform_template) as database:
        assert complaints(odoo_command(database, "-i", name)) == []
        with odoo_env(database) as env:
            assert installed(env) == needs(name)


def test_demo_data(make_database, platform_template, odoo_command, odoo_env):
    """The demo data of every addon loads by Odoo's own loader, without a warning."""
    with make_database(platform_template) as database:
        with odoo_env(database) as env:
            # demo data is loaded where the modules below have theirs
            env.cr.execute("UPDATE ir_module_module SET demo = state = 'installed'")
        log = odoo_command(database, "--with-demo", "-i", ",".join(ADDONS))
        assert complaints(log) == []
        loaded = {
            name for name in ADDONS if any(f"{name}: loading demo" in x for x in log)
        }
        assert loaded == WITH_DEMO
        with odoo_env(database) as env:
            modules = env["ir.module.module"].search([("name", "in", ADDONS)])
            assert all(modules.mapped("demo"))


def test_upgrades(make_database, template, odoo_command):
    """All addons upgrade in place, without a warning."""
    with make_database(template) as database:
        assert complaints(odoo_command(database, "-u", ",".join(ADDONS))) == []


@pytest.mark.parametrize("name", ADDONS)
def test_uninstalls(name, make_database, template, odoo_command, odoo_env):
    """An addon leaves nothing behind, the rest works on, and it can come back."""
    with make_database(template) as database:
        gone = [other for other in ADDONS if name in needs(other)]
        with odoo_env(database) as env:
            roots = views_extended_by(env, gone)
            assert roots and left_overs(env, gone)
        assert complaints(odoo_command(database, "module", "uninstall", name)) == []
        with odoo_env(database) as env:
            assert installed(env) == set(ADDONS) - set(gone)
            assert left_overs(env, gone) == {}
            assert broken_views(env, roots) == {}
        assert complaints(odoo_command(database, "-i", ",".join(gone))) == []
        with odoo_env(database) as env:
            assert installed(env) == set(ADDONS)
            assert broken_views(env, roots) == {}


def needs(name):
    """Return the addon and those of ours that it needs."""
    found = {name}
    for depend in MANIFESTS[name]["depends"]:
        if depend in MANIFESTS:
            found |= needs(depend)
    return found


def installed(env):
    """Return the names of our addons that are installed."""
    domain = [("name", "in", ADDONS), ("state", "=", "installed")]
    return set(env["ir.module.module"].search(domain).mapped("name"))


def views_extended_by(env, names):
    """Return the ids of the views that these addons bring or extend."""
    env.cr.execute(EXTENDED, [list(names)])
    return [row[0] for row in env.cr.fetchall()]


def broken_views(env, ids):
    """Return {view: error} of those that a user could not open."""
    broken = {}
    for view in env["ir.ui.view"].browse(ids).exists():
        try:
            view._check_xml()
            env[view.model].get_views([(view.id, view.type)])
        except Exception as error:  # noqa: BLE001  (whatever it is, the view is broken)
            broken[view.xml_id or view.name] = str(error)
    return broken


def left_overs(env, gone):
    """Return {kind: names} of what still names something that is not there."""
    stored = [model for model in env.values() if model._auto or model._table]
    tables = {model._table for model in stored}
    columns = {
        f"{model._table}.{field.name}"
        for model in stored
        for field in model._fields.values()
        if field.store and field.column_type
    }
    for model in stored:
        for field in model._fields.values():
            if field.type == "many2many" and field.store and field.relation:
                tables.add(field.relation)
                columns |= {
                    f"{field.relation}.{column}"
                    for column in (field.column1, field.column2)
                }
    values = {
        "gone": gone,
        "models": list(env.registry),
        "tables": list(tables),
        "columns": list(columns),
    }
    found = {}
    for kind, query in LEFT_OVERS.items():
        env.cr.execute(query, values)
        if names := [row[0] for row in env.cr.fetchall()]:
            found[kind] = names
    return found
