# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from odoo.fields import Command


def uninstall_hook(env):
    """Take back the platform menus that were opened to the executive role."""
    executive = env.ref("jxc_base.group_executive", raise_if_not_found=False)
    menus = env.ref("stock.menu_stock_root") + env.ref("stock.menu_warehouse_report")
    if executive:
        menus.write({"group_ids": [Command.unlink(executive.id)]})
