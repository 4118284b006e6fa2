# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from odoo.fields import Command

EXECUTIVE_MENUS = (
    "stock.menu_stock_root",
    "stock.menu_warehouse_report",
    "stock.in_picking",
    "stock.out_picking",
)


def uninstall_hook(env):
    """Give the platform's menus back the groups they had."""
    executive = env.ref("jxc_base.group_executive")
    for xmlid in EXECUTIVE_MENUS:
        env.ref(xmlid).group_ids = [Command.unlink(executive.id)]
    root = env.ref("stock.menu_stock_root")
    root.group_ids = [Command.unlink(env.ref("jxc_stock.group_stock_counter").id)]
    counts = env.ref("stock.menu_action_inventory_tree")
    counts.group_ids = [Command.unlink(env.ref("stock.group_stock_user").id)]
