# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
"""Odoo is taken from where the user says: a tree, a package, an archive, an address."""

import os
import shutil
import subprocess
import sys
import tarfile
import threading
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer

import pytest

NOWHERE = "http://127.0.0.1:9/debian"
PROVIDE = """
from jxcdev import odoo_source, paths, steps
paths.make_folders()
try:
    with steps.step("Odoo") as step:
        odoo_source.provide(step)
except steps.Failure as failure:
    raise SystemExit(f"error: {failure}")
"""


@pytest.fixture
def provide(repo, tmp_path):
    """Return a function: provide Odoo in a fresh clone, without Debian's archive."""
    clone = tmp_path / "clone"
    shutil.copytree(repo / "scripts", clone / "scripts")
    environ = {k: v for k, v in os.environ.items() if not k.startswith("JXC_")}
    environ |= {"PYTHONPATH": str(clone / "scripts" / "lib")}
    environ |= {"JXC_DEBIAN_MIRROR": NOWHERE, "no_proxy": "127.0.0.1"}

    def run(**settings):
        # not that of .venv, which can import odoo
        python = os.path.realpath(sys.executable)
        return subprocess.run(
            [python, "-B", "-c", PROVIDE],
            env=environ | settings,
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )

    run.importable = clone / ".local" / "odoo" / "lib"
    return run


@pytest.fixture
def source(tmp_path):
    """A source tree of the usual layout: odoo/, addons/ and odoo-bin."""
    tree = tmp_path / "served" / "odoo-19.0"
    (tree / "odoo").mkdir(parents=True)
    (tree / "odoo" / "release.py").write_text("version_info = (19, 0, 0)\n")
    (tree / "addons" / "web").mkdir(parents=True)
    (tree / "addons" / "web" / "__manifest__.py").write_text("{}\n")
    (tree / "odoo-bin").write_text("#!/usr/bin/env python3\n")
    return tree


@pytest.fixture
def archive(source):
    """The tree as a .tar.gz with one folder on top, as download pages give it."""
    with tarfile.open(source.parent / "odoo-19.0.tar.gz", "w:gz") as tar:
        tar.add(source, "odoo-19.0")
    return source.parent / "odoo-19.0.tar.gz"


@pytest.fixture
def package(source, tmp_path):
    """The tree as a Debian package."""
    root = tmp_path / "package"
    shutil.copytree(
        source / "odoo", root / "usr" / "lib" / "python3" / "dist-packages" / "odoo"
    )
    (root / "usr" / "share" / "doc" / "odoo").mkdir(parents=True)
    (root / "DEBIAN").mkdir()
    (root / "DEBIAN" / "control").write_text(
        "Package: odoo\nVersion: 19.0\nArchitecture: all\n"
        "Maintainer: nobody <nobody@example.com>\nDescription: a test\n"
    )
    deb = tmp_path / "odoo.deb"
    subprocess.run(["dpkg-deb", "--build", root, deb], check=True, capture_output=True)
    return deb


@pytest.fixture
def address(tmp_path):
    """Address of a web server for the folder of `source`."""
    folder = tmp_path / "served"
    folder.mkdir(exist_ok=True)
    handler = partial(SimpleHTTPRequestHandler, directory=folder)
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


def test_tree(provide, source):
    """A tree is used where it is, with both of its folders of addons."""
    done = provide(JXC_ODOO=str(source))
    assert done.returncode == 0, done.stderr
    assert f"19.0 in {source}" in done.stdout
    assert (provide.importable / "odoo").resolve() == source / "odoo"
    assert (provide.importable / "addons").resolve() == source / "addons"


def test_package(provide, package):
    """A package is unpacked; what it links to in the archive may be missing."""
    done = provide(JXC_ODOO=str(package))
    assert done.returncode == 0, done.stderr
    assert "19.0 of odoo.deb" in done.stdout
    assert "warning: fonts that the package links to are missing" in done.stdout
    assert (provide.importable / "odoo" / "release.py").is_file()


def test_archive(provide, archive):
    """An archive is unpacked."""
    done = provide(JXC_ODOO=str(archive))
    assert done.returncode == 0, done.stderr
    assert "19.0 of odoo-19.0.tar.gz" in done.stdout
    assert (provide.importable / "addons" / "web").is_dir()


def test_address(provide, archive, address):
    """When Debian's archive is out of reach, the address is used."""
    url = f"{address}/{archive.name}"
    done = provide(JXC_ODOO_URL=url)
    assert done.returncode == 0, done.stderr
    assert "19.0 of JXC_ODOO_URL" in done.stdout
    assert (provide.importable / "addons" / "web").is_dir()


def test_wrong_address(provide, address):
    """An address without an archive is told, with what else was tried."""
    done = provide(JXC_ODOO_URL=f"{address}/none.tar.gz")
    assert done.returncode == 1
    assert len(done.stderr.strip().split("\n")) == 1
    for words in ("the Debian package odoo-19 (", "none.tar.gz: HTTP Error 404"):
        assert words in done.stderr


def test_broken_archive(provide, archive):
    """A file that is cut off is refused, and nothing of it is used later."""
    archive.write_bytes(archive.read_bytes()[:50])
    done = provide(JXC_ODOO=str(archive))
    assert done.returncode == 1
    assert len(done.stderr.strip().split("\n")) == 1
    assert "Unpacking odoo-19.0.tar.gz" in done.stderr
    assert not provide.importable.exists()
