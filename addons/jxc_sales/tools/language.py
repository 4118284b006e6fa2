# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
"""The language of what is kept, and of what is answered."""


def in_company_lang(record):
    """Return one record with texts in the language of its company.

    What goes into a chatter or a field is read by everybody there, not only by whoever
    was at work.

    :param record: of a model with ``company_id``; without one, the current company's
    """
    company = record.company_id or record.env.company
    return record.with_context(lang=company._jxc_lang())


def in_caller_lang(records):
    """Return records with texts in the language of who calls.

    A program that calls over RPC names no language; its user has one.
    """
    lang = records.env.context.get("lang") or records.env.user.lang
    return records.with_context(lang=lang)
