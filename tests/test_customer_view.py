# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
"""One form tells all of a customer, with all addons there: cards and timeline."""

from datetime import timedelta

import pytest

from odoo.fields import Command

GROUPS = (
    *("sales_team.group_sale_manager", "stock.group_stock_user"),
    *("account.group_account_invoice", "helpdesk_mgmt.group_helpdesk_manager"),
)
KINDS = {
    *("followup", "lead", "order", "delivery", "invoice", "payment", "ticket"),
    *("message", "sms", "pool", "class", "return"),
}
#: offered as well; nothing of the kind happened with this customer
WITHOUT_ENTRY = {"dunning", "meeting", "rating", "repair"}
LOGIN = "customer_view"
LATE = 20


@pytest.fixture(scope="module")
def customer(database, odoo_env):
    """Id of a customer with whom one thing of each kind has happened.

    1,000 delivered and invoiced, 300 of it paid, the rest overdue; 500 ordered.
    """
    from odoo.tests import new_test_user

    with odoo_env(database) as env:
        new_test_user(env, LOGIN, groups=",".join(GROUPS), lang="en_US")
        seller = new_test_user(env, "view_seller", groups=GROUPS[0], lang="en_US")
        tags = env["res.partner.category"].create([{"name": "Chain"}, {"name": "VIP"}])
        pricelist = env["product.pricelist"].create({"name": "Gold Prices"})
        tier = env["jxc.customer.tier"].create(
            {"name": "Gold", "pricelist_id": pricelist.id}
        )
        partner = env["res.partner"].create(
            {
                "name": "View Ltd",
                "is_company": True,
                "category_id": [Command.set(tags.ids)],
                "jxc_tier_id": tier.id,
                "customer_rank": 1,
            }
        )
        env["jxc.credit.account"].search([("partner_id", "=", partner.id)]).unlink()
        env["jxc.credit.account"].create(
            {"partner_id": partner.id, "credit_limit": 5000, "order_action": "none"}
        )
        classes = env["jxc.customer.class"]
        today = env["jxc.credit.account"]._jxc_today()
        classes._recompute(env.company, today)
        order = _trade(env, partner, seller)
        _talk(env, partner, seller)
        reason = env["jxc.sale.return.reason"].search([], limit=1)
        back = {"product_id": order.order_line.product_id.id, "product_uom_qty": 1}
        env["jxc.sale.return"].create(
            {
                "partner_id": partner.id,
                "reason_id": reason.id,
                "line_ids": [Command.create(back)],
            }
        )
        classes._recompute(env.company, today)
        return partner.id


def _trade(env, partner, seller):
    """Return the order that was delivered; another one waits."""
    product = env["product.product"].create(
        {
            "name": "View Tea",
            "type": "consu",
            "list_price": 100,
            "taxes_id": [Command.clear()],
            "invoice_policy": "delivery",
        }
    )
    first, second = env["sale.order"].create(
        [
            {
                "partner_id": partner.id,
                "user_id": seller.id,
                "order_line": [
                    Command.create(
                        {"product_id": product.id, "product_uom_qty": quantity}
                    )
                ],
            }
            for quantity in (10, 5)
        ]
    )
    first.action_confirm()
    first.picking_ids.move_ids.quantity = 10
    first.picking_ids.move_ids.picked = True
    first.picking_ids._action_done()
    invoice = first._create_invoices()
    day = env["jxc.credit.account"]._jxc_today() - timedelta(days=LATE)
    invoice.write(
        {
            "invoice_date": day,
            "invoice_date_due": day,
            "invoice_payment_term_id": False,
        }
    )
    invoice.action_post()
    env["account.payment.register"].with_context(
        active_model="account.move", active_ids=invoice.ids
    ).create({"amount": 300})._create_payments()
    second.action_confirm()
    return first


def _talk(env, partner, seller):
    """A follow-up, an opportunity, a ticket, a message, an SMS; who owns it changes."""
    partner._jxc_set_owner(seller, "assign")
    today = env["jxc.credit.account"]._jxc_today()
    env["jxc.followup"].create(
        {
            "partner_id": partner.id,
            "user_id": seller.id,
            "kind": "visit",
            "note": "Wants samples",
            "next_date": today + timedelta(days=2),
            "next_note": "Bring samples",
        }
    )
    env["crm.lead"].create(
        {"name": "Big deal", "partner_id": partner.id, "user_id": seller.id}
    )
    env["helpdesk.ticket"].create(
        {"name": "Broken", "description": "Box", "partner_id": partner.id}
    )
    partner.message_post(body="Hello", message_type="comment")
    gateway = env["jxc.sms.gateway"].create({"name": "Gateway", "provider": "odoo"})
    env["jxc.sms.message"].create(
        {
            "gateway_id": gateway.id,
            "number": "+8613800138000",
            "partner_id": partner.id,
            "body": "It is under way",
            "state": "sent",
        }
    )


