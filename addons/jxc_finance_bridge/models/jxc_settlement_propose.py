# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from collections import defaultdict, namedtuple

from odoo import api, models
from odoo.exceptions import UserError
from odoo.tools import SQL

from ..tools.settlement import Item, numbers, propose
from .jxc_settlement import SIDES, TRANSFERS

Open = namedtuple(
    "Open",
    "id partner_id currency_id residual residual_company due document own named",
)


class JxcSettlement(models.Model):
    """Proposals: which open items settle each other."""

    _inherit = "jxc.settlement"

    def action_propose(self):
        """List the open items of draft settlements and propose amounts.

        Lines that are there are replaced. One query reads the open items of all
        settlements of a company and kind.

        :raise AccessError: for others than accountants
        :raise UserError: for settlements that are not drafts
        """
        self._check_may_settle()
        self._check_draft()
        # sudo: also removes lines of entries the user may not read
        self.sudo().line_ids.unlink()
        vals_list = []
        for (company, kind, date), group in self.grouped(
            lambda one: (one.company_id, one.kind, one.date)
        ).items():
            partners = group.partner_id.commercial_partner_id
            partners |= group.other_partner_id.commercial_partner_id
            found = [
                group._jxc_read_open(company, side, date, partners) if side else {}
                for side in SIDES[kind]
            ]
            for settlement in group:
                sides = [
                    items.get(
                        (
                            settlement._jxc_get_partner(side).id,
                            settlement._jxc_get_currency(side).id,
                        ),
                        [],
                    )
                    for side, items in zip(("claim", "offset"), found, strict=True)
                ]
                vals_list += settlement._jxc_prepare_lines(*sides)
        self.env["jxc.settlement.line"].sudo().create(vals_list)
        self.invalidate_recordset(
            ["line_ids", "claim_ids", "offset_ids", "write_off_ids"]
        )
        return True

    @api.model
    def _jxc_propose_all(self, company, kind, date, partners=None, **values):
        """Draft settlements of all partners with something to settle.

        :param partners: commercial partners, None for all
        :param values: of the settlements: ``method``, ``due_until``
        :return: the new settlements
        """
        if kind in TRANSFERS:
            raise UserError(
                self.env._("Transfers need to know to whom; make them one by one.")
            )
        claims, offsets = (
            self._jxc_read_open(company, side, date, partners) for side in SIDES[kind]
        )
        keys = [key for key in claims if key in offsets]
        model = self.with_context(tracking_disable=True, mail_create_nolog=True)
        templates = [
            self.new(
                {
                    "company_id": company.id,
                    "kind": kind,
                    "date": date,
                    "partner_id": partner_id,
                    "currency_id": currency_id,
                    **values,
                }
            )
            for partner_id, currency_id in keys
        ]
        chosen = []
        for key, template in zip(keys, templates, strict=True):
            lines = template._jxc_prepare_lines(claims[key], offsets[key], True)
            if lines:
                chosen.append((key, lines))
        settlements = model.create(
            [
                {
                    "company_id": company.id,
                    "kind": kind,
                    "date": date,
                    "partner_id": partner_id,
                    "currency_id": currency_id,
                    **values,
                }
                for (partner_id, currency_id), _lines in chosen
            ]
        )
        # sudo: what was open when the line was listed is written by the server
        self.env["jxc.settlement.line"].sudo().create(
            [
                {**line, "settlement_id": settlement.id}
                for settlement, (_key, lines) in zip(settlements, chosen, strict=True)
                for line in lines
            ]
        )
        return settlements

    # Reading ----------------------------------------------------------------------

    @api.model
    def _jxc_read_open(self, company, side, date, partners=None):
        """Open items of a side up to a day, in one query.

        Posted entries only; payments without an entry have nothing to settle.

        :return: {(commercial partner id, currency id): [Open]}, oldest due first
        """
        accounts = (
            self.env["account.account"]
            .sudo()
            .with_company(company)
            .search(
                [
                    *self.env["account.account"]._check_company_domain(company),
                    ("reconcile", "=", True),
                    *self._jxc_get_account_domain(company, side),
                ]
            )
        )
        if not accounts or partners is not None and not partners:
            return {}
        self.env["account.move.line"].flush_model()
        self.env["account.move"].flush_model(
            ["name", "ref", "payment_reference", "invoice_origin"]
        )
        self.env["res.partner"].flush_model(["commercial_partner_id"])
        rows = self.env.execute_query(
            SQL(
                """
                SELECT line.id, partner.commercial_partner_id, line.currency_id,
                       line.amount_residual_currency, line.amount_residual,
                       COALESCE(line.date_maturity, line.date) AS due, move.name,
                       concat_ws(' ', move.name, move.payment_reference, move.ref,
                                 move.invoice_origin),
                       concat_ws(' ', line.name, move.ref, move.payment_reference,
                                 move.invoice_origin, move.name)
                  FROM account_move_line line
                  JOIN account_move move ON move.id = line.move_id
                  JOIN res_partner partner ON partner.id = line.partner_id
                 WHERE line.account_id IN %(accounts)s
                   AND line.company_id = %(company)s
                   AND line.parent_state = 'posted'
                   AND line.reconciled IS NOT TRUE
                   AND line.date <= %(date)s
                   AND line.amount_residual_currency * %(sign)s > 0
                   %(partners)s
              ORDER BY due, line.date, line.id
                """,
                accounts=tuple(accounts.ids),
                company=company.id,
                date=date,
                sign=side.sign,
                partners=SQL(
                    "AND partner.commercial_partner_id IN %s", tuple(partners.ids)
                )
                if partners is not None
                else SQL(),
            )
        )
        found = defaultdict(list)
        for row in rows:
            item = Open(*row)
            found[item.partner_id, item.currency_id].append(item)
        return found

    # Proposing --------------------------------------------------------------------

    def _jxc_prepare_lines(self, claims, offsets, only_settled=False):
        """Values of lines for open items, with the proposed amounts.

        :param claims: list of Open
        :param offsets: list of Open
        :param only_settled: leave out items of which nothing is settled
        """
        self.ensure_one()
        units = 1 / self.total_currency_id.rounding
        rates = {side: self._jxc_get_rate(side) for side in ("claim", "offset")}
        by_number = self.method == "document"
        sides = [
            [
                Item(
                    item,
                    round(abs(item.residual) * rates[side] * units),
                    (item.due, item.id),
                    numbers(text(item)) if by_number else frozenset(),
                )
                for item in items
            ]
            for side, items, text in (
                ("claim", claims, lambda item: item.own),
                ("offset", offsets, lambda item: item.named),
            )
        ]
        late = []
        if self.due_until:
            late = [item for item in sides[0] if item.key.due > self.due_until]
            sides[0] = [item for item in sides[0] if item.key.due <= self.due_until]
        if self.kind in TRANSFERS:
            for item in sides[0]:
                item.settled = item.amount if self.method != "manual" else 0
            lines = {"claim": sides[0] + late}
            write_offs = {}
        else:
            # Across currencies small rests are left to the exchange difference.
            tolerance = 0
            if not self.is_crossed:
                tolerance = round(self._jxc_get_tolerance() * units)
            found = propose(self.method, *sides, tolerance)
            lines = {"claim": found.claims + late, "offset": found.offsets}
            write_offs = found.write_offs
        common = {"settlement_id": self.id, "company_id": self.company_id.id}
        vals_list = [
            {
                **common,
                "sequence": sequence,
                "side": side,
                "group": item.group,
                "move_line_id": item.key.id,
                "document": item.key.document,
                "date_due": item.key.due,
                "amount_open": abs(item.key.residual),
                "amount_open_company": abs(item.key.residual_company),
                **self._jxc_prepare_amounts(side, item, units),
            }
            for side, items in lines.items()
            for sequence, item in enumerate(items, start=1)
            if item.settled or not only_settled
        ]
        vals_list += [
            {
                **common,
                "side": "write_off",
                "group": group,
                "write_off": "difference",
                "amount": amount / units,
            }
            for group, amount in write_offs.items()
        ]
        return vals_list

    def _jxc_get_tolerance(self):
        """How much may be written off as small differences, in our currency.

        Nothing where the company has no account for it.
        """
        self.ensure_one()
        company = self.company_id.sudo()
        if not company.jxc_settlement_difference_account_id:
            return 0.0
        return company.currency_id._convert(
            company.jxc_settlement_tolerance, self.currency_id, company, self.date
        )
