# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from collections import defaultdict

from odoo import api, models
from odoo.exceptions import AccessError, ValidationError
from odoo.tools import SQL

from ..tools.approval import SKIP, trusted_context
from ..tools.importing import is_history

ENGINE_FIELDS = ("review_ids", "validation_status")


class TierValidation(models.AbstractModel):
    """Make tiers hold for every user and every channel.

    The engine's steps run with superuser rights and a clean context, after the user has
    been judged here. Whether a document may pass its approval is judged on its reviews,
    after the write, whoever writes and however: see :meth:`_jxc_check_approved`.
    """

    _inherit = "tier.validation"

    def _jxc_engine(self):
        """Return ``self`` as the engine works on it.

        Same user, superuser rights, nothing in the context that the client could have
        put there to steer the engine.
        """
        engine = self.sudo()
        context = trusted_context(engine.env.context)
        if len(context) == len(engine.env.context):
            return engine
        # Replaced, not extended: keys have to go.
        return engine.with_context(context)  # pylint: disable=context-overridden

    # ------------------------------------------------------------
    # Hooks
    # ------------------------------------------------------------

    def _jxc_states_before_approval(self):
        """Return the values of the state field that need no approval.

        Every other state counts as past the approval. Extend it on models with more
        harmless states than ``_state_from`` and ``_cancel_state`` name.
        """
        return {*self._state_from, self._cancel_state, False, None}

    def _jxc_transition_fields(self):
        """Return the fields that may change in the write that passes the approval.

        Dates and fields that are read-only in the model may change anyway.
        """
        return {self._state_field}

    # ------------------------------------------------------------
    # Passing the approval
    # ------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        vals_list = [self._jxc_without_engine_fields(vals) for vals in vals_list]
        documents = super().create(vals_list)
        documents._jxc_past_approval()._jxc_check_approved()
        return documents

    def write(self, vals):
        vals = self._jxc_without_engine_fields(vals)
        before = self.browse()
        if self._state_field in vals:
            before = self - self._jxc_past_approval()
        with self._jxc_watch_widening(vals):
            result = super().write(vals)
        if before:
            before._jxc_past_approval()._jxc_check_approved()
        return result

    def _write_multi(self, vals_list):
        """Judge states that are computed: they reach the table without ``write``."""
        entering = self._jxc_entering_by_compute(vals_list)
        result = super()._write_multi(vals_list)
        entering._jxc_check_approved()
        return result

    def _jxc_entering_by_compute(self, vals_list):
        name = self._state_field
        state = self._fields.get(name)
        if not (state and state.store and state.compute):
            return self.browse()
        safe = self._jxc_states_before_approval()
        ids = [
            doc.id
            for doc, vals in zip(self, vals_list, strict=True)
            if name in vals and vals[name] not in safe
        ]
        if not ids:
            return self.browse()
        # The cache has the new state already, only the table still knows the old one.
        column = SQL.identifier(self._table, name)
        stored = dict(
            self.env.execute_query(
                SQL(
                    "SELECT id, %s FROM %s WHERE id = ANY(%s)",
                    column,
                    SQL.identifier(self._table),
                    ids,
                )
            )
        )
        return self.browse(id_ for id_ in ids if stored.get(id_) in safe)

    def _jxc_past_approval(self):
        """Return the documents that are in a state which needs approval."""
        safe = self._jxc_states_before_approval()
        state = self._state_field
        if state not in self._fields:
            return self.browse()
        past = self.sudo().filtered(lambda document: document[state] not in safe)
        return past.with_env(self.env)

    def _jxc_check_approved(self):
        """Refuse documents that are past their approval without having it.

        Judged on the values as they are now, whatever wrote them: all reviews of the
        document are done, they cover every tier that applies, and nothing has widened
        since they were given.

        :raise ValidationError: naming the document and what is missing
        """
        if not self or is_history(self.env):
            return
        documents = self._jxc_engine()
        definitions = documents._jxc_definitions()
        for document in documents:
            missing = document._jxc_missing_approvals(definitions[document.id])
            if missing:
                raise ValidationError(
                    self.env._(
                        "%(document)s needs approval first:\n%(missing)s\nPlease "
                        "request a validation, and go on when it is approved.",
                        document=document.display_name,
                        missing="\n".join(f"- {text}" for text in missing),
                    )
                )

    def _jxc_unapproved(self):
        """Return the documents whose tiers are not all decided; none of the past.

        What :meth:`_jxc_check_approved` refuses, for those who take good ones on.
        """
        if is_history(self.env):
            return self.browse()
        documents = self._jxc_engine()
        definitions = documents._jxc_definitions()
        ids = [
            document.id
            for document in documents
            if document._jxc_missing_approvals(definitions[document.id])
        ]
        return self.browse(ids)

    def _jxc_missing_approvals(self, definitions):
        """Return the texts that say why this document is not approved."""
        self.ensure_one()
        if not (definitions or self.review_ids):
            return []
        approved = self.review_ids.filtered(
            lambda review: review.status in self._validated_states()
        )
        missing = [
            self.env._(
                "%(tier)s: %(status)s", tier=review.name, status=review.display_status
            )
            for review in self.review_ids - approved
        ]
        uncovered = definitions - self.review_ids.definition_id
        missing += uncovered.filtered(self.evaluate_tier).mapped("name")
        for review in approved:
            missing += [
                self.env._(
                    "%(tier)s was approved before %(change)s",
                    tier=review.name,
                    change=change.text,
                )
                for change in self._jxc_widened_since(review.jxc_approved_values)
            ]
        return missing

    def _jxc_definitions(self):
        """Return ``{id: definitions in force for the document}``."""
        definitions = self.env["tier.definition"]._jxc_in_force(self._name)
        if not definitions:
            return dict.fromkeys(self.ids, definitions)
        companies = {document.id: document._get_company() for document in self}
        return {
            id_: definitions.filtered(
                lambda one, company=company: (
                    not one.company_id or one.company_id in company
                )
            )
            for id_, company in companies.items()
        }

    def _jxc_read_approvals(self):
        """Read what the approval of these documents asks again and again, at once.

        For methods that many documents go through on their hot path: definitions and
        reviews come with one statement, and stay where both are looked for.
        """
        definitions = self.env["tier.definition"]
        reviews = self.env["tier.review"]
        definitions.flush_model(["active", "model"])
        reviews.flush_model(["model", "res_id", "sequence"])
        rows = self.env.execute_query(
            SQL(
                """
                SELECT NULL::int, id, 0
                  FROM tier_definition
                 WHERE active AND model = %(model)s
                 UNION ALL
                SELECT res_id, id, sequence
                  FROM tier_review
                 WHERE model = %(model)s AND res_id = ANY(%(ids)s)
                 ORDER BY 3, 2
                """,
                model=self._name,
                ids=self.ids,
            )
        )
        by_document = defaultdict(list)
        for document_id, id_, _sequence in rows:
            by_document[document_id].append(id_)
        definitions._jxc_keep_in_force(self._name, by_document[None])
        self._fields["review_ids"]._insert_cache(
            self.sudo(), [tuple(by_document[id_]) for id_ in self.ids]
        )

    def _jxc_without_engine_fields(self, vals):
        """Return ``vals`` for which no review and no status is written by hand.

        :raise AccessError: reviews or their status are among the values
        """
        for name in ENGINE_FIELDS:
            if vals.get(name):
                raise AccessError(
                    self.env._(
                        "%(field)s of %(model)s follows from its reviews and cannot be "
                        "written. Request, approve or restart the validation instead.",
                        field=self._fields[name]._description_string(self.env),
                        model=self._description,
                    )
                )
        return {
            name: value for name, value in vals.items() if name not in ENGINE_FIELDS
        }

    # ------------------------------------------------------------
    # The engine's own checks, out of the client's reach
    # ------------------------------------------------------------

    def _tier_validation_check_state_on_write(self, vals):
        self._jxc_forget_need()
        if vals.get(self._state_field) not in self._state_to or is_history(self.env):
            return None
        engine = self._jxc_engine()
        return super(TierValidation, engine)._tier_validation_check_state_on_write(vals)

    def _jxc_forget_need(self):
        """Have ``need_validation`` judged again: no depends could name all of it."""
        self.invalidate_recordset(["need_validation"], flush=False)

    def _tier_validation_check_write_allowed(self, vals):
        # Without reviews there is nothing to guard, and nothing to look up.
        if not self.sudo().review_ids:
            return None
        engine = self._jxc_engine().filtered("review_ids")
        engine._jxc_check_transition_fields(vals)
        return super(TierValidation, engine)._tier_validation_check_write_allowed(vals)

    def _jxc_check_transition_fields(self, vals):
        """Keep the write that passes the approval from changing what was approved."""
        if vals.get(self._state_field) in self._jxc_states_before_approval():
            return
        if self.env.context.get("skip_validation_check") is SKIP:
            return
        allowed = self._jxc_transition_fields() | {
            name
            for name in vals
            if self._fields[name].readonly
            or self._fields[name].type in ("date", "datetime")
        }
        for document in (self - self._jxc_past_approval()).filtered("review_ids"):
            names = set(vals) - allowed
            names -= set(document._get_under_validation_exceptions())
            if names:
                raise ValidationError(
                    self.env._(
                        "%(document)s is approved as it is: %(fields)s cannot change "
                        "in the same step. Restart its validation to change it.",
                        document=document.display_name,
                        fields=", ".join(
                            self._fields[name]._description_string(self.env)
                            for name in sorted(names)
                        ),
                    )
                )

    def _tier_validation_check_write_remove_reviews(self, vals):
        if not self.sudo().review_ids:
            return None
        engine = self._jxc_engine()
        engine.filtered(
            lambda document: document._allow_to_remove_reviews(vals)
        )._jxc_log_dropped_reviews()
        return super(
            TierValidation, engine
        )._tier_validation_check_write_remove_reviews(vals)

    def _check_state_from_condition(self):
        return super(TierValidation, self._jxc_engine())._check_state_from_condition()

    def _compute_need_validation(self):
        """Judge with all tiers of the document's company, seen by the user or not."""
        documents = self._jxc_engine()
        saved = documents.filtered(lambda document: isinstance(document.id, int))
        definitions = saved._jxc_definitions()
        for original, document in zip(self, documents, strict=True):
            original.need_validation = (
                document in saved
                and not document.review_ids
                and document._check_state_from_condition()
                and any(map(document.evaluate_tier, definitions[document.id]))
            )
