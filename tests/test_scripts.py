# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
"""The scripts tell wrong use and bad circumstances in one clear line."""

import os
import shutil
import socket
import subprocess
import zipfile
from collections import namedtuple
from pathlib import Path

import pytest

NOWHERE = "http://127.0.0.1:9"
SETTINGS = (
    "JXC_ODOO",
    "JXC_ODOO_URL",
    "JXC_PYTHON",
    "JXC_STARTED",
    "JXC_ADMIN_PASSWORD",
)
TOOLS = "bash cat chmod cp cut date dirname env grep head id mkdir python3 rm sed tar"


@pytest.fixture
def environ(repo):
    """The environment of a person who has set up nothing."""
    own = (str(repo / ".venv"), str(repo / ".local"))
    folders = os.environ["PATH"].split(os.pathsep)
    path = os.pathsep.join(f for f in folders if not f.startswith(own))
    env = {k: v for k, v in os.environ.items() if k not in SETTINGS}
    return {k: v for k, v in env.items() if k != "PYTHONPATH"} | {"PATH": path}


@pytest.fixture
def clone(repo, tmp_path):
    """A clone in which nothing was set up yet."""
    target = tmp_path / "clone"
    shutil.copytree(repo / "scripts", target / "scripts")
    for name in ("config", "addons"):
        (target / name).symlink_to(repo / name)
    for file in repo.glob("requirements*.txt"):
        shutil.copy(file, target)
    return target


@pytest.fixture
def odoo_tree(tmp_path):
    """Something that looks like a source tree of Odoo, of any version."""

    def make(version):
        release = tmp_path / f"odoo-{version[0]}" / "odoo" / "release.py"
        release.parent.mkdir(parents=True)
        release.write_text(f"version_info = {version}\n")
        return release.parent.parent

    return make


def start(folder, env, *command):
    """Run a script of a clone and return what came of it."""
    return subprocess.run(
        [folder / "scripts" / command[0], *command[1:]],
        env=env,
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )


def assert_one_clear_line(result, *words):
    """One line on stderr, exit 1, and no traceback."""
    assert result.returncode == 1, result.stdout + result.stderr
    lines = result.stderr.strip().split("\n")
    assert len(lines) == 1, result.stderr
    assert lines[0].startswith("error: ")
    for word in words:
        assert word in lines[0]


@pytest.mark.parametrize(
    "command",
    [
        "run --frobnicate",
        "run --port 70000",
        "run --port http",
        "run --workers 1",
        "run --workers -2",
        "run --db postgres",
        "run --db Jxc",
        "run --chart large",
        "run --lang chinese",
        "run --addons ,",
        "run --addons jxc_nonsense",
        "run --stop --reset",
        "run surplus",
        "import",
        "import --db jxc",
        "import no-such-folder --db jxc",
        "import scripts/run --db jxc",
        "test no/such/test.py",
        "test no/such/test.py -- -x",
        "test -k",
        "test -x",
        "test --no-such-option",
        "test addons -n 2",
    ],
)
def test_wrong_options(clone, environ, command):
    """Wrong options print the usage and end with 2, before anything is set up."""
    result = start(clone, environ, *command.split())
    assert result.returncode == 2, result.stdout + result.stderr
    assert result.stderr.startswith(f"usage: scripts/{command.split()[0]}")
    assert "Traceback" not in result.stderr
    assert not (clone / ".venv").exists()


def test_password_must_not_be_admin(clone, environ):
    """The one password everybody tries is refused."""
    result = start(clone, environ | {"JXC_ADMIN_PASSWORD": "admin"}, "run")
    assert result.returncode == 2
    assert "JXC_ADMIN_PASSWORD must not be admin" in result.stderr


@pytest.mark.parametrize(
    ("command", "words"),
    [
        ("run", "--db --port --interface --workers --no-demo --addons --lang --chart"),
        ("run", "--background --stop --reset JXC_ADMIN_PASSWORD JXC_ODOO PGHOST"),
        ("test", "-k --fast PATH"),
        ("import", "DIR --db --history --user"),
    ],
)
def test_help(clone, environ, command, words):
    """--help names every option."""
    result = start(clone, environ, command, "--help")
    assert result.returncode == 0
    for word in words.split():
        assert word in result.stdout


