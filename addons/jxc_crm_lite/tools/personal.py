# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
"""Where data of persons is kept besides the contact itself, and what the law keeps.

A test goes through all models that name a contact and wants each of their texts in one
of these tables, so that a new field is decided on and not forgotten.
"""

#: what stands in texts that must not be empty
ERASED = "Erased"

#: {model: {field: what it becomes}} of records about a person, whatever their state
TEXTS = {
    "crm.lead": dict.fromkeys(
        (
            *("contact_name", "partner_name", "email_from", "email_cc", "phone"),
            *("website", "function", "street", "street2", "zip", "city"),
            *("description", "referred", "jxc_pool_protect_reason"),
        ),
        False,
    ),
    "helpdesk.ticket": {
        **dict.fromkeys(
            (
                *("partner_name", "partner_email", "email_cc", "access_token"),
                *("jxc_phone", "jxc_claimed_product", "jxc_claimed_lot"),
                *("jxc_claimed_order", "jxc_source"),
            ),
            False,
        ),
        "description": ERASED,
    },
    "jxc.followup": {
        **dict.fromkeys(("note", "next_note", "phone"), False),
        **{"is_next_done": True, "is_located": False, "latitude": 0, "longitude": 0},
    },
    "jxc.visit.plan.line": {"note": False},
    # from the description of a ticket
    "repair.order": {"internal_notes": False},
    "jxc.pool.log": {"reason": False},
    "jxc.partner.merge.log": dict.fromkeys(
        ("kept", "merged", "details", "reason"), False
    ),
    "jxc.privacy.log": {"subject": False},
    "sale.order": {"access_token": False},
    "purchase.order": {"access_token": False},
    "account.move": {"access_token": False},
    "payment.transaction": dict.fromkeys(
        (
            *("partner_name", "partner_email", "partner_address", "partner_zip"),
            *("partner_city", "partner_phone"),
        ),
        False,
    ),
    "payment.token": {"payment_details": False, "active": False},
    "rating.rating": {
        **dict.fromkeys(("feedback", "publisher_comment", "access_token"), False),
        **{"res_name": ERASED, "parent_res_name": False},
    },
    # of other addons of ours, where they are installed
    "jxc.sale.return": {"note": False},
    "jxc.credit.account": {"note": False},
    "jxc.credit.release": {"reason": ERASED},
    "jxc.credit.unordered": {"excuse": False},
    "jxc.finance.mapping": {"external_name": False},
    "jxc.vendor.certificate": {
        **dict.fromkeys(("issuer", "file", "file_name"), False),
        "number": ERASED,
    },
    "jxc.vendor.evaluation": {"note": False},
    "jxc.vendor.evaluation.line": {"comment": False},
    "jxc.vendor.exemption": {"reason": ERASED},
    "jxc.vendor.qualification": dict.fromkeys(("note", "suspension_reason"), False),
    "jxc.dunning.reminder": dict.fromkeys(("sms_text", "problem"), False),
    "jxc.statement": {"access_token": False},
}

#: {model: field} of those that name the person in another field than partner_id
LINKS = {"jxc.credit.release": "customer_id"}

#: {model: (domain of those without an effect on accounts, {field: what it becomes})}
WITHOUT_EFFECT = {
    "sale.order": (
        [("state", "!=", "sale")],
        {"signature": False, "signed_by": False, "note": False, "origin": False},
    ),
    "stock.picking": (
        [("state", "!=", "done")],
        {"signature": False, "note": False, "origin": False},
    ),
    "purchase.order": ([("state", "!=", "purchase")], {"note": False}),
    "jxc.sale.return": ([("state", "=", "cancelled")], {}),
}

#: accounts and what they rest on: kept by law, with their prints
ACCOUNTS = (
    "account.analytic.account",
    "account.analytic.distribution.model",
    "account.analytic.line",
    "account.bank.statement.line",
    "account.move",
    "account.move.line",
    "account.payment",
    "account.reconcile.model",
    "account.reconcile.model.line",
)

#: {model: fields that are handed out} of records that are nothing but about the person
DELETED = {
    "jxc.partner.duplicate": ("partner_id", "other_id", "create_date"),
    "jxc.sms.message": ("direction", "number", "body", "state", "create_date"),
    "sms.sms": ("number", "body", "state", "create_date"),
    "snailmail.letter": ("street", "zip", "city", "state", "create_date"),
    "mail.followers": ("res_model", "res_id"),
    "mail.push.device": ("endpoint", "create_date"),
}

