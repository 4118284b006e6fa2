# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from contextlib import contextmanager
from typing import NamedTuple

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import ormcache
from odoo.tools.misc import formatLang

from ..tools.approval import OPEN, SKIP
from ..tools.importing import is_history

NOISE = 1e-6


class Widening(NamedTuple):
    """One value that went beyond what was approved."""

    record: models.BaseModel
    field: str
    old: object
    new: object
    text: str


class TierValidation(models.AbstractModel):
    """An approval holds for what the reviewers saw, and for less.

    Each approval keeps the values that the model calls widening. They are compared when
    the document passes its approval, and at every later write to it or (through
    ``jxc.approval.line.mixin``) to its lines.
    """

    _inherit = "tier.validation"

    # ------------------------------------------------------------
    # Hooks
    # ------------------------------------------------------------

    def _jxc_widening_fields(self):
        """Return which fields of the document widen it, and in which direction.

        ``{field: "increase" | "decrease" | "change"}``; for a one2many
        ``{field: {field of the line: direction}}``. A new line widens by its values
        against nothing; a deleted line does not widen. Extend it with ``super()``.
        """
        return {}

    def _jxc_on_widened(self, changes):
        """Take one document that widened back before its approval, or refuse.

        Called after the write, with superuser rights; return when the document is in a
        state before the approval again. Its reviews then start over.

        :param changes: list of :class:`Widening`
        :raise UserError: the model has no way back (the default)
        """
        raise UserError(
            self.env._(
                "%(document)s is approved, and this goes beyond it:\n%(changes)s\n"
                "Undo the change, or set the document back and restart its "
                "validation.",
                document=self.display_name,
                changes="\n".join(f"- {change.text}" for change in changes),
            )
        )

    # ------------------------------------------------------------
    # Values
    # ------------------------------------------------------------

    def _jxc_widening_values(self):
        """Return ``{path: value}`` of this document, ready to be kept as JSON.

        A path is ``field`` or ``lines/<id>/field``.
        """
        self.ensure_one()
        values = {}
        for name, rule in self._jxc_widening_fields().items():
            if not isinstance(rule, dict):
                values[name] = self._jxc_plain_value(name)
                continue
            for line in self[name]:
                for line_field in rule:
                    path = f"{name}/{line.id}/{line_field}"
                    values[path] = self._jxc_plain_value(line_field, line)
        return values

    def _jxc_plain_value(self, name, record=None):
        record = self if record is None else record
        value, field = record[name], record._fields[name]
        if field.relational:
            return sorted(value.ids)
        if field.type in ("date", "datetime"):
            return fields.Datetime.to_string(value) if value else False
        return value

    def _jxc_widened_since(self, baseline):
        """Return a list of :class:`Widening` of this document against ``baseline``."""
        if not baseline:
            return []
        rules = self._jxc_widening_fields()
        changes = []
        for path, new in self._jxc_widening_values().items():
            name, *line = path.split("/")
            rule, record = rules[name], self
            if not line and path not in baseline:
                continue  # Nobody watched it when this was approved.
            if line:
                record = self[name].browse(int(line[0]))
                name = line[1]
                rule = rule[name]
            old = baseline.get(path, False)
            if _is_wider(rule, old, new):
                text = self._jxc_widening_text(record, name, old, new)
                changes.append(Widening(record, name, old, new, text))
        return changes

    def _jxc_widening_text(self, record, name, old, new):
        field = record._fields[name]
        label = field._description_string(self.env)
        if record != self:
            label = f"{record.display_name}, {label}"
        return self.env._(
            "%(field)s: %(old)s → %(new)s",
            field=label,
            old=self._jxc_value_text(field, old),
            new=self._jxc_value_text(field, new),
        )

    def _jxc_value_text(self, field, value):
        if field.type in ("float", "monetary"):
            return formatLang(self.env, value or 0.0)
        if not value:
            return "–"
        if field.relational:
            records = self.env[field.comodel_name].browse(value).exists()
            return ", ".join(records.mapped("display_name"))
        if field.type == "selection":
            return dict(field._description_selection(self.env)).get(value, value)
        return str(value)

    # ------------------------------------------------------------
    # Watch
    # ------------------------------------------------------------

    @contextmanager
    def _jxc_watch_widening(self, vals=None, model=None):
        """Judge what happens inside to these documents.

        :param vals: what is going to be written; None watches in any case
        :param model: the model that ``vals`` belong to, if not the document's own
        :raise UserError: an approved document widened and cannot go back, or lines of
            one that is being decided did
        """
        baselines = {}
        decided_on = {}
        without_hand = {}
        judged = self and not is_history(self.env)
        if judged and (vals is None or self._jxc_may_widen(vals, model)):
            documents = self._jxc_engine()
            without_hand = {
                document: document._jxc_widening_values()
                for document in self._jxc_without_my_hand()._jxc_engine()
            }
            if vals is None or model is not None:
                decided_on = {
                    document: document._jxc_widening_values()
                    for document in documents
                    if document._jxc_is_being_decided()
                }
            for document in documents.filtered(lambda one: one._jxc_is_settled()):
                values = document._jxc_widening_values()
                approvals = document.review_ids.sorted("reviewed_date")
                for review in approvals:
                    values = review.jxc_approved_values or values
                baselines[document] = values
        yield
        for document, values in without_hand.items():
            if document.exists() and document._jxc_widened_since(values):
                document._jxc_add_my_hand()
        for document, baseline in baselines.items():
            changes = (
                document.exists()
                and document._jxc_is_settled()
                and document._jxc_widened_since(baseline)
            )
            if changes and document._jxc_needs_approval():
                document._jxc_start_over(changes)
        for document, values in decided_on.items():
            changes = document.exists() and document._jxc_widened_since(values)
            if changes:
                document._jxc_refuse_while_decided(changes)

    def _jxc_is_being_decided(self):
        """Tell whether reviewers decide on this document now, so lines are to stay.

        The engine guards the document itself; lines are written past it. Whoever may
        write the field of the lines now may write the lines.
        """
        if not any(review.status in OPEN for review in self.review_ids):
            return False
        if self.env.context.get("skip_validation_check") is SKIP:
            return False
        lines = {
            name
            for name, rule in self._jxc_widening_fields().items()
            if isinstance(rule, dict)
        }
        return not self._check_allow_write_under_validation(dict.fromkeys(lines))

    def _jxc_refuse_while_decided(self, changes):
        raise UserError(
            self.env._(
                "%(document)s is being decided, and this goes beyond what its reviewers"
                " see:\n%(changes)s\nRestart its validation to change it.",
                document=self.display_name,
                changes="\n".join(f"- {change.text}" for change in changes),
            )
        )

    def _jxc_may_widen(self, vals, model=None):
        """Tell whether writing these fields can change a widening one."""
        written = (self if model is None else model)._name
        return self._jxc_names_may_widen(frozenset(vals), written)

    # All that follows from fields follows from the registry.
    @api.model
    @ormcache("self._name", "names", "model_name")
    def _jxc_names_may_widen(self, names, model_name):
        watched = set()
        for name, rule in self._jxc_widening_fields().items():
            watched.add(self._fields[name])
            if isinstance(rule, dict):
                lines = self.env[self._fields[name].comodel_name]
                watched.update(lines._fields[line_field] for line_field in rule)
        if not watched:
            return False
        written = self.env[model_name]._fields
        return any(
            field in watched
            or not watched.isdisjoint(self.pool.get_dependent_fields(field))
            for field in (written[name] for name in names if name in written)
        )

    def _jxc_is_settled(self):
        """Tell whether this document is approved, or past the approval without one."""
        reviews = self.review_ids
        if reviews:
            done = self._validated_states()
            return all(review.status in done for review in reviews)
        return bool(self._jxc_past_approval())

    def _jxc_needs_approval(self):
        """Tell whether a tier applies to this document as it is now."""
        if self.review_ids:
            return True
        definitions = self._jxc_definitions()[self.id]
        return any(map(self.evaluate_tier, definitions))

    def _jxc_start_over(self, changes):
        """Take a widened document back and open its reviews again."""
        self._jxc_on_widened(changes)
        if self._jxc_past_approval():
            raise UserError(
                self.env._(
                    "%(document)s widened, but it is still past its approval.",
                    document=self.display_name,
                )
            )
        self._jxc_log_dropped_reviews()
        self.review_ids.unlink()
        self.invalidate_recordset(["review_ids"])
        self.request_validation()
        if hasattr(self, "message_post"):
            self.message_post(
                body=self.env._(
                    "Changed after its approval, so it needs approval again: "
                    "%(changes)s",
                    changes="; ".join(change.text for change in changes),
                ),
                subtype_xmlid="mail.mt_note",
            )


def _is_wider(direction, old, new):
    """Tell whether ``new`` goes beyond ``old``.

    >>> _is_wider("increase", 5, 8), _is_wider("increase", 8, 5)
    (True, False)
    >>> _is_wider("increase", False, 1), _is_wider("change", [3], [4])
    (True, True)
    >>> _is_wider("change", False, []), _is_wider("decrease", 10, 9)
    (False, True)
    """
    if direction == "change":
        return (old or False) != (new or False)
    difference = (new or 0) - (old or 0)
    return difference > NOISE if direction == "increase" else difference < -NOISE
