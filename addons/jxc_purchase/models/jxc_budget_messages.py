# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from collections import defaultdict

from markupsafe import Markup, escape

from odoo import models
from odoo.tools import format_amount

from ..tools import sources

WARNING_ACTIVITY = "jxc_purchase.mail_activity_budget_warning"


class JxcBudgetMessages(models.AbstractModel):
    """What the budget engine tells people: refusals, warnings, notes."""

    _name = "jxc.budget.messages"
    _description = "Purchase Budget: Messages"

    # ------------------------------------------------------------
    # Refusals
    # ------------------------------------------------------------

    def _shortage_message(self, shortages, changes, found):
        """Return why and what to do, for budget lines that have not enough left."""
        names = self._document_names(found)
        paragraphs = []
        lines = self.env["jxc.purchase.budget.line"].browse(
            [short.resource_id for short in shortages]
        )
        judged = lines._judged_with()
        for short in shortages:
            line = lines.browse(short.resource_id)
            documents = {
                names[key.res_model, key.res_id]
                for key, amount in changes.items()
                if key.line_id in judged[line]._ids
                and amount > 0
                and (key.res_model, key.res_id) in names
            }
            paragraphs.append(
                self._shortage_text(short, line, judged[line], sorted(documents))
            )
        paragraphs.append(
            self.env._(
                "Ways out: reduce or split the document, ask for a transfer or an"
                " addition to this budget line, ask a budget manager for an override,"
                " or ask the budget owner (%s).",
                ", ".join(
                    lines.budget_id.user_id.mapped("name") or [self.env._("nobody")]
                ),
            )
        )
        return "\n\n".join(paragraphs)

    def _shortage_text(self, short, line, parts, documents):
        def money(amount):
            return format_amount(self.env, amount, line.currency_id)

        text = self.env._(
            "%(documents)s: budget %(line)s does not suffice.\n"
            "Planned %(planned)s, limit %(limit)s, used %(used)s, asked %(asked)s,"
            " missing %(missing)s.",
            documents=", ".join(documents) or self.env._("Budget change"),
            line=line.display_name,
            planned=money(sum(part._limit_base() for part in parts)),
            limit=money(short.capacity),
            used=money(short.used),
            asked=money(short.asked),
            missing=money(short.missing),
        )
        if len(parts) > 1:
            text += "\n" + self.env._(
                "Judged together with the other periods of the budget: %s lines.",
                len(parts),
            )
        if short.running:
            text += "\n" + self.env._(
                "%s of it is held by an operation that is still running; try again in a"
                " moment.",
                money(short.running),
            )
        if line.budget_id.state == "closed":
            text += "\n" + self.env._(
                "The budget is closed; its owner can confirm it again."
            )
        return text

    def _unbudgeted_message(self, unbudgeted):
        rows = [
            self.env._(
                "%(order)s: %(product)s, %(amount)s on %(day)s",
                order=source.document.display_name,
                product=source.product.display_name or source.record.name,
                amount=format_amount(
                    self.env, source.match["free"], source.company.currency_id
                ),
                day=source.day,
            )
            for source in unbudgeted
        ]
        return self.env._(
            "No confirmed budget line covers:\n%(rows)s\n\nWays out: choose an analytic"
            " account, vendor or date that has a budget, or ask a budget manager to"
            " plan one.",
            rows="\n".join(rows),
        )

    def _document_names(self, found):
        return {
            (source.document._name, source.document.id): source.document.display_name
            for source in found
        }

    # ------------------------------------------------------------
    # Warnings
    # ------------------------------------------------------------

    def _log_unbudgeted(self, unbudgeted):
        by_order = defaultdict(list)
        for source in unbudgeted:
            by_order[source.document].append(
                source.product.display_name or source.record.name
            )
        self._log(
            {
                order: self.env._(
                    "No budget line covers: %s", ", ".join(dict.fromkeys(products))
                )
                for order, products in by_order.items()
            }
        )

    def _warn(self, needed, changes, found):
        """Note on documents, and tell owners, where budget lines get scarce.

        Of lines that only count, the owner is told when they get scarce or exceeded;
        their documents are left alone.

        :param dict needed: ``{budget line: amount}`` just taken
        """
        lines = self.env["jxc.purchase.budget.line"]
        lines = lines.union(*(line for line, amount in needed.items() if amount > 0))
        watched = self._watched(lines, changes)
        lines = lines.filtered(lambda line: line in watched or line.warn_percent)
        texts = {}
        for line, limit in lines._limits().items() if lines else ():
            before = -needed[line]
            # Notes and activities are for everybody who opens the budget.
            told = line.with_context(lang=line.company_id._jxc_lang())
            if limit.is_over() and (line in watched or not limit.is_over(before)):
                texts[line] = told._over_text(limit)
            elif limit.is_scarce() and not limit.is_scarce(before):
                texts[line] = told._scarce_text(limit)
        if texts:
            noted = {line: text for line, text in texts.items() if line in watched}
            self._log_scarce(noted, changes, found)
            self._tell_owners(texts)

    def _watched(self, lines, changes):
        """Return those lines whose control does more than count what asks now."""
        asking = defaultdict(set)
        for key, amount in changes.items():
            if amount > 0:
                asking[key.line_id].add(key.stage)
        return lines.filtered(
            lambda line: any(
                line._control_of(stage) != "none" for stage in asking[line.id]
            )
        )

    def _log_scarce(self, texts, changes, found):
        documents = {source.key: source.document for source in found}
        bodies = defaultdict(dict)
        for key, amount in changes.items():
            line = self.env["jxc.purchase.budget.line"].browse(key.line_id)
            if amount > 0 and line in texts and key.source in documents:
                bodies[documents[key.source]][line] = texts[line]
        self._log(
            {
                document: Markup("<br/>").join(by_line.values())
                for document, by_line in bodies.items()
            }
        )

    def _log(self, bodies):
        """Write notes to the chatter of documents, batched by model."""
        for model in (sources.REQUEST, sources.ORDER, sources.BILL):
            of_model = {
                document.id: body
                for document, body in bodies.items()
                if document._name == model
            }
            self.env[model].browse(of_model)._message_log_batch(bodies=of_model)

    def _tell_owners(self, texts):
        """Give the owners one activity per budget; an open one learns of new lines."""
        activity_type = self.env.ref(WARNING_ACTIVITY, raise_if_not_found=False)
        by_budget = defaultdict(dict)
        for line, text in texts.items():
            by_budget[line.budget_id][line] = text
        for budget, by_line in by_budget.items():
            open_ones = budget.activity_ids.filtered(
                lambda activity: activity.activity_type_id == activity_type
            )
            if open_ones:
                self._tell_of_more(open_ones[0], by_line)
            elif activity_type and budget.user_id:
                told = budget.with_context(lang=budget.company_id._jxc_lang())
                told.activity_schedule(
                    WARNING_ACTIVITY,
                    summary=told.env._("Budget is getting scarce"),
                    user_id=budget.user_id.id,
                    note=Markup("<br/>").join(by_line.values()),
                )

    def _tell_of_more(self, activity, by_line):
        """Add budget lines that an open activity does not tell of yet."""
        known = activity.note or Markup("")
        more = [
            text
            for line, text in by_line.items()
            # In the language that the texts are in.
            if escape(line.with_context(lang=line.company_id._jxc_lang()).display_name)
            not in known
        ]
        if more:
            activity.note = Markup("<br/>").join([known, *more])
