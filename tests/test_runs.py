# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
"""How scripts/test shares the tests between processes."""

import os

from jxcdev import testing

PASSING = "def test_one():\n    pass\n\n\ndef test_two():\n    pass\n"


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


def test_addon_files_run_once_in_two_even_shares(repo):
    one, two = testing._shares(testing._addon_tests())
    expected = [
        str(file.relative_to(repo))
        for file in (repo / "addons").glob("*/tests/**/test_*.py")
    ]
    assert sorted(one + two) == sorted(expected)
    sizes = [sum(map(testing._size, share)) for share in (one, two)]
    assert max(sizes) < 1.1 * min(sizes)


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
