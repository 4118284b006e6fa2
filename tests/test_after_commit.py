# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
"""What goes out to customers goes out once, and only after the commit."""

import pytest

from clients import XmlRpc
from conftest import PASSWORD
from sinks import sms_sink, smtp_sink

ADDRESS = "after-commit@example.com"
NUMBER = "+8613800138000"


class Failure(Exception):
    """What goes wrong after something was sent."""


@pytest.fixture(scope="module")
def sinks(database, odoo_env):
    """The world outside: e-mails and SMS end up on this machine."""
    with smtp_sink() as mails, sms_sink() as texts:
        with odoo_env(database) as env:
            env["ir.mail_server"].search([]).active = False
            host, port = mails.server_address
            env["ir.mail_server"].create(
                {
                    "name": "Sink",
                    "smtp_host": host,
                    "smtp_port": port,
                    "smtp_encryption": "none",
                }
            )
            env["ir.config_parameter"].set_param(
                "sms.endpoint", "http://{}:{}".format(*texts.server_address)
            )
            env.company.write({"jxc_quiet_from": 0, "jxc_quiet_to": 0})
            env["jxc.sms.gateway"].search([]).active = False
            # nothing of the demo waits to be sent
            env["mail.mail"].search([("state", "=", "outgoing")]).state = "cancel"
            env["sms.sms"].search([("state", "=", "outgoing")]).state = "canceled"
        yield mails, texts


@pytest.fixture(scope="module")
def shop(sinks, database, odoo_env):
    """Id of a customer with an e-mail address and a phone."""
    with odoo_env(database) as env:
        return (
            env["res.partner"]
            .create(
                {
                    "name": "After Commit",
                    "email": ADDRESS,
                    "phone": NUMBER,
                    "country_id": env.ref("base.cn").id,
                }
            )
            .id
        )


def _segment(env, shop):
    segment = env["jxc.customer.segment"].create(
        {"name": "Chosen", "domain": repr([("id", "=", shop.id)])}
    )
    _compose(env, segment.action_mail()["context"])


def _sleeping(env, shop):
    _compose(env, env["jxc.sleeping.customer"]._jxc_mail_context(shop))


def _list(env, shop):
    _compose(
        env,
        {
            "default_model": "res.partner",
            "default_res_ids": repr(shop.ids),
            "default_composition_mode": "mass_mail",
        },
    )


def _client(env, shop):
    """Whoever calls may ask for it to be sent at once."""
    _compose(
        env,
        {
            "default_model": "res.partner",
            "default_res_ids": repr(shop.ids),
            "default_composition_mode": "mass_mail",
            "default_force_send": True,
        },
    )


def _mailing(env, shop):
    _make_mailing(env, shop).action_send_mail()


def _mailing_chosen(env, shop):
    _make_mailing(env, env["res.partner"]).action_send_mail(res_ids=shop.ids)


def _make_mailing(env, shop):
    return env["mailing.mailing"].create(
        {
            "subject": "Tea",
            "body_html": "<p>Tea</p>",
            "mailing_type": "mail",
            "mailing_model_id": env["ir.model"]._get_id("res.partner"),
            "mailing_domain": repr([("id", "in", shop.ids)]),
        }
    )


def _compose(env, context):
    composer = env["mail.compose.message"].with_context(**context)
    composer.create({"subject": "Tea", "body": "<p>Tea</p>"}).action_send_mail()


def _chatter(env, shop):
    shop._message_sms("Tea")


def _text_now(env, shop):
    composer = env["sms.composer"].create(
        {
            "composition_mode": "mass",
            "res_model": "res.partner",
            "res_ids": repr(shop.ids),
            "mass_force_send": True,
            "body": "Tea",
        }
    )
    composer._action_send_sms()


def _text_number(env, shop):
    composer = env["sms.composer"].create(
        {"composition_mode": "numbers", "numbers": NUMBER, "body": "Tea"}
    )
    composer._action_send_sms()


MAILINGS = (_mailing, _mailing_chosen)
MAILS = (_segment, _sleeping, _list, _client, *MAILINGS)
TEXTS = (_chatter, _text_now, _text_number)


@pytest.mark.parametrize("send", [*MAILS, *TEXTS])
def test_after_the_commit_and_once(database, odoo_env, sinks, shop, send):
    """Nothing is out when the transaction fails; with a commit it is, once."""
    mails, texts = sinks
    taken, awaited = (
        (mails.taken, [ADDRESS]) if send in MAILS else (texts.taken, [NUMBER])
    )
    taken.clear()

    def start(env):
        env["mailing.trace"].search([]).unlink()  # had enough by the one before
        send(env, env["res.partner"].browse(shop))

    with pytest.raises(Failure), odoo_env(database) as env:
        start(env)
        raise Failure
    _work(database, odoo_env)
    assert taken == []

    with odoo_env(database) as env:
        start(env)
        env.flush_all()
        assert taken == []
        woken = env["ir.cron.trigger"].search([]).cron_id
        queue = "mail_scheduler" if send in MAILS else "sms_scheduler"
        queue = "mass_mailing_queue" if send in MAILINGS else queue
        assert any(queue in name for name in woken.get_external_id().values())
    assert taken == []
    _work(database, odoo_env)
    _work(database, odoo_env)
    assert taken == awaited


def _work(database, odoo_env):
    """The scheduled actions, which this server does not start by itself."""
    for name in (
        "mass_mailing.ir_cron_mass_mailing_queue",
        "mail.ir_cron_mail_scheduler_action",
        "sms.ir_cron_sms_scheduler_action",
    ):
        with odoo_env(database) as env:
            env.ref(name).method_direct_trigger()


def test_mailing_of_a_program(serve, database, odoo_env, sinks, shop):
    """Over RPC it waits for the queue, too, with limits and opt-outs of that moment."""
    mails, _texts = sinks
    mails.taken.clear()
    with odoo_env(database) as env:
        env["mailing.trace"].search([]).unlink()
        env["res.users"].create(
            {
                "name": "Marketer",
                "login": "after-commit",
                "password": PASSWORD,
                "group_ids": [
                    (4, env.ref("mass_mailing.group_mass_mailing_user").id),
                    (4, env.ref("sales_team.group_sale_salesman_all_leads").id),
                ],
            }
        )
        shops = env["res.partner"].browse(shop)
        shops += shops.create({"name": "Opted Out", "email": "opted-out@example.com"})
        mailing = _make_mailing(env, shops).id
    with serve(database) as server:
        client = XmlRpc(server.url, server.database, "after-commit", PASSWORD)
        client.call("mailing.mailing", "action_send_mail", [mailing])
    assert mails.taken == []
    with odoo_env(database) as env:
        assert env["mailing.mailing"].browse(mailing).state == "in_queue"
        env["mail.blacklist"]._add("opted-out@example.com")
    _work(database, odoo_env)
    assert mails.taken == [ADDRESS]
