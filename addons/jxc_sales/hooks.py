# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from odoo.fields import Command, Domain
from odoo.tools import SQL, sql

from .reports.jxc_sale_analysis_statistics import drop_statistics

#: Exposure of an order by part, in company currency, see sale.order.
PARTS = ("draft", "delivered", "ordered", "returned", "shipped")
BATCH = 1_000


def pre_init_hook(env):
    """Add the credit columns by SQL: closed orders need no computing one by one."""
    for part in PARTS:
        column = f"jxc_credit_{part}"
        if not sql.column_exists(env.cr, "sale_order", column):
            sql.create_column(env.cr, "sale_order", column, "numeric")
    if not sql.column_exists(env.cr, "sale_order", "jxc_credit_partner_id"):
        sql.create_column(env.cr, "sale_order", "jxc_credit_partner_id", "int4")
    if not sql.column_exists(env.cr, "sale_order", "jxc_sale_mode"):
        sql.create_column(env.cr, "sale_order", "jxc_sale_mode", "varchar")
    env.cr.execute(SQL("UPDATE sale_order SET jxc_sale_mode = 'simple'"))
    env.cr.execute(
        SQL(
            """
            UPDATE sale_order
               SET jxc_credit_partner_id = partner.commercial_partner_id,
                   jxc_credit_draft = 0,
                   jxc_credit_delivered = 0,
                   jxc_credit_ordered = 0,
                   jxc_credit_returned = 0,
                   jxc_credit_shipped = 0
              FROM res_partner partner
             WHERE partner.id = sale_order.partner_invoice_id
            """
        )
    )


def post_init_hook(env):
    """Compute what confirmed orders still owe, and cancelled ones for deliveries."""
    delivered = Domain("order_line.qty_delivered", ">", 0)
    orders = env["sale.order"].search(
        Domain("state", "=", "sale") | (Domain("state", "=", "cancel") & delivered),
        order="id",
    )
    for start in range(0, len(orders), BATCH):
        batch = orders[start : start + BATCH]
        batch._compute_jxc_credit()
        batch.flush_recordset()
        batch.env.invalidate_all()


def uninstall_hook(env):
    """Leave the platform's menu of sales reports to who had it before.

    And its tables without statistics that nobody uses any more.
    """
    drop_statistics(env)
    salespeople = env.ref("sales_team.group_sale_salesman")
    menu = env.ref("sale.menu_sale_report", raise_if_not_found=False)
    if menu:
        menu.group_ids = [Command.unlink(salespeople.id)]
