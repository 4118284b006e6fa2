# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
"""Keeping fields that follow from documents out of the reach of clients.

A check of the values given to ``create`` is not enough: a client also sends
``default_<field>`` in the context, and every user may keep defaults of his own for any
field (``ir.default``). Both arrive through ``default_get``. What users keep also gets
into what the server makes for them with ``sudo()``, which drops the keys of the context
but works for the same user.
"""

from odoo.tools import clean_context

#: Key in the context under which users' own defaults do not count. A client that sends
#: it does without his own.
BY_SERVER = "jxc_made_by_server"


def by_server(records):
    """Return ``records`` on which nothing new has defaults of the client.

    For records of the platform that the server makes of its own accord, with whatever
    they make in turn. Models ``jxc.*`` need no asking: see ``_jxc_is_made_by_server``.
    Defaults that the administrator set for everybody count.

    :param records: recordset, most often empty
    :return: the same records, with another context
    """
    context = clean_context(records.env.context)
    return records.with_context({**context, BY_SERVER: True})


def own_defaults(model, defaults, names):
    """Return ``defaults`` in which some fields have no default but the model's own.

    For use in ``default_get``, which the ORM also asks when a record is created.

    :param model: empty recordset of the model
    :param dict defaults: what ``super().default_get`` returned
    :param names: names of the guarded fields; those the model lacks are ignored
    :return: dict; the given one is left as it is
    """
    guarded = defaults.keys() & set(names)
    result = {name: value for name, value in defaults.items() if name not in guarded}
    for name in guarded:
        field = model._fields[name]
        if field.default:
            value = field.convert_to_cache(field.default(model), model, validate=False)
            value = field.convert_to_record(value, model)
            result[name] = field.convert_to_write(value, model)
    return result
