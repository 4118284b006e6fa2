# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
"""A person who is erased is unknown to every table of every addon of ours."""

import base64

import pytest

WORD = "Zhou QX7"
PAPERS = {
    *("res_partner", "mail_message", "jxc_credit_account", "jxc_credit_release"),
    *("jxc_finance_mapping", "jxc_vendor_certificate", "jxc_vendor_evaluation"),
    *("jxc_vendor_exemption", "jxc_vendor_qualification"),
}


@pytest.fixture
def partner(database, odoo_env):
    """Id of a person whom papers of all addons name, none of them open."""
    with odoo_env(database) as env:
        person = env["res.partner"].create({"name": WORD, "phone": "+86 138 7777 6666"})
        link = {"partner_id": person.id}
        company = {"company_id": env.company.id}
        days = {"date_from": "2026-01-01", "date_to": "2026-01-31"}
        order = env["sale.order"].create(link)
        env["jxc.credit.release"].create(
            {"order_id": order.id, "reason": WORD, "customer_id": person.id}
        ).message_post(body=f"{WORD} pays on Friday", message_type="comment")
        order._action_cancel()
        account = env["jxc.credit.account"].search([*_domain(link), *_domain(company)])
        account = account or account.create({**link, **company})
        account.note = WORD
        account.message_post(body=WORD, message_type="comment")
        target = env["jxc.finance.target"].create(
            {"name": "Books", "code": "qx", "adapter": _adapter(env), **company}
        )
        env["jxc.finance.mapping"].create(
            {
                "target_id": target.id,
                "kind": "partner",
                "external_code": "C-1",
                "external_name": WORD,
                **link,
            }
        )
        kind = env["jxc.vendor.certificate.type"].create({"name": "Licence"})
        env["jxc.vendor.certificate"].create(
            {
                "type_id": kind.id,
                "number": WORD,
                "issuer": WORD,
                "file": base64.b64encode(WORD.encode()),
                "file_name": f"{WORD}.txt",
                **link,
            }
        ).message_post(body=WORD, message_type="comment")
        env["jxc.vendor.qualification"].create({"note": WORD, **link, **company})
        env["jxc.vendor.exemption"].create({"reason": WORD, **link, **company, **days})
        env["jxc.vendor.evaluation"].create({"note": WORD, **link, **company, **days})
        env["jxc.statement"].create({**link, **company, **days})
        return person.id


def _domain(values):
    return [(name, "=", value) for name, value in values.items()]


def _adapter(env):
    return env["jxc.finance.target"]._fields["adapter"].get_values(env)[0]


def test_no_table_knows_the_person(database, odoo_env, partner):
    with odoo_env(database) as env:
        assert PAPERS <= _tables(env).keys(), "all name the person before"
        person = env["res.partner"].browse(partner)
        request = env["jxc.privacy.request"].create(
            {"partner_id": partner, "reason": "Letter"}
        )
        request.action_erase()
        assert not person.active
    with odoo_env(database) as env:
        assert _tables(env) == {}
        files = env["ir.attachment"].search([("id", "!=", 0), ("create_uid", "=", 1)])
        named = files.filtered(lambda file: WORD.encode() in (file.raw or b""))
        assert not named


def _tables(env):
    """Return {table: rows} that name the person."""
    env.flush_all()
    env.cr.execute(
        "SELECT table_name FROM information_schema.tables WHERE table_schema = 'public'"
        " AND table_type = 'BASE TABLE' AND table_name <> 'bus_bus'"
    )
    found = {}
    for (table,) in env.cr.fetchall():
        env.cr.execute(
            f'SELECT left(t::text, 300) FROM "{table}" t WHERE t::text ~ %s',
            ["QX7|13877776666|138 7777 6666"],
        )
        if rows := env.cr.fetchall():
            found[table] = rows
    return found
