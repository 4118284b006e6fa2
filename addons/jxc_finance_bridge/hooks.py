# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from odoo.fields import Command

IMPLIED = (
    ("account.group_account_manager", "account.group_account_user"),
    ("jxc_base.group_executive", "account.group_account_readonly"),
)
OFFERED = ("account.group_account_readonly", "account.group_account_user")


def post_init_hook(env):
    """Entries that are there already get the summary of their kind (摘要)."""
    env["jxc.voucher.summary"]._fill_existing()


def uninstall_hook(env):
    """Give the platform's accounting groups and the library's menu back.

    The security file of this addon links groups that belong to other addons; such
    links stay when an addon is uninstalled.
    """
    for group_xmlid, implied_xmlid in IMPLIED:
        group = env.ref(group_xmlid, raise_if_not_found=False)
        implied = env.ref(implied_xmlid, raise_if_not_found=False)
        if group and implied:
            group.implied_ids = [Command.unlink(implied.id)]
    for xmlid in OFFERED:
        group = env.ref(xmlid, raise_if_not_found=False)
        if group:
            group.privilege_id = False
    menu = env.ref("account_financial_report.menu_oca_reports", False)
    if menu:
        menu.group_ids = env.ref("account.group_account_readonly")
    # Reports on screen would keep the templates of the statements from being removed.
    instances = env["mis.report.instance"].search(
        [("report_id.jxc_statement", "!=", False), ("temporary", "=", True)]
    )
    instances.unlink()