def test_stop_without_server(clone, environ):
    """--stop with nothing to stop says so and is no error."""
    result = start(clone, environ, "run", "--stop")
    assert result.returncode == 0
    assert "no server of this folder is running" in result.stdout


def test_busy_port(clone, environ):
    """A busy port is told before anything is set up."""
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = str(other.getsockname()[1])
        result = start(clone, environ, "run", "--port", port)
    assert_one_clear_line(result, f"Port {port}", "in use", "--port")
    assert not (clone / ".venv").exists()


def test_foreign_address(clone, environ):
    """An address of another machine cannot be listened on."""
    result = start(clone, environ, "run", "--interface", "192.0.2.1")
    assert_one_clear_line(result, "192.0.2.1")


def test_no_network_for_odoo(clone, environ):
    """Without network every way to Odoo is named, with the reason it failed."""
    blocked = {name: NOWHERE for name in ("http_proxy", "https_proxy", "HTTPS_PROXY")}
    result = start(clone, environ | blocked, "run", "--port", free_port())
    assert_one_clear_line(
        result,
        "an importable odoo (not there)",
        "the Debian package odoo-19 (Fetching",
        "JXC_ODOO_URL (not there)",
        "set JXC_ODOO",
    )


@pytest.fixture
def without_index(environ):
    """The environment of a person whose package index cannot be reached."""
    env = {k: v for k, v in environ.items() if not k.startswith("PIP_")}
    env |= {"PIP_CONFIG_FILE": os.devnull, "PIP_INDEX_URL": f"{NOWHERE}/simple"}
    return env | {"PIP_RETRIES": "0"}


def test_no_network_for_packages(clone, without_index, odoo_tree):
    """An index that cannot be reached is told in one line with pip's reason."""
    env = without_index | {"JXC_ODOO": str(odoo_tree((19, 0)))}
    result = start(clone, env, "run", "--port", free_port())
    assert_one_clear_line(
        result, "Installing requirements with pip", "Check the network"
    )


def test_no_network_for_lint(clone, without_index):
    """The checks tell it in the same way."""
    result = start(clone, without_index, "lint")
    assert_one_clear_line(
        result, "the lint tools could not be installed", "Check the network"
    )


def test_missing_tool(clone, environ, tmp_path):
    """A machine without apt is told so, with the other ways to get Odoo."""
    tools = tmp_path / "tools"
    tools.mkdir()
    for name in TOOLS.split():
        (tools / name).symlink_to(Path(shutil.which(name, path=environ["PATH"])))
    (tools / "python3").unlink()
    (tools / "python3").symlink_to(Path(subprocess_python(environ)))
    result = start(clone, environ | {"PATH": str(tools)}, "run", "--port", free_port())
    assert_one_clear_line(result, "apt-get is missing", "set JXC_ODOO")


@pytest.mark.parametrize(
    ("make", "words"),
    [
        (lambda tree: "/no/such/odoo", ("/no/such/odoo does not exist",)),
        (lambda tree: str(tree((18, 0))), ("Odoo 18.0",)),
        (
            lambda tree: str(tree((19, 0)).parent / "odoo-19" / "odoo" / "release.py"),
            (),
        ),
    ],
    ids=["missing", "wrong version", "no archive"],
)
def test_wrong_odoo(clone, environ, odoo_tree, make, words):
    """JXC_ODOO that is no Odoo 19 is refused with the ways out."""
    env = environ | {"JXC_ODOO": make(odoo_tree)}
    result = start(clone, env, "run", "--port", free_port())
    assert_one_clear_line(result, *words)


def test_full_disk(monkeypatch):
    """Too little room is told ahead, not half way through."""
    from jxcdev import environment
    from jxcdev.steps import Failure

    usage = namedtuple("usage", "total used free")(9e9, 8e9, 1e8)
    monkeypatch.setattr("shutil.disk_usage", lambda path: usage)
    with pytest.raises(Failure, match=r"0\.1 GB are free"):
        environment.check_space()


