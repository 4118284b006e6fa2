# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
"""scripts/run makes a company, serves it, stops, and starts again quickly."""

import os
import shutil
import subprocess
import time
import xmlrpc.client

import pytest
from jxcdev import python_env, steps
from jxcdev.running import free_port

from conftest import forget

PASSWORD = "Sesame-7531"


@pytest.fixture(scope="module")
def run(repo, postgres_server, tmp_path_factory):
    """Return a function: scripts/run of a clone that is set up but has no database."""
    from jxcdev import databases

    clone = tmp_path_factory.mktemp("run") / "clone"
    shutil.copytree(repo / "scripts", clone / "scripts")
    for name in ("config", "addons", "requirements-dev.txt", ".venv"):
        (clone / name).symlink_to(repo / name)
    stamps = clone / ".local" / "stamps"
    stamps.mkdir(parents=True)
    built = python_env.content_key(clone / ".local" / "odoo" / "lib")
    (stamps / "venv").write_text(built)
    if (repo / ".local" / "chromium").exists():
        (clone / ".local" / "chromium").symlink_to(repo / ".local" / "chromium")
        (stamps / "browser").write_text(steps.digest("fonts-noto-cjk"))
    name = f"jxc_test_{os.environ['JXC_TEST_OWNER']}_run"
    environ = {k: v for k, v in os.environ.items() if k != "JXC_STARTED"}
    environ |= {
        "JXC_ODOO": str((repo / ".local" / "odoo" / "lib").resolve()),
        "JXC_CHROMIUM": shutil.which("chromium"),
        "JXC_ADMIN_PASSWORD": PASSWORD,
        # a proxy is for the internet: our own server is asked directly
        "http_proxy": "http://127.0.0.1:9",
    }

    def start(*options):
        return subprocess.run(
            [clone / "scripts" / "run", "--db", name, *options],
            env=environ,
            capture_output=True,
            text=True,
            timeout=600,
            check=False,
        )

    start.database = name
    start.log = clone / ".local" / "log" / "server.log"
    yield start
    start("--stop")
    forget(name)
    databases.drop(postgres_server, name)


def login(port, database, password=PASSWORD):
    """Return the user id of admin, False when the password is wrong."""
    common = xmlrpc.client.ServerProxy(f"http://127.0.0.1:{port}/xmlrpc/2/common")
    return common.authenticate(database, "admin", password, {})


def test_unknown_language(run):
    """A language that Odoo does not know is told before a database is made."""
    result = run("--no-demo", "--lang", "xx", "--port", str(free_port()))
    assert result.returncode == 2
    assert result.stderr.startswith("usage: scripts/run")
    assert "Odoo has no language xx" in result.stderr


@pytest.mark.browser  # it prints reports with Chromium
def test_run_serves_starts_again_and_stops(run, odoo_env):
    """Two workers and a password of one's own; a second start is quick."""
    port = str(free_port())
    new = ("--no-demo", "--addons", "jxc_base", "--lang", "en_US", "--workers", "2")
    made = run("--background", "--port", port, *new)
    assert made.returncode == 0, made.stderr
    assert f"http://127.0.0.1:{port}" in made.stdout
    assert PASSWORD not in made.stdout + made.stderr
    assert login(port, run.database)
    assert not login(port, run.database, "admin")
    assert "Worker WorkerHTTP" in run.log.read_text()
    with odoo_env(run.database) as env:
        assert env.ref("base.user_admin").lang == "en_US"
        modules = env["ir.module.module"].search([("name", "like", "jxc_%")])
        states = {module.name: module.state for module in modules}
        assert states.pop("jxc_base") == "installed"
        assert set(states.values()) == {"uninstalled"}

    again = run("--background", "--port", port)
    assert again.returncode == 0 and "already running" in again.stdout
    other = run("--background", "--db", "another")
    assert other.returncode == 1 and "already serves database" in other.stderr

    assert f"stopped http://127.0.0.1:{port}" in run("--stop").stdout
    with pytest.raises(OSError, match="refused"):
        login(port, run.database)

    begin = time.monotonic()
    second = run("--background", "--port", port)
    assert second.returncode == 0, second.stderr
    assert time.monotonic() - begin < 20
    assert login(port, run.database), "what was there is kept"
