# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
"""Many people score one vendor at once, and several validate the evaluation."""

from datetime import date, timedelta

import pytest

from clients import Refused
from races import at_once

RATERS = 8
VALIDATORS = 4


@pytest.fixture(scope="module")
def world(database, odoo_env):
    """A computed draft with a criterion that people score, raters and validators."""
    with odoo_env(database) as env:
        people = {
            "rater": (RATERS, "jxc_purchase.group_vendor_rater"),
            "validator": (VALIDATORS, "jxc_purchase.group_vendor_validator"),
        }
        logins = {}
        for role, (count, group) in people.items():
            users = env["res.users"].create(
                [
                    {
                        "name": f"Race {role} {number}",
                        "login": f"race_{role}_{number}",
                        "group_ids": [
                            (
                                6,
                                0,
                                (env.ref(group) | env.ref("base.group_user")).ids,
                            )
                        ],
                    }
                    for number in range(count)
                ]
            )
            logins[role] = users.mapped("login")
        vendor = env["res.partner"].create({"name": "Scored by Many"})
        evaluation = env["jxc.vendor.evaluation"].create(
            {
                "partner_id": vendor.id,
                "date_from": date.today() - timedelta(days=60),
                # Over, wherever in the world the test runs.
                "date_to": date.today() - timedelta(days=2),
            }
        )
        evaluation.action_compute()
        manual = evaluation.line_ids.filtered(lambda line: line.kind == "manual")
        return {"id": evaluation.id, "line": manual[0].id, "logins": logins}


@pytest.fixture(scope="module")
def clients(serve, json2, database, world):
    """Clients of everybody, by role."""
    with serve(database, workers=4) as server:
        yield {
            role: [json2(server, login) for login in logins]
            for role, logins in world["logins"].items()
        }


def test_every_score_counts(clients, database, odoo_env, world):
    """Nobody's points are lost, and the average is the one of all."""
    points = [10 * (number + 1) for number in range(RATERS)]
    at_once(
        RATERS,
        lambda number: clients["rater"][number].call(
            "jxc.vendor.evaluation.line",
            "write",
            ids=[world["line"]],
            vals={"my_score": points[number]},
        ),
    )
    with odoo_env(database) as env:
        line = env["jxc.vendor.evaluation.line"].browse(world["line"])
        assert sorted(line.rating_ids.mapped("score")) == points
        assert line.sample_count == RATERS
        assert line.score == sum(points) / RATERS
        assert line.evaluation_id.score == pytest.approx(line.score)


def test_one_of_many_validates(clients, database, odoo_env, world):
    """One validates; the others, and who still scores, are told that it is final."""

    def decide(number):
        try:
            if number < VALIDATORS:
                clients["validator"][number].call(
                    "jxc.vendor.evaluation", "action_validate", ids=[world["id"]]
                )
            else:
                clients["rater"][number].call(
                    "jxc.vendor.evaluation.line",
                    "write",
                    ids=[world["line"]],
                    vals={"my_score": 1},
                )
        except Refused as refusal:
            return refusal.message
        return ""

    answers = at_once(RATERS, decide)
    assert answers[:VALIDATORS].count("") == 1
    assert all("Scored by Many" in text for text in answers if text), answers
    with odoo_env(database) as env:
        one = env["jxc.vendor.evaluation"].browse(world["id"])
        assert one.state == "validated"
        assert one.validated_by_id.login.startswith("race_validator")
        line = env["jxc.vendor.evaluation.line"].browse(world["line"])
        scores = line.rating_ids.mapped("score")
        late = answers[VALIDATORS:].count("")
        assert scores.count(1) == late, "who was not refused is counted"
        assert line.score == pytest.approx(sum(scores) / len(scores), abs=0.01)
        assert one.score == pytest.approx(line.score, abs=0.01)
