# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from odoo.fields import Command


def post_init_hook(env):
    """Classify the customers that are there already, without waiting for the night.

    So do repurchase cycles and recommendations.
    """
    env["jxc.customer.class"]._recompute_all()
    env["jxc.repurchase.cycle"]._recompute_all()


def uninstall_hook(env):
    """Take back the menus and rights that we gave in other apps.

    Executives saw the CRM and the helpdesk app only for our menus, people of the
    helpdesk its reporting menu.
    """
    executives = "jxc_base.group_executive"
    for name, groups in (
        ("crm.crm_menu_root", [executives]),
        ("crm.crm_menu_report", [executives]),
        ("helpdesk_mgmt.helpdesk_ticket_main_menu", [executives]),
        (
            "helpdesk_mgmt.helpdesk_ticket_reporting_menu",
            [executives, "helpdesk_mgmt.group_helpdesk_user_own"],
        ),
    ):
        menu = env.ref(name, raise_if_not_found=False)
        for group in groups:
            group = env.ref(group, raise_if_not_found=False)
            if menu and group:
                menu.group_ids = [Command.unlink(group.id)]
