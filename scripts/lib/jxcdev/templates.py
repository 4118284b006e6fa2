# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
"""Build databases, and keep the expensive ones as templates to copy.

Three layers, each keyed by what it is made of:
- platform: Odoo and OCA modules, languages, company and chart of accounts;
- suite: the platform with our addons;
- northwind: the suite with a year of trade.
"""

import json

from . import addons, databases, northwind, odoo, paths, python_env
from .steps import digest

REGISTER = paths.RUN / "templates.json"
CHARTS = {"small": "cn", "asbe": "cn_large_bis"}
TEST_END_DATE = "2025-12-31"


def platform(server, source, modules, chart, language, step):
    """Return a template with these modules and no addon of ours.

    :param str source: identity of the Odoo in use
    :param modules: modules of Odoo and OCA
    :param str chart: key of :data:`CHARTS`
    """
    inside = paths.LIB / "jxcdev" / "inside" / "prepare_company.py"
    key = digest(source, python_env.identity(), *modules, language, inside)
    return _cached(
        server,
        f"jxc_tpl_platform_{chart}",
        key,
        lambda name: build_platform(server, name, modules, chart, language, step),
    )


def build_platform(server, name, modules, chart, language, step):
    """Create database `name` with languages, company, modules and chart."""
    config = odoo.write_config("setup", server)
    databases.drop(server, name)
    step.note("creating the database")
    odoo.run(
        f"Creating database {name}",
        ["db", "-c", config, "init", name, "--country", "CN"],
        f"{name}-init.log",
    )
    languages = sorted({"zh_CN", language} - {"en_US"})
    step.note("loading languages")
    odoo.run(
        "Loading languages",
        ["i18n", "loadlang", "-c", config, "-d", name, "-l", *languages],
        f"{name}-languages.log",
    )
    if "account" in modules or any("account" in module for module in modules):
        modules = [*modules, "l10n_cn"]
    odoo.install(config, name, modules, step, f"{name}-install.log")
    step.note("chart of accounts, assets")
    odoo.inside(
        "Preparing the company",
        "prepare_company",
        config,
        name,
        ["--chart", CHARTS[chart], "--language", language],
    )


def platform_of_tests(server, source, step):
    """Return the template that :func:`suite` is built on."""
    modules = addons.platform_depends(addons.choose())
    return platform(server, source, modules, "small", "zh_CN", step)


def suite(server, source, step):
    """Return a template with all addons of this repository, for tests."""
    chosen = addons.choose()
    key = digest(
        source,
        python_env.identity(),
        addons.content_key(chosen),
        *sorted((paths.LIB / "jxcdev" / "inside").glob("*.py")),
    )

    def build(name):
        databases.copy(server, platform_of_tests(server, source, step), name)
        config = odoo.write_config("setup", server)
        odoo.install(config, name, chosen, step, f"{name}-install.log")
        step.note("assets")
        arguments = ["--language", "zh_CN", "--assets"]
        odoo.inside("Finishing", "finish_database", config, name, arguments)

    return _cached(server, "jxc_tpl_suite", key, build)


def with_northwind(server, base, step):
    """Return a template with the Northwind data up to a fixed date, for tests.

    :param str base: the template of :func:`suite`
    """
    files = sorted(
        path
        for path in paths.NORTHWIND.rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    )
    key = digest(base, TEST_END_DATE, *files)

    def build(name):
        databases.copy(server, base, name)
        config = odoo.write_config("setup", server)
        northwind.load(config, name, step, end_date=TEST_END_DATE)

    return _cached(server, "jxc_tpl_northwind", key, build)


def _cached(server, kind, key, build):
    """Return the template `kind` for this key; build it and drop older ones if needed.

    The register says which templates this clone made: others on a shared server stay.
    """
    name = f"{kind}_{key}"
    if databases.exists(server, name):
        return name
    fresh = f"{name}_new"
    _register(add=fresh)
    build(fresh)
    databases.rename(server, fresh, name)
    _register(add=name, remove=fresh)
    for old in _register():
        if old.startswith(f"{kind}_") and old != name:
            databases.drop(server, old)
            _register(remove=old)
    return name


def _register(add=None, remove=None):
    names = set(json.loads(REGISTER.read_text())) if REGISTER.exists() else set()
    names = (names | {add} if add else names) - {remove}
    REGISTER.write_text(json.dumps(sorted(names)))
    return names
