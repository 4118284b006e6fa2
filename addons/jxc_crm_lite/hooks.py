# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from odoo.fields import Command


def uninstall_hook(env):
    """Take the executives out of the CRM app, where only our menus were theirs."""
    group = env.ref("jxc_base.group_executive", raise_if_not_found=False)
    for name in ("crm.crm_menu_root", "crm.crm_menu_report"):
        menu = env.ref(name, raise_if_not_found=False)
        if menu and group:
            menu.group_ids = [Command.unlink(group.id)]
