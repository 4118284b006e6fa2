# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from odoo import api, fields, models
from odoo.fields import NO_ACCESS

CAPS = "jxc_reconcile_caps"


class Caps:
    """How much of which pair may be reconciled.

    Clients send JSON as context, so they cannot bring an instance.

    :param amounts: {(debit line id, credit line id): amount in the lines' currency}
    """

    def __init__(self, amounts):
        self.amounts = amounts


class AccountMoveLine(models.Model):
    _inherit = "account.move.line"

    jxc_settlement_line_id = fields.Many2one(
        "jxc.settlement.line",
        string="Settlement Line",
        index="btree_not_null",
        ondelete="set null",
        copy=False,
        groups=NO_ACCESS,
    )

    # Exactly the condition of ``DRAFTED``, which is asked for whenever items are read.
    _jxc_unposted_item_idx = models.Index(
        "(id) WHERE parent_state = 'draft' AND matching_number IS NOT NULL"
    )

    @api.model
    def _jxc_reconcile_pairs(self, pairs):
        """Reconcile pairs of lines with stated amounts, all in one go.

        The platform reconciles as much as both lines have open; here it is told to
        take less. Exchange differences are booked by the platform for the part that
        is reconciled.

        :param pairs: {(debit line, credit line): positive amount}; both lines of a
            pair have the same account and currency, which the amount is in
        :return: the new account.partial.reconcile records, without those of exchange
            differences
        """
        caps = Caps({(d.id, c.id): amount for (d, c), amount in pairs.items()})
        lines = self.browse({line.id for pair in pairs for line in pair})
        before = lines.matched_debit_ids | lines.matched_credit_ids
        self.with_context(**{CAPS: caps})._reconcile_plan(
            [debit | credit for debit, credit in pairs]
        )
        after = lines.matched_debit_ids | lines.matched_credit_ids
        return (after - before).filtered(
            lambda partial: (
                (partial.debit_move_id.id, partial.credit_move_id.id) in caps.amounts
            )
        )

    @api.model
    def _prepare_reconciliation_single_partial(
        self, debit_values, credit_values, shadowed_aml_values=None
    ):
        caps = self.env.context.get(CAPS)
        key = (debit_values["aml"].id, credit_values["aml"].id)
        if not isinstance(caps, Caps) or key not in caps.amounts:
            return super()._prepare_reconciliation_single_partial(
                debit_values, credit_values, shadowed_aml_values
            )
        debit = self._jxc_cap(debit_values, caps.amounts[key])
        credit = self._jxc_cap(credit_values, -caps.amounts[key])
        given = [dict(debit), dict(credit)]
        result = super()._prepare_reconciliation_single_partial(
            debit, credit, shadowed_aml_values
        )
        # What is left of a line serves its next pair.
        for real, capped, before in zip(
            (debit_values, credit_values), (debit, credit), given, strict=True
        ):
            for name in ("amount_residual", "amount_residual_currency"):
                real[name] -= before[name] - capped[name]
        # A pair is reconciled once.
        result["debit_values"] = result["credit_values"] = None
        return result

    @api.model
    def _jxc_cap(self, values, amount):
        """Reconciliation values of a line as if only ``amount`` of it were open."""
        line = values["aml"]
        residual = values["amount_residual_currency"]
        capped = dict(values, amount_residual_currency=amount)
        if line.currency_id == line.company_currency_id:
            capped["amount_residual"] = amount
        elif line.currency_id.compare_amounts(abs(amount), abs(residual)) < 0:
            capped["amount_residual"] = line.company_currency_id.round(
                values["amount_residual"] * amount / residual
            )
        return capped
