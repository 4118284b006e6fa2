# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
"""Fixtures of the tests that cross addons: real databases, servers and browsers.

`database` and `northwind_database` are fresh copies for each test module. For one test
alone, `make_database` gives further copies.
"""

import os
import sys
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path

import pytest

REPO = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(REPO / "scripts" / "lib"))
sys.path.insert(0, str(REPO / "tests"))

PASSWORD = "Jxc-2468-test"
#: of the process, where several share the tests
WORKER = os.environ.get("PYTEST_XDIST_WORKER", "")


def pytest_configure(config):
    """Refuse a start without what scripts/test prepares."""
    if not os.environ.get("JXC_TEST_TEMPLATE"):
        raise pytest.UsageError("Start these tests with scripts/test")


@pytest.fixture(scope="session")
def repo():
    """The repository's folder."""
    return REPO


@pytest.fixture(scope="session")
def postgres_server():
    """The PostgreSQL server that scripts/test provides."""
    from jxcdev.postgres import Server

    variables = ("PGHOST", "PGPORT", "PGUSER", "PGPASSWORD")
    return Server(*(os.environ[name] for name in variables), own=False)


@pytest.fixture(scope="session")
def make_database(postgres_server):
    """Return a context manager: a copy of a template, dropped at its end."""
    from jxcdev import databases

    numbers = iter(range(1_000_000))

    @contextmanager
    def make(template):
        owner = os.environ["JXC_TEST_OWNER"]
        name = f"jxc_test_{owner}_{WORKER}{next(numbers)}"
        databases.copy(postgres_server, template, name)
        try:
            yield name
        finally:
            forget(name)
            databases.drop(postgres_server, name)

    return make


@pytest.fixture(scope="session")
def template():
    """Name of the template with all addons and a Chinese company, without trade."""
    return os.environ["JXC_TEST_TEMPLATE"]


@pytest.fixture(scope="session")
def platform_template():
    """Name of the template with the modules our addons need, and none of ours."""
    return os.environ["JXC_TEST_PLATFORM"]


@pytest.fixture(scope="session")
def northwind_template(postgres_server, template):
    """Name of the template with the Northwind data up to a fixed date."""
    from jxcdev import environment, templates
    from jxcdev.steps import step

    with environment.one_at_a_time("database"), step("Northwind template") as current:
        return templates.with_northwind(postgres_server, template, current)


@pytest.fixture(scope="module")
def database(make_database, template):
    """A database with all addons and a Chinese company, without trade."""
    with make_database(template) as name:
        yield name


@pytest.fixture(scope="module")
def northwind_database(make_database, northwind_template):
    """A database with the Northwind data up to a fixed date."""
    with make_database(northwind_template) as name:
        yield name


@pytest.fixture(scope="session")
def odoo_env(postgres_server):
    """Return a context manager: an environment of the superuser (or of a login).

    Each block is a transaction of its own: committed at its end, rolled back when it
    raises.
    """
    from jxcdev import odoo as jxc_odoo

    import odoo.api
    from odoo.modules.registry import Registry
    from odoo.tools import config

    file = jxc_odoo.write_config(
        f"test-inside{WORKER}", postgres_server, max_cron_threads=0
    )
    config.parse_config(["-c", str(file), "--log-level=critical"], setup_logging=True)

    @contextmanager
    def environment(database, login=None):
        with Registry(database).cursor() as cr:
            env = odoo.api.Environment(cr, odoo.api.SUPERUSER_ID, {})
            if login:
                user = env["res.users"].search([("login", "=", login)])
                env = env(user=user.id)
            yield env
            cr.commit()

    return environment


@pytest.fixture(scope="session")
def serve(postgres_server):
    """Return a context manager: a running server (`url`, `log`) on a database."""
    from jxcdev.server import OdooServer

    @contextmanager
    def run(database, workers=0, **settings):
        settings.setdefault("max_cron_threads", 0)
        server = OdooServer(
            postgres_server, database, f"test-{database}", workers=workers, **settings
        ).start()
        try:
            yield server
        finally:
            server.stop()

    return run


@pytest.fixture(scope="module")
def server(serve, database):
    """A running server on `database`."""
    with serve(database) as running:
        yield running


@pytest.fixture(scope="module")
def northwind_server(serve, northwind_database):
    """A running server on `northwind_database`."""
    with serve(northwind_database) as running:
        yield running


@pytest.fixture(scope="session")
def set_password(odoo_env):
    """Return a function that gives a user the test password and returns it."""

    def change(database, login="admin"):
        with odoo_env(database) as env:
            user = env["res.users"].search([("login", "=", login)])
            user.password = PASSWORD
        return PASSWORD

    return change


@pytest.fixture(scope="session")
def json2(odoo_env):
    """Return a function: a JSON-2 client of a server for a login."""
    from clients import Json2

    def connect(server, login="admin"):
        with odoo_env(server.database, login) as env:
            expires = datetime.now() + timedelta(days=1)
            key = env["res.users.apikeys"]._generate("rpc", "tests", expires)
        return Json2(server.url, server.database, key)

    return connect


@pytest.fixture(scope="session")
def rpc(set_password):
    """Return a function: an XML-RPC client of a server for a login."""
    from clients import XmlRpc

    def connect(server, login="admin"):
        password = set_password(server.database, login)
        return XmlRpc(server.url, server.database, login, password)

    return connect


@pytest.fixture
def browser(set_password):
    """Return a function: a page of a server, logged in (as admin by default)."""
    with _pages(set_password) as start:
        yield start


@pytest.fixture(scope="module")
def lasting_browser(set_password):
    """As `browser`, of pages that all tests of a module share."""
    with _pages(set_password) as start:
        yield start


@contextmanager
def _pages(set_password):
    from browser.page import Page

    pages = []

    def start(server, login="admin"):
        page = Page(server.url, os.environ["JXC_TEST_SCREENSHOTS"])
        pages.append(page)
        if login:
            page.login(login, set_password(server.database, login))
        return page

    try:
        yield start
    finally:
        for page in pages:
            page.close()


@pytest.fixture(scope="module")
def desks(server, set_password):
    """Return a function: the page of a login, logged in once for all of a module.

    Problems of one test are not carried into the next.
    """
    from browser.page import Page

    pages = {}

    def page_of(login, size):
        if login not in pages:
            pages[login] = Page(server.url, os.environ["JXC_TEST_SCREENSHOTS"])
            pages[login].login(login, set_password(server.database, login))
        pages[login].problems.clear()
        pages[login].resize(size)
        return pages[login]

    yield page_of
    for page in pages.values():
        page.close()


def install_over(database, server, module):
    """Install one of the platform's apps that our addons do without; return the log."""
    from jxcdev import odoo

    config = odoo.write_config(f"test-{module}", server, max_cron_threads=0)
    forget(database)
    return odoo.run(
        f"Install {module}",
        ["-c", config, "-d", database, "-i", module, "--stop-after-init", "--no-http"],
        f"test-{module}.log",
    )


def forget(name):
    """Forget what this process has open of a database."""
    registry = sys.modules.get("odoo.modules.registry")
    if registry:
        import odoo.sql_db

        registry.Registry.delete(name)
        odoo.sql_db.close_db(name)
