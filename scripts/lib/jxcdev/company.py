# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
"""The database that scripts/run serves: made once, then kept up to date."""

from datetime import date, timedelta

from . import addons, databases, importing, northwind, odoo, paths, templates
from .steps import digest, is_done, mark_done, say, step


def create(server, chosen, names, identity, password):
    """Make the database under a temporary name, so that a half one is never served.

    :param server: the PostgreSQL server
    :param chosen: options of the command line
    :param names: addons to install
    :param str identity: identity of the Odoo in use
    :param str password: the administrator's
    """
    fresh = f"{chosen.db}.new"
    demo = not chosen.no_demo and _can_have_demo(names)
    with step("Platform modules") as current:
        _make_platform(server, fresh, chosen, names, identity, current)
    config = odoo.write_config("setup", server)
    with step(f"Addons {', '.join(names)}") as current:
        if names:
            odoo.install(config, fresh, names, current, f"{fresh}-install.log")
        current.note("company")
        arguments = ["--language", chosen.lang]
        arguments += ["--company-name", northwind.COMPANY] if demo else []
        odoo.inside(
            "Finishing the database",
            "finish_database",
            config,
            fresh,
            arguments,
            env=odoo.environment(JXC_NEW_PASSWORD=password),
        )
    if demo:
        with step("Northwind data") as current:
            yesterday = (date.today() - timedelta(days=1)).isoformat()
            report = northwind.load(config, fresh, current, end_date=yesterday)
            current.result(importing.summary(report))
        for line in importing.table(report):
            print(f"           {line}")
    databases.rename(server, fresh, chosen.db)
    mark_done(_stamp(chosen.db), _key(names))


def update(server, chosen):
    """Bring the modules of an existing database to the addons as they are now."""
    given = {
        "--no-demo": chosen.no_demo,
        "--addons": chosen.addons,
        "--lang": chosen.lang != "zh_CN",
        "--chart": chosen.chart != "small",
    }
    ignored = [option for option, value in given.items() if value]
    if ignored:
        say(f"{' and '.join(ignored)} only count for a new database (see --reset)")
    names = addons.choose()
    installed = [
        name for name in names if databases.has_module(server, chosen.db, name)
    ]
    if is_done(_stamp(chosen.db), _key(installed)):
        say(f"Database {chosen.db}: up to date")
        return
    with step(f"Updating {', '.join(installed)}") as current:
        config = odoo.write_config("setup", server)
        odoo.run(
            f"Updating database {chosen.db}",
            ["-c", config, "-d", chosen.db, "-u", ",".join(installed)]
            + ["--stop-after-init", "--no-http"],
            f"{chosen.db}-update.log",
            current,
        )
    mark_done(_stamp(chosen.db), _key(installed))


def _make_platform(server, fresh, chosen, names, identity, current):
    modules = addons.platform_depends(names)
    if set(names) != set(addons.choose()):
        # a choice of addons is not worth a template
        templates.build_platform(
            server, fresh, modules, chosen.chart, chosen.lang, current
        )
        return
    base = templates.platform(
        server, identity, modules, chosen.chart, chosen.lang, current
    )
    databases.copy(server, base, fresh)


def _can_have_demo(names):
    if not northwind.is_there():
        say("No Northwind data in this tree: the company will be empty")
        return False
    missing = {"jxc_base", "jxc_purchase", "jxc_sales"} - set(names)
    if missing:
        say(f"Without {', '.join(sorted(missing))} the company will be empty")
    return not missing


def _stamp(database):
    return f"database-{database}"


def _key(names):
    return digest(addons.content_key(names), str(paths.ROOT))