#: {model: (field, which addresses of the person it has, fields that are handed out)}
CHANNELS = {
    "mail.notification": (
        *("res_partner_id", "ids"),
        ("notification_type", "notification_status", "read_date", "sms_number"),
    ),
    "mailing.contact": (
        *("email_normalized", "emails"),
        ("name", "email", "company_name", "create_date"),
    ),
    "phone.blacklist": ("number", "numbers", ("number", "active", "create_date")),
    "mail.blacklist": ("email", "emails", ("email", "active", "create_date")),
}

#: keys of doors: erased, and never handed out
KEYS = {"access_token"}

#: {model: {field: why it may stay}}; "*" for all of a model
LAW = "goods and money moved by it: kept as the source of a voucher"
OURS = "a number or a name of ours, of goods, or of a code"
ADDRESS = "of a company of ours"
KEPT = {
    **dict.fromkeys(ACCOUNTS, {"*": "accounting archives"}),
    "crm.lead": {"name": "replaced by a number", "email_domain_criterion": OURS}
    | {
        "reveal_id": OURS,
        "phone_sanitized": "computed",
        "email_normalized": "computed",
    },
    "helpdesk.ticket": {"name": "replaced by a number", "number": OURS},
    "calendar.attendee": {"*": "taken off their meetings"},
    "discuss.channel.member": {"custom_channel_name": "of a user"},
    "jxc.budget.entry": {"*": OURS},
    "jxc.customer.class": {"rfm_score": OURS},
    "jxc.customer.class.log": {"old_rfm_score": OURS, "new_rfm_score": OURS},
    "jxc.finance.mapping": {"word": OURS, "external_code": OURS},
    "jxc.invoice.match": {"*": LAW},
    "jxc.partner.duplicate": {"*": "deleted"},
    "jxc.privacy.log": {"reason": "why it was handed out or erased"}
    | {"details": "counts and names of fields", "checksum": OURS},
    "jxc.purchase.award": {"*": LAW},
    "jxc.purchase.request.line": {"name": OURS, "photo": "of goods"},
    "jxc.purchase.urgent": {"*": LAW},
    "jxc.receipt.inspection": {"*": LAW},
    "jxc.receipt.inspection.line": {"*": LAW},
    "jxc.sale.channel": {"*": "a shop of ours"},
    "jxc.sale.return": {"name": OURS},
    "jxc.settlement": {"name": OURS, "write_off_reason": "accounting archives"},
    "jxc.sms.message": {"*": "deleted"},
    "jxc.statement": {"*": "accounting archives: who confirmed what was owed"},
    "jxc.stock.accrual": {"document": OURS},
    "jxc.stock.count.entry": {"*": "of goods"},
    "jxc.stock.count.line": {"*": "of goods"},
    "jxc.stock.freeze": {"*": "of goods"},
    "jxc.stock.shipped": {"document": OURS},
    "jxc.vendor.evaluation": {"period": OURS, "grade_limits": OURS},
    "jxc.visit.plan": {"note": "of a day of ours; the contact is where it starts"},
    "loyalty.card": {"code": OURS},
    "mail.followers": {"*": "deleted"},
    "mail.message": {"*": "by the documents they are on"},
    "mail.message.reaction": {"content": "a sign"},
    "mail.notification": {"*": "deleted"},
    "mail.push.device": {"*": "deleted"},
    "mail.scheduled.message": {"*": "deleted"},
    "payment.token": {"provider_ref": OURS},
    "payment.transaction": {"reference": OURS, "provider_reference": LAW}
    | {"state_message": LAW, "landing_route": OURS},
    "product.supplierinfo": {"product_name": OURS, "product_code": OURS},
    "purchase.order": {"*": LAW},
    "purchase.order.line": {"*": LAW},
    "purchase.requisition": {"*": LAW},
    "rating.rating": {"res_model": OURS, "parent_res_model": OURS},
    "repair.order": {"name": OURS},
    "res.company": {"*": ADDRESS},
    "res.partner": {"*": "by its own fields"},
    "res.partner.bank": {"*": "by its own fields"},
    "res.users": {"*": "by its own fields"},
    "sale.order": {"*": LAW},
    "sale.order.line": {"*": LAW},
    "sms.sms": {"*": "deleted"},
    "snailmail.letter": {"*": "deleted"},
    "stock.move": {"*": LAW},
    "stock.move.line": {"*": LAW},
    "stock.picking": {"*": LAW},
    "stock.rule": {"*": OURS},
    "stock.scrap": {"*": LAW},
    "stock.warehouse": {"*": ADDRESS},
}


def is_about(words, *texts):
    """Whether any of the words is in any of the texts.

    >>> is_about({"Li Si"}, None, "Dear Li Si"), is_about(set(), "Dear")
    (True, False)
    """
    return any(word in text for text in texts if text for word in words)
