# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
"""Jobs of the night run twice at once, are killed, or meet people at work."""

import functools
from datetime import timedelta

import pytest

from odoo import fields
from odoo.service.model import retrying

from races import at_once

WORKERS = 2
JOBS = {
    "escalation": ("jxc.followup", "_cron_escalate"),
    "service levels": ("helpdesk.ticket", "_cron_jxc_watch_service_levels"),
    "repurchase": ("jxc.repurchase.cycle", "_cron_recompute"),
    "pool": ("jxc.pool.run", "_cron_run"),
    "visits": ("jxc.visit.plan", "_cron_carry_over"),
}
#: told by others before: of the next step, and the visit that was missed
BEFORE = {**dict.fromkeys(JOBS, 0), "repurchase": 1, "visits": 1}


@pytest.fixture(scope="module")
def world(database, odoo_env):
    """One of everything that is due tonight; ids by name."""
    with odoo_env(database) as env:
        now = fields.Datetime.now()
        env.company.write({"jxc_pool_active": True, "jxc_followup_escalate_days": 1})
        seller, leader = env["res.users"].create(
            [
                {
                    "name": name,
                    "login": f"night-{name}",
                    "group_ids": [(4, env.ref("sales_team.group_sale_salesman").id)],
                }
                for name in ("seller", "leader")
            ]
        )
        env["crm.team"].create(
            {
                "name": "Night",
                "user_id": leader.id,
                "crm_team_member_ids": [(0, 0, {"user_id": seller.id})],
            }
        )
        shop = env["res.partner"].create(
            {"name": "Night Shop", "user_id": seller.id, "customer_rank": 1}
        )
        step = env["jxc.followup"].create(
            {
                "partner_id": shop.id,
                "user_id": seller.id,
                "date": now - timedelta(days=20),
                "next_date": now - timedelta(days=10),
            }
        )
        rule = {"name": "All", "days": 90, "warn_days": 7, "company_id": env.company.id}
        env["jxc.pool.rule"].create(rule)
        idle = env["res.partner"].create(
            {"name": "Idle Shop", "user_id": seller.id, "customer_rank": 1}
        )
        idle.jxc_owner_since = now - timedelta(days=400)
        team = env["helpdesk.ticket.team"].create(
            {"name": "Night", "user_id": leader.id, "company_id": env.company.id}
        )
        env["jxc.ticket.sla"].create(
            {
                "name": "Fast",
                "response_hours": 1,
                "solve_hours": 900,
                "company_id": env.company.id,
            }
        )
        ticket = env["helpdesk.ticket"].create(
            {
                "name": "Night ticket",
                "description": "x",
                "team_id": team.id,
                "partner_id": shop.id,
            }
        )
        ticket.jxc_opened_at = now - timedelta(days=30)
        product = env["product.product"].create(
            {"name": "Night tea", "type": "service", "taxes_id": False}
        )
        for days in (100, 70, 40):
            order = env["sale.order"].create(
                {
                    "partner_id": shop.id,
                    "order_line": [
                        (0, 0, {"product_id": product.id, "product_uom_qty": 2})
                    ],
                }
            )
            order.action_confirm()
            order.date_order = now - timedelta(days=days)
        plan = env["jxc.visit.plan"].create(
            {
                "user_id": seller.id,
                "date": now - timedelta(days=3),
                "line_ids": [(0, 0, {"partner_id": shop.id})],
            }
        )
        return {
            "shop": shop.id,
            "idle": idle.id,
            "step": step.id,
            "ticket": ticket.id,
            "plan": plan.id,
            "seller": seller.id,
            "leader": leader.id,
        }


def _run(odoo_env, database, job, _number):
    """One worker: the job in a transaction of its own."""
    model, method = JOBS[job]
    with odoo_env(database) as env:
        retrying(getattr(env[model], method), env)


def _told(env, world):
    """Return how often each was told of what."""
    activities = env["mail.activity"].with_context(active_test=False)

    def count(user, model, record):
        return activities.search_count(
            [
                ("user_id", "=", world[user]),
                ("res_model", "=", model),
                ("res_id", "=", world[record]),
            ]
        )

    lines = env["jxc.visit.plan.line"].search([("user_id", "=", world["seller"])])
    return {
        "escalation": count("leader", "res.partner", "shop"),
        "service levels": count("leader", "helpdesk.ticket", "ticket"),
        "repurchase": count("seller", "res.partner", "shop"),
        "pool": count("seller", "res.partner", "idle"),
        "visits": len(lines),
    }


@pytest.mark.parametrize("job", JOBS)
def test_told_once(database, odoo_env, world, job):
    """A killed run leaves nothing behind; of two at once one tells; later ones do not.

    The pool's, the customers' and the visits' runs also commit on their way.
    """
    model, method = JOBS[job]
    with pytest.raises(KeyboardInterrupt), odoo_env(database) as env:
        env.cr.commit = _die
        getattr(env[model], method)()
        _die()
    with odoo_env(database) as env:
        assert _told(env, world)[job] == BEFORE[job]
    run = functools.partial(_run, odoo_env, database, job)
    at_once(WORKERS, run)
    with odoo_env(database) as env:
        assert _told(env, world)[job] == BEFORE[job] + 1
    run(0)
    with odoo_env(database) as env:
        assert _told(env, world)[job] == BEFORE[job] + 1


def _die():
    raise KeyboardInterrupt