def _lines(env, customer):
    """``{card: [(label, value, tone)]}`` as the user reads it."""
    partner = env["res.partner"].browse(customer).with_context(lang="en_US")
    return {
        card["name"]: [
            (line["label"], line["value"], line["tone"]) for line in card["lines"]
        ]
        for card in partner.jxc_get_overview()
    }


def test_cards_of_all_addons(database, odoo_env, customer):
    """Tier, limit, exposure and overdue stand beside what sales people entered."""
    from odoo.tools import format_amount, format_date

    with odoo_env(database, LOGIN) as env:
        lines = _lines(env, customer)
        currency = env.company.currency_id

        def amount(value):
            return format_amount(
                env(context={**env.context, "lang": "en_US"}), value, currency
            )

        today = format_date(env, env["jxc.credit.account"]._jxc_today(), "en_US")
        assert list(lines) == [
            *("class", "contact", "credit", "orders", "deliveries", "tickets")
        ]
        rows = {label: value for label, value, _tone in lines["class"]}
        assert rows == {
            "Life Cycle": "New",
            "Class": "A",
            "RFM": "522",
            "Tags": "Chain, VIP",
            "Tier": "Gold",
            "Revenue of 12 Months": amount(1500),
        }
        assert lines["credit"] == [
            ("Limit", amount(5000), ""),
            ("Exposure", amount(1200), ""),
            ("Available", amount(3800), ""),
            ("Overdue", amount(700), "danger"),
        ]
        rows = {label: value for label, value, _tone in lines["orders"]}
        last = rows.pop("Last Order")
        assert last.startswith("S")
        assert rows == {
            "Number": "1",
            "Amount": amount(500),
            "Its Price List": "Gold Prices",
            "Price List": "Gold Prices",
        }
        rows = {label: value for label, value, _tone in lines["contact"]}
        assert rows["Last Contact"] == today
        assert rows["Next Step"] == "Bring samples"
        assert lines["deliveries"][0] == ("Number", "1", "")
        assert "OUT" in lines["deliveries"][1][1]
        assert lines["tickets"][0] == ("Number", "1", "")
        assert "Broken" in lines["tickets"][1][1]


def test_a_limit_that_does_not_suffice(database, odoo_env, customer):
    """What is missing is red, and who has no limit is told so."""
    with odoo_env(database) as env:
        account = env["jxc.credit.account"].search([("partner_id", "=", customer)])
        reader = env(user=env["res.users"].search([("login", "=", LOGIN)]).id)
        account.credit_limit = 1000
        env.invalidate_all()
        assert _lines(reader, customer)["credit"][2][::2] == ("Available", "danger")
        account.unlimited = True
        env.invalidate_all()
        labels = [line[:2] for line in _lines(reader, customer)["credit"]]
        assert labels[0] == ("Limit", "No limit")
        assert [label for label, _value in labels] == ["Limit", "Exposure", "Overdue"]
        env.cr.rollback()


def test_timeline_of_all_kinds(database, odoo_env, customer):
    """Everything that happens with a customer is there, once, and can be chosen."""
    with odoo_env(database, LOGIN) as env:
        partner = env["res.partner"].browse(customer).with_context(lang="en_US")
        whole = partner.jxc_get_timeline(limit=100)
        assert {kind["name"] for kind in whole["kinds"]} == KINDS | WITHOUT_ENTRY
        assert {entry["kind"] for entry in whole["entries"]} == KINDS
        texts = {
            "followup": ("Visit", "Wants samples"),
            "lead": ("Big deal", ""),
            "delivery": ("OUT", ""),
            "invoice": ("Partially Paid", "1,000.00"),
            "payment": ("", "300.00"),
            "ticket": ("Broken", ""),
            "sms": ("+8613800138000", "It is under way"),
            "pool": ("Assigned", "view_seller"),
            "class": ("New", ""),
            "return": ("Draft", ""),
        }
        for kind in KINDS:
            entries = partner.jxc_get_timeline(limit=100, kinds=[kind])["entries"]
            assert {entry["kind"] for entry in entries} == {kind}
            title, text = texts.get(kind, ("", ""))
            assert any(
                title in entry["title"] and text in entry["text"] for entry in entries
            ), (kind, entries)
        messages = partner.jxc_get_timeline(limit=100, kinds=["message"])["entries"]
        assert "Hello" in {entry["text"] for entry in messages}
