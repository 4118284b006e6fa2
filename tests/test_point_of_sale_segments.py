# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
"""Promotions for segments stay off the till, which asks nobody's segment."""

import pytest

from odoo.exceptions import UserError
from odoo.fields import Command


@pytest.fixture(scope="module")
def limited(database, odoo_env, postgres_server):
    """Id of a program for a segment that was there before the till."""
    from conftest import install_over

    with odoo_env(database) as env:
        segment = env["jxc.customer.segment"].create({"name": "Few", "domain": "[]"})
        program = env["loyalty.program"].create(_values(segment))
        found = program.id
    install_over(database, postgres_server, "pos_loyalty")
    return found


def _values(segment, **more):
    return {
        "name": "For few",
        "program_type": "promotion",
        "jxc_segment_ids": [Command.set(segment.ids)],
        **more,
    }


def test_what_was_there_before(database, odoo_env, limited):
    with odoo_env(database) as env:
        program = env["loyalty.program"].browse(limited)
        assert program.jxc_segment_ids
        assert not program.pos_ok


def test_new_ones_and_changes(database, odoo_env, limited):
    with odoo_env(database) as env:
        programs = env["loyalty.program"]
        segment = programs.browse(limited).jxc_segment_ids
        assert not programs.create(_values(segment)).pos_ok
        with pytest.raises(UserError, match="point of sale"), env.cr.savepoint():
            programs.create(_values(segment, pos_ok=True))
        free = programs.create({"name": "For all", "program_type": "promotion"})
        assert free.pos_ok
        free.jxc_segment_ids = segment
        assert not free.pos_ok
        with pytest.raises(UserError, match="point of sale"), env.cr.savepoint():
            free.pos_ok = True
