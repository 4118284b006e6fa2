# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
"""Who asks for approval and who decides, in browser tests."""


def create_boss_and_buyer(env, prefix):
    """Create two users who work in Chinese; return them.

    :param prefix: of their logins, which end in ``_boss`` and ``_buyer``
    """
    return env["res.users"].create(
        [
            {
                "name": name,
                "login": f"{prefix}_{role}",
                "lang": "zh_CN",
                # no greeting of the platform's robot, which would cover a phone
                "odoobot_state": "disabled",
                "group_ids": [(6, 0, [env.ref(group).id])],
            }
            for name, role, group in (
                ("王经理", "boss", "jxc_base.group_executive"),
                ("小李", "buyer", "purchase.group_purchase_user"),
            )
        ]
    )


def have_decided_by(boss, preset, threshold=100):
    """Activate a preset of approval from this amount on, with one person to decide."""
    tier = boss.env.ref(f"jxc_purchase.tier_preset_{preset}")
    tier.write(
        {
            "jxc_threshold": threshold,
            "review_type": "individual",
            "reviewer_id": boss.id,
            "reviewer_group_id": False,
        }
    )
    tier.action_jxc_activate()
