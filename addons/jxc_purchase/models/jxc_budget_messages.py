# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from collections import defaultdict

from markupsafe import Markup

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
        for short in shortages:
            line = self.env["jxc.purchase.budget.line"].browse(short.resource_id)
            documents = {
                names[key.res_model, key.res_id]
                for key, amount in changes.items()
                if key.line_id == line.id
                and amount > 0
                and (key.res_model, key.res_id) in names
            }
            paragraphs.append(self._shortage_text(short, line, sorted(documents)))
        paragraphs.append(
            self.env._(
                "Ways out: reduce or split the order, date it into another budget"
                " period, or ask the budget owner to raise the planned amount."
            )
        )
        return "\n\n".join(paragraphs)

    def _shortage_text(self, short, line, documents):
        def money(amount):
            return format_amount(self.env, amount, line.currency_id)

        text = self.env._(
            "%(documents)s: budget %(line)s does not suffice.\n"
            "Planned %(planned)s, limit %(limit)s, used %(used)s, asked %(asked)s,"
            " missing %(missing)s.",
            documents=", ".join(documents),
            line=line.display_name,
            planned=money(line.amount_planned + line.amount_adjusted),
            limit=money(short.capacity),
            used=money(short.used),
            asked=money(short.asked),
            missing=money(short.missing),
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
                product=source.product.display_name,
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
            by_order[source.document].append(source.product.display_name)
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

        :param dict needed: ``{budget line: amount}`` just taken
        """
        taken = [
            line
            for line, amount in needed.items()
            if amount > 0 and line.control != "none"
        ]
        if not taken:
            return
        lines = self.env["jxc.purchase.budget.line"].union(*taken)
        used = lines._used_amounts()
        texts = {}
        for line in lines:
            after = used[line.id]
            before = after - needed[line]
            if line._is_over(after):
                texts[line] = self._over_text(line, after)
            elif line._is_scarce(after) and not line._is_scarce(before):
                texts[line] = self._scarce_text(line, after)
        if texts:
            self._log_scarce(texts, changes, found)
            self._tell_owners(texts)

    def _over_text(self, line, used):
        return self.env._(
            "Budget %(line)s is exceeded: planned %(planned)s, used %(used)s.",
            line=line.display_name,
            planned=format_amount(self.env, line._limit_base(), line.currency_id),
            used=format_amount(self.env, used, line.currency_id),
        )

    def _scarce_text(self, line, used):
        return self.env._(
            "Budget %(line)s is used above %(percent)g%%: planned %(planned)s, used"
            " %(used)s.",
            line=line.display_name,
            percent=line.warn_percent,
            planned=format_amount(self.env, line._limit_base(), line.currency_id),
            used=format_amount(self.env, used, line.currency_id),
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
        """Write notes to the chatter of orders and bills, batched by model."""
        for model in (sources.ORDER, sources.BILL):
            of_model = {
                document.id: body
                for document, body in bodies.items()
                if document._name == model
            }
            self.env[model].browse(of_model)._message_log_batch(bodies=of_model)

    def _tell_owners(self, texts):
        """Give the owners one activity per budget, unless one is still open."""
        activity_type = self.env.ref(WARNING_ACTIVITY, raise_if_not_found=False)
        by_budget = defaultdict(list)
        for line, text in texts.items():
            by_budget[line.budget_id].append(text)
        for budget, budget_texts in by_budget.items():
            open_ones = budget.activity_ids.filtered(
                lambda activity: activity.activity_type_id == activity_type
            )
            if activity_type and budget.user_id and not open_ones:
                budget.activity_schedule(
                    WARNING_ACTIVITY,
                    user_id=budget.user_id.id,
                    note=Markup("<br/>").join(budget_texts),
                )
