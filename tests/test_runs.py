# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
"""How scripts/test shares the tests between processes."""

import os

from jxcdev import testing

PASSING = "def test_one():\n    pass\n\n\ndef test_two():\n    pass\n"
#: notes when what its tests share is set up and torn down: once
SHARED_FILE = """
from pathlib import Path
import pytest

PLACE = Path(__file__)


@pytest.fixture(scope="module")
def shared():
    PLACE.with_name(f"begun-{PLACE.stem}").touch(exist_ok=False)
    yield
    PLACE.with_name(f"ended-{PLACE.stem}").touch(exist_ok=False)


@pytest.mark.parametrize("number", range(3))
def test_it(shared, number):
    assert not PLACE.with_name(f"ended-{PLACE.stem}").exists()
"""


def test_every_file_runs_once_and_one_process_makes_the_year_of_trade(repo):
    files = testing._across_files(["tests"])
    expected = {
        str(file.relative_to(repo)) for file in (repo / "tests").rglob("test_*.py")
    }
    assert sorted(files) == sorted(expected)
    waiting = [testing._needs_trade(file) for file in files]
    # Nobody else needs it as long as others can go on.
    assert waiting[0]
    assert waiting[1:] == sorted(waiting[1:])
    assert "tests/test_browser_smoke.py" in files[-waiting[1:].count(True) :]


def test_what_was_asked_for_twice_runs_once():
    one = "tests/test_scripts.py::test_help"
    assert testing._across_files([one, "tests/test_runs.py", one]) == [
        one,
        "tests/test_runs.py",
    ]


def test_runs_share_files(repo, tmp_path, postgres_server):
    """Every test runs in one of two runs, each class and module as a whole."""
    for number in range(6):
        (tmp_path / f"test_{number}.py").write_text(SHARED_FILE)
    claims = tmp_path / "claims"
    claims.mkdir()
    arguments = ["-p", "no:odoo", "-p", testing.PLUGIN, "--rootdir", str(tmp_path)]
    arguments += ["-p", "no:cacheprovider", *sorted(map(str, tmp_path.glob("*.py")))]
    runs = [
        testing._Pytest(
            f"share-{os.getpid()}-{number}",
            arguments,
            postgres_server,
            aside=True,
            claims=claims,
        )
        for number in range(2)
    ]
    results = [run.result() for run in runs]
    assert [result["status"] for result in results] == [0, 0]
    assert sum(result["counts"]["passed"] for result in results) == 6 * 3
    assert len(list(tmp_path.glob("begun-*"))) == len(list(tmp_path.glob("ended-*")))
    assert len(list(tmp_path.glob("begun-*"))) == 6


def test_two_processes_count_what_both_did(repo, tmp_path, postgres_server):
    """The counts of the last line are those of all processes, failures included."""
    for name in "ab":
        (tmp_path / f"test_{name}.py").write_text(PASSING)
    (tmp_path / "test_c.py").write_text(
        "import os\n\n\ndef test_dies():\n    os._exit(3)\n"
    )
    arguments = ["-p", "no:odoo", "-p", testing.PLUGIN, "--rootdir", str(tmp_path)]
    run = testing._Pytest(
        f"two-{os.getpid()}",
        [*arguments, "-p", "no:cacheprovider", *testing.SHARED, str(tmp_path)],
        postgres_server,
        base="none",
        aside=True,
    )
    result = run.result()
    assert result["status"] == 1, "a process that dies is a failure"
    assert result["counts"]["passed"] == 4
    assert result["counts"]["failed"] == 1
