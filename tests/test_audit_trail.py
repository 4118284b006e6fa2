# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
"""The audit trail that the documentation recommends works over our documents."""

from conftest import install_over
from test_addon_lifecycle import complaints

AUDITED = ["jxc.credit.account", "jxc.purchase.budget", "res.partner"]


def test_changes_are_on_record(database, postgres_server, odoo_env, serve, rpc):
    """Who changed a limit over RPC, from what to what, is in the log of OCA's addon."""
    log = install_over(database, postgres_server, "auditlog")
    assert complaints(log) == []
    with odoo_env(database) as env:
        models = env["ir.model"].search([("model", "in", AUDITED)])
        assert len(models) == len(AUDITED)
        rules = env["auditlog.rule"].create(
            [
                {"name": model.name, "model_id": model.id, "log_type": "full"}
                for model in models
            ]
        )
        rules.set_to_confirmed()
        account = env["jxc.credit.account"].create(
            {
                "partner_id": env["res.partner"].create({"name": "Audited"}).id,
                "company_id": env.company.id,
                "credit_limit": 1000,
            }
        )
        account_id = account.id
    with serve(database) as server:
        client = rpc(server, "admin")
        client.call("jxc.credit.account", "write", [account_id], {"credit_limit": 2500})
    with odoo_env(database) as env:
        entry = env["auditlog.log"].search(
            [
                ("model_id.model", "=", "jxc.credit.account"),
                ("res_id", "=", account_id),
                ("method", "=", "write"),
            ]
        )
        assert entry.user_id.login == "admin"
        [line] = entry.line_ids.filtered(
            lambda one: one.field_id.name == "credit_limit"
        )
        assert (line.old_value_text, line.new_value_text) == ("1000.0", "2500.0")