def test_disk_gets_full(clone, without_index, odoo_tree):
    """A disk that gets full on the way is told in one line too."""
    log = clone / ".local" / "log" / "pip-requirements.log"
    log.parent.mkdir(parents=True)
    log.symlink_to("/dev/full")  # every write to it fails for want of space
    env = without_index | {"JXC_ODOO": str(odoo_tree((19, 0)))}
    result = start(clone, env, "run", "--port", free_port())
    assert_one_clear_line(result, "No space left on device", "Make room")


def test_machine_without_certificates(tmp_path, monkeypatch):
    """Without the package ca-certificates, pip reads what came with the Python."""
    from jxcdev import certificates

    monkeypatch.setattr(certificates, "SYSTEM", tmp_path / "ca-certificates.crt")
    monkeypatch.setattr(certificates, "BUNDLE", tmp_path / "bundle.crt")
    monkeypatch.delenv("SSL_CERT_FILE", raising=False)
    assert certificates.provide(tmp_path) is None
    folder = tmp_path / "usr" / "share" / "ca-certificates" / "mozilla"
    folder.mkdir(parents=True)
    for name in ("first", "second"):
        (folder / f"{name}.crt").write_text(f"{name}\n")
    bundle = certificates.provide(tmp_path)
    assert bundle.read_text() == "first\nsecond\n"
    assert os.environ["SSL_CERT_FILE"] == str(bundle)

    wheel = tmp_path / "pip-0-py3-none-any.whl"
    system = f"CERTIFICATES = '{certificates.SYSTEM}'\n"
    with zipfile.ZipFile(wheel, "w") as archive:
        archive.writestr(certificates.WHERE, system)
        archive.writestr("pip/other.py", system)
    copy = certificates.repoint(wheel, bundle, tmp_path / "copies")
    with zipfile.ZipFile(copy) as archive:
        found = archive.read(certificates.WHERE).decode()
        assert found == f"CERTIFICATES = '{bundle}'\n"
        assert archive.read("pip/other.py").decode() == system

    certificates.SYSTEM.touch()
    assert certificates.provide(tmp_path) is None


def test_import_into_missing_database(repo, environ, tmp_path):
    """A database that is not there is told; none is made."""
    result = start(repo, environ, "import", str(tmp_path), "--db", "jxc_test_none")
    assert_one_clear_line(result, "jxc_test_none", "does not exist")


def test_import_by_script(repo, environ, tmp_path, database, odoo_env):
    """A folder goes in, a second time nothing changes, a wrong row refuses all."""
    partners = tmp_path / "partners.csv"
    partners.write_text("ref,name,kind\nT-1,诚信商行,customer\n", encoding="utf-8")
    for expected in ("partners     1        1", "partners     1        0"):
        result = start(repo, environ, "import", str(tmp_path), "--db", database)
        assert result.returncode == 0, result.stderr
        assert expected in result.stdout
    partners.write_text(
        "ref,name,kind\nT-2,诚信,customer\nT-3,,nobody\n", encoding="utf-8"
    )
    result = start(repo, environ, "import", str(tmp_path), "--db", database)
    assert result.returncode == 1
    assert "partners:3:name: " in result.stderr
    assert "partners:3:kind: " in result.stderr
    assert "Traceback" not in result.stderr
    with odoo_env(database) as env:
        found = env["res.partner"].search([("ref", "in", ["T-1", "T-2", "T-3"])])
        assert found.mapped("ref") == ["T-1"]


def test_requirements_agree(repo):
    """requirements.txt names the versions that the locks install."""
    locks = ""
    for lock in ("odoo-runtime.lock", "oca-addons.lock"):
        locks += (repo / "scripts" / "lib" / lock).read_text().lower()
    for line in (repo / "requirements.txt").read_text().splitlines():
        if line and not line.startswith("#"):
            assert line.split(";")[0].strip().lower() in locks, line


def free_port():
    """Return the text of a port nobody uses."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return str(probe.getsockname()[1])


def subprocess_python(environ):
    """Return the real program behind python3 (version managers put a script there)."""
    answer = subprocess.run(
        ["python3", "-c", "import sys; print(sys.executable)"],
        env=environ,
        capture_output=True,
        text=True,
        check=True,
    )
    return answer.stdout.strip()
